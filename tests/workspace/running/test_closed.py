"""No command writes during maintenance, nor into a database that was moved: each that there is, tried."""

import os

import click
import pytest
import sqlalchemy as sa

from tests.support import factories
from tests.workspace.letters.post_office import report
from workspace.cli import main, run
from workspace.core.storage import maintenance
from workspace.core.storage.db import Model, Store
from workspace.web.refusals.slice_registry import REGISTRY

TEXT = "third-forum/declaration"
FORUM, ANA = ("--forum", "third-forum"), ("--as", "Ana")
WRITES = {
    "audit checkpoint": (),
    "calendar": (TEXT, "review", "--opens", "2027-06-01", *ANA),
    "glossary import": (TEXT, "table.csv", *ANA),
    "import": ("note.md", *FORUM),
    "init": ("another", "--network", "N", "--name", "N", "--timezone", "UTC", "--admin", "", "--email", ""),
    "keys create": (),
    "keys revoke": ("abcd", "--reason", "Lost."),
    "keys rotate": (),
    "letters bounced": ("report.eml",),
    "letters retry": ("--all",),
    "letters write-again": ("ana@example.org",),
    "mail": (TEXT, "note.md"),
    "maintenance on": (),
    "memory import": ("third-forum", "memory.tmx", *ANA),
    "move": ("--to", "sqlite:///new.sqlite3"),
    "notes train": ("third-forum",),
    "override": (TEXT, "abcd", *ANA),
    "phase": (TEXT, "consultation", *ANA),
    "programme attach": ("1", "programme.csv", *FORUM),
    "programme divide": ("1", *FORUM, "--item", "1"),
    "programme edit": ("session.json", *FORUM),
    "programme import": ("programme.csv", *FORUM),
    "programme remove": ("1", *FORUM, "--reason", "Twice."),
    "publish": (TEXT, *ANA, "--second", "Luc"),
    "reindex": (),
    "sign": (TEXT, *ANA),
    "user add": ("Eva", *FORUM, "--role", "member"),
    "user appoint-deputy": ("Ana", "Luc", *FORUM, "--from", "2027-01-01", "--to", "2027-02-01"),
    "user change-role": ("Ana", *FORUM, "--role", "chair", "--to-role", "member"),
    "user close": ("ana@example.org",),
    "user end-role": ("Ana", *FORUM, "--role", "chair"),
    "user end-session": ("ana@example.org", "0190a000-0000-7000-8000-000000000000"),
    "user end-sessions": ("ana@example.org",),
    "user erase": ("Ana", *FORUM, *ANA),
    "user give-role": ("Ana", *FORUM, "--role", "member"),
    "user import": ("people.csv", *FORUM),
    "user invite": ("eva@example.org", *FORUM, "--role", "member"),
    "user rename": ("Ana", "Anna", *FORUM),
    "user reopen": ("ana@example.org",),
    "user reset": ("ana@example.org",),
    "user withdraw-invitation": ("eva@example.org", *FORUM),
    "vote cast": (TEXT, "1", "yes", *ANA),
    "vote close": (TEXT, "1", *ANA),
    "vote open": (TEXT, "1", *ANA),
}
READS = {
    "audit replay": ("third-forum",),
    "audit verify": (),
    "backup": ("kept.backup",),
    "doctor": (),
    "export": ("third-forum",),
    "export site": ("third-forum",),
    "glossary export": (TEXT,),
    "keys list": (),
    "letters list": (),
    "letters unreached": (),
    "maintenance status": (),
    "memory export": ("third-forum",),
    "memory find": ("third-forum", "water"),
    "programme export": ("sessions.xlsx", *FORUM),
    "table": (TEXT, "amendments"),
    "user accounts": (),
    "user invitations": FORUM,
    "user list": FORUM,
    "user roles": ("A chair", *FORUM),
    "user sessions": ("ana@example.org",),
    "vote list": (TEXT,),
    "vote record": (TEXT, "1"),
    "word": (TEXT,),
}
WITHOUT = {"check", "deploy", "diff", "merge", "rebase", "settings", "verify", "letters test"}  # no database at all
OTHER = {
    "demo": "a database of its own",
    "maintenance off": "ends it; of a moved database only where it is told so",
    "migrate": "is what maintenance is for; a moved database stays as it is",
    "restore": "into an empty database only",
    "serve": "shows what there is; every request that writes is refused",
    "worker": "its jobs rest",
}
STATES = {"maintenance": maintenance.begin, "moved": maintenance.retire}


def commands(group: click.Group, path: str = "") -> list[str]:
    found = []
    for command in group.every():
        name = f"{path} {command.name}".strip()
        if isinstance(command, click.Group):
            found += commands(command, name) if hasattr(command, "every") else [name]
        else:
            found.append(name)
    return found


def test_every_command_of_the_command_line_is_tried_here():
    known = [*WRITES, *READS, *WITHOUT, *OTHER]
    assert sorted(set(commands(main)) | {"export"}) == sorted(known)


@pytest.fixture
def there(store: Store, tmp_path, monkeypatch):
    with store.writing() as db:
        factories.declaration(db)
        factories.chair(db)
    for name, content in (
        ("note.md", "# Water\n\n## Recommendations\n\n- Towns must publish.\n"),
        ("people.csv", "Name,Role\nEva,member\n"),
        ("table.csv", "en,es\nwater,agua\n"),
        ("session.json", '{"title": "Water"}'),
        ("programme.csv", "Title\nWater\n"),
        ("memory.tmx", "<tmx version='1.4'><header/><body/></tmx>"),
    ):
        (tmp_path / name).write_text(content, encoding="utf-8")
    (tmp_path / "report.eml").write_bytes(report("<0190a000-0000-7000-8000-000000000000@letters.example>"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORKSPACE_DATABASE_URL", store.engine.url.render_as_string())
    return store


def content(store: Store) -> list[tuple[str, list[str]]]:
    with store.reading() as db:
        return [
            (table.name, sorted(map(str, db.execute(sa.select(table)).all()))) for table in Model.metadata.sorted_tables
        ]


@pytest.mark.parametrize("state", STATES)
def test_what_writes_is_refused_and_says_why(there: Store, state: str, capsys):
    STATES[state](there)
    before, told = content(there), {}
    for command, arguments in WRITES.items():
        if state == "maintenance" and command in {"maintenance on", "move"}:
            continue  # for longer; and what needs nobody to write
        capsys.readouterr()
        assert run([*command.split(), *arguments]) in {1, 2, 4}, command
        told[command] = capsys.readouterr().err
    assert content(there) == before
    said = REGISTRY.get().explanations[f"workspace.{state}"].details[0]
    not_ready = {"publish", "vote close"}  # what they read first is not
    assert {command for command, words in told.items() if said not in words} <= not_ready


@pytest.mark.parametrize("state", STATES)
def test_what_reads_answers_and_changes_nothing(there: Store, state: str, capsys):
    STATES[state](there)
    before = content(there)
    said = REGISTRY.get().explanations[f"workspace.{state}"].details[0]
    for command, arguments in [*READS.items(), ("calendar", (TEXT,))]:
        capsys.readouterr()
        run([*command.split(), *arguments])
        assert said not in capsys.readouterr().err, command
    assert run(["worker", "--once"]) == 0
    assert content(there) == before


def test_a_moved_database_is_not_opened_again_by_ending_maintenance(there: Store):
    maintenance.retire(there)
    assert run(["maintenance", "off"]) == 2
    assert run(["maintenance", "status"]) == 1
    assert run(["maintenance", "off", "--although-moved"]) == 0
    assert run(["user", "add", "Eva", *FORUM, "--role", "member"]) == 0


def test_a_database_is_its_owners_alone_whichever_command_makes_it(tmp_path, monkeypatch):
    before = os.umask(0o022)
    try:
        monkeypatch.chdir(tmp_path)
        for name, command in (
            (
                "first",
                [
                    "init",
                    "third-forum",
                    "--network",
                    "N",
                    "--name",
                    "N",
                    "--timezone",
                    "UTC",
                    "--admin",
                    "Ana",
                    "--email",
                    "a@b.example",
                ],
            ),
            ("first", ["backup", "kept.zip"]),
            ("first", ["export", "third-forum", "--output", "forum.json"]),
            ("second", ["restore", "kept.zip"]),
            ("third", ["import", "forum.json"]),
            ("first", ["move", "--to", f"sqlite:///{tmp_path}/fourth.sqlite3"]),
        ):
            monkeypatch.setenv("WORKSPACE_DATABASE_URL", f"sqlite:///{tmp_path}/{name}.sqlite3")
            assert run(command) == 0, command
    finally:
        os.umask(before)
    made = {path.name.partition(".")[0]: path.stat().st_mode & 0o077 for path in tmp_path.glob("*.sqlite3*")}
    assert made == dict.fromkeys(("first", "second", "third", "fourth"), 0)
    assert (tmp_path / "kept.zip").stat().st_mode & 0o077 == 0
