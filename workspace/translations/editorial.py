"""That a change of words leaves the meaning as it was: one person claims it, a second one confirms.

Until then a change counts as one of substance. Both steps are kept as edges from a text to the one it followed,
which are never taken away.
"""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from msgspec import Struct

from drafts.blocks import Language
from drafts.staleness import ChangeClass, EdgeKind
from workspace.core import log
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import Invalid, NotFound, Stale
from workspace.declarations import queries
from workspace.declarations.models import Declaration, TextVersion
from workspace.declarations.queries import BlockRow
from workspace.declarations.service import DeclarationService
from workspace.people.models import Person
from workspace.translations import policy
from workspace.translations.queries import edges_of

_STEPS = frozenset({EdgeKind.CLAIMED, EdgeKind.EDITORIAL})


class Claims(Struct, frozen=True):
    """Changes of one text since a version of it: those of substance, and who says so far that they are not."""

    steps: Sequence[TextVersion] = ()
    claimed_by: str = ""
    may_claim: bool = False
    may_confirm: bool = False


class EditorialService:
    """The two verbs, and what stands between them."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.declarations = DeclarationService(db)

    def open(
        self, declaration: Declaration, row: BlockRow, language: Language, *, since: UUID | None, actor: Actor
    ) -> Claims:
        """What is still one of substance between `since` (else the text before) and the text in force."""
        steps = self._steps(row, language, since)
        claims = self._claims(steps)
        waiting = [one for one in steps if (one.id, EdgeKind.EDITORIAL) not in claims]
        claimed = [claims[one.id, EdgeKind.CLAIMED] for one in waiting if (one.id, EdgeKind.CLAIMED) in claims]
        may = bool(waiting) and policy.may_claim_editorial(actor, declaration, language)
        name = self.db.get_one(Person, claimed[0]).name if claimed and claimed[0] else ""
        return Claims(
            steps=waiting,
            claimed_by=name,
            may_claim=may and len(claimed) < len(waiting),
            may_confirm=may and len(claimed) == len(waiting) and actor.person_id not in self._barred(waiting, claimed),
        )

    def claim(
        self,
        declaration_id: UUID,
        block_id: UUID,
        language: Language,
        *,
        expected: UUID | None,
        since: UUID | None = None,
        actor: Actor,
    ) -> Claims:
        """Claim that the changes up to the text in force are editorial, or confirm it where somebody else has claimed.

        `expected` is the text in force; raises `Stale` if another is. Raises `Invalid` where nothing is to be claimed,
        and for whoever claimed it, or wrote it, and would confirm themselves.
        """
        declaration = self.declarations.lock(declaration_id)
        policy.ensure_may_claim_editorial(actor, declaration, language)
        row = queries.text_in_force(self.db, declaration).by_block.get(block_id)
        if row is None or language not in row.texts:
            raise NotFound(what="text", id=language.value)
        if row.texts[language].id != expected:
            raise Stale(expected=str(expected or ""), head=str(row.texts[language].id))
        found = self.open(declaration, row, language, since=since, actor=actor)
        if not found.steps:
            raise Invalid(field="text", reason="nothing_to_claim", given=language.value)
        if not (found.may_claim or found.may_confirm):
            raise Invalid(field="text", reason="second_person", given=language.value)
        kind = EdgeKind.EDITORIAL if found.may_confirm else EdgeKind.CLAIMED
        claims = self._claims(found.steps)
        writer = self.declarations.writer(declaration, actor=actor)
        marked = [one for one in found.steps if (one.id, kind) not in claims]
        for one in marked:
            writer.link(kind, source=self.db.get_one(TextVersion, one.predecessor_id), target=one)
        self.db.flush()
        log.record(
            self.db,
            f"text.{kind.value}",
            actor=actor,
            forum_id=declaration.forum_id,
            declaration_id=declaration.id,
            block=str(block_id),
            language=language.value,
            versions=[{"id": str(one.id), "hash": one.content_hash} for one in marked],
        )
        return self.open(declaration, row, language, since=since, actor=actor)

    def _steps(self, row: BlockRow, language: Language, since: UUID | None) -> list[TextVersion]:
        """The versions of substance after `since`, newest first; that in force alone where no other is named."""
        return list(_until(self.db, row.texts.get(language), since))

    def _claims(self, steps: Sequence[TextVersion]) -> Mapping[tuple[UUID, EdgeKind], UUID | None]:
        """Who claimed, and who confirmed, by version."""
        ids = {one.id for one in steps}
        found = edges_of(self.db, list({one.block_id for one in steps}))
        return {
            (one.target_id, one.kind): one.made_by_id for one in found if one.target_id in ids and one.kind in _STEPS
        }

    def _barred(self, steps: Sequence[TextVersion], claimed: Sequence[UUID | None]) -> set[UUID | None]:
        return {*claimed, *(one.author_id for one in steps)}


def _until(db: Db, head: TextVersion | None, since: UUID | None) -> Iterator[TextVersion]:
    seen: set[UUID] = set()
    while head is not None and head.id != since and head.id not in seen and head.predecessor_id is not None:
        seen.add(head.id)
        if head.change_class is ChangeClass.SUBSTANTIVE:
            yield head
        if since is None:
            return
        head = db.get(TextVersion, head.predecessor_id)
