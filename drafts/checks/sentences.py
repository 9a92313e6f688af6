"""What a sentence orders, allows or denies; how long it is, what it leaves out and what it says twice."""

import re
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache, reduce
from itertools import chain, pairwise, permutations, product
from operator import eq, itemgetter
from typing import NamedTuple

from drafts.base.lazy_regex import lazy_regex
from drafts.base.words import fold_text, word_set
from drafts.checks.checked_text import CheckedText, expressions, pattern, patterns, table
from drafts.checks.languages import FUNCTION
from drafts.checks.numerals import equal_durations
from drafts.checks.values import CheckHit, Pair
from drafts.text.blocks import Language

_COUNTING = expressions("counting")


class _Senses(NamedTuple):
    """What a word may name, by group, and the groups in which nothing else is meant by it."""

    by_group: Mapping[str, frozenset[str]]
    plain: frozenset[str]

    @classmethod
    def of(cls, rows: Collection["_Row"]) -> "_Senses":
        found: dict[str, frozenset[str]] = {}
        for _, group, sense, _ in rows:
            found[group] = found.get(group, frozenset()) | {sense}
        return cls(found, frozenset(group for _, group, _, is_plain in rows if is_plain))


_Row = tuple[str, str, str, bool]  # an expression, its group, its sense, and whether nothing else is meant by it


@cache
def _rows(language: Language) -> Mapping[str, list[_Row]]:
    """What names something that may be exchanged for another thing of its group, by its first letters."""
    found: dict[str, list[_Row]] = defaultdict(list)
    for head, words in table("senses.txt"):
        group, sense = head.split(" ")
        for entries, is_plain in zip(words[language].split(" ~ "), (True, False), strict=False):
            for entry in entries.split("; "):
                first = _FIRST.match(entry)
                found[first[1][:_KEY] if first else ""].append((entry, group, sense, is_plain))
    return found


def _opens(entry: str, word: str) -> bool:
    """Whether a word is the first of an expression."""
    first = _FIRST.match(entry)
    return first is not None and (word.startswith(first[1]) if first[2] else word == first[1])


def _phrase(entry: str, counting: str) -> str:
    """The expression for an entry: "*" ends a stem, "…" stands for up to four words, "#" for a number."""
    behind, rest = (r"(?<=\d\W)", entry[2:]) if entry.startswith("# ") else ("", entry)
    open_ended = rest.replace("$", r"\$").replace("*", r"\w*").replace("… ", r"(?:[^\s.,;:]+\s){0,4}?")
    counted = open_ended.replace(" #", rf"(?=[\W_]{{1,3}}(?:\d|(?:{counting})(?!\w)))")
    return behind + counted.replace(" ", r"[\W_]{1,2}") + r"(?![^\W\d_])"


_KEY = 3  # letters by which entries are looked up
_MOST_WORDS = 50_000
_TOKEN = lazy_regex(r"[^\W_]+|[%‰€$£°]")
_FIRST, _IS_WORD = lazy_regex(r"(?:# )?(\w+|[^\w\s])(\*?)"), lazy_regex(r"\w+\*?|[^\w#]")


_Opening = tuple[re.Pattern[str] | None, Sequence[tuple[re.Pattern[str], _Senses]], _Senses]


class _Openings(dict[str, _Opening]):
    """By a word of one language: whether it opens any phrase, the phrases, and what it names by itself."""

    def __init__(self, language: Language) -> None:
        self._rows, self._counting = _rows(language), _COUNTING[language]

    def __missing__(self, word: str) -> _Opening:
        if len(self) > _MOST_WORDS:
            self.clear()
        alone: list[_Row] = []
        phrases: dict[str, list[_Row]] = defaultdict(list)
        for row in self._rows.get(word[:_KEY], ()):
            if _opens(row[0], word):
                (alone if _IS_WORD.fullmatch(row[0]) else phrases[row[0]]).append(row)
        longest = sorted(phrases, key=len, reverse=True)
        written = [_phrase(entry, self._counting) for entry in longest]
        known = [(re.compile(each), _Senses.of(phrases[entry])) for each, entry in zip(written, longest, strict=True)]
        either = re.compile("|".join(written)) if known else None
        self[word] = found = (either, known, _Senses.of(alone)) if known or alone else _NOTHING
        return found


_NOTHING: _Opening = (None, (), _Senses({}, frozenset()))
_OPENINGS = cache(_Openings)
_Match = tuple[int, int, _Senses]


@lru_cache(maxsize=8192)
def _matches(side: CheckedText) -> tuple[list[_Match], set[str]]:
    """Where a text names something, the longest first at each place, and the groups in which it does so plainly."""
    found: list[_Match] = []
    plain: set[str] = set()
    known, text = _OPENINGS(side.language), side.lower
    for token in _TOKEN.finditer(text):
        either, phrases, alone = known[token[0]]
        start = token.start()
        if either and either.match(text, start):
            matches = [
                (start, match.end(), senses) for phrase, senses in phrases if (match := phrase.match(text, start))
            ]
            found += sorted(matches, key=itemgetter(1), reverse=True)
            plain.update(*[senses.plain for _, _, senses in matches])
        if alone.by_group:
            found.append((start, token.end(), alone))
            plain |= alone.plain
    return found, plain


class _Mention(NamedTuple):
    """Where a text names something of a group, and what that may be."""

    start: int
    end: int
    senses: frozenset[str]
    is_plain: bool


def _mentions(matches: Iterable[_Match], group: str) -> list[_Mention]:
    found: list[_Mention] = []
    for start, end, senses in matches:
        if (named := senses.by_group.get(group)) and (not found or found[-1].end <= start):
            found.append(_Mention(start, end, named, group in senses.plain))
    return found


@lru_cache(maxsize=8192)
def _exchanges(source: CheckedText, target: CheckedText) -> Mapping[str, CheckHit]:
    (ours, plain), (theirs, their_plain) = _matches(source), _matches(target)
    found: dict[str, CheckHit] = {}
    for group in sorted(plain & their_plain):
        sides = _mentions(ours, group), _mentions(theirs, group)
        if group == "unit.time":
            sides = _other_units(sides[0], source, target), _other_units(sides[1], target, source)
        lost, added = _exchange(*sides)
        if lost and added:
            kind = group.split(".")[0]
            before = found.get(kind, CheckHit())
            spans = (*before.spans, *((it.start, it.end) for it in added))
            said = (*before.source, *(source.text[it.start : it.end] for it in lost))
            found[kind] = CheckHit(said, tuple(target.text[start:end] for start, end in spans), spans)
    return found


def _other_units(found: list[_Mention], side: CheckedText, other: CheckedText) -> list[_Mention]:
    """Without those of lengths of time that the other side says in another unit."""
    known = equal_durations(side, other)
    return [unit for unit in found if not any(it.start <= unit.start < it.end for it in known)]


def exchanged(kind: str, pair: Pair) -> CheckHit | None:
    """A word for one thing where the other side has the word for another of its kind: months for years."""
    return _exchanges(pair.source, pair.target).get(kind)


def _exchange(ours: list[_Mention], theirs: list[_Mention]) -> tuple[list[_Mention], list[_Mention]]:
    """What only one side names and what only the other does, where one stands for the other."""
    lost, added = _unanswered(ours, theirs), _unanswered(theirs, ours)
    gone, come = _strange(lost, theirs), _strange(added, ours)
    is_other = (gone and come) or ((gone or come) and len(ours) == len(theirs))
    return (gone or lost, come or added) if is_other else ([], [])


def _unanswered(ours: list[_Mention], theirs: list[_Mention]) -> list[_Mention]:
    """What of one side has no twin on the other; the likest are twins first."""
    free, lost = [*theirs], []
    for mention in ours:
        if twins := [their for their in free if their.senses & mention.senses]:
            free.remove(max(twins, key=lambda it: len(it.senses & mention.senses) / len(it.senses | mention.senses)))
        elif mention.is_plain:
            lost.append(mention)
    return lost


def _strange(found: list[_Mention], others: list[_Mention]) -> list[_Mention]:
    """Those of which the other side says nothing at all."""
    return [mention for mention in found if all(other.senses.isdisjoint(mention.senses) for other in others)]


_MODALS = table("modals.txt")
_MODAL = {
    language: lazy_regex("|".join(rf"(?P<{level}>(?<![\w])(?:{words[language]})(?![\w]))" for level, words in _MODALS))
    for language in Language
}
_MAY = lazy_regex(r"\bMay\b(?=\s+\d)|(?<=\d )May\b|\b(?:in|of|since|until|by|from|to) May\b")


_FIRST_WORDS = {
    language: frozenset(re.findall(r"(?:^|\|)([^\W\d_]+)", "|".join(words[language] for _, words in _MODALS)))
    for language in Language
}
_NO_MODALS: Counter[str] = Counter()


@lru_cache(maxsize=8192)
def modals(side: CheckedText) -> Counter[str]:
    """How often a text orders, advises and permits."""
    if _FIRST_WORDS[side.language].isdisjoint(side.lower_words):
        return _NO_MODALS
    return Counter([found.lastgroup or "" for found in _MODAL[side.language].finditer(_ordering(side))])


def _ordering(side: CheckedText) -> str:
    """The prose in lower case, without the month of May."""
    if side.language is not Language.EN:
        return side.lower
    return _MAY.sub("", side.prose).lower().replace("’", "'")


def modal_words(side: CheckedText) -> tuple[str, ...]:
    """The words that order, advise or allow, as they stand."""
    return tuple(found[0] for found in _MODAL[side.language].finditer(_ordering(side))) if modals(side) else ()


def modal_mismatch(pair: Pair) -> CheckHit | None:
    """An order that became advice or permission, or the reverse; a plain future or present for an order is right.

    So too the verb that an operative paragraph opens with: "urges" is "insta" and "exhorte", and no mere "invita".
    """
    if head := _head_mismatch(pair):
        return head
    ours, theirs = modals(pair.source), modals(pair.target)
    hit = exchanged("modal", pair)
    if hit or ours == theirs or not ours or not theirs:
        return hit
    may_restrict = _restricts(pair.source) or _restricts(pair.target)
    for lost, added in permutations(("strong", "medium", "weak"), 2):
        for plain in ((), ("shall",)):  # what "shall" says may be said by a future or a present
            is_other = all(
                _count(first, level, plain) > _count(second, level, plain)
                for first, second, level in ((ours, theirs, lost), (theirs, ours, added))
            )
            if is_other and ("medium" in (lost, added) or not may_restrict):
                said, places = _said(pair.target, added)
                return CheckHit(_said(pair.source, lost)[0], said, places)
    return None


def _count(found: Counter[str], level: str, without: Collection[str]) -> int:
    return found[level] + (found["shall"] if level == "strong" and not without else 0)


_LEADS = expressions("leads")
_OPERATIVE = table("operative_verbs.txt")
_NONE_OF_THEM = reduce(lambda rest, row: f"(?({row[0]})|{rest})", _OPERATIVE, "(?!)")
_HEAD = {
    language: lazy_regex(
        rf"[\W_]*{lead}(?P<verb>)"
        + "".join(rf"(?=(?P<{name}>(?:{words[language]})(?!\w))?)" for name, words in _OPERATIVE)
        + _NONE_OF_THEM
    )
    for language, lead in _LEADS.items()
}


@lru_cache(maxsize=8192)
def _head(side: CheckedText) -> tuple[str, tuple[int, int], frozenset[str]]:
    """The verb that a paragraph opens with, where it stands, and what it may do: decide, urge, invite, recall."""
    found = _HEAD[side.language].match(side.body.lower().replace("’", "'"))
    if found is None:
        return "", (0, 0), frozenset()
    forces = {name: said for name, said in found.groupdict().items() if said}
    verb, start = max(forces.values(), key=len), found.start("verb")
    return verb, (start, start + len(verb)), frozenset(forces)


def _head_mismatch(pair: Pair) -> CheckHit | None:
    verb, _, ours = _head(pair.source)
    if not verb:
        return None
    other, span, theirs = _head(pair.target)
    return CheckHit((verb,), (other,), (span,)) if other and ours.isdisjoint(theirs) else None


def _said(side: CheckedText, level: str) -> tuple[tuple[str, ...], tuple[tuple[int, int], ...]]:
    """The words of a level, and where they stand."""
    levels = (level, "shall") if level == "strong" else (level,)
    every = [found for found in _MODAL[side.language].finditer(side.lower) if found.lastgroup in levels]
    return tuple(found[0] for found in every), tuple(found.span() for found in every)


_NEGATIVE_WORDS = expressions("negative_words")
_GAP = r"(?:(?!(?:no|ne|not)\s|n')[^\s.,;:]+\s){0,7}?"  # words between, none of which denies
_POLES = table("antonyms.txt")
_CONCEPTS = table("polarity.txt")


def _spoken(language: Language) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What says yes or no, to be found and to be told apart: set phrases, pairs of opposites, each way to deny."""
    phrases, *rest = [(name, words[language].replace("… ", _GAP)) for name, words in _CONCEPTS]
    poles = [(name, words[language].split(" / ")) for name, words in _POLES]
    opposed = [
        (f"{side}_{name}", pair[place].replace("*", r"\w*").replace(" ", "|"))
        for name, pair in poles
        for side, place in (("no", 1), ("yes", 0))
    ]
    known = (phrases, *opposed, *rest)
    sorts = "|".join(f"(?P<{name}>{words})" for name, words in known)
    bare = "|".join(words for _, words in known)  # much the quicker without groups
    return lazy_regex(rf"(?<![\w-])(?:{bare})(?!\w)"), lazy_regex(rf"(?:{sorts})(?!\w)")


_SPOKEN = {language: _spoken(language) for language in Language}
_BREAK = lazy_regex(r"[.;:!?…]\s")
_STRONG = word_set("without unless prefix lack fail prevent refrain")  # what turns a denial into an assent
_EXCEPTING = word_set("not unless only before until without other lack")
_TAKEN_IN = {name: {*words} for name, *words in map(str.split, expressions("taken_in")[Language.EN].split(" / "))}
_MERELY = pattern("merely")
_SURELY = word_set("not only if beside with more keep hold affirm")
_OPENS = 5  # letters by which a word may be told from those that deny nothing
_DENYING = {
    language: frozenset(
        word[:_OPENS]
        for words in (_NEGATIVE_WORDS[language], *(opposed[language].split(" / ")[1] for _, opposed in _POLES))
        for word in re.findall(r"\w+", words)
    )
    for language in Language
}


@lru_cache(maxsize=8192)
def _polar(side: CheckedText) -> tuple[list[re.Match[str]], ...]:
    """All that says yes or no, sentence by sentence."""
    ends = [found.end() for found in _BREAK.finditer(side.lower)]
    parts: tuple[list[re.Match[str]], ...] = tuple([] for _ in range(len(ends) + 1))
    finder, teller = _SPOKEN[side.language]
    for found in finder.finditer(side.lower):
        if polar := teller.match(side.lower, found.start()):
            parts[bisect(ends, found.start())].append(polar)
    return parts


def _restricts(side: CheckedText) -> bool:
    return any(found.lastgroup in ("not", "only", "without") for part in _polar(side) for found in part)


def _may_deny(side: CheckedText) -> bool:
    return not _DENYING[side.language].isdisjoint([word[:_OPENS] for word in side.lower_words])


def negations(side: CheckedText) -> list[re.Match[str]]:
    """Each place where a text says no."""
    return [found for part in _polar(side) for found in part if found.lastgroup == "not"] if _may_deny(side) else []


def negation(pair: Pair) -> CheckHit | None:
    """A sentence that denies on one side and affirms on the other: "unless" and "if", "nothing" and "everything".

    What denies otherwise ("prevents", "without", "irrecevable") answers a plain negation that the other side has alone.
    """
    if not (_may_deny(pair.source) or _may_deny(pair.target)):
        return None
    ours, theirs = _polar(pair.source), _polar(pair.target)
    if len(ours) != len(theirs):
        ours, theirs = ([*chain(*ours)],), ([*chain(*theirs)],)
    if hit := exchanged("negation", pair):
        return hit
    hits = [hit for parts in zip(ours, theirs, strict=True) for hit in _contradictions(*parts, pair)]
    if not hits or len({is_target for is_target, _ in hits}) > 1:  # what moved to another sentence is not lost
        return None
    is_target, found = hits[0]
    if found.lastgroup == "not":
        counts = [len(negations(side)) for side in (pair.source, pair.target)]
        if all(counts):
            counts = [_denials(side) for side in (pair.source, pair.target)]
        if counts[is_target] <= counts[not is_target]:
            return None
    words = ((pair.target if is_target else pair.source).text[found.start() : found.end() + 20],)
    return CheckHit((), words, (found.span(),)) if is_target else CheckHit(words)


_PLAIN = patterns("plain_denials")
_JOINING = word_set("nor neither ni tampoco")


def _denials(side: CheckedText) -> int:
    """How often the verbs of a text are denied; 0 where that cannot be told, as "ni" and "nor" may deny for others."""
    if not _JOINING.isdisjoint(side.lower_words):
        return 0
    return sum(len(_PLAIN[side.language].findall(found[0])) for found in negations(side))


_Hit = tuple[bool, re.Match[str]]


def _contradictions(ours: list[re.Match[str]], theirs: list[re.Match[str]], pair: Pair) -> Iterator[_Hit]:
    """What one of two sentences says and the other says the contrary of; first whether it stands in the target."""
    said, answered = _counted(ours), _counted(theirs)
    if said == answered:
        return
    _turn(said, answered)
    _turn(answered, said)
    common = said & answered
    own, other, is_shared = said - common, answered - common, common["not"] > 0
    for match in ours:
        if _is_contrary(match, own, other, is_shared=is_shared) and not _is_quoted(match, pair.source, pair.target):
            yield False, match
    for match in theirs:
        if _is_contrary(match, other, own, is_shared=is_shared) and not _is_quoted(match, pair.target, pair.source):
            yield True, match


def _counted(found: list[re.Match[str]]) -> Counter[str]:
    return Counter([match.lastgroup or "" for match in found if match.lastgroup != "neutral"])


def _turn(own: Counter[str], other: Counter[str]) -> None:
    """Read "not ... unless" as "only if", where the other sentence says so."""
    turned = min(own["not"], own["unless"], max(0, other["only"] - own["only"]))
    own.update({"not": -own["not"] if turned else 0, "unless": -turned, "only": turned})


def _is_contrary(match: re.Match[str], own: Counter[str], other: Counter[str], *, is_shared: bool) -> bool:
    """Whether what only one sentence says has nothing in the other that may say the same otherwise."""
    name = match.lastgroup or ""
    if name in _TAKEN_IN and not _MERELY.match(match[0]):
        is_taken_in = any(other[word] > 0 for word in _TAKEN_IN[name]) and _EXCEPTING.isdisjoint(+other)
        is_gone = name == "only" and not (_softly(other) or other["not"] or other["more"])
        return own[name] > 0 and (is_taken_in or is_gone) and not own["not"]
    if name == "affirm":
        return own[name] > 0 and is_shared and not other["other"]
    if not own[name] or _softly(other):
        return False
    strongly = sum(own[word] for word in own if word in _STRONG or word[:3] == "no_")
    if name == "not":  # two denials are an assent, "no one but" is "only", and "not until" is "before"
        may_mean_only = (other["only"] and (_softly(own) or is_shared)) or (own["until"] and other["before"])
        return not (may_mean_only or (is_shared and _softly(own))) and (own["not"] + strongly) % 2 == 1
    is_flipped = name[:3] == "no_" and other[f"yes_{name[3:]}"] > 0
    return is_flipped and strongly == own[name] and not (own["not"] or other["not"])


def _softly(said: Counter[str]) -> int:
    """How much there is in a sentence that may deny without saying no."""
    return sum(count for name, count in said.items() if name not in _SURELY and name[:4] != "yes_")


def _is_quoted(found: re.Match[str], side: CheckedText, counterpart: CheckedText) -> bool:
    """Whether a negation belongs to words that both texts have alike: a name, a motto."""
    around = re.findall(r"\w+", side.lower[found.start() :])[:3]
    return len(around) > 1 and " ".join(around) in " ".join(re.findall(r"\w+", counterpart.lower))


_RATIO_FROM, _RATIO_LOW, _RATIO_HIGH = 40, 0.55, 1.9


def length_ratio(pair: Pair) -> CheckHit | None:
    """A translation much shorter or much longer than its source."""
    source, target = len(pair.source.text.strip()), len(pair.target.text.strip())
    if source < _RATIO_FROM or _RATIO_LOW <= target / source <= _RATIO_HIGH:
        return None
    return CheckHit((str(source),), (str(target),))


_ENDS = lazy_regex(r"[.!?…][.!?…]*[)\]»”\"’*_\ue000\u00a0\u202f]*(?=\s+[^\w\s]*(?P<next>[^\W_])|\s*$)")
_SHORT = word_set(expressions("short_words")[Language.EN])


@lru_cache(maxsize=8192)
def _sentences(side: CheckedText) -> int:
    count = 0
    for found in _ENDS.finditer(side.body):
        following = found["next"]
        word = (
            re.split("[ .]", side.body[max(0, found.start() - 24) : found.start()])[-1]
            .lower()
            .lstrip("(«“\"'’\ue000*_")
        )
        if following and (following.islower() or word in _SHORT or len(word) == 1 or word.isdecimal()):
            continue
        count += 1
    return count


def _clauses(side: CheckedText) -> int:
    return _sentences(side) + len(re.findall(r"[;:—–]\s", side.prose))


_EXPECTED = {Language.EN: 1.0, Language.ES: 1.14, Language.FR: 1.2}


def _growth(pair: Pair) -> float:
    """How long the target is, beside what targets of its language have for a source as long."""
    expected = _EXPECTED[pair.target.language] / _EXPECTED[pair.source.language]
    return len(pair.target.text) / max(1, len(pair.source.text)) / expected


def sentence_count(pair: Pair) -> CheckHit | None:
    """Sentences that were added or left out. To split or join one is a translator's right."""
    ours, theirs = _sentences(pair.source), _sentences(pair.target)
    difference = abs(ours - theirs)
    if difference == 0 or not min(ours, theirs) or _clauses(pair.source) == _clauses(pair.target):
        return None
    ratio = _growth(pair)
    is_long_gone = ratio < 0.78 if theirs < ours else ratio > 1.28  # a fifth of the text
    return CheckHit((str(ours),), (str(theirs),)) if is_long_gone or difference >= 2 else None


_ALIKE = [
    (lazy_regex(sign), sound) for sign, _, sound in map(str.split, expressions("alike")[Language.EN].split(" / "))
]
_STEM, _LEAST, _COGNATE = 2, 3, 4  # letters: by which stems are looked up, of a word that tells, of a cognate


@cache
def _stems(language: Language) -> tuple[frozenset[str], Mapping[str, Sequence[tuple[str, str]]]]:
    """Words that tell little, and what each stem stands for, by its first letters; "=" ends a whole word."""
    (_, neutral), *rows = table("counterparts.txt")
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, stems in rows:
        for stem in stems[language].split():
            found[stem[:_STEM]].append((f" {stem}".replace("=", " "), name))
    return frozenset(map(fold_text, (*neutral[language].split(), *FUNCTION[language]))), found


@lru_cache(maxsize=50_000)
def _senses(word: str, language: Language) -> tuple[frozenset[str], bool]:
    """What may answer a word in another language, and whether that is listed; nothing for a word that tells little.

    What sounds alike at its beginning may answer it, listed or not.
    """
    folded, (neutral, stems) = fold_text(word), _stems(language)
    if len(folded) < _LEAST + 2 or folded in neutral:
        return frozenset(), False
    listed = {name for stem, name in stems.get(folded[1 : 1 + _STEM], ()) if folded.startswith(stem)}
    alike = reduce(lambda sound, rule: rule[0].sub(rule[1], sound), _ALIKE, folded.strip())[:_COGNATE]
    return frozenset({*listed, alike}), bool(listed)


_LETTERS = lazy_regex(r"[^\W\d_]+")
_Word = tuple[frozenset[str], bool, int, int]  # what may answer it, whether that is listed, and where it stands


@lru_cache(maxsize=8192)
def _telling(side: CheckedText) -> list[_Word]:
    found = ((*_senses(word[0], side.language), *word.span()) for word in _LETTERS.finditer(side.lower))
    return [word for word in found if word[0]]


_JOINTS = {language: words.split() for language, words in expressions("joints").items()}
_JOINT = {language: lazy_regex(rf"\A|[,;:.!?()—–]|\b(?:{'|'.join(words)})\b") for language, words in _JOINTS.items()}
_MARKS = (", ", "; ", ": ", ". ", "—")


@lru_cache(maxsize=8192)
def _parts(side: CheckedText) -> int:
    """How often a text goes on to another clause or item."""
    joints, text = _JOINTS[side.language], side.lower
    words = sum(map(joints.__contains__, side.lower_words))
    return words + sum(map(text.count, _MARKS)) - text.count(f", {joints[0]} ")


def omission(pair: Pair) -> CheckHit | None:
    """Words that nothing in the other text answers, where their neighbours stand together there and it is shorter."""
    growth = _growth(pair)
    if growth <= 1:
        lost = _left_out(pair.source, pair.target, growth)
        return CheckHit((pair.source.text[slice(*lost)],)) if lost else None
    added = _left_out(pair.target, pair.source, 1 / growth)
    return CheckHit((), (pair.target.text[slice(*added)],), (added,)) if added else None


_SHRUNK = 0.9  # of the length expected
_FEWEST, _IN = 3, 10  # words of the other text that are enough to judge by; of so many, one may have no counterpart
_APART = 4  # places between the neighbours of what was left out
_ENOUGH = 2  # words with a listed counterpart, or one that is a part of its own


def _left_out(side: CheckedText, other: CheckedText, growth: float) -> tuple[int, int] | None:
    """Where the words stand that a text of fewer parts left out."""
    if growth > _SHRUNK or _parts(side) <= _parts(other):
        return None
    ours, theirs = _telling(side), _telling(other)
    twins = _twins(ours, theirs)
    free = len({*range(len(theirs))}.difference(*twins))
    if len(theirs) < _FEWEST or free > 1 + len(theirs) // _IN:
        return None
    gaps = pairwise([place for place, found in enumerate(twins) if found])
    near = [gap for gap in gaps if min(abs(x - y) for x, y in product(twins[gap[0]], twins[gap[1]])) <= _APART]
    return next((lost for before, after in near if (lost := _lost(side, ours, before, after, free))), None)


def _lost(side: CheckedText, ours: Sequence[_Word], before: int, after: int, free: int) -> tuple[int, int] | None:
    """Where the words between two neighbours stand, if they may be left out."""
    lost, joint = ours[before : after - 1], _JOINT[side.language]
    listed = sum(is_listed for _, is_listed, _, _ in lost)
    if listed < max(1, free):
        return None
    start, end = lost[0][2], lost[-1][3]
    opens = joint.search(side.lower, ours[before - 1][3] if before else 0, start)
    closes = after > len(ours) or joint.search(side.lower, end, ours[after - 1][2])
    return (start, end) if listed + bool(opens and closes) >= _ENOUGH else None


def _twins(ours: Sequence[_Word], theirs: Sequence[_Word]) -> list[set[int]]:
    """For the beginning, each word and the end of one text the places in the other of what may answer it."""
    places: dict[str, set[int]] = defaultdict(set)
    for place, (senses, *_) in enumerate(theirs):
        for sense in senses:
            places[sense].add(place)
    return [{-1}, *({*()}.union(*(places.get(sense, ()) for sense in senses)) for senses, *_ in ours), {len(theirs)}]


_REPEATED = lazy_regex(r"(?<![\w'’-])([^\W\d_]+)[ \u00a0\u202f]+\1(?![\w'’-])", re.IGNORECASE)
_LEGAL = {language: word_set(words) for language, words in expressions("repeated_by_right").items()}


def repeated_word(pair: Pair) -> CheckHit | None:
    """A word twice in a row, where the language does not want it so."""
    side = pair.target
    if not any(map(eq, side.lower_words, side.lower_words[1:])):
        return None
    wrong = [found for found in _REPEATED.finditer(side.prose) if not _is_legal(found, pair)]
    if not wrong:
        return None
    text = side.text
    for found in reversed(wrong):
        text = text[: found.end(1)] + text[found.end() :]
    return CheckHit((), tuple(found[0] for found in wrong), tuple(found.span() for found in wrong), text)


def _is_legal(found: re.Match[str], pair: Pair) -> bool:
    word = found[1]
    if word.lower() in _LEGAL[pair.target.language] or found[0].lower() in pair.source.text.lower():
        return True
    is_name = all(part[0].isupper() for part in found[0].split())
    return is_name or (word.isupper() and len(word) < 3)
