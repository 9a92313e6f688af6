"""The tables of terms that belong to a forum."""

from workspace.core.forum_scope import scope
from workspace.terms.models import HouseStyle, SegmentRecord, TermRecord

SCOPES = (
    scope(TermRecord, TermRecord.forum_id),
    scope(HouseStyle, HouseStyle.forum_id),
    scope(SegmentRecord, SegmentRecord.forum_id),
)
