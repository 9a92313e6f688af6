"""The register as a spreadsheet, out and in."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect
from msgspec import Struct

from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import BadFile, Invalid, NotFound
from workspace.core.sheets import CSV, XLSX, Column, Value, comma_separated, xlsx
from workspace.declarations.frame import header
from workspace.desk.register import fitting, lines
from workspace.desk.register_filters import Filters
from workspace.desk.trails import Trails, Went
from workspace.people.frame import forum_frame
from workspace.people.models import Forum
from workspace.people.service import PeopleService
from workspace.recommendations import policy
from workspace.recommendations.answers import read_answers
from workspace.recommendations.finding import sorted_by
from workspace.recommendations.models import Outcome, Recommendation, Standing
from workspace.recommendations.service import RecommendationService
from workspace.web.i18n import LANGUAGES, N_, Messages
from workspace.web.pages import Page, page, redirect
from workspace.web.params import FromPath
from workspace.web.sentences import sentence
from workspace.web.services import Work

LARGEST = 10_000_000  # bytes of a file that is taken in
UNKNOWN = "und"  # a language that nobody has named
_BATCH = 500  # rows read at once
STANDINGS: Mapping[Standing, str] = {
    Standing.PROPOSED: N_("to be confirmed"),
    Standing.CONFIRMED: N_("confirmed"),
    Standing.DROPPED: N_("dropped"),
    Standing.MERGED: N_("merged"),
}
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.OPEN: N_("open"),
    Outcome.TAKEN_UP: N_("taken up"),
    Outcome.PARTLY: N_("taken up in part"),
    Outcome.DECLINED: N_("declined"),
    Outcome.MERGED: N_("merged"),
}


class AnswersIn(Struct, frozen=True):
    """The answers to a questionnaire as a spreadsheet, and the language they were given in where it does not say."""

    file: UploadFile
    said_in: str = ""


class AnswersPage(Page, frozen=True, kw_only=True):
    languages: Sequence[str]
    error: str


class RegisterFilePages(Controller):
    """The register out as a spreadsheet, and the answers to a questionnaire in."""

    path = "/{forum:str}/recommendations"

    @get("/file/{kind:str}", name="register_file", sync_to_thread=True, policy="recommendation.read")
    def file(self, work: NamedDependency[Work], forum: FromPath[str], kind: FromPath[str]) -> Response[bytes]:
        """What fits the filters of the address, as `xlsx` or `csv`."""
        with work.reading() as db:
            return register_file(db, forum, kind, work=work, settings=dict(work.request.query_params.items()))

    @get("/answers", name="answers", sync_to_thread=True, policy="recommendation.confirm_merge")
    def answers(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[str]:
        """The form to bring in a spreadsheet."""
        return self._form(work, forum, "", 200)

    @post(
        "/answers",
        name="take_answers",
        sync_to_thread=True,
        policy="recommendation.confirm_merge",
        request_max_body_size=LARGEST + 100_000,
    )
    def take(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        data: Annotated[AnswersIn, Body(media_type=RequestEncodingType.MULTI_PART)],
    ) -> Response[str] | Redirect:
        """Bring in a spreadsheet; what is in it waits to be confirmed."""
        actor, messages = work.actor, work.messages
        content, name = data.file.file.read(LARGEST + 1), data.file.filename
        try:
            with work.writing() as db:
                count = take_answers(db, PeopleService(db).forum(forum), content, name, data.said_in, actor=actor)
        except (BadFile, Invalid) as refusal:
            return self._form(work, forum, sentence(refusal, messages), 422)
        said = messages.ngettext(
            "%(n)s recommendation waits to be confirmed.", "%(n)s recommendations wait to be confirmed.", count
        )
        return redirect(
            work, work.url_for("recommendations", forum=forum, standing="proposed", sort="newest"), said=said
        )

    def _form(self, work: Work, forum: str, error: str, status: int) -> Response[str]:
        with work.reading() as db:
            found = forum_frame(db, forum, work=work)
            policy.ensure_may_settle(work.actor, found.forum, ())
            context = AnswersPage(
                place=header(db, found, work=work),
                here="recommendations",
                languages=[one.value for one in LANGUAGES],
                error=error,
            )
        return page(work, "recommendations/answers.html", context, status=status)


def take_answers(db: Db, forum: Forum, content: bytes, name: str, language: str, *, actor: Actor) -> int:
    """Take a spreadsheet in; returns how many recommendations it has. Who may not is refused before it is read."""
    policy.ensure_may_settle(actor, forum, ())
    said_in = language if language in set(LANGUAGES) else UNKNOWN
    answers = read_answers(content, source=name, language=said_in)
    return len(RecommendationService(db).take_answers(forum, answers, actor=actor))


def register_file(db: Db, forum_slug: str, kind: str, *, work: Work, settings: Mapping[str, str]) -> Response[bytes]:
    """The recommendations that fit the filters as a file; raises `NotFound` for a kind that there is not."""
    found = forum_frame(db, forum_slug, work=work)
    policy.ensure_may_read(work.actor, found.forum)
    messages, filters = work.messages, Filters.of(settings)
    columns = _columns(messages)
    trails = Trails.of(db, found.forum, work.actor)
    matching = fitting(found.forum, filters, trails, work)
    ids = list(db.scalars(sa.select(Recommendation.id).where(*matching).order_by(*sorted_by(filters.order))))
    rows = _rows(db, found.forum, ids, trails, work)
    if kind == "xlsx":
        content, media_type = xlsx(messages.gettext("Recommendations"), columns, rows), XLSX
    elif kind == "csv":
        content, media_type = comma_separated(columns, rows), CSV
    else:
        raise NotFound(what="file", id=kind)
    return Response(
        content,
        media_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{forum_slug}-recommendations.{kind}"',
            "Cache-Control": "no-store",
        },
    )


def _columns(messages: Messages) -> list[Column]:
    say = messages.gettext
    return [
        Column(say("No."), 7),
        Column(say("Recommendation"), 80),
        Column(say("Language"), 10),
        Column(say("From"), 36),
        Column(say("Working group"), 20),
        Column(say("Section"), 24),
        Column(say("Line"), 7),
        Column(say("Standing"), 16),
        Column(say("What became of it"), 18),
        Column(say("Reason"), 40),
        Column(say("Merged into"), 12),
        Column(say("Themes"), 30),
        Column(say("Endorsements"), 13),
        Column(say("Paragraphs"), 24),
    ]


def _rows(db: Db, forum: Forum, ids: Sequence[UUID], trails: Trails, work: Work) -> Iterator[list[Value]]:
    say = work.messages.gettext
    for start in range(0, len(ids), _BATCH):
        for one in lines(db, forum, ids[start : start + _BATCH], trails, work):
            yield [
                one.number,
                one.text,
                one.language,
                one.origin,
                one.working_group,
                one.section,
                one.line,
                say(STANDINGS[one.standing]),
                say(OUTCOMES[one.outcome]),
                one.reason,
                one.merged_into,
                "; ".join(one.themes),
                one.endorsed,
                "; ".join(map(_place, one.went)),
            ]


def _place(went: Went) -> str:
    return f"{went.declaration} {went.number}".strip()
