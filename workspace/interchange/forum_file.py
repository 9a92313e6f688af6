"""A whole forum as one JSON file and back, with identical ids and hashes, so that nobody is trapped here.

The file is `{"format", "version", "tables", "log"}`. `tables` has one list of rows
for each table, a row being an object of the column names documented in the slices'
`models.py`: ids as UUIDs, moments as ISO 8601 in UTC, names in three languages as
objects, the bytes of edition files in base64. `log` holds the forum's log lines word
for word, with their RFC 6962 leaf hashes. The same forum always gives the same bytes.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final, Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa

from drafts.blocks import content_hash, folded_hash
from workspace.amendments import committee_models as committee
from workspace.amendments.models import (
    Amendment,
    AmendmentVersion,
    Carrying,
    ChangeRecord,
    Cosponsor,
    Decision,
    DecisionRound,
    RoundEffect,
    ShownText,
    Support,
)
from workspace.comments.models import Comment, CommentPlace, CommentThread, CommentVersion, Mention
from workspace.consultation.models import (
    Commitment,
    Passage,
    Project,
    ProjectInterest,
    SeenFinding,
    Trace,
    WorkingGroup,
)
from workspace.core import commitments, log
from workspace.core.actor import Actor
from workspace.core.db import Db, Model, Trilingual, TrilingualText, UtcDateTime
from workspace.core.errors import BadFile, Invalid, NotAllowed
from workspace.core.log import ImportedLogEntry, LogEntry
from workspace.declarations.models import (
    Absence,
    BlockRecord,
    Deadline,
    Declaration,
    Edge,
    Head,
    Lineage,
    PendingRequest,
    Provenance,
    Revision,
    RevisionBlock,
    TextVersion,
)
from workspace.declarations.paragraph_models import ParagraphState
from workspace.editions.around_models import AnnexRecord, ReservationRecord, ReservationWindow, SignatoryRecord
from workspace.editions.corrigendum_models import Corrigendum, CorrigendumChange
from workspace.editions.embargo_models import SealedEdition, SealedFile
from workspace.editions.models import Edition, EditionFile, PublicationRequest
from workspace.editions.override_models import ReadinessOverride
from workspace.interchange.models import (
    DocumentIn,
    DocumentInAmendment,
    MailIn,
    MailInAmendment,
    MailInDocument,
)
from workspace.notices.models import Follow, Notice
from workspace.people.models import Forum, LentRight, Mandate, Network, Organisation, Person
from workspace.people.policy import ensure_may_in
from workspace.procedure.models import (
    Cast,
    End,
    Floor,
    Question,
    QuestionDecision,
    Receipt,
    Rules,
    Seat,
    SecretCount,
    Weight,
)
from workspace.recommendations.models import (
    Endorsement,
    Recommendation,
    RecommendationTheme,
    Resemblance,
    RulingOnRecommendation,
    SavedView,
    Taxonomy,
    Theme,
)
from workspace.sessions.models import Session, SourceDocument
from workspace.terms.models import HouseStyle, SegmentRecord, TermRecord
from workspace.translations.models import Assignment, Claim, Concordance, Review, SignOff, Suggestion, Waiver

FORMAT: Final = "declaration-workspace.forum"


class LogLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the log, as it was hashed."""

    sequence: int
    entry: str
    leaf_hash: str


class ForumFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    format: Literal["declaration-workspace.forum"]
    version: Literal[1]
    tables: dict[str, list[dict[str, Any]]]
    log: list[LogLine]


def export_forum(db: Db, forum: Forum, *, actor: Actor) -> bytes:
    """The forum as canonical JSON, with everything that hangs on it."""
    ensure_may_in(actor, "forum.export_all", forum)
    scopes = _scopes(forum, actor=actor)
    tables = {model.__tablename__: _read_out(db, _table(model), scope, order) for model, scope, order in scopes}
    content = ForumFile(format=FORMAT, version=1, tables=tables, log=_log_lines(db, forum))
    return msgspec.json.format(msgspec.json.encode(content, order="sorted"), indent=1) + b"\n"


def import_forum(db: Db, data: bytes, *, source: str, actor: Actor) -> Forum:
    """Bring a forum back exactly as it was exported; the operator's to do.

    Raises `BadFile` for what is not such a file or does not hold together (naming
    table and row), and `Invalid` when the forum is here already.
    """
    if not actor.is_operator:
        raise NotAllowed(action="forum.import")
    content = _decoded(data, source)
    rows = {name: _rows(name, content, source) for name in _TABLES}
    _verify(rows, content.log, source)
    forum_id: UUID = rows["forum"][0]["id"]
    _ensure_new(db, rows["forum"][0])
    _insert(db, rows, source)
    db.add_all(
        ImportedLogEntry(
            forum_id=forum_id,
            position=position,
            sequence=line.sequence,
            entry=line.entry,
            leaf_hash=line.leaf_hash,
        )
        for position, line in enumerate(content.log, start=1)
    )
    log.record(db, "forum.imported", actor=actor, forum_id=forum_id, sha256=hashlib.sha256(data).hexdigest())
    return db.get_one(Forum, forum_id)


def is_forum_file(data: bytes) -> bool:
    """Whether the bytes say of themselves that they are a forum."""
    return data.lstrip()[:1] == b"{" and FORMAT.encode() in data[:400]


_Scope = tuple[type[Model], sa.ColumnElement[bool], tuple[sa.ColumnElement[Any] | Any, ...]]


def _scopes(forum: Forum, *, actor: Actor) -> list[_Scope]:
    """What belongs to a forum, table by table, in an order that lets rows be inserted again.

    The votes of what is still open go along when the operator, who has the database anyway, moves the forum to
    another place; nobody else learns how an open vote stands.
    """
    here = forum.id
    mandates = sa.select(Mandate.id).where(Mandate.forum_id == here)
    declarations = sa.select(Declaration.id).where(Declaration.forum_id == here)
    revisions = sa.select(Revision.id).where(Revision.declaration_id.in_(declarations))
    blocks = sa.select(BlockRecord.id).where(BlockRecord.declaration_id.in_(declarations))
    amendments = sa.select(Amendment.id).where(Amendment.declaration_id.in_(declarations))
    rounds = sa.select(DecisionRound.id).where(DecisionRound.declaration_id.in_(declarations))
    brackets = sa.select(committee.Bracket.id).where(committee.Bracket.declaration_id.in_(declarations))
    alternative = committee.BracketAlternative
    versions = sa.select(AmendmentVersion.id).where(AmendmentVersion.amendment_id.in_(amendments))
    editions = sa.select(Edition.id).where(Edition.declaration_id.in_(declarations))
    mails = sa.select(MailIn.id).where(MailIn.declaration_id.in_(declarations))
    corrigenda = sa.select(Corrigendum.id).where(Corrigendum.declaration_id.in_(declarations))
    questions = sa.select(Question.id).where(Question.declaration_id.in_(declarations))
    ended = sa.select(End.question_id).where(End.question_id.in_(questions))
    told = questions if actor.is_operator else ended
    said = sa.select(Recommendation.id).where(Recommendation.forum_id == here)
    is_here = sa.or_(CommentThread.declaration_id.in_(declarations), CommentThread.recommendation_id.in_(said))
    threads = sa.select(CommentThread.id).where(is_here)
    comments = sa.select(Comment.id).where(Comment.thread_id.in_(threads))
    sittings = sa.select(Session.id).where(Session.forum_id == here)
    projects = sa.select(Project.id).where(Project.forum_id == here)
    lists = sa.select(Taxonomy.id).where(Taxonomy.forum_id == here)
    persons = sa.union(
        sa.select(Mandate.person_id).where(Mandate.forum_id == here),
        sa.select(Comment.author_id).where(Comment.id.in_(comments)),
        sa.select(Follow.person_id).where(Follow.forum_id == here),
        sa.select(Notice.person_id).where(Notice.forum_id == here),
    )

    def of_declaration(model: Any, *order: Any) -> _Scope:
        return model, model.declaration_id.in_(declarations), order or (model.id,)

    return [
        (Network, Network.id == forum.network_id, (Network.id,)),
        (Forum, Forum.id == here, (Forum.id,)),
        (
            Organisation,
            Organisation.network_id == forum.network_id,
            (Organisation.merged_into_id.is_not(None), Organisation.id),
        ),
        (Person, Person.id.in_(persons), (Person.id,)),
        (Mandate, Mandate.forum_id == here, (Mandate.id,)),
        (Weight, Weight.mandate_id.in_(mandates), (Weight.mandate_id,)),
        (LentRight, LentRight.forum_id == here, (LentRight.id,)),
        (SourceDocument, SourceDocument.forum_id == here, (SourceDocument.id,)),
        (Session, Session.forum_id == here, (Session.number,)),
        (
            Recommendation,
            Recommendation.forum_id == here,
            (Recommendation.merged_into_id.is_not(None), Recommendation.number),
        ),
        (RulingOnRecommendation, RulingOnRecommendation.recommendation_id.in_(said), (RulingOnRecommendation.id,)),
        (Endorsement, Endorsement.recommendation_id.in_(said), _key_of(Endorsement)),
        (Resemblance, Resemblance.forum_id == here, _key_of(Resemblance)),
        (SavedView, SavedView.forum_id == here, (SavedView.id,)),
        (Taxonomy, Taxonomy.forum_id == here, (Taxonomy.id,)),
        (Theme, Theme.taxonomy_id.in_(lists), (Theme.id,)),
        (RecommendationTheme, RecommendationTheme.recommendation_id.in_(said), _key_of(RecommendationTheme)),
        (Trace, Trace.recommendation_id.in_(said), (Trace.recommendation_id,)),
        (WorkingGroup, WorkingGroup.session_id.in_(sittings), (WorkingGroup.session_id, WorkingGroup.number)),
        (SeenFinding, SeenFinding.session_id.in_(sittings), _key_of(SeenFinding)),
        (Project, Project.forum_id == here, (Project.number,)),
        (ProjectInterest, ProjectInterest.project_id.in_(projects), _key_of(ProjectInterest)),
        (Commitment, Commitment.forum_id == here, (Commitment.number,)),
        (Passage, Passage.forum_id == here, (Passage.id,)),
        (Declaration, Declaration.forum_id == here, (Declaration.id,)),
        of_declaration(BlockRecord),
        of_declaration(Revision, Revision.declaration_id, Revision.number),
        of_declaration(TextVersion, TextVersion.declaration_id, TextVersion.sequence),
        (
            RevisionBlock,
            RevisionBlock.revision_id.in_(revisions),
            (RevisionBlock.revision_id, RevisionBlock.position),
        ),
        (Head, Head.block_id.in_(blocks), (Head.block_id, Head.language)),
        of_declaration(Edge),
        of_declaration(Lineage),
        of_declaration(Absence, Absence.block_id, Absence.language),
        of_declaration(Provenance),
        of_declaration(Amendment, Amendment.declaration_id, Amendment.number),
        (
            AmendmentVersion,
            AmendmentVersion.amendment_id.in_(amendments),
            (AmendmentVersion.amendment_id, AmendmentVersion.number),
        ),
        (ChangeRecord, ChangeRecord.version_id.in_(versions), (ChangeRecord.version_id, ChangeRecord.position)),
        (ShownText, ShownText.version_id.in_(versions), (ShownText.version_id, ShownText.text_version_id)),
        (Carrying, Carrying.amendment_id.in_(amendments), (Carrying.amendment_id, Carrying.number)),
        (Cosponsor, Cosponsor.amendment_id.in_(amendments), (Cosponsor.id,)),
        (Support, Support.amendment_id.in_(amendments), (Support.id,)),
        of_declaration(DecisionRound, DecisionRound.declaration_id, DecisionRound.number),
        (RoundEffect, RoundEffect.round_id.in_(rounds), _key_of(RoundEffect)),
        of_declaration(Decision, Decision.declaration_id, Decision.number),
        (committee.Opinion, committee.Opinion.amendment_id.in_(amendments), (committee.Opinion.id,)),
        (committee.Answer, committee.Answer.amendment_id.in_(amendments), (committee.Answer.id,)),
        of_declaration(committee.TableSnapshot),
        of_declaration(committee.DeskDraft, *_key_of(committee.DeskDraft)),
        of_declaration(committee.Bracket),
        (alternative, alternative.bracket_id.in_(brackets), _key_of(alternative)),
        (committee.BracketSponsor, committee.BracketSponsor.bracket_id.in_(brackets), (committee.BracketSponsor.id,)),
        of_declaration(ParagraphState, ParagraphState.declaration_id, ParagraphState.number),
        of_declaration(Rules, Rules.declaration_id),
        of_declaration(Question, Question.declaration_id, Question.number),
        (Seat, Seat.question_id.in_(questions), _key_of(Seat)),
        (Cast, Cast.question_id.in_(told), _key_of(Cast)),
        (SecretCount, SecretCount.question_id.in_(told), _key_of(SecretCount)),
        (Receipt, Receipt.question_id.in_(questions), _key_of(Receipt)),
        (End, End.question_id.in_(questions), (End.question_id,)),
        (QuestionDecision, QuestionDecision.question_id.in_(questions), (QuestionDecision.question_id,)),
        of_declaration(Floor, Floor.declaration_id),
        of_declaration(DocumentIn),
        (
            DocumentInAmendment,
            DocumentInAmendment.amendment_id.in_(amendments),
            _key_of(DocumentInAmendment),
        ),
        of_declaration(MailIn),
        (MailInAmendment, MailInAmendment.amendment_id.in_(amendments), _key_of(MailInAmendment)),
        (MailInDocument, MailInDocument.mail_id.in_(mails), _key_of(MailInDocument)),
        of_declaration(Waiver),
        (TermRecord, TermRecord.forum_id == here, (TermRecord.id,)),
        (HouseStyle, HouseStyle.forum_id == here, (HouseStyle.id,)),
        (SegmentRecord, SegmentRecord.forum_id == here, (SegmentRecord.id,)),
        of_declaration(Review),
        of_declaration(Concordance),
        of_declaration(SignOff),
        of_declaration(Claim, *_key_of(Claim)),
        of_declaration(Assignment),
        of_declaration(Suggestion),
        (CommentThread, is_here, (CommentThread.id,)),
        (Comment, Comment.thread_id.in_(threads), (Comment.id,)),
        (
            CommentVersion,
            CommentVersion.comment_id.in_(comments),
            (CommentVersion.comment_id, CommentVersion.number),
        ),
        (CommentPlace, CommentPlace.thread_id.in_(threads), _key_of(CommentPlace)),
        (Mention, Mention.comment_id.in_(comments), _key_of(Mention)),
        (Follow, Follow.forum_id == here, _key_of(Follow)),
        (Notice, Notice.forum_id == here, (Notice.id,)),
        of_declaration(Deadline),
        of_declaration(PendingRequest, PendingRequest.declaration_id, PendingRequest.matter),
        of_declaration(PublicationRequest, PublicationRequest.declaration_id),
        of_declaration(Edition),
        (EditionFile, EditionFile.edition_id.in_(editions), (EditionFile.edition_id, EditionFile.name)),
        of_declaration(SealedEdition, SealedEdition.declaration_id),
        of_declaration(SealedFile, SealedFile.declaration_id, SealedFile.name),
        of_declaration(Corrigendum),
        (CorrigendumChange, CorrigendumChange.corrigendum_id.in_(corrigenda), _key_of(CorrigendumChange)),
        of_declaration(ReadinessOverride),
        of_declaration(SignatoryRecord),
        of_declaration(ReservationWindow, ReservationWindow.declaration_id),
        of_declaration(ReservationRecord, ReservationRecord.declaration_id, ReservationRecord.number),
        of_declaration(AnnexRecord),
    ]


_MODELS: tuple[type[Model], ...] = (
    Network,
    Forum,
    Organisation,
    Person,
    Mandate,
    Weight,
    LentRight,
    SourceDocument,
    Session,
    Recommendation,
    RulingOnRecommendation,
    Endorsement,
    Resemblance,
    SavedView,
    Taxonomy,
    Theme,
    RecommendationTheme,
    Trace,
    WorkingGroup,
    SeenFinding,
    Project,
    ProjectInterest,
    Commitment,
    Passage,
    Declaration,
    BlockRecord,
    Revision,
    TextVersion,
    RevisionBlock,
    Head,
    Edge,
    Lineage,
    Absence,
    Provenance,
    Amendment,
    AmendmentVersion,
    ChangeRecord,
    ShownText,
    Carrying,
    Cosponsor,
    Support,
    DecisionRound,
    RoundEffect,
    Decision,
    committee.Opinion,
    committee.Answer,
    committee.TableSnapshot,
    committee.DeskDraft,
    committee.Bracket,
    committee.BracketAlternative,
    committee.BracketSponsor,
    ParagraphState,
    Rules,
    Question,
    Seat,
    Cast,
    SecretCount,
    Receipt,
    End,
    QuestionDecision,
    Floor,
    DocumentIn,
    DocumentInAmendment,
    MailIn,
    MailInAmendment,
    MailInDocument,
    Waiver,
    TermRecord,
    HouseStyle,
    SegmentRecord,
    Review,
    Concordance,
    SignOff,
    Claim,
    Assignment,
    Suggestion,
    CommentThread,
    Comment,
    CommentVersion,
    CommentPlace,
    Mention,
    Follow,
    Notice,
    Deadline,
    PendingRequest,
    PublicationRequest,
    Edition,
    EditionFile,
    SealedEdition,
    SealedFile,
    Corrigendum,
    CorrigendumChange,
    ReadinessOverride,
    SignatoryRecord,
    ReservationWindow,
    ReservationRecord,
    AnnexRecord,
)
_SHARED = {"network", "organisation", "person"}  # may be here already, with another forum of the network


def _key_of(model: type[Model]) -> tuple[Any, ...]:
    return tuple(sa.inspect(model).primary_key)


def _table(model: type[Model]) -> sa.Table:
    table = model.__table__
    if not isinstance(table, sa.Table):
        raise TypeError(model)
    return table


_TABLES = {model.__tablename__: _table(model) for model in _MODELS}


def _log_lines(db: Db, forum: Forum) -> list[LogLine]:
    """What came with the forum from elsewhere first, then what happened here."""
    statements = (
        sa.select(ImportedLogEntry).where(ImportedLogEntry.forum_id == forum.id).order_by(ImportedLogEntry.position),
        sa.select(LogEntry).where(LogEntry.forum_id == forum.id).order_by(LogEntry.sequence),
    )
    lines = [line for statement in statements for line in db.scalars(statement)]
    return [LogLine(line.sequence, line.entry, line.leaf_hash) for line in lines]


def _read_out(db: Db, table: sa.Table, scope: sa.ColumnElement[bool], order: tuple[Any, ...]) -> list[dict[str, Any]]:
    return [_encoded(table, row) for row in db.execute(sa.select(table).where(scope).order_by(*order))]


def _encoded(table: sa.Table, row: sa.Row[Any]) -> dict[str, Any]:
    return {column.name: _plain(value) for column, value in zip(table.columns, row, strict=True)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.to_dict() if isinstance(value, Trilingual) else value


_READERS: Mapping[type[sa.types.TypeEngine[Any]], Callable[[Any], Any]] = {
    sa.Uuid: UUID,
    UtcDateTime: datetime.fromisoformat,
    sa.Date: date.fromisoformat,
    sa.LargeBinary: lambda value: base64.b64decode(value, validate=True),
    TrilingualText: Trilingual.of,
}


def _decoded(data: bytes, source: str) -> ForumFile:
    try:
        content = msgspec.json.decode(data, type=ForumFile)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadFile(source=source, reason="not_a_forum_file", detail=str(error)) from error
    if unknown := sorted(content.tables.keys() ^ _TABLES.keys()):
        raise BadFile(source=source, reason="not_a_forum_file", detail=unknown[0])
    if len(content.tables["forum"]) != 1:
        raise BadFile(source=source, reason="not_a_forum_file", detail="forum")
    return content


def _rows(name: str, content: ForumFile, source: str) -> list[dict[str, Any]]:
    table = _TABLES[name]
    found = []
    for place, row in enumerate(content.tables[name], start=1):
        if row.keys() != {column.name for column in table.columns}:
            raise BadFile(source=source, reason="bad_row", table=name, row=place)
        try:
            found.append({column.name: _read(column, row[column.name]) for column in table.columns})
        except (ValueError, TypeError, AttributeError) as error:
            raise BadFile(source=source, reason="bad_row", table=name, row=place) from error
    return found


def _read(column: sa.Column[Any], value: Any) -> Any:
    if value is None:
        return None
    kind = column.type
    if isinstance(kind, sa.Enum):
        return kind.enum_class(value) if kind.enum_class else value
    reader = next((read for known, read in _READERS.items() if isinstance(kind, known)), None)
    return reader(value) if reader else value


def _verify(rows: Mapping[str, list[dict[str, Any]]], lines: list[LogLine], source: str) -> None:
    """Every hash in the file must be that of what it stands for."""
    for place, row in enumerate(rows["text_version"], start=1):
        if (row["content_hash"], row["folded_hash"]) != (content_hash(row["content"]), folded_hash(row["content"])):
            raise BadFile(source=source, reason="altered", table="text_version", row=place)
    for place, row in enumerate(rows["edition_file"], start=1):
        if row["sha256"] != hashlib.sha256(row["content"]).hexdigest():
            raise BadFile(source=source, reason="altered", table="edition_file", row=place)
    for place, row in enumerate(rows["source_document"], start=1):
        original = row["original"]
        is_whole = original is None or row["original_sha256"] == hashlib.sha256(original).hexdigest()
        if not is_whole or row["sha256"] != hashlib.sha256(row["text"].encode()).hexdigest():
            raise BadFile(source=source, reason="altered", table="source_document", row=place)
    for place, line in enumerate(lines, start=1):
        if line.leaf_hash != log.leaf_hash(line.entry.encode()):
            raise BadFile(source=source, reason="altered", table="log", row=place)


def _ensure_new(db: Db, row: Mapping[str, Any]) -> None:
    if db.scalar(sa.select(Forum.id).where(sa.or_(Forum.id == row["id"], Forum.slug == row["slug"]))):
        raise Invalid(field="forum", reason="taken", given=row["slug"])


def _insert(db: Db, rows: Mapping[str, list[dict[str, Any]]], source: str) -> None:
    heads = [{"at": row["id"], "to": row["head_id"]} for row in rows["declaration"]]
    declaration = _TABLES["declaration"]
    try:
        for name, table in _TABLES.items():
            given = [{**row, "head_id": None} for row in rows[name]] if table is declaration else rows[name]
            new = _not_here(db, table, given) if name in _SHARED else given
            if new:
                db.execute(sa.insert(table), new)
                commitments.note(db, table, new)
        if heads:
            statement = sa.update(declaration).where(declaration.c.id == sa.bindparam("at"))
            db.connection().execute(statement.values(head_id=sa.bindparam("to")), heads)
    except sa.exc.IntegrityError as error:
        raise BadFile(source=source, reason="dangling") from error


def _not_here(db: Db, table: sa.Table, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    here = set(db.scalars(sa.select(table.c.id)))
    return [row for row in rows if row["id"] not in here]
