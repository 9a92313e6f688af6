"""A committee room: a declaration, its chair and two members, and the verbs in the fewest words."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from drafts.diff.amendments import Change
from drafts.merge.rebase import RebaseStatus
from drafts.text.blocks import Language
from tests.support import factories
from tests.support.prepared import prepared
from tests.support.texts import delete
from workspace.amendments.domain.models import DecisionOutcome, Disposition, Verdict
from workspace.amendments.domain.outcomes import Adoption, Ruling
from workspace.amendments.service import AmendmentService
from workspace.core.actor import Actor, Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Db, Store
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.service import DeclarationService

WATER = "Towns shall share clean water with their neighbours."
LIGHT = "Towns shall light every public path after dark."
SHADE = "Towns shall plant one tree for every child born."


@dataclass
class Room:
    """A declaration under review; amendments are called by their numbers, paragraphs by their places."""

    store: Store
    chair: Actor
    member: Actor
    other: Actor
    declaration: Declaration

    def block(self, place: int) -> str:
        with self.store.reading() as db:
            return str(queries.head_rows(db, self._in(db))[place].block_id)

    def texts(self, language: Language = Language.EN) -> list[str]:
        with self.store.reading() as db:
            return [row.content(language) for row in queries.head_rows(db, self._in(db))]

    def originals(self) -> list[Language]:
        with self.store.reading() as db:
            return [row.original_language for row in queries.head_rows(db, self._in(db))]

    def rows(self) -> list[queries.BlockRow]:
        with self.store.reading() as db:
            return queries.head_rows(db, self._in(db))

    def person(self, db, role: str) -> Actor:
        """Somebody else, in this role."""
        return factories.person(db, Role(role))

    def head(self):
        with self.store.reading() as db:
            return self._in(db).head_id

    def revisions(self) -> int:
        with self.store.reading() as db:
            return len(DeclarationService(db).revisions(self._in(db)))

    def propose(
        self,
        *changes: Change,
        by: Actor | None = None,
        language: Language = Language.EN,
        base: int | None = None,
        indivisible: bool = False,
    ) -> int:
        """File an amendment, against the head revision unless `base` names another; its number."""
        with self.store.writing() as db:
            declaration = self._in(db)
            filed = AmendmentService(db).propose(
                declaration.id,
                base_revision=base or declaration.head.number,
                language=language,
                changes=changes,
                reason="Because it is so.",
                actor=by or self.member,
                is_indivisible=indivisible,
            )
            return filed.number

    def propose_too(self, *changes: Change, by: Actor | None = None) -> int:
        """Ask for what somebody else asks for already: filed as another amendment, and then written anew."""
        number = self.propose(delete(self.block(0)), by=by)
        self.revise(number, *changes, by=by, beside=True)
        return number

    def amend(self, parent: int, *changes: Change, by: Actor | None = None) -> int:
        """File an amendment to an amendment; its number."""
        with self.store.writing() as db:
            service = AmendmentService(db)
            found = service.numbered(self._in(db), parent, actor=self.chair)
            return service.amend(found.id, changes, reason="It says it better.", actor=by or self.other).number

    def revise(self, number: int, *changes: Change, by: Actor | None = None, beside: bool = False) -> None:
        with self.store.writing() as db:
            service = AmendmentService(db)
            found = service.numbered(self._in(db), number, actor=self.chair)
            service.revise(found.id, changes, actor=by or self.member, stands_beside=beside)

    def withdraw(self, number: int, *, by: Actor | None = None) -> None:
        with self.store.writing() as db:
            service = AmendmentService(db)
            service.withdraw(service.numbered(self._in(db), number, actor=self.chair).id, actor=by or self.member)

    def edit(self, *changes: Change, language: Language = Language.EN) -> None:
        """Change the text as the committee."""
        head = self.head()
        with self.store.writing() as db:
            AmendmentService(db).edit(
                self.declaration.id,
                changes,
                language=language,
                reason="An oversight.",
                expected_head=head,
                actor=self.chair,
            )

    def status(self, number: int) -> tuple[RebaseStatus, int]:
        """How an amendment stands, and since which revision; its own where nothing has touched it."""
        amendment = self.amendment(number)
        carrying = amendment.carrying
        return amendment.status, (carrying.revision if carrying else amendment.own.base_revision).number

    def decide(
        self, rulings: dict[int, Verdict | Ruling], *, head=None, by: Actor | None = None, language=None, leading=None
    ) -> Adoption:
        """Rule on amendments by number; on those in one `language`, where it is given."""
        expected = head or self.head()

        def change(db: Db) -> Adoption:
            service = AmendmentService(db)
            return service.decide(
                self.declaration.id,
                self._rulings(service, rulings),
                expected_head=expected,
                actor=by or self.chair,
                leading=leading or {},
                only=language,
            )

        return self.store.briefly(change)

    def adopt(self, *numbers: int, language=None) -> Adoption:
        return self.decide(dict.fromkeys(numbers, Verdict.ADOPT), language=language)

    def outcomes(self, adoption: Adoption) -> list[DecisionOutcome]:
        return [decision.outcome for decision in adoption.decisions]

    def disposition(self, number: int) -> Disposition:
        return self.amendment(number).disposition

    def amendment(self, number: int):
        """The amendment with its versions, changes and shown texts loaded."""
        with self.store.reading() as db:
            every = AmendmentService(db).of_declaration(self._in(db), actor=self.chair)
            return next(one for one in every if one.number == number)

    def words(self, number: int) -> list[list[str]]:
        """The new words of every version of an amendment."""
        versions = self.amendment(number).versions
        return [[str(record.change["text"]) for record in version.changes] for version in versions]

    def _in(self, db) -> Declaration:
        return DeclarationService(db).get(self.declaration.id)

    def _rulings(self, service: AmendmentService, rulings: dict[int, Verdict | Ruling]) -> Sequence[Ruling]:
        declaration = service.declarations.get(self.declaration.id)
        ids = {one.number: one.id for one in service.of_declaration(declaration, actor=self.chair)}
        return [
            Ruling(
                ids[number],
                asked.verdict if isinstance(asked, Ruling) else asked,
                asked.reason if isinstance(asked, Ruling) else "",
                asked.changes if isinstance(asked, Ruling) else (),
                asked.pieces if isinstance(asked, Ruling) else (),
                keeps_rest_open=isinstance(asked, Ruling) and asked.keeps_rest_open,
                because_of=ids.get(asked.because_of) if isinstance(asked, Ruling) else None,
            )
            for number, asked in rulings.items()
        ]


def opened(store: Store, *texts, phase: Phase = Phase.REVIEW) -> Room:
    def make(db: Db) -> tuple[Actor, Actor, Actor, UUID]:
        return (
            factories.chair(db),
            factories.person(db, Role.MEMBER, "Marta Olivar"),
            factories.person(db, Role.MEMBER, "Inés Duarte"),
            factories.declaration(db, *(texts or (WATER, LIGHT, SHADE)), phase=phase).id,
        )

    chair, member, other, declaration = prepared(store, ("room", repr(texts), phase), make)
    with store.reading() as db:
        return Room(store, chair, member, other, DeclarationService(db).get(declaration))
