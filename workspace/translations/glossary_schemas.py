"""Glossary, style and memory, as programs read and write them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct, field

from drafts.blocks import Language, canonical
from drafts.checks import Profile
from drafts.formats.glossary_csv import LONGEST, Entry
from workspace.terms.memory import TakenIn
from workspace.terms.models import HouseStyle, TermRecord, Trust
from workspace.terms.service import Taken
from workspace.translations.memories import Remembered

Wordings = Annotated[list[Annotated[str, Meta(max_length=LONGEST)]], Meta(max_length=20)]


class ForbiddenIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Wordings that are not to be used, in each language."""

    es: Wordings = []
    en: Wordings = []
    fr: Wordings = []


class TermIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One notion: the wordings agreed in each language, and those that are ruled out.

    `is_kept` for a name that is not translated.
    """

    es: Wordings = []
    en: Wordings = []
    fr: Wordings = []
    forbidden: ForbiddenIn = field(default_factory=ForbiddenIn)
    domain: Annotated[str, Meta(max_length=LONGEST)] = ""
    note: Annotated[str, Meta(max_length=2_000)] = ""
    is_kept: bool = False

    def entry(self) -> Entry:
        own = {Language.ES: self.es, Language.EN: self.en, Language.FR: self.fr}
        ruled = {Language.ES: self.forbidden.es, Language.EN: self.forbidden.en, Language.FR: self.forbidden.fr}
        return Entry(
            wordings={language: kept for language, some in own.items() if (kept := _kept(some))},
            forbidden={language: kept for language, some in ruled.items() if (kept := _kept(some))},
            domain=canonical(self.domain),
            note=canonical(self.note),
            is_kept=self.is_kept,
        )


class TermOut(Struct, frozen=True, kw_only=True):
    """A term as it is agreed on now; `version_id` is what `If-Match` names."""

    id: UUID
    version_id: UUID
    es: list[str]
    en: list[str]
    fr: list[str]
    forbidden: dict[str, list[str]]
    domain: str
    note: str
    is_kept: bool
    changed_at: datetime

    @classmethod
    def of(cls, term: TermRecord) -> "TermOut":
        return cls(
            id=term.id,
            version_id=term.version_id,
            es=term.es,
            en=term.en,
            fr=term.fr,
            forbidden=term.forbidden,
            domain=term.domain,
            note=term.note,
            is_kept=term.is_kept,
            changed_at=term.changed_at,
        )


class StyleOut(Struct, frozen=True, kw_only=True):
    """By whose guide texts are written, and which checks weigh otherwise; null `version_id`: nobody has chosen."""

    version_id: UUID | None
    profile: Profile
    severities: dict[str, str]

    @classmethod
    def of(cls, style: HouseStyle | None) -> "StyleOut":
        if style is None:
            return cls(version_id=None, profile=Profile.NATIONAL, severities={})
        return cls(version_id=style.version_id, profile=style.profile, severities=style.severities)


class GlossaryOut(Struct, frozen=True, kw_only=True):
    """What is agreed on here, without what a declaration takes over from its forum."""

    style: StyleOut
    terms: list[TermOut]

    @classmethod
    def of(cls, style: HouseStyle | None, terms: Iterable[TermRecord]) -> "GlossaryOut":
        return cls(style=StyleOut.of(style), terms=[TermOut.of(one) for one in terms])


class StyleIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """By whose guide to write; `severities` weighs single checks as error, warning or info."""

    profile: Profile
    severities: dict[str, str] = {}


class FileIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text file: its name, and its content as text."""

    content: Annotated[str, Meta(max_length=10_000_000)]
    name: Annotated[str, Meta(max_length=200)] = ""


class TakenOut(Struct, frozen=True, kw_only=True):
    """What a file brought: what is new, what changed, and what was known."""

    added: int
    changed: int
    same: int

    @classmethod
    def of(cls, taken: Taken | TakenIn) -> "TakenOut":
        if isinstance(taken, Taken):
            return cls(added=taken.added, changed=taken.changed, same=taken.same)
        return cls(added=taken.added, changed=0, same=taken.known)


class RememberedOut(Struct, frozen=True, kw_only=True):
    """A segment of the memory. `kind` and `score` say how it answers the text that was asked about, where one was.

    `origin` is the file it came in, `declaration` and `number` the paragraph it comes from.
    """

    id: UUID
    texts: dict[Language, str]
    kind: str | None
    score: float | None
    trust: Trust
    origin: str
    declaration: str
    number: str
    is_published: bool

    @classmethod
    def of(cls, hit: Remembered) -> "RememberedOut":
        return cls(
            id=UUID(hit.segment.id),
            texts=dict(hit.segment.texts),
            kind=hit.match.kind.value if hit.match else None,
            score=hit.match.score if hit.match else None,
            trust=hit.citation.trust,
            origin=hit.citation.origin,
            declaration=hit.citation.declaration,
            number=hit.citation.number,
            is_published=hit.citation.is_published,
        )


class MemoryOut(Struct, frozen=True, kw_only=True):
    """Segments of the memory, best first."""

    segments: list[RememberedOut]

    @classmethod
    def of(cls, some: Sequence[Remembered]) -> "MemoryOut":
        return cls(segments=[RememberedOut.of(segment) for segment in some])


def _kept(some: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(wording for given in some if (wording := canonical(given))))
