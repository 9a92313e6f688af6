"""The verbs of pages, routers that cache their map of routes, and HEAD for every address that can be read."""

from functools import partial
from typing import Any, Self

import litestar
from litestar import HttpMethod, Litestar, Request, Response, Router, route
from litestar.handlers import HTTPRouteHandler
from litestar.plugins import PluginProtocol
from litestar.plugins.core import MsgspecDIPlugin
from litestar.routes import BaseRoute, HTTPRoute
from litestar.types import ControllerRouterHandler, RouteHandlerType
from litestar.types.internal_types import RouteHandlerMapItem

get = partial(litestar.get, sync_to_thread=True)  # a page reads the database, which would keep the loop waiting
post = partial(litestar.post, sync_to_thread=True)


class _CachedRouteMap(Router):
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


class FastRouter(_CachedRouteMap):
    """Routes made for one application, which keeps them as they are, so each application makes grounds of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._methods = _options_handler()
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


class Application(Litestar, _CachedRouteMap):  # type: ignore[misc]  # litestar narrows what registering answers
    """litestar's own, which remembers its routes, and knows of msgspec alone.

    Where pydantic or attrs are installed for something else, litestar loads them whole to look for their models.
    """

    @staticmethod
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        return [*plugins, MsgspecDIPlugin()]


def _options_handler() -> HTTPRouteHandler:
    """A handler that says which methods an address has."""

    @route("/", http_method=[HttpMethod.OPTIONS], include_in_schema=False, sync_to_thread=False)
    def methods(request: Request[Any, Any, Any]) -> Response[None]:
        here = request.scope["path_template"]
        known = next(route.methods for route in request.app.routes if route.path_format == here)
        return Response(None, status_code=204, headers={"Allow": ", ".join(sorted(known))}, media_type="text/plain")

    return methods


_READS = "GET"


class HeadRequests:
    """The application, which answers HEAD with what GET would say, and without its body.

    With the head the answer is over: a stream hears that its reader has gone.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return
        is_over = False

        async def pass_on(message: Any) -> None:
            nonlocal is_over
            if message["type"] == "http.response.start":
                await send(message)
            elif message["type"] == "http.response.body" and not is_over:
                is_over = True
                await send({"type": "http.response.body", "body": b"", "more_body": False})

        await self.app({**scope, "method": _READS}, receive, pass_on)
