"""What a translator does beside writing: reviewing, settling suggestions, preparing, handing out work."""

from collections.abc import Mapping, Sequence
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from markupsafe import Markup
from msgspec import Struct, field

from drafts.text.blocks import Language
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, Stale
from workspace.core.storage.db import Db
from workspace.core.validation import id_or_none, known_id, parse_day
from workspace.declarations.domain import queries
from workspace.declarations.domain.queries import BlockRow
from workspace.declarations.frame import Frame, framed, heading
from workspace.declarations.labels import Spot, spots
from workspace.translations.domain import policy
from workspace.translations.domain.checks import TextCheckService, TextFinding
from workspace.translations.domain.models import ReviewVerdict
from workspace.translations.domain.service import EditorialService, TranslationService
from workspace.translations.domain.suggestions import SuggestionService
from workspace.translations.domain.work import ReviewService, TaskService
from workspace.translations.views.editor import FindingView, finding_views
from workspace.translations.views.overview import TranslationLinks, Ways, language_named
from workspace.web.error_responses import STATUS
from workspace.web.http.guards import FOLLOW_THE_WORK
from workspace.web.http.request_context import FormBody, FromPath, PathId, Work
from workspace.web.http.routing import get, post
from workspace.web.i18n.marking import N_
from workspace.web.pages import Done, Page, PageOrRedirect, page, redirect, said_at, takes
from workspace.web.refusals.sentences import worded
from workspace.web.text_html import paragraph_html

_REFUSED: Mapping[str, str] = {
    "has_errors": N_("A text has an error: correct it, or accept it with a reason."),
    "not_current": N_("Not approved: a text no longer matches its original."),
    "empty": N_("Give a reason."),
    "original": N_("Not approved: an original is not a translation."),
    "": N_("Not saved: a text has changed since you read it."),
}


class UnreviewedText(Struct, frozen=True):
    """A translation that nobody has reviewed: its original, its words, and the version that is read."""

    spot: Spot
    original: Language
    source: Markup
    html: Markup
    version: UUID
    by: str
    href: str
    findings: Sequence[FindingView]
    is_ready: bool  # the checks find no error that nobody let stand


class TranslationReviewPage(Page, frozen=True, kw_only=True):
    name: str
    reading: str
    overview: str
    text_language: Language
    unread: Sequence[UnreviewedText]
    reviewed: int
    total: int
    refused: str


class TranslationReviewForm(Struct, frozen=True):
    """The versions that were read; those of the whole page come in `every`, and count where `all` is pressed."""

    versions: list[str] | str = field(default_factory=list)
    every: list[str] | str = field(default_factory=list)
    all: str = ""
    verdict: str = "approved"
    note: str = ""

    def chosen(self) -> list[UUID]:
        given = self.every if self.all else self.versions
        return [known_id(value, "text") for value in ([given] if isinstance(given, str) else given)]


class TaskForm(Struct, frozen=True):
    language: str = ""
    person: str = ""
    due_on: str = ""


class PreparedForm(Struct, frozen=True):
    words: str = ""


FollowedFrame = Annotated[Frame, framed(policy.may_follow)]


class TranslationWorkPages(Controller):
    """The translators' desk beside the bench."""

    path = "/{forum:str}/{declaration:str}/translation"

    @get("/review/{text:str}", name="review_translations", policy=FOLLOW_THE_WORK)
    def unread(self, ways: Ways, text: FromPath[str]) -> Response[str]:
        """Every translation into one language that nobody has reviewed, to approve one or many."""
        return _review_page(ways, language_named(text))

    @post("/review/{text:str}", name="approve_translations", policy="translation.approve")
    def review(self, ways: Ways, text: FromPath[str], data: FormBody[TranslationReviewForm]) -> PageOrRedirect:
        """Approve what was read, or return it with a word."""
        work, actor, language = ways.work, ways.work.actor, language_named(text)
        verdict = ReviewVerdict.RETURNED if data.verdict == ReviewVerdict.RETURNED else ReviewVerdict.APPROVED
        try:
            with work.writing() as db:
                found = ways.frame(db).declaration
                made = ReviewService(db).review(found.id, data.chosen(), verdict, note=data.note, actor=actor)
        except (Stale, Invalid) as refusal:
            return _review_page(ways, language, refusal)
        count, messages = len(made), work.messages
        if verdict is ReviewVerdict.RETURNED:
            said = messages.ngettext("One text returned.", "%(n)s texts returned.", count)
        else:
            said = messages.ngettext("One text approved.", "%(n)s texts approved.", count)
        return redirect(work, ways.review(language), said=said)

    @takes("/suggestions/{suggestion_id:uuid}", name="drop_suggestion", policy="translation.write")
    def drop(self, db: Db, work: Work, actor: Actor, found: FollowedFrame, suggestion_id: PathId) -> Done:
        """Say that a suggestion is of no use."""
        gone = SuggestionService(db).settle(found.declaration.id, suggestion_id, is_taken=False, actor=actor)
        at = {"block_id": gone.block_id, "text": gone.language.value}
        return Done("translate", work.messages.gettext("Suggestion discarded."), at=at)

    @takes(
        "/{block_id:uuid}/{text:str}/amendments/{number:int}", name="prepare_translation", policy="translation.write"
    )
    def prepare(
        self,
        *,
        db: Db,
        work: Work,
        found: FollowedFrame,
        block_id: PathId,
        text: FromPath[str],
        number: FromPath[int],
        data: FormBody[PreparedForm],
    ) -> Done:
        """Translate a tabled amendment beforehand; it takes effect on its adoption."""
        service, language = SuggestionService(db), language_named(text)
        amendment = service.amendment(found.declaration, number)
        service.prepare(amendment.id, block_id, language, data.words, actor=work.actor)
        return Done("translate", work.messages.gettext("Saved."))

    @takes("/{block_id:uuid}/{text:str}/claim", name="claim_translation", policy="translation.write")
    def claim(self, db: Db, actor: Actor, found: FollowedFrame, block_id: PathId, text: FromPath[str]) -> Done:
        """Say that one is at work on a text."""
        TaskService(db).claim(found.declaration.id, block_id, language_named(text), actor=actor)
        return Done("translate")

    @takes("/tasks", again=said_at("translation"), name="assign_translation", policy="translation.assign")
    def assign(self, db: Db, work: Work, actor: Actor, found: FollowedFrame, data: FormBody[TaskForm]) -> Done:
        """Give a language to somebody."""
        language, person_id = language_named(data.language), known_id(data.person, "person")
        due_on = parse_day("due_on", data.due_on)
        TaskService(db).assign(found.declaration.id, language, person_id, due_on=due_on, actor=actor)
        return Done("translation", work.messages.gettext("Task assigned."))

    @takes("/tasks/{assignment_id:uuid}", name="unassign_translation", policy="translation.assign")
    def unassign(self, db: Db, work: Work, actor: Actor, found: FollowedFrame, assignment_id: PathId) -> Done:
        """Take a task back."""
        TaskService(db).unassign(found.declaration.id, assignment_id, actor=actor)
        return Done("translation", work.messages.gettext("Task withdrawn."))


def _review_page(ways: TranslationLinks, language: Language, refusal: Stale | Invalid | None = None) -> Response[str]:
    work = ways.work
    with work.reading() as db:
        context = _unread(db, ways, language, refusal)
    return page(work, "translations/review.html", context, status=STATUS[type(refusal)] if refusal else 200)


def _unread(
    db: Db, ways: TranslationLinks, language: Language, refusal: Stale | Invalid | None
) -> TranslationReviewPage:
    found, work = ways.frame(db), ways.work
    standings = TranslationService(db).standings(found.declaration)
    rows = [standing.row for standing in standings]
    said = ReviewService(db).reviews(found.declaration, rows)
    named = {spot.block_id: spot for spot in spots(rows, work.messages)}
    numbered = queries.numbers_of(rows)
    translated = [
        standing
        for standing in standings
        if language in standing.row.texts
        and standing.row.original_language is not language
        and not standing.states[language].stops_publication
    ]
    shown = TextCheckService(db).shown(found.declaration)

    def of_text(row: BlockRow) -> list[TextFinding]:
        every = shown.get(row.block_id, ())
        return [finding for finding in every if finding.source is None or finding.language is language]

    unread = [
        UnreviewedText(
            spot=named[row.block_id],
            original=row.original_language,
            source=paragraph_html(row.original(), row.original_language, numbered, "source"),
            html=paragraph_html(row.block(language), language, numbered, "target"),
            version=row.texts[language].id,
            by=queries.author_name(db, row.texts[language]),
            href=ways.translate(row.block_id, language),
            findings=finding_views(of_text(row), row, ways),
            is_ready=not any(finding.is_grave for finding in of_text(row)),
        )
        for row in (block_standing.row for block_standing in translated)
        if (row.block_id, language) not in said
        and policy.may_review(work.actor, found.declaration, language, row.texts[language].author_id)
    ]
    reason = str(refusal.facts.get("reason", "")) if isinstance(refusal, Invalid) else ""
    return TranslationReviewPage(
        **heading(found, "translation", work=work),
        reading=ways.reading(),
        overview=ways.overview(),
        text_language=language,
        unread=unread,
        reviewed=sum((block_standing.row.block_id, language) in said for block_standing in translated),
        total=len(translated),
        refused=worded(refusal, work.messages.gettext(_REFUSED.get(reason, _REFUSED[""]))) if refusal else "",
    )


_DONE = N_("It now counts as a correction.")
_WAITS = N_("Saved; awaits second approval.")


class EditorialForm(Struct, frozen=True):
    """The original in force that the reader has seen."""

    expected: str = ""


class EditorialPages(Controller):
    """A claim by one person, and the confirmation by another."""

    path = "/{forum:str}/{declaration:str}/translation"

    @takes(
        "/{block_id:uuid}/{text:str}/editorial",
        again=said_at("translate"),
        refusals=(Invalid, Stale),
        name="call_editorial",
        policy="translation.assign",
    )
    def call_editorial(
        self, *, db: Db, work: Work, ways: Ways, block_id: PathId, text: FromPath[str], data: FormBody[EditorialForm]
    ) -> Done:
        """Say of what changed in the original since this text was made that it is wording only."""
        found, translations = ways.frame(db).declaration, TranslationService(db)
        row = translations.standing(found, block_id).row
        before = translations.last_agreed(found, row, language_named(text))
        expected, since = id_or_none(data.expected), before.id if before else None
        language, actor = row.original_language, work.actor
        claims = EditorialService(db).claim(found.id, block_id, language, expected=expected, since=since, actor=actor)
        return Done("translate", work.messages.gettext(_WAITS if claims.steps else _DONE))
