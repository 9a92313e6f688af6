"""What the page of a proposal shows: the paragraph in hand, the other changes, and what others ask for there."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from drafts.base.errors import DraftsError
from drafts.diff.amendments import Amendment as Proposal
from drafts.diff.amendments import ChangeOp, amend
from drafts.text.blocks import Language
from drafts.text.numbering import printed
from workspace.amendments.change_form import form as forms
from workspace.amendments.change_form.base import FormBase
from workspace.amendments.change_form.drafts import AmendmentDraftService, ChangeEntry, content_of
from workspace.amendments.change_form.form import ChangeForm
from workspace.amendments.domain import policy, stored_amendments
from workspace.amendments.domain.conflicts import Relation, relations_to
from workspace.amendments.domain.models import Amendment, AmendmentDraft
from workspace.amendments.domain.sponsors import BackingService
from workspace.amendments.labels import ParagraphLabels
from workspace.amendments.service import AmendmentService
from workspace.amendments.views.amendment import (
    AmendmentView,
    AmendmentViewBuilder,
    Backer,
    ChangedPlace,
    backer,
    passages_in,
)
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound
from workspace.core.storage.db import Db
from workspace.core.validation import id_or_none
from workspace.declarations.domain import paragraph_status, queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.queries import BlockRow
from workspace.declarations.frame import Frame
from workspace.declarations.labels import excerpt
from workspace.live.summary import who_claims
from workspace.web.http.request_context import Work
from workspace.web.i18n import messages
from workspace.web.i18n.marking import N_
from workspace.web.pages import Page
from workspace.web.refusals.sentences import sentence

INSERTED = (N_("inserted:"), N_("end of insertion"))
DELETED = (N_("deleted:"), N_("end of deletion"))
COUNTED = {
    "ins": (N_("{n} word inserted"), N_("{n} words inserted")),
    "del": (N_("{n} word deleted"), N_("{n} words deleted")),
}


def change_messages(language: Language, work: Work) -> str:
    """What the script says: around a change in the language of the text, the count in the reader's."""
    text = messages.messages(language)
    texts = {
        "ins": [text.gettext(words) for words in INSERTED],
        "del": [text.gettext(words) for words in DELETED],
        "sum": {kind: [work.messages.gettext(words) for words in forms] for kind, forms in COUNTED.items()},
    }
    return msgspec.json.encode(texts).decode()


def keeping_words(work: Work) -> dict[str, str]:
    """What a form says that keeps a draft of what is typed (`js/keeping.js`)."""
    say = work.messages.gettext
    return {
        "keeping": say(N_("Saving…")),
        "away": say(N_("Server out of reach. Your text is kept in this browser.")),
        "refused": say(N_("Draft not saved on the server. Your text is kept in this browser.")),
        "found": say(N_("This browser has unsaved text of yours.")),
        "put_back": say(N_("Restore")),
        "forget": say(N_("Discard")),
    }


def editor_messages(passages: ParagraphLabels, work: Work) -> str:
    """What the editor says, and the numbers by which it shows references to other paragraphs."""
    say = work.messages.gettext
    messages = {
        "numbers": {block: printed(number, work.messages.language) for block, number in passages.numbers.items()},
        "bold": say(N_("Bold")),
        "italic": say(N_("Italic")),
        "link": say(N_("Link")),
        "unlink": say(N_("Remove the link")),
        "address": say(N_("Address")),
        "break": say(N_("Line break")),
        "undo": say(N_("Undo")),
        "redo": say(N_("Redo")),
        "tools": say(N_("Formatting")),
        "plain": say(N_("Plain text")),
        "rich": say(N_("Rich text")),
        **keeping_words(work),
    }
    return msgspec.json.encode(messages).decode()


class TextChoice(Struct, frozen=True):
    """A language in which the paragraph can be changed."""

    language: Language
    href: str
    is_current: bool


class Original(Struct, frozen=True):
    """The paragraph in the language that it was written in first; `is_followed` by the text that is changed."""

    language: Language
    html: Markup
    is_followed: bool


class ParagraphTarget(Struct, frozen=True):
    """A paragraph to be chosen. `words` are in `language`, `name` in the reader's."""

    id: str
    name: str
    words: str
    language: Language


class Operation(Struct, frozen=True):
    op: str
    words: str


class KeptChange(Struct, frozen=True):
    """Another change of the same proposal, at `place`. Without `parts` it changes nothing yet, or cannot be made."""

    place: int
    name: str
    said: str
    parts: Sequence[ChangedPlace]


class OtherDraftLink(Struct, frozen=True):
    """Something else that its author has not filed: about what, since when, and where it goes on."""

    name: str
    href: str
    kept_at: datetime


class NeighbourAmendment(Struct, frozen=True):
    """An amendment of somebody in the same place, and how it stands to the one that is written; "" if unknown."""

    line: AmendmentView
    relation: Relation | str


class ChangeCheck(Struct, frozen=True):
    """What the server thinks of what is typed so far: what would change and who asks for what there, or why not."""

    parts: Sequence[ChangedPlace] = ()
    others: Sequence[NeighbourAmendment] = ()
    refusal: str = ""


class ChangePage(Page, frozen=True, kw_only=True):
    """One paragraph in hand and the form to change it. `is_edit` says that it is the committee's own hand, `is_oral`
    that somebody moves it from the floor, `is_compromise` that it replaces some of the `others`: none of these is kept
    as a draft. `movers` are whose it may be.

    `amends` is the number of the amendment whose words are changed, `revises` of the one that is written anew, or 0.
    `words` and `editing` are what the scripts need, as JSON. `kept_at` is when it was last kept as a draft,
    `fresh_href` where to begin afresh instead of going on with it.
    """

    is_edit: bool
    is_oral: bool
    is_compromise: bool
    movers: Sequence[str]
    form: ChangeForm
    errors: Mapping[str, str]
    name: str
    margin: str
    before: str
    html: Markup
    original: Original | None  # where it is in another language
    language: Language
    languages: Sequence[TextChoice]
    operations: Sequence[Operation]
    targets: Sequence[ParagraphTarget]
    is_first: bool
    following: Markup | None
    next_block: str
    kept: Sequence[KeptChange]
    preview: Sequence[ChangedPlace] | None
    is_current: bool
    revision: int
    others: Sequence[NeighbourAmendment]
    amends: int
    revises: int
    words: str
    editing: str
    is_late: bool
    is_closed: bool  # what is agreed takes no other words
    cosponsors: Sequence[Backer]
    people: Sequence[str]
    kept_at: datetime | None
    fresh_href: str
    drafts: Sequence[OtherDraftLink]
    draft_owner: str
    already: int
    claims: str  # who else is at work on the paragraph

    @property
    def is_plain(self) -> bool:
        """Whether the form asks for nothing but other words of one paragraph as it stands."""
        is_rewording = self.form.op == forms.FIRST and bool(self.before) and self.is_current
        return is_rewording and not (self.kept or self.is_closed or self.cosponsors or self.form.indivisible)


class FormRoute(Struct, frozen=True, kw_only=True):
    """One of the ways to change a paragraph: who may, and where its form stands."""

    is_edit: bool = False
    is_oral: bool = False
    is_compromise: bool = False
    may: Callable[[Actor, Declaration], bool]
    route: str

    @property
    def is_kept(self) -> bool:
        """Whether what is written there is kept as a draft of its author's."""
        return not (self.is_edit or self.is_oral or self.is_compromise)


class ChangePageBuilder(Struct, frozen=True, dict=True):
    """Builds the page of one form, for one reader, on one text."""

    work: Work
    db: Db
    found: Frame
    stands: FormBase
    way: FormRoute

    def page(self, form: ChangeForm) -> ChangePage:
        """Raises `NotFound` for a paragraph that is not there, `Invalid` for a form that nobody was shown."""
        passages = self.passages(form)
        row = self.row(form.block)
        block, following = row.block(form.language), passages.following(form.block)
        own = next((draft for draft in self._every_draft if str(draft.id) == form.draft), None)
        head = self.found.declaration.head
        say = self.work.messages.gettext
        way = self.way
        movers = possible_movers(self.db, self.found) if way.is_edit or way.is_oral else ()
        has_sponsors = not (way.is_edit or way.is_compromise or form.revises)
        sponsors = (movers or possible_sponsors(self.db, self.found, self.work)) if has_sponsors else ()
        return ChangePage(
            place=self.found.place,
            here="reading",
            is_edit=way.is_edit,
            is_oral=way.is_oral,
            is_compromise=way.is_compromise,
            movers=[mover.called for mover in movers],
            form=form,
            errors={},
            name=passages.name_of(form.block),
            margin=passages.margin(form.block),
            before=block.text,
            html=passages.html(block),
            original=self._original(form, row, passages),
            language=form.language,
            languages=self._languages(form, row) if self.stands.is_text and not form.others else (),
            operations=[Operation(op, say(forms.OPERATIONS[op])) for op in forms.operations(row, passages)],
            targets=_targets(passages),
            is_first=passages.places[form.block] == 0,
            following=passages.html(following.block(form.language)) if following else None,
            next_block=str(following.block_id) if following else "",
            kept=self._kept(form, passages),
            preview=None,
            is_current=form.base == head.number,
            revision=head.number,
            others=[NeighbourAmendment(line, "") for line in self._lines(form, passages)],
            amends=self.stands.amends.number if self.stands.amends else 0,
            revises=self.stands.revises.number if self.stands.revises else 0,
            words=change_messages(form.language, self.work),
            editing=editor_messages(passages, self.work),
            is_late=way.is_kept and policy.comes_late(self.found.declaration),
            is_closed=form.block in paragraph_status.closed(self.db, self.found.declaration),
            cosponsors=[backer for backer in sponsors if backer.id in form.people],
            people=[backer.called for backer in sponsors if backer.id not in form.people],
            kept_at=self.found.forum.local(own.kept_at) if own else None,
            fresh_href=self._href(block=form.block, text=form.language, fresh="yes", **self._subject(form)),
            drafts=self._drafts(form, passages),
            draft_owner=str(self.work.actor.person_id or ""),
            already=0,
            claims=who_claims(self.db, self.found.declaration, row.block_id, passages.name_of(form.block), self.work),
        )

    def compared(self, form: ChangeForm) -> ChangePage:
        """The page with what would change, and how that stands to what others ask for; a refusal beside its field."""
        try:
            proposal = self.proposal(form)
        except (Invalid, DraftsError) as refusal:
            at_fault = forms.entry_at_fault(form, refusal)
            return replace(self.page(at_fault), errors=forms.refused(self.work, at_fault, refusal))
        context, passages = self.page(form), self.passages(form)
        changes = form.changes(passages)
        builder = AmendmentViewBuilder(self.work, self.found, passages)
        parts = tuple(builder.parts(proposal.hunks, changes, passages))
        return replace(context, preview=parts, others=self.neighbours(form, proposal))

    def checked(self, form: ChangeForm) -> ChangeCheck:
        """The same without the page around it."""
        try:
            proposal = self.proposal(form)
        except (Invalid, DraftsError) as refusal:
            others = [NeighbourAmendment(line, "") for line in self._lines(form, self.passages(form))]
            return ChangeCheck((), others, sentence(refusal, self.work.messages))
        passages = self.passages(form)
        builder = AmendmentViewBuilder(self.work, self.found, passages)
        parts = tuple(builder.parts(proposal.hunks, form.changes(passages), passages))
        return ChangeCheck(parts, self.neighbours(form, proposal))

    def proposal(self, form: ChangeForm) -> Proposal:
        """What the form asks for. Raises what filing it would."""
        passages = self.passages(form)
        changes = form.changes(passages)
        stored_amendments.ensure_known(changes, passages.rows, form.language)
        proposal = amend(0, passages.document(), changes, is_indivisible=bool(form.indivisible))
        if not proposal.hunks:
            raise Invalid(field="changes", reason="nothing_changes")
        return proposal

    def neighbours(self, form: ChangeForm, proposal: Proposal) -> Sequence[NeighbourAmendment]:
        """What others ask for in the same places, with how it stands to this; what is the same comes first."""
        passages, service = self.passages(form), AmendmentService(self.db)
        every = self._others(form)
        builder = AmendmentViewBuilder(self.work, self.found, passages)
        if self.stands.amends is not None or self.stands.revises is not None:
            head = passages.document()
        else:
            head = queries.document(queries.head_rows(self.db, self.found.declaration), form.language)
        known = relations_to(proposal, every, service.bases, head)
        lines = [
            NeighbourAmendment(builder.line(amendment, is_alone=True), known.get(amendment.number, ""))
            for amendment in every
        ]
        return sorted(lines, key=lambda neighbour_amendment: _ORDER.get(neighbour_amendment.relation, len(_ORDER)))

    def passages(self, form: ChangeForm) -> ParagraphLabels:
        return passages_in(self.stands.rows, form.language, self.work, self.found)

    def row(self, block_id: str) -> BlockRow:
        return row_of(self.stands.rows, block_id)

    def _lines(self, form: ChangeForm, passages: ParagraphLabels) -> Sequence[AmendmentView]:
        builder = AmendmentViewBuilder(self.work, self.found, passages)
        return [builder.line(amendment, is_alone=True) for amendment in self._others(form)]

    def _others(self, form: ChangeForm) -> Sequence[Amendment]:
        """What is proposed in the same places already: to these paragraphs, or to the same amendment."""
        own = self.stands.revises
        if self.stands.amends is not None:
            every = list(self.stands.amends.children)
        else:
            service, blocks = AmendmentService(self.db), {id_or_none(entry.block) for entry in form.entries}
            known = [block_id for block_id in blocks if block_id is not None]
            every = service.at_blocks(self.found.declaration, known, actor=self.work.actor)
        return [
            amendment
            for amendment in every
            if amendment.disposition.is_undecided
            and (own is None or amendment.id != own.id)
            and policy.may_read(self.work.actor, amendment)
        ]

    def _kept(self, form: ChangeForm, passages: ParagraphLabels) -> Sequence[KeptChange]:
        others = [
            (place, change_entry) for place, change_entry in enumerate(form.entries) if place != form.place_in_hand
        ]
        return [self._kept_change(place, entry, form, passages) for place, entry in others]

    def _kept_change(self, place: int, entry: ChangeEntry, form: ChangeForm, passages: ParagraphLabels) -> KeptChange:
        op = entry.op if entry.op in forms.OPERATIONS else forms.FIRST
        said = self.work.messages.gettext(forms.OPERATIONS[ChangeOp(op)])
        change_form = replace(form.holding([entry], 0), place=0)
        try:
            proposal = self.proposal(change_form)
        except (Invalid, DraftsError):
            return KeptChange(place, passages.name_of(entry.block), said, ())
        builder = AmendmentViewBuilder(self.work, self.found, passages)
        parts = tuple(builder.parts(proposal.hunks, change_form.changes(passages), passages))
        return KeptChange(place, passages.name_of(entry.block), said, parts)

    @property
    def _every_draft(self) -> Sequence[AmendmentDraft]:
        if not self.way.is_kept or self.work.actor.person_id is None:
            return ()
        return AmendmentDraftService(self.db).of(self.found.declaration, actor=self.work.actor)

    def _drafts(self, form: ChangeForm, passages: ParagraphLabels) -> Sequence[OtherDraftLink]:
        return [
            OtherDraftLink(
                name=passages.name_of(next((entry.block for entry in content_of(draft).entries), "")),
                href=self._href(draft=draft.id),
                kept_at=self.found.forum.local(draft.kept_at),
            )
            for draft in self._every_draft
            if str(draft.id) != form.draft
        ]

    def _subject(self, form: ChangeForm) -> Mapping[str, int]:
        return {name: number for name, number in (("amends", form.amends), ("revises", form.revises)) if number}

    def _original(self, form: ChangeForm, row: BlockRow, passages: ParagraphLabels) -> Original | None:
        first, text = row.texts.get(row.original_language), row.texts.get(form.language)
        if not self.stands.is_text or first is None or text is None or first is text:
            return None
        html = passages.in_language(row.original_language).html(row.block(row.original_language))
        return Original(row.original_language, html, queries.are_linked(self.db, first.id, text.id))

    def _languages(self, form: ChangeForm, row: BlockRow) -> Sequence[TextChoice]:
        offered = [language for language in messages.LANGUAGES if language in row.texts or language == form.language]
        return [
            TextChoice(language, self._href(block=form.block, text=language, op=form.op), language == form.language)
            for language in offered
        ]

    def _href(self, **given: object) -> str:
        here = {"forum": self.found.forum.slug, "declaration": self.found.declaration.slug}
        return self.work.url_for(self.way.route, **here, **given)


_ORDER: Mapping[Relation | str, int] = {relation: place for place, relation in enumerate(Relation)}


def possible_sponsors(db: Db, found: Frame, work: Work) -> Sequence[Backer]:
    """Everybody whom the reader may invite."""
    people = BackingService(db).eligible(found.declaration)
    return [backer(person) for person in people if person.id != work.actor.person_id]


def possible_movers(db: Db, found: Frame) -> Sequence[Backer]:
    """Everybody who may move an amendment from the floor."""
    return [backer(person) for person in BackingService(db).movers(found.declaration)]


def row_of(rows: Sequence[BlockRow], block_id: str) -> BlockRow:
    """Raises `NotFound` for a paragraph that is not there."""
    key: UUID | None = id_or_none(block_id)
    for row in rows:
        if row.block_id == key:
            return row
    raise NotFound(what="block", id=block_id)


def _targets(passages: ParagraphLabels) -> Sequence[ParagraphTarget]:
    found = []
    for row in passages.rows:
        block = row.block(passages.language) if passages.language in row.texts else row.original()
        language = passages.language if passages.language in row.texts else row.original_language
        found.append(ParagraphTarget(block.id, passages.name_of(row.id), excerpt(block.text), language))
    return found
