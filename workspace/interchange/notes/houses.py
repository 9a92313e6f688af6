"""The house in which the sessions of a note are, where nothing else is said: the words for which most speaks.

How much each trait speaks for that marked notes teach (`learned_houses.json`).
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from math import fsum
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from workspace.interchange.notes import lines, people, places, sections, times
from workspace.interchange.notes.lines import aligned, ends_sentence, folded, unmarked
from workspace.interchange.notes.rules import forms
from workspace.interchange.notes.sections import SectionPassage
from workspace.interchange.notes.titles import is_body, stated_kind_of

FORM = forms("houses")
STORED = Path(__file__).parent / "rules" / "learned_houses.json"
WEIGHTS: dict[str, float] = msgspec.json.decode(STORED.read_bytes(), type=dict[str, float])
HEAD = 12  # passages
END = 4
NEAR = 40  # letters
LONGEST = 400
LONGEST_HOUSE = 90
SHORTEST = 2
MOST_PARTS = 3
MOST_OF_ALL = 12
LENGTHS = (1, 2, 3, 4, 6, 9)


class HouseCandidate(Struct, frozen=True):
    """Words that may be where all sessions are: how they were found, and the place of their passage."""

    how: str
    text: str
    place: int
    before: str
    after: str


def house_of(passages: Sequence[SectionPassage], ruled: str | None) -> str | None:
    """The house for which most speaks; `ruled`, what rules found, where most speaks for none."""
    weighed = [(merit(traits), each.text) for each, traits in weighable(passages, ruled)]
    best = max(weighed, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] > merit(nowhere(ruled)) else ruled


def merit(traits: Iterable[str]) -> float:
    return fsum(WEIGHTS.get(trait, 0.0) for trait in traits)


def nowhere(ruled: str | None) -> frozenset[str]:
    """What speaks for no house."""
    return frozenset({"nowhere", f"nowhere {ruled is not None}"})


def weighable(passages: Sequence[SectionPassage], ruled: str | None) -> Iterator[tuple[HouseCandidate, frozenset[str]]]:
    """Every candidate once, with its traits."""
    seen: set[str] = set()
    dated = next(
        (at for at, line in enumerate(passages[:HEAD]) if times.written_days(line.passage.text[:LONGEST])), HEAD
    )
    timed = [line.passage.text for line in passages if times.first_clock_span(line.passage.text[:LONGEST])]
    for found in _candidates(passages, ruled):
        lead = FORM["lead"].match(found.text) if found.how != "ruled" else None
        each = structs.replace(found, text=found.text[lead.end() :] if lead else found.text)
        if each.text in seen or not SHORTEST < len(each.text) <= LONGEST_HOUSE:
            continue
        if found.how == "ruled" or not (lines.is_room(each.text) or sum(each.text in text for text in timed) > 1):
            seen.add(each.text)
            yield each, frozenset(_traits(each, passages, dated, ruled))


def _candidates(passages: Sequence[SectionPassage], ruled: str | None) -> Iterator[HouseCandidate]:
    """What rules found, and parts of the first and the last lines and of those that speak of all sessions."""
    if ruled:
        yield HouseCandidate("ruled", ruled, 0, "", "")
    head, end = range(min(HEAD, len(passages))), range(max(HEAD, len(passages) - END), len(passages))
    body = (at for at in range(HEAD, end.start) if FORM["of_all"].search(passages[at].passage.text[:LONGEST]))
    for place in (*head, *end, *islice(body, MOST_OF_ALL)):
        text = unmarked(passages[place].passage.text)[:LONGEST]
        stated = sections.stated_value(passages, place)
        begins = len(text) - len(stated.value) if stated and text.endswith(stated.value) else 0
        how = f"label {stated.role}" if stated else "cell" if passages[place].passage.column else "line"
        for sort, begin, stop in (*_runs(text, begins), *_led(text)):
            yield HouseCandidate(f"{how} {sort}", text[begin:stop].strip(" .,"), place, text[:begin], text[stop:])


def _runs(text: str, begins: int) -> Iterator[tuple[str, int, int]]:
    """One to three parts that commas or dashes join: whether they are the first and the last, and their bounds."""
    parts = [part.span() for part in FORM["part"].finditer(text, begins)]
    for first, (begin, _) in enumerate(parts):
        for last, (_, stop) in enumerate(parts[first : first + MOST_PARTS], start=first):
            if last > first and not FORM["joined"].match(text, parts[last - 1][1]):
                break
            yield f"{first == 0} {last + 1 == len(parts)}", begin, stop


def _led(text: str) -> Iterator[tuple[str, int, int]]:
    """What follows a preposition: the house, with its town, or with its town and country."""
    for found in FORM["led"].finditer(text):
        ends = {found.start("place") + len(", ".join(found["place"].split(", ")[:number])) for number in (1, 2, 3)}
        yield from (("led", found.start("place"), stop) for stop in sorted(ends))


def _traits(each: HouseCandidate, passages: Sequence[SectionPassage], dated: int, ruled: str | None) -> Iterator[str]:
    line, parts = passages[each.place], each.text.split(", ")
    text = unmarked(line.passage.text)[:LONGEST]
    first, rest = parts[0], parts[1:]
    plain = folded(first)
    before, after = folded(each.before).split()[-1:], folded(each.after).strip(" ,.").split()[:1]
    day, day_after = times.written_days(each.before[-NEAR:]), times.written_days(each.after[:NEAR])
    where = "head" if each.place < HEAD else "end" if each.place >= len(passages) - END else "body"
    own = {
        "venue": bool(set(plain.replace("'", " ").split()) & places.VENUES),
        "venue first": bool(set(plain.replace("'", " ").split()[:1]) & places.VENUES),
        "venue behind": any(set(folded(part).split()) & places.VENUES for part in rest),
        "room": lines.is_room(first),
        "room behind": any(map(lines.is_room, rest)),
        "house": places.is_house(first),
        "address": any(map(places.is_address, parts)),
        "alone": places.is_place_alone(each.text),
        "may be": places.may_be_place(each.text, is_part=True),
        "person": people.is_bare_name(first),
        "country": people.is_country(parts[-1]),
        "body": is_body(first),
        "digits": any(map(str.isdigit, each.text)),
        "dated": bool(times.written_days(each.text)),
        "small": first[:1].islower(),
        "shouts": each.text.isupper(),
        "colon": ":" in each.text,
        f"kind {stated_kind_of(first)}": True,
        f"parts {len(parts)}": True,
        f"long {sum(len(first.split()) >= step for step in LENGTHS)}": True,
        f"ruled {ruled is not None and folded(ruled) == folded(each.text)}": True,
        f"in ruled {ruled is not None and folded(each.text) in folded(ruled)}": ruled is not None,
        f"over ruled {ruled is not None and folded(ruled) in folded(each.text)}": ruled is not None,
    }
    looks = {
        f"before {before[0][:6] if before else 'nothing'}",
        f"after {after[0][:6] if after else 'nothing'}",
        f"comma {each.after[:1]}",
        f"sign {each.before.rstrip()[-1:]}",
        f"day before {bool(day)}",
        f"day after {bool(day_after)}",
        f"sentence {ends_sentence(text)}",
        f"from date {max(-3, min(3, each.place - dated))}",
        f"where {where}",
        f"at {min(each.place, 6)}",
        f"is {line.passage.kind}",
        f"section {line.section.role}",
        f"gap {line.passage.gap > 0}",
    }
    held = {name for name, holds in own.items() if holds}
    yield from held
    yield from looks
    yield f"how {each.how}"
    yield from (f"{name} {each.how}" for name in held)
    yield from (f"{name} {look}" for name in held for look in looks)
    yield from (f"word {word[:6]}" for word in aligned(plain).split() if len(word) > 2)
    yield from (f"begins {word[:6]}" for word in plain.split()[:1])
    yield from (f"ends {word[:6]}" for word in folded(parts[-1]).split()[-1:])
