"""Organisations: what they are called, and that two of them turned out to be one."""

from collections.abc import Iterable, Sequence
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound
from workspace.core.storage import log
from workspace.core.storage.db import Service
from workspace.people import policy
from workspace.people.models import Forum, Mandate, Organisation, OrganisationKind
from workspace.people.validation import folded, known_country, other_names, short_line


class NewOrganisation(Struct, frozen=True):
    """An organisation that is to be added."""

    name: str
    kind: OrganisationKind = OrganisationKind.CITY
    country: str = ""
    aliases: Sequence[str] = ()


class OrganisationService(Service):
    """The organisations of a network, as one of its forums keeps them."""

    def every(self, forum: Forum) -> list[Organisation]:
        """The organisations of the forum's network, without those merged into another, by name."""
        statement = sa.select(Organisation).where(
            Organisation.network_id == forum.network_id, Organisation.merged_into_id.is_(None)
        )
        return sorted(self.db.scalars(statement), key=lambda organisation: folded(organisation.name))

    def get(self, forum: Forum, organisation_id: UUID) -> Organisation:
        """One of them, or the one it was merged into; raises `NotFound`."""
        found = self.db.get(Organisation, organisation_id)
        if found is not None and found.merged_into_id is not None:
            found = self.db.get(Organisation, found.merged_into_id)
        if found is None or found.network_id != forum.network_id:
            raise NotFound(what="organisation", id=str(organisation_id))
        return found

    def named(self, forum: Forum, name: str) -> Organisation | None:
        """The one with this name or alias, without regard to case and accents."""
        return organisation_index(self.every(forum)).get(folded(name))

    def add(
        self,
        forum: Forum,
        *,
        name: str,
        actor: Actor,
        kind: OrganisationKind = OrganisationKind.CITY,
        country: str = "",
        aliases: Sequence[str] = (),
    ) -> Organisation:
        """Add an organisation; raises `Invalid` when one of its names is another's."""
        policy.ensure_may_manage_people(actor, forum)
        return self.put(forum, name=name, kind=kind, country=country, aliases=aliases, actor=actor)

    def put(
        self, forum: Forum, *, name: str, actor: Actor, kind: OrganisationKind, country: str, aliases: Sequence[str]
    ) -> Organisation:
        """Add one for somebody who has been found allowed to."""
        given = NewOrganisation(name, kind, country, aliases)
        [organisation] = self.put_all(forum, [given], known=organisation_index(self.every(forum)), actor=actor)
        return organisation

    def put_all(
        self, forum: Forum, wanted: Iterable[NewOrganisation], *, known: dict[str, Organisation], actor: Actor
    ) -> list[Organisation]:
        """Add several, in as many queries as one takes; `known` is the index of those there are, and is kept up."""
        made = [_made(forum, entry, known) for entry in wanted]
        self.db.add_all(made)
        self.db.flush()
        events = [log.LogEvent("organisation.added", {"organisation": str(organisation.id)}) for organisation in made]
        log.record_all(self.db, events, actor=actor, forum_id=forum.id)
        return made

    def change(
        self,
        forum: Forum,
        organisation_id: UUID,
        *,
        name: str,
        kind: OrganisationKind,
        country: str,
        aliases: Sequence[str],
        actor: Actor,
    ) -> Organisation:
        """Correct what is known of an organisation. A name it had before stays among its aliases."""
        policy.ensure_may_manage_people(actor, forum)
        organisation = self.get(forum, organisation_id)
        name = short_line("name", name)
        before = () if folded(name) == folded(organisation.name) else (organisation.name,)
        aliases = other_names([*aliases, *before], than=name)
        _ensure_free(
            organisation_index(other for other in self.every(forum) if other is not organisation), name, aliases
        )
        organisation.name, organisation.kind = name, kind
        organisation.country, organisation.aliases = known_country(country), aliases
        self.db.flush()
        log.record(self.db, "organisation.changed", actor=actor, forum_id=forum.id, organisation=str(organisation.id))
        return organisation

    def merge(self, forum: Forum, organisation_id: UUID, *, into_id: UUID, actor: Actor) -> Organisation:
        """Make one of two: mandates and names go to the one that stays. What was the other's is found there."""
        policy.ensure_may_manage_people(actor, forum)
        gone, kept = self.get(forum, organisation_id), self.get(forum, into_id)
        if gone.id == kept.id:
            raise Invalid(field="into", reason="itself")
        gone.merged_into_id = kept.id
        self._move(gone, kept)
        kept.aliases = other_names([*kept.aliases, gone.name, *gone.aliases], than=kept.name)
        self.db.flush()
        log.record(
            self.db, "organisation.merged", actor=actor, forum_id=forum.id, organisation=str(gone.id), into=str(kept.id)
        )
        return kept

    def _move(self, gone: Organisation, kept: Organisation) -> None:
        """Point at the one that stays whatever pointed at the one that goes, however long ago it was merged."""
        for before in self.db.scalars(sa.select(Organisation).where(Organisation.merged_into_id == gone.id)):
            before.merged_into_id = kept.id
        for mandate in self.db.scalars(sa.select(Mandate).where(Mandate.organisation_id == gone.id)):
            mandate.organisation = kept


def organisation_index(organisations: Iterable[Organisation]) -> dict[str, Organisation]:
    """Organisations by every name they go by."""
    return {
        folded(name): organisation
        for organisation in organisations
        for name in (*organisation.aliases, organisation.name)
    }


def _made(forum: Forum, new: NewOrganisation, known: dict[str, Organisation]) -> Organisation:
    name = short_line("name", new.name)
    aliases = other_names(new.aliases, than=name)
    _ensure_free(known, name, aliases)
    country = known_country(new.country)
    made = Organisation(network_id=forum.network_id, name=name, kind=new.kind, country=country, aliases=aliases)
    known.update(organisation_index([made]))
    return made


def _ensure_free(known: dict[str, Organisation], name: str, aliases: Sequence[str]) -> None:
    if folded(name) in known:
        raise Invalid(field="name", reason="taken", given=name)
    if taken := next((alias for alias in aliases if folded(alias) in known), None):
        raise Invalid(field="aliases", reason="taken", given=taken)
