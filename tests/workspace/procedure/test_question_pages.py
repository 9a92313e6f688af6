"""The pages of votes, silence and the plenary, in the hands of the chair, of delegates and of visitors."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest

from drafts.diff.amendments import Change, ChangeOp
from tests.support import factories, site
from tests.support.factories import EN, ES
from tests.support.page import Page
from tests.support.questions import delegate, settle
from tests.support.site import token_of
from workspace.amendments.service import AmendmentService
from workspace.core import clock
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Store
from workspace.declarations.domain import queries
from workspace.declarations.domain.service import DeclarationService
from workspace.procedure.models import Means
from workspace.procedure.service import QuestionService
from workspace.procedure.store import VotingRules

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

    def page(self, who: Actor | None, path: str) -> Page:
        return Page(self.get(who, path))

    def post(self, who: Actor | None, path: str, **data: str | list[str]):
        with site.browser(self.store, who) as browser:
            sent = {"csrf": token_of(browser), **data}
            return browser.post(f"{HERE}{path}", data=sent, follow_redirects=False)

    def awaited(self, who: Actor) -> list[str]:
        """The questions that somebody's work names."""
        with site.browser(self.store, who) as browser:
            links = Page(browser.get("/en/third-forum/work")).links
        return [link.rpartition("/")[2] for link in links if "/questions/" in link]

    def settle(self) -> None:
        with self.store.writing() as db:
            settle(db, DeclarationService(db).at(factories.forum(db), "declaration").id, self.chair)


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
        QuestionService(db).set_rules(draft, VotingRules(Means.VOTE, quorum=0), actor=chair)
    return Hall(store, chair, alta, baja, blocks)


def test_a_vote_from_its_opening_to_the_decision_by_the_forms(hall: Hall):
    opened = hall.post(hall.chair, "/questions", means="vote", about="amendment:1")
    assert opened.headers["location"] == f"{HERE}/questions/1"
    assert hall.page(hall.alta, "/questions/1").has_field("choice")
    assert not hall.page(hall.chair, "/questions/1").has_field("choice")

    assert hall.post(hall.alta, "/questions/1/answers", choice="yes").status_code == 303
    assert "voted" in hall.page(hall.alta, "/questions/1").data("about")
    again = hall.post(hall.alta, "/questions/1/answers", choice="no")
    assert (again.status_code, Page(again).refusal) == (422, "workspace.invalid:voted_already")
    assert hall.post(hall.chair, "/questions/1/end", act="close").status_code == 303

    closed = hall.page(hall.chair, "/questions/1")
    assert closed.state == "carried"
    assert tally(closed) == ["1", "0", "0", "1", "2"]
    head = closed.form("/questions/1/end", act="decide").values["head"]
    assert hall.post(hall.chair, "/questions/1/end", act="decide", head=head, reason="Vote 1.").status_code == 303
    assert f"{HERE}?revision=2" in hall.page(hall.baja, "/questions/1").links

    undoing = hall.page(hall.chair, "/amendments/1?undo=1").form("/undoing").action.removeprefix(HERE)
    assert hall.post(hall.chair, undoing, reason="The wrong one.").status_code == 303
    undone = hall.page(hall.baja, "/questions/1")
    assert (undone.data("undone"), undone.quotes) == (["1"], ["The wrong one."])
    assert hall.awaited(hall.chair) == ["1"]
    head = hall.page(hall.chair, "/questions/1").form("/questions/1/end", act="decide").values["head"]
    assert hall.post(hall.chair, "/questions/1/end", act="decide", head=head, reason="Vote 1.").status_code == 303
    again = hall.page(hall.baja, "/questions/1")
    assert not again.data("undone")
    assert f"{HERE}?revision=4" in again.links


def test_a_vote_on_an_amendment_that_is_written_anew_is_overtaken(hall: Hall):
    hall.post(hall.chair, "/questions", means="vote", about="amendment:1")
    with hall.store.writing() as db:
        service = AmendmentService(db)
        amendment = service.numbered(DeclarationService(db).at(factories.forum(db), "declaration"), 1, actor=hall.alta)
        change = Change(ChangeOp.REWORD, hall.blocks[0], text="Towns sell water.")
        service.revise(amendment.id, [change], actor=hall.alta)
    assert hall.page(hall.chair, "/questions/1").state == "overtaken"


@pytest.mark.parametrize(
    ("data", "field", "reason"),
    [
        ({"means": "vote", "about": "text", "part": "nowhere"}, "part", "not_in_the_text"),
        ({"means": "vote", "about": "text", "record_date": "2999-01-01"}, "record_date", "not_come_yet"),
        ({"means": "silence", "closes": "2001-01-01T00:00"}, "closes", "in_the_past"),
        ({"means": "silence"}, "closes", "empty"),
    ],
)
def test_a_form_that_is_refused_says_why_and_keeps_what_was_written(hall: Hall, data, field, reason):
    hall.settle()
    answer = hall.post(hall.chair, "/questions", **data)
    assert answer.status_code == 422
    shown = Page(answer).field(field)
    assert (shown.error, shown.value.strip()) == (f"workspace.invalid:{reason}", data.get(field, ""))


def test_having_read_a_silence_is_said_by_a_button_and_an_objection_breaks_it(hall: Hall):
    hall.settle()
    hall.post(hall.chair, "/questions", means="silence", closes=_soon(), zone="Europe/Madrid")
    assert hall.page(hall.alta, "/questions/1").offers("/answers", act="read")
    assert not hall.page(hall.chair, "/questions/1").data("receipt")  # looking at it is not having read it
    assert hall.post(hall.alta, "/questions/1/answers", act="read").status_code == 303
    assert hall.page(hall.chair, "/questions/1").text_of("receipt") == "Town of Alta, Town of Alta’s voice"
    assert not hall.page(hall.alta, "/questions/1").offers("/answers", act="read")
    assert hall.post(hall.alta, "/questions/1/answers", reason="", block="").status_code == 422
    hall.post(hall.alta, "/questions/1/answers", reason="It is not agreed.", block=hall.blocks[1])
    broken = hall.page(hall.chair, "/questions/1")
    assert broken.state == "broken"
    assert broken.text_of("broken-by").endswith("Town of Alta, Paragraph 2.")
    assert broken.quotes == ["It is not agreed."]


def test_the_plenary_shows_what_the_chair_puts_on_the_table_and_the_vote_on_it(hall: Hall):
    assert hall.page(hall.alta, "/plenary").state == "clear"
    hall.post(hall.chair, "/plenary", go="next")
    shown = hall.page(hall.alta, "/plenary")
    assert (shown.data("place"), shown.data("total")) == (["1"], ["2"])
    assert {"es", "en", "fr"} <= set(shown.root.xpath("//main//@lang"))
    assert not shown.offers("/plenary")
    assert hall.page(hall.chair, "/plenary").offers("/plenary")
    hall.post(hall.chair, "/questions", means="vote", about="amendment:1")
    hall.post(hall.alta, "/questions/1/answers", choice="yes")
    assert hall.page(hall.baja, "/plenary").data("cast") == ["1"]
    hall.post(hall.chair, "/plenary", about=f"paragraph:{hall.blocks[1]}")
    assert hall.page(hall.baja, "/plenary").root.xpath("//*[@lang='en']//text()[.='Towns mend pumps.']")
    assert hall.post(hall.alta, "/plenary", go="next").status_code == 404


def test_two_who_see_the_same_on_the_table_and_go_on_take_one_step(hall: Hall):
    for place in ("1", "2"):
        [since] = hall.page(hall.chair, "/plenary").root.xpath("//input[@name='since'][@form='steps']/@value")
        for _ in range(2):
            assert hall.post(hall.chair, "/plenary", go="next", since=since).status_code == 303
            assert hall.page(hall.alta, "/plenary").data("place") == [place]


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
        QuestionService(db).set_rules(draft, VotingRules(Means.VOTE, quorum=0), actor=chair)
    hall = Hall(store, chair, alta, alta, blocks)
    hall.post(hall.chair, "/plenary", go="next")
    hall.post(hall.chair, "/questions", means="vote", about="amendment:1")

    asked = hall.get(hall.alta, "/questions/1")
    assert re.findall(r'class="passage-name[^>]*>([^<]+)<', asked) == ["Paragraph 1", "Paragraph 2"]
    for page in (hall.get(hall.alta, "/plenary"), asked):
        assert page.index("comparten el agua") < page.index("reparan las bombas")
        assert "se reúnen" not in page


def test_the_result_stays_on_the_screen_of_the_plenary_until_the_table_is_cleared(hall: Hall):
    hall.post(hall.chair, "/questions", means="vote", about="amendment:1")
    hall.post(hall.alta, "/questions/1/answers", choice="yes")
    hall.post(hall.chair, "/questions/1/end", act="close")
    shown = hall.page(hall.baja, "/plenary")
    assert "carried" in shown.data("state")
    assert shown.links_to("/questions/1")
    hall.post(hall.chair, "/plenary", go="clear")
    assert hall.page(hall.baja, "/plenary").state == "clear"


def test_visitors_find_none_of_it_before_the_text_is_adopted(hall: Hall):
    hall.post(hall.chair, "/questions", means="vote", about="text")
    for path in ("/questions", "/questions/1", "/plenary"):
        assert hall.get(None, path) == "404"


def test_the_pages_speak_three_languages_and_ask_the_database_no_more_for_more_questions(hall: Hall):
    counts = []
    for round_ in range(2):
        for _ in range(1 + round_ * 3):
            hall.post(hall.chair, "/questions", means="consensus", about=f"paragraph:{hall.blocks[0]}")
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
    hall.post(hall.chair, "/questions", means="consensus", about=f"paragraph:{hall.blocks[0]}")
    assert hall.page(observer, "/questions").data("state") == ["adopted"]
    kept = hall.post(hall.chair, "/questions/rules", means="vote", majority="two_thirds", quorum="66")
    assert kept.status_code == 303
    assert hall.page(observer, "/questions").data("majority") == ["two_thirds"]
    assert hall.post(observer, "/questions/rules", means="vote").status_code == 404
    assert hall.post(hall.chair, "/questions/rules", means="vote", quorum="many").status_code == 422


def _soon() -> str:
    return (clock.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")


def test_the_chair_weighs_votes_by_a_form_and_the_record_says_what_each_counted(hall: Hall):
    rules = {"means": "vote", "quorum": "0", "one_voice": "yes", "is_weighted": "yes"}
    refused = hall.post(hall.chair, "/questions/rules", **rules)
    assert (refused.status_code, Page(refused).refusal) == (422, "workspace.invalid:secret_by_weight")
    assert hall.post(hall.chair, "/questions/rules", **rules, is_roll_call="yes").status_code == 303
    assert not hall.page(hall.chair, "/questions").offers("/questions/weights")
    page = hall.get(hall.chair, "/questions/rules")
    alta, baja = re.findall(r'name="mandate" value="([^"]+)"', page)
    assert Page(page).offers("/questions/weights")
    assert not hall.page(hall.alta, "/questions/rules").offers("/questions/weights")
    assert hall.post(hall.chair, "/questions/weights", mandate=[alta, baja], weight=["3", "0"]).status_code == 422
    assert hall.post(hall.chair, "/questions/weights", mandate=[alta, baja], weight=["3", "1"]).status_code == 303
    assert hall.post(hall.alta, "/questions/weights", mandate=[alta], weight=["9"]).status_code == 404

    hall.post(hall.chair, "/questions", means="vote", about="amendment:1")
    hall.post(hall.alta, "/questions/1/answers", choice="no")
    hall.post(hall.baja, "/questions/1/answers", choice="yes")
    hall.post(hall.chair, "/questions/1/end", act="close")

    closed = hall.page(hall.baja, "/questions/1")
    assert tally(closed) == ["1", "3", "0", "3", "4"]
    assert closed.state == "lost"


def test_a_separate_vote_leads_to_the_desk_where_a_part_is_taken(hall: Hall):
    hall.post(hall.chair, "/questions", means="vote", about="amendment:1", part="clean")
    hall.post(hall.alta, "/questions/1/answers", choice="yes")
    hall.post(hall.chair, "/questions/1/end", act="close")
    closed = hall.page(hall.chair, "/questions/1")
    assert f"{HERE}/desk?amendment=1#amendment-1" in closed.links
    assert not closed.offers("/questions/1/end", act="decide")
    assert "/desk?" not in hall.get(hall.alta, "/questions/1")


def test_my_work_says_what_the_room_waits_for(hall: Hall):
    hall.post(hall.chair, "/questions", means="vote", about="amendment:1")
    assert (hall.awaited(hall.alta), hall.awaited(hall.chair)) == (["1"], ["1"])
    hall.post(hall.alta, "/questions/1/answers", choice="yes")
    hall.post(hall.chair, "/questions/1/end", act="close")
    assert (hall.awaited(hall.alta), hall.awaited(hall.chair)) == ([], ["1"])
    hall.settle()
    hall.post(hall.chair, "/questions", means="vote", about="text")
    hall.post(hall.chair, "/questions", means="silence", closes=_soon(), zone="Europe/Madrid")
    assert (hall.awaited(hall.alta), hall.awaited(hall.chair)) == (["3", "2"], ["2"])
    hall.post(hall.alta, "/questions/3/answers", act="read")
    hall.post(hall.alta, "/questions/2/answers", choice="yes")
    assert hall.awaited(hall.alta) == []


def test_who_has_a_vote_is_told_that_it_waits_and_how_it_ended(hall: Hall):
    hall.post(hall.chair, "/questions", means="vote", about="amendment:1")
    hall.post(hall.chair, "/questions", means="consensus", about=f"paragraph:{hall.blocks[0]}")
    assert _notices(hall, hall.alta)[:2] == ["ended", "question"]
    assert "question" not in _notices(hall, hall.chair)
    hall.post(hall.chair, "/questions/1/end", act="close")

    for member in (hall.alta, hall.baja):
        assert _notices(hall, member)[:3] == ["ended", "ended", "question"]


def tally(page: Page) -> list[str]:
    """Yes, no and abstentions of a closed vote, how many yes were needed, and how many votes there were in all."""
    return [*page.data("count"), *page.data("needed"), *page.data("eligible")]


def _notices(hall: Hall, who: Actor) -> list[str]:
    with site.browser(hall.store, who) as browser:
        return Page(browser.get("/en/notices")).notices


def test_consensus_names_what_stops_it_and_what_it_entails_before_it_is_asked_for(hall: Hall):
    with hall.store.writing() as db:
        second = factories.person(db, Role.SECRETARIAT)
    nothing = hall.post(hall.chair, "/questions", means="consensus", about="")
    assert (nothing.status_code, Page(nothing).refusal) == (422, "workspace.invalid:empty")
    before = hall.page(hall.chair, "/questions")
    assert before.data("stops")
    assert not before.forms_to("/questions", means="consensus", about="text")
    assert "text" not in before.forms_to("/questions", means="consensus")[0].options("about")
    hall.settle()
    assert hall.page(hall.chair, "/questions").offers("/questions", means="consensus", about="text")
    assert hall.post(hall.chair, "/questions", means="consensus", about="text").status_code == 303

    asked = hall.page(hall.chair, "/questions/1")
    assert asked.data("waits") == ["consensus"]
    assert asked.offers("/questions/1/end", act="withdraw")
    assert not asked.offers("/questions/1/end", act="confirm")
    with site.browser(hall.store, second) as browser:
        assert Page(browser.get("/en/third-forum/work")).links_to("/questions/1")
        assert "asked:consensus" in Page(browser.get("/en/notices")).notices
    assert hall.page(second, "/questions/1").offers("/questions/1/end", act="confirm")
    assert hall.post(second, "/questions/1/end", act="confirm").status_code == 303

    phase = hall.page(hall.chair, "/phase")
    assert phase.data("adopted") == ["1"]
    assert phase.links_to("/questions/1")
    hall.post(hall.chair, "/questions/1/end", act="take_back", reason="Baja did object.")
    back = hall.page(hall.alta, "/questions/1")
    assert (back.state, back.quotes) == ("taken_back", ["Baja did object."])
    assert not hall.page(hall.chair, "/phase").data("adopted")
    assert _notices(hall, hall.alta)[:2] == ["ended", "ended"]


def test_closing_a_vote_without_a_quorum_says_so_first(hall: Hall):
    hall.post(hall.chair, "/questions/rules", means="vote", quorum="60", is_roll_call="yes", one_voice="yes")
    hall.post(hall.chair, "/questions", means="vote", about="amendment:1")
    assert hall.page(hall.chair, "/questions/1").data("lacks-quorum")
    refused = hall.post(hall.chair, "/questions/1/end", act="close")
    assert (refused.status_code, Page(refused).field("sure").error) == (422, "workspace.invalid:not_sure")
    for voter in (hall.alta, hall.baja):
        hall.post(voter, "/questions/1/answers", choice="yes")
    assert not hall.page(hall.chair, "/questions/1").data("lacks-quorum")
    assert hall.post(hall.chair, "/questions/1/end", act="close").status_code == 303
    hall.post(hall.chair, "/questions", means="vote", about="amendment:2")
    assert hall.post(hall.chair, "/questions/2/end", act="close", sure="yes").status_code == 303
    assert hall.page(hall.chair, "/questions/2").state == "no_quorum"
