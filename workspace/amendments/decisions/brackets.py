"""Brackets as data: the contested paragraphs of a text, their alternatives, and who wants each of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.orm import joinedload, selectinload

from drafts.diff.amendments import Amendment as Proposal
from drafts.diff.hunks import Hunk, HunkKind
from drafts.text.blocks import Block, Document, Language
from workspace.amendments.domain.committee_models import Bracket, BracketAlternative, BracketSponsor, BracketState
from workspace.amendments.domain.models import Amendment, DecisionRound
from workspace.amendments.domain.stored_amendments import BaseDocuments
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, Undecidable
from workspace.core.storage.db import Db, Trilingual, new_id
from workspace.core.storage.readings import read_once
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.queries import BlockRow


class TextWithAdditions(Struct, frozen=True):
    """A text with the paragraphs that are contested in it; `blocks` names that of each amendment."""

    document: Document
    blocks: Mapping[UUID, str]


def is_addition(hunks: Sequence[Hunk]) -> bool:
    """Whether all that is asked for is one more paragraph."""
    return len(hunks) == 1 and not hunks[0].old and len(hunks[0].new) == 1


def with_additions(
    document: Document,
    additions: Mapping[UUID, Proposal],
    *,
    bases: BaseDocuments,
    head: Document,
    contested: Collection[str],
) -> TextWithAdditions:
    """Set the paragraph of each amendment where it asks for it, after those that are `contested` there already.

    What somebody else would add in the very same words is there once. `head` is the text in force, and
    `document` what else these decisions make of it.
    """
    blocks, found, held = list(document.blocks), dict[UUID, str](), set(contested)
    for amendment_id, proposal in additions.items():
        new, before = _contested(proposal, bases, head)
        place, said = _after(blocks, before), (new.kind, new.text)
        while place < len(blocks) and blocks[place].id in held and (blocks[place].kind, blocks[place].text) != said:
            place += 1
        if place == len(blocks) or blocks[place].id not in held:
            blocks.insert(place, new)
            held.add(new.id)
        found[amendment_id] = blocks[place].id
    return TextWithAdditions(replace(document, blocks=tuple(blocks)), found)


def _contested(proposal: Proposal, bases: BaseDocuments, head: Document) -> tuple[Block, Sequence[str]]:
    """The paragraph in the words that are before the committee, and the ids of all that stands before it."""
    carried = bases.carried(proposal, head).proposal or proposal
    new = proposal.hunks[0].new[0]
    ids = [block.id for block in carried.proposed]
    before = ids[: ids.index(new.id)] if new.id in ids else [block.id for block in head]
    return new, before


def _after(blocks: Sequence[Block], before: Sequence[str]) -> int:
    """The place behind the last of these that is still in the text."""
    places = {block.id: place for place, block in enumerate(blocks)}
    return next((places[block_id] + 1 for block_id in reversed(before) if block_id in places), 0)


_OF_ONE_PARAGRAPH = {HunkKind.REWORD, HunkKind.DELETE}


class WantedAlternative(Struct, frozen=True):
    """One alternative to what stands in the text, and who wants it. No text in any language: the paragraph goes."""

    texts: Trilingual
    amendments: tuple[Amendment, ...] = ()
    organisations: tuple[UUID, ...] = ()


def of_declaration(db: Db, declaration: Declaration, *, state: BracketState | None = None) -> list[Bracket]:
    """The brackets of a declaration by number, with alternatives and sponsors. A fixed number of queries."""
    statement = sa.select(Bracket).where(Bracket.declaration_id == declaration.id).order_by(Bracket.number)
    if state is not None:
        statement = statement.where(Bracket.state == state)
    return list(db.scalars(statement.options(*_whole())))


def open_of(db: Db, declaration: Declaration) -> Mapping[UUID, Bracket]:
    """The open brackets by block: there is one for a paragraph at most."""
    return {bracket.block_id: bracket for bracket in of_declaration(db, declaration, state=BracketState.OPEN)}


def count_open(db: Db, declarations: Sequence[UUID]) -> dict[UUID, int]:
    """How many brackets are open, by declaration. One query."""
    return {row[0]: row[1] for row in db.execute(_OPEN, {"declarations": declarations})}


_BRACKET = Bracket.__table__.c
_OPEN = (
    sa.select(_BRACKET.declaration_id, sa.func.count())
    .where(_BRACKET.declaration_id.in_(sa.bindparam("declarations", expanding=True)))
    .where(_BRACKET.state == BracketState.OPEN)
    .group_by(_BRACKET.declaration_id)
)


def open_blocks(db: Db, declaration: Declaration) -> frozenset[str]:
    """Ids of the paragraphs that stand in brackets. One query."""
    return frozenset(open_kinds(db, declaration))


def open_kinds(db: Db, declaration: Declaration) -> Mapping[str, bool]:
    """The ids of the paragraphs that stand in brackets, and whether each is contested as a whole. One query."""
    first = BracketAlternative
    statement = (
        sa.select(Bracket.block_id, first.is_as_it_stands, first.texts)
        .join(first, sa.and_(first.bracket_id == Bracket.id, first.position == 0))
        .where(Bracket.declaration_id == declaration.id, Bracket.state == BracketState.OPEN)
    )
    rows = read_once(db, (open_kinds, declaration.id), (Bracket, first), lambda: db.execute(statement).all())
    return {str(block): stands and not any(texts.to_dict().values()) for block, stands, texts in rows}


def open_additions(db: Db, declaration: Declaration) -> frozenset[str]:
    """Ids of the paragraphs that are themselves contested: somebody would add them, and nothing is decided."""
    return frozenset(block for block, is_addition in open_kinds(db, declaration).items() if is_addition)


def has_open(db: Db, amendment: Amendment) -> bool:
    """Whether an open bracket has what this amendment asks for."""
    held = BracketAlternative.sponsors.any(BracketSponsor.amendment_id == amendment.id)
    is_open = sa.select(Bracket.id).where(Bracket.state == BracketState.OPEN, Bracket.alternatives.any(held))
    return db.scalar(is_open.limit(1)) is not None


def ensure_unbracketed(db: Db, declaration: Declaration, blocks: Iterable[str]) -> None:
    """Raise `Invalid` (`in_brackets`) if one of these paragraphs is contested: its bracket is resolved first."""
    if not open_blocks(db, declaration).isdisjoint(blocks):
        raise Invalid(field="changes", reason="in_brackets")


def wanted_by(
    amendment: Amendment, bases: BaseDocuments, heads: Mapping[Language, Document]
) -> tuple[str, WantedAlternative]:
    """The paragraph that an amendment would change or add, and the alternative it gives.

    Raises `Undecidable` (`not_bracketable`) for one that does more than add one paragraph, or give one other
    words, or none.
    """
    proposal = bases.proposal(amendment)
    if is_addition(proposal.hunks):
        [block] = proposal.hunks[0].new
        return block.id, WantedAlternative(Trilingual.of({amendment.language.value: block.text}), (amendment,))
    if len(proposal.hunks) != 1 or proposal.hunks[0].kind not in _OF_ONE_PARAGRAPH:
        raise Undecidable(number=amendment.number, reason="not_bracketable")
    [block] = proposal.hunks[0].old
    carried = bases.carried(proposal, heads[amendment.language]).proposal or proposal
    text = next((proposed.text for proposed in carried.proposed if proposed.id == block.id), "")
    return block.id, WantedAlternative(Trilingual.of({amendment.language.value: text}), (amendment,))


def put_brackets(
    db: Db,
    declaration: Declaration,
    row: BlockRow,
    wanted: Sequence[WantedAlternative],
    *,
    taken_in: DecisionRound,
    number: int,
    reason: str,
    actor: Actor,
    is_addition: bool = False,
) -> Bracket:
    """Set these alternatives beside the text as it stands, or beside those that a bracket there has already.

    For an addition the text stands without the paragraph: what it says now is an alternative like any other.
    """
    bracket = open_of(db, declaration).get(row.block_id)
    if bracket is None:
        texts = {} if is_addition else {language.value: row.content(language) for language in Language}
        as_it_stands = Trilingual.of(texts)
        bracket = Bracket(
            id=new_id(),
            declaration_id=declaration.id,
            number=number,
            block_id=row.block_id,
            state=BracketState.OPEN,
            reason=reason,
            opened_by_id=actor.person_id,
            opened_at=clock.now(),
            opened_round_id=taken_in.id,
            alternatives=[
                BracketAlternative(
                    position=0, texts=as_it_stands, is_as_it_stands=True, added_round_id=taken_in.id, sponsors=[]
                )
            ],
        )
        db.add(bracket)
    for alternative in wanted:
        _set_beside(bracket, alternative, taken_in)
    db.flush()
    return bracket


def reopen_brackets(db: Db, taken_in: DecisionRound, about: Amendment | None = None) -> None:
    """Undo what a round did to brackets: what it opened is cancelled, what it added goes, what it closed is open.

    Where it is `about` one amendment: of brackets in which nothing else of this round is.
    """
    statement = sa.select(Bracket).where(Bracket.declaration_id == taken_in.declaration_id).options(*_whole())
    reverted = {effect.amendment_id for effect in taken_in.effects}
    for bracket in db.scalars(statement):
        sponsors = (sponsor for alternative in bracket.alternatives for sponsor in alternative.sponsors)
        if about is not None and about.id not in {sponsor.amendment_id for sponsor in sponsors}:
            continue
        if bracket.closed_round_id == taken_in.id:
            bracket.state, bracket.closed_round_id, bracket.chosen = BracketState.OPEN, None, None
        elif bracket.opened_round_id == taken_in.id:
            bracket.state = BracketState.CANCELLED
        elif bracket.state is BracketState.OPEN:
            bracket.alternatives = [
                alternative for alternative in bracket.alternatives if alternative.added_round_id != taken_in.id
            ]
            for alternative in bracket.alternatives:
                alternative.sponsors = [
                    sponsor for sponsor in alternative.sponsors if sponsor.amendment_id not in reverted
                ]
    db.flush()


def _set_beside(bracket: Bracket, wanted: WantedAlternative, taken_in: DecisionRound) -> None:
    """Whoever wants the very same words as somebody else joins them."""
    alternative = next(
        (alternative for alternative in bracket.alternatives if _is_same_wording(alternative.texts, wanted.texts)), None
    )
    if alternative is None:
        alternative = BracketAlternative(
            position=bracket.alternatives[-1].position + 1,
            texts=wanted.texts,
            is_as_it_stands=False,
            added_round_id=taken_in.id,
            sponsors=[],
        )
        bracket.alternatives.append(alternative)
    sponsors = [{"amendment_id": amendment.id} for amendment in wanted.amendments]
    sponsors += [{"organisation_id": organisation} for organisation in wanted.organisations]
    alternative.sponsors += [
        BracketSponsor(id=new_id(), bracket_id=bracket.id, position=alternative.position, **sponsor)
        for sponsor in sponsors
    ]


def _is_same_wording(trilingual: Trilingual, other: Trilingual) -> bool:
    mine, theirs = trilingual.to_dict(), other.to_dict()
    shared = [key for key, text in theirs.items() if text and mine[key]]
    if not shared:
        return not any(mine.values()) and not any(theirs.values())
    return all(mine[key] == theirs[key] for key in shared)


def _whole() -> tuple[sa.sql.base.ExecutableOption, ...]:
    sponsors = selectinload(Bracket.alternatives).selectinload(BracketAlternative.sponsors)
    return (
        sponsors.joinedload(BracketSponsor.amendment).options(
            joinedload(Amendment.organisation), joinedload(Amendment.proposer)
        ),
        sponsors.joinedload(BracketSponsor.organisation),
    )
