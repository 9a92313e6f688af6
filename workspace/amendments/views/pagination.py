"""How the amendments of a large declaration come in pages, without reading those that are not shown.

In the order of the text, and what touches one paragraph is never torn apart: a
collision is seen whole or not at all. So a page holds `A_PAGE` amendments where
paragraphs allow it, and more where many speak about the same one.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import InstrumentedAttribute

from drafts.diff.amendments import ChangeOp
from drafts.text.blocks import Language
from workspace.amendments.domain import queries as filed
from workspace.amendments.domain.models import Amendment, AmendmentVersion, ChangeRecord, ShownText
from workspace.core.actor import Actor
from workspace.core.storage.db import Db
from workspace.declarations.domain.models import Declaration, TextVersion

A_PAGE = 20  # amendments drawn word by word
Spot = str | None  # the id of a block, or None for the beginning of the text


class ParagraphGroup(Struct, frozen=True):
    """Amendments that touch a paragraph in common, directly or by others: nothing outside collides with them.

    `numbers` are all of them, `shown` those in the language asked for; `first` is
    the foremost place of the text that they touch.
    """

    place: int
    first: Spot
    numbers: Sequence[int]
    shown: Sequence[int]


class CardPage(Struct, frozen=True):
    """One page of many: its number, how many there are, and what stands on it."""

    number: int
    count: int
    sheaves: Sequence[ParagraphGroup] = ()

    @property
    def numbers(self) -> Sequence[int]:
        """The amendments on it, with those they may collide with."""
        return [number for sheaf in self.sheaves for number in sheaf.numbers]


class _Outline(Struct, frozen=True):
    number: int
    language: Language
    spots: frozenset[Spot]


def count_undecided(db: Db, declaration: Declaration, *, actor: Actor) -> Mapping[Language, int]:
    """How many are undecided in each language, in one query; one that amends another counts like any."""
    statement = filed.where_readable(sa.select(Amendment.language, sa.func.count()), declaration, actor)
    counted = statement.where(Amendment.disposition.in_(filed.UNDECIDED)).group_by(Amendment.language)
    found = filed.read_filed(db, declaration, actor, count_undecided, lambda: db.execute(counted).all())
    return dict.fromkeys(Language, 0) | {row[0]: row[1] for row in found}


def paragraph_groups(
    db: Db, declaration: Declaration, places: Mapping[str, int], *, language: Language | None, actor: Actor
) -> Sequence[ParagraphGroup]:
    """What waits in `language`, or in all, in the order of the text; three queries, whatever waits.

    `places` are those of the paragraphs in the text in force.
    """
    what, outlines = (ParagraphGroup, language), partial(_outlines, db, declaration, actor=actor)
    return filed.read_filed(db, declaration, actor, what, lambda: list(_sheaves(outlines(), places, language)))


def card_pages(found: Sequence[ParagraphGroup]) -> Sequence[Sequence[ParagraphGroup]]:
    """The same in pages: whole sheaves, until there are enough in the language that is shown."""
    pages: list[list[ParagraphGroup]] = []
    counted = A_PAGE
    for sheaf in found:
        if counted + len(sheaf.shown) > A_PAGE:
            pages.append([])
            counted = 0
        pages[-1].append(sheaf)
        counted += len(sheaf.shown)
    return pages


def card_page(found: Sequence[Sequence[ParagraphGroup]], number: int) -> CardPage:
    """The page `number` of these; the last one beyond them."""
    number = max(1, min(number, len(found)))
    return CardPage(number, max(1, len(found)), found[number - 1] if found else ())


def numbered_page(total: int, number: int) -> CardPage:
    """The page `number` of `total`; what stands on it, the database says."""
    count = max(1, -(-total // A_PAGE))
    return CardPage(max(1, min(number, count)), count)


def _outlines(db: Db, declaration: Declaration, *, actor: Actor) -> list[_Outline]:
    """Every undecided amendment to the text with the paragraphs it touches, and nothing else of it.

    A paragraph that a change names stands in its record; those it joins stand only among the texts it was shown,
    and the one that something is moved after only in the change itself.
    """
    target = sa.case((ChangeRecord.op == ChangeOp.MOVE, ChangeRecord.change["after"].as_string()))
    every = (
        sa.select(Amendment.number, Amendment.language, ChangeRecord.op, _key(ChangeRecord.block_id), target)
        .add_columns(_key(AmendmentVersion.id))
        .select_from(Amendment)
        .join(AmendmentVersion, AmendmentVersion.amendment_id == Amendment.id)
        .join(ChangeRecord, ChangeRecord.version_id == AmendmentVersion.id)
    )
    named = filed.where_readable(every, declaration, actor).where(
        Amendment.parent_id.is_(None),
        Amendment.disposition.in_(filed.UNDECIDED),
        AmendmentVersion.is_automatic.is_(False),
    )
    spots: dict[int, set[Spot]] = {}
    languages: dict[int, Language] = {}
    joins: dict[UUID, int] = {}
    spelt = _IdCache()
    for number, language, op, key, after, version in db.execute(named):  # in order, all that was decided would be read
        languages[number] = language
        touched = spots.setdefault(number, set())
        touched.add(spelt[key])
        if op is ChangeOp.MOVE:
            touched.add(after)
        elif op is ChangeOp.JOIN:
            joins[UUID(str(version))] = number
    shown = sa.select(ShownText.version_id, _key(TextVersion.block_id)).join(ShownText.text)
    for version, key in db.execute(shown.where(ShownText.version_id.in_(list(joins)))):
        spots[joins[version]].add(spelt[key])
    return [_Outline(number, language, frozenset(spots[number])) for number, language in sorted(languages.items())]


def _key(column: InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None]) -> sa.ColumnElement[str]:
    """The id as the database keeps it: thousands of rows name a few hundred blocks."""
    return sa.type_coerce(column, sa.String)


class _IdCache(dict[object, Spot]):
    """Ids as the text spells them, by what the database gave: each is read once."""

    def __missing__(self, key: object) -> Spot:
        self[key] = None if key is None else str(UUID(str(key)))
        return self[key]


def _sheaves(
    outlines: Sequence[_Outline], places: Mapping[str, int], language: Language | None
) -> Iterator[ParagraphGroup]:
    def place(spot: Spot) -> int:
        """As `views` has it: what the text has no longer stands at the end."""
        return places.get(spot, len(places)) if spot else 0

    found = []
    for together in _touching(outlines):
        shown = [amendment.number for amendment in together if language in {None, amendment.language}]
        if shown:
            first = min((spot for amendment in together for spot in amendment.spots), key=place)
            found.append(ParagraphGroup(place(first), first, [amendment.number for amendment in together], shown))
    yield from sorted(found, key=lambda sheaf: sheaf.place)


def _touching(outlines: Sequence[_Outline]) -> Iterator[Sequence[_Outline]]:
    """Those that touch a paragraph in common, directly or by others, together."""
    led_by: dict[Spot, Spot] = {}

    def leader(spot: Spot) -> Spot:
        while led_by.setdefault(spot, spot) != spot:
            led_by[spot] = led_by[led_by[spot]]
            spot = led_by[spot]
        return spot

    for outline in outlines:
        first, *others = outline.spots
        for other in others:
            led_by[leader(other)] = leader(first)
    found: dict[Spot, list[_Outline]] = {}
    for outline in outlines:
        found.setdefault(leader(next(iter(outline.spots))), []).append(outline)
    yield from found.values()
