"""What an entry of the log says to a reader: one message for each kind, filled with the entry's own facts.

A test reads the program for the kinds that it records, and fails on one that has no sentence here.
"""

from collections.abc import Mapping
from typing import Any

from workspace.web.i18n import N_

VARIANTS: Mapping[str, str] = {  # kinds that say more than one thing, by one of their facts
    "decision.taken": "verdict",
    "revision.made": "cause",
    "recommendations.settled": "standing",
}
SENTENCES: Mapping[str, str] = {
    "account.closed": N_("Closed an account"),
    "account.email_changed": N_("Changed the e-mail address of an account"),
    "account.factor_added": N_("Set up a second step for signing in"),
    "account.factor_removed": N_("Removed the second step for signing in"),
    "account.lent_ended": N_("Ended every sign-in, token and link of an account"),
    "account.made": N_("Opened an account"),
    "account.password_changed": N_("Changed the password of an account"),
    "account.profile_changed": N_("Changed a profile"),
    "account.recovery_code_used": N_("Used a recovery code"),
    "account.recovery_codes_renewed": N_("Made new recovery codes"),
    "account.reopened": N_("Opened an account again"),
    "adoption.confirmed": N_("Confirmed, as the second person, that the text goes to adoption"),
    "adoption.dropped": N_("Dropped the request that the text go to adoption"),
    "adoption.requested": N_("Asked a second person to confirm that the text goes to adoption"),
    "amendment.proposed": N_("Proposed amendment %(number)s"),
    "amendment.revised": N_("Revised an amendment"),
    "amendment.withdrawn": N_("Withdrew an amendment"),
    "amendments.carried": N_("Open amendments were carried over to the new revision"),
    "amendments.followed": N_("Amendments to an amendment followed its fate"),
    "amendments.opened": N_("The window for amendments opened"),
    "api_token.ended": N_("Ended a token for a program"),
    "api_token.made": N_("Made a token for a program"),
    "breakglass.closed": N_("Gave back the right to see the texts of the forum"),
    "breakglass.opened": N_("Broke the glass, to see the texts of the forum"),
    "comment.edited": N_("Changed a comment"),
    "comment.hidden": N_("Removed a comment from view, as a moderator"),
    "comment.opened": N_("Opened a discussion on a paragraph"),
    "comment.replied": N_("Answered in a discussion"),
    "comment.resolved": N_("Closed a discussion"),
    "comment.shown": N_("Let a comment through, as a moderator"),
    "deadline.changed": N_("Changed a date in the calendar"),
    "deadline.set": N_("Set a date in the calendar"),
    "decision.taken": N_("Took decision %(number)s"),
    "decision.taken/absent": N_("Decided that a paragraph has no text in one language (decision %(number)s)"),
    "decision.taken/adopt": N_("Decided to adopt an amendment (decision %(number)s)"),
    "decision.taken/adopt_modified": N_("Decided to adopt an amendment with a modification (decision %(number)s)"),
    "decision.taken/edit": N_("Decided to edit the text, as the committee (decision %(number)s)"),
    "decision.taken/hand_over": N_("Decided to hand an amendment over to the translators (decision %(number)s)"),
    "decision.taken/refer": N_("Decided to refer an amendment back (decision %(number)s)"),
    "decision.taken/reject": N_("Decided to reject an amendment (decision %(number)s)"),
    "deputy.appointed": N_("Appointed a deputy"),
    "edition.published": N_("Confirmed the publication: the edition came out"),
    "embargo.confirmed": N_("Confirmed, as the second person, a change of the embargo"),
    "embargo.dropped": N_("Dropped the request to change the embargo"),
    "embargo.requested": N_("Asked a second person to confirm a change of the embargo"),
    "erasure.cancelled": N_("Took back the request to erase a person"),
    "erasure.requested": N_("Asked that a person be erased"),
    "first_run.done": N_("Set the workspace up"),
    "forum.founded": N_("Founded the forum"),
    "forum.imported": N_("Brought the forum over from another workspace, with its history"),
    "forum.settings_changed": N_("Changed the settings of the forum"),
    "guest.came_in": N_("Came in as a guest"),
    "guest.checked": N_("Showed that a guest’s address is theirs"),
    "history.closed": N_("Closed the history of the text to the public"),
    "history.opened": N_("Opened the history of the text to the public"),
    "invitation.accepted": N_("Accepted an invitation"),
    "invitation.made": N_("Invited somebody"),
    "invitation.withdrawn": N_("Took an invitation back"),
    "key.created": N_("Made the signing key %(key)s"),
    "key.retired": N_("Retired the signing key %(key)s"),
    "key.revoked": N_("Revoked the signing key %(key)s"),
    "letter.retried": N_("Had a letter sent again"),
    "mandate.ended": N_("Ended a mandate"),
    "mandate.given": N_("Gave a mandate"),
    "notes.imported": N_("Took in the notes of sessions"),
    "organisation.added": N_("Added an organisation"),
    "organisation.changed": N_("Changed an organisation"),
    "organisation.merged": N_("Merged two organisations"),
    "password_reset.sent": N_("Had a link for a new password sent"),
    "person.added": N_("Added a person"),
    "person.changed": N_("Changed a person’s name or language"),
    "person.erased": N_("Erased a person"),
    "phase.moved": N_("Moved the declaration from %(before)s to %(phase)s"),
    "provenance.linked": N_("Linked a paragraph with a recommendation"),
    "publication.requested": N_("Asked for publication"),
    "recommendations.settled": N_("Decided on recommendations"),
    "recommendations.settled/confirmed": N_("Confirmed recommendations"),
    "recommendations.settled/dropped": N_("Dropped recommendations"),
    "registration.asked": N_("Asked to be registered"),
    "revision.made": N_("Made revision %(number)s"),
    "revision.made/adoption": N_("Made revision %(number)s: amendments were adopted"),
    "revision.made/editorial": N_("Made revision %(number)s: the committee edited the text"),
    "revision.made/freeze": N_("Made revision %(number)s: the text was frozen as it stood"),
    "revision.made/import": N_("Made revision %(number)s: the first text was taken in"),
    "roster.kept": N_("Read a list of people, for a look before it is taken in"),
    "roster.taken_in": N_("Took in a list of people"),
    "rows.kept": N_("The program kept what belongs to the work just done"),
    "session.given": N_("Gave a session to its rapporteur"),
    "sign_in.ended": N_("Signed out"),
    "sign_in.made": N_("Signed in"),
    "stage.closed": N_("A stage of the calendar closed at its deadline"),
    "translation.confirmed": N_("Confirmed that a translation is still valid"),
    "translation.saved": N_("Saved a translation"),
}
TOPICS: Mapping[str, tuple[str, tuple[str, ...]]] = {  # what a reader can ask for: word -> (message, kinds begin with)
    "text": (N_("The text"), ("revision.", "provenance.", "history.")),
    "amendments": (N_("Amendments and decisions"), ("amendment.", "amendments.", "decision.")),
    "comments": (N_("Comments"), ("comment.", "guest.")),
    "translations": (N_("Translations"), ("translation.",)),
    "sources": (N_("Sessions and recommendations"), ("notes.", "recommendations.", "session.")),
    "process": (
        N_("Phases, dates and publication"),
        ("phase.", "deadline.", "stage.", "adoption.", "embargo.", "publication.", "edition.", "breakglass."),
    ),
    "people": (
        N_("People and rights"),
        ("person.", "organisation.", "mandate.", "deputy.", "roster.", "invitation.", "registration.", "forum."),
    ),
}


def message(kind: str, facts: Mapping[str, Any]) -> str:
    """The message that says this entry best; for a kind of another version, the kind itself."""
    variant = f"{kind}/{facts.get(VARIANTS.get(kind, ''), '')}"
    return SENTENCES.get(variant) or SENTENCES.get(kind, kind)


class Filled(dict[str, object]):
    """Facts that leave a sign where a message asks for one that this entry does not have."""

    def __missing__(self, _name: str) -> str:
        return "…"
