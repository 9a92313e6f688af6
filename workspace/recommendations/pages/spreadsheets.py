"""The register as a spreadsheet, out and in."""

from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from litestar import Controller, Response
from litestar.datastructures import UploadFile
from msgspec import Struct, field
from msgspec.structs import replace

from drafts.base.words import fold_text
from workspace.core.actor import Actor
from workspace.core.errors import BadFile, Invalid, NotFound
from workspace.core.shapes import MadeFile
from workspace.core.sheets import CSV, XLSX, Column, Value, comma_separated, xlsx
from workspace.core.spreadsheets import ensure_within, read_rows, unread
from workspace.core.storage.db import Db
from workspace.declarations.frame import header
from workspace.people.frame import FrameInForum, InForum, forum_frame
from workspace.people.models import Forum
from workspace.people.organisations import OrganisationService
from workspace.people.policy import may_in
from workspace.recommendations import policy
from workspace.recommendations.models import LONGEST_TEXT, Recommendation, RecommendationStatus, RulingOutcome
from workspace.recommendations.pages.register import (
    UNPUBLISHED,
    RegisterFilters,
    RegisterLine,
    matching_recommendations,
    register_rows,
)
from workspace.recommendations.pages.usage import RecommendationUsage
from workspace.recommendations.search import search_order
from workspace.recommendations.service import RecommendationService, VerbatimStatement
from workspace.web.http.files import attachment
from workspace.web.http.request_context import FromPath, MultipartBody, Slug, Work
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES, Messages
from workspace.web.pages import Done, Page, gives, shows, takes
from workspace.web.refusals.sentences import sentence, unread_columns

MOST = 5_000  # recommendations of one file
_LONGEST_QUESTION = 200
_SHORTEST_ANSWER = 12  # characters; "no", "n/a" and the like recommend nothing
_LANGUAGES: Mapping[str, str] = {
    "es": "es",
    "spanish": "es",
    "espanol": "es",
    "espagnol": "es",
    "en": "en",
    "english": "en",
    "ingles": "en",
    "anglais": "en",
    "fr": "fr",
    "french": "fr",
    "frances": "fr",
    "francais": "fr",
}
_COLUMNS: Mapping[str, frozenset[str]] = {
    "text": frozenset({"recommendation", "recommendations", "text", "recomendacion", "recomendaciones", "texto"})
    | {"recommandation", "recommandations", "texte"},
    "language": frozenset({"language", "idioma", "lengua", "langue"}),
    "organisation": frozenset({"organisation", "organization", "city", "network", "organizacion", "entidad", "ciudad"})
    | {"ville", "collectivite", "organisme", "name of organisation", "nombre de la organizacion"},
    "section": frozenset({"section", "question", "topic", "seccion", "pregunta", "tema", "sujet", "theme"}),
    "passed_over": frozenset({"timestamp", "marca temporal", "horodateur", "id", "no", "number", "numero", "e mail"})
    | {"email", "email address", "name", "nombre", "nom", "correo electronico", "adresse e mail", "date", "fecha"}
    | {"from", "standing", "what became of it"},
}


class Answers(Struct, frozen=True):
    """The recommendations of a file, each with the name of who gave it, and headings over columns that nobody reads."""

    given: Sequence[tuple[VerbatimStatement, str]]
    unread: Sequence[str]


def read_answers(data: bytes, *, source: str, language: str) -> Answers:
    """What a file recommends; what has no language of its own has this one.

    Raises `BadFile` for what is no spreadsheet, names neither a text nor a question, or holds too much.
    """
    lines = iter(read_rows(data, source=source, headings=lambda found: list(filter(_meaning, found))))
    headings: Sequence[str] = next(lines, ())
    meanings: dict[int, str] = {}
    for place, heading in enumerate(headings):
        meaning = _meaning(heading)
        if heading.strip() and not (meaning and meaning in meanings.values()):
            meanings[place] = meaning
    is_list = "text" in meanings.values()
    questions = {} if is_list else {place: headings[place] for place, meaning in meanings.items() if not meaning}
    if not is_list and not questions:
        raise BadFile(source=source, reason="no_questions")
    width = max(place for place, heading in enumerate(headings, 1) if heading.strip())
    found: list[tuple[VerbatimStatement, str]] = []
    for number, cells in enumerate(lines, start=2):
        ensure_within(cells, width, row=number, source=source)
        known = {meaning: cells[place].strip() for place, meaning in meanings.items() if meaning and place < len(cells)}
        said_in = _LANGUAGES.get(fold_text(known.get("language", "")).strip(), language)
        said = _listed(known) if is_list else _answered(cells, questions)
        for text, section in said:
            if len(text) > LONGEST_TEXT:
                raise BadFile(source=source, reason="row_too_long", row=number, most=LONGEST_TEXT)
            found.append((VerbatimStatement(text, said_in, section, line=number), known.get("organisation", "")))
        if len(found) > MOST:
            raise BadFile(source=source, reason="too_many_rows", most=MOST)
    if not found:
        raise BadFile(source=source, reason="no_answers")
    read = {place for place, meaning in meanings.items() if meaning} | questions.keys()
    passed_over = {place for place, heading in enumerate(headings) if _meaning(heading) == "passed_over"}
    return Answers(found, unread(headings, read | passed_over))


def _meaning(heading: str) -> str:
    bare = fold_text(heading).strip()
    return next((meaning for meaning, words in _COLUMNS.items() if bare in words), "")


def _listed(known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if known.get("text"):
        yield known["text"], known.get("section", "")[:_LONGEST_QUESTION]


def _answered(cells: Sequence[str], questions: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    for place, question in questions.items():
        text = cells[place].strip() if place < len(cells) else ""
        if len(text) >= _SHORTEST_ANSWER:
            yield text, question.strip()[:_LONGEST_QUESTION]


LARGEST = 10_000_000  # bytes of a file that is taken in
UNKNOWN = "und"  # a language that nobody has named
_BATCH = 500  # rows read at once
STANDINGS: Mapping[RecommendationStatus, str] = {
    RecommendationStatus.PROPOSED: N_("to be confirmed"),
    RecommendationStatus.CONFIRMED: N_("confirmed"),
    RecommendationStatus.DROPPED: N_("set aside"),
    RecommendationStatus.MERGED: N_("merged"),
}
OUTCOMES: Mapping[RulingOutcome, str] = {
    RulingOutcome.OPEN: N_("open"),
    RulingOutcome.TAKEN_UP: N_("taken up"),
    RulingOutcome.PARTLY: N_("taken up in part"),
    RulingOutcome.DECLINED: N_("not taken up"),
}


class AnswersIn(Struct, frozen=True):
    """The answers to a questionnaire as a spreadsheet, and the language they were given in where it does not say.

    `named` are organisations that the register does not know, and `becomes`, in the same order, what becomes of each:
    the id of one that is known, "new" to add it, or "name" to keep its name only. A form that is sent again holds
    the file in `kept`, as base64.
    """

    file: UploadFile | None = None
    said_in: str = ""
    named: list[str] | str = field(default_factory=list)  # one alone comes as a word
    becomes: list[str] | str = field(default_factory=list)
    kept: str = ""
    name: str = ""

    def read(self) -> tuple[bytes, str]:
        """The file and its name. Raises `Invalid` where there is none."""
        if self.file is not None and self.file.filename:
            self.file.file.seek(0)
            return self.file.file.read(LARGEST + 1), self.file.filename
        try:
            content = b64decode(self.kept, validate=True)
        except ValueError:
            content = b""
        if not content:
            raise Invalid(field="file", reason="required")
        return content, self.name

    def organisations(self) -> Mapping[str, str]:
        named, becomes = ([given] if isinstance(given, str) else given for given in (self.named, self.becomes))
        return dict(zip(named, becomes, strict=False))


class AnswersPage(Page, frozen=True, kw_only=True):
    """`unknown` are organisations of the file, with what was chosen for each; `known` those of the register."""

    languages: Sequence[str]
    said_in: str
    error: str
    unknown: Sequence[tuple[str, str]] = ()
    known: Sequence[tuple[str, str]] = ()
    kept: str = ""
    name: str = ""
    may_add: bool = False


class RegisterFilePages(Controller):
    """The register out as a spreadsheet, and the answers to a questionnaire in."""

    path = "/{forum:str}/recommendations"

    @gives("/file/{kind:str}", name="register_file", policy="recommendation.read")
    def file(self, db: Db, work: Work, forum: Slug, kind: FromPath[str]) -> Response[bytes]:
        """What fits the filters of the address, as `xlsx` or `csv`."""
        return register_file(db, forum, kind, work=work, settings=dict(work.request.query_params.items()))

    @shows("recommendations/answers.html", "/answers", name="answers", policy="recommendation.confirm_merge")
    def answers(
        self,
        db: Db,
        work: Work,
        found: FrameInForum,
        form: AnswersIn | None = None,
        refusal: BadFile | Invalid | None = None,
    ) -> AnswersPage:
        """The form; with what was sent and the organisations to choose for, where that is what is missing."""
        policy.ensure_may_settle(work.actor, found.forum, ())
        context = AnswersPage(
            place=header(db, found, work=work),
            here="recommendations",
            languages=[language.value for language in LANGUAGES],
            said_in=form.said_in if form else work.language.value,
            error=sentence(refusal, work.messages) if refusal else "",
        )
        if form and refusal and refusal.facts.get("reason") == "unknown_organisations":
            return replace(context, **_upload_context(db, found.forum, form, refusal, work))
        return context

    @takes(
        "/answers",
        again=answers,
        refusals=(BadFile, Invalid),
        name="take_answers",
        policy="recommendation.confirm_merge",
        request_max_body_size=LARGEST * 3 // 2,  # the second time as base64
    )
    def take(self, db: Db, work: Work, actor: Actor, forum: InForum, data: MultipartBody[AnswersIn]) -> Done:
        """Bring in a spreadsheet; what is in it waits to be confirmed."""
        count, passed_over = import_answers(db, forum, data, actor=actor)
        said = work.messages.ngettext(
            "%(n)s recommendation to be confirmed.", "%(n)s recommendations to be confirmed.", count
        )
        said = " ".join(filter(None, (said, unread_columns(passed_over, work.messages))))
        return Done("recommendations", said, at={"standing": "proposed", "sort": "newest"})


def _upload_context(db: Db, forum: Forum, data: AnswersIn, refusal: BadFile | Invalid, work: Work) -> dict[str, Any]:
    (content, name), chosen = data.read(), data.organisations()
    return {
        "unknown": [(named, chosen.get(named, "")) for named in str(refusal.facts["names"]).split("\n")],
        "known": [(str(organisation.id), organisation.name) for organisation in OrganisationService(db).every(forum)],
        "kept": b64encode(content).decode(),
        "name": name,
        "may_add": may_in(work.actor, "organisation.manage_people", forum),
    }


def import_answers(db: Db, forum: Forum, data: AnswersIn, *, actor: Actor) -> tuple[int, Sequence[str]]:
    """Take a spreadsheet in: how many recommendations it has, and the headings over columns that nobody read.

    Who may not is refused before it is read.
    """
    policy.ensure_may_settle(actor, forum, ())
    content, name = data.read()
    said_in = data.said_in if data.said_in in set(LANGUAGES) else UNKNOWN
    answers = read_answers(content, source=name, language=said_in)
    taken = RecommendationService(db).take_answers(
        forum, answers.given, organisations=data.organisations(), actor=actor
    )
    return len(taken), answers.unread


def register_file(db: Db, forum_slug: str, kind: str, *, work: Work, settings: Mapping[str, str]) -> Response[bytes]:
    """The recommendations that fit the filters as a file; raises `NotFound` for a kind that there is not."""
    found = forum_frame(db, forum_slug, work=work)
    policy.ensure_may_read(work.actor, found.forum)
    messages, filters = work.messages, RegisterFilters.of(settings)
    columns = [Column(messages.gettext(heading), width) for heading, width, _ in _SHEET]
    trails = RecommendationUsage.of(db, found.forum, work.actor)
    matching = matching_recommendations(found.forum, filters, trails, work)
    ids = list(db.scalars(sa.select(Recommendation.id).where(*matching).order_by(*search_order(filters.order))))
    rows = _rows(db, found.forum, ids, trails, work)
    if kind == "xlsx":
        content, media_type = xlsx(messages.gettext("Recommendations"), columns, rows), XLSX
    elif kind == "csv":
        content, media_type = comma_separated(columns, rows), CSV
    else:
        raise NotFound(what="file", id=kind)
    return attachment(MadeFile(f"{forum_slug}-recommendations.{kind}", content, media_type))


_SHEET = (
    (N_("No."), 7, "number"),
    (N_("Recommendation"), 80, "text"),
    (N_("Language"), 10, "language"),
    (N_("From"), 36, "origin"),
    (N_("Working group"), 20, "working_group"),
    (N_("Section"), 24, "section"),
    (N_("Line"), 7, "line"),
    (N_("Status"), 16, "standing"),
    (N_("Outcome"), 18, "outcome"),
    (N_("Reason"), 40, "reason"),
    (N_("Merged into"), 12, "merged_into"),
    (N_("Themes"), 30, "themes"),
    (N_("Endorsements"), 13, "endorsed"),
    (N_("Paragraphs"), 24, "went"),
)
_PLAIN = frozenset({"number", "text", "language", "working_group", "section", "standing", "outcome", "reason"})


def _rows(db: Db, forum: Forum, ids: Sequence[UUID], trails: RecommendationUsage, work: Work) -> Iterator[list[Value]]:
    for start in range(0, len(ids), _BATCH):
        for line in register_rows(db, forum, ids[start : start + _BATCH], trails, work):
            yield [_cell(getattr(line, name), name, line, work.messages) for _, _, name in _SHEET]


def _cell(value: Any, name: str, row: RegisterLine | Recommendation, messages: Messages) -> Value:
    """What a column has of a recommendation; its outcome as far as the reader may know it."""
    plain: Value = value
    match name:
        case "standing":
            return messages.gettext(STANDINGS[value])
        case "outcome":
            is_told = isinstance(row, Recommendation) or row.fate != UNPUBLISHED
            return messages.gettext(OUTCOMES[value]) if is_told else ""
        case "themes":
            return "; ".join(value)
        case "went":
            return "; ".join(f"{went.declaration} {went.number}".strip() for went in value)
    return plain


def plain_register(db: Db, forum: Forum, messages: Messages) -> tuple[list[Column], Iterator[Sequence[Value]]]:
    """The columns, and a row for each recommendation of the forum in the order of their numbers."""
    plain = [(heading, width, name) for heading, width, name in _SHEET if name in _PLAIN]
    found = db.scalars(sa.select(Recommendation).filter_by(forum_id=forum.id).order_by(Recommendation.number))
    rows = (
        [_cell(getattr(row, "outcome_reason" if name == "reason" else name), name, row, messages) for *_, name in plain]
        for row in found
    )
    return [Column(messages.gettext(heading), width) for heading, width, _ in plain], rows
