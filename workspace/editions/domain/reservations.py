"""Reservations, explanations of position and dissociations: filed by members within a window, printed beside the text.

What is filed before publication is printed in the edition, beside the paragraph it names. What is filed
afterwards changes no frozen file: it is public beside the edition (`not_in`), and in the next one.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from drafts.formats.apparatus import Apparatus, Position, Reservation
from drafts.text.blocks import Language
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotAllowed, NotFound
from workspace.core.storage import log
from workspace.core.storage.db import Service, Trilingual, next_number
from workspace.core.validation import ensure_short
from workspace.declarations.domain.models import Declaration, RevisionBlock
from workspace.editions.domain import policy
from workspace.editions.domain.models import ReservationRecord, ReservationWindow
from workspace.people.validation import ensure_printable

LONGEST_TEXT = 4_000


class ReservationService(Service):
    """What members put on record beside a text that they do not stop."""

    def window(self, declaration: Declaration) -> ReservationWindow | None:
        """From when until when something may be filed; None where nobody has said so, and nothing may."""
        return self.db.get(ReservationWindow, declaration.id)

    def set_window(
        self, declaration: Declaration, opens_at: datetime, closes_at: datetime, *, actor: Actor
    ) -> ReservationWindow:
        """Say from when until when. Raises `Invalid` where it would close before it opens, or has closed by now."""
        policy.ensure_may_set_reservation_window(actor, declaration)
        now = clock.now()
        if closes_at <= opens_at:
            raise Invalid(field="closes_at", reason="closes_before_opens")
        if closes_at <= now:
            raise Invalid(field="closes_at", reason="in_the_past")
        found = self.window(declaration)
        if found is None:
            found = ReservationWindow(declaration_id=declaration.id)
            self.db.add(found)
        found.opens_at, found.closes_at = opens_at, closes_at
        found.set_by_id, found.set_at = actor.person_id, now
        self._record(
            "reservation.window_set", declaration, actor=actor, opens=opens_at.isoformat(), closes=closes_at.isoformat()
        )
        return found

    def listed(self, declaration: Declaration) -> list[ReservationRecord]:
        """Everything on record, withdrawn or not, in the order in which it was filed."""
        statement = sa.select(ReservationRecord).where(ReservationRecord.declaration_id == declaration.id)
        return list(
            self.db.scalars(
                statement.options(joinedload(ReservationRecord.organisation)).order_by(ReservationRecord.number)
            )
        )

    def standing(self, declaration: Declaration) -> list[ReservationRecord]:
        """What is on record and was not withdrawn."""
        return [reservation for reservation in self.listed(declaration) if reservation.withdrawn_at is None]

    def not_in(self, declaration: Declaration, printed: Apparatus) -> list[ReservationRecord]:
        """What stands and is not printed in an edition, because it was filed later: the edition's addenda."""
        known = {reservation.id for reservation in printed.reservations}
        return [reservation for reservation in self.standing(declaration) if str(reservation.id) not in known]

    def get(self, declaration: Declaration, number: int) -> ReservationRecord:
        """One of this declaration by its number; raises `NotFound`."""
        found = self.db.scalar(
            sa.select(ReservationRecord).where(
                ReservationRecord.declaration_id == declaration.id, ReservationRecord.number == number
            )
        )
        if found is None:
            raise NotFound(what="reservation", id=str(number))
        return found

    def file(
        self,
        declaration: Declaration,
        position: Position,
        organisation_id: UUID,
        text: Trilingual,
        *,
        language: Language,
        block_id: UUID | None = None,
        actor: Actor,
    ) -> ReservationRecord:
        """Put a position on record: about one paragraph, or about the whole text.

        Raises `NotAllowed`; `Invalid` outside the window, for an organisation whose mandate one does not hold, and
        without words in `language`; `NotFound` for a paragraph that is not in the text.
        """
        policy.ensure_may_file_reservation(actor, declaration, self.window(declaration), organisation_id)
        if block_id is not None:
            self._ensure_in_text(declaration, block_id)
        words = _tidied(text)
        if not words.to_dict()[language]:
            raise Invalid(field="text", reason="empty")
        _ensure_sound(words)
        made = ReservationRecord(
            declaration_id=declaration.id,
            number=next_number(self.db, ReservationRecord.number, ReservationRecord.declaration_id == declaration.id),
            position=position,
            organisation_id=organisation_id,
            block_id=block_id,
            language=language,
            text=words,
            filed_by_id=actor.person_id,
            filed_at=clock.now(),
        )
        self.db.add(made)
        self.db.flush()
        self._record("reservation.filed", declaration, actor=actor, reservation=str(made.id), number=made.number)
        return made

    def translate(
        self, declaration: Declaration, number: int, language: Language, text: str, *, actor: Actor
    ) -> ReservationRecord:
        """Say in another language what was filed; its own words can be changed by nobody. Empty takes it away."""
        policy.ensure_may_translate_apparatus(actor, declaration)
        found = self.get(declaration, number)
        if language is found.language:
            raise Invalid(field="language", reason="as_filed")
        words = _tidied(Trilingual.of({**found.text.to_dict(), language.value: text}))
        _ensure_sound(words)
        found.text = words
        self._record(
            "reservation.translated", declaration, actor=actor, number=number, reservation=str(found.id), in_=language
        )
        return found

    def withdraw(self, declaration: Declaration, number: int, *, actor: Actor) -> ReservationRecord:
        """Take back what one's organisation filed, within the window. It is no longer printed, and stays on record."""
        found = self.get(declaration, number)
        if not self.may_withdraw(found, declaration, actor=actor):
            raise NotAllowed(action="reservation.file")
        found.withdrawn_at = clock.now()
        self._record("reservation.withdrawn", declaration, actor=actor, reservation=str(found.id), number=number)
        return found

    def may_withdraw(self, reservation: ReservationRecord, declaration: Declaration, *, actor: Actor) -> bool:
        """Whether they speak for the organisation, and the window is still open."""
        return (
            reservation.withdrawn_at is None
            and policy.may_file_reservation(actor, declaration, self.window(declaration))
            and (
                actor.is_operator or reservation.organisation_id in policy.represented_organisations(actor, declaration)
            )
        )

    def _ensure_in_text(self, declaration: Declaration, block_id: UUID) -> None:
        place = declaration.head_id and self.db.get(RevisionBlock, (declaration.head_id, block_id))
        if not place:
            raise NotFound(what="block", id=str(block_id))

    def _record(self, kind: str, declaration: Declaration, *, actor: Actor, **facts: str | int) -> None:
        log.record_in(self.db, kind, declaration, actor=actor, **facts)


def reservation_of(record: ReservationRecord) -> Reservation:
    """The reservation as an edition prints it."""
    return Reservation(
        id=str(record.id),
        position=Position(record.position),
        organisation=dict.fromkeys(Language, record.organisation.name),
        block=str(record.block_id or ""),
        original=Language(record.language),
        text={Language(language): words for language, words in record.text.to_dict().items() if words},
        filed_on=record.declaration.forum.local(record.filed_at).date(),
    )


def _tidied(text: Trilingual) -> Trilingual:
    return Trilingual.of(
        {
            language: "\n".join(" ".join(line.split()) for line in words.splitlines() if line.strip())
            for language, words in text.to_dict().items()
        }
    )


def _ensure_sound(text: Trilingual) -> None:
    ensure_printable("text", text)
    for words in text.to_dict().values():
        ensure_short(words, LONGEST_TEXT, "text")
