"""The numbered lines of a note: comparing words, and what a line announces."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

from drafts.base.words import word_count
from workspace.core.errors import BadFile
from workspace.interchange.notes.rules import ALL, forms, word_set

FORM = forms("lines")

ENUMERATION = re.compile(
    r"^(?:(?:\d{1,2}(?:\.\d{1,2}){0,3}|[IVX]{1,5})[.)]\s+|\d{1,2}(?:\.\d{1,2}){1,3}\s+|#{1,6}\s+)+"
)
CLOSING = " .,:;*_-–—"
CONTINUING = frozenset().union(*(cues.continuing for cues in ALL.values()))


def single_spaced(text: str) -> str:
    """The text with every run of white space made one space."""
    return " ".join(text.split())


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """Lower case without accents, apostrophes made straight: how names and labels are compared."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("’", "'"))
    return single_spaced("".join(character for character in decomposed if not unicodedata.combining(character)))


def aligned(text: str) -> str:
    """Lower case without accents, every character in its place."""
    return "".join((folded(character) or " ")[:1] if character > "\x7f" else character.lower() for character in text)


@lru_cache(maxsize=8192)
def unmarked(text: str) -> str:
    """The words without emphasis, headings' marks or HTML tags."""
    return single_spaced(FORM["marks"].sub("", FORM["tags"].sub("", text)))


ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}


def ordinal(plain: str) -> str:
    """The number, in digits, that an ordinal or a Roman numeral says: "third", "iv"; any other text as it is."""
    named = FORM["ordinal"].match(plain)
    return str(named.lastindex if named else ROMAN.get(plain, plain))


def bare_title(text: str) -> str:
    """A title without its marks, its number and the colon after it."""
    return ENUMERATION.sub("", unmarked(text)).strip(CLOSING)


def counted(text: str) -> int:
    """How many words there are without marks."""
    return word_count(unmarked(text))


def ends_sentence(text: str) -> bool:
    return bool(FORM["sentence_end"].search(text[-8:]))


def begins_lower(text: str) -> bool:
    found = FORM["lowered_before"].match(text)
    return bool(found) and found[1].islower()  # type: ignore[index]


def goes_on(text: str) -> bool:
    """Whether no sentence could end here: after a comma, an article, a preposition."""
    if text.endswith((",", "(", "«", "“", "–", "/")):
        return True
    last = text.rsplit(None, 1)[-1:] or [""]
    return last[0].lower().strip('*_"“«(') in CONTINUING


LONGEST = 120
MOST_WORDS = 7
LONGEST_LABEL = 60
MOST_WORDS_ALONE = 12
PARENTHESIS = re.compile(r"\([^()]{0,120}\)")
LIMITS = tuple(re.compile(limit, re.IGNORECASE) for cues in ALL.values() for limit in cues.limits)
JOINTS = word_set(
    "de del de la para of for to from by from de des du d'ouverture pour a au aux y and et "
    "dirigidas adressees addressed "
    "unos unas un une a an principales finales final finals main cles clave"
)
ROLES = {name: section for cues in ALL.values() for section, names in cues.sections.items() for name in names}
OWNERS = word_set("the our its their las los nuestras nuestros sus les nos leurs ses")
QUALIFIED = word_set("questions recommendations conclusions objectives key_messages speakers")  # "Open questions"
QUALIFIED_LABELS = word_set("speakers moderators place")
JOINED = (["and"], ["y"], ["et"])
TYPES = frozenset(folded(name) for cues in ALL.values() for name in cues.session_types) - {"session", "sesion"}
OF_TYPES = frozenset(word for name in TYPES | {"session", "sesion"} for word in name.split())
OF_DAYS = {folded(name) for cues in ALL.values() for name in cues.weekdays} | word_set(
    "on and both all day days one two first second el los y ambos dos dia dias primer primero segundo "
    "le les et deux jour jours premier second des"
)
LABELS = {label: role for cues in ALL.values() for role, labels in cues.fields.items() for label in labels}
ROLES_OF_COLUMNS = frozenset(column for cues in ALL.values() for column in cues.columns)
COLUMNS = {
    **{label: role for label, role in LABELS.items() if role in ROLES_OF_COLUMNS - {"end", "title"}},
    **{name: column for cues in ALL.values() for column, names in cues.columns.items() for name in names},
}


class LabelledValue(Struct, frozen=True):
    """A labelled line: what it is about, and its value as it stands."""

    role: str
    value: str


def heading_name(text: str) -> str:
    """A heading as it is cited: without marks, limit, and colon, with its number."""
    return unmarked(PARENTHESIS.sub("", unmarked(text).lstrip("# "))).strip(" .,:;*_-–—")


@lru_cache(maxsize=4096)
def section_role(text: str) -> str | None:
    """The role of the section this line opens ("recommendations"), None if it opens none that is known."""
    if len(text) > LONGEST or FORM["minutes"].search(text):
        return None
    whole = bare_title(PARENTHESIS.sub("", text))
    title = FORM["annex"].sub("", whole)
    if not whole[:1].isupper() or ":" in title or text.rstrip(" *_").endswith((".", "?", ";", ",")):
        return None
    spelled = _without_owner(folded(title.split("/")[0]).split())
    if len(spelled) > MOST_WORDS:
        return None
    for length in range(len(spelled), 0, -1):
        if found := ROLES.get(" ".join(spelled[:length])):
            is_qualified = found in QUALIFIED and length + 1 == len(spelled)
            return found if length == len(spelled) or is_qualified or spelled[length] in JOINTS else None
    return None


def _without_owner(spelled: list[str]) -> list[str]:
    """A heading's words without whose section it is: "Our recommendations", "The group's proposals"."""
    if len(spelled) < 2 or spelled[0] not in OWNERS:  # the owner and what is owned
        return spelled
    named = next((place for place, word in enumerate(spelled[:4]) if word.endswith(("'s", "s'"))), 0)
    return spelled[named + 1 :] or spelled


@lru_cache(maxsize=4096)
def labelled_value(text: str) -> LabelledValue | None:
    """The labelled value a line holds ("Lugar: Sala D"), None if it has no label that is known."""
    if ":" not in text[: LONGEST_LABEL + 6]:
        return None
    labelled = FORM["labelled"].match(text.replace("**", "").replace("__", ""))
    if not labelled:
        return None
    label = folded(PARENTHESIS.sub("", labelled["label"])).strip(" *_#.")
    spelled = [word for word in label.split() if word not in OF_DAYS]
    role = LABELS.get(label) or LABELS.get(" ".join(spelled)) or _qualified(spelled)
    is_told = role not in {"start", "end"} or any(map(str.isdigit, labelled["value"]))  # "Opening: water for all"
    is_named = label.rstrip(" 0123456789") in TYPES
    is_told = is_told and (not is_named or bool(FORM["begins_person"].match(labelled["value"])))  # "Panel: Water"
    return LabelledValue(role, labelled["value"].strip()) if role and is_told else None


def _qualified(label: Sequence[str]) -> str | None:
    """The role of a label with one word more, or whose label it is: "Invited speakers", "Title of the panel"."""
    named = [word for word in label if word not in OF_TYPES | JOINTS | OWNERS]
    if named == label[:1] and not OF_TYPES.isdisjoint(label):
        return LABELS.get(named[0])
    if len(label) != 2 and label[1:-1] not in JOINED:  # the label and the word more
        return None
    return next((role for word in label if (role := LABELS.get(word)) in QUALIFIED_LABELS), None)


def word_limit(text: str) -> int | None:
    """The number of words a heading allows ("máx. 250 palabras"); only a parenthesis of a short line can say so."""
    if len(text) > LONGEST or not (aside := PARENTHESIS.search(text)):
        return None
    for form in LIMITS:
        if found := form.search(aside[0]):
            return int(found[1])
    return None


def stands_out(text: str, *, is_alone: bool) -> bool:
    """Whether a line without a known role still looks like a heading."""
    if len(text) > LONGEST or len(PARENTHESIS.sub("", text).split()) > MOST_WORDS_ALONE:
        return False
    if (
        FORM["emphasised"].match(text)
        or FORM["roman"].match(text)
        or (FORM["item_of_agenda"].match(text) and text[-1:] not in ".,;?!:")
    ):
        return True
    return is_alone and text[:1].isupper() and text[-1:] not in ".,;?!…"


MOST_WORDS_OF_A_ROOM = 5
MOST_WORDS_OF_A_PLACE = 8
ROOMS = frozenset(word for cues in ALL.values() for word in cues.rooms)


def is_room(text: str) -> bool:
    """Whether a short line names a room and nothing else ("Sala Marina", "Room 2.14")."""
    plain = folded(unmarked(text).strip("()[]")).split()
    is_short = 1 <= len(plain) <= MOST_WORDS_OF_A_ROOM and not {":", "–", "—"} & {*text} and ". " not in text
    return is_short and plain[1:2] != ["of"] and (plain[0] in ROOMS or plain[-1] in ROOMS)


def is_space(text: str) -> bool:
    """Whether a line is a word for a part of a house, which may be a room there: "the library", "patio"."""
    return bool(FORM["space"].match(unmarked(text).lower()))


def says_where(text: str) -> bool:
    """Whether a short line only says where something is: "Room 4", "in the Blue Room", "meet at Staithe Bridge"."""
    is_short = len(text.split()) <= MOST_WORDS_OF_A_PLACE
    return is_short and bool(
        is_room(text) or is_space(text) or FORM["where_inside"].match(text) or FORM["where_met"].match(text)
    )


def are_rooms(texts: Sequence[str]) -> bool:
    """Whether the cells of a row are several rooms by name: "Sala Norte", "Sala Sur", "Library"."""
    named = [is_room(text) and " " in text.strip() for text in texts]
    is_short = all(text[:1].isupper() and len(text.split()) <= MOST_WORDS_OF_A_ROOM for text in map(unmarked, texts))
    return len(texts) > 1 and (all(named) or (is_short and (named[0] or all(map(str.isupper, texts)))))


MOST_LINES = 100_000
MOST_CHARACTERS = 700_000  # some three hundred pages


class NoteLine(Struct, frozen=True):
    """One line of the source; `page` is known only where form feeds part the pages."""

    number: int
    text: str
    page: int | None = None


def read_lines(text: str, *, source: str) -> tuple[NoteLine, ...]:
    """The lines, numbered as editors number them: by line feeds alone. Raises `BadFile` for too many, or too long."""
    if text.count("\n") >= MOST_LINES:
        raise BadFile(source=source, reason="too_many_lines", line=MOST_LINES, most=MOST_LINES)
    if len(text) > MOST_CHARACTERS:
        raise BadFile(source=source, reason="too_many_letters", most=MOST_CHARACTERS)
    has_pages = "\f" in text
    page = 1
    lines = []
    for number, line in enumerate(text.split("\n"), start=1):
        page += line.count("\f")
        lines.append(NoteLine(number, line.replace("\f", " "), page if has_pages else None))
    return tuple(lines)
