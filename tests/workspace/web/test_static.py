"""Shipped files: named after their content, kept for ever, and complete."""

import re

import pytest

from tests.support.chromium import launched
from workspace.paths import STATIC, TEMPLATES
from workspace.web.assets import Assets


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "css").mkdir()
    (tmp_path / "fonts").mkdir()
    (tmp_path / "css" / "tokens.css").write_text('@font-face { src: url("../fonts/serif.woff2") format("woff2"); }')
    (tmp_path / "fonts" / "serif.woff2").write_bytes(b"letters")
    return tmp_path


def test_a_style_sheet_names_its_fonts_by_their_content(folder):
    assets = Assets.read(folder)

    style = assets.files[assets.address("css/tokens.css")].content.decode()

    assert f'url("{assets.address("fonts/serif.woff2")}")' in style


def test_a_changed_font_changes_the_address_of_the_style_sheet_that_uses_it(folder):
    before = Assets.read(folder)
    (folder / "fonts" / "serif.woff2").write_bytes(b"better letters")
    after = Assets.read(folder)
    assert before.address("css/tokens.css") != after.address("css/tokens.css")


@pytest.mark.browser
def test_a_script_has_those_that_it_imports_in_it_each_once(tmp_path):
    modules = {
        "vendor.js": "var b=[];function $a(n){b.push(n);return b}export{$a as note,b as notes};\n",
        "words.js": 'import { note } from "./vendor.js";\nexport const words = 2;\n'
        'export function* more() { yield note("more"); }',
        "aside.js": 'import { note } from "./vendor.js";\nconst words = "aside";\nnote(words);',
        "all.js": 'import {\n  words, more,\n} from "./words.js";\nimport "./aside.js";\n'
        'import { notes } from "./vendor.js";\n[...more()];\nglobalThis.found = [words, notes];',
    }
    for name, text in modules.items():
        (tmp_path / name).write_text(text)
    assets = Assets.read(tmp_path)
    with launched() as browser:
        page = browser.new_page()
        page.add_script_tag(content=assets.files[assets.address("all.js")].content.decode(), type="module")
        assert page.wait_for_function("globalThis.found").json_value() == [2, ["aside", "more"]]


def test_a_script_that_imports_what_is_not_shipped_stops_the_program(tmp_path):
    (tmp_path / "amending.js").write_text('import { diff } from "./words.js";')
    with pytest.raises(OSError, match=r"words\.js"):
        Assets.read(tmp_path)


def test_a_reference_to_a_file_that_is_not_shipped_stops_the_program(folder):
    (folder / "fonts" / "serif.woff2").unlink()
    with pytest.raises(LookupError, match=r"serif\.woff2"):
        Assets.read(folder)


def test_every_shipped_file_loads_nothing_from_another_host():
    for path in STATIC.rglob("*"):
        if path.suffix in {".css", ".js"}:
            assert not re.search(r"""(?:url\(|from|import)\s*["'(]*\s*(?:https?:)?//""", path.read_text()), path


def test_every_distance_and_break_that_a_page_names_is_in_a_style_sheet():
    said = " ".join(path.read_text() for path in TEMPLATES.rglob("*.html"))
    named = {
        name for words in re.findall(r'class="([^"]*)"', said) for name in re.findall(r"[gm][bt]?-\d|break", words)
    }
    styles = " ".join(path.read_text() for path in STATIC.rglob("*.css"))
    assert {"break", "g-1"} <= named
    assert {name for name in named if f".{name} {{" not in styles} == set()


def test_a_shipped_file_is_served_with_its_type_and_kept_for_ever(client):
    page = client.get("/en/ribera").text
    for suffix, media_type in {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}.items():
        address = re.search(rf'"(/static/[^"]+\.{suffix})"', page)[1]
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == media_type
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_everything_a_page_refers_to_is_there(client):
    page = client.get("/en/ribera").text
    style = client.get(re.search(r'"(/static/css/site[^"]+)"', page)[1]).text
    for address in {*re.findall(r'"(/static/[^"#]+)', page), *re.findall(r'url\("([^"]+)', style)}:
        assert client.get(address).status_code == 200, address


def test_a_file_name_without_its_hash_is_not_served(client):
    assert client.get("/static/css/base.css").status_code == 404
    assert client.get("/static/css/%2e%2e/%2e%2e/pages.py").status_code == 404


def test_a_style_sheet_has_those_that_it_imports_in_it(tmp_path):
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "all.css").write_text('@import "./first.css";\nb { color: red }')
    (tmp_path / "css" / "first.css").write_text("a { color: blue }")

    found = Assets.read(tmp_path)
    assert found.files[found.address("css/all.css")].content == b"a { color: blue }\nb { color: red }"


def test_no_script_waits_for_another():
    scripts = {address: asset for address, asset in Assets.read().files.items() if address.endswith(".js")}
    waits = re.compile(rb"^import\b|\bimport\(|\bfrom \"\.", re.MULTILINE)
    assert scripts
    assert [address for address, asset in scripts.items() if waits.search(asset.content)] == []
