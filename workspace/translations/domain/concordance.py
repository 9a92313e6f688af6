"""Signing that the three texts say the same: paragraph by paragraph, and language by language for the whole."""

import hashlib
from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import joinedload

from drafts.formats.assembly import Authenticity
from drafts.text.blocks import BlockKind, Language
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotAllowed, NotFound, Stale
from workspace.core.storage.db import new_id
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.queries import BlockRow
from workspace.declarations.domain.service import ServiceOnDeclarations
from workspace.terms.models import Trust
from workspace.translations.domain import policy
from workspace.translations.domain.checks import TextCheckService, TextFinding
from workspace.translations.domain.memories import MemoryRecorder
from workspace.translations.domain.models import Concordance, SignOff
from workspace.translations.domain.queries import BlockStanding, Signatures, record, signatures, standings

UNSIGNED = frozenset({BlockKind.RULE, BlockKind.CODE})  # the same signs in every language: nothing to compare
Seen = Mapping[Language, UUID | None]


class ParagraphConcordance(Struct, frozen=True):
    """One paragraph before the reviser: how its languages stand, what the checks say, and who signed it."""

    standing: BlockStanding
    remarks: Sequence[TextFinding]
    signatures: Signatures

    @property
    def row(self) -> BlockRow:
        return self.standing.row

    @property
    def is_ready(self) -> bool:
        """Whether it can be signed: every language stands, and nothing grave lies between them."""
        return self.standing.is_settled and not any(finding.is_grave for finding in self.remarks)

    def waits(self, language: Language) -> bool:
        """Whether one language of it cannot be answered for yet."""
        is_wrong = any(finding.is_grave and finding.concerns(language) for finding in self.remarks)
        return is_wrong or self.standing.states[language].stops_publication


class MissingSignatures(Struct, frozen=True):
    """What a declaration of equally authentic texts still lacks: paragraphs and languages that nobody signed."""

    blocks: Sequence[UUID] = ()
    languages: Sequence[Language] = ()


class ConcordanceService(ServiceOnDeclarations):
    """What is signed, and signing."""

    def review(self, declaration: Declaration) -> list[ParagraphConcordance]:
        """Every paragraph that wants a signature, in the order of the text."""
        every = [paragraph for paragraph in standings(self.db, declaration) if paragraph.row.kind not in UNSIGNED]
        signed = signatures(self.db, declaration, [paragraph.row for paragraph in every])
        remarks = TextCheckService(self.db).shown(declaration)
        return [
            ParagraphConcordance(paragraph, remarks.get(paragraph.row.block_id, ()), signed[paragraph.row.block_id])
            for paragraph in every
        ]

    def sign(
        self, declaration_id: UUID, seen: Mapping[UUID, Seen], *, note: str = "", actor: Actor
    ) -> list[Concordance]:
        """Answer for it that the texts of these paragraphs say the same. `seen` are the versions that were compared.

        The signer answers for the languages that they are entered for, and others for the rest; whoever wrote one of
        the texts answers for none. Raises `Stale` when one of them is no longer in force, and `Invalid` for a
        paragraph that is not ready; then nothing is signed.
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
        record(
            self.db,
            declaration,
            "concordance.signed",
            actor=actor,
            paragraphs=[
                {
                    "block": str(concordance.block_id),
                    "languages": concordance.languages,
                    **{of.value: str(signed) if (signed := concordance.signed(of)) else None for of in Language},
                }
                for concordance in made
            ],
        )
        memory = MemoryRecorder(self.db, declaration, [paragraph.row for paragraph in known.values()])
        for concordance in made:
            if not set(known[concordance.block_id].signatures.unsigned) - set(concordance.answered):
                memory.keep(known[concordance.block_id].standing, trust=Trust.CONCORDED, actor=actor)
        return made

    def sign_off(self, declaration_id: UUID, language: Language, *, expected: str, actor: Actor) -> SignOff:
        """Answer for the whole text in one language. `expected` is the `texts_hash` of what was read: else `Stale`.

        Raises `Invalid` while a text of it is missing, stale or unverified, or the checks find an error in it.
        """
        declaration = self.declarations.lock(declaration_id)
        rows = queries.head_rows(self.db, declaration)
        if not may_sign_off(actor, declaration, rows, language):
            raise NotAllowed(action="concordance.sign")
        if (head := texts_hash(rows, language)) != expected:
            raise Stale(expected=expected, head=head)
        if self._waits(declaration, language):
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
        record(self.db, declaration, "language.signed_off", actor=actor, language=language.value, texts=head)
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
        signed, languages = signatures(self.db, declaration, rows), self.signed_off(declaration, rows)
        return MissingSignatures(
            blocks=[
                paragraph.row.block_id
                for paragraph in standings
                if signed[paragraph.row.block_id].unsigned
                and paragraph.row.kind not in UNSIGNED
                and not any(state.stops_publication for state in paragraph.states.values())
            ],
            languages=[language for language in Language if rows and language not in languages],
        )

    def sign_whole(self, declaration_id: UUID, *, note: str = "", actor: Actor) -> MissingSignatures:
        """Sign every paragraph that is ready and every language that stands, as far as one may; tells what is left.

        For somebody who has compared the three texts as they are now. Raises `NotAllowed` for whoever may answer for
        no language at all.
        """
        declaration = self.declarations.lock(declaration_id)
        if not any(policy.may_sign(actor, declaration, language, ()) for language in Language):
            raise NotAllowed(action="concordance.sign")
        every = standings(self.db, declaration)
        rows = [paragraph.row for paragraph in every]
        ready = [
            paragraph.row
            for paragraph in self.review(declaration)
            if paragraph.is_ready and to_sign(actor, declaration, paragraph)
        ]
        if ready:
            self.sign(declaration_id, {row.block_id: versions_of(row) for row in ready}, note=note, actor=actor)
        for language in self.lacking(declaration, every).languages:
            if may_sign_off(actor, declaration, rows, language) and not self._waits(declaration, language):
                self.sign_off(declaration_id, language, expected=texts_hash(rows, language), actor=actor)
        return self.lacking(declaration, every)

    def _waits(self, declaration: Declaration, language: Language) -> bool:
        """Whether a text of a language stands in the way of answering for all of it."""
        is_behind = any(paragraph.states[language].stops_publication for paragraph in standings(self.db, declaration))
        return is_behind or any(paragraph.waits(language) for paragraph in self.review(declaration))

    def _signature(
        self, declaration: Declaration, found: ParagraphConcordance, seen: Seen, actor: Actor
    ) -> Concordance:
        row = found.row
        languages = _answerable(actor, declaration, row, {})
        if not languages:
            raise NotAllowed(action="concordance.sign")
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
            languages=",".join(languages),
            signed_by_id=actor.person_id,
            signed_at=clock.now(),
        )


def versions_of(row: BlockRow) -> Seen:
    """The versions in force of a paragraph: what is signed."""
    return {language: text.id for language, text in row.texts.items()}


Answers = dict[tuple[Language, bool], bool]  # whether somebody may sign a language, as author of the words or not


def to_sign(
    actor: Actor, declaration: Declaration, found: ParagraphConcordance, known: Answers | None = None
) -> list[Language]:
    """The languages of a paragraph that nobody has signed and they may; `known`, of paragraphs before."""
    mine = _answerable(actor, declaration, found.row, {} if known is None else known)
    return [language for language in found.signatures.unsigned if language in mine]


def may_sign_off(actor: Actor, declaration: Declaration, rows: Sequence[BlockRow], language: Language) -> bool:
    return policy.may_sign(actor, declaration, language, _authors(rows, [language]))


def _answerable(actor: Actor, declaration: Declaration, row: BlockRow, known: Answers) -> list[Language]:
    own = {actor.person_id} & _authors([row], list(Language))
    for language in row.texts:
        if (language, bool(own)) not in known:
            known[language, bool(own)] = policy.may_sign(actor, declaration, language, own)
    return [language for language in row.texts if known[language, bool(own)]]


def texts_hash(rows: Sequence[BlockRow], language: Language) -> str:
    """What stands for every word of a language in its order, typography aside."""
    words = (f"{row.block_id}:{text.folded_hash if (text := row.texts.get(language)) else ''}" for row in rows)
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def _authors(rows: Sequence[BlockRow], languages: Sequence[Language]) -> set[UUID | None]:
    return {text.author_id for row in rows for language, text in row.texts.items() if language in languages}
