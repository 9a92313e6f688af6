"""The tables of amendments that belong to a forum."""

from workspace.amendments.committee_models import (
    Answer,
    Bracket,
    BracketAlternative,
    BracketSponsor,
    DeskDraft,
    Opinion,
    TableSnapshot,
)
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
from workspace.core.forum_scope import scope

SCOPES = (
    scope(Amendment, order=(Amendment.declaration_id, Amendment.number)),
    scope(
        AmendmentVersion, AmendmentVersion.amendment_id, order=(AmendmentVersion.amendment_id, AmendmentVersion.number)
    ),
    scope(ChangeRecord, ChangeRecord.version_id),
    scope(ShownText, ShownText.version_id),
    scope(Carrying, Carrying.amendment_id, order=(Carrying.amendment_id, Carrying.number)),
    scope(Cosponsor, Cosponsor.amendment_id),
    scope(Support, Support.amendment_id),
    scope(DecisionRound, order=(DecisionRound.declaration_id, DecisionRound.number)),
    scope(RoundEffect, RoundEffect.round_id),
    scope(Decision, order=(Decision.declaration_id, Decision.number)),
    scope(Opinion, Opinion.amendment_id),
    scope(Answer, Answer.amendment_id),
    scope(TableSnapshot),
    scope(DeskDraft),
    scope(Bracket),
    scope(BracketAlternative, BracketAlternative.bracket_id),
    scope(BracketSponsor, BracketSponsor.bracket_id),
)
