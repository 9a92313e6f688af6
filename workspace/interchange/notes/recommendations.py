"""What a session recommends: sentences with a cue, items of a list that asks for something, listed actions."""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from itertools import takewhile

from msgspec import Struct
from msgspec.structs import replace
from rapidfuzz import fuzz, process

from workspace.interchange.notes import sentences
from workspace.interchange.notes import sentences as clauses
from workspace.interchange.notes.language import identify_language
from workspace.interchange.notes.layout import NotePassage, PassageKind
from workspace.interchange.notes.lines import ENUMERATION, ends_sentence, folded, unmarked
from workspace.interchange.notes.rules.table import ALL, Cues
from workspace.interchange.notes.sections import SectionPassage
from workspace.sessions.extraction import SpokenLanguage, Statement

SAYS_WHAT_IT_IS = re.compile(  # "To care is also to lend" asks for nothing
    r"(?:to )?[^\s,]+(?: (?!que\b|that\b)[^\s,:]+){0,3},? (?:no |n['’])?"
    r"(?:es|significa|supone|is|means|est|signifie|c['’]est)\s",
    re.IGNORECASE,
)
BEFORE_A_VERB = re.compile(r"^(?:de |d['’]|à |a )(?=\w)", re.IGNORECASE)
REPORTS = re.compile(r"\b(?:que|that|qu['’])$", re.IGNORECASE)


class Cue(Struct, frozen=True):
    """The words that make a sentence a recommendation."""

    marker: str
    begins: int
    ends: int
    language: str


class CueForms(Struct, frozen=True):
    """The cues of one language, ready to be searched for."""

    cues: Cues
    requirements: re.Pattern[str]
    hedges: re.Pattern[str]
    refusals: re.Pattern[str]
    logistics: re.Pattern[str]
    openings: re.Pattern[str]
    inline: re.Pattern[str]
    means: re.Pattern[str]
    infinitive: re.Pattern[str]
    coordination: re.Pattern[str]
    relative: re.Pattern[str]


def find_cue(text: str, order: tuple[str, ...]) -> Cue | None:
    """The first cue of a sentence, in the tables of the languages given, firmer cues before cautious ones."""
    for code in order:
        forms = forms_of(code)
        clear = forms.refusals.sub(lambda match: "\x00" * len(match[0]), text)
        firm, hedged = forms.requirements.search(clear), forms.hedges.search(clear)
        if hedged and (firm is None or hedged.start() <= firm.start()):
            return Cue("hedged", hedged.start(), hedged.end(), code)
        if firm:
            inner = forms.requirements.match(clear, firm.end() + 1) if REPORTS.search(firm[0]) else None
            firm = inner or firm
            return Cue(firm[0].strip(" .,;:").lower(), firm.start(), firm.end(), code)
    return None


def begins_with_verb(text: str, order: tuple[str, ...]) -> bool:
    """Whether a text begins with an infinitive (in English: with a verb that asks for action)."""
    written = ENUMERATION.sub("", unmarked(text)).lstrip("\"“«'( ")
    plain = BEFORE_A_VERB.sub("", written)
    for code in order:
        forms = forms_of(code)
        found = forms.infinitive.match(plain)
        if found and plain.split(None, 1)[0].lower() not in forms.cues.not_infinitives:
            return not SAYS_WHAT_IT_IS.match(plain)
    return False


def is_logistic(text: str, order: tuple[str, ...]) -> bool:
    """Whether a sentence is about attending, not about policy."""
    return any(forms_of(code).logistics.search(text) for code in order)


@cache
def forms_of(code: str) -> CueForms:
    """The cues of `es`, `en` or `fr`."""
    cues = ALL[code]
    infinitive = cues.infinitive
    return CueForms(
        cues=cues,
        requirements=_any(cues.requirements, infinitive),
        hedges=_any(cues.hedges, infinitive),
        refusals=_any(cues.refusals, infinitive),
        logistics=_any(cues.logistics, infinitive),
        openings=re.compile(rf"(?<!\w)(?:{'|'.join(cues.list_openings)})\s?:$", re.IGNORECASE),
        inline=re.compile(rf"(?<!\w)(?:{'|'.join(cues.list_openings)})\s?:\s", re.IGNORECASE),
        means=_any(cues.means, infinitive),
        infinitive=re.compile(rf"(?:{infinitive})(?!\w)", re.IGNORECASE),
        coordination=re.compile(rf"(?:{cues.coordination})(?=(?:{infinitive})(?!\w))", re.IGNORECASE),
        relative=re.compile("|".join(cues.relative), re.IGNORECASE),
    )


def _any(pieces: tuple[str, ...], infinitive: str) -> re.Pattern[str]:
    whole = "|".join(piece.replace("{inf}", f"(?:{infinitive})") for piece in pieces)
    return re.compile(rf"(?<!\w)(?:{whole})(?:(?<=['’])|(?!\w))", re.IGNORECASE)


SILENT = frozenset({"speakers", "moderators", "agenda", "participants", "logistics", "documents"})
LONGEST = 3000
SAME = 82
FEWEST_CONCLUSIONS = 3
SUMMARY = re.compile(r"\b(?:resumen|summary|abstract|resume|synthese)\b")
FEWEST_OF_A_REPETITION = 12
MOST_COMPARED = 500
LONGEST_ITEM = 1200
LONGEST_LISTED = 320
FEWEST_WORDS = 3
FARTHEST_CUE = 120
LONGEST_SUBJECT = 9
LONG_ENOUGH_TO_TELL = 60
MOST_LISTED = 12
LABELLED_ONE = re.compile(
    r"^\W{0,4}(?P<label>[^\W\d_]{6,16})\s?(?:n[.º°]\s?)?\d{0,2}\s?[:.–—-]\s?(?P<text>\S.*)$", re.DOTALL
)
AND_THEN = re.compile(r"(?P<comma>,)?\s(?:y|e|and|et)\s|(?P<stop>;)\s(?:y |and |et )?")
IMPERSONAL = re.compile(
    r"(?:es|son|será|resulta|hay que|hace falta|urge|it is|there is|il faut|il est|il convient|il importe)\b",
    re.IGNORECASE,
)
IS_CONCLUSION = re.compile(r"\bconclusion")
EMPHASISED_LEAD = re.compile(r"^(?:\*\*|__)(?P<words>[^*_]{8,120}?)(?:\*\*|__)\s")
INFINITIVES_LISTED = re.compile(r",.*\s(?:y|e|and|et)\s")


class _Listing(Struct, frozen=True):
    """What an opening that ends with a colon makes of the items after it."""

    marker: str
    wants_verbs: bool
    left: int = MOST_LISTED


def recommendations(
    passages: Sequence[SectionPassage], *, language: SpokenLanguage, claimed: Collection[int] = ()
) -> tuple[Statement, ...]:
    """The statements a rapporteur should look at, in the order of the source; a verbatim repetition counts once.

    `claimed` are the lines of titles, which never count.
    """
    kept, passages = _UniqueStatements(), _concluding(passages)
    for statement in _statements(passages, language, claimed):
        kept.take(statement)
    return tuple(sorted(kept.found, key=lambda statement: statement.line or 0))


def _concluding(passages: Sequence[SectionPassage]) -> Sequence[SectionPassage]:
    """Of minutes whose points each end in conclusions, those alone: all their items count, and no word before them."""
    heads = [line for line in passages if line.is_heading and line.section.role == "conclusions"]
    if len(heads) < FEWEST_CONCLUSIONS:
        return passages
    return [
        replace(line, section=replace(line.section, role="recommendations"))
        for line in passages
        if line.section.role in {"conclusions", "recommendations"}
    ]


class _UniqueStatements:
    """Statements each once: not the same words under the same cue, nor nearly the same long sentence of a summary."""

    def __init__(self) -> None:
        self.found: list[Statement] = []
        self.places: dict[str, int] = {}
        self.long: dict[int, str] = {}

    def take(self, statement: Statement) -> None:
        essence = _essence(statement)
        if essence in self.places:
            return
        same = self._near(essence, statement)
        if same is None:
            same = len(self.found)
            self.found.append(statement)
        elif SUMMARY.search(folded(self.found[same].section or "")):
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


def _essence(statement: Statement) -> str:
    text = folded(unmarked(statement.text)).rstrip(" .;")
    marker = folded(statement.marker or "")
    return text[text.find(marker) :] if marker and marker in text else text


def _statements(
    passages: Sequence[SectionPassage], language: SpokenLanguage, claimed: Collection[int]
) -> Iterator[Statement]:
    listing: _Listing | None = None
    for place, line in enumerate(passages):
        order = _order(language, line.passage.text)
        listing = _still(listing, line)
        if line.passage.line in claimed or _is_silent(line) or line.is_heading:
            if line.is_heading and line.passage.text.endswith(":"):
                listing = _opened_by(line.passage.text, passages[place + 1 : place + 1 + MOST_LISTED], order)
            continue
        if line.passage.kind in {PassageKind.FIELD, PassageKind.SLOT} or (
            line.passage.kind is PassageKind.CELL and line.section.role != "recommendations"
        ):
            continue
        if opened := _opened_by(line.passage.text, passages[place + 1 : place + 1 + MOST_LISTED], order):
            listing = opened
            yield from _in_sentences(line, order, all_but_last=True)
            continue
        yield from _in(line, listing, order)


def _is_silent(line: SectionPassage) -> bool:
    """Whether nothing is recommended where this stands; whole paragraphs after an agenda no longer belong to it."""
    text = line.passage.text
    is_told = line.passage.kind is PassageKind.TEXT and len(text) > LONG_ENOUGH_TO_TELL and ends_sentence(text)
    return line.section.role in SILENT and not (line.section.role == "agenda" and is_told)


def _still(listing: _Listing | None, line: SectionPassage) -> _Listing | None:
    if (
        listing is None
        or line.is_heading
        or line.passage.kind in {PassageKind.SLOT, PassageKind.FIELD}
        or not listing.left
    ):
        return None
    if line.passage.kind is PassageKind.ITEM:
        return listing
    if not listing.wants_verbs or len(line.passage.text) > LONGEST_LISTED:
        return None
    return _Listing(listing.marker, listing.wants_verbs, listing.left - 1)


def _opened_by(text: str, following: Sequence[SectionPassage], order: tuple[str, ...]) -> _Listing | None:
    """The listing a text that ends with a colon opens, if a list follows."""
    if not text.rstrip("*_ ").endswith(":") or not following or following[0].is_heading:
        return None
    last = list(sentences.split_sentences(text.rstrip("*_ ")))[-1].text
    if is_logistic(last, order):
        return None
    cue = find_cue(last, order)
    if cue and following[0].passage.kind is PassageKind.ITEM:
        return _Listing(cue.marker, wants_verbs=False)
    if any(forms_of(code).openings.search(last) for code in order):
        items = [line.passage.text for line in takewhile(lambda line: line.passage.kind is PassageKind.ITEM, following)]
        with_verbs = sum(begins_with_verb(item, order) for item in items)
        return _Listing("infinitive list", wants_verbs=with_verbs * 2 < len(items) or not items)
    return None


def _in(line: SectionPassage, listing: _Listing | None, order: tuple[str, ...]) -> Iterator[Statement]:
    passage = line.passage
    if line.section.role == "recommendations" and (item := _listed_in_section(line, order)):
        yield from item
    elif listing and (not listing.wants_verbs or begins_with_verb(passage.text, order)):
        yield from _item(line, order, marker=listing.marker)
    elif labelled := _labelled(passage):
        yield _statement(line, *labelled)
    elif _asks_for_action(line, order):
        called = EMPHASISED_LEAD.match(passage.text)
        if called and len(called["words"].split()) >= FEWEST_WORDS:
            yield _statement(line, called.start("words"), called["words"], "infinitive list")
        else:
            yield from _item(line, order, marker="infinitive list")
    else:
        yield from _in_sentences(line, order)


def _listed_in_section(line: SectionPassage, order: tuple[str, ...]) -> list[Statement]:
    """In a section of recommendations every list item is one, and every line of a list without bullets."""
    passage = line.passage
    if passage.text.endswith(":") or len(passage.text) > LONGEST_ITEM:
        return []
    is_line = not line.section.has_items and (
        begins_with_verb(passage.text, order) or (passage.text[-1:] not in ".!?" and len(passage.text) < LONGEST_LISTED)
    )
    if passage.kind in {PassageKind.ITEM, PassageKind.CELL} or is_line:
        return list(_item(line, order, marker="list item"))
    return []


def _item(line: SectionPassage, order: tuple[str, ...], *, marker: str) -> Iterator[Statement]:
    """A whole item as one statement; the questions in it are left out."""
    if labelled := _labelled(line.passage):
        yield _statement(line, *labelled)
        return
    run: list[sentences.Sentence] = []
    for sentence in [*sentences.split_sentences(line.passage.text), None]:
        if sentence is not None and not sentence.is_question:
            run.append(sentence)
            continue
        if run:
            begins, ends = run[0].begins, run[-1].begins + len(run[-1].text)
            text = line.passage.text[begins:ends].rstrip(" ;")
            if len(text.split()) >= FEWEST_WORDS - 1 and not is_logistic(text, order):
                yield _statement(line, begins, text, marker)
        run = []


def _labelled(passage: NotePassage) -> tuple[int, str, str] | None:
    """ "Recommendation 3: create …": where its words begin, the words, and the label."""
    found = LABELLED_ONE.match(passage.text[:LONGEST])
    if not found or found["label"].lower() not in _LABELS or len(found["text"].split()) < FEWEST_WORDS:
        return None
    if found["text"].endswith("?"):
        return None
    return found.start("text"), found["text"], found["label"].lower()


_LABELS = frozenset({"recomendación", "recommendation", "recommandation", "propuesta", "proposal", "proposition"})


def _in_sentences(line: SectionPassage, order: tuple[str, ...], *, all_but_last: bool = False) -> Iterator[Statement]:
    every = list(sentences.split_sentences(line.passage.text))
    for sentence in every[:-1] if all_but_last else every:
        if sentence.is_question or len(sentence.text) > LONGEST or len(sentence.text.split()) < FEWEST_WORDS:
            continue
        if inline := list(_inline_list(line, sentence, order)):
            yield from inline
        elif cue := find_cue(sentence.text, order):
            if not is_logistic(sentence.text, order):
                yield from _coordinated(line, *_from_semicolon(sentence, cue))
        elif _concludes(line, sentence, order):
            yield _statement(line, sentence.begins, sentence.text, "infinitive list")
        elif line.section.role in {None, "background"}:
            yield from _means(line, sentence, order)


def _from_semicolon(sentence: sentences.Sentence, cue: Cue) -> tuple[sentences.Sentence, Cue]:
    """The sentence from the last semicolon before its cue: what stands before asks for nothing."""
    begins = sentence.text.rfind("; ", 0, cue.begins) + 2
    if begins < 2 or len(sentence.text[:begins].split()) < FEWEST_WORDS:  # none found
        return sentence, cue
    rest = sentences.Sentence(sentence.begins + begins, sentence.text[begins:])
    return rest, Cue(cue.marker, cue.begins - begins, cue.ends - begins, cue.language)


def _concludes(passage: SectionPassage, sentence: sentences.Sentence, order: tuple[str, ...]) -> bool:
    """Whether a sentence of the conclusions begins with the action it asks for."""
    is_conclusion = passage.section.role == "conclusions" and IS_CONCLUSION.search(folded(passage.section.name or ""))
    return bool(is_conclusion) and begins_with_verb(sentence.text, order) and not is_logistic(sentence.text, order)


def _asks_for_action(line: SectionPassage, order: tuple[str, ...]) -> bool:
    """An objective that calls on actors, or a key message that begins with a verb."""
    text = line.passage.text
    if line.section.role == "objectives":
        return line.passage.kind is PassageKind.ITEM and _calls_actors(text, order)
    return line.section.role == "key_messages" and len(text) < LONGEST_LISTED and begins_with_verb(text, order)


def _calls_actors(text: str, order: tuple[str, ...]) -> bool:
    first = unmarked(text).split(None, 1)[:1] or [""]
    return any(first[0].lower() in ALL[code].calls_to_actors for code in order)


def _inline_list(passage: SectionPassage, sentence: sentences.Sentence, order: tuple[str, ...]) -> Iterator[Statement]:
    """ "… cómo: generar …; crear …": each action of a list inside a sentence."""
    for code in order:
        found = forms_of(code).inline.search(sentence.text)
        if not found:
            continue
        begins = found.end()
        parts = sentence.text[begins:].split(";")
        all_verbs = sum(begins_with_verb(part.strip(), order) for part in parts) * 2 > len(parts)
        for part in parts:
            words = part.strip()
            if len(parts) > 1 and (all_verbs or begins_with_verb(words, order)):
                offset = sentence.begins + begins + len(part) - len(part.lstrip())
                yield _statement(passage, offset, words.rstrip(" ."), "infinitive list")
            begins += len(part) + 1
        return


def _coordinated(passage: SectionPassage, sentence: sentences.Sentence, cue: Cue) -> Iterator[Statement]:
    """A sentence, or its parts where one verb asks for several actions ("es necesario crear …; abrir …")."""
    forms = forms_of(cue.language)
    text = sentence.text
    if second := _second_requirement(text, cue, forms):
        first = sentences.Sentence(sentence.begins, text[: second.start()].rstrip(" ,"))
        yield from _coordinated(passage, first, cue)
        rest = sentences.Sentence(sentence.begins + second.end(), text[second.end() :])
        if other := find_cue(rest.text, (cue.language,)):
            yield from _coordinated(passage, rest, other)
        return
    begins, ends = 0, len(text)
    if cue.marker != "hedged":
        begins, ends = clauses.recommending_clause(
            text, cue_begins=cue.begins, cue_ends=cue.ends, language=cue.language
        )
    marker = cue.marker
    for joint in forms.coordination.finditer(text, cue.ends):
        ends = len(text) if joint.end() > ends else ends
        yield _statement(passage, sentence.begins + begins, text[begins : joint.start()].rstrip(" ,;"), marker)
        begins, marker = joint.end(), f"{cue.marker} (coordinated)"
    yield _statement(passage, sentence.begins + begins, text[begins:ends].rstrip(" ,:;"), marker)


def _second_requirement(text: str, cue: Cue, forms: CueForms) -> re.Match[str] | None:
    """Where ", and" leads to a requirement of its own ("…, y hace falta un acuerdo")."""
    clear = forms.refusals.sub(lambda match: "\x00" * len(match[0]), text)
    return next(
        (joint for joint in AND_THEN.finditer(text, cue.ends) if _asks_anew(clear, joint, forms)),
        None,
    )


def _asks_anew(clear: str, joint: re.Match[str], forms: CueForms) -> bool:
    """Whether a requirement follows the joint: at once, or after a comma or semicolon with a subject of its own."""
    if forms.requirements.match(clear, joint.end()):
        return bool(joint["comma"] or joint["stop"] or IMPERSONAL.match(clear, joint.end()))
    if not (joint["comma"] or joint["stop"]):
        return False
    following = forms.requirements.search(clear, joint.end(), joint.end() + FARTHEST_CUE)
    subject = clear[joint.end() : following.start()] if following else ""
    return 0 < len(subject.split()) <= LONGEST_SUBJECT and not {",", ";", ":"} & set(subject)


def _means(passage: SectionPassage, sentence: sentences.Sentence, order: tuple[str, ...]) -> Iterator[Statement]:
    """Actions listed as the way something is to be done ("el mecanismo para agregar …, compartir … y apoyar …")."""
    for code in order:
        forms = forms_of(code)
        for found in forms.means.finditer(sentence.text):
            rest = sentence.text[found.end() :]
            verb = forms.infinitive.match(rest.lstrip())
            cut = forms.relative.search(rest)
            listed = rest[: cut.start() if cut else len(rest)].strip(" .,;:")
            if verb and INFINITIVES_LISTED.search(listed) and " que " not in listed:
                offset = found.end() + len(rest) - len(rest.lstrip())
                yield _statement(passage, sentence.begins + offset, listed, "infinitive list")
                return


def _statement(line: SectionPassage, begins: int, text: str, marker: str) -> Statement:
    return Statement(
        text=text,
        line=line.passage.line_at(begins),
        page=line.passage.page,
        section=line.section.name,
        marker=marker,
    )


def _order(language: SpokenLanguage, text: str) -> tuple[str, ...]:
    """The tables to read a passage with: the note's language, then the passage's own where it quotes another."""
    if language == "und":
        return ()
    own = identify_language(text) if len(text) > LONG_ENOUGH_TO_TELL else language
    return (language,) if own in {language, "und"} else (language, own)
