"""The side door: a mail becomes drafts beside its own words, and amendments in its sender's name once confirmed."""

import re
from email.message import EmailMessage

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from drafts.diff.amendments import Change, ChangeOp
from tests.support.site import token_of
from tests.support.word import InWord
from tests.workspace.amendments.browsing import DRAFT, browsing
from tests.workspace.amendments.room import WATER
from tests.workspace.interchange.side_door_cases import (
    ADDRESS,
    Case,
    cases,
    document,
    outcome,
    outcome_of_letter,
    prose,
    read,
)
from workspace.amendments.service import AmendmentService
from workspace.core.outbox import Letter
from workspace.core.settings import Settings
from workspace.history.erasure import ErasureService
from workspace.interchange.cli import mail as mail_command
from workspace.interchange.intake.mail_reader.message import parse_message
from workspace.interchange.intake.mail_reader.requests import mail_requests
from workspace.interchange.models import MailIn

MAILS = f"{DRAFT}/mails"


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_every_sure_way_to_ask_for_a_change_is_read_as_it_is_meant(language):
    every = list(cases(language))
    assert len(every) > 80
    wrong = {str(case): outcome(case) for case in every if outcome(case) != case.expected}
    assert wrong == {}


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_whole_mails_of_members_are_read_as_they_are_meant(language):
    every = list(cases(f"letters.{language}"))
    assert len(every) > 10
    wrong = {str(case): outcome_of_letter(case) for case in every if outcome_of_letter(case) != case.expected}
    assert wrong == {}


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_prose_of_which_no_rule_is_sure_is_listed_for_a_person_and_never_drafted_as_if_it_were(language):
    every = list(prose(language))
    assert len(every) > 30
    for case in every:
        mail = parse_message(case.mail.encode())
        found = read(case, mail_requests(mail.said, mail.subject, mail.apart))
        assert not [draft for draft in found.proposals if draft.is_sure], case
        told = [source for draft in found.proposals for source in draft.sources]
        told += [one.source for one in found.unplaced] + [*found.rest, *mail.apart]
        lost = set(re.findall(r"\w+", case.mail)) - set(re.findall(r"\w+", " ".join(told)))
        assert not lost, case


def test_a_table_between_upright_lines_is_read_row_by_row():
    [first, *_] = cases("letters.en")
    rows = "Para | Original | Proposed | Reason\n---|---|---|---\n1 | adequate | decent | clearer\n8 | | delete |\n"
    case = Case(f"Dear all,\n\n{rows}\nThank you", (), first.text)
    assert outcome_of_letter(case) == (
        "= 1 We commit to guarantee access to decent housing for every inhabitant.",
        "- 8",
    )


def sent(browser, words: str = "", file: bytes | None = None, name: str = "mail.eml", **fields: str):
    files = {"file": (name, file or b"", "application/octet-stream")}
    data = {"csrf": token_of(browser.client), "words": words, **fields}
    return browser.client.post(MAILS, data=data, files=files, follow_redirects=False)


def saved(words: str, *, sender: str = f"Ana Ruiz <{ADDRESS}>", **attached: bytes) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "office@example.org", "Our proposals"
    message["Date"], message["Message-ID"] = "Mon, 03 May 2027 10:00:00 +0200", "<1@example.org>"
    message.set_content(words)
    for name, content in attached.items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def filed(room) -> dict[int, tuple[str, str, list[str]]]:
    with room.store.reading() as db:
        found = AmendmentService(db).of_declaration(room.declaration, actor=room.chair)
        return {
            one.number: (
                one.proposer.name,
                one.reason,
                [record.change.get("text") or record.op for record in one.own.changes],
            )
            for one in found
        }


def receipts(room) -> list[tuple[str, str, str]]:
    with room.store.reading() as db:
        letters = db.scalars(sa.select(Letter).where(Letter.kind == "amendments_received"))
        return [(one.to, one.facts["numbers"], one.facts["path"]) for one in letters]


def test_a_saved_mail_becomes_amendments_of_its_sender_who_gets_a_receipt(room, office):
    words = (
        "Dear all,\n\nPara 1: replace “clean” by “free”. Reason: it costs nothing.\n\nParagraph 3: delete.\n\n-- \nAna"
    )
    answer = sent(office, file=saved(words))
    page = office.page(answer.headers["location"])

    assert page.count == 2
    chosen = page.root.xpath("//select[@name='person']/option[@selected]/@value")
    assert chosen == [str(room.member.person_id)] * 2
    assert filed(room) == {}
    person = str(room.member.person_id)
    fields = {"take": ["0", "1"], "person": [person, person], "reason": ["It should cost nothing.", ""]}
    settled = office.fill(office.see(answer.headers["location"]), answer.headers["location"], **fields)

    assert settled.status_code == 303
    assert filed(room) == {
        1: (room.member.name, "It should cost nothing.", [WATER.replace("clean", "free")]),
        2: (room.member.name, "", ["delete"]),
    }
    assert receipts(room) == [(ADDRESS, "1, 2", "/{language}/third-forum/declaration/amendments")]
    assert not office.page(answer.headers["location"]).root.xpath("//input[@name='take']")
    assert office.fill(office.see(answer.headers["location"]), answer.headers["location"], **fields).status_code == 422


def test_what_cannot_be_placed_is_shown_with_the_reason_and_nothing_is_dropped(office):
    words = "Para 9: delete “water”.\n\nPara 2: delete “water”.\n\nWe liked the meeting.\n\n> Para 1: delete."
    page = office.page(sent(office, words).headers["location"])
    assert page.data("unplaced") == ["no_paragraph", "not_found"]
    assert "1" in page.text_of("unplaced", "not_found")
    assert all(words in page.text for words in ("We liked the meeting.", "> Para 1: delete."))


def test_the_same_mail_and_the_same_words_of_one_sender_are_recognised(office):
    words = "Para 1: replace “clean” by “free”."
    first = sent(office, file=saved(words)).headers["location"]
    assert sent(office, file=saved(words)).headers["location"] == first
    assert sent(office, f"From: {ADDRESS}\nSubject: again\n\n{words}").headers["location"] == first
    assert sent(office, words).headers["location"] != first


def test_a_draft_that_an_amendment_asks_for_already_is_marked_and_not_chosen(room, office):
    room.propose(Change(ChangeOp.REWORD, room.block(0), text=WATER.replace("clean", "free")))
    page = office.page(sent(office, "Para 1: replace “clean” by “free”.").headers["location"])
    assert page.data("same") == ["1"]
    assert page.root.xpath("//input[@name='take'][@value='0'][not(@checked)]")


def test_what_was_inferred_is_drafted_but_not_chosen_and_prose_is_listed_under_its_paragraph(office):
    words = "Replace “clean” by “free”.\n\nParagraph 2: the last words should go.\n\nParagraph 3: delete."
    page = office.see(sent(office, words).headers["location"]).text
    assert 'name="take" value="0">' in page
    assert 'name="take" value="1" checked>' in page
    assert "Paragraph 2: the last words should go." in page
    assert "Paragraph 2: Left for you to read." in page


def test_an_attached_word_file_goes_the_way_of_word_files_and_another_file_is_named(room, office):
    clean = office.client.get(f"{DRAFT}/word/file", params={"form": "clean", "text": "en"}).content
    changed = InWord(clean, author=room.member.name).replace("clean water", "free water").save()
    data = saved("See the file.", **{"ours.docx": changed, "photo.png": b"\x89PNG no text"})
    page = office.see(sent(office, file=data).headers["location"]).text
    assert "ours.docx" in page
    assert "photo.png" in page
    [address] = {part.split('"')[0] for part in page.split('href="') if part.startswith(f"{DRAFT}/word/")}
    assert office.page(address).count == 1


def test_a_word_file_dropped_at_the_side_door_goes_there_too(office):
    clean = office.client.get(f"{DRAFT}/word/file", params={"form": "clean", "text": "en"}).content
    answer = sent(office, file=clean, name="text.docx")
    assert answer.headers["location"].startswith(f"{DRAFT}/word/")


def test_nothing_and_a_picture_are_refused_beside_the_field(office):
    assert "words-error" in sent(office).text
    refused = sent(office, file=b"\x89PNG\r\n\x1a\n", name="photo.png")
    assert refused.status_code == 422
    assert "words-error" in refused.text


def test_spanish_and_french_mails_find_the_text_of_their_language(room, office):
    spanish = "Párrafo 3: suprimir."
    page = office.see(sent(office, spanish, text="es").headers["location"])
    assert page.status_code == 200
    with room.store.reading() as db:
        assert [one.language.value for one in db.scalars(sa.select(MailIn))] == ["es"]


def test_the_pages_are_for_the_secretariat_alone(room):
    with browsing(room.store, room.member) as member:
        assert member.see(MAILS).status_code == 404
        assert not member.page(f"{DRAFT}/word").links_to("/mails")
    with browsing(room.store, room.chair) as chair:
        assert chair.see(MAILS).status_code == 200


@pytest.mark.parametrize("language", ["es", "fr"])
def test_the_pages_stand_in_every_language(office, language):
    address = sent(office, "Para 1: replace “clean” by “free”. Para 9: delete.").headers["location"]
    assert office.see(address.replace("/en/", f"/{language}/")).status_code == 200
    assert office.see(MAILS.replace("/en/", f"/{language}/")).status_code == 200


def test_an_erased_sender_leaves_no_mail_behind(room, office):
    address = sent(office, file=saved("Para 1: replace “clean” by “free”.")).headers["location"]
    person = room.member.person_id
    with room.store.writing() as db:
        service = ErasureService(db)
        request = service.request(person, withdraws_comments=False, actor=room.member)
        service.confirm(request.id, actor=room.member)
    with room.store.reading() as db:
        kept = db.scalars(sa.select(MailIn)).one()
        assert (kept.content, kept.address, kept.sender, kept.subject) == (b"", "", "", "")
    assert len(office.page(MAILS).rows("erased")) == 1
    assert office.see(address).status_code == 404


def test_the_command_reads_a_mail_and_files_it_for_somebody(room, tmp_path):
    path = tmp_path / "mail.eml"
    path.write_bytes(saved("Para 3: delete.\n\nPara 9: delete.\n\nReplace “clean” by “free”."))
    settings = Settings(database_url=room.store.engine.url.render_as_string(hide_password=False))
    arguments = ["third-forum/declaration", str(path), "--file-as", room.member.name]
    done = CliRunner().invoke(mail_command, arguments, obj=settings)
    assert done.exit_code == 0, done.output
    assert "“Para 9: delete”" in done.output
    assert filed(room) == {1: (room.member.name, "", ["delete"])}


FORWARDED = """Please file this for her.

---------- Forwarded message ---------
From: Ana Ruiz <ana@example.org>
Date: Mon, 3 May 2027
Subject: Ours
To: Office <office@example.org>

Hello,
Para 1: delete "clean".

Best regards,
Ana
"""
ANSWERED = """De: Ana Ruiz [mailto:ANA@example.org]
Enviado: lunes, 3 de mayo de 2027 10:00
Para: Secretaría
Asunto: RE: Declaración

Estimados colegas:

Párrafo 1: suprimir «limpia».

Atentamente,
Ana Ruiz

De: Secretaría
Enviado: domingo, 2 de mayo de 2027
Para: Ana Ruiz
Asunto: Declaración

Párrafo 2: suprimir.
"""
HTML = """From: Ana <ana@example.org>
To: o@example.org
Subject: =?utf-8?q?D=C3=A9claration?=
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8

<p>Bonjour,</p><p>Paragraphe 1&nbsp;: supprimer «&nbsp;propre&nbsp;».</p><script>x()</script>
<blockquote><p>Supprimer le paragraphe 2.</p></blockquote><p>Cordialement,<br>Ana</p>
"""


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (FORWARDED, 'Para 1: delete "clean".'),
        (ANSWERED, "Párrafo 1: suprimir «limpia»."),
        (HTML, "Paragraphe 1 : supprimer « propre »."),
    ],
)
def test_what_the_writer_says_is_told_from_greetings_signatures_and_earlier_mails(data, said):
    mail = parse_message(data.encode())
    assert (mail.address, mail.said) == (ADDRESS, said)
    assert mail.apart


@pytest.mark.long
def test_a_mail_made_to_cost_time_is_read_in_little_or_refused(office):
    hostile = "insert after before between and " * 3000
    answer = sent(office, hostile)
    assert answer.status_code in {303, 422}


def test_quotations_of_every_kind_are_one():
    text = document(["1 Towns shall share clean water."], next(cases("en")).text.language)
    pairs = ['""', "''", "“”", "‘’", "«»", "„“", "„”", "‹›", "``''", "<<>>"]
    for pair in pairs:
        half = len(pair) // 2
        first, last = pair[:half], pair[half:]
        mail = f"Para 1: replace {first}clean{last} by {first}free{last}."
        assert outcome(Case(mail, (), text)) == ("= 1 Towns shall share free water.",), mail
