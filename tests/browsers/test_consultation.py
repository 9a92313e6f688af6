"""From a PDF to confirmed recommendations in a real browser, by keyboard alone, in French."""

import re

import pypdfium2
from playwright.sync_api import Browser, Page, expect

from tests.browsers.places import FORUM, Reader
from workspace.demo.story import PRACTICE

SECRETARIAT = "Lezcano"
_MARKS, _ESCAPED = re.compile(r"([()\\])"), r"\\\1"
PAGE = """Ombre pour chaque rue
Compte rendu de la session du 4 mars 2027, 10h00-11h30 (UTC+1)

Recommandations

- Il faut publier chaque annee la carte des rues sans ombre.
- Les villes doivent planter deux arbres pour chaque arbre abattu.
- Il est necessaire de former des veilleurs de chaleur dans chaque quartier.
"""


def a_pdf(text: str) -> bytes:
    """A page of plain letters, one line under the other, as the smallest PDF that a reader takes."""
    lines = "".join(f"({_MARKS.sub(_ESCAPED, line)}) Tj T*\n" for line in text.split("\n"))
    stream = f"BT /F1 11 Tf 14 TL 60 780 Td\n{lines}ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            b"/Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(data)
    return data + b"xref\n0 6\n0000000000 65535 f \n" + table + end


def test_a_pdf_becomes_confirmed_recommendations_by_keyboard_alone(chromium: Browser, site: str):
    assert len(pypdfium2.PdfDocument(a_pdf(PAGE))) == 1
    reader = Reader(chromium, site, SECRETARIAT)
    page = reader.page
    reader.go(f"/fr/{FORUM}/sessions")
    page.locator("#files").set_input_files({"name": "ombre.pdf", "mimeType": "application/pdf", "buffer": a_pdf(PAGE)})
    page.locator("form[action$='/sessions'] button").last.focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    page.locator("a[href*='/sessions/documents/']").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".rv-item")
    count = page.locator(".rv-item").count()
    assert count == 3

    first = page.locator(".rv-item").first
    expect(first).to_be_focused()
    page.keyboard.press("e")
    expect(first.locator("textarea")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("Control+A")
    page.keyboard.type("Il faut publier chaque année la carte des rues sans ombre.")
    page.keyboard.press("Control+Enter")
    page.wait_for_load_state()
    expect(page.locator(".rv-item").first).to_contain_text("chaque annee")
    expect(page.locator(".rv-item").first.locator(".text").first).to_contain_text("chaque année")

    for left in range(count - 1, -1, -1):
        page.wait_for_function("document.activeElement.closest('.rv-item[data-standing=proposed]') !== null")
        page.keyboard.press("c")
        expect(page.locator(".rv-item[data-standing=proposed]")).to_have_count(left)
    expect(page.locator(".rv-item[data-standing=confirmed]")).to_have_count(count)
    assert page.locator("html").get_attribute("lang") == "fr"
    assert reader.troubles == []


NOTE = """# Water in every square

Minutes of the session of 5 March 2027, 10:00-11:30 (UTC+1)

## What was said

The mayors spoke of summers without rain. A common price for reused water stayed open.

## Recommendations

- Towns must open their fountains all summer and towns should mend what leaks within ten days.
- Regions should lend pumps
- to the towns that ask for them.
- Schools must teach where the water comes from.
"""

SELECT = """(line, words) => {
  const part = [...line.childNodes].find((one) => one.textContent.includes(words));
  const node = part.firstChild ?? part;
  const range = new Range();
  range.setStart(node, node.textContent.indexOf(words));
  range.setEnd(node, node.textContent.length);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


def items(page: Page) -> list[str]:
    return [one.inner_text() for one in page.locator(".rv-item p.text").all()]


def test_what_was_read_is_divided_joined_added_and_followed_into_the_draft(chromium: Browser, site: str):
    reader = Reader(chromium, site, SECRETARIAT)
    page = reader.page
    reader.go(f"/es/{FORUM}/sessions")
    page.locator("#files").set_input_files({"name": "water.md", "mimeType": "text/markdown", "buffer": NOTE.encode()})
    page.locator("form[action$='/sessions'] button").last.click()
    page.locator("a[href*='/sessions/documents/']").first.click()
    page.wait_for_selector(".rv-item")
    assert len(items(page)) >= 4

    joined = page.locator(".rv-item", has_text="Regions should lend pumps")
    joined.locator("button[value=join]").click()
    expect(page.locator(".rv-item", has_text="Regions should lend pumps")).to_contain_text("that ask for them")

    first = page.locator(".rv-item", has_text="open their fountains").first
    first.locator("details[data-key=e] summary").click()
    area = first.locator("textarea")
    at = area.input_value().index(" and towns should")
    area.evaluate("(area, at) => { area.focus(); area.setSelectionRange(at, at); }", at)
    area.press("Alt+Enter")
    page.wait_for_load_state()
    expect(page.locator(".rv-item p.text", has_text=re.compile("^and towns should mend"))).to_have_count(1)

    line = page.locator(".review-source li", has_text="A common price").locator("span")
    line.evaluate(SELECT, "A common price")
    page.locator("[data-act=add-selected]").click()
    expect(page.locator(".rv-item", has_text="A common price for reused water")).to_have_count(1)

    page.locator("button[value=confirm_all]").click()
    expect(page.locator(".rv-item[data-standing=proposed]")).to_have_count(0)
    page.locator(".page-head a.btn-primary, header a.btn-primary").first.click()
    assert "/recommendations" in page.url

    drafter = Reader(chromium, site, "Ponte")
    drafter.go(f"/es/{FORUM}/{PRACTICE}/drafting")
    desk = drafter.page
    desk.locator(".unplaced li", has_text="Schools must teach").locator("input[type=checkbox]").check()
    desk.locator("button[value=compose]").click()
    expect(desk.locator("#wording")).to_have_value(re.compile("Schools must teach"))
    desk.locator("#reason").fill("Pedido en la sesión.")
    desk.locator("button[value=save]").click()
    expect(desk.locator(".unplaced li", has_text="Schools must teach")).to_have_count(0)

    drafter.go(f"/es/{FORUM}/{PRACTICE}/coverage")
    expect(desk.locator("table.matrix tr", has_text="Schools must teach").locator("td.num").first).to_have_text("1")
    drafter.go(f"/es/{FORUM}/contributions")
    desk.locator("a[href*='/contributions/sessions/']", has_text="Water in every square").click()
    expect(desk.locator(".became", has_text="Schools must teach").locator("a[href*='/paragraphs/']")).to_have_count(1)
    assert reader.troubles == drafter.troubles == []
