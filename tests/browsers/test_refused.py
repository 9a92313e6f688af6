"""A refused form is in view: what is wrong stands beside its field, which has the focus; nothing typed is lost."""

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from tests.browsers.places import CHAIR, FORUM, Reader
from workspace.amendments.domain.models import Amendment, Disposition
from workspace.amendments.service import AmendmentService
from workspace.people.service import load_actor

LONG = "x" * 60_000
BARE = """(form) => {
    form.noValidate = true;
    for (const field of form.elements) field.removeAttribute("maxlength");
}"""


def send(page: Page, action: str, values: dict[str, str]) -> None:
    form = page.locator(f"form[action*='{action}'][method=post]").first
    form.evaluate(BARE)
    for name, value in values.items():
        field = form.locator(f"[name='{name}']").first
        field.evaluate("(field, value) => { field.value = value; }", value)
    form.evaluate("(form) => form.requestSubmit()")
    page.wait_for_load_state("networkidle")


def expect_beside(page: Page, name: str) -> None:
    """The field is marked, in view, has the focus, and its description says what is wrong."""
    field = page.locator(f"[name='{name}'][aria-invalid=true]").first
    expect(field).to_be_focused()
    expect(field).to_be_in_viewport()
    said = (field.get_attribute("aria-describedby") or "").split()
    words = " ".join(page.locator(f"[id='{one}'].error, [id='{one}']").first.inner_text() for one in said)
    assert words.strip()
    assert "<" not in words


@pytest.mark.parametrize(
    "sent",
    [
        ("/practice/questions/rules", "/questions/weights", {"weight": "0"}, 1440),
        ("/practice/calendar", "/calendar", {"closes": "2020-01-01T10:00"}, 390),
        ("/glossary?of=practice", "/glossary/terms", {"es": LONG}, 1440),
        ("/recommendations/new", "/recommendations/new", {"text": LONG}, 390),
        ("/sessions/commitments", "/sessions/commitments", {"text": ""}, 1440),
        ("/practice/history?undo=12", "/undoing", {"reason": LONG}, 390),
    ],
)
def test_a_refused_form_comes_back_to_its_field(chromium, site, sent):
    path, action, values, width = sent
    reader = Reader(chromium, site, CHAIR, width=width)
    reader.go(f"/en/{FORUM}{path}")
    send(reader.page, action, values)
    expect_beside(reader.page, *values)


def test_what_a_page_of_its_own_refuses_is_still_in_the_form(chromium, site):
    reader = Reader(chromium, site, CHAIR)
    reader.go(f"/en/{FORUM}/practice/history?undo=12")
    send(reader.page, "/undoing", {"reason": LONG})
    assert reader.page.url.endswith("/practice/history?undo=12")
    assert reader.page.locator("[name=reason][aria-invalid=true]").input_value() == LONG


def test_what_was_typed_into_a_form_that_is_gone_by_then_is_shown(chromium, site, place_store):
    with place_store.reading() as db:
        statement = sa.select(Amendment).where(Amendment.disposition == Disposition.OPEN, Amendment.language == "es")
        amendment = db.scalars(statement.where(Amendment.parent_id.is_(None)).order_by(Amendment.number)).first()
        block, who = amendment.own.changes[0].block_id, load_actor(db, amendment.proposer_id)
    reader = Reader(chromium, site, "Vasseur")
    reader.go(f"/en/{FORUM}/practice/translation/{block}/fr")
    form = reader.page.locator(f"form[action$='/amendments/{amendment.number}']")
    form.locator("textarea").evaluate("(field) => { field.value = 'Quatre mots bien français'; }")
    with place_store.writing() as db:
        AmendmentService(db).withdraw(amendment.id, actor=who)
    form.evaluate("(form) => form.requestSubmit()")
    expect(reader.page.get_by_role("alert").first).to_contain_text("Quatre mots bien français")
    expect(reader.page.locator("main")).not_to_contain_text("<span")
