"""What mail services say about letters that did not arrive: each in a shape of its own, and all are read alike.

Mailgun, SendGrid, Postmark, Mailjet and Brevo post JSON; so does Amazon SES, by way of SNS; other servers send a
message (RFC 3464, `bounces`). As there, nobody is believed about an address: a report counts only where it names
a letter of ours and says that this letter failed for good.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Literal, Protocol
from uuid import UUID

import msgspec
from msgspec import Struct, field

from workspace.letters import bounces
from workspace.letters.bounces import Returned

UNSAID = "5.0.0"  # where a service does not say what its receiver answered
MOST = 1_000  # events in one report
LETTER = "letter"  # by this name our letters carry their id where a service gives back only names of ours
_ID = re.compile(r"<?([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})(?:@[^<>\s]{1,253})?>?", re.IGNORECASE)
_CODE = re.compile(r"(?<![\d.])5\.\d{1,3}\.\d{1,3}(?![\d.])")
_AMAZON = re.compile(r"https://sns\.[a-z0-9-]{1,40}\.amazonaws\.com(?:\.cn)?/[!-~]{1,2000}")


class Unreadable(Exception):
    """The report begins as JSON and is none, or has no end."""


class Report(Struct, frozen=True):
    """What one request reported. `confirm` is an address that the service wants to be opened once, "" without one."""

    returned: Sequence[Returned]
    others: int = 0  # events that say nothing of a letter of ours that failed for good
    confirm: str = ""


class _Event(Protocol):
    """What a service says about one letter."""

    @property
    def is_for_good(self) -> bool: ...

    @property
    def names(self) -> str:
        """The Message-ID, or the id, of the letter."""

    @property
    def code(self) -> str | None: ...


def read(body: bytes) -> Report:
    """Everything that this report says; raises `Unreadable` for JSON that is none."""
    if body.lstrip()[:1] in {b"{", b"["}:
        return _of_json(body)
    found = bounces.read(body)
    return Report([found] if found else [], others=int(found is None))


def returned(names: str, code: str | None) -> Returned | None:
    """A letter that came back; None where it is not named as ours are."""
    found = _ID.fullmatch(names.strip())
    said = _CODE.search(code or "")
    return Returned(UUID(found[1]), said[0] if said else UNSAID) if found else None


def _of_json(body: bytes) -> Report:
    events: list[_Event | _Sns | None] = []
    try:
        events = [_recognised(one) for one in _items(body)]
        for place, event in enumerate(events):
            if isinstance(event, _Sns):
                if event.kind != "Notification":
                    return Report([], confirm=event.confirm)
                events[place] = _recognised(event.message.encode())
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        raise Unreadable from error
    found = [one for event in events if (one := _of_event(event))]
    return Report(found, others=len(events) - len(found))


def _items(body: bytes) -> Iterator[bytes]:
    """The events of a report: it is one, or a list of them."""
    if not body.lstrip().startswith(b"["):
        yield body
        return
    items = msgspec.json.decode(body, type=list[msgspec.Raw])
    if len(items) > MOST:
        raise ValueError(len(items))
    yield from map(bytes, items)


def _of_event(event: "_Event | _Sns | None") -> Returned | None:
    if event is None or isinstance(event, _Sns) or not event.is_for_good:
        return None
    return returned(event.names, event.code)


class _Sns(Struct, frozen=True, rename={"kind": "Type", "message": "Message", "subscribe": "SubscribeURL"}):
    """What Amazon's notification service wraps around what it passes on."""

    kind: Literal["Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation"]
    message: str
    subscribe: str = ""

    @property
    def confirm(self) -> str:
        return self.subscribe if _AMAZON.fullmatch(self.subscribe) else ""


class _SesRecipient(Struct, frozen=True):
    status: str | None = None


class _SesBounce(Struct, frozen=True, rename="camel"):
    bounce_type: str
    bounced_recipients: Sequence[_SesRecipient] = ()


class _SesHeader(Struct, frozen=True):
    name: str
    value: str


class _SesMail(Struct, frozen=True):
    headers: Sequence[_SesHeader] = ()  # as they were before the service replaced some


class _Ses(Struct, frozen=True):
    """Amazon SES; its notifications have to include the original headers."""

    bounce: _SesBounce
    mail: _SesMail

    @property
    def is_for_good(self) -> bool:
        return self.bounce.bounce_type == "Permanent"

    @property
    def names(self) -> str:
        return next((one.value for one in self.mail.headers if one.name.lower() == "message-id"), "")

    @property
    def code(self) -> str | None:
        return next((one.status for one in self.bounce.bounced_recipients), "")


class _MailgunHeaders(Struct, frozen=True, rename="kebab"):
    message_id: str = ""


class _MailgunMessage(Struct, frozen=True):
    headers: _MailgunHeaders


class _MailgunStatus(Struct, frozen=True, rename="kebab"):
    enhanced_code: str | None = None
    message: str | None = None


class _MailgunEvent(Struct, frozen=True, rename="kebab"):
    """An event of Mailgun as it is; it is usually sent with a signature around it."""

    event: str
    message: _MailgunMessage
    severity: str | None = None
    delivery_status: _MailgunStatus = _MailgunStatus()

    @property
    def is_for_good(self) -> bool:
        return self.event == "failed" and self.severity == "permanent"

    @property
    def names(self) -> str:
        return self.message.headers.message_id

    @property
    def code(self) -> str | None:
        return self.delivery_status.enhanced_code or self.delivery_status.message


class _Mailgun(Struct, frozen=True, rename="kebab"):
    event_data: _MailgunEvent

    @property
    def is_for_good(self) -> bool:
        return self.event_data.is_for_good

    @property
    def names(self) -> str:
        return self.event_data.names

    @property
    def code(self) -> str | None:
        return self.event_data.code


class _SendGrid(Struct, frozen=True):
    event: str
    names: str = field(name="smtp-id")
    code: str | None = field(name="status", default=None)
    type: str | None = None

    @property
    def is_for_good(self) -> bool:
        return self.event == "bounce" and self.type != "blocked"


class _Brevo(Struct, frozen=True):
    event: str
    names: str = field(name="message-id")
    code: str | None = field(name="reason", default=None)

    @property
    def is_for_good(self) -> bool:
        return self.event in {"hard_bounce", "invalid_email"}


class _PostmarkMetadata(Struct, frozen=True):
    letter: str = ""


class _Postmark(Struct, frozen=True, rename="pascal"):
    type: str
    metadata: _PostmarkMetadata
    code: str | None = field(name="Details", default=None)

    @property
    def is_for_good(self) -> bool:
        return self.type in {"HardBounce", "BadEmailAddress"}

    @property
    def names(self) -> str:
        return self.metadata.letter


class _Mailjet(Struct, frozen=True):
    event: str
    names: str = field(name="CustomID")
    hard_bounce: bool = False
    code: str | None = field(name="comment", default=None)

    @property
    def is_for_good(self) -> bool:
        return self.event == "bounce" and self.hard_bounce


_SHAPES: Sequence[type[_Event | _Sns]] = (_Sns, _Mailgun, _MailgunEvent, _Ses, _SendGrid, _Brevo, _Mailjet, _Postmark)


def _recognised(event: bytes) -> "_Event | _Sns | None":
    """The event as the service has it whose shape it has; None for any other. Raises for what is no JSON."""
    for shape in _SHAPES:
        try:
            return msgspec.json.decode(event, type=shape)
        except msgspec.ValidationError:
            continue
    return None
