"""What stands around an adopted text and is no part of it: who signed, who made reservations, what is annexed.

Plain values that a publication freezes. They change no word of the text and nothing of its fingerprint;
how they are printed is the formats' business (`drafts.formats.apparatus_rows`).
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from msgspec import Struct

from drafts.text.blocks import BlockKind, Language

Said = Mapping[Language, str]
"""The same in several languages; where one is missing, the reader gets another and is told so."""


class Position(StrEnum):
    """What a member puts on record beside a text that it does not stop."""

    RESERVATION = "reservation"
    EXPLANATION = "explanation"  # of position
    DISSOCIATION = "dissociation"


class AnnexKind(StrEnum):
    """Where an annex comes from: words of its own, or something that the forum has made."""

    TEXT = "text"
    CONDUCT = "conduct"
    RECOMMENDATIONS = "recommendations"
    PROJECTS = "projects"
    PARTICIPANTS = "participants"


class Signatory(Struct, frozen=True):
    """Who stands behind the text. Organisation and capacity are said in every language, a person's name in one."""

    organisation: Said
    person: str
    capacity: Said
    signed_on: date | None = None


class Reservation(Struct, frozen=True):
    """Plain words of one organisation about the paragraph `block`, or about the whole text where that is empty."""

    id: str
    position: Position
    organisation: Said
    block: str
    original: Language
    text: Said
    filed_on: date


class AnnexLine(Struct, frozen=True):
    """One block of an annex as inline Markdown; `language` is its own where it is left as it was said."""

    kind: BlockKind
    texts: Said
    level: int = 0
    language: str = ""


class Annex(Struct, frozen=True):
    """A document of its own behind the text."""

    id: str
    kind: AnnexKind
    title: Said
    lines: tuple[AnnexLine, ...] = ()


class Renumbered(Struct, frozen=True):
    """A paragraph that had another number while it was negotiated; a number that it does not have is empty."""

    old: str
    new: str


class Origin(Struct, frozen=True):
    """What a paragraph came from, as inline Markdown: the lines of the provenance edition."""

    block: str
    lines: tuple[Said, ...]


class CorrectedText(Struct, frozen=True):
    """One paragraph in one language, as it was published and as it reads now; both as adopted, in Markdown."""

    block: str
    language: Language
    before: str
    after: str


class Corrigendum(Struct, frozen=True):
    """What an edition puts right of the edition that it `corrects`; `texts` by language, in the order of the text."""

    number: int
    corrects: int
    on: date
    texts: tuple[CorrectedText, ...]


class Apparatus(Struct, frozen=True):
    """Everything around a text. `origins` are printed by the provenance edition alone, `corrigendum` on its sheet."""

    signatories: tuple[Signatory, ...] = ()
    reservations: tuple[Reservation, ...] = ()
    annexes: tuple[Annex, ...] = ()
    renumbered: tuple[Renumbered, ...] = ()
    origins: tuple[Origin, ...] = ()
    corrigendum: Corrigendum | None = None


NOTHING = Apparatus()


def renumbered(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Renumbered, ...]:
    """The table old to new, of block ids to numbers: nothing where no paragraph got another number, or had any before.

    Items follow their paragraph and are left out; so is what kept its number. What was deleted has no new number,
    what was inserted no old one. In the order of the old numbers, the new ones where they came in.
    """
    if not before:
        return ()
    changed = [
        Renumbered(before.get(block, ""), after.get(block, ""))
        for block in _in_order(list(before), list(after))
        if before.get(block, "") != after.get(block, "")
    ]
    return tuple(renumbering for renumbering in changed if "(" not in renumbering.old + renumbering.new)


def _in_order(before: list[str], after: list[str]) -> list[str]:
    """Both orders in one: the new one, with what is gone after what it stood behind."""
    known = set(after)
    order = list(after)
    for place, block in enumerate(before):
        if block not in known:
            earlier = next((block_id for block_id in reversed(before[:place]) if block_id in order), None)
            order.insert(order.index(earlier) + 1 if earlier else 0, block)
    return order
