"""A bilingual Word file that a translator brings back: saved where nothing has moved on, else kept as suggestions."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from msgspec.structs import replace

from drafts.blocks import Document, Language
from drafts.formats.docx.bilingual import translated
from drafts.formats.docx.origin import Origin
from drafts.formats.xliff import Returned, ReturnedUnit
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import BadFile
from workspace.declarations import queries
from workspace.declarations.models import Declaration, TextVersion
from workspace.interchange.word_child import word_text
from workspace.translations import policy
from workspace.translations.exchanging import ExchangeService, Outcome

_Versions = Mapping[tuple[str, str], TextVersion]


def take_bilingual_in(db: Db, declaration: Declaration, data: bytes, *, name: str, actor: Actor) -> list[Outcome]:
    """Take a file back, row by row, by the rules of XLIFF. Raises `BadFile`, also `not_bilingual`."""
    text = word_text(data, source=name)
    origin = text.origin
    if origin is None or origin.target is None:
        raise BadFile(source=name, reason="not_bilingual")
    if origin.declaration != str(declaration.id):
        raise BadFile(source=name, reason="another_declaration")
    policy.ensure_may_translate(actor, declaration, origin.target)
    before = {language: _versions(db, origin, language) for language in (origin.language, origin.target)}
    hashes = {block: (source, target) for (block, source), target in zip(origin.blocks, origin.targets, strict=False)}
    rows = queries.head_rows(db, declaration)
    source, target = (
        _as_sent(queries.document(rows, language), before[language], hashes, place)
        for place, language in enumerate((origin.language, origin.target))
    )
    found = translated(text, source, target)
    units = [
        ReturnedUnit(
            block=standing.block,
            line=standing.row,
            source_version=_id(before[origin.language], standing.block, hashes.get(standing.block, ("", ""))[0]),
            target_version=_id(before[origin.target], standing.block, hashes.get(standing.block, ("", ""))[1]),
            target=None if standing.text is None else (),
        )
        for standing in found
    ]
    returned = Returned(origin.declaration, origin.language, origin.target, tuple(units))
    words = {standing.block: standing.text for standing in found if standing.text is not None}
    return ExchangeService(db).take_words(declaration.id, returned, words, name=name, actor=actor)


def _versions(db: Db, origin: Origin, language: Language) -> _Versions:
    """The texts of a language by block and hash, for the blocks that a file names."""
    ids: Sequence[UUID] = [UUID(block) for block, _ in origin.blocks if _is_id(block)]
    statement = sa.select(TextVersion).where(TextVersion.block_id.in_(ids), TextVersion.language == language)
    return {(str(version.block_id), version.content_hash): version for version in db.scalars(statement)}


def _as_sent(document: Document, versions: _Versions, hashes: Mapping[str, tuple[str, str]], place: int) -> Document:
    """The text in force, with the words of each block as the file had them when it was made."""
    blocks = [
        replace(block, text=known.content if (known := versions.get((block.id, sha256))) else block.text)
        for block in document
        for sha256 in [hashes.get(block.id, ("", ""))[place]]
    ]
    return Document(tuple(blocks), document.language)


def _id(versions: _Versions, block: str, sha256: str) -> str:
    found = versions.get((block, sha256))
    return str(found.id) if found else ""


def _is_id(written: str) -> bool:
    try:
        UUID(written)
    except ValueError:
        return False
    return True
