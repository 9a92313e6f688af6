"""Letters that did not arrive, as those see them who can put an address right: on the page and in the API."""

import pytest

from tests.support import factories
from tests.workspace.amendments.browsing import browsing
from workspace.core.actor import NOBODY, OPERATOR, Role
from workspace.core.outbox import queue_letter
from workspace.core.storage.db import new_id
from workspace.letters.delivery import DeliveryRound
from workspace.people.service import PeopleService

PAGE = "/en/third-forum/letters"
API = "/forums/third-forum/letters"


@pytest.fixture
def returned(outbox, office, store):
    """An invitation that came back, one that arrived, and one that waits."""
    with store.writing() as db:
        forum = factories.forum(db)
        for name in ("gone", "ana", "luc"):
            to = f"{name}@town.example"
            queue_letter(
                db, "invitation", to=to, language="en", forum_id=forum.id, forum="Third Forum", path="/en/secret"
            )
    office.refused = {"gone@town.example": "550 no", "luc@town.example": "450 later"}
    assert outbox.work(office.url()) == DeliveryRound(sent=1, failed=1, put_off=1)
    return outbox


@pytest.fixture
def secretariat(store):
    with store.writing() as db:
        return factories.person(db, Role.SECRETARIAT)


@pytest.mark.usefixtures("returned")
@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_the_page_says_which_letters_failed_and_why(store, secretariat, language):
    with browsing(store, secretariat) as reader:
        page = reader.see(f"/{language}/third-forum/letters")

    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    failed, _, waiting = page.text.partition("luc@town.example")
    assert "gone@town.example" in failed
    assert "550" in failed
    assert "450" in waiting
    assert "ana@town.example" not in page.text
    assert "secret" not in page.text.replace("secretariat", "")


def test_a_letter_is_tried_again_from_the_page(store, returned, office, secretariat):
    office.refused.clear()
    with browsing(store, secretariat) as reader:
        answer = reader.send(f"{PAGE}/{returned.letters()[0].id}/attempts")
        assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
        assert reader.page(PAGE).result is not None

    assert returned.work(office.url()) == DeliveryRound(sent=1)
    assert office.letters[-1]["To"] == "gone@town.example"
    assert "/en/secret" in office.letters[-1].get_body(("plain",)).get_content()


def test_all_letters_are_tried_again_at_once(store, returned, office, secretariat):
    office.refused.clear()
    with browsing(store, secretariat) as reader:
        reader.send(f"{PAGE}/attempts")
        assert reader.page(PAGE).result is not None

    assert returned.work(office.url()) == DeliveryRound(sent=1)


def test_no_other_try_is_offered_where_it_would_end_the_same_way(store, outbox, secretariat):
    with store.writing() as db:
        queue_letter(db, "test", to="not an address", language="en", forum_id=factories.forum(db).id)
    outbox.work()

    with browsing(store, secretariat) as reader:
        page = reader.page(PAGE)
    assert page.count == 1
    assert not page.forms


def test_that_there_is_nothing_to_do_is_said_too(store, secretariat):
    with browsing(store, secretariat) as reader:
        assert (reader.page(PAGE).count, reader.page(PAGE).is_empty) == (0, True)


def test_others_do_not_see_that_there_is_such_a_page(store, returned):
    failed = returned.letters()[0].id
    with store.writing() as db:
        readers = [NOBODY, *(factories.person(db, role) for role in (Role.MEMBER, Role.COMMITTEE, Role.TRANSLATOR))]
    for reader in readers:
        with browsing(store, reader) as guest:
            assert guest.see(PAGE).status_code == 404
            assert guest.send(f"{PAGE}/attempts").status_code == 404
            assert guest.send(f"{PAGE}/{failed}/attempts").status_code == 404
            assert PAGE not in guest.see("/en/third-forum").text


def test_letters_of_another_forum_are_not_theirs_to_see(store, returned):
    with store.writing() as db:
        elsewhere = factories.forum(db, "elsewhere")
        stranger = PeopleService(db).add_person(elsewhere, name="E.", role=Role.SECRETARIAT, actor=OPERATOR).as_actor()
    failed = returned.letters()[0].id
    with browsing(store, stranger) as reader:
        assert reader.see(PAGE).status_code == 404
        assert "gone@town.example" not in reader.see("/en/elsewhere/letters").text
        assert reader.send(f"/en/elsewhere/letters/{failed}/attempts").status_code == 404


def test_more_letters_take_no_more_queries(store, secretariat, outbox, office):
    office.refused = {f"gone{number}@town.example": "550 no" for number in range(3)}
    counts = []
    with browsing(store, secretariat) as reader:
        for address in office.refused:
            with store.writing() as db:
                queue_letter(db, "test", to=address, language="en", forum_id=factories.forum(db).id)
            outbox.work(office.url())
            assert address in reader.see(PAGE).text
            counts.append(reader.queries(PAGE))

    assert counts[-1] == counts[0]


def test_programs_read_and_retry_the_same_letters(house, returned, office):
    caller = house[Role.SECRETARIAT]

    [failed] = caller.get(API).json()["items"]
    assert (failed["kind"], failed["to"], failed["state"]) == ("invitation", "gone@town.example", "failed")
    assert failed["error"] == "recipient_refused 550"
    assert "secret" not in str(failed)
    [waiting] = caller.get(f"{API}?standing=waiting").json()["items"]
    assert waiting["error"] == "recipient_refused 450"
    assert [one["to"] for one in caller.get(f"{API}?standing=sent").json()["items"]] == ["ana@town.example"]

    office.refused.clear()
    again = caller.post(f"{API}/{failed['id']}/attempts")
    assert (again.status_code, again.json()["state"]) == (200, "waiting")
    assert caller.get(API).json()["items"] == []
    assert caller.post(f"{API}/attempts").json() == {"retried": 0}
    assert returned.work(office.url()) == DeliveryRound(sent=1)


def test_programs_read_letters_page_by_page(house, store):
    with store.writing() as db:
        for number in range(5):
            queue_letter(db, "test", to=f"person{number}@town.example", language="en", forum_id=factories.forum(db).id)
    caller, seen, cursor = house[Role.SECRETARIAT], [], ""
    while cursor is not None:
        page = caller.get(f"{API}?standing=waiting&limit=2&cursor={cursor}").json()
        seen += [one["to"] for one in page["items"]]
        cursor = page["next"]

    assert sorted(seen) == [f"person{number}@town.example" for number in range(5)]


def test_programs_of_others_find_nothing(house, returned):
    failed, sent, _ = returned.letters()
    secretariat, refused = house[Role.SECRETARIAT], [house.nobody, house[Role.MEMBER], house[Role.TRANSLATOR]]
    for caller in refused:
        assert caller.get(API).status_code == 404
        assert caller.post(f"{API}/{failed.id}/attempts").status_code == 404
    for letter_id in (sent.id, new_id()):
        assert secretariat.post(f"{API}/{letter_id}/attempts").status_code == 404
    assert secretariat.get(f"{API}?standing=lost").status_code == 400
