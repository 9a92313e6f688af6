"""The history of a declaration: every revision, why it was made, and the decisions behind it; some at a time."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
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


def history(db: Db, frame: Frame, *, work: Work, before: int | None) -> HistoryPage:
    """What happened to the text, newest first, from the revision `before` that one. A fixed number of queries."""
    declaration, count = frame.declaration, frame.declaration.head.number
    last = min(count, before - 1) if before else count
    revisions = _revisions(db, declaration, last)
    may = rights(work.actor, declaration)
    editions = counts.editions_by_declaration(db, [declaration]).get(declaration.id, [])
    published = {edition.revision_id: edition.number for edition in editions}
    behind: dict[UUID | None, list[DecisionLine]] = {}
    verdicts: dict[UUID | None, set[Verdict]] = {}
    lines = DecisionLines(frame, work, may.read_amendments)
    decided = filed.select_decisions(declaration)
    is_without = Decision.revision_id.is_(None)
    others = db.scalars(
        decided.where(is_without).order_by(None).order_by(Decision.number.desc()).limit(MOST_OTHERS)
    ).unique()
    for decision in (
        *db.scalars(decided.where(Decision.revision_id.in_([revision.id for revision in revisions]))).unique(),
        *others,
    ):
        behind.setdefault(decision.revision_id, []).append(lines.line(decision))
        verdicts.setdefault(decision.revision_id, set()).add(decision.verdict)
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
                verdicts=verdicts.get(revision.id, set()),
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
    verdicts: Collection[Verdict],
    forum: Forum,
    work: Work,
) -> RevisionLine:
    alone = next(iter(verdicts)) if len(verdicts) == 1 else None
    said, note = ONLY.get(alone, CAUSES[revision.cause]) if alone else CAUSES[revision.cause], revision.note
    if revision.cause is RevisionCause.FREEZE:
        said, note = FROZEN_FOR.get(note, said), "" if note in FROZEN_FOR else note
    if note in {decision.reason for decision in decisions}:
        note = ""
    return RevisionLine(
        number=revision.number,
        said=work.messages.gettext(said),
        cause=alone.value if alone else revision.cause.value,
        note=note,
        by=revision.made_by.name if revision.made_by else "",
        at=forum.local(revision.made_at),
        edition=edition,
        decisions=decisions,
    )
