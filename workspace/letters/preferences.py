"""What somebody wants by mail, and the signed link that ends one kind of letter without signing in."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

import sqlalchemy as sa

from workspace.accounts.domain.models import Account
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotAllowed, NotFound, existing
from workspace.core.events import PersonErased
from workspace.core.security.encryption import MARK, Sealer
from workspace.core.storage.db import Db, Service, Store, row_of
from workspace.letters.models import Bounce, MailChoice, MailFrequency, MailKind

UNSAID: Mapping[MailKind, MailFrequency] = {
    MailKind.MENTIONS: MailFrequency.AT_ONCE,
    MailKind.DECISIONS: MailFrequency.AT_ONCE,
    MailKind.TASKS: MailFrequency.AT_ONCE,
    MailKind.TEXT: MailFrequency.DAILY,
    MailKind.DEADLINES: MailFrequency.AT_ONCE,
    MailKind.PHASES: MailFrequency.AT_ONCE,
    MailKind.CHECKPOINTS: MailFrequency.AT_ONCE,
}
IN_THE_ACCOUNT = frozenset({MailKind.PHASES, MailKind.CHECKPOINTS})  # letters of their own, which no digest holds
DIGEST = "digest"  # in a link: everything that comes once a day
_ABOUT = "letters to end"
Paces = Mapping[MailKind, MailFrequency]


def frequencies_of_kind(kind: MailKind) -> tuple[MailFrequency, ...]:
    """What can be chosen for this kind."""
    return (MailFrequency.AT_ONCE, MailFrequency.NEVER) if kind in IN_THE_ACCOUNT else tuple(MailFrequency)


class MailPreferences(Service):
    """One's own choices. They are nobody else's business, and so in no log."""

    def paces(self, *, actor: Actor) -> Paces:
        """What somebody gets, and how soon. Raises `NotFound` for a person without an account."""
        return self._paces(self._account(_somebody(actor)))

    def choose(self, wanted: Paces, *, actor: Actor) -> Paces:
        """Change what is given of one's own choices; raises `Invalid` for a pace that a kind cannot have."""
        account = self._account(_somebody(actor))
        for kind, pace in wanted.items():
            if pace not in frequencies_of_kind(kind):
                raise Invalid(field=kind.value, reason="unknown_choice", given=pace.value)
            self._set(account, kind, pace)
        self.db.flush()
        return self._paces(account)

    def end(self, token: str, *, sealer: Sealer) -> Collection[MailKind]:
        """Do what the link of a letter says: end its kind, and answer with what was ended. Raises `NotFound`."""
        person_id, kinds = self._read(token, sealer)
        account = self._account(person_id)
        for kind in kinds:
            self._set(account, kind, MailFrequency.NEVER)
        self.db.flush()
        return kinds

    def kinds_ended_by(self, token: str, *, sealer: Sealer) -> Collection[MailKind]:
        """What the link of a letter would end. Raises `NotFound`."""
        person_id, kinds = self._read(token, sealer)
        self._account(person_id)
        return kinds

    def language_of(self, token: str, *, sealer: Sealer) -> str:
        """The language in which its receiver is written to: that of the page the link leads to. Raises `NotFound`."""
        person_id, _ = self._read(token, sealer)
        return self._account(person_id).person.language

    def has_come_back(self, *, actor: Actor) -> bool:
        """Whether a letter to one's own address came back for good."""
        account = self._account(_somebody(actor))
        return self.db.get(Bounce, account.email.casefold()) is not None

    def of_all(self, people: Iterable[UUID]) -> Mapping[UUID, Paces]:
        """What each of these people said, over what holds for everybody. Two queries, however many they are."""
        wanted = list(people)
        found: dict[UUID, dict[MailKind, MailFrequency]] = {id_: dict(UNSAID) for id_ in wanted}
        for row in self.db.scalars(sa.select(MailChoice).where(MailChoice.person_id.in_(wanted))):
            found[row.person_id][row.kind] = row.pace
        return found

    def _paces(self, account: Account) -> Paces:
        said = dict(self.of_all([account.person_id])[account.person_id])
        for kind in IN_THE_ACCOUNT:
            said[kind] = MailFrequency.AT_ONCE if account.notices.get(kind.value, True) else MailFrequency.NEVER
        return said

    def _set(self, account: Account, kind: MailKind, pace: MailFrequency) -> None:
        if kind in IN_THE_ACCOUNT:
            account.notices = {**account.notices, kind.value: pace is not MailFrequency.NEVER}
        else:
            self.db.merge(MailChoice(person_id=account.person_id, kind=kind, pace=pace))

    def _account(self, person_id: UUID) -> Account:
        return existing(row_of(self.db, Account, person_id, closed_at=None), "account", person_id)

    def _read(self, token: str, sealer: Sealer) -> tuple[UUID, Collection[MailKind]]:
        said = sealer.open(f"{MARK}{token}{'=' * (-len(token) % 4)}", about=_ABOUT)
        person, _, word = (said or "").partition(" ")
        if not word:
            raise NotFound(what="letter", id=token[:20])
        person_id = UUID(person)
        if word != DIGEST:
            return person_id, (MailKind(word),)
        paces = self.of_all([person_id])[person_id]
        return person_id, tuple(kind for kind, pace in paces.items() if pace is MailFrequency.DAILY)


def unsubscribe_path(store: Store, person_id: UUID, word: str) -> str:
    """The address that ends one kind of letter for this person, or all that comes once a day (`DIGEST`)."""
    sealed = store.sealer.seal(f"{person_id} {word}", about=_ABOUT)
    return f"/api/mail-choices/end/{sealed.removeprefix(MARK).rstrip('=')}"


def bounced_addresses(db: Db, addresses: Iterable[str]) -> set[str]:
    """Which of these addresses letters came back from."""
    small = {address.casefold(): address for address in addresses}
    if not small:
        return set()
    return {small[text] for text in db.scalars(sa.select(Bounce.address).where(Bounce.address.in_(small)))}


def _somebody(actor: Actor) -> UUID:
    if actor.person_id is None:
        raise NotAllowed(action="own")
    return actor.person_id


def delete_preferences_of_erased(db: Db, event: PersonErased) -> None:
    """Listener: it goes, with the address that letters came back from."""
    for model in (MailChoice, Bounce):
        db.execute(sa.delete(model).where(model.person_id == event.person_id))
