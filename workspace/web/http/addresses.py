"""Addresses of our own: built from route names, so that a dead link is an error, and checked before a redirect."""

import re
from collections.abc import Hashable, Iterable, Mapping
from functools import cache, lru_cache
from urllib.parse import parse_qsl, quote, urlencode

from litestar.routes import BaseRoute, HTTPRoute
from msgspec import Struct

from drafts.text.blocks import Language
from workspace.web.i18n import messages

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
        return _places(self.patterns[name])[1]

    def url_for(self, name: str, **values: object) -> str:
        """The address of a named route; values it has no place for become its query, None ones are left out.

        `language` is the interface language and never part of a query: that of a text is `text`.
        """
        return _address(self.patterns[name], **values)

    def places(self, name: str) -> frozenset[str]:
        """What the address of a named route needs to be told."""
        return _places(self.patterns[name])[1]


@cache
def _places(pattern: str) -> tuple[str, frozenset[str]]:
    """What a pattern needs to be told, and itself as a format string: a page has hundreds of links."""
    return _PARAMETER.sub(r"{\1}", pattern), frozenset(_PARAMETER.findall(pattern))


@lru_cache(maxsize=16_384, typed=True)  # what the pages of a large text lead to, each of them several times; 5 MB
def _address(pattern: str, /, **values: Hashable) -> str:
    template, places = _places(pattern)
    path = template.format(**{place: quote(str(values[place]), safe="") for place in places})
    here = {*places, "language"}
    query = {key: value for key, value in values.items() if value is not None and key not in here}
    return f"{path}?{urlencode(query)}" if query else path


def own_path(target: str, *, otherwise: str) -> str:
    """`target` when it is a path on this site and nothing else, or `otherwise`."""
    is_path = target.startswith("/") and not target.startswith("//") and target.isprintable() and "\\" not in target
    return target if is_path else otherwise


def in_language(path: str, query: str, language: Language) -> str:
    """The same page in another interface language."""
    _, _, rest = path.lstrip("/").partition("/")
    rest = rest if messages.in_path(path) else ""
    address = f"/{language}/{quote(rest)}".rstrip("/")
    return f"{address}?{urlencode(parse_qsl(query, keep_blank_values=True))}" if query else address
