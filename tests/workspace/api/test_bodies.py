"""No body that anybody sends is a failure of ours."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workspace.api import doors
from tests.workspace.api.described import REFERENCE, operations
from tests.workspace.api.knocking import Knock, Place, furnished
from tests.workspace.house import Table, opened
from workspace.core.actor import Role
from workspace.core.storage.db import new_id

DEEP = 100_000
BODIES = [
    b"",
    b"null",
    b"[]",
    b"{}",
    b"0",
    b'"text"',
    b"{",
    b"\xff\xfe\x00",
    b'{"text": "\xff\xfe"}',
    b'{"text": "\xed\xa0\x80"}',
    b'{"text": "\\ud800"}',
    b"[" * DEEP,
    b'{"a":' * DEEP,
    b'{"text": ' + b"[" * DEEP + b"]" * DEEP + b"}",
    b'{"reason": 1e999}',
    b" " * 1_000_001,
    json.dumps({"text": "x" * 990_000}).encode(),
    json.dumps({str(key): key for key in range(20_000)}).encode(),
]


@pytest.mark.parametrize(
    ("query", "body"), [("", b"{"), ("", b'{"a": "\xff"}'), ("", b"[" * DEEP), ("", b"9" * 30), ("?%ff", b"{}")]
)
def test_what_cannot_be_read_is_named_in_the_language_of_whoever_sent_it(house, query, body):
    headers = {"Cookie": f"persona={house.people[Role.CHAIR].person_id}", "Content-Type": "application/json"}
    answers = [
        house.client.post(f"/api/following{query}", content=body, headers={**headers, "Accept-Language": language})
        for language in ("en", "es", "fr")
    ]
    assert [answer.status_code for answer in answers] == [400, 400, 400]
    assert len({answer.json()["detail"] for answer in answers}) == len(answers)
    assert [answer.json()["fields"] for answer in answers] == [{"?" if query else "data": ""}] * len(answers)


def asks_for_nothing(document: dict[str, Any]) -> set[str]:
    """Operations whose every field may be left out, so that an empty object is a body they take."""
    schemas, found = document["components"]["schemas"], set()
    for _, _, operation in operations(document):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            if not schemas[content["schema"]["$ref"].removeprefix(REFERENCE)].get("required"):
                found.add(operation["operationId"])
    return found


def knock_with_bytes(place: Place, document: dict[str, Any], *, every: int) -> None:
    """One of `every` bodies at each door, another one at each."""
    lenient = asks_for_nothing(document)
    for count, one in enumerate(doors.every(place)):
        for body in BODIES[count % every :: every]:
            answer = place.knock(one, body)
            if one.body is not None and not (body in {b"", b"null", b"{}"} and one.operation in lenient):
                assert answer.status_code in {400, 404, 413, 415}, (one.operation, body[:40], answer.text)


def test_no_bytes_are_a_failure_of_ours(place, document):
    knock_with_bytes(place, document, every=6)


@pytest.mark.long
def test_nor_are_any_other_bytes(place, document):
    knock_with_bytes(place, document, every=1)


WRONG = [
    None,
    True,
    0,
    -1,
    2**31,
    2**63,
    2**64,
    10**400,
    -(2**70),
    1.5,
    "",
    " ",
    "\x00",
    "a\x00b",
    "\u202e\ufeff\u200b",
    "\\u0000",
    "x" * 300_000,
    "😀" * 10_000,
    "[" * 30_000,
    "[](#b-nowhere)",
    "0001-01-01",
    "9999-12-31",
    str(new_id()),
    [],
    {},
    [[]],
    [None] * 5_000,
    {"\x00": "\x00"},
]


def mutations(value: Any) -> Iterator[Any]:
    """The value with one part of it replaced by each of the wrong things, left out, or said twice as often."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield {name: one for name, one in value.items() if name != key}
            for changed in mutations(part):
                yield {**value, key: changed}
    elif isinstance(value, list):
        yield value * 40
        for place, part in enumerate(value):
            for changed in mutations(part):
                yield [*value[:place], changed, *value[place + 1 :]]
    else:
        yield from WRONG


def knock_with_wrong_values(place: Place, *, every: int) -> None:
    """One of `every` wrong bodies at each door, another one at each."""
    for count, one in enumerate(doors.every(place)):
        wrong = list(mutations(one.body) if one.body is not None else WRONG)
        for body in wrong[count % every :: every]:
            place.knock(one, json.dumps(body).encode())


def test_no_value_in_the_wrong_place_is_a_failure_of_ours(place):
    knock_with_wrong_values(place, every=23)


@pytest.mark.long
def test_nor_is_any_other_wrong_value(place):
    knock_with_wrong_values(place, every=1)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(max_size=10), parts, max_size=3),
    max_leaves=8,
)


def test_nothing_anybody_can_write_in_json_is_a_failure_of_ours(store):
    with opened(store) as house:
        place = furnished(house)

        @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
        @given(one=st.sampled_from(doors.every(place)), part=ANYTHING, data=st.data())
        def knock(one: Knock, part: Any, data: st.DataObject) -> None:
            body = one.body
            if isinstance(body, dict):
                body = {**body, data.draw(st.sampled_from(sorted(body))): part}
            place.knock(one, json.dumps(body if body is not None else part).encode("utf-8", "replace"))

        knock()


@pytest.mark.parametrize("field", ["text", "reason", "name", "note", "slug"])
def test_text_with_a_nul_is_refused_by_every_database(any_store, field):
    with opened(any_store) as house:
        place = furnished(house)
        refused = 0
        for one in doors.every(place):
            for body in with_nul(one.body, field):
                answer = place.knock(one, json.dumps(body).encode())
                # not one of the words that can stand there; not open now; nothing waits; moved on; refused
                assert answer.status_code in {400, 404, 409, 412, 422}, (one.operation, answer.text)
                refused += answer.status_code == 422
        assert refused


def with_nul(body: Any, field: str) -> Iterator[Any]:
    if isinstance(body, dict):
        for key, part in body.items():
            if key == field:
                yield {**body, key: f"a\x00{part}"} if isinstance(part, str) else {**body, key: {"en": "a\x00b"}}
            else:
                yield from ({**body, key: changed} for changed in with_nul(part, field))
    elif isinstance(body, list):
        for place, part in enumerate(body):
            yield from ([*body[:place], changed, *body[place + 1 :]] for changed in with_nul(part, field))


def test_an_address_with_a_nul_is_no_failure_of_any_database(any_store):
    with opened(any_store) as house:
        for path in ("/forums/%00", "/forums/a%00b/sessions", "/forums/%00/recommendations"):
            assert house.nobody.get(path).status_code < 500


@pytest.mark.parametrize("tag", ["", "*", "W/x", '""', '"a", "b"', "\x7f", "x" * 5_000, "none", "ü"])
def test_no_entity_tag_is_a_failure_of_ours(house, tag):
    table: Table = house.declaration()
    for method, path, body in (
        ("POST", f"{table.path}/phase", {"phase": "consultation"}),
        ("PUT", f"{table.path}/blocks/{table.block()}/texts/fr", {"text": "L’eau."}),
    ):
        headers = [
            (b"cookie", f"persona={house.people[Role.CHAIR].person_id}".encode()),
            (b"if-match", tag.encode("latin-1")),
        ]
        answer = house.client.request(method, f"/api{path}", json=body, headers=headers)
        assert 400 <= answer.status_code < 500, answer.text
