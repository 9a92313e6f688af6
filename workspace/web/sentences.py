"""What a refusal says to the person in front of it: what happened, what was kept, what to do, in three languages.

The stable code of the error picks the sentences; its facts fill them. A test walks every error
of the engine and of the workspace and fails on one that has nothing to say.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from drafts.errors import DraftsError
from workspace.core.errors import WorkspaceError
from workspace.web.i18n import N_, Messages

Facts = Mapping[str, str | int]
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class Explanation:
    """The messages for one code. `details` go from the most precise to one without placeholders."""

    happened: str
    details: tuple[str, ...]
    kept: str
    to_do: str

    def detail(self, facts: Facts) -> str:
        """The most precise sentence that these facts can fill."""
        return next(one for one in self.details if set(_PLACEHOLDER.findall(one)) <= set(facts))


@dataclass(frozen=True, slots=True)
class Told:
    """An explanation in one language, with its facts in it."""

    code: str
    happened: str
    detail: str
    kept: str
    to_do: str


NOTHING_CHANGED = N_("Nothing was changed.")
STILL_THERE = N_("Nothing was saved. What you wrote is still in the form if you go back one page.")

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
    "workspace.missing_precondition": Explanation(
        N_("The request does not say what it replaces"),
        (N_("A change must name, in If-Match, the version that it was made from."),),
        NOTHING_CHANGED,
        N_("Read the current version, and send the change again with its id in If-Match."),
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
    "workspace.not_ready": Explanation(
        N_("The declaration is not ready to be published"),
        (N_("Points that still stop publication: %(count)s."), N_("Some points still stop publication.")),
        N_("Nothing was published."),
        N_("Settle the points on the readiness page, then publish."),
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
    "web.wrong_host": Explanation(
        N_("This server does not answer to that name"),
        (
            N_("The address in your browser, %(host)s, is not one of this server’s."),
            N_("The address is not one of this server’s."),
        ),
        NOTHING_CHANGED,
        N_("Use the address that the server printed when it started."),
    ),
    "web.cross_site": Explanation(
        N_("That came from another site"),
        (N_("Another site tried to do something here in your name."),),
        NOTHING_CHANGED,
        N_("If it was you, open the page here and do it from here."),
    ),
    "web.stale_form": Explanation(
        N_("This form has expired"),
        (N_("The form was opened in another browser, or its cookie is gone."),),
        STILL_THERE,
        N_("Go back, copy what you wrote, reload the page, and send the form again."),
    ),
    "web.bad_request": Explanation(
        N_("The request could not be read"),
        (N_("These parts could not be read: %(fields)s."), N_("What was sent is not in a form that can be read.")),
        NOTHING_CHANGED,
        N_("Check the address or the data, and send it again."),
    ),
    "web.wrong_method": Explanation(
        N_("That cannot be done at this address"),
        (N_("The address exists, but it does not take a request of this kind."),),
        NOTHING_CHANGED,
        N_("Open the page itself, and use its buttons."),
    ),
    "web.overtaken": Explanation(
        N_("Somebody else was a moment faster"),
        (N_("Somebody did the same thing at the same time, and it can only be done once."),),
        STILL_THERE,
        N_("Look at what is there now, and try again if it is still needed."),
    ),
    "web.too_large": Explanation(
        N_("That is too much at once"),
        (N_("What was sent is larger than what this address takes."),),
        STILL_THERE,
        N_("Send a smaller file, or the text in several parts."),
    ),
    "web.too_many": Explanation(
        N_("Too many requests"),
        (N_("There were too many requests in a short time."),),
        NOTHING_CHANGED,
        N_("Wait a minute, and try again."),
    ),
    "web.failure": Explanation(
        N_("Something went wrong on our side"),
        (N_("The server could not finish. The failure was written down for the people who run it."),),
        N_("Whatever was not finished has been undone; what was saved before is safe."),
        N_("Try again in a moment. If it happens again, tell the secretariat what you were doing."),
    ),
}
REASONS: Mapping[tuple[str, str], str] = {
    ("workspace.invalid", "required"): N_("This is needed."),
    ("workspace.invalid", "empty"): N_("This is needed."),
    ("workspace.invalid", "too_long"): N_("This is too long."),
    ("workspace.invalid", "has_text"): N_("There is a text in that language already."),
    ("workspace.invalid", "second_person"): N_("A second person has to confirm this: it cannot be the same one."),
    ("workspace.invalid", "not_next"): N_("The declaration cannot go to that phase from where it is."),
    ("workspace.invalid", "each_once"): N_("Each amendment can be decided once only."),
    ("workspace.invalid", "original"): N_(
        "The paragraph is written in this language: its words change by amendment, or by the committee’s own edit."
    ),
    ("workspace.invalid", "unconfirmed"): N_("Recommendation %(number)s is not confirmed: confirm it first."),
    ("workspace.invalid", "not_a_day"): N_("Write the day as year-month-day, for example 2027-06-12."),
    ("workspace.undecidable", "decided"): N_("Amendment %(number)s has been decided already."),
    ("workspace.undecidable", "own"): N_("Amendment %(number)s is your own: somebody else has to decide on it."),
    ("workspace.undecidable", "other_language"): N_(
        "Amendment %(number)s is in another language than the others that are decided with it."
    ),
    ("drafts.impossible_change", "after_itself"): N_("A paragraph cannot stand after itself."),
    ("drafts.impossible_change", "no_parts"): N_("To divide a paragraph, mark at least two parts."),
    ("drafts.impossible_change", "not_neighbours"): N_("Only paragraphs that follow one another can be joined."),
    ("drafts.impossible_change", "no_text"): N_("A paragraph cannot be empty: propose to delete it instead."),
    ("drafts.impossible_change", "cannot_divide"): N_("A table, a note or a code block is kept whole."),
    ("drafts.impossible_change", "untranslated"): N_("The paragraph has no text in this language yet."),
    ("drafts.impossible_change", "id_taken"): N_("The id given to a new paragraph is that of another one."),
    ("drafts.impossible_change", "other_base"): N_("The change was made for another version of the text."),
    ("workspace.invalid", "nul"): N_("The field “%(field)s” holds a character that is no text (NUL)."),
    ("workspace.invalid", "not_an_id"): N_("“%(given)s” is not an id."),
    ("workspace.invalid", "unknown_cursor"): N_("The list cannot be continued from there: begin it again."),
    ("workspace.invalid", "no_language"): N_(
        "The name of “%(given)s” does not say its language: end it in .es.md, .en.md or .fr.md, or write es=FILE."
    ),
    ("workspace.invalid", "same_language"): N_("Two files are in one language: %(given)s."),
    ("workspace.invalid", "not_an_address"): N_("“%(given)s” is not an address; write FORUM/DECLARATION."),
    ("workspace.invalid", "nothing_changes"): N_("These words are already in the text: nothing would change."),
    ("workspace.bad_file", "not_there"): N_("“%(source)s” is not there, or cannot be read."),
    ("workspace.bad_file", "not_readable"): N_("“%(source)s” is not there, or cannot be read."),
    ("workspace.bad_file", "not_written"): N_("“%(source)s” cannot be written."),
    ("workspace.bad_file", "not_a_demo"): N_("“%(source)s” is not of a demonstration, and is left alone."),
    ("workspace.invalid", "publish_instead"): N_(
        "A declaration is published by publishing its edition, with two people."
    ),
    ("workspace.invalid", "taken"): N_("“%(given)s” is already taken."),
    ("workspace.invalid", "not_a_slug"): N_(
        "“%(given)s” cannot be part of an address: use small letters, digits and hyphens."
    ),
    ("workspace.invalid", "unknown_timezone"): N_("“%(given)s” is not a time zone; write for example Europe/Madrid."),
    ("workspace.bad_file", "too_large"): N_(
        "“%(source)s” is too large: %(bytes)s bytes, and at most %(most)s can be taken in."
    ),
    ("workspace.bad_file", "too_many_lines"): N_("“%(source)s” is too long: at most %(most)s lines can be taken in."),
    ("workspace.bad_file", "binary"): N_("“%(source)s” is not a text file: line %(line)s holds something else."),
    ("workspace.bad_file", "encoding"): N_("“%(source)s” is not in UTF-8: line %(line)s cannot be read."),
    ("workspace.bad_file", "empty"): N_("“%(source)s” is empty."),
    ("workspace.bad_file", "not_a_forum_file"): N_("“%(source)s” is not a forum file of this program."),
    ("workspace.bad_file", "bad_row"): N_("“%(source)s” cannot be taken in: row %(row)s of “%(table)s” is damaged."),
    ("workspace.bad_file", "altered"): N_(
        "“%(source)s” was altered: row %(row)s of “%(table)s” does not match its hash."
    ),
    ("workspace.bad_file", "dangling"): N_("“%(source)s” names something that it does not contain."),
    ("drafts.bad_markdown", "in_quotation"): N_("Line %(line)s: a quotation can hold paragraphs only."),
    ("drafts.bad_markdown", "heading_in_list"): N_("Line %(line)s: a heading cannot stand inside a list."),
    ("drafts.bad_markdown", "nul"): N_("Line %(line)s holds a character that is no text."),
}


def code_told(kind: type[Exception]) -> str:
    """The code under which an error of this kind is explained: its own, or that of the nearest kind above it."""
    codes = (getattr(one, "code", "") for one in kind.__mro__)
    return next((code for code in codes if code in EXPLANATIONS), "web.failure")


def told(code: str, facts: Facts, messages: Messages) -> Told:
    """Say what `code` means in the language of `messages`."""
    explanation = EXPLANATIONS[code]
    written = {name: messages.number(value) if isinstance(value, int) else value for name, value in facts.items()}
    return Told(
        code=code,
        happened=messages.gettext(explanation.happened),
        detail=messages.gettext(_reason(code, facts) or explanation.detail(facts), **written),
        kept=messages.gettext(explanation.kept),
        to_do=messages.gettext(explanation.to_do),
    )


def _reason(code: str, facts: Facts) -> str | None:
    sentence = REASONS.get((code, str(facts.get("reason", ""))))
    return sentence if sentence and set(_PLACEHOLDER.findall(sentence)) <= set(facts) else None


def sentence(refusal: WorkspaceError | DraftsError, messages: Messages) -> str:
    """One sentence about a refusal, for a place beside a form's field."""
    return told(code_told(type(refusal)), refusal.facts, messages).detail
