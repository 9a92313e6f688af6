"""What a change is written on: the text itself, the text that an amendment proposes, or the text in force once more."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from drafts.text.blocks import Document, Language
from workspace.amendments.change_form.drafts import YES, ChangeEntry, entries_of
from workspace.amendments.change_form.form import ChangeForm
from workspace.amendments.domain import stored_amendments
from workspace.amendments.domain.models import Amendment
from workspace.amendments.service import AmendmentService
from workspace.core.actor import Actor
from workspace.core.errors import NotFound, Stale
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.queries import BlockRow


class FormBase(Struct, frozen=True):
    """The text under the form. `amends` is the amendment whose words it is, `revises` the one to be written anew."""

    rows: Sequence[BlockRow]
    declaration: Declaration
    amends: Amendment | None = None
    revises: Amendment | None = None

    @property
    def is_text(self) -> bool:
        """Whether the words are those of the declaration, which may have other languages."""
        return self.amends is None and self.revises is None

    @property
    def by_id(self) -> Mapping[str, BlockRow]:
        return {row.id: row for row in self.rows}

    def shown(self, row: BlockRow, language: Language) -> str:
        """What must not change before the form is sent: nobody answers words they have not seen."""
        amendment = self.amends or self.revises
        if amendment is not None:
            return str(amendment.own.id)
        text = row.texts.get(language)
        return str(text.id) if text else ""

    def on(self, form: ChangeForm) -> ChangeForm:
        """The form standing on this text as it is now; an entry nobody has written on yet begins with its words."""
        head, rows = self.declaration.head, self.by_id
        entries = [self._on(entry, rows.get(entry.block), form.language) for entry in form.entries]
        return replace(form.holding(entries, form.place_in_hand), base=head.number, head=str(head.id))

    def begun(self, form: ChangeForm) -> ChangeForm:
        """The form with the words of the text in every entry that nobody has written on yet."""
        rows = self.by_id
        entries = [
            entry if entry.shown else self._on(entry, rows.get(entry.block), form.language) for entry in form.entries
        ]
        return form.holding(entries, form.place_in_hand)

    def ensure_current(self, form: ChangeForm) -> None:
        """Raise `Stale` where the words are not those that were shown."""
        rows = self.by_id
        for entry in form.entries:
            row = rows.get(entry.block)
            present = self.shown(row, form.language) if row else entry.shown
            if present != entry.shown:
                raise Stale(expected=entry.shown, head=present)
        if self.revises is not None and form.head != str(self.declaration.head_id):
            raise Stale(expected=form.head, head=str(self.declaration.head_id))

    def _on(self, entry: ChangeEntry, row: BlockRow | None, language: Language) -> ChangeEntry:
        if row is None:
            return entry
        wording = entry.wording if entry.shown or entry.wording else row.content(language)
        return replace(entry, shown=self.shown(row, language), wording=wording)


def form_base(service: AmendmentService, declaration: Declaration, form: ChangeForm, *, actor: Actor) -> FormBase:
    """Raises `NotFound` for an amendment or a revision that is not there."""
    if form.amends:
        parent = service.numbered(declaration, form.amends, actor=actor)
        return FormBase(_proposed(service, parent), declaration, amends=parent)
    if form.revises:
        own = service.numbered(declaration, form.revises, actor=actor)
        rows = _proposed(service, own.parent) if own.parent else queries.head_rows(service.db, declaration)
        return FormBase(rows, declaration, amends=own.parent, revises=own)
    revision = service.declarations.revision(declaration, form.base) if form.base else declaration.head
    return FormBase(service.shown_rows(declaration, revision), declaration)


def prefilled_form(form: ChangeForm, stands: FormBase, amendment: Amendment) -> ChangeForm:
    """The form filled in with what its author asked for, the paragraph that was chosen in hand.

    Raises `NotFound` for what the form has no words for: changes of kind or level, which came from a program.
    """
    entries = entries_written(amendment, stands.rows)
    if not entries:
        raise NotFound(what="amendment", id=str(amendment.number))
    blocks = [entry.block for entry in entries]
    return replace(
        form.holding(entries, blocks.index(form.block) if form.block in blocks else 0),
        reason=amendment.reason,
        indivisible=YES if amendment.is_indivisible else "",
    )


def entries_written(amendment: Amendment, rows: Sequence[BlockRow]) -> list[ChangeEntry]:
    """What its author asked for, to be written anew on these paragraphs; none where the form cannot say it."""
    contents = {row.id: row.content(amendment.language) for row in rows}
    return entries_of(stored_amendments.changes_of(amendment.own), rows, contents)


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
            texts={language: queries.unsaved(UUID(block.id), language, block.text)} if block.text else {},
        )
        for block in document
    ]
