"""What a change is written on: the text itself, the text that an amendment proposes, or the text in force once more."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from drafts.blocks import Document
from workspace.amendments import proposals
from workspace.amendments.forms import START, ChangeForm
from workspace.amendments.models import Amendment
from workspace.amendments.service import AmendmentService
from workspace.core.actor import Actor
from workspace.core.errors import NotFound, Stale
from workspace.declarations import queries
from workspace.declarations.models import Declaration, TextVersion
from workspace.declarations.queries import BlockRow


@dataclass(frozen=True, slots=True)
class Ground:
    """The text under the form. `amends` is the amendment whose words it is, `revises` the one to be written anew."""

    rows: Sequence[BlockRow]
    declaration: Declaration
    amends: Amendment | None = None
    revises: Amendment | None = None

    @property
    def is_text(self) -> bool:
        """Whether the words are those of the declaration, which may have other languages."""
        return self.amends is None and self.revises is None

    def shown(self, row: BlockRow, form: ChangeForm) -> str:
        """What must not change before the form is sent: nobody answers words they have not seen."""
        amendment = self.amends or self.revises
        if amendment is not None:
            return str(amendment.own.id)
        text = row.texts.get(form.language)
        return str(text.id) if text else ""

    def on(self, form: ChangeForm, row: BlockRow) -> ChangeForm:
        """The form standing on this text as it is now."""
        head = self.declaration.head
        return replace(form, base=head.number, head=str(head.id), shown=self.shown(row, form))

    def ensure_current(self, form: ChangeForm, row: BlockRow) -> None:
        """Raise `Stale` where the words are not those that were shown."""
        present = self.shown(row, form)
        if present != form.shown:
            raise Stale(expected=form.shown, head=present)
        if self.revises is not None and form.head != str(self.declaration.head_id):
            raise Stale(expected=form.head, head=str(self.declaration.head_id))


def ground(service: AmendmentService, declaration: Declaration, form: ChangeForm, *, actor: Actor) -> Ground:
    """Raises `NotFound` for an amendment or a revision that is not there."""
    if form.amends:
        parent = service.numbered(declaration, form.amends, actor=actor)
        return Ground(_proposed(service, parent), declaration, amends=parent)
    if form.revises:
        own = service.numbered(declaration, form.revises, actor=actor)
        rows = _proposed(service, own.parent) if own.parent else queries.head_rows(service.db, declaration)
        return Ground(rows, declaration, amends=own.parent, revises=own)
    revision = service.declarations.revision(declaration, form.base) if form.base else declaration.head
    return Ground(service.shown_rows(declaration, revision), declaration)


def as_written(form: ChangeForm, amendment: Amendment) -> ChangeForm:
    """The form filled in with what its author asked for, where that is one change."""
    changes = proposals.changes_of(amendment.own)
    if len(changes) != 1:
        raise NotFound(what="amendment", id=str(amendment.number))
    [change] = changes
    return replace(
        form,
        op=change.op,
        wording="\n\n".join([change.text or form.wording, *(part.text for part in change.parts)]),
        addition=change.text or "" if not change.parts else "",
        after=change.after or START,
        reason=amendment.reason,
        indivisible="yes" if amendment.is_indivisible else "",
    )


def _proposed(service: AmendmentService, parent: Amendment) -> Sequence[BlockRow]:
    """The text that an amendment proposes, as rows that are nowhere stored."""
    return proposed_rows(service.bases.written(parent).proposed)


def proposed_rows(document: Document) -> Sequence[BlockRow]:
    language = document.language
    return [
        BlockRow(
            block_id=UUID(block.id),
            kind=block.kind,
            level=block.level,
            original_language=language,
            texts={language: TextVersion(content=block.text)} if block.text else {},
        )
        for block in document
    ]
