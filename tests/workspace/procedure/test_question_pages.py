"""The pages of votes, silence and the plenary, in the hands of the chair, of delegates and of visitors."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest

from drafts.amendments import Change, ChangeOp
from tests.support import factories, site
from tests.support.factories import EN, ES
from tests.support.questions import delegate
from tests.support.site import token_of
from workspace.amendments.service import AmendmentService
from workspace.core import clock
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.db import Store
from workspace.core.permissions import Phase
from workspace.declarations import queries
from workspace.declarations.service import DeclarationService
from workspace.procedure.asked import Switches
from workspace.procedure.models import Means
from workspace.procedure.questions import QuestionService

HERE = "/en/third-forum/declaration"


@dataclass
class Hall:
    """A declaration in adoption with two open amendments, its chair and two delegations."""

    store: Store
    chair: Actor
    alta: Actor
    baja: Actor
    blocks: list[str]

    def get(self, who: Actor | None, path: str) -> str:
        with site.browser(self.store, who) as browser:
            answer = browser.get(f"{HERE}{path}")
            return answer.text if answer.status_code == 200 else str(answer.status_code)

    def post(self, who: Actor | None, path: str, **data: str | list[str]):
        with site.browser(self.store, who) as browser:
            sent = {"csrf": token_of(browser), **data}
            return browser.post(f"{HERE}{path}", data=sent, follow_redirects=False)


@pytest.fixture
def hall(store: Store) -> Hall:
    with store.writing() as db:
        alta, baja, chair = delegate(db, "Town of Alta"), delegate(db, "Town of Baja"), factories.chair(db)
        draft = factories.declaration(db, "Towns share water.", "Towns mend pumps.")
        blocks = [str(row.block_id) for row in queries.head_rows(db, draft)]
        for block, text in zip(blocks, ("Towns share clean water.", "Towns mend all pumps."), strict=True):
            change = Change(ChangeOp.REWORD, block, text=text)
            AmendmentService(db).propose(
                draft.id, base_revision=1, language=EN, changes=[change], reason="So.", actor=alta
            )
        DeclarationService(db).enter(draft, Phase.ADOPTION, actor=OPERATOR)
        QuestionService(db).set_rules(draft, Switches(Means.VOTE, quorum=0), actor=chair)
    return Hall(store, chair, alta, baja, blocks)


def test_a_vote_from_its_opening_to_the_decision_by_the_forms(hall: Hall):
    opened = hall.post(hall.chair, "/questions", means="vote", about="amendment:1")
    assert opened.headers["location"] == f"{HERE}/questions/1"
    assert "Your vote" in hall.get(hall.alta, "/questions/1")
    assert "Your vote" not in hall.get(hall.chair, "/questions/1")

    assert hall.post(hall.alta, "/questions/1/answers", choice="yes").status_code == 303
    assert "You have voted." in hall.get(hall.alta, "/questions/1")
    again = hall.post(hall.alta, "/questions/1/answers", choice="no")
    assert (again.status_code, "a vote is cast once" in again.text) == (422, True)
    assert hall.post(hall.chair, "/questions/1/end", act="close").status_code == 303

    closed = hall.get(hall.chair, "/questions/1")
    assert "1 yes, 0 no, 0 abstentions; 1 yes were needed, and 2 could vote." in closed
    assert "Town of Baja" in closed
    head = closed.split('name="head" value="')[1].split('"')[0]
    assert hall.post(hall.chair, "/questions/1/end", act="decide", head=head, reason="Vote 1.").status_code == 303
    assert "Decision 1 made revision 2." in hall.get(hall.baja, "/questions/1")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"means": "vote", "about": "text", "part": "nowhere"}, "These words are not in the text"),
        ({"means": "vote", "record_date": "2999-01-01"}, "This day has not come yet"),
        ({"means": "silence", "closes": "2001-01-01T00:00"}, "This date has passed"),
        ({"means": "silence"}, "This is needed"),
    ],
)
def test_a_form_that_is_refused_says_why_and_keeps_what_was_written(hall: Hall, data, said):
    answer = hall.post(hall.chair, "/questions", **data)
    assert answer.status_code == 422
    assert "Nothing was saved yet" in answer.text
    assert said in answer.text


def test_having_read_a_silence_is_said_by_a_button_and_an_objection_breaks_it(hall: Hall):
    hall.post(hall.chair, "/questions", means="silence", closes=_soon(), zone="Europe/Madrid")
    assert "I have read it" in hall.get(hall.alta, "/questions/1")
    assert "Who has read the text" not in hall.get(hall.chair, "/questions/1")  # looking at it is not having read it
    assert hall.post(hall.alta, "/questions/1/answers", act="read").status_code == 303
    assert "Town of Alta, Town of Alta’s voice" in hall.get(hall.chair, "/questions/1")
    assert "I have read it" not in hall.get(hall.alta, "/questions/1")
    assert hall.post(hall.alta, "/questions/1/answers", reason="", block="").status_code == 422
    hall.post(hall.alta, "/questions/1/answers", reason="It is not agreed.", block=hall.blocks[1])
    broken = hall.get(hall.chair, "/questions/1")
    assert "The silence is broken: nothing is adopted" in broken
    assert "Broken by Town of Alta, Paragraph 2." in broken


def test_the_plenary_shows_what_the_chair_puts_on_the_table_and_the_vote_on_it(hall: Hall):
    assert "Nothing is on the table" in hall.get(hall.alta, "/plenary")
    hall.post(hall.chair, "/plenary", go="next")
    shown = hall.get(hall.alta, "/plenary")
    assert "1 of 2 open amendments" in shown
    assert all(f'lang="{language}"' in shown for language in ("es", "en", "fr"))
    assert "For the chair" not in shown
    hall.post(hall.chair, "/questions", means="vote", about="amendment:1")
    hall.post(hall.alta, "/questions/1/answers", choice="yes")
    assert "The vote is open: 1 of 2 have voted" in hall.get(hall.baja, "/plenary")
    hall.post(hall.chair, "/plenary", about=f"paragraph:{hall.blocks[1]}")
    assert "Towns mend pumps." in hall.get(hall.baja, "/plenary")
    assert hall.post(hall.alta, "/plenary", go="next").status_code == 404


def test_an_amendment_of_several_paragraphs_stands_beside_all_of_them_in_the_other_languages(store: Store):
    said = (
        {EN: "Towns share water.", ES: "Las ciudades comparten el agua."},
        {EN: "Towns mend pumps.", ES: "Las ciudades reparan las bombas."},
        {EN: "Towns meet.", ES: "Las ciudades se reúnen."},
    )
    with store.writing() as db:
        alta, chair = delegate(db, "Town of Alta"), factories.chair(db)
        draft = factories.declaration(db, *said)
        blocks = [str(row.block_id) for row in queries.head_rows(db, draft)]
        changes = [Change(ChangeOp.REWORD, blocks[at], text=f"Towns do {at}.") for at in (0, 1)]
        AmendmentService(db).propose(draft.id, base_revision=1, language=EN, changes=changes, reason="So.", actor=alta)
        DeclarationService(db).enter(draft, Phase.ADOPTION, actor=OPERATOR)
        QuestionService(db).set_rules(draft, Switches(Means.VOTE, quorum=0), actor=chair)
    hall = Hall(store, chair, alta, alta, blocks)
    hall.post(hall.chair, "/plenary", go="next")
    hall.post(hall.chair, "/questions", means="vote", about="amendment:1")

    for page in (hall.get(hall.alta, "/plenary"), hall.get(hall.alta, "/questions/1")):
        assert re.findall(r'class="passage-name[^>]*>([^<]+)<', page) == ["Paragraph 1", "Paragraph 2"]
        assert page.index("comparten el agua") < page.index("reparan las bombas")
        assert "se reúnen" not in page


def test_the_result_stays_on_the_screen_of_the_plenary_until_the_table_is_cleared(hall: Hall):
    hall.post(hall.chair, "/questions", means="vote", about="amendment:1")
    hall.post(hall.alta, "/questions/1/answers", choice="yes")
    hall.post(hall.chair, "/questions/1/end", act="close")
    shown = hall.get(hall.baja, "/plenary")
    assert "Carried" in shown
    assert "amendment 1" in shown
    hall.post(hall.chair, "/plenary", go="clear")
    assert "Nothing is on the table" in hall.get(hall.baja, "/plenary")


def test_visitors_find_none_of_it_before_the_text_is_adopted(hall: Hall):
    hall.post(hall.chair, "/questions", means="vote", about="text")
    for path in ("/questions", "/questions/1", "/plenary"):
        assert hall.get(None, path) == "404"


def test_the_pages_speak_three_languages_and_ask_the_database_no_more_for_more_questions(hall: Hall):
    counts = []
    for round_ in range(2):
        for _ in range(1 + round_ * 3):
            hall.post(hall.chair, "/questions", means="consensus", about="text")
        with site.browser(hall.store, hall.chair) as browser, site.counted(hall.store) as sent:
            assert browser.get(f"{HERE}/questions").status_code == 200
        counts.append(len(sent))
    assert counts[1] <= counts[0] + 1
    with site.browser(hall.store, hall.chair) as browser:
        for language in ("es", "en", "fr"):
            for path in ("questions", "questions/1", "plenary"):
                assert browser.get(f"/{language}/third-forum/declaration/{path}").status_code == 200


def test_an_observer_sees_the_result_and_the_rules_are_the_chairs(hall: Hall):
    with hall.store.writing() as db:
        observer = factories.person(db, Role.OBSERVER)
    hall.post(hall.chair, "/questions", means="consensus", about="text")
    assert "Adopted: nobody objected" in hall.get(observer, "/questions")
    kept = hall.post(hall.chair, "/questions/rules", means="vote", majority="two_thirds", quorum="66")
    assert kept.status_code == 303
    assert "two thirds" in hall.get(observer, "/questions")
    assert hall.post(observer, "/questions/rules", means="vote").status_code == 404
    assert hall.post(hall.chair, "/questions/rules", means="vote", quorum="many").status_code == 422


def _soon() -> str:
    return (clock.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")


def test_the_chair_weighs_votes_by_a_form_and_the_record_says_what_each_counted(hall: Hall):
    rules = {"means": "vote", "quorum": "0", "one_voice": "yes", "is_weighted": "yes"}
    refused = hall.post(hall.chair, "/questions/rules", **rules)
    assert (refused.status_code, "the weight would tell whose vote it was" in refused.text) == (422, True)
    assert hall.post(hall.chair, "/questions/rules", **rules, is_roll_call="yes").status_code == 303
    page = hall.get(hall.chair, "/questions")
    alta, baja = re.findall(r'name="mandate" value="([^"]+)"', page)
    assert "How often each vote counts" not in hall.get(hall.alta, "/questions")
    assert hall.post(hall.chair, "/questions/weights", mandate=[alta, baja], weight=["3", "0"]).status_code == 422
    assert hall.post(hall.chair, "/questions/weights", mandate=[alta, baja], weight=["3", "1"]).status_code == 303
    assert hall.post(hall.alta, "/questions/weights", mandate=[alta], weight=["9"]).status_code == 404

    hall.post(hall.chair, "/questions", means="vote", about="amendment:1")
    hall.post(hall.alta, "/questions/1/answers", choice="no")
    hall.post(hall.baja, "/questions/1/answers", choice="yes")
    hall.post(hall.chair, "/questions/1/end", act="close")

    closed = hall.get(hall.baja, "/questions/1")
    assert "By weight: 1 yes, 3 no, 0 in abstentions; 3 yes were needed, of 4 votes in all." in closed
    assert "Not carried" in closed


def test_a_separate_vote_leads_to_the_desk_where_a_part_is_taken(hall: Hall):
    hall.post(hall.chair, "/questions", means="vote", about="amendment:1", part="clean")
    hall.post(hall.alta, "/questions/1/answers", choice="yes")
    hall.post(hall.chair, "/questions/1/end", act="close")
    closed = hall.get(hall.chair, "/questions/1")
    assert "Vote 1: amendment 1, some words only" in closed
    assert f'href="{HERE}/desk?text=en#amendment-1"' in closed
    assert "Adopt the amendment" not in closed
    assert "/desk?" not in hall.get(hall.alta, "/questions/1")


def test_my_work_says_what_the_room_waits_for(hall: Hall):
    def awaits(who: Actor, said: str) -> bool:
        with site.browser(hall.store, who) as browser:
            return said in browser.get("/en/third-forum/work").text

    hall.post(hall.chair, "/questions", means="vote", about="amendment:1")
    hall.post(hall.chair, "/questions", means="silence", closes=_soon(), zone="Europe/Madrid")
    reading = "Silence procedure 2 waits for you to read the text"
    assert [awaits(hall.alta, said) for said in ("Vote 1 waits for your voice", reading)] == [True, True]
    assert awaits(hall.chair, "Vote 1 is open: 0 of 2 have voted")
    hall.post(hall.alta, "/questions/2/answers", act="read")
    hall.post(hall.alta, "/questions/1/answers", choice="yes")
    assert [awaits(hall.alta, said) for said in ("Vote 1 waits for your voice", reading)] == [False, False]
    hall.post(hall.chair, "/questions/1/end", act="close")
    assert awaits(hall.chair, "Question 1 has its answer, and waits for your decision")
    assert not awaits(hall.alta, "waits for your decision")


def test_who_has_a_vote_is_told_that_it_waits_and_how_it_ended(hall: Hall):
    hall.post(hall.chair, "/questions", means="vote", about="amendment:1")
    hall.post(hall.chair, "/questions", means="consensus", about="text")
    told = {who: _notices(hall, actor) for who, actor in (("alta", hall.alta), ("chair", hall.chair))}
    assert "Vote 1 is open, and waits for your voice" in told["alta"]
    assert "waits for your voice" not in told["chair"]
    hall.post(hall.chair, "/questions/1/end", act="close")

    assert "Vote 1 is closed. Not carried." in _notices(hall, hall.alta)
    assert "Consensus 2 is on record. Adopted: nobody objected." in _notices(hall, hall.baja)


def _notices(hall: Hall, who: Actor) -> str:
    with site.browser(hall.store, who) as browser:
        return browser.get("/en/notices").text
