"""Every refusal has a status, a code and sentences in three languages; bad bytes are never a failure of ours."""

import importlib
import logging
import pkgutil
import re

import pytest

import drafts
import workspace
from drafts.base.errors import DraftsError
from drafts.text.blocks import Language
from tests.support.page import Page
from workspace.core.errors import NotAllowed, WorkspaceError
from workspace.slices import REGISTRY
from workspace.web.i18n.messages import LANGUAGES, messages
from workspace.web.refusals.sentences import explain, explained_code, say_problem
from workspace.web.refusals.slice_registry import PLACEHOLDER


def kinds(base):
    for below in base.__subclasses__():
        yield below
        yield from kinds(below)


def every_refusal():
    for package in (drafts, workspace):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    return sorted(
        {WorkspaceError, DraftsError, *kinds(WorkspaceError), *kinds(DraftsError)}, key=lambda kind: kind.code
    )


def test_every_refusal_says_what_happened_in_words_of_its_own():
    unexplained = [
        kind.__qualname__
        for kind in every_refusal()
        if explained_code(kind) != kind.code and not issubclass(kind, NotAllowed)
    ]
    assert unexplained == [], "add them to the registry of their slice"


def test_no_two_refusals_share_a_code():
    codes = [kind.code for kind in every_refusal()]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("code", REGISTRY.explanations)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_can_be_told_without_facts_and_with_them(code, language):
    facts = {name: "abc" for detail in REGISTRY.explanations[code].details for name in PLACEHOLDER.findall(detail)}
    for given in ({}, facts, {**facts, "reason": "no such reason"}):
        said = explain(code, given, messages(language))
        assert "%(" not in said.detail
        assert all([said.happened, said.detail, said.kept, said.to_do])


def test_a_reason_is_told_only_when_its_facts_are_there():
    english = messages(LANGUAGES[1])
    assert explain("workspace.invalid", {"field": "slug", "reason": "taken", "given": "ribera"}, english).detail == (
        "“ribera” is already used: choose another."
    )
    assert explain("workspace.invalid", {"field": "slug", "reason": "taken"}, english).detail == (
        "The field “slug” is not valid."
    )
    assert {code for code, _ in REGISTRY.reasons} <= set(REGISTRY.explanations)


def test_a_program_gets_a_problem_with_facts(client):
    answer = client.get("/api/numbers/0", headers={"Accept-Language": "fr"})
    assert answer.status_code == 412
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "/problems/workspace.stale",
        "title": "Le texte a changé",
        "status": 412,
        "detail": "Quelqu’un a enregistré une version plus récente entre-temps.",
        "code": "workspace.stale",
        "facts": {"expected": "r1", "head": "r2"},
    }


def test_a_program_learns_what_stops_publication(client):
    problem = client.get("/api/numbers/4").json()
    assert [problem["status"], problem["code"], problem["facts"]] == [409, "workspace.not_ready", {"count": 1}]
    assert problem["blockers"] == [{"wording": "no French text"}]


def test_who_is_a_moment_too_late_is_told_so_and_no_failure_is_claimed(client):
    response = client.get("/api/numbers/99")

    assert (response.status_code, response.json()["code"]) == (409, "web.overtaken")


def test_a_person_gets_a_page_that_says_what_was_kept_and_what_to_do(client):
    answer = client.get("/es/ribera/otra")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    for sentence in ("Página no encontrada", "No se cambió nada.", "Revise la dirección", "Portada"):
        assert sentence in answer.text


def test_what_is_not_allowed_looks_exactly_like_what_is_not_there(client):
    closed, absent, nowhere = (
        client.get(f"/en/ribera/{one}") for one in ("closed", "absent", "alondra/nothing/of/the/kind")
    )
    bodies = {
        re.sub(r'(nonce|name="csrf" value)="[^"]+"|closed|absent|alondra/nothing/of/the/kind', "*", answer.text)
        for answer in (closed, absent, nowhere)
    }
    assert [closed.status_code, absent.status_code, nowhere.status_code] == [404, 404, 404]
    assert len(bodies) == 1
    assert "head.read" not in closed.text


def test_a_program_cannot_tell_what_is_not_allowed_from_what_is_not_there(client):
    closed, absent = client.get("/api/numbers/2"), client.get("/api/numbers/nothing/here")
    assert closed.content == absent.content
    assert closed.json()["code"] == "workspace.not_found"


def test_an_address_in_a_language_that_is_not_ours_is_not_there(client):
    assert client.get("/de/ribera").status_code == 404


def test_a_failure_that_nobody_foresaw_reads_well_and_leaves_a_trace(client, caplog):
    with caplog.at_level(logging.ERROR, logger="workspace.web"):
        answer = client.get("/fr/ribera/broken")
    assert answer.status_code == 500
    assert Page(answer).refusal == "web.failure"
    assert "ZeroDivisionError" not in answer.text
    assert "ZeroDivisionError" in caplog.text


def test_a_wrong_method_is_told_and_the_right_ones_are_named(client):
    answer = client.put("/api/numbers/3")
    assert [answer.status_code, answer.json()["code"]] == [405, "web.wrong_method"]
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nonsense",
        b"[]",
        b'{"number": "three"}',
        b'{"number": 1e400}',
        b'{"number": "\xff\xfe"}',
        b"\xff\xfe\x00",
        b'{"number": 3, "tags": ["\xed\xa0\x80"]}',
        b"[" * 100_000,
        b'{"number": 3, "tags": ' + b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"number": 3, "extra": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)
def test_bad_bytes_in_json_are_the_senders_error(client, body):
    answer = client.post("/api/numbers", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400, answer.text
    assert answer.json()["code"] == "web.bad_request"


@pytest.mark.parametrize("query", ["most=three", "most=1&most=2&most=", "%", "&&==&%00", "most=" + "9" * 5000])
def test_a_query_that_makes_no_sense_is_no_failure_of_ours(client, query):
    assert client.get(f"/api/numbers/3?{query}").status_code < 500
    assert client.get(f"/en/ribera?{query}").status_code == 200


@pytest.mark.parametrize("query", ["most=%ff", "%ff=%ff", "a=" + "9" * 9_000, "&".join("abcd" * 60)])
def test_a_query_that_is_no_text_or_has_no_end_is_the_senders_error(client, query):
    assert client.get(f"/api/numbers/3?{query}").status_code == 400
    assert client.get(f"/en/ribera?{query}").status_code == 400


def test_a_field_that_cannot_be_read_is_named(client):
    problem = client.get("/api/numbers/3?most=three").json()
    assert problem["detail"] == "Not readable: most (Expected `int | null`, got `str`)."
    assert list(problem["fields"]) == ["most"]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"wording=%ff%fe", "application/x-www-form-urlencoded"),
        (b"\xff=\xfe", "application/x-www-form-urlencoded"),
        (b"%", "application/x-www-form-urlencoded"),
        (b"nonsense", "multipart/form-data; boundary=x"),
        (b"nonsense", "multipart/form-data"),
        (
            b'--x\r\nContent-Disposition: form-data; name="\xff"\r\n\r\n\xff\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
        (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=\xff"),
        (
            (
                b'--x\r\nContent-Disposition: form-data; name="a"\r\n'
                b"Content-Type: text/plain; charset=none\r\n\r\nb\r\n--x--\r\n"
            ),
            "multipart/form-data; boundary=x",
        ),
        (b"{}", "application/json"),
        (b"\xff", "\xff/\xfe; charset=\x00"),
    ],
)
def test_bad_bytes_in_a_form_are_the_senders_error(client, token, body, content_type):
    headers = {"Content-Type": content_type.encode("latin-1"), "X-CSRF-Token": token}
    with_header = client.post("/en/ribera/alondra/wording", content=body, headers=headers, follow_redirects=False)
    without = client.post("/en/ribera/alondra/wording", content=body, headers={"Content-Type": headers["Content-Type"]})
    assert with_header.status_code in {303, 400}
    assert without.status_code in {400, 403}


def test_more_than_the_limit_is_refused(client):
    answer = client.post("/api/numbers", content=b" " * 1_000_001, headers={"Content-Type": "application/json"})
    assert [answer.status_code, answer.json()["code"]] == [413, "web.too_large"]


def test_whoever_sent_too_much_finds_the_way_back_to_the_form(client):
    form = "/en/ribera/alondra/wording"
    answer = client.post(
        form, content=b"wording=" + b"x" * 1_000_001, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 413
    assert form in Page(answer).links


@pytest.mark.parametrize("number", ["1_000", "٣", "9" * 30, "%00", "-0", "+1", "%ff"])
def test_a_number_in_an_address_that_is_no_plain_number_is_no_failure_of_ours(client, number):
    assert client.get(f"/api/numbers/{number}").status_code < 500


def test_headers_with_bad_bytes_are_no_failure_of_ours(client):
    headers = [
        (b"accept-language", b"\xff\xfe"),
        (b"cookie", b"\xff=\xfe; language=\xff; persona=\xff; said=%ff"),
        (b"accept", b"\xff"),
    ]
    assert client.get("/en/ribera", headers=headers).status_code == 200
    assert client.get("/api/none", headers=headers).status_code == 404


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    ("problem", "message", "facts"),
    [
        ("Expected `int`, got `str`", "Expected `%(wanted)s`, got `%(given)s`", {"wanted": "int", "given": "str"}),
        ("Expected `str` of length <= 200", "Expected `%(wanted)s` of length %(bound)s", {"bound": "<= 200"}),
        ("Expected `int` >= 1", "Expected `%(wanted)s` %(bound)s", {"wanted": "int", "bound": ">= 1"}),
        ("Object missing required field `role`", "Object missing required field `%(name)s`", {"name": "role"}),
        ("Invalid enum value '100%'", "Invalid enum value %(given)s", {"given": "'100%'"}),
        ("Invalid UUID", "Invalid UUID", {}),
    ],
)
def test_what_is_wrong_with_a_part_of_a_request_is_said_in_the_readers_language(language, problem, message, facts):
    expected = messages(language).gettext(message, **{"wanted": "str", **facts})
    assert say_problem(problem, messages(language)) == expected
    assert language is not Language.EN or expected == problem


def test_a_problem_that_nobody_has_words_for_is_told_as_it_came():
    assert say_problem("Something new", messages(Language.FR)) == "Something new"


@pytest.mark.parametrize(("seconds", "said"), [(90, "in 90 seconds."), (3_596, "in 60 minutes.")])
def test_a_long_wait_is_told_in_minutes(seconds, said):
    assert explain("web.too_many", {"seconds": seconds}, messages(Language.EN)).detail.endswith(said)
