"""Drafting from the register, and the bank of adopted texts, in the browser."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import takewhile
from uuid import UUID

import sqlalchemy as sa
from litestar import Controller
from msgspec import Struct, field
from msgspec.structs import replace
from sqlalchemy.orm import joinedload

from drafts.base.errors import DraftsError
from drafts.diff.amendments import Change, ChangeOp
from drafts.text.blocks import BlockKind, Language
from drafts.text.markup import plain
from drafts.text.numbering import label
from workspace.amendments.domain.policy import may_edit
from workspace.amendments.service import AmendmentService
from workspace.consultation.adopted_texts import BankService
from workspace.consultation.pages.adopted_texts import PublishedPassage, Quotable, published_passage, published_passages
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, Stale, WorkspaceError
from workspace.core.security.permissions import roles_that_may
from workspace.core.storage.db import Db
from workspace.core.storage.text_search import has_words
from workspace.core.validation import id_or_none
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.queries import BlockRow
from workspace.declarations.domain.service import DeclarationService
from workspace.declarations.frame import frame
from workspace.recommendations.models import Recommendation, RecommendationStatus
from workspace.recommendations.pages.usage import RecommendationUsage
from workspace.recommendations.service import RecommendationService
from workspace.sessions.models import Session
from workspace.web.http.request_context import FormBody, FromQuery, Slug, Work
from workspace.web.http.routing import get, post
from workspace.web.i18n.messages import LANGUAGES
from workspace.web.pages import Page, PageOrRedirect, field_errors, page, redirect
from workspace.web.refusals.sentences import sentence

MOST_SHOWN = 60
START, EXTEND = "start", "extend"
_EXCERPT = 90
_ENOUGH_WORDS = 3  # to look for adopted words that are near
_STARTED = (BlockKind.OPERATIVE, BlockKind.PREAMBLE, BlockKind.CHAPEAU)  # what a new paragraph can be


class DraftingForm(Struct, frozen=True):
    """The form as a browser sends it. `act` is to save, to quote a passage, or only to show it again; `way` is to
    start a paragraph after `block`, or to extend it; `language` is that of the text.
    """

    act: str = ""
    way: str = START
    block: str = ""
    language: str = ""
    kind: str = BlockKind.OPERATIVE.value  # of a new paragraph
    wording: str = ""
    reason: str = ""
    head: str = ""
    number: list[int] | int = field(default_factory=list)  # one that is ticked alone comes as a number
    words: str = ""
    bank: str = ""

    @property
    def numbers(self) -> list[int]:
        return self.number if isinstance(self.number, list) else [self.number]


class UnplacedRecommendation(Struct, frozen=True):
    """A confirmed recommendation without a place in this text."""

    number: int
    text: str
    language: str
    origin: str
    is_chosen: bool


class DraftParagraph(Struct, frozen=True):
    """A paragraph of the draft: its number, and how it begins."""

    block: str
    number: str
    excerpt: str
    text: str
    language: str


class DraftingPage(Page, frozen=True, kw_only=True):
    name: str
    form: DraftingForm
    targets: Sequence[DraftParagraph]
    unplaced: Sequence[UnplacedRecommendation]
    left: int  # how many want a place, whatever is looked for
    passages: Sequence[Quotable]
    nearest: Sequence[Quotable]  # to the words that are being written
    own: Sequence[PublishedPassage]
    reading: str
    bank_page: str
    errors: Mapping[str, str] = field(default_factory=dict)


def drafting_page(
    db: Db,
    forum_slug: str,
    declaration_slug: str,
    *,
    work: Work,
    form: DraftingForm,
    errors: Mapping[str, str] | None = None,
) -> DraftingPage:
    """The form with everything beside it. Raises `NotFound` for whoever may not edit the text."""
    found = frame(db, forum_slug, declaration_slug, work=work, may=may_draft)
    rows = queries.head_rows(db, found.declaration)
    language = Language(form.language) if form.language in LANGUAGES else found.declaration.original_language
    head = form.head or str(found.declaration.head_id)
    bank, actor = BankService(db), work.actor
    passages = bank.find(found.forum, form.bank, actor=actor) if form.bank.strip() else []
    is_near = not passages and len(form.wording.split()) >= _ENOUGH_WORDS
    nearest = bank.nearest(found.forum, form.wording, language=language.value, actor=actor) if is_near else []
    return DraftingPage(
        place=found.place,
        here="reading",
        name=found.declaration.name.said_in(work.language),
        form=replace(form, language=language.value, head=head),
        targets=_targets(rows, language),
        unplaced=_unplaced(db, found.declaration, form, work.language),
        left=_usage(found.declaration).count_homeless(db, found.forum, work.actor),
        passages=[Quotable.of(passage) for passage in passages],
        nearest=[Quotable.of(passage) for passage in nearest],
        own=published_passages(db, found.forum, form.bank, work=work),
        reading=work.url_for("reading", forum=forum_slug, declaration=declaration_slug),
        bank_page=work.url_for("bank", forum=forum_slug),
        errors=errors or {},
    )


def may_draft(actor: Actor, declaration: Declaration) -> bool:
    return may_edit(actor, declaration)


def composed(db: Db, declaration: Declaration, form: DraftingForm) -> DraftingForm:
    """The form with the words of the chosen recommendations behind what was written, each once."""
    chosen = RecommendationService(db).chosen(declaration.forum, form.numbers)
    fresh = [recommendation.text for recommendation in chosen if recommendation.text not in form.wording]
    written = form.wording.strip()
    return replace(form, wording=" ".join(part for part in (written, *fresh) if part))


def quoted(db: Db, declaration: Declaration, form: DraftingForm, passage_id: UUID, *, actor: Actor) -> DraftingForm:
    """The form with the words of an adopted text behind what was written, and where they stand.

    What opened that text opens this one too, where nothing was written before.
    """
    passage = BankService(db).get(declaration.forum, passage_id, actor=actor)
    kind = passage.kind if passage.kind in set(_STARTED) and not form.wording.strip() else form.kind
    return replace(form, kind=kind, wording=f"{form.wording.strip()} {passage.text} ({passage.cited})".strip())


def quoted_own(db: Db, declaration: Declaration, form: DraftingForm, key: str, *, work: Work) -> DraftingForm:
    """The form with the words of one of the forum's own published texts behind what was written."""
    passage = published_passage(db, declaration.forum, key, work=work)
    return replace(form, wording=f"{form.wording.strip()} {passage.text} ({passage.citation})".strip())


def save(db: Db, declaration: Declaration, form: DraftingForm, *, actor: Actor) -> str:
    """Start or extend a paragraph, and link it with every recommendation that was chosen. The paragraph's id.

    Raises `Invalid` for a form without words, and `Stale` when somebody has changed the text meanwhile.
    """
    language = Language(form.language) if form.language in LANGUAGES else declaration.original_language
    wording = " ".join(form.wording.split())
    if not wording:
        raise Invalid(field="wording", reason="required")
    before = queries.text_in_force(db, declaration).by_block
    block = next((row for row in before.values() if row.id == form.block), None)
    if block is None and (form.way == EXTEND or form.block):
        raise Invalid(field="block", reason="required")
    AmendmentService(db).edit(
        declaration.id,
        [_change(form, block, wording, language, list(before.values()))],
        language=language,
        reason=form.reason,
        expected_head=_head(form.head),
        actor=actor,
    )
    new = (row.block_id for row in queries.head_rows(db, declaration) if row.block_id not in before)
    changed = block.block_id if block is not None and form.way == EXTEND else next(new)
    service = DeclarationService(db)
    for recommendation in RecommendationService(db).chosen(declaration.forum, form.numbers):
        service.link(declaration, changed, recommendation, actor=actor)
    return str(changed)


def _change(
    form: DraftingForm, block: BlockRow | None, wording: str, language: Language, rows: Sequence[BlockRow]
) -> Change:
    if form.way == EXTEND and block is not None:
        known = block.content(language)
        return Change(ChangeOp.REWORD, str(block.block_id), text=f"{known} {wording}".strip())
    kind = BlockKind(form.kind) if form.kind in set(_STARTED) else BlockKind.OPERATIVE
    after = block or _last_before(kind, rows)
    return Change(
        ChangeOp.INSERT, "new", text=wording, kind=kind, level=0, after=str(after.block_id) if after else None
    )


def _last_before(kind: BlockKind, rows: Sequence[BlockRow]) -> BlockRow | None:
    """What a new paragraph of this kind follows: what opens the text ends where the first other paragraph begins."""
    if kind is BlockKind.OPERATIVE:
        return rows[-1] if rows else None
    opening = {BlockKind.TITLE, BlockKind.PLACE_DATE, BlockKind.CHAPEAU}
    opening |= {BlockKind.PREAMBLE} if kind is BlockKind.PREAMBLE else set()
    return next(reversed(list(takewhile(lambda row: row.kind in opening, rows))), None)


def _head(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Stale(expected=text, head="") from None


def _usage(declaration: Declaration) -> RecommendationUsage:
    return RecommendationUsage({declaration.id: declaration})


def _homeless(declaration: Declaration) -> sa.Select[Recommendation]:
    """What is confirmed and has no place in this text."""
    return sa.select(Recommendation).where(
        Recommendation.forum_id == declaration.forum_id,
        Recommendation.standing == RecommendationStatus.CONFIRMED,
        _usage(declaration).is_homeless(),
    )


def _unplaced(db: Db, declaration: Declaration, form: DraftingForm, said_in: str) -> list[UnplacedRecommendation]:
    """Those that are chosen, and then those that fit the words that are looked for."""
    origin = joinedload(Recommendation.session).load_only(Session.title), joinedload(Recommendation.organisation)
    every = _homeless(declaration).options(*origin).order_by(Recommendation.number)
    chosen = db.scalars(every.where(Recommendation.number.in_(form.numbers))).all() if form.numbers else []
    others = every.where(has_words(Recommendation.folded, form.words), Recommendation.number.not_in(form.numbers))
    found = [*chosen, *db.scalars(others.limit(MOST_SHOWN))]
    return [
        UnplacedRecommendation(
            recommendation.number,
            recommendation.text,
            recommendation.language,
            recommendation.origin_in(said_in),
            recommendation.number in form.numbers,
        )
        for recommendation in found
    ]


def _targets(rows: Sequence[BlockRow], language: Language) -> list[DraftParagraph]:
    known = queries.numbers_of(rows)
    return [
        DraftParagraph(
            block=row.id,
            number=label(row.original(), known.get(row.id, ""), language),
            excerpt=_excerpt(row.content(language) or row.original().text),
            text=row.content(language) or row.original().text,
            language=(language if row.content(language) else row.original_language).value,
        )
        for row in rows
        if row.kind is not BlockKind.RULE
    ]


@lru_cache(maxsize=4_096)
def _excerpt(text: str) -> str:
    return plain(text)[:_EXCERPT]


SAVE, QUOTE, OWN = "save", "quote:", "own:"


class DraftingPages(Controller):
    """Drafting from the register."""

    path = "/{forum:str}/{declaration:str}/drafting"

    @get(name="drafting", policy="block.edit")
    def drafting(
        self,
        *,
        work: Work,
        forum: Slug,
        declaration: Slug,
        block: FromQuery[str] = "",
        number: FromQuery[list[int] | None] = None,
    ) -> PageOrRedirect:
        """The form; `?number=` are the recommendations to begin with, `?block=` the paragraph to extend.

        Whoever drafts in another phase is led to the text and told why there is no form.
        """
        form = DraftingForm(block=block, way=EXTEND if block else START, number=number or [])
        with work.reading() as db:
            text = frame(db, forum, declaration, work=work)
            roles = work.actor.roles_in(text.declaration.forum_id, clock.now())
            if roles & roles_that_may("block.edit") and not may_draft(work.actor, text.declaration):
                said = work.messages.gettext("The text cannot be drafted in this phase.")
                return redirect(work, work.url_for("reading", forum=forum, declaration=declaration), said=said)
            if number:
                found = frame(db, forum, declaration, work=work, may=may_draft)
                form = composed(db, found.declaration, form)
            context = drafting_page(db, forum, declaration, work=work, form=form)
        return page(work, "desk/drafting.html", context)

    @post(name="save_drafting", policy="block.edit")
    def save_drafting(self, work: Work, forum: Slug, declaration: Slug, data: FormBody[DraftingForm]) -> PageOrRedirect:
        """Make the paragraph with its links; or show the form again, with more words in it."""
        actor, form = work.actor, data
        if data.act != SAVE:
            with work.reading() as db:
                found = frame(db, forum, declaration, work=work, may=may_draft)
                passage = id_or_none(data.act.removeprefix(QUOTE)) if data.act.startswith(QUOTE) else None
                if passage:
                    form = quoted(db, found.declaration, form, passage, actor=actor)
                elif data.act.startswith(OWN):
                    form = quoted_own(db, found.declaration, form, data.act.removeprefix(OWN), work=work)
                elif data.act == "compose":
                    form = composed(db, found.declaration, form)
                context = drafting_page(db, forum, declaration, work=work, form=form)
            return page(work, "desk/drafting.html", context)
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=may_draft)
                block = save(db, found.declaration, form, actor=actor)
        except (Invalid, Stale, DraftsError) as refusal:
            errors = _errors(work, refusal)
            with work.reading() as db:
                context = drafting_page(db, forum, declaration, work=work, form=form, errors=errors)
            return page(work, "desk/drafting.html", context, status=422)
        count, say = len(form.numbers), work.messages
        linked = say.ngettext(
            "Paragraph added, linked with one recommendation.",
            "Paragraph added, linked with %(n)s recommendations.",
            count,
        )
        said = linked if count else say.gettext("Saved.")
        to = work.url_for("drafting", forum=forum, declaration=declaration, block=block)
        return redirect(work, to, said=said)


def _errors(work: Work, refusal: WorkspaceError | DraftsError) -> Mapping[str, str]:
    if isinstance(refusal, Invalid) and str(refusal.facts.get("field")) in {"reason", "wording", "block"}:
        return field_errors(work, refusal)
    return {"wording": sentence(refusal, work.messages)}
