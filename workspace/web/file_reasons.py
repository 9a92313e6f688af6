"""Why a file was not taken in, in one sentence for each code and reason; as `reasons` does for everything else."""

from collections.abc import Mapping

from workspace.web.i18n import N_

FILES: Mapping[tuple[str, str], str] = {
    ("workspace.bad_file", "there_already"): N_("“%(source)s” is there already, and is left as it is."),
    ("drafts.bad_bundle", "not_an_edition"): N_("The archive is not the bundle of an edition."),
    ("drafts.bad_bundle", "too_large"): N_("The archive is far larger than the bundle of an edition."),
    ("drafts.bad_bundle", "too_many_members"): N_("The archive holds more files than the bundle of an edition."),
    ("drafts.bad_bundle", "twice"): N_("The archive holds “%(member)s” twice."),
    ("drafts.bad_bundle", "not_plain"): N_("The archive holds “%(member)s”, which is not a plain file."),
    ("drafts.bad_bundle", "encrypted"): N_("The archive is encrypted."),
    ("workspace.bad_file", "not_a_backup"): N_("“%(source)s” is not a backup of this program."),
    ("workspace.bad_file", "newer_program"): N_("“%(source)s” was made by a newer version of this program."),
    ("workspace.bad_file", "damaged"): N_("“%(source)s” is damaged: its part “%(table)s” is not as it was written."),
    ("workspace.bad_file", "not_restored"): N_(
        "The database did not take what is in “%(source)s”, and nothing of it was kept."
    ),
    ("workspace.bad_file", "row_too_long"): N_("Row %(row)s of “%(source)s” is longer than %(most)s characters."),
    ("workspace.bad_file", "no_answers"): N_("“%(source)s” holds no recommendation and no answer."),
    ("workspace.bad_file", "no_questions"): N_(
        "“%(source)s” has no column called Recommendation, and no questions in its first row."
    ),
    ("workspace.bad_file", "not_bilingual"): N_(
        "“%(source)s” is not a bilingual file that was taken from here: it does not say of which text it is."
    ),
    ("workspace.bad_file", "is_bilingual"): N_(
        "“%(source)s” is a bilingual file: bring it back under “Languages side by side”."
    ),
    ("workspace.bad_file", "not_word"): N_("“%(source)s” is not a Word file: save it as .docx and send it again."),
    ("workspace.bad_file", "not_an_archive"): N_(
        "“%(source)s” is damaged, or is not the kind of file that its name says: save it again, and send that."
    ),
    ("workspace.bad_file", "too_many_members"): N_("“%(source)s” is made of more than %(limit)s parts."),
    ("workspace.bad_file", "unsafe_archive"): N_("“%(source)s” holds parts that no such file needs, or is encrypted."),
    ("workspace.bad_file", "too_large_inflated"): N_("“%(source)s” is far larger unpacked than it looks."),
    ("workspace.bad_file", "not_xml"): N_("“%(source)s” is damaged: one of its parts cannot be read."),
    ("workspace.bad_file", "too_deep"): N_("“%(source)s” is built too deep to be read safely."),
    ("workspace.bad_file", "doctype"): N_("“%(source)s” calls for things outside itself, and is not read."),
    ("workspace.bad_file", "too_many_rows"): N_("“%(source)s” has more than %(most)s rows: divide it."),
    ("workspace.bad_file", "no_rows"): N_("“%(source)s” has headings, and no row with a person under them."),
    ("workspace.bad_file", "not_our_sheet"): N_(
        "“%(source)s” is not the sheet for amendments: download it here, fill it in and keep its headings and keys."
    ),
    ("workspace.bad_file", "nothing_filled_in"): N_("Nothing is filled in: no row of “%(source)s” asks for a change."),
    ("workspace.bad_file", "no_headings"): N_(
        "“%(source)s” has no column that is called Name in its first rows: write headings above the rows."
    ),
    ("workspace.bad_file", "not_a_spreadsheet"): N_(
        "“%(source)s” cannot be read as a spreadsheet: send it as XLSX or CSV."
    ),
    ("workspace.bad_file", "not_there"): N_("“%(source)s” is not there, or cannot be read."),
    ("workspace.bad_file", "not_readable"): N_("“%(source)s” is not there, or cannot be read."),
    ("workspace.bad_file", "not_written"): N_("“%(source)s” cannot be written."),
    ("drafts.bad_exchange", "no_languages"): N_("The first line names no two of the columns es, en and fr."),
    ("drafts.bad_exchange", "not_a_table"): N_("Line %(line)s: this is no table of values."),
    ("drafts.bad_exchange", "too_long"): N_("Line %(line)s: a wording is too long."),
    ("drafts.bad_exchange", "not_tmx"): N_("This is no translation memory (TMX 1.4)."),
    ("drafts.bad_exchange", "not_xliff"): N_("This is no translators’ file (XLIFF 2.1 or 1.2)."),
    ("drafts.bad_exchange", "not_xml"): N_("The file is damaged: it is no XML (line %(line)s)."),
    ("drafts.bad_exchange", "unknown_language"): N_("The file is in another language than Spanish, English or French."),
    ("workspace.bad_file", "another_declaration"): N_("“%(source)s” belongs to another declaration."),
    ("workspace.bad_file", "not_empty"): N_("There is something else in “%(source)s”: name an empty or a new folder."),
    ("workspace.bad_file", "not_a_demo"): N_("“%(source)s” is not of a demonstration, and is left alone."),
    ("workspace.bad_file", "too_large"): N_(
        "“%(source)s” is too large: %(bytes)s bytes, and at most %(most)s can be taken in."
    ),
    ("workspace.bad_file", "too_many_letters"): N_(
        "“%(source)s” is too long: at most %(most)s characters can be taken in. Send it in parts."
    ),
    ("workspace.bad_file", "too_many_lines"): N_("“%(source)s” is too long: at most %(most)s lines can be taken in."),
    ("workspace.bad_file", "binary"): N_("“%(source)s” is not a text file: line %(line)s holds something else."),
    ("workspace.bad_file", "encoding"): N_("“%(source)s” is not in UTF-8: line %(line)s cannot be read."),
    ("workspace.bad_file", "empty"): N_("“%(source)s” is empty."),
    ("workspace.bad_file", "encrypted"): N_(
        "“%(source)s” is locked with a password: save it without one, and send it again."
    ),
    ("workspace.bad_file", "no_text"): N_(
        "“%(source)s” holds no text that can be read: it may be a scan, which must be read by other means first."
    ),
    ("workspace.bad_file", "damaged_file"): N_(
        "“%(source)s” is damaged and cannot be read: open it where it was written, save it again, and send that."
    ),
    ("workspace.bad_file", "too_costly"): N_(
        "“%(source)s” takes more time or memory to read than any ordinary document: divide it, or send its text."
    ),
    ("workspace.bad_file", "too_many_pages"): N_("“%(source)s” has more than %(most)s pages: divide it."),
    ("workspace.bad_file", "unknown_kind"): N_(
        "“%(source)s” is none of the kinds that can be read: text, Markdown, Word (DOCX), OpenDocument (ODT) and PDF."
    ),
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
    ("workspace.bad_file", "bad_row"): N_("“%(source)s” cannot be taken in: row %(row)s of “%(table)s” is damaged."),
    ("workspace.bad_file", "altered"): N_(
        "“%(source)s” was altered: row %(row)s of “%(table)s” does not match its hash."
    ),
    ("workspace.bad_file", "dangling"): N_("“%(source)s” names something that it does not contain."),
    ("workspace.bad_file", "too_many_authors"): N_("“%(source)s” has changes of more than %(most)s people."),
    ("workspace.bad_file", "too_many_file"): N_("“%(source)s” is too large: at most %(most)s bytes can be taken in."),
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
        "“%(source)s”: too many neighbouring paragraphs have changed to be compared. Make the changes in several steps."
    ),
    ("workspace.bad_file", "nul"): N_("“%(source)s”, line %(line)s: there is a character that is no text (NUL)."),
    ("workspace.bad_file", "in_quotation"): N_("“%(source)s”, line %(line)s: a quotation can hold paragraphs only."),
    ("workspace.bad_file", "heading_in_list"): N_("“%(source)s”, line %(line)s: a heading cannot stand inside a list."),
    ("drafts.bad_markdown", "in_quotation"): N_("Line %(line)s: a quotation can hold paragraphs only."),
    ("drafts.bad_markdown", "heading_in_list"): N_("Line %(line)s: a heading cannot stand inside a list."),
    ("drafts.bad_markdown", "nul"): N_("Line %(line)s holds a character that is no text."),
}
