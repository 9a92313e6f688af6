"""The pages by which slips of a published edition are put right: prepare, agree, object, and see what changed."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from markupsafe import Markup
from msgspec import Struct

from drafts.checks.changes import Correction
from drafts.text.blocks import Language
from workspace.core.errors import Invalid, NotFound, Stale, existing
from workspace.core.shapes import filled
from workspace.core.storage.db import Db, Trilingual
from workspace.core.validation import known_id
from workspace.declarations.domain import queries
from workspace.declarations.domain.calendar import as_given
from workspace.declarations.domain.models import TextVersion
from workspace.declarations.frame import Frame, frame, framed, heading
from workspace.declarations.labels import excerpt, names_of, spots
from workspace.editions.domain import policy
from workspace.editions.domain.corrigenda import CorrigendumService, is_proved_by_rule
from workspace.editions.domain.models import Corrigendum, CorrigendumState, Edition
from workspace.editions.domain.policy import CORRIGENDUM, may_read_editions
from workspace.editions.domain.publication import EditionService
from workspace.editions.domain.queries import corrigendum_of, editions_with_sheet, sheet_name
from workspace.people.service import PeopleService
from workspace.translations.views.overview import TranslationLinks, Ways, language_named
from workspace.web import approvals
from workspace.web.http.request_context import FormBody, FromPath, Work
from workspace.web.http.routing import get, post
from workspace.web.i18n.marking import N_
from workspace.web.pages import Done, Page, PageOrRedirect, field_errors, page, redirect, shows, takes
from workspace.web.refusals.sentences import worded
from workspace.web.text_html import compared_html

STATES: Mapping[CorrigendumState, str] = {
    CorrigendumState.PREPARED: N_("In preparation"),
    CorrigendumState.ASKED: N_("Awaiting second approval"),
    CorrigendumState.SILENT: N_("Effective unless a member objects"),
    CorrigendumState.MADE: N_("Published"),
    CorrigendumState.BROKEN: N_("Objected to: nothing is corrected"),
    CorrigendumState.WITHDRAWN: N_("Withdrawn: nothing is corrected"),
}
DECLINED = N_("Declined: nothing is corrected")
KINDS: Mapping[Correction, str] = {
    Correction.TYPOGRAPHIC: N_("Typography"),
    Correction.SPELLING: N_("Spelling"),
    Correction.CONCORDANCE: N_("Concordance with the other languages"),
}
UNPROVED = N_("Better wording, put before the members")


class ChangeLine(Struct, frozen=True):
    """One paragraph in one language, with what changes in it."""

    block_id: UUID
    name: str
    language: Language
    html: Markup
    rule: str  # that allows it, or "unproved"
    kind: str
    is_proved: bool
    href: str  # to write it otherwise, for who may


class CorrigendumView(Struct, frozen=True):
    """A corrigendum, and what the reader may do about it."""

    number: int
    state: CorrigendumState
    name: str  # of the state, or "declined"
    said: str
    reason: str  # in the reader's language, where it is given in it
    changes: Sequence[ChangeLine]
    asked_by: str
    asked_at: datetime | None
    closes_at: datetime | None
    zone: str
    ended_at: datetime | None
    objection: str
    organisation: str
    declined: str  # why the second person declined it
    edition: int
    edition_href: str
    made: int
    made_href: str
    needs_silence: bool
    is_mine: bool
    may_edit: bool
    may_confirm: bool
    may_object: bool
    may_withdraw: bool


def corrigendum_view(db: Db, work: Work, found: Frame, corrigendum: Corrigendum) -> CorrigendumView:
    """One corrigendum for one reader."""
    place, actor = found.place, work.actor
    may_correct = policy.may_correct(actor, found.declaration)
    is_prepared = corrigendum.state is CorrigendumState.PREPARED
    asked_by = PeopleService(db).actor(corrigendum.asked_by_id).name if corrigendum.asked_by_id else ""
    request = corrigendum.request
    declined = request.answer if request else ""

    def address(number: int) -> str:
        return work.url_for("edition", forum=place.forum, declaration=place.declaration, number=number)

    made = corrigendum.made.number if corrigendum.made else 0
    return filled(
        CorrigendumView,
        corrigendum,
        name="declined" if declined else corrigendum.state.value,
        reason=corrigendum.reasons.said_in(work.language) if corrigendum.reasons else corrigendum.reason,
        said=work.messages.gettext(DECLINED if declined else STATES[corrigendum.state]),
        changes=change_lines(db, work, found, corrigendum, may_edit=may_correct and is_prepared),
        asked_by=asked_by,
        asked_at=found.forum.local(corrigendum.asked_at) if corrigendum.asked_at else None,
        closes_at=as_given(corrigendum.closes_at, corrigendum.closes_offset),
        ended_at=found.forum.local(corrigendum.ended_at) if corrigendum.ended_at else None,
        organisation=corrigendum.organisation.name if corrigendum.organisation else "",
        declined=declined,
        edition=corrigendum.edition.number,
        edition_href=address(corrigendum.edition.number),
        made=made,
        made_href=address(made) if made else "",
        needs_silence=any(not is_proved_by_rule(change) for change in corrigendum.changes),
        is_mine=actor.person_id is not None and actor.person_id == corrigendum.asked_by_id,
        may_edit=may_correct and is_prepared,
        may_confirm=bool(request and request.is_waiting and CORRIGENDUM.may_confirm(actor, found.declaration, request)),
        may_object=policy.may_object_to_corrigendum(actor, corrigendum),
        may_withdraw=may_correct and not corrigendum.state.is_over,
    )


def change_lines(
    db: Db, work: Work, found: Frame, corrigendum: Corrigendum, *, may_edit: bool = False
) -> list[ChangeLine]:
    """What a corrigendum changes, in the order of the text."""
    rows = queries.pinned_rows(db, corrigendum.edition.revision_id)
    named = {spot.block_id: spot for spot in spots(rows, work.messages)}
    kinds = {row.block_id: row.kind for row in rows}
    numbered = queries.numbers_of(rows)
    order = {row.block_id: place for place, row in enumerate(rows)}
    here = {"forum": found.place.forum, "declaration": found.place.declaration}
    lines = []
    for change in sorted(corrigendum.changes, key=lambda change: (order[change.block_id], change.language)):
        before = db.get_one(TextVersion, change.before_id).content
        is_proved = is_proved_by_rule(change)
        href = (
            work.url_for("correct", **here, block=str(change.block_id), text=change.language.value) if may_edit else ""
        )
        lines.append(
            ChangeLine(
                block_id=change.block_id,
                name=named[change.block_id].name,
                language=change.language,
                html=compared_html(
                    (before, change.text),
                    change.language,
                    numbered,
                    anchor=f"change-{change.language}-",
                    kind=kinds[change.block_id],
                ),
                rule=change.kind.value if is_proved else "unproved",
                kind=work.messages.gettext(KINDS[change.kind] if is_proved else UNPROVED),
                is_proved=is_proved,
                href=href,
            )
        )
    return lines


CORRECT, KNOW = policy.CORRECT, policy.KNOW_CORRIGENDA
CORRECTION_KEPT = N_("Correction saved, not published yet.")
CORRECTION_DROPPED = N_("Correction removed.")
CORRIGENDUM_ASKED = N_("The corrections need a second approval.")
SILENCE_BEGUN = N_("Members are notified, and may object in time.")
CORRIGENDUM_MADE = N_("Edition %(number)s published; the earlier one links to it.")
CORRIGENDUM_OBJECTED = N_("Objection recorded: nothing is corrected.")
CORRIGENDUM_WITHDRAWN = N_("Corrections withdrawn.")


class CorrigendaPage(Page, frozen=True, kw_only=True):
    name: str
    latest: str  # address of the latest edition
    edition: int
    every: Sequence[tuple[CorrigendumView, str]]  # with the address of each
    may_correct: bool
    paragraphs: Sequence[tuple[str, str]]
    block: str
    text: Language  # in which the paragraphs are quoted: the one that has the slip
    languages: Sequence[tuple[str, Language, bool]]


class OtherLanguageText(Struct, frozen=True):
    """The paragraph in another language."""

    language: Language
    html: Markup


class CorrectPage(Page, frozen=True, kw_only=True):
    name: str
    paragraph: str
    block: str
    language: Language
    is_original: bool
    published: Markup
    text: str
    others: Sequence[OtherLanguageText]
    choices: Sequence[tuple[str, Language, bool]]
    errors: Mapping[str, str]
    back: str


class CorrigendumPage(Page, frozen=True, kw_only=True):
    name: str
    corrigendum: CorrigendumView
    errors: Mapping[str, str]
    reason: str
    reasons: Sequence[tuple[Language, str]]  # in the other languages
    closes: str
    zone: str
    why: str  # it was declined, where that was refused


class ChangesPage(Page, frozen=True, kw_only=True):
    name: str
    corrigendum: CorrigendumView
    changes: Sequence[ChangeLine]
    sheets: Sequence[tuple[Language, str, str]]  # the corrigendum to print, in each language: as PDF, as Word


class CorrectForm(Struct, frozen=True):
    """A paragraph in one language as it ought to read."""

    block: str = ""
    text: str = ""
    wording: str = ""


class AgreeForm(Struct, frozen=True):
    """How it is agreed (`act`), why, and until when somebody may object."""

    act: str = ""
    reason: str = ""
    reason_es: str = ""
    reason_en: str = ""
    reason_fr: str = ""
    closes: str = ""
    zone: str = ""
    block: str = ""
    text: str = ""

    def in_languages(self, language: Language) -> Trilingual:
        """The reason for the corrections: `reason` is in the reader's language."""
        given = {"es": self.reason_es, "en": self.reason_en, "fr": self.reason_fr}
        return Trilingual.of(given | ({language.value: self.reason} if self.reason.strip() else {}))


CorrigendaFrame = Annotated[Frame, framed(policy.may_know_corrigenda)]


class CorrigendumPages(Controller):
    """Corrigenda of one declaration."""

    path = "/{forum:str}/{declaration:str}"

    @shows("editions/corrigenda.html", "/corrigenda", name="corrigenda", policy=KNOW)
    def corrigenda(self, db: Db, work: Work, found: CorrigendaFrame) -> CorrigendaPage:
        """What was put right, what waits, and the way to a new correction."""
        editions = EditionService(db).editions(found.declaration)
        query = work.request.query_params
        may_correct = policy.may_correct(work.actor, found.declaration)
        block, text = query.get("block", ""), language_named(query.get("text", work.language.value))
        return CorrigendaPage(
            **heading(found, work=work),
            latest=work.url_from_here("edition", number=editions[0].number) if editions else "",
            edition=editions[0].number if editions else 0,
            every=[
                (
                    corrigendum_view(db, work, found, corrigendum),
                    work.url_from_here("corrigendum", number=corrigendum.number),
                )
                for corrigendum in CorrigendumService(db).every(found.declaration, actor=work.actor)
            ],
            may_correct=may_correct,
            paragraphs=_paragraphs(db, work, found, text) if may_correct else [],
            block=block,
            text=text,
            languages=[
                (work.url_from_here("corrigenda", text=language.value, block=block or None), language, language is text)
                for language in Language
            ],
        )

    @shows("editions/correct.html", "/corrigenda/new", name="correct", policy=CORRECT)
    def correct(
        self,
        db: Db,
        work: Work,
        found: Annotated[Frame, framed(policy.may_correct)],
        form: CorrectForm | None = None,
        refusal: Invalid | None = None,
    ) -> CorrectPage:
        """One paragraph in one language, to write as it ought to read."""
        query = work.request.query_params
        form = form or CorrectForm(query.get("block", ""), query.get("text", ""))
        block_id, language = known_id(form.block, "block"), language_named(form.text)
        rows = queries.head_rows(db, found.declaration)
        row = existing(next((row for row in rows if row.block_id == block_id), None), "block", form.block)
        known = _known(CorrigendumService(db).current(found.declaration), block_id, language)
        numbered = queries.numbers_of(rows)

        def as_it_stands(language: Language) -> Markup:
            text = row.content(language)
            return compared_html((text, text), language, numbered, anchor=f"stands-{language}-", kind=row.kind)

        return CorrectPage(
            **heading(found, work=work),
            paragraph=next(spot.name for spot in spots(rows, work.messages) if spot.block_id == block_id),
            block=form.block,
            language=language,
            is_original=language is row.original_language,
            published=as_it_stands(language),
            text=form.wording or known or row.content(language),
            others=[
                OtherLanguageText(choice, as_it_stands(choice))
                for choice in Language
                if choice is not language and choice in row.texts
            ],
            choices=[
                (work.url_from_here("correct", block=form.block, text=choice.value), choice, choice is language)
                for choice in Language
                if choice in row.texts
            ],
            errors=_errors(work, refusal),
            back=work.url_from_here("corrigenda"),
        )

    @takes("/corrigenda", again=correct, name="keep_correction", policy=CORRECT)
    def keep_correction(self, db: Db, work: Work, found: CorrigendaFrame, data: FormBody[CorrectForm]) -> Done:
        """Keep a correction, if it is one."""
        block_id, language = known_id(data.block, "block"), language_named(data.text)
        made = CorrigendumService(db).correct(found.declaration, block_id, language, data.wording, actor=work.actor)
        return Done("corrigendum", work.messages.gettext(CORRECTION_KEPT), at={"number": made.number})

    @get("/corrigenda/{number:int}", name="corrigendum", policy=KNOW)
    def corrigendum(self, ways: Ways, number: FromPath[int]) -> Response[str]:
        """One corrigendum: what changes, and what is to be done about it."""
        return _corrigendum_page(ways.work, ways.forum, ways.declaration, number)

    @post("/corrigenda/{number:int}", name="agree_on_corrigendum", policy=KNOW)
    def agree_on_corrigendum(self, ways: Ways, number: FromPath[int], data: FormBody[AgreeForm]) -> PageOrRedirect:
        """Ask a second person, put it before the members, confirm, object, or take it back."""
        acts: Mapping[str, Callable[[], tuple[str, str]]] = {
            "ask": lambda: _act(ways, number, data, _ask),
            "silence": lambda: _act(ways, number, data, _silence),
            "drop": lambda: _act(ways, number, data, _drop),
            "object": lambda: _act(ways, number, data, _object),
            "withdraw": lambda: _act(ways, number, data, _withdraw),
            "confirm": lambda: _confirm(ways, number),
        }
        if data.act not in acts:
            raise NotFound(what="act", id=data.act)
        _ = ways.work.actor  # asked before the unit of work opens
        try:
            to, said = acts[data.act]()
        except (Invalid, Stale) as refusal:
            return _corrigendum_page(ways.work, ways.forum, ways.declaration, number, form=data, refusal=refusal)
        return redirect(ways.work, to, said=said)

    @shows(
        "editions/changes.html",
        "/editions/{number:int}/changes",
        is_public=True,
        name="edition_changes",
        policy="edition.read_verify",
    )
    def edition_changes(
        self, db: Db, work: Work, found: Annotated[Frame, framed(may_read_editions)], number: FromPath[int]
    ) -> ChangesPage:
        """What an edition put right in the one before it, for everybody."""
        edition = EditionService(db).edition(found.declaration, number, actor=work.actor)
        made_by = existing(corrigendum_of(db, edition), "corrigendum", number)
        return ChangesPage(
            **heading(found, work=work),
            corrigendum=corrigendum_view(db, work, found, made_by),
            changes=change_lines(db, work, found, made_by),
            sheets=_sheets(db, work, found, edition),
        )


def _sheets(db: Db, work: Work, found: Frame, edition: Edition) -> list[tuple[Language, str, str]]:
    if edition.id not in editions_with_sheet(db, found.declaration):
        return []

    def address(language: Language, form: str) -> str:
        at = {"forum": found.place.forum, "declaration": found.place.declaration, "number": edition.number}
        return work.url_for("edition_file", **at, file=sheet_name(language, form))

    return [(language, address(language, "pdf"), address(language, "docx")) for language in Language]


def _paragraphs(db: Db, work: Work, found: Frame, text: Language) -> list[tuple[str, str]]:
    """Those that have words in a language, as they begin in it."""
    rows = queries.head_rows(db, found.declaration)
    named = names_of(rows, work.messages)
    quoted = {row.block_id: excerpt(row.content(text)) for row in rows if text in row.texts}
    say = work.messages.gettext
    return [
        (str(block), say("%(paragraph)s: %(words)s", paragraph=named[block], words=words))
        for block, words in quoted.items()
    ]


def _known(prepared: Corrigendum | None, block_id: UUID, language: Language) -> str:
    changes = prepared.changes if prepared else []
    return next((change.text for change in changes if (change.block_id, change.language) == (block_id, language)), "")


def _corrigendum_page(
    work: Work,
    forum: str,
    declaration: str,
    number: int,
    *,
    form: AgreeForm | None = None,
    refusal: Invalid | Stale | None = None,
) -> Response[str]:
    with work.reading() as db:
        found = frame(db, forum, declaration, work=work, may=policy.may_know_corrigenda)
        corrigendum = CorrigendumService(db).numbered(found.declaration, number, actor=work.actor)
        context = CorrigendumPage(
            **heading(found, work=work),
            corrigendum=corrigendum_view(db, work, found, corrigendum),
            errors=_errors(work, refusal, declines=form is not None and form.act == "withdraw"),
            reason=form.reason if form else "",
            reasons=_others(form or AgreeForm(), work.language),
            why=form.reason if form else "",
            closes=form.closes if form else "",
            zone=(form.zone if form else "") or found.forum.timezone,
        )
    status = 200 if refusal is None else 412 if isinstance(refusal, Stale) else 422
    return page(work, "editions/corrigendum.html", context, status=status)


def _others(form: AgreeForm, reader: Language) -> list[tuple[Language, str]]:
    said = form.in_languages(reader).to_dict()
    return [(language, said[language.value]) for language in Language if language is not reader]


_Verb = Callable[[CorrigendumService, Corrigendum, AgreeForm, Work], str]


def _act(ways: TranslationLinks, number: int, form: AgreeForm, verb: _Verb) -> tuple[str, str]:
    work = ways.work
    with work.writing() as db:
        found = frame(db, ways.forum, ways.declaration, work=work, may=policy.may_know_corrigenda)
        service = CorrigendumService(db)
        said = verb(service, service.numbered(found.declaration, number, actor=work.actor), form, work)
    to = work.url_for("corrigendum", forum=ways.forum, declaration=ways.declaration, number=number)
    return to, work.messages.gettext(said)


def _ask(service: CorrigendumService, corrigendum: Corrigendum, form: AgreeForm, work: Work) -> str:
    service.ask(corrigendum, form.in_languages(work.language), actor=work.actor)
    return CORRIGENDUM_ASKED


def _silence(service: CorrigendumService, corrigendum: Corrigendum, form: AgreeForm, work: Work) -> str:
    service.open_silence(corrigendum, form.in_languages(work.language), form.closes, form.zone, actor=work.actor)
    return SILENCE_BEGUN


def _drop(service: CorrigendumService, corrigendum: Corrigendum, form: AgreeForm, work: Work) -> str:
    service.drop(corrigendum, known_id(form.block, "block"), language_named(form.text), actor=work.actor)
    return CORRECTION_DROPPED


def _object(service: CorrigendumService, corrigendum: Corrigendum, form: AgreeForm, work: Work) -> str:
    service.object(corrigendum, form.reason, actor=work.actor)
    return CORRIGENDUM_OBJECTED


def _withdraw(service: CorrigendumService, corrigendum: Corrigendum, form: AgreeForm, work: Work) -> str:
    is_declined = service.withdraw(corrigendum, actor=work.actor, reason=form.reason)
    return approvals.REQUEST_DECLINED if is_declined else CORRIGENDUM_WITHDRAWN


def _confirm(ways: TranslationLinks, number: int) -> tuple[str, str]:
    """The files are made before the unit of work that writes, because that takes seconds."""
    work = ways.work
    with work.reading() as db:
        found = frame(db, ways.forum, ways.declaration, work=work, may=policy.may_know_corrigenda)
        service = CorrigendumService(db)
        corrigendum = service.numbered(found.declaration, number, actor=work.actor)
        service.ensure_may_confirm(corrigendum, actor=work.actor)
        prepared = service.prepare(corrigendum)
    with work.writing() as db:
        found = frame(db, ways.forum, ways.declaration, work=work, may=policy.may_know_corrigenda)
        service = CorrigendumService(db)
        again = service.numbered(found.declaration, number, actor=work.actor)
        made = service.confirm(again, prepared, actor=work.actor).number
    to = work.url_for("edition", forum=ways.forum, declaration=ways.declaration, number=made)
    return to, work.messages.gettext(CORRIGENDUM_MADE, number=made)


def _errors(work: Work, refusal: Invalid | Stale | None, *, declines: bool = False) -> Mapping[str, str]:
    if isinstance(refusal, Stale):
        moved = N_("The published text has changed: withdraw the corrections and begin again.")
        return {"corrigendum": worded(refusal, work.messages.gettext(moved))}
    if refusal is None:
        return {}
    return approvals.reason_errors(work, refusal, CORRIGENDUM.matter.value) if declines else field_errors(work, refusal)
