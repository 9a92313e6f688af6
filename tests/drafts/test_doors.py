"""What the service may use of the engine, and what the engine may not use at all."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

import drafts

ROOT = Path(__file__).resolve().parents[2]
ENGINE = sorted((ROOT / "drafts").rglob("*.py"))
SERVICE = sorted((ROOT / "workspace").rglob("*.py"))
MAY_PATCH = {"drafts/diff/side_by_side.py"}
SILENTLY_WRONG = {"patch_apply", "patch_make", "patch_addContext", "match_main", "match_bitap"}


@cache
def names(path: Path) -> tuple[frozenset[str], frozenset[str]]:
    """What a module imports, and the attributes it names."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    attributes = frozenset(node.attr for node in nodes if isinstance(node, ast.Attribute))
    return frozenset(imported(nodes)), attributes


def imported(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module:
            whole = node.module == "drafts"
            yield from (f"drafts.{alias.name}" for alias in node.names) if whole else [node.module]
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def users_of(module: str) -> list[str]:
    paths = [path for path in (*ENGINE, *SERVICE) if module in {name.split(".")[0] for name in names(path)[0]}]
    return [path.relative_to(ROOT).as_posix() for path in paths]


@pytest.mark.parametrize("name", drafts.__all__)
def test_every_door_of_the_engine_opens(name):
    assert import_module(f"drafts.{name}").__name__ == f"drafts.{name}"


def test_the_service_uses_no_other_part_of_the_engine():
    used = {name.split(".")[1] for path in SERVICE for name in names(path)[0] if name.startswith("drafts.")}
    assert used <= set(drafts.__all__)


def test_the_model_is_explained_in_twenty_lines_or_a_few_more():
    assert drafts.__doc__ is not None
    assert len([line for line in drafts.__doc__.splitlines() if line]) <= 25


def test_the_patching_library_serves_letters_and_file_formats_only():
    users = users_of("diff_match_patch")
    assert users
    assert all(user in MAY_PATCH or user.startswith("drafts/formats/") for user in users)


def test_no_amendment_is_ever_moved_by_what_text_looks_like():
    """A fuzzy patch silently edits the wrong one of two similar paragraphs."""
    found = {path.name: names(path)[1] & SILENTLY_WRONG for path in (*ENGINE, *SERVICE)}
    assert {name: names for name, names in found.items() if names} == {}


def test_letters_are_compared_without_a_clock():
    """Its time limit would make the result depend on how busy the machine is."""
    for user in users_of("diff_match_patch"):
        tree = ast.parse((ROOT / user).read_text(encoding="utf-8"))
        limits = [
            ast.unparse(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).endswith(".Diff_Timeout")
        ]
        assert limits, user
        assert set(limits) == {"0"}
