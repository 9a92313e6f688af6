"""Golden cases read from tests/golden (README.md there says how they are written)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from drafts.text.blocks import Document, Language
from drafts.text.markup import read_blocks

FOLDER = Path(__file__).parent.parent / "golden"
_SIGNS = str.maketrans({"⍽": "\u00a0", "⎵": "\u202f", "␣": " ", "␤": "\n", "◌": ""})


@dataclass
class Clash:
    """A dispute: its base paragraphs or its gap, who disputes, and each reading with those behind it."""

    blocks: tuple[int, ...]
    gap: int | None
    by: tuple[int, ...]
    readings: list[tuple[tuple[int, ...], str]] = field(default_factory=list)


@dataclass
class Case:
    name: str
    family: str
    base: str = ""
    texts: list[str] = field(default_factory=list)
    expected: str | None = None
    clashes: list[Clash] = field(default_factory=list)
    flags: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)
    status: str = ""
    hunks: list[str] = field(default_factory=list)

    @property
    def blocks(self) -> list[str]:
        """The paragraphs that must result, without the marks of their kind."""
        if self.expected is None:
            return [block.text for block in document(self.base, "b")]
        return self.expected.split("\n\n")


def document(source: str, prefix: str) -> Document:
    numbers = count()
    return read_blocks(source, language=Language.EN, new_id=lambda: f"{prefix}{next(numbers)}")


def cases(family: str) -> list[Case]:
    return list(_cases((FOLDER / f"{family}.txt").read_text(encoding="utf-8"), family))


def spelled(written: str) -> str:
    """A text with its special signs, as the file writes it, in its own characters."""
    return written.translate(_SIGNS).replace(" ¶ ", "\n\n").replace("¶", "\n\n")


def _cases(source: str, family: str) -> Iterator[Case]:
    case: Case | None = None
    for line in source.splitlines():
        if line.startswith("# "):
            if case is not None:
                yield case
            case = Case(line.removeprefix("# "), family)
        elif line and case is not None:
            key, _, value = line.partition(" ")
            _take(case, key, value.strip(" "))
    if case is not None:
        yield case


def _take(case: Case, key: str, value: str) -> None:
    match key:
        case "base":
            case.base = spelled(value)
        case "text":
            case.expected = spelled(value)
        case "status":
            case.status = value
        case "hunks":
            case.hunks = [hunk.strip(" ") for hunk in value.split("; ")] if value else []
        case "flags":
            found = [flag.split() for flag in value.split(";")]
            case.flags = [(kind, _numbers(members)) for kind, *members in found]
        case "clash":
            place, _, who = value.partition(" by ")
            gap = int(place.removeprefix("gap ")) if place.startswith("gap") else None
            blocks = () if gap is not None else _numbers(place.split())
            case.clashes.append(Clash(blocks, gap, _numbers(who.split())))
        case "reads":
            who, _, text = value.partition(":")
            case.clashes[-1].readings.append((_numbers(who.split()), spelled(text.strip(" "))))
        case _:
            assert int(key) == len(case.texts), f"{case.name}: {key}"
            case.texts.append(spelled(value))


def _numbers(written: list[str]) -> tuple[int, ...]:
    return tuple(int(number) for number in written)
