"""Characters that deceive a reader: found with their places and names, and mended where that is mechanical.

Four kinds: what turns the direction of reading, what nobody sees, marks in heaps or through a letter, and letters of
another script inside a word, or a short word or number made only of such as look Latin. Whole words in Greek, Cyrillic
or any other script deceive nobody, nor do scripts that are written together with Latin (UTS 39, 5.2); neither do
joiners and selectors where a script or an emoji needs them, and units such as kΩ, µm and ℓ.
"""

import unicodedata
from collections.abc import Iterator
from itertools import groupby

from msgspec import Struct

from drafts.base.lazy_regex import lazy_regex
from drafts.checks.values import CheckHit, Pair

_CONTROLS = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_UNSEEN = (
    rf"{_CONTROLS}\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e"
    r"\u2060-\u206f\u2800\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffc"
    r"\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_MARKS = r"\u0300-\u034e\u0350-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_EMOJI = r"\ufe0f\U0001f000-\U0001faff\u2600-\u27bf"
_JOINED = rf"{_EMOJI}\u0590-\u0dff\u1000-\u109f\u1780-\u17ff"
_STRIKES = r"\u0334-\u0338\u20d2\u20d3\u20d8-\u20da\u20dd-\u20e0\u20e5\u20e6\u20ea\u20eb"
_SELECTED = rf"#*0-9\xa9\xae\u203c\u2049\u2100-\u2bff\u3030\u303d\u3297\u3299{_EMOJI}"  # before a selector of emoji
_USUAL = r"\xa0-\xac\xae-\u02ff\u1d2c-\u1d6a\u1e00-\u1eff\u2000-\u200a\u2010-\u2027\u202f-\u205f\u2070-\u209c"
_USUAL += rf"\u20a0-\u20cf\u2116\u2122\u2190-\u27ff\u2900-\u2bff\U0001f000-\U0001faff{_MARKS}"
_OF_SCRIPTS = (
    rf"[^\w\s\x00-\u02ff\u2000-\u2bff\u3000-\u3029\u3030-\u303f\ufe00-\ufe0f\U0001f000-\U0001faff{_UNSEEN}]{{6,}}"
)
_HIDDEN = lazy_regex(
    rf"[{_UNSEEN}]|(?<![{_JOINED}])[\u200c\u200d]|[\u200c\u200d](?![{_JOINED}])|(?<![{_SELECTED}])[\ufe0e\ufe0f]"
    rf"|[{_MARKS}]{{4,}}|(?<=[^\W_])[{_STRIKES}]|{_OF_SCRIPTS}"
)
_SUSPECT = lazy_regex(rf"[^{_USUAL}]|[{_MARKS}]{{4}}|[{_STRIKES}]")
_WORD = lazy_regex(rf"[^\W0-9_](?:[{_MARKS}\u00ad\u200b-\u200d\u2060]*[^\W0-9_])*")
_ENDS, _STRAY = lazy_regex(r"[\x0b\x0c\x85\u2028\u2029]"), lazy_regex(r"[\x01-\x08\x0e-\x1f\x7f-\x9f]")
_NOTHING = lazy_regex(rf"[\s{_UNSEEN}{_MARKS}\u200c\u200d\ufe0e\ufe0f]*")

_PLAIN = bytes((*b"\t\n\r", *range(0x20, 0x7F)))  # no need to look at them one by one

_LATIN = "LATIN"
_TOGETHER = lazy_regex(
    "CJK|(HALFWIDTH )?(HIRAGANA|KATAKANA|HANGUL)|BOPOMOFO|IDEOGRAPHIC|ARABIC|HEBREW|THAI|LAO|KHMER|MYANMAR|TIBETAN"
    "|DEVANAGARI|BENGALI|GUJARATI|GURMUKHI|KANNADA|MALAYALAM|ORIYA|TAMIL|TELUGU|SINHALA|ETHIOPIC|THAANA"
    "|MODIFIER|MASCULINE|FEMININE|MICRO|OHM|KELVIN|ANGSTROM|SUPERSCRIPT|CARON|INFORMATION"
)
_LOOKS_LATIN = str.maketrans(
    "аеорсухіјѕһԁԛԝӏАВЕКМНОРСТУХІЈЅԌԚԜοναιρκυΑΒΕΖΗΙΚΜΝΟΡΤΥΧաոսօցհԱՕՍꓐꓑꓓꓔꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢꓣꓦꓧꓪꓫꓬꓮꓰꓲꓳꓴᎪᏴᏟᎠᎬᏀᎻᎫᏦᏞᎷᏢᎡᏚᎢᏙᎳᏃ",
    "aeopcyxijshdqwlABEKMHOPCTYXIJSGQWovaipkuABEZHIKMNOPTYXwnuoghUOUBPDTGKJCZFMNLSRVHWXYAEIOUABCDEGHJKLMPRSTVWZ",
)
_LETTERS_OF_UNITS = frozenset("μΩΔΣΠΦΨΛΓΘπσλθφψωβγδ")
_LONGEST_UNIT = 3  # letters
_LITRES = frozenset({"ℓ", "mℓ", "cℓ", "dℓ", "hℓ"})
_SHORT = {
    "\u00ad": "SHY", "\u034f": "CGJ", "\u061c": "ALM", "\u200b": "ZWSP", "\u200c": "ZWNJ", "\u200d": "ZWJ",
    "\u200e": "LRM", "\u200f": "RLM", "\u2028": "LS", "\u2029": "PS", "\u202a": "LRE", "\u202b": "RLE",
    "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO", "\u2060": "WJ", "\u2066": "LRI", "\u2067": "RLI",
    "\u2068": "FSI", "\u2069": "PDI", "\ufeff": "BOM",
}  # fmt: skip


class DeceivingSign(Struct, frozen=True):
    """Where it stands, what it is, and a short form to show: ⟨RLO⟩. A letter `is_letter`, and is seen as another."""

    start: int
    end: int
    name: str
    short: str
    is_letter: bool = False


def deceiving_signs(text: str) -> tuple[DeceivingSign, ...]:
    """Everything in `text` that deceives, in its order. A text without any costs one look, however long."""
    if not _SUSPECT.search(text.encode("utf-8", "replace").translate(None, _PLAIN).decode()):
        return ()
    found = [_hidden(match[0], match.start()) for match in _HIDDEN.finditer(text)]
    return tuple(sorted((*found, *_foreign(text)), key=lambda sign: sign.start))


def is_blank(text: str) -> bool:
    """Whether nothing of it is seen: spaces, controls, marks without a letter, and letters that are blanks."""
    return _NOTHING.fullmatch(text) is not None


def plain_words(text: str) -> str:
    """`text` as it may come in: other ends of lines are "\\n", controls are gone; "" where nothing of it is seen.

    NUL stays, for the store refuses it, and so does whatever is seen or turns directions: that is marked instead.
    """
    if text.isascii() and text.isprintable():
        return text
    plain = _STRAY.sub("", _ENDS.sub("\n", text))
    return "" if plain.strip() and is_blank(plain) else plain


def invisible_char(pair: Pair) -> CheckHit | None:
    """What nobody sees, what turns the direction of reading, and marks in heaps."""
    return _hit(pair.target.text, is_letter=False)


def mixed_script(pair: Pair) -> CheckHit | None:
    """Letters of another script inside a word, or in its place."""
    return _hit(pair.target.text, is_letter=True)


def _hit(text: str, *, is_letter: bool) -> CheckHit | None:
    found = [sign for sign in deceiving_signs(text) if sign.is_letter is is_letter]
    if not found:
        return None
    names = tuple(dict.fromkeys(sign.name for sign in found))
    clean = mended(text, is_letter=is_letter)
    is_mended = all(sign.is_letter is not is_letter for sign in deceiving_signs(clean))
    return CheckHit((), names, tuple((sign.start, sign.end) for sign in found), clean if is_mended else None)


def mended(text: str, *, is_letter: bool | None = None) -> str:
    """The text without what is hidden, and with the Latin letters that others look like; one of the two, if said."""
    for sign in reversed(deceiving_signs(text)):
        if is_letter in {None, sign.is_letter}:
            text = text[: sign.start] + _instead_of(text, sign) + text[sign.end :]
    return text


def _instead_of(text: str, sign: DeceivingSign) -> str:
    return _as_latin(text[sign.start : sign.end]) if sign.is_letter else ""


def _as_latin(letters: str) -> str:
    plain = unicodedata.normalize("NFKC", letters).translate(_LOOKS_LATIN)
    return "".join(str(unicodedata.decimal(letter, letter)) for letter in plain)


def _hidden(piece: str, start: int) -> DeceivingSign:
    name, times = _named(piece[0]), f" × {len(piece)}" if len(piece) > 1 else ""
    return DeceivingSign(start, start + len(piece), name + times, _SHORT.get(piece, f"U+{ord(piece[0]):04X}{times}"))


def _named(sign: str) -> str:
    return f"U+{ord(sign):04X} {unicodedata.name(sign, '')}".strip()


def _foreign(text: str) -> Iterator[DeceivingSign]:
    words = [(match.start(), match[0]) for match in _WORD.finditer(text)]
    scripts = [_script(word[0]) for _, word in words]
    for place, (at, word) in enumerate(words):
        if word.isascii():
            continue
        around = {*scripts[max(0, place - 1) : place], *scripts[place + 1 : place + 2]}
        for start, letters in _out_of_place(word, is_among_latin=around == {_LATIN}):
            short = unicodedata.name(letters[0], "?").partition(" ")[0].capitalize()
            yield DeceivingSign(at + start, at + start + len(letters), _named(letters[0]), short, is_letter=True)


def _out_of_place(word: str, *, is_among_latin: bool) -> Iterator[tuple[int, str]]:
    """Runs of letters in `word` that are of another script than most of it; all of it where it only looks Latin."""
    scripts = [_script(letter) for letter in word]
    kinds = {script for script in scripts if script}
    if (len(word) <= _LONGEST_UNIT and _LETTERS_OF_UNITS & set(word)) or word in _LITRES:
        return
    if len(kinds) < 2:
        if is_among_latin and kinds - {_LATIN, "ROMAN"} and _looks_latin(word):
            yield 0, word
        return
    others = "".join(letter for letter, script in zip(word, scripts, strict=True) if script not in {"", _LATIN})
    main = _LATIN if _looks_latin(others) else max((_LATIN, *sorted(kinds)), key=scripts.count)
    at = 0
    for is_foreign, run in groupby(zip(word, scripts, strict=True), lambda pair: bool(pair[1]) and pair[1] != main):
        letters = "".join(letter for letter, _ in run)
        if is_foreign:
            yield at, letters
        at += len(letters)


def _looks_latin(letters: str) -> bool:
    """Whether each of these letters looks like a Latin one, or is a digit."""
    return _as_latin(letters).isascii()


def _script(letter: str) -> str:
    """The alphabet of a letter or digit, as the first word of its name says; "" for what mixes with every alphabet."""
    if letter.isascii():
        return _LATIN if letter.isalpha() else ""
    name, kind = unicodedata.name(letter, ""), unicodedata.category(letter)
    is_told = kind == "Nd" or (kind.startswith(("L", "Nl")) and not _TOGETHER.match(name))
    return name.partition(" ")[0] if is_told else ""
