"""While a finished edition waits for its time, no word of its declaration changes."""

from workspace.core.errors import Sealed
from workspace.declarations.models import Declaration


def ensure_not_sealed(declaration: Declaration) -> None:
    """Raise `Sealed` while an edition is: what comes out is what two people confirmed."""
    if declaration.releases_at is not None:
        raise Sealed(until=declaration.releases_at.strftime("%Y-%m-%d %H:%M UTC"))
