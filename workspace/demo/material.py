"""The invented material of the demonstration, read from its files."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from drafts.blocks import Language
from workspace.core.actor import Role
from workspace.demo.around import Around
from workspace.demo.correcting import Letter
from workspace.demo.following import Following

FOLDER = Path(__file__).parent / "material"

Texts = dict[str, str]


class Named(Struct):
    key: str
    name: Texts


class Gathering(Struct):
    slug: str
    name: Texts
    description: Texts
    place: str
    timezone: str
    starts: date
    ends: date


class DeclarationToBe(Struct):
    slug: str
    title: Texts
    original_language: Language
    adopted_on: date


class Body(Struct):
    key: str
    name: str
    kind: str
    country: str
    aliases: list[str] = []


class Term(Struct, rename={"starts_on": "from", "ends_on": "to"}):
    starts_on: date
    ends_on: date


class Participant(Struct):
    key: str
    name: str
    role: Role
    organisation: str
    language: str
    mandate: Term


class Cast(Struct):
    """Who takes part in what."""

    network: Named
    forum: Gathering
    declaration: DeclarationToBe
    organisations: list[Body]
    people: list[Participant]


class Said(Struct):
    """A sentence of a note, verbatim."""

    note: str
    text: str


class Link(Struct):
    """A paragraph of the zero draft and a sentence it came from."""

    paragraph: str
    note: str
    text: str


class Merged(Struct):
    kept: Said
    duplicate: Said
    by: str


class Dropped(Struct):
    note: str
    text: str
    by: str


class Sources(Struct):
    """Where the paragraphs came from, and what was left out."""

    links: list[Link]
    merged: list[Merged]
    dropped: list[Dropped]


class WantedChange(Struct, rename={"joined": "with"}):
    """A change to a paragraph of the zero draft, named by its number there."""

    op: str
    paragraph: str = ""
    after: str = ""
    joined: str = ""
    kind: str = ""
    text: str = ""
    parts: list[str] = []


class WantedAmendment(Struct):
    key: str
    by: str
    language: Language
    reason: str
    changes: list[WantedChange]
    indivisible: bool = False


class WantedRuling(Struct):
    amendment: str
    disposition: str
    reason: str
    text: str = ""


class Round(Struct):
    """One sitting of the committee: rulings in one language."""

    round: int
    reading: int
    language: Language
    by: str
    decide: list[WantedRuling]
    clusters_expected: list[list[str]] = []


class Rounds(Struct):
    rounds: list[Round]


class Rendering(Struct):
    """What a translator does after a round; no text for "still valid"."""

    round: int
    paragraph: str
    language: Language
    kind: str
    by: str
    text: str = ""


class Edit(Struct):
    """What the committee changes directly after a round."""

    after_round: int
    by: str
    paragraph: str
    language: Language
    text: str
    reason: str


class WantedAmending(Struct):
    """An amendment to an amendment: other words for the one paragraph that it rewords."""

    amendment: str
    by: str
    text: str
    reason: str


class Practice(Struct):
    """What happens to the declaration that is left half-way, and to no other."""

    edits: list[Edit]
    amending: list[WantedAmending]


class Answer(Struct):
    by: str
    language: Language
    text: str


class Remark(Struct):
    """A comment thread on a paragraph of the zero draft."""

    paragraph: str
    by: str
    language: Language
    text: str
    replies: list[Answer]


_T = TypeVar("_T")


class Material:
    """Everything the demonstration is made from."""

    @cached_property
    def cast(self) -> Cast:
        return self._read("forum.json", Cast)

    @cached_property
    def sources(self) -> Sources:
        return self._read("provenance.json", Sources)

    @cached_property
    def amendments(self) -> list[WantedAmendment]:
        return self._read("amendments.json", list[WantedAmendment])

    @cached_property
    def rounds(self) -> list[Round]:
        return self._read("decisions.json", Rounds).rounds

    @cached_property
    def renderings(self) -> list[Rendering]:
        return self._read("translations.json", list[Rendering])

    @cached_property
    def edits(self) -> list[Edit]:
        return self._read("editorial.json", list[Edit])

    @cached_property
    def practice(self) -> Practice:
        return self._read("practice.json", Practice)

    @cached_property
    def remarks(self) -> list[Remark]:
        return self._read("comments.json", list[Remark])

    @cached_property
    def following(self) -> Following:
        return self._read("following.json", Following)

    @cached_property
    def around(self) -> Around:
        return self._read("around.json", Around)

    @cached_property
    def letter(self) -> Letter:
        return self._read("letter.json", Letter)

    @cached_property
    def notes(self) -> list[Path]:
        return sorted((FOLDER / "notes").iterdir())

    @cached_property
    def glossary(self) -> str:
        """What the network agrees on, as a table."""
        return (FOLDER / "glossary.csv").read_text(encoding="utf-8")

    @cached_property
    def texts(self) -> Mapping[Language, str]:
        """The zero draft in Markdown."""
        return self._texts("declaration")

    @cached_property
    def letter_texts(self) -> Mapping[Language, str]:
        """The letter that was published before, in Markdown, with its slips."""
        return self._texts("letter")

    def _texts(self, name: str) -> Mapping[Language, str]:
        return {language: (FOLDER / f"{name}.{language}.md").read_text(encoding="utf-8") for language in Language}

    def _read(self, name: str, shape: type[_T]) -> _T:
        return msgspec.json.decode((FOLDER / name).read_bytes(), type=shape)
