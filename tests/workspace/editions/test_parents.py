"""A forum has parents: what they published is a source here, on one server and by a verified bundle from another."""

import json
from types import SimpleNamespace
from uuid import UUID

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from drafts.base.transparency_log import PublicKey
from drafts.formats.bundle import pack, unpack
from drafts.text.blocks import Language
from tests.support import factories
from tests.support.page import Page
from tests.support.site import token_of
from workspace.core.actor import NOBODY, OPERATOR, Role
from workspace.core.jobs import JobContext
from workspace.core.security.permissions import Phase
from workspace.core.settings import Settings
from workspace.core.storage.db import Trilingual
from workspace.declarations.domain import queries
from workspace.declarations.domain.phase_changes import PhaseService
from workspace.declarations.domain.service import DeclarationService
from workspace.editions.domain.corrigenda import CorrigendumService
from workspace.editions.jobs import sign_new_editions
from workspace.editions.verification.bundle import bundle_of
from workspace.history.signing_keys import KeyFolder, KeyService
from workspace.people.models import Forum
from workspace.people.service import PeopleService
from workspace.recommendations.models import Recommendation
from workspace.recommendations.service import RecommendationService, VerbatimStatement

AT = "/en/world-forum/sessions/forums"
SAID = "Regions should lend pumps."


@pytest.fixture
def world(hall, tmp_path):
    """The third forum has published two paragraphs, the second from a recommendation; the world forum begins."""
    hall = hall("Towns shall share water.", "Towns shall lend pumps.")
    with hall.store.writing() as db:
        third, service = factories.forum(db), RecommendationService(db)
        hall.declaration(db).name = Trilingual(es="Proyecto", en="Draft Declaration", fr="Projet")
        said = [VerbatimStatement(text, "en") for text in (SAID, "Nobody has confirmed this.")]
        first, second = service.submit(third, said, actor=OPERATOR)
        for row in (first, second):
            DeclarationService(db).link(hall.declaration(db), hall.block(1), row, actor=OPERATOR)
        service.confirm_all(third, actor=OPERATOR)
        second.standing = type(second.standing).PROPOSED
        key = KeyService(db, KeyFolder(tmp_path / "keys")).create(actor=OPERATOR).public.line
    hall.sign()
    hall.request()
    edition = hall.publish()
    with hall.store.writing() as db:
        PhaseService(db).open_history(hall.declaration(db), is_open=True, reason="It is over.", actor=hall.chair)
        factories.declaration(db, "This is a secret.", slug="secret", phase=Phase.DRAFTING)
        people = PeopleService(db)
        forum = people.found(
            network=factories.trilingual("Other Network"),
            slug="world-forum",
            name=factories.trilingual("World Forum"),
            place=factories.trilingual("Alto, Portugal"),
            actor=OPERATOR,
        )
        office, member = (
            people.add_person(forum, name=f"W. {role}", role=role, actor=OPERATOR).as_actor()
            for role in (Role.SECRETARIAT, Role.MEMBER)
        )

    def bundled(edition):
        sign_new_editions(JobContext(hall.store, Settings(keys=str(tmp_path / "keys"))))
        with hall.store.reading() as db:
            return bundle_of(db, db.get_one(type(edition), edition.id))

    return SimpleNamespace(
        hall=hall,
        office=office,
        member=member,
        key=key,
        bundle=bundled(edition),
        corrected=lambda: bundled(correct(hall)),
    )


def correct(hall):
    """The edition that follows a corrigendum."""
    with hall.store.writing() as db:
        service, declaration = CorrigendumService(db), hall.declaration(db)
        made = service.correct(declaration, hall.block(1), Language.EN, "Towns shall lend, pumps.", actor=hall.chair)
        service.ask(made, "A comma was missing.", actor=hall.chair)
        return service.confirm(made, service.prepare(made), actor=hall.secretary)


def add(browser, **fields):
    sent = {name: value for name, value in fields.items() if name != "bundle"}
    files = {"bundle": ("bundle.zip", fields.get("bundle", b""), "application/zip")}
    return browser.post(AT, data={"csrf": token_of(browser), "kind": "earlier", **sent}, files=files)


def taken(world):
    with world.hall.store.reading() as db:
        rows = sa.select(Recommendation).join(Forum).where(Forum.slug == "world-forum").order_by(Recommendation.number)
        return [(row.text, row.said_by, row.standing.value) for row in db.scalars(rows)]


def test_no_forum_comes_before_one_that_came_before_it(world, visit):
    office = visit(world.office)
    assert 'value="third-forum"' in office.get(AT).text
    add(office, forum="third-forum")
    third = visit(world.hall.chair)
    at = AT.replace("world-forum", "third-forum")
    assert 'value="world-forum"' not in third.get(at).text
    sent = {"csrf": token_of(third), "kind": "earlier", "forum": "world-forum"}
    refused = Page(third.post(at, data=sent, files={"bundle": ("", b"")}))
    assert refused.refusal == "workspace.invalid:listed_as_earlier"


@pytest.mark.parametrize("is_bundle", [False, True], ids=["one server", "bundle"])
def test_what_a_forum_before_published_becomes_a_source_and_the_trace_goes_on_to_what_was_said_there(
    world, visit, is_bundle
):
    office = visit(world.office)
    if is_bundle:
        add(office, bundle=world.bundle, key=world.key)
    else:
        add(office, forum="third-forum")
    [place] = [link for link in Page(office.get(AT)).links if f"{AT}/" in link]
    shown = Page(office.get(place))
    assert shown.data("source") == [str(world.hall.block(place)) for place in (0, 1)]
    assert shown.text.count(SAID) == 1
    assert "secret" not in shown.text
    assert "Nobody has confirmed" not in shown.text
    [said] = shown.data("said")
    form = {"csrf": token_of(office), "paragraph": str(world.hall.block(1)), "recommendation": said}
    answers = [Page(office.post(place, data=form, follow_redirects=True)) for _ in range(2)]
    assert "0" not in answers[1].root.xpath("string(//*[@data-result])")

    citation = "Draft Declaration, 2"
    assert taken(world) == [("Towns shall lend pumps.", citation, "confirmed"), (SAID, citation, "confirmed")]
    for language, cited in (("en", citation), ("es", "Proyecto, 2"), ("fr", "Projet, 2")):
        for path in ("recommendations", "recommendations/1"):
            assert cited in Page(office.get(f"/{language}/world-forum/{path}")).text
    assert Page(office.get(place)).data("state").count("known") == 2
    with world.hall.store.writing() as db:
        forum = db.scalars(sa.select(Forum).filter_by(slug="world-forum")).one()
        made = DeclarationService(db).create(
            forum, slug="here", name=factories.trilingual("Here"), language=factories.EN,
            blocks=factories.paragraphs("The world lends pumps."), actor=OPERATOR,
        )  # fmt: skip
        DeclarationService(db).enter(made, Phase.REVIEW, actor=OPERATOR)
        [row] = queries.head_rows(db, made)
        source = db.scalars(sa.select(Recommendation).filter_by(forum_id=forum.id, number=1)).one()
        DeclarationService(db).link(made, row.block_id, source, actor=OPERATOR)
        paragraph = f"/en/world-forum/here/paragraphs/{row.block_id}"
    trace = "/en/world-forum/recommendations/1/source"
    own = Page(visit(world.member).get(paragraph))
    assert trace in own.links
    assert "Session Draft Declaration" not in " ".join(own.text.split())
    page = Page(visit(world.member).get(trace))
    assert page.data("source") == [str(world.hall.block(1))]
    assert page.data("said") == [said]
    there = f"/en/third-forum/declaration/editions/1/paragraphs/{world.hall.block(1)}"
    assert (f"{place}#b-{world.hall.block(1)}" if is_bundle else there) in page.links
    assert trace in Page(visit(world.member).get("/en/world-forum/recommendations/1")).links


def test_what_is_no_longer_public_there_shows_no_more_here(world, visit):
    office = visit(world.office)
    add(office, forum="third-forum")
    listed = Page(office.get(AT))
    assert not [form for form in listed.forms if "third-forum" in form.options("forum")]
    assert listed.root.xpath("//li[@data-parent][not(contains(@class, 'said'))]")  # whose grid begins with a number
    [place] = [link for link in listed.links if f"{AT}/" in link]
    office.post(place, data={"csrf": token_of(office), "paragraph": str(world.hall.block(1))})
    with world.hall.store.writing() as db:
        db.scalars(sa.select(Recommendation).filter_by(text=SAID)).one().standing = "dropped"
    assert SAID not in office.get("/en/world-forum/recommendations/1/source").text
    assert SAID not in office.get(place).text


@pytest.mark.parametrize("is_bundle_first", [False, True])
def test_the_same_forum_is_listed_once_as_one_on_this_server_or_by_a_bundle(world, visit, is_bundle_first):
    office = visit(world.office)
    office.get(AT)
    both = [{"forum": "third-forum"}, {"bundle": world.bundle, "key": world.key}]
    first, second = reversed(both) if is_bundle_first else both
    assert Page(add(office, **first)).rows("parent")
    refused = Page(add(office, **second))
    assert refused.status == 422
    assert len(Page(office.get(AT)).rows("parent")) == 1


def test_a_forum_does_not_come_before_itself_by_its_bundle(world, visit):
    own = visit(world.hall.secretary)
    at = "/en/third-forum/sessions/forums"
    own.get(at)
    sent = {"csrf": token_of(own), "kind": "earlier", "key": world.key}
    refused = own.post(at, data=sent, files={"bundle": ("bundle.zip", world.bundle, "application/zip")})
    assert Page(refused).status in {404, 422}
    assert not Page(own.get(at)).rows("parent")


def altered(bundle: bytes) -> bytes:
    files = unpack(bundle)
    said = json.loads(files["declaration.json"])
    return pack(files | {"declaration.json": json.dumps(said).replace("lend pumps", "sell pumps").encode()})


@pytest.mark.parametrize("case", ["altered", "other key", "no key", "no bundle", "empty"])
def test_a_bundle_that_is_not_proved_by_the_key_is_refused(world, visit, case):
    office = visit(world.office)
    bundle = {"altered": altered(world.bundle), "no bundle": b"PK no", "empty": b""}.get(case, world.bundle)
    other = PublicKey("other", Ed25519PrivateKey.generate().public_key().public_bytes_raw()).line
    key = {"other key": other, "no key": "key"}.get(case, world.key)
    answer = add(office, bundle=bundle, key=key)
    assert answer.status_code == 422
    assert Page(answer).refusal
    assert not Page(office.get(AT)).data("parent")


def test_a_parent_is_added_once_and_removed_unless_something_came_from_it(world, visit):
    office = visit(world.office)
    add(office, forum="third-forum")
    assert [add(office, forum=slug).status_code for slug in ("third-forum", "world-forum")] == [422, 422]
    [parent] = Page(office.get(AT)).data("parent")
    form = {"csrf": token_of(office), "paragraph": str(world.hall.block(0))}
    office.post(f"{AT}/{parent}", data=form)
    assert add(office, remove=parent).status_code == 422
    assert Page(office.get(AT)).data("parent") == [parent]


def test_a_later_edition_takes_the_place_of_the_one_that_it_corrects(world, visit):
    office = visit(world.office)
    office.get(AT)
    add(office, bundle=world.bundle, key=world.key)
    [parent] = Page(office.get(AT)).data("parent")
    chosen = {"csrf": token_of(office), "paragraph": str(world.hall.block(1))}
    office.post(f"{AT}/{parent}", data=chosen)
    later = world.corrected()

    assert add(office, bundle=later, key=world.key).status_code == 200

    assert Page(office.get(AT)).data("parent") == [parent]
    office.post(f"{AT}/{parent}", data=chosen | {"paragraph": str(world.hall.block(0))})
    assert [text for text, *_ in taken(world)] == ["Towns shall lend pumps.", "Towns shall share water."]
    assert "Towns shall lend, pumps." in office.get("/en/world-forum/recommendations/1/source").text
    assert add(office, bundle=world.bundle, key=world.key).status_code == 422


def test_one_from_which_nothing_was_taken_is_removed_and_can_be_listed_otherwise(world, visit):
    office = visit(world.office)
    office.get(AT)
    add(office, forum="third-forum")
    [parent] = Page(office.get(AT)).data("parent")
    add(office, remove=parent)
    add(office, bundle=world.bundle, key=world.key)
    [other] = Page(office.get(AT)).data("parent")
    add(office, remove=other)
    assert Page(office.get(AT)).data("parent") == []


def test_who_prepares_nothing_adds_and_takes_nothing(world, visit):
    add(visit(world.office), forum="third-forum")
    member = visit(world.member)
    assert add(member, forum="third-forum").status_code == 404
    [parent] = Page(member.get(AT)).data("parent")
    form = {"csrf": token_of(member), "paragraph": str(world.hall.block(0))}
    assert member.post(f"{AT}/{parent}", data=form).status_code == 404
    assert not Page(visit(NOBODY).get(f"{AT}/{parent}")).forms_to(parent)
    assert taken(world) == []


def test_programs_do_the_same(world, visit):
    office, api = visit(world.office), "/api/forums/world-forum/parents"
    add(office, forum="third-forum", kind="regional")
    [parent] = office.get(api).json()["items"]
    assert (parent["kind"], parent["name"]["en"]) == ("regional", "Third Forum")
    _, second = office.get(f"/api/parents/{parent['id']}/paragraphs").json()["items"]
    assert (UUID(second["block_id"]), second["recommendations"][0]["text"]) == (world.hall.block(1), SAID)
