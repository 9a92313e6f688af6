"""A history: people do what comes into their heads, through the API, and are refused or not.

Every act is one request by somebody in a role. A refusal (4xx) is as good as an act; a failure (5xx) ends the history.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from httpx import Response
from litestar.testing import TestClient

from tests.auditor.client import StraightClient
from tests.auditor.later import LaterActs
from tests.auditor.oracle import Truth
from tests.auditor.posted import OF_POST, PostedActs
from tests.auditor.record import Record, plain
from tests.auditor.register import FORUM, OF_REGISTER, Register, RegisterActs
from tests.support import factories
from tests.support.clocks import MovedClock
from tests.support.prepared import prepared
from tests.support.questions import delegate
from tests.support.site import site
from tests.workspace.house import CALLERS, Caller, House, Table
from workspace.accounts.domain.service import AccountService
from workspace.core import clock
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Db, Store, new_id
from workspace.people.models import Person

LANGUAGES = ("es", "en", "fr")
WORDS = {
    "en": "towns shall share water light paths plant trees open archives count homes mend pumps",
    "es": "las ciudades comparten agua alumbran caminos plantan árboles abren archivos cuentan casas",
    "fr": "les villes partagent eau éclairent chemins plantent arbres ouvrent archives comptent maisons",
}
MAJORITIES = ("simple", "simple", "present", "members", "two_thirds", "three_quarters", "unanimity")
VERDICTS = (
    "adopt",
    "adopt",
    "adopt",
    "adopt_modified",
    "adopt_partly",
    "reject",
    "refer",
    "bracket",
    "fall",
    "hand_over",
    "inadmissible",
)
FORWARD = ("drafting", "review", "review", "consultation", "consultation")


def cast(db: Db) -> dict[Role, Actor]:
    """Somebody in every role."""
    people = {role: factories.person(db, role) for role in CALLERS}
    for role, town in ((Role.MEMBER, "Town of Alta"), (Role.COMMITTEE, "Town of Baja")):
        people[role] = delegate(db, town, role)
    for role, actor in people.items():
        person = db.get_one(Person, actor.person_id)
        AccountService(db).make(person, email=f"{role.value}@town.example", password_hash=None, actor=OPERATOR)
    return people


class AuditedHouse(House):
    """It has a clock of its own, which only goes forward."""

    clock: MovedClock


@contextmanager
def opened(store: Store) -> Iterator[AuditedHouse]:
    """A forum with somebody in every role, of whom two speak for a town."""
    with entered(store, dict(prepared(store, "audited", cast))) as house:
        yield house


@contextmanager
def entered(store: Store, people: dict[Role, Actor]) -> Iterator[AuditedHouse]:
    """A forum as these people find it."""
    with (
        TestClient(site(store, *people.values())) as client,
        closing(StraightClient(client.app)) as straight,
        pytest.MonkeyPatch.context() as patched,
    ):
        house = AuditedHouse(store, straight, people)
        house.clock = MovedClock(patched)
        yield house


class History(LaterActs, RegisterActs, PostedActs):
    """One declaration and what people do to it; `told` is what they did, for a person to read.

    With a `table`, a declaration to which something was done already.
    """

    def __init__(self, house: AuditedHouse, seed: int, *, table: Table | None = None) -> None:
        self.house, self.random = house, random.Random(seed)
        self.said: dict[str, list[str]] = {language: [] for language in LANGUAGES}
        self.table = table or self._begin(seed)
        self.told: list[str] = []
        self.false: list[str] = []  # what was let through although the record or a right spoke against it
        self.form = 0  # the number of a questionnaire
        self.answers: dict[int, tuple[str, str]] = {}  # to it, by number: the grade, and the state
        self.register = Register()
        self.tables: dict[int, dict[int, set[str]]] = {}  # what may be said of each amendment in each table taken
        self.begun = UUID(int=0) if table else new_id()
        self._shut: set[str] = set()  # acts that are refused in the present phase, and so tried less often
        self._seen: dict[str, Response] = {}  # what was read since somebody last changed something
        self._stranger: Caller | None = None  # who tries what is another person's

    def _begin(self, seed: int) -> Table:
        numbers = [str(self.random.randint(20, 99)) for _ in range(4)]
        first = [{factories.Language(code): self.sentence(code, number) for code in LANGUAGES} for number in numbers]
        phases = [Phase.DRAFTING, Phase.REVIEW, Phase.CONSULTATION, Phase.ADOPTION]
        [phase] = self.random.choices(phases, [1, 2, 2, 2])
        if phase is not Phase.ADOPTION and self.random.random() < 0.5:
            first.append({factories.EN: self.sentence("en")})
        return self.house.declaration(*first, slug=f"history-{seed}", phase=phase)

    def play(self, acts: int) -> None:
        for _ in range(acts):
            for _ in range(3):
                is_published = Record(self.house.store.engine, self.table.id).declaration["phase"] == "P"
                known = PUBLISHED if is_published else ACTS
                weights = [weight / 10 if name in self._shut else weight for name, weight in known.items()]
                [name] = self.random.choices(list(known), weights)
                if name == "wait":
                    self.wait()
                    break
                if self._act(name) is not None:
                    break
            if name == "ask_adoption" and self.random.random() < 0.8:
                self._act("confirm_adoption")
            elif name not in ANYBODY and self.random.random() < 0.1:
                self._trespass(name)

    def forget(self, name: str = "") -> None:
        """Whatever is read from now on is read anew, but for what an act of this name leaves as it is."""
        kept = {*(["text"] * (name in _BESIDE_TEXT)), *(["amendments"] * (name in _BESIDE_AMENDMENTS))}
        self._seen = {path: seen for path, seen in self._seen.items() if path.split("?")[0].split("/")[-1] in kept}

    def _act(self, name: str) -> Response | None:
        before = self._state()
        answer: Response | None = getattr(self, name)()
        if answer is None:
            return None
        self.told.append(
            f"{name} {answer.request.content.decode(errors='replace')[:300]} -> {answer.status_code} {_code(answer)}"
        )
        assert answer.status_code < 500, self.told[-1]
        if answer.is_success:
            self.forget(name)
            self._shut -= _OF_PHASE if name in _MOVES else set()
        elif name not in {"tidy", *OF_POST} and self._state() != before:  # which are several requests
            self.false.append(f"refused, and something has changed: {self.told[-1]}")
        if answer.status_code == 404 and not self._stranger and name in _OF_PHASE:
            self._shut.add(name)
        return answer

    def _trespass(self, name: str) -> None:
        """The same by somebody who has no right to it."""
        self._stranger = self.random.choice([self.house[Role.OBSERVER], self.house.nobody])
        answer = self._act(name)
        self._stranger = None
        if answer is not None and answer.is_success:
            self.false.append(f"let through for a stranger: {self.told[-1]}")

    def _state(self) -> object:
        """What of the record an act can change."""
        return Record(self.house.store.engine, self.table.id).length

    # Words

    def sentence(self, language: str, number: str = "") -> str:
        """New words, or some that were said before, as they were or in another typography; a `number` to end with."""
        before = self.said[language]
        if before and not number and self.random.random() < 0.3:
            text = self.random.choice(before)
            return text if self.random.random() < 0.5 else text.replace(" ", "  ", 1).strip()
        words = self.random.sample(WORDS[language].split(), self.random.randint(4, 8))
        text = " ".join(words).capitalize() + f" {number or self.random.randint(2, 99)}."
        before.append(text)
        return text

    # Amendments

    def propose(self) -> Response | None:
        language = self._language()
        body = {
            "base_revision": self._base(),
            "language": language,
            "changes": self._changes(language),
            "reason": "So.",
            "is_indivisible": self.random.random() < 0.2,
        }
        return self._member().post(f"{self.table.path}/amendments", body)

    def record_oral(self) -> Response | None:
        """By the secretariat, for somebody who speaks for a town; now and then to another amendment."""
        language, members = self._language(), (Role.MEMBER, Role.COMMITTEE)
        mover, seconder = (str(self.house.people[role].person_id) for role in self.random.sample(members, 2))
        body = {
            "base_revision": self._base(),
            "language": language,
            "changes": self._changes(language),
            "mover": mover,
            "seconders": [seconder] * (self.random.random() < 0.5),
        }
        if self.random.random() < 0.3 and (found := self._to_amend()):
            parent, changes = found
            body |= {"amends": parent["id"], "language": parent["language"], "changes": changes}
        return self._by(Role.SECRETARIAT).post(f"{self.table.path}/oral-amendments", body)

    def certify(self) -> Response | None:
        line = self._amendment(lambda line: line["is_oral"] and not line["certified_at"])
        body = {"is_correct": self.random.random() < 0.7, "reason": "Not my words."}
        return line and self._member().post(f"/amendments/{line['id']}/certification", body)

    def draft_compromise(self) -> Response | None:
        """On two that are open; about the paragraph of one of them, so that some are refused."""
        found = [line for line in self._amendments() if line["disposition"] == "open" and line["amends"] is None]
        language = self._language()
        if len(found) < 2:
            return None
        replaced = self.random.sample(found, 2)
        changes = [change for change in replaced[0]["changes"] if change["op"] == "reword"]
        if not changes:
            return None
        body = {
            "base_revision": self.table.number,
            "language": language,
            "changes": [{"op": "reword", "block": changes[0]["block"], "text": self.sentence(language)}],
            "replaces": [line["number"] for line in replaced],
        }
        by = self.random.choice([Role.RAPPORTEUR, Role.COMMITTEE, Role.CHAIR])
        return self._by(by).post(f"{self.table.path}/compromises", body)

    def answer_compromise(self) -> Response | None:
        line = self._amendment(lambda line: bool(line["replaces"]) and line["disposition"] == "open")
        body = {"confirms": self.random.random() < 0.8}
        return line and self._member().post(f"/amendments/{line['id']}/cosponsorship", body)

    def give_leave(self) -> Response | None:
        line = self._amendment(lambda line: line["disposition"] == "late")
        body = {"is_given": self.random.random() < 0.7, "reason": "So."}
        return line and self._chair.post(f"/amendments/{line['id']}/leave", body)

    def amend(self) -> Response | None:
        found = self._to_amend()
        if found is None:
            return None
        parent, changes = found
        body = {"changes": changes, "reason": "So."}
        return self._member().post(f"/amendments/{parent['id']}/amendments", body, if_match=self._version(parent))

    def _to_amend(self) -> tuple[dict[str, Any], list[dict[str, Any]]] | None:
        """An amendment, and a word more in what it proposes."""
        parent = self._amendment(lambda line: line["disposition"] == "open" and line["amends"] is None)
        changes = (
            [change for change in parent["changes"] if change["op"] == "reword" and change["text"]] if parent else []
        )
        if parent is None or not changes:
            return None
        words = changes[0]["text"].split()
        words.insert(self.random.randrange(len(words)), self.random.choice(WORDS[parent["language"]].split()))
        return parent, [{"op": "reword", "block": changes[0]["block"], "text": " ".join(words)}]

    def revise(self) -> Response | None:
        line = self._amendment(lambda line: line["amends"] is None)
        if line is None:
            return None
        body = {"changes": self._changes(line["language"]), "stands_beside": True}
        return self._member().post(f"/amendments/{line['id']}/versions", body, if_match=self._version(line))

    def withdraw(self) -> Response | None:
        line = self._amendment(lambda line: line["disposition"] in {"open", "referred", "bracketed", "partly"})
        return line and self._member().post(f"/amendments/{line['id']}/withdrawal", if_match=self._version(line))

    def reinstate(self) -> Response | None:
        line = self._amendment(lambda line: line["disposition"] == "withdrawn")
        return line and self._member().post(
            f"/amendments/{line['id']}/withdrawal/undoing", if_match=self._version(line)
        )

    def cosponsor(self) -> Response | None:
        line = self._amendment(lambda line: line["disposition"] == "open")
        other = self.house.people[Role.COMMITTEE].person_id
        return line and self._member().post(f"/amendments/{line['id']}/cosponsors", {"people": [str(other)]})

    def answer_invitation(self) -> Response | None:
        line = self._amendment(lambda line: line["disposition"] == "open")
        return line and self._by(Role.COMMITTEE).post(f"/amendments/{line['id']}/cosponsorship", {"confirms": True})

    # Decisions

    def decide(self) -> Response | None:
        """On amendments of one language, or of any; then some paragraphs may have a language that leads."""
        language = self._language() if self.random.random() < 0.5 else None
        lines = [line for line in self._amendments() if language in {None, line["language"]}]
        open_lines = [line for line in lines if line["disposition"] in {"open", "referred", "partly"}]
        if not open_lines:
            return None
        ruled = self.random.sample(open_lines, min(len(open_lines), self.random.randint(1, 4)))
        rulings = [self._ruling(line, lines) for line in ruled]
        body: dict[str, Any] = {"rulings": rulings}
        if language:
            body["language"] = language
        elif self.random.random() < 0.5:
            body["leading"] = {self._block(): self._language() for _ in range(2)}
        return self._chair.post(f"{self.table.path}/decisions", body, if_match=self.table.head)

    def _ruling(self, line: dict[str, Any], others: Sequence[dict[str, Any]]) -> dict[str, Any]:
        ruling: dict[str, Any] = {"amendment_id": line["id"], "verdict": self.random.choice(VERDICTS), "reason": "So."}
        if ruling["verdict"] == "adopt_modified":
            ruling["changes"] = self._changes(line["language"])
        if ruling["verdict"] == "adopt_partly":
            ruling["pieces"] = self.random.sample(range(4), self.random.randint(1, 2))
            ruling["keeps_rest_open"] = self.random.random() < 0.5
        if ruling["verdict"] == "fall":
            ruling["because_of"] = self.random.choice([other["id"] for other in others])
        return ruling

    def undo(self) -> Response | None:
        rounds = Record(self.house.store.engine, self.table.id).rows("decision_round")
        numbers = sorted(row["number"] for row in rounds if not row["undoes_id"])
        if not numbers:
            return None
        number = numbers[-1] if self.random.random() < 0.7 else self.random.choice(numbers)
        body = {"round": number, "reason": "Not so."}
        return self._chair.post(f"{self.table.path}/undoings", body, if_match=self.table.head)

    def undo_alone(self) -> Response | None:
        numbers = [item["number"] for item in self._all(f"{self.table.path}/decisions") if item["undone_by"] is None]
        if not numbers:
            return None
        path = f"{self.table.path}/decisions/{self.random.choice(numbers[-6:])}/undoing"
        return self._chair.post(path, {"reason": "Not so."}, if_match=self.table.head)

    def edit(self) -> Response | None:
        language = self._language()
        body = {"language": language, "changes": self._changes(language), "reason": "An oversight."}
        return self._chair.post(f"{self.table.path}/edits", body, if_match=self.table.head)

    def bracket(self) -> Response | None:
        alternatives = [{"texts": {code: self.sentence(code) for code in LANGUAGES}} for _ in range(2)]
        body = {"block_id": self._block(), "language": self._language(), "alternatives": alternatives, "reason": "So."}
        return self._chair.post(f"{self.table.path}/brackets", body, if_match=self.table.head)

    def resolve(self) -> Response | None:
        found = self._get(f"{self.table.path}/brackets").json()["items"]
        if not found:
            return None
        number = self.random.choice(found)["number"]
        body = {"alternative": self.random.randint(0, 2), "language": self._language(), "reason": "So."}
        return self._chair.post(f"{self.table.path}/brackets/{number}/resolution", body, if_match=self.table.head)

    # Languages

    def translate(self) -> Response | None:
        rows = self._rows()
        if not rows:
            return None
        row = self.random.choice(rows)
        block, language = str(row["id"]), self._language()
        original = (row["texts"].get(row["original_language"]) or {}).get("content", "")
        body: dict[str, Any] = {"content": self.sentence(language, "".join(filter(str.isdigit, original))[:2])}
        if self.random.random() < 0.9:
            body["sources"] = self.random.sample(
                [code for code in LANGUAGES if code != language], self.random.randint(1, 2)
            )
        head = self._texts(block).get(language)
        return self._save(block, language, body, head and head["id"])

    def save_unchanged(self) -> Response | None:
        block, language = self._block(), self._language()
        head = self._texts(block).get(language)
        sources = [code for code in LANGUAGES if code != language][: self.random.randint(1, 2)]
        if head is None:
            return None
        translated = self._translated(block, language)
        answer = self._save(block, language, {"content": head["content"], "sources": sources}, head["id"])
        if self._translated(block, language) != translated:
            self.false.append(f"what was saved without changed words is kept as a translation: {block} {language}")
        return answer

    def _translated(self, block: str, language: str) -> set[str]:
        """The versions of the other languages that one of a paragraph is kept as made from, or was made into."""
        record = Record(self.house.store.engine, self.table.id)
        own = {row["id"] for row in record.rows("text_version") if row["language"] == language}
        edges = (row for row in record.rows("edge") if (row["block_id"], row["kind"]) == (plain(block), "translated"))
        return {end for row in edges for end in (row["source_id"], row["target_id"])} - own

    def _save(self, block: str, language: str, body: object, head: str | None) -> Response:
        path = f"{self.table.path}/blocks/{block}/texts/{language}"
        return self._translator().put(path, body, if_match=head or "none")

    def confirm(self) -> Response | None:
        return self._of_text(self._translator(), "confirmation")

    def claim_editorial(self) -> Response | None:
        return self._of_text(self.random.choice([self._translator(), self._chair]), "editorial")

    def leave_out(self) -> Response | None:
        return self._of_text(self._chair, "absence", {"reason": "A local matter."})

    def _of_text(self, by: Caller, verb: str, body: object = None) -> Response | None:
        block, language = self._block(), self._language()
        head = self._texts(block).get(language)
        path = f"{self.table.path}/blocks/{block}/texts/{language}/{verb}"
        return by.post(path, body, if_match=head["id"] if head else "none")

    def sign(self) -> Response | None:
        block = self._block()
        texts = self._texts(block)
        body = {"paragraphs": [{"block_id": block, **{code: text["id"] for code, text in texts.items() if text}}]}
        answer = self._translator().post(f"{self.table.path}/concordance", body)
        numbers = {"".join(filter(str.isdigit, text["content"])) for text in texts.values() if text}
        if answer.is_success and len(numbers) > 1 and not self._is_waived(block):
            self.false.append(f"a paragraph is signed whose languages name {numbers}: {texts}")
        return answer

    def _is_waived(self, block: str) -> bool:
        waivers = Record(self.house.store.engine, self.table.id).rows("waiver")
        return any((row["block_id"], row["check_name"]) == (plain(block), "number_mismatch") for row in waivers)

    def waive(self) -> Response | None:
        found = self._get(f"{self.table.path}/checks").json()["findings"]
        if not found:
            return None
        finding = self.random.choice(found)
        path = f"{self.table.path}/blocks/{finding['block_id']}/texts/{finding['language']}/waivers"
        return self._chair.post(path, {"check": finding["check"], "reason": "It is so said."})

    def review(self) -> Response | None:
        head = self._texts(self._block()).get(self._language())
        verdict = self.random.choice(["approved", "returned"])
        body = head and {"versions": [head["id"]], "verdict": verdict, "note": "Read."}
        return body and self._translator().post(f"{self.table.path}/reviews", body)

    # Phases

    def set_dates(self) -> Response | None:
        """For a stage to come, or one that is open."""
        stage = self.random.choice(["review", "consultation", "adoption", "amendments"])
        days = sorted(self.random.sample(range(2, 60), 2))
        opens, closes = map(_in_days, days)
        body = {"opens": opens, "closes": closes, "zone": "UTC", "reason": "So agreed."}
        return self._chair.post(f"{self.table.path}/calendar/{stage}", body, if_match=self._etag())

    def move_on(self) -> Response | None:
        body = {"phase": self.random.choice(FORWARD), "reason": "So agreed."}
        return self._chair.post(f"{self.table.path}/phase", body, if_match=self._etag())

    def ask_adoption(self) -> Response:
        return self._chair.post(f"{self.table.path}/requests", {"matter": "adoption"}, if_match=self._etag())

    def confirm_adoption(self) -> Response:
        return self._by(Role.SECRETARIAT).post(
            f"{self.table.path}/requests/adoption/confirmation", if_match=self._etag()
        )

    # Questions

    def note_consensus(self) -> Response:
        """On the whole text: only once nothing is open in it, in no language and in no bracket."""
        truth = Truth(Record(self.house.store.engine, self.table.id))
        against = truth.obstacles
        answer = self._chair.post(f"{self.table.path}/consensus", {"about": {"subject": "text"}})
        if answer.is_success and against:
            self.false.append(f"consensus on the whole text, although {against}")
        return answer

    def confirm_consensus(self) -> Response | None:
        """As the second person; nothing may have opened again since it was noted."""
        against = Truth(Record(self.house.store.engine, self.table.id)).obstacles
        answer = self._of_question(self._by(Role.SECRETARIAT), "confirmation", means="consensus")
        if answer is not None and answer.is_success and answer.json()["end"]["ending"] == "adopted" and against:
            self.false.append(f"consensus confirmed, although {against}")
        return answer

    def take_consensus_back(self) -> Response | None:
        return self._of_question(self._chair, "reversal", {"reason": "Too early."}, means="consensus")

    def put_silence(self) -> Response:
        """On the whole text, under the same conditions."""
        against = Truth(Record(self.house.store.engine, self.table.id)).obstacles
        answer = self._chair.post(f"{self.table.path}/silences", {"closes": _in_days(9), "zone": "UTC"})
        if answer.is_success and against:
            self.false.append(f"silence, although {against}")
        return answer

    def break_silence(self) -> Response | None:
        return self._of_question(self._member(), "objection", {"reason": "Not so."}, means="silence")

    def take_table(self) -> Response:
        fates = Truth(Record(self.house.store.engine, self.table.id)).fates.values()
        answer = self._chair.post(f"{self.table.path}/amendment-tables")
        if answer.is_success:
            self.tables[answer.json()["number"]] = {fate.number: fate.states for fate in fates}
        return answer

    def hold_sitting(self) -> Response | None:
        """Go on with the last sitting: it is opened, closed, and its minutes are signed; then another is planned."""
        path = f"{self.table.path}/sittings"
        every = self.house.chair.get(path).json().get("items", [])
        acts = {"planned": "begin", "open": "end", "ended": "sign"}
        if not every or every[0]["stage"] not in acts:
            return self._chair.post(path, {"place": "Palma", "at": _in_days(1)})
        return self._chair.post(f"{path}/{every[0]['number']}/acts", {"act": acts[every[0]["stage"]]})

    def request_ballot(self) -> Response | None:
        """A roll call, of the vote on an amendment."""
        line = self._amendment(lambda line: line["disposition"] in {"open", "referred"} and line["amends"] is None)
        body = line and {"kind": "roll_call", "about": {"subject": "amendment", "amendment": line["number"]}}
        return body and self._member().post(f"{self.table.path}/ballot-requests", body)

    def put_vote(self) -> Response | None:
        """By roll call, unless members request it, so that it is one at their request alone."""
        line = self._amendment(lambda line: line["disposition"] in {"open", "referred"} and line["amends"] is None)
        rules = {"means": "vote", "quorum": self.random.choice([0, 0, 100]), "majority": self.random.choice(MAJORITIES)}
        requested = [item["amendment"] for item in self._get(f"{self.table.path}/ballot-requests").json()["items"]]
        body = line and {
            "about": {"subject": "amendment", "amendment": line["number"]},
            "rules": {**rules, "is_roll_call": line["number"] not in requested},
        }
        return body and self._chair.post(f"{self.table.path}/votes", body)

    def cast(self) -> Response | None:
        return self._of_question(self._member(), "votes", {"choice": self.random.choice(["yes", "no", "abstain"])})

    def close(self) -> Response | None:
        return self._of_question(self._chair, "closing")

    def give_proxy(self) -> Response:
        """One's own vote to the other voter, or to nobody any more."""
        known, by, path = self._get(f"{self.table.path}/proxies").json(), self._member(), f"{self.table.path}/proxies"
        given = [proxy["id"] for proxy in known["items"] if not proxy["revoked_at"]]
        if given and self.random.random() < 0.4:
            return by.post(f"{path}/{self.random.choice(given)}/revocation")
        return by.post(path, {"holder": self.random.choice(known["voters"])["id"]})

    def cast_by_proxy(self) -> Response | None:
        by = self._member()
        every = by.get(f"{self.table.path}/questions").json().get("items", [])
        held = [(question["number"], held["proxy"]) for question in every for held in question["proxies"]]
        if not held:
            return None
        number, proxy = self.random.choice(held)
        choice = self.random.choice(["yes", "no", "abstain"])
        return by.post(f"{self.table.path}/questions/{number}/votes", {"choice": choice, "proxy": proxy})

    def retake(self) -> Response | None:
        return self._of_question(self._chair, "retaking", {"reason": "The count was wrong."})

    def carry_out(self) -> Response | None:
        return self._of_question(self._chair, "decision", {"reason": "So voted."}, if_match=self.table.head)

    def _of_question(
        self, by: Caller, verb: str, body: object = None, *, means: str = "vote", **given: Any
    ) -> Response | None:
        every = self._get(f"{self.table.path}/questions").json()["items"]
        found = [question for question in every if question["means"] == means]
        number = self.random.choice(found)["number"] if found else None
        return number and by.post(f"{self.table.path}/questions/{number}/{verb}", body, **given)

    # Forms

    def ask(self) -> Response | None:
        """A questionnaire is made, then answered; the secretariat sets an answer aside, or lets it count again."""
        path, grade = f"{FORUM}/forms", str(self.random.randint(1, 5))
        if not self.form:
            field = {"key": "grade", "kind": "scale", "label": {"en": "How good?"}, "limit": 5}
            form = {"title": {"en": "Water"}, "opens": "2020-01-01T00:00"}
            answer = self._chair.post(path, {"kind": "questionnaire", **form})
            if answer.status_code == 201:
                self.form = answer.json()["number"]
                self._chair.post(f"{path}/{self.form}", {**form, "fields": [field]})
            return answer
        if self.answers and self.random.random() < 0.4:
            number = self.random.choice(list(self.answers))
            state = {"counted": "set_aside", "set_aside": "counted"}[self.answers[number][1]]
            settled = {"state": state, "reason": "Sent twice."}
            answer = self._by(Role.SECRETARIAT).post(f"{path}/{self.form}/answers/{number}", settled)
            if answer.is_success:
                self.answers[number] = self.answers[number][0], state
            return answer
        answer = self._member().post(f"{path}/{self.form}/answers", {"content": {"grade": grade}})
        if answer.status_code == 201:
            self.answers[answer.json()["number"]] = grade, "counted"
        return answer

    # What they look at before they act

    def _etag(self) -> str:
        return self._get(self.table.path).headers["etag"].strip('"')

    def _changes(self, language: str) -> list[dict[str, Any]]:
        block, other = self._block(), self._block()
        op = self.random.choices(["reword", "insert", "delete", "move", "split", "join"], [8, 2, 1, 1, 2, 2])[0]
        if op == "reword":
            return [{"op": op, "block": block, "text": self.sentence(language)}]
        if op == "insert":
            return [{"op": op, "block": "new", "after": other, "text": self.sentence(language), "kind": "operative"}]
        if op == "delete":
            return [{"op": op, "block": block}]
        if op == "move":
            return [{"op": op, "block": block, "after": other}]
        text = (self._texts(block).get(language) or {}).get("content") or self.sentence(language)
        if op == "split":
            words = text.split()
            half = max(1, len(words) // 2)
            parts = [{"text": " ".join(words[half:]) or self.sentence(language)}]
            return [{"op": op, "block": block, "text": " ".join(words[:half]), "parts": parts}]
        following = self._following(block)
        return [{"op": op, "block": block, "joined": [following]}] if following else [{"op": "delete", "block": block}]

    def _rows(self) -> list[dict[str, Any]]:
        return [row["block"] for row in self._get(f"{self.table.path}/text").json()["blocks"]]

    def _block(self) -> str:
        """A paragraph of the text; one that nobody knows where all were deleted."""
        return str(self.random.choice(self._rows() or [{"id": new_id()}])["id"])

    def _texts(self, block: str) -> dict[str, Any]:
        return next((row["texts"] for row in self._rows() if row["id"] == block), {})

    def _following(self, block: str) -> str | None:
        ids = [row["id"] for row in self._rows()]
        return ids[ids.index(block) + 1] if block in ids[:-1] else None

    def _amendments(self) -> list[dict[str, Any]]:
        return self._all(f"{self.table.path}/amendments")

    def _all(self, path: str) -> list[dict[str, Any]]:
        found, cursor = [], ""
        while True:
            page = self._get(f"{path}?limit=100{cursor}").json()
            found += page["items"]
            if not page.get("next"):
                return found
            cursor = f"&cursor={page['next']}"

    def _amendment(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any] | None:
        found = [line for line in self._amendments() if wanted(line)]
        return self.random.choice(found) if found else None

    def _version(self, line: dict[str, Any]) -> str:
        etag = self._get(f"/amendments/{line['id']}").headers.get("etag", "")
        return etag.strip('W/"') or str(new_id())

    def _base(self) -> int:
        return self.table.number if self.random.random() < 0.8 else self.random.randint(1, self.table.number)

    def _language(self) -> str:
        return self.random.choices(LANGUAGES, [2, 6, 2])[0]

    def _member(self) -> Caller:
        return self._by(self.random.choice([Role.MEMBER, Role.MEMBER, Role.COMMITTEE]))

    def _translator(self) -> Caller:
        return self._by(Role.TRANSLATOR)

    @property
    def _chair(self) -> Caller:
        return self._by(Role.CHAIR)

    def _by(self, role: Role) -> Caller:
        return self._stranger or self.house[role]

    def _get(self, path: str) -> Response:
        """What the chair reads there."""
        if path not in self._seen:
            self._seen[path] = self.house.chair.get(path)
        return self._seen[path]


_MOVES = {"move_on", "confirm_adoption"}
_OF_PHASE = {
    *OF_POST,
    "propose",
    "record_oral",
    "amend",
    "bracket",
    "ask_adoption",
    "note_consensus",
    "put_silence",
    "put_vote",
    "confirm_adoption",
}
ANYBODY = {"recommend", "comment", "ask", "wait"}  # observers may, too
_BESIDE_TEXT = {*OF_REGISTER, "cast", "take_table", "cosponsor", "review"} | {
    "answer_invitation",
    "certify",
    "propose",
    "record_oral",
    "amend",
    "revise",
    "withdraw",
    "reinstate",
    "waive",
    "sign",
    "sign_off",
}
_BESIDE_AMENDMENTS = {*OF_REGISTER, "cast", "take_table", "review", "waive"} | {
    "translate",
    "save_unchanged",
    "confirm",
    "claim_editorial",
    "sign",
    "sign_off",
}
PUBLISHED = {
    "correct": 8,
    "ask_corrigendum": 3,
    "silence_corrigendum": 4,
    "confirm_corrigendum": 4,
    "object_to_corrigendum": 1,
    "withdraw_corrigendum": 1,
    "decline_corrigendum": 1,
    "wait": 2,
    "undo_alone": 1,
    "translate": 1,
    "move_on": 1,
    "recommend": 1,
    "settle": 1,
    "rule": 1,
}
ACTS = {
    "propose": 14,
    "record_oral": 4,
    "give_leave": 5,
    "draft_compromise": 4,
    "answer_compromise": 5,
    "certify": 2,
    "amend": 9,
    "revise": 2,
    "withdraw": 3,
    "reinstate": 3,
    "cosponsor": 2,
    "answer_invitation": 2,
    "decide": 12,
    "undo": 5,
    "undo_alone": 5,
    "edit": 4,
    "bracket": 1,
    "resolve": 2,
    "translate": 10,
    "save_unchanged": 4,
    "confirm": 5,
    "claim_editorial": 3,
    "leave_out": 1,
    "sign": 3,
    "move_on": 3,
    "ask_adoption": 4,
    "note_consensus": 1,
    "confirm_consensus": 3,
    "take_consensus_back": 1,
    "put_silence": 2,
    "break_silence": 1,
    "take_table": 1,
    "waive": 2,
    "review": 2,
    "set_dates": 2,
    "put_vote": 3,
    "hold_sitting": 5,
    "cast": 5,
    "close": 2,
    "give_proxy": 2,
    "request_ballot": 2,
    "cast_by_proxy": 3,
    "retake": 2,
    "carry_out": 2,
    "ask": 3,
    **OF_REGISTER,
    **OF_POST,
    "sign_off": 2,
    "tidy": 5,
    "wait": 2,
}


def _in_days(days: int) -> str:
    return f"{clock.now() + timedelta(days=days):%Y-%m-%dT%H:%M}"


def _code(answer: Response) -> str:
    try:
        return str(answer.json().get("code", ""))
    except ValueError:
        return ""
