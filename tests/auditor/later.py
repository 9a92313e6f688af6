"""What people do towards the end, and what the clock does: settling, signing, publishing, correcting, waiting."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from httpx import Response

from tests.auditor.oracle import DATED, Truth
from tests.auditor.record import Record, moment
from tests.workspace.house import Caller
from workspace.core import clock
from workspace.core.actor import Role
from workspace.core.jobs import JobContext
from workspace.core.settings import Settings
from workspace.declarations.due_dates import move_due_phases
from workspace.editions.jobs import make_due_corrigenda
from workspace.notices.jobs import tell_of_closing, write_of_notices
from workspace.procedure.service import END_SILENCES

if TYPE_CHECKING:
    from tests.auditor.acts import History as Acts
else:
    Acts = object
AHEAD = timedelta(hours=12)


class LaterActs(Acts):
    """The acts of a history that come when the text is nearly there, or of themselves."""

    # The clock

    def wait(self) -> None:
        """Until something is due, or for some days; what the program does by itself is done before and then."""
        due = self._due()
        until = self.random.choice(due) if due and self.random.random() < 0.8 else None
        until = until or clock.now() + timedelta(days=self.random.choice([1, 4, 30]))
        self.told.append(f"wait until {until:%Y-%m-%dT%H:%M} -> later")
        self._pass(clock.now() + timedelta(minutes=2))
        if until - AHEAD > clock.now():
            self._pass(until - AHEAD)
        self._pass(until + timedelta(minutes=1))
        self._pass(clock.now() + timedelta(minutes=2))

    def _due(self) -> list[datetime]:
        """When something opens, closes or is over, as far as that lies ahead."""
        record = Record(self.house.store.engine, self.table.id)
        dated = [entry.facts for entry in record.log if entry.kind in DATED]
        given = [facts[end] for facts in dated for end in ("opens", "closes")]
        given += [row["closes_at"] for table in ("question", "corrigendum") for row in record.rows(table)]
        return sorted({at for at in map(moment, given) if at and at > clock.now()})[:3]

    def _pass(self, until: datetime) -> None:
        """Let it be this late, and the program do what it does every few seconds."""
        truth = self._truth()
        self.house.clock.forward(seconds=max(0, (until - clock.now()).total_seconds()))
        now = clock.now()
        phases, silences, corrigenda = truth.phases_at(now), truth.silences_at(now), truth.corrigenda_at(now)
        store = self.house.store
        shift = JobContext(store, Settings())
        move_due_phases(store)
        END_SILENCES.run(shift)
        make_due_corrigenda(shift)
        tell_of_closing(store)
        write_of_notices(store)
        self.forget()
        self._shut.clear()
        after = self._truth()
        if after.phase not in phases:
            self.false.append(f"at {now} the phase is {after.phase}, and is to be one of {phases}")
        for number, allowed in silences.items():
            if after.endings.get(number) not in allowed:
                self.false.append(f"silence {number} ended {after.endings.get(number)} at {now}, and is {allowed}")
        if after.corrigenda != corrigenda:
            self.false.append(f"corrigenda at {now}: {after.corrigenda}, and are to be {corrigenda}")

    def _truth(self) -> Truth:
        return Truth(Record(self.house.store.engine, self.table.id))

    # Settling

    def tidy(self) -> Response | None:
        """Decide on all that is open, so that the whole text can be agreed; then somebody asks for that."""
        if self._get(self.table.path).json()["phase"] != "adoption" or len(self.told) < 20:
            return None
        for language in ("es", "en", "fr"):
            open_ones = {"open", "referred", "partly"}
            lines = [line for line in self._amendments() if line["language"] == language]
            ruled = [line["id"] for line in lines if line["disposition"] in open_ones and line["amends"] is None]
            rulings = [{"amendment_id": each, "verdict": "reject", "reason": "Time is up."} for each in ruled[:40]]
            body = {"language": language, "rulings": rulings}
            if rulings:
                self._step("reject", self._chair.post(f"{self.table.path}/decisions", body, if_match=self.table.head))
        for found in self._get(f"{self.table.path}/brackets").json()["items"]:
            body = {"alternative": 0, "language": "en", "reason": "Time is up."}
            path = f"{self.table.path}/brackets/{found['number']}/resolution"
            self._step("resolve", self._chair.post(path, body, if_match=self.table.head))
        for behind in self._get(f"{self.table.path}/readiness").json()["blockers"]:
            self._step("complete", self._completed(behind["block_id"], behind["language"], behind["state"]))
        return self.random.choice([self.put_silence, self.note_consensus, self.publish])()

    def _completed(self, block: str, language: str, state: str) -> Response | None:
        head = self._texts(block).get(language)
        path = f"{self.table.path}/blocks/{block}/texts/{language}"
        if state == "missing":
            reason = {"reason": "A local matter."}
            return self._chair.post(f"{path}/absence", reason, if_match=head["id"] if head else "none")
        return self._translator().post(f"{path}/confirmation", if_match=head["id"]) if head else None

    def _step(self, name: str, answer: Response | None) -> Response | None:
        """One of several requests that are made together."""
        if answer is not None:
            self.told.append(f"  {name} {answer.request.content.decode()[:200]} -> {answer.status_code}")
            assert answer.status_code < 500, self.told[-1]
            self.forget()
        return answer

    # Signatures of whole languages

    def sign_off(self) -> Response | None:
        language = self.random.choice(self._get(f"{self.table.path}/concordance").json()["languages"])
        body = {"language": language["language"], "texts": language["texts"]}
        return self._translator().post(f"{self.table.path}/sign-offs", body)

    # Publishing, and putting right

    def publish(self) -> Response | None:
        """Override with a second person whatever stops it and can be overridden, and publish with two."""
        path, secretary = self.table.path, self._by(Role.SECRETARIAT)
        for obstacle in self._get(f"{path}/overrides").json()["obstacles"][:20]:
            asked = self._step("override", self._chair.post(f"{path}/overrides", {**obstacle, "reason": "So agreed."}))
            if asked is not None and asked.is_success:
                self._step("agree", secretary.post(f"{path}/overrides/{asked.json()['id']}/confirmation"))
        asked = self._step("ask to publish", secretary.post(f"{path}/publication-request", {}))
        if asked is None or not asked.is_success:
            return asked
        return self._chair.post(f"{path}/publication", {"adopted_on": asked.json()["adopted_on"]})

    def correct(self) -> Response | None:
        """A space that does not break, another word, or another number: the last is no correction of the original."""
        row = self.random.choice(self._rows())
        language = self._language()
        text = (row["texts"].get(language) or {}).get("content")
        if not text or " " not in text:
            return None
        head, _, tail = text.rpartition(" ")
        means = self.random.choice(["space", "word", "number"])
        wanted = {
            "space": f"{head}\u00a0{tail}",
            "word": f"{head.rpartition(' ')[0]} {self.sentence(language).split()[0].lower()} {tail}",
            "number": f"{head} {self.random.randint(100, 999)}.",
        }[means]
        body = {"block_id": row["id"], "language": language, "text": wanted}
        answer = self._by(Role.SECRETARIAT).post(f"{self.table.path}/corrigenda/corrections", body)
        if answer.is_success and means == "number" and language == row["original_language"]:
            self.false.append(f"a corrigendum may change a number of the original: {body}")
        return answer

    def ask_corrigendum(self) -> Response | None:
        return self._of_corrigendum(self._by(Role.SECRETARIAT), "request", {"reason": "A slip."})

    def silence_corrigendum(self) -> Response | None:
        closes = f"{clock.now() + timedelta(days=5):%Y-%m-%dT%H:%M}"
        body = {"reason": "A slip.", "closes": closes, "zone": "UTC"}
        return self._of_corrigendum(self._by(Role.SECRETARIAT), "request", body)

    def confirm_corrigendum(self) -> Response | None:
        return self._of_corrigendum(self._chair, "confirmation")

    def object_to_corrigendum(self) -> Response | None:
        return self._of_corrigendum(self._member(), "objection", {"reason": "Not so."})

    def withdraw_corrigendum(self) -> Response | None:
        return self._of_corrigendum(self._by(Role.SECRETARIAT), "withdrawal")

    def decline_corrigendum(self) -> Response | None:
        return self._of_corrigendum(self._chair, "refusal", {"reason": "No slip."})

    def _of_corrigendum(self, by: Caller, verb: str, body: Any = None) -> Response | None:
        numbers = list(self._truth().corrigenda)
        if not numbers:
            return None
        number = numbers[-1] if self.random.random() < 0.8 else self.random.choice(numbers)
        return by.post(f"{self.table.path}/corrigenda/{number}/{verb}", body)
