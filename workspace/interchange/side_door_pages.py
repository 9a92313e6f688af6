"""The side door in the browser: paste a mail or drop a file, look at what it proposes, file it for its sender."""

from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from msgspec import Struct

from drafts.blocks import Language
from drafts.errors import DraftsError
from workspace.core.errors import AlreadyProposed, BadFile, Invalid, NotFound, Undecidable
from workspace.core.sheets import XLSX
from workspace.core.spreadsheets import ODS, workbook_type
from workspace.declarations.frame import frame
from workspace.interchange.readers.kinds import DOCX, ODT, PDF, media_type
from workspace.interchange.side_door_service import MailIntake
from workspace.interchange.side_door_views import mail_page, side_door_page
from workspace.interchange.uploads import LARGEST, uploaded
from workspace.interchange.word_letters import is_word_text
from workspace.interchange.word_pages import SettleForm, receipts_said
from workspace.interchange.word_policy import FILE_FOR_OTHERS, may_file_for_others
from workspace.interchange.word_returns import WordIntake
from workspace.web.api import NO_STORE
from workspace.web.i18n import N_
from workspace.web.pages import page, redirect
from workspace.web.params import FromPath, MultipartBody, URLEncodedBody
from workspace.web.services import Work

PLAIN = "text/plain"
_ENDINGS = {XLSX: "xlsx", ODS: "ods", DOCX: "docx", ODT: "odt", PDF: "pdf"}
_REFUSALS = (BadFile, Invalid, Undecidable, AlreadyProposed, DraftsError, NotFound)


class MailForm(Struct, frozen=True):
    """A mail: its words, or a file. `address` is whose it is where it does not say so itself."""

    words: str = ""
    file: UploadFile | None = None
    address: str = ""
    text: str = ""


class SideDoorPages(Controller):
    """What came by mail to a declaration."""

    path = "/{forum:str}/{declaration:str}/mails"

    @get(name="side_door", sync_to_thread=True, policy=FILE_FOR_OTHERS)
    def side_door(self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str]) -> Response[str]:
        """Where to paste a mail, and those that came."""
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work, may=may_file_for_others)
            context = side_door_page(db, found, work=work)
        return page(work, "interchange/side_door.html", context)

    @post(
        name="receive_mail",
        sync_to_thread=True,
        policy=FILE_FOR_OTHERS,
        request_max_body_size=LARGEST,
        status_code=200,
    )
    def receive(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: MultipartBody[MailForm],
    ) -> Response[str] | Response[None]:
        """Keep a mail or a letter and go on to what it proposes; the text itself in Word goes the way of such files."""
        actor = work.actor
        content, name = _sent(data)
        language = Language(data.text) if data.text in set(Language) else None
        here = {"forum": forum, "declaration": declaration}
        try:
            _ensure_sent(content)
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=may_file_for_others)
                if is_word_text(db, found.declaration, content, source=name):
                    document = WordIntake(db).receive(
                        found.declaration, content, name=name, actor=actor, language=language
                    )
                    return redirect(work, work.url_for("returned_word", document_id=document.id, **here))
                mail = MailIntake(db).receive(
                    found.declaration, content, name=name, actor=actor, address=data.address, language=language
                )
                to = work.url_for("mail", mail_id=mail.id, **here)
        except (BadFile, Invalid) as refusal:
            with work.reading() as db:
                found = frame(db, forum, declaration, work=work, may=may_file_for_others)
                context = side_door_page(db, found, work=work, words=data.words, address=data.address, refusal=refusal)
            return page(work, "interchange/side_door.html", context, status=422)
        return redirect(work, to)

    @get("/{mail_id:uuid}", name="mail", sync_to_thread=True, policy=FILE_FOR_OTHERS)
    def mail(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        mail_id: FromPath[UUID],
    ) -> Response[str]:
        """A mail beside what it proposes, before anything of it is filed."""
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work, may=may_file_for_others)
            context = mail_page(db, found, mail_id, work=work)
        return page(work, "interchange/mail.html", context)

    @get("/{mail_id:uuid}/file", name="mail_as_it_came", sync_to_thread=True, policy=FILE_FOR_OTHERS)
    def mail_as_it_came(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        mail_id: FromPath[UUID],
    ) -> Response[bytes]:
        """The mail itself, byte for byte as it came."""
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work, may=may_file_for_others)
            mail = MailIntake(db).get(found.declaration, mail_id, actor=work.actor)
            content, name = mail.content, mail.sha256[:12]
        return as_it_came(content, name)

    @post("/{mail_id:uuid}", name="settle_mail", sync_to_thread=True, policy=FILE_FOR_OTHERS, status_code=200)
    def settle(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        mail_id: FromPath[UUID],
        data: URLEncodedBody[SettleForm],
    ) -> Response[str] | Response[None]:
        """File what was chosen; a refusal files nothing and shows the page again."""
        actor = work.actor
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=may_file_for_others)
                door = MailIntake(db)
                mail = door.get(found.declaration, mail_id, actor=actor)
                settled = door.settle(mail, data.filings(), actor=actor)
                numbers, sent = [one.number for one in settled.amendments], settled.sent
        except _REFUSALS as refusal:
            with work.reading() as db:
                found = frame(db, forum, declaration, work=work, may=may_file_for_others)
                context = mail_page(db, found, mail_id, work=work, refusal=refusal)
            return page(work, "interchange/mail.html", context, status=422)
        to = work.url_for("side_door", forum=forum, declaration=declaration)
        return redirect(work, to, said=" ".join([_filed_said(numbers, work), *receipts_said(sent, work)]))


def as_it_came(content: bytes, name: str) -> Response[bytes]:
    """A mail to be saved, or a sheet. It is never shown as anything but plain text."""
    kind = workbook_type(content) or media_type(content, source=name)
    form = _ENDINGS.get(kind, "txt")
    headers = {**NO_STORE, "Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return Response(content, media_type=kind if kind in _ENDINGS else PLAIN, headers=headers)


def _filed_said(numbers: list[int], work: Work) -> str:
    if not numbers:
        return work.messages.gettext(N_("The mail was put aside; nothing was filed."))
    return work.messages.ngettext(
        "Filed as amendment %(numbers)s.",
        "Filed as amendments %(numbers)s.",
        len(numbers),
        numbers=", ".join(map(str, numbers)),
    )


def _ensure_sent(content: bytes) -> None:
    if not content.strip():
        raise Invalid(field="words", reason="empty")


def _sent(data: MailForm) -> tuple[bytes, str]:
    """What was sent, and the name of its file: a file goes before pasted words."""
    sent = uploaded(data.file)
    return (sent.content, sent.name) if sent.content else (data.words.encode(), "")
