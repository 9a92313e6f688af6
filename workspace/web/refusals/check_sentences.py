"""What each check says to a translator: one sentence for the command line, the pages and the API alike."""

from collections.abc import Mapping

from drafts.checks import Finding, Severity
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import Messages

WHAT: Mapping[str, str] = {
    "acronym_mismatch": N_("An abbreviation is not the one this language uses, or is missing."),
    "authentic_clause": N_("The clauses on authenticity do not say the same in each language."),
    "bracket_mismatch": N_("Brackets are not closed, not opened, or not the same in number."),
    "date_format": N_("A date is not written as this language writes dates."),
    "date_mismatch": N_("Dates or times differ."),
    "defined_term_drift": N_("A term that the text defines is translated otherwise here."),
    "double_space": N_("There are two spaces in a row."),
    "edge_space": N_("There is a space at the beginning or at the end."),
    "empty": N_("There is no translation."),
    "end_punct": N_("The paragraph does not end in the same mark."),
    "enumerator_mismatch": N_("The letter or number of a list differs, or is not written as this language does."),
    "es_inverted": N_("A Spanish question or exclamation is not opened with ¿ or ¡."),
    "footnote_mismatch": N_("The footnotes differ."),
    "fr_spacing": N_("French sets a no-break space before ; : ! ? and inside « »."),
    "glossary_forbidden": N_("The glossary rules this wording out."),
    "glossary_mismatch": N_("The agreed wording of the glossary is not used."),
    "heading_case": N_("A heading in this language takes a capital at the beginning and in names only."),
    "inconsistent_translation": N_("The same source is translated otherwise elsewhere."),
    "invisible_char": N_("There is a character that nobody sees, or that turns the direction of reading."),
    "length_ratio": N_("The translation is much shorter or much longer than its source."),
    "list_order": N_("The list is alphabetical in another language: it may be sorted again in this one."),
    "md_link_mismatch": N_("The links differ."),
    "md_syntax_mismatch": N_("Bold, italics, code or other marks differ, or are not closed."),
    "missing": N_("This paragraph has no text here."),
    "mixed_script": N_("There is a letter of another script that looks like one of this."),
    "modal_mismatch": N_("An order, a piece of advice or a permission has become another."),
    "month_case": N_("Months and days of the week take a capital in English only."),
    "nbsp_missing": N_("A no-break space is due here, so that the line does not break."),
    "negation": N_("Only one of the two texts denies something."),
    "not_concorded": N_("Nobody has signed that the three texts say the same."),
    "not_nfc": N_("Letters and accents are stored apart (not in Unicode NFC)."),
    "number_format": N_("A number is not written as this language writes numbers."),
    "number_mismatch": N_("The numbers differ."),
    "ordinal_format": N_("An ordinal is not written as this language writes ordinals."),
    "percent_spacing": N_("The space before the percent sign is not that of this language."),
    "placeholder_mismatch": N_("The places to be filled in differ."),
    "quote_mismatch": N_("The quotations differ in number, or one is not closed."),
    "quote_style": N_("The quotation marks are not those of this language."),
    "ref_mismatch": N_("The document symbols or references differ."),
    "repeated_word": N_("A word stands twice in a row."),
    "reused_translation": N_("Two different sources have the same translation."),
    "same_as_source": N_("The text is still that of the source language."),
    "sentence_count": N_("Sentences seem to be added or left out."),
    "space_before_punct": N_("There is a space before a mark that takes none, or after an opening bracket."),
    "spelling": N_("The dictionary of this language does not have these words."),
    "stale_source": N_("The text does not follow its original any more."),
    "structure_mismatch": N_("The paragraph is not of the same kind in each language."),
    "tri_number_mismatch": N_("The numbers differ between the three languages."),
    "tri_ref_mismatch": N_("The document symbols or references differ between the three languages."),
    "untranslated_fragment": N_("Some words are still in the source language."),
    "url_mismatch": N_("The addresses differ."),
    "wrong_language": N_("The text is in another language."),
    "xref_dangling": N_("It refers to a paragraph that is not there."),
}
SEVERITIES: Mapping[Severity, str] = {
    Severity.ERROR: N_("Error"),
    Severity.WARNING: N_("Warning"),
    Severity.INFO: N_("Hint"),
}
_SOURCE = N_("In the source: %(words)s.")
_TARGET = N_("In the translation: %(words)s.")
_AT_ISSUE = N_("At issue: %(words)s.")
_AGREED = N_("Agreed: %(words)s.")
_ODD = N_("It is the text in %(language)s that stands alone.")
_BEHIND = N_("The text in %(leading)s is the original and was changed last; behind it: %(languages)s.")
_WHICH = N_("Language: %(language)s.")
_MOST = 4
_OF_LANGUAGE = frozenset({"missing", "stale_source", "xref_dangling", "list_order", "invisible_char", "mixed_script"})


def said(finding: Finding, messages: Messages) -> str:
    """What is the matter, and with which words."""
    say = messages.gettext
    parts = [say(WHAT[finding.check])]
    if finding.odd is not None and finding.behind:
        behind = messages.listed([messages.language_name(language) for language in finding.behind])
        parts.append(say(_BEHIND, leading=messages.language_name(finding.odd), languages=behind))
    elif finding.odd is not None:
        sentence = _WHICH if finding.check in _OF_LANGUAGE else _ODD
        parts.append(say(sentence, language=messages.language_name(finding.odd)))
    if finding.source:
        parts.append(say(_SOURCE, words=_listed(finding.source, messages)))
    if finding.target:
        parts.append(say(_target(finding), words=_listed(finding.target, messages)))
    return " ".join(parts)


def _target(finding: Finding) -> str:
    if finding.check in ("glossary_mismatch", "defined_term_drift"):
        return _AGREED
    return _AT_ISSUE if finding.odd is not None or not finding.source else _TARGET


def _listed(words: tuple[str, ...], messages: Messages) -> str:
    shown = [messages.gettext("“%(words)s”", words=word.strip()) for word in words[:_MOST] if word.strip()]
    return ", ".join(shown) + (" …" if len(words) > _MOST else "")
