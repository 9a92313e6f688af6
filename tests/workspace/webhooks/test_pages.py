"""The pages of webhooks, in a browser without scripts."""

import re

import pytest

from tests.support import factories
from tests.support.page import Page
from tests.workspace.amendments.browsing import browsing
from workspace.core.actor import Role
from workspace.core.settings import Outbound

PAGE = "/en/third-forum/webhooks"
SECRET = re.compile(r"whsec_[\w+/=]+")


@pytest.fixture
def secretariat(store):
    store.outbound = Outbound.LOOPBACK
    with store.writing() as db:
        factories.declaration(db, "Towns share water.")
        return factories.person(db, Role.SECRETARIAT)


def test_an_address_is_entered_tried_out_and_ended(store, secretariat, receiver, post_round):
    with browsing(store, secretariat) as reader:
        assert reader.page(PAGE).count == 0
        made = reader.send(PAGE, url=receiver.url, kinds="phase")
        assert made.status_code == 200
        assert made.headers["Cache-Control"] == "no-store"
        secret = SECRET.search(made.text)[0]
        listed = reader.see(PAGE).text
        assert reader.page(PAGE).count == 1
        assert secret not in listed
        hook = re.search(rf'href="({PAGE}/[0-9a-f-]+)"', listed)[1]
        assert (reader.page(hook).count, reader.page(hook).is_empty) == (0, True)

        assert reader.send(f"{hook}/test").headers["Location"] == hook
        assert reader.page(hook).data("state") == ["waits"]
        receiver.statuses = [500]
        post_round()
        assert "500" in reader.page(hook).text
        assert reader.page(hook).data("state") == ["waits"]
        again = re.search(rf'action="({hook}/deliveries/[0-9a-f-]+/attempts)"', reader.see(hook).text)[1]
        assert reader.send(again).status_code == 303
        assert post_round() == 1
        assert reader.page(hook).data("state") == ["arrived"]
        assert receiver.received[-1].is_signed_with(secret)

        assert reader.send(f"{hook}/end").headers["Location"] == PAGE
        assert not reader.page(hook).offers(f"{hook}/test")


def test_another_secret_is_shown_once_and_signs_from_then_on_also_what_was_waiting(
    store, secretariat, receiver, post_round
):
    with browsing(store, secretariat) as reader:
        first = SECRET.search(reader.send(PAGE, url=receiver.url, kinds="phase").text)[0]
        hook = re.search(rf'href="({PAGE}/[0-9a-f-]+)"', reader.see(PAGE).text)[1]
        reader.send(f"{hook}/test")
        renewed = reader.send(f"{hook}/secret")
        second = SECRET.search(renewed.text)[0]
        assert (renewed.headers["Cache-Control"], second == first) == ("no-store", False)
        assert not SECRET.search(reader.see(hook).text)
        assert post_round() == 1
        assert [receiver.received[-1].is_signed_with(one) for one in (first, second)] == [False, True]

        reader.send(f"{hook}/end")
        assert reader.send(f"{hook}/secret").status_code == 404


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"url": "http://hooks.town.example", "kinds": "text"}, "workspace.invalid:not_https"),
        ({"url": "https://10.0.0.1/", "kinds": "text"}, "workspace.invalid:not_public"),
        ({"url": "https://hooks.town.example"}, "workspace.invalid:choose_kinds"),
        ({"url": "https://hooks.town.example", "kinds": "everything"}, "workspace.invalid:choose_kinds"),
    ],
)
def test_what_cannot_be_told_is_refused_and_the_form_keeps_what_was_entered(store, secretariat, fields, refusal):
    with browsing(store, secretariat) as reader:
        answer = reader.send(PAGE, **fields)
    assert answer.status_code == 422
    assert Page(answer).refusal == refusal
    assert Page(answer).field("url").value == fields["url"]


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_the_page_says_when_the_operator_lets_it_call_nobody(store, secretariat, language):
    store.outbound = Outbound.OFF
    with browsing(store, secretariat) as reader:
        page = reader.see(f"/{language}/third-forum/webhooks")
    assert page.status_code == 200
    assert "WORKSPACE_WEBHOOKS" in page.text
    assert 'name="url"' not in page.text


def test_members_see_neither_the_page_nor_the_way_to_it(store, secretariat):
    with store.writing() as db:
        member = factories.person(db, Role.MEMBER)
    with browsing(store, secretariat) as reader:
        assert PAGE not in reader.see("/en/third-forum").text  # no daily work
        settings = Page(reader.see("/en/third-forum/settings"))
        assert settings.links_to("/third-forum/webhooks")
        assert not settings.offers("/settings")  # what an administrator changes
    with browsing(store, member) as reader:
        assert reader.see(PAGE).status_code == 404
        assert reader.see("/en/third-forum/settings").status_code == 404
