"""What the chair reads after a round of decisions: what is in the text now, in which revision, and what still waits."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from workspace.amendments.domain.models import DecisionOutcome, Verdict
from workspace.amendments.domain.outcomes import Adoption
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import Messages

MOST_NAMED = 12  # amendments whose numbers are said; of more, how many
_IN_THE_TEXT = frozenset({DecisionOutcome.APPLIED, DecisionOutcome.PARTLY, DecisionOutcome.INCLUDED})
_TAKEN = frozenset({DecisionOutcome.TAKEN})
WAITING = frozenset({DecisionOutcome.WAITS, DecisionOutcome.PARTLY})


class _Sentences(Struct, frozen=True):
    """What is said of one amendment, of a few by their numbers, and of many."""

    single: str
    few: str
    many: str


_AGAINST: Mapping[Verdict, _Sentences] = {
    Verdict.REJECT: _Sentences(
        N_("Amendment %(numbers)s rejected."),
        N_("Amendments %(numbers)s rejected."),
        N_("%(count)s amendments rejected."),
    ),
    Verdict.FALL: _Sentences(
        N_("Amendment %(numbers)s lapsed."),
        N_("Amendments %(numbers)s lapsed."),
        N_("%(count)s amendments lapsed."),
    ),
    Verdict.REFER: _Sentences(
        N_("Amendment %(numbers)s referred back."),
        N_("Amendments %(numbers)s referred back."),
        N_("%(count)s amendments referred back."),
    ),
}


def round_summary(adoption: Adoption, messages: Messages) -> str:
    """All of it, in one line."""
    return " ".join(_summary_sentences(adoption, messages))


def collision_sentence(numbers: Sequence[int], messages: Messages) -> str:
    """That these collide, and what becomes of them."""
    if len(numbers) > MOST_NAMED:
        return messages.gettext("%(count)s amendments in conflict remain pending.", count=len(numbers))
    return messages.ngettext(
        "Amendment %(numbers)s, in conflict, remains pending.",
        "Amendments %(numbers)s, in conflict, remain pending.",
        len(numbers),
        numbers=_listed(numbers, messages),
    )


def bracket_sentence(numbers: Sequence[int], messages: Messages) -> str:
    """That these stand in brackets."""
    return messages.ngettext(
        "Amendment %(numbers)s in brackets.",
        "Amendments %(numbers)s in brackets.",
        len(numbers),
        numbers=_listed(numbers, messages),
    )


def _summary_sentences(adoption: Adoption, messages: Messages) -> Iterator[str]:
    if adoption.revision:
        yield messages.gettext("Revision %(number)s made.", number=adoption.revision.number)
    else:
        yield messages.gettext("Decisions recorded.")
    if landed := _numbers(adoption, _IN_THE_TEXT):
        yield _landed(landed, messages)
    if taken := _numbers(adoption, _TAKEN):
        yield messages.ngettext(
            "Amendment %(numbers)s adopted into the one it amends.",
            "Amendments %(numbers)s adopted into those they amend.",
            len(taken),
            numbers=_listed(taken, messages),
        )
    if contested := [
        decision.amendment.number
        for decision in adoption.decisions
        if decision.amendment and decision.verdict is Verdict.BRACKET
    ]:
        yield bracket_sentence(contested, messages)
    for verdict, sentences in _AGAINST.items():
        if numbers := [
            decision.amendment.number
            for decision in adoption.decisions
            if decision.amendment and decision.verdict is verdict
        ]:
            yield _counted(sentences, numbers, messages)
    if left := _numbers(adoption, WAITING):
        yield collision_sentence(left, messages)


def _counted(sentences: _Sentences, numbers: Sequence[int], messages: Messages) -> str:
    if len(numbers) > MOST_NAMED:
        return messages.gettext(sentences.many, count=len(numbers))
    said = sentences.single if len(numbers) == 1 else sentences.few
    return messages.gettext(said, numbers=_listed(numbers, messages))


def _landed(numbers: Sequence[int], messages: Messages) -> str:
    if len(numbers) > MOST_NAMED:
        return messages.gettext("%(count)s amendments adopted.", count=len(numbers))
    return messages.ngettext(
        "Amendment %(numbers)s adopted.",
        "Amendments %(numbers)s adopted.",
        len(numbers),
        numbers=_listed(numbers, messages),
    )


def _listed(numbers: Sequence[int], messages: Messages) -> str:
    return messages.listed(map(str, sorted(numbers)))


def _numbers(adoption: Adoption, outcomes: frozenset[DecisionOutcome]) -> Sequence[int]:
    return [
        decision.amendment.number
        for decision in adoption.decisions
        if decision.amendment and decision.outcome in outcomes
    ]
