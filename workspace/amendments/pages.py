"""Amendments to read and to decide on: all of them in the order of the text, and each on its own page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody

from drafts.amendments import ChangeOp
from drafts.errors import DraftsError
from workspace.amendments import policy, proposals
from workspace.amendments.desk import CommitteeDesk
from workspace.amendments.forms import PREVIEW
from workspace.amendments.models import Amendment, AmendmentVersion, Decision, Outcome, Verdict
from workspace.amendments.rulings import choices, rulings
from workspace.amendments.service import AmendmentService
from workspace.amendments.views import Line, LineBuilder, Part, passages_in
from workspace.core.db import Db
from workspace.core.errors import Invalid, Stale, Undecidable
from workspace.declarations import queries
from workspace.declarations.frame import Frame, frame
from workspace.web.i18n import N_
from workspace.web.pages import Page, page, redirect
from workspace.web.route_policies import READ_THE_TEXT
from workspace.web.services import Work

VERDICTS: Mapping[Verdict, str] = {
    Verdict.ADOPT: N_("Adopted"),
    Verdict.ADOPT_MODIFIED: N_("Adopted with a modification"),
    Verdict.REJECT: N_("Rejected"),
    Verdict.REFER: N_("Referred"),
    Verdict.HAND_OVER: N_("Left to the translators"),
}
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.PARTLY: N_("The rest collides with another amendment and waits."),
    Outcome.WAITS: N_("The committee would adopt it; until it decides on the collision, the text stays as it was."),
    Outcome.INCLUDED: N_("The text said it already."),
    Outcome.TAKEN: N_("It is part of the amendment it amends, and shares its fate."),
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


@dataclass(frozen=True, slots=True)
class Wording:
    """Other words than those it has now: of which revision they speak, since when, and what they change."""

    revision: int
    at: datetime
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentPage(Page):
    """`modified` is the committee's own wording beside the member's; `carried` what the engine made of it for a newer
    text; `earlier` what its author had written before. `together` is what it comes to with the amendments to it;
    `disputed` are those of them that cannot all stand.
    """

    line: Line
    modified: Sequence[Part]
    carried: Wording | None
    earlier: Sequence[Wording]
    together: Sequence[Part]
    disputed: Sequence[int]
    decisions: Sequence[DecisionLine]
    head: int
    amend_hrefs: Sequence[tuple[str, str]]
    revise_href: str
    may_withdraw: bool
    may_decide: bool


class AmendmentPages(Controller):
    """The amendments of a declaration."""

    path = "/{forum:str}/{declaration:str}/amendments"

    @get("/", name="amendments", sync_to_thread=True, policy=READ_THE_TEXT)
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

    @post("/decisions", name="decide_amendments", sync_to_thread=True, policy="amendment.decide_adopt_undo")
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

    @get("/{number:int}", name="amendment", sync_to_thread=True, policy=READ_THE_TEXT)
    def amendment(
        self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str], number: FromPath[int]
    ) -> Response[str]:
        """One amendment: what it changes, why, and what was decided."""
        with work.reading() as db:
            context = _one(db, frame(db, forum, declaration, work=work), number, work=work)
        return page(work, "amendments/one.html", context)

    @post(
        "/{number:int}/withdrawal", name="withdraw_amendment", sync_to_thread=True, policy="amendment.withdraw_revise"
    )
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
    is_open = amendment.disposition.is_undecided
    together = service.modified(amendment) if amendment.children else None
    return AmendmentPage(
        place=found.place,
        here="amendments",
        line=builder.line(amendment),
        modified=_modified(amendment, builder),
        carried=_carried(amendment, builder) if is_open else None,
        earlier=[_wording(one, builder) for one in amendment.versions if _is_earlier(one, amendment)],
        together=tuple(builder.hunk_parts(together.amendment)) if together else (),
        disputed=sorted({one for cluster in together.merged.clusters for one in cluster.amendments})
        if together
        else (),
        decisions=[
            _decision(decision, builder, work)
            for decision in service.decisions(found.declaration)
            if decision.amendment_id == amendment.id
        ],
        head=found.declaration.head.number,
        amend_hrefs=_ways_to_amend(service, amendment, builder),
        revise_href=_way_to_revise(amendment, builder, found),
        may_withdraw=policy.may_withdraw(work.actor, amendment),
        may_decide=is_open and policy.may_decide(work.actor, found.declaration),
    )


def _modified(amendment: Amendment, builder: LineBuilder) -> Sequence[Part]:
    """The newest wording of the committee's, if it has one."""
    theirs = [one for one in amendment.versions if not one.is_automatic and one.made_by_id != amendment.proposer_id]
    return _wording(theirs[-1], builder).parts if theirs and theirs[-1] is not amendment.own else ()


def _carried(amendment: Amendment, builder: LineBuilder) -> Wording | None:
    carrying = None if amendment.parent_id else amendment.carrying
    return _wording(carrying.made, builder) if carrying and carrying.made else None


def _is_earlier(version: AmendmentVersion, amendment: Amendment) -> bool:
    is_own = not version.is_automatic and version.made_by_id == amendment.proposer_id
    return is_own and version is not amendment.own


def _wording(version: AmendmentVersion, builder: LineBuilder) -> Wording:
    passages = builder.passages_in(version.amendment.language)
    parts = builder.parts(proposals.hunks_of(version), proposals.changes_of(version), passages)
    return Wording(version.base_revision.number, builder.at_place(version.made_at), tuple(parts))


def _ways_to_amend(service: AmendmentService, amendment: Amendment, builder: LineBuilder) -> Sequence[tuple[str, str]]:
    """The paragraphs that it proposes, and where each can be amended."""
    if not policy.may_amend(builder.work.actor, amendment):
        return ()
    passages = builder.passages_in(amendment.language)
    asked = service.bases.written(amendment)
    blocks = {block.id: block for hunk in asked.hunks for block in hunk.new}
    return [
        (passages.name(block), builder.form_href(block.id, language=amendment.language, amends=amendment.number))
        for block in blocks.values()
    ]


def _way_to_revise(amendment: Amendment, builder: LineBuilder, found: Frame) -> str:
    """Where its author can write it anew: in the form of one change, if it is one and its paragraph is there."""
    changes = proposals.changes_of(amendment.own)
    if len(changes) > 1 or not policy.may_revise(builder.work.actor, amendment):
        return ""
    [change] = changes
    block = (change.after or "") if change.op is ChangeOp.INSERT else change.block
    if builder.passages.row(block) is None or not policy.may_propose(builder.work.actor, found.declaration):
        return ""
    return builder.form_href(block, language=amendment.language, revises=amendment.number, op=change.op)


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
