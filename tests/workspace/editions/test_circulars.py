"""Circulars and the yearly report: begun from the record, edited, sent to those who take part, kept, and answered."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.support import factories
from tests.support.page import Page
from tests.support.site import token_of
from workspace.accounts.domain.models import Account
from workspace.consultation.models import CommitmentStatus
from workspace.core import clock
from workspace.core.actor import NOBODY, OPERATOR, Role
from workspace.core.outbox import Letter
from workspace.core.security.permissions import Phase
from workspace.core.storage.log import LogEntry
from workspace.declarations.domain.models import Deadline, Stage
from workspace.editions.domain.commitments import CommitmentService, Progress
from workspace.forms.models import AnswerState, FormField, FormKind
from workspace.forms.service import FormAnswerIn, FormIn, FormService
from workspace.letters.rendering import LetterSender, render_letter
from workspace.notices.jobs import WRITTEN_ALREADY
from workspace.notices.models import Notice
from workspace.people.service import PeopleService
from workspace.recommendations.models import RecommendationStatus
from workspace.recommendations.service import RecommendationService, VerbatimStatement
from workspace.sessions.corrections import SessionCorrectionIn, SessionPart
from workspace.sessions.extraction import SessionDetails, SessionFound
from workspace.sessions.service import SessionService

DESK = LetterSender(sender="desk@forum.example", url="https://forum.example")
AT = "/en/third-forum/sessions/circulars"
API = "/api/forums/third-forum/circulars"
WORDS = {f"{field}_{tongue}": f"{field} {tongue}" for field in ("subject", "text") for tongue in ("es", "en", "fr")}


@pytest.fixture
def people(store):
    """A secretary, and a member of a town that kept its promise; both have an address."""
    with store.writing() as db:
        forum, service = factories.forum(db), PeopleService(db)
        factories.declaration(db)
        town = service.add_organisation(forum, name="Villa Clara", actor=OPERATOR)
        office = factories.person(db, Role.SECRETARIAT)
        member = service.add_person(forum, name="M. Ember", role=Role.MEMBER, organisation=town, actor=OPERATOR)
        other = service.add_person(forum, name="C. Olleague", role=Role.MEMBER, organisation=town, actor=OPERATOR)
        for person_id in (office.person_id, member.id, other.id):
            address = f"{person_id.hex[-8:]}@town.example"
            db.add(Account(person_id=person_id, email=address, made_at=clock.now()))
        made = CommitmentService(db).promise(forum, town.id, "To mend.", language="en", due=None, actor=OPERATOR)
        CommitmentService(db).report(made, Progress(CommitmentStatus.KEPT), due=None, actor=OPERATOR)
        return office, member.as_actor(), other.as_actor()


def begun(browser, kind: str) -> str:
    return browser.post(AT, data={"csrf": token_of(browser), "kind": kind}).url.path


@pytest.mark.parametrize(("kind", "known"), [("circular", "Draft Declaration"), ("report", "1")])
def test_a_text_begins_in_three_languages_with_what_the_record_knows_and_is_nobodys_before_it_is_sent(
    visit, people, kind, known
):
    office, member, _ = people
    place = begun(visit(office), kind)
    values = Page(visit(office).get(place)).form("/circulars/1").values
    texts = [values[f"text_{tongue}"].strip() for tongue in ("es", "en", "fr")]
    assert all(known in text for text in texts)
    assert len(set(texts)) == 3
    assert visit(member).get(place).status_code == 404
    assert not Page(visit(member).get(AT)).data("circular")


def test_a_circular_tells_what_is_open_each_date_below_its_declaration_and_how_many_it_reached(visit, store, people):
    with store.writing() as db:
        factories.declaration(db, slug="first", phase=Phase.PUBLISHED)
        made = factories.declaration(db, slug="window")
        times = {"opens_at": None, "zone": "UTC", "set_at": clock.now()}
        for days, stage in ((9, Stage.AMENDMENTS), (12, Stage.REVIEW), (99, Stage.CONSULTATION)):
            ends = clock.now() + timedelta(days=days)
            db.add(Deadline(declaration_id=made.id, stage=stage, closes_at=ends, **times))
    own = visit(people[0])
    place = begun(own, "circular")
    shown = Page(own.get(place))
    lines = shown.form("/circulars/1").values["text_en"].strip().split("\n")
    assert [line.partition("-")[0] for line in lines] == ["", "", "  ", "  ", "  "]
    assert ["eadline" in line for line in lines[2:]] == [True, False, False]
    assert shown.data("reached") == ["3"]
    sent = Page(own.post(place, data={"csrf": token_of(own), **WORDS, "act": "send"}))
    assert (sent.result, "3" in sent.by_id("toast").text) == ("circular.written circular.sent", True)


def test_the_yearly_report_counts_the_answers_to_forms_that_count(visit, store, people):
    office, member, _ = people
    question = FormField(key="say", label={"en": "What?"})
    with store.writing() as db:
        forms, forum = FormService(db), factories.forum(db)
        given = FormIn(title={"en": "Our water"}, opens="2026-01-01T00:00", fields=[question])
        form = forms.make(forum, FormKind.CALL, given, actor=office)
        for _ in range(78):
            aside, _ = forms.answer(form, FormAnswerIn(content={"say": "Pumps."}), actor=member)
        forms.settle(aside, AnswerState.SET_ASIDE, reason="Sent twice.", actor=office)
    own = visit(office)
    text = Page(own.get(begun(own, "report"))).form("/circulars/1").values["text_en"]
    assert re.search(r"[Ff]orms.* 77$", text, re.MULTILINE)


def test_the_yearly_report_counts_what_was_confirmed_in_the_register(visit, store, people):
    with store.writing() as db:
        forum, register = factories.forum(db), RecommendationService(db)
        said = [VerbatimStatement(f"Towns must repair their {what}.", "en") for what in ("wells", "pumps", "pipes")]
        register.submit(forum, said, actor=people[0])
        register.settle(forum, [1, 3], RecommendationStatus.CONFIRMED, actor=people[0])
    own = visit(people[0])
    text = Page(own.get(begun(own, "report"))).form("/circulars/1").values["text_en"]
    assert re.search(r"^- Recommendations: 2$", text, re.MULTILINE)


def test_who_writes_a_circular_reads_how_many_have_no_account_and_so_no_letter(visit, store, people):
    own = visit(people[0])
    place = begun(own, "circular")
    assert Page(own.get(place)).data("unreached") == []
    with store.writing() as db:
        for role in (Role.MEMBER, Role.OBSERVER):
            factories.person(db, role)
    assert Page(own.get(place)).data("unreached") == ["2"]


def test_the_yearly_report_counts_every_session_of_the_programme_however_it_came(visit, store, people):
    with store.writing() as db:
        forum = factories.forum(db)
        service = SessionService(db)
        read, removed = (
            service.add(
                forum, SessionDetails(found=SessionFound(title=title)), language="en", document=None, actor=OPERATOR
            )
            for title in ("Read in a note", "Never was")
        )
        service.divide(read, [SessionPart(title="Its second half")], actor=OPERATOR)
        service.make(forum, SessionCorrectionIn(title="Made by hand"), language="en", actor=OPERATOR)
        service.remove(removed, "A file's name.", actor=OPERATOR)
    own = visit(people[0])
    text = Page(own.get(begun(own, "report"))).form("/circulars/1").values["text_en"]
    assert re.search(r"^- Sessions: 3$", text, re.MULTILINE)


def test_a_circular_tells_which_forms_are_open_and_until_when(visit, store, people):
    question = FormField(key="say", label={"en": "What?"})
    with store.writing() as db:
        forms, forum = FormService(db), factories.forum(db)
        for title, opens, closes in (
            ("Our water", "2026-01-01T00:00", "2199-01-01T00:00"),
            ("Any time", "2026-01-01T00:00", ""),
            ("Draft", "", ""),
        ):
            given = FormIn(title={"en": title}, opens=opens, closes=closes, fields=[question])
            forms.make(forum, FormKind.QUESTIONNAIRE, given, actor=people[0])
    own = visit(people[0])
    text = Page(own.get(begun(own, "circular"))).form("/circulars/1").values["text_en"]
    assert re.search(r"^- Our water: until .*2199", text, re.MULTILINE)
    assert re.search(r"^- Any time: open$", text, re.MULTILINE)
    assert "Draft:" not in text


def test_it_is_edited_sent_once_kept_and_each_organisation_answers_once(visit, store, people):
    office, member, other = people
    own = visit(office)
    place = begun(own, "circular")
    form = {"csrf": token_of(own), **WORDS, "wants_answer": "yes"}
    short = own.post(place, data={**form, "act": "send", "text_fr": " "})
    assert (short.status_code, Page(short).refusal) == (422, "workspace.invalid:not_in_every_language")
    own.post(place, data={**form, "act": "send"})
    with store.reading() as db:
        letters = db.scalars(sa.select(Letter).filter_by(kind="circular_question")).all()
        assert len(letters) == 3
        assert letters[0].facts["title"]["fr"] == "subject fr"
        assert "circular.sent" in set(db.scalars(sa.select(LogEntry.kind)))
    late = own.post(place, data={**form, "act": "save", "text_en": "Other words."})
    assert (late.status_code, Page(late).refusal) == (422, "workspace.invalid:sent_already")
    told = [Page(visit(actor).get("/en/notices")).notices for actor in people]
    assert told == [[], ["asked:circular"], ["asked:circular"]]
    with store.reading() as db:
        assert not set(db.scalars(sa.select(Notice.word))) - WRITTEN_ALREADY

    for actor, said in ((member, "Yes."), (other, "No."), (office, "Seen.")):
        browser = visit(actor)
        shown = Page(browser.get(place))
        assert "text en" in shown.text
        browser.post(place, data={"csrf": token_of(browser), "act": "answer", "answer": said})
    page = Page(own.get(place))
    assert page.data("answers") == ["2"]
    assert page.quotes == ["No.", "Seen."]
    assert Page(visit(member).get(place)).quotes == []
    assert visit(NOBODY).get(place).status_code == 404
    assert visit(NOBODY).get(AT).status_code == 404


def test_one_that_was_begun_can_be_thrown_away_until_it_is_sent(visit, people):
    own = visit(people[0])
    place, second = begun(own, "report"), begun(own, "circular")
    gone = own.post(place, data={"csrf": token_of(own), "act": "discard"})
    assert (gone.url.path, Page(gone).data("circular")) == (AT, ["2"])
    own.post(second, data={"csrf": token_of(own), **WORDS, "act": "send"})
    assert own.post(second, data={"csrf": token_of(own), "act": "discard"}).status_code == 422
    assert Page(visit(people[1]).get(AT)).data("circular") == ["2"]


def test_the_letter_has_the_whole_circular_line_by_line(visit, store, people):
    own = visit(people[0])
    place = begun(own, "circular")
    text = "Dear **members**,\n\n" + "The towns meet in May. " * 30 + "\n- Register by 1 April.\n  - Bring your pumps."
    long = {f"text_{tongue}": text for tongue in ("es", "en", "fr")}
    own.post(place, data={"csrf": token_of(own), **WORDS, **long, "act": "send"})
    with store.reading() as db:
        message = render_letter(db.scalars(sa.select(Letter).filter_by(kind="circular")).first(), DESK, now=clock.now())
    plain, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert plain.count("meet") == html.count("The towns meet in May.") == 30
    assert "\n- Register by 1 April.\n  - Bring your pumps.\n" in plain
    assert "<strong>members</strong>" in html
    assert "<ul>\n<li>Register by 1 April.\n<ul>\n<li>Bring your pumps.</li>" in html


def test_the_letter_of_one_that_asks_for_an_answer_says_so(visit, store, people):
    own = visit(people[0])
    for asked in ({}, {"wants_answer": "yes"}):
        own.post(begun(own, "circular"), data={"csrf": token_of(own), **WORDS, **asked, "act": "send"})
    with store.reading() as db:
        letters = db.scalars(sa.select(Letter).where(Letter.kind.startswith("circular")).order_by(Letter.id)).all()
        plain = [render_letter(one, DESK, now=clock.now()).get_body(("plain",)).get_content() for one in letters]
    links = [re.search(r"^(.+):?\s+http\S+/circulars/(\d)$", text, re.MULTILINE) for text in plain]
    assert len({(link[1], link[2]) for link in links}) == len({link[1] for link in links}) == 2


def test_who_takes_part_neither_writes_nor_sends(visit, people):
    office, member, _ = people
    place = begun(visit(office), "circular")
    browser = visit(member)
    form = {"csrf": token_of(browser), **WORDS}
    assert browser.post(AT, data={**form, "kind": "circular"}).status_code == 404
    assert [browser.post(place, data={**form, "act": act}).status_code for act in ("save", "send")] == [404, 404]


def test_programs_do_the_same(house):
    office, member = house[Role.SECRETARIAT], house[Role.MEMBER]
    made = office.post(f"{API.removeprefix('/api')}", {"kind": "report"}).json()
    at = f"{API.removeprefix('/api')}/{made['number']}"
    words = {"es": "Uno", "en": "One", "fr": "Un"}
    office.post(f"{at}/text", {"subject": words, "text": words, "wants_answer": True})
    assert office.post(f"{at}/sending").json()["sent_at"]
    assert member.post(f"{at}/answers", {"text": "Yes."}).status_code == 201
    [listed] = member.get(API.removeprefix("/api")).json()["items"]
    assert (listed["subject"], listed["answers"]) == (words, [])
    assert [each["text"] for each in office.get(API.removeprefix("/api")).json()["items"][0]["answers"]] == ["Yes."]
