"""Letters that come back (RFC 3464), and the addresses that are no longer written to."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from email import message_from_bytes, policy
from email.message import Message
from enum import StrEnum
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from workspace.accounts.domain.models import Account
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import NotFound, existing
from workspace.core.outbox import Letter
from workspace.core.shapes import filled
from workspace.core.storage import log
from workspace.core.storage.db import Db, Service
from workspace.letters.models import Bounce
from workspace.letters.policy import ensure_is_operator, ensure_may_see_letters
from workspace.people.models import Forum, Mandate, Organisation, Person

BOUNCED = "bounced"  # why such a letter failed
UNSAID = "5.0.0"  # the status where nobody says what the receiver answered
_NAMED = re.compile(r"<?([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})(?:@[^<>\s]{1,253})?>?", re.IGNORECASE)
_CODE = re.compile(r"(?<![\d.])5\.\d{1,3}\.\d{1,3}(?![\d.])")
_FOR_GOOD = re.compile(r"\s*(5\.\d{1,3}\.\d{1,3})")
_OUR_ID = re.compile(r"<([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})@[^<>\s]{1,253}>")
_STATUS, _REPORT = "message/delivery-status", "multipart/report"


class BounceReport(Struct, frozen=True):
    """What somebody says of one letter, known by the id in its Message-ID: the status that its server gave."""

    letter_id: UUID
    code: str


def read_bounce(message: bytes) -> BounceReport | None:
    """What this message reports; None where it is no report, or of something else than a failure for good."""
    report = message_from_bytes(message, policy=policy.compat32)
    if report.get_content_type() != _REPORT:
        return None
    parts = list(report.walk())
    codes = [code for part in parts if part.get_content_type() == _STATUS for code in _codes(part)]
    ids = [found for part in parts for found in _ids(part)]
    return BounceReport(UUID(ids[0]), codes[0]) if codes and ids else None


def named(letter: str, code: str) -> BounceReport | None:
    """The letter of this Message-ID, or id, that failed for good; None where it is not named as ours are.

    `code` may be all that a server answered: the status in it counts, `UNSAID` without one.
    """
    found = _NAMED.fullmatch(letter.strip())
    said = _CODE.search(code)
    return BounceReport(UUID(found[1]), said[0] if said else UNSAID) if found else None


def record_bounce(db: Db, returned: BounceReport, *, actor: Actor, address: str = "") -> Bounce | None:
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
        return mark_bounced(db, letter, returned.code)
    letter.failed_at, letter.sent_at, letter.next_try_at = clock.now(), None, None
    letter.last_error = f"{BOUNCED} {returned.code}"
    log.record(db, "letter.bounced", actor=actor, forum_id=letter.forum_id, letter=str(letter.id), code=returned.code)
    return mark_bounced(db, letter, returned.code)


def mark_bounced(db: Db, letter: Letter, code: str) -> Bounce:
    """From now on this address gets only what it asks for: links to sign in, and what keeps its account safe."""
    found: Bounce = db.merge(
        Bounce(address=letter.to.casefold(), person_id=letter.person_id, letter_id=letter.id, code=code, at=clock.now())
    )
    db.flush()
    return found


def clear_bounce(db: Db, address: str) -> None:
    """Write to this address again."""
    db.execute(sa.delete(Bounce).where(Bounce.address == address.casefold()))


def clear_own_bounce(db: Db, *, actor: Actor) -> None:
    """Write to one's own address again; raises `NotFound` for whoever has no account."""
    account = existing(db.get(Account, actor.person_id) if actor.person_id else None, "account", actor.person_id)
    clear_bounce(db, account.email)


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
        for message in inner if isinstance(inner, list) else ():
            if isinstance(message, Message):
                yield from _OUR_ID.findall(str(message.get("Message-ID", "")))


class BounceCause(StrEnum):
    """Why letters came back, as far as the status of a server tells (RFC 3463, or the reply code of RFC 5321)."""

    NO_ADDRESS = "no_address"
    FULL = "full"
    CLOSED = "closed"
    NO_SERVER = "no_server"
    REFUSED = "refused"
    OTHER = "other"

    @classmethod
    def of(cls, code: str) -> "BounceCause":
        return next((cause for begins, cause in _CAUSES if code.startswith(begins)), cls.OTHER)


_CAUSES = (
    ("5.2.2", BounceCause.FULL),
    ("552", BounceCause.FULL),
    ("5.2.", BounceCause.CLOSED),
    ("5.1.2", BounceCause.NO_SERVER),
    ("5.1.10", BounceCause.NO_ADDRESS),
    ("5.1.8", BounceCause.REFUSED),  # this one, and the one before it, are about who wrote
    ("5.1.7", BounceCause.REFUSED),
    ("5.1.", BounceCause.NO_ADDRESS),
    ("550", BounceCause.NO_ADDRESS),
    ("551", BounceCause.NO_ADDRESS),
    ("553", BounceCause.NO_ADDRESS),
    ("5.4.", BounceCause.NO_SERVER),
    ("5.7.", BounceCause.REFUSED),
    ("5.6.", BounceCause.REFUSED),
    ("554", BounceCause.REFUSED),
)


class BouncedAddress(Struct, frozen=True, kw_only=True):
    """An address from which a letter came back for good. `letter` is that letter, and stands for the address here."""

    letter: UUID
    address: str
    person_id: UUID | None  # None where it is nobody's that is known
    name: str
    organisation: str
    since: datetime
    code: str
    cause: BounceCause
    has_account: bool  # with this address: its person alone can change it

    @property
    def next_step(self) -> Literal["none", "room", "account", "invite"]:
        """What can be done besides trying again."""
        if self.person_id is None:
            return "none"
        if self.cause is BounceCause.FULL:
            return "room"
        return "account" if self.has_account else "invite"


class BouncedAddressService(Service):
    """The addresses that are not written to."""

    def listed(self, *, forum: Forum | None, actor: Actor) -> Sequence[BouncedAddress]:
        """Those of the people of a forum, and of the letters about it, the latest first; all, where it is None.

        Raises `NotAllowed`; all addresses are the operator's to see.
        """
        rows = self.db.execute(self._open_to(actor, forum).order_by(Bounce.at.desc(), Bounce.address)).all()
        bodies = self._organisations([bounce.person_id for bounce, _, _ in rows if bounce.person_id], forum)
        return [
            filled(
                BouncedAddress,
                bounce,
                letter=bounce.letter_id,
                name=name or "",
                organisation=bodies.get(bounce.person_id, ""),
                since=bounce.at,
                cause=BounceCause.of(bounce.code),
                has_account=email is not None,
            )
            for bounce, name, email in rows
        ]

    def write_again(self, letter_id: UUID, *, forum: Forum | None, actor: Actor) -> None:
        """Write to an address again from now on. What came back is not sent again. Raises `NotFound`."""
        found = self.db.execute(self._open_to(actor, forum).where(Bounce.letter_id == letter_id)).first()
        if found is None:
            raise NotFound(what="letter", id=str(letter_id))
        self.db.delete(found[0])
        about = forum.id if forum else None
        log.record(self.db, "letter.address_cleared", actor=actor, forum_id=about, letter=str(letter_id))

    def _open_to(self, actor: Actor, forum: Forum | None) -> sa.Select[Bounce, str, str]:
        rows = (
            sa.select(Bounce, Person.name, Account.email)
            .outerjoin(Person, Person.id == Bounce.person_id)
            .outerjoin(Account, sa.and_(Account.email == Bounce.address, Account.closed_at.is_(None)))
        )
        ensure_may_see_letters(actor, forum)
        if forum is None:
            return rows
        people = sa.select(Mandate.person_id).where(Mandate.forum_id == forum.id)
        about = sa.select(Letter.id).where(Letter.forum_id == forum.id)
        return rows.where(sa.or_(Bounce.person_id.in_(people), Bounce.letter_id.in_(about)))

    def _organisations(self, people: Sequence[UUID], forum: Forum | None) -> dict[UUID | None, str]:
        """For whom each of these people speaks now, in this forum or in any."""
        today = clock.today(forum.timezone if forum else "UTC")
        statement = (
            sa.select(Mandate.person_id, Organisation.name)
            .join(Organisation, Organisation.id == Mandate.organisation_id)
            .where(Mandate.person_id.in_(people), sa.or_(Mandate.ends_on.is_(None), Mandate.ends_on >= today))
            .order_by(Organisation.name.desc())
        )
        here = statement if forum is None else statement.where(Mandate.forum_id == forum.id)
        return {row.person_id: row.name for row in self.db.execute(here)}
