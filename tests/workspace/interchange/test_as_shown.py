"""What is filed from a mail or a Word file is what its preview showed: else nothing, and the preview of now."""

import io

import docx
import pytest
import sqlalchemy as sa

from drafts.text.blocks import Language
from tests.support import factories
from tests.support.page import Page
from tests.workspace.amendments.room import SHADE, WATER, opened
from tests.workspace.interchange.side_door_cases import ADDRESS
from tests.workspace.interchange.test_side_door import sent
from tests.workspace.interchange.test_word import amendments, brought
from workspace.accounts.domain.service import AccountService
from workspace.core.actor import OPERATOR, Role
from workspace.interchange.models import MailIn
from workspace.people.models import Person
from workspace.translations.domain.service import TranslationService

FRENCH = ("Les communes partagent leur eau avec leurs voisines.", "Les communes plantent des arbres en ville.")


@pytest.fixture
def room(store):
    return opened(store, {Language.EN: WATER, Language.FR: FRENCH[0]}, {Language.EN: SHADE, Language.FR: FRENCH[1]})


def seen(answer) -> str:
    return answer.headers["etag"].strip('"')


def by_mail(office) -> str:
    return sent(office, "Paragraph 1: delete.").headers["location"]


def in_word(office) -> str:
    letter, data = docx.Document(), io.BytesIO()
    for line in (FRENCH[0], FRENCH[1].replace("arbres", "chênes")):
        letter.add_paragraph(line)
    letter.save(data)
    return brought(office, data.getvalue()).headers["location"]


@pytest.mark.parametrize(
    ("words", "own", "read_in"),
    [
        ("Subject: Item\n\n1: delete", "fr", "fr"),
        ("Subject: Item\n\n1: delete", "en", "en"),
        ("Subject: Nos demandes pour le premier point\n\n1 : supprimer", "en", "fr"),
    ],
)
def test_a_mail_too_short_to_tell_is_read_in_the_language_of_its_sender(room, office_of, words, own, read_in):
    with room.store.writing() as db:
        member = db.get_one(Person, room.member.person_id)
        member.language = own
        AccountService(db).make(member, email=ADDRESS, password_hash=None, actor=OPERATOR)
    sent(office_of(room), file=f"From: {ADDRESS}\n{words}".encode())
    with room.store.reading() as db:
        assert [mail.language for mail in db.scalars(sa.select(MailIn))] == [read_in]


@pytest.mark.parametrize("came", [by_mail, in_word])
def test_what_was_read_in_another_language_meanwhile_is_not_filed(room, office_of, came):
    office = office_of(room)
    address = came(office)
    shown, fields = office.see(address), {"take": "0", "person": str(room.member.person_id), "reason": ""}
    office.send(address, read_in="fr")
    refused = office.fill(shown, address, **fields)
    assert (refused.status_code, Page(refused).refusal, amendments(room)) == (412, "workspace.stale", {})
    assert office.fill(refused, address, **fields).status_code == 303
    assert len(amendments(room)) == 1


def test_what_stands_before_other_words_meanwhile_is_not_filed(room, office_of):
    office = office_of(room)
    address = by_mail(office)
    office.send(address, read_in="fr")
    shown, fields = office.see(address), {"take": "0", "person": str(room.member.person_id), "reason": ""}
    with room.store.writing() as db:
        text = "Les communes partagent toutes leur eau avec leurs voisines."
        row, translator = room.rows()[0], factories.person(db, Role.TRANSLATOR)
        head = row.texts[Language.FR].id
        service = TranslationService(db)
        service.save(room.declaration.id, row.block_id, Language.FR, text, sources=(), expected=head, actor=translator)
    assert office.fill(shown, address, **fields).status_code == 412
    assert amendments(room) == {}


def test_a_program_names_the_preview_that_it_files_from(house):
    text = {Language.EN: WATER, Language.FR: FRENCH[0]}
    table, office = house.declaration(text), house[Role.SECRETARIAT]
    read = office.post(f"{table.path}/mails", {"words": "Paragraph 1: delete."})
    path = f"{table.path}/mails/{read.json()['mail']['id']}"
    filing = {"drafts": [{"place": 0, "person": str(house.people[Role.MEMBER].person_id)}]}
    assert office.post(f"{path}/settlement", filing).status_code == 428
    office.post(f"{path}/language", {"language": "fr"})
    refused = office.post(f"{path}/settlement", filing, if_match=seen(read))
    assert (refused.status_code, refused.json()["code"]) == (412, "workspace.stale")
    now = seen(office.get(path))
    assert refused.json()["facts"]["head"] == now
    assert office.post(f"{path}/settlement", filing, if_match=now).json()["amendments"] == [1]
