"""Two revisions beside each other in one language: what was reworded, inserted, deleted, moved, split and joined."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from markupsafe import Markup

from drafts.blocks import Block, BlockKind, Document, Language
from drafts.numbering import numbers
from drafts.render import row_html
from drafts.shown import Row, RowKind, RunOp, shown
from drafts.tokens import tokenize
from workspace.core.db import Db
from workspace.core.errors import NotFound
from workspace.declarations import queries
from workspace.declarations.frame import Frame
from workspace.declarations.models import Declaration
from workspace.declarations.service import DeclarationService
from workspace.desk import words
from workspace.desk.reading import RevisionChoice, revision_choices
from workspace.web.i18n import N_
from workspace.web.pages import Page
from workspace.web.services import Work

NOW = "now"  # in an address: the text in force, which may be ahead of the last revision by some translations
MARKS: Mapping[RowKind, str] = {
    RowKind.REWORD: N_("Reworded"),
    RowKind.INSERT: N_("Inserted"),
    RowKind.DELETE: N_("Deleted"),
    RowKind.MOVED: N_("Moved here"),
    RowKind.MOVED_FROM: N_("Moved away from here"),
    RowKind.SPLIT: N_("Split"),
    RowKind.JOIN: N_("Joined"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the comparison. `mark` is "" where nothing changed; `before` is its old name where it has a new."""

    id: str
    kind: RowKind
    mark: str
    name: str
    before: str
    html: Markup  # "" where there are no words on either side, as in a new paragraph that is not translated yet


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring rows that all changed, or that all stayed as they were."""

    is_changed: bool
    rows: Sequence[Change]


@dataclass(frozen=True, slots=True)
class Totals:
    """How much changed, in passages and in words."""

    reworded: int
    inserted: int
    deleted: int
    moved: int
    split: int
    joined: int
    words_inserted: int
    words_deleted: int

    @property
    def passages(self) -> int:
        return self.reworded + self.inserted + self.deleted + self.moved + self.split + self.joined


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparePage(Page):
    """`before` and `after` are what the form says: a number, or "now" for the text in force."""

    name: str
    language_shown: Language
    before: str
    after: str
    revisions: Sequence[RevisionChoice]
    stretches: Sequence[Stretch]
    totals: Totals


def compare(db: Db, frame: Frame, *, work: Work, before: str | None, after: str | None) -> ComparePage:
    """The whole comparison. Without a choice, what the last revision changed. Raises `NotFound`."""
    declaration = frame.declaration
    after = after or str(declaration.head.number)
    before = before or str(max(1, _number(after, declaration) - 1))
    language = work.texts()[0]
    old, new = (_side(db, declaration, which, language) for which in (before, after))
    rows = [row for row in shown(old.document, new.document) if row.runs or row.kind is not RowKind.SAME]
    changes = [
        _change(place, row, old=old, new=new, language=language, work=work) for place, row in enumerate(rows, start=1)
    ]
    return ComparePage(
        place=frame.place,
        here="history",
        name=declaration.name.said_in(work.language),
        language_shown=language,
        before=before,
        after=after,
        revisions=revision_choices(db, declaration, frame.forum),
        stretches=[
            Stretch(is_changed, tuple(some)) for is_changed, some in groupby(changes, lambda one: bool(one.mark))
        ],
        totals=_totals(rows),
    )


@dataclass(frozen=True, slots=True)
class _Side:
    document: Document
    numbers: Mapping[str, str]


def _number(which: str, declaration: Declaration) -> int:
    if which == NOW:
        return declaration.head.number + 1
    if not which.isdecimal():
        raise NotFound(what="revision", id=which)
    return int(which)


def _side(db: Db, declaration: Declaration, which: str, language: Language) -> _Side:
    if which == NOW:
        rows = queries.head_rows(db, declaration)
    else:
        revision = DeclarationService(db).revision(declaration, _number(which, declaration))
        rows = queries.pinned_rows(db, revision.id)
    return _Side(queries.document(rows, language), numbers(queries.structure(rows)))


def _change(place: int, row: Row, *, old: _Side, new: _Side, language: Language, work: Work) -> Change:
    """What went keeps its old number; a number that changed is told in `before`."""
    block = (row.new or row.old)[0]
    numbered = {**old.numbers, **new.numbers} if row.new else old.numbers
    name = words.name(block, numbered, work.messages)
    before = words.name(row.old[0], old.numbers, work.messages) if row.old else ""
    mark = MARKS.get(row.kind, "")
    html = row_html(_under_page(row), language=language, numbers=numbered, has_both_places=True) if row.runs else ""
    return Change(
        id=f"change-{place}",
        kind=row.kind,
        mark=work.messages.gettext(mark) if mark else "",
        name=name,
        before=before if before != name else "",
        html=Markup(html),  # noqa: S704  (drafts.render promises safe HTML)
    )


def _under_page(row: Row) -> Row:
    """The row with its headings one rank lower, because the page has a heading of its own."""
    return replace(row, old=tuple(map(_lower, row.old)), new=tuple(map(_lower, row.new)))


def _lower(block: Block) -> Block:
    if block.kind is BlockKind.TITLE:
        return replace(block, kind=BlockKind.HEADING, level=1)
    return replace(block, level=block.level + 1) if block.kind is BlockKind.HEADING else block


def _totals(rows: Sequence[Row]) -> Totals:
    kinds = Counter(row.kind for row in rows)
    runs = [run for row in rows if row.kind is not RowKind.MOVED_FROM for run in row.runs]
    return Totals(
        reworded=kinds[RowKind.REWORD],
        inserted=kinds[RowKind.INSERT],
        deleted=kinds[RowKind.DELETE],
        moved=kinds[RowKind.MOVED],
        split=kinds[RowKind.SPLIT],
        joined=kinds[RowKind.JOIN],
        words_inserted=sum(_words(run.text) for run in runs if run.op is RunOp.INSERT),
        words_deleted=sum(_words(run.text) for run in runs if run.op is RunOp.DELETE),
    )


def _words(text: str) -> int:
    return sum(token.is_word for token in tokenize(text))
