"""What the program says at each of its doors, beside what must be so: every difference is a finding."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from tests.auditor.acts import History
from tests.auditor.oracle import BEHIND_CLOSED_DOORS, DATED, ORDER, UNDECIDED, Truth
from tests.auditor.papers import PaperDoors
from tests.auditor.record import Entry, Record, Row, moment, plain
from tests.auditor.register import FORUM
from tests.support.page import Page
from workspace.core import clock
from workspace.core.actor import Role
from workspace.core.storage.db import Store
from workspace.notices.jobs import write_of_notices


def differences(history: History, store: Store) -> list[str]:
    """What doors say that is not so, each with the door, the thing and both sides; empty where all is well."""
    return [*Auditor(history, store).findings()]


class Auditor(PaperDoors):
    """One reading of the record, and of every door, at one moment."""

    def __init__(self, history: History, store: Store) -> None:
        self.history, self.house, self.table = history, history.house, history.table
        history.forget()
        self.record = Record(store.engine, history.table.id)
        self.truth = Truth(self.record)
        self.slug = self.house.chair.get(self.table.path).json()["slug"]
        self.place = f"/en/third-forum/{self.slug}"

    def findings(self) -> Iterator[str]:
        yield from self._text()
        yield from self._states()
        if self.truth.phase not in {"published", "archived"}:
            yield from self._work_of_translators()
            yield from self._stops()
        yield from self._paragraphs()
        yield from self._amendments()
        yield from self._pages_of_amendments()
        yield from self._decisions()
        yield from self._counts()
        yield from self._causes()
        yield from self.truth.led_by_nobody
        yield from self.truth.displaced
        yield from self._notices()
        yield from self._letters()
        yield from self._phase()
        yield from self._papers()
        yield from self._questions()
        yield from self._minutes()
        yield from self._recommendations()
        yield from self._answers()
        yield from self.papers()
        yield from self.history.false

    def _minutes(self) -> Iterator[str]:
        """The minutes of a sitting name the decisions and the questions of its time, and no others."""
        marks = {
            (entry.kind, entry.facts["number"]): entry.sequence
            for entry in self.record.log
            if entry.kind in {"sitting.began", "sitting.ended"}
        }
        for (kind, number), first in marks.items():
            if kind == "sitting.began":
                last = marks.get(("sitting.ended", number), self.record.length + 1)
                during = [entry for entry in self.record.log if first < entry.sequence < last]
                must = {
                    "decisions": [entry.facts["number"] for entry in during if entry.kind == "decision.taken"],
                    "questions": sorted(
                        {entry.facts["number"] for entry in during if entry.kind in {"question.put", "question.ended"}}
                    ),
                }
                said = self._api(f"/sittings/{number}/minutes")
                if {name: said[name] for name in must} != must:
                    yield f"minutes {number}: {said['decisions']}, {said['questions']} against the log's {must}"

    # The text

    def _text(self) -> Iterator[str]:
        rows = self._api("/text")["blocks"]
        if [plain(row["block"]["id"]) for row in rows] != list(self.truth.order):
            yield f"text: order {rows} against the log's {self.truth.order}"
        for row in rows:
            block = plain(row["block"]["id"])
            for language, text in row["block"]["texts"].items():
                must = self.truth.words.get((block, language))
                if (text and text["content"]) != must:
                    yield f"text: {block} {language} says {text} and the log {must!r}"

    def _states(self) -> Iterator[str]:
        for row in self._api("/text")["blocks"]:
            block = plain(row["block"]["id"])
            for language, said in row["states"].items():
                must = self.truth.states[block, language]
                if said != must:
                    yield f"state: {block} {language} is called {said}, and is {must}"

    def _work_of_translators(self) -> Iterator[str]:
        """Nothing that is behind is missing from the queue, and the readiness names each."""
        queued = {
            (plain(item["block_id"]), item["language"])
            for item in self._api("/translation-queue")["items"]
            if item["need"] not in {"review", "prepare", "returned"}
        }
        behind = {place for place, state in self.truth.states.items() if state not in {"current", "absent"}}
        if queued != behind:
            yield f"queue: without {behind - queued}, with {queued - behind}"
        blockers = {(plain(item["block_id"]), item["language"]) for item in self._api("/readiness")["blockers"]}
        if behind - blockers:
            yield f"readiness: without {behind - blockers}"
        squares = self._page("/translation").rows("s")
        said = sorted(square.root.get("data-state") for square in squares if square.root.get("data-state"))
        rows = self.record.of("revision_block", "revision_id", [self.record.declaration["head_id"]])
        originals = {row["block_id"]: row["original_language"] for row in rows}
        must = sorted(
            "original" if originals[block] == language and state == "current" else state
            for (block, language), state in self.truth.states.items()
        )
        if len(said) == len(must) and said != must:
            yield f"translation page: squares {said} against {must}"

    def _paragraphs(self) -> Iterator[str]:
        """Beside each text of a paragraph stands its state, unless nothing is to be said of it."""
        for block in self.truth.order:
            page = self._page(f"/paragraphs/{UUID(block)}")
            yield from self.causes_of_words(block, page)
            for cell in page.rows("col"):
                said, language = cell.root.get("data-state"), cell.root.get("data-col")
                must = self.truth.states[block, language]
                if said != (None if must == "current" else must.split(":")[0]):
                    yield f"paragraph {block}: {language} is marked {said}, and is {must}"

    def _stops(self) -> Iterator[str]:
        """The page that tells what stops publication names each text that is behind, once."""
        rows = self._page("/readiness").rows("language")
        said = sorted((row.root.get("data-language"), row.root.get("data-stop")) for row in rows)
        must = sorted(
            (language, state)
            for (_, language), state in self.truth.states.items()
            if state not in {"current", "absent"}
        )
        named = [stop for stop in said if stop[1] in {state for _, state in must} | {"missing", "unverified"}]
        if named != must:
            yield f"readiness page: {named} against {must}"

    # Amendments and decisions

    def _amendments(self) -> Iterator[str]:
        for line in self._all("/amendments"):
            fate = self.truth.fates[plain(line["id"])]
            if line["disposition"] not in fate.states:
                yield f"amendment {fate.number}: the list says {line['disposition']}, and it is {fate.states}"
            alone = self._api("", f"/amendments/{line['id']}")["amendment"]
            if alone["disposition"] != line["disposition"]:
                yield f"amendment {fate.number}: alone {alone['disposition']}, in the list {line['disposition']}"

    def _pages_of_amendments(self) -> Iterator[str]:
        """The page of each says its state, and marks every decision that does not stand."""
        for fate in self.truth.fates.values():
            page = self._page(f"/amendments/{fate.number}")
            if page.status != 200:
                yield f"amendment {fate.number}: its page answers {page.status}"
                continue
            said = [state for state in page.data("state") if state in _EVERY_STATE][:1]
            if said and said[0].removesuffix("_modified") not in fate.states:
                yield f"amendment {fate.number}: its page says {said[0]}, and it is {fate.states}"
            yield from self._marks(fate.number, fate.id, page)

    def _marks(self, number: int, amendment: str, page: Page) -> Iterator[str]:
        effects = self.record.of("round_effect", "amendment_id", [amendment])
        lifted = {row["round_id"] for row in effects if row["before"].lower() == "bracketed"}
        taken = [
            row
            for row in self.truth.decisions.values()
            if row["amendment_id"] == amendment or (row["verdict"].lower() == "resolve" and row["round_id"] in lifted)
        ]
        told = sorted(int(row.root.get("data-number", "0")) for row in page.rows("verdict"))
        if told != sorted(row["number"] for row in taken):
            yield f"amendment {number}: its page tells of the decisions {told}, and is about {taken}"
        undone = [row for row in taken if row["id"] in self.truth.undone_by]
        marked = page.rows("undone")
        if len(marked) != len(undone):
            yield f"amendment {number}: {len(undone)} of its decisions were undone, its page marks {len(marked)}"

    def _decisions(self) -> Iterator[str]:
        numbers = {row["id"]: row["number"] for row in self.truth.decisions.values()}
        undone = {numbers[key]: numbers[by] for key, by in self.truth.undone_by.items()}
        for item in self._all("/decisions"):
            if item["undone_by"] != undone.get(item["number"]):
                yield f"decision {item['number']}: undone by {item['undone_by']}, and it was by {undone}"
            back = sorted(number for number, by in undone.items() if by == item["number"])
            if item["undoes"] != back:
                yield f"decision {item['number']}: undoes {item['undoes']}, and it took back {back}"
        for row in self._page("/history").rows("decision"):
            said, number = row.root.get("data-undone"), int(row.root.get("data-number", "0"))
            if said != (str(undone[number]) if number in undone else None):
                yield f"history: decision {number} undone by {said}, and it was by {undone.get(number)}"

    def _counts(self) -> Iterator[str]:
        """One number of what is open, wherever it stands."""
        whole = self.truth.fates.values()
        sure = [fate for fate in whole if fate.is_pending]
        maybe = [fate for fate in whole if fate.is_pending is None]
        allowed = range(len(sure), len(sure) + len(maybe) + 1)
        listed = self._page("/amendments").data("open")
        read = self._page("").data("amendments")
        for door, said in (("list", listed), ("text", read)):
            if said and int(said[0]) not in allowed:
                yield f"open amendments: the {door} counts {said[0]}, and there are {list(allowed)}"

    def _causes(self) -> Iterator[str]:
        """Whatever fell has a decision that says so, and because of what."""
        standing = [row for row in self.truth.decisions.values() if row["id"] not in self.truth.undone_by]
        for fate in self.truth.fates.values():
            if fate.states != {"fallen"}:
                continue
            because = [row for row in standing if row["amendment_id"] == fate.id and row["verdict"] == "fall"]
            if not because:
                yield f"amendment {fate.number} fell, and no decision says why"

    def _notices(self) -> Iterator[str]:
        """Each change of an amendment by somebody else has reached its proposer."""
        amendments = {row["id"]: row for row in self.record.rows("amendment")}
        notices = self.record.of("notice", "amendment_id", list(amendments))
        for row in notices:
            decision = self.truth.decisions.get(row["decision_id"] or "")
            if decision and decision["verdict"].lower() == "fall" and decision["amendment_id"] != row["amendment_id"]:
                yield f"notices: {row['amendment_id']} is told of the fall of another"
        for fate, entry in self.truth.to_be_told:
            person = amendments[fate.id]["proposer_id"]
            got = {
                row["decision_id"] for row in notices if (row["person_id"], row["amendment_id"]) == (person, fate.id)
            }
            if not got & self.truth.decided_with(entry):
                act = entry.facts.get("verdict") or entry.kind
                yield f"amendment {fate.number}: its proposer was not told of {act}"
        yield from (f"decision {entry.facts['number']} without leave" for entry in self.truth.without_leave)
        yield from self.truth.unfounded
        asked = {(row["amendment_id"], row["person_id"]) for row in notices if row["word"] == "certify"}
        if missing := set(self.truth.to_be_certified) - asked:
            yield f"oral amendments: their movers were not asked to certify {missing}"

    def _letters(self) -> Iterator[str]:
        """Of each decision that somebody was told of they are written to, once, and nobody else is."""
        self.house.clock.forward(minutes=2)
        write_of_notices(self.house.store)
        letters = self.record.since("letter", self.history.begun)
        written = Counter(
            (letter["person_id"], notice.replace("-", ""))
            for letter in letters
            for notice in re.findall(r"/notices/([0-9a-f-]{36})", str(letter["facts"]))
        )
        notices = {row["id"]: row for row in self.record.of("notice", "declaration_id", [self.record.id])}
        closed = [entry.sequence for entry in self.record.log if self._shuts(entry)]
        taken = {entry.facts["decision"]: entry for entry in self.record.log if entry.kind == "decision.taken"}
        for notice, row in notices.items():
            if row["kind"].lower() != "decision":
                continue
            times = written[row["person_id"], notice]
            is_shut = any(at > taken[row["decision_id"]].sequence for at in closed)  # they could read no text since
            if times > 1 or (times == 0 and not is_shut):
                yield f"letters: decision {row['decision_id']} was written of to {row['person_id']} {times} times"
        for person, notice in written:
            if notice in notices and notices[notice]["person_id"] != person:
                yield f"letters: {person} was written to of what {notices[notice]['person_id']} was told"
        mine = [letter for letter in letters if {*re.findall(r"history-\d+", str(letter["facts"]))} <= {self.slug}]
        moves = [entry for entry in self.record.log if entry.kind == "phase.moved"][1:]
        for role in (Role.CHAIR, Role.SECRETARIAT):
            person = plain(self.house.people[role].person_id)
            sent = [letter["kind"] for letter in mine if letter["person_id"] == person]
            if sum(kind in {"phase_moved", "phase_returned"} for kind in sent) != len(moves):
                yield f"letters: {len(moves)} moves of the phase, and the {role.value} got {sorted(sent)}"

    def _shuts(self, entry: Entry) -> bool:
        """Whether from then on members may read nothing of the text, or of what others propose."""
        is_closed = entry.kind == "phase.moved" and entry.facts["phase"] in BEHIND_CLOSED_DOORS
        return is_closed or (entry.kind in DATED and bool(entry.facts["opens"]))  # until then it has not opened

    def _phase(self) -> Iterator[str]:
        """The phase is that of the last move; the calendar has the dates that were set, but of what was left again."""
        must = self.truth.phase
        calendar = self._api("/calendar")
        if {must} != {said := calendar["phase"], self._api("")["phase"]}:
            yield f"phase: the calendar says {said}, and it is {must}"
        dated = {entry.facts["stage"]: entry for entry in self.record.log if entry.kind in DATED}
        for item in calendar["items"]:
            facts = (entry := dated.get(item["stage"])) and entry.facts
            is_ahead = item["stage"] in ORDER and ORDER.index(item["stage"]) > ORDER.index(must)
            is_left = is_ahead and entry and self.truth.has_opened(item["stage"], entry)
            is_missed = is_ahead and facts and (moment(facts["opens"]) or clock.now()) < clock.now()
            for end in ("opens", "closes"):
                said, given = item[f"{end}_at"], facts and (None if is_left and end == "opens" else facts[end])
                is_told = said or not (is_missed and end == "opens")  # an adoption of which two have not agreed in time
                if facts and is_told and (said or "")[:16] != (given or "")[:16]:
                    yield f"calendar: {item['stage']} {end} {said}, and was set to {given}"

    def _papers(self) -> Iterator[str]:
        """A table to cite says of each amendment what it was when the table was taken, in the file as well."""
        undone = {self.truth.decisions[key]["number"] for key in self.truth.undone_by}
        for number, fates in self.history.tables.items():
            table = self._api(f"/amendment-tables/{number}")
            for row in table["rows"]:
                if row["disposition"] not in fates[row["number"]]:
                    yield f"table {number}: {row['number']} is {row['disposition']}, and was {fates[row['number']]}"
            if len(table["rows"]) != len(fates):
                yield f"table {number}: {len(table['rows'])} of {len(fates)} amendments"
            cited = {row["decision"] for row in table["rows"]} & undone
            if set(table["undone"]) != cited:
                yield f"table {number}: {table['undone']} are marked as undone, and {cited} were"
            path = f"{self.table.path}/amendments/tables/{number}/papers"
            for paper in ("table", "compilation", "circular"):
                answer = self.house.chair.get(f"{path}/{paper}/en/docx")
                if answer.status_code != 200:
                    yield f"table {number}: {paper} answers {answer.status_code}"
                    continue
                with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
                    words = re.sub(r"<[^>]+>", " ", packed.read("word/document.xml").decode())
                lost = [amendment for amendment in fates if not re.search(rf"\b{amendment}\b", words)]
                if lost and paper == "table":
                    yield f"table {number}: {paper} does not name {lost}"

    # Questions

    def _questions(self) -> Iterator[str]:
        """The numbers of a vote that was closed are those of the votes cast, and each has ended as the log says."""
        questions = {row["id"]: row for row in self.record.rows("question")}
        for item in self._all("/questions"):
            end, must = item["end"] or {}, self.truth.endings_of(questions[plain(item["id"])])
            said = "taken_back" if end.get("reversed_at") and not end["again"] else end.get("ending")
            if said not in must:
                yield f"question {item['number']}: ended {said}, and the log says {must}"
        casts = self.record.of("question_cast", "question_id", list(questions))
        for end in self.record.of("question_end", "question_id", list(questions)):
            question = questions[end["question_id"]]
            if question["means"].lower() == "silence" and end["ending"].lower() == "adopted":
                closes, ended = moment(question["closes_at"]), moment(end["ended_at"])
                if closes and ended and ended < closes:
                    yield f"question {question['number']}: silence has adopted the text before its time was up"
            if question["means"].lower() != "vote":
                continue
            cast = [row["choice"] for row in casts if row["question_id"] == question["id"]]
            must = {choice: cast.count(choice) for choice in ("yes", "no", "abstain")}
            said = self._api(f"/questions/{question['number']}")
            if said["end"]["yes"] is not None and {key: said["end"][key] for key in must} != must:
                yield f"question {question['number']}: {said['end']} against the votes {must}"
            is_carried = _carries(question, end, must)
            if (end["ending"].lower() == "carried") != is_carried and end["ending"].lower() not in _UNCOUNTED:
                yield f"question {question['number']}: ended {end['ending']} with {must}"
        yield from self._retaken()
        yield from self._proxies(questions, casts)
        yield from self._requested(questions)

    def _proxies(self, questions: Mapping[str, Row], casts: Sequence[Row]) -> Iterator[str]:
        """Each vote for another was given by whose it was, to whom used it, and not yet revoked; nobody holds two."""
        known = {row["id"]: row for row in self.record.rows("vote_proxy")}
        seats = self.record.of("question_seat", "question_id", list(questions))
        owners = {(row["question_id"], row["number"]): row["organisation_id"] for row in seats}
        for row in (row for row in casts if row["proxy_id"]):
            proxy, cast_at = known[row["proxy_id"]], moment(row["cast_at"])
            revoked = moment(proxy["revoked_at"])
            if owners[row["question_id"], row["seat"]] != proxy["organisation_id"] or (revoked and revoked < cast_at):
                yield f"proxy {proxy['id']}: used for {row}"
        standing = [proxy for proxy in known.values() if not proxy["revoked_at"]]
        voters = Counter(proxy[side] for proxy in standing for side in ("organisation_id", "holder_organisation_id"))
        if voters and max(voters.values()) > 1:
            yield f"proxies: somebody gives or holds two, or passes one on: {standing}"
        shown = {plain(item["id"]) for item in self._all("/proxies") if not item["revoked_at"]}
        if shown != {proxy["id"] for proxy in standing}:
            yield f"proxies: {shown} shown, and {standing} stand"

    def _requested(self, questions: Mapping[str, Row]) -> Iterator[str]:
        """A roll call that was requested, and not withdrawn, is one."""
        for row in self.record.rows("ballot_request"):
            question = questions.get(row["question_id"] or "")
            if question and (row["withdrawn_at"] or not question["is_roll_call"]):
                yield f"question {question['number']}: no roll call, as was requested, or requested no more"

    def _retaken(self) -> Iterator[str]:
        """A vote that was taken again names the new one, and the other way round; no decision of it stands."""
        every = {item["number"]: item for item in self._all("/questions")}
        must = {entry.facts["number"]: entry.facts for entry in self.record.log if entry.kind == "question.retaken"}
        for number, item in every.items():
            again = must.get(number, {}).get("again")
            if (item["end"] or {}).get("again") != again or (again and every[again]["retakes"] != number):
                yield f"question {number}: taken again as {item['end']}, and the log says {again}"
            if again and item["end"]["decision"]:
                yield f"question {number}: was taken again, and decision {item['end']['decision']} stands"

    # Forms and recommendations

    def _answers(self) -> Iterator[str]:
        """The results of the questionnaire are those of the answers that were not set aside."""
        if not self.history.form:
            return
        said = self.history._get(f"{FORUM}/forms/{self.history.form}/results").json()["fields"][0]["choices"]
        grades = Counter(grade for grade, state in self.history.answers.values() if state == "counted")
        if dict(said) != {str(grade): grades[str(grade)] for grade in range(1, 6)}:
            yield f"form {self.history.form}: {said} against {grades}"

    def _recommendations(self) -> Iterator[str]:
        """What was merged stays so until somebody takes it apart; for the others the last word counts."""
        register = self.history.register
        items = {item["number"]: item for item in self._all("", FORUM + "/recommendations")}
        for number, (standing, into) in register.places.items():
            said = items[number]
            must = standing, register.outcomes[number], register.ids[into] if into else None
            if (said["standing"], said["outcome"], said["merged_into_id"]) != must:
                yield f"recommendation {number}: is called {said}, and is {must}"


def _carries(question: Row, end: Row, votes: Mapping[str, int]) -> bool:
    """Whether these votes make the quorum and the majority of their question (rule 3.3)."""
    yes, cast = votes["yes"], sum(votes.values())
    counted = cast if question["abstentions_count"] else yes + votes["no"]
    reached = {
        "simple": 2 * yes > counted,
        "present": 2 * yes > max(cast, end["present"]),
        "members": 2 * yes > end["eligible"],
        "two_thirds": 3 * yes >= 2 * counted,
        "three_quarters": 4 * yes >= 3 * counted,
        "unanimity": yes == counted,
    }
    return yes > 0 and reached[question["majority"]] and 100 * cast >= question["quorum"] * end["eligible"]


_UNCOUNTED = {"withdrawn", "overtaken"}
_EVERY_STATE = UNDECIDED | {
    "adopted",
    "adopted_modified",
    "rejected",
    "withdrawn",
    "accepted",
    "fallen",
    "handed_over",
    "part_adopted",
    "bracketed",
    "late",
    "inadmissible",
}
