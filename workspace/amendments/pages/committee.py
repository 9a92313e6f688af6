"""The committee at its desk: marking, foreseeing, keeping, recording, undoing; opinions, brackets, paragraphs."""

from collections.abc import Mapping
from typing import Annotated, TypeVar

from litestar import Controller, Response
from msgspec.structs import replace

from drafts.base.errors import DraftsError
from drafts.text.blocks import Language
from workspace.amendments.change_form.form import PREVIEW, typed_rewording
from workspace.amendments.decisions.brackets import WantedAlternative
from workspace.amendments.desk import choices
from workspace.amendments.desk.choices import ALONE, DeskMarks, chosen_numbers, rulings_of, single_card_form
from workspace.amendments.desk.navigation import DeskView
from workspace.amendments.desk.summary import round_summary
from workspace.amendments.desk.view import CommitteeDesk, may_sit
from workspace.amendments.domain import policy
from workspace.amendments.domain.committee_models import Reply, Stance
from workspace.amendments.domain.models import Verdict
from workspace.amendments.domain.opinions import AdviceService
from workspace.amendments.domain.outcomes import Ruling
from workspace.amendments.domain.stored_amendments import changes_of, single_rewording
from workspace.amendments.service import AmendmentService
from workspace.amendments.views.agreement import BRACKETED, CLEAN, WAYS, AgreementPage, AgreementView, ParagraphPage
from workspace.amendments.views.listing import language_of_query
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, Stale, Undecidable
from workspace.core.storage.db import Db, Trilingual
from workspace.core.validation import id_or_none, needed_reason, sent_id, whole_number
from workspace.declarations.domain import paragraph_status
from workspace.declarations.domain.models import Declaration, ParagraphStatus
from workspace.declarations.domain.paragraph_status import ParagraphStates
from workspace.declarations.domain.policy import may_do
from workspace.declarations.frame import Frame, ReadableFrame, frame, framed
from workspace.procedure.agreeing import agree, contested_blocks
from workspace.translations.domain.suggestions import SuggestionService
from workspace.web.http.guards import FOLLOW_THE_WORK
from workspace.web.http.request_context import FormBody, FromPath, PathId, Slug, Work
from workspace.web.http.routing import get, post
from workspace.web.pages import Done, PageOrRedirect, page, redirect, said_at, shows, takes
from workspace.web.refusals.sentences import sentence

REFUSALS = (Invalid, Stale, Undecidable)
SIT = ("amendment.decide_adopt_undo", "amendment.opinion")
DECIDE = "amendment.decide_adopt_undo"
Form = FormBody[dict[str, str]]
Word = TypeVar("Word", Stance, Reply)


def _desk(work: Work, forum: str, declaration: str) -> CommitteeDesk:
    return CommitteeDesk(
        work, forum, declaration, lambda db, found: SuggestionService(db).prepared(found, actor=work.actor)
    )


def _desk_again(work: Work, forum: str, declaration: str, *, refusal: Invalid | Stale, **_: object) -> Response[str]:
    return _desk(work, forum, declaration).again(refusal=refusal)


DecidersFrame = Annotated[Frame, framed(policy.may_decide)]
DeskFrame = Annotated[Frame, framed(may_sit)]


class CommitteePages(Controller):
    """The desk of a declaration."""

    path = "/{forum:str}/{declaration:str}/desk"

    @get("/", name="desk", policy=SIT)
    def desk(self, work: Work, forum: Slug, declaration: Slug) -> Response[str]:
        """Everything that waits, paragraph by paragraph, with what is marked already."""
        return _desk(work, forum, declaration).shown()

    @post("/decisions", name="decide_amendments", policy=DECIDE)
    def decide(self, work: Work, forum: Slug, declaration: Slug, data: Form) -> PageOrRedirect:
        """Take all decisions at once; or keep what is marked, go to another page, or show what it would do."""
        desk, view, action = _desk(work, forum, declaration), DeskView.from_query(data), data.get("action", "")
        if went := view.gone(action):
            _keep(work, desk, data)
            return redirect(work, desk.address(*went))
        if action == PREVIEW or action.startswith(ALONE):
            marked = single_card_form(data, action.removeprefix(f"{ALONE}-")) if action != PREVIEW else data
            _keep(work, desk, marked)
            return desk.again(marked, view=view)
        if action == "free":
            return desk.again(_mark_what_is_free(work, desk, data), view=view)
        try:
            said = work.briefly(lambda db: _recorded(db, desk, data))
        except (Invalid, DraftsError, Stale, Undecidable) as refusal:
            _keep(work, desk, data)  # what stood in the way may be on another page than what was just marked
            return desk.again(data, view=view, refusal=refusal)
        to = desk.address(DeskView(text=view.text, is_whole=view.is_whole))
        return redirect(work, to, said=said, undo=f"{to}#undo-reason")

    @post("/sill", name="desk_sill", policy=DECIDE, status_code=200)
    def sill(self, work: Work, forum: Slug, declaration: Slug, data: Form) -> Response[str]:
        """What is marked so far would do this, alone. What is marked is kept."""
        desk = _desk(work, forum, declaration)
        _keep(work, desk, data)
        return desk.sill(data)

    @takes("/undoing", again=_desk_again, refusals=(Invalid, Stale), name="undo_decisions", policy=DECIDE)
    def undo(self, db: Db, work: Work, actor: Actor, found: DecidersFrame, data: Form) -> Done:
        """Take the last decisions back, with a reason."""
        undone = AmendmentService(db).undo(
            found.declaration.id,
            whole_number(data.get("round", "")) or 0,
            reason=data.get("reason", ""),
            expected_head=sent_id(data.get("head", "")),
            actor=actor,
        )
        said = work.messages.gettext("The last decisions are undone.")
        if undone.revision:
            number = undone.revision.number
            said = work.messages.gettext("The last decisions are undone in revision %(number)s.", number=number)
        return Done("desk", said)

    @takes("/decisions/{number:int}/undoing", name="undo_decision", policy=DECIDE)
    def undo_decision(
        self, *, db: Db, work: Work, actor: Actor, found: DecidersFrame, number: FromPath[int], data: Form
    ) -> Done:
        """Take one decision back, with a reason."""
        declaration, reason = found.declaration, data.get("reason", "")
        AmendmentService(db).undo_decision(
            declaration.id, number, reason=reason, expected_head=declaration.head.id, actor=actor
        )
        return Done("history", work.messages.gettext("Decision %(number)s undone.", number=number))

    @takes("/lapsing", again=said_at("readiness"), refusals=REFUSALS, name="lapse_amendments", policy=DECIDE)
    def lapse(self, *, db: Db, work: Work, actor: Actor, found: DecidersFrame, data: Form) -> Done:
        """Say that what is pending, if it is as it was shown, lapses, as the text is adopted without it."""
        service, reason = AmendmentService(db), needed_reason(data.get("reason", ""))
        pending = {amendment.id: amendment for amendment in service.lapsing(found.declaration, actor=actor)}
        head, numbers = sent_id(data.get("head", "")), [str(amendment.number) for amendment in pending.values()]
        if numbers != data.get("numbers", "").split():
            raise Stale(expected=str(head), head=str(found.declaration.head_id))
        rulings = [Ruling(id_, Verdict.FALL, reason) for id_, it in pending.items() if it.parent_id not in pending]
        adoption = service.decide(found.declaration.id, rulings, expected_head=head, actor=actor)
        return Done("readiness", round_summary(adoption, work.messages))

    @takes("/opinions/{number:int}", name="give_opinion", policy="amendment.opinion")
    def give_opinion(
        self, *, db: Db, work: Work, actor: Actor, found: DeskFrame, number: FromPath[int], data: Form
    ) -> Done:
        """Advise on one amendment: for it, against it, or with other words."""
        stance, advice = _word(Stance, data.get("stance", ""), field="stance"), AdviceService(db)
        amendment = advice.numbered(found.declaration, number, actor=actor)
        rewording = single_rewording(changes_of(amendment.own))
        wording = data.get("wording", "")
        is_worded = stance is Stance.MODIFY and rewording is not None and wording.strip()
        changes = [typed_rewording(rewording.block, wording)] if is_worded and rewording else []
        advice.give_opinion(amendment.id, stance, reason=data.get("reason", ""), changes=changes, actor=actor)
        return Done("amendment", work.messages.gettext("Opinion on amendment %(number)s saved.", number=number))

    @takes("/answers/{number:int}", name="answer_modified", policy="amendment.withdraw_revise")
    def answer(
        self, *, db: Db, work: Work, actor: Actor, found: ReadableFrame, number: FromPath[int], data: Form
    ) -> Done:
        """Say, as its proposer, what one thinks of other words for one's amendment."""
        reply, advice = _word(Reply, data.get("reply", ""), field="reply"), AdviceService(db)
        amendment = advice.numbered(found.declaration, number, actor=actor)
        advice.answer(amendment.id, reply, word=data.get("word", ""), actor=actor)
        return Done("amendment", work.messages.gettext("Answer sent to the committee."))

    @takes(
        "/brackets/{number:int}",
        again=_desk_again,
        refusals=(Invalid, Stale),
        name="resolve_bracket",
        policy="bracket.set_resolve",
    )
    def resolve(self, *, db: Db, work: Work, actor: Actor, found: DeskFrame, number: FromPath[int], data: Form) -> Done:
        """Make one alternative the text."""
        decision = AmendmentService(db).resolve(
            found.declaration.id,
            number,
            _place(data.get("alternative", "")),
            language=DeskView.from_query(data).text or found.declaration.original_language,
            reason=data.get("reason", ""),
            expected_head=sent_id(data.get("head", "")),
            actor=actor,
        )
        said = work.messages.gettext("Brackets %(number)s removed; the text is unchanged.", number=number)
        if decision.revision:
            said = work.messages.gettext(
                "Brackets %(number)s removed in revision %(revision)s.",
                number=number,
                revision=decision.revision.number,
            )
        return Done("desk", said)


def _recorded(db: Db, desk: CommitteeDesk, data: Mapping[str, str]) -> str:
    """Decide all that is shown as marked, on every page and in every language, and say so; other marks stay."""
    work, service = desk.work, AmendmentService(db)
    found = frame(db, desk.forum, desk.declaration, work=work, may=policy.may_decide)
    actor, marks, later = work.actor, desk.marks(db, found, data), DeskMarks()
    if "marked" in data:
        marks, later = marks.apart(data["marked"])
    numbered = service.called(found.declaration, chosen_numbers(marks.every), actor=actor)
    adoption = service.decide(
        found.declaration.id,
        rulings_of(marks.every, numbered),
        expected_head=sent_id(data.get("head", "")),
        actor=actor,
        leading=marks.leads,
    )
    choices.keep_marks(db, found.declaration, later, actor=actor)
    return round_summary(adoption, work.messages)


def _keep(work: Work, desk: CommitteeDesk, data: Mapping[str, str]) -> None:
    """Keep what is marked for this person, until it is recorded."""
    actor = work.actor
    with work.writing() as db:
        found = frame(db, desk.forum, desk.declaration, work=work, may=policy.may_decide)
        choices.keep_marks(db, found.declaration, desk.marks(db, found, data), actor=actor)


def _mark_what_is_free(work: Work, desk: CommitteeDesk, data: Mapping[str, str]) -> Mapping[str, str]:
    """Keep all that nobody disputes, too, on every page. What is left of the form says nothing that is not kept."""
    actor = work.actor
    with work.writing() as db:
        found = frame(db, desk.forum, desk.declaration, work=work, may=policy.may_decide)
        marks = desk.marked_what_is_free(db, found, data)
        choices.keep_marks(db, found.declaration, marks, actor=actor)
    return {name: value for name, value in data.items() if not name.startswith(choices.OF_A_CARD)}


def _word(words: type[Word], given: str, *, field: str) -> Word:
    try:
        return words(given)
    except ValueError as error:
        raise Invalid(field=field, reason="required") from error


def _place(position: str) -> int:
    if (place := whole_number(position)) is None:
        raise Invalid(field="alternative", reason="required")
    return place


def may_follow(actor: Actor, declaration: Declaration) -> bool:
    """Who follows the work on the text; readers of a consultation see the text, and not what the committee contests."""
    return any(may_do(actor, action, declaration) for action in FOLLOW_THE_WORK)


FollowedFrame = Annotated[Frame, framed(may_follow)]


class AgreementPages(Controller):
    """The agreement on a declaration."""

    path = "/{forum:str}/{declaration:str}/agreement"

    @shows("amendments/agreement.html", name="agreement", policy=FOLLOW_THE_WORK)
    def agreement(self, db: Db, work: Work, found: FollowedFrame) -> AgreementPage:
        """Every paragraph with its status, `?view=bracketed` (as it comes) or `clean`, in one language (`?text=`)."""
        view = CLEAN if work.request.query_params.get("view") == CLEAN else BRACKETED
        ticked = None if work.request.query_params.get("select") == "all" else ()
        language = language_of_query(work) or Language(work.language)
        contested = contested_blocks(db, found.declaration, actor=work.actor)
        return AgreementView(work, db, found).page(language, view, contested=contested, ticked=ticked)

    @post("/statuses", name="agree_paragraphs", policy="paragraph.status", status_code=200)
    def agree(self, work: Work, forum: Slug, declaration: Slug, data: Form) -> PageOrRedirect:
        """Give the paragraphs that are ticked a status, once it was confirmed for them by name."""
        here = {"forum": forum, "declaration": declaration}
        language, actor = Language(data["text"]) if data.get("text") in set(Language) else work.language, work.actor
        back = work.url_for("agreement", **here, text=language)
        ticked = [name.removeprefix("p-") for name in data if name.startswith("p-")]
        try:
            status = _status(data.get("status", ""))
            if ticked and data.get("confirmed") != "yes":
                with work.reading() as db:
                    found = frame(db, forum, declaration, work=work, may=paragraph_status.may_set)
                    view = AgreementView(work, db, found)
                    context = replace(
                        view.page(Language(language), BRACKETED, ticked=ticked, step=status), head=data.get("head", "")
                    )
                return page(work, "amendments/agree_paragraphs.html", context)
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=may_follow)
                blocks = [sent_id(block) for block in ticked]
                shown = sent_id(data.get("head", ""))
                made = agree(db, found.declaration.id, blocks, status, shown=shown, actor=actor)
                may_undo = status is not ParagraphStatus.CLOSED or paragraph_status.may_reopen(actor, found.declaration)
                numbers = made[0].number, made[-1].number
        except Invalid as refusal:
            return redirect(work, back, said=sentence(refusal, work.messages))
        undo = work.url_for("undo_agreed_paragraphs", **here, first=numbers[0], last=numbers[1]) if may_undo else ""
        said = work.messages.ngettext("%(n)s paragraph marked.", "%(n)s paragraphs marked.", len(blocks))
        return redirect(work, back, said=said, undo=undo)

    @takes(
        "/statuses/{first:int}/{last:int}/undoing",
        again=said_at("agreement"),
        name="undo_agreed_paragraphs",
        policy="paragraph.status",
    )
    def undo_agreed(
        self, *, db: Db, work: Work, actor: Actor, found: FollowedFrame, first: FromPath[int], last: FromPath[int]
    ) -> Done:
        """Take back the statuses of these numbers, which were given at once."""
        ParagraphStates(db).undo(found.declaration.id, first, last, actor=actor)
        return Done("agreement", work.messages.gettext("Undone."))

    @get("/text", name="bracketed_text", policy=FOLLOW_THE_WORK)
    def text(self, work: Work, forum: Slug, declaration: Slug) -> Response[str]:
        """The text with its brackets as Markdown: `[A: …] [B: …]`."""
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work, may=may_follow)
            written = AgreementView(work, db, found).markdown(language_of_query(work) or Language(work.language))
        return Response(written, media_type="text/markdown", headers={"Cache-Control": "no-store"})

    @shows(
        "amendments/agreement_paragraph.html", "/{block_id:uuid}", name="agreement_paragraph", policy=FOLLOW_THE_WORK
    )
    def paragraph(
        self,
        *,
        db: Db,
        work: Work,
        found: FollowedFrame,
        block_id: PathId,
        form: Mapping[str, str] | None = None,
        refusal: Invalid | Stale | None = None,
    ) -> ParagraphPage:
        """One paragraph: its status and how it came to it, its bracket, and the forms for both."""
        errors = {str(refusal.facts.get("field", "form")): sentence(refusal, work.messages)} if refusal else None
        return AgreementView(work, db, found).paragraph(block_id, given=form, errors=errors)

    @takes("/{block_id:uuid}/status", again=paragraph, name="set_paragraph_status", policy="paragraph.status")
    def set_status(
        self, *, db: Db, work: Work, actor: Actor, found: FollowedFrame, block_id: PathId, data: Form
    ) -> Done:
        """Say how far a paragraph is agreed."""
        status = _status(data.get("status", ""))
        ParagraphStates(db).set(found.declaration.id, block_id, status, reason=data.get("reason", ""), actor=actor)
        return Done("agreement_paragraph", work.messages.gettext("Status of the paragraph saved."))

    @takes(
        "/{block_id:uuid}/bracket",
        again=paragraph,
        refusals=(Invalid, Stale),
        name="set_bracket_form",
        policy="bracket.set_resolve",
    )
    def set_bracket(
        self, *, db: Db, work: Work, actor: Actor, found: FollowedFrame, block_id: PathId, data: Form
    ) -> Done:
        """Set alternatives beside the paragraph."""
        made = AmendmentService(db).bracket(
            found.declaration.id,
            block_id,
            [wanted for place in range(1, WAYS + 1) if (wanted := _wanted(data, place))],
            language=found.declaration.original_language,
            reason=data.get("reason", ""),
            expected_head=sent_id(data.get("head", "")),
            actor=actor,
        )
        said = work.messages.gettext("Alternatives put in brackets %(number)s.", number=made.number)
        return Done("agreement_paragraph", said)


def _wanted(data: Mapping[str, str], place: int) -> WantedAlternative | None:
    """One alternative of the form: words in some language, or the wish that the paragraph goes."""
    texts = {language.value: data.get(f"alternative-{place}-{language}", "") for language in Language}
    if not any(text.strip() for text in texts.values()) and data.get(f"none-{place}") != "yes":
        return None
    sponsor = id_or_none(data.get(f"organisation-{place}", ""))
    return WantedAlternative(Trilingual.of(texts), organisations=(sponsor,) if sponsor else ())


def _status(given: str) -> ParagraphStatus:
    if given not in set(ParagraphStatus):
        raise Invalid(field="status", reason="required")
    return ParagraphStatus(given)
