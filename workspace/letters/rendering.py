"""From a letter in the outbox to a message: facts and items in its reader's language, as plain text and as HTML."""

import re
import textwrap
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from email import policy
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import Policy
from email.utils import parseaddr
from functools import cache
from typing import Any, Self

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from msgspec import Struct

from drafts.text.blocks import Language
from workspace.core.environment import BadSetting
from workspace.core.outbox import Letter
from workspace.core.settings import Settings
from workspace.core.storage.db import Trilingual
from workspace.core.storage.log import Fact
from workspace.letters.wordings import ANYTHING_ELSE, BECAUSE, BY_ITSELF, ENDING, PHASES, ROLES, SECURITY_NOTICES
from workspace.paths import TEMPLATES
from workspace.web.http.addresses import own_path
from workspace.web.i18n import messages as i18n
from workspace.web.i18n.messages import Messages
from workspace.web.refusals.slice_registry import REGISTRY, Said, Wording
from workspace.web.text_html import written_html

ITEMS = "items"
FIRST = "first"  # what the first of them is called, for the subject
CHOICE = "choice"  # the kind of letter that its receiver can end


class LetterItem(msgspec.Struct, frozen=True):
    """One of them. `path` is a page of ours, `/{language}/…` where it is not in one language.

    One of a day also says when it was, `at` its reader's clock, and quotes some `words` in a `language`, each with
    what becomes of them: "old" ones go, "new" ones come.
    """

    title: str
    about: str
    path: str
    at: str = ""
    words: Sequence[tuple[str, str]] = ()
    language: str = ""


def items_as_fact(items: Sequence[LetterItem]) -> str:
    return msgspec.json.encode(items).decode()


def letter_items(facts: Mapping[str, Any]) -> Sequence[LetterItem]:
    """What a letter tells of, in its order; nothing for one that tells of one thing alone."""
    return msgspec.json.decode(facts.get(ITEMS) or "[]", type=list[LetterItem])


MOMENTS = frozenset({"expires", "until"})
WORDS: Mapping[str, Mapping[str, str]] = {"role": ROLES, "phase": PHASES, "what": SECURITY_NOTICES}
OTHERWISE: Mapping[str, str] = {"what": ANYTHING_ELSE}
LONGEST = 300
HELD = frozenset("\u00a0\u202f")  # no line is broken there


def facts_in_words(facts: Mapping[str, Fact], messages: Messages, zone: tzinfo) -> dict[str, str]:
    """Each fact in words; those that are empty are left out, because there is nothing to tell of them."""
    in_words = {name: _said(name, fact, messages, zone) for name, fact in facts.items() if name != ITEMS}
    return {name: words for name, words in in_words.items() if words}


def _said(name: str, fact: Fact, messages: Messages, zone: tzinfo) -> str:
    if fact is None or fact == "":
        return ""
    if name in WORDS:
        return messages.gettext(WORDS[name].get(str(fact), OTHERWISE.get(name, str(fact))))
    if name in MOMENTS:
        return messages.moment(datetime.fromisoformat(str(fact)), zone)
    if isinstance(fact, Mapping):  # a name in several languages
        return unwrapped(Trilingual.of({str(key): str(text) for key, text in fact.items()}).said_in(messages.language))
    if isinstance(fact, int):
        return messages.number(fact)
    return unwrapped(str(fact))


def unwrapped(text: str) -> str:
    """The text on one line and not endless, without control and format characters, so that nobody's name can
    make a header of its own or turn the line around. Spaces that hold a line together, as French has, stay.
    """
    line = _visible(text[: 4 * LONGEST])
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def _visible(text: str) -> str:
    shown = "".join(" " if character.isspace() and character not in HELD else character for character in text)
    kept = "".join(character for character in shown if not unicodedata.category(character).startswith("C"))
    # an encoded word could hold the end of a header
    return " ".join(filter(None, kept.replace("=?", "= ?").split(" "))).strip()


WIDTH = 76
LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3
_LEAVE = "List-Unsubscribe"
_PLACE = re.compile(r"%\((\w+)\)s")


class _SingleLineHeader(UnstructuredHeader, BaseHeader):
    """A header of addresses of pages, which stays one line however long they are.

    Python folds a long word by encoding it, and no mail program reads an encoded address there (RFC 2369, 2).
    """

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


class _EncodedHeader(UnstructuredHeader, BaseHeader):
    """A header of words, encoded as a whole where they are not ASCII.

    Python's newer way takes each word by itself, and leaves encoded words in between that have nothing in them.
    """

    def fold(self, *, policy: Policy) -> str:
        charset = "us-ascii" if self.isascii() else "utf-8"
        folded = Header(str(self), charset, policy.max_line_length, self.name).encode(linesep=policy.linesep)
        return f"{self.name}: {folded}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type(_LEAVE.lower(), _SingleLineHeader)
_HEADERS.map_to_type("subject", _EncodedHeader)
_POLICY = policy.SMTP.clone(header_factory=_HEADERS)


class Unwritable(Exception):
    """This letter can never be sent. `reason` is a stable word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class LetterSender(Struct, frozen=True):
    """What stands on every letter: who sends it, and the site its links lead to."""

    sender: str
    url: str

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The desk that the settings describe; raises `BadSetting` for a sender that is no address."""
        name, given = parseaddr(settings.mail_from)
        try:
            sender = Address(unwrapped(name), addr_spec=header_address(given).addr_spec)
        except Unwritable as error:
            given = settings.mail_from
            raise BadSetting("WORKSPACE_MAIL_FROM is “%(given)s”; it must be an address.", given=given) from error
        return cls(sender=str(sender), url=settings.address)

    @property
    def address(self) -> str:
        """That of the sender, without the name."""
        return parseaddr(self.sender)[1]

    def message_id(self, letter: Letter) -> str:
        """The Message-ID of this letter, in the domain of the sender."""
        return f"<{letter.id}@{self.address.rpartition('@')[2]}>"


class RenderedItem(Struct, frozen=True):
    """One of several things that a letter tells of, and the page it leads to; `heading` where a day or text begins."""

    title: str
    about: str
    link: str
    heading: str = ""
    time: str = ""
    words: Sequence[tuple[str, str]] = ()
    language: str = ""


class LetterContent(Struct, frozen=True, kw_only=True):
    """The words of one letter: what the two templates in `templates/letters` need."""

    language: Language
    subject: str
    before: Sequence[str]
    whole: str  # what somebody wrote, line by line
    items: Sequence[RenderedItem]
    action: str  # the words of the link
    link: str
    after: Sequence[str]
    small: Sequence[str]
    ending: str  # the words beside the link that ends letters of this kind
    ending_link: str
    site: str


def render_letter(
    letter: Letter, desk: LetterSender, *, zone: tzinfo = UTC, now: datetime, ending: str = ""
) -> EmailMessage:
    """The message of this letter: at every attempt the same words, date and Message-ID. Raises `Unwritable`.

    `ending` is the path by which its receiver ends letters of this kind.
    """
    wording = REGISTRY.get().letters.get(letter.kind)
    if wording is None:
        raise Unwritable("unknown_kind")
    if _has_expired(letter, now):
        raise Unwritable("expired")
    sheet = _sheet(letter, wording, desk, zone, ending)
    message = EmailMessage(_POLICY)
    message["From"] = desk.sender
    message["To"] = header_address(letter.to)
    message["Subject"] = sheet.subject
    message["Date"] = letter.due_at
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notices, please
    if sheet.ending_link:
        message[_LEAVE] = f"<{sheet.ending_link}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    message.set_content(_template("letter.txt").render(sheet=sheet, wrap=_wrapped), cte="quoted-printable")
    html = _template("letter.html").render(sheet=sheet, written=written_html)
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    if wording.file:
        message.add_attachment(str(letter.facts.get(wording.file, "")), filename=f"{letter.kind}.txt")
    message["Content-Language"] = sheet.language.value  # last, because a part takes such headers of its whole
    return message


def header_address(given: str) -> Address:
    """The address as a header takes it, its domain in ASCII. Raises `Unwritable` for what is none."""
    local, at, domain = given.rpartition("@")
    if not (local and at and domain) or len(given) > LONGEST_ADDRESS or not given.isprintable() or "=?" in given:
        raise Unwritable("bad_address")
    plain = "".join(
        character if character.isascii() else "x" for character in local
    )  # which the parser would refuse to look at
    try:
        domain = Address(addr_spec=f"{plain}@{domain.encode('idna').decode('ascii')}").domain
    except (ValueError, IndexError, MessageError) as error:
        raise Unwritable("bad_address") from error
    return Address(username=local, domain=domain)


def _sheet(letter: Letter, wording: Wording, desk: LetterSender, zone: tzinfo, ending: str) -> LetterContent:
    language = Language(letter.language) if letter.language in i18n.LANGUAGES else Language.EN
    messages = i18n.messages(language)
    facts = facts_in_words(letter.facts, messages, zone)
    link = _link(letter.facts.get("path"), desk, language)
    if letter.facts.get("path") and not link:
        raise Unwritable("bad_path")
    because = [(BECAUSE,)] if wording.is_announcement else []
    subject = _chosen((wording.subject,), facts, messages)
    return LetterContent(
        language=language,
        subject=unwrapped(subject[0] if subject else messages.gettext("Declaration Workspace")),
        before=_paragraphs(wording.before, facts, messages),
        whole=_whole(letter.facts.get(wording.whole), messages),
        items=_items(letter_items(letter.facts), desk, messages),
        action=messages.gettext(wording.action) if wording.action and link else "",
        link=link,
        after=_paragraphs(wording.after, facts, messages),
        small=_paragraphs([*because, (BY_ITSELF,)], facts, messages),
        ending=messages.gettext(ENDING) if ending else "",
        ending_link=_link(ending, desk, language),
        site=desk.url,
    )


def _items(items: Sequence[LetterItem], desk: LetterSender, messages: Messages) -> list[RenderedItem]:
    """What is of one day and text stands together, under both."""
    found, last = list[RenderedItem](), ""
    for item in items:
        title, about, link = unwrapped(item.title), unwrapped(item.about), _link(item.path, desk, messages.language)
        if not item.at:
            found.append(RenderedItem(title, about, link))
            continue
        at = datetime.fromisoformat(item.at)
        heading = " · ".join(filter(None, (messages.date(at.date()), about)))
        words = [(unwrapped(words), kind) for words, kind in item.words]
        shown = "" if heading == last else heading
        found.append(RenderedItem(title, "", link, shown, messages.time(at), words, item.language))
        last = heading
    return found


def _whole(fact: Fact, messages: Messages) -> str:
    """A text that somebody wrote, in the reader's language; nothing of no text."""
    said = Trilingual.of({str(key): str(text) for key, text in fact.items()}) if isinstance(fact, Mapping) else None
    lines = said.said_in(messages.language).splitlines() if said else []
    return "\n".join(line[: len(line) - len(line.lstrip())] + _visible(line) for line in lines).strip("\n")


def _paragraphs(wanted: Sequence[Said], facts: Mapping[str, str], messages: Messages) -> list[str]:
    return [words for paragraph in wanted for words in _chosen(paragraph, facts, messages)]


def _chosen(wordings: Said, facts: Mapping[str, str], messages: Messages) -> list[str]:
    """The first of these wordings whose facts are all known, said; or nothing."""
    known = (wording for wording in wordings if facts.keys() >= set(_PLACE.findall(wording)))
    return [messages.gettext(wording, **facts) for wording in known][:1]


def _link(path: object, desk: LetterSender, language: Language) -> str:
    """The whole address of a page of ours; "" for anything that leads elsewhere."""
    own = own_path(path.replace("{language}", language), otherwise="") if isinstance(path, str) else ""
    return f"{desk.url.rstrip('/')}{own}" if own else ""


def _has_expired(letter: Letter, now: datetime) -> bool:
    expires = letter.facts.get("expires")
    return isinstance(expires, str) and bool(expires) and datetime.fromisoformat(expires) <= now


def _wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES / "letters"),
        autoescape=name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    return environment.get_template(name)
