"""The form in which one change is written, for members who propose and for the committee that edits."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from drafts.amendments import Change, ChangeOp, Part
from drafts.blocks import BlockKind, Language
from drafts.errors import DraftsError, ImpossibleChange, UnknownBlock
from drafts.kinds import may_divide
from workspace.amendments.passages import Passages
from workspace.core.errors import Invalid, NotFound
from workspace.declarations.queries import BlockRow
from workspace.web.i18n import LANGUAGES, N_
from workspace.web.pages import field_errors
from workspace.web.sentences import sentence
from workspace.web.services import Work

START = "start"  # where a paragraph moves that is to open the text
PREVIEW = "preview"
FIRST = ChangeOp.REWORD.value
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
_CONTINUED = frozenset({BlockKind.OPERATIVE, BlockKind.ITEM, BlockKind.PREAMBLE, BlockKind.PARAGRAPH, BlockKind.BULLET})
OPERATIONS: Mapping[ChangeOp, str] = {
    ChangeOp.REWORD: N_("Change its words"),
    ChangeOp.INSERT: N_("Add a paragraph after it"),
    ChangeOp.DELETE: N_("Delete it"),
    ChangeOp.MOVE: N_("Move it"),
    ChangeOp.SPLIT: N_("Split it"),
    ChangeOp.JOIN: N_("Join it with the next"),
}


@dataclass(frozen=True, slots=True)
class ChangeForm:
    """What the form sends. `wording` is for rewording and splitting, `addition` for a new paragraph.

    `base` is the number and `head` the id of the revision that was shown, `shown` the
    text version of the paragraph. `amends` is the number of the amendment that it
    amends, `revises` that of the one it writes anew; `shown` is then their version.
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
    reason: str = ""
    amends: int = 0
    revises: int = 0
    indivisible: str = ""
    action: str = ""

    @property
    def language(self) -> Language:
        """Raises `NotFound` for a language of no text."""
        if self.text not in LANGUAGES:
            raise NotFound(what="text", id=self.text)
        return Language(self.text)

    def change(self, passages: Passages) -> Change:
        """The change it asks for. Raises `UnknownBlock`, `ImpossibleChange` and `Invalid` as the engine would."""
        row = passages.row(self.block)
        if row is None:
            raise UnknownBlock(f"no block {self.block}", block=self.block)
        match self.op:
            case ChangeOp.REWORD:
                return Change(ChangeOp.REWORD, self.block, text=_typed(self.wording))
            case ChangeOp.INSERT:
                kind, level = _kind_after(row, passages)
                text = _typed(self.addition)
                return Change(ChangeOp.INSERT, "new", text=text, kind=kind, level=level, after=self.block)
            case ChangeOp.DELETE:
                return Change(ChangeOp.DELETE, self.block)
            case ChangeOp.MOVE:
                if not self.after:
                    raise Invalid(field="after", reason="required")
                return Change(ChangeOp.MOVE, self.block, after=None if self.after == START else self.after)
            case ChangeOp.SPLIT:
                first, *others = _BLANK_LINE.split(_typed(self.wording).strip())
                parts = tuple(Part(f"part-{number}", text) for number, text in enumerate(others))
                return Change(ChangeOp.SPLIT, self.block, text=first, parts=parts)
            case ChangeOp.JOIN:
                following = passages.following(self.block)
                joined = (str(following.block_id),) if following else ()
                return Change(ChangeOp.JOIN, self.block, joined=joined)
        raise Invalid(field="op", reason="required")


def typed_rewording(block: str, wording: str) -> Change:
    """The committee's own wording of a paragraph."""
    return Change(ChangeOp.REWORD, block, text=_typed(wording))


def operations(row: BlockRow, passages: Passages) -> Sequence[ChangeOp]:
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


def _field(form: ChangeForm, refusal: Invalid | DraftsError) -> str:
    if isinstance(refusal, ImpossibleChange) and refusal.facts.get("reason") in {"not_neighbours", "cannot_divide"}:
        return "op"
    fields = {
        ChangeOp.INSERT: "addition",
        ChangeOp.MOVE: "after",
        ChangeOp.REWORD: "wording",
        ChangeOp.SPLIT: "wording",
    }
    return fields.get(ChangeOp(form.op), "op") if form.op in OPERATIONS else "op"


_FIELDS: Mapping[str, str] = {
    ChangeOp.REWORD: "wording",
    ChangeOp.SPLIT: "wording",
    ChangeOp.INSERT: "addition",
    ChangeOp.MOVE: "after",
}


def _typed(text: str) -> str:
    """What a textarea held: browsers send its lines with a carriage return."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _kind_after(row: BlockRow, passages: Passages) -> tuple[BlockKind, int]:
    """A new paragraph is of the kind of the one it follows, or of the one that comes next below a heading."""
    following = passages.following(str(row.block_id))
    for neighbour in (row, following):
        if neighbour and neighbour.kind in _CONTINUED:
            return neighbour.kind, neighbour.level
    return BlockKind.PARAGRAPH, 0
