"""The application: what has routes is imported here, once."""

from collections.abc import Collection, Sequence
from typing import Any

from litestar import Controller, Litestar, Request, Response
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components
from litestar.response import Redirect
from msgspec import Struct
from sqlalchemy import text

import workspace.accounts.account_pages
import workspace.accounts.api
import workspace.accounts.sign_in_pages
import workspace.amendments.api.amendments
import workspace.amendments.api.committee
import workspace.amendments.pages.amendments
import workspace.amendments.pages.change_form
import workspace.amendments.pages.committee
import workspace.amendments.pages.tables
import workspace.amendments.pages.what_if
import workspace.comments.api
import workspace.comments.conversation_pages
import workspace.comments.pages
import workspace.consultation.api
import workspace.consultation.pages.adopted_texts
import workspace.consultation.pages.follow_up
import workspace.consultation.pages.rapporteur
import workspace.consultation.pages.review
import workspace.declarations.api
import workspace.declarations.pages.new_declaration
import workspace.declarations.pages.phases
import workspace.desk.pages.draft
import workspace.desk.pages.home
import workspace.desk.pages.log
import workspace.desk.pages.paragraph
import workspace.desk.pages.tasks
import workspace.editions.api.apparatus
import workspace.editions.api.approvals
import workspace.editions.api.editions
import workspace.editions.pages.apparatus
import workspace.editions.pages.circulars
import workspace.editions.pages.corrigenda
import workspace.editions.pages.edition
import workspace.editions.pages.follow_up
import workspace.editions.pages.parents
import workspace.editions.pages.positions
import workspace.editions.pages.provenance_edition
import workspace.editions.pages.readiness
import workspace.forms.routes
import workspace.history.routes
import workspace.interchange.intake.routes.mail_api
import workspace.interchange.intake.routes.mail_pages
import workspace.interchange.intake.routes.sheet_pages
import workspace.interchange.intake.routes.word_api
import workspace.interchange.intake.routes.word_pages
import workspace.interchange.papers.routes
import workspace.interchange.papers.sitting_pages
import workspace.interchange.routes
import workspace.letters.api
import workspace.letters.pages
import workspace.live.stream
import workspace.people.api.people
import workspace.people.pages.emergency_access
import workspace.people.pages.forums
import workspace.people.pages.organisations
import workspace.people.pages.persons
import workspace.people.pages.rosters
import workspace.procedure.api
import workspace.procedure.pages
import workspace.procedure.screen
import workspace.recommendations.api.analysis
import workspace.recommendations.api.register
import workspace.recommendations.pages.common_ground
import workspace.recommendations.pages.drafting
import workspace.recommendations.pages.recommendation
import workspace.recommendations.pages.register
import workspace.recommendations.pages.spreadsheets
import workspace.recommendations.pages.traceability
import workspace.sessions.api
import workspace.sessions.pages.calendar
import workspace.sessions.pages.editing
import workspace.sessions.pages.programme
import workspace.sittings.routes
import workspace.translations.api.exchange
import workspace.translations.api.glossary
import workspace.translations.api.texts
import workspace.translations.api.work
import workspace.translations.pages.editor
import workspace.translations.pages.exchange
import workspace.translations.pages.glossary
import workspace.translations.pages.whole_text
import workspace.translations.pages.work
from workspace import registration
from workspace.accounts.domain.authentication import authenticate
from workspace.core.errors import NotFound
from workspace.core.storage.db import Store
from workspace.core.storage.schema import can_serve
from workspace.declarations.frame import header, place_of_address
from workspace.editions.pages.feeds import favicon, robots, sitemap
from workspace.help.guide import HelpPages, topic_of
from workspace.notices.routes import NoticePages
from workspace.notices.service import count_unread, is_followed
from workspace.translations.views.overview import TranslationLinks
from workspace.web import error_responses
from workspace.web.api import ABOUT, SECURED, SECURITY, DescribedSchemas
from workspace.web.assets import Assets, static_file
from workspace.web.http import request_limits, security
from workspace.web.http.addresses import Addresses
from workspace.web.http.guards import ensure_policies
from workspace.web.http.idempotency import ResponseKeeper
from workspace.web.http.rate_limits import RateLimiter
from workspace.web.http.request_context import (
    ActorLoader,
    FormBody,
    FromPath,
    NavItem,
    Persona,
    Site,
    Slug,
    Work,
    provide_work,
    reader_language,
)
from workspace.web.http.request_log import RequestCounter, RequestLog
from workspace.web.http.retry import RetryOnConflict
from workspace.web.http.routing import Application, FastRouter, get, post
from workspace.web.i18n.marking import N_
from workspace.web.pages import Environments, redirect
from workspace.webhooks.routes import described_messages


class PersonaChoiceForm(Struct, frozen=True):
    """Who to be, and the page to come back to."""

    persona: str = ""
    back: str = ""


@post("/persona", name="choose_persona", policy="public")
def choose_persona(work: Work, data: FormBody[PersonaChoiceForm]) -> Redirect:
    """Be one of the personas from now on; nobody in particular when none is named."""
    persona = work.site.persona(data.persona)
    if work.site.personas is None or (data.persona and persona is None):
        raise NotFound(what="persona")
    said = (
        work.messages.gettext("You are now %(name)s.", name=persona.name)
        if persona
        else work.messages.gettext("You are now a visitor.")
    )
    response = redirect(work, data.back, said=said)
    security.set_preference_cookie(work.request, response, "persona", str(persona.id) if persona else "")
    return response


def provide_ways(work: NamedDependency[Work], forum: Slug, declaration: Slug) -> TranslationLinks:
    """The dependency `ways` of a page about a declaration: who asks, and where it stands."""
    return TranslationLinks(work, forum, declaration)


UPLOAD_LIMIT = 1_000_000
Doors = Sequence[type[Controller] | BaseRouteHandler]

_CONTROLLERS = sorted(  # of the modules imported above, each with all it has
    (door for door in Controller.__subclasses__() if door.__module__.startswith(f"{workspace.__name__}.")),
    key=lambda door: door.__module__,
)
API: Doors = [door for door in _CONTROLLERS if vars(door).get("path", "").startswith("/api")]
PAGES: Doors = [choose_persona, *(door for door in _CONTROLLERS if door not in API)]
READ_THE_TEXT = frozenset({"head.read", "consultation_text.read", "history.read"})
FOLLOW_THE_WORK = frozenset({"head.read", "history.read"})
LOOK_AFTER_PEOPLE = frozenset({"organisation.manage_people", "roles.assign"})
NAVIGATION: Sequence[NavItem] = (
    NavItem("forum", N_("Forum")),
    NavItem("sessions", N_("Sessions"), frozenset({"session.read"})),
    NavItem("recommendations", N_("Recommendations"), frozenset({"recommendation.read"})),
    NavItem("reading", N_("Draft"), READ_THE_TEXT),
    NavItem("amendments", N_("Amendments"), frozenset({"amendment.read_others", "amendment.propose"})),
    NavItem("translation", N_("Translation"), FOLLOW_THE_WORK),
    NavItem("questions", N_("Votes"), FOLLOW_THE_WORK, is_aside=True),
    NavItem("sittings", N_("Sittings"), FOLLOW_THE_WORK, is_aside=True),
    NavItem("forms", N_("Forms"), frozenset({"form.manage"}), is_aside=True),
    NavItem("readiness", N_("Before publication"), FOLLOW_THE_WORK, is_aside=True),
    NavItem("moderation", N_("Moderation"), frozenset({"comment.moderate"}), is_aside=True),
    NavItem("people", N_("People"), LOOK_AFTER_PEOPLE | {"forum.export_all"}, is_aside=True),
    NavItem("forum_settings", N_("Settings"), frozenset({"settings.manage", "webhook.create"}), is_aside=True),
    NavItem("letters", N_("E-mails sent"), frozenset({"organisation.manage_people"}), is_aside=True),
    NavItem("log", N_("Log"), frozenset({"log.read"}), is_aside=True),
    NavItem("erasures", N_("Erasures"), frozenset({"personal_data.erase_request"}), is_aside=True),
)


@get("/", include_in_schema=False, sync_to_thread=False, policy="public")
def front(request: Request[Any, Any, Any]) -> Redirect:
    """The front page, in the reader's language."""
    return Redirect(f"/{reader_language(request)}", headers={"Vary": "Accept-Language, Cookie"})


@get("/problems/{code:str}", include_in_schema=False, sync_to_thread=False, policy="public")
def problem(request: Request[Any, Any, Any], code: FromPath[str]) -> Response[str]:
    """What a refusal means, at the address that its `type` names; in the reader's language."""
    return error_responses.about_problem(provide_work(request), code)


@get("/health", include_in_schema=False, policy="public")
def health(request: Request[Any, Any, Any]) -> dict[str, str]:
    """Whether this process can read its database."""
    with request.app.state.site.store.reading() as db:
        db.execute(text("SELECT 1"))
    return {"status": "ok"}


@get("/ready", include_in_schema=False, policy="public")
def ready(request: Request[Any, Any, Any]) -> Response[dict[str, str]]:
    """Whether this process can be sent requests: its database answers, and has the shape that the program needs."""
    is_ready = can_serve(request.app.state.site.store)
    return Response({"status": "ready" if is_ready else "to be migrated"}, status_code=200 if is_ready else 503)


PLAIN: Doors = (front, problem, health, ready, robots, favicon, sitemap, static_file)


def create_app(
    store: Store,
    *,
    load_actor: ActorLoader | None = None,
    personas: Sequence[Persona] | None = None,
    hosts: Collection[str] | None = None,
    pages: Doors = PAGES,
    api: Doors = API,
    navigation: Sequence[NavItem] = NAVIGATION,
    pace: RateLimiter | None = None,
    counts: RequestCounter | None = None,
) -> Litestar:
    """The whole workspace on one store.

    `personas` lets a browser be any of these people (the demo, on loopback only). `hosts` are the names
    this server answers to: `security.LOOPBACK` when it is bound to loopback, None behind a proxy that checks.
    `pace` is how often one may knock: None for as often as one likes, as tests do. `counts` counts the requests.
    """
    registration.install()
    assets = Assets.read()
    in_three_languages = FastRouter(
        "/{language:str}", route_handlers=list(pages), guards=[security.ensure_known_language], include_in_schema=False
    )
    in_json = FastRouter("/", route_handlers=list(api))
    app = Application(
        route_handlers=[*PLAIN, in_three_languages, in_json],
        dependencies={
            "work": Provide(provide_work, sync_to_thread=False),
            "ways": Provide(provide_ways, sync_to_thread=False),
        },
        middleware=[RequestLog(), security.RequestChecks(hosts), RetryOnConflict(), ResponseKeeper()],
        before_request=security.check_request,
        multipart_form_part_limit=request_limits.MOST_PARTS,
        before_send=[security.add_headers],
        exception_handlers=error_responses.HANDLERS,
        openapi_config=OpenAPIConfig(
            title="Declaration Workspace",
            version="1",
            path="/api/openapi.json",
            description=ABOUT,
            components=Components(security_schemes=dict(SECURITY)),
            security=SECURED,
            webhooks=described_messages(),
            render_plugins=[JsonRenderPlugin(path="/")],  # the document alone: no page that loads from another host
        ),
        plugins=[DescribedSchemas()],
        request_max_body_size=UPLOAD_LIMIT,
        logging_config=None,
    )
    ensure_policies(app.routes)
    addresses = Addresses.of(app.routes)
    app.state.assets = assets
    app.state.counts = counts
    app.state.site = Site(
        store=store,
        addresses=addresses,
        templates=Environments(assets, addresses),
        navigation=navigation,
        personas=personas,
        load_actor=load_actor,
        recognise=authenticate,
        limits=pace,
        find_place=place_of_address,
        lead=lambda db, found, work: header(db, found, work=work),
        count_unread=count_unread if NoticePages in pages else None,
        follows=is_followed,
        help_topic=topic_of if HelpPages in pages else None,
    )
    return app
