"""A refused form is in view: what is wrong stands beside its field, which has the focus; nothing typed is lost."""

import pytest
from playwright.sync_api import Page, expect

from tests.browsers.places import CHAIR, FORUM, Reader

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
    assert any(page.locator(f"[id='{one}'].error, [id='{one}']").first.inner_text().strip() for one in said)


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
