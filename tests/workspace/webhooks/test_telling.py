"""A program elsewhere is told what happens: signed, by ids alone, again when it did not hear."""

import threading

import pytest

from tests.support import factories, site
from workspace.core.actor import Role
from workspace.core.settings import Outbound
from workspace.core.storage.log import LogEntry
from workspace.declarations.domain.models import Declaration
from workspace.people.models import Mandate
from workspace.webhooks.delivery import PAUSES

HOOKS = "/forums/third-forum/webhooks"
EVERY = ["amendment", "comment", "decision", "edition", "phase", "question", "text", "translation"]
WORDS = "Towns share water."


def entered(house, receiver, *kinds: str, role: Role = Role.CHAIR, path: str = "/news?of=us"):
    house.declaration("A first text.", slug="first")  # nobody is told before there is anything to tell
    answer = house[role].post(HOOKS, {"url": receiver.url + path, "kinds": list(kinds or EVERY)})
    assert answer.status_code == 201, answer.text
    return answer.json()


def deliveries(house, made):
    return house.chair.get(f"{HOOKS}/{made['made']['id']}/deliveries").json()["items"]


def test_an_amendment_is_told_at_once_signed_and_without_its_words(house, receiver, post_round):
    made = entered(house, receiver)
    table = house.declaration(WORDS)
    proposed = table.propose("Towns share clean water.")["amendment"]

    assert post_round() >= 1
    told = next(one for one in receiver.received if one.content["type"] == "amendment.proposed")

    assert told.path == "/news?of=us"
    assert told.is_signed_with(made["secret"])
    assert told.content["data"]["amendment"] == proposed["id"]
    assert told.content["data"]["declaration_id"] == str(table.id)
    everything = b"".join(one.body for one in receiver.received).decode()
    assert not [word for word in ("water", "Towns", str(house.people[Role.MEMBER].person_id)) if word in everything]
    assert {one["delivered_at"] is None for one in deliveries(house, made)} == {False}
    assert post_round() == 0


def test_only_the_kinds_that_were_chosen_are_told(house, receiver, post_round):
    entered(house, receiver, "phase")
    table = house.declaration(WORDS)
    table.propose("Towns share clean water.")
    house.chair.post(f"{table.path}/phase", {"phase": "consultation"}, if_match=None)

    post_round()
    assert {one.content["data"]["event"] for one in receiver.received} <= {"phase"}


def test_nothing_is_told_of_a_text_under_embargo_not_even_later(house, receiver, post_round, store):
    made = entered(house, receiver)
    table = house.declaration(WORDS)
    with store.writing() as db:
        db.get_one(Declaration, table.id).is_embargoed = True
    table.propose("Towns share clean water.")
    post_round()
    with store.writing() as db:
        db.get_one(Declaration, table.id).is_embargoed = False
    post_round()

    assert [one for one in deliveries(house, made) if one["kind"] == "amendment.proposed"] == []


def test_what_is_internal_to_the_committee_is_not_told(house, receiver, post_round):
    entered(house, receiver, "comment")
    table = house.declaration(WORDS)
    remark = {"block_id": table.block(), "text": "Between us.", "language": "en"}
    for is_internal in (True, False):
        said = house.chair.post(f"{table.path}/threads", {**remark, "is_internal": is_internal})
        assert said.status_code == 201, said.text

    assert post_round() == 1
    assert receiver.received[0].content["data"]["thread"] == said.json()["id"]


def test_an_administrator_hears_of_no_text_because_they_may_read_none(house, receiver, post_round, store):
    with store.writing() as db:
        house.people[Role.ADMIN] = factories.person(db, Role.ADMIN)
    site.site(store, house.people[Role.ADMIN])
    entered(house, receiver, role=Role.ADMIN)
    house.declaration(WORDS).propose("Towns share clean water.")

    post_round()
    assert {one.content["data"]["event"] for one in receiver.received} <= {"phase", "edition"}


def test_a_message_that_was_not_taken_is_sent_again_ever_more_rarely_with_the_same_id(
    house, receiver, post_round, moved_clock
):
    made = entered(house, receiver)
    house[Role.CHAIR].post(f"{HOOKS}/{made['made']['id']}/test")
    receiver.statuses = [500, 302]

    assert [post_round(), post_round()] == [0, 0]
    moved_clock.forward(seconds=11)
    assert post_round() == 0
    moved_clock.forward(seconds=30)
    assert post_round() == 0, "the second pause is longer than the first"
    moved_clock.forward(seconds=40)
    assert post_round() == 1

    assert len(receiver.received) == 3
    assert len({one.headers["webhook-id"] for one in receiver.received}) == 1
    assert {one.path for one in receiver.received} == {"/news?of=us"}, "no redirect is followed"
    assert all(one.is_signed_with(made["secret"]) for one in receiver.received)


def test_an_address_that_stays_silent_for_days_is_given_up(house, receiver, post_round, moved_clock):
    made = entered(house, receiver)
    house.chair.post(f"{HOOKS}/{made['made']['id']}/test")
    receiver.statuses = [503] * 20
    for _ in range(len(PAUSES) + 1):
        post_round()
        moved_clock.forward(days=1, seconds=1)

    assert house.chair.get(HOOKS).json()["items"] == []
    [one] = deliveries(house, made)
    assert (one["failed_at"] is None, one["error"]) == (False, "status 503")


def test_a_receiver_that_is_gone_is_told_nothing_any_more(house, receiver, post_round):
    made = entered(house, receiver)
    house.chair.post(f"{HOOKS}/{made['made']['id']}/test")
    receiver.statuses = [410]
    post_round()
    assert house.chair.get(HOOKS).json()["items"] == []


def test_a_webhook_ends_when_whoever_entered_it_loses_the_right(house, receiver, post_round, store):
    entered(house, receiver, role=Role.SECRETARIAT)
    with store.writing() as db:
        person = house.people[Role.SECRETARIAT].person_id
        mandate = db.query(Mandate).filter_by(person_id=person).one()
        mandate.role = Role.OBSERVER
    house.declaration(WORDS).propose("Towns share clean water.")

    post_round()
    assert receiver.received == []
    assert house.chair.get(HOOKS).json()["items"] == []


def test_what_was_given_up_can_be_sent_again(house, receiver, post_round):
    made = entered(house, receiver)
    hook = f"{HOOKS}/{made['made']['id']}"
    sent = house.chair.post(f"{hook}/test").json()
    receiver.statuses = [500]
    post_round()
    assert house.chair.post(f"{hook}/deliveries/{sent['id']}/attempts").status_code == 200
    assert post_round() == 1
    assert len({one.headers["webhook-id"] for one in receiver.received}) == 1


def test_one_that_is_ended_is_told_nothing_and_its_secret_is_nowhere_to_be_read(house, receiver, post_round):
    made = entered(house, receiver)
    hook = f"{HOOKS}/{made['made']['id']}"
    assert made["secret"] not in house.chair.get(HOOKS).text
    house.chair.post(f"{hook}/test")
    assert house.client.delete(f"/api{hook}", headers=house.chair.cookies).status_code == 204
    house.declaration(WORDS).propose("Towns share clean water.")

    assert post_round() == 0
    assert receiver.received == []
    assert house.chair.post(f"{hook}/test").status_code == 404


def test_a_program_gives_its_webhook_another_secret_and_the_log_says_so(house, receiver, post_round):
    made = entered(house, receiver)
    hook = f"{HOOKS}/{made['made']['id']}"
    renewed = house.chair.post(f"{hook}/secret")
    assert (renewed.status_code, renewed.json()["made"]) == (200, made["made"])
    house.chair.post(f"{hook}/test")

    assert post_round() == 1
    secrets = (made["secret"], renewed.json()["secret"])
    assert [receiver.received[0].is_signed_with(one) for one in secrets] == [False, True]
    with house.store.reading() as db:
        last = db.query(LogEntry).filter_by(kind="webhook.secret_renewed").one().entry
    assert not [one for one in secrets if one in last]


@pytest.mark.parametrize(
    ("role", "allowed"),
    [(Role.CHAIR, True), (Role.SECRETARIAT, True), (Role.MEMBER, False), (Role.COMMITTEE, False), (None, False)],
)
def test_only_who_may_keep_webhooks_sees_them(house, role, allowed):
    house.declaration(WORDS)
    caller = house[role] if role else house.nobody
    assert caller.get(HOOKS).status_code == (200 if allowed else 404)


def test_where_the_operator_lets_it_call_nobody_none_can_be_entered_and_nothing_is_sent(
    house, receiver, post_round, store
):
    made = entered(house, receiver)
    store.outbound = Outbound.OFF
    house.chair.post(f"{HOOKS}/{made['made']['id']}/test")
    assert post_round() == 0
    assert receiver.received == []
    refused = house.chair.post(HOOKS, {"url": "https://hooks.town.example", "kinds": ["text"]})
    assert (refused.status_code, refused.json()["facts"]["reason"]) == (422, "no_calls")


def test_two_workers_send_each_message_once(house, receiver, post_round):
    made = entered(house, receiver)
    for _ in range(6):
        house.chair.post(f"{HOOKS}/{made['made']['id']}/test")
    workers = [threading.Thread(target=post_round) for _ in range(3)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert len(receiver.received) == 6
    assert len({one.headers["webhook-id"] for one in receiver.received}) == 6
