"""Signing that the three texts say the same: paragraph by paragraph, and language by language for the whole."""

import hashlib
from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import joinedload

from drafts.checks import Severity
from drafts.formats.assembly import Authenticity
from drafts.text.blocks import BlockKind, Language
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound, Stale
from workspace.core.storage import log
from workspace.core.storage.db import Db, new_id
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.queries import BlockRow
from workspace.declarations.domain.service import DeclarationService
from workspace.terms.models import Trust
from workspace.translations.domain import policy
from workspace.translations.domain.checks import TextCheckService, TextFinding
from workspace.translations.domain.memories import MemoryRecorder
from workspace.translations.domain.models import Concordance, SignOff
from workspace.translations.domain.queries import BlockStanding, concorded
from workspace.translations.domain.service import TranslationService

UNSIGNED = frozenset({BlockKind.RULE, BlockKind.CODE})  # the same signs in every language: nothing to compare
Seen = Mapping[Language, UUID | None]


class ParagraphConcordance(Struct, frozen=True):
    """One paragraph before the reviser: how its languages stand, what the checks say, and who signed it."""

    standing: BlockStanding
    remarks: Sequence[TextFinding]
    signed: Concordance | None

    @property
    def row(self) -> BlockRow:
        return self.standing.row

    @property
    def is_ready(self) -> bool:
        """Whether it can be signed: every language stands, and nothing grave lies between them."""
        is_standing = not any(state.stops_publication for state in self.standing.states.values())
        return is_standing and not any(is_grave(text_finding) for text_finding in self.remarks)


class MissingSignatures(Struct, frozen=True):
    """What a declaration of equally authentic texts still lacks: paragraphs and languages that nobody signed."""

    blocks: Sequence[UUID] = ()
    languages: Sequence[Language] = ()


class ConcordanceService:
    """What is signed, and signing."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.declarations = DeclarationService(db)
        self.translations = TranslationService(db)

    def review(self, declaration: Declaration) -> list[ParagraphConcordance]:
        """Every paragraph that wants a signature, in the order of the text."""
        standings = [
            paragraph for paragraph in self.translations.standings(declaration) if paragraph.row.kind not in UNSIGNED
        ]
        signed = concorded(self.db, declaration, [paragraph.row for paragraph in standings])
        remarks: dict[UUID, list[TextFinding]] = {}
        for remark in TextCheckService(self.db).remarks(declaration):
            if remark.source is None and not remark.is_waived:
                remarks.setdefault(remark.block_id, []).append(remark)
        return [
            ParagraphConcordance(paragraph, remarks.get(paragraph.row.block_id, ()), signed.get(paragraph.row.block_id))
            for paragraph in standings
        ]

    def sign(
        self, declaration_id: UUID, seen: Mapping[UUID, Seen], *, note: str = "", actor: Actor
    ) -> list[Concordance]:
        """Answer for it that the texts of these paragraphs say the same. `seen` are the versions that were compared.

        Raises `Stale` when one of them is no longer in force, and `Invalid` for a paragraph that is not ready;
        then nothing is signed. The signer is a translator of every language but the original, and wrote none of it.
        """
        declaration = self.declarations.lock(declaration_id)
        known = {paragraph.row.block_id: paragraph for paragraph in self.review(declaration)}
        if unknown := [block_id for block_id in seen if block_id not in known]:
            raise NotFound(what="block", id=str(unknown[0]))
        made = [self._signature(declaration, known[block_id], texts, actor) for block_id, texts in seen.items()]
        if not made:
            raise Invalid(field="paragraphs", reason="nothing_chosen")
        for concordance in made:
            concordance.note = note.strip()
        self.db.add_all(made)
        self.db.flush()
        log.record(
            self.db,
            "concordance.signed",
            actor=actor,
            forum_id=declaration.forum_id,
            declaration_id=declaration.id,
            paragraphs=[
                {"block": str(concordance.block_id), **{of.value: _named(concordance.signed(of)) for of in Language}}
                for concordance in made
            ],
        )
        memory = MemoryRecorder(self.db, declaration, [paragraph.row for paragraph in known.values()])
        for concordance in made:
            memory.keep(known[concordance.block_id].standing, trust=Trust.CONCORDED, actor=actor)
        return made

    def sign_off(self, declaration_id: UUID, language: Language, *, expected: str, actor: Actor) -> SignOff:
        """Answer for the whole text in one language. `expected` is the `texts_hash` of what was read: else `Stale`.

        Raises `Invalid` while a text of it is missing, stale or unverified.
        """
        declaration = self.declarations.lock(declaration_id)
        standings = self.translations.standings(declaration)
        rows = [paragraph.row for paragraph in standings]
        policy.ensure_may_sign(actor, declaration, [language], _authors(rows, [language]))
        if (head := texts_hash(rows, language)) != expected:
            raise Stale(expected=expected, head=head)
        if any(paragraph.states[language].stops_publication for paragraph in standings):
            raise Invalid(field="language", reason="not_current", given=language.value)
        made = SignOff(
            id=new_id(),
            declaration_id=declaration.id,
            language=language,
            texts_hash=head,
            signed_by_id=actor.person_id,
            signed_at=clock.now(),
        )
        self.db.add(made)
        self.db.flush()
        log.record(
            self.db,
            "language.signed_off",
            actor=actor,
            forum_id=declaration.forum_id,
            declaration_id=declaration.id,
            language=language.value,
            texts=head,
        )
        return made

    def signed_off(self, declaration: Declaration, rows: Sequence[BlockRow]) -> Mapping[Language, SignOff]:
        """The last signature of each language for which one holds."""
        heads = {language: texts_hash(rows, language) for language in Language}
        statement = (
            sa.select(SignOff)
            .where(SignOff.declaration_id == declaration.id)
            .options(joinedload(SignOff.signed_by))
            .order_by(SignOff.signed_at, SignOff.id)
        )
        return {
            sign_off.language: sign_off
            for sign_off in self.db.scalars(statement)
            if sign_off.texts_hash == heads[sign_off.language]
        }

    def lacking(self, declaration: Declaration, standings: Sequence[BlockStanding]) -> MissingSignatures:
        """What is not signed; nothing where the texts are not equally authentic.

        A paragraph in which a language does not stand is left out: that is told by itself.
        """
        if declaration.authenticity is not Authenticity.EQUAL:
            return MissingSignatures()
        rows = [paragraph.row for paragraph in standings]
        signed, languages = concorded(self.db, declaration, rows), self.signed_off(declaration, rows)
        return MissingSignatures(
            blocks=[
                paragraph.row.block_id
                for paragraph in standings
                if paragraph.row.block_id not in signed
                and paragraph.row.kind not in UNSIGNED
                and not any(state.stops_publication for state in paragraph.states.values())
            ],
            languages=[language for language in Language if rows and language not in languages],
        )

    def sign_whole(self, declaration_id: UUID, *, note: str = "", actor: Actor) -> MissingSignatures:
        """Sign every paragraph that is ready and is not signed, then every language that stands; tells what is left.

        For somebody who has compared the three texts as they are now. Raises `NotAllowed` as `sign` does.
        """
        declaration = self.declarations.lock(declaration_id)
        standings = self.translations.standings(declaration)
        rows, lacking = [paragraph.row for paragraph in standings], self.lacking(declaration, standings)
        ready = [
            paragraph.row
            for paragraph in self.review(declaration)
            if paragraph.is_ready and paragraph.row.block_id in lacking.blocks
        ]
        if ready:
            self.sign(declaration_id, {row.block_id: versions_of(row) for row in ready}, note=note, actor=actor)
        for language in lacking.languages:
            if not any(paragraph.states[language].stops_publication for paragraph in standings):
                self.sign_off(declaration_id, language, expected=texts_hash(rows, language), actor=actor)
        return self.lacking(declaration, standings)

    def _signature(
        self, declaration: Declaration, found: ParagraphConcordance, seen: Seen, actor: Actor
    ) -> Concordance:
        row = found.row
        policy.ensure_may_sign(actor, declaration, to_answer_for(row), _authors([row], list(Language)))
        heads = {language: text.id for language, text in row.texts.items()}
        if any(seen.get(language) != heads.get(language) for language in Language):
            raise Stale(expected=row.id, head=row.id)
        if not found.is_ready:
            raise Invalid(field="paragraphs", reason="not_ready_to_sign", given=row.id)
        return Concordance(
            id=new_id(),
            declaration_id=declaration.id,
            block_id=row.block_id,
            es_id=heads.get(Language.ES),
            en_id=heads.get(Language.EN),
            fr_id=heads.get(Language.FR),
            signed_by_id=actor.person_id,
            signed_at=clock.now(),
        )


def is_grave(remark: TextFinding) -> bool:
    """Whether it stands in the way of a signature: an error between the three texts that nobody let stand."""
    return remark.source is None and remark.finding.severity is Severity.ERROR and not remark.is_waived


def versions_of(row: BlockRow) -> Seen:
    """The versions in force of a paragraph: what is signed."""
    return {language: text.id for language, text in row.texts.items()}


def to_answer_for(row: BlockRow) -> list[Language]:
    """The languages that whoever signs a paragraph must be a translator of: all that answer its original."""
    return [language for language in Language if language is not row.original_language]


def may_sign(actor: Actor, declaration: Declaration, row: BlockRow) -> bool:
    return policy.may_sign(actor, declaration, to_answer_for(row), _authors([row], list(Language)))


def may_sign_off(actor: Actor, declaration: Declaration, rows: Sequence[BlockRow], language: Language) -> bool:
    return policy.may_sign(actor, declaration, [language], _authors(rows, [language]))


def texts_hash(rows: Sequence[BlockRow], language: Language) -> str:
    """What stands for every word of a language in its order, typography aside."""
    words = (f"{row.block_id}:{text.folded_hash if (text := row.texts.get(language)) else ''}" for row in rows)
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def _authors(rows: Sequence[BlockRow], languages: Sequence[Language]) -> set[UUID | None]:
    return {text.author_id for row in rows for language, text in row.texts.items() if language in languages}


def _named(version_id: UUID | None) -> str | None:
    return str(version_id) if version_id else None
