"""Compilation, circular and table as files, for programs."""

from uuid import UUID

from litestar import Controller, Response
from litestar.di import NamedDependency

from drafts.blocks import Language
from workspace.amendments.table_pages import READ_OTHERS
from workspace.core.errors import NotFound
from workspace.declarations.policy import ensure_may_read
from workspace.declarations.service import DeclarationService
from workspace.interchange.paper_pages import paper_answer, site_of
from workspace.interchange.papers import Form, Paper, Papers
from workspace.web import i18n
from workspace.web.api import reads
from workspace.web.params import FromPath
from workspace.web.services import Work


class PaperApi(Controller):
    """The papers of a table that was taken."""

    path = "/api/declarations/{declaration_id:uuid}/amendments/tables/{number:int}/papers"
    tags = ("Files",)

    @reads("/{paper:str}/{language:str}/{form:str}", media_type="application/octet-stream", policy=READ_OTHERS)
    def get_paper(  # noqa: PLR0917 - each is a part of the address
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        number: FromPath[int],
        paper: FromPath[str],
        language: FromPath[str],
        form: FromPath[str],
    ) -> Response[bytes]:
        """Make a paper: `compilation`, `circular` or `table`, in `es`, `en` or `fr`, as `docx` or `pdf`."""
        for given, known, what in ((paper, Paper, "paper"), (language, Language, "language"), (form, Form, "form")):
            if given not in set(known):
                raise NotFound(what=what, id=given[:20])
        with work.reading() as db:
            declaration = DeclarationService(db).get(declaration_id)
            ensure_may_read(work.actor, declaration)
            papers = Papers(db, i18n.messages(Language(language)), site_of(work))
            made = papers.file(declaration, number, Paper(paper), Form(form), actor=work.actor)
        return paper_answer(made)
