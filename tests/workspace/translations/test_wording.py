"""Agreed wording and the memory: what is agreed on is checked, and what was translated once is found again."""

import pytest

from drafts.text.blocks import Language
from tests.support import factories
from workspace.core.actor import Role
from workspace.core.security.permissions import Phase

ES, EN, FR = Language
FORUM = "/forums/third-forum"
WATER = {
    EN: "The fountains of the districts shall be open.",
    ES: "Las fuentes de los distritos estarán abiertas.",
    FR: "Les sources des quartiers sont ouvertes.",
}
FOUNTAIN = {"en": ["fountain"], "es": ["fuente"], "fr": ["fontaine"], "forbidden": {"fr": ["jet d’eau"]}}


@pytest.fixture
def table(house):
    return house.declaration(WATER, "Towns light paths.")


def said(table, language=FR):
    found = table.house[Role.TRANSLATOR].get(f"{table.path}/checks").json()["findings"]
    return [one["check"] for one in found if one["language"] == language and one["block_id"] == table.block(0)]


def agree(table, term, *, where=FORUM, role=Role.TRANSLATOR):
    answer = table.house[role].post(f"{where}/glossary/terms", term)
    assert answer.status_code == 201, answer.text
    return answer


def test_a_term_that_is_agreed_on_is_checked_at_once_and_no_more_when_it_is_removed(table):
    assert "glossary_mismatch" not in said(table)
    made = agree(table, FOUNTAIN)
    assert "glossary_mismatch" in said(table)
    assert "glossary_mismatch" not in said(table, ES)
    path = f"{FORUM}/glossary/terms/{made.json()['id']}"
    removed = table.house.client.delete(
        f"/api{path}", headers={**table.house[Role.TRANSLATOR].cookies, "If-Match": made.headers["etag"]}
    )
    assert removed.status_code == 204
    assert "glossary_mismatch" not in said(table)


def test_a_wording_that_is_ruled_out_is_an_error(table):
    agree(table, {"en": ["fountain"], "fr": ["fontaine"], "forbidden": {"fr": ["source"]}})
    assert "glossary_forbidden" in said(table)


def test_a_declaration_has_its_own_wording_instead_of_its_forums(table):
    agree(table, FOUNTAIN)
    agree(table, {**FOUNTAIN, "fr": ["source"]}, where=table.path)
    assert "glossary_mismatch" not in said(table)


def test_a_term_is_changed_by_whoever_knows_its_version(table):
    made = agree(table, FOUNTAIN)
    path = f"{FORUM}/glossary/terms/{made.json()['id']}"
    chair, first = table.house.chair, made.headers["etag"].strip('"')
    changed = chair.put(path, {**FOUNTAIN, "fr": ["source"]}, if_match=first)
    assert [changed.status_code, changed.json()["fr"]] == [200, ["source"]]
    assert chair.put(path, FOUNTAIN, if_match=first).status_code == 412
    assert chair.put(path, FOUNTAIN).status_code == 428
    assert "glossary_mismatch" not in said(table)


def test_the_profile_decides_how_typography_is_judged(house):
    table = house.declaration({EN: "Who pays?", FR: "Qui paie\u00a0?"})
    assert "fr_spacing" not in said(table)
    chosen = house.chair.put(f"{table.path}/style", {"profile": "eu"}, if_match="none")
    assert chosen.status_code == 200, chosen.text
    assert "fr_spacing" in said(table)
    weighed = {"profile": "eu", "severities": {"fr_spacing": "info"}}
    assert house.chair.put(f"{table.path}/style", weighed, if_match=chosen.json()["version_id"]).status_code == 200
    found = house[Role.TRANSLATOR].get(f"{table.path}/checks").json()["findings"]
    assert [one["severity"] for one in found if one["check"] == "fr_spacing"] == ["info"]
    unknown = {"profile": "un", "severities": {"nothing": "info"}}
    assert house.chair.put(f"{FORUM}/style", unknown, if_match="none").status_code == 422


def test_a_glossary_comes_in_as_a_table_and_goes_out_as_one(house):
    table = "es,en,fr,domain,note\r\nfuente,fountain,fontaine,water,\r\nárbol,tree,arbre / arbrisseau,,tall\r\n"
    chair = house.chair
    taken = chair.post(f"{FORUM}/glossary/table", {"content": table})
    assert taken.json() == {"added": 2, "changed": 0, "same": 0}
    again = chair.post(f"{FORUM}/glossary/table", {"content": table.replace("arbre /", "arbre vert /")})
    assert again.json() == {"added": 0, "changed": 1, "same": 1}
    assert "árbol,tree,arbre vert / arbrisseau,,tall" in chair.get(f"{FORUM}/glossary.csv").text
    refused = chair.post(f"{FORUM}/glossary/table", {"content": "de\r\nBaum\r\n"})
    assert [refused.status_code, refused.json()["facts"]["line"]] == [422, 1]


@pytest.mark.parametrize("role", [Role.MEMBER, Role.OBSERVER, Role.COMMITTEE])
def test_the_glossary_and_the_memory_are_for_those_who_work_with_them(table, role):
    caller = table.house[role]
    assert caller.get(f"{FORUM}/glossary").status_code == 404
    assert caller.post(f"{FORUM}/glossary/terms", FOUNTAIN).status_code == 404
    assert caller.get(f"{FORUM}/memory.tmx").status_code == 404
    assert caller.get(f"{table.path}/memory?words=water&language=en").status_code == 404
    assert caller.get(f"{table.path}/blocks/{table.block(0)}/texts/fr/matches").status_code == 404


def matches(table, place=0, language=FR):
    path = f"{table.path}/blocks/{table.block(place)}/texts/{language}/matches"
    answer = table.house[Role.TRANSLATOR].get(path)
    assert answer.status_code == 200, answer.text
    return [(one["kind"], one["texts"][language]) for one in answer.json()["segments"]]


def save(table, place, language, words):
    translator = table.house[Role.TRANSLATOR]
    path = f"{table.path}/blocks/{table.block(place)}/texts/{language}"
    answer = translator.put(path, {"content": words}, if_match=translator.get(path).headers["etag"].strip('"'))
    assert answer.status_code == 200, answer.text


def test_what_was_saved_is_found_for_another_text_and_a_better_translation_replaces_it(house):
    first = house.declaration({EN: "Towns share water.", ES: "El agua."}, slug="first")
    second = house.declaration({EN: "Towns share clean water.", FR: "Rien."}, slug="second")
    assert matches(second) == []
    save(first, 0, FR, "Les villes partagent l’eau.")
    assert matches(second) == [("fuzzy", "Les villes partagent l’eau.")]
    save(first, 0, FR, "Les communes partagent l’eau.")
    assert matches(second) == [("fuzzy", "Les communes partagent l’eau.")]
    found = house[Role.TRANSLATOR].get(f"{second.path}/memory?words=communes&language=fr").json()["segments"]
    assert [(one["declaration"], one["number"]) for one in found] == [("first", "1")]
    assert found[0]["texts"]["es"] == "El agua."


def test_a_signed_text_is_remembered_in_three_languages_with_its_place(house):
    house.declaration(WATER, slug="adopted", phase=Phase.ADOPTION)
    table = house.declaration({EN: WATER[EN]}, slug="next")
    assert matches(table) == [("exact", WATER[FR])]
    assert matches(table, language=ES) == [("exact", WATER[ES])]


def test_the_memory_of_another_tool_comes_in_once_and_goes_out(house):
    table = house.declaration({EN: "Trees give shade."}, slug="shade")
    file = (
        '<tmx version="1.4"><header creationtool="Other"/><body><tu>'
        '<tuv xml:lang="en"><seg>Trees give shade.</seg></tuv>'
        '<tuv xml:lang="fr"><seg>Les arbres font de l’ombre.</seg></tuv></tu></body></tmx>'
    )
    taken = [house.chair.post(f"{FORUM}/memory", {"content": file, "name": "old.tmx"}).json() for _ in range(2)]
    assert [one["added"] for one in taken] == [1, 0]
    assert matches(table) == [("exact", "Les arbres font de l’ombre.")]
    assert "Les arbres font de l’ombre." in house.chair.get(f"{FORUM}/memory.tmx").text
    assert house.chair.post(f"{FORUM}/memory", {"content": "<a/>"}).status_code == 422


def test_a_larger_memory_needs_no_more_queries(house):
    one, three = house.declaration(WATER, slug="one"), house.declaration(*[WATER] * 3, slug="three")
    with house.store.writing() as db:
        for table in (one, three):
            factories.concord(db, factories.DeclarationService(db).get(table.id))
    asked = [f"{table.path}/blocks/{table.block(0)}/texts/fr/matches" for table in (one, three)]
    counts = []
    for path in asked * 2:
        with house.counted() as sent:
            house[Role.TRANSLATOR].get(path)
        counts.append(len(sent))
    assert counts[3] <= counts[2]
