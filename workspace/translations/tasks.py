"""Whose work a translation is: tasks handed out, and texts that somebody is writing at this moment."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import joinedload

from drafts.blocks import Language
from workspace.core import clock, log
from workspace.core.actor import Actor, Role
from workspace.core.db import Db, new_id
from workspace.core.errors import Invalid, NotFound
from workspace.core.events import PersonAsked, publish
from workspace.core.readings import read_once
from workspace.declarations.models import Declaration
from workspace.declarations.service import DeclarationService
from workspace.people.models import Mandate, Person
from workspace.translations import policy
from workspace.translations.models import Assignment, Claim
from workspace.translations.service import TranslationService

LEASE = timedelta(minutes=20)  # renewed while somebody writes


class Translator(Struct, frozen=True):
    """Somebody whom a language can be given to; `languages` None for every one."""

    person: Person
    languages: frozenset[str] | None

    def translates(self, language: Language) -> bool:
        return self.languages is None or language.value in self.languages


class TaskService:
    """Handing out, taking back, and saying that one is at work."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.declarations = DeclarationService(db)

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
        held = [(one.person, one.as_held()) for one in self.db.scalars(statement)]
        found = [Translator(person, mandate.languages) for person, mandate in held if mandate.covers(today)]
        return sorted(found, key=lambda one: (one.person.name.casefold(), one.person.id))

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
        if not any(one.person.id == person_id and one.translates(language) for one in self.translators(declaration)):
            raise Invalid(field="person", reason="not_their_language", given=language.value)
        if block_id is not None:
            TranslationService(self.db).standing(declaration, block_id)
        found = self.db.scalar(
            sa.select(Assignment).where(
                Assignment.declaration_id == declaration.id,
                Assignment.language == language,
                Assignment.block_id == block_id,
                Assignment.person_id == person_id,
            )
        )
        if found is None:
            found = Assignment(
                id=new_id(), declaration_id=declaration.id, language=language, block_id=block_id, person_id=person_id
            )
            self.db.add(found)
        found.due_on, found.made_by_id, found.made_at = due_on, actor.person_id, clock.now()
        self._log("translation.assigned", declaration, found, actor)
        publish(self.db, PersonAsked(person_id, "translate", declaration.forum_id, actor, declaration.id))
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

    def claim(self, declaration_id: UUID, block_id: UUID, language: Language, *, actor: Actor) -> Claim:
        """Say for a while that one is at work on a text; the claim of another who is at work stays, and is answered."""
        declaration = self.declarations.lock(declaration_id)
        policy.ensure_may_translate(actor, declaration, language)
        TranslationService(self.db).standing(declaration, block_id)
        now, found = clock.now(), self.db.get(Claim, (block_id, language))
        if actor.person_id is None:
            raise NotFound(what="person", id=actor.name)
        if found is not None and found.person_id != actor.person_id and found.until > now:
            return found
        if found is None:
            found = Claim(block_id=block_id, language=language, declaration_id=declaration.id)
            self.db.add(found)
        found.person_id, found.until = actor.person_id, now + LEASE
        self.db.flush()
        return found

    def release(self, declaration_id: UUID, block_id: UUID, language: Language, *, actor: Actor) -> None:
        """Say that one is done with a text; nothing happens where one was not at work on it."""
        declaration = self.declarations.lock(declaration_id)
        policy.ensure_may_translate(actor, declaration, language)
        found = self.db.get(Claim, (block_id, language))
        if found is not None and found.person_id == actor.person_id:
            self.db.delete(found)

    def claims(self, declaration: Declaration) -> Mapping[tuple[UUID, Language], Claim]:
        """Who is at work on what at this moment."""
        statement = (
            sa.select(Claim)
            .where(Claim.declaration_id == declaration.id, Claim.until > clock.now())
            .options(joinedload(Claim.person))
        )
        return {(one.block_id, one.language): one for one in self.db.scalars(statement)}

    def _log(self, kind: str, declaration: Declaration, task: Assignment, actor: Actor) -> None:
        self.db.flush()
        log.record(
            self.db,
            kind,
            actor=actor,
            forum_id=declaration.forum_id,
            declaration_id=declaration.id,
            task=str(task.id),
            language=task.language.value,
            person=str(task.person_id),
            block=str(task.block_id) if task.block_id else None,
        )


def whose(tasks: Sequence[Assignment], block_id: UUID, language: Language) -> Assignment | None:
    """The task that a text belongs to: its own, or else that of the whole language."""
    here = [one for one in tasks if one.language is language and one.block_id in {block_id, None}]
    return next((one for one in here if one.block_id == block_id), here[0] if here else None)
