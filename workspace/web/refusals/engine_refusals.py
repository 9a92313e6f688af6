"""What the workspace says of the refusals of the engine, which knows no reader."""

from workspace.web.i18n.marking import N_
from workspace.web.refusals.explanations import NOTHING_CHANGED, STILL_THERE, RefusalExplanation
from workspace.web.refusals.slice_registry import SliceRegistry

REGISTRY = SliceRegistry(
    explanations={
        "drafts.error": RefusalExplanation(
            N_("The text does not allow this"),
            (N_("The change does not fit the text."),),
            STILL_THERE,
            N_("Open the current text and try again."),
        ),
        "drafts.not_text": RefusalExplanation(
            N_("Not a text file"),
            (
                N_("“%(source)s” is not UTF-8: see byte %(offset)s."),
                N_("The file is not UTF-8."),
            ),
            N_("Nothing was imported."),
            N_("Save it as plain text in UTF-8."),
        ),
        "drafts.too_large": RefusalExplanation(
            N_("Too large"),
            (
                N_("Size %(size)s; at most %(limit)s."),
                N_("Larger than allowed."),
            ),
            STILL_THERE,
            N_("Divide it into smaller parts."),
        ),
        "drafts.bad_markdown": RefusalExplanation(
            N_("Unsupported marks"),
            (
                N_("Line %(line)s uses marks that would be lost."),
                N_("It uses marks that would be lost."),
            ),
            STILL_THERE,
            N_("Simplify that line and send it again."),
        ),
        "drafts.missing_text": RefusalExplanation(
            N_("A paragraph lacks a language"),
            (
                N_("A paragraph has no text in “%(language)s”, and no decision says so."),
                N_("A paragraph lacks a text, and no decision says so."),
            ),
            N_("Nothing was published."),
            N_("Translate it, or decide to leave it out."),
        ),
        "drafts.unknown_block": RefusalExplanation(
            N_("No such paragraph"),
            (N_("The paragraph is not in this version of the text."),),
            STILL_THERE,
            N_("Open the current text: it may have been deleted or joined."),
        ),
        "drafts.impossible_change": RefusalExplanation(
            N_("The text does not allow this"),
            (N_("The change does not fit its paragraph."),),
            STILL_THERE,
            N_("Open the current text and try again."),
        ),
        "drafts.bad_exchange": RefusalExplanation(
            N_("File not readable"),
            (
                N_("Unexpected form at line %(line)s."),
                N_("The file has an unexpected form."),
            ),
            N_("Nothing was imported."),
            N_("Save it again as CSV, TMX or XLIFF."),
        ),
        "drafts.bad_note": RefusalExplanation(
            N_("Not a signed checkpoint"),
            (
                N_("The checkpoint or the key cannot be read: %(part)s."),
                N_("The checkpoint or the key cannot be read."),
            ),
            NOTHING_CHANGED,
            N_("Use the file exactly as published."),
        ),
        "drafts.bad_bundle": RefusalExplanation(
            N_("Not a readable bundle"),
            (N_("The file is not an archive, or is damaged."),),
            NOTHING_CHANGED,
            N_("Use the bundle.zip of the edition as published."),
        ),
    },
    reasons={
        ("drafts.impossible_change", "after_itself"): N_("A paragraph cannot follow itself."),
        ("drafts.impossible_change", "no_parts"): N_("Mark at least two parts."),
        ("drafts.impossible_change", "not_neighbours"): N_("Only consecutive paragraphs can be joined."),
        ("drafts.impossible_change", "no_text"): N_("A paragraph cannot be empty: delete it instead."),
        ("drafts.impossible_change", "cannot_divide"): N_("Tables, notes and code blocks cannot be split."),
        ("drafts.impossible_change", "untranslated"): N_("No text in this language yet."),
        ("drafts.impossible_change", "id_taken"): N_("The id of the new paragraph is already used."),
        ("drafts.impossible_change", "other_base"): N_("The change is for another version of the text."),
        ("drafts.impossible_change", "untold"): N_("These changes cannot be listed one by one: send several files."),
        ("drafts.bad_bundle", "not_an_edition"): N_("The archive is not the bundle of an edition."),
        ("drafts.bad_bundle", "too_large"): N_("The archive is too large for a bundle."),
        ("drafts.bad_bundle", "too_many_members"): N_("The archive has too many files for a bundle."),
        ("drafts.bad_bundle", "twice"): N_("The archive holds “%(member)s” twice."),
        ("drafts.bad_bundle", "not_plain"): N_("The archive holds “%(member)s”, not a plain file."),
        ("drafts.bad_bundle", "encrypted"): N_("The archive is encrypted."),
        ("drafts.bad_exchange", "no_languages"): N_("The first line needs two of the columns es, en and fr."),
        ("drafts.bad_exchange", "doubled_column"): N_("Column “%(given)s” twice."),
        ("drafts.bad_exchange", "extra_cells"): N_("Line %(line)s: a cell without heading."),
        ("drafts.bad_exchange", "not_a_table"): N_("Line %(line)s: not a table of values."),
        ("drafts.bad_exchange", "too_long"): N_("Line %(line)s: wording too long."),
        ("drafts.bad_exchange", "not_tmx"): N_("Not a translation memory (TMX 1.4)."),
        ("drafts.bad_exchange", "not_xliff"): N_("Not a translation file (XLIFF 2.1 or 1.2)."),
        ("drafts.bad_exchange", "not_xml"): N_("Damaged file: not XML (line %(line)s)."),
        ("drafts.bad_exchange", "unknown_language"): N_("The file is not in Spanish, English or French."),
        ("drafts.bad_markdown", "in_quotation"): N_("Line %(line)s: a quotation can hold only paragraphs."),
        ("drafts.bad_markdown", "heading_in_list"): N_("Line %(line)s: a heading cannot be inside a list."),
        ("drafts.bad_markdown", "nul"): N_("Line %(line)s: a character that is not text."),
    },
)
