"""The verbs of pages and API, routers that cache their map of routes, and HEAD for every address that can be read."""

from collections.abc import Callable
from copy import copy
from functools import cache, partial
from typing import Any, Self

from litestar import HttpMethod, Litestar, Request, Response, Router
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.plugins import PluginProtocol
from litestar.plugins.core import MsgspecDIPlugin
from litestar.routes import BaseRoute, HTTPRoute
from litestar.types import ControllerRouterHandler, RouteHandlerType
from litestar.types.internal_types import RouteHandlerMapItem
from litestar.utils.signature import ParsedSignature


class LateHandler(HTTPRouteHandler):
    """A handler whose function is looked at when it is first needed: a server has hundreds, and a day asks for few."""

    is_late = False  # whether it is still to be registered
    again: Callable[..., Response[Any]]  # of a page: answers with it and a form that was refused

    def __call__(self, fn: Any) -> Self:
        """`fn`, whose parameter `work` is the dependency of that name."""
        if "work" in fn.__annotations__:
            fn.__annotations__["work"] = NamedDependency[fn.__annotations__["work"]]  # type: ignore[misc]  # at run time
        super().__call__(fn)
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """For each controller one of its own, with the same values: nothing changes them in place."""
        return copy(self)

    def on_registration(self, app: Litestar) -> None:  # noqa: ARG002  (its own `app` is the same)
        self.is_late = True
        self.resolve_opts()
        self.resolve_signature_namespace()  # which litestar forgets once it has been asked for layered parameters

    @property
    def parsed_fn_signature(self) -> ParsedSignature:
        if self.is_late:
            self.is_late = False
            super().on_registration(self.app)
        return super().parsed_fn_signature

    async def authorize_connection(self, connection: ASGIConnection[Any, Any, Any, Any]) -> None:
        _ = self.parsed_fn_signature  # here and not in the copy that each guard is given
        await super().authorize_connection(connection)

    def create_kwargs_model(self, path_parameters: dict[str, Any]) -> Any:
        return _LateModel(partial(super().create_kwargs_model, path_parameters))


class _LateModel:
    """How the arguments of a handler are read from a request, found out when the first one comes."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = cache(make)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.make(), name)


# what reads or writes the database would keep the loop waiting
get, post, put, patch, delete = (
    partial(LateHandler, http_method=method, sync_to_thread=True)
    for method in (HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE)
)


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

    @LateHandler("/", http_method=HttpMethod.OPTIONS, include_in_schema=False, sync_to_thread=False)
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
