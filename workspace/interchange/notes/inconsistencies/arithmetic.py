"""What can be counted in a note, counted again: sums, votes, percentages, lists, dates and references."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

from msgspec import Struct

from workspace.interchange.notes import times
from workspace.interchange.notes.layout import PassageKind
from workspace.interchange.notes.lines import aligned, bare_title, folded, unmarked
from workspace.interchange.notes.rules.table import ALL, RuleKind, form, word_set
from workspace.interchange.notes.sections import SectionPassage, table_rows
from workspace.interchange.notes.sentences import split_sentences
from workspace.interchange.notes.sessions import FoundSessions
from workspace.interchange.notes.times import WrittenDay
from workspace.sessions.extraction import Evidence, Inconsistency

NUMBERS = {word: number for cues in ALL.values() for word, number in cues.numbers.items()}
WORDS = "|".join(sorted(map(re.escape, NUMBERS), key=len, reverse=True))
NUMBER = re.compile(
    r"(?<![\w./:–-])(?<!\d,)(?:(?P<grouped>\d{1,3}(?:[.,\s\u00a0\u202f]\d{3})+)|(?P<plain>\d+(?:[.,]\d{1,2})?)|"
    rf"(?P<word>{WORDS}))(?![\w/]|[.,:]\d|º|ª)\s?(?P<percent>%|por ciento|per cent|percent|pour cent)?"
)
DATES = (times.DAY_FIRST, times.MONTH_FIRST, times.ISO, times.SLASHED, times.SPAN, times.ONE_CLOCK)
YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d.,]\d|\s(?:euros|dollars|people|personas|personnes))")
VOTED = re.compile(r"\b(?:vot[eosé]\w*|abst\w+|voix|in favour|a favor)\b")
NEXT_WORD = re.compile(r"\s?[(]?([^\W\d_]{3,})")
LONGEST = 400
LONGEST_VOTE = 300
NEAREST, FARTHEST = 0.7, 1.4  # a sum of something else altogether is no error of addition
FEWEST_PERCENTAGES = 3
FEWEST_IN_ORDER = 3
OVERNIGHT = 18
ARTICLE = re.compile(r"^(?:el|la|los|las|the|le|les|l['’]|un|una|y|and|et)\s?(?=\w)")
COUNTED = re.compile(
    rf"(?<![\w.,])(?P<number>\d{{1,2}}|{WORDS})\s(?P<noun>[^\W\d_]{{3,20}})(?P<between>(?:\s[^\s:;.,()]+){{0,9}}?)"
    r"\s?(?:(?P<colon>:)\s(?P<list>[^.;:?!]{5,400})|\((?P<aside>[^().;:]{5,300})\))",
    re.IGNORECASE,
)
BETWEEN = re.compile(r"\s?,\s(?:y |e |and |et |o |or |ou )?|\s(?:y|e|and|et|o|or|ou)\s")
LAST_MEMBER = re.compile(r",?\s(?:y|e|and|et),?\s(?:por último|finalmente|finally|lastly|enfin),?\s", re.IGNORECASE)
TOTAL_MEMBER = re.compile(
    r",\s[^,]*\d[^,]*\b(?:in all|in total|en total|en tout|au total|altogether)\b.*$", re.IGNORECASE
)
FOLLOW = re.compile(rf"(?<![\w.,])(\d{{1,2}}|{WORDS})\s([^\W\d_]{{3,20}})[^.:]{{0,60}}:$", re.IGNORECASE)
HEADED = re.compile(rf"(?=.*\((\d{{1,2}}|{WORDS})\)$)([^\W\d_]{{3,20}}).*$", re.IGNORECASE)
MEASURES = word_set(
    "de la el los las y min minutos horas dias dia anos ano meses octubre minutes hours days years months jours "
    "heures ans mois euros dollars veces times fois por per votes votos voix words palabras mots percent"
)
PEOPLE = word_set("personas ciudades people cities towns personnes villes members miembros membres")
MOST_WORDS_OF_A_MEMBER = 8
DEFINITE = re.compile(
    rf"(?<![\w.,])(?P<lead>los|las|the|les|all|todas las|todos los|estas|estos|these|ces|nuestr[oa]s|our|nos|"
    rf"{'|'.join(word for cues in ALL.values() for word in cues.holds)})\s(?:\w+\s)?"
    rf"(?P<number>\d{{1,2}}|{WORDS})\s(?P<noun>[^\W\d_]{{5,20}})\b"
)
REFERENCE = re.compile(
    r"\b(?P<noun>paragraphs?|parrafos?|paragraphes?|point|punto|item|recommendation|recomendacion|recommandation|"
    r"question|pregunta|article|articulo|section|seccion|annexe?|anexo|table|tabla|tableau|proposal|propuesta)s?\s"
    r"(?:n[.o°º]*\s?)?(?P<number>\d{1,2}|[ivx]{1,4})(?![\w./-])"
    r"(?P<of>\s(?:of|de|du|del|des)\s(?!(?:the |la )?(?:present|this|esta|cette))(?:the|la|el|l['’]|los|las|our|its)?)?"
)
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}
NUMBERED = re.compile(r"^\(?(\d{1,2})[.)]")
LABELLED = re.compile(r"^\W{0,4}(?P<noun>[^\W\d_]{4,16})\s(?:n[.o°º]*\s?)?(?P<number>\d{1,2}|[ivx]{1,4})\b\s?[.:–—-]")


class Amount(Struct, frozen=True):
    """A number as it stands in a sentence, with the word after it."""

    value: float
    begins: int
    ends: int
    is_percent: bool
    noun: str


class _Told(Struct, frozen=True):
    """A sentence of the note with its passage; `plain` is in lower case without accents, letter for letter."""

    line: SectionPassage
    begins: int
    text: str
    plain: str

    def finding(self, kind: str, told: str, quote: str | None = None) -> Inconsistency:
        at = self.line.passage.line_at(self.begins + (self.text.find(quote) if quote and quote in self.text else 0))
        evidence = Evidence(quote=(quote or self.text)[:200], line=at, page=self.line.passage.page)
        return Inconsistency(type=kind, severity="warning", description=told, evidence=(evidence,))


def arithmetic_findings(
    passages: Sequence[SectionPassage], sessions: FoundSessions, *, is_ahead: bool, is_itself: bool
) -> Iterator[Inconsistency]:
    """Everything a reader with a pencil would find.

    `is_ahead` where the note announces something to come, so that a deadline must lie before it; `is_itself` where
    paragraphs are those of the note and not of a text that it speaks of.
    """
    told = list(_sentences(passages))
    for sentence in told:
        yield from _sums(sentence)
        yield from _percentages(sentence)
        yield from _products(sentence)
        yield from _members(sentence)
        yield from _impossible_days(sentence)
        yield from _spans(sentence)
    yield from _weekdays(told)
    yield from _following(passages, told)
    yield from _columns(passages)
    yield from _announced(passages, told, sessions)
    yield from _order(told)
    yield from _references(passages, told, is_itself=is_itself)
    if is_ahead:
        yield from _deadlines(told, sessions)


def _sentences(passages: Sequence[SectionPassage]) -> Iterator[_Told]:
    for line in passages:
        text = line.passage.text
        parts = [(s.begins, s.text) for s in split_sentences(text)]
        is_vote = len(text) <= LONGEST_VOTE and bool(VOTED.search(folded(text)))
        if is_vote and all(len(_amounts(aligned(part))) < 3 for _, part in parts):  # "For: 7. Against: 2. Total: 9."
            parts = [(0, text)]
        yield from (_Told(line, begins, part, aligned(part)) for begins, part in parts)


def _amounts(plain: str) -> list[Amount]:
    for pattern in (*DATES, YEAR, REFERENCE):
        plain = pattern.sub(lambda match: "\x00" * len(match[0]), plain)
    found = []
    for match in NUMBER.finditer(plain):
        if match["grouped"]:
            value = float(re.sub(r"\D", "", match["grouped"]))
        else:
            value = float(NUMBERS[match["word"]] if match["word"] else match["plain"].replace(",", "."))
        noun = NEXT_WORD.match(plain, match.end())
        found.append(Amount(value, match.start(), match.end(), bool(match["percent"]), noun[1] if noun else ""))
    return found


def _any(kind: RuleKind, text: str) -> bool:
    return any(form(code, kind).search(text) for code in ALL)


def _sums(told: _Told) -> Iterator[Inconsistency]:
    """A total and its parts, before or after it."""
    amounts = [amount for amount in _amounts(told.plain) if not amount.is_percent]
    if len(amounts) < 3:  # a total and two parts
        return
    if change := _change(told.plain, amounts):
        total, parts, may_be_less = change
    elif last := _total_after(told.plain, amounts):
        total, parts, may_be_less = *last, False
    elif first := _total_before(told.plain, amounts):
        total, parts, may_be_less = first
    else:
        return
    made = sum(parts)
    if made != total and NEAREST * total <= made <= FARTHEST * total and (made > total or not may_be_less):
        yield told.finding("sum_mismatch", f"{total:g} is stated, and the parts make {made:g}.")


def _change(plain: str, amounts: Sequence[Amount]) -> tuple[float, list[float], bool] | None:
    """ "From 41 to 48, with nine new members and three that left"."""
    came, went = ([a for a in amounts if _any(kind, plain[a.ends : a.ends + 24])] for kind in ("came", "went"))
    others = [a for a in amounts if a not in came and a not in went]
    if not (came and len(others) == 2 and others[0].ends < others[1].begins <= others[0].ends + 24):
        return None
    return others[1].value, [others[0].value, came[0].value, -went[0].value if went else 0], False


def _total_after(plain: str, amounts: Sequence[Amount]) -> tuple[float, list[float]] | None:
    last = amounts[-1]
    before, after = plain[amounts[-2].ends : last.begins], plain[last.ends : last.ends + 30]
    in_aside = before.endswith("(") and bool(VOTED.search(after))
    if not (in_aside or before.endswith("= ") or _any("total", f"{before.rstrip()} \x00 {after}")):
        return None
    parts = list(amounts[:-1])
    alike = [amount for amount in parts if last.noun and amount.noun == last.noun]
    colon = plain.rfind(":", 0, parts[-1].begins)
    listed = [amount for amount in parts if amount.begins > colon]
    chosen = alike if len(alike) > 1 else listed if len(listed) > 1 and not VOTED.search(plain) else parts
    return (last.value, [amount.value for amount in chosen]) if len(chosen) > 1 else None


def _total_before(plain: str, amounts: Sequence[Amount]) -> tuple[float, list[float], bool] | None:
    first, second = amounts[:2]
    lead, between = plain[max(0, first.begins - 24) : first.begins], plain[first.ends : second.begins]
    closes = plain.find(")", second.begins) if "(" in between else -1
    parts = [a.value for a in amounts[1:] if closes < 0 or a.begins < closes]
    if _any("out_of", between) and len(between) < 12:  # "12 of the 20"
        return second.value, [first.value, *(amount.value for amount in amounts[2:])], True
    for place, (whole, part) in enumerate(pairwise(amounts), start=1):
        if _any("of_which", plain[whole.ends : part.begins]) and len(amounts) > place + 1:
            return max(a.value for a in amounts[:place]), [a.value for a in amounts[place:]], True
    if len(parts) < 2:  # two parts
        return None
    if _any("out_of", lead[-12:] + "\x00"):
        return first.value, parts, True
    is_whole = ":" in between or "(" in between or _any("that_is", between)
    return (first.value, parts, False) if is_whole else None


def _percentages(told: _Told) -> Iterator[Inconsistency]:
    shares = [amount.value for amount in _amounts(told.plain) if amount.is_percent]
    is_parted = len(shares) >= FEWEST_PERCENTAGES or (len(shares) > 1 and _any("opposed", told.plain))
    made = sum(shares)
    if is_parted and abs(made - 100) > 1 and 85 <= made <= 130 and not _any("change", told.plain):  # near a whole
        yield told.finding("sum_mismatch", f"The percentages make {made:g}.")


def _products(told: _Told) -> Iterator[Inconsistency]:
    """ "60 members pay 500 euros each, which makes 35,000"."""
    amounts = [amount.value for amount in _amounts(told.plain) if not amount.is_percent]
    if len(amounts) == 3 and _any("each", told.plain):  # two factors and a product
        small, middle, product = sorted(amounts)
        made = small * middle
        if small > 1 and made != product and NEAREST * product <= made <= FARTHEST * product:
            yield told.finding("sum_mismatch", f"{product:g} is stated, and the parts make {made:g}.")


def _number(text: str) -> int:
    return int(text) if text.isdigit() else NUMBERS[folded(text)]


def _members(told: _Told) -> Iterator[Inconsistency]:
    """ "Three axes: a, b, c and d"."""
    for found in COUNTED.finditer(told.text):
        noun, number = folded(found["noun"]), _number(found["number"])
        listed = TOTAL_MEMBER.sub("", LAST_MEMBER.sub(", ", (found["list"] or found["aside"]).strip()))
        members = [ARTICLE.sub("", part).strip() for part in BETWEEN.split(listed) if part.strip()]
        is_list = len(members) > 1 and "," in listed and all(len(m.split()) <= MOST_WORDS_OF_A_MEMBER for m in members)
        is_list = is_list and (noun not in PEOPLE or all(member[:1].isupper() for member in members))
        if is_list and noun not in MEASURES and number > 1 and 0 < abs(len(members) - number) <= 2:  # hardly a slip
            told_of = f"{number} {noun} are announced, and {len(members)} stand in the list."
            yield told.finding("count_mismatch", told_of, found[0].strip())


def _following(passages: Sequence[SectionPassage], told: Sequence[_Told]) -> Iterator[Inconsistency]:
    """ "its three axes:" and the items under it."""
    places = {id(line): place for place, line in enumerate(passages)}
    for sentence in told:
        found = FOLLOW.search(unmarked(sentence.text)) or (sentence.line.is_heading and HEADED.search(sentence.text))
        if not found or folded(found[2]) in MEASURES:
            continue
        following = passages[places[id(sentence.line)] + 1 :]
        items = next(
            (n for n, line in enumerate(following) if line.passage.kind is not PassageKind.ITEM), len(following)
        )
        if items > 1 and items != _number(found[1]):
            told_of = f"{found[1]} {found[2]} are announced, and {items} follow."
            yield sentence.finding("count_mismatch", told_of, found[0])


def _columns(passages: Sequence[SectionPassage]) -> Iterator[Inconsistency]:
    """The last row of a table, where it is a total, against the column over it."""
    above: dict[int, list[float]] = defaultdict(list)
    for _, row in table_rows(passages):
        cells = [passages[place].passage for place, _ in row]
        values = {cell.column: _amounts(aligned(cell.text)) for cell in cells}
        alone = {column: found[0].value for column, found in values.items() if len(found) == 1}
        if any(_any("total", f"\x00 {aligned(cell.text)} \x00") for cell in cells if len(cell.text.split()) < 3):
            for column, value in alone.items():
                made = sum(above[column])
                if len(above[column]) > 1 and made != value and NEAREST * value <= made <= FARTHEST * value:
                    where = _Told(passages[row[0][0]], 0, cells[0].text, "")
                    yield where.finding("sum_mismatch", f"{value:g} is stated, and the parts make {made:g}.")
            above.clear()
        for column, value in alone.items():
            above[column].append(value)


def _announced(
    passages: Sequence[SectionPassage], told: Sequence[_Told], sessions: FoundSessions
) -> Iterator[Inconsistency]:
    """ "The four conclusions", "it offers nine sessions": against what stands in the note."""
    there = _countable(passages, sessions)
    for sentence in told:
        for found in DEFINITE.finditer(sentence.plain):
            number, counts = _number(found["number"]), there.get(_stem(found["noun"]), set[int]())
            if counts and number not in counts and number > 1 and sentence.text.rstrip()[-1:] != ":":
                most = max(counts)
                words = f"{found['number']} {sentence.text[found.start('noun') : found.end('noun')]}"
                told_of = f"{words} are announced, and {most} stand in the list."
                yield sentence.finding("count_mismatch", told_of, sentence.text[found.start() : found.end()])


def _countable(passages: Sequence[SectionPassage], sessions: FoundSessions) -> Mapping[str, set[int]]:
    """How many there are of what, by the stems of nouns; several numbers where one may count in several ways."""
    items: Counter[str] = Counter()
    asked = sum(line.passage.kind is PassageKind.ITEM and "?" in line.passage.text for line in passages)
    for line in passages:
        if line.passage.kind is PassageKind.ITEM and line.section.name and not line.passage.is_indented:
            items[_stem(folded(bare_title(line.section.name)).split()[:1][0])] += 1
    for _, row in table_rows(passages):
        heads = [passages[place].passage for place, _ in row]
        if any(NUMBERED.match(f"{heads[0].text}.") for _ in row[:1]):
            for stem in ("recommend", "recomend", "recomman", "propos", "propue"):
                items[stem] += 1
    there = {stem: {count} for stem, count in items.items() if count > 1}
    there |= {_stem(word): {asked} for word in ("questions", "preguntas") if asked > 1}
    if sessions.is_programme:
        types = [_stem(folded(session.type).split()[0]) for session in sessions.found if session.type]
        there |= {stem: {count} for stem, count in Counter(types).items()}
        plain = sum(not _any("plenary", f"{session.type} {session.title}") for session in sessions.found)
        there |= {_stem(word): {len(sessions.found), plain} for word in ("sessions", "sesiones", "seances")}
    return there


def _stem(word: str) -> str:
    return word[:6] if word[:3] in {"ses", "sea"} else word.rstrip("s")[:7]


def _days(told: _Told) -> list[WrittenDay]:
    return times.written_days(told.text[:LONGEST])


def _impossible_days(told: _Told) -> Iterator[Inconsistency]:
    for day in _days(told):
        last = WrittenDay(day=day.last or day.day, month=day.month, year=day.year)
        if day.on(2024) is None or last.on(2024) is None:  # a leap year
            yield told.finding("date_mismatch", f"{day.verbatim} does not exist.")


def _weekdays(told: Sequence[_Told]) -> Iterator[Inconsistency]:
    dated = [(sentence, day) for sentence in told for day in _days(sentence)]
    years = {day.year for _, day in dated if day.year}
    only = years.pop() if len(years) == 1 else None
    for sentence, day in dated:
        on = day.on(only)
        if on and day.weekday is not None and on.weekday() != day.weekday:
            quote = sentence.text[:200]
            yield sentence.finding(
                "weekday_mismatch", f"{day.verbatim} is not the day of the week that is named.", quote
            )


def _spans(told: _Told) -> Iterator[Inconsistency]:
    """What ends before it begins."""
    for found in (*times.DAY_FIRST.finditer(told.plain), *times.MONTH_FIRST.finditer(told.plain)):
        if found["last"] and int(found["last"]) < int(found["day"]):
            yield told.finding("order_mismatch", f"{found['last']} is before {found['day']}.")
    days = _days(told)
    for first, last in pairwise(days):
        begins, ends = first.on(last.year), last.on(first.year)
        between = told.plain.partition(first.verbatim)[2].partition(last.verbatim)[0]
        if begins and ends and ends < begins and TO.fullmatch(between):
            yield told.finding("order_mismatch", f"{last.verbatim} is before {first.verbatim}.")
    for span in times.clock_spans(told.text):
        if (
            span.end
            and span.end < span.start
            and span.start.hour < OVERNIGHT
            and len(times.written_offsets(told.text)) < 2
        ):
            yield told.finding("order_mismatch", f"{span.end:%H:%M} is before {span.start:%H:%M}.", span.verbatim)


TO = re.compile(r"\s?(?:to|until|and|al?|hasta(?: el)?|y(?: el)?|au|et(?: le)?|jusqu'au|-|–|—)\s?(?:the |el |le )?")


def _order(told: Sequence[_Told]) -> Iterator[Inconsistency]:
    """Lines that each begin with a date, of which one is earlier than the one before it."""
    run: list[tuple[_Told, date]] = []
    for sentence in [*told, None]:
        day = next(iter(_days(sentence)), None) if sentence else None
        on = day.on(run[-1][1].year if run else None) if day else None
        begins = bool(day and sentence and sentence.plain.lstrip(" -*•|").startswith(day.verbatim)) and not day.last  # type: ignore[union-attr]
        if sentence and on and begins and sentence.begins == 0:
            run.append((sentence, on))
            continue
        dates = [on for _, on in run]
        falls = [place for place, (a, b) in enumerate(pairwise(dates)) if b < a]
        if len(run) >= FEWEST_IN_ORDER and len(falls) == 1:
            late, (before, after) = run[falls[0] + 1][0], dates[falls[0] : falls[0] + 2]
            yield late.finding("order_mismatch", f"{after:%d/%m/%Y} is before {before:%d/%m/%Y}.")
        run = []


def _deadlines(told: Sequence[_Told], sessions: FoundSessions) -> Iterator[Inconsistency]:
    """The last day to hand something in, against the days of the gathering."""
    ends = [day for session in sessions.found if (day := (session.end or session.start or "")[:10]) and len(day) == 10]
    spans = [
        (day, on)
        for number, sentence in enumerate(told)
        for day in _days(sentence)
        if (on := WrittenDay(day=day.last or day.day, month=day.month, year=day.year).on())
        and (day.last or _any("event", sentence.plain))
        and not _any("deadline", sentence.plain)
        and (number < FIRST or _any("event", sentence.plain))
    ]
    last = max([*map(date.fromisoformat, ends), *(on for _, on in spans)], default=None)
    if last is None:
        return
    for sentence in told:
        days = _days(sentence)
        on = days[-1].on(last.year) if days else None
        if on and on > last and _any("deadline", sentence.plain) and (on - last).days < MOST_DAYS_LATE:
            yield sentence.finding("order_mismatch", f"The deadline {days[-1].verbatim} is after {last:%d/%m/%Y}.")


FIRST = 8
MOST_DAYS_LATE = 200


def _references(
    passages: Sequence[SectionPassage], told: Sequence[_Told], *, is_itself: bool
) -> Iterator[Inconsistency]:
    """ "See paragraph 9", where there are seven."""
    numbered = [int(found[1]) for line in passages if (found := NUMBERED.match(line.passage.bullet))]
    numbered += [int(found[1]) for line in passages if line.is_heading and (found := NUMBERED.match(line.passage.text))]
    rows = [row[0][1].text for _, row in table_rows(passages)]
    numbered += [int(cell) for cell in rows if cell.isdigit() and len(cell) < 3]  # a number of a row
    most = max(numbered, default=0)
    labelled: dict[str, set[int]] = defaultdict(set)
    for sentence in told:
        if found := LABELLED.match(sentence.plain):
            labelled[found["noun"][:5]].add(_ordinal(found["number"]))
        for found in ANNEX.finditer(sentence.plain):
            labelled[found["noun"][:5]].add(_ordinal(found["number"]))
    for sentence in told:
        for found in REFERENCE.finditer(sentence.plain):
            noun, number = found["noun"][:5], _ordinal(found["number"])
            known = labelled.get(noun) or (set(range(1, most + 1)) if _counts_as(noun, is_itself=is_itself) else set())
            if len(known) >= (1 if noun in ANNEXES else 3) and number not in known and not found["of"]:
                words = sentence.text[found.start("noun") : found.end("number")]
                yield sentence.finding("wrong_reference", f"{words} is not in the note.", words)


ANNEXES = frozenset({"annex", "anexo"})
ANNEX = re.compile(r"\b(?P<noun>annexe?|anexo)\s(?P<number>\d{1,2}|[ivx]{1,4})\s?[.:–—-]")


def _counts_as(noun: str, *, is_itself: bool) -> bool:
    return is_itself or noun in {"point", "punto", "item", "recom", "quest", "pregu"}


def _ordinal(text: str) -> int:
    return int(text) if text.isdigit() else ROMAN.get(text, 0)
