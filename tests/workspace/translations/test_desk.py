"""The translators' desk: second pairs of eyes, tasks, who is at work, and what lies beside the text."""

from io import BytesIO

import pytest

from drafts.text.blocks import Language
from tests.support import factories
from tests.support.page import Page
from tests.support.site import counted, token_of
from workspace.core.actor import Role
from workspace.terms.glossary import GlossaryService
from workspace.translations.api.glossary import TermIn
from workspace.translations.domain import policy
from workspace.translations.views.overview import MOST_QUEUED

ES, EN, FR = Language
AT = "third-forum/declaration/translation"
WATER = {
    EN: "The fountains shall be open to everybody.",
    ES: "Las fuentes estarán abiertas a todas las personas.",
    FR: "Les fontaines sont ouvertes à tout le monde.",
}


@pytest.fixture
def table(desk):
    table = desk(WATER, {EN: "The fountains shall be open to every child."})
    with table.store.writing() as db:
        table.second = factories.person(db, Role.TRANSLATOR, "S. Econd")
    return table


def send(client, path, **data):
    return client.post(f"/en/{AT}{path}", data={"csrf": token_of(client), **data})


def test_a_second_translator_approves_one_or_returns_it_with_a_word(table, visit):
    client = visit(table.second)
    assert Page(client.get(f"/en/{AT}/review/fr")).count == 1
    version = str(table.head(FR).id)
    refused = send(client, "/review/fr", versions=version, verdict="returned")
    assert refused.status_code == 422
    assert Page(refused).refusal == "workspace.invalid:empty"
    returned = send(client, "/review/fr", versions=version, verdict="returned", note="Too long.")
    assert Page(returned).result == "translation.reviewed"
    assert Page(client.get(f"/en/{AT}")).by_id("fr-h").root.get("data-pending") == "2"
    opinion = Page(client.get(f"/en/{AT}/{table.block(0)}/fr")).text_of("opinion", "returned")
    assert "S. Econd" in opinion
    assert "Too long." in opinion
    assert Page(send(client, "/review/fr", versions=version)).result == "translation.reviewed"
    assert "S. Econd" in Page(client.get(f"/en/{AT}/{table.block(0)}/fr")).text_of("opinion", "approved")
    assert Page(client.get(f"/en/{AT}")).by_id("fr").root.get("data-approved") == "1"


def test_many_are_approved_at_once_and_an_approval_ends_with_the_words(table, visit):
    table.save(FR, 1, "Les fontaines sont ouvertes à chaque enfant.", sources=(EN,))
    client = visit(table.second)
    versions = [str(table.head(FR, place).id) for place in (0, 1)]
    assert Page(send(client, "/review/fr", every=versions, all="yes")).count == 0
    table.save(FR, 1, "Les fontaines accueillent chaque enfant.", sources=(EN,))
    assert Page(client.get(f"/en/{AT}/review/fr")).count == 1


def test_nobody_approves_their_own_words_nor_what_has_errors_or_has_moved(table, visit):
    own = table.save(FR, 1, "Les fontaines sont ouvertes à chaque enfant.", sources=(EN,))
    assert send(visit(table.translator), "/review/fr", versions=str(own)).status_code == 404
    client = visit(table.second)
    table.save(FR, 1, "Les 3 fontaines sont ouvertes à chaque enfant.", sources=(EN,))
    assert send(client, "/review/fr", versions=str(own)).status_code == 412
    answer = send(client, "/review/fr", versions=str(table.head(FR, 1).id))
    assert answer.status_code == 422
    assert Page(answer).refusal == "workspace.invalid:has_errors"


def test_a_language_is_handed_out_and_taken_back(table, visit):
    client = visit(table.second)
    given = send(client, "/tasks", language="fr", person=str(table.second.person_id), due_on="2027-05-01")
    [task] = Page(given).data("task")
    assert "S. Econd" in Page(given).text_of("task", task)
    assert "1 May 2027" in Page(given).text_of("task", task)
    bench = Page(client.get(f"/en/{AT}/{table.block(0)}/fr"))
    assert "1 May 2027" in bench.text_of("task", "S. Econd")
    refused = send(client, "/tasks", language="fr", person=str(table.chair.person_id))
    assert Page(refused).result == "workspace.invalid:not_their_language"
    assert Page(refused).data("task") == [task]
    assert Page(send(client, f"/tasks/{task}")).data("task") == []
    assert Page(visit(table.chair).get(f"/en/{AT}")).offers("/tasks", language="fr")


def test_whoever_comes_second_is_told_who_is_at_work_and_may_write_all_the_same(table, visit):
    first, other = visit(table.translator), visit(table.second)
    send(first, f"/{table.block(0)}/fr/claim")
    page = f"/en/{AT}/{table.block(0)}/fr"
    assert Page(other.get(page)).data("at-work") == ["A translator"]
    assert Page(first.get(page)).data("at-work") == []
    send(other, f"/{table.block(0)}/fr/claim")
    assert Page(first.get(page)).data("at-work") == []
    for way, words in (("", "Les fontaines sont ouvertes à chacun."), ("/confirmation", "")):
        send(first, f"/{table.block(0)}/fr/claim")
        expected = str(table.head(FR).id)
        assert send(first, f"/{table.block(0)}/fr{way}", words=words, expected=expected).status_code == 200
        assert Page(other.get(page)).data("at-work") == []


def test_memory_and_terms_lie_beside_the_text(table, visit):
    client = visit(table.translator)
    with table.store.writing() as db:
        factories.concord(db, table.declaration(db))
        scope = policy.scope_of(table.declaration(db))
        term = TermIn(en=["fountain"], fr=["fontaine"], es=["fuente"])
        GlossaryService(db).add(scope, term.entry(), actor=table.chair)
    page = Page(client.get(f"/en/{AT}/{table.block(1)}/fr"))
    [memory] = page.rows("memory")
    assert WATER[FR] in memory.text
    assert "Draft Declaration" in memory.text
    assert page.data("wording") == ["fontaine"]
    taken = send(client, f"/{table.block(1)}/fr/check", mended=WATER[FR])
    assert Page(taken).field("words").value == WATER[FR]
    found = client.get(f"/fr/{AT}/memory?words=fontaines&text=fr").text
    assert WATER[ES] in found


def test_a_long_list_shows_its_beginning_and_leads_to_all_of_it(desk, visit):
    table = desk(*({EN: f"Fountain {number} shall be open."} for number in range(MOST_QUEUED + 2)))
    client = visit(table.translator)
    begun = Page(client.get(f"/en/{AT}"))
    [link] = begun.by_id("es").root.xpath(".//a[starts-with(@href, '?all=')]/@href")
    whole = Page(client.get(f"/en/{AT}{link.partition('#')[0]}"))

    def shown(page: Page, language: str) -> int:
        return len(page.by_id(language).root.xpath(".//a[@class='queue-name']"))

    assert (shown(begun, "es"), shown(whole, "es"), shown(whole, "fr")) == (MOST_QUEUED, MOST_QUEUED + 2, MOST_QUEUED)
    assert not whole.by_id("es").root.xpath(".//a[starts-with(@href, '?all=')]")


@pytest.mark.parametrize("language", Language)
def test_every_page_speaks_three_languages(table, visit, language):
    client = visit(table.second)
    for path in (f"{AT}/review/fr", f"{AT}/memory?words=water&text=en", "third-forum/glossary",
                 "third-forum/glossary?of=declaration"):  # fmt: skip
        answer = client.get(f"/{language}/{path}")
        assert answer.status_code == 200
        assert Page(answer).language == language


def test_the_glossary_page_agrees_changes_and_removes(table, visit):
    client = visit(table.chair)
    page = "/en/third-forum/glossary"
    token = {"csrf": token_of(client)}
    assert client.post(f"{page}/terms", data={**token, "en": "water"}).status_code == 422
    made = client.post(f"{page}/terms", data={**token, "en": "water / waters", "fr": "eau", "forbidden_fr": "onde"})
    assert Page(made).result == "term.agreed"
    assert Page(made).count == 1
    term = made.text.partition(f"{page}/terms/")[2].partition('"')[0]
    version = made.text.partition(f"{page}/terms/{term}")[2].partition('name="version" value="')[2].partition('"')[0]
    changed = client.post(f"{page}/terms/{term}", data={**token, "version": version, "en": "water", "fr": "eaux"})
    assert Page(changed).result == "term.changed"
    late = client.post(f"{page}/terms/{term}", data={**token, "version": version, "en": "water", "fr": "eau"})
    assert late.status_code == 422
    assert Page(late).refusal == "workspace.stale"
    chosen = client.post(f"{page}/style", data={**token, "profile": "un"})
    assert Page(chosen).field("profile").value == "un"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("sign", ",;\t")
def test_terms_come_in_as_they_are_written_in_every_encoding(table, visit, encoding, sign):
    client, page = visit(table.translator), "/en/third-forum/glossary"
    terms = f"es{sign}fr{sign}note\nvivienda pública{sign}logement social élevé{sign}año\n"
    file = ("terms.csv", BytesIO(terms.encode(encoding)))
    assert Page(client.post(f"{page}/table", data={"csrf": token_of(client)}, files={"file": file})).count == 1
    assert "vivienda pública,,logement social élevé,,año" in client.get(f"{page}/table").text


LOCKED = b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")


@pytest.mark.parametrize(
    ("door", "data", "reason"),
    [
        ("third-forum/glossary/table", LOCKED, "encrypted"),
        ("third-forum/glossary/table", b"es,fr\nvivienda p\x87blica,\x8e\x87\n", "encoding"),
        ("third-forum/glossary/table", b"MZ\x90\0\3 program" * 9, "binary"),
        ("third-forum/memory", LOCKED, "encrypted"),
        (f"{AT}/xliff", LOCKED, "encrypted"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_its_reason(table, visit, door, data, reason):
    client = visit(table.translator)
    files = {"file": ("terms.csv", BytesIO(data))}
    refused = client.post(f"/en/{door}", data={"csrf": token_of(client)}, files=files)
    assert (refused.status_code, Page(refused).refusal) == (422, f"workspace.bad_file:{reason}")


def test_files_come_in_and_go_out_by_the_pages(table, visit):
    client = visit(table.translator)
    token, page = {"csrf": token_of(client)}, "/en/third-forum/glossary"
    table_ = BytesIO(b"es,en,fr\nfuente,fountain,fontaine\n")
    taken = client.post(f"{page}/table", data=token, files={"file": ("terms.csv", table_)})
    assert Page(taken).count == 1
    assert "fuente,fountain,fontaine" in client.get(f"{page}/table").text
    bad = client.post(f"{page}/table", data=token, files={"file": ("terms.csv", BytesIO(b"x\n"))})
    assert bad.status_code == 422
    sent = client.get(f"/en/{AT}/xliff/en/fr")
    assert sent.headers["content-type"].startswith("application/xliff+xml")
    worked = sent.content.replace("à tout le monde".encode(), "à toutes et à tous".encode())
    back = client.post(f"/en/{AT}/xliff", data=token, files={"file": ("fr.xlf", BytesIO(worked))})
    assert back.status_code == 200
    assert table.words(FR)[0] == "Les fontaines sont ouvertes à toutes et à tous."
    refused = client.post(f"/en/{AT}/xliff", data=token, files={"file": ("fr.xlf", BytesIO(b"<no"))})
    assert refused.status_code == 422
    assert Page(refused).refusals
    memory = client.get("/en/third-forum/memory")
    again = client.post("/en/third-forum/memory", data=token, files={"file": ("own.tmx", BytesIO(memory.content))})
    assert Page(again).result is not None
    assert client.get("/en/third-forum/memory").content == memory.content, "what was known already is there once"


def test_what_is_for_translators_is_not_there_for_members(table, visit):
    with table.store.writing() as db:
        client = visit(factories.person(db, Role.MEMBER))
    for path in ("third-forum/glossary", "third-forum/memory", f"{AT}/memory", f"{AT}/xliff/en/fr"):
        assert client.get(f"/en/{path}").status_code == 404
    bench = Page(client.get(f"/en/{AT}/{table.block(0)}/fr"))
    assert not bench.has_field("words")
    assert not bench.links_to("/memory")


def test_the_overview_asks_the_same_number_of_questions_for_one_paragraph_and_for_ten(desk, visit):
    table = desk(WATER)
    with table.store.writing() as db:
        factories.declaration(db, *[WATER] * 10, slug="ten")
    client = visit(table.translator)
    counts = []
    for slug in ("declaration", "ten"):
        client.get(f"/en/third-forum/{slug}/translation")
        with counted(table.store) as sent:
            assert client.get(f"/en/third-forum/{slug}/translation").status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1]
