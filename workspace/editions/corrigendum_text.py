"""The text with the corrections of a corrigendum in it: as it would read, and put in force."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec.structs import replace

from drafts.blocks import Language, content_hash, folded_hash
from drafts.staleness import ChangeClass, EdgeKind
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import NotFound, Stale
from workspace.core.events import RevisionMade, publish
from workspace.declarations import queries
from workspace.declarations.models import Revision, RevisionCause, TextVersion
from workspace.declarations.pinning import Place, pin
from workspace.declarations.queries import BlockRow
from workspace.declarations.service import DeclarationService
from workspace.editions.corrigendum_models import Corrigendum


def corrected_rows(db: Db, corrigendum: Corrigendum) -> list[BlockRow]:
    """The text in force with the corrections in it; raises `Stale` where it is no longer the one that they are of."""
    rows = queries.head_rows(db, corrigendum.declaration)
    wanted: dict[UUID, dict[Language, TextVersion]] = {}
    for one in corrigendum.changes:
        before = row_of(rows, one.block_id).texts.get(one.language)
        if before is None or before.id != one.before_id:
            raise Stale(expected=str(one.before_id), head=str(before.id) if before else "")
        hashes = {"content_hash": content_hash(one.text), "folded_hash": folded_hash(one.text)}
        wanted.setdefault(one.block_id, {})[one.language] = TextVersion(
            block_id=one.block_id, language=one.language, content=one.text, **hashes
        )
    return [replace(row, texts={**row.texts, **wanted.get(row.block_id, {})}) for row in rows]


def put_in_force(db: Db, corrigendum: Corrigendum, *, actor: Actor) -> Revision:
    """Write the corrected words. Those of the other languages, which were looked at, answer them still."""
    declaration = corrigendum.declaration
    rows = queries.head_rows(db, declaration)
    writer = DeclarationService(db).writer(declaration, actor=actor)
    for one in corrigendum.changes:
        row = row_of(rows, one.block_id)
        after = writer.write(one.block_id, one.language, one.text, kind=row.kind)
        if after.change_class is not ChangeClass.TYPOGRAPHIC:
            for language in row.texts:
                if language is not one.language:
                    other = writer.heads[one.block_id, language]
                    writer.link(EdgeKind.CO_DRAFTED, source=other, target=after)
    db.flush()
    places = [Place(row.block_id, row.kind, row.level, row.original_language) for row in rows]
    revision = pin(writer, places, cause=RevisionCause.CORRIGENDUM, note="", decisions=[corrigendum.id])
    publish(db, RevisionMade(declaration.id, revision.id, revision.number, actor))
    return revision


def row_of(rows: Sequence[BlockRow], block_id: UUID) -> BlockRow:
    """One paragraph; raises `NotFound`."""
    found: Mapping[UUID, BlockRow] = {row.block_id: row for row in rows}
    if block_id not in found:
        raise NotFound(what="block", id=str(block_id))
    return found[block_id]
