"""Whatever the engine refuses of a file has a sentence of its own; the engine's source is read for what it refuses."""

import ast
from pathlib import Path

import pytest

import drafts
from workspace.cli import run
from workspace.core.errors import BadFile
from workspace.slices import REGISTRY
from workspace.web.i18n.messages import LANGUAGES, messages
from workspace.web.refusals.sentences import sentence


def written_out(error: str, fact: str) -> set[str]:
    """The words that `error` is raised with for `fact`, anywhere in the engine."""
    found = set()
    for path in Path(drafts.__file__).parent.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)) if f"{error}(" in source else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == error:
                given = [one.value for one in node.keywords if one.arg == fact]
                found |= {one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return found


REASONS_OF_FILES = sorted(
    {"too_large", "not_readable", "not_written"}
    | {f"too_many_{what}" for what in written_out("TooLarge", "what") if what != "source"}
    | written_out("BadMarkdown", "reason")
)


@pytest.mark.parametrize("reason", REASONS_OF_FILES)
def test_every_reason_has_a_sentence_in_three_languages(reason):
    refusal = BadFile(source="text.md", reason=reason, line=3, size=9, bytes=9, most=4)
    said = {sentence(refusal, messages(language)) for language in LANGUAGES}
    assert ("workspace.bad_file", reason) in REGISTRY.reasons
    assert all("text.md" in one for one in said)
    assert len(said) == len(LANGUAGES)


def test_too_many_kinds_are_found_to_make_this_list_worth_its_name():
    assert {"too_many_blocks", "too_many_text", "in_quotation", "nul"} <= set(REASONS_OF_FILES)


def test_a_file_that_cannot_be_taken_is_named_with_the_line_and_the_reason(tmp_path, capsys):
    (tmp_path / "a.md").write_text("One.\n\n> - two\n", encoding="utf-8")
    (tmp_path / "b.md").write_text("One.\n", encoding="utf-8")
    assert run(["diff", str(tmp_path / "a.md"), str(tmp_path / "b.md")]) == 2
    assert "a.md”, line 3: a quotation can hold paragraphs only." in capsys.readouterr().err
