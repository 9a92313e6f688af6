"""Addresses of our own: built from route names, so that a dead link is an error, and checked before a redirect."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from litestar.routes import BaseRoute, HTTPRoute
from msgspec import Struct

from drafts.blocks import Language
from workspace.web import i18n

_PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")


class Addresses(Struct, frozen=True):
    """The address of every named route, as a pattern such as `/{language}/{forum}/{declaration}`."""

    patterns: Mapping[str, str]

    @classmethod
    def of(cls, routes: Iterable[BaseRoute]) -> "Addresses":
        """Read the names that handlers were given (`@get(…, name="reading")`)."""
        return cls(
            {
                handler.name: route.path_format
                for route in routes
                if isinstance(route, HTTPRoute)
                for handler in route.route_handlers
                if handler.name
            }
        )

    def parameters(self, name: str) -> frozenset[str]:
        """What the address of this route needs to be told."""
        return frozenset(_PARAMETER.findall(self.patterns[name]))

    def url_for(self, name: str, **values: object) -> str:
        """The address of a named route; values it has no place for become its query, None ones are left out.

        `language` is the interface language and never part of a query: that of a text is `text`.
        """
        places = self.parameters(name) | {"language"}
        path = _PARAMETER.sub(lambda match: quote(str(values[match[1]]), safe=""), self.patterns[name])
        query = {key: str(value) for key, value in values.items() if key not in places and value is not None}
        return f"{path}?{urlencode(query)}" if query else path


def own_path(target: str, *, otherwise: str) -> str:
    """`target` when it is a path on this site and nothing else, or `otherwise`."""
    parts = urlsplit(target) if target.startswith("/") and target.isprintable() and "\\" not in target else None
    return target if parts and not parts.netloc and not parts.scheme and not target.startswith("//") else otherwise


def in_language(path: str, query: str, language: Language) -> str:
    """The same page in another interface language."""
    _, _, rest = path.lstrip("/").partition("/")
    rest = rest if i18n.in_path(path) else ""
    address = f"/{language}/{quote(rest)}".rstrip("/")
    return f"{address}?{urlencode(parse_qsl(query, keep_blank_values=True))}" if query else address
