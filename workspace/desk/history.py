"""The history of a declaration: every revision, why it was made, and the decisions behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from drafts.blocks import Language
from workspace.amendments.models import Decision, Outcome, Verdict
from workspace.amendments.service import AmendmentService
from workspace.core.db import Db
from workspace.declarations.frame import Frame
from workspace.declarations.models import Revision, RevisionCause
from workspace.declarations.service import DeclarationService
from workspace.desk import counting
from workspace.desk.moments import at_place
from workspace.desk.rights import rights
from workspace.people.models import Forum
from workspace.web.i18n import N_
from workspace.web.pages import Page
from workspace.web.services import Work

CAUSES: Mapping[RevisionCause, str] = {
    RevisionCause.IMPORT: N_("The first text was taken in"),
    RevisionCause.EDITORIAL: N_("The committee edited the text"),
    RevisionCause.ADOPTION: N_("Amendments were adopted"),
    RevisionCause.FREEZE: N_("The text was frozen as it stood"),
}
FROZEN_FOR: Mapping[str, str] = {
    "consultation": N_("The text was frozen for the consultation"),
    "adoption": N_("The text was frozen for the adoption"),
    "edition": N_("The text was frozen for publication"),
}
VERDICTS: Mapping[Verdict, str] = {
    Verdict.ADOPT: N_("Amendment %(number)s was adopted"),
    Verdict.ADOPT_MODIFIED: N_("Amendment %(number)s was adopted with a modification"),
    Verdict.REJECT: N_("Amendment %(number)s was rejected"),
    Verdict.REFER: N_("Amendment %(number)s was referred back"),
    Verdict.HAND_OVER: N_("Amendment %(number)s was left to the translators"),
    Verdict.EDIT: N_("The committee edited the text"),
    Verdict.ABSENT: N_("A paragraph was left without text in one language"),
}
UNFINISHED: Mapping[Outcome, str] = {  # what a verdict to adopt came to, where it did not come to that
    Outcome.PARTLY: N_("Amendment %(number)s was adopted in part"),
    Outcome.WAITS: N_("Amendment %(number)s waits: it collides with another one"),
    Outcome.TAKEN: N_("Amendment %(number)s was accepted into the one it amends"),
}
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.APPLIED: "",
    Outcome.PARTLY: N_("The rest collides with another amendment and waits."),
    Outcome.WAITS: N_("The committee would adopt it; until it decides on the collision, the text stays as it was."),
    Outcome.INCLUDED: N_("The text said it already."),
    Outcome.TAKEN: "",
    Outcome.NONE: "",
}


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One decision. `href` leads to its amendment, for those who may read it."""

    number: int
    said: str
    outcome: str
    reason: str
    by: str
    at: datetime
    language: Language | None
    href: str


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One revision with the decisions that made it. `edition` is the number of the edition it was published as."""

    number: int
    said: str
    note: str
    by: str
    at: datetime
    edition: int | None
    decisions: Sequence[DecisionLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage(Page):
    """`others` are the decisions that left the words as they were."""

    name: str
    revisions: Sequence[RevisionLine]
    others: Sequence[DecisionLine]


def history(db: Db, frame: Frame, *, work: Work) -> HistoryPage:
    """Everything that happened to the text, newest first. A fixed number of queries."""
    declaration = frame.declaration
    may = rights(work.actor, declaration)
    editions = counting.editions(db, [declaration]).get(declaration.id, [])
    published = {edition.revision_id: edition.number for edition in editions}
    behind: dict[UUID | None, list[DecisionLine]] = {}
    for decision in AmendmentService(db).decisions(declaration):
        line = _decision(decision, frame, work=work, may_read=may.read_amendments)
        behind.setdefault(decision.revision_id, []).append(line)
    return HistoryPage(
        place=frame.place,
        here="history",
        name=declaration.name.said_in(work.language),
        revisions=[
            _revision(one, published.get(one.id), behind.get(one.id, ()), forum=frame.forum, work=work)
            for one in reversed(DeclarationService(db).revisions(declaration))
        ],
        others=tuple(reversed(behind.get(None, []))),
    )


def _revision(
    revision: Revision, edition: int | None, decisions: Sequence[DecisionLine], *, forum: Forum, work: Work
) -> RevisionLine:
    said, note = CAUSES[revision.cause], revision.note
    if revision.cause is RevisionCause.FREEZE:
        said, note = FROZEN_FOR.get(note, said), "" if note in FROZEN_FOR else note
    if note in {decision.reason for decision in decisions}:
        note = ""
    return RevisionLine(
        number=revision.number,
        said=work.messages.gettext(said),
        note=note,
        by=revision.made_by.name if revision.made_by else "",
        at=at_place(revision.made_at, forum),
        edition=edition,
        decisions=decisions,
    )


def _decision(decision: Decision, frame: Frame, *, work: Work, may_read: bool) -> DecisionLine:
    amendment, outcome = decision.amendment, OUTCOMES[decision.outcome]
    is_open = amendment is not None and (may_read or amendment.proposer_id == work.actor.person_id)
    said = UNFINISHED.get(decision.outcome, VERDICTS[decision.verdict])
    here = {"forum": frame.forum.slug, "declaration": frame.declaration.slug}
    return DecisionLine(
        number=decision.number,
        said=work.messages.gettext(said, number=amendment.number if amendment else ""),
        outcome=work.messages.gettext(outcome) if outcome else "",
        reason=decision.reason,
        by=decision.decided_by.name if decision.decided_by else "",
        at=at_place(decision.decided_at, frame.forum),
        language=decision.language,
        href=work.url_for("amendment", **here, number=amendment.number) if amendment and is_open else "",
    )
