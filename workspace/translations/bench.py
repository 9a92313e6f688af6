"""One text on the translator's bench: its sources, what changed since, and a save that came too late."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from markupsafe import Markup
from msgspec import Struct

from drafts.blocks import Block, BlockKind, Document, Language, canonical
from drafts.checks.substance import Weight, changed
from drafts.numbering import printed, references
from drafts.render import diff_html
from drafts.shown import shown
from drafts.staleness import State
from workspace.amendments.models import Decision, Verdict
from workspace.declarations import queries
from workspace.declarations.models import Declaration, TextVersion
from workspace.declarations.naming import names_of
from workspace.declarations.queries import BlockRow
from workspace.translations.checking import CheckingService
from workspace.translations.service import TranslationService
from workspace.translations.since import Shape, Since, SinceService
from workspace.translations.standing import TOLD, Told
from workspace.translations.standings import Standing
from workspace.web.i18n import N_, Messages

_VERBATIM = frozenset({BlockKind.TABLE, BlockKind.CODE})
_SENTENCES: Mapping[Verdict, str] = {
    Verdict.ADOPT: N_("Amendment %(number)s by %(proposer)s, adopted on %(day)s"),
    Verdict.ADOPT_MODIFIED: N_("Amendment %(number)s by %(proposer)s, adopted with changes on %(day)s"),
}
_WEIGHTY: Mapping[Weight, str] = {
    Weight.NUMBERS: N_("Numbers"),
    Weight.DATES: N_("Dates"),
    Weight.MODALS: N_("What is ordered or allowed"),
    Weight.TERMS: N_("Agreed terms"),
}
_RENUMBERED = N_("Renumbered: it was %(before)s and is %(now)s now.")
_SPLIT_FROM = N_("Split from: %(paragraph)s")
_SPLIT_INTO = N_("What stood at its end is now: %(paragraph)s")
_JOINED = N_("Joined with what was: %(paragraph)s")
_EDITED = N_("Edited by the committee on %(day)s: %(reason)s")


class Source(Struct, frozen=True):
    """A text beside the translation. `html` shows its changes since the translation agreed with it, if any."""

    language: Language
    html: Markup
    told: Told
    version: UUID
    is_original: bool
    is_chosen: bool


class Clash(Struct, frozen=True):
    """Three views of one text: what was written here, what is in force by now, and what both started from."""

    yours: Markup
    now: Markup
    started: Markup
    by: str
    at: datetime


class Turn(Struct, frozen=True):
    """What became of the paragraph's place, in a sentence; the other paragraph it names, if that is still there."""

    kind: str
    said: str
    other: UUID | None = None


class Bench(Struct, frozen=True):
    """Everything that is known of one text and its sources."""

    kind: BlockKind
    source: Language
    state: State
    told: Told
    text: str
    html: Markup
    expected: str
    sources: Sequence[Source]
    since: datetime | None
    before: UUID | None  # the original that the translation agreed with, where it is another by now
    decisions: Sequence[str]
    shape: Sequence[Turn]  # what became of its place: another number, a split, a join
    weighty: Sequence[tuple[str, Sequence[str], Sequence[str]]]  # what changed in substance, by kind: before, after
    has_references: bool
    absent: str


class Bencher:
    """Lays one block out for one language, in a fixed number of queries."""

    def __init__(
        self, translations: TranslationService, declaration: Declaration, block_id: UUID, language: Language
    ) -> None:
        self.translations = translations
        self.declaration = declaration
        self.language = language
        self.standing: Standing = translations.standing(declaration, block_id)
        self.row: BlockRow = self.standing.row
        self.text = queries.text_in_force(translations.db, declaration)

    def bench(self, messages: Messages, *, chosen: Sequence[Language] = ()) -> Bench:
        """`chosen` are the sources that the translator has ticked; at first the original alone."""
        state = self.standing.states[self.language]
        head = self.row.texts.get(self.language)
        since = SinceService(self.translations.db).since(self.declaration, self.row, self.language, state)
        before = since.before
        absence = queries.absences(self.translations.db, self.declaration).get((self.row.block_id, self.language))
        return Bench(
            kind=self.row.kind,
            source=self.row.original_language,
            state=state,
            told=TOLD[state],
            text=head.content if head else "",
            html=self._shown(self.row.content(self.language), "text"),
            expected=str(head.id) if head else "",
            sources=self._sources(since, chosen or [self.row.original_language]),
            since=before.made_at if before else None,
            before=before.id if before else None,
            decisions=[_told(one, messages) for one in since.decisions],
            shape=self._shaped(since.shape, messages),
            weighty=self._weighty(before, messages),
            has_references=bool(references(self.row.original().text)),
            absent=absence.reason if absence else "",
        )

    def clash(self, words: str, started: UUID | None) -> Clash | None:
        """What `words`, written over `started`, meet; None when nobody else has saved meanwhile."""
        head = self.row.texts.get(self.language)
        if head is None or head.id == started:
            return None
        before = self.translations.version(self.row, self.language, started).content if started else ""
        yours = canonical(words, kind=self.row.kind)
        return Clash(
            yours=self._compared(before, yours, self.language, "yours"),
            now=self._compared(before, head.content, self.language, "now"),
            started=self._shown(before, "started"),
            by=head.author.name if head.author else "",
            at=head.made_at,
        )

    def _shaped(self, shape: Shape, messages: Messages) -> list[Turn]:
        now = names_of(self.text.rows, messages)
        names = {**names_of(shape.then, messages), **now}
        turns = []
        if shape.is_renumbered:
            before, after = (printed(number, messages.language) for number in (shape.number_then, shape.number_now))
            turns.append(Turn("renumbered", messages.gettext(_RENUMBERED, before=before, now=after)))
        branches = (
            ("split_from", _SPLIT_FROM, [shape.split_from] if shape.split_from else []),
            ("split_into", _SPLIT_INTO, shape.split_into),
            ("joined", _JOINED, shape.joined),
        )
        for kind, sentence, blocks in branches:
            turns += [
                Turn(kind, messages.gettext(sentence, paragraph=names[one]), one if one in now else None)
                for one in blocks
                if one in names
            ]
        return turns

    def _weighty(
        self, before: TextVersion | None, messages: Messages
    ) -> list[tuple[str, Sequence[str], Sequence[str]]]:
        if before is None:
            return []
        language = self.row.original_language
        terms = CheckingService(self.translations.db).rules(self.declaration).house.terms
        found = changed(before.content, self.row.content(language), language, terms)
        return [(messages.gettext(_WEIGHTY[change.weight]), change.before, change.after) for change in found]

    def _sources(self, since: Since, chosen: Sequence[Language]) -> list[Source]:
        original = self.row.original_language
        earlier = {**since.counterparts, **({original: since.before} if since.before else {})}
        others = sorted(self.row.texts.keys() - {self.language}, key=lambda one: (one is not original, one))
        return [
            Source(
                language=one,
                html=self._compared(
                    earlier[one].content if one in earlier else self.row.content(one),
                    self.row.content(one),
                    one,
                    f"source-{one}",
                ),
                told=TOLD[self.standing.states[one]],
                version=self.row.texts[one].id,
                is_original=one is original,
                is_chosen=one in chosen,
            )
            for one in others
        ]

    def _shown(self, text: str, name: str) -> Markup:
        return self._compared(text, text, self.language, name)

    def _compared(self, old: str, new: str, language: Language, name: str) -> Markup:
        """`new` with what it changes against `old`, as safe HTML without number or mark."""
        kind = self.row.kind if self.row.kind in _VERBATIM else BlockKind.PARAGRAPH
        one, other = (Document((Block(name, kind, text),) if text else (), language) for text in (old, new))
        html = diff_html(shown(one, other), language=language, numbers=self.text.numbers, anchor="on-bench-")
        return Markup(html)  # noqa: S704  (drafts.render promises safe HTML)


def _told(decision: Decision, messages: Messages) -> str:
    day = messages.date(decision.decided_at.date())
    amendment = decision.amendment
    if amendment is None:
        return messages.gettext(_EDITED, day=day, reason=decision.reason)
    sponsor = amendment.organisation.name if amendment.organisation else amendment.proposer.name
    sentence = _SENTENCES.get(decision.verdict, _SENTENCES[Verdict.ADOPT])
    return messages.gettext(sentence, number=amendment.number, proposer=sponsor, day=day)
