"""Tables of a declaration as spreadsheets, and who may have which."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import partial
from uuid import UUID

from cachetools import LRUCache

from drafts.text.blocks import BlockKind, Language
from drafts.text.markup import plain
from drafts.text.numbering import printed
from workspace.amendments.pages.tables import READ_OTHERS, sheet_columns, sheet_rows
from workspace.amendments.snapshots import SnapshotService
from workspace.amendments.views.decisions import OUTCOMES, said
from workspace.core.actor import Actor
from workspace.core.shapes import MadeFile
from workspace.core.sheets import CSV, XLSX, Column, Value, comma_separated, xlsx
from workspace.core.storage import log
from workspace.core.storage.db import Db
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration, ProvenanceKind
from workspace.declarations.domain.policy import ensure_may, may_do
from workspace.declarations.domain.queries import BlockRow
from workspace.interchange.intake.sheets.template import sheet_template
from workspace.procedure import policy
from workspace.procedure.models import Subject
from workspace.procedure.service import QuestionService
from workspace.procedure.subjects import state_of
from workspace.procedure.views import CHOICES, MAJORITIES, MEANS
from workspace.procedure.visibility import QuestionView, visible_question
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import Messages


class TableKind(StrEnum):
    """A table of a declaration."""

    AMENDMENTS = "amendments"
    DECISIONS = "decisions"
    VOTES = "votes"
    ROLL_CALLS = "roll-calls"
    COVERAGE = "coverage"


RIGHTS: Mapping[TableKind, tuple[str, ...]] = {  # any of these opens the door; what is in the file is asked again
    TableKind.AMENDMENTS: (READ_OTHERS,),
    TableKind.DECISIONS: ("history.read",),
    TableKind.VOTES: policy.KNOW,
    TableKind.ROLL_CALLS: policy.KNOW,
    TableKind.COVERAGE: ("provenance.read",),
}
ANY_TABLE = tuple(dict.fromkeys(right for rights in RIGHTS.values() for right in rights))


def may_have(actor: Actor, kind: TableKind, declaration: Declaration) -> bool:
    """Whether somebody may have this table of the declaration."""
    if kind in {TableKind.VOTES, TableKind.ROLL_CALLS}:
        return policy.may_know(actor, declaration)
    return any(may_do(actor, right, declaration) for right in RIGHTS[kind])


def may_have_tables(actor: Actor, declaration: Declaration) -> bool:
    """Whether there is any table for them."""
    return any(may_have(actor, kind, declaration) for kind in TableKind)


class SheetFormat(StrEnum):
    """A kind of file."""

    XLSX = "xlsx"
    CSV = "csv"


NAMES: Mapping[TableKind, str] = {
    TableKind.AMENDMENTS: N_("Amendments"),
    TableKind.DECISIONS: N_("Decisions"),
    TableKind.VOTES: N_("Votes"),
    TableKind.ROLL_CALLS: N_("Roll calls"),
    TableKind.COVERAGE: N_("Traceability"),
}
KINDS_OF_LINK: Mapping[ProvenanceKind, str] = {
    ProvenanceKind.TAKEN_UP: N_("taken up"),
    ProvenanceKind.PARTLY: N_("taken up in part"),
    ProvenanceKind.MERGED: N_("merged with others"),
    ProvenanceKind.DECLINED: N_("considered and not taken up"),
}


def sheet_file(
    name: str, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]], form: SheetFormat
) -> MadeFile:
    """Rows as a file of one kind or another; `name` is without its ending."""
    match form:
        case SheetFormat.CSV:
            return MadeFile(f"{name}.csv", comma_separated(columns, rows), CSV)
        case SheetFormat.XLSX:
            return MadeFile(f"{name}.xlsx", xlsx(title, columns, rows), XLSX)


CARRIES = frozenset(  # kinds of blocks that say something, and so can come from somewhere
    {BlockKind.OPERATIVE, BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.BULLET, BlockKind.QUOTATION, BlockKind.TABLE}
)
FILES: log.Readings = LRUCache(4)
"""Tables as they were last made, until anything is recorded; of 10,000 amendments 3 MB each."""
_OF_EACH = frozenset({TableKind.VOTES, TableKind.ROLL_CALLS})  # what is in them depends on who asks, and when
_Rows = Iterator[Sequence[Value]]
_Table = tuple[list[Column], _Rows]


class DeclarationTables:
    """Makes the tables of declarations. What a reader may not see is not in their file."""

    def __init__(self, db: Db, messages: Messages) -> None:
        self.db, self.messages, self.say = db, messages, messages.gettext

    def open_to(self, declaration: Declaration, *, actor: Actor) -> list[TableKind]:
        """The tables that somebody may have."""
        return [kind for kind in TableKind if may_have(actor, kind, declaration)]

    def file(self, declaration: Declaration, kind: TableKind, form: SheetFormat, *, actor: Actor) -> MadeFile:
        """One table as a file. Raises `NotAllowed`; `NotFound` for the questions of the room."""
        columns, rows = self._make(kind)(declaration, actor)
        make = partial(sheet_file, f"{declaration.slug}-{kind}", self.say(NAMES[kind]), columns, rows, form)
        key = declaration.id, kind, form, self.messages.language
        return make() if kind in _OF_EACH else log.until_recorded(self.db, None, key, make, readings=FILES)

    def template(self, declaration: Declaration, language: Language | None = None, *, actor: Actor) -> MadeFile:
        """The sheet in which members write what they propose, for the text in force in one language."""
        ensure_may(actor, "head.read", declaration)
        rows = queries.head_rows(self.db, declaration)
        document = queries.document(rows, language or declaration.original_language)
        content = sheet_template(
            document,
            queries.numbers_of(rows),
            revision=declaration.head.number,
            name=self.say("Amendments"),
            says=self.messages,
        )
        return MadeFile(f"{declaration.slug}-amendments-{document.language}.xlsx", content, XLSX)

    def _make(self, kind: TableKind) -> Callable[[Declaration, Actor], _Table]:
        return {
            TableKind.AMENDMENTS: self._amendments,
            TableKind.DECISIONS: self._decisions,
            TableKind.VOTES: self._votes,
            TableKind.ROLL_CALLS: self._roll_calls,
            TableKind.COVERAGE: self._coverage,
        }[kind]

    def _amendments(self, declaration: Declaration, actor: Actor) -> _Table:
        """The amendments as they stand now; a table that was taken to be cited has its own sheet."""
        ensure_may(actor, READ_OTHERS, declaration)
        return sheet_columns(self.messages), self._amendment_rows(declaration, actor)

    def _amendment_rows(self, declaration: Declaration, actor: Actor) -> _Rows:
        rows = SnapshotService(self.db).standing(declaration, actor=actor)
        yield from sheet_rows(self.db, rows, declaration.forum, self.messages)

    def _decisions(self, declaration: Declaration, actor: Actor) -> _Table:
        ensure_may(actor, "history.read", declaration)
        headings = ((N_("Decision"), 10), (N_("Decided on"), 17), (N_("Amendment"), 11), (N_("What was decided"), 30))
        more = ((N_("Outcome"), 30), (N_("Language"), 11), (N_("Reason"), 50), (N_("Revision"), 10))
        last = ((N_("By"), 24), (N_("Undone by decision"), 10), (N_("Undoes decisions"), 16))
        return self._columns(*headings, *more, *last), self._decision_rows(declaration)

    def _decision_rows(self, declaration: Declaration) -> _Rows:
        for decision in SnapshotService(self.db).decisions(declaration):
            yield (
                decision.number,
                decision.decided_at,
                decision.amendment.number if decision.amendment else None,
                said(decision, self.messages),
                self.say(outcome) if (outcome := OUTCOMES.get(decision.outcome)) else None,
                self.messages.language_name(decision.language) if decision.language else None,
                decision.reason,
                decision.revision.number if decision.revision else None,
                decision.decided_by.name if decision.decided_by else None,
                decision.undone_by.number if decision.undone_by else None,
                ", ".join(str(undone.number) for undone in decision.undoes) or None,
            )

    def _votes(self, declaration: Declaration, actor: Actor) -> _Table:
        headings = ((N_("Question"), 10), (N_("Decision procedure"), 18), (N_("About"), 16), (N_("Amendment"), 11))
        more = ((N_("Split vote"), 40), (N_("Opened on"), 17), (N_("Closed on"), 17), (N_("Result"), 28))
        counts = tuple((self.say(CHOICES[choice]), 9) for choice in CHOICES)
        rest = ((N_("Entitled to vote"), 10), (N_("Votes required"), 10), (N_("Majority"), 16), (N_("Decision"), 10))
        columns = self._columns(*headings, *more) + [Column(*count) for count in counts] + self._columns(*rest)
        seen = self._seen(declaration, actor)
        return [*columns, *self._columns((N_("Reason"), 40))], self._vote_rows(declaration, seen)

    def _vote_rows(self, declaration: Declaration, seen: Sequence[QuestionView]) -> _Rows:
        named = (
            self._numbered(queries.head_rows(self.db, declaration))
            if any(question_view.block_id for question_view in seen)
            else {}
        )
        for question_view in seen:
            end, tally = question_view.end, question_view.end.tally if question_view.end else None
            yield (
                question_view.number,
                self.say(MEANS[question_view.means]),
                named.get(question_view.block_id) if question_view.block_id else self._about(question_view),
                question_view.amendment,
                plain(question_view.part),
                question_view.put_at,
                end.at if end else None,
                state_of(question_view, self.messages).words,
                *((tally.yes, tally.no, tally.abstain, tally.eligible) if tally else (None,) * 4),
                end.needed if end else None,
                self.say(MAJORITIES[question_view.majority]) if tally else None,
                end.decision if end else None,
                end.reason if end else None,
            )

    def _about(self, seen: QuestionView) -> str | None:
        if seen.subject is Subject.TEXT:
            return self.say(N_("the whole text"))
        return None if seen.amendment else self.say(N_("a part of the text"))

    def _roll_calls(self, declaration: Declaration, actor: Actor) -> _Table:
        headings = ((N_("Question"), 10), (N_("Organisation"), 36), (N_("Person"), 26), (N_("Votes"), 8))
        return self._columns(*headings, (N_("Vote"), 14), (N_("By proxy"), 36)), self._roll_call_rows(
            self._seen(declaration, actor)
        )

    def _roll_call_rows(self, seen: Sequence[QuestionView]) -> _Rows:
        for question_view in seen:
            for vote in question_view.end.roll_call if question_view.end else ():
                said = self.say(CHOICES[vote.choice]) if vote.choice else self.say(N_("did not vote"))
                yield (question_view.number, vote.organisation, vote.person, vote.weight, said, vote.by_proxy)

    def _seen(self, declaration: Declaration, actor: Actor) -> list[QuestionView]:
        """The questions as the reader may see them, in the order in which they were put."""
        service = QuestionService(self.db)
        return [
            visible_question(service, question, actor=actor)
            for question in service.of_declaration(declaration, actor=actor)
        ][::-1]

    def _coverage(self, declaration: Declaration, actor: Actor) -> _Table:
        """A row for each paragraph and recommendation it came from; one for a paragraph that came from none."""
        ensure_may(actor, "provenance.read", declaration)
        headings = ((N_("Paragraph"), 11), (N_("The text"), 60), (N_("Recommendation"), 16), (N_("From"), 36))
        more = ((N_("Text"), 60), (N_("Language"), 10), (N_("Outcome"), 20), (N_("Note"), 30))
        return self._columns(*headings, *more), self._coverage_rows(declaration)

    def _coverage_rows(self, declaration: Declaration) -> _Rows:
        rows = queries.head_rows(self.db, declaration)
        named, links = self._numbered(rows), queries.links(self.db, declaration)
        for row in (row for row in rows if row.kind in CARRIES):
            words = plain(row.content(self.messages.language) or row.original().text)
            number = named.get(row.block_id) or None
            for link in links.get(row.block_id, ()):
                source, kind = link.recommendation, self.say(KINDS_OF_LINK[link.kind])
                origin = source.origin_in(self.messages.language)
                yield (number, words, source.number, origin, source.text, source.language, kind, link.note)
            if not links.get(row.block_id):
                yield (number, words, None, None, None, None, self.say(N_("no recommendation")), None)

    def _numbered(self, rows: Sequence[BlockRow]) -> Mapping[UUID, str]:
        language = self.messages.language
        found = queries.numbers_of(rows)
        return {UUID(block_id): printed(number, language) for block_id, number in found.items()}

    def _columns(self, *headings: tuple[str, int]) -> list[Column]:
        return [Column(self.say(heading), width) for heading, width in headings]
