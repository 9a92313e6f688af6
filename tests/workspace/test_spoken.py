"""The command line answers in three languages: help, answers, and every refusal, those of click itself too."""

import gettext
import os
from pathlib import Path

import click
import pytest
from babel.messages.extract import extract_from_dir

from drafts.text.blocks import Language
from workspace.cli import main, run
from workspace.core.settings import Settings
from workspace.paths import LOCALES
from workspace.web.i18n import command_line, messages

NEVER_SAID = {  # of options that no command of ours has, and to programmers
    "Arguments take exactly one parameter declaration, got {length}: {decls}.",
    "Boolean option {decl!r} cannot use the same flag for true/false.",
    "Could not determine name for option with declarations {decls!r}",
    "DeprecationWarning: The command {name!r} is deprecated.{extra_message}",
    "DeprecationWarning: The {param_type} {name!r} is deprecated.{extra_message}",
    (
        "No options defined but a name was passed ({name}). Did you mean to declare an argument instead? "
        "Did you mean to pass '--{name}'?"
    ),
    "Shell completion is not supported for Bash versions older than 4.4.",
    "{value!r} is not a valid boolean. Recognized values: {states}",
    "(dynamic)",
    "Aborted!",
    "Choice({choices})",
    "Confirm the action without prompting.",
    "Couldn't detect Bash version, shell completion is not supported.",
    "Do you want to continue?",
    "Name '{name}' defined twice",
    "Press any key to continue...",
    "Repeat for confirmation",
    "Show the version and exit.",
    "Unknown color {colour!r}",
    "Unknown standard stream '{name}'",
    "Value must be an iterable.",
    "Windows error: {error}",
    "d",
    "deprecated",
    "directory",
    "file",
    "path",
    "{editor}: Editing failed",
    "{editor}: Editing failed: {e}",
    "{len_type} values are required, but {len_value} was given.",
    "{name} {filename!r} is not executable.",
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("WORKSPACE_LANGUAGE", "WORKSPACE_CONFIG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)


def test_every_word_that_click_can_say_is_one_of_our_messages():
    found = extract_from_dir(Path(click.__file__).parent, [("**.py", "python")])
    asked = {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}
    ours = {*command_line.OF_CLICK, *(one for one, _ in command_line.COUNTED_BY_CLICK)}
    assert asked - ours == NEVER_SAID
    assert ours <= asked


@pytest.mark.parametrize("language", [Language.ES, Language.FR])
def test_what_click_finds_is_what_the_catalogue_says(language):
    compiled = gettext.translation(
        command_line.CLICK, LOCALES, [language]
    )  # by `python -m workspace.web.i18n.messages`
    ours = messages.messages(language).catalogue
    for message in command_line.OF_CLICK:
        assert compiled.gettext(message) == ours.gettext(message)
    for message, many in command_line.COUNTED_BY_CLICK:
        for number in (1, 2):
            assert compiled.ngettext(message, many, number) == ours.ngettext(message, many, number)


@pytest.mark.parametrize("language", [Language.ES, Language.FR])
@pytest.mark.parametrize(
    ("arguments", "message", "facts"),
    [
        (["usr"], "No such command {name!r}.", {"name": "usr"}),
        (["user", "--forum"], "No such option {name!r}.", {"name": "--forum"}),
        (["phase"], "Missing argument", {}),
        (["user", "list"], "Missing option", {}),
        (["init", "one", "two"], "Got unexpected extra argument ({args})", {"args": "two"}),
        (["letters", "retry", "x"], "{value!r} is not a valid UUID.", {"value": "x"}),
        (["backup", "."], "{name} {filename!r} is a directory.", {"name": "File", "filename": "."}),
        (["letters", "retry"], "Name e-mails, or give --all.", {}),
        (["--help"], "Commands", {}),
        (["phase", "--help"], "Reason; required for going back.", {}),
    ],
)
def test_a_wrong_call_is_refused_in_the_language_of_the_command_line(
    monkeypatch, capsys, *, language: Language, arguments: list[str], message: str, facts: dict[str, str]
):
    monkeypatch.setenv("WORKSPACE_LANGUAGE", language)
    assert run(arguments) == (0 if "--help" in arguments else 2)
    said = capsys.readouterr()
    expected = messages.messages(language).catalogue.gettext(message).format(**facts)
    assert expected in said.out + said.err


@pytest.mark.parametrize("before", [None, "de"])
def test_other_programs_speak_as_before_once_a_command_has_ended(monkeypatch, before):
    monkeypatch.setenv("WORKSPACE_LANGUAGE", "fr")
    monkeypatch.setenv("LANGUAGE", before or "")
    if before is None:
        monkeypatch.delenv("LANGUAGE")
    assert run(["--help"]) == 0
    assert os.environ.get("LANGUAGE") == before


def test_help_stands_as_it_did_once_it_has_been_said_in_another_language(monkeypatch, capsys):
    def told(language: str) -> str:
        monkeypatch.setenv("WORKSPACE_LANGUAGE", language)
        assert run(["audit", "verify", "--help"]) == 0
        return capsys.readouterr().out

    english = told("en")
    assert messages.messages(Language.ES).gettext("Usage:") in told("es")
    assert told("en") == english
    assert "\n            1: altered; each place" in english, "lines that count stay apart"


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "es_ES.UTF-8"}, "es"),
        ({"LANG": "es_ES.UTF-8", "LC_ALL": "fr_BE"}, "fr"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "es_ES.UTF-8", "WORKSPACE_LANGUAGE": "en"}, "en"),
    ],
)
def test_the_settings_say_the_language_or_else_the_terminal(environ: dict[str, str], language: str):
    assert Settings.read(environ).language == language


def test_the_file_of_settings_says_the_language_too(monkeypatch, capsys):
    Path("here.toml").write_text('language = "fr"\nlog = "loud"\n', encoding="utf-8")
    monkeypatch.setenv("WORKSPACE_CONFIG", "here.toml")
    assert run(["settings"]) == 2, "although another setting makes no sense"
    said = messages.messages(Language.FR).gettext("WORKSPACE_LOG is “%(given)s”; use plain or json.", given="loud")
    assert capsys.readouterr().err == f"{said}\n"


def test_every_paragraph_of_help_is_a_message_and_no_example_is():
    every = list(command_line.help_messages([main]))
    assert len(every) > len(list(main.every()))
    assert not [one for one in every if one.startswith("workspace ")]
