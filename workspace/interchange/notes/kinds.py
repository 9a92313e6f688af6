"""What sort of document a note is, and what it is called."""

from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile

from workspace.interchange.notes import headings, people, times, titles
from workspace.interchange.notes.layout import Kind, Layout, Passage
from workspace.interchange.notes.rules import ALL
from workspace.interchange.notes.rules.table import words
from workspace.interchange.notes.sections import Placed
from workspace.interchange.notes.sessions import Sessions
from workspace.interchange.notes.words import bare_title, ends_sentence, folded, unmarked
from workspace.sessions.extraction import DocumentKind

FIRST = 8
LONGEST_NAME = 12  # words
RECORDS: tuple[DocumentKind, ...] = ("minutes", "report")
TITLED = frozenset({Kind.TEXT, Kind.HEADING})
LONGEST_TITLE = 240
FEWEST_OF_AN_AGENDA = 3
NEAR_DATE = 3
FEWEST_WORDS_OF_A_NAME = 3
OF_THE_SESSION = words("de la del sesion of the session seance")
ORDER: tuple[DocumentKind, ...] = ("minutes", "concept_note", "programme", "circular", "report", "agenda")
ABOUT_ONE_SESSION = frozenset({"concept_note", "agenda", "minutes", "other"})


def title(passages: Sequence[Placed]) -> tuple[str, int] | None:
    """The title and its line: labelled, or the first heading that names no section; a cover's beside its dates."""
    for line in passages:
        stated = headings.field(line.passage.text) if line.passage.kind is Kind.FIELD else None
        if stated and stated.role == "title" and stated.value:
            return titles.unquoted(unmarked(stated.value)), line.passage.line
    for passage in _heads(passages):
        return titles.unquoted(bare_title(passage.text)), passage.line
    return _on_cover(passages)


def _heads(passages: Sequence[Placed]) -> Iterator[Passage]:
    first = [line.passage for line in passages[:FIRST]]
    yield from (
        passage
        for passage in first
        if passage.level == 1 and _may_name(passage.text) and not _is_only_kind(passage.text)
    )
    yield from (
        passage
        for passage, following in pairwise(first)
        if passage.kind in TITLED
        and titles.type_alone(following.text)
        and len(passage.text.split()) >= FEWEST_WORDS_OF_A_NAME
        and not _is_aside(passage.text)
        and not passage.text.isupper()
    )
    yield from (
        passage
        for passage in takewhile(_is_above_text, first)
        if passage.kind in TITLED
        and (titles.without_kind(passage.text) != passage.text or _is_record(passage.text, above=first))
        and len(passage.text) <= LONGEST_TITLE
    )
    for passage in first:
        if (not _may_name(passage.text) and _stated(passage.text)) or _is_only_kind(passage.text):
            continue
        if headings.role(passage.text) == "agenda" and passage.kind is Kind.HEADING and not _may_name(passage.text):
            continue  # "PROGRAMME", over the name of the gathering
        if not _may_name(passage.text) or headings.limit(passage.text) or len(passage.text) > LONGEST_TITLE:
            return
        if passage.kind in TITLED and not _is_aside(passage.text):
            yield passage


def _is_only_kind(text: str) -> bool:
    """ "Rapporteur's report": what sort of paper it is, and no name."""
    plain = folded(bare_title(text))
    return any(plain == phrase for cues in ALL.values() for phrases in cues.kinds.values() for phrase in phrases)


def _is_above_text(passage: Passage) -> bool:
    return not (ends_sentence(passage.text) and len(passage.text.split()) > LONGEST_NAME)


def _is_record(text: str, *, above: Sequence[Passage]) -> bool:
    """Whether a line names minutes or a report, under the name, in capitals, of the body whose they are."""
    before = list(takewhile(lambda passage: passage.text != text, above))
    if not all(passage.text.isupper() for passage in before):
        return False
    plain = folded(bare_title(text))
    kinds_of_record = (phrase for cues in ALL.values() for sort in RECORDS for phrase in cues.kinds.get(sort, ()))
    begins = any(plain.startswith(f"{phrase} ") for phrase in kinds_of_record)
    return begins and not _is_only_kind(text) and not ends_sentence(text) and headings.role(text) is None


def _may_name(text: str) -> bool:
    """Whether a first heading names the note: "Programme of the delta forum" does, "Programme" alone does not."""
    spelled = [word for word in folded(bare_title(text)).split() if word not in OF_THE_SESSION]
    return headings.role(text) is None or len(spelled) >= FEWEST_WORDS_OF_A_NAME


def _is_aside(text: str) -> bool:
    return bool(
        ends_sentence(text)
        or titles.type_alone(text)
        or titles.type_options(text)
        or times.days(text)
        or len(text) < 4  # a number, an initial
        or people.is_country(text.rpartition(",")[2])
    )


def _on_cover(passages: Sequence[Placed]) -> tuple[str, int] | None:
    """A cover further down: the line before the gathering's dates, unless the lines around it name a gathering."""
    for place, line in enumerate(passages):
        day = times.day_line(line.passage.text)
        if not (day and day.last and day.year):
            continue
        around = [near.passage for near in passages[max(0, place - NEAR_DATE) : place + NEAR_DATE + 1]]
        lines = [passage for passage in around if not _is_aside(passage.text) and len(passage.text) < LONGEST_TITLE]
        named = [passage for passage in lines if _names_gathering(passage.text)]
        for passage in [*named, *lines]:
            return titles.unquoted(bare_title(passage.text)), passage.line
    return None


def _names_gathering(text: str) -> bool:
    return bool(
        {"foro", "forum", "congreso", "congress", "congres", "cumbre", "summit", "sommet"} & set(folded(text).split())
    )


def kind(layout: Layout, passages: Sequence[Placed], *, name: str | None) -> DocumentKind:
    """The kind the first lines name, else the one the form of the note shows."""
    if stated := calls_itself(layout, name):
        return stated
    if any(headings.limit(line.passage.text) for line in passages) or _has_field(passages, {"title", "organisers"}):
        return "concept_note"
    if _has_field(passages, {"rapporteur"}) and any(line.section.role == "recommendations" for line in passages):
        return "minutes"
    for placed in passages:
        if placed.is_heading and (stated := _stated(bare_title(placed.passage.text))) in {"report", "minutes"}:
            return stated or "other"
    return "other"


def calls_itself(layout: Layout, name: str | None) -> DocumentKind | None:
    """The kind that the title, the first lines or a running header names."""
    first = [unmarked(passage.text) for passage in layout.passages[:FIRST] if len(passage.text) <= LONGEST_TITLE]
    running = [unmarked(text) for _, text in layout.running[:FIRST]]
    return next((stated for text in [name or "", *first, *running] if (stated := _stated(text))), None)


def settled(guess: DocumentKind, sessions: Sessions, *, is_loose: bool = False) -> DocumentKind:
    """The kind, now that the sessions are known: several make a programme, many timed items an agenda.

    `is_loose` where no form, and no word of the note, calls it a concept note.
    """
    timed = sum(item.start is not None for session in sessions.found for item in session.agenda)
    if guess == "concept_note" and is_loose and timed >= FEWEST_OF_AN_AGENDA:
        return "agenda"
    if guess in {"other", "agenda"}:
        if sessions.is_programme:
            return "programme"
        if sum(len(session.agenda) for session in sessions.found) >= FEWEST_OF_AN_AGENDA:
            return "agenda"
    return guess


def _begins(plain: str, phrase: str) -> bool:
    """With whole words, in one or several: "Rapports" is a report, "Rapporteur" is who wrote it."""
    rest = plain.removeprefix(phrase)
    return rest != plain and not rest.removeprefix("s")[:1].isalpha()


def _stated(text: str) -> DocumentKind | None:
    plain = folded(bare_title(text))
    for sort in ORDER:
        for cues in ALL.values():
            for phrase in cues.kinds.get(sort, ()):
                if _begins(plain, phrase) or (" " in phrase and phrase in plain):
                    return sort
    return None


def _has_field(passages: Sequence[Placed], roles: set[str]) -> bool:
    return any(
        (stated := headings.field(line.passage.text)) is not None and stated.role in roles
        for line in passages
        if line.passage.kind is Kind.FIELD
    )
