"""What a slice adds to the application, as it says it, and how the slices are put together."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from msgspec import Struct

from workspace.core.provided import Provided
from workspace.core.security.permissions import Row
from workspace.web.i18n.marking import N_

Facts = Mapping[str, str | int]
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
NOTHING_CHANGED = N_("Nothing was changed.")
STILL_THERE = N_("Not saved; your text is still in the form.")


class RefusalExplanation(Struct, frozen=True):
    """The messages for one code. `details` go from the most precise to one without placeholders."""

    happened: str
    details: tuple[str, ...]
    kept: str
    to_do: str

    def detail(self, facts: Facts) -> str:
        """The most precise sentence that these facts can fill."""
        return next(detail for detail in self.details if set(PLACEHOLDER.findall(detail)) <= set(facts))


Said: TypeAlias = tuple[str, ...]  # wordings of one paragraph, the fullest first


class Wording(Struct, frozen=True, kw_only=True):
    """The words of one kind of letter, `name`. `action` names the link to the page in the fact `path`.

    `file` names a fact that goes along as a text file, word for word; `whole` one that stands in the letter whole, line
    by line, where other facts are short and on one line. An urgent letter is waited for by somebody
    and overtakes the others. `choice` is the kind that its receiver can end, where the fact `choice` does not say it.
    """

    name: str
    subject: str
    before: tuple[Said, ...]
    action: str = ""
    after: tuple[Said, ...] = ()
    file: str = ""
    whole: str = ""
    is_urgent: bool = False
    is_announcement: bool = False
    choice: str = ""


ONCE: Said = (N_("The link works once, until %(expires)s."), N_("The link works once."))
NOT_YOU: Said = (N_("If it was not you, ignore this e-mail. Do not forward it."),)
UNTIL: Said = (N_("Open until %(until)s."),)
REASON_GIVEN: Said = (N_("Reason: %(reason)s"),)


class SliceRegistry(Struct, frozen=True, kw_only=True):
    """What one slice adds; each entry stands in one slice only.

    `grants` say who may do an action. `explanations` are found by the code of a refusal, `reasons` by code and reason;
    `precise` stand for a reason where their facts are given, and `needed` for “This is needed” by field. `log_kinds`
    say what an entry of the log tells, by its kind, or by kind and variant (“comment.opened/amendment”), where
    `log_variants` names the fact that holds the variant. `log_topics` name what the kinds of a topic begin with.
    `letters` are the wordings of letters, by kind.
    """

    grants: Mapping[str, Row] = {}
    explanations: Mapping[str, RefusalExplanation] = {}
    reasons: Mapping[tuple[str, str], str] = {}
    precise: Mapping[tuple[str, str], str] = {}
    needed: Mapping[str, str] = {}
    log_kinds: Mapping[str, str] = {}
    log_variants: Mapping[str, str] = {}
    log_topics: Mapping[str, tuple[str, ...]] = {}
    letters: Mapping[str, Wording] = {}


def merged(slices: Iterable[SliceRegistry]) -> SliceRegistry:
    """All of them as one. Raises `ValueError` where two slices say the same thing."""
    given = list(slices)
    topics: dict[str, tuple[str, ...]] = {}
    for registry in given:
        for topic, begins in registry.log_topics.items():
            topics[topic] = (*topics.get(topic, ()), *begins)
    names = [name for name in SliceRegistry.__struct_fields__ if name != "log_topics"]
    return SliceRegistry(**{name: _united(name, given) for name in names}, log_topics=topics)


def _united(name: str, slices: Iterable[SliceRegistry]) -> dict[Any, Any]:
    parts = [getattr(registry, name) for registry in slices]
    twice = [key for key, count in Counter(key for part in parts for key in part).items() if count > 1]
    if twice:
        raise ValueError(f"{name} of two slices: {twice}")
    return {key: value for part in parts for key, value in part.items()}


REGISTRY: Provided[SliceRegistry] = Provided("the registries of the slices")

TOPICS: Mapping[str, str] = {  # what a reader can ask for; what its kinds begin with is said by the slices
    "text": N_("Current text"),
    "amendments": N_("Amendments and decisions"),
    "comments": N_("Comments"),
    "translations": N_("Translations"),
    "sources": N_("Sessions and recommendations"),
    "process": N_("Phases, dates and publication"),
    "people": N_("People and rights"),
}


def log_message(kind: str, facts: Mapping[str, Any]) -> str:
    """The message that says this entry best; for a kind of another version, the kind itself."""
    registry = REGISTRY.get()
    variant = f"{kind}/{facts.get(registry.log_variants.get(kind, ''), '')}"
    return registry.log_kinds.get(variant) or registry.log_kinds.get(kind, kind)


def beginnings(topic: str) -> tuple[str, ...]:
    """What the kinds of a topic begin with."""
    return REGISTRY.get().log_topics[topic]


class FactsWithDefaults(dict[str, object]):
    """Facts that leave a sign where a message asks for one that this entry does not have."""

    def __missing__(self, _name: str) -> str:
        return "…"
