"""Merging many amendments, beside comparing them in pairs and beside three-way merges of whole files."""

import subprocess
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from itertools import combinations, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from drafts.diff import document_diff
from drafts.diff.amendments import Amendment, amendment_of
from drafts.merge.merge import merge
from drafts.text import tokens
from drafts.text.blocks import Block, Document
from tests.benchmarks.corpus import PAGE, amendments, document, plain
from tests.benchmarks.measuring import Targets, exponent, medians, row
from tests.support.texts import named

PAIRS = 200
MEMBERS = 12
SOME = 40


def report(targets: Targets) -> Iterator[str]:
    yield from _many(targets)
    yield from _whole_texts(targets)
    yield from _members()
    yield from _unmatched(targets)


def _many(targets: Targets) -> Iterator[str]:
    base = _four_hundred()
    filed = amendments(base, 1000)
    merged = merge(base, filed)
    yield f"merge, 1,000 amendments on 400 paragraphs, from stored hunks; disputes found: {len(merged.clusters)}"
    pairs = list(islice(combinations(filed, 2), 0, None, 2497))[:PAIRS]
    times = medians(
        {
            "drafts.merge.merge": lambda: merge(base, filed),
            "pairs": lambda: [merge(base, pair) for pair in pairs],
        },
        rounds=3,
    )
    every = times["pairs"] / len(pairs) * (1000 * 999 // 2)
    yield row("drafts.merge.merge", times["drafts.merge.merge"], times["drafts.merge.merge"])
    yield row(f"each of 499,500 pairs (from {len(pairs)} of them)", every, times["drafts.merge.merge"])
    targets.times("merge, 1,000 amendments on 400 paragraphs, beside pairs", every / times["drafts.merge.merge"], 50)
    targets.most("merge, 1,000 stored amendments on 400 paragraphs", times["drafts.merge.merge"], 25, "ms")
    sizes = [1000, 3000, 10_000]
    cases = {size: _constant_density(size) for size in sizes}
    found = medians({str(size): lambda case=case: merge(*case) for size, case in cases.items()})
    taken = list(found.values())
    shown = ", ".join(f"{size:,} amendments {time:.0f} ms" for size, time in zip(sizes, taken, strict=True))
    yield f"  growth at constant density: {shown}; n^{exponent(sizes, taken):.2f}"
    targets.most("merge, 10,000 stored amendments", taken[-1], 200, "ms")
    targets.growth("merge, growth to 10,000 amendments", exponent(sizes, taken), 1.25)


def _constant_density(count: int) -> tuple[Document, list[Amendment]]:
    base = document(-(-count * 4 // 10 // PAGE))
    return base, amendments(base, count)


def _four_hundred() -> Document:
    return Document(document(34).blocks[:400], document(1).language)


def _whole_texts(targets: Targets) -> Iterator[str]:
    """The same amendments, each handed in as the whole text; the peer merges some of them, one after the other."""
    base = _four_hundred()
    texts = [_whole(base, [amendment]) for amendment in amendments(base, 1000)]
    yield f"merge of the same 1,000 amendments handed in as whole texts (git: from {SOME} of them)"
    with TemporaryDirectory() as folder:
        place = Path(folder)
        times = medians(
            {
                "ours": lambda: _ours(base, texts),
                "some": lambda: _ours(base, texts[:PAIRS]),
                "line": lambda: _git(place, base, texts[:SOME], by_word=False),
                "word": lambda: _git(place, base, texts[:SOME], by_word=True),
            },
            rounds=3,
        )
    line, word = (times[peer] * len(texts) / SOME for peer in ("line", "word"))
    yield row("drafts, texts compared and merged", times["ours"], times["ours"])
    yield row("git merge-file, a paragraph on a line", line, times["ours"])
    yield row("git merge-file, a word on a line", word, times["ours"])
    targets.most(f"merge, {PAIRS} whole texts of 400 paragraphs", times["some"], 35, "ms")
    targets.times("merge, the same as whole texts, beside git merge-file by line", line / times["ours"], 5)
    targets.times("merge, the same as whole texts, beside git merge-file by word", word / times["ours"], 30)


def _members() -> Iterator[str]:
    base = document(20)
    texts = [_whole(base, amendments(base, 12, seed=10 + member)) for member in range(MEMBERS)]
    yield f"merge of {MEMBERS} whole texts of 20 pages, 12 words changed in each; quality: disputes found"
    with TemporaryDirectory() as folder:
        place = Path(folder)
        candidates = {
            "drafts, texts compared and merged": lambda: _ours(base, texts),
            "git merge-file, a paragraph on a line": lambda: _git(place, base, texts, by_word=False),
            "git merge-file, a word on a line": lambda: _git(place, base, texts, by_word=True),
        }
        if find_spec("merge3"):
            candidates["merge3, a paragraph on a line"] = lambda: _merge3(base, texts, by_word=False)
            candidates["merge3, a word on a line"] = lambda: _merge3(base, texts, by_word=True)
        times = medians(candidates, rounds=5)
        for name, candidate in candidates.items():
            yield row(name, times[name], times["drafts, texts compared and merged"], str(candidate()))


def _unmatched(targets: Targets) -> Iterator[str]:
    old = named(*((f"b{i}", " ".join(f"w{i * 7 + k}" for k in range(60))) for i in range(20)))
    new = named(*((f"n{i}", " ".join(f"v{i * 7 + k}" for k in range(60))) for i in range(27)))
    times = medians({"ours": lambda: (tokens.forget(), amendment_of(0, old, new))}, rounds=5)
    yield "20 old × 27 new paragraphs without a match"
    yield row("drafts", times["ours"], times["ours"])
    targets.most("20 old × 27 new paragraphs without a match", times["ours"], 50, "ms")


def _whole(base: Document, asked: Sequence[Amendment]) -> Document:
    """The text of one member who asks for all of that at once, sharing nothing with the base, as if just read."""
    changed = {hunk.new[0].id: hunk.new[0] for amendment in asked for hunk in amendment.hunks}
    return Document(tuple(_copied(changed.get(block.id, block)) for block in base), base.language)


def _copied(block: Block) -> Block:
    return Block("".join(list(block.id)), block.kind, "".join(list(block.text)), block.level)


def _ours(base: Document, texts: Sequence[Document]) -> int:
    tokens.forget()
    document_diff._known_canonical.clear()
    return len(merge(base, [amendment_of(number, base, text) for number, text in enumerate(texts)]).clusters)


def _lines(text: Document, *, by_word: bool) -> str:
    return plain(text).replace(" ", "\n") if by_word else plain(text)


def _git(place: Path, base: Document, texts: Sequence[Document], *, by_word: bool) -> int:
    """One text after the other onto what is there already; a disputed stretch stays as it is and is counted.

    One process for each text, and a second only where it found a dispute.
    """
    (place / "base").write_text(_lines(base, by_word=by_word))
    (place / "ours").write_text(_lines(base, by_word=by_word))
    disputes = 0
    command = ["git", "merge-file", "-p"]
    files = [str(place / name) for name in ("ours", "base", "theirs")]
    for text in texts:
        (place / "theirs").write_text(_lines(text, by_word=by_word))
        merged = subprocess.run([*command, *files], capture_output=True, check=False)
        disputes += merged.returncode
        if merged.returncode:
            merged = subprocess.run([*command, "--ours", *files], capture_output=True, check=False)
        (place / "ours").write_bytes(merged.stdout)
    return disputes


def _merge3(base: Document, texts: Sequence[Document], *, by_word: bool) -> int:
    from merge3 import Merge3  # noqa: PLC0415  (a peer that need not be installed)

    source = _lines(base, by_word=by_word).splitlines(keepends=True)
    ours, disputes = source, 0
    for text in texts:
        merged: list[str] = []
        for group in Merge3(source, ours, _lines(text, by_word=by_word).splitlines(keepends=True)).merge_groups():
            disputes += group[0] == "conflict"
            merged += group[2] if group[0] == "conflict" else group[1]
        ours = merged
    return disputes
