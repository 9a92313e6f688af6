"""The form of a change from its first word to its filing: opened, kept as a draft, put in another order, sent."""

from collections.abc import Callable

from litestar import Response
from msgspec import Struct
from msgspec.structs import replace

from drafts.blocks import Language
from drafts.errors import DraftsError
from workspace.amendments import forms, policy
from workspace.amendments.backing import BackingService
from workspace.amendments.backing_views import called
from workspace.amendments.change_context import ChangePage, Checked, ContextBuilder, possible_sponsors, row_of
from workspace.amendments.drafting import DraftingService, content_of, latest_about
from workspace.amendments.entries import Entry
from workspace.amendments.forms import ChangeForm
from workspace.amendments.grounds import Ground, as_written, ground
from workspace.amendments.models import Amendment, AmendmentDraft
from workspace.amendments.passages import Passages, block_key
from workspace.amendments.relations import Relation
from workspace.amendments.service import AmendmentService
from workspace.amendments.views import passages_in
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import AlreadyProposed, Invalid, NotFound, Stale
from workspace.declarations.frame import Frame, frame
from workspace.declarations.models import Declaration
from workspace.declarations.queries import BlockRow
from workspace.web.pages import page
from workspace.web.sentences import sentence
from workspace.web.services import Work

TEMPLATE = "amendments/change.html"
SHOWN_AGAIN = 422
Refusal = Invalid | DraftsError | Stale | AlreadyProposed


class Way(Struct, frozen=True, kw_only=True):
    """One of the two ways to change a paragraph: who may, and where its form stands."""

    is_edit: bool
    may: Callable[[Actor, Declaration], bool]
    route: str


PROPOSING = Way(is_edit=False, may=policy.may_propose, route="new_amendment")
EDITING = Way(is_edit=True, may=policy.may_edit, route="edit_paragraph")


class ChangeDesk(Struct, frozen=True):
    """The form of one declaration, for one reader and one way."""

    work: Work
    forum: str
    declaration: str
    way: Way

    def opened(self, asked: ChangeForm, *, is_fresh: bool = False) -> Response[str]:
        """The form as its author left it, or before anything is written, or with what was filed before."""
        with self.work.reading() as db:
            found = self.frame(db)
            draft = None if self.way.is_edit else self._draft(db, found, asked, is_fresh=is_fresh)
            form = self._new(db, found, asked) if draft is None else self._resumed(db, found, draft, asked)
            context = self._builder(db, found, form).page(form)
        return page(self.work, TEMPLATE, context)

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

    def kept(self, db: Db, form: ChangeForm, *, actor: Actor) -> AmendmentDraft:
        """Keep what is written. Where another tab has kept other words since, both are kept."""
        found, drafts = self.frame(db), DraftingService(db)
        draft_id, version = block_key(form.draft), block_key(form.version)
        if draft_id is not None and version is not None:
            try:
                return drafts.keep(draft_id, form.content(), expected=version, actor=actor)
            except (Stale, NotFound):  # kept by another tab, or filed or thrown away there: then this is another one
                pass
        return drafts.begin(found.declaration, form.content(), actor=actor)

    def rearranged(self, db: Db, form: ChangeForm) -> ChangeForm:
        """The form after one of its buttons: another paragraph, one put back in hand or taken out, somebody invited."""
        verb, _, given = form.action.partition("-")
        entries, place = list(form.entries), form.place_in_hand
        match verb:
            case "add":
                row_of(self.ground(db, self.frame(db), form).rows, form.go_on)
                return form.holding([*entries, Entry(block=form.go_on)], len(entries))
            case "open":
                return form.holding(entries, _place(given, entries))
            case "remove" if len(entries) > 1:
                gone = _place(given, entries)
                del entries[gone]
                return form.holding(entries, min(place - (gone < place), len(entries) - 1))
            case "invite":
                someone = called(form.invitee, possible_sponsors(db, self.frame(db), self.work))
                return replace(form, cosponsors=",".join(dict.fromkeys([*form.people, someone.id])))
            case "uninvite":
                return replace(form, cosponsors=",".join(one for one in form.people if one != given))
        return form

    def filed(self, db: Db, form: ChangeForm, *, actor: Actor) -> Amendment:
        """What the form asks for, filed: an amendment, one to an amendment, or one written anew. Its draft is gone."""
        found, service = self.frame(db), AmendmentService(db)
        stands = self.ground(db, found, form)
        changes = form.changes(self.passages(db, found, form))
        if stands.revises is not None:
            made = service.revise(
                stands.revises.id,
                changes,
                reason=form.reason,
                stands_beside=form.action == forms.BESIDE,
                actor=actor,
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
        invited = [person_id for one in form.people if (person_id := block_key(one)) is not None]
        if invited and stands.revises is None:
            BackingService(db).invite(made.id, invited, actor=actor)
        self.cleared(db, form, actor=actor)
        return made

    def cleared(self, db: Db, form: ChangeForm, *, actor: Actor) -> None:
        """The draft of the form is no longer needed."""
        draft_id = block_key(form.draft)
        if draft_id is not None and not self.way.is_edit:
            drafts = DraftingService(db)
            if any(draft.id == draft_id for draft in drafts.of(self.frame(db).declaration, actor=actor)):
                drafts.discard(draft_id, actor=actor)

    def is_same(self, db: Db, form: ChangeForm, amendment: Amendment) -> bool:
        """Whether the form asks for the very same as an amendment."""
        try:
            near = self.checked(db, form).others
        except (Invalid, DraftsError, NotFound):
            return False
        return any(one.line.number == amendment.number and one.relation == Relation.SAME for one in near)

    def frame(self, db: Db) -> Frame:
        """Raises `NotFound` for who may not change the text in this way."""
        return frame(db, self.forum, self.declaration, work=self.work, may=self.way.may)

    def passages(self, db: Db, found: Frame, form: ChangeForm) -> Passages:
        """The text as the form shows it: that of the revision it names, or that which an amendment proposes.

        Raises `Stale` when the words are not those that were shown: nobody changes words they have not seen.
        """
        stands = self.ground(db, found, form)
        stands.ensure_current(form)
        return passages_in(stands.rows, form.language, self.work, found)

    def ground(self, db: Db, found: Frame, form: ChangeForm) -> Ground:
        return ground(AmendmentService(db), found.declaration, form, actor=self.work.actor)

    def checked(self, db: Db, form: ChangeForm) -> Checked:
        """What would change and how it stands to what others ask for, while it is typed."""
        return self._builder(db, self.frame(db), form).checked(form)

    def _builder(self, db: Db, found: Frame, form: ChangeForm) -> ContextBuilder:
        stands = self.ground(db, found, form)
        return ContextBuilder(self.work, db, found, stands, route=self.way.route, is_edit=self.way.is_edit)

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
        at_fault = forms.at_fault(form, refusal)
        context = self._builder(db, found, at_fault).page(at_fault)
        return replace(context, errors=forms.refused(self.work, at_fault, refusal))

    def _new(self, db: Db, found: Frame, asked: ChangeForm) -> ChangeForm:
        stands = self.ground(db, found, asked)
        row = row_of(stands.rows, asked.block)
        form = replace(
            asked,
            block=row.id,
            text=self._language(stands, row),
            op=asked.op if asked.op in forms.OPERATIONS else forms.FIRST,
        )
        if stands.revises is not None:
            form = as_written(form, stands, stands.revises)
        return stands.on(form)

    def _draft(self, db: Db, found: Frame, asked: ChangeForm, *, is_fresh: bool) -> AmendmentDraft | None:
        """The draft that is asked for, or the last one about the paragraph that is; raises `NotFound`."""
        drafts, actor = DraftingService(db), self.work.actor
        if asked.draft:
            draft_id = block_key(asked.draft)
            draft = drafts.get(draft_id, actor=actor) if draft_id else None
            if draft is None or draft.declaration_id != found.declaration.id:
                raise NotFound(what="draft", id=asked.draft)
            return draft
        if is_fresh:
            return None
        every = drafts.of(found.declaration, actor=actor)
        last = latest_about(every, asked.block, amends=asked.amends, revises=asked.revises)
        wanted = self.work.request.query_params.get("text")
        return last if last and wanted in {None, content_of(last).language} else None

    def _resumed(self, db: Db, found: Frame, draft: AmendmentDraft, asked: ChangeForm) -> ChangeForm:
        form = replace(forms.form_of(content_of(draft)), draft=str(draft.id), version=str(draft.version))
        blocks = [entry.block for entry in form.entries]
        stands = self.ground(db, found, form)
        wanted = asked.block if asked.block and not asked.draft else form.block
        there = [wanted, *blocks] if wanted in blocks else blocks
        hand = next((block for block in there if block in stands.by_id), None)
        if hand is None:
            raise NotFound(what="block", id=form.block)
        return stands.begun(form.holding(form.entries, blocks.index(hand)) if hand != form.block else form)

    def _language(self, stands: Ground, row: BlockRow) -> Language:
        """An amendment has one language; the text is changed in the one that is asked for or read."""
        amendment = stands.revises or stands.amends
        if amendment is not None:
            return amendment.language
        own = self.work.language if self.work.language in row.texts else row.original_language
        return self.work.texts(own)[0]


def _place(given: str, entries: list[Entry]) -> int:
    """Raises `NotFound` for a change that the form does not have."""
    if not given.isdecimal() or int(given) >= len(entries):
        raise NotFound(what="change", id=given)
    return int(given)
