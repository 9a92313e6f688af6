"""Putting words in brackets by the committee's own hand, and resolving brackets: one decision, one new revision."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from msgspec.structs import replace

from drafts.blocks import Block, Document, Language, canonical
from workspace.amendments import brackets, families
from workspace.amendments.brackets import Wanted
from workspace.amendments.committee_models import Bracket, BracketAlternative, BracketState
from workspace.amendments.models import Amendment, Decision, Disposition, Outcome, Verdict
from workspace.amendments.recording import Recording, as_they_are
from workspace.amendments.verdicts import ensure_short
from workspace.core.actor import Actor
from workspace.core.conditions import Condition
from workspace.core.db import Trilingual, new_id
from workspace.core.errors import Invalid, NotFound
from workspace.declarations import paragraph_status, queries
from workspace.declarations.models import Declaration, Revision, RevisionCause
from workspace.declarations.policy import ensure_may, may_do
from workspace.people.models import Organisation

LONGEST_TEXT = 20_000  # characters


def may_bracket(actor: Actor, declaration: Declaration) -> bool:
    return may_do(actor, "bracket.set_resolve", declaration, given={Condition.REASON})


class Bracketing(Recording):
    """The brackets of a declaration."""

    def bracket(
        self,
        declaration_id: UUID,
        block_id: UUID,
        wanted: Sequence[Wanted],
        *,
        language: Language,
        reason: str,
        expected_head: UUID,
        actor: Actor,
    ) -> Bracket:
        """Set alternatives beside a paragraph as it stands, or beside those that are in its bracket already.

        Raises `NotFound` for a block that is not in the text, `Invalid` for a closed
        paragraph, for no alternative, and for one that says what the text says.
        """
        declaration = self.declarations.lock(declaration_id, expected_head=expected_head)
        ensure_may(actor, "bracket.set_resolve", declaration)
        ensure_short(reason)
        row = queries.text_in_force(self.db, declaration).by_block.get(block_id)
        if row is None:
            raise NotFound(what="block", id=str(block_id))
        paragraph_status.ensure_open(self.db, declaration, [str(block_id)])
        wanted = [self._sensible(declaration, one, row) for one in wanted]
        if not wanted:
            raise Invalid(field="alternatives", reason="empty")
        taken_in = self.keep_round(declaration, language=language, before=declaration.head, revision=None, actor=actor)
        number = brackets.next_number(self.db, declaration)
        made = brackets.put(
            self.db, declaration, row, wanted, taken_in=taken_in, number=number, reason=reason.strip(), actor=actor
        )
        self.record(
            declaration,
            Verdict.BRACKET,
            Outcome.NONE,
            reason=reason.strip(),
            block_id=block_id,
            language=language,
            taken_in=taken_in,
            actor=actor,
        )
        return made

    def resolve(
        self,
        declaration_id: UUID,
        number: int,
        position: int,
        *,
        language: Language,
        reason: str,
        expected_head: UUID,
        actor: Actor,
    ) -> Decision:
        """Make one alternative the text, in every language that has it: one decision, one new revision if words change.

        `language` leads where the alternative has words in it, else the first that has.
        The amendments behind it are adopted, those behind the others rejected.
        """
        declaration = self.declarations.lock(declaration_id, expected_head=expected_head)
        ensure_may(actor, "bracket.set_resolve", declaration)
        ensure_short(reason)
        bracket = self.numbered_bracket(declaration, number)
        chosen = next((one for one in bracket.alternatives if one.position == position), None)
        if bracket.state is not BracketState.OPEN or chosen is None:
            raise NotFound(what="bracket", id=str(number))
        paragraph_status.ensure_open(self.db, declaration, [str(bracket.block_id)])
        behind = self._behind(bracket)
        were, before = as_they_are(behind), declaration.head
        self._settle_behind(chosen, behind)
        decision_id = new_id()
        revision = self._written(declaration, bracket, chosen, language, decision_id=decision_id, actor=actor)
        taken_in = self.keep_round(
            declaration, language=language, before=before, revision=revision, were=were, actor=actor
        )
        bracket.state, bracket.chosen, bracket.closed_round_id = BracketState.RESOLVED, position, taken_in.id
        return self.record(
            declaration,
            Verdict.RESOLVE,
            Outcome.APPLIED if revision else Outcome.INCLUDED,
            reason=reason.strip(),
            block_id=bracket.block_id,
            language=language,
            revision=revision,
            decision_id=decision_id,
            taken_in=taken_in,
            actor=actor,
        )

    def brackets(self, declaration: Declaration, *, state: BracketState | None = None) -> list[Bracket]:
        """The brackets of a declaration, by number."""
        return brackets.of_declaration(self.db, declaration, state=state)

    def numbered_bracket(self, declaration: Declaration, number: int) -> Bracket:
        """Raises `NotFound`."""
        found = next((one for one in self.brackets(declaration) if one.number == number), None)
        if found is None:
            raise NotFound(what="bracket", id=str(number))
        return found

    def _sensible(self, declaration: Declaration, wanted: Wanted, row: queries.BlockRow) -> Wanted:
        texts = {key: canonical(text, kind=row.kind) for key, text in wanted.texts.to_dict().items() if text.strip()}
        if any(len(text) > LONGEST_TEXT for text in texts.values()):
            raise Invalid(field="alternatives", reason="too_long", limit=LONGEST_TEXT)
        if texts and all(row.content(Language(key)) == text for key, text in texts.items()):
            raise Invalid(field="alternatives", reason="nothing_changes")
        known = sa.select(Organisation.id).where(
            Organisation.id.in_(wanted.organisations), Organisation.network_id == declaration.forum.network_id
        )
        missing = set(wanted.organisations) - set(self.db.scalars(known))
        if missing:
            raise NotFound(what="organisation", id=str(missing.pop()))
        return replace(wanted, texts=Trilingual.of(texts))

    def _behind(self, bracket: Bracket) -> list[Amendment]:
        sponsors = (sponsor for one in bracket.alternatives for sponsor in one.sponsors)
        every = {sponsor.amendment.id: sponsor.amendment for sponsor in sponsors if sponsor.amendment}
        return [one for one in every.values() if one.disposition is Disposition.BRACKETED]

    def _settle_behind(self, chosen: BracketAlternative, behind: Sequence[Amendment]) -> None:
        adopted = {sponsor.amendment_id for sponsor in chosen.sponsors}
        for amendment in behind:
            amendment.disposition = Disposition.ADOPTED if amendment.id in adopted else Disposition.REJECTED
            families.share_fate(amendment)
        self.db.flush()

    def _written(
        self,
        declaration: Declaration,
        bracket: Bracket,
        chosen: BracketAlternative,
        language: Language,
        *,
        decision_id: UUID,
        actor: Actor,
    ) -> Revision | None:
        """The revision in which the paragraph reads as the alternative; None where it does already."""
        rows = queries.head_rows(self.db, declaration)
        texts = {Language(key): text for key, text in chosen.texts.to_dict().items() if text}
        leading = language if language in texts or not texts else next(iter(texts))
        row = next((one for one in rows if one.block_id == bracket.block_id), None)
        if row is None:
            raise NotFound(what="block", id=str(bracket.block_id))
        if texts and all(row.content(one) == text for one, text in texts.items()):
            return None
        document = _with_text(queries.document(rows, leading), str(bracket.block_id), texts.get(leading, ""))
        others: Mapping[Language, str] = {one: text for one, text in texts.items() if one is not leading}
        return self.declarations.commit(
            declaration,
            document,
            cause=RevisionCause.ADOPTION,
            decisions=[decision_id],
            together={bracket.block_id: others} if others else {},
            actor=actor,
        )


def _with_text(document: Document, block_id: str, text: str) -> Document:
    """The document with other words in one block, or without it."""
    blocks = (_worded(block, block_id, text) for block in document)
    return Document(tuple(block for block in blocks if block is not None), document.language)


def _worded(block: Block, block_id: str, text: str) -> Block | None:
    if block.id != block_id:
        return block
    return replace(block, text=text) if text else None
