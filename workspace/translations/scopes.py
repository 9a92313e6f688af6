"""The tables of translations that belong to a forum."""

from workspace.core.forum_scope import scope
from workspace.translations.models import Assignment, Claim, Concordance, Review, SignOff, Suggestion, Waiver

SCOPES = (
    scope(Waiver),
    scope(Review),
    scope(Concordance),
    scope(SignOff),
    scope(Claim),
    scope(Assignment),
    scope(Suggestion),
)
