"""Many routes under one address, given to the application in one piece: making one cost three times as much.

litestar copies a router to its depths when it is registered, as another application might use it too; goes through
all routes known so far for each new one; and makes a handler for each address, only to say which methods it has.
"""

from typing import Any, Self

from litestar import HttpMethod, Litestar, Request, Response, Router, route
from litestar.handlers import HTTPRouteHandler
from litestar.plugins import PluginProtocol
from litestar.plugins.core import MsgspecDIPlugin
from litestar.routes import BaseRoute, HTTPRoute
from litestar.types import ControllerRouterHandler, RouteHandlerType
from litestar.types.internal_types import RouteHandlerMapItem


class _Remembering(Router):
    """Keeps the map of its routes, which litestar makes anew each time it looks into it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._known: dict[str, RouteHandlerMapItem] = {}
        super().__init__(*args, **kwargs)

    def register(self, value: ControllerRouterHandler) -> list[BaseRoute]:
        made = super().register(value)
        mapped = Router(path="/", route_handlers=[])
        mapped.routes = made  # type: ignore[assignment]  # the same routes, of which litestar has a narrower name
        self._known.update(mapped.route_handler_method_map)
        return made

    @property
    def route_handler_method_map(self) -> dict[str, RouteHandlerMapItem]:
        return self._known


class Ground(_Remembering):
    """Routes made for one application, which keeps them as they are, so each application makes grounds of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._methods = _says_methods()
        super().__init__(*args, **kwargs)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def _validate_registration_value(self, value: ControllerRouterHandler) -> "RouteHandlerType | Router":
        """One handler says the methods of all addresses here."""
        valid = super()._validate_registration_value(value)
        if isinstance(valid, Router):
            self._methods.owner = self
            for declared_route in valid.routes:
                if isinstance(declared_route, HTTPRoute):
                    declared_route.route_handlers = [
                        self._methods if handler.http_methods == {HttpMethod.OPTIONS} else handler
                        for handler in declared_route.route_handlers
                    ]
        return valid


class Application(Litestar, _Remembering):  # type: ignore[misc]  # litestar narrows what registering answers
    """litestar's own, which remembers its routes, and knows of msgspec alone.

    Where pydantic or attrs are installed for something else, litestar loads them whole to look for their models.
    """

    @staticmethod
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        return [*plugins, MsgspecDIPlugin()]


def _says_methods() -> HTTPRouteHandler:
    """A handler that says which methods an address has."""

    @route("/", http_method=[HttpMethod.OPTIONS], include_in_schema=False, sync_to_thread=False)
    def methods(request: Request[Any, Any, Any]) -> Response[None]:
        here = request.scope["path_template"]
        known = next(one.methods for one in request.app.routes if one.path_format == here)
        return Response(None, status_code=204, headers={"Allow": ", ".join(sorted(known))}, media_type="text/plain")

    return methods
