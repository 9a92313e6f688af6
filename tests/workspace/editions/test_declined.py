"""What two people do about an edition can be declined by the second one, with a reason that whoever asked is told."""

import re
from collections.abc import Callable
from html import unescape

import pytest

from tests.support.site import token_of
from tests.workspace.editions.test_corrigenda import WATER as SLIP
from tests.workspace.editions.test_corrigenda import Printed
from tests.workspace.editions.test_embargo import in_hours, told
from tests.workspace.editions.test_overrides import EN, WATER
from workspace.cli import run
from workspace.editions.embargo import EmbargoService
from workspace.editions.overriding import OverrideService
from workspace.editions.service import EditionService

AT = "third-forum/declaration"
WHY = "Alta has not read it."
SAID = "The request is declined"


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
    prepared = hall.prepare()
    with hall.store.writing() as db:
        EmbargoService(db).seal(hall.declaration_id, prepared, release=told(in_hours(2)), actor=hall.chair)
    with hall.store.writing() as db:
        EmbargoService(db).ask(hall.declaration(db), release=told(in_hours(4)), actor=hall.chair)
    return "readiness/release", {"act": "drop"}, "sealed-edition/release", hall.chair, hall.secretary


def _corrigendum(hall):
    printed = Printed(hall)
    printed.correct()
    printed.say("ask", "A letter out of place.")
    return "corrigenda/1", {"act": "withdraw"}, "corrigenda/1", hall.secretary, hall.chair


ASKED: dict[str, tuple[Callable, dict, str]] = {
    "publication": (_publication, WATER, "your request for publication"),
    "override": (_override, WATER, "your request to let one thing go out as it is"),
    "release": (_release, WATER, "your request to change when the sealed edition comes out"),
    "corrigendum": (_corrigendum, SLIP, "your request to confirm corrections to the published text"),
}


@pytest.fixture(params=ASKED)
def asked(request, hall):
    prepare, text, notice = ASKED[request.param]
    hall = hall(text)
    return hall, *prepare(hall), notice


def words(client, path):
    return " ".join(unescape(client.get(path).text).split())


def post(client, form, fields):
    return client.post(f"/en/{AT}/{form}", data={"csrf": token_of(client), **fields})


def test_on_the_page_it_is_declined_with_a_reason_that_whoever_asked_is_told(asked, visit):
    hall, form, fields, _, first, second, notice = asked
    page = "corrigenda/1" if form.startswith("corrigenda") else "readiness"
    mine, other = visit(first), visit(second)
    assert "Why it is declined" not in mine.get(f"/en/{AT}/{page}").text
    assert "Why it is declined" in other.get(f"/en/{AT}/{page}").text

    refused = post(other, form, {**fields, "reason": " "})
    assert refused.status_code == 422
    [sentence] = re.findall(r'id="why-[^"]+-error">.*?<span>(.*?)</span>', refused.text, re.DOTALL)
    assert sentence == "A reason is needed: say why."
    assert "declined" not in words(mine, "/en/notices")

    assert SAID in post(other, form, {**fields, "reason": WHY}).text
    told = words(mine, "/en/notices")
    assert f"has declined {notice}" in told
    assert f"The reason given: {WHY}" in told
    assert "has declined" not in words(other, "/en/notices")
    log = words(visit(hall.chair), "/en/third-forum/log")
    assert "Declined the request" in log
    assert WHY in log


def test_by_the_api_it_is_declined_with_a_reason_and_never_merely_taken_back(asked, visit):
    hall, _, _, api, first, second, notice = asked
    path = f"/api/declarations/{hall.declaration_id}/{api}"
    mine, other = visit(first), visit(second)

    silent = other.post(f"{path}/withdrawal")
    assert [silent.status_code, silent.json()["facts"]] == [422, {"field": "reason", "reason": "empty"}]
    assert other.post(f"{path}/refusal", json={"reason": ""}).status_code == 422
    assert other.post(f"{path}/refusal", json={"reason": WHY}).is_success
    assert other.post(f"{path}/refusal", json={"reason": WHY}).status_code in {404, 422}
    assert f"has declined {notice}" in words(mine, "/en/notices")


def test_whoever_asked_takes_it_back_without_a_reason_and_nobody_is_told(asked, visit):
    hall, _, _, api, first, second, _ = asked
    assert visit(first).post(f"/api/declarations/{hall.declaration_id}/{api}/withdrawal").is_success
    for actor in (first, second):
        assert "has declined" not in words(visit(actor), "/en/notices")


def test_who_can_be_neither_of_the_two_learns_nothing_of_it(asked, visit):
    hall, _, _, api, *_ = asked
    path = f"/api/declarations/{hall.declaration_id}/{api}"
    assert visit(hall.translator).post(f"{path}/withdrawal").status_code == 404
    assert visit(hall.translator).post(f"{path}/refusal", json={"reason": WHY}).status_code == 404


def test_a_publication_that_was_declined_can_be_asked_for_again(hall, visit):
    hall = hall(WATER)
    form, _, _, first, second = _publication(hall)
    assert SAID in post(visit(second), form, {"reason": WHY}).text
    with hall.store.reading() as db:
        assert EditionService(db).pending(hall.declaration(db)) is None
    assert "Ask for publication" in visit(first).get(f"/en/{AT}/readiness").text
    hall.request()
    assert hall.publish().number == 1


def test_a_request_that_something_stops_meanwhile_can_still_be_taken_back(hall, visit):
    hall = hall(WATER)
    _, _, _, first, _ = _publication(hall)
    hall.reword(EN, 0, "Towns shall share all water.")
    assert "Take it back" not in visit(first).get(f"/en/{AT}/readiness").text, "another text voids it"
    path = f"/api/declarations/{hall.declaration_id}/publication-request/withdrawal"
    assert visit(first).post(path).status_code == 204
    assert visit(first).post(path).status_code == 404


def test_a_corrigendum_that_was_declined_says_so_and_why(hall, visit):
    hall = hall(SLIP)
    form, fields, *_ = _corrigendum(hall)
    post_by = visit(hall.chair)
    post_by.get(f"/en/{AT}/corrigenda/1")
    answer = post(post_by, form, {**fields, "reason": WHY}).text
    assert "<h1>Declined: nothing is corrected</h1>" in answer
    assert WHY in answer


def test_at_the_command_line_an_override_is_declined_with_a_reason(hall, store, visit, monkeypatch, capsys):
    hall = hall(WATER)
    _override(hall)
    monkeypatch.setenv("WORKSPACE_DATABASE_URL", store.engine.url.render_as_string())

    def override(*rest):
        code = run(["override", AT, *rest])
        return code, capsys.readouterr()

    _, listed = override()
    [key] = re.findall(r"^(\w{8})  .*asked for", listed.out, re.MULTILINE)
    code, refused = override(key, "--second", "A secretariat", "--drop")
    assert code == 2
    assert "say why" in refused.err
    assert override(key, "--second", "A secretariat", "--drop", "--reason", WHY)[0] == 0
    assert f"The reason given: {WHY}" in words(visit(hall.chair), "/en/notices")


def test_whoever_may_ask_again_reads_why_publication_was_declined(hall, visit):
    hall = hall(WATER)
    form, *_ = _publication(hall)
    secretary, chair = visit(hall.secretary), visit(hall.chair)
    chair.get(f"/en/{AT}/readiness")
    post(chair, form, {"reason": WHY})
    said = "The last request for publication was declined on"
    page = unescape(secretary.get(f"/en/{AT}/readiness").text)
    assert said in page
    assert WHY in page
    hall.request()
    assert said not in secretary.get(f"/en/{AT}/readiness").text
