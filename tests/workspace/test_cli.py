"""The command line: what commands do, what they say, and how they end."""

import json
import re
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest

from workspace import cli
from workspace.cli import main, run
from workspace.core.sheets import Column, xlsx

NOTE = "# Water\n\n## Recommendations\n\n- Towns must publish the state of their fountains.\n"
TEXTS = {
    "es": "# Declaración\n\n1. Las ciudades comparten el agua de 3 fuentes.\n2. Las ciudades reparan las bombas.\n",
    "en": "# Declaration\n\n1. Towns share the water of 3 fountains.\n2. Towns mend the pumps.\n",
    "fr": "# Déclaration\n\n1. Les villes partagent l’eau de 3 fontaines.\n2. Les villes réparent les pompes.\n",
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with a database of its own."""
    _go(tmp_path, monkeypatch)
    return tmp_path


def _go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("WORKSPACE_DATABASE_URL", f"sqlite:///{folder / 'db.sqlite3'}")


@pytest.fixture(scope="module")
def first_forum(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a forum that the command line made, to copy from: to make a database takes a second."""
    folder = tmp_path_factory.mktemp("founded")
    with pytest.MonkeyPatch.context() as monkeypatch:
        _go(folder, monkeypatch)
        assert (
            run(
                [
                    "init",
                    "forum",
                    "--network",
                    "Towns",
                    "--name",
                    "First Forum",
                    "--place",
                    "Villa Clara",
                    "--timezone",
                    "UTC",
                ]
            )
            == 0
        )
        for name, role in (("Ana", "chair"), ("Luc", "secretariat"), ("Eva", "translator")):
            assert run(["user", "add", name, "--forum", "forum", "--role", role, "--organisation", "Town"]) == 0
    return folder


@pytest.fixture
def founded(first_forum: Path, here: Path) -> Path:
    shutil.copytree(first_forum, here, dirs_exist_ok=True)
    return here


def test_where_nothing_is_yet_the_next_step_is_named(here: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["import", *texts(here), "--declaration", "water"]) == 2
    assert "init" in capsys.readouterr().err


@pytest.mark.parametrize("table", ["forum (x)", "notes (x)", "alembic_version AS SELECT '0' AS version_num"])
@pytest.mark.parametrize("command", ["user accounts", "migrate", "init f --network N --name F --timezone UTC"])
def test_a_database_of_another_program_is_refused_and_left_as_it_is(
    here: Path, capsys: pytest.CaptureFixture[str], table: str, command: str
):
    with closing(sqlite3.connect(here / "db.sqlite3")) as other:
        other.execute(f"CREATE TABLE {table}")
        other.commit()
        before = list(other.iterdump())
        assert run(command.split()) == 2
        assert "another program" in capsys.readouterr().err
        assert list(other.iterdump()) == before


def test_a_forum_that_is_named_in_one_language_needs_no_other_name(founded: Path):
    assert run(["init", "second", "--network", "Towns", "--name-fr", "Deuxième Forum", "--timezone", "UTC"]) == 0
    assert run(["export", "second", "--output", "second.json"]) == 0
    assert "Deuxième Forum" in json.dumps(json.loads((founded / "second.json").read_text()), ensure_ascii=False)


@pytest.mark.parametrize("name", ["\u200b", "\u3164", "\u2800\u202e", "\U000e0041"], ids=ascii)
def test_a_name_of_which_nothing_is_seen_is_none_in_a_command_and_in_a_file(
    founded: Path, capsys: pytest.CaptureFixture[str], name: str
):
    (founded / "people.csv").write_text(f"Name,Role\n{name},member\n", encoding="utf-8")
    (founded / "programme.csv").write_text(f"Title,Room\n{name},A\n", encoding="utf-8")
    (founded / "programme.xlsx").write_bytes(xlsx("Programme", [Column("Title"), Column("Room")], [[name, "A"]]))
    (founded / "terms.csv").write_text(f"es,en,fr\nagua,{name},eau\n", encoding="utf-8")
    where = ["--forum", "forum"]
    assert run(["user", "add", name, "--role", "member", *where]) == 2
    assert run(["user", "import", "people.csv", *where]) == 1
    assert run(["programme", "import", "programme.csv", *where]) == 1
    assert run(["programme", "import", "programme.xlsx", *where]) == 1
    assert run(["glossary", "import", "forum", "terms.csv", "--as", "Ana"]) == 0
    capsys.readouterr()
    assert run(["glossary", "export", "forum", "--as", "Ana"]) == 0
    assert "agua,,eau" in capsys.readouterr().out


def test_a_paper_of_no_table_says_where_tables_are_taken(founded: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["import", *texts(founded), "--declaration", "water"]) == 0
    capsys.readouterr()
    for number in ([], ["--number=3"]):
        assert run(["table", "forum/water", "circular", *number]) == 2
        told = capsys.readouterr()
        assert told.err
        assert not told.out


def numbers(output: str) -> list[str]:
    """The whole numbers in what a command printed."""
    return re.findall(r"\d+", output)


def sessions(folder: Path) -> int:
    """How many sessions the forum holds, by its export."""
    written = folder / "counted.json"
    assert run(["export", "forum", "--output", str(written)]) == 0
    content = json.loads(written.read_bytes())["tables"]
    written.unlink()
    return len(content["session"])


def texts(folder: Path, **changed: str) -> list[str]:
    """One file for each language, named for it."""
    paths = []
    for language, text in {**TEXTS, **changed}.items():
        path = folder / f"text.{language}.md"
        path.write_text(text, encoding="utf-8")
        paths.append(str(path))
    return paths


NAMES = main.list_commands(click.Context(main))


@pytest.mark.parametrize("command", [[], *([name] for name in NAMES)], ids=" ".join)
def test_every_command_has_help_worth_reading(command: list[str], capsys: pytest.CaptureFixture[str]):
    assert run([*command, "--help"]) == 0
    assert len(capsys.readouterr().out) > 150


GROUPS = {"": main, **{one.name or "": one for one in main.every() if isinstance(one, click.Group)}}


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_the_list_of_commands_says_one_whole_line_of_each(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: str, group: str
):
    monkeypatch.setenv("WORKSPACE_LANGUAGE", language)
    assert run([*([group] if group else []), "--help"]) == 0
    names = GROUPS[group].list_commands(click.Context(GROUPS[group]))
    lines = capsys.readouterr().out.splitlines()[-len(names) :]
    assert [line.split()[0] for line in lines] == names
    assert all(line.endswith(".") and not line.endswith("..") for line in lines)


@pytest.mark.parametrize(("slip", "meant"), [(["publich"], "publish"), (["user", "eras"], "erase"), (["wrd"], "word")])
def test_a_command_that_there_is_not_brings_the_one_that_was_meant(
    capsys: pytest.CaptureFixture[str], slip: list[str], meant: str
):
    assert run(slip) == 2
    assert f"'{meant}'" in capsys.readouterr().err


def test_a_forum_goes_from_notes_to_an_edition(founded: Path, capsys: pytest.CaptureFixture[str]):
    (founded / "note.md").write_text(NOTE)
    assert run(["import", "note.md", "--accept-all"]) == 0
    assert "note.md" in capsys.readouterr().err

    assert run(["import", *texts(founded), "--declaration", "water", "--language", "es"]) == 0
    assert numbers(capsys.readouterr().out) == ["3"]
    for phase in ("drafting", "review", "consultation", "adoption"):
        assert run(["phase", "forum/water", phase, "--as", "Ana", "--second", "Luc"]) == 0

    publish = ["publish", "forum/water", "--as", "Luc", "--second", "Ana", "--date", "2026-06-12", "--output", "out"]
    assert run(publish) == 1
    assert not (founded / "out").exists()
    assert run(["sign", "forum/water", "--as", "Eva"]) == 0
    assert run(publish) == 0
    assert {path.name for path in (founded / "out").iterdir()} >= {
        "manifest.json",
        "declaration.es.pdf",
        "declaration.es-en-fr.html",
    }

    capsys.readouterr()
    run(["keys", "list"])
    (founded / "keys.txt").write_text(capsys.readouterr().out)
    assert run(["verify", "out/bundle.zip", "--keys", "keys.txt"]) == 0, "the first key was made and has signed"


def test_publishing_is_refused_with_1_and_names_paragraph_and_language(
    founded: Path, capsys: pytest.CaptureFixture[str]
):
    fr = "# Déclaration\n\n1. Les villes partagent l’eau de 3 fontaines.\n"
    assert run(["import", *texts(founded, fr=fr), "--declaration", "water", "--accept-gaps"]) == 0
    for phase in ("drafting", "review", "consultation", "adoption"):
        run(["phase", "forum/water", phase, "--as", "Ana", "--second", "Luc"])
    capsys.readouterr()

    assert run(["publish", "forum/water", "--as", "Luc", "--second", "Ana"]) == 1
    assert capsys.readouterr().err.startswith("2, fr: ")


def test_one_person_alone_does_not_publish(founded: Path):
    run(["import", *texts(founded), "--declaration", "water"])
    for phase in ("drafting", "review", "consultation", "adoption"):
        run(["phase", "forum/water", phase, "--as", "Ana", "--second", "Luc"])
    run(["sign", "forum/water", "--as", "Eva"])

    publish = ["publish", "forum/water", "--as", "Luc", "--output", "out"]
    assert run([*publish, "--second", "Luc"]) == 2
    assert not (founded / "out").exists()
    assert run([*publish, "--second", "Ana"]) == 0
    assert (founded / "out").exists()


def test_texts_that_lack_too_much_are_refused_and_nothing_is_stored(founded: Path, capsys: pytest.CaptureFixture[str]):
    paths = texts(founded, fr="# Déclaration\n\n1. Les villes partagent l’eau de 3 fontaines.\n")

    assert run(["import", *paths, "--declaration", "water"]) == 2
    assert re.search("pumps|bombas", capsys.readouterr().err), "the beginning of a paragraph that lacks"
    assert run(["import", *texts(founded), "--declaration", "water"]) == 0, "the address is still free"


def test_a_text_in_one_language_is_taken_in_without_a_doubt(founded: Path, capsys: pytest.CaptureFixture[str]):
    (founded / "text.en.md").write_text("# Declaration of Puerto Claro\n\nThe 40 towns share their water.\n")
    assert run(["import", "text.en.md", "--declaration", "water"]) == 0
    assert capsys.readouterr().err == ""


def test_doubtful_paragraphs_are_told_and_decided_about(founded: Path, capsys: pytest.CaptureFixture[str]):
    for name, text in {
        "text.es.md": "# Declaración de Puerto Claro\n\nLas 40 ciudades comparten el agua.\n\nNadie pagará el pan.\n",
        "text.en.md": "# Declaration of Puerto Claro\n\nThe 40 towns share their water until 2030.\n\n"
        "Benches shall stand in the shade of every square, and somebody shall mend them.\n",
    }.items():
        (founded / name).write_text(text)
    take_in = ["import", "text.es.md", "text.en.md", "--declaration", "water"]
    assert run([*take_in, "--dry-run"]) == 0
    told = capsys.readouterr()
    assert "--decide 2=apart" in told.err
    assert numbers(told.out) == ["3"]

    assert run([*take_in, "--decide", "1=apart"]) == 2
    assert "1" in numbers(capsys.readouterr().err)
    assert run([*take_in, "--decide", "2=below"]) == 2
    told = capsys.readouterr().err
    assert all(choice in told for choice in ("keep", "apart", "above"))
    assert run([*take_in, "--decide", "2=apart"]) == 0
    assert numbers(capsys.readouterr().out) == ["4"]


def test_markdown_that_cannot_be_kept_is_refused_with_its_file_and_line(
    founded: Path, capsys: pytest.CaptureFixture[str]
):
    paths = texts(founded, fr="# Déclaration\n\n- point\n\n  ## un titre dans une liste\n")

    assert run(["import", *paths, "--declaration", "water"]) == 2
    told = capsys.readouterr().err
    assert "text.fr.md" in told
    assert "5" in numbers(told)
    assert run(["import", *texts(founded), "--declaration", "water"]) == 0, "the address is still free"


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"\x00\x01\x02", "note.md"), (b"\xff\xfeabc", "note.md"), (b"", "note.md")],
)
def test_a_file_that_is_no_text_is_refused_with_its_name_and_the_others_come_in(
    founded: Path, capsys: pytest.CaptureFixture[str], content: bytes, said: str
):
    (founded / "note.md").write_bytes(content)
    (founded / "good.md").write_text(NOTE)

    assert run(["import", "note.md", "good.md"]) == 1
    told = capsys.readouterr().err
    assert said in told
    assert "good.md" in told
    assert sessions(founded) == 1


def test_the_same_notes_are_not_taken_in_twice(founded: Path, capsys: pytest.CaptureFixture[str]):
    (founded / "note.md").write_text(NOTE)
    run(["import", "note.md"])
    capsys.readouterr()

    assert run(["import", "note.md"]) == 0
    assert "note.md" in capsys.readouterr().err
    assert sessions(founded) == 1


def test_a_dry_run_prints_what_the_notes_say_and_stores_nothing(founded: Path, capsys: pytest.CaptureFixture[str]):
    (founded / "note.md").write_text(NOTE)
    capsys.readouterr()

    assert run(["import", "note.md", "--dry-run", "--json"]) == 0
    [found] = json.loads(capsys.readouterr().out)
    assert [one["text"] for one in found["recommendations"]] == ["Towns must publish the state of their fountains."]
    assert sessions(founded) == 0
    assert run(["import", "note.md"]) == 0
    assert sessions(founded) == 1


def test_an_exported_forum_comes_back_elsewhere(founded: Path, monkeypatch: pytest.MonkeyPatch):
    run(["import", *texts(founded), "--declaration", "water"])
    assert run(["export", "forum", "--output", "forum.json"]) == 0
    monkeypatch.setenv("WORKSPACE_DATABASE_URL", f"sqlite:///{founded / 'other.sqlite3'}")

    assert run(["import", "forum.json"]) == 0
    assert run(["export", "forum", "--output", "again.json"]) == 0
    there, back = (json.loads((founded / name).read_bytes())["tables"] for name in ("forum.json", "again.json"))
    assert there == back


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nonsense"], 2),
        (["import", "nowhere.md"], 2),
        (["import"], 2),
        (["export", "no-such-forum"], 2),
        (["publish", "forum", "--as", "A", "--second", "B"], 2),
        (["phase", "forum/water", "drafting", "--as", "A"], 2),
        (["verify"], 4),
        (["audit"], 4),
    ],
)
def test_a_wrong_call_ends_with_its_code_and_no_traceback(
    arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]
):
    assert run(arguments) == code
    told = capsys.readouterr().err
    assert told
    assert "Traceback" not in told


def test_a_fault_of_the_program_ends_with_2_and_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    @click.command()
    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(cli.main.commands, "broken", broken)

    assert run(["broken"]) == 2
    assert "ZeroDivisionError" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "value"),
    [("WORKSPACE_LANGUAGE", "de"), ("WORKSPACE_DATABASE_URL", "nonsense"), ("WORKSPACE_DATABASE_URL", "mysql://x/y")],
)
def test_a_setting_that_makes_no_sense_stops_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
):
    monkeypatch.setenv(name, value)

    assert run(["migrate"]) == 2
    assert name in capsys.readouterr().err


def test_refusals_are_said_in_the_language_of_the_command_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    said = {}
    for language in ("es", "en", "fr"):
        monkeypatch.setenv("WORKSPACE_LANGUAGE", language)
        run(["export", "no-such-forum"])
        said[language] = capsys.readouterr().err

    assert len(set(said.values())) == 3


def test_dates_are_set_and_shown_and_need_the_chair(founded: Path, capsys: pytest.CaptureFixture[str]):
    run(["import", *texts(founded), "--declaration", "water"])
    capsys.readouterr()
    dates = ["--closes", "2999-06-12T18:00", "--zone", "Europe/Madrid"]
    assert run(["calendar", "forum/water", "amendments", *dates]) == 2
    assert run(["calendar", "forum/water", "amendments", *dates, "--as", "Luc"]) == 2
    capsys.readouterr()
    assert run(["calendar", "forum/water", "amendments", "--closes", "2026-02-30T18:00", "--as", "Ana"]) == 2
    assert "2026-02-30T18:00" in capsys.readouterr().err
    assert run(["calendar", "forum/water"]) == 0
    assert not numbers(capsys.readouterr().out)
    soon = (datetime.now(tz=UTC) + timedelta(days=9)).strftime("%Y-%m-%dT18:00")
    assert run(["calendar", "forum/water", "amendments", "--closes", soon, "--as", "Ana"]) == 0
    assert f"{soon}:00+00:00" in capsys.readouterr().out


def test_the_step_to_adoption_takes_a_second_person(founded: Path, capsys: pytest.CaptureFixture[str]):
    run(["import", *texts(founded), "--declaration", "water"])
    for phase in ("drafting", "review", "consultation"):
        run(["phase", "forum/water", phase, "--as", "Ana"])
    capsys.readouterr()
    for second in ([], ["--second", "Ana"], ["--second", "Eva"]):
        assert run(["phase", "forum/water", "adoption", "--as", "Ana", *second]) == 2
    assert run(["phase", "forum/water", "adoption", "--as", "Ana", "--second", "Luc"]) == 0
    assert "adoption" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["phase", "forum/water", "drafting", "--as", "Anna"], "“water”"),
        (["phase", "fourm/water", "drafting", "--as", "Ana"], "“fourm”"),
        (["user", "reset", "ana@exmaple.org"], "“ana@exmaple.org”"),
    ],
)
@pytest.mark.usefixtures("founded")
def test_a_name_that_was_mistyped_is_said(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]):
    capsys.readouterr()
    assert run(arguments) == 2
    assert said in capsys.readouterr().err


def test_somebody_who_may_not_is_told_apart_from_somebody_who_is_not_there(
    founded: Path, capsys: pytest.CaptureFixture[str]
):
    assert run(["import", *texts(founded), "--declaration", "water", "--language", "es"]) == 0
    capsys.readouterr()
    assert run(["phase", "forum/water", "drafting", "--as", "Anna"]) == 2
    assert "“Anna”" in capsys.readouterr().err
    assert run(["phase", "forum/water", "drafting", "--as", "Eva"]) == 2
    told = capsys.readouterr().err
    assert told
    assert "“Eva”" not in told
