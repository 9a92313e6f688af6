"""While a finished edition waits for its time, no word of its declaration changes."""

from zoneinfo import ZoneInfo

from workspace.core.errors import Sealed
from workspace.declarations.models import Declaration


def ensure_not_sealed(declaration: Declaration) -> None:
    """Raise `Sealed` while an edition is, with its time at the place: what comes out is what two people confirmed."""
    if declaration.releases_at is not None:
        place = declaration.forum.timezone
        raise Sealed(until=f"{declaration.releases_at.astimezone(ZoneInfo(place)):%Y-%m-%d %H:%M} ({place})")
