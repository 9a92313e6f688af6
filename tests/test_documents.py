"""What documents, docstrings and comments name exists: files, numbered rules, and the code's own names."""

import ast
import builtins
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CITED = ("engine", "trilingual", "security", "procedure")
DOCUMENTS = sorted(
    path.relative_to(ROOT)
    for path in (*ROOT.glob("docs/**/*.md"), *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")))
)
SOURCES = sorted(
    path for folder in ("drafts", "workspace", "migrations", "tests") for path in ROOT.glob(f"{folder}/**/*.py")
)

_PATH = re.compile(r"`((?:drafts|workspace|tests|docs|locales|migrations|\.ci)/[\w./*-]+|pyproject\.toml)`")
_LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)")
_NAME = re.compile(r"`([A-Za-z_][\w.]*)(?:\(\))?`")
_WORD = re.compile(r"[A-Za-z_]\w*")
_RULE = re.compile(r"^(?:\*\*|## )(\d+(?:\.\d+)?)[ .*]", re.MULTILINE)
_CITATION = re.compile(r"(\w+)\.md`?\)?, (?:rules? )?(\d+(?:\.\d+)?)")
_RULE_OF_ENGINE = re.compile(r"\b[Rr]ules? (\d+\.\d+)(?:(?:,| and| to) (\d+\.\d+))?")


def rules_of(document: str) -> set[str]:
    return set(_RULE.findall((ROOT / "docs" / f"{document}.md").read_text(encoding="utf-8")))


def citations() -> Iterator[tuple[str, str, str]]:
    """Each rule that a source file cites, as file, document and number; a bare “rule 3.2” of the engine is its own."""
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        name = str(path.relative_to(ROOT))
        yield from ((name, document, number) for document, number in _CITATION.findall(text) if document in CITED)
        if name.startswith("drafts/"):
            for numbers in _RULE_OF_ENGINE.findall(text):
                yield from ((name, "engine", number) for number in numbers if number)


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_the_files_that_a_document_names_exist(document):
    text = (ROOT / document).read_text(encoding="utf-8")
    lacking = [name for name in _PATH.findall(text) if not any(ROOT.glob(name))]
    lacking += [name for name in _LINK.findall(text) if not (ROOT / document).parent.joinpath(name).exists()]
    assert lacking == []


def test_the_rules_that_docstrings_cite_exist():
    rules = {document: rules_of(document) for document in CITED}
    cited = list(citations())
    assert len(cited) > 10
    assert [one for one in cited if one[2] not in rules[one[1]]] == []


def test_docstrings_name_no_document_that_the_repository_does_not_have():
    known = {path.stem for path in ROOT.glob("docs/*.md")} | {path.stem for path in ROOT.glob("*.md")}
    for path in SOURCES:
        if path.is_relative_to(ROOT / "tests"):
            continue
        named = set(re.findall(r"`(?:docs/)?(\w+)\.md`", path.read_text(encoding="utf-8")))
        assert named <= known, path


def test_docstrings_and_comments_name_only_what_the_code_has():
    known, told = set(dir(builtins)), list[tuple[Path, str]]()
    for path in SOURCES:
        if path.is_relative_to(ROOT / "tests"):
            continue
        source = path.read_text(encoding="utf-8")
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.NAME:
                known.add(token.string)
            elif token.type == tokenize.STRING and '"""' not in token.string:
                known.update(_WORD.findall(token.string))
            elif token.type == tokenize.COMMENT:
                told.append((path, token.string))
        told += [(path, text) for text in _texts(ast.parse(source))]
    named = [(path, name) for path, text in told for name in _NAME.findall(text)]
    assert len(named) > 1_000
    assert [(str(path), name) for path, name in named if not known.issuperset(name.split("."))] == []


def _texts(tree: ast.Module) -> Iterator[str]:
    """The strings that stand alone: docstrings, and what is said of a constant below it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.value.value
