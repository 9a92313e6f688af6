"""Going back to an earlier text: a new revision with the words and the order of one that was replaced."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from drafts.blocks import Language
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.events import RevisionMade, publish
from workspace.declarations import provenance, queries
from workspace.declarations.heads import TextWriter
from workspace.declarations.models import Declaration, Revision, RevisionCause
from workspace.declarations.pinning import Place, pin
from workspace.declarations.queries import BlockRow
from workspace.declarations.sealed import ensure_not_sealed


def restore(
    db: Db, declaration: Declaration, earlier: Revision, *, note: str, decisions: Sequence[UUID], actor: Actor
) -> Revision:
    """Make the text what it was at `earlier`: order, kinds and words of every language.

    A text that somebody has saved since the head revision was made is theirs and
    stays. The caller holds the lock.
    """
    ensure_not_sealed(declaration)
    rows, wanted = queries.head_rows(db, declaration), queries.pinned_rows(db, earlier.id)
    replaced = {row.block_id: row for row in queries.pinned_rows(db, declaration.head.id)}
    writer = TextWriter(db, declaration, rows=rows, actor=actor)
    present = {row.block_id for row in rows}
    writer.know(row.block_id for row in wanted if row.block_id not in present)
    for row in wanted:
        for language, text in row.texts.items():
            if _is_to_go_back(writer, row, language, replaced):
                writer.write(row.block_id, language, text.content, kind=row.kind)
    places = [Place(row.block_id, row.kind, row.level, row.original_language) for row in wanted]
    revision = pin(writer, places, cause=RevisionCause.UNDO, note=note, decisions=decisions)
    provenance.flag_moved(db, [row.block_id for row in rows], [place.block_id for place in places])
    publish(db, RevisionMade(declaration.id, revision.id, revision.number, actor))
    return revision


def _is_to_go_back(writer: TextWriter, row: BlockRow, language: Language, replaced: Mapping[UUID, BlockRow]) -> bool:
    now = writer.heads.get((row.block_id, language))
    if now is None or now.content == row.texts[language].content:
        return now is None
    before = replaced.get(row.block_id)
    return before is None or before.texts.get(language) is None or before.texts[language].id == now.id
