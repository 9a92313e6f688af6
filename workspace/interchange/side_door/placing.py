"""Requests put into the text: the changes each paragraph would take, and what no paragraph can."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from enum import StrEnum

from msgspec import Struct, field
from msgspec.structs import replace

from drafts.amendments import Change, ChangeOp, Part, propose
from drafts.blocks import Block, BlockKind, Document
from drafts.diff import canonical_document
from drafts.errors import DraftsError
from drafts.patterns import expression
from workspace.interchange.side_door.asked import EVERY, Reading, Request
from workspace.interchange.side_door.rules.table import Kind
from workspace.interchange.side_door.signs import Place
from workspace.interchange.side_door.text_places import TextPlaces
from workspace.interchange.side_door.wording import NotThere, Span, Wording, markdown

_OWN_NUMBER = expression(r"^\s*(?:\d{1,4}(?: ?(?:bis|ter|quater))?\s?[.)–—:-]|\(?[a-z]\))\s+(?=\S)")
_MAYBE_NEW = frozenset({Kind.AT_END, Kind.SOMEWHERE, Kind.REWORD, Kind.WHOLE})
_ALIKE = 0.4  # of its words that a text shares with a paragraph, to be taken for another wording of it
_BY_WORDS = frozenset({Kind.REPLACE, Kind.DELETE, Kind.AFTER, Kind.BEFORE})


class Note(StrEnum):
    """What whoever confirms a draft should know of it."""

    BY_WORDS = "by_words"  # the mail names no paragraph: the words stand in this one alone
    AT_END = "at_end"  # the mail does not say where in the paragraph
    ASSUMED = "assumed"  # the mail gives a text and does not say what for: taken for the whole paragraph
    PARENT = "parent"  # the text has no such item: the words stand in the paragraph itself


class Why(StrEnum):
    """Why a request is not a draft."""

    NOT_READ = "not_read"
    NO_PARAGRAPH = "no_paragraph"  # the text has none of that number
    NO_PLACE = "no_place"  # the mail names none, and the words do not say which
    NOT_FOUND = "not_found"  # the words do not stand there
    TWICE = "twice"  # they stand there more than once
    WHERE = "where"  # the mail does not say where in the paragraph
    NO_CHANGE = "no_change"
    IMPOSSIBLE = "impossible"


class Draft(Struct, frozen=True):
    """What a mail proposes for one paragraph, with its sentences; or a `row` of a sheet, from a `sender`."""

    changes: tuple[Change, ...]
    proposed: Document
    sources: tuple[str, ...]
    reason: str
    notes: frozenset[Note]
    row: int = 0
    sender: str = ""


class Unplaced(Struct, frozen=True):
    """A sentence that proposes something and could not be placed; `block` is where its words do stand."""

    source: str
    why: Why
    block: str = ""


class Placed(Struct, frozen=True):
    """All that a mail proposes."""

    drafts: tuple[Draft, ...]
    unplaced: tuple[Unplaced, ...]
    rest: tuple[str, ...]


class _Refused(Exception):
    def __init__(self, why: Why, block: str = "") -> None:
        super().__init__(why)
        self.why, self.block = why, block


class _Growing(Struct):
    """A draft while requests are added to it; `now` is the text with its changes alone."""

    now: Document
    changes: list[Change] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    notes: set[Note] = field(default_factory=set)


def placed(reading: Reading, document: Document, numbers: Mapping[str, str], new_id: Callable[[], str]) -> Placed:
    """Put every request of a mail where it belongs."""
    placer = _Placer(canonical_document(document), numbers, new_id)
    for request in reading.requests:
        placer.place(request)
    unplaced = (*placer.unplaced, *(Unplaced(words, Why.NOT_READ) for words in reading.not_read))
    return Placed(tuple(placer.drafts()), unplaced, reading.rest)


class _Placer:
    def __init__(self, base: Document, numbers: Mapping[str, str], new_id: Callable[[], str]) -> None:
        self.base, self.new_id = base, new_id
        self.places = TextPlaces(base, numbers)
        self.growing: dict[str, _Growing] = {}
        self.unplaced: list[Unplaced] = []

    def drafts(self) -> Iterator[Draft]:
        for one in self.growing.values():
            if one.now == self.base:
                self.unplaced.extend(Unplaced(source, Why.NO_CHANGE) for source in one.sources)
                continue
            reason = " ".join(dict.fromkeys(one.reasons))
            yield Draft(tuple(one.changes), one.now, tuple(one.sources), reason, frozenset(one.notes))

    def place(self, request: Request) -> None:
        try:
            self._place(request)
        except _Refused as refusal:
            self.unplaced.append(Unplaced(request.source, refusal.why, refusal.block))
        except DraftsError:
            self.unplaced.append(Unplaced(request.source, Why.IMPOSSIBLE))

    def _place(self, request: Request) -> None:
        match request.kind:
            case Kind.NEW_AFTER | Kind.NEW_BEFORE | Kind.NEW_AT | Kind.NEW_ITEM | Kind.NEW_AT_END | Kind.NEW_AT_START:
                self._new(request)
            case Kind.MOVE_AFTER | Kind.MOVE_BEFORE | Kind.MOVE_TO_END | Kind.MOVE_TO_START:
                self._move(request)
            case Kind.JOIN:
                self._join(request)
            case Kind.SWAP:
                self._swap(request)
            case _ if request.is_everywhere:
                self._everywhere(request)
            case Kind.DELETE_PARAGRAPH:
                for block in self._named(request):
                    gone = [Change(ChangeOp.DELETE, one.id) for one in self.places.with_items(block)]
                    self._add(block.id, request, gone)
            case _:
                self._words(request)

    def _named(self, request: Request) -> Sequence[Block]:
        """The paragraphs that a request names; refused where the text has one of them not."""
        if not request.places:
            raise _Refused(Why.NO_PLACE)
        return [self._block(place) for place in request.places]

    def _block(self, place: Place) -> Block:
        found = self.places.find(place)
        if found is None:
            raise _Refused(Why.NO_PARAGRAPH)
        return found

    def _words(self, request: Request) -> None:
        """A change of words inside paragraphs."""
        if not request.places or all(place.is_weak for place in request.places):
            blocks, notes = self._weakly(request), {Note.BY_WORDS}
            if request.places and blocks[0] == self.places.find(request.places[0]):
                notes = set()
            self._reword(blocks[0], request, notes)
            return
        for place in request.places:
            block, notes = self.places.find(place), set[Note]()
            if block is None and request.kind in _MAYBE_NEW and self._may_be_new(place):
                self._new(replace(request, kind=Kind.NEW_AT, places=(place,)))
                continue
            if block is None and place.items:
                block, notes = self.places.find(replace(place, items=())), {Note.PARENT}
            if block is None:
                raise _Refused(Why.NO_PARAGRAPH)
            self._reword(block, request, notes)

    def _may_be_new(self, place: Place) -> bool:
        """Whether a number is one that the text would have if the paragraph were put in: "6 bis", a further item."""
        parent = Place(place.number, place.items[:-1]) if place.items else None
        has_place = self.places.find(parent) if parent else " " in place.number and self.places.iteration_before(place)
        return bool(has_place)

    def _weakly(self, request: Request) -> Sequence[Block]:
        """The paragraph of a request that names none, or only by a number that may count the mail's own points."""
        if request.places and (block := self.places.find(request.places[0])) and self._takes(block, request):
            return [block]
        if request.kind not in _BY_WORDS:
            raise _Refused(Why.NO_PARAGRAPH if request.places else Why.NO_PLACE)
        found = [block for block in self.base if self._takes(block, request)]
        if not found:
            raise _Refused(Why.NOT_FOUND)
        if len(found) > 1:
            raise _Refused(Why.NO_PLACE)
        return found

    def _takes(self, block: Block, request: Request) -> bool:
        words = request.old or request.mark
        return words is None or bool(not words.sentence and Wording(self._now(block)).all_of(words))

    def _reword(self, block: Block, request: Request, notes: set[Note]) -> None:
        """Change the words of a block as the requests before have left it."""
        before = self._now(block)
        if request.kind is Kind.SPLIT and request.mark:
            head, tail = Wording(before).cut(self._found(before, request)[0].end)
            new = Change(ChangeOp.SPLIT, block.id, text=head, parts=(Part(self.new_id(), tail),))
            self._add(block.id, request, [new], notes)
            return
        if request.kind in {Kind.AT_END, Kind.SOMEWHERE} and not request.new:
            raise _Refused(Why.NOT_READ)
        if request.kind is Kind.SOMEWHERE:
            raise _Refused(Why.WHERE, block.id)
        if request.kind in {Kind.REWORD, Kind.WHOLE}:
            self._ensure_whole(before, request)
            notes |= {Note.ASSUMED} if request.kind is Kind.WHOLE else set()
            first, *others = _paragraphs(request.new)
            more = list(self._inserted(block.id, block, others))
            self._add(block.id, request, [_reworded(block, Wording(before).whole(first)), *more], notes)
            return
        is_placed = request.kind is not Kind.AT_END or re.search(
            r"\b(?:end|final|fin|termino|last|fine)\b", request.source
        )
        text = self._reworded(before, request)
        self._add(block.id, request, [_reworded(block, text)], notes if is_placed else notes | {Note.AT_END})

    def _ensure_whole(self, before: Block, request: Request) -> None:
        """A piece of the paragraph is no new wording of it; nor is, without a word of what it is for, another text."""
        shown, new = Wording(before).shown, " ".join(request.new.split())
        is_piece = new.casefold() in shown.casefold() and new[-1:] not in ".;:!?" and len(new) < len(shown) - 1
        if not new or is_piece:
            raise _Refused(Why.NOT_READ, before.id)
        if request.kind is Kind.WHOLE and _shared(shown, new) < _ALIKE:
            raise _Refused(Why.NOT_READ, before.id)

    def _reworded(self, before: Block, request: Request) -> str:  # noqa: PLR0911 - one for each kind
        wording = Wording(before)
        match request.kind:
            case Kind.AT_END:
                return wording.ended(request.new)
            case Kind.AT_START:
                return wording.put(0, request.new)
            case Kind.AFTER:
                return wording.put(self._found(before, request)[0].end, request.new)
            case Kind.BEFORE:
                return wording.put(self._found(before, request)[0].start, request.new)
            case Kind.DELETE_FROM:
                return wording.ended_at(self._found(before, request)[0].start)
            case Kind.DELETE_AFTER:
                return wording.ended_at(self._found(before, request)[0].end)
            case _:
                old = request.old.text if request.old else ""
                return wording.replaced(self._found(before, request), request.new, old=old)

    def _found(self, block: Block, request: Request) -> Sequence[Span]:
        """Where in a block the words stand that a request is about."""
        wording, words = Wording(block), request.old or request.mark
        if words is None:
            raise _Refused(Why.NOT_READ)
        try:
            if request.to is not None:
                find = wording.through if request.old else wording.between
                return [find(words, request.to)]
            return wording.find(words, request.nth)
        except NotThere as missing:
            if missing.times:
                raise _Refused(Why.TWICE, block.id) from missing
            elsewhere = [one.id for one in self.base if one.id != block.id and Wording(one).all_of(words)]
            raise _Refused(Why.NOT_FOUND, elsewhere[0] if len(elsewhere) == 1 else "") from missing

    def _everywhere(self, request: Request) -> None:
        if request.old is None:
            raise _Refused(Why.NO_PLACE)
        changes = [
            _reworded(block, self._reworded(block, replace(request, nth=EVERY)))
            for block in self.base
            if Wording(block).all_of(request.old)
        ]
        if not changes:
            raise _Refused(Why.NOT_FOUND)
        self._add(f"everywhere:{len(self.growing)}", request, changes)

    def _new(self, request: Request) -> None:
        """A paragraph of its own, of the kind of those around it."""
        texts = _paragraphs(request.new)
        if not texts:
            raise _Refused(Why.NOT_READ)
        after, like, key = self._gap(request)
        self._add(key or self.new_id(), request, self._inserted(after, like, texts))
        if request.kind is Kind.NEW_AT and request.places:
            self.places.remember(request.places[0], self.growing[key or list(self.growing)[-1]].changes[-1].block)

    def _gap(self, request: Request) -> tuple[str | None, Block, str]:
        """The block after which something new stands, a block of its kind, and the draft that it goes on, if any."""
        if request.kind is Kind.NEW_AT_END:
            last = self.places.last()
            return self.places.with_items(last)[-1].id, last, ""
        if request.kind is Kind.NEW_AT_START:
            first = self.places.first()
            return self.places.before(first), first, ""
        places = request.to_places or request.places
        if not places:
            raise _Refused(Why.NO_PLACE)
        if request.kind is Kind.NEW_AT:
            return self._numbered_gap(places[0])
        block = self._block(places[0])
        if request.kind is Kind.NEW_BEFORE:
            return self.places.before(block), block, ""
        family = self.places.with_items(block)
        if request.kind is Kind.NEW_ITEM:
            return family[-1].id, Block("", BlockKind.ITEM, "", block.level + 1), ""
        return family[-1].id, block, ""

    def _numbered_gap(self, place: Place) -> tuple[str | None, Block, str]:
        """Where a paragraph belongs that is to have this number."""
        if place.items and (parent := self.places.find(Place(place.number, place.items[:-1]))):
            there = self.places.find(place)
            like = Block("", BlockKind.ITEM, "", len(place.items))
            return (self.places.before(there) if there else self.places.with_items(parent)[-1].id), like, ""
        if " " in place.number:
            before = self.places.iteration_before(place)
            if before is None:
                raise _Refused(Why.NO_PARAGRAPH)
            key = next((key for key, one in self.growing.items() if any(c.block == before for c in one.changes)), "")
            like = self.base.block(before) or self._block(Place(place.number.split()[0]))
            known = self.base.block(before)
            return (self.places.with_items(known)[-1].id if known else before), like, key if known is None else ""
        if there := self.places.find(place):
            return self.places.before(there), there, ""
        if place.number.isdecimal() and (previous := self.places.find(Place(str(int(place.number) - 1)))):
            return self.places.with_items(previous)[-1].id, previous, ""
        raise _Refused(Why.NO_PARAGRAPH)

    def _inserted(self, after: str | None, like: Block, texts: Iterable[str]) -> list[Change]:
        changes: list[Change] = []
        for text in texts:
            new = self.new_id()
            words = markdown(_OWN_NUMBER.sub("", text))
            changes.append(Change(ChangeOp.INSERT, new, text=words, kind=like.kind, level=like.level, after=after))
            after = new
        return changes

    def _move(self, request: Request) -> None:
        for block in self._named(request):
            family = self.places.with_items(block)
            if request.kind is Kind.MOVE_TO_END:
                after: str | None = self.places.with_items(self.places.last())[-1].id
            elif request.kind is Kind.MOVE_TO_START:
                after = self.places.before(self.places.first())
            else:
                target = self._block(request.to_places[0])
                is_after = request.kind is Kind.MOVE_AFTER
                after = self.places.with_items(target)[-1].id if is_after else self.places.before(target)
            self._add(block.id, request, _moved(family, after))

    def _join(self, request: Request) -> None:
        first, *others = self._named(request)
        if not others:
            raise _Refused(Why.NOT_READ)
        self._add(first.id, request, [Change(ChangeOp.JOIN, first.id, joined=tuple(one.id for one in others))])

    def _swap(self, request: Request) -> None:
        """Two paragraphs change places, each with its items."""
        two = sorted(self._named(request), key=lambda block: self.places.at[block.id])
        if len(two) != 2:  # noqa: PLR2004 - more have no two places to change
            raise _Refused(Why.NOT_READ)
        first, second = (self.places.with_items(block) for block in two)
        between = self.places.before(second[0])
        moves = _moved(second, self.places.before(first[0]))
        if between != first[-1].id:
            moves += _moved(first, between)
        self._add(first[0].id, request, moves)

    def _now(self, block: Block) -> Block:
        growing = self.growing.get(block.id)
        found = growing.now.block(block.id) if growing else block
        if found is None:
            raise _Refused(Why.IMPOSSIBLE)
        return found

    def _add(self, key: str, request: Request, changes: Sequence[Change], notes: Iterable[Note] = ()) -> None:
        """Add changes to the draft of this key. Of several rewordings of a block the last says it all."""
        growing = self.growing.get(key) or _Growing(self.base)
        again = {one.block for one in changes if one.op is ChangeOp.REWORD}
        kept = [one for one in growing.changes if not (one.op is ChangeOp.REWORD and one.block in again)]
        now = propose(self.base, [*kept, *changes])
        growing.changes, growing.now = [*kept, *changes], now
        growing.sources.append(request.source)
        growing.reasons += [request.reason] if request.reason else []
        growing.notes |= set(notes)
        self.growing[key] = growing


def _reworded(block: Block, text: str) -> Change:
    return Change(ChangeOp.REWORD, block.id, text=text)


def _moved(family: Sequence[Block], after: str | None) -> list[Change]:
    """A paragraph with its items, put after another."""
    changes = []
    for one in family:
        changes.append(Change(ChangeOp.MOVE, one.id, after=after))
        after = one.id
    return changes


def _shared(one: str, other: str) -> float:
    """How much of its words a text has in common with another, in order."""
    words, others = (re.findall(r"\w+", text.casefold()) for text in (one, other))
    return SequenceMatcher(None, words, others, autojunk=False).ratio()


def _paragraphs(text: str) -> list[str]:
    """The paragraphs of a new text, without a number that the mail gives them."""
    return [part for part in (one.strip() for one in re.split(r"\n\s*\n", text)) if part]
