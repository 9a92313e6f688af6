"""The screen of a sitting, for the wall, for telephones and under a video: what is under consideration as it would
read, and how the vote stands. It shows what an observer of the room may read, of the item before it and no other.
"""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from litestar import Controller, Request
from litestar.response import Stream
from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from drafts.diff.hunks import Hunk
from drafts.diff.side_by_side import diff_rows
from drafts.text.blocks import Document, Language
from workspace.amendments.domain.models import Amendment
from workspace.amendments.service import AmendmentService
from workspace.amendments.views.amendment import DispositionLabel, compared, label_of, passages_in
from workspace.amendments.views.what_if import TextThen, WhatIf, what_if
from workspace.core import clock
from workspace.core.actor import NOBODY, Actor
from workspace.core.errors import Invalid, NotFound, WorkspaceError
from workspace.core.provided import SPEAKING, Speech
from workspace.core.storage import log
from workspace.core.storage.db import Db, Service
from workspace.core.storage.log import LogEntry
from workspace.core.validation import known_id, whole_number
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import ensure_may, may_do
from workspace.declarations.domain.queries import BlockRow
from workspace.declarations.domain.service import DeclarationService
from workspace.declarations.frame import Frame, frame, framed
from workspace.live import stream
from workspace.procedure import policy
from workspace.procedure.agenda import CurrentItem, CurrentItemService, first_block
from workspace.procedure.models import PublicScreen, Question
from workspace.procedure.policy import is_voice
from workspace.procedure.service import QuestionService
from workspace.procedure.subjects import QuestionStateLabel, state_of
from workspace.procedure.views import MAJORITIES, result
from workspace.procedure.visibility import QuestionView, visible_question
from workspace.translations.domain.suggestions import SuggestionService
from workspace.web.http.request_context import FormBody, Loads, Slug, Work
from workspace.web.http.routing import get
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES
from workspace.web.pages import Done, Page, qr_code, said_at, shows, takes

MOST_MINUTES = 600
WATCH = ("head.read", "screen.follow")
_GIVEN = ("floor.given", "floor.opened")
BEHIND, MOVED_ON = N_("not changed yet"), N_("base text changed")
_code = lru_cache(maxsize=64)(qr_code)  # the same for all who watch


class ScreenService(Service):
    """Whether visitors see the sitting of a declaration, and its clock."""

    def read(self, declaration: Declaration) -> PublicScreen:
        """As it stands; closed, without a clock, where nobody has set it."""
        return self.db.get(PublicScreen, declaration.id) or PublicScreen(declaration_id=declaration.id)

    def is_public(self, declaration: Declaration) -> bool:
        """Whether it was opened to visitors in this phase; whether they may look is the policy's to say."""
        return self.read(declaration).public_in is declaration.phase

    def open(self, declaration: Declaration, *, is_public: bool, actor: Actor) -> PublicScreen:
        """Let visitors follow, or no longer; raises `Invalid` where the public may not read the text."""
        screen = self._locked(declaration, actor)
        if is_public and not policy.may_watch(NOBODY, declaration, is_public=True):
            raise Invalid(field="public", reason="not_public_now")
        if is_public is not self.is_public(declaration):
            screen.public_in = declaration.phase if is_public else None
            screen.opened_at = clock.now() if is_public else None
            self._record("floor.opened" if is_public else "floor.closed", screen, declaration, actor)
        return screen

    def time(self, declaration: Declaration, minutes: int, *, actor: Actor) -> PublicScreen:
        """Begin a count-down of so many minutes; 0 takes the clock away."""
        screen = self._locked(declaration, actor)
        if not 0 <= minutes <= MOST_MINUTES:
            raise Invalid(field="minutes", reason="not_minutes", limit=MOST_MINUTES)
        screen.clock_ends_at = clock.now() + timedelta(minutes=minutes) if minutes else None
        self._record("floor.timed", screen, declaration, actor, minutes=minutes)
        return screen

    def shown(self, declaration: Declaration) -> Sequence[str]:
        """What visitors have been shown since it was opened to them, each once, in order: "amendment:…" by id."""
        opened = self.read(declaration).opened_at
        entries = self.db.scalars(
            sa.select(LogEntry.entry)
            .where(LogEntry.declaration_id == declaration.id, LogEntry.kind.in_(_GIVEN), LogEntry.at >= opened)
            .order_by(LogEntry.sequence)
        )
        facts = [json.loads(entry)["facts"] for entry in entries] if opened else []
        return list(dict.fromkeys(key for fact in facts if (key := _key(fact.get("amendment"), fact.get("block")))))

    def _locked(self, declaration: Declaration, actor: Actor) -> PublicScreen:
        declaration = DeclarationService(self.db).lock(declaration.id)
        ensure_may(actor, "floor.give", declaration)
        return self.read(declaration)

    def _record(self, kind: str, screen: PublicScreen, declaration: Declaration, actor: Actor, **facts: int) -> None:
        table = CurrentItemService(self.db).now(declaration, actor=actor)
        self.db.add(screen)
        self.db.flush()
        log.record_in(
            self.db,
            kind,
            declaration,
            actor=actor,
            amendment=str(table.amendment.id) if table.amendment else None,
            block=str(table.block_id) if table.block_id else None,
            **facts,
        )


def _key(amendment: object, block: object) -> str:
    return f"amendment:{amendment}" if amendment else f"paragraph:{block}" if block else ""


class ScreenText(Struct, frozen=True):
    """The paragraph in one language; `note` says so where these are not the words that would be adopted."""

    language: Language
    html: Markup
    words: str
    note: str = ""


class ScreenVote(Struct, frozen=True):
    """How the question stands. `share` and `mark` are hundredths: of yes against no, or of those who have voted; and
    what it takes. `mark` is None where nothing is required.
    """

    seen: QuestionView
    state: QuestionStateLabel
    majority: str
    result: str
    share: int
    mark: int | None


class ScreenView(Struct, frozen=True):
    """What stands on it, the same for all who see it in one interface language."""

    name: str
    number: int = 0  # of the amendment
    about: str = ""  # what the paragraph of an amendment is called, or what it amends
    who: str = ""
    is_late: bool = False
    oral: str = ""
    state: DispositionLabel | None = None
    place: int = 0
    total: int = 0
    texts: Sequence[ScreenText] = ()
    conflicts: Sequence[int] = ()
    vote: ScreenVote | None = None
    clock_ends_at: datetime | None = None
    speech: Speech | None = None


class ScreenPage(Page, frozen=True, kw_only=True):
    """`previous` and `following` lead to other items, `chair` back to what the room looks at; "" where there is none.

    `votes` is the address of a question without its number, for who has a vote.
    """

    name: str
    screen: ScreenView
    address: str
    code: str
    events: str
    previous: str
    following: str
    chair: str
    votes: str
    now: datetime
    is_strip: bool
    is_green: bool


def question_about(service: QuestionService, declaration: Declaration, table: CurrentItem) -> Question | None:
    """What was last put about the thing on the table; with an empty table, what is open about anything.

    How it ended stays there until the table is cleared: the room waits for the result.
    """
    if table.amendment is not None:
        return service.last_about(declaration, Question.amendment_id == table.amendment.id)
    if table.block_id is not None:
        return service.last_about(declaration, Question.block_id == table.block_id)
    return next(iter(service.open_ones(declaration)), None) or service.ended_last(declaration, table.since)


class Screen:
    """The screen of one declaration, drawn with the rights of `actor`."""

    def __init__(self, db: Db, found: Frame, work: Work, *, actor: Actor) -> None:
        self.db = db
        self.declaration = found.declaration
        self.work = work
        self.actor = actor
        self.amendments = AmendmentService(db)
        self.floor = CurrentItemService(db)
        self.rows = queries.shown_rows(db, found.declaration)
        self.passages = passages_in(self.rows, work.language, work, found)

    def view(self, table: CurrentItem | None = None, *, is_of_vote: bool = False) -> ScreenView:
        """What the room looks at, or another item; `is_of_vote`: while the table is empty, what a question is about."""
        item = table or self.floor.now(self.declaration, actor=self.actor)
        vote = self._vote(item)
        if is_of_vote and vote and not item.amendment and not item.block_id:
            item = self._asked(vote.seen)
        order = self.floor.order(self.declaration, actor=self.actor)
        place = order.place_of(item.amendment) if item.amendment else None
        base = self._of_amendment(item.amendment) if item.amendment else self._of_paragraph(item.block_id)
        about = self.passages.name_of(str(item.block_id)) if item.amendment and item.block_id else ""
        if item.amendment and (parent := item.amendment.parent):
            about = self.work.messages.gettext(N_("to amendment %(number)s"), number=parent.number)
        return replace(
            base,
            about=about,
            vote=vote,
            place=0 if place is None else place + 1,
            total=len(order),
            speech=SPEAKING.get()(self.db, self.declaration),
            clock_ends_at=ScreenService(self.db).read(self.declaration).clock_ends_at,
        )

    def _asked(self, seen: QuestionView) -> CurrentItem:
        called = self.amendments.called(self.declaration, [seen.amendment or 0], actor=self.actor)
        amendment = called.get(seen.amendment or 0)
        return CurrentItem(amendment, first_block(amendment) if amendment else seen.block_id)

    def _of_paragraph(self, block_id: UUID | None) -> ScreenView:
        row = self.passages.row(str(block_id)) if block_id else None
        if row is None:
            return ScreenView("")
        return ScreenView(self.passages.name_of(row.id), texts=self._in_force([row]))

    def _of_amendment(self, amendment: Amendment) -> ScreenView:
        is_open = amendment.disposition.is_undecided
        found = self._if_adopted(amendment) if is_open else None
        texts = list(found.texts.values()) if found else self._since(amendment)
        hunks = self.amendments.proposal(amendment).hunks
        blocks = {block.id for hunk in hunks for block in hunk.old}
        in_force = self._in_force([row for row in self.rows if row.id in blocks])
        drawn = [shown for text in texts if (shown := self._drawn(text))]
        if found and found.disputes and not drawn:
            drawn = self._proposed(hunks, amendment.language, in_force)
        return ScreenView(
            self.work.messages.gettext(N_("amendment %(number)s"), number=amendment.number),
            amendment.number,
            who=amendment.organisation.name if amendment.organisation else amendment.proposer.name,
            is_late=amendment.is_late,
            oral=amendment.certification,
            state=None if is_open else label_of(amendment.disposition, is_modified=False),
            texts=drawn or in_force,
            conflicts=found.lapsing if found else (),
        )

    def _proposed(self, hunks: Sequence[Hunk], language: Language, in_force: Sequence[ScreenText]) -> list[ScreenText]:
        """The words proposed, beside those they were written on, where the text in force has others by now."""
        was = Document(tuple(block for hunk in hunks for block in hunk.old), language)
        new = Document(tuple(block for hunk in hunks for block in hunk.new), language)
        proposed = self._drawn(TextThen(was, new, {}))
        say = self.work.messages.gettext
        shown = {text.language: replace(text, note=say(BEHIND)) for text in in_force}
        return list((shown | ({language: replace(proposed, note=say(MOVED_ON))} if proposed else {})).values())

    def _if_adopted(self, amendment: Amendment) -> WhatIf:
        prepare = partial(SuggestionService(self.db).taken_with, self.declaration)
        then = partial(what_if, self.db, self.declaration, actor=self.actor, prepare=prepare, is_debated=True)
        if amendment.parent is None:
            return then([amendment])
        whole, before = then([amendment.parent, amendment]), then([amendment.parent])
        texts = {
            language: TextThen(before.texts[language].then, text.then, text.behind)
            for language, text in whole.texts.items()
        }
        lapsing = [number for number in whole.lapsing if number not in before.lapsing]
        return WhatIf(texts, whole.disputes, lapsing)

    def _since(self, amendment: Amendment) -> Sequence[TextThen]:
        """What has become of the text with the decision on an amendment; nothing where it changed no word."""
        taken = next((decision for decision in reversed(amendment.decisions) if decision.revision), None)
        if taken is None or taken.revision is None or taken.undone_by or taken.revision.parent_id is None:
            return ()
        before = queries.pinned_rows(self.db, taken.revision.parent_id)
        blocks = {block.id for hunk in self.amendments.proposal(amendment).hunks for block in (*hunk.old, *hunk.new)}
        then = [row for row in self.rows if row.id in blocks]
        was = [row for row in before if row.id in blocks]
        found, led = list[TextThen](), amendment.language
        for language in LANGUAGES:
            texts = queries.document(was, language), queries.document(then, language)
            known = {block.id: block.text for block in texts[0]}
            late = (block.id for block in texts[1] if known.get(block.id, "") == block.text)
            found.append(TextThen(*texts, {id_: led for id_ in late if led is not language}))
        return found

    def _drawn(self, text: TextThen) -> ScreenText | None:
        changes = text.changes()
        if not changes:
            return None
        say, passages = self.work.messages.gettext, self.passages.in_language(text.then.language)
        is_behind = any(state == "behind" for _, state in changes)
        html = compared([row for row, _ in changes], passages)
        words = "\n\n".join(block.text for row, _ in changes for block in row.new)
        return ScreenText(text.then.language, html, words, say(BEHIND) if is_behind else "")

    def _in_force(self, rows: Sequence[BlockRow]) -> Sequence[ScreenText]:
        documents = [
            queries.document(own, language)
            for language in LANGUAGES
            if (own := [row for row in rows if language in row.texts])
        ]
        return [
            ScreenText(
                document.language,
                compared(diff_rows(document, document), self.passages.in_language(document.language)),
                "\n\n".join(block.text for block in document),
            )
            for document in documents
        ]

    def _vote(self, table: CurrentItem) -> ScreenVote | None:
        service = QuestionService(self.db)
        question = question_about(service, self.declaration, table)
        if question is None:
            return None
        seen = visible_question(service, question, actor=self.actor)
        messages = self.work.messages
        tally, end = seen.end.tally if seen.end else None, seen.end
        share, mark = 100 * seen.cast // max(1, seen.eligible), seen.quorum or None
        if tally and end:
            whole = max(1, end.base or 0)
            share, mark = 100 * tally.yes // whole, min(100, 100 * (end.needed or 0) // whole)
        majority = messages.gettext(MAJORITIES[seen.majority])
        return ScreenVote(seen, state_of(seen, messages), majority, result(seen, messages), share, mark)


class _Leafing(Struct, frozen=True):
    """An item beside the one that the room looks at, and those before and after it, as `?item=` names them."""

    item: CurrentItem | None
    previous: str = ""
    following: str = ""


def watching(db: Db) -> Callable[[Actor, Declaration], bool]:
    """Who may see the screen of a declaration."""
    return lambda actor, found: policy.may_watch(actor, found, is_public=ScreenService(db).is_public(found))


def _watched(db: Db, forum: Slug, declaration: Slug, *, work: Work) -> Frame:
    """The declaration, for who may see its screen; raises `NotFound` for anybody else."""
    return frame(db, forum, declaration, work=work, may=watching(db))


WatchedFrame = Annotated[Frame, Loads(_watched)]
FollowedFrame = Annotated[Frame, framed(policy.may_follow)]


def eyes(actor: Actor, declaration: Declaration) -> Actor:
    """With whose rights the screen is drawn: all see alike, unless the room may not read what this participant may."""
    room = policy.room(declaration)
    is_open = policy.may_follow(room, declaration) and may_do(room, "amendment.read_others", declaration)
    return room if is_open or not policy.may_follow(actor, declaration) else actor


def _leafing(db: Db, found: Frame, work: Work) -> _Leafing:
    """The item that `?item=` asks for; raises `NotFound` for one that was not shown to visitors, or is none."""
    actor, declaration, wanted = work.actor, found.declaration, work.request.query_params.get("item", "")
    floor = CurrentItemService(db)
    if policy.may_follow(actor, declaration):
        return _leafing_in_order(floor, declaration, wanted, actor)
    room = policy.room(declaration)
    known = (_item(floor.amendments, declaration, key, room) for key in ScreenService(db).shown(declaration))
    items = {_key(item.amendment and item.amendment.number, item.block_id): item for item in known if item}
    names = ["", *items, ""]
    if not wanted:
        return _Leafing(None, previous=names[max(0, len(items) - 1)])
    if wanted not in items:
        raise NotFound(what="item", id=wanted)
    place = names.index(wanted, 1)
    return _Leafing(items[wanted], names[place - 1], names[place + 1])


def _leafing_in_order(floor: CurrentItemService, declaration: Declaration, wanted: str, actor: Actor) -> _Leafing:
    order, item = floor.order(declaration, actor=actor), None
    kind, _, which = wanted.partition(":")
    if kind == "amendment":
        amendment = floor.amendments.numbered(declaration, whole_number(which) or 0, actor=actor)
        item = CurrentItem(amendment, first_block(amendment))
    elif wanted:
        item = CurrentItem(block_id=known_id(which, "id"))
    here = item or floor.now(declaration, actor=actor)
    place = order.place_of(here.amendment) if here.amendment else None
    before, after = (order.from_block(here.block_id),) * 2 if place is None else (place, place + 1)
    numbers = [order.at(at) if 0 <= at < len(order) else None for at in (before - 1, after)]
    previous, following = (f"amendment:{number}" if number else "" for number in numbers)
    return _Leafing(item, previous, following)


def _item(service: AmendmentService, declaration: Declaration, key: str, actor: Actor) -> CurrentItem | None:
    kind, _, which = key.partition(":")
    if kind == "paragraph":
        return CurrentItem(block_id=UUID(which))
    try:
        amendment = service.get(UUID(which), actor=actor)
    except NotFound:
        return None
    return CurrentItem(amendment, first_block(amendment)) if amendment.declaration_id == declaration.id else None


class ScreenForm(Struct, frozen=True):
    """`public` is "on" or "off"; without it, `stop` takes the clock away, or it begins with so many `minutes`."""

    public: str = ""
    stop: str = ""
    minutes: str = ""


class ScreenPages(Controller):
    """The screen of one declaration, without menus."""

    path = "/{forum:str}/{declaration:str}/plenary/screen"

    @shows("procedure/screen.html", name="screen", policy=WATCH)
    def screen(self, db: Db, work: Work, found: WatchedFrame) -> ScreenPage:
        """What the room looks at; `?item=amendment:7` another item, `?layout=subtitles` a strip under a video."""
        actor, declaration, leafing = work.actor, found.declaration, _leafing(db, found, work)
        params, own = work.request.query_params, work.url_from_here("screen")
        address = f"{str(work.request.base_url).rstrip('/')}{own}"
        is_voter = any(is_voice(mandate) for mandate in actor.mandates_in(declaration.forum_id, clock.now()))
        seer = eyes(actor, declaration) if leafing.item is None else actor
        if not policy.may_follow(actor, declaration):
            seer = policy.room(declaration)
        return ScreenPage(
            place=found.place,
            name=declaration.name.said_in(work.language),
            screen=Screen(db, found, work, actor=seer).view(leafing.item),
            address=address.partition("://")[2],
            code=_code(address, scale=4),
            events="" if leafing.item else work.url_from_here("screen_events"),
            previous=f"{own}?item={leafing.previous}" if leafing.previous else "",
            following=f"{own}?item={leafing.following}" if leafing.following else "",
            chair=own if leafing.item else "",
            votes=work.url_from_here("question", question=0)[:-1] if is_voter else "",
            now=clock.now(),
            is_strip=params.get("layout") == "subtitles",
            is_green=params.get("background") == "green",
        )

    @takes(again=said_at("plenary"), name="set_screen", policy="floor.give")
    def set(self, db: Db, actor: Actor, found: FollowedFrame, data: FormBody[ScreenForm]) -> Done:
        """Open the screen to visitors, close it, or set its clock."""
        service = ScreenService(db)
        if data.public:
            service.open(found.declaration, is_public=data.public == "on", actor=actor)
        else:
            service.time(found.declaration, 0 if data.stop else whole_number(data.minutes) or -1, actor=actor)
        return Done("plenary")

    @get("/events", name="screen_events", policy=WATCH, media_type=stream.MEDIA_TYPE)
    def events(self, request: Request[Any, Any, Any], work: Work, forum: Slug, declaration: Slug) -> Stream:
        """The screen itself, whenever something on it changes: made once for all who see it alike."""
        with work.reading() as db:
            found = _watched(db, forum, declaration, work=work).declaration
            follows = policy.may_follow(work.actor, found)
            is_alone = eyes(work.actor, found) is work.actor
            audience = (work.language, follows, work.actor.person_id if is_alone else None)
            person_id = work.actor.person_id if follows else None
            declaration_id = found.id
        site = work.site

        def look(read: Callable[[Db, Frame, Work], stream.StreamMessage]) -> stream.StreamMessage | None:
            asking = Work(request, site)  # a new one, so that who asks is asked again
            try:
                with asking.reading() as db:
                    return read(db, _watched(db, forum, declaration, work=asking), asking)
            except WorkspaceError:
                return None

        admit = partial(look, lambda *_: stream.GONE) if follows else None
        viewer = stream.Viewer(request, declaration_id, person_id, audience, partial(look, drawn), admit)
        return stream.answer_alike(viewer, site)


def drawn(db: Db, found: Frame, work: Work) -> stream.StreamMessage:
    """What stands on the screen, as HTML."""
    view = Screen(db, found, work, actor=eyes(work.actor, found.declaration)).view()
    template = work.site.templates[work.language].get_template("procedure/_screen.html")
    return stream.StreamMessage("screen", {"html": template.render(screen=view)})
