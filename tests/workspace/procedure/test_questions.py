"""Votes, silence and consensus, through the API as delegates and the chair use it."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.support import factories
from tests.support.factories import EN
from tests.workspace.amendments.browsing import browsing
from tests.workspace.house import Caller
from tests.workspace.procedure.conftest import CLEAN, Room
from workspace.amendments.decisions.brackets import WantedAlternative
from workspace.amendments.service import AmendmentService
from workspace.core import clock
from workspace.core.actor import OPERATOR, Role
from workspace.core.jobs import JobContext
from workspace.core.security.permissions import Phase
from workspace.core.settings import Settings
from workspace.core.storage.db import Model, Trilingual
from workspace.core.storage.log import LogEntry
from workspace.declarations.domain.service import DeclarationService
from workspace.history.audit import audit
from workspace.notices.jobs import tell_of_closing
from workspace.procedure.service import END_SILENCES


def test_a_vote_is_put_cast_closed_and_carried_out_by_the_chair(room: Room):
    room.rules(majority="two_thirds", quorum=50)
    assert room.put().status_code == 201
    assert [room.vote(name, choice) for name, choice in (("Alta", "yes"), ("Baja", "yes"), ("Costa", "no"))] == [
        201
    ] * 3

    closed = room.act("closing").json()
    carried = room.act("decision", {"reason": "Vote 1."}, if_match=room.table.head)

    assert closed["end"] | {"at": "", "roll_call": []} == {
        "ending": "carried",
        "at": "",
        "reason": "",
        "organisation": "",
        "block_id": None,
        "roll_call": [],
        "yes": 2,
        "no": 1,
        "abstain": 0,
        "needed": 2,
        "base": 3,
        "decision": None,
        "undone": None,
        "again": None,
        "reversed_at": None,
        "reversed_reason": "",
    }
    assert [(one["organisation"], one["choice"]) for one in closed["end"]["roll_call"]] == [
        ("Town of Alta", "yes"),
        ("Town of Baja", "yes"),
        ("Town of Costa", "no"),
    ]
    assert carried.json()["end"]["decision"] == 1
    assert room.table.words()[0] == CLEAN
    [decision] = room.chair.get(f"{room.table.path}/decisions").json()["items"]
    assert (decision["verdict"], decision["reason"]) == ("adopt", "Vote 1.")


def test_what_the_room_carried_and_somebody_undid_says_so_and_can_be_carried_out_again(room: Room):
    room.rules()
    room.put()
    room.vote("Baja", "yes")
    room.act("closing")
    room.act("decision", {"reason": "Vote 1."}, if_match=room.table.head)
    path, why = f"{room.table.path}/decisions/1/undoing", {"reason": "The wrong one."}
    assert room.chair.post(path, why, if_match=room.table.head).status_code == 201

    end = room.question()["end"]
    assert (end["ending"], end["decision"]) == ("carried", None)
    assert {name: end["undone"][name] for name in ("decision", "by", "reason")} == {
        "decision": 1,
        "by": "A chair",
        "reason": "The wrong one.",
    }
    assert room.act("decision", {"reason": "Vote 1."}, if_match=room.table.head).status_code == 200

    end = room.question()["end"]
    assert (end["decision"], end["undone"]) == (3, None)
    assert room.table.words()[0] == CLEAN
    assert room.act("decision", {"reason": "Vote 1."}, if_match=room.table.head).status_code == 422
    with room.house.store.reading() as db:
        assert audit(db).findings == ()


def test_nobody_votes_on_what_could_only_wait_since_the_text_has_changed_in_its_place(room: Room):
    room.table.reword("Towns share salt water.")
    answer = room.put()
    assert (answer.status_code, answer.json()["facts"]["reason"]) == (422, "base_changed")
    assert room.house.chair.get(f"{room.table.path}/questions").json()["items"] == []


def test_words_on_which_the_room_did_not_vote_are_not_decided_by_its_answer(room: Room):
    room.rules()
    room.put()
    room.vote("Baja", "yes")
    room.act("closing")
    anew = {"changes": room.table.proposal("Towns sell water.")["changes"]}
    [amendment] = room.chair.get(f"{room.table.path}/amendments").json()["items"]
    path = f"/amendments/{amendment['id']}"
    version = room["Alta"].get(path).headers["etag"].strip('"')
    assert room["Alta"].post(f"{path}/versions", anew, if_match=version).status_code == 200

    refused = room.act("decision", {"reason": "Vote 1."}, if_match=room.table.head)

    assert (refused.status_code, refused.json()["facts"]["reason"]) == (422, "nothing_to_decide")
    assert room.table.words()[0] == "Towns share water."


def test_an_amendment_that_was_voted_down_is_rejected(room: Room):
    room.rules()
    room.put()
    room.vote("Baja", "no")
    room.act("closing")

    room.act("decision", {"reason": "Vote 1."}, if_match=room.table.head)

    [decision] = room.chair.get(f"{room.table.path}/decisions").json()["items"]
    assert decision["verdict"] == "reject"
    assert room.table.words()[0] == "Towns share water."


def test_a_delegation_has_one_voice(room: Room):
    room.put()
    assert room.vote("Alta", "yes") == 201
    assert room.vote("second of Alta", "no") == 422
    assert room.vote("Alta", "no") == 422
    assert room.question()["cast"] == 1


def test_without_one_voice_every_person_with_a_mandate_has_a_vote(room: Room):
    room.rules(one_voice=False)
    room.put()
    assert (room.vote("Alta", "yes"), room.vote("second of Alta", "no")) == (201, 201)
    assert room.question()["eligible"] == 4


@pytest.mark.parametrize("who", ["observer"])
def test_who_has_no_vote_finds_no_ballot(room: Room, who: str):
    room.put()
    assert room.vote(who, "yes") == 404
    assert room.act("votes", {"choice": "yes"}).status_code == 404  # the chair stands for no organisation
    assert room.act("votes", {"choice": "yes"}, by=room.house.member).status_code == 404  # nor does this member


def test_mandates_count_on_the_day_of_record(room: Room):
    yesterday = (clock.now() - timedelta(days=1)).date()
    with room.house.store.writing() as db:
        mandate = Model.metadata.tables["mandate"]
        late = sa.update(mandate).where(mandate.c.person_id == room.people["Baja"].person_id)
        db.execute(late.values(starts_on=clock.now().date()))
    about = {"about": {"subject": "text"}, "record_date": yesterday.isoformat()}
    assert room.put(**about).json()["eligible"] == 2
    assert (room.vote("Alta", "yes"), room.vote("Baja", "yes")) == (201, 404)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"about": {"subject": "text"}, "record_date": "2999-01-01"}, "not_come_yet"),
        ({"about": {"subject": "text"}, "record_date": "1999-01-01"}, None),
        ({"about": {"subject": "text", "part": "no such words"}}, "not_in_the_text"),
        ({"about": {"subject": "amendment", "amendment": 9}}, "not_found"),
    ],
)
def test_what_cannot_be_voted_on_is_refused(room: Room, body, reason):
    answer = room.put(**body)
    if reason == "not_found":
        assert answer.status_code == 404
    elif reason is None:
        assert answer.status_code == 201  # mandates without a first day count on every day
    else:
        assert (answer.status_code, answer.json()["facts"]["reason"]) == (422, reason)


def test_a_separate_vote_is_about_words_of_the_amendment_and_decides_nothing_by_itself(room: Room):
    room.rules()
    assert room.put(about={"subject": "amendment", "amendment": 1, "part": "clean"}).json()["part"] == "clean"
    room.vote("Alta", "yes")
    assert room.act("closing").json()["end"]["ending"] == "carried"
    assert room.act("decision", {"reason": "So."}, if_match=room.table.head).status_code == 422


def test_nobody_learns_the_numbers_of_an_open_vote(room: Room):
    room.put()
    room.vote("Alta", "yes")
    for caller in (room.chair, room["Baja"], room.house[Role.SECRETARIAT]):
        told = room.question(caller=caller)
        assert (told["cast"], told["end"]) == (1, None)
    exported = room.house[Role.SECRETARIAT].get("/forums/third-forum/export")
    assert '"choice":"yes"' not in exported.text.replace(" ", "")


def test_a_secret_vote_keeps_who_voted_and_how_many_but_not_who_voted_how(room: Room):
    room.rules(is_roll_call=False)
    room.put(about={"subject": "text"})
    for name, choice in (("Alta", "yes"), ("Baja", "no"), ("Costa", "yes")):
        assert room.vote(name, choice) == 201

    end = room.act("closing").json()["end"]

    assert (end["yes"], end["no"], end["roll_call"]) == (2, 1, [])
    with room.house.store.reading() as db:
        tables = Model.metadata.tables
        casts = db.execute(sa.select(tables["question_cast"].c.choice)).scalars().all()
        assert casts == [None, None, None]
        assert tables["secret_count"].c.keys() == ["question_id", "choice", "votes"]  # no voter, no time, no order
        said = [line.entry for line in db.scalars(sa.select(LogEntry).where(LogEntry.kind == "question.answered"))]
    assert len(said) == 3
    assert [one for one in said if "yes" in one or "secret_count" in one] == []


def test_what_ended_stays_ended(room: Room):
    room.put()
    room.act("closing")
    assert room.vote("Alta", "yes") == 422
    assert room.act("closing").status_code == 422
    assert room.act("withdrawal", {"reason": "No."}).status_code == 422


def test_programs_learn_that_a_vote_lacks_its_quorum_and_close_it_as_they_have_learned(room: Room):
    room.rules(quorum=60)
    room.put()
    path = f"{room.table.path}/questions/1/closing"
    before = room.chair.get(path).json()
    assert (before["lacks_quorum"], before["is_final"]) == (True, True)
    for name in ("Alta", "Baja"):
        room.vote(name, "yes")
    assert room["Alta"].get(path).status_code == 404
    stale = room.chair.post(f"{path}?confirms={before['digest']}")
    assert (stale.status_code, stale.json()["facts"]["reason"]) == (422, "entails_otherwise")
    after = room.chair.get(path).json()
    assert not after["lacks_quorum"]
    assert room.chair.post(f"{path}?confirms={after['digest']}").status_code == 200


def test_only_the_chair_puts_and_ends_questions(room: Room):
    for caller in (room["Alta"], room.house[Role.SECRETARIAT], room.house[Role.COMMITTEE], room.house.nobody):
        body = {"about": {"subject": "text"}}
        assert caller.post(f"{room.table.path}/votes", body).status_code == 404
        assert caller.post(f"{room.table.path}/procedure", {"means": "vote"}).status_code == 404
    room.put()
    assert room.act("closing", by=room["Alta"]).status_code == 404


def test_the_room_chooses_between_readings_in_brackets_and_the_chair_puts_the_chosen_one_in(room: Room):
    room.rules()
    head, block = room.table.head, room.table.block(1)
    wanted = WantedAlternative(Trilingual(es="Se arregla todo.", en="Towns mend everything.", fr="Tout se répare."))
    with room.house.store.writing() as db:
        AmendmentService(db).bracket(
            room.table.id,
            UUID(block),
            [wanted],
            language=EN,
            reason="Both are wanted.",
            expected_head=UUID(head),
            actor=room.house.people[Role.CHAIR],
        )
    about = {"subject": "alternative", "block_id": block}
    assert room.put(about={**about, "alternative": 9}).status_code == 404
    put = room.put(about={**about, "alternative": 1})
    assert put.json()["part"] == "Towns mend everything."
    room.vote("Alta", "yes")
    room.act("closing")

    carried = room.act("decision", {"reason": "Vote 1."}, if_match=room.table.head)

    assert carried.status_code == 200, carried.text
    assert room.table.words()[1] == "Towns mend everything."
    assert room.table.words(factories.FR)[1] == "Tout se répare."


# Weights


def test_weighed_votes_are_counted_by_the_weights_of_the_moment_the_vote_was_put(room: Room):
    room.rules(is_weighted=True)
    listed = room.chair.get(f"{room.table.path}/procedure/weights").json()["items"]
    weights = {one["organisation"]: one["mandate_id"] for one in listed if one["person"] != "S. Econd"}
    assert {one["weight"] for one in listed} == {1}

    def weigh(town: str, weight: int, caller: Caller | None = None) -> int:
        body = {"items": [{"mandate_id": weights[f"Town of {town}"], "weight": weight}]}
        return (caller or room.chair).post(f"{room.table.path}/procedure/weights", body).status_code

    assert [weigh("Alta", 5), weigh("Alta", 0), weigh("Alta", 9, room["Alta"])] == [200, 400, 404]
    room.put()
    assert weigh("Costa", 50) == 200  # too late for the first vote
    for name, choice in (("Alta", "yes"), ("Baja", "no"), ("Costa", "no")):
        room.vote(name, choice)

    end = room.act("closing").json()["end"]

    assert [end[one] for one in ("ending", "yes", "no", "needed")] == ["carried", 5, 2, 4]
    assert next((one["organisation"], one["weight"]) for one in end["roll_call"]) == ("Town of Alta", 5)


def test_a_secret_vote_is_not_weighed(room: Room):
    refused = room.chair.post(
        f"{room.table.path}/procedure", {"means": "vote", "is_weighted": True, "is_roll_call": False}
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "workspace.invalid")
    rules = {"means": "vote", "is_weighted": True, "is_roll_call": False}
    assert room.put(about={"subject": "text"}, rules=rules).status_code == 422


# Silence


def test_a_silence_that_nobody_breaks_adopts_the_frozen_text_at_its_deadline(room: Room, monkeypatch):
    room.settle()
    assert room.silence(hours=2).status_code == 201
    assert room.act("receipt", by=room["Alta"]).json()["receipts"][0]["organisation"] == "Town of Alta"
    _run(room)
    assert room.question()["end"] is None  # not before its time

    _later(monkeypatch, hours=3)
    _run(room)

    assert room.question()["end"]["ending"] == "adopted"
    assert room.act("objection", {"reason": "Too late."}, by=room["Alta"]).status_code == 422


def test_one_objection_breaks_the_silence_and_says_why(room: Room, monkeypatch):
    room.settle()
    room.silence()
    block = room.table.block(1)
    broken = room.act("objection", {"reason": "Pumps cost too much.", "block_id": block}, by=room["Baja"])
    _later(monkeypatch, hours=3)
    _run(room)

    end = room.question()["end"]
    assert broken.status_code == 200
    assert (end["ending"], end["organisation"], end["block_id"]) == ("broken", "Town of Baja", block)
    assert end["reason"] == "Pumps cost too much."


def test_whoever_can_still_break_a_silence_is_told_once_that_it_ends_within_a_day(room: Room, monkeypatch):
    room.settle()
    room.silence(days=3)
    assert tell_of_closing(room.house.store) == 0
    _later(monkeypatch, days=2, hours=6)
    assert [tell_of_closing(room.house.store) for _ in range(2)] == [1, 0]

    with browsing(room.house.store, room.people["Alta"]) as alta:
        assert "closing" in alta.page("/en/notices").data("notice")[0]
    assert "closing" not in {one["kind"] for one in room["observer"].get("/notices").json()["items"]}


def test_an_objection_needs_a_reason_and_a_mandate(room: Room):
    room.settle()
    room.silence()
    assert room.act("objection", {"reason": " "}, by=room["Alta"]).status_code == 422
    assert room.act("objection", {"reason": "No."}, by=room["observer"]).status_code == 404
    assert room.act("objection", {"reason": "No."}, by=room.house.member).status_code == 404
    assert room.question()["end"] is None


def test_a_word_that_changes_meanwhile_in_any_language_means_that_nothing_is_adopted(room: Room, monkeypatch):
    room.settle()
    room.silence()
    path = f"{room.table.path}/blocks/{room.table.block()}/texts/fr"
    changed = room.house[Role.TRANSLATOR].put(
        path, {"content": "L’eau se partage.", "sources": ["en"]}, if_match=room.table.version(factories.FR)
    )
    assert changed.status_code == 200
    _later(monkeypatch, hours=3)
    _run(room)
    assert room.question()["end"]["ending"] == "overtaken"


def test_a_new_revision_overtakes_a_silence_at_once(room: Room):
    room.settle()
    room.silence()
    edit = {
        "language": "en",
        "changes": [{"op": "reword", "block": room.table.block(), "text": "Towns share all water."}],
        "reason": "An oversight.",
    }
    assert room.chair.post(f"{room.table.path}/edits", edit, if_match=room.table.head).status_code == 201
    assert room.question()["end"]["ending"] == "overtaken"


def test_a_silence_needs_a_future_deadline_and_a_whole_text_and_is_one_at_a_time(room: Room):
    room.settle()
    past = room.silence(hours=-1)
    assert past.json()["facts"]["reason"] == "in_the_past"
    assert room.silence().status_code == 201
    assert room.silence().json()["facts"]["reason"] == "silence_open"
    gap = room.house.declaration({EN: "Only in English."}, slug="gap", phase=Phase.ADOPTION)
    at = (clock.now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    refused = room.chair.post(f"{gap.path}/silences", {"closes": at, "zone": "UTC"})
    lacking = {"amendments": 0, "brackets": 0, "missing": 1, "outdated": 0, "total": 1}
    assert refused.json()["facts"] == {"field": "closes", "reason": "unsettled", **lacking}


def test_a_text_that_nobody_has_compared_stops_a_silence(room: Room):
    table = room.house.declaration({EN: "Towns share.", factories.ES: "Se comparte."}, slug="gap", phase=Phase.ADOPTION)
    path = f"{table.path}/blocks/{table.block()}/texts/fr"
    saved = room.house[Role.TRANSLATOR].put(path, {"content": "On partage.", "sources": ["fr"]}, if_match="none")
    assert saved.status_code == 200
    at = (clock.now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    facts = room.chair.post(f"{table.path}/silences", {"closes": at, "zone": "UTC"}).json()["facts"]
    assert (facts["missing"], facts["outdated"]) == (0, 1)


def test_open_questions_end_with_the_phase(room: Room):
    room.put()
    room.settle()
    room.silence()
    back = {"phase": "consultation", "reason": "Once more."}
    assert room.chair.post(f"{room.table.path}/phase", back, if_match=room.table.head).status_code == 200
    assert [room.question(number)["end"]["ending"] for number in (1, 2)] == ["withdrawn", "withdrawn"]


# Consensus


def test_consensus_on_the_whole_text_is_confirmed_by_a_second_person_and_can_be_taken_back(room: Room):
    whole, second = {"subject": "text"}, room.house[Role.SECRETARIAT]
    refused = room.put("consensus", about=whole)
    assert (refused.status_code, refused.json()["facts"]["reason"]) == (422, "unsettled")
    room.settle()
    asked = room.put("consensus", about=whole)
    assert (asked.status_code, asked.json()["end"]) == (201, None)
    assert room.put("consensus", about=whole).json()["facts"]["reason"] == "silence_open"
    assert room.act("reversal", {"reason": "Not yet."}).json()["facts"]["reason"] == "not_adopted"
    assert room.act("confirmation").json()["facts"]["reason"] == "second_person"
    assert room.act("confirmation", by=room["Alta"]).status_code == 404
    assert room.act("confirmation", by=second).json()["end"]["ending"] == "adopted"
    assert room.act("reversal", {"reason": " "}).status_code == 422
    assert room.act("reversal", {"reason": "Somebody did object."}, by=second).status_code == 404
    end = room.act("reversal", {"reason": "Somebody did object."}).json()["end"]
    assert (end["ending"], end["reversed_reason"]) == ("taken_back", "Somebody did object.")
    assert room.act("reversal", {"reason": "Again."}).status_code == 422


def test_consensus_on_the_whole_text_belongs_to_the_adoption(room: Room):
    room.settle()
    back = {"phase": "consultation", "reason": "Once more."}
    assert room.chair.post(f"{room.table.path}/phase", back, if_match=room.table.head).status_code == 200
    assert room.put("consensus", about={"subject": "text"}).status_code == 404
    paragraph = {"subject": "paragraph", "block_id": room.table.block()}
    assert room.put("consensus", about=paragraph).json()["end"]["ending"] == "adopted"


def test_leaving_the_adoption_takes_back_every_adoption_of_the_text(room: Room):
    room.settle()
    second, whole = room.house[Role.SECRETARIAT], {"subject": "text"}
    for number in (1, 2):
        room.put("consensus", about=whole)
        assert room.act("confirmation", number=number, by=second).status_code == 200
    room.rules()
    room.put(about=whole)
    room.vote("Baja", "yes", number=3)
    room.act("closing", number=3)
    back = {"phase": "consultation", "reason": "Once more."}
    assert room.chair.post(f"{room.table.path}/phase", back, if_match=room.table.head).status_code == 200
    assert [room.question(number)["end"]["ending"] for number in (1, 2, 3)] == ["taken_back"] * 3


def test_a_word_that_changes_before_consensus_is_confirmed_means_that_nothing_is_adopted(room: Room):
    room.settle()
    room.put("consensus", about={"subject": "text"})
    path = f"{room.table.path}/blocks/{room.table.block()}/texts/fr"
    text = {"content": "L’eau se partage.", "sources": ["en"]}
    room.house[Role.TRANSLATOR].put(path, text, if_match=room.table.version(factories.FR))
    assert room.act("confirmation", by=room.house[Role.SECRETARIAT]).json()["end"]["ending"] == "overtaken"


def test_consensus_that_is_declined_or_left_behind_by_the_phase_ends_with_its_request(room: Room):
    room.settle()
    second = room.house[Role.SECRETARIAT]
    for number, (reason, by) in enumerate((("Baja has left the room.", second), ("", room.chair)), start=1):
        room.put("consensus", about={"subject": "text"})
        assert room.act("withdrawal", {"reason": reason}, number=number, by=by).json()["end"]["ending"] == "withdrawn"
    room.put("consensus", about={"subject": "text"})
    assert room.act("confirmation", number=3, by=second).status_code == 200
    back = {"phase": "consultation", "reason": "Once more."}
    assert room.chair.post(f"{room.table.path}/phase", back, if_match=room.table.head).status_code == 200
    assert room.question(3)["end"]["ending"] == "taken_back"
    assert room.act("confirmation", number=2, by=second).status_code == 404


# The table of the plenary


def test_the_table_goes_through_the_open_amendments_furthest_first(room: Room):
    with room.house.store.writing() as db:
        DeclarationService(db).enter(DeclarationService(db).get(room.table.id), Phase.REVIEW, actor=OPERATOR)
    room["Baja"].post(
        f"{room.table.path}/amendments", room.table.proposal("Regions, towns and states lend all that they have.")
    )
    room["Costa"].post(f"{room.table.path}/amendments", room.table.proposal("Towns mend all pumps.", place=1))
    floor = f"{room.table.path}/floor"

    shown = [room.chair.post(f"{floor}/step", {"to": "next"}).json()["amendment"] for _ in range(4)]
    back = room.chair.post(f"{floor}/step", {"to": "previous"}).json()["amendment"]

    assert (shown, back) == ([2, 1, 3, 3], 1)
    assert room["Alta"].get(floor).json() == {"amendment": 1, "block_id": room.table.block()}
    assert room["Alta"].post(f"{floor}/step", {"to": "next"}).status_code == 404


def _run(room: Room) -> None:
    END_SILENCES.run(JobContext(room.house.store, Settings()))


def _later(monkeypatch, **by: float) -> None:
    at = clock.now() + timedelta(**by)
    monkeypatch.setattr(clock, "now", lambda: at)


def withdrawn(room: Room, verb: str = "withdrawal") -> None:
    [amendment] = room.chair.get(f"{room.table.path}/amendments").json()["items"]
    assert room["Alta"].post(f"/amendments/{amendment['id']}/{verb}", {}).status_code == 200


def entered(room: Room, phase: Phase) -> None:
    with room.house.store.writing() as db:
        DeclarationService(db).enter(DeclarationService(db).get(room.table.id), phase, actor=OPERATOR)


def news(caller: Caller) -> list[str]:
    return [notice["kind"] for notice in caller.get("/notices").json()["items"]]


def test_a_vote_on_an_amendment_that_is_withdrawn_is_closed_and_open_again_with_it(room: Room):
    room.rules()
    room.put()
    room.vote("Alta", "yes")

    withdrawn(room)
    closed = room.question()
    assert closed["end"]["ending"] == "moot"
    assert room.vote("Baja", "no") == 422
    assert room.act("closing").status_code == 422
    assert news(room["Baja"])[0] == "ended"

    withdrawn(room, "withdrawal/undoing")
    assert room.question()["end"] is None
    assert news(room["Baja"])[0] == "question"
    assert room.vote("Baja", "yes") == 201
    assert room.act("closing").json()["end"]["yes"] == 2


def test_a_vote_on_an_amendment_that_the_committee_decides_is_closed(room: Room):
    room.rules()
    room.put()
    [amendment] = room.chair.get(f"{room.table.path}/amendments").json()["items"]
    rulings = room.table.rulings({"amendment": amendment}, verdict="reject")
    decided = room.chair.post(f"{room.table.path}/decisions", rulings, if_match=room.table.head)
    assert decided.status_code == 201, decided.text
    assert room.question()["end"]["ending"] == "moot"


@pytest.mark.parametrize("is_closed", [True, False])
def test_a_vote_on_an_amendment_that_takes_in_words_of_another_later_decides_nothing(room: Room, *, is_closed: bool):
    """The room has read the amendment without what was accepted into it since."""
    [amendment] = room.chair.get(f"{room.table.path}/amendments").json()["items"]
    body = {"changes": room.table.proposal("Towns share clean and cheap water.")["changes"]}
    path = f"/amendments/{amendment['id']}"
    version = room["Baja"].get(path).headers["etag"].strip('"')
    entered(room, Phase.REVIEW)
    child = room["Baja"].post(f"{path}/amendments", body, if_match=version)
    entered(room, Phase.ADOPTION)
    assert child.status_code == 201, child.text
    room.rules()
    room.put()
    room.vote("Baja", "yes")
    if is_closed:
        room.act("closing")
    rulings = room.table.rulings(child.json(), verdict="adopt")
    accepted = room.chair.post(f"{room.table.path}/decisions", rulings, if_match=room.table.head)
    assert accepted.status_code == 201, accepted.text

    if is_closed:
        assert room.act("decision", {"reason": "Vote 1."}, if_match=room.table.head).status_code == 422
        undoing, why = f"{room.table.path}/decisions/1/undoing", {"reason": "Too soon."}
        assert room.chair.post(undoing, why, if_match=room.table.head).status_code == 201
        refused = room.act("decision", {"reason": "Vote 1."}, if_match=room.table.head)
        assert refused.status_code == 409  # the words are as they were, and the amendment to them is open again
    else:
        assert room.question()["end"]["ending"] == "overtaken"
