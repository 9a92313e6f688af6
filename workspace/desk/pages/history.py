"""The history of a declaration: every revision, why it was made, and the decisions behind it; some at a time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct, field
from sqlalchemy.orm import joinedload

from workspace.amendments.domain import queries as filed
from workspace.amendments.domain.models import Decision, Verdict
from workspace.amendments.views.decisions import VERDICTS, DecisionLine, DecisionLines
from workspace.core.storage.db import Db
from workspace.declarations.domain.models import Declaration, Revision, RevisionCause
from workspace.declarations.frame import Frame
from workspace.desk import counts
from workspace.desk.rights import rights
from workspace.people.models import Forum
from workspace.web.http.request_context import Work
from workspace.web.i18n.marking import N_
from workspace.web.pages import Page

LEAF = 25  # revisions on a page
FIRST = 4  # decisions behind a revision that are shown, before one asks for all
MOST_OTHERS = 20  # decisions beside them that left the words as they were
CAUSES: Mapping[RevisionCause, str] = {
    RevisionCause.IMPORT: N_("First text imported"),
    RevisionCause.EDITORIAL: N_("Edited by the committee"),
    RevisionCause.ADOPTION: N_("Amendments adopted"),
    RevisionCause.FREEZE: N_("Text frozen"),
    RevisionCause.UNDO: N_("Decisions undone"),
    RevisionCause.CORRIGENDUM: N_("Corrigendum"),
}
FROZEN_FOR: Mapping[str, str] = {
    "consultation": N_("Text frozen for the consultation"),
    "adoption": N_("Text frozen for the adoption"),
    "edition": N_("Text frozen for publication"),
}
ONLY: Mapping[Verdict, str] = {  # where the text is another, and no amendment in it was adopted
    Verdict.BRACKET: N_("Paragraphs bracketed"),
    Verdict.RESOLVE: VERDICTS[Verdict.RESOLVE],
}


class RevisionLine(Struct, frozen=True):
    """One revision with the decisions that made it. `edition` is the number of the edition it was published as."""

    number: int
    said: str
    cause: str  # the verdict, where all its decisions have one
    note: str
    by: str
    at: datetime
    edition: int | None
    decisions: Sequence[DecisionLine]
    more: int  # decisions behind it that are not shown
    every: str  # where all are


class HistoryPage(Page, frozen=True, kw_only=True):
    """Some revisions of `count`; `others` are the last decisions, of `others_count`, that left the words as they were.

    `newer` and `older` lead to the revisions that are not on this page; "" where there are none.
    """

    name: str
    count: int
    revisions: Sequence[RevisionLine]
    newer: str
    older: str
    others: Sequence[DecisionLine]
    others_count: int


class _Tally(Struct):
    """What stands behind a revision: numbers and verdicts of decisions, and whether one has its note as a reason."""

    numbers: list[int] = field(default_factory=list)
    verdicts: set[Verdict] = field(default_factory=set)
    says_note: bool = False


def history(db: Db, frame: Frame, *, work: Work, before: int | None, whole: int | None = None) -> HistoryPage:
    """What happened to the text, newest first, from the revision `before` that one. A fixed number of queries.

    Of the decisions behind each revision the first; all of them behind the revision `whole`.
    """
    declaration, count = frame.declaration, frame.declaration.head.number
    last = min(count, before - 1) if before else count
    revisions = _revisions(db, declaration, last)
    may = rights(work.actor, declaration)
    editions = counts.editions_by_declaration(db, [declaration]).get(declaration.id, [])
    published = {edition.revision_id: edition.number for edition in editions}
    behind: dict[UUID | None, list[DecisionLine]] = {}
    lines = DecisionLines(db, frame, work, may.read_amendments)
    decided = filed.select_decisions(declaration)
    taken = {number: revision_ids[-1] for number, revision_ids in filed.landed_later(db, declaration.id).items()}
    tallies = _tallies(db, declaration.id, revisions, taken)
    shown = [
        number
        for revision in revisions
        for number in tallies[revision.id].numbers[: None if revision.number == whole else FIRST]
    ]
    is_without = sa.and_(Decision.revision_id.is_(None), Decision.number.not_in(taken))
    others = db.scalars(
        decided.where(is_without).order_by(None).order_by(Decision.number.desc()).limit(MOST_OTHERS)
    ).unique()
    for decision in (*db.scalars(decided.where(Decision.number.in_(shown))).unique(), *others):
        behind.setdefault(taken.get(decision.number, decision.revision_id), []).append(lines.line(decision))
    counted = sa.select(sa.func.count()).where(Decision.declaration_id == declaration.id, is_without)
    here = {"forum": frame.forum.slug, "declaration": declaration.slug}
    first = max(1, last - LEAF + 1)
    return HistoryPage(
        place=frame.place,
        here="history",
        name=declaration.name.said_in(work.language),
        count=count,
        revisions=[
            _revision(
                revision,
                published.get(revision.id),
                behind.get(revision.id, ()),
                tally=tallies[revision.id],
                every=work.url_for("history", **here, before=before, all=revision.number) + f"#r{revision.number}",
                forum=frame.forum,
                work=work,
            )
            for revision in revisions
        ],
        newer=work.url_for("history", **here, before=last + LEAF + 1) if last < count else "",
        older=work.url_for("history", **here, before=first) if first > 1 else "",
        others=tuple(behind.get(None, ())),
        others_count=db.scalar(counted) or 0,
    )


def _tallies(
    db: Db, declaration_id: UUID, revisions: Sequence[Revision], taken: Mapping[int, UUID | None]
) -> Mapping[UUID | None, _Tally]:
    """By revision; `taken` names that of decisions whose words came into the text later."""
    notes: Mapping[UUID | None, str] = {revision.id: revision.note for revision in revisions}
    found = {revision_id: _Tally() for revision_id in notes}
    statement = (
        sa.select(Decision.number, Decision.revision_id, Decision.verdict, Decision.reason)
        .where(Decision.declaration_id == declaration_id)
        .where(sa.or_(Decision.revision_id.in_(notes), Decision.number.in_(taken)))
        .order_by(Decision.number)
    )
    for number, revision_id, verdict, reason in db.execute(statement):
        if (at := taken.get(number, revision_id)) in found:
            found[at].numbers.append(number)
            found[at].verdicts |= {verdict} if revision_id else set()
            found[at].says_note |= reason == notes[at]
    return found


def _revisions(db: Db, declaration: Declaration, last: int) -> Sequence[Revision]:
    """A page of revisions down from number `last`, with who made them."""
    statement = (
        sa.select(Revision)
        .where(Revision.declaration_id == declaration.id, Revision.number <= last, Revision.number > last - LEAF)
        .options(joinedload(Revision.made_by))
        .order_by(Revision.number.desc())
    )
    return db.scalars(statement).all()


def _revision(
    revision: Revision,
    edition: int | None,
    decisions: Sequence[DecisionLine],
    *,
    tally: _Tally,
    every: str,
    forum: Forum,
    work: Work,
) -> RevisionLine:
    alone = next(iter(tally.verdicts)) if len(tally.verdicts) == 1 else None
    said, note = ONLY.get(alone, CAUSES[revision.cause]) if alone else CAUSES[revision.cause], revision.note
    if revision.cause is RevisionCause.FREEZE:
        said, note = FROZEN_FOR.get(note, said), "" if note in FROZEN_FOR else note
    return RevisionLine(
        number=revision.number,
        said=work.messages.gettext(said),
        cause=alone.value if alone else revision.cause.value,
        note="" if tally.says_note else note,
        by=revision.made_by.name if revision.made_by else "",
        at=forum.local(revision.made_at),
        edition=edition,
        decisions=decisions,
        more=len(tally.numbers) - len(decisions),
        every=every,
    )
