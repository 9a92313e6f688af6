"""The provenance edition: the published text, and under each paragraph what it came from.

Sessions, organisations and recommendations are public once the text is (`provenance.read`). Amendments and decisions
are named only once the history of the declaration is open to everybody, exactly as in the bundle. The edition is
made when somebody asks for it, from what was frozen and from the log; the same bytes as long as the history stays
open, or closed.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from drafts.formats.apparatus import Apparatus, Origin, Said
from drafts.formats.apparatus_rows import ADDED_WORDS, AddedWords
from drafts.formats.assembly import EditionText
from drafts.formats.labels import NBSP, literal, long_date
from drafts.text.blocks import BlockKind, Language
from workspace.consultation.policy import may_keep_commitments
from workspace.core import instruments
from workspace.core.actor import NOBODY, Actor
from workspace.core.errors import NotFound, existing
from workspace.core.shapes import filled
from workspace.core.storage.db import Db
from workspace.declarations.api import declared
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration, Provenance, RevisionCause
from workspace.declarations.frame import Frame, frame, heading
from workspace.editions.domain import policy
from workspace.editions.domain.causes import Acts, CauseDecision, TextAct, edition_acts
from workspace.editions.domain.edition_store import file_of
from workspace.editions.domain.models import Edition
from workspace.editions.domain.publication import EditionService
from workspace.editions.pages.cause_view import (
    KINDS_WITH_CAUSES,
    CauseViewBuilder,
    ParagraphCause,
    may_read_provenance,
    readable_acts,
)
from workspace.editions.pages.edition import acts_of, page_unless_known
from workspace.people.models import Forum
from workspace.recommendations.policy import may_read_recommendation
from workspace.translations.views.overview import Ways
from workspace.web.api import ListOf, Number, reads
from workspace.web.http.request_context import FromPath, PathId, Work
from workspace.web.http.routing import get
from workspace.web.pages import Page, page

WithEditions = Annotated[Declaration, declared(policy.may_read_editions)]
WithProvenance = Annotated[Declaration, declared(may_read_provenance)]

PROVENANCE_FORMS = ("html", "pdf")
PROVENANCE_FILE_NAMES = tuple(f"provenance.{language}.{form}" for language in Language for form in PROVENANCE_FORMS)


def provenance_file(db: Db, edition: Edition, name: str) -> bytes:
    """One file of the provenance edition; raises `NotFound` for a name that it has not."""
    printed_as = name.replace("provenance", "declaration", 1)
    made = file_of(document_with_origins(db, edition), printed_as) if name in PROVENANCE_FILE_NAMES else None
    return existing(made, "edition_file", name)


def document_with_origins(db: Db, edition: Edition) -> EditionText:
    """The text of an edition with what each paragraph came from; without reservations, signatories and annexes."""
    text = EditionService(db).text(edition)
    acts = readable_acts(edition_acts(db, edition), edition.declaration, actor=NOBODY)
    links = queries.sources(db, edition.declaration)
    origins = []
    for row in text.rows:
        if row.kind in KINDS_WITH_CAUSES:
            said = list(_recommendations(links.get(UUID(row.id), [])))
            done = [line for act in acts.get(UUID(row.id), ()) if (line := _act(act, edition.declaration.forum))]
            is_plain = row.kind is BlockKind.ITEM and not said and done == [_SINCE_FIRST]  # as its paragraph says
            origins.append(Origin(row.id, () if is_plain else (*said, *done)))
    with_lines = tuple(origin for origin in origins if origin.lines)
    return replace(text, apparatus=Apparatus(origins=with_lines, corrigendum=text.apparatus.corrigendum))


def _recommendations(links: Sequence[Provenance]) -> Iterator[Said]:
    for said in (link.recommendation for link in links):
        yield {
            language: _followed(
                ADDED_WORDS[language].recommendation.format(number=said.number),
                f"*{source}*" if source else "",
                language,
            )
            for language in Language
            for source in (literal(said.origin_in(language)),)
        }


_SINCE_FIRST = {language: words.since_first for language, words in ADDED_WORDS.items()}
_SENTENCE = {RevisionCause.IMPORT: "since_first", RevisionCause.ADOPTION: "adopted", RevisionCause.EDITORIAL: "edited"}


def _act(act: TextAct, forum: Forum) -> Said:
    """What was done, with the amendments that it took up and the decisions on them; nothing for a mere translation."""
    if act.cause not in _SENTENCE:
        return {}
    return {language: _sentence(act, ADDED_WORDS[language], forum, language) for language in Language}


def _sentence(act: TextAct, words: AddedWords, forum: Forum, language: Language) -> str:
    named = [_amendment(decision, words, language) for decision in act.decisions if decision.amendment]
    named += [words.decision.format(number=decision.number) for decision in act.decisions]
    if named:
        named.append(long_date(forum.local(act.at).date(), language))
    return _followed(_said(getattr(words, _SENTENCE[act.cause]), language), ", ".join(named), language)


def _followed(words: str, by: str, language: Language) -> str:
    """Join both with the colon of the language."""
    return f"{words}{NBSP if language is Language.FR else ''}: {by}" if by else words


def _amendment(decision: CauseDecision, words: AddedWords, language: Language) -> str:
    said = _said(words.amendment_by if decision.proposer else words.amendment, language)
    return said.format(number=decision.amendment, organisation=literal(decision.proposer))


def _said(words: str, language: Language) -> str:
    """Words of the engine that are marked as translations are, with the names of the forum."""
    return instruments.said(words, language, instruments.in_force())


class ParagraphPage(Page, frozen=True, kw_only=True):
    """One paragraph of an edition, and what put it there."""

    name: str
    number: int
    edition: str
    texts: Sequence[tuple[Language, Markup]]
    cause: ParagraphCause
    promise: str  # where a commitment for it is added, for who may


class ProvenanceRecommendationOut(Struct, frozen=True, kw_only=True):
    """A recommendation that a paragraph came from, and the session or the organisation that said it."""

    number: int
    text: str
    origin: str


class ParagraphOut(Struct, frozen=True, kw_only=True):
    """What put one paragraph there: its acts, oldest first, and the recommendations that it came from.

    Changed words and decisions are told once the history of the declaration is open to the reader.
    """

    block_id: UUID
    number: str
    acts: list[TextAct]
    recommendations: list[ProvenanceRecommendationOut]


_BYTES = "application/octet-stream"
_PDF, _HTML = "application/pdf", "text/html"
_BOOK = "sandbox; default-src 'none'; style-src 'unsafe-inline'; font-src data:; frame-ancestors 'none'"
_AS_A_FILE = "default-src 'none'; sandbox"


class ProvenanceEditionPages(Controller):
    """Where each paragraph of an edition came from, as a book."""

    @get(
        "/{forum:str}/{declaration:str}/editions/{number:int}/provenance/{file:str}",
        name="provenance_edition",
        policy="provenance.read",
    )
    def provenance_edition(self, ways: Ways, number: FromPath[int], file: FromPath[str]) -> Response[bytes]:
        """One language as a web page or a PDF."""
        with ways.work.reading() as db:
            found = frame(db, ways.forum, ways.declaration, work=ways.work, may=may_read_provenance)
            edition = EditionService(db).edition(found.declaration, number, actor=ways.work.actor)
            content = provenance_file(db, edition, file)
        is_page = file.endswith(".html")
        return _answered(ways.work, content, file, _HTML if is_page else _PDF, rules=_BOOK if is_page else "")

    @get(
        "/{forum:str}/{declaration:str}/editions/{number:int}/paragraphs/{block_id:uuid}",
        name="edition_paragraph",
        policy="provenance.read",
    )
    def paragraph(self, ways: Ways, number: FromPath[int], block_id: PathId) -> Response[str] | Response[bytes]:
        """One paragraph as it was published, with every act and recommendation behind it."""
        with ways.work.reading() as db:
            found = frame(db, ways.forum, ways.declaration, work=ways.work, may=may_read_provenance)
            edition = EditionService(db).edition(found.declaration, number, actor=ways.work.actor)
            context = _paragraph(db, ways.work, found, edition, block_id)
        return page_unless_known(ways.work, page(ways.work, "editions/paragraph.html", context, is_public=True))


def _paragraph(db: Db, work: Work, found: Frame, edition: Edition, block_id: UUID) -> ParagraphPage:
    row = next((row for row in queries.pinned_rows(db, edition.revision_id) if row.block_id == block_id), None)
    if row is None or row.kind not in KINDS_WITH_CAUSES:
        raise NotFound(what="block", id=str(block_id))
    builder = CauseViewBuilder(db, work, found, edition, acts_of(db, work, edition))
    at = {"forum": found.place.forum, "declaration": found.place.declaration, "number": edition.number}
    may = may_keep_commitments(work.actor, found.forum)
    shown = [language for language in Language if language in row.texts]
    return ParagraphPage(
        **heading(found, "edition", work=work),
        number=edition.number,
        edition=f"{work.url_for('edition', **at)}#b-{block_id}",
        texts=[(language, builder.words(row.content(language), language)) for language in shown],
        cause=builder.paragraph(block_id),
        promise=f"{work.url_for('commitments', forum=found.place.forum)}?paragraph={block_id}#text" if may else "",
    )


class ProvenanceEditionApi(Controller):
    """The same for programs."""

    path = "/api/declarations/{declaration_id:uuid}/editions"
    tags = ("Editions",)

    @reads("/{number:str}/provenance/{name:str}", media_type=_BYTES, policy="provenance.read")
    def read_provenance_edition(
        self, *, work: Work, db: Db, actor: Actor, declaration: WithEditions, number: Number, name: FromPath[str]
    ) -> Response[bytes]:
        """Read one file of the provenance edition, such as `provenance.en.pdf`: each paragraph with its sources.

        Amendments and decisions are named once the history of the declaration is open to everybody.
        """
        edition = EditionService(db).edition(declaration, number, actor=actor)
        content = provenance_file(db, edition, name)
        return _answered(work, content, name, _HTML if name.endswith(".html") else _PDF, rules=_AS_A_FILE)

    @reads("/{number:str}/paragraphs", policy="provenance.read")
    def read_paragraphs(
        self, work: Work, db: Db, actor: Actor, declaration: WithProvenance, number: Number
    ) -> ListOf[ParagraphOut]:
        """Read what put each paragraph of an edition there: amendments, decisions, votes, words, recommendations."""
        edition = EditionService(db).edition(declaration, number, actor=actor)
        acts = readable_acts(acts_of(db, work, edition), declaration, actor=actor)
        return ListOf(items=list(_paragraphs(db, edition, acts, actor)))


def _paragraphs(db: Db, edition: Edition, acts: Acts, actor: Actor) -> Iterator[ParagraphOut]:
    rows = queries.pinned_rows(db, edition.revision_id)
    numbers, links = queries.numbers_of(rows), queries.sources(db, edition.declaration)
    for row in rows:
        if row.kind in KINDS_WITH_CAUSES:
            said = [link.recommendation for link in links.get(row.block_id, ())]
            readable = [each for each in said if may_read_recommendation(actor, edition.declaration.forum, each)]
            yield ParagraphOut(
                block_id=row.block_id,
                number=numbers.get(row.id, ""),
                acts=list(acts.get(row.block_id, ())),
                recommendations=[filled(ProvenanceRecommendationOut, each) for each in readable],
            )


def _answered(work: Work, content: bytes, name: str, media_type: str, *, rules: str) -> Response[bytes]:
    """It changes when the history is opened, so that a cache asks whether it is the same."""
    digest = f'"{hashlib.sha256(content).hexdigest()}"'
    headers = {"Cache-Control": "public, no-cache", "ETag": digest}
    if digest in work.request.headers.get("If-None-Match", ""):
        return Response(b"", status_code=304, media_type=media_type, headers=headers)
    if rules:
        headers["Content-Security-Policy"] = rules
    headers["Content-Disposition"] = f'inline; filename="{name}"'
    return Response(content, media_type=media_type, headers=headers)
