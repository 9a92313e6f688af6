"""Whom letters do not reach: the page of the secretariat, the API and the commands, over the same addresses."""

import json
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.support import factories
from tests.support.page import Page
from tests.workspace.amendments.browsing import browsing
from workspace.accounts.domain.models import Account
from workspace.cli import run
from workspace.core import clock
from workspace.core.actor import NOBODY, OPERATOR, Role
from workspace.core.outbox import Letter
from workspace.core.storage.db import new_id
from workspace.core.storage.log import LogEntry
from workspace.letters.bounces import BounceCause
from workspace.letters.models import Bounce
from workspace.people.service import PeopleService

PAGE = "/en/third-forum/letters/unreached"
API = "/forums/third-forum/letters/unreached"


@pytest.fixture
def secretariat(store):
    with store.writing() as db:
        return factories.person(db, Role.SECRETARIAT)


@pytest.fixture
def gone(store):
    """The address of a member's account, which knows them no more, and one that somebody was invited at."""
    with store.writing() as db:
        forum = factories.forum(db)
        member = factories.person(db, Role.MEMBER)
        db.add(Account(person_id=member.person_id, email="gone@town.example", notices={}, made_at=clock.now()))
        letter = Letter(
            kind="invitation", to="typo@town.exmaple", language="en", forum_id=forum.id, facts={}, due_at=clock.now()
        )
        db.add(letter)
        db.flush()
        known, unknown = new_id(), letter.id
        person_id, now = member.person_id, clock.now()
        db.add(Bounce(address="gone@town.example", person_id=person_id, letter_id=known, code="5.1.1", at=now))
        db.add(Bounce(address="typo@town.exmaple", person_id=None, letter_id=unknown, code="5.1.2", at=now))
    return known


@pytest.mark.usefixtures("gone")
@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_the_page_says_who_cannot_be_reached_why_and_what_to_do(store, secretariat, language):
    with browsing(store, secretariat) as reader:
        page = reader.see(f"/{language}/third-forum/letters/unreached")
        letters = reader.see(f"/{language}/third-forum/letters")

    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    for said in ("gone@town.example", "typo@town.exmaple", "5.1.1", "5.1.2"):
        assert said in page.text
    assert f"/{language}/third-forum/letters/unreached" in letters.text
    found = Page(page)
    assert (found.language, found.count) == (language, 2)
    assert sorted(found.data("next-step")) == ["account", "none"]


def test_an_address_is_written_to_again_and_the_log_keeps_who_wanted_it(store, gone, secretariat):
    with browsing(store, secretariat) as reader:
        answer = reader.send(f"{PAGE}/{gone}/clearing")
        assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
        page = reader.page(PAGE)

    assert page.result == "letter.address_cleared"
    assert "gone@town.example" not in page.text
    with store.reading() as db:
        [entry] = db.scalars(sa.select(LogEntry).where(LogEntry.kind == "letter.address_cleared"))
        assert entry.actor_id == secretariat.person_id
        assert "gone@" not in str(vars(entry))


def test_that_everybody_is_reached_is_said_too(store, secretariat):
    with browsing(store, secretariat) as reader:
        assert (reader.page(PAGE).count, reader.page(PAGE).is_empty) == (0, True)
        assert not reader.page("/en/third-forum/letters").links_to("/letters/unreached")


def test_programs_read_and_clear_the_same_addresses(house, gone):
    caller = house[Role.SECRETARIAT]

    found = {one["address"]: one for one in caller.get(API).json()["items"]}
    assert found["gone@town.example"]["cause"] == "no_address"
    assert found["gone@town.example"]["has_account"] is True
    assert (found["typo@town.exmaple"]["cause"], found["typo@town.exmaple"]["person_id"]) == ("no_server", None)

    assert caller.post(f"{API}/{gone}/clearing").status_code == 204
    assert [one["address"] for one in caller.get(API).json()["items"]] == ["typo@town.exmaple"]
    assert caller.post(f"{API}/{gone}/clearing").status_code == 404


def test_others_and_other_forums_find_nothing(store, house, gone):
    for caller in (house.nobody, house[Role.MEMBER], house[Role.TRANSLATOR]):
        assert caller.get(API).status_code == 404
        assert caller.post(f"{API}/{gone}/clearing").status_code == 404
    with store.writing() as db:
        elsewhere = factories.forum(db, "elsewhere")
        stranger = PeopleService(db).add_person(elsewhere, name="E.", role=Role.SECRETARIAT, actor=OPERATOR).as_actor()
    with browsing(store, stranger) as reader:
        assert "gone@town.example" not in reader.see("/en/elsewhere/letters/unreached").text
        assert reader.send(f"/en/elsewhere/letters/unreached/{gone}/clearing").status_code == 404
    with browsing(store, NOBODY) as reader:
        assert reader.see(PAGE).status_code == 404


@pytest.mark.parametrize(
    ("code", "cause"),
    [("5.1.1", "no_address"), ("550", "no_address"), ("5.2.2", "full"), ("552", "full"), ("5.2.1", "closed"),
     ("5.1.2", "no_server"), ("5.4.4", "no_server"), ("5.7.1", "refused"), ("554", "refused"), ("5.0.0", "other")],
)  # fmt: skip
def test_the_status_of_a_server_is_told_in_words(code, cause):
    assert BounceCause.of(code) == BounceCause(cause)


def test_more_addresses_take_no_more_queries(store, secretariat, gone):
    assert isinstance(gone, UUID)
    with browsing(store, secretariat) as reader:
        before = reader.queries(PAGE)
        with store.writing() as db:
            for number in range(3):
                member = factories.person(db, Role.MEMBER, f"Member {number}")
                address = f"a{number}@town.example"
                db.add(
                    Bounce(address=address, person_id=member.person_id, letter_id=new_id(), code="550", at=clock.now())
                )
        assert reader.queries(PAGE) == before


def test_the_operator_lists_and_clears_them_from_the_terminal(store, gone, capsys, monkeypatch):
    assert isinstance(gone, UUID)
    monkeypatch.setenv("WORKSPACE_DATABASE_URL", store.engine.url.render_as_string(hide_password=False))

    assert run(["letters", "unreached"]) == 0
    told = capsys.readouterr().out
    assert "gone@town.example" in told
    assert "typo@town.exmaple" in told
    assert run(["letters", "write-again", "Gone@town.example"]) == 0
    assert run(["letters", "write-again", "gone@town.example"]) == 1
    assert run(["letters", "unreached", "--json"]) == 0
    assert [one["address"] for one in json.loads(capsys.readouterr().out.splitlines()[-1])] == ["typo@town.exmaple"]
