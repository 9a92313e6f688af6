"""What changed since a text was translated: words, numbers, splits, joins, and what the third language made of it."""

import re

from drafts.diff.amendments import Change, ChangeOp, SplitPart
from drafts.text.blocks import BlockKind, Language
from tests.support.page import Page
from workspace.core.actor import Role

ES, EN, FR = Language
PAGE = "third-forum/declaration/translation"
WATER = {
    ES: "Las ciudades compartirán el agua.",
    EN: "Towns shall share water.",
    FR: "Les villes partagent l’eau.",
}
SHADE = {
    ES: "Las ciudades plantarán árboles.",
    EN: "Towns shall plant trees.",
    FR: "Les villes plantent des arbres.",
}
BREAD = {ES: "Habrá pan.", EN: "There shall be bread.", FR: "Il y aura du pain."}


def shape(table, visit, place, language, *, interface="en"):
    """What the bench says about the paragraph's place: of which kind, with the numbers it names."""
    page = Page(visit(table.translator).get(f"/{interface}/{PAGE}/{table.block(place)}/{language}"))
    return [(turn.root.get("data-turn"), *re.findall(r"\d+", turn.text)) for turn in page.rows("turn")]


def test_a_paragraph_that_has_another_number_by_now_says_so(desk, visit):
    table = desk(WATER, SHADE, BREAD)
    trees = table.block(1)
    table.edit(EN, Change(ChangeOp.INSERT, "new", text="Towns shall sing.", kind=BlockKind.OPERATIVE, after=None))
    table.edit(EN, Change(ChangeOp.REWORD, trees, text="Towns shall plant oaks."))
    assert shape(table, visit, 2, FR) == [("renumbered", "2", "3")]
    table.save(FR, 2, "Les villes plantent des chênes.", sources=(EN,))
    assert shape(table, visit, 2, FR) == []


def test_both_parts_of_a_split_name_each_other(desk, visit):
    table = desk(WATER, {ES: "Agua. Sombra.", EN: "Water. Shade.", FR: "Eau. Ombre."})
    table.edit(EN, Change(ChangeOp.SPLIT, table.block(1), text="Water.", parts=(SplitPart("new", "Shade."),)))
    assert shape(table, visit, 1, FR) == [("split_into", "3")]
    assert shape(table, visit, 2, FR) == [("split_from", "2")]
    page = Page(visit(table.translator).get(f"/en/{PAGE}/{table.block(2)}/fr"))
    assert page.by_id("shape").links_to(f"/{table.block(1)}/fr")
    table.save(FR, 1, "Eau.", sources=(EN,))
    table.save(FR, 2, "Ombre.", sources=(EN,))
    assert [shape(table, visit, place, FR) for place in (1, 2)] == [[], []]


def test_a_joined_paragraph_names_what_was_joined_to_it_by_its_old_number(desk, visit):
    table = desk(BREAD, WATER, SHADE)
    table.edit(EN, Change(ChangeOp.JOIN, table.block(1), joined=(table.block(2),)))
    assert shape(table, visit, 1, FR) == [("joined", "3")]


def test_the_third_language_shows_what_it_made_of_the_same_change(desk, visit):
    table = desk(WATER)
    table.reword(EN, 0, "Towns shall share clean water.")
    table.save(ES, 0, "Las ciudades compartirán el agua limpia.", sources=(EN,))
    page = Page(visit(table.translator).get(f"/en/{PAGE}/{table.block(0)}/fr"))
    [inserted] = page.part("third", "es").root.xpath(".//ins")
    assert "limpia" in inserted.text_content()


def test_programs_read_the_same(house):
    table = house.declaration(WATER, SHADE)
    edit = {
        "language": "en",
        "changes": [
            {"op": "insert", "block": "new", "text": "Towns shall sing.", "kind": "operative", "after": None},
            {"op": "reword", "block": table.block(1), "text": "Towns shall plant oaks."},
        ],
        "reason": "So decided.",
    }
    trees = table.block(1)
    assert house.chair.post(f"{table.path}/edits", edit, if_match=table.head).status_code == 201
    found = house[Role.TRANSLATOR].get(f"{table.path}/blocks/{trees}/texts/fr/changes").json()
    assert [found["state"], found["before"]["content"], found["now"]["content"]] == [
        "stale:substantive",
        "Towns shall plant trees.",
        "Towns shall plant oaks.",
    ]
    assert [found["number_then"], found["number_now"]] == ["2", "3"]
    assert [decision["reason"] for decision in found["decisions"]] == ["So decided."]
    assert house[Role.TRANSLATOR].get(f"{table.path}/blocks/{trees}/texts/en/changes").json()["before"] is None
    assert house.nobody.get(f"{table.path}/blocks/{trees}/texts/fr/changes").status_code == 404
