"""The spreadsheet to fill in: headings, lists to choose from, and notes, in the reader's language."""

import io
from collections.abc import Sequence

from workspace.core.actor import Role
from workspace.core.spreadsheets import MOST_ROWS
from workspace.people.roster_words import COLUMNS
from workspace.web.i18n import LANGUAGES, N_, Messages

HEADINGS = {
    "name": N_("Name"),
    "email": N_("E-mail"),
    "organisation": N_("Organisation"),
    "kind": N_("Kind"),
    "country": N_("Country"),
    "role": N_("Role"),
    "starts_on": N_("First day"),
    "ends_on": N_("Last day"),
    "language": N_("Language"),
}
NOTES = {
    "name": N_("First name and surname. This is needed."),
    "email": N_("Where an invitation goes. It is never shown to other people."),
    "organisation": N_("The body they stand for. One that is not in the register yet is added."),
    "kind": N_("Only for an organisation that is new: city, region, network or other."),
    "country": N_("The name of the country, or its two letters, such as MX."),
    "role": N_("Empty is the role you choose when you send the file."),
    "starts_on": N_("The first day on which the role counts, as 2027-06-10. Empty is from now on."),
    "ends_on": N_("The last day on which the role counts. Empty is without end."),
    "language": N_("The language they are written to in: Spanish, English or French."),
}
KIND_WORDS = (N_("city"), N_("region"), N_("network"), N_("other"))
_WIDTHS = {"name": 30, "email": 30, "organisation": 34, "country": 18, "role": 20}


def template(messages: Messages, roles: Sequence[tuple[Role, str]]) -> bytes:
    """An XLSX file with `roles` (and what they are called) to choose from. Its words are recognised when it returns."""
    import xlsxwriter  # noqa: PLC0415  (as in `core.sheets`)

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    people, notes = book.add_worksheet(messages.gettext("People")), book.add_worksheet(messages.gettext("Notes"))
    choices = {
        "kind": [messages.gettext(word) for word in KIND_WORDS],
        "role": [words for _, words in roles],
        "language": [messages.language_name(language) for language in LANGUAGES],
    }
    people.freeze_panes(1, 0)
    notes.set_column(0, 0, 20)
    notes.set_column(1, 1, 80)
    for place, column in enumerate(COLUMNS):
        heading = messages.gettext(HEADINGS[column])
        people.write_string(0, place, heading, bold)
        is_day = column in {"starts_on", "ends_on"}
        people.set_column(place, place, _WIDTHS.get(column, 14), day if is_day else None)
        if column in choices:
            people.data_validation(
                1, place, MOST_ROWS, place, {"validate": "list", "source": choices[column], "error_type": "information"}
            )
        notes.write_string(place, 0, heading, bold)
        notes.write_string(place, 1, messages.gettext(NOTES[column]), wrapped)
    book.close()
    return buffer.getvalue()
