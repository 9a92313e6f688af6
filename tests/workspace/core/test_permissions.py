"""The table of permissions says what `tests/permission_matrix.csv` says: the oracle, reviewed by people.

A cell lists phases by their letters, `*` for all; after a colon stand conditions, all of which must hold; parts add
up. What is not listed is denied. The oracle is read here in its own notation, and every condition is brought about by
facts about a person and a thing, so that nothing is compared with itself. `permission_matrix.md` says where and why it
was corrected.
"""

import csv
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from msgspec.structs import replace

from workspace.core import clock
from workspace.core.actor import NOBODY, OPERATOR, Actor, ActorMandate, EmergencyRight, Role
from workspace.core.errors import Invalid, NotAllowed
from workspace.core.security.conditions import Case, Condition
from workspace.core.security.permissions import Grant, Phase, allowed, ensure, may
from workspace.core.storage.db import new_id
from workspace.slices import REGISTRY

TABLE = REGISTRY.grants
MATRIX = Path(__file__).parents[2] / "permission_matrix.csv"
FORUM, TOWN, DAY = new_id(), new_id(), date(2027, 6, 12)
ME, SOMEBODY = new_id(), new_id()
NOW = clock.now()
FACTS = {
    "own": {"authors": frozenset({ME})},
    "not_author": {"authors": frozenset({SOMEBODY})},
    "undecided": {"is_undecided": True},
    "task": {"language": "fr"},
    "own_session": {"rapporteurs": frozenset({ME})},
    "window": {"is_window_open": True},
    "window_or_marked_late": {"is_marked_late": True},
    "after_opening": {"is_opened": True},
    "closed": {"is_closed": True},
    "once": {"is_done": False},
    "mandate": {"record_date": date(2027, 6, 1)},
    "steward": {"organisation_id": TOWN},
    "reason": {"reason": "A mistake."},
    "second_person": {"people": frozenset({ME, SOMEBODY})},
    "breakglass": {},
    "not_embargoed": {"is_embargoed": False},
    "history_open": {"is_history_open": True},
    "public_programme": {"is_public_programme": True},
    "public_screen": {"is_public_screen": True},
    "released": {"is_released": True},
    "open_forum": {"is_open_forum": True},
    "declared": {"is_declared": True},
    "of_declaration": {"is_of_declaration": True},
    "no_text": {"is_without_text": True},
    "15min": {"written_at": NOW - timedelta(minutes=14)},
    "read_only": {"is_read_only": True},
    "cli": {"is_cli": True},
}
OPPOSITE = {
    "undecided": {"is_undecided": False},
    "own_session": {"rapporteurs": frozenset({ME, SOMEBODY})},
    "window": {"is_window_open": False},
    "window_or_marked_late": {"is_window_open": False, "is_marked_late": False},
    "after_opening": {"is_opened": False},
    "closed": {"is_closed": False},
    "once": {"is_done": True},
    "mandate": {"record_date": date(2026, 6, 1)},
    "steward": {"organisation_id": new_id()},
    "reason": {"reason": "  "},
    "second_person": {"people": frozenset({ME})},
    "not_embargoed": {"is_embargoed": True},
    "history_open": {"is_history_open": False},
    "public_programme": {"is_public_programme": False},
    "public_screen": {"is_public_screen": False},
    "released": {"is_released": False},
    "open_forum": {"is_open_forum": False},
    "declared": {"is_declared": False},
    "of_declaration": {"is_of_declaration": False},
    "no_text": {"is_without_text": False},
    "15min": {"written_at": NOW - timedelta(minutes=16)},
    "read_only": {"is_read_only": False},
    "cli": {"is_cli": False},
}


@pytest.fixture(autouse=True)
def at_one_moment(monkeypatch: pytest.MonkeyPatch):
    """The tables above are of one moment, whenever the tests come to them."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def rows():
    with MATRIX.open(encoding="utf-8") as file:
        return {row.pop("action"): row for row in csv.DictReader(file)}


ORACLE = rows()
ACTIONS = tuple(ORACLE)


def parts(cell):
    """What a cell grants: the letters of phases, and the conditions on them."""
    for part in cell.split():
        if part != "-":
            letters, _, conditions = part.partition(":")
            yield letters, frozenset(conditions.split("+")) - {""}


def told(cell, true):
    """The phases in which a cell grants the right when exactly the conditions `true` hold."""
    return {
        phase
        for letters, conditions in parts(cell)
        if conditions <= true
        for phase in Phase
        if letters == "*" or phase.value in letters
    }


def somebody(role, true=frozenset()):
    """A person with this role, of whom `true` holds as far as it is about the person."""
    if role is Role.ANON:
        return NOBODY
    lent = (EmergencyRight(FORUM, NOW + timedelta(hours=1)),) if "breakglass" in true else ()
    if role is Role.OTHER_ORG:
        return Actor(ME, "Ana", lent=lent)
    held = ActorMandate(
        FORUM,
        role,
        organisation_id=TOWN,
        starts_on=date(2027, 1, 1),
        languages=frozenset({"fr"}) if "task" in true else frozenset(),
        is_steward="steward" in true,
    )
    return Actor(ME, "Ana", (held,), lent=lent)


def case(true, cell_conditions=frozenset()):
    """A case in which these conditions hold; those of the cell that do not are known not to."""
    known = {}
    for condition in cell_conditions - true:
        known |= OPPOSITE.get(condition, {})
    for condition in true:
        known |= FACTS[condition]
    return Case(**known)


def closed_under(true):
    """An open window is enough for whoever may also come late."""
    return true | {"window_or_marked_late"} if "window" in true else true


def settings(cell):
    """Every way in which the conditions of a cell can hold or not, all the others unknown or all true."""
    conditions = sorted(frozenset().union(*(of for _, of in parts(cell))))
    for size in range(len(conditions) + 1):
        for true in combinations(conditions, size):
            if not {"own", "not_author"} <= set(true):
                yield frozenset(true)
    for left_out in ("own", "not_author"):
        yield frozenset(FACTS) - {left_out}


def rights(actor, action, known=None):
    return {phase for phase in Phase if may(actor, action, forum_id=FORUM, phase=phase, day=DAY, case=known or Case())}


def differences(action, role):
    """Where the program and the oracle disagree on one cell; anonymous people own nothing."""
    cell = ORACLE[action][role.value]
    wanted = frozenset().union(*(of for _, of in parts(cell)))
    for true in settings(cell):
        given = rights(somebody(role, true), action, case(true, wanted))
        expected = told(cell, closed_under(true))
        if given != expected:
            yield role.value, sorted(true), given ^ expected


def test_the_oracle_has_a_row_for_every_action_and_a_column_for_every_role():
    assert set(ORACLE) == set(TABLE)
    assert all(set(row) == {role.value for role in Role} for row in ORACLE.values())


def test_the_oracle_uses_every_condition_and_no_other_word():
    used = {one for row in ORACLE.values() for cell in row.values() for _, of in parts(cell) for one in of}
    assert used == set(FACTS)
    assert used == {one.value for one in Condition} - {"assigned"}


@pytest.mark.parametrize("action", ACTIONS)
def test_every_role_may_do_what_the_matrix_says_and_nothing_else(action):
    assert [one for role in Role for one in differences(action, role)] == []


@pytest.mark.parametrize("action", ACTIONS)
def test_what_nobody_can_tell_is_denied(action):
    """Nothing is known of the thing; a role, a steward's mandate or a task are known of the person."""
    for role in Role:
        unconditional = told(ORACLE[action][role.value], frozenset())
        assert rights(somebody(role), action) == unconditional


@pytest.mark.parametrize("action", ACTIONS)
def test_a_flipped_cell_of_the_program_is_noticed(action, monkeypatch):
    """Each of the 7 phases of each of the 12 roles, taken away where it is granted and given where it is not."""
    flipped = 0
    for role in Role:
        held = TABLE[action].get(role, ())
        for phase in Phase:
            if any(phase in one.phases for one in held):
                changed = tuple(replace(one, phases=one.phases.replace(phase, "")) for one in held)
            else:
                changed = (*held, Grant(phase.value))
            monkeypatch.setitem(TABLE, action, {**TABLE[action], role: changed})
            assert any(True for _ in differences(action, role)), (role, phase)
            monkeypatch.undo()
            flipped += 1
    assert flipped == len(Role) * len(Phase)


@pytest.mark.parametrize("action", ACTIONS)
def test_a_condition_left_out_of_the_program_is_noticed(action, monkeypatch):
    for role, held in TABLE[action].items():
        for place, grant in enumerate(held):
            for condition in grant.conditions:
                looser = replace(grant, conditions=grant.conditions - {condition})
                monkeypatch.setitem(TABLE, action, {**TABLE[action], role: (*held[:place], looser, *held[place + 1 :])})
                assert any(True for _ in differences(action, role)), (role, condition)
                monkeypatch.undo()


@pytest.mark.parametrize("action", ACTIONS)
def test_without_a_mandate_on_that_day_nobody_is_more_than_a_visitor(action):
    visitor, outsider = (told(ORACLE[action][role], frozenset()) for role in ("anon", "other_org"))
    chairs = (
        ActorMandate(FORUM, Role.CHAIR, ends_on=DAY - timedelta(days=1)),
        ActorMandate(FORUM, Role.CHAIR, starts_on=DAY + timedelta(days=1)),
        ActorMandate(new_id(), Role.CHAIR),
    )
    assert rights(NOBODY, action) == visitor
    assert [rights(Actor(ME, "Ana", (held,)), action) for held in chairs] == [outsider] * 3


@pytest.mark.parametrize("action", [one for one in ACTIONS if one.endswith((".read", ".exists", "read_verify"))])
def test_whoever_takes_part_reads_no_less_than_the_public(action):
    """Deeds are divided among people; what is open to read is open to everybody."""
    public = told(ORACLE[action]["anon"], frozenset(FACTS))
    for role in Role:
        assert public <= told(ORACLE[action][role.value], frozenset(FACTS)), role


def test_a_mandate_counts_on_its_first_and_on_its_last_day():
    chair = Actor(ME, "Ana", (ActorMandate(FORUM, Role.CHAIR, starts_on=DAY, ends_on=DAY),))
    assert rights(chair, "deadline.set") == told("SDRCV", frozenset())


def test_several_mandates_add_up():
    both = Actor(ME, "Ana", (ActorMandate(FORUM, Role.MEMBER), ActorMandate(FORUM, Role.TRANSLATOR)))
    assert rights(both, "translation.write", Case(language="fr")) == told("DRCV", frozenset())
    assert rights(both, "amendment.propose", Case(is_window_open=True)) == told("RC", frozenset())


def test_a_translator_writes_the_languages_of_the_task_and_reads_all():
    french = Actor(ME, "Eva", (ActorMandate(FORUM, Role.TRANSLATOR, languages=frozenset({"fr"})),))
    assert rights(french, "translation.write", Case(language="fr"))
    assert not rights(french, "translation.write", Case(language="es"))
    assert not rights(french, "translation.write")
    assert rights(french, "head.read")


def test_nobody_approves_a_translation_of_their_own_nor_one_whose_author_is_not_known():
    eva = Actor(ME, "Eva", (ActorMandate(FORUM, Role.TRANSLATOR),))
    assert rights(eva, "translation.approve", Case(language="fr", authors=frozenset({SOMEBODY})))
    assert not rights(eva, "translation.approve", Case(language="fr", authors=frozenset({ME, SOMEBODY})))
    assert not rights(eva, "translation.approve", Case(language="fr"))


def test_what_was_lent_ends_by_itself_and_is_of_one_forum():
    ended = Actor(
        ME, "Ada", (ActorMandate(FORUM, Role.ADMIN),), lent=(EmergencyRight(FORUM, NOW - timedelta(seconds=1)),)
    )
    elsewhere = Actor(
        ME, "Ada", (ActorMandate(FORUM, Role.ADMIN),), lent=(EmergencyRight(new_id(), NOW + timedelta(hours=1)),)
    )
    assert rights(ended, "head.read") == rights(elsewhere, "head.read") == set()


def test_what_is_allowed_is_listed_and_what_is_not_is_refused():
    member = somebody(Role.MEMBER)
    listed = allowed(member, forum_id=FORUM, phase=Phase.REVIEW, day=DAY)
    assert listed == {action for action in TABLE if Phase.REVIEW in told(ORACLE[action]["member"], frozenset())}
    with pytest.raises(NotAllowed):
        ensure(member, "amendment.decide_adopt_undo", forum_id=FORUM, phase=Phase.REVIEW, day=DAY)


@pytest.mark.parametrize(
    ("action", "phase", "field"),
    [("phase.back", Phase.REVIEW, "reason"), ("embargo.change", Phase.REVIEW, "actor")],
)
def test_who_lacks_a_reason_or_a_second_person_is_told_so(action, phase, field):
    with pytest.raises(Invalid) as refusal:
        ensure(somebody(Role.CHAIR), action, forum_id=FORUM, phase=phase, day=DAY)
    assert refusal.value.facts["field"] == field
    with pytest.raises(NotAllowed):
        ensure(somebody(Role.MEMBER), action, forum_id=FORUM, phase=phase, day=DAY)


def test_whoever_runs_the_machine_may_do_everything():
    assert allowed(OPERATOR, forum_id=FORUM, phase=Phase.ARCHIVED, day=DAY) == set(TABLE)
