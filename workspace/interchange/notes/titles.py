"""What a note is called: the line, the part of a line or the words of a sentence for which most speaks.

How much each trait speaks for that, for a note's being about a session or for its being of a kind, marked notes teach
(`learned_titles.json`).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise, takewhile
from math import fsum
from pathlib import Path
from typing import get_args

import msgspec
from msgspec import Struct

from workspace.interchange.notes import lines, people, places, programme, sentences, times
from workspace.interchange.notes.layout import NotePassage, PassageKind
from workspace.interchange.notes.learned import meant
from workspace.interchange.notes.lines import aligned, bare_title, ends_sentence, folded, unmarked
from workspace.interchange.notes.rules import ALL, RuleKind, form_in_any, forms, word_set
from workspace.interchange.notes.sections import SectionPassage, announces_agreement, stated_value
from workspace.sessions.extraction import DocumentKind, SpokenLanguage

FORM = forms("titles")
GENRES = forms("genres")
WEIGHTS: dict[str, float] = msgspec.json.decode(
    (Path(__file__).parent / "rules" / "learned_titles.json").read_bytes(), type=dict[str, float]
)
KINDS: tuple[DocumentKind, ...] = get_args(DocumentKind)
ORDER: tuple[DocumentKind, ...] = ("minutes", "concept_note", "programme", "circular", "report", "agenda")
NETWORKS = frozenset(folded(word) for cues in ALL.values() for word in cues.networks)
WORD = re.compile(r"[a-z]+")
HEAD = 14  # passages
FIRST_OF_A_LETTER = 16
FIRST_OF_A_RECORD = 6
LONGEST_TITLE = 240
LONGEST_NAME = 12
SHORTEST = 60  # letters of what is read as sentences
MOST_SENTENCES = 3
MOST_PARTS = 4
LENGTHS = (2, 3, 5, 8, 12)
SHARES = (0.003, 0.01, 0.02, 0.04)  # of the words of a note
FEWEST_WORDS_OF_A_NAME = 3
TELLING: tuple[RuleKind, ...] = ("opened", "closed", "moderated", "moderates", "next_meeting", "deadline", "to_come")
OF_THE_SESSION = word_set("de la del sesion of the session seance")


class TitleCandidate(Struct, frozen=True):
    """Words that may be the title: how they were found, their line, the place of their passage."""

    how: str
    text: str
    line: int
    place: int


def note_title(passages: Sequence[SectionPassage]) -> tuple[str, int] | None:
    """The title and its line: labelled, or the candidate for which most speaks; 0 where a sentence names it.

    Of "Invitation to the workshop «Water»" it is the workshop.
    """
    found = _note_title(passages)
    inside = FORM["of_type"].search(found[0]) if found else None
    return (found[0][inside.start() :], found[1]) if found and inside else found


def _note_title(passages: Sequence[SectionPassage]) -> tuple[str, int] | None:
    for place, line in enumerate(passages):
        stated = stated_value(passages, place)
        if stated and stated.role == "title" and stated.value:
            return programme.unquoted(unmarked(stated.value)), line.passage.line
    for over, below in pairwise(each.passage for each in passages[:HEAD]):
        if _reports_of(unmarked(over.text)) and FORM["number_of_kind"].search(over.text) and _may_name(below.text):
            return programme.unquoted(bare_title(below.text)), below.line
    weighed = [(_merit(traits), each) for each, traits in weighable(passages)]
    best = max(weighed, key=lambda pair: pair[0], default=None)  # the first of those that are as good
    if best is None:
        return None
    chosen = best[1]
    for line in passages[:HEAD]:
        whole = programme.without_kind(unmarked(line.passage.text))
        kind, named = programme.split_type(whole)
        if kind and named == chosen.text:  # with its type, which says more of the session
            return bare_title(whole), line.passage.line
    whole = bare_title(_undated(unmarked(passages[chosen.place].passage.text)))
    is_of_kind = chosen.how == "of a kind" or (whole.endswith(f" {chosen.text}") and stated_kind_of(whole))
    if is_of_kind or whole.startswith(f"{chosen.text}: "):
        return whole, chosen.line
    is_in_sentence = chosen.how.startswith(("said", "quoted")) and ends_sentence(passages[chosen.place].passage.text)
    return _with_sitting(chosen.text[:1].upper() + chosen.text[1:], passages), 0 if is_in_sentence else chosen.line


def _with_sitting(title: str, passages: Sequence[SectionPassage]) -> str:
    """The name of a body with which of its meetings minutes are of, where the first lines say so."""
    head = [unmarked(line.passage.text) for line in passages[:HEAD]]
    if FORM["sitting_noun"].search(folded(title)) or not FORM["sits"].search(folded(title)):
        return title
    if not any(stated_kind_of(text) == "minutes" for text in head):
        return title
    first = " ".join(head[:FIRST_OF_A_RECORD])
    convened = FORM["convened"].search(first)
    sitting = found[0] if (found := FORM["sitting"].search(first)) else convened.lastgroup if convened else None
    return f"{title} – {sitting}" if sitting else title


def weighable(passages: Sequence[SectionPassage]) -> Iterator[tuple[TitleCandidate, frozenset[str]]]:
    """Every candidate once, with its traits."""
    head = [_shape(unmarked(line.passage.text)[:LONGEST_TITLE]) for line in passages[:HEAD]]
    dated = next((place for place, shape in enumerate(head) if "dated" in shape), len(head))
    is_sent = is_letter(passages)
    kinds = (stated_kind_of(unmarked(line.passage.text)) for line in passages[:FIRST_OF_A_RECORD])
    sort = "sent" if is_sent else next(filter(None, kinds), "other")
    seen: set[str] = set()
    for each in _candidates(passages):
        is_whole = all(each.text.count(first) == each.text.count(last) for first, last in ("«»", "“”"))
        if is_whole and 2 < len(each.text) <= LONGEST_TITLE and each.text not in seen:
            seen.add(each.text)
            around = _around(each, passages[each.place].passage, head, dated, is_sent=is_sent)
            own = _own(each, dated)
            yield each, frozenset(around | own | {f"{sort} {trait}" for trait in own if trait[:3] == "of "})


def _candidates(passages: Sequence[SectionPassage]) -> Iterator[TitleCandidate]:
    above = [line for line in passages[:HEAD] if line.passage.level == 1]
    text = unmarked(passages[0].passage.text) if above and above == [*passages[:1]] else ""
    is_other = lines.section_role(text) or stated_kind_of(text) or is_body(text) or programme.type_alone(text)
    end = 1 if text and not is_other else HEAD  # one heading above all others, no section and no kind of paper
    for place, line in enumerate([*passages[:1], *takewhile(_is_of_head, passages[1:end])]):
        passage, text = line.passage, unmarked(line.passage.text)
        is_item = passage.kind is PassageKind.ITEM or (
            passage.kind is PassageKind.SLOT and line.section.role == "agenda"
        )
        if is_item or (passage.column and place > HEAD // 2) or not _may_name(text):
            continue
        for how, words, begins in _pieces(passage, text):
            yield TitleCandidate(how, programme.unquoted(bare_title(_undated(words))), passage.line_at(begins), place)


def _undated(text: str) -> str:
    """A title without the date after it, but for the name of a kind of paper: "Minutes of the meeting of 3 May"."""
    at = min((aligned(text).find(day.verbatim) for day in times.written_days(text)), default=-1)
    return FORM["before_date"].sub("", text[:at]) if at > 0 and stated_kind_of(text) is None else text


def _is_of_head(line: SectionPassage) -> bool:
    """Whether the line is before the first section."""
    is_section = lines.section_role(line.passage.text) not in {None, "agenda"}
    return not is_section or stated_kind_of(line.passage.text) is not None


def _may_name(text: str) -> bool:
    """Whether a line may name the note: "Programme of the delta forum" does, "Agreed:" does not."""
    spelled = [word for word in folded(bare_title(text)).split() if word not in OF_THE_SESSION]
    is_named = lines.section_role(text) is None or len(spelled) >= FEWEST_WORDS_OF_A_NAME
    label = lines.labelled_value(text)
    is_named = is_named and (label is None or label.role == "title")
    is_named = is_named and not (text.endswith((",", ":")) and FORM["salutation"].match(folded(text)))
    is_named = is_named and not places.is_place_alone(text)
    is_named = is_named and lines.LABELS.get(folded(bare_title(text)), "title") in {"title", "speakers"}
    return is_named and (stated_kind_of(text) is not None or not announces_agreement(text))


def _pieces(passage: NotePassage, text: str) -> Iterator[tuple[str, str, int]]:
    """The words of a passage that may be a title, each with how they stand there and where they begin."""
    subject = FORM["subject"].match(text)
    if passage.kind is PassageKind.FIELD and not subject:
        yield "whole", text, 0
        return
    text = text[subject.end() :] if subject else text
    how = "subject" if subject else "whole"
    if len(text) <= LONGEST_TITLE and not ends_sentence(text.rstrip("? ")):
        yield how, text, 0
        begins = [at for at, _ in passage.starts]
        for at, end in zip(begins, [*begins[1:], None], strict=True) if len(begins) > 1 else ():
            yield "line", unmarked(passage.text[at:end]), at
        parts = [part for part in programme.AFTER_KIND.split(bare_title(text)) if part]
        yield from ((f"{how} part {min(number, 2)}", part, 0) for number, part in enumerate(parts[:MOST_PARTS]))
        if (body := programme.without_kind(text)) != text:
            yield "of a kind", body, 0
        yield f"{how} begun", FORM["comma"].split(bare_title(text))[0], 0
    for found in FORM["quoted"].finditer(text[: 2 * LONGEST_TITLE]):
        before = folded(text[: found.start()]).split()[-MOST_PARTS:]
        after = "venue" if places.VENUES & {*before} else bool(FORM["gathering"].search(" ".join(before)))
        yield f"quoted {after}", found["title"], 0
    if len(text) > SHORTEST or ends_sentence(text) or how == "whole":
        for number, said in enumerate(list(sentences.split_sentences(passage.text))[:MOST_SENTENCES]):
            yield from ((f"said {number}", name, said.begins) for name in _gatherings(unmarked(said.text)))


def _gatherings(text: str) -> Iterator[str]:
    """The names of gatherings in a sentence: the noun with the capitals before it, until what happens to it."""
    for found in list(FORM["gathering"].finditer(aligned(text)))[:MOST_SENTENCES]:
        lead = FORM["capitals"].search(text[: found.start()])
        begins = lead.start() if lead else found.start()
        name = FORM["until"].split(text[begins:], maxsplit=1)[0].strip(" ,.;:")
        if before := FORM["determined"].search(text[: found.start()]):
            yield text[before.end("determiner") : found.end()]
        first, _, rest = name.partition(", ")
        if rest[:1].islower():
            yield name
        if " " in first:
            yield first


@lru_cache(maxsize=4096)
def _shape(text: str) -> frozenset[str]:
    """What a line looks like, by its words of all kinds."""
    plain = folded(bare_title(text))
    words = plain.split()
    found = FORM["gathering"].search(plain)
    shape = {
        "only a kind": is_only_kind(text),
        "body": is_body(text),
        "of a body": bool((NETWORKS | people.BODIES) & {*words}),
        "begins a body": bool((NETWORKS | people.BODIES) & {*words[:1]}),
        "type": programme.type_alone(text) is not None,
        "parted": programme.split_type(text)[0] is not None,
        "typed": programme.split_type(text)[0] is not None or bool(FORM["begins_gathering"].match(plain)),
        "gathering": found is not None,
        "begins a gathering": found is not None and found.start() == 0,
        "dated": bool(times.written_days(text)),
        "shouted": text.isupper(),
        "begins small": bare_title(text)[:1].islower(),
        "colon": ":" in text,
        "sentence": ends_sentence(text),
        "timed": times.clock_span(text) is not None,
        "at a venue": bool({*words[:3]} & places.VENUES),
        "labelled": bool(FORM["labelled"].match(text)),
        "of a person": people.is_bare_name(FORM["comma"].split(text)[0]),
        "moderated": any(clause.search(text) for clause in people.moderating()),
        "numbered": bool(FORM["numbered"].search(text)),
        "quoted": text[:1] in '«“"',
        f"states {stated_kind_of(text)}": True,
    }
    return frozenset(name for name, holds in shape.items() if holds)


def _around(
    each: TitleCandidate, passage: NotePassage, head: Sequence[frozenset[str]], dated: int, *, is_sent: bool
) -> set[str]:
    """Where it stands: its place, how far over the date, the lines before and after it."""
    place, far = min(each.place, 4), max(-2, min(3, dated - each.place))
    before = head[each.place - 1] if each.place else frozenset({"nothing"})
    after = head[each.place + 1] if each.place + 1 < len(head) else frozenset()
    return {
        f"how {each.how}",
        f"sent {is_sent} {each.how}",
        f"at {place}",
        f"at {place} {each.how}",
        f"at {place} over {far}",
        f"at {place} over {far} {each.how[:4]}",
        f"level {min(passage.level, 3)}",
        f"level {min(passage.level, 3)} at {place}",
        f"level {min(passage.level, 3)} {each.how}",
        f"is {passage.kind}",
        *(f"before: {name}" for name in before),
        *(f"after: {name}" for name in after),
        *(f"at {place} after: {name}" for name in after),
        *(f"at {place} before: {name}" for name in before),
    }


def _own(each: TitleCandidate, dated: int) -> set[str]:
    """Its words and what they are of."""
    shape, words = _shape(each.text), WORD.findall(folded(each.text))
    return {
        *(f"of {name}" for name in shape),
        *(f"{each.how} of {name}" for name in shape),
        *(f"of {name} and {other}" for name in shape for other in shape if name < other),
        *(f"word {word[:6]}" for word in words if len(word) > 2),
        *(f"first {word[:6]}" for word in words[:1]),
        *(f"last {word[:6]}" for word in words[-1:]),
        f"gathering {'gathering' in shape} over {max(-2, min(3, dated - each.place))}",
        f"long {sum(len(each.text.split()) >= length for length in LENGTHS)}",
    }


def is_about_session(passages: Sequence[SectionPassage], title: str | None, looks: frozenset[str]) -> bool:
    """Whether the note as a whole is likely about one session: a short one by its title, others by what notes teach."""
    is_sure = len(passages) < HEAD and "typed" in _shape(title or "")
    return is_sure or _merit(about_traits(passages, title, looks)) > 0


COUNTS = (1, 2, 3, 5, 8, 13)
PERCENTS = (10, 20, 35, 50)


def weighed_kind(
    passages: Sequence[SectionPassage], looks: frozenset[str], *, language: SpokenLanguage
) -> DocumentKind:
    """The kind of document that a note most likely is, by what notes teach; of a programme some day or time stands."""
    traits = kind_traits(passages, looks, language=language)
    texts = [line.passage.text for line in passages]
    is_timed = any(times.written_days(text) or times.first_clock_span(text) for text in texts)
    kinds = [kind for kind in KINDS if is_timed or kind not in {"programme", "agenda"}]
    return max(kinds, key=lambda kind: _merit(f"{kind} {trait}" for trait in traits))


def _merit(traits: Iterable[str]) -> float:
    return fsum(WEIGHTS.get(trait, 0.0) for trait in traits)


def looks_of(passages: Sequence[SectionPassage]) -> frozenset[str]:
    """What a note looks like in any language: its first lines, labels, sections and cues."""
    looks = {f"sent {is_letter(passages)}", "all"}
    for place, text in enumerate(unmarked(line.passage.text)[:LONGEST_TITLE] for line in passages[:HEAD]):
        shape = _shape(text) | ({"exactly dated"} if times.written_days(text) and times.clock_span(text) else set())
        looks |= {f"{where} {name}" for name in shape for where in ("head", f"line {min(place, 3)}")}
    for line in passages:
        label = lines.labelled_value(line.passage.text)
        looks |= {f"label {label.role if label else None}", f"section {line.section.role}"}
        looks |= {f"cue {kind}" for kind in TELLING if form_in_any(kind).search(line.passage.text)}
    return frozenset(looks)


def about_traits(passages: Sequence[SectionPassage], title: str | None, looks: frozenset[str]) -> frozenset[str]:
    """What speaks for a session or against it: what the note looks like, words of its title, first and last lines."""
    traits = {*looks, *(f"title {word[:6]}" for word in WORD.findall(folded(title or "")))}
    for where, some in (("head", passages[:HEAD]), ("end", passages[-FIRST_OF_A_RECORD:])):
        texts = (unmarked(line.passage.text)[:LONGEST_TITLE] if where == "head" else line.passage.text for line in some)
        traits |= {f"{where} word {word[:6]}" for text in texts for word in WORD.findall(folded(text)) if len(word) > 2}
    return frozenset(f"about {trait}" for trait in traits)


def kind_traits(
    passages: Sequence[SectionPassage], looks: frozenset[str], *, language: SpokenLanguage
) -> frozenset[str]:
    """What speaks for a kind of document: what the note looks like, sorts of paper its first lines name, and how much
    of it means what."""
    traits = {*looks}
    for line in passages[:HEAD]:
        words = WORD.findall(folded(unmarked(line.passage.text)[:LONGEST_TITLE]))
        for where, some in (
            ("named", words),
            ("in short", words if len(words) <= LONGEST_NAME else ()),
            ("begins", words[:1]),
        ):
            traits |= {f"{where} {genre}" for word in some for genre in _genres(word)}
    plain = [folded(line.passage.text) for line in passages]
    often = Counter(sense for text in plain for sense, _ in meant(text, language))
    every = sum(text.count(" ") + 1 for text in plain)
    for name, find in (("times", times.told_span), ("days", times.written_days)):
        number = sum(bool(find(text[:LONGEST_TITLE])) for text in plain if not ends_sentence(text))
        traits |= {f"{name} {least}" for least in COUNTS if number >= least}
        traits |= {f"{name} {least} in a hundred" for least in PERCENTS if 100 * number >= least * len(plain)}
    return frozenset(
        traits | {f"~{sense} {least}" for sense in often for least in SHARES if often[sense] >= least * every}
    )


@lru_cache(maxsize=8192)
def _genres(word: str) -> tuple[str, ...]:
    """The sorts of paper of which a word is."""
    return tuple(genre for genre, form in GENRES.items() if form.fullmatch(word))


@lru_cache(maxsize=4096)
def stated_kind_of(text: str) -> DocumentKind | None:
    """The kind of document that a line names."""
    plain = folded(bare_title(text))
    for sort in ORDER:
        for cues in ALL.values():
            for phrase in cues.kinds.get(sort, ()):
                if begins(plain, phrase) or (" " in phrase and phrase in plain):
                    return sort
    return None


def begins(plain: str, phrase: str) -> bool:
    """With whole words, in one or several: "Rapports" is a report, "Rapporteur" is who wrote it."""
    rest = plain.removeprefix(phrase)
    return rest != plain and not rest.removeprefix("s")[:1].isalpha()


def is_only_kind(text: str) -> bool:
    """ "Rapporteur's report": what sort of paper it is, and no name."""
    bare = FORM["number_of_kind"].sub("", lines.PARENTHESIS.sub("", bare_title(text)).strip())
    parts = programme.AFTER_KIND.split(bare)
    kinds = {phrase for cues in ALL.values() for phrases in cues.kinds.values() for phrase in phrases}
    are_kinds = all(folded(part) in kinds or programme.type_alone(part) for part in parts) and folded(parts[0]) in kinds
    return are_kinds or _reports_of(bare)


def _reports_of(text: str) -> bool:
    """ "Report of workshop 6": a kind of paper and a type of session."""
    bare = FORM["number_of_kind"].sub("", bare_title(text))
    named = programme.FORM["kind_of"].match(folded(bare))
    return named is not None and programme.type_alone(bare[named.end() :]) is not None


def is_numbered_paper(text: str) -> bool:
    """ "Circular No. 12": only what sort of paper it is, and its number."""
    return bool(FORM["number_of_kind"].search(text)) and is_only_kind(text)


def is_body(text: str) -> bool:
    """Whether a line of a heading is the network that writes: "LEAGUE OF WALLED TOWNS", "Compact of Hill Cities"."""
    parts = [folded(part).split() for part in programme.AFTER_KIND.split(unmarked(text))]
    is_named = any(NETWORKS & {*part[:2], *part[-1:]} for part in parts)
    return is_named and len(text.split()) <= LONGEST_NAME and not ends_sentence(text)


def is_letter(passages: Sequence[SectionPassage]) -> bool:
    """Whether the first lines are the header of a letter or a mail, or greet somebody."""
    return letter_head(passages) > 0


def letter_head(passages: Sequence[SectionPassage]) -> int:
    """The line on which the head of a letter or a mail ends, with its greeting; 0 where the note is neither."""
    first = {line.passage.line: folded(bare_title(line.passage.text)) for line in passages[:FIRST_OF_A_LETTER]}
    headers = {found[0]: line for line, text in first.items() if (found := FORM["letter_header"].match(text))}
    greeting = next((line for line, text in first.items() if FORM["salutation"].match(text)), 0)
    last = max(headers.values()) if len(headers) > 1 else 0
    while last and lines.labelled_value(first.get(last + 1, "")):  # "Date: Tue 7 March 2028, 23:48"
        last += 1
    return max(greeting, last)
