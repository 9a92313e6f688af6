"""What is printed around the declaration of the demo: who signed, what two cities put on record, what is annexed."""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from drafts.formats.apparatus import AnnexKind, Position
from drafts.text.blocks import Language
from workspace.core import clock
from workspace.core.actor import OPERATOR, Actor
from workspace.core.storage.db import Db, Trilingual
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.editions.domain import policy
from workspace.editions.domain.annexes import AnnexFields, AnnexService
from workspace.editions.domain.reservations import ReservationService
from workspace.editions.domain.signatories import SignatoryFields, SignatoryService
from workspace.people.models import Forum
from workspace.recommendations.models import Recommendation, TaxonomyKind
from workspace.recommendations.themes import ThemeService
from workspace.sessions.service import SessionService

SourcedText = dict[str, str]


class SignatoryMaterial(Struct):
    organisation: SourcedText
    person: str
    capacity: SourcedText


class ReservationMaterial(Struct):
    """`paragraph` is its number in the final text."""

    by: str
    position: Position
    paragraph: str
    language: Language
    text: SourcedText


class AnnexMaterial(Struct):
    """`set` is the place of a set of recommendations, where it is one."""

    kind: AnnexKind
    title: SourcedText
    text: SourcedText = {}
    version: str = ""
    set: int | None = None


class RecommendationSetMaterial(Struct):
    """A set of recommendations: those of some sessions, by their places in the programme."""

    name: SourcedText
    sessions: list[int]


class ApparatusMaterial(Struct):
    """What is told in `around.json`."""

    signed_on: date
    signatories: list[SignatoryMaterial]
    window_days: int
    reservations: list[ReservationMaterial]
    sets: list[RecommendationSetMaterial]
    annexes: list[AnnexMaterial]


def add_apparatus(
    db: Db, forum: Forum, declaration: Declaration, material: ApparatusMaterial, people: Mapping[str, Actor]
) -> None:
    """Put everything that is told around a declaration that is before the plenary."""
    for signatory in material.signatories:
        fields = SignatoryFields(
            Trilingual.of(signatory.organisation),
            signatory.person,
            Trilingual.of(signatory.capacity),
            material.signed_on,
        )
        SignatoryService(db).add(declaration, fields, actor=OPERATOR)
    _reserve(db, declaration, material, people)
    sets = _sets(db, forum, material)
    for annex in material.annexes:
        made = AnnexFields(
            annex.kind,
            Trilingual.of(annex.title),
            Trilingual.of(annex.text),
            annex.version,
            None if annex.set is None else sets[annex.set],
        )
        AnnexService(db).add(declaration, made, actor=OPERATOR)


def _reserve(db: Db, declaration: Declaration, material: ApparatusMaterial, people: Mapping[str, Actor]) -> None:
    service, now = ReservationService(db), clock.now()
    service.set_window(
        declaration, now - timedelta(minutes=1), now + timedelta(days=material.window_days), actor=OPERATOR
    )
    numbered = queries.numbers_of(queries.head_rows(db, declaration))
    blocks = {number: UUID(block) for block, number in numbered.items()}
    for reservation in material.reservations:
        actor = people[reservation.by]
        service.file(
            declaration,
            reservation.position,
            policy.represented_organisations(actor, declaration)[0],
            Trilingual.of(reservation.text),
            language=reservation.language,
            block_id=blocks[reservation.paragraph],
            actor=actor,
        )


def _sets(db: Db, forum: Forum, shown: ApparatusMaterial) -> list[UUID]:
    themes = ThemeService(db)
    taxonomy = themes.add(forum, TaxonomyKind.SETS, Trilingual(), actor=OPERATOR)
    sessions = SessionService(db).programme(forum, actor=OPERATOR)
    made = []
    for material in shown.sets:
        theme = themes.add_theme(taxonomy.id, Trilingual.of(material.name), actor=OPERATOR)
        of = [
            sessions[place - 1].id for place in material.sessions if place <= len(sessions)
        ]  # fewer with notes of others
        chosen = sa.select(Recommendation.number).where(Recommendation.session_id.in_(of))
        themes.assign(forum, list(db.scalars(chosen)), [theme.id], actor=OPERATOR)
        made.append(theme.id)
    return made
