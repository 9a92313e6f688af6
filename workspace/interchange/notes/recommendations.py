"""What a note asks for: whole sentences with a cue, and whole items under a heading or an opening that asks."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import takewhile

from msgspec import Struct
from msgspec.structs import replace
from rapidfuzz import fuzz, process

from workspace.interchange.notes import sections
from workspace.interchange.notes.language import identify_language
from workspace.interchange.notes.layout import PassageKind
from workspace.interchange.notes.learned import Unit, likely, sort_of_mark, units, weighed
from workspace.interchange.notes.lines import (
    ENUMERATION,
    LABELS,
    PARENTHESIS,
    ends_sentence,
    folded,
    labelled_value,
    unmarked,
)
from workspace.interchange.notes.rules import ALL, RuleKind, form, forms, pattern
from workspace.interchange.notes.sections import SectionPassage, said_in
from workspace.interchange.notes.sentences import Sentence, split_sentences
from workspace.sessions.extraction import DocumentKind, SpokenLanguage, Statement

FORM = forms("recommendations")

SILENT = frozenset({"speakers", "moderators", "agenda", "participants", "logistics", "documents"})
ASKED_OF_ITSELF = frozenset({"objectives", "questions"})  # what a session is for
LIKELY = -0.25
SURER = 1.6
SURE = 2.0  # whatever words of procedure or of one person it has; in a resolution such clauses look like all others
ANNOUNCING = frozenset({"programme", "circular", "concept_note"})  # what will be done, and what is
REFUTED = -3.25  # some twenty-five to one against it
PROCEDURAL = frozenset({"circular"})  # what rules find there is as likely to be what is to be done for the meeting
QUIET = SILENT - {"agenda"} | ASKED_OF_ITSELF | {"key_messages", "background"}
FEWEST_THAT_WEIGH = 6  # passages
FEWEST_WEIGHED = 20  # passages, and the items and sentences in them
LONGEST = 3000
LONGEST_ITEM = 1200
LONGEST_LISTED = 320
FEWEST_WORDS = 3
FEWEST_TURNS = 3
FEWEST_OPERATIVE = 2
LONG_ENOUGH_TO_TELL = 60
MOST_LISTED = 12
LONGEST_LETTERED = 4
SAME = 82
FEWEST_OF_A_REPETITION = 12
MOST_COMPARED = 500
NEAR_READING = 3
UNTICKED = "[ ]"
ARROWS = frozenset({"->", "=>", "→"})


def find_cue(text: str, order: Sequence[str]) -> str | None:
    """The first cue of a sentence in the languages given; "hedged" where a cautious one stands before it."""
    for code in order:
        clear = form(code, "refusals").sub(lambda match: "\x00" * len(match[0]), text)
        firm, hedged = form(code, "asks").search(clear), form(code, "hedges").search(clear)
        if hedged and (firm is None or hedged.start() <= firm.start()):
            return "hedged"
        if firm:
            return firm[0].strip(" .,;:").lower()
    return None


def begins_with_verb(text: str, order: Sequence[str]) -> bool:
    """Whether a text begins with an infinitive (in English: with a verb that asks for action)."""
    plain = FORM["before_a_verb"].sub("", ENUMERATION.sub("", unmarked(text)).lstrip("\"“«'( "))
    return any(
        pattern(code, "{inf}").match(plain)
        and plain.split(None, 1)[0].lower() not in ALL[code].not_infinitives
        and not FORM["says_what_it_is"].match(plain)
        for code in order
    )


def _has(kind: RuleKind, text: str, order: Sequence[str]) -> bool:
    return any(form(code, kind).search(text) for code in order)


def is_set_aside(text: str, order: Sequence[str]) -> bool:
    """Whether words are about the meeting, or what one person said."""
    return _has("procedure", text, order) or _has("speech", text, order)


def recommendations(
    passages: Sequence[SectionPassage],
    *,
    language: SpokenLanguage,
    claimed: Collection[int] = (),
    kind: DocumentKind = "other",
) -> tuple[Statement, ...]:
    """What a rapporteur should look at, in the order of the source; a repetition counts once.

    `claimed` are the lines of titles, which never count. In the record of a meeting every sentence under a heading of
    what was agreed counts. To what rules find is added what, by the marked notes, is likely a proposal.
    """
    kept = _UniqueStatements()
    reading = _Reading(passages, language, claimed, kind)
    every = list(reading.units())
    is_long = len(passages) >= FEWEST_THAT_WEIGH and len(passages) + len(every) >= FEWEST_WEIGHED
    weighs = _Weighed(every if kind in PROCEDURAL or is_long else ())
    for statement in reading.statements():
        if weighs.likelihood(statement) >= (LIKELY if kind in PROCEDURAL else REFUTED):
            kept.take(statement)
    there = {statement.line: statement.text for statement in kept.found}
    for statement in reading.likely(weighs.units, there):
        kept.take(statement)
    return tuple(sorted(kept.found, key=lambda statement: statement.line or 0))


def units_of_note(
    passages: Sequence[SectionPassage], *, language: SpokenLanguage, kind: DocumentKind
) -> Iterator[Unit]:
    """What may be a proposal, whatever it weighs."""
    return _Reading(passages, language, (), kind).units()


class _UniqueStatements:
    """Statements each once: not the same words twice, nor nearly the same long sentence of a summary."""

    def __init__(self) -> None:
        self.found: list[Statement] = []
        self.places: dict[str, int] = {}
        self.long: dict[int, str] = {}

    def take(self, statement: Statement) -> None:
        essence = FORM["lead"].sub("", folded(unmarked(statement.text)).rstrip(" .;"))
        if essence in self.places:
            return
        same = self._near(essence, statement)
        if same is None:
            same = len(self.found)
            self.found.append(statement)
        elif FORM["summary"].search(folded(self.found[same].section or "")):
            self.found[same] = statement
        else:
            return
        self.places[essence] = same
        if len(essence.split()) >= FEWEST_OF_A_REPETITION and len(self.long) < MOST_COMPARED:
            self.long[same] = essence

    def _near(self, essence: str, statement: Statement) -> int | None:
        if len(essence.split()) < FEWEST_OF_A_REPETITION:
            return None
        near = process.extract(essence, self.long, scorer=fuzz.ratio, score_cutoff=SAME, limit=3)
        return next((place for _, _, place in near if self.found[place].section != statement.section), None)


class _Weighed:
    """The units of a note by their lines."""

    def __init__(self, every: Iterable[Unit]) -> None:
        self.units = weighed(every)
        self.on: dict[int | None, list[Unit]] = {}
        for unit in self.units:
            for _, line in unit.line.passage.starts:
                self.on.setdefault(line, []).append(unit)

    def likelihood(self, statement: Statement) -> float:
        """That of whatever a statement that a rule found has words of."""
        said = ((unit, unit.said.text.rstrip(" .;")) for unit in self.on.get(statement.line, ()))
        near = [unit.likelihood for unit, text in said if text in statement.text or statement.text in text]
        return max(near, default=0.0)


class _Listing(Struct, frozen=True):
    """What an opening that ends with a colon makes of the items after it."""

    marker: str
    wants_verbs: bool = False
    left: int = MOST_LISTED
    longest: int = 0  # letters of the mark of its last item: after "b)" no "TERCERO." goes on with it
    under: str = ""  # the sort of the mark of what opened it: a list of letters under "6." ends at "7."


class _Reading:
    """One note read from its first passage to its last."""

    def __init__(
        self, passages: Sequence[SectionPassage], language: SpokenLanguage, claimed: Collection[int], kind: DocumentKind
    ) -> None:
        self.passages = passages
        self.language = language
        self.claimed = claimed
        self.kind = kind
        self.spoken = spoken_turns(passages)
        self.is_record = kind == "minutes" or bool(self.spoken)
        self.tabled = {line.section.name for line in passages if line.head == "recommendation"}
        main = (language,) if language != "und" else ()
        begun = [self._is_clause("operative", line, main) for line in passages]
        preamble = any(self._is_clause("preamble", line, main) for line in passages)
        said = (line.passage.text for line in passages if line.is_heading and line.passage.text[-1:] == ":")
        resolves = FEWEST_OPERATIVE * any(_has("operative", text, main) for text in said)
        self.is_resolution = sum(begun) + preamble + resolves >= FEWEST_OPERATIVE

    def units(self) -> Iterator[Unit]:
        sort = "resolution" if self.is_resolution else self.kind
        return units(self.passages, language=self.language, sort=sort, spoken=self.spoken)

    @staticmethod
    def _is_clause(kind: RuleKind, line: SectionPassage, order: Sequence[str]) -> bool:
        plain = unmarked(line.passage.text).lstrip('"“«*_ ')
        return any((found := form(code, kind).match(plain)) and found.end() < len(plain) for code in order)

    def statements(self) -> Iterator[Statement]:
        listing: _Listing | None = None
        read = -NEAR_READING
        for place, line in enumerate(self.passages):
            order = _order(self.language, line.passage.text)
            following = self.passages[place + 1 : place + 1 + MOST_LISTED]
            listing = _still(listing, line)
            if line.is_heading or line.passage.line in self.claimed:
                listing = _opened_by(line.passage.text, following, order) if line.is_heading else None
            elif place in self.spoken or FORM["quoted_mail"].match(line.passage.text):
                read = place if _has("reads", line.passage.text, order) else read
                if line.passage.text.endswith(":") and (read == place or _has("agreed", line.passage.text, order)):
                    listing = _Listing("read out")
                if listing and line.passage.kind is PassageKind.ITEM:
                    yield from _item(line, order, listing.marker)
                else:
                    is_read = place - read < NEAR_READING
                    read = place if is_read and FORM["counts"].search(line.passage.text) else read
                    yield from self._decided(line, order, is_read=is_read)
            elif (stated := labelled_value(line.passage.text)) and stated.role == "text":
                yield from self._worded(line, stated.value)
            elif line.passage.kind is PassageKind.CELL:
                yield from _item(line, order, "list item") if line.head == "recommendation" else ()
            elif line.passage.kind in {PassageKind.FIELD, PassageKind.SLOT}:
                if len(list(split_sentences(line.passage.text))) > 2:  # prose
                    yield from self._in_sentences(line, order)
            else:
                opened = _opened_by(line.passage.text, following, order)
                listing = replace(opened, under=sort_of_mark(line.passage.bullet)) if opened else listing
                yield from self._in(line, None if opened else listing, order, is_opening=opened is not None)

    def likely(self, every: Sequence[Unit], there: Mapping[int | None, str]) -> Iterator[Statement]:
        """What no rule found, `there` by lines, and is likely a proposal."""
        for unit in likely(every, SURER if self.kind in ANNOUNCING else LIKELY):
            text = unit.said.text.rstrip(" ;")
            near = filter(None, (there.get(line) for _, line in unit.line.passage.starts))
            is_there = unit.line.passage.line in self.claimed or any(said in text or text in said for said in near)
            order = _order(self.language, unit.line.passage.text)
            is_sure = unit.likelihood > SURE and not (self.is_resolution or _has("not_agreed", text, order))
            is_quiet = unit.line.section.role in (QUIET - {"background"} if is_sure else QUIET)
            is_refused = not is_sure and _has("refusals", text, order)
            if not (is_there or text.endswith(":") or is_quiet or is_refused):
                yield from _whole(unit.line, Sentence(unit.said.begins, text), () if is_sure else order, "likely")

    def _in(
        self, line: SectionPassage, listing: _Listing | None, order: Sequence[str], *, is_opening: bool
    ) -> Iterator[Statement]:
        passage = line.passage
        is_preamble = self._is_clause("preamble", line, order) and passage.text[-1:] in ",;"
        if self.is_resolution and (is_preamble or line.section.role == "background"):
            return
        if self.is_resolution and self._is_clause("operative", line, order) and not is_opening:
            yield from _item(line, order, "operative")
        elif listing and listing.marker == "answer" and len(list(split_sentences(passage.text))) > 1:
            yield from self._in_sentences(line, order)
        elif FORM["proposal"].match(passage.bullet) and ends_sentence(passage.text):
            yield from _item(line, order, "list item")
        elif listing and (
            not listing.wants_verbs or FORM["that"].match(passage.text) or begins_with_verb(passage.text, order)
        ):
            yield from _item(line, order, listing.marker)
        elif self._is_agreed(line) and (agreed := self._agreed(line, order)):
            yield from agreed
        else:
            yield from self._in_sentences(line, order, all_but_last=is_opening)

    def _in_sentences(
        self, line: SectionPassage, order: Sequence[str], *, all_but_last: bool = False
    ) -> Iterator[Statement]:
        text = line.passage.text
        is_told = line.passage.kind is PassageKind.TEXT and len(text) > LONG_ENOUGH_TO_TELL and ends_sentence(text)
        is_aside = line.section.role in SILENT and not (line.section.role == "agenda" and is_told)
        every = list(split_sentences(text))
        for sentence in every[:-1] if all_but_last else every:
            cue = _asked(sentence, order)
            if cue and not (is_aside and not _has("decides", sentence.text, order)):
                begins = found.end() if (found := FORM["agreed"].match(sentence.text)) else 0
                yield said_in(line, sentence.begins + begins, sentence.text[begins:], cue)

    def _is_agreed(self, line: SectionPassage) -> bool:
        role, name = line.section.role, line.section.name or ""
        if role == "conclusions" and sections.announces_agreement(name):
            return self.is_record or line.passage.kind is PassageKind.ITEM
        return role == "recommendations" and (line.passage.column > 0 or name not in self.tabled)

    def _agreed(self, line: SectionPassage, order: Sequence[str]) -> list[Statement]:
        """Under a heading of what was agreed: each item, each line, each paragraph of one sentence a line."""
        passage = line.passage
        if unmarked(passage.text).endswith(":") or len(passage.text) > LONGEST_ITEM:
            return []
        if passage.kind is PassageKind.ITEM:
            return list(_item(line, order, "list item"))
        if line.section.has_items:
            return []
        is_short = len(passage.text) < LONGEST_LISTED or begins_with_verb(passage.text, order)
        if is_short and not ends_sentence(passage.text):
            return list(_item(line, order, "list item"))
        every = list(split_sentences(passage.text))
        starts = {offset for offset, _ in passage.starts}
        if not (self.is_record or begins_with_verb(passage.text, order)) or any(s.begins not in starts for s in every):
            return []
        return [statement for sentence in every for statement in _whole(line, sentence, order)]

    @staticmethod
    def _worded(line: SectionPassage, text: str) -> Iterator[Statement]:
        """The words that a form proposes: "New text: …"."""
        if len(text.split()) >= FEWEST_WORDS:
            yield said_in(line, line.passage.text.find(text), text, "proposed text")

    @staticmethod
    def _decided(line: SectionPassage, order: Sequence[str], *, is_read: bool) -> Iterator[Statement]:
        """What a body decides, in the words of whoever announces it or reads it out; nothing else that is spoken."""
        if moved := FORM["moved"].search(line.passage.text):
            yield said_in(line, moved.start("text"), moved["text"], "moved")
            return
        before = ""
        turn = FORM["turn"].match(line.passage.text)
        for sentence in split_sentences(line.passage.text):
            is_listed = is_read and (
                bool(FORM["counts"].search(before))
                or (bool(FORM["ordinal"].match(sentence.text)) and find_cue(sentence.text, order) is not None)
            )
            before = sentence.text
            is_decided = is_listed or _has("decides", sentence.text, order)
            is_decided = is_decided and not _has("procedure", sentence.text, order)
            if is_decided and not sentence.is_question:
                begins = turn.end() if turn and turn["when"] and turn.end() > sentence.begins else sentence.begins
                yield said_in(line, begins, sentence.text[begins - sentence.begins :], "decided")


def spoken_turns(passages: Sequence[SectionPassage]) -> Mapping[int, str]:
    """The passages of a transcript or a chat that somebody speaks, each with the speaker; empty for other notes."""
    whole = {place: line for place, line in enumerate(passages) if line.passage.kind is not PassageKind.ITEM}
    every = {place: FORM["turn"].match(unmarked(line.passage.text)[:LONGEST]) for place, line in whole.items()}
    turns = {place: found for place, found in every.items() if found and folded(found["who"]) not in LABELS}
    marked = [turn for turn in turns.values() if turn["when"] or FORM["shouted"].search(turn["who"])]
    if len(turns) < FEWEST_TURNS or len(marked) * 2 < len(turns):
        return {}
    spoken: dict[int, str] = {}
    who = ""
    for place, line in enumerate(passages):
        if place in turns:
            who = turns[place]["who"]
        elif line.is_heading or line.passage.text.endswith(":") or line.passage.bullet in ARROWS:
            who = ""
        if who:
            spoken[place] = who
    return spoken


def _still(listing: _Listing | None, line: SectionPassage) -> _Listing | None:
    if listing is None or not listing.left or line.passage.kind in {PassageKind.SLOT, PassageKind.FIELD}:
        return None
    if line.passage.kind is PassageKind.ITEM:
        letters = len(line.passage.bullet.strip("()."))
        is_same = listing.under == sort_of_mark(line.passage.bullet)
        if letters > LONGEST_LETTERED >= listing.longest > 0 or (is_same and listing.longest):
            return None
        return replace(listing, under="" if is_same else listing.under, longest=max(1, letters))
    if not (listing.wants_verbs or listing.marker == "decision") or len(line.passage.text) > LONGEST_LISTED:
        return None
    return replace(listing, left=listing.left - 1)


def _goes_on(line: SectionPassage) -> bool:
    return line.passage.kind is PassageKind.TEXT and not line.passage.gap and ends_sentence(line.passage.text)


def _opened_by(text: str, following: Sequence[SectionPassage], order: Sequence[str]) -> _Listing | None:
    """The listing a text that ends with a colon, or a question, opens, if a list follows."""
    is_ordered = bool(FORM["ordered"].search(text)) and any(map(_goes_on, following[:1]))
    if is_ordered or (FORM["decision"].match(text) and following and ends_sentence(following[0].passage.text)):
        return _Listing("decision", left=1 + is_ordered * sum(1 for _ in takewhile(_goes_on, following[1:])))
    text = PARENTHESIS.sub("", text).rstrip("*_ ")
    if not text.endswith((":", "?")) or not following or following[0].is_heading:
        return None
    last = list(split_sentences(text))[-1].text
    is_asked = bool(FORM["asks_reader"].search(last))
    if is_set_aside(last, order) or (not is_asked and _has("not_agreed", last, order)):
        return None
    cue = None if text.endswith("?") else find_cue(last, order) or (_has("operative", last, order) and "operative")
    is_that = bool(FORM["that"].match(following[0].passage.text))
    if cue and (is_that or following[0].passage.kind is PassageKind.ITEM):
        return _Listing(cue, wants_verbs=is_that)
    if _has("agreed", last, order) and following[0].section.role not in ASKED_OF_ITSELF:
        items = [line.passage.text for line in takewhile(lambda line: line.passage.kind is PassageKind.ITEM, following)]
        return _Listing("answer" if text.endswith("?") else "infinitive list", wants_verbs=not items)
    return None


def _item(line: SectionPassage, order: Sequence[str], marker: str) -> Iterator[Statement]:
    """A whole item as one statement; the questions in it are left out."""
    run: list[Sentence] = []
    for sentence in [*split_sentences(line.passage.text), None]:
        if sentence is not None and not (sentence.is_question or (run and FORM["asks_anew"].match(sentence.text))):
            run.append(sentence)
            continue
        while len(run) > 1 and not (find_cue(run[-1].text, order) or begins_with_verb(run[-1].text, order)):
            run.pop()  # what is said about it
        if run:
            begins, ends = run[0].begins, run[-1].begins + len(run[-1].text)
            whole = Sentence(begins, line.passage.text[begins:ends].rstrip(" ;"))
            yield from _whole(line, whole, order, marker)
        run = [sentence] if sentence and not sentence.is_question else []


def _whole(
    line: SectionPassage, sentence: Sentence, order: Sequence[str], marker: str = "list item"
) -> Iterator[Statement]:
    if (
        len(sentence.text.split()) >= FEWEST_WORDS - 1
        and not sentence.is_question
        and not (FORM["nothing"].match(sentence.text) or sentence.text.isupper() or line.passage.bullet == UNTICKED)
        and not is_set_aside(sentence.text, order)
    ):
        begins = found.end() if (found := FORM["addressed"].match(sentence.text)) else 0
        yield said_in(line, sentence.begins + begins, sentence.text[begins:], marker)


def _asked(sentence: Sentence, order: Sequence[str]) -> str | None:
    """The cue of a sentence that asks for something."""
    is_long = len(sentence.text) > LONGEST or len(sentence.text.split()) < FEWEST_WORDS
    if sentence.is_question or is_long or sentence.text.isupper() or sentence.text.endswith(":"):
        return None
    cue = "agreed" if FORM["agreed"].match(sentence.text) else find_cue(sentence.text, order)
    return cue if cue and not is_set_aside(sentence.text, order) else None


def _order(language: SpokenLanguage, text: str) -> tuple[str, ...]:
    """The tables to read a passage with: the note's language, then the passage's own where it quotes another."""
    if language == "und":
        return ()
    own = identify_language(text) if len(text) > LONG_ENOUGH_TO_TELL else language
    return (language,) if own in {language, "und"} else (language, own)
