"""Comparing two versions of a text, beside the engines that compare words of whole texts.

Peers that are not installed here are looked for in the folder WORKSPACE_PEERS: `pip install --target` put
fast-diff-match-patch there, `npm install --prefix` diff and prosemirror-changeset, -model and -transform.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache
from importlib.machinery import ExtensionFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

from diff_match_patch import diff_match_patch
from rapidfuzz.distance import Indel

from drafts.diff import document_diff
from drafts.diff.document_diff import diff
from drafts.diff.hunks import Hunk, HunkKind
from drafts.text import tokens
from tests.benchmarks.corpus import Versions, as_files, every_paragraph_changed, moved, moves, plain, versions
from tests.benchmarks.measuring import Targets, exponent, medians, row

_LIMITS = {"clustered": 11.2, "spread": 25.5}
_PEERS = os.environ.get("WORKSPACE_PEERS", "")
_TIMES_FAST = 2.5  # of what fast-diff-match-patch takes, in C++


def report(targets: Targets) -> Iterator[str]:
    for where, limit in _LIMITS.items():
        case = versions(20, is_spread=where == "spread")
        yield f"diff, 20 pages, 5 % of words changed, {where}; quality: words shown ÷ changed"
        candidates: dict[str, Callable[[], object]] = {
            "drafts.diff.document_diff": lambda case=case: ours(case),
            "diff-match-patch on words": lambda case=case: matched(case),
            "rapidfuzz on words of the whole text": lambda case=case: fuzzed(case),
            "difflib on words of the whole text": lambda case=case: sequenced(case),
        }
        times = medians(candidates, rounds=5)
        for name, candidate in candidates.items():
            found = candidate()
            count = found if isinstance(found, int) else _shown(ours(case))
            yield row(name, times[name], times["drafts.diff.document_diff"], f"{count / case.changed:.2f}")
        targets.most(f"diff, 20 pages, {where}", times["drafts.diff.document_diff"], limit, "ms")
        peer = times["diff-match-patch on words"] / times["drafts.diff.document_diff"]
        targets.times(f"diff, 20 pages, {where}, beside diff-match-patch on words", peer, 8)
        targets.most(f"diff, 20 pages, {where}: words shown ÷ changed", _shown(ours(case)) / case.changed, 1, "")
    sizes = [20, 50, 100, 200]
    cases = [versions(pages, is_spread=True) for pages in sizes]
    taken = list(medians({str(len(case.old)): lambda case=case: ours(case) for case in cases}).values())
    shown = ", ".join(f"{pages} pages {time:.0f} ms" for pages, time in zip(sizes, taken, strict=True))
    yield f"  growth: {shown}; n^{exponent(sizes, taken):.2f}"
    targets.growth("diff, growth to 200 pages", exponent(sizes, taken), 1.2)
    yield from _of_files(targets)


def _of_files(targets: Targets) -> Iterator[str]:
    """Two files, whose paragraphs have no names: aligning them is part of it."""
    spread = versions(20, is_spread=True)
    cases = {
        "20 pages, spread": (spread, 20),
        "20 pages, clustered": (versions(20, is_spread=False), 8),
        "20 pages, with moves": (moved(versions(20, is_spread=False)), 12),
        "20 pages, spread, with moves": (moved(spread), 25),
        "20 pages, every paragraph changed": (every_paragraph_changed(20), 40),
        "200 pages, every paragraph changed": (every_paragraph_changed(200), 150),
        "2,000 pages, every paragraph changed": (every_paragraph_changed(2000), 3000),
    }
    files = {name: as_files(case) for name, (case, _) in cases.items()}
    times: dict[str, float] = {}
    for pages in (
        "20 pages",
        "200 pages",
        "2,000 pages",
    ):  # apart: what a large text leaves behind is freed in the next
        alike = {name: lambda case=case: ours(case) for name, case in files.items() if name.startswith(pages)}
        times |= medians(alike, rounds=3)
    yield "diff of files, whose paragraphs have no names; quality: words shown ÷ changed"
    for name, (case, limit) in cases.items():
        hunks = ours(files[name])
        shown, wanted = _shown(hunks) / case.changed, moves(case)
        found = sum(hunk.kind is HunkKind.MOVE for hunk in hunks)
        yield row(name, times[name], times["20 pages, clustered"], f"{shown:.2f}, {found} of {wanted} moves")
        targets.most(f"diff of files, {name}", times[name], limit, "ms")
        targets.most(f"diff of files, {name}: words shown ÷ changed", shown, 1, "")
        if wanted:
            targets.times(f"diff of files, {name}: moves found ÷ made", found / wanted, 1)
    longer = [times[f"{pages} pages, every paragraph changed"] for pages in ("20", "200", "2,000")]
    targets.growth("diff of files, growth to 2,000 pages", exponent([1, 100], longer), 1.1)
    for name in ("20 pages, spread", "20 pages, with moves", "200 pages, every paragraph changed"):
        yield from _peers(name, cases[name][0], files[name], targets)


def _peers(name: str, case: Versions, files: Versions, targets: Targets) -> Iterator[str]:
    """What else people compare files with, each as it is used, with the words that it shows for those that changed."""
    yield f"the same beside what else compares files, {name}"
    with TemporaryDirectory() as folder:
        for side, text in (("old", case.old), ("new", case.new)):
            (Path(folder) / side).write_text(plain(text))
        candidates: dict[str, Callable[[], object]] = {"drafts": lambda: _shown(ours(files))}
        candidates |= {"git diff --word-diff": lambda: _by_git(Path(folder))}
        candidates |= {"fast-diff-match-patch on words": lambda: _fast(case)} if _fast_engine() else {}
        times = medians({**candidates, "drafts": lambda: ours(files)}, rounds=3)
        for peer, candidate in candidates.items():
            yield row(peer, times[peer], times["drafts"], f"{candidate() / case.changed:.2f}")
    for peer, (time, shown) in (_in_node(case) if len(case.old) < 1000 else {}).items():
        yield row(peer, time, times["drafts"], f"{shown / case.changed:.2f}")
    if fast := times.get("fast-diff-match-patch on words"):
        targets.most(f"diff of files, {name}: × fast-diff-match-patch", times["drafts"] / fast, _TIMES_FAST, "×")


@cache
def _fast_engine() -> ModuleType | None:
    """Loaded by its path: its package brings a module `tests` of its own."""
    found = [*Path(_PEERS).glob("fast_diff_match_patch*.so")] if _PEERS else []
    spec = found and spec_from_file_location(
        "fast_diff_match_patch", loader=ExtensionFileLoader("fast_diff_match_patch", str(found[0]))
    )
    if not spec:
        return None
    engine = module_from_spec(spec)
    spec.loader.exec_module(engine)
    return engine


def _fast(case: Versions) -> int:
    operations = _fast_engine().diff(*_coded(case), timelimit=0, checklines=False, cleanup="No")
    return sum(length for operation, length in operations if operation != "=")


def _by_git(place: Path) -> int:
    command = ["git", "diff", "--no-index", "--word-diff=porcelain", "old", "new"]
    made = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False).stdout
    return sum(len(tokens.words(line[1:])) for line in re.findall(r"^[-+](?!--|\+\+).*$", made, re.MULTILINE))


def _in_node(case: Versions) -> Mapping[str, tuple[float, int]]:
    """Milliseconds and words shown of peers in node; none where they are not there."""
    if not (Path(_PEERS) / "node_modules" / "prosemirror-changeset").is_dir():
        return {}
    script = Path(_PEERS) / "peers.mjs"
    script.write_text((Path(__file__).parent / "peers.mjs").read_text())
    given = {"old": [block.text for block in case.old], "new": [block.text for block in case.new], "rounds": 3}
    made = subprocess.run(
        [shutil.which("node") or "node", script], input=json.dumps(given), capture_output=True, text=True, check=True
    )
    return json.loads(made.stdout)


def ours(case: Versions) -> tuple[Hunk, ...]:
    """As a process would that has read neither before."""
    tokens.forget()
    document_diff._known_canonical.clear()
    return diff(case.old, case.new)


def _shown(hunks: Sequence[Hunk]) -> int:
    """How many words the hunks delete and insert, whole paragraphs among them."""
    changed = [(words.old, words.new) for hunk in hunks for words in hunk.words]
    changed += [(block.text, "") for hunk in hunks if not (hunk.old and hunk.new) for block in (*hunk.old, *hunk.new)]
    return sum(len(tokens.words(text)) for pair in changed for text in pair)


def _coded(case: Versions) -> tuple[str, str]:
    """Each word as one character, as the peers want whole texts."""
    sides = [plain(case.old).split(), plain(case.new).split()]
    codes = {word: chr(index + 1) for index, word in enumerate(dict.fromkeys([*sides[0], *sides[1]]))}
    return "".join(codes[word] for word in sides[0]), "".join(codes[word] for word in sides[1])


def matched(case: Versions) -> int:
    engine = diff_match_patch()
    engine.Diff_Timeout = 0
    return sum(len(text) for operation, text in engine.diff_main(*_coded(case), checklines=False) if operation)


def fuzzed(case: Versions) -> int:
    operations = Indel.opcodes(*_coded(case))
    return sum(o.src_end - o.src_start + o.dest_end - o.dest_start for o in operations if o.tag != "equal")


def sequenced(case: Versions) -> int:
    operations = SequenceMatcher(None, *_coded(case), autojunk=True).get_opcodes()
    return sum(
        end - start + new_end - new_start for tag, start, end, new_start, new_end in operations if tag != "equal"
    )
