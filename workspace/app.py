"""The application: every slice listed once."""

from collections.abc import Collection, Sequence
from typing import Any

from litestar import Controller, Litestar, Request, Response, get
from litestar.di import Provide
from litestar.handlers import BaseRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.response import Redirect
from sqlalchemy import text

from workspace import registration
from workspace.accounts.api import AccountApi, InvitationApi
from workspace.accounts.entrance import authenticate
from workspace.accounts.joining_pages import JoiningPages, SetUpPages
from workspace.accounts.pages import AccountPages
from workspace.accounts.registered_api import RegisteredApi
from workspace.accounts.safety_pages import LentPages, SecondStepPages
from workspace.accounts.sign_in_pages import PasswordPages, SignInPages
from workspace.amendments.agreement_pages import AgreementPages
from workspace.amendments.api import AmendmentApi, CommitteeApi
from workspace.amendments.backing_api import BackingApi, EligibleApi
from workspace.amendments.backing_pages import BackingPages
from workspace.amendments.change_pages import ChangePages
from workspace.amendments.committee_api import AdviceApi, CommitteeDeskApi
from workspace.amendments.desk_pages import CommitteePages
from workspace.amendments.draft_api import AmendmentDraftApi
from workspace.amendments.draft_pages import AmendmentDraftPages
from workspace.amendments.pages import AmendmentPages
from workspace.amendments.table_pages import TablePages
from workspace.comments.api import CommentApi
from workspace.comments.conversation_pages import ConversationPages, RecommendationTalkPages
from workspace.comments.moderation_pages import GuestPages, ModerationPages, RemarkPages
from workspace.comments.pages import CommentPages, ThreadPages
from workspace.consultation.api import BankApi, GroupApi, ReviewApi
from workspace.consultation.follow_up_api import FollowUpApi
from workspace.core.db import Store
from workspace.core.schema import can_serve
from workspace.declarations.api import DeclarationApi, RevisionApi
from workspace.declarations.calendar_api import PhaseApi, RequestApi
from workspace.declarations.calendar_pages import CalendarPages
from workspace.declarations.frame import header
from workspace.declarations.pages import NewDeclarationPages
from workspace.declarations.phase_pages import PhasePages
from workspace.desk.calendars import CalendarFileApi
from workspace.desk.drafting_pages import BankPages, DraftingPages
from workspace.desk.feed_pages import FeedPages
from workspace.desk.follow_up_pages import FollowUpPages
from workspace.desk.log_api import LogApi
from workspace.desk.log_pages import LogPages
from workspace.desk.organisation_pages import OrganisationPages
from workspace.desk.own_contributions import OwnContributionPages
from workspace.desk.own_texts_api import OwnTextsApi
from workspace.desk.pages import DraftPages, HomePages
from workspace.desk.paragraph import ParagraphPages
from workspace.desk.person_pages import PersonPages
from workspace.desk.provenance_pages import ProvenancePages
from workspace.desk.rapporteur_pages import RapporteurPages
from workspace.desk.recommendation_pages import RecommendationPages
from workspace.desk.register_api import CoverageApi, RegisterFileApi
from workspace.desk.register_files import RegisterFilePages
from workspace.desk.register_pages import RegisterPages
from workspace.desk.registered_pages import RegisteredPages
from workspace.desk.review_pages import ReviewPages
from workspace.desk.roster_api import RosterApi
from workspace.desk.roster_pages import RosterPages
from workspace.desk.source_pages import SourcePages
from workspace.desk.theme_pages import ThemePages
from workspace.desk.work_pages import WorkPages
from workspace.editions.annex_pages import AnnexPages
from workspace.editions.api import EditionApi, PublicationApi
from workspace.editions.around_api import AnnexApi, ReservationApi, SignatoryApi
from workspace.editions.corrigendum_api import CorrigendumApi, SealedApi
from workspace.editions.corrigendum_pages import CorrigendumPages
from workspace.editions.edition_pages import PublishedPages
from workspace.editions.embargo_pages import EmbargoPages
from workspace.editions.feed_pages import EditionFeed
from workspace.editions.override_api import OverrideApi
from workspace.editions.override_pages import OverridePages
from workspace.editions.pages import EditionPages
from workspace.editions.provenance_doors import ProvenanceEditionApi, ProvenanceEditionPages
from workspace.editions.reservation_pages import ReservationPages
from workspace.editions.signatory_pages import SignatoryPages
from workspace.editions.verify_pages import VerifyPages
from workspace.help.pages import HelpPages
from workspace.help.topics import topic_of
from workspace.history.api import CheckpointApi, ErasureApi
from workspace.history.pages import ErasurePages, MyDataPages
from workspace.interchange.api import InterchangeApi
from workspace.interchange.bilingual_doors import BilingualApi, BilingualPages
from workspace.interchange.pages import NotesPages
from workspace.interchange.paper_api import PaperApi
from workspace.interchange.paper_pages import PaperPages
from workspace.interchange.sheet_api import SheetApi
from workspace.interchange.sheet_pages import SheetPages
from workspace.interchange.side_door_api import SideDoorApi
from workspace.interchange.side_door_pages import SideDoorPages
from workspace.interchange.word_api import WordApi
from workspace.interchange.word_pages import WordPages
from workspace.letters.api import LetterApi
from workspace.letters.choice_api import MailChoiceApi
from workspace.letters.choice_pages import ChoicePages, EndingPages
from workspace.letters.pages import LetterPages
from workspace.letters.returned_api import ReturnedApi
from workspace.letters.unreached_api import UnreachedApi
from workspace.letters.unreached_pages import UnreachedPages
from workspace.live.api import LiveApi
from workspace.live.pages import LivePages
from workspace.notices.api import NoticeApi
from workspace.notices.pages import FollowingPages, NoticePages
from workspace.notices.service import count_unread, is_followed
from workspace.people.api import ForumApi
from workspace.people.frame import forum_of_address
from workspace.people.glass_api import GlassApi
from workspace.people.glass_pages import GlassPages
from workspace.people.pages import ForumPages
from workspace.people.register_api import OrganisationApi, RegisterApi
from workspace.procedure.plenary_pages import PlenaryPages
from workspace.procedure.question_api import AnswerApi, FloorApi, QuestionApi
from workspace.procedure.question_pages import QuestionPages
from workspace.recommendations.api import RecommendationApi
from workspace.recommendations.theme_api import ResemblanceApi, ThemeApi, ViewApi
from workspace.sessions.api import SessionApi
from workspace.translations.api import TextApi
from workspace.translations.check_api import CheckApi
from workspace.translations.desk_api import ConcordanceApi, TaskApi, TranslationReviewApi
from workspace.translations.desk_pages import DeskPages
from workspace.translations.editorial_pages import EditorialPages
from workspace.translations.exchange_api import ExchangeApi, PreparationApi
from workspace.translations.exchange_pages import ExchangePages
from workspace.translations.glossary_api import DeclarationGlossaryApi, GlossaryApi
from workspace.translations.pages import TranslationPages
from workspace.translations.queue_api import QueueApi
from workspace.translations.signing_pages import SigningPages
from workspace.translations.whole_pages import WholeTextPages
from workspace.translations.wording_pages import GlossaryPages
from workspace.web import bounds, errors, security
from workspace.web.addresses import Addresses
from workspace.web.again import CarriesOutAgain
from workspace.web.ground import Application, Ground
from workspace.web.guards import at_the_door
from workspace.web.i18n import N_
from workspace.web.idempotency import KeepsAnswers
from workspace.web.limits import Limits
from workspace.web.observed import Counts, Observed
from workspace.web.openapi import Described
from workspace.web.pages import Environments
from workspace.web.personas import choose_persona
from workspace.web.route_policies import ensure_policies
from workspace.web.services import ActorLoader, NavItem, Persona, Site, provide_work, reader_language
from workspace.web.static import Assets, static_file
from workspace.webhooks.api import WebhookApi
from workspace.webhooks.pages import WebhookPages

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
    EndingPages,
    NoticePages,
    FollowingPages,
    SecondStepPages,
    LentPages,
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
    WorkPages,
    LogPages,
    MyDataPages,
    ErasurePages,
    SourcePages,
    RecommendationPages,
    RegisterFilePages,
    ThemePages,
    ProvenancePages,
    OwnContributionPages,
    BankPages,
    FollowUpPages,
    FeedPages,
    DraftingPages,
    ReviewPages,
    RapporteurPages,
    NotesPages,
    NewDeclarationPages,
    PhasePages,
    CalendarPages,
    GlassPages,
    WordPages,
    SheetPages,
    SideDoorPages,
    PaperPages,
    BilingualPages,
    DraftPages,
    ParagraphPages,
    AmendmentPages,
    CommitteePages,
    TablePages,
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
    DeskPages,
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
    UnreachedPages,
    LivePages,
    WebhookPages,
    QuestionPages,
    PlenaryPages,
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
    BankApi,
    OwnTextsApi,
    FollowUpApi,
    RecommendationApi,
    RegisterFileApi,
    ThemeApi,
    ResemblanceApi,
    ViewApi,
    CoverageApi,
    InterchangeApi,
    WordApi,
    SheetApi,
    SideDoorApi,
    PaperApi,
    BilingualApi,
    DeclarationApi,
    PhaseApi,
    RequestApi,
    GlassApi,
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
    NavItem("readiness", N_("Readiness"), FOLLOW_THE_WORK, is_aside=True),
    NavItem("moderation", N_("Moderation"), frozenset({"comment.moderate"}), is_aside=True),
    NavItem("people", N_("People"), LOOK_AFTER_PEOPLE | {"forum.export_all"}, is_aside=True),
    NavItem("forum_settings", N_("Settings"), frozenset({"settings.manage"}), is_aside=True),
    NavItem("letters", N_("Letters"), frozenset({"organisation.manage_people"}), is_aside=True),
    NavItem("webhooks", N_("Webhooks"), frozenset({"webhook.create"}), is_aside=True),
    NavItem("log", N_("Log"), frozenset({"log.read"}), is_aside=True),
    NavItem("erasures", N_("Erasures"), frozenset({"personal_data.erase_request"}), is_aside=True),
)


@get("/", include_in_schema=False, sync_to_thread=False, policy="public")
def front(request: Request[Any, Any, Any]) -> Redirect:
    """The front page, in the reader's language."""
    return Redirect(f"/{reader_language(request)}", headers={"Vary": "Accept-Language, Cookie"})


@get("/health", include_in_schema=False, sync_to_thread=True, policy="public")
def health(request: Request[Any, Any, Any]) -> dict[str, str]:
    """Whether this process can read its database."""
    with request.app.state.site.store.reading() as db:
        db.execute(text("SELECT 1"))
    return {"status": "ok"}


@get("/ready", include_in_schema=False, sync_to_thread=True, policy="public")
def ready(request: Request[Any, Any, Any]) -> Response[dict[str, str]]:
    """Whether this process can be sent requests: its database answers, and has the shape that the program needs."""
    is_ready = can_serve(request.app.state.site.store)
    return Response({"status": "ready" if is_ready else "to be migrated"}, status_code=200 if is_ready else 503)


def create_app(
    store: Store,
    *,
    load_actor: ActorLoader | None = None,
    personas: Sequence[Persona] | None = None,
    hosts: Collection[str] | None = None,
    pages: Doors = PAGES,
    api: Doors = API,
    navigation: Sequence[NavItem] = NAVIGATION,
    pace: Limits | None = None,
    counts: Counts | None = None,
) -> Litestar:
    """The whole workspace on one store.

    `personas` lets a browser be any of these people (the demo, on loopback only). `hosts` are the names
    this server answers to: `security.LOOPBACK` when it is bound to loopback, None behind a proxy that checks.
    `pace` is how often one may knock: None for as often as one likes, as tests do. `counts` counts the requests.
    """
    registration.install()
    assets = Assets.read()
    in_three_languages = Ground(
        "/{language:str}", route_handlers=list(pages), guards=[security.known_language], include_in_schema=False
    )
    in_json = Ground("/", route_handlers=list(api))
    app = Application(
        route_handlers=[front, health, ready, static_file, in_three_languages, in_json],
        dependencies={"work": Provide(provide_work, sync_to_thread=False)},
        middleware=[Observed(), security.Doorkeeper(hosts), CarriesOutAgain(), KeepsAnswers()],
        before_request=at_the_door,
        multipart_form_part_limit=bounds.MOST_PARTS,
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
