"""The web framework still calls what our routers replace (`docs/decisions/18-framework-internals.md`)."""

import pytest
from jinja2 import UndefinedError
from litestar import HttpMethod
from litestar.plugins.core import MsgspecDIPlugin
from litestar.plugins.pydantic import PydanticDIPlugin
from litestar.routes import HTTPRoute
from litestar.types import Empty
from markupsafe import Markup

from drafts.text.blocks import Language
from workspace.app import create_app
from workspace.core.actor import ERASED_PERSON


def methods_handlers(app):
    """The handler that answers OPTIONS, of every route that has one."""
    routes = [route for route in app.routes if isinstance(route, HTTPRoute)]
    every = [handler for route in routes for handler in route.route_handlers]
    return [handler for handler in every if handler.http_methods == {HttpMethod.OPTIONS}]


def test_the_routes_of_pages_and_api_share_a_handler_that_names_their_methods(store):
    handlers = methods_handlers(create_app(store))
    assert len(handlers) > 100
    assert len({id(handler) for handler in handlers}) < 20


def test_a_handler_is_looked_at_when_it_is_first_asked_for(store):
    routes = [route for route in create_app(store).routes if isinstance(route, HTTPRoute)]
    models = [known for route in routes for known in route.route_handler_map.values()]
    assert sum(handler._parsed_fn_signature is Empty for handler, _ in models) > 700
    for handler, model in models:  # nothing is wrong with any of them
        assert model.dependency_batches is not None
        assert handler.has_sync_callable in {True, False}


def test_models_are_those_of_msgspec_alone(store):
    plugins = create_app(store).plugins
    assert any(isinstance(plugin, MsgspecDIPlugin) for plugin in plugins)
    assert not [plugin for plugin in plugins if isinstance(plugin, PydanticDIPlugin)]


def test_what_a_template_writes_is_escaped_and_that_once(store):
    templates = create_app(store).state.site.templates[Language.EN]
    given = {"text": "<b> & 'c' \"", "html": Markup("<i>&amp;</i>"), "number": 7, "who": ERASED_PERSON}
    source = (
        "{% macro said(text) %}{{ text }}{% endmacro %}{{ text }}|{{ said(text) }}|{{ html }}|{{ number }}|{{ who }}"
    )
    escaped = "&lt;b&gt; &amp; &#39;c&#39; &#34;"
    written = templates.from_string(source).render(given)
    assert written == f"{escaped}|{escaped}|<i>&amp;</i>|7|Erased person"
    assert "escape(" not in templates.compile(source, raw=True)
    with pytest.raises(UndefinedError):
        templates.from_string("{{ nobody }}").render()
