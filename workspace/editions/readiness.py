"""What stops publication, said so that somebody can mend it."""

from collections.abc import Collection, Sequence
from uuid import UUID

from msgspec import Struct

from drafts.blocks import Language
from workspace.declarations.naming import Spot, spots
from workspace.editions.override_rules import Named, Obstacle
from workspace.editions.service import Dangling, Unsigned
from workspace.translations.checking import Remark
from workspace.translations.overview import Ways
from workspace.translations.standing import TOLD
from workspace.translations.standings import Standing
from workspace.web.check_sentences import said
from workspace.web.i18n import N_

_DANGLING = N_("It refers to a paragraph that is no longer there, or has no number: correct the reference.")

_CONTRADICTION = N_("Correct the text that is wrong; or let the finding stand, with a reason, where it is no mistake.")


class Stop(Struct, frozen=True):
    """One thing that stops publication: which text, what is the matter with it, and what to do about it."""

    spot: Spot
    language: Language
    name: str  # of the state, or of what else is the matter
    state: str
    to_do: str
    remedy: str
    href: str


class Signatures(Struct, frozen=True):
    """What nobody has signed: how many paragraphs, which languages, and where they are signed."""

    paragraphs: int
    languages: Sequence[Language]
    href: str


def signatures(ways: Ways, unsigned: Sequence[Unsigned]) -> Signatures | None:
    """What is to be signed before publication; None where nothing is."""
    if not unsigned:
        return None
    languages = [one.language for one in unsigned if one.language]
    return Signatures(len(unsigned) - len(languages), languages, ways.concordance())


def stops(
    ways: Ways,
    standings: Sequence[Standing],
    dangling: Sequence[Dangling],
    contradictions: Sequence[Remark] = (),
    *,
    overridden: Collection[Named] = (),
) -> list[Stop]:
    """Everything that stops publication, in the order of the text; not what two people let go out as it is."""
    say = ways.work.messages.gettext
    named = spots([standing.row for standing in standings], ways.work.messages)
    loose: dict[UUID, list[Language]] = {}
    for reference in dangling:
        loose.setdefault(reference.block_id, []).append(reference.language)
    contradicting: dict[UUID, list[Remark]] = {}
    for remark in contradictions:
        contradicting.setdefault(remark.block_id, []).append(remark)
    found = []
    for standing, spot in zip(standings, named, strict=True):
        found += [
            Stop(
                spot=spot,
                language=language,
                name=state.value,
                state=say(TOLD[state].words),
                to_do=say(TOLD[state].to_do),
                remedy=say(TOLD[state].remedy),
                href=ways.translate(spot.block_id, language),
            )
            for language, state in standing.states.items()
            if state.stops_publication and Named(Obstacle.STATE, spot.block_id, language, state.value) not in overridden
        ]
        found += [
            Stop(
                spot=spot,
                language=language,
                name="dangling",
                state=say(N_("a reference leads nowhere")),
                to_do=say(_DANGLING),
                remedy=say(N_("Open the paragraph")),
                href=ways.paragraph(spot.block_id),
            )
            for language in loose.get(spot.block_id, ())
        ]
        found += [
            Stop(
                spot=spot,
                language=remark.language,
                name="contradiction",
                state=said(remark.finding, ways.work.messages),
                to_do=say(_CONTRADICTION),
                remedy=say(N_("Compare")),
                href=_of_text(ways, standing, remark.language),
            )
            for remark in contradicting.get(spot.block_id, ())
        ]
    return found


def _of_text(ways: Ways, standing: Standing, language: Language) -> str:
    """Where a text is mended or the finding let stand: the bench of a translation, also where the original is odd."""
    original = standing.row.original_language
    shown = language if language is not original else next(one for one in Language if one is not original)
    return ways.translate(standing.row.block_id, shown)
