"""Amending in a real browser: with the editor, by keyboard alone, on a phone, without scripts, in two tabs."""

import shutil
from pathlib import Path

from playwright.sync_api import Browser, Page, Route, expect

from tests.browsers.places import A_MOMENT, Hall
from tests.support.texts import reword
from tests.workspace.amendments.room import LIGHT, WATER
from workspace.paths import STATIC
from workspace.web.assets import Assets

NEWS_OF_THE_CURSOR_IS_LATE = """() => addEventListener(
    "selectionchange", (event) => event.isTrusted && event.stopImmediatePropagation(), true
)"""  # a busy browser tells of it after the next key

MARKED = "Towns shall **always** keep [shall] 36\u00a0°C, see [](#b-{0}) and [^1]."
FREE = WATER.replace("clean", "free")


def editor(page: Page):
    return page.locator(".rich .editor").first


def test_the_editor_gives_back_what_it_was_given_and_changes_only_what_is_typed(hall: Hall):
    path = hall.draft(WATER, LIGHT)
    marked = MARKED.format(hall.room.block(0))
    path = hall.draft(marked, LIGHT)
    with hall.reader() as context:
        page = hall.open(context, path)
        expect(editor(page)).to_be_visible()
        assert page.locator("#wording").input_value() == marked
        editor(page).press("Control+End")
        page.keyboard.type(" Now * and [so](it).")
        expect(page.locator("#typed ins")).to_be_visible()
        page.locator("#kept-say").get_by_text("Saved at").wait_for()
        page.get_by_role("button", name="Submit amendment").click()
        page.wait_for_url("**/amendments/1")
    assert hall.room.words(1) == [[marked + " Now * and [so\\](it)."]]


TYPES_INTO_MANY = """() => {
  const { read, write, EditorState } = globalThis.found;
  let seed = 20261121;
  const random = (count) => (seed = (seed * 1103515245 + 12345) % 2147483648) % count;
  const parts = [
    "agua", "ciudad", "**todas**", "*y*", "_o_", "«fin»", "36\u00a0°C", "[^1]", "[](#b-12)", "2 * 3", "a_b_c",
    "[shall]",
    "[un enlace](https://ejemplo.example/a_b)", "`código`", "\\*así\\*", "5 < 6 & 7", "(a)", "— no —", "#1", "l’eau",
    "**muy *a la vez* claro**", "e\u0301", "una línea\\\notra",
  ];
  const found = { read: 0, refused: 0, wrong: [] };
  for (let turn = 0; turn < 3000; turn += 1) {
    const text = Array.from({ length: 2 + random(7) }, () => parts[random(parts.length)]).join(" ");
    const doc = read(text, {});
    if (!doc) {
      found.refused += 1;
      continue;
    }
    found.read += 1;
    const places = [];
    doc.descendants((node, pos) => {
      for (let at = 1; node.isText && at < node.text.length; at += 1) {
        if (/[a-z][a-z]/.test(node.text.slice(at - 1, at + 1))) places.push(pos + at);
      }
    });
    if (!places.length) continue;
    const state = EditorState.create({ doc });
    const typed = write(state.apply(state.tr.insertText("QQ", places[random(places.length)])).doc);
    if (typed.replace("QQ", "") !== text) found.wrong.push([text, typed]);
  }
  return found;
}"""


EDITOR = """
import { EditorState } from "./vendor/prosemirror.js";
import { read, write } from "./dialect.js";
globalThis.found = { read, write, EditorState };
"""


def test_two_letters_typed_into_a_word_are_all_that_changes_in_three_thousand_paragraphs(
    chromium: Browser, tmp_path: Path
):
    for name in ("dialect.js", "vendor/prosemirror.js"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(STATIC / "js" / name, tmp_path / name)
    (tmp_path / "found.js").write_text(EDITOR)
    assets = Assets.read(tmp_path)
    script = assets.files[assets.address("found.js")].content.decode()
    with chromium.new_context() as context:
        page = context.new_page()
        page.add_script_tag(content=script, type="module")
        page.wait_for_function("globalThis.found")
        found = page.evaluate(TYPES_INTO_MANY)
    assert found["wrong"] == []
    assert found["read"] > 2_500


def test_by_keyboard_alone_words_are_made_bold_split_and_filed(hall: Hall):
    path = hall.draft("One two.", LIGHT)
    with hall.reader() as context:
        page = hall.open(context, path)
        editor(page).focus()
        page.evaluate(A_MOMENT)
        page.keyboard.press("Control+Home")
        page.keyboard.press("Control+Shift+ArrowRight")
        expect(page.get_by_role("button", name="Link")).to_have_attribute("aria-disabled", "false")
        page.keyboard.press("Control+b")
        page.keyboard.press("Alt+F10")
        expect(page.get_by_role("button", name="Bold")).to_be_focused()
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("button", name="Italic")).to_be_focused()
        editor(page).focus()
        page.evaluate(A_MOMENT)
        page.evaluate(NEWS_OF_THE_CURSOR_IS_LATE)
        page.keyboard.press("Control+End")
        page.keyboard.press("Enter")
        page.keyboard.type("Three four.")
        expect(page.locator('[name="op"][value="split"]')).to_be_checked()
        page.get_by_role("button", name="Submit amendment").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/amendments/1")
    hall.room.adopt(1)
    assert hall.room.texts() == ["**One** two.", "Three four.", LIGHT]


def test_on_a_phone_others_stand_below_and_the_same_becomes_support(hall: Hall):
    path = hall.draft()
    hall.room.propose(reword(hall.room.block(0), FREE), by=hall.room.other)
    with hall.reader(width=390, has_touch=True) as context:
        page = hall.open(context, path)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        editor(page).tap()
        page.keyboard.press("Control+a")
        page.keyboard.type(FREE)
        expect(page.get_by_text("identical")).to_be_visible()
        page.get_by_role("button", name="Submit amendment").click()
        page.get_by_role("button", name="Support amendment 1").click()
        page.wait_for_url("**/amendments/1")
        expect(page.get_by_text("You support it.")).to_be_visible()
    assert len(hall.room.amendment(1).versions) == 1


def test_without_scripts_two_paragraphs_are_changed_in_one_amendment(hall: Hall):
    path = hall.draft()
    with hall.reader(java_script_enabled=False) as context:
        page = hall.open(context, path)
        page.locator("#wording").fill(FREE)
        page.select_option("#go_on", hall.room.block(1))
        page.get_by_role("button", name="Change this too").click()
        page.get_by_label("Delete").check(force=True)
        page.get_by_role("button", name="Save draft").click()
        page.get_by_role("button", name="Submit amendment").click()
        assert page.url.endswith("/amendments/1")
    hall.room.adopt(1)
    assert hall.room.texts() == [FREE]


def test_two_tabs_and_a_server_that_is_away_lose_nothing(hall: Hall):
    path = hall.draft()
    with hall.reader() as context:
        first = hall.open(context, path)
        editor(first).press("Control+End")
        first.keyboard.type(" Begun.")
        first.locator("#kept-say").get_by_text("Saved at").wait_for()
        tabs = [hall.open(context, path), hall.open(context, path)]
        for tab, typed in zip(tabs, (" One.", " Two."), strict=True):
            expect(editor(tab)).to_contain_text("Begun.")
            editor(tab).press("Control+End")
            tab.keyboard.type(typed)
            tab.locator("#kept-say").get_by_text("aved at" if typed == " One." else "separate draft").wait_for()
        drafts = context.new_page()
        drafts.goto(f"{hall.address}{path}/amendments/drafts")
        expect(drafts.get_by_text("Begun. One.")).to_be_visible()
        expect(drafts.get_by_text("Begun. Two.")).to_be_visible()

        tabs[1].evaluate("() => { window.fetch = () => Promise.reject(new Error('away')); }")
        tabs[1].keyboard.type(" Three.")
        tabs[1].locator("#kept-say").get_by_text("kept in this browser").wait_for()
        tabs[1].close()
        back = hall.open(context, path)
        back.get_by_role("button", name="Restore").click()
        expect(editor(back)).to_contain_text("Begun. Two. Three.")


def test_what_is_being_kept_when_the_amendment_is_filed_leaves_no_draft_behind(hall: Hall):
    path = hall.draft()
    with hall.reader() as context:
        page = hall.open(context, path)
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        page.route("**/amendments/drafts", hold)
        editor(page).press("Control+End")
        page.keyboard.type(" Free.")
        with page.expect_request("**/amendments/drafts"):
            pass
        page.get_by_role("button", name="Submit amendment").click()
        held[0].continue_()
        page.wait_for_url("**/amendments/1")
        drafts = hall.visit(context, f"{path}/amendments/drafts")
        expect(drafts.get_by_text("Free.")).to_have_count(0)
    assert hall.room.words(1) == [[WATER + " Free."]]


def test_whoever_comes_back_from_a_lost_connection_finds_their_words_in_the_editor(hall: Hall):
    path = hall.draft()
    with hall.reader() as context:
        page = hall.open(context, path)
        page.locator(".ProseMirror").first.click()
        page.keyboard.press("Control+End")
        page.keyboard.type(" Free.")
        context.set_offline(True)
        page.locator("form[data-keeping] .btn-primary").last.click()
        expect(page.locator("#kept-say")).not_to_be_empty()
        expect(page.locator(".ProseMirror").first).to_contain_text("Free.")
        context.set_offline(False)
        page.route("**/amendments/**", lambda route: route.abort())
        with page.expect_event("requestfailed"):
            page.locator("form[data-keeping] .btn-primary").last.click(no_wait_after=True)
        expect(page.locator(".ProseMirror")).to_have_count(0)
        page.unroute("**/amendments/**")
        page.go_back()
        expect(page.locator(".ProseMirror").first).to_contain_text("Free.")
        page.locator("form[data-keeping] .btn-primary").last.click()
        page.wait_for_url("**/amendments/1*")
    assert hall.room.words(1) == [[WATER + " Free."]]
