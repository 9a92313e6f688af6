"""The application: every slice listed once."""

from collections.abc import Collection, Sequence
from typing import Any

from litestar import Controller, Litestar, Request, Router, get
from litestar.di import Provide
from litestar.handlers import BaseRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.response import Redirect
from sqlalchemy import text

from workspace.amendments.api import AmendmentApi, CommitteeApi
from workspace.amendments.change_pages import ChangePages
from workspace.amendments.pages import AmendmentPages
from workspace.comments.api import CommentApi
from workspace.comments.pages import CommentPages
from workspace.core.db import Store
from workspace.declarations.api import DeclarationApi, RevisionApi
from workspace.declarations.pages import NewDeclarationPages, PhasePages
from workspace.desk.pages import DraftPages, HomePages
from workspace.desk.paragraph import ParagraphPages
from workspace.desk.source_pages import SourcePages
from workspace.editions.api import EditionApi, PublicationApi
from workspace.editions.pages import EditionPages
from workspace.interchange.api import InterchangeApi
from workspace.interchange.pages import NotesPages
from workspace.people.api import ForumApi
from workspace.people.pages import ForumPages
from workspace.recommendations.api import RecommendationApi
from workspace.sessions.api import SessionApi
from workspace.translations.api import TextApi
from workspace.translations.pages import TranslationPages
from workspace.web import errors, security
from workspace.web.addresses import Addresses
from workspace.web.i18n import N_
from workspace.web.openapi import Described
from workspace.web.pages import environments
from workspace.web.personas import choose_persona
from workspace.web.services import ActorLoader, NavItem, Persona, Site, provide_work, reader_language
from workspace.web.static import Assets, static_file

UPLOAD_LIMIT = 1_000_000
Doors = Sequence[type[Controller] | BaseRouteHandler]

PAGES: Doors = (
    choose_persona,
    ForumPages,
    HomePages,
    SourcePages,
    NotesPages,
    NewDeclarationPages,
    PhasePages,
    DraftPages,
    ParagraphPages,
    AmendmentPages,
    ChangePages,
    CommentPages,
    TranslationPages,
    EditionPages,
)
API: Doors = (
    ForumApi,
    SessionApi,
    RecommendationApi,
    InterchangeApi,
    DeclarationApi,
    RevisionApi,
    AmendmentApi,
    CommitteeApi,
    CommentApi,
    TextApi,
    PublicationApi,
    EditionApi,
)
READ_THE_TEXT = frozenset({"head.read", "consultation_text.read", "history.read"})
FOLLOW_THE_WORK = frozenset({"head.read", "history.read"})
NAVIGATION: Sequence[NavItem] = (
    NavItem("forum", N_("Forum")),
    NavItem("sessions", N_("Sessions")),
    NavItem("recommendations", N_("Recommendations"), frozenset({"recommendation.read"})),
    NavItem("reading", N_("Draft"), READ_THE_TEXT),
    NavItem("amendments", N_("Amendments"), frozenset({"amendment.read_others", "amendment.propose"})),
    NavItem("translation", N_("Translation"), FOLLOW_THE_WORK),
    NavItem("readiness", N_("Readiness"), FOLLOW_THE_WORK),
)


@get("/", include_in_schema=False, sync_to_thread=False)
def front(request: Request[Any, Any, Any]) -> Redirect:
    """The front page, in the reader's language."""
    return Redirect(f"/{reader_language(request)}", headers={"Vary": "Accept-Language, Cookie"})


@get("/health", include_in_schema=False, sync_to_thread=True)
def health(request: Request[Any, Any, Any]) -> dict[str, str]:
    """Whether this process can read its database."""
    with request.app.state.site.store.reading() as db:
        db.execute(text("SELECT 1"))
    return {"status": "ok"}


def create_app(
    store: Store,
    *,
    load_actor: ActorLoader | None = None,
    personas: Sequence[Persona] | None = None,
    hosts: Collection[str] | None = None,
    pages: Doors = PAGES,
    api: Doors = API,
    navigation: Sequence[NavItem] = NAVIGATION,
) -> Litestar:
    """The whole workspace on one store.

    `personas` lets a browser be any of these people (the demo, on loopback only). `hosts` are the names
    this server answers to: `security.LOOPBACK` when it is bound to loopback, None behind a proxy that checks.
    """
    assets = Assets.read()
    in_three_languages = Router(
        "/{language:str}", route_handlers=list(pages), guards=[security.known_language], include_in_schema=False
    )
    app = Litestar(
        route_handlers=[front, health, static_file, in_three_languages, *api],
        dependencies={"work": Provide(provide_work, sync_to_thread=False)},
        middleware=[security.Doorkeeper(hosts)],
        guards=[security.form_token_matches],
        before_send=[security.add_headers],
        exception_handlers=errors.HANDLERS,
        openapi_config=OpenAPIConfig(
            title="Declaration Workspace",
            version="1",
            path="/api/openapi.json",
            render_plugins=[JsonRenderPlugin(path="/")],  # the document alone: no page that loads from another host
        ),
        plugins=[Described()],
        request_max_body_size=UPLOAD_LIMIT,
        logging_config=None,
    )
    addresses = Addresses.of(app.routes)
    app.state.assets = assets
    app.state.site = Site(
        store=store,
        addresses=addresses,
        templates=environments(assets, addresses),
        navigation=navigation,
        personas=personas,
        load_actor=load_actor,
    )
    return app
