"""What a note leaves loose: an end other than the one announced, a blank to fill in, a link without its address."""

import re
from collections.abc import Iterator, Sequence

from workspace.interchange.notes import times
from workspace.interchange.notes.rules import loose_ends as rules
from workspace.interchange.notes.sections import Placed
from workspace.interchange.notes.sessions import Mention, Sessions
from workspace.interchange.notes.words import folded, unmarked
from workspace.sessions.extraction import Evidence, Inconsistency, Severity

LONGEST = 400
MOST_EVIDENCE = 8
MOST_WORDS_OF_A_LINK = 6
CLOSED = re.compile(rf"\b(?:{rules.CLOSED_AT})\s", re.IGNORECASE)
OPEN = re.compile(rf"(?:^|[:(,|–—-]\s?)(?:{rules.STILL_OPEN})\s?(?:\)|\W*$)", re.IGNORECASE)
LINK = re.compile(rf"(?:{rules.LINK_WORDS})[.:]?", re.IGNORECASE)


def loose_ends(passages: Sequence[Placed], sessions: Sessions) -> Iterator[Inconsistency]:
    """Each sort once, with its places."""
    yield from _closing(passages, sessions)
    yield from _times_of_notes(sessions)
    yield from _told(
        "missing_field",
        "warning",
        "Something is left to be filled in.",
        (_found(passage, OPEN) for passage in passages),
    )
    links = (_whole(passage) for passage in passages)
    yield from _told("extraction_artifact", "info", "A link has lost its address.", links)


def _told(kind: str, severity: Severity, told: str, found: Iterator[Evidence | None]) -> Iterator[Inconsistency]:
    evidence = tuple(one for one in found if one is not None)[:MOST_EVIDENCE]
    if evidence:
        yield Inconsistency(type=kind, severity=severity, description=told, evidence=evidence)


def _found(line: Placed, form: re.Pattern[str]) -> Evidence | None:
    text = line.passage.text[:LONGEST]
    match = form.search(text)
    if match is None:
        return None
    begins = max(0, match.start() - MOST_EVIDENCE * 5)
    return Evidence(quote=text[begins : match.end()], line=line.passage.line_at(match.start()), page=line.passage.page)


def _whole(line: Placed) -> Evidence | None:
    text = unmarked(line.passage.text)
    spelled = folded(text).rstrip(".:").split()
    is_link = (
        len(spelled) <= MOST_WORDS_OF_A_LINK and any(word in rules.LINKED for word in spelled) and LINK.fullmatch(text)
    )
    return Evidence(quote=text, line=line.passage.line, page=line.passage.page) if is_link else None


def _closing(passages: Sequence[Placed], sessions: Sessions) -> Iterator[Inconsistency]:
    """ "The meeting closed at 11:45", and it was announced until 11:30."""
    only = sessions.found[0] if len(sessions.found) == 1 else None
    if only is None or not only.end or "T" not in only.end:
        return
    announced = only.end[11:16]
    for line in passages:
        text = line.passage.text[:LONGEST]
        closed = CLOSED.search(text)
        clock = times.clock(text[closed.end() - 1 :]) if closed else None
        if closed and clock and f"{clock.start:%H:%M}" != announced:
            told = f"The session was to end at {announced}, and ended at {clock.start:%H:%M}."
            quote = Evidence(
                quote=text[closed.start() :], line=line.passage.line_at(closed.start()), page=line.passage.page
            )
            yield Inconsistency(type="duration", severity="warning", description=told, evidence=(quote,))
            return


def _times_of_notes(sessions: Sessions) -> Iterator[Inconsistency]:
    """A session whose note gives another time than the programme."""
    for group in sessions.mentions if sessions.is_programme else ():
        listed = next((mention for mention in group if not mention.is_note and mention.slot), None)
        noted = next((mention for mention in group if mention.is_note and mention.slot), None)
        if listed and noted and listed.slot and noted.slot and _times(listed) != _times(noted):
            evidence = tuple(
                Evidence(quote=slot.verbatim, line=slot.line) for slot in (listed.slot, noted.slot) if slot.verbatim
            )
            told = "The programme and the note give different times for one session."
            yield Inconsistency(type="date_mismatch", severity="error", description=told, evidence=evidence)


def _times(mention: Mention) -> tuple[object, ...]:
    slot = mention.slot
    return (mention.moment, slot.span.end) if slot else ()
