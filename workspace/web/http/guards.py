"""The right that every route names."""

from collections.abc import Iterable, Iterator

from litestar.routes import BaseRoute, HTTPRoute

from workspace.core.security.permissions import TABLE

PUBLIC, OWN = "public", "own"
READ_THE_TEXT = ("head.read", "consultation_text.read", "history.read")
FOLLOW_THE_WORK = ("head.read", "history.read")
SEE_PEOPLE = ("organisation.manage_people", "roles.assign", "forum.export_all")
DESCRIPTION = "/api/openapi.json"  # the document about the API, which litestar serves itself


class UnguardedRoute(Exception):
    """A route without a policy, or with one that nobody knows; its text is a sentence for the programmer."""


def ensure_policies(routes: Iterable[BaseRoute]) -> None:
    """Raise `UnguardedRoute`, naming the first route that does not say what it asks for."""
    known = {*TABLE.get(), PUBLIC, OWN}
    for method, path, policy in policies(routes):
        if not policy:
            raise UnguardedRoute(f"{method} {path} names no policy; write policy=… in its decorator.")
        if unknown := [name for name in policy if name not in known]:
            raise UnguardedRoute(f"{method} {path} names the policy {unknown[0]!r}, which the table does not have.")


def policies(routes: Iterable[BaseRoute]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Method, path and policies of every route of ours."""
    for route in routes:
        if isinstance(route, HTTPRoute) and not route.path_format.startswith(DESCRIPTION):
            for handler in route.route_handlers:
                for method in sorted(handler.http_methods - {"OPTIONS", "HEAD"}):
                    given = handler.opt.get("policy", ())
                    yield method, route.path_format, (given,) if isinstance(given, str) else tuple(given)
