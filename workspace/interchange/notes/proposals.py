"""Everything that a note proposes: its kind and title, sessions, statements, recommendations, inconsistencies."""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from msgspec import structs
from rapidfuzz import fuzz

from workspace.interchange.notes import lines, sentences, times
from workspace.interchange.notes.inconsistencies.report import inconsistencies
from workspace.interchange.notes.language import identify_language
from workspace.interchange.notes.layout import Layout, PassageKind, lay_out
from workspace.interchange.notes.lines import NoteLine, bare_title, ends_sentence, folded, read_lines, unmarked
from workspace.interchange.notes.meetings import meetings, told_in_turn
from workspace.interchange.notes.recommendations import recommendations, spoken_turns
from workspace.interchange.notes.rules import ALL, form, forms, word_set
from workspace.interchange.notes.sections import (
    SectionPassage,
    passages_in_sections,
    said_in,
    stated_value,
    template_sections,
)
from workspace.interchange.notes.sessions import FoundSessions, sessions
from workspace.interchange.notes.titles import (
    FIRST_OF_A_LETTER,
    LONGEST_TITLE,
    begins,
    is_about_session,
    is_letter,
    is_numbered_paper,
    letter_head,
    looks_of,
    note_title,
    stated_kind_of,
    weighed_kind,
)
from workspace.sessions.extraction import (
    CollaborationProject,
    DocumentKind,
    Extraction,
    Inconsistency,
    Region,
    SpokenLanguage,
    Statement,
)

FORM = forms("proposals")

FIRST = 8
TELLING_OF_MEETINGS = frozenset({"report", "circular"})
WHEN = frozenset({"date", "datetime", "time"})
TELLING = WHEN | frozenset({"place", "room", "moderators", "speakers", "rapporteur"})
OF_ONE_SESSION = frozenset({"concept_note", "agenda", "minutes"})
FEWEST_SPOKEN = 5
ALIKE = 80
TIME_AND_PLACE = ("start", "end", "utc_offset", "time_verbatim", "place", "room")


def document_kind(layout: Layout, passages: Sequence[SectionPassage], *, name: str | None) -> DocumentKind:
    """The kind the first lines name, else the one the form of the note shows."""
    if stated := stated_kind(layout, name):
        return stated
    if any(lines.word_limit(line.passage.text) for line in passages) or _has_field(passages, {"title", "organisers"}):
        return "concept_note"
    if len(spoken_turns(passages)) > FEWEST_SPOKEN:
        return "minutes"
    if _has_field(passages, {"rapporteur"}) and any(line.section.role == "recommendations" for line in passages):
        return "minutes"
    for placed in passages:
        if placed.is_heading and (stated := stated_kind_of(bare_title(placed.passage.text))) in {"report", "minutes"}:
            return stated or "other"
    return "other"


def stated_kind(layout: Layout, name: str | None) -> DocumentKind | None:
    """The kind that the title, the first lines or a running header names."""
    first = [unmarked(passage.text) for passage in layout.passages[:FIRST] if len(passage.text) <= LONGEST_TITLE]
    running = [unmarked(text) for _, text in layout.running[:FIRST]]
    numbered = [text for text in first if is_numbered_paper(text)]
    return next(
        (stated for text in [*numbered, name or "", *first, *running] if (stated := stated_kind_of(text))), None
    )


def is_apart(passages: Sequence[SectionPassage], name: str | None) -> bool:
    """Whether the note is a letter, a resolution, a questionnaire or the like: it has a date, and no session."""
    first = [folded(bare_title(line.passage.text)) for line in passages[:FIRST_OF_A_LETTER]]
    named = [folded(name or ""), *first[:3]]
    if any(begins(text, word) for text in named for cues in ALL.values() for word in cues.apart):
        return True
    return is_letter(passages)


def _has_field(passages: Sequence[SectionPassage], roles: Collection[str]) -> bool:
    stated = (stated_value(passages, place) for place in range(len(passages)))
    return any(each is not None and each.role in roles for each in stated)


def _is_dated(body: Sequence[SectionPassage]) -> bool:
    """Whether a letter says on lines of their own when what it is about takes place."""
    slots = (line.passage.text for line in body[:FIRST] if line.passage.kind is PassageKind.SLOT)
    return _has_field(body, WHEN) or any(map(times.written_days, slots))


LONGEST = 1200
FEWEST_WORDS = 3
LONGEST_PARTICIPANT = 160
NAME = r"[A-ZÀ-Þ][\w'’-]+(?:\s(?:de|del|of|the|la|du|des|d['’])?\s?[A-ZÀ-Þ][\w'’-]+){0,6}"
NOBODY = word_set("los las les the el la le")
ASKED_IN = frozenset({"questions", "key_messages", "recommendations", "conclusions"})
BODIES = frozenset({PassageKind.ITEM, PassageKind.TEXT, PassageKind.HEADING, PassageKind.CELL})


def objectives(passages: Sequence[SectionPassage]) -> tuple[Statement, ...]:
    """The items of a section of objectives, and what its sentences say they aim at."""
    return tuple(_objectives(passages))


def _objectives(passages: Sequence[SectionPassage]) -> Iterator[Statement]:
    for line in passages:
        if line.section.role != "objectives" or line.is_heading:
            continue
        if line.passage.kind is PassageKind.ITEM and len(line.passage.text.split()) >= FEWEST_WORDS:
            if not line.passage.text.endswith("?"):
                yield said_in(line, 0, line.passage.text)
        elif line.passage.kind is PassageKind.TEXT:
            yield from _aims(line)


def _aims(line: SectionPassage) -> Iterator[Statement]:
    for sentence in sentences.split_sentences(line.passage.text):
        found = FORM["purpose"].search(sentence.text[:LONGEST])
        if found and len(sentence.text[found.end() :].split()) >= FEWEST_WORDS and not sentence.is_question:
            yield said_in(line, sentence.begins, sentence.text, found[0].lower())


def key_messages(passages: Sequence[SectionPassage], *, language: SpokenLanguage) -> tuple[Statement, ...]:
    """What stands in a section of key messages, one statement a paragraph or item; without one, what the note claims
    local governments to be.
    """
    return tuple(_key_messages(passages)) or tuple(_claims(passages, language))


def _key_messages(passages: Sequence[SectionPassage]) -> Iterator[Statement]:
    for line in passages:
        if not _may_be_message(line):
            continue
        if not any(sentence.is_question for sentence in sentences.split_sentences(line.passage.text)):
            yield said_in(line, 0, line.passage.text)


def _may_be_message(line: SectionPassage) -> bool:
    return (
        line.section.role == "key_messages"
        and not line.is_heading
        and line.passage.kind in BODIES
        and not line.passage.text.endswith(":")
        and not times.day_line(line.passage.text)
        and len(line.passage.text.split()) >= FEWEST_WORDS
        and len(line.passage.text) <= LONGEST
    )


def _claims(passages: Sequence[SectionPassage], language: SpokenLanguage) -> Iterator[Statement]:
    """ "Regions are the hub of …": each sentence with such a claim once."""
    told: set[str] = set()
    for line in passages if language != "und" else ():
        if (
            line.is_heading
            or line.passage.kind is not PassageKind.TEXT
            or line.section.role not in {None, "background"}
        ):
            continue
        for sentence in sentences.split_sentences(line.passage.text):
            found = form(language, "claims").search(sentence.text)
            if found is None or sentence.is_question or FORM["no_subject"].search(sentence.text[: found.start()]):
                continue
            if unmarked(sentence.text).lower() not in told:
                told.add(unmarked(sentence.text).lower())
                yield said_in(line, sentence.begins, sentence.text, "role")


def discussion_questions(passages: Sequence[SectionPassage]) -> tuple[Statement, ...]:
    """Questions of a section for them; elsewhere, items and paragraphs that only ask."""
    return tuple(_questions(passages))


def _questions(passages: Sequence[SectionPassage]) -> Iterator[Statement]:
    for line in passages:
        text = line.passage.text
        if (
            line.is_heading
            or line.passage.kind not in BODIES
            or line.section.role in {"agenda", "speakers", "participants"}
        ):
            continue
        every = [s for s in sentences.split_sentences(text) if s.text]
        asked = [s for s in every if s.is_question and len(s.text.split()) >= FEWEST_WORDS]
        label, colon, _ = text.partition(":")
        is_labelled = bool(colon) and lines.section_role(label.strip()) == "questions"
        if is_labelled or line.section.role in ASKED_IN:
            is_bare = not asked and line.passage.kind is PassageKind.ITEM and line.section.role == "questions"
            if is_bare and sentences.begins_as_question(text):
                yield said_in(line, 0, line.passage.text)
        elif line.passage.kind is PassageKind.HEADING or not (
            line.passage.kind is PassageKind.ITEM
            or (len(asked) == len(every) and all(sentences.begins_as_question(s.text) for s in asked))
        ):
            continue
        for sentence in asked:
            yield said_in(line, sentence.begins, sentence.text, None)


def regions(passages: Sequence[SectionPassage]) -> tuple[Region, ...]:
    """The items of a list of participants, or the lines and names of one without bullets, nobody twice, under each
    short line that heads some of them; under "" where none does."""
    listed: dict[str, str] = {}
    region = ""
    for line in passages:
        label, colon, names = line.passage.text.partition(":")
        if colon and names.strip() and lines.section_role(unmarked(label)) == "participants":
            listed |= dict.fromkeys((part.strip(" .") for part in re.split(r"[;,]", unmarked(names))), "")
            continue
        if line.section.role != "participants" or line.is_heading:
            continue
        text = unmarked(line.passage.text).strip(" .;,")
        if line.passage.kind is PassageKind.ITEM and len(text) <= LONGEST_PARTICIPANT:
            listed.setdefault(text, region)
        elif line.passage.kind is PassageKind.TEXT and not line.section.has_items and ";" in text:
            parts = (part.strip(" .") for part in text.split(";") if len(part.strip()) <= LONGEST_PARTICIPANT)
            listed |= dict.fromkeys(parts, "")
        elif line.passage.kind is PassageKind.TEXT and len(text) <= LONGEST_PARTICIPANT and not ends_sentence(text):
            region = text
    listed.pop("", None)
    return tuple(
        Region(name=name, participants=tuple(who for who, under in listed.items() if under == name))
        for name in dict.fromkeys(listed.values())
    )


def web_links(lines: Sequence[NoteLine]) -> tuple[str, ...]:
    """Every web address, once, in order."""
    found = (match[0].rstrip(".,;:!?*_") for line in lines for match in FORM["link"].finditer(line.text))
    return tuple(dict.fromkeys(found))


def collaboration_projects(passages: Sequence[SectionPassage]) -> tuple[CollaborationProject, ...]:
    """Numbered projects with the members interested and the actions listed under each."""
    starts = _project_starts(passages)
    ends = [*(place for place, _ in starts), len(passages)][1:]
    return tuple(
        CollaborationProject(
            title=match["title"].strip(),
            promoter=_promoter(passages[place + 1 : end]),
            interested=_interested(passages[place + 1 : end]),
            actions=tuple(line.passage.text for line in _planned(passages[place + 1 : end])),
        )
        for (place, match), end in zip(starts, ends, strict=True)
    )


def _promoter(passages: Sequence[SectionPassage]) -> str | None:
    """Who proposes a project, by the words that say so."""
    for line in passages:
        if found := FORM["promoter"].search(unmarked(line.passage.text)):
            name = (found["labelled"] or found["named"]).strip(" .")
            return None if folded(name).split()[0] in NOBODY else name
    return None


def _interested(passages: Sequence[SectionPassage]) -> tuple[str, ...]:
    openings = [name for cues in ALL.values() for name in cues.interested]
    for line in passages:
        text = unmarked(line.passage.text)
        plain = folded(text)
        if len(text) > LONGEST or not plain.startswith(tuple(openings)):
            continue
        listed = re.split(r":\s|\b(?:en el proyecto|in the project|par le projet|au projet)\b:?", text, maxsplit=1)[-1]
        return tuple(part.strip(" .") for part in re.split(r"[,;]|\s(?:y|and|et)\s", listed) if part.strip(" ."))
    return ()


def action_lines(passages: Sequence[SectionPassage]) -> frozenset[int]:
    """The lines of the actions that projects plan: they are reported there, and recommend nothing."""
    starts = [place for place, _ in _project_starts(passages)]
    parts = (passages[place + 1 : end] for place, end in pairwise([*starts, len(passages)]))
    return frozenset(line.passage.line for part in parts for line in _planned(part))


def _project_starts(passages: Sequence[SectionPassage]) -> list[tuple[int, re.Match[str]]]:
    found = (
        (at, FORM["project"].match(bare_title(line.passage.text)[:LONGEST_TITLE])) for at, line in enumerate(passages)
    )
    return [(place, match) for place, match in found if match]


def _planned(passages: Sequence[SectionPassage]) -> list[SectionPassage]:
    openings = [name for cues in ALL.values() for name in cues.project_actions]
    found: list[SectionPassage] = []
    is_open = False
    for line in passages:
        if line.passage.text.endswith(":"):
            is_open = any(opening in folded(line.passage.text) for opening in openings)
        elif line.passage.kind is PassageKind.ITEM and is_open:
            found.append(line)
        elif found:
            break
    return found


def proposals(text: str, *, source: str) -> Extraction:
    """Everything the note proposes: sessions, statements with their lines, and what does not add up."""
    lines = read_lines(text, source=source)
    layout = lay_out(lines)
    passages = passages_in_sections(layout.passages)
    language = identify_language(" ".join(passage.text for passage in layout.passages))
    title = note_title(passages)
    name = title[0] if title else None
    guess = document_kind(layout, passages, name=name)
    is_stated = not is_apart(passages, name) and (
        len(passages) < 2 * FIRST if guess in OF_ONE_SESSION else guess == "other" and _has_field(passages, TELLING)
    )
    head = letter_head(passages)
    is_stated |= head > 0 and _is_dated([line for line in passages if line.passage.line > head])
    is_stated |= guess == "report" and _is_dated(passages[: 2 * FIRST])
    looks = looks_of(passages)
    kind = weighed_kind(passages, looks, language=language)
    tells_one = is_stated or is_about_session(passages, name, looks)
    is_exact = guess not in TELLING_OF_MEETINGS
    met = meetings(passages, title=name, looks_back=guess == "report", is_exact=is_exact, language=language)
    own = None
    if met.found and (guess == "circular" or is_apart(passages, name) or (guess == "report" and met.is_programme)):
        own = met.found[0] if len(met.found) == 1 and fuzz.ratio(met.found[0].title, name or "") > ALIKE else None
        tells_one = own is not None
    found = sessions(layout, passages, title=name, language=language, tells_one=tells_one, kind=kind)
    if own and len(found.found) == 1:  # a sentence of a letter is surer than its first dates
        when = {name: getattr(own, name) or getattr(found.found[0], name) for name in TIME_AND_PLACE}
        found = structs.replace(found, found=(structs.replace(found.found[0], **when),))
    is_doubted = guess == "circular" or (guess == "other" and not is_letter(passages))
    details = (each.type or each.moderators or each.inferred or "T" in (each.start or "") for each in found.found)
    if is_doubted and not (found.is_programme or any(details)):
        found = FoundSessions()
    if len(met.found) > len(found.found) and (guess == "report" or not found.found):
        timed = all("T" in (session.start or "") for session in met.found)
        found = met if guess != "circular" or timed or met.is_programme else found
    is_guessed = all(mention.is_guessed for group in found.mentions for mention in group)
    is_open = found is met or not found.is_programme or is_guessed
    turns = told_in_turn(layout, passages, language=language) if is_open else FoundSessions()
    found = turns if turns.is_programme and len(turns.found) >= len(found.found) else found
    claimed = found.title_lines | {title[1]} if title else found.title_lines
    template = template_sections(passages)
    passages = passages_in_sections(layout.passages, titles=claimed)
    projects, listed = collaboration_projects(passages), regions(passages)
    claimed |= action_lines(passages)
    is_told = found is met or found is turns
    read_as: DocumentKind = "programme" if guess == "other" and found.is_programme and not is_told else guess
    proposed = recommendations(passages, language=language, claimed=claimed, kind=read_as)
    named = tuple(region for region in listed if region.name)
    return Extraction(
        source=source,
        language=language,
        document_kind=kind,
        title=name,
        sessions=(*(structs.replace(session, regions=named) for session in found.found[:1]), *found.found[1:]),
        template_sections=template,
        objectives=_said_in(objectives(passages), found),
        key_messages=_said_in(key_messages(passages, language=language), found),
        discussion_questions=_said_in(discussion_questions(passages), found),
        recommendations=_said_in(proposed, found),
        participants=tuple(name for region in listed for name in region.participants),
        collaboration_projects=projects,
        links=web_links(lines),
        inconsistencies=_stands_in(
            inconsistencies(
                passages,
                found,
                template,
                lines=lines,
                layout=layout,
                language=language,
                kind=guess,
                is_itself=guess == "other" and not is_letter(passages),
                asked=len(proposed),
            ),
            found,
        ),
    )


def _stands_in(findings: tuple[Inconsistency, ...], found: FoundSessions) -> tuple[Inconsistency, ...]:
    """Each finding with the session in whose lines all of its evidence stands."""
    placed_in = []
    for finding in findings:
        sessions = {found.of(place.line) if place.line else None for place in finding.evidence}
        placed_in.append(structs.replace(finding, session=sessions.pop() if len(sessions) == 1 else None))
    return tuple(placed_in)


def _said_in(said: tuple[Statement, ...], found: FoundSessions) -> tuple[Statement, ...]:
    """Each statement with its session; where no heading stands over it, the session's title is its section."""
    placed_in = []
    for statement in said:
        session = found.of(statement.line) if statement.line else None
        section = statement.section
        if section is None and session is not None and found.is_programme:
            section = found.found[session].title
        placed_in.append(structs.replace(statement, session=session, section=section))
    return tuple(placed_in)
