"""Spreadsheets in the browser: tables to take away, the sheet to fill in, and where a filled one is brought back."""

from collections.abc import Mapping, Sequence
from typing import Annotated, TypeAlias

from litestar import Controller, Response
from litestar.datastructures import UploadFile
from msgspec import Struct

from drafts.text.blocks import Language
from workspace.core.actor import Actor
from workspace.core.errors import BadFile, Invalid, WorkspaceError
from workspace.core.storage.db import Db
from workspace.core.validation import known_word
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import may_do
from workspace.declarations.frame import Frame, frame, framed
from workspace.interchange.intake.domain.mail_intake import MailIntake
from workspace.interchange.intake.domain.parsing import ensure_sheet
from workspace.interchange.intake.domain.policy import FILE_FOR_OTHERS, may_file_for_others
from workspace.interchange.intake.sheets.tables import (
    ANY_TABLE,
    NAMES,
    DeclarationTables,
    SheetFormat,
    TableKind,
    may_have_tables,
)
from workspace.web.http.files import LARGEST, attachment, uploaded
from workspace.web.http.request_context import FromPath, MultipartBody, Slug, Work
from workspace.web.http.routing import post
from workspace.web.pages import Page, PageOrRedirect, gives, page, redirect, shows
from workspace.web.refusals.sentences import sentence

TEMPLATE = "head.read"
_WithTables: TypeAlias = Annotated[Frame, framed(may_have_tables)]


class TableLinks(Struct, frozen=True):
    """One table: what it is called, and its files by kind."""

    name: str
    files: Sequence[tuple[str, str]]


class TemplateLink(Struct, frozen=True):
    """The sheet to fill in for the text in one language."""

    language: Language
    href: str


class SheetsPage(Page, frozen=True, kw_only=True):
    """`templates` are for those who read the text in force; `may_file` is whether a filled sheet can be brought in."""

    tables: Sequence[TableLinks]
    templates: Sequence[TemplateLink]
    may_file: bool
    errors: Mapping[str, str]


class FilledSheetForm(Struct, frozen=True):
    """The sheet that came back, and whose it is where its rows do not say so."""

    file: UploadFile | None = None
    address: str = ""


class SheetPages(Controller):
    """The spreadsheets of a declaration."""

    path = "/{forum:str}/{declaration:str}/sheets"

    @shows("interchange/sheets.html", name="sheets", policy=ANY_TABLE)
    def sheets(self, db: Db, work: Work, found: _WithTables) -> SheetsPage:
        """What there is to take away, and where to bring a filled sheet."""
        return sheets_page(db, found, work=work)

    @gives("/{kind:str}/{form:str}", name="table_file", policy=ANY_TABLE)
    def table_file(
        self, *, db: Db, work: Work, actor: Actor, found: _WithTables, kind: FromPath[str], form: FromPath[str]
    ) -> Response[bytes]:
        """One table as a spreadsheet."""
        which, ending = known_word(TableKind, kind, "table"), known_word(SheetFormat, form, "form")
        return attachment(DeclarationTables(db, work.messages).file(found.declaration, which, ending, actor=actor))

    @gives("/template", name="amendment_template", policy=TEMPLATE)
    def template(self, db: Db, work: Work, actor: Actor, found: _WithTables) -> Response[bytes]:
        """The sheet to fill in, for the text in the language `?text=`."""
        tables = DeclarationTables(db, work.messages)
        return attachment(tables.template(found.declaration, work.texts()[0], actor=actor))

    @post(name="receive_sheet", policy=FILE_FOR_OTHERS, request_max_body_size=LARGEST, status_code=200)
    def receive(
        self, work: Work, forum: Slug, declaration: Slug, data: MultipartBody[FilledSheetForm]
    ) -> PageOrRedirect:
        """Keep a sheet that was filled in, and go on to what it proposes."""
        actor = work.actor
        sent = uploaded(data.file)
        try:
            sent.ensure_sent()
            ensure_sheet(sent.content, source=sent.name)
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=may_file_for_others)
                mail = MailIntake(db).receive(
                    found.declaration, sent.content, name=sent.name, actor=actor, address=data.address
                )
                to = work.url_for("mail", forum=forum, declaration=declaration, mail_id=mail.id)
        except (BadFile, Invalid) as refusal:
            with work.reading() as db:
                found = frame(db, forum, declaration, work=work, may=may_file_for_others)
                context = sheets_page(db, found, work=work, refusal=refusal)
            return page(work, "interchange/sheets.html", context, status=422)
        return redirect(work, to)


def sheets_page(db: Db, found: Frame, *, work: Work, refusal: WorkspaceError | None = None) -> SheetsPage:
    """The tables that the reader may have, and the sheet to fill in."""
    declaration, here = found.declaration, {"forum": found.forum.slug, "declaration": found.declaration.slug}
    return SheetsPage(
        place=found.place,
        here="amendments",
        tables=[
            TableLinks(
                work.messages.gettext(NAMES[kind]),
                [
                    (form.value.upper(), work.url_for("table_file", kind=kind.value, form=form.value, **here))
                    for form in SheetFormat
                ],
            )
            for kind in DeclarationTables(db, work.messages).open_to(declaration, actor=work.actor)
        ],
        templates=list(_templates(db, declaration, work, here)) if may_do(work.actor, TEMPLATE, declaration) else [],
        may_file=may_file_for_others(work.actor, declaration),
        errors={"file": sentence(refusal, work.messages)} if refusal else {},
    )


def _templates(db: Db, declaration: Declaration, work: Work, here: Mapping[str, str]) -> Sequence[TemplateLink]:
    rows = queries.head_rows(db, declaration)
    address = work.url_for("amendment_template", **here)
    return [
        TemplateLink(language, f"{address}?text={language}")
        for language in Language
        if any(language in row.texts for row in rows)
    ]
