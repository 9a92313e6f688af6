"""The way of one declaration in the demonstration: drafted, discussed, amended, decided, translated, published."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from msgspec import Struct, field

from drafts.diff.amendments import Change, ChangeOp, SplitPart
from drafts.text.blocks import BlockKind
from workspace.amendments.compromise import CompromiseService
from workspace.amendments.domain.models import Amendment, Verdict
from workspace.amendments.domain.outcomes import Ruling
from workspace.amendments.domain.sponsors import BackingService
from workspace.amendments.oral import OralService
from workspace.amendments.service import AmendmentService
from workspace.comments.service import CommentService
from workspace.core import clock
from workspace.core.actor import Actor, Role
from workspace.core.errors import AlreadyProposed, NotReady
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Db, Store, Trilingual, new_id
from workspace.declarations.domain import queries
from workspace.declarations.domain.calendar import CalendarService
from workspace.declarations.domain.models import Declaration, Stage
from workspace.declarations.domain.phase_changes import PhaseService
from workspace.declarations.domain.service import DeclarationService
from workspace.demo.apparatus import add_apparatus
from workspace.demo.material import (
    CommitteeRound,
    Edit,
    Material,
    Rendering,
    WantedAmendment,
    WantedChange,
    WantedRuling,
)
from workspace.demo.publication import PlenarySteps
from workspace.editions.domain.publication import Blocker
from workspace.interchange.import_service import import_declaration_texts
from workspace.people.models import Forum
from workspace.people.service import PeopleService
from workspace.recommendations.models import Recommendation
from workspace.recommendations.service import RecommendationService
from workspace.translations.domain.service import TranslationService
from workspace.translations.domain.suggestions import SuggestionService

_Due = tuple[int, str]  # days from today, and the hour; no day for no date
CALENDAR: tuple[tuple[Stage, _Due, _Due], ...] = (
    (Stage.REVIEW, (0, ""), (21, "18:00")),
    (Stage.AMENDMENTS, (0, ""), (14, "18:00")),
    (Stage.CONSULTATION, (28, "09:00"), (49, "18:00")),
    (Stage.ADOPTION, (63, "10:00"), (0, "")),
)


class DeclarationSummary(Struct):
    """What was done to the declaration, for the table at the end."""

    paragraphs: int = 0
    amendments: int = 0
    comments: int = 0
    collisions: int = 0
    revisions: int = 0
    translations: int = 0
    refused: tuple[Blocker, ...] = ()
    edition: int = 0
    manifest: str = ""
    files: dict[str, bytes] = field(default_factory=dict)


class DeclarationSteps:
    """One declaration's way, each step by the person whose work it is. Call the steps in their order."""

    def __init__(
        self, store: Store, material: Material, people: Mapping[str, Actor], *, slug: str, name: Mapping[str, str]
    ) -> None:
        self.store = store
        self.material = material
        self.people = people
        self.slug = slug
        self.name = Trilingual.of(name)
        self.summary = DeclarationSummary()
        self._blocks: dict[str, UUID] = {}  # number in the zero draft, or "new:…", to block
        self._amendments: dict[str, UUID] = {}
        self._supporting: set[str] = set()  # keys of those that were not filed because another one says the same

    def draft(self) -> None:
        """The zero draft comes in, in three languages; its paragraphs remember what they came from."""
        chair = self._person(Role.CHAIR)
        with self._forum() as (db, forum):
            made, _ = import_declaration_texts(
                db,
                forum,
                slug=self.slug,
                texts=self.material.texts,
                language=self.material.cast.declaration.original_language,
                actor=self._person(Role.SECRETARIAT),
                accept_gaps=True,
            )
            made.name = self.name
            self._name_blocks(db, made)
            PhaseService(db).move(made, Phase.DRAFTING, actor=chair)
            self._link(db, forum, made)
            PhaseService(db).move(made, Phase.REVIEW, actor=chair)
            self.summary.paragraphs = len(made.head.rows)

    def comment(self) -> None:
        """Members talk about paragraphs, each in their language."""
        for remark in self.material.remarks:
            with self._declaration() as (db, declaration):
                comments = CommentService(db)
                thread = comments.open(
                    declaration,
                    self._blocks[remark.paragraph],
                    text=remark.text,
                    language=remark.language,
                    actor=self.people[remark.by],
                )
                for answer in remark.replies:
                    comments.reply(thread.id, text=answer.text, language=answer.language, actor=self.people[answer.by])
                self.summary.comments += 1 + len(remark.replies)

    def amend(self) -> None:
        """Members file their amendments, all against the zero draft; who asks for the same as another supports it."""
        for wanted in self.material.amendments:
            try:
                self._propose(wanted)
            except AlreadyProposed as refusal:
                self._support(wanted, int(refusal.facts["number"]))

    def _propose(self, wanted: WantedAmendment) -> None:
        with self._declaration() as (db, declaration):
            amendment = AmendmentService(db).propose(
                declaration.id,
                base_revision=declaration.head.number,
                language=wanted.language,
                changes=[self._change(change) for change in wanted.changes],
                reason=wanted.reason,
                is_indivisible=wanted.indivisible,
                actor=self.people[wanted.by],
            )
            self._remember_new_blocks(wanted, amendment)
            self.summary.amendments += 1

    def _support(self, wanted: WantedAmendment, number: int) -> None:
        actor = self.people[wanted.by]
        with self._declaration() as (db, declaration):
            backing = BackingService(db)
            backing.support(backing.numbered(declaration, number, actor=actor).id, actor=actor)
        self._supporting.add(wanted.key)

    def amend_amendments(self) -> None:
        """Members amend what others propose."""
        for wanted in self.material.practice.amending:
            with self._declaration() as (db, _):
                parent = db.get_one(Amendment, self._amendments[wanted.amendment])
                block_id = next(record.block_id for record in parent.own.changes)
                changes = [Change(ChangeOp.REWORD, str(block_id), text=wanted.text)]
                actor = self.people[wanted.by]
                AmendmentService(db).amend(parent.id, changes, reason=wanted.reason, actor=actor)
                self.summary.amendments += 1

    def prepare_translations(self) -> None:
        """Translators write what an amendment would make of the text in their language."""
        for wanted in self.material.practice.prepared:
            with self._declaration() as (db, _):
                amendment = db.get_one(Amendment, self._amendments[wanted.amendment])
                block_id = next(record.block_id for record in amendment.own.changes if record.block_id)
                actor = self.people[wanted.by]
                SuggestionService(db).prepare(amendment.id, block_id, wanted.language, wanted.text, actor=actor)

    def amend_from_the_floor(self) -> None:
        """The secretariat writes down what a member moves; the rapporteur drafts a compromise, and somebody agrees."""
        oral, compromise = self.material.practice.oral, self.material.practice.compromise
        with self._declaration() as (db, declaration):
            OralService(db).record_oral(
                declaration.id,
                base_revision=declaration.head.number,
                language=oral.language,
                changes=[Change(ChangeOp.REWORD, str(self._blocks[oral.paragraph]), text=oral.text)],
                reason=oral.reason,
                mover=self._id(oral.mover),
                seconders=[self._id(seconder) for seconder in oral.seconders],
                actor=self.people[oral.by],
            )
            replaced = (db.get_one(Amendment, self._amendments[key]) for key in compromise.replaces)
            made = CompromiseService(db).draft(
                declaration.id,
                base_revision=declaration.head.number,
                language=compromise.language,
                changes=[Change(ChangeOp.REWORD, str(self._blocks[compromise.paragraph]), text=compromise.text)],
                reason=compromise.reason,
                replaces=[amendment.number for amendment in replaced],
                actor=self.people[compromise.by],
            )
            for author in compromise.agreeing:
                BackingService(db).answer(made.id, confirms=True, actor=self.people[author])
            self.summary.amendments += 2

    def _id(self, key: str) -> UUID:
        return self.people[key].person_id or new_id()

    def edit(self) -> None:
        """The committee changes paragraphs that open amendments are about: one still applies, another is overtaken."""
        for edit in self.material.practice.edits:
            self._edit(edit)

    def decide(self) -> Iterator[int]:
        """The committee's rounds; after each, direct edits and translations. Yields the number of each round."""
        for committee_round in self.material.rounds:
            yield committee_round.round
            self.hold(committee_round)
            for edit in self.material.edits:
                if edit.after_round == committee_round.round:
                    self._edit(edit)
            self._translate(committee_round.round)

    def hold(self, committee_round: CommitteeRound) -> None:
        """One round of the committee; what collides waits."""
        with self._declaration() as (db, declaration):
            adoption = AmendmentService(db).decide(
                declaration.id,
                [
                    self._ruling(db, ruling)
                    for ruling in committee_round.decide
                    if ruling.amendment not in self._supporting
                ],
                expected_head=declaration.head.id,
                actor=self.people[committee_round.by],
            )
            self.summary.collisions += len(adoption.clusters)
            self.summary.revisions = declaration.head.number

    def set_dates(self) -> None:
        """The chair says until when amendments are taken, and when the consultation and the adoption are to be."""
        with self._declaration() as (db, declaration):
            calendar, today = CalendarService(db), clock.now().date()
            for stage, first, last in CALENDAR:
                opens, closes = (f"{today + timedelta(days=day)}T{hour}" if day else "" for day, hour in (first, last))
                calendar.set_dates(
                    declaration, stage, opens=opens, closes=closes, zone="", reason="", actor=self._person(Role.CHAIR)
                )

    def publish(self) -> None:
        """Two people open the adoption. Publication is refused for what is missing; the gap is filled; two publish."""
        plenary = self.plenary()
        plenary.open()
        members = [self.people[person.key] for person in self.material.cast.people if person.role is Role.MEMBER]
        plenary.sit(members)
        plenary.vote(members)
        plenary.rise()
        adopted_on = self.material.cast.declaration.adopted_on
        try:
            plenary.publish(adopted_on)
        except NotReady as refusal:
            self.summary.refused = tuple(blocker for blocker in refusal.blockers if isinstance(blocker, Blocker))
        self._translate(len(self.material.rounds) + 1)
        with self._forum() as (db, forum):
            add_apparatus(db, forum, DeclarationService(db).at(forum, self.slug), self.material.around, self.people)
        plenary.sign(self.reviser())
        edition, files = plenary.publish(adopted_on)
        with self._declaration() as (db, declaration):
            reason = self.material.cast.declaration.opened_because
            PhaseService(db).open_history(declaration, is_open=True, reason=reason, actor=self._person(Role.CHAIR))
        self.summary.files = dict(files)
        self.summary.edition, self.summary.manifest = edition.number, edition.manifest_sha256

    def plenary(self) -> PlenarySteps:
        """The declaration as the plenary has it before it."""
        forum = self.material.cast.forum.slug
        chair, secretariat = self._person(Role.CHAIR), self._person(Role.SECRETARIAT)
        return PlenarySteps(self.store, forum, self.slug, chair=chair, secretariat=secretariat)

    def reviser(self) -> Actor:
        """A translator who translated nothing."""
        translators = {
            participant_material.key
            for participant_material in self.material.cast.people
            if participant_material.role is Role.TRANSLATOR
        }
        return self.people[min(translators - {rendering.by for rendering in self.material.renderings})]

    def _person(self, role: Role) -> Actor:
        return self.people[self.material.cast.first(role)]

    @contextmanager
    def _forum(self) -> Iterator[tuple[Db, Forum]]:
        with self.store.writing() as db:
            yield db, PeopleService(db).forum(self.material.cast.forum.slug)

    @contextmanager
    def _declaration(self) -> Iterator[tuple[Db, Declaration]]:
        with self._forum() as (db, forum):
            yield db, DeclarationService(db).at(forum, self.slug)

    def _name_blocks(self, db: Db, declaration: Declaration) -> None:
        rows = queries.head_rows(db, declaration)
        numbered = queries.numbers_of(rows)
        preambular = [row.block_id for row in rows if row.kind is BlockKind.PREAMBLE]
        self._blocks = {number: UUID(block_id) for block_id, number in numbered.items()}
        self._blocks |= {f"P{place}": block_id for place, block_id in enumerate(preambular, start=1)}

    def _link(self, db: Db, forum: Forum, declaration: Declaration) -> None:
        found = register_by_statement(db, forum, actor=self._person(Role.RAPPORTEUR))
        for link in self.material.sources.links:
            if source := found.get(statement_key(link.note, link.text)):
                DeclarationService(db).link(
                    declaration, self._blocks[link.paragraph], source, actor=self._person(Role.RAPPORTEUR)
                )

    def _change(self, wanted: WantedChange) -> Change:
        op = ChangeOp(wanted.op)
        after = str(self._blocks[wanted.after]) if wanted.after else None
        if op is ChangeOp.INSERT:
            return Change(op, "new", text=wanted.text, kind=BlockKind(wanted.kind), after=after)
        block = str(self._blocks[wanted.paragraph])
        if op is ChangeOp.SPLIT:
            first, *rest = wanted.parts
            parts = tuple(SplitPart(f"part-{place}", text) for place, text in enumerate(rest))
            return Change(op, block, text=first, parts=parts)
        if op is ChangeOp.JOIN:
            return Change(op, block, text=wanted.text, joined=(str(self._blocks[wanted.joined]),))
        return Change(op, block, text=wanted.text or None, after=after)

    def _remember_new_blocks(self, wanted: WantedAmendment, amendment: Amendment) -> None:
        self._amendments[wanted.key] = amendment.id
        for record in amendment.own.changes:
            change = record.change
            if record.op is ChangeOp.INSERT:
                self._blocks[f"new:{wanted.key}"] = UUID(change["block"])
            for part in change["parts"]:
                self._blocks[f"new:{wanted.key}"] = UUID(part["id"])

    def _ruling(self, db: Db, wanted: WantedRuling) -> Ruling:
        amendment = db.get_one(Amendment, self._amendments[wanted.amendment])
        changes: tuple[Change, ...] = ()
        if wanted.text:
            block_id = next(record.block_id for record in amendment.own.changes)
            changes = (Change(ChangeOp.REWORD, str(block_id), text=wanted.text),)
        return Ruling(amendment.id, Verdict(wanted.disposition), wanted.reason, changes)

    def _edit(self, edit: Edit) -> None:
        with self._declaration() as (db, declaration):
            AmendmentService(db).edit(
                declaration.id,
                [Change(ChangeOp.REWORD, str(self._blocks[edit.paragraph]), text=edit.text)],
                language=edit.language,
                reason=edit.reason,
                expected_head=declaration.head.id,
                actor=self.people[edit.by],
            )
            self.summary.revisions = declaration.head.number

    def _translate(self, after_round: int) -> None:
        for rendering in self.material.renderings:
            if rendering.round == after_round:
                self._render(rendering)

    def _render(self, rendering: Rendering) -> None:
        block_id = self._blocks[rendering.paragraph]
        with self._declaration() as (db, declaration):
            row = queries.text_in_force(db, declaration).by_block[block_id]
            head = row.texts.get(rendering.language)
            expected = head.id if head else None
            desk = TranslationService(db)
            actor = self.people[rendering.by]
            if rendering.kind == "still_valid":
                desk.confirm(declaration.id, block_id, rendering.language, expected=expected, actor=actor)
            else:
                desk.save(
                    declaration.id,
                    block_id,
                    rendering.language,
                    rendering.text,
                    sources=[row.original_language],
                    expected=expected,
                    actor=actor,
                )
            self.summary.translations += 1


def register_by_statement(db: Db, forum: Forum, *, actor: Actor) -> Mapping[tuple[str, str], Recommendation]:
    """The register by what was said where."""
    every = RecommendationService(db).register(forum, actor=actor)
    noted = (
        (recommendation.session.document, recommendation)
        for recommendation in every
        if recommendation.session is not None
    )
    return {
        statement_key(document.name, recommendation.text): recommendation
        for document, recommendation in noted
        if document
    }


def statement_key(note: str, text: str) -> tuple[str, str]:
    """How a sentence of a note is looked up: by the file's name and the words, whatever the spaces."""
    return Path(note).name, " ".join(text.split())
