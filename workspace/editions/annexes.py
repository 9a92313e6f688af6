"""Annexes: texts of their own in three languages, and what the forum has made: recommendations, projects, who came."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from drafts.apparatus import AnnexKind
from drafts.blocks import Language
from drafts.errors import DraftsError
from drafts.markup import read
from workspace.core import clock, log
from workspace.core.actor import Actor
from workspace.core.db import Db, Trilingual
from workspace.core.errors import Invalid, NotFound
from workspace.core.readings import read_once
from workspace.declarations.models import Declaration
from workspace.editions import around_policy as policy
from workspace.editions.around_models import AnnexRecord
from workspace.editions.printable import ensure_printable
from workspace.recommendations.models import Taxonomy, TaxonomyKind, Theme

LONGEST_TITLE = 300
LONGEST_TEXT = 200_000
LONGEST_VERSION = 40
MOST = 40
_NOTHING = Trilingual()
WRITTEN = frozenset({AnnexKind.TEXT, AnnexKind.CONDUCT})  # with words of their own


class AnnexFields(Struct, frozen=True):
    """What is said of an annex. Only a written one has `text`, in Markdown; a set of recommendations has its theme."""

    kind: AnnexKind
    title: Trilingual
    text: Trilingual = _NOTHING
    version: str = ""
    theme_id: UUID | None = None


class Unfinished(Struct, frozen=True):
    """An annex that lacks its title or its text in a language; it stops publication."""

    annex_id: UUID
    title: str
    language: Language


class AnnexService:
    """What is printed behind a declaration."""

    def __init__(self, db: Db) -> None:
        self.db = db

    def listed(self, declaration: Declaration) -> Sequence[AnnexRecord]:
        """Every annex, in the order in which they are printed."""
        statement = sa.select(AnnexRecord).where(AnnexRecord.declaration_id == declaration.id)
        ordered = statement.order_by(AnnexRecord.position, AnnexRecord.id)
        key = AnnexRecord, declaration.id
        return read_once(self.db, key, (AnnexRecord,), lambda: self.db.scalars(ordered).all())

    def get(self, declaration: Declaration, annex_id: UUID) -> AnnexRecord:
        """One of this declaration; raises `NotFound`."""
        found = self.db.get(AnnexRecord, annex_id)
        if found is None or found.declaration_id != declaration.id:
            raise NotFound(what="annex", id=str(annex_id))
        return found

    def sets(self, declaration: Declaration) -> Sequence[Theme]:
        """The sets of recommendations that can be annexed."""
        statement = sa.select(Theme).join(Taxonomy).where(Taxonomy.forum_id == declaration.forum_id)
        return self.db.scalars(
            statement.where(Taxonomy.kind == TaxonomyKind.SETS).order_by(Taxonomy.position, Theme.position)
        ).all()

    def unfinished(self, declaration: Declaration) -> list[Unfinished]:
        """What is still to be written before publication: each annex and language that lacks something.

        An annex whose set of recommendations has been removed lacks everything.
        """
        annexes = self.listed(declaration)
        has_sets = any(one.kind is AnnexKind.RECOMMENDATIONS for one in annexes)
        sets = {one.id for one in self.sets(declaration)} if has_sets else set()
        return [
            Unfinished(one.id, one.title.said_in(Language.EN), language)
            for one in annexes
            for language in Language
            if not one.title.to_dict()[language]
            or (one.kind in WRITTEN and not one.text.to_dict()[language])
            or (one.kind is AnnexKind.RECOMMENDATIONS and one.theme_id not in sets)
        ]

    def add(self, declaration: Declaration, wanted: AnnexFields, *, actor: Actor) -> AnnexRecord:
        """Add an annex behind the others; languages can follow later, but are needed for publication."""
        policy.ensure_may_prepare(actor, declaration)
        fields, others = self._checked(declaration, wanted), self.listed(declaration)
        if len(others) >= MOST:
            raise Invalid(field="title", reason="too_many_annexes", most=MOST)
        made = AnnexRecord(
            declaration_id=declaration.id,
            position=max((one.position for one in others), default=0) + 1,
            kind=fields.kind,
            title=fields.title,
            text=fields.text,
            version=fields.version,
            theme_id=fields.theme_id,
            entered_by_id=actor.person_id,
            entered_at=clock.now(),
        )
        self.db.add(made)
        self.db.flush()
        self._record("annex.added", made, declaration, actor=actor)
        return made

    def change(self, declaration: Declaration, annex_id: UUID, wanted: AnnexFields, *, actor: Actor) -> AnnexRecord:
        """Put other words in its place; its kind stays."""
        policy.ensure_may_prepare(actor, declaration)
        found = self.get(declaration, annex_id)
        fields = self._checked(declaration, wanted, kind=AnnexKind(found.kind))
        found.title, found.text = fields.title, fields.text
        found.version, found.theme_id = fields.version, fields.theme_id
        self._record("annex.changed", found, declaration, actor=actor)
        return found

    def move_up(self, declaration: Declaration, annex_id: UUID, *, actor: Actor) -> None:
        """Let an annex change places with the one before it; the first one stays."""
        policy.ensure_may_prepare(actor, declaration)
        found, every = self.get(declaration, annex_id), self.listed(declaration)
        place = every.index(found)
        if place:
            before = every[place - 1]
            before.position, found.position = found.position, before.position
            self._record("annex.changed", found, declaration, actor=actor)

    def remove(self, declaration: Declaration, annex_id: UUID, *, actor: Actor) -> None:
        """Take an annex away."""
        policy.ensure_may_prepare(actor, declaration)
        found = self.get(declaration, annex_id)
        self.db.delete(found)
        self._record("annex.removed", found, declaration, actor=actor)

    def _checked(self, declaration: Declaration, wanted: AnnexFields, *, kind: AnnexKind | None = None) -> AnnexFields:
        kind = kind or wanted.kind
        title = Trilingual.of({language: " ".join(one.split()) for language, one in wanted.title.to_dict().items()})
        if not title.said_in(Language.EN):
            raise Invalid(field="title", reason="empty")
        text = wanted.text if kind in WRITTEN else Trilingual()
        if any(len(one) > LONGEST_TITLE for one in title.to_dict().values()):
            raise Invalid(field="title", reason="too_long")
        if any(len(one) > LONGEST_TEXT for one in text.to_dict().values()):
            raise Invalid(field="text", reason="too_long")
        if len(wanted.version) > LONGEST_VERSION:
            raise Invalid(field="version", reason="too_long")
        ensure_printable("title", title)
        ensure_printable("text", text)
        for language in Language:
            _ensure_readable(text.to_dict()[language], language)
        theme_id = wanted.theme_id if kind is AnnexKind.RECOMMENDATIONS else None
        if kind is AnnexKind.RECOMMENDATIONS and theme_id not in {one.id for one in self.sets(declaration)}:
            raise Invalid(field="theme_id", reason="no_such_set")
        return AnnexFields(kind, title, text, " ".join(wanted.version.split()), theme_id)

    def _record(self, kind: str, annex: AnnexRecord, declaration: Declaration, *, actor: Actor) -> None:
        log.record(
            self.db,
            kind,
            actor=actor,
            forum_id=declaration.forum_id,
            declaration_id=declaration.id,
            annex=str(annex.id),
        )


def _ensure_readable(text: str, language: Language) -> None:
    try:
        read(text, language=language, new_id=str)
    except DraftsError as error:
        raise Invalid(field="text", reason="not_readable", line=error.facts.get("line", 0)) from error
