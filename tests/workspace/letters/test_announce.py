"""One letter to everybody who takes part in a forum, and to nobody else."""

import time
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.support import factories
from workspace.accounts.domain.models import Account
from workspace.core import clock
from workspace.core.actor import OPERATOR, Role
from workspace.core.events import PhaseMoved, publish
from workspace.core.outbox import Letter
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import new_id
from workspace.letters.service import LetterService
from workspace.people.models import Mandate, Person


def somebody(db, role=Role.MEMBER, *, email="", language="en", forum=None, **account) -> Person:
    person = Person(name="Somebody", language=language)
    person.mandates = [Mandate(forum_id=(forum or factories.forum(db)).id, role=role)]
    db.add(person)
    db.flush()
    if email:
        db.add(Account(person_id=person.id, email=email, made_at=clock.now(), **account))
        db.flush()
    return person


def announced(db, **options) -> dict[str, Letter]:
    LetterService(db).announce(factories.forum(db), "phase_moved", **options)
    return {letter.to: letter for letter in db.scalars(sa.select(Letter))}


def test_everybody_with_a_mandate_and_an_address_gets_one_letter_in_their_language(store):
    with store.writing() as db:
        ana = somebody(db, email="ana@town.example", language="es")
        somebody(db, Role.CHAIR, email="luc@town.example", language="fr")
        somebody(db)
        db.add(Mandate(person_id=ana.id, forum_id=factories.forum(db).id, role=Role.OBSERVER))

        letters = announced(db, phase="R")

    assert {to: letter.language for to, letter in letters.items()} == {
        "ana@town.example": "es",
        "luc@town.example": "fr",
    }
    assert letters["ana@town.example"].person_id == ana.id
    assert letters["ana@town.example"].facts["forum"]["en"] == "Third Forum"


def test_nobody_gets_a_letter_who_does_not_take_part_today(store):
    today = clock.now().date()
    with store.writing() as db:
        for email, starts, ends in (
            ("before", None, today - timedelta(days=1)),
            ("after", today + timedelta(days=1), None),
            ("today", today, today),
        ):
            person = somebody(db, email=f"{email}@town.example")
            [mandate] = person.mandates
            mandate.starts_on, mandate.ends_on = starts, ends
        somebody(db, email="closed@town.example", closed_at=clock.now())
        somebody(db, email="quiet@town.example", notices={"phases": False})
        somebody(db, email="other@town.example", notices={"checkpoints": False})
        elsewhere = factories.forum(db, "elsewhere")
        somebody(db, email="elsewhere@town.example", forum=elsewhere)

        letters = announced(db, notice="phases")

    assert letters.keys() == {"today@town.example", "other@town.example"}


def test_five_hundred_people_are_told_in_well_under_a_second(any_store):
    with any_store.writing() as db:
        forum = factories.forum(db)
        people = [{"id": new_id(), "name": "Somebody", "language": "es"} for _ in range(500)]
        db.execute(sa.insert(Person), people)
        db.execute(
            sa.insert(Mandate),
            [{"person_id": one["id"], "forum_id": forum.id, "role": Role.MEMBER} for one in people],
        )
        db.execute(
            sa.insert(Account),
            [
                {"person_id": one["id"], "email": f"person{number}@town.example", "made_at": clock.now()}
                for number, one in enumerate(people)
            ],
        )
        began = time.process_time()

        assert LetterService(db).announce(forum, "phase_moved", phase="R") == 500

    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (Phase.SETUP, Phase.DRAFTING, {"member", "committee", "chair"}),
        (Phase.DRAFTING, Phase.REVIEW, {"member", "committee", "chair"}),
        (Phase.DRAFTING, Phase.SETUP, {"committee", "chair"}),
    ],
)
def test_who_may_know_of_a_declaration_is_told_of_its_new_phase_and_why_it_went_back(store, before, after, told):
    with store.writing() as db:
        for role in (Role.MEMBER, Role.COMMITTEE, Role.CHAIR):
            somebody(db, role, email=f"{role}@town.example")
        declaration = factories.declaration(db, slug="water", phase=before)
        db.execute(sa.delete(Letter))

        moved = PhaseMoved(declaration.id, before.value, after.value, "To read it again.", OPERATOR)
        publish(db, moved)

        letters = list(db.scalars(sa.select(Letter)))

    assert {letter.to.partition("@")[0] for letter in letters} == told
    for letter in letters:
        assert letter.kind == ("phase_returned" if after is Phase.SETUP else "phase_moved")
        assert letter.facts["phase"] == after.value
        everybody_reads = after is Phase.REVIEW
        assert letter.facts["path"] == "/{language}/third-forum" + ("/water" if everybody_reads else "")
        assert letter.facts.get("reason") == ("To read it again." if after is Phase.SETUP else None)
