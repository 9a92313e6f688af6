"""What a diff counts in."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from drafts.text.tokens import TokenKind, graphemes, tokenize, words


def spelled(text: str) -> list[str]:
    return [token.text for token in tokenize(text) if token.kind is not TokenKind.SPACE]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("States shall respect privacy.", ["States", "shall", "respect", "privacy", "."]),
        ("l’État qu’il aujourd’hui", ["l’", "État", "qu’", "il", "aujourd’hui"]),
        ("D'accord, n'est-ce pas", ["D'", "accord", ",", "n'", "est", "-", "ce", "pas"]),
        ("the city’s councils don't", ["the", "city’s", "councils", "don't"]),
        ("1,250,000 and 3.5.", ["1,250,000", "and", "3.5", "."]),
        ("1\u202f250\u202f000 personas (10\u00a0%)", ["1\u202f250\u202f000", "personas", "(", "10", "%", ")"]),
        ("12 500 logements en 2030", ["12 500", "logements", "en", "2030"]),
        ("in 2025 300 cities", ["in", "2025", "300", "cities"]),
        ("art. 5bis, 1st", ["art", ".", "5bis", ",", "1st"]),
        ("**shall** [see](https://a.example/x_(y))", ["**", "shall", "**", "[", "see", "](https://a.example/x_(y))"]),
        ("as in [](#b-0190-ab) above[^1].", ["as", "in", "[](#b-0190-ab)", "above", "[^1]", "."]),
        ("see https://a.example/b.", ["see", "https://a.example/b", "."]),
        ("a\\\nb", ["a", "\\\n", "b"]),
        ("escaped \\* star", ["escaped", "\\*", "star"]),
    ],
)
def test_a_text_is_counted_in_the_units_a_drafter_sees(text, expected):
    assert spelled(text) == expected


@pytest.mark.parametrize("cluster", ["👩‍👩‍👧", "🇪🇸", "👍🏽", "q\u0323x\u0323", "क्षि", "1️⃣"])
def test_what_a_reader_sees_as_one_is_one_token(cluster):
    assert spelled(f"a {cluster} b") == ["a", cluster, "b"]


def test_two_flags_side_by_side_are_two_tokens():
    assert spelled("🇪🇸🇫🇷") == ["🇪🇸", "🇫🇷"]


def test_links_and_footnotes_count_as_words_and_marks_do_not():
    assert words("**The** [charter](c.md)[^2], [](#b-1) 10 %") == (
        "The",
        "charter",
        "](c.md)",
        "[^2]",
        "[](#b-1)",
        "10",
    )


@given(st.text())
def test_no_byte_of_a_text_is_lost_in_its_tokens(text):
    assert "".join(token.text for token in tokenize(text)) == text


@given(st.text(alphabet="aéßŉſ×1 ,;:.!?()«»-…w\u00a0\u202f'’\u0301_"))
def test_the_words_of_an_ordinary_text_are_its_word_tokens(text):
    assert words(text) == tuple(token.text for token in tokenize(text) if token.is_word)


@given(st.text(alphabet="a1 .'’é\u0301\u200d👩👧🇪🇸🏽*[](^#-\\\n"))
@example("'\u200d🇪🇪🇸")
def test_no_token_cuts_a_grapheme_cluster(text):
    borders, at = {0}, 0
    for cluster in graphemes(text):
        at += len(cluster)
        borders.add(at)
    at = 0
    for token in tokenize(text):
        at += len(token.text)
        assert at in borders


@pytest.mark.parametrize("unit", ["[^", "](<", "](a ", "<https://", "a.", "1 000 ", "`*_"])
def test_a_hostile_text_takes_no_longer_than_its_length(unit):
    assert "".join(token.text for token in tokenize(unit * 20_000)) == unit * 20_000
