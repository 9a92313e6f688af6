"""How one block's languages stand: the value that everything about translations is told from."""

from collections.abc import Mapping

from msgspec import Struct

from drafts.blocks import Language
from drafts.staleness import State
from workspace.declarations.queries import BlockRow


class Standing(Struct, frozen=True):
    """One block in its place, and how each language's text stands towards its original."""

    row: BlockRow
    states: Mapping[Language, State]

    @property
    def is_settled(self) -> bool:
        """Whether nothing waits in any language."""
        return not any(state.stops_publication for state in self.states.values())
