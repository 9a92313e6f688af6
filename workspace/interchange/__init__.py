"""Interchange: files in and out."""

from workspace.web.i18n.marking import N_
from workspace.web.refusals.slice_registry import RefusalExplanation, SliceRegistry, Wording

REGISTRY = SliceRegistry(
    explanations={
        "workspace.altered_forum": RefusalExplanation(
            N_("The file was altered"),
            (N_("“%(source)s” does not match its own log: %(count)s rows were altered."), N_("The file was altered.")),
            N_("Nothing was imported."),
            N_("--accept-altered REASON imports it anyway, and the log says so."),
        )
    },
    reasons={
        ("workspace.invalid", "no_language"): N_("Name “%(given)s” like text.es.md, or write es=FILE."),
        ("workspace.invalid", "of_another_text"): N_("This file is of another declaration: import it there."),
        ("workspace.invalid", "not_together"): N_("These conflict, or amend different amendments: submit each alone."),
        ("workspace.invalid", "settled"): N_("This file was already dealt with."),
        ("workspace.invalid", "two_languages"): N_("Choose two or three languages."),
        ("workspace.invalid", "unknown"): N_("“%(given)s” is not in the list."),
        ("workspace.bad_file", "not_bilingual"): N_("“%(source)s” is not a bilingual file from here."),
        ("workspace.bad_file", "is_bilingual"): N_(
            "“%(source)s” is a bilingual file: import it under “Languages side by side”."
        ),
        ("workspace.bad_file", "not_word"): N_("“%(source)s” is not a Word file: save it as .docx."),
        ("workspace.bad_file", "not_our_sheet"): N_("“%(source)s” is not the sheet for amendments: download it here."),
        ("workspace.bad_file", "nothing_filled_in"): N_("No row of “%(source)s” asks for a change."),
        ("workspace.bad_file", "too_many_letters"): N_("“%(source)s” is longer than %(most)s characters: divide it."),
        ("workspace.bad_file", "too_many_lines"): N_("“%(source)s” is longer than %(most)s lines: divide it."),
        ("workspace.bad_file", "pdf"): N_("“%(source)s” is a PDF: send it as Word, OpenDocument or text."),
        ("workspace.bad_file", "binary"): N_("“%(source)s” is not a text file (line %(line)s)."),
        ("workspace.bad_file", "encoding"): N_("“%(source)s” is not in UTF-8 (line %(line)s)."),
        ("workspace.bad_file", "encrypted"): N_("“%(source)s” is locked with a password: save it without one."),
        ("workspace.bad_file", "no_text"): N_("“%(source)s” has no readable text: convert a scan to text first."),
        ("workspace.bad_file", "too_many_pages"): N_("“%(source)s” has more than %(most)s pages: divide it."),
        ("workspace.bad_file", "old_word"): N_("“%(source)s” is in an old Word format: save it as .docx."),
        ("workspace.bad_file", "outlook_message"): N_("“%(source)s” is an Outlook message (.msg): save it as .eml."),
        ("workspace.bad_file", "has_macros"): N_("“%(source)s” has macros: save it as .docx."),
        ("workspace.bad_file", "not_pairs"): N_("“%(source)s” is not a list of pairs: see %(place)s."),
        ("workspace.bad_file", "not_a_forum_file"): N_("“%(source)s” is not a forum file."),
        ("workspace.bad_file", "bad_row"): N_(
            "“%(source)s” cannot be imported: row %(row)s of “%(table)s” is damaged."
        ),
        ("workspace.bad_file", "dangling"): N_("“%(source)s” refers to something it does not contain."),
        ("workspace.bad_file", "too_many_authors"): N_("“%(source)s” has changes of more than %(most)s people."),
        ("workspace.bad_file", "too_many_file"): N_("“%(source)s” is larger than %(most)s bytes."),
        ("workspace.bad_file", "too_many_glossary"): N_("“%(source)s” has more than %(most)s terms: divide it."),
        ("workspace.bad_file", "too_many_memory"): N_("“%(source)s” has more than %(most)s sentences: divide it."),
        ("workspace.bad_file", "too_many_blocks"): N_("“%(source)s” has %(size)s paragraphs; the limit is %(most)s."),
        ("workspace.bad_file", "too_many_depth"): N_("“%(source)s” has lists nested deeper than %(most)s levels."),
        ("workspace.bad_file", "too_many_brackets"): N_("“%(source)s” has %(size)s square brackets (limit %(most)s)."),
        ("workspace.bad_file", "too_many_text"): N_(
            "A paragraph of “%(source)s” has %(size)s characters: divide it (limit %(most)s)."
        ),
        ("workspace.bad_file", "too_many_comparison"): N_(
            "“%(source)s”: too many words changed in one place: change it in steps."
        ),
        ("workspace.bad_file", "nul"): N_("“%(source)s”, line %(line)s has a character that is not text (NUL)."),
        ("workspace.bad_file", "in_quotation"): N_(
            "“%(source)s”, line %(line)s: a quotation can hold paragraphs only."
        ),
        ("workspace.bad_file", "heading_in_list"): N_(
            "“%(source)s”, line %(line)s: a heading cannot stand inside a list."
        ),
    },
    log_kinds={
        "document.received": N_("Word file imported"),
        "document.settled": N_("Word file dealt with"),
        "mail.received": N_("E-mail with amendments imported"),
        "document.reread": N_("Word file read in another language"),
        "mail.reread": N_("E-mail read in another language"),
        "mail.settled": N_("Dealt with an e-mail"),
        "forum.imported": N_("Forum imported with its history"),
    },
    letters={
        "voting_list": Wording(
            name=N_("Voting list"),
            subject=N_("%(declaration)s: voting list"),
            before=((N_("The amendments to “%(declaration)s” (%(forum)s) are listed as they will be voted on."),),),
            action=N_("Open the voting list"),
            is_announcement=True,
        ),
        "amendments_received": Wording(
            name=N_("Receipt of amendments"),
            subject=N_("%(declaration)s: your message was received"),
            before=(
                (
                    N_(
                        "Your message about “%(declaration)s” (%(forum)s) was submitted in your name. "
                        "Amendment: %(numbers)s."
                    ),
                ),
                (N_("If it is not what you meant, write to the secretariat."),),
            ),
            action=N_("See amendments"),
        ),
    },
)
