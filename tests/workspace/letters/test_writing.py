"""The words of letters: in the receiver's language and time, and proof against other people's names."""

import ast
import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from zoneinfo import ZoneInfo

import pytest

from drafts.text.blocks import Language
from tests.support.page import Page
from tests.workspace.letters.conftest import SENDER, URL
from workspace.core.outbox import Letter
from workspace.core.storage.db import new_id
from workspace.letters.bounces import BOUNCED
from workspace.letters.rendering import LetterItem, LetterSender, Unwritable, items_as_fact, render_letter
from workspace.letters.transports import REASONS
from workspace.letters.wordings import SECURITY_NOTICES
from workspace.paths import TEMPLATES
from workspace.slices import REGISTRY
from workspace.web.i18n import messages as i18n

DESK = LetterSender(SENDER, URL)
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
NAMES = {"es": "Tercer Foro", "en": "Third Forum", "fr": "Troisième Forum"}
FACTS = {
    "path": "/{language}/third-forum",
    "forum": NAMES,
    "declaration": {"es": "Agua", "en": "Water", "fr": "Eau"},
    "role": "translator",
    "inviter": "Ana Ruiz",
    "person": "Ana Ruiz",
    "reason": "A court asks for it.",
    "phase": "R",
    "until": (NOW + timedelta(days=10)).isoformat(),
    "expires": (NOW + timedelta(days=14)).isoformat(),
    "what": "password_changed",
    "tree_size": 12_345,
    "root": "a" * 64,
    "first": "Ana Ruiz named you in a conversation",
    "note": "declaration.example.org\n12345\nAAAA=\n",
}


def written(kind, *, language="en", zone=UTC, to="ana@town.example", **facts):
    letter = Letter(
        id=new_id(), kind=kind, to=to, language=language, facts=facts, due_at=NOW, message_id="<1@towns.example>"
    )
    return render_letter(letter, DESK, zone=zone, now=NOW)


def text(message) -> str:
    return " ".join(message.get_body(("plain",)).get_content().split())


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", REGISTRY.letters)
def test_every_kind_of_letter_is_whole_in_every_language(kind, language):
    message = written(kind, language=language.value, **FACTS)

    messages = i18n.messages(language)
    html = message.get_body(("html",)).get_content()
    assert message["Content-Language"] == language.value
    assert Page(html).language == language.value
    assert "%(" not in text(message) + html + str(message["Subject"])
    if REGISTRY.letters[kind].action:
        assert f"{URL}/{language.value}/third-forum" in text(message)
        assert messages.gettext(REGISTRY.letters[kind].action) in text(message)


@pytest.mark.parametrize("kind", REGISTRY.letters)
def test_every_kind_of_letter_can_be_written_without_its_lesser_facts(kind):
    least = {name: FACTS[name] for name in ("path", "forum", "declaration", "phase", "what", "tree_size", "note")}

    assert "%(" not in text(written(kind, **least))


def test_every_letter_that_the_program_posts_has_words():
    posted = set()
    for path in TEMPLATES.parents[1].rglob("*.py"):
        for call in (one for one in ast.walk(ast.parse(path.read_text())) if isinstance(one, ast.Call)):
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            place = {"post": 1, "post_to_all": 1, "announce": 1}.get(name)
            kind = call.args[place] if place and len(call.args) > place else None
            kinds = (kind.body, kind.orelse) if isinstance(kind, ast.IfExp) else (kind,)
            posted |= {one.value for one in kinds if isinstance(one, ast.Constant)}

    assert {"phase_moved", "phase_returned"} <= posted
    assert posted <= REGISTRY.letters.keys()


def test_every_security_notice_is_a_sentence():
    said = {what: text(written("security_notice", what=what)) for what in (*SECURITY_NOTICES, "something_new")}

    assert len(set(said.values())) == len(SECURITY_NOTICES) + 1
    assert "something_new" not in said["something_new"]


def test_a_name_is_said_in_the_language_of_the_letter_or_in_one_it_has():
    assert "Troisième Forum" in text(written("registration", language="fr", forum=NAMES, path="/fr/x"))
    assert "Tercer Foro" in text(written("registration", language="fr", forum={"es": "Tercer Foro"}, path="/fr/x"))


def test_dates_are_those_of_the_reader_with_their_offset():
    facts = {"declaration": "Water", "forum": "Third Forum", "phase": "R", "until": "2026-12-01T02:00:00+01:00"}

    assert "30 November 2026, 20:00 (UTC−5)" in text(written("phase_moved", zone=ZoneInfo("America/Bogota"), **facts))
    assert "1er décembre 2026, 01:00 (UTC)" in text(written("phase_moved", language="fr", **facts))
    assert "1 de diciembre de 2026, 06:30 (UTC+5:30)" in text(
        written("phase_moved", language="es", zone=ZoneInfo("Asia/Kolkata"), **facts)
    )


@pytest.mark.parametrize(
    "name",
    [
        "Ana\r\nBcc: thief@evil.example",
        "Ana\nSubject: You have won",
        "Ana\x85Bcc: thief@evil.example",
        "Ana\u2028Bcc: thief@evil.example",
        "Ana\x00\x1b[31m",
        "Ana\u202egro.live",
        "=?utf-8?q?=0D=0ABcc=3A_thief@evil.example?=",
    ],
)
def test_a_name_makes_no_header_and_turns_no_line_around(name):
    message = written("invitation", forum=name, inviter=name, path="/en/x")
    raw = message.as_bytes()

    head = raw.partition(b"\r\n\r\n")[0]
    assert {line.partition(b":")[0] for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))} == {
        b"From",
        b"To",
        b"Subject",
        b"Date",
        b"Message-ID",
        b"Auto-Submitted",
        b"MIME-Version",
        b"Content-Type",
        b"Content-Language",
    }
    assert "Bcc" not in message
    assert "\u202e" not in message.get_body(("html",)).get_content()


def test_a_name_is_text_in_html():
    message = written("invitation", forum="<script>alert(1)</script>", inviter='"><img src=x>', path="/en/x")

    html = message.get_body(("html",)).get_content()
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html


def test_nothing_in_a_letter_is_loaded_from_anywhere():
    html = written("invitation", **FACTS).get_body(("html",)).get_content()

    assert not any(sign in html for sign in ("src=", "@import", "url(", "<link", "<script"))


def test_a_long_name_is_cut_and_its_header_folded():
    message = written("invitation", forum="Réunion des villes " * 200, path="/en/x")

    assert len(message["Subject"]) < 350
    assert max(len(line) for line in message.as_bytes().split(b"\r\n")) <= 78


@pytest.mark.parametrize(
    "to",
    [
        "",
        "ana",
        "@town.example",
        "ana@",
        "ana@town.example, luc@town.example",
        "ana@town.example\r\nBcc: thief@evil.example",
        "ana@town.example\r\nDATA",
        "ana luc@town.example",
        "ana@town..example",
        "<ana@town.example>",
        f"{'a' * 250}@town.example",
        "ana@town.example>",
        "ana\x00@town.example",
        "=?utf-8?q?=0D=0ABcc=3A_thief?=@town.example",
    ],
)
def test_what_is_no_address_gets_no_letter(to):
    with pytest.raises(Unwritable, match="bad_address"):
        written("test", to=to)


def test_an_address_with_letters_of_other_alphabets_is_one():
    assert written("test", to="ana@villañueva.example")["To"] == "ana@xn--villaueva-p6a.example"
    assert written("test", to="añá@town.example")["To"].addresses[0].username == "añá"


@pytest.mark.parametrize(
    "path", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "en/x", "/en/\nx", 7]
)
def test_a_letter_leads_nowhere_else(path):
    with pytest.raises(Unwritable, match="bad_path"):
        written("sign_in_link", path=path)


def test_the_way_out_of_announcements_is_offered_where_there_is_one():
    letter = Letter(id=new_id(), kind="test", to="ana@town.example", language="en", facts={}, due_at=NOW)
    letter.message_id = DESK.message_id(letter)
    out = render_letter(letter, DESK, now=NOW, ending="/api/mail-choices/end/x")

    assert out["List-Unsubscribe"] == f"<{URL}/api/mail-choices/end/x>"
    assert out["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "List-Unsubscribe" not in written("sign_in_link")


def test_the_way_out_is_one_plain_line_of_the_letter_however_long_it_is():
    letter = Letter(id=new_id(), kind="test", to="añá@town.example", language="en", facts={}, due_at=NOW)
    letter.message_id = DESK.message_id(letter)
    path = f"/api/mail-choices/end/{'fVx_-9' * 40}"
    out = render_letter(letter, DESK, now=NOW, ending=path)

    line = f"\r\nList-Unsubscribe: <{URL}{path}>\r\n".encode()
    assert line in out.as_bytes()
    assert line in out.as_bytes(policy=out.policy.clone(utf8=True))


@pytest.mark.parametrize(
    "name",
    [
        "La fase abierta se cierra el 28 de marzo de 2027, 19:30 (UTC−3): Consulta",
        "La phase ouverte se ferme le 29\N{NO-BREAK SPACE}mars 2027, 00:30 (UTC+2)\N{NO-BREAK SPACE}: Consultation",
        "The phase that is open now closes on 29 March 2027, 00:30 (UTC+2): Consultation of everybody",
        "Слово " * 15 + "конец",
    ],
)
def test_a_subject_arrives_as_it_was_written_and_no_encoded_word_is_empty(name):
    raw = written("invitation", forum=name).as_bytes()
    [subject] = re.findall(rb"^Subject: (.*?)\r\n(?=\S)", raw, re.DOTALL | re.MULTILINE)

    assert all(len(line) <= 78 for line in subject.split(b"\r\n"))
    assert b"??=" not in subject
    assert str(make_header(decode_header(subject.decode().replace("\r\n", "")))).endswith(name)
    assert message_from_bytes(raw, policy=policy.default)["Subject"].endswith(name)


def test_a_digest_is_foretold_in_a_list_of_letters_and_its_lines_hang_together():
    items = [
        LetterItem("Ana Ruiz named you", "Water", "/en/notices/1"),
        LetterItem("Amendment 14 was " + "well " * 15, "", "/en/x"),
    ]
    out = written("digest", forum=NAMES, items=items_as_fact(items), path="/en/notices")

    html, plain = (out.get_body((kind,)).get_content() for kind in ("html", "plain"))
    foretold = html.partition("<body>")[2].partition("<h1>")[0]
    assert all(item.title[:16] in foretold for item in items)
    assert re.findall(r"^- (?:Ana|Amendment).*$", plain, re.MULTILINE)
    assert re.findall(r"^  well well", plain, re.MULTILINE)
    invitation = written("invitation", **FACTS).get_body(("html",)).get_content()
    assert Page(invitation).root.xpath("//body/*[1][following::h1]")[0].text_content().strip()


def test_a_checkpoint_goes_along_as_a_file_word_for_word():
    [file] = written("checkpoint", **FACTS).iter_attachments()

    assert file.get_filename() == "checkpoint.txt"
    assert file.get_content().replace("\r\n", "\n") == FACTS["note"]


def test_a_letter_in_a_language_of_no_interface_is_in_english():
    assert written("test", language="de")["Content-Language"] == "en"


def test_every_reason_why_a_letter_did_not_leave_is_a_sentence():
    folder = TEMPLATES.parents[1] / "letters"
    source = "".join((folder / name).read_text() for name in ("transports.py", "rendering.py"))
    raised = {
        call.args[0].value
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in {"Undelivered", "Unwritable"}
        if isinstance(call.args[0], ast.Constant)
    }

    assert raised | {BOUNCED} == REASONS.keys()
