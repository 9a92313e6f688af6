"""The store beside a model that fits on one page: whatever people do, both hold the same text, and the log tells it."""

import itertools
import json
import random
from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from uuid import UUID

import hypothesis
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from drafts.diff.amendments import Change, ChangeOp, SplitPart
from drafts.text.blocks import BlockKind, Language
from tests.support import factories
from tests.support.factories import EN
from workspace.amendments.domain.models import Disposition, Verdict
from workspace.amendments.domain.outcomes import Ruling
from workspace.amendments.service import AmendmentService
from workspace.approvals.models import Matter
from workspace.core.actor import Actor, Role
from workspace.core.errors import NotAllowed, Stale
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Db, Store, new_id
from workspace.core.storage.log import LogEntry, leaf_hash
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration, Revision
from workspace.declarations.domain.phase_changes import PhaseService
from workspace.declarations.domain.queries import BlockRow
from workspace.declarations.domain.service import DeclarationService
from workspace.history.audit import audit
from workspace.translations.domain.service import TranslationService

WORKED_ON = [Phase.DRAFTING, Phase.REVIEW, Phase.CONSULTATION, Phase.ADOPTION]
CHAIR_EDITS = {Phase.DRAFTING, Phase.REVIEW, Phase.ADOPTION}
LANGUAGES, PLACES = st.sampled_from(Language), st.integers(0, 50)
_numbers = itertools.count(1)


def words(language: Language) -> str:
    """A sentence that nobody has said before, and that shares no word with another but its frame."""
    return f"{language.value} {random.Random(number := next(_numbers)).randbytes(6).hex()} {number}."


@dataclass
class Block:
    """A block as the model knows it."""

    id: UUID
    original: Language
    texts: dict[Language, str]
    joined: set[UUID] = field(default_factory=set)  # blocks that have become part of this one


@dataclass
class Text:
    """The whole model: the blocks in order, each revision as it was made, the phase, and what waits for a decision."""

    blocks: list[Block]
    phase: Phase = Phase.DRAFTING
    revisions: list[list[Block]] = field(default_factory=list)
    amendments: dict[int, tuple[Block, str]] = field(default_factory=dict)  # number: the block then, the words asked

    def pin(self) -> None:
        self.revisions.append(deepcopy(self.blocks))

    def freeze(self) -> None:
        if [(one.id, one.texts) for one in self.blocks] != [(one.id, one.texts) for one in self.revisions[-1]]:
            self.pin()


@dataclass
class Cast:
    """The people of the forum, once for all examples on one store."""

    store: Store
    chair: Actor
    secretariat: Actor
    member: Actor
    translator: Actor
    read_up_to: int = 0  # log entries that were looked at before
    slugs: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))


def cast(store: Store) -> Cast:
    with store.writing() as db:
        chair, secretariat, member, translator = (
            factories.person(db, role) for role in (Role.CHAIR, Role.SECRETARIAT, Role.MEMBER, Role.TRANSLATOR)
        )
    return Cast(store, chair, secretariat, member, translator)


class Drafting(RuleBasedStateMachine):
    """People at work on one declaration."""

    def __init__(self, cast: Cast) -> None:
        super().__init__()
        self.cast = cast
        first = [{language: words(language) for language in Language}, {EN: words(EN)}]
        with cast.store.writing() as db:
            made = factories.declaration(db, *first, slug=f"text-{next(cast.slugs)}", phase=Phase.DRAFTING)
            self.id, ids = made.id, [row.block_id for row in queries.head_rows(db, made)]
        self.text = Text([Block(one, EN, dict(texts)) for one, texts in zip(ids, first, strict=True)])
        self.text.pin()

    # What people do

    @rule(place=PLACES, language=LANGUAGES)
    def reword(self, place: int, language: Language) -> None:
        block = self._block(place)
        if language not in block.texts:
            return
        said = words(language)

        def remember() -> None:
            block.texts[language], block.original = said, language

        self._edit([Change(ChangeOp.REWORD, str(block.id), text=said)], language, remember)

    @rule(place=PLACES)
    def insert(self, place: int) -> None:
        after, said = self._block(place), words(EN)
        change = Change(ChangeOp.INSERT, str(new_id()), text=said, kind=BlockKind.OPERATIVE, after=str(after.id))

        def remember() -> None:
            at = self.text.blocks.index(after) + 1
            self.text.blocks.insert(at, Block(self._rows()[at].block_id, EN, {EN: said}))

        self._edit([change], EN, remember)

    @precondition(lambda self: len(self.text.blocks) > 1)
    @rule(place=PLACES)
    def delete(self, place: int) -> None:
        block = self._block(place)
        if EN not in block.texts:
            return
        self._edit([Change(ChangeOp.DELETE, str(block.id))], EN, lambda: self.text.blocks.remove(block))

    @precondition(lambda self: len(self.text.blocks) > 1)
    @rule(place=PLACES)
    def move_to_the_end(self, place: int) -> None:
        block, last = self._block(place), self.text.blocks[-1]
        if block is last or EN not in block.texts:
            return

        def remember() -> None:
            self.text.blocks.remove(block)
            self.text.blocks.append(block)

        self._edit([Change(ChangeOp.MOVE, str(block.id), after=str(last.id))], EN, remember)

    @rule(place=PLACES)
    def split(self, place: int) -> None:
        block = self._block(place)
        if EN not in block.texts:
            return
        first, second = words(EN), words(EN)
        change = Change(ChangeOp.SPLIT, str(block.id), text=first, parts=(SplitPart(str(new_id()), second),))

        def remember() -> None:
            block.texts[EN], block.original = first, EN
            at = self.text.blocks.index(block) + 1
            self.text.blocks.insert(at, Block(self._rows()[at].block_id, EN, {EN: second}))

        self._edit([change], EN, remember)

    @precondition(lambda self: len(self.text.blocks) > 1)
    @rule(place=PLACES)
    def join_with_the_next(self, place: int) -> None:
        block = self._block(place)
        at = self.text.blocks.index(block)
        if at + 1 == len(self.text.blocks):
            return
        other = self.text.blocks[at + 1]
        if EN not in block.texts or EN not in other.texts:
            return

        def remember() -> None:
            block.texts[EN], block.original = f"{block.texts[EN]} {other.texts[EN]}", EN
            for language in (Language.ES, Language.FR):
                if language in other.texts:
                    block.texts[language] = " ".join(
                        one.texts[language] for one in (block, other) if language in one.texts
                    )
            self.text.blocks.remove(other)
            block.joined |= {other.id, *other.joined}

        self._edit([Change(ChangeOp.JOIN, str(block.id), joined=(str(other.id),))], EN, remember)

    @rule(place=PLACES, language=LANGUAGES, stale=st.booleans())
    def translate(self, place: int, language: Language, *, stale: bool) -> None:
        block, said = self._block(place), words(language)
        if language is block.original:
            return
        head = next(row for row in self._rows() if row.block_id == block.id).texts.get(language)
        expected = new_id() if stale else head.id if head else None

        def save() -> None:
            with self.cast.store.writing() as db:
                TranslationService(db).save(
                    self.id, block.id, language, said, sources=[], expected=expected, actor=self.cast.translator
                )

        if stale:
            with pytest.raises(Stale):
                save()
        else:
            save()
            block.texts[language] = said

    @rule(place=PLACES)
    def edit_what_has_moved(self, place: int) -> None:
        if len(self.text.revisions) == 1:
            return
        change = Change(ChangeOp.REWORD, str(self._block(place).id), text=words(EN))
        with self.cast.store.reading() as db:
            before = DeclarationService(db).revision(self._in(db), len(self.text.revisions) - 1).id
        with pytest.raises(Stale), self.cast.store.writing() as db:
            self._send(db, [change], EN, before)

    @rule(place=PLACES)
    def break_off(self, place: int) -> None:
        """Something fails after the work is done and before it is kept."""
        block = self._block(place)
        if EN not in block.texts or self.text.phase not in CHAIR_EDITS:
            return

        def fail() -> None:
            with self.cast.store.writing() as db:
                self._send(db, [Change(ChangeOp.REWORD, str(block.id), text=words(EN))], EN, self._in(db).head_id)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()

    @precondition(lambda self: self.text.phase in {Phase.REVIEW, Phase.CONSULTATION})
    @rule(place=PLACES)
    def propose(self, place: int) -> None:
        block, said = self._block(place), words(EN)
        if EN not in block.texts:
            return
        with self.cast.store.writing() as db:
            filed = AmendmentService(db).propose(
                self.id,
                base_revision=len(self.text.revisions),
                language=EN,
                changes=[Change(ChangeOp.REWORD, str(block.id), text=said)],
                reason="So that it is said.",
                actor=self.cast.member,
            )
            # What was translated since the revision is what the member saw, too: amendments show what is in force.
            self.text.amendments[filed.number] = (deepcopy(block), said)

    @precondition(lambda self: self.text.amendments)
    @rule(pick=PLACES)
    def adopt(self, pick: int) -> None:
        number = sorted(self.text.amendments)[pick % len(self.text.amendments)]
        then, asked = self.text.amendments.pop(number)
        block = next((one for one in self.text.blocks if then.id in {one.id, *one.joined}), None)
        with self.cast.store.writing() as db:
            service, declaration = AmendmentService(db), self._in(db)
            amendment = service.numbered(declaration, number, actor=self.cast.chair)
            adoption = service.decide(
                self.id,
                [Ruling(amendment.id, Verdict.ADOPT)],
                expected_head=declaration.head_id,
                actor=self.cast.chair,
            )
            if amendment.disposition.is_undecided:
                self.text.amendments[number] = (then, asked)
        text, was = (block.texts.get(EN) or "" if block else ""), then.texts[EN]
        is_as_it_was = block is not None and text == was and not _is_led_elsewhere(block, then)
        if is_as_it_was:
            assert amendment.disposition is Disposition.ADOPTED
        if block is not None and adoption.revision is not None:  # it may have been joined to another meanwhile
            assert is_as_it_was or f" {was} " in f" {text} "
            block.texts[EN], block.original = text.replace(was, asked), EN
            self.text.pin()
        else:  # other words stand there by now, or lead in another language: nobody saw these words beside them
            assert adoption.revision is None

    @rule()
    def freeze(self) -> None:
        with self.cast.store.writing() as db:
            service = DeclarationService(db)
            service.freeze(service.lock(self.id), actor=self.cast.chair)
        self.text.freeze()

    @precondition(lambda self: self.text.phase in WORKED_ON[:2])
    @rule()
    def go_forward(self) -> None:
        self._move(WORKED_ON[WORKED_ON.index(self.text.phase) + 1])
        if self.text.phase is Phase.CONSULTATION:
            self.text.freeze()

    @precondition(lambda self: self.text.phase is Phase.CONSULTATION)
    @rule()
    def go_to_the_adoption_with_a_second_person(self) -> None:
        with self.cast.store.writing() as db:
            PhaseService(db).ask(self._in(db), Matter.ADOPTION, actor=self.cast.chair)
        with self.cast.store.writing() as db:
            PhaseService(db).confirm(self._in(db), Matter.ADOPTION, actor=self.cast.secretariat)
        self.text.freeze()
        self.text.phase = Phase.ADOPTION

    @precondition(lambda self: self.text.phase is not Phase.DRAFTING)
    @rule()
    def go_back(self) -> None:
        self._move(WORKED_ON[WORKED_ON.index(self.text.phase) - 1])
        if self.text.phase is Phase.CONSULTATION:
            self.text.freeze()

    # What holds, whatever they did

    @invariant()
    def the_store_holds_what_the_model_holds(self) -> None:
        """In one unit, because on PostgreSQL every question goes to the server and back."""
        with self.cast.store.reading() as db:
            service = DeclarationService(db)
            declaration = service.get(self.id)
            assert _seen(queries.head_rows(db, declaration)) == _told(self.text.blocks)
            assert declaration.phase is self.text.phase
            self._ensure_no_revision_has_changed(db, declaration, service.revisions(declaration))
            self._ensure_the_log_has_no_gap(db)

    def _ensure_no_revision_has_changed(self, db: Db, declaration: Declaration, every: Sequence[Revision]) -> None:
        assert [one.number for one in every] == list(range(1, len(self.text.revisions) + 1))
        assert declaration.head_id == every[-1].id
        for revision, blocks in zip(every[-3:], self.text.revisions[-3:], strict=True):
            assert _seen(queries.pinned_rows(db, revision.id)) == _told(blocks)

    def _ensure_the_log_has_no_gap(self, db: Db) -> None:
        since = self.cast.read_up_to
        later = sa.select(LogEntry).where(LogEntry.sequence > since).order_by(LogEntry.sequence)
        entries = db.scalars(later).all()
        assert [one.sequence for one in entries] == list(range(since + 1, since + 1 + len(entries)))
        assert all(one.leaf_hash == leaf_hash(one.entry.encode()) for one in entries)
        self.cast.read_up_to += len(entries)

    def teardown(self) -> None:
        """The log alone, read from its first line, gives the order of the blocks and the text in force in each."""
        with self.cast.store.reading() as db:
            mine = sa.select(LogEntry.entry).where(LogEntry.declaration_id == self.id).order_by(LogEntry.sequence)
            order, heads = list[str](), dict[tuple[str, str], str]()
            for entry in db.scalars(mine):
                facts = json.loads(entry)["facts"]
                order = facts.get("order", order)
                for move in facts.get("heads", ()):
                    place = (move["block"], move["language"])
                    assert heads.get(place) == (move["from"] or {}).get("id")
                    heads[place] = move["to"]["id"]
            assert order == [str(row.block_id) for row in self._rows()]
            for row in self._rows():
                told = {language: heads.get((str(row.block_id), language.value)) for language in row.texts}
                assert told == {language: str(text.id) for language, text in row.texts.items()}

    # Parts

    def _block(self, place: int) -> Block:
        return self.text.blocks[place % len(self.text.blocks)]

    def _rows(self) -> list[BlockRow]:
        with self.cast.store.reading() as db:
            return queries.head_rows(db, self._in(db))

    def _in(self, db: Db) -> Declaration:
        return DeclarationService(db).get(self.id)

    def _edit(self, changes: list[Change], language: Language, remember: Callable[[], None]) -> None:
        """Change the text as the chair; where the phase does not let them, they are refused."""

        def edit() -> None:
            with self.cast.store.writing() as db:
                self._send(db, changes, language, self._in(db).head_id)

        if self.text.phase not in CHAIR_EDITS:
            with pytest.raises(NotAllowed):
                edit()
            return
        edit()
        remember()
        self.text.pin()

    def _send(self, db: Db, changes: list[Change], language: Language, head: UUID | None) -> None:
        AmendmentService(db).edit(
            self.id, changes, language=language, reason="An oversight.", expected_head=head, actor=self.cast.chair
        )

    def _move(self, phase: Phase) -> None:
        with self.cast.store.writing() as db:
            PhaseService(db).move(self._in(db), phase, actor=self.cast.chair, reason="So agreed.")
        self.text.phase = phase


def _seen(rows: list[BlockRow]) -> list[tuple[UUID, Language, dict[Language, str]]]:
    return [
        (row.block_id, row.original_language, {key: text.content for key, text in row.texts.items()}) for row in rows
    ]


def _told(blocks: list[Block]) -> list[tuple[UUID, Language, dict[Language, str]]]:
    return [(one.id, one.original, one.texts) for one in blocks]


def _is_led_elsewhere(block: Block, then: Block) -> bool:
    """Whether the paragraph has since been written anew in another language, which its English has not followed."""
    return block.original is not EN and block.texts[block.original] != then.texts.get(block.original)


def play(store: Store, *, examples: int, steps: int, phases: Iterable[hypothesis.Phase] = hypothesis.Phase) -> None:
    people = cast(store)
    run_state_machine_as_test(
        lambda: Drafting(people),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=tuple(phases),
        ),
    )
    with store.reading() as db:
        assert audit(db).findings == ()


def test_whatever_people_do_the_store_holds_what_the_model_holds(store: Store):
    play(store, examples=15, steps=20)


def test_so_it_does_on_postgresql(postgresql_store: Store):
    play(postgresql_store, examples=4, steps=15)


@pytest.mark.long
def test_so_it_does_for_a_long_time(any_store: Store):
    """What is found is told as it was found: making it smaller would take longer than finding it."""
    play(any_store, examples=150, steps=50, phases=[hypothesis.Phase.generate])
