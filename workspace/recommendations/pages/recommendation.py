"""The register in a browser: finding, settling, sending in, standing behind, and putting together what is the same."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import sqlalchemy as sa
from litestar import Controller, Response
from litestar.response import Redirect
from msgspec import Struct, field
from sqlalchemy.orm import joinedload

from drafts.text.markup import plain
from drafts.text.numbering import printed
from workspace.amendments.domain.models import Amendment, AmendmentVersion, ChangeRecord, Decision
from workspace.consultation.models import Trace
from workspace.consultation.review import ReviewService
from workspace.core.errors import Invalid
from workspace.core.security.conditions import Case
from workspace.core.storage.db import Db
from workspace.core.validation import chosen_id
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration, ProvenanceKind
from workspace.declarations.domain.policy import may_do
from workspace.declarations.domain.queries import BlockRow
from workspace.declarations.frame import header
from workspace.declarations.labels import row_excerpt
from workspace.people.frame import forum_frame
from workspace.people.models import Forum, Organisation
from workspace.people.policy import sees_everybody
from workspace.people.service import PeopleService
from workspace.recommendations import near_duplicates, policy
from workspace.recommendations.models import Endorsement, Recommendation, RecommendationStatus, RulingOutcome
from workspace.recommendations.pages.register import (
    RegisterFilters,
    RegisterLine,
    SimilarPair,
    fitting_proposals,
    register,
    register_rows,
    shown_pair,
    themes_to_choose,
)
from workspace.recommendations.pages.traceability import CARRIES
from workspace.recommendations.pages.usage import RecommendationUsage, Usage
from workspace.recommendations.search import ViewService
from workspace.recommendations.service import RecommendationService, VerbatimStatement
from workspace.recommendations.themes import ThemeService
from workspace.web.http.request_context import CurrentWork, FromPath, Slug, URLEncodedBody, Work
from workspace.web.http.routing import get, post
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES
from workspace.web.pages import Page, PageOrRedirect, field_errors, page, redirect
from workspace.web.refusals.sentences import sentence


class AffectedParagraph(Struct, frozen=True):
    """A paragraph that took it up, as it reads now in every language, and the amendments that changed it since."""

    went: Usage
    texts: Sequence[tuple[str, str]]  # language, words
    amendments: Sequence[tuple[int, str, str]]  # number, address, disposition


class RulingLine(Struct, frozen=True):
    outcome: RulingOutcome
    reason: str
    at: datetime
    into: int | None


class RecommendationPage(Page, frozen=True, kw_only=True):
    line: RegisterLine
    theme_ids: Sequence[str]
    became: Sequence[AffectedParagraph]
    rulings: Sequence[RulingLine]
    merged: Sequence[tuple[int, str, str, str]]  # number, address or "", words, language: those that went in here
    endorsers: Sequence[str]
    voices: Sequence[tuple[str, str, bool]]  # one's own organisations: id, name, whether it endorses
    pairs: Sequence[SimilarPair]
    themes: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    places: Sequence[tuple[str, Sequence[tuple[str, str, str]]]]  # declaration: [(value, words, language)]
    contribution: str  # address of the page for whoever said it
    wording: str  # in the form: the words in force, or those that were refused
    original: str  # what was read or sent in, where the words are others now
    came_from: int | None  # the one it was divided from
    may_settle: bool
    may_see_where: bool
    name_declarations: bool
    errors: Mapping[str, str]


def recommendation_page(
    db: Db, forum_slug: str, number: int, *, work: Work, sent: str = "", errors: Mapping[str, str] | None = None
) -> RecommendationPage:
    """Everything about one recommendation; raises `NotFound`."""
    found = forum_frame(db, forum_slug, work=work)
    forum, actor = found.forum, work.actor
    policy.ensure_may_read(actor, forum)
    service = RecommendationService(db)
    recommendation = service.numbered(forum, number, actor=actor)
    trails = RecommendationUsage.of(db, forum, actor)
    [line] = register_rows(db, forum, [recommendation.id], trails, work)
    may_settle = policy.may_settle(actor, forum, recommendation)
    pairs = near_duplicates.resemblances(db, forum, actor=actor, of=recommendation.id, limit=5) if may_settle else []
    trace = db.get(Trace, recommendation.id)
    whole = db.get(Recommendation, trace.came_from_id) if trace and trace.came_from_id else None
    return RecommendationPage(
        place=header(db, found, work=work),
        here="recommendations",
        line=line,
        theme_ids=[str(theme.id) for theme in ThemeService(db).of([recommendation.id]).get(recommendation.id, ())],
        became=_became(db, line.went, trails, work),
        rulings=_rulings(db, service, recommendation, forum),
        merged=_merged(db, recommendation, work),
        endorsers=_endorsers(db, recommendation),
        voices=_voices(db, recommendation, forum, work),
        pairs=[shown_pair(pair, forum, work) for pair in pairs],
        themes=themes_to_choose(db, forum, work) if may_settle else (),
        places=_places(db, recommendation, trails, work),
        contribution=_contribution(recommendation, forum, work),
        wording=sent or recommendation.text,
        original=trace.original if trace and trace.original != recommendation.text else "",
        came_from=whole.number if whole else None,
        may_settle=may_settle,
        may_see_where=bool(trails.declarations),
        name_declarations=len(trails.declarations) > 1,
        errors=errors or {},
    )


def _places(
    db: Db, recommendation: Recommendation, trails: RecommendationUsage, work: Work
) -> list[tuple[str, Sequence[tuple[str, str, str]]]]:
    """The paragraphs that it can be linked to, by declaration."""
    case = Case(rapporteurs=frozenset({recommendation.rapporteur_id}))
    found: list[tuple[str, Sequence[tuple[str, str, str]]]] = []
    for declaration in trails.declarations.values():
        if recommendation.standing.is_counted and may_do(work.actor, "provenance.link", declaration, case):
            rows = queries.head_rows(db, declaration)
            numbered = queries.numbers_of(rows)
            some = [
                _place(row, declaration, printed(numbered.get(row.id, ""), work.language), work)
                for row in rows
                if row.kind in CARRIES
            ]
            found.append((declaration.name.said_in(work.language), some))
    return found


def _place(row: BlockRow, declaration: Declaration, number: str, work: Work) -> tuple[str, str, str]:
    words, language = row_excerpt(row, work.language)
    return f"{declaration.slug} {row.block_id}", f"{number} {words}".strip(), language.value


def _became(db: Db, went: Sequence[Usage], trails: RecommendationUsage, work: Work) -> list[AffectedParagraph]:
    kept = [destination for destination in went if destination.href and destination.kind is not ProvenanceKind.DECLINED]
    blocks = [destination.block_id for destination in kept]
    texts: dict[UUID, list[tuple[str, str]]] = {}
    for declaration in trails.declarations.values():
        for row in trails.rows(db, declaration) if kept else ():
            if row.block_id in blocks:
                texts[row.block_id] = [
                    (language.value, plain(row.content(language))) for language in LANGUAGES if language in row.texts
                ]
    amendments = _amendments(db, blocks, trails.declarations, work)
    return [
        AffectedParagraph(destination, texts.get(destination.block_id, ()), amendments.get(destination.block_id, ()))
        for destination in kept
    ]


def _amendments(
    db: Db, blocks: Sequence[UUID], declarations: Mapping[UUID, Declaration], work: Work
) -> Mapping[UUID, Sequence[tuple[int, str, str]]]:
    """The amendments that were decided on these paragraphs, where the reader may read them."""
    if not blocks:
        return {}
    readable = [
        key for key, declaration in declarations.items() if may_do(work.actor, "amendment.read_others", declaration)
    ]
    statement = (
        sa.select(ChangeRecord.block_id, Amendment)
        .join(AmendmentVersion, AmendmentVersion.id == ChangeRecord.version_id)
        .join(Amendment, Amendment.id == AmendmentVersion.amendment_id)
        .join(Decision, Decision.amendment_id == Amendment.id)
        .where(ChangeRecord.block_id.in_(blocks), Amendment.declaration_id.in_(readable), ~Decision.undone_by.has())
        .order_by(Amendment.number)
    )
    found: dict[UUID, dict[int, tuple[int, str, str]]] = {}
    for block_id, amendment in db.execute(statement):
        if block_id is None:
            continue
        declaration = declarations[amendment.declaration_id]
        href = work.url_for(
            "amendment", forum=declaration.forum.slug, declaration=declaration.slug, number=amendment.number
        )
        entry = (amendment.number, href, amendment.disposition.value)
        found.setdefault(block_id, {})[amendment.number] = entry
    return {block: list(entries.values()) for block, entries in found.items()}


def _rulings(db: Db, service: RecommendationService, recommendation: Recommendation, forum: Forum) -> list[RulingLine]:
    rulings = service.rulings(recommendation)
    wanted = [ruling.into_id for ruling in rulings if ruling.into_id]
    rows = db.execute(sa.select(Recommendation.id, Recommendation.number).where(Recommendation.id.in_(wanted)))
    into = {row.id: row.number for row in rows}
    return [
        RulingLine(ruling.outcome, ruling.reason, forum.local(ruling.ruled_at), into.get(ruling.into_id))
        for ruling in rulings
    ]


def _merged(db: Db, recommendation: Recommendation, work: Work) -> list[tuple[int, str, str, str]]:
    forum, statement = recommendation.forum, sa.select(Recommendation).filter_by(merged_into_id=recommendation.id)
    return [
        (
            other.number,
            work.url_for("recommendation", forum=forum.slug, number=other.number)
            if policy.may_read_recommendation(work.actor, forum, other)
            else "",
            other.text,
            other.language,
        )
        for other in db.scalars(statement.order_by(Recommendation.number))
    ]


def _endorsers(db: Db, recommendation: Recommendation) -> list[str]:
    statement = sa.select(Endorsement).where(Endorsement.recommendation_id == recommendation.id)
    found = db.scalars(statement.options(joinedload(Endorsement.organisation)))
    return sorted(endorsement.organisation.name for endorsement in found)


def _voices(db: Db, recommendation: Recommendation, forum: Forum, work: Work) -> list[tuple[str, str, bool]]:
    if not policy.may_endorse(work.actor, forum):
        return []
    own = policy.spoken_for(work.actor, forum)
    names = {row.id: row for row in db.scalars(sa.select(Organisation).where(Organisation.id.in_(own)))}
    behind = set(
        db.scalars(sa.select(Endorsement.organisation_id).where(Endorsement.recommendation_id == recommendation.id))
    )
    return [(str(key), names[key].name, key in behind) for key in own if key in names]


def _contribution(recommendation: Recommendation, forum: Forum, work: Work) -> str:
    if recommendation.session_id is not None:
        return work.url_for("session_contribution", forum=forum.slug, session_id=recommendation.session_id)
    if recommendation.organisation_id is not None:
        return work.url_for(
            "organisation_contribution", forum=forum.slug, organisation_id=recommendation.organisation_id
        )
    by = recommendation.submitted_by_id
    if by is not None and (by == work.actor.person_id or sees_everybody(work.actor, forum)):
        return work.url_for("person_contribution", forum=forum.slug, person_id=by)
    return ""


CONFIRM, DROP, CONFIRM_ALL, RULE, THEME, UNTHEME = "confirm", "drop", "confirm_all", "rule", "theme", "untheme"
MERGE, KEEP_APART, SEPARATE, REOPEN = "merge", "keep_apart", "separate", "reopen"
_STANDINGS = {DROP: RecommendationStatus.DROPPED, REOPEN: RecommendationStatus.PROPOSED}
_PAIRS = 20  # shown at once
_RULED = {
    RulingOutcome.OPEN: N_("Outcome open again."),
    RulingOutcome.TAKEN_UP: N_("Marked as taken up."),
    RulingOutcome.PARTLY: N_("Marked as taken up in part."),
    RulingOutcome.DECLINED: N_("Marked as not taken up."),
}


class SettleForm(Struct, frozen=True):
    """The recommendations that were ticked, what to do with them, and the page to come back to."""

    act: str = ""
    number: list[int] | int = field(default_factory=list)  # one that is ticked alone comes as a number
    back: str = ""
    outcome: str = ""
    reason: str = ""
    theme: str = ""
    query: str = ""  # the filters, of which everything is confirmed
    count: str = ""  # how many that were when it was asked

    def filters(self) -> RegisterFilters:
        return RegisterFilters.of(dict(parse_qsl(self.query)))

    def numbers(self) -> list[int]:
        return self.number if isinstance(self.number, list) else [self.number]

    def themes(self) -> list[UUID]:
        """Raises `Invalid` where none was chosen."""
        return [chosen_id(self.theme, "theme")]


class SubmitForm(Struct, frozen=True):
    text: str = ""
    said_in: str = ""
    section: str = ""
    organisation: str = ""


class TextForm(Struct, frozen=True):
    text: str = ""


class EndorsementForm(Struct, frozen=True):
    organisation: UUID
    act: str = ""


class PairForm(Struct, frozen=True):
    first: int = field(default=0, name="one")
    second: int = field(default=0, name="other")
    act: str = ""
    back: str = ""


class ViewForm(Struct, frozen=True):
    name: str = ""
    query: str = ""
    is_shared: str = ""
    remove: str = ""


class SubmitPage(Page, frozen=True, kw_only=True):
    form: SubmitForm
    languages: tuple[str, ...]
    organisations: list[tuple[str, str]]
    errors: dict[str, str]


class ConfirmAllPage(Page, frozen=True, kw_only=True):
    count: int
    query: str
    back: str


class PairsPage(Page, frozen=True, kw_only=True):
    pairs: list[SimilarPair]
    total: int


class RecommendationPages(Controller):
    """Recommendations of a forum."""

    path = "/{forum:str}/recommendations"

    @get(name="recommendations", policy="recommendation.read")
    def recommendations(self, work: CurrentWork, forum: Slug) -> Response[str]:
        """The register; the filters are the names of `Filters`, as `?words=` and `?went=`."""
        with work.reading() as db:
            context = register(db, forum, work=work, settings=dict(work.request.query_params.items()))
        return page(work, "recommendations/register.html", context)

    @post(name="settle_recommendations", policy="recommendation.confirm_merge", status_code=200)
    def settle(self, work: CurrentWork, forum: Slug, data: URLEncodedBody[SettleForm]) -> PageOrRedirect:
        """Do something with what was ticked, or confirm every proposal that fits, once it was said how many."""
        back = data.back or work.url_for("recommendations", forum=forum)
        try:
            with work.writing() as db:
                service = RecommendationService(db)
                unconfirmed = _unconfirmed_count(db, forum, data, work) if data.act == CONFIRM_ALL else None
                count = 0 if unconfirmed else _settle(service, PeopleService(db).forum(forum), data, work)
                settlement = service.settlement_id
        except Invalid as refusal:
            return _settled_again(work, forum, data, refusal)
        if unconfirmed:
            return page(work, "recommendations/confirm_all.html", unconfirmed)
        undo = work.url_for("undo_settlement", forum=forum, settlement_id=settlement) if settlement else ""
        return redirect(work, back, said=_said(work, data, count), undo=undo)

    @post("/settlements/{settlement_id:uuid}", name="undo_settlement", policy="recommendation.confirm_merge")
    def undo(self, work: CurrentWork, forum: Slug, settlement_id: FromPath[UUID]) -> Redirect:
        """Let what was settled at once stand as before."""
        back, actor, messages = work.url_for("recommendations", forum=forum), work.actor, work.messages
        try:
            with work.writing() as db:
                count = len(RecommendationService(db).undo(PeopleService(db).forum(forum), settlement_id, actor=actor))
        except Invalid as refusal:
            return redirect(work, back, said=sentence(refusal, work.messages))
        said = messages.ngettext("%(n)s recommendation restored.", "%(n)s recommendations restored.", count)
        return redirect(work, back, said=said)

    @get("/new", name="new_recommendation", policy="recommendation.submit")
    def new(self, work: CurrentWork, forum: Slug) -> Response[str]:
        """The form to send a recommendation in."""
        with work.reading() as db:
            context = _submit_page(db, forum, SubmitForm(said_in=work.language.value), {}, work)
        return page(work, "recommendations/new.html", context)

    @post("/new", name="submit_recommendation", policy="recommendation.submit", status_code=200)
    def submit(self, work: CurrentWork, forum: Slug, data: URLEncodedBody[SubmitForm]) -> PageOrRedirect:
        """Send recommendations in, one for each paragraph of the text."""
        actor = work.actor
        try:
            with work.writing() as db:
                said = [
                    VerbatimStatement(text, data.said_in if data.said_in in LANGUAGES else "und", data.section.strip())
                    for text in _paragraphs(data.text)
                ]
                made = RecommendationService(db).submit(
                    PeopleService(db).forum(forum),
                    said,
                    organisation_id=UUID(data.organisation) if data.organisation else None,
                    actor=actor,
                )
                number = made[0].number
        except (Invalid, ValueError) as refusal:
            invalid = refusal if isinstance(refusal, Invalid) else Invalid(field="organisation", reason="not_yours")
            with work.reading() as db:
                context = _submit_page(db, forum, data, dict(field_errors(work, invalid)), work)
            return page(work, "recommendations/new.html", context, status=422)
        said_so = work.messages.gettext("Recommendation added; the secretariat will confirm it.")
        return redirect(work, work.url_for("recommendation", forum=forum, number=number), said=said_so)

    @get("/pairs", name="resemblances", policy="recommendation.confirm_merge")
    def pairs(self, work: CurrentWork, forum: Slug) -> Response[str]:
        """Recommendations that say nearly the same, side by side."""
        actor = work.actor
        with work.reading() as db:
            found = forum_frame(db, forum, work=work)
            pairs = near_duplicates.resemblances(db, found.forum, actor=actor, limit=_PAIRS)
            context = PairsPage(
                place=header(db, found, work=work),
                here="recommendations",
                pairs=[shown_pair(pair, found.forum, work) for pair in pairs],
                total=near_duplicates.open_pairs(db, found.forum),
            )
        return page(work, "recommendations/pairs.html", context)

    @post("/pairs", name="settle_pair", policy="recommendation.confirm_merge")
    def settle_pair(self, work: CurrentWork, forum: Slug, data: URLEncodedBody[PairForm]) -> Redirect:
        """Put two together, or keep them apart for good."""
        actor, say = work.actor, work.messages.gettext
        back, undo = data.back or work.url_for("resemblances", forum=forum), ""
        try:
            with work.writing() as db:
                service, where = RecommendationService(db), PeopleService(db).forum(forum)
                if data.act == MERGE:
                    service.merge(where, data.first, [data.second], actor=actor)
                    undo = work.url_for("undo_settlement", forum=forum, settlement_id=service.settlement_id)
                else:
                    first, second = service.chosen(where, [data.first, data.second])
                    near_duplicates.dismiss_pair(db, where, first.id, second.id, actor=actor)
        except Invalid as refusal:
            return redirect(work, back, said=sentence(refusal, work.messages))
        if data.act == MERGE:
            said = say("Merged under number %(number)s; both texts are kept.", number=data.first)
        else:
            said = say("Kept apart; they are not shown together again.")
        return redirect(work, back, said=said, undo=undo)

    @post("/views", name="save_view", policy="recommendation.read")
    def save_view(self, work: CurrentWork, forum: Slug, data: URLEncodedBody[ViewForm]) -> Redirect:
        """Keep the search that is shown under a name, or forget one."""
        actor = work.actor
        back = work.url_for("recommendations", forum=forum) + (f"?{data.query}" if data.query else "")
        try:
            with work.writing() as db:
                if data.remove:
                    ViewService(db).remove(UUID(data.remove), actor=actor)
                else:
                    where = PeopleService(db).forum(forum)
                    is_shared = bool(data.is_shared)
                    ViewService(db).save(where, name=data.name, query=data.query, is_shared=is_shared, actor=actor)
        except (Invalid, ValueError) as refusal:
            said = sentence(refusal, work.messages) if isinstance(refusal, Invalid) else ""
            return redirect(work, back, said=said)
        say = work.messages.gettext
        return redirect(work, back, said=say("Search removed.") if data.remove else say("Search saved."))

    @get("/{number:int}", name="recommendation", policy="recommendation.read")
    def recommendation(self, work: CurrentWork, forum: Slug, number: FromPath[int]) -> Response[str]:
        """One recommendation and what became of it."""
        with work.reading() as db:
            context = recommendation_page(db, forum, number, work=work)
        return page(work, "recommendations/recommendation.html", context)

    @post("/{number:int}/text", name="edit_recommendation", policy="recommendation.confirm_merge", status_code=200)
    def edit(
        self, work: CurrentWork, forum: Slug, number: FromPath[int], data: URLEncodedBody[TextForm]
    ) -> PageOrRedirect:
        """Give it other words; where empty lines part them, it becomes as many."""
        actor, parts = work.actor, _paragraphs(data.text)
        try:
            with work.writing() as db:
                service = ReviewService(db)
                item = service.register.numbered(PeopleService(db).forum(forum), number, actor=actor)
                if len(parts) > 1:
                    made = [str(part.number) for part in service.divide(item, parts, actor=actor)]
                    numbers = work.messages.listed(made)
                    said = work.messages.gettext("Divided into recommendations %(numbers)s.", numbers=numbers)
                else:
                    service.reword(item, data.text, actor=actor)
                    said = work.messages.gettext("Recommendation %(number)s changed.", number=number)
        except Invalid as refusal:
            with work.reading() as db:
                errors = field_errors(work, refusal)
                context = recommendation_page(db, forum, number, work=work, sent=data.text, errors=errors)
            return page(work, "recommendations/recommendation.html", context, status=422)
        return redirect(work, work.url_for("recommendation", forum=forum, number=number), said=said)

    @post("/{number:int}/endorsement", name="endorse_recommendation", policy="recommendation.submit")
    def endorse(
        self, work: CurrentWork, forum: Slug, number: FromPath[int], data: URLEncodedBody[EndorsementForm]
    ) -> Redirect:
        """Stand behind a recommendation for one's organisation, or no longer."""
        actor = work.actor
        with work.writing() as db:
            service = RecommendationService(db)
            found = service.numbered(PeopleService(db).forum(forum), number, actor=actor)
            act = service.withdraw_endorsement if data.act == "withdraw" else service.endorse
            act(found, organisation_id=data.organisation, actor=actor)
        say = work.messages.gettext
        said = say("Endorsement withdrawn.") if data.act == "withdraw" else say("Endorsed by your organisation.")
        return redirect(work, work.url_for("recommendation", forum=forum, number=number), said=said)


def _unconfirmed_count(db: Db, forum_slug: str, data: SettleForm, work: Work) -> ConfirmAllPage | None:
    """The question how many are meant, unless the form answers it."""
    found = forum_frame(db, forum_slug, work=work)
    trails = RecommendationUsage.of(db, found.forum, work.actor)
    count = len(fitting_proposals(db, found.forum, data.filters(), trails, work))
    if not count or str(count) == data.count:
        return None
    return ConfirmAllPage(
        place=header(db, found, work=work), here="recommendations", count=count, query=data.query, back=data.back
    )


def _settled_again(work: Work, forum: str, data: SettleForm, refusal: Invalid) -> Response[str]:
    """The page that the form came from, with what was ticked and written, and what is wrong with it."""
    errors, numbers = field_errors(work, refusal), data.numbers()
    with work.reading() as db:
        if len(numbers) == 1 and data.back == work.url_for("recommendation", forum=forum, number=numbers[0]):
            known = recommendation_page(db, forum, numbers[0], work=work, errors=errors)
            return page(work, "recommendations/recommendation.html", known, status=422)
        settings = dict(parse_qsl(urlsplit(data.back).query))
        context = register(db, forum, work=work, settings=settings, ticked=numbers, reason=data.reason, errors=errors)
    return page(work, "recommendations/register.html", context, status=422)


def _settle(service: RecommendationService, forum: Forum, data: SettleForm, work: Work) -> int:
    db, actor = service.db, work.actor
    if data.act == CONFIRM_ALL:
        trails = RecommendationUsage.of(db, forum, actor)
        numbers = fitting_proposals(db, forum, data.filters(), trails, work)
        return len(service.settle(forum, numbers, RecommendationStatus.CONFIRMED, actor=actor))
    if data.act == SEPARATE:
        for recommendation in service.chosen(forum, data.numbers()):
            service.separate(recommendation, actor=actor)
        return len(data.numbers())
    if data.act == RULE:
        outcome = RulingOutcome(data.outcome) if data.outcome in set(_RULED) else RulingOutcome.OPEN
        return len(service.rule(forum, data.numbers(), outcome, reason=data.reason, actor=actor))
    if data.act in {THEME, UNTHEME}:
        chosen = ThemeService(db).assign(forum, data.numbers(), data.themes(), is_on=data.act == THEME, actor=actor)
        return len(chosen)
    standing = _STANDINGS.get(data.act, RecommendationStatus.CONFIRMED)
    return len(service.settle(forum, data.numbers(), standing, reason=data.reason, actor=actor))


def _said(work: Work, data: SettleForm, count: int) -> str:
    messages = work.messages
    if not count:
        say, is_any = messages.gettext, data.act == CONFIRM_ALL or data.numbers()
        return say("Nothing changed.") if is_any else say("Choose at least one recommendation.")
    if data.act == DROP:
        return messages.ngettext("%(n)s recommendation set aside.", "%(n)s recommendations set aside.", count)
    if data.act in {RULE, THEME, UNTHEME, SEPARATE, REOPEN}:
        return messages.ngettext("%(n)s recommendation saved.", "%(n)s recommendations saved.", count)
    return messages.ngettext("%(n)s recommendation confirmed.", "%(n)s recommendations confirmed.", count)


def _submit_page(db: Db, forum_slug: str, form: SubmitForm, errors: dict[str, str], work: Work) -> SubmitPage:
    found = forum_frame(db, forum_slug, work=work)
    policy.ensure_may_submit(work.actor, found.forum)
    own = (db.get(Organisation, key) for key in policy.spoken_for(work.actor, found.forum))
    return SubmitPage(
        place=header(db, found, work=work),
        here="recommendations",
        form=form,
        languages=tuple(language.value for language in LANGUAGES),
        organisations=[(str(organisation.id), organisation.name) for organisation in own if organisation],
        errors=errors,
    )


def _paragraphs(text: str) -> list[str]:
    """A text that is pasted with empty lines between its parts is several recommendations."""
    parts = [" ".join(part.split()) for part in text.replace("\r\n", "\n").split("\n\n")]
    return [part for part in parts if part] or [""]
