"""Somebody who only uses a word processor takes part fully: walked with LibreOffice, from the file to the receipt."""

import pytest
import sqlalchemy as sa

from tests.conftest import missing
from tests.support.office import Edit, converted, office, settled, worked_on
from tests.workspace.amendments.browsing import DRAFT, browsing
from tests.workspace.amendments.room import LIGHT, WATER, opened
from tests.workspace.interchange.side_door_cases import ADDRESS
from tests.workspace.interchange.test_side_door import filed, receipts
from tests.workspace.interchange.test_word import brought, taken
from workspace.accounts.domain.service import AccountService
from workspace.comments.queries import Conversations
from workspace.core.actor import OPERATOR
from workspace.interchange.models import DocumentIn
from workspace.people.models import Person

pytestmark = pytest.mark.long
EDIT = Edit(old="clean water", new="free water", about="after dark", remark="And at dawn?")
FREE = WATER.replace("clean", "free")


@pytest.fixture
def room(store):
    if not office():
        missing("LibreOffice")
    room = opened(store)
    with store.writing() as db:
        member = db.get_one(Person, room.member.person_id)
        AccountService(db).make(member, email=ADDRESS, password_hash=None, actor=OPERATOR)
    return room


@pytest.fixture
def member(room):
    with browsing(room.store, room.member) as browser:
        yield browser


def test_a_member_who_only_uses_a_word_processor_takes_part(room, member, tmp_path):
    data = worked_on(taken(member), tmp_path, EDIT, author=room.member.name)

    address = brought(member, data, "my copy.docx").headers["location"]
    page = member.see(address).text
    assert "free" in page
    assert EDIT.remark in page
    assert filed(room) == {}
    person = str(room.member.person_id)
    fields = {"take": "0", "person": person, "reason": "It is a right.", "say": "0", "speaker": person, "about": ""}
    assert member.fill(member.see(address), address, **fields).status_code == 303

    assert filed(room) == {1: (room.member.name, "It is a right.", [FREE])}
    assert receipts(room) == [(ADDRESS, "1", "/{language}/third-forum/declaration/amendments/1")]
    with room.store.reading() as db:
        threads = Conversations(db).threads(room.declaration, actor=room.chair)
        [thread] = [one for found in threads.values() for one in found]
        assert (str(thread.block_id), thread.words.chosen) == (room.block(1), EDIT.about)
        assert [(one.author, one.text) for one in thread.comments] == [(room.member.name, EDIT.remark)]
        assert db.scalars(sa.select(DocumentIn.content)).one() == data
    assert room.member.name in member.see(f"{DRAFT}/amendments").text
    assert LIGHT in member.see(DRAFT).text


def test_what_was_accepted_rejected_or_only_saved_is_told_from_what_was_tracked(room, member, tmp_path):
    tracked = worked_on(taken(member), tmp_path / "work", EDIT, author=room.member.name)
    accepted, rejected = settled({"text.docx": tracked}, tmp_path / "settled")["text.docx"]
    saved = converted(taken(member), "docx", tmp_path / "saved")
    opened_as_odt = converted(accepted, "odt", tmp_path / "odt")

    for data in (rejected, saved):
        page = member.see(brought(member, data).headers["location"]).text
        assert 'name="take"' not in page
    for data, name in ((accepted, "accepted.docx"), (opened_as_odt, "accepted.odt")):
        page = member.page(brought(member, data, name).headers["location"])
        assert page.data("author") == [""], name
        assert len(page.root.xpath("//input[@name='take']")) == 1, name
    address = brought(member, accepted, "accepted.docx").headers["location"]
    fields = {"take": "0", "person": str(room.member.person_id), "reason": ""}
    assert member.fill(member.see(address), address, **fields).status_code == 303
    assert filed(room)[1][2] == [FREE]
