"""The provenance edition: the published text, and under each paragraph what it came from.

Sessions, organisations and recommendations are public once the text is (`provenance.read`). Amendments and decisions
are named only once the history of the declaration is open to everybody, exactly as in the bundle. The edition is
made when somebody asks for it, from what was frozen and from the log; the same bytes as long as the history stays
open, or closed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from drafts.apparatus import Origin, Said
from drafts.assembly import EditionText
from drafts.blocks import BlockKind, Language
from drafts.formats import html, pdf
from drafts.formats.added_words import ADDED_WORDS, AddedWords
from drafts.formats.bundle import Cause, ParagraphCauses
from drafts.formats.literal import literal
from workspace.amendments.models import Amendment
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import NotFound
from workspace.declarations import queries
from workspace.declarations.models import Declaration, Provenance
from workspace.declarations.policy import may_do
from workspace.editions.bundling import Causes, causes_of
from workspace.editions.models import Edition
from workspace.editions.service import EditionService

FORMS = ("html", "pdf")
NAMES = tuple(f"provenance.{language}.{form}" for language in Language for form in FORMS)
_TOLD = frozenset({BlockKind.PREAMBLE, BlockKind.OPERATIVE, BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.CHAPEAU})


def may_read_provenance(actor: Actor, declaration: Declaration) -> bool:
    return may_do(actor, "provenance.read", declaration) and may_do(actor, "edition.read_verify", declaration)


def provenance_file(db: Db, edition: Edition, name: str) -> bytes:
    """One file of the provenance edition; raises `NotFound` for a name that it has not."""
    if name not in NAMES:
        raise NotFound(what="edition_file", id=name)
    _, tongue, form = name.split(".")
    make = html.page if form == "html" else pdf.book
    return make(with_origins(db, edition), Language(tongue))


def with_origins(db: Db, edition: Edition) -> EditionText:
    """The text of an edition with what each paragraph came from; without reservations, signatories and annexes."""
    text = EditionService(db).text(edition)
    causes = causes_of(db, edition)
    of_block = {one.id: one for one in causes.paragraphs}
    links = queries.sources(db, edition.declaration)
    filed = _filed(db, edition.declaration) if causes.is_open else {}
    origins = []
    for row in text.rows:
        if row.kind in _TOLD:
            said = list(_recommendations(links.get(UUID(row.id), [])))
            acts = list(_acts(of_block.get(row.id), causes, filed))
            is_plain = row.kind is BlockKind.ITEM and not said and acts == [_SINCE_FIRST]  # as its paragraph says
            origins.append(Origin(row.id, () if is_plain else (*said, *acts)))
    around = replace(
        text.apparatus,
        signatories=(),
        reservations=(),
        annexes=(),
        renumbered=(),
        origins=tuple(one for one in origins if one.lines),
    )
    return replace(text, apparatus=around)


def _filed(db: Db, declaration: Declaration) -> Mapping[int, str]:
    """For whom each amendment was filed, by its number."""
    statement = sa.select(Amendment).where(Amendment.declaration_id == declaration.id)
    every = db.scalars(statement.options(joinedload(Amendment.organisation)))
    return {one.number: one.organisation.name if one.organisation else "" for one in every}


def _recommendations(links: Sequence[Provenance]) -> Iterator[Said]:
    for link in links:
        source = literal(link.recommendation.origin)
        after = f": *{source}*" if source else ""
        number = link.recommendation.number
        yield {one: ADDED_WORDS[one].recommendation.format(number=number) + after for one in Language}


def _acts(told: ParagraphCauses | None, causes: Causes, filed: Mapping[int, str]) -> Iterator[Said]:
    """What the log says of the wording: the last act that was not a translation."""
    acts = [one for one in (told.texts.values() if told else ()) if one is not None and one.kind in _SENTENCE]
    if not acts:
        return
    last = max(acts, key=lambda one: one.entry)
    yield {language: _act(last, causes, filed, ADDED_WORDS[language]) for language in Language}


_SINCE_FIRST = {language: words.since_first for language, words in ADDED_WORDS.items()}
_SENTENCE = {"import": "since_first", "adoption": "adopted", "editorial": "edited"}


def _act(cause: Cause, causes: Causes, filed: Mapping[int, str], words: AddedWords) -> str:
    sentence: str = getattr(words, _SENTENCE[cause.kind])
    named = [_amendment(number, filed.get(number, ""), words) for number in cause.amendments]
    if causes.is_open:
        numbers = (causes.decisions.get(entry, 0) for entry in cause.decisions)
        named += [words.decision.format(number=number) for number in numbers if number]
    return f"{sentence}: {', '.join(named)}" if named else sentence


def _amendment(number: int, organisation: str, words: AddedWords) -> str:
    if not organisation:
        return words.amendment.format(number=number)
    return words.amendment_by.format(number=number, organisation=literal(organisation))
