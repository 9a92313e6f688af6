"""Searching the memory, reading a whole language, and files for translators' own tools."""

import re
from collections.abc import Mapping, Sequence

from litestar import Controller, Response
from litestar.datastructures import UploadFile
from msgspec import Struct

from drafts.base.errors import DraftsError
from drafts.base.words import fold_text
from drafts.formats import xliff
from drafts.formats.xliff import LARGEST, XLIFF, XliffVersion
from drafts.text.blocks import Language
from drafts.text.markup import plain
from workspace.core.errors import BadFile
from workspace.core.shapes import MadeFile
from workspace.core.storage.db import Db
from workspace.core.storage.text_search import highlighted
from workspace.declarations.domain import queries
from workspace.declarations.frame import heading
from workspace.declarations.labels import names_of
from workspace.translations.domain.exchange import ExchangeService, UnitFate, UnitOutcome
from workspace.translations.domain.memories import MemoryRecorder
from workspace.translations.labels import unit_notes
from workspace.translations.views.editor import cited
from workspace.translations.views.overview import TranslationLinks, Ways, language_named
from workspace.web.http.files import attachment
from workspace.web.http.request_context import FromPath, MultipartBody, Work
from workspace.web.http.routing import post
from workspace.web.i18n.marking import N_
from workspace.web.pages import Page, PageOrRedirect, gives, page, shows
from workspace.web.refusals.sentences import sentence

_LABEL = re.compile(r"^\[\^[^\]]+\]:\s*")
Piece = tuple[str, bool]  # some words, and whether they were looked for


def highlight_hits(text: str, words: str) -> Sequence[Piece]:
    """A text without marks, in pieces: what was looked for, and what stands between."""
    wanted = fold_text(words).split()
    return highlighted(plain(_LABEL.sub("", text)), [(wanted, True)] if wanted else [])


FATES: Mapping[UnitFate, str] = {
    UnitFate.SAVED: N_("saved"),
    UnitFate.CONFIRMED: N_("confirmed: still valid"),
    UnitFate.SUGGESTED: N_("kept as a suggestion"),
    UnitFate.SAME: N_("unchanged"),
    UnitFate.EMPTY: N_("not translated"),
    UnitFate.UNKNOWN: N_("not imported: no such paragraph in the text"),
    UnitFate.ORIGINAL: N_("not imported: originals change only by decision"),
    UnitFate.CODES: N_("not imported: marks that the source does not have"),
    UnitFate.TWICE: N_("not imported: paragraph twice in the file"),
    UnitFate.LONG: N_("not imported: too long"),
}
_LOUD = frozenset(
    {UnitFate.SUGGESTED, UnitFate.UNKNOWN, UnitFate.ORIGINAL, UnitFate.CODES, UnitFate.TWICE, UnitFate.LONG}
)


class MemoryHit(Struct, frozen=True):
    """A segment with these words: its texts by language, the words told apart in their own, and where it is from."""

    texts: Mapping[Language, Sequence[Piece]]
    cited: str
    is_published: bool


class MemoryPage(Page, frozen=True, kw_only=True):
    name: str
    reading: str
    overview: str
    words: str
    text_language: Language
    found: Sequence[MemoryHit]


class UnitLine(Struct, frozen=True):
    """What became of one unit of a file; `lost` marks of the source were left out."""

    name: str
    line: int
    outcome: str
    fate: str
    href: str
    lost: int


class ReturnedUnitsPage(Page, frozen=True, kw_only=True):
    name: str
    reading: str
    overview: str
    file: str
    counts: Sequence[tuple[str, int]] = ()
    lines: Sequence[UnitLine] = ()
    refused: str = ""


class XliffForm(Struct, frozen=True):
    file: UploadFile


class ExchangePages(Controller):
    """What goes to other tools and comes back, and what was written before."""

    path = "/{forum:str}/{declaration:str}/translation"

    @shows("translations/memory.html", "/memory", name="translation_memory", policy="glossary.edit")
    def memory(self, db: Db, ways: Ways) -> MemoryPage:
        """How words were translated before, in the memory and in what was signed and published."""
        work, found = ways.work, ways.frame(db)
        words = work.request.query_params.get("words", "").strip()[:200]
        language = language_named(work.request.query_params.get("text", work.language.value))
        some = MemoryRecorder(db, found.declaration).containing(words, language, actor=work.actor)
        return MemoryPage(
            **heading(found, "translation", work=work),
            reading=ways.reading(),
            overview=ways.overview(),
            words=words,
            text_language=language,
            found=[
                MemoryHit(
                    {
                        written_in: highlight_hits(text, words if written_in is language else "")
                        for written_in, text in hit.segment.texts.items()
                    },
                    cited(hit.citation, work.messages),
                    hit.citation.is_published,
                )
                for hit in some
            ],
        )

    @gives("/xliff/{source:str}/{text:str}", name="xliff_file", policy="translation.write")
    def xliff_file(self, db: Db, ways: Ways, source: FromPath[str], text: FromPath[str]) -> Response[bytes]:
        """One pair of languages for another tool; `?form=1.2` for an older one."""
        work, found = ways.work, ways.frame(db).declaration
        form = XliffVersion.ONE if work.request.query_params.get("form") == XliffVersion.ONE else XliffVersion.TWO
        sent = ExchangeService(db).sent(
            found,
            language_named(source),
            language_named(text),
            tell=unit_notes(work.messages),
            names=names_of(queries.head_rows(db, found), work.messages),
            actor=work.actor,
        )
        return attachment(MadeFile(f"{found.slug}-{source}-{text}.xlf", xliff.write(sent, form), XLIFF))

    @post(
        "/xliff",
        name="take_xliff_in",
        policy="translation.write",
        status_code=200,
        request_max_body_size=LARGEST + 100_000,
    )
    def take_in(self, ways: Ways, data: MultipartBody[XliffForm]) -> PageOrRedirect:
        """Take a file back, and say of every paragraph what became of it."""
        work, actor, name = ways.work, ways.work.actor, data.file.filename
        content = data.file.file.read(LARGEST + 1)
        outcomes: Sequence[UnitOutcome] = ()
        refused = ""
        try:
            with work.writing() as db:
                found = ways.frame(db)
                outcomes = ExchangeService(db).take_in(found.declaration.id, content, name=name, actor=actor)
        except (DraftsError, BadFile) as refusal:
            refused = sentence(refusal, work.messages)
        return outcome_page(ways, name=name, outcomes=outcomes, refused=refused)


def outcome_page(ways: TranslationLinks, *, name: str, outcomes: Sequence[UnitOutcome], refused: str) -> Response[str]:
    """What became of every paragraph of a file that came back, or why it was refused."""
    work = ways.work
    with work.reading() as db:
        found = ways.frame(db)
        names = names_of(queries.head_rows(db, found.declaration), work.messages)
        context = ReturnedUnitsPage(
            **heading(found, "translation", work=work),
            reading=ways.reading(),
            overview=ways.overview(),
            file=name,
            counts=_counts(work, outcomes),
            lines=[
                _line(work, ways, outcome, {str(block): said for block, said in names.items()})
                for outcome in outcomes
                if outcome.fate in _LOUD or outcome.lost
            ],
            refused=refused,
        )
    return page(work, "translations/returned.html", context, status=422 if refused else 200)


def _counts(work: Work, outcomes: Sequence[UnitOutcome]) -> list[tuple[str, int]]:
    counted = [(fate, sum(outcome.fate is fate for outcome in outcomes)) for fate in FATES]
    return [(work.messages.gettext(FATES[fate]), count) for fate, count in counted if count]


def _line(work: Work, ways: TranslationLinks, unit_outcome: UnitOutcome, names: Mapping[str, str]) -> UnitLine:
    return UnitLine(
        name=names.get(unit_outcome.block, unit_outcome.block),
        line=unit_outcome.line,
        outcome=unit_outcome.fate.value,
        fate=work.messages.gettext(FATES[unit_outcome.fate]),
        href=f"{ways.reading()}#b-{unit_outcome.block}" if unit_outcome.block in names else "",
        lost=unit_outcome.lost,
    )
