"""What of the database belongs to one forum: its tables, and their rows in an order that lets them go back in."""

from typing import Any

import sqlalchemy as sa

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
from workspace.core.actor import Actor
from workspace.core.db import Model
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

Scope = tuple[type[Model], sa.ColumnElement[bool], tuple[sa.ColumnElement[Any] | Any, ...]]


def scopes_of(forum: Forum, *, actor: Actor) -> list[Scope]:
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

    def of_declaration(model: Any, *order: Any) -> Scope:
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


MODELS: tuple[type[Model], ...] = (
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
SHARED = {"network", "organisation", "person"}  # may be here already, with another forum of the network


def _key_of(model: type[Model]) -> tuple[Any, ...]:
    return tuple(sa.inspect(model).primary_key)


def table_of(model: type[Model]) -> sa.Table:
    table = model.__table__
    if not isinstance(table, sa.Table):
        raise TypeError(model)
    return table
