"""The checks run over the texts in force, and the findings that somebody lets stand."""

import hashlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache, partial
from importlib.metadata import version
from operator import attrgetter
from pathlib import Path
from threading import get_ident
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.orm import joinedload

import drafts
from drafts.checks import Finding, Pair, Severity, Triplet, check_alone, check_pair, check_triplet
from drafts.languages.staleness import ChangeClass, State
from drafts.text.blocks import BlockKind, Language, canonical, content_hash, folded_hash
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound
from workspace.core.storage.db import Db, data_folder, new_id
from workspace.declarations.domain.models import Declaration, TextVersion
from workspace.declarations.domain.queries import BlockRow, TextValue
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
_DIGEST = hashlib.sha256().digest_size
_WAIVED = attrgetter("block_id", "language", "check_name", "words_hash")
Findings = tuple[Finding, ...]


class PassedChecks:
    """What the checks found: all of it in this process, and in a file which texts they found nothing in.

    The file holds digests and not one word: what had a finding is checked again by each process. A digest is of the
    texts, the rules and the checker itself: another version of it believes none. The file is replaced as a whole, so
    that nobody reads half of one; of processes that write at once one may lose what the other found.
    """

    def __init__(self, path: Path, checker: str, most: int = 32_768) -> None:
        self.path, self.checker, self.most = path, checker, most
        self._found: dict[object, Findings] = {}
        self._passed: dict[bytes, None] = {}
        self._fresh: dict[bytes, None] = {}
        self._changed = 0

    def findings(self, compared: object, check: Callable[[], Findings]) -> Findings:
        """What `check` finds, which is not called where that is known of `compared`."""
        if (found := self._found.get(compared)) is None:
            digest = hashlib.sha256(msgspec.json.encode((self.checker, compared))).digest()
            found = () if digest in self._passed else check()
            if not found and digest not in self._passed:
                self._fresh[digest] = None
            if len(self._found) >= self.most:
                self._found.clear()
            self._found[compared] = found
        return found

    def read(self) -> None:
        """Take in what any process has written."""
        with suppress(OSError):
            changed = self.path.stat().st_mtime_ns
            content = b"" if changed == self._changed else self.path.read_bytes()
            found = (content[at : at + _DIGEST] for at in range(0, len(content), _DIGEST))
            self._passed, self._changed = dict.fromkeys(found) or self._passed, changed

    def write(self) -> None:
        """Let other processes know what passed; the latest stay where it would be too many."""
        fresh, self._fresh, known = self._fresh, {}, self._passed
        if not fresh:
            return
        self.read()
        self._passed = dict.fromkeys([*fresh, *known, *self._passed][: self.most])
        with suppress(OSError):  # a folder that may not be written: each process checks for itself
            own = self.path.with_name(f"{self.path.name}.{os.getpid()}-{get_ident()}")
            own.touch(0o600)
            own.write_bytes(b"".join(self._passed))
            own.replace(self.path)


@cache
def passed_checks(folder: Path) -> PassedChecks:
    """What passed, as the file in `folder` has it."""
    return PassedChecks(folder / "checks-passed", _checker())


@cache
def _checker() -> str:
    """The version of the checks: a hash of all that the engine is made of, and of what it stands on."""
    made = hashlib.sha256(f"{sys.version} {version('markdown-it-py')} {version('snowballstemmer')}".encode())
    for path in sorted(Path(drafts.__file__).parent.rglob("*")):
        if path.is_file() and path.parent.name != "__pycache__":
            made.update(path.read_bytes())
    return made.hexdigest()


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

    def __init__(self, db: Db) -> None:
        super().__init__(db)
        self.passed = passed_checks(data_folder(db))

    def remarks(self, declaration: Declaration) -> list[TextFinding]:
        """Everything the checks find in the texts in force, in the order of the text; waived ones too, marked so.

        A text that is known to be stale is not compared: it differs by nature.
        """
        rules = self.rules(declaration)
        self.passed.read()
        found = [
            remark
            for standing in standings(self.db, declaration)
            for remark in (
                *_of_original(standing.row, rules),
                *self._of_pairs(standing.row, standing.states, rules),
                *self._of_three(standing, rules),
            )
        ]
        self.passed.write()
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
        found = [*_of_original(row, rules, original), *self._of_pair(row, language, words, rules)]
        if words == row.content(language):
            found += self._of_three(standing(self.db, declaration, row), rules)
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

    def _of_pairs(self, row: BlockRow, states: Mapping[Language, State], rules: HouseRules) -> Iterator[TextFinding]:
        for language in Language:
            if language in row.texts and not states[language].stops_publication:
                yield from self._of_pair(row, language, row.content(language), rules)

    def _of_pair(self, row: BlockRow, language: Language, words: str, rules: HouseRules) -> list[TextFinding]:
        """The findings of one text against its original, by what was compared."""
        original = row.original_language
        if language is original or original not in row.texts or row.kind in _UNCHECKED:
            return []
        languages, is_heading = (original, language), row.kind in _HEADINGS
        source = row.content(original)
        target = canonical(words, kind=row.kind) if words.strip() else words
        key = source, target, languages, rules.key, is_heading
        pair = partial(Pair.of, source, target, languages=languages, house=rules.house, is_heading=is_heading)
        found = self.passed.findings(key, lambda: check_pair(pair()))
        compared = _words_hash([source, target]) if found else ""
        return [TextFinding(row.block_id, language, original, finding, compared) for finding in found]

    def _of_three(self, standing: BlockStanding, rules: HouseRules) -> list[TextFinding]:
        """The findings between the three texts of a paragraph whose languages all stand."""
        row = standing.row
        if len(row.texts) < len(Language) or row.kind in _UNCHECKED or not standing.is_settled:
            return []
        texts = tuple(row.content(language) for language in Language)
        three = partial(Triplet, dict(zip(Language, texts, strict=True)), rules.house)
        found = self.passed.findings((texts, rules.key), lambda: check_triplet(three()))
        if any(finding.odd is row.original_language for finding in found) and self._is_led_away(row):
            found = check_triplet(three(changed_last=row.original_language))
        compared = _words_hash(texts) if found else ""
        return [
            TextFinding(row.block_id, listed_under, None, finding, compared)
            for finding in found
            if finding.check not in _TOLD_ELSEWHERE
            for listed_under in (next(iter(finding.behind), finding.odd or row.original_language),)
        ]

    def _is_led_away(self, row: BlockRow) -> bool:
        """Whether the original got other words after the other languages had theirs; typography does not count."""
        written = {language: self._worded(text) for language, text in row.texts.items()}
        head = written[row.original_language]
        is_last = head.sequence == max(text.sequence for text in written.values())
        return is_last and head.predecessor_id is not None

    def _worded(self, text: TextValue | TextVersion) -> TextValue | TextVersion:
        """The version that gave a text the words it has."""
        while text.change_class is ChangeClass.TYPOGRAPHIC and text.predecessor_id is not None:
            text = self.db.get_one(TextVersion, text.predecessor_id)
        return text

    def _with_waivers(self, declaration: Declaration, remarks: list[TextFinding]) -> list[TextFinding]:
        statement = sa.select(Waiver).filter_by(declaration_id=declaration.id).options(joinedload(Waiver.waived_by))
        waivers = {_WAIVED(waiver): waiver for waiver in self.db.scalars(statement)}
        return [
            replace(
                remark, waiver=waivers.get((remark.block_id, remark.language, remark.finding.check, remark.words_hash))
            )
            for remark in remarks
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


def _words_hash(texts: Sequence[str]) -> str:
    """What stands for these words: typographic differences do not count, as for staleness."""
    return hashlib.sha256("\n".join(map(folded_hash, texts)).encode()).hexdigest()
