"""Amendments to read and to decide on: all of them in the order of the text, and each on its own page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody

from drafts.errors import DraftsError
from workspace.amendments import policy, proposals
from workspace.amendments.desk import CommitteeDesk
from workspace.amendments.forms import PREVIEW
from workspace.amendments.models import Amendment, Decision, Outcome, Verdict
from workspace.amendments.rulings import choices, rulings
from workspace.amendments.service import AmendmentService
from workspace.amendments.views import Line, LineBuilder, Part, passages_in
from workspace.core.db import Db
from workspace.core.errors import Invalid, Stale, Undecidable
from workspace.declarations import queries
from workspace.declarations.frame import Frame, frame
from workspace.web.i18n import N_
from workspace.web.pages import Page, page, redirect
from workspace.web.services import Work

VERDICTS: Mapping[Verdict, str] = {
    Verdict.ADOPT: N_("Adopted"),
    Verdict.ADOPT_MODIFIED: N_("Adopted with a modification"),
    Verdict.REJECT: N_("Rejected"),
    Verdict.REFER: N_("Referred"),
}
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.PARTLY: N_("The rest collides with another amendment and waits."),
    Outcome.WAITS: N_("The committee would adopt it; until it decides on the collision, the text stays as it was."),
    Outcome.INCLUDED: N_("The text said it already."),
}


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One decision on the amendment; `revision` is the one it made, or None where the text stayed as it was."""

    number: int
    said: str
    outcome: str
    reason: str
    by: str
    at: datetime
    revision: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentPage(Page):
    """`modified` is the committee's own wording beside the member's. `is_overtaken`: it collides with what was
    adopted since; `is_included`: the text says it already.
    """

    line: Line
    modified: Sequence[Part]
    decisions: Sequence[DecisionLine]
    head: int
    is_overtaken: bool
    is_included: bool
    may_withdraw: bool
    may_decide: bool


class AmendmentPages(Controller):
    """The amendments of a declaration."""

    path = "/{forum:str}/{declaration:str}/amendments"

    @get("/", name="amendments", sync_to_thread=True)
    def amendments(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
    ) -> Response[str]:
        """What is proposed, in the order of the text; for the chair, with the form to decide.

        `?text=` narrows it to one language, `?state=decided` shows what is decided instead.
        """
        return CommitteeDesk(work, forum, declaration).shown()

    @post("/decisions", name="decide_amendments", sync_to_thread=True)
    def decide(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[dict[str, str]],
    ) -> Response[str] | Response[None]:
        """Take all decisions at once, or show what they would do to the text."""
        desk, actor = CommitteeDesk(work, forum, declaration), work.actor
        head, language, chosen = data.get("head", ""), desk.language(data.get("text", "")), choices(data)
        try:
            if data.get("action") == PREVIEW:
                return desk.foreseen(chosen, language=language, head=head)
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=policy.may_decide)
                service = AmendmentService(db)
                numbered = {one.number: one for one in service.of_declaration(found.declaration, actor=actor)}
                adoption = service.decide(
                    found.declaration.id,
                    rulings(chosen, numbered),
                    language=language,
                    expected_head=desk.expected(head),
                    actor=actor,
                )
                said = desk.told(adoption)
        except (Invalid, DraftsError, Stale, Undecidable) as refusal:
            return desk.again(chosen, refusal, language=language)
        return redirect(
            work, work.url_for("amendments", forum=forum, declaration=declaration, text=language), said=said
        )

    @get("/{number:int}", name="amendment", sync_to_thread=True)
    def amendment(
        self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str], number: FromPath[int]
    ) -> Response[str]:
        """One amendment: what it changes, why, and what was decided."""
        with work.reading() as db:
            context = _one(db, frame(db, forum, declaration, work=work), number, work=work)
        return page(work, "amendments/one.html", context)

    @post("/{number:int}/withdrawal", name="withdraw_amendment", sync_to_thread=True)
    def withdraw(
        self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str], number: FromPath[int]
    ) -> Response[None]:
        """Take one's own amendment back."""
        actor = work.actor
        with work.writing() as db:
            found = frame(db, forum, declaration, work=work)
            service = AmendmentService(db)
            amendment = service.numbered(found.declaration, number, actor=actor)
            service.withdraw(amendment.id, actor=actor)
        said = work.messages.gettext("Amendment %(number)s is withdrawn. Its words stay on record.", number=number)
        return redirect(work, work.url_for("amendment", forum=forum, declaration=declaration, number=number), said=said)


def _one(db: Db, found: Frame, number: int, *, work: Work) -> AmendmentPage:
    service = AmendmentService(db)
    amendment = service.numbered(found.declaration, number, actor=work.actor)
    rows = queries.head_rows(db, found.declaration)
    builder = LineBuilder(work, found, passages_in(rows, amendment.language, work, found))
    prospect = service.prospect(found.declaration, amendment.language, [amendment])
    is_open = amendment.disposition.is_undecided
    return AmendmentPage(
        place=found.place,
        here="amendments",
        line=builder.line(amendment),
        modified=_modified(amendment, builder),
        decisions=[
            _decision(decision, builder, work)
            for decision in service.decisions(found.declaration)
            if decision.amendment_id == amendment.id
        ],
        head=found.declaration.head.number,
        is_overtaken=is_open and bool(prospect.overtaken),
        is_included=is_open and prospect.outcomes[number] is Outcome.INCLUDED,
        may_withdraw=policy.may_withdraw(work.actor, amendment),
        may_decide=is_open and policy.may_decide(work.actor, found.declaration),
    )


def _modified(amendment: Amendment, builder: LineBuilder) -> Sequence[Part]:
    version = amendment.latest
    if version.made_by_id == amendment.proposer_id:
        return ()
    passages = builder.passages_in(amendment.language)
    return tuple(builder.parts(proposals.hunks_of(version), proposals.changes_of(version), passages))


def _decision(decision: Decision, builder: LineBuilder, work: Work) -> DecisionLine:
    outcome = OUTCOMES.get(decision.outcome, "")
    return DecisionLine(
        number=decision.number,
        said=work.messages.gettext(VERDICTS[decision.verdict]),
        outcome=work.messages.gettext(outcome) if outcome else "",
        reason=decision.reason,
        by=decision.decided_by.name if decision.decided_by else "",
        at=builder.at_place(decision.decided_at),
        revision=decision.revision.number if decision.revision else None,
    )
