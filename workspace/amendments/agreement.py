"""How far a text is agreed: each paragraph with its status, and what is contested in its brackets."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from markupsafe import Markup
from msgspec import Struct

from drafts.blocks import BlockKind, Language
from drafts.markup import block_markdown
from workspace.amendments import brackets
from workspace.amendments.bracket_views import BracketLine, bracket_line, contested, contested_html, letter, sponsors
from workspace.amendments.bracketing import may_bracket
from workspace.amendments.committee_models import Bracket
from workspace.amendments.passages import Passages
from workspace.amendments.views import passages_in
from workspace.core.actor import Role
from workspace.core.clock import now
from workspace.core.db import Db
from workspace.core.errors import NotFound
from workspace.declarations import paragraph_status, queries
from workspace.declarations.frame import Frame
from workspace.declarations.paragraph_models import ParagraphState, ParagraphStatus
from workspace.declarations.paragraph_status import ParagraphStates
from workspace.declarations.queries import BlockRow
from workspace.people.models import Organisation
from workspace.web.i18n import LANGUAGES, N_
from workspace.web.pages import Page
from workspace.web.services import Work

STATUSES: Mapping[ParagraphStatus, tuple[str, str, str]] = {  # words, kind and drawing of the badge
    ParagraphStatus.OPEN: (N_("not agreed yet"), "", "circle"),
    ParagraphStatus.PROVISIONAL: (N_("agreed provisionally"), "accent", "check"),
    ParagraphStatus.AD_REFERENDUM: (N_("agreed ad referendum"), "accent", "check"),
    ParagraphStatus.CLOSED: (N_("agreed and closed"), "good", "lock"),
}
BRACKETED, CLEAN = "bracketed", "clean"
_HEADINGS = frozenset({BlockKind.TITLE, BlockKind.HEADING, BlockKind.ANNEX})
WAYS = 3  # alternatives that the form offers at once


class StatusLine(Struct, frozen=True):
    """A status in words, with who gave it, when and why."""

    value: str
    words: str
    kind: str
    drawing: str
    by: str = ""
    at: datetime | None = None
    reason: str = ""


class Agreed(Struct, frozen=True):
    """One paragraph. `bracket` is the number of its open bracket, or 0; `proposed_by` who would add it."""

    id: str
    margin: str
    name: str
    html: Markup
    language: Language
    is_heading: bool
    status: StatusLine
    bracket: int
    href: str
    proposed_by: Sequence[str] = ()


class LanguageLink(Struct, frozen=True):
    language: Language
    href: str
    is_current: bool


class AgreementPage(Page, frozen=True, kw_only=True):
    """`counts` says how many paragraphs have each status; `view` is the one shown, `other_view` leads to the other."""

    name: str
    text: Language
    languages: Sequence[LanguageLink]
    view: str
    other_view: str
    markdown: str
    rows: Sequence[Agreed]
    counts: Sequence[tuple[StatusLine, int]]
    brackets: int
    may_set: bool


class ParagraphPage(Page, frozen=True, kw_only=True):
    """One paragraph on the committee's desk; it has what the macros of the desk need, too."""

    name: str
    paragraph: Agreed
    texts: Sequence[tuple[Language, Markup]]
    bracket: BracketLine | None
    history: Sequence[StatusLine]
    steps: Sequence[StatusLine]
    organisations: Sequence[tuple[str, str]]
    ways: Sequence[tuple[int, str]]  # with the letter that each would have
    text: str
    head: str
    may_set: bool
    may_open: bool
    may_bracket: bool
    given: Mapping[str, str]
    errors: Mapping[str, str]


class Agreement(Struct, frozen=True, dict=True):
    """The agreement on one declaration, for one reader."""

    work: Work
    db: Db
    found: Frame

    def page(self, language: Language, view: str) -> AgreementPage:
        """All paragraphs in one language. A fixed number of queries."""
        declaration = self.found.declaration
        opened = brackets.open_of(self.db, declaration)
        rows = [
            row
            for row in queries.head_rows(self.db, declaration)
            if view == BRACKETED or row.block_id not in opened or not opened[row.block_id].is_addition
        ]
        states = paragraph_status.states(self.db, declaration)
        passages = passages_in(rows, language, self.work, self.found)
        shown = opened if view == BRACKETED else {}
        lines = [self._agreed(row, passages, states.get(row.block_id), shown, opened) for row in rows]
        listed = [line.status.value for line in lines if not line.is_heading]
        return AgreementPage(
            place=self.found.place,
            here="reading",
            name=declaration.name.said_in(self.work.language),
            text=language,
            languages=[
                LanguageLink(choice, self._url(text=choice, view=view), choice is language) for choice in LANGUAGES
            ],
            view=view,
            other_view=self._url(text=language, view=CLEAN if view == BRACKETED else BRACKETED),
            markdown=self._url("bracketed_text", text=language),
            rows=lines,
            counts=[(self._said(status), listed.count(status.value)) for status in ParagraphStatus],
            brackets=len(opened),
            may_set=paragraph_status.may_set(self.work.actor, declaration),
        )

    def paragraph(
        self, block_id: UUID, *, given: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None
    ) -> ParagraphPage:
        """One of them, with its history. Raises `NotFound`."""
        declaration, actor = self.found.declaration, self.work.actor
        rows = queries.head_rows(self.db, declaration)
        row = next((one for one in rows if one.block_id == block_id), None)
        if row is None:
            raise NotFound(what="block", id=str(block_id))
        opened, states = brackets.open_of(self.db, declaration), paragraph_status.states(self.db, declaration)
        standing = opened[block_id].alternatives if block_id in opened else [None]  # what the text says, as A
        passages = passages_in(rows, row.original_language, self.work, self.found)
        line = self._agreed(row, passages, states.get(block_id), {}, opened)
        may_set, is_closed = paragraph_status.may_set(actor, declaration), line.status.value == ParagraphStatus.CLOSED
        is_chair = actor.is_operator or Role.CHAIR in actor.roles_in(declaration.forum_id, now())
        return ParagraphPage(
            place=self.found.place,
            here="reading",
            name=declaration.name.said_in(self.work.language),
            paragraph=line,
            texts=[(one, self._html(row, one, passages)) for one in LANGUAGES if one in row.texts],
            bracket=bracket_line(opened[block_id], passages) if block_id in opened else None,
            history=[
                self._said(state.status, state) for state in ParagraphStates(self.db).history(declaration, block_id)
            ],
            steps=[self._said(one) for one in ParagraphStatus if one.value != line.status.value],
            organisations=self._organisations() if may_bracket(actor, declaration) else (),
            ways=[(way, letter(len(standing) + way - 1)) for way in range(1, WAYS + 1)],
            text=row.original_language.value,
            head=str(declaration.head_id),
            may_set=may_set and (is_chair or not is_closed),
            may_open=is_chair,
            may_bracket=may_bracket(actor, declaration) and not is_closed,
            given=given or {},
            errors=errors or {},
        )

    def markdown(self, language: Language) -> str:
        """The text with its brackets as plain Markdown, without any other mark of what was changed."""
        rows = queries.head_rows(self.db, self.found.declaration)
        opened = brackets.open_of(self.db, self.found.declaration)
        passages = passages_in(rows, language, self.work, self.found)
        lines = []
        for row in rows:
            block = row.block(language)
            text = contested(opened[row.block_id], language, row).markdown if row.block_id in opened else block.text
            if text:
                written = type(block)(block.id, block.kind, text, block.level)
                lines.append(block_markdown(written, passages.numbers.get(block.id, "")))
        return "\n\n".join(lines) + "\n"

    def _agreed(
        self,
        row: BlockRow,
        passages: Passages,
        state: ParagraphState | None,
        shown: Mapping[UUID, Bracket],
        opened: Mapping[UUID, Bracket],
    ) -> Agreed:
        block_id, language = row.id, passages.language
        if row.block_id in shown:
            found = contested(shown[row.block_id], language, row)
            html = contested_html(found, language, passages.numbers, self.work.messages)
        else:
            html = self._html(row, language if language in row.texts else row.original_language, passages)
        return Agreed(
            id=block_id,
            margin=passages.margin(block_id),
            name=passages.name_of(block_id),
            html=html,
            language=language if language in row.texts or row.block_id in shown else row.original_language,
            is_heading=row.kind in _HEADINGS,
            status=self._said(state.status if state else ParagraphStatus.OPEN, state),
            bracket=opened[row.block_id].number if row.block_id in opened else 0,
            href=self._url("agreement_paragraph", block_id=block_id),
            proposed_by=self._proposed_by(opened.get(row.block_id)),
        )

    def _proposed_by(self, bracket: Bracket | None) -> Sequence[str]:
        if bracket is None or not bracket.is_addition:
            return ()
        return [name for one in bracket.alternatives for name in sponsors(one, self.work.messages)]

    def _html(self, row: BlockRow, language: Language, passages: Passages) -> Markup:
        return Passages(passages.rows, language, passages.messages, passages.paragraphs).html(row.block(language))

    def _said(self, status: ParagraphStatus, state: ParagraphState | None = None) -> StatusLine:
        words, kind, drawing = STATUSES[status]
        said = self.work.messages.gettext(words)
        if state is None:
            return StatusLine(status.value, said, kind, drawing)
        by = state.set_by.name if state.set_by else ""
        at = self.found.forum.local(state.set_at)
        return StatusLine(status.value, said, kind, drawing, by, at, state.reason)

    def _organisations(self) -> Sequence[tuple[str, str]]:
        found = self.db.scalars(
            sa.select(Organisation)
            .where(Organisation.network_id == self.found.forum.network_id, Organisation.merged_into_id.is_(None))
            .order_by(Organisation.name)
        )
        return [(str(one.id), one.name) for one in found]

    def _url(self, route: str = "agreement", **given: str) -> str:
        here = {"forum": self.found.forum.slug, "declaration": self.found.declaration.slug}
        return self.work.url_for(route, **here, **given)
