"""What a mail asks for, request by request, by the sentences of each language's table."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial

from msgspec import Struct, field
from msgspec.structs import replace

from drafts.base.lazy_regex import lazy_regex
from workspace.interchange.intake.mail_reader.forms import form_requests, names_alone
from workspace.interchange.intake.mail_reader.masking import (
    ANY,
    PLACE,
    QUOTE,
    MailPlace,
    MaskedText,
    expressions,
    fold_characters,
    mask_quotations,
)
from workspace.interchange.intake.mail_reader.places import places_of, with_places
from workspace.interchange.intake.mail_reader.request import MOST, ChangeRequest, Kind, MailRequests, NotRead

BULLET = lazy_regex(r"\A[ \t]*(?:[-–—•*·]|\(?\d{1,3}[.)]|\(?[a-z][.)])[ \t]+")
_MODAL = r"(?:should|shall|must|would|to|deben?|deberian?|doit|devrait|doivent|devraient)"
_CLASSES = expressions("signs", modal=_MODAL, quote=QUOTE)  # what each sign of a shape stands for
_SAID = expressions("requests")
_BEFORE_WORDS = (
    r"(?:words?|phrases?|expressions?|terms?|sentences?|palabras?|frases?|expresion(?:es)?|terminos?|mots?|termes?)"
    rf"(?: (?:following|siguientes?|suivante?s?))?[ ,:]*(?={QUOTE})"
)
_BEFORE_PLACE = (
    r"(?:in|of|on|from|under|concerning|regarding|with regard to|en|con respecto a|dans|sous|s'agissant d[eu]|du|aux?"
    rf"|para|pour|al?)(?: the| el| la| los| le| les)? ?(?={PLACE})"
)


class Shape(Struct, frozen=True):
    """What a sentence of a shape asks for; `roles` are its quotations in order: old, new or mark."""

    kind: Kind
    roles: Sequence[str]


def _shapes(kind: Kind, written: str) -> dict[str, Shape]:
    """Shapes out of their lines: "RQBQ:old new"."""
    pairs = (line.split(":") for line in written.split("; "))
    return {shape: Shape(kind, roles.split()) for shape, roles in pairs}


_PAST = (
    r"(?:se )?(?:\w+(?:[ai]eron|aron|io|aban?|iendo|ando|aient|ait|erent)"
    r"|(?:elimin|borr|tach|agreg|insert|incorpor|intercal|reemplaz|remplaz)o|(?:supprim|remplac|ajout|inser|biff)a)\b"
)


OF_WORDS: Mapping[str, Shape] = {  # wherever the place stands in the sentence
    **_shapes(
        Kind.REPLACE,
        "RQBQ:old new; QRBQ:old new; XQLQ:old new; XQQ:old new; LQXQ:new old; QXQ:new old; QLQ:old new; QGQ:old new; "
        "DQ&IQ:old new",
    ),
    **_shapes(Kind.DELETE, "DQ:old; QD:old"),
    **_shapes(Kind.AFTER, "IQAQ:new mark; AQIQ:mark new; IAQQ:mark new; QIAQ:new mark"),
    **_shapes(Kind.BEFORE, "IQFQ:new mark; FQIQ:mark new; IFQQ:mark new; QIFQ:new mark"),
    **_shapes(Kind.AT_END, "IQE:new; IEQ:new; EIQ:new; QIE:new"),
    **_shapes(Kind.AT_START, "IQS:new; ISQ:new; SIQ:new; QIS:new"),
    **_shapes(Kind.SOMEWHERE, "IQ:new; IQB:new; IBQ:new; QI:new"),
}
OF_PARAGRAPHS: Mapping[str, Shape] = {  # the place is a part of what is said; a text may stand for the quotation
    **_shapes(Kind.DELETE_PARAGRAPH, "DP:; PD:"),
    **_shapes(
        Kind.REWORD, "PLQ:new; LPQ:new; PRBQ:new; RPBQ:new; RPQ:new; PRQ:new; RPLQ:new; PRLQ:new; LPLQ:new; LPBQ:new"
    ),
    **_shapes(Kind.WHOLE, "PQ:new"),
    **_shapes(Kind.NEW_AFTER, "INAPQ:new; IAPQ:new; APIQ:new; APINQ:new; NAPQ:new; IQAP:new; IQNAP:new; API&NQ:new"),
    **_shapes(Kind.NEW_AFTER, "INAPLQ:new; APINLQ:new; IAPNQ:new; APILQ:new; IAPLQ:new"),
    **_shapes(
        Kind.NEW_BEFORE,
        "INFPQ:new; IFPQ:new; FPIQ:new; FPINQ:new; NFPQ:new; IQFP:new; IQNFP:new; IFPNQ:new; INFPLQ:new",
    ),
    **_shapes(Kind.NEW_AT, "INPQ:new; NPQ:new; PNQ:new; INPLQ:new; NPLQ:new; IPNQ:new"),
}


def shape_of(sentence: str) -> str | None:
    """The shape of a sentence with signs; None where any of its words is none of those above."""
    words = BULLET.sub("", fold_characters(sentence), count=1).strip(" .;:,()–—-!*\n")
    found, at = "", 0
    while at < len(words):
        match = _word().match(words, at)
        if match is None:
            return None
        found += {"nothing": "", "AND": "&"}.get(match.lastgroup or "", match.lastgroup or "")
        at = match.end()
    return re.sub("(?<=B)L+|(?<=L)L+", "", found)


def asks(sentence: str) -> bool:
    """Whether a sentence that is not read may ask for a change: it names a place, quotes words or has such a verb."""
    return bool(_asking().search(fold_characters(sentence)))


@cache
def _word() -> re.Pattern[str]:
    """One word or phrase; phrases go before words with which they begin."""

    def group(name: str) -> str:
        sign = "&" if name == "AND" else name
        return rf"(?P<{name}>(?:{_CLASSES[sign]})(?!\w))" if name != "G" else rf"(?P<G>{_CLASSES['G']})"

    phrases, words = [group(name) for name in "XLESAF"], [group(name) for name in ("N", "B", "AND")]
    words = [*(rf"(?!{_PAST}){group(name)}" for name in "RDI"), *words]
    nothing = (
        rf"(?P<nothing>(?:[ ,.:()*–—]|-(?!>))+|{_BEFORE_WORDS}|{_BEFORE_PLACE}|(?:{_SAID['nothing']})(?!\w)|[dl]')"
    )
    return re.compile("|".join([f"(?P<Q>{QUOTE})", f"(?P<P>{PLACE})", group("G"), *phrases, nothing, *words]))


@cache
def _asking() -> re.Pattern[str]:
    return re.compile("|".join([ANY, *(rf"\b(?:{_CLASSES[sign]})(?!\w)" for sign in "RDI")]))


_FEWEST_OF_TEXT = 20  # letters of a paragraph that somebody wrote anew
_END = lazy_regex(r"[.;!?](?=\s|$)")
_REASONS = (
    r"(?:our )?(?:reasons?|rationale|justification|explanation|motivos?|justificacion|fundamentacion|razon"
    r"|motivacion|exposicion de motivos|motivation|expose des motifs|motifs?|raisons?|explication)[ \u00a0]*[:–—-]"
)
_REASON = lazy_regex(rf"[ (]*{_REASONS}")
_REASON_AFTER = lazy_regex(rf"(?<=[.;!?]) (?={_REASONS})")
_REASON_OPENING = lazy_regex(r",? (?:because|since|porque|ya que|puesto que|car|parce que|puisque) ")
_AGAINST = lazy_regex(rf"\b(?:{_SAID['against']})\b")
_GOES_ON = lazy_regex(r"[.:;!?…][\"”»’]?$")
_AND = re.compile("&(?=[RDIP])")
_GIVEN = (
    r"(?:(?:the|our|my|some|following|attached|enclosed|proposed|new|two|three|four|five|several|\d{1,2}|l[oa]s"
    r"|nuestr[oa]s?"
    r"|siguientes?|adjunt[oa]s?|algun[oa]s|les?|nos|notre|quelques|suivant\w*|de|des|ci-dessous|ci-joint\w*) )*"
    r"(?:amendments?|proposals?|changes|comments|text|file|enmiendas?|propuestas?|cambios|comentarios|observaciones"
    r"|texto"
    r"|archivo|amendements?|propositions?|modifications?|commentaires|observations|texte|fichier)"
    r"(?: (?:de|of) \w+[cst]i?on)?(?: n?\.?[oº°]?\.? ?\d{1,3})?"
    r"(?:,? (?:below|attached|enclosed|herewith|(?:are )?(?:as follows|the following|these)|a continuacion|adjunt[oa]s?"
    r"|son l[oa]s siguientes|siguientes|ci-dessous|ci-joint\w*|suivant\w*|sont les suivant\w*|(?:on|to|al?|sur|au) "
    r"(?:the |el |la |le )?(?:draft|text|declaration|borrador|proyecto|texto|declaracion|projet|texte)))*"
)
_HARMLESS = lazy_regex(  # thanks and introductions
    r"(?:(?:many |muchas )?(?:thanks|thank you|gracias|merci)(?: (?:for|por|pour|to|a|aux?) (?:(?:the|your|all|el|la"
    r"|su|le|votre"
    r"|tous) ?)?(?:good |nuev[oa] |nouve\w+ )?\w*|,? (?:very much|in advance|de antemano|beaucoup|d'avance))*"
    r"|(?:(?:please (?:find|see)|(?:here|below|these) (?:are|is)|see|(?:we|i|the (?:city|town|region|network"
    r"|mayor) of \w+) "
    r"(?:would like to )?(?:proposes?|suggests?|submits?|sends?)|(?:adjunto|adjuntamos|enviamos|envio|proponemos"
    r"|presentamos"
    r"|remitimos|estas son|est[oa]s|siguen|(?:el ayuntamiento|la ciudad) de \w+ (?:propone|presenta))|voici|(?:nous"
    r"|je) "
    r"(?:proposons|presentons|vous envoyons|propose|presente|vous envoie)|la (?:ville|commune) de \w+ propose"
    r"|veuillez trouver)(?: |\Z))?(?:" + _GIVEN + r")?)"
)
_CONDITIONS = _SAID["conditions"]
_TAKEN_BACK = lazy_regex(rf"\b(?:{_CONDITIONS}|amendments?|enmiendas?|amendements?)\b")
_ASIDE = lazy_regex(rf"\b(?:{_CONDITIONS}|{_SAID['aside']})\b")  # beside the requests: names and thanks are expected


def speaks_against(words: str) -> bool:
    """Whether words refuse something, set a condition or take something back, or may."""
    said = fold_characters(words)
    return bool(_AGAINST.search(said) or _TAKEN_BACK.search(said))


def _speaks_aside(entries: Sequence[str]) -> bool:
    """Whether words beside the requests may speak against them; those quoted from other mails do not count."""
    lines = (line for entry in entries for line in entry.split("\n") if not line.lstrip().startswith(">"))
    said = fold_characters("\n".join(lines))
    return bool(_AGAINST.search(said) or _ASIDE.search(said))


def mail_requests(text: str, about: str = "", apart: Sequence[str] = ()) -> MailRequests:
    """Read what the writer says, without what they quote from other mails; `about` is the subject of the mail.

    What stands `apart` asks for nothing, and is only held against what is asked for.
    """
    found = form_requests(text)
    mail = with_places(mask_quotations(_unwrapped(found.rest)))
    mail.text = re.sub(rf"(?<=[^\s.;!?])[ ]*\n{{1,2}}[ ]*(?={QUOTE})", " ", mail.text)
    reader = _RequestReader(mail, places_of(about))
    reading = reader.read()
    requests = [*found.requests, *reading.requests]
    is_doubted = reader.is_doubted or _speaks_aside((about, *apart))
    doubted = (_with_doubt(request, reading.not_read, is_doubted=is_doubted) for request in requests)
    return replace(reading, requests=tuple(doubted))


def _with_doubt(request: ChangeRequest, not_read: Sequence[NotRead], *, is_doubted: bool) -> ChangeRequest:
    """The request, doubted where something that nobody read may be about it."""
    stems = {_stem(place) for place in request.places}
    near = (other.place is None or _stem(other.place) in stems or speaks_against(other.source) for other in not_read)
    is_doubted = is_doubted or request.is_doubted or bool(_TAKEN_BACK.search(fold_characters(request.reason)))
    return replace(request, is_doubted=is_doubted or any(near))


def _stem(place: MailPlace) -> tuple[str, str]:
    return place.part, place.number.partition(" ")[0]


class _RequestReader(Struct):
    """Goes through one mail line by line; `heading` are the paragraphs under whose name it is.

    `lead` is the line that names them, until something under it was read or listed with it.
    """

    mail: MaskedText
    heading: tuple[MailPlace, ...] = ()
    lead: str = ""
    is_opposed: bool = False  # whether the lines of a list are what the writer does not want
    may_have_reason: bool = False  # whether a request was the last that was read
    is_doubted: bool = False  # whether more is said than requests, thanks and introductions
    found: list[ChangeRequest] = field(default_factory=list)
    not_read: list[NotRead] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)

    def read(self) -> MailRequests:
        lines = self.mail.text.split("\n")
        at = 0
        while at < len(lines) and len(self.found) < MOST:
            at = self._line(lines, at) if lines[at].strip() else at + 1
        self._leave_lead()
        self.not_read += [NotRead(self.mail.written(line).strip()) for line in lines[at:] if line.strip()]
        return MailRequests(tuple(self.found), tuple(self.not_read), tuple(self.rest))

    def _line(self, lines: Sequence[str], at: int) -> int:
        """Read one line, or a head and the text under it; returns where to go on."""
        line = lines[at]
        head, colon, text = line.rpartition(":") if line.rstrip().endswith(":") else line.partition(":")
        shape = shape_of(head)
        under = next((place for place in range(at + 1, len(lines)) if lines[place].strip()), None)
        if shape == "P" and not text.strip():
            self._leave_lead()
            self.heading, self.lead = self._named(head), self.mail.written(line).strip()
            is_text = under is not None and _is_text(lines[under]) and not BULLET.match(lines[under])
            return self._whole("P", lines, (at, under)) if under is not None and is_text else at + 1
        is_request = shape is not None and f"{shape}Q" in OF_PARAGRAPHS
        if shape and is_request and not text.strip() and under is not None:
            return self._whole(shape, lines, (at, under))
        is_text = _is_text(text) if shape == "P" else not re.match(rf"\s*{QUOTE}", text)
        if shape and is_request and colon and is_text:
            return self._whole(shape, lines, (at, at), text)
        if line.rstrip().endswith(":") or not BULLET.match(line):
            self.is_opposed = line.rstrip().endswith(":") and bool(_AGAINST.search(fold_characters(line)))
        self._sentences(line)
        return at + 1

    def _whole(self, shape: str, lines: Sequence[str], span: tuple[int, int], text: str = "") -> int:
        """A paragraph in its new words, which begin in the second line of the span; they go on as long as they can."""
        at, first = span
        end = first + 1
        while end < len(lines) and _continues(lines[end - 1], lines[end]):
            end += 1
        words = " ".join([text or lines[first], *lines[first + 1 : end]])
        reason = _REASON_AFTER.search(fold_characters(words))
        new = words[: reason.start()] if reason else words
        source = "\n".join(self.mail.written(line).strip() for line in lines[at:end] if line.strip())
        self.may_have_reason = True
        if shape == "P" and at != first:  # its heading is the lead itself
            self.lead = ""
        elif "P" in shape:
            self._leave_lead()
        self.found.append(
            ChangeRequest(
                OF_PARAGRAPHS[f"{shape}Q"].kind,
                self._led(source),
                self._named(lines[at]),
                new=self.mail.written(new).strip(),
                is_doubted=end > first + 1 or asks(new) or bool(_TAKEN_BACK.search(fold_characters(new))),
            )
        )
        if reason:
            self._add_reason(words[reason.end() :])
        return end

    def _sentences(self, line: str) -> None:
        """The sentences of a line; what one names counts for those after it in the same line."""
        places = self.heading
        for sentence in _sentences(line):
            if self.may_have_reason and _REASON.match(fold_characters(sentence)):
                last = self.found[-1]
                self.found[-1] = replace(last, source=f"{last.source} {self.mail.written(sentence).strip()}")
                self._add_reason(sentence)
                continue
            places = self._sentence(sentence, places)

    def _sentence(self, sentence: str, places: tuple[MailPlace, ...]) -> tuple[MailPlace, ...]:
        because = _REASON_OPENING.search(fold_characters(sentence))
        clause = sentence[: because.start()] if because else sentence
        words = self.mail.written(sentence).strip()
        shape = None if self.is_opposed or clause.rstrip().endswith("?") else shape_of(clause)
        made = list(self._requests(shape, clause, places, words.strip(" .\n-–—•*"))) if shape else []
        if made and all(made):
            self.found += [replace(request, source=self._led(request.source)) for request in made if request]
            self.may_have_reason = True
            if because:
                self._add_reason(sentence[because.end() :])
            return made[-1].places if made[-1] else places
        named = tuple(place for sign in re.findall(PLACE, sentence) for place in self.mail.named(sign)) or places
        self.may_have_reason = False
        said = fold_characters(sentence).strip(" .:;,!-–—•*")
        if _HARMLESS.fullmatch(said) and not _AGAINST.search(said):
            self.rest += [words] if said else []
        elif asks(sentence):
            self.not_read.append(NotRead(self._led(words), named[0] if named else None))
        elif any(map(str.isalnum, words)):
            self.rest.append(words)
            self.is_doubted = True
        return ()

    def _requests(
        self, shape: str, sentence: str, places: tuple[MailPlace, ...], source: str
    ) -> Iterator[ChangeRequest | None]:
        """What each part of a sentence asks for; None for a part of which it is not sure."""
        signs = iter(re.findall(f"{PLACE}|{QUOTE}", sentence))
        for part in [shape] if shape.replace("P", "") in OF_WORDS else _AND.split(shape):
            own = [next(signs) for sign in part if sign in "PQ"]
            quotes = [self.mail.quote(sign) for sign in own if re.match(QUOTE, sign)]
            named = [self.mail.named(sign) for sign in own if re.match(PLACE, sign)]
            if len(named) > 1:
                yield None
                continue
            places = named[0] if named else places
            make = partial(ChangeRequest, source=source, places=places)
            if (found := _paragraph_shape(part, places)) or (found := OF_WORDS.get(part.replace("P", ""))):
                said = dict(zip(found.roles, quotes, strict=True))
                yield make(found.kind, old=said.get("old", ""), new=said.get("new", ""), mark=said.get("mark", ""))
            elif re.fullmatch("DQ(?:&?Q)+|Q(?:&?Q)+D", part.replace("P", "")):
                yield from (make(Kind.DELETE, old=words) for words in quotes)
            elif re.fullmatch("RQBQ(?:&QBQ)+", part.replace("P", "")):
                yield from (make(Kind.REPLACE, old=old, new=new) for old, new in zip(*[iter(quotes)] * 2, strict=True))
            else:
                yield None

    def _named(self, head: str) -> tuple[MailPlace, ...]:
        return self.mail.named(re.findall(PLACE, head)[0])

    def _led(self, words: str) -> str:
        """The words under the heading that names their paragraph, if they are the first there."""
        lead, self.lead = self.lead, ""
        return f"{lead}\n{words}" if lead else words

    def _leave_lead(self) -> None:
        self.rest += [self.lead] if self.lead else []
        self.lead = ""

    def _add_reason(self, words: str) -> None:
        said = self.mail.written(words)
        lead = _REASON.match(fold_characters(said))
        said = said[lead.end() if lead else 0 :].strip(" .:;-–—\n")
        last = self.found[-1]
        self.found[-1] = replace(last, reason=f"{last.reason} {said}".strip())


def _continues(before: str, line: str) -> bool:
    """Whether a line goes on with the text of the line before: it asks for nothing, and begins nothing of its own."""
    if not line.strip() or asks(line) or names_alone(line) or _REASON.match(fold_characters(line)):
        return False
    bullet = BULLET.match(line)
    return bullet is None or (bullet[0].strip(" .)").isdecimal() and not _GOES_ON.search(before.rstrip()))


def _paragraph_shape(part: str, places: Sequence[MailPlace]) -> Shape | None:
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
    if after[0].isupper() and all(re.match(PLACE, with_places(MaskedText(line)).text) for line in (before, after)):
        return False  # a list, each line of which begins with its paragraph
    return len(before) + len(after.split(maxsplit=1)[0]) >= min(longest, 60)
