"""The table of approvals, as far as it belongs to a forum."""

from workspace.approvals.models import ApprovalRequest
from workspace.core.forum_scope import scope

SCOPES = (scope(ApprovalRequest, ApprovalRequest.forum_id),)
