"""The chair's form: what was chosen for each card, and what the service is told."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from drafts.amendments import Change
from workspace.amendments import proposals
from workspace.amendments.forms import typed_rewording
from workspace.amendments.models import Amendment, Verdict
from workspace.amendments.service import Ruling
from workspace.core.errors import Invalid, NotFound
from workspace.web.i18n import N_

VERDICTS: Mapping[Verdict, str] = {
    Verdict.ADOPT: N_("Accept"),
    Verdict.ADOPT_MODIFIED: N_("Accept modified"),
    Verdict.REJECT: N_("Reject"),
    Verdict.REFER: N_("Refer"),
    Verdict.HAND_OVER: N_("To the translators"),
}
_FIELD = "verdict-"


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen for one card: for the amendment `number` and for `same`, which ask for the very same."""

    number: int
    same: tuple[int, ...]
    verdict: Verdict
    reason: str
    wording: str


def choices(data: Mapping[str, str]) -> Sequence[Choice]:
    """The cards of a submitted form for which something was chosen, by number."""
    return sorted(_choices(data), key=lambda choice: choice.number)


def _choices(data: Mapping[str, str]) -> Iterator[Choice]:
    verdicts = {str(verdict) for verdict in VERDICTS}
    for field, verdict in data.items():
        number = field.removeprefix(_FIELD)
        if field.startswith(_FIELD) and number.isdecimal() and verdict in verdicts:
            yield Choice(
                number=int(number),
                same=tuple(int(one) for one in data.get(f"same-{number}", "").split(",") if one.isdecimal()),
                verdict=Verdict(verdict),
                reason=data.get(f"reason-{number}", ""),
                wording=data.get(f"wording-{number}", ""),
            )


def rulings(chosen: Sequence[Choice], amendments: Mapping[int, Amendment]) -> Sequence[Ruling]:
    """The same for the service: one ruling for each amendment. Raises `NotFound` for a number that is not there."""
    return [_ruling(choice, number, amendments) for choice in chosen for number in (choice.number, *choice.same)]


def _ruling(choice: Choice, number: int, amendments: Mapping[int, Amendment]) -> Ruling:
    amendment = amendments.get(number)
    if amendment is None:
        raise NotFound(what="amendment", id=str(number))
    changes = (_modified(choice, amendment),) if choice.verdict is Verdict.ADOPT_MODIFIED else ()
    return Ruling(amendment.id, choice.verdict, choice.reason, changes)


def _modified(choice: Choice, amendment: Amendment) -> Change:
    asked = proposals.single_rewording(proposals.changes_of(amendment.own))
    if asked is None or not choice.wording.strip():
        raise Invalid(field=f"wording-{choice.number}", reason="empty")
    return typed_rewording(asked.block, choice.wording)
