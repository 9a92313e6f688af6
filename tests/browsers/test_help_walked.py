"""The guide, walked through: what it names in bold stands on the pages that it is about, as it is written there.

No browser is needed for that; but the place is the one in which every page is looked at. What that place does not
show (there is no vote open in it, and nothing under embargo) is named here, so that nothing else goes missing.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import httpx
import pytest

from drafts.text.blocks import Language
from tests.browsers.test_every_page import Place, place, sights
from tests.support.touring import Sight
from workspace.catalogues import read_catalogue
from workspace.core import instruments
from workspace.help.guide import guide_topics, topic_of
from workspace.web.i18n.messages import LANGUAGES, TRANSLATED

__all__ = ["place", "sights"]
pytestmark = pytest.mark.long
_TAGS, _SPACES = re.compile(r"<[^>]*>"), re.compile(r"[\s\u00a0]+")
_SPOKEN = re.compile(r'(?:aria-label|value|placeholder|title|alt|data-[a-z-]+)="([^"]*)"')


ANOTHER_DAY = frozenset(
    {  # messages of pages that this place has, in a state that it is not in
        "Accept invitation",
        "Reply",
        "Appoint deputy",
        "Request publication",
        "Request approval",
        "New declaration",
        "Vote",
        "Close",
        "Close vote",
        "Confirm and publish",
        "Day of adoption",
        "Record the result",
        "Decline",
        "Erase permanently",
        "Submit",
        "Search terms",
        "Invite again",
        "Save search",
        "Approve",
        "Grant an exception",
        "Preview",
        "Check result",
        "Mark all undisputed",
        "More options",
        "Move to another phase",
        "Move up",
        "Withdraw support",
        "On the whole text",
        "Silence procedure",
        "Open a vote",
        "Publish later (embargo)",
        "New correction",
        "Create declaration",
        "Quote",
        "Remove",
        "See people",
        "Send again",
        "Show again",
        "Show brackets",
        "Co-sponsor",
        "Import XLIFF file",
        "They say the same",
        "Retry all",
        "Outcome",
        "What was decided",
        "Withdraw",
        "Add recommendations",
        "Your vote",
    }
)


@dataclass
class Walker:
    """Somebody with a telephone book of pages; each is asked for once, as each person, in each language."""

    place: Place
    sights: Sequence[tuple[str, Sight]]
    seen: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def words(self, door: str, path: str, cookies: Mapping[str, str]) -> str:
        """Everything that a page says, to those who look and to those who listen."""
        key = (door, path, str(cookies))
        if key not in self.seen:
            answer = httpx.get(door + path, cookies=dict(cookies), timeout=60)
            spoken = " ".join(_SPOKEN.findall(answer.text))
            said = html.unescape(f"{_TAGS.sub(' ', answer.text)} {spoken}") if answer.status_code < 300 else ""
            self.seen[key] = _plain(said)
        return self.seen[key]

    def pages(self, slug: str, language: str) -> Iterator[str]:
        """The pages that a topic is about, as those who found them see them, and then as everybody else does."""
        about = [(door, sight) for door, sight in self.sights if topic_of(sight.route) == slug]
        for people in ([None], [*self.place.people, self.place.account, {}]):
            for one in people:
                for door, sight in about:
                    yield self.words(door, sight.said_in(language), sight.cookies if one is None else one)

    def elsewhere(self, language: str) -> Iterator[str]:
        for door, sight in self.sights:
            yield self.words(door, sight.said_in(language), sight.cookies)


@cache
def messages(language: str) -> Mapping[str, frozenset[str]]:
    """The messages that are said so in this language."""
    found: dict[str, set[str]] = {}
    for message in read_catalogue(Language(language) if language in TRANSLATED else TRANSLATED[0]):
        forms = message.id if isinstance(message.id, tuple) else (message.id,)
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        for form, words in zip(forms, forms if language == "en" else said, strict=False):
            found.setdefault(_plain(instruments.plain(words).strip()), set()).add(form)
    return {words: frozenset(forms) for words, forms in found.items()}


def named(label: str, language: str) -> frozenset[str]:
    return messages(language).get(label, frozenset())


def _plain(words: str) -> str:
    return _SPACES.sub(" ", words)


@pytest.fixture(scope="module")
def walker(place: Place, sights: list[tuple[str, Sight]]) -> Walker:
    return Walker(place, sights)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_guide_names_stands_on_a_page(walker: Walker, language: str):
    nowhere = []
    for one in guide_topics(language).values():
        missing = {label for label in map(_plain, one.labels) if not named(label, language) & ANOTHER_DAY}
        for pages in (walker.pages(one.slug, language), walker.elsewhere(language)):
            while missing and (words := next(pages, None)) is not None:
                missing = {label for label in missing if label not in words}
        nowhere += [(one.slug, label) for label in sorted(missing)]

    assert nowhere == []
