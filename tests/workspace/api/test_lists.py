"""Every list of the API is answered in parts of bounded size, and each part leads on to the next."""

import re

import pytest

THINGS = {  # what has parts and is read whole: a text, a thread, a mail, one's standing
    *("foresee_closing", "foresee_consensus", "foresee_phase", "foresee_withdrawal"),
    *("prove_consistency", "prove_inclusion", "read_amendment", "read_amendment_draft"),
    *("get_mail", "get_returned_word", "get_thread", "read_changes_since", "read_collisions"),
    *("compare_revisions", "read_concordance", "read_corrigendum", "read_coverage", "read_edition", "read_forum"),
    *("read_latest_edition", "read_matches", "read_organisation_contribution", "read_person_contribution"),
    *("read_session_contribution", "read_speaker_contribution", "read_person", "read_question", "read_readiness"),
    *("read_form", "read_results"),
    *("read_screen", "read_what_if", "read_sitting", "read_minutes", "read_common_ground"),
    "read_adopted_text",
    *("read_recommendation", "read_revision", "read_roster", "read_table", "read_text"),
    *("read_translation_draft", "search_memory"),
}


NEAREST = {"list_resemblances"}  # the most alike, and no others


def lists(document) -> dict[str, tuple[str, str, dict]]:
    """By operation: its path, the name of its one list, and its parameters."""
    schemas, found = document["components"]["schemas"], {}
    for path, operations in document["paths"].items():
        operation = operations.get("get", {})
        content = operation.get("responses", {}).get("200", {}).get("content", {}).get("application/json", {})
        shape = schemas.get(content.get("schema", {}).get("$ref", "").rpartition("/")[2], {})
        names = [name for name, field in shape.get("properties", {}).items() if field.get("type") == "array"]
        if names and operation["operationId"] not in THINGS:
            given = {one["name"]: one for one in operation.get("parameters", ())}
            found[operation["operationId"]] = (path, "items" if "items" in names else names[0], given)
    return found


def test_every_list_says_how_much_it_answers_with_at_most(document):
    every = lists(document)
    assert len(every) > 50
    for name, (_, _, given) in every.items():
        limit = given.get("limit", {}).get("schema", {})
        assert limit.get("maximum", 10**9) <= 1_000, name
        assert limit.get("default", 10**9) <= 1_000, name
        assert name in NEAREST or {"cursor", "offset"} & given.keys(), name


def known(place) -> dict[str, str]:
    return {"declaration_id": place.table.id, "forum": "third-forum", "session_id": place.session}


def test_a_list_goes_on_where_its_part_ended(place, document):
    chair, seen = place.house.chair, 0
    for name, (path, field, given) in lists(document).items():
        needed = set(re.findall(r"\{(\w+)\}", path))
        if needed - known(place).keys() or "offset" not in given:
            continue
        here = path.removeprefix("/api").format(**known(place))
        answer = chair.get(here)
        if answer.status_code != 200:
            continue
        whole, parts, step = answer.json()[field], [], f"{here}?limit=1"
        while step:
            part = chair.get(step)
            assert len(part.json()[field]) <= 1, name
            parts += part.json()[field]
            step = part.links.get("next", {}).get("url", "").removeprefix("/api")
        assert parts == whole, name
        seen += len(whole) > 1
    assert seen > 3


@pytest.mark.parametrize("wrong", ["limit=0", "limit=1001", "offset=-1", "offset=x"])
def test_a_part_that_cannot_be_is_refused(place, wrong):
    assert place.house.chair.get(f"/forums?{wrong}").status_code == 400
