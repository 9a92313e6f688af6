"""The application: every slice listed once."""

from collections.abc import Collection, Sequence
from typing import Any

from litestar import Controller, Litestar, Request, Response
from litestar.di import Provide
from litestar.handlers import BaseRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components
from litestar.response import Redirect
from msgspec import Struct
from sqlalchemy import text

from workspace import registration
from workspace.accounts.account_pages import AccountPages, CredentialPages, SecondStepPages
from workspace.accounts.api import AccountApi, InvitationApi, RegisteredApi
from workspace.accounts.domain.authentication import authenticate
from workspace.accounts.sign_in_pages import JoiningPages, PasswordPages, SetUpPages, SignInPages
from workspace.amendments.api.amendments import AmendmentApi, AmendmentDraftApi, BackingApi, CommitteeApi, EligibleApi
from workspace.amendments.api.committee import AdviceApi, CommitteeDeskApi
from workspace.amendments.pages.amendments import AmendmentPages, BackingPages
from workspace.amendments.pages.change_form import AmendmentDraftPages, ChangePages
from workspace.amendments.pages.committee import AgreementPages, CommitteePages
from workspace.amendments.pages.tables import TablePages
from workspace.amendments.pages.what_if import WhatIfPages
from workspace.comments.api import CommentApi
from workspace.comments.conversation_pages import ConversationPages, RecommendationTalkPages
from workspace.comments.pages import CommentPages, GuestPages, ModerationPages, RemarkPages, ThreadPages
from workspace.consultation.api import AdoptedTextApi, BankApi, GroupApi, ProjectApi, ReviewApi
from workspace.consultation.pages.adopted_texts import BankPages, PublishedPassagesApi
from workspace.consultation.pages.follow_up import FollowUpPages
from workspace.consultation.pages.rapporteur import RapporteurPages
from workspace.consultation.pages.review import ReviewPages
from workspace.core.errors import NotFound
from workspace.core.storage.db import Store
from workspace.core.storage.schema import can_serve
from workspace.declarations.api import DeclarationApi, PhaseApi, RequestApi, RevisionApi
from workspace.declarations.frame import header
from workspace.declarations.pages.new_declaration import NewDeclarationPages
from workspace.declarations.pages.phases import CalendarPages, PhasePages
from workspace.desk.pages.draft import DraftPages
from workspace.desk.pages.home import HomePages
from workspace.desk.pages.log import LogApi, LogPages
from workspace.desk.pages.paragraph import ParagraphPages
from workspace.desk.pages.search import SearchApi, SearchPages
from workspace.desk.pages.tasks import WorkPages
from workspace.editions.api.apparatus import AnnexApi, ReservationApi, SignatoryApi
from workspace.editions.api.approvals import CorrigendumApi, OverrideApi, SealedApi
from workspace.editions.api.circulars import CircularApi
from workspace.editions.api.editions import EditionApi, PublicationApi
from workspace.editions.api.follow_up import CommitmentApi
from workspace.editions.api.parents import ParentApi
from workspace.editions.pages.apparatus import AnnexPages
from workspace.editions.pages.circulars import CircularPages
from workspace.editions.pages.corrigenda import CorrigendumPages
from workspace.editions.pages.edition import PublishedPages, VerifyPages
from workspace.editions.pages.feeds import EditionFeed, favicon, robots, sitemap
from workspace.editions.pages.follow_up import CommitmentPages
from workspace.editions.pages.parents import ParentPages
from workspace.editions.pages.positions import ReservationPages, SignatoryPages
from workspace.editions.pages.provenance_edition import ProvenanceEditionApi, ProvenanceEditionPages
from workspace.editions.pages.readiness import EditionPages, EmbargoPages, OverridePages
from workspace.forms.routes import FormApi, FormPages
from workspace.help.guide import topic_of
from workspace.help.pages import HelpPages
from workspace.history.api import CheckpointApi, ErasureApi
from workspace.history.pages import ErasurePages, MyDataPages
from workspace.interchange.intake.routes.mail_api import MailIntakeApi, SheetApi
from workspace.interchange.intake.routes.mail_pages import MailIntakePages
from workspace.interchange.intake.routes.sheet_pages import SheetPages
from workspace.interchange.intake.routes.word_api import WordApi
from workspace.interchange.intake.routes.word_pages import BilingualApi, BilingualPages, WordPages
from workspace.interchange.papers.routes import PaperApi, PaperPages
from workspace.interchange.papers.sitting_pages import OrderPages, SittingPaperApi, SittingPaperPages
from workspace.interchange.routes import InterchangeApi, NotesPages
from workspace.letters.api import LetterApi, MailChoiceApi, ReturnedApi, UnreachedApi
from workspace.letters.pages import BouncedAddressPages, ChoicePages, LetterPages, UnsubscribePages
from workspace.live.routes import LiveApi, LivePages
from workspace.notices.api import NoticeApi
from workspace.notices.pages import FollowingPages, NoticePages
from workspace.notices.service import count_unread, is_followed
from workspace.people.api.people import EmergencyAccessApi, ForumApi, OrganisationApi, RegisterApi, RosterApi
from workspace.people.frame import forum_of_address
from workspace.people.pages.emergency_access import EmergencyAccessPages
from workspace.people.pages.forums import ForumPages, RegisterPages
from workspace.people.pages.organisations import OrganisationPages
from workspace.people.pages.persons import PersonPages, RegisteredPages
from workspace.people.pages.rosters import RosterPages
from workspace.procedure.api import AnswerApi, BallotRequestApi, FloorApi, ProxyApi, QuestionApi
from workspace.procedure.pages import PlenaryPages, QuestionPages
from workspace.procedure.screen import ScreenPages
from workspace.recommendations.api.analysis import (
    CommonGroundApi,
    CoverageApi,
    RegisterFileApi,
    ResemblanceApi,
    ThemeApi,
    ViewApi,
)
from workspace.recommendations.api.register import RecommendationApi
from workspace.recommendations.pages.common_ground import CommonGroundPages
from workspace.recommendations.pages.drafting import DraftingPages
from workspace.recommendations.pages.recommendation import RecommendationPages
from workspace.recommendations.pages.register import ThemePages
from workspace.recommendations.pages.spreadsheets import RegisterFilePages
from workspace.recommendations.pages.traceability import OwnContributionPages, ProvenancePages
from workspace.sessions.api import SessionApi
from workspace.sessions.pages.calendar import CalendarFileApi, FeedPages
from workspace.sessions.pages.editing import SessionEditPages
from workspace.sessions.pages.programme import SourcePages
from workspace.sittings.routes import SittingApi, SittingPages
from workspace.translations.api.exchange import ExchangeApi, PreparationApi
from workspace.translations.api.glossary import DeclarationGlossaryApi, GlossaryApi
from workspace.translations.api.texts import CheckApi, TextApi
from workspace.translations.api.work import (
    ConcordanceApi,
    QueueApi,
    TaskApi,
    TranslationDraftApi,
    TranslationReviewApi,
)
from workspace.translations.pages.editor import TranslationPages
from workspace.translations.pages.exchange import ExchangePages
from workspace.translations.pages.glossary import GlossaryPages
from workspace.translations.pages.whole_text import SigningPages, WholeTextPages
from workspace.translations.pages.work import EditorialPages, TranslationWorkPages
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
    CurrentWork,
    FromPath,
    NavItem,
    Persona,
    Site,
    Slug,
    URLEncodedBody,
    provide_work,
    reader_language,
)
from workspace.web.http.request_log import RequestCounter, RequestLog
from workspace.web.http.retry import RetryOnConflict
from workspace.web.http.routing import Application, FastRouter, get, post
from workspace.web.i18n.marking import N_
from workspace.web.pages import Environments, redirect
from workspace.webhooks.api import WebhookApi, described_messages
from workspace.webhooks.pages import WebhookPages


class PersonaChoiceForm(Struct, frozen=True):
    """Who to be, and the page to come back to."""

    persona: str = ""
    back: str = ""


@post("/persona", name="choose_persona", policy="public")
def choose_persona(work: CurrentWork, data: URLEncodedBody[PersonaChoiceForm]) -> Redirect:
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


def provide_ways(work: CurrentWork, forum: Slug, declaration: Slug) -> TranslationLinks:
    """The dependency `ways` of a page about a declaration: who asks, and where it stands."""
    return TranslationLinks(work, forum, declaration)


UPLOAD_LIMIT = 1_000_000
Doors = Sequence[type[Controller] | BaseRouteHandler]

PAGES: Doors = (
    choose_persona,
    SignInPages,
    PasswordPages,
    JoiningPages,
    SetUpPages,
    AccountPages,
    ChoicePages,
    UnsubscribePages,
    NoticePages,
    FollowingPages,
    SecondStepPages,
    CredentialPages,
    EditionFeed,
    VerifyPages,
    HelpPages,
    ForumPages,
    RegisterPages,
    RegisteredPages,
    OrganisationPages,
    PersonPages,
    RosterPages,
    HomePages,
    SearchPages,
    WorkPages,
    LogPages,
    MyDataPages,
    ErasurePages,
    SessionEditPages,
    SourcePages,
    CommonGroundPages,
    RecommendationPages,
    RegisterFilePages,
    ThemePages,
    ProvenancePages,
    OwnContributionPages,
    BankPages,
    FollowUpPages,
    CommitmentPages,
    ParentPages,
    CircularPages,
    FeedPages,
    DraftingPages,
    ReviewPages,
    RapporteurPages,
    NotesPages,
    NewDeclarationPages,
    PhasePages,
    CalendarPages,
    EmergencyAccessPages,
    WordPages,
    SheetPages,
    MailIntakePages,
    PaperPages,
    OrderPages,
    SittingPaperPages,
    BilingualPages,
    DraftPages,
    ParagraphPages,
    AmendmentPages,
    CommitteePages,
    TablePages,
    WhatIfPages,
    AgreementPages,
    ChangePages,
    AmendmentDraftPages,
    BackingPages,
    CommentPages,
    ThreadPages,
    ConversationPages,
    RecommendationTalkPages,
    ModerationPages,
    RemarkPages,
    GuestPages,
    TranslationPages,
    EditorialPages,
    SigningPages,
    TranslationWorkPages,
    WholeTextPages,
    ExchangePages,
    GlossaryPages,
    CorrigendumPages,
    EmbargoPages,
    EditionPages,
    PublishedPages,
    ProvenanceEditionPages,
    SignatoryPages,
    ReservationPages,
    AnnexPages,
    OverridePages,
    LetterPages,
    BouncedAddressPages,
    LivePages,
    WebhookPages,
    QuestionPages,
    PlenaryPages,
    SittingPages,
    FormPages,
    ScreenPages,
)
API: Doors = (
    ForumApi,
    OrganisationApi,
    RegisterApi,
    RosterApi,
    SessionApi,
    CalendarFileApi,
    ReviewApi,
    GroupApi,
    AdoptedTextApi,
    BankApi,
    PublishedPassagesApi,
    ProjectApi,
    CommitmentApi,
    ParentApi,
    CircularApi,
    RecommendationApi,
    RegisterFileApi,
    ThemeApi,
    CommonGroundApi,
    ResemblanceApi,
    ViewApi,
    CoverageApi,
    InterchangeApi,
    WordApi,
    SheetApi,
    MailIntakeApi,
    PaperApi,
    SittingPaperApi,
    BilingualApi,
    DeclarationApi,
    PhaseApi,
    RequestApi,
    EmergencyAccessApi,
    RevisionApi,
    AmendmentApi,
    BackingApi,
    EligibleApi,
    AmendmentDraftApi,
    CommitteeApi,
    AdviceApi,
    CommitteeDeskApi,
    CommentApi,
    TextApi,
    CheckApi,
    ConcordanceApi,
    TranslationDraftApi,
    TranslationReviewApi,
    TaskApi,
    QueueApi,
    GlossaryApi,
    DeclarationGlossaryApi,
    ExchangeApi,
    PreparationApi,
    PublicationApi,
    OverrideApi,
    EditionApi,
    CorrigendumApi,
    SealedApi,
    ProvenanceEditionApi,
    SignatoryApi,
    ReservationApi,
    AnnexApi,
    CheckpointApi,
    ErasureApi,
    LogApi,
    SearchApi,
    LetterApi,
    UnreachedApi,
    ReturnedApi,
    NoticeApi,
    MailChoiceApi,
    AccountApi,
    InvitationApi,
    RegisteredApi,
    LiveApi,
    WebhookApi,
    QuestionApi,
    AnswerApi,
    FloorApi,
    SittingApi,
    FormApi,
    ProxyApi,
    BallotRequestApi,
)
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
        route_handlers=[
            front,
            problem,
            health,
            ready,
            robots,
            favicon,
            sitemap,
            static_file,
            in_three_languages,
            in_json,
        ],
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
        find_place=forum_of_address,
        lead=lambda db, found, work: header(db, found, work=work),
        count_unread=count_unread if NoticePages in pages else None,
        follows=is_followed,
        help_topic=topic_of if HelpPages in pages else None,
    )
    return app
