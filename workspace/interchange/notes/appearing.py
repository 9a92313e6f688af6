"""Who appears in one item of an agenda, where the item says it itself: "Panel: … Moderates: …. Speakers: …; …"."""

import re
from collections.abc import Iterator

from workspace.interchange.notes import headings, people
from workspace.interchange.notes.words import unmarked
from workspace.sessions.extraction import Person

ROLES = ("moderators", "speakers")
LONGEST = 2000
SENTENCE = re.compile(r"(?:(?<=[^\W\d_]{2}[.;)?!])|(?<=\)\.))\s+(?=[\W_]{0,3}[A-ZÀ-Þ])|\s[|●•]\s?")
OPENED = re.compile(r"^(?P<what>[^:]{3,80}?)\s?:\s(?P<who>.+)$", re.DOTALL)


def title(text: str) -> str:
    """What an item is called, without whoever it names after that."""
    kept: list[str] = []
    for sentence in SENTENCE.split(text[:LONGEST]):
        if kept and _labelled(sentence):
            break
        kept.append(sentence)
    whole = " ".join(kept)
    opened = OPENED.match(unmarked(whole))
    return opened["what"] if opened and people.is_speaker(opened["who"]) else whole


def unlabelled(text: str) -> str:
    """The words of a table's cell before the first label: in "Ana Ruiz. Moderates: Teo Blanco" only the first name."""
    kept: list[str] = []
    for sentence in SENTENCE.split(text[:LONGEST]):
        if _labelled(sentence):
            break
        kept.append(sentence)
    return " ".join(kept)


def people_in(text: str, role: str) -> Iterator[Person]:
    """The moderators or the speakers that an item names, after a label or what they do: "Welcome: Ana Ruiz, …"."""
    label = ""
    for sentence in SENTENCE.split(text[:LONGEST]):
        stated = headings.field(sentence)
        opened = OPENED.match(unmarked(sentence))
        if stated and stated.role in ROLES:
            label = stated.role
            if label == role:
                yield from people.people(stated.value)
        elif label == role and people.is_speaker(sentence):
            yield from people.people(sentence)
        elif role == "speakers" and not label and opened and people.is_speaker(opened["who"]):
            yield from people.people(opened["who"])


def _labelled(sentence: str) -> bool:
    stated = headings.field(sentence)
    return stated is not None and stated.role in ROLES
