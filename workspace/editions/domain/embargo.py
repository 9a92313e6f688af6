"""Editions that are confirmed now and come out at an appointed time, to the second person's word.

Until then the finished files are kept apart from everything that is published (`SealedEdition`), the text stands
still, and it is under embargo: nobody reads of it who could not before. The worker puts it out. To move the time,
or to break the seal, the chair and a second person agree again.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from workspace.approvals.models import ApprovalRequest, Outcome
from workspace.approvals.service import ApprovalService
from workspace.core import clock
from workspace.core.actor import CALENDAR, Actor
from workspace.core.errors import Invalid, existing
from workspace.core.security.conditions import Case
from workspace.core.security.permissions import Phase
from workspace.core.storage import log
from workspace.core.storage.db import Db, new_id
from workspace.declarations.domain.calendar import GivenMoment
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import ensure_not_sealed, may_do
from workspace.declarations.domain.service import ServiceOnDeclarations
from workspace.editions.domain.edition_store import EditionIssue, issue_edition, media_type, sha256
from workspace.editions.domain.models import Edition, SealedEdition, SealedFile
from workspace.editions.domain.policy import RELEASE
from workspace.editions.domain.publication import EditionService, Prepared, appointed
from workspace.people.service import PeopleService


class EmbargoService(ServiceOnDeclarations):
    """Sealing an edition, moving its time, and putting it out."""

    def __init__(self, db: Db) -> None:
        super().__init__(db)
        self.approvals = ApprovalService(db)

    def sealed(self, declaration: Declaration) -> SealedEdition | None:
        """The edition that waits for its time."""
        return self.db.get(SealedEdition, declaration.id)

    def seal(
        self, declaration_id: UUID, prepared: Prepared, *, actor: Actor, release: str = "", zone: str = ""
    ) -> SealedEdition:
        """Confirm the publication as the second person, for the time that was asked for; a `release` must name it.

        One of the two is a chair. Raises what publishing does, and `Invalid` for a time that has passed meanwhile.
        """
        declaration = self.declarations.lock(declaration_id)
        ensure_not_sealed(declaration)
        declaration, what, terms = EditionService(self.db).confirmed(
            declaration_id, prepared, actor=actor, is_sealed=True
        )
        moment = terms.release
        if moment is None or moment.at <= clock.now():
            raise Invalid(field="release", reason="in_the_past")
        if release.strip() and appointed(declaration, release, zone)[0].at != moment.at:
            raise Invalid(field="release", reason="not_as_asked")
        self._ensure_chair(declaration, (what.requested_by_id, what.published_by_id))
        sealed = SealedEdition(
            declaration=declaration,
            edition_id=new_id(),
            revision_id=what.revision_id,
            number=what.number,
            adopted_on=what.adopted_on,
            fingerprint=what.fingerprint,
            manifest_sha256=what.manifest_sha256,
            requested_by_id=what.requested_by_id,
            confirmed_by_id=what.published_by_id,
            sealed_at=clock.now(),
            release_at=moment.at,
            release_offset=moment.offset,
            zone=terms.zone,
            was_embargoed=declaration.is_embargoed,
            files=[
                SealedFile(name=name, media_type=media_type(name), sha256=sha256(content), content=content)
                for name, content in what.files.items()
            ],
        )
        self.db.add(sealed)
        declaration.releases_at, declaration.is_embargoed = moment.at, True
        self._record("edition.sealed", sealed, actor=actor, fingerprint=what.fingerprint, **_facts(sealed, moment))
        return sealed

    def release(self, declaration_id: UUID) -> Edition | None:
        """Put the edition out whose time has come; None where it has not, or somebody else did it."""
        declaration = self.declarations.lock(declaration_id)
        sealed = self.sealed(declaration)
        if sealed is None or sealed.release_at > clock.now():
            return None
        return self._put_out(declaration, sealed, actor=CALENDAR)

    # Moving the time, or breaking the seal

    def release_request(self, declaration: Declaration) -> ApprovalRequest | None:
        """The change that waits for a second person."""
        return self.approvals.open_request(RELEASE, declaration)

    def ask(self, declaration: Declaration, *, release: str, zone: str = "", actor: Actor) -> SealedEdition:
        """Ask a second person to confirm another time; without one, that the seal is broken and nothing comes out.

        Raises `NotFound` where nothing is sealed.
        """
        declaration = self.declarations.lock(declaration.id)
        sealed = self._pending(declaration)
        RELEASE.ensure_may_ask(actor, declaration)
        moment = appointed(declaration, release, zone or sealed.zone)[0] if release.strip() else None
        details = {**_facts(sealed, moment), "offset": moment.offset if moment else None}
        self.approvals.ask(RELEASE, declaration, actor=actor, details=details)
        return sealed

    def confirm(self, declaration: Declaration, *, actor: Actor) -> None:
        """Confirm, as the second person, what was asked; it is done at once. Raises `NotFound` where nothing was."""
        declaration = self.declarations.lock(declaration.id)
        sealed = self._pending(declaration)
        request = self.approvals.confirm(RELEASE, declaration, actor=actor)
        self.approvals.end(request, Outcome.CONFIRMED, actor=actor)
        moment = requested_moment(request)
        if moment is None:
            self._record("edition.unsealed", sealed, actor=actor, **_facts(sealed, None))
            self._unlock(declaration, sealed)
            return
        sealed.release_at, sealed.release_offset = moment.at, moment.offset
        declaration.releases_at = moment.at
        self._record("edition.release_moved", sealed, actor=actor, **_facts(sealed, moment))

    # Parts

    def _pending(self, declaration: Declaration) -> SealedEdition:
        return existing(self.sealed(declaration), "sealed_edition", declaration.slug)

    def _put_out(self, declaration: Declaration, sealed: SealedEdition, *, actor: Actor) -> Edition:
        what = EditionIssue(
            id=sealed.edition_id,
            revision_id=sealed.revision_id,
            number=sealed.number,
            adopted_on=sealed.adopted_on,
            fingerprint=sealed.fingerprint,
            files={file.name: file.content for file in sealed.files},
            requested_by_id=sealed.requested_by_id,
            published_by_id=sealed.confirmed_by_id,
        )
        self._unlock(declaration, sealed)
        edition = issue_edition(self.db, declaration, what, actor=actor)
        self.declarations.enter(declaration, Phase.PUBLISHED, actor=actor, by_itself=True)
        return edition

    def _unlock(self, declaration: Declaration, sealed: SealedEdition) -> None:
        declaration.releases_at, declaration.is_embargoed = None, sealed.was_embargoed
        if request := self.release_request(declaration):
            self.approvals.end(request, Outcome.VOID)
        self.db.delete(sealed)
        self.db.flush()

    def _ensure_chair(self, declaration: Declaration, people: Sequence[UUID]) -> None:
        """An embargo is the chair's: one of the two has to be one."""
        case = Case(people=frozenset(people))
        actors = (PeopleService(self.db).actor(person) for person in people)
        if not any(may_do(actor, RELEASE.action, declaration, case) for actor in actors):
            raise Invalid(field="release", reason="takes_a_chair")

    def _record(self, kind: str, sealed: SealedEdition, *, actor: Actor, **facts: str | None) -> None:
        self.db.flush()
        declaration = sealed.declaration
        log.record_in(self.db, kind, declaration, actor=actor, **facts)


def requested_moment(request: ApprovalRequest) -> GivenMoment | None:
    """The time that is asked for; None where the seal is to be broken."""
    at = request.details["release_at"]
    return GivenMoment(datetime.fromisoformat(at), request.details["offset"]) if at else None


def due_releases(db: Db) -> list[UUID]:
    """The declarations whose edition is to come out now."""
    return list(db.scalars(sa.select(SealedEdition.declaration_id).where(SealedEdition.release_at <= clock.now())))


def _facts(sealed: SealedEdition, moment: GivenMoment | None) -> dict[str, str | None]:
    return {
        "edition": str(sealed.edition_id),
        "revision": str(sealed.revision_id),
        "manifest": sealed.manifest_sha256,
        "release_at": moment.at.isoformat() if moment else None,
    }
