"""What two sets have in common: a third list that people make, each entry with both sources, published beside them."""

import pytest

from tests.support.page import Page
from tests.support.site import token_of
from workspace.core.actor import Role
from workspace.core.security.permissions import Phase

FORUM = "/forums/third-forum"
GROUND = "/en/third-forum/recommendations/common-ground"
WATER_EN = "Cities must guarantee access to drinking water before 2030."
WATER_ES = "Las ciudades deben garantizar el acceso al agua potable antes de 2030."
NOT_OF_BOTH = "workspace.invalid:not_of_both_sets"
SHADE = "Every street needs a row of lime trees on its sunny side."
SHADE_TOO = "Every street needs a long row of lime trees on its sunny side."


@pytest.fixture
def sets(house):
    """Two sets, of three recommendations each; all are confirmed."""
    chair = house.chair
    said = ((WATER_EN, "en"), (SHADE, "en"), ("Schools teach singing.", "en"))
    more = ((WATER_ES, "es"), (SHADE_TOO, "en"), ("Museums open at night.", "en"))
    for title, some in (("First session", said), ("Second session", more)):
        for words, language in some:
            house.session(title, words, language=language)
    made = chair.post(f"{FORUM}/taxonomies", {"kind": "sets", "name": {"en": "Sets"}}).json()["id"]
    ids = [chair.post(f"/taxonomies/{made}/themes", {"en": name}).json()["id"] for name in ("Towns", "Regions")]
    numbers = [one["number"] for one in chair.get(f"{FORUM}/recommendations").json()["items"]][-6:]
    chair.post(f"{FORUM}/recommendations/settlement", {"standing": "confirmed", "numbers": numbers})
    for theme, some in zip(ids, (numbers[:3], numbers[3:]), strict=True):
        chair.post(f"{FORUM}/recommendations/themes", {"numbers": some, "themes": [theme]})
    house.sets, house.numbers = ids, numbers
    return house


def ground(house, caller=None):
    first, second = house.sets
    return (caller or house.chair).get(f"{FORUM}/common-ground?first={first}&second={second}").json()


def texts(pairs):
    return [(pair["one"]["text"], pair["other"]["text"]) for pair in pairs]


def send(house, client, one, other, act="common"):
    first, second = house.sets
    client.get(GROUND)
    form = {"csrf": token_of(client), "first": first, "second": second, "one": one, "other": other, "act": act}
    return Page(client.post(GROUND, data=form))


def test_what_is_alike_across_two_sets_and_languages_is_offered_and_people_agree(sets, visit):
    assert sorted(texts(ground(sets)["open"])) == [(WATER_EN, WATER_ES), (SHADE, SHADE_TOO)]
    assert ground(sets)["agreed"] == []
    client = visit(sets.people[Role.CHAIR])
    first, _, third, fourth, _, sixth = sets.numbers

    assert len(Page(client.get(GROUND)).rows("alike")) == 2
    shown = send(sets, client, first, fourth)
    assert shown.result == "recommendations.common"
    send(sets, client, third, sixth)  # alike to people alone

    assert texts(ground(sets)["agreed"]) == [(WATER_EN, WATER_ES), ("Schools teach singing.", "Museums open at night.")]
    assert texts(ground(sets)["open"]) == [(SHADE, SHADE_TOO)]
    listed = sets.chair.get(f"{FORUM}/recommendations/resemblances").json()["items"]
    assert (WATER_EN, WATER_ES) not in texts(listed), "settled, and asked about no more"
    [line, _] = Page(client.get(GROUND)).rows("common")
    assert all(words in line.text for words in (WATER_EN, "First session", WATER_ES, "Second session"))

    send(sets, client, third, sixth, "reopen")
    send(sets, client, first, fourth, "keep_apart")
    assert ground(sets)["agreed"] == []


def test_what_is_merged_across_sets_is_common_with_both_sources(sets, visit):
    second, fifth = sets.numbers[1], sets.numbers[4]
    sets.chair.post(f"{FORUM}/recommendations/merger", {"kept": second, "numbers": [fifth]})

    assert [one["text"] for one in ground(sets)["shared"]] == [SHADE]
    [line] = Page(visit(sets.people[Role.CHAIR]).get(GROUND)).rows("common")
    assert "First session" in line.text
    assert "Second session" in line.text


def test_two_that_are_not_of_both_sets_are_refused_and_others_only_read(sets, visit):
    first, second, _, fourth, fifth, _ = sets.numbers
    client = visit(sets.people[Role.CHAIR])
    sets.chair.post(f"{FORUM}/recommendations/settlement", {"standing": "dropped", "numbers": [fifth], "reason": "No."})
    for other in (second, first, 999, fifth):
        shown = send(sets, client, first, other)
        assert (shown.refusal, shown.field("other").value) == (NOT_OF_BOTH, str(other))
    assert ground(sets)["agreed"] == []

    sets.declaration("Towns.", phase=Phase.REVIEW)
    assert ground(sets, sets.member)["open"] == []
    body = {"one_id": "019af2c4-7d10-7101-9c3e-5b8a41d6e7f0", "other_id": "019af2c4-7d10-7101-9c3e-5b8a41d6e7f0"}
    assert sets.member.post(f"{FORUM}/recommendations/resemblances/common", body).status_code in {403, 404}
    send(sets, client, first, fourth)
    assert texts(ground(sets, sets.member)["agreed"]) == [(WATER_EN, WATER_ES)]


def test_the_annex_of_two_sets_prints_what_they_share_with_both_sources(sets):
    first, _, _, fourth, *_ = sets.numbers
    ids = {one["number"]: one["id"] for one in sets.chair.get(f"{FORUM}/recommendations").json()["items"]}
    pair = {"one_id": ids[first], "other_id": ids[fourth]}
    assert sets.chair.post(f"{FORUM}/recommendations/resemblances/common", pair).status_code == 204
    table = sets.declaration("Towns shall share.", phase=Phase.ADOPTION)
    title = {"es": "Terreno común", "en": "Common ground", "fr": "Points communs"}
    body = {"kind": "recommendations", "title": title, "theme_id": sets.sets[0], "other_theme_id": sets.sets[1]}
    made = sets[Role.SECRETARIAT].post(f"{table.path}/annexes/", body)
    assert made.status_code == 201, made.text
    assert made.json()["other_theme_id"] == sets.sets[1]
    same = {**body, "other_theme_id": sets.sets[0]}
    assert sets[Role.SECRETARIAT].post(f"{table.path}/annexes/", same).status_code == 422

    with sets.store.reading() as db:
        from workspace.editions.domain.annexes import AnnexRecord, annex_content  # noqa: PLC0415

        lines = annex_content(db, db.query(AnnexRecord).one()).lines
    named, *said = [" ".join(line.texts.values()) for line in lines]
    assert "Towns" in named
    assert "Regions" in named
    assert len(said) == 2
    assert WATER_EN in said[0]
    assert "First session" in said[0]
    assert WATER_ES in said[1]
    assert "Second session" in said[1]


def test_without_sets_the_page_begins_with_two_themes(house, visit):
    theme = house.chair.post(f"{FORUM}/taxonomies", {"kind": "axes", "name": {"en": "Axes"}}).json()["id"]
    ids = [house.chair.post(f"/taxonomies/{theme}/themes", {"en": name}).json()["id"] for name in ("Water", "Light")]
    shown = Page(visit(house.people[Role.CHAIR]).get(GROUND))
    assert shown.root.xpath("//select/optgroup/option[@selected]/@value") == ids
