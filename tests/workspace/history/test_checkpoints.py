"""Signed checkpoints: made, published, proved, and refused where something is wrong."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from drafts.base import transparency_log
from drafts.base.transparency_log import PublicKey, SignedNote
from tests.support import factories, site
from tests.workspace.history import rooms
from workspace.accounts.domain.models import Account
from workspace.core import clock
from workspace.core.actor import OPERATOR, Role
from workspace.core.errors import HistoryAltered, Invalid, NoKey, NotAllowed
from workspace.core.jobs import JobContext
from workspace.core.outbox import Letter
from workspace.core.settings import Settings
from workspace.core.storage.db import Model, Store
from workspace.history.audit import KeyTrouble
from workspace.history.checkpoints import CheckpointService, LogMerkleTree, make_daily_checkpoint
from workspace.history.models import SignedCheckpoint
from workspace.history.signing_keys import KeyFolder, KeyService
from workspace.people.models import Mandate


def grow(store: Store, entries: int = 1) -> None:
    with store.writing() as db:
        for _ in range(entries):
            factories.person(db, Role.OBSERVER)


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def signed(store: Store, keys: Path) -> Store:
    grow(store)
    with store.writing() as db:
        KeyService(db, KeyFolder(keys)).create(actor=OPERATOR)
    return store


def test_the_file_of_a_key_is_for_its_owner_alone(signed: Store, keys: Path):
    (file,) = keys.iterdir()

    assert file.stat().st_mode & 0o777 == 0o600
    assert keys.stat().st_mode & 0o777 == 0o700
    with signed.reading() as db:
        assert b"PRIVATE" in file.read_bytes()
        assert "PRIVATE" not in "".join(db.scalars(sa.select(Model.metadata.tables["log_entry"].c.entry)))


def test_anybody_reads_checkpoints_and_proves_what_lies_between_them(signed: Store, keys: Path):
    first = rooms.checkpoint(signed, keys)
    grow(signed, 5)
    second = rooms.checkpoint(signed, keys)

    with site.browser(signed) as client:
        latest = SignedNote.read(client.get("/api/checkpoints/latest").text)
        listed = client.get("/api/checkpoints", params={"limit": 1}).json()
        older = client.get("/api/checkpoints", params={"limit": 1, "cursor": listed["next"]}).json()
        (public,) = [PublicKey.read(one["public"]) for one in client.get("/api/checkpoints/keys").json()["items"]]
        sizes = (second.checkpoint.size, first.checkpoint.size)
        grown = client.get("/api/checkpoints/{}/consistency/{}".format(*sizes)).json()
        inside = client.get(f"/api/checkpoints/{second.checkpoint.size}/inclusion/2").json()

    assert latest == second
    assert latest.signed_by([public]) == [public]
    assert [one["size"] for one in (*listed["items"], *older["items"])] == list(sizes)
    assert older["next"] is None
    assert transparency_log.is_consistent(
        first.checkpoint.size,
        second.checkpoint.size,
        path=[bytes.fromhex(one) for one in grown["path"]],
        root_before=first.checkpoint.root,
        root=second.checkpoint.root,
    )
    assert transparency_log.is_included(
        bytes.fromhex(inside["leaf"]),
        inside["index"],
        size=inside["size"],
        path=[bytes.fromhex(one) for one in inside["path"]],
        root=second.checkpoint.root,
    )


@pytest.mark.parametrize(
    ("address", "status"),
    [("latest", 404), ("7", 404), ("2/consistency/9", 422), ("99/inclusion/1", 422), ("x", 400), ("1_0", 400)],
)
def test_what_is_not_there_is_said(store: Store, address: str, status: int):
    with site.browser(store) as client:
        assert client.get(f"/api/checkpoints/{address}").status_code == status


def test_a_log_that_was_not_added_to_gets_no_second_checkpoint(signed: Store, keys: Path):
    assert rooms.checkpoint(signed, keys) == rooms.checkpoint(signed, keys)
    with signed.reading() as db:
        assert len(CheckpointService(db).every()) == 1


def test_an_altered_log_is_not_signed(signed: Store, keys: Path):
    rooms.checkpoint(signed, keys)
    grow(signed)
    entries = Model.metadata.tables["log_entry"]
    rooms.tamper(signed, lambda db: db.execute(sa.update(entries).values(leaf_hash="0" * 64)))

    with pytest.raises(HistoryAltered):
        rooms.checkpoint(signed, keys)


def test_a_checkpoint_is_kept_for_good(signed: Store, keys: Path):
    rooms.checkpoint(signed, keys)

    with pytest.raises(sa.exc.IntegrityError, match="append-only"), signed.writing() as db:
        db.execute(sa.delete(SignedCheckpoint))


def test_each_key_vouches_for_its_own_time(signed: Store, keys: Path):
    before = rooms.checkpoint(signed, keys)
    with signed.writing() as db:
        service = KeyService(db, KeyFolder(keys))
        old, new = service.in_force(), service.rotate(actor=OPERATOR)
    after = rooms.checkpoint(signed, keys)

    assert rooms.audited(signed, before, after).exit_code == 0
    with signed.reading() as db:
        tree = LogMerkleTree(db)
        late = transparency_log.Checkpoint(after.checkpoint.origin, tree.size, tree.root())
    forged = transparency_log.sign(late, KeyFolder(keys).open(old.hint), name="declaration-workspace")
    assert [one.why for one in rooms.audited(signed, forged).troubles] == [KeyTrouble.NOT_IN_FORCE]
    assert old.hint != new.hint


def test_a_revoked_key_signs_no_more(signed: Store, keys: Path):
    rooms.checkpoint(signed, keys)
    with signed.writing() as db:
        service = KeyService(db, KeyFolder(keys))
        ended = service.revoke(service.in_force().hint, reason="The disk was stolen.", actor=OPERATOR)

    assert ended.end == "revoked"
    with pytest.raises(NoKey):
        rooms.checkpoint(signed, keys)
    with pytest.raises(Invalid), signed.writing() as db:
        KeyService(db, KeyFolder(keys)).revoke(ended.hint, reason="Again.", actor=OPERATOR)
    with signed.writing() as db:
        KeyService(db, KeyFolder(keys)).create(actor=OPERATOR)
    assert rooms.checkpoint(signed, keys)


def test_keys_are_the_operators(store: Store, keys: Path):
    with store.writing() as db:
        chair = factories.chair(db)
        with pytest.raises(NotAllowed):
            KeyService(db, KeyFolder(keys)).create(actor=chair)
    assert not keys.exists()


def test_a_day_or_an_edition_makes_the_next_one_due(signed: Store, keys: Path, monkeypatch: pytest.MonkeyPatch):
    shift = JobContext(signed, Settings(keys=str(keys)))

    def made() -> int:
        make_daily_checkpoint(shift)
        with signed.reading() as db:
            return len(CheckpointService(db).every())

    assert (made(), made()) == (1, 1)
    grow(signed)
    assert made() == 1
    tomorrow = clock.now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    assert (made(), made()) == (2, 2)


def test_without_a_key_the_job_says_so_and_goes_on(store: Store, keys: Path, caplog: pytest.LogCaptureFixture):
    grow(store)
    with caplog.at_level(logging.WARNING):
        make_daily_checkpoint(JobContext(store, Settings(keys=str(keys))))

    assert [record.levelno for record in caplog.records] == [logging.WARNING]


def test_stewards_get_it_by_mail(signed: Store, keys: Path):
    with signed.writing() as db:
        steward, other = factories.person(db, Role.MEMBER), factories.person(db, Role.MEMBER)
        for person in (steward, other):
            db.add(Account(person_id=person.person_id, email=f"{person.person_id}@town.example", made_at=clock.now()))
        mandate = db.scalars(sa.select(Mandate).where(Mandate.person_id == steward.person_id)).one()
        mandate.is_steward = True
    note = rooms.checkpoint(signed, keys)

    with signed.reading() as db:
        (letter,) = db.scalars(sa.select(Letter).where(Letter.kind == "checkpoint")).all()
    assert letter.person_id == steward.person_id
    assert SignedNote.read(letter.facts["note"]) == note


def test_proofs_of_a_long_log_are_those_of_all_its_leaves(store: Store):
    """More than one kept node of 256 leaves, and one more."""
    grow(store)
    entries = Model.metadata.tables["log_entry"]
    with store.writing() as db:
        line = dict(db.execute(sa.select(entries).limit(1)).mappings().one())
        rows = [
            {**line, "sequence": n, "leaf_hash": transparency_log.leaf_hash(b"%d" % n).hex()} for n in range(3, 600)
        ]
        db.execute(sa.insert(entries), rows)
    with store.reading() as db:
        leaves = [bytes.fromhex(one) for one in db.scalars(sa.select(entries.c.leaf_hash).order_by(entries.c.sequence))]
        whole = transparency_log.inclusion_root(leaves)
        before = LogMerkleTree(db)
        assert before.root() == transparency_log.root(len(leaves), transparency_log.inclusion_root(leaves))
    with store.writing() as db:
        LogMerkleTree(db).keep_nodes()
    with store.reading() as db:
        tree = LogMerkleTree(db)
        for size in (1, 255, 256, 257, 512, 513, len(leaves)):
            assert tree.root(size) == transparency_log.root(size, whole)
            assert tree.consistency(size, len(leaves)) == transparency_log.consistency_proof(size, len(leaves), whole)
            assert tree.inclusion(size, len(leaves)) == transparency_log.inclusion_proof(size - 1, len(leaves), whole)
