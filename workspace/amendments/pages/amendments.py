"""Amendments to read and to decide on: all of them in the order of the text, and each on its own page."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Annotated

from litestar import Controller, Response
from msgspec import Struct
from msgspec.structs import replace

from workspace.amendments.change_form.base import entries_written, proposed_rows
from workspace.amendments.change_form.context import possible_sponsors
from workspace.amendments.domain import opinions, policy, stored_amendments
from workspace.amendments.domain.committee_models import Stance
from workspace.amendments.domain.models import Amendment, AmendmentVersion, Cosponsoring, Disposition, Replacement
from workspace.amendments.domain.sponsors import BackingService, is_spoken_for, sponsors, supporters_of
from workspace.amendments.domain.stored_amendments import changes_of, single_rewording
from workspace.amendments.oral import OralService
from workspace.amendments.service import AmendmentService
from workspace.amendments.views.amendment import (
    NEW_PARAGRAPH,
    AmendmentView,
    AmendmentViewBuilder,
    ChangedPlace,
    DispositionLabel,
    called,
    passages_in,
)
from workspace.amendments.views.cards import STANCES, CardDetails, CardDetailsLoader
from workspace.amendments.views.decisions import DecisionLine, DecisionLines
from workspace.amendments.views.listing import AmendmentList
from workspace.core.actor import Actor
from workspace.core.errors import Invalid
from workspace.core.storage.db import Db
from workspace.core.validation import id_or_none, known_id
from workspace.declarations.domain import queries
from workspace.declarations.frame import Frame, ReadableFrame, frame
from workspace.declarations.labels import excerpt
from workspace.translations.domain.suggestions import SuggestionService
from workspace.web.http.guards import READ_THE_TEXT
from workspace.web.http.request_context import FormBody, FromPath, Loads, Slug, Work
from workspace.web.http.routing import get
from workspace.web.i18n.marking import N_
from workspace.web.pages import Done, Page, field_errors, shows, takes

Form = FormBody[dict[str, str]]


class AdviceView(Struct, frozen=True):
    """What the committee thinks of it, and what the reader may add."""

    dressing: CardDetails
    stances: Sequence[tuple[str, str]]
    may_advise: bool
    may_answer: bool

    def shows(self, parts: Sequence[ChangedPlace]) -> bool:
        """Whether these words stand there already, put in the place of the member's."""
        return self.dressing.beside is not None and tuple(self.dressing.beside.parts) == tuple(parts)


def amendment_advice(db: Db, amendment: Amendment, builder: AmendmentViewBuilder) -> AdviceView:
    actor, say = builder.work.actor, builder.work.messages.gettext
    advice = opinions.AdviceService(db)
    wardrobe = CardDetailsLoader(advice.opinions([amendment]), advice.answers([amendment]))
    can_be_worded = amendment.parent_id is None and single_rewording(changes_of(amendment.own)) is not None
    is_own = amendment.proposer_id == actor.person_id
    return AdviceView(
        dressing=wardrobe.dress(amendment, builder, is_divided=False),
        stances=[
            (stance.value, say(words))
            for stance, words in STANCES.items()
            if stance is not Stance.MODIFY or (can_be_worded and not is_own)
        ],
        may_advise=amendment.disposition.is_undecided and opinions.may_advise(actor, amendment.declaration),
        may_answer=opinions.may_answer(actor, amendment),
    )


class EarlierWording(Struct, frozen=True):
    """Other words than those it has now: of which revision they speak, since when, and what they change."""

    revision: int
    at: datetime
    parts: Sequence[ChangedPlace]


ANSWERS: Mapping[Cosponsoring, DispositionLabel] = {
    Cosponsoring.INVITED: DispositionLabel(N_("no answer yet"), "", "circle"),
    Cosponsoring.CONFIRMED: DispositionLabel(N_("agreed"), "good", "check"),
    Cosponsoring.DECLINED: DispositionLabel(N_("maintained"), "warn", "cross"),
    Cosponsoring.TAKEN_BACK: DispositionLabel(N_("maintained"), "warn", "cross"),
}


class ReplacedLine(Struct, frozen=True):
    """A compromise and an amendment for which it stands: the other of the two, and what its proposer answered."""

    number: int
    href: str
    who: str
    answer: DispositionLabel
    is_own: bool


def _replaced(replacement: Replacement, other: Amendment, builder: AmendmentViewBuilder) -> ReplacedLine:
    line, answer = builder.line(other, is_drawn=False), ANSWERS[replacement.answer]
    words = builder.work.messages.gettext(answer.words)
    return ReplacedLine(
        line.number, line.href, line.who, replace(answer, words=words, name=replacement.answer.value), line.is_own
    )


class AmendmentPage(Page, frozen=True, kw_only=True):
    """`modified` is the committee's own wording beside the member's; `carried` what the engine made of it for a newer
    text; `earlier` what its author had written before. `together` is what it comes to with the amendments to it;
    `disputed` are those of them that cannot all stand.
    """

    line: AmendmentView
    modified: Sequence[ChangedPlace]
    carried: EarlierWording | None
    earlier: Sequence[EarlierWording]
    together: Sequence[ChangedPlace]
    disputed: Sequence[int]
    decisions: Sequence[DecisionLine]
    head: int
    amend_hrefs: Sequence[tuple[str, str]]
    oral_hrefs: Sequence[tuple[str, str]]
    revise_href: str
    may_back: bool
    may_support: bool
    may_invite: bool
    people: Sequence[str]
    errors: Mapping[str, str]
    invitee: str
    line_id: str
    recorded_by: str
    dispute: str
    may_certify: bool
    replaced: Sequence[ReplacedLine]
    replaced_by: Sequence[ReplacedLine]
    may_give_leave: bool
    is_followed: bool | None
    may_withdraw: bool
    may_reinstate: bool
    may_decide: bool
    advice: AdviceView


def _amendment(db: Db, forum: Slug, declaration: Slug, number: FromPath[int], *, work: Work) -> Amendment:
    found = frame(db, forum, declaration, work=work)
    return AmendmentService(db).numbered(found.declaration, number, actor=work.actor)


ReadAmendment = Annotated[Amendment, Loads(_amendment)]


class AmendmentPages(Controller):
    """The amendments of a declaration."""

    path = "/{forum:str}/{declaration:str}/amendments"

    @get("/", name="amendments", policy=READ_THE_TEXT)
    def amendments(self, work: Work, forum: Slug, declaration: Slug) -> Response[str]:
        """What is proposed, in the order of the text.

        `?text=` narrows it to one language, `?state=decided` shows what is decided instead.
        """
        return AmendmentList(
            work, forum, declaration, lambda db, found: SuggestionService(db).prepared(found, actor=work.actor)
        ).shown()

    @shows("amendments/amendment.html", "/{number:int}", name="amendment", policy="amendment.read_others")
    def amendment(
        self,
        *,
        db: Db,
        work: Work,
        found: ReadableFrame,
        number: FromPath[int],
        form: Form | None = None,
        refusal: Invalid | None = None,
    ) -> AmendmentPage:
        """One amendment; with what was typed, where somebody could not be invited."""
        errors = field_errors(work, refusal)
        if form and "invitee" in form:
            errors = {"invitee": next(iter(errors.values()), "")}
        known = _amendment_page(db, found, number, work=work)
        return replace(known, errors=errors, invitee=(form or {}).get("invitee", ""))

    @takes("/{number:int}/withdrawal", name="withdraw_amendment", policy="amendment.withdraw_revise")
    def withdraw(self, db: Db, work: Work, actor: Actor, amendment: ReadAmendment) -> Done:
        """Take one's own amendment back."""
        stood_in_brackets = amendment.disposition is Disposition.BRACKETED
        AmendmentService(db).withdraw(amendment.id, actor=actor)
        said = work.messages.gettext("Amendment %(number)s withdrawn.", number=amendment.number)
        if stood_in_brackets:
            said += " " + work.messages.gettext("Its text stays in brackets until the committee decides.")
        return Done("amendment", said, undo="reinstate_amendment")

    @takes("/{number:int}/withdrawal/undoing", name="reinstate_amendment", policy="amendment.withdraw_revise")
    def reinstate(self, db: Db, work: Work, actor: Actor, amendment: ReadAmendment) -> Done:
        """Undo the withdrawal."""
        AmendmentService(db).reinstate(amendment.id, actor=actor)
        return Done("amendment", work.messages.gettext("Amendment %(number)s is open again.", number=amendment.number))

    @takes("/{number:int}/leave", again=amendment, name="rule_on_leave", policy="amendment.decide_adopt_undo")
    def rule_on_leave(self, db: Db, work: Work, actor: Actor, amendment: ReadAmendment, data: Form) -> Done:
        """Give leave to file it late, or refuse that with a reason."""
        is_given, reason = data.get("answer") == "yes", data.get("reason", "")
        AmendmentService(db).rule_on_leave(amendment.id, is_given=is_given, reason=reason, actor=actor)
        return Done("amendment", work.messages.gettext(LEAVE_GIVEN if is_given else LEAVE_REFUSED))

    @takes("/{number:int}/certification", again=amendment, name="certify_amendment", policy="amendment.certify")
    def certify(self, db: Db, work: Work, actor: Actor, amendment: ReadAmendment, data: Form) -> Done:
        """Say that the words recorded are one's own, or what is wrong with them."""
        is_correct, reason = data.get("answer") == "yes", data.get("reason", "")
        OralService(db).certify(amendment.id, is_correct=is_correct, reason=reason, actor=actor)
        return Done("amendment", work.messages.gettext(CERTIFIED if is_correct else NOT_CERTIFIED))


LEAVE_GIVEN = N_("Leave given: the amendment is open.")
LEAVE_REFUSED = N_("Leave refused.")
CERTIFIED, NOT_CERTIFIED = N_("Certified."), N_("The chair was notified.")


def _amendment_page(db: Db, found: Frame, number: int, *, work: Work) -> AmendmentPage:
    service = AmendmentService(db)
    amendment = service.numbered(found.declaration, number, actor=work.actor)
    rows = queries.head_rows(db, found.declaration)
    passages = passages_in(rows, amendment.language, work, found)
    prepared = SuggestionService(db).prepared(found.declaration, actor=work.actor)
    builder = AmendmentViewBuilder(work, found, passages, prepared=prepared)
    lines = DecisionLines(db, found, work)
    is_open = amendment.disposition.is_undecided
    may_invite = policy.may_invite(work.actor, amendment)
    carrying = amendment.carrying if is_open and amendment.parent_id is None else None
    rivals = [each for each in amendment.replaced_by if is_open and each.amendment.disposition.is_undecided]
    together = None if amendment.is_modified else service.modified(amendment)
    return AmendmentPage(
        place=found.place,
        here="amendments",
        line=builder.line(amendment),
        modified=_modified(amendment, builder),
        carried=_wording(carrying.made, builder) if carrying and carrying.made else None,
        earlier=[_wording(version, builder) for version in amendment.versions if _is_earlier(version, amendment)],
        together=tuple(builder.hunk_parts(together.amendment)) if together else (),
        disputed=sorted({amendment for cluster in together.merged.clusters for amendment in cluster.amendments})
        if together
        else (),
        decisions=[lines.line(decision) for decision in service.decisions(found.declaration, amendment)],
        head=found.declaration.head.number,
        amend_hrefs=_ways_to_amend(service, amendment, builder, is_oral=False),
        oral_hrefs=_ways_to_amend(service, amendment, builder, is_oral=True),
        revise_href=_way_to_revise(amendment, builder, found, service),
        may_back=policy.may_back(work.actor, amendment),
        may_support=_may_support(amendment, work),
        may_invite=may_invite,
        people=[backer.called for backer in possible_sponsors(db, found, work)] if may_invite else (),
        errors={},
        invitee="",
        line_id=str(amendment.id),
        recorded_by=amendment.recorded_by.name if amendment.recorded_by else "",
        dispute=amendment.dispute,
        may_give_leave=policy.may_give_leave(work.actor, amendment),
        replaced=[_replaced(each, each.replaced, builder) for each in amendment.replaces],
        replaced_by=[_replaced(each, each.amendment, builder) for each in rivals],
        may_certify=policy.may_certify(work.actor, amendment),
        is_followed=work.follows(db, "amendment", amendment.id),
        may_withdraw=policy.may_withdraw(work.actor, amendment),
        may_reinstate=policy.may_reinstate(work.actor, amendment) and service.withdrawal(amendment) is not None,
        may_decide=is_open and policy.may_decide_on(work.actor, amendment),
        advice=amendment_advice(db, amendment, builder),
    )


def _modified(amendment: Amendment, builder: AmendmentViewBuilder) -> Sequence[ChangedPlace]:
    """The newest wording of the committee's, if it has one, and nothing else became of the amendment."""
    theirs = [version for version in amendment.versions if version.is_of_committee]
    is_told = theirs and (amendment.is_modified or amendment.disposition.is_undecided)
    return _wording(theirs[-1], builder).parts if is_told and theirs[-1] is not amendment.own else ()


def _is_earlier(version: AmendmentVersion, amendment: Amendment) -> bool:
    is_own = not version.is_automatic and version.made_by_id == amendment.proposer_id
    return is_own and version is not amendment.own


def _wording(version: AmendmentVersion, builder: AmendmentViewBuilder) -> EarlierWording:
    passages = builder.passages_in(version.amendment.language)
    parts = builder.parts(version.diff, stored_amendments.changes_of(version), passages)
    return EarlierWording(version.base_revision.number, builder.local(version.made_at), tuple(parts))


def _ways_to_amend(
    service: AmendmentService, amendment: Amendment, builder: AmendmentViewBuilder, *, is_oral: bool
) -> Sequence[tuple[str, str]]:
    """The paragraphs that it proposes, and where each can be amended, by the reader or by who moves it orally."""
    may = policy.may_amend_orally if is_oral else policy.may_amend
    if not may(builder.work.actor, amendment) or builder.is_deleted(amendment):
        return ()
    passages = builder.passages_in(amendment.language)
    written = service.bases.written(amendment)
    blocks = {block.id: block for hunk in written.hunks for block in hunk.new}
    href = partial(builder.form_href, language=amendment.language, is_oral=is_oral, amends=amendment.number)
    new = passages.messages.gettext(NEW_PARAGRAPH)
    return [
        (passages.name_of(block.id) or f"{new} · {excerpt(block.text)}", href(block.id)) for block in blocks.values()
    ]


def _way_to_revise(amendment: Amendment, builder: AmendmentViewBuilder, found: Frame, service: AmendmentService) -> str:
    """Where its author can write it anew, if the form has words for it and its paragraphs are there."""
    actor = builder.work.actor
    if not policy.may_revise(actor, amendment) or not policy.may_propose(actor, found.declaration):
        return ""
    if builder.is_deleted(amendment):
        return ""
    rows = builder.passages.rows
    if amendment.parent is not None:
        rows = proposed_rows(service.bases.written(amendment.parent).proposed)
    entries = entries_written(amendment, rows)
    if not entries:
        return ""
    return builder.form_href(entries[0].block, language=amendment.language, revises=amendment.number)


def _may_support(amendment: Amendment, work: Work) -> bool:
    """Whether a button to support it would say something new."""
    behind = {amendment.proposer_id, *(sponsor.person_id for sponsor in sponsors(amendment))}
    behind.update(support.person_id for support in supporters_of(amendment))
    is_new = work.actor.person_id not in behind and not is_spoken_for(amendment, actor=work.actor)
    return is_new and policy.may_back(work.actor, amendment)


INVITED = N_("%(name)s is invited to co-sponsor amendment %(number)s.")
TAKEN_BACK = N_("Invitation withdrawn.")
SPONSORED = N_("You co-sponsor amendment %(number)s.")
DECLINED = N_("You do not co-sponsor amendment %(number)s.")
SUPPORTED = N_("You support amendment %(number)s.")
UNSUPPORTED = N_("You no longer support amendment %(number)s.")


class BackingPages(Controller):
    """Who stands behind one amendment."""

    path = "/{forum:str}/{declaration:str}/amendments/{number:int}"

    @takes("/cosponsors", again=AmendmentPages.amendment, name="invite_cosponsor", policy="amendment.cosponsor")
    def invite_cosponsor(
        self, *, db: Db, work: Work, actor: Actor, found: ReadableFrame, amendment: ReadAmendment, data: Form
    ) -> Done:
        """Invite somebody by name; the page again where that is not one person."""
        someone = called(data.get("invitee", ""), possible_sponsors(db, found, work))
        person = id_or_none(someone.id)
        BackingService(db).invite(amendment.id, [person] if person else [], actor=actor)
        return _backed(amendment, work, INVITED, name=someone.name)

    @takes("/cosponsors/taking-back", name="uninvite_cosponsor", policy="amendment.cosponsor")
    def uninvite_cosponsor(self, db: Db, work: Work, actor: Actor, amendment: ReadAmendment, data: Form) -> Done:
        """Take back an invitation that was not answered yet."""
        BackingService(db).take_back(amendment.id, known_id(data.get("person", ""), "person"), actor=actor)
        return _backed(amendment, work, TAKEN_BACK)

    @takes("/cosponsorship", name="answer_invitation", policy="amendment.answer_invitation")
    def answer_invitation(self, db: Db, work: Work, actor: Actor, amendment: ReadAmendment, data: Form) -> Done:
        """Say yes or no to sponsoring it."""
        confirms = data.get("answer") == "yes"
        BackingService(db).answer(amendment.id, confirms=confirms, actor=actor)
        return _backed(amendment, work, SPONSORED if confirms else DECLINED)

    @takes("/support", name="support_amendment", policy="amendment.cosponsor")
    def support_amendment(self, db: Db, work: Work, actor: Actor, amendment: ReadAmendment) -> Done:
        """Ask for the same."""
        BackingService(db).support(amendment.id, actor=actor)
        return _backed(amendment, work, SUPPORTED, undo="withdraw_support")

    @takes("/support/withdrawal", name="withdraw_support", policy="amendment.cosponsor")
    def withdraw_support(self, db: Db, work: Work, actor: Actor, amendment: ReadAmendment) -> Done:
        """No longer ask for it."""
        BackingService(db).withdraw_support(amendment.id, actor=actor)
        return _backed(amendment, work, UNSUPPORTED, undo="support_amendment")


def _backed(amendment: Amendment, work: Work, said: str, *, undo: str = "", **facts: object) -> Done:
    sentence = work.messages.gettext(said, number=amendment.number, **facts)
    return Done("amendment", sentence, anchor="backing", undo=undo)
