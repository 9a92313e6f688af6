"""The golden cases: what a committee would expect, case by case, from the engine and from the command line."""

import json

import pytest

from drafts.diff.amendments import amendment_of
from drafts.diff.document_diff import canonical_document, comparable, diff
from drafts.diff.hunks import HunkKind
from drafts.merge.merge import merge
from drafts.merge.rebase import rebase
from tests.support.golden import FOLDER, Case, cases, document, spelled
from workspace.cli import run

FAMILIES = ("words", "structure", "gaps", "marks", "typography")
MERGED = [case for family in FAMILIES for case in cases(family)]
COMPARED, CARRIED = cases("comparing"), cases("carrying")


def named(case: Case) -> str:
    return f"{case.family}: {case.name}"


def clashes(case: Case) -> list[tuple]:
    return [(clash.blocks, clash.gap, clash.by, clash.readings) for clash in case.clashes]


def found_clashes(clusters) -> list[tuple]:
    return [
        (
            cluster.base_blocks,
            cluster.gap,
            cluster.amendments,
            [(reading.amendments, reading.text) for reading in cluster.alternatives],
        )
        for cluster in clusters
    ]


def filed(case: Case):
    base = canonical_document(document(case.base, "b"))
    amendments = [amendment_of(number, base, document(text, f"a{number}.")) for number, text in enumerate(case.texts)]
    return base, amendments


def test_there_are_many_cases_and_none_is_left_out():
    assert len(MERGED) + len(COMPARED) + len(CARRIED) >= 80
    assert {path.stem for path in FOLDER.glob("*.txt")} == {*FAMILIES, "comparing", "carrying"}


@pytest.mark.parametrize("case", MERGED, ids=named)
def test_a_merge_gives_what_the_case_says(case):
    merged = merge(*filed(case))
    assert [block.text for block in merged.document] == case.blocks
    assert found_clashes(merged.clusters) == clashes(case)
    shared = [(flag.kind.value, flag.amendments) for flag in merged.flags]
    if case.flags or any(kind != "identical" for kind, _ in shared):
        assert sorted(shared) == sorted(case.flags)


@pytest.mark.parametrize("case", MERGED, ids=named)
def test_the_command_line_gives_the_same(case, tmp_path, monkeypatch, capfdbinary):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "base.md").write_text(case.base, encoding="utf-8")
    names = [f"{number}.md" for number in range(len(case.texts))]
    for name, text in zip(names, case.texts, strict=True):
        (tmp_path / name).write_text(text, encoding="utf-8")

    code = run(["merge", "base.md", *names, "--format", "json"])

    said = json.loads(capfdbinary.readouterr().out)
    assert (code, said["outcome"]) == ((1, "conflict") if case.clashes else (0, "clean"))
    assert said["blocks"] == case.blocks
    assert [tuple(conflict["base_blocks"]) for conflict in said["conflicts"]] == [c.blocks for c in case.clashes]
    readings = [[reading["text"] for reading in conflict["alternatives"]] for conflict in said["conflicts"]]
    assert readings == [[text for _, text in clash.readings] for clash in case.clashes]


@pytest.mark.parametrize("case", COMPARED, ids=named)
def test_a_comparison_gives_what_the_case_says(case):
    old, new = comparable(document(case.base, "b"), document(case.texts[0], "n"))
    assert [hunk for found in diff(old, new) for hunk in told(found)] == [as_told(hunk) for hunk in case.hunks]


def told(hunk) -> list[tuple[str, str, str]]:
    """Kind, old and new words: of a new or deleted paragraph the whole, of a move nothing but the kind."""
    if hunk.kind in (HunkKind.INSERT, HunkKind.DELETE):
        texts = ("".join(block.text for block in side) for side in (hunk.old, hunk.new))
        return [(hunk.kind.value, *texts)]
    return [(hunk.kind.value, words.old, words.new) for words in hunk.words] or [(hunk.kind.value, "", "")]


def as_told(written: str) -> tuple[str, str, str]:
    kind, _, words = written.partition(":")
    old, _, new = words.partition("→")
    return kind, spelled(old.strip(" ")), spelled(new.strip(" "))


@pytest.mark.parametrize("case", CARRIED, ids=named)
def test_a_pending_text_is_carried_as_the_case_says(case):
    base, (adopted, pending) = filed(case)
    rebased = rebase(base, adopted.proposed, pending)
    assert rebased.status.value == case.status
    assert [block.text for block in rebased.document] == case.blocks
    assert found_clashes(rebased.clusters) == clashes(case)
