"""What a note states about one session: labelled values, hosts, what holds for the whole note, and a guessed year."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby, takewhile, zip_longest

from msgspec import Struct, field, structs
from rapidfuzz import fuzz

from workspace.interchange.notes import lines, people, places, programme, times
from workspace.interchange.notes import people as appearing
from workspace.interchange.notes.layout import Layout, NotePassage, PassageKind
from workspace.interchange.notes.lines import ends_sentence, folded, unmarked
from workspace.interchange.notes.programme import ProgrammeSlot, SlotTitle
from workspace.interchange.notes.rules import ADOPTED_TEXTS, ALL, form_in_any, forms
from workspace.interchange.notes.sections import SectionPassage, stated_value
from workspace.interchange.notes.sentences import split_sentences
from workspace.interchange.notes.titles import stated_kind_of
from workspace.sessions.extraction import AgendaItem, Guess, Person, Registration, SessionFormat

FORM = forms("session_details")

NAME = people.NAME
FULL_NAME = re.compile(r"(?<![\w-])" + NAME[NAME.rindex("(?P<name>") :])
FROM = re.compile(NAME + r"\s\((?P<aside>[^()]{3,60})\)")
FEWEST_TURNS = 2
LEADING = (";", '",', "»,", "”,")  # before the subject of a clause
SLIP = 88  # of a name beside another's
PAIR = 2
MOST_PEOPLE = 60
WHEN = frozenset({"date", "time", "datetime"})
LISTED = frozenset({PassageKind.ITEM, PassageKind.SLOT})
LISTED_PEOPLE = frozenset({PassageKind.ITEM, PassageKind.FIELD})
MOST_WORDS_OF_NAMES = 12  # of what ends as a sentence does
SAID = frozenset({PassageKind.TEXT, PassageKind.ITEM, PassageKind.HEADING})
MOST_WORDS_OF_A_FORMAT = 4


class StatedValue(Struct, frozen=True):
    """The value of a labelled line, and the line."""

    text: str
    line: int


class LabelledDetails(Struct, frozen=True):
    """The labelled values of one session, by the role of their labels, and its people."""

    values: Mapping[str, tuple[StatedValue, ...]] = field(default_factory=dict)
    speakers: tuple[Person, ...] = ()
    moderators: tuple[Person, ...] = ()

    def between(self, first: int, last: int) -> "LabelledDetails":
        """Without the days and times that labels outside of those lines state: those of another meeting, or a mail."""
        kept = {role: tuple(each for each in said if first < each.line <= last) for role, said in self.values.items()}
        return structs.replace(self, values={**self.values, **{role: kept[role] for role in WHEN & {*kept}}})

    def first(self, role: str) -> str | None:
        return next((value.text for value in self.values.get(role, ()) if value.text), None)


def labelled_details(passages: Sequence[SectionPassage], entry: SlotTitle | None = None) -> LabelledDetails:
    """What the passages of one session state; people marked as confirmed or not wherever a mark stands."""
    values: dict[str, list[StatedValue]] = {}
    for role, value in _labelled(passages):
        values.setdefault(role, []).append(value)
    speakers, moderators = (_in_order(passages, values, entry, role) for role in ("speakers", "moderators"))
    moderators = people.distinct([*moderators, *_spelled(moderators_told(passages), passages)])[:MOST_PEOPLE]
    moderators = tuple(person for person in moderators if person.name) or moderators
    if not any(person.name for person in speakers):
        others = [person for role in ("rapporteur", "absent") for _, person in _named(values.get(role, []))]
        absent = (found for line in passages for found in people.FORM["apart"].finditer(unmarked(line.passage.text)))
        names = (
            *(person.name or "" for person in (*moderators, *others)),
            *(found["name"] or found["whom"] for found in absent),
        )
        apart = {word for name in names for word in folded(name).split()[-1:]}
        heard = people.distinct(speakers_told(passages))[:MOST_PEOPLE]
        speakers = tuple(person for person in heard if folded(person.name or "").split()[-1] not in apart) or speakers
    marked = any(person.confirmed != "unknown" for person in (*speakers, *moderators))
    return LabelledDetails(
        values={role: tuple(found) for role, found in values.items()},
        speakers=_settled(speakers, marked=marked),
        moderators=_settled(moderators, marked=marked),
    )


def _in_order(
    passages: Sequence[SectionPassage],
    values: Mapping[str, Sequence[StatedValue]],
    entry: SlotTitle | None,
    role: str,
) -> tuple[Person, ...]:
    """Those whom labels, lists and items name in a role; in an agenda in the order of their lines."""
    listed = (*_in_entry(passages, entry), *_listed(passages)) if role == "speakers" else ()
    named = (*_named(values.get(role, [])), *listed, *_in_items(passages, role), *_said_with_label(passages, role))
    begins = next((line.passage.line for line in passages[_first_of_agenda(passages) :]), None)
    ordered = sorted(named, key=lambda each: each[0] if begins else 0)
    return people.distinct(person for _, person in ordered)[:MOST_PEOPLE]


def agenda(passages: Sequence[SectionPassage], slots: Sequence[ProgrammeSlot]) -> tuple[AgendaItem, ...]:
    """The items of an agenda, each with whom it names until the next begins."""
    items = [(passages[place].passage.line, item) for place, item in programme.agenda(passages, slots).items()]
    begin, named = [line for line, _ in items], [*_listed(passages), *_stated(passages)]
    named += [found for role in appearing.ROLES for found in _in_items(passages, role)]
    speaking: list[dict[str, None]] = [{} for _ in items]
    for line, person in sorted(named, key=lambda pair: pair[0]):
        body = person.name or person.organisation or person.role
        if body and (begun := bisect_right(begin, line)) and not items[begun - 1][1].is_break:
            speaking[begun - 1][body] = None
    return tuple(structs.replace(item, speakers=tuple(who)) for (_, item), who in zip(items, speaking, strict=True))


def _labelled(passages: Sequence[SectionPassage]) -> Iterator[tuple[str, StatedValue]]:
    role, is_open = "", False  # of people, whose list may go on in the lines below its label
    for place, line in enumerate(passages):
        stated, passage = stated_value(passages, place), line.passage
        goes_on = bool(role) and is_open and passage.kind is PassageKind.TEXT and not passage.gap and not stated
        if goes_on and lines.FORM["begins_person"].match(passage.text) and not ends_sentence(passage.text):
            yield role, StatedValue(unmarked(passage.text), passage.line)
            continue
        over = stated_value(passages, place - 2) if place > 1 and lines.is_room(passage.text) else None
        if over and over.role == "place" and over.value == passages[place - 1].passage.text and not passage.gap:
            yield "room", StatedValue(unmarked(passage.text), passage.line)
        role = stated.role if stated and stated.role in appearing.ROLES else ""
        is_open = stated is not None and (role == "speakers" or not stated.value or lines.goes_on(stated.value))
        label, _, said = passage.text.partition(":")
        bare, is_long = lines.PARENTHESIS.sub("", label), len(said.split()) > people.MOST_WORDS_OF_A_NAME
        if stated and role and bare.isupper() and is_long and ends_sentence(said):
            stated = structs.replace(stated, value=label[len(bare) :].strip(" ()"))  # "THE CHAIR (Ana Ruiz): Good …"
        is_of_item = line.section.role == "agenda" and not passage.column
        is_reporting = stated and stated.role == "rapporteur" and is_of_item
        if stated:
            text = unmarked(FORM["next_label"].split(stated.value, maxsplit=1)[0])
            text, chair = appearing.parted(text) if stated.role == "speakers" else (text, "")
            yield "speakers" if is_reporting else stated.role, StatedValue(text.strip(), passage.line)
            if chair:
                yield "moderators", StatedValue(chair, passage.line)


def _named(values: Sequence[StatedValue]) -> Iterator[tuple[int, Person]]:
    is_one_each = len(values) > 1 and any(_is_with_body(value.text) for value in values)
    for line, text in ((value.line, value.text) for value in values):
        first = next((said.text.rstrip(".") for said in split_sentences(text)), "")
        is_list = len(text.split()) <= MOST_WORDS_OF_NAMES or not ends_sentence(text)
        first = text if is_list and not people.only_people(first) else first
        if is_list or len(first.split()) <= MOST_WORDS_OF_NAMES // 2:
            named = _of_line(people.people(first.rstrip(" ·|–—-")), first, is_one=is_one_each)
            is_open = is_list and not any(map(str.isdigit, first))  # "Presentation ..... 10 min"
            yield from ((line, person) for person in named if is_open or person.name)


def _stated(passages: Sequence[SectionPassage]) -> Iterator[tuple[int, Person]]:
    """Whom the labelled lines of an agenda name: "Moderator: Ana Ruiz"."""
    for line in passages:
        stated = lines.labelled_value(line.passage.text) if line.section.role == "agenda" else None
        if stated and stated.role in appearing.ROLES and line.passage.kind is PassageKind.FIELD:
            names = FORM["next_label"].split(stated.value, maxsplit=1)[0]
            yield from ((line.passage.line, person) for person in people.people(names))


def _listed(passages: Sequence[SectionPassage]) -> Iterator[tuple[int, Person]]:
    """People in a section of speakers, and those an agenda lists under its items, each with the line."""
    runs = _people_run(passages)
    is_one_each = any(line.section.role == "speakers" and _is_with_body(line.passage.text) for line in passages)
    for place, line in enumerate(passages):
        passage = line.passage
        if line.is_heading or passage.kind not in {PassageKind.ITEM, PassageKind.TEXT, PassageKind.CELL}:
            continue
        is_list = place in runs or (line.section.role == "speakers" and passage.kind is PassageKind.ITEM)
        in_agenda = line.section.role == "agenda" and passage.kind is PassageKind.ITEM
        opened = appearing.OPENED.match(unmarked(passage.text)) if passage.kind is PassageKind.TEXT else None
        is_panel = opened and programme.type_alone(opened["what"]) and not any(map(str.isdigit, opened["what"]))
        panel = list(people.people(opened["who"])) if opened and is_panel else []
        if len(panel) > 1 and all(person.name for person in panel):
            yield from ((passage.line, person) for person in panel)
        elif line.section.role == "speakers" and (each := _alone(passage)):
            yield from ((passage.line, who) for who in _of_line(each, passage.text, is_one=is_one_each))
        elif _is_prose(passage.text, most=1 if passage.kind is PassageKind.TEXT else 2):
            continue
        elif (found := people.person(passage.text)) and (
            ((is_list or in_agenda or line.section.role == "speakers") and people.is_speaker(passage.text))
            or (is_list and len(passage.text) < people.LONGEST and found.name)
        ):
            yield passage.line, found


def _said_with_label(passages: Sequence[SectionPassage], role: str) -> Iterator[tuple[int, Person]]:
    """Whom the sentences of a paragraph name after a label: "Speakers: Ana Ruiz and Tom Reed; moderator: Eva Paz."."""
    for line in passages:
        if line.passage.kind is PassageKind.TEXT and ":" in line.passage.text:
            for sentence in split_sentences(unmarked(line.passage.text)):
                for part in FORM["before_label"].split(sentence.text):
                    stated = lines.labelled_value(part)
                    if stated and stated.role == role:
                        named = (person for person in people.people(stated.value.rstrip(".")) if person.name)
                        yield from ((line.passage.line, person) for person in named)


def _is_prose(text: str, *, most: int) -> bool:
    return len(list(split_sentences(text))) > most or (ends_sentence(text) and len(text.split()) > MOST_WORDS_OF_NAMES)


def _people_run(passages: Sequence[SectionPassage]) -> frozenset[int]:
    """The places of the items of lists in which every item is a person with a post or an organisation."""
    found: set[int] = set()
    for is_item, run in groupby(enumerate(passages), key=lambda pair: pair[1].passage.kind in LISTED_PEOPLE):
        listed = list(run) if is_item else []
        over = passages[listed[0][0] - 1].passage.text if listed and listed[0][0] else ""  # "Present, with a vote (9):"
        listed = [] if form_in_any("present").search(folded(over)) else listed
        named = [(at, people.person(line.passage.text)) for at, line in listed if line.passage.kind is PassageKind.ITEM]
        is_list = len(named) > 1 and all(who and who.name and (who.role or who.organisation) for _, who in named)
        if is_list and listed[0][1].section.role not in {"participants", "recommendations", "agenda"}:
            found |= {at for at, _ in named}
    return frozenset(found)


def _is_with_body(text: str) -> bool:
    """Whether a line is one person and where that person is from: "Ana Ruiz, Skelder Island Council"."""
    named = people.only_people(text) if "," in text else []
    return len(named) == 1 and bool(named[0].organisation or named[0].role)


def _of_line(named: Iterable[Person], text: str, *, is_one: bool) -> list[Person]:
    """Whom a line of a list names; where each line is of one, what follows the comma is where they are from."""
    found = list(named)
    is_pair = len(found) == PAIR and "," in text and "(" not in text
    return found[:1] if is_one and is_pair else found


def _alone(passage: NotePassage) -> list[Person]:
    """One who is named without a known post or body: "Ana Ruiz, Food Cities Alliance"."""
    return [] if people.is_speaker(passage.text) else people.only_people(passage.text)


def _apart(passage: NotePassage) -> list[str]:
    """The lines of a passage."""
    begins = [offset for offset, _ in passage.starts]
    return [passage.text[start:end].strip() for start, end in zip(begins, [*begins[1:], None], strict=True)]


def _in_items(passages: Sequence[SectionPassage], role: str) -> Iterator[tuple[int, Person]]:
    """Whom the items of an agenda name themselves, in their row of the table or on their own line, with the line."""
    slot = under = -1
    begins = _first_of_agenda(passages)
    for place, line in enumerate(passages):
        passage = line.passage
        if passage.kind is PassageKind.SLOT:
            slot, under = passage.line, -1 if times.written_days(passage.text) else passage.line
            text = unmarked(passage.text)
            span = times.first_clock_span(text)
            rest = programme.MINUTES_ASIDE.sub("", text[span.ends if span else 0 :])
            yield from ((passage.line, person) for person in appearing.people_in(rest.lstrip(programme.LEAD), role))
        elif line.room and passage.line != slot and passage.kind is not PassageKind.FIELD:
            yield from ((passage.line, found) for found in appearing.people_in(passage.text, role))
            bare = people.people(passage.text) if place and role == "speakers" else ()
            yield from ((passage.line, found) for found in bare if found.name)
        elif line.head in {"speakers", role}:
            named = appearing.parted(passage.text)[line.head != role] if line.head == "speakers" else passage.text
            named = appearing.unlabelled(named)
            yield from ((passage.line, found) for found in people.people(named) if found.name or found.role)
        elif passage.line == slot or (line.section.role == "agenda" and passage.kind is PassageKind.CELL):
            yield from ((passage.line, person) for person in appearing.people_in(passage.text, role))
        elif passage.kind is PassageKind.ITEM and (place >= begins or line.section.role == "agenda"):
            under = passage.starts[-1][1] if place >= begins else under
            yield from ((passage.line, found) for found in people.presenting(passage.text) if role == "speakers")
        elif under == passage.line - 1 and passage.kind is PassageKind.TEXT and not passage.gap:
            under = passage.starts[-1][1]
            for text in _apart(passage) if role == "speakers" else ():
                presenting = (people.only_people(text) or people.presenting(text)) if place >= begins else []
                who = list(people.people(text)) if people.is_speaker(text) else presenting
                yield from ((passage.line, person) for person in who)


def _first_of_agenda(passages: Sequence[SectionPassage]) -> int:
    """The place of the first item, in a note whose first lines call it an agenda; of any other, its end."""
    kinds = (stated_kind_of(unmarked(line.passage.text)) for line in passages[:FIRST])
    every = enumerate(line.passage for line in passages) if next(filter(None, kinds), None) == "agenda" else ()
    items = (at for at, each in every if each.kind in LISTED and not times.written_days(each.text))
    return next(items, len(passages))


def _in_entry(passages: Sequence[SectionPassage], entry: SlotTitle | None) -> Iterator[tuple[int, Person]]:
    """Who speaks in a session of a programme: those named after its title, or alone on the lines below it."""
    for number, line in enumerate(passages if entry else ()):
        passage = line.passage
        is_title = entry is not None and passage.line in entry.lines
        if passage.gap and number and not passage.column and not is_title:
            return
        span = times.first_clock_span(passage.text) if passage.kind is PassageKind.SLOT else None
        text = passage.text[span.ends if span else 0 :].lstrip(programme.LEAD)
        text = appearing.unlabelled(appearing.parted(text)[0])
        is_listed = passage.kind is PassageKind.FIELD or line.section.role in appearing.ROLES
        if not is_listed and line.head in {None, line.room, "title"}:
            named = (not is_title and people.only_people(text)) or people.without_people(text)[1]
            opened = None if is_title or named else appearing.OPENED.match(unmarked(text))
            named = named or (people.only_people(opened["who"]) if opened else appearing.after_title(passage.text))
            named = [person for person in named if entry is None or person.name != entry.room]
            yield from ((passage.line, person) for person in named)


def moderators_told(passages: Sequence[SectionPassage]) -> Iterator[Person]:
    """Who moderates, where a sentence says so: "Moderated by Joseph Tavares, the plenary …"; "Ana Ruiz chaired"."""
    for line in passages:
        text = unmarked(line.passage.text)
        if len(text) < people.LONGEST:
            yield from people.only_people(appearing.parted(text)[1])
        told = (found for form in (*people.moderating(), FORM["chairing"]) if (found := form.search(text)))
        stated = lines.labelled_value(text) if line.passage.kind is PassageKind.FIELD else None
        if (stated is None or stated.role not in appearing.ROLES) and (found := next(told, None)):
            names = filter(None, (found["name"], found.groupdict().get("other")))
            yield from (named for name in names if (named := people.person(_bare(name))) and named.name)


def speakers_told(passages: Sequence[SectionPassage]) -> Iterator[Person]:
    """Who speaks, as turns and sentences tell: "PYKE (Cllr Desmond Pyke): …", "Ana Ruiz, of Cali, presented …".

    One who goes by part of a name is whoever the note names in full.
    """
    texts: list[str] = []
    for passage in (line.passage for line in passages if line.passage.kind in {*SAID, PassageKind.SLOT}):
        last = texts[-1] if texts and not (passage.gap or passage.bullet) else ""
        goes_on = len(last) > places.LONGEST and not ends_sentence(last)
        texts[-1:] = [f"{last} {unmarked(passage.text)}"] if goes_on else [*texts[-1:], unmarked(passage.text)]
    full: dict[str, str] = {}
    for name in (_bare(found["name"]) for line in passages for found in FULL_NAME.finditer(line.passage.text)):
        full |= {part: name for part in folded(name).split() if len(name) > len(full.get(part, ""))}
    begun = [
        found for text in texts if (found := FORM["turn"].match(text)) and not people.only_people(text[found.end() :])
    ]
    is_spoken = sum(any(_known(_turn(found), full)) for found in begun) >= FEWEST_TURNS
    named: list[str] = []
    whole = Counter(found["name"] for line in passages for found in FULL_NAME.finditer(line.passage.text))
    for text in texts:
        found = FORM["turn"].match(text)
        found = found if found and (is_spoken or whole[_turn(found)] > 1) else None
        sentences = () if found or 2 * len(begun) > len(texts) else split_sentences(text)
        named += [_turn(found)] if found else [name for said in sentences for name in _speaking(unmarked(said.text))]
    apart = _bodies(passages)
    known = (each for name in named for each in _known(name, full) if folded(each.name or "") not in apart)
    yield from _spelled(known, passages)


def _bodies(passages: Sequence[SectionPassage]) -> frozenset[str]:
    """What stands in parentheses after names of people, or before them with a colon: where they are from."""
    every = [unmarked(line.passage.text) for line in passages]
    asides = [(found["name"], found["aside"]) for text in every for found in FROM.finditer(text)]
    asides += [(text[found.end() :], found["who"]) for text in every if (found := FORM["turn"].match(text))]
    return frozenset(
        folded(part).strip()
        for name, aside in asides
        for part in aside.split(",")
        if people.is_bare_name(name.strip(" .")) and not {*folded(part).split()} & {*folded(name).split()}
    )


def _turn(found: re.Match[str]) -> str:
    """Who begins to speak: by the name in parentheses, where that is one of the same name."""
    inside = people.person(found["aside"] or "")
    return (
        inside.name
        if inside and inside.name and folded(found["who"]).split()[-1] in folded(inside.name)
        else found["who"]
    )


def _spelled(found: Iterable[Person], passages: Sequence[SectionPassage]) -> Iterator[Person]:
    """People without those whose name is another's with a slip, or words that the text has in small letters."""
    names: list[str] = []
    often = Counter(_bare(name["name"]) for line in passages for name in FULL_NAME.finditer(line.passage.text))
    small = {word for line in passages for word in FORM["small_word"].findall(line.passage.text)}
    for person in found:
        alike = [other for other in often if fuzz.ratio(person.name or "", other) >= SLIP]
        name = max((person.name or "", *alike), key=lambda other: often[other])
        spelled = {word for word in name.lower().split() if len(word) > 1} - people.PARTICLES
        is_slip = any(fuzz.ratio(name, other) >= SLIP for other in names if other != name)
        if not (is_slip or spelled & lines.CONTINUING) and len(small & spelled) * 2 < len(spelled):
            names.append(name)
            yield structs.replace(person, name=name)


def _known(name: str, full: Mapping[str, str]) -> Iterator[Person]:
    """Whoever goes by a name, or by the last part or the first of one that the note has in full."""
    bare = _bare(name)
    longer = next((full[part] for part in folded(bare).split()[::-1] if len(part) > len("F.") and part in full), "")
    known = people.written_out(longer if folded(bare).rstrip(".") in folded(longer) else bare)
    if people.is_bare_name(known) and not set(folded(known).split()) & (people.NO_NAMES | places.VENUES):
        yield Person(name=known)


def _speaking(text: str) -> Iterator[str]:
    """Those of whom a sentence says that they speak, in its order."""
    before, after, alone = _verbs_of_speaking()
    if found := before.search(text):
        named = list(FORM["listed_name"].finditer(text[found.start("rest") :].partition(":")[0]))
        titled = [each["name"] for each in named if each["title"]]
        yield from titled or (each["name"] for each in named)
        return
    subjects = (found for found in after.finditer(text) if found["verb"] or found["told"] or _is_subject(text, found))
    for found in sorted((*subjects, *alone.finditer(text)), key=lambda found: found.start("name")):
        yield found["name"]
        if found.re is after:
            yield from (each["name"] for each in FULL_NAME.finditer(found["others"]))
            yield from (each["name"] for each in FORM["and_another"].finditer(text, found.end()))


def _bare(name: str) -> str:
    """A name without the verb, the adverb or the title before it."""
    verb = form_in_any("hears").match(name) or form_in_any("present").match(name)
    name = name[verb.end() :].lstrip() if verb else FORM["adverb"].sub("", name)
    return people.FORM["titles"].sub("", name)


def _is_subject(text: str, found: re.Match[str]) -> bool:
    """Whether a name with any verb after it begins what is said, and is no thing or place."""
    before = text[max(found.start(), found.end("office")) : found.start("name")].strip()  # "El" of "El Tour"
    is_thing = any(FORM["no_subject"].search(words) for words in (found["name"], before if " " not in before else ""))
    lead = text[: found.start()].strip()
    return not is_thing and (not lead or lead.endswith(LEADING))


@cache
def _verbs_of_speaking() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """A verb before those who speak, one after the first of them and what is said of that one, or after one name."""
    before, after = (form_in_any(kind).pattern for kind in ("hears", "speaks"))
    joints, office = FORM["joints"].pattern, FORM["office"].pattern
    aside = r"\s?\([^()]{2,80}\)|,\s[^.;:]{2,90}?,|\s(?:de|from|of|du|des|para|por|for|pour|en)\s[^.;:,]{2,50}?"
    relative = r"(?:,?\s(?:quien|que|who|qui))?"
    pronoun = r"(?:(?:(?:se|les?|lui|leur|nous|me|nos|y)\s){1,2}|[sl]['’])?"
    another = FULL_NAME.pattern.replace("?P<name>", "?:")
    others = rf"(?P<others>(?:(?:,|\sand|\s&|\sy|\se|\set)\s{another}){{0,3}})"
    first = r"(?<!from\s)(?<!of\s)(?<!in\s)(?<!at\s)(?<!de\s)(?<!en\s)(?<!à\s)"
    any_verb = rf"(?!(?:{joints})\b)[a-zà-ÿ]"
    return (
        re.compile(rf"(?:(?i:{before})\s?:?|(?:[»”]\s?,|,”)(?:\s[a-zà-ÿ'’-]+){{1,3}})\s?(?:{office})?(?P<rest>{NAME})"),
        re.compile(
            rf"(?P<office>{office})?{first}{NAME}{others}(?:,?\s{pronoun}(?P<verb>(?i:{after}))"
            rf"|(?:{aside}|(?(office),))?{relative}\s(?:{pronoun}(?P<told>(?i:{after}))|{any_verb}))"
        ),
        re.compile(
            rf"{FORM['part_of_name'].pattern}(?:\s(?i:{after})|(?(title)(?:{aside})?{relative}\s{pronoun}{any_verb}|(?!)))"
        ),
    )


def _settled(found: Sequence[Person], *, marked: bool) -> tuple[Person, ...]:
    """Where some people are marked as confirmed or not, the others are the other kind: a list says so by its marks."""
    if not marked:
        return tuple(found)
    return tuple(
        person
        if person.confirmed != "unknown"
        else Person(name=person.name, role=person.role, organisation=person.organisation, confirmed="yes")
        for person in found
    )


def room_and_place(details: LabelledDetails) -> tuple[str | None, str | None]:
    """The room, and the place; "Sala D / Kasbah" is a room whatever its label says."""
    room, place = details.first("room"), details.first("place")
    return places.split_room(place) if place is not None and room is None else (room, place)


def room_aside(title: str) -> tuple[str, str | None]:
    """A title without the room named after it in parentheses, and the room."""
    found = FORM["room_aside"].match(title)
    if found and (lines.ROOMS & set(folded(found["room"]).split()) or lines.is_space(found["room"])):
        return found["title"], found["room"]
    return title, None


def format_aside(title: str) -> tuple[str, str | None]:
    """A title without the format named after it in parentheses, and those words."""
    found = FORM["room_aside"].match(title)
    if found and session_format(found["room"]) and len(found["room"].split()) <= MOST_WORDS_OF_A_FORMAT:
        return found["title"], found["room"]
    return title, None


def platform(*texts: str | None) -> str | None:
    """The platform a text names."""
    return next((found[1] for text in texts if text and (found := FORM["platforms"].search(text))), None)


def session_format(*texts: str | None) -> SessionFormat | None:
    """In person, online or both, as the texts say; a platform alone means online."""
    for text in filter(None, texts):
        plain = folded(text)
        for cues in ALL.values():
            for words, meaning in cues.formats.items():
                if words in plain:
                    return meaning
    return None


def registration(text: str | None) -> Registration | None:
    plain = folded(text or "")
    for cues in ALL.values():
        for words, meaning in cues.registrations.items():
            if words in plain:
                return meaning
    return None


def capacity(text: str | None) -> int | None:
    found = FORM["integer"].search(text or "")
    return int(re.sub(r"\D", "", found[1])) if found else None


def seats(text: str | None) -> int | None:
    """The places that a line about something else states: "Inscripción: gratuita (120 plazas)"."""
    found = FORM["seats"].search(text or "")
    return int(found[1]) if found else None


def languages(text: str | None) -> tuple[str, ...]:
    """Codes of the languages a line names, by name or by a form's abbreviation."""
    names = {name: code for cues in ALL.values() for name, code in cues.languages.items()}
    found = [names.get(folded(part)) for part in FORM["language_parts"].split(text or "")]
    return tuple(dict.fromkeys(code for code in found if code))


def organisers(details: LabelledDetails, role: str) -> tuple[str, ...]:
    found = [name for value in details.values.get(role, ()) for name in people.organisations(value.text)]
    return tuple(dict.fromkeys(found))


def duration(details: LabelledDetails) -> int | None:
    return times.written_minutes(details.first("duration") or "")


def session_type(details: LabelledDetails) -> str | None:
    """The type a labelled line states, if it states one and not the form's whole choice."""
    text = details.first("type")
    return text if text and not programme.type_options(text) else None


def thematic(text: str | None) -> str | None:
    """A line or subtheme with its number as a programme cites it: "1.1 El territorio"."""
    return FORM["number_dash"].sub(r"\1 ", text).strip(" .") if text else None


FIRST = 16
LONGEST_NAME = 140


def hosts(passages: Sequence[SectionPassage]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The organisers, those who support them or coordinate with them, and funders, as one sentence names them."""
    for line in passages[:FIRST]:
        if line.passage.kind not in {PassageKind.TEXT, PassageKind.HEADING}:
            continue
        if found := FORM["hosts"].search(unmarked(line.passage.text)):
            first, *others = FORM["support"].split(found["names"])
            support: tuple[list[str], list[str]] = ([], [])
            for how, names in zip(others[::2], others[1::2], strict=True):
                support[bool(FORM["money"].search(how))].extend(_names(names))
            return tuple(_names(first)), tuple(support[False]), tuple(support[True])
    return (), (), ()


def _names(text: str) -> Iterator[str]:
    """Names parted by semicolons; by commas and "and" where each part is a name of its own."""
    for part in re.split(r"\s?;\s(?:y |and |et )?", text.strip(" ,")):
        pieces = [FORM["note_mark"].sub("", FORM["article"].sub("", piece.strip())) for piece in part.split(",")]
        short = next((place for place, piece in enumerate(pieces) if place and FORM["acronym"].match(piece)), None)
        if short is not None:
            yield from _fitting([", ".join(pieces[: short + 1])])
            last = FORM["conjunction"].sub("", part.split(",")[-1].strip())
            if len(pieces) > short + 1 and last != part.split(",")[-1].strip():
                yield from _fitting(name for name in [FORM["article"].sub("", last)] if name[:1].isupper())
        elif all(piece[:1].isupper() for piece in pieces):
            yield from _fitting(
                [FORM["article"].sub("", name) for piece in pieces for name in FORM["between"].split(piece)]
            )
        else:
            yield from _fitting(FORM["between"].split(pieces[0]))


def _fitting(names: Iterable[str]) -> Iterator[str]:
    yield from (FORM["article"].sub("", name) for name in names if 1 < len(name) <= LONGEST_NAME)


FIRST_LINES = 14
FIRST_HEADS = 5
LONGEST_LINE = 160


def _heads(passages: Sequence[SectionPassage]) -> list[tuple[int, str]]:
    """The lines over the title, where a header stands once and so is no running one."""
    return [
        (line.passage.line, line.passage.text)
        for line in passages[:FIRST_HEADS]
        if not (line.passage.column or lines.section_role(line.passage.text) or programme.type_alone(line.passage.text))
    ]


def room_and_place_in_text(
    passages: Sequence[SectionPassage], told: LabelledDetails, dated: ProgrammeSlot | None, *, verbatim: str | None
) -> tuple[str | None, str | None]:
    """Where one session is, if no labelled line says so: an address, or words after its time."""
    if told.first("place"):
        return None, None
    if dated is not None:
        told_of = FORM["preposition"].sub("", dated.title.text)
        room, place = (
            places.split_room(told_of)
            if dated.line in dated.title.lines and len(told_of) < LONGEST_LINE
            else (None, None)
        )
        if room:
            return room, place
    said = (sentence.text for line in passages[: 2 * FIRST_LINES] for sentence in split_sentences(line.passage.text))
    said = (text for text in said if not form_in_any("next_meeting").search(text))
    held = next(
        filter(None, (places.told_place(text) for text in said if places.FORM["took_place"].search(text))), None
    )
    found = [places.told_place(verbatim or ""), place_beside_date(passages), held, _house_alone(passages)]
    best = min(filter(None, found), key=lambda where: (not places.is_house(where), "," not in where), default=None)
    return places.split_room(best) if best else (None, None)


def place_beside_date(passages: Sequence[SectionPassage]) -> str | None:
    """The place on the line of the date among the first lines, or on the line beside it."""
    heads = passages[:FIRST_LINES]
    return _beside_date(heads) or _beside_date([piece for line in heads for piece in _lines_apart(line)])


def _lines_apart(line: SectionPassage) -> Iterator[SectionPassage]:
    """The lines of a passage that is no prose, each by itself."""
    passage, begins = line.passage, [at for at, _ in line.passage.starts]
    begins = begins[:1] if ends_sentence(passage.text) else begins
    for at, end in zip_longest(begins, begins[1:]):
        piece = structs.replace(passage, text=passage.text[at:end].strip(), gap=0 if at else passage.gap)
        yield structs.replace(line, passage=piece)


def _beside_date(heads: Sequence[SectionPassage]) -> str | None:
    for at, line in enumerate(heads):
        text = unmarked(line.passage.text)
        if not times.written_days(text) or line.passage.kind is PassageKind.FIELD:
            continue
        if found := places.told_place(text):
            return found
        is_exact = bool(times.day_line(text) or times.clock_span(text))
        under = list(takewhile(_where_exactly if is_exact else _where, heads[at + 1 : at + 3]))
        if under:
            return ", ".join(unmarked(near.passage.text) for near in under)
        over = "" if line.passage.gap or not at else unmarked(heads[at - 1].passage.text)
        *name, where = FORM["dash"].split(over)
        if places.may_be_place(where, is_part=bool(name)) and (places.is_house(where) or "," in where):
            return where
    return None


def _where(near: SectionPassage, *, is_part: bool = False) -> bool:
    is_said = near.passage.kind in SAID and not (near.passage.gap or near.passage.column)
    return is_said and places.may_be_place(near.passage.text, is_part=is_part)


def _where_exactly(near: SectionPassage) -> bool:
    is_near = not (near.passage.gap or near.passage.column)
    return _where(near, is_part=True) or (is_near and places.is_place_alone(unmarked(near.passage.text)))


def lone_slot(slotted: Sequence[ProgrammeSlot]) -> ProgrammeSlot | None:
    """The times of the session itself, alone in the note: "From 2.30 to 5 pm (UTC-3)"."""
    first = slotted[0] if slotted else None
    if first is None or first.place >= FIRST_LINES or first.day is None or first.span.end is None or first.is_in_agenda:
        return None
    return first if len(slotted) == 1 and first.line not in first.title.lines else None


def type_in_text(passages: Sequence[SectionPassage]) -> dict[str, Guess]:
    """The type by which the text calls its own session, where no line states one."""
    for line in passages:
        if len(line.passage.text) > LONGEST_LINE // 2 and (found := programme.mentioned_type(line.passage.text)):
            return {"type": Guess(value=found, reason=f"line {line.passage.line} calls the session so")}
    return {}


def place_of_all(layout: Layout, passages: Sequence[SectionPassage]) -> str | None:
    lines = [text for _, text in layout.running]
    bodies = (line.passage.text for line in passages if line.passage.kind is not PassageKind.ITEM)
    return places.place_of([*lines, *bodies]) or (
        places.town_of_header(layout.running) or places.town_of_header(_heads(passages))
    )


def where_all_are(
    layout: Layout, passages: Sequence[SectionPassage], head: Sequence[SectionPassage]
) -> tuple[str | None, str | None]:
    """The room and the house in which the sessions of a programme are if nothing else is said."""
    sentences = (said.text for line in passages for said in split_sentences(line.passage.text))
    stated = [*filter(None, [labelled_details(head).first("place"), *map(places.told_of_all, sentences)])]
    town = place_of_all(layout, passages)
    found = [places.split_room(where) for where in stated]
    houses = [place for _, place in found if place and not lines.is_room(place)]
    rooms = [room or place for room, place in found if room or (place and place not in houses)]
    near = [places.split_room(where)[1] for where in (place_beside_date(head), _house_alone(head)) if where]
    candidates = filter(None, [*houses, *near, town])
    house = min(candidates, key=lambda each: (not places.is_house(each), "," not in each), default=None)
    inside = [each for each in houses if each != house and places.is_house(each) and "," not in each]
    is_without = house and town and town != house and "," not in house and folded(town) not in folded(house)
    return next(iter([*rooms, *inside]), None), f"{house}, {town}" if is_without else house


def _house_alone(head: Sequence[SectionPassage]) -> str | None:
    """The line of the head that holds the name of a house with its town, and nothing else."""
    over = takewhile(lambda line: line.passage.kind is not PassageKind.SLOT, head[:FIRST_LINES])
    pieces = [piece for line in over if not line.passage.column for piece in (line, *_lines_apart(line))]
    texts = [unmarked(piece.passage.text) for piece in pieces]
    parts = (part for text in texts for part in (text, *places.FORM["parted"].split(text)))
    return next(filter(places.is_place_alone, parts), None)


def formats_by_passage(passages: Sequence[SectionPassage]) -> dict[int, str]:
    """The form (in person, online) a programme states for a day, for each passage of that day."""
    standing: str | None = None
    forms: dict[int, str] = {}
    for place, line in enumerate(passages):
        text = line.passage.text
        if times.day_line(text):
            standing = None
        if (
            folded(text).startswith(("formato", "format ", "format:", "modalidad", "modalite"))
            and len(text) < LONGEST_LINE
        ):
            following = passages[place + 1].passage if place + 1 < len(passages) else None
            goes_on = (
                following is not None and text.rstrip("* ").endswith(":") and following.kind is not PassageKind.SLOT
            )
            standing = f"{text} {following.text}" if goes_on and following else text
        if standing:
            forms[place] = standing
    return forms


def places_by_passage(passages: Sequence[SectionPassage]) -> dict[int, str]:
    """The place that stands between a day and its first session, for each passage of that day."""
    standing, is_open = "", False
    found: dict[int, str] = {}
    for place, line in enumerate(passages):
        if times.day_line(line.passage.text):
            standing, is_open = "", True
        is_open = is_open and line.passage.kind is not PassageKind.SLOT
        stated = lines.labelled_value(line.passage.text) if is_open else None
        if stated and stated.role == "place":
            standing = stated.value
        elif is_open and not standing and stated is None and not line.passage.column:
            standing = places.venue(next(split_sentences(line.passage.text)).text) or ""
        if standing:
            found[place] = standing
    return found


FIRST_YEAR, LAST = 2005, 2036
FEWEST_LETTERS = 10


def guessed_year(passages: Sequence[SectionPassage]) -> dict[str, Guess]:
    """The year in which the days fall as the note names them; several, joined by strokes, if nothing decides."""
    named = [day for line in passages for day in times.written_days(line.passage.text) if day.weekday is not None]
    if not named or any(day.year for day in named):
        return {}
    falls = {year: [on.weekday() for day in named if (on := day.on(year))] for year in range(FIRST_YEAR, LAST)}
    fitting = [year for year, weekdays in falls.items() if weekdays == [day.weekday for day in named]]
    if not fitting:
        return {}
    told = f"{named[0].verbatim} occurs in {', '.join(map(str, fitting))}"
    known = max(_mentioned(passages), default=None)
    later = [year for year in fitting if known is not None and year >= known]
    if not later:
        return {"year": Guess(value=" / ".join(map(str, fitting)), reason=told)}
    return {"year": Guess(value=str(later[0]), reason=f"{told}; the note speaks of {known}, so not before that")}


def _mentioned(passages: Sequence[SectionPassage]) -> Iterator[int]:
    """The years that the note speaks of as past or present: in its words, and of the adopted texts it cites."""
    whole = folded(" ".join(line.passage.text for line in passages))
    for found in FORM["past_year"].finditer(whole):
        year = int(found[0])
        if FIRST_YEAR <= year < LAST and not FORM["ahead"].search(whole[max(0, found.start() - 40) : found.start()]):
            yield year
    for adopted in ADOPTED_TEXTS:
        names = (*adopted.titles.values(), *adopted.known_as)
        if any(len(name) >= FEWEST_LETTERS and folded(name) in whole for name in names):
            yield adopted.year
