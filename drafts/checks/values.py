"""What a check is given and what it answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import StrEnum

from msgspec import Struct, field

from drafts.checks.checked_text import CheckedText, checked_text
from drafts.checks.vocabulary import Dictionary
from drafts.text.blocks import Language


class Profile(StrEnum):
    """By whose guide spacing, quotation marks and numbers are judged: the institutions contradict national usage."""

    NATIONAL = "national"
    UN = "un"
    EU = "eu"


class Acronym(Struct, frozen=True):
    """How one thing is abbreviated in each language; several forms where usage allows several."""

    es: tuple[str, ...]
    en: tuple[str, ...]
    fr: tuple[str, ...]

    def forms(self, language: Language) -> tuple[str, ...]:
        return {Language.ES: self.es, Language.EN: self.en, Language.FR: self.fr}[language]


@dataclass(frozen=True, slots=True)
class Term:
    """One notion: the wordings agreed in each language, and those that are not to be used."""

    es: tuple[str, ...] = ()
    en: tuple[str, ...] = ()
    fr: tuple[str, ...] = ()
    forbidden: Mapping[Language, tuple[str, ...]] = dataclass_field(default_factory=dict, hash=False)

    def wordings(self, language: Language) -> tuple[str, ...]:
        return {Language.ES: self.es, Language.EN: self.en, Language.FR: self.fr}[language]


class House(Struct, frozen=True):
    """How a forum writes. `severities` names the checks that weigh otherwise there than the catalogue says.

    `dictionaries` are those that are installed; without one for a language its spelling is not looked at.
    """

    profile: Profile = Profile.NATIONAL
    terms: tuple[Term, ...] = ()
    acronyms: tuple[Acronym, ...] = ()
    severities: Mapping[str, str] = field(default_factory=dict)
    dictionaries: Mapping[Language, Sequence[Dictionary]] = field(default_factory=dict)


class Pair(Struct, frozen=True):
    """A text and its translation. `is_heading` where the paragraph is known to be one."""

    source: CheckedText
    target: CheckedText
    house: House = field(default_factory=House)
    is_heading: bool = False

    @classmethod
    def of(
        cls, source: str, target: str, *, languages: tuple[Language, Language], house: House, is_heading: bool = False
    ) -> "Pair":
        return cls(checked_text(source, languages[0]), checked_text(target, languages[1]), house, is_heading)


class CheckHit(Struct, frozen=True):
    """What a check found: the words of each side at issue, where they stand in the target, and the target mended."""

    source: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    fix: str | None = None
    odd: Language | None = None  # the one of three languages that the other two contradict
    behind: tuple[Language, ...] = ()  # the other two, where the odd one leads and was changed last
