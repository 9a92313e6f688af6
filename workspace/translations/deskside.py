"""What lies beside the text on a translator's bench: memory, terms, suggestions, tasks, and who else is there."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from markupsafe import Markup
from msgspec import Struct

from drafts.blocks import Block, BlockKind, Document, Language
from drafts.checks import Term
from drafts.checks.glossary import stretches
from drafts.checks.sides import side
from drafts.memory import Match, MatchKind
from drafts.numbering import printed
from drafts.render import diff_html
from drafts.shown import shown
from workspace.amendments.models import Amendment, AmendmentVersion, ChangeRecord, Disposition
from workspace.amendments.policy import may_read
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.declarations.models import Declaration
from workspace.declarations.queries import BlockRow
from workspace.translations import policy
from workspace.translations.checking import CheckingService
from workspace.translations.memories import Citation, Recollection, Remembered
from workspace.translations.models import Verdict
from workspace.translations.overview import Ways
from workspace.translations.reviews import ReviewService
from workspace.translations.suggestions import SuggestionService, wording_of
from workspace.translations.tasks import TaskService, whose
from workspace.web.i18n import N_, Messages

_KINDS: Mapping[MatchKind, str] = {
    MatchKind.CONTEXT: N_("the same words, in the same place"),
    MatchKind.EXACT: N_("the same words"),
}
_CITED = N_("%(declaration)s, paragraph %(number)s")
_UNDECIDED = frozenset({Disposition.OPEN, Disposition.PARTLY, Disposition.REFERRED})


class MemoryLine(Struct, frozen=True):
    """A segment of the memory: how alike, its source with what differs marked, its translation, where it is from."""

    alike: str
    source: Markup
    target: str
    cited: str


class TermLine(Struct, frozen=True):
    """A term of the paragraph: its wordings by language, those ruled out in this one, and how the source has it."""

    wordings: Mapping[Language, Sequence[str]]
    forbidden: Sequence[str]


class Waits(Struct, frozen=True):
    """Words that wait beside the text: by whom, out of which file, for which amendment ("" and 0 for none)."""

    id: UUID
    content: str
    by: str
    origin: str
    amendment: int


class Wish(Struct, frozen=True):
    """An amendment that the bench has to do with: one left to the translators, or one that is tabled."""

    number: int
    language: Language
    wording: str
    href: str


class Opinion(Struct, frozen=True):
    """What a second translator said of the text."""

    is_approved: bool
    by: str
    at: datetime
    note: str


class Deskside(Struct, frozen=True):
    """Everything beside the text; `task` and `claimed_by` are names, "" for nobody."""

    memory: Sequence[MemoryLine]
    terms: Sequence[TermLine]
    suggestions: Sequence[Waits]
    handed_over: Sequence[Wish]
    tabled: Sequence[Wish]
    opinion: Opinion | None
    may_review: bool
    task: str
    due_on: date | None
    claimed_by: str


def deskside(db: Db, declaration: Declaration, row: BlockRow, language: Language, ways: Ways) -> Deskside:
    """A fixed number of queries. What is for translators only stays empty for others."""
    actor, messages = ways.work.actor, ways.work.messages
    is_translator = policy.may_translate(actor, declaration, language)
    tasks = TaskService(db)
    task = whose(tasks.assignments(declaration), row.block_id, language)
    claim = tasks.claims(declaration).get((row.block_id, language))
    said = ReviewService(db).reviews(declaration, [row]).get((row.block_id, language))
    head = row.texts.get(language)
    wishes = _wishes(db, declaration, row, ways) if is_translator else []
    waiting = SuggestionService(db).waiting(declaration).get((row.block_id, language), ()) if is_translator else ()
    numbers = _numbers(db, [one.amendment_id for one in waiting if one.amendment_id])
    return Deskside(
        memory=_memory(db, declaration, row, language, messages) if is_translator else (),
        terms=_terms(db, declaration, row, language),
        suggestions=[
            Waits(
                id=one.id,
                content=one.content,
                by=one.made_by.name if one.made_by else "",
                origin=one.origin,
                amendment=numbers.get(one.amendment_id, 0) if one.amendment_id else 0,
            )
            for one in waiting
        ],
        handed_over=[wish for wish, of in wishes if of is Disposition.HANDED_OVER and wish.language is language],
        tabled=[wish for wish, of in wishes if of in _UNDECIDED and wish.language is not language],
        opinion=Opinion(
            is_approved=said.verdict is Verdict.APPROVED,
            by=said.reviewed_by.name if said.reviewed_by else "",
            at=said.reviewed_at,
            note=said.note,
        )
        if said
        else None,
        may_review=head is not None and policy.may_review(actor, declaration, language, head.author_id),
        task=task.person.name if task else "",
        due_on=task.due_on if task else None,
        claimed_by=claim.person.name if claim and claim.person_id != actor.person_id else "",
    )


def _numbers(db: Db, amendments: Sequence[UUID]) -> Mapping[UUID, int]:
    if not amendments:
        return {}
    return {one.id: one.number for one in db.scalars(sa.select(Amendment).where(Amendment.id.in_(amendments)))}


def _memory(
    db: Db, declaration: Declaration, row: BlockRow, language: Language, messages: Messages
) -> list[MemoryLine]:
    found = Recollection(db, declaration).matches(row, language)
    return [_line(segment, row, language, messages, place) for place, segment in enumerate(found)]


def _line(hit: Remembered, row: BlockRow, language: Language, messages: Messages, place: int) -> MemoryLine:
    source = row.original_language
    match: Match | None = hit.match
    alike = ""
    if match is not None:
        kind = _KINDS.get(match.kind)
        alike = messages.gettext(kind) if kind else messages.percent(match.score)
    return MemoryLine(
        alike=alike,
        source=_marked(hit.segment.texts[source], row.content(source), source, f"memory-{place}-"),
        target=hit.segment.texts[language],
        cited=cited(hit.citation, messages),
    )


def cited(citation: Citation, messages: Messages) -> str:
    """Where a segment comes from, in a few words."""
    if not citation.declaration:
        return citation.origin
    name = citation.name[messages.language]
    if not citation.number:
        return name
    return messages.gettext(_CITED, declaration=name, number=printed(citation.number, messages.language))


def _marked(before: str, now: str, language: Language, anchor: str) -> Markup:
    """The source of a segment with what the text in front of one says otherwise."""
    earlier, later = (Document((Block("m", BlockKind.PARAGRAPH, text),), language) for text in (before, now))
    html = diff_html(shown(earlier, later), language=language, numbers={}, anchor=anchor)
    return Markup(html)  # noqa: S704  (drafts.render promises safe HTML)


def _terms(db: Db, declaration: Declaration, row: BlockRow, language: Language) -> list[TermLine]:
    source = row.original_language
    text = side(row.content(source), source)
    used: list[Term] = [
        term
        for term in CheckingService(db).rules(declaration).house.terms
        if term.wordings(language) and stretches(term.wordings(source), text)
    ]
    return [TermLine({one: term.wordings(one) for one in Language}, term.forbidden.get(language, ())) for term in used]


def _wishes(db: Db, declaration: Declaration, row: BlockRow, ways: Ways) -> list[tuple[Wish, Disposition]]:
    """The amendments that reword this paragraph and are open, or were left to the translators."""
    actor: Actor = ways.work.actor
    touching = (
        sa.select(AmendmentVersion.amendment_id)
        .join(ChangeRecord, ChangeRecord.version_id == AmendmentVersion.id)
        .where(ChangeRecord.block_id == row.block_id)
    )
    statement = (
        sa.select(Amendment)
        .where(
            Amendment.declaration_id == declaration.id,
            Amendment.id.in_(touching),
            Amendment.disposition.in_((*_UNDECIDED, Disposition.HANDED_OVER)),
        )
        .order_by(Amendment.number)
    )
    found = []
    for one in db.scalars(statement):
        wording = wording_of(one, row.block_id) if may_read(actor, one) else None
        if wording is not None:
            href = ways.amendment(one.number)
            found.append((Wish(one.number, one.language, wording, href), one.disposition))
    return found
