"""Conversations as pages show them: plain values, with the words as safe HTML and every address made."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from markupsafe import Markup
from msgspec import Struct

from drafts.blocks import Language
from workspace.comments import policy, remarks
from workspace.comments.models import CommentState, SubjectKind
from workspace.comments.phrases import Spoken
from workspace.comments.seen import SeenComment, SeenThread
from workspace.comments.service import CommentService
from workspace.comments.standing import spoken_of, up_to_date
from workspace.comments.visitors import reader
from workspace.core.db import Db
from workspace.core.shapes import filled
from workspace.declarations.frame import Frame
from workspace.declarations.models import Declaration
from workspace.declarations.queries import BlockRow
from workspace.people.guests import GuestService
from workspace.people.models import Forum
from workspace.web.services import Work


class Remark(Struct, frozen=True):
    """`state` and `reason` are told as far as the reader may know them; `edit` is the address to change one's own."""

    id: UUID
    author: str
    is_guest: bool
    language: Language
    html: Markup
    at: datetime
    is_edited: bool
    state: CommentState
    reason: str
    is_own: bool
    edit: str


class Words(Struct, frozen=True):
    """The words that a conversation is about; `state` says what became of them: kept, edited, moved or lost."""

    language: Language
    chosen: str
    now: str
    state: str
    is_whole: bool


class Thread(Struct, frozen=True):
    """One conversation; `number` is its place on the page."""

    id: UUID
    number: int
    words: Words | None
    remarks: Sequence[Remark]
    is_internal: bool
    may_answer: bool
    may_close: bool
    is_resolved: bool
    resolved_at: datetime | None
    resolved_by: str


class Talk(Struct, frozen=True):
    """The conversations about one thing, and what this reader may do. `names` is where names are offered, or ""."""

    open: Sequence[Thread]
    resolved: Sequence[Thread]
    may_comment: bool
    may_come_as_guest: bool
    may_discuss: bool  # among those who draft
    may_moderate: bool
    names: str
    subject: tuple[str, str]  # its kind and its id
    is_followed: bool | None  # by this reader; None for nobody in particular
    spoken: Mapping[Language, Sequence[Spoken]]
    form: "QuoteForm"

    @property
    def may_speak(self) -> bool:
        return self.may_comment or self.may_come_as_guest or self.may_discuss


class QuoteForm(Struct, frozen=True):
    """Words that were chosen on another page, to begin a conversation about them."""

    quote: str = ""
    before: str = ""
    quoted_in: str = ""


class ThreadBuilder:
    """Makes conversations of one forum ready for a page; `guests` are those who came without an account."""

    def __init__(
        self, work: Work, forum: Forum, declaration: Declaration | None, *, guests: Collection[UUID] = ()
    ) -> None:
        self.work = work
        self.forum = forum
        self.declaration = declaration
        self.guests = guests

    def threads(self, seen: Sequence[SeenThread]) -> list[Thread]:
        return [self.thread(thread, number) for number, thread in enumerate(seen, start=1)]

    def thread(self, seen: SeenThread, number: int = 0) -> Thread:
        return filled(
            Thread,
            seen,
            number=number,
            remarks=[self._remark(one) for one in seen.comments],
            is_resolved=seen.resolved_at is not None,
            resolved_at=self.forum.local(seen.resolved_at) if seen.resolved_at else None,
        )

    def _remark(self, one: SeenComment) -> Remark:
        return filled(
            Remark,
            one,
            is_guest=one.author_id in self.guests,
            html=remarks.html(one.kept, one.names, self._person) if one.kept else Markup(),
            at=self.forum.local(one.written_at),
            is_edited=one.edited_at is not None,
            edit=self.work.url_for("edit_comment", forum=self.forum.slug, comment_id=one.id) if one.may_edit else "",
        )

    def _person(self, person_id: UUID) -> str:
        """What somebody said and was told about a declaration; about recommendations there is no such page."""
        if self.declaration is None:
            return ""
        names = {"forum": self.forum.slug, "declaration": self.declaration.slug}
        return self.work.url_for("conversations", **names, person=person_id)


def guests_in(db: Db, seen: Sequence[SeenThread]) -> Collection[UUID]:
    """Who of those who speak there came as a guest: their names are as they gave them."""
    return GuestService(db).among({one.author_id for thread in seen for one in thread.comments}).keys()


def talk_of(
    db: Db,
    seen: Sequence[SeenThread],
    *,
    about: tuple[SubjectKind, UUID],
    forum: Forum,
    declaration: Declaration | None,
    work: Work,
    spoken: Mapping[Language, Sequence[Spoken]] | None = None,
) -> Talk:
    """Conversations about one thing for a page; `declaration` is None for a recommendation."""
    ground = declaration or forum
    speaker = reader(db, work)
    lines = ThreadBuilder(work, forum, declaration, guests=guests_in(db, seen)).threads(seen)
    names = work.url_for("nameable", forum=forum.slug, declaration=declaration.slug) if declaration else ""
    query = work.request.query_params
    return Talk(
        open=[one for one in lines if not one.is_resolved],
        resolved=[one for one in lines if one.is_resolved],
        may_comment=policy.may_comment(speaker, ground),
        may_come_as_guest=declaration is not None and policy.may_come_as_guest(speaker, declaration),
        may_discuss=policy.may_discuss_internally(speaker, ground),
        may_moderate=policy.may_moderate(speaker, ground),
        names=names,
        subject=(about[0].value, str(about[1])),
        is_followed=work.follows(db, about[0].value, about[1]),
        spoken=spoken or {},
        form=QuoteForm(query.get("quote", "")[:2_000], query.get("before", "")[:200], query.get("quoted_in", "")),
    )


def talk_about_paragraph(db: Db, found: Frame, row: BlockRow, *, work: Work) -> Talk:
    """The conversations about one paragraph of the text in force, numbered as its marked words are."""
    service = CommentService(db)
    threads = service.threads(found.declaration, actor=reader(db, work), block_id=row.block_id)
    seen = [up_to_date(one, row) for one in threads.get(row.block_id, ())]
    seen.sort(key=lambda thread: thread.resolved_at is not None)  # open ones first, as they are numbered on the page
    return talk_of(
        db,
        seen,
        about=(SubjectKind.PARAGRAPH, row.block_id),
        forum=found.forum,
        declaration=found.declaration,
        work=work,
        spoken=spoken_of(seen, row),
    )


def href_of(work: Work, seen: SeenThread, *, forum: str, declaration: str) -> str:
    """Where a conversation is shown; `declaration` is "" for one about a recommendation."""
    routes: Mapping[SubjectKind, tuple[str, Mapping[str, object]]] = {
        SubjectKind.PARAGRAPH: ("paragraph", {"declaration": declaration, "block_id": seen.block_id}),
        SubjectKind.AMENDMENT: ("amendment_comments", {"declaration": declaration, "number": seen.number}),
        SubjectKind.RECOMMENDATION: ("recommendation_comments", {"number": seen.number}),
        SubjectKind.DECLARATION: ("conversations", {"declaration": declaration}),
    }
    route, values = routes[seen.kind]
    return f"{work.url_for(route, forum=forum, **values)}#thread-{seen.id}"
