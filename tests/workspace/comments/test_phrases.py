"""Words that a conversation is about: found in a text as people quote them, and marked where they stand."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from drafts.render.inline_html import inline_html
from drafts.text.blocks import BlockKind, Language, canonical
from workspace.comments.quotes import DiscussedRange, QuotedPhrase, anchor_of, marked, shown_words
from workspace.core.errors import Invalid

EN = Language.EN
ONE, TWO = UUID(int=1), UUID(int=2)
TEXT = (
    "The **cities _of_ the** network, see [the *charter*](https://x.example/a.b) and paragraph [](#b-q7). "
    "Next “word” a\\*b. Next end."
)


def found(quote, text=TEXT, before=""):
    return anchor_of(QuotedPhrase(quote, EN, before), text, "b", {"q7": "12"}).quote


def write(text):
    return Markup(inline_html(text, language=EN, numbers={"q7": "12"}))  # noqa: S704  (the renderer promises it)


def shown(text, *spoken):
    return str(marked(text, spoken, write, lambda number: f"conversation {number}"))


@pytest.mark.parametrize(
    ("quote", "stands"),
    [
        ("cities of the network", "cities _of_ the** network"),
        ("  cities\n of ", "cities _of"),
        ("charter and paragraph 12. Next", "charter*](https://x.example/a.b) and paragraph [](#b-q7). Next"),
        ('Next "word" a*b', "Next “word” a\\*b"),
        ("end.", "end."),
    ],
)
def test_words_are_found_as_they_are_read(quote, stands):
    assert found(quote) == stands


@pytest.mark.parametrize(
    ("quote", "reason"),
    [("rivers", "not_in_text"), ("x.example", "not_in_text"), ("  ", "not_in_text"), ("Next", "more_than_once")],
)
def test_words_that_cannot_be_placed_are_refused(quote, reason):
    with pytest.raises(Invalid) as refusal:
        found(quote)
    assert refusal.value.facts["reason"] == reason


def test_the_words_before_tell_two_equal_places_apart():
    anchor = anchor_of(QuotedPhrase("Next", EN, "Next “word” a*b. "), TEXT, "b", {"q7": "12"})
    assert TEXT[anchor.start :] == "Next end."


def test_a_reader_sees_no_marks():
    assert shown_words("cities _of_ the** network") == "cities of the** network"
    assert shown_words("the *charter*") == "the charter"


def test_marked_words_break_no_element_and_lead_to_their_conversation():
    anchor = anchor_of(QuotedPhrase("cities of the network", EN), TEXT, "b", {})
    html = shown(TEXT, DiscussedRange(ONE, 1, anchor.start, anchor.end))
    mark = f'<mark class="spoken" data-thread="thread-{ONE}">'
    link = f'<sup class="spoken-ref"><a href="#thread-{ONE}">'
    assert html.startswith(
        f"The <strong>{mark}cities </mark><em>{mark}of</mark></em>{mark} the</mark></strong>{mark} network</mark>{link}"
    )


def test_words_of_two_conversations_that_overlap_are_marked_once_each():
    html = shown("one two three four", DiscussedRange(ONE, 1, 0, 7), DiscussedRange(TWO, 2, 4, 13))
    assert html.count("<mark") == 3
    assert html.index(f"#thread-{ONE}") < html.index(f"#thread-{TWO}")
    assert [piece.split("<")[0] for piece in html.split(">") if piece.split("<")[0].strip()][:2] == ["one ", "two"]


def test_text_that_looks_like_a_mark_stays_text():
    text = "<mark> & <script>alert(1)</script> words"
    html = shown(text, DiscussedRange(ONE, 1, 0, len(text)))
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


@given(
    st.lists(
        st.sampled_from(["la", "**la**", "*la la*", "[la](http://a.b)", "“la”", "\\*", "é", "[](#b-q7)"]),
        min_size=1,
        max_size=8,
    ),
    st.data(),
)
def test_whatever_is_chosen_of_what_is_read_is_found_and_marking_it_changes_no_words(pieces, data):
    text = canonical(" ".join(pieces), kind=BlockKind.PARAGRAPH)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    html = shown(text, DiscussedRange(ONE, 1, start, end))
    bare = html.replace(f'<mark class="spoken" data-thread="thread-{ONE}">', "").replace("</mark>", "")
    head, _, rest = bare.partition('<sup class="spoken-ref">')
    assert head + rest.partition("</sup>")[2] == str(write(text))
