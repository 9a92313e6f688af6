"""What the groups of a session recommended, and how the plenary puts it together."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from drafts.base.lazy_regex import lazy_regex
from workspace.consultation import policy
from workspace.consultation.models import NoteMark, Project, ReviewedFinding, WorkingGroup
from workspace.consultation.review import finding_digest
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound, existing
from workspace.core.events import SessionDivided, SessionRemoved, SessionRestored, SessionsJoined
from workspace.core.storage import log
from workspace.core.storage.db import Db, row_of
from workspace.recommendations.models import LONGEST_TEXT, Recommendation, RecommendationStatus, Resemblance
from workspace.recommendations.service import RecommendationService, VerbatimStatement
from workspace.sessions.corrections import further_down
from workspace.sessions.extraction import Inconsistency
from workspace.sessions.models import Session

_MARK = lazy_regex(
    r"""^\s*(?:
        [-*•·◦‣–—▪●○]\s+            # a dash or a bullet
        | \(?\d{1,3}(?:[.)º°]|\s[-–—])\s+  # 1. 1) (1) 1º
        | \(?[a-z][.)]\s+             # a) (a) a.
        | \(?[ivx]{1,5}[.)]\s+        # iv)
    )""",
    re.VERBOSE | re.IGNORECASE,
)


_HANGING: Mapping[str, Any] = {  # what is of a session, by kind
    "recommendations": Recommendation,
    "projects": Project,
    "marks": NoteMark,
    "groups": WorkingGroup,
}


def follow(db: Db, event: SessionsJoined) -> None:
    """Answer to `SessionsJoined`: what consultation knows of the one is of the other, which has each group once."""
    other, kept = event.other_id, event.kept_id
    taken = {group.name for group in db.scalars(sa.select(WorkingGroup).filter_by(session_id=kept))}
    moved: dict[str, list[str]] = {}
    for name, kind in _HANGING.items():
        rows = db.scalars(sa.select(kind).filter_by(session_id=other)).all()
        moved[name] = [str(row.id) for row in rows if getattr(row, "name", "") not in taken]
    joined = db.get_one(Session, other)
    joined.moved = {**(joined.moved or {}), **moved}
    _move(db, moved, other, kept, event.lines)
    _number(db, kept)
    for finding in db.get_one(Session, other).details.get("inconsistencies", ()):
        read = msgspec.convert(finding, Inconsistency)
        seen = db.get(ReviewedFinding, (other, finding_digest(read)))
        if seen is None:
            continue
        key = (kept, finding_digest(further_down(read, event.lines)))
        if db.get(ReviewedFinding, key) is None:
            db.add(ReviewedFinding(session_id=kept, digest=key[1], seen_by_id=seen.seen_by_id, seen_at=seen.seen_at))
        db.delete(seen)


def give_back(db: Db, event: SessionRestored) -> None:
    """Answer to `SessionRestored`: what it had before it was joined, and has nowhere else by now, is its own again.

    So is what was found since in the lines of its note, where they stand behind those of the other.
    """
    moved = db.get_one(Session, event.session_id).moved or {}
    _move(db, moved, event.kept_id, event.session_id, -event.lines)
    kept = db.get_one(Session, event.kept_id)
    if event.lines and moved.get("before", {}).get("document_id") not in {None, str(kept.document_id)}:
        found = {name: _below(db, _HANGING[name], kept, event.lines) for name in ("recommendations", "marks")}
        _move(db, found, kept.id, event.session_id, -event.lines)


def _below(db: Db, kind: Any, kept: Session, lines: int) -> list[str]:
    return list(map(str, db.scalars(sa.select(kind.id).where(kind.session_id == kept.id, kind.line > lines))))


def _move(db: Db, moved: Mapping[str, Sequence[str]], away: UUID, to: UUID, lines: int) -> None:
    for name, kind in _HANGING.items():
        ids = [UUID(id_) for id_ in moved.get(name, ())]
        for row in db.scalars(sa.select(kind).where(kind.id.in_(ids), kind.session_id == away)):
            row.session_id = to
            if getattr(row, "line", None) is not None:
                row.line += lines


def _number(db: Db, session_id: UUID) -> None:
    groups = sa.select(WorkingGroup).filter_by(session_id=session_id).order_by(WorkingGroup.number, WorkingGroup.id)
    for number, group in enumerate(db.scalars(groups).all(), start=1):
        group.number = number


def ensure_unused(db: Db, event: SessionRemoved) -> None:
    """Answer to `SessionRemoved`: raise `Invalid` where something was said in it, or groups or projects came of it."""
    for kind in (Recommendation, WorkingGroup, Project):
        if db.scalar(sa.select(kind.id).where(kind.session_id == event.session_id).limit(1)):
            raise Invalid(field="session", reason="in_use")


def give(db: Db, event: SessionDivided) -> None:
    """Answer to `SessionDivided`: the recommendations are those of the new sessions. Raises `NotFound`."""
    rows = db.scalars(sa.select(Recommendation).filter_by(session_id=event.session_id))
    said = {found.number: found for found in rows}
    for session_id, numbers in event.given.items():
        for number in numbers:
            if number not in said:
                raise NotFound(what="recommendation", id=str(number))
            said.pop(number).session_id = session_id


def list_items(pasted: str) -> list[str]:
    """The items of a pasted list, in order, without their marks.

    Where lines carry marks, a line without one goes on with the item before it. Otherwise empty lines divide;
    where there are none either, every line is an item.
    """
    lines = [line.strip() for line in pasted.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n")]
    if any(_MARK.match(f"{line} ") for line in lines if line):
        return _by_marks(lines)
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", "\n".join(lines))]
    items = paragraphs if len(paragraphs) > 1 else lines
    return [" ".join(item.split()) for item in items if item.strip()]


def _by_marks(lines: list[str]) -> list[str]:
    found: list[str] = []
    is_open = False
    for line in lines:
        mark = _MARK.match(line)
        words = line[mark.end() :] if mark else line
        if mark or not is_open:
            found.append(words)
        elif words:
            found[-1] = f"{found[-1]} {words}"
        is_open = bool(line)
    return [" ".join(item.split()) for item in found if item.strip()]


MOST_ITEMS = 200  # of one list
MOST_GROUPS = 50
LONGEST_NAME = 120


class GroupService:
    """Working groups of a session."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.register = RecommendationService(db)

    def groups(self, session: Session) -> list[WorkingGroup]:
        """The groups of a session in their order."""
        rows = sa.select(WorkingGroup).where(WorkingGroup.session_id == session.id).order_by(WorkingGroup.number)
        return list(self.db.scalars(rows))

    def add_group(self, session: Session, name: str, *, language: str, actor: Actor) -> WorkingGroup:
        """Let a session have one more group. Raises `Invalid` for a name that one of them has."""
        policy.ensure_may_edit(actor, session)
        name = " ".join(name.split())
        known = self.groups(session)
        if not name:
            raise Invalid(field="group", reason="required")
        if len(name) > LONGEST_NAME or len(known) >= MOST_GROUPS:
            raise Invalid(field="group", reason="too_long", most=LONGEST_NAME)
        if any(working_group.name.casefold() == name.casefold() for working_group in known):
            raise Invalid(field="group", reason="taken", given=name)
        made = WorkingGroup(session_id=session.id, number=len(known) + 1, name=name, language=language)
        self.db.add(made)
        self.db.flush()
        log.record(
            self.db,
            "session.group_made",
            actor=actor,
            forum_id=session.forum_id,
            session=str(session.id),
            group=str(made.id),
        )
        return made

    def enter(
        self,
        session: Session,
        pasted: str,
        *,
        language: str,
        actor: Actor,
        group_id: UUID | None = None,
        confirms: bool = False,
    ) -> list[Recommendation]:
        """Write down a list of what a group recommended, or the plenary without one; each item is to be confirmed.

        With `confirms` they are confirmed at once. Raises `Invalid` for a list without items, and for one too long.
        """
        policy.ensure_may_edit(actor, session)
        items = list_items(pasted)
        if not items:
            raise Invalid(field="items", reason="required")
        if len(items) > MOST_ITEMS or any(len(item) > LONGEST_TEXT for item in items):
            raise Invalid(field="items", reason="too_long", most=MOST_ITEMS)
        group = self._group(session, group_id)
        said = [VerbatimStatement(item, language, working_group=group.name if group else "") for item in items]
        made = self.register.propose(session, said, actor=actor)
        self.db.flush()
        log.record(
            self.db,
            "recommendations.added",
            actor=actor,
            forum_id=session.forum_id,
            recommendations=[str(recommendation.id) for recommendation in made],
        )
        if confirms:
            self.register.settle(
                session.forum,
                [recommendation.number for recommendation in made],
                RecommendationStatus.CONFIRMED,
                actor=actor,
            )
        return made

    def said_in(self, session: Session) -> list[Recommendation]:
        """What a session and its groups recommended and nobody has dropped or merged, by their numbers."""
        rows = (
            sa.select(Recommendation)
            .where(
                Recommendation.session_id == session.id,
                Recommendation.standing.in_((RecommendationStatus.PROPOSED, RecommendationStatus.CONFIRMED)),
            )
            .order_by(Recommendation.number)
        )
        return list(self.db.scalars(rows))

    def alike(self, items: Sequence[Recommendation]) -> list[Resemblance]:
        """The pairs among these that say nearly the same, the likest first, and that nobody has told apart."""
        ids = [recommendation.id for recommendation in items]
        rows = (
            sa.select(Resemblance)
            .where(Resemblance.one_id.in_(ids), Resemblance.other_id.in_(ids), Resemblance.dismissed_at.is_(None))
            .options(joinedload(Resemblance.first), joinedload(Resemblance.second))
            .order_by(Resemblance.likeness.desc(), Resemblance.one_id)
        )
        return list(self.db.scalars(rows))

    def _group(self, session: Session, group_id: UUID | None) -> WorkingGroup | None:
        if group_id is None:
            return None
        return existing(row_of(self.db, WorkingGroup, group_id, session_id=session.id), "group", group_id)
