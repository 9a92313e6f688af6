"""Secrets at rest: nothing in the database, or in a backup of it, opens a door without the folder of keys."""

import stat
from datetime import timedelta
from threading import Thread

import pyotp
import pytest
import sqlalchemy as sa

from tests.workspace.accounts.conftest import DEVICE, PASSWORD, Town
from workspace.accounts.domain import authentication, passwords
from workspace.accounts.domain.models import Account
from workspace.core import clock
from workspace.core.errors import SecretsUnkept
from workspace.core.outbox import Letter, facts_with_link
from workspace.core.security.encryption import FILE, Sealer


@pytest.fixture
def sealer(tmp_path):
    return Sealer(tmp_path / "keys")


def test_what_is_sealed_opens_with_its_key_and_for_what_it_is_about(sealer, tmp_path):
    kept = sealer.seal("JBSWY3DP", about="Ana")
    assert "JBSWY3DP" not in kept
    assert sealer.seal("JBSWY3DP", about="Ana") != kept
    assert Sealer(tmp_path / "keys").open(kept, about="Ana") == "JBSWY3DP"
    assert sealer.open(kept, about="Berta") is None
    assert Sealer(tmp_path / "other").open(kept, about="Ana") is None
    assert sealer.open(kept[:-8], about="Ana") is None


def test_the_key_is_its_owners_alone_and_made_once(sealer, tmp_path):
    kept: list[str] = []
    others = [Sealer(tmp_path / "keys") for _ in range(8)]
    threads = [Thread(target=lambda one=one: kept.append(one.seal("x", about="y"))) for one in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [sealer.open(one, about="y") for one in kept] == ["x"] * 8
    assert [path.name for path in (tmp_path / "keys").iterdir()] == [FILE]
    assert stat.S_IMODE((tmp_path / "keys" / FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_a_folder_that_is_none_or_a_key_that_is_none_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / FILE).write_text("short")
    for folder in (tmp_path / "file", tmp_path):
        with pytest.raises(SecretsUnkept):
            Sealer(folder).seal("x", about="y")


@pytest.fixture
def town(store):
    return Town(store, passwords.hash_password(PASSWORD))


def secret_in(town):
    with town.store.reading() as db:
        return db.scalar(sa.select(Account.totp_secret))


def enrolled(town):
    ana = town.person()
    secret = pyotp.random_base32(32)
    code = pyotp.TOTP(secret).now()
    authentication.enrol_factor(town.store, actor=ana, secret=secret, code=code, password=PASSWORD, device=DEVICE)
    return secret


def test_the_secret_of_a_second_step_is_sealed_and_goes_on_working(town):
    secret = enrolled(town)
    assert secret not in secret_in(town)
    half = town.sign_in("ana@example.org")
    assert not half.is_full
    code = pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=30))
    assert authentication.complete_second_step(town.store, token=half.token, code=code, device=DEVICE).is_full


def test_a_secret_that_an_older_version_kept_in_the_open_is_sealed_when_it_is_used(town):
    secret = enrolled(town)
    with town.store.writing() as db:
        db.execute(sa.update(Account).values(totp_secret=secret, totp_counter=None))
    half = town.sign_in("ana@example.org")
    authentication.complete_second_step(town.store, token=half.token, code=pyotp.TOTP(secret).now(), device=DEVICE)
    assert secret not in secret_in(town)


def test_a_link_that_waits_in_the_outbox_is_of_no_use_to_who_reads_it_there(town):
    town.person()
    authentication.send_sign_in_link(town.store, email="ana@example.org", language="en")
    with town.store.reading() as db:
        [letter] = db.scalars(sa.select(Letter).where(Letter.kind == "sign_in_link"))
        assert "/sign-in/" not in str(letter.facts)
    path = facts_with_link(town.store, letter.facts)["path"]
    assert authentication.sign_in_by_link(town.store, token=path.rpartition("/")[2], device=DEVICE)
