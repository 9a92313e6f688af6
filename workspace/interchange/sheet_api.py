"""Spreadsheets for programs: tables of a declaration, the sheet to fill in, and a filled one in."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from msgspec import Meta, Struct

from drafts.blocks import Language
from workspace.core.errors import BadFile, NotFound
from workspace.declarations.models import Declaration
from workspace.declarations.service import DeclarationService
from workspace.interchange.sheet_pages import TEMPLATE, known_form, known_kind, sheet_answer
from workspace.interchange.sheets.rights import ANY_TABLE, may_have_tables
from workspace.interchange.sheets.tables import Tables
from workspace.interchange.side_door.child import is_sheet
from workspace.interchange.side_door_api import OverheardOut
from workspace.interchange.side_door_service import MailIntake
from workspace.interchange.uploads import LARGEST, uploaded
from workspace.interchange.word_policy import FILE_FOR_OTHERS
from workspace.web import i18n
from workspace.web.api import CREATED, answer, reads, writes
from workspace.web.params import FromPath, MultipartBody
from workspace.web.services import Work


class SheetIn(Struct, frozen=True, kw_only=True):
    """A sheet that was filled in; `address` is whose it is where its rows do not say so."""

    file: UploadFile
    address: Annotated[str, Meta(max_length=254)] = ""


class SheetApi(Controller):
    """Spreadsheets of a declaration."""

    path = "/api/declarations/{declaration_id:uuid}/sheets"
    tags = ("Files",)

    @reads("/{kind:str}/{language:str}/{form:str}", media_type="application/octet-stream", policy=ANY_TABLE)
    def get_sheet(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        kind: FromPath[str],
        language: FromPath[Language],
        form: FromPath[str],
    ) -> Response[bytes]:
        """Make a table: `amendments`, `decisions`, `votes`, `roll-calls` or `coverage`, as `xlsx` or `csv`."""
        with work.reading() as db:
            declaration = _declaration(DeclarationService(db).get(declaration_id), work)
            tables = Tables(db, i18n.messages(language))
            made = tables.file(declaration, known_kind(kind), known_form(form), actor=work.actor)
        return sheet_answer(made)

    @reads("/template/{language:str}", media_type="application/octet-stream", policy=TEMPLATE)
    def get_amendment_template(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], language: FromPath[Language]
    ) -> Response[bytes]:
        """Make the sheet in which members write what they propose, a row for each paragraph, as `xlsx`."""
        with work.reading() as db:
            declaration = _declaration(DeclarationService(db).get(declaration_id), work)
            made = Tables(db, i18n.messages(language)).template(declaration, language, actor=work.actor)
        return sheet_answer(made)

    @writes("/filled", status=CREATED, largest=LARGEST, policy=FILE_FOR_OTHERS)
    def receive_filled_sheet(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], data: MultipartBody[SheetIn]
    ) -> Response[OverheardOut]:
        """Keep a sheet that was filled in, and answer with what its rows propose. It is settled as a mail is."""
        actor, sent = work.actor, uploaded(data.file)
        if not is_sheet(sent.content):
            raise BadFile(source=sent.name, reason="not_our_sheet")
        with work.writing() as db:
            declaration = DeclarationService(db).get(declaration_id)
            door = MailIntake(db)
            mail = door.receive(declaration, sent.content, name=sent.name, address=data.address, actor=actor)
            made = OverheardOut.of(door.examine(mail, actor=actor))
        return answer(made)


def _declaration(declaration: Declaration, work: Work) -> Declaration:
    """A declaration of which the actor may have tables; raises `NotFound`."""
    if not may_have_tables(work.actor, declaration):
        raise NotFound(what="declaration", id=declaration.slug)
    return declaration
