"""What commands say, in the language of whoever gives them: our own sentences, and those of click.

Only catalogues are read here, never Babel: a command that answers at once must not wait for it.
"""

import gettext
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from inspect import cleandoc
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from workspace.core.environment import spoken_language
from workspace.web.i18n.marking import N_, N_two

if TYPE_CHECKING:
    from pathlib import Path

    from workspace.web.i18n.catalogue import Catalogue

CLICK = "click"  # the domain of click's own words: what `workspace.catalogues` compiles into click.mo
_AS_IT_STANDS = "\b\n"  # how click is told that the lines of a paragraph count
_COMMANDS = ("workspace ", "WORKSPACE_DATABASE_URL=")  # what an example begins with
_NARROW = 80  # columns, where nobody knows
_WHOLE = 10_000  # characters: more than any first sentence has
_CONTROLS = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n"} | {0x7F: 0x2421}
_CONTROLS |= dict.fromkeys((*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), 0xFFFD)
_ADDED = "  ["  # stands before what click adds to the help of an option: “[default: en]”

OF_CLICK = (
    N_("Usage:"),
    N_("Options"),
    N_("Commands"),
    N_("Positional arguments"),
    N_("required"),
    N_("default: {default}"),
    N_("env var: {var}"),
    N_("Error: {message}"),
    N_("Error: invalid input"),
    N_("Error: The two entered values do not match."),
    N_("Try '{command} {option}' for help."),
    N_("Missing command."),
    N_("Missing argument"),
    N_("Missing option"),
    N_("Missing parameter"),
    N_("Missing {param_type}"),
    N_("Missing parameter: {param_name}"),
    N_("Choose from:\n\t{choices}"),
    N_("No such option {name!r}."),
    N_("No such command {name!r}."),
    N_("Invalid value: {message}"),
    N_("Invalid value for {param_hint}: {message}"),
    N_("Invalid start character for option ({option})"),
    N_("Argument {name!r} takes {nargs} values."),
    N_("Option {name!r} does not take a value."),
    N_("{value!r} is not a valid {number_type}."),
    N_("{value} is not in the range {range}."),
    N_("{value!r} is not a valid UUID."),
    N_("{name} {filename!r} does not exist."),
    N_("{name} {filename!r} is a file."),
    N_("{name} {filename!r} is a directory."),
    N_("{name} {filename!r} is not readable."),
    N_("{name} {filename!r} is not writable."),
    N_("Could not open file {filename!r}: {message}"),
    N_("unknown error"),
    N_("Show this message and exit."),
    N_("%(prog)s, version %(version)s"),
)
COUNTED_BY_CLICK = (
    N_two("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    N_two("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    N_two("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
    N_two("{value!r} does not match the format {format}.", "{value!r} does not match the formats {formats}."),
    N_two("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    N_two("Takes {nargs} values but 1 was given.", "Takes {nargs} values but {len} were given."),
)


def say(message: str, /, **facts: object) -> str:
    """`message` with its facts in the language of the command line. A literal percent sign is written `%%`."""
    return harmless(_single(message) % facts)


def harmless(text: str) -> str:
    """The same without command over the terminal that shows it: controls become pictures of themselves."""
    return text.translate(_CONTROLS)


def say_count(text: str, many: str, n: int, /, **facts: object) -> str:
    """The form of the message that `n` asks for; `%(n)s` is the number, written as the language does."""
    from workspace.web.i18n import messages  # noqa: PLC0415  (brings Babel, which most commands can do without)

    return messages.messages(messages.of_command_line()).ngettext(text, many, n, **facts)


def number_text(value: int) -> str:
    """A number as the language of the command line writes it."""
    from workspace.web.i18n import messages  # noqa: PLC0415  (as above)

    return messages.messages(messages.of_command_line()).number(value)


def print_json(value: object) -> None:
    """Print a value as indented JSON."""
    import msgspec  # noqa: PLC0415  (only a command that is asked for JSON needs it)

    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=1).decode())


@contextmanager
def _refused_as(reason: str, path: "Path") -> Iterator[None]:
    try:
        yield
    except (OSError, UnicodeDecodeError) as error:
        from workspace.core.errors import BadFile  # noqa: PLC0415  (of what can go wrong, most commands need nothing)

        raise BadFile(source=str(path), reason=reason) from error


def read_input(path: "Path", most: int = -1) -> bytes:
    """What a file holds, or standard input for “-”: at most so many bytes. Raises `BadFile`."""
    with _refused_as("not_readable", path), click.open_file(str(path), "rb") as file:
        content: bytes = file.read(most)
    return content


def read_input_text(path: "Path", most: int = -1) -> str:
    """The same as text. Raises `BadFile`."""
    with _refused_as("not_readable", path):
        return read_input(path, most).decode()


def write_output(path: "Path", content: bytes) -> None:
    """Write what a command has made, and say where; raises `BadFile`."""
    with _refused_as("not_written", path):
        path.write_bytes(content)
    click.echo(say("Wrote %(file)s (%(size)s bytes).", file=path, size=number_text(len(content))))


def _columns() -> int:
    """How wide the terminal is: asked of the system, because `shutil` brings all that unpacks archives."""
    try:
        return int(os.environ.get("COLUMNS") or os.get_terminal_size().columns)
    except (OSError, ValueError):
        return _NARROW


class CommandHelpFormatter(click.HelpFormatter):
    """Says what options are for in the language of the command line."""

    def __init__(self, indent_increment: int = 2, width: int | None = None, max_width: int | None = None) -> None:
        wide = width or click.formatting.FORCED_WIDTH or max(min(_columns(), max_width or _NARROW) - 2, _NARROW - 30)
        super().__init__(indent_increment, wide, max_width)

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(name, _explained(text)) for name, text in rows], col_max, col_spacing)


class CommandContext(click.Context):
    """As click's, with help in the language of the command line."""

    formatter_class = CommandHelpFormatter


class _Helpful(click.Command):
    """What commands and groups of them have in common: their help is said when it is asked for."""

    context_class = CommandContext
    original_help: str | None = None

    @property
    def help(self) -> str | None:
        return "\n\n".join(map(_part, self.original_help.split("\n\n"))) if self.original_help else None

    @help.setter  # noqa: A003  (the name is click's)
    def help(self, text: str | None) -> None:
        self.original_help = cleandoc(text) if text else None


class Command(_Helpful):
    """A command whose help is said in the language of the command line; `line` is what the list of its group says."""

    def __init__(self, *given: Any, line: str = "", **named: Any) -> None:
        super().__init__(*given, **named)
        self.line = line


class LazyCommand(NamedTuple):
    """A command that is loaded when it is called: where it is written (module:name), and what a list says of it.

    `more` are commands of other slices that stand below it.
    """

    where: str
    line: str
    more: "Mapping[str, LazyCommand]" = MappingProxyType({})


class CommandGroup(_Helpful, click.Group):
    """A group of such commands; those of `later` cost nothing until they are called."""

    command_class = Command
    group_class = type

    def __init__(self, *given: Any, later: Mapping[str, LazyCommand] = MappingProxyType({}), **named: Any) -> None:
        super().__init__(*given, **named)
        self.later = later

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click gives it)
        return sorted({*self.commands, *self.later})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  (as above)
        if cmd_name in self.later and cmd_name not in self.commands:
            self._load(cmd_name)
        return self.commands.get(cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.exceptions.NoSuchCommand as error:  # click knows only of those that are loaded
            names = self.list_commands(ctx)
            raise click.exceptions.NoSuchCommand(error.command_name, possibilities=names, ctx=ctx) from None

    def every(self) -> Iterator[click.Command]:
        """All commands of this group, loaded."""
        for name in self.later.keys() - self.commands.keys():
            self._load(name)
        yield from (self.commands[name] for name in sorted(self.commands))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(_single("Commands")):
            formatter.write_dl([(name, self._line(name)) for name in self.list_commands(ctx)])

    def _line(self, name: str) -> str:
        """What the list says of a command: its own line, or the first sentence of its help, whole."""
        if name in self.later:
            return self.later[name].line
        found = self.commands[name]
        line = found.line if isinstance(found, Command) else ""
        return line or found.get_short_help_str(_WHOLE)

    def _load(self, name: str) -> None:
        later = self.later[name]
        module, _, attribute = later.where.partition(":")
        found: click.Command = getattr(import_module(module), attribute)
        if isinstance(found, CommandGroup):
            found.later = later.more
        self.add_command(found, name)


def command(name: str | None = None, *, line: str = "") -> Callable[[Callable[..., Any]], Command]:
    """As `click.command`."""
    return click.command(name, cls=Command, line=line)


def group() -> Callable[[Callable[..., Any]], CommandGroup]:
    """As `click.group`."""
    return click.group(cls=CommandGroup)


class DayParameter(click.ParamType[datetime]):
    """A day, as 2027-06-12."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            return value if isinstance(value, datetime) else datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC)
        except ValueError:
            self.fail(say("“%(given)s” is not a date; write it as 2027-06-10.", given=value), param, ctx)


def help_messages(every: Iterable[click.Command]) -> Iterable[str]:
    """What the help of these commands says, as messages for translators: by paragraph, and for each option."""
    for command in every:
        if isinstance(command, _Helpful) and command.original_help:
            yield from (_message(part) for part in command.original_help.split("\n\n") if not _is_example(part))
        yield from (param.help for param in command.params if isinstance(param, click.Option) and param.help)
        if isinstance(command, CommandGroup):
            yield from help_messages(command.every())


@contextmanager
def click_in_our_words() -> Iterator[None]:
    """Let click, which asks gettext for its words, find ours in the language of the command line.

    gettext takes the language from LANGUAGE, which other programs read too: it is as it was when the command has ended.
    """
    before, language = os.environ.get("LANGUAGE"), spoken_language()
    if language != "en":
        gettext.bindtextdomain(CLICK, _locales())
        gettext.textdomain(CLICK)
    os.environ["LANGUAGE"] = language
    try:
        yield
    finally:
        del os.environ["LANGUAGE"]
        if before is not None:
            os.environ["LANGUAGE"] = before


@cache
def _catalogue(language: str) -> "Catalogue":
    from workspace.web.i18n.catalogue import Catalogue  # noqa: PLC0415  (English needs none)

    return Catalogue.read(_locales() / language / "LC_MESSAGES" / "workspace.po")


def _locales() -> "Path":
    from workspace.paths import LOCALES  # noqa: PLC0415  (as above)

    return LOCALES


def _single(message: str) -> str:
    language = spoken_language()
    return message if language == "en" else _catalogue(language).gettext(message)


def _part(part: str) -> str:
    """A paragraph of help, said; examples are commands, and stay."""
    if _is_example(part):
        return part
    return f"{_AS_IT_STANDS if part.startswith(_AS_IT_STANDS) else ''}{_single(_message(part))}"


def _message(part: str) -> str:
    """A paragraph as translators see it: in one line, but for one whose lines count."""
    return part.removeprefix(_AS_IT_STANDS) if part.startswith(_AS_IT_STANDS) else " ".join(part.split())


def _is_example(part: str) -> bool:
    return part.removeprefix(_AS_IT_STANDS).startswith(_COMMANDS)


def _explained(text: str) -> str:
    """The help of an option, said; what click adds to it stays."""
    head, mark, added = text.partition(_ADDED)
    return f"{_single(head)}{mark}{added}"
