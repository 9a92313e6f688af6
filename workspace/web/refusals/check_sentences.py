"""What each check says to a translator: one sentence for the command line, the pages and the API alike."""

from collections.abc import Mapping

from drafts.checks import Finding, Severity
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import Messages

WHAT: Mapping[str, str] = {
    "acronym_mismatch": N_("Abbreviation missing, or of another language."),
    "authentic_clause": N_("The authenticity clauses differ."),
    "bracket_mismatch": N_("Brackets unbalanced or different in number."),
    "date_format": N_("Date format of another language."),
    "date_mismatch": N_("Dates or times differ."),
    "defined_term_drift": N_("Defined term translated differently."),
    "double_space": N_("Two spaces in a row."),
    "edge_space": N_("Space at beginning or end."),
    "empty": N_("No translation."),
    "end_punct": N_("Final punctuation differs."),
    "enumerator_mismatch": N_("List letter or number differs, or is of another language."),
    "es_inverted": N_("Opening ¿ or ¡ missing."),
    "footnote_mismatch": N_("Footnotes differ."),
    "fr_spacing": N_("No-break space missing before ; : ! ? or inside « »."),
    "glossary_forbidden": N_("Wording excluded by the glossary."),
    "glossary_mismatch": N_("Glossary wording not used."),
    "heading_case": N_("Heading: capital only at the beginning and in names."),
    "inconsistent_translation": N_("Same source translated differently elsewhere."),
    "invisible_char": N_("Character invisible, or reversing the reading direction."),
    "length_ratio": N_("Much shorter or longer than the source."),
    "limit_mismatch": N_("Limits differ."),
    "list_order": N_("List in the alphabetical order of another language."),
    "meaning_mismatch": N_("Meanings differ."),
    "md_link_mismatch": N_("Links differ."),
    "md_syntax_mismatch": N_("Marks (bold, italics …) differ or are not closed."),
    "missing": N_("No text here."),
    "mixed_script": N_("Letter of another script that looks alike."),
    "modal_mismatch": N_("Obligation, advice or permission changed."),
    "month_case": N_("Month or day with a capital."),
    "name_mismatch": N_("Names differ."),
    "nbsp_missing": N_("No-break space missing."),
    "negation": N_("Negation in only one text."),
    "not_concorded": N_("Concordance not signed."),
    "not_nfc": N_("Letters and accents stored apart (not Unicode NFC)."),
    "number_format": N_("Number format of another language."),
    "number_mismatch": N_("Numbers differ."),
    "omission": N_("Words seem added or left out."),
    "ordinal_format": N_("Ordinal format of another language."),
    "percent_spacing": N_("Percent sign spaced as in another language."),
    "placeholder_mismatch": N_("Places to fill in differ."),
    "quote_mismatch": N_("Quotations differ in number, or are not closed."),
    "quote_style": N_("Quotation marks of another language."),
    "ref_mismatch": N_("References differ."),
    "repeated_word": N_("Word repeated."),
    "reused_translation": N_("Two sources, one translation."),
    "same_as_source": N_("Still in the source language."),
    "sentence_count": N_("Sentences seem added or left out."),
    "space_before_punct": N_("Space before a mark, or after an opening bracket."),
    "spelling": N_("Not in the dictionary."),
    "stale_source": N_("Out of date: the original has changed."),
    "structure_mismatch": N_("Kind of paragraph differs."),
    "tri_number_mismatch": N_("Numbers differ between languages."),
    "tri_ref_mismatch": N_("References differ between languages."),
    "unit_mismatch": N_("Units differ."),
    "untranslated_fragment": N_("Some words in the source language."),
    "url_mismatch": N_("Addresses differ."),
    "wrong_language": N_("Text in another language."),
    "xref_dangling": N_("Reference to a missing paragraph."),
}
SEVERITIES: Mapping[Severity, str] = {
    Severity.ERROR: N_("Error"),
    Severity.WARNING: N_("Warning"),
    Severity.INFO: N_("Hint"),
}
_SOURCE = N_("Source: %(words)s.")
_TARGET = N_("Translation: %(words)s.")
_AT_ISSUE = N_("At issue: %(words)s.")
_AGREED = N_("Agreed: %(words)s.")
_ODD = N_("Differs: %(language)s.")
_BEHIND = N_("Original, changed last: %(leading)s; to update: %(languages)s.")
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
