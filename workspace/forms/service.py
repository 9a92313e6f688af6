"""Making forms, answering them, and saying what becomes of each answer."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa
from msgspec import Meta, Struct
from msgspec.structs import replace

from drafts.base.words import fold_text, word_count
from workspace.accounts.domain.models import Account
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound, existing
from workspace.core.events import GuestConfirmed, SessionsJoined
from workspace.core.outbox import queue_letter, seal_link
from workspace.core.storage import log
from workspace.core.storage.db import Db, Service, Trilingual, lock_for_writing, new_id, next_number, sealer
from workspace.core.storage.log import Fact
from workspace.core.validation import known_id, needed_reason
from workspace.forms.models import AnswerState, FieldKind, Form, FormAnswer, FormField, FormKind, Respondent
from workspace.people.guests import GuestService, NewGuest, unconfirmed
from workspace.people.models import Contact, Forum, Organisation
from workspace.people.organisations import OrganisationService, organisation_index
from workspace.people.policy import ensure_may_in, may_in, speaks_for
from workspace.people.validation import email_address, ensure_printable, folded, known_language, person_name, short_line
from workspace.recommendations.service import ADD, NAME_ONLY, RecommendationService, SubmittedText, VerbatimStatement
from workspace.sessions.corrections import SessionCorrectionIn
from workspace.sessions.models import Session
from workspace.sessions.service import SessionService
from workspace.sessions.typed_facts import FORMATS_BY_WORD, languages_of, people_of

MANAGE, ANSWER = "form.manage", "form.answer"
LONGEST_TEXT, LONGEST_TITLE, LONGEST_INTRODUCTION = 10_000, 300, 4_000  # characters
MOST_FIELDS, MOST_OPTIONS, MOST_POINTS, MOST_WORDS = 60, 40, 10, 5_000
MOST_CORRECTIONS = 50  # of one answer
MOST_HELD = 10  # answers of one guest whose address is not confirmed
PRESETS: Mapping[str, Any] = json.loads(Path(__file__).with_name("presets.json").read_text(encoding="utf-8"))
_MARK = re.compile(r"^(?:[-–•*]+\s*|\d{1,2}[.)]\s+)")
_ITEMS = re.compile(r"\n\s*\n|\n(?=\s*(?:[-–•*]|\d{1,2}[.)])\s)")  # an empty line, or the next item of a list
_ABOUT = "form_answer"
Words = Annotated[str, Meta(max_length=LONGEST_TEXT)]
Content = dict[str, Any]  # a text, the place of a choice, or a list of places, by the key of the question


class FormIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A form as it is to stand. `opens` and `closes` are moments in the forum's zone, or with an offset of their own.

    Without `fields` the questions are left as they are; a new form begins with those that its kind usually has.
    """

    title: dict[str, Words]
    introduction: dict[str, Words] = {}
    opens: Annotated[str, Meta(max_length=64)] = ""
    closes: Annotated[str, Meta(max_length=64)] = ""
    respondent: Respondent = Respondent.PERSON
    fields: Annotated[list[FormField], Meta(max_length=MOST_FIELDS)] | None = None


class FormAnswerIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An answer, by the keys of the questions. Whoever has no account says their name and address."""

    content: Annotated[dict[str, Words | list[Words]], Meta(max_length=MOST_FIELDS)]
    language: Words = "en"
    name: Words = ""
    email: Words = ""
    organisation: Words = ""


class FormService(Service):
    """The forms of forums, and the register of what came in by them."""

    # Forms

    def make(self, forum: Forum, kind: FormKind, given: FormIn, *, actor: Actor) -> Form:
        """Add a form. Raises `Invalid`, naming the field, for what cannot be."""
        ensure_may_in(actor, MANAGE, forum)
        lock_for_writing(self.db, Forum, forum.id)
        preset = msgspec.convert(PRESETS[kind], list[FormField])
        number = next_number(self.db, Form.number, Form.forum_id == forum.id)
        form = Form(id=new_id(), forum=forum, number=number, kind=kind, fields=msgspec.to_builtins(preset))
        self._put(form, given)
        self.db.add(form)
        self._record("form.made", form, actor)
        return form

    def change(self, form: Form, given: FormIn, *, actor: Actor) -> None:
        """Let a form stand otherwise; its questions only as long as nobody has answered them."""
        ensure_may_in(actor, MANAGE, form.forum)
        lock_for_writing(self.db, Form, form.id)
        self._put(form, given)
        self._record("form.changed", form, actor)

    def numbered(self, forum: Forum, number: int, *, actor: Actor) -> Form:
        """The form with this number; `NotFound` where there is none, and for a draft of those who manage forms."""
        form = self.db.scalar(sa.select(Form).where(Form.forum_id == forum.id, Form.number == number))
        may = form is not None and ((form.opens_at and form.opens_at <= clock.now()) or may_in(actor, MANAGE, forum))
        if form is None or not may:
            raise NotFound(what="form", id=str(number))
        return form

    def managed(self, forum: Forum, number: int, *, actor: Actor) -> Form:
        """The same for those who manage forms."""
        ensure_may_in(actor, MANAGE, forum)
        return self.numbered(forum, number, actor=actor)

    def forms(self, forum: Forum, *, actor: Actor) -> list[tuple[Form, int]]:
        """The forms of a forum, newest first, each with how many answers came in; to others those that are open."""
        count = sa.select(sa.func.count()).where(FormAnswer.form_id == Form.id).scalar_subquery()
        rows = self.db.execute(sa.select(Form, count).where(Form.forum_id == forum.id).order_by(Form.number.desc()))
        is_manager = may_in(actor, MANAGE, forum)
        return [(form, number if is_manager else 0) for form, number in rows if is_manager or form.is_open]

    def _put(self, form: Form, given: FormIn) -> None:
        form.title = _three("title", given.title, LONGEST_TITLE)
        if not form.title.said_in("en"):
            raise Invalid(field="title", reason="required")
        form.introduction = _three("introduction", given.introduction, LONGEST_INTRODUCTION)
        zone, form.respondent = ZoneInfo(form.forum.timezone), given.respondent
        form.opens_at, form.closes_at = _moment("opens", given.opens, zone), _moment("closes", given.closes, zone)
        if form.opens_at and form.closes_at and form.closes_at <= form.opens_at:
            raise Invalid(field="closes", reason="closes_before_opens")
        if given.fields is not None:
            self._put_fields(form, given.fields)

    def _put_fields(self, form: Form, fields: Sequence[FormField]) -> None:
        checked = [_checked(field) for field in fields]
        if checked == form.questions:
            return
        if self.db.scalar(sa.select(FormAnswer.id).where(FormAnswer.form_id == form.id).limit(1)):
            raise Invalid(field="fields", reason="has_answers")
        if len({field.key for field in checked}) < len(checked):
            raise Invalid(field="fields", reason="taken", given=checked[-1].key)
        form.fields = msgspec.to_builtins(checked)

    # Answers

    def answer(self, form: Form, given: FormAnswerIn, *, actor: Actor) -> tuple[FormAnswer, str]:
        """Take an answer in; it, and the token by which a visitor's browser goes on as the guest they become.

        Theirs counts once they have opened the link that they are sent. Raises `Invalid`, naming the question.
        """
        _ensure_open(form)
        lock_for_writing(self.db, Form, form.id)
        content, language = self._read(form, given.content, actor), known_language(given.language)
        name = self._organisation_name(form, given, actor)
        known = organisation_index(OrganisationService(self.db).every(form.forum)).get(folded(name)) if name else None
        answer = FormAnswer(
            id=new_id(),
            form=form,
            number=next_number(self.db, FormAnswer.number, FormAnswer.form_id == form.id),
            language=language,
            organisation=known,
            organisation_name="" if known else name,
            person_id=actor.person_id,
            content=content,
            state=AnswerState.RECEIVED,
            sent_at=clock.now(),
        )
        if self._is_taken(answer):
            raise Invalid(field=form.respondent, reason="answered_already")
        if guest := self._guest(answer, given, actor):
            answer.person_id = guest.person.id
        self.db.add(answer)
        self.db.flush()
        self._count(answer)
        self._record("form.answered", form, guest.person.as_actor() if guest else actor, **_of(answer))
        if guest is None:
            self._tell(answer, "form_receipt")
        return answer, guest.token if guest else ""

    def correct(self, answer: FormAnswer, content: Mapping[str, Any], *, actor: Actor) -> None:
        """Put another answer in its place, as long as the form is open and nothing was made of it.

        What it said before is kept. Raises `Invalid` as `answer` does, and after `MOST_CORRECTIONS`.
        """
        _ensure_open(answer.form)
        lock_for_writing(self.db, FormAnswer, answer.id)
        if answer.is_used or answer.state is AnswerState.SET_ASIDE:
            raise Invalid(field="content", reason="used_already")
        if len(answer.earlier) >= MOST_CORRECTIONS:
            raise Invalid(field="content", reason="too_many", limit=MOST_CORRECTIONS)
        corrected = self._read(answer.form, content, actor)
        if corrected == answer.content:
            return
        before, answer.changed_at = answer.content, clock.now()
        answer.earlier = [*answer.earlier, {"content": before, "until": answer.changed_at.isoformat()}]
        answer.content = corrected
        self._record("form.answer_corrected", answer.form, actor, **_of(answer))

    def address(self, answer: FormAnswer) -> str:
        """The part of an address by which whoever answered comes back to it."""
        return sealer(self.db).address(answer.id, about=_ABOUT)

    def addressed(self, forum: Forum, token: str) -> FormAnswer:
        """The answer at such an address; raises `NotFound`."""
        id_ = sealer(self.db).addressed(token, about=_ABOUT)
        answer = self.db.get(FormAnswer, id_) if id_ else None
        if answer is None or answer.form.forum_id != forum.id:
            raise NotFound(what="answer", id="")
        return answer

    def answers_of(self, forum: Forum, person_id: UUID) -> list[FormAnswer]:
        """What somebody answered in a forum, in the order in which it came in."""
        theirs = sa.select(FormAnswer).join(Form).where(Form.forum_id == forum.id, FormAnswer.person_id == person_id)
        return list(self.db.scalars(theirs.order_by(FormAnswer.id)))

    def pending(self, forum: Forum, *, actor: Actor) -> list[tuple[Form, int]]:
        """The forms with answers that wait for those who manage them, and how many; nothing for everybody else.

        An answer waits to be added to the programme, to be counted beside another of its organisation, or for
        somebody to say what its organisation is; never before its giver has confirmed their address.
        """
        if not may_in(actor, MANAGE, forum):
            return []
        is_unused = FormAnswer.session_id.is_(None) & (Form.kind != FormKind.QUESTIONNAIRE)
        is_unknown = (FormAnswer.organisation_name != "") & FormAnswer.is_name_kept.is_(False)
        waits = sa.or_(
            FormAnswer.state == AnswerState.RECEIVED,
            is_unknown & (FormAnswer.state == AnswerState.COUNTED),
            is_unused & (FormAnswer.state == AnswerState.COUNTED),
        )
        rows = (
            sa.select(Form, sa.func.count())
            .join(FormAnswer, FormAnswer.form_id == Form.id)
            .where(Form.forum_id == forum.id, waits, FormAnswer.person_id.not_in(unconfirmed()))
            .group_by(Form.id)
            .order_by(Form.number)
        )
        return [(form, count) for form, count in self.db.execute(rows)]

    def answer_numbered(self, form: Form, number: int, *, actor: Actor) -> FormAnswer:
        """One answer, for those who manage forms; raises `NotFound`."""
        ensure_may_in(actor, MANAGE, form.forum)
        found = self.db.scalar(sa.select(FormAnswer).where(FormAnswer.form_id == form.id, FormAnswer.number == number))
        return existing(found, "answer", number)

    # What becomes of them

    def settle(self, answer: FormAnswer, state: AnswerState, *, reason: str = "", actor: Actor) -> None:
        """Let an answer count, or set it aside with a reason, which whoever gave it is told. `Invalid` where it cannot.

        What something was made of stays as it is.
        """
        ensure_may_in(actor, MANAGE, answer.form.forum)
        lock_for_writing(self.db, Form, answer.form_id)
        if answer.is_used or state is AnswerState.RECEIVED:
            raise Invalid(field="state", reason="used_already")
        answer.reason = needed_reason(reason) if state is AnswerState.SET_ASIDE else ""
        if state is AnswerState.COUNTED and self._is_taken(answer):
            raise Invalid(field=answer.form.respondent, reason="answered_already")
        if answer.state is state:
            return
        answer.state, answer.settled_by_id = state, actor.person_id
        self._record("form.answer_settled", answer.form, actor, **_of(answer))
        if state is AnswerState.SET_ASIDE:
            self._tell(answer, reason=answer.reason)

    def identify(self, form: Form, choices: Mapping[str, str], *, actor: Actor) -> None:
        """Say what organisations are that the register does not know: the id of one, `ADD`, or `NAME_ONLY`, by name."""
        ensure_may_in(actor, MANAGE, form.forum)
        lock_for_writing(self.db, Form, form.id)
        register = OrganisationService(self.db)
        for name, choice in choices.items():
            here = [answer for answer in self._unknown(form) if folded(answer.organisation_name) == folded(name)]
            found = _identified(register, form.forum, name, choice, actor) if here and choice else None
            for answer in here if choice else ():
                answer.organisation, answer.is_name_kept = found, found is None
                answer.organisation_name = "" if found else answer.organisation_name
                if answer.state is AnswerState.COUNTED and self._is_taken(answer):
                    answer.state = AnswerState.RECEIVED
                self._record("form.answer_settled", form, actor, **_of(answer))

    def summaries(self, session_id: UUID) -> list[tuple[str, str]]:
        """What notes and reports that were added to a session say in short, each with its language."""
        added = sa.select(FormAnswer).where(FormAnswer.session_id == session_id).order_by(FormAnswer.sent_at)
        said = [(answer.language, str(answer.content.get("summary", ""))) for answer in self.db.scalars(added)]
        return [(language, words) for language, words in said if words]

    def unknown(self, form: Form) -> list[str]:
        """The names of organisations that somebody has still to look at, each once."""
        names = {folded(answer.organisation_name): answer.organisation_name for answer in self._unknown(form)}
        return [names[key] for key in sorted(names)]

    def make_session(self, answer: FormAnswer, *, actor: Actor) -> Session:
        """Make a session of a call or concept note, or bring it onto the one that it names; of a report, its results.

        Whoever gave it is told. Raises `Invalid` where something was made of it already.
        """
        ensure_may_in(actor, MANAGE, answer.form.forum)
        lock_for_writing(self.db, FormAnswer, answer.id)
        self.db.refresh(answer)
        if answer.is_used or answer.form.kind is FormKind.QUESTIONNAIRE:
            raise Invalid(field="answer", reason="used_already")
        sessions, named = SessionService(self.db), answer.content.get("session")
        session = sessions.get(known_id(str(named), "session"), actor=actor) if named else None
        if answer.form.kind is FormKind.REPORT:
            if session is None:
                raise Invalid(field="session", reason="required")
            said = [VerbatimStatement(line, answer.language) for line in _lines(answer, "recommendations")]
            made = RecommendationService(self.db).propose(session, said, actor=actor)
            answer.taken = {"recommendations": [row.number for row in made]}
            before = [statement.text for statement in sessions.details(session).key_messages]
            messages = tuple(dict.fromkeys([*before, *_lines(answer, "key_messages")]))
            sessions.correct(session, SessionCorrectionIn(key_messages=messages), actor=actor)
        elif session is None:
            session = sessions.make(answer.form.forum, _facts(answer), language=answer.language, actor=actor)
        else:
            sessions.correct(session, _facts(answer), actor=actor)
        answer.session_id, answer.state = session.id, AnswerState.COUNTED
        answer.settled_by_id = actor.person_id
        self._record("form.answer_taken", answer.form, actor, session=str(session.id), **_of(answer))
        self._tell(answer, session=session.number)
        return session

    def take_up(self, form: Form, texts: Sequence[tuple[int, str]], *, actor: Actor) -> int:
        """Put free texts into the register of recommendations, by the number of the answer and the key of the question.

        An empty line, or a mark or number of a list, divides two. Each is of whoever gave it and waits to be confirmed.
        Raises `Invalid` for organisations that nobody has looked at. What is there already is not put in again.
        """
        ensure_may_in(actor, MANAGE, form.forum)
        lock_for_writing(self.db, Form, form.id)
        labels = {field.key: field.said_in("") for field in form.questions if field.kind is FieldKind.TEXT}
        chosen = [(self.answer_numbered(form, number, actor=actor), key) for number, key in dict.fromkeys(texts)]
        wanted = [(answer, key) for answer, key in chosen if key in labels and key not in answer.taken]
        if unseen := sorted({of.organisation_name for of, _ in wanted if of.organisation_name and not of.is_name_kept}):
            raise Invalid(field="becomes", reason="unknown_organisations", listed="; ".join(unseen))
        said = [
            (answer, key, SubmittedText(part, answer.language, labels[key][:200], *voice))
            for answer, key in wanted
            for voice in [(answer.organisation_id, answer.organisation_name, answer.person_id)]
            for part in map(_unmarked, _ITEMS.split(str(answer.content.get(key, "")).replace("\r", "")))
            if part
        ]
        made = RecommendationService(self.db).take_texts(form.forum, [text for _, _, text in said], actor=actor)
        for (answer, key, _), row in zip(said, made, strict=True):
            answer.taken = {**answer.taken, key: [*answer.taken.get(key, ()), row.number]}
        for answer in {answer.id: answer for answer, _, _ in said}.values():
            self._record("form.answer_taken", form, actor, **_of(answer))
        return len(made)

    # Parts

    def _read(self, form: Form, content: Mapping[str, Any], actor: Actor) -> Content:
        found = {field.key: read_field(field, content.get(field.key, "")) for field in form.questions}
        for field in form.questions:
            if field.kind is FieldKind.SESSION and found[field.key]:
                SessionService(self.db).get(known_id(str(found[field.key]), "session"), actor=actor)
        return {key: said for key, said in found.items() if said}

    def _organisation_name(self, form: Form, given: FormAnswerIn, actor: Actor) -> str:
        name = " ".join(given.organisation.split())
        if not name and (own := speaks_for(actor, form.forum_id, clock.now())):
            name = self.db.get_one(Organisation, own).name
        if form.respondent is Respondent.ORGANISATION or name:
            short_line("organisation", name)
        return name

    def _guest(self, answer: FormAnswer, given: FormAnswerIn, actor: Actor) -> NewGuest | None:
        """The guest a visitor becomes; None for somebody who is known, who gets a receipt."""
        facts: dict[str, Fact] = {"form": answer.form.title.to_dict(), "number": answer.number}
        forum, guests = answer.form.forum, GuestService(self.db)
        if actor.person_id is None:
            return guests.arrive(
                forum, "form_answered", name=given.name, email=given.email, language=answer.language, **facts
            )
        if actor.person_id in guests.among([actor.person_id]):
            held = (FormAnswer.person_id == actor.person_id, FormAnswer.state == AnswerState.RECEIVED)
            if (self.db.scalar(sa.select(sa.func.count()).where(*held)) or 0) >= MOST_HELD:
                raise Invalid(field="email", reason="unconfirmed_address")
        return None

    def count(self, answer: FormAnswer) -> None:
        """Let an answer count whose giver has shown who they are, unless their organisation has another that does."""
        self._count(answer)
        if answer.state is AnswerState.COUNTED:
            self._record("form.answer_settled", answer.form, answer.person.as_actor(), **_of(answer))

    def _count(self, answer: FormAnswer) -> None:
        guest = GuestService(self.db).among([answer.person_id]).get(answer.person_id)
        if (guest is None or guest.checked_at) and not self._is_taken(answer):
            answer.state = AnswerState.COUNTED

    def _is_taken(self, answer: FormAnswer) -> bool:
        """Whether another answer of the same organisation counts, or of the same person to a questionnaire."""
        form = answer.form
        if form.respondent is Respondent.ORGANISATION:
            named = sa.func.lower(FormAnswer.organisation_name) == answer.organisation_name.lower()
            same = FormAnswer.organisation_id == answer.organisation.id if answer.organisation else named
        elif form.kind is FormKind.QUESTIONNAIRE:
            same = _is_by(answer.person_id)
        else:
            return False
        others = (FormAnswer.form_id == form.id, FormAnswer.state == AnswerState.COUNTED, FormAnswer.id != answer.id)
        with self.db.no_autoflush:
            return self.db.scalar(sa.select(FormAnswer.id).where(*others, same).limit(1)) is not None

    def _unknown(self, form: Form) -> list[FormAnswer]:
        waits = (FormAnswer.organisation_name != "", FormAnswer.is_name_kept.is_(False))
        live = (FormAnswer.form_id == form.id, FormAnswer.state != AnswerState.SET_ASIDE)
        return list(self.db.scalars(sa.select(FormAnswer).where(*live, *waits).order_by(FormAnswer.number)))

    def _tell(self, answer: FormAnswer, kind: str = "form_outcome", **facts: Fact) -> None:
        """A letter to whoever gave the answer, where their address is known to be theirs."""
        guest = GuestService(self.db).among([answer.person_id]).get(answer.person_id)
        account = self.db.get(Account, answer.person_id)
        forum, form = answer.form.forum, answer.form
        if guest and guest.checked_at:
            address, path = guest.email, GuestService(self.db).page_of(forum, answer.person_id)
        elif guest is None and account and account.closed_at is None:
            address, path = account.email, f"/{{language}}/{forum.slug}/forms/answers/{self.address(answer)}"
        else:
            return
        queue_letter(
            self.db,
            kind,
            to=address,
            language=answer.person.language,
            person_id=answer.person_id,
            forum_id=forum.id,
            path=path if guest else seal_link(self.db, path),
            form=form.title.to_dict(),
            number=answer.number,
            **facts,
        )

    def _record(self, kind: str, form: Form, actor: Actor, **facts: Any) -> None:
        self.db.flush()
        log.record(self.db, kind, actor=actor, forum_id=form.forum_id, form=str(form.id), **facts)


def count_confirmed(db: Db, event: GuestConfirmed) -> None:
    """Listener: what a guest answered counts once their address is theirs."""
    service = FormService(db)
    for answer in db.scalars(sa.select(FormAnswer).where(FormAnswer.person_id == event.person_id)):
        if answer.state is AnswerState.RECEIVED:
            service.count(answer)


def follow(db: Db, event: SessionsJoined) -> None:
    """Listener: what was said of a session is said of the one it was joined with."""
    forum_id = db.get_one(Session, event.kept_id).forum_id
    for answer in db.scalars(sa.select(FormAnswer).join(Form).where(Form.forum_id == forum_id)):
        if answer.session_id == event.other_id:
            answer.session_id = event.kept_id
        if answer.content.get("session") == str(event.other_id):
            answer.content = {**answer.content, "session": str(event.kept_id)}


def refusals_of(form: Form, given: FormAnswerIn, *, actor: Actor) -> Iterator[Invalid]:
    """All that is wrong with what was typed into the form by itself; of a visitor, also who they say they are."""
    reads = [partial(read_field, field, given.content.get(field.key, "")) for field in form.questions]
    who = [partial(person_name, given.name), partial(email_address, given.email)]
    if form.respondent is Respondent.ORGANISATION:
        who.append(partial(short_line, "organisation", given.organisation))
    for read in (*reads, *(() if actor.person_id else who)):
        try:
            read()
        except Invalid as refusal:
            yield refusal


def read_field(field: FormField, said: Any) -> str | list[str]:
    """What was answered to a question; "" or [] for nothing. Raises `Invalid`, naming the question."""
    places = said if isinstance(said, list) else [said] if said else []
    if field.kind is FieldKind.CHOICES:
        found: str | list[str] = [place for place in field.values("") if place in places]
        given = next((place for place in places if place not in field.values("")), "")
    else:
        found = str(places[0] if places else "").strip()
        given = found if field.values("") and found not in field.values("") else ""
    if given:
        raise Invalid(field=field.key, reason="unknown_word", given=str(given)[:80])
    if field.is_required and not found:
        raise Invalid(field=field.key, reason="required")
    count = word_count(str(found)) if field.kind is FieldKind.TEXT else 0
    if field.limit and count > field.limit:
        raise Invalid(field=field.key, reason="too_many_words", count=count, most=field.limit)
    if len(found) > LONGEST_TEXT:
        raise Invalid(field=field.key, reason="too_long", limit=LONGEST_TEXT)
    return found


def _checked(field: FormField) -> FormField:
    if not field.key.isidentifier() or not field.key.isascii():
        raise Invalid(field="key", reason="unknown_word", given=field.key[:80])
    label = _three("label", field.label, LONGEST_TITLE)
    if not label.said_in("en"):
        raise Invalid(field="label", reason="required")
    options = [_three("options", option, LONGEST_TITLE).to_dict() for option in field.options]
    is_uneven = len({tuple(map(bool, option.values())) for option in options}) > 1
    if is_uneven or (field.kind in {FieldKind.CHOICE, FieldKind.CHOICES} and not 1 < len(options) <= MOST_OPTIONS):
        raise Invalid(field="options", reason="no_options")
    most = MOST_POINTS if field.kind is FieldKind.SCALE else MOST_WORDS
    limit = field.limit or (5 if field.kind is FieldKind.SCALE else 0)
    if not 0 <= limit <= most:
        raise Invalid(field="limit", reason="not_in_range", most=most)
    return replace(field, key=field.key[:40], label=label.to_dict(), options=options, limit=limit)


def _three(field: str, given: Mapping[str, str], most: int) -> Trilingual:
    words = Trilingual.of({language: text.strip() for language, text in given.items()})
    ensure_printable(field, words)
    if max(map(len, words.to_dict().values())) > most:
        raise Invalid(field=field, reason="too_long", limit=most)
    return words


def _moment(field: str, text: str, zone: ZoneInfo) -> datetime | None:
    if not text.strip():
        return None
    try:
        at = datetime.fromisoformat(text.strip())
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Invalid(field=field, reason="not_a_moment", given=text) from error


def _is_by(person_id: UUID) -> sa.ColumnElement[bool]:
    """Whether an answer is by this person, or by somebody with an address of theirs."""
    tables = (Contact, Account)
    own = sa.union_all(*(sa.select(table.email).where(table.person_id == person_id) for table in tables))
    alike = sa.union_all(*(sa.select(table.person_id).where(table.email.in_(own)) for table in tables))
    return sa.or_(FormAnswer.person_id == person_id, FormAnswer.person_id.in_(alike))


def _ensure_open(form: Form) -> None:
    if not form.is_open:
        raise Invalid(field="form", reason="form_closed")


def _identified(
    register: OrganisationService, forum: Forum, name: str, choice: str, actor: Actor
) -> Organisation | None:
    if choice == ADD:
        return register.add(forum, name=name, actor=actor)
    return None if choice == NAME_ONLY else register.get(forum, known_id(str(choice), "organisation"))


def _lines(answer: FormAnswer, key: str) -> tuple[str, ...]:
    return tuple(filter(None, map(_unmarked, str(answer.content.get(key, "")).splitlines())))


def _unmarked(text: str) -> str:
    return _MARK.sub("", text.strip())


def _facts(answer: FormAnswer) -> SessionCorrectionIn:
    """What a call or a concept note says of its session; what it leaves out is left as it is."""
    formats = next((field.values("en") for field in answer.form.questions if field.key == "format"), {})
    chosen = formats.get(str(answer.content.get("format", "")), "")
    return SessionCorrectionIn(
        title=str(answer.content.get("title") or answer.form.title.said_in(answer.language)),
        format=FORMATS_BY_WORD.get(fold_text(chosen)),
        working_languages=languages_of("\n".join(_lines(answer, "languages"))) or None,
        speaking=people_of("speakers", "\n".join(_lines(answer, "speakers"))) or None,
        organisers=_lines(answer, "organisers") or None,
        objectives=_lines(answer, "objectives") or None,
        key_messages=_lines(answer, "key_messages") or None,
        questions=_lines(answer, "questions") or None,
    )


def _of(answer: FormAnswer) -> dict[str, str | int]:
    whole = json.dumps(answer.content, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(f"{answer.id}\n{answer.language}\n{whole}".encode()).hexdigest()
    return {"answer": str(answer.id), "number": answer.number, "state": answer.state.value, "sha256": digest}
