"""Who hears of which event: the subscribers of every slice, in the order in which they are called."""

from collections.abc import Mapping, Sequence
from typing import Any

from workspace.accounts.domain import sign_ins
from workspace.amendments.decisions import rebase_open as carrying_of_amendments
from workspace.approvals import roles
from workspace.comments import anchors as carrying_of_comments
from workspace.comments import models as erasing_of_comments
from workspace.consultation import groups as joining
from workspace.core import events
from workspace.declarations import due_dates
from workspace.declarations.domain import personal_drafts
from workspace.forms import models as erasing_of_forms
from workspace.forms import service as form_service
from workspace.interchange.intake.domain import mail_intake
from workspace.letters import preferences as erasing_of_letters
from workspace.letters import service
from workspace.notices import listeners
from workspace.notices import models as erasing_of_notices
from workspace.notices import service as following_sessions
from workspace.procedure import service as following
from workspace.recommendations.pages import contributions
from workspace.sessions import calendar_feeds
from workspace.sessions import files as session_files
from workspace.sittings import models as erasing_of_sittings
from workspace.translations.domain import suggestions

SUBSCRIBERS: Mapping[type[Any], Sequence[events.Subscriber]] = {
    events.RevisionMade: (
        carrying_of_amendments.follow,
        carrying_of_comments.follow,
        following.text_moved,
        listeners.of_revision,
        suggestions.follow,
    ),
    events.PhaseMoved: (
        due_dates.tell_of_phase,
        contributions.tell_contributors,
        following.phase_moved,
        listeners.of_phase,
    ),
    events.StageClosed: (due_dates.tell_of_closing, listeners.of_closing),
    events.DeadlineChanged: (due_dates.tell_of_change, listeners.of_dates),
    events.GlassBroken: (service.notify_emergency_access,),
    events.PersonErased: (
        erasing_of_comments.withdraw_words,
        mail_intake.empty_mails_of_erased,
        personal_drafts.forget,
        erasing_of_notices.forget,
        erasing_of_letters.delete_preferences_of_erased,
        calendar_feeds.forget_feeds,
        erasing_of_sittings.forget,
        erasing_of_forms.forget,
    ),
    events.RightsChanged: (sign_ins.end_credentials_on_rights_change,),
    events.AmendmentFiled: (listeners.of_amendment,),
    events.AmendmentRevised: (following.amendment_revised,),
    events.AmendmentsMoved: (following.amendments_moved,),
    events.DecisionsTaken: (listeners.of_decisions,),
    events.SessionsJoined: (joining.follow, session_files.follow, form_service.follow, following_sessions.follow_kept),
    events.SessionRestored: (joining.give_back, session_files.give_back),
    events.SessionDivided: (joining.give,),
    events.SessionRemoved: (joining.ensure_unused,),
    events.RecommendationsSettled: (listeners.of_recommendations,),
    events.RemarkMade: (listeners.of_remark, listeners.of_answer),
    events.RemarkModerated: (listeners.of_moderation,),
    events.GuestConfirmed: (form_service.count_confirmed,),
    events.TaskGiven: (listeners.of_request,),
    events.RoleHeld: (roles.ask_for_role,),
    events.ConfirmationRequested: (listeners.of_confirmation,),
    events.RequestDeclined: (listeners.of_refusal,),
    events.RequestLapsed: (following.request_lapsed, listeners.of_lapse),
    events.CorrectionsPublished: (listeners.of_corrections,),
    events.QuestionPut: (listeners.of_question,),
    events.QuestionEnded: (listeners.of_ending,),
    events.MinutesSigned: (listeners.of_minutes,),
}
