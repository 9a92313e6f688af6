"""Erasing a person: who may ask, who confirms, what goes, and what stays provable."""

import hashlib
import json
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.support import factories, site
from tests.support.page import Page
from tests.support.prepared import everything
from tests.support.site import token_of
from tests.workspace.history import rooms
from workspace.accounts.domain.models import Account, ApiToken, SignIn
from workspace.amendments.domain.models import Amendment
from workspace.approvals.models import ApprovalRequest, Outcome
from workspace.cli import run
from workspace.comments.models import Comment
from workspace.core import clock
from workspace.core.actor import ERASED_PERSON, OPERATOR, Actor, Role
from workspace.core.outbox import Letter, queue_letter
from workspace.core.storage.db import Model, Store
from workspace.core.storage.log import LogEntry
from workspace.editions.domain.models import EditionFile, SignatoryRecord
from workspace.history.erasure import ErasureService, _without
from workspace.history.signing_keys import KeyFolder, KeyService
from workspace.people.models import Mandate, Person
from workspace.sessions.models import Session, SourceDocument

NAME, ADDRESS = "Marta Inés Quiroga", "marta@town.example"


@pytest.fixture
def marta(store: Store) -> Actor:
    """The member of `one_of_everything`, who has proposed and commented, with an account."""
    everything(store)
    with store.writing() as db:
        person = db.scalars(sa.select(Amendment)).first().proposer
        person.name, person.language = NAME, "es"
        db.add(Account(person_id=person.id, email=ADDRESS, made_at=clock.now()))
        db.flush()
        now = clock.now()
        lent = {"person_id": person.id, "made_at": now, "expires_at": now}
        db.add(SignIn(**lent, token_hash="t", seen_at=now, agent="a", address="127.0.0.1", is_full=True))
        db.add(ApiToken(**lent, name="mine", prefix="dw_", token_hash="u", is_read_only=True))
        queue_letter(db, "security_notice", to=ADDRESS, language="es", person_id=person.id, what="password_changed")
        queue_letter(db, "security_notice", to=ADDRESS, language="es", what="password_changed")
        return person.as_actor()


def erase(store: Store, actor: Actor, *, comments: str = "keep") -> None:
    with site.browser(store, actor) as client:
        page = client.get("/es/account/data")
        assert page.status_code == 200
        asked = client.post("/es/account/data/erasure", data=form(client, comments=comments), follow_redirects=False)
        assert asked.status_code == 303
        done = client.post("/es/account/data/erasure/confirmation", data=form(client), follow_redirects=False)
        assert done.status_code == 303


def form(client, **fields):
    return {"csrf": token_of(client), **fields}


def stored(store: Store) -> str:
    """Every value of every table, as text."""
    with store.reading() as db:
        return "\n".join(
            str(tuple(row)) for table in Model.metadata.sorted_tables for row in db.execute(sa.select(table))
        )


def test_whoever_asks_and_confirms_is_erased(store: Store, marta: Actor):
    erase(store, marta)

    with store.reading() as db:
        person = db.get_one(Person, marta.person_id)
        assert (person.name, person.language, person.timezone) == (ERASED_PERSON, "en", "")
        assert person.erased_at is not None
        assert all(mandate.ends_on < clock.now().date() for mandate in person.mandates)
        for kind in (Account, SignIn, ApiToken, Letter):
            of_marta = kind.person_id == marta.person_id
            assert db.scalars(sa.select(kind).where(of_marta)).all() == []
    everything = stored(store)
    for trace in (NAME, "Marta", ADDRESS):
        assert trace not in everything


def test_the_log_and_the_editions_prove_what_they_proved_before(store: Store, marta: Actor, tmp_path: Path):
    with store.reading() as db:
        files = dict(db.execute(sa.select(EditionFile.name, EditionFile.sha256)).all())
        entries = db.scalars(sa.select(LogEntry.entry)).all()
    with store.writing() as db:
        KeyService(db, KeyFolder(tmp_path / "keys")).create(actor=OPERATOR)
    note = rooms.checkpoint(store, tmp_path / "keys")

    erase(store, marta, comments="withdraw")

    assert rooms.audited(store, note).exit_code == 0
    with store.reading() as db:
        assert dict(db.execute(sa.select(EditionFile.name, EditionFile.sha256)).all()) == files
        kept = db.scalars(sa.select(LogEntry.entry).order_by(LogEntry.sequence)).all()
    assert kept[: len(entries)] == entries
    assert not any(NAME in entry or ADDRESS in entry for entry in kept)


@pytest.mark.parametrize(("comments", "text"), [("keep", "who pays"), ("withdraw", "withdrawn by its author")])
def test_the_words_of_comments_stay_or_go_as_the_person_wishes(store: Store, marta: Actor, comments: str, text: str):
    erase(store, marta, comments=comments)

    with store.reading() as db:
        words = db.scalars(sa.select(Comment.text).where(Comment.author_id == marta.person_id)).all()
        assert words
        assert all(text in one for one in words)
        assert all(
            one.reason for one in db.scalars(sa.select(Amendment).where(Amendment.proposer_id == marta.person_id))
        )


@pytest.mark.parametrize(("language", "name"), [("en", "Erased person")])
def test_pages_name_an_erased_person_so_in_the_language_of_the_reader(
    store: Store, marta: Actor, language: str, name: str
):
    erase(store, marta)
    with store.writing() as db:
        chair = factories.chair(db)

    with site.browser(store, chair) as client:
        assert name in client.get(f"/{language}/third-forum/log?topic=amendments").text
        assert name in client.get(f"/{language}/third-forum/declaration/amendments/1").text


def test_nothing_is_erased_before_it_is_confirmed_and_it_can_be_taken_back(store: Store, marta: Actor):
    with site.browser(store, marta) as client:
        client.get("/es/account/data")
        client.post("/es/account/data/erasure", data=form(client))
        again = client.post("/es/account/data/erasure", data=form(client))
        assert again.status_code == 422
        client.post("/es/account/data/erasure/cancellation", data=form(client))
    with store.reading() as db:
        assert db.get_one(Person, marta.person_id).name == NAME
        theirs = sa.select(ApprovalRequest).where(ApprovalRequest.person_id == marta.person_id)
        assert db.scalars(theirs).one().outcome is Outcome.TAKEN_BACK


def test_an_administrator_needs_a_second_one(store: Store, marta: Actor):
    with store.writing() as db:
        first, second = factories.person(db, Role.ADMIN), factories.person(db, Role.ADMIN)

    with site.browser(store, first) as client:
        asked = client.post("/api/erasure-requests", json={"person_id": str(marta.person_id)})
        assert asked.status_code == 201
        address = f"/api/erasure-requests/{asked.json()['id']}/confirmation"
        own = client.post(address)
        assert (own.status_code, own.json()["facts"]["reason"]) == (422, "second_person")
        assert len(Page(client.get("/en/third-forum/erasures")).rows("own")) == 1
    with site.browser(store, second) as client:
        waiting = client.get("/api/forums/third-forum/erasure-requests").json()["items"]
        assert asked.json()["id"] in [one["id"] for one in waiting]
        page = client.get("/en/third-forum/erasures")
        assert NAME in page.text
        confirmed = client.post(
            f"/en/third-forum/erasures/{asked.json()['id']}/confirmation", data=form(client), follow_redirects=False
        )
        assert confirmed.status_code == 303
    with store.reading() as db:
        assert db.get_one(Person, marta.person_id).erased_at is not None


@pytest.mark.parametrize("role", [Role.MEMBER, Role.CHAIR, Role.SECRETARIAT, Role.AUDITOR])
def test_nobody_else_may_have_somebody_erased(store: Store, marta: Actor, role: Role):
    with store.writing() as db:
        other, admin = factories.person(db, role), factories.person(db, Role.ADMIN)
        request = ErasureService(db).request(marta.person_id, withdraws_comments=False, actor=admin)

    with site.browser(store, other) as client:
        assert client.post("/api/erasure-requests", json={"person_id": str(marta.person_id)}).status_code == 404
        assert client.post(f"/api/erasure-requests/{request.id}/confirmation").status_code == 404
        assert client.delete(f"/api/erasure-requests/{request.id}").status_code == 404
        assert client.get("/en/third-forum/erasures").status_code == 404
        assert client.get("/api/forums/third-forum/erasure-requests").status_code == 404


def test_whom_an_administrator_asks_to_erase_may_confirm_it_or_refuse(store: Store, marta: Actor):
    with store.writing() as db:
        admin = factories.person(db, Role.ADMIN)
        request = ErasureService(db).request(marta.person_id, withdraws_comments=True, actor=admin)
    with site.browser(store, marta) as client:
        assert client.delete(f"/api/erasure-requests/{request.id}").status_code == 204
        asked = client.post("/api/erasure-requests", json={}).json()
        assert client.post(f"/api/erasure-requests/{asked['id']}/confirmation").json()["is_done"] is True


def test_a_second_administrator_declines_with_a_reason_that_the_first_is_told(store: Store, marta: Actor):
    with store.writing() as db:
        first, second = factories.person(db, Role.ADMIN, "Ana Ruiz"), factories.person(db, Role.ADMIN, "Eva Blanc")
        waiting = ErasureService(db).request(marta.person_id, withdraws_comments=False, actor=first).id
    address = f"/en/third-forum/erasures/{waiting}/cancellation"
    with site.browser(store, second) as client:
        page = Page(client.get("/en/third-forum/erasures"))
        assert "Ana Ruiz" in page.text
        assert not page.data("own")
        assert page.offers("/confirmation")
        refused = client.post(address, data=form(client, reason="  "))
        assert refused.status_code == 422
        assert f'id="why-{waiting}-error"' in refused.text
        done = client.post(address, data=form(client, reason="It was somebody\n else."), follow_redirects=True)
        assert Page(done).result == "erasure.declined"
    with site.browser(store, first) as client:
        [notice] = Page(client.get("/en/notices")).rows("notice")
        assert notice.root.get("data-notice") == "asked:erasure_declined"
        assert "Eva Blanc" in notice.text
        assert notice.data("reason") == ["It was somebody else."]
        opened = client.post(notice.forms[0].action, data=form(client))
        assert opened.url.path == "/en/third-forum/erasures"
        again = client.post("/api/erasure-requests", json={"person_id": str(marta.person_id)}).json()["id"]
        refusal = f"/api/erasure-requests/{again}/refusal"
    with site.browser(store, second) as client:
        assert client.delete(f"/api/erasure-requests/{again}").status_code == 422
        assert client.post(refusal, json={"reason": ""}).status_code == 422
        assert client.post(refusal, json={"reason": "Not yet."}).json()["is_done"] is False
        assert client.post(refusal, json={"reason": "Not yet."}).status_code == 404
    with store.reading() as db:
        kinds = db.scalars(sa.select(LogEntry.kind).order_by(LogEntry.sequence)).all()
        assert kinds[-4:] == ["erasure.requested", "erasure.declined"] * 2
        assert db.get_one(Person, marta.person_id).name == NAME


def test_nobody_else_ends_what_a_person_wishes_for_themselves(store: Store, marta: Actor):
    with store.writing() as db:
        admin = factories.person(db, Role.ADMIN)
        waiting = ErasureService(db).request(marta.person_id, withdraws_comments=True, actor=marta).id
    with site.browser(store, admin) as client:
        assert client.post(f"/api/erasure-requests/{waiting}/refusal", json={"reason": "No."}).status_code == 404
        assert client.delete(f"/api/erasure-requests/{waiting}").status_code == 404


def test_an_administrator_does_not_confirm_what_a_person_asked_for_themselves(store: Store, marta: Actor):
    with store.writing() as db:
        admin = factories.person(db, Role.ADMIN)
        request = ErasureService(db).request(marta.person_id, withdraws_comments=True, actor=marta)
    with site.browser(store, admin) as client:
        assert client.post(f"/api/erasure-requests/{request.id}/confirmation").status_code == 404


def test_a_visitor_is_led_to_the_door(store: Store):
    with site.browser(store) as client:
        answered = client.get("/en/account/data", follow_redirects=False)
        assert answered.status_code == 303
        assert client.get("/api/accounts/me/data").status_code in {401, 404}


def test_what_is_held_about_me_is_everything_but_secrets_and_nothing_of_others(store: Store, marta: Actor):
    with site.browser(store, marta) as client:
        answered = client.get("/en/account/data/file")
        assert client.get("/api/accounts/me/data").content == answered.content
    assert answered.headers["cache-control"] == "no-store"
    held = json.loads(answered.content)
    assert held["person"][0]["name"] == NAME
    assert held["account.person_id"][0]["email"] == ADDRESS
    assert held["comment.author_id"][0]["text"].startswith("And who pays")
    assert {entry["kind"] for entry in held["log_entry"]} >= {"amendment.proposed", "comment.opened"}
    assert held["letter"]
    assert held["sign_in.person_id"]
    assert "hash" not in json.dumps(list(held["sign_in.person_id"][0]))
    with store.reading() as db:
        others = db.scalars(sa.select(Person.name).where(Person.id != marta.person_id)).all()
        assert db.scalars(sa.select(Mandate.id)).first()
    assert not any(f'"{name}"' in answered.text for name in others)


@pytest.fixture
def named(store: Store, marta: Actor) -> Actor:
    """She spoke, was noted down, and signed."""
    with store.writing() as db:
        session = db.scalars(sa.select(Session)).first()
        session.details = {**session.details, "speakers": [NAME, "Luc"]}
        document = db.scalars(sa.select(SourceDocument)).first()
        document.text += f" {NAME} opened the session."
        document.sha256 = hashlib.sha256(document.text.encode()).hexdigest()
        db.scalars(sa.select(SignatoryRecord)).first().person = NAME
    return marta


def test_what_stays_is_listed_before_anything_is_erased_and_the_facts_of_sessions_are_replaced(
    store: Store, named: Actor
):
    with site.browser(store, named) as client:
        client.get("/en/account/data")
        client.post("/en/account/data/erasure", data=form(client, sessions="replace"))
        page = Page(client.get("/en/account/data"))
        assert len(page.rows("remains")[0].root.xpath(".//li")) == 2
        client.post("/en/account/data/erasure/confirmation", data=form(client))
    with store.reading() as db:
        details = [session.details.get("speakers") for session in db.scalars(sa.select(Session))]
        assert [ERASED_PERSON, "Luc"] in details
        assert any(NAME in document.text for document in db.scalars(sa.select(SourceDocument)))
    assert rooms.audited(store).findings == ()


def test_programs_and_commands_are_told_what_stays(store: Store, named: Actor, capsys, monkeypatch):
    with store.writing() as db:
        admin = factories.person(db, Role.ADMIN, "Ana Ruiz")
    with site.browser(store, admin) as client:
        asked = client.post("/api/erasure-requests", json={"person_id": str(named.person_id)}).json()
        assert asked["remains"] == {"notes": 1, "sessions": 1, "signatories": 1}
        assert asked["replaces_in_sessions"] is False
        [row] = Page(client.get("/en/third-forum/erasures")).rows("remains")
        assert len(row.root.xpath(".//li")) == 3
    with store.writing() as db:
        ErasureService(db).cancel(UUID(asked["id"]), actor=admin)
    monkeypatch.setenv("WORKSPACE_DATABASE_URL", store.engine.url.render_as_string())
    assert run(["user", "erase", NAME, "--forum", "third-forum", "--as", NAME, "--in-sessions"]) == 0
    assert len(capsys.readouterr().err.splitlines()) == 3


def test_what_stays_is_told_of_an_erasure_too_and_a_list_of_requests_costs_no_more(store: Store, named: Actor):
    with store.writing() as db:
        admin, second = (factories.person(db, Role.ADMIN, name) for name in ("Ana Ruiz", "Luc Morel"))
        others = [factories.person(db, Role.MEMBER, f"Member {number}") for number in range(3)]
    costs, ids, requests = [], [], "/api/forums/third-forum/erasure-requests"
    with site.browser(store, admin) as client:
        for person in (named, *others):
            ids.append(client.post("/api/erasure-requests", json={"person_id": str(person.person_id)}).json()["id"])
            with site.counted(store) as sent:
                assert ids[-1] in {item["id"] for item in client.get(requests).json()["items"]}
            costs.append(len(sent))
    assert costs[-1] - costs[0] <= 3 * len(others)
    with site.browser(store, second) as client:
        done = client.post(f"/api/erasure-requests/{ids[0]}/confirmation").json()
        assert (done["is_done"], done["remains"]) == (True, {"notes": 1, "sessions": 1, "signatories": 1})
        refused = client.post(f"/api/erasure-requests/{ids[1]}/refusal", json={"reason": "They stay."}).json()
        assert (refused["is_done"], refused["remains"]) == (False, {})
    assert rooms.audited(store).findings == ()


def test_a_name_that_is_also_a_word_takes_no_other_word_out_of_sessions():
    facts = {
        "title": "Aa",
        "speakers": [{"name": "a", "role": "a"}, {"name": "Aa", "role": None}],
        "notes": ["a", "Aa"],
    }

    assert _without(facts, "a") == {**facts, "speakers": [{"name": ERASED_PERSON, "role": "a"}, facts["speakers"][1]]}
