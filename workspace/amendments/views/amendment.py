"""Amendments as pages show them: plain values with safe HTML, built from the stored hunks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from uuid import UUID

import sqlalchemy as sa
from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from drafts.base.words import fold_text
from drafts.diff.amendments import Amendment as Proposal
from drafts.diff.amendments import Change, ChangeOp, stated_changes
from drafts.diff.hunks import Hunk, HunkKind
from drafts.diff.side_by_side import DiffRow, RowKind, diff_rows
from drafts.merge.rebase import RebaseStatus
from drafts.render.document_html import row_html
from drafts.text.blocks import Block, BlockKind, Document, Language
from drafts.text.numbering import references
from workspace.amendments.domain import policy, stored_amendments
from workspace.amendments.domain.models import (
    Amendment,
    AmendmentVersion,
    Cosponsor,
    Cosponsoring,
    Disposition,
    Support,
)
from workspace.amendments.domain.sponsors import (
    is_spoken_for,
    organisations_behind,
    own_support,
    sponsors,
    supporters_of,
)
from workspace.amendments.labels import ParagraphLabels, with_paragraph_links
from workspace.amendments.snapshots import SnapshotPlace
from workspace.core.actor import Actor
from workspace.core.errors import Invalid
from workspace.declarations.domain import queries
from workspace.declarations.domain.queries import BlockRow
from workspace.declarations.frame import Frame
from workspace.declarations.labels import paragraph_name
from workspace.people.mandates import Participant
from workspace.web.http.request_context import Work
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import Messages


class Backer(Struct, frozen=True):
    """Somebody by name, and for whom they speak."""

    id: str
    name: str
    organisation: str

    @property
    def called(self) -> str:
        return f"{self.name} ({self.organisation})" if self.organisation else self.name


class Backing(Struct, frozen=True):
    """`organisations` are the names of all that stand behind it, the proposer's first. Who was invited and who
    declined is for the proposer to see. Those who stand behind `earlier_words` have said nothing since it was
    rewritten. `is_own_support`, `is_invited` and `is_sponsor` are about the reader; `is_spoken_for` says that
    somebody else has put the one voice of the reader's organisation behind it, and `may_take_back` that this is a
    support which they may take back.
    """

    sponsors: Sequence[Backer]
    invited: Sequence[Backer]
    declined: Sequence[Backer]
    supporters: Sequence[Backer]
    earlier_words: Sequence[Backer]
    organisations: Sequence[str]
    is_own_support: bool
    is_spoken_for: bool
    may_take_back: bool
    may_answer: bool
    is_invited: bool
    is_sponsor: bool


def backing_of(amendment: Amendment, *, actor: Actor) -> Backing:
    cosponsors = amendment.cosponsors
    own = next((cosponsor.standing for cosponsor in cosponsors if cosponsor.person_id == actor.person_id), None)
    is_proposer = actor.person_id is not None and amendment.proposer_id == actor.person_id
    return Backing(
        sponsors=_backers(sponsors(amendment)),
        invited=_backers(
            cosponsor for cosponsor in cosponsors if is_proposer and cosponsor.standing is Cosponsoring.INVITED
        ),
        declined=_backers(
            cosponsor for cosponsor in cosponsors if is_proposer and cosponsor.standing is Cosponsoring.DECLINED
        ),
        supporters=_backers(supporters_of(amendment)),
        earlier_words=_of_earlier_words(amendment),
        organisations=[organisation.name for organisation in organisations_behind(amendment)],
        is_own_support=any(support.person_id == actor.person_id for support in supporters_of(amendment)),
        is_spoken_for=is_spoken_for(amendment, actor=actor),
        may_take_back=own_support(amendment, actor=actor) is not None,
        may_answer=policy.may_answer_invitation(actor, amendment),
        is_invited=own is Cosponsoring.INVITED and policy.may_answer_invitation(actor, amendment),
        is_sponsor=own is Cosponsoring.CONFIRMED,
    )


def _of_earlier_words(amendment: Amendment) -> Sequence[Backer]:
    written = amendment.own.made_at
    signed = (sponsor for sponsor in sponsors(amendment) if (sponsor.answered_at or sponsor.invited_at) < written)
    joined = (support for support in supporters_of(amendment) if support.supported_at < written)
    return [*_backers(signed), *_backers(joined)]


def backer(person: Participant) -> Backer:
    """Somebody of the forum."""
    return Backer(str(person.id), person.name, person.organisation)


def called(name: str, people: Sequence[Backer], field: str = "invitee") -> Backer:
    """Whom somebody means who typed a name, words of it, an organisation, or both; accents may be left out.

    Raises `Invalid` where that is not one person.
    """
    wanted = " ".join(name.split()).casefold()
    words = {*fold_text(name).split()}
    for known in (
        [backer for backer in people if backer.called.casefold() == wanted],
        [backer for backer in people if backer.name.casefold() == wanted],
        [backer for backer in people if backer.organisation.casefold() == wanted],
        [backer for backer in people if words <= {*fold_text(backer.name).split()}],
    ):
        if words and len(known) == 1:
            return known[0]
    raise Invalid(field=field, reason="nobody_so_called", given=name.strip()[:80])


def _backers(found: Iterable[Cosponsor | Support]) -> Sequence[Backer]:
    return [
        Backer(
            str(cosponsor.person_id),
            cosponsor.person.name,
            cosponsor.organisation.name if cosponsor.organisation else "",
        )
        for cosponsor in found
    ]


SAID: Mapping[HunkKind, str] = {
    HunkKind.REWORD: N_("%(paragraph)s, reworded"),
    HunkKind.DELETE: N_("%(paragraph)s, deleted"),
    HunkKind.MOVE: N_("%(paragraph)s, moved"),
    HunkKind.SPLIT: N_("%(paragraph)s, split"),
    HunkKind.JOIN: N_("%(paragraph)s, joined with the next"),
}
NEW_PARAGRAPH = N_("A new paragraph")


def place_words(place: SnapshotPlace, messages: Messages) -> str:
    """The sentence for a place of a proposal as it was laid before the committee."""
    if place.kind not in SAID:
        return messages.gettext(NEW_PARAGRAPH)
    name = paragraph_name(place.block, place.number, place.count, messages)
    return messages.gettext(SAID[place.kind], paragraph=name)


AFTER = N_("after %(paragraph)s")
AT_THE_BEGINNING = N_("at the beginning of the text")
KEPT = 4_096  # proposals whose HTML stays in memory
_REFERENCE = "](#b-"  # what every reference to a block holds; most texts have none
_KEPT_KINDS = frozenset({BlockKind.TABLE, BlockKind.CODE})


class DispositionLabel(Struct, frozen=True):
    """A disposition in words, with the badge it wears; `name` is its own."""

    words: str
    kind: str = ""
    drawing: str = ""
    name: str = ""


STANDINGS: Mapping[Disposition, DispositionLabel] = {
    Disposition.OPEN: DispositionLabel(N_("pending"), "accent", "circle"),
    Disposition.PARTLY: DispositionLabel(N_("partly adopted, the rest open"), "accent", "circle"),
    Disposition.REFERRED: DispositionLabel(N_("referred back"), "warn", "circle"),
    Disposition.ADOPTED: DispositionLabel(N_("adopted"), "good", "check"),
    Disposition.REJECTED: DispositionLabel(N_("rejected"), "", "cross"),
    Disposition.WITHDRAWN: DispositionLabel(N_("withdrawn"), "", "out"),
    Disposition.ACCEPTED: DispositionLabel(N_("adopted into the amendment it amends"), "good", "check"),
    Disposition.FALLEN: DispositionLabel(N_("lapsed"), "", "fall"),
    Disposition.PART_ADOPTED: DispositionLabel(N_("adopted in part, the rest rejected"), "good", "check"),
    Disposition.BRACKETED: DispositionLabel(N_("in brackets"), "warn", "bracket"),
    Disposition.LATE: DispositionLabel(N_("late: waits for leave"), "warn", "warn"),
    Disposition.INADMISSIBLE: DispositionLabel(N_("inadmissible"), "", "cross"),
    Disposition.HANDED_OVER: DispositionLabel(N_("sent to the translators"), "accent", "out"),
}
MODIFIED = DispositionLabel(N_("adopted as modified"), "good", "check", "adopted_modified")
STATUSES: Mapping[RebaseStatus, tuple[DispositionLabel, str]] = {
    RebaseStatus.COLLIDES: (
        DispositionLabel(N_("base text changed"), "warn", "warn"),
        N_("Revision %(number)s changed the same place."),
    ),
    RebaseStatus.ALREADY_INCLUDED: (
        DispositionLabel(N_("already in the text"), "good", "check"),
        N_("In the text since revision %(number)s."),
    ),
    RebaseStatus.PARTLY_INCLUDED: (
        DispositionLabel(N_("partly in the text"), "accent", "check"),
        N_("Partly in the text since revision %(number)s; the rest still applies."),
    ),
    RebaseStatus.EMPTY: (
        DispositionLabel(N_("emptied by its sub-amendments"), "", "cross"),
        N_("Its adopted sub-amendments removed all its changes."),
    ),
    RebaseStatus.STILL_APPLIES: (
        DispositionLabel(N_("carried over"), "", "check"),
        N_("Still applies to revision %(number)s."),
    ),
}
DELETED = N_("Revision %(number)s deleted its paragraph.")
RENUMBERED = N_("%(then)s, now %(now)s")
GONE = N_("%(then)s, since deleted")


def label_of(disposition: Disposition, *, is_modified: bool) -> DispositionLabel:
    """What became of an amendment; one that was adopted in other words is called so."""
    if is_modified and disposition is Disposition.ADOPTED:
        return MODIFIED
    return replace(STANDINGS[disposition], name=disposition.value)


Prepared = Mapping[tuple[Language, str, str], str]  # translations, by language, block and the words asked for


class OwnWords(Struct, frozen=True):
    """A change in the reader's language: as translators have prepared it, or else the text that it amends."""

    language: Language
    html: Markup
    is_prepared: bool


class ChangedPlace(Struct, frozen=True):
    """One place of the text that a proposal changes: what happens there, where to, and the words compared."""

    said: str
    to: str
    html: Markup
    kind: str = ""  # of the hunk
    own: OwnWords | None = None  # where the reader's language is another


class CarriedLabel(Struct, frozen=True):
    """How an open amendment stands to the text in force, in a word and a sentence."""

    state: DispositionLabel
    sentence: str
    is_settled: bool  # nothing here waits for a person


class AmendmentView(Struct, frozen=True):
    """One amendment. `block` and `wording` are those of a proposal that only rewords one paragraph, else "".

    `carried` is None where no revision has touched what it is about. `children`
    are the amendments to it; `amends` the number of the one it amends, or 0.
    `oral` is how one from the floor stands to its mover (`Amendment.certification`);
    `replaces` are the numbers of those for which a compromise stands.
    """

    number: int
    href: str
    language: Language
    proposer: str
    organisation: str
    filed_at: datetime
    base: int
    state: DispositionLabel
    is_undecided: bool
    is_indivisible: bool
    is_late: bool
    oral: str
    replaces: Sequence[int]
    is_own: bool
    is_of_own_delegation: bool
    reason: str
    about: str
    places: Sequence[int]
    parts: Sequence[ChangedPlace]
    block: str = ""
    wording: str = ""
    carried: CarriedLabel | None = None
    amends: int = 0
    amends_href: str = ""
    children: Sequence["AmendmentView"] = ()
    backing: Backing | None = None

    @property
    def open_children(self) -> Sequence["AmendmentView"]:
        return [child for child in self.children if child.is_undecided]

    @property
    def place(self) -> int:
        """The first place of the text that it changes."""
        return self.places[0]

    @property
    def is_overtaken(self) -> bool:
        """Whether a person has to say first what becomes of it on the text in force."""
        return self.carried is not None and self.carried.state.kind == "warn"

    @property
    def who(self) -> str:
        return self.organisation or self.proposer

    @property
    def is_ours(self) -> bool:
        """The reader's own, or with one voice that of their delegation: on this somebody else decides."""
        return self.is_own or self.is_of_own_delegation


def passages_in(rows: Sequence[BlockRow], language: Language, work: Work, found: Frame) -> ParagraphLabels:
    """The paragraphs of the declaration a page stands in."""
    address = work.url_for("paragraph", forum=found.forum.slug, declaration=found.declaration.slug, block_id="")
    return ParagraphLabels(rows, language, work.messages, address.rstrip("/"))


class AmendmentViewBuilder:
    """Builds the lines of one declaration for one reader; `passages` are those of the text in force.

    What is in another language stands beside it in the reader's where `prepared` translations are given.
    """

    def __init__(
        self, work: Work, found: Frame, passages: ParagraphLabels, *, prepared: Prepared | None = None
    ) -> None:
        self.prepared = prepared
        self.work = work
        self.forum = found.forum.slug
        self.declaration = found.declaration.slug
        self.local = found.forum.local
        self.passages = passages
        self._in_language = {passages.language: passages}
        self._then: dict[UUID, ParagraphLabels] = {}

    def passages_in(self, language: Language) -> ParagraphLabels:
        """The same paragraphs in `language`: made once, because they number the whole text."""
        if language not in self._in_language:
            self._in_language[language] = self.passages.in_language(language)
        return self._in_language[language]

    def line(
        self,
        amendment: Amendment,
        version: AmendmentVersion | None = None,
        *,
        is_drawn: bool = True,
        is_alone: bool = False,
    ) -> AmendmentView:
        """One amendment in its author's words, or in those of another version; not `is_drawn`, without its parts.

        `is_alone`, without those to it.
        """
        version = version or amendment.own
        changes = stored_amendments.changes_of(version)
        hunks = version.diff
        passages = self.passages_in(amendment.language)
        reworded = stored_amendments.single_rewording(changes)
        standing = label_of(amendment.disposition, is_modified=amendment.is_modified)
        return AmendmentView(
            number=amendment.number,
            href=self.href(amendment.number),
            language=amendment.language,
            proposer=amendment.proposer.name,
            organisation=amendment.organisation.name if amendment.organisation else "",
            filed_at=self.local(amendment.filed_at),
            base=version.base_revision.number,
            state=replace(standing, words=self.work.messages.gettext(standing.words)),
            is_undecided=amendment.disposition.is_undecided,
            is_indivisible=amendment.is_indivisible,
            is_late=amendment.is_late,
            oral=amendment.certification,
            replaces=() if amendment.parent_id else sorted(each.replaced.number for each in amendment.replaces),
            is_own=amendment.proposer_id == self.work.actor.person_id,
            is_of_own_delegation=policy.is_of_delegation(self.work.actor, amendment),
            reason=amendment.reason,
            about=self._about(amendment, hunks, changes, passages),
            places=sorted(set(_places(hunks, changes, passages))),
            parts=tuple(self.parts(hunks, changes, passages)) if is_drawn else (),
            block=reworded.block if reworded else "",
            wording=reworded.text or "" if reworded else "",
            carried=self.carried(amendment),
            amends=amendment.parent.number if amendment.parent else 0,
            amends_href=self.href(amendment.parent.number) if amendment.parent else "",
            children=() if is_alone else self._children(amendment, is_drawn=is_drawn),
            backing=backing_of(amendment, actor=self.work.actor),
        )

    def _children(self, amendment: Amendment, *, is_drawn: bool) -> Sequence[AmendmentView]:
        """One level, for there is no more."""
        if amendment.parent_id is not None:
            return ()
        readable = (child for child in amendment.children if policy.may_read(self.work.actor, child))
        return [self.line(child, is_drawn=is_drawn) for child in readable]

    def href(self, number: int) -> str:
        return self.work.url_for("amendment", forum=self.forum, declaration=self.declaration, number=number)

    def carried(self, amendment: Amendment) -> CarriedLabel | None:
        """What the last revision that touched it made of it, while it is open."""
        if amendment.parent_id is not None or not amendment.disposition.is_undecided:
            return None
        carrying = amendment.carrying
        if carrying is None:
            return None
        standing, sentence = STATUSES[carrying.status]
        say, number = self.work.messages.gettext, carrying.revision.number
        if carrying.status is RebaseStatus.STILL_APPLIES:
            number = amendment.declaration.head.number
        elif self.is_deleted(amendment):
            sentence = DELETED
        return CarriedLabel(
            state=replace(standing, words=say(standing.words), name=carrying.status.value),
            sentence=say(sentence, number=number),
            is_settled=carrying.status is RebaseStatus.STILL_APPLIES,
        )

    def is_deleted(self, amendment: Amendment) -> bool:
        """Whether it is overtaken because a paragraph that it changes is in the text no more."""
        changed = {block.id for hunk in amendment.own.diff for block in hunk.old}
        return amendment.status is RebaseStatus.COLLIDES and not changed <= self.passages.places.keys()

    def _about(
        self, amendment: Amendment, hunks: Sequence[Hunk], changes: Sequence[Change], passages: ParagraphLabels
    ) -> str:
        """What the first place is called: as it was when it was filed, and as it is now."""
        first = hunks[0].old[0].id if hunks[0].old else ""
        then, now = self._name_then(amendment, first), passages.name_of(first)
        if not then or then == now:
            return _about(hunks, changes, passages)
        return self.work.messages.gettext(RENUMBERED if now else GONE, then=then, now=now)

    def _name_then(self, amendment: Amendment, block_id: str) -> str:
        """What a paragraph was called in the revision it was filed on; "" for one that another amendment adds."""
        revision, db = amendment.own.base_revision, sa.orm.object_session(amendment)
        if db is None or revision.id == amendment.declaration.head_id:
            return ""
        if revision.id not in self._then:
            self._then[revision.id] = replace(self.passages, rows=queries.bare_rows(db, revision.id))
        return self._then[revision.id].name_of(block_id)

    def form_href(self, block_id: str, *, language: Language, is_oral: bool = False, **given: str | int) -> str:
        """Where a change to one paragraph is written, by its author or for who moves it from the floor."""
        here = {"forum": self.forum, "declaration": self.declaration, "block": block_id, "text": language}
        return self.work.url_for("record_oral" if is_oral else "new_amendment", **here, **given)

    def hunk_parts(self, proposal: Proposal) -> Iterator[ChangedPlace]:
        """The places that a proposal changes which nobody has written in one piece."""
        changes = stated_changes(proposal.proposed, proposal.hunks)
        return self.parts(proposal.hunks, changes, self.passages_in(proposal.base.language))

    def parts(
        self, hunks: Sequence[Hunk], changes: Sequence[Change], passages: ParagraphLabels
    ) -> Iterator[ChangedPlace]:
        """The places that hunks change, in order."""
        targets = {change.block: change.after for change in changes if change.op in {ChangeOp.INSERT, ChangeOp.MOVE}}
        for hunk in hunks:
            html = hunk_html(hunk, passages)
            if hunk.kind is HunkKind.INSERT:
                said = self.work.messages.gettext(NEW_PARAGRAPH)
            else:
                said = passages.say(SAID[hunk.kind], hunk.old[0].id)
            target = hunk.new[0].id if hunk.new else ""
            to = self._to(targets[target], passages) if target in targets else ""
            yield ChangedPlace(said, to, html, hunk.kind.value, self._own(hunk, passages.language))

    def _own(self, hunk: Hunk, language: Language) -> OwnWords | None:
        own = self.work.language
        row = self.passages.row(hunk.old[0].id) if hunk.old and self.prepared is not None else None
        if row is None or language is own or own not in row.texts:
            return None
        old, passages = row.block(own), self.passages_in(own)
        words = self.prepared.get((own, row.id, hunk.new[0].text)) if self.prepared and hunk.new else None
        if not words:
            return OwnWords(own, passages.html(old), is_prepared=False)
        rows = diff_rows(Document((old,), own), Document((replace(old, text=words),), own))
        return OwnWords(own, compared(rows, passages), is_prepared=True)

    def _to(self, after: str | None, passages: ParagraphLabels) -> str:
        if after is None:
            return self.work.messages.gettext(AT_THE_BEGINNING)
        return passages.say(AFTER, after) if after in passages.places else ""


def hunk_html(hunk: Hunk, passages: ParagraphLabels) -> Markup:
    """The words of one hunk compared, as safe HTML."""
    blocks = (*hunk.old, *hunk.new)
    named = dict.fromkeys([block.id for block in blocks])
    named.update((other, None) for block in blocks if _REFERENCE in block.text for other in references(block.text))
    referred = tuple((other, passages.numbers[other]) for other in named if other in passages.numbers)
    return _drawn(hunk, passages.language, passages.paragraphs, referred)


@lru_cache(maxsize=KEPT)
def _drawn(hunk: Hunk, language: Language, paragraphs: str, referred: tuple[tuple[str, str], ...]) -> Markup:
    """A proposal never changes, and is drawn for many readers: once for all of them."""
    old, new = (Document(blocks, language) for blocks in (hunk.old, hunk.new))
    return _compared([_as_moved(row, hunk) for row in diff_rows(old, new)], language, paragraphs, dict(referred))


def forget() -> None:
    """Keep no HTML any longer: for measuring what it takes to make it."""
    _drawn.cache_clear()


def compared(rows: Sequence[DiffRow], passages: ParagraphLabels) -> Markup:
    """Rows of a comparison without numbers or ids around them, so that several can stand on one page."""
    return _compared(rows, passages.language, passages.paragraphs, passages.numbers)


def _compared(rows: Sequence[DiffRow], language: Language, paragraphs: str, numbers: Mapping[str, str]) -> Markup:
    written = (row_html(_bare(row), language=language, numbers=numbers) for row in rows)
    return with_paragraph_links("\n".join(written), paragraphs)


def _as_moved(row: DiffRow, hunk: Hunk) -> DiffRow:
    if hunk.kind is not HunkKind.MOVE or row.kind not in {RowKind.SAME, RowKind.REWORD}:
        return row
    return replace(row, kind=RowKind.MOVED)


def _bare(row: DiffRow) -> DiffRow:
    """The row as plain paragraphs: the frame of its kind belongs to the text, not to talk about it."""
    kinds = {(block.kind, block.level) for block in (*row.old, *row.new)}
    if len(kinds) > 1 or (row.old[:1] and row.old[0].kind in _KEPT_KINDS):
        return row
    return replace(row, old=tuple(map(_plain, row.old)), new=tuple(map(_plain, row.new)))


def _plain(block: Block) -> Block:
    return replace(block, kind=BlockKind.PARAGRAPH, level=0)


def _about(hunks: Sequence[Hunk], changes: Sequence[Change], passages: ParagraphLabels) -> str:
    """What the first place is called."""
    first = hunks[0]
    if first.old:
        return passages.name_of(first.old[0].id)
    after = next((change.after for change in changes if change.block == first.new[0].id), None)
    return passages.name_of(after) if after else ""


def _places(hunks: Sequence[Hunk], changes: Sequence[Change], passages: ParagraphLabels) -> Iterator[int]:
    """Where in the text in force the changes stand; what it has no longer stands at the end."""
    targets = {change.block: change.after for change in changes}
    for hunk in hunks:
        block_id = hunk.old[0].id if hunk.old else targets.get(hunk.new[0].id) or ""
        yield passages.places.get(block_id, len(passages.rows) if block_id else 0)
