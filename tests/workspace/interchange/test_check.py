"""The command `check`: two files, or a list of pairs, as a translator's own tools would call it."""

import contextlib
import io
import json
import os
import subprocess
import sys

import pytest

from workspace.cli import run

SOURCE = "# Water\n\nTowns share 1,500 wells.\n\nWe met on 24 June 2026.\n\nNobody pays.\n"
TARGET = "# El agua\n\nLas ciudades comparten 1.600 pozos.\n\nNos reunimos el 24 de junio de 2026.\n\nNadie paga.\n"


def check(folder, *arguments, given=None, language="en"):
    """What the command answers here; that it is a process of its own is tried below."""
    answer, refusal, typed = (io.TextIOWrapper(io.BytesIO(words), "utf-8") for words in (b"", b"", given or b""))
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.chdir(folder),
        contextlib.redirect_stdout(answer),
        contextlib.redirect_stderr(refusal),
    ):
        patch.setenv("WORKSPACE_LANGUAGE", language)
        patch.setattr("sys.stdin", typed)
        code = run(["check", *arguments])
        answer.flush()
        refusal.flush()
    return subprocess.CompletedProcess(arguments, code, answer.buffer.getvalue(), refusal.buffer.getvalue())


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.en.md").write_text(SOURCE)
    (tmp_path / "a.es.md").write_text(TARGET)
    return tmp_path


def pairs(folder, *rows, **more):
    keys = ("id", "from", "to", "source", "target")
    given = {"pairs": [dict(zip(keys, row, strict=True)) for row in rows], **more}
    (folder / "pairs.json").write_text(json.dumps(given))
    return check(folder, "--pairs", "pairs.json")


def test_two_files_are_put_side_by_side_and_what_differs_is_named(folder):
    answer = check(folder, "a.en.md", "a.es.md", "--format", "json")
    [finding] = json.loads(answer.stdout)
    assert answer.returncode == 1
    assert [finding["block"], finding["check"], finding["severity"]] == [1, "number_mismatch", "error"]
    assert [finding["source"], finding["target"]] == ["1,500", "1.600"]
    assert "1,500" in finding["message"]


def test_a_paragraph_without_partner_is_missing(folder):
    (folder / "a.es.md").write_text(TARGET.replace("1.600", "1.500").replace("Nadie paga.\n", ""))
    answer = check(folder, "a.en.md", "a.es.md", "--format", "json")
    assert [(one["block"], one["check"]) for one in json.loads(answer.stdout)] == [(3, "missing")]
    assert answer.returncode == 1


def test_warnings_alone_are_no_failure(folder):
    (folder / "a.es.md").write_text(TARGET.replace("1.600", "1.500").replace("junio", "Junio"))
    answer = check(folder, "a.en.md", "a.es.md")
    assert [answer.returncode, answer.stderr] == [0, b""]
    assert "[month_case]" in answer.stdout.decode()
    assert "Nos reunimos el 24 de junio de 2026." in answer.stdout.decode()


def test_what_reading_a_file_mends_by_itself_is_said(folder):
    (folder / "a.es.md").write_text(TARGET.replace("1.600", "1.500").replace("Nadie", "Na\u200bdie"))
    answer = check(folder, "a.en.md", "a.es.md", "--format", "json")
    assert [(one["block"], one["check"]) for one in json.loads(answer.stdout)] == [(3, "invisible_char")]


def test_a_clean_translation_passes(folder):
    (folder / "a.es.md").write_text(TARGET.replace("1.600", "1.500"))
    answer = check(folder, "a.en.md", "a.es.md", "--format", "json")
    assert [answer.returncode, json.loads(answer.stdout)] == [0, []]


def test_pairs_are_answered_by_id_with_the_checks_in_alphabetical_order(folder):
    answer = pairs(
        folder,
        ("a", "en", "es", "We met on 24 June with 12 towns.", "Nos reunimos el 25 de junio con 13 ciudades"),
        ("b", "en", "fr", "We met.", "Nous nous sommes réunis."),
        (7, "es", "en", "Las ciudades.", ""),
    )
    assert json.loads(answer.stdout) == [
        {"id": "a", "checks": ["date_mismatch", "end_punct", "number_mismatch"]},
        {"id": "b", "checks": []},
        {"id": 7, "checks": ["empty"]},
    ]
    assert answer.returncode == 1


def test_pairs_bring_their_glossary_acronyms_and_profile(folder):
    answer = pairs(
        folder,
        ("a", "en", "fr", "Local governments and WNC act.", "Les pouvoirs locaux et WNC agissent."),
        ("b", "es", "fr", "Los «gobiernos locales».", "Les «gouvernements locaux»."),
        profile="eu",
        glossary=[
            {"en": ["local government"], "es": ["gobierno local"], "fr": ["gouvernement local"]},
            {"en": ["local government"], "fr": ["gouvernement local"], "forbidden": {"fr": ["pouvoir local"]}},
        ],
        acronyms=[{"es": "RCM", "en": "WNC", "fr": "RMV"}],
    )
    assert json.loads(answer.stdout) == [
        {"id": "a", "checks": ["acronym_mismatch", "glossary_forbidden", "glossary_mismatch"]},
        {"id": "b", "checks": []},
    ]


@pytest.mark.parametrize(("language", "words"), [("es", "Los números difieren"), ("fr", "Les nombres diffèrent")])
def test_it_speaks_the_language_of_the_command_line(folder, language, words):
    answer = check(folder, "a.en.md", "a.es.md", language=language)
    assert words in answer.stdout.decode()


@pytest.mark.parametrize(
    ("arguments", "given", "words"),
    [
        (("a.en.md",), None, "Name two files"),
        (("a.en.md", "a.en.md"), None, "same language"),
        (("a.en.md", "nothing.md"), None, "nothing.md"),
        (("--pairs", "a.en.md"), None, "not a list of pairs"),
        (("--pairs", "-"), b'{"pairs": [{"id": 1}]}', "$.pairs[0]"),
        (("--pairs", "-"), b"\xff\xfe", "not a list of pairs"),
        (("a.en.md", "-", "--to", "es"), b"caf\xe9", "UTF-8"),
        (("a.en.md", "-"), b"Hola.", "language"),
        (("a.en.md", "a.es.md", "--profile", "martian"), None, "martian"),
        (("a.en.md", "--pairs", "pairs.json"), None, "pairs.json"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(folder, arguments, given, words):
    answer = check(folder, *arguments, given=given)
    assert [answer.returncode, answer.stdout] == [2, b""]
    assert words in answer.stderr.decode()
    assert "Traceback" not in answer.stderr.decode()


def test_spelling_is_looked_at_where_a_dictionary_is_named(folder):
    (folder / "words").mkdir()
    (folder / "words" / "es_ES.aff").write_text("SET ISO8859-1\nSFX S Y 1\nSFX S 0 s .\n", encoding="latin-1")
    (folder / "words" / "es_ES.dic").write_text("2\nvivienda/S\nestará\n", encoding="latin-1")
    without = pairs(folder, (1, "en", "es", "There is housing.", "Estará la vivenda."))
    assert json.loads(without.stdout) == [{"id": 1, "checks": []}]
    told = check(folder, "--pairs", "pairs.json", "--dictionaries", "words")
    assert json.loads(told.stdout) == [{"id": 1, "checks": ["spelling"]}]


def test_it_starts_without_the_web_and_the_database(folder):
    program = (
        "import sys; from workspace.cli import run; code = run(['check', 'a.en.md', 'a.es.md']); "
        "heavy = {'litestar', 'sqlalchemy', 'jinja2'} & set(sys.modules); assert not heavy, heavy; sys.exit(code)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=False,
    )
    assert [answer.returncode, answer.stderr] == [1, b""]
