"""Sittings in the hands of the chair, the secretariat and delegates: attendance, agenda and who is given the floor."""

import threading
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from drafts.diff.amendments import Change, ChangeOp
from tests.support import factories, site
from tests.support.factories import EN
from tests.support.page import Page
from tests.support.questions import delegate
from tests.support.site import token_of
from workspace.amendments.service import AmendmentService
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.provided import PRESENT, SPEAKING
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Db, Store
from workspace.core.storage.log import LogEntry
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.service import DeclarationService
from workspace.people.models import Mandate
from workspace.procedure.agenda import CurrentItemService
from workspace.sittings.models import Sitting, Speaker, SpeakingOrder
from workspace.sittings.service import Act, SittingActIn, SittingService

HERE = "/en/third-forum/declaration/sittings"


@dataclass
class Hall:
    """A declaration in adoption, its chair and secretariat, and three delegations, at an open sitting."""

    store: Store
    chair: Actor
    staff: Actor
    alta: Actor
    baja: Actor
    cima: Actor

    def page(self, who: Actor | None, path: str = "/1", language: str = "en") -> Page:
        with site.browser(self.store, who) as browser:
            return Page(browser.get(f"/{language}{HERE[3:]}{path}"))

    def post(self, who: Actor | None, path: str = "/1", **data: str):
        with site.browser(self.store, who) as browser:
            return browser.post(f"{HERE}{path}", data={"csrf": token_of(browser), **data}, follow_redirects=False)

    def told(self, who: Actor | None, path: str = "/1", **data: str) -> str | None:
        """What the page tells after a form: the refusal, if there is one."""
        with site.browser(self.store, who) as browser:
            answer = browser.post(f"{HERE}{path}", data={"csrf": token_of(browser), **data})
            return Page(answer).result

    def api(self, who: Actor, path: str, body: object):
        with site.browser(self.store, who) as browser:
            with self.store.reading() as db:
                address = f"/api/declarations/{text(db).id}/sittings{path}"
            return browser.post(address, json=body)

    def waiting(self, who: Actor | None = None) -> list[str]:
        return self.page(who or self.chair).data("waiting")

    def speak(self, *speakers: Actor) -> None:
        """Each asks for the floor, is given it, and ends."""
        for speaker in speakers:
            self.post(speaker, act="request")
            self.post(self.chair, act="next")
            self.post(self.chair, act="finish")


def text(db: Db) -> Declaration:
    return DeclarationService(db).at(factories.forum(db), "declaration")


def opened(store: Store) -> Hall:
    with store.writing() as db:
        names = ("Town of Alta", "Town of Baja", "Town of Cima")
        delegates = [delegate(db, name, name=name.split()[-1]) for name in names]
        chair = factories.chair(db)
        staff = factories.person(db, Role.SECRETARIAT)
        draft = factories.declaration(db, "Towns share water.", "Towns mend pumps.")
        change = Change(ChangeOp.REWORD, str(queries.head_rows(db, draft)[0].block_id), text="Towns share clean water.")
        proposed = {"base_revision": 1, "language": EN, "changes": [change], "reason": "So."}
        AmendmentService(db).propose(draft.id, **proposed, actor=delegates[0])
        DeclarationService(db).enter(draft, Phase.ADOPTION, actor=OPERATOR)
        service = SittingService(db)
        sitting = service.arrange(draft, "Palma", "2026-11-23T10:00", actor=staff)
        service.perform(sitting, SittingActIn(act=Act.BEGIN), actor=chair)
    return Hall(store, chair, staff, *delegates)


@pytest.fixture
def hall(store: Store) -> Hall:
    return opened(store)


def test_a_sitting_is_planned_changed_opened_and_closed_by_its_forms(hall: Hall):
    planned = hall.post(hall.staff, "", kind="plenary", at="2026-11-24T10:00", place="Room 2")
    assert planned.headers["location"] == f"{HERE}/2"
    hall.post(hall.staff, "", kind="plenary", at="2026-11-24T11:00", place="Room 3", number="2")
    assert "Room 3" in hall.page(hall.alta, "/2").text
    assert hall.told(hall.chair, "/2", act="begin") == "workspace.invalid:sitting_open"
    hall.post(hall.chair, "/1", act="end")
    hall.post(hall.chair, "/2", act="begin")
    assert hall.page(hall.alta, "").data("state") == ["open", "ended"]
    assert hall.told(hall.chair, "/1", act="begin") == "workspace.invalid:sitting_state"


def test_who_is_elsewhere_reads_by_which_clock_a_sitting_begins(hall: Hall):
    hall.post(hall.staff, "", kind="plenary", at="2030-11-24T10:00", place="Room 2")
    with site.browser(hall.store, hall.alta) as browser:
        browser.cookies.set("zone", "Asia/Tokyo")
        told = [Page(browser.get(f"{HERE}{path}")).text for path in ("", "/2")]
    assert all("(Tokyo)" in text for text in told)
    assert "Time zone" in hall.page(hall.staff, "").text


@pytest.mark.parametrize(
    ("data", "field", "reason"),
    [({"at": "", "place": "A"}, "at", "empty"), ({"at": "2026-11-24T10:00", "place": " "}, "place", "empty")],
)
def test_a_sitting_without_date_or_place_is_refused_beside_the_field(hall: Hall, data, field, reason):
    shown = Page(hall.post(hall.staff, "", kind="plenary", **data))
    assert (shown.status, shown.field(field).error) == (422, f"workspace.invalid:{reason}")


def test_delegates_say_that_they_are_here_and_the_secretariat_notes_the_others(hall: Hall):
    assert hall.page(hall.alta).has_button("arrive")
    with hall.store.reading() as db:
        assert PRESENT.get()(db, text(db)) == frozenset()
    hall.post(hall.alta, act="arrive")
    hall.post(hall.staff, act="attendance", **{"seat.2": "represented", "seat.3": "absent"})
    assert hall.page(hall.alta).data("standing") == ["present"]
    assert hall.page(hall.chair).data("present") == ["2"]
    with hall.store.reading() as db:
        assert len(PRESENT.get()(db, text(db)) or ()) == 2
    assert hall.post(hall.alta, act="attendance", **{"seat.2": "present"}).status_code == 404
    hall.post(hall.chair, act="end")
    with hall.store.reading() as db:
        assert PRESENT.get()(db, text(db)) is None


def test_who_asks_is_given_the_floor_in_turn_and_the_time_is_counted(hall: Hall, moved_clock):
    assert hall.told(hall.alta, act="request") == "workspace.invalid:list_closed"
    hall.post(hall.chair, act="open_list", minutes="2", order="request")
    hall.post(hall.baja, act="request")
    hall.post(hall.alta, act="request")
    assert hall.told(hall.alta, act="request") == "workspace.invalid:on_the_list"
    hall.post(hall.cima, act="request", is_point_of_order="true")
    assert hall.waiting() == ["Cima", "Baja", "Alta"]
    assert hall.page(hall.alta).data("own") == ["3"]

    hall.post(hall.staff, act="next")
    hall.post(hall.staff, act="next")
    moved_clock.forward(seconds=75)
    assert hall.page(hall.alta).data("speaking") == ["Baja"]
    with hall.store.reading() as db:
        said = SPEAKING.get()(db, text(db))
        assert said is not None
        assert (said.name, said.organisation, (said.until - said.since).seconds) == ("Baja", "Town of Baja", 120)
    hall.post(hall.chair, act="finish")
    assert hall.page(hall.alta).data("speaking") == []
    assert hall.page(hall.alta).data("spoken")[0] == "Town of Baja"
    assert "1:1" in hall.page(hall.alta).text_of("spoken", "Town of Baja")

    with hall.store.reading() as db:
        asked = db.scalars(sa.select(Speaker).where(Speaker.person_id == hall.alta.person_id)).one()
    assert hall.post(hall.baja, act="withdraw", speaker_id=str(asked.id)).status_code == 404
    hall.post(hall.alta, act="withdraw", speaker_id=str(asked.id))
    assert hall.waiting() == []
    assert hall.told(hall.chair, act="next") == "workspace.invalid:nobody_waits"
    hall.post(hall.chair, act="close_list")
    assert hall.told(hall.alta, act="request") == "workspace.invalid:list_closed"
    hall.post(hall.alta, act="request", is_point_of_order="true")
    assert hall.waiting() == ["Alta"]


def test_nobody_loses_the_floor_where_two_who_see_the_same_list_go_on(hall: Hall):
    hall.post(hall.chair, act="open_list", minutes="2", order="request")
    for speaker in (hall.alta, hall.baja, hall.cima):
        hall.post(speaker, act="request")

    def twice(act: str) -> list[str]:
        shown = hall.page(hall.chair).form("/1", act=act).values["speaker_id"]
        for who in (hall.chair, hall.staff):
            hall.post(who, speaker_id=shown, act=act)
        return hall.page(hall.alta).data("speaking")

    assert [twice("next"), twice("next")] == [["Alta"], ["Baja"]]
    stale = hall.page(hall.chair).form("/1", act="finish").values["speaker_id"]
    assert twice("next") == ["Cima"]
    hall.post(hall.chair, speaker_id=stale, act="finish")
    assert hall.page(hall.alta).data("speaking") == ["Cima"]
    assert twice("finish") == []


def test_the_secretariat_enters_a_speaker_and_no_delegate_leads_the_list(hall: Hall):
    hall.post(hall.chair, act="open_list", minutes="3", order="request")
    with hall.store.reading() as db:
        mandate = db.scalars(sa.select(Mandate.id).where(Mandate.person_id == hall.cima.person_id)).one()
    hall.post(hall.staff, act="enter", mandate_id=str(mandate))
    assert hall.waiting() == ["Cima"]
    for act in ("next", "finish", "open_list", "close_list", "end"):
        assert hall.post(hall.alta, act=act).status_code == 404
    assert hall.post(hall.alta, act="enter", mandate_id=str(mandate)).status_code == 404
    assert hall.told(hall.chair, act="open_list", minutes="0") == "workspace.invalid:not_in_range"


def test_first_time_speakers_come_first(hall: Hall):
    hall.post(hall.chair, act="open_list", minutes="3", order="request")
    hall.speak(hall.alta)
    hall.post(hall.chair, act="open_list", minutes="3", order="first_time")
    hall.post(hall.alta, act="request")
    hall.post(hall.baja, act="request")
    assert hall.waiting() == ["Baja", "Alta"]


def test_groups_of_the_forum_speak_in_turns(hall: Hall):
    form = hall.page(hall.staff, "/groups").form("/groups")
    with hall.store.reading() as db:
        held = db.scalars(
            sa.select(Mandate).where(Mandate.person_id.in_([w.person_id for w in (hall.alta, hall.baja)]))
        )
        organisations = [str(mandate.organisation_id) for mandate in held]
    assert set(organisations) <= set(form.values)
    hall.post(hall.staff, "/groups", **dict.fromkeys(organisations, "North"), **{str(hall.cima.person_id): "South"})
    hall.post(hall.chair, act="open_list", minutes="3", order="groups")
    for who in (hall.alta, hall.baja, hall.cima):
        hall.post(who, act="request")
    assert hall.waiting() == ["Alta", "Cima", "Baja"]
    assert hall.post(hall.alta, "/groups").status_code == 404


def test_the_agenda_follows_what_is_taken_up(hall: Hall):
    hall.post(hall.staff, act="add_item", title="Any other business")
    with hall.store.writing() as db:
        block = queries.head_rows(db, text(db))[1].block_id
        CurrentItemService(db).give(text(db), block_id=block, actor=hall.chair)
    assert hall.page(hall.alta).data("current") == [f"paragraph:{block}"]
    hall.post(hall.chair, act="open_list", minutes="3")
    hall.post(hall.alta, act="request")
    hall.post(hall.chair, act="take_up", key="item:1")
    assert hall.page(hall.alta).data("current") == ["item:1"]
    hall.post(hall.chair, act="open_list", minutes="3")
    assert hall.waiting() == []
    assert hall.post(hall.chair, act="take_up", key="item:9").status_code == 404


def test_the_api_does_what_the_page_does(hall: Hall):
    made = hall.api(hall.staff, "", {"place": "Room 2", "at": "2026-11-24T10:00", "kind": "committee"})
    assert (made.status_code, made.json()["number"], made.json()["stage"]) == (201, 2, "planned")
    hall.api(hall.chair, "/1/acts", {"act": "open_list", "minutes": 5, "order": "request"})
    hall.api(hall.alta, "/1/acts", {"act": "request"})
    seen = hall.api(hall.chair, "/1/acts", {"act": "next"}).json()
    assert (seen["speaking"]["person"], seen["list_minutes"], seen["waiting"]) == ("Alta", 5, [])
    assert hall.api(hall.alta, "/1/acts", {"act": "next"}).status_code == 404
    named = hall.api(hall.staff, "/groups", {"groups": {str(hall.alta.person_id): "North"}})
    assert named.json()["groups"] == {str(hall.alta.person_id): "North"}


def test_every_act_is_on_the_log(hall: Hall):
    hall.post(hall.chair, act="open_list", minutes="3")
    hall.speak(hall.alta)
    hall.post(hall.chair, act="end")
    with hall.store.reading() as db:
        kinds = list(db.scalars(sa.select(LogEntry.kind).order_by(LogEntry.sequence)))
    expected = ["speakers.opened", "speaker.requested", "speaker.began", "speaker.ended", "sitting.ended"]
    assert [kind for kind in kinds if kind.startswith(("speaker", "sitting"))][-5:] == expected


@pytest.mark.parametrize("at_once", [3])
def test_two_who_ask_at_the_same_moment_are_both_on_the_list(any_store: Store, at_once: int):
    hall = opened(any_store)
    hall.post(hall.chair, act="open_list", minutes="3")
    start = threading.Barrier(at_once)

    def ask(who: Actor) -> None:
        start.wait()
        with any_store.writing() as db:
            service = SittingService(db)
            service.perform(service.numbered(text(db), 1), SittingActIn(act=Act.REQUEST), actor=who)

    threads = [threading.Thread(target=ask, args=[who]) for who in (hall.alta, hall.baja, hall.cima)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(hall.waiting()) == ["Alta", "Baja", "Cima"]
    with any_store.reading() as db:
        assert [speaker.number for speaker in db.scalars(sa.select(Sitting)).one().speakers] == [1, 2, 3]
        assert db.scalars(sa.select(Sitting)).one().list_order is SpeakingOrder.REQUEST
