"""Plain files compared, merged and rebased from the command line."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from drafts.render.inline_html import WORDS
from drafts.text.blocks import Language
from workspace.cli import run

BASE = (
    "# Water\n\nCities act now. Regions help them.\n\n1. Towns share the water of 3 fountains.\n2. Towns mend pumps.\n"
)
SPRINGS = BASE.replace("fountains", "springs")
WELLS = BASE.replace("fountains", "wells")
MORE = BASE.replace("Regions help", "Regions must help")
SPLIT = BASE.replace("now. Regions", "now.\n\nRegions")


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    texts = {"base": BASE, "springs": SPRINGS, "wells": WELLS, "more": MORE, "split": SPLIT}
    for name, text in texts.items():
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    return tmp_path


def answer(capfdbinary: pytest.CaptureFixture[bytes], *arguments: str) -> tuple[int, str]:
    """The exit code, and what stands on standard output."""
    code = run(arguments)
    return code, capfdbinary.readouterr().out.decode()


def test_a_comparison_marks_what_changed(capfdbinary):
    assert answer(capfdbinary, "diff", "base.md", "springs.md") == (
        1,
        "@ 3 → 3 reworded\nTowns share the water of 3 [-fountains-]{+springs+}.\n",
    )
    assert answer(capfdbinary, "diff", "base.md", "split.md") == (
        1,
        "@ 2 → 2, 3 split\nCities act now.[- -]{+¶+}\nRegions help them.\n",
    )


def test_equal_files_have_nothing_to_say(capfdbinary):
    assert answer(capfdbinary, "diff", "base.md", "base.md") == (0, "")
    assert json.loads(answer(capfdbinary, "diff", "base.md", "base.md", "--format", "json")[1]) == {"hunks": []}


def test_a_comparison_as_json_has_whole_blocks_and_their_words(capfdbinary):
    code, said = answer(capfdbinary, "diff", "base.md", "springs.md", "--format", "json")
    assert (code, json.loads(said)) == (
        1,
        {
            "hunks": [
                {
                    "kind": "reword",
                    "old_blocks": [2],
                    "new_blocks": [2],
                    "old": "1. Towns share the water of 3 fountains.",
                    "new": "1. Towns share the water of 3 springs.",
                    "words": [{"op": "replace", "old": "fountains", "new": "springs"}],
                }
            ]
        },
    )


def test_a_comparison_as_a_page_stands_alone(files: Path):
    assert run(["diff", "base.md", "split.md", "--format", "html", "--output", "page.html"]) == 1
    page = (files / "page.html").read_text(encoding="utf-8")
    assert WORDS[Language.EN].split in page
    assert re.findall(r"<script|src=|<link|url\(", page) == []


def test_edits_of_several_members_are_merged(capfdbinary):
    merged = BASE.replace("Regions", "Regions must").replace("must help", "must help").replace("fountains", "springs")
    merged = merged.replace("springs.\n2.", "springs.\n\n2.")
    assert answer(capfdbinary, "merge", "base.md", "more.md", "springs.md") == (0, merged)


def test_a_dispute_keeps_the_base_and_says_so(capfdbinary):
    assert run(["merge", "base.md", "springs.md", "wells.md"]) == 1
    said = capfdbinary.readouterr()
    assert "fountains" in said.out.decode()
    assert said.err.decode() == "A person must decide paragraph 3: springs.md, wells.md.\n"


def test_a_dispute_as_json_names_its_readings(capfdbinary):
    code, said = answer(capfdbinary, "merge", "base.md", "more.md", "springs.md", "wells.md", "--format", "json")
    merged = json.loads(said)
    assert (code, merged["outcome"], merged["flags"]) == (1, "conflict", [])
    assert merged["blocks"][1:3] == ["Cities act now. Regions must help them.", "Towns share the water of 3 fountains."]
    assert merged["conflicts"] == [
        {
            "base_blocks": [2],
            "amendments": [1, 2],
            "base": "1. Towns share the water of 3 fountains.",
            "alternatives": [
                {"amendments": [1], "text": "1. Towns share the water of 3 springs."},
                {"amendments": [2], "text": "1. Towns share the water of 3 wells."},
            ],
        }
    ]


def test_a_dispute_about_a_gap_says_which(files: Path, capfdbinary):
    seas, rivers = "Seas rise fast in the north.", "Rivers dry up every summer."
    for name, order in (("one", (seas, rivers)), ("two", (rivers, seas))):
        text = "\n\n".join(["Cities act.", *order, "Towns learn."])
        (files / f"{name}.md").write_text(text, encoding="utf-8")
    (files / "short.md").write_text("Cities act.\n\nTowns learn.", encoding="utf-8")
    code, said = answer(capfdbinary, "merge", "short.md", "one.md", "two.md", "--format", "json")
    (conflict,) = json.loads(said)["conflicts"]
    assert (code, conflict["base_blocks"], conflict["gap"], conflict["base"]) == (1, [], 1, "")


def test_a_merge_as_a_page_shows_the_disputes(files: Path):
    assert run(["merge", "base.md", "springs.md", "wells.md", "--format", "html", "--output", "page.html"]) == 1
    page = (files / "page.html").read_text(encoding="utf-8")
    assert page.count('class="reading"') == 2
    names = re.findall(r' id="([^"]+)"', page)
    assert len(names) == len(set(names))


def test_a_pending_text_is_carried_to_the_adopted_one(capfdbinary):
    code, said = answer(capfdbinary, "rebase", "base.md", "split.md", "more.md", "--format", "json")
    rebased = json.loads(said)
    assert (code, rebased["status"], rebased["conflicts"]) == (0, "still_applies", [])
    assert rebased["blocks"][1:3] == ["Cities act now.", "Regions must help them."]
    code, said = answer(capfdbinary, "rebase", "base.md", "springs.md", "wells.md", "--format", "json")
    rebased = json.loads(said)
    assert (code, rebased["status"], rebased["conflicts"][0]["amendments"]) == (1, "collides", [0, 1])


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["diff", "base.md", "missing.md"], "missing.md"),
        (["merge", "base.md", "binary.md"], "binary.md"),
        (["diff", "base.md", "latin.md"], "latin.md"),
        (["rebase", "large.md", "base.md", "base.md"], "large.md"),
        (["merge", "base.md", "deep.md"], "deep.md"),
        (["diff", "base.md", "quoted.md"], "quoted.md"),
        (["diff", "base.md", "lists.md"], "lists.md"),
        (["diff", "base.md", "springs.md", "--output", "no/such/folder.txt"], "no/such/folder.txt"),
    ],
)
def test_what_cannot_be_read_or_written_is_named_and_ends_in_2(files: Path, capfdbinary, arguments, named):
    (files / "binary.md").write_bytes(b"# \0\1\2")
    (files / "latin.md").write_bytes("Declaración".encode("latin-1"))
    (files / "large.md").write_text("water " * 2_000_000)
    (files / "deep.md").write_text("".join("  " * depth + "- x\n" for depth in range(60)))
    (files / "lists.md").write_text("- " * 10_000 + "x\n")
    (files / "quoted.md").write_text("> # A heading\n")
    assert run(arguments) == 2
    said = capfdbinary.readouterr()
    assert (said.out, named in said.err.decode(), "Traceback" in said.err.decode()) == (b"", True, False)


def test_a_text_cannot_command_the_terminal(files: Path, capfdbinary):
    (files / "escape.md").write_text(BASE.replace("fountains", "fountains\033[2J"), encoding="utf-8")
    assert "\033" not in answer(capfdbinary, "diff", "base.md", "escape.md")[1]


@pytest.mark.parametrize("command", ["diff base.md more.md", "merge base.md more.md", "rebase base.md more.md more.md"])
def test_files_need_neither_web_nor_database(command):
    program = (
        f"import sys; from workspace.cli import run; run({command.split()!r}); "
        "print(*[name for name in ('litestar', 'sqlalchemy', 'jinja2') if name in sys.modules], file=sys.stderr)"
    )
    path = str(Path(__file__).parents[3])
    found = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": path}, capture_output=True, text=True, check=True
    )
    assert found.stderr.split() == []
