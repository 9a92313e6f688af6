"""The invented material of the demonstration, read from its files."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from drafts.text.blocks import Language
from workspace.core.actor import Role
from workspace.demo.apparatus import ApparatusMaterial
from workspace.demo.follow_up import FollowUpMaterial
from workspace.demo.publication import LetterMaterial

FOLDER = Path(__file__).parent / "material"

Texts = dict[str, str]


class NetworkMaterial(Struct):
    key: str
    name: Texts


class ForumMaterial(Struct):
    slug: str
    name: Texts
    description: Texts
    place: str
    timezone: str
    starts: date
    ends: date


class DeclarationMaterial(Struct):
    slug: str
    title: Texts
    original_language: Language
    adopted_on: date
    opened_because: str  # its history, to everybody


class OrganisationMaterial(Struct):
    key: str
    name: str
    kind: str
    country: str
    aliases: list[str] = []


class MandateTermMaterial(Struct, rename={"starts_on": "from", "ends_on": "to"}):
    starts_on: date
    ends_on: date


class ParticipantMaterial(Struct):
    key: str
    name: str
    role: Role
    organisation: str
    language: str
    mandate: MandateTermMaterial
    steward: bool = False


class CastMaterial(Struct):
    """Who takes part in what."""

    network: NetworkMaterial
    forum: ForumMaterial
    declaration: DeclarationMaterial
    organisations: list[OrganisationMaterial]
    people: list[ParticipantMaterial]

    def first(self, role: Role) -> str:
        """The key of the first person in a role."""
        return next(person.key for person in self.people if person.role is role)


class QuotedStatement(Struct):
    """A sentence of a note, verbatim."""

    note: str
    text: str


class ProvenanceMaterial(QuotedStatement):
    """A paragraph of the zero draft and a sentence it came from."""

    paragraph: str


class MergedMaterial(Struct):
    kept: QuotedStatement
    duplicate: QuotedStatement
    by: str
    reason: str


class DroppedMaterial(QuotedStatement):
    by: str
    reason: str


class Sources(Struct):
    """Where the paragraphs came from, and what was left out."""

    links: list[ProvenanceMaterial]
    merged: list[MergedMaterial]
    dropped: list[DroppedMaterial]


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


class CommitteeRound(Struct):
    """One sitting of the committee: rulings on amendments of any languages."""

    round: int
    reading: int
    by: str
    decide: list[WantedRuling]
    clusters_expected: list[list[str]] = []


class CommitteeRounds(Struct):
    rounds: list[CommitteeRound]


class Rendering(Struct):
    """What a translator does after a round; no text for "still valid"."""

    round: int
    paragraph: str
    language: Language
    kind: str
    by: str
    text: str = ""


class WantedWording(Struct):
    """Other words for a paragraph in one language, by whom and why."""

    by: str
    paragraph: str
    language: Language
    text: str
    reason: str


class Edit(WantedWording):
    """What the committee changes directly after a round."""

    after_round: int


class WantedAmending(Struct):
    """An amendment to an amendment: other words for the one paragraph that it rewords."""

    amendment: str
    by: str
    text: str
    reason: str


class WantedOral(WantedWording):
    """An amendment from the floor, which somebody writes down; who moves and seconds it."""

    mover: str
    seconders: list[str]


class WantedCompromise(WantedWording):
    """What comes in the place of several amendments; who of their authors agrees."""

    replaces: list[str]
    agreeing: list[str]


class WantedPreparation(Struct):
    """What a translator writes for an amendment before it is decided."""

    amendment: str
    by: str
    language: Language
    text: str


class PracticeMaterial(Struct):
    """What happens to the declaration that is left half-way, and to no other."""

    edits: list[Edit]
    amending: list[WantedAmending]
    prepared: list[WantedPreparation]
    oral: WantedOral
    compromise: WantedCompromise


class SecondForumMaterial(Struct):
    """A second forum, in which each delegation has one voice: its draft, who has which role, and one amendment."""

    slug: str
    name: Texts
    description: Texts
    starts: date
    ends: date
    draft: str
    title: Texts
    texts: list[dict[Language, str]]
    people: dict[str, Role]
    proposes: str
    supports: str
    language: Language
    instead: str
    reason: str


class ReplyMaterial(Struct):
    by: str
    language: Language
    text: str


class CommentMaterial(ReplyMaterial):
    """A comment thread on a paragraph of the zero draft."""

    paragraph: str
    replies: list[ReplyMaterial]


_T = TypeVar("_T")


def _told(name: str, shape: type[_T]) -> cached_property[_T]:
    """What a file of the folder tells, read when it is first asked for."""
    return cached_property(lambda _: msgspec.json.decode((FOLDER / name).read_bytes(), type=shape))


def _texts(name: str) -> cached_property[Mapping[Language, str]]:
    """A text in Markdown, in each language."""
    return cached_property(
        lambda _: {language: (FOLDER / f"{name}.{language}.md").read_text(encoding="utf-8") for language in Language}
    )


class Material:
    """Everything the demonstration is made from."""

    cast = _told("forum.json", CastMaterial)
    sources = _told("provenance.json", Sources)
    amendments = _told("amendments.json", list[WantedAmendment])
    decisions = _told("decisions.json", CommitteeRounds)
    renderings = _told("translations.json", list[Rendering])
    edits = _told("editorial.json", list[Edit])
    practice = _told("practice.json", PracticeMaterial)
    remarks = _told("comments.json", list[CommentMaterial])
    following = _told("following.json", FollowUpMaterial)
    around = _told("around.json", ApparatusMaterial)
    letter = _told("letter.json", LetterMaterial)
    late = _told("late.json", SecondForumMaterial)
    texts = _texts("declaration")  # the zero draft
    letter_texts = _texts("letter")  # as it was published before, with its slips

    @property
    def rounds(self) -> list[CommitteeRound]:
        return self.decisions.rounds

    @property
    def notes(self) -> list[Path]:
        return sorted((FOLDER / "notes").iterdir())

    @property
    def glossary(self) -> str:
        """What the network agrees on, as a table."""
        return (FOLDER / "glossary.csv").read_text(encoding="utf-8")
