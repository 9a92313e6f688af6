"""Markdown becomes blocks and comes back, and no word is lost on the way."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafts.base.errors import BadMarkdown, DraftsError, NotText, TooLarge
from drafts.text.blocks import HARD_BREAK, Block, BlockKind, Document, Language, ordinals
from drafts.text.markup import BLOCK_LIMIT, SOURCE_LIMIT, block_markdown, decode, plain, read_blocks, write_markdown

K = BlockKind


def reading(source):
    ids = itertools.count()
    return read_blocks(source, language=Language.EN, new_id=lambda: f"b{next(ids)}")


def shape(document):
    return [(block.kind, block.level, block.text) for block in document]


def only(source):
    """Kind, level and text of a source of one block."""
    (found,) = shape(reading(source))
    return found


DECLARATION = """\
# Declaration of Puerto Claro

Puerto Claro, 14 May 2027

## I. Water

1. Cities shall protect their springs.[^1]

   This holds in dry years too.

   a) They measure the level:

      i) in spring,

      ii) in autumn.

   b) They publish it.

2. Cities shall
   share what they learn.

- Shade
- Seats
  - of wood

> No city is an island.

| City | Springs |
| --- | --- |
| Puerto Claro | 12 |

```text
  kept   as it is
```

---

[^1]: A spring is any natural source.

    A well is not.
"""


def test_every_construct_of_a_declaration_becomes_a_block_of_its_kind_and_level():
    assert shape(reading(DECLARATION)) == [
        (K.TITLE, 0, "Declaration of Puerto Claro"),
        (K.PARAGRAPH, 0, "Puerto Claro, 14 May 2027"),
        (K.HEADING, 1, "I. Water"),
        (K.OPERATIVE, 0, "Cities shall protect their springs.[^1]"),
        (K.PARAGRAPH, 1, "This holds in dry years too."),
        (K.ITEM, 1, "They measure the level:"),
        (K.ITEM, 2, "in spring,"),
        (K.ITEM, 2, "in autumn."),
        (K.ITEM, 1, "They publish it."),
        (K.OPERATIVE, 0, "Cities shall share what they learn."),
        (K.BULLET, 0, "Shade"),
        (K.BULLET, 0, "Seats"),
        (K.BULLET, 1, "of wood"),
        (K.QUOTATION, 0, "No city is an island."),
        (K.TABLE, 0, "| City | Springs |\n| --- | --- |\n| Puerto Claro | 12 |"),
        (K.CODE, 0, "```text\n  kept   as it is\n```"),
        (K.RULE, 0, "---"),
        (K.NOTE, 0, "[^1]: A spring is any natural source."),
        (K.PARAGRAPH, 1, "A well is not."),
    ]


def test_what_is_written_from_a_document_reads_as_the_same_document():
    document = reading(DECLARATION)

    assert shape(reading(write_markdown(document))) == shape(document)
    assert write_markdown(reading(write_markdown(document))) == write_markdown(document)


def test_every_block_gets_its_own_id():
    assert [block.id for block in reading("One.\n\nTwo.\n\nThree.")] == ["b0", "b1", "b2"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("12. Twelve.", (K.OPERATIVE, 0, "Twelve.")),
        ("(a) First.", (K.ITEM, 1, "First.")),
        ("a) First.", (K.ITEM, 1, "First.")),
        ("* Shade", (K.BULLET, 0, "Shade")),
        ("Annex\n=====", (K.TITLE, 0, "Annex")),
        ("Water\n-----", (K.HEADING, 1, "Water")),
        ("#### Deep ####", (K.HEADING, 3, "Deep")),
        ("One  \ntwo", (K.PARAGRAPH, 0, f"One{HARD_BREAK}two")),
        ("One\\\ntwo", (K.PARAGRAPH, 0, f"One{HARD_BREAK}two")),
        ("One `a\\\nb` two", (K.PARAGRAPH, 0, "One `a\\ b` two")),
        ("One\n    and an indented line", (K.PARAGRAPH, 0, "One and an indented line")),
        ("    An indented paragraph", (K.PARAGRAPH, 0, "An indented paragraph")),
        ("A <city> of <b>springs</b>", (K.PARAGRAPH, 0, "A <city> of <b>springs</b>")),
        ("<!-- a remark -->", (K.PARAGRAPH, 0, "<!-- a remark -->")),
        ("Salt &amp; water", (K.PARAGRAPH, 0, "Salt &amp; water")),
        (r"Five \* six", (K.PARAGRAPH, 0, r"Five \* six")),
        ("1900. The year of the flood.", (K.PARAGRAPH, 0, "1900. The year of the flood.")),
        (r"1900\. The year of the flood.", (K.PARAGRAPH, 0, "1900. The year of the flood.")),
        (r"\- not a bullet", (K.PARAGRAPH, 0, "- not a bullet")),
        ("The flood of\n1900. Nobody forgot.", (K.PARAGRAPH, 0, "The flood of 1900. Nobody forgot.")),
        ("See [the map](https://a.example/m).", (K.PARAGRAPH, 0, "See [the map](https://a.example/m).")),
        ("« 10\u00a0% »\u00a0", (K.PARAGRAPH, 0, "« 10\u00a0% »\u00a0")),
        ("Cafe\u0301\ufeff\u200b", (K.PARAGRAPH, 0, "Café")),
        ("```\ne\u0301\u200b\n", (K.CODE, 0, "```\ne\u0301\u200b\n```")),
    ],
)
def test_one_construct(source, expected):
    assert only(source) == expected
    assert shape(reading(write_markdown(reading(source)))) == [expected]


def test_reference_links_take_their_address_and_unused_definitions_stay():
    document = reading('See [the map][m] and [m].\n\n[m]: https://a.example/m "Map"\n[Nota]: texto')

    assert [block.text for block in document] == [
        'See [the map](https://a.example/m "Map") and [m](https://a.example/m "Map").',
        "[Nota]: texto",
    ]


def test_roman_items_that_an_author_did_not_indent_stand_under_the_letter():
    assert [(block.level, block.text) for block in reading("a) x\n\ni) y\n\nii) z\n\nb) w")] == [
        (1, "x"),
        (2, "y"),
        (2, "z"),
        (1, "w"),
    ]


def test_the_ninth_letter_is_no_roman_number():
    letters = "\n".join(f"{letter}) point" for letter in "abcdefghij")

    assert {block.level for block in reading(letters)} == {1}


def test_a_count_may_go_beyond_a_thousand_but_a_year_is_no_count():
    source = "\n".join(f"{n}. Paragraph." for n in range(1, 1003))

    assert {block.kind for block in reading(source)} == {K.OPERATIVE}
    assert [block.kind for block in reading("1. One.\n\n1948. A year.")] == [K.OPERATIVE, K.PARAGRAPH]


def test_a_second_title_is_a_heading_above_the_parts():
    assert shape(reading("# One\n\n# Two")) == [(K.TITLE, 0, "One"), (K.HEADING, 0, "Two")]


def test_a_heading_of_two_lines_keeps_its_break():
    source = "Declaration\\\nof Puerto Claro\n===\n"

    assert only(source) == (K.TITLE, 0, f"Declaration{HARD_BREAK}of Puerto Claro")
    assert write_markdown(reading(source)) == source


@pytest.mark.parametrize(
    ("source", "line", "reason"),
    [
        ("One.\n\n> - a list", 3, "in_quotation"),
        ("> > twice", 1, "in_quotation"),
        ("- # Heading", 1, "heading_in_list"),
        ("One.\0", 1, "nul"),
    ],
)
def test_what_blocks_have_no_form_for_is_refused_with_its_line(source, line, reason):
    with pytest.raises(BadMarkdown) as refusal:
        reading(source)

    assert refusal.value.facts == {"line": line, "reason": reason}


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("a" * (SOURCE_LIMIT + 1), "source"),
        ("a\n\n" * (BLOCK_LIMIT + 1), "blocks"),
        ("1. a\n" * 180_000, "blocks"),  # found out before any is read
        ("".join("  " * depth + "- x\n" for depth in range(25)), "depth"),
        ("![[" * 30_000, "brackets"),
    ],
)
def test_texts_beyond_the_bounds_are_refused(source, what):
    with pytest.raises(TooLarge) as refusal:
        reading(source)

    assert refusal.value.facts["what"] == what


def test_a_file_that_is_not_text_is_refused_with_the_line_of_the_first_bad_byte():
    assert decode("día".encode(), "a.md") == "día"
    for data, line in ((b"ab\n\n\xff\n", 3), (b"a\0b", 1)):
        with pytest.raises(NotText) as refusal:
            decode(data, "a.md")
        assert refusal.value.facts == {"source": "a.md", "line": line}


def test_a_file_that_is_too_large_is_refused_unread():
    with pytest.raises(TooLarge):
        decode(b"a" * (SOURCE_LIMIT + 1), "a.md")


@pytest.mark.parametrize(
    ("kind", "level", "text", "number", "expected"),
    [
        (K.TITLE, 0, "Title", "", "# Title"),
        (K.HEADING, 1, "Part #", "", "## Part \\#"),
        (K.OPERATIVE, 0, "Text.", "12", "12. Text."),
        (K.OPERATIVE, 0, "Text.", "", "1. Text."),
        (K.ITEM, 1, "Text.", "12(b)", "b) Text."),
        (K.BULLET, 2, "Text.", "", "- Text."),
        (K.QUOTATION, 0, f"One{HARD_BREAK}two", "", "> One\\\n> two"),
        (K.PARAGRAPH, 0, "1900. A year.", "", "1900\\. A year."),
        (K.PARAGRAPH, 0, "# no heading", "", "\\# no heading"),
    ],
)
def test_one_block_is_written_with_its_marks(kind, level, text, number, expected):
    assert block_markdown(Block("x", kind, text, level), number) == expected


def test_items_restart_under_each_paragraph_and_paragraphs_count_through():
    document = reading("1. One\n   a) x\n   b) y\n      i) deep\n\n## Part\n\n1. Two\n   a) z")

    assert ordinals(document.blocks) == ("1", "a", "b", "i", "", "2", "a")


def test_items_go_on_after_a_paragraph_between_them():
    document = reading("1. One\n\n   a) x\n\n   between\n\n   b) y")

    assert ordinals(document.blocks) == ("1", "a", "", "b")


def test_after_z_come_doubled_letters():
    items = tuple(Block(str(n), K.ITEM, "x", 1) for n in range(28))

    assert ordinals(items)[25:] == ("z", "aa", "bb")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**Water** is _life_", "Water is life"),
        ("See [the map](https://a.example).[^2]", "See the map."),
        (r"Five \* six &amp; `seven`", "Five * six & seven"),
        (f"One{HARD_BREAK}two", "One\ntwo"),
        ("[^1]: A note.", "A note."),
        ("As in paragraph [](#b-7).", "As in paragraph ."),
    ],
)
def test_plain_text_has_words_only(text, expected):
    assert plain(text) == expected


def test_a_level_that_hangs_on_nothing_loses_no_text():
    orphan = Document((Block("a", K.PARAGRAPH, "One.", 0), Block("b", K.BULLET, "Two.", 3)), Language.EN)

    assert [block.text for block in reading(write_markdown(orphan))] == ["One.", "Two."]


PIECES = [
    *("foo", "bar", "día", "- ", "* ", "+ ", "1. ", "2. ", "1900. ", "a) ", "(b) ", "i) ", "# ", "## ", "> "),
    *("---", "===", "```", "~~~", "| x | y |", "|---|---|", "[x]: http://a.b", "[x]", "[t][x]", "[^1]", "[^1]: "),
    *("\\", "  ", "    ", " ", "\n", "\n", "\n\n", "\n\n", "<b>", "<!-- c -->", "*", "**", "_", "`", "\u00a0"),
    *("#", "\t", "| ", ":-", "(", ")", "![i][x]", "\u1fef", "e\u0301", "\u00ad"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=16).map("".join))
def test_reading_what_was_written_gives_the_same_and_no_word_is_lost(source):
    try:
        document = reading(source)
    except DraftsError:
        return
    written = write_markdown(document)

    assert shape(reading(written)) == shape(document)
    assert write_markdown(reading(written)) == written
    words = set(re.findall(r"foo|bar|1900|\bc\b", source.replace("\u00ad", "")))
    assert words <= set(re.findall(r"foo|bar|1900|\bc\b", written))


TYPED = [
    "foo",
    "día",
    "- ",
    "# ",
    "1. ",
    "12) ",
    "1900. ",
    "a) ",
    "(ii) ",
    "> ",
    "---",
    "===",
    "| x | y |",
    "* ",
    "~~~",
    " ",
]
KINDS = [(K.PARAGRAPH, 0), (K.OPERATIVE, 0), (K.BULLET, 0), (K.QUOTATION, 0), (K.ITEM, 1), (K.HEADING, 1)]


@given(
    st.lists(st.lists(st.sampled_from(TYPED), min_size=1, max_size=5).map("".join), min_size=1, max_size=3),
    st.sampled_from(KINDS),
)
def test_marks_typed_into_a_paragraph_are_read_back_as_its_words(lines, kind_and_level):
    kind, level = kind_and_level
    text = HARD_BREAK.join(words for line in lines if (words := " ".join(line.split())))
    document = Document((Block("a", kind, text or "foo", level),), Language.EN)

    assert shape(reading("# Title\n\n" + write_markdown(document)))[1:] == shape(document)
