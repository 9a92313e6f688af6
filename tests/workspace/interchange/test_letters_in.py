"""Letters in files of their own, and what comes along with a mail: each is read for what it asks."""

import io
from email import message_from_bytes, policy

import docx

from tests.support.page import Page
from tests.support.site import token_of
from tests.workspace.amendments.browsing import DRAFT
from tests.workspace.amendments.room import WATER
from tests.workspace.interchange.side_door_cases import ADDRESS
from tests.workspace.interchange.test_sheets import CHANGE, template
from tests.workspace.interchange.test_side_door import MAILS, filed, saved, sent


def letter(*lines: str) -> bytes:
    """A letter that somebody wrote in a word processor and sent as a file."""
    made = docx.Document()
    for line in lines:
        made.add_paragraph(line)
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


ASKED = letter("Dear all,", "Paragraph 1: replace “clean” by “free”.", "Kind regards", "Ana Ruiz")


def test_a_letter_in_a_word_file_is_read_as_a_letter_wherever_it_is_dropped(room, office):
    answer = sent(office, file=ASKED, name="letter.docx", address=ADDRESS)
    address = answer.headers["location"]
    assert office.page(address).count == 1
    assert office.client.get(f"{address}/file").headers["content-disposition"].endswith('.docx"')
    files = {"file": ("letter.docx", ASKED, "application/octet-stream")}
    data = {"csrf": token_of(office.client)}
    again = office.client.post(f"{DRAFT}/word", data=data, files=files, follow_redirects=False)
    assert again.headers["location"] == address
    person = str(room.member.person_id)
    assert office.fill(office.see(address), address, take="0", person=person, reason="").status_code == 303
    assert filed(room) == {1: (room.member.name, "", [WATER.replace("clean", "free")])}


def test_letters_sheets_and_mails_that_come_along_are_looked_at_on_their_own_pages(office):
    sheet = template(office).fill(1, CHANGE, "delete").save()
    passed_on = message_from_bytes(saved("Para 3: delete."), policy=policy.default)
    came = saved("See what came.", **{"ours.docx": ASKED, "ours.xlsx": sheet})
    outer = message_from_bytes(came, policy=policy.default)
    outer.add_attachment(passed_on)
    page = office.page(sent(office, file=outer.as_bytes()).headers["location"])
    along = {link for link in page.links if link.startswith(f"{MAILS}/") and not link.endswith("/file")}
    pages = [office.page(address) for address in along]
    assert [one.count for one in pages] == [1, 1, 1]
    assert sum(bool(one.data("row")) for one in pages) == 1, "the sheet"
    assert "Our proposals.eml" in page.text
    assert page.data("about") == []


def test_a_message_in_the_form_of_outlook_alone_is_refused_with_what_to_do(office):
    message = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "__substg1.0_0037001F".encode("utf-16-le")
    refused = Page(sent(office, file=message, name="mail.msg"))
    assert refused.refusal == "workspace.bad_file:outlook_message"
