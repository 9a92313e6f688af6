"""Proxies: who votes for whom. Each voter holds one at most, and nobody passes on what they hold."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from msgspec import Meta, Struct

from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotAllowed, existing
from workspace.core.events import TaskGiven, publish
from workspace.core.shapes import filled
from workspace.core.storage.db import Db
from workspace.core.validation import LONGEST_REASON, MOST_NUMBER, ensure_short
from workspace.declarations.domain.models import Declaration
from workspace.procedure import policy
from workspace.procedure.electorate import eligible_seats, people_of
from workspace.procedure.models import Proxy, Question, Seat
from workspace.procedure.store import QuestionStore, record


class ProxyIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a proxy is to say. `giver` and `holder` are ids of voters; without a giver it is one's own vote.

    `question` is the number of the only vote that it is for; 0 is every vote. It starts today if nothing is said.
    Who records it for others says in `note` how they know.
    """

    holder: UUID | None
    giver: UUID | None = None
    question: Annotated[int, Meta(ge=0, le=MOST_NUMBER)] = 0
    starts_on: date | None = None
    ends_on: date | None = None
    note: Annotated[str, Meta(max_length=LONGEST_REASON)] = ""


class ProxyView(Struct, frozen=True):
    """A proxy as everybody who follows the votes reads it. `question` is the number of the only vote it is for."""

    id: UUID
    giver: str
    holder: str
    question: int | None
    starts_on: date
    ends_on: date | None
    note: str
    given_by: str
    given_at: datetime
    revoked_at: datetime | None
    may_revoke: bool


class Voter(Struct, frozen=True):
    """Who has a vote today, by the id under which proxies name them."""

    id: UUID
    name: str


class ProxyList(Struct, frozen=True):
    """The proxies of a declaration, and the voters who can give and hold them; `own` is the reader's vote."""

    items: Sequence[ProxyView]
    voters: Sequence[Voter]
    own: UUID | None


class ProxyService:
    """The proxies of declarations."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.store = QuestionStore(db)

    def voters(self, declaration: Declaration) -> list[Seat]:
        """Those who have a vote today; none of them is stored."""
        rules, day = self.store.rules(declaration), clock.today(declaration.forum.timezone)
        return eligible_seats(self.db, declaration.forum, day, one_voice=rules.one_voice)

    def own(self, declaration: Declaration, *, actor: Actor) -> list[Seat]:
        """Those of them for whom somebody votes."""
        return self._own(self.voters(declaration), declaration, actor)

    def _own(self, voters: Iterable[Seat], declaration: Declaration, actor: Actor) -> list[Seat]:
        organisations = policy.standing_voices(actor, declaration)
        theirs = (seat for seat in voters if seat.organisation_id in organisations)
        return [seat for seat in theirs if seat.person_id in {None, actor.person_id}]

    def listed(self, declaration: Declaration, *, actor: Actor) -> ProxyList:
        """All of them, the last one first; raises `NotFound` for who may not know of the votes."""
        policy.ensure_may_know(actor, declaration)
        found = self.db.scalars(self._of(declaration).order_by(Proxy.given_at.desc(), Proxy.id)).all()
        voters = self.voters(declaration)
        own = {seat.voter for seat in self._own(voters, declaration, actor)}
        return ProxyList(
            items=[
                filled(
                    ProxyView,
                    proxy,
                    giver=proxy.giver_name,
                    holder=proxy.holder_name,
                    question=proxy.question.number if proxy.question else None,
                    given_by=proxy.given_by.name if proxy.given_by else "",
                    may_revoke=proxy.revoked_at is None and self._may(actor, declaration, is_own=proxy.giver in own),
                )
                for proxy in found
            ],
            voters=[Voter(seat.voter, seat.name) for seat in voters],
            own=next(iter(own), None),
        )

    def give(self, declaration: Declaration, terms: ProxyIn, *, actor: Actor) -> Proxy:
        """Give one's own vote to another voter; or, with a note, write down that somebody has.

        Raises `Invalid` for who is no voter, who has given or holds another proxy meanwhile, and days that are none.
        """
        declaration = self.store.declarations.lock(declaration.id)
        own = {seat.voter for seat in self.own(declaration, actor=actor)}
        voters = {seat.voter: seat for seat in self.voters(declaration)}
        giver = voters.get(terms.giver or next(iter(own), declaration.id))
        self._ensure_may(actor, declaration, is_own=giver is not None and giver.voter in own)
        holder = voters.get(terms.holder) if terms.holder else None
        if giver is None or holder is None or holder is giver:
            raise Invalid(field="holder" if giver else "giver", reason="no_voter")
        if giver.voter not in own and not terms.note.strip():
            raise Invalid(field="note", reason="empty")
        ensure_short(terms.note)
        proxy = self._new(declaration, terms, giver, holder, actor)
        self._ensure_free(declaration, proxy)
        self.db.add(proxy)
        self.db.flush()
        self._record("proxy.given", proxy, declaration, actor)
        for person_id in people_of(self.db, declaration.forum, holder, clock.today(declaration.forum.timezone)):
            publish(self.db, TaskGiven(person_id, "proxy", declaration.forum_id, actor, declaration.id))
        return proxy

    def _new(self, declaration: Declaration, terms: ProxyIn, giver: Seat, holder: Seat, actor: Actor) -> Proxy:
        today = clock.today(declaration.forum.timezone)
        starts_on = terms.starts_on or today
        if terms.ends_on is not None and terms.ends_on < max(starts_on, today):
            raise Invalid(field="ends_on", reason="before_start" if terms.ends_on < starts_on else "in_the_past")
        question = self.store.numbered(declaration, terms.question, actor=actor) if terms.question else None
        if question is not None:
            self.store.ensure_open(question)
        return Proxy(
            declaration_id=declaration.id,
            question=question,
            organisation_id=giver.organisation_id,
            person_id=giver.person_id,
            holder_organisation_id=holder.organisation_id,
            holder_person_id=holder.person_id,
            starts_on=starts_on,
            ends_on=terms.ends_on,
            note=terms.note.strip(),
            given_by_id=actor.person_id,
            given_at=clock.now(),
        )

    def _ensure_free(self, declaration: Declaration, wanted: Proxy) -> None:
        for known in self._meanwhile(declaration, wanted):
            for field, voter in (("giver", wanted.giver), ("holder", wanted.holder)):
                if voter in {known.giver, known.holder}:
                    raise Invalid(field=field, reason="gave_proxy" if voter == known.giver else "holds_proxy")

    def _meanwhile(self, declaration: Declaration, wanted: Proxy) -> Iterator[Proxy]:
        """The proxies that count on some day of this one, in some vote of it."""
        for known in self.db.scalars(self._of(declaration).where(Proxy.revoked_at.is_(None))).all():
            first, last = max(known.starts_on, wanted.starts_on), known.ends_on or wanted.ends_on or date.max
            last = min(last, wanted.ends_on or last)
            if first <= last and (wanted.question is None or known.question in {None, wanted.question}):
                yield known

    def revoke(self, declaration: Declaration, proxy_id: UUID, *, actor: Actor) -> None:
        """End a proxy; votes that were cast by it stand. Raises `NotFound` for one that is revoked."""
        declaration = self.store.declarations.lock(declaration.id)
        policy.ensure_may_know(actor, declaration)
        statement = self._of(declaration).where(Proxy.id == proxy_id, Proxy.revoked_at.is_(None))
        proxy = existing(self.db.scalar(statement.execution_options(populate_existing=True)), "proxy", proxy_id)
        own = {seat.voter for seat in self.own(declaration, actor=actor)}
        self._ensure_may(actor, declaration, is_own=proxy.giver in own)
        proxy.revoked_by_id, proxy.revoked_at = actor.person_id, clock.now()
        self.db.flush()
        self._record("proxy.revoked", proxy, declaration, actor)

    def standing(self, question: Question) -> list[tuple[Proxy, Seat]]:
        """The proxies that count in a vote today, used or not, each with the seat that it is for."""
        day = clock.today(question.declaration.forum.timezone)
        known = self._of(question.declaration).where(
            Proxy.revoked_at.is_(None),
            Proxy.starts_on <= day,
            sa.or_(Proxy.ends_on.is_(None), Proxy.ends_on >= day),
            sa.or_(Proxy.question_id.is_(None), Proxy.question_id == question.id),
        )
        seats = {seat.voter: seat for seat in question.seats}
        every = self.db.scalars(known.order_by(Proxy.id))
        return [(proxy, seats[proxy.giver]) for proxy in every if proxy.giver in seats]

    def _may(self, actor: Actor, declaration: Declaration, *, is_own: bool) -> bool:
        return (is_own and policy.may_give_proxy(actor, declaration)) or policy.may_record_proxy(actor, declaration)

    def _ensure_may(self, actor: Actor, declaration: Declaration, *, is_own: bool) -> None:
        if not self._may(actor, declaration, is_own=is_own):
            raise NotAllowed(action="proxy.give")

    def _of(self, declaration: Declaration) -> sa.Select[Proxy]:
        return sa.select(Proxy).where(Proxy.declaration_id == declaration.id)

    def _record(self, kind: str, proxy: Proxy, declaration: Declaration, actor: Actor) -> None:
        facts = {"proxy": str(proxy.id), "giver": str(proxy.giver), "holder": str(proxy.holder)}
        record(self.db, kind, declaration, actor=actor, **facts)
