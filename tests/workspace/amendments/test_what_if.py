"""What if these amendments were adopted: the page and the API say of it what deciding then makes of the text."""

from random import Random
from uuid import UUID

import pytest

from drafts.diff.amendments import Change, ChangeOp
from drafts.text.blocks import Language
from tests.support import factories, site
from tests.support.factories import EN, ES, FR
from tests.support.page import Page
from tests.support.texts import delete, reword
from tests.workspace.amendments.room import LIGHT, WATER, opened
from tests.workspace.amendments.test_committee import set_status
from workspace.amendments.domain.models import Verdict
from workspace.amendments.domain.outcomes import Ruling
from workspace.amendments.pages.what_if import foreseen
from workspace.amendments.service import AmendmentService
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.errors import AlreadyProposed, Undecidable
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Db, Store, new_id
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration, ParagraphStatus
from workspace.declarations.domain.service import DeclarationService
from workspace.translations.domain.suggestions import SuggestionService

HERE = "/en/third-forum/declaration"
CASES = 12
WORDS = {
    ES: ("Las ciudades comparten agua", "Las ciudades cuidan los pozos", "Las ciudades miden las lluvias"),
    EN: ("Towns share water", "Towns mend wells", "Towns measure rain"),
    FR: ("Les villes partagent l’eau", "Les villes réparent les puits", "Les villes mesurent la pluie"),
}


@pytest.fixture
def draft(store: Store) -> Declaration:
    with store.writing() as db:
        blocks = [{language: f"{WORDS[language][place]}." for language in Language} for place in range(3)]
        found = factories.declaration(db, *blocks)
        DeclarationService(db).enter(found, Phase.REVIEW, actor=OPERATOR)
    return found


def words(db: Db, draft: Declaration) -> dict[Language, list[str]]:
    rows = queries.head_rows(db, draft)
    return {language: [row.content(language) for row in rows] for language in Language}


def propose(db: Db, draft: Declaration, actor: Actor, language: Language, *changes: Change) -> int:
    filed = AmendmentService(db).propose(
        draft.id, base_revision=1, language=language, changes=changes, reason="So.", actor=actor
    )
    return filed.number


def some_change(chance: Random, blocks: list[str], language: Language) -> Change:
    op = chance.choice([ChangeOp.REWORD, ChangeOp.REWORD, ChangeOp.INSERT, ChangeOp.DELETE])
    place = chance.randrange(3)
    if op is ChangeOp.REWORD:
        return Change(op, blocks[place], text=f"{WORDS[language][place]} {chance.choice(['hoy', 'now', 'toujours'])}.")
    if op is ChangeOp.INSERT:
        return Change(op, str(new_id()), text=f"{chance.choice(WORDS[language])} 9.", after=blocks[place])
    return Change(op, blocks[place])


def decide(db: Db, draft: Declaration, numbers: list[int], chair: Actor) -> None:
    """Adopt these at once, in every language."""
    table = AmendmentService(db).called(draft, numbers, actor=chair).values()
    rulings = [Ruling(amendment.id, Verdict.ADOPT) for amendment in table]
    if rulings:
        AmendmentService(db).decide(draft.id, rulings, expected_head=draft.head_id, actor=chair)


@pytest.mark.parametrize("seed", range(CASES))
def test_the_text_then_is_the_text_that_deciding_makes(store: Store, draft: Declaration, seed: int):
    chance = Random(seed)
    with store.writing() as db:
        member, chair = factories.person(db, Role.MEMBER), factories.chair(db)
        translator = factories.person(db, Role.TRANSLATOR)
        blocks = [row.id for row in queries.head_rows(db, draft)]
        for _ in range(4):
            language = chance.choice([EN, EN, FR])
            change = some_change(chance, blocks, language)
            try:
                number = propose(db, draft, member, language, change)
            except AlreadyProposed:
                continue
            if change.op is ChangeOp.REWORD and chance.random() < 0.6:
                amendment = AmendmentService(db).numbered(draft, number, actor=chair)
                SuggestionService(db).prepare(
                    amendment.id, UUID(change.block), ES, f"Como {change.text}", actor=translator
                )
        filed = AmendmentService(db).numbers(draft, actor=chair)
        chosen = sorted(chance.sample(filed, chance.randint(1, len(filed))))
        seen = foreseen(db, draft, chosen, actor=member)
    with store.writing() as db:
        draft = DeclarationService(db).get(draft.id)
        decide(db, draft, chosen, chair)
        after = words(db, draft)
    assert {language: [block.text for block in text.then] for language, text in seen.texts.items()} == after


def test_it_is_an_address_that_records_nothing_and_shows_only_what_its_reader_may_read(
    store: Store, draft: Declaration
):
    with store.writing() as db:
        member = factories.person(db, Role.MEMBER)
        block = queries.head_rows(db, draft)[0].id
        for text in ("Towns share clean water.", "Towns share all water."):
            propose(db, draft, member, EN, Change(ChangeOp.REWORD, block, text=text))
        entries = len(queries.head_rows(db, draft))
    with site.browser(store, member) as browser:
        page = Page(browser.get(f"{HERE}/what-if?with=1").text)
        assert (page.data("with"), page.data("lapse"), page.data("change")) == (["1"], ["2"], ["reword"])
        both = browser.get(f"{HERE}/what-if?with=1&with=2", follow_redirects=False)
        assert "with=1,2" in both.headers["location"]
        assert Page(browser.get(f"{HERE}/what-if?with=1,2").text).data("collide") == ["1 2"]
        assert Page(browser.get(f"{HERE}/what-if?with=1&text=fr").text).data("change") == ["behind"]
        asked = browser.get(f"/api/declarations/{draft.id}/what-if?with=1").json()
        told = {text["language"]: text["changes"] for text in asked["texts"]}
        assert (told["en"][0]["then"], told["en"][0]["is_behind"]) == ("Towns share clean water.", False)
        assert told["fr"][0]["is_behind"]
        assert told["fr"][0]["then"] == told["fr"][0]["now"]
        for refused in ("9", "one", ",".join(map(str, range(1, 150)))):
            assert browser.get(f"{HERE}/what-if?with={refused}").status_code == 422
            assert browser.get(f"/api/declarations/{draft.id}/what-if?with={refused}").status_code == 422
    with store.reading() as db:
        assert draft.head.number == 1
        assert entries == len(queries.head_rows(db, draft))
    with store.writing() as db:
        DeclarationService(db).enter(DeclarationService(db).get(draft.id), Phase.CONSULTATION, actor=OPERATOR)
    with site.browser(store, None) as browser:
        assert browser.get(f"{HERE}/what-if?with=1").status_code == 422
        assert "clean" not in browser.get(f"{HERE}/what-if").text


@pytest.mark.parametrize("state", ["closed", "bracketed", "decided"])
def test_what_no_decision_could_adopt_is_said_and_changes_nothing(store: Store, state: str):
    room = opened(store)
    for place, text in enumerate((WATER, LIGHT)):
        room.propose(reword(room.block(place), text.replace("shall", "will")))
    match state:
        case "closed":
            set_status(room, 0, ParagraphStatus.CLOSED)
            reason = "paragraph_closed"
        case "bracketed":
            room.decide({room.propose(delete(room.block(0)), by=room.other): Verdict.BRACKET})
            reason = "in_brackets"
        case _:
            room.decide({1: Verdict.REJECT})
            reason = "decided"
    with site.browser(store, room.member) as browser:
        page = Page(browser.get(f"{HERE}/what-if?with=1,2").text)
        assert (page.data("barred"), page.data("change")) == (["1"], ["reword"])
        alone = Page(browser.get(f"{HERE}/what-if?with=1").text)
        assert (alone.data("barred"), alone.data("change")) == (["1"], [])
        told = browser.get(f"/api/declarations/{room.declaration.id}/what-if?with=1,2").json()
        nothing = browser.get(f"/api/declarations/{room.declaration.id}/what-if?with=,").json()
    assert told["barred"] == {"1": reason}
    assert [text["changes"] for text in nothing["texts"]] == [[], [], []]
    [english] = [text["changes"] for text in told["texts"] if text["language"] == "en"]
    assert [change["then"] for change in english] == [LIGHT.replace("shall", "will")]
    with pytest.raises(Undecidable) as refused:
        room.decide({1: Verdict.ADOPT})
    assert refused.value.facts["reason"] == reason
