"""Conversations about an amendment, a recommendation or a whole draft; who sees them; and a little Markdown."""

from uuid import UUID

import pytest

from tests.support import factories
from tests.support.page import Page
from tests.workspace.amendments.browsing import DRAFT, browsing
from workspace.core.actor import Role
from workspace.core.security.permissions import Phase
from workspace.recommendations.models import Recommendation

CHAIR, TRANSLATOR = (factories.name_of(role) for role in (Role.CHAIR, Role.TRANSLATOR))

SAID = {"text": "And who pays?", "language": "en"}
FORUM = "/en/third-forum"
ATTACKS = (
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    '[x](https://a.example "@{x} onmouseover=alert(1)")',
    "![x](x onerror=alert(1))",
    "<img src=x onerror=alert(1)>",
    "**<b onclick=alert(1)>**",
    "`</div><script>alert(1)</script>`",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
)


@pytest.fixture
def table(house):
    return house.declaration("Towns share water.", "Towns light paths.")


def test_a_whole_draft_an_amendment_and_a_recommendation_are_talked_about(house, table):
    house.session("Water", "Mend the wells.")
    amendment = table.propose("Towns share clean water.")["amendment"]
    [recommendation] = house.chair.get("/forums/third-forum/recommendations").json()["items"]
    register = f"/forums/third-forum/recommendations/{recommendation['number']}/threads"
    begun = [
        house.member.post(path, SAID).json()
        for path in (f"{table.path}/threads", f"/amendments/{amendment['id']}/threads", register)
    ]

    assert [(one["about"], one["subject_id"]) for one in begun] == [
        ("declaration", str(table.id)),
        ("amendment", amendment["id"]),
        ("recommendation", recommendation["id"]),
    ]
    listed = house.chair.get(f"{table.path}/threads").json()["items"]
    assert [one["about"] for one in listed] == ["declaration", "amendment"]
    assert [one["id"] for one in house.chair.get(register).json()["items"]] == [begun[2]["id"]]
    with browsing(house.store, house.people[Role.CHAIR]) as chair:
        pages = (
            f"{DRAFT}/comments",
            f"{DRAFT}/amendments/{amendment['number']}/comments",
            f"{FORUM}/recommendations/{recommendation['number']}/comments",
        )
        for path, one in zip(pages, begun, strict=True):
            for language in ("es", "en", "fr"):
                assert SAID["text"] in chair.page(path.replace("/en/", f"/{language}/")).text
            answered = chair.send(f"{FORUM}/threads/{one['id']}/comments", text="We do.", language="en")
            assert answered.headers["location"] == f"{path}#thread-{one['id']}"
            chair.send(f"{FORUM}/threads/{one['id']}/resolution")
            closed = house.member.get(f"/threads/{one['id']}").json()
            assert (closed["resolved_by"], closed["resolved_at"] is not None) == (CHAIR, True)
            assert CHAIR in chair.page(f"{path}?shown=closed").data("closed-by")
            chair.send(f"{FORUM}/threads/{one['id']}/reopening")
            assert house.member.get(f"/threads/{one['id']}").json()["resolved_at"] is None
            sent = chair.send(path, text="Begun here.", language="en")
            assert sent.headers["location"] == path
        part = chair.see(f"{pages[1]}?part=1").text
        assert "<html" not in part
        assert Page(part).rows("remark")[-1].text == "Begun here."


def test_what_is_said_about_an_amendment_is_as_open_as_the_amendment(house):
    table = house.declaration("Towns share water.", phase=Phase.DRAFTING)
    amendment = table.propose("Towns share clean water.", by=Role.COMMITTEE)["amendment"]
    thread = house.chair.post(f"/amendments/{amendment['id']}/threads", SAID).json()["id"]
    for role in (Role.MEMBER, Role.OBSERVER):
        for path in (f"/threads/{thread}", f"/amendments/{amendment['id']}/threads"):
            assert house[role].get(path).status_code == 404
        assert house[role].post(f"/threads/{thread}/comments", SAID).status_code == 404
        with browsing(house.store, house.people[role]) as person:
            assert person.see(f"{FORUM}/threads/{thread}").status_code == 404
            assert person.see(f"{DRAFT}/amendments/1/comments").status_code == 404
    assert house.nobody.get(f"/threads/{thread}").status_code == 404


def test_an_internal_conversation_about_a_draft_is_there_for_those_who_draft_alone(house, table):
    thread = house.chair.post(f"{table.path}/threads", {**SAID, "is_internal": True}).json()["id"]
    assert house[Role.RAPPORTEUR].get(f"/threads/{thread}").status_code == 200
    assert house.member.get(f"/threads/{thread}").status_code == 404
    with browsing(house.store, house.people[Role.MEMBER]) as member:
        assert not member.page(f"{DRAFT}/comments").rows("remark")


def test_all_conversations_of_a_person_are_found_where_their_name_leads(house, table):
    house.member.post(
        f"{table.path}/threads", {"block_id": table.block(), "text": f"Ask @{TRANSLATOR}", "language": "en"}
    )
    house[Role.RAPPORTEUR].post(f"{table.path}/threads", {**SAID, "block_id": table.block(1)})
    with browsing(house.store, house.people[Role.CHAIR]) as chair:
        page = chair.see(f"{DRAFT}/paragraphs/{table.block()}").text
        person = house.people[Role.TRANSLATOR].person_id
        path = f"{DRAFT}/comments?person={person}"
        assert Page(page).root.xpath("//a[@class='named'][@href=$path]/text()", path=path) == [f"@{TRANSLATOR}"]
        theirs = chair.page(path)
        assert TRANSLATOR in theirs.root.xpath("string(//*[@class='page-head'])")
        assert [remark.text for remark in theirs.rows("remark")] == [f"Ask @{TRANSLATOR}"]
        assert chair.see(f"{DRAFT}/comments?person={house.people[Role.OBSERVER].person_id}").status_code == 404


def test_names_are_offered_of_people_who_can_read_what_is_written(house, table):
    path = f"{table.path}/nameable"
    assert house.member.get(f"{path}?starts=tr").json()["items"] == [TRANSLATOR]
    assert house.member.get(f"{path}?starts=a+ch").json()["items"] == [CHAIR]
    assert house.people[Role.OBSERVER].name not in house.chair.get(f"{path}?is_internal=true").json()["items"]
    assert house.member.get(f"{path}?is_internal=true").status_code == 404
    assert house.nobody.get(path).status_code == 404
    with browsing(house.store, house.people[Role.MEMBER]) as member:
        assert member.see(f"{DRAFT}/nameable?starts=chai").json() == {"items": [CHAIR]}


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_field_of_a_conversation_becomes_markup(house, table, attack):
    with browsing(house.store, house.people[Role.MEMBER]) as member:
        path = f"{DRAFT}/paragraphs/{table.block()}"
        member.see(path)
        member.send(f"{path}/comments", text=attack, language="en")
        again = member.send(f"{path}/comments", text=attack, quote=attack, before=attack, language=attack)
        pages = (
            member.see(path).text,
            again.text,
            member.see(f"{DRAFT}/comments").text,
            member.see(f"{path}?quote={attack}&before={attack}&quoted_in={attack}").text,
        )
    for page in pages:
        assert "<script>alert" not in page
        assert "javascript:alert" not in page.replace("[x](javascript:alert(1))", "")
        assert "<img src=x" not in page
        assert "<b onclick" not in page
        assert 'href="data:' not in page


def test_a_little_markdown_is_shown_as_what_it_means(house, table):
    with browsing(house.store, house.people[Role.MEMBER]) as member:
        path = f"{DRAFT}/paragraphs/{table.block()}"
        text = "**Who** pays?\n- towns\n- regions\n\n# Not a heading\n[a law](https://law.example)"
        member.send(f"{path}/comments", text=text, language="en")
        page = member.see(path).text
    assert "<strong>Who</strong> pays?" in page
    assert "<li>towns</li>" in page
    assert "# Not a heading" in page
    assert '<a href="https://law.example" rel="nofollow ugc noopener">a law</a>' in page


def test_a_comment_becomes_a_recommendation_of_its_author(house, table):
    said = {"text": "Towns should mend *every* well.", "language": "en", "block_id": str(table.block())}
    made = house.member.post(f"{table.path}/threads", said).json()
    [comment] = made["comments"]
    path = f"/comments/{comment['id']}/recommendation"
    assert house.member.post(path).status_code in {403, 404}
    with browsing(house.store, house.people[Role.CHAIR]) as chair:
        [form] = chair.page(f"{DRAFT}/paragraphs/{table.block()}").forms_to(f"{path}")
        assert chair.send(form.action).status_code == 303
        page = chair.page(f"{DRAFT}/paragraphs/{table.block()}")
        assert page.data("made") == ["recommendation"]
        assert not page.forms_to(path)
        shown = [chair.page(f"/en/third-forum/recommendations{way}").text for way in ("", "/1")]
    assert all(house.people[Role.MEMBER].name in page for page in shown)

    [recommendation] = house.chair.get("/forums/third-forum/recommendations").json()["items"]
    assert recommendation["text"] == "Towns should mend *every* well."
    assert recommendation["standing"] == "proposed"
    with house.store.reading() as db:
        row = db.get_one(Recommendation, UUID(recommendation["id"]))
        assert row.submitted_by_id == house.people[Role.MEMBER].person_id
    told = [(one["kind"], one["word"]) for one in house.member.get("/notices").json()["items"]]
    assert ("recommendation", "made") in told
    with browsing(house.store, house.people[Role.MEMBER]) as member:
        assert member.page("/en/notices").status == 200
    assert house.chair.post(path).status_code == 422
    assert house.chair.get(f"/threads/{made['id']}").json()["comments"][0]["recommendation"] == row.number


def test_a_comment_becomes_an_amendment_by_its_author_or_recorded_for_them(house, table):
    said = {"text": "Say clean.", "language": "en", "block_id": str(table.block())}
    first, second = (house.member.post(f"{table.path}/threads", said).json()["comments"][0] for _ in range(2))
    paragraph = f"{DRAFT}/paragraphs/{table.block()}"
    for person, route, comment in ((Role.MEMBER, "new", first), (Role.SECRETARIAT, "oral", second)):
        with browsing(house.store, house.people[person]) as client:
            links = [link for link in client.page(paragraph).links if f"amendments/{route}" in link]
            [link] = [link for link in links if comment["id"] in link]
            page = client.page(link)
            [form] = [form for form in page.forms if "wording" in form.values]
            assert form.values["reason"].strip() == "Say clean."
            sent = {**form.values, "wording": f"Towns share clean {route} water.", "action": "file"}
            assert client.send(form.action, **sent).status_code == 303
    amendments = house.chair.get(f"{table.path}/amendments").json()["items"]
    assert {one["proposer"] for one in amendments} == {house.people[Role.MEMBER].name}
    threads = house.chair.get(f"{table.path}/threads").json()["items"]
    assert sorted(thread["comments"][0]["amendment"] for thread in threads) == [one["number"] for one in amendments]
    mine = {"amendment_id": amendments[0]["id"]}
    assert house.chair.post(f"/comments/{first['id']}/amendment", mine).status_code == 422
