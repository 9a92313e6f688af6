"""What the chair chooses from: the whole text, the open amendments as they come, what stands in brackets, and every
paragraph. Of many amendments a page is listed; any other is named by its number.
"""

from collections.abc import Sequence
from urllib.parse import urlencode

from msgspec import Struct

from workspace.amendments import brackets
from workspace.amendments.committee_models import BracketState
from workspace.amendments.service import AmendmentService
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import Invalid
from workspace.declarations.frame import Frame
from workspace.declarations.models import Declaration
from workspace.procedure.floors import FloorService
from workspace.procedure.order import A_PAGE, Leaf, Order
from workspace.procedure.subjects import Topics
from workspace.web.i18n import N_
from workspace.web.services import Work

LONGEST_NUMBER = 9  # digits


class Choices(Struct, frozen=True):
    """The list: (value, words) each. Of `total` amendments it holds those from `first` to `last`; the addresses lead
    to the same page with those before and after them.
    """

    abouts: Sequence[tuple[str, str]] = ()
    first: int = 0
    last: int = 0
    total: int = 0
    previous: str = ""
    following: str = ""

    @property
    def is_part(self) -> bool:
        """Whether there are more open amendments than it holds."""
        return self.last - self.first + 1 < self.total


def choices(db: Db, found: Frame, topics: Topics, work: Work, *, order: Order, address: str) -> Choices:
    """What can be chosen on the page with this address, with the amendments that `?order=` asks for; else those around
    what lies on the table.
    """
    leaf = order.leaf(_asked(work) or _around(db, order, found, work.actor))

    def beside(number: int) -> str:
        asked = {**work.request.query_params.dict(), "order": [str(number)]}
        return f"{address}?{urlencode(sorted(asked.items()), doseq=True)}#choose" if 1 <= number <= leaf.count else ""

    return Choices(
        [("text", work.messages.gettext(N_("The whole text"))), *_listed(db, leaf, found, topics, work)],
        leaf.after + 1,
        leaf.after + len(leaf.items),
        len(order),
        beside(leaf.number - 1),
        beside(leaf.number + 1),
    )


def ensure_known(db: Db, declaration: Declaration, typed: str, *, actor: Actor) -> int:
    """The number of an amendment as somebody typed it; raises `Invalid` for what is none that they may read."""
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_NUMBER else 0
    if not AmendmentService(db).called(declaration, [number], actor=actor):
        raise Invalid(field="number", reason="no_such_amendment", given=typed[:40])
    return number


def _asked(work: Work) -> int:
    asked = work.request.query_params.get("order", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= LONGEST_NUMBER else 0


def _around(db: Db, order: Order, found: Frame, actor: Actor) -> int:
    """The page with what lies on the table."""
    now = FloorService(db).now(found.declaration, actor=actor)
    place = order.place_of(now.amendment) if now.amendment else None
    if place is None:
        place = max(0, order.from_block(now.block_id))
    return place // A_PAGE + 1


def _listed(db: Db, leaf: Leaf, found: Frame, topics: Topics, work: Work) -> Sequence[tuple[str, str]]:
    say, name_of = work.messages.gettext, topics.passages.name_of
    numbered = [
        (f"amendment:{one.number}", say("Amendment %(number)s, %(name)s", number=one.number, name=one.who))
        for one in leaf.items
    ]
    readings = [
        (
            f"alternative:{bracket.block_id}/{one.position}",
            say(
                N_("%(paragraph)s in brackets, alternative %(number)s"),
                paragraph=name_of(str(bracket.block_id)),
                number=one.position + 1,
            ),
        )
        for bracket in brackets.of_declaration(db, found.declaration, state=BracketState.OPEN)
        for one in bracket.alternatives
    ]
    paragraphs = [(f"paragraph:{row.block_id}", name_of(row.id)) for row in topics.passages.rows]
    return [*numbered, *readings, *paragraphs]
