"""Asking about paragraphs that could not be put beside one another with confidence, before anything is stored."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from drafts.aligning import Choice, choices
from drafts.alignment import Doubt, Row, doubtful
from drafts.blocks import Language
from drafts.markup import plain
from workspace.core.db import Db
from workspace.declarations.creating import Form
from workspace.declarations.frame import header
from workspace.people.frame import forum_frame
from workspace.web.i18n import N_, Messages
from workspace.web.pages import Page
from workspace.web.services import Work

_SAID: Mapping[Doubt, str] = {
    Doubt.WEAK: N_("Do these say the same? Little but their place speaks for it."),
    Doubt.SPLIT: N_("One paragraph here seems to be two in another language."),
    Doubt.ALONE: N_("Not every language has this paragraph, as it seems."),
}
_CHOICES: Mapping[Choice, str] = {
    Choice.KEEP: N_("They say the same"),
    Choice.APART: N_("%(language)s says something else: a paragraph of its own"),
    Choice.ABOVE: N_("It belongs to the paragraph above"),
    Choice.BELOW: N_("It belongs to the paragraph below"),
}
_ANSWERS: Mapping[Choice, str] = {
    Choice.ABOVE: N_("It says the same as the paragraph above"),
    Choice.BELOW: N_("It says the same as the paragraph below"),
}
_MISSING = N_("It is missing there, for a translator to write")


class DoubtfulRow(Struct, frozen=True):
    """A row to decide about, between its neighbours; `options` are values of the form with their words."""

    index: int
    said: str
    above: Mapping[Language, str]
    below: Mapping[Language, str]
    texts: Mapping[Language, str]
    options: Sequence[tuple[str, str]]


class AligningPage(Page, frozen=True, kw_only=True):
    form: Form
    rows: Sequence[DoubtfulRow]
    languages: Sequence[Language]
    total: int


def aligning_page(db: Db, forum: str, rows: Sequence[Row], form: Form, *, work: Work) -> AligningPage:
    """The doubtful rows of the texts in `form`."""
    languages = list(form.texts)
    return AligningPage(
        place=header(db, forum_frame(db, forum, work=work), work=work),
        here="forum",
        form=form,
        rows=[_shown(rows, index, len(languages), work.messages) for index in doubtful(rows)],
        languages=languages,
        total=len(rows),
    )


def decided_in(values: Sequence[str]) -> dict[int, Choice]:
    """What a form says of each row; what no form of ours sends decides nothing."""
    pairs = [value.partition(" ") for value in values]
    return {int(index): Choice(choice) for index, _, choice in pairs if index.isdecimal() and choice in set(Choice)}


def _shown(rows: Sequence[Row], index: int, languages: int, messages: Messages) -> DoubtfulRow:
    row = rows[index]
    return DoubtfulRow(
        index=index,
        said=messages.gettext(_SAID[row.doubt or Doubt.WEAK]),
        above=_texts(rows[index - 1]) if index else {},
        below=_texts(rows[index + 1]) if index + 1 < len(rows) else {},
        texts=_texts(row),
        options=[(f"{index} {one}", _words(one, rows, index, languages, messages)) for one in choices(rows, index)],
    )


def _words(choice: Choice, rows: Sequence[Row], index: int, languages: int, messages: Messages) -> str:
    row = rows[index]
    if choice is Choice.KEEP and len(row.blocks) < languages:
        return messages.gettext(_MISSING)
    if choice is Choice.APART and row.odd is not None:
        return messages.gettext(_CHOICES[choice], language=messages.language_name(row.odd))
    if choice in _ANSWERS:
        beside = rows[index - 1] if choice is Choice.ABOVE else rows[index + 1]
        if row.blocks.keys().isdisjoint(beside.blocks):
            return messages.gettext(_ANSWERS[choice])
    return messages.gettext(_CHOICES[choice])


def _texts(row: Row) -> Mapping[Language, str]:
    return {language: plain(block.text) for language, block in row.blocks.items()}
