"""The meetings that a report tells of: "the first working meeting took place in May 2013 in Bordeaux".

A report has no programme; its sessions stand in its sentences. Only a meeting that is named together with when it was
is proposed, and only in reports.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from workspace.interchange.notes import details as said
from workspace.interchange.notes import sentences, times, titles
from workspace.interchange.notes.layout import Kind
from workspace.interchange.notes.sections import Placed
from workspace.interchange.notes.sessions import Mention, Sessions
from workspace.interchange.notes.times import MONTHS
from workspace.interchange.notes.words import bare_title, folded, unmarked
from workspace.sessions.extraction import SessionFound

LONGEST_NAME = 140
MOST_MEETINGS = 60
HELD = re.compile(
    r"\s(?:(?:que )?(?:tuvo|tendrá) lugar|(?:que )?se (?:celebró|celebrará|realizó|realizará|desarrolló)|"
    r"(?:celebrad|realizad)[oa]s?|est[áa] prevista?o?(?: (?:que se celebre|para))?|"
    r"took place|will take place|(?:was|were|will be) held|held|"
    r"a eu lieu|aura lieu|s['’]est (?:tenue?|déroulée?)|se tiendra|tenue?|organisée?s?|est prévue?)\s",
    re.IGNORECASE,
)
GATHERING = re.compile(
    r"\b(?:reunion|encuentro|seminario|conferencia|taller|asamblea|congreso|cumbre|foro|jornadas?|mesa redonda|"
    r"meeting|seminar|conference|workshop|assembly|congress|summit|forum|webinar|round ?table|"
    r"seminaire|atelier|assemblee|congres|sommet|rencontre|colloque|journees?)\b"
)
SECOND_HAND = re.compile(r"\b(?:desde|durante|tras|despues de|since|during|after|depuis|durant|lors d|apres)\b")
MONTH_OF_YEAR = re.compile(
    rf"\b(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})(?: de(?:l)?| of)? (?P<year>(?:19|20)\d\d)\b"
)
YEAR = re.compile(r"\b(?:en|in|de|para|for) (?P<year>(?:19|20)\d\d)\b")
TOWN = r"[A-ZÀ-Þ][\w'’.-]+(?:\s(?:de\s|del\s|la\s)?[A-ZÀ-Þ][\w'’.-]+){0,3}"
PLACE = re.compile(
    rf"\b(?:en|in|à|au|aux)\s(?:la ciudad de |the city of |la ville de |l['’])?"
    rf"(?P<town>{TOWN})(?:\s\((?P<aside>{TOWN})\)|,\s(?P<country>{TOWN}))?"
)
FURTHER = re.compile(r",?\s(?:y|and|et)\s(?=[a-zà-ÿ])|;\s")
ARTICLE = re.compile(r"^(?:el|la|los|las|the|le|les|l['’]|un|una|une|an?)\s?(?=\w)", re.IGNORECASE)
QUOTED = re.compile(r"[«“\"]\s?(?P<title>[^«»“”\"]{4,160}?)\s?[»”\"]")


def meetings(passages: Sequence[Placed]) -> Sessions:
    """Every meeting with its date, in the order of the report; each once."""
    found: dict[tuple[str | None, str], tuple[SessionFound, Mention]] = {}
    for place, placed in enumerate(passages):
        if placed.passage.kind not in {Kind.TEXT, Kind.HEADING, Kind.ITEM} or len(found) >= MOST_MEETINGS:
            continue
        for session, line in _told(placed):
            found.setdefault((session.start, session.place or ""), (session, Mention(place, line, session.title)))
    pairs = list(found.values())
    return Sessions(found=tuple(session for session, _ in pairs), mentions=tuple((mention,) for _, mention in pairs))


def _told(line: Placed) -> Iterator[tuple[SessionFound, int]]:
    for sentence in sentences.split(line.passage.text):
        text = unmarked(sentence.text)
        held = HELD.search(text)
        if held is None or held.start() > LONGEST_NAME or not GATHERING.search(folded(text[: held.start()])):
            continue
        if SECOND_HAND.search(folded(text[: held.start()])):
            continue
        told = FURTHER.split(text[held.start() :].strip()[: 2 * LONGEST_NAME], maxsplit=1)[0].rstrip(" .,;")
        start, end = _when(told)
        if start is None:
            continue
        kind, name = _named(text[: held.start()])
        session = SessionFound(
            title=name,
            type=kind,
            start=start,
            end=end,
            time_verbatim=told,
            place=_where(told),
            format=said.session_format(told),
        )
        yield session, line.passage.line_at(sentence.begins)


def _named(lead: str) -> tuple[str | None, str]:
    """The type and the name in what stands before the verb."""
    plain = ARTICLE.sub("", bare_title(lead))
    quoted = QUOTED.search(plain)
    kind = titles.type_alone(plain[: quoted.start()].strip()) if quoted else None
    return kind, quoted["title"] if quoted else plain[:1].upper() + plain[1:]


def _when(text: str) -> tuple[str | None, str | None]:
    """A day, a month or a year, as exactly as the text has it."""
    if days := [day for day in times.days(text[:LONGEST_NAME]) if day.year]:
        first: date | None = days[0].on()
        last = first.replace(day=days[0].last) if first and days[0].last and days[0].last > first.day else None
        return (first.isoformat() if first else None), (last.isoformat() if last else None)
    plain = folded(text[:LONGEST_NAME])
    if found := MONTH_OF_YEAR.search(plain):
        return f"{found['year']}-{MONTHS[found['month']]:02}", None
    found = YEAR.search(plain)
    return (found["year"] if found else None), None


def _where(text: str) -> str | None:
    """The town, and the country beside it."""
    for found in PLACE.finditer(text):
        if folded(found["town"]).split()[0] not in {*MONTHS, "la", "el", "los", "las", "le", "les", "the"}:
            country = found["aside"] or found["country"]
            return (f"{found['town']}, {country}" if country else found["town"]).rstrip(".")
    return None
