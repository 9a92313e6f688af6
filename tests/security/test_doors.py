"""Every door, knocked at by everybody: the matrix that people review says who gets in, and who reads what.

The expectation comes from `permission_matrix.csv`, through the policy that the route names.
"""

import json
import re
from collections.abc import Mapping
from uuid import UUID

import pytest
import sqlalchemy as sa
from httpx import Response

from tests.security.walking import EMAIL, OPENED_BY, ROLES, SAID, Door, Quarter
from tests.workspace.core.test_permissions import ORACLE, parts
from workspace.core.actor import Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Model

EVERYBODY = (Role.ANON, *ROLES)
TRUE = {"task", "not_author", "not_embargoed", "window_or_marked_late", "after_opening", "no_text", "undecided"}
FALSE = {"breakglass", "history_open", "released", "steward", "open_forum", "cli", "declared"}
ABOUT_ONES_OWN = {"log.read", "personal_data.erase_request", "comment.edit_own", "amendment.withdraw_revise"}
ELSEWHERE = (  # need more than an address: an edition, a link, an open registration, an organisation that contributed
    "/editions/",
    "/preview",
    "/checkpoints",
    "/sign-in",
    "/readiness",
    "/register/",
    "/contributions",
    "/entry",  # who writes down what a session said also submits it
    "/wrap-up",
    "/tables/",  # that somebody has taken
    "-tables/",
    "}/source",  # of what came with a parent forum
    "/threads/{",  # of which this one is internal
    "/nameable",  # for the kind of thread that one may begin
    "/coverage",  # shows what is released, and the text
    "/sealed-edition",  # that two people have sealed
    "/declarations/new",  # begins in setup, so not open to whoever imports into a draft only
)
IN_ANY_PHASE = (  # open whatever the phase, and empty where nothing is released; or the beginning of something new
    "/recommendations",
    "/contributions",
    "/declarations/new",
)
ONES_OWN = ("/account/data", "/accounts/me/data", "/amendments/{")  # hold what this reader wrote
QUICK, EVERY = [Phase.DRAFTING], list(Phase)


def may(role: Role, actions: tuple[str, ...], phase: Phase) -> bool | None:
    """What the matrix says of any of these rights; None where it depends on more than is known here."""
    answers = {_may(role, action, phase) for action in actions}
    return True if True in answers else None if None in answers else False


def _may(role: Role, action: str, phase: Phase) -> bool | None:
    if action == "public":
        return True
    if action == "own" or action in ABOUT_ONES_OWN:
        return None
    found: set[bool | None] = {False}
    for letters, conditions in parts(ORACLE[action][role.value]):
        if letters == "*" or phase.value in letters:
            found.add(False if conditions & FALSE else True if conditions <= TRUE else None)
    return True if True in found else None if None in found else False


@pytest.fixture(params=[*QUICK, *(pytest.param(one, marks=pytest.mark.long) for one in EVERY if one not in QUICK)])
def quarter(request: pytest.FixtureRequest, store):
    with Quarter(store, request.param) as quarter:
        yield quarter


def is_refused(status: int, location: str) -> bool:
    return status in {400, 401, 404} or (status in {302, 303} and "/sign-in" in location)  # 400: its query is missing


def is_empty(answer: Response) -> bool:
    """A list, and nothing in it for this reader."""
    return answer.headers.get("content-type") == "application/json" and answer.json().get("items") == []


def test_everybody_reads_what_the_matrix_opens_to_them_and_nothing_else(quarter: Quarter):
    wrong, found, counted = [], [], 0
    closed = {
        role: [secret for secret, rights in OPENED_BY.items() if may(role, rights, quarter.phase) is False]
        for role in EVERYBODY
    }
    for door in quarter.doors():
        if door.method != "GET":
            continue
        for role in EVERYBODY:
            answer = quarter.ask(role, "GET", door.path)
            hidden = [one for one in closed[role] if one in answer.text and not _is_own(door, role, one)]
            found += [(door.route, role.value, one) for one in hidden]
            assert answer.status_code < 500, (door, role)
            expected = may(role, door.policy, quarter.phase)
            refused = is_refused(answer.status_code, answer.headers.get("location", ""))
            counted += 1
            is_excused = any(one in door.route for one in IN_ANY_PHASE) or _is_own(door, role)
            is_led_away = answer.status_code == 303  # a page that one may not open shows nothing, and leads elsewhere
            if expected is False and not (refused or is_led_away or is_excused or is_empty(answer)):
                wrong.append((door.route, role.value, "opened", answer.status_code))
            if (
                expected
                and door.is_real
                and refused
                and answer.status_code != 400
                and not any(one in door.route for one in ELSEWHERE)
            ):
                wrong.append((door.route, role.value, "shut", answer.status_code))
    assert found == []
    assert wrong == []
    assert counted > 1_000


def test_nobody_changes_what_the_matrix_does_not_let_them(quarter: Quarter):
    wrong, counted = [], 0
    now, head, bodies = quarter.count(), quarter.head(), examples(quarter)
    for door in quarter.doors():
        if door.method == "GET":
            continue
        for role in EVERYBODY:
            if may(role, door.policy, quarter.phase) is not False:
                continue
            before, answer = now, _send(quarter, role, door, head, bodies)
            counted, now = counted + 1, quarter.count()
            assert answer.status_code < 500, (door, role)
            assert answer.status_code != 403, (door, role, "as a form of another site, so that nothing was asked")
            keeps_own = door.route.endswith("/views")  # a filter for themselves, of a list that opens empty
            if (answer.is_success and not keeps_own) or now != before:
                wrong.append((door.method, door.route, role.value, answer.status_code))
    assert wrong == []
    assert counted > 400


def examples(quarter: Quarter) -> dict[tuple[str, str], object]:
    """The body that the document of the API gives for each operation, about things that are there."""
    found = {}
    document = quarter.ask(Role.CHAIR, "GET", "/api/openapi.json").json()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            body = json.dumps(content.get("example", {}))
            for name in ("block_id", "amendment_id", "person_id", "session_id"):
                body = re.sub(
                    f'"({name}|{name.removesuffix("_id")})": "[^"]*"', rf'"\1": "{quarter.known[name]}"', body
                )
            found[method.upper(), path] = json.loads(re.sub(r'"base_revision": \d+', '"base_revision": 1', body))
    return found


def _send(quarter: Quarter, role: Role, door: Door, head: UUID, bodies: Mapping[tuple[str, str], object]):
    """An empty form of a page, or a body such as the API describes, which replaces what is there."""
    if not door.path.startswith("/api"):
        return quarter.ask(role, door.method, door.path, data={})
    path = re.sub(r":\w+}", "}", door.route)
    begins = "/declarations/from-" in path  # a declaration in setup, which opens its forum to more than this phase does
    body = {} if begins else bodies.get((door.method, path), {})
    return quarter.ask(role, door.method, door.path, json=body, **{"If-Match": f'"{head}"'})


@pytest.mark.parametrize("secret", [one for one in OPENED_BY if one != EMAIL])  # no page shows an address
def test_the_secrets_are_where_they_can_be_found(store, secret: str):
    """Or else not finding them would prove nothing: whoever may see one does, at some door."""
    with Quarter(store, Phase.DRAFTING) as quarter:
        paths = [door.path for door in quarter.doors() if door.method == "GET"]
        assert any(secret in quarter.ask(Role.CHAIR, "GET", path).text for path in paths)


def test_neither_the_log_nor_a_letter_holds_a_secret(quarter: Quarter):
    tables = Model.metadata.tables
    with quarter.store.reading() as db:
        lines = [json.dumps(list(row), default=str) for row in db.execute(sa.select(tables["log_entry"]))]
        letters = [dict(row) for row in db.execute(sa.select(tables["letter"])).mappings()]
    assert lines
    for secret in OPENED_BY:
        assert [one for one in lines if secret in one] == []
        assert [one for one in letters if secret in str(one.get("facts", "")) and secret != SAID] == []


def _is_own(door: Door, role: Role, secret: str = "") -> bool:
    """Whether the reader wrote what is behind the door, or the secret is about them."""
    wrote = role is Role.COMMITTEE and any(one in door.route for one in ONES_OWN)
    return wrote or (secret == EMAIL and role is Role.MEMBER)
