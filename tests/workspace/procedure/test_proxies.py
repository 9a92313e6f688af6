"""One votes for another, by proxy: who may give it, who holds it, and that each vote counts once."""

import pytest

from tests.support import factories, site
from tests.support.page import Page
from tests.support.questions import delegate
from tests.support.site import token_of
from tests.workspace.core.test_store import at_once
from tests.workspace.house import Caller
from tests.workspace.procedure.conftest import Room
from workspace.core.actor import Role
from workspace.core.errors import Invalid
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Store
from workspace.declarations.domain.models import Declaration
from workspace.procedure.models import Means, VoteChoice
from workspace.procedure.service import QuestionService, QuestionSubject
from workspace.procedure.store import VotingRules
from workspace.procedure.voting.proxies import ProxyIn, ProxyService

HERE = "/en/third-forum/declaration"


def town(room: Room, name: str) -> str:
    return str(room.people[name].mandates[0].organisation_id)


def give(room: Room, who: str, holder: str, by: Caller | None = None, **terms):
    return (by or room[who]).post(f"{room.table.path}/proxies", {"holder": town(room, holder), **terms})


def notified(room: Room, who: str) -> list[str]:
    return [item["word"] for item in room[who].get("/notices").json()["items"] if item["kind"] == "asked"]


def waits_to_vote(room: Room, who: str) -> bool:
    with site.browser(room.house.store, room.people[who]) as client:
        return "voter" in Page(client.get("/en/third-forum/work")).data("task")


def refusal(answer) -> tuple[int, str, str]:
    facts = answer.json()["facts"]
    return answer.status_code, facts["field"], facts["reason"]


def test_the_holder_votes_for_the_giver_and_the_roll_call_names_both(room: Room):
    room.rules()
    given = give(room, "Alta", "Baja", ends_on="2999-01-01")
    assert given.status_code == 201
    [proxy] = given.json()["items"]
    assert (proxy["giver"], proxy["holder"], proxy["may_revoke"]) == ("Town of Alta", "Town of Baja", True)
    assert notified(room, "Baja") == ["proxy"]
    assert notified(room, "Alta") == notified(room, "Costa") == []
    room.put()
    assert [held["giver"] for held in room.question(caller=room["Baja"])["proxies"]] == ["Town of Alta"]
    assert not room.question(caller=room["Costa"])["proxies"]

    assert room.vote("Baja", "no") == 201
    assert waits_to_vote(room, "Baja")  # for the other delegation
    by_proxy = room.act("votes", {"choice": "yes", "proxy": proxy["id"]}, by=room["Baja"])
    assert by_proxy.status_code == 201
    assert refusal(room.act("votes", {"choice": "yes", "proxy": proxy["id"]}, by=room["Baja"]))[2] == "vote_cast"
    assert refusal(room.act("votes", {"choice": "no"}, by=room["Alta"]))[2] == "vote_cast"
    assert not waits_to_vote(room, "Baja")
    end = room.act("closing").json()["end"]
    assert (end["yes"], end["no"]) == (1, 1)
    assert [(line["choice"], line["by_proxy"]) for line in end["roll_call"]] == [
        ("yes", "Town of Baja"),
        ("no", ""),
        (None, ""),
    ]


def test_a_secret_vote_counts_a_proxy_and_says_only_that_it_was_used(room: Room):
    room.rules(is_roll_call=False)
    [proxy] = give(room, "Alta", "Baja").json()["items"]
    room.put()
    room.act("votes", {"choice": "yes", "proxy": proxy["id"]}, by=room["Baja"])
    end = room.act("closing").json()["end"]
    assert (end["yes"], end["no"], end["roll_call"]) == (1, 0, [])


def test_nobody_holds_two_passes_one_on_or_votes_by_one_that_is_revoked(room: Room):
    room.rules()
    [proxy] = give(room, "Alta", "Baja").json()["items"]
    assert refusal(give(room, "Costa", "Baja")) == (422, "holder", "holds_proxy")
    assert refusal(give(room, "Baja", "Costa")) == (422, "giver", "holds_proxy")
    assert refusal(give(room, "Costa", "Alta")) == (422, "holder", "gave_proxy")
    assert refusal(give(room, "Alta", "Costa")) == (422, "giver", "gave_proxy")
    assert refusal(give(room, "Costa", "Costa")) == (422, "holder", "no_voter")
    assert refusal(give(room, "Costa", "Alta", starts_on="2999-01-02", ends_on="2999-01-01"))[1] == "ends_on"
    room.put()
    revocation = f"{room.table.path}/proxies/{proxy['id']}/revocation"
    assert room["Costa"].post(revocation).status_code == 404
    assert room["Alta"].post(revocation).status_code == 200
    assert room["Alta"].post(revocation).status_code == 404
    assert room.act("votes", {"choice": "yes", "proxy": proxy["id"]}, by=room["Baja"]).status_code == 404
    assert give(room, "Alta", "Costa", question=1).status_code == 201
    assert room.vote("Alta", "yes") == 201


def test_the_secretariat_records_a_proxy_with_a_note_and_nobody_else_gives_the_votes_of_others(room: Room):
    room.rules()
    giver = {"giver": town(room, "Alta")}
    assert give(room, "Costa", "Baja", **giver).status_code == 404
    office = Caller(room.house.client, room.house.people[Role.SECRETARIAT].person_id)
    assert refusal(give(room, "", "Baja", by=office, **giver)) == (422, "note", "empty")
    assert give(room, "", "Baja", by=office, **giver, note="Letter of 3 May.").status_code == 201


def test_a_proxy_is_given_used_and_revoked_by_the_forms(room: Room):
    room.rules()
    alta, baja = room.people["Alta"], room.people["Baja"]

    def post(who, path: str, **fields: str) -> Page:
        with site.browser(room.house.store, who) as browser:
            return Page(browser.post(f"{HERE}{path}", data={"csrf": token_of(browser), **fields}))

    def get(who, path: str) -> Page:
        with site.browser(room.house.store, who) as browser:
            return Page(browser.get(f"{HERE}{path}"))

    assert not get(alta, "/questions/proxies").has_field("giver")
    refused = post(alta, "/questions/proxies", holder="")
    assert refused.refusal == "workspace.invalid:no_voter"
    [proxy] = post(alta, "/questions/proxies", holder=town(room, "Baja")).data("proxy")
    room.put()
    assert not get(alta, "/questions/proxies").has_field("holder")  # given once
    assert get(alta, "/questions/1").data("given-to") == ["Town of Baja"]
    assert get(baja, "/questions/1").data("proxy") == [proxy]
    post(baja, "/questions/1/answers", choice="yes", proxy=proxy)
    shown = get(baja, "/questions/1")
    assert (shown.data("proxy"), shown.has_field("choice")) == ([], True)  # their own vote is still theirs
    room.act("closing")
    assert len(get(alta, "/questions/1").data("by-proxy")) == 1
    assert post(alta, "/questions/proxies", revoked=proxy).data("proxy") == []


@pytest.mark.parametrize("is_roll_call", [True, False])
def test_a_holder_and_the_giver_at_the_same_moment_cast_one_vote(any_store: Store, *, is_roll_call: bool):
    with any_store.writing() as db:
        alta, baja, chair = delegate(db, "Town of Alta"), delegate(db, "Town of Baja"), factories.chair(db)
        text = factories.declaration(db, "Towns share water.", phase=Phase.ADOPTION)
        service = QuestionService(db)
        service.set_rules(text, VotingRules(Means.VOTE, quorum=0, is_roll_call=is_roll_call), actor=chair)
        service.put_vote(text, QuestionSubject(), actor=chair)
        proxy = ProxyService(db).give(text, ProxyIn(holder=baja.mandates[0].organisation_id), actor=alta)
        here, by = text.id, proxy.id

    def vote(place: int) -> None:
        actor, given = ((alta, None), (baja, by))[place]
        with any_store.writing() as db:
            service = QuestionService(db)
            question = service.numbered(db.get_one(Declaration, here), 1, actor=actor)
            service.cast(question, VoteChoice.YES, actor=actor, proxy=given)

    [refused] = at_once(2, vote)
    assert isinstance(refused, Invalid)
    with any_store.writing() as db:
        service = QuestionService(db)
        end = service.close(service.numbered(db.get_one(Declaration, here), 1, actor=chair), actor=chair)
        assert (end.yes, end.no, end.abstain) == (1, 0, 0)
