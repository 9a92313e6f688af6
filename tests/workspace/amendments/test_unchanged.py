"""Nobody files a change they have not made: the form of every kind of paragraph, sent back as a browser would."""

import pytest

from drafts.text.blocks import BlockKind, Language
from tests.support import factories
from tests.support.page import Page
from tests.workspace.amendments.browsing import browsing
from tests.workspace.amendments.room import Room
from workspace.amendments.service import AmendmentService
from workspace.core.actor import OPERATOR, Role
from workspace.core.security.permissions import Phase
from workspace.declarations.domain.new_blocks import NewBlock
from workspace.declarations.domain.service import DeclarationService

PATH = "/en/third-forum/kinds"
TRICKY = (
    "Towns **always** keep [shall] 36\u00a0°C, see [^1] and *both* _of_ them; 2 * 3 = 6, a_b_c, `code`.",
    '«\u202fL’eau\u202f» — “water” \\*not bold\\*, [a link](https://example.org/a_b?c=*d* "A title") & <less>.',
    "First line\\\nsecond line, e\u0301 as it was typed, 👩\u200d👧.",
)
BLOCKS = [
    (BlockKind.TITLE, 0, "A *declaration* on water"),
    (BlockKind.PLACE_DATE, 0, "Paso del Farol, 12 June 2027"),
    (BlockKind.CHAPEAU, 0, "We, the towns — “all” of them —"),
    (BlockKind.PREAMBLE, 0, "*Recalling* the older declaration,"),
    (BlockKind.HEADING, 2, "Axis 1. Water"),
    *((BlockKind.OPERATIVE, 0, text) for text in TRICKY),
    (BlockKind.ITEM, 1, "wells (old and new);"),
    (BlockKind.BULLET, 2, "- a dash that belongs to the words"),
    (BlockKind.PARAGRAPH, 0, "12. A number that belongs to the words"),
    (BlockKind.QUOTATION, 0, "> Water is life."),
    (BlockKind.NOTE, 0, "[^1]: As measured in 2026."),
    (BlockKind.TABLE, 0, "| Town | Wells |\n| --- | ---: |\n| Alba | 3 |\n| Sur \\| Norte | 12 |"),
    (BlockKind.CODE, 0, "  kept   as\n\tit is  "),
    (BlockKind.CLOSING, 0, "Done in three languages, each of them authentic."),
    (BlockKind.ANNEX, 1, "Annex: the wells"),
]


@pytest.fixture
def room(store) -> Room:
    """A declaration that has a paragraph of every kind with words."""
    with store.writing() as db:
        service = DeclarationService(db)
        made = service.create(
            factories.forum(db),
            slug="kinds",
            name=factories.trilingual("Every kind"),
            language=Language.EN,
            blocks=[NewBlock(kind, {Language.EN: text}, level) for kind, level, text in BLOCKS],
            actor=OPERATOR,
        )
        service.enter(made, Phase.REVIEW, actor=OPERATOR)
        member = factories.person(db, Role.MEMBER, "Marta Olivar")
        return Room(store, factories.chair(db), member, member, made)


def typed(page: str) -> str:
    """What a browser sends of the wording when nobody has touched it."""
    return Page(page).field("wording").value.replace("\n", "\r\n")


def test_what_is_sent_back_as_it_came_changes_nothing_whatever_kind_it_is(room):
    kinds = [row.kind for row in room.rows()]
    assert set(kinds) == {kind for kind, *_ in BLOCKS}
    with browsing(room.store, room.member) as browser:
        for place, kind in enumerate(kinds):
            page = browser.see(f"{PATH}/amendments/new?block={room.block(place)}&text=en")
            sent = {"op": "reword", "wording": typed(page.text), "reason": "None."}
            answer = browser.fill(page, f"{PATH}/amendments/new", **sent, action="file")
            assert answer.status_code == 422, (kind, typed(page.text))
            assert Page(answer).refusal == "workspace.invalid:nothing_changes", kind
    with room.store.reading() as db:
        assert AmendmentService(db).of_declaration(room.declaration, actor=room.chair) == []
