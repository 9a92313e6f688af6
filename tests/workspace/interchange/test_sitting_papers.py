"""The papers of a sitting, made from the running order: the chair's brief, as page, Word, PDF and by command."""

import io
import re
import zipfile

import docx
import pypdfium2
import pytest
import sqlalchemy as sa

from tests.support import factories, site
from tests.support.factories import EN, ES, FR
from tests.support.page import Page
from tests.support.questions import delegate
from tests.support.site import token_of
from tests.support.texts import delete, insert, reword
from tests.workspace.amendments.room import LIGHT, WATER, opened
from workspace.accounts.domain.models import Account
from workspace.amendments.domain.committee_models import Stance
from workspace.amendments.domain.opinions import AdviceService
from workspace.amendments.service import AmendmentService
from workspace.core import clock
from workspace.core.actor import OPERATOR, Role
from workspace.core.outbox import Letter
from workspace.core.security.permissions import Phase
from workspace.declarations.domain.service import DeclarationService
from workspace.procedure.models import Means, OrderAct
from workspace.procedure.running_order import RunningOrderService
from workspace.procedure.service import QuestionService
from workspace.procedure.store import VotingRules
from workspace.translations.domain.suggestions import SuggestionService

DRAFT = "/en/third-forum/declaration"
NEAR, FAR, SUB = WATER.replace("clean", "free"), "Water belongs to everybody.", "Water belongs to all living things."


@pytest.fixture
def plenary(store):
    """Three amendments to one paragraph, one of them advised against and amended, and a new paragraph; in adoption."""
    room = opened(store)
    room.propose(reword(room.block(0), NEAR))
    room.propose(reword(room.block(0), FAR), by=room.other)
    room.propose(delete(room.block(0)))
    room.propose(insert("x", "Parks *shall* be open.", after=room.block(2)))
    with store.writing() as db:
        service = AmendmentService(db)
        draft = service.declarations.get(room.declaration.id)
        far = service.numbered(draft, 2, actor=room.chair)
        service.amend(far.id, [reword(room.block(0), SUB)], reason="So.", actor=room.member)
        AdviceService(db).give_opinion(far.id, Stance.REJECT, reason="Nobody can promise that.", actor=room.chair)
        DeclarationService(db).enter(draft, Phase.ADOPTION, actor=OPERATOR)
        room.secretary = factories.person(db, Role.SECRETARIAT)
    return room


def read(room, path: str, by=None, **query: str) -> bytes:
    with site.browser(room.store, by or room.chair) as browser:
        answer = browser.get(f"{DRAFT}/sitting/{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.content


def paragraphs(content: bytes) -> list[str]:
    return [line.text for line in docx.Document(io.BytesIO(content)).paragraphs if line.text]


def items(found: list[str]) -> dict[int, list[str]]:
    """The lines under the heading of each item, by the number of the amendment."""
    heads = [at for at, line in enumerate(found) if line[:1].isdigit() and "Amendment" in line]
    spans = zip(heads, [*heads[1:], len(found)], strict=True)
    return {int(found[at].split("Amendment ")[1].split(",")[0]): found[at:end] for at, end in spans}


def test_a_brief_has_each_item_with_its_words_what_is_advised_what_lapses_and_what_to_say(plenary):
    found = items(paragraphs(read(plenary, "brief/docx", text="en")))
    assert list(found) == [3, 5, 2, 1, 4]
    assert any("[" in line and "free" in line for line in found[1]), "deleted and new words beside each other"
    assert any("Against. Nobody can promise that." in line for line in found[2])
    assert any("1 and 3" in line for line in found[2]), "what lapses with it"
    assert any(line.startswith("EN. We come to amendment 5") and "to amendment 2" in line for line in found[5])
    assert any(line.startswith("ES. Pasamos a la enmienda 3,") and ", supresión" in line for line in found[3])
    assert any(line.startswith("FR. Nous passons à l’amendement 4, déposé par") for line in found[4])
    assert "Parks shall be open." in found[4][1]


@pytest.mark.parametrize(
    ("means", "question"), [(Means.VOTE, "Who is in favour?"), (Means.CONSENSUS, "Is there any objection?")]
)
def test_the_chair_asks_as_the_rules_of_the_forum_say(plenary, means, question):
    with plenary.store.writing() as db:
        draft = DeclarationService(db).get(plenary.declaration.id)
        DeclarationService(db).enter(draft, Phase.CONSULTATION, actor=OPERATOR)
        QuestionService(db).set_rules(draft, VotingRules(means=means), actor=plenary.chair)
    assert question in "\n".join(paragraphs(read(plenary, "brief/docx", text="en")))


def test_a_group_is_put_once_and_an_item_by_parts_is_called_so(plenary):
    with plenary.store.writing() as db:
        draft = DeclarationService(db).get(plenary.declaration.id)
        given = {"anchor": 1, "reason": "One matter.", "actor": plenary.chair}
        RunningOrderService(db).change(draft, 4, OrderAct.WITH, **given)
    found = items(paragraphs(read(plenary, "brief/docx", text="en")))
    assert any(line.startswith("EN. We come to group A: amendments 1 and 4.") for line in found[1])
    assert not any(line.startswith("EN.") for line in found[4])


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_it_is_a_page_a_word_file_and_a_pdf_in_each_language(plenary, language):
    assert f'lang="{language}"' in read(plenary, "brief", text=language).decode()
    assert len(paragraphs(read(plenary, "brief/docx", text=language))) > 15
    pages = pypdfium2.PdfDocument(read(plenary, "brief/pdf", text=language))
    assert len(pages) <= 3, "an item takes half a page at most"


def test_the_chair_and_the_secretariat_read_the_brief_and_nobody_else(plenary):
    assert read(plenary, "brief", by=plenary.secretary)
    with site.browser(plenary.store, plenary.member) as browser:
        assert browser.get(f"{DRAFT}/sitting/brief").status_code == 404
        assert browser.get(f"{DRAFT}/sitting/brief/pdf").status_code == 404
        api = f"/api/declarations/{plenary.declaration.id}/sitting"
        assert browser.get(f"{api}/brief/en/pdf").status_code == 404
        assert not Page(browser.get(f"{DRAFT}/order")).links_to("/sitting/brief")
    with site.browser(plenary.store, plenary.chair) as browser:
        assert browser.get(f"{api}/brief/fr/docx").status_code == 200
        assert {
            browser.get(f"{api}/{path}").status_code for path in ("poem/en/pdf", "brief/xx/pdf", "brief/en/exe")
        } == {404}
        assert Page(browser.get(f"{DRAFT}/order")).links_to("/sitting/brief")


def voting_list(room, **query: str) -> tuple[list[list[str]], list[list[str]]]:
    """The rows of what is adopted together, and those of what is voted on."""
    document = docx.Document(io.BytesIO(read(room, "voting-list/docx", text="en", **query)))
    rows = [[[cell.text for cell in row.cells] for row in table.rows[1:]] for table in document.tables]
    return (rows[0], rows[1]) if len(rows) == 2 else ([], rows[0])


def ask(room, number: int, by=None, act: str = "ask"):
    with site.browser(room.store, by or room.member) as browser:
        sent = {"csrf": token_of(browser), "amendment": str(number), "act": act}
        return Page(browser.post(f"{DRAFT}/sitting/separate-votes", data=sent))


def test_what_nobody_contests_stands_together_and_the_rest_has_empty_boxes(plenary):
    together, voted = voting_list(plenary)
    assert [row[0] for row in together] == ["4"]
    assert [row[1] for row in voted] == ["3", "5", "2", "1"]
    assert all(row[4:7] == ["", "", ""] for row in voted)
    assert "Against" in voted[2][7]


def test_what_could_only_wait_is_not_adopted_with_what_nobody_contests(store):
    room = opened(store)
    room.propose(reword(room.block(0), NEAR))
    room.propose(reword(room.block(1), "Towns light."), by=room.other)
    room.edit(reword(room.block(0), "Las ciudades comparten el agua."), language=ES)
    with store.writing() as db:
        DeclarationService(db).enter(
            AmendmentService(db).declarations.get(room.declaration.id), Phase.ADOPTION, actor=OPERATOR
        )
    together, votes = docx.Document(io.BytesIO(read(room, "voting-list/docx", text="en"))).tables
    assert [[row.cells[column].text for row in table.rows[1:]] for table, column in ((together, 0), (votes, 1))] == [
        ["2"],
        ["1"],
    ]


def test_what_two_languages_ask_of_one_paragraph_is_voted_on(store):
    room = opened(store, {EN: WATER, ES: "Las ciudades comparten el agua."}, LIGHT)
    room.propose(reword(room.block(0), NEAR))
    room.propose(reword(room.block(0), "Las ciudades comparten toda el agua."), language=ES, by=room.other)
    room.propose(reword(room.block(1), "Towns light."), by=room.other)
    with store.writing() as db:
        draft = AmendmentService(db).declarations.get(room.declaration.id)
        DeclarationService(db).enter(draft, Phase.ADOPTION, actor=OPERATOR)
    together, voted = voting_list(room)
    assert [row[0] for row in together] == ["3"]
    assert {row[1] for row in voted} == {"1", "2"}


def test_a_delegation_has_an_amendment_voted_separately_until_it_takes_that_back(plenary):
    with plenary.store.writing() as db:
        voter = delegate(db, "Town of Alta")
    assert ask(plenary, 4, voter).result is None
    together, voted = voting_list(plenary)
    assert (together, voted[-1][1]) == ([], "4")
    assert "Town of Alta" in voted[-1][7]
    with site.browser(plenary.store, voter) as browser:
        path = f"/api/declarations/{plenary.declaration.id}/floor/order"
        assert browser.get(path).json()["items"][-1]["separate"] == ["Town of Alta"]
        back = browser.post(f"{path}/separate-votes", json={"amendment": 4, "is_wanted": False})
    assert (back.status_code, back.json()["separate"]) == (201, [])
    assert [row[0] for row in voting_list(plenary)[0]] == ["4"]
    with site.browser(plenary.store, voter) as browser:
        assert Page(browser.get(f"{DRAFT}/sitting/voting-list")).offers("/sitting/separate-votes")
    with site.browser(plenary.store, plenary.secretary) as browser:
        assert not Page(browser.get(f"{DRAFT}/sitting/voting-list")).offers("/sitting/separate-votes")
    assert ask(plenary, 99, voter).refusal == "workspace.invalid:no_such_amendment"


def test_a_group_is_one_row_and_parts_have_a_row_each(plenary):
    with plenary.store.writing() as db:
        service = DeclarationService(db)
        service.enter(service.get(plenary.declaration.id), Phase.CONSULTATION, actor=OPERATOR)
    plenary.propose(delete(plenary.block(1)), delete(plenary.block(2)))
    with plenary.store.writing() as db:
        draft = DeclarationService(db).get(plenary.declaration.id)
        service = RunningOrderService(db)
        service.change(draft, 4, OrderAct.WITH, anchor=1, reason="One matter.", actor=plenary.chair)
        service.change(draft, 6, OrderAct.PARTS, reason="Two matters.", actor=plenary.chair)
    together, voted = voting_list(plenary)
    assert together == []
    assert [row[1] for row in voted] == ["3", "5", "2", "A: 1, 4", "6 (1)", "6 (2)"]


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_the_voting_list_is_a_page_a_word_file_and_a_pdf_for_members(plenary, language):
    assert f'lang="{language}"' in read(plenary, "voting-list", by=plenary.member, text=language).decode()
    assert read(plenary, "voting-list/pdf", by=plenary.member, text=language).startswith(b"%PDF")
    with site.browser(plenary.store) as visitor:
        assert visitor.get(f"{DRAFT}/sitting/voting-list").status_code == 404


def test_the_secretariat_sends_the_list_to_the_delegates_and_nobody_else_does(plenary):
    with plenary.store.writing() as db:
        account = Account(person_id=plenary.member.person_id, email="ana@town.example", made_at=clock.now())
        db.add(account)
    api = f"/api/declarations/{plenary.declaration.id}/sitting/letters"
    with site.browser(plenary.store, plenary.member) as browser:
        assert browser.post(api).status_code == 404
    with site.browser(plenary.store, plenary.secretary) as browser:
        sent = browser.post(api)
        assert Page(browser.get(f"{DRAFT}/sitting/voting-list")).offers("/sitting/letters")
    assert (sent.status_code, sent.json()["letters"]) == (201, 1)
    with plenary.store.reading() as db:
        letter = db.scalars(sa.select(Letter)).one()
    assert (letter.kind, letter.person_id) == ("voting_list", plenary.member.person_id)
    assert letter.facts["path"].endswith("/declaration/sitting/voting-list")


def test_a_brief_says_each_language_in_itself_with_the_words_as_they_would_be(store):
    spanish, french = "Las villas comparten el agua.", "Les villes partagent l’eau."
    room = opened(store, {EN: WATER, ES: spanish, FR: french}, {EN: LIGHT, ES: "Las villas alumbran."})
    room.propose(reword(room.block(0), NEAR))
    room.propose(delete(room.block(1)))
    with store.writing() as db:
        draft = DeclarationService(db).get(room.declaration.id)
        near = AmendmentService(db).numbered(draft, 1, actor=room.chair)
        wanted = spanish.replace("el agua", "el agua libre")
        translator = factories.person(db, Role.TRANSLATOR)
        SuggestionService(db).prepare(near.id, room.rows()[0].block_id, ES, wanted, actor=translator)
        DeclarationService(db).enter(draft, Phase.ADOPTION, actor=OPERATOR)
    said = Page(read(room, "brief", text="fr").decode()).root.xpath("//*[@id='paper']//*[@class='text'][@lang]")
    lines = [(line.get("lang"), " ".join(line.text_content().split())) for line in said]
    changed = [(language, line) for language, line in lines if "[" in line or "libre" in line]
    assert [language for language, _ in changed] == ["en", "es", "en", "es"]
    assert "libre" in changed[1][1]
    assert "alumbran" in changed[3][1]
    assert {language for language, line in lines if line.startswith(f"{language.upper()}. ")} == {"es", "en", "fr"}
    with zipfile.ZipFile(io.BytesIO(read(room, "brief/docx", text="fr"))) as word:
        written = word.read("word/document.xml").decode()
    assert set(re.findall(r'w:lang w:val="(..)', written)) >= {"es", "en"}
