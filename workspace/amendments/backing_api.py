"""Sponsoring and supporting amendments, as JSON."""

from uuid import UUID

from litestar import Controller, Response
from litestar.di import NamedDependency

from workspace.amendments import policy
from workspace.amendments.backing import BackingService
from workspace.amendments.backing_schemas import CosponsorshipIn, EligibleOut, EligiblesOut, InvitationsIn
from workspace.amendments.schemas import AmendmentOut
from workspace.declarations.api import opened
from workspace.people.models import Person
from workspace.web.api import DONE, answer, reads, removes, writes
from workspace.web.params import FromPath, JSONBody
from workspace.web.services import Work


class BackingApi(Controller):
    """Who stands behind one amendment."""

    path = "/api/amendments/{amendment_id:uuid}"
    tags = ("Amendments",)

    @writes("/cosponsors", 409, status=DONE, policy="amendment.cosponsor")
    def invite_cosponsors(
        self, work: NamedDependency[Work], amendment_id: FromPath[UUID], data: JSONBody[InvitationsIn]
    ) -> Response[AmendmentOut]:
        """Ask people to sponsor one's own amendment; whoever was asked already is not asked again."""
        actor = work.actor
        with work.writing() as db:
            return answer(
                AmendmentOut.of(
                    BackingService(db).invite(amendment_id, data.people, actor=actor), reader=actor.person_id
                )
            )

    @removes("/cosponsors/{person_id:uuid}", 409, policy="amendment.cosponsor")
    def take_back_invitation(
        self, work: NamedDependency[Work], amendment_id: FromPath[UUID], person_id: FromPath[UUID]
    ) -> None:
        """Take back an invitation that was not answered yet."""
        actor = work.actor
        with work.writing() as db:
            BackingService(db).take_back(amendment_id, person_id, actor=actor)

    @writes("/cosponsorship", 409, status=DONE, policy="amendment.cosponsor")
    def answer_invitation(
        self, work: NamedDependency[Work], amendment_id: FromPath[UUID], data: JSONBody[CosponsorshipIn]
    ) -> Response[AmendmentOut]:
        """Confirm or decline to sponsor an amendment that one was invited to."""
        actor = work.actor
        with work.writing() as db:
            found = BackingService(db).answer(amendment_id, confirms=data.confirms, actor=actor)
            return answer(AmendmentOut.of(found, reader=actor.person_id))

    @writes("/support", 409, status=DONE, policy="amendment.cosponsor")
    def support_amendment(self, work: NamedDependency[Work], amendment_id: FromPath[UUID]) -> Response[AmendmentOut]:
        """Support an amendment of somebody else, instead of filing the same a second time."""
        actor = work.actor
        with work.writing() as db:
            return answer(
                AmendmentOut.of(BackingService(db).support(amendment_id, actor=actor), reader=actor.person_id)
            )

    @removes("/support", 409, policy="amendment.cosponsor")
    def withdraw_support(self, work: NamedDependency[Work], amendment_id: FromPath[UUID]) -> None:
        """No longer support an amendment."""
        actor = work.actor
        with work.writing() as db:
            BackingService(db).withdraw_support(amendment_id, actor=actor)


class EligibleApi(Controller):
    """Who could sponsor amendments to one declaration."""

    path = "/api/declarations/{declaration_id:uuid}"
    tags = ("Amendments",)

    @reads("/possible-cosponsors", policy="amendment.propose")
    def list_possible_cosponsors(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID]
    ) -> Response[EligiblesOut]:
        """List those who may be invited to sponsor an amendment, by name; for whoever may file one."""
        actor = work.actor
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=actor, may=policy.may_propose)
            people = BackingService(db).eligible(declaration)
            items = [_eligible(one, declaration.forum_id) for one in people if one.id != actor.person_id]
            return answer(EligiblesOut(items=items))


def _eligible(person: Person, forum_id: UUID) -> EligibleOut:
    held = (one.organisation for one in person.mandates if one.forum_id == forum_id and one.organisation)
    organisation = next(held, None)
    return EligibleOut(person_id=person.id, name=person.name, organisation=organisation.name if organisation else "")
