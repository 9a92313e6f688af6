"""The demonstration, step by step, each by the person whose work it is and through the services everyone uses."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from drafts.amendments import Change, ChangeOp, Part
from drafts.blocks import BlockKind
from drafts.markup import decode
from drafts.numbering import numbers
from workspace.amendments.models import Amendment, Verdict
from workspace.amendments.service import AmendmentService, Ruling
from workspace.comments.service import CommentService
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.db import Db, Store, Trilingual
from workspace.core.errors import NotReady
from workspace.core.permissions import Phase
from workspace.declarations import queries
from workspace.declarations.models import Declaration
from workspace.declarations.service import DeclarationService
from workspace.demo.material import Edit, Material, Rendering, Round, WantedAmendment, WantedChange, WantedRuling
from workspace.editions.models import Edition
from workspace.editions.service import Blocker, EditionService
from workspace.interchange.notes import extract
from workspace.interchange.service import NotesService, take_in_texts
from workspace.people.models import Forum, Organisation, Person
from workspace.people.service import PeopleService
from workspace.recommendations.models import Recommendation, Standing
from workspace.recommendations.service import RecommendationService
from workspace.translations.service import TranslationService

FROM_NOTES = "draft-from-notes"  # address of the draft made from notes that the user gave


@dataclass(slots=True)
class Told:
    """What the story did, for the table at the end."""

    documents: int = 0
    sessions: int = 0
    recommendations: int = 0
    paragraphs: int = 0
    amendments: int = 0
    comments: int = 0
    collisions: int = 0
    revisions: int = 0
    translations: int = 0
    refused: tuple[Blocker, ...] = ()
    edition: int = 0
    manifest: str = ""
    files: dict[str, bytes] = field(default_factory=dict)


class Story:
    """Tells the story into an empty store. Call the steps in their order."""

    def __init__(self, store: Store, notes: Sequence[Path] = ()) -> None:
        self.store = store
        self.material = Material()
        self.own_notes = not notes
        self.notes = list(notes) or self.material.notes
        self.told = Told()
        self._people: dict[str, Actor] = {}
        self._blocks: dict[str, UUID] = {}  # number in the zero draft, or "new:…", to block
        self._amendments: dict[str, UUID] = {}

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

    def take_notes_in(self) -> None:
        """Session notes become sessions and proposals; each file whole or not at all."""
        rapporteur = self._one(Role.RAPPORTEUR)
        for path in self.notes:
            data = path.read_bytes()
            extraction = extract(data, source=path.name)
            with self._forum() as (db, forum):
                taken = NotesService(db).take_in(forum, extraction, decode(data, path.name), actor=rapporteur)
            self.told.documents += 1
            self.told.sessions += len(taken.sessions)
            self.told.recommendations += len(taken.recommendations)

    def settle_recommendations(self) -> None:
        """The rapporteur drops what was not agreed and confirms the rest."""
        rapporteur = self._one(Role.RAPPORTEUR)
        sources = self.material.sources
        out = [(one.note, one.text) for one in sources.dropped]
        out += [(one.duplicate.note, one.duplicate.text) for one in sources.merged]
        with self._forum() as (db, forum):
            register = RecommendationService(db)
            found = self._register(db, forum)
            dropped = [found[said].number for said in map(_said, out) if said in found]
            if dropped:
                register.settle(forum, dropped, Standing.DROPPED, actor=rapporteur)
            register.confirm_all(forum, actor=rapporteur)

    def draft(self) -> None:
        """The zero draft comes in, in three languages; its paragraphs remember what they came from."""
        cast = self.material.cast
        chair = self._one(Role.CHAIR)
        with self._forum() as (db, forum):
            made, _ = take_in_texts(
                db,
                forum,
                slug=cast.declaration.slug,
                texts=self.material.texts,
                language=cast.declaration.original_language,
                actor=self._one(Role.SECRETARIAT),
            )
            made.name = Trilingual.of(cast.declaration.title)
            self._name_blocks(db, made)
            DeclarationService(db).move_phase(made, Phase.DRAFTING, actor=chair)
            self._link(db, forum, made)
            DeclarationService(db).move_phase(made, Phase.REVIEW, actor=chair)
            self.told.paragraphs = len(made.head.rows)
        if not self.own_notes:
            self._draft_from_notes()

    def comment(self) -> None:
        """Members talk about paragraphs, each in their language."""
        for remark in self.material.remarks:
            with self._declaration() as (db, declaration):
                comments = CommentService(db)
                thread = comments.open(
                    declaration,
                    self._blocks[remark.paragraph],
                    text=remark.text,
                    language=remark.language,
                    actor=self._people[remark.by],
                )
                for answer in remark.replies:
                    comments.reply(thread.id, text=answer.text, language=answer.language, actor=self._people[answer.by])
                self.told.comments += 1 + len(remark.replies)

    def amend(self) -> None:
        """Members file their amendments, all against the zero draft."""
        for wanted in self.material.amendments:
            with self._declaration() as (db, declaration):
                amendment = AmendmentService(db).propose(
                    declaration.id,
                    base_revision=declaration.head.number,
                    language=wanted.language,
                    changes=[self._change(one) for one in wanted.changes],
                    reason=wanted.reason,
                    is_indivisible=wanted.indivisible,
                    actor=self._people[wanted.by],
                )
                self._remember_new_blocks(wanted, amendment)
                self.told.amendments += 1

    def decide(self) -> Iterator[int]:
        """The committee's rounds; after each, direct edits and translations. Yields the number of each round."""
        for one in self.material.rounds:
            yield one.round
            self._decide(one)
            for edit in self.material.edits:
                if edit.after_round == one.round:
                    self._edit(edit)
            self._translate(one.round)

    def publish(self) -> None:
        """Publication is refused for what is missing; the gap is filled; two people publish."""
        with self._declaration() as (db, declaration):
            declarations, chair = DeclarationService(db), self._one(Role.CHAIR)
            declarations.move_phase(declaration, Phase.CONSULTATION, actor=chair)
            declarations.move_phase(declaration, Phase.ADOPTION, actor=chair)
        try:
            self._publish()
        except NotReady as refusal:
            self.told.refused = tuple(one for one in refusal.blockers if isinstance(one, Blocker))
        self._translate(len(self.material.rounds) + 1)
        edition = self._publish()
        self.told.edition, self.told.manifest = edition.number, edition.manifest_sha256

    # Whoever does what

    def _add_organisations(self, people: PeopleService, forum: Forum) -> Mapping[str, Organisation]:
        return {
            one.key: people.add_organisation(
                forum, name=one.name, kind=one.kind, country=one.country, aliases=one.aliases, actor=OPERATOR
            )
            for one in self.material.cast.organisations
        }

    def _add_people(
        self, people: PeopleService, forum: Forum, bodies: Mapping[str, Organisation]
    ) -> Mapping[str, Person]:
        return {
            one.key: people.add_person(
                forum,
                name=one.name,
                role=one.role,
                organisation=bodies[one.organisation],
                language=one.language,
                starts_on=one.mandate.starts_on,
                ends_on=one.mandate.ends_on,
                actor=OPERATOR,
            )
            for one in self.material.cast.people
        }

    def _one(self, role: Role) -> Actor:
        return self._people[next(one.key for one in self.material.cast.people if one.role is role)]

    @contextmanager
    def _forum(self) -> Iterator[tuple[Db, Forum]]:
        with self.store.writing() as db:
            yield db, PeopleService(db).forum(self.slug)

    @contextmanager
    def _declaration(self) -> Iterator[tuple[Db, Declaration]]:
        with self._forum() as (db, forum):
            yield db, DeclarationService(db).at(forum, self.material.cast.declaration.slug)

    # Notes and paragraphs

    def _register(self, db: Db, forum: Forum) -> Mapping[tuple[str, str], Recommendation]:
        every = RecommendationService(db).register(forum, actor=self._one(Role.RAPPORTEUR))
        return {(one.session.document.name, " ".join(one.text.split())): one for one in every if one.session.document}

    def _name_blocks(self, db: Db, declaration: Declaration) -> None:
        rows = queries.head_rows(db, declaration)
        numbered = numbers(queries.structure(rows))
        preambular = [row.block_id for row in rows if row.kind is BlockKind.PREAMBLE]
        self._blocks = {number: UUID(block_id) for block_id, number in numbered.items()}
        self._blocks |= {f"P{place}": block_id for place, block_id in enumerate(preambular, start=1)}

    def _link(self, db: Db, forum: Forum, declaration: Declaration) -> None:
        found = self._register(db, forum)
        for link in self.material.sources.links:
            if said := found.get(_said((link.note, link.text))):
                DeclarationService(db).link(
                    declaration, self._blocks[link.paragraph], said, actor=self._one(Role.RAPPORTEUR)
                )

    def _draft_from_notes(self) -> None:
        """With notes of the user's own, also a first draft made of what they recommend."""
        with self._forum() as (db, forum):
            confirmed = RecommendationService(db).register(
                forum, standing=Standing.CONFIRMED, actor=self._one(Role.RAPPORTEUR)
            )
            if confirmed:
                DeclarationService(db).draft(
                    forum,
                    slug=FROM_NOTES,
                    name=Trilingual(es="Primer borrador", en="First draft", fr="Premier projet"),
                    language=self.material.cast.declaration.original_language,
                    recommendations=confirmed,
                    actor=self._one(Role.SECRETARIAT),
                )

    # Amendments

    def _change(self, wanted: WantedChange) -> Change:
        op = ChangeOp(wanted.op)
        after = str(self._blocks[wanted.after]) if wanted.after else None
        if op is ChangeOp.INSERT:
            return Change(op, "new", text=wanted.text, kind=BlockKind(wanted.kind), after=after)
        block = str(self._blocks[wanted.paragraph])
        if op is ChangeOp.SPLIT:
            first, *rest = wanted.parts
            parts = tuple(Part(f"part-{place}", text) for place, text in enumerate(rest))
            return Change(op, block, text=first, parts=parts)
        if op is ChangeOp.JOIN:
            return Change(op, block, text=wanted.text, joined=(str(self._blocks[wanted.joined]),))
        return Change(op, block, text=wanted.text or None, after=after)

    def _remember_new_blocks(self, wanted: WantedAmendment, amendment: Amendment) -> None:
        self._amendments[wanted.key] = amendment.id
        for record in amendment.latest.changes:
            change = record.change
            if record.op is ChangeOp.INSERT:
                self._blocks[f"new:{wanted.key}"] = UUID(change["block"])
            for part in change["parts"]:
                self._blocks[f"new:{wanted.key}"] = UUID(part["id"])

    def _decide(self, one: Round) -> None:
        with self._declaration() as (db, declaration):
            adoption = AmendmentService(db).decide(
                declaration.id,
                [self._ruling(db, ruling) for ruling in one.decide],
                language=one.language,
                expected_head=declaration.head.id,
                actor=self._people[one.by],
            )
            self.told.collisions += len(adoption.clusters)
            self.told.revisions = declaration.head.number

    def _ruling(self, db: Db, wanted: WantedRuling) -> Ruling:
        amendment = db.get_one(Amendment, self._amendments[wanted.amendment])
        changes: tuple[Change, ...] = ()
        if wanted.text:
            block_id = next(record.block_id for record in amendment.latest.changes)
            changes = (Change(ChangeOp.REWORD, str(block_id), text=wanted.text),)
        return Ruling(amendment.id, Verdict(wanted.disposition), wanted.reason, changes)

    def _edit(self, edit: Edit) -> None:
        with self._declaration() as (db, declaration):
            AmendmentService(db).edit(
                declaration.id,
                [Change(ChangeOp.REWORD, str(self._blocks[edit.paragraph]), text=edit.text)],
                language=edit.language,
                reason=edit.reason,
                expected_head=declaration.head.id,
                actor=self._people[edit.by],
            )
            self.told.revisions = declaration.head.number

    def _translate(self, after_round: int) -> None:
        for one in self.material.renderings:
            if one.round == after_round:
                self._render(one)

    def _render(self, one: Rendering) -> None:
        block_id = self._blocks[one.paragraph]
        with self._declaration() as (db, declaration):
            row = next(row for row in queries.head_rows(db, declaration) if row.block_id == block_id)
            head = row.texts.get(one.language)
            expected = head.id if head else None
            desk = TranslationService(db)
            actor = self._people[one.by]
            if one.kind == "still_valid":
                desk.confirm(declaration.id, block_id, one.language, expected=expected, actor=actor)
            else:
                desk.save(
                    declaration.id,
                    block_id,
                    one.language,
                    one.text,
                    sources=[row.original_language],
                    expected=expected,
                    actor=actor,
                )
            self.told.translations += 1

    def _publish(self) -> Edition:
        secretariat, chair = self._one(Role.SECRETARIAT), self._one(Role.CHAIR)
        with self.store.reading() as db:
            declaration = DeclarationService(db).at(
                PeopleService(db).forum(self.slug), self.material.cast.declaration.slug
            )
            adopted_on = self.material.cast.declaration.adopted_on
            prepared = EditionService(db).prepare(declaration, adopted_on=adopted_on, actor=secretariat)
            declaration_id = declaration.id
        with self.store.writing() as db:
            editions = EditionService(db)
            editions.request(DeclarationService(db).get(declaration_id), actor=secretariat)
            self.told.files = dict(prepared.files)
            return editions.publish(declaration_id, prepared, actor=chair)


def _said(said: tuple[str, str]) -> tuple[str, str]:
    note, text = said
    return Path(note).name, " ".join(text.split())
