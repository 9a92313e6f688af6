"""How far a text is agreed: each paragraph with its status, and what is contested in its brackets."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from string import ascii_uppercase
from uuid import UUID

import sqlalchemy as sa
from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from drafts.render.inline_html import inline_html
from drafts.text.blocks import Block, BlockKind, Language
from drafts.text.markup import block_markdown
from drafts.text.tokens import tokenize
from workspace.amendments.decisions import brackets
from workspace.amendments.decisions.committee_edits import may_bracket
from workspace.amendments.domain.committee_models import Bracket, BracketAlternative, BracketState
from workspace.amendments.domain.models import Disposition
from workspace.amendments.labels import ParagraphLabels
from workspace.amendments.views.amendment import passages_in
from workspace.core.errors import existing
from workspace.core.storage.db import Db
from workspace.declarations.domain import paragraph_status, queries
from workspace.declarations.domain.models import ParagraphState, ParagraphStatus
from workspace.declarations.domain.paragraph_status import ParagraphStates
from workspace.declarations.domain.queries import BlockRow
from workspace.declarations.frame import Frame
from workspace.people.models import Organisation
from workspace.web.http.request_context import Work
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES, Messages
from workspace.web.pages import Page
from workspace.web.text_html import rendered


class AlternativeReading(Struct, frozen=True):
    """An alternative in one language."""

    language: Language
    html: Markup


class AlternativeLine(Struct, frozen=True):
    """One alternative: its letter, its words, who wants it. No readings: the paragraph would be left out."""

    position: int
    letter: str
    readings: Sequence[AlternativeReading]
    missing: Sequence[Language]
    who: Sequence[str]
    is_as_it_stands: bool
    is_chosen: bool


class BracketLine(Struct, frozen=True):
    """One bracket. `place` is where its paragraph stands in the text; an addition is one that is contested itself."""

    number: int
    block: str
    about: str
    href: str
    place: int
    is_open: bool
    is_addition: bool
    reason: str
    alternatives: Sequence[AlternativeLine]


def bracket_line(bracket: Bracket, passages: ParagraphLabels) -> BracketLine:
    block_id = str(bracket.block_id)
    row = passages.row(block_id)
    return BracketLine(
        number=bracket.number,
        block=block_id,
        about=passages.name_of(block_id),
        href=f"{passages.paragraphs}/{block_id}",
        place=passages.places.get(block_id, len(passages.rows)),
        is_open=bracket.state is BracketState.OPEN,
        is_addition=bracket.is_addition,
        reason=bracket.reason,
        alternatives=[_alternative(alternative, bracket, row, passages) for alternative in bracket.alternatives],
    )


def letter(position: int) -> str:
    """A, B … Z, then with a number."""
    turn, place = divmod(position, len(ascii_uppercase))
    return ascii_uppercase[place] + (str(turn + 1) if turn else "")


def _alternative(
    alternative: BracketAlternative, bracket: Bracket, row: BlockRow | None, passages: ParagraphLabels
) -> AlternativeLine:
    texts = _with_translations(alternative, row)
    found = [
        AlternativeReading(language, _html(texts[language], language, row, passages))
        for language in LANGUAGES
        if texts[language]
    ]
    return AlternativeLine(
        position=alternative.position,
        letter=letter(alternative.position),
        readings=found,
        missing=[language for language in LANGUAGES if found and not texts[language] and row and language in row.texts],
        who=sponsors(alternative, passages.messages),
        is_as_it_stands=alternative.is_as_it_stands,
        is_chosen=bracket.chosen == alternative.position,
    )


def sponsors(alternative: BracketAlternative, messages: Messages) -> Sequence[str]:
    """Organisations by name, amendments of persons without one by the person's; who has withdrawn is said to have.

    The words stay in the bracket all the same: they are before the committee, and somebody else may want them.
    """
    found = []
    for sponsor in alternative.sponsors:
        if sponsor.organisation:
            found.append(sponsor.organisation.name)
        elif sponsor.amendment:
            by = sponsor.amendment.organisation or sponsor.amendment.proposer
            name, number = by.name, sponsor.amendment.number
            is_gone = sponsor.amendment.disposition is Disposition.WITHDRAWN
            gone = messages.gettext("formerly %(name)s (%(number)s, withdrawn)", name=name, number=number)
            found.append(gone if is_gone else f"{name} ({number})")
    return list(dict.fromkeys(found))


def _html(text: str, language: Language, row: BlockRow | None, passages: ParagraphLabels) -> Markup:
    if row is None:
        return passages.talked_about(inline_html(text, language=language, numbers=passages.numbers))
    block = Block(row.id, row.kind, text, row.level)
    return passages.in_language(language).html(block)


class ContestedParagraph(Struct, frozen=True):
    """A paragraph in one language: what every reading begins and ends with, and where they part."""

    before: str
    choices: Sequence[tuple[str, str]]  # letter and words
    after: str

    @property
    def markdown(self) -> str:
        """As plain text: `Towns shall [A: share] [B: lend] water.`"""
        drawn = (f"[{name}: {words}]" if name else f"[{words}]" for name, words in self.choices)
        return self.before + " ".join(drawn) + self.after


def contested(bracket: Bracket, language: Language, row: BlockRow) -> ContestedParagraph:
    """A bracketed paragraph in one language. An alternative without words there is shown in those it was written in.

    Of one that somebody would add, the wordings: that it may be left out again goes without saying.
    """
    alternatives = bracket.alternatives[bracket.is_addition :]
    texts = [
        (letter(alternative.position), alternatives_worded(alternative, language, row)) for alternative in alternatives
    ]
    if bracket.is_addition and len(texts) == 1:
        return ContestedParagraph(before="", choices=[("", texts[0][1])], after="")
    if len({text for _, text in texts}) == 1:
        return ContestedParagraph(
            before=texts[0][1], choices=(), after=""
        )  # the dispute is about the words of other languages
    every = [tuple(token.text for token in tokenize(text)) for _, text in texts]
    start = _shared(every)
    end = _shared([tuple(reversed(tokens[start:])) for tokens in every])
    before, after = "".join(every[0][:start]), "".join(every[0][len(every[0]) - end :]) if end else ""
    choices = ["".join(tokens[start : len(tokens) - end]) for tokens in every]
    return ContestedParagraph(
        before=before + " " * _needs_space(before[-1:], (choice[:1] for choice in choices)),
        choices=[(name, choice.strip()) for (name, _), choice in zip(texts, choices, strict=True)],
        after=" " * _needs_space(after[:1], (choice[-1:] for choice in choices)) + after,
    )


def _needs_space(edge: str, borders: Iterable[str]) -> bool:
    """Whether a space that stood inside an alternative has to stand outside its bracket instead."""
    return bool(edge) and not edge.isspace() and any(character.isspace() for character in borders)


def contested_html(
    found: ContestedParagraph, language: Language, numbers: Mapping[str, str], messages: Messages
) -> Markup:
    """The same as safe HTML, with the alternatives announced."""
    drawn = [
        Markup(
            '<span class="alt" data-alternative="{name}">'
            '<span class="alt-no"><span class="vh">{said} </span>{name}</span>{words}</span>'
        ).format(said=messages.gettext(N_("Alternative")), name=name, words=_inline(words, language, numbers) or "∅")
        if name
        else _inline(words, language, numbers)
        for name, words in found.choices
    ]
    if not drawn:
        return _inline(found.before, language, numbers)
    middle = Markup(" ").join(drawn)
    return Markup('{before}<span class="bracket"><b>[</b>{middle}<b>]</b></span>{after}').format(
        before=_inline(found.before, language, numbers), middle=middle, after=_inline(found.after, language, numbers)
    )


def _with_translations(alternative: BracketAlternative, row: BlockRow | None) -> Mapping[str, str]:
    """The words of an alternative; where they are those of the text, with what translators have made of them since."""
    texts = alternative.texts.to_dict()
    written = {key: text for key, text in texts.items() if text}
    if row is None or not written or any(row.content(Language(key)) != text for key, text in written.items()):
        return texts
    return {language.value: row.content(language) for language in Language}


def alternatives_worded(alternative: BracketAlternative, language: Language, row: BlockRow) -> str:
    """The words of an alternative in one language; without any there, in the one that the paragraph was written in."""
    texts = _with_translations(alternative, row)
    if not any(texts.values()):
        return ""
    return texts[language] or texts[row.original_language] or alternative.texts.said_in(language)


def _shared(every: Sequence[tuple[str, ...]]) -> int:
    """How many tokens all begin with."""
    count = 0
    for together in zip(*every, strict=False):
        if len(set(together)) > 1:
            break
        count += 1
    return count


def _inline(text: str, language: Language, numbers: Mapping[str, str]) -> Markup:
    if not text.strip():
        return Markup(" ") if text else Markup()
    lead, trail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return lead + rendered(inline_html(text.strip(), language=language, numbers=numbers)) + trail


STATUSES: Mapping[ParagraphStatus, tuple[str, str, str]] = {  # words, kind and drawing of the badge
    ParagraphStatus.OPEN: (N_("not agreed"), "", "circle"),
    ParagraphStatus.PROVISIONAL: (N_("provisionally agreed"), "accent", "check"),
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


class AgreedParagraph(Struct, frozen=True):
    """One paragraph. `bracket` is the number of its open bracket, or 0; `proposed_by` who would add it.

    `is_free`: nothing is open on it, and the reader may say that it is agreed.
    """

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
    is_free: bool = False


class LanguageLink(Struct, frozen=True):
    language: Language
    href: str
    is_current: bool


class AgreementPage(Page, frozen=True, kw_only=True):
    """`counts` says how many paragraphs have each status; `view` is the one shown, `other_view` leads to the other.

    Of those that are free, `ticked` are selected; `steps` are the statuses to give them, `step` is the one chosen.
    """

    name: str
    text: Language
    languages: Sequence[LanguageLink]
    view: str
    other_view: str
    markdown: str
    rows: Sequence[AgreedParagraph]
    counts: Sequence[tuple[StatusLine, int]]
    brackets: int
    head: str
    steps: Sequence[StatusLine]
    step: StatusLine | None
    ticked: Collection[str]
    select_all: str


class ParagraphPage(Page, frozen=True, kw_only=True):
    """One paragraph on the committee's desk; it has what the macros of the desk need, too."""

    name: str
    paragraph: AgreedParagraph
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


class AgreementView(Struct, frozen=True, dict=True):
    """The agreement on one declaration, for one reader."""

    work: Work
    db: Db
    found: Frame

    def page(
        self,
        language: Language,
        view: str,
        *,
        contested: Collection[UUID] = (),
        ticked: Collection[str] | None = (),
        step: ParagraphStatus | None = None,
    ) -> AgreementPage:
        """All paragraphs in one language; `ticked` are selected, or all that are free. A fixed number of queries."""
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
        may_set = paragraph_status.may_set(self.work.actor, declaration)
        lines = [self._agreed(row, passages, states.get(row.block_id), shown, opened) for row in rows]
        lines = [replace(line, is_free=may_set and _is_free(line, contested)) for line in lines]
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
            head=str(declaration.head_id),
            steps=[self._said(status) for status in ParagraphStatus if status is not ParagraphStatus.OPEN],
            step=self._said(step) if step else None,
            ticked=ticked if ticked is not None else [line.id for line in lines if line.is_free],
            select_all=self._url(text=language, view=view, select="all"),
        )

    def paragraph(
        self, block_id: UUID, *, given: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None
    ) -> ParagraphPage:
        """One of them, with its history. Raises `NotFound`."""
        declaration, actor = self.found.declaration, self.work.actor
        rows = queries.head_rows(self.db, declaration)
        row = existing(next((row for row in rows if row.block_id == block_id), None), "block", block_id)
        opened, states = brackets.open_of(self.db, declaration), paragraph_status.states(self.db, declaration)
        standing = opened[block_id].alternatives if block_id in opened else [None]  # what the text says, as A
        passages = passages_in(rows, row.original_language, self.work, self.found)
        line = self._agreed(row, passages, states.get(block_id), {}, opened)
        may_set, is_closed = paragraph_status.may_set(actor, declaration), line.status.value == ParagraphStatus.CLOSED
        is_chair = paragraph_status.may_reopen(actor, declaration)
        return ParagraphPage(
            place=self.found.place,
            here="reading",
            name=declaration.name.said_in(self.work.language),
            paragraph=line,
            texts=[(of, _html(row.content(of), of, row, passages)) for of in LANGUAGES if of in row.texts],
            bracket=bracket_line(opened[block_id], passages) if block_id in opened else None,
            history=[
                self._said(state.status, state) for state in ParagraphStates(self.db).history(declaration, block_id)
            ],
            steps=[
                self._said(paragraph_status)
                for paragraph_status in ParagraphStatus
                if paragraph_status.value != line.status.value
            ],
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
        passages: ParagraphLabels,
        state: ParagraphState | None,
        shown: Mapping[UUID, Bracket],
        opened: Mapping[UUID, Bracket],
    ) -> AgreedParagraph:
        block_id, language = row.id, passages.language
        if row.block_id in shown:
            found = contested(shown[row.block_id], language, row)
            html = contested_html(found, language, passages.numbers, self.work.messages)
        else:
            there = language if language in row.texts else row.original_language
            html = _html(row.content(there), there, row, passages)
        return AgreedParagraph(
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
        return [name for alternative in bracket.alternatives for name in sponsors(alternative, self.work.messages)]

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
        return [(str(organisation.id), organisation.name) for organisation in found]

    def _url(self, route: str = "agreement", **given: str) -> str:
        here = {"forum": self.found.forum.slug, "declaration": self.found.declaration.slug}
        return self.work.url_for(route, **here, **given)


def _is_free(line: AgreedParagraph, contested: Collection[UUID]) -> bool:
    is_open = line.status.value == ParagraphStatus.OPEN and not line.is_heading
    return is_open and not line.bracket and UUID(line.id) not in contested
