"""What two people do about an edition can be declined by the second one, with a reason that whoever asked is told."""

import re
from collections.abc import Callable

import pytest

from tests.support.page import Page
from tests.support.site import token_of
from tests.workspace.editions.test_corrigenda import WATER as SLIP
from tests.workspace.editions.test_corrigenda import Printed
from tests.workspace.editions.test_embargo import in_hours, told
from tests.workspace.editions.test_overrides import EN, WATER
from workspace.cli import run
from workspace.editions.domain.embargo import EmbargoService
from workspace.editions.domain.overrides import OverrideService
from workspace.editions.domain.publication import EditionService
from workspace.procedure.service import QuestionService, QuestionSubject

AT = "third-forum/declaration"
WHY = "Alta has not read it."


def _publication(hall):
    """Asked for by the secretariat: the form and the API of its refusal, and whoever declines it."""
    hall.sign()
    hall.request()
    return "readiness/withdrawal", {}, "publication-request", hall.secretary, hall.chair


def _override(hall):
    hall.reword(EN, 0, "Towns shall share all water.")
    with hall.store.writing() as db:
        service = OverrideService(db)
        first = service.obstacles(hall.declaration(db))[0]
        asked = service.ask(hall.declaration_id, first, reason="Read aloud.", actor=hall.chair)
    fields = {"id": str(asked.id)}
    return "readiness/overrides/withdrawal", fields, f"overrides/{asked.id}", hall.chair, hall.secretary


def _release(hall):
    _publication(hall)
    hall.request(release=told(in_hours(2)))
    prepared = hall.prepare()
    with hall.store.writing() as db:
        EmbargoService(db).seal(hall.declaration_id, prepared, actor=hall.chair)
    with hall.store.writing() as db:
        EmbargoService(db).ask(hall.declaration(db), release=told(in_hours(4)), actor=hall.chair)
    return "readiness/release", {"act": "drop"}, "sealed-edition/release", hall.chair, hall.secretary


def _corrigendum(hall):
    printed = Printed(hall)
    printed.correct()
    printed.say("ask", "A letter out of place.")
    return "corrigenda/1", {"act": "withdraw"}, "corrigenda/1", hall.secretary, hall.chair


def _consensus(hall):
    with hall.store.writing() as db:
        QuestionService(db).note_consensus(hall.declaration(db), QuestionSubject(), actor=hall.chair)
    return "questions/1/end", {"act": "withdraw"}, "questions/1", hall.chair, hall.secretary


ASKED: dict[str, tuple[Callable, dict]] = {
    "consensus": (_consensus, WATER),
    "publication": (_publication, WATER),
    "override": (_override, WATER),
    "release": (_release, WATER),
    "corrigendum": (_corrigendum, SLIP),
}


@pytest.fixture(params=ASKED)
def asked(request, hall):
    prepare, text = ASKED[request.param]
    hall = hall(text)
    return hall, *prepare(hall), f"asked:{request.param}_declined"


def page_of(client, path):
    return Page(client.get(path))


def notices(client):
    return page_of(client, "/en/notices")


def declines(page, form):
    """Whether the page offers to decline with a reason what the form is about."""
    return any("reason" in dict(found.values) for found in page.forms_to(f"/{form}") if ("", "") in found.buttons)


def post(client, form, fields):
    return client.post(f"/en/{AT}/{form}", data={"csrf": token_of(client), **fields})


def test_on_the_page_it_is_declined_with_a_reason_that_whoever_asked_is_told(asked, visit):
    hall, form, fields, _, first, second, notice = asked
    page = {"corrigenda/1": form, "questions/1/end": "questions/1"}.get(form, "readiness")
    mine, other = visit(first), visit(second)
    assert not declines(page_of(mine, f"/en/{AT}/{page}"), form)
    assert declines(page_of(other, f"/en/{AT}/{page}"), form)

    refused = post(other, form, {**fields, "reason": " "})
    assert refused.status_code == 422
    assert Page(refused).refusal == "workspace.invalid:empty"
    assert notice not in notices(mine).notices

    result = Page(post(other, form, {**fields, "reason": WHY})).result
    assert notices(mine).part("notice", notice).data("reason") == [WHY]
    assert notice not in notices(other).notices
    log = page_of(visit(hall.chair), "/en/third-forum/log")
    assert log.part("log", result.split()[0]).quotes == [WHY]


def test_by_the_api_it_is_declined_with_a_reason_and_never_merely_taken_back(asked, visit):
    hall, _, _, api, first, second, notice = asked
    path = f"/api/declarations/{hall.declaration_id}/{api}"
    mine, other = visit(first), visit(second)

    silent = other.post(f"{path}/withdrawal")
    assert [silent.status_code, silent.json()["facts"]] == [422, {"field": "reason", "reason": "empty"}]
    assert other.post(f"{path}/refusal", json={"reason": ""}).status_code == 422
    assert other.post(f"{path}/refusal", json={"reason": WHY}).is_success
    assert other.post(f"{path}/refusal", json={"reason": WHY}).status_code in {404, 422}
    assert notice in notices(mine).notices


def test_whoever_asked_takes_it_back_without_a_reason_and_nobody_is_told(asked, visit):
    hall, _, _, api, first, second, notice = asked
    assert visit(first).post(f"/api/declarations/{hall.declaration_id}/{api}/withdrawal").is_success
    for actor in (first, second):
        assert notice not in notices(visit(actor)).notices


def test_who_can_be_neither_of_the_two_learns_nothing_of_it(asked, visit):
    hall, _, _, api, *_ = asked
    path = f"/api/declarations/{hall.declaration_id}/{api}"
    assert visit(hall.translator).post(f"{path}/withdrawal").status_code == 404
    assert visit(hall.translator).post(f"{path}/refusal", json={"reason": WHY}).status_code == 404


def test_a_publication_that_was_declined_can_be_asked_for_again(hall, visit):
    hall = hall(WATER)
    form, _, _, first, second = _publication(hall)
    assert Page(post(visit(second), form, {"reason": WHY})).result == "publication.declined"
    with hall.store.reading() as db:
        assert EditionService(db).pending(hall.declaration(db)) is None
    assert page_of(visit(first), f"/en/{AT}/readiness").offers("/readiness")
    hall.request()
    assert hall.publish().number == 1


def test_a_request_that_something_stops_meanwhile_can_still_be_taken_back(hall, visit):
    hall = hall(WATER)
    _, _, _, first, _ = _publication(hall)
    assert page_of(visit(first), f"/en/{AT}/readiness").offers("/readiness/withdrawal")
    hall.reword(EN, 0, "Towns shall share all water.")
    page = page_of(visit(first), f"/en/{AT}/readiness")
    assert not page.offers("/readiness/withdrawal"), "another text voids it"
    path = f"/api/declarations/{hall.declaration_id}/publication-request/withdrawal"
    assert visit(first).post(path).status_code == 204
    assert visit(first).post(path).status_code == 404


def test_a_corrigendum_that_was_declined_says_so_and_why(hall, visit):
    hall = hall(SLIP)
    form, fields, *_ = _corrigendum(hall)
    post_by = visit(hall.chair)
    post_by.get(f"/en/{AT}/corrigenda/1")
    answer = Page(post(post_by, form, {**fields, "reason": WHY}))
    assert answer.state == "declined"
    assert WHY in answer.text


def test_at_the_command_line_an_override_is_declined_with_a_reason(hall, store, visit, monkeypatch, capsys):
    hall = hall(WATER)
    _override(hall)
    monkeypatch.setenv("WORKSPACE_DATABASE_URL", store.engine.url.render_as_string())

    def override(*rest):
        code = run(["override", AT, *rest])
        return code, capsys.readouterr()

    _, listed = override()
    [key] = re.findall(r"^(\w{8})  .*awaiting", listed.out, re.MULTILINE)
    assert override(key, "--second", "A secretariat", "--drop")[0] == 2
    assert override(key, "--second", "A secretariat", "--drop", "--reason", WHY)[0] == 0
    assert notices(visit(hall.chair)).part("notice", "asked:override_declined").data("reason") == [WHY]


def test_whoever_may_ask_again_reads_why_publication_was_declined(hall, visit):
    hall = hall(WATER)
    form, *_ = _publication(hall)
    secretary, chair = visit(hall.secretary), visit(hall.chair)
    chair.get(f"/en/{AT}/readiness")
    post(chair, form, {"reason": WHY})
    assert WHY in page_of(secretary, f"/en/{AT}/readiness").text_of("about", "last-declined")
    hall.request()
    assert "last-declined" not in page_of(secretary, f"/en/{AT}/readiness").data("about")
