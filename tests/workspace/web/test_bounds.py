"""What is too large, too deep or too strange is the sender's error, and says where."""

import pytest

OVER = str(2**63)


def send(client, body, kind="application/json", **headers):
    content = body if isinstance(body, bytes) else body.encode()
    return client.post("/api/numbers", content=content, headers={"Content-Type": kind, **headers})


def nested(depth):
    return '{"number": 3, "tags": ' + "[" * (depth - 1) + "]" * (depth - 1) + "}"


def test_brackets_within_brackets_are_counted_before_anything_is_parsed(client):
    assert send(client, nested(64)).json()["fields"]  # 64 deep: read, and then found to be no list of words
    assert [*send(client, nested(65)).json()["fields"]] == ["data"]  # the whole of it: nothing of it was looked at
    assert send(client, nested(65)).status_code == 400
    assert (
        send(client, '{"number": 3, "tags": ["' + "[" * 500 + '"]}').status_code == 201
    )  # brackets in words are words


@pytest.mark.parametrize("number", [OVER, f"-{OVER}", "9" * 400, "1" * 4_301])
def test_a_number_that_no_database_holds_is_refused(client, number):
    assert send(client, f'{{"number": {number}}}').status_code == 400


def test_the_largest_number_that_fits_is_taken(client):
    assert send(client, f'{{"number": {2**63 - 1}}}').status_code == 201


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e400", '"3"', "3.5", "true", "null", "[3]"])
def test_a_number_is_a_number_and_nothing_that_looks_like_one(client, value):
    answer = send(client, f'{{"number": {value}}}')
    assert (answer.status_code, answer.json()["code"]) == (400, "web.bad_request")


def test_the_part_of_a_body_that_cannot_be_taken_is_named(client):
    problem = send(client, '{"number": "3"}').json()
    assert problem["fields"] == {"number": "Expected `int`, got `str`"}
    assert "number (Expected `int`, got `str`)" in problem["detail"]
    assert "(Object missing required field `number`)" in send(client, "{}").json()["detail"]
    assert list(send(client, '{"number": 3, "tags": ["a", 7]}').json()["fields"]) == ["tags[1]"]


def test_a_key_that_stands_twice_is_refused_and_named(client):
    answer = send(client, '{"number": 1, "tags": [], "number": 2}')
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["number"])


def test_a_name_in_a_query_that_nothing_reads_is_refused_and_named(house):
    assert house.chair.get("/checkpoints?limit=2").status_code == 200
    answer = house.chair.get("/checkpoints?limitt=2")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["limitt"])


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "x"])
def test_a_body_of_another_kind_is_refused_and_the_right_one_named(client, kind):
    answer = send(client, '{"number": 3}', kind=kind)
    assert (answer.status_code, answer.json()["code"]) == (415, "web.wrong_form")
    assert answer.headers["accept-post"] == "application/json"


def test_a_compressed_body_is_not_read(client):
    assert send(client, '{"number": 3}', **{"Content-Encoding": "gzip"}).status_code == 400


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ("application/json", 200),
        ("*/*", 200),
        ("application/*;q=0.1", 200),
        ("application/problem+json", 200),
        ("text/html", 406),
        ("image/png, text/plain", 406),
    ],
)
def test_who_takes_no_json_is_told_that_there_is_nothing_else(client, wanted, status):
    answer = client.get("/api/numbers/3", headers={"Accept": wanted})
    assert answer.status_code == status
    if status == 406:
        assert answer.json()["code"] == "web.not_acceptable"


def test_a_form_of_fields_without_end_is_refused(client, token):
    body = f"csrf={token}" + "&a=b" * 5_000
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post("/en/ribera/alondra/wording", content=body, headers=headers).status_code == 400


def test_a_form_of_parts_without_end_is_refused(client, token):
    part = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=x", "X-CSRF-Token": token}
    answer = client.post("/en/ribera/alondra/wording", content=part * 1_001 + "--x--\r\n", headers=headers)
    assert answer.status_code in {400, 413}


@pytest.mark.parametrize("number", ["1_000", "+7", "٣", "007", "2000000001", " 3"])
def test_a_number_in_an_address_is_written_in_one_way_only(client, number):
    assert client.get(f"/api/numbers/{number}").status_code in {400, 404}


@pytest.mark.parametrize("word", ["%00", "a%01b", "%7f", "x" * 201, "%ff"])
def test_an_address_of_strange_characters_leads_nowhere(client, word):
    assert client.get(f"/en/{word}").status_code in {400, 404}


def test_the_filters_of_the_register_are_names_that_its_file_knows(house):
    house.session("Water", "Mend the pumps.", "Plant trees.")
    answer = house.chair.get(
        "/forums/third-forum/recommendations/file?kind=csv&words=pumps&standing=proposed&sort=number"
    )
    assert answer.status_code == 200, answer.text
    assert b"Mend the pumps." in answer.content
    assert b"Plant trees." not in answer.content
