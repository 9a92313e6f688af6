"""Session notes in Spanish, English or French, read into proposals a rapporteur confirms, edits or drops.

The steps, each in its own file: text (from `interchange.readers`) to numbered `lines`, lines to passages in `layout`,
passages to `sections`; then, each from the same passages, `sessions`, `recommendations` and `inconsistencies`, which
`proposals` puts together. What a language says in its own words stands in `rules`, each cue with tests of its own.
"""

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from workspace.core.security.sandbox import run_bounded
from workspace.interchange.readers import FileRead, read_file
from workspace.sessions.extraction import Evidence, Extraction, Inconsistency

__all__ = ["ReadNote", "extract", "extract_text", "in_child", "read_note"]

MOST_EVIDENCE = 12
LONG = 60_000  # characters, some thirty pages: fewer are read at once, more in a process with bounds
SECONDS = 30
MEMORY = 1_500_000_000  # bytes of address space; the tables that tell languages apart alone take a third
FILES = 300_000_000  # bytes that those tables are unpacked to


class ReadNote(Struct, frozen=True):
    """A file as it was read, and what it proposes."""

    file: FileRead
    extraction: Extraction


def read_note(data: bytes, *, source: str) -> ReadNote:
    """Read a file of any kind we know. Raises `BadFile` (facts: `source`, `reason`, …) and nothing else."""
    file = read_file(data, source=source)
    if len(file.text) <= LONG:
        return ReadNote(file, _with_insertions(extract_text(file.text, source=source), file))
    found = run_bounded(
        extract_in_child, file.text.encode(), source=source, memory=MEMORY, seconds=SECONDS, files=FILES
    )
    return ReadNote(file, _with_insertions(msgspec.json.decode(found, type=Extraction), file))


def _with_insertions(extraction: Extraction, file: FileRead) -> Extraction:
    """With what says that words of the file were inserted and not accepted, where there are any."""
    evidence = tuple(Evidence(quote=words[:200], line=line) for line, words in file.inserted[:MOST_EVIDENCE])
    told = Inconsistency(
        type="tracked_changes", severity="warning", description="Insertions not accepted yet.", evidence=evidence
    )
    return replace(extraction, inconsistencies=(*extraction.inconsistencies, told)) if evidence else extraction


def extract_in_child(data: bytes, source: str) -> bytes:
    """What `extract_text` finds, for a process of its own: a long text made to be slow is given up there."""
    return msgspec.json.encode(extract_text(data.decode(), source=source))


def extract(data: bytes, *, source: str) -> Extraction:
    """What a file proposes, where the file itself is not to be kept; raises as `read_note` does."""
    return read_note(data, source=source).extraction


def extract_text(text: str, *, source: str) -> Extraction:
    """Everything the note proposes: sessions, statements with their lines, and what does not add up."""
    from workspace.interchange.notes.proposals import proposals  # noqa: PLC0415  (fifty files that a server starts without)

    return proposals(text, source=source)
