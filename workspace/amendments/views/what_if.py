"""The text as it would read with some amendments adopted, in every language: by the merge that decides, recording
nothing.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Literal
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from drafts.diff.side_by_side import DiffRow, RowKind, diff_rows
from drafts.text.blocks import Document, Language
from workspace.amendments.domain.models import Amendment, DecisionOutcome, Disposition
from workspace.amendments.domain.outcomes import RulingRound
from workspace.amendments.service import AmendmentService
from workspace.core.actor import Actor
from workspace.core.errors import Undecidable
from workspace.core.storage.db import Db
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.queries import BlockRow
from workspace.web.i18n.messages import LANGUAGES

MOST_CHOSEN = 100
Led = Mapping[UUID, tuple[Language, str]]  # by paragraph, the language whose words are changed and what they become
Prepare = Callable[[Led, Sequence[BlockRow]], Mapping[tuple[Language, UUID], str]]
State = Literal["changed", "behind", "same"]


class TextThen(Struct, frozen=True):
    """The text of one language in force, and as it would be. `behind` are paragraphs that another language changes and
    this one has no translation for yet: their words are those in force, or none.
    """

    now: Document
    then: Document
    behind: Mapping[str, Language]

    def changes(self) -> Sequence[tuple[DiffRow, State]]:
        """What is not the same, with what is behind, in reading order."""
        kept = {block.id for block in self.now} if _order(self.now) == _order(self.then) else set()
        words = {block.id: block for block in self.now}
        same = {block.id for block in self.then if block.id in kept and words[block.id] == block} - self.behind.keys()
        rows = diff_rows(_without(self.now, same), _without(self.then, same))
        stated = [(row, self._state(row)) for row in rows]
        return [(row, state) for row, state in stated if state != "same"]

    def _state(self, row: DiffRow) -> State:
        if any(block.id in self.behind for block in row.new):
            return "behind"
        return "same" if row.kind is RowKind.SAME else "changed"


class WhatIf(Struct, frozen=True):
    """What adopting these would come to. `disputes` are the numbers of those that cannot all stand; `lapsing` are
    others that could not stand any more; `barred` names those that cannot be adopted now, each with the reason.
    """

    texts: Mapping[Language, TextThen]
    disputes: Sequence[Sequence[int]]
    lapsing: Sequence[int]
    barred: Mapping[int, str] = {}


def what_if(
    db: Db,
    declaration: Declaration,
    chosen: Sequence[Amendment],
    *,
    actor: Actor,
    prepare: Prepare,
    is_debated: bool = False,
) -> WhatIf:
    """The text with these adopted as they were written, their open sub-amendments aside unless they are among them.

    `actor` may read those that are `chosen`; `prepare` says which translations would come with new words.
    What no decision could adopt is left out, unless it is undecided and `is_debated`: then it is shown as asked for.
    """
    service, rows = AmendmentService(db), queries.head_rows(db, declaration)
    settled = [amendment for amendment in chosen if not amendment.disposition.is_undecided]
    barred = {each.number: "needs_leave" if each.disposition is Disposition.LATE else "decided" for each in settled}
    chosen = [amendment for amendment in chosen if amendment.number not in barred]
    barred |= {} if is_debated else service.barred(declaration, chosen)
    numbers = [amendment.number for amendment in chosen]
    chosen = [amendment for amendment in chosen if amendment.number not in barred]
    found, torn = _found(service, declaration, chosen, rows)
    outcomes = {amendment.number: found.outcome(amendment) for amendment in chosen if amendment.id in found.amendments}
    landing = [amendment for amendment in chosen if outcomes.get(amendment.number) not in {None, DecisionOutcome.WAITS}]
    disputes = [*torn, *(tuple(sorted(set(cluster.amendments))) for cluster in found.clusters)]
    return WhatIf(
        texts=_texts(found, rows, prepare),
        disputes=list(dict.fromkeys(disputes)),
        lapsing=_lapsing(service, declaration, landing, named=numbers, actor=actor, rows=rows),
        barred=barred,
    )


def _found(
    service: AmendmentService, declaration: Declaration, chosen: Sequence[Amendment], rows: Sequence[BlockRow]
) -> tuple[RulingRound, Sequence[tuple[int, ...]]]:
    """What these come to, and the families that cannot: an amendment whose chosen sub-amendments dispute each other."""
    torn: list[tuple[int, ...]] = []
    while True:
        try:
            return service.if_adopted(declaration, chosen, rows), torn
        except Undecidable as refusal:
            number = refusal.facts["number"]
            family = [
                amendment
                for amendment in chosen
                if number in {amendment.number, amendment.parent.number if amendment.parent else 0}
            ]
            if not family:
                raise
            torn.append(tuple(sorted(amendment.number for amendment in family)))
            chosen = [amendment for amendment in chosen if amendment not in family]


def _texts(found: RulingRound, rows: Sequence[BlockRow], prepare: Prepare) -> Mapping[Language, TextThen]:
    led: dict[UUID, tuple[Language, str]] = {}
    for language, preview in found.prospects.items():
        words = {block.id: block.text for block in preview.head}
        led |= {UUID(block.id): (language, block.text) for block in preview.text if words.get(block.id) != block.text}
    now = {language: queries.document(rows, language) for language in LANGUAGES}
    then, prepared = {**now, **found.texts}, prepare(led, rows)
    return {language: _then(now[language], text, led, prepared) for language, text in then.items()}


def _then(now: Document, text: Document, led: Led, prepared: Mapping[tuple[Language, UUID], str]) -> TextThen:
    language = text.language
    words = {str(block): said for (of, block), said in prepared.items() if of is language}
    return TextThen(
        now,
        Document(tuple(replace(block, text=words.get(block.id, block.text)) for block in text), language),
        {
            str(block): leading
            for block, (leading, _) in led.items()
            if leading is not language and str(block) not in words
        },
    )


def _lapsing(
    service: AmendmentService,
    declaration: Declaration,
    landing: Sequence[Amendment],
    *,
    named: Collection[int],
    actor: Actor,
    rows: Sequence[BlockRow],
) -> Sequence[int]:
    """Those beside the `named` that dispute what lands or that a compromise stands for, and the open sub-amendments
    that nobody chose.
    """
    against = set[int]()
    table = {amendment.number: amendment for amendment in landing if amendment.parent_id is None}
    rivals = [
        amendment for amendment in service.rivals(declaration, landing, actor=actor) if amendment.number not in named
    ]
    for language in {amendment.language for amendment in table.values()}:
        found = service.prospect(declaration, language, [*table.values(), *rivals], rows=rows)
        for numbers in (set(cluster.amendments) for cluster in found.clusters):
            against |= numbers if numbers & table.keys() else set()
    replaced = [other for amendment in landing for other in amendment.lapsing]
    beside = [*replaced, *(child for amendment in (*table.values(), *replaced) for child in amendment.children)]
    return sorted((against | {other.number for other in beside if other.disposition.is_undecided}).difference(named))


def _order(document: Document) -> Sequence[tuple[str, object, int]]:
    return [(block.id, block.kind, block.level) for block in document]


def _without(document: Document, same: set[str]) -> Document:
    return Document(tuple(block for block in document if block.id not in same), document.language)
