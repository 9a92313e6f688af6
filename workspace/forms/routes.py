"""The pages of forms and the same as JSON: making them, answering, the receipt, and what came in."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from types import MappingProxyType
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Response
from litestar.params import QueryParameter
from msgspec import Meta, Struct, convert
from msgspec.structs import replace

from workspace.comments.views import reading_actor, remember_guest
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound
from workspace.core.shapes import MadeFile, Shape, filled
from workspace.core.sheets import CSV, XLSX, comma_separated, xlsx
from workspace.core.storage.db import Db
from workspace.core.validation import MOST_NUMBER, known_word, whole_number
from workspace.declarations.frame import header
from workspace.forms.models import AnswerState, FieldKind, Form, FormAnswer, FormField, FormKind, Respondent
from workspace.forms.results import (
    STATES,
    FormResults,
    answer_rows,
    made_of,
    results,
    said_in_words,
    session_titles,
    sheet,
)
from workspace.forms.service import ANSWER, MANAGE, FormAnswerIn, FormIn, FormService, refusals_of
from workspace.people.frame import FrameInForum, InForum, forum_frame, forum_named
from workspace.people.guests import GuestService
from workspace.people.organisations import OrganisationService
from workspace.people.policy import may_in, speaks_for
from workspace.web.api import CREATED, DONE, ListOf, Number, reads, writes
from workspace.web.http.files import attachment
from workspace.web.http.request_context import Body, FormBody, FromPath, Loads, QueryNumber, Slug, Work
from workspace.web.http.routing import get, post
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES
from workspace.web.pages import Done, Page, PageOrRedirect, field_errors, gives, page, redirect, shows, takes

REFUSED, A_PAGE = 422, 50
MOST_ASKED = 20  # unknown organisations at a time, each with every known one to choose from
KINDS: Mapping[FormKind, str] = {
    FormKind.CALL: N_("Call for sessions"),
    FormKind.CONCEPT_NOTE: N_("Concept note"),
    FormKind.QUESTIONNAIRE: N_("Questionnaire"),
    FormKind.REPORT: N_("Rapporteur’s report"),
}
RESPONDENTS: Mapping[Respondent, str] = {
    Respondent.PERSON: N_("Each person"),
    Respondent.ORGANISATION: N_("Each organisation"),
}
FIELD_KINDS: Mapping[FieldKind, str] = {
    FieldKind.TEXT: N_("Text"),
    FieldKind.CHOICE: N_("One choice"),
    FieldKind.CHOICES: N_("Several choices"),
    FieldKind.SCALE: N_("Scale"),
    FieldKind.SESSION: N_("Session"),
}
Fields = FormBody[dict[str, str | list[str]]]
Typed = Mapping[str, str | list[str]]
NOTHING_SENT: Typed = MappingProxyType({})
Key = Annotated[str, QueryParameter(max_length=40, description="A question: only answers that say something there.")]
Words = Annotated[str, Meta(max_length=5_000)]


def _form(db: Db, forum: FromPath[str], number: Number, *, actor: Actor) -> Form:
    return FormService(db).numbered(forum_named(db, forum), number, actor=actor)


def _managed(db: Db, forum: FromPath[str], number: Number, *, actor: Actor) -> Form:
    return FormService(db).managed(forum_named(db, forum), number, actor=actor)


ReadForm = Annotated[Form, Loads(_form)]
ManagedForm = Annotated[Form, Loads(_managed)]


class FormOut(Shape, frozen=True, kw_only=True):
    """A form: `fields` are its questions, the texts in up to three languages."""

    number: int
    kind: FormKind
    respondent: Respondent
    title: dict[str, str]
    introduction: dict[str, str]
    opens_at: datetime | None
    closes_at: datetime | None
    is_open: bool
    fields: Sequence[FormField]


class NewFormIn(FormIn, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new form of a kind."""

    kind: FormKind


class EarlierAnswer(Struct, frozen=True, kw_only=True):
    """What an answer said until it was corrected."""

    content: dict[str, Any]
    until: datetime


class FormAnswerOut(Shape, frozen=True, kw_only=True):
    """An answer as it came in, and what became of it; `taken` are recommendations by the key of the question.

    `earlier` is what it said before each correction, oldest first.
    """

    number: int
    language: str
    person: str
    email: str
    organisation: str
    content: dict[str, Any]
    state: AnswerState
    reason: str
    sent_at: datetime
    changed_at: datetime | None
    session_id: UUID | None
    taken: dict[str, list[int]]
    earlier: Sequence[EarlierAnswer]


class FormReceiptOut(Struct, frozen=True, kw_only=True):
    """What came in, and the key of the address by which it is corrected until the form closes."""

    form: int
    number: int
    state: AnswerState
    reason: str
    content: dict[str, Any]
    key: str
    may_correct: bool


class AnswerContentIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is answered instead, by the keys of the questions."""

    content: Annotated[dict[str, Words | list[Words]], Meta(max_length=60)]


class AnswerSettlementIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Let an answer count or set it aside, with a reason; or make what it is for of it, a session."""

    state: AnswerState | None = None
    reason: Words = ""
    make_session: bool = False


class TakenTextsIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Texts for the register by number of the answer and key of the question; and what unknown organisations are.

    Of each name that is the id of a known one, "new" to add it, or "name" to keep the name only.
    """

    texts: Annotated[list[tuple[int, Words]], Meta(max_length=1_000)] = []
    organisations: Annotated[dict[str, Words], Meta(max_length=1_000)] = {}


class TakenTextsOut(Struct, frozen=True, kw_only=True):
    """How many recommendations were made, and which organisations nobody has looked at."""

    made: int
    unknown: Sequence[str]


def form_out(form: Form) -> FormOut:
    return filled(
        FormOut, form, title=form.title.to_dict(), introduction=form.introduction.to_dict(), fields=form.questions
    )


def receipt_out(db: Db, given: FormAnswer) -> FormReceiptOut:
    return filled(
        FormReceiptOut,
        given,
        form=given.form.number,
        key=FormService(db).address(given),
        may_correct=given.form.is_open and not given.is_used and given.state is not AnswerState.SET_ASIDE,
    )


def _answer_out(given: FormAnswer, email: str) -> FormAnswerOut:
    organisation = given.organisation.name if given.organisation else given.organisation_name
    earlier = convert(given.earlier, list[EarlierAnswer])
    said = {"person": given.person.name, "email": email, "organisation": organisation, "earlier": earlier}
    return filled(FormAnswerOut, given, **said)


class FormApi(Controller):
    """The forms of a forum, and what came in by them."""

    path = "/api/forums/{forum:str}"
    tags = ("Forms",)

    @reads("/forms", policy=ANSWER)
    def list_forms(self, db: Db, actor: Actor, forum: InForum) -> ListOf[FormOut]:
        """List the forms that are open; for the secretariat, every form."""
        return ListOf(items=[form_out(form) for form, _ in FormService(db).forms(forum, actor=actor)])

    @writes("/forms", policy=MANAGE)
    def make_form(self, db: Db, actor: Actor, forum: InForum, data: Body[NewFormIn]) -> FormOut:
        """Make a form."""
        return form_out(FormService(db).make(forum, data.kind, data, actor=actor))

    @reads("/forms/{number:int}", policy=ANSWER)
    def read_form(self, form: ReadForm) -> FormOut:
        """Read a form with its questions."""
        return form_out(form)

    @writes("/forms/{number:int}", status=DONE, policy=MANAGE)
    def change_form(self, db: Db, actor: Actor, form: ManagedForm, data: Body[FormIn]) -> FormOut:
        """Change a form; its questions only while nobody has answered."""
        FormService(db).change(form, data, actor=actor)
        return form_out(form)

    @writes("/forms/{number:int}/answers", policy=ANSWER)
    def answer_form(self, db: Db, actor: Actor, form: ReadForm, data: Body[FormAnswerIn]) -> FormReceiptOut:
        """Answer a form. Without an account a letter with a link goes to the address, which makes the answer count."""
        made, _ = FormService(db).answer(form, data, actor=actor)
        return receipt_out(db, made)

    @reads("/form-answers/{key:str}", policy=ANSWER)
    def read_receipt(self, db: Db, forum: InForum, key: FromPath[str]) -> FormReceiptOut:
        """Read one's own answer by the key of its receipt."""
        return receipt_out(db, FormService(db).addressed(forum, key))

    @writes("/form-answers/{key:str}", status=DONE, policy=ANSWER)
    def correct_answer(
        self, db: Db, actor: Actor, forum: InForum, key: FromPath[str], data: Body[AnswerContentIn]
    ) -> FormReceiptOut:
        """Correct one's own answer by the key of its receipt, until the form closes."""
        service = FormService(db)
        given = service.addressed(forum, key)
        service.correct(given, data.content, actor=actor)
        return receipt_out(db, given)

    @reads("/forms/{number:int}/answers", policy=MANAGE)
    def list_answers(self, db: Db, form: ManagedForm, question: Key = "") -> ListOf[FormAnswerOut]:
        """List what came in."""
        rows = answer_rows(db, form, key=question, limit=MOST_NUMBER)
        return ListOf(items=[_answer_out(given, email) for given, email in rows])

    @reads("/forms/{number:int}/results", policy=MANAGE)
    def read_results(self, work: Work, db: Db, form: ManagedForm) -> FormResults:
        """Count what came in, question by question."""
        return results(db, form, work.language)

    @writes("/forms/{number:int}/answers/{given:int}", status=DONE, policy=MANAGE)
    def settle_answer(
        self, db: Db, actor: Actor, form: ManagedForm, given: Number, data: Body[AnswerSettlementIn]
    ) -> FormReceiptOut:
        """Let an answer count, set it aside, or make a session of it."""
        service = FormService(db)
        found = service.answer_numbered(form, given, actor=actor)
        if data.state is not None:
            service.settle(found, data.state, reason=data.reason, actor=actor)
        if data.make_session:
            service.make_session(found, actor=actor)
        return receipt_out(db, found)

    @writes("/forms/{number:int}/texts", status=CREATED, policy=MANAGE)
    def take_up_texts(self, db: Db, actor: Actor, form: ManagedForm, data: Body[TakenTextsIn]) -> TakenTextsOut:
        """Say what unknown organisations are, and put free texts into the register of recommendations."""
        service = FormService(db)
        service.identify(form, data.organisations, actor=actor)
        made = service.take_up(form, data.texts, actor=actor)
        return TakenTextsOut(made=made, unknown=service.unknown(form))


# Pages


class FormsPage(Page, frozen=True, kw_only=True):
    """The forms, each with how many answers came in."""

    lines: Sequence[tuple[FormOut, int]]
    may_manage: bool
    kinds: Mapping[FormKind, str]
    sent: Typed  # a new form that was refused
    errors: Mapping[str, str]


class FormPage(Page, frozen=True, kw_only=True):
    """A form to be filled in, or with what was answered; `receipt` is there once it came in."""

    form: FormOut
    kind: str
    choices: Mapping[str, Mapping[str, str]]
    content: Mapping[str, Any]
    who: FormAnswerIn
    is_guest: bool  # who says their name and address
    receipt: FormReceiptOut | None
    made: Sequence[tuple[str, str]]  # what came of the answer, and where it is
    states: Mapping[AnswerState, str]
    is_confirmed: bool
    errors: Mapping[str, str]


class EditPage(Page, frozen=True, kw_only=True):
    """A form to be changed; moments as the forum's clocks show them.

    `sent` is the form as it was last typed, `added` a new question that was refused; `asked` names the refused one.
    """

    form: FormOut
    sent: FormOut
    added: FormField | None
    asked: str | None
    opens: str
    closes: str
    has_answers: bool
    share: str
    respondents: Mapping[Respondent, str]
    field_kinds: Mapping[FieldKind, str]
    errors: Mapping[str, str]


class AnswerLine(Struct, frozen=True):
    """One answer as the secretariat reads it: question and answer, in words."""

    out: FormAnswerOut
    said: Sequence[tuple[str, str, str]]  # key, question, answer
    session: str
    is_used: bool
    earlier: Sequence[tuple[datetime, Sequence[tuple[str, str]]]]  # until when, and question and answer


class AnswersPage(Page, frozen=True, kw_only=True):
    """What came in: counted, and one by one."""

    form: FormOut
    result: FormResults
    lines: Sequence[AnswerLine]
    key: str
    onward: int
    total: int
    unknown: Sequence[str]
    known: Sequence[tuple[UUID, str]]
    may_add: bool
    states: Mapping[AnswerState, str]
    sent: Typed  # what was refused
    errors: Mapping[str, str]


class FormPages(Controller):
    """The forms of a forum."""

    path = "/{forum:str}/forms"

    @shows("forms/forms.html", name="forms", policy=ANSWER)
    def forms(
        self, db: Db, work: Work, found: FrameInForum, form: Typed = NOTHING_SENT, refusal: Invalid | None = None
    ) -> FormsPage:
        """The forms that are open; for the secretariat, every one."""
        lines = FormService(db).forms(found.forum, actor=work.actor)
        return FormsPage(
            place=header(db, found, work=work),
            here="forms",
            lines=[(form_out(form), count) for form, count in lines],
            may_manage=may_in(work.actor, MANAGE, found.forum),
            kinds=KINDS,
            sent=form,
            errors=field_errors(work, refusal),
        )

    @takes(again=forms, name="make_form", policy=MANAGE)
    def make(self, db: Db, work: Work, actor: Actor, forum: InForum, data: Fields) -> Done:
        """Make a form; its page for changes follows."""
        kind = known_word(FormKind, str(data.get("kind", "")), "kind")
        given = FormIn(title={work.language.value: str(data.get("title", ""))})
        made = FormService(db).make(forum, kind, given, actor=actor)
        return Done("edit_form", at={"number": made.number})

    @get("/{number:int}", name="form", policy=ANSWER)
    def form(self, work: Work, forum: Slug, number: FromPath[int]) -> Response[str]:
        """A form to be filled in."""
        return _form_page(work, forum, number=number)

    @post("/{number:int}", name="answer_form", policy=ANSWER)
    def send(self, work: Work, forum: Slug, number: FromPath[int], data: Fields) -> PageOrRedirect:
        """Take an answer in; its receipt follows."""
        given, token = _answer_in(data, work), ""
        with work.reading() as db:
            actor = reading_actor(db, work)
        try:
            with work.writing() as db:
                service = FormService(db)
                made, token = service.answer(_form(db, forum, number, actor=actor), given, actor=actor)
                to = work.url_for("form_answer", forum=forum, key=service.address(made))
        except Invalid as refusal:
            return _form_page(work, forum, number=number, given=given, refusal=refusal)
        response = redirect(work, to)
        if token:
            remember_guest(work, response, token)
        return response

    @shows("forms/edit.html", "/{number:int}/edit", name="edit_form", policy=MANAGE)
    def edit(
        self,
        *,
        db: Db,
        work: Work,
        found: FrameInForum,
        number: FromPath[int],
        form: Typed = NOTHING_SENT,
        refusal: Invalid | None = None,
    ) -> EditPage:
        """A form to be changed."""
        edited = FormService(db).managed(found.forum, number, actor=work.actor)
        opens, closes = (
            f"{found.forum.local(at):%Y-%m-%dT%H:%M}" if at else "" for at in (edited.opens_at, edited.closes_at)
        )
        asked = str(form.get("key", "")) if "act" in form else None
        return EditPage(
            place=header(db, found, work=work),
            here="forms",
            form=form_out(edited),
            sent=_typed(edited, form),
            added=_field(form, "") if asked == "" else None,
            asked=asked,
            opens=str(form.get("opens", opens)),
            closes=str(form.get("closes", closes)),
            has_answers=bool(answer_rows(db, edited, limit=1)),
            share=str(work.request.base_url).rstrip("/") + work.url_from_here("form"),
            respondents=RESPONDENTS,
            field_kinds=FIELD_KINDS,
            errors=field_errors(work, refusal),
        )

    @takes("/{number:int}/edit", again=edit, name="change_form", policy=MANAGE)
    def change(self, db: Db, work: Work, actor: Actor, form: ManagedForm, data: Fields) -> Done:
        """Change a form: its texts and dates, or one of its questions."""
        FormService(db).change(form, _form_in(form, data), actor=actor)
        return Done("edit_form", work.messages.gettext("Saved."))

    @shows("forms/answers.html", "/{number:int}/answers", name="form_answers", policy=MANAGE)
    def answers(
        self,
        *,
        db: Db,
        work: Work,
        found: FrameInForum,
        number: FromPath[int],
        after: QueryNumber = 0,
        question: Key = "",
        form: Typed = NOTHING_SENT,
        refusal: Invalid | None = None,
    ) -> AnswersPage:
        """What came in, counted and one by one."""
        answered = FormService(db).managed(found.forum, number, actor=work.actor)
        result, titles = results(db, answered, work.language), session_titles(db, answered.forum, work.actor)
        rows = answer_rows(db, answered, key=question, after=after, limit=A_PAGE + 1)
        return AnswersPage(
            place=header(db, found, work=work),
            here="forms",
            form=form_out(answered),
            result=result,
            lines=[_line(answered, given, email, work, titles) for given, email in rows[:A_PAGE]],
            key=question,
            onward=rows[A_PAGE - 1][0].number if len(rows) > A_PAGE else 0,
            total=sum(result.states.values()),
            unknown=FormService(db).unknown(answered)[:MOST_ASKED],
            known=[(each.id, each.name) for each in OrganisationService(db).every(found.forum)],
            may_add=may_in(work.actor, "organisation.manage_people", found.forum),
            states=STATES,
            sent=form,
            errors=field_errors(work, refusal),
        )

    @takes("/{number:int}/answers", again=answers, name="act_on_answers", policy=MANAGE)
    def act(
        self, *, db: Db, work: Work, form: ManagedForm, data: Fields, after: QueryNumber = 0, question: Key = ""
    ) -> Done:
        """Let one count or set it aside, make a session of it, say what organisations are, or take texts up."""
        said = _act(db, form, data, work.actor, work)
        return Done("form_answers", said, at={"after": after or None, "question": question or None})

    @gives("/{number:int}/file/{kind:str}", name="form_file", policy=MANAGE)
    def file(self, db: Db, work: Work, forum: InForum, number: FromPath[int], kind: FromPath[str]) -> Response[bytes]:
        """Every answer as `xlsx` or `csv`."""
        form = FormService(db).managed(forum, number, actor=work.actor)
        columns, rows = sheet(db, form, work.messages, work.actor)
        if kind not in {"xlsx", "csv"}:
            raise NotFound(what="file", id=kind)
        name = work.messages.gettext("Answers")
        content = xlsx(name, columns, rows) if kind == "xlsx" else comma_separated(columns, rows)
        return attachment(MadeFile(f"{forum.slug}-form-{number}.{kind}", content, XLSX if kind == "xlsx" else CSV))

    @get("/answers/{key:str}", name="form_answer", policy=ANSWER)
    def receipt(self, work: Work, forum: Slug, key: FromPath[str]) -> Response[str]:
        """What came in, to be corrected until the form closes."""
        return _form_page(work, forum, key=key)

    @post("/answers/{key:str}", name="correct_answer", policy=ANSWER)
    def correct(self, work: Work, forum: Slug, key: FromPath[str], data: Fields) -> PageOrRedirect:
        """Answer otherwise."""
        given = _answer_in(data, work)
        with work.reading() as db:
            actor = reading_actor(db, work)
        try:
            with work.writing() as db:
                service = FormService(db)
                service.correct(service.addressed(forum_named(db, forum), key), given.content, actor=actor)
        except Invalid as refusal:
            return _form_page(work, forum, key=key, given=given, refusal=refusal)
        to = work.url_for("form_answer", forum=forum, key=key)
        return redirect(work, to, said=work.messages.gettext("Answer corrected."))


def _form_page(
    work: Work,
    forum: str,
    *,
    number: int = 0,
    key: str = "",
    given: FormAnswerIn | None = None,
    refusal: Invalid | None = None,
) -> Response[str]:
    """The form with this number, or with what was answered at the address that ends in `key`."""
    with work.reading() as db:
        found, actor = forum_frame(db, forum, work=work), reading_actor(db, work)
        kept = FormService(db).addressed(found.forum, key) if key else None
        form = kept.form if kept else _form(db, forum, number, actor=actor)
        organisations, titles = OrganisationService(db).every(found.forum), session_titles(db, found.forum, actor)
        own = speaks_for(actor, found.forum.id, clock.now())
        spoken = next((each.name for each in organisations if each.id == own), "")
        guests = GuestService(db).among([kept.person_id] if kept else [])
        who = given or FormAnswerIn(content=kept.content if kept else {}, organisation=spoken)
        context = FormPage(
            place=header(db, found, work=work),
            here="forms",
            form=form_out(form),
            kind=KINDS[form.kind],
            choices={
                field.key: titles if field.kind is FieldKind.SESSION else field.values(work.language)
                for field in form.questions
            },
            content=who.content,
            who=who,
            is_guest=actor.person_id is None,
            receipt=receipt_out(db, kept) if kept else None,
            made=made_of(db, kept, titles, work) if kept else (),
            states=STATES,
            is_confirmed=kept is None or all(guest.checked_at for guest in guests.values()),
            errors=_errors(form, work, who, actor, refusal),
        )
    return page(work, "forms/form.html", context, status=REFUSED if refusal else 200)


def _errors(form: Form, work: Work, given: FormAnswerIn, actor: Actor, refusal: Invalid | None) -> Mapping[str, str]:
    """What to say beside each field of the page: a question's is called after its key."""
    keys = {field.key for field in form.questions}
    is_typed = refusal and refusal.facts["field"] in {*keys, "name", "email", "organisation"}
    said = field_errors(work, refusal, *(refusals_of(form, given, actor=actor) if is_typed else ()))
    return {f"q.{name}" if name in keys else name: words for name, words in said.items()}


def _answer_in(data: Typed, work: Work) -> FormAnswerIn:
    content = {name.removeprefix("q."): said for name, said in data.items() if name.startswith("q.")}
    who = {name: str(data.get(name, ""))[:1_000] for name in ("name", "email", "organisation")}
    return FormAnswerIn(content=content, language=work.language.value, **who)


def _typed(form: Form, data: Typed) -> FormOut:
    """The form with what was typed and refused."""
    out = form_out(form)
    if "act" in data:
        return replace(out, fields=[_field(data, of.key) if of.key == data.get("key") else of for of in out.fields])
    given = _form_in(form, data) if data else None
    same = {name: getattr(given, name) for name in ("title", "introduction", "respondent")} if given else {}
    return replace(out, **same)


def _form_in(form: Form, data: Typed) -> FormIn:
    """The form with what one of the forms of its page says of it."""
    zone = form.forum.local
    same = FormIn(
        title=form.title.to_dict(),
        introduction=form.introduction.to_dict(),
        opens=zone(form.opens_at).isoformat() if form.opens_at else "",
        closes=zone(form.closes_at).isoformat() if form.closes_at else "",
        respondent=form.respondent,
    )
    if "act" in data:
        return replace(same, fields=_fields(form.questions, data))
    respondent = str(data.get("respondent", ""))
    return FormIn(
        title=_three(data, "title"),
        introduction=_three(data, "introduction"),
        opens=str(data.get("opens", "")),
        closes=str(data.get("closes", "")),
        respondent=Respondent(respondent) if respondent in set(Respondent) else form.respondent,
    )


def _fields(known: Sequence[FormField], data: Typed) -> list[FormField]:
    """The questions after one of them was added, changed, moved up or removed."""
    act, key = str(data["act"]), str(data.get("key", ""))
    rest, keys = [field for field in known if field.key != key], [field.key for field in known]
    place = keys.index(key) if key in keys else len(known)
    if act == "remove":
        return rest
    if act == "up" and place < len(known):
        return [*rest[: max(0, place - 1)], known[place], *rest[max(0, place - 1) :]]
    free = next(name for name in (f"q{number}" for number in range(1, len(known) + 2)) if name not in keys)
    made = _field(data, key if place < len(known) else free)
    return [*rest[:place], made, *rest[place:]]


def _field(data: Typed, key: str) -> FormField:
    """A question as it was typed; a limit that is no number is -1."""
    said = str(data.get("kind", ""))
    kind = FieldKind(said) if said in set(FieldKind) else FieldKind.TEXT
    options = {language.value: str(data.get(f"options_{language}", "")).split("\n") for language in LANGUAGES}
    lines = [[line.strip() for line in said if line.strip()] for said in options.values()]
    limit = str(data.get("limit", "")).strip()
    number = whole_number(limit) if limit else 0
    return FormField(
        key=key,
        kind=kind,
        label=_three(data, "label"),
        options=[dict(zip(options, said, strict=True)) for said in zip_longest(*lines, fillvalue="")]
        if kind in {FieldKind.CHOICE, FieldKind.CHOICES}
        else (),
        limit=-1 if number is None else number,
        is_required="is_required" in data,
    )


def _three(data: Typed, name: str) -> dict[str, str]:
    return {language.value: str(data.get(f"{name}_{language}", "")) for language in LANGUAGES}


def _line(form: Form, given: FormAnswer, email: str, work: Work, titles: Mapping[str, str]) -> AnswerLine:
    out, local = _answer_out(given, email), form.forum.local
    return AnswerLine(
        replace(out, sent_at=local(given.sent_at)),
        list(_in_words(form, given.content, work, titles)),
        titles.get(str(given.session_id), ""),
        given.is_used,
        [
            (local(was.until), [each[1:] for each in _in_words(form, was.content, work, titles)])
            for was in reversed(out.earlier)
        ],
    )


def _in_words(
    form: Form, content: Mapping[str, Any], work: Work, titles: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    """Key of a text, question and answer, of each that was answered."""
    for field in form.questions:
        if words := said_in_words(field, content.get(field.key), work.language, titles):
            yield field.key if field.kind is FieldKind.TEXT else "", field.said_in(work.language), words


def _act(db: Db, form: Form, data: Typed, actor: Actor, work: Work) -> str:
    """What was asked for on the page; returns what to say of it."""
    service, act, say = FormService(db), str(data.get("act", "")), work.messages
    if act == "identify":
        becomes = zip(_several(data, "named"), _several(data, "becomes"), strict=False)
        service.identify(form, dict(becomes), actor=actor)
        return say.gettext("Saved.")
    if act == "take_up":
        pairs = [each.partition(".")[::2] for each in _several(data, "text")]
        count = service.take_up(form, [(whole_number(number) or 0, key) for number, key in pairs], actor=actor)
        return say.ngettext("%(n)s recommendation to be confirmed.", "%(n)s recommendations to be confirmed.", count)
    given = service.answer_numbered(form, whole_number(str(data.get("number", ""))) or 0, actor=actor)
    if act == "make_session":
        service.make_session(given, actor=actor)
    elif act in set(AnswerState):
        service.settle(given, AnswerState(act), reason=str(data.get("reason", "")), actor=actor)
    else:
        raise NotFound(what="act", id=act[:20])
    return say.gettext("Saved.")


def _several(data: Typed, name: str) -> list[str]:
    """What a form says under a name; alone it comes as a word."""
    said = data.get(name, [])
    return [said] if isinstance(said, str) else said
