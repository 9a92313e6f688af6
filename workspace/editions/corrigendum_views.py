"""Corrigenda as pages show them: what changes, what kind of correction it is, and where it stands."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from markupsafe import Markup
from msgspec import Struct

from drafts.blocks import Block, BlockKind, Document, Language
from drafts.checks.correcting import Correction
from drafts.render import diff_html
from drafts.shown import shown
from workspace.core.db import Db
from workspace.declarations import queries
from workspace.declarations.deadlines import as_given
from workspace.declarations.frame import Frame
from workspace.declarations.models import TextVersion
from workspace.declarations.naming import spots
from workspace.editions import corrigendum_policy as policy
from workspace.editions.approvals import CORRIGENDUM
from workspace.editions.corrigenda import is_proved_by_rule
from workspace.editions.corrigendum_models import Corrigendum, CorrigendumState
from workspace.people.service import PeopleService
from workspace.web.i18n import N_
from workspace.web.services import Work

_VERBATIM = frozenset({BlockKind.CODE, BlockKind.TABLE})
STATES: Mapping[CorrigendumState, str] = {
    CorrigendumState.PREPARED: N_("Corrections are being prepared"),
    CorrigendumState.ASKED: N_("Corrections wait for a second person"),
    CorrigendumState.SILENT: N_("Corrections stand unless somebody objects"),
    CorrigendumState.MADE: N_("The corrections are published"),
    CorrigendumState.BROKEN: N_("Somebody objected: nothing is corrected"),
    CorrigendumState.WITHDRAWN: N_("Taken back: nothing is corrected"),
}
DECLINED = N_("Declined: nothing is corrected")
KINDS: Mapping[Correction, str] = {
    Correction.TYPOGRAPHIC: N_("Typography: no word is another"),
    Correction.SPELLING: N_("A misspelt word"),
    Correction.CONCORDANCE: N_("Concordance: it says again what the other languages say"),
}
UNPROVED = N_("A better word, put before the members")


class ChangeLine(Struct, frozen=True):
    """One paragraph in one language, with what changes in it."""

    block_id: UUID
    name: str
    language: Language
    html: Markup
    rule: str  # that allows it, or "unproved"
    kind: str
    is_proved: bool
    href: str  # to write it otherwise, for who may


class CorrigendumView(Struct, frozen=True):
    """A corrigendum, and what the reader may do about it."""

    number: int
    state: CorrigendumState
    name: str  # of the state, or "declined"
    said: str
    reason: str
    changes: Sequence[ChangeLine]
    asked_by: str
    asked_at: datetime | None
    closes_at: datetime | None
    zone: str
    ended_at: datetime | None
    objection: str
    organisation: str
    declined: str  # why the second person declined it
    edition: int
    edition_href: str
    made: int
    made_href: str
    needs_silence: bool
    is_mine: bool
    may_edit: bool
    may_confirm: bool
    may_object: bool
    may_withdraw: bool


def view(db: Db, work: Work, found: Frame, corrigendum: Corrigendum) -> CorrigendumView:
    """One corrigendum for one reader."""
    place, actor = found.place, work.actor
    may_correct = policy.may_correct(actor, found.declaration)
    is_prepared = corrigendum.state is CorrigendumState.PREPARED
    asked_by = PeopleService(db).actor(corrigendum.asked_by_id).name if corrigendum.asked_by_id else ""
    request = corrigendum.request
    declined = request.answer if request else ""

    def address(number: int) -> str:
        return work.url_for("edition", forum=place.forum, declaration=place.declaration, number=number)

    made = corrigendum.made.number if corrigendum.made else 0
    return CorrigendumView(
        number=corrigendum.number,
        state=corrigendum.state,
        name="declined" if declined else corrigendum.state.value,
        said=work.messages.gettext(DECLINED if declined else STATES[corrigendum.state]),
        reason=corrigendum.reason,
        changes=change_lines(db, work, found, corrigendum, may_edit=may_correct and is_prepared),
        asked_by=asked_by,
        asked_at=found.forum.local(corrigendum.asked_at) if corrigendum.asked_at else None,
        closes_at=as_given(corrigendum.closes_at, corrigendum.closes_offset),
        zone=corrigendum.zone,
        ended_at=found.forum.local(corrigendum.ended_at) if corrigendum.ended_at else None,
        objection=corrigendum.objection,
        organisation=corrigendum.organisation.name if corrigendum.organisation else "",
        declined=declined,
        edition=corrigendum.edition.number,
        edition_href=address(corrigendum.edition.number),
        made=made,
        made_href=address(made) if made else "",
        needs_silence=any(not is_proved_by_rule(one) for one in corrigendum.changes),
        is_mine=actor.person_id is not None and actor.person_id == corrigendum.asked_by_id,
        may_edit=may_correct and is_prepared,
        may_confirm=bool(request and request.is_waiting and CORRIGENDUM.may_confirm(actor, found.declaration, request)),
        may_object=policy.may_object(actor, corrigendum),
        may_withdraw=may_correct and not corrigendum.state.is_over,
    )


def change_lines(
    db: Db, work: Work, found: Frame, corrigendum: Corrigendum, *, may_edit: bool = False
) -> list[ChangeLine]:
    """What a corrigendum changes, in the order of the text."""
    rows = queries.pinned_rows(db, corrigendum.edition.revision_id)
    named = {one.block_id: one for one in spots(rows, work.messages)}
    kinds = {row.block_id: row.kind for row in rows}
    numbered = queries.numbers_of(rows)
    order = {row.block_id: place for place, row in enumerate(rows)}
    here = {"forum": found.place.forum, "declaration": found.place.declaration}
    lines = []
    for one in sorted(corrigendum.changes, key=lambda one: (order[one.block_id], one.language)):
        before = db.get_one(TextVersion, one.before_id).content
        is_proved = is_proved_by_rule(one)
        href = work.url_for("correct", **here, block=str(one.block_id), text=one.language.value) if may_edit else ""
        lines.append(
            ChangeLine(
                block_id=one.block_id,
                name=named[one.block_id].name,
                language=one.language,
                html=compared((before, one.text), one.language, kinds[one.block_id], numbered),
                rule=one.kind.value if is_proved else "unproved",
                kind=work.messages.gettext(KINDS[one.kind] if is_proved else UNPROVED),
                is_proved=is_proved,
                href=href,
            )
        )
    return lines


def compared(
    texts: tuple[str, str], language: Language, kind: BlockKind, numbered: Mapping[str, str], *, anchor: str = "change-"
) -> Markup:
    """The second text with what it changes against the first, as safe HTML without number or mark."""
    shown_as = kind if kind in _VERBATIM else BlockKind.PARAGRAPH
    one, other = (Document((Block("text", shown_as, text),), language) for text in texts)
    html = diff_html(shown(one, other), language=language, numbers=numbered, anchor=f"{anchor}{language}-")
    return Markup(html)  # noqa: S704  (drafts.render promises safe HTML)
