"""The list of amendments: its tabs and filters, alike on the page and for programs, and nobody sees more by them."""

import pytest
import sqlalchemy as sa

from drafts.text.blocks import Language
from tests.support import factories, site
from tests.support.texts import reword
from tests.workspace.amendments.browsing import DRAFT, browsing
from workspace.amendments.domain.models import Amendment, Verdict
from workspace.core.actor import OPERATOR
from workspace.people.service import PeopleService

LIST = f"{DRAFT}/amendments"
WORDS = "Towns shall share {} water with their neighbours."


@pytest.fixture
def filed(any_room):
    """One rejected, two that collide, one withdrawn, one in brackets, one in French."""
    room = any_room
    room.decide({room.propose(reword(room.block(0), WORDS.format("some"))): Verdict.REJECT})
    room.propose(reword(room.block(0), WORDS.format("cold")))
    room.propose(reword(room.block(0), WORDS.format("warm")), by=room.other)
    room.withdraw(room.propose(reword(room.block(1), "Towns shall light all.")))
    room.decide({room.propose(reword(room.block(2), "Towns shall plant some trees.")): Verdict.BRACKET})
    room.propose(reword(room.block(1), "Les villes éclairent tout."), language=Language.FR, by=room.other)
    return room


def numbers(page):
    return [int(number) for number in page.data("amendment")]


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        *(("", [2, 3, 6]), ("all", [1, 2, 3, 4, 6, 5]), ("own", [1, 2, 4, 5]), ("decided", [1])),
        *(("withdrawn", [4]), ("bracketed", [5]), ("aside", [4]), ("nonsense", [2, 3, 6])),
    ],
)
def test_each_tab_shows_its_own_in_the_order_of_the_text(filed, state, shown):
    with browsing(filed.store, filed.member) as member:
        assert numbers(member.page(f"{LIST}?state={state}")) == shown


def test_filters_hold_together_and_the_tabs_count_what_they_leave(filed):
    organisation = _organisation(filed, 3)
    with browsing(filed.store, filed.chair) as chair:
        paragraph = f"{LIST}?state=all&paragraph={filed.block(0)}"
        assert numbers(chair.page(paragraph)) == [1, 2, 3]
        assert numbers(chair.page(f"{paragraph}&organisation={organisation}")) == [3]
        assert numbers(chair.page(f"{paragraph}&text=fr")) == []
        tabs = [int(tab.xpath("string()")) for tab in chair.page(f"{LIST}?paragraph={filed.block(0)}").root.xpath(TABS)]
        assert tabs == [3, 0, 2, 1, 0]
        assert chair.page(f"{paragraph}&text=fr").is_empty
        for wrong in ("organisation=x", "paragraph=%27", "text=xx", "state=%00", "page=-1"):
            assert numbers(chair.page(f"{LIST}?{wrong}")) == [2, 3, 6]


TABS = "//nav[@data-open]//span[@class='n']"


def test_a_row_says_what_it_collides_with_once(filed):
    with browsing(filed.store, filed.chair) as chair:
        page = chair.page(LIST)
        assert [page.part("amendment", number).data("collide") for number in (2, 3, 6)] == [["3"], ["2"], []]


def test_programs_narrow_the_list_as_the_page_does(filed):
    organisation = _organisation(filed, 3)
    with site.browser(filed.store, filed.chair) as chair:
        path = f"/api/declarations/{filed.declaration.id}/amendments"

        def listed(query):
            return [line["number"] for line in chair.get(f"{path}?{query}").json()["items"]]

        assert listed("") == [1, 2, 3, 4, 5, 6]
        assert listed("state=pending") == [2, 3, 6]
        assert listed(f"state=all&block_id={filed.block(0)}&limit=2") == [1, 2]
        assert listed(f"organisation_id={organisation}&text=en") == [3]
        assert listed("state=decided&text=fr") == []
        for wrong in ("state=x", "organisation_id=x", "block_id=x", "text=xx"):
            assert chair.get(f"{path}?{wrong}").status_code == 400


def _organisation(room, number):
    """The organisation for which this amendment was submitted."""
    with room.store.writing() as db:
        town = PeopleService(db).add_organisation(factories.forum(db), name="Villa Clara", actor=OPERATOR)
        db.execute(sa.update(Amendment).where(Amendment.number == number).values(organisation_id=town.id))
        return town.id


def test_words_are_looked_up_once_and_not_in_each_document(room):
    room.propose(reword(room.block(0), WORDS.format("cold")))
    with browsing(room.store, room.chair) as chair, site.counted(room.store) as sent:
        assert numbers(chair.page(f"{LIST}?state=all&words=cold")) == [1]
    searching = [statement for statement in sent if "MATCH" in statement]
    assert searching
    with room.store.engine.connect() as connection:
        for statement in searching:
            unbound = (None,) * statement.count("?")
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", unbound)]
            looks = [step.split()[1] for step in plan if "search_" in step]
            assert looks[::2] == ["search_words"] * (len(looks) // 2), plan
