"""Letters that come back: what a mail server says about one (RFC 3464), and what becomes of the address.

Nobody is believed about an address: a message counts only where it names a letter of ours by its Message-ID, and
says that this letter has failed for good. The address is then that of our letter, whatever the message says.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import Message
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from workspace.accounts.models import Account
from workspace.core import clock, log
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import NotFound
from workspace.core.mail import Letter
from workspace.letters.models import Bounce
from workspace.letters.policy import ensure_is_operator

BOUNCED = "bounced"  # why such a letter failed
UNSAID = "5.0.0"  # the status where nobody says what the receiver answered
_NAMED = re.compile(r"<?([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})(?:@[^<>\s]{1,253})?>?", re.IGNORECASE)
_CODE = re.compile(r"(?<![\d.])5\.\d{1,3}\.\d{1,3}(?![\d.])")
_FOR_GOOD = re.compile(r"\s*(5\.\d{1,3}\.\d{1,3})")
_OUR_ID = re.compile(r"<([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})@[^<>\s]{1,253}>")
_STATUS, _REPORT = "message/delivery-status", "multipart/report"


class Returned(Struct, frozen=True):
    """What somebody says of one letter, known by the id in its Message-ID: the status that its server gave."""

    letter_id: UUID
    code: str


def read(message: bytes) -> Returned | None:
    """What this message reports; None where it is no report, or of something else than a failure for good."""
    report = message_from_bytes(message, policy=policy.compat32)
    if report.get_content_type() != _REPORT:
        return None
    parts = list(report.walk())
    codes = [code for part in parts if part.get_content_type() == _STATUS for code in _codes(part)]
    ids = [found for part in parts for found in _ids(part)]
    return Returned(UUID(ids[0]), codes[0]) if codes and ids else None


def named(letter: str, code: str) -> Returned | None:
    """The letter of this Message-ID, or id, that failed for good; None where it is not named as ours are.

    `code` may be all that a server answered: the status in it counts, `UNSAID` without one.
    """
    found = _NAMED.fullmatch(letter.strip())
    said = _CODE.search(code)
    return Returned(UUID(found[1]), said[0] if said else UNSAID) if found else None


def come_back(db: Db, returned: Returned, *, actor: Actor, address: str = "") -> Bounce | None:
    """Mark the address of the letter that came back, and count the letter as failed.

    None where it is none of ours, never left, or was forgotten long ago; and where `address` says that it is about
    another one. Who says the same twice changes nothing more.
    """
    ensure_is_operator(actor)
    sent = (Letter.id == returned.letter_id, Letter.to != "", Letter.message_id != "")
    letter = db.scalar(sa.select(Letter).where(*sent).with_for_update())
    if letter is None or (address and address.casefold() != letter.to.casefold()):
        return None
    if letter.failed_at is not None and letter.last_error.startswith(BOUNCED):
        return mark(db, letter, returned.code)
    letter.failed_at, letter.sent_at, letter.next_try_at = clock.now(), None, None
    letter.last_error = f"{BOUNCED} {returned.code}"
    log.record(db, "letter.bounced", actor=actor, forum_id=letter.forum_id, letter=str(letter.id), code=returned.code)
    return mark(db, letter, returned.code)


def mark(db: Db, letter: Letter, code: str) -> Bounce:
    """From now on this address gets only what it asks for: links to sign in, and what keeps its account safe."""
    found: Bounce = db.merge(
        Bounce(address=letter.to.casefold(), person_id=letter.person_id, letter_id=letter.id, code=code, at=clock.now())
    )
    db.flush()
    return found


def forget(db: Db, address: str) -> None:
    """Write to this address again."""
    db.execute(sa.delete(Bounce).where(Bounce.address == address.casefold()))


def forget_own(db: Db, *, actor: Actor) -> None:
    """Write to one's own address again; raises `NotFound` for whoever has no account."""
    account = db.get(Account, actor.person_id) if actor.person_id else None
    if account is None:
        raise NotFound(what="account", id=str(actor.person_id))
    forget(db, account.email)


def _codes(part: Message) -> Iterator[str]:
    """The statuses of receivers whose letter failed for good; each receiver has a block of headers of its own."""
    blocks = part.get_payload()
    for block in blocks if isinstance(blocks, list) else ():
        if isinstance(block, Message) and str(block.get("Action", "")).strip().lower() == "failed":
            found = _FOR_GOOD.match(str(block.get("Status", "")))
            if found:
                yield found[1]


def _ids(part: Message) -> Iterator[str]:
    """The Message-IDs of what was sent back: as a message, or as its headers alone."""
    if part.get_content_type() == "text/rfc822-headers":
        payload = part.get_payload(decode=True)
        headers = message_from_bytes(payload) if isinstance(payload, bytes) else Message()
        yield from _OUR_ID.findall(str(headers.get("Message-ID", "")))
    elif part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        for one in inner if isinstance(inner, list) else ():
            if isinstance(one, Message):
                yield from _OUR_ID.findall(str(one.get("Message-ID", "")))
