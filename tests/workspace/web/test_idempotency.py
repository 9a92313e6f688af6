"""A request that is sent twice with one key is carried out once."""

import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from tests.support.site import token_of
from tests.workspace.amendments.browsing import DRAFT, browsing
from tests.workspace.house import House, Table, opened
from workspace.amendments.domain.models import Amendment
from workspace.comments.models import Comment
from workspace.core import clock
from workspace.core.actor import Role
from workspace.core.storage import request_records
from workspace.core.storage.request_records import KEPT_FOR, IdempotencyRecord

KEY = {"Idempotency-Key": "0192f0c1-7a51-7c1e-9a3b-0c4b6a1f2d3e"}


@pytest.fixture
def house(any_store) -> Iterator[House]:
    with opened(any_store) as house:
        yield house


@pytest.fixture
def table(house) -> Table:
    return house.declaration("Towns share water.", "Towns light paths.")


def propose(table, text="Towns share clean water.", headers=KEY, by=Role.MEMBER):
    return post(table.house, f"{table.path}/amendments", by=by, headers=headers, json=table.proposal(text))


def post(house, path, *, by=Role.MEMBER, headers=KEY, **body):
    cookie = {"Cookie": f"persona={house.people[by].person_id}"}
    return house.client.post(f"/api{path}", headers={**cookie, **headers}, **body)


def amendments(house):
    with house.store.reading() as db:
        return db.scalar(sa.select(sa.func.count()).select_from(Amendment))


def test_the_same_request_is_answered_as_before_and_not_done_again(house, table):
    first, second = propose(table), propose(table)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content
    assert second.headers["location"] == first.headers["location"]
    assert second.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert amendments(house) == 1


def test_without_a_key_or_with_another_one_it_is_tried_again(house, table):
    propose(table)
    for headers in ({"Idempotency-Key": "another"}, {}):
        assert propose(table, headers=headers).json()["code"] == "workspace.already_proposed"
    assert propose(table, "Towns share cold water.", headers={}).status_code == 201
    assert amendments(house) == 2


def test_a_key_stands_for_one_request_only(house, table):
    propose(table)
    answer = propose(table, "Towns share cold water.")
    assert (answer.status_code, answer.json()["code"]) == (422, "web.key_reused")
    assert amendments(house) == 1


def test_a_key_is_of_whoever_sent_it(house, table):
    propose(table)
    answer = propose(table, "Towns share cold water.", by=Role.COMMITTEE)
    assert answer.status_code == 201
    assert "idempotency-replayed" not in answer.headers
    assert amendments(house) == 2


def test_what_was_refused_can_be_sent_again_with_the_same_key(house, table):
    wrong = {**table.proposal("Towns share clean water."), "base_revision": 99}
    refused = post(house, f"{table.path}/amendments", json=wrong)
    assert refused.status_code == 404
    assert propose(table).status_code == 201


def test_after_a_day_the_key_is_free_again(house, table, monkeypatch):
    propose(table)
    later = clock.now() + KEPT_FOR
    monkeypatch.setattr(clock, "now", lambda: later)
    again = propose(table, "Towns share cold water.")
    assert (again.status_code, "idempotency-replayed" in again.headers) == (201, False)
    with house.store.writing() as db:
        request_records.purge_responses(db)
        assert db.scalar(sa.select(sa.func.count()).select_from(IdempotencyRecord)) == 1


def test_when_the_answer_was_lost_the_request_is_still_not_done_again(house, table, monkeypatch):
    propose(table)
    with house.store.writing() as db:
        db.execute(sa.update(IdempotencyRecord).values(sealed=None))
    busy = propose(table)
    assert (busy.status_code, busy.json()["code"], busy.headers["retry-after"]) == (409, "web.key_in_use", "1")
    later = clock.now() + KEPT_FOR / 2
    monkeypatch.setattr(clock, "now", lambda: later)
    lost = propose(table)
    assert (lost.status_code, lost.json()["code"]) == (409, "web.answer_lost")
    assert amendments(house) == 1


def test_of_the_same_request_sent_many_times_at_once_one_is_done(house, table):
    answers = []
    together = threading.Barrier(6)

    def send():
        together.wait()
        answers.append(propose(table))

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert amendments(house) == 1
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert all(answer.headers["retry-after"] for answer in answers if answer.status_code == 409)
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1


def test_the_table_of_kept_answers_can_be_read_by_nobody(house, table):
    propose(table, "A canary that sings at night.")
    with house.store.reading() as db:
        [row] = db.scalars(sa.select(IdempotencyRecord)).all()
    assert b"canary" not in row.sealed
    assert KEY["Idempotency-Key"] not in row.key_hash


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "a\x07b", "ü"])
def test_a_key_that_is_none_is_refused(house, table, key):
    headers = [(b"idempotency-key", key.encode("latin-1"))]
    member = house.people[Role.MEMBER].person_id
    answer = house.client.post(
        f"/api{table.path}/amendments",
        json=table.proposal("Towns share clean water."),
        headers=[(b"cookie", f"persona={member}".encode()), *headers],
    )
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == ["Idempotency-Key"]


def test_files_sent_again_are_the_same_request_though_their_boundary_is_new(house):
    note = ("files", ("note.md", b"# Water\n\nDate: 4 March 2027\n\n## Recommendations\n\n- Share water.\n"))
    house.declaration()
    path = "/forums/third-forum/notes"
    first, second = (post(house, path, by=Role.CHAIR, files=[note]) for _ in range(2))
    assert first.json()["items"][0]["result"] == "taken_in"
    assert second.content == first.content
    assert second.headers["idempotency-replayed"] == "true"


def test_a_form_that_a_browser_sends_again_is_carried_out_once_and_leads_to_the_same_place(house, table):
    actor = house.people[Role.MEMBER]
    with browsing(house.store, actor) as browser:
        token = token_of(browser.client)

        def send(text, token=token, door=browser):
            form = {"csrf": token, "text": text, "language": "en"}
            to = f"{DRAFT}/paragraphs/{table.block()}/comments"
            headers = {"Sec-Fetch-Mode": "navigate"}
            return door.client.post(to, data=form, headers=headers, follow_redirects=False)

        first, second = send("Whose water?"), send("Whose water?")
        assert (first.status_code, second.status_code) == (303, 303)
        assert second.headers["location"] == first.headers["location"]
        assert second.headers["set-cookie"] == first.headers["set-cookie"]
        assert (send("").status_code, send("").status_code) == (422, 422)
        assert send("Our water?").status_code == 303
        assert send("Whose water?", token_of(browser.client)).status_code == 303
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(send("At once?"))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len({(answer.status_code, answer.headers["location"]) for answer in answers}) == 1
    with house.store.reading() as db:
        said = db.scalars(sa.select(Comment.text).order_by(Comment.written_at)).all()
    assert sorted(said) == ["At once?", "Our water?", "Whose water?", "Whose water?"]
