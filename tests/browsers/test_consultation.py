"""From a PDF to confirmed recommendations in a real browser, by keyboard alone, in French."""

import re

import pypdfium2
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from tests.browsers.places import FORUM, Reader
from workspace.core import clock
from workspace.core.storage.db import Store, new_id
from workspace.demo.story import PRACTICE
from workspace.editions.domain.models import ForumParent, ParentKind
from workspace.people.models import Forum

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
    page.locator("a.btn[href*='/sessions/documents/']").first.focus()
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


def items(page: Page) -> list[str]:
    return [one.inner_text() for one in page.locator(".rv-item p.text").all()]


def test_what_was_read_is_divided_joined_added_and_followed_into_the_draft(chromium: Browser, site: str):
    reader = Reader(chromium, site, SECRETARIAT)
    page = reader.page
    reader.go(f"/es/{FORUM}/sessions")
    page.locator("#files").set_input_files({"name": "water.md", "mimeType": "text/markdown", "buffer": NOTE.encode()})
    page.locator("form[action$='/sessions'] button").last.click()
    page.locator("a.btn[href*='/sessions/documents/']").first.click()
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

    page.locator(".note [data-s]", has_text="A common price").click()
    page.locator("#mark button[value=recommendation]").click()
    expect(page.locator(".rv-item", has_text="A common price for reused water")).to_have_count(1)

    for _ in range(2):
        if page.locator("button[value=take]").count():
            page.locator("button[value=take]").last.click()
            page.wait_for_load_state()
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


REPORT = """# Shade for every street

Minutes of the session of 6 March 2027, 10:00-12:00 (UTC+1)
Place: Town hall, Villa Clara

## Objectives

- To hear what hot summers do to streets.
- To agree on what every street is owed.

## Key messages

- A tree is cheaper than a hospital bed.
- Shade is a public service.

## What was said

The mayors spoke of summers without rain. The plenary took note of the map of shade.
Nobody wants another summer like the last one.
It was agreed in the plenary that the group meets again in Villa Clara.

## Recommendations on trees

- Towns must plant ten trees for each that they fell.
- Towns must water young trees for three summers.
- Regions should keep nurseries of native trees.
- Regions should lend watering carts to small towns.
- Schools must have shade in every yard.
- Trees must not be felled for parking.

## Recommendations on streets

- Towns must publish a map of streets without shade every year.
- Bus stops must have a roof and a bench.
- Works on streets should stop at noon in July.
- Towns should paint roofs white.
- Fountains must be open all summer.
- Markets should open before eight in the morning.

## Recommendations on money

- Ministries must pay half of the cost of shade.
- Towns should spend one euro in a hundred on trees.
- Insurance must cover damage by heat.
"""


def test_a_report_of_two_pages_takes_no_more_than_fifteen_acts(chromium: Browser, site: str):
    """An act is a click, a key or a drag. The walk confirms three sections, marks three sentences and moves an end."""
    reader = Reader(chromium, site, SECRETARIAT)
    page, acts = reader.page, 0

    def act(selector: str, **which: object) -> None:
        nonlocal acts
        acts += 1
        page.locator(selector, **which).first.click()
        page.wait_for_load_state()

    reader.go(f"/en/{FORUM}/sessions")
    page.locator("#files").set_input_files({"name": "shade.md", "mimeType": "text/markdown", "buffer": REPORT.encode()})
    act("form[action$='/sessions'] button.btn-primary")
    act("a.btn[href*='/sessions/documents/']")
    page.wait_for_selector(".note")
    act(".note [data-s]", has_text="Trees must not be felled")
    act("#mark button[value=nothing]")
    act(".note [data-s]", has_text="It was agreed in the plenary")
    box = page.locator(".grip[data-end=start]").bounding_box()
    word = page.locator(".note [data-s]", has_text="It was agreed in the plenary")
    acts += 1
    start = word.evaluate(
        """(part) => {
          const range = new Range(), at = part.firstChild.data.indexOf("that the group") + 6;
          range.setStart(part.firstChild, at);
          range.setEnd(part.firstChild, at + 3);
          const box = range.getBoundingClientRect();
          return { x: box.left + 2, y: box.bottom };
        }"""
    )
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(start["x"], start["y"], steps=4)
    page.mouse.up()
    act("#mark button[value=decision]")
    while page.locator("button[value=take]").count():
        act("button[value=take]")
    act(".sitting form button.btn-primary")

    assert page.locator(".rv-item[data-standing=proposed]").count() == 0
    decided = page.locator(".rv-item[data-standing=confirmed] p.text", has_text="meets again").inner_text()
    assert decided.endswith("the group meets again in Villa Clara.")
    assert not decided.startswith("It was")
    assert page.locator(".rv-item[data-standing=confirmed]").count() == 19
    assert acts <= 15, acts
    assert reader.troubles == []


def test_a_note_is_marked_by_touch_on_a_telephone(chromium: Browser, site: str):
    reader = Reader(chromium, site, SECRETARIAT, width=390, has_touch=True, is_mobile=True)
    page = reader.page
    reader.go(f"/es/{FORUM}/sessions")
    note = REPORT.replace("# Shade", "# More shade").encode()
    page.locator("#files").set_input_files({"name": "more.md", "mimeType": "text/markdown", "buffer": note})
    page.locator("form[action$='/sessions'] button.btn-primary").first.tap()
    page.locator("a.btn[href*='/sessions/documents/']").first.tap()
    page.locator(".note [data-s]", has_text="The mayors spoke of summers").tap()
    expect(page.locator("#mark")).to_be_visible()
    page.locator("#mark button[value=key_message]").tap()
    page.wait_for_load_state()
    marked = page.locator("mark[data-kind=key_message][data-standing=confirmed]")
    expect(marked).to_have_text(re.compile("^The mayors spoke of summers without rain"))
    expect(page.locator(".note mark.is-current").first).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert reader.troubles == []


def test_opening_an_item_leaves_its_sentence_between_its_ends_and_the_item_in_sight(chromium: Browser, site: str):
    reader = Reader(chromium, site, SECRETARIAT)
    page, text = reader.page, REPORT.replace("Shade", "Benches").replace("6 March", "7 March")
    reader.go(f"/en/{FORUM}/sessions")
    page.locator("#files").set_input_files({"name": "benches.md", "mimeType": "text/markdown", "buffer": text.encode()})
    page.locator("form[action$='/sessions'] button.btn-primary").click()
    page.locator("a.btn[href*='/sessions/documents/']").first.click()
    item = page.locator(".rv-item").last
    item.evaluate("(one) => one.focus()")
    page.keyboard.press("d")
    page.wait_for_timeout(300)
    ends = """() => {
      const mark = [...document.querySelectorAll(".note .is-current")].at(-1).getBoundingClientRect();
      return document.querySelector(".grip[data-end=end]").getBoundingClientRect().top - mark.bottom;
    }"""
    assert abs(page.evaluate(ends)) < 30
    covered = """(label) => {
      const box = label.getBoundingClientRect();
      return document.elementFromPoint(box.left + 4, box.top + box.height / 2)?.closest(".rv-item") == null;
    }"""
    assert not item.locator("details[open] label").first.evaluate(covered)
    assert reader.troubles == []


def test_what_is_ticked_in_a_long_list_is_added_without_going_to_its_end(
    chromium: Browser, site: str, place_store: Store
):
    said = [{"block_id": str(new_id()), "number": str(n), "texts": {"en": "Towns mend pumps."}} for n in range(1, 61)]
    paragraphs = [{**each, "title": {"en": "Pumps"}, "edition": 1} for each in said]
    with place_store.writing() as db:
        forum = db.scalars(sa.select(Forum).where(Forum.slug == FORUM)).one()
        earlier = ForumParent(kind=ParentKind.EARLIER, name=forum.name, title=forum.name, paragraphs=paragraphs)
        earlier.id, earlier.forum_id, earlier.made_at = new_id(), forum.id, clock.now()
        db.add(earlier)
    reader = Reader(chromium, site, SECRETARIAT)
    reader.go(f"/en/{FORUM}/sessions/forums/{earlier.id}")
    add = reader.page.locator("main form button.btn-primary").last
    in_sight = """(element) => {
      const box = element.getBoundingClientRect();
      return element.contains(document.elementFromPoint(box.x + 4, box.y + box.height / 2));
    }"""
    boxes = reader.page.locator("main input[name=paragraph]")
    for box in (boxes.first, boxes.nth(30), boxes.last):
        box.focus()
        reader.page.keyboard.press("Space")
        assert box.is_checked()
        assert box.evaluate(in_sight)
        assert add.evaluate(in_sight)
    assert reader.troubles == []
