"""Brackets in a Word file: what is contested in a paragraph stands beside it in a comment, because the words of the
text come back from Word as they went out, and a bracket is no word of it.
"""

from collections.abc import Iterator, Sequence

from drafts.blocks import Language
from drafts.formats.docx.entries import Hand, Remark
from drafts.markup import plain
from workspace.amendments import brackets
from workspace.amendments.bracket_views import letter, sponsors, worded
from workspace.amendments.committee_models import Bracket
from workspace.core.db import Db
from workspace.declarations.models import Declaration
from workspace.declarations.queries import BlockRow
from workspace.web.i18n import N_, Messages


def remarks(
    db: Db, declaration: Declaration, rows: Sequence[BlockRow], language: Language, messages: Messages
) -> Iterator[Remark]:
    """A comment on each paragraph that stands in brackets now: its alternatives, and who wants each of them."""
    opened = brackets.open_of(db, declaration)
    for row in rows:
        if row.block_id in opened:
            bracket = opened[row.block_id]
            hand = Hand(messages.gettext(N_("Bracket %(number)s"), number=bracket.number), bracket.opened_at)
            yield Remark(row.id, hand, "\n".join(_lines(bracket, row, language, messages)), language)


def _lines(bracket: Bracket, row: BlockRow, language: Language, messages: Messages) -> Iterator[str]:
    say = messages.gettext
    yield say(
        N_("This whole paragraph is in brackets: it is not decided yet whether it stays.")
        if bracket.is_addition
        else N_("In brackets: it is not decided yet how this paragraph reads.")
    )
    for one in bracket.alternatives[bracket.is_addition :]:
        who = "; ".join(sponsors(one, messages)) or "–"
        text = plain(worded(one, language, row)) or "–"
        yield say(N_("Alternative %(letter)s (%(who)s): %(text)s"), letter=letter(one.position), who=who, text=text)
