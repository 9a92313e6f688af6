"""What the checks find in a declaration, through the API and on the translator's bench."""

from concurrent.futures import ProcessPoolExecutor

import pytest
import sqlalchemy as sa

from drafts.text.blocks import Language
from tests.support import factories, site
from tests.support.page import Page
from workspace.core.actor import Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.log import LogEntry
from workspace.declarations.domain.service import DeclarationService
from workspace.translations.domain.checks import OF_ONE_TEXT, PassedChecks, passed_checks

EN, ES, FR = Language.EN, Language.ES, Language.FR
WATER = {
    EN: "Towns share 12 wells.",
    ES: "Las ciudades comparten 13 pozos.",
    FR: "Les villes partagent 12\u00a0puits",
}


@pytest.fixture
def table(house):
    return house.declaration(WATER)


def checks(table, role=Role.TRANSLATOR):
    return table.house[role].get(f"{table.path}/checks").json()["findings"]


def waive(table, language, check, reason="The two systems count otherwise.", role=Role.TRANSLATOR):
    body = {"check": check, "reason": reason}
    return table.house[role].post(f"{table.path}/blocks/{table.block(0)}/texts/{language}/waivers", body)


def named(findings):
    return [(one["language"], one["source_language"], one["check"]) for one in findings]


def test_each_translation_is_checked_against_its_original_and_the_three_against_each_other(table):
    assert named(checks(table)) == [
        ("es", "en", "number_mismatch"),
        ("fr", "en", "end_punct"),
        ("es", None, "tri_number_mismatch"),
    ]
    first = checks(table)[0]
    assert [first["severity"], first["source"], first["target"]] == ["error", ["12"], ["13"]]
    assert [WATER[ES][start:end] for start, end in first["spans"]] == ["13"]
    assert checks(table)[1]["fix"] == WATER[FR] + "."


def test_words_are_checked_without_being_kept(table):
    path = f"{table.path}/blocks/{table.block(0)}/texts/es/check"
    answer = table.house[Role.TRANSLATOR].post(path, {"content": "Las ciudades comparten 12 pozos"})
    assert answer.status_code == 200, answer.text
    assert named(answer.json()["findings"]) == [("es", "en", "end_punct")]
    assert ("es", "en", "number_mismatch") in named(checks(table))
    assert table.house.member.post(path, {"content": "Las ciudades."}).status_code == 404


def test_a_finding_stands_with_a_reason_until_the_words_change(table):
    assert waive(table, ES, "number_mismatch", reason=" ").status_code == 422
    waived = waive(table, ES, "number_mismatch")
    assert waived.status_code == 201, waived.text
    assert checks(table)[0]["waiver"]["reason"] == "The two systems count otherwise."
    assert checks(table)[2]["waiver"] is None
    assert waive(table, ES, "number_mismatch").status_code == 422
    assert waive(table, ES, "date_mismatch").status_code == 404
    path = f"{table.path}/blocks/{table.block(0)}/texts/es"
    body = {"content": "Las ciudades comparten 14 pozos."}
    table.house[Role.TRANSLATOR].put(path, body, if_match=table.version(ES))
    assert checks(table)[0]["waiver"] is None


def test_letting_a_finding_stand_is_for_those_who_answer_for_the_text(table):
    assert waive(table, ES, "number_mismatch", role=Role.MEMBER).status_code == 404
    assert waive(table, ES, "number_mismatch", role=Role.COMMITTEE).status_code == 404
    assert waive(table, ES, "number_mismatch", role=Role.CHAIR).status_code == 201


def test_a_contradiction_between_three_languages_stops_publication_until_it_is_mended_or_stands(house):
    table = house.declaration(WATER, slug="ready", phase=Phase.ADOPTION)
    found = house.chair.get(f"{table.path}/readiness").json()["contradictions"]
    of = [("es", "number_mismatch"), ("fr", "end_punct"), ("es", "tri_number_mismatch")]
    assert [(one["language"], one["check"]) for one in found] == of
    refused = house.chair.post(f"{table.path}/publication-request")
    assert [refused.status_code, refused.json()["code"]] == [409, "workspace.not_ready"]
    for language, check in of:
        assert waive(table, language, check, role=Role.CHAIR).status_code == 201
    assert house.chair.get(f"{table.path}/readiness").json()["contradictions"] == []
    with house.store.writing() as db:
        factories.concord(db, DeclarationService(db).get(table.id))
    assert house.chair.post(f"{table.path}/publication-request").status_code == 201


def test_the_words_just_decided_are_not_accused_where_they_alone_differ(house):
    table = house.declaration({EN: "By 1 March 2030.", ES: "El 1 de marzo de 2030.", FR: "Le 1er mars 2030."})
    table.reword("By 1 June 2030.")
    for language in (ES, FR):
        path = f"{table.path}/blocks/{table.block(0)}/texts/{language}"
        confirmed = house[Role.TRANSLATOR].post(f"{path}/confirmation", if_match=table.version(language))
        assert confirmed.status_code == 200
    told = [one for one in checks(table) if one["source_language"] is None]
    spaced = {"content": "Le 1er mars\u00a02030.", "sources": ["en"]}
    assert house[Role.TRANSLATOR].put(path, spaced, if_match=table.version(FR)).status_code == 200
    told += [one for one in checks(table) if one["source_language"] is None]
    assert [(one["language"], one["behind"]) for one in told] == [("es", ["es", "fr"])] * 2


def test_an_error_of_a_pair_stops_signing_and_publication_until_it_is_let_stand(house):
    table = house.declaration({**WATER, FR: "Towns share twelve wells", ES: "Las ciudades comparten 12 pozos."})
    reviser = house[Role.TRANSLATOR]
    seen = {one: table.version(one) for one in (ES, EN, FR)}
    body = {"paragraphs": [{"block_id": table.block(0), **seen}]}
    assert reviser.post(f"{table.path}/concordance", body).status_code == 422
    texts = house.member.get(f"{table.path}/concordance").json()["languages"]
    of = {one["language"]: one["texts"] for one in texts}
    assert reviser.post(f"{table.path}/sign-offs", {"language": "fr", "texts": of["fr"]}).status_code == 422
    assert reviser.post(f"{table.path}/sign-offs", {"language": "es", "texts": of["es"]}).status_code == 201
    stops = house.chair.get(f"{table.path}/readiness").json()["contradictions"]
    assert {("fr", "wrong_language"), ("fr", "end_punct")} <= {(one["language"], one["check"]) for one in stops}
    for one in stops:
        assert waive(table, FR, one["check"], role=Role.CHAIR).status_code == 201
    assert house.chair.get(f"{table.path}/readiness").json()["contradictions"] == []
    assert reviser.post(f"{table.path}/concordance", body).status_code == 201


def test_a_save_answers_with_what_the_checks_find_in_it(table):
    path = f"{table.path}/blocks/{table.block(0)}/texts/fr"
    body = {"content": "Les villes ne partagent pas 12 puits."}
    saved = table.house[Role.TRANSLATOR].put(path, body, if_match=table.version(FR))
    assert ("fr", "en", "negation") in named(saved.json()["findings"])
    assert {one["severity"] for one in saved.json()["findings"] if one["check"] == "negation"} == {"warning"}


def test_a_longer_text_is_checked_with_no_more_queries(house):
    one, three = house.declaration(WATER, slug="one"), house.declaration(*[WATER] * 3, slug="three")
    assert house.queries(f"{one.path}/checks") == house.queries(f"{three.path}/checks")


def test_a_finding_between_three_languages_may_be_named_by_any_of_them(table):
    waived = waive(table, FR, "tri_number_mismatch")
    assert waived.status_code == 201, waived.text
    assert checks(table)[2]["waiver"]["check"] == "tri_number_mismatch"


def test_what_stands_is_in_the_log_by_its_words_hash_and_not_by_its_words(table, store):
    waive(table, ES, "number_mismatch")
    with store.reading() as db:
        entries = [one.entry for one in db.scalars(sa.select(LogEntry)) if "check.waived" in one.entry]
    assert len(entries) == 1
    assert "count otherwise" not in entries[0]
    assert "pozos" not in entries[0]


TURNED = {
    EN: "Towns share \u202e12 wells.",
    ES: "Las ciudades comparten 12 pozos.",
    FR: "Les villes partagent 12 puits.",
}
SPOOFED = {**TURNED, EN: "Towns sh\u0430re 12 wells.", FR: "Les villes p\u0430rtagent 12 puits."}


@pytest.mark.parametrize(
    ("texts", "stopped"),
    [
        (TURNED, [("en", "invisible_char")]),
        (SPOOFED, [("en", "mixed_script"), ("fr", "mixed_script")]),
        ({**TURNED, EN: "Towns share 12 wells of Αθήνα."}, []),
    ],
    ids=["turned", "spoofed", "greek"],
)
def test_what_deceives_stops_publication_in_the_original_too_until_it_is_accepted(house, texts, stopped):
    table = house.declaration(texts, slug="ready", phase=Phase.ADOPTION)

    def standing():
        found = house.chair.get(f"{table.path}/readiness").json()["contradictions"]
        return [(finding["language"], finding["check"]) for finding in found if finding["check"] in OF_ONE_TEXT]

    assert standing() == stopped
    if stopped:
        assert house.chair.post(f"{table.path}/publication-request").json()["code"] == "workspace.not_ready"
    for language, check in stopped:
        assert waive(table, language, check, reason="A name.", role=Role.CHAIR).status_code == 201
    assert standing() == []
    with house.store.writing() as db:
        factories.concord(db, DeclarationService(db).get(table.id))
    made = house.chair.post(f"{table.path}/publication-request")
    assert made.status_code == 201, made.text


def test_the_bench_leads_to_the_original_that_deceives_and_the_field_there_mends_it(house):
    table = house.declaration(TURNED)
    with site.browser(house.store, house.people[Role.COMMITTEE]) as browser:
        draft = "/en/third-forum/declaration"
        bench = Page(browser.get(f"{draft}/translation/{table.block(0)}/fr"))
        [address] = [link for link in bench.links if "/edit?block=" in link]
        edit = Page(browser.get(address))
    assert bench.has_id("check-invisible_char")
    [button] = [button for button in edit.root.iter("button") if button.get("data-act") == "mend"]
    assert button.get("data-words") == "Towns share 12 wells."


def passes():
    return ()


def fails():
    return ("a finding",)


def begun(path, checker="this", most=100):
    """What passed, as a process knows it that has just begun."""
    passed = PassedChecks(path, checker, most)
    passed.read()
    return passed


def test_what_passed_is_known_to_the_next_process_and_what_did_not_is_checked_again(tmp_path):
    first = begun(tmp_path / "passed")
    assert first.findings("clean", passes) == ()
    assert first.findings("faulty", fails) == ("a finding",)
    first.write()
    assert begun(first.path).findings("clean", fails) == ()
    assert begun(first.path).findings("faulty", passes) == ()
    assert b"clean" not in first.path.read_bytes()
    assert first.path.stat().st_mode & 0o077 == 0


def test_what_another_version_of_the_checks_passed_is_checked_again(tmp_path):
    first = begun(tmp_path / "passed", "this")
    first.findings("clean", passes)
    first.write()
    assert begun(first.path, "another").findings("clean", fails) == ("a finding",)


@pytest.mark.parametrize("content", [b"", b"half", b"\0" * 1000])
def test_a_broken_file_of_what_passed_is_as_none(tmp_path, content):
    (tmp_path / "passed").write_bytes(content)
    passed = begun(tmp_path / "passed")
    assert passed.findings("faulty", fails) == ("a finding",)
    passed.findings("clean", passes)
    passed.write()
    assert begun(passed.path).findings("clean", fails) == ()


def one_of_several(path, number):
    passed = begun(path, most=1000)
    for turn in range(40):
        passed.findings(f"{number} {turn}", passes)
        passed.write()


def test_several_processes_leave_a_whole_file_of_what_passed(tmp_path):
    with ProcessPoolExecutor(3) as several:
        list(several.map(one_of_several, [tmp_path / "passed"] * 3, range(3)))
    assert [each.name for each in tmp_path.iterdir()] == ["passed"]
    later = begun(tmp_path / "passed")
    known = [name for name in range(120) if later.findings(f"{name % 3} {name // 3}", fails) == ()]
    assert 32 * len(known) == later.path.stat().st_size >= 32 * 40


def test_of_what_passed_the_latest_stay(tmp_path):
    passed = begun(tmp_path / "passed", most=3)
    for number in range(5):
        passed.findings(number, passes)
        passed.write()
    assert [begun(passed.path).findings(number, fails) for number in range(5)] == [("a finding",)] * 2 + [()] * 3


def test_a_process_that_has_just_begun_finds_what_those_before_it_found(table):
    found = checks(table)
    passed_checks.cache_clear()
    assert checks(table) == found
    assert "number_mismatch" in {finding["check"] for finding in found}
