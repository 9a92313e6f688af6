"""The form in which changes are written, for members who propose and for the committee that edits."""

from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from drafts.base.errors import DraftsError, ImpossibleChange
from drafts.diff.amendments import Change, ChangeOp
from drafts.text.blocks import Language, may_divide
from workspace.amendments.change_form.drafts import (
    FIRST,
    MOST_CHANGES,
    START,
    YES,
    ChangeEntry,
    DraftContent,
    requested_changes,
    typed_entries,
)
from workspace.amendments.labels import ParagraphLabels
from workspace.core.errors import Invalid, NotFound
from workspace.core.shapes import filled
from workspace.core.validation import whole_number
from workspace.declarations.domain.queries import BlockRow
from workspace.web.http.request_context import Work
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES
from workspace.web.pages import field_errors
from workspace.web.refusals.sentences import sentence

__all__ = ["BESIDE", "FIRST", "PREVIEW", "START", "ChangeForm", "operations", "refused", "typed_rewording"]

PREVIEW = "preview"
BESIDE = "beside"  # file it, although another asks for the same
OPERATIONS: Mapping[ChangeOp, str] = {
    ChangeOp.REWORD: N_("Change the text"),
    ChangeOp.INSERT: N_("Add a paragraph after it"),
    ChangeOp.DELETE: N_("Delete"),
    ChangeOp.MOVE: N_("Move"),
    ChangeOp.SPLIT: N_("Split"),
    ChangeOp.JOIN: N_("Join with next paragraph"),
}


class ChangeForm(Struct, frozen=True):
    """What the form sends. `block` to `shown` are the entry in hand (`Entry`); `kept` are the others, as JSON.

    `place` is where the one in hand stands among them. `base` is the number and
    `head` the id of the revision that was shown. `amends` is the number of the
    amendment that it amends, `revises` that of the one it writes anew. `draft` and
    `version` name what is kept of it on the server, `go_on` the paragraph to
    change next, `invitee` somebody to be asked to sponsor it, beside `cosponsors`. `mover` is the
    name of who moves it from the floor, or of whose proposal an edit is; `replaces` are
    the numbers of those for which a compromise stands. `comment` is the id of the remark of which it is made.
    """

    block: str = ""
    text: str = ""
    base: int = 0
    head: str = ""
    shown: str = ""
    op: str = FIRST
    wording: str = ""
    addition: str = ""
    after: str = ""
    before: str = ""
    reason: str = ""
    amends: int = 0
    revises: int = 0
    indivisible: str = ""
    kept: str = ""
    place: int = 0
    draft: str = ""
    version: str = ""
    go_on: str = ""
    invitee: str = ""
    cosponsors: str = ""
    mover: str = ""
    replaces: list[str] | str = field(default_factory=list)
    comment: str = ""
    action: str = ""

    @property
    def language(self) -> Language:
        """Raises `NotFound` for a language of no text."""
        if self.text not in LANGUAGES:
            raise NotFound(what="text", id=self.text)
        return Language(self.text)

    @property
    def hand(self) -> ChangeEntry:
        return filled(ChangeEntry, self, wording=typed_entries(self.wording), addition=typed_entries(self.addition))

    @property
    def others(self) -> tuple[ChangeEntry, ...]:
        """Raises `Invalid` for what this form has never written."""
        try:
            found = msgspec.json.decode(self.kept or "[]", type=tuple[ChangeEntry, ...])
        except (msgspec.DecodeError, RecursionError) as error:
            raise Invalid(field="changes", reason="required") from error
        if len(found) >= MOST_CHANGES:
            raise Invalid(field="changes", reason="too_many", limit=MOST_CHANGES)
        return found

    @property
    def entries(self) -> tuple[ChangeEntry, ...]:
        """All of them, in their order."""
        others, place = self.others, self.place_in_hand
        return (*others[:place], self.hand, *others[place:])

    @property
    def place_in_hand(self) -> int:
        return min(max(self.place, 0), len(self.others))

    @property
    def people(self) -> tuple[str, ...]:
        """Ids of those who are to be invited."""
        return tuple(filter(None, self.cosponsors.split(",")))

    @property
    def replaced(self) -> tuple[int, ...]:
        """The numbers of those that a compromise replaces; what comes alone comes as a string."""
        given = [self.replaces] if isinstance(self.replaces, str) else self.replaces
        return tuple(number for text in given if (number := whole_number(text)) is not None)

    def holding(self, entries: Sequence[ChangeEntry], place: int) -> "ChangeForm":
        """The form with these entries, the one at `place` in hand."""
        hand = entries[place]
        others = [entry for nth, entry in enumerate(entries) if nth != place]
        return replace(
            self,
            block=hand.block,
            op=hand.op if hand.op in OPERATIONS else FIRST,
            wording=hand.wording,
            addition=hand.addition,
            after=hand.after,
            before=hand.before,
            shown=hand.shown,
            kept=msgspec.json.encode(others).decode(),
            place=place,
        )

    def changes(self, passages: ParagraphLabels) -> tuple[Change, ...]:
        """The changes it asks for. Raises `UnknownBlock`, `ImpossibleChange` and `Invalid` as the engine would."""
        return requested_changes(self.entries, passages)

    def content(self) -> DraftContent:
        """What is to be kept of it while it is written."""
        return filled(
            DraftContent,
            self,
            language=self.text,
            place=self.place_in_hand,
            reason=typed_entries(self.reason),
            is_indivisible=bool(self.indivisible),
            cosponsors=self.people,
        )


def form_of(content: DraftContent) -> ChangeForm:
    """The form as it was when this was kept."""
    form = ChangeForm(
        text=content.language,
        base=content.base,
        head=content.head,
        amends=content.amends,
        revises=content.revises,
        reason=content.reason,
        indivisible=YES if content.is_indivisible else "",
        cosponsors=",".join(content.cosponsors),
    )
    entries = content.entries or (ChangeEntry(),)
    return form.holding(entries, min(content.place, len(entries) - 1))


def typed_rewording(block: str, wording: str) -> Change:
    """The committee's own wording of a paragraph."""
    return Change(ChangeOp.REWORD, block, text=typed_entries(wording))


def operations(row: BlockRow, passages: ParagraphLabels) -> Sequence[ChangeOp]:
    """What can be asked of this paragraph in this language; one without text there can only go or move."""
    block = row.block(passages.language)
    following = passages.following(block.id)
    if not block.text:
        return [ChangeOp.INSERT, ChangeOp.DELETE, ChangeOp.MOVE]
    offered = [ChangeOp.REWORD, ChangeOp.INSERT, ChangeOp.DELETE, ChangeOp.MOVE]
    if may_divide(block):
        offered.append(ChangeOp.SPLIT)
        if following and may_divide(following.original()):
            offered.append(ChangeOp.JOIN)
    return offered


def refused(work: Work, form: ChangeForm, refusal: Invalid | DraftsError) -> Mapping[str, str]:
    """What to say beside which field."""
    if isinstance(refusal, Invalid) and refusal.facts.get("field") != "changes":
        return field_errors(work, refusal)
    return {_field(form, refusal): sentence(refusal, work.messages)}


def entry_at_fault(form: ChangeForm, refusal: Invalid | DraftsError) -> ChangeForm:
    """The form with that entry in hand which the refusal is about, where it says so."""
    entries = form.entries
    blocks = [entry.block for entry in entries]
    block = str(refusal.facts.get("block", ""))
    return form.holding(entries, blocks.index(block)) if block in blocks and block != form.block else form


def _field(form: ChangeForm, refusal: Invalid | DraftsError) -> str:
    if isinstance(refusal, ImpossibleChange) and refusal.facts.get("reason") in {"not_neighbours", "cannot_divide"}:
        return "op"
    return _FIELDS.get(form.op, "op")


_FIELDS: Mapping[str, str] = {
    ChangeOp.REWORD: "wording",
    ChangeOp.SPLIT: "wording",
    ChangeOp.INSERT: "addition",
    ChangeOp.MOVE: "after",
}
