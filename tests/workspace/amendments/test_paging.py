"""Many amendments: pages that show a hundred, and cost what they show however many have been decided."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from drafts.text.blocks import Language
from tests.support import site
from tests.support.texts import reword
from tests.workspace.amendments.browsing import DRAFT, browsing
from workspace.amendments.domain.models import Amendment, Verdict
from workspace.amendments.domain.queries import AmendmentReading
from workspace.amendments.views import pagination
from workspace.core.actor import NOBODY
from workspace.declarations.domain.models import Declaration

LIST = f"{DRAFT}/amendments"
PATHS = (LIST, f"{LIST}?text=en", f"{LIST}?page=2", f"{DRAFT}/desk")


@contextmanager
def loaded() -> Iterator[list[int]]:
    """The numbers of the amendments that are read from the database meanwhile."""
    numbers: list[int] = []

    def note(amendment: Amendment, _: object) -> None:
        numbers.append(amendment.number)

    sa.event.listen(Amendment, "load", note)
    yield numbers
    sa.event.remove(Amendment, "load", note)


def cost(browser, path):
    """How many statements and how many amendments a page takes."""
    with loaded() as numbers:
        asked = browser.queries(path)
    return asked, len(numbers)


def shown(browser, path):
    """The numbers of the amendments on a page, and where its next page is."""
    body = browser.see(path).text.partition("<main")[2]
    following = re.search(r'rel="next" href="([^"]+)"', body)
    numbers = {int(one) for one in re.findall(rf'href="{LIST}/(\d+)"', body)}
    return numbers, following[1].replace("&amp;", "&") if following else None


@pytest.fixture(autouse=True)
def two_a_page(monkeypatch):
    """So that a handful of amendments is many."""
    monkeypatch.setattr(pagination, "A_PAGE", 2)


def test_what_is_decided_costs_the_pages_of_what_waits_nothing(room):
    for place in range(3):
        room.propose(reword(room.block(place), f"Towns shall do without number {place}."))
    room.decide({room.propose(reword(room.block(0), "Towns shall hide it.")): Verdict.REJECT})
    with browsing(room.store, room.chair) as chair:
        before = [cost(chair, path) for path in PATHS]
        for number in range(8):
            filed = room.propose(reword(room.block(number % 3), f"Towns shall fail {number} times."))
            room.decide({filed: Verdict.REJECT})
        after = [cost(chair, path) for path in PATHS]
    assert after == before


@pytest.mark.parametrize("path", [LIST, f"{DRAFT}/desk", f"{DRAFT}/order"])
def test_the_order_of_all_is_read_again_once_something_was_recorded(room, path):
    for place in range(3):
        room.propose(reword(room.block(place), f"Towns shall do without number {place}."))
    with browsing(room.store, room.chair) as chair:
        first = chair.queries(path)
        with site.counted(room.store) as kept:
            before = chair.see(path).text
        filed = room.propose(reword(room.block(0), "Towns shall hide it."))
        with site.counted(room.store) as anew:
            after = chair.see(path).text
        room.decide({filed: Verdict.REJECT})
        decided = chair.see(path).text
    assert len(kept) < first
    assert len(kept) < len(anew)
    names = [bool(re.search(rf"amendments/{filed}\b", body)) for body in (before, after, decided)]
    assert names == [False, True, False]


def test_a_page_of_decided_amendments_reads_those_it_shows(room):
    for number in range(5):
        filed = room.propose(reword(room.block(number % 3), f"Towns shall fail {number} times."))
        room.decide({filed: Verdict.REJECT})
    with browsing(room.store, room.chair) as chair:
        first, second = shown(chair, f"{LIST}?state=decided&text=en")
        assert first == {1, 4}
        assert shown(chair, second)[0] == {2, 5}
        assert shown(chair, f"{LIST}?state=decided&page=99") == ({3}, None)
        with loaded() as numbers:
            chair.see(second)
        assert sorted(numbers) == [2, 5]
        assert chair.page(second).data("decided") == ["5"]


def test_pages_follow_the_text_and_tell_what_collides_beyond_them(room):
    last = room.propose(reword(room.block(2), "Towns shall plant two trees for every child born."))
    middle = room.propose(reword(room.block(1), "Towns shall light every public path all night."))
    crowd = [
        room.propose(reword(room.block(0), f"Towns shall share {kind} water with their neighbours."))
        for kind in ("cold", "warm", "free")
    ]
    french = room.propose(reword(room.block(2), "Les villes plantent deux arbres."), language=Language.FR)
    with browsing(room.store, room.chair) as chair:
        first, second = shown(chair, LIST)
        assert first == set(crowd[:2])
        assert chair.page(LIST).data("collide") == ["4 5", "3 5"]
        following, third = shown(chair, second)
        assert following == {crowd[2], middle}
        assert shown(chair, third) == ({last, french}, None)
        assert chair.page(LIST).data("open") == ["6"]
        assert shown(chair, f"{LIST}?text=fr") == ({french}, None)
        assert shown(chair, f"{LIST}?page=nonsense")[0] == first
        english = shown(chair, f"{LIST}?text=en")[1]
        assert english == f"{LIST}?text=en&page=2"
        assert shown(chair, english)[0] == {crowd[2], middle}


def test_what_a_visitor_may_not_read_is_not_kept_for_those_who_may(room):
    room.propose(reword(room.block(0), "Towns shall share it."))
    with room.store.reading() as db:
        reading, declaration = AmendmentReading(db), db.scalars(sa.select(Declaration)).one()
        counts = [reading.counts(declaration, actor=actor) for actor in (NOBODY, room.chair, NOBODY)]

    assert [sum(count.values()) for count in counts] == [0, 1, 0]
