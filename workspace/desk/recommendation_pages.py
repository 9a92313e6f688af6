"""The register in a browser: finding, settling, sending in, standing behind, and putting together what is the same."""

from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect
from msgspec import Struct, field

from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import Invalid
from workspace.declarations.frame import header
from workspace.desk.recommendation import recommendation_page
from workspace.desk.register import Pair, register, shown_pair
from workspace.people.frame import forum_frame
from workspace.people.models import Forum, Organisation
from workspace.people.service import PeopleService
from workspace.recommendations import policy, resembling
from workspace.recommendations.models import Outcome, Standing
from workspace.recommendations.service import RecommendationService, Said
from workspace.recommendations.themes import ThemeService
from workspace.recommendations.views import ViewService
from workspace.web.i18n import LANGUAGES, N_
from workspace.web.pages import Page, field_errors, page, redirect
from workspace.web.params import FromPath, URLEncodedBody
from workspace.web.services import Work

CONFIRM, DROP, CONFIRM_ALL, RULE, THEME, UNTHEME = "confirm", "drop", "confirm_all", "rule", "theme", "untheme"
MERGE, KEEP_APART = "merge", "keep_apart"
_PAIRS = 20  # shown at once
_RULED = {
    Outcome.OPEN: N_("What becomes of it is open again."),
    Outcome.TAKEN_UP: N_("It is noted as taken up."),
    Outcome.PARTLY: N_("It is noted as taken up in part, with the reason."),
    Outcome.DECLINED: N_("It is noted as declined, with the reason."),
}


class SettleForm(Struct, frozen=True):
    """The recommendations that were ticked, what to do with them, and the page to come back to."""

    act: str = ""
    number: list[int] | int = field(default_factory=list)  # one that is ticked alone comes as a number
    back: str = ""
    outcome: str = ""
    reason: str = ""
    theme: str = ""

    def numbers(self) -> list[int]:
        return self.number if isinstance(self.number, list) else [self.number]

    def themes(self) -> list[UUID]:
        """Raises `Invalid` where none was chosen."""
        try:
            return [UUID(self.theme)]
        except ValueError as error:
            raise Invalid(field="theme", reason="required") from error


class SubmitForm(Struct, frozen=True):
    text: str = ""
    said_in: str = ""
    section: str = ""
    organisation: str = ""


class VoiceForm(Struct, frozen=True):
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


class PairsPage(Page, frozen=True, kw_only=True):
    pairs: list[Pair]
    total: int


class RecommendationPages(Controller):
    """Recommendations of a forum."""

    path = "/{forum:str}/recommendations"

    @get(name="recommendations", sync_to_thread=True, policy="recommendation.read")
    def recommendations(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[str]:
        """The register; the filters are the names of `Filters`, as `?words=` and `?went=`."""
        with work.reading() as db:
            context = register(db, forum, work=work, settings=dict(work.request.query_params.items()))
        return page(work, "recommendations/register.html", context)

    @post(name="settle_recommendations", sync_to_thread=True, policy="recommendation.confirm_merge")
    def settle(self, work: NamedDependency[Work], forum: FromPath[str], data: URLEncodedBody[SettleForm]) -> Redirect:
        """Do something with what was ticked, or confirm every proposal."""
        back = data.back or work.url_for("recommendations", forum=forum)
        actor = work.actor
        try:
            with work.writing() as db:
                count = _settle(db, PeopleService(db).forum(forum), data, actor)
        except Invalid as refusal:
            return redirect(work, back, said=" ".join(field_errors(work, refusal).values()))
        return redirect(work, back, said=_said(work, data, count))

    @get("/new", name="new_recommendation", sync_to_thread=True, policy="recommendation.submit")
    def new(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[str]:
        """The form to send a recommendation in."""
        with work.reading() as db:
            context = _submit_page(db, forum, SubmitForm(said_in=work.language.value), {}, work)
        return page(work, "recommendations/new.html", context)

    @post("/new", name="submit_recommendation", sync_to_thread=True, policy="recommendation.submit", status_code=200)
    def submit(
        self, work: NamedDependency[Work], forum: FromPath[str], data: URLEncodedBody[SubmitForm]
    ) -> Response[str] | Redirect:
        """Send recommendations in, one for each paragraph of the text."""
        actor = work.actor
        try:
            with work.writing() as db:
                said = [Said(text, _language(data.said_in), data.section.strip()) for text in _paragraphs(data.text)]
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
        said_so = work.messages.gettext("Your recommendation is in the register. The secretariat will confirm it.")
        return redirect(work, work.url_for("recommendation", forum=forum, number=number), said=said_so)

    @get("/pairs", name="resemblances", sync_to_thread=True, policy="recommendation.confirm_merge")
    def pairs(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[str]:
        """Recommendations that say nearly the same, side by side."""
        actor = work.actor
        with work.reading() as db:
            found = forum_frame(db, forum, work=work)
            pairs = resembling.resemblances(db, found.forum, actor=actor, limit=_PAIRS)
            context = PairsPage(
                place=header(db, found, work=work),
                here="recommendations",
                pairs=[shown_pair(pair, found.forum, work) for pair in pairs],
                total=resembling.open_pairs(db, found.forum),
            )
        return page(work, "recommendations/pairs.html", context)

    @post("/pairs", name="settle_pair", sync_to_thread=True, policy="recommendation.confirm_merge")
    def settle_pair(
        self, work: NamedDependency[Work], forum: FromPath[str], data: URLEncodedBody[PairForm]
    ) -> Redirect:
        """Put two together, or keep them apart for good."""
        actor, say = work.actor, work.messages.gettext
        back = data.back or work.url_for("resemblances", forum=forum)
        try:
            with work.writing() as db:
                service, where = RecommendationService(db), PeopleService(db).forum(forum)
                if data.act == MERGE:
                    service.merge(where, data.first, [data.second], actor=actor)
                else:
                    first, second = service.chosen(where, [data.first, data.second])
                    resembling.dismiss(db, where, first.id, second.id, actor=actor)
        except Invalid as refusal:
            return redirect(work, back, said=" ".join(field_errors(work, refusal).values()))
        if data.act == MERGE:
            said = say("Both are one now, under number %(number)s. The words of both are kept.", number=data.first)
        else:
            said = say("They stay apart, and are not shown together again.")
        return redirect(work, back, said=said)

    @post("/views", name="save_view", sync_to_thread=True, policy="recommendation.read")
    def save_view(self, work: NamedDependency[Work], forum: FromPath[str], data: URLEncodedBody[ViewForm]) -> Redirect:
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
            known = [refusal] if isinstance(refusal, Invalid) else []
            return redirect(work, back, said=" ".join(field_errors(work, *known).values()))
        say = work.messages.gettext
        return redirect(work, back, said=say("The search is forgotten.") if data.remove else say("The search is kept."))

    @get("/{number:int}", name="recommendation", sync_to_thread=True, policy="recommendation.read")
    def recommendation(self, work: NamedDependency[Work], forum: FromPath[str], number: FromPath[int]) -> Response[str]:
        """One recommendation and what became of it."""
        with work.reading() as db:
            context = recommendation_page(db, forum, number, work=work)
        return page(work, "recommendations/recommendation.html", context)

    @post(
        "/{number:int}/endorsement",
        name="endorse_recommendation",
        sync_to_thread=True,
        policy="recommendation.submit",
    )
    def endorse(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        number: FromPath[int],
        data: URLEncodedBody[VoiceForm],
    ) -> Redirect:
        """Stand behind a recommendation for one's organisation, or no longer."""
        actor = work.actor
        with work.writing() as db:
            service = RecommendationService(db)
            found = service.numbered(PeopleService(db).forum(forum), number, actor=actor)
            act = service.withdraw_endorsement if data.act == "withdraw" else service.endorse
            act(found, organisation_id=data.organisation, actor=actor)
        say = work.messages.gettext
        said = (
            say("Your organisation no longer endorses it.")
            if data.act == "withdraw"
            else say("Your organisation endorses it.")
        )
        return redirect(work, work.url_for("recommendation", forum=forum, number=number), said=said)


def _settle(db: Db, forum: Forum, data: SettleForm, actor: Actor) -> int:
    service = RecommendationService(db)
    if data.act == CONFIRM_ALL:
        return len(service.confirm_all(forum, actor=actor))
    if data.act == RULE:
        outcome = Outcome(data.outcome) if data.outcome in set(_RULED) else Outcome.OPEN
        return len(service.rule(forum, data.numbers(), outcome, reason=data.reason, actor=actor))
    if data.act in {THEME, UNTHEME}:
        chosen = ThemeService(db).assign(forum, data.numbers(), data.themes(), is_on=data.act == THEME, actor=actor)
        return len(chosen)
    standing = Standing.DROPPED if data.act == DROP else Standing.CONFIRMED
    return len(service.settle(forum, data.numbers(), standing, actor=actor))


def _said(work: Work, data: SettleForm, count: int) -> str:
    messages = work.messages
    if not count:
        return messages.gettext("Nothing was changed: no recommendation was chosen.")
    if data.act == DROP:
        return messages.ngettext(
            "%(n)s recommendation is dropped. Its words are kept.",
            "%(n)s recommendations are dropped. Their words are kept.",
            count,
        )
    if data.act in {RULE, THEME, UNTHEME}:
        return messages.ngettext("%(n)s recommendation is changed.", "%(n)s recommendations are changed.", count)
    return messages.ngettext("%(n)s recommendation is confirmed.", "%(n)s recommendations are confirmed.", count)


def _submit_page(db: Db, forum_slug: str, form: SubmitForm, errors: dict[str, str], work: Work) -> SubmitPage:
    found = forum_frame(db, forum_slug, work=work)
    policy.ensure_may_submit(work.actor, found.forum)
    own = (db.get(Organisation, key) for key in policy.spoken_for(work.actor, found.forum))
    return SubmitPage(
        place=header(db, found, work=work),
        here="recommendations",
        form=form,
        languages=tuple(one.value for one in LANGUAGES),
        organisations=[(str(one.id), one.name) for one in own if one],
        errors=errors,
    )


def _paragraphs(text: str) -> list[str]:
    """A text that is pasted with empty lines between its parts is several recommendations."""
    parts = [" ".join(part.split()) for part in text.replace("\r\n", "\n").split("\n\n")]
    return [part for part in parts if part] or [""]


def _language(given: str) -> str:
    return given if given in set(LANGUAGES) else "und"
