"""Decisions in words, wherever they are listed; one that was undone says so, by whom, when and why."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlencode

from msgspec import Struct

from drafts.text.blocks import Language
from workspace.amendments.decisions.undoing import is_undoable
from workspace.amendments.domain import policy
from workspace.amendments.domain.models import Decision, DecisionOutcome, Verdict
from workspace.amendments.service import AmendmentService
from workspace.core.storage.db import Db
from workspace.declarations.frame import Frame
from workspace.web.http.request_context import Work
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import Messages
from workspace.web.refusals.sentences import sentence

VERDICTS: Mapping[Verdict, str] = {
    Verdict.ADOPT: N_("Amendment %(number)s adopted"),
    Verdict.ADOPT_MODIFIED: N_("Amendment %(number)s adopted as modified"),
    Verdict.REJECT: N_("Amendment %(number)s rejected"),
    Verdict.REFER: N_("Amendment %(number)s referred back"),
    Verdict.HAND_OVER: N_("Amendment %(number)s sent to the translators"),
    Verdict.EDIT: N_("Edited by the committee"),
    Verdict.ABSENT: N_("Paragraph left without text in one language"),
    Verdict.ADOPT_PARTLY: N_("Amendment %(number)s: some changes adopted"),
    Verdict.FALL: N_("Amendment %(number)s lapsed with amendment %(cause)s"),
    Verdict.INADMISSIBLE: N_("Amendment %(number)s inadmissible"),
    Verdict.GIVE_LEAVE: N_("Amendment %(number)s: leave to file late given"),
    Verdict.REFUSE_LEAVE: N_("Amendment %(number)s: leave to file late refused"),
    Verdict.BRACKET: N_("Text bracketed"),
    Verdict.RESOLVE: N_("Brackets removed"),
    Verdict.UNDO: N_("Undone: %(decisions)s"),
}
LAPSED = N_("Amendment %(number)s lapsed")  # with the adoption
UNDONE = N_("%(said)s (undone by decision %(number)s)")
NUMBERED = N_("decision %(number)s")
IN_BRACKETS = N_("Amendment %(number)s in brackets")
UNFINISHED: Mapping[DecisionOutcome, str] = {  # what a verdict to adopt came to, where it did not come to that
    DecisionOutcome.PARTLY: N_("Amendment %(number)s adopted in part"),
    DecisionOutcome.WAITS: N_("Amendment %(number)s pending: in conflict with another"),
    DecisionOutcome.TAKEN: N_("Amendment %(number)s adopted into the one it amends"),
}
OUTCOMES: Mapping[DecisionOutcome, str] = {
    DecisionOutcome.PARTLY: N_("The rest conflicts with another amendment."),
    DecisionOutcome.WAITS: N_("The committee would adopt it; the conflict is open."),
    DecisionOutcome.INCLUDED: N_("Already in the text."),
    DecisionOutcome.TAKEN: N_("Part of the amendment it amends."),
}


class UndoneLine(Struct, frozen=True):
    """The decision that took another one back: its number, who, when, why; `href` leads to it."""

    number: int
    by: str
    at: datetime
    reason: str
    href: str


class DecisionLine(Struct, frozen=True):
    """One decision. `href` leads to its amendment, for those who may read it; `cause` is the number of the amendment
    on whose account this one fell, or 0; `revision` the number of the one it made, or 0; `undo_href` where the reader
    asks to undo it, or ""; once they asked, where it is undone, and `undo_refusal` why it cannot be, or "".
    """

    number: int
    verdict: str
    mover: str  # whose proposal an edit is
    said: str
    outcome: str
    reason: str
    by: str
    at: datetime
    language: Language | None
    href: str
    cause: int
    cause_href: str
    revision: int
    undone: UndoneLine | None
    undoes: Sequence[int]
    undo_href: str
    undo_refusal: str | None


class DecisionLines(Struct, frozen=True):
    """Writes the decisions of one declaration for one reader; not `may_read`, amendments of others have no link."""

    db: Db
    frame: Frame
    work: Work
    may_read: bool = True

    def line(self, decision: Decision) -> DecisionLine:
        amendment, outcome = decision.amendment, OUTCOMES.get(decision.outcome, "")
        is_open = amendment is not None and (self.may_read or amendment.proposer_id == self.work.actor.person_id)
        cause = decision.because_of.number if decision.because_of else 0
        undo_href, undo_refusal = self._undoing(decision)
        return DecisionLine(
            number=decision.number,
            verdict=decision.verdict.value,
            mover=decision.moved_by,
            said=said(decision, self.work.messages),
            outcome=self.work.messages.gettext(outcome) if outcome else "",
            reason=decision.reason,
            by=_by(decision),
            at=self.frame.forum.local(decision.decided_at),
            language=decision.language,
            href=self._amendment(amendment.number) if amendment and is_open else "",
            cause=cause,
            cause_href=self._amendment(cause) if cause and self.may_read else "",
            revision=decision.revision.number if decision.revision else 0,
            undone=self._undone(decision),
            undoes=[undone.number for undone in decision.undoes],
            undo_href=undo_href,
            undo_refusal=undo_refusal,
        )

    def _undoing(self, decision: Decision) -> tuple[str, str | None]:
        declaration, query = self.frame.declaration, self.work.request.query_params.dict()
        if not (is_undoable(decision, declaration) and policy.may_decide(self.work.actor, declaration)):
            return "", None
        if query.get("undo") != [str(decision.number)]:
            return f"?{urlencode(query | {'undo': decision.number}, doseq=True)}#d{decision.number}", None
        here = {"forum": self.frame.forum.slug, "declaration": declaration.slug, "number": decision.number}
        refusal = AmendmentService(self.db).undo_obstacle(declaration, decision.number)
        return self.work.url_for("undo_decision", **here), sentence(refusal, self.work.messages) if refusal else ""

    def _undone(self, decision: Decision) -> UndoneLine | None:
        undo = decision.undone_by
        if undo is None:
            return None
        here = {"forum": self.frame.forum.slug, "declaration": self.frame.declaration.slug}
        href = f"{self.work.url_for('history', **here)}#d{undo.number}"
        return UndoneLine(undo.number, _by(undo), self.frame.forum.local(undo.decided_at), undo.reason, href)

    def _amendment(self, number: int) -> str:
        forum, declaration = self.frame.forum.slug, self.frame.declaration.slug
        return self.work.url_for("amendment", forum=forum, declaration=declaration, number=number)


def said(decision: Decision, messages: Messages) -> str:
    """What was decided, in a sentence."""
    amendment, cause = decision.amendment, decision.because_of
    if decision.verdict is Verdict.UNDO:
        undone = (messages.gettext(NUMBERED, number=undone.number) for undone in decision.undoes)
        return messages.gettext(VERDICTS[Verdict.UNDO], decisions=messages.listed(undone))
    of_amendment = IN_BRACKETS if amendment and decision.verdict is Verdict.BRACKET else VERDICTS[decision.verdict]
    if decision.verdict is Verdict.FALL and cause is None:
        of_amendment = LAPSED
    sentence = UNFINISHED.get(decision.outcome, of_amendment)
    numbers = {"number": amendment.number if amendment else "", "cause": cause.number if cause else ""}
    return messages.gettext(sentence, **numbers)


def decision_with_undoing(decision: Decision, messages: Messages) -> str:
    """The same, and that it was undone."""
    undo = decision.undone_by
    sentence = said(decision, messages)
    return messages.gettext(UNDONE, said=sentence, number=undo.number) if undo else sentence


def _by(decision: Decision) -> str:
    return decision.decided_by.name if decision.decided_by else ""
