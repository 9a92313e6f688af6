"""From texts written apart to blocks in three languages, or a refusal that names what has no counterpart."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec import Struct

from drafts.languages.alignment import AlignedRow
from drafts.text.blocks import Block, BlockKind, Document, Language
from drafts.text.markup import plain
from workspace.consultation.adopted_texts import AdoptedRow
from workspace.core.errors import Misaligned
from workspace.core.storage.db import Trilingual
from workspace.recommendations.models import Recommendation

MOST_GAPS = 0.1  # share of paragraphs without counterpart beyond which two texts are hardly one declaration
_EXCERPT = 60  # characters of a paragraph that a refusal quotes


class NewBlock(Struct, frozen=True):
    """A block to be: its place is that in the list; texts only in the languages that have one.

    Of texts that are doubtful nobody says that they belong together: they are unverified.
    """

    kind: BlockKind
    texts: Mapping[Language, str]
    level: int = 0
    original_language: Language | None = None
    recommendations: tuple[UUID, ...] = ()
    is_doubtful: bool = False


def ensure_same_text(rows: Sequence[AlignedRow], documents: Mapping[Language, Document]) -> None:
    """Raise `Misaligned` for the first language in which more than a tenth of the paragraphs is missing."""
    for language in documents:
        gaps = [row for row in rows if row.block(language) is None]
        if len(gaps) > MOST_GAPS * len(rows):
            first = _any(gaps[0]).text
            raise Misaligned(language=language.value, missing=len(gaps), total=len(rows), first=plain(first)[:_EXCERPT])


def new_block(row: AlignedRow, lead: Language) -> NewBlock:
    """One block for one row; its kind and level are those of the leading language, or of the first that has it.

    It is as doubtful as the row.
    """
    led = row.block(lead) or _any(row)
    texts = {language: block.text for language in Language if (block := row.block(language))}
    return NewBlock(kind=led.kind, level=led.level, texts=texts, is_doubtful=row.doubt is not None)


def adopted_block(row: AdoptedRow, language: Language) -> NewBlock:
    """A paragraph of an adopted text, in every language that has it; the original is `language` where it is there."""
    texts = {Language(said_in): passage.text for said_in, passage in row.passages.items()}
    original = language if language in texts else next(iter(texts))
    return NewBlock(BlockKind(row.kind), texts, 0, original, is_doubtful=row.is_doubtful)


def heading_block(name: Trilingual, language: Language) -> NewBlock:
    """A part that is named so."""
    texts = {said_in: text for said_in in Language if (text := name.to_dict()[said_in.value])}
    return NewBlock(BlockKind.HEADING, texts, 1, language if language in texts else next(iter(texts)))


def recommended_block(recommendation: Recommendation, language: Language) -> NewBlock:
    """A numbered paragraph that remembers what it came from; in `language` where its own is none of the three."""
    said_in = spoken_language(recommendation, language)
    return NewBlock(BlockKind.OPERATIVE, {said_in: recommendation.text}, 0, said_in, (recommendation.id,))


def spoken_language(recommendation: Recommendation, otherwise: Language) -> Language:
    return Language(recommendation.language) if recommendation.language in set(Language) else otherwise


def _any(row: AlignedRow) -> Block:
    return next(block for language in Language if (block := row.block(language)))
