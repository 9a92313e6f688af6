"""How the plenary of the demonstration adopts a text: it is opened, signed in three languages, published by two."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date

from msgspec import Struct

from drafts.languages.alignment import RowDecision, doubtful
from drafts.text.blocks import BlockKind, Language
from workspace.approvals.models import Matter
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Db, Store, Trilingual
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.phase_changes import PhaseService
from workspace.declarations.domain.service import DeclarationService
from workspace.editions.domain.corrigenda import CorrigendumService
from workspace.editions.domain.models import Edition
from workspace.editions.domain.overrides import OverrideService
from workspace.editions.domain.publication import EditionService
from workspace.editions.domain.queries import Obstacle, ObstacleRef
from workspace.interchange.import_service import import_declaration_texts, side_by_side
from workspace.people.service import PeopleService
from workspace.procedure.agenda import CurrentItemService
from workspace.procedure.models import Means, Subject, VoteChoice
from workspace.procedure.screen import ScreenService
from workspace.procedure.service import QuestionService, QuestionSubject
from workspace.procedure.store import VotingRules
from workspace.procedure.voting.proxies import ProxyIn, ProxyService
from workspace.sittings.service import Act, SittingActIn, SittingService
from workspace.translations.domain.concordance import ConcordanceService, texts_hash, versions_of


class PlenarySteps:
    """One declaration before the plenary; each method is one thing that its people do."""

    def __init__(self, store: Store, forum: str, slug: str, *, chair: Actor, secretariat: Actor) -> None:
        self.store, self.forum, self.slug = store, forum, slug
        self.chair, self.secretariat = chair, secretariat

    def open(self) -> None:
        """Two people open the adoption."""
        with self.declaration() as (db, declaration):
            phases = PhaseService(db)
            phases.move(declaration, Phase.CONSULTATION, actor=self.chair)
            phases.ask(declaration, Matter.ADOPTION, actor=self.chair)
            phases.confirm(declaration, Matter.ADOPTION, actor=self.secretariat)

    def vote(self, voters: Sequence[Actor]) -> None:
        """A roll call on a paragraph: the first of the voters is away, and the second votes for both."""
        with self.declaration() as (db, declaration):
            questions, (away, holder, *_) = QuestionService(db), voters
            rows = queries.head_rows(db, declaration)
            block_id = next(row.block_id for row in rows if row.kind is BlockKind.OPERATIVE)
            about, rules = QuestionSubject(Subject.PARAGRAPH, block_id=block_id), VotingRules(Means.VOTE)
            question = questions.put_vote(declaration, about, switches=rules, actor=self.chair)
            terms = ProxyIn(holder=holder.mandates[0].organisation_id)
            proxy = ProxyService(db).give(declaration, terms, actor=away)
            questions.cast(question, VoteChoice.YES, proxy=proxy.id, actor=holder)
            for voter in voters[1:]:
                questions.cast(question, VoteChoice.YES, actor=voter)
            questions.close(question, actor=self.chair)

    def sit(self, delegates: Sequence[Actor]) -> None:
        """A sitting and its screen are opened: the delegates are there, and three speak on the first paragraph."""
        with self.declaration() as (db, declaration):
            service, today = SittingService(db), clock.today(declaration.forum.timezone)
            place = declaration.forum.place.said_in(declaration.original_language) or declaration.forum.slug
            sitting = service.arrange(declaration, place, f"{today}T10:00", actor=self.secretariat)
            rows = queries.head_rows(db, declaration)
            first = next(row.block_id for row in rows if row.kind is BlockKind.OPERATIVE)
            ScreenService(db).open(declaration, is_public=True, actor=self.chair)
            CurrentItemService(db).give(declaration, block_id=first, actor=self.chair)
            acts = [(Act.BEGIN, self.chair), *((Act.ARRIVE, each) for each in delegates), (Act.OPEN_LIST, self.chair)]
            acts += [(Act.REQUEST, each) for each in delegates[:3]] + [(Act.NEXT, self.chair)] * 3
            for act, actor in acts:
                service.perform(sitting, SittingActIn(act=act), actor=actor)

    def rise(self) -> None:
        """The sitting is closed, and the chair signs its minutes."""
        with self.declaration() as (db, declaration):
            service = SittingService(db)
            for act in (Act.END, Act.SIGN):
                service.perform(service.numbered(declaration, 1), SittingActIn(act=act), actor=self.chair)

    def sign(self, reviser: Actor, languages: Collection[Language] = tuple(Language)) -> None:
        """The reviser signs that the texts say the same, and answers for these languages."""
        with self.declaration() as (db, declaration):
            concordance = ConcordanceService(db)
            rows = queries.head_rows(db, declaration)
            seen = {
                paragraph_concordance.row.block_id: versions_of(paragraph_concordance.row)
                for paragraph_concordance in concordance.review(declaration)
            }
            concordance.sign(declaration.id, seen, actor=reviser)
            for language in languages:
                concordance.sign_off(declaration.id, language, expected=texts_hash(rows, language), actor=reviser)

    def publish(self, adopted_on: date) -> tuple[Edition, Mapping[str, bytes]]:
        """The secretariat asks for it, the chair confirms; answers with the edition and its files."""
        with self.store.reading() as db:
            declaration = DeclarationService(db).at(PeopleService(db).forum(self.forum), self.slug)
            prepared = EditionService(db).prepare(declaration, adopted_on=adopted_on, actor=self.secretariat)
            declaration_id = declaration.id
        with self.store.writing() as db:
            editions = EditionService(db)
            stored = DeclarationService(db).get(declaration_id)
            editions.request(stored, actor=self.secretariat, adopted_on=adopted_on)
            return editions.publish(declaration_id, prepared, actor=self.chair), prepared.files

    @contextmanager
    def declaration(self) -> Iterator[tuple[Db, Declaration]]:
        """The declaration, in a unit of work of its own."""
        with self.store.writing() as db:
            yield db, DeclarationService(db).at(PeopleService(db).forum(self.forum), self.slug)


class LetterError(Struct):
    """A word that was mistyped; `paragraph` is its number."""

    paragraph: str
    language: Language
    was: str
    now: str


class LetterMaterial(Struct):
    """What is told in `letter.json`. In `unsigned` nobody answers for the text when it goes out."""

    slug: str
    title: dict[str, str]
    original_language: Language
    adopted_on: date
    unsigned: Language
    let_out: str
    corrections: list[LetterError]
    why: str


class LetterSteps:
    """The way of the letter. Call the steps in their order."""

    def __init__(self, store: Store, forum: str, material: LetterMaterial, *, chair: Actor, secretariat: Actor) -> None:
        self.material = material
        self.store, self.forum, self.secretariat, self.chair = store, forum, secretariat, chair
        self.plenary = PlenarySteps(store, forum, material.slug, chair=chair, secretariat=secretariat)

    def draft(self, texts: Mapping[Language, str]) -> None:
        """The letter comes in, in three languages, and goes before the plenary."""
        with self.store.writing() as db:
            made, _ = import_declaration_texts(
                db,
                PeopleService(db).forum(self.forum),
                slug=self.material.slug,
                texts=texts,
                language=self.material.original_language,
                actor=self.secretariat,
                decided=dict.fromkeys(doubtful(side_by_side(texts)), RowDecision.KEEP),
            )
            made.name = Trilingual.of(self.material.title)
            for phase in (Phase.DRAFTING, Phase.REVIEW):
                PhaseService(db).move(made, phase, actor=self.chair)
        self.plenary.open()

    def publish(self, reviser: Actor) -> None:
        """One language is not signed for; two people let it go out so, and say why."""
        self.plenary.sign(reviser, [language for language in Language if language is not self.material.unsigned])
        with self.plenary.declaration() as (db, declaration):
            overrides, obstacle = OverrideService(db), ObstacleRef(Obstacle.SIGNATURE, None, self.material.unsigned)
            override = overrides.ask(declaration.id, obstacle, reason=self.material.let_out, actor=self.chair)
            overrides.confirm(declaration.id, override.id, actor=self.secretariat)
        self.plenary.publish(self.material.adopted_on)

    def correct(self) -> None:
        """The secretariat puts slips right, the chair confirms: a second edition, with its sheet."""
        with self.plenary.declaration() as (db, declaration):
            corrigenda, rows = CorrigendumService(db), queries.head_rows(db, declaration)
            numbered = queries.numbers_of(rows)
            for letter_error in self.material.corrections:
                row = next(row for row in rows if numbered.get(row.id) == letter_error.paragraph)
                words = row.content(letter_error.language).replace(letter_error.was, letter_error.now)
                made = corrigenda.correct(
                    declaration, row.block_id, letter_error.language, words, actor=self.secretariat
                )
            corrigenda.ask(made, self.material.why, actor=self.secretariat)
            number = made.number
        with self.plenary.declaration() as (db, declaration):
            corrigenda = CorrigendumService(db)
            corrigendum = corrigenda.numbered(declaration, number, actor=self.chair)
            corrigenda.confirm(corrigendum, corrigenda.prepare(corrigendum), actor=self.chair)
