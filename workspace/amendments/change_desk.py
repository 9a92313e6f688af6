"""What the page of one change shows: the paragraph, the form as it was filled in, and what others ask for there."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec
from litestar import Response
from markupsafe import Markup

from drafts.amendments import amend
from drafts.blocks import Language
from drafts.errors import DraftsError
from workspace.amendments import forms, policy, proposals
from workspace.amendments.forms import ChangeForm
from workspace.amendments.grounds import Ground, as_written, ground
from workspace.amendments.models import Amendment
from workspace.amendments.passages import Passages, block_key, first_words
from workspace.amendments.service import AmendmentService
from workspace.amendments.views import Line, LineBuilder, Part, passages_in
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import Invalid, NotFound, Stale
from workspace.declarations.frame import Frame, frame
from workspace.declarations.models import Declaration
from workspace.declarations.queries import BlockRow
from workspace.web import i18n
from workspace.web.i18n import N_
from workspace.web.pages import Page, page
from workspace.web.sentences import sentence
from workspace.web.services import Work

TEMPLATE = "amendments/change.html"
SHOWN_AGAIN = 422
INSERTED = (N_("inserted:"), N_("end of insertion"))
DELETED = (N_("deleted:"), N_("end of deletion"))
COUNTED = N_("{i} words inserted, {d} deleted")


@dataclass(frozen=True, slots=True)
class TextChoice:
    """A language in which the paragraph can be changed."""

    language: Language
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Target:
    """A paragraph after which this one could stand. `words` are in `language`, `name` in the reader's."""

    id: str
    name: str
    words: str
    language: Language


@dataclass(frozen=True, slots=True)
class Operation:
    op: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePage(Page):
    """One paragraph and the form to change it. `is_edit` says that it is the committee's own hand.

    `amends` is the number of the amendment whose words are changed, `revises` of the
    one that is written anew, or 0. `words` is what the script that shows the difference needs, as JSON.
    """

    is_edit: bool
    form: ChangeForm
    errors: Mapping[str, str]
    name: str
    margin: str
    before: str
    html: Markup
    language: Language
    languages: Sequence[TextChoice]
    operations: Sequence[Operation]
    targets: Sequence[Target]
    following: Markup | None
    preview: Sequence[Part] | None
    is_current: bool
    revision: int
    others: Sequence[Line]
    amends: int
    revises: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One of the two ways to change a paragraph: who may, and where its form stands."""

    is_edit: bool
    may: Callable[[Actor, Declaration], bool]
    route: str


PROPOSING = Way(is_edit=False, may=policy.may_propose, route="new_amendment")
EDITING = Way(is_edit=True, may=policy.may_edit, route="edit_paragraph")


@dataclass(frozen=True, slots=True)
class ChangeDesk:
    """The form of one declaration, for one reader and one way."""

    work: Work
    forum: str
    declaration: str
    way: Way

    def opened(self, asked: ChangeForm) -> Response[str]:
        """The form as it is before anything is written, or with what its author wrote before."""
        with self.work.reading() as db:
            found = self.frame(db)
            stands = self._ground(db, found, asked)
            row = _row(stands.rows, asked.block)
            form = replace(
                asked,
                block=str(row.block_id),
                text=self._language(stands, row),
                op=asked.op if asked.op in forms.OPERATIONS else forms.FIRST,
            )
            form = stands.on(replace(form, wording=row.content(form.language)), row)
            if stands.revises is not None:
                form = as_written(form, stands.revises)
            context = self._context(db, found, form)
        return page(self.work, TEMPLATE, context)

    def previewed(self, form: ChangeForm) -> Response[str]:
        """The form again, with what it would change; a refusal stands beside its field."""
        with self.work.reading() as db:
            context = self._compared(db, self.frame(db), form)
        return page(self.work, TEMPLATE, context, status=SHOWN_AGAIN if context.errors else 200)

    def again(self, form: ChangeForm, refusal: Invalid | DraftsError | Stale) -> Response[str]:
        """The form with all that was written. If the text has moved on, it is compared with what stands there now."""
        with self.work.reading() as db:
            found = self.frame(db)
            if isinstance(refusal, Stale):
                now = self._ground(db, found, replace(form, base=0))
                context = self._compared(db, found, now.on(form, _row(now.rows, form.block)))
                context = replace(context, errors={"wording": sentence(refusal, self.work.messages)})
            else:
                context = self._context(db, found, form)
                context = replace(context, errors=forms.refused(self.work, form, refusal))
        return page(self.work, TEMPLATE, context, status=SHOWN_AGAIN)

    def filed(self, db: Db, form: ChangeForm, *, actor: Actor) -> Amendment:
        """What the form asks for, filed: an amendment, one to an amendment, or one written anew."""
        found, service = self.frame(db), AmendmentService(db)
        stands = self._ground(db, found, form)
        changes = [form.change(self.passages(db, found, form))]
        if stands.revises is not None:
            return service.revise(stands.revises.id, changes, reason=form.reason, actor=actor)
        if stands.amends is not None:
            return service.amend(
                stands.amends.id, changes, reason=form.reason, actor=actor, is_indivisible=bool(form.indivisible)
            )
        return service.propose(
            found.declaration.id,
            base_revision=form.base,
            language=form.language,
            changes=changes,
            reason=form.reason,
            actor=actor,
            is_indivisible=bool(form.indivisible),
        )

    def frame(self, db: Db) -> Frame:
        """Raises `NotFound` for who may not change the text in this way."""
        return frame(db, self.forum, self.declaration, work=self.work, may=self.way.may)

    def passages(self, db: Db, found: Frame, form: ChangeForm) -> Passages:
        """The text as the form shows it: that of the revision it names, or that which an amendment proposes.

        Raises `Stale` when the words are not those that were shown: nobody changes words they have not seen.
        """
        stands = self._ground(db, found, form)
        stands.ensure_current(form, _row(stands.rows, form.block))
        return passages_in(stands.rows, form.language, self.work, found)

    def _ground(self, db: Db, found: Frame, form: ChangeForm) -> Ground:
        return ground(AmendmentService(db), found.declaration, form, actor=self.work.actor)

    def _language(self, stands: Ground, row: BlockRow) -> Language:
        """An amendment has one language; the text is changed in the one that is asked for or read."""
        amendment = stands.revises or stands.amends
        if amendment is not None:
            return amendment.language
        own = self.work.language if self.work.language in row.texts else row.original_language
        return self.work.texts(own)[0]

    def _compared(self, db: Db, found: Frame, form: ChangeForm) -> ChangePage:
        context = self._context(db, found, form)
        try:
            passages = passages_in(self._ground(db, found, form).rows, form.language, self.work, found)
            return replace(context, preview=self._parts(passages, found, form))
        except (Invalid, DraftsError) as refusal:
            return replace(context, errors=forms.refused(self.work, form, refusal))

    def _parts(self, passages: Passages, found: Frame, form: ChangeForm) -> Sequence[Part]:
        changes = proposals.with_new_ids([form.change(passages)])
        proposals.ensure_known(changes, passages.rows, form.language)
        proposal = amend(0, passages.document(), changes)
        if not proposal.hunks:
            raise Invalid(field="changes", reason="nothing_changes")
        builder = LineBuilder(self.work, found, passages)
        return tuple(builder.parts(proposal.hunks, changes, passages))

    def _context(self, db: Db, found: Frame, form: ChangeForm) -> ChangePage:
        stands = self._ground(db, found, form)
        passages = passages_in(stands.rows, form.language, self.work, found)
        row = _row(passages.rows, form.block)
        block = row.block(form.language)
        following = passages.following(form.block)
        builder = LineBuilder(self.work, found, passages)
        others = self._others(db, found, stands, row)
        say = self.work.messages.gettext
        return ChangePage(
            place=found.place,
            here="reading",
            is_edit=self.way.is_edit,
            form=form,
            errors={},
            name=passages.name_of(form.block),
            margin=passages.margin(form.block),
            before=block.text,
            html=passages.html(block),
            language=form.language,
            languages=self._languages(found, form, row) if stands.is_text else (),
            operations=[Operation(op, say(forms.OPERATIONS[op])) for op in forms.operations(row, passages)],
            targets=_targets(passages, form.block),
            following=passages.html(following.block(form.language)) if following else None,
            preview=None,
            is_current=form.base == found.declaration.head.number,
            revision=found.declaration.head.number,
            others=[builder.line(one) for one in others if one.disposition.is_undecided],
            amends=_number_of(stands.amends),
            revises=_number_of(stands.revises),
            words=_words(form.language, self.work),
        )

    def _others(self, db: Db, found: Frame, stands: Ground, row: BlockRow) -> Sequence[Amendment]:
        """What is proposed in the same place already: to this paragraph, or to the same amendment."""
        if stands.amends is not None:
            every = stands.amends.children
        else:
            every = AmendmentService(db).at_block(found.declaration, row.block_id, actor=self.work.actor)
        is_other = (one for one in every if stands.revises is None or one.id != stands.revises.id)
        return [one for one in is_other if policy.may_read(self.work.actor, one)]

    def _languages(self, found: Frame, form: ChangeForm, row: BlockRow) -> Sequence[TextChoice]:
        def href(language: Language) -> str:
            return self.work.url_for(
                self.way.route,
                forum=found.forum.slug,
                declaration=found.declaration.slug,
                block=form.block,
                text=language,
                op=form.op,
            )

        offered = [language for language in i18n.LANGUAGES if language in row.texts or language == form.language]
        return [TextChoice(language, href(language), language == form.language) for language in offered]


def _number_of(amendment: Amendment | None) -> int:
    return amendment.number if amendment else 0


def _row(rows: Sequence[BlockRow], block_id: str) -> BlockRow:
    key = block_key(block_id)
    for row in rows:
        if row.block_id == key:
            return row
    raise NotFound(what="block", id=block_id)


def _targets(passages: Passages, block_id: str) -> Sequence[Target]:
    found = []
    for row in passages.rows:
        block = row.block(passages.language) if passages.language in row.texts else row.original()
        language = passages.language if passages.language in row.texts else row.original_language
        if block.id != block_id:
            name = passages.name(block) if block.id in passages.numbers else ""
            found.append(Target(block.id, name, first_words(block.text), language))
    return found


def _words(language: Language, work: Work) -> str:
    """What the script says: around a change in the language of the text, the count in the reader's."""
    text = i18n.messages(language)
    told = {
        "ins": [text.gettext(words) for words in INSERTED],
        "del": [text.gettext(words) for words in DELETED],
        "sum": work.messages.gettext(COUNTED),
    }
    return msgspec.json.encode(told).decode()
