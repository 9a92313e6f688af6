"""Where the words of conversations stand in the text that is in force, which may be newer than the last revision."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from drafts.anchors import Anchor
from drafts.blocks import Language
from workspace.comments.carrying import carried_to
from workspace.comments.phrases import Spoken, shown_words
from workspace.comments.seen import SeenThread, SeenWords
from workspace.declarations.queries import BlockRow


def up_to_date(thread: SeenThread, row: BlockRow) -> SeenThread:
    """The conversation as it stands to the text in force of the paragraph beside which it is shown."""
    words = thread.words
    if words is None or words.is_whole or words.is_lost or words.block_id != row.block_id:
        return thread
    version = row.texts.get(words.language)
    if version is not None and version.id == words.text_version_id:
        return thread
    return replace(thread, words=_carried(words, row))


def spoken_of(threads: Iterable[SeenThread], row: BlockRow) -> Mapping[Language, Sequence[Spoken]]:
    """The stretches of a paragraph's text in force that open conversations are about, by language."""
    found: dict[Language, list[Spoken]] = {}
    for number, thread in enumerate(threads, start=1):
        words = thread.words
        is_here = words is not None and not words.is_whole and not words.is_lost and words.block_id == row.block_id
        if words is not None and is_here and thread.resolved_at is None:
            found.setdefault(words.language, []).append(Spoken(thread.id, number, words.starts_at, words.ends_at))
    return found


def _carried(words: SeenWords, row: BlockRow) -> SeenWords:
    anchor = Anchor(row.id, words.starts_at, words.ends_at, words.written, "", "")
    found = carried_to(anchor, words.language, row, words.content) if words.language in row.texts else None
    if found is None:
        return replace(words, is_lost=True, now="")
    version = row.texts[words.language]
    return replace(
        words,
        now=shown_words(found.quote),
        written=found.quote,
        content=version.content,
        text_version_id=version.id,
        starts_at=found.start,
        ends_at=found.end,
    )
