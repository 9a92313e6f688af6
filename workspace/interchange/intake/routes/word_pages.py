"""Word files out and in, and bilingual files that translators bring back."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from litestar import Controller, Response
from litestar.datastructures import UploadFile
from msgspec import Struct, field
from msgspec.structs import replace

from drafts.base.errors import DraftsError
from drafts.formats.docx.origin import FileOrigin
from drafts.formats.docx.returned import translated_rows
from drafts.formats.xliff import ReturnedUnit, ReturnedXliff
from drafts.text.blocks import Document, Language
from workspace.core.actor import Actor
from workspace.core.detection import DOCX, ODT, PDF, TEXT, media_type
from workspace.core.errors import AlreadyProposed, BadFile, Invalid, NotFound, Stale, Undecidable
from workspace.core.shapes import MadeFile
from workspace.core.sheets import XLSX
from workspace.core.spreadsheets import ODS, workbook_type
from workspace.core.storage.db import Db
from workspace.core.validation import chosen_id, id_or_none, whole_number
from workspace.declarations.api import Readable
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration, TextVersion
from workspace.declarations.frame import Frame, ReadableFrame, frame, framed
from workspace.interchange.intake.domain.intake import Filing, Intake, ReceiptsSent, Saying, Settled
from workspace.interchange.intake.domain.mail_intake import MailIntake
from workspace.interchange.intake.domain.parsing import word_text
from workspace.interchange.intake.domain.policy import FILE_FOR_OTHERS, may_bring_in, may_file_for_others
from workspace.interchange.intake.domain.word_files import WordFiles
from workspace.interchange.intake.domain.word_returns import WordIntake, is_request_letter
from workspace.interchange.intake.routes.word_views import (
    ReturnedDocumentPage,
    WordPage,
    returned_document_page,
    word_page,
)
from workspace.translations.api.exchange import OutcomesOut
from workspace.translations.domain import policy
from workspace.translations.domain.exchange import ExchangeService, UnitOutcome
from workspace.translations.pages.exchange import XliffForm, outcome_page
from workspace.translations.views.overview import TranslationLinks
from workspace.web.api import DONE, writes
from workspace.web.http.files import LARGEST, attachment, uploaded
from workspace.web.http.guards import READ_THE_TEXT
from workspace.web.http.request_context import FormBody, MultipartBody, PathId, Slug, Work
from workspace.web.http.routing import post
from workspace.web.i18n.marking import N_
from workspace.web.pages import Page, PageOrRedirect, gives, page, redirect, shows
from workspace.web.refusals.sentences import sentence

BRING_IN = (FILE_FOR_OTHERS, "amendment.propose")
REFUSALS = (BadFile, Invalid, Undecidable, AlreadyProposed, DraftsError, NotFound, Stale)


class ReturnForm(Struct, frozen=True):
    """A file that came back; `revision` and `text` are asked only where the file does not say what it was made from."""

    file: UploadFile | None = None
    revision: str = ""
    text: str = ""


class DocumentFilingForm(Struct, frozen=True):
    """What to file: places of proposals and comments; for each place, in order, in whose name and with what words.

    Those to `join` go into the amendment of the one that is taken before them.
    """

    take: list[int] | int = field(default_factory=list)  # one that is ticked alone comes as a number
    join: list[int] | int = field(default_factory=list)
    read_in: str = ""  # the language to read it in instead of filing anything
    seen: str = ""
    person: list[str] | str = field(default_factory=list)
    reason: list[str] | str = field(default_factory=list)
    say: list[int] | int = field(default_factory=list)
    speaker: list[str] | str = field(default_factory=list)
    about: list[str] | str = field(default_factory=list)

    def filings(self) -> list[Filing]:
        groups: list[list[int]] = []
        for place in _places(self.take):
            groups[-1].append(place) if groups and place in _places(self.join) else groups.append([place])
        return [
            Filing(
                place=first,
                also=also,
                person=chosen_id(_at(self.person, first), "person"),
                reason=_at(self.reason, first),
            )
            for first, *also in groups
        ]

    def sayings(self) -> list[Saying]:
        return [
            Saying(
                place=place,
                person=chosen_id(_at(self.speaker, place), "person"),
                block=chosen_id(about, "block") if (about := _at(self.about, place)) else None,
            )
            for place in _places(self.say)
        ]


BringingInFrame = Annotated[Frame, framed(may_bring_in)]


class WordPages(Controller):
    """The Word files of a declaration."""

    path = "/{forum:str}/{declaration:str}/word"

    @shows("interchange/word.html", name="word", policy=(*READ_THE_TEXT, FILE_FOR_OTHERS))
    def word(self, db: Db, work: Work, found: ReadableFrame) -> WordPage:
        """What can be taken away, and for those who propose or file, what came back."""
        return word_page(db, found, work=work)

    @gives("/file", name="word_file", policy=READ_THE_TEXT)
    def word_file(self, db: Db, work: Work, found: ReadableFrame) -> Response[bytes]:
        """A Word file: `?form=` clean, amendments, changes or columns; `?text=`, `?revision=`, `?from=` and `?to=`."""
        return attachment(_made(WordFiles(db, work.messages), found.declaration, work))

    @post(name="receive_word", policy=BRING_IN, request_max_body_size=LARGEST, status_code=200)
    def receive(self, work: Work, forum: Slug, declaration: Slug, data: MultipartBody[ReturnForm]) -> PageOrRedirect:
        """Keep a file that came back, and go on to what it says; the secretariat's letters go the way of mails."""
        actor = work.actor
        sent, language = uploaded(data.file), Language(data.text) if data.text in set(Language) else None
        here = {"forum": forum, "declaration": declaration}
        try:
            sent.ensure_sent()
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=may_bring_in)
                if may_file_for_others(actor, found.declaration) and is_request_letter(
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
                    revision=whole_number(data.revision),
                )
                to = work.url_for("returned_word", document_id=document.id, **here)
        except (BadFile, Invalid) as refusal:
            with work.reading() as db:
                found = frame(db, forum, declaration, work=work)
                context = word_page(db, found, work=work, refusal=refusal)
            return page(work, "interchange/word.html", context, status=422)
        return redirect(work, to)

    @shows("interchange/word_returned.html", "/{document_id:uuid}", name="returned_word", policy=BRING_IN)
    def returned(self, db: Db, work: Work, found: BringingInFrame, document_id: PathId) -> ReturnedDocumentPage:
        """What a file proposes and says, paragraph by paragraph, before anything of it is filed."""
        return returned_document_page(db, found, document_id, work=work)

    @gives("/{document_id:uuid}/file", name="returned_word_file", policy=BRING_IN)
    def returned_file(self, db: Db, actor: Actor, found: BringingInFrame, document_id: PathId) -> Response[bytes]:
        """The file itself, byte for byte as it came."""
        document = WordIntake(db).get(found.declaration, document_id, actor=actor)
        return original_file(document.content, document.sha256[:12])

    @post("/{document_id:uuid}", name="settle_word", policy=BRING_IN, status_code=200)
    def settle(
        self, work: Work, forum: Slug, declaration: Slug, document_id: PathId, data: FormBody[DocumentFilingForm]
    ) -> PageOrRedirect:
        """File what was chosen, or read the file in another language; a refusal shows the page again."""
        shown = (WordIntake, may_bring_in, returned_document_page, "interchange/word_returned.html")
        settled = settled_or_shown(work, (forum, declaration, document_id), data, shown)
        if isinstance(settled, Response):
            return settled
        said = work.messages.ngettext(
            "One amendment submitted from the Word file.",
            "%(n)s amendments submitted from the Word file.",
            len(settled.numbers),
        )
        said = " ".join([said, *receipts_said(settled.sent, work)])
        return redirect(work, work.url_for("word", forum=forum, declaration=declaration), said=said)


_Shown = tuple[type[Intake[Any]], Callable[[Actor, Declaration], bool], Callable[..., Page], str]


def settled_or_shown(
    work: Work, here: tuple[str, str, UUID], data: DocumentFilingForm, shown: _Shown
) -> Settled | PageOrRedirect:
    """Do what the form says with something that came in; where that is refused, its page, with the refusal.

    `shown` are what takes it in, who may, its page and the template of that.
    """
    door_of, may, view, template = shown
    forum, declaration, came_id = here
    actor = work.actor
    try:
        with work.writing() as db:
            found = frame(db, forum, declaration, work=work, may=may)
            door = door_of(db)
            came = door.get(found.declaration, came_id, actor=actor)
            if data.read_in:
                door.read_in(came, data.read_in, actor=actor)
                return redirect(work, work.request.url.path)
            return door.settle(came, data.filings(), data.sayings(), seen=data.seen, actor=actor)
    except REFUSALS as refusal:
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work, may=may)
            context = view(db, found, came_id, work=work, refusal=refusal)
            return page(work, template, context, status=412 if isinstance(refusal, Stale) else 422)


def receipts_said(sent: ReceiptsSent, work: Work) -> Iterator[str]:
    """Who gets a receipt, and to whom none can be sent, in sentences."""
    if sent.receipts:
        yield work.messages.ngettext("A receipt was sent.", "%(n)s receipts were sent.", sent.receipts)
    if sent.without_address:
        names = ", ".join(sent.without_address)
        yield work.messages.gettext(N_("No receipt was sent to %(names)s: no address is known."), names=names)


def _made(files: WordFiles, declaration: Declaration, work: Work) -> MadeFile:
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
    if (number := whole_number(given)) is None:
        raise NotFound(what="revision", id=given[:20])
    return number


_ENDINGS = {XLSX: "xlsx", ODS: "ods", DOCX: "docx", ODT: "odt", PDF: "pdf"}


def original_file(content: bytes, name: str) -> Response[bytes]:
    """What came in, to be saved. It is never shown as anything but plain text."""
    kind = workbook_type(content) or media_type(content, source=name)
    form = _ENDINGS.get(kind, "txt")
    return attachment(MadeFile(f"{name}.{form}", content, kind if kind in _ENDINGS else TEXT))


def _places(found: list[int] | int) -> list[int]:
    return sorted({found} if isinstance(found, int) else set(found))


def _at(found: list[str] | str, place: int) -> str:
    listed = [found] if isinstance(found, str) else found
    return listed[place] if 0 <= place < len(listed) else ""


_Versions = Mapping[tuple[str, str], TextVersion]


def take_bilingual_in(db: Db, declaration: Declaration, data: bytes, *, name: str, actor: Actor) -> list[UnitOutcome]:
    """Take a file back, row by row, by the rules of XLIFF. Raises `BadFile`, also `not_bilingual`."""
    text = word_text(data, source=name)
    origin = text.origin
    if origin is None or origin.target is None:
        raise BadFile(source=name, reason="not_bilingual")
    if origin.declaration != str(declaration.id):
        raise BadFile(source=name, reason="another_declaration")
    policy.ensure_may_translate(actor, declaration, origin.target)
    before = {language: _versions(db, origin, language) for language in (origin.language, origin.target)}
    hashes = {block: (source, target) for (block, source), target in zip(origin.blocks, origin.targets, strict=False)}
    rows = queries.head_rows(db, declaration)
    source, target = (
        _as_sent(queries.document(rows, language), before[language], hashes, place)
        for place, language in enumerate((origin.language, origin.target))
    )
    found = translated_rows(text, source, target)
    units = [
        ReturnedUnit(
            block=standing.block,
            line=standing.row,
            source_version=_id(before[origin.language], standing.block, hashes.get(standing.block, ("", ""))[0]),
            target_version=_id(before[origin.target], standing.block, hashes.get(standing.block, ("", ""))[1]),
            target=None if standing.text is None else (),
        )
        for standing in found
    ]
    returned = ReturnedXliff(origin.declaration, origin.language, origin.target, tuple(units))
    words = {standing.block: standing.text for standing in found if standing.text is not None}
    return ExchangeService(db).take_words(declaration.id, returned, words, name=name, actor=actor)


def _versions(db: Db, origin: FileOrigin, language: Language) -> _Versions:
    """The texts of a language by block and hash, for the blocks that a file names."""
    ids = [known for block, _ in origin.blocks if (known := id_or_none(block))]
    statement = sa.select(TextVersion).where(TextVersion.block_id.in_(ids), TextVersion.language == language)
    return {(str(version.block_id), version.content_hash): version for version in db.scalars(statement)}


def _as_sent(document: Document, versions: _Versions, hashes: Mapping[str, tuple[str, str]], place: int) -> Document:
    """The text in force, with the words of each block as the file had them when it was made."""
    blocks = [
        replace(block, text=known.content if (known := versions.get((block.id, sha256))) else block.text)
        for block in document
        for sha256 in [hashes.get(block.id, ("", ""))[place]]
    ]
    return Document(tuple(blocks), document.language)


def _id(versions: _Versions, block: str, sha256: str) -> str:
    found = versions.get((block, sha256))
    return str(found.id) if found else ""


class BilingualIn(Struct, frozen=True, kw_only=True):
    """A bilingual file that came back."""

    file: UploadFile


class BilingualPages(Controller):
    """Translations that come back in Word."""

    path = "/{forum:str}/{declaration:str}/translation/word"

    @post(name="take_bilingual_in", policy="translation.write", status_code=200, request_max_body_size=LARGEST)
    def take_in(self, work: Work, forum: Slug, declaration: Slug, data: MultipartBody[XliffForm]) -> Response[str]:
        """Take a file back, and say of every paragraph what became of it."""
        actor, ways, sent = work.actor, TranslationLinks(work, forum, declaration), uploaded(data.file)
        outcomes: Sequence[UnitOutcome] = ()
        refused = ""
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=policy.may_follow).declaration
                outcomes = take_bilingual_in(db, found, sent.content, name=sent.name, actor=actor)
        except (DraftsError, BadFile) as refusal:
            refused = sentence(refusal, work.messages)
        return outcome_page(ways, name=sent.name, outcomes=outcomes, refused=refused)


class BilingualApi(Controller):
    """The same for programs."""

    path = "/api/declarations/{declaration_id:uuid}/word/translations"
    tags = ("Files",)

    @writes("", policy="translation.write", status=DONE, largest=LARGEST)
    def take_bilingual_word_in(
        self, db: Db, actor: Actor, declaration: Readable, data: MultipartBody[BilingualIn]
    ) -> OutcomesOut:
        """Take a bilingual Word file back: what stands as it was sent out is saved, the rest waits as suggestions."""
        sent = uploaded(data.file)
        return OutcomesOut.of(take_bilingual_in(db, declaration, sent.content, name=sent.name, actor=actor))
