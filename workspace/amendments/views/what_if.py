"""The text as it would read with some amendments adopted, in every language: by the merge that decides, recording
nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from drafts.diff.side_by_side import DiffRow, RowKind, diff_rows
from drafts.text.blocks import Document, Language
from workspace.amendments.domain.models import Amendment, DecisionOutcome
from workspace.amendments.domain.outcomes import adoption_preview
from workspace.amendments.domain.sub_amendments import accept_sub_amendments
from workspace.amendments.service import AmendmentService
from workspace.core.actor import Actor
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
    others that could not stand any more.
    """

    texts: Mapping[Language, TextThen]
    outcomes: Mapping[int, DecisionOutcome]
    disputes: Sequence[Sequence[int]]
    lapsing: Sequence[int]


def unprepared(led: Led, rows: Sequence[BlockRow]) -> Mapping[tuple[Language, UUID], str]:
    """No translations at all."""
    del led, rows
    return {}


def what_if(
    db: Db, declaration: Declaration, chosen: Sequence[Amendment], *, actor: Actor, prepare: Prepare = unprepared
) -> WhatIf:
    """The text with these adopted as they were written, their open sub-amendments aside unless they are among them.

    `chosen` are undecided and `actor` may read them; `prepare` says which translations would come with new words.
    """
    service, rows = AmendmentService(db), queries.head_rows(db, declaration)
    service.bases.know(rows)
    chosen = [amendment for amendment in chosen if amendment.disposition.is_undecided]
    accepted = accept_sub_amendments([amendment for amendment in chosen if amendment.parent_id], service.bases)
    filed_here = [amendment for amendment in chosen if amendment.parent_id is None]
    apart = service.apart(filed_here, rows)
    waits = {number for cluster in apart for number in cluster.amendments}
    outcomes = {**accepted.outcomes, **dict.fromkeys(waits, DecisionOutcome.WAITS)}
    disputes = [*accepted.clusters, *apart]
    texts = _Texts(rows)
    for language in LANGUAGES:
        own = [amendment for amendment in filed_here if amendment.language is language]
        if not (landing := [amendment for amendment in own if amendment.number not in waits]):
            continue
        proposals = [
            service.bases.modified(amendment, accepted.into.get(amendment.number, ())).amendment
            for amendment in landing
        ]
        found = adoption_preview(texts.document(language), proposals, service.bases)
        texts.follow(found.merged.document)
        outcomes |= found.outcomes
        disputes += [*found.overtaken, *found.merged.clusters]
    return WhatIf(
        texts=texts.every(prepare),
        outcomes=outcomes,
        disputes=list(dict.fromkeys(tuple(sorted(set(cluster.amendments))) for cluster in disputes)),
        lapsing=_lapsing(service, declaration, chosen, waits, actor=actor, rows=rows),
    )


class _Texts:
    """The paragraphs in every language, while one language after the other is merged."""

    def __init__(self, rows: Sequence[BlockRow]) -> None:
        self.rows = rows
        self.blocks = [replace(row.original(), text="") for row in rows]
        self.words = {(language, row.id): row.content(language) for row in rows for language in row.texts}
        self.led: dict[str, Language] = {}

    def document(self, language: Language) -> Document:
        blocks = (replace(block, text=self.words.get((language, block.id), "")) for block in self.blocks)
        return Document(tuple(blocks), language)

    def follow(self, merged: Document) -> None:
        """Take over what one language has become, and the paragraphs with their order for all."""
        for block in merged:
            if self.words.get((merged.language, block.id), "") != block.text:
                self.words[merged.language, block.id] = block.text
                self.led[block.id] = merged.language
        self.blocks = [replace(block, text="") for block in merged]

    def every(self, prepare: Prepare) -> Mapping[Language, TextThen]:
        led: Led = {UUID(block): (language, self.words[language, block]) for block, language in self.led.items()}
        prepared = prepare(led, self.rows)
        for (language, block_id), words in prepared.items():
            self.words[language, str(block_id)] = words
        return {
            language: TextThen(
                queries.document(self.rows, language),
                self.document(language),
                {
                    block: leading
                    for block, leading in self.led.items()
                    if leading is not language and (language, UUID(block)) not in prepared
                },
            )
            for language in LANGUAGES
        }


def _lapsing(
    service: AmendmentService,
    declaration: Declaration,
    chosen: Sequence[Amendment],
    waiting: set[int],
    *,
    actor: Actor,
    rows: Sequence[BlockRow],
) -> Sequence[int]:
    """Those beside the chosen ones that dispute their words, and the open sub-amendments that nobody chose."""
    named = {amendment.number for amendment in chosen}
    landing = {
        amendment.number: amendment
        for amendment in chosen
        if amendment.parent_id is None and amendment.number not in waiting
    }
    rivals = service.rivals(declaration, list(landing.values()), actor=actor)
    table = {amendment.number: amendment for amendment in rivals if amendment.parent_id is None} | landing
    disputes = [
        set(cluster.amendments)
        for language in LANGUAGES
        if any(amendment.language is language for amendment in landing.values())
        for cluster in service.prospect(declaration, language, list(table.values()), rows=rows).clusters
    ]
    against = {number for numbers in disputes if numbers & landing.keys() for number in numbers}
    children = {
        child.number for amendment in landing.values() for child in amendment.children if child.disposition.is_undecided
    }
    return sorted((against | children) - named)


def _order(document: Document) -> Sequence[tuple[str, object, int]]:
    return [(block.id, block.kind, block.level) for block in document]


def _without(document: Document, same: set[str]) -> Document:
    return Document(tuple(block for block in document if block.id not in same), document.language)
