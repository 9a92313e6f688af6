"""The search over a forum: everything that the reader may read, by kind, with the words marked."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from litestar import Controller, Response
from litestar.params import QueryParameter
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.orm import joinedload, selectinload

from drafts.text.markup import plain
from workspace.amendments.domain.models import Amendment
from workspace.amendments.views.amendment import DispositionLabel, label_of
from workspace.comments import remark_text
from workspace.comments.models import Comment, Mention
from workspace.core.shapes import Shape
from workspace.core.storage.db import Db
from workspace.core.storage.search_index import Hit, search
from workspace.core.storage.text_search import highlighted, phrases
from workspace.core.validation import whole_number
from workspace.declarations import labels
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.editions.domain.models import Edition
from workspace.people.frame import forum_frame, header_place
from workspace.people.models import Forum
from workspace.people.service import PeopleService
from workspace.recommendations.models import Recommendation
from workspace.recommendations.pages.spreadsheets import STANDINGS
from workspace.sessions.models import Session
from workspace.web.api import Cursor, Limit, list_page, number_after, reads
from workspace.web.http.request_context import CurrentWork, Slug, Work
from workspace.web.http.routing import get
from workspace.web.i18n.marking import N_
from workspace.web.pages import Page, page

KINDS: Mapping[str, str] = {
    "paragraph": N_("Text"),
    "amendment": N_("Amendments"),
    "comment": N_("Comments"),
    "recommendation": N_("Recommendations"),
    "session": N_("Sessions"),
    "edition": N_("Editions"),
}
FEW, MANY = 5, 30  # of each kind, and of one kind alone
BEFORE, LENGTH = 80, 320  # characters before the first word found, and of a whole excerpt


class FoundLine(Struct, frozen=True):
    """Something found: what it is, where it stands, its state, and its words in pieces."""

    title: str
    where: str
    state: DispositionLabel
    href: str
    language: str
    pieces: Sequence[tuple[str, bool]]


class FoundGroup(Struct, frozen=True):
    """What was found of one kind; `more` is the address of the others, "" where there are none."""

    kind: str
    name: str
    lines: Sequence[FoundLine]
    more: str


class SearchPage(Page, frozen=True, kw_only=True):
    words: str
    kind: str
    groups: Sequence[FoundGroup]


class SearchPages(Controller):
    """What can be found in a forum."""

    path = "/{forum:str}"

    @get("/search", name="search", policy="public")
    def search(self, work: CurrentWork, forum: Slug) -> Response[str]:
        """A few of each kind; with `?kind=` more of one, those before `?before=`."""
        given = work.request.query_params
        words, kind = given.get("words", "")[:400], given.get("kind", "")
        kind = kind if kind in KINDS else ""
        limit = MANY if kind else FEW
        with work.reading() as db:
            found = forum_frame(db, forum, work=work)
            begin = whole_number(given.get("before", "")) or 0
            hits = search(db, found.forum, words, actor=work.actor, kind=kind, before=begin, limit=limit + 1)
            lines = _Lines(db, found.forum, words, work)
            groups = [lines.group(name, hits[name], limit, is_alone=bool(kind)) for name in KINDS if name in hits]
            context = SearchPage(place=header_place(db, found, work=work), words=words, kind=kind, groups=groups)
        return page(work, "desk/search.html", context)


class _Lines(Struct, frozen=True):
    db: Db
    forum: Forum
    words: str
    work: Work

    def group(self, kind: str, hits: Sequence[Hit], limit: int, *, is_alone: bool) -> FoundGroup:
        href = ""
        if len(hits) > limit:
            before = hits[limit - 1].id if is_alone else None
            href = self.work.url_for("search", forum=self.forum.slug, words=self.words, kind=kind, before=before)
        return FoundGroup(kind, self.work.messages.gettext(KINDS[kind]), list(self._lines(kind, hits[:limit])), href)

    def _lines(self, kind: str, hits: Sequence[Hit]) -> Iterator[FoundLine]:
        rows: dict[UUID, Any] = {}
        if kind in _MODELS:
            model, *options = _MODELS[kind]
            chosen = sa.select(model).where(model.id.in_({hit.subject_id for hit in hits})).options(*options)
            rows = {row.id: row for row in self.db.scalars(chosen)}
        names = {known.id: known for known in queries.of_forum(self.db, self.forum)}
        for hit in hits:
            declaration = names.get(hit.declaration_id) if hit.declaration_id else None
            title, route, text = self._place(hit, rows.get(hit.subject_id), declaration)
            about = {"declaration": declaration.slug} if declaration and kind != "comment" else {}
            href = self.work.url_for(route[0], forum=self.forum.slug, **about, **{route[1]: route[2]})
            where = declaration.name.said_in(self.work.language) if declaration else ""
            state = self._state(kind, rows.get(hit.subject_id))
            yield FoundLine(title, where, state, href, hit.language, excerpt(text, self.words))

    def _place(self, hit: Hit, row: Any, declaration: Declaration | None) -> tuple[str, tuple[str, str, object], str]:
        """What it is called, its route with the one value that names it there, and its words."""
        say = self.work.messages
        if hit.kind == "paragraph":
            head = declaration.head_id if declaration else None
            rows = [place.with_texts({}) for place in queries.places_in(self.db, head)]
            title = labels.names_of(rows, say).get(hit.subject_id, "")
            return title, ("paragraph", "block_id", hit.subject_id), plain(hit.text)
        if hit.kind == "comment":
            names = {mention.person_id: mention.person.name for mention in row.mentions}
            text = remark_text.readable_text(hit.text, names)
            return row.author.name, ("thread", "thread_id", row.thread_id), text
        if hit.kind == "session":
            return row.title, ("session", "session_id", row.id), hit.text
        return say.gettext(_NUMBERED[hit.kind], number=row.number), (hit.kind, "number", row.number), plain(hit.text)

    def _state(self, kind: str, row: Any) -> DispositionLabel:
        say, label = self.work.messages.gettext, DispositionLabel("")
        if kind == "amendment":
            label = label_of(row.disposition, is_modified=row.is_modified)
        elif kind == "recommendation":
            label = DispositionLabel(STANDINGS[row.standing], name=row.standing.value)
        return replace(label, words=say(label.words)) if label.words else label


_MODELS: Mapping[str, tuple[Any, ...]] = {
    "amendment": (Amendment, selectinload(Amendment.decisions)),
    "comment": (Comment, joinedload(Comment.author), selectinload(Comment.mentions).joinedload(Mention.person)),
    "recommendation": (Recommendation,),
    "session": (Session,),
    "edition": (Edition,),
}
_NUMBERED: Mapping[str, str] = {
    "amendment": N_("Amendment %(number)s"),
    "recommendation": N_("Recommendation %(number)s"),
    "edition": N_("Edition %(number)s"),
}


def excerpt(text: str, words: str) -> Sequence[tuple[str, bool]]:
    """The part of a text around the first words looked for, in pieces."""
    pieces = highlighted(text, phrases(words))
    begins = len(pieces[0][0]) if pieces and not pieces[0][1] and len(pieces) > 1 else 0
    start = text.rfind(" ", 0, max(0, begins - BEFORE)) + 1 if begins > BEFORE else 0
    end = start + LENGTH if len(text) <= start + LENGTH else text.rfind(" ", start, start + LENGTH)
    cut = highlighted(text[start : end if end > start else start + LENGTH], phrases(words))
    return [*([("… ", False)] if start else []), *cut, *([(" …", False)] if end < len(text) else [])]


class HitOut(Shape, frozen=True, kw_only=True):
    """Something found: `subject_id` is its id, and of a paragraph that of its block."""

    kind: str
    subject_id: UUID
    declaration_id: UUID | None
    language: str
    text: str


class HitsOut(Struct, frozen=True):
    """A page of what was found, what was written last first. `next` is the cursor of the page after it."""

    items: list[HitOut]
    next: str | None


class SearchApi(Controller):
    """The search over a forum."""

    path = "/api/forums/{forum:str}/search"
    tags = ("Forums",)

    @reads("/", 422, policy="public")
    def search_forum(
        self,
        *,
        work: CurrentWork,
        db: Db,
        forum: Slug,
        words: Annotated[str, QueryParameter(max_length=400, description="The beginnings of words; “quoted” whole.")],
        kind: Annotated[str, QueryParameter(description="One kind alone.", enum=list(KINDS))] = "",
        cursor: Cursor = "",
        limit: Limit = 50,
    ) -> HitsOut:
        """Find what the actor may read in a forum by its words, whatever their accents."""
        found = PeopleService(db).forum(forum)
        hits = search(db, found, words, actor=work.actor, kind=kind, before=number_after(cursor), limit=limit + 1)
        every = sorted((hit for some in hits.values() for hit in some), key=lambda hit: -hit.id)
        listed = list_page(every, cursor=lambda hit: hit.id, limit=limit)
        return HitsOut([HitOut.of(hit) for hit in listed.items], listed.next)
