"""What people do with the register of recommendations, and what must stand in it after each act.

The expectation is kept here, act by act, with none of the program's code.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from httpx import Response

from workspace.core.actor import Role

if TYPE_CHECKING:
    from tests.auditor.acts import History as Acts
else:
    Acts = object
FORUM = "/forums/third-forum"
Place: TypeAlias = tuple[str, int | None]  # how a recommendation stands, and the number of what it is in
OF_REGISTER = {  # acts, and how often each is tried
    "recommend": 3,
    "settle": 3,
    "merge": 3,
    "undo_settlement": 2,
    "separate": 1,
    "rule": 2,
    "divide": 1,
    "comment": 2,
    "recommend_comment": 2,
}


@dataclass
class Register:
    """Recommendations by number, as the acts of one history leave them."""

    ids: dict[int, str] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)
    before_merger: dict[int, str] = field(default_factory=dict)  # how each stood when it was merged last
    outcomes: dict[int, str] = field(default_factory=dict)
    steps: Counter[int] = field(default_factory=Counter)  # how often its sender was to be told
    settled: tuple[str, dict[int, Place]] | None = None  # what was settled last, and how that stood before
    comments: dict[str, int] = field(default_factory=dict)  # by id: the number of what was made of it, or 0

    @property
    def standings(self) -> dict[int, str]:
        return {number: standing for number, (standing, _) in self.places.items()}

    def put(self, after: dict[int, Place], key: str | None) -> None:
        """What stands otherwise now is told; `key` undoes it."""
        changed = {number: place for number, place in after.items() if self.places[number] != place}
        if changed:
            self.settled = (key, {number: self.places[number] for number in changed}) if key else None
        for number, (standing, _) in changed.items():
            if standing == "merged" and self.places[number][0] != "merged":
                self.before_merger[number] = self.places[number][0]
        self.places |= changed
        self.steps.update(changed.keys())

    def add(self, number: int, id_: str) -> None:
        self.ids[number], self.places[number], self.outcomes[number] = id_, ("proposed", None), "open"


class RegisterActs(Acts):
    """The acts of a history that concern recommendations and the comments that become one."""

    def recommend(self) -> Response | None:
        body = {"recommendations": [{"text": self.sentence("en"), "language": "en"}]}
        answer = self._member().post(f"{FORUM}/recommendations", body)
        if answer.status_code == 201:
            for item in answer.json()["items"]:
                self.register.add(item["number"], item["id"])
        return answer

    def settle(self) -> Response | None:
        """Confirm some, drop or reopen them; what was merged before is no longer one of those."""
        numbers, standing = self._numbers(), self.random.choice(["confirmed", "confirmed", "dropped", "proposed"])
        if not numbers:
            return None
        body: dict[str, Any] = {"standing": standing, "numbers": numbers}
        if standing == "dropped":
            body["reason"] = "It is said already."
        answer = self._by(Role.SECRETARIAT).post(f"{FORUM}/recommendations/settlement", body)
        alone = [number for number in numbers if self.register.places[number][0] != "merged"]
        self._settled(answer, dict.fromkeys(alone, (standing, None)))
        return answer

    def merge(self) -> Response | None:
        """What had gone into one of the others goes with it."""
        numbers = self._numbers()
        if len(numbers) < 2:
            return None
        body = {"kept": numbers[0], "numbers": numbers, "reason": "The same."}
        answer = self._by(Role.SECRETARIAT).post(f"{FORUM}/recommendations/merger", body)
        inside = [number for number, (_, into) in self.register.places.items() if into in numbers[1:]]
        merged: dict[int, Place] = dict.fromkeys([*numbers[1:], *inside], ("merged", numbers[0]))
        self._settled(answer, {numbers[0]: ("confirmed", None), **merged})
        return answer

    def _settled(self, answer: Response, after: dict[int, Place]) -> None:
        if answer.is_success:
            self.register.put(after, answer.json()["settlement_id"])

    def undo_settlement(self) -> Response | None:
        """The last one, once: nobody has decided on any of those since. Nothing goes back into what is dropped."""
        if self.register.settled is None:
            return None
        key, before = self.register.settled
        answer = self._by(Role.SECRETARIAT).post(f"{FORUM}/recommendations/settlements/{key}/undoing")
        if answer.is_success:
            after = self.register.places | before
            self.register.put(
                {at: (how, into) for at, (how, into) in before.items() if not into or after[into][0] != "dropped"},
                None,
            )
            self.register.settled = None
        return answer

    def separate(self) -> Response | None:
        """It stands as it did before it was merged."""
        merged = [number for number, standing in self.register.standings.items() if standing == "merged"]
        number = self.random.choice(merged or self._numbers() or [0])
        if not number:
            return None
        answer = self._by(Role.SECRETARIAT).post(f"/recommendations/{self.register.ids[number]}/separation")
        if answer.is_success and not merged:
            self.false.append(f"recommendation {number} was separated, and was not merged")
        elif answer.is_success:
            self.register.put({number: (self.register.before_merger[number], None)}, None)
        return answer

    def rule(self) -> Response | None:
        """Say what became of some; only of those that are confirmed."""
        confirmed = [number for number, standing in self.register.standings.items() if standing == "confirmed"]
        numbers = self._numbers() if self.random.random() < 0.2 else confirmed[:2]
        outcome = self.random.choice(["taken_up", "partly", "declined", "open"])
        body = {"numbers": numbers, "outcome": outcome, "reason": f"So, at {len(self.told)}."}
        answer = numbers and self._by(Role.SECRETARIAT).post(f"{FORUM}/recommendations/rulings", body)
        if not answer:
            return None
        if answer.is_success:
            if {self.register.standings[number] for number in numbers} != {"confirmed"}:
                self.false.append(f"ruled on what is not confirmed: {body}, {self.register.standings}")
            self.register.outcomes |= dict.fromkeys(numbers, outcome)
            self.register.steps.update(numbers)
            self.register.settled = None
        return answer

    def divide(self) -> Response | None:
        """One becomes two: the other part waits to be confirmed, in the same name."""
        number = self.random.choice(self._numbers() or [0])
        if not number:
            return None
        path = f"/recommendations/{self.register.ids[number]}/division"
        parts = [self.sentence("en"), self.sentence("en")]
        answer = self._by(Role.SECRETARIAT).post(path, {"parts": parts})
        for item in answer.json()["items"][1:] if answer.is_success else ():
            self.register.add(item["number"], item["id"])
        return answer

    def comment(self) -> Response | None:
        body = {"text": self.sentence("en"), "language": "en"}
        answer = self._member().post(f"{self.table.path}/threads", body)
        if answer.is_success:
            self.register.comments[answer.json()["comments"][0]["id"]] = 0
        return answer

    def recommend_comment(self) -> Response | None:
        """Make a recommendation of a comment, once; its author is told, and may say no more of it than others."""
        if not self.register.comments:
            return None
        comment = self.random.choice(list(self.register.comments))
        answer = self._by(Role.SECRETARIAT).post(f"/comments/{comment}/recommendation")
        if answer.is_success:
            if self.register.comments[comment]:
                self.false.append(f"a second recommendation was made of comment {comment}")
            number = self.register.comments[comment] = answer.json()["recommendation"]
            items = self._all(f"{FORUM}/recommendations")
            self.register.add(number, next(item["id"] for item in items if item["number"] == number))
            self.register.steps[number] += 1
        return answer

    def _numbers(self) -> list[int]:
        known = list(self.register.places)
        return self.random.sample(known, min(len(known), self.random.randint(1, 4)))
