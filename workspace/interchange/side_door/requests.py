"""What a mail asks for, request by request, and what of it could not be read."""

import re
from collections.abc import Iterator
from functools import cache

from msgspec import Struct, field
from msgspec.structs import replace

from drafts.patterns import expression
from workspace.interchange.side_door.asked import EVERY, MOST, ONLY, Reading, Request
from workspace.interchange.side_door.forms import forms
from workspace.interchange.side_door.places import places_of, with_places
from workspace.interchange.side_door.rules import TABLES, around, nth_words
from workspace.interchange.side_door.rules.table import Kind
from workspace.interchange.side_door.sentences import Pattern, patterns, with_verbs
from workspace.interchange.side_door.signs import ANY, PLACE, QUOTE, VERB, Masked, Place, Quote, folded, masked

_LEAST = 2  # letters of what is told as not read
_LEAST_WRITTEN = 20  # letters of a paragraph that somebody wrote anew
_LONGEST_SENTENCE = 5_000  # letters before which its beginning is not looked for
_BEFORE_SENTENCE, _AFTER_SENTENCE = expression(r"[.;!?](?=\s)|\n"), expression(r"[.;!?](?=\s|$)|\n")


def requests(text: str, about: str = "") -> Reading:
    """Read what the writer says, without what they quote from other mails; `about` is the subject of the mail."""
    found = forms(text)
    mail = with_places(masked(_unwrapped(found.rest)))
    mail.text = _rejoined(mail.text)
    mail.text = with_verbs(mail.text, folded(mail.text))
    reading = _Reader(mail, places_of(about)).read()
    return replace(reading, requests=(*found.requests, *reading.requests))


class _Reader(Struct):
    """Goes through one mail from its beginning to its end."""

    mail: Masked
    places: tuple[Place, ...] = ()
    found: list[Request] = field(default_factory=list)
    not_read: list[str] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)

    def read(self) -> Reading:
        text, at = folded(self.mail.text), 0
        search = _Search(text)
        while at < len(text) and len(self.found) < MOST:
            hit = search.first(at, may_go_on=self._goes_on(at))
            if hit is None:
                break
            pattern, match = hit
            at = self._take(pattern, match, text, at)
        self._pass(text, at, len(text))
        return Reading(tuple(self.found), tuple(self.not_read), tuple(self.rest))

    def _goes_on(self, at: int) -> bool:
        """Whether the last request was a replacement, so that another pair may follow it."""
        return bool(self.found) and self.found[-1].kind is Kind.REPLACE and at > 0

    def _take(self, pattern: Pattern, match: re.Match[str], text: str, at: int) -> int:
        start, end = match.span()
        if re.search(
            rf"(?:{around('negations')})(?:(?<=')|\b)[ ]*(?:\w+[ ]){{0,3}}$", text[_sentence_start(text, start) : start]
        ):
            self._pass(text, at, end)
            return end
        bare = match.groupdict().get("bare_new")
        if bare and _DESCRIBED.match(bare) and pattern.kind is not Kind.REPLACE:
            self._pass(text, at, end)
            return end
        self._pass(text, at, start, is_lead=True)
        places, end = self._places(match, text, at)
        request = self._request(pattern.kind, match, text, places, end)
        self.found.append(request)
        for more, until in _repeated(pattern, match, text, end):
            self.found.append(replace(request, old=self._quote(more), source=self._written(start, until)))
            end = until
        return end

    def _places(self, match: re.Match[str], text: str, at: int) -> tuple[tuple[Place, ...], int]:
        """The paragraphs that a request is about, and where it ends with them."""
        groups, end = match.groupdict(), match.end()
        if groups.get("place"):
            named = self._named(groups["place"])
            self._remember(named, groups.get("toplace"))
            return named, end
        if inside := re.findall(PLACE, match[0]):
            self._remember(self._named(inside[-1]), None)
            return self.places, end
        before = re.search(PLACE, text[max(at, _sentence_start(text, match.start())) : match.start()])
        lead = rf"(?:,?[ ]*(?:{around('in_')})\b|[ ]*\()[^{ANY[1:-1]}{VERB}.;\n]{{0,25}}?"
        after = re.match(rf"{lead}(?P<place>{PLACE})(?![ ]*:)\)?", text[end:])
        if after and not before and not (self.places and re.match(rf"[ ,]*{VERB}", text[end + after.end() :])):
            self._remember(self._named(after["place"]), None)
            return self.places, end + after.end()
        return self.places, end

    def _remember(self, named: tuple[Place, ...], beside: str | None) -> None:
        if not beside:
            self.places = named

    def _named(self, sign: str) -> tuple[Place, ...]:
        """The places of a sign; an item alone belongs to the paragraph named before."""
        return tuple(self._whole(place) for place in self.mail.named(sign))

    def _whole(self, place: Place) -> Place:
        if place.part != "item" or not self.places:
            return place
        return Place(self.places[-1].number, place.items)

    def _request(self, kind: Kind, match: re.Match[str], text: str, places: tuple[Place, ...], end: int) -> Request:
        start = _sentence_start(text, match.start())
        stretch = text[match.start() : _sentence_end(text, end)]
        whole = text[start : _sentence_end(text, end)]
        is_everywhere = not match.groupdict().get("place") and bool(
            re.search(around("in_all"), whole) or (not places and re.search(rf"\b(?:{around('everywhere')})\b", whole))
        )
        new = self._operand(match, "text") or self._operand(match, "new")
        return Request(
            kind=Kind.REPLACE if kind is Kind.MORE else kind,
            source=self._written(start, end),
            places=() if is_everywhere else places,
            to_places=self._named(to) if (to := match.groupdict().get("toplace")) else (),
            old=self._operand(match, "old"),
            new=new.text if new else "",
            mark=self._operand(match, "mark"),
            to=self._operand(match, "to"),
            nth=EVERY if is_everywhere else _nth(stretch),
            is_everywhere=is_everywhere,
        )

    def _operand(self, match: re.Match[str], group: str) -> Quote | None:
        groups = match.groupdict()
        sign = groups.get(group)
        if sign and re.fullmatch(QUOTE, sign):
            return self.mail.quote(sign)
        name = group if sign else f"bare_{group}"
        if not groups.get(name):
            return None
        start, end = match.span(name)
        words = self._written(start, end)
        if group == "text":
            return Quote(words)
        named = (sign for sign, names in _SIGN_NAMED.items() if names.fullmatch(folded(words)))
        return Quote(next(named, _bare(words)))

    def _quote(self, sign: str) -> Quote:
        return self.mail.quote(sign)

    def _written(self, start: int, end: int) -> str:
        return self.mail.written(self.mail.text[start:end]).strip()

    def _pass(self, text: str, start: int, end: int, *, is_lead: bool = False) -> None:
        """Keep what stands between two requests: places, reasons, and whatever was not understood."""
        stretch = text[start:end]
        cut = _sentence_start(text, end) - start if is_lead else len(stretch)
        lead = max(cut, 0)
        self._tell(text, start, start + lead)
        for sign in re.findall(PLACE, stretch):
            self.places = self._named(sign)
        if is_lead and lead < len(stretch) and not _is_lead(self._counted(stretch[lead:])):
            self._tell(text, start + lead, end)

    def _tell(self, text: str, start: int, end: int) -> None:
        """Keep a stretch in which nothing is asked in so many words; a paragraph written anew asks by itself."""
        at = start
        for line in _NUMBERED.finditer(text, start, end):
            [place, *_] = self.mail.named(line["place"])
            if place.is_weak and self.places != (place,):
                self._tell_pieces(text, at, line.start())
                kind = Kind.NEW_AT if line["new"] else Kind.WHOLE
                words = self._written(*line.span("words"))
                self.found.append(
                    Request(kind, self._written(*line.span()), (replace(place, is_weak=False),), new=words)
                )
                at = line.end()
        self._tell_pieces(text, at, end)

    def _tell_pieces(self, text: str, start: int, end: int) -> None:
        for first, last in _pieces(text, start, end):
            words = self._written(first, last)
            piece = self._counted(text[first:last])
            if reason := _REASON().match(piece):
                self._add_reason(self._written(first + reason.end(), last))
            elif self.found and _BECAUSE.match(piece):
                self._add_reason(words)
            elif (_letters(piece) < _LEAST and not re.search(QUOTE, piece)) or re.fullmatch(
                rf"(?:{around('here')}|{_FILLER}|{PLACE}|[\s,.:;()\-–—•*])*+", piece
            ):
                continue
            elif re.search(ANY, piece) or _REQUEST().search(piece):
                self.not_read.append(words)
            else:
                self.rest.append(words)

    def _counted(self, piece: str) -> str:
        """A piece without the signs of sentences that are only counted: "second sentence:"."""
        return re.sub(QUOTE, lambda sign: "" if self.mail.quote(sign[0]).sentence else sign[0], piece)

    def _add_reason(self, words: str) -> None:
        words = words.strip(" .:;-–—\n")
        if not self.found or not words:
            return
        last = self.found[-1]
        said = f"{last.reason} {words}" if last.reason else words
        self.found[-1] = replace(last, reason=said)


_NUMBERED = expression(
    rf"^[ \-–—•*]*(?P<place>{PLACE})[ ]*(?P<new>\((?:new|nuev[oa]|nouve(?:au|l|lle))\)[ :]*)?"
    rf"(?P<words>\w[^{ANY[1:-1]}{VERB}\n:]{{{_LEAST_WRITTEN},}}[.;,:!?]?)$",
    re.MULTILINE,
)
_FILLER = (
    r"\b(?:in|of|the|on|for|under|lines?|renglon|linea|ligne|\d+|please|also|and|then|we|propose[sd]?"
    r"|suggest(?:s|ed)?"
    r"|would|like|to|i|that|with|regard|respect|regarding|concerning|as|en|el|la|los|las|del?|al|por|favor|tambien|y"
    r"|proponemos|propongo|sugerimos|sugiero|se|propone|que|respecto|a|dans|le|les|du|des|au|nous|proposons|propose|je"
    r"|suggerons|suggere|il|est|et|aussi|veuillez|s'il|vous|plait|concernant|pour|l|d|de|our|nuestra|propuesta|notre"
    r"|proposition|proposal|amendment|enmienda|amendement|operative|part|no|n|completely|altogether|entirely"
    r"|integrally|completo|completamente|enteramente|entierement|integralement)\b"
)
_JOINS = expression(r"[ ,;&]*(?:(?:and|y|e|et|also)\b)?[ ,]*")
_BECAUSE = expression(
    r"[ \n]*(?:,[ ]*)?(?:because|since|as this|porque|ya que|puesto que|dado que|car|parce que|puisque)\b"
)


@cache
def _REASON() -> re.Pattern[str]:  # noqa: N802 - reads as the constant that it is, made when it is first needed
    return re.compile(rf"[ \n(]*(?:{around('reasons')})[ ]*[:–—-]")


@cache
def _REQUEST() -> re.Pattern[str]:  # noqa: N802 - as above
    names = ("replace", "delete", "insert", "add")
    words = "|".join(table.words[name] for table in TABLES for name in names)
    return re.compile(rf"(?<![^\W_])(?:{words})(?![^\W_])")


class _Search(Struct):
    """Looks for requests from left to right; what one sentence matches next is looked for once."""

    text: str
    ahead: dict[int, re.Match[str] | None] = field(default_factory=dict)

    def first(self, at: int, *, may_go_on: bool) -> tuple[Pattern, re.Match[str]] | None:
        """The request that begins first; of several, the one whose sentence stands first in its table."""
        best: tuple[tuple[int, int, int], Pattern, re.Match[str]] | None = None
        for place, pattern in enumerate(patterns()):
            match = self._next(place, pattern, at)
            if match is None:
                continue
            if pattern.kind is Kind.MORE and not (may_go_on and _JOINS.fullmatch(self.text[at : match.start()])):
                continue
            is_whole = pattern.kind is Kind.WHOLE  # what is left where nothing else is
            key = (match.end() if is_whole else match.start(), pattern.rank, -len(match[0]))
            if best is None or key < best[0]:
                best = (key, pattern, match)
        return (best[1], best[2]) if best else None

    def _next(self, place: int, pattern: Pattern, at: int) -> re.Match[str] | None:
        if place in self.ahead:
            known = self.ahead[place]
            if known is None or known.start() >= at:
                return known
        found = pattern.expression.search(self.text, at)
        self.ahead[place] = found
        return found


def _repeated(pattern: Pattern, match: re.Match[str], text: str, end: int) -> Iterator[tuple[str, int]]:
    """Further quotations of which the same is said: delete “a” and “b”."""
    if pattern.kind is not Kind.DELETE or match.groupdict().get("to"):
        return
    lead = rf"[ ]*(?:,|&|,?[ ]*(?:{around('and_')})\b)[ ]*(?:(?:{around('leads')})\b)?[ ]*"
    ends = rf"[ ]*[.,;&\n(]|$|[ ]+(?:{around('and_')}|{around('in_')})\b"
    expression = re.compile(rf"{lead}(?P<sign>{QUOTE})(?={ends})")
    while more := expression.match(text, end):
        end = more.end()
        yield more["sign"], end


def _nth(stretch: str) -> int:
    if re.search(rf"\b(?:{around('everywhere')})\b", stretch):
        return EVERY
    for count, words in nth_words():
        if re.search(rf"\b(?:{words})[ ](?:(?:{around('occurrence')})\b|{QUOTE})", stretch):
            return count
        if re.search(rf"\b(?:{around('occurrence')})[ ](?:{words})\b", stretch):
            return count
    return ONLY


def _sentence_start(text: str, at: int) -> int:
    begin = max(at - _LONGEST_SENTENCE, 0)
    return max((found.end() for found in _BEFORE_SENTENCE.finditer(text, begin, at)), default=begin)


def _sentence_end(text: str, at: int) -> int:
    found = _AFTER_SENTENCE.search(text, at)
    return found.start() if found else len(text)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Sentences and lines of a stretch."""
    at = start
    for found in re.finditer(r"[.!?](?=\s)|\n", text[start:end]):
        yield at, start + found.end()
        at = start + found.end()
    if at < end:
        yield at, end


def _is_lead(words: str) -> bool:
    """Whether these words only lead up to a request: "In paragraph 6, we would like to"."""
    return not re.search(QUOTE, words) and len(words) < 200  # noqa: PLR2004 - a long sentence says more than that


def _letters(words: str) -> int:
    return sum(sign.isalpha() for sign in re.sub(ANY, "", words))


def _bare(words: str) -> str:
    return words.strip(" ,:;\n\"'“”«»")


_SIGN_NAMES = {
    ",": "comma|coma|virgule",
    ";": "semicolon|punto y coma|point-virgule",
    ":": "colon|dos puntos|deux-points",
}
_SIGN_NAMED = {
    sign: expression(rf"(?:an? |una? |une? |the |la |le )?(?:{names})") for sign, names in _SIGN_NAMES.items()
}
_DESCRIBED = expression(
    r"(?:an?|the|some|any|una?|alguna?|el|la|une?|le|des?|quelques?|something|algo) ?(?:\w+ )?(?:reference"
    r"|mention|sentence|clause"
    r"|language|wording|text|paragraph|line|word|words|footnote|definition|referencia|mencion|frase|oracion"
    r"|parrafo|texto"
    r"|nota|definicion|reference|mention|phrase|paragraphe|texte|note|alinea|precision|list|lista|liste)\b",
)


_BULLET = expression(r"[ \t]*(?:[-–—•*·]|\(?\d{1,3}[.)]|\(?[a-z][.)])[ \t]")
_GOES_ON = expression(r"[.:;!?…]$")


def _unwrapped(text: str) -> str:
    """Lines that a mail program broke, made whole; a line that somebody ended stays one."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    lines = [line.rstrip() for line in text.split("\n")]
    longest = max((len(line) for line in lines), default=0)
    made: list[str] = []
    for line in lines:
        if made and made[-1] and line and _was_broken(made[-1].rpartition("\n")[2], line, longest):
            made[-1] = f"{made[-1]} {line.strip()}"
        else:
            made.append(line)
    return re.sub(r"\n{2,}", "\n\n", "\n".join(made)).strip()


def _was_broken(before: str, after: str, longest: int) -> bool:
    if _BULLET.match(after) or _GOES_ON.search(before) or longest > 120 or len(before) < 25:  # noqa: PLR2004 - see below
        return False  # programs break at 65 to 80 signs, and nobody ends a broken line with a stop
    return len(before) + len(after.split(maxsplit=1)[0]) >= min(longest, 60)


def _rejoined(text: str) -> str:
    """A quotation on lines of its own belongs to the sentence before it and after it."""
    text = re.sub(rf"(?<=[^\s.;!?])[ ]*\n{{1,2}}[ ]*(?={QUOTE})", " ", text)
    return re.sub(
        rf"({QUOTE})[ ]*\n{{1,2}}[ ]*(?=(?:by|with|por|par|con|avec|to)\b[ :]*(?:{QUOTE}|\n|[ ]))", r"\1 ", text
    )
