"""Where somebody reads what became of what they said: every forum they spoke in, on one page of their account."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from msgspec import Struct

from workspace.accounts.doorway import OWN, signed_in
from workspace.core.db import Db
from workspace.desk.contributors import Contributor, sent_in_by
from workspace.people.models import Forum, Mandate, Organisation
from workspace.recommendations.models import Endorsement, Recommendation, Standing
from workspace.recommendations.policy import may_read
from workspace.sessions.models import Session
from workspace.web.pages import Page, page
from workspace.web.services import Work


class ForumOfMine(Struct, frozen=True):
    """A forum, and the pages that say what became of one's words there."""

    name: str
    pages: Sequence[Contributor]


class OwnContributionsPage(Page, frozen=True, kw_only=True):
    forums: Sequence[ForumOfMine]


class OwnContributionPages(Controller):
    """What became of what I said."""

    path = "/account/contributions"

    @get(name="own_contributions", opt=OWN, sync_to_thread=True)
    def own_contributions(self, work: NamedDependency[Work]) -> Response[str]:
        """Each forum with the pages about oneself, one's organisation, and the sessions one reported from."""
        actor = work.actor if work.actor.person_id else signed_in(work).actor
        with work.reading() as db:
            found = [
                ForumOfMine(forum.name.said_in(work.language), pages)
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
        released = Recommendation.standing == Standing.CONFIRMED
        count = db.scalar(sa.select(sa.func.count()).where(here, said, released)) or 0
        if count:
            href = work.url_for("organisation_contribution", forum=forum.slug, organisation_id=organisation.id)
            yield Contributor(organisation.name, "", href, count)
    counted = sa.select(Session, sa.func.count()).join(Recommendation, Recommendation.session_id == Session.id)
    reported = counted.where(here, Session.rapporteur_id == person_id).group_by(Session.id).order_by(Session.number)
    for session, count in db.execute(reported):
        href = work.url_for("session_contribution", forum=forum.slug, session_id=session.id)
        yield Contributor(session.title, session.language, href, count)
