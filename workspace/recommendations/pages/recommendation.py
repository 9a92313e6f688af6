"""The register in a browser: finding, settling, sending in, standing behind, and putting together what is the same."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
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
from workspace.core.actor import Actor
from workspace.core.errors import Invalid
from workspace.core.security.conditions import Case
from workspace.core.storage.db import Db, unsought
from workspace.core.validation import chosen_id, id_or_none
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration, ProvenanceKind
from workspace.declarations.domain.policy import may_do
from workspace.declarations.domain.queries import BlockRow
from workspace.declarations.frame import header
from workspace.declarations.labels import row_excerpt
from workspace.people.frame import FrameInForum, InForum, forum_frame
from workspace.people.models import Forum, Organisation
from workspace.people.policy import sees_everybody
from workspace.recommendations import near_duplicates, policy
from workspace.recommendations.models import Endorsement, Recommendation, RecommendationStatus, RulingOutcome
from workspace.recommendations.pages.register import (
    RegisterFilters,
    RegisterLine,
    RegisterPage,
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
from workspace.web.http.request_context import FormBody, FromPath, PathId, Slug, Work
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES
from workspace.web.pages import Done, Page, Shown, field_errors, page, redirect, said_at, shows, takes
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


class TextForm(Struct, frozen=True):
    text: str = ""


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
        .where(ChangeRecord.block_id.in_(blocks), unsought(Amendment.declaration_id).in_(readable))
        .where(~Decision.undone_by.has())
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
    behind = set(db.scalars(sa.select(Endorsement.organisation_id).filter_by(recommendation_id=recommendation.id)))
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
    errors: Mapping[str, str]


class ConfirmAllPage(Page, frozen=True, kw_only=True):
    count: int
    query: str
    back: str


class PairsPage(Page, frozen=True, kw_only=True):
    pairs: list[SimilarPair]
    total: int


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


def _settled_again(work: Work, *, forum: str, form: SettleForm, refusal: Invalid) -> Response[str]:
    """The page that the form came from, with what was ticked and written, and what is wrong with it."""
    numbers = form.numbers()
    if len(numbers) == 1 and form.back == work.url_for("recommendation", forum=forum, number=numbers[0]):
        return RecommendationPages.recommendation.again(work=work, forum=forum, number=numbers[0], refusal=refusal)
    with work.reading() as db:
        settings, errors = dict(parse_qsl(urlsplit(form.back).query)), field_errors(work, refusal)
        context = register(db, forum, work=work, settings=settings, ticked=numbers, reason=form.reason, errors=errors)
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


def _searched(work: Work, data: ViewForm) -> str:
    """The address of the search that is shown."""
    return work.url_from_here("recommendations") + (f"?{data.query}" if data.query else "")


def _view_refused(work: Work, *, form: ViewForm, refusal: Invalid, **_: Any) -> Redirect:
    return redirect(work, _searched(work, form), said=sentence(refusal, work.messages))


def _paragraphs(text: str) -> list[str]:
    """A text that is pasted with empty lines between its parts is several recommendations."""
    parts = [" ".join(part.split()) for part in text.replace("\r\n", "\n").split("\n\n")]
    return [part for part in parts if part] or [""]


class RecommendationPages(Controller):
    """Recommendations of a forum."""

    path = "/{forum:str}/recommendations"

    @shows("recommendations/register.html", name="recommendations", policy="recommendation.read")
    def recommendations(self, db: Db, work: Work, forum: Slug) -> RegisterPage:
        """The register; the filters are the names of `RegisterFilters`, as `?words=` and `?went=`."""
        return register(db, forum, work=work, settings=dict(work.request.query_params.items()))

    @takes(again=_settled_again, name="settle_recommendations", policy="recommendation.confirm_merge", status_code=200)
    def settle(self, db: Db, work: Work, forum: InForum, data: FormBody[SettleForm]) -> Done | Shown:
        """Do something with what was ticked, or confirm every proposal that fits, once it was said how many."""
        if data.act == CONFIRM_ALL and (unconfirmed := _unconfirmed_count(db, forum.slug, data, work)):
            return Shown("recommendations/confirm_all.html", unconfirmed)
        service = RecommendationService(db)
        said = _said(work, data, _settle(service, forum, data, work))
        undo = "undo_settlement" if service.settlement_id else ""
        undo_at = {"settlement_id": service.settlement_id}
        return Done("recommendations", said, back=data.back, undo=undo, undo_at=undo_at)

    @takes(
        "/settlements/{settlement_id:uuid}",
        again=said_at("recommendations"),
        name="undo_settlement",
        policy="recommendation.confirm_merge",
    )
    def undo(self, db: Db, work: Work, actor: Actor, forum: InForum, settlement_id: PathId) -> Done:
        """Let what was settled at once stand as before."""
        count = len(RecommendationService(db).undo(forum, settlement_id, actor=actor))
        said = work.messages.ngettext("%(n)s recommendation restored.", "%(n)s recommendations restored.", count)
        return Done("recommendations", said)

    @shows("recommendations/new.html", "/new", name="new_recommendation", policy="recommendation.submit")
    def new(
        self, db: Db, work: Work, found: FrameInForum, form: SubmitForm | None = None, refusal: Invalid | None = None
    ) -> SubmitPage:
        """The form to send a recommendation in."""
        policy.ensure_may_submit(work.actor, found.forum)
        own = (db.get(Organisation, key) for key in policy.spoken_for(work.actor, found.forum))
        return SubmitPage(
            place=header(db, found, work=work),
            here="recommendations",
            form=form or SubmitForm(said_in=work.language.value),
            languages=tuple(language.value for language in LANGUAGES),
            organisations=[(str(organisation.id), organisation.name) for organisation in own if organisation],
            errors=field_errors(work, refusal),
        )

    @takes(
        "/new",
        again=new,
        name="submit_recommendation",
        policy="recommendation.submit",
        status_code=200,
    )
    def submit(self, db: Db, work: Work, actor: Actor, forum: InForum, data: FormBody[SubmitForm]) -> Done:
        """Send recommendations in, one for each paragraph of the text."""
        said_in = data.said_in if data.said_in in LANGUAGES else "und"
        said = [VerbatimStatement(text, said_in, data.section.strip()) for text in _paragraphs(data.text)]
        organisation_id = id_or_none(data.organisation)
        if data.organisation and organisation_id is None:
            raise Invalid(field="organisation", reason="not_yours")
        made = RecommendationService(db).submit(forum, said, organisation_id=organisation_id, actor=actor)
        single, several = "%(n)s recommendation to be confirmed.", "%(n)s recommendations to be confirmed."
        return Done("recommendation", work.messages.ngettext(single, several, len(made)), at={"number": made[0].number})

    @shows("recommendations/pairs.html", "/pairs", name="resemblances", policy="recommendation.confirm_merge")
    def pairs(self, db: Db, work: Work, actor: Actor, found: FrameInForum) -> PairsPage:
        """Recommendations that say nearly the same, side by side."""
        pairs = near_duplicates.resemblances(db, found.forum, actor=actor, limit=_PAIRS)
        return PairsPage(
            place=header(db, found, work=work),
            here="recommendations",
            pairs=[shown_pair(pair, found.forum, work) for pair in pairs],
            total=near_duplicates.open_pairs(db, found.forum),
        )

    @takes("/pairs", again=said_at("resemblances"), name="settle_pair", policy="recommendation.confirm_merge")
    def settle_pair(self, db: Db, work: Work, actor: Actor, forum: InForum, data: FormBody[PairForm]) -> Done:
        """Put two together, or keep them apart for good."""
        service, say = RecommendationService(db), work.messages.gettext
        if data.act == MERGE:
            service.merge(forum, data.first, [data.second], actor=actor)
            said = say("Merged under number %(number)s; both texts are kept.", number=data.first)
            undo_at = {"settlement_id": service.settlement_id}
            return Done("resemblances", said, back=data.back, undo="undo_settlement", undo_at=undo_at)
        first, second = service.chosen(forum, [data.first, data.second])
        near_duplicates.dismiss_pair(db, forum, first.id, second.id, actor=actor)
        return Done("resemblances", say("Kept apart; they are not shown together again."), back=data.back)

    @takes("/views", again=_view_refused, name="save_view", policy="recommendation.read")
    def save_view(self, db: Db, work: Work, actor: Actor, forum: InForum, data: FormBody[ViewForm]) -> Done:
        """Keep the search that is shown under a name, or forget one."""
        views, say = ViewService(db), work.messages.gettext
        if not data.remove:
            views.save(forum, name=data.name, query=data.query, is_shared=bool(data.is_shared), actor=actor)
            return Done("recommendations", say("Search saved."), back=_searched(work, data))
        views.remove(chosen_id(data.remove, "remove"), actor=actor)
        return Done("recommendations", say("Search removed."), back=_searched(work, data))

    @shows("recommendations/recommendation.html", "/{number:int}", name="recommendation", policy="recommendation.read")
    def recommendation(
        self,
        *,
        db: Db,
        work: Work,
        found: FrameInForum,
        number: FromPath[int],
        form: TextForm | None = None,
        refusal: Invalid | None = None,
    ) -> RecommendationPage:
        """One recommendation and what became of it."""
        where, actor = found.forum, work.actor
        policy.ensure_may_read(actor, where)
        service = RecommendationService(db)
        recommendation = service.numbered(where, number, actor=actor)
        trails = RecommendationUsage.of(db, where, actor)
        [line] = register_rows(db, where, [recommendation.id], trails, work)
        may_settle = policy.may_settle(actor, where, recommendation)
        pairs = (
            near_duplicates.resemblances(db, where, actor=actor, of=recommendation.id, limit=5) if may_settle else []
        )
        trace = db.get(Trace, recommendation.id)
        whole = db.get(Recommendation, trace.came_from_id) if trace and trace.came_from_id else None
        return RecommendationPage(
            place=header(db, found, work=work),
            here="recommendations",
            line=line,
            theme_ids=[str(theme.id) for theme in ThemeService(db).of([recommendation.id]).get(recommendation.id, ())],
            became=_became(db, line.went, trails, work),
            rulings=_rulings(db, service, recommendation, where),
            merged=_merged(db, recommendation, work),
            endorsers=_endorsers(db, recommendation),
            voices=_voices(db, recommendation, where, work),
            pairs=[shown_pair(pair, where, work) for pair in pairs],
            themes=themes_to_choose(db, where, work) if may_settle else (),
            places=_places(db, recommendation, trails, work),
            contribution=_contribution(recommendation, where, work),
            wording=(form and form.text) or recommendation.text,
            original=trace.original if trace and trace.original != recommendation.text else "",
            came_from=whole.number if whole else None,
            may_settle=may_settle,
            may_see_where=bool(trails.declarations),
            name_declarations=len(trails.declarations) > 1,
            errors=field_errors(work, refusal),
        )

    @takes(
        "/{number:int}/text",
        again=recommendation,
        name="edit_recommendation",
        policy="recommendation.confirm_merge",
        status_code=200,
    )
    def edit(
        self, *, db: Db, work: Work, actor: Actor, forum: InForum, number: FromPath[int], data: FormBody[TextForm]
    ) -> Done:
        """Give it other words; where empty lines part them, it becomes as many."""
        service, parts = ReviewService(db), _paragraphs(data.text)
        item = service.register.numbered(forum, number, actor=actor)
        if len(parts) > 1:
            made = [str(part.number) for part in service.divide(item, parts, actor=actor)]
            numbers = work.messages.listed(made)
            said = work.messages.gettext("Divided into recommendations %(numbers)s.", numbers=numbers)
        else:
            service.reword(item, data.text, actor=actor)
            said = work.messages.gettext("Recommendation %(number)s changed.", number=number)
        return Done("recommendation", said)

    @takes("/{number:int}/endorsement", name="endorse_recommendation", policy="recommendation.submit")
    def endorse(
        self,
        *,
        db: Db,
        work: Work,
        actor: Actor,
        forum: InForum,
        number: FromPath[int],
        data: FormBody[EndorsementForm],
    ) -> Done:
        """Stand behind a recommendation for one's organisation, or no longer."""
        service, say = RecommendationService(db), work.messages.gettext
        found = service.numbered(forum, number, actor=actor)
        act = service.withdraw_endorsement if data.act == "withdraw" else service.endorse
        act(found, organisation_id=data.organisation, actor=actor)
        is_over = data.act == "withdraw"
        return Done(
            "recommendation", say("Endorsement withdrawn.") if is_over else say("Endorsed by your organisation.")
        )
