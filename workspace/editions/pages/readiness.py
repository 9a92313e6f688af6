"""Readiness, preview, and publication by two people."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import TypedDict, Unpack

from litestar import Controller, Response
from msgspec import Struct
from msgspec.structs import replace

from drafts.base.errors import UnknownBlock
from workspace.amendments.domain.models import Amendment
from workspace.amendments.service import AmendmentService
from workspace.approvals.models import ApprovalRequest
from workspace.approvals.service import ApprovalService
from workspace.approvals.views import RequestView, request_view
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound, NotReady, Stale
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Db
from workspace.core.validation import known_id
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.reasons import GivenReasons
from workspace.declarations.frame import Frame, frame
from workspace.editions.checklist import SIGNS, Checklist, checklist
from workspace.editions.domain import policy
from workspace.editions.domain.edition_store import media_type
from workspace.editions.domain.embargo import EmbargoService
from workspace.editions.domain.overrides import OverrideService
from workspace.editions.domain.policy import PUBLICATION, RELEASE
from workspace.editions.domain.publication import EditionService, PublicationTerms, publication_terms
from workspace.editions.domain.queries import OVERRIDE
from workspace.editions.pages.apparatus import apparatus_tabs
from workspace.editions.pages.edition import as_file
from workspace.editions.pages.edition_view import PreviewGroup, preview_groups
from workspace.editions.pages.readiness_view import (
    OverrideForm,
    OverridesView,
    ReleaseForm,
    SealedView,
    chosen_obstacle,
    overrides_view,
    sealed_view,
)
from workspace.translations.domain.policy import may_follow
from workspace.translations.domain.queries import standings
from workspace.translations.pages.editor import FOLD_FROM
from workspace.translations.views.overview import Mark, TranslationLinks, Ways
from workspace.web import approvals
from workspace.web.approvals import DecliningForm, RefusalForm
from workspace.web.error_responses import STATUS
from workspace.web.http.guards import FOLLOW_THE_WORK
from workspace.web.http.request_context import FormBody, FromPath, Work
from workspace.web.http.routing import get, post
from workspace.web.i18n.marking import N_
from workspace.web.pages import Page, PageOrRedirect, field_errors, page, redirect
from workspace.web.refusals.sentences import worded
from workspace.web.shown_signs import HTML, with_signs_shown

PublicationRefusal = NotReady | Stale | Invalid | UnknownBlock


class DeclinedPublication(Struct, frozen=True):
    """That the last request for publication was declined, and why."""

    at: datetime
    reason: str


class PublicationRights(Struct, frozen=True):
    preview: bool
    request: bool
    publish: bool


class ReadinessPage(Page, frozen=True, kw_only=True):
    name: str
    reading: str
    translation: str
    history: str
    is_adoption: bool
    checklist: Checklist
    lapsing: Sequence[Amendment]  # of which the reader can say so
    signs: Sequence[Mark]  # those in the map that are not of a translation
    around: Sequence[tuple[str, str, bool]]  # the pages about what is printed around the text
    is_folded: bool
    publication_request: RequestView | None
    terms: PublicationTerms | None  # of what is asked for
    forum_place: str
    today: str
    last_refused: DeclinedPublication | None  # to those who may ask again
    rights: PublicationRights
    previews: Sequence[PreviewGroup]
    edition: str  # address of the latest edition, if there is one
    revision: str
    adopted_on: str
    errors: Mapping[str, str]
    refused: str
    overrides: OverridesView
    sealed: SealedView | None
    release: str  # as it was written
    zone: str
    chosen: str  # what an override was asked for, where it was refused, and its reason
    reason: str
    why: str  # a request was declined, where that was refused


class PublicationForm(Struct, frozen=True):
    """What is asked for: the day of adoption, and when it comes out, at once where there is no `release`.

    The second person confirms the request (its id) and the revision that they looked at.
    """

    adopted_on: str = ""
    release: str = ""
    zone: str = ""
    revision: str = ""
    request: str = ""


class EditionPages(Controller):
    """From the last blocker to the published files."""

    path = "/{forum:str}/{declaration:str}"

    @get("/readiness", name="readiness", policy=FOLLOW_THE_WORK)
    def readiness(self, ways: Ways) -> Response[str]:
        """What stops publication; when nothing does, the way to publish."""
        return answer_readiness(ways)

    @post("/readiness", name="request_publication", policy="edition.publish")
    def request(self, ways: Ways, data: FormBody[PublicationForm]) -> PageOrRedirect:
        """Ask for publication as the first of two people."""
        return _acted(ways, lambda db, found: _ask(db, found, data, ways.work.actor), form=data)

    @post("/readiness/withdrawal", name="drop_publication_request", policy="edition.publish")
    def drop_request(self, ways: Ways, data: FormBody[RefusalForm]) -> PageOrRedirect:
        """Take one's own request back, or decline the other person's with a reason."""

        def drop(db: Db, found: Declaration) -> str:
            is_declined = ApprovalService(db).withdraw(PUBLICATION, found, actor=ways.work.actor, reason=data.reason)
            return approvals.decline_message(is_declined=is_declined)

        return _acted(ways, drop, refusing=DecliningForm(PUBLICATION.matter.value, data.reason))

    @post("/readiness/publication", name="publish", policy="edition.publish")
    def publish(self, ways: Ways, data: FormBody[PublicationForm]) -> PageOrRedirect:
        """Confirm as the second person: make the files, freeze the text, close the declaration."""
        actor = ways.work.actor
        try:
            with ways.work.reading() as db:
                found, service = _frame(db, ways).declaration, EditionService(db)
                pending = service.pending(found)
                _ensure_seen(found, data, pending)
                prepared = service.prepare_requested(found, actor=actor)
                declaration_id, is_sealed = found.id, pending is not None and pending.details["release_at"] is not None
            with ways.work.writing() as db:
                if is_sealed:
                    EmbargoService(db).seal(declaration_id, prepared, actor=actor)
                    number = 0
                else:
                    number = EditionService(db).publish(declaration_id, prepared, actor=actor).number
        except (NotReady, Stale, Invalid, UnknownBlock) as refusal:
            return answer_readiness(ways, form=data, refusal=refusal)
        work = ways.work
        if not number:
            said = work.messages.gettext("Edition scheduled: it is published at its time.")
            return redirect(work, work.url_from_here("readiness"), said=said)
        said = work.messages.gettext("Edition %(number)s published; its text is final.", number=number)
        return redirect(work, work.url_from_here("edition", number=number), said=said)

    @get("/preview/{file:str}", name="preview", policy="edition.preview")
    def preview(self, ways: Ways, file: FromPath[str]) -> Response[bytes]:
        """A file of the edition to be, made from what is in force now; nothing is kept, and what deceives is shown."""
        with ways.work.reading() as db:
            found = _frame(db, ways)
            declaration, service = found.declaration, EditionService(db)
            adopted_on = _day(ways.work.request.query_params.get("on", "")) or service.day_of_adoption(declaration)
            content = service.preview(declaration, file, adopted_on=adopted_on, actor=ways.work.actor)
        media = media_type(file)
        if media == HTML:
            content = with_signs_shown(content.decode(), is_plain=True).encode()
        return as_file(file, media, content, {"Cache-Control": "no-store"})


def _frame(db: Db, ways: TranslationLinks) -> Frame:
    return frame(db, ways.forum, ways.declaration, work=ways.work, may=may_follow)


class Shown(TypedDict, total=False):
    """What a form held that was refused."""

    form: PublicationForm
    override: OverrideForm
    release: ReleaseForm
    refusing: DecliningForm | None


def _acted(ways: TranslationLinks, act: Callable[[Db, Declaration], str], **shown: Unpack[Shown]) -> PageOrRedirect:
    """Do something and say so; a refusal shows the page again with what was written."""
    _ = ways.work.actor  # asked before the unit of work opens
    try:
        with ways.work.writing() as db:
            said = act(db, _frame(db, ways).declaration)
    except (NotReady, Invalid, UnknownBlock) as refusal:
        return answer_readiness(ways, refusal=refusal, **shown)
    to = ways.work.url_for("readiness", forum=ways.forum, declaration=ways.declaration)
    return redirect(ways.work, to, said=ways.work.messages.gettext(said))


def _ask(db: Db, declaration: Declaration, form: PublicationForm, actor: Actor) -> str:
    day, when = _day(form.adopted_on), {"release": form.release, "zone": form.zone}
    if day is None and form.adopted_on.strip():
        raise Invalid(field="adopted_on", reason="not_a_day", given=form.adopted_on[:80])
    EditionService(db).request(declaration, actor=actor, adopted_on=day, **when)
    return N_("Publication requested. It needs a second approval.")


def _ensure_seen(declaration: Declaration, form: PublicationForm, pending: ApprovalRequest | None) -> None:
    """The second person confirms what they looked at, which may not be the last that was asked for."""
    if str(declaration.head_id) != form.revision or (pending and form.request and str(pending.id) != form.request):
        raise Stale(expected=form.revision, head=str(declaration.head_id))


def answer_readiness(
    ways: TranslationLinks,
    *,
    form: PublicationForm | None = None,
    override: OverrideForm | None = None,
    release: ReleaseForm | None = None,
    refusing: DecliningForm | None = None,
    refusal: PublicationRefusal | None = None,
) -> Response[str]:
    """The readiness page; with what was written, and what was wrong with it, where something was refused."""
    work = ways.work
    with work.reading() as db:
        context = _readiness_page(db, ways, form, override, refusal)
        if release is not None:
            context = replace(context, release=release.release, zone=release.zone)
        if refusing is not None and isinstance(refusal, Invalid):
            context = replace(context, errors=approvals.reason_errors(work, refusal, refusing.key), why=refusing.reason)
    status = 200
    if refusal is not None:
        status = next(STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS)
    return page(work, "editions/readiness.html", context, status=status)


def _readiness_page(
    db: Db,
    ways: TranslationLinks,
    form: PublicationForm | None,
    override: OverrideForm | None,
    refusal: PublicationRefusal | None,
) -> ReadinessPage:
    found, work, service = _frame(db, ways), ways.work, EditionService(db)
    declaration = found.declaration
    known = standings(db, declaration)
    listed = checklist(db, ways, declaration)
    kinds = {line.kind for paragraph in listed.paragraphs for line in paragraph.lines}
    request = service.pending(declaration)
    view = _request_view(request, work, found)
    is_out = declaration.phase in {Phase.PUBLISHED, Phase.ARCHIVED}
    may_be_one = policy.may_publish(work.actor, declaration)
    at = {"forum": ways.forum, "declaration": ways.declaration}
    may_publish = may_be_one and not listed.obstacles and declaration.releases_at is None
    day = form.adopted_on if form else service.day_of_adoption(declaration).isoformat()
    return ReadinessPage(
        place=found.place,
        here="readiness",
        name=declaration.name.said_in(work.language),
        reading=ways.reading(),
        translation=ways.overview(),
        history=work.url_for("history", **at),
        is_adoption=declaration.phase is Phase.ADOPTION,
        checklist=listed,
        lapsing=AmendmentService(db).lapsing(declaration, actor=work.actor),
        signs=list(dict.fromkeys(sign for kind, sign in SIGNS.items() if kind in kinds)),
        around=apparatus_tabs(work, ways.forum, ways.declaration, ""),
        is_folded=len(known) >= FOLD_FROM,
        publication_request=view,
        terms=publication_terms(request) if request else None,
        forum_place=found.forum.place.said_in(work.language),
        today=clock.today(found.forum.timezone).isoformat(),
        last_refused=_last_refused(db, found) if may_publish and view is None else None,
        rights=PublicationRights(
            preview=policy.may_preview(work.actor, declaration)
            and all(line.kind == "signatures" for line in listed.obstacles),
            request=may_publish and view is None,
            publish=may_publish and view is not None and not view.is_mine,
        ),
        previews=preview_groups(work, ways.forum, ways.declaration),
        edition=_latest(db, work, found),
        revision=str(declaration.head_id),
        adopted_on=day,
        errors=_errors(work, refusal),
        refused=_refused(work, refusal, form),
        sealed=None if is_out else sealed_view(db, work, found),
        release=form.release if form else "",
        zone=(form.zone if form else "") or found.forum.timezone,
        overrides=OverridesView() if is_out else overrides_view(db, work, found),
        chosen=override.what if override else "",
        reason=override.reason if override else "",
        why="",
    )


def _request_view(request: ApprovalRequest | None, work: Work, found: Frame) -> RequestView | None:
    if request is None:
        return None
    return request_view(PUBLICATION, found.declaration, request, actor=work.actor, local=found.forum.local)


def _last_refused(db: Db, found: Frame) -> DeclinedPublication | None:
    """None where the declaration has gone to another phase since."""
    declaration_id = found.declaration.id
    declined = ApprovalService(db).declined([declaration_id], PUBLICATION.matter)
    ended_at = declined[-1].ended_at if declined else None
    moved_at = GivenReasons(db, [declaration_id]).last_move(declaration_id) if ended_at else None
    if ended_at is None or (moved_at and ended_at < moved_at):
        return None
    return DeclinedPublication(found.forum.local(ended_at), declined[-1].answer)


def _latest(db: Db, work: Work, found: Frame) -> str:
    editions = EditionService(db).editions(found.declaration)
    if not editions or not policy.may_read_editions(work.actor, found.declaration):
        return ""
    place = found.place
    return work.url_for("edition", forum=place.forum, declaration=place.declaration, number=editions[0].number)


def _errors(work: Work, refusal: PublicationRefusal | None) -> Mapping[str, str]:
    if isinstance(refusal, Invalid) and refusal.facts.get("field") != "actor":
        return field_errors(work, refusal)
    return {}


def _refused(work: Work, refusal: PublicationRefusal | None, form: PublicationForm | None) -> str:
    if isinstance(refusal, Stale):
        said = N_("Not published: the text has changed; request again.")
    elif isinstance(refusal, Invalid) and refusal.facts.get("reason") == "second_person" and form is None:
        said = N_("You asked for this: somebody else has to confirm it.")
    elif isinstance(refusal, Invalid) and refusal.facts.get("reason") == "second_person":
        said = N_("Not published: your request needs a second approval.")
    elif isinstance(refusal, NotReady | UnknownBlock):
        said = N_("Not published: settle the points below first.")
    else:
        return ""
    return worded(refusal, work.messages.gettext(said))


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


RELEASE_ASKED = N_("It needs a second approval.")
RELEASE_CONFIRMED = N_("Changed and recorded.")
RELEASE_DROPPED = N_("Nothing changes: the time of publication stands.")
RELEASE_DECLINED = N_("Request declined; its author is notified.")


class EmbargoPages(Controller):
    """When a sealed edition comes out."""

    path = "/{forum:str}/{declaration:str}"

    @post("/readiness/release", name="change_release", policy=(RELEASE.action, "request.confirm"))
    def change_release(self, ways: Ways, data: FormBody[ReleaseForm]) -> PageOrRedirect:
        """Ask for another time, or that nothing comes out; confirm it; take it back, or decline it."""
        refusing = DecliningForm(RELEASE.matter.value, data.reason) if data.act == "drop" else None
        actor = ways.work.actor
        return _acted(
            ways, lambda db, found: _done(EmbargoService(db), found, data, actor), release=data, refusing=refusing
        )


def _done(service: EmbargoService, declaration: Declaration, form: ReleaseForm, actor: Actor) -> str:
    """Do what was asked, and say so."""
    match form.act:
        case "ask":
            if not form.release.strip():
                raise Invalid(field="release", reason="empty")
            service.ask(declaration, release=form.release, zone=form.zone, actor=actor)
            return RELEASE_ASKED
        case "break":
            service.ask(declaration, release="", actor=actor)
            return RELEASE_ASKED
        case "confirm":
            service.confirm(declaration, actor=actor)
            return RELEASE_CONFIRMED
        case "drop":
            is_declined = service.approvals.withdraw(RELEASE, declaration, actor=actor, reason=form.reason)
            return RELEASE_DECLINED if is_declined else RELEASE_DROPPED
        case _:
            raise NotFound(what="act", id=form.act)


class OverridePages(Controller):
    """Asking for an override, confirming it, taking it back."""

    path = "/{forum:str}/{declaration:str}"

    @post("/readiness/overrides", name="ask_for_override", policy="readiness.override")
    def ask_for_override(self, ways: Ways, data: FormBody[OverrideForm]) -> PageOrRedirect:
        """Ask a second person to let one thing go out as it is."""

        def ask(db: Db, found: Declaration) -> str:
            OverrideService(db).ask(
                found.id, chosen_obstacle(data.what, db, found), reason=data.reason, actor=ways.work.actor
            )
            return N_("Needs second approval, by the secretariat or another chair.")

        return _acted(ways, ask, override=data)

    @post("/readiness/overrides/confirmation", name="confirm_override", policy="request.confirm")
    def confirm_override(self, ways: Ways, data: FormBody[OverrideForm]) -> PageOrRedirect:
        """Confirm as the second person that it goes out as it is."""

        def confirm(db: Db, found: Declaration) -> str:
            OverrideService(db).confirm(found.id, known_id(data.id, "override"), actor=ways.work.actor)
            return N_("It no longer stops publication, unless its text changes.")

        return _acted(ways, confirm, override=data)

    @post("/readiness/overrides/withdrawal", name="drop_override", policy=("readiness.override", "request.confirm"))
    def drop_override(self, ways: Ways, data: FormBody[OverrideForm]) -> PageOrRedirect:
        """Take it back, or decline it."""

        def drop(db: Db, found: Declaration) -> str:
            actor, reason = ways.work.actor, data.reason
            is_declined = ApprovalService(db).withdraw(
                OVERRIDE, found, actor=actor, reason=reason, request_id=known_id(data.id, "override")
            )
            return approvals.decline_message(is_declined=is_declined)

        return _acted(ways, drop, refusing=DecliningForm(data.id, data.reason))
