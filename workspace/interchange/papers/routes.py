"""Compilation, circular and table: to read, and as files, for browsers and programs."""

from collections.abc import Iterator, Sequence

from litestar import Controller, Response
from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from drafts.formats.pdf import PaperReport
from drafts.render.document_html import block_html
from drafts.text.blocks import BlockKind, Language
from drafts.text.markup import plain
from drafts.text.numbering import label
from workspace.amendments.pages.tables import READ_OTHERS
from workspace.core.storage.db import Db
from workspace.core.validation import known_word
from workspace.declarations.api import Readable
from workspace.declarations.frame import ReadableFrame
from workspace.interchange.papers.documents import Paper, PaperBuilder, PaperFormat
from workspace.web.api import reads
from workspace.web.http.files import attachment
from workspace.web.http.request_context import FromPath, Work
from workspace.web.i18n import messages
from workspace.web.i18n.marking import N_
from workspace.web.pages import Page, gives, shows
from workspace.web.text_html import rendered

_DEEP = frozenset({BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.BULLET})
NAMES = {Paper.COMPILATION: N_("Compilation"), Paper.CIRCULAR: N_("Circular"), Paper.TABLE: N_("Table")}


class PaperLink(Struct, frozen=True):
    """A paper as a file, or in another language."""

    label: str
    href: str
    is_current: bool = False


class PaperLine(Struct, frozen=True):
    """A block of a paper: its number or bullet, how deep it stands, its words, and their language where it is not the
    paper's, or "".
    """

    mark: str
    level: int
    html: Markup
    language: str = ""


class PaperPage(Page, frozen=True, kw_only=True):
    """One paper. `others` are those of the same table."""

    name: str
    number: int
    language: Language
    header: str
    title: str
    lines: Sequence[PaperLine]
    files: Sequence[PaperLink]
    languages: Sequence[PaperLink]
    others: Sequence[PaperLink]


class PaperPages(Controller):
    """The papers of a table that was taken."""

    path = "/{forum:str}/{declaration:str}/amendments/tables/{number:int}"

    @shows("interchange/paper.html", "/{paper:str}", name="paper", policy=READ_OTHERS)
    def paper(self, db: Db, work: Work, found: ReadableFrame, number: FromPath[int], paper: FromPath[str]) -> PaperPage:
        """A paper, in the language of the page or in `?text=`."""
        kind, language = known_word(Paper, paper, "paper"), work.texts()[0]
        papers = PaperBuilder(db, messages.messages(language), site_of(work))
        report = papers.paper(found.declaration, number, kind, actor=work.actor)

        def link(paper: Paper, text: Language, form: PaperFormat | None = None) -> str:
            name = "paper_file" if form else "paper"
            more = {"form": form.value} if form else {}
            return f"{work.url_from_here(name, paper=paper.value, **more)}?text={text}"

        return PaperPage(
            place=found.place,
            here="amendments",
            name=work.messages.gettext(NAMES[kind]),
            number=number,
            language=language,
            header=report.header,
            title=plain(report.title),
            lines=list(paper_lines(report)),
            files=[PaperLink(form.value.upper(), link(kind, language, form)) for form in PaperFormat],
            languages=[
                PaperLink(messages.AUTONYMS[choice], link(kind, choice), choice is language) for choice in Language
            ],
            others=[
                PaperLink(work.messages.gettext(NAMES[paper]), link(paper, language), paper is kind) for paper in Paper
            ],
        )

    @gives("/{paper:str}/{form:str}", name="paper_file", policy=READ_OTHERS)
    def paper_file(
        self,
        *,
        db: Db,
        work: Work,
        found: ReadableFrame,
        number: FromPath[int],
        paper: FromPath[str],
        form: FromPath[str],
    ) -> Response[bytes]:
        """The same as a file."""
        kind, ending = known_word(Paper, paper, "paper"), known_word(PaperFormat, form, "form")
        papers = PaperBuilder(db, messages.messages(work.texts()[0]), site_of(work))
        return attachment(papers.file(found.declaration, number, kind, ending, actor=work.actor))


def paper_lines(report: PaperReport) -> Iterator[PaperLine]:
    """The blocks after the title, as safe HTML with their numbers beside them."""
    language = report.document.language
    for block in report.document.blocks[1:]:
        mark = label(block, report.numbers.get(block.id, ""), language)
        shown = replace(block, kind=BlockKind.PARAGRAPH, level=0) if mark else block
        spoken = report.tongues.get(block.id)
        html = rendered(block_html(shown, language=spoken or language, numbers=report.numbers))
        level = block.level if block.kind in _DEEP else 0
        yield PaperLine(mark, level, html, spoken or "")


def site_of(work: Work) -> str:
    """Where this workspace is read."""
    return str(work.request.base_url)


class PaperApi(Controller):
    """The papers of a table that was taken."""

    path = "/api/declarations/{declaration_id:uuid}/amendments/tables/{number:int}/papers"
    tags = ("Files",)

    @reads("/{paper:str}/{language:str}/{form:str}", media_type="application/octet-stream", policy=READ_OTHERS)
    def get_paper(
        self,
        *,
        db: Db,
        work: Work,
        declaration: Readable,
        number: FromPath[int],
        paper: FromPath[str],
        language: FromPath[str],
        form: FromPath[str],
    ) -> Response[bytes]:
        """Make a paper: `compilation`, `circular` or `table`, in `es`, `en` or `fr`, as `docx` or `pdf`."""
        kind, spoken = known_word(Paper, paper, "paper"), known_word(Language, language, "language")
        ending = known_word(PaperFormat, form, "form")
        papers = PaperBuilder(db, messages.messages(spoken), site_of(work))
        return attachment(papers.file(declaration, number, kind, ending, actor=work.actor))
