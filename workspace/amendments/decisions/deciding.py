"""The committee at work: deciding on several amendments at once."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.orm.attributes import set_committed_value

from drafts.diff.amendments import Amendment as Proposal
from drafts.diff.amendments import amend
from drafts.merge.disputes import Cluster
from drafts.text.blocks import Document, Language
from workspace.amendments.decisions import brackets, partial
from workspace.amendments.decisions.rebase_open import Carrier
from workspace.amendments.domain import conflicts, policy, stored_amendments, sub_amendments
from workspace.amendments.domain import queries as filed
from workspace.amendments.domain.committee_models import Bracket
from workspace.amendments.domain.models import (
    Amendment,
    AmendmentVersion,
    Decision,
    DecisionOutcome,
    DecisionRound,
    Disposition,
    RoundEffect,
    Verdict,
)
from workspace.amendments.domain.outcomes import (
    ADOPTING,
    IN_WORDS_OF_THEIR_OWN,
    Adoption,
    AdoptionPreview,
    Prospect,
    Ruling,
    RulingRound,
    adoption_preview,
    disposition,
    ensure_complete,
    ensure_in_family,
    follow,
)
from workspace.amendments.domain.queries import AmendmentReading
from workspace.amendments.domain.sub_amendments import SubAmendmentsAfterRewording
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import NotFound, Undecidable
from workspace.core.events import AmendmentRevised, AmendmentsMoved, DecisionsTaken, publish
from workspace.core.storage import log
from workspace.core.storage.db import new_id
from workspace.declarations.domain import paragraph_status, queries
from workspace.declarations.domain.models import Declaration, Revision, RevisionCause
from workspace.declarations.domain.queries import BlockRow
from workspace.people.models import Person

Leading = Mapping[UUID, Language]
NOTHING_SAID: Leading = {}


class RecordingMixin(AmendmentReading):
    """The records of a committee's work."""

    def record(
        self,
        declaration: Declaration,
        verdict: Verdict,
        outcome: DecisionOutcome,
        *,
        reason: str,
        actor: Actor,
        block_id: UUID | None = None,
        language: Language | None = None,
        revision: Revision | None = None,
        decision_id: UUID | None = None,
        taken_in: DecisionRound | None = None,
        mover: Person | None = None,
    ) -> Decision:
        """Put a decision on record that is on no amendment; the caller has asked whether it may be taken."""
        decision = Decision(
            id=decision_id or new_id(),
            declaration_id=declaration.id,
            number=self.next_number(declaration.id, Decision),
            verdict=verdict,
            outcome=outcome,
            reason=reason,
            block_id=block_id,
            language=language,
            revision=revision,
            decided_by_id=actor.person_id,
            decided_at=clock.now(),
            round_id=taken_in.id if taken_in else None,
            mover=mover,
            mover_organisation_id=policy.organisation_of(mover.as_actor(), declaration) if mover else None,
        )
        self.put_on_record(declaration, [decision], actor=actor)
        return decision

    def falls(
        self, fallen: Sequence[Amendment], taken_in: DecisionRound, *, actor: Actor, beside: Sequence[Decision] = ()
    ) -> list[Decision]:
        """A decision for each that fell with the amendment it amends, to be put on record with those `beside` it.

        Its cause is that amendment or, where that one fell itself, the one on whose account it did.
        """
        if not fallen:
            return []
        causes = {decision.amendment: decision.because_of for decision in beside if decision.because_of}
        first = 1 + beside[-1].number if beside else self.next_number(taken_in.declaration_id, Decision)
        return [
            Decision(
                id=new_id(),
                declaration_id=taken_in.declaration_id,
                number=number,
                verdict=Verdict.FALL,
                outcome=DecisionOutcome.NONE,
                amendment=amendment,
                amendment_version_id=amendment.own.id,
                language=amendment.language,
                decided_by_id=actor.person_id,
                decided_at=clock.now(),
                round_id=taken_in.id,
                because_of=_cause_of_fall(amendment, causes),
            )
            for number, amendment in enumerate(fallen, start=first)
        ]

    def share_fate(
        self, declaration: Declaration, parent: Amendment, *, actor: Actor, verdict: Verdict | None = None
    ) -> list[Amendment]:
        """Let the amendments to it follow; those that fell."""
        changed = sub_amendments.close_sub_amendments(parent, verdict=verdict)
        followed = [amendment for amendment in changed if amendment.parent_id is not None]
        if followed:
            log.record_in(
                self.db,
                "amendments.followed",
                declaration,
                actor=actor,
                because_of=str(parent.id),
                amendments=[
                    {"amendment": str(amendment.id), "now": amendment.disposition.value} for amendment in followed
                ],
            )
        return [amendment for amendment in changed if amendment.disposition is Disposition.FALLEN]

    def put_on_record(self, declaration: Declaration, decisions: Sequence[Decision], *, actor: Actor) -> None:
        """Store decisions that were taken together, put each on the log, and tell everyone who listens."""
        self.db.add_all(decisions)
        self.db.flush()
        for decision in decisions:
            set_committed_value(decision, "undone_by", None)
            if decision.verdict is not Verdict.UNDO:
                set_committed_value(decision, "undoes", [])
            log.record_in(
                self.db,
                "decision.taken",
                declaration,
                actor=actor,
                decision=str(decision.id),
                number=decision.number,
                verdict=decision.verdict.value,
                outcome=decision.outcome.value,
                amendment=_named(decision.amendment),
                block=str(decision.block_id) if decision.block_id else None,
                language=decision.language.value if decision.language else None,
                revision=str(decision.revision.id) if decision.revision else None,
                round=str(decision.round_id) if decision.round_id else None,
                because_of=_named(decision.because_of),
                reason=decision.reason,
                undoes=[str(undone.id) for undone in decision.undoes],
                **({"mover": str(decision.mover.id)} if decision.mover else {}),
            )
        taken = {changed: decision.id for decision in reversed(decisions) for changed in self._changed_in(decision)}
        taken |= {decision.amendment.id: decision.id for decision in decisions if decision.amendment}
        taken |= {
            undone.amendment.id: decision.id for decision in decisions for undone in decision.undoes if undone.amendment
        }
        if taken:
            publish(self.db, DecisionsTaken(declaration.id, taken, actor))

    def _changed_in(self, decision: Decision) -> list[UUID]:
        """Whatever else changed in its round: what stands behind a bracket or amends an amendment changes with it.

        Where it undoes another round, all that changes back: of one `about_id`, what is on that amendment.
        """
        taken_in = self.db.get(DecisionRound, decision.round_id) if decision.round_id else None
        if taken_in is None or decision.verdict is Verdict.FALL:
            return []
        effects = self.db.get_one(DecisionRound, taken_in.undoes_id or taken_in.id).effects
        changed = [effect.amendment for effect in effects if effect.before is not effect.after]
        about = taken_in.about_id
        return [amendment.id for amendment in changed if about is None or about in {amendment.id, amendment.parent_id}]

    def keep_round(
        self,
        declaration: Declaration,
        *,
        language: Language | None,
        before: Revision,
        revision: Revision | None,
        actor: Actor,
        were: Mapping[Amendment, Disposition] | None = None,
        undoes: DecisionRound | None = None,
        about: Amendment | None = None,
        number: int = 0,
    ) -> DecisionRound:
        """Remember that what follows was decided at once; `were` says what each amendment was before.

        `language` is the one in which all of it was, if there is one; `number` is the next one, where that is known.
        """
        made = DecisionRound(
            id=new_id(),
            declaration_id=declaration.id,
            number=number or self.next_number(declaration.id, DecisionRound),
            language=language,
            phase=declaration.phase,
            before_id=before.id,
            revision_id=revision.id if revision else None,
            undoes_id=undoes.id if undoes else None,
            about_id=about.id if about else None,
            taken_by_id=actor.person_id,
            taken_at=clock.now(),
            effects=[
                RoundEffect(amendment_id=amendment.id, before=was, after=amendment.disposition)
                for amendment, was in (were or {}).items()
                if undoes is None
            ],
        )
        self.db.add(made)
        self.db.flush()
        self._tell_moved(undoes or made, actor, is_undone=undoes is not None)
        return made

    def _tell_moved(self, round_: DecisionRound, actor: Actor, *, is_undone: bool) -> None:
        """Tell which amendments of a round are open or decided otherwise than they were, or have other words."""
        moved, rewritten = set(), set()
        for effect in round_.effects:
            was = effect.after if is_undone else effect.before
            now, parent = effect.amendment.disposition, effect.amendment.parent
            if was.is_undecided != now.is_undecided:
                moved.add(effect.amendment_id)
            if was is not now and Disposition.ACCEPTED in {was, now} and parent and parent.disposition.is_undecided:
                rewritten.add(parent.id)
        publish(self.db, AmendmentsMoved(round_.declaration_id, frozenset(moved), actor))
        for parent_id in rewritten:
            publish(self.db, AmendmentRevised(round_.declaration_id, parent_id, actor))


def as_in_force(amendments: Iterable[Amendment]) -> dict[Amendment, Disposition]:
    """What each of these, each that amends it, and each that lapses once it is adopted, is now."""
    with_lapsing = [each for amendment in amendments for each in (amendment, *amendment.lapsing)]
    return {child: child.disposition for amendment in with_lapsing for child in (amendment, *amendment.children)}


def landing(were: Mapping[Amendment, Disposition]) -> Iterator[UUID]:
    """The earlier decisions whose words come into the text now: taken into what is adopted, or put in brackets."""
    for amendment, was in were.items():
        if was in {Disposition.ACCEPTED, Disposition.BRACKETED} and amendment.disposition is Disposition.ADOPTED:
            for decision in amendment.decisions:
                is_earlier = decision.outcome is DecisionOutcome.TAKEN or decision.verdict is Verdict.BRACKET
                if is_earlier and decision.undone_by is None:
                    yield decision.id


def _cause_of_fall(amendment: Amendment, causes: Mapping[Amendment | None, Amendment | None]) -> Amendment | None:
    """The amendment on whose account it falls: the one it amends, what that one fell for, or a compromise."""
    fell = amendment.parent or amendment
    compromises = (each.amendment for each in fell.replaced_by if fell.disposition is Disposition.FALLEN)
    adopted = (compromise for compromise in compromises if compromise.disposition is Disposition.ADOPTED)
    return causes.get(fell) or next(adopted, None) or amendment.parent


def _named(amendment: Amendment | None) -> str | None:
    return str(amendment.id) if amendment else None


class DecidingMixin(RecordingMixin):
    """Decisions on the amendments of a declaration."""

    def decide(
        self,
        declaration_id: UUID,
        rulings: Sequence[Ruling],
        *,
        expected_head: UUID,
        actor: Actor,
        leading: Leading = NOTHING_SAID,
        only: Language | None = None,
    ) -> Adoption:
        """Rule on several amendments at once, of any languages: at most one new revision.

        Amendments to amendments are taken first, then those they amend, as
        modified. What collides stays open, the text stays as it was there, and the
        clusters come back in `Adoption.clusters`; everything else lands. Several
        languages collide on one paragraph unless `leading` names, by its block, the
        language that leads: then what another one asks there is refused. Raises
        `Stale` when the head has moved, `Undecidable` for one's own, a decided one,
        one with an undecided amendment to it, one that would change a paragraph that
        is closed, in brackets or led by another language, and one in another language
        than `only`, where that is given.
        """
        declaration = self.declarations.lock(declaration_id, expected_head=expected_head)
        is_bracketing = any(ruling.verdict is Verdict.BRACKET for ruling in rulings)
        ruled = self._ruled(rulings, filed.ruled(declaration, with_backers=is_bracketing))
        rows = queries.head_rows(self.db, declaration)
        self._ensure_decidable(declaration, rulings, ruled, rows, only=only, actor=actor)
        self._ensure_free(declaration, rulings, ruled)
        versions = {
            ruling.amendment_id: self._version_ruled_on(declaration, ruled[ruling.amendment_id], ruling, actor=actor)
            for ruling in rulings
        }
        found, inheritances = self._round(declaration, rulings, ruled, versions, rows, leading=leading)
        were, before = as_in_force(ruled.values()), declaration.head
        undecided, fallen = self._settle(rulings, found, inheritances, declaration=declaration, actor=actor)
        ids, revision = [new_id() for _ in rulings], None
        if found.written:
            behind = [*ids, *landing(were)]
            revision = self.declarations.commit(
                declaration, *found.written, cause=RevisionCause.ADOPTION, decisions=behind, actor=actor
            )
        Carrier(self.db, declaration).carry(undecided, actor=actor)
        number, first = self.next_numbers(declaration.id, DecisionRound, Decision)
        [language, *others] = found.prospects
        taken_in = self.keep_round(
            declaration,
            language=None if others else language,
            before=before,
            revision=revision,
            were=were,
            number=number,
            actor=actor,
        )
        if found.bracketed:
            rows = queries.head_rows(self.db, declaration)
        self._bracket(declaration, rulings, ruled, rows, taken_in, added=found.bracketed, actor=actor)
        decisions = tuple(
            self._decided(
                ruling,
                found,
                taken_in,
                decision_id,
                number=first + place,
                is_in_text=ruling.amendment_id in found.bracketed,
                actor=actor,
            )
            for place, (ruling, decision_id) in enumerate(zip(rulings, ids, strict=True))
        )
        falls = self.falls(fallen, taken_in, actor=actor, beside=decisions)
        self.put_on_record(declaration, [*decisions, *falls], actor=actor)
        return Adoption(revision, decisions, found.clusters)

    def foresee(
        self,
        declaration: Declaration,
        rulings: Sequence[Ruling],
        *,
        actor: Actor,
        leading: Leading = NOTHING_SAID,
        only: Language | None = None,
    ) -> Prospect:
        """What these decisions would do to the text in the language of each, without taking them.

        Raises what `decide` would.
        """
        ruled = self._ruled(rulings, filed.select_all(declaration))
        rows = queries.head_rows(self.db, declaration)
        self._ensure_decidable(declaration, rulings, ruled, rows, only=only, actor=actor)
        self._ensure_free(declaration, rulings, ruled)
        found, _ = self._round(declaration, rulings, ruled, {}, rows, leading=leading)
        return Prospect(found.previews, found.texts)

    def if_adopted(
        self, declaration: Declaration, chosen: Sequence[Amendment], rows: Sequence[BlockRow]
    ) -> RulingRound:
        """What adopting these would come to, whoever asks; open sub-amendments that are not among them, rejected.

        Raises `Undecidable` for one whose sub-amendments among them dispute each other.
        """
        ruled = {amendment.id: amendment for amendment in chosen}
        rulings = [Ruling(amendment_id, Verdict.ADOPT) for amendment_id in ruled]
        for child in (child for amendment in chosen for child in amendment.children):
            if child.disposition.is_undecided and child.id not in ruled:
                ruled[child.id] = child
                rulings.append(Ruling(child.id, Verdict.REJECT))
        return self._round(declaration, rulings, ruled, {}, rows, leading=NOTHING_SAID)[0]

    # How a decision comes about

    def _ruled(self, rulings: Sequence[Ruling], statement: sa.Select[Amendment]) -> dict[UUID, Amendment]:
        ensure_complete(rulings)
        ids = [ruling.amendment_id for ruling in rulings]
        those = statement.where(Amendment.id.in_(ids)).execution_options(populate_existing=True)  # as behind the lock
        ruled = {amendment.id: amendment for amendment in self.db.scalars(those).unique()}
        for amendment_id in ids:
            if amendment_id not in ruled:
                raise NotFound(what="amendment", id=str(amendment_id))
        return ruled

    def _ensure_decidable(
        self,
        declaration: Declaration,
        rulings: Sequence[Ruling],
        ruled: Mapping[UUID, Amendment],
        rows: Sequence[BlockRow],
        *,
        only: Language | None,
        actor: Actor,
    ) -> None:
        lapsing = {ruling.amendment_id for ruling in rulings if ruling.verdict is Verdict.FALL}
        policy.ensure_may_decide(actor, declaration, ruled.values(), lapsing=lapsing)
        adopting = [ruled[ruling.amendment_id] for ruling in rulings if ruling.verdict in ADOPTING]
        shared = conflicts.rivals_in_other_languages(adopting, only) if only else ()
        settled = {ruling.amendment_id for ruling in rulings if ruling.verdict is not Verdict.REFER}
        for ruling in rulings:
            amendment, verdict = ruled[ruling.amendment_id], ruling.verdict
            if amendment.language is not (only or amendment.language):
                is_shared = verdict is Verdict.ADOPT and amendment in shared
                is_addition = verdict is Verdict.BRACKET and brackets.is_addition(self.bases.proposal(amendment).hunks)
                is_to_land = verdict in ADOPTING or is_addition
                if is_to_land and not is_shared:
                    raise Undecidable(number=amendment.number, reason="other_language")
            if verdict is Verdict.HAND_OVER:
                rivals = conflicts.rivals_in_other_languages([*adopting, amendment], amendment.language)
                if not rivals and not self.led_elsewhere([amendment], rows)[amendment.number]:
                    raise Undecidable(number=amendment.number, reason="nothing_leads")
            if verdict is Verdict.ADOPT_PARTLY and amendment.is_indivisible:
                raise Undecidable(number=amendment.number, reason="indivisible")
            ensure_in_family(amendment, verdict, settled)

    def _ensure_free(
        self, declaration: Declaration, rulings: Sequence[Ruling], ruled: Mapping[UUID, Amendment]
    ) -> None:
        """Nothing changes a paragraph that is agreed and closed, or whose words stand in brackets."""
        adopting = [ruled[ruling.amendment_id] for ruling in rulings if ruling.verdict in ADOPTING]
        for number, reason in self.barred(declaration, adopting).items():
            raise Undecidable(number=number, reason=reason)

    def barred(self, declaration: Declaration, amendments: Sequence[Amendment]) -> Mapping[int, str]:
        """Those of these that no decision can adopt as the text stands, by number, each with the reason."""
        if not amendments:
            return {}
        shut = {
            "paragraph_closed": paragraph_status.closed(self.db, declaration),
            "in_brackets": brackets.open_blocks(self.db, declaration),
        }
        found: dict[int, str] = {}
        for amendment in amendments:
            blocks = {block.id for hunk in amendment.own.diff for block in hunk.old}
            for reason, kept in shut.items():
                if blocks & kept:
                    found.setdefault(amendment.number, reason)
        return found

    def _round(
        self,
        declaration: Declaration,
        rulings: Sequence[Ruling],
        ruled: Mapping[UUID, Amendment],
        versions: Mapping[UUID, AmendmentVersion],
        rows: Sequence[BlockRow],
        *,
        leading: Leading,
    ) -> tuple[RulingRound, Mapping[UUID, SubAmendmentsAfterRewording]]:
        adopting = {ruled[ruling.amendment_id].number: ruling for ruling in rulings if ruling.verdict in ADOPTING}
        amendments = {number: ruled[ruling.amendment_id] for number, ruling in adopting.items()}
        accepted = sub_amendments.accept_sub_amendments(
            [amendment for amendment in amendments.values() if amendment.parent_id], self.bases
        )
        settled = {
            amendment.id
            for amendment in ruled.values()
            if accepted.outcomes.get(amendment.number) is not DecisionOutcome.WAITS
        }
        for ruling in rulings:
            ensure_in_family(ruled[ruling.amendment_id], ruling.verdict, settled)
        filed_here = [amendment for amendment in amendments.values() if amendment.parent_id is None]
        heads: Mapping[Language, Document] = {language: queries.document(rows, language) for language in Language}
        proposals, inheritances = [], {}
        for amendment in filed_here:
            ruling, head = adopting[amendment.number], heads[amendment.language]
            proposal = self._proposed(amendment, ruling, versions.get(amendment.id), accepted, head)
            if ruling.verdict is Verdict.ADOPT_MODIFIED and amendment.children:
                taken = accepted.into.get(amendment.number, ())
                inheritances[amendment.id] = sub_amendments.carry_sub_amendments(amendment, proposal, self.bases, taken)
                proposal = inheritances[amendment.id].proposal
            proposals.append(proposal)
        apart = self._apart(
            proposals,
            [amendment for amendment in filed_here if adopting[amendment.number].verdict not in IN_WORDS_OF_THEIR_OWN],
            rows,
            leading,
        )
        waits = {number for cluster in apart for number in cluster.amendments}
        additions = self._additions(rulings, ruled, accepted)
        contested = set(brackets.open_additions(self.db, declaration)) if additions else set[str]()
        previews, bracketed = dict[Language, AdoptionPreview](), dict[UUID, str]()
        for language in sorted({amendment.language for amendment in ruled.values()}, key=list(Language).index):
            heads = follow(heads, list(previews.values())[-1]) if previews else heads
            previews[language], here = self._in_language(
                heads[language],
                [proposal for proposal in proposals if proposal.number not in waits],
                additions,
                contested=contested | set(bracketed.values()),
            )
            bracketed |= here
        return RulingRound(ruled, versions, accepted, previews, heads, bracketed, apart), inheritances

    def _apart(
        self, proposals: Sequence[Proposal], as_written: Sequence[Amendment], rows: Sequence[BlockRow], leading: Leading
    ) -> tuple[Cluster, ...]:
        """What cannot be adopted at once because of another language; raises `Undecidable` where one is to lead."""
        own = {proposal.number: proposal.base.language for proposal in proposals}
        led = {
            number: frozenset(block for block in blocks if leading.get(UUID(block)) is not own[number])
            for number, blocks in self.led_elsewhere(as_written, rows).items()
        }
        apart = tuple(conflicts.language_clusters(proposals, led, rows))
        concerned = [(number, rows[cluster.base_blocks[0]].id) for cluster in apart for number in cluster.amendments]
        concerned += [(made.number, block.id) for made in proposals for hunk in made.hunks for block in hunk.old]
        for number, block in concerned:
            if leading.get(UUID(block), own[number]) is not own[number]:
                place = queries.numbers_of(rows).get(block, "–")
                raise Undecidable(number=number, reason="other_language_leads", block=block, paragraph=place)
        return apart

    def _in_language(
        self,
        head: Document,
        proposals: Sequence[Proposal],
        additions: Mapping[UUID, Proposal],
        *,
        contested: Collection[str],
    ) -> tuple[AdoptionPreview, Mapping[UUID, str]]:
        """What those of these in one language come to, and the paragraph of each that adds one in brackets."""
        language = head.language
        preview = adoption_preview(head, [each for each in proposals if each.base.language is language], self.bases)
        here = {id_: proposal for id_, proposal in additions.items() if proposal.base.language is language}
        text = brackets.with_additions(preview.merged.document, here, bases=self.bases, head=head, contested=contested)
        in_brackets = frozenset(text.blocks.values())
        return replace(preview, with_brackets=text.document, in_brackets=in_brackets), text.blocks

    def _proposed(
        self,
        amendment: Amendment,
        ruling: Ruling,
        version: AmendmentVersion | None,
        accepted: sub_amendments.AcceptedSubAmendments,
        head: Document,
    ) -> Proposal:
        """What would be adopted by this ruling; `version` where the committee's words are stored already."""
        if ruling.verdict is Verdict.ADOPT:
            return self.bases.modified(amendment, accepted.into.get(amendment.number, ())).amendment
        if version is not None:
            return self.proposal(amendment, version)
        if ruling.verdict is Verdict.ADOPT_PARTLY:
            return partial.adopt_partly(self.proposal(amendment), ruling.pieces)
        return amend(amendment.number, head, stored_amendments.with_new_ids(ruling.changes))

    def _settle(
        self,
        rulings: Sequence[Ruling],
        found: RulingRound,
        inheritances: Mapping[UUID, SubAmendmentsAfterRewording],
        *,
        declaration: Declaration,
        actor: Actor,
    ) -> tuple[list[Amendment], list[Amendment]]:
        """Give every amendment its new state, and its children what follows: which wait in another form, which fell.

        Done before the revision is made, so that what is decided is not carried to it.
        """
        by_id = {ruling.amendment_id: ruling for ruling in rulings}
        ruled = sorted(
            (found.amendments[amendment_id] for amendment_id in by_id),
            key=lambda amendment: (amendment.parent_id is None, bool(amendment.replaces)),
        )
        parents = {amendment.parent.id: amendment.parent for amendment in ruled if amendment.parent}
        fallen: list[Amendment] = []
        for amendment in ruled:
            ruling, outcome = by_id[amendment.id], found.outcome(amendment)
            amendment.disposition = disposition(ruling, outcome, amendment.disposition)
            if amendment.parent_id is None:
                if amendment.id in inheritances and outcome is DecisionOutcome.APPLIED:
                    sub_amendments.place_sub_amendments(inheritances[amendment.id])
                fallen += self.share_fate(declaration, amendment, verdict=ruling.verdict, actor=actor)
        self.db.flush()
        return [parent for parent in parents.values() if parent.disposition.is_undecided], fallen

    def _version_ruled_on(
        self, declaration: Declaration, amendment: Amendment, ruling: Ruling, *, actor: Actor
    ) -> AmendmentVersion:
        """The member's own words; where the committee takes others, or some of them, a sibling beside them."""
        own, number = amendment.own, amendment.versions[-1].number + 1
        if ruling.verdict is Verdict.ADOPT_MODIFIED:
            version = stored_amendments.version_of(
                number,
                queries.head_rows(self.db, declaration),
                stored_amendments.with_new_ids(ruling.changes),
                language=amendment.language,
                revision_id=declaration.head.id,
                actor=actor,
                is_indivisible=amendment.is_indivisible,
                based_on=own,
            )
        elif ruling.verdict is Verdict.ADOPT_PARTLY:
            part = partial.adopt_partly(self.proposal(amendment), ruling.pieces)
            rows = self.bases.rows_shown(own, amendment.language)
            version = stored_amendments.carried_version(
                number, part, rows, revision_id=own.base_revision_id, based_on=own
            )
            version.is_automatic, version.made_by_id = False, actor.person_id
        else:
            return own
        amendment.versions.append(version)
        self.db.flush()
        return version

    def _additions(
        self, rulings: Sequence[Ruling], ruled: Mapping[UUID, Amendment], accepted: sub_amendments.AcceptedSubAmendments
    ) -> Mapping[UUID, Proposal]:
        """The paragraphs that are to stand in the text as a whole in brackets, as those who add them have them now."""
        bracketed = [ruled[ruling.amendment_id] for ruling in rulings if ruling.verdict is Verdict.BRACKET]
        found = {
            amendment.id: self.bases.modified(amendment, accepted.into.get(amendment.number, ())).amendment
            for amendment in bracketed
        }
        return {
            amendment_id: proposal for amendment_id, proposal in found.items() if brackets.is_addition(proposal.hunks)
        }

    def _bracket(
        self,
        declaration: Declaration,
        rulings: Sequence[Ruling],
        ruled: Mapping[UUID, Amendment],
        rows: Sequence[BlockRow],
        taken_in: DecisionRound,
        *,
        added: Mapping[UUID, str],
        actor: Actor,
    ) -> None:
        """Set the alternatives of these amendments beside the text, in one bracket for each paragraph."""
        bracketing = [ruling for ruling in rulings if ruling.verdict is Verdict.BRACKET]
        heads = {language: queries.document(rows, language) for language in Language} if bracketing else {}
        by_id = {row.id: row for row in rows}
        for ruling in bracketing:
            amendment = ruled[ruling.amendment_id]
            block_id, wanted = brackets.wanted_by(amendment, self.bases, heads)
            block_id = added.get(amendment.id, block_id)
            if block_id not in by_id:
                raise Undecidable(number=amendment.number, reason="not_bracketable")
            brackets.put_brackets(
                self.db,
                declaration,
                by_id[block_id],
                [wanted],
                taken_in=taken_in,
                number=self.next_number(declaration.id, Bracket),
                reason=ruling.reason.strip(),
                actor=actor,
                is_addition=amendment.id in added,
            )

    def _decided(
        self,
        ruling: Ruling,
        found: RulingRound,
        taken_in: DecisionRound,
        decision_id: UUID,
        *,
        number: int,
        is_in_text: bool,
        actor: Actor,
    ) -> Decision:
        amendment = found.amendments[ruling.amendment_id]
        outcome = found.outcome(amendment)
        has_landed = is_in_text or outcome in {DecisionOutcome.APPLIED, DecisionOutcome.PARTLY}
        return Decision(
            id=decision_id,
            declaration_id=amendment.declaration_id,
            number=number,
            verdict=ruling.verdict,
            outcome=outcome,
            reason=ruling.reason.strip(),
            amendment=amendment,
            amendment_version_id=found.versions[amendment.id].id,
            language=amendment.language,
            revision=taken_in.revision if has_landed else None,
            decided_by_id=actor.person_id,
            decided_at=clock.now(),
            round_id=taken_in.id,
            because_of=self._cause(amendment, ruling),
        )

    def _cause(self, amendment: Amendment, ruling: Ruling) -> Amendment | None:
        """The amendment on whose account this one falls; raises `NotFound` for one of another declaration."""
        if ruling.because_of is None:
            return None
        found = self.db.get(Amendment, ruling.because_of)
        if found is None or found.declaration_id != amendment.declaration_id:
            raise NotFound(what="amendment", id=str(ruling.because_of))
        return found
