"""The translators' desk: second pairs of eyes, tasks, who is at work, and what lies beside the text."""

from io import BytesIO

import pytest

from drafts.blocks import Language
from tests.support import factories
from tests.support.site import counted, token_of
from workspace.core.actor import Role
from workspace.terms.service import GlossaryService
from workspace.translations import policy
from workspace.translations.glossary_schemas import TermIn

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
    page = client.get(f"/en/{AT}/review/fr").text
    assert "<h1>One translation waits for your eyes</h1>" in page
    version = str(table.head(FR).id)
    refused = send(client, "/review/fr", versions=version, verdict="returned")
    assert refused.status_code == 422
    assert "Say in a word what is wrong" in refused.text
    assert (
        "goes back to its translator"
        in send(client, "/review/fr", versions=version, verdict="returned", note="Too long.").text
    )
    bench = client.get(f"/en/{AT}/{table.block(0)}/fr").text
    assert "Returned by S. Econd on" in bench
    assert "Too long." in bench
    assert "One text is approved." in send(client, "/review/fr", versions=version).text
    assert "Approved by S. Econd on" in client.get(f"/en/{AT}/{table.block(0)}/fr").text
    assert "1 of 2 translations are approved" in client.get(f"/en/{AT}").text


def test_many_are_approved_at_once_and_an_approval_ends_with_the_words(table, visit):
    table.save(FR, 1, "Les fontaines sont ouvertes à chaque enfant.", sources=(EN,))
    client = visit(table.second)
    versions = [str(table.head(FR, place).id) for place in (0, 1)]
    assert "2 texts are approved." in send(client, "/review/fr", every=versions, all="yes").text
    table.save(FR, 1, "Les fontaines accueillent chaque enfant.", sources=(EN,))
    assert "<h1>One translation waits for your eyes</h1>" in client.get(f"/en/{AT}/review/fr").text


def test_nobody_approves_their_own_words_nor_what_has_errors_or_has_moved(table, visit):
    own = table.save(FR, 1, "Les fontaines sont ouvertes à chaque enfant.", sources=(EN,))
    assert send(visit(table.translator), "/review/fr", versions=str(own)).status_code == 404
    client = visit(table.second)
    table.save(FR, 1, "Les 3 fontaines sont ouvertes à chaque enfant.", sources=(EN,))
    assert send(client, "/review/fr", versions=str(own)).status_code == 412
    answer = send(client, "/review/fr", versions=str(table.head(FR, 1).id))
    assert answer.status_code == 422
    assert "the checks find an error" in answer.text


def test_a_language_is_handed_out_and_taken_back(table, visit):
    client = visit(table.second)
    given = send(client, "/tasks", language="fr", person=str(table.second.person_id), due_on="2027-05-01")
    assert "The task is handed out." in given.text
    assert "S. Econd, until 1 May 2027" in given.text
    assert "The task of S. Econd, until 1 May 2027." in client.get(f"/en/{AT}/{table.block(0)}/fr").text
    assert "Nothing was kept" in send(client, "/tasks", language="fr", person=str(table.chair.person_id)).text
    task = given.text.partition("/translation/tasks/")[2].partition('"')[0]
    assert "The task is taken back." in send(client, f"/tasks/{task}").text
    member = visit(table.chair)
    assert "Give it to" in member.get(f"/en/{AT}").text


def test_whoever_comes_second_is_told_who_is_at_work_and_may_write_all_the_same(table, visit):
    first, other = visit(table.translator), visit(table.second)
    send(first, f"/{table.block(0)}/fr/claim")
    page = f"/en/{AT}/{table.block(0)}/fr"
    assert "A translator is at work on this text" in other.get(page).text
    assert "is at work on this text" not in first.get(page).text
    send(other, f"/{table.block(0)}/fr/claim")
    assert "is at work on this text" not in first.get(page).text


def test_memory_and_terms_lie_beside_the_text(table, visit):
    client = visit(table.translator)
    with table.store.writing() as db:
        factories.concord(db, table.declaration(db))
        scope = policy.scope_of(table.declaration(db))
        term = TermIn(en=["fountain"], fr=["fontaine"], es=["fuente"])
        GlossaryService(db).add(scope, term.entry(), actor=table.chair)
    page = client.get(f"/en/{AT}/{table.block(1)}/fr").text
    assert WATER[FR] in page
    assert "Draft Declaration, paragraph 1" in page
    assert 'data-wording="fontaine"' in page
    taken = send(client, f"/{table.block(1)}/fr/check", mended=WATER[FR])
    assert WATER[FR] in taken.text.partition('id="words"')[2].partition("</textarea>")[0]
    found = client.get(f"/fr/{AT}/memory?words=fontaines&text=fr").text
    assert WATER[ES] in found


@pytest.mark.parametrize("language", Language)
def test_every_page_speaks_three_languages(table, visit, language):
    client = visit(table.second)
    for path in (f"{AT}/review/fr", f"{AT}/memory?words=water&text=en", "third-forum/glossary",
                 "third-forum/glossary?of=declaration"):  # fmt: skip
        answer = client.get(f"/{language}/{path}")
        assert answer.status_code == 200
        assert f'<html lang="{language}">' in answer.text


def test_the_glossary_page_agrees_changes_and_removes(table, visit):
    client = visit(table.chair)
    page = "/en/third-forum/glossary"
    token = {"csrf": token_of(client)}
    assert client.post(f"{page}/terms", data={**token, "en": "water"}).status_code == 422
    made = client.post(f"{page}/terms", data={**token, "en": "water / waters", "fr": "eau", "forbidden_fr": "onde"})
    assert "The term is agreed on" in made.text
    assert "<h1>One term is agreed on</h1>" in made.text
    term = made.text.partition(f"{page}/terms/")[2].partition('"')[0]
    version = made.text.partition(f"{page}/terms/{term}")[2].partition('name="version" value="')[2].partition('"')[0]
    changed = client.post(f"{page}/terms/{term}", data={**token, "version": version, "en": "water", "fr": "eaux"})
    assert "The term is changed." in changed.text
    late = client.post(f"{page}/terms/{term}", data={**token, "version": version, "en": "water", "fr": "eau"})
    assert late.status_code == 422
    assert "somebody else has changed it meanwhile" in late.text
    chosen = client.post(f"{page}/style", data={**token, "profile": "un"})
    assert '<option value="un" selected>' in chosen.text


def test_files_come_in_and_go_out_by_the_pages(table, visit):
    client = visit(table.translator)
    token, page = {"csrf": token_of(client)}, "/en/third-forum/glossary"
    table_ = BytesIO(b"es,en,fr\nfuente,fountain,fontaine\n")
    taken = client.post(f"{page}/table", data=token, files={"file": ("terms.csv", table_)})
    assert "Taken in: 1 new, 0 changed, 0 known already." in taken.text
    assert "fuente,fountain,fontaine" in client.get(f"{page}/table").text
    bad = client.post(f"{page}/table", data=token, files={"file": ("terms.csv", BytesIO(b"x\n"))})
    assert bad.status_code == 422
    sent = client.get(f"/en/{AT}/xliff/en/fr")
    assert sent.headers["content-type"].startswith("application/xliff+xml")
    worked = sent.content.replace("à tout le monde".encode(), "à toutes et à tous".encode())
    back = client.post(f"/en/{AT}/xliff", data=token, files={"file": ("fr.xlf", BytesIO(worked))})
    assert "The file is taken in" in back.text
    assert table.words(FR)[0] == "Les fontaines sont ouvertes à toutes et à tous."
    refused = client.post(f"/en/{AT}/xliff", data=token, files={"file": ("fr.xlf", BytesIO(b"<no"))})
    assert refused.status_code == 422
    assert "The file was not taken" in refused.text
    memory = client.get("/en/third-forum/memory")
    again = client.post("/en/third-forum/memory", data=token, files={"file": ("own.tmx", BytesIO(memory.content))})
    assert "Taken in:" in again.text


def test_what_is_for_translators_is_not_there_for_members(table, visit):
    with table.store.writing() as db:
        client = visit(factories.person(db, Role.MEMBER))
    for path in ("third-forum/glossary", "third-forum/memory", f"{AT}/memory", f"{AT}/xliff/en/fr"):
        assert client.get(f"/en/{path}").status_code == 404
    bench = client.get(f"/en/{AT}/{table.block(0)}/fr").text
    assert "How did we translate this before?" not in bench


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
