"""The tables of consultation that belong to a forum."""

from workspace.consultation.models import (
    Commitment,
    Passage,
    Project,
    ProjectInterest,
    SeenFinding,
    Trace,
    WorkingGroup,
)
from workspace.core.forum_scope import scope

SCOPES = (
    scope(Trace, Trace.recommendation_id),
    scope(WorkingGroup, WorkingGroup.session_id, order=(WorkingGroup.session_id, WorkingGroup.number)),
    scope(SeenFinding, SeenFinding.session_id),
    scope(Project, Project.forum_id, order=(Project.number,)),
    scope(ProjectInterest, ProjectInterest.project_id),
    scope(Commitment, Commitment.forum_id, order=(Commitment.number,)),
    scope(Passage, Passage.forum_id),
)
