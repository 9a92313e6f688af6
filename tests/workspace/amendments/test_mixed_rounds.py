"""One round decides on amendments in several languages: one revision, as if the languages had followed each other."""

import contextlib
import threading

import pytest
from hypothesis import strategies as st

from drafts.merge.disputes import ClusterKind
from drafts.text.blocks import Language
from tests.support.laws import law
from tests.support.texts import delete, insert, join, move, reword, split
from tests.workspace.amendments.room import LIGHT, SHADE, WATER, opened
from workspace.amendments.domain.models import DecisionOutcome, DecisionRound, Disposition, Verdict
from workspace.amendments.domain.outcomes import Ruling
from workspace.amendments.service import AmendmentService
from workspace.core.errors import AlreadyProposed, Invalid, Stale, Undecidable
from workspace.declarations.domain import queries
from workspace.translations.domain.service import TranslationService

ES, EN, FR = Language
WATER_ES, WATER_FR = "Los municipios compartirán el agua limpia.", "Les villes partagent l’eau propre."
LIGHT_ES, LIGHT_FR = "Los municipios alumbrarán los caminos.", "Les villes éclairent les chemins."
SHADE_ES, SHADE_FR = "Los municipios plantarán un árbol.", "Les villes plantent un arbre."
FREE = WATER.replace("clean", "free")
ALUMBRAN = LIGHT_ES.replace("los caminos", "todos los caminos")


THREE = (
    {EN: WATER, ES: WATER_ES, FR: WATER_FR},
    {EN: LIGHT, ES: LIGHT_ES, FR: LIGHT_FR},
    {EN: SHADE, ES: SHADE_ES, FR: SHADE_FR},
)


@pytest.fixture
def room(store):
    return opened(store, *THREE)


@pytest.fixture
def english(room):
    return room.propose(reword(room.block(0), FREE))


@pytest.fixture
def spanish(room):
    """Of the same paragraph as the English one."""
    return room.propose(reword(room.block(0), WATER_ES.replace("limpia", "fría")), language=ES, by=room.other)


@pytest.fixture
def elsewhere(room):
    """In Spanish, of another paragraph."""
    return room.propose(reword(room.block(1), ALUMBRAN), language=ES, by=room.other)


def _prospect(room, rulings, **leading):
    with room.store.reading() as db:
        service = AmendmentService(db)
        found = room._rulings(service, rulings)
        return service.foresee(service.declarations.get(room.declaration.id), found, actor=room.chair, **leading)


def _rounds(room):
    with room.store.reading() as db:
        return list(db.query(DecisionRound).filter_by(declaration_id=room.declaration.id))


def test_two_languages_are_decided_in_one_round_and_one_revision(room, english, elsewhere):
    before = room.revisions()
    adoption = room.adopt(english, elsewhere)

    assert room.outcomes(adoption) == [DecisionOutcome.APPLIED] * 2
    assert {decision.revision_id for decision in adoption.decisions} == {adoption.revision.id}
    assert (room.revisions(), [made.language for made in _rounds(room)]) == (before + 1, [None])
    assert (room.texts()[0], room.texts(ES)[1]) == (FREE, ALUMBRAN)
    assert room.originals() == [EN, ES, EN]


def test_two_chairs_who_decide_at_once_leave_one_round(any_store):
    room = opened(any_store, *THREE)
    numbers = [
        room.propose(reword(room.block(0), FREE)),
        room.propose(reword(room.block(1), ALUMBRAN), language=ES),
        room.propose(reword(room.block(2), SHADE_FR.upper()), language=FR),
    ]
    head, came = room.head(), []

    def decide(verdict: Verdict) -> None:
        try:
            came.append(room.decide(dict.fromkeys(numbers, verdict), head=head))
        except (Stale, Undecidable) as refusal:
            came.append(refusal)

    chairs = [threading.Thread(target=decide, args=(verdict,)) for verdict in (Verdict.ADOPT, Verdict.REJECT)]
    for chair in chairs:
        chair.start()
    for chair in chairs:
        chair.join()

    assert sum(isinstance(found, Exception) for found in came) == 1
    assert len(_rounds(room)) == 1
    dispositions = {room.disposition(number) for number in numbers}
    assert dispositions in ({Disposition.ADOPTED}, {Disposition.REJECTED})
    words = [room.texts()[0], room.texts(ES)[1], room.texts(FR)[2]]
    is_adopted = dispositions == {Disposition.ADOPTED}
    assert words == ([FREE, ALUMBRAN, SHADE_FR.upper()] if is_adopted else [WATER, LIGHT_ES, SHADE_FR])


def test_what_one_language_does_to_the_order_holds_for_the_next(room, elsewhere):
    numbers = [
        room.propose(delete(room.block(0)), language=ES),
        room.propose(insert("new", "Towns listen.", after=room.block(1))),
        room.propose(reword(room.block(2), SHADE_FR.upper()), language=FR),
    ]
    foreseen = _prospect(room, dict.fromkeys([elsewhere, *numbers], Verdict.ADOPT))
    room.adopt(elsewhere, *numbers)

    assert room.texts(ES) == [ALUMBRAN, "", SHADE_ES]
    assert room.texts() == [LIGHT, "Towns listen.", SHADE]
    assert room.texts(FR) == [LIGHT_FR, "", SHADE_FR.upper()]
    assert {of: [block.text for block in text] for of, text in foreseen.texts.items()} == {
        of: room.texts(of) for of in Language
    }
    assert list(foreseen.previews) == [ES, EN, FR]


def test_splits_and_joins_of_one_language_carry_the_others_along(room):
    numbers = [
        room.propose(split(room.block(0), "Towns shall share.", ("part", "Clean water it is."))),
        room.propose(join(room.block(1), room.block(2)), language=ES),
    ]
    foreseen = _prospect(room, dict.fromkeys(numbers, Verdict.ADOPT))
    room.adopt(*numbers)

    assert room.texts() == ["Towns shall share.", "Clean water it is.", f"{LIGHT} {SHADE}"]
    assert room.texts(FR) == [WATER_FR, "", f"{LIGHT_FR} {SHADE_FR}"]
    assert {of: [block.text for block in text] for of, text in foreseen.texts.items()} == {
        of: room.texts(of) for of in Language
    }


@pytest.mark.parametrize("change", [delete, lambda block: split(block, "Uno.", ("part", "Dos."))])
def test_one_paragraph_changed_in_two_languages_is_a_conflict_and_the_rest_lands(room, english, elsewhere, change):
    rival = room.propose(change(room.block(0)), language=ES)
    adoption = room.adopt(english, rival, elsewhere)

    assert room.outcomes(adoption) == [DecisionOutcome.WAITS, DecisionOutcome.WAITS, DecisionOutcome.APPLIED]
    assert [(cluster.base_blocks, cluster.amendments) for cluster in adoption.clusters] == [((0,), (english, rival))]
    assert (room.texts()[0], room.texts(ES)[:2]) == (WATER, [WATER_ES, ALUMBRAN])


def test_words_of_the_committee_do_not_overrule_another_language_decided_with_them(room, english, spanish):
    own = Ruling(None, Verdict.ADOPT_MODIFIED, "", (reword(room.block(0), "Agua para todos."),))
    adoption = room.decide({english: Verdict.ADOPT, spanish: own})

    assert room.outcomes(adoption) == [DecisionOutcome.WAITS] * 2
    assert [cluster.kind for cluster in adoption.clusters] == [ClusterKind.LANGUAGES]


def test_both_languages_may_delete_or_one_word_what_the_other_moves(room, english):
    both = [room.propose(delete(room.block(2)), language=of, by=by) for of, by in ((EN, None), (ES, room.other))]
    moving = room.propose(move(room.block(0), after=room.block(1)), language=FR)
    adoption = room.adopt(english, *both, moving)

    assert adoption.clusters == ()
    assert room.texts() == [LIGHT, FREE]
    assert {room.disposition(number) for number in (english, *both, moving)} == {Disposition.ADOPTED}


def test_where_a_language_leads_those_in_another_are_refused_by_paragraph(room, english, spanish):
    leading = {room.rows()[0].block_id: ES}
    for rulings in ({english: Verdict.ADOPT, spanish: Verdict.ADOPT}, {english: Verdict.ADOPT}):
        for refused in (
            lambda said=rulings: room.decide(said, leading=leading),
            lambda said=rulings: _prospect(room, said, leading=leading),
        ):
            with pytest.raises(Undecidable) as refusal:
                refused()
            assert refusal.value.facts == {
                "number": english,
                "reason": "other_language_leads",
                "block": room.block(0),
                "paragraph": "1",
            }

    adoption = room.decide({english: Verdict.HAND_OVER, spanish: Verdict.ADOPT}, leading=leading)
    assert room.outcomes(adoption) == [DecisionOutcome.NONE, DecisionOutcome.APPLIED]
    assert (room.originals()[0], room.disposition(english)) == (ES, Disposition.HANDED_OVER)


def test_a_language_that_is_to_lead_may_follow_one_that_led_before(room, english, spanish):
    room.adopt(english)
    assert room.outcomes(room.adopt(spanish)) == [DecisionOutcome.WAITS]
    assert room.outcomes(room.decide({spanish: Verdict.ADOPT}, leading={room.rows()[0].block_id: ES})) == [
        DecisionOutcome.APPLIED
    ]
    assert room.originals()[0] is ES


def test_what_two_languages_would_add_stands_in_brackets_side_by_side(room):
    numbers = [
        room.propose(insert("new", words, after=room.block(0)), language=of)
        for of, words in ((EN, "Towns listen."), (ES, "Los municipios escuchan."))
    ]
    room.decide(dict.fromkeys(numbers, Verdict.BRACKET))

    assert room.texts(ES) == [WATER_ES, "Los municipios escuchan.", "", LIGHT_ES, SHADE_ES]
    assert room.texts() == [WATER, "", "Towns listen.", LIGHT, SHADE]
    with room.store.reading() as db:
        service = AmendmentService(db)
        assert len(service.brackets(service.declarations.get(room.declaration.id))) == 2


def test_a_round_is_taken_back_in_every_language(room, english, elsewhere):
    before = [room.texts(of) for of in Language], room.originals()
    number = room.propose(delete(room.block(2)), language=FR)
    room.adopt(english, elsewhere, number)
    [made] = _rounds(room)
    with room.store.writing() as db:
        AmendmentService(db).undo(
            room.declaration.id, made.number, reason="Too early.", expected_head=room.head(), actor=room.chair
        )

    assert ([room.texts(of) for of in Language], room.originals()) == before
    assert {room.disposition(each) for each in (english, elsewhere, number)} == {Disposition.OPEN}


def test_one_decision_of_a_round_is_taken_back_in_its_language_alone(room, english, elsewhere):
    adoption = room.adopt(english, elsewhere)
    with room.store.writing() as db:
        AmendmentService(db).undo_decision(
            room.declaration.id,
            adoption.decisions[1].number,
            reason="Too early.",
            expected_head=room.head(),
            actor=room.chair,
        )

    assert (room.texts()[0], room.texts(ES)[1]) == (FREE, LIGHT_ES)
    assert room.originals() == [EN, EN, EN]
    assert [room.disposition(each) for each in (english, elsewhere)] == [Disposition.ADOPTED, Disposition.OPEN]


def test_nothing_is_half_decided_where_the_text_has_moved(room, english, elsewhere):
    seen = room.head()
    room.edit(reword(room.block(2), "Towns shall plant."))
    with pytest.raises(Stale):
        room.decide({english: Verdict.ADOPT, elsewhere: Verdict.ADOPT}, head=seen)

    assert {room.disposition(each) for each in (english, elsewhere)} == {Disposition.OPEN}
    assert (room.texts()[0], room.texts(ES)[1], len(_rounds(room))) == (WATER, LIGHT_ES, 1)


_OPS = ("reword", "delete", "split", "join", "first", "last", "insert")
_VERDICTS = (Verdict.ADOPT, Verdict.ADOPT, Verdict.ADOPT, Verdict.BRACKET, Verdict.REJECT, None)
_FILED = st.lists(
    st.tuples(st.sampled_from(Language), st.integers(0, 3), st.sampled_from(_OPS), st.sampled_from(_VERDICTS)),
    min_size=2,
    max_size=6,
)


class _OverError(Exception):
    """Ends a unit of work, so that nothing of it is kept."""


class _Sitting:
    """Amendments to paragraphs of which no two languages share one, and what comes of deciding on them."""

    def __init__(self, room, db, filed):
        self.db, self.service, self.chair = db, AmendmentService(db), room.chair
        self.declaration = self.service.declarations.get(room.declaration.id)
        self.begun, self.numbers, self.rulings = self._now(), {}, []
        owners: dict[int, Language] = {}
        for language, place, op, verdict in filed:
            places = [place, place + 1] if op == "join" and place < 3 else [place]
            if op == "insert" or all(owners.setdefault(each, language) is language for each in places):
                with contextlib.suppress(AlreadyProposed, Invalid):
                    self._file(room, language, places, op, verdict)

    def _file(self, room, language, places, op, verdict):
        rows = queries.head_rows(self.db, self.declaration)
        blocks, words = (
            [rows[place].id for place in places],
            f"{rows[places[0]].content(language)} {len(self.numbers)}.",
        )
        change = {
            "reword": lambda: reword(blocks[0], words),
            "delete": lambda: delete(blocks[0]),
            "split": lambda: split(blocks[0], words, ("part", f"{words} Two.")),
            "join": lambda: join(*blocks) if len(blocks) > 1 else reword(blocks[0], words),
            "first": lambda: move(blocks[0], after=None),
            "last": lambda: move(blocks[0], after=rows[3].id if places[0] < 3 else None),
            "insert": lambda: insert("new", words, after=blocks[0]),
        }[op]()
        made = self.service.propose(
            self.declaration.id,
            base_revision=self.declaration.head.number,
            language=language,
            changes=[change],
            reason="",
            actor=room.member,
        )
        self.numbers[made.id] = made
        verdict = Verdict.REJECT if verdict is Verdict.BRACKET and op in {"split", "join", "first", "last"} else verdict
        if verdict:
            self.rulings.append(Ruling(made.id, verdict))

    def decide(self, *languages):
        """On those in these languages at once."""
        rulings = [ruling for ruling in self.rulings if self.numbers[ruling.amendment_id].language in languages]
        if rulings:
            self.service.decide(self.declaration.id, rulings, expected_head=self.declaration.head.id, actor=self.chair)

    def undo(self):
        last = self.service.undoable(self.declaration)
        self.service.undo(
            self.declaration.id, last.number, reason="So.", expected_head=self.declaration.head.id, actor=self.chair
        )
        return self._now()

    @property
    def outcome(self):
        """The text, its states, and what became of each amendment; of those that are open, how they stand."""
        return self._now(), [
            (made.number, made.disposition, made.status if made.disposition.is_undecided else None)
            for made in self.numbers.values()
        ]

    def _now(self):
        self.db.flush()
        standings = TranslationService(self.db).standings(self.declaration)
        return [
            ([standing.row.content(of) for of in Language], standing.row.original_language, dict(standing.states))
            for standing in standings
        ]


def _ensure_the_same(room, filed):
    """One round leaves what one for each language leaves, and undone it leaves nothing."""
    with contextlib.suppress(_OverError), room.store.writing() as db:
        sitting = _Sitting(room, db, filed)
        for language in Language:
            sitting.decide(language)
        one_by_one = sitting.outcome
        raise _OverError
    with contextlib.suppress(_OverError), room.store.writing() as db:
        sitting = _Sitting(room, db, filed)
        sitting.decide(*Language)
        assert sitting.outcome == one_by_one
        if sitting.rulings:
            assert sitting.undo() == sitting.begun
        raise _OverError


@pytest.fixture
def four(store):
    return opened(store, *THREE, {EN: "Towns listen.", ES: "Escuchan.", FR: "Elles écoutent."})


def test_a_mixed_round_is_what_its_languages_come_to_one_after_another(four):
    @law(_FILED, examples=12)
    def is_the_same(filed):
        _ensure_the_same(four, filed)

    is_the_same()


@pytest.mark.parametrize("first", ["join", "split", "reword"])
@pytest.mark.parametrize("then", ["join", "split"])
@pytest.mark.parametrize("language", [ES, EN])
def test_what_one_round_writes_twice_is_undone_in_every_language(four, first, then, language):
    _ensure_the_same(four, [(language, 0, first, Verdict.ADOPT), (language, int(then == "join"), then, Verdict.ADOPT)])
