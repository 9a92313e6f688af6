"""Requests put into the text: the changes each paragraph would take, and what no paragraph can."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from msgspec import Struct, field

from drafts.base.errors import DraftsError
from drafts.base.lazy_regex import lazy_regex
from drafts.diff.amendments import Change, ChangeOp, propose
from drafts.diff.document_diff import canonical_document
from drafts.text.blocks import Block, BlockKind, Document
from workspace.interchange.intake.mail_reader.masking import MailPlace
from workspace.interchange.intake.mail_reader.paragraph_text import (
    CharacterSpan,
    ParagraphFinder,
    ParagraphWording,
    WordsNotFound,
    escaped_paragraph,
)
from workspace.interchange.intake.mail_reader.request import ChangeRequest, Kind, MailRequests
from workspace.interchange.intake.mail_reader.requests import speaks_against
from workspace.interchange.intake.proposals import Note, ParsedProposals, Proposal, Unplaced, Why

_OWN_NUMBER = lazy_regex(r"^\s*(?:\d{1,4}(?: ?(?:bis|ter|quater))?\s?[.)–—:-]|\(?[a-z]\))\s+(?=\S)")
_ALIKE = 0.4  # of its words that a text shares with a paragraph, to be taken for another wording of it
_WHOLE = frozenset({Kind.REWORD, Kind.WHOLE})
_NEW = frozenset({Kind.NEW_AFTER, Kind.NEW_BEFORE, Kind.NEW_AT})


class _Refused(Exception):
    def __init__(self, why: Why, block: str = "") -> None:
        super().__init__(why)
        self.why, self.block = why, block


class _OpenDraft(Struct):
    """A draft while requests are added to it; `now` is the text with its changes alone."""

    now: Document
    changes: list[Change] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    notes: set[Note] = field(default_factory=set)


def place_requests(
    reading: MailRequests, document: Document, numbers: Mapping[str, str], new_id: Callable[[], str]
) -> ParsedProposals:
    """Put every request of a mail where it belongs."""
    placer = _Placer(canonical_document(document), numbers, new_id)
    for request in reading.requests:
        placer.place(request)
    placer.doubt_beside_unread()
    drafts = tuple(placer.drafts())
    not_read = (
        Unplaced(not_read.source, Why.NOT_READ, placer.block_id(not_read.place)) for not_read in reading.not_read
    )
    return ParsedProposals(drafts, (*placer.unplaced, *not_read), reading.rest)


class _Placer:
    def __init__(self, base: Document, numbers: Mapping[str, str], new_id: Callable[[], str]) -> None:
        self.base, self.new_id = base, new_id
        self.places = ParagraphFinder(base, numbers)
        self.growing: dict[str, _OpenDraft] = {}
        self.unplaced: list[Unplaced] = []

    def drafts(self) -> Iterator[Proposal]:
        for open_draft in self.growing.values():
            if open_draft.now == self.base:
                self.unplaced.extend(Unplaced(source, Why.NO_CHANGE) for source in open_draft.sources)
                continue
            reason = " ".join(dict.fromkeys(open_draft.reasons))
            yield Proposal(
                changes=tuple(open_draft.changes),
                proposed=open_draft.now,
                sources=tuple(open_draft.sources),
                reason=reason,
                notes=frozenset(open_draft.notes),
            )

    def place(self, request: ChangeRequest) -> None:
        try:
            self._place(request)
        except _Refused as refusal:
            self.unplaced.append(Unplaced(request.source, refusal.why, refusal.block))
        except DraftsError:
            self.unplaced.append(Unplaced(request.source, Why.IMPOSSIBLE))

    def doubt_beside_unread(self) -> None:
        """What was read of a paragraph is doubted where something else about it was not, or may refuse it."""
        unread = [unplaced for unplaced in self.unplaced if unplaced.why in {Why.NOT_READ, Why.IMPOSSIBLE}]
        is_against = any(speaks_against(unplaced.source) for unplaced in unread)
        near = {unplaced.block for unplaced in unread}
        for open_draft in self.growing.values():
            if is_against or any(change.block in near for change in open_draft.changes):
                open_draft.notes.add(Note.MORE)

    def block_id(self, place: MailPlace | None) -> str:
        """The paragraph of a place; "" where the text has none such."""
        block = self.places.find(place) if place else None
        return block.id if block else ""

    def _place(self, request: ChangeRequest) -> None:
        if request.kind in _NEW:
            self._new(request)
        elif request.kind is Kind.DELETE_PARAGRAPH:
            for block in self._named(request):
                gone = [Change(ChangeOp.DELETE, block.id) for block in self.places.with_items(block)]
                self._add(block.id, request, gone)
        elif request.places:
            if request.kind in _WHOLE and len(request.places) > 1:
                raise _Refused(Why.NOT_READ)
            for block in self._named(request):
                self._reword(block, request, set())
        else:
            self._reword(self._single_with(request.old or request.mark), request, {Note.BY_WORDS})

    def _named(self, request: ChangeRequest) -> Sequence[Block]:
        """The paragraphs that a request names; refused where the text has one of them not."""
        if not request.places:
            raise _Refused(Why.NO_PLACE)
        return [self._block(place) for place in request.places]

    def _block(self, place: MailPlace) -> Block:
        found = self.places.find(place)
        if found is None:
            raise _Refused(Why.NO_PARAGRAPH)
        return found

    def _single_with(self, words: str) -> Block:
        """The only paragraph in which these words stand."""
        standing = [
            block for block in self.base if block.id not in self.growing or self.growing[block.id].now.block(block.id)
        ]
        found = [block for block in standing if words and ParagraphWording(self._now(block)).all_of(words)]
        if len(found) == 1:
            return found[0]
        raise _Refused(Why.NOT_FOUND if words and not found else Why.NO_PLACE)

    def _reword(self, block: Block, request: ChangeRequest, notes: set[Note]) -> None:
        """Change the words of a block as the requests before have left it."""
        before = self._now(block)
        if request.kind in _WHOLE:
            self._ensure_whole(before, request)
            notes |= {Note.ASSUMED} if request.kind is Kind.WHOLE else set()
            first, *others = _paragraphs(request.new)
            more = list(self._inserted(block.id, block, others))
            self._add(block.id, request, [_reworded(block, ParagraphWording(before).whole(first)), *more], notes)
            return
        if request.kind is Kind.DELETE and ParagraphWording(before).is_all(self._found(before, request.old)):
            if len(self.places.with_items(block)) > 1:
                raise _Refused(Why.IMPOSSIBLE, block.id)
            self._add(block.id, request, [Change(ChangeOp.DELETE, block.id)], notes)
            return
        notes |= {Note.AT_END} if request.kind is Kind.SOMEWHERE else set()
        self._add(block.id, request, [_reworded(block, self._reworded(before, request))], notes)

    def _ensure_whole(self, before: Block, request: ChangeRequest) -> None:
        """A piece of the paragraph is no new wording of it; nor is, without a word of what it is for, another text."""
        shown, new = ParagraphWording(before).shown, " ".join(request.new.split())
        is_piece = new.casefold() in shown.casefold() and new[-1:] not in ".;:!?" and len(new) < len(shown) - 1
        is_other = request.kind is Kind.WHOLE and _shared(shown, new) < _ALIKE
        if not new or is_piece or is_other:
            raise _Refused(Why.NOT_READ, before.id)

    def _reworded(self, before: Block, request: ChangeRequest) -> str:
        wording = ParagraphWording(before)
        match request.kind:
            case Kind.AT_END | Kind.SOMEWHERE:
                return wording.ended(request.new)
            case Kind.AT_START:
                return wording.put(0, request.new)
            case Kind.AFTER:
                return wording.put(self._found(before, request.mark).end, request.new)
            case Kind.BEFORE:
                return wording.put(self._found(before, request.mark).start, request.new)
            case _:
                return wording.replaced(self._found(before, request.old), request.new, old=request.old)

    def _found(self, block: Block, words: str) -> CharacterSpan:
        """Where in a block the words stand that a request is about."""
        try:
            return ParagraphWording(block).find(words)
        except WordsNotFound as missing:
            if missing.times:
                raise _Refused(Why.TWICE, block.id) from missing
            elsewhere = [
                other.id for other in self.base if other.id != block.id and ParagraphWording(other).all_of(words)
            ]
            raise _Refused(Why.NOT_FOUND, elsewhere[0] if len(elsewhere) == 1 else "") from missing

    def _new(self, request: ChangeRequest) -> None:
        """A paragraph of its own, of the kind of those around it."""
        texts = _paragraphs(request.new)
        if not texts or len(request.places) != 1:
            raise _Refused(Why.NOT_READ if request.places else Why.NO_PLACE)
        [place] = request.places
        after, like, key = self._gap(request.kind, place)
        changes = self._inserted(after, like, texts)
        self._add(key or changes[0].block, request, changes)
        if request.kind is Kind.NEW_AT:
            self.places.remember(place, changes[-1].block)

    def _gap(self, kind: Kind, place: MailPlace) -> tuple[str | None, Block, str]:
        """The block after which something new stands, a block of its kind, and the draft that it goes on, if any."""
        if kind is Kind.NEW_AT:
            return self._numbered_gap(place)
        block = self._block(place)
        after = self.places.before(block) if kind is Kind.NEW_BEFORE else self.places.with_items(block)[-1].id
        return after, block, ""

    def _numbered_gap(self, place: MailPlace) -> tuple[str | None, Block, str]:
        """Where a paragraph belongs that is to have this number."""
        if place.items and (parent := self.places.find(MailPlace(place.number, place.items[:-1]))):
            there = self.places.find(place)
            like = Block("", BlockKind.ITEM, "", len(place.items))
            return (self.places.before(there) if there else self.places.with_items(parent)[-1].id), like, ""
        if " " in place.number:
            before = self.places.iteration_before(place)
            if before is None:
                raise _Refused(Why.NO_PARAGRAPH)
            if known := self.base.block(before):
                return self.places.with_items(known)[-1].id, known, ""
            key = next(
                key for key, open_draft in self.growing.items() if any(c.block == before for c in open_draft.changes)
            )
            return before, self._block(MailPlace(place.number.split()[0])), key
        if there := self.places.find(place):
            return self.places.before(there), there, ""
        if place.number.isdecimal() and (previous := self.places.find(MailPlace(str(int(place.number) - 1)))):
            return self.places.with_items(previous)[-1].id, previous, ""
        raise _Refused(Why.NO_PARAGRAPH)

    def _inserted(self, after: str | None, like: Block, texts: Iterable[str]) -> list[Change]:
        changes: list[Change] = []
        for text in texts:
            new = self.new_id()
            words = escaped_paragraph(_OWN_NUMBER.sub("", text))
            changes.append(Change(ChangeOp.INSERT, new, text=words, kind=like.kind, level=like.level, after=after))
            after = new
        return changes

    def _now(self, block: Block) -> Block:
        growing = self.growing.get(block.id)
        found = growing.now.block(block.id) if growing else block
        if found is None:
            raise _Refused(Why.IMPOSSIBLE, block.id)
        return found

    def _add(self, key: str, request: ChangeRequest, changes: Sequence[Change], notes: Iterable[Note] = ()) -> None:
        """Add changes to the draft of this key. Of several rewordings of a block the last says it all."""
        growing = self.growing.get(key) or _OpenDraft(self.base)
        again = {change.block for change in changes if change.op is ChangeOp.REWORD}
        kept = [change for change in growing.changes if not (change.op is ChangeOp.REWORD and change.block in again)]
        now = propose(self.base, [*kept, *changes])
        growing.changes, growing.now = [*kept, *changes], now
        growing.sources.append(request.source)
        growing.reasons += [request.reason] if request.reason else []
        growing.notes |= {*notes, *([Note.MORE] if request.is_doubted else [])}
        self.growing[key] = growing


def _reworded(block: Block, text: str) -> Change:
    return Change(ChangeOp.REWORD, block.id, text=text)


def _shared(text: str, other: str) -> float:
    """How much of its words a text has in common with another, in order."""
    words, others = (re.findall(r"\w+", side.casefold()) for side in (text, other))
    return SequenceMatcher(None, words, others, autojunk=False).ratio()


def _paragraphs(text: str) -> list[str]:
    """The paragraphs of a new text, without a number that the mail gives them."""
    return [part for part in (part.strip() for part in re.split(r"\n\s*\n", text)) if part]
