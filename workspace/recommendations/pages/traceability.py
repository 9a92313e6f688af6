"""Where a text comes from and what became of what was said, in a browser."""

from collections.abc import Callable, Iterator, Sequence
from uuid import UUID

import sqlalchemy as sa
from litestar import Controller, Response
from litestar.response import Redirect
from msgspec import Struct

from workspace.accounts.form_support import OWN_ROUTE, require_sign_in
from workspace.core.errors import Invalid
from workspace.core.storage.db import Db
from workspace.declarations.domain import provenance
from workspace.declarations.domain.models import ProvenanceKind
from workspace.declarations.domain.service import DeclarationService
from workspace.people.models import Forum, Mandate, Organisation
from workspace.people.service import PeopleService
from workspace.recommendations.models import Endorsement, Recommendation, RecommendationStatus
from workspace.recommendations.pages.contributions import (
    ContributionPage,
    Contributor,
    contributors,
    organisation_contributions,
    person_contributions,
    sent_in_by,
    session_contributions,
    speaker_contributions,
)
from workspace.recommendations.pages.coverage import coverage
from workspace.recommendations.policy import may_read
from workspace.recommendations.service import RecommendationService
from workspace.sessions.models import Session
from workspace.web.http.request_context import CurrentWork, FromPath, Slug, URLEncodedBody, Work
from workspace.web.http.routing import get, post
from workspace.web.pages import Page, page, redirect
from workspace.web.refusals.sentences import sentence

REMOVE = "remove"
READ = "recommendation.read"


class LinkForm(Struct, frozen=True):
    """A recommendation and the paragraph that took it up: `place` is the declaration's slug and the block's id."""

    number: int
    place: str = ""
    kind: str = ""
    note: str = ""


class LookForm(Struct, frozen=True):
    link: UUID
    act: str = ""
    back: str = ""


class ProvenancePages(Controller):
    """Coverage, links, and what became of contributions."""

    path = "/{forum:str}"

    @get("/{declaration:str}/coverage", name="coverage", policy="provenance.read")
    def show_coverage(self, work: CurrentWork, forum: Slug, declaration: Slug) -> Response[str]:
        """Paragraphs against the themes of `?list=`, and what is orphaned on either side."""
        chosen = work.request.query_params.get("list", "")
        with work.reading() as db:
            context = coverage(db, forum, declaration, chosen, work=work)
        return page(work, "desk/coverage.html", context)

    @post("/{declaration:str}/coverage", name="settle_link", policy="provenance.link")
    def settle_link(
        self, work: CurrentWork, forum: Slug, declaration: Slug, data: URLEncodedBody[LookForm]
    ) -> Redirect:
        """Say that a link is still right, or take it away."""
        actor, say = work.actor, work.messages.gettext
        with work.writing() as db:
            if data.act == REMOVE:
                provenance.unlink(db, data.link, actor=actor)
            else:
                provenance.confirm_link(db, data.link, actor=actor)
        back = data.back or work.url_for("coverage", forum=forum, declaration=declaration)
        return redirect(work, back, said=say("Link removed.") if data.act == REMOVE else say("Link kept."))

    @post("/recommendations/places", name="link_recommendation", policy="provenance.link")
    def link(self, work: CurrentWork, forum: Slug, data: URLEncodedBody[LinkForm]) -> Redirect:
        """Say that a paragraph comes from a recommendation, or was weighed for it."""
        actor, say = work.actor, work.messages.gettext
        back = work.url_for("recommendation", forum=forum, number=data.number)
        slug, _, block = data.place.partition(" ")
        try:
            kind, block_id = ProvenanceKind(data.kind or "taken_up"), UUID(block)
        except ValueError:
            return redirect(work, back, said=say("Choose a paragraph first."))
        try:
            with work.writing() as db:
                where = PeopleService(db).forum(forum)
                declarations = DeclarationService(db)
                recommendation = RecommendationService(db).numbered(where, data.number, actor=actor)
                declarations.link(
                    declarations.at(where, slug),
                    block_id,
                    recommendation,
                    kind=kind,
                    note=data.note.strip(),
                    actor=actor,
                )
        except Invalid as refusal:
            return redirect(work, back, said=sentence(refusal, work.messages))
        return redirect(work, back, said=say("Link created."))

    @get("/contributions", name="contributors", policy=READ)
    def list_contributors(self, work: CurrentWork, forum: Slug) -> Response[str]:
        """Everybody who said something, to read what became of it."""
        with work.reading() as db:
            context = contributors(db, forum, work=work)
        return page(work, "recommendations/contributors.html", context)

    @get("/contributions/people/{person_id:uuid}", name="person_contribution", policy=READ)
    def person_contribution(self, work: CurrentWork, forum: Slug, person_id: FromPath[UUID]) -> Response[str]:
        """What became of what somebody sent in for themselves."""
        return _contribution(work, lambda db: person_contributions(db, forum, person_id, work=work))

    @get("/contributions/speakers/{speaker:str}", name="speaker_contribution", policy=READ)
    def speaker_contribution(self, work: CurrentWork, forum: Slug, speaker: FromPath[str]) -> Response[str]:
        """What became of what was said where somebody spoke."""
        return _contribution(work, lambda db: speaker_contributions(db, forum, speaker, work=work))

    @get("/contributions/sessions/{session_id:uuid}", name="session_contribution", policy=READ)
    def session_contribution(self, work: CurrentWork, forum: Slug, session_id: FromPath[UUID]) -> Response[str]:
        """What became of what a session said."""
        return _contribution(work, lambda db: session_contributions(db, forum, session_id, work=work))

    @get("/contributions/organisations/{organisation_id:uuid}", name="organisation_contribution", policy=READ)
    def organisation_contribution(
        self, work: CurrentWork, forum: Slug, organisation_id: FromPath[UUID]
    ) -> Response[str]:
        """What became of what an organisation sent in or stands behind."""
        return _contribution(work, lambda db: organisation_contributions(db, forum, organisation_id, work=work))


def _contribution(work: Work, made: Callable[[Db], ContributionPage]) -> Response[str]:
    with work.reading() as db:
        context = made(db)
    return page(work, "recommendations/contribution.html", context)


class OwnForum(Struct, frozen=True):
    """A forum, and the pages that say what became of one's words there."""

    name: str
    pages: Sequence[Contributor]


class OwnContributionsPage(Page, frozen=True, kw_only=True):
    forums: Sequence[OwnForum]


class OwnContributionPages(Controller):
    """What became of what I said."""

    path = "/account/contributions"

    @get(name="own_contributions", opt=OWN_ROUTE)
    def own_contributions(self, work: CurrentWork) -> Response[str]:
        """Each forum with the pages about oneself, one's organisation, and the sessions one reported from."""
        actor = work.actor if work.actor.person_id else require_sign_in(work).actor
        with work.reading() as db:
            found = [
                OwnForum(forum.name.said_in(work.language), pages)
                for forum in db.scalars(sa.select(Forum).order_by(Forum.slug))
                if may_read(actor, forum) and (pages := list(_pages(db, forum, work)))
            ]
            context = OwnContributionsPage(forums=found)
        return page(work, "accounts/contributions.html", context)


def _pages(db: Db, forum: Forum, work: Work) -> Iterator[Contributor]:
    """One's own page first, then those of one's organisations and of the sessions one reported from."""
    person_id = work.actor.person_id
    if person_id is None:
        return
    here = Recommendation.forum_id == forum.id
    mine = db.scalar(sa.select(sa.func.count()).where(here, sent_in_by(person_id))) or 0
    if mine:
        yield Contributor("", "", work.url_for("person_contribution", forum=forum.slug, person_id=person_id), mine)
    mandates = sa.select(Mandate.organisation_id).where(Mandate.forum_id == forum.id, Mandate.person_id == person_id)
    for organisation in db.scalars(
        sa.select(Organisation).where(Organisation.id.in_(mandates)).order_by(Organisation.name)
    ):
        behind = sa.select(Endorsement.recommendation_id).where(Endorsement.organisation_id == organisation.id)
        said = sa.or_(Recommendation.organisation_id == organisation.id, Recommendation.id.in_(behind))
        released = Recommendation.standing == RecommendationStatus.CONFIRMED
        count = db.scalar(sa.select(sa.func.count()).where(here, said, released)) or 0
        if count:
            href = work.url_for("organisation_contribution", forum=forum.slug, organisation_id=organisation.id)
            yield Contributor(organisation.name, "", href, count)
    counted = sa.select(Session, sa.func.count()).join(Recommendation, Recommendation.session_id == Session.id)
    reported = counted.where(here, Session.rapporteur_id == person_id).group_by(Session.id).order_by(Session.number)
    for session, count in db.execute(reported):
        href = work.url_for("session_contribution", forum=forum.slug, session_id=session.id)
        yield Contributor(session.title, session.language, href, count)
