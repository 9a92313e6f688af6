"""While a finished edition waits for its time, no word of its declaration changes."""

from workspace.core.errors import Sealed
from workspace.declarations.models import Declaration


def ensure_not_sealed(declaration: Declaration) -> None:
    """Raise `Sealed` while an edition is, with its time at the place: what comes out is what two people confirmed."""
    if declaration.releases_at is not None:
        forum = declaration.forum
        raise Sealed(until=f"{forum.local(declaration.releases_at):%Y-%m-%d %H:%M} ({forum.timezone})")
