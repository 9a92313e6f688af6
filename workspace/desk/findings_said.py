"""What does not add up in a note, in the reader's language.

The notes keep each finding as one English sentence, which programs get as it is. Here stands every such sentence with
its places for facts; a page finds the one that fits, and says it in the language of the page with the same facts.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from workspace.web.i18n import N_, Messages

FINDINGS = (
    N_("Different durations: %(lengths)s."),
    N_("The agenda adds up to %(sum)s minutes, not %(lengths)s."),
    N_("The agenda goes on until %(last)s, the session ends at %(end)s."),
    N_("The agenda begins at %(first)s, the session at %(start)s."),
    N_("Nothing stands between %(before)s and %(after)s."),
    N_("One item ends at %(before)s, the next begins at %(after)s."),
    N_("%(section)s: %(count)s words for a limit of %(most)s."),
    N_("%(section)s: nothing stands in this section."),
    N_("%(day)s is not the day of the week that is named."),
    N_("The date has no year."),
    N_("Local time without an offset from UTC."),
    N_("The same time in two zones is two different moments."),
    N_("Times are given at %(offset)s, while clocks in %(country)s stand at %(clocks)s then."),
    N_("The form's list of types stands as it was."),
    N_("%(open)s of %(every)s speakers are still to be confirmed."),
    N_("Registration is required, but nothing says where or until when."),
    N_("The programme and the note call the session by different titles."),
    N_("The programme lists a session that no note describes."),
    N_("The programme and the note give different times for one session."),
    N_("A day of the programme stands after a later one."),
    N_("The session was to end at %(end)s, and ended at %(closed)s."),
    N_("Something is left to be filled in."),
    N_("A link has lost its address."),
    N_("%(title)s is no agenda that is known; the 2030 Agenda may be meant."),
    N_("There are %(number)s of them."),
    N_("“%(cited)s” is cited; the title is “%(title)s” (%(year)s)."),
    N_("“%(title)s” was adopted in %(year)s."),
    N_("The years of “%(title)s” are %(years)s."),
    N_("One title in two wordings: “%(one)s” and “%(other)s”."),
    N_("%(label)s has more than one title."),
    N_("One name in several forms: %(forms)s."),
    N_("One name with and without its accents: %(forms)s."),
    N_("One name with capitals and without."),
    N_("One city under several names: %(forms)s."),
    N_("%(count)s names that hold “%(name)s”."),
    N_("%(name)s is spelled out in more than one way."),
    N_("One word in several spellings: %(forms)s."),
    N_("One sentence in two versions."),
    N_("The same words stand in more than one place."),
    N_("Two lists of %(number)s %(noun)s differ."),
    N_("“%(noun)s” is counted as %(numbers)s."),
    N_("%(number)s projects are announced, and %(found)s are described."),
    N_("%(number)s %(noun)s are announced, and %(found)s stand in the list."),
    N_("%(number)s %(noun)s are announced, and %(found)s follow."),
    N_("A date that depends on when the note was written."),
    N_("%(minutes)s minutes without a break."),
    N_("One session begins at the moment the one before it ends."),
    N_("A day of the agenda lies outside %(days)s."),
    N_("A session lies outside %(days)s."),
    N_("%(name)s moderates and speaks."),
    N_("%(name)s moderates and is not in the list of participants."),
    N_("%(count)s speakers in %(minutes)s minutes."),
    N_("One person stands under two items of the agenda."),
    N_("The text says that something else comes first than the agenda does."),
    N_("An opening that is not on the first day."),
    N_("%(name)s is named as a partner and is not among the organisers."),
    N_("Words that scanning has probably spoiled."),
    N_("Slips of the pen."),
    N_("The form speaks another language here."),
    N_("The year has two digits."),
    N_("Languages are named by codes of different kinds."),
    N_("Marks of a lost table or page stand in the text."),
    N_("An address that is probably misspelled."),
)
LENGTHS = (
    N_("%(minutes)s minutes stated"),
    N_("%(minutes)s minutes in the text"),
    N_("%(minutes)s minutes by the clock"),
)
PLACE = re.compile(r"%\((\w+)\)s")
JOINTS = re.compile(r" or | and as ")  # between numbers


def said(description: str, messages: Messages) -> str:
    """A finding in the language of `messages`; a sentence that no version of the reader wrote stays as it is."""
    for message, form in _forms(FINDINGS):
        if found := form.fullmatch(description):
            return messages.gettext(message, **_facts(found.groupdict(), messages))
    return description


def is_known(description: str) -> bool:
    """Whether a page can say this finding in every language."""
    return any(form.fullmatch(description) for _, form in _forms(FINDINGS))


def _facts(facts: Mapping[str, str], messages: Messages) -> dict[str, str]:
    return {
        name: ", ".join(_lengths(fact, messages)) if name == "lengths" else _numbers(name, fact)
        for name, fact in facts.items()
    }


def _numbers(name: str, fact: str) -> str:
    return JOINTS.sub(" / ", fact) if name in {"numbers", "clocks"} else fact


def _lengths(told: str, messages: Messages) -> Iterator[str]:
    """The parts of "70 minutes stated, 90 minutes by the clock", each said; numbers alone as they are."""
    for part in JOINTS.sub(" / ", told).split(", "):
        pairs = ((message, form.fullmatch(part)) for message, form in _forms(LENGTHS))
        yield next((messages.gettext(message, **found.groupdict()) for message, found in pairs if found), part)


@cache
def _forms(every: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each sentence with the pattern that finds its facts again."""
    return tuple((message, re.compile(PLACE.sub(r"(?P<\1>.+?)", _escaped(message)), re.DOTALL)) for message in every)


def _escaped(message: str) -> str:
    """The sentence as a pattern, its places for facts left as they are."""
    parts = PLACE.split(message)
    return "".join(re.escape(part) if number % 2 == 0 else f"%({part})s" for number, part in enumerate(parts))
