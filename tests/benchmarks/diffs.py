"""Comparing two versions of a text, beside the engines that compare words of whole texts."""

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher

from diff_match_patch import diff_match_patch
from rapidfuzz.distance import Indel

from drafts.diff.document_diff import diff
from drafts.diff.hunks import Hunk
from drafts.text import tokens
from tests.benchmarks.corpus import Versions, as_files, every_paragraph_changed, moved, plain, versions
from tests.benchmarks.measuring import Targets, exponent, medians, row

_LIMITS = {"clustered": 25, "spread": 40}


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
        targets.most(f"diff, 20 pages, {where}: words shown ÷ changed", _shown(ours(case)) / case.changed, 1.1, "")
    sizes = [20, 50, 100, 200]
    cases = [versions(pages, is_spread=True) for pages in sizes]
    taken = list(medians({str(len(case.old)): lambda case=case: ours(case) for case in cases}).values())
    shown = ", ".join(f"{pages} pages {time:.0f} ms" for pages, time in zip(sizes, taken, strict=True))
    yield f"  growth: {shown}; n^{exponent(sizes, taken):.2f}"
    targets.growth("diff, growth to 200 pages", exponent(sizes, taken), 1.2)
    yield from _of_files(targets)


def _of_files(targets: Targets) -> Iterator[str]:
    """Two files, whose paragraphs have no names: aligning them is part of it."""
    cases = {
        "20 pages, spread": (versions(20, is_spread=True), 20),
        "20 pages, clustered": (versions(20, is_spread=False), 8),
        "20 pages, with moves": (moved(versions(20, is_spread=False)), 12),
        "20 pages, every paragraph changed": (every_paragraph_changed(20), 40),
        "200 pages, every paragraph changed": (every_paragraph_changed(200), 150),
    }
    files = {name: as_files(case) for name, (case, _) in cases.items()}
    times = medians({name: lambda case=case: ours(case) for name, case in files.items()}, rounds=3)
    yield "diff of files, whose paragraphs have no names; quality: words shown ÷ changed"
    for name, (_, limit) in cases.items():
        shown = _shown(ours(files[name])) / files[name].changed
        yield row(name, times[name], times["20 pages, clustered"], f"{shown:.2f}")
        targets.most(f"diff of files, {name}", times[name], limit, "ms")
        targets.most(f"diff of files, {name}: words shown ÷ changed", shown, 1.1, "")
    longer = times["200 pages, every paragraph changed"] / times["20 pages, every paragraph changed"]
    targets.growth("diff of files, growth to 200 pages", exponent([1, 10], [1, longer]), 1.1)


def ours(case: Versions) -> tuple[Hunk, ...]:
    tokens.forget()
    return diff(case.old, case.new)


def _shown(hunks: Sequence[Hunk]) -> int:
    """How many words the hunks delete and insert."""
    changed = [words for hunk in hunks for words in hunk.words]
    return sum(len(tokens.words(words.old)) + len(tokens.words(words.new)) for words in changed)


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
