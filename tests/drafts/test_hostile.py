"""Files made to hang or to fill a machine, given to the file commands: an answer soon, or a refusal that says why."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

SECONDS = 60
MEMORY = 1_000_000_000  # bytes of address space
TOO_MANY_NEIGHBOURS = "too many neighbouring paragraphs have changed"
TOO_LARGE, TOO_DEEP, TOO_MANY = "is too large", "deeper than", "too many"


def numbered(word: str, count: int) -> str:
    return "\n\n".join(f"{word} {number} says it." for number in range(count))


def strange(letter: str, count: int) -> str:
    """Paragraphs of forty words that no other text has."""
    return "\n\n".join(" ".join(f"{letter}{number}x{word}" for word in range(40)) for number in range(count))


def both(shared: str) -> tuple[str, str]:
    return f"{shared} a", f"{shared} b"


def nested(opening: str, closing: str, depth: int) -> str:
    return f"{opening}a " * depth + "x" + f" b{closing}" * depth


QUICK = {
    "100,000 emphases": both("*a* " * 100_000),
    "ever more backticks": both(" a ".join("`" * count for count in range(1, 1400))),
    "100,000 pipes": both("|" * 100_000),
    "100,000 combining marks": both("e" + "\u0301" * 100_000),
    "100,000 joiners": both("👩\u200d" * 100_000),
    "an address of a megabyte": both("https://a.b/" + "c" * 1_000_000),
    "100,000 half addresses": both("a@b." * 100_000),
    "4,900 links": both(" ".join(f"[a](b{number}.md)" for number in range(4_900))),
    "4,900 brackets inside each other": both("[" * 4_900 + "a" + "]" * 4_900),
    "200 paragraphs against 200 without a match": (strange("a", 200), strange("b", 200)),
    "marks of 2,000 pairs inside each other replaced": (nested("(", ")", 2000), nested("«", "»", 2000)),
    "2,000 pairs added inside 2,000 others": (nested("(", ")", 2000), nested("(a «", "» b)", 2000)),
}

REFUSED = {
    "a line of ten megabytes": (*both("water and land " * 700_000), TOO_LARGE),
    "100,000 brackets": (*both("[" * 100_000), "square brackets"),
    "100,000 images": (*both("![" * 100_000), "square brackets"),
    "100,000 footnote references": (*both("[^1] " * 100_000), "square brackets"),
    "100,000 links": (*both("[a](b) " * 100_000), "square brackets"),
    "10,000 lists inside each other": ("- " * 10_000 + "a", "- " * 10_000 + "b", TOO_DEEP),
    "10,000 numbers inside each other": ("1. " * 10_000 + "a", "1. " * 10_000 + "b", TOO_DEEP),
    "lists one deeper on every line": (*both("\n".join("  " * depth + "- a" for depth in range(900))), TOO_DEEP),
    "10,000 quotations inside each other": (*both(">" * 10_000), "a quotation can hold paragraphs only"),
}

SLOW = {
    "100,000 asterisks": both("*" * 100_000),
    "100,000 asterisks apart": both("* a " * 100_000),
    "100,000 backticks": both("`" * 100_000),
    "100,000 underscores": both("_a " * 100_000),
    "100,000 closing brackets": both("]" * 100_000),
    "100,000 parentheses": both("(" * 100_000),
    "100,000 opening quotes": both("« " * 100_000),
    "a megabyte of zero-width spaces": both("a" + "\u200b" * 300_000),
    "right-to-left overrides and marks": both("\u202e\u200f\u200babc\u202c " * 50_000),
    "ordinary and no-break spaces": both(" \u00a0" * 300_000),
    "a word of a megabyte": both("a" * 1_000_000),
    "a paragraph of a megabyte, one word repeated": ("la " * 333_000, "la " * 160_000 + "lu " + "la " * 173_000),
    "the same with one word more": ("la " * 333_000, "la " * 333_001),
    "a line of nearly two megabytes": both("water and land " * 126_000),
    "19,000 paragraphs, one of them changed": (numbered("Old", 19_000), numbered("Old", 19_000).replace(" 9500 ", " ")),
    "19,000 equal paragraphs and one more": (
        "\n\n".join(["All say it."] * 19_000),
        "\n\n".join(["All say it."] * 19_001),
    ),
    "500 paragraphs against 500 without a match": (strange("a", 500), strange("b", 500)),
    "100,000 letters with two marks each": both("e\u0323\u0301 " * 100_000),
    "100,000 hard breaks": both("a\\\n" * 100_000),
    "100,000 lines of code": ("```\n" + "a\n" * 100_000 + "```", "```\n" + "a\n" * 100_000 + "b\n```"),
    "a table of 90,000 cells": ("|a" * 300 + "|\n" + "|-" * 300 + "|\n" + ("|b" * 300 + "|\n") * 300, "|a|\n|-|\n|b|"),
    "2,400 footnotes": both(
        "\n\n".join(f"a[^n{number}]\n\n[^n{number}]: note" for number in range(2_400)),
    ),
}

SLOWLY_REFUSED = {
    "50,000 paragraphs, none like before": (numbered("Old", 50_000), numbered("New", 50_000), "has 50,000 paragraphs"),
    "19,000 paragraphs backwards": (
        numbered("Old", 19_000),
        "\n\n".join(reversed(numbered("Old", 19_000).split("\n\n"))),
        TOO_MANY,
    ),
    "a megabyte of one word against two": ("la " * 333_000, "la lu " * 166_000, TOO_MANY),
    "140,000 words backwards": (
        " ".join(f"w{number}" for number in range(140_000)),
        " ".join(f"w{number}" for number in reversed(range(140_000))),
        TOO_MANY,
    ),
    "one long paragraph divided into a thousand": (
        " ".join(f"w{number} o{number}" for number in range(40_000)),
        " ".join(f"w{number} n{number}" for number in range(30_000))
        + "\n\n"
        + "\n\n".join(f"w{number} n{number}" for number in range(30_000, 31_000)),
        TOO_MANY,
    ),
}

COMMANDS = (
    ("diff", "old.md", "new.md"),
    ("diff", "old.md", "new.md", "--format", "html"),
    ("diff", "old.md", "new.md", "--format", "json"),
    ("merge", "old.md", "new.md", "other.md", "--format", "json"),
    ("rebase", "old.md", "new.md", "other.md"),
)


def bounded() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def said(place: Path, old: str, new: str, command: tuple[str, ...]) -> tuple[int, str]:
    """The exit code, and what is said beside the answer."""
    for name, text in (("old.md", old), ("new.md", new), ("other.md", f"First comes this.\n\n{new}")):
        (place / name).write_text(text, encoding="utf-8")
    found = subprocess.run(
        [sys.executable, "-m", "workspace", *command],
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=bounded,  # the limits must be the child's own
        check=False,
    )
    return found.returncode, found.stderr.decode()


def is_answered(code: int, told: str) -> bool:
    return code in (0, 1) and "Traceback" not in told


@pytest.mark.parametrize("name", QUICK)
def test_a_hostile_file_is_answered(name, tmp_path):
    code, told = said(tmp_path, *QUICK[name], COMMANDS[3])
    assert is_answered(code, told), told


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_kept_is_refused_with_its_reason(name, tmp_path):
    *texts, reason = REFUSED[name]
    code, told = said(tmp_path, *texts, COMMANDS[0])
    assert (code, reason in told, "Traceback" in told) == (2, True, False), told


@pytest.mark.long
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("name", [*QUICK, *SLOW])
def test_every_command_answers_a_hostile_file_or_says_that_it_is_too_much(name, command, tmp_path):
    code, told = said(tmp_path, *(QUICK | SLOW)[name], command)
    assert is_answered(code, told) or (code == 2 and TOO_MANY_NEIGHBOURS in told), told


@pytest.mark.long
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("name", [*REFUSED, *SLOWLY_REFUSED])
def test_every_command_refuses_what_is_too_much(name, command, tmp_path):
    *texts, reason = (REFUSED | SLOWLY_REFUSED)[name]
    code, told = said(tmp_path, *texts, command)
    assert (code, reason in told, "Traceback" in told) == (2, True, False), told
