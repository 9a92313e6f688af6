"""The tables of cues, one per language."""

from workspace.interchange.notes.rules.en import ENGLISH
from workspace.interchange.notes.rules.es import SPANISH
from workspace.interchange.notes.rules.fr import FRENCH
from workspace.interchange.notes.rules.table import Cues

ALL: dict[str, Cues] = {"es": SPANISH, "en": ENGLISH, "fr": FRENCH}

__all__ = ["ALL", "Cues"]
