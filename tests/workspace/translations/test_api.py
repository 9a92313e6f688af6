"""The text in force and its translations through the API."""

import pytest

from drafts.text.blocks import Language
from workspace.core.actor import Role
from workspace.core.storage.db import new_id

EN, ES, FR = Language.EN, Language.ES, Language.FR


@pytest.fixture
def table(house):
    return house.declaration(
        {EN: "Towns share water.", ES: "Las ciudades comparten el agua."}, {EN: "Towns light paths."}
    )


def text(table, language, place=0, block=None):
    return f"{table.path}/blocks/{block or table.block(place)}/texts/{language}"


def save(table, language, words, *, if_match, **more):
    return table.house[Role.TRANSLATOR].put(text(table, language), {"content": words, **more}, if_match=if_match)


def states(table, place=0):
    return table.house.member.get(f"{table.path}/text").json()["blocks"][place]["states"]


def test_the_text_in_force_says_how_each_language_stands(house, table):
    answer = house.member.get(f"{table.path}/text")
    first = answer.json()["blocks"][0]
    assert answer.headers["etag"] == f'"{table.head}"'
    assert answer.json()["head"]["id"] == table.head
    assert first["states"] == {"es": "current", "en": "current", "fr": "missing"}
    assert first["block"]["texts"]["fr"] is None
    assert first["block"]["texts"]["es"]["id"] == table.version(ES)
    assert [first["block"]["number"], first["block"]["original_language"]] == ["1", "en"]


def test_a_first_translation_says_that_it_replaces_nothing(house, table):
    read = house.member.get(text(table, FR))
    saved = save(table, FR, "Les villes partagent  l’eau.", if_match="none", sources=["en", "es"])
    assert [read.headers["etag"], read.json()["text"], read.json()["state"]] == ['"none"', None, "missing"]
    assert saved.status_code == 200, saved.text
    assert saved.headers["etag"] == f'"{table.version(FR)}"'
    assert [saved.json()["text"]["content"], saved.json()["state"]] == ["Les villes partagent l’eau.", "current"]
    assert table.number == 1


def test_a_translation_is_replaced_only_by_somebody_who_has_seen_it(table):
    seen = table.version(ES)
    first = save(table, ES, "Las ciudades comparten agua.", if_match=seen)
    second = save(table, ES, "Los pueblos comparten el agua.", if_match=seen)
    blind = save(table, ES, "Los pueblos comparten el agua.", if_match="none")
    missing = save(table, ES, "Los pueblos comparten el agua.", if_match=None)
    assert [first.status_code, second.status_code, blind.status_code, missing.status_code] == [200, 412, 412, 428]
    assert second.json()["facts"] == {"expected": seen, "head": table.version(ES)}
    assert table.words(ES)[0] == "Las ciudades comparten agua."


def test_a_stale_translation_is_confirmed_as_it_stands(house, table):
    table.reword("Towns share clean water.")
    assert states(table)["es"] == "stale:substantive"
    confirmed = house[Role.TRANSLATOR].post(f"{text(table, ES)}/confirmation", if_match=table.version(ES))
    assert confirmed.status_code == 200, confirmed.text
    assert [confirmed.json()["state"], states(table)["es"]] == ["current", "current"]


def test_a_save_without_a_changed_word_is_a_confirmation(table):
    table.reword("Towns share clean water.")
    seen = table.version(ES)
    saved = save(table, ES, "Las ciudades comparten el agua.", if_match=seen)
    assert [saved.status_code, saved.json()["state"], saved.json()["text"]["id"]] == [200, "current", seen]


def test_a_confirmation_names_what_it_confirms(house, table):
    path = f"{text(table, ES)}/confirmation"
    assert house[Role.TRANSLATOR].post(path).status_code == 428
    assert house[Role.TRANSLATOR].post(path, if_match=new_id()).status_code == 412
    assert house[Role.TRANSLATOR].post(f"{text(table, FR)}/confirmation", if_match="none").status_code == 404


def test_the_chair_decides_that_a_paragraph_has_no_text_in_a_language(house, table):
    left_out = house.chair.post(f"{text(table, FR)}/absence", {"reason": " A local matter. "})
    assert [left_out.status_code, left_out.json()["state"]] == [201, "absent"]
    block = house.member.get(f"{table.path}/text").json()["blocks"][0]
    assert block["absent_because"] == {"es": "", "en": "", "fr": "A local matter."}


@pytest.mark.parametrize(
    ("role", "language", "body", "status"),
    [
        (Role.MEMBER, FR, {"content": "L’eau."}, 404),
        (Role.TRANSLATOR, EN, {"content": "Water."}, 422),
        (Role.TRANSLATOR, FR, {"content": " "}, 422),
        (Role.TRANSLATOR, FR, {"content": "L’\x00eau."}, 422),
        (Role.TRANSLATOR, FR, {"content": "x" * 20_001}, 400),
        (Role.TRANSLATOR, FR, {"content": "L’eau.", "sources": ["de"]}, 400),
        (Role.TRANSLATOR, "de", {"content": "Wasser."}, 400),
        (Role.TRANSLATOR, FR, {"words": "L’eau."}, 400),
    ],
)
def test_what_cannot_be_saved(table, role, language, body, status):
    tag = table.version(EN) if language is EN else "none"
    answer = table.house[role].put(text(table, language), body, if_match=tag)
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    ("role", "language", "reason", "status"),
    [(Role.TRANSLATOR, FR, "Local.", 404), (Role.CHAIR, ES, "Local.", 422), (Role.CHAIR, FR, " ", 422)],
)
def test_what_cannot_be_left_out(table, role, language, reason, status):
    assert table.house[role].post(f"{text(table, language)}/absence", {"reason": reason}).status_code == status


def test_a_paragraph_of_another_text_is_not_there(house, table):
    other = house.declaration("Elsewhere.", slug="other")
    for block in (other.block(), new_id()):
        path = text(table, ES, block=block)
        assert house.chair.get(path).status_code == 404
        assert house[Role.TRANSLATOR].put(path, {"content": "Agua."}, if_match="none").status_code == 404


def test_a_longer_text_needs_no_more_queries(house):
    one, three = house.declaration("One."), house.declaration("One.", "Two.", "Three.", slug="longer")
    assert house.queries(f"{one.path}/text") == house.queries(f"{three.path}/text")


def test_a_draft_is_kept_for_its_author_and_replaced_only_by_who_has_seen_it(house, table):
    path, translator = f"{table.path}/translation-drafts", house[Role.TRANSLATOR]
    draft = {"block_id": table.block(), "language": "fr", "content": "Les villes"}
    begun = translator.post(path, draft)
    assert [begun.status_code, begun.json()["content"]] == [201, "Les villes"]
    own = f"/translation-drafts/{begun.json()['id']}"
    kept = translator.put(own, {**draft, "content": "Les villes p"}, if_match=begun.json()["version"])
    late = translator.put(own, {**draft, "content": "Autre"}, if_match=begun.json()["version"])
    assert [kept.status_code, late.status_code, translator.get(own).json()["content"]] == [200, 412, "Les villes p"]
    assert [one["id"] for one in translator.get(path).json()["items"]] == [begun.json()["id"]]
    assert house.chair.get(path).json()["items"] == []
    assert house.chair.get(own).status_code == 404
    assert translator.post(path, {**draft, "block_id": str(new_id())}).status_code == 404
