"""What interchange adds to the application: reasons for refusals, kinds of log entries, letters."""

from workspace.web.i18n.marking import N_
from workspace.web.refusals.explanations import RefusalExplanation
from workspace.web.refusals.letter_wording import Wording
from workspace.web.refusals.slice_registry import SliceRegistry

REGISTRY = SliceRegistry(
    explanations={
        "workspace.altered_forum": RefusalExplanation(
            N_("The file was altered"),
            (N_("“%(source)s” is not as its own log says: %(count)s rows were altered."), N_("The file was altered.")),
            N_("Nothing was imported."),
            N_("--accept-altered REASON takes it in all the same, and the log says so."),
        ),
    },
    reasons={
        ("workspace.invalid", "no_language"): N_(
            "The name of “%(given)s” does not say its language: end it in .es.md, .en.md or .fr.md, or write es=FILE."
        ),
        ("workspace.invalid", "of_another_text"): N_("This file was made from another declaration: bring it in there."),
        ("workspace.invalid", "not_together"): N_("These conflict, or amend different amendments: file each alone."),
        ("workspace.invalid", "settled"): N_("What this file says has been settled already."),
        ("workspace.invalid", "two_languages"): N_("Choose two or three languages."),
        ("workspace.invalid", "unknown"): N_("“%(given)s” is not in the list."),
        ("workspace.bad_file", "not_bilingual"): N_(
            "“%(source)s” is not a bilingual file that was taken from here: it does not say of which text it is."
        ),
        ("workspace.bad_file", "is_bilingual"): N_(
            "“%(source)s” is a bilingual file: bring it back under “Languages side by side”."
        ),
        ("workspace.bad_file", "not_word"): N_("“%(source)s” is not a Word file: save it as .docx and send it again."),
        ("workspace.bad_file", "not_our_sheet"): N_(
            "“%(source)s” is not the sheet for amendments: download it here, fill it in and keep its headings and keys."
        ),
        ("workspace.bad_file", "nothing_filled_in"): N_(
            "Nothing is filled in: no row of “%(source)s” asks for a change."
        ),
        ("workspace.bad_file", "too_many_letters"): N_(
            "“%(source)s” is too long: at most %(most)s characters can be taken in. Send it in parts."
        ),
        ("workspace.bad_file", "too_many_lines"): N_(
            "“%(source)s” is too long: at most %(most)s lines can be taken in."
        ),
        ("workspace.bad_file", "binary"): N_("“%(source)s” is not a text file: line %(line)s holds something else."),
        ("workspace.bad_file", "encoding"): N_("“%(source)s” is not in UTF-8: line %(line)s cannot be read."),
        ("workspace.bad_file", "encrypted"): N_(
            "“%(source)s” is locked with a password: save it without one, and send it again."
        ),
        ("workspace.bad_file", "no_text"): N_(
            "“%(source)s” holds no text that can be read: it may be a scan, which must be read by other means first."
        ),
        ("workspace.bad_file", "too_many_pages"): N_("“%(source)s” has more than %(most)s pages: divide it."),
        ("workspace.bad_file", "old_word"): N_(
            "“%(source)s” is in an old format of Word: save it as DOCX, and send it again."
        ),
        ("workspace.bad_file", "outlook_message"): N_(
            "“%(source)s” is a message in Outlook’s own format (.msg): save it as .eml or as text, or paste its words."
        ),
        ("workspace.bad_file", "has_macros"): N_(
            "“%(source)s” holds macros, which are not taken in: save it as .docx, and send it again."
        ),
        ("workspace.bad_file", "not_pairs"): N_(
            "“%(source)s” is not a list of pairs to check: what stands at %(place)s is not what belongs there."
        ),
        ("workspace.bad_file", "not_a_forum_file"): N_("“%(source)s” is not a forum file of this program."),
        ("workspace.bad_file", "bad_row"): N_(
            "“%(source)s” cannot be taken in: row %(row)s of “%(table)s” is damaged."
        ),
        ("workspace.bad_file", "dangling"): N_("“%(source)s” names something that it does not contain."),
        ("workspace.bad_file", "too_many_authors"): N_("“%(source)s” has changes of more than %(most)s people."),
        ("workspace.bad_file", "too_many_file"): N_(
            "“%(source)s” is too large: at most %(most)s bytes can be taken in."
        ),
        ("workspace.bad_file", "too_many_glossary"): N_("“%(source)s” has more than %(most)s terms: divide it."),
        ("workspace.bad_file", "too_many_memory"): N_("“%(source)s” has more than %(most)s sentences: divide it."),
        ("workspace.bad_file", "too_many_blocks"): N_(
            "“%(source)s” has %(size)s paragraphs, and at most %(most)s can be taken in."
        ),
        ("workspace.bad_file", "too_many_depth"): N_(
            "“%(source)s” has lists inside lists, deeper than %(most)s: that is deeper than can be kept."
        ),
        ("workspace.bad_file", "too_many_brackets"): N_(
            "“%(source)s” has %(size)s square brackets, and at most %(most)s can be taken in."
        ),
        ("workspace.bad_file", "too_many_text"): N_(
            "A paragraph of “%(source)s” has %(size)s characters: divide it, %(most)s can be compared at most."
        ),
        ("workspace.bad_file", "too_many_comparison"): N_(
            "“%(source)s”: too many words have changed in one place to be compared. Make the changes in several steps."
        ),
        ("workspace.bad_file", "too_many_paragraphs"): N_(
            "“%(source)s”: too many neighbouring paragraphs have changed to be compared. Make the changes "
            "in several steps."
        ),
        ("workspace.bad_file", "nul"): N_("“%(source)s”, line %(line)s: there is a character that is no text (NUL)."),
        ("workspace.bad_file", "in_quotation"): N_(
            "“%(source)s”, line %(line)s: a quotation can hold paragraphs only."
        ),
        ("workspace.bad_file", "heading_in_list"): N_(
            "“%(source)s”, line %(line)s: a heading cannot stand inside a list."
        ),
    },
    log_kinds={
        "document.received": N_("Brought in a Word file that came back"),
        "document.settled": N_("Settled what a Word file that came back proposes"),
        "mail.received": N_("Brought in a mail that proposes amendments"),
        "document.reread": N_("Read a Word file that came back in another language"),
        "mail.reread": N_("Read a mail in another language"),
        "mail.settled": N_("Settled what a mail proposes"),
        "forum.imported": N_("Brought the forum over from another workspace, with its history"),
    },
    letters={
        "amendments_received": Wording(
            name=N_("Receipt of amendments"),
            subject=N_("%(declaration)s: what you sent was received"),
            before=(
                (
                    N_(
                        "What you sent about “%(declaration)s” (%(forum)s) was received. "
                        "It is on record in your name. Number of the amendment, or of each: %(numbers)s."
                    ),
                ),
                (N_("Please look whether it says what you meant; if it does not, tell the secretariat."),),
            ),
            action=N_("See what was filed"),
        ),
    },
)
