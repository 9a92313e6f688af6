"""One's own drafts of amendments, as JSON: what the form keeps while it is typed, for other programs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from litestar import Controller, Response
from litestar.di import NamedDependency
from msgspec import Meta, Struct

from drafts.amendments import ChangeOp
from drafts.blocks import Language
from workspace.amendments.drafting import MOST_CHANGES, Content, DraftingService, content_of
from workspace.amendments.entries import Entry
from workspace.amendments.models import AmendmentDraft
from workspace.amendments.schemas import BlockName, Wording
from workspace.declarations.api import opened
from workspace.declarations.schemas import Reason
from workspace.web.api import answer, reads, removes, replaces, writes
from workspace.web.conditional import IfMatch, named
from workspace.web.params import FromPath, JSONBody
from workspace.web.route_policies import OWN, READ_THE_TEXT
from workspace.web.services import Work

Place = Annotated[int, Meta(ge=0, le=2_000_000_000)]


class EntryIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is asked for one paragraph so far: nothing of it need make sense yet.

    `wording` is for rewording and splitting (a blank line divides), `addition` for new paragraphs, `after` where it is
    to stand ("start": at the beginning), `before` ("yes") that what is new comes before it. `shown` is the id of the
    text version, or of the amendment's version, that was shown.
    """

    block: BlockName
    op: ChangeOp = ChangeOp.REWORD
    wording: Wording = ""
    addition: Wording = ""
    after: BlockName = ""
    before: Literal["", "yes"] = ""
    shown: BlockName = ""

    def to_entry(self) -> Entry:
        return Entry(
            block=self.block,
            op=self.op.value,
            wording=self.wording,
            addition=self.addition,
            after=self.after,
            before=self.before,
            shown=self.shown,
        )


class DraftIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An unfinished amendment. `base_revision` is that which was shown; `amends` and `revises` are amendments'
    numbers, or 0; `place` the entry that its author was at; `cosponsors` who is to be invited once it is filed.
    """

    language: Language
    base_revision: Place
    head: BlockName = ""
    amends: Place = 0
    revises: Place = 0
    entries: Annotated[list[EntryIn], Meta(min_length=1, max_length=MOST_CHANGES)]
    place: Place = 0
    reason: Reason = ""
    is_indivisible: bool = False
    cosponsors: Annotated[list[UUID], Meta(max_length=50)] = []

    def to_content(self) -> Content:
        return Content(
            language=self.language.value,
            base=self.base_revision,
            head=self.head,
            amends=self.amends,
            revises=self.revises,
            entries=tuple(entry.to_entry() for entry in self.entries),
            place=self.place,
            reason=self.reason,
            is_indivisible=self.is_indivisible,
            cosponsors=tuple(map(str, self.cosponsors)),
        )


class EntryOut(Struct, frozen=True, kw_only=True):
    """One paragraph of a draft, as its author left it."""

    block: str
    op: str
    wording: str
    addition: str
    after: str
    before: str
    shown: str


class DraftOut(Struct, frozen=True, kw_only=True):
    """An unfinished amendment of one's own. `version` is what the next write names in `If-Match`."""

    id: UUID
    version: UUID
    declaration_id: UUID
    begun_at: datetime
    kept_at: datetime
    language: str
    base_revision: int
    amends: int
    revises: int
    entries: list[EntryOut]
    place: int
    reason: str
    is_indivisible: bool
    cosponsors: list[str]

    @classmethod
    def of(cls, draft: AmendmentDraft) -> "DraftOut":
        content = content_of(draft)
        return cls(
            id=draft.id,
            version=draft.version,
            declaration_id=draft.declaration_id,
            begun_at=draft.begun_at,
            kept_at=draft.kept_at,
            language=content.language,
            base_revision=content.base,
            amends=content.amends,
            revises=content.revises,
            entries=_entries(content.entries),
            place=content.place,
            reason=content.reason,
            is_indivisible=content.is_indivisible,
            cosponsors=list(content.cosponsors),
        )


class DraftsOut(Struct, frozen=True, kw_only=True):
    """One's own drafts, the one kept last first."""

    items: list[DraftOut]


class AmendmentDraftApi(Controller):
    """Unfinished amendments, which nobody but their author ever sees."""

    path = "/api"
    tags = ("Amendments",)

    @reads("/declarations/{declaration_id:uuid}/amendment-drafts", policy=READ_THE_TEXT)
    def list_amendment_drafts(self, work: NamedDependency[Work], declaration_id: FromPath[UUID]) -> Response[DraftsOut]:
        """List one's own unfinished amendments."""
        actor = work.actor
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=actor)
            every = DraftingService(db).of(declaration, actor=actor) if actor.person_id else []
            return answer(DraftsOut(items=[DraftOut.of(draft) for draft in every]))

    @writes("/declarations/{declaration_id:uuid}/amendment-drafts", policy="amendment.propose")
    def begin_amendment_draft(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], data: JSONBody[DraftIn]
    ) -> Response[DraftOut]:
        """Keep an unfinished amendment."""
        actor = work.actor
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor)
            made = DraftOut.of(DraftingService(db).begin(declaration, data.to_content(), actor=actor))
        return answer(made, etag=str(made.version), location=f"/api/amendment-drafts/{made.id}")

    @reads("/amendment-drafts/{draft_id:uuid}", policy=OWN)
    def read_amendment_draft(self, work: NamedDependency[Work], draft_id: FromPath[UUID]) -> Response[DraftOut]:
        """Read one of one's own unfinished amendments."""
        actor = work.actor
        with work.reading() as db:
            draft = DraftOut.of(DraftingService(db).get(draft_id, actor=actor))
        return answer(draft, etag=str(draft.version))

    @replaces("/amendment-drafts/{draft_id:uuid}", policy="amendment.propose")
    def keep_amendment_draft(
        self,
        work: NamedDependency[Work],
        draft_id: FromPath[UUID],
        data: JSONBody[DraftIn],
        if_match: IfMatch = None,
    ) -> Response[DraftOut]:
        """Put newer words in the place of those that `If-Match` names."""
        actor, expected = work.actor, named(if_match)
        with work.writing() as db:
            draft = DraftingService(db).keep(draft_id, data.to_content(), expected=expected, actor=actor)
            kept = DraftOut.of(draft)
        return answer(kept, etag=str(kept.version))

    @removes("/amendment-drafts/{draft_id:uuid}", policy="amendment.propose")
    def discard_amendment_draft(self, work: NamedDependency[Work], draft_id: FromPath[UUID]) -> None:
        """Throw an unfinished amendment away."""
        actor = work.actor
        with work.writing() as db:
            DraftingService(db).discard(draft_id, actor=actor)


def _entries(entries: Sequence[Entry]) -> list[EntryOut]:
    return [
        EntryOut(
            block=one.block,
            op=one.op,
            wording=one.wording,
            addition=one.addition,
            after=one.after,
            before=one.before,
            shown=one.shown,
        )
        for one in entries
    ]
