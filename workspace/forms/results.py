"""What the answers to a form say together: counted by the database, and as a spreadsheet."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import joinedload

from workspace.core.actor import Actor
from workspace.core.sheets import Column, Value
from workspace.core.storage.db import Db
from workspace.forms.models import AnswerState, FieldKind, Form, FormAnswer, FormField
from workspace.forms.service import FormService
from workspace.people.guests import GuestService
from workspace.people.models import Forum
from workspace.recommendations.models import Recommendation
from workspace.recommendations.policy import may_read_recommendation
from workspace.sessions import policy
from workspace.sessions.models import Session
from workspace.web.http.request_context import Work
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import Messages

STATES: Mapping[AnswerState, str] = {
    AnswerState.RECEIVED: N_("not counted yet"),
    AnswerState.COUNTED: N_("counted"),
    AnswerState.SET_ASIDE: N_("set aside"),
}
_BATCH = 500  # rows read at once
_COUNTED = {FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.SCALE}


class FormFieldResult(Struct, frozen=True, kw_only=True):
    """How many answered a question, and how many each choice has; `mean` of a scale, null for all others."""

    key: str
    kind: FieldKind
    label: str
    count: int
    choices: Sequence[tuple[str, int]]
    mean: float | None


class FormResults(Struct, frozen=True, kw_only=True):
    """How many answers stand in each state, and what those that count say."""

    states: dict[str, int]
    fields: Sequence[FormFieldResult]


class OwnAnswer(Struct, frozen=True):
    """An answer as whoever gave it finds it again."""

    title: str
    number: int
    state: str
    href: str
    said: str
    reason: str
    made: Sequence[tuple[str, str]]


def own_answers(db: Db, forum: Forum, person_id: UUID, *, work: Work) -> list[OwnAnswer]:
    """What somebody answered in a forum, each with the address of its receipt."""
    service, titles = FormService(db), session_titles(db, forum, work.actor)
    return [
        OwnAnswer(
            answer.form.title.said_in(work.language),
            answer.number,
            answer.state.value,
            work.url_for("form_answer", forum=forum.slug, key=service.address(answer)),
            work.messages.gettext(STATES[answer.state]),
            answer.reason,
            made_of(db, answer, titles, work),
        )
        for answer in service.answers_of(forum, person_id)
    ]


def made_of(db: Db, answer: FormAnswer, titles: Mapping[str, str], work: Work) -> list[tuple[str, str]]:
    """What was made of an answer, a session and recommendations, with their addresses, where the reader may read it."""
    forum, session = answer.form.forum, str(answer.session_id)
    at = work.url_for("session", forum=forum.slug, session_id=session) if session in titles else ""
    taken = Recommendation.number.in_([number for numbers in answer.taken.values() for number in numbers])
    rows = sa.select(Recommendation).where(Recommendation.forum_id == forum.id, taken).order_by(Recommendation.number)
    numbers = [row.number for row in db.scalars(rows) if may_read_recommendation(work.actor, forum, row)]
    say, register = work.messages.gettext, work.url_for("recommendations", forum=forum.slug)
    made = [(say("Recommendation %(number)s", number=number), f"{register}/{number}") for number in numbers]
    return [(titles[session], at), *made] if at else made


def results(db: Db, form: Form, language: str) -> FormResults:
    """Two statements, however many answers there are."""
    of_form = sa.select(FormAnswer.state, sa.func.count()).where(FormAnswer.form_id == form.id)
    states = {state.value: count for state, count in db.execute(of_form.group_by(FormAnswer.state))}
    questions, columns = form.questions, list[Any]()
    for field in questions:
        said: sa.ColumnElement[str] = FormAnswer.content[field.key].as_string()
        columns += [
            sa.func.count(said),
            *(sa.func.count(sa.case((_chose(field, value), 1))) for value in _values(field)),
        ]
    counting = sa.select(*columns).where(FormAnswer.form_id == form.id, FormAnswer.state == AnswerState.COUNTED)
    counts = iter(db.execute(counting).one() if columns else ())
    return FormResults(states=states, fields=[_result(field, counts, language) for field in questions])


def _values(field: FormField) -> Sequence[str]:
    return list(field.values("")) if field.kind in _COUNTED else ()


def _chose(field: FormField, value: str) -> sa.ColumnElement[bool]:
    said = FormAnswer.content[field.key].as_string()
    found: sa.ColumnElement[bool] = said.contains(f'"{value}"') if field.kind is FieldKind.CHOICES else said == value
    return found


def _result(field: FormField, counts: Iterator[int], language: str) -> FormFieldResult:
    count, wordings = next(counts), field.values(language)
    choices = [(wordings[value], next(counts)) for value in _values(field)]
    points = sum(int(point) * number for point, number in choices) if field.kind is FieldKind.SCALE else 0
    return FormFieldResult(
        key=field.key,
        kind=field.kind,
        label=field.said_in(language),
        count=count,
        choices=choices,
        mean=round(points / count, 2) if field.kind is FieldKind.SCALE and count else None,
    )


def answer_rows(
    db: Db, form: Form, *, key: str = "", after: int = 0, limit: int = _BATCH
) -> list[tuple[FormAnswer, str]]:
    """The answers after a number, in their order, each with the address of a guest who gave it, or "".

    With `key` those alone that say something there and were not set aside.
    """
    here = sa.select(FormAnswer).where(FormAnswer.form_id == form.id, FormAnswer.number > after)
    if key:
        said = FormAnswer.content[key].as_string()
        here = here.where(said.is_not(None), FormAnswer.state != AnswerState.SET_ASIDE)
    whole = here.options(joinedload(FormAnswer.person), joinedload(FormAnswer.organisation))
    found = db.scalars(whole.order_by(FormAnswer.number).limit(limit)).all()
    guests = GuestService(db).among({answer.person_id for answer in found})
    return [(row, guests[row.person_id].email if row.person_id in guests else "") for row in found]


def said_in_words(field: FormField, said: Any, language: str, sessions: Mapping[str, str]) -> str:
    """An answer to one question as people read it."""
    wordings = sessions if field.kind is FieldKind.SESSION else field.values(language)
    if field.kind is FieldKind.TEXT:
        return str(said or "")
    return "; ".join(wordings.get(each, each) for each in (said if isinstance(said, list) else [said] if said else ()))


def session_titles(db: Db, forum: Forum, actor: Actor) -> Mapping[str, str]:
    """The sessions of a forum that are shown to them, by their ids, as a form offers them."""
    if not policy.may_read(actor, forum):
        return {}
    shown = policy.shown_to(actor, forum)
    rows = sa.select(Session.id, Session.number, Session.title).where(Session.forum_id == forum.id, shown)
    return {str(key): f"{number}. {title}" for key, number, title in db.execute(rows.order_by(Session.number))}


def sheet(db: Db, form: Form, messages: Messages, actor: Actor) -> tuple[list[Column], Iterator[list[Value]]]:
    """Every answer as a row of a spreadsheet, in the order in which they came."""
    say, questions = messages.gettext, form.questions
    headings = [say("No."), say("Received"), say("Status"), say("Organisation"), say("Name"), say("E-mail address")]
    columns = [*(Column(heading, 18) for heading in headings), Column(say("Language"), 10)]
    columns += [Column(field.said_in(messages.language), 40) for field in questions]
    return columns, _sheet_rows(db, form, messages, session_titles(db, form.forum, actor))


def _sheet_rows(db: Db, form: Form, messages: Messages, sessions: Mapping[str, str]) -> Iterator[list[Value]]:
    questions, after = form.questions, 0
    while found := answer_rows(db, form, after=after):
        for answer, email in found:
            name = answer.organisation.name if answer.organisation else answer.organisation_name
            facts = (answer.number, answer.sent_at, messages.gettext(STATES[answer.state]), name, answer.person.name)
            said = (
                said_in_words(field, answer.content.get(field.key), messages.language, sessions) for field in questions
            )
            yield [*facts, email, answer.language, *said]
        after = found[-1][0].number
