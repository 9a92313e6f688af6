"""What takes two people about a declaration: who may ask for it, confirm it, and take it back or decline it."""

from collections.abc import Mapping
from uuid import UUID

from workspace.approvals.models import ApprovalRequest, Matter
from workspace.approvals.service import LogKinds, Rule
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotAllowed
from workspace.core.events import ConfirmationRequested, RequestDeclined, publish
from workspace.core.security.conditions import Case, Condition
from workspace.core.storage.db import Db
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import ensure_may, ensure_may_ask, may_ask, may_do
from workspace.declarations.domain.service import DeclarationService
from workspace.people.service import PeopleService

_ANOTHER = frozenset({Condition.NOT_AUTHOR, Condition.SECOND_PERSON})


class DeclarationRule(Rule[Declaration], frozen=True, kw_only=True):
    """A matter of a declaration. Asking needs the right to `action`, confirming that to `confirming`.

    Of one that is `is_about_text`, another text voids the request.
    """

    confirming: str = "request.confirm"
    is_about_text: bool = False

    def lock(self, db: Db, subject: Declaration) -> Declaration:
        return DeclarationService(db).lock(subject.id)

    def subject_ids(self, subject: Declaration) -> Mapping[str, UUID]:
        return {"forum_id": subject.forum_id, "declaration_id": subject.id}

    def ensure_may_ask(self, actor: Actor, subject: Declaration) -> None:
        ensure_may_ask(actor, self.action, subject)

    def may_confirm(self, actor: Actor, subject: Declaration, request: ApprovalRequest) -> bool:
        """Whether they can be the second person; an operator, who is nobody, cannot."""
        return actor.person_id is not None and may_do(actor, self.confirming, subject, _case(request, actor))

    def ensure_may_confirm(self, db: Db, actor: Actor, subject: Declaration, request: ApprovalRequest) -> None:
        """Whoever asked cannot confirm, and must still have the right to ask."""
        if not self.may_confirm(actor, subject, request):
            if may_do(actor, self.confirming, subject, given=_ANOTHER):
                raise Invalid(field="actor", reason="second_person")
            raise NotAllowed(action=self.confirming)
        if request.requested_by_id is not None:
            asked_by = PeopleService(db).actor(request.requested_by_id)
            ensure_may(asked_by, self.action, subject, _case(request, actor))

    def may_end(self, actor: Actor, subject: Declaration, request: ApprovalRequest) -> bool:
        """Whoever may ask, and whoever may confirm."""
        return self.may_confirm(actor, subject, request) or may_ask(actor, self.action, subject)

    def valid(self, db: Db, subject: Declaration, requests: list[ApprovalRequest]) -> list[ApprovalRequest]:
        """Without what was asked before a newer revision, or before a text was saved since."""
        if not self.is_about_text:
            return requests
        named = [request for request in requests if request.revision_id == subject.head_id]
        return named if named and DeclarationService(db).is_pinned(subject) else []

    def announce(self, db: Db, request: ApprovalRequest, actor: Actor) -> None:
        if request.declaration_id is not None:
            publish(db, ConfirmationRequested(request.declaration_id, self.matter.value, actor))

    def announce_declined(self, db: Db, subject: Declaration, request: ApprovalRequest, actor: Actor) -> None:
        if request.requested_by_id is not None:
            publish(db, RequestDeclined(subject.id, self.matter.value, request.requested_by_id, actor))


def _case(request: ApprovalRequest, actor: Actor) -> Case:
    people = frozenset(id_ for id_ in (request.requested_by_id, actor.person_id) if id_)
    asked_by = frozenset({request.requested_by_id} if request.requested_by_id else ())
    return Case(authors=asked_by, people=people, reason=request.reason or None)


ADOPTION = DeclarationRule(
    matter=Matter.ADOPTION,
    kinds=LogKinds("adoption.requested", "adoption.dropped", "adoption.declined", "adoption.confirmed"),
    action="phase.to_adoption_or_published",
    is_about_text=True,
)
EMBARGO = DeclarationRule(
    matter=Matter.EMBARGO,
    kinds=LogKinds("embargo.requested", "embargo.dropped", "embargo.declined", "embargo.confirmed"),
    action="embargo.change",
)
