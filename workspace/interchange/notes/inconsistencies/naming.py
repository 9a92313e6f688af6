"""One thing under several names: titles, terms, cities, adopted texts."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from workspace.interchange.notes import lines, people, sentences
from workspace.interchange.notes.layout import PassageKind
from workspace.interchange.notes.lines import aligned, ends_sentence, folded, unmarked
from workspace.interchange.notes.rules import (
    ADOPTED_TEXTS,
    AMBIGUOUS,
    CITIES,
    KNOWN_AGENDAS,
    NUMBER_OF_GOALS,
    NUMBER_OF_TARGETS,
    AdoptedText,
    forms,
    word_set,
)
from workspace.interchange.notes.sections import SectionPassage
from workspace.sessions.extraction import Evidence, Inconsistency, Severity

FORM = forms("naming")

MOST_FLAGS = 8
MOST_EVIDENCE = 12
MOST_SENTENCES = 600
JOINTS = word_set(
    "de del de la los las el y e en por para of the for and in on du des d l le les et pour par sur que a à"
)
CAPITAL = r"(?:\d?[A-ZÀ-Þ][\w'’-]+)"
JOINED = r"(?:\s(?:de|del|por|para|y|e|la|las|los|el|que|of|the|for|and|in|on|du|des|et|pour|par|sur|le|les)){1,3}"
PROPER = re.compile(rf"{CAPITAL}(?:(?:{JOINED})?\s{CAPITAL}){{1,6}}")
FEWEST_LETTERS = 8
FEWEST_OF_A_NAME = 5
FEWEST_OF_CAPITALS = 3
FEWEST_OF_A_SLIP = 5  # letters
MOST_OF_A_SLIP = 4  # words
LONG_NAME = 8
MOST_NAMES = 200
MOST_PASSAGES = 6000
SAME_TITLE = 80
SAME_SENTENCE = 97
NEAR_SENTENCE = 72
FEWEST_WORDS = 8


def variant_findings(passages: Sequence[SectionPassage]) -> Iterator[Inconsistency]:
    """What is named or said in more than one way, with every place; in the first pages of what has no end."""
    passages = passages[:MOST_PASSAGES]
    yield from _titles(passages)
    yield from _names(passages)
    yield from _brands(passages)
    yield from _acronyms(passages)
    yield from _spellings(passages)
    yield from _repetitions(passages)


def flag(kind: str, severity: Severity, told: str, *evidence: Evidence) -> Inconsistency:
    """What does not add up, with every place of it."""
    return Inconsistency(type=kind, severity=severity, description=told, evidence=evidence)


def each_once(kind: str, severity: Severity, told: str, found: Iterable[Evidence | None]) -> Iterator[Inconsistency]:
    """One entry for all places of a sort, where there are any."""
    evidence = tuple(dict.fromkeys(place for place in found if place is not None))[:MOST_EVIDENCE]
    if evidence:
        yield flag(kind, severity, told, *evidence)


def found_at(line: SectionPassage, found: re.Match[str]) -> Evidence:
    """What was found in a passage, as evidence."""
    return _at(line, found.start(), found[0].strip()[:200])


def _at(line: SectionPassage, begins: int, quote: str) -> Evidence:
    return Evidence(quote=quote, line=line.passage.line_at(begins), page=line.passage.page)


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", folded(unmarked(text))))


def _titles(passages: Sequence[SectionPassage]) -> Iterator[Inconsistency]:
    """Titles between quotation marks, or under one number, that are nearly the same."""
    quoted: dict[str, Evidence] = {}
    numbered: dict[str, dict[str, Evidence]] = defaultdict(dict)
    for line in passages:
        text = unmarked(line.passage.text)
        for found in FORM["quoted"].finditer(line.passage.text):
            quoted.setdefault(_bare(found["title"]), _at(line, found.start("title"), unmarked(found["title"])))
        if labelled := FORM["numbered"].match(text):
            title = FORM["part"].sub("", labelled["title"]).strip(" .")
            numbered[folded(labelled["label"])].setdefault(_bare(title), Evidence(quote=title, line=line.passage.line))
    for first, other in combinations(list(quoted)[:60], 2):
        if _are_variants(first, other):
            told = f"One title in two wordings: “{quoted[first].quote}” and “{quoted[other].quote}”."
            yield flag("title_variant", "warning", told, *[quoted[first], quoted[other]])
    for label, titles in numbered.items():
        if len(titles) > 1 and any(_are_variants(*pair) for pair in combinations(titles, 2)):
            yield flag("title_variant", "warning", f"{label} has more than one title.", *list(titles.values()))


def _are_variants(first: str, other: str) -> bool:
    return first != other and max(fuzz.token_sort_ratio(first, other), fuzz.ratio(first, other)) >= SAME_TITLE


def _key(name: str) -> tuple[str, ...]:
    return tuple(word.rstrip("s") for word in folded(name).split() if word not in JOINTS)


def _names(passages: Sequence[SectionPassage]) -> Iterator[Inconsistency]:
    """Names with the same words, joined or written differently ("Pact for the Future", "Pact of the Future")."""
    found: dict[tuple[str, ...], dict[str, Evidence]] = defaultdict(dict)
    for line in passages:
        stated = lines.labelled_value(line.passage.text) if line.passage.kind is PassageKind.FIELD else None
        if stated and stated.role not in people.ROLES:
            continue
        for match in PROPER.finditer(unmarked(line.passage.text)):
            name = FORM["first_joints"].sub("", match[0])
            key = _key(name)
            if len(key) > 1 and not name.isupper():
                form = " ".join(folded(name).split())
                found[key].setdefault(form, _at(line, match.start(), name))
    flagged = 0
    for written in found.values():
        if len(written) > 1 and len({_connectors(form) for form in written}) > 1 and flagged < MOST_FLAGS:
            flagged += 1
            told = "One name in several forms: " + ", ".join(f"“{form.quote}”" for form in written.values()) + "."
            yield flag("name_variant", "warning", told, *list(written.values()))
    yield from _accents(passages)
    yield from _slips(found)
    yield from _capitals(passages)


def _slips(found: Mapping[tuple[str, ...], dict[str, Evidence]]) -> Iterator[Inconsistency]:
    """Names of which one long word differs by a letter or two: "Sylvain Poirrier", "Sylvain Poirier"."""
    names = [key for key in found if len(key) <= MOST_OF_A_SLIP][:MOST_NAMES]
    for first, other in combinations(names, 2):
        differing = [pair for pair in zip(first, other, strict=False) if pair[0] != pair[1]]
        if len(first) != len(other) or len(differing) != 1 or not _is_slip(*differing[0]):
            continue
        both = [next(iter(found[key].values())) for key in (first, other)]
        told = f"One name in two spellings: {both[0].quote}, {both[1].quote}."
        yield flag("name_variant", "warning", told, *both)


def _is_slip(one_word: str, other: str) -> bool:
    shorter, longer = sorted((one_word, other), key=len)
    is_form = longer.rstrip("aeos") == shorter.rstrip("aeos")  # of number or gender
    most = 1 if len(shorter) < LONG_NAME else 2
    is_word = shorter.isalpha() and longer.isalpha()
    return (
        is_word
        and len(shorter) >= FEWEST_OF_A_SLIP
        and not is_form
        and OSA.distance(one_word, other, score_cutoff=most) <= most
    )


def _capitals(passages: Sequence[SectionPassage]) -> Iterator[Inconsistency]:
    """A long name written with capitals here and without them there."""
    texts = [(line, unmarked(line.passage.text)) for line in passages if not line.is_heading]
    names: dict[str, Evidence] = {}
    for placed, text in texts:
        for name in PROPER.finditer(text):
            if len(names) < MOST_NAMES and len(_key(name[0])) >= FEWEST_OF_CAPITALS and not name[0].isupper():
                names.setdefault(name[0].lower(), Evidence(quote=name[0], line=placed.passage.line))
    for plain, there in names.items():
        if other := next((where for where, text in texts if plain in text), None):
            here = Evidence(quote=plain, line=other.passage.line)
            yield flag("capitalisation", "info", "One name with capitals and without.", *[here, there])


def _connectors(form: str) -> tuple[str, ...]:
    """What joins the words of a name, articles aside: "del" says what "de los" says."""
    same = {"del": "de", "du": "de", "des": "de", "d": "de", "e": "y"}
    articles = {"la", "las", "los", "el", "the", "le", "les"}
    return tuple(same.get(word, word) for word in form.split() if word in JOINTS and word not in articles)


def _accents(passages: Sequence[SectionPassage]) -> Iterator[Inconsistency]:
    """A name with its accents here and without them there."""
    found: dict[str, dict[str, Evidence]] = defaultdict(dict)
    common: set[str] = set()
    for line in passages:
        for now in FORM["word"].finditer(line.passage.text):
            word = now[0]
            if word.islower():
                common.add(folded(word))
            elif word[:1].isupper() and not word.isupper() and len(word) >= FEWEST_OF_A_NAME:
                found[folded(word)].setdefault(word, _at(line, now.start(), word))
    for key, written in found.items():
        if len(written) > 1 and key not in common:
            told = "One name with and without its accents: " + ", ".join(written) + "."
            yield flag("name_variant", "info", told, *list(written.values()))


def _brands(passages: Sequence[SectionPassage]) -> Iterator[Inconsistency]:
    """A name that is unmistakably one thing ("ScaleX") inside several longer names of it."""
    found: dict[str, dict[str, Evidence]] = defaultdict(dict)
    for line in passages:
        text = unmarked(line.passage.text)
        for name in PROPER.finditer(text):
            for brand in FORM["brand"].findall(name[0]):
                found[brand].setdefault(folded(name[0]), Evidence(quote=name[0], line=line.passage.line))
    for brand, written in found.items():
        if len(written) > 2:  # a long name and a short one are usual
            told = f"{len(written)} names that hold “{brand}”."
            yield flag("term_variant", "warning", told, *list(written.values())[:MOST_FLAGS])


def _acronyms(passages: Sequence[SectionPassage]) -> Iterator[Inconsistency]:
    """One abbreviation that is spelled out in two ways."""
    found: dict[str, dict[str, Evidence]] = defaultdict(dict)
    for line in passages:
        for match in FORM["acronym"].finditer(unmarked(line.passage.text)):
            name = match["name"]
            key = " ".join(_key(name))
            found[match["short"]].setdefault(key, Evidence(quote=match[0].rstrip(",;"), line=line.passage.line))
    for short, written in found.items():
        pairs = combinations(written, 2)
        if any(not (a.endswith(b) or b.endswith(a)) for a, b in pairs):
            told = f"{short} is spelled out in more than one way."
            yield flag("name_variant", "warning", told, *written.values())


def _spellings(passages: Sequence[SectionPassage]) -> Iterator[Inconsistency]:
    """A word with and without a hyphen or a doubled letter ("bi-regional", "birregional")."""
    found: dict[str, dict[str, Evidence]] = defaultdict(dict)
    for line in passages:
        for match in FORM["word"].finditer(line.passage.text):
            word = folded(match[0])
            if len(word) >= FEWEST_LETTERS:
                key = re.sub(
                    r"(.)\1(?=.)" if match[0].islower() else r"(.)\1", r"\1", word.replace("-", "").rstrip("s")
                )
                found[key].setdefault(word.rstrip("s"), _at(line, match.start(), match[0]))
    for written in found.values():
        if len(written) > 1:
            told = "One word in several spellings: " + ", ".join(evidence.quote for evidence in written.values()) + "."
            yield flag("term_variant", "info", told, *list(written.values()))


def _repetitions(passages: Sequence[SectionPassage]) -> Iterator[Inconsistency]:
    """Long sentences that stand there twice, word for word or in two versions."""
    every = [
        (sentence.text, _at(line, sentence.begins, sentence.text[:200]))
        for line in passages
        if line.passage.kind in {PassageKind.TEXT, PassageKind.ITEM}
        and not line.is_heading
        and line.section.role not in {"agenda", "speakers", "participants"}
        and ends_sentence(line.passage.text)
        for sentence in sentences.split_sentences(line.passage.text)
        if len(sentence.text.split()) >= FEWEST_WORDS
    ][:MOST_SENTENCES]
    if len(every) < 2:  # two to compare
        return
    texts = [_bare(text) for text, _ in every]
    scores = process.cdist(texts, texts, scorer=fuzz.ratio, score_cutoff=NEAR_SENTENCE)
    same: list[Evidence] = []
    told_of = 0
    for first, other in combinations(range(len(texts)), 2):
        if scores[first][other] >= SAME_SENTENCE:
            same += [every[first][1], every[other][1]]
        elif scores[first][other] >= NEAR_SENTENCE and every[first][1].line != every[other][1].line:
            told = "One sentence in two versions."
            if told_of < MOST_FLAGS:
                yield flag("divergent_duplicate", "warning", told, *[every[first][1], every[other][1]])
            told_of += 1
    if same:
        yield flag("duplicate_text", "info", "Same words in several places.", *same[: 2 * MOST_FLAGS])


LONGEST = 20_000


def city_findings(passages: Sequence[SectionPassage]) -> Iterator[Inconsistency]:
    """Each city that goes by more than one name, with the first place of each; names that only differ by their
    accents are left to the check of accents.
    """
    found: dict[int, dict[str, Evidence]] = {}
    form, city_of = _city_names()
    for line in passages:
        text = FORM["in_address"].sub(lambda match: " " * len(match[0]), line.passage.text[:LONGEST])
        for match in form.finditer(text):
            where = Evidence(quote=match[0], line=line.passage.line_at(match.start()), page=line.passage.page)
            found.setdefault(city_of[match[0].lower()], {}).setdefault(folded(match[0]), where)
    for names in found.values():
        if len(names) > 1:
            told = "One city under several names: " + ", ".join(evidence.quote for evidence in names.values()) + "."
            yield flag("name_variant", "warning", told, *names.values())


@cache
def _city_names() -> tuple[re.Pattern[str], dict[str, int]]:
    """Every name, in capitals or not, and the city it is a name of."""
    city_of = {name.lower(): number for number, names in enumerate(CITIES) for name in names if name not in AMBIGUOUS}
    written = sorted((name for names in CITIES for name in names if name not in AMBIGUOUS), key=len, reverse=True)
    names = "|".join(f"{re.escape(name)}|{re.escape(name.upper())}" for name in written)
    return re.compile(rf"(?<![\w-])(?:{names})(?![\w-])"), city_of


FEWEST_TITLE_WORDS = 4
TITLE_JOINTS = word_set(
    "de del la las los el y e en a al para por d l of the for and on in to du des le les pour et sur aux au"
)


def citation_findings(passages: Sequence[SectionPassage]) -> Iterator[Inconsistency]:
    """Each misquotation once, with its line."""
    told: set[str] = set()
    for line in passages:
        for words, why, begins in _wrong(line.passage.text[:LONGEST]):
            if words.lower() not in told:
                told.add(words.lower())
                evidence = Evidence(quote=words, line=line.passage.line_at(begins), page=line.passage.page)
                yield flag("wrong_reference", "warning", why, evidence)


def _wrong(text: str) -> Iterator[tuple[str, str, int]]:
    plain = aligned(text)
    for found in FORM["agenda"].finditer(plain):
        if int(found[1] or found[2]) not in KNOWN_AGENDAS:
            words = text[found.start() : found.end()]
            yield words, f"{words} is no agenda that is known; the 2030 Agenda may be meant.", found.start()
    for form, right in ((FORM["goals"], NUMBER_OF_GOALS), (FORM["targets"], NUMBER_OF_TARGETS)):
        for found in form.finditer(plain):
            if int(found[1]) > right:
                yield text[found.start() : found.end()], f"There are {right} of them.", found.start()
    form, meant = _misquoted()
    for found in form.finditer(plain):
        words, adopted = text[found.start() : found.end()], meant[found[0]]
        yield words, f"“{words}” is cited; the title is “{adopted.titles['en']}” ({adopted.year}).", found.start()
    yield from _nearly(text)
    if FORM["a_year"].search(plain):
        yield from _years(text, plain)


def _nearly(text: str) -> Iterator[tuple[str, str, int]]:
    """Long titles with one word wrong: "Milan Urban Food Policy Act"."""
    for found in FORM["proper_of_title"].finditer(text):
        said = _essential(found[0])
        meant = next((adopted for adopted, title in _long_titles() if _is_nearly(said, title)), None)
        if meant:
            told = f"“{found[0]}” is cited; the title is “{meant.titles['en']}” ({meant.year})."
            yield found[0], told, found.start()


def _is_nearly(said: tuple[str, ...], title: tuple[str, ...]) -> bool:
    """Whether the words hold a title with exactly one of its words replaced, and hold it nowhere as it is."""
    length = len(title)
    wrong = [
        sum(a != b for a, b in zip(said[begins : begins + length], title, strict=True))
        for begins in range(len(said) - length + 1)
    ]
    return 1 in wrong and 0 not in wrong


@cache
def _long_titles() -> tuple[tuple[AdoptedText, tuple[str, ...]], ...]:
    """The titles of four words and more, as the words that carry them."""
    every = ((adopted, _essential(name)) for adopted in ADOPTED_TEXTS for name in _right_names(adopted))
    return tuple(sorted((pair for pair in every if len(pair[1]) >= FEWEST_TITLE_WORDS), key=lambda pair: pair[0].key))


def _essential(name: str) -> tuple[str, ...]:
    """The words of a title that carry it: no joints, no years, no plural."""
    spelled = re.findall(r"[^\W\d_]+", folded(name))
    return tuple(word.rstrip("s") for word in spelled if word not in TITLE_JOINTS)


def _years(text: str, plain: str) -> Iterator[tuple[str, str, int]]:
    for adopted, form in _named():
        for found in form.finditer(plain):
            year = FORM["year_after"].match(plain, found.end())
            span = FORM["span_after"].match(plain, found.end())
            wrong = year and int(year[1]) not in {adopted.year, *adopted.years}
            if span and not {int(span[1]), int(span[2])} <= {adopted.year, *adopted.years}:
                years = "–".join(map(str, sorted({adopted.year, *adopted.years})))
                why = f"The years of “{adopted.titles['en']}” are {years}."
                yield text[found.start() : span.end()], why, found.start()
            elif year and wrong:
                words = text[found.start() : year.end()]
                yield words, f"“{adopted.titles['en']}” was adopted in {adopted.year}.", found.start()


@cache
def _misquoted() -> tuple[re.Pattern[str], dict[str, AdoptedText]]:
    """Every wrong name, and the text that is meant by it."""
    meant = {aligned(name): adopted for adopted in ADOPTED_TEXTS for name in adopted.misquoted}
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, meant))})\b"), meant


@cache
def _named() -> tuple[tuple[AdoptedText, re.Pattern[str]], ...]:
    return tuple(
        (adopted, re.compile(rf"\b{re.escape(aligned(name))}\b(?![-–]?\d)"))
        for adopted in ADOPTED_TEXTS
        for name in _right_names(adopted)
    )


def _right_names(adopted: AdoptedText) -> frozenset[str]:
    """Every right name, long ones also without the years at their end."""
    names = (*adopted.titles.values(), *adopted.known_as)
    return frozenset(names) | {FORM["years_at_end"].sub("", name) for name in names}
