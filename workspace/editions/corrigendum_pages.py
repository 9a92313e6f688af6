"""The pages by which slips of a published edition are put right: prepare, agree, object, and see what changed."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect
from markupsafe import Markup
from msgspec import Struct

from drafts.blocks import Language
from workspace.core.db import Db
from workspace.core.errors import Invalid, NotFound, Stale
from workspace.declarations import queries
from workspace.declarations.frame import Frame, frame
from workspace.declarations.naming import excerpt, names_of, spots
from workspace.editions import corrigendum_policy as policy
from workspace.editions.approvals import CORRIGENDUM
from workspace.editions.corrigenda import CorrigendumService
from workspace.editions.corrigendum_models import Corrigendum
from workspace.editions.corrigendum_views import ChangeLine, CorrigendumView, change_lines, compared, view
from workspace.editions.lineage import corrigendum_of, sheet_name, with_sheet
from workspace.editions.models import Edition
from workspace.editions.policy import may_read_editions
from workspace.editions.service import EditionService
from workspace.translations.overview import Ways
from workspace.web import declining
from workspace.web.i18n import N_
from workspace.web.pages import Page, field_errors, page, redirect
from workspace.web.params import FromPath, URLEncodedBody
from workspace.web.sentences import worded
from workspace.web.services import Work

CORRECT, KNOW = policy.CORRECT, policy.KNOW
KEPT = N_("The correction is kept. Nothing is published yet.")
DROPPED = N_("The paragraph stays as it was published.")
ASKED = N_("A second person of the secretariat, or the chair, has to confirm the corrections now.")
SILENT = N_("The members are told of it. The corrections stand unless one of them objects in time.")
MADE = N_("Edition %(number)s is published. The earlier one stays at its address, with a note that leads here.")
OBJECTED = N_("Your objection is on record: nothing is corrected.")
WITHDRAWN = N_("The corrections are taken back. What is published stays as it is.")


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


class Beside(Struct, frozen=True):
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
    others: Sequence[Beside]
    choices: Sequence[tuple[str, Language, bool]]
    errors: Mapping[str, str]
    back: str


class CorrigendumPage(Page, frozen=True, kw_only=True):
    name: str
    corrigendum: CorrigendumView
    errors: Mapping[str, str]
    reason: str
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
    closes: str = ""
    zone: str = ""
    block: str = ""
    text: str = ""


class CorrigendumPages(Controller):
    """Corrigenda of one declaration."""

    path = "/{forum:str}/{declaration:str}"

    @get("/corrigenda", name="corrigenda", sync_to_thread=True, policy=KNOW)
    def corrigenda(
        self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str]
    ) -> Response[str]:
        """What was put right, what waits, and the way to a new correction."""
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work, may=policy.may_know)
            context = _list(db, work, found)
        return page(work, "editions/corrigenda.html", context)

    @get("/corrigenda/new", name="correct", sync_to_thread=True, policy=CORRECT)
    def correct(self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str]) -> Response[str]:
        """One paragraph in one language, to write as it ought to read."""
        asked = work.request.query_params
        return _correct(work, forum, declaration, CorrectForm(asked.get("block", ""), asked.get("text", "")))

    @post("/corrigenda", name="keep_correction", sync_to_thread=True, policy=CORRECT)
    def keep_correction(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[CorrectForm],
    ) -> Response[str] | Redirect:
        """Keep a correction, if it is one."""
        actor, block_id, language = work.actor, _id(data.block), _language(data.text)
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=policy.may_know)
                made = CorrigendumService(db).correct(found.declaration, block_id, language, data.wording, actor=actor)
                number = made.number
        except Invalid as refusal:
            return _correct(work, forum, declaration, data, refusal)
        to = work.url_for("corrigendum", forum=forum, declaration=declaration, number=number)
        return redirect(work, to, said=work.messages.gettext(KEPT))

    @get("/corrigenda/{number:int}", name="corrigendum", sync_to_thread=True, policy=KNOW)
    def corrigendum(
        self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str], number: FromPath[int]
    ) -> Response[str]:
        """One corrigendum: what changes, and what is to be done about it."""
        return _one(work, forum, declaration, number)

    @post("/corrigenda/{number:int}", name="agree_on_corrigendum", sync_to_thread=True, policy=KNOW)
    def agree_on_corrigendum(
        self,
        *,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        number: FromPath[int],
        data: URLEncodedBody[AgreeForm],
    ) -> Response[str] | Redirect:
        """Ask a second person, put it before the members, confirm, object, or take it back."""
        ways = Ways(work, forum, declaration)
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
        _ = work.actor  # asked before the unit of work opens
        try:
            to, said = acts[data.act]()
        except (Invalid, Stale) as refusal:
            return _one(work, forum, declaration, number, form=data, refusal=refusal)
        return redirect(work, to, said=said)

    @get("/editions/{number:int}/changes", name="edition_changes", sync_to_thread=True, policy="edition.read_verify")
    def edition_changes(
        self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str], number: FromPath[int]
    ) -> Response[str]:
        """What an edition put right in the one before it, for everybody."""
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work, may=may_read_editions)
            edition = EditionService(db).edition(found.declaration, number, actor=work.actor)
            made_by = corrigendum_of(db, edition)
            if made_by is None:
                raise NotFound(what="corrigendum", id=str(number))
            context = ChangesPage(
                place=found.place,
                name=found.declaration.name.said_in(work.language),
                corrigendum=view(db, work, found, made_by),
                changes=change_lines(db, work, found, made_by),
                sheets=_sheets(db, work, found, edition),
            )
        return page(work, "editions/changes.html", context, is_public=True)


def _sheets(db: Db, work: Work, found: Frame, edition: Edition) -> list[tuple[Language, str, str]]:
    if edition.id not in with_sheet(db, found.declaration):
        return []

    def address(language: Language, form: str) -> str:
        at = {"forum": found.place.forum, "declaration": found.place.declaration, "number": edition.number}
        return work.url_for("edition_file", **at, file=sheet_name(language, form))

    return [(language, address(language, "pdf"), address(language, "docx")) for language in Language]


def _list(db: Db, work: Work, found: Frame) -> CorrigendaPage:
    service, place = CorrigendumService(db), found.place
    here = {"forum": place.forum, "declaration": place.declaration}
    editions = EditionService(db).editions(found.declaration)
    asked = work.request.query_params
    may_correct = policy.may_correct(work.actor, found.declaration)
    block, text = asked.get("block", ""), _language(asked.get("text", work.language.value))
    return CorrigendaPage(
        place=place,
        name=found.declaration.name.said_in(work.language),
        latest=work.url_for("edition", **here, number=editions[0].number) if editions else "",
        edition=editions[0].number if editions else 0,
        every=[
            (view(db, work, found, one), work.url_for("corrigendum", **here, number=one.number))
            for one in service.every(found.declaration, actor=work.actor)
        ],
        may_correct=may_correct,
        paragraphs=_paragraphs(db, work, found, text) if may_correct else [],
        block=block,
        text=text,
        languages=[
            (work.url_for("corrigenda", **here, text=one.value, block=block or None), one, one is text)
            for one in Language
        ],
    )


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


def _correct(
    work: Work, forum: str, declaration: str, form: CorrectForm, refusal: Invalid | None = None
) -> Response[str]:
    block_id, language = _id(form.block), _language(form.text)
    with work.reading() as db:
        found = frame(db, forum, declaration, work=work, may=policy.may_correct)
        rows = queries.head_rows(db, found.declaration)
        row = next((one for one in rows if one.block_id == block_id), None)
        if row is None:
            raise NotFound(what="block", id=form.block)
        known = _known(CorrigendumService(db).current(found.declaration), block_id, language)
        numbered = queries.numbers_of(rows)
        here = {"forum": forum, "declaration": declaration}

        def as_it_stands(one: Language) -> Markup:
            return compared((row.content(one), row.content(one)), one, row.kind, numbered, anchor="stands-")

        context = CorrectPage(
            place=found.place,
            name=found.declaration.name.said_in(work.language),
            paragraph=next(one.name for one in spots(rows, work.messages) if one.block_id == block_id),
            block=form.block,
            language=language,
            is_original=language is row.original_language,
            published=as_it_stands(language),
            text=form.wording or known or row.content(language),
            others=[
                Beside(choice, as_it_stands(choice))
                for choice in Language
                if choice is not language and choice in row.texts
            ],
            choices=[
                (work.url_for("correct", **here, block=form.block, text=choice.value), choice, choice is language)
                for choice in Language
                if choice in row.texts
            ],
            errors=_errors(work, refusal),
            back=work.url_for("corrigenda", **here),
        )
    return page(work, "editions/correct.html", context, status=422 if refusal else 200)


def _known(prepared: Corrigendum | None, block_id: UUID, language: Language) -> str:
    changes = prepared.changes if prepared else []
    return next((one.text for one in changes if (one.block_id, one.language) == (block_id, language)), "")


def _one(
    work: Work,
    forum: str,
    declaration: str,
    number: int,
    *,
    form: AgreeForm | None = None,
    refusal: Invalid | Stale | None = None,
) -> Response[str]:
    with work.reading() as db:
        found = frame(db, forum, declaration, work=work, may=policy.may_know)
        corrigendum = CorrigendumService(db).numbered(found.declaration, number, actor=work.actor)
        context = CorrigendumPage(
            place=found.place,
            name=found.declaration.name.said_in(work.language),
            corrigendum=view(db, work, found, corrigendum),
            errors=_errors(work, refusal, declines=form is not None and form.act == "withdraw"),
            reason=form.reason if form else "",
            why=form.reason if form else "",
            closes=form.closes if form else "",
            zone=(form.zone if form else "") or found.forum.timezone,
        )
    status = 200 if refusal is None else 412 if isinstance(refusal, Stale) else 422
    return page(work, "editions/corrigendum.html", context, status=status)


_Verb = Callable[[CorrigendumService, Corrigendum, AgreeForm, Work], str]


def _act(ways: Ways, number: int, form: AgreeForm, verb: _Verb) -> tuple[str, str]:
    work = ways.work
    with work.writing() as db:
        found = frame(db, ways.forum, ways.declaration, work=work, may=policy.may_know)
        service = CorrigendumService(db)
        said = verb(service, service.numbered(found.declaration, number, actor=work.actor), form, work)
    to = work.url_for("corrigendum", forum=ways.forum, declaration=ways.declaration, number=number)
    return to, work.messages.gettext(said)


def _ask(service: CorrigendumService, corrigendum: Corrigendum, form: AgreeForm, work: Work) -> str:
    service.ask(corrigendum, form.reason, actor=work.actor)
    return ASKED


def _silence(service: CorrigendumService, corrigendum: Corrigendum, form: AgreeForm, work: Work) -> str:
    service.open_silence(corrigendum, form.reason, form.closes, form.zone, actor=work.actor)
    return SILENT


def _drop(service: CorrigendumService, corrigendum: Corrigendum, form: AgreeForm, work: Work) -> str:
    service.drop(corrigendum, _id(form.block), _language(form.text), actor=work.actor)
    return DROPPED


def _object(service: CorrigendumService, corrigendum: Corrigendum, form: AgreeForm, work: Work) -> str:
    service.object(corrigendum, form.reason, actor=work.actor)
    return OBJECTED


def _withdraw(service: CorrigendumService, corrigendum: Corrigendum, form: AgreeForm, work: Work) -> str:
    is_declined = service.withdraw(corrigendum, actor=work.actor, reason=form.reason)
    return declining.DECLINED if is_declined else WITHDRAWN


def _confirm(ways: Ways, number: int) -> tuple[str, str]:
    """The files are made before the unit of work that writes, because that takes seconds."""
    work = ways.work
    with work.reading() as db:
        found = frame(db, ways.forum, ways.declaration, work=work, may=policy.may_know)
        service = CorrigendumService(db)
        corrigendum = service.numbered(found.declaration, number, actor=work.actor)
        service.ensure_may_confirm(corrigendum, actor=work.actor)
        prepared = service.prepare(corrigendum)
    with work.writing() as db:
        found = frame(db, ways.forum, ways.declaration, work=work, may=policy.may_know)
        service = CorrigendumService(db)
        again = service.numbered(found.declaration, number, actor=work.actor)
        made = service.confirm(again, prepared, actor=work.actor).number
    to = work.url_for("edition", forum=ways.forum, declaration=ways.declaration, number=made)
    return to, work.messages.gettext(MADE, number=made)


def _errors(work: Work, refusal: Invalid | Stale | None, *, declines: bool = False) -> Mapping[str, str]:
    if isinstance(refusal, Stale):
        moved = N_("The published text has changed meanwhile. Take the corrections back and begin anew.")
        return {"corrigendum": worded(refusal, work.messages.gettext(moved))}
    if refusal is None:
        return {}
    return declining.why_errors(work, refusal, CORRIGENDUM.matter.value) if declines else field_errors(work, refusal)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound(what="block", id=text) from error


def _language(text: str) -> Language:
    if text not in set(Language):
        raise NotFound(what="language", id=text)
    return Language(text)
