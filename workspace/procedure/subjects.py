"""What a question is about, as a page shows it: a name, and the words themselves for who may read the text."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from uuid import UUID

from markupsafe import Markup
from msgspec import Struct

from drafts.blocks import Language
from workspace.amendments.passages import Passages
from workspace.amendments.service import AmendmentService
from workspace.amendments.views import Line, LineBuilder, passages_in
from workspace.core.db import Db
from workspace.core.errors import NotFound
from workspace.declarations import queries
from workspace.declarations.frame import Frame
from workspace.declarations.policy import may_read
from workspace.declarations.queries import BlockRow
from workspace.procedure.models import Ending, Means, Subject
from workspace.procedure.seen import SeenQuestion
from workspace.web.i18n import LANGUAGES, N_, Messages
from workspace.web.services import Work

TITLES: Mapping[Means, str] = {
    Means.VOTE: N_("Vote %(number)s: %(about)s"),
    Means.SILENCE: N_("Silence procedure %(number)s: %(about)s"),
    Means.CONSENSUS: N_("Consensus %(number)s: %(about)s"),
}
ENDINGS: Mapping[Ending, str] = {
    Ending.ADOPTED: N_("Adopted: nobody objected"),
    Ending.CARRIED: N_("Carried"),
    Ending.LOST: N_("Not carried"),
    Ending.NO_QUORUM: N_("No quorum: nothing is decided"),
    Ending.BROKEN: N_("The silence is broken: nothing is adopted"),
    Ending.WITHDRAWN: N_("Withdrawn"),
    Ending.OVERTAKEN: N_("Overtaken: the text has changed, and nothing is adopted"),
}
SILENT = N_("The silence lasts")
SOME_WORDS = N_("%(about)s, some words only")
GOOD, BAD = "good", "warn"


class Words(Struct, frozen=True):
    """A paragraph in one language."""

    language: Language
    html: Markup


class Passage(Struct, frozen=True):
    """A paragraph as it stands, in several languages."""

    name: str
    texts: Sequence[Words]


class Topic(Struct, frozen=True):
    """What is talked about. `line` is an amendment with its changes, `passages` the paragraphs as they stand.

    Beside an amendment stand all that it changes, in the languages that it is not written in.
    """

    name: str
    href: str
    margin: str = ""
    line: Line | None = None
    passages: Sequence[Passage] = ()


class State(Struct, frozen=True):
    """Where a question stands, in words, with the mark for the style sheet; `name` is how it ended, or "open"."""

    words: str
    kind: str
    name: str


class Topics:
    """Names and words of one declaration, for one reader."""

    def __init__(self, db: Db, found: Frame, work: Work) -> None:
        self.db = db
        self.found = found
        self.work = work
        self.reads = may_read(work.actor, found.declaration)

    @cached_property
    def passages(self) -> Passages:
        rows: Sequence[BlockRow] = queries.shown_rows(self.db, self.found.declaration) if self.reads else ()
        return passages_in(rows, self.work.language, self.work, self.found)

    @cached_property
    def builder(self) -> LineBuilder:
        return LineBuilder(self.work, self.found, self.passages)

    def title(self, seen: SeenQuestion) -> str:
        about = self.topic(seen, is_short=True).name
        if seen.part and seen.alternative is None:
            about = self.work.messages.gettext(SOME_WORDS, about=about)
        return self.work.messages.gettext(TITLES[seen.means], number=seen.number, about=about)

    def topic(self, seen: SeenQuestion, *, is_short: bool = False) -> Topic:
        """What a question is about; `is_short` leaves out the words."""
        if seen.amendment is not None:
            return self.amendment(seen.amendment, is_short=is_short)
        if seen.block_id is not None:
            return self.paragraph(seen.block_id, is_short=is_short)
        say = self.work.messages.gettext
        name = say(N_("the whole text")) if seen.subject is Subject.TEXT else say(N_("a part of the text"))
        here = {"forum": self.found.forum.slug, "declaration": self.found.declaration.slug}
        return Topic(name, self.work.url_for("reading", **here, revision=seen.revision) if self.reads else "")

    def amendment(self, number: int, *, is_short: bool = False) -> Topic:
        """An amendment with its changes, where the reader may read it, and the paragraph it is about as it stands."""
        name = self.work.messages.gettext(N_("amendment %(number)s"), number=number)
        if is_short:
            return Topic(name, "")
        try:
            found = AmendmentService(self.db).numbered(self.found.declaration, number, actor=self.work.actor)
        except NotFound:
            return Topic(name, "")
        line = self.builder.line(found)
        blocks = list(dict.fromkeys(one.block_id for one in found.own.changes if one.block_id is not None))
        margin = self.passages.margin(str(blocks[0])) if blocks else ""
        beside = [self._passage(block, besides=found.language) for block in blocks]
        return Topic(name, line.href, margin, line, [one for one in beside if one is not None])

    def paragraph(self, block_id: UUID, *, is_short: bool = False) -> Topic:
        """A paragraph in every language that it has."""
        row = self.passages.row(str(block_id))
        if row is None:
            return Topic(self.work.messages.gettext(N_("a paragraph that the text has no longer")), "")
        here = {"forum": self.found.forum.slug, "declaration": self.found.declaration.slug}
        return Topic(
            self.passages.name_of(str(block_id)),
            self.work.url_for("paragraph", **here, block_id=block_id),
            self.passages.margin(str(block_id)),
            passages=[one] if not is_short and (one := self._passage(block_id)) else (),
        )

    def _passage(self, block_id: UUID, *, besides: Language | None = None) -> Passage | None:
        """A paragraph in every language that it has, `besides` one; None where the text has it no longer."""
        row = self.passages.row(str(block_id))
        if row is None:
            return None
        texts = [
            Words(language, self.passages.in_language(language).html(row.block(language)))
            for language in LANGUAGES
            if language in row.texts and language is not besides
        ]
        return Passage(self.passages.name_of(str(block_id)), texts) if texts else None

    def state(self, seen: SeenQuestion) -> State:
        """Where it stands, in a sentence."""
        return state_of(seen, self.work.messages)


def state_of(seen: SeenQuestion, messages: Messages) -> State:
    """Where a question stands, in a sentence."""
    if seen.end is not None:
        ending = seen.end.ending
        return State(messages.gettext(ENDINGS[ending]), GOOD if ending.is_agreed else BAD, ending.value)
    if seen.means is Means.SILENCE:
        return State(messages.gettext(SILENT), "accent", "open")
    said = messages.gettext(
        N_("The vote is open: %(cast)s of %(eligible)s have voted"), cast=seen.cast, eligible=seen.eligible
    )
    return State(said, "accent", "open")
