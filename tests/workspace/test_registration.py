"""What the application provides to the layers under it is whole, and a process without it says so."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

import workspace
from workspace.all_models import METADATA
from workspace.core.events import DomainEvent
from workspace.core.provided import Provided
from workspace.slices import REGISTRY, SLICES
from workspace.subscriptions import SUBSCRIBERS
from workspace.web.refusals.slice_registry import TOPICS, SliceRegistry, merged

UNPROVIDED = """
from uuid import uuid4
from workspace.core.actor import OPERATOR
from workspace.core.events import RightsChanged, publish
publish(None, RightsChanged(uuid4(), OPERATOR))
"""


def test_every_event_has_subscribers():
    assert SUBSCRIBERS.keys() == set(DomainEvent.__subclasses__())
    assert all(SUBSCRIBERS.values())


def test_every_table_of_a_migrated_database_is_known(store):
    """But for the index of the search, which is made from the others."""
    with store.reading() as db:
        there = set(sa.inspect(db.connection()).get_table_names())

    assert {name for name in there if not name.startswith(("alembic", "sqlite", "search_"))} == set(METADATA.tables)


def test_a_process_that_provides_nothing_publishes_nothing():
    found = subprocess.run([sys.executable, "-c", UNPROVIDED], capture_output=True, text=True, check=False)

    assert found.returncode == 1
    assert "RuntimeError" in found.stderr
    assert "registration.install" in found.stderr


def test_what_is_provided_is_made_when_it_is_needed_and_once():
    made = []
    provided = Provided("numbers")
    provided.provide(lambda: made.append(1) or made)

    assert made == []
    assert provided.get() is provided.get()
    assert made == [1]


def test_what_nobody_provides_is_refused():
    with pytest.raises(RuntimeError, match="numbers"):
        Provided("numbers").get()


def test_every_registry_of_a_slice_is_collected():
    there = [path.parent.name for path in Path(workspace.__file__).parent.glob("*/__init__.py")]
    slices = [importlib.import_module(f"workspace.{name}") for name in there]

    registries = {id(each.REGISTRY) for each in slices if hasattr(each, "REGISTRY")}
    assert len(registries) >= 20
    assert registries <= set(map(id, SLICES))


def test_what_two_slices_say_is_refused():
    one, other = SliceRegistry(log_kinds={"phase.moved": "Moved"}), SliceRegistry(log_kinds={"phase.moved": "Went"})

    with pytest.raises(ValueError, match=r"log_kinds of two slices: \['phase.moved'\]"):
        merged([one, other])


def test_every_topic_that_can_be_asked_for_has_kinds():
    assert REGISTRY.log_topics.keys() == TOPICS.keys()
