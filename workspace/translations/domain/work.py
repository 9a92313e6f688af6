"""Whose work a translation is: tasks handed out, and texts that somebody is writing at this moment."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import contains_eager, joinedload

from drafts.checks import Severity
from drafts.text.blocks import Language
from workspace.core import clock
from workspace.core.actor import Actor, Role
from workspace.core.errors import Invalid, NotFound, Stale
from workspace.core.events import TaskGiven, publish
from workspace.core.storage.db import Db, new_id
from workspace.core.storage.readings import read_once
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.queries import BlockRow, TextValue, text_of
from workspace.declarations.domain.service import ServiceOnDeclarations
from workspace.people.models import Mandate, Person
from workspace.terms.models import Trust
from workspace.translations.domain import policy
from workspace.translations.domain.checks import TextCheckService
from workspace.translations.domain.memories import MemoryRecorder
from workspace.translations.domain.models import Assignment, Review, ReviewVerdict, TextClaim
from workspace.translations.domain.queries import BlockStanding, record
from workspace.translations.domain.service import TranslationService

LEASE = timedelta(minutes=20)  # renewed while somebody writes


class Translator(Struct, frozen=True):
    """Somebody whom a language can be given to; `languages` None for every one."""

    person: Person
    languages: frozenset[str] | None

    def translates(self, language: Language) -> bool:
        return self.languages is None or language.value in self.languages


class TaskService(ServiceOnDeclarations):
    """Handing out, taking back, and saying that one is at work."""

    def assignments(self, declaration: Declaration) -> Sequence[Assignment]:
        """Every task, by language; the whole language before single paragraphs."""
        statement = (
            sa.select(Assignment)
            .where(Assignment.declaration_id == declaration.id)
            .options(joinedload(Assignment.person))
            .order_by(Assignment.language, Assignment.block_id.is_not(None), Assignment.made_at, Assignment.id)
        )
        key = Assignment, declaration.id
        return read_once(self.db, key, (Assignment,), lambda: self.db.scalars(statement).all())

    def translators(self, declaration: Declaration) -> list[Translator]:
        """Everybody who holds the role of a translator in the forum today, by name."""
        statement = (
            sa.select(Mandate)
            .where(Mandate.forum_id == declaration.forum_id, Mandate.role == Role.TRANSLATOR)
            .options(joinedload(Mandate.person))
        )
        today = clock.now()
        held = [(mandate.person, mandate.as_held()) for mandate in self.db.scalars(statement)]
        found = [Translator(person, mandate.languages) for person, mandate in held if mandate.covers(today)]
        return sorted(found, key=lambda translator: (translator.person.name.casefold(), translator.person.id))

    def assign(
        self,
        declaration_id: UUID,
        language: Language,
        person_id: UUID,
        *,
        block_id: UUID | None = None,
        due_on: date | None = None,
        actor: Actor,
    ) -> Assignment:
        """Give a language, or one paragraph in it, to somebody who translates into it. Giving it again changes the day.

        Raises `Invalid` for somebody who does not.
        """
        declaration = self.declarations.lock(declaration_id)
        policy.ensure_may_assign(actor, declaration, language)
        if not any(
            translator.person.id == person_id and translator.translates(language)
            for translator in self.translators(declaration)
        ):
            raise Invalid(field="person", reason="not_their_language", given=language.value)
        if block_id is not None:
            TranslationService(self.db).standing(declaration, block_id)
        found = self.db.scalar(
            sa.select(Assignment).filter_by(
                declaration_id=declaration.id, language=language, block_id=block_id, person_id=person_id
            )
        )
        if found is None:
            found = Assignment(
                id=new_id(), declaration_id=declaration.id, language=language, block_id=block_id, person_id=person_id
            )
            self.db.add(found)
        found.due_on, found.made_by_id, found.made_at = due_on, actor.person_id, clock.now()
        self._log("translation.assigned", declaration, found, actor)
        publish(self.db, TaskGiven(person_id, "translate", declaration.forum_id, actor, declaration.id))
        return found

    def unassign(self, declaration_id: UUID, assignment_id: UUID, *, actor: Actor) -> None:
        """Take a task back."""
        declaration = self.declarations.lock(declaration_id)
        found = self.db.get(Assignment, assignment_id)
        if found is None or found.declaration_id != declaration.id:
            raise NotFound(what="assignment", id=str(assignment_id))
        policy.ensure_may_assign(actor, declaration, found.language)
        self.db.delete(found)
        self._log("translation.unassigned", declaration, found, actor)

    def claim(self, declaration_id: UUID, block_id: UUID, language: Language, *, actor: Actor) -> TextClaim:
        """Say for a while that one is at work on a text; the claim of another who is at work stays, and is answered."""
        declaration = self.declarations.lock(declaration_id)
        policy.ensure_may_translate(actor, declaration, language)
        TranslationService(self.db).standing(declaration, block_id)
        now, found = clock.now(), self.db.get(TextClaim, (block_id, language))
        if actor.person_id is None:
            raise NotFound(what="person", id=actor.name)
        if found is not None and found.person_id != actor.person_id and found.until > now:
            return found
        if found is None:
            found = TextClaim(block_id=block_id, language=language, declaration_id=declaration.id)
            self.db.add(found)
        found.person_id, found.until = actor.person_id, now + LEASE
        self.db.flush()
        return found

    def release(self, declaration_id: UUID, block_id: UUID, language: Language, *, actor: Actor) -> None:
        """Say that one is done with a text; nothing happens where one was not at work on it."""
        declaration = self.declarations.lock(declaration_id)
        policy.ensure_may_translate(actor, declaration, language)
        found = self.db.get(TextClaim, (block_id, language))
        if found is not None and found.person_id == actor.person_id:
            self.db.delete(found)

    def claims(self, declaration: Declaration) -> Mapping[tuple[UUID, Language], TextClaim]:
        """Who is at work on what at this moment."""
        statement = (
            sa.select(TextClaim)
            .where(TextClaim.declaration_id == declaration.id, TextClaim.until > clock.now())
            .options(joinedload(TextClaim.person))
        )
        return {(text_claim.block_id, text_claim.language): text_claim for text_claim in self.db.scalars(statement)}

    def _log(self, kind: str, declaration: Declaration, task: Assignment, actor: Actor) -> None:
        record(
            self.db,
            declaration,
            kind,
            actor=actor,
            task=str(task.id),
            language=task.language.value,
            person=str(task.person_id),
            block=str(task.block_id) if task.block_id else None,
        )


def whose(tasks: Sequence[Assignment], block_id: UUID, language: Language) -> Assignment | None:
    """The task that a text belongs to: its own, or else that of the whole language."""
    here = [
        assignment
        for assignment in tasks
        if assignment.language is language and assignment.block_id in {block_id, None}
    ]
    return next((assignment for assignment in here if assignment.block_id == block_id), here[0] if here else None)


Reviewed = Mapping[tuple[UUID, Language], Review]


class ReviewService(ServiceOnDeclarations):
    """What reviewers said of texts, and their verbs. A word holds for a text until its words change."""

    def __init__(self, db: Db) -> None:
        super().__init__(db)
        self.translations = TranslationService(db)

    def reviews(self, declaration: Declaration, rows: Sequence[BlockRow]) -> Reviewed:
        """The last word on each text in force that has one, by block and language; typography aside."""
        statement = (
            sa.select(Review)
            .join(Review.version)
            .where(Review.declaration_id == declaration.id)
            .options(contains_eager(Review.version), joinedload(Review.reviewed_by))
            .order_by(Review.reviewed_at, Review.id)
        )
        said: dict[tuple[UUID, Language, str], Review] = {
            (review.version.block_id, review.version.language, review.version.folded_hash): review
            for review in read_once(
                self.db, (Review, declaration.id), (Review,), lambda: self.db.scalars(statement).all()
            )
        }
        return {
            (row.block_id, language): found
            for row in rows
            for language, text in row.texts.items()
            if (found := said.get((row.block_id, language, text.folded_hash)))
        }

    def approved(self, declaration: Declaration, rows: Sequence[BlockRow]) -> set[tuple[UUID, Language]]:
        """The texts in force that somebody has approved."""
        every = self.reviews(declaration, rows)
        return {place for place, review in every.items() if review.verdict is ReviewVerdict.APPROVED}

    def review(
        self, declaration_id: UUID, versions: Sequence[UUID], verdict: ReviewVerdict, *, note: str = "", actor: Actor
    ) -> list[Review]:
        """Approve or return texts in force, all of them or none.

        Raises `Stale` for a version that is no longer in force, `Invalid` for a text that is stale or in which
        the checks find an error that nobody let stand, for a return without a word why, and where nothing was chosen.
        """
        declaration = self.declarations.lock(declaration_id)
        if not versions:
            raise Invalid(field="versions", reason="nothing_chosen")
        if verdict is ReviewVerdict.RETURNED and not note.strip():
            raise Invalid(field="note", reason="empty")
        known = {
            text.id: (standing, text)
            for standing in self.translations.standings(declaration)
            for text in standing.row.texts.values()
        }
        made = []
        for version_id in dict.fromkeys(versions):
            if version_id not in known:
                raise self._not_in_force(declaration, version_id)
            standing, text = known[version_id]
            policy.ensure_may_review(actor, declaration, text.language, text.author_id)
            self._ensure_reviewable(declaration, standing, text, verdict)
            made.append(
                Review(
                    id=new_id(),
                    declaration_id=declaration.id,
                    version_id=version_id,
                    verdict=verdict,
                    note=note.strip(),
                    reviewed_by_id=actor.person_id,
                    reviewed_at=clock.now(),
                )
            )
        self.db.add_all(made)
        record(
            self.db,
            declaration,
            "translation.reviewed",
            actor=actor,
            verdict=verdict.value,
            versions=[str(review.version_id) for review in made],
        )
        if verdict is ReviewVerdict.APPROVED:
            memory = MemoryRecorder(self.db, declaration, [standing.row for standing, _ in known.values()])
            for review in made:
                memory.keep(known[review.version_id][0], trust=Trust.APPROVED, actor=actor)
        return made

    def _ensure_reviewable(
        self, declaration: Declaration, standing: BlockStanding, text: TextValue, verdict: ReviewVerdict
    ) -> None:
        row = standing.row
        if text.language is row.original_language:
            raise Invalid(field="versions", reason="original", given=text.language.value)
        if verdict is ReviewVerdict.RETURNED:
            return
        if standing.states[text.language].stops_publication:
            raise Invalid(field="versions", reason="not_current", given=text.language.value)
        remarks = TextCheckService(self.db).of_text(declaration, row, text.language, text.content)
        if any(
            text_finding.finding.severity is Severity.ERROR and not text_finding.is_waived for text_finding in remarks
        ):
            raise Invalid(field="versions", reason="has_errors", given=text.language.value)

    def _not_in_force(self, declaration: Declaration, version_id: UUID) -> NotFound | Stale:
        known = text_of(self.db, version_id)
        if known is None or known.declaration_id != declaration.id:
            return NotFound(what="text", id=str(version_id))
        return Stale(expected=str(version_id), head="")
