"""OpenDocument texts coming back with tracked changes, comments and bookmarks, as LibreOffice writes them."""

import io
import zipfile

import pytest

from drafts.formats import odt
from drafts.formats.docx.returned import ReturnedFile, UnplacedReason, read_returned
from drafts.text.numbering import numbers
from tests.drafts.formats.word_habits import ANA, SELL
from tests.drafts.formats.word_texts import BASE, told

SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office",
        "text": "text",
        "table": "table",
        "style": "style",
        "fo": "xsl-fo-compatible",
        "draw": "drawing",
        "meta": "meta",
    }.items()
)
OTHERS = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
STYLES = """<office:automatic-styles>
<style:style style:name="It" style:family="text"><style:text-properties fo:font-style="italic"/></style:style>
<style:style style:name="Bo" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="Gone" style:family="text">
<style:text-properties style:text-line-through-style="solid"/></style:style>
<style:style style:name="Up" style:family="text"><style:text-properties style:text-position="super 58%"/></style:style>
</office:automatic-styles>"""
INFO = (
    f"<office:change-info><dc:creator>{ANA}</dc:creator><dc:date>2027-05-20T10:00:00.5</dc:date></office:change-info>"
)
WORDS = {
    "t": "Declaration of Vallemar",
    "p1": '<text:span text:style-name="It">Recalling</text:span> the Charter of Open Workshops,',
    "h1": "Water",
    "o1": 'Towns shall respect water and its <text:span text:style-name="Bo">sources</text:span> in every quarter.',
    "i1": "the wells;",
    "i2": "the springs.",
    "o2": "They shall not sell it. Nobody may own the rain that falls on a town.",
    "o3": "Towns will meet again in 2029 to say aloud what was done.",
    "o4": "Every fountain shall carry the name of whoever mended it.",
    "q": "A stopped clock is not dead.",
    "tb": "",
    "o5": 'See paragraph <text:a xlink:href="#b_o1">1</text:a> and the <text:a xlink:href="https://map.example/of-wells">'
    "map</text:a><text:note><text:note-body><text:p>Counted in 2026 by the eleven towns.</text:p></text:note-body>"
    "</text:note>.",
    "o6": "The last word belongs to those who carry the water.",
}
TABLE = "".join(
    "<table:table-row>"
    + "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in row)
    + "</table:table-row>"
    for row in (("Town", "Wells"), ("Lyon", "12"), ("Quito", "31"))
)


def file(words: dict[str, str] | None = None, regions: str = "", *, has_marks: bool = True) -> bytes:
    """The base with some paragraphs in other words, and tracked changes."""
    body = ""
    for block_id, said in {**WORDS, **(words or {})}.items():
        mark = f'<text:bookmark-start text:name="b_{block_id}"/>' if has_marks else ""
        end = f'<text:bookmark-end text:name="b_{block_id}"/>' if has_marks else ""
        body += f"<table:table>{TABLE}</table:table>" if block_id == "tb" else f"<text:p>{mark}{said}{end}</text:p>"
    changed = f"<text:tracked-changes>{regions}</text:tracked-changes>" if regions else ""
    content = f"<office:document-content {SPACES} {OTHERS}>{STYLES}<office:body><office:text>{changed}{body}"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("content.xml", f"{content}</office:text></office:body></office:document-content>")
    return made.getvalue()


def region(number: str, kind: str, *deleted: str) -> str:
    inside = "".join(f"<text:p>{one}</text:p>" for one in deleted)
    return f'<text:changed-region text:id="{number}"><text:{kind}>{INFO}{inside}</text:{kind}></text:changed-region>'


def inserted(number: str, words: str) -> str:
    return f'<text:change-start text:change-id="{number}"/>{words}<text:change-end text:change-id="{number}"/>'


def back(data: bytes) -> ReturnedFile:
    return read_returned(odt.read(data), BASE, numbers(BASE))


SWAP = WORDS["o2"].replace("sell it", f'<text:change text:change-id="d"/>{inserted("i", "give it away")}')
JOINED = f'{WORDS["o3"]}<text:change text:change-id="d"/>{WORDS["o4"]}'
CASES = {
    "words": ({"o2": SWAP}, region("d", "deletion", "sell it") + region("i", "insertion"), SELL),
    "a paragraph that goes": (
        {"o4": "", "q": f'<text:change text:change-id="d"/>{WORDS["q"]}'},
        region("d", "deletion", '<text:bookmark-start text:name="b_o4 Copy 1"/>' + WORDS["o4"], ""),
        [("delete", "o4", None)],
    ),
    "a paragraph that comes": (
        {"o3": WORDS["o3"] + inserted("i", "</text:p><text:p>A new one.")},
        region("i", "insertion"),
        [("insert", "new", "A new one.")],
    ),
    "two that become one": (
        {"o3": JOINED, "o4": ""},
        region("d", "deletion", "", ""),
        [("join", "o3", f"{WORDS['o3']}{WORDS['o4']}")],
    ),
}


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("has_marks", [True, False], ids=["marks", "no-marks"])
def test_tracked_changes_of_an_opendocument_text_are_those_of_their_author(case, has_marks):
    words, regions, wanted = CASES[case]
    found = back(file(words, regions, has_marks=has_marks))
    changes = {
        author: [(op, "new" if op == "insert" else block, text) for op, block, text in changes]
        for author, changes in told(found).items()
    }
    assert changes == {ANA: wanted}
    assert found.unplaced == ()


def test_words_of_one_author_that_another_strikes_out_stay_with_the_first():
    of_luc = f"<text:insertion>{INFO.replace(ANA, 'Luc')}</text:insertion>"
    struck = f"<text:deletion>{INFO}<text:p> for ever</text:p></text:deletion>{of_luc}"
    regions = "".join(
        f'<text:changed-region text:id="{number}">{change}</text:changed-region>'
        for number, change in (("i", of_luc), ("d", struck))
    )
    said = f'{inserted("i", " or lend it")}<text:change text:change-id="d"/>'
    found = back(file({"o2": WORDS["o2"].replace("sell it", f"sell it{said}")}, regions))
    lent, shorter = (WORDS["o2"].replace("sell it", f"sell it or lend it{more}") for more in (" for ever", ""))
    assert told(found) == {"Luc": [("reword", "o2", lent)], ANA: [("reword", "o2", shorter)]}
    assert found.unplaced == ()


def test_an_untouched_opendocument_text_proposes_nothing():
    for has_marks in (True, False):
        found = back(file(has_marks=has_marks))
        assert (found.proposals, found.apart, found.unplaced) == ((), (), ())


def test_comments_and_struck_words_of_an_opendocument_text_are_found():
    said = "<dc:creator>Luc</dc:creator><dc:date>2027-05-20T10:00:00</dc:date><text:p>Who could?</text:p>"
    start, end = (f'<office:annotation{which} office:name="a"' for which in ("", "-end"))
    note = f"{start}>{said}</office:annotation>own the rain{end}/>"
    struck = '<text:span text:style-name="Gone"> that falls on a town</text:span>.'
    words = WORDS["o2"].replace("own the rain", note).replace(" that falls on a town.", struck)
    found = back(file({"o2": words}))
    [remark] = found.remarks
    assert (remark.author, remark.text, remark.about, remark.block) == ("Luc", "Who could?", "own the rain", "o2")
    assert [(one.reason, one.text) for one in found.unplaced] == [(UnplacedReason.STRUCK, "that falls on a town")]
    assert told(found) == {"": [("reword", "o2", "They shall not sell it. Nobody may own the rain.")]}


def test_the_properties_of_a_document_say_where_it_came_from():
    data = file()
    meta = "".join(
        f'<meta:user-defined meta:name="{name}">{told}</meta:user-defined>'
        for name, told in (("Declaration", "d"), ("Declaration revision", "3"), ("Declaration language", "fr"))
    )
    made = io.BytesIO(data)
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr("meta.xml", f"<office:document-meta {SPACES}>{meta}</office:document-meta>")
    origin = odt.read(made.getvalue()).origin
    assert (origin.declaration, origin.revision, origin.language) == ("d", 3, "fr")


def test_a_part_with_nothing_in_it_and_small_digits_are_read():
    data = io.BytesIO(
        file({"o2": WORDS["o2"].replace("sell it", 'sell m<text:span text:style-name="Up">2</text:span>')})
    )
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr("meta.xml", b"")
        archive.writestr("styles.xml", b"\n")
    assert told(back(data.getvalue()))[""][0][2].startswith("They shall not sell m².")
