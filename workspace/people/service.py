"""Founding a forum, saying how it works, and adding people to it.

What an organisation is called and who holds which role from when to when is in
`organisations` and `mandates`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct, structs

from drafts.base.words import word_set
from workspace.core import clock, instruments
from workspace.core.actor import Actor, EmergencyRight, Role
from workspace.core.errors import Invalid, NotAllowed, NotFound, existing
from workspace.core.security.permissions import Phase
from workspace.core.storage import log
from workspace.core.storage.db import Db, Service, Trilingual
from workspace.core.validation import known_zone
from workspace.people import policy
from workspace.people.mandates import facts_of, hold_back
from workspace.people.models import (
    Contact,
    EmergencyAccess,
    Forum,
    Mandate,
    Network,
    Organisation,
    OrganisationKind,
    Person,
    Registration,
    held_of,
)
from workspace.people.organisations import OrganisationService
from workspace.people.validation import (
    bounded_text,
    email_address,
    ensure_in_order,
    known_language,
    person_name,
    required_name,
    valid_slug,
)
from workspace.people.zones import chosen_zone

RESERVED = word_set(  # what stands beside forums in addresses
    "persona notices following sign-in sign-out password email invitations register account set-up letters verify "
    "help accessibility site"
)


_BY_SLUG = sa.select(Forum).where(Forum.slug == sa.bindparam("slug")).options(sa.orm.joinedload(Forum.network))


class ForumSettings(Struct, frozen=True, kw_only=True):
    """How a forum is to work; what is None stays. `labels` name the instruments."""

    registration: Registration
    guest_comments: bool
    one_voice: bool
    is_public_programme: bool
    labels: Mapping[str, str] | None = None
    late_needs_leave: bool | None = None


class PeopleService(Service):
    """Forums, organisations, persons and mandates."""

    def found(
        self,
        *,
        network: Trilingual,
        slug: str,
        name: Trilingual,
        actor: Actor,
        description: Trilingual = Trilingual(),  # noqa: B008  (a frozen value)
        place: Trilingual = Trilingual(),  # noqa: B008  (a frozen value)
        timezone: str = "",
        starts_on: date | None = None,
        ends_on: date | None = None,
    ) -> Forum:
        """Create a forum and, if it is new, its network.

        Raises `Invalid` for a slug that is taken or cannot stand in an address
        (lower-case letters, digits, hyphens), a time zone that is unknown, or not given where the place tells none,
        or a last day before the first.
        """
        policy.ensure_may_found(actor)
        ensure_in_order(starts_on, ends_on)
        self._ensure_free(slug)
        forum = Forum(
            network=self._network(network),
            slug=slug,
            name=name,
            description=description,
            place=place,
            timezone=chosen_zone(timezone, place),
            starts_on=starts_on,
            ends_on=ends_on,
        )
        self.db.add(forum)
        self.db.flush()
        log.record(self.db, "forum.founded", actor=actor, forum_id=forum.id, slug=slug)
        return forum

    def forum(self, slug: str) -> Forum:
        """The forum at this address, whose names are in use from here on; raises `NotFound`."""
        forum = existing(self.db.scalar(_BY_SLUG, {"slug": slug}), "forum", slug)
        instruments.use(forum.labels)
        return forum

    def forums(self) -> list[Forum]:
        """Every forum, newest first."""
        return list(self.db.scalars(sa.select(Forum).order_by(Forum.starts_on.desc(), Forum.slug)))

    def change_settings(self, forum: Forum, wanted: ForumSettings, *, actor: Actor) -> Forum:
        """Say how people come to have accounts, who may comment, who speaks for whom, and who sees the programme.

        Raises `Invalid` for a name that is not on the list (`instruments.NAMES`).
        """
        policy.ensure_may_in(actor, "settings.manage", forum)
        for instrument, label in (wanted.labels or {}).items():
            if label not in instruments.NAMES.get(instrument, ()):
                raise Invalid(field="labels", reason="unknown_word", given=f"{instrument}: {label}")
        for name, value in structs.asdict(wanted).items():
            if value is not None:
                setattr(forum, name, dict(instruments.chosen(value)) if name == "labels" else value)
        instruments.use(forum.labels)
        self.db.flush()
        facts = {name: getattr(forum, name) for name in wanted.__struct_fields__ if name != "registration"}
        registration = wanted.registration.value
        log.record(
            self.db, "forum.settings_changed", actor=actor, forum_id=forum.id, registration=registration, **facts
        )
        return forum

    def describe(
        self,
        forum: Forum,
        *,
        name: Trilingual,
        description: Trilingual,
        place: Trilingual,
        timezone: str,
        starts_on: date | None,
        ends_on: date | None,
        actor: Actor,
    ) -> Forum:
        """Say anew what the forum is called, where it meets and when; its address stays.

        Deadlines that are set keep the moment and the zone they were set in. Raises `Invalid`
        for a name in no language, an unknown time zone, or a last day before the first.
        """
        policy.ensure_may_in(actor, "settings.manage", forum)
        ensure_in_order(starts_on, ends_on)
        forum.name = required_name("name", name)
        forum.description, forum.place = bounded_text("description", description), bounded_text("place", place)
        forum.timezone = known_zone(timezone or forum.timezone).key
        forum.starts_on, forum.ends_on = starts_on, ends_on
        self.db.flush()
        log.record(self.db, "forum.described", actor=actor, forum_id=forum.id)
        return forum

    def add_organisation(
        self,
        forum: Forum,
        *,
        name: str,
        actor: Actor,
        kind: OrganisationKind = OrganisationKind.CITY,
        country: str = "",
        aliases: Sequence[str] = (),
    ) -> Organisation:
        """As `OrganisationService.add`."""
        return OrganisationService(self.db).add(
            forum, name=name, kind=kind, country=country, aliases=aliases, actor=actor
        )

    def organisation_named(self, forum: Forum, name: str, *, actor: Actor) -> Organisation:
        """The organisation of the network with this name or alias; added when there is none."""
        organisations = OrganisationService(self.db)
        return organisations.named(forum, name) or organisations.add(forum, name=name, actor=actor)

    def add_person(
        self,
        forum: Forum,
        *,
        name: str,
        role: Role,
        actor: Actor,
        organisation: Organisation | None = None,
        language: str = "en",
        starts_on: date | None = None,
        ends_on: date | None = None,
        is_steward: bool = False,
        email: str = "",
        by_two: bool | None = None,
    ) -> Person:
        """Add somebody with their first mandate. Names need not be unique; mandates decide what a person may do.

        `email` is where to invite them to, and is kept for that alone; `by_two` as `MandateService.give` has it.
        """
        policy.ensure_may_give(actor, forum, role, organisation.id if organisation else None)
        ensure_in_order(starts_on, ends_on)
        person = Person(name=person_name(name), language=known_language(language))
        mandate = Mandate(
            forum_id=forum.id,
            role=role,
            organisation=organisation,
            starts_on=starts_on,
            ends_on=ends_on,
            is_steward=is_steward,
        )
        held = hold_back(self.db, forum, [mandate], actor=actor, by_two=by_two)
        person.mandates = [mandate]
        self.db.add(person)
        self.db.flush()
        if email:
            self.db.add(Contact(person_id=person.id, email=email_address(email), made_at=clock.now()))
            self.db.flush()
        log.record(self.db, "person.added", actor=actor, forum_id=forum.id, **facts_of(mandate))
        held.announce(self.db, actor=actor)
        return person

    def rename(self, person: Person, forum: Forum, *, name: str, language: str, actor: Actor) -> Person:
        """Correct how somebody is called, and the language they are written to in."""
        if not any(
            policy.may_give(actor, mandate, forum) for mandate in person.mandates if mandate.forum_id == forum.id
        ):
            raise NotAllowed(action="organisation.manage_people")
        person.name, person.language = person_name(name), known_language(language)
        self.db.flush()
        log.record(self.db, "person.changed", actor=actor, forum_id=forum.id, person=str(person.id))
        return person

    def people(self, forum: Forum) -> list[tuple[Person, Mandate]]:
        """Everyone with a mandate in the forum, in the order of the roles' listing and then by name."""
        rows = self.db.execute(
            sa.select(Person, Mandate)
            .join(Mandate, Mandate.person_id == Person.id)
            .where(Mandate.forum_id == forum.id)
            .options(sa.orm.joinedload(Mandate.organisation), sa.orm.lazyload(Mandate.forum))
        ).all()
        order = {role: place for place, role in enumerate(Role)}
        return sorted(((row[0], row[1]) for row in rows), key=lambda row: (order[row[1].role], row[0].name))

    def actor(self, person_id: UUID) -> Actor:
        """The person as somebody who acts; raises `NotFound`."""
        return load_actor(self.db, person_id)

    def actor_named(self, forum: Forum, name: str) -> Actor:
        """The one person of the forum with this name, guests aside; raises `NotFound`, also when two share it."""
        here = (Mandate.forum_id == forum.id, Mandate.role != Role.GUEST, Person.name == name)
        persons = self.db.scalars(sa.select(Person).join(Mandate).where(*here).distinct()).all()
        if len(persons) != 1:
            raise NotFound(what="person", id=name)
        return persons[0].as_actor()

    def follow_phases(self, forum: Forum, phases: Iterable[Phase]) -> None:
        """Note the phases of the forum's declarations; called by their service when one moves."""
        here = set(phases)
        forum.phases = "".join(phase for phase in Phase if phase in here)

    def _network(self, name: Trilingual) -> Network:
        networks = self.db.scalars(sa.select(Network)).all()
        return next((network for network in networks if network.name == name), None) or Network(name=name)

    def _ensure_free(self, slug: str) -> None:
        if valid_slug(slug) in RESERVED or self.db.scalar(sa.select(Forum.id).where(Forum.slug == slug)):
            raise Invalid(field="slug", reason="taken", given=slug)


_PERSON, _MANDATE, _FORUM = (model.__table__ for model in (Person, Mandate, Forum))
WITH_MANDATES = _PERSON.outerjoin(_MANDATE, _MANDATE.c.person_id == _PERSON.c.id).outerjoin(
    _FORUM, _FORUM.c.id == _MANDATE.c.forum_id
)
ACTOR_COLUMNS = (
    *(_PERSON.c[name] for name in ("id", "name", "timezone")),
    *(_MANDATE.c[name] for name in ("forum_id", "organisation_id", "role", "starts_on", "ends_on", "languages")),
    _MANDATE.c.is_steward,
    _FORUM.c.timezone.label("zone"),
)
_KNOWN = sa.select(*ACTOR_COLUMNS).select_from(WITH_MANDATES).where(_PERSON.c.id == sa.bindparam("person"))
_LENT = sa.select(EmergencyAccess.forum_id, EmergencyAccess.until).where(
    EmergencyAccess.person_id == sa.bindparam("person"), EmergencyAccess.closed_at.is_(None)
)


def load_actor(db: Db, person_id: UUID) -> Actor:
    """A person as somebody who acts; raises `NotFound`."""
    rows = db.execute(_KNOWN, {"person": person_id}).all()
    if not rows:
        raise NotFound(what="person", id=str(person_id))
    return actor_of(db, rows)


def actor_of(db: Db, rows: Sequence[sa.Row[*tuple[Any, ...]]]) -> Actor:
    """Whom these rows are about, which have `ACTOR_COLUMNS`: every request asks, and objects would take ten times it.

    One row for each mandate; of an administrator what was lent is asked for, too.
    """
    person, held = rows[0], tuple(held_of(row, row.zone) for row in rows if row.role is not None)
    lent = db.execute(_LENT, {"person": person.id}) if any(mandate.role is Role.ADMIN for mandate in held) else ()
    return Actor(
        person.id, person.name, held, lent=tuple(EmergencyRight(*row) for row in lent), timezone=person.timezone
    )
