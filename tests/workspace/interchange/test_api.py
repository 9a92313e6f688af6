"""Files in and out through the API."""

import json

import pytest

from workspace.core.actor import Role

NOTE = """# Water for every district

Date: 4 March 2027, 10:00-11:30 (UTC+1)

## Recommendations

- Towns must publish the state of their fountains every year.
- Regions should lend pumps to the towns that ask for them.
"""
NOTES = "/forums/third-forum/notes"
TEXTS = {
    "es": "# Una\n\n1. Las 40 ciudades comparten el agua hasta 2030.\n",
    "en": "# One\n\n1. The 40 towns share their water until 2030.\n\n2. Light.\n",
}
TAKEN = {"slug": "our-text", "language": "en", "texts": TEXTS}


def files(**named):
    return {"files": [("files", (name.replace("_", "."), data)) for name, data in named.items()]}


def test_each_file_of_notes_is_taken_in_whole_or_not_at_all(house):
    answer = house[Role.RAPPORTEUR].post(
        NOTES, **files(water_md=NOTE.encode(), image_png=b"\x89PNG\r\n\x1a\n\x00\x00\xff\xff", empty_md=b"")
    )
    assert answer.status_code == 200, answer.text
    taken, image, empty = answer.json()["items"]
    assert [taken["name"], taken["result"], taken["recommendations"]] == ["water.md", "taken_in", [1, 2]]
    assert [image["result"], empty["result"]] == ["refused", "refused"]
    assert [image["refusal"]["code"], image["refusal"]["facts"]["source"]] == ["workspace.bad_file", "image.png"]
    assert image["refusal"]["detail"]
    session = house.chair.get(f"/sessions/{taken['sessions'][0]}").json()
    assert [session["document"]["name"], session["session"]["title"]] == ["water.md", "Water for every district"]
    said = house.chair.get("/forums/third-forum/recommendations").json()["items"]
    assert [(one["text"], one["line"], one["standing"]) for one in said] == [
        ("Towns must publish the state of their fountains every year.", 7, "proposed"),
        ("Regions should lend pumps to the towns that ask for them.", 8, "proposed"),
    ]


def test_the_very_same_notes_are_not_taken_in_twice(house):
    house.chair.post(NOTES, **files(water_md=NOTE.encode()))
    [again] = house.chair.post(NOTES, **files(copy_md=NOTE.encode())).json()["items"]
    assert [again["result"], again["sessions"]] == ["known", []]


def test_a_file_may_call_itself_what_it_likes(house):
    given = [("files", ("..\\..\\etc/pass\u202ewd\x7f" + "x" * 500 + ".md", NOTE.encode()))]
    [taken] = house.chair.post(NOTES, files=given).json()["items"]
    assert taken["result"] == "taken_in"
    assert len(taken["name"]) <= 200
    assert taken["name"].isprintable()
    assert "/" not in taken["name"]


def test_notes_come_from_those_who_may_bring_them(house):
    for role in (Role.MEMBER, Role.TRANSLATOR):
        assert house[role].post(NOTES, **files(water_md=NOTE.encode())).status_code == 404
    assert house.chair.post("/forums/fourth-forum/notes", **files(water_md=NOTE.encode())).status_code == 404


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"data": {"files": "text"}}, 415),
        ({"data": {}}, 415),
        ({"files": [("other", ("a.md", b"x"))]}, 400),
        ({"files": [("files", (f"{number}.md", b"x")) for number in range(51)]}, 400),
        ({"files": [("files", ("a.md", b"x" * 10_200_001))]}, 413),
        ({"content": b"nonsense", "headers": {"Content-Type": "multipart/form-data; boundary=x"}}, 400),
    ],
)
def test_a_parcel_that_cannot_be_opened_is_refused(house, given, status):
    assert house.chair.post(NOTES, **given).status_code == status


def test_notes_may_be_larger_than_other_bodies(house):
    long = NOTE + "\n" + "And so on.\n" * 120_000
    [taken] = house.chair.post(NOTES, **files(long_md=long.encode())).json()["items"]
    assert taken["result"] in {"taken_in", "refused"}


def test_a_declaration_is_taken_in_from_its_texts_with_what_they_lack(house):
    answer = house.chair.post("/forums/third-forum/declarations/from-texts", TAKEN | {"accept_gaps": True})
    assert answer.status_code == 201, answer.text
    made = answer.json()
    declaration = made["declaration"]
    assert [declaration["slug"], declaration["phase"], declaration["name"]["es"]] == ["our-text", "setup", "Una"]
    assert made["gaps"] == [{"language": "es", "excerpt": "Light."}]
    assert answer.headers["location"] == f"/api/declarations/{declaration['id']}"
    assert answer.headers["etag"] == f'"{declaration["head"]["id"]}.setup"'


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({}, 422, "workspace.misaligned"),
        ({"texts": {}}, 422, "workspace.invalid"),
        ({"texts": {"en": " "}}, 422, "workspace.invalid"),
        ({"texts": {"es": "# Una\n"}}, 422, "workspace.invalid"),
        ({"texts": {"en": "a\x00b"}}, 422, "drafts.bad_markdown"),
        ({"texts": {"de": "# Eins\n"}}, 400, "web.bad_request"),
        ({"slug": "Our Text", "accept_gaps": True}, 422, "workspace.invalid"),
        ({"slug": "sessions", "accept_gaps": True}, 422, "workspace.invalid"),
        ({"slug": "x" * 81}, 400, "web.bad_request"),
        ({"language": "la"}, 400, "web.bad_request"),
        ({"accept_gaps": "perhaps"}, 400, "web.bad_request"),
    ],
)
def test_texts_that_make_no_declaration(house, change, status, code):
    answer = house.chair.post("/forums/third-forum/declarations/from-texts", TAKEN | change)
    assert [answer.status_code, answer.json()["code"]] == [status, code], answer.text
    assert house.chair.get("/forums/third-forum/declarations").json()["items"] == []


def test_members_create_no_declaration(house):
    assert house.member.post("/forums/third-forum/declarations/from-texts", TAKEN).status_code == 404
    body = {"texts": TEXTS}
    assert house.member.post("/forums/third-forum/declarations/from-texts/rows", body).status_code == 404


def test_what_is_doubtful_is_told_beforehand_and_decided_with_the_texts(house):
    texts = {
        "es": "# Declaración de Puerto Claro\n\nLas 40 ciudades comparten el agua.\n\nNadie pagará el pan.\n",
        "en": "# Declaration of Puerto Claro\n\nThe 40 towns share their water until 2030.\n\n"
        "Benches shall stand in the shade of every square, and somebody shall mend them.\n",
    }
    told = house.chair.post("/forums/third-forum/declarations/from-texts/rows", {"texts": texts}).json()
    [row] = told["doubtful"]
    assert [told["total"], row["row"], row["doubt"], row["choices"]] == [3, 2, "weak", ["keep", "apart", "above"]]
    assert house.chair.get("/forums/third-forum/declarations").json()["items"] == []

    undecided = house.chair.post("/forums/third-forum/declarations/from-texts", TAKEN | {"texts": texts, "slug": "two"})
    made = undecided.json()
    text = house.chair.get(f"/declarations/{made['declaration']['id']}/text").json()["blocks"]
    assert [block["states"]["es"] for block in text] == ["current", "current", "unverified"]
    assert made["unverified"] == [text[2]["block"]["id"]]

    decided = TAKEN | {"texts": texts, "decided": [{"row": 2, "choice": "apart"}]}
    made = house.chair.post("/forums/third-forum/declarations/from-texts", decided).json()
    assert {(gap["language"], gap["excerpt"]) for gap in made["gaps"]} == {
        ("es", "Benches shall stand in the shade of every square, and somebo"),
        ("en", "Nadie pagará el pan."),
    }


def test_a_whole_forum_is_written_as_one_file(house):
    house.chair.post(NOTES, **files(water_md=NOTE.encode()))
    answer = house.chair.get("/forums/third-forum/export")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="third-forum.json"'
    tables = json.loads(answer.content)["tables"]
    assert [row["slug"] for row in tables["forum"]] == ["third-forum"]
    assert len(tables["recommendation"]) == 2
    assert house.member.get("/forums/third-forum/export").status_code == 404


def test_notes_of_which_nothing_can_be_read_are_refused_as_a_whole(house):
    answer = house[Role.RAPPORTEUR].post(NOTES, **files(image_png=b"\x89PNG\r\n\x1a\n\x00\x00\xff\xff", empty_md=b""))
    assert answer.status_code == 422
    assert [item["result"] for item in answer.json()["items"]] == ["refused", "refused"]


def test_the_largest_file_is_taken_with_the_form_around_it(house):
    answer = house[Role.RAPPORTEUR].post(NOTES, **files(water_txt=b"a" * 10_000_000))
    assert answer.status_code != 413
