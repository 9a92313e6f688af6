"""Looking through a document that was read: confirming, correcting, dropping, dividing, joining, adding."""

import re

import pytest
import sqlalchemy as sa

from drafts.text.blocks import Language
from tests.support import factories
from tests.support.page import Page
from tests.support.site import counted, token_of
from workspace.consultation.models import ReviewedFinding
from workspace.core.actor import NOBODY, OPERATOR, Role
from workspace.core.storage.log import LogEntry
from workspace.recommendations.models import Recommendation
from workspace.recommendations.service import RecommendationService, VerbatimStatement
from workspace.sessions.models import Session

FOUNTAINS = (
    "Towns must publish the state of their fountains every year and towns should mend what leaks within ten days."
)


def address(document, language="en"):
    return f"/{language}/third-forum/sessions/documents/{document}"


def register(store):
    with store.reading() as db:
        every = RecommendationService(db).register(factories.forum(db), actor=OPERATOR)
        return [(one.text, one.standing.value) for one in every]


def lines(store):
    with store.reading() as db:
        return list(db.scalars(sa.select(Recommendation.line).order_by(Recommendation.number)))


@pytest.fixture
def desk(visit, rapporteur, document):
    """Take a step on the review screen as the rapporteur."""
    client = visit(rapporteur)

    def step(act, **fields):
        form = {"csrf": token_of(client), "act": act, **fields}
        return client.post(address(document), data=form, follow_redirects=False)

    step.client = client
    return step


@pytest.mark.parametrize("language", Language)
def test_the_screen_speaks_three_languages(desk, document, language):
    answer = desk.client.get(address(document, language))

    assert answer.status_code == 200
    assert Page(answer).language == language
    assert answer.text.count('class="rv-item"') == 3


def test_the_words_of_an_item_are_marked_in_the_lines_they_stand_in(desk, document):
    text = desk.client.get(address(document)).text

    marked = Page(text).root.xpath("//mark[@data-key='1'][@data-standing='proposed']")
    assert [mark.text.strip() for mark in marked] == [
        "Towns must publish the state of their fountains every year and towns should mend",
        "what leaks within ten days.",
    ]
    assert [mark.get("id") for mark in marked] == ["line-18", "line-19"]


def test_nothing_is_in_the_register_until_it_is_confirmed_and_then_the_next_one_waits(desk, store):
    assert {standing for _, standing in register(store)} == {"proposed"}

    answer = desk("confirm", number=1)

    assert answer.status_code == 303
    assert answer.headers["location"].endswith("#item-2")
    assert [standing for _, standing in register(store)] == ["confirmed", "proposed", "proposed"]


def test_accepting_all_confirms_what_is_left_and_nothing_that_was_dropped(desk, store, document):
    desk("drop", number=2, reason="Said as a joke.")

    desk("confirm_all")

    assert [standing for _, standing in register(store)] == ["confirmed", "dropped", "confirmed"]
    links = Page(desk.client.get(address(document))).links
    assert [link for link in links if re.search(r"/recommendations\?session=[0-9a-f-]{36}$", link)]


def test_a_moment_is_shown_as_it_is_typed_and_a_month_may_be_typed(desk, store, document):
    with store.reading() as db:
        session = db.scalars(sa.select(Session)).one()
    facts = f"/en/third-forum/sessions/{session.id}/facts"
    shown = Page(desk.client.get(address(document)))
    sent = {name: shown.field(name).value for name in ("title", "starts", "ends")}
    sent["confirmed"] = ["yes"] * len(shown.root.xpath("//select[@name='confirmed']"))
    assert (session.starts, sent["starts"]) == ("2027-03-04T10:00+01:00", "4/3/2027 10:00 +01:00")

    desk.client.post(facts, data={"csrf": token_of(desk.client), **sent})
    with store.reading() as db:
        assert db.get_one(Session, session.id).starts == session.starts
    desk.client.post(facts, data={"csrf": token_of(desk.client), **sent, "starts": "3/2027", "ends": ""})
    with store.reading() as db:
        assert db.get_one(Session, session.id).starts == "2027-03"
    assert Page(desk.client.get(address(document))).field("starts").value == "3/2027"


def test_a_dropped_item_stays_listed_with_its_reason_and_can_be_taken_back(desk, store, document):
    desk("drop", number=3, reason="Said as a joke.")
    assert "Said as a joke." in Page(desk.client.get(address(document))).by_id("item-3").text

    desk("take_back", number=3)

    assert register(store)[2][1] == "proposed"
    assert "Said as a joke." not in Page(desk.client.get(address(document))).text


def test_an_edited_item_keeps_the_words_of_the_note_beside_it(desk, store, document):
    desk("reword", number=3, text="Schools must teach where  water comes from.")

    assert register(store)[2][0] == "Schools must teach where water comes from."
    [original] = Page(desk.client.get(address(document))).by_id("item-3").root.xpath(".//q[@lang='en']/text()")
    assert original == "Schools must teach where the water comes from."


def test_an_empty_line_divides_an_item_and_each_part_knows_its_line(desk, store, document):
    first, _, second = FOUNTAINS.partition(" and towns ")

    desk("reword", number=1, text=f"{first}\n\ntowns {second}")

    texts = [text for text, _ in register(store)]
    assert texts[0] == first
    assert texts[3] == f"towns {second}"
    assert lines(store)[3] == lines(store)[0]
    assert Page(desk.client.get(address(document))).data("came-from") == ["1"]


def test_neighbours_are_joined_and_the_other_is_merged_with_its_words_kept(desk, store):
    desk("join", number=2, other=3)

    after = register(store)
    assert after[1][0].startswith("Regions should lend pumps")
    assert after[1][0].endswith("where the water comes from.")
    assert after[1][1] == "proposed"
    assert after[2] == ("Schools must teach where the water comes from.", "merged")
    with store.reading() as db:
        rows = db.scalars(sa.select(Recommendation).order_by(Recommendation.number)).all()
        assert rows[2].merged_into_id == rows[1].id


@pytest.mark.parametrize(
    "fields",
    [{"text": "a common price for the\nwater that they sell each other"}, {"first": "25", "last": "25"}],
    ids=["words", "lines"],
)
def test_words_of_the_document_that_were_passed_over_are_added(desk, store, fields):
    desk("add", **fields)

    text, standing = register(store)[3]
    assert "a common price for the water that they sell each other" in text
    assert standing == "confirmed"
    assert lines(store)[3] == 25


def test_words_that_nobody_wrote_are_not_added_and_stay_in_the_form(desk, store):
    answer = desk("add", text="Towns must buy umbrellas.")

    assert answer.status_code == 422
    page = Page(answer)
    assert page.refusal == "workspace.invalid:not_in_document"
    assert page.by_id("mark").field("text").value == "Towns must buy umbrellas."
    assert len(register(store)) == 3


@pytest.mark.parametrize(
    ("act", "fields", "status"),
    [
        ("reword", {"number": 1, "text": "  "}, 422),
        ("confirm", {"number": 99}, 404),
        ("join", {"number": 1, "other": 1}, 422),
        ("look_at", {"session": "0" * 32, "digest": "x"}, 404),
        ("dance", {"number": 1}, 422),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(desk, store, act, fields, status):
    before = register(store)

    assert desk(act, **fields).status_code == status

    assert register(store) == before


def test_an_inconsistency_is_ticked_as_seen(desk, store, document):
    text = desk.client.get(address(document)).text
    session, digest = re.search(
        r'name="session" value="([^"]+)"><input type="hidden" name="digest" value="(\w+)"', text
    ).groups()

    desk("look_at", session=session, digest=digest)

    with store.reading() as db:
        assert db.scalar(sa.select(ReviewedFinding.digest)) == digest
    assert len(Page(desk.client.get(address(document))).rows("seen")) == 1


def test_the_facts_of_a_session_are_corrected_and_those_of_the_note_stay_beside_them(desk, store, document):
    with store.reading() as db:
        session = db.scalar(sa.select(Session))
    form = {
        "csrf": token_of(desk.client),
        "title": "Water for all",
        "starts": session.starts,
        "ends": "",
        "place": "Fire station",
        "language": ["en", "pt"],
        "confirmed": ["yes", "no"],
    }
    answer = desk.client.post(f"/en/third-forum/sessions/{session.id}/facts", data=form, follow_redirects=False)

    assert answer.status_code == 303
    assert "Water for every district" in Page(desk.client.get(address(document))).root.xpath("//q[@lang='en']/text()")
    with store.reading() as db:
        after = db.scalar(sa.select(Session))
        assert (after.title, after.place, after.ends) == ("Water for all", "Fire station", None)
        assert after.details["found"]["working_languages"] == ["en", "pt"]
        assert [one["confirmed"] for one in after.details["found"]["speakers"]] == ["yes", "no"]
        assert after.as_read["found"]["title"] == "Water for every district"
        assert after.confirmed_at is not None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("4/3/2027 9:30", "2027-03-04T09:30"),
        ("04.03.2027 09h30 +01:00", "2027-03-04T09:30+01:00"),
        ("2027-03-04 09:30", "2027-03-04 09:30"),
    ],
)
def test_a_moment_may_be_typed_as_people_write_it(desk, store, typed, kept):
    with store.reading() as db:
        session = db.scalar(sa.select(Session))
    form = {"csrf": token_of(desk.client), "title": session.title, "starts": typed, "ends": ""}
    people = {"confirmed": [one["confirmed"] for one in session.details["found"]["speakers"]]}
    answer = desk.client.post(f"/en/third-forum/sessions/{session.id}/facts", data={**form, **people})
    assert answer.status_code == 200, answer.text
    with store.reading() as db:
        assert db.scalar(sa.select(Session)).details["found"]["start"] == kept


def test_what_is_wrong_stands_beside_its_field(desk, store):
    with store.reading() as db:
        session = db.scalar(sa.select(Session))
    form = {"csrf": token_of(desk.client), "title": session.title, "starts": "31/2/2027 9:30"}
    answer = desk.client.post(f"/en/third-forum/sessions/{session.id}/facts", data=form)
    assert (answer.status_code, Page(answer).field("starts").is_wrong) == (422, True)
    assert Page(answer).field("starts").error is not None


def test_a_moment_that_is_none_is_refused(desk, store):
    with store.reading() as db:
        session = db.scalar(sa.select(Session))
    form = {"csrf": token_of(desk.client), "title": "Water", "starts": "tomorrow", "confirmed": ["yes", "no"]}

    answer = desk.client.post(f"/en/third-forum/sessions/{session.id}/facts", data=form)

    assert answer.status_code == 422
    assert 'name="starts" value="tomorrow"' in answer.text


@pytest.mark.parametrize("role", [None, Role.MEMBER, Role.TRANSLATOR])
def test_whoever_does_not_settle_recommendations_finds_nothing_there(visit, store, document, role):
    with store.writing() as db:
        actor = factories.person(db, role) if role else NOBODY
    client = visit(actor)

    assert client.get(address(document)).status_code == 404
    form = {"csrf": token_of(client), "act": "confirm", "number": 1}
    assert client.post(address(document), data=form).status_code == 404
    assert {standing for _, standing in register(store)} == {"proposed"}


def test_the_log_says_what_was_done_and_keeps_no_words(desk, store):
    desk("reword", number=3, text="Schools must teach where water comes from.")
    desk("drop", number=2, reason="A joke by Ana Ruiz.")

    with store.reading() as db:
        entries = db.scalars(sa.select(LogEntry)).all()
    assert {"recommendations.reworded", "recommendations.settled"} <= {one.kind for one in entries}
    assert not any("joke" in one.entry or "Schools" in one.entry for one in entries)


def test_the_screen_asks_as_much_for_many_items_as_for_few(desk, store, document):
    with counted(store) as few:
        desk.client.get(address(document))
    with store.writing() as db:
        session = db.scalar(sa.select(Session))
        RecommendationService(db).propose(
            session, [VerbatimStatement(f"Street {n} needs a lamp.", "en", line=2) for n in range(40)], actor=OPERATOR
        )
    with counted(store) as many:
        desk.client.get(address(document))
    assert len(many) == len(few)
