"""Words that wait beside a text: come back in a file when it had moved on, or prepared for a tabled amendment."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from drafts.diff.hunks import HunkKind
from drafts.text.blocks import Language, canonical, folded_hash
from workspace.amendments.domain.models import Amendment
from workspace.amendments.domain.policy import may_read
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound, existing
from workspace.core.events import RevisionMade
from workspace.core.storage.db import Db, new_id
from workspace.core.storage.log import Fact
from workspace.core.storage.readings import read_once
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration, Revision, RevisionCause
from workspace.declarations.domain.queries import BlockRow, TextValue
from workspace.declarations.domain.revisions import TextWriter
from workspace.declarations.domain.service import ServiceOnDeclarations
from workspace.people.models import Person
from workspace.translations.domain import policy
from workspace.translations.domain.models import Suggestion, SuggestionSource
from workspace.translations.domain.queries import record


class SuggestionService(ServiceOnDeclarations):
    """What waits, and what becomes of it. Nothing of it is in force before somebody saves it, or it was adopted."""

    def pending(self, declaration: Declaration) -> Mapping[tuple[UUID, Language], Sequence[Suggestion]]:
        """What nobody has taken or dropped, by block and language, the oldest first. One query in a unit."""
        statement = (
            sa.select(Suggestion)
            .where(Suggestion.declaration_id == declaration.id, Suggestion.is_taken.is_(None))
            .options(joinedload(Suggestion.made_by))
            .order_by(Suggestion.made_at, Suggestion.id)
        )
        found: dict[tuple[UUID, Language], list[Suggestion]] = {}
        key = (Suggestion, declaration.id)
        for suggestion in read_once(self.db, key, (Suggestion,), lambda: self.db.scalars(statement).all()):
            found.setdefault((suggestion.block_id, suggestion.language), []).append(suggestion)
        return found

    def prepared(self, declaration: Declaration, *, actor: Actor) -> Mapping[tuple[Language, str, str], str]:
        """What was prepared for amendments, by language, block and the words that these ask for. The same one query."""
        waiting = self.readable(declaration, actor=actor) if policy.may_follow(actor, declaration) else ()
        return {
            (suggestion.language, str(suggestion.block_id), suggestion.amended): suggestion.content
            for suggestion in waiting
            if suggestion.came_from is SuggestionSource.AMENDMENT
        }

    def readable(self, declaration: Declaration, *, actor: Actor) -> Sequence[Suggestion]:
        """What waits, for who may translate; what was prepared for amendments, for everybody who follows them."""
        is_translator = policy.may_translate(actor, declaration)
        every = (suggestion for found in self.pending(declaration).values() for suggestion in found)
        return [each for each in every if is_translator or each.came_from is SuggestionSource.AMENDMENT]

    def taken_with(
        self, declaration: Declaration, led: Mapping[UUID, tuple[Language, str]], rows: Sequence[BlockRow]
    ) -> Mapping[tuple[Language, UUID], str]:
        """What would come into force were these paragraphs to have these words in these languages: as `follow` has it.

        `rows` are those of the text in force; the caller knows who may read it.
        """
        found: dict[tuple[Language, UUID], str] = {}
        by_block = {row.block_id: row for row in rows}
        for (block_id, language), pending in self.pending(declaration).items():
            leading, words = led.get(block_id, (language, ""))
            head = by_block[block_id].texts.get(language) if block_id in by_block else None
            for suggestion in pending if leading is not language else ():
                is_fresh = (head.id if head else None) == suggestion.started_from_id
                is_same = folded_hash(words) == folded_hash(suggestion.amended)
                if suggestion.came_from is SuggestionSource.AMENDMENT and is_fresh and is_same:
                    found[language, block_id] = suggestion.content
        return found

    def keep(
        self,
        declaration: Declaration,
        row: BlockRow,
        language: Language,
        content: str,
        *,
        origin: str,
        source: UUID | None,
        actor: Actor,
    ) -> Suggestion:
        """Put words beside a text that has moved on since they were made. The caller holds the lock, and logs it."""
        head = row.texts.get(language)
        made = Suggestion(
            id=new_id(),
            declaration_id=declaration.id,
            block_id=row.block_id,
            language=language,
            content=canonical(content, kind=row.kind),
            came_from=SuggestionSource.FILE,
            origin=origin,
            started_from_id=head.id if head else None,
            source_id=source,
            made_by_id=actor.person_id,
            made_at=clock.now(),
        )
        self.db.add(made)
        return made

    def prepare(
        self, amendment_id: UUID, block_id: UUID, language: Language, content: str, *, actor: Actor
    ) -> Suggestion:
        """Translate what a tabled amendment would make of a paragraph. It takes effect by itself on its adoption.

        Only as long as neither the amendment's words nor the text in `language` are others by then; else it waits
        on the bench. Preparing again replaces what was prepared. Raises `NotFound`, or `Invalid` for an amendment
        that is decided or does not reword the paragraph in another language.
        """
        amendment = existing(self.db.get(Amendment, amendment_id), "amendment", amendment_id)
        declaration = self.declarations.lock(amendment.declaration_id)
        policy.ensure_may_translate(actor, declaration, language)
        if not may_read(actor, amendment):
            raise NotFound(what="amendment", id=str(amendment_id))
        row = queries.text_in_force(self.db, declaration).by_block.get(block_id)
        amended = wording_of(amendment, block_id)
        if row is None or amended is None or amendment.language is language:
            raise Invalid(field="amendment", reason="not_reworded", given=amendment.number)
        if not amendment.disposition.is_undecided:
            raise Invalid(field="amendment", reason="decided", given=amendment.number)
        if not (words := canonical(content, kind=row.kind)):
            raise Invalid(field="text", reason="empty")
        for earlier in self._prepared(amendment.id, block_id, language):
            self._settle(earlier, actor, is_taken=False)
        head, source = row.texts.get(language), row.texts.get(amendment.language)
        made = Suggestion(
            id=new_id(),
            declaration_id=declaration.id,
            block_id=block_id,
            language=language,
            content=words,
            came_from=SuggestionSource.AMENDMENT,
            amendment_id=amendment.id,
            amended=amended,
            started_from_id=head.id if head else None,
            source_id=source.id if source else None,
            made_by_id=actor.person_id,
            made_at=clock.now(),
        )
        self.db.add(made)
        record(
            self.db,
            declaration,
            "suggestion.made",
            actor=actor,
            suggestions=[str(made.id)],
            amendment=str(amendment.id),
        )
        return made

    def amendment(self, declaration: Declaration, number: int) -> Amendment:
        """An amendment by its number; raises `NotFound`."""
        found = self.db.scalar(sa.select(Amendment).filter_by(declaration_id=declaration.id, number=number))
        return existing(found, "amendment", number)

    def used(self, declaration: Declaration, version: TextValue, *, actor: Actor) -> None:
        """A suggestion that has been saved word for word waits no longer."""
        for suggestion in self.pending(declaration).get((version.block_id, version.language), ()):
            if suggestion.came_from is SuggestionSource.FILE and folded_hash(suggestion.content) == version.folded_hash:
                self._settle(suggestion, actor, is_taken=True)

    def settle(self, declaration_id: UUID, suggestion_id: UUID, *, is_taken: bool, actor: Actor) -> Suggestion:
        """Say that a suggestion was taken into the text, or that it is of no use; it waits no longer."""
        declaration = self.declarations.lock(declaration_id)
        found = self.db.get(Suggestion, suggestion_id)
        if found is None or found.declaration_id != declaration.id or found.is_taken is not None:
            raise NotFound(what="suggestion", id=str(suggestion_id))
        policy.ensure_may_translate(actor, declaration, found.language)
        self._settle(found, actor, is_taken=is_taken)
        record(self.db, declaration, "suggestion.settled", actor=actor, suggestion=str(found.id), is_taken=is_taken)
        return found

    def follow(self, declaration: Declaration) -> list[TextValue]:
        """Put prepared translations in force whose amendment has just come into the text, word for word."""
        statement = sa.select(Suggestion).where(
            Suggestion.declaration_id == declaration.id,
            Suggestion.is_taken.is_(None),
            Suggestion.came_from == SuggestionSource.AMENDMENT,
        )
        pending = list(self.db.scalars(statement))
        if not pending:
            return []
        rows = queries.text_in_force(self.db, declaration).by_block
        due = [suggestion for suggestion in pending if _is_due(suggestion, rows.get(suggestion.block_id))]
        return [self._put_in_force(declaration, suggestion, rows[suggestion.block_id]) for suggestion in due]

    def _put_in_force(self, declaration: Declaration, suggestion: Suggestion, row: BlockRow) -> TextValue:
        author = self.db.get(Person, suggestion.made_by_id) if suggestion.made_by_id else None
        actor = Actor(person_id=suggestion.made_by_id, name=author.name if author else "")
        writer = self.declarations.writer(declaration, actor=actor)
        source = row.texts[row.original_language]
        version = writer.answer(row.block_id, suggestion.language, suggestion.content, kind=row.kind, sources=[source])
        self._settle(suggestion, actor, is_taken=True)
        sources: list[Fact] = [{"id": str(source.id), "hash": source.content_hash}]
        self._record("translation.saved", suggestion, writer, version=str(version.id), sources=sources)
        return version

    def take_back(self, declaration: Declaration, undoing: Revision, actor: Actor) -> None:
        """What was put in force with words that `undoing` took out of the text waits again, if it is as prepared."""
        statement = sa.select(Suggestion).where(
            Suggestion.declaration_id == declaration.id,
            Suggestion.is_taken.is_(True),
            Suggestion.came_from == SuggestionSource.AMENDMENT,
        )
        taken = self.db.scalars(statement).all()
        if not taken or undoing.parent_id is None:
            return
        rows = queries.text_in_force(self.db, declaration).by_block
        before = {row.block_id: row for row in queries.pinned_rows(self.db, undoing.parent_id)}
        for suggestion in taken:
            was, row = before.get(suggestion.block_id), rows.get(suggestion.block_id)
            head = row.texts.get(suggestion.language) if row else None
            if was is None or row is None or head is None or head.predecessor_id != suggestion.started_from_id:
                continue
            if head.content != suggestion.content or _says_so(suggestion, row) or not _says_so(suggestion, was):
                continue
            writer = self.declarations.writer(declaration, actor=actor)
            before_it = head.predecessor_id and queries.text_of(self.db, head.predecessor_id)
            if before_it:
                writer.restore(before_it)
            else:
                writer.remove(head)
            suggestion.is_taken = suggestion.settled_by_id = suggestion.settled_at = None
            self._record("suggestion.reopened", suggestion, writer)

    def _record(self, kind: str, suggestion: Suggestion, writer: TextWriter, **facts: Fact) -> None:
        record(
            self.db,
            writer.declaration,
            kind,
            actor=writer.actor,
            block=str(suggestion.block_id),
            language=suggestion.language.value,
            suggestion=str(suggestion.id),
            heads=[move.as_fact() for move in writer.moves],
            **facts,
        )

    def _prepared(self, amendment_id: UUID, block_id: UUID, language: Language) -> list[Suggestion]:
        statement = sa.select(Suggestion).where(
            Suggestion.amendment_id == amendment_id,
            Suggestion.block_id == block_id,
            Suggestion.language == language,
            Suggestion.is_taken.is_(None),
        )
        return list(self.db.scalars(statement))

    def _settle(self, suggestion: Suggestion, actor: Actor, *, is_taken: bool) -> None:
        suggestion.is_taken, suggestion.settled_by_id, suggestion.settled_at = is_taken, actor.person_id, clock.now()


def follow(db: Db, event: RevisionMade) -> None:
    """What was prepared for an amendment becomes the translation when the amendment becomes the text, and as long."""
    declaration, service = db.get_one(Declaration, event.declaration_id), SuggestionService(db)
    revision = db.get_one(Revision, event.revision_id)
    if revision.cause is RevisionCause.UNDO:
        service.take_back(declaration, revision, event.actor)
    else:
        service.follow(declaration)


def wording_of(amendment: Amendment, block_id: UUID) -> str | None:
    """What an amendment would make of a paragraph by rewording it; None where it does something else to it."""
    for hunk in amendment.own.diff:
        if hunk.kind is HunkKind.REWORD and any(block.id == str(block_id) for block in hunk.old):
            return next((block.text for block in hunk.new if block.id == str(block_id)), None)
    return None


def _is_due(suggestion: Suggestion, row: BlockRow | None) -> bool:
    """Whether the original says by now what the amendment asked for, and nobody has touched the translation."""
    if row is None or row.original_language is suggestion.language or row.original_language not in row.texts:
        return False
    head = row.texts.get(suggestion.language)
    return _says_so(suggestion, row) and (head.id if head else None) == suggestion.started_from_id


def _says_so(suggestion: Suggestion, row: BlockRow) -> bool:
    original = row.texts.get(row.original_language)
    return original is not None and original.folded_hash == folded_hash(suggestion.amended)
