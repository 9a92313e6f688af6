"""Word out and in from the browser: files to take away, and what came back, looked at before it is filed."""

from collections.abc import Iterator
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from msgspec import Struct, field

from drafts.blocks import Language
from drafts.errors import DraftsError
from drafts.formats.docx.package import MEDIA_TYPE
from workspace.core.errors import BadFile, Invalid, NotFound, Undecidable
from workspace.declarations.frame import frame
from workspace.declarations.models import Declaration
from workspace.interchange.intake.domain.intake import Filing, Saying
from workspace.interchange.receipts import Sent
from workspace.interchange.side_door_service import MailIntake
from workspace.interchange.uploads import LARGEST, uploaded
from workspace.interchange.word_files import WordFile, WordFiles
from workspace.interchange.word_letters import is_letter
from workspace.interchange.word_policy import FILE_FOR_OTHERS, may_bring_in, may_file_for_others
from workspace.interchange.word_returns import WordIntake
from workspace.interchange.word_views import returned_page, word_page
from workspace.web.api import NO_STORE
from workspace.web.i18n import N_
from workspace.web.pages import page, redirect
from workspace.web.params import FromPath, MultipartBody, URLEncodedBody
from workspace.web.route_policies import READ_THE_TEXT
from workspace.web.services import Work

BRING_IN = (FILE_FOR_OTHERS, "amendment.propose")
_DIGITS = 6
_REFUSALS = (BadFile, Invalid, Undecidable, DraftsError, NotFound)


class ReturnForm(Struct, frozen=True):
    """A file that came back; `revision` and `text` are asked only where the file does not say what it was made from."""

    file: UploadFile | None = None
    revision: str = ""
    text: str = ""


class SettleForm(Struct, frozen=True):
    """What to file: places of proposals and comments; for each place, in order, in whose name and with what words."""

    take: list[int] | int = field(default_factory=list)  # one that is ticked alone comes as a number
    person: list[str] | str = field(default_factory=list)
    reason: list[str] | str = field(default_factory=list)
    say: list[int] | int = field(default_factory=list)
    speaker: list[str] | str = field(default_factory=list)
    about: list[str] | str = field(default_factory=list)

    def filings(self) -> list[Filing]:
        return [
            Filing(place=place, person=_id(_at(self.person, place)), reason=_at(self.reason, place))
            for place in _places(self.take)
        ]

    def sayings(self) -> list[Saying]:
        return [
            Saying(
                place=place,
                person=_id(_at(self.speaker, place)),
                block=_id(about) if (about := _at(self.about, place)) else None,
            )
            for place in _places(self.say)
        ]


class WordPages(Controller):
    """The Word files of a declaration."""

    path = "/{forum:str}/{declaration:str}/word"

    @get(name="word", sync_to_thread=True, policy=(*READ_THE_TEXT, FILE_FOR_OTHERS))
    def word(self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str]) -> Response[str]:
        """What can be taken away, and for those who propose or file, what came back."""
        with work.reading() as db:
            context = word_page(db, frame(db, forum, declaration, work=work), work=work)
        return page(work, "interchange/word.html", context)

    @get("/file", name="word_file", sync_to_thread=True, policy=READ_THE_TEXT)
    def word_file(
        self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str]
    ) -> Response[bytes]:
        """A Word file: `?form=` clean, amendments, changes or columns; `?text=`, `?revision=`, `?from=` and `?to=`."""
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work)
            made = _made(WordFiles(db, work.messages), found.declaration, work)
        return attachment(made)

    @post(name="receive_word", sync_to_thread=True, policy=BRING_IN, request_max_body_size=LARGEST, status_code=200)
    def receive(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: MultipartBody[ReturnForm],
    ) -> Response[str] | Response[None]:
        """Keep a file that came back, and go on to what it says; the secretariat's letters go the way of mails."""
        actor = work.actor
        sent, language = uploaded(data.file), Language(data.text) if data.text in set(Language) else None
        here = {"forum": forum, "declaration": declaration}
        try:
            _ensure_sent(sent.content)
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=may_bring_in)
                if may_file_for_others(actor, found.declaration) and is_letter(
                    db, found.declaration, sent.content, source=sent.name
                ):
                    mail = MailIntake(db).receive(
                        found.declaration, sent.content, name=sent.name, actor=actor, language=language
                    )
                    return redirect(work, work.url_for("mail", mail_id=mail.id, **here))
                document = WordIntake(db).receive(
                    found.declaration,
                    sent.content,
                    name=sent.name,
                    actor=actor,
                    language=language,
                    revision=int(data.revision) if data.revision.isdecimal() else None,
                )
                to = work.url_for("returned_word", document_id=document.id, **here)
        except (BadFile, Invalid) as refusal:
            with work.reading() as db:
                found = frame(db, forum, declaration, work=work)
                context = word_page(db, found, work=work, refusal=refusal)
            return page(work, "interchange/word.html", context, status=422)
        return redirect(work, to)

    @get("/{document_id:uuid}", name="returned_word", sync_to_thread=True, policy=BRING_IN)
    def returned(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        document_id: FromPath[UUID],
    ) -> Response[str]:
        """What a file proposes and says, paragraph by paragraph, before anything of it is filed."""
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work, may=may_bring_in)
            context = returned_page(db, found, document_id, work=work)
        return page(work, "interchange/word_returned.html", context)

    @get("/{document_id:uuid}/file", name="returned_word_file", sync_to_thread=True, policy=BRING_IN)
    def returned_file(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        document_id: FromPath[UUID],
    ) -> Response[bytes]:
        """The file itself, byte for byte as it came."""
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work, may=may_bring_in)
            document = WordIntake(db).get(found.declaration, document_id, actor=work.actor)
            made = WordFile(f"{document.sha256[:12]}.docx", document.content)
        return attachment(made)

    @post("/{document_id:uuid}", name="settle_word", sync_to_thread=True, policy=BRING_IN, status_code=200)
    def settle(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        document_id: FromPath[UUID],
        data: URLEncodedBody[SettleForm],
    ) -> Response[str] | Response[None]:
        """File what was chosen; a refusal files nothing and shows the page again."""
        actor = work.actor
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=may_bring_in)
                service = WordIntake(db)
                document = service.get(found.declaration, document_id, actor=actor)
                settled = service.settle(document, data.filings(), data.sayings(), actor=actor)
                count = len(settled.amendments)
        except _REFUSALS as refusal:
            with work.reading() as db:
                found = frame(db, forum, declaration, work=work, may=may_bring_in)
                context = returned_page(db, found, document_id, work=work, refusal=refusal)
            return page(work, "interchange/word_returned.html", context, status=422)
        said = work.messages.ngettext(
            "One amendment was filed from the Word file.", "%(n)s amendments were filed from the Word file.", count
        )
        said = " ".join([said, *receipts_said(settled.sent, work)])
        to = work.url_for("word", forum=forum, declaration=declaration)
        return redirect(work, to, said=said)


def receipts_said(sent: Sent, work: Work) -> Iterator[str]:
    """Who gets a receipt, and to whom none can be sent, in sentences."""
    if sent.receipts:
        yield work.messages.ngettext("A receipt is on its way.", "%(n)s receipts are on their way.", sent.receipts)
    if sent.without_address:
        names = ", ".join(sent.without_address)
        yield work.messages.gettext(N_("Nobody knows an address of %(names)s: no receipt is sent."), names=names)


def attachment(made: WordFile) -> Response[bytes]:
    """A Word file to be saved."""
    headers = {**NO_STORE, "Content-Disposition": f'attachment; filename="{made.name}"'}
    return Response(made.content, media_type=MEDIA_TYPE, headers=headers)


def _made(files: WordFiles, declaration: Declaration, work: Work) -> WordFile:
    """The file that the address asks for."""
    chosen = work.request.query_params
    languages = work.texts()
    match chosen.get("form", "clean"):
        case "clean":
            revision = _number(chosen["revision"]) if chosen.get("revision") else None
            return files.clean(declaration, languages[0], actor=work.actor, revision=revision)
        case "amendments":
            return files.tracked(declaration, languages[0], actor=work.actor)
        case "changes":
            before, after = _number(chosen.get("from", "")), _number(chosen.get("to", ""))
            return files.compared(declaration, languages[0], before=before, after=after, actor=work.actor)
        case "columns":
            return files.columns(declaration, languages, actor=work.actor)
        case other:
            raise NotFound(what="form", id=other)


def _number(given: str) -> int:
    if not given.isdecimal() or len(given) > _DIGITS:
        raise NotFound(what="revision", id=given[:20])
    return int(given)


def _ensure_sent(content: bytes) -> None:
    if not content:
        raise Invalid(field="file", reason="required")


def _places(found: list[int] | int) -> list[int]:
    return sorted({found} if isinstance(found, int) else set(found))


def _at(found: list[str] | str, place: int) -> str:
    listed = [found] if isinstance(found, str) else found
    return listed[place] if 0 <= place < len(listed) else ""


def _id(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError as error:
        raise Invalid(field="person", reason="required") from error
