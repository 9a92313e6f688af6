"""Objectives, key messages, questions for debate, participants, links and collaboration projects."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from workspace.interchange.notes import clauses, headings, sentences, times
from workspace.interchange.notes.layout import Kind
from workspace.interchange.notes.reading import Line
from workspace.interchange.notes.rules import ALL
from workspace.interchange.notes.rules.clauses import CLAUSES, NOBODY_LEFT_BEHIND
from workspace.interchange.notes.rules.table import words as word_set
from workspace.interchange.notes.sections import Placed
from workspace.interchange.notes.words import bare_title, folded, unmarked
from workspace.sessions.extraction import CollaborationProject, SpokenLanguage, Statement

LONGEST = 1200
FEWEST_WORDS = 3
LONGEST_PARTICIPANT = 160
LONGEST_TITLE = 240
LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"'«»“”()\[\]{}|]{3,500}")
NAME = r"[A-ZÀ-Þ][\w'’-]+(?:\s(?:de|del|of|the|la|du|des|d['’])?\s?[A-ZÀ-Þ][\w'’-]+){0,6}"
PROMOTER = re.compile(
    r"^(?:[Pp]romotor\w*|[Pp]romovido por|[Pp]romoter|[Ll]ed by|[Ll]ead|[Pp]roposed by|[Pp]orteur|[Pp]orté par|"
    r"[Pp]ropuesto por|[Cc]hef de file|[Ll]idera|[Ll]iderado por)\s?:\s?(?P<labelled>[^.;]{3,120})"
    r"|(?i:propuesta (?:\w+ )?(?:por|de)|propuesto por|promovido por|impulsado por|liderado por|proposed by|led by|"
    r"promoted by|proposal (?:made )?(?:by|of)|porté par|proposé par|conduit par|proposition (?:\w+ )?(?:par|de))\s"
    rf"(?:la |el |the |le |l['’])?(?:(?:ciudad|city|ville) (?:de |of |d['’])|municipio de |"
    rf"commune de )?(?P<named>{NAME})"
)
NO_SUBJECT = re.compile(
    r"\b(?:para|de|con|en|entre|a|por|for|of|with|in|to|by|between|pour|avec|dans|aux?|par|des?)\s$", re.IGNORECASE
)
NOBODY = word_set("los las les the el la le")
ASKED_IN = frozenset({"questions", "key_messages", "recommendations", "conclusions"})
BODIES = frozenset({Kind.ITEM, Kind.TEXT, Kind.HEADING, Kind.CELL})


def objectives(passages: Sequence[Placed], *, language: SpokenLanguage) -> tuple[Statement, ...]:
    """The items of a section of objectives, and what its sentences say they aim at."""
    return tuple(_objectives(passages, language))


def _objectives(passages: Sequence[Placed], language: SpokenLanguage) -> Iterator[Statement]:
    for line in passages:
        if line.section.role != "objectives" or line.is_heading:
            continue
        if line.passage.kind is Kind.ITEM and len(line.passage.text.split()) >= FEWEST_WORDS:
            if not line.passage.text.endswith("?"):
                yield _whole(line)
        elif line.passage.kind is Kind.TEXT:
            yield from _aims(line, language)


def _aims(line: Placed, language: SpokenLanguage) -> Iterator[Statement]:
    for sentence in sentences.split(line.passage.text):
        found = _purpose().search(sentence.text[:LONGEST])
        words = sentence.text[found.end() :].strip(" .") if found else ""
        if found and len(words.split()) >= FEWEST_WORDS and not sentence.is_question:
            offset = sentence.begins + sentence.text.index(words, found.end())
            yield _part(line, offset, clauses.aim(words, language), found[0].lower())


@cache
def _purpose() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(p for cues in ALL.values() for p in cues.purposes)})(?!\w)", re.IGNORECASE)


def key_messages(passages: Sequence[Placed], *, language: SpokenLanguage) -> tuple[Statement, ...]:
    """What stands in a section of key messages, one statement a paragraph or item; without one, what the note claims
    local governments to be.
    """
    return tuple(_key_messages(passages)) or tuple(_claims(passages, language))


def _key_messages(passages: Sequence[Placed]) -> Iterator[Statement]:
    for line in passages:
        if not _may_be_message(line):
            continue
        every = list(sentences.split(line.passage.text))
        said = [sentence for sentence in every if not sentence.is_question]
        while len(said) > 1 and len(said) < len(every) and len(said[-1].text.split()) <= FEWEST_WORDS:
            said.pop()  # "In this process," leads to the question that follows
        if len(said) == len(every):
            yield _whole(line)
        elif said and len(said[0].text.split()) >= FEWEST_WORDS:
            text = line.passage.text[said[0].begins : said[-1].begins + len(said[-1].text)]
            yield _part(line, said[0].begins, text, None)


def _may_be_message(line: Placed) -> bool:
    return (
        line.section.role == "key_messages"
        and not line.is_heading
        and line.passage.kind in BODIES
        and not line.passage.text.endswith(":")
        and not times.day_line(line.passage.text)
        and len(line.passage.text.split()) >= FEWEST_WORDS
        and len(line.passage.text) <= LONGEST
    )


def _claims(passages: Sequence[Placed], language: SpokenLanguage) -> Iterator[Statement]:
    """ "Regions are the hub of …": a claim once, without the clause it is a premise of."""
    rules = CLAUSES.get(language)
    if rules is None:
        return
    claim, premise = _form(rules.roles), _form(rules.premises + r"[^.;]{0,20}$")
    told: set[str] = set()
    for line in passages:
        if line.is_heading or line.passage.kind is not Kind.TEXT or line.section.role not in {None, "background"}:
            continue
        for sentence in sentences.split(line.passage.text):
            found = claim.search(sentence.text) or _form(NOBODY_LEFT_BEHIND).search(sentence.text)
            if found is None or sentence.is_question or NO_SUBJECT.search(sentence.text[: found.start()]):
                continue
            is_premise = bool(premise.search(sentence.text[: found.start()]))
            ends = sentence.text.find(", ", found.end()) if is_premise else -1
            text = sentence.text[found.start() : ends if ends > 0 else len(sentence.text)].strip(" .")
            if unmarked(text).lower() not in told and len(text.split()) >= FEWEST_WORDS + 2:
                told.add(unmarked(text).lower())
                yield _part(line, sentence.begins + found.start(), text, "role")


@cache
def _form(piece: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\w)(?:{piece})(?!\w)" if not piece.endswith("$") else rf"(?<!\w)(?:{piece})", re.IGNORECASE
    )


def discussion_questions(passages: Sequence[Placed]) -> tuple[Statement, ...]:
    """Questions of a section for them; elsewhere, items and paragraphs that only ask."""
    return tuple(_questions(passages))


def _questions(passages: Sequence[Placed]) -> Iterator[Statement]:
    for line in passages:
        text = line.passage.text
        if (
            line.is_heading
            or line.passage.kind not in BODIES
            or line.section.role in {"agenda", "speakers", "participants"}
        ):
            continue
        every = [s for s in sentences.split(text) if s.text]
        asked = [s for s in every if s.is_question and len(s.text.split()) >= FEWEST_WORDS]
        label, colon, _ = text.partition(":")
        is_labelled = bool(colon) and headings.role(label.strip()) == "questions"
        if is_labelled or line.section.role in ASKED_IN:
            is_bare = not asked and line.passage.kind is Kind.ITEM and line.section.role == "questions"
            if is_bare and sentences.asks(text):
                yield _whole(line)
        elif line.passage.kind is Kind.HEADING or not (
            line.passage.kind is Kind.ITEM or (len(asked) == len(every) and all(sentences.asks(s.text) for s in asked))
        ):
            continue
        for sentence in asked:
            yield _part(line, sentence.begins, sentence.text, None)


def participants(passages: Sequence[Placed]) -> tuple[str, ...]:
    """The items of a list of participants, or the lines and names of one without bullets."""
    found: list[str] = []
    for line in passages:
        label, colon, listed = line.passage.text.partition(":")
        if colon and listed.strip() and headings.role(unmarked(label)) == "participants":
            found += [part.strip(" .") for part in re.split(r"[;,]", unmarked(listed)) if part.strip(" .")]
            continue
        if line.section.role != "participants" or line.is_heading:
            continue
        text = unmarked(line.passage.text).strip(" .;,")
        if line.passage.kind is Kind.ITEM and len(text) <= LONGEST_PARTICIPANT:
            found.append(text)
        elif line.passage.kind is Kind.TEXT and not line.section.has_items and ";" in text:
            found += [part.strip(" .") for part in text.split(";") if 0 < len(part.strip()) <= LONGEST_PARTICIPANT]
    return tuple(dict.fromkeys(found))


def links(lines: Sequence[Line]) -> tuple[str, ...]:
    """Every web address, once, in order."""
    found = (match[0].rstrip(".,;:!?*_") for line in lines for match in LINK.finditer(line.text))
    distinct = dict.fromkeys(found)
    return tuple(
        link
        for link in distinct
        if not (link.startswith("www.") and any(other.endswith(link) for other in distinct if other != link))
    )


def projects(passages: Sequence[Placed]) -> tuple[CollaborationProject, ...]:
    """Numbered projects with the members interested and the actions listed under each."""
    starts = [
        (place, match)
        for place, line in enumerate(passages)
        if (match := _project().match(bare_title(line.passage.text)[:LONGEST_TITLE]))
    ]
    ends = [*(place for place, _ in starts), len(passages)][1:]
    return tuple(
        CollaborationProject(
            title=match["title"].strip(),
            promoter=_promoter(passages[place + 1 : end]),
            interested=_interested(passages[place + 1 : end]),
            actions=_actions(passages[place + 1 : end]),
        )
        for (place, match), end in zip(starts, ends, strict=True)
    )


@cache
def _project() -> re.Pattern[str]:
    names = "|".join(name for cues in ALL.values() for name in cues.projects)
    shared = r"\s(?:de\s)?(?:colaboraci[oó]n|collaboration|cooperaci[oó]n|coop[eé]ration|conjunto|commun)"
    return re.compile(
        rf"(?:(?:joint|shared|collaboration)\s(?:{names})|(?:{names}){shared}|(?:{names})\s(?:n[.º°]\s?)?\d{{1,2}})"
        rf"(?:\s\d{{1,2}})?\s?[:.–—-]\s?(?P<title>\S.*)$",
        re.IGNORECASE | re.DOTALL,
    )


def _promoter(passages: Sequence[Placed]) -> str | None:
    """Who proposes a project, by the words that say so."""
    for line in passages:
        if found := PROMOTER.search(unmarked(line.passage.text)):
            name = (found["labelled"] or found["named"]).strip(" .")
            return None if folded(name).split()[0] in NOBODY else name
    return None


def _interested(passages: Sequence[Placed]) -> tuple[str, ...]:
    openings = [name for cues in ALL.values() for name in cues.interested]
    for line in passages:
        text = unmarked(line.passage.text)
        plain = folded(text)
        if len(text) > LONGEST or not plain.startswith(tuple(openings)):
            continue
        listed = re.split(r":\s|\b(?:en el proyecto|in the project|par le projet|au projet)\b:?", text, maxsplit=1)[-1]
        return tuple(part.strip(" .") for part in re.split(r"[,;]|\s(?:y|and|et)\s", listed) if part.strip(" ."))
    return ()


def action_lines(passages: Sequence[Placed]) -> frozenset[int]:
    """The lines of the actions that projects plan: they are reported there, and recommend nothing."""
    starts = [
        place for place, line in enumerate(passages) if _project().match(bare_title(line.passage.text)[:LONGEST_TITLE])
    ]
    return frozenset(
        line.passage.line
        for place, end in pairwise([*starts, len(passages)])
        for line in _planned(passages[place + 1 : end])
    )


def _actions(passages: Sequence[Placed]) -> tuple[str, ...]:
    return tuple(line.passage.text for line in _planned(passages))


def _planned(passages: Sequence[Placed]) -> list[Placed]:
    openings = [name for cues in ALL.values() for name in cues.project_actions]
    found: list[Placed] = []
    is_open = False
    for line in passages:
        if line.passage.text.endswith(":"):
            is_open = any(opening in folded(line.passage.text) for opening in openings)
        elif line.passage.kind is Kind.ITEM and is_open:
            found.append(line)
        elif found:
            break
    return found


def _whole(line: Placed) -> Statement:
    return Statement(text=line.passage.text, line=line.passage.line, page=line.passage.page, section=line.section.name)


def _part(line: Placed, begins: int, text: str, marker: str | None) -> Statement:
    return Statement(
        text=text,
        line=line.passage.line_at(begins),
        page=line.passage.page,
        section=line.section.name,
        marker=marker,
    )
