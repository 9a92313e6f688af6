"""The best matches among 100,000 segments, beside comparing every segment with rapidfuzz alone.

Quality: of texts made from a segment by other words here and there, how often that segment is found first.
"""

import random
from collections.abc import Iterator
from time import perf_counter

from rapidfuzz import fuzz, process

from drafts.languages.translation_memory import Segment, TranslationMemory
from drafts.text.blocks import Language
from tests.benchmarks.measuring import Targets, medians, row

SEGMENTS, WORDS, ASKED = 100_000, 8_000, 60
ES, EN, FR = Language


def report(targets: Targets) -> Iterator[str]:
    texts = segments(SEGMENTS)
    started = perf_counter()
    memory = TranslationMemory(Segment(str(place), {EN: text, FR: f"fr {text}"}) for place, text in enumerate(texts))
    _matches(memory, texts[0])  # a language is indexed when it is first asked
    built = perf_counter() - started
    rng = random.Random(5)
    asked = [(place, _reworded(texts[place], rng)) for place in rng.sample(range(SEGMENTS), ASKED)]
    turns = {"ours": iter(asked * 2), "all": iter(asked)}
    times = medians(
        {
            "ours": lambda: _matches(memory, next(turns["ours"])[1]),
            "all": lambda: process.extract(next(turns["all"])[1], texts, scorer=fuzz.ratio, limit=5),
        },
        rounds=9,
    )
    slowest = max(_milliseconds(memory, text) for _, text in asked)
    found = sum(bool(one := _matches(memory, text)) and one[0].segment.id == str(place) for place, text in asked)
    yield f"memory, {SEGMENTS:,} segments in two languages, indexed in {built:.1f} s"
    yield row(
        "drafts.languages.translation_memory",
        times["ours"],
        times["ours"],
        f"{found}/{ASKED} found first, slowest {slowest:.0f} ms",
    )
    yield row("rapidfuzz over every segment", times["all"], times["ours"])
    targets.most("best matches among 100,000 segments, the slowest", slowest, 20, "ms")


def segments(count: int, seed: int = 3) -> list[str]:
    """Sentences of 8 to 40 words, the common ones far more often than the rare, as in texts of one field."""
    rng = random.Random(seed)
    words = ["".join(rng.choices("abcdefghilmnoprstuv", k=rng.randint(3, 10))) for _ in range(WORDS)]
    weights = [1 / (place + 5) for place in range(WORDS)]
    return [" ".join(rng.choices(words, weights, k=rng.randint(8, 40))) for _ in range(count)]


def _reworded(text: str, rng: random.Random) -> str:
    words = text.split()
    for _ in range(max(1, len(words) // 8)):
        words[rng.randrange(len(words))] = rng.choice(words)
    return " ".join(words)


def _matches(memory: TranslationMemory, text: str) -> tuple:
    return memory.matches(text, source=EN, target=FR)


def _milliseconds(memory: TranslationMemory, text: str) -> float:
    started = perf_counter()
    _matches(memory, text)
    return (perf_counter() - started) * 1000
