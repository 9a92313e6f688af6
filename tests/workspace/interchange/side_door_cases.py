"""The golden requests of mails: a small text in each language, sentences, and what each makes of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from drafts.amendments import ChangeOp
from drafts.blocks import Block, BlockKind, Document, Language
from drafts.numbering import numbers
from workspace.interchange.side_door.placing import placed
from workspace.interchange.side_door.requests import requests

FOLDER = Path(__file__).parents[2] / "golden" / "side_door"


@dataclass(frozen=True)
class Case:
    """One mail; its lines stand apart as |."""

    mail: str
    expected: tuple[str, ...]
    text: Document

    def __str__(self) -> str:
        return self.mail.replace("\n", "|")


def cases(language: str) -> Iterator[Case]:
    lines = (FOLDER / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    text = document([line[2:] for line in lines if line.startswith("@ ")], Language(language))
    asked = [line for line in lines if line and line[0] not in "@#"]
    mail, expected = "", list[str]()
    for line in [*asked, ""]:
        if line[:2] in {"= ", "- ", "+ ", "> ", "? "}:
            expected.append(line)
            continue
        if mail:
            yield Case(mail, tuple(expected), text)
        mail, expected = line.replace("|", "\n"), []


def document(lines: list[str], language: Language) -> Document:
    """Numbered paragraphs and items, whose ids are their numbers."""
    blocks = []
    for line in lines:
        number, _, words = line.partition(" ")
        is_item = "(" in number
        kind = BlockKind.ITEM if is_item else BlockKind.OPERATIVE
        blocks.append(Block(number, kind, words, int(is_item)))
    return Document(tuple(blocks), language)


def outcome(case: Case) -> tuple[str, ...]:
    """What the mail makes of the text, in the words of the golden file."""
    ids = (f"new{number}" for number in count())
    found = placed(requests(case.mail), case.text, numbers(case.text), lambda: next(ids))
    said: list[str] = []
    for draft in found.drafts:
        said += _said(draft)
    return (*said, *(f"? {one.why.value}" for one in found.unplaced))


def _said(draft) -> Iterator[str]:
    for change in draft.changes:
        match change.op:
            case ChangeOp.REWORD:
                yield f"= {change.block} {draft.proposed.block(change.block).text}"
            case ChangeOp.DELETE:
                yield f"- {change.block}"
            case ChangeOp.INSERT:
                yield f"+ {change.after} {change.text}"
            case ChangeOp.MOVE:
                yield f"> {change.block} {change.after}"
            case ChangeOp.JOIN:
                yield f"= {change.block} {draft.proposed.block(change.block).text}"
                yield from (f"- {one}" for one in change.joined)
            case ChangeOp.SPLIT:
                yield f"= {change.block} {change.text}"
                yield from (f"+ {change.block} {part.text}" for part in change.parts)
