"""What a translator's forms send, and what is shown of them again."""

from collections.abc import Mapping
from uuid import UUID

from msgspec import Struct, field

from drafts.blocks import Language
from workspace.core.errors import NotFound


class Actions(Struct, frozen=True):
    """Where the forms of the bench lead; empty where the reader may not or need not."""

    save: str
    confirm: str
    leave_out: str
    check: str
    waive: str


class TranslationForm(Struct, frozen=True):
    """What a translator sends: the words, the version they are meant to replace, and the texts they were made from."""

    words: str = ""
    mended: str = ""  # by a check, to be put in the place of the words
    expected: str = ""
    stay: str = ""  # after saving, rather than go to the next one
    whole: str = ""  # written in the whole text, to which it leads back
    from_es: str = ""
    from_en: str = ""
    from_fr: str = ""
    version_es: str = ""
    version_en: str = ""
    version_fr: str = ""

    def sources(self) -> tuple[Language, ...]:
        return tuple(language for language in Language if getattr(self, f"from_{language}"))

    def shown(self) -> Mapping[Language, UUID]:
        given = {language: str(getattr(self, f"version_{language}")) for language in Language}
        return {language: _version(value) for language, value in given.items() if value}

    def replaces(self) -> UUID | None:
        return _version(self.expected) if self.expected else None


class AbsenceForm(Struct, frozen=True):
    reason: str = ""


class WaiverForm(Struct, frozen=True):
    check: str = ""
    reason: str = ""


class Draft(Struct, frozen=True):
    """A form to show again: what was written, and why it was refused."""

    form: TranslationForm = field(default_factory=TranslationForm)
    is_late: bool = False
    errors: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    reason_for: str = ""
    is_checked: bool = False


def _version(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError as error:
        raise NotFound(what="text", id=value) from error
