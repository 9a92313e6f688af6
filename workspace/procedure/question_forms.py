"""The forms of what is put to the room, as they were filled in."""

from datetime import date
from uuid import UUID

from msgspec import Struct, field

from workspace.core.errors import Invalid, NotFound
from workspace.procedure.asked import Switches
from workspace.procedure.models import Choice, Majority, Means, Subject
from workspace.procedure.putting import About
from workspace.procedure.weights import MOST


class RulesForm(Struct, frozen=True):
    """The switches, as they were chosen."""

    means: str = Means.CONSENSUS.value
    majority: str = Majority.SIMPLE.value
    quorum: str = "50"
    abstentions_count: str = ""
    is_roll_call: str = ""
    one_voice: str = ""
    is_weighted: str = ""

    def switches(self) -> Switches:
        if self.means not in set(Means) or self.majority not in set(Majority):
            raise NotFound(what="means", id=self.means)
        if not self.quorum.strip().isdecimal():
            raise Invalid(field="quorum", reason="not_a_share")
        return Switches(
            means=Means(self.means),
            majority=Majority(self.majority),
            quorum=int(self.quorum[:4]),
            abstentions_count=bool(self.abstentions_count),
            is_roll_call=bool(self.is_roll_call),
            one_voice=bool(self.one_voice),
            is_weighted=bool(self.is_weighted),
        )


class WeightsForm(Struct, frozen=True):
    """How often votes count: the mandates in a row, and the weight of each in the same order."""

    mandate: list[str] | str = field(default_factory=list)  # what comes alone comes as a string
    weight: list[str] | str = field(default_factory=list)

    def weights(self) -> dict[UUID, int]:
        mandates, weights = _several(self.mandate), _several(self.weight)
        if len(mandates) != len(weights):
            raise NotFound(what="mandate", id="")
        written = {id_of(mandate_id): said.strip() for mandate_id, said in zip(mandates, weights, strict=True)}
        if not all(said.isdecimal() and len(said) <= len(str(MOST)) for said in written.values()):
            raise Invalid(field="weight", reason="not_a_weight", limit=MOST)
        return {mandate_id: int(said) for mandate_id, said in written.items()}


class PutForm(Struct, frozen=True):
    """What to put to the room. `about` is "text", "amendment:7", "paragraph:" with an id, or "alternative:" with
    the id of its paragraph and its place, "…/2"; the `number` of an amendment, where one is typed, goes before it.
    """

    means: str = ""
    about: str = "text"
    number: str = ""
    part: str = ""
    record_date: str = ""
    closes: str = ""
    zone: str = ""

    def what(self) -> About:
        kind, _, which = self.about.partition(":")
        part = self.part
        if kind == Subject.AMENDMENT.value and which.isdecimal():
            return About(Subject.AMENDMENT, amendment=int(which[:9]), part=part)
        if kind == Subject.PARAGRAPH.value:
            return About(Subject.PARAGRAPH, block_id=id_of(which), part=part)
        if kind == Subject.ALTERNATIVE.value:
            block, _, place = which.partition("/")
            return About(Subject.ALTERNATIVE, block_id=id_of(block), alternative=int(place) if place.isdecimal() else 0)
        return About(Subject.TEXT, part=part)

    def day(self) -> date | None:
        if not self.record_date.strip():
            return None
        try:
            return date.fromisoformat(self.record_date.strip())
        except ValueError as error:
            raise Invalid(field="record_date", reason="not_come_yet") from error


class AnswerForm(Struct, frozen=True):
    """One's answer: a choice, or the reason of an objection and the paragraph it is about.

    `act` is "read" to confirm that one has read the text of a silence procedure.
    """

    act: str = ""
    choice: str = ""
    reason: str = ""
    block: str = ""

    def chosen(self) -> Choice:
        if self.choice not in set(Choice):
            raise Invalid(field="choice", reason="empty")
        return Choice(self.choice)

    def block_id(self) -> UUID | None:
        return id_of(self.block) if self.block else None


class EndForm(Struct, frozen=True):
    """How the chair ends a question: "close" or "withdraw" with a reason, or "decide" on what was answered."""

    act: str = ""
    reason: str = ""
    head: str = ""


def _several(given: list[str] | str) -> list[str]:
    return [given] if isinstance(given, str) else given


def id_of(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound(what="id", id=text) from error
