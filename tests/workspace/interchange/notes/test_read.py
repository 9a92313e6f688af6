"""What is taken in, what is refused, and that nothing else ever happens."""

import os
import subprocess
import sys
import time
from contextlib import suppress

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workspace.core.errors import BadFile
from workspace.interchange.notes import LONG, extract, extract_text, read_note
from workspace.sessions.extraction import Extraction

KEYS = {
    "source", "language", "document_kind", "title", "sessions", "template_sections", "objectives", "key_messages",
    "discussion_questions", "recommendations", "participants", "collaboration_projects", "links", "inconsistencies",
}  # fmt: skip


def refusal(data: bytes) -> BadFile:
    with pytest.raises(BadFile) as refused:
        extract(data, source="note.txt")
    return refused.value


@pytest.mark.parametrize(
    ("data", "facts"),
    [
        (b"", {"reason": "empty"}),
        (b" \n\t\r\n--- \n", {"reason": "empty"}),
        (b"%PDF-1.7 words", {"reason": "damaged_file"}),
        (b"PK\x03\x04 words", {"reason": "not_an_archive"}),
        (b"{\\rtf1 words}", {"reason": "unknown_kind"}),
        (b"\xd0\xcf\x11\xe0 words", {"reason": "old_word"}),
        (b"One line.\nTwo\0", {"reason": "binary", "line": 2, "offset": 13}),
        (b"\x01\x02\x03\x04words", {"reason": "binary", "line": 1, "offset": 0}),
        (b"a\r\nb\rc\x81", {"reason": "encoding", "line": 3, "offset": 6}),
        (b"a\xb1\xb2\xb3\xd7", {"reason": "encoding", "line": 1, "offset": 1}),
        (b"a" * 10_000_001, {"reason": "too_large", "bytes": 10_000_001, "most": 10_000_000}),
        (b"a" * 700_001, {"reason": "too_many_letters", "most": 700_000}),
        (b"a\n" * 100_001, {"reason": "too_many_lines", "line": 100_000, "most": 100_000}),
    ],
)
def test_what_is_no_readable_text_is_refused_with_the_place(data, facts):
    assert refusal(data).facts == {"source": "note.txt", **facts}


def test_a_byte_order_mark_is_no_part_of_the_first_line():
    note = "\ufeffRecommendations\n\n- Open every riverbank to the public.\n".encode()

    assert [found.line for found in extract(note, source="a.md").recommendations] == [3]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_are_counted_alike_whatever_ends_them(ending):
    note = ending.join(["# Minutes", "", "The towns met.", "They must open the archive to all."]).encode()

    assert [found.line for found in extract(note, source="a.md").recommendations] == [4]


def test_pages_are_counted_where_form_feeds_part_them():
    note = b"# Minutes\n\nThe towns met in spring.\n\fThey must open the archive to all.\n"

    assert [(found.line, found.page) for found in extract(note, source="a.md").recommendations] == [(4, 2)]


def test_the_answer_has_the_agreed_shape_and_no_other_key():
    note = b"# Minutes\n\nTowns must share their wells. See https://wells.example.org.\n"
    encoded = msgspec.json.encode(extract(note, source="a.md"))

    assert set(msgspec.json.decode(encoded)) == KEYS
    assert msgspec.json.decode(encoded, type=Extraction, strict=True) == extract(note, source="a.md")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Las ciudades comparten el agua y los caminos de la montaña.", "es"),
        ("The towns share the water and the roads of the mountain.", "en"),
        ("Les villes partagent l'eau et les chemins de la montagne.", "fr"),
        ("Die Städte teilen sich das Wasser und die Wege der Berge. " * 9, "und"),
        ("12 h", "und"),
    ],
)
def test_the_language_of_a_note_is_told(text, language):
    assert extract(text.encode(), source="a.txt").language == language


PIECES = st.sampled_from(
    [
        "Las ciudades deben ", "Towns must ", "Il faut que ", ":", "\n", "\n\n\n\n", "- ", "1. ",
        "## ", "# ", "| ", "\t", "<p>", "● ", "¿", "?",
        "12:00 ", "9h30 - 10h00 ", "3 de mayo de 2027", "30 February 2027", "(máx. 10 palabras)",
        "Fecha: ", "Session 1: ", "Title: ",
        "Speakers: ", "Recomendaciones", "Proyecto 1: ", "; crear ", "cómo: ", "**", "(10 min)", "UTC+99",
        "palabra ", "\f", "\u2028", "Ana Ruiz, alcaldesa de Lugo, España", "31/31/27 ", "Participants\n", "«", "-",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=60).map("".join))
def test_any_text_is_read_or_refused_and_every_line_exists(text):
    try:
        found = extract(text.encode(errors="ignore"), source="a.txt")
    except BadFile:
        return
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    said = (*found.recommendations, *found.objectives, *found.key_messages, *found.discussion_questions)
    assert all(1 <= (statement.line or 0) <= lines for statement in said)
    assert all(0 <= statement.session < len(found.sessions) for statement in said if statement.session is not None)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    reasons = {"empty", "binary", "encoding", "unknown_kind", "old_word", "not_an_archive", "damaged_file"}
    try:
        extract(data, source="a.bin")
    except BadFile as refused:
        reasons.remove(str(refused.facts["reason"]))


@pytest.mark.long
@pytest.mark.parametrize(
    "run", ["a", "deben ", "Towns must act. ", "¿qué? ", "como: a; ", "12:00 ", "x\t", "● a ", "(", "<p>", "-a"]
)
def test_a_line_of_a_million_characters_is_read_in_good_time(run):
    started = time.monotonic()
    with suppress(BadFile):
        extract((run * (1_000_000 // len(run))).encode(), source="a.txt")
    assert time.monotonic() - started < 30


def test_a_long_note_is_read_in_a_process_of_its_own_and_says_the_same():
    text = "Las ciudades deben cuidar sus fuentes.\n\n" + "El río crece en primavera. " * 2_400
    assert len(text) > LONG
    assert read_note(text.encode(), source="largo.txt").extraction == extract_text(text, source="largo.txt")


AS_EVER = "import sys, workspace.interchange.notes as n; print(n.extract_text(sys.stdin.read(), source='n').title)"
OF_TWO_AS_GOOD = """ASSOCIATION DES COMMUNES RIVERAINES

PROCÈS-VERBAL
de la deuxième session ordinaire du Conseil d'administration, exercice 2026

L'an deux mil vingt-six et le mercredi deux décembre, à neuf heures quinze minutes, s'est tenue à
la Maison des Communes de Tenkoré la deuxième session ordinaire du Conseil d'administration,
sous la présidence de M. Issoufou Tiendrabé, maire de Tenkoré.
"""


def test_a_note_is_read_alike_in_every_process():
    found = {
        subprocess.run(
            [sys.executable, "-c", AS_EVER],
            input=OF_TWO_AS_GOOD.encode(),
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in "123456"
    }

    assert len(found) == 1
