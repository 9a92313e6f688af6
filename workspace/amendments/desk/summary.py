"""What the chair reads of a round of decisions: before it how the text would read, after it what became of each."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property

from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from drafts.diff.side_by_side import DiffRow, RowKind, diff_rows
from drafts.text.blocks import Block, Document, Language
from workspace.amendments.domain.models import DecisionOutcome, Verdict
from workspace.amendments.domain.outcomes import Adoption, Prospect
from workspace.amendments.views.amendment import AmendmentViewBuilder, compared
from workspace.declarations.domain import queries
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES, Messages

MOST_NAMED = 12  # amendments whose numbers are said; of more, how many
_IN_THE_TEXT = frozenset({DecisionOutcome.APPLIED, DecisionOutcome.PARTLY, DecisionOutcome.INCLUDED})
_TAKEN = frozenset({DecisionOutcome.TAKEN})
WAITING = frozenset({DecisionOutcome.WAITS, DecisionOutcome.PARTLY})


_AGAINST: Mapping[Verdict, tuple[str, str, str]] = {  # of one amendment, of a few by their numbers, and of many
    Verdict.REJECT: (
        N_("Amendment %(numbers)s rejected."),
        N_("Amendments %(numbers)s rejected."),
        N_("%(count)s amendments rejected."),
    ),
    Verdict.FALL: (
        N_("Amendment %(numbers)s lapsed."),
        N_("Amendments %(numbers)s lapsed."),
        N_("%(count)s amendments lapsed."),
    ),
    Verdict.REFER: (
        N_("Amendment %(numbers)s referred back."),
        N_("Amendments %(numbers)s referred back."),
        N_("%(count)s amendments referred back."),
    ),
}


class Reading(Struct, frozen=True):
    """A paragraph in one language, as it would read. `state` says how it comes to that: "" unchanged, else the kind of
    the change, `bracket`, `prepared` (its translation was ready), `stale` (to be translated) or `missing`.
    """

    language: Language
    state: str
    html: Markup


class PlacePreview(Struct, frozen=True):
    """A paragraph, in every language."""

    title: str
    readings: Sequence[Reading]


class RoundPreview(Struct, frozen=True):
    """What decisions would do: the paragraphs shown, how many more change, the languages whose words change, how many
    texts are left to translate, and what would wait, in a sentence and by number.
    """

    places: Sequence[PlacePreview]
    more: int
    languages: Sequence[Language]
    to_translate: int
    held_up: str
    numbers: Sequence[int]


class TextPreview(Struct, frozen=True, dict=True):
    """The text in every language after decisions; `builder` knows the text in force, and the prepared translations."""

    prospect: Prospect
    builder: AmendmentViewBuilder

    @cached_property
    def changed(self) -> Mapping[str, Mapping[Language, Sequence[DiffRow]]]:
        """What is decided at each paragraph in each language; what is new stands at the one before it."""
        found: dict[str, dict[Language, Sequence[DiffRow]]] = {}
        for language, preview in self.prospect.previews.items():
            for place, rows in _by_place(preview.head, preview.text).items():
                found.setdefault(place, {})[language] = rows
        return found

    @property
    def to_translate(self) -> int:
        """How many texts no longer say what their paragraph says in another language."""
        states = (self._state(place, language) for place in self.changed for language in LANGUAGES)
        return sum(state in {"stale", "missing"} for state in states)

    def place(self, block_id: str) -> PlacePreview:
        readings = [
            Reading(language, self._state(block_id, language), self._html(block_id, language)) for language in LANGUAGES
        ]
        return PlacePreview(self.builder.passages.name_of(block_id), readings)

    def _state(self, block_id: str, language: Language) -> str:
        led = self.changed.get(block_id, {})
        if here := led.get(language):
            new = {block.id for diff in here for block in diff.new}
            return "bracket" if new & self.prospect.previews[language].in_brackets else here[0].kind.value
        if led and self._translated(block_id, language):
            return "prepared"
        rows = [diff for diffs in led.values() for diff in diffs]
        row = self.builder.passages.row(block_id)
        if row is None or language not in row.texts or any(not diff.old for diff in rows):
            return "missing"
        return "stale" if any(_words(diff.old) != _words(diff.new) for diff in rows if diff.new) else ""

    def _html(self, block_id: str, language: Language) -> Markup:
        passages = self.builder.passages_in(language)
        if rows := self._after[language].get(block_id):
            return compared(rows, passages)
        row = passages.row(block_id)
        if row is None or language not in row.texts:
            return Markup()
        old = row.block(language)
        new = replace(old, text=self._translated(block_id, language) or old.text)
        return compared(diff_rows(Document((old,), language), Document((new,), language)), passages)

    @cached_property
    def _after(self) -> Mapping[Language, Mapping[str, Sequence[DiffRow]]]:
        """How each language differs from the text in force; a paragraph that is to be translated has no words yet."""
        found = {}
        for language in LANGUAGES:
            head = queries.document(self.builder.passages.rows, language)
            places = _by_place(head, self.prospect.texts.get(language, head))
            found[language] = {
                place: [diff for diff in rows if diff.old or _words(diff.new)] for place, rows in places.items()
            }
        return found

    def _translated(self, block_id: str, language: Language) -> str:
        """The words that are ready for what changes in another language, or ""."""
        ready = self.builder.prepared or {}
        led = (diff for rows in self.changed.get(block_id, {}).values() for diff in rows if diff.new)
        return next((words for diff in led if (words := ready.get((language, block_id, diff.new[0].text)))), "")


def _words(blocks: Sequence[Block]) -> str:
    return " ".join(block.text for block in blocks)


def _by_place(head: Document, text: Document) -> Mapping[str, Sequence[DiffRow]]:
    """What differs, by the paragraph at which it does."""
    found: dict[str, list[DiffRow]] = {}
    place = head.blocks[0].id if head.blocks else ""
    for row in diff_rows(head, text) if text is not head else ():
        place = row.old[0].id if row.old else place
        if row.kind is not RowKind.SAME:
            found.setdefault(place, []).append(row)
    return found


def round_preview(
    text: TextPreview, contested: Sequence[int], shown: Collection[str], messages: Messages, *, most: int
) -> RoundPreview:
    """What is drawn of it: the paragraphs `shown`, or where there are none those that change, at most so many."""
    waits = sorted(
        {
            number
            for preview in text.prospect.previews.values()
            for number, outcome in preview.outcomes.items()
            if outcome in WAITING
        }
    )
    said = [bracket_sentence(contested, messages)] if contested else []
    said += [collision_sentence(waits, messages)] if waits else []
    places = list(shown or text.changed)
    return RoundPreview(
        [text.place(block_id) for block_id in places[:most]],
        max(0, len(places) - most),
        [language for language in LANGUAGES if any(language in led for led in text.changed.values())],
        text.to_translate,
        " ".join(said),
        waits,
    )


def round_summary(adoption: Adoption, messages: Messages) -> str:
    """All of it, in one line."""
    return " ".join(_summary_sentences(adoption, messages))


def collision_sentence(numbers: Sequence[int], messages: Messages) -> str:
    """That these collide, and what becomes of them."""
    if len(numbers) > MOST_NAMED:
        return messages.gettext("%(count)s amendments in conflict remain pending.", count=len(numbers))
    return messages.ngettext(
        "Amendment %(numbers)s, in conflict, remains pending.",
        "Amendments %(numbers)s, in conflict, remain pending.",
        len(numbers),
        numbers=_listed(numbers, messages),
    )


def bracket_sentence(numbers: Sequence[int], messages: Messages) -> str:
    """That these stand in brackets."""
    return messages.ngettext(
        "Amendment %(numbers)s in brackets.",
        "Amendments %(numbers)s in brackets.",
        len(numbers),
        numbers=_listed(numbers, messages),
    )


def _summary_sentences(adoption: Adoption, messages: Messages) -> Iterator[str]:
    if adoption.revision:
        yield messages.gettext("Revision %(number)s made.", number=adoption.revision.number)
    else:
        yield messages.gettext("Decisions recorded.")
    if landed := _numbers(adoption, _IN_THE_TEXT):
        yield _landed(landed, messages)
    if taken := _numbers(adoption, _TAKEN):
        yield messages.ngettext(
            "Amendment %(numbers)s adopted into the one it amends.",
            "Amendments %(numbers)s adopted into those they amend.",
            len(taken),
            numbers=_listed(taken, messages),
        )
    if contested := [
        decision.amendment.number
        for decision in adoption.decisions
        if decision.amendment and decision.verdict is Verdict.BRACKET
    ]:
        yield bracket_sentence(contested, messages)
    for verdict, sentences in _AGAINST.items():
        if numbers := [
            decision.amendment.number
            for decision in adoption.decisions
            if decision.amendment and decision.verdict is verdict
        ]:
            yield _counted(sentences, numbers, messages)
    if left := _numbers(adoption, WAITING):
        yield collision_sentence(left, messages)


def _counted(sentences: tuple[str, str, str], numbers: Sequence[int], messages: Messages) -> str:
    single, few, many = sentences
    if len(numbers) > MOST_NAMED:
        return messages.gettext(many, count=len(numbers))
    return messages.gettext(single if len(numbers) == 1 else few, numbers=_listed(numbers, messages))


def _landed(numbers: Sequence[int], messages: Messages) -> str:
    if len(numbers) > MOST_NAMED:
        return messages.gettext("%(count)s amendments adopted.", count=len(numbers))
    return messages.ngettext(
        "Amendment %(numbers)s adopted.",
        "Amendments %(numbers)s adopted.",
        len(numbers),
        numbers=_listed(numbers, messages),
    )


def _listed(numbers: Sequence[int], messages: Messages) -> str:
    return messages.listed(map(str, sorted(numbers)))


def _numbers(adoption: Adoption, outcomes: frozenset[DecisionOutcome]) -> Sequence[int]:
    return [
        decision.amendment.number
        for decision in adoption.decisions
        if decision.amendment and decision.outcome in outcomes
    ]
