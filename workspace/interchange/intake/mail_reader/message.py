"""A mail as somebody pasted it or saved it: who wrote it, what they say themselves, what came along."""

import re
from collections.abc import Iterator, Sequence
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr
from itertools import islice

from lxml import etree, html
from msgspec import Struct

from drafts.base.lazy_regex import lazy_regex
from workspace.core.detection import decode_text
from workspace.core.errors import BadFile
from workspace.interchange.intake.mail_reader.masking import expressions, fold_characters

MOST_LINES = 400_000  # a mail of ten megabytes of attachments has 130,000
MOST_PARTS = 10_000  # each begins with a line that begins with two hyphens; rows of hyphens in a text are counted too
MOST_INSIDE = 60  # parts that hold others: a thread passed on whole has two for each mail of it
MOST_WORK = 6_000_000  # each line is held against the end of every part that is open
LONGEST_HEADERS = 200_000
LONGEST_HEADER = 4_000  # of those that are taken apart; whom a mail goes to is not
_RULE = lazy_regex(rb"(?:\A|[\r\n])--")
_HOLDER = lazy_regex(rb"(?:\A|[\r\n])content-type:\s*+(?:multipart/|message/)", re.IGNORECASE)
_READ = lazy_regex(rb"(?:\A|[\r\n])(?:from|subject|content-[a-z-]+):[^\n]*+(?:\n[ \t][^\n]*+)*+", re.IGNORECASE)


def ensure_plausible_mail(mail: bytes, *, headers: int, source: str) -> None:
    """Raise `BadFile` for a mail that no program of an office makes; the first `headers` bytes are its headers."""
    lines = mail.count(b"\n") + mail.count(b"\r") - mail.count(b"\r\n")
    if lines > MOST_LINES:
        raise BadFile(source=source, reason="too_many_lines", most=MOST_LINES)
    if sum(1 for _ in _RULE.finditer(mail)) > MOST_PARTS:
        raise BadFile(source=source, reason="too_many_members", limit=MOST_PARTS)
    inside = sum(1 for _ in _HOLDER.finditer(mail))
    if inside > MOST_INSIDE:
        raise BadFile(source=source, reason="too_deep")
    longest = max((len(found[0]) for found in _READ.finditer(mail)), default=0)
    if headers > LONGEST_HEADERS or longest > LONGEST_HEADER or inside * lines > MOST_WORK:
        raise BadFile(source=source, reason="too_costly")


MOST_TAGS = 100_000  # a mail of two hundred pages from an office has some twenty thousand
_BREAKS = frozenset(
    {"p", "div", "br", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "hr", "blockquote"}
)
_UNSEEN = frozenset({"style", "script", "title", "head"})
_QUOTES, _CITED = ("gmail_quote", "yahoo_quoted"), "moz-cite"
_CELLS, _LONGEST_HEAD = frozenset({"td", "th"}), 60
_CELL = " | "


def html_text(source_text: str, *, source: str = "") -> str:
    """What a reader sees, a line for each paragraph; what was quoted begins with ">".

    Raises `BadFile` for more tags than a mail that somebody wrote.
    """
    if source_text.count("<") > MOST_TAGS:
        raise BadFile(source=source, reason="too_costly")
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        tree = html.document_fromstring(source_text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:  # there is nothing in it
        return ""
    return "\n".join(" ".join(line.split()) for line in "".join(_words(tree)).split("\n"))


def _words(tree: html.HtmlElement) -> list[str]:
    out: list[str] = []
    unseen = quoted = 0
    tables, has_quotes = set(filter(_is_form, tree.iter("table"))), tree.find(".//blockquote") is not None
    table: html.HtmlElement | None = None
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        is_start, tag = event == "start", element.tag
        step = 1 if is_start else -1
        unseen += step * (tag in _UNSEEN)
        quoted += step * _is_quotation(element, has_quotes=has_quotes)
        if element in tables:
            table = element if is_start else None
        if unseen:
            pass
        elif tag in _BREAKS and table is not None and element is not table and not (tag == "tr" and is_start):
            out.append(" ")
        elif (tag in _BREAKS or (tag == "li" and is_start)) and (is_start or tag not in {"br", "hr"}):
            out.append("\n> " if quoted else "\n")
        elif tag in _CELLS and table is not None and is_start and element.getprevious() is not None:
            out.append(_CELL)
        if tag == "li" and is_start:
            out.append("- ")
        words = element.text if is_start else element.tail
        if words and not unseen:
            out.append(words.replace("\n", " "))
    return out


def _is_form(table: html.HtmlElement) -> bool:
    """Whether a table has rows of cells under short headings: others only lay out a page."""
    if table.find(".//table") is not None:
        return False
    first, *others = table.findall(".//tr") or [None]
    heads = [cell.text_content() for cell in first if cell.tag in _CELLS] if first is not None else []
    return bool(others) and len(heads) > 1 and all(len(head.strip()) <= _LONGEST_HEAD for head in heads)


def _is_quotation(element: html.HtmlElement, *, has_quotes: bool) -> bool:
    """Whether all of an element is quoted; where mails mark quotations as such, answers stand between them."""
    if element.tag == "blockquote" or _CITED in element.get("class", ""):
        return True
    return not has_quotes and any(name in element.get("class", "") for name in _QUOTES)


MOST_FILES = 20
FAULTS = (MessageError, LookupError, ValueError, AttributeError, TypeError)  # what `email` has against a header
LONGEST = 600_000  # characters with all that is quoted from other mails
_DECLARED = lazy_regex(rb"\A(?:[A-Za-z][A-Za-z0-9-]*+:[^\n]*+\n(?:[ \t][^\n]*+\n)*+)++\r?\n")
_MAIL_ONLY = lazy_regex(
    rb"^(?:mime-version|message-id|received|content-type|return-path"
    rb"|date):",
    re.IGNORECASE | re.MULTILINE,
)
_FROM = r"from|de|von|expediteur|remitente|da"
_SAID = expressions("mails")
_HEADERS = lazy_regex(rf"(?P<name>{_FROM}|{_SAID['headers']})[ ]?:[ ]*(?P<value>.*)")
_SUBJECT = frozenset({"subject", "asunto", "objet", "sujet"})
_FORWARDED = lazy_regex(rf"[-_*= ]*(?:begin )?(?:{_SAID['forwarded']})[-_*= :]*")
_ORIGINAL = lazy_regex(r"[-_*= ]*(?:original message|mensaje original|message d'origine|message original)[-_*= :]*")
_WROTE = lazy_regex(
    r"(?:on|el|le|am)\b.{4,200}(?:wrote|escribio|a ecrit|ha escrito|schrieb)[ ]?:?|.{3,120}(?:wrote|escribio"
    r"|a ecrit)[ ]?:"
)
_SIGNED = lazy_regex(rf"(?:--[ ]?|_{{5,}}|(?:{_SAID['signed']})[ ]?[,.!]?)")
_GREETING = lazy_regex(rf"(?:{_SAID['greeting']})\b.{{0,80}}")
_AFTER = r"[ ]*(?:p\.? ?s|p\.? ?d|n\.? ?b)\b"
_POSTSCRIPT, _ADDED = lazy_regex(_AFTER, re.IGNORECASE), lazy_regex(rf"{_AFTER}|[^@\n]{{15,}}[.!?][ ]*$", re.IGNORECASE)
_MESSAGE = "message/rfc822"
_LATE = 0.35  # of its lines after which a name alone may end a mail


class Attachment(Struct, frozen=True):
    """A file that came with a mail."""

    name: str
    content: bytes


class MailMessage(Struct, frozen=True):
    """A mail. `said` is what its writer says themselves; `apart` greeting, signature and what they quote."""

    address: str
    name: str
    subject: str
    said: str
    apart: tuple[str, ...]
    enclosed: tuple[Attachment, ...]


def parse_message(data: bytes, *, source: str = "") -> MailMessage:
    """The mail in these bytes: a saved one (RFC 5322), or the words of one with or without its first lines.

    Raises `BadFile` for one that is longer, or made of more, than any that somebody wrote.
    """
    bare = data.lstrip(b"\xef\xbb\xbf\r\n ")
    head = _DECLARED.match(bare)
    if head and _MAIL_ONLY.search(head[0]):
        ensure_plausible_mail(bare, headers=head.end(), source=source)
        return _saved(bare, source)
    return _pasted(decode_text(data, source=source), source, subject="", address="", name="", enclosed=())


def _saved(data: bytes, source: str) -> MailMessage:
    message = message_from_bytes(data, policy=policy.default)
    if not isinstance(message, EmailMessage):
        return _pasted(data.decode("utf-8", "replace"), source, subject="", address="", name="", enclosed=())
    name, address = parseaddr(_header(message, "from"))
    try:
        body, enclosed = _body(message, source), tuple(islice(_files(message), MOST_FILES))
    except FAULTS as fault:  # of the headers of its parts
        raise BadFile(source=source, reason="damaged_file") from fault
    return _pasted(body, source, subject=_header(message, "subject"), address=address, name=name, enclosed=enclosed)


def _header(message: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(message.get(name, "")).split())
    except FAULTS:  # a header that is none
        return ""


def _body(message: EmailMessage, source: str) -> str:
    """Its words; those in HTML where they are far more, or stand in a table, whose cells the others run together."""
    parts = (message.get_body(preferencelist=(form,)) for form in ("plain", "html"))
    plain, shown = (_text_of(part, source) if part is not None else "" for part in parts)
    is_fuller = len(shown.split()) > 2 * len(plain.split()) or (_CELL in shown and _CELL not in plain)
    return shown if is_fuller else plain


def _text_of(part: MIMEPart, source: str) -> str:
    try:
        content = str(part.get_content())
    except FAULTS:  # an unknown character set
        raw = part.get_payload(decode=True)
        content = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""
    return html_text(content, source=source) if part.get_content_type() == "text/html" else content


def _files(message: EmailMessage) -> Iterator[Attachment]:
    for part in message.iter_attachments():
        if part.get_content_type() == _MESSAGE:  # a mail that was passed on whole
            inner = part.get_payload(0)
            if isinstance(inner, EmailMessage):
                yield Attachment(f"{_header(inner, 'subject')[:190]}.eml", inner.as_bytes())
            continue
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and content:
            yield Attachment((part.get_filename() or "")[:200], content)


def _pasted(
    text: str, source: str, *, subject: str, address: str, name: str, enclosed: Sequence[Attachment]
) -> MailMessage:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").strip("\n")
    if len(text) > LONGEST:
        raise BadFile(source=source, reason="too_many_letters", most=LONGEST)
    lines, apart = text.split("\n"), list[str]()
    lines, found = _forwarded(lines, apart)
    head, body = _head(lines)
    apart += ["\n".join(lines[: len(lines) - len(body)]).strip()] if head else []
    found, lines = found or head, body
    for key, value in found:
        if key in _SUBJECT:
            subject = subject or value
        elif re.fullmatch(_FROM, key) and not address:
            name, address = _sender(value)
    lines = list(_own(lines, apart))
    lines = _signed(_greeted(lines, apart), apart)
    return MailMessage(address.casefold(), name, subject, "\n".join(lines).strip(), tuple(apart), tuple(enclosed))


def _sender(value: str) -> tuple[str, str]:
    name, address = parseaddr(value.replace("[mailto:", "<").replace("]", ">"))
    return (name, address) if "@" in address else (value.strip(), "")


def _head(lines: Sequence[str]) -> tuple[list[tuple[str, str]], list[str]]:
    """The first lines of a pasted mail that say who wrote it to whom, and the rest."""
    found: list[tuple[str, str]] = []
    at = next((at for at, line in enumerate(lines) if line.strip()), 0)
    for line in lines[at:]:
        match = _HEADERS.fullmatch(fold_characters(line.strip().strip("*")))
        if match is None:
            break
        start = match.start("value")
        found.append((match["name"], line.strip().strip("*")[start:].strip(" *")))
    names = {key for key, _ in found}
    is_head = len(found) > 1 and any(re.fullmatch(_FROM, key) for key in names)
    return (found, list(lines[at + len(found) :])) if is_head else ([], list(lines))


def _forwarded(lines: list[str], apart: list[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """The mail that was passed on, where somebody only passed one on: its own sender counts."""
    for at, line in enumerate(lines):
        if not _FORWARDED.fullmatch(fold_characters(line.strip())) or not line.strip():
            continue
        head, rest = _head(lines[at + 1 :])
        before = "\n".join(lines[:at]).strip()
        if head and len(before.split()) < 40:  # noqa: PLR2004 - more words than that are an answer of their own
            apart.append("\n".join(lines[: len(lines) - len(rest)]).strip())
            return rest, head
    return lines, []


def _own(lines: Sequence[str], apart: list[str]) -> Iterator[str]:
    """What the writer says, without lines quoted from other mails; answers between them stay."""
    quoted: list[str] = []
    for at, line in enumerate(lines):
        small = fold_characters(line.strip())
        if line.lstrip().startswith(">"):
            quoted.append(line)
        elif _ORIGINAL.fullmatch(small) or (_HEADERS.fullmatch(small) and _head(lines[at:])[0]):
            quoted += lines[at:]
            break
        elif _WROTE.fullmatch(small) or _begins_quotation(lines[at : at + 2]):
            quoted.append(line)
        else:
            yield line
    if quoted:
        apart.append("\n".join(quoted).strip())


def _begins_quotation(lines: Sequence[str]) -> bool:
    """Whether "On …, somebody wrote:" stands broken over these two lines."""
    first, *others = (fold_characters(line.strip()) for line in lines)
    return bool(others and re.match(r"(?:on|el|le|am)\b", first) and _WROTE.fullmatch(f"{first} {others[0]}"))


def _greeted(lines: list[str], apart: list[str]) -> list[str]:
    """The lines after the greeting, with what the writer goes on to say in the same line."""
    at = next((at for at, line in enumerate(lines) if line.strip()), len(lines))
    if at < len(lines) and _GREETING.fullmatch(fold_characters(lines[at].strip())) and not re.search(r"\d", lines[at]):
        greeting, mark, more = re.split(r"((?:[,:;!]|(?<=\w{4})\.)\s+|$)", lines[at].strip(), maxsplit=1)
        apart.append(f"{greeting}{mark}".strip())
        return _greeted([more, *lines[at + 1 :]], apart) if more else lines[at + 1 :]
    return lines


def _signed(lines: list[str], apart: list[str]) -> list[str]:
    """The lines before the writer takes leave, and what they add after it."""
    for at, line in enumerate(lines):
        small = fold_characters(line.strip())
        is_leave = bool(small) and _SIGNED.fullmatch(small)
        if is_leave and (at >= len(lines) * _LATE or line.startswith("--")):
            added = _POSTSCRIPT if line.startswith("--") else _ADDED
            end = next((end for end in range(at + 1, len(lines)) if added.match(lines[end])), len(lines))
            apart.append("\n".join(lines[at:end]).strip())
            return lines[:at] + lines[end:]
    return lines
