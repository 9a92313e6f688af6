"""What the program writes down of a whole session holds nobody's name, address or words."""

import io
import json
import logging

import pytest
import sqlalchemy as sa

from tests.workspace.api import doors
from tests.workspace.api.knocking import Place
from workspace.accounts.domain.models import Account
from workspace.amendments.domain.models import Amendment
from workspace.comments.models import Comment
from workspace.core import program_log
from workspace.core.storage.db import Db
from workspace.declarations.domain.models import TextVersion
from workspace.people.models import Forum, Organisation, Person
from workspace.recommendations.models import Recommendation

SHORTEST = 4  # characters of a word that could not stand in an address of ours by chance


@pytest.fixture
def written():
    """The log of the program as JSON, from the finest level on."""
    ours, out = logging.getLogger(program_log.ROOT), io.StringIO()
    before = ours.level, ours.handlers[:]
    handler = logging.StreamHandler(out)
    handler.setFormatter(program_log.JsonFormatter())
    ours.handlers[:] = [handler]
    ours.setLevel(logging.DEBUG)
    yield out
    ours.setLevel(before[0])
    ours.handlers[:] = before[1]


def personal(db: Db) -> set[str]:
    """Every name, address and text in the database."""
    columns = (
        *(Person.name, Account.email, Organisation.name, Forum.slug, TextVersion.content),
        *(Recommendation.text, Comment.text, Amendment.reason),
    )
    found = {value for column in columns for value in db.scalars(sa.select(column))}
    return {one for one in found if one and len(one) >= SHORTEST}


@pytest.mark.long
def test_a_whole_session_leaves_no_name_address_or_text_in_the_log(place: Place, written: io.StringIO):
    knocks = doors.every(place)
    for one in knocks:
        place.knock(one, json.dumps(one.body).encode())
        place.knock(one, b'{"name": "Marta Olivar", "email": "marta@olivar.example"')  # and what is cut off
    for path in ("/en/third-forum", "/en/third-forum/declaration?seek=Olivar", "/en/nobody/marta@olivar.example"):
        place.house.client.get(path)
    with place.house.store.reading() as db:
        secret = personal(db) | {"Olivar", "olivar.example"}
    said = written.getvalue()

    assert len(said.splitlines()) > 2 * len(knocks)
    assert all(json.loads(line)["time"] for line in said.splitlines())
    assert len(secret) > 20
    lines = {one: line for one in secret for line in said.splitlines() if one in line}
    assert lines == {}
