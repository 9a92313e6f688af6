"""Where a text comes from and what became of what was said, in a browser."""

from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect
from msgspec import Struct

from workspace.core.errors import Invalid
from workspace.declarations import provenance
from workspace.declarations.models import ProvenanceKind
from workspace.declarations.service import DeclarationService
from workspace.desk.contributions import of_organisation, of_person, of_session, of_speaker
from workspace.desk.contributors import contributors
from workspace.desk.coverage import coverage
from workspace.people.service import PeopleService
from workspace.recommendations.service import RecommendationService
from workspace.web.pages import field_errors, page, redirect
from workspace.web.params import FromPath, URLEncodedBody
from workspace.web.services import Work

REMOVE = "remove"


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

    @get("/{declaration:str}/coverage", name="coverage", sync_to_thread=True, policy="provenance.read")
    def show_coverage(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
    ) -> Response[str]:
        """Paragraphs against the themes of `?list=`, and what is orphaned on either side."""
        chosen = work.request.query_params.get("list", "")
        with work.reading() as db:
            context = coverage(db, forum, declaration, chosen, work=work)
        return page(work, "desk/coverage.html", context)

    @post("/{declaration:str}/coverage", name="settle_link", sync_to_thread=True, policy="provenance.link")
    def settle_link(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[LookForm],
    ) -> Redirect:
        """Say that a link is still right, or take it away."""
        actor, say = work.actor, work.messages.gettext
        with work.writing() as db:
            if data.act == REMOVE:
                provenance.unlink(db, data.link, actor=actor)
            else:
                provenance.look(db, data.link, actor=actor)
        back = data.back or work.url_for("coverage", forum=forum, declaration=declaration)
        return redirect(
            work, back, said=say("The link is taken away.") if data.act == REMOVE else say("The link stays.")
        )

    @post("/recommendations/places", name="link_recommendation", sync_to_thread=True, policy="provenance.link")
    def link(self, work: NamedDependency[Work], forum: FromPath[str], data: URLEncodedBody[LinkForm]) -> Redirect:
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
            return redirect(work, back, said=" ".join(field_errors(work, refusal).values()))
        return redirect(work, back, said=say("The link is made."))

    @get("/contributions", name="contributors", sync_to_thread=True, policy="recommendation.read")
    def list_contributors(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[str]:
        """Everybody who said something, to read what became of it."""
        with work.reading() as db:
            context = contributors(db, forum, work=work)
        return page(work, "recommendations/contributors.html", context)

    @get(
        "/contributions/people/{person_id:uuid}",
        name="person_contribution",
        sync_to_thread=True,
        policy="recommendation.read",
    )
    def person_contribution(
        self, work: NamedDependency[Work], forum: FromPath[str], person_id: FromPath[UUID]
    ) -> Response[str]:
        """What became of what somebody sent in for themselves."""
        with work.reading() as db:
            context = of_person(db, forum, person_id, work=work)
        return page(work, "recommendations/contribution.html", context)

    @get(
        "/contributions/speakers/{speaker:str}",
        name="speaker_contribution",
        sync_to_thread=True,
        policy="recommendation.read",
    )
    def speaker_contribution(
        self, work: NamedDependency[Work], forum: FromPath[str], speaker: FromPath[str]
    ) -> Response[str]:
        """What became of what was said where somebody spoke."""
        with work.reading() as db:
            context = of_speaker(db, forum, speaker, work=work)
        return page(work, "recommendations/contribution.html", context)

    @get(
        "/contributions/sessions/{session_id:uuid}",
        name="session_contribution",
        sync_to_thread=True,
        policy="recommendation.read",
    )
    def session_contribution(
        self, work: NamedDependency[Work], forum: FromPath[str], session_id: FromPath[UUID]
    ) -> Response[str]:
        """What became of what a session said."""
        with work.reading() as db:
            context = of_session(db, forum, session_id, work=work)
        return page(work, "recommendations/contribution.html", context)

    @get(
        "/contributions/organisations/{organisation_id:uuid}",
        name="organisation_contribution",
        sync_to_thread=True,
        policy="recommendation.read",
    )
    def organisation_contribution(
        self, work: NamedDependency[Work], forum: FromPath[str], organisation_id: FromPath[UUID]
    ) -> Response[str]:
        """What became of what an organisation sent in or stands behind."""
        with work.reading() as db:
            context = of_organisation(db, forum, organisation_id, work=work)
        return page(work, "recommendations/contribution.html", context)
