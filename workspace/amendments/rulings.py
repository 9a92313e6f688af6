"""The chair's form: what was chosen for each card, and what the service is told."""

from collections.abc import Iterator, Mapping, Sequence

from drafts.amendments import Change
from workspace.amendments import proposals
from workspace.amendments.desk_drafts import Choice
from workspace.amendments.forms import typed_rewording
from workspace.amendments.models import Amendment, Verdict
from workspace.amendments.verdicts import Ruling
from workspace.core.errors import Invalid, NotFound
from workspace.web.i18n import N_

VERDICTS: Mapping[Verdict, str] = {
    Verdict.ADOPT: N_("Accept"),
    Verdict.ADOPT_MODIFIED: N_("Accept modified"),
    Verdict.ADOPT_PARTLY: N_("Accept in part"),
    Verdict.REJECT: N_("Reject"),
    Verdict.REFER: N_("Refer"),
    Verdict.BRACKET: N_("Bracket"),
    Verdict.FALL: N_("Falls"),
    Verdict.HAND_OVER: N_("To the translators"),
}
_FIELD = "verdict-"
ALONE = "alone"  # a button that accepts one card and lets its rivals fall


def choices(data: Mapping[str, str]) -> Sequence[Choice]:
    """The cards of a submitted form for which something was chosen, by number."""
    return sorted(_choices(data), key=lambda choice: choice.number)


def alone(data: Mapping[str, str], value: str) -> Mapping[str, str]:
    """The form with one card accepted and those that cannot stand beside it fallen: "12-9.31" of `ALONE`."""
    number, _, others = value.partition("-")
    fallen = [position for position in others.split(".") if position.isdecimal()] if number.isdecimal() else []
    if not fallen:
        return data
    marked = {**data, f"{_FIELD}{number}": Verdict.ADOPT.value}
    for key in fallen:
        marked |= {f"{_FIELD}{key}": Verdict.FALL.value, f"because-{key}": number}
    return marked


def asked(data: Mapping[str, str]) -> frozenset[int]:
    """The cards that a submitted form has shown, by number, whether or not something was chosen for them."""
    numbers = (field.removeprefix(_FIELD) for field in data if field.startswith(_FIELD))
    return frozenset(int(number) for number in numbers if number.isdecimal())


def _choices(data: Mapping[str, str]) -> Iterator[Choice]:
    verdicts = {str(verdict) for verdict in VERDICTS}
    for field, verdict in data.items():
        number = field.removeprefix(_FIELD)
        if field.startswith(_FIELD) and number.isdecimal() and verdict in verdicts:
            because_of = data.get(f"because-{number}", "").strip()
            yield Choice(
                number=int(number),
                verdict=Verdict(verdict),
                same=tuple(int(one) for one in data.get(f"same-{number}", "").split(",") if one.isdecimal()),
                reason=data.get(f"reason-{number}", ""),
                wording=data.get(f"wording-{number}", ""),
                pieces=tuple(_pieces(data, f"piece-{number}-")),
                keeps_rest_open=data.get(f"rest-{number}") == "open",
                because_of=int(because_of) if because_of.isdecimal() else 0,
            )


def _pieces(data: Mapping[str, str], prefix: str) -> Iterator[int]:
    places = (field.removeprefix(prefix) for field in data if field.startswith(prefix))
    return (int(place) for place in places if place.isdecimal())


def named(chosen: Sequence[Choice]) -> frozenset[int]:
    """The numbers of all the amendments that these choices speak of."""
    return frozenset(number for choice in chosen for number in (choice.number, *choice.same, choice.because_of))


def rulings(chosen: Sequence[Choice], amendments: Mapping[int, Amendment]) -> Sequence[Ruling]:
    """The same for the service: one ruling for each amendment. Raises `NotFound` for a number that is not there."""
    return [_ruling(choice, number, amendments) for choice in chosen for number in (choice.number, *choice.same)]


def _ruling(choice: Choice, number: int, amendments: Mapping[int, Amendment]) -> Ruling:
    amendment = amendments.get(number)
    if amendment is None:
        raise NotFound(what="amendment", id=str(number))
    is_part, falls = choice.verdict is Verdict.ADOPT_PARTLY, choice.verdict is Verdict.FALL
    return Ruling(
        amendment.id,
        choice.verdict,
        choice.reason,
        changes=(_modified(choice, amendment),) if choice.verdict is Verdict.ADOPT_MODIFIED else (),
        pieces=choice.pieces if is_part else (),
        keeps_rest_open=is_part and choice.keeps_rest_open,
        because_of=_cause(choice, amendments).id if falls else None,
    )


def _modified(choice: Choice, amendment: Amendment) -> Change:
    asked = proposals.single_rewording(proposals.changes_of(amendment.own))
    if asked is None or not choice.wording.strip():
        raise Invalid(field=f"wording-{choice.number}", reason="empty")
    return typed_rewording(asked.block, choice.wording)


def _cause(choice: Choice, amendments: Mapping[int, Amendment]) -> Amendment:
    cause = amendments.get(choice.because_of)
    if cause is None:
        raise Invalid(field=f"because-{choice.number}", reason="required")
    return cause
