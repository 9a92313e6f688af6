"""What a refusal says to the person in front of it: what happened, what was kept, what to do, in three languages.

The stable code of the error picks the sentences; its facts fill them. A test walks every error
of the engine and of the workspace and fails on one that has nothing to say.
"""

import math
from collections.abc import Mapping

from msgspec import Struct

from drafts.blocks import Language
from drafts.errors import DraftsError
from workspace.core.errors import WorkspaceError
from workspace.web.check_sentences import WHAT
from workspace.web.explanation import NOTHING_CHANGED, PLACEHOLDER, STILL_THERE, Explanation, Facts
from workspace.web.i18n import N_, Messages
from workspace.web.reasons import NEEDED, PRECISE, REASONS
from workspace.web.request_explanations import REQUESTS

_LONG_WAIT = 120  # seconds: what is longer is told in minutes


class Told(Struct, frozen=True):
    """An explanation in one language, with its facts in it."""

    code: str
    happened: str
    detail: str
    kept: str
    to_do: str


EXPLANATIONS: Mapping[str, Explanation] = {
    "workspace.error": Explanation(
        N_("This cannot be done"),
        (N_("The workspace refused the request."),),
        NOTHING_CHANGED,
        N_("Go back and check what you asked for."),
    ),
    "workspace.not_found": Explanation(
        N_("There is nothing here"),
        (N_("There is nothing at this address, or it is not open to you."),),
        NOTHING_CHANGED,
        N_("Check the address, or start again from the front page. If somebody sent you here, ask them for access."),
    ),
    "workspace.invalid": Explanation(
        N_("Something in the form needs another look"),
        (N_("The field “%(field)s” cannot be taken as it is."), N_("A field cannot be taken as it is.")),
        STILL_THERE,
        N_("Go back, correct it and send the form again."),
    ),
    "workspace.stale": Explanation(
        N_("The text has moved on"),
        (N_("Somebody saved a newer version while you were working on this one."),),
        STILL_THERE,
        N_("Copy your words, open the current version, and make your change there."),
    ),
    "workspace.undecidable": Explanation(
        N_("This amendment cannot be decided now"),
        (
            N_("Amendment %(number)s is not open for a decision at this moment."),
            N_("The amendment is not open for a decision at this moment."),
        ),
        N_("No decision was recorded."),
        N_("Look at the amendment: it may have been withdrawn, decided already, or be waiting for another one."),
    ),
    "workspace.already_proposed": Explanation(
        N_("This is proposed already"),
        (
            N_("Amendment %(number)s asks for exactly this already: support it instead of filing a second one."),
            N_("Another amendment asks for exactly this already: support it instead of filing a second one."),
        ),
        N_("Nothing was filed."),
        N_("Change your proposal where it should differ, or support the other amendment if it is not yours."),
    ),
    "workspace.not_ready": Explanation(
        N_("The declaration is not ready to be published"),
        (N_("Points that still stop publication: %(count)s."), N_("Some points still stop publication.")),
        N_("Nothing was published."),
        N_("Settle the points on the readiness page, then publish."),
    ),
    "workspace.sealed": Explanation(
        N_("The text is sealed"),
        (
            N_("An edition of it is finished and comes out by itself on %(until)s. Until then no word can change."),
            N_("An edition of it is finished and comes out by itself. Until then no word can change."),
        ),
        NOTHING_CHANGED,
        N_("Two people can move the time or break the seal on the readiness page."),
    ),
    "workspace.bad_file": Explanation(
        N_("This file could not be read"),
        (
            N_("“%(source)s” cannot be taken in: there is a problem at line %(line)s."),
            N_("“%(source)s” cannot be taken in."),
            N_("The file cannot be taken in."),
        ),
        N_("Nothing was imported, and your file is unchanged."),
        N_("Correct the file, or save it in another form that can be imported, and send it again."),
    ),
    "workspace.misaligned": Explanation(
        N_("The texts do not match"),
        (
            N_(
                "The text in “%(language)s” lacks %(missing)s of %(total)s paragraphs; "
                "the first one begins, in another language: “%(first)s”."
            ),
            N_("The texts in the different languages do not have the same paragraphs."),
        ),
        N_("Nothing was imported, and your file is unchanged."),
        N_("Make the paragraphs of every language answer one another, and send the texts again."),
    ),
    "comments.too_late": Explanation(
        N_("The time to change it is over"),
        (N_("A guest can change a comment for a quarter of an hour after writing it."),),
        STILL_THERE,
        N_("Say in an answer to your comment what should be different; a moderator reads that too."),
    ),
    "accounts.sign_in_refused": Explanation(
        N_("You are not signed in"),
        (N_("The e-mail address and the password do not go together."),),
        NOTHING_CHANGED,
        N_("Try again, or ask for a link by e-mail instead."),
    ),
    "accounts.code_refused": Explanation(
        N_("This code does not work"),
        (
            N_("The code is wrong, or it was used already. Tries left: %(left)s."),
            N_("The code is wrong, or it was used already."),
        ),
        NOTHING_CHANGED,
        N_("Wait for the next code, or use one of your recovery codes. After five wrong codes, sign in again."),
    ),
    "accounts.link_spent": Explanation(
        N_("This link no longer works"),
        (N_("A link works once, for a short time, and until it is withdrawn."),),
        NOTHING_CHANGED,
        N_("If you have used it already, sign in. If not, ask for a new link, or for a new invitation."),
    ),
    "accounts.too_busy": Explanation(
        N_("Too many people are signing in at this moment"),
        (N_("The server checks only a few passwords at a time."),),
        NOTHING_CHANGED,
        N_("Wait a few seconds, and try again."),
    ),
    "accounts.not_enrolled": Explanation(
        N_("A second factor is needed"),
        (N_("Chairs and administrators sign in with a password and a code from their telephone."),),
        NOTHING_CHANGED,
        N_("Set up the second factor in your account first; it cannot be removed while you have this role."),
    ),
    "drafts.error": Explanation(
        N_("The text cannot take this"),
        (N_("The change does not fit the text."),),
        STILL_THERE,
        N_("Open the current text and try again from there."),
    ),
    "drafts.not_text": Explanation(
        N_("This file is not text"),
        (
            N_("“%(source)s” is not UTF-8 text: the byte at position %(offset)s cannot be read."),
            N_("The file is not UTF-8 text."),
        ),
        N_("Nothing was imported, and your file is unchanged."),
        N_("Save the file as plain text in UTF-8, and send it again."),
    ),
    "drafts.too_large": Explanation(
        N_("This is too large"),
        (N_("The size is %(size)s, and at most %(limit)s can be taken."), N_("It is larger than what can be taken.")),
        STILL_THERE,
        N_("Divide it into smaller parts, and send them one by one."),
    ),
    "drafts.bad_markdown": Explanation(
        N_("Part of this text cannot be kept"),
        (
            N_("Line %(line)s uses marks that cannot be kept without losing something."),
            N_("It uses marks that cannot be kept without losing something."),
        ),
        STILL_THERE,
        N_("Write that line more simply, and send it again."),
    ),
    "drafts.missing_text": Explanation(
        N_("A paragraph has no text in one language"),
        (
            N_("The edition cannot be made: a paragraph has no text in “%(language)s”, and nobody decided that."),
            N_("The edition cannot be made: a paragraph lacks a text, and nobody decided that."),
        ),
        N_("Nothing was published."),
        N_("Translate the paragraph, or decide that it has no text in that language."),
    ),
    "drafts.unknown_block": Explanation(
        N_("That paragraph is not in this text"),
        (N_("The change names a paragraph that this version of the text does not have."),),
        STILL_THERE,
        N_("Open the current text: the paragraph may have been deleted, or joined with another."),
    ),
    "drafts.impossible_change": Explanation(
        N_("The text cannot take this change"),
        (N_("The change does not fit the paragraph that it was made for."),),
        STILL_THERE,
        N_("Open the paragraph in the current text, and make the change there."),
    ),
    "drafts.bad_exchange": Explanation(
        N_("This file could not be read"),
        (
            N_("There is a problem at line %(line)s of the file: it is not of the form that was expected."),
            N_("The file is not of the form that was expected."),
        ),
        N_("Nothing was taken in, and your file is unchanged."),
        N_("Save it again from the program it came from, as CSV, TMX or XLIFF, and send it once more."),
    ),
    "drafts.bad_note": Explanation(
        N_("This is not a signed checkpoint"),
        (
            N_("The checkpoint or the key cannot be read: something is the matter with its %(part)s."),
            N_("The checkpoint or the key cannot be read."),
        ),
        NOTHING_CHANGED,
        N_("Take the file as it was sent or published, without changing a character, and try again."),
    ),
    "drafts.bad_bundle": Explanation(
        N_("This is not a bundle that can be read"),
        (N_("The file is not an archive, or it is damaged."),),
        NOTHING_CHANGED,
        N_("Take the bundle.zip of the edition as it was published, and try again."),
    ),
    "workspace.no_key": Explanation(
        N_("There is no key to sign with"),
        (N_("The folder %(folder)s does not hold the key that is in force."), N_("No signing key is at hand.")),
        N_("Nothing was signed, and nothing was changed."),
        N_("Make the first key with “workspace keys create”, or bring back the folder that WORKSPACE_KEYS names."),
    ),
    "workspace.secrets_unkept": Explanation(
        N_("The server cannot keep secrets at the moment"),
        (
            N_("The key that seals secrets cannot be read from, or written to, the folder %(folder)s."),
            N_("The key that seals secrets is not at hand."),
        ),
        NOTHING_CHANGED,
        N_("Ask the people who run the server to look at the folder that WORKSPACE_KEYS names, and try again."),
    ),
    "workspace.history_altered": Explanation(
        N_("The log was altered"),
        (
            N_("The log no longer begins as its checkpoint of %(size)s entries says."),
            N_("The log no longer begins as its last checkpoint says."),
        ),
        N_("Nothing was signed."),
        N_("Run “workspace audit verify” with a checkpoint from outside this machine: it names what was changed."),
    ),
    **REQUESTS,
}


def code_told(kind: type[Exception]) -> str:
    """The code under which an error of this kind is explained: its own, or that of the nearest kind above it."""
    codes = (getattr(one, "code", "") for one in kind.__mro__)
    return next((code for code in codes if code in EXPLANATIONS), "web.failure")


def told(code: str, facts: Facts, messages: Messages) -> Told:
    """Say what `code` means in the language of `messages`."""
    explanation = EXPLANATIONS[code]
    facts = {**facts, **_in_minutes(facts)}
    written = {name: _written(name, value, messages) for name, value in facts.items()}
    return Told(
        code=code,
        happened=messages.gettext(explanation.happened),
        detail=messages.gettext(_reason(code, facts) or explanation.detail(facts), **written),
        kept=messages.gettext(explanation.kept),
        to_do=messages.gettext(explanation.to_do),
    )


def _in_minutes(facts: Facts) -> Facts:
    """A long wait as people count it; a short one stays in seconds."""
    seconds = facts.get("seconds")
    return {"minutes": math.ceil(seconds / 60)} if isinstance(seconds, int) and seconds >= _LONG_WAIT else {}


def _written(name: str, value: str | int, messages: Messages) -> str:
    """A fact as people read it: numbers in their way, and the words for what only programs call by a code."""
    if isinstance(value, int):
        return messages.number(value)
    if name == "language" and value in {one.value for one in Language}:
        return messages.language_name(value)
    if name == "check" and value in WHAT:
        return messages.gettext(WHAT[value])
    return value


def _reason(code: str, facts: Facts) -> str | None:
    reason = str(facts.get("reason", ""))
    if code == "workspace.invalid" and reason in {"empty", "required"} and facts.get("field") in NEEDED:
        return NEEDED[str(facts["field"])]
    sentences = (PRECISE.get((code, reason)), REASONS.get((code, reason)))
    return next((one for one in sentences if one and set(PLACEHOLDER.findall(one)) <= set(facts)), None)


def sentence(refusal: WorkspaceError | DraftsError, messages: Messages) -> str:
    """One sentence about a refusal, for a place beside a form's field."""
    return told(code_told(type(refusal)), refusal.facts, messages).detail
