"""Carrying comments to a new revision, beside searching each quote with what stood around it."""

from collections.abc import Iterator
from random import Random

from rapidfuzz import fuzz

from drafts.diff.document_diff import diff
from drafts.merge.anchors import Anchor, AnchorState, carry_anchor
from drafts.text import tokens
from drafts.text.blocks import Document
from tests.benchmarks.corpus import plain, versions
from tests.benchmarks.measuring import Targets, medians, row
from tests.support.texts import anchor_at

COUNT = 5000
FUZZY = 250


def report(targets: Targets) -> Iterator[str]:
    case = versions(20, is_spread=True)
    anchors = _anchors(case.old)
    times = medians(
        {
            "drafts": lambda: _ours(anchors, case.old, case.new),
            "exact": lambda: _searched(anchors, case.new),
            "near": lambda: _searched(anchors[:FUZZY], case.new, is_fuzzy=True),
        },
        rounds=3,
    )
    every = times["near"] * COUNT / FUZZY
    yield f"anchors, {COUNT:,} carried to a new revision, diff included; quality: anchors that are not lost"
    carried = carry_anchor(anchors, case.old, case.new, diff(case.old, case.new))
    kept = sum(found.state is not AnchorState.ORPHANED for found in carried) / COUNT
    exact = _searched(anchors, case.new) / COUNT
    near = _searched(anchors[:FUZZY], case.new, is_fuzzy=True) / FUZZY
    yield row("drafts.diff.document_diff and drafts.merge.anchors", times["drafts"], times["drafts"], f"{kept:.1%}")
    yield row("search by exact quote and context", times["exact"], times["drafts"], f"{exact:.1%}")
    yield row(f"the same, else what is nearest (from {FUZZY})", every, times["drafts"], f"{near:.1%}")
    moved = Document((*case.old.blocks[100:], *case.old.blocks[:100]), case.old.language)
    followed = carry_anchor(anchors, case.old, moved, diff(case.old, moved))
    share = sum(found.anchor == before for found, before in zip(followed, anchors, strict=True)) / COUNT
    yield f"  kept when paragraphs only move: {share:.1%}"
    targets.times(
        "anchors, 5,000, beside searching quotes with context until all are found", every / times["drafts"], 8
    )
    targets.times("anchors kept when paragraphs only move", share, 1)


def _anchors(text: Document) -> list[Anchor]:
    random = Random(5)
    made = []
    for _ in range(COUNT):
        block = random.choice(text.blocks)
        start = random.randrange(len(block.text) - 60)
        made.append(anchor_at(text, block.id, start, start + random.randrange(10, 60)))
    return made


def _ours(anchors: list[Anchor], old: Document, new: Document) -> object:
    tokens.forget()
    return carry_anchor(anchors, old, new, diff(old, new))


def _searched(anchors: list[Anchor], new: Document, *, is_fuzzy: bool = False) -> int:
    """How many quotes are found: with context first, then alone, then what is most like them."""
    text, found = plain(new), 0
    for anchor in anchors:
        place = text.find(anchor.before + anchor.quote + anchor.after)
        if place < 0:
            place = text.find(anchor.quote)
        if place < 0 and is_fuzzy:
            near = fuzz.partial_ratio_alignment(anchor.before + anchor.quote + anchor.after, text, score_cutoff=60)
            place = near.dest_start if near else -1
        found += place >= 0
    return found
