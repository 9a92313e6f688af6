"""Corrigenda: slips in a published edition are put right, and a new edition follows the old one.

What counts as a slip is for the engine to say (`drafts.checks.changes`); whatever would change what was adopted is
refused. What the engine finds proved, two people may put right. What no rule can judge, such as a better word in a
translation, goes before the members: it stands unless one of them objects. Nobody objecting then takes the place of
the second person. The old edition stays as it is, at its address.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from msgspec.structs import replace

from drafts.checks.changes import CorrectionJudgement, CorrectionRefusal, PublishedParagraph, judge_correction
from drafts.formats import apparatus
from drafts.languages.staleness import ChangeClass, EdgeKind
from drafts.text.blocks import Language, canonical, content_hash
from drafts.text.tokens import words
from workspace.approvals.models import ApprovalRequest, Outcome
from workspace.approvals.service import ApprovalService
from workspace.core import clock
from workspace.core.actor import CALENDAR, Actor
from workspace.core.errors import Invalid, NotAllowed, NotFound, Stale
from workspace.core.events import ConfirmationRequested, CorrectionsPublished, RequestDeclined, RevisionMade, publish
from workspace.core.security.permissions import VOTERS, Phase
from workspace.core.storage import log
from workspace.core.storage.db import Db, Trilingual, new_id, next_number
from workspace.core.validation import ensure_short, known_zone, needed_reason
from workspace.declarations.domain import queries
from workspace.declarations.domain.calendar import read_moment
from workspace.declarations.domain.models import Declaration, Revision, RevisionCause, TextVersion
from workspace.declarations.domain.queries import BlockRow
from workspace.declarations.domain.revisions import pin_revision
from workspace.declarations.domain.service import DeclarationService
from workspace.editions.domain import policy
from workspace.editions.domain.edition_store import EditionIssue, issue_edition
from workspace.editions.domain.models import Corrigendum, CorrigendumChange, CorrigendumState, Edition
from workspace.editions.domain.policy import CORRIGENDUM
from workspace.editions.domain.publication import EditionService, Prepared
from workspace.editions.domain.queries import corrected_reference
from workspace.letters.service import LetterService
from workspace.procedure.policy import is_voice
from workspace.terms.models import Trust
from workspace.translations.domain.checks import TextCheckService
from workspace.translations.domain.memories import MemoryRecorder
from workspace.translations.domain.queries import standings


def sheet_date(corrigendum: Corrigendum) -> date:
    """The day that the sheet bears, where the forum is: the end of the silence, or today."""
    at = corrigendum.closes_at or clock.now()
    return corrigendum.declaration.forum.local(at).date()


def sheet_entries(db: Db, corrigendum: Corrigendum, rows: Sequence[BlockRow], on: date) -> apparatus.Corrigendum:
    """The corrigendum as its edition prints it, language after language."""
    languages = list(Language)
    order = {row.block_id: place for place, row in enumerate(rows)}
    changes = sorted(corrigendum.changes, key=lambda change: (languages.index(change.language), order[change.block_id]))
    return apparatus.Corrigendum(
        number=corrigendum.number,
        corrects=corrigendum.edition.number,
        on=on,
        texts=tuple(
            apparatus.CorrectedText(
                str(change.block_id), change.language, db.get_one(TextVersion, change.before_id).content, change.text
            )
            for change in changes
        ),
    )


def corrected_rows(db: Db, corrigendum: Corrigendum) -> list[BlockRow]:
    """The text in force with the corrections in it; raises `Stale` where it is no longer the one that they are of."""
    rows = queries.head_rows(db, corrigendum.declaration)
    wanted: dict[UUID, dict[Language, queries.TextValue]] = {}
    for change in corrigendum.changes:
        before = corrected_row(rows, change.block_id).texts.get(change.language)
        if before is None or before.id != change.before_id:
            raise Stale(expected=str(change.before_id), head=str(before.id) if before else "")
        corrected = queries.unsaved(change.block_id, change.language, change.text)
        wanted.setdefault(change.block_id, {})[change.language] = corrected
    return [replace(row, texts={**row.texts, **wanted.get(row.block_id, {})}) for row in rows]


def apply_corrections(db: Db, corrigendum: Corrigendum, *, actor: Actor) -> Revision:
    """Write the corrected words. Those of the other languages, which were looked at, answer them still.

    The memory has them from now on instead of those that were published before.
    """
    declaration = corrigendum.declaration
    rows = queries.head_rows(db, declaration)
    writer = DeclarationService(db).writer(declaration, actor=actor)
    for change in corrigendum.changes:
        row = corrected_row(rows, change.block_id)
        after = writer.write(change.block_id, change.language, change.text, kind=row.kind)
        if after.change_class is not ChangeClass.TYPOGRAPHIC:
            for language, other in writer.texts(change.block_id).items():
                if language is not change.language:
                    writer.link(EdgeKind.CONFIRMED, source=other, target=after)
    db.flush()
    revision = pin_revision(writer, rows, cause=RevisionCause.CORRIGENDUM, note="", decisions=[corrigendum.id])
    publish(db, RevisionMade(declaration.id, revision.id, revision.number, actor))
    corrected = {change.block_id for change in corrigendum.changes}
    memory = MemoryRecorder(db, declaration)
    for paragraph in standings(db, declaration):
        if paragraph.row.block_id in corrected:
            memory.keep(paragraph, trust=Trust.CONCORDED, actor=actor)
    return revision


def corrected_row(rows: Sequence[BlockRow], block_id: UUID) -> BlockRow:
    """One paragraph; raises `NotFound`."""
    found: Mapping[UUID, BlockRow] = {row.block_id: row for row in rows}
    if block_id not in found:
        raise NotFound(what="block", id=str(block_id))
    return found[block_id]


LONGEST_TEXT = 20_000  # characters
SILENCE = "corrigendum_silence"
WHY_NOT: Mapping[CorrectionRefusal, str] = {
    CorrectionRefusal.SAME: "no_correction_same",
    CorrectionRefusal.EMPTY: "no_correction_empty",
    CorrectionRefusal.ORIGINAL: "no_correction_original",
    CorrectionRefusal.MEANING: "no_correction_meaning",
    CorrectionRefusal.CONTRADICTS: "no_correction_contradicts",
    CorrectionRefusal.TOO_MUCH: "no_correction_too_much",
}
_WAITS = (CorrigendumState.PREPARED, CorrigendumState.ASKED, CorrigendumState.SILENT)


class CorrigendumService:
    """Corrections to what is published, one corrigendum at a time."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.declarations = DeclarationService(db)
        self.editions = EditionService(db)
        self.approvals = ApprovalService(db)

    # Finding

    def current(self, declaration: Declaration) -> Corrigendum | None:
        """The one that is being prepared, or waits."""
        unfinished = sa.select(Corrigendum).where(
            Corrigendum.declaration_id == declaration.id, Corrigendum.state.in_(_WAITS)
        )
        return self.db.scalar(unfinished)

    def every(self, declaration: Declaration, *, actor: Actor) -> list[Corrigendum]:
        """Those that `actor` may see, newest first."""
        of_it = sa.select(Corrigendum).where(Corrigendum.declaration_id == declaration.id)
        return [
            corrigendum
            for corrigendum in self.db.scalars(of_it.order_by(Corrigendum.number.desc()))
            if policy.may_see_corrigendum(actor, corrigendum)
        ]

    def numbered(self, declaration: Declaration, number: int, *, actor: Actor) -> Corrigendum:
        """Raises `NotFound`, also for one that the actor may not see."""
        of_it = sa.select(Corrigendum).where(Corrigendum.declaration_id == declaration.id)
        found = self.db.scalar(of_it.where(Corrigendum.number == number))
        if found is None or not policy.may_see_corrigendum(actor, found):
            raise NotFound(what="corrigendum", id=str(number))
        return found

    # Preparing

    def judged(self, declaration: Declaration, block_id: UUID, language: Language, text: str) -> CorrectionJudgement:
        """What the engine says of a paragraph reading so; raises `NotFound` for one that was not published."""
        rows = queries.head_rows(self.db, declaration)
        row = corrected_row(rows, block_id)
        published = PublishedParagraph(
            row.kind,
            row.original_language,
            {language: version.content for language, version in row.texts.items()},
            TextCheckService(self.db).rules(declaration).house,
            {
                language: [
                    word for block_row in rows if block_row is not row for word in words(block_row.content(language))
                ]
            },
        )
        return judge_correction(published, language, canonical(text, kind=row.kind))

    def correct(
        self, declaration: Declaration, block_id: UUID, language: Language, text: str, *, actor: Actor
    ) -> Corrigendum:
        """Put a paragraph in one language right, in the corrigendum that is being prepared, or a new one.

        Raises `Invalid` with the reason where it is no correction, and while a corrigendum waits to be agreed.
        """
        declaration = self.declarations.lock(declaration.id)
        policy.ensure_may_correct(actor, declaration)
        ensure_short(text, LONGEST_TEXT, "text")
        judgement = self.judged(declaration, block_id, language, text)
        if judgement.refused is not None or judgement.kind is None:
            raise _no_correction(judgement)
        corrigendum = self._prepared(declaration, actor)
        row = corrected_row(queries.head_rows(self.db, declaration), block_id)
        self._take_out(corrigendum, block_id, language)
        corrigendum.changes.append(
            CorrigendumChange(
                block_id=block_id,
                language=language,
                before_id=row.texts[language].id,
                text=canonical(text, kind=row.kind),
                kind=judgement.kind,
                is_proved=judgement.is_proved,
                made_by_id=actor.person_id,
                made_at=clock.now(),
            )
        )
        self.db.flush()
        return corrigendum

    def drop(self, corrigendum: Corrigendum, block_id: UUID, language: Language, *, actor: Actor) -> None:
        """Leave a paragraph as it was published after all; raises `NotFound` where nothing was to change."""
        corrigendum = self._behind_lock(corrigendum)
        policy.ensure_may_correct(actor, corrigendum.declaration)
        _ensure_open(corrigendum, CorrigendumState.PREPARED)
        if not self._take_out(corrigendum, block_id, language):
            raise NotFound(what="correction", id=str(block_id))

    # Agreeing

    def ask(self, corrigendum: Corrigendum, reason: str | Trilingual, *, actor: Actor) -> None:
        """Ask a second person to confirm. Raises `Invalid` for corrections that only silence can carry."""
        corrigendum = self._ready(corrigendum, reason, actor)
        if any(not is_proved_by_rule(change) for change in corrigendum.changes):
            raise Invalid(field="means", reason="needs_silence")
        self._put(corrigendum, CorrigendumState.ASKED, reason, actor)
        details = {"corrigendum": str(corrigendum.id), "number": corrigendum.number}
        corrigendum.request = self.approvals.ask(CORRIGENDUM, corrigendum.declaration, actor=actor, details=details)

    def open_silence(
        self, corrigendum: Corrigendum, reason: str | Trilingual, closes: str, zone: str = "", *, actor: Actor
    ) -> None:
        """Put it before the members: it stands unless one of them objects before it `closes`, which they are told.

        Raises `Invalid` for a deadline that has passed.
        """
        corrigendum = self._ready(corrigendum, reason, actor)
        declaration = corrigendum.declaration
        where = known_zone(zone.strip() or declaration.forum.timezone, "zone")
        last = read_moment("closes", closes, where)
        if last is None or last.at <= clock.now():
            raise Invalid(field="closes", reason="in_the_past" if last else "empty")
        corrigendum.closes_at, corrigendum.closes_offset, corrigendum.zone = last.at, last.offset, where.key
        self._put(corrigendum, CorrigendumState.SILENT, reason, actor)
        self._record("corrigendum.silence_opened", corrigendum, actor=actor, closes_at=last.at.isoformat())
        publish(self.db, ConfirmationRequested(declaration.id, SILENCE, actor))
        LetterService(self.db).announce(
            declaration.forum,
            "corrigendum",
            roles=VOTERS,
            declaration=declaration.name.to_dict(),
            until=last.at.isoformat(),
            path=f"/{{language}}/{declaration.forum.slug}/{declaration.slug}/corrigenda/{corrigendum.number}",
        )

    def prepare(self, corrigendum: Corrigendum) -> Prepared:
        """Make every file of the edition that it would give; stores nothing.

        Raises `Stale` where the text is no longer that of the edition.
        """
        rows = corrected_rows(self.db, corrigendum)
        return self.editions.corrected(
            corrigendum.edition, rows, sheet_entries(self.db, corrigendum, rows, sheet_date(corrigendum))
        )

    def ensure_may_confirm(self, corrigendum: Corrigendum, *, actor: Actor) -> ApprovalRequest:
        """The request that `actor` can confirm. Raises `NotAllowed`, and `Invalid` for whoever asked."""
        policy.ensure_may_correct(actor, corrigendum.declaration)
        _ensure_open(corrigendum, CorrigendumState.ASKED)
        return self.approvals.ensure_may_confirm(CORRIGENDUM, corrigendum.declaration, actor=actor)

    def confirm(self, corrigendum: Corrigendum, prepared: Prepared, *, actor: Actor) -> Edition:
        """Confirm as the second person: the corrections are in force, and their edition is out.

        Raises `Invalid` for the one who asked, and `Stale` where something else was prepared.
        """
        corrigendum = self._behind_lock(corrigendum)
        request = self.ensure_may_confirm(corrigendum, actor=actor)
        self.approvals.approve(CORRIGENDUM, request, actor=actor)
        self.approvals.end(request, Outcome.CONFIRMED, actor=actor)
        return self._make(corrigendum, prepared, actor=actor)

    def end_silence(self, corrigendum: Corrigendum, prepared: Prepared) -> Edition | None:
        """Put out what nobody has objected to; None where its time is not up, or it is over."""
        corrigendum = self._behind_lock(corrigendum)
        if corrigendum.state is not CorrigendumState.SILENT or (corrigendum.closes_at or clock.now()) > clock.now():
            return None
        if corrigendum.declaration.phase is not Phase.PUBLISHED:  # what went to the archive stays as it went there
            self._end(corrigendum, CorrigendumState.WITHDRAWN, CALENDAR)
            self._record("corrigendum.withdrawn", corrigendum, actor=CALENDAR)
            return None
        return self._make(corrigendum, prepared, actor=CALENDAR)

    def object(self, corrigendum: Corrigendum, reason: str, *, actor: Actor) -> None:
        """Break the silence, for an organisation and with a reason: nothing is corrected, and whoever asked is told."""
        corrigendum = self._behind_lock(corrigendum)
        if not policy.may_object_to_corrigendum(actor, corrigendum):
            raise NotAllowed(action=policy.OBJECT)
        if corrigendum.closes_at is not None and corrigendum.closes_at <= clock.now():
            raise Invalid(field="corrigendum", reason="is_over")
        corrigendum.objection = needed_reason(reason)
        corrigendum.organisation_id = _spoken_for(actor, corrigendum)
        self._end(corrigendum, CorrigendumState.BROKEN, actor)
        self._record("corrigendum.objected", corrigendum, actor=actor, organisation=str(corrigendum.organisation_id))
        if corrigendum.asked_by_id is not None:
            publish(self.db, RequestDeclined(corrigendum.declaration_id, SILENCE, corrigendum.asked_by_id, actor))

    def withdraw(self, corrigendum: Corrigendum, *, actor: Actor, reason: str = "") -> bool:
        """Take it back, or decline it as the second person; what is published stays as it is.

        Returns whether it was declined. That needs a reason, which is told to whoever asked.
        """
        corrigendum = self._behind_lock(corrigendum)
        policy.ensure_may_correct(actor, corrigendum.declaration)
        if corrigendum.state.is_over:
            raise Invalid(field="corrigendum", reason="is_over")
        self._end(corrigendum, CorrigendumState.WITHDRAWN, actor)
        if corrigendum.request is None:
            self._record("corrigendum.withdrawn", corrigendum, actor=actor)
            return False
        return self.approvals.withdraw(CORRIGENDUM, corrigendum.declaration, actor=actor, reason=reason)

    # Parts

    def _prepared(self, declaration: Declaration, actor: Actor) -> Corrigendum:
        known = self.current(declaration)
        if known is not None:
            _ensure_open(known, CorrigendumState.PREPARED)
            return known
        edition = self.editions.editions(declaration)[0]
        corrigendum = Corrigendum(
            id=new_id(),
            declaration=declaration,
            number=next_number(self.db, Corrigendum.number, Corrigendum.declaration_id == declaration.id),
            edition=edition,
            state=CorrigendumState.PREPARED,
            prepared_by_id=actor.person_id,
            prepared_at=clock.now(),
        )
        self.db.add(corrigendum)
        self.db.flush()
        self._record("corrigendum.prepared", corrigendum, actor=actor, edition=str(edition.id))
        return corrigendum

    def _take_out(self, corrigendum: Corrigendum, block_id: UUID, language: Language) -> bool:
        found = [change for change in corrigendum.changes if (change.block_id, change.language) == (block_id, language)]
        for corrigendum_change in found:
            corrigendum.changes.remove(corrigendum_change)
        self.db.flush()
        return bool(found)

    def _ready(self, corrigendum: Corrigendum, reason: str | Trilingual, actor: Actor) -> Corrigendum:
        corrigendum = self._behind_lock(corrigendum)
        policy.ensure_may_correct(actor, corrigendum.declaration)
        _ensure_open(corrigendum, CorrigendumState.PREPARED)
        if not corrigendum.changes:
            raise Invalid(field="changes", reason="empty")
        _said(reason)
        corrected_rows(self.db, corrigendum)
        return corrigendum

    def _put(self, corrigendum: Corrigendum, state: CorrigendumState, reason: str | Trilingual, actor: Actor) -> None:
        corrigendum.state = state
        corrigendum.reason, corrigendum.reasons = _said(reason)
        corrigendum.asked_by_id, corrigendum.asked_at = actor.person_id, clock.now()

    def _end(self, corrigendum: Corrigendum, state: CorrigendumState, actor: Actor) -> None:
        corrigendum.state = state
        corrigendum.ended_by_id, corrigendum.ended_at = actor.person_id, clock.now()

    def _behind_lock(self, corrigendum: Corrigendum) -> Corrigendum:
        """The corrigendum as it stands once nobody else can change it."""
        self.declarations.lock(corrigendum.declaration_id)
        self.db.refresh(corrigendum)
        return corrigendum

    def _make(self, corrigendum: Corrigendum, prepared: Prepared, *, actor: Actor) -> Edition:
        """Write the words, pin the revision, put the edition out: in the unit of work of whoever calls."""
        declaration, before = corrigendum.declaration, corrigendum.edition
        rows = corrected_rows(self.db, corrigendum)
        printed = prepared.text.apparatus.corrigendum
        on = printed.on if printed else sheet_date(corrigendum)
        text = self.editions.corrected_text(before, rows, sheet_entries(self.db, corrigendum, rows, on))
        if text != prepared.text:
            raise Stale(expected=prepared.text.fingerprint, head=text.fingerprint)
        self._record(
            "corrigendum.agreed",
            corrigendum,
            actor=actor,
            decision=str(corrigendum.id),
            edition=str(before.id),
            corrects=before.manifest_sha256,
            changes=[
                {
                    "block": str(change.block_id),
                    "language": change.language.value,
                    "kind": change.kind.value,
                    "from": str(change.before_id),
                    "to": content_hash(change.text),
                }
                for change in corrigendum.changes
            ],
        )
        revision = apply_corrections(self.db, corrigendum, actor=actor)
        what = EditionIssue(
            revision_id=revision.id,
            number=text.imprint.edition,
            adopted_on=text.imprint.date,
            fingerprint=text.fingerprint,
            files=prepared.files,
            requested_by_id=corrigendum.asked_by_id or corrigendum.prepared_by_id,
            published_by_id=actor.person_id or corrigendum.asked_by_id or corrigendum.prepared_by_id,
            corrects=corrected_reference(before).manifest,
        )
        edition = issue_edition(self.db, declaration, what, actor=actor)
        self._end(corrigendum, CorrigendumState.MADE, actor)
        corrigendum.made = edition
        self.db.flush()
        publish(self.db, CorrectionsPublished(declaration.id, actor))
        return edition

    def _record(self, kind: str, corrigendum: Corrigendum, *, actor: Actor, **facts: log.Fact) -> None:
        self.db.flush()
        log.record(
            self.db,
            kind,
            actor=actor,
            forum_id=corrigendum.declaration.forum_id,
            declaration_id=corrigendum.declaration_id,
            corrigendum=str(corrigendum.id),
            number=corrigendum.number,
            **facts,
        )


def due_corrigenda(db: Db, now: datetime) -> Sequence[UUID]:
    """Corrigenda whose silence is over."""
    silent = sa.select(Corrigendum.id).where(Corrigendum.state == CorrigendumState.SILENT)
    return db.scalars(silent.where(Corrigendum.closes_at <= now)).all()


def is_proved_by_rule(change: CorrigendumChange) -> bool:
    """Whether two people may make it: a slip of typing, or a disagreement of the languages that goes away."""
    return not CorrectionJudgement(change.kind, is_proved=change.is_proved).needs_silence


def _no_correction(judgement: CorrectionJudgement) -> Invalid:
    reason = WHY_NOT[judgement.refused or CorrectionRefusal.MEANING]
    check = judgement.findings[0].check if judgement.findings else ""
    return Invalid(field="text", reason=reason, check=check)


def _ensure_open(corrigendum: Corrigendum, state: CorrigendumState) -> None:
    if corrigendum.state.is_over:
        raise Invalid(field="corrigendum", reason="is_over")
    if corrigendum.state is not state:
        raise Invalid(field="corrigendum", reason="waits_already" if corrigendum.state.waits else "not_asked")


def _spoken_for(actor: Actor, corrigendum: Corrigendum) -> UUID | None:
    held = actor.mandates_in(corrigendum.declaration.forum_id, corrigendum.asked_at or clock.now())
    return next((actor_mandate.organisation_id for actor_mandate in held if is_voice(actor_mandate)), None)


def _said(reason: str | Trilingual) -> tuple[str, Trilingual | None]:
    """The reason in one language, and in each, where that is known; raises `Invalid` where there is none."""
    if isinstance(reason, str):
        return needed_reason(reason), None
    given = {language: needed_reason(words) for language, words in reason.to_dict().items() if words.strip()}
    reasons = Trilingual.of(given)
    return needed_reason(reasons.said_in("")), reasons
