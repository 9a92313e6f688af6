"""Tokens of programs: told once, scoped, expiring."""

import pytest
import sqlalchemy as sa

from tests.support import factories
from tests.workspace.accounts.conftest import MovedClock, Town
from workspace.accounts.domain import authentication, tokens
from workspace.accounts.domain.credentials import ApiTokenService
from workspace.accounts.domain.models import ApiToken
from workspace.core.actor import NOBODY, Actor, Role
from workspace.core.errors import Invalid, NotAllowed, NotFound
from workspace.core.storage.db import Store, new_id


def create(store: Store, actor: Actor, **given: object):
    with store.writing() as db:
        return ApiTokenService(db).create(actor=actor, **{"name": "Calendar", "is_read_only": True, **given})


def test_a_token_says_what_it_is_and_carries_a_checksum():
    token = tokens.new_program_token()

    assert token.startswith("dw_")
    assert tokens.is_program_token(token)
    for place in range(3, len(token)):
        other = "a" if token[place] != "a" else "b"
        assert not tokens.is_program_token(token[:place] + other + token[place + 1 :])


def test_a_program_acts_as_its_person_and_only_the_hash_is_kept(town: Town):
    ana = town.person()

    made = create(town.store, ana, is_read_only=False)

    found = authentication.authenticate(town.store, made.token)
    assert found is not None
    assert (found.actor, found.is_program, found.is_read_only, found.is_full) == (ana, True, False, True)
    with town.store.reading() as db:
        row = db.scalars(sa.select(ApiToken)).one()
    assert row.token_hash == tokens.hash_token(made.token)
    assert made.token.startswith(row.prefix)
    assert len(row.prefix) == 9
    assert town.letters("security_notice")[-1]["what"] == "api_token_made"
    assert made.token not in "".join(town.logged())


def test_a_token_for_one_forum_has_no_mandates_elsewhere(town: Town):
    ana = town.person()
    with town.store.writing() as db:
        elsewhere = factories.forum(db, "fourth-forum")
        here = factories.forum(db)

    there = authentication.authenticate(town.store, create(town.store, ana, forum_id=elsewhere.id).token)
    inside = authentication.authenticate(town.store, create(town.store, ana, forum_id=here.id).token)

    assert there is not None
    assert inside is not None
    assert (there.actor.mandates, inside.actor.mandates) == ((), ana.mandates)


def test_a_chairs_token_has_no_more_rights_than_a_chair_without_a_factor(town: Town):
    chair = town.person(role=Role.CHAIR)

    found = authentication.authenticate(town.store, create(town.store, chair).token)

    assert found is not None
    assert found.actor.mandates == ()


def test_a_token_expires_and_stays_expired(town: Town, moved_clock: MovedClock):
    ana = town.person()
    token = create(town.store, ana, days=30).token
    moved_clock.forward(days=29)
    assert town.is_good(token)
    moved_clock.forward(days=2)
    assert not town.is_good(token)
    moved_clock.back(days=10)
    assert not town.is_good(token)


def test_its_last_use_is_written_down(town: Town, moved_clock: MovedClock):
    ana = town.person()
    token = create(town.store, ana).token
    moved_clock.forward(hours=1)
    town.is_good(token)

    with town.store.reading() as db:
        [row] = ApiTokenService(db).tokens(actor=ana)
    assert row.seen_at == moved_clock.at


def test_a_person_lists_and_ends_their_own_tokens_only(town: Town):
    ana, luc = town.person(), town.person("luc@example.org", name="Luc")
    made = create(town.store, ana)
    with town.store.writing() as db:
        assert ApiTokenService(db).tokens(actor=luc) == []
        with pytest.raises(NotFound):
            ApiTokenService(db).end(made.made.id, actor=luc)
        ApiTokenService(db).end(made.made.id, actor=ana)
        assert ApiTokenService(db).tokens(actor=ana) == []

    assert not town.is_good(made.token)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"days": 0}, "days"),
        ({"days": 367}, "days"),
        ({"forum_id": new_id()}, "forum"),
    ],
)
def test_a_token_without_name_end_or_forum_is_refused(town: Town, given: dict, field: str):
    ana = town.person()
    with pytest.raises(Invalid) as refused:
        create(town.store, ana, **given)
    assert refused.value.facts["field"] == field


def test_an_auditors_programs_may_only_read(town: Town):
    auditor = town.person(role=Role.AUDITOR)

    with pytest.raises(Invalid):
        create(town.store, auditor, is_read_only=False)
    assert create(town.store, auditor).made.is_read_only


def test_nobody_and_a_person_without_account_lend_nothing(town: Town):
    with town.store.writing() as db:
        listed = factories.person(db, Role.MEMBER)
    for actor in (NOBODY, listed):
        with pytest.raises(NotAllowed):
            create(town.store, actor)
