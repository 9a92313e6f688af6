"""Dates: phases open and close by themselves, once, whatever the clock does; the chair sets and extends them."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.support import factories
from tests.workspace.house import opened
from workspace.approvals.models import Matter
from workspace.core import clock
from workspace.core.actor import OPERATOR, Role
from workspace.core.errors import Invalid, NotAllowed
from workspace.core.security.permissions import Phase
from workspace.core.storage.log import LogEntry
from workspace.declarations.domain.calendar import CalendarService
from workspace.declarations.domain.models import Deadline, Declaration, Revision, Stage
from workspace.declarations.domain.phase_changes import PhaseService
from workspace.declarations.domain.service import DeclarationService
from workspace.declarations.domain.windows import window
from workspace.declarations.due_dates import move_due_phases

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


class Clock:
    """A clock that a test sets."""

    def __init__(self, monkeypatch):
        self.at = NOON
        monkeypatch.setattr(clock, "now", lambda: self.at)

    def set(self, text):
        self.at = datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture(autouse=True)
def time(monkeypatch):
    return Clock(monkeypatch)


def declaration_in(store, phase=Phase.DRAFTING):
    with store.writing() as db:
        return factories.declaration(db, phase=phase).id, factories.chair(db)


def dates(store, declaration_id, stage, opens="", closes="", *, actor=OPERATOR, zone="UTC", reason="It is agreed."):
    with store.writing() as db:
        CalendarService(db).set_dates(
            DeclarationService(db).get(declaration_id),
            stage,
            opens=opens,
            closes=closes,
            zone=zone,
            reason=reason,
            actor=actor,
        )


def phase_of(store, declaration_id):
    with store.reading() as db:
        return DeclarationService(db).get(declaration_id).phase


def moves(store):
    with store.reading() as db:
        return db.scalar(sa.select(sa.func.count()).where(LogEntry.kind == "phase.moved"))


def test_a_phase_opens_and_closes_by_itself_and_pins_the_text(any_store, time):
    draft, _ = declaration_in(any_store, Phase.REVIEW)
    dates(any_store, draft, Stage.CONSULTATION, "2027-03-02T09:00", "2027-03-09T18:00")
    assert [move_due_phases(any_store), phase_of(any_store, draft)] == [0, Phase.REVIEW]

    time.set("2027-03-02T09:00:00")
    assert [move_due_phases(any_store), phase_of(any_store, draft)] == [1, Phase.CONSULTATION]
    assert move_due_phases(any_store) == 0

    time.set("2027-03-09T18:00:00")
    assert [move_due_phases(any_store), phase_of(any_store, draft)] == [1, Phase.CONSULTATION]
    with any_store.reading() as db:
        said = db.scalars(sa.select(LogEntry.kind).order_by(LogEntry.sequence)).all()
        declaration = DeclarationService(db).get(draft)
        assert DeclarationService(db).is_pinned(declaration)
        assert window(declaration, time.at).has_closed
    assert said[-2:] == ["phase.moved", "stage.closed"]


def test_what_was_left_out_is_entered_in_order(store, time):
    draft, _ = declaration_in(store, Phase.SETUP)
    dates(store, draft, Stage.REVIEW, "2027-03-02T09:00")
    time.set("2027-03-03T00:00:00")
    before = moves(store)
    move_due_phases(store)
    assert [phase_of(store, draft), moves(store) - before] == [Phase.REVIEW, 2]


def test_two_processes_at_once_move_a_phase_once(any_store, time):
    draft, _ = declaration_in(any_store, Phase.REVIEW)
    dates(any_store, draft, Stage.CONSULTATION, "2027-03-02T09:00")
    time.set("2027-03-02T09:00:01")
    before, barrier, done = moves(any_store), threading.Barrier(4), []

    def run():
        barrier.wait()
        done.append(move_due_phases(any_store))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [sorted(done), moves(any_store) - before] == [[0, 0, 0, 1], 1]


def test_a_clock_that_is_put_back_opens_nothing_again(store, time):
    draft, chair = declaration_in(store, Phase.REVIEW)
    dates(store, draft, Stage.CONSULTATION, "2027-03-02T09:00", "2027-03-09T18:00")
    dates(store, draft, Stage.AMENDMENTS, "2027-03-01T13:00", "2027-03-05T18:00")
    time.set("2027-03-05T18:00:00")
    move_due_phases(store)
    with store.writing() as db:
        PhaseService(db).move(DeclarationService(db).get(draft), Phase.REVIEW, actor=chair, reason="A new mandate.")

    for moment in ("2027-03-02T08:00:00", "2027-03-02T09:30:00", "2027-03-05T18:30:00"):
        time.set(moment)
        move_due_phases(store)
        with store.reading() as db:
            declaration = DeclarationService(db).get(draft)
            assert [declaration.phase, window(declaration, time.at).is_open] == [Phase.REVIEW, False], moment


def test_a_phase_that_the_chair_has_opened_early_is_not_opened_again(store, time):
    draft, chair = declaration_in(store, Phase.REVIEW)
    dates(store, draft, Stage.CONSULTATION, "2027-03-02T09:00")
    with store.writing() as db:
        service, declaration = PhaseService(db), DeclarationService(db).get(draft)
        service.move(declaration, Phase.CONSULTATION, actor=chair)
        service.move(declaration, Phase.REVIEW, actor=chair, reason="Too early.")
    time.set("2027-03-02T09:00:00")
    move_due_phases(store)
    assert phase_of(store, draft) is Phase.REVIEW


def test_a_date_that_went_with_going_back_is_told_nowhere_and_bars_no_other(store):
    with opened(store) as house:
        table = house.declaration("Towns share water.")
        path = f"{table.path}/calendar"
        house.chair.post(f"{path}/consultation", {"opens": "2027-04-01T09:00", "closes": "2027-05-01T09:00"})
        for phase in ("consultation", "review"):
            etag = house.chair.get(table.path).headers["etag"].strip('W/"')
            moved = house.chair.post(f"{table.path}/phase", {"phase": phase, "reason": "Too early."}, if_match=etag)
            assert moved.status_code == 200, moved.text
        later = house.chair.post(f"{path}/review", {"closes": "2027-04-20T09:00", "reason": "So agreed."})
        [_, told] = house.member.get(path).json()["items"]
    assert later.status_code == 200, later.text
    assert (told["stage"], told["opens_at"], told["opened_at"]) == ("consultation", None, None)


def test_the_adoption_opens_on_its_date_only_if_two_people_have_agreed(store, time):
    draft, chair = declaration_in(store, Phase.CONSULTATION)
    dates(store, draft, Stage.ADOPTION, "2027-03-02T09:00")
    with store.writing() as db:
        secretariat = factories.person(db, Role.SECRETARIAT)
        service, declaration = PhaseService(db), DeclarationService(db).get(draft)
        service.ask(declaration, Matter.ADOPTION, actor=chair)
    time.set("2027-03-02T09:00:00")
    move_due_phases(store)
    assert phase_of(store, draft) is Phase.CONSULTATION

    time.set("2027-03-02T08:00:00")
    with store.writing() as db:
        PhaseService(db).confirm(DeclarationService(db).get(draft), Matter.ADOPTION, actor=secretariat)
    assert phase_of(store, draft) is Phase.CONSULTATION
    time.set("2027-03-02T09:00:01")
    move_due_phases(store)
    assert phase_of(store, draft) is Phase.ADOPTION


def test_an_extension_opens_again_what_had_closed_and_needs_a_reason(store, time):
    draft, chair = declaration_in(store, Phase.REVIEW)
    dates(store, draft, Stage.AMENDMENTS, closes="2027-03-02T09:00", actor=chair, reason="")
    time.set("2027-03-02T09:00:00")
    move_due_phases(store)
    with pytest.raises(Invalid) as refusal:
        dates(store, draft, Stage.AMENDMENTS, closes="2027-03-04T09:00", actor=chair, reason=" ")
    assert refusal.value.facts == {"field": "reason", "reason": "empty"}
    dates(store, draft, Stage.AMENDMENTS, closes="2027-03-04T09:00", actor=chair, reason="Two towns asked for it.")
    with store.reading() as db:
        assert window(DeclarationService(db).get(draft), time.at).is_open


def test_nobody_but_the_chair_sets_dates(store):
    draft, _ = declaration_in(store, Phase.REVIEW)
    for role in (Role.MEMBER, Role.SECRETARIAT, Role.COMMITTEE, Role.ADMIN):
        with store.writing() as db:
            somebody = factories.person(db, role)
        with pytest.raises(NotAllowed):
            dates(store, draft, Stage.AMENDMENTS, closes="2027-03-02T09:00", actor=somebody)


@pytest.mark.parametrize(
    ("stage", "given", "field", "reason"),
    [
        (Stage.CONSULTATION, ("2027-03-09T18:00", "2027-03-09T18:00"), "closes", "closes_before_opens"),
        (Stage.CONSULTATION, ("2027-02-28T18:00", ""), "opens", "in_the_past"),
        (Stage.CONSULTATION, ("", "2027-02-28T18:00"), "closes", "in_the_past"),
        (Stage.REVIEW, ("2027-03-09T18:00", ""), "opens", "opened_already"),
        (Stage.ADOPTION, ("2027-03-09T18:00", ""), "opens", "out_of_order"),
        (Stage.AMENDMENTS, ("", "2027-06-09T18:00"), "closes", "outside_phases"),
        (Stage.CONSULTATION, ("on Monday", ""), "opens", "not_a_moment"),
        (Stage.CONSULTATION, ("9999-12-31T23:59", ""), "opens", "too_far_ahead"),
        (Stage.CONSULTATION, ("0001-01-01T00:00", ""), "opens", "in_the_past"),
        (Stage.CONSULTATION, ("2027-03-09T18:00", "", "Europe/Nowhere"), "zone", "unknown_timezone"),
        (Stage.CONSULTATION, ("2027-03-28T02:30", "", "Europe/Madrid"), "opens", "no_such_time"),
    ],
)
def test_dates_that_cannot_be_are_refused_and_the_field_is_named(store, stage, given, field, reason):
    draft, chair = declaration_in(store, Phase.REVIEW)
    opens, closes, zone = (*given, "UTC")[:3]
    if reason in {"out_of_order", "outside_phases"}:
        dates(store, draft, Stage.CONSULTATION, "2027-05-01T09:00")
    if reason == "outside_phases":
        dates(store, draft, Stage.ADOPTION, "2027-06-01T09:00")
    with pytest.raises(Invalid) as refusal:
        dates(store, draft, stage, opens, closes, zone=zone, actor=chair)
    assert [refusal.value.facts["field"], refusal.value.facts["reason"]] == [field, reason]
    with store.reading() as db:
        assert db.scalar(sa.select(sa.func.count()).select_from(Deadline).where(Deadline.stage == stage)) == 0


def test_no_phase_is_to_open_while_the_one_before_it_is_still_open(store):
    draft, chair = declaration_in(store, Phase.REVIEW)
    dates(store, draft, Stage.CONSULTATION, "2027-04-01T09:00", "2027-05-01T09:00")
    for stage, given, field in (
        (Stage.ADOPTION, ("2027-04-20T09:00", ""), "opens"),
        (Stage.REVIEW, ("", "2027-04-02T09:00"), "closes"),
    ):
        with pytest.raises(Invalid) as refusal:
            dates(store, draft, stage, *given, actor=chair)
        assert [refusal.value.facts["field"], refusal.value.facts["reason"]] == [field, "out_of_order"]
    dates(store, draft, Stage.ADOPTION, "2027-05-01T09:00", actor=chair)


def test_of_an_hour_that_the_clock_shows_twice_nobody_loses_one(store):
    """On 31 October 2027 the clocks of Madrid go back from 3:00 to 2:00: the first 2:30 is UTC+2, the second UTC+1."""
    draft, _ = declaration_in(store, Phase.REVIEW)
    dates(store, draft, Stage.CONSULTATION, "2027-10-31T02:30", "2027-10-31T02:30", zone="Europe/Madrid")
    with store.reading() as db:
        kept = DeclarationService(db).get(draft).deadline(Stage.CONSULTATION)
        assert [kept.opens_at.hour, kept.opens_offset, kept.closes_at.hour, kept.closes_offset] == [0, 120, 1, 60]
        assert kept.zone == "Europe/Madrid"


def test_an_amendment_is_refused_before_the_window_and_late_after_it(store, time):
    with opened(store) as house:
        table = house.declaration("Towns share water.")
        dates(store, table.id, Stage.AMENDMENTS, "2027-03-02T09:00", "2027-03-03T09:00")
        early = house.member.post(f"{table.path}/amendments", table.proposal("Towns share all water."))
        assert [early.status_code, early.json()["facts"]["reason"]] == [422, "not_open_yet"]
        chairs = house.chair.post(f"{table.path}/amendments", table.proposal("Towns share the water."))
        assert chairs.status_code == 201

        time.set("2027-03-02T09:00:00")
        on_time = table.propose("Towns share all water.")
        time.set("2027-03-03T09:00:00")
        late = table.propose("Towns share clean water.")
        with store.reading() as db:
            rows = db.execute(sa.text("SELECT number, is_late FROM amendment ORDER BY number")).all()
    assert [bool(row.is_late) for row in rows] == [False, False, True]
    assert [on_time["amendment"]["number"], late["amendment"]["number"]] == [2, 3]


def test_the_calendar_is_set_and_read_through_the_api(store):
    with opened(store) as house:
        table = house.declaration("Towns share water.")
        body = {"opens": "2027-04-01T09:00", "closes": "2027-04-30T18:00-03:00", "zone": "America/Bogota"}
        made = house.chair.post(f"{table.path}/calendar/consultation", body)
        assert made.status_code == 200, made.text
        assert [made.json()["opens_at"], made.json()["closes_at"]] == [
            "2027-04-01T09:00:00-05:00",
            "2027-04-30T18:00:00-03:00",
        ]
        known = house.member.get(f"{table.path}/calendar").json()
        assert [known["phase"], [one["stage"] for one in known["items"]]] == ["review", ["consultation"]]
        assert house.member.post(f"{table.path}/calendar/consultation", body).status_code == 404
        assert house.chair.post(f"{table.path}/calendar/archive", body).status_code in {400, 404}
        assert house.nobody.get(f"{table.path}/calendar").status_code == 404
        again = house.chair.post(f"{table.path}/calendar/consultation", body | {"opens": "2027-04-02T09:00"})
        assert [again.status_code, again.json()["facts"]["field"]] == [422, "reason"]


def test_more_history_and_more_dates_are_found_with_the_same_queries(store):
    with opened(store) as house:
        table = house.declaration("Towns share water.")
        before = house.queries(f"{table.path}/calendar")
        for stage in (Stage.CONSULTATION, Stage.AMENDMENTS):
            dates(store, table.id, stage, closes="2027-04-30T18:00")
        assert house.queries(f"{table.path}/calendar") == before


def test_a_closing_without_new_words_makes_no_revision(store, time):
    draft, _ = declaration_in(store, Phase.REVIEW)
    dates(store, draft, Stage.REVIEW, closes="2027-03-02T09:00")
    time.at += timedelta(days=3)
    assert move_due_phases(store) == 1
    with store.reading() as db:
        assert db.scalar(sa.select(sa.func.count()).select_from(Revision)) == 1
        assert db.scalar(sa.select(Declaration.phase)) is Phase.REVIEW
