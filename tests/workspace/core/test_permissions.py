"""The table of permissions says what `tests/permission_matrix.csv` says: the oracle, reviewed by people.

A cell lists phases by their letters, `*` for all; after a colon stand conditions.
What is not listed is denied. Roles, actions and phases are read from the file.
"""

import csv
from datetime import date
from pathlib import Path

import pytest

from workspace.core.actor import NOBODY, OPERATOR, Actor, Held, Role
from workspace.core.db import new_id
from workspace.core.errors import NotAllowed
from workspace.core.permissions import TABLE, Phase, allowed, ensure, may

MATRIX = Path(__file__).parents[2] / "permission_matrix.csv"
NOT_TO_BE_HAD = {"history_open", "open_forum", "steward", "breakglass"}  # nobody can be given these yet: denied
FORUM, DAY = new_id(), date(2027, 6, 12)


def rows():
    with MATRIX.open(encoding="utf-8") as file:
        return {row.pop("action"): row for row in csv.DictReader(file)}


def phases(cell):
    """The phases in which a cell grants a right, if its conditions can be met at all."""
    granted = (part.partition(":") for part in cell.split() if part != "-")
    return {
        phase
        for letters, _, conditions in granted
        if not NOT_TO_BE_HAD & set(conditions.split("+"))
        for phase in Phase
        if letters == "*" or phase.value in letters
    }


def somebody(role, starts=None, ends=None, forum=FORUM):
    return Actor(new_id(), "Ana", (Held(forum, role, starts_on=starts, ends_on=ends),))


def rights(actor, action):
    return {phase for phase in Phase if may(actor, action, forum_id=FORUM, phase=phase, day=DAY)}


def test_the_oracle_has_a_row_for_every_action_and_a_column_for_every_role():
    assert set(rows()) == set(TABLE)
    assert all(set(row) == {role.value for role in Role} for row in rows().values())


@pytest.mark.parametrize("action", rows())
def test_every_role_may_do_what_the_matrix_says_and_nothing_else(action):
    told = {role: phases(cell) for role, cell in rows()[action].items()}
    assert {role.value: rights(somebody(role), action) for role in Role} == told


@pytest.mark.parametrize("action", rows())
def test_without_a_mandate_on_that_day_nobody_is_more_than_a_visitor(action):
    visitor, outsider = (phases(rows()[action][role]) for role in ("anon", "other_org"))
    assert rights(NOBODY, action) == visitor
    assert rights(somebody(Role.CHAIR, ends=date(2027, 6, 11)), action) == outsider
    assert rights(somebody(Role.CHAIR, starts=date(2027, 6, 13)), action) == outsider
    assert rights(somebody(Role.CHAIR, forum=new_id()), action) == outsider


def test_a_mandate_counts_on_its_first_and_on_its_last_day():
    chair = somebody(Role.CHAIR, starts=DAY, ends=DAY)
    assert rights(chair, "amendment.decide_adopt_undo") == phases("DRCV")


def test_several_mandates_add_up():
    both = Actor(new_id(), "Ana", (Held(FORUM, Role.MEMBER), Held(FORUM, Role.TRANSLATOR)))
    assert rights(both, "translation.write") == phases("DRCV")
    assert rights(both, "amendment.propose") == phases("RC")


def test_what_is_allowed_is_listed_and_what_is_not_is_refused():
    member = somebody(Role.MEMBER)
    listed = allowed(member, forum_id=FORUM, phase=Phase.REVIEW, day=DAY)
    assert listed == {action for action in TABLE if Phase.REVIEW in phases(rows()[action]["member"])}
    with pytest.raises(NotAllowed):
        ensure(member, "amendment.decide_adopt_undo", forum_id=FORUM, phase=Phase.REVIEW, day=DAY)


def test_whoever_runs_the_machine_may_do_everything():
    assert allowed(OPERATOR, forum_id=FORUM, phase=Phase.ARCHIVED, day=DAY) == set(TABLE)
