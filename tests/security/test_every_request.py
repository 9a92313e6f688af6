"""Requests that a machine makes up from our own OpenAPI document, as everybody: none of them is a failure of ours.

The document says what each operation takes; half of what is sent keeps to it, half does not. Real ids are mixed in,
or else nearly every request would end at a thing that is not there.
"""

from collections.abc import Mapping

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from requests import Request
from schemathesis import GenerationMode

from tests.security.walking import ROLES, Quarter
from workspace.core.actor import Role
from workspace.core.security.permissions import Phase

OFTEN = 12
HERE = "http://testserver.local"
EVERYBODY = (Role.ANON, *ROLES)


def knock(quarter: Quarter, role: Role, *, examples: int) -> int:
    """Send `examples` requests to every operation as `role`; how many were answered, none of them by a failure."""
    schema = schemathesis.openapi.from_dict(quarter.ask(Role.CHAIR, "GET", "/api/openapi.json").json())
    answered = 0
    modes = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
    for operation in (one.ok() for one in schema.get_all_operations()):
        requests = st.one_of([operation.as_strategy(generation_mode=mode) for mode in modes])

        @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=requests, is_real=st.booleans())
        def send(case, is_real):
            nonlocal answered
            if is_real:
                known = {name: value for name, value in quarter.known.items() if name in (case.path_parameters or {})}
                case.path_parameters = {**(case.path_parameters or {}), **known}
            made = Request(**{**case.as_transport_kwargs(base_url=HERE), "cookies": None}).prepare()
            quarter.client.cookies.clear()
            headers = _header_of(quarter, role, made.headers)
            answer = quarter.client.request(made.method, made.url, content=made.body, headers=headers)
            answered += 1
            assert answer.status_code < 500, (made.method, made.url, made.body, answer.text[:500])

        send()
    return answered


def _header_of(quarter: Quarter, role: Role, made_up: Mapping[str, str]) -> dict[str, str]:
    headers = {name: value for name, value in made_up.items() if name.lower() not in {"cookie", "host"}}
    if role in quarter.people:
        headers["Cookie"] = f"persona={quarter.people[role].person_id}"
    return headers


@pytest.mark.parametrize("role", [Role.CHAIR, *(pytest.param(one, marks=pytest.mark.long) for one in EVERYBODY)])
def test_no_request_of_anybody_is_a_failure_of_ours(store, role: Role, request):
    is_long = request.config.getoption("markexpr") == "long"
    examples = OFTEN if is_long else 1
    with Quarter(store, Phase.CONSULTATION) as quarter:
        assert knock(quarter, role, examples=examples) > 100
