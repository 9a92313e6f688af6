"""Pages get safe fragments: nothing typed into a text becomes markup, and every change is said in words as well."""

import itertools
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafts.base.errors import DraftsError
from drafts.diff.side_by_side import diff_rows
from drafts.render.document_html import block_html, diff_html, document_html, row_html
from drafts.render.inline_html import WORDS, inline_html
from drafts.text.blocks import HARD_BREAK, Block, BlockKind, Document, Language
from drafts.text.markup import read_blocks
from drafts.text.numbering import numbers

EN, ES, FR = Language.EN, Language.ES, Language.FR
K = BlockKind


def document(source, language=EN, prefix=""):
    ids = itertools.count(1)
    return read_blocks(source, language=language, new_id=lambda: f"{prefix}{next(ids)}")


def html(text, language=EN, **found):
    return inline_html(text, language=language, **found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**Water** is _life_ & more", "<strong>Water</strong> is <em>life</em> &amp; more"),
        ("a <script>alert(1)</script> b", "a &lt;script&gt;alert(1)&lt;/script&gt; b"),
        ("[x](https://a.example/?a=1&b=2)", '<a href="https://a.example/?a=1&amp;b=2">x</a>'),
        ("<mailto:a@b.example>", '<a href="mailto:a@b.example">mailto:a@b.example</a>'),
        ("[x](/people) and [y](ftp://a.example)", "x and y"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ("[![a](https://a.example/a)](https://a.example/b)", '<a href="https://a.example/b">a</a>'),
        ("[the springs](#b-7)", '<a href="#b-7">the springs</a>'),
        ("`a < b`", "<code>a &lt; b</code>"),
        (f"one{HARD_BREAK}two", "one<br>two"),
        ("10\u00a0% &amp; &lt;b&gt;", "10\u00a0% &amp; &lt;b&gt;"),
        ('![a "map"](https://a.example/m.png)', '<a href="https://a.example/m.png">a &quot;map&quot;</a>'),
    ],
)
def test_inline_markdown_becomes_safe_html(text, expected):
    assert html(text) == expected


def test_a_reference_is_printed_as_the_number_of_its_language_and_links_to_the_paragraph():
    assert html("[](#b-x)", ES, numbers={"x": "12(a)"}, anchor="es-") == '<a href="#es-b-x">12 a)</a>'


def test_a_reference_to_a_paragraph_without_number_is_shown_and_announced():
    assert html("see [](#b-gone)") == (
        'see <span class="dangling">?<span class="vh">reference to a paragraph without number</span></span>'
    )


def test_a_footnote_is_a_raised_link_that_says_it_is_a_note():
    assert html("Water.[^a<b]", FR, anchor="fr-") == (
        'Water.<sup class="note-ref"><a href="#fr-note-a&lt;b" role="doc-noteref">'
        '<span class="vh">note </span>a&lt;b</a></sup>'
    )


@pytest.mark.parametrize(
    ("kind", "level", "text", "expected"),
    [
        (K.TITLE, 0, "T", '<h1 id="b-x">T</h1>'),
        (K.HEADING, 2, "H", '<h3 id="b-x">H</h3>'),
        (K.ANNEX, 1, "A", '<h2 id="b-x" class="annex">A</h2>'),
        (K.CHAPEAU, 0, "We,", '<p id="b-x" class="chapeau">We,</p>'),
        (K.PREAMBLE, 0, "P,", '<p id="b-x" class="pp">P,</p>'),
        (K.OPERATIVE, 0, "O.", '<div id="b-x" class="op"><a href="#b-x">12(b)</a><p>O.</p></div>'),
        (K.ITEM, 1, "I.", '<div id="b-x" class="op item level-1"><a href="#b-x">(b)</a><p>I.</p></div>'),
        (K.BULLET, 1, "B", '<ul><li id="b-x" class="level-1">B</li></ul>'),
        (K.PARAGRAPH, 1, "P", '<p id="b-x" class="level-1">P</p>'),
        (K.QUOTATION, 0, "Q", '<blockquote id="b-x"><p>Q</p></blockquote>'),
        (K.NOTE, 0, "[^1]: N", '<div id="note-1" class="note"><p><span class="note-no">1</span> N</p></div>'),
        (K.CODE, 0, "```\na < b\n```", '<pre id="b-x"><code>a &lt; b</code></pre>'),
        (K.RULE, 0, "---", '<hr id="b-x">'),
        (K.CLOSING, 0, "Done.", '<p id="b-x" class="closing">Done.</p>'),
    ],
)
def test_each_kind_of_block_has_its_element(kind, level, text, expected):
    assert block_html(Block("x", kind, text, level), language=EN, numbers={"x": "12(b)"}) == expected


def test_a_table_has_heads_and_no_style():
    table = Block("x", K.TABLE, "| City | **n** |\n| --- | :-: |\n| <b> | 2 |")

    assert block_html(table, language=EN) == (
        '<div id="b-x"><table class="table"><thead><tr><th scope="col">City</th>'
        '<th scope="col"><strong>n</strong></th></tr></thead>'
        "<tbody><tr><td>&lt;b&gt;</td><td>2</td></tr></tbody></table></div>"
    )


def test_a_document_is_its_blocks_in_order_with_bullets_in_one_list():
    found = document_html(document("# T\n\n- a\n- b\n\nEnd."), anchor="en-")

    assert found == (
        '<h1 id="en-b-1">T</h1>\n<ul>\n<li id="en-b-2">a</li>\n<li id="en-b-3">b</li>\n</ul>\n<p id="en-b-4">End.</p>'
    )


def announced(tag, text, words):
    """Marked text as HTML, with what is read out before and after it."""
    return f'<{tag}><span class="vh">{words[0]}</span>{text}<span class="vh">{words[1]}</span></{tag}>'


def changed(old, new, language=EN):
    before, after = document(old, language), document(new, language, prefix="n")
    return diff_html(diff_rows(before, after), language=language, numbers=numbers(after))


@pytest.mark.parametrize("language", [ES, EN, FR])
def test_a_changed_word_is_marked_and_announced_in_the_language_of_the_text(language):
    found = changed("Cities may plant trees.", "Cities shall plant trees.", language)

    assert announced("del", "may", WORDS[language].deletion) in found
    assert announced("ins", "shall", WORDS[language].insertion) in found


def test_an_inserted_and_a_deleted_paragraph_are_marked_whole():
    stays = "One city plants."
    found = changed(f"{stays}\n\nNo fee is due.", f"Schools get copies of every single map.\n\n{stays}")

    assert announced("del", "No fee is due.", WORDS[EN].deletion) in found
    assert announced("ins", "Schools get copies of every single map.", WORDS[EN].insertion) in found


def test_a_moved_paragraph_is_marked_where_it_stands_and_where_it_left():
    one, two, three = "Cities plant trees every year.", "Springs stay open to all.", "Schools teach about the water."

    found = changed(f"{one}\n\n{two}\n\n{three}", f"{two}\n\n{three}\n\n{one}")

    before, after = WORDS[EN].moved
    assert f'<span class="moved-from"><span class="vh">{WORDS[EN].moved_from}</span>{one}</span>' in found
    assert f'<span class="moved"><span class="vh">{before}</span>{one}<span class="vh">{after}</span>' in found
    assert "<ins>" not in found
    assert "<del>" not in found


ONE, TWO = "Cities plant trees every year.", "Springs stay open to all."
SIGN = '<span aria-hidden="true">¶ </span>'


@pytest.mark.parametrize("language", [ES, EN, FR])
def test_a_split_and_a_join_are_drawn_where_they_are(language):
    split, joined = WORDS[language].split, WORDS[language].joined
    apart, together = f"{ONE}\n\n{TWO}", f"{ONE} {TWO}"

    assert (
        changed(together, apart, language)
        == f'<p id="b-1">{ONE} <ins class="start">{SIGN}<small>{split}</small></ins><br>{TWO}</p>'
    )
    assert (
        changed(apart, together, language)
        == f'<p id="b-1">{ONE} <del class="start">{SIGN}<small>{joined}</small></del>  {TWO}</p>'
    )


def test_the_letters_that_differ_are_marked_inside_a_word_that_stays_whole():
    found = changed("Las ciudades toman decisión.", "Las ciudades toman decisiones.", ES)

    assert 'decisi<span class="letters">ó</span>n' in found
    assert 'decisi<span class="letters">o</span>n<span class="letters">es</span>' in found
    read_out = re.sub(r"<[^>]+>", "", found)
    assert "decisión".join(WORDS[ES].deletion) in read_out
    assert "decisiones".join(WORDS[ES].insertion) in read_out


def test_a_mark_never_begins_or_ends_with_a_space():
    found = changed("Cities plant trees now.", "Cities plant tall trees here and now.")

    assert found.count("<ins>") == 2
    assert "Cities plant <ins>" in found
    assert re.search(r"<ins><span class=.vh.>[^<]*</span> | <span class=.vh.>[^<]*</span></ins>", found) is None


def test_a_paragraph_replaced_whole_is_two_paragraphs():
    old = "Cities plant trees every year beside all of their older schools."
    new = "Nobody pays any fee for clean water in a public place today."
    before, after = Block("b", BlockKind.PARAGRAPH, old), Block("b", BlockKind.PARAGRAPH, new)

    found = diff_html(diff_rows(Document((before,), EN), Document((after,), EN)), language=EN)

    seen = re.sub(r'<span class="vh">[^<]*</span>', "", found)
    assert seen == f'<p><del>{old}</del></p><p id="b-b"><ins>{new}</ins></p>'


def test_what_moved_leads_from_either_place_to_the_other():
    three = "Schools teach about the water."
    found = changed(f"{ONE}\n\n{TWO}\n\n{three}", f"{TWO}\n\n{three}\n\n{ONE}")

    assert f'<small id="from-1"><a href="#b-1">{WORDS[EN].to_new_place}</a></small>' in found
    assert f'<small><a href="#from-1">{WORDS[EN].to_old_place}</a></small>' in found
    assert 'id="b-1"' in found
    alone = [row_html(row, language=EN) for row in diff_rows(document(f"{ONE}\n\n{TWO}"), document(f"{TWO}\n\n{ONE}"))]
    assert "from-" not in "".join(alone)


def test_a_paragraph_that_only_changes_its_form_says_so():
    assert WORDS[EN].form in changed("Cities plant trees.", "- Cities plant trees.")


def test_a_row_can_be_rendered_alone():
    before, after = document("One city."), document("Two city.")
    rows = diff_rows(before, after)

    assert diff_html(rows, language=EN) == "\n".join(row_html(row, language=EN, has_both_places=True) for row in rows)


class Strict(HTMLParser):
    """Fails on elements left open, on unknown ones, and on anything inline that a strict content policy forbids."""

    KNOWN = frozenset({"a", "b", "blockquote", "br", "code", "del", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6"})
    ALSO = frozenset({"hr", "ins", "li", "p", "pre", "small", "span", "strong", "sup", "ul"})
    TABLE = frozenset({"table", "tbody", "td", "th", "thead", "tr"})
    VOID = frozenset({"br", "hr"})

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        assert tag in self.KNOWN | self.ALSO | self.TABLE
        for name, value in attrs:
            assert name in {"id", "class", "href", "role", "scope", "aria-hidden"}
            assert name != "href" or value.startswith(("http://", "https://", "mailto:", "#"))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_comment(self, data):
        raise AssertionError(data)


def ensure_safe(found):
    parser = Strict()
    parser.feed(found)
    parser.close()
    assert parser.open == []


PIECES = [
    *("word", "<script>", "<img src=x onerror=a>", "<!--", "-->", "&", '"', "'", "**", "_", "`", "[", "](", ")", "!["),
    *("](https://a.example)", "](javascript:a)", "](data:text/html,a)", "[](#b-1)", '](#b-"x)', "[^1]", "[^1]: ", " "),
    *("<https://a.example>", "\n\n", "\n", "- ", "1. ", "a) ", "# ", "> ", "| a | b |", "\n|---|---|\n", "```\n", "\\"),
]
sources = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


@given(sources, sources)
def test_nothing_typed_into_a_text_becomes_markup(one, other):
    try:
        old, new = document(one), document(other)
    except DraftsError:
        return
    ensure_safe(document_html(old, numbers=numbers(old)))
    ensure_safe(diff_html(diff_rows(old, new), language=FR, numbers=numbers(new), anchor='"><b>'))


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\\`*_[]!<&\n\0"), max_size=30))
def test_a_text_without_marks_is_written_as_beside_a_mark_that_makes_the_parser_look_at_it(text):
    assert html(text + "*") == html(text) + "*"
