"""What deceives is found whatever the character, by Unicode's own lists; what people write is left alone."""

import sys
import unicodedata
from collections.abc import Iterator

import pytest

from drafts.checks.characters import deceiving_signs, is_blank, mended
from drafts.checks.running import check_alone
from drafts.checks.values import House
from drafts.text.blocks import Language

IGNORED = (  # Default_Ignorable_Code_Point beyond the format characters, and two that are drawn as nothing
    *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180F, 0x2065, 0x2800, 0x3164, 0xFFA0, 0x1D159),
    *range(0x180B, 0x180E),
    *range(0xFE00, 0xFE10),
    *range(0xFFF0, 0xFFF9),
    *range(0xE0000, 0xE1000),
)
SEEN = {"NUMBER SIGN", "SANAH", "FOOTNOTE MARKER", "SAFHA", "SAMVAT", "MARK ABOVE", "AYAH", "ABBREVIATION MARK"}


def every(*categories: str) -> Iterator[str]:
    signs = map(chr, range(0x80, sys.maxunicode + 1))
    return (sign for sign in signs if unicodedata.category(sign) in categories)


def test_whatever_nobody_sees_is_found_and_is_nothing_by_itself():
    formats = [sign for sign in every("Cf") if not any(part in unicodedata.name(sign, "") for part in SEEN)]
    unseen = {*formats, *map(chr, IGNORED)}
    assert len(unseen) > 4_000
    assert {sign for sign in unseen if not deceiving_signs(f"wa{sign}ter")} == set()
    assert {sign for sign in unseen if not is_blank(sign)} == set()


def test_a_heap_of_marks_of_any_script_is_found():
    assert [mark for mark in every("Mn", "Me") if not deceiving_signs(f"wat{mark * 9}er")] == []


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("The w\u0430ter of all.", "The water of all."),  # Cyrillic
        ("The v\ua4f3te of all.", "The vOte of all."),  # Lisu
        ("The vote of \ua4ee\ua4e1\ua4e1.", "The vote of ALL."),
        ("The vote of \u13aa\u13de\u13de.", "The vote of ALL."),  # Cherokee
        ("The \u217cand.", "The land."),  # a Roman number
        ("The r\u2113ver.", "The rlver."),
        ("In 20\u09eaa0.", None),  # Bengali four, which looks like 8
        ("By \uff12\uff10\uff12\uff19, all.", "By 2029, all."),
        ("By 2\u09e629, all.", "By 2029, all."),
        ("Of \U0001d7d7\U0001d7d6 towns.", "Of 98 towns."),
        ("A c\u2d54de.", None),  # Tifinagh
        ("\u15eaay by day.", None),  # Canadian syllabics
        ("\U00010402wn homes.", None),  # Deseret
        ("Shall n\u0336o\u0336t\u0336 act.", "Shall not act."),
        ("Wa\ufe0fter.", "Water."),
        ("Of\u2800all.", "Ofall."),
    ],
)
def test_a_letter_that_looks_like_another_stops_publication(text: str, meant: str | None):
    assert check_alone(text, Language.EN, House()), ascii(text)
    assert meant is None or mended(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "We ❤️ towns, 1️⃣ by 1️⃣: 👨‍👩‍👧, ⚖︎ and ☎️.",
        "5 ℓ, 2 mℓ, 10 kΩ, 3 µm, 4 m², CO₂, ½, № 5, n.º 3, 1.ª, XXᵉ, Mᵐᵉ, 3ʳᵈ, Chapter Ⅳ.",
        "Tシャツ, JR東日本, الفقرة ٣, ᏣᎳᎩ, बस, קריאת שְׁמַע, น้ำ, Київ, Αθήνα, Hawaiʻi, Łódź, İzmir.",
        "« L’eau », “water”, ¿agua? … — – · • → ✓ € № ™ ° ′ ″ ≠ ≤",
    ],
)
def test_what_people_write_is_left_alone(text: str):
    assert [(sign.name, text[sign.start : sign.end]) for sign in deceiving_signs(text)] == []
