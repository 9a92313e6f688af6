"""What the guide tells about, for whom, and which page of the program each part belongs to.

A topic is a file `workspace/help/<language>/<slug>.md` in each of the three languages. What tells operators how to
run a workspace is named `operators…`, and is found by its name, so that a chapter is added by writing it.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from msgspec import Struct

from workspace.web.i18n import LANGUAGES, N_

FOLDER = Path(__file__).parent
OPERATORS = "operators"
HOME = "find-your-way"  # what is told of a page that has no topic of its own


class Group(Struct, frozen=True):
    """Those who do these things. `name` is a message."""

    name: str
    topics: Sequence[str]


_PEOPLE: Sequence[Group] = (
    Group(N_("For everybody"), ("find-your-way", "account", "read", "notices", "your-words", "your-data", "verify")),
    Group(N_("For members"), ("amend", "comment", "support", "reservations")),
    Group(
        N_("For rapporteurs"), ("notes", "review", "write-down", "register", "draft-from-recommendations", "follow-up")
    ),
    Group(N_("For translators"), ("translate", "translation-review", "translation-files", "glossary")),
    Group(N_("For chairs"), ("phases", "desk", "vote", "agreement", "publish", "correct")),
    Group(
        N_("For the secretariat"),
        ("people", "begin-declaration", "word", "mails", "around-the-text", "moderation", "letters", "log", "settings"),
    ),
)
FOR_OPERATORS = N_("For operators")

TOPIC_OF: Mapping[str, str] = {  # by the pattern of an address, without its language; what stands below it follows
    "/": HOME,
    "/help": HOME,
    "/sign-in": "account",
    "/password": "account",
    "/email": "account",
    "/register": "account",
    "/invitations": "account",
    "/set-up": "operators",
    "/account": "account",
    "/account/data": "your-data",
    "/account/contributions": "your-words",
    "/account/letters": "notices",
    "/letters": "notices",
    "/notices": "notices",
    "/following": "notices",
    "/verify": "verify",
    "/editions.atom": "verify",
    "/{forum}": HOME,
    "/{forum}/work": HOME,
    "/{forum}/people": "people",
    "/{forum}/settings": "settings",
    "/{forum}/log": "log",
    "/{forum}/log.csv": "log",
    "/{forum}/log.xlsx": "log",
    "/{forum}/log.jsonl": "log",
    "/{forum}/erasures": "log",
    "/{forum}/letters": "letters",
    "/{forum}/webhooks": "operators-programs",
    "/{forum}/break-glass": "phases",
    "/{forum}/calendar-address": "notices",
    "/{forum}/guests": "comment",
    "/{forum}/threads": "comment",
    "/{forum}/comments": "comment",
    "/{forum}/sessions": "notes",
    "/{forum}/sessions/documents": "review",
    "/{forum}/sessions/{session_id}/facts": "review",
    "/{forum}/sessions/{session_id}/entry": "write-down",
    "/{forum}/sessions/{session_id}/wrap-up": "write-down",
    "/{forum}/sessions/adopted-texts": "draft-from-recommendations",
    "/{forum}/sessions/commitments": "follow-up",
    "/{forum}/sessions/projects": "follow-up",
    "/{forum}/recommendations": "register",
    "/{forum}/recommendations/{number}/comments": "comment",
    "/{forum}/recommendations/places": "draft-from-recommendations",
    "/{forum}/contributions": "your-words",
    "/{forum}/glossary": "glossary",
    "/{forum}/memory": "translation-files",
    "/{forum}/declarations/new": "begin-declaration",
    "/{forum}/{declaration}": "read",
    "/{forum}/{declaration}/history": "read",
    "/{forum}/{declaration}/compare": "read",
    "/{forum}/{declaration}/paragraphs": "read",
    "/{forum}/{declaration}/paragraphs/{block_id}/comments": "comment",
    "/{forum}/{declaration}/comments": "comment",
    "/{forum}/{declaration}/coverage": "draft-from-recommendations",
    "/{forum}/{declaration}/drafting": "draft-from-recommendations",
    "/{forum}/{declaration}/phase": "phases",
    "/{forum}/{declaration}/calendar": "phases",
    "/{forum}/{declaration}/word": "word",
    "/{forum}/{declaration}/mails": "mails",
    "/{forum}/{declaration}/sheets": "mails",
    "/{forum}/{declaration}/nameable": "comment",
    "/{forum}/{declaration}/events": "read",
    "/{forum}/{declaration}/amendments": "amend",
    "/{forum}/{declaration}/amendments/tables": "mails",
    "/{forum}/{declaration}/amendments/{number}/comments": "comment",
    "/{forum}/{declaration}/amendments/{number}/cosponsors": "support",
    "/{forum}/{declaration}/amendments/{number}/cosponsorship": "support",
    "/{forum}/{declaration}/amendments/{number}/support": "support",
    "/{forum}/{declaration}/edit": "desk",
    "/{forum}/{declaration}/desk": "desk",
    "/{forum}/{declaration}/agreement": "agreement",
    "/{forum}/{declaration}/moderation": "moderation",
    "/{forum}/{declaration}/translation": "translate",
    "/{forum}/{declaration}/translation/concordance": "translation-review",
    "/{forum}/{declaration}/translation/review": "translation-review",
    "/{forum}/{declaration}/translation/memory": "translation-files",
    "/{forum}/{declaration}/translation/xliff": "translation-files",
    "/{forum}/{declaration}/translation/word": "translation-files",
    "/{forum}/{declaration}/readiness": "publish",
    "/{forum}/{declaration}/preview": "publish",
    "/{forum}/{declaration}/editions": "verify",
    "/{forum}/{declaration}/corrigenda": "correct",
    "/{forum}/{declaration}/signatories": "around-the-text",
    "/{forum}/{declaration}/annexes": "around-the-text",
    "/{forum}/{declaration}/reservations": "reservations",
    "/{forum}/{declaration}/questions": "vote",
    "/{forum}/{declaration}/plenary": "vote",
}
_EXACTLY = frozenset({"/", "/{forum}", "/{forum}/{declaration}"})  # nothing below these follows them


@cache
def groups() -> Sequence[Group]:
    """Every topic once, in the order in which they are listed; a chapter that a language lacks is not shown in any."""
    written = [{path.stem for path in (FOLDER / one).glob(f"{OPERATORS}*.md")} for one in LANGUAGES]
    chapters = sorted(set.intersection(*written))
    return (*_PEOPLE, Group(FOR_OPERATORS, tuple(chapters)))


@cache
def slugs() -> frozenset[str]:
    return frozenset(slug for group in groups() for slug in group.topics)


def topic_of(pattern: str) -> str | None:
    """The topic of the page with this address, given as its pattern: `/{language}/{forum}/{declaration}/desk`."""
    path = pattern.removeprefix("/{language}") or "/"
    if not pattern:
        return None  # an address that leads nowhere
    if path in TOPIC_OF:
        return TOPIC_OF[path]
    while path.count("/") > 1:
        path = path.rpartition("/")[0]
        if path in TOPIC_OF and path not in _EXACTLY:
            return TOPIC_OF[path]
    return None
