"""The golden requests of mails: a small text in each language, sentences, and what each makes of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from drafts.diff.amendments import ChangeOp
from drafts.text.blocks import Block, BlockKind, Document, Language
from drafts.text.numbering import numbers
from workspace.interchange.intake.mail_reader.message import parse_message
from workspace.interchange.intake.mail_reader.placing import place_requests
from workspace.interchange.intake.mail_reader.request import MailRequests
from workspace.interchange.intake.mail_reader.requests import mail_requests
from workspace.interchange.intake.proposals import ParsedProposals

_KINDS = {"T": BlockKind.TITLE, "P": BlockKind.PREAMBLE}
ADDRESS = "ana@example.org"
FOLDER = Path(__file__).parents[2] / "golden" / "side_door"


@dataclass(frozen=True)
class Case:
    """One mail; its lines stand apart as |."""

    mail: str
    expected: tuple[str, ...]
    text: Document

    def __str__(self) -> str:
        return self.mail.replace("\n", "|")


def cases(name: str) -> Iterator[Case]:
    """The requests of "en", or the whole mails of "letters.en"."""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    language = Language(name.rpartition(".")[2])
    text = document([line[2:] for line in lines if line.startswith("@ ")], language)
    asked = [line for line in lines if line and line[0] not in "@#"]
    mail, expected = "", list[str]()
    for line in [*asked, ""]:
        if line[:2] in {"= ", "- ", "+ ", "~ ", "? "}:
            expected.append(line)
            continue
        if mail:
            yield Case(mail, tuple(expected), text)
        mail, expected = line.replace("|", "\n"), []


def document(lines: list[str], language: Language) -> Document:
    """Numbered paragraphs and items, whose ids are their numbers; "T" is the title, "P1" a preambular paragraph."""
    blocks = []
    for line in lines:
        number, _, words = line.partition(" ")
        is_item = "(" in number
        kind = BlockKind.ITEM if is_item else _KINDS.get(number[0], BlockKind.OPERATIVE)
        blocks.append(Block(number, kind, words, int(is_item)))
    return Document(tuple(blocks), language)


def outcome_of_letter(case: Case) -> tuple[str, ...]:
    """The same for a mail with all that stands around its requests."""
    mail = parse_message(case.mail.encode())
    return outcome(case, mail_requests(mail.said, mail.subject, mail.apart))


def prose(language: str) -> Iterator[Case]:
    """Sentences of which no rule is sure, about the text of the requests."""
    text = next(cases(language)).text
    for line in (FOLDER / f"prose.{language}.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield Case(line.replace("|", "\n"), (), text)


def read(case: Case, asked: MailRequests) -> ParsedProposals:
    """What the mail makes of the text."""
    ids = (f"new{number}" for number in count())
    return place_requests(asked, case.text, numbers(case.text), lambda: next(ids))


def outcome(case: Case, asked: MailRequests | None = None) -> tuple[str, ...]:
    """What the mail makes of the text, in the words of the golden file."""
    found = read(case, asked or mail_requests(case.mail))
    said: list[str] = []
    for draft in found.proposals:
        said += [*_said(draft), *(f"~ {note.value}" for note in sorted(draft.notes))]
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
