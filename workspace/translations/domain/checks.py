"""The checks run over the texts in force, and the findings that somebody lets stand."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.orm import joinedload

from drafts.checks import Finding, Pair, Severity, Triplet, check_alone, check_pair, check_triplet
from drafts.languages.staleness import State
from drafts.text.blocks import BlockKind, Language, canonical, content_hash, folded_hash
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound
from workspace.core.storage.db import new_id
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.queries import BlockRow
from workspace.declarations.domain.service import ServiceOnDeclarations
from workspace.terms.glossary import GlossaryService, HouseRules
from workspace.translations.domain import policy
from workspace.translations.domain.models import Waiver
from workspace.translations.domain.queries import BlockStanding, record, standing, standings

_HEADINGS = frozenset({BlockKind.TITLE, BlockKind.HEADING, BlockKind.ANNEX})
_UNCHECKED = frozenset({BlockKind.CODE, BlockKind.RULE})
OF_ONE_TEXT = frozenset({"invisible_char", "mixed_script"})  # need no other text to be seen
_TOLD_ELSEWHERE = frozenset({"missing", "stale_source", "xref_dangling", "not_concorded"})
"""What readiness says of a text by itself, from how the languages stand."""


class TextFinding(Struct, frozen=True):
    """A finding in a text of the declaration; `source` is None where all three languages were compared.

    `language` is then the odd one out, or the first of those that are behind it.

    `words_hash` stands for the very words that were compared; `waiver` is there
    when somebody lets the finding stand for them.
    """

    block_id: UUID
    language: Language
    source: Language | None
    finding: Finding
    words_hash: str
    waiver: Waiver | None = None

    @property
    def is_waived(self) -> bool:
        return self.waiver is not None

    @property
    def is_grave(self) -> bool:
        """Whether it stops approval, signing and publication: an error that nobody let stand."""
        return self.finding.severity is Severity.ERROR and not self.is_waived

    @property
    def is_shown(self) -> bool:
        """Whether it is shown wherever somebody answers for the text, and not only to whoever writes it."""
        return self.finding.severity is not Severity.INFO

    def concerns(self, language: Language) -> bool:
        """Whether it is a text of this language that may have to be changed."""
        if self.source is not None or self.finding.odd is not None:
            return language in (self.finding.behind or (self.language,))
        return True


class TextCheckService(ServiceOnDeclarations):
    """What the checks find in a declaration, and the verb that lets a finding stand."""

    def remarks(self, declaration: Declaration) -> list[TextFinding]:
        """Everything the checks find in the texts in force, in the order of the text; waived ones too, marked so.

        A text that is known to be stale is not compared: it differs by nature.
        """
        rules = self.rules(declaration)
        found = [
            remark
            for standing in standings(self.db, declaration)
            for remark in (
                *_of_original(standing.row, rules),
                *_of_pairs(standing.row, standing.states, rules),
                *_of_three(standing, rules),
            )
        ]
        return self._with_waivers(declaration, found)

    def rules(self, declaration: Declaration) -> HouseRules:
        """The glossary and the style that the declaration is checked by."""
        return GlossaryService(self.db).rules(policy.scope_of(declaration))

    def contradictions(self, declaration: Declaration) -> list[TextFinding]:
        """What stops publication: errors between languages that nobody has let stand."""
        return [remark for remark in self.remarks(declaration) if remark.is_grave]

    def shown(self, declaration: Declaration) -> Mapping[UUID, Sequence[TextFinding]]:
        """What whoever saves, approves, signs or publishes a paragraph has to see, by paragraph."""
        found: dict[UUID, list[TextFinding]] = {}
        for remark in self.remarks(declaration):
            if remark.is_shown:
                found.setdefault(remark.block_id, []).append(remark)
        return found

    def of_text(self, declaration: Declaration, row: BlockRow, language: Language, words: str) -> list[TextFinding]:
        """What the checks find in `words` as the text of one paragraph, whether or not they are in force.

        Words in force are held against both other languages as well.
        """
        rules = self.rules(declaration)
        original = words if language is row.original_language else None
        found = [*_of_original(row, rules, original), *_of_pair(row, language, words, rules)]
        if words == row.content(language):
            found += _of_three(standing(self.db, declaration, row), rules)
        return self._with_waivers(declaration, found)

    def waive(
        self, declaration_id: UUID, block_id: UUID, language: Language, check: str, *, reason: str, actor: Actor
    ) -> Waiver:
        """Let what a check finds in a text in force stand, for a reason, as long as the words stay as they are.

        What lies between the three languages may be named by any of them.
        Raises `NotFound` where the check finds nothing there, `Invalid` without a reason.
        """
        declaration = self.declarations.lock(declaration_id)
        policy.ensure_may_waive(actor, declaration, language, reason=reason)
        found = [
            remark
            for remark in self.remarks(declaration)
            if (remark.block_id, remark.finding.check) == (block_id, check)
            and (remark.language is language or remark.source is None)
        ]
        if not found:
            raise NotFound(what="finding", id=check)
        found.sort(key=lambda remark: remark.is_waived)
        if found[0].waiver is not None:
            raise Invalid(field="check", reason="waived_already", given=check)
        waiver = Waiver(
            id=new_id(),
            declaration_id=declaration.id,
            block_id=block_id,
            language=found[0].language,
            check_name=check,
            words_hash=found[0].words_hash,
            reason=reason.strip(),
            waived_by_id=actor.person_id,
            waived_at=clock.now(),
        )
        self.db.add(waiver)
        record(
            self.db,
            declaration,
            "check.waived",
            actor=actor,
            waiver=str(waiver.id),
            block=str(block_id),
            language=language.value,
            check=check,
            words=waiver.words_hash,
        )
        return waiver

    def _with_waivers(self, declaration: Declaration, remarks: list[TextFinding]) -> list[TextFinding]:
        statement = (
            sa.select(Waiver).where(Waiver.declaration_id == declaration.id).options(joinedload(Waiver.waived_by))
        )
        waivers = {
            (waiver.block_id, waiver.language, waiver.check_name, waiver.words_hash): waiver
            for waiver in self.db.scalars(statement)
        }
        return [
            replace(
                text_finding,
                waiver=waivers.get(
                    (text_finding.block_id, text_finding.language, text_finding.finding.check, text_finding.words_hash)
                ),
            )
            for text_finding in remarks
        ]


def _of_original(row: BlockRow, rules: HouseRules, words: str | None = None) -> list[TextFinding]:
    """What deceives in the original itself, or in `words` for it; in any language it can be let stand."""
    language = row.original_language
    if words is None and language in row.texts:
        words = row.content(language)
    return [
        TextFinding(row.block_id, language, None, replace(finding, odd=language), content_hash(words or ""))
        for finding in check_alone(words or "", language, rules.house)
    ]


def _of_pairs(row: BlockRow, states: Mapping[Language, State], rules: HouseRules) -> Iterator[TextFinding]:
    for language in Language:
        if language in row.texts and not states[language].stops_publication:
            yield from _of_pair(row, language, row.content(language), rules)


def _of_pair(row: BlockRow, language: Language, words: str, rules: HouseRules) -> list[TextFinding]:
    """The findings of one text against its original, by what was compared."""
    original = row.original_language
    if language is original or original not in row.texts or row.kind in _UNCHECKED:
        return []
    source = row.content(original)
    target = canonical(words, kind=row.kind) if words.strip() else words
    found = _checked(source, target, (original, language), rules, is_heading=row.kind in _HEADINGS)
    compared = _words_hash([source, target]) if found else ""
    return [TextFinding(row.block_id, language, original, finding, compared) for finding in found]


def _of_three(standing: BlockStanding, rules: HouseRules) -> list[TextFinding]:
    """The findings between the three texts of a paragraph whose languages all stand."""
    row = standing.row
    if len(row.texts) < len(Language) or row.kind in _UNCHECKED or not standing.is_settled:
        return []
    texts = tuple(row.content(language) for language in Language)
    found = _checked_three(texts, rules, _changed_last(row))
    compared = _words_hash(texts) if found else ""
    return [
        TextFinding(row.block_id, _to_change(finding, row), None, finding, compared)
        for finding in found
        if finding.check not in _TOLD_ELSEWHERE
    ]


def _to_change(finding: Finding, row: BlockRow) -> Language:
    """The language under whose name it is listed."""
    return next(iter(finding.behind), finding.odd or row.original_language)


def _changed_last(row: BlockRow) -> Language | None:
    """The leading language, where its text replaced another after those of the other languages were written."""
    head = row.texts[row.original_language]
    is_last = head.sequence == max(text.sequence for text in row.texts.values())
    return row.original_language if is_last and head.predecessor_id is not None else None


@lru_cache(maxsize=16_384)
def _checked(
    source: str, target: str, languages: tuple[Language, Language], rules: HouseRules, *, is_heading: bool
) -> tuple[Finding, ...]:
    """The same words are checked once, however often the page is opened."""
    return check_pair(Pair.of(source, target, languages=languages, house=rules.house, is_heading=is_heading))


@lru_cache(maxsize=8_192)
def _checked_three(texts: tuple[str, ...], rules: HouseRules, changed_last: Language | None) -> tuple[Finding, ...]:
    return check_triplet(Triplet(dict(zip(Language, texts, strict=True)), rules.house, changed_last=changed_last))


def _words_hash(texts: Sequence[str]) -> str:
    """What stands for these words: typographic differences do not count, as for staleness."""
    return hashlib.sha256("\n".join(map(folded_hash, texts)).encode()).hexdigest()
