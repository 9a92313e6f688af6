"""What can be counted in a note, counted again: sums, votes, percentages, lists, dates and references."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import chain, pairwise, product, takewhile
from math import prod

from msgspec import Struct
from msgspec.structs import replace

from workspace.interchange.notes import times
from workspace.interchange.notes.layout import PassageKind
from workspace.interchange.notes.lines import aligned, bare_title, folded, ordinal
from workspace.interchange.notes.rules import ALL, RuleKind, form, forms
from workspace.interchange.notes.sections import SectionPassage, table_rows
from workspace.interchange.notes.sentences import split_sentences
from workspace.interchange.notes.sessions import FoundSessions
from workspace.interchange.notes.times import WrittenDay
from workspace.sessions.extraction import Evidence, Inconsistency

FORM = forms("arithmetic")

DATES = (times.DAY_FIRST, times.MONTH_FIRST, times.ISO, times.SLASHED, times.SPAN, times.ONE_CLOCK)
NEAR_SHARE = 28
MOST_BEFORE = 4  # sentences between a share and what it is of
MOST_YEARS_OFF = 12
LONGEST = 400
LONGEST_QUOTE = 200
LONGEST_VOTE = 300
MOST_OF_A_FLOW = 5  # numbers of what came or went, before the end
FARTHEST_WAY = 40  # letters between those for something and those against it
NEAREST, FARTHEST = 0.7, 1.4  # a sum of something else altogether is no error of addition
FEWEST_PERCENTAGES = 3
FEWEST_IN_ORDER = 3
FARTHEST_ROW = 3  # lines from one row to the next
NEAREST_LEAD, FARTHEST_LEAD = 20, 80  # letters from a number to the full stop, or the colon, over a list
OVERNIGHT = 18
MEASURES = frozenset(FORM["measures"].pattern.split("|")) | {*times.MONTHS}
PEOPLE = frozenset(FORM["people"].pattern.split("|"))
MOST_WORDS_OF_A_MEMBER = 8
FIRST = 8  # sentences that may name the days of the gathering
MOST_DAYS_LATE = 200
FAR = 4  # times as many: what was counted is something else
LONGEST_ROW = 90
MOST_OFF = 3  # between a number announced and what stands there
GATHERINGS = FORM["gathered"].pattern.split("|")
RECOMMENDED = FORM["recommended"].pattern.split("|")


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

    def finding(self, kind: str, told: str, words: str | None = None) -> Inconsistency:
        """What is wrong with the sentence, quoted; of a long one, what stands around `words`."""
        at = max(0, self.text.find(words)) if words else 0
        begins = at - LONGEST_QUOTE // 2 if at > LONGEST_QUOTE // 2 and len(self.text) > LONGEST_QUOTE else 0
        line = self.line.passage.line_at(self.begins + begins)
        quote = self.text[begins : begins + LONGEST_QUOTE]
        evidence = Evidence(quote=quote, line=line, page=self.line.passage.page)
        return Inconsistency(type=kind, severity="warning", description=told, evidence=(evidence,))

    def off(self, stated: float, made: float) -> Inconsistency | None:
        """What is wrong where parts make nearly what is stated; None where it is that, or something else."""
        is_near = made != stated and stated and NEAREST * stated <= made <= FARTHEST * stated
        return self.finding("sum_mismatch", f"{stated:g} is stated, and the parts make {made:g}.") if is_near else None


def arithmetic_findings(
    passages: Sequence[SectionPassage], sessions: FoundSessions, *, is_ahead: bool, is_itself: bool, asked: int
) -> Iterator[Inconsistency]:
    """Everything a reader with a pencil would find.

    `is_ahead` where the note announces something to come, so that a deadline must lie before it; `is_itself` where
    paragraphs are those of the note and not of a text that it speaks of.
    """
    told = list(_sentences(passages))
    year = _own_year(told, sessions)
    for before, sentence in zip([None, *told], told, strict=False):
        if _amounts(sentence.plain):
            yield from _sums(sentence)
            yield from _percentages(sentence)
            yield from _products(sentence, before)
            yield from _members(sentence)
        yield from _ages(sentence, year)
        yield from _lengths(sentence, before, sessions)
        yield from _impossible_days(sentence)
        yield from _spans(sentence)
    for line in passages:
        yield from _flow(_Told(line, 0, line.passage.text, aligned(line.passage.text)))
    yield from _shares(passages, told)
    yield from _votes(told)
    yield from _weekdays(told)
    yield from _following(passages, told)
    yield from _columns(passages)
    yield from _across(passages)
    yield from _announced(passages, told, sessions, asked=asked)
    yield from _heads_counted(told)
    yield from _order(told)
    yield from _references(passages, told, is_itself=is_itself)
    if is_ahead:
        yield from _deadlines(passages, told, sessions)


def _sentences(passages: Sequence[SectionPassage]) -> Iterator[_Told]:
    for line in passages:
        text = line.passage.text
        parts = [(s.begins, s.text) for s in split_sentences(text)]
        is_vote = len(text) <= LONGEST_VOTE and bool(FORM["voted"].search(folded(text)))
        is_vote = is_vote and all(len(_amounts(aligned(part))) < 3 for _, part in parts)  # "For: 7. Against: 2."
        if is_vote or (
            len(text) <= LONGEST_VOTE and any(FORM["total_first"].match(folded(part)) for _, part in parts[1:])
        ):
            parts = [(0, text)]
        yield from (_Told(line, begins, part, aligned(part)) for begins, part in parts)


def number_of(text: str) -> int:
    """The number that digits or words name: "41", "cuarenta y uno"."""
    parts = FORM["part_of_number"].findall(folded(text))
    return int(text) if text.isdigit() else sum(times.NUMBERS.get(part, 1) for part in parts)


@lru_cache(maxsize=2048)
def _amounts(plain: str) -> Sequence[Amount]:
    for pattern in (*DATES, FORM["year"], FORM["reference"]):
        plain = pattern.sub(lambda match: "\x00" * len(match[0]), plain)
    found = []
    for match in FORM["number"].finditer(plain):
        if match["grouped"]:
            value = float(re.sub(r"\D", "", match["grouped"]) + (match["cents"] or "").replace(",", "."))
        else:
            value = float(number_of(match["word"]) if match["word"] else match["plain"].replace(",", "."))
        noun = FORM["next_word"].match(plain, match.end())
        found.append(Amount(value, match.start(), match.end(), bool(match["percent"]), noun[1] if noun else ""))
    return found


def _any(kind: RuleKind, text: str) -> bool:
    return any(form(code, kind).search(text) for code in ALL)


def _sums(told: _Told) -> Iterator[Inconsistency]:
    """A total and its parts, before or after it, in a sentence or in what stands between its semicolons."""
    for clause in dict.fromkeys([told.plain, *told.plain.split(";"), *FORM["bracketed"].findall(told.plain)]):
        total, made, may_be_less = _summed(clause)
        if made == total != 0:
            return
        if (off := told.off(total, made)) and (made > total or not may_be_less):
            yield off
            return


def _summed(plain: str) -> tuple[float, float, bool]:
    """What is stated as a total or a difference, what the parts make, and whether they may be less; nought if none."""
    amounts = [
        amount for amount in _amounts(plain) if not amount.is_percent and not FORM["of_it"].match(plain, amount.ends)
    ]
    if len(amounts) < 3:  # a total and two parts
        return 0, 0, False
    if difference := _difference(plain, amounts):
        return difference[2], abs(difference[0] - difference[1]), False
    if change := _change(plain, amounts):
        return change[0], sum(change[1]), change[2]
    if last := _total_after(plain, amounts):
        return last[0], sum(last[1]), False
    first = _total_before(plain, amounts)
    return (first[0], sum(first[1]), first[2]) if first else (0, 0, False)


def _difference(plain: str, amounts: Sequence[Amount]) -> tuple[float, float, float] | None:
    """ "From 96,000 to 61,000 euros, that is 35,000 less"; "640 in May and 815 in June, that is 175 more"."""
    for first, second, third in zip(amounts, amounts[1:], amounts[2:], strict=False):
        is_from = FORM["from"].search(plain[: first.begins])
        is_step = is_from and FORM["from_to"].fullmatch(plain[first.ends : second.begins])
        is_more = FORM["more"].match(plain, third.ends) and third.value != first.value + second.value
        if (is_step or is_more) and _any("share", plain[second.ends : third.begins]):
            return first.value, second.value, third.value
    return None


def _change(plain: str, amounts: Sequence[Amount]) -> tuple[float, list[float], bool] | None:
    """ "From 41 to 48, with nine new members and three that left"."""
    nexts = [*(amount.begins for amount in amounts[1:]), len(plain)]
    near = [(a, plain[a.ends : min(a.ends + 24, end)]) for a, end in zip(amounts, nexts, strict=True)]
    came, went = ([a for a, after in near if _any(kind, after)] for kind in ("came", "went"))
    others = [a for a in amounts if a not in came and a not in went]
    if not (came and len(others) == 2 and others[0].ends < others[1].begins <= others[0].ends + 24):
        return None
    return others[1].value, [others[0].value, came[0].value, -went[0].value if went else 0], False


def _total_after(plain: str, amounts: Sequence[Amount]) -> tuple[float, list[float]] | None:
    last = amounts[-1]
    before, after = plain[amounts[-2].ends : last.begins], plain[last.ends : last.ends + 30]
    in_aside = before.endswith("(") and bool(FORM["voted"].search(after))
    if not (in_aside or before.endswith("= ") or _any("total", f"{before.rstrip()} \x00 {after}")):
        return None
    parts = list(amounts[:-1])
    alike = [amount for amount in parts if last.noun and amount.noun == last.noun]
    colon = plain.rfind(":", 0, parts[-1].begins)
    listed = [amount for amount in parts if amount.begins > colon]
    chosen = alike if len(alike) > 1 else listed if len(listed) > 1 and not FORM["voted"].search(plain) else parts
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
            parts = [a.value for a in amounts[place:]]
            return min((a.value for a in amounts[:place]), key=lambda whole: abs(whole - sum(parts))), parts, True
    if len(parts) < 2:  # two parts
        return None
    if _any("out_of", lead[-12:] + "\x00"):
        return first.value, parts, True
    if FORM["whole_first"].search(plain[: first.begins]) and _any("opposed", plain[amounts[-1].begins :]):
        return first.value, parts, True  # "of 60 towns 25 have one, and 40 have none"
    is_told = first.noun in PEOPLE and first.value == max(a.value for a in amounts) and not lead.endswith(("d'", "of "))
    is_whole = ":" in between or "(" in between or _any("that_is", between)
    is_whole = is_whole or (is_told and bool(FORM["apposed"].match(between)) and second.noun not in PEOPLE)
    sides = zip(*((plain[: a.begins].split()[-1:], plain[a.ends :].split()[:1]) for a in amounts[1:]), strict=True)
    alike = [every[0] for every in sides if all(side == every[0] for side in every)]  # "in a, in b, in c"
    is_over = sum(parts) > first.value and any(FORM["preposition"].match(" ".join(word)) for word in alike)
    is_shared = bool(alike) and (len(parts) > 2 or is_over)
    is_whole = is_whole or (is_shared and FAR * abs(sum(parts) - first.value) <= first.value)
    return (first.value, parts, False) if is_whole else None


def _flow(whole: _Told) -> Iterator[Inconsistency]:
    """ "34 at first. Six joined, two withdrew, and the year closed with 40", over the sentences of a passage."""
    plain = FORM["aside"].sub(lambda aside: " " * len(aside[0]), whole.plain)
    amounts = [amount for amount in _amounts(plain) if not amount.is_percent]
    clauses = FORM["clause"].finditer(plain) if len(amounts) > 2 else ()
    less = [part for part in clauses if FORM["minus"].search(part[0])]
    begins = 0
    for place, (before, last) in enumerate(pairwise(amounts), start=1):
        space = plain[max(before.ends, last.begins - NEAR_SHARE) : last.begins]
        is_left = _any("remain", space)
        if not (is_left or FORM["result"].search(space)):
            continue
        first, *steps = amounts[begins:place]
        begins = place
        is_less = [is_left or any(part.start() <= step.begins < part.end() for part in less) for step in steps]
        every = {first.value + sum(signed) for signed in product(*((step.value, -step.value) for step in steps))}
        made = first.value + sum(-step.value if gone else step.value for step, gone in zip(steps, is_less, strict=True))
        is_flow = any(is_less) and len(steps) < MOST_OF_A_FLOW and abs(made - last.value) <= last.value / FAR
        yield from filter(None, [whole.off(last.value, made) if is_flow and last.value not in every else None])


def _percentages(told: _Told) -> Iterator[Inconsistency]:
    shares = [amount.value for amount in _amounts(told.plain) if amount.is_percent]
    is_parted = len(shares) >= FEWEST_PERCENTAGES or (len(shares) > 1 and _any("opposed", told.plain))
    made = sum(shares)
    if is_parted and abs(made - 100) > 1 and 85 <= made <= 130 and not _any("change", told.plain):  # near a whole
        yield told.finding("sum_mismatch", f"The percentages make {made:g}.")


def _shares(passages: Sequence[SectionPassage], told: Sequence[_Told]) -> Iterator[Inconsistency]:
    """ "1,200 (60 %)": the percentages of several counts, of which one is no share of what the others are shares of."""
    shares = [
        (sentence, count.value, share.value)
        for sentence in told
        for count, share in pairwise(_amounts(sentence.plain))
        if share.is_percent
        and not count.is_percent
        and FORM["beside"].fullmatch(sentence.plain[count.ends : share.begins])
    ]
    for _, _, (where, amounts) in _rows(passages):
        counts, percents = ([a.value for a in amounts.values() if a.is_percent is is_] for is_ in (False, True))
        shares += [(where, counts[0], percents[0])] if len(counts) == len(percents) == 1 else []
    wholes = {amount.value for sentence in told for amount in _amounts(sentence.plain) if not amount.is_percent}
    fits = {
        whole: [place for place, (_, count, share) in enumerate(shares) if abs(100 * count / whole - share) <= 1]
        for whole in wholes
        if whole and len(shares) > 1
    }
    whole, right = max(fits.items(), key=lambda fit: len(fit[1]), default=(0, []))
    for place, (sentence, count, share) in enumerate(shares):
        made = 100 * count / whole if whole else 0
        if len(right) > 1 and not any(place in every for every in fits.values()) and made <= 100:
            yield sentence.finding("sum_mismatch", f"{share:g} % is stated, and the parts make {made:.0f} %.")
    known = {id(shares[place][0]) for place in right if len(right) > 1}
    yield from _lone_shares([sentence for sentence in told if id(sentence) not in known])


def _lone_shares(told: Sequence[_Told]) -> Iterator[Inconsistency]:
    """ "Of the 96 towns 72 had come, that is 65 %": a percentage that no two of the numbers before it make."""
    for place, sentence in enumerate(told):
        amounts = _amounts(sentence.plain)
        shares = [amount for amount in amounts if amount.is_percent]
        near = sentence.plain[max(0, shares[0].begins - NEAR_SHARE) : shares[0].begins] if len(shares) == 1 else ""
        if not _any("share", near):
            continue
        counts = [amount.value for amount in amounts if not amount.is_percent and amount.begins < shares[0].begins]
        for before in told[max(0, place - MOST_BEFORE) : place][::-1]:  # a part and its whole
            counts += [a.value for a in _amounts(before.plain) if not a.is_percent] if len(counts) < 2 else []
        pairs = [(part, whole) for whole in counts for part in counts if 0 < part < whole]
        made = [100 * part / whole for part, whole in pairs]
        changed = [100 * (whole - part) / base for part, whole in pairs for base in (part, whole)]
        if made and all(abs(each - shares[0].value) > 1 for each in made + changed):
            near_to = min(made, key=lambda each: abs(each - shares[0].value))
            told_of = f"{shares[0].value:g} % is stated, and the parts make {near_to:.0f} %."
            yield sentence.finding("sum_mismatch", told_of)


def _votes(told: Sequence[_Told]) -> Iterator[Inconsistency]:
    """More votes than people were left to give them: those that the note counts, or those who voted at first."""
    there: list[float] = []
    votes: list[tuple[_Told, float, float]] = []
    left = lent = 0.0
    cast_in: dict[int, list[tuple[int, float]]] = {}
    for sentence in told:
        line = sentence.line
        ballots = cast_in.get(id(line))
        if ballots is None:
            plain = aligned(line.passage.text)
            ballots = cast_in[id(line)] = list(_ballots(plain)) if _amounts(plain) else []
        ends = sentence.begins + len(sentence.text)
        votes += [(sentence, cast, left) for begins, cast in ballots if sentence.begins <= begins < ends]
        amounts = [amount for amount in _amounts(sentence.plain) if not amount.is_percent]
        near = {amount.begins: sentence.plain[max(0, amount.begins - 24) : amount.ends + 24] for amount in amounts}
        present = [a for a in amounts if _any("present", near[a.begins]) and not {*near[a.begins]} & {*"€$£"}]
        parts = [a.value for a, b in pairwise(present) if _any("out_of", sentence.plain[a.ends : b.begins])]
        there += [value + left for value in parts or [amount.value for amount in present]]
        there += [
            a.value for a in amounts if present and any(a.value == b.value + c.value for b, c in pairwise(amounts))
        ]
        left += _gone(sentence)
        beside = {a.value: sentence.plain[max(0, a.begins - 16) : a.ends + 12] for a in amounts}
        lent = lent or sum(value for value, words in beside.items() if FORM["proxies"].search(words))
    there += [cast for cast, times_cast in Counter(cast for _, cast, _ in votes).most_common(1) if times_cast > 1]
    for where, cast, gone in votes:
        most = max(there, default=0)
        voters = (most if most - lent in there else most + lent) - gone  # with those who gave their vote away
        yield from filter(None, [where.off(voters, cast) if there and cast > voters else None])


def _ballots(plain: str) -> Iterator[tuple[int, float]]:
    """How many votes were cast each time, and where it says so: "10 in favour, 2 against", "For: 7. Against: 2"."""
    ways = [
        (found.start(), found.end(), way, found["number"])
        for name in ("ballot", "ballot_labelled")
        for found in FORM[name].finditer(plain)
        for way in ("pro", "con", "abstained")
        if found[way]
    ]
    for found in FORM["ballot_to"].finditer(plain):
        middle = found.start("other")
        ways += [(found.start(), middle, "pro", found["number"]), (middle, found.end(), "con", found["other"])]
    cast: list[tuple[str, int]] = []
    first = ends = 0
    for begins, end, way, number in [*sorted(ways), (1 << 60, 0, "pro", "0")]:
        known = {way for way, _ in cast}
        if begins - ends > FARTHEST_WAY or (way in known and len(known) > 1 and begins >= ends):
            if len(cast) > 1:
                yield first, float(sum(number for _, number in cast))
            cast, first = [], begins
        if begins >= ends or not cast:
            cast, ends = [*cast, (way, number_of(number))], end


def _gone(told: _Told) -> int:
    """How many left for good, as a sentence tells: "Mr Farouk and Ms Eriksen left the meeting"."""
    found = FORM["leaves"].search(told.plain)
    before = told.text[: found.start()] if found else ""
    if not found or FORM["nobody"].search(told.plain):
        return 0
    counts = [
        a.value for a in _amounts(aligned(before)) if not a.is_percent and not FORM["at"].search(before[: a.begins])
    ]
    return int(counts[-1]) if counts else 1 + len(FORM["and_name"].findall(before))


def _own_year(told: Sequence[_Told], sessions: FoundSessions) -> int | None:
    """The year the note is of: that of its sessions, or of its first date."""
    stated = [int(found.start[:4]) for found in sessions.found if found.start]
    return next(iter(stated), None) or next(filter(None, (day.year for each in told for day in _days(each))), None)


def _ages(told: _Told, year: int | None) -> Iterator[Inconsistency]:
    """ "Founded in 1998, it celebrates its 35th anniversary"; "six years, from 2025 to 2031"."""
    aged = FORM["age"].search(told.plain)
    every = list(FORM["year"].finditer(told.plain))
    founded = [found for found in every if _any("founded", told.plain[max(0, found.start() - 16) : found.start()])]
    until = [int(found[0]) for found in every if found not in founded[:1]]
    is_of_years = len(until) == 2 and FORM["span_of_years"].search(told.plain)  # a first and a last
    if not aged or not (founded or is_of_years):
        return
    since, ends = int(founded[0][0]) if founded else until[0], until[-1] if until else year
    number, made = number_of(aged["number"]), (ends or since) - since
    if number > 1 and made and 0 < abs(made - number) < MOST_YEARS_OFF:
        yield told.finding("count_mismatch", f"{number} is stated, and the parts make {made}.")


def _lengths(told: _Told, before: _Told | None, sessions: FoundSessions) -> Iterator[Inconsistency]:
    """A length beside times that make another one, or of a session whose times do."""
    aside = FORM["aside_of_length"].search(told.plain)
    spans = times.clock_spans(told.text)
    bare = aside[0] if aside else told.text
    for span in spans:
        bare = bare.replace(span.verbatim, "")
    stated = times.length(bare)
    if stated is None:
        return
    if aside and not spans and before and before.line.passage.kind is PassageKind.SLOT:
        spans = times.clock_spans(before.line.passage.text)  # "12:45 – 14:00", and under it "Lunch (one hour)"
    begins = told.text.find(spans[0].verbatim) if spans else 0
    is_beside = bool(aside or FORM["length_before"].search(told.plain[:begins]))
    if is_beside and len(spans) == 1 and spans[0].minutes not in {None, stated}:
        yield _lasting(told, stated, spans[0].minutes or 0)
    is_labelled = bool(FORM["length_label"].match(told.plain)) and told.line.passage.kind is not PassageKind.FIELD
    if not is_beside and (is_labelled or _any("lasts", told.plain)):
        for session in sessions.found:
            is_named = " ".join(folded(session.title).split()[:2]) in folded(told.text)
            is_named = is_named or (is_labelled and len(sessions.found) == 1)
            if is_named and session.start and session.end and "T" in session.end:
                made = datetime.fromisoformat(session.end) - datetime.fromisoformat(session.start)
                if made.total_seconds() // 60 != stated:
                    yield _lasting(told, stated, int(made.total_seconds()) // 60)


def _lasting(told: _Told, stated: int, made: int) -> Inconsistency:
    return told.finding("duration", f"Different durations: {stated} minutes stated, {made} minutes by the clock.")


def _products(told: _Told, before: _Told | None) -> Iterator[Inconsistency]:
    """ "60 members pay 500 euros each, which makes 35,000"; "It is 2,300 per gauge. Nineteen gauges make 45,700"."""
    amounts = [amount for amount in _amounts(told.plain) if not amount.is_percent]
    priced = before.plain if before and before.line is told.line and len(amounts) == 2 else ""
    units = [noun[:5] for noun in FORM["per_unit"].findall(priced)]
    if units and amounts[0].noun[:5] in units and len(prices := _amounts(priced)) == 1:
        yield from filter(None, [told.off(amounts[1].value, amounts[0].value * prices[0].value)])
    between = told.plain[amounts[0].ends : amounts[1].begins] if len(amounts) in {3, 4} else ""
    if between and (_any("each", told.plain) or (FORM["by"].search(between) and _any("total", told.plain))):
        *factors, product = sorted(amount.value for amount in amounts)
        yield from filter(None, [told.off(product, prod(factors)) if factors[0] > 1 else None])


def _members(told: _Told) -> Iterator[Inconsistency]:
    """ "Three axes: a, b, c and d"."""
    for found in chain(*(FORM[name].finditer(told.text) for name in ("counted", "namely", "named"))):
        noun, number = folded(found["noun"]), number_of(found["number"])
        parts = found.groupdict()
        listed = FORM["aside"].sub("", parts["list"] or parts["aside"])
        listed = FORM["total_member"].sub("", FORM["last_member"].sub(", ", listed.strip()))
        members = [FORM["article"].sub("", part).strip() for part in FORM["between"].split(listed) if part.strip()]
        members = quoted if len(quoted := FORM["quoted"].findall(listed)) > 1 else members
        members = [m for m in members if _noun(folded(m).partition(" ")[0]) == _noun(noun)] or members
        is_named = parts.get("namely") is not None
        is_list = (
            len(members) > 1
            and ("," in listed or is_named)
            and all(len(m.split()) <= MOST_WORDS_OF_A_MEMBER for m in members)
        )
        is_list = is_list and (noun not in PEOPLE or all(member[:1].isupper() for member in members))
        if is_list and noun not in MEASURES and number > 1 and 0 < abs(len(members) - number) <= 2:  # hardly a slip
            told_of = f"{number} {noun} are announced, and {len(members)} stand in the list."
            yield told.finding("count_mismatch", told_of, found[0].strip() if found.re is FORM["counted"] else None)


def _following(passages: Sequence[SectionPassage], told: Sequence[_Told]) -> Iterator[Inconsistency]:
    """ "its three axes:" and the items under it; "Online (5)" and the lines under it."""
    places = {id(line): place for place, line in enumerate(passages)}
    for sentence in {id(sentence.line): sentence for sentence in told}.values():
        if found := _lead(sentence):
            under = _under(sentence.line, passages[places[id(sentence.line)] + 1 :])
            words = sentence.text[found.begins : found.ends].strip()
            noun = found.noun or bare_title(sentence.text[: found.begins].rstrip(" (")).lower()
            if 1 < under != found.value and abs(under - found.value) <= MOST_OFF:
                yield sentence.finding("count_mismatch", f"{words} {noun} are announced, and {under} follow.", words)


def _lead(sentence: _Told) -> Amount | None:
    """The one number of things that a line announces over a list."""
    counts = [
        amount
        for amount in _amounts(sentence.plain)
        if amount.value > 1 and not amount.is_percent and amount.noun not in MEASURES | PEOPLE
    ]
    if counts and sentence.plain[: counts[0].ends].strip("# *").replace(".", "").isdigit():  # of a heading
        del counts[0]
    found = counts[0] if len(counts) == 1 else None
    before = sentence.plain[: found.begins].rstrip() if found else ""
    ends = sentence.plain.rstrip("*_ ")
    is_headed = before.endswith("(") and ends.rstrip(":").endswith(")")
    is_apart = (sentence.line.passage.bullet and ends[-1:] != ":") or before.endswith(",") or ends.endswith(";")
    after = len(ends) - found.ends if found else 0
    is_apart = is_apart or after > (NEAREST_LEAD if ends[-1:] == "." else FARTHEST_LEAD)
    is_over = not is_apart and (is_headed or (found and found.noun and not FORM["of_them"].search(before)))
    return found if is_over else None


def _under(over: SectionPassage, following: Sequence[SectionPassage]) -> int:
    """How many items or lines stand under a line; items that are numbered may be parted by other lines."""
    first = following[0].passage if following else over.passage
    shape = _shape(first.bullet)
    if not shape:
        same = takewhile(lambda line: line.passage.kind is PassageKind.TEXT and not line.passage.gap, following)
        return len(list(same)) if over.is_heading else 0
    is_ordered = "1" in shape or "a" in shape
    bullets: list[str] = []
    for passage in (line.passage for line in following):
        if _shape(passage.bullet) == shape and passage.is_indented == first.is_indented:
            bullets.append(passage.bullet)
        elif not passage.is_indented and not (passage.bullet or is_ordered):
            break
    items = set(bullets) if is_ordered else bullets
    begins_elsewhere = shape == _shape(over.passage.bullet) or FORM["later_bullet"].fullmatch(first.bullet)
    return 0 if begins_elsewhere else len(items)


def _shape(bullet: str) -> str:
    return re.sub(r"[^\W\d]+", "a", re.sub(r"\d+", "1", bullet))


Row = tuple[_Told, dict[int, Amount]]
"""What may be quoted of a row, and the one number of each of its columns."""


def _columns(passages: Sequence[SectionPassage]) -> Iterator[Inconsistency]:
    """The row of a table that is a total, against the column over it; percentages against the counts beside them."""
    rows: list[Row] = []
    over: Row | None = None  # how many there are, over its parts
    last = 0
    for line, texts, row in [*sorted(_rows(passages), key=lambda row: row[0]), (1 << 60, dict[int, str](), None)]:
        if line - last > FARTHEST_ROW:
            whole = over or _hundred(rows, passages)
            yield from _added(whole, rows, shown=rows) if whole else ()
            rows, over = [], None
        last = line
        is_total = any(_any("total", f"\x00 {text} \x00") and len(text.split()) < 5 for text in texts.values())
        if row and not rows and FORM["voted"].search(" ".join(texts.values())):
            over = row
        elif row and is_total:
            yield from _added(row, rows, shown=[row])
        rows = [] if is_total or row is over else [*rows, row] if row else rows


def _across(passages: Sequence[SectionPassage]) -> Iterator[Inconsistency]:
    """A row that does not add up as the others of its table do, or in which more votes are cast than in the others."""
    tables: dict[int, list[Row]] = defaultdict(list)
    ways: set[int] = set()
    votes: list[tuple[_Told, float]] = []
    first = last = 0
    for line, texts, (where, amounts) in _rows(passages):
        ways = {column for column, text in texts.items() if FORM["way"].match(text)} or ways
        first, last = first if line - last <= FARTHEST_ROW else line, line
        if len(ways) > 1 and ways <= amounts.keys():
            votes.append((where, sum(amounts[column].value for column in ways)))
        elif len(amounts) >= FEWEST_IN_ORDER:
            tables[first].append((where, amounts))
    for rows, column in ((table, column) for table in tables.values() for column in table[0][1]):
        made = [(row, row[1][column].value, sum(a.value for a in row[1].values())) for row in rows if column in row[1]]
        wrong = [(row[0], stated, every - stated) for row, stated, every in made if every != 2 * stated]
        yield from filter(None, [wrong[0][0].off(*wrong[0][1:]) if len(wrong) == 1 < len(made) - 1 else None])
    usual, times_cast = max(Counter(cast for _, cast in votes).items(), key=lambda each: each[1], default=(0.0, 0))
    yield from filter(None, [row.off(usual, cast) for row, cast in votes if times_cast > 1 and cast > usual])


def _hundred(rows: Sequence[Row], passages: Sequence[SectionPassage]) -> Row | None:
    """What rows make under a line that says "in per cent"."""
    first = rows[0][0].line.passage.line if len(rows) >= FEWEST_PERCENTAGES else 0
    over = [aligned(line.passage.text) for line in passages if 0 < first - line.passage.line <= FARTHEST_ROW]
    hundred = Amount(value=100, begins=0, ends=0, is_percent=True, noun="")
    return (rows[0][0], dict.fromkeys(rows[0][1], hundred)) if any(map(FORM["in_percent"].search, over)) else None


def _rows(passages: Sequence[SectionPassage]) -> Iterator[tuple[int, Mapping[int, str], Row]]:
    """The rows of tables, and lines that end with the one number they have, each with its line and texts by column."""
    for line, row in table_rows(passages):
        cells = [passages[place].passage for place, _ in row]
        amounts = {cell.column: _amounts(aligned(cell.text)) for cell in cells}
        alone = {column: found[0] for column, found in amounts.items() if len(found) == 1}
        where = _Told(passages[row[0][0]], 0, " ".join(cell.text for cell in cells), "")
        yield line, {cell.column: aligned(cell.text).strip("*_ ") for cell in cells}, (where, alone)
    for placed in passages:
        plain = aligned(placed.passage.text) if len(placed.passage.text) < LONGEST_ROW else ""
        last = FORM["row"].match(plain) if plain and not placed.passage.column else None
        if last and (found := [amount for amount in _amounts(plain) if amount.ends > last.start("value")]):
            yield placed.passage.line, {2: plain}, (_Told(placed, 0, placed.passage.text, ""), {2: found[-1]})


def _added(total: Row, rows: Sequence[Row], *, shown: Sequence[Row]) -> Iterator[Inconsistency]:
    for column, amount in total[1].items():
        parts = [values[column].value for _, values in rows if column in values]
        off = total[0].off(amount.value, sum(parts)) if len(parts) > 1 else None
        if off and abs(sum(parts) - amount.value) > (1 if amount.is_percent else 0):
            yield replace(off, evidence=tuple(where.finding("", "").evidence[0] for where, _ in shown))


def _announced(
    passages: Sequence[SectionPassage], told: Sequence[_Told], sessions: FoundSessions, *, asked: int
) -> Iterator[Inconsistency]:
    """ "The four conclusions", "it offers nine sessions": against what stands in the note."""
    there = _countable(passages, sessions)
    listed = Counter(
        line.section.name
        for line in passages
        if line.section.role == "recommendations" and line.passage.kind is PassageKind.ITEM
    )
    for word in RECOMMENDED if asked > 1 else ():
        there.setdefault(_stem(word), set()).update({asked, *listed.values()})
    for sentence in told:
        bare = FORM["sessions"].finditer(sentence.plain) if sessions.is_programme else ()
        is_over = sentence.line.passage.line < min((m.line for group in sessions.mentions for m in group), default=0)
        held = FORM["gatherings"].finditer(sentence.plain) if is_over else ()
        for found in (*FORM["definite"].finditer(sentence.plain), *bare, *held):
            number, counts = number_of(found["number"]), there.get(_stem(found["noun"]), set[int]())
            is_part = FORM["of_some"].match(sentence.plain, found.end())
            most = max(counts, default=0)
            is_slip = number not in counts and 1 < number < FAR * most
            if is_slip and not is_part and sentence.text.rstrip()[-1:] != ":":
                words = f"{found['number']} {sentence.text[found.start('noun') : found.end('noun')]}"
                told_of = f"{words} are announced, and {most} stand in the list."
                yield sentence.finding("count_mismatch", told_of, sentence.text[found.start() : found.end()])


def _heads_counted(told: Sequence[_Told]) -> Iterator[Inconsistency]:
    """How many took part in all, against the numbers that each session states: "Attendance: 46"."""
    stated = [int(found[1] or found[2]) for sentence in told for found in FORM["heads"].finditer(sentence.plain)]
    for sentence in told if len(stated) > 1 else ():
        for amount in _amounts(sentence.plain):
            is_all = amount.noun in PEOPLE and bool(
                FORM["sessions"].search(sentence.plain) or _any("total", sentence.plain)
            )
            yield from filter(None, [sentence.off(amount.value, sum(stated)) if is_all else None])


def _countable(passages: Sequence[SectionPassage], sessions: FoundSessions) -> dict[str, set[int]]:
    """How many there are of what, by the stems of nouns; several numbers where one may count in several ways."""
    items: Counter[str] = Counter()
    asked = sum(line.passage.kind is PassageKind.ITEM and "?" in line.passage.text for line in passages)
    for line in passages:
        if line.passage.kind is PassageKind.ITEM and line.section.name and not line.passage.is_indented:
            items[_stem(folded(bare_title(line.section.name)).split()[:1][0])] += 1
    for _, row in table_rows(passages):
        heads = [passages[place].passage for place, _ in row]
        if FORM["of_code"].fullmatch(heads[0].text):
            for word in RECOMMENDED:
                items[_stem(word)] += 1
    there = {stem: {count} for stem, count in items.items() if count > 1}
    there |= {_stem(word): {asked} for word in ("questions", "preguntas") if asked > 1}
    if sessions.is_programme:
        types = [_stem(folded(session.type).split()[0]) for session in sessions.found if session.type]
        there |= {stem: {count} for stem, count in Counter(types).items()}
        plain = sum(not _any("plenary", f"{session.type} {session.title}") for session in sessions.found)
        at_once = Counter(session.start for session in sessions.found)
        beside = sum(at_once[session.start] > 1 for session in sessions.found)
        there |= {_stem(word): {len(sessions.found), plain, beside} for word in ("sessions", "sesiones", "seances")}
        if not any(mention.slot for group in sessions.mentions for mention in group):
            there |= {_stem(word): {len(sessions.found)} for word in GATHERINGS}
    return there


def _stem(word: str) -> str:
    return word[:6] if word[:3] in {"ses", "sea"} else word.rstrip("s")[:7]


def _days(told: _Told) -> Sequence[WrittenDay]:
    return times.written_days(told.text[:LONGEST])


def _impossible_days(told: _Told) -> Iterator[Inconsistency]:
    for day in _days(told):
        last = WrittenDay(day=day.last or day.day, month=day.month, year=day.year)
        if day.on(2024) is None or last.on(2024) is None:  # a leap year
            yield told.finding("date_mismatch", f"{day.verbatim} does not exist.")


def _weekdays(told: Sequence[_Told]) -> Iterator[Inconsistency]:
    """A day of the week that a date has in none of the years of the note."""
    dated = [(sentence, days) for sentence in told if (days := _days(sentence))]
    stated = [day for _, days in dated for day in days if day.year]
    years = {day.year for day in stated if day.year}
    for sentence, days in dated:
        named = [(day, day.weekday, day.verbatim) for day in days if day.weekday is not None]
        months = {(day.month, day.year) for day in days}
        if len(months) == 1:  # "Thursday 10 September to Saturday 11"
            month, year = months.pop()
            alone = FORM["weekday_alone"].finditer(sentence.plain)
            named += [
                (WrittenDay(int(found["day"]), month, year), times.WEEKDAYS[found["weekday"]], found[0])
                for found in alone
                if found["weekday"] in times.WEEKDAYS
            ]
        for day, weekday, words in named:
            ahead = {year + 1 for year in years if day.month < stated[0].month}  # "Next: 16 January", after a December
            possible = {on.weekday() for year in ({day.year} if day.year else years | ahead) if (on := day.on(year))}
            if possible and weekday not in possible:
                quote = sentence.text[:200]
                yield sentence.finding("weekday_mismatch", f"{words} is not the day of the week that is named.", quote)
                break


def _spans(told: _Told) -> Iterator[Inconsistency]:
    """What ends before it begins."""
    for found in (*times.DAY_FIRST.finditer(told.plain), *times.MONTH_FIRST.finditer(told.plain)):
        if found["last"] and int(found["last"]) < int(found["day"]):
            yield told.finding("order_mismatch", f"{found['last']} is before {found['day']}.")
    days = _days(told)
    for first, last in pairwise(days):
        begins, ends = first.on(last.year), last.on(first.year)
        between = told.plain.partition(first.verbatim)[2].partition(last.verbatim)[0]
        if begins and ends and ends < begins and FORM["to"].fullmatch(between):
            yield told.finding("order_mismatch", f"{last.verbatim} is before {first.verbatim}.")
    for found in FORM["later"].finditer(told.plain):
        if (int(found["c"]), found["d"]) < (int(found["a"]), found["b"]) and int(found["a"]) < OVERNIGHT:
            told_of = f"{found['c']}:{found['d']} is before {found['a']}:{found['b']}."
            yield told.finding("order_mismatch", told_of, told.text[found.start() : found.end()])
    for span in times.clock_spans(told.text):
        if (
            span.end
            and span.end < span.start
            and span.start.hour < OVERNIGHT
            and len(times.written_offsets(told.text)) < 2
        ):
            yield told.finding("order_mismatch", f"{span.end:%H:%M} is before {span.start:%H:%M}.", span.verbatim)


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


def _deadlines(
    passages: Sequence[SectionPassage], told: Sequence[_Told], sessions: FoundSessions
) -> Iterator[Inconsistency]:
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
    written = next((on for sentence in told[:FIRST] for day in _days(sentence) if (on := day.on())), None)
    if last is None or (written and written > last):
        return
    rows = [replace(where, plain=aligned(where.text)) for _, _, (where, _) in _rows(passages)]
    for sentence in [*told, *rows]:
        days = _days(sentence)
        on = days[-1].on(last.year) if days else None
        if on and on > last and _any("deadline", sentence.plain) and (on - last).days < MOST_DAYS_LATE:
            yield sentence.finding("order_mismatch", f"The deadline {days[-1].verbatim} is after {last:%d/%m/%Y}.")


def _references(
    passages: Sequence[SectionPassage], told: Sequence[_Told], *, is_itself: bool
) -> Iterator[Inconsistency]:
    """ "See paragraph 9", where there are seven."""
    counted = _numbered(passages)
    labelled = _labelled(passages, told)
    for sentence in told:
        for found in FORM["reference"].finditer(sentence.plain):
            noun, number = _noun(found["noun"]), ordinal(found["number"])
            is_own = (
                is_itself
                or FORM["of_itself"].match(sentence.plain, found.end())
                or noun in COUNTED_NOUNS
                or FORM["itself"].search(sentence.plain[: found.start()])
            )
            count = counted if is_own else 0
            coded = labelled.get(noun[0].upper(), set()) if noun in CODED else set()
            known = labelled.get(noun) or coded or set(map(str, range(1, count + 1)))
            is_of_other = FORM["of_another"].search(sentence.plain[: found.start()]) or found["of"]
            is_of_other = is_of_other and not FORM["agenda_after"].match(sentence.plain, found.end("number"))
            if len(known) >= (1 if noun in FEW else 3) and number not in known and not is_of_other:
                words = sentence.text[found.start("noun") : found.end("number")]
                yield sentence.finding("wrong_reference", f"{words} is not in the note.", words)
        for name, least in (("coded", 2), ("numbered_part", 2), ("lettered", 3)):
            for found in FORM[name].finditer(sentence.text):
                known = labelled.get(found["letter"] if least == 2 else f"{_noun(folded(found['noun']))} A", set())
                if len(known) >= least and found["number"] not in known:
                    yield sentence.finding("wrong_reference", f"{found[0]} is not in the note.", found[0])


def _numbered(passages: Sequence[SectionPassage]) -> int:
    """The highest number of an item, a heading or a row."""
    bullets = {folded(line.passage.bullet).strip("(") for line in passages}
    numbered = [int(number) for bullet in bullets if (number := ordinal(bullet.rstrip("-.)º° "))).isdigit()]
    headed = [
        int(found[1])
        for line in passages
        if (line.is_heading or line.passage.kind is PassageKind.HEADING)
        and (
            found := FORM["numbered_heading" if line.passage.level else "numbered"].match(
                line.passage.text.lstrip("#* ")
            )
        )
    ]
    rows = [int(row[0][1].text) for _, row in table_rows(passages) if FORM["of_row"].fullmatch(row[0][1].text)]
    return max([*numbered, *headed, *rows], default=0)


def _labelled(passages: Sequence[SectionPassage], told: Sequence[_Told]) -> dict[str, set[str]]:
    """What may be referred to by its name and number ("Annex B", "Table 2"), or by a letter and a number ("A3")."""
    labelled: dict[str, set[str]] = defaultdict(set)
    nouns: set[str] = set()
    for line in passages:
        plain = aligned(line.passage.text)
        for code in FORM["code"].finditer(f"{line.passage.bullet} {line.passage.text}"):
            labelled[code["letter"]].add(code["number"])
        if lead := FORM["lettered_list"].search(line.passage.text):
            labelled[f"{_noun(folded(lead['noun']))} A"].update(FORM["list_letter"].findall(line.passage.text))
        told_of = FORM["enumerated"].findall(plain) if FORM["annexes"].match(plain) else []
        listed = FORM["letter_or_number"].findall(" ".join(FORM["annexes_listed"].findall(plain)))
        labelled["annex"].update(map(ordinal, told_of + listed))
    for line, over in zip(passages[1:], passages, strict=False):
        letter = FORM["letter"].match(f"{line.passage.bullet} {line.passage.text}".lstrip())
        if letter and letter["letter"] == "A":
            nouns = {f"{_noun(word)} A" for word in folded(f"{over.passage.text} {line.section.name}").split()}
        if letter:
            labelled.update({noun: labelled[noun] | {letter["letter"]} for noun in nouns})
    for sentence in told:
        shouted = FORM["shouted"].match(sentence.text) and FORM["loosely"].match(sentence.plain)
        named = shouted or FORM["labelled"].match(sentence.plain) or FORM["annex_line"].match(sentence.plain)
        marked = FORM["labelled"].match(aligned(f"{sentence.line.passage.bullet} "))
        for found in filter(None, (named, marked, *FORM["annex"].finditer(sentence.plain))):
            labelled[_noun(found["noun"])].add(ordinal(found["number"]))
        for found in FORM["counted_annexes"].finditer(sentence.plain):
            labelled[_noun(found["noun"] or found["composed"])] |= set(
                map(str, range(1, number_of(found["number"] or found["whole"]) + 1))
            )
    return labelled


ANNEXES = frozenset({"annex", "appen", "anexo", "adjun", "attac", "piece", "enclo"})
FEW = frozenset({"annex", "table", "tabla"})  # one is enough to know what there is
COUNTED_NOUNS = frozenset({"point", "punto", "item", "recom", "quest", "pregu"})
CODED = frozenset({"quest", "pregu", "recom"})  # "Q3", "P3", "R3"


def _noun(noun: str) -> str:
    return "annex" if noun[:5] in ANNEXES else noun[:5]
