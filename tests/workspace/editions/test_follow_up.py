"""What organisations promised for a published paragraph: beside it for everybody, reported on, and asked for yearly."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from tests.support import factories
from tests.support.page import Page
from tests.support.site import token_of
from workspace.consultation.models import Commitment
from workspace.core import clock
from workspace.core.actor import NOBODY, OPERATOR, Role
from workspace.editions.domain.commitments import EVERY, remind_of_commitments
from workspace.notices.models import Notice, NoticeKind
from workspace.people.models import Forum, Organisation
from workspace.people.service import PeopleService

AT = "/en/third-forum/sessions/commitments"


@pytest.fixture
def published(hall):
    """A declaration that is out, and a town with its focal point."""
    hall = hall("Towns shall share water.", "Towns shall plant trees.")
    hall.request()
    hall.publish()
    with hall.store.writing() as db:
        service, forum = PeopleService(db), factories.forum(db)
        town = service.add_organisation(forum, name="Villa Clara", actor=OPERATOR)
        made = service.add_person(
            forum, name="F. Ocal", role=Role.MEMBER, organisation=town, is_steward=True, actor=OPERATOR
        )
        hall.town, hall.steward = town.id, made.as_actor()
    return hall


def promise(hall, browser, **fields):
    form = {"organisation": str(hall.town), "text": "To mend pumps.", "language": "en", "due": ""} | fields
    return browser.post(AT, data={"csrf": token_of(browser), **form})


def commitment(hall):
    with hall.store.reading() as db:
        return db.scalars(sa.select(Commitment)).one().id


def test_a_commitment_stands_beside_its_published_paragraph_for_everybody_with_its_state(published, visit):
    own, block = visit(published.steward), published.block(1)
    place = f"/en/third-forum/declaration/editions/1/paragraphs/{block}"
    [form] = Page(own.get(f"{AT}?paragraph={block}")).forms_to("/commitments")
    assert form.values["paragraph"] == str(block)
    promise(published, own, paragraph=str(block))
    sent = {"csrf": token_of(own), "status": "under_way", "note": "Two of ten.", "reported_on": "2026-06-30"}
    link = "https://villa.example/pumps"
    own.post(
        f"{AT}/{commitment(published)}",
        data={**sent, "link": link, "due": "2027-01-31"},
        files={"file": ("../Pumps é.html", b"<script>1</script>", "text/html")},
    )
    anybody = visit(NOBODY)
    paragraph = Page(anybody.get(place))
    assert paragraph.data("report") == ["2026-06-30"]
    assert link in paragraph.links
    assert [each for each in paragraph.links if "/reports/1" in each]
    own.post(f"{AT}/{commitment(published)}", data={**sent, "status": "kept", "note": "All ten.", "due": ""})

    assert Page(anybody.get(place)).data("promise") == ["kept"]
    edition = Page(anybody.get("/en/third-forum/declaration/editions/1"))
    assert [row.data("promise") for row in edition.rows("cause-of")] == [[], ["kept"]]
    [beside] = edition.rows("promised-for")  # outside the fold
    assert beside.root.get("data-promised-for") == str(block)
    assert beside.links == [f"{place}#promised-h"]
    assert not beside.root.xpath("ancestor::details")
    register = Page(anybody.get(AT))
    assert register.data("report") == ["2026-06-30"] * 2
    assert link in register.links
    assert place in register.links
    [file] = [each for each in register.links if "/reports/1" in each]
    evidence = anybody.get(file)
    assert evidence.content == b"<script>1</script>"
    assert evidence.headers["content-disposition"].startswith("attachment")
    assert evidence.headers["content-type"] == "application/octet-stream"
    assert "sandbox" in evidence.headers["content-security-policy"]


def test_whoever_may_not_report_for_their_organisation_reads_who_does(published, visit):
    promise(published, visit(published.steward))
    with published.store.writing() as db:
        town = db.get_one(Organisation, published.town)
        people, forum = PeopleService(db), factories.forum(db)
        member = people.add_person(forum, name="M. Ember", role=Role.MEMBER, organisation=town, actor=OPERATOR)
        shown = [visit(actor) for actor in (member.as_actor(), published.steward, NOBODY)]
    assert [bool(Page(browser.get(AT)).data("reporters")) for browser in shown] == [True, False, False]


def test_the_register_is_taken_as_csv_as_a_workbook_and_as_json(published, visit):
    office = visit(published.secretary)
    promise(published, office, paragraph=str(published.block(1)), text="=1+1 pumps")
    report = {"csrf": token_of(office), "status": "kept", "note": "Done.", "reported_on": "2026-06-30", "due": ""}
    office.post(f"{AT}/{commitment(published)}", data=report)

    anybody = visit(NOBODY)
    [row] = anybody.get(f"{AT}/files/json").json()
    assert (row["text"], row["organisation"], row["reported_on"]) == ("=1+1 pumps", "Villa Clara", "2026-06-30")
    assert row["declaration"] == "Draft Declaration"
    assert "2" in row["paragraph"]
    [own] = row["reports"]
    assert (row["status"], own["status"], own["note"]) == ("kept", "kept", "Done.")
    assert "'=1+1 pumps" in anybody.get(f"{AT}/files/csv").content.decode("utf-8-sig")
    sheet = load_workbook(BytesIO(anybody.get(f"/es{AT.removeprefix('/en')}/files/xlsx").content)).active
    assert [cell.value for cell in sheet[2]][1:3] == ["Villa Clara", "=1+1 pumps"]
    assert anybody.get("/api/forums/third-forum/commitments/files/json").json()[0]["status"] == "kept"
    [row] = anybody.get(f"/es{AT.removeprefix('/en')}/files/json").json()
    assert (row["status"], row["reports"][0]["status"]) == ("kept", "kept")
    assert anybody.get(f"{AT}/files/exe").status_code == 404


def test_a_report_of_an_earlier_day_that_comes_later_leaves_what_was_said_since(published, visit):
    promise(published, visit(published.secretary))
    office = visit(published.secretary)
    office.get(AT)
    said = [("kept", "All ten.", "2026-06-30"), ("under_way", "Two of ten.", "2026-03-31")]
    for status, note, day in said:
        report = {"csrf": token_of(office), "status": status, "note": note, "reported_on": day, "due": ""}
        office.post(f"{AT}/{commitment(published)}", data=report)
    [row] = office.get(f"{AT}/files/json").json()
    assert [row[name] for name in ("status", "note", "reported_on")] == list(said[0])
    assert Page(office.get(AT)).data("report") == ["2026-06-30", "2026-03-31"]


def test_the_log_says_of_which_commitment_the_due_day_changed_from_when_to_when(published, visit):
    office = visit(published.secretary)
    promise(published, office, due="2027-01-31")
    report = {"csrf": token_of(office), "status": "under_way", "note": "", "reported_on": "2026-06-30"}
    for due in ("2027-01-31", "2028-06-30", ""):
        office.post(f"{AT}/{commitment(published)}", data={**report, "due": due})
    told = [row.text for row in Page(office.get("/en/third-forum/log")).rows("log", "commitment.due_changed")]
    assert [[day for day in ("31 January 2027", "30 June 2028") if day in said] for said in told] == [
        ["30 June 2028"],
        ["31 January 2027", "30 June 2028"],
    ]


@pytest.mark.parametrize(
    "wrong", [{"link": "javascript:alert(1)"}, {"reported_on": "2999-01-01"}, {"due": "soon"}, {"status": "done"}]
)
def test_a_report_that_cannot_be_kept_stays_in_its_form_and_changes_nothing(published, visit, wrong):
    own = visit(published.steward)
    promise(published, own)
    form = {"csrf": token_of(own), "status": "kept", "note": "All ten.", "reported_on": "2026-06-30", "due": ""}
    answer = own.post(f"{AT}/{commitment(published)}", data=form | wrong)
    assert answer.status_code == 422
    page = Page(answer)
    assert page.refusals
    assert page.form(str(commitment(published))).values["note"].strip() == "All ten."
    assert page.data("report") == []


def test_no_commitment_is_tied_to_a_paragraph_that_is_not_published_or_of_another_forum(published, visit):
    with published.store.writing() as db:
        draft = factories.declaration(db, slug="draft")
        [row] = db.execute(sa.text("select id from block where declaration_id = :id"), {"id": draft.id.hex}).all()
    office = visit(published.secretary)
    answer = promise(published, office, paragraph=str(row.id))
    assert answer.status_code == 404
    promise(published, office)
    tied = {"csrf": token_of(office), "commitment": str(commitment(published))}
    assert office.post(f"{AT}/paragraphs", data={**tied, "paragraph": str(row.id)}).status_code == 404
    office.post(f"{AT}/paragraphs", data={**tied, "paragraph": str(published.block(0))})
    place = f"/en/third-forum/declaration/editions/1/paragraphs/{published.block(0)}"
    assert Page(visit(NOBODY).get(place)).data("promise") == ["promised"]


def test_who_promised_is_asked_for_a_report_once_a_year_while_the_commitment_is_open(published, visit):
    promise(published, visit(published.secretary))
    year = clock.now() + EVERY + timedelta(minutes=1)

    def asked():
        with published.store.reading() as db:
            rows = db.scalars(sa.select(Notice).filter_by(kind=NoticeKind.ASKED, word="commitment"))
            return [row.person_id for row in rows]

    with published.store.writing() as db:
        assert remind_of_commitments(db, year - timedelta(days=1)) == 0
        assert remind_of_commitments(db, year) == 1
        assert remind_of_commitments(db, year + timedelta(days=300)) == 0
    assert asked() == [published.steward.person_id]
    own = visit(published.steward)
    page = Page(own.get("/en/notices"))
    assert "asked:commitment" in page.notices
    form = {"csrf": token_of(own), "status": "kept", "note": "", "reported_on": "", "due": ""}
    own.post(f"{AT}/{commitment(published)}", data=form)
    with published.store.writing() as db:
        assert remind_of_commitments(db, year + EVERY * 3) == 0


def chosen(browser, month):
    browser.get(AT)
    return browser.post(f"{AT}/reminder", data={"csrf": token_of(browser), "month": month}).status_code


def test_when_reports_are_asked_for_is_chosen_and_told_to_those_who_report(published, visit):
    office, own = visit(published.secretary), visit(published.steward)
    promise(published, own)
    today = clock.now().date()

    def told(browser):
        return Page(browser.get(AT)).data("reminder")

    assert told(own) == told(office) == [(clock.now() + EVERY).date().isoformat()]
    assert told(visit(NOBODY)) == []
    assert chosen(office, "3") == 200
    [day] = map(date.fromisoformat, told(own))
    assert (day.month, day.day) == (3, 1)
    assert timedelta(days=90) <= day - today <= timedelta(days=456)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    with published.store.writing() as db:
        assert remind_of_commitments(db, noon - timedelta(days=1)) == 0
        assert remind_of_commitments(db, noon) == 1
        assert remind_of_commitments(db, noon + timedelta(days=300)) == 0
    [listed] = own.get("/api/forums/third-forum/commitments").json()["items"]
    assert listed["next_reminder"] >= day.isoformat()
    assert chosen(office, "0") == 200
    assert told(own) == told(office) == []
    with published.store.writing() as db:
        assert remind_of_commitments(db, noon + EVERY * 3) == 0
    assert chosen(office, "") == 200
    assert told(own) != []


def test_who_does_not_keep_the_register_chooses_no_reminder(published, visit):
    for who in (published.steward, NOBODY):
        browser = visit(who)
        assert not Page(browser.get(AT)).forms_to("/reminder")
        assert chosen(browser, "3") in {403, 404}


def test_the_note_of_a_report_has_its_language_wherever_it_is_shown(published, visit):
    own, block = visit(published.steward), published.block(1)
    promise(published, own, paragraph=str(block))
    sent = {"csrf": token_of(own), "status": "kept", "note": "Las diez.", "reported_on": "", "due": ""}
    own.post(f"{AT}/{commitment(published)}", data={**sent, "language": "es"})
    for path in (AT, f"/en/third-forum/declaration/editions/1/paragraphs/{block}"):
        [note] = Page(visit(NOBODY).get(path)).root.xpath("//*[text()='Las diez.']")
        assert note.get("lang") == "es"
    own.post(f"{AT}/{commitment(published)}", data={**sent, "note": "All ten."})
    [told] = own.get("/api/forums/third-forum/commitments").json()["items"]
    assert [report["language"] for report in told["reports"]] == ["es", "en"]


def test_where_nobody_speaks_for_it_the_secretariat_and_the_chair_are_asked(published):
    with published.store.writing() as db:
        forum = db.scalars(sa.select(Forum)).one()
        other = Organisation(network_id=forum.network_id, name="Alto")
        db.add(other)
        db.flush()
        made = Commitment(forum_id=forum.id, number=1, organisation_id=other.id, text="To plant.", language="en")
        made.made_at, made.due = clock.now() - EVERY, date(2030, 1, 1)
        db.add(made)
        db.flush()
        assert remind_of_commitments(db, clock.now()) == 1
        asked = set(db.scalars(sa.select(Notice.person_id).filter_by(word="commitment")))
    assert asked == {published.secretary.person_id, published.chair.person_id}


def test_projects_are_entered_and_changed_by_hand_with_dates_state_and_partners(published, visit):
    office, at = visit(published.secretary), "/en/third-forum/sessions/projects"
    form = {"csrf": token_of(office), "title": "Shared pumps", "promoter": "", "language": "en", "state": "under_way"}
    form |= {"starts_on": "2026-03-01", "ends_on": "2027-03-01", "actions": "Count\n\nMend", "interested": "Alto\nBajo"}
    wrong = office.post(at, data=form | {"ends_on": "2025-01-01"})
    assert (wrong.status_code, Page(wrong).field("title").value) == (422, "Shared pumps")
    office.post(at, data=form)
    [made] = visit(NOBODY).get("/api/forums/third-forum/projects").json()["items"]
    assert (made["state"], made["starts_on"], made["ends_on"]) == ("under_way", "2026-03-01", "2027-03-01")
    assert (made["actions"], made["interested"]) == (["Count", "Mend"], ["Alto", "Bajo"])
    change = {**form, "csrf": token_of(office), "state": "done", "title": "Shared wells"}
    office.post(f"{at}/{made['id']}/fields", data=change)
    page = Page(visit(NOBODY).get(at))
    assert page.data("state") == ["done"]
    assert "Shared wells" in page.text
    assert visit(published.steward).post(at, data={**form, "csrf": "x"}).status_code in {403, 404}
