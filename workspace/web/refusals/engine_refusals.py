"""What the workspace says of the refusals of the engine, which knows no reader."""

from workspace.web.i18n.marking import N_
from workspace.web.refusals.explanations import NOTHING_CHANGED, STILL_THERE, RefusalExplanation
from workspace.web.refusals.slice_registry import SliceRegistry

REGISTRY = SliceRegistry(
    explanations={
        "drafts.error": RefusalExplanation(
            N_("The text cannot take this"),
            (N_("The change does not fit the text."),),
            STILL_THERE,
            N_("Open the current text and try again from there."),
        ),
        "drafts.not_text": RefusalExplanation(
            N_("This file is not text"),
            (
                N_("“%(source)s” is not UTF-8 text: the byte at position %(offset)s cannot be read."),
                N_("The file is not UTF-8 text."),
            ),
            N_("Nothing was imported."),
            N_("Save the file as plain text in UTF-8, and send it again."),
        ),
        "drafts.too_large": RefusalExplanation(
            N_("This is too large"),
            (
                N_("The size is %(size)s, and at most %(limit)s can be taken."),
                N_("It is larger than what can be taken."),
            ),
            STILL_THERE,
            N_("Divide it into smaller parts, and send them one by one."),
        ),
        "drafts.bad_markdown": RefusalExplanation(
            N_("Part of this text cannot be kept"),
            (
                N_("Line %(line)s uses marks that cannot be kept without losing something."),
                N_("It uses marks that cannot be kept without losing something."),
            ),
            STILL_THERE,
            N_("Write that line more simply, and send it again."),
        ),
        "drafts.missing_text": RefusalExplanation(
            N_("A paragraph has no text in one language"),
            (
                N_("The edition cannot be made: a paragraph has no text in “%(language)s”, and nobody decided that."),
                N_("The edition cannot be made: a paragraph lacks a text, and nobody decided that."),
            ),
            N_("Nothing was published."),
            N_("Translate the paragraph, or decide that it has no text in that language."),
        ),
        "drafts.unknown_block": RefusalExplanation(
            N_("That paragraph is not in this text"),
            (N_("The change names a paragraph that this version of the text does not have."),),
            STILL_THERE,
            N_("Open the current text: the paragraph may have been deleted, or joined with another."),
        ),
        "drafts.impossible_change": RefusalExplanation(
            N_("The text cannot take this change"),
            (N_("The change does not fit the paragraph that it was made for."),),
            STILL_THERE,
            N_("Open the paragraph in the current text, and make the change there."),
        ),
        "drafts.bad_exchange": RefusalExplanation(
            N_("This file could not be read"),
            (
                N_("There is a problem at line %(line)s of the file: it is not of the form that was expected."),
                N_("The file is not of the form that was expected."),
            ),
            N_("Nothing was taken in, and your file is unchanged."),
            N_("Save it again from the program it came from, as CSV, TMX or XLIFF, and send it once more."),
        ),
        "drafts.bad_note": RefusalExplanation(
            N_("This is not a signed checkpoint"),
            (
                N_("The checkpoint or the key cannot be read: something is the matter with its %(part)s."),
                N_("The checkpoint or the key cannot be read."),
            ),
            NOTHING_CHANGED,
            N_("Take the file as it was sent or published, without changing a character, and try again."),
        ),
        "drafts.bad_bundle": RefusalExplanation(
            N_("This is not a bundle that can be read"),
            (N_("The file is not an archive, or it is damaged."),),
            NOTHING_CHANGED,
            N_("Take the bundle.zip of the edition as it was published, and try again."),
        ),
    },
    reasons={
        ("drafts.impossible_change", "after_itself"): N_("A paragraph cannot stand after itself."),
        ("drafts.impossible_change", "no_parts"): N_("To divide a paragraph, mark at least two parts."),
        ("drafts.impossible_change", "not_neighbours"): N_("Only paragraphs that follow one another can be joined."),
        ("drafts.impossible_change", "no_text"): N_("A paragraph cannot be empty: propose to delete it instead."),
        ("drafts.impossible_change", "cannot_divide"): N_("A table, a note or a code block is kept whole."),
        ("drafts.impossible_change", "untranslated"): N_("The paragraph has no text in this language yet."),
        ("drafts.impossible_change", "id_taken"): N_("The id given to a new paragraph is that of another one."),
        ("drafts.impossible_change", "other_base"): N_("The change was made for another version of the text."),
        ("drafts.impossible_change", "untold"): N_(
            "These changes cannot be told one by one: send them in several files."
        ),
        ("drafts.bad_bundle", "not_an_edition"): N_("The archive is not the bundle of an edition."),
        ("drafts.bad_bundle", "too_large"): N_("The archive is far larger than the bundle of an edition."),
        ("drafts.bad_bundle", "too_many_members"): N_("The archive holds more files than the bundle of an edition."),
        ("drafts.bad_bundle", "twice"): N_("The archive holds “%(member)s” twice."),
        ("drafts.bad_bundle", "not_plain"): N_("The archive holds “%(member)s”, which is not a plain file."),
        ("drafts.bad_bundle", "encrypted"): N_("The archive is encrypted."),
        ("drafts.bad_exchange", "no_languages"): N_("The first line names no two of the columns es, en and fr."),
        ("drafts.bad_exchange", "doubled_column"): N_("The column “%(given)s” stands twice."),
        ("drafts.bad_exchange", "extra_cells"): N_("Line %(line)s has a cell without a heading."),
        ("drafts.bad_exchange", "not_a_table"): N_("Line %(line)s: this is no table of values."),
        ("drafts.bad_exchange", "too_long"): N_("Line %(line)s: a wording is too long."),
        ("drafts.bad_exchange", "not_tmx"): N_("This is no translation memory (TMX 1.4)."),
        ("drafts.bad_exchange", "not_xliff"): N_("This is no translators’ file (XLIFF 2.1 or 1.2)."),
        ("drafts.bad_exchange", "not_xml"): N_("The file is damaged: it is no XML (line %(line)s)."),
        ("drafts.bad_exchange", "unknown_language"): N_(
            "The file is in another language than Spanish, English or French."
        ),
        ("drafts.bad_markdown", "in_quotation"): N_("Line %(line)s: a quotation can hold paragraphs only."),
        ("drafts.bad_markdown", "heading_in_list"): N_("Line %(line)s: a heading cannot stand inside a list."),
        ("drafts.bad_markdown", "nul"): N_("Line %(line)s holds a character that is no text."),
    },
)
