"""Marking a note: what a person says that its words are is confirmed, and a sentence is confirmed once."""

import pytest
import sqlalchemy as sa

from tests.support import factories
from tests.support.page import Page
from tests.support.site import token_of
from tests.workspace.consultation.conftest import NOTE, READ
from workspace.consultation.models import NoteMark
from workspace.consultation.ordering import marked_texts
from workspace.consultation.pages.review import MARKING
from workspace.core.actor import OPERATOR, Role
from workspace.core.storage.log import LogEntry
from workspace.interchange.import_service import NoteImportService
from workspace.recommendations.models import Recommendation, RecommendationTheme, TaxonomyKind
from workspace.recommendations.service import RecommendationService
from workspace.recommendations.themes import ThemeService
from workspace.sessions.models import Session
from workspace.sessions.service import SessionService

LAMPS = "Towns must publish the state of their fountains every year"
PUMPS = "Regions should lend pumps to the towns that ask for them."
PRICE = "The mayors want a common price for the water that they sell each other."


def address(document, language="en"):
    return f"/{language}/third-forum/sessions/documents/{document}"


@pytest.fixture
def desk(visit, rapporteur, document):
    """Take a step on the page as the rapporteur."""
    client = visit(rapporteur)

    def step(act, **fields):
        form = {"csrf": token_of(client), "act": act, **fields}
        return client.post(address(document), data=form, follow_redirects=False)

    step.page = lambda: Page(client.get(address(document)))
    return step


def register(store):
    with store.reading() as db:
        rows = db.scalars(sa.select(Recommendation).order_by(Recommendation.number))
        return [(row.text, row.standing.value) for row in rows]


def details(store):
    with store.reading() as db:
        return db.scalar(sa.select(Session)).details


def keys(page, kind):
    return page.root.xpath("//mark[@data-kind=$kind]/@data-key", kind=kind)


def test_the_note_is_a_page_with_headings_lists_and_sentences_and_no_signs_of_its_form(desk):
    note = desk.page().root.xpath("//*[contains(@class, 'note')]")[0]

    assert [each.text_content().strip() for each in note.xpath(".//h3 | .//h4")][:2] == [
        "Water for every district",
        "Agenda",
    ]
    assert len(note.xpath(".//li")) == 7
    assert "#" not in note.text_content()
    assert note.xpath(".//a[@class='ln'][@href='#line-3']")


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("objective", "objectives"),
        ("key_message", "key_messages"),
        ("question", "discussion_questions"),
        ("decision", "decisions"),
    ],
)
def test_what_a_person_marks_stands_in_its_session_and_is_confirmed(desk, store, kind, field):
    assert desk("mark", kind=kind, text=PRICE, first="1").status_code == 303

    assert [(said["text"], said["line"]) for said in details(store)[field]] == [(PRICE, 25)]
    [mark] = desk.page().root.xpath("//mark[@data-standing='confirmed']")
    assert mark.get("data-kind") == kind
    with store.reading() as db:
        [kept] = db.scalars(sa.select(NoteMark))
        assert (kept.kind, kept.text, kept.language) == (kind, PRICE, "en")
        assert "session.marked" in set(db.scalars(sa.select(LogEntry.kind)))


def test_a_speaker_and_a_date_are_facts_of_the_session(desk, store):
    desk("mark", kind="speaker", text="Ana Ruiz, mayor, Villa Clara")
    desk("mark", kind="date", text="Date: 4 March 2027, 10:00-11:30 (UTC+1)")

    found = details(store)["found"]
    assert found["speakers"][-1]["name"] == "Ana Ruiz"
    assert (found["start"], found["time_verbatim"]) == (
        "2027-03-04T10:00:00+01:00",
        "Date: 4 March 2027, 10:00-11:30 (UTC+1)",
    )


def test_a_suggestion_gets_other_ends_by_marking_it_and_none_of_its_words_are_confirmed_twice(desk, store):
    desk("mark", kind="recommendation", text=LAMPS, key="1", first="18")
    again = desk("mark", kind="recommendation", text=f"{LAMPS} and towns", first="18")

    assert again.status_code == 422
    assert Page(again).refusal == "workspace.invalid:already_marked"
    assert register(store)[0] == (LAMPS, "confirmed")
    assert len(register(store)) == 3
    assert [mark for mark in desk.page().root.xpath("//mark[@data-key='1']") if LAMPS in mark.text]


def test_marking_what_was_suggested_takes_the_suggestion_and_makes_no_second(desk, store):
    desk("mark", kind="recommendation", text=PUMPS, first="20")
    desk("mark", kind="recommendation", text=PUMPS, first="20")

    assert [standing for _, standing in register(store)] == ["proposed", "confirmed", "proposed"]


def test_one_mark_over_two_suggestions_keeps_both_in_it(desk, store):
    desk("mark", kind="recommendation", text=f"{PUMPS} - Schools must teach where the water comes from.", first="20")

    assert [standing for _, standing in register(store)] == ["proposed", "confirmed", "merged"]
    assert register(store)[1][0].endswith("where the water comes from.")


def test_the_same_words_read_twice_are_confirmed_once(desk, store):
    with store.writing() as db:
        row = db.scalar(sa.select(Recommendation).where(Recommendation.number == 2))
        forum, double = factories.forum(db), (row.session_id, row.line, row.text, row.language)
        db.add(
            Recommendation(
                forum_id=forum.id, number=4, session_id=double[0], line=double[1], text=double[2], language=double[3]
            )
        )

    desk("take", key=["2", "4"])
    assert desk("confirm", number=4).status_code == 422
    with store.writing() as db:
        RecommendationService(db).confirm_all(factories.forum(db), actor=OPERATOR)

    assert [standing for text, standing in register(store) if text == PUMPS] == ["confirmed", "proposed"]


def test_a_section_is_confirmed_in_one_act_that_names_what_was_shown(desk, store):
    [form] = [form for form in desk.page().forms if ("act", "take") in form.buttons]
    shown = form.element.xpath(".//input[@name='key']/@value")
    assert shown == ["1", "2", "3"]
    assert not desk.page().root.xpath("//input[@type='checkbox'][@checked][@name='key']")
    desk("mark", kind="nothing", key="2")

    desk("take", key=shown)

    assert [standing for _, standing in register(store)] == ["confirmed", "dropped", "confirmed"]


def test_a_recommendation_that_is_none_becomes_something_else_and_can_be_put_back(desk, store):
    desk("mark", kind="key_message", key="2")

    assert register(store)[1][1] == "dropped"
    assert [said["text"] for said in details(store)["key_messages"]] == [PUMPS]
    [key] = keys(desk.page(), "key_message")

    desk("put_back", key=key)
    desk("take_back", number="2")

    assert register(store)[1][1] == "proposed"
    assert details(store)["key_messages"] == []
    with store.reading() as db:
        assert not db.scalars(sa.select(NoteMark)).all()


@pytest.mark.parametrize("act", [*sorted(MARKING), "confirm", "drop", "take_back", "reword", "join", "look_at", ""])
@pytest.mark.parametrize("more", [{}, {"kind": "nothing"}, {"key": "0"}, {"number": "0"}], ids=str)
def test_a_step_that_names_nothing_is_no_failure(desk, act, more):
    assert desk(act, **more).status_code in {303, 400, 404, 422}


def test_what_was_read_as_an_objective_is_dismissed_and_put_back(desk, store):
    with store.writing() as db:
        session = db.scalar(sa.select(Session))
        session.details = session.details | {"objectives": [{"text": PRICE, "line": 25}]}
    [key] = keys(desk.page(), "objective")

    desk("mark", kind="nothing", key=key)
    assert details(store)["objectives"] == []
    with store.reading() as db:
        assert [(mark.kind, mark.suggested) for mark in db.scalars(sa.select(NoteMark))] == [("nothing", "objective")]

    desk("put_back", key=key)
    assert [said["text"] for said in details(store)["objectives"]] == [PRICE]
    desk("take", key=key)
    assert desk.page().by_id(f"item-{key}").root.get("data-standing") == "confirmed"


def test_a_theme_is_given_beside_the_mark(desk, store):
    with store.writing() as db:
        themes = ThemeService(db).add_ready_made(factories.forum(db), TaxonomyKind.COMPONENTS, actor=OPERATOR).themes
        theme = str(themes[0].id)

    desk("mark", kind="recommendation", text=PRICE, theme=theme)
    desk("mark", kind="recommendation", key="2", theme=theme)

    assert register(store)[1][1] == "confirmed"
    with store.reading() as db:
        assert [str(found) for found in db.scalars(sa.select(RecommendationTheme.theme_id))] == [theme, theme]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"kind": "recommendation", "text": "Towns must buy umbrellas."}, 422),
        ({"kind": "recommendation", "text": ""}, 422),
        ({"kind": "objective", "key": "99"}, 404),
        ({"kind": "recommendation", "text": PRICE, "theme": "water"}, 404),
    ],
)
def test_a_mark_that_makes_no_sense_is_refused(desk, store, fields, status):
    before = register(store), details(store)
    assert desk("mark", **fields).status_code == status
    assert (register(store), details(store)) == before


def test_marks_of_a_session_that_is_removed_teach_nothing_until_it_is_restored(desk, store):
    desk("mark", kind="objective", text=PRICE)
    with store.writing() as db:
        db.execute(sa.update(Recommendation).values(session_id=None))
        session, forum = db.scalar(sa.select(Session)), factories.forum(db)
        assert [known.text for known in marked_texts(db, forum)] == [PRICE]
        SessionService(db).remove(session, "Never took place.", actor=OPERATOR)
        assert marked_texts(db, forum) == []
        SessionService(db).restore(session.id, actor=OPERATOR)
        assert len(marked_texts(db, forum)) == 1


def test_programs_mark_confirm_and_return(house):
    with house.store.writing() as db:
        document = NoteImportService(db).take_in(factories.forum(db), READ, NOTE, actor=OPERATOR).document.id
    office, path = house[Role.SECRETARIAT], f"/documents/{document}"

    made = office.post(f"{path}/marks", {"kind": "decision", "text": PRICE})
    confirmed = office.post(f"{path}/confirmations", {"keys": ["1", "3"]})
    returned = office.post(f"{path}/returns", {"key": "3"})

    assert (made.status_code, made.json()["line"]) == (201, 25)
    assert [each["standing"] for each in confirmed.json()["items"]] == ["confirmed", "confirmed"]
    assert [each["standing"] for each in returned.json()["items"]] == ["proposed"]
    read = office.get(f"{path}/review").json()["suggestions"]
    assert [(each["kind"], each["standing"]) for each in read][-1] == ("decision", "confirmed")
    assert house[Role.MEMBER].post(f"{path}/marks", {"kind": "decision", "text": PRICE}).status_code == 404
