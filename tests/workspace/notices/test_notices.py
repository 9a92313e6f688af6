"""Being told of what one follows: who is told, of what, in which words, and what nobody is told of."""

import re
from datetime import timedelta
from uuid import UUID

import pytest

from drafts.text.blocks import Language
from tests.support import factories, site
from tests.workspace.amendments.browsing import DRAFT, browsing
from workspace.approvals.models import Matter
from workspace.core.actor import Role
from workspace.core.clock import now
from workspace.core.events import PersonErased, TaskGiven, publish
from workspace.core.security.permissions import Phase
from workspace.declarations.domain.calendar import CalendarService
from workspace.declarations.domain.models import Stage
from workspace.declarations.domain.phase_changes import PhaseService
from workspace.declarations.domain.service import DeclarationService
from workspace.notices.jobs import tell_of_closing
from workspace.notices.models import Follow, Notice

EN = Language.EN


@pytest.fixture
def table(house):
    table = house.declaration("Towns share water.", "Towns light paths.")
    forget(house)
    return table


def forget(house):
    """What everybody was told while the table was laid."""
    with house.store.writing() as db:
        db.query(Notice).delete()


def follow(house, role, kind, subject):
    answer = house[role].post("/following", {"kind": kind, "id": str(subject)})
    assert answer.status_code == 201, answer.text


def told(house, role):
    return [(one["kind"], one["word"]) for one in house[role].get("/notices").json()["items"]]


def kinds(house, role):
    return [kind for kind, _ in told(house, role)]


def say(house, table, text, role=Role.MEMBER, place=0, **fields):
    body = {"block_id": table.block(place), "text": text, "language": "en", **fields}
    answer = house[role].post(f"{table.path}/threads", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_who_follows_a_paragraph_is_told_of_amendments_to_it_and_of_no_other(house, table):
    follow(house, Role.OBSERVER, "paragraph", table.block())
    table.propose("Towns share clean water.")
    table.propose("Towns light all paths.", place=1)

    assert kinds(house, Role.OBSERVER) == ["amendment"]
    assert kinds(house, Role.MEMBER) == []  # their own


def test_a_proposer_is_told_of_the_decision_and_a_follower_of_the_text_of_the_revision(house, table):
    follow(house, Role.OBSERVER, "declaration", table.id)
    filed = table.propose("Towns share clean water.")
    house.chair.post(f"{table.path}/decisions", table.rulings(filed), if_match=table.head)

    assert kinds(house, Role.MEMBER) == ["decision"]
    assert kinds(house, Role.OBSERVER) == ["revision", "amendment"]
    assert kinds(house, Role.CHAIR) == []


def test_many_decisions_are_told_in_as_many_statements_as_one(house, table):
    def told_of(*filed):
        with site.counted(house.store) as asked:
            rulings = table.rulings(*filed, verdict="reject")
            answer = house.chair.post(f"{table.path}/decisions", rulings, if_match=table.head)
        assert answer.status_code == 201, answer.text
        return [one for one in asked if re.search(r"(INTO|FROM) (notice|follow|mandate)\b", one)]

    several = [table.propose(f"Towns share {kind} water.") for kind in ("cold", "warm", "free")]
    one = told_of(table.propose("Towns light all paths.", place=1))
    forget(house)

    assert len(told_of(*several)) == len(one)
    assert kinds(house, Role.MEMBER) == ["decision"] * 3


def test_whoever_takes_part_in_a_conversation_is_told_of_answers_until_they_want_to_hear_no_more(house, table):
    thread = say(house, table, "And who pays?")
    answer = {"text": "The region.", "language": "en"}
    house.chair.post(f"/threads/{thread['id']}/comments", answer)
    assert kinds(house, Role.MEMBER) == ["reply"]
    house.member.post("/following/end", {"kind": "thread", "id": thread["id"]})
    house.chair.post(f"/threads/{thread['id']}/comments", answer)

    assert kinds(house, Role.MEMBER) == ["reply"]
    assert kinds(house, Role.CHAIR) == []


def test_a_name_after_an_at_sign_tells_its_bearer_once_and_is_kept_as_an_id(house, table):
    thread = say(house, table, "Look at this, @A chair and @a Chair; write to x@A observer.")
    [comment] = thread["comments"]
    assert comment["text"] == "Look at this, @A chair and @A chair; write to x@A observer."
    assert [one["name"] for one in comment["mentions"]] == ["A chair"]
    house.member.post(f"/comments/{comment['id']}/words", {"text": "@A chair, and @A translator", "language": "en"})

    assert kinds(house, Role.CHAIR) == ["mention"]
    assert kinds(house, Role.TRANSLATOR) == ["mention"]
    assert kinds(house, Role.OBSERVER) == []


def test_an_internal_remark_names_nobody_who_may_not_read_it(house, table):
    thread = say(house, table, "@A member @A rapporteur", role=Role.CHAIR, is_internal=True)
    assert [one["name"] for one in thread["comments"][0]["mentions"]] == ["A rapporteur"]
    assert (kinds(house, Role.MEMBER), kinds(house, Role.RAPPORTEUR)) == ([], ["mention"])


def test_nobody_follows_or_is_told_of_what_they_may_not_read(house):
    table = house.declaration(phase=Phase.DRAFTING)
    forget(house)
    for kind, subject in (("declaration", table.id), ("paragraph", table.block())):
        assert house.member.post("/following", {"kind": kind, "id": str(subject)}).status_code == 404
    follow(house, Role.COMMITTEE, "paragraph", table.block())
    thread = say(house, table, "And who pays?", role=Role.CHAIR)
    assert kinds(house, Role.COMMITTEE) == ["remark"]
    assert house.member.post("/following", {"kind": "thread", "id": thread["id"]}).status_code == 404
    assert house.nobody.get("/notices").status_code == 404
    assert house.nobody.post("/following", {"kind": "declaration", "id": str(table.id)}).status_code == 404


def test_a_phase_is_told_to_everybody_who_may_know_of_it_but_not_to_who_wants_to_hear_no_more(house):
    table = house.declaration(phase=Phase.SETUP)
    with house.store.reading() as db:
        forum = factories.forum(db).id
    house[Role.OBSERVER].post("/following/end", {"kind": "forum", "id": str(forum)})
    with house.store.writing() as db:
        declaration = DeclarationService(db).get(table.id)
        DeclarationService(db).enter(declaration, Phase.REVIEW, actor=house.people[Role.CHAIR])

    assert told(house, Role.MEMBER)[0] == ("phase", "R")
    assert ("phase", "R") not in told(house, Role.OBSERVER)
    assert ("phase", "R") not in told(house, Role.CHAIR)


def test_a_notice_is_read_alone_or_with_all_others_and_only_by_its_receiver(house, table):
    thread = say(house, table, "@A chair")
    say(house, table, "@A chair again")
    found = house.chair.get("/notices").json()
    assert (len(found["items"]), found["unread"]) == (2, 2)
    first = found["items"][0]["id"]
    assert house.member.post(f"/notices/{first}/reading").status_code == 404
    assert house.chair.post(f"/notices/{first}/reading").json()["read_at"] is not None
    assert house.chair.get("/notices?unread_only=true").json()["items"][0]["thread_id"] == thread["id"]
    assert house.chair.post("/notices/reading").json() == {"read": 1}
    assert house.chair.get("/notices").json()["unread"] == 0


def test_no_notice_holds_any_words(house, table):
    say(house, table, "A very secret thought, @A chair")
    with house.store.reading() as db:
        [notice] = db.query(Notice).filter_by(person_id=house.people[Role.CHAIR].person_id)
        held = " ".join(str(getattr(notice, column.key)) for column in Notice.__table__.columns)
    assert "secret" not in held
    assert "chair" not in held


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_the_page_says_what_happened_and_leads_there(house, table, language):
    follow(house, Role.OBSERVER, "declaration", table.id)
    follow(house, Role.OBSERVER, "paragraph", table.block())
    filed = table.propose("Towns share clean water.")
    thread = say(house, table, "Look, @A observer")
    house.chair.post(f"{table.path}/decisions", table.rulings(filed), if_match=table.head)
    with house.store.writing() as db:
        me, chair = house.people[Role.OBSERVER], house.people[Role.CHAIR]
        forum = factories.forum(db).id
        asked = {"declaration_id": table.id, "amendment_id": UUID(filed["amendment"]["id"])}
        publish(db, TaskGiven(me.person_id, "cosponsor", forum, chair, **asked))
        declaration = DeclarationService(db).get(table.id)
        DeclarationService(db).enter(declaration, Phase.CONSULTATION, actor=chair)
    with browsing(house.store, me) as observer:
        page = observer.page(f"/{language}/notices")
        assert (page.status, page.language, page.unread) == (200, language, "5")
        assert {one.partition(":")[0] for one in page.notices} == {"amendment", "asked", "mention", "phase", "revision"}
        assert "A member" in page.text_of("notice", "mention")
        assert "A chair" in page.text_of("notice", "asked:cosponsor")
        [heading] = page.root.xpath("//*[@data-notice='revision']/ancestor::div[1]/h3")
        assert heading.text_content() == "Draft Declaration"
        ids = [one for one in house[Role.OBSERVER].get("/notices").json()["items"] if one["kind"] == "mention"]
        there = observer.send(f"/{language}/notices/{ids[0]['id']}").headers["location"]
        assert there == f"/{language}/third-forum/threads/{thread['id']}"
        assert observer.see(there).url.path.endswith(f"/paragraphs/{table.block()}")
        assert observer.send(f"/{language}/notices/reading").status_code == 303
        assert house[Role.OBSERVER].get("/notices").json()["unread"] == 0
        assert observer.see(f"/{language}/following").status_code == 200


def test_what_is_no_longer_open_says_so_and_nothing_more(house, table):
    say(house, table, "A thought, @A member", role=Role.OBSERVER)
    with house.store.writing() as db:
        DeclarationService(db).get(table.id).phase = Phase.DRAFTING
    with browsing(house.store, house.people[Role.MEMBER]) as member:
        page = member.page("/en/notices")
    assert page.notices == ["mention"]
    assert "A observer" not in page.text
    assert "Draft Declaration" not in page.text


def asks_for_notices(statement):
    return re.search(r"FROM notice\b", statement) is not None


def test_the_header_counts_what_is_new_with_one_query(house, table):
    with browsing(house.store, house.people[Role.CHAIR]) as chair:
        chair.see(f"{DRAFT}/comments")
        before = chair.queries(f"{DRAFT}/comments")
        say(house, table, "@A chair", place=1)
        with site.counted(house.store) as sent:
            page = chair.page(f"{DRAFT}/comments")
        assert page.unread == "1"
        assert sum(asks_for_notices(statement) for statement in sent) == 1
        assert before >= 1
    with browsing(house.store) as visitor, site.counted(house.store) as sent:
        visitor.see("/en/third-forum")
        assert not any(asks_for_notices(statement) for statement in sent)


def test_more_notices_take_no_more_queries(house, table):
    def talk(times):
        for number in range(times):
            say(house, table, f"{number} @A chair")

    talk(1)
    with browsing(house.store, house.people[Role.CHAIR]) as chair:
        one = chair.queries("/en/notices")
        talk(3)
        assert chair.queries("/en/notices") == one


def test_following_without_a_script(house, table):
    with browsing(house.store, house.people[Role.OBSERVER]) as observer:
        page = observer.see(f"{DRAFT}/paragraphs/{table.block()}")
        fields = {"kind": "paragraph", "id": table.block(), "back": f"{DRAFT}/paragraphs/{table.block()}"}
        assert 'value="follow"' in page.text
        sent = observer.send("/en/following", act="follow", **fields)
        assert sent.headers["location"] == fields["back"]
        assert 'value="end"' in observer.see(fields["back"]).text
        assert observer.page("/en/following").count == 1
        observer.send("/en/following", act="end", **fields)
        assert observer.page("/en/following").count == 0
        assert observer.send("/en/following", act="follow", kind="town", id="x").status_code == 404


def test_what_one_follows_is_told_apart_by_its_place_its_beginner_and_its_first_words(house, table):
    begun = say(house, table, "Who pays for the pipes?", place=1)
    say(house, table, "Whose water is it?")
    filed = table.propose("Towns share clean water.")
    for number in range(3):
        house.chair.post(f"/threads/{begun['id']}/comments", {"text": f"{number}: the network", "language": "en"})
    follow(house, Role.MEMBER, "paragraph", table.block(1))
    with browsing(house.store, house.people[Role.MEMBER]) as member:
        page = member.page("/en/following")
        assert sorted(page.data("follows")) == ["amendment", "paragraph", "thread", "thread"]
        threads = " ".join(thread.text for thread in page.rows("follows", "thread"))
        for words in ("A member", "Who pays for the pipes?", "Whose water is it?", "Draft Declaration", "1", "2"):
            assert words in threads, words
        assert page.part("follows", "amendment").links_to(f"/amendments/{filed['amendment']['number']}")
        assert page.part("follows", "paragraph").links_to(f"/paragraphs/{table.block(1)}")
        asked = member.queries("/en/following")
        for place in (0, 1, 0):
            say(house, table, "And once more?", place=place)
        assert member.queries("/en/following") == asked


def test_whoever_could_be_the_second_person_is_told_that_something_waits(house):
    table = house.declaration(phase=Phase.CONSULTATION)
    forget(house)
    with house.store.writing() as db:
        declaration = DeclarationService(db).get(table.id)
        PhaseService(db).ask(declaration, Matter.ADOPTION, actor=house.people[Role.CHAIR])

    assert told(house, Role.SECRETARIAT) == [("asked", "adoption")]
    assert (told(house, Role.CHAIR), told(house, Role.COMMITTEE)) == ([], [])
    with browsing(house.store, house.people[Role.SECRETARIAT]) as secretariat:
        [notice] = secretariat.page("/en/notices").rows("notice", "asked:adoption")
    assert "A chair" in notice.text


def test_what_closes_within_a_day_is_told_once(house, table):
    with house.store.writing() as db:
        declaration = DeclarationService(db).get(table.id)
        dates = {"opens": "", "closes": (now() + timedelta(hours=20)).strftime("%Y-%m-%dT%H:%M"), "zone": "UTC"}
        CalendarService(db).set_dates(declaration, Stage.REVIEW, **dates, reason="", actor=house.people[Role.CHAIR])
    forget(house)

    assert [tell_of_closing(house.store) for _ in range(2)] == [1, 0]
    assert told(house, Role.MEMBER) == [("closing", "review")]


def test_who_follows_a_session_is_told_what_is_said_of_its_recommendations(house):
    session = house.session("Water", "Mend the wells.")
    house.declaration()
    forget(house)
    follow(house, Role.OBSERVER, "session", session)
    said = {"text": "Which ones?", "language": "en"}
    house.member.post("/forums/third-forum/recommendations/1/threads", said)

    assert kinds(house, Role.OBSERVER) == ["remark"]


def test_an_erased_person_follows_nothing_and_was_told_nothing(house, table):
    follow(house, Role.OBSERVER, "declaration", table.id)
    say(house, table, "@A observer")
    person = house.people[Role.OBSERVER].person_id
    with house.store.writing() as db:
        publish(db, PersonErased(person, withdraws_comments=False, actor=house.people[Role.CHAIR]))
        assert db.query(Notice).filter_by(person_id=person).count() == 0
        assert db.query(Follow).filter_by(person_id=person).count() == 0
