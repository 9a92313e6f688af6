"""The tables of recommendations that belong to a forum."""

from workspace.core.forum_scope import scope
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

SCOPES = (
    scope(
        Recommendation,
        Recommendation.forum_id,
        order=(Recommendation.merged_into_id.is_not(None), Recommendation.number),
    ),
    scope(RulingOnRecommendation, RulingOnRecommendation.recommendation_id),
    scope(Endorsement, Endorsement.recommendation_id),
    scope(Resemblance, Resemblance.forum_id),
    scope(SavedView, SavedView.forum_id),
    scope(Taxonomy, Taxonomy.forum_id),
    scope(Theme, Theme.taxonomy_id),
    scope(RecommendationTheme, RecommendationTheme.recommendation_id),
)
