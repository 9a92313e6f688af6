"""The demonstration: a forum is founded, notes come in, one declaration goes the whole way, another waits half-way."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from msgspec import Struct

from drafts.diff.amendments import Change, ChangeOp
from drafts.text.blocks import BlockKind, Language
from drafts.text.markup import decode
from workspace.amendments.domain.sponsors import BackingService
from workspace.amendments.service import AmendmentService
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.security.permissions import Phase
from workspace.core.settings import Outbound
from workspace.core.storage.db import Db, Store, Trilingual
from workspace.declarations.domain import queries
from workspace.declarations.domain.new_blocks import NewBlock
from workspace.declarations.domain.service import DeclarationService
from workspace.demo.declaration import DeclarationSteps, register_by_statement, statement_key
from workspace.demo.follow_up import add_follow_up, report_progress
from workspace.demo.material import Material, SecondForumMaterial
from workspace.demo.publication import LetterSteps
from workspace.editions.domain.models import ParentKind
from workspace.editions.domain.parents import ParentService
from workspace.interchange.import_service import NoteImportService
from workspace.interchange.notes import extract
from workspace.people.mandates import MandateService
from workspace.people.models import Forum, Organisation, OrganisationKind, Person, Registration
from workspace.people.service import ForumSettings, PeopleService
from workspace.recommendations.models import RecommendationStatus
from workspace.recommendations.service import RecommendationService
from workspace.terms.glossary import GlossaryService
from workspace.terms.policy import Scope
from workspace.webhooks.delivery import gather_deliveries
from workspace.webhooks.models import Delivery
from workspace.webhooks.service import WebhookService


def make_second_forum(
    db: Db, late: SecondForumMaterial, *, network: Trilingual, cast: Mapping[str, Actor], admin: Actor
) -> Forum:
    """Found it among people who are there already, with a draft, an amendment of one city and another one's support."""
    people, roles = PeopleService(db), {**late.people, "admin": Role.ADMIN}
    forum = people.found(
        network=network,
        slug=late.slug,
        name=Trilingual.of(late.name),
        description=Trilingual.of(late.description),
        timezone="Europe/Paris",
        starts_on=late.starts,
        ends_on=late.ends,
        actor=OPERATOR,
    )
    known = {key: db.get_one(Person, actor.person_id) for key, actor in {**cast, "admin": admin}.items()}
    mandates = MandateService(db)
    for key, role in roles.items():
        organisation = known[key].mandates[0].organisation
        mandates.give(forum, known[key], role=role, organisation=organisation, actor=OPERATOR)
    db.flush()
    db.expire_all()
    speaking = {key: known[key].as_actor() for key in roles}
    wanted = ForumSettings(
        registration=Registration.INVITATION, guest_comments=False, one_voice=True, is_public_programme=True
    )
    people.change_settings(forum, wanted, actor=speaking["admin"])
    service, name = DeclarationService(db), Trilingual.of(late.title)
    blocks = [NewBlock(BlockKind.OPERATIVE, texts) for texts in late.texts]
    draft = service.create(forum, slug=late.draft, name=name, language=Language.EN, blocks=blocks, actor=OPERATOR)
    service.enter(draft, Phase.REVIEW, actor=OPERATOR)
    first = str(queries.head_rows(db, draft)[0].block_id)
    changes = [Change(ChangeOp.REWORD, first, text=late.instead)]
    filed = AmendmentService(db).propose(
        draft.id,
        base_revision=1,
        language=late.language,
        changes=changes,
        reason=late.reason,
        actor=speaking[late.proposes],
    )
    BackingService(db).support(filed.id, actor=speaking[late.supports])
    return forum


WEBHOOK_URL = "https://agenda.ciudades-en-vela.example/hooks/declaration"
KINDS = ("edition", "phase")
_SOON = timedelta(seconds=2)
_LATER = timedelta(minutes=7)
_AGO = timedelta(hours=1)
_ENOUGH = 3  # messages to show one that came late, one that never came, and another one


def add_webhook(store: Store, forum: str, *, actor: Actor) -> None:
    """The calendar of the network wants to know of phases and editions."""
    with store.writing() as db:
        found = PeopleService(db).forum(forum)
        WebhookService(db, Outbound.ON).add(found, url=WEBHOOK_URL, kinds=KINDS, actor=actor)


def record_deliveries(store: Store) -> None:
    """What it was told: everything arrived, one message at the third try only, and the last but one never."""
    gather_deliveries(store)
    with store.writing() as db:
        deliveries = db.scalars(sa.select(Delivery).order_by(Delivery.sequence)).all()
        for delivery in deliveries:
            delivery.made_at -= _AGO
            delivery.attempts, delivery.next_try_at, delivery.delivered_at = 1, None, delivery.made_at + _SOON
        if len(deliveries) >= _ENOUGH:
            deliveries[0].attempts, deliveries[0].delivered_at = 3, deliveries[0].made_at + _LATER
            lost = deliveries[-2]
            lost.attempts, lost.delivered_at, lost.failed_at = 11, None, lost.made_at + _LATER
            lost.last_error = "status 503"


FROM_NOTES = "draft-from-notes"  # address of the draft made from notes that the user gave
PRACTICE = "practice"  # address of the declaration that is left half-way, to try things on
PRACTICE_NAME = {
    "es": "Proyecto para practicar: la ciudad de noche",
    "en": "A draft to practise on: the city at night",
    "fr": "Un projet pour s’exercer : la ville la nuit",
}


class ImportSummary(Struct):
    """What the notes gave, for the table at the end."""

    documents: int = 0
    sessions: int = 0
    recommendations: int = 0


class Demonstration:
    """Tells the story into an empty store. Call the steps in their order."""

    def __init__(self, store: Store, notes: Sequence[Path] = ()) -> None:
        self.store = store
        self.material = Material()
        self.own_notes = not notes
        self.notes = list(notes) or self.material.notes
        self.collected = ImportSummary()
        self._people: dict[str, Actor] = {}

    @property
    def slug(self) -> str:
        return self.material.cast.forum.slug

    def found(self) -> None:
        """The network, its forum, and everyone who takes part."""
        cast = self.material.cast
        with self.store.writing() as db:
            people = PeopleService(db)
            forum = people.found(
                network=Trilingual.of(cast.network.name),
                slug=cast.forum.slug,
                name=Trilingual.of(cast.forum.name),
                description=Trilingual.of(cast.forum.description),
                place=Trilingual(es=cast.forum.place, en=cast.forum.place, fr=cast.forum.place),
                timezone=cast.forum.timezone,
                starts_on=cast.forum.starts,
                ends_on=cast.forum.ends,
                actor=OPERATOR,
            )
            bodies = self._add_organisations(people, forum)
            self._people = {key: person.as_actor() for key, person in self._add_people(people, forum, bodies).items()}
            GlossaryService(db).take_in(Scope(forum), self.material.glossary, actor=self._person(Role.SECRETARIAT))
        add_webhook(self.store, self.slug, actor=self._person(Role.ADMIN))

    def take_notes_in(self) -> None:
        """Session notes become sessions and proposals; each file whole or not at all."""
        rapporteur = self._person(Role.RAPPORTEUR)
        for path in self.notes:
            data = path.read_bytes()
            extraction = extract(data, source=path.name)
            with self.store.writing() as db:
                forum = PeopleService(db).forum(self.slug)
                taken = NoteImportService(db).take_in(forum, extraction, decode(data, path.name), actor=rapporteur)
            self.collected.documents += 1
            self.collected.sessions += len(taken.sessions)
            self.collected.recommendations += len(taken.recommendations)

    def settle_recommendations(self) -> None:
        """The rapporteur sets aside what was not agreed, merges what was said twice and confirms the rest."""
        rapporteur = self._person(Role.RAPPORTEUR)
        sources = self.material.sources
        with self.store.writing() as db:
            forum = PeopleService(db).forum(self.slug)
            found = register_by_statement(db, forum, actor=rapporteur)
            service, dropped = RecommendationService(db), RecommendationStatus.DROPPED
            for out in sources.dropped:
                if row := found.get(statement_key(out.note, out.text)):
                    service.settle(forum, [row.number], dropped, reason=out.reason, actor=rapporteur)
            for merger in sources.merged:
                kept, row = (found.get(statement_key(said.note, said.text)) for said in (merger.kept, merger.duplicate))
                if kept and row:
                    service.merge(forum, kept.number, [row.number], reason=merger.reason, actor=rapporteur)
            service.confirm_all(forum, actor=rapporteur)

    def follow_up(self) -> None:
        """Axes, groups, a project and commitments beside the declaration."""
        with self.store.writing() as db:
            add_follow_up(db, PeopleService(db).forum(self.slug), self.material.following, cast=self._people)

    def report_progress(self) -> None:
        """What became of the declaration: commitments by paragraph, and the report to the members."""
        with self.store.writing() as db:
            forum = PeopleService(db).forum(self.slug)
            slug, office = self.material.cast.declaration.slug, self._person(Role.SECRETARIAT)
            report_progress(db, forum, self.material.following, slug, secretariat=office)

    def declaring(self) -> DeclarationSteps:
        """The declaration that goes the whole way."""
        wanted = self.material.cast.declaration
        return DeclarationSteps(self.store, self.material, self._people, slug=wanted.slug, name=wanted.title)

    def send_letter(self) -> None:
        """The letter that was published before, let out as it was and put right afterwards."""
        material, way = self.material, self.declaring()
        sending = LetterSteps(
            self.store,
            self.slug,
            material.letter,
            chair=self._person(Role.CHAIR),
            secretariat=self._person(Role.SECRETARIAT),
        )
        sending.draft(material.letter_texts)
        sending.publish(way.reviser())
        sending.correct()

    def leave_practice(self) -> None:
        """The same zero draft once more, left half-way: amendments to decide, collisions, stale and missing texts."""
        practice = DeclarationSteps(self.store, self.material, self._people, slug=PRACTICE, name=PRACTICE_NAME)
        practice.draft()
        practice.comment()
        practice.amend()
        practice.amend_amendments()
        practice.hold(self.material.rounds[0])
        practice.edit()
        practice.amend_from_the_floor()
        practice.prepare_translations()
        practice.set_dates()

    def gather_late(self) -> None:
        """A second forum, in which each delegation has one voice; and what the webhook of the first was told."""
        with self.store.writing() as db:
            network, admin = Trilingual.of(self.material.cast.network.name), self._person(Role.ADMIN)
            second = make_second_forum(db, self.material.late, network=network, cast=self._people, admin=admin)
            ParentService(db).add(second, self.slug, ParentKind.EARLIER, actor=OPERATOR)
        record_deliveries(self.store)

    def draft_from_notes(self) -> None:
        """A first draft made of what notes of the user's own recommend."""
        with self.store.writing() as db:
            forum = PeopleService(db).forum(self.slug)
            confirmed = RecommendationService(db).register(
                forum, standing=RecommendationStatus.CONFIRMED, actor=self._person(Role.RAPPORTEUR)
            )
            if confirmed:
                DeclarationService(db).draft(
                    forum,
                    slug=FROM_NOTES,
                    name=Trilingual(es="Primer borrador", en="First draft", fr="Premier projet"),
                    language=self.material.cast.declaration.original_language,
                    recommendations=confirmed,
                    actor=self._person(Role.SECRETARIAT),
                )

    def _add_organisations(self, people: PeopleService, forum: Forum) -> Mapping[str, Organisation]:
        return {
            organisation.key: people.add_organisation(
                forum,
                name=organisation.name,
                kind=OrganisationKind(organisation.kind),
                country=organisation.country,
                aliases=organisation.aliases,
                actor=OPERATOR,
            )
            for organisation in self.material.cast.organisations
        }

    def _add_people(
        self, people: PeopleService, forum: Forum, bodies: Mapping[str, Organisation]
    ) -> Mapping[str, Person]:
        return {
            participant_material.key: people.add_person(
                forum,
                name=participant_material.name,
                role=participant_material.role,
                organisation=bodies[participant_material.organisation],
                language=participant_material.language,
                starts_on=participant_material.mandate.starts_on,
                ends_on=participant_material.mandate.ends_on,
                is_steward=participant_material.steward,
                actor=OPERATOR,
            )
            for participant_material in self.material.cast.people
        }

    def _person(self, role: Role) -> Actor:
        return self._people[self.material.cast.first(role)]
