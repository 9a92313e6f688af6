"""Comparing two versions of a text, beside the engines that compare words of whole texts."""

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher

from diff_match_patch import diff_match_patch
from rapidfuzz.distance import Indel

from drafts import tokens
from drafts.diff import Hunk, diff
from tests.benchmarks.corpus import Versions, plain, versions
from tests.benchmarks.measuring import exponent, medians, row


def report() -> Iterator[str]:
    for is_spread in (False, True):
        case = versions(20, is_spread=is_spread)
        where = "spread" if is_spread else "clustered"
        yield f"diff, 20 pages, 5 % of words changed, {where}; quality: words shown ÷ changed"
        candidates: dict[str, Callable[[], object]] = {
            "drafts.diff": lambda case=case: ours(case),
            "diff-match-patch on words": lambda case=case: matched(case),
            "rapidfuzz on words of the whole text": lambda case=case: fuzzed(case),
            "difflib on words of the whole text": lambda case=case: sequenced(case),
        }
        times = medians(candidates, rounds=5)
        for name, candidate in candidates.items():
            found = candidate()
            count = found if isinstance(found, int) else _shown(ours(case))
            yield row(name, times[name], times["drafts.diff"], f"{count / case.changed:.2f}")
    sizes = [20, 50, 100, 200]
    cases = [versions(pages, is_spread=True) for pages in sizes]
    taken = [medians({"ours": lambda case=case: ours(case)}, rounds=3)["ours"] for case in cases]
    shown = ", ".join(f"{pages} pages {time:.0f} ms" for pages, time in zip(sizes, taken, strict=True))
    yield f"  growth: {shown}; n^{exponent(sizes, taken):.2f}"


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
