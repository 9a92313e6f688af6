"""How many statements the steps from a proposal to an edition send, the actor's own and the middleware's included."""

import pytest

from drafts.text.blocks import Language
from drafts.text.numbering import numbers
from tests.workspace.house import House, Table
from workspace.core.actor import Role
from workspace.core.security.permissions import Phase
from workspace.declarations.domain import queries

ADOPTED = {"adopted_on": "2026-06-12"}
MOST = {"propose": 21, "beside others": 23, "decide": 40, "decide in two languages": 46, "translate": 30, "publish": 56}
MOST |= {"order": 32, "amendments": 28}


@pytest.fixture
def table(house: House) -> Table:
    """A text of two paragraphs, complete in three languages."""
    return house.declaration(
        {language: f"Towns share water ({language.value})." for language in Language},
        {language: f"Towns mend pumps ({language.value})." for language in Language},
    )


def test_proposing_reads_what_it_needs_once(house: House, table: Table):
    body = table.proposal("Towns share clean water.")
    with house.counted() as sent:
        answer = house.member.post(f"{table.path}/amendments", body)
    assert answer.status_code == 201, answer.text
    assert len(sent) <= MOST["propose"]


@pytest.mark.parametrize("others", [1, 3])
def test_what_others_proposed_there_is_read_for_its_words_alone(house: House, table: Table, others: int):
    table.propose(*(f"Towns share rain water, {number} times." for number in range(others)))
    body = table.proposal("Towns share clean water.")
    with house.counted() as sent:
        answer = house.member.post(f"{table.path}/amendments", body)
    assert answer.status_code == 201, answer.text
    assert len(sent) <= MOST["beside others"]


def test_deciding_reads_the_text_once(house: House, table: Table):
    rulings, head = table.rulings(table.propose("Towns share clean water.")), table.head
    with house.counted() as sent:
        answer = house.chair.post(f"{table.path}/decisions", rulings, if_match=head)
    assert answer.json()["decisions"][0]["outcome"] == "applied", answer.text
    assert len(sent) <= MOST["decide"]


def test_deciding_in_two_languages_asks_little_more_than_in_one(house: House, table: Table):
    spanish = {**table.proposal("Las ciudades remiendan bombas.", place=1), "language": "es"}
    filed = house.member.post(f"{table.path}/amendments", spanish).json()
    rulings = {"rulings": table.rulings(table.propose("Towns share clean water."), filed)["rulings"]}
    with house.counted() as sent:
        answer = house.chair.post(f"{table.path}/decisions", rulings, if_match=table.head)
    assert [decision["outcome"] for decision in answer.json()["decisions"]] == ["applied"] * 2, answer.text
    assert len(sent) <= MOST["decide in two languages"]


def test_the_page_that_translates_a_paragraph_reads_the_text_once(house: House, table: Table):
    decided = table.rulings(table.propose("Towns share clean water."))
    house.chair.post(f"{table.path}/decisions", decided, if_match=table.head)
    path, cookies = f"/en/third-forum/declaration/translation/{table.block()}/es", house[Role.TRANSLATOR].cookies
    with house.counted() as sent:
        page = house.client.get(path, headers=cookies)
    assert page.status_code == 200
    assert len(sent) <= MOST["translate"]


def test_publishing_reads_the_text_once(house: House):
    table = house.declaration("Towns share water.", "Towns mend pumps.", phase=Phase.ADOPTION)
    asked = house[Role.SECRETARIAT].post(f"{table.path}/publication-request", {"adopted_on": "2026-06-12"})
    assert asked.status_code == 201, asked.text
    with house.counted() as sent:
        answer = house.chair.post(f"{table.path}/publication", ADOPTED)
    assert answer.status_code == 201, answer.text
    assert len(sent) <= MOST["publish"]


@pytest.mark.parametrize("page", ["order", "amendments"])
def test_a_list_reads_of_what_stands_against_it_the_words_alone(house: House, table: Table, page: str):
    table.propose("Towns share clean water.", "Towns share rain water.")
    with house.counted() as sent:
        answer = house.client.get(f"/en/third-forum/declaration/{page}", headers=house[Role.CHAIR].cookies)
    assert answer.status_code == 200
    assert len(sent) <= MOST[page]


@pytest.mark.parametrize("page", ["amendments?state=all", "amendments?state=decided", "paragraphs/{block}", "history"])
def test_a_page_asks_no_more_where_more_was_decided(house: House, table: Table, page: str):
    def asked_after(*texts: str) -> int:
        for text in texts:
            filed = table.propose(f"Towns share {text} water.")
            ruling = {"amendment_id": filed["amendment"]["id"], "verdict": "reject", "reason": "So."}
            body = {"language": "en", "rulings": [ruling]}
            answer = house.chair.post(f"{table.path}/decisions", body, if_match=table.head)
            assert answer.status_code == 201, answer.text
        path = f"/en/third-forum/declaration/{page.format(block=table.block())}"
        with house.counted() as sent:
            assert house.client.get(path, headers=house[Role.CHAIR].cookies).status_code == 200
        return len(sent)

    assert asked_after("rain") >= asked_after("clean", "cold", "hot")


@pytest.mark.parametrize("page", ["agreement", "readiness", "translation", "translation/concordance"])
@pytest.mark.usefixtures("table")
def test_a_page_numbers_the_text_once(house: House, page: str, monkeypatch: pytest.MonkeyPatch):
    numbered = []
    monkeypatch.setattr(queries, "numbers", lambda document: numbered.append(document) or numbers(document))
    answer = house.client.get(f"/en/third-forum/declaration/{page}", headers=house[Role.CHAIR].cookies)
    assert answer.status_code == 200
    assert len(numbered) <= 1
