"""How the amendments of a large declaration come in pages, without reading those that are not shown.

In the order of the text, and what touches one paragraph is never torn apart: a
collision is seen whole or not at all. So a page holds `A_PAGE` amendments where
paragraphs allow it, and more where many speak about the same one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from drafts.amendments import ChangeOp
from drafts.blocks import Language
from workspace.amendments import queries as filed
from workspace.amendments.models import Amendment, AmendmentVersion, ChangeRecord, ShownText
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.declarations.models import Declaration, TextVersion

A_PAGE = 100
Spot = str | None  # the id of a block, or None for the beginning of the text


@dataclass(frozen=True, slots=True)
class Tally:
    """How many amendments stand on cards of their own in each language, and how many are decided."""

    undecided: Mapping[Language, int]
    decided: Mapping[Language, int]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of many: its number, how many there are, and the amendments on it, with those they may collide with."""

    number: int
    count: int
    ids: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class _Outline:
    id: UUID
    language: Language
    spots: frozenset[Spot]


def tally(db: Db, declaration: Declaration, *, actor: Actor) -> Tally:
    """One grouped query, however many there are."""
    is_child = Amendment.parent_id.is_not(None)
    statement = filed.permitted(
        sa.select(Amendment.language, Amendment.disposition, is_child, sa.func.count()), declaration, actor
    ).group_by(Amendment.language, Amendment.disposition, is_child)
    undecided, decided = dict.fromkeys(Language, 0), dict.fromkeys(Language, 0)
    for language, disposition, amends, count in db.execute(statement):
        if not disposition.is_undecided:
            decided[language] += count
        elif not amends:
            undecided[language] += count
    return Tally(undecided, decided)


def undecided_leaf(
    db: Db,
    declaration: Declaration,
    places: Mapping[str, int],
    *,
    language: Language | None,
    number: int,
    actor: Actor,
) -> Leaf:
    """The page `number` of the amendments that wait in `language`, or in all; the last one beyond it.

    `places` are those of the paragraphs in the text in force.
    """
    leaves = list(_leaves(_outlines(db, declaration, actor=actor), places, language))
    number = max(1, min(number, len(leaves)))
    return Leaf(number, max(1, len(leaves)), leaves[number - 1] if leaves else ())


def decided_leaf(total: int, number: int) -> Leaf:
    """The page `number` of `total` that are decided; which those are, the database says."""
    count = max(1, -(-total // A_PAGE))
    return Leaf(max(1, min(number, count)), count, ())


def _outlines(db: Db, declaration: Declaration, *, actor: Actor) -> list[_Outline]:
    """Every undecided amendment to the text with the paragraphs it touches, and nothing else of it. Three queries."""
    waiting = filed.permitted(sa.select(Amendment.id, Amendment.language), declaration, actor).where(
        Amendment.parent_id.is_(None), Amendment.disposition.in_(filed.UNDECIDED)
    )
    known = {row.id: row.language for row in db.execute(waiting.order_by(Amendment.number))}
    ids = waiting.with_only_columns(Amendment.id)
    versions = sa.select(AmendmentVersion.id).where(
        AmendmentVersion.amendment_id.in_(ids), AmendmentVersion.is_automatic.is_(False)
    )
    changes = (
        sa.select(
            AmendmentVersion.amendment_id,
            ChangeRecord.op,
            ChangeRecord.block_id,
            ChangeRecord.change["after"].as_string().label("after"),
        )
        .join(ChangeRecord, ChangeRecord.version_id == AmendmentVersion.id)
        .where(AmendmentVersion.id.in_(versions))
    )
    texts = (
        sa.select(AmendmentVersion.amendment_id, TextVersion.block_id)
        .join(ShownText, ShownText.version_id == AmendmentVersion.id)
        .join(TextVersion, TextVersion.id == ShownText.text_version_id)
        .where(AmendmentVersion.id.in_(versions))
    )
    spots: dict[UUID, set[Spot]] = {amendment_id: set() for amendment_id in known}
    for row in db.execute(changes):
        spots[row.amendment_id].add(str(row.block_id) if row.block_id else None)
        if row.op is ChangeOp.MOVE:
            spots[row.amendment_id].add(row.after)
    for row in db.execute(texts):
        spots[row.amendment_id].add(str(row.block_id))
    return [_Outline(key, language, frozenset(spots[key])) for key, language in known.items()]


def _leaves(
    outlines: Sequence[_Outline], places: Mapping[str, int], language: Language | None
) -> Iterator[Sequence[UUID]]:
    """The ids on each page: whole sheaves, until there are enough in the language that is shown."""
    page: list[UUID] = []
    counted = 0
    for sheaf in _sheaves(outlines, places):
        shown = sum(language in {None, one.language} for one in sheaf)
        if not shown:
            continue
        if page and counted + shown > A_PAGE:
            yield page
            page, counted = [], 0
        page += [one.id for one in sheaf]
        counted += shown
    if page:
        yield page


def _sheaves(outlines: Sequence[_Outline], places: Mapping[str, int]) -> Sequence[Sequence[_Outline]]:
    """Those that touch a paragraph in common, directly or by others, together; in the order of the text."""
    led_by: dict[Spot, Spot] = {}

    def leader(spot: Spot) -> Spot:
        while led_by.setdefault(spot, spot) != spot:
            led_by[spot] = led_by[led_by[spot]]
            spot = led_by[spot]
        return spot

    for one in outlines:
        first, *others = one.spots
        for other in others:
            led_by[leader(other)] = leader(first)
    sheaves: dict[Spot, list[_Outline]] = {}
    for one in outlines:
        sheaves.setdefault(leader(next(iter(one.spots))), []).append(one)
    return sorted(sheaves.values(), key=lambda sheaf: min(_place(spot, places) for one in sheaf for spot in one.spots))


def _place(spot: Spot, places: Mapping[str, int]) -> int:
    """As `views` has it: what the text has no longer stands at the end."""
    return places.get(spot, len(places)) if spot else 0
