"""What every request is asked before its handler is called, in this order.

Not as guards of litestar's, which copies the handler anew for each.
"""

from typing import Any

from litestar import Request

from workspace.web import bounds, idempotency, limits, security

IN_ORDER = (
    limits.at_a_bearable_pace,
    security.program_is_known,
    bounds.ensure_readable_address,
    bounds.ensure_readable_body,
    idempotency.ensure_once,
    security.is_known_who_sends_much,
    security.form_token_matches,
)


async def at_the_door(request: Request[Any, Any, Any]) -> None:
    """Raises whatever the first that objects raises."""
    for ask in IN_ORDER:
        await ask(request, request.route_handler)
