"""What the chair reads after a round of decisions: what is in the text now, in which revision, and what still waits."""

from collections.abc import Iterator, Sequence

from workspace.amendments.models import Outcome, Verdict
from workspace.amendments.verdicts import Adoption
from workspace.web.i18n import Messages

MOST_NAMED = 12  # amendments whose numbers are said; of more, how many
_IN_THE_TEXT = frozenset({Outcome.APPLIED, Outcome.PARTLY, Outcome.INCLUDED})
_TAKEN = frozenset({Outcome.TAKEN})
WAITING = frozenset({Outcome.WAITS, Outcome.PARTLY})


def told(adoption: Adoption, messages: Messages) -> str:
    """All of it, in one line."""
    return " ".join(_told(adoption, messages)) or messages.gettext("The decisions are on record.")


def waiting(numbers: Sequence[int], messages: Messages) -> str:
    """That these collide, and what becomes of them."""
    if len(numbers) > MOST_NAMED:
        return messages.gettext(
            "%(count)s amendments still wait: they collide, and the text stays as it was there.", count=len(numbers)
        )
    return messages.ngettext(
        "Amendment %(numbers)s still waits: it collides, and the text stays as it was there.",
        "Amendments %(numbers)s still wait: they collide, and the text stays as it was there.",
        len(numbers),
        numbers=_listed(numbers, messages),
    )


def _told(adoption: Adoption, messages: Messages) -> Iterator[str]:
    if adoption.revision:
        yield messages.gettext("Revision %(number)s is made.", number=adoption.revision.number)
    if landed := _numbers(adoption, _IN_THE_TEXT):
        yield _landed(landed, messages)
    if taken := _numbers(adoption, _TAKEN):
        yield messages.ngettext(
            "Amendment %(numbers)s is accepted into the one it amends.",
            "Amendments %(numbers)s are accepted into those they amend.",
            len(taken),
            numbers=_listed(taken, messages),
        )
    if bracketed := [
        one.amendment.number for one in adoption.decisions if one.amendment and one.verdict is Verdict.BRACKET
    ]:
        yield messages.ngettext(
            "Amendment %(numbers)s stands in brackets.",
            "Amendments %(numbers)s stand in brackets.",
            len(bracketed),
            numbers=_listed(bracketed, messages),
        )
    if left := _numbers(adoption, WAITING):
        yield waiting(left, messages)


def _landed(numbers: Sequence[int], messages: Messages) -> str:
    if len(numbers) > MOST_NAMED:
        return messages.gettext("%(count)s amendments are in the text.", count=len(numbers))
    return messages.ngettext(
        "Amendment %(numbers)s is in the text.",
        "Amendments %(numbers)s are in the text.",
        len(numbers),
        numbers=_listed(numbers, messages),
    )


def _listed(numbers: Sequence[int], messages: Messages) -> str:
    return messages.listed(map(str, sorted(numbers)))


def _numbers(adoption: Adoption, outcomes: frozenset[Outcome]) -> Sequence[int]:
    return [one.amendment.number for one in adoption.decisions if one.amendment and one.outcome in outcomes]
