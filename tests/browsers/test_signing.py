"""Signing that three texts say the same, in a real browser: what is ticked is signed, in whichever part it stands."""

from playwright.sync_api import expect

from drafts.text.blocks import BlockKind, Language
from tests.browsers.places import Hall
from tests.browsers.test_translating import translator
from tests.support import factories
from workspace.core.actor import OPERATOR
from workspace.core.security.permissions import Phase
from workspace.declarations.domain.new_blocks import NewBlock
from workspace.declarations.domain.service import DeclarationService

ES, EN, FR = Language
TEXTS = (
    (BlockKind.OPERATIVE, {ES: "Las ciudades cuidan el agua.", EN: "Cities care for water.", FR: "L’eau est à tous."}),
    (BlockKind.HEADING, {ES: "La sombra", EN: "Shade", FR: "L’ombre"}),
    (BlockKind.OPERATIVE, {ES: "Plantamos árboles.", EN: "We plant trees.", FR: "Nous plantons des arbres."}),
)


def in_parts(hall: Hall) -> str:
    """The path of a declaration of two parts, whose paragraphs stand in three languages."""
    path = f"{hall.draft('parts')}-signed"
    with hall.room.store.writing() as db:
        service = DeclarationService(db)
        made = service.create(
            factories.forum(db),
            slug=path.rsplit("/", 1)[1],
            name=factories.trilingual("Agua"),
            language=ES,
            blocks=[NewBlock(kind, texts) for kind, texts in TEXTS],
            actor=OPERATOR,
        )
        service.enter(made, Phase.REVIEW, actor=OPERATOR)
    return path


def test_what_is_ticked_in_several_parts_is_signed_at_once(hall: Hall):
    path = in_parts(hall)
    with translator(hall) as context:
        page = context.new_page()
        page.goto(f"{hall.address}{path}/translation/concordance")
        page.get_by_label("The three texts agree").first.check()
        page.get_by_label("The three texts agree").last.check()
        page.get_by_role("button", name="Sign ticked").first.click()
        expect(page.locator(".lede")).to_have_text("One paragraph not signed")
