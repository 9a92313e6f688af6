"""What an entry of the log says to a reader: one message for each kind, filled with the entry's own facts.

The messages stand in the registries of the slices. A test reads the program for the kinds that it records, and fails
on one that has no sentence.
"""

from collections.abc import Mapping
from typing import Any

from workspace.web.i18n.marking import N_
from workspace.web.refusals.slice_registry import REGISTRY

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
