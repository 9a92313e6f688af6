"""What goes beside the declaration of the demo: axes, groups, a questionnaire, a project, and what cities promised."""

from collections.abc import Mapping
from datetime import date
from operator import attrgetter
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from drafts.text.block_roles import read_declaration
from drafts.text.blocks import Language
from workspace.consultation.adopted_texts import AdoptedTextFields, BankService
from workspace.consultation.groups import GroupService
from workspace.consultation.models import CommitmentStatus
from workspace.consultation.projects import ProjectService
from workspace.core.actor import OPERATOR, Actor
from workspace.core.storage.db import Db, Trilingual, new_id
from workspace.declarations.domain import queries
from workspace.editions.domain.circulars import CircularService
from workspace.editions.domain.commitments import CommitmentService, Progress, published_texts
from workspace.editions.domain.models import CircularKind
from workspace.forms.models import FormKind
from workspace.forms.service import FormAnswerIn, FormIn, FormService
from workspace.people.models import Forum, Person
from workspace.people.organisations import OrganisationService
from workspace.recommendations.models import Recommendation, TaxonomyKind
from workspace.recommendations.themes import ThemeService
from workspace.sessions.files import FileService
from workspace.sessions.service import SessionService


class ThemeListMaterial(Struct):
    """A list of themes, one for each session in their order."""

    name: dict[str, str]
    of_sessions: list[dict[str, str]]


class GroupMaterial(Struct):
    session: int
    name: str
    language: str


class CommitmentMaterial(Struct):
    """What a body of the cast promised, until when, and how far it got."""

    organisation: str
    language: str
    text: str
    due: date
    status: CommitmentStatus
    note: str
    link: str = ""
    paragraph: str = ""  # its number in the declaration


class QuotationMaterial(Struct):
    """Words of a text that was adopted before, and where they stand in it."""

    source: str
    citation: str
    language: str
    text: str


class AdoptedTextMaterial(Struct):
    """A whole text that was adopted before, as Markdown in each language."""

    symbol: str
    adopted_on: date
    texts: dict[Language, str]


class FollowUpMaterial(Struct):
    """What is told in `following.json`. `joining` take part in every project.

    `bank` and the `adopted` text can be quoted while drafting.
    """

    axes: ThemeListMaterial
    groups: list[GroupMaterial]
    commitments: list[CommitmentMaterial]
    joining: list[str]
    bank: list[QuotationMaterial]
    adopted: AdoptedTextMaterial
    form: FormIn
    answers: dict[str, dict[str, str | list[str]]]  # to the form, by who of the cast gave them


def add_follow_up(db: Db, forum: Forum, material: FollowUpMaterial, *, cast: Mapping[str, Actor]) -> None:
    """Put everything that is told beside the declaration of a forum that has its notes."""
    forms = FormService(db)
    form = forms.make(forum, FormKind.QUESTIONNAIRE, material.form, actor=OPERATOR)
    for who, content in material.answers.items():
        language = db.get_one(Person, cast[who].person_id).language
        forms.answer(form, FormAnswerIn(content=content, language=language), actor=cast[who])
    _axes(db, forum, material.axes)
    bodies = {organisation.name: organisation.id for organisation in OrganisationService(db).every(forum)}
    sessions = SessionService(db).programme(forum, actor=OPERATOR)
    for group in material.groups:
        session = sessions[group.session - 1]
        GroupService(db).add_group(session, group.name, language=group.language, actor=OPERATOR)
    projects = ProjectService(db)
    for session in sessions:
        for project in projects.take_up(session, actor=OPERATOR):
            for name in material.joining:
                projects.join(project, bodies[name], actor=OPERATOR)
    for passage in material.bank:
        BankService(db).add(
            forum,
            source=passage.source,
            citation=passage.citation,
            language=passage.language,
            text=passage.text,
            actor=OPERATOR,
        )
    documents = {
        language: read_declaration(text, language=language, new_id=lambda: str(new_id()))
        for language, text in material.adopted.texts.items()
    }
    symbol = material.adopted.symbol.replace("/", "-")
    for language, text in material.adopted.texts.items():
        FileService(db).attach(sessions[0], f"{symbol} ({language}).md", text.encode(), actor=OPERATOR)
    whole = AdoptedTextFields(documents, symbol=material.adopted.symbol, adopted_on=material.adopted.adopted_on)
    BankService(db).take_in(forum, whole, actor=OPERATOR)
    commitments = CommitmentService(db)
    for commitment in material.commitments:
        made = commitments.promise(
            forum,
            bodies[commitment.organisation],
            commitment.text,
            language=commitment.language,
            due=commitment.due,
            actor=OPERATOR,
        )
        if commitment.note:
            progress = Progress(commitment.status, commitment.note, link=commitment.link)
            commitments.report(made, progress, due=commitment.due, actor=OPERATOR)


def report_progress(db: Db, forum: Forum, material: FollowUpMaterial, slug: str, *, secretariat: Actor) -> None:
    """After the adoption: each commitment is of a paragraph, and the members have the yearly report."""
    service = CommitmentService(db)
    [text] = [text for text in published_texts(db, forum, actor=OPERATOR) if text.declaration.slug == slug]
    blocks = {number: UUID(block) for block, number in queries.numbers_of(text.rows).items()}
    made = sorted(service.register(forum, actor=OPERATOR), key=attrgetter("number"))
    for told, commitment in zip(material.commitments, made, strict=True):
        if told.paragraph in blocks:
            service.tie(commitment, blocks[told.paragraph], actor=OPERATOR)
    circulars = CircularService(db)
    circulars.send(circulars.begin(forum, CircularKind.REPORT, actor=secretariat), actor=secretariat)


def _axes(db: Db, forum: Forum, axes: ThemeListMaterial) -> None:
    """Every recommendation under the axis of its session."""
    themes = ThemeService(db)
    sessions = SessionService(db).programme(forum, actor=OPERATOR)
    made = themes.add(forum, TaxonomyKind.AXES, Trilingual.of(axes.name), actor=OPERATOR)
    for session, name in zip(sessions, axes.of_sessions, strict=True):
        theme = themes.add_theme(made.id, Trilingual.of(name), actor=OPERATOR)
        numbers = db.scalars(sa.select(Recommendation.number).where(Recommendation.session_id == session.id))
        themes.assign(forum, list(numbers), [theme.id], actor=OPERATOR)
