"""A second pair of eyes: translations approved or returned by somebody who did not write them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from drafts.blocks import Language
from drafts.checks import Severity
from workspace.core import clock, log
from workspace.core.actor import Actor
from workspace.core.db import Db, new_id
from workspace.core.errors import Invalid, NotFound, Stale
from workspace.core.readings import read_once
from workspace.declarations.models import Declaration, TextVersion
from workspace.declarations.queries import BlockRow
from workspace.declarations.service import DeclarationService
from workspace.terms.models import Trust
from workspace.translations import policy
from workspace.translations.checking import CheckingService
from workspace.translations.memories import Recollection
from workspace.translations.models import Review, Verdict
from workspace.translations.service import TranslationService
from workspace.translations.standings import Standing

Reviewed = Mapping[tuple[UUID, Language], Review]


class ReviewService:
    """What reviewers said of texts, and their verbs. A word holds for a text until its words change."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.declarations = DeclarationService(db)
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
            (one.version.block_id, one.version.language, one.version.folded_hash): one
            for one in read_once(self.db, (Review, declaration.id), (Review,), lambda: self.db.scalars(statement).all())
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
        return {place for place, one in every.items() if one.verdict is Verdict.APPROVED}

    def review(
        self, declaration_id: UUID, versions: Sequence[UUID], verdict: Verdict, *, note: str = "", actor: Actor
    ) -> list[Review]:
        """Approve or return texts in force, all of them or none.

        Raises `Stale` for a version that is no longer in force, `Invalid` for a text that is stale or in which
        the checks find an error that nobody let stand, and for a return without a word why.
        """
        declaration = self.declarations.lock(declaration_id)
        if verdict is Verdict.RETURNED and not note.strip():
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
        self.db.flush()
        log.record(
            self.db,
            "translation.reviewed",
            actor=actor,
            forum_id=declaration.forum_id,
            declaration_id=declaration.id,
            verdict=verdict.value,
            versions=[str(one.version_id) for one in made],
        )
        if verdict is Verdict.APPROVED:
            memory = Recollection(self.db, declaration, [standing.row for standing, _ in known.values()])
            for one in made:
                memory.keep(known[one.version_id][0], trust=Trust.APPROVED, actor=actor)
        return made

    def _ensure_reviewable(
        self, declaration: Declaration, standing: Standing, text: TextVersion, verdict: Verdict
    ) -> None:
        row = standing.row
        if text.language is row.original_language:
            raise Invalid(field="versions", reason="original", given=text.language.value)
        if verdict is Verdict.RETURNED:
            return
        if standing.states[text.language].stops_publication:
            raise Invalid(field="versions", reason="not_current", given=text.language.value)
        remarks = CheckingService(self.db).of_text(declaration, row, text.language, text.content)
        if any(one.finding.severity is Severity.ERROR and not one.is_waived for one in remarks):
            raise Invalid(field="versions", reason="has_errors", given=text.language.value)

    def _not_in_force(self, declaration: Declaration, version_id: UUID) -> NotFound | Stale:
        known = self.db.get(TextVersion, version_id)
        if known is None or known.declaration_id != declaration.id:
            return NotFound(what="text", id=str(version_id))
        return Stale(expected=str(version_id), head="")
