"""Writing changes in their place: a member's amendment, or the committee's own edit."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Response
from msgspec import Struct
from msgspec.structs import replace

from drafts.base.errors import DraftsError
from drafts.text.blocks import Language
from workspace.amendments.change_form import form
from workspace.amendments.change_form import form as forms
from workspace.amendments.change_form.base import FormBase, form_base, prefilled_form
from workspace.amendments.change_form.context import (
    ChangeCheck,
    ChangePage,
    ChangePageBuilder,
    FormRoute,
    possible_movers,
    possible_sponsors,
    row_of,
)
from workspace.amendments.change_form.drafts import AmendmentDraftService, ChangeEntry, content_of, latest_about
from workspace.amendments.change_form.form import ChangeForm
from workspace.amendments.compromise import CompromiseService
from workspace.amendments.domain import policy
from workspace.amendments.domain.conflicts import Relation
from workspace.amendments.domain.models import Amendment, AmendmentDraft
from workspace.amendments.domain.sponsors import BackingService
from workspace.amendments.labels import ParagraphLabels
from workspace.amendments.oral import OralService
from workspace.amendments.service import AmendmentService
from workspace.amendments.views.amendment import called, passages_in
from workspace.comments.service import CommentService, words_of
from workspace.core.actor import Actor
from workspace.core.errors import AlreadyProposed, Invalid, NotFound, Stale, existing, required
from workspace.core.storage.db import Db
from workspace.core.validation import id_or_none, sent_id, whole_number
from workspace.declarations.domain import queries
from workspace.declarations.domain.personal_drafts import PersonalDraft
from workspace.declarations.domain.queries import BlockRow
from workspace.declarations.frame import Frame, frame
from workspace.web.http.guards import OWN, READ_THE_TEXT
from workspace.web.http.request_context import FormBody, FromQuery, PathId, QueryNumber, Slug, Work
from workspace.web.http.routing import get, post
from workspace.web.http.sign_ins import SignInNeeded
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES, Messages
from workspace.web.pages import SHOWN_AGAIN, Done, Page, PageOrRedirect, page, redirect, shows, takes
from workspace.web.refusals.sentences import sentence

TEMPLATE, PART = "amendments/change.html", "amendments/suggest.html"
Refusal = Invalid | DraftsError | Stale | AlreadyProposed


PROPOSING = FormRoute(may=policy.may_propose, route="new_amendment")
COMPROMISING = FormRoute(is_compromise=True, may=policy.may_draft_compromise, route="draft_compromise")
RECORDING = FormRoute(is_oral=True, may=policy.may_record_oral, route="record_oral")
EDITING = FormRoute(is_edit=True, may=policy.may_edit, route="edit_paragraph")


class ChangeFormActions(Struct, frozen=True):
    """The form of one declaration, for one reader and one way."""

    work: Work
    forum: str
    declaration: str
    way: FormRoute

    def opened(self, query: ChangeForm, *, is_fresh: bool = False, is_part: bool = False) -> Response[str]:
        """The form as its author left it, or before anything is written, or with what was filed before.

        As a part of another page it has the words and their reason alone; what is more than that stays a page.
        """
        with self.work.reading() as db:
            found = self.frame(db)
            draft = None if self.way is not PROPOSING else self._draft(db, found, query, is_fresh=is_fresh)
            form = self._new(db, found, query) if draft is None else self._resumed(db, found, draft, query)
            context = self._builder(db, found, form).page(form)
        return page(self.work, PART if is_part and context.is_plain else TEMPLATE, context)

    def previewed(self, form: ChangeForm) -> Response[str]:
        """The form again, with what it would change; a refusal stands beside its field."""
        with self.work.reading() as db:
            context = self._builder(db, self.frame(db), form).compared(form)
        return page(self.work, TEMPLATE, context, status=SHOWN_AGAIN if context.errors else 200)

    def again(self, form: ChangeForm, refusal: Refusal) -> Response[str]:
        """The form with all that was written. If the text has moved on, it is compared with what stands there now."""
        with self.work.reading() as db:
            context = self._again(db, self.frame(db), form, refusal)
        return page(self.work, TEMPLATE, context, status=SHOWN_AGAIN)

    def arranged(self, form: ChangeForm) -> Response[str]:
        """The form as one of its buttons leaves it, which nobody keeps."""
        with self.work.reading() as db:
            stands = self.rearranged(db, form)
            context = self._builder(db, self.frame(db), stands).page(stands)
        return page(self.work, TEMPLATE, context)

    def kept(self, db: Db, form: ChangeForm, *, actor: Actor) -> AmendmentDraft:
        """Keep what is written. Where another tab has kept other words since, both are kept."""
        return AmendmentDraftService(db).kept(
            self.frame(db).declaration,
            form.content(),
            draft_id=id_or_none(form.draft),
            version=id_or_none(form.version),
            actor=actor,
        )

    def rearranged(self, db: Db, form: ChangeForm) -> ChangeForm:
        """The form after one of its buttons: another paragraph, one put back in hand or taken out, somebody invited."""
        verb, _, given = form.action.partition("-")
        entries, place = list(form.entries), form.place_in_hand
        match verb:
            case "add":
                row_of(self.ground(db, self.frame(db), form).rows, form.go_on)
                return form.holding([*entries, ChangeEntry(block=form.go_on)], len(entries))
            case "open":
                return form.holding(entries, _place(given, entries))
            case "remove" if len(entries) > 1:
                gone = _place(given, entries)
                del entries[gone]
                return form.holding(entries, min(place - (gone < place), len(entries) - 1))
            case "invite":
                return self._inviting(db, form)
            case "uninvite":
                return replace(form, cosponsors=",".join(person for person in form.people if person != given))
        return form

    def _inviting(self, db: Db, form: ChangeForm) -> ChangeForm:
        """The form with whom it names among those who are invited; raises `Invalid` where that is not one person."""
        found = self.frame(db)
        others = possible_movers(db, found) if self.way.is_oral else possible_sponsors(db, found, self.work)
        people = dict.fromkeys([*form.people, called(form.invitee, others).id])
        return replace(form, invitee="", cosponsors=",".join(people))

    def filed(self, db: Db, form: ChangeForm, *, actor: Actor) -> Amendment:
        """What the form asks for, filed: an amendment, one to an amendment, or one written anew. Its draft is gone."""
        form = self._inviting(db, form) if form.invitee.strip() else form
        found, service = self.frame(db), AmendmentService(db)
        stands = self.ground(db, found, form)
        changes = form.changes(self.passages(db, found, form))
        if stands.revises is not None:
            made = service.revise(
                stands.revises.id, changes, reason=form.reason, stands_beside=form.action == forms.BESIDE, actor=actor
            )
        elif stands.amends is not None:
            made = service.amend(
                stands.amends.id, changes, reason=form.reason, actor=actor, is_indivisible=bool(form.indivisible)
            )
        else:
            made = service.propose(
                found.declaration.id,
                base_revision=form.base,
                language=form.language,
                changes=changes,
                reason=form.reason,
                actor=actor,
                is_indivisible=bool(form.indivisible),
            )
        invited = [person_id for person in form.people if (person_id := id_or_none(person)) is not None]
        if invited and stands.revises is None:
            BackingService(db).invite(made.id, invited, actor=actor)
        self.cleared(db, form, actor=actor)
        self._link(db, form, made, actor=actor)
        return made

    def recorded(self, db: Db, form: ChangeForm, *, actor: Actor) -> Amendment:
        """What the form asks for, written down for who moves it, or in the place of the amendments that are ticked."""
        form = self._inviting(db, form) if form.invitee.strip() else form
        found = self.frame(db)
        asked: dict[str, Any] = {
            "base_revision": form.base,
            "language": form.language,
            "changes": form.changes(self.passages(db, found, form)),
            "reason": form.reason,
            "is_indivisible": bool(form.indivisible),
        }
        if self.way.is_compromise:
            return CompromiseService(db).draft(found.declaration.id, replaces=form.replaced, actor=actor, **asked)
        behind = [person_id for person in form.people if (person_id := id_or_none(person)) is not None]
        parent = self.ground(db, found, form).amends
        made = OralService(db).record_oral(
            found.declaration.id,
            mover=self.mover(db, form),
            seconders=behind,
            amends=parent.id if parent else None,
            actor=actor,
            **asked,
        )
        self._link(db, form, made, actor=actor)
        return made

    def mover(self, db: Db, form: ChangeForm) -> UUID:
        """Whom the form names; raises `Invalid` where that is not one person who may move an amendment."""
        return UUID(called(form.mover, possible_movers(db, self.frame(db)), "mover").id)

    def cleared(self, db: Db, form: ChangeForm, *, actor: Actor) -> None:
        """The draft of the form is no longer needed."""
        draft_id = id_or_none(form.draft)
        if draft_id is not None and self.way is PROPOSING:
            drafts = AmendmentDraftService(db)
            if any(draft.id == draft_id for draft in drafts.of(self.frame(db).declaration, actor=actor)):
                drafts.discard(draft_id, actor=actor)

    def is_same(self, db: Db, form: ChangeForm, amendment: Amendment) -> bool:
        """Whether the form asks for the very same as an amendment."""
        try:
            near = self.checked(db, form).others
        except (Invalid, DraftsError, NotFound):
            return False
        return any(
            neighbour_amendment.line.number == amendment.number and neighbour_amendment.relation == Relation.SAME
            for neighbour_amendment in near
        )

    def frame(self, db: Db) -> Frame:
        """Raises `NotFound` for who may not change the text in this way."""
        return frame(db, self.forum, self.declaration, work=self.work, may=self.way.may)

    def passages(self, db: Db, found: Frame, form: ChangeForm) -> ParagraphLabels:
        """The text as the form shows it: that of the revision it names, or that which an amendment proposes.

        Raises `Stale` when the words are not those that were shown: nobody changes words they have not seen.
        """
        stands = self.ground(db, found, form)
        stands.ensure_current(form)
        return passages_in(stands.rows, form.language, self.work, found)

    def ground(self, db: Db, found: Frame, form: ChangeForm) -> FormBase:
        return form_base(AmendmentService(db), found.declaration, form, actor=self.work.actor)

    def checked(self, db: Db, form: ChangeForm) -> ChangeCheck:
        """What would change and how it stands to what others ask for, while it is typed."""
        return self._builder(db, self.frame(db), form).checked(form)

    def _builder(self, db: Db, found: Frame, form: ChangeForm) -> ChangePageBuilder:
        stands = self.ground(db, found, form)
        return ChangePageBuilder(self.work, db, found, stands, self.way)

    def _again(self, db: Db, found: Frame, form: ChangeForm, refusal: Refusal) -> ChangePage:
        if isinstance(refusal, Stale):
            now = self.ground(db, found, replace(form, base=0))
            moved = now.on(form) if form.block in now.by_id else form
            context = self._builder(db, found, moved).compared(moved)
            return replace(context, errors={"wording": sentence(refusal, self.work.messages)})
        if isinstance(refusal, AlreadyProposed):
            context = self._builder(db, found, form).compared(form)
            is_others = refusal.facts.get("reason") == "other"
            number = int(refusal.facts["number"]) if is_others else 0
            return replace(context, already=number, errors={"action": sentence(refusal, self.work.messages)})
        at_fault = forms.entry_at_fault(form, refusal)
        context = self._builder(db, found, at_fault).page(at_fault)
        return replace(context, errors=forms.refused(self.work, at_fault, refusal))

    def _new(self, db: Db, found: Frame, query: ChangeForm) -> ChangeForm:
        stands = self.ground(db, found, query)
        row = row_of(stands.rows, query.block)
        form = replace(
            query,
            block=row.id,
            text=self._language(stands, row),
            op=query.op if query.op in forms.OPERATIONS else forms.FIRST,
        )
        if stands.revises is not None:
            form = prefilled_form(form, stands, stands.revises)
        return stands.on(self._of_comment(db, found, form) if form.comment else form)

    def _of_comment(self, db: Db, found: Frame, form: ChangeForm) -> ChangeForm:
        """The form with a remark for its reason and, where it is recorded for somebody, its author for the mover."""
        comment_id = sent_id(form.comment)
        comment = CommentService(db).usable(comment_id, actor=self.work.actor)
        movers = possible_movers(db, found) if self.way.is_oral else ()
        mover = next((known.called for known in movers if known.id == str(comment.author_id)), "")
        return replace(form, reason=words_of(comment), mover=mover)

    def _link(self, db: Db, form: ChangeForm, made: Amendment, *, actor: Actor) -> None:
        """Keep the amendment with the remark that it was made of; where it is somebody else's by now, it is not."""
        comment_id = id_or_none(form.comment)
        if comment_id is not None:
            with suppress(Invalid, NotFound):
                CommentService(db).link_amendment(comment_id, made, actor=actor)

    def _draft(self, db: Db, found: Frame, query: ChangeForm, *, is_fresh: bool) -> AmendmentDraft | None:
        """The draft that is query for, or the last one about the paragraph that is; raises `NotFound`."""
        drafts, actor = AmendmentDraftService(db), self.work.actor
        if query.draft:
            draft_id = id_or_none(query.draft)
            draft = drafts.get(draft_id, actor=actor) if draft_id else None
            if draft is None or draft.declaration_id != found.declaration.id:
                raise NotFound(what="draft", id=query.draft)
            return draft
        if is_fresh:
            return None
        every = drafts.of(found.declaration, actor=actor)
        last = latest_about(every, query.block, amends=query.amends, revises=query.revises)
        wanted = self.work.request.query_params.get("text")
        return last if last and wanted in {None, content_of(last).language} else None

    def _resumed(self, db: Db, found: Frame, draft: AmendmentDraft, query: ChangeForm) -> ChangeForm:
        form = replace(forms.form_of(content_of(draft)), draft=str(draft.id), version=str(draft.version))
        blocks = [entry.block for entry in form.entries]
        stands = self.ground(db, found, form)
        wanted = query.block if query.block and not query.draft else form.block
        there = [wanted, *blocks] if wanted in blocks else blocks
        hand = existing(next((block for block in there if block in stands.by_id), None), "block", form.block)
        return stands.begun(form.holding(form.entries, blocks.index(hand)) if hand != form.block else form)

    def _language(self, stands: FormBase, row: BlockRow) -> Language:
        """An amendment has one language; the text is changed in the one that is query for or read."""
        amendment = stands.revises or stands.amends
        if amendment is not None:
            return amendment.language
        own = self.work.language if self.work.language in row.texts else row.original_language
        return self.work.texts(own)[0]


def _place(given: str, entries: list[ChangeEntry]) -> int:
    """Raises `NotFound` for a change that the form does not have."""
    place = whole_number(given)
    if place is None or place >= len(entries):
        raise NotFound(what="change", id=given[:40])
    return place


FILED = N_("Amendment %(number)s submitted.")
RECORDED = N_("Oral amendment %(number)s recorded.")
REVISED = N_("Amendment %(number)s revised.")
SUPPORTED = N_("You support amendment %(number)s.")
KEPT = N_("Draft saved. Only you see it.")


class ChangePages(Controller):
    """Proposing an amendment, and editing as the committee."""

    path = "/{forum:str}/{declaration:str}"

    @get("/amendments/new", name="new_amendment", policy="amendment.propose")
    def new_amendment(
        self,
        work: Work,
        forum: Slug,
        declaration: Slug,
        *,
        block: FromQuery[str] = "",
        op: FromQuery[str] = form.FIRST,
        amends: QueryNumber = 0,
        revises: QueryNumber = 0,
        draft: FromQuery[str] = "",
        fresh: FromQuery[str] = "",
        part: FromQuery[str] = "",
        comment: FromQuery[str] = "",
    ) -> Response[str]:
        """The paragraph in its place, with its words to change: those of the text, of an amendment, or of a draft.

        With `?part=1` only what stands beside the text that is being read.
        """
        form = ChangeForm(block=block, op=op, amends=amends, revises=revises, draft=draft, comment=comment)
        return ChangeFormActions(work, forum, declaration, PROPOSING).opened(
            form, is_fresh=bool(fresh or comment), is_part=bool(part)
        )

    @post("/amendments/new", name="propose_amendment", policy="amendment.propose")
    def propose(self, work: Work, forum: Slug, declaration: Slug, data: FormBody[ChangeForm]) -> PageOrRedirect:
        """File it against the revision that was shown, show what it would change, or do what the button says."""
        desk = ChangeFormActions(work, forum, declaration, PROPOSING)
        verb, _, number = data.action.partition("-")
        try:
            if verb == "support":
                return self._supported(desk, data, number)
            if verb in _ARRANGING:
                return self._arranged(desk, data)
            if verb == form.PREVIEW:
                return desk.previewed(data)
            return self._filed(desk, data)
        except (Invalid, DraftsError, Stale, AlreadyProposed) as refusal:
            return desk.again(data, refusal)

    @get("/amendments/oral", name="record_oral", policy="amendment.record_oral")
    def record_oral(
        self,
        work: Work,
        forum: Slug,
        declaration: Slug,
        *,
        block: FromQuery[str] = "",
        op: FromQuery[str] = form.FIRST,
        amends: QueryNumber = 0,
        comment: FromQuery[str] = "",
    ) -> Response[str]:
        """The same form for what somebody moves from the floor, or has said in a remark."""
        query = ChangeForm(block=block, op=op, amends=amends, comment=comment)
        return ChangeFormActions(work, forum, declaration, RECORDING).opened(query)

    @post("/amendments/oral", name="file_oral", policy="amendment.record_oral")
    def file_oral(self, work: Work, forum: Slug, declaration: Slug, data: FormBody[ChangeForm]) -> PageOrRedirect:
        """Write it down for its mover, or do what the button says."""
        return self._recorded(ChangeFormActions(work, forum, declaration, RECORDING), data, said=RECORDED)

    @get("/amendments/compromise", name="draft_compromise", policy="amendment.compromise")
    def draft_compromise(
        self, work: Work, forum: Slug, declaration: Slug, block: FromQuery[str] = "", op: FromQuery[str] = form.FIRST
    ) -> Response[str]:
        """The same form, beside the amendments that it can replace."""
        return ChangeFormActions(work, forum, declaration, COMPROMISING).opened(ChangeForm(block=block, op=op))

    @post("/amendments/compromise", name="file_compromise", policy="amendment.compromise")
    def file_compromise(self, work: Work, forum: Slug, declaration: Slug, data: FormBody[ChangeForm]) -> PageOrRedirect:
        """File it, and ask those whose amendments it replaces."""
        return self._recorded(ChangeFormActions(work, forum, declaration, COMPROMISING), data, said=FILED)

    @get("/edit", name="edit_paragraph", policy="block.edit")
    def edit_paragraph(
        self, work: Work, forum: Slug, declaration: Slug, block: FromQuery[str] = "", op: FromQuery[str] = form.FIRST
    ) -> Response[str]:
        """The same form for the committee's own hand."""
        return ChangeFormActions(work, forum, declaration, EDITING).opened(ChangeForm(block=block, op=op))

    @post("/edit", name="save_edit", policy="block.edit")
    def save_edit(self, work: Work, forum: Slug, declaration: Slug, data: FormBody[ChangeForm]) -> PageOrRedirect:
        """Change the text at once, as a decision with its reason."""
        desk, actor = ChangeFormActions(work, forum, declaration, EDITING), work.actor
        try:
            if data.action == form.PREVIEW:
                return desk.previewed(data)
            with work.writing() as db:
                found = desk.frame(db)
                changes = data.changes(desk.passages(db, found, data))
                service = AmendmentService(db)
                revision = service.edit(
                    found.declaration.id,
                    changes,
                    language=data.language,
                    reason=data.reason,
                    expected_head=required(id_or_none(data.head), Stale(expected=data.head, head="")),
                    actor=actor,
                    may_rejoin=True,
                    mover=desk.mover(db, data) if data.mover.strip() else None,
                ).number
        except (Invalid, DraftsError, Stale) as refusal:
            return desk.again(data, refusal)
        said = work.messages.gettext("Text changed: revision %(number)s.", number=revision)
        to = work.url_for("reading", forum=forum, declaration=declaration, text=data.language)
        return redirect(work, f"{to}#{data.language}-b-{data.block}", said=said)

    def _recorded(self, desk: ChangeFormActions, data: ChangeForm, *, said: str) -> PageOrRedirect:
        """What is kept as no draft: shown, arranged or filed, as the button says."""
        work, actor = desk.work, desk.work.actor
        try:
            if data.action.partition("-")[0] in {"invite", "uninvite"}:
                return desk.arranged(data)
            if data.action == form.PREVIEW:
                return desk.previewed(data)
            with work.writing() as db:
                number = desk.recorded(db, data, actor=actor).number
        except (Invalid, DraftsError, Stale, AlreadyProposed) as refusal:
            return desk.again(data, refusal)
        return _to_amendment(desk, number, said=work.messages.gettext(said, number=number))

    def _filed(self, desk: ChangeFormActions, data: ChangeForm) -> Response[None]:
        work, actor = desk.work, desk.work.actor
        with work.writing() as db:
            filed = desk.filed(db, data, actor=actor).number
        return _to_amendment(desk, filed, said=work.messages.gettext(REVISED if data.revises else FILED, number=filed))

    def _arranged(self, desk: ChangeFormActions, data: ChangeForm) -> Response[None]:
        """Keep the draft as the button left it, and go on there: a page that is loaded again does nothing twice."""
        work, actor = desk.work, desk.work.actor
        with work.writing() as db:
            draft = desk.kept(db, desk.rearranged(db, data), actor=actor).id
        to = work.url_for("new_amendment", forum=desk.forum, declaration=desk.declaration, draft=draft)
        said = work.messages.gettext(KEPT) if data.action == "keep" else ""
        return redirect(work, f"{to}#{_ARRANGING[data.action.partition('-')[0]]}", said=said)

    def _supported(self, desk: ChangeFormActions, data: ChangeForm, number: str) -> Response[None]:
        """Stand behind what somebody has filed; the draft goes where it says the very same."""
        work, actor = desk.work, desk.work.actor
        supported = existing(whole_number(number), "amendment", number[:40])
        with work.writing() as db:
            found, service = desk.frame(db), BackingService(db)
            amendment = service.numbered(found.declaration, supported, actor=actor)
            is_same = desk.is_same(db, data, amendment)
            service.support(amendment.id, actor=actor)
            if is_same:
                desk.cleared(db, data, actor=actor)
        return _to_amendment(desk, supported, said=work.messages.gettext(SUPPORTED, number=number))


_ARRANGING = dict.fromkeys(("keep", "add", "open", "remove"), "h-text") | {"invite": "h-with", "uninvite": "h-with"}
"""The buttons that change nothing but the draft, and the part of the page to come back to."""


def _to_amendment(desk: ChangeFormActions, number: int, *, said: str) -> Response[None]:
    to = desk.work.url_for("amendment", forum=desk.forum, declaration=desk.declaration, number=number)
    return redirect(desk.work, to, said=said)


class DraftLine(Struct, frozen=True):
    """A draft: which paragraphs it is about, the words that its author has written, and where it goes on."""

    id: str
    names: Sequence[str]
    texts: Sequence[str]
    reason: str
    language: Language
    kept_at: datetime
    href: str


class DraftsPage(Page, frozen=True, kw_only=True):
    """One's own drafts, the one kept last first."""

    drafts: Sequence[DraftLine]


class KeptOut(Struct, frozen=True, kw_only=True):
    """For the script that keeps what is typed: the draft, its version, a sentence about it, and what the server thinks
    of the words so far, as HTML of our own templates.
    """

    draft: UUID
    version: UUID
    said: str
    checked: str = ""

    @classmethod
    def of(cls, draft: PersonalDraft, at: datetime, messages: Messages, *, is_other: bool) -> "KeptOut":
        """`at` is when it was kept, by the clocks of the forum; `is_other` where another tab has kept other words."""
        sentence = _KEPT_BESIDE if is_other else N_("Saved at %(time)s.")
        said = messages.gettext(sentence, time=messages.time(at))
        return cls(draft=draft.id, version=draft.version, said=said)


_KEPT_BESIDE = N_("Saved at %(time)s as a separate draft: this one changed in another tab.")


class AmendmentDraftPages(Controller):
    """One's own drafts of amendments to one declaration."""

    path = "/{forum:str}/{declaration:str}/amendments/drafts"

    @shows("amendments/drafts.html", name="amendment_drafts", policy=OWN)
    def amendment_drafts(self, db: Db, work: Work, forum: Slug, declaration: Slug) -> DraftsPage:
        """All that one has begun and not filed, whatever phase the text is in meanwhile."""
        actor = work.actor
        if actor.person_id is None:
            raise SignInNeeded
        found = frame(db, forum, declaration, work=work)
        every = AmendmentDraftService(db).of(found.declaration, actor=actor)
        lines = [_line(db, draft, found, work) for draft in every]
        return DraftsPage(place=found.place, here="amendments", drafts=lines)

    @post("/", name="keep_amendment_draft", policy="amendment.propose", status_code=200)
    def keep_amendment_draft(
        self, work: Work, forum: Slug, declaration: Slug, data: FormBody[ChangeForm]
    ) -> Response[KeptOut]:
        """Keep what is in the form, and say how it stands; for the script of the form."""
        desk, actor = ChangeFormActions(work, forum, declaration, PROPOSING), work.actor
        with work.writing() as db:
            draft = desk.kept(db, data, actor=actor)
            local, is_other = desk.frame(db).forum.local(draft.kept_at), data.draft not in {"", str(draft.id)}
            answer = KeptOut.of(draft, local, work.messages, is_other=is_other)
        answer = replace(answer, checked=_checked(desk, data))
        return Response(answer, headers={"Cache-Control": "no-store"})

    @takes("/{draft_id:uuid}/discard", name="discard_amendment_draft", policy=READ_THE_TEXT)
    def discard_amendment_draft(self, db: Db, work: Work, forum: Slug, declaration: Slug, draft_id: PathId) -> Done:
        """Throw one away, for good."""
        frame(db, forum, declaration, work=work)
        AmendmentDraftService(db).discard(draft_id, actor=work.actor)
        return Done("amendment_drafts", work.messages.gettext("Draft deleted."))


def _checked(desk: ChangeFormActions, form: ChangeForm) -> str:
    """What would change and who else asks for what there, or "" where the form stands on words that are gone."""
    work = desk.work
    try:
        with work.reading() as db:
            checked = desk.checked(db, form)
    except (NotFound, Invalid, DraftsError):
        return ""
    template = work.site.templates[work.language].get_template("amendments/_checked.html")
    return template.render(
        refusal=checked.refusal, preview=checked.parts, language=form.language, others=checked.others
    )


def _line(db: Db, draft: AmendmentDraft, found: Frame, work: Work) -> DraftLine:
    content = content_of(draft)
    language = Language(content.language) if content.language in LANGUAGES else work.language
    passages = passages_in(queries.head_rows(db, found.declaration), language, work, found)
    here = {"forum": found.forum.slug, "declaration": found.declaration.slug}
    is_open = policy.may_propose(work.actor, found.declaration)
    return DraftLine(
        id=str(draft.id),
        names=_names([entry.block for entry in content.entries], passages, work),
        texts=[text for entry in content.entries for text in (entry.wording, entry.addition) if text],
        reason=content.reason,
        language=language,
        kept_at=found.forum.local(draft.kept_at),
        href=work.url_for("new_amendment", **here, draft=draft.id) if is_open else "",
    )


def _names(blocks: Sequence[str], passages: ParagraphLabels, work: Work) -> Sequence[str]:
    gone = work.messages.gettext("A paragraph no longer in the text")
    return list(dict.fromkeys(passages.name_of(block) or gone for block in blocks))
