"""What a mail asks for beyond doubt, request by request, and what of it is left to a person."""

import re
from collections.abc import Iterator, Sequence
from functools import partial

from msgspec import Struct, field
from msgspec.structs import replace

from drafts.patterns import expression
from workspace.interchange.side_door.asked import MOST, Kind, NotRead, Reading, Request
from workspace.interchange.side_door.forms import forms, names_alone
from workspace.interchange.side_door.places import places_of, with_places
from workspace.interchange.side_door.sentences import BULLET, OF_PARAGRAPHS, OF_WORDS, Shape, asks, shape_of
from workspace.interchange.side_door.signs import PLACE, QUOTE, Masked, Place, folded, masked

_FEWEST_OF_TEXT = 20  # letters of a paragraph that somebody wrote anew
_END = expression(r"[.;!?](?=\s|$)")
_REASON = expression(
    r"[ (]*(?:our )?(?:reasons?|rationale|justification|explanation|motivos?|justificacion|fundamentacion|razon"
    r"|motifs?|raisons?|explication)[ ]*[:–—-]"
)
_BECAUSE = expression(r",? (?:because|since|porque|ya que|puesto que|car|parce que|puisque) ")
_AGAINST = expression(
    r"\b(?:not|no|never|against|oppos\w+|reject\w*|object\w*|disagree\w*|contra|rechaz\w+|opon\w+|ni|pas|contre|refus\w+)\b"
)
_GOES_ON = expression(r"[.:;!?…]$")
_AND = re.compile("&(?=[RDIP])")


def requests(text: str, about: str = "") -> Reading:
    """Read what the writer says, without what they quote from other mails; `about` is the subject of the mail."""
    found = forms(text)
    mail = with_places(masked(_unwrapped(found.rest)))
    mail.text = re.sub(rf"(?<=[^\s.;!?])[ ]*\n{{1,2}}[ ]*(?={QUOTE})", " ", mail.text)
    reading = _Reader(mail, places_of(about)).read()
    return replace(reading, requests=(*found.requests, *reading.requests))


class _Reader(Struct):
    """Goes through one mail line by line; `heading` are the paragraphs under whose name it is."""

    mail: Masked
    heading: tuple[Place, ...] = ()
    is_opposed: bool = False  # whether the lines of a list are what the writer does not want
    may_have_reason: bool = False  # whether a request was the last that was read
    found: list[Request] = field(default_factory=list)
    not_read: list[NotRead] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)

    def read(self) -> Reading:
        lines = [line for line in self.mail.text.split("\n") if line.strip()]
        at = 0
        while at < len(lines) and len(self.found) < MOST:
            at = self._line(lines, at)
        self.not_read += [NotRead(self.mail.written(line).strip()) for line in lines[at:]]
        return Reading(tuple(self.found), tuple(self.not_read), tuple(self.rest))

    def _line(self, lines: Sequence[str], at: int) -> int:
        """Read one line, or a head and the text under it; returns where to go on."""
        line = lines[at]
        head, colon, text = line.rpartition(":") if line.rstrip().endswith(":") else line.partition(":")
        shape = shape_of(head)
        if shape == "P" and not text.strip():
            self.heading = self._named(head)
            return self._text_under(lines, at)
        if shape and f"{shape}Q" in OF_PARAGRAPHS and not text.strip() and at + 1 < len(lines):
            self._whole(shape, head, lines[at + 1], f"{lines[at]}\n{lines[at + 1]}")
            return at + 2
        is_text = _is_text(text) if shape == "P" else not re.match(rf"\s*{QUOTE}", text)
        if shape and colon and f"{shape}Q" in OF_PARAGRAPHS and is_text:
            self._whole(shape, head, text, line)
            return at + 1
        if line.rstrip().endswith(":") or not BULLET.match(line):
            self.is_opposed = line.rstrip().endswith(":") and bool(_AGAINST.search(folded(line)))
        self._sentences(line)
        return at + 1

    def _text_under(self, lines: Sequence[str], at: int) -> int:
        """A paragraph that stands under its heading."""
        if at + 1 < len(lines) and _is_text(lines[at + 1]) and not BULLET.match(lines[at + 1]):
            self._whole("P", lines[at], lines[at + 1], f"{lines[at]}\n{lines[at + 1]}")
            return at + 2
        return at + 1

    def _whole(self, shape: str, head: str, text: str, source: str) -> None:
        words = self.mail.written(text).strip()
        kind = OF_PARAGRAPHS[f"{shape}Q"].kind
        self.may_have_reason = True
        self.found.append(Request(kind, self.mail.written(source).strip(), self._named(head), new=words))

    def _sentences(self, line: str) -> None:
        """The sentences of a line; what one names counts for those after it in the same line."""
        places = self.heading
        for sentence in _sentences(line):
            if self.may_have_reason and _REASON.match(folded(sentence)):
                self._add_reason(sentence)
                continue
            places = self._sentence(sentence, places)

    def _sentence(self, sentence: str, places: tuple[Place, ...]) -> tuple[Place, ...]:
        because = _BECAUSE.search(folded(sentence))
        asked = sentence[: because.start()] if because else sentence
        shape = None if self.is_opposed or asked.rstrip().endswith("?") else shape_of(asked)
        made = list(self._requests(shape, asked, places)) if shape else []
        if made and all(made):
            self.found += [request for request in made if request]
            self.may_have_reason = True
            if because:
                self._add_reason(sentence[because.end() :])
            return made[-1].places if made[-1] else places
        named = tuple(place for sign in re.findall(PLACE, sentence) for place in self.mail.named(sign)) or places
        self.may_have_reason = False
        words = self.mail.written(sentence).strip()
        if asks(sentence):
            self.not_read.append(NotRead(words, named[0] if named else None))
        elif any(map(str.isalnum, words)):
            self.rest.append(words)
        return ()

    def _requests(self, shape: str, sentence: str, places: tuple[Place, ...]) -> Iterator[Request | None]:
        """What each part of a sentence asks for; None for a part of which it is not sure."""
        signs = iter(re.findall(f"{PLACE}|{QUOTE}", sentence))
        source = self.mail.written(sentence).strip(" .\n-–—•*")
        for part in [shape] if shape.replace("P", "") in OF_WORDS else _AND.split(shape):
            own = [next(signs) for sign in part if sign in "PQ"]
            quotes = [self.mail.quote(sign) for sign in own if re.match(QUOTE, sign)]
            named = [self.mail.named(sign) for sign in own if re.match(PLACE, sign)]
            if len(named) > 1:
                yield None
                continue
            places = named[0] if named else places
            make = partial(Request, source=source, places=places)
            if (found := _paragraph_shape(part, places)) or (found := OF_WORDS.get(part.replace("P", ""))):
                said = dict(zip(found.roles, quotes, strict=True))
                yield make(found.kind, old=said.get("old", ""), new=said.get("new", ""), mark=said.get("mark", ""))
            elif re.fullmatch("DQ(?:&?Q)+|Q(?:&?Q)+D", part.replace("P", "")):
                yield from (make(Kind.DELETE, old=words) for words in quotes)
            elif re.fullmatch("RQBQ(?:&QBQ)+", part.replace("P", "")):
                yield from (make(Kind.REPLACE, old=old, new=new) for old, new in zip(*[iter(quotes)] * 2, strict=True))
            else:
                yield None

    def _named(self, head: str) -> tuple[Place, ...]:
        return self.mail.named(re.findall(PLACE, head)[0])

    def _add_reason(self, words: str) -> None:
        said = self.mail.written(words)
        lead = _REASON.match(folded(said))
        said = said[lead.end() if lead else 0 :].strip(" .:;-–—\n")
        last = self.found[-1]
        self.found[-1] = replace(last, reason=f"{last.reason} {said}".strip())


def _paragraph_shape(part: str, places: Sequence[Place]) -> Shape | None:
    """What a sentence asks of a paragraph; one under a heading need not name it again."""
    if part in {"D", "LQ"} and places:
        return OF_PARAGRAPHS[f"P{part}"]
    if part in {"IPQ", "IPLQ"} and " " in places[0].number:  # a paragraph 5 bis, not something for paragraph 5
        return OF_PARAGRAPHS["INPQ"]
    return OF_PARAGRAPHS.get(part)


def _is_text(words: str) -> bool:
    """Whether these are the words of a paragraph and no request of their own."""
    return sum(map(str.isalpha, words)) >= _FEWEST_OF_TEXT and not asks(words)


def _sentences(line: str) -> Iterator[str]:
    """The sentences of a line; a place that stands alone before one belongs to it."""
    at, bullet = 0, BULLET.match(line)
    for found in _END.finditer(line, bullet.end() if bullet else 0):
        if shape_of(line[at : found.end()]) != "P":
            yield line[at : found.end()]
            at = found.end()
    if line[at:].strip():
        yield line[at:]


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
    if BULLET.match(after) or names_alone(after) or _GOES_ON.search(before) or longest > 120 or len(before) < 25:  # noqa: PLR2004 - see below
        return False  # programs break at 65 to 80 signs, and nobody ends a broken line with a stop
    return len(before) + len(after.split(maxsplit=1)[0]) >= min(longest, 60)
