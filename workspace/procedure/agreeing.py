"""Many paragraphs agreed at once: those on which nothing is open, all of them or none."""

from collections.abc import Sequence
from uuid import UUID

from workspace.amendments.decisions import brackets
from workspace.amendments.service import AmendmentService
from workspace.core.actor import Actor
from workspace.core.errors import Invalid
from workspace.core.storage.db import Db
from workspace.declarations.domain import paragraph_status, queries
from workspace.declarations.domain.models import Declaration, ParagraphState, ParagraphStatus
from workspace.declarations.domain.paragraph_status import ParagraphStates, ensure_unchanged
from workspace.declarations.domain.policy import ensure_may
from workspace.declarations.domain.service import DeclarationService
from workspace.procedure.store import QuestionStore


def contested_blocks(db: Db, declaration: Declaration, *, actor: Actor) -> frozenset[UUID]:
    """The paragraphs on which an amendment, brackets or a question of the room is open."""
    questions = QuestionStore(db).open_ones(declaration)
    asked_about = {question.block_id for question in questions if question.block_id}
    amended = AmendmentService(db).counts(declaration, actor=actor)
    return frozenset({*amended, *brackets.open_of(db, declaration), *asked_about})


def agreed_blocks(db: Db, declaration: Declaration) -> frozenset[UUID]:
    """The paragraphs that are agreed, in whichever way."""
    found = paragraph_status.states(db, declaration)
    return frozenset(block for block, state in found.items() if state.status is not ParagraphStatus.OPEN)


def agree(
    db: Db, declaration_id: UUID, blocks: Sequence[UUID], status: ParagraphStatus, *, shown: UUID, actor: Actor
) -> list[ParagraphState]:
    """Give these paragraphs a status, as they read in the revision that was `shown`.

    Raises `Invalid` that names the paragraphs: `changed_since` where they read otherwise now, or are agreed already,
    `still_open` where something is open on them. Then nothing is done.
    """
    declaration = DeclarationService(db).lock(declaration_id)
    ensure_may(actor, "paragraph.status", declaration)
    if not blocks:
        raise Invalid(field="paragraphs", reason="none_selected")
    if status is ParagraphStatus.OPEN:
        raise Invalid(field="status", reason="nothing_changes")
    then, now = (
        {place.block_id: place for place in queries.places_in(db, revision)}
        for revision in (shown, declaration.head_id)
    )
    agreed = agreed_blocks(db, declaration)
    changed = {block for block in blocks if block in agreed or block not in now or then.get(block) != now[block]}
    ensure_unchanged(db, declaration, changed)
    contested = contested_blocks(db, declaration, actor=actor)
    ensure_unchanged(db, declaration, contested.intersection(blocks), "still_open")
    return ParagraphStates(db).keep(declaration, dict.fromkeys(blocks, status), reason="", actor=actor)
