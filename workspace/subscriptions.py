"""Who hears of which event: the subscribers of every slice, in the order in which they are called."""

from collections.abc import Mapping, Sequence
from typing import Any

from workspace.accounts import ending
from workspace.amendments import carrying as carrying_of_amendments
from workspace.amendments import drafting
from workspace.comments import carrying as carrying_of_comments
from workspace.comments import erasing as erasing_of_comments
from workspace.core import events
from workspace.declarations import announcing
from workspace.desk import contributions
from workspace.interchange import side_door_service
from workspace.letters import erasing as erasing_of_letters
from workspace.letters import glass
from workspace.notices import asking, telling
from workspace.notices import erasing as erasing_of_notices
from workspace.procedure import following
from workspace.sessions import feeds
from workspace.translations import suggestions

SUBSCRIBERS: Mapping[type[Any], Sequence[events.Subscriber]] = {
    events.RevisionMade: (
        carrying_of_amendments.follow,
        carrying_of_comments.follow,
        following.text_moved,
        telling.of_revision,
        suggestions.follow,
    ),
    events.PhaseMoved: (
        announcing.tell_of_phase,
        contributions.tell_contributors,
        following.phase_moved,
        telling.of_phase,
    ),
    events.StageClosed: (announcing.tell_of_closing, telling.of_closing),
    events.DeadlineChanged: (announcing.tell_of_change, telling.of_dates),
    events.GlassBroken: (glass.glass_broken,),
    events.PersonErased: (
        erasing_of_comments.withdraw_words,
        side_door_service.empty_mails,
        drafting.forget,
        erasing_of_notices.forget,
        erasing_of_letters.forget,
        feeds.forget_feeds,
    ),
    events.RightsChanged: (ending.end_what_was_lent,),
    events.AmendmentFiled: (telling.of_amendment,),
    events.DecisionsTaken: (telling.of_decisions,),
    events.RemarkMade: (telling.of_remark,),
    events.PersonAsked: (telling.of_request,),
    events.ConfirmationAsked: (telling.of_confirmation,),
    events.RequestDeclined: (telling.of_refusal,),
    events.CorrectionsPublished: (telling.of_corrections,),
    events.QuestionPut: (asking.of_question,),
    events.QuestionEnded: (asking.of_ending,),
}
