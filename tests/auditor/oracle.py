"""What must be so after a history, worked out from its record alone and from the rules (`docs/procedure.md`).

Nothing here imports the program. Where the record leaves two things possible (how much of an amendment that was taken
in part stays open, which amendments to it still hold), both are allowed: `Fate.states` is what may be said of it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from tests.auditor.record import Entry, Record, Row, moment, plain
from tests.auditor.staleness import LANGUAGES, Paragraph

UNDECIDED = {"open", "partly", "referred"}
_OF_VERDICT = {
    "reject": {"rejected"},
    "refer": {"referred"},
    "hand_over": {"handed_over"},
    "fall": {"fallen"},
    "bracket": {"bracketed"},
    "inadmissible": {"inadmissible"},
    "give_leave": {"open"},
    "refuse_leave": {"inadmissible"},
}
_OF_OUTCOME = {
    "applied": {"adopted"},
    "included": {"adopted"},
    "partly": {"partly"},
    "taken": {"accepted"},
}
_ENDS = {
    "rejected",
    "withdrawn",
    "handed_over",
    "fallen",
    "inadmissible",
}  # nothing of it is in the text: what amends it falls
_DONE = {"adopted", "part_adopted"}


@dataclass
class Fate:
    """What may be said of an amendment, and the entry of the log that made it so."""

    id: str
    number: int
    parent: str | None
    proposer: str
    states: set[str] = field(default_factory=lambda: {"open"})
    cause: Entry | None = None
    changed_by: list[Entry] = field(default_factory=list)

    @property
    def is_undecided(self) -> bool | None:
        """None where the record allows both."""
        return self._is_in(UNDECIDED)

    @property
    def is_pending(self) -> bool | None:
        """The same with what waits for leave: the chair has to do with it."""
        return self._is_in(UNDECIDED | {"late"})

    def _is_in(self, known: set[str]) -> bool | None:
        kinds = {state in known for state in self.states}
        return kinds.pop() if len(kinds) == 1 else None


class Truth:
    """The whole of what must be so of one declaration."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.without_leave: list[Entry] = []  # decisions on what waited for leave, once `fates` are told
        self.unfounded: list[str] = []  # lapses on account of a compromise to which nobody agreed; likewise

    # Decisions

    @cached_property
    def decisions(self) -> Mapping[str, Row]:
        return {row["id"]: row for row in self.record.rows("decision")}

    @cached_property
    def rounds(self) -> Mapping[str, Row]:
        return {row["id"]: row for row in self.record.rows("decision_round")}

    @cached_property
    def undone_by(self) -> Mapping[str, str]:
        """The decision that took back each decision that does not stand, by its id."""
        taken = (entry.facts for entry in self.record.log if entry.kind == "decision.taken")
        return {undone: facts["decision"] for facts in taken for undone in facts["undoes"]}

    @cached_property
    def undone_lineage(self) -> frozenset[str]:
        """Splits and joins that were taken back, and those that took them back: the text is as before them.

        Where one decision of a round was taken back alone, those whose paragraphs came or went with that.
        """
        found = set()
        for row in self.rounds.values():
            taken_back = row["undoes_id"] and self.rounds[row["undoes_id"]]["revision_id"]
            for line in self.record.rows("lineage") if taken_back and row["revision_id"] else ():
                is_of_it = line["revision_id"] == taken_back
                is_whole = row["about_id"] is None
                if line["revision_id"] == row["revision_id"] or (
                    is_of_it and (is_whole or self._is_restored(line, row["revision_id"]))
                ):
                    found.add(line["id"])
        return frozenset(found)

    def _is_restored(self, line: Row, undoing: str) -> bool:
        """Whether the paragraphs of a split or join are there again, or gone again, since this revision."""
        before = self._parent_of[line["revision_id"]]
        ahead, after, first = (self._present(line, at) for at in (self._parent_of[undoing], undoing, before))
        return after != ahead and after == first

    def _present(self, line: Row, revision: str) -> tuple[bool, bool]:
        there = {row["block_id"] for row in self.record.of("revision_block", "revision_id", [revision])}
        return line["block_id"] in there, line["other_id"] in there

    @cached_property
    def displaced(self) -> Sequence[str]:
        """Undoing that put other paragraphs elsewhere: what no undone amendment moved stands in the order it had."""
        found = []
        for row in self.rounds.values():
            undone = [other for other in self.decisions.values() if other["round_id"] == row["undoes_id"]]
            if not (row["undoes_id"] and row["revision_id"]) or any(other["verdict"] == "edit" for other in undone):
                continue
            before, after = (self._order(at) for at in (self._parent_of[row["revision_id"]], row["revision_id"]))
            still = (set(before) & set(after)) - self._moved_by(undone)
            if [block for block in before if block in still] != [block for block in after if block in still]:
                found.append(f"round {row['number']} undid {len(undone)} decisions and displaced paragraphs")
        return found

    def _order(self, revision: str) -> Sequence[str]:
        rows = self.record.of("revision_block", "revision_id", [revision])
        return [row["block_id"] for row in sorted(rows, key=lambda row: row["position"])]

    def _moved_by(self, decisions: Sequence[Row]) -> set[str]:
        """The paragraphs that the amendments of these decisions, and those to them, move."""
        named = {row["amendment_id"] for row in decisions} - {None}
        named |= {row["id"] for row in self.record.rows("amendment") if row["parent_id"] in named}
        versions = [row["id"] for row in self.record.of("amendment_version", "amendment_id", sorted(named))]
        moves = [
            row["change"] for row in self.record.of("amendment_change", "version_id", versions) if row["op"] == "move"
        ]
        return {plain((json.loads(move) if isinstance(move, str) else move)["block"]) for move in moves}

    @cached_property
    def _parent_of(self) -> Mapping[str, str]:
        return {row["id"]: row["parent_id"] for row in self.record.rows("revision")}

    # Amendments

    @cached_property
    def fates(self) -> Mapping[str, Fate]:
        """Every amendment by its id: the standing acts, told again from the first."""
        fates: dict[str, Fate] = {}
        undoings = {decision: entry for entry in self.record.log for decision in self._taken_back(entry)}
        for entry in self._standing():
            for fate in self._affected(entry, fates):
                fate.cause = entry
                fate.changed_by.append(entry)
        for entry in self.record.log:
            if entry.kind == "decision.taken" and entry.facts["decision"] in undoings:
                fate = fates.get(entry.facts["amendment"] or "")
                if fate:
                    fate.changed_by.append(undoings[entry.facts["decision"]])
        return fates

    def _taken_back(self, entry: Entry) -> list[str]:
        if entry.kind != "decision.taken" or entry.facts["verdict"] != "undo":
            return []
        return [key for key, undoing in self.undone_by.items() if undoing == entry.facts["decision"]]

    def _standing(self) -> Iterator[Entry]:
        """The acts that nobody has taken back, in their order."""
        returned = self._returned()
        standing = [
            entry
            for entry in self.record.log
            if entry.sequence not in returned
            and not (entry.kind == "decision.taken" and entry.facts["decision"] in self.undone_by)
        ]
        return iter(sorted(standing, key=self._place))

    def _place(self, entry: Entry) -> tuple[int, bool, int]:
        """The order of the log; within one round, what amends an amendment is decided before it."""
        taken_in = entry.facts.get("round") if entry.kind == "decision.taken" else None
        if taken_in is None:
            return entry.sequence, False, entry.sequence
        is_whole = self._parents.get(entry.facts["amendment"] or "") is None
        return self._begun[taken_in], is_whole, entry.sequence

    @cached_property
    def _parents(self) -> Mapping[str, str | None]:
        """What each amendment was filed to amend."""
        filed = (entry.facts for entry in self.record.log if entry.kind == "amendment.proposed")
        return {facts["amendment"]: facts["amends"] for facts in filed}

    @cached_property
    def _begun(self) -> Mapping[str, int]:
        """Where in the log the first decision of each round stands."""
        begun: dict[str, int] = {}
        for entry in self.record.log:
            if entry.kind == "decision.taken" and entry.facts["round"]:
                begun.setdefault(entry.facts["round"], entry.sequence)
        return begun

    def _returned(self) -> set[int]:
        """Withdrawals that were taken back."""
        last: dict[str, int] = {}
        returned = set()
        for entry in self.record.log:
            if entry.kind == "amendment.withdrawn":
                last[entry.facts["amendment"]] = entry.sequence
            elif entry.kind in RESTORED:
                returned.add(last.pop(entry.facts["amendment"]))
        return returned

    def _affected(self, entry: Entry, fates: dict[str, Fate]) -> list[Fate]:
        """What this act changed; itself first, then what follows from it."""
        facts = entry.facts
        if entry.kind == "amendment.proposed":
            mover = facts.get("mover", entry.actor)  # of one that was moved from the floor, and written down
            begins = {"late"} if facts.get("means") == "late" else {"open"}
            fates[facts["amendment"]] = Fate(facts["amendment"], facts["number"], facts["amends"], mover, begins)
            return []
        if entry.kind == "amendment.withdrawn":
            return self._become(fates[facts["amendment"]], {"withdrawn"}, fates)
        if entry.kind != "decision.taken":
            return []
        if facts["verdict"] == "resolve":
            return [
                fate
                for ruled, states in self._resolved(facts)
                if fates[ruled].states == {"bracketed"}
                for fate in self._become(fates[ruled], states, fates)
            ]
        fate = fates.get(facts["amendment"] or "")
        states = fate and _ruled(facts)
        if fate and facts["verdict"] == "fall" and (error := self._unfounded(entry, fate, fates)):
            self.unfounded.append(error)
        if fate and fate.states == {"late"} and facts["verdict"] not in _ON_LEAVE:
            self.without_leave.append(entry)
        return self._become(fate, states, fates, verdict=facts["verdict"]) if fate and states else []

    def _unfounded(self, entry: Entry, fate: Fate, fates: Mapping[str, Fate]) -> str:
        """What speaks against a lapse that nobody ruled: its compromise was adopted, and its proposer agreed."""
        cause = fates.get(entry.facts["because_of"] or "")
        if cause is None or fate.id not in self._replaced.get(cause.id, ()) or entry.facts["reason"]:
            return ""
        said = [cause.proposer == fate.proposer]
        for answer in self.record.log:
            is_theirs = answer.facts.get("amendment") == cause.id and answer.facts.get("person") == fate.proposer
            if is_theirs and answer.sequence < entry.sequence and answer.kind in _ANSWERS:
                said.append(_ANSWERS[answer.kind])
        return "" if said[-1] and cause.states == {"adopted"} else f"amendment {fate.number} lapsed without consent"

    @cached_property
    def _replaced(self) -> Mapping[str, Sequence[str]]:
        """What each compromise stands for."""
        filed = (entry.facts for entry in self.record.log if entry.kind == "amendment.proposed")
        return {facts["amendment"]: facts.get("replaces", ()) for facts in filed}

    def _resolved(self, facts: Row) -> list[tuple[str, set[str]]]:
        """The amendments behind the alternatives of a bracket that this decision closed."""
        chosen = {
            row["id"]: row["chosen"] for row in self.record.rows("bracket") if row["closed_round_id"] == facts["round"]
        }
        behind: dict[str, set[str]] = {}
        for row in self.record.of("bracket_sponsor", "bracket_id", list(chosen)):
            if row["amendment_id"]:
                is_chosen = row["position"] == chosen[row["bracket_id"]]
                behind.setdefault(row["amendment_id"], set()).add("adopted" if is_chosen else "rejected")
        return [(key, {"adopted"} if "adopted" in said else said) for key, said in behind.items()]

    def _become(self, fate: Fate, states: set[str], fates: Mapping[str, Fate], verdict: str = "") -> list[Fate]:
        fate.states = set(states)
        changed = [fate]
        for child in fates.values():
            if child.parent == fate.id:
                before = child.states
                child.states = {after for own in before for now in states for after in _follows(own, now, verdict)}
                if child.states.isdisjoint(before):  # else it may be what it was, and nobody is told
                    changed.append(child)
        return changed

    # The text

    @cached_property
    def heads(self) -> Mapping[tuple[str, str], str]:
        """The version in force by block and language, as the log tells of each move."""
        return self.text_at(None)[1]

    @cached_property
    def order(self) -> Sequence[str]:
        """The blocks of the text in force, in their order."""
        return self.text_at(None)[0]

    def text_at(self, sequence: int | None) -> tuple[Sequence[str], Mapping[tuple[str, str], str]]:
        """Blocks and versions that were in force after this entry of the log; after the last one, where none is given.

        A version stays known where its block has gone.
        """
        order: Sequence[str] = ()
        heads: dict[tuple[str, str], str] = {}
        for entry in self.record.log:
            if sequence is not None and entry.sequence > sequence:
                break
            order = entry.facts.get("order", order)
            for move in entry.facts.get("heads", ()):
                heads[move["block"], move["language"]] = move["to"] and move["to"]["id"]
        return order, {place: version for place, version in heads.items() if version}

    @cached_property
    def _versions(self) -> Mapping[str, Row]:
        return {row["id"]: row for row in self.record.rows("text_version")}

    def like(self, sequence: int, language: str, column: str = "folded_hash") -> bool:
        """Whether the text in one language reads as it did after this entry of the log."""
        (before, then), (after, now) = self.text_at(sequence), (self.order, self.heads)
        shown = [
            [(block, self._versions[heads[block, language]][column]) if (block, language) in heads else block]
            for order, heads in ((before, then), (after, now))
            for block in order
        ]
        return list(before) == list(after) and shown[: len(before)] == shown[len(before) :]

    @cached_property
    def words(self) -> Mapping[tuple[str, str], str]:
        return {place: self._versions[version]["content"] for place, version in self.heads.items()}

    @cached_property
    def states(self) -> Mapping[tuple[str, str], str]:
        """How each text in force stands to the original of its paragraph."""
        return {
            (block, language): state
            for block, paragraph in self.paragraphs.items()
            for language, state in paragraph.states().items()
        }

    @cached_property
    def paragraphs(self) -> Mapping[str, Paragraph]:
        """The text in force, block by block."""
        rows = self.record.of("revision_block", "revision_id", [self.record.declaration["head_id"]])
        originals = {row["block_id"]: row["original_language"] for row in rows}
        found = {}
        for block in self.order:
            heads = {language: self.heads[block, language] for language in LANGUAGES if (block, language) in self.heads}
            found[block] = Paragraph(self.record, block, originals[block], heads, undone=self.undone_lineage)
        return found

    @property
    def led_by_nobody(self) -> Sequence[str]:
        """Words that an adoption gave a paragraph, led by a language in which nothing of that round was taken.

        All that made it is of one round: what was taken into an amendment or put in brackets before made another
        revision, or none. What a bracket gives leads in a language that it has words in.
        """
        taken = {entry.facts["decision"]: entry.facts for entry in self.record.log if entry.kind == "decision.taken"}
        found = []
        for entry in self.record.log:
            if entry.kind != "revision.made" or entry.facts["cause"] != "adoption":
                continue
            decisions = [taken[id_] for id_ in entry.facts["decisions"]]
            own = [facts for facts in decisions if facts["revision"] == entry.facts["revision"]]
            earlier = [facts for facts in decisions if facts["outcome"] == "taken" or facts["verdict"] == "bracket"]
            led = {facts["language"] for facts in own}
            moved = {(move["block"], move["language"]) for move in entry.facts["heads"] if self._is_reworded(move)}
            rounds = {facts["round"] for facts in decisions if facts in own or facts not in earlier}
            is_resolved = any(facts["verdict"] == "resolve" for facts in decisions)
            found += [f"revision {entry.facts['number']} is of the rounds {rounds}"] * (len(rounds) != 1)
            found += [
                f"revision {entry.facts['number']} words {place['block']} in {place['original']}, decided in {led}"
                for place in entry.facts["places"]
                if (place["block"], place["original"]) in moved and place["original"] not in led and not is_resolved
            ]
        return found

    def _is_reworded(self, move: Row) -> bool:
        """Whether one text took the place of another that says something else."""
        ends = [move[end] and self._versions[move[end]["id"]]["folded_hash"] for end in ("from", "to")]
        return ends[0] != ends[1]

    @property
    def signed_off(self) -> set[str]:
        """The languages for which somebody answers as a whole: they read as they did then, typography aside."""
        return {
            entry.facts["language"]
            for entry in self.record.log
            if entry.kind == "language.signed_off" and self.like(entry.sequence, entry.facts["language"])
        }

    # What speaks against calling the text agreed

    @property
    def obstacles(self) -> Sequence[str]:
        """Reasons for which nobody may note that the whole text is agreed; none where it may be."""
        phase = self.record.declaration["phase"]
        found = [] if phase == "V" else [f"the phase is {phase}"]
        undecided = [fate.number for fate in self.fates.values() if fate.is_undecided or fate.states == {"late"}]
        brackets = [row["number"] for row in self.record.rows("bracket") if row["state"].lower() == "open"]
        behind = [place for place, state in self.states.items() if state not in {"current", "absent"}]
        found += [f"{len(undecided)} amendments are open"] * bool(undecided)
        found += [f"{len(brackets)} brackets are open"] * bool(brackets)
        return [*found, *[f"{len(behind)} texts are behind"] * bool(behind)]

    # What comes of itself

    @property
    def phase(self) -> str:
        return next(entry.facts["phase"] for entry in reversed(self.record.log) if entry.kind == "phase.moved")

    def phases_at(self, at: datetime) -> set[str]:
        """Where the declaration may be once this time has come: what has a date opens once, and opens what is before.

        The adoption opens by itself where two people have agreed to it, and nothing has been done about it since.
        """
        now = self.phase
        for stage in ("review", "consultation"):
            dated = self._dated(stage)
            opens = dated and moment(dated.facts["opens"])
            if dated and opens and opens <= at and not self.has_opened(stage, dated):
                now = max(now, stage, key=ORDER.index)
        steps = [entry.kind for entry in self.record.log if entry.kind.startswith("adoption.") or self._resets(entry)]
        return {now, "adoption"} if steps and steps[-1] == "adoption.confirmed" else {now}

    def _resets(self, entry: Entry) -> bool:
        return entry.kind == "phase.moved" or (entry.kind in DATED and entry.facts["stage"] == "adoption")

    def _dated(self, stage: str) -> Entry | None:
        """What the calendar says of a stage, as it was said last."""
        found = [entry for entry in self.record.log if entry.kind in DATED and entry.facts["stage"] == stage]
        return found[-1] if found else None

    def has_opened(self, stage: str, dated: Entry) -> bool:
        """Whether the declaration is in that phase or past it, or has been since it got its date."""
        moves = [entry for entry in self.record.log if entry.kind == "phase.moved"]
        return any(
            ORDER.index(move.facts["phase"]) >= ORDER.index(stage)
            for move in moves
            if move.sequence > dated.sequence or move is moves[-1]
        )

    def silences_at(self, at: datetime) -> Mapping[int, set[str]]:
        """How each silence may have ended once this time has come: adopted, if it is still the text, and all of it."""
        ended = {entry.facts["number"] for entry in self.record.log if entry.kind == "question.ended"}
        found = {}
        for row in self.record.rows("question"):
            closes = moment(row["closes_at"])
            if row["means"].lower() == "silence" and row["number"] not in ended and closes and closes <= at:
                since = self._put_at(row["number"])
                is_same = all(self.like(since, language, "content") for language in LANGUAGES)
                ends = {"adopted"} if is_same and not self.obstacles else {"overtaken"}
                is_touched = not all(self.like(since, language, "id") for language in LANGUAGES)
                found[row["number"]] = ends | ({"overtaken"} if is_touched else set())
        return found

    def _put_at(self, number: int) -> int:
        return next(
            entry.sequence
            for entry in self.record.log
            if entry.kind.startswith("question.put") and entry.facts["number"] == number
        )

    @cached_property
    def endings(self) -> Mapping[int, str]:
        """How each question has ended, by its number."""
        ended = {
            entry.facts["number"]: entry.facts["outcome"] for entry in self.record.log if entry.kind == "question.ended"
        }
        taken_back = [entry.facts["number"] for entry in self.record.log if entry.kind == "question.reversed"]
        again = [entry.facts["number"] for entry in self.record.log if entry.kind == "question.retaken"]
        return {**ended, **dict.fromkeys(taken_back, "taken_back"), **dict.fromkeys(again, "retaken")}

    def endings_of(self, question: Row) -> set[str | None]:
        """How a question may be said to stand; a vote closes with its amendment, and opens again with it."""
        fate = self.fates.get(question["amendment_id"] or "")
        if question["number"] in self.endings or fate is None:
            return {self.endings.get(question["number"])}
        return {None: {None, "moot"}, True: {None}, False: {"moot"}}[fate.is_undecided]

    # Corrigenda

    @cached_property
    def corrigenda(self) -> Mapping[int, str]:
        """Where each corrigendum stands, by its number."""
        return {
            entry.facts["number"]: _OF_CORRIGENDUM[entry.kind]
            for entry in self.record.log
            if entry.kind in _OF_CORRIGENDUM
        }

    def corrigenda_at(self, at: datetime) -> Mapping[int, str]:
        """The same once this time has come: what nobody has objected to in time is made."""
        closes = {row["number"]: moment(row["closes_at"]) for row in self.record.rows("corrigendum")}
        return {
            number: "made" if state == "silent" and (closes[number] or at) <= at else state
            for number, state in self.corrigenda.items()
        }

    # What was to be told

    @cached_property
    def to_be_told(self) -> Sequence[tuple[Fate, Entry]]:
        """Each change of an amendment that its proposer did not make themselves, while they could read of it."""
        return [
            (fate, entry)
            for fate in self.fates.values()
            for entry in fate.changed_by
            if entry.kind == "decision.taken"  # what falls with a withdrawal has a decision of its own
            and entry.actor != fate.proposer
            and self._phase_at(entry) not in BEHIND_CLOSED_DOORS
        ]

    @cached_property
    def to_be_certified(self) -> Sequence[tuple[str, str]]:
        """Amendments recorded for somebody else, each with that mover."""
        filed = [entry for entry in self.record.log if entry.kind == "amendment.proposed"]
        return [
            (entry.facts["amendment"], entry.facts["mover"])
            for entry in filed
            if entry.facts.get("mover", entry.actor) != entry.actor
        ]

    def decided_with(self, entry: Entry) -> set[str]:
        """The decisions of its round: whoever heard of one that concerns them has heard."""
        taken_in = entry.facts.get("round")
        return {row["id"] for row in self.decisions.values() if row["round_id"] == taken_in}

    def _phase_at(self, entry: Entry) -> str:
        moves = [move for move in self.record.log if move.kind == "phase.moved" and move.sequence < entry.sequence]
        return moves[-1].facts["phase"] if moves else "setup"


ORDER = ("setup", "drafting", "review", "consultation", "adoption", "published", "archived")
DATED = {"deadline.set", "deadline.changed"}
_OF_CORRIGENDUM = {
    "corrigendum.prepared": "prepared",
    "corrigendum.asked": "asked",
    "corrigendum.silence_opened": "silent",
    "corrigendum.objected": "broken",
    "corrigendum.declined": "withdrawn",
    "corrigendum.withdrawn": "withdrawn",
    "corrigendum.agreed": "made",
}
BEHIND_CLOSED_DOORS = {"setup", "drafting"}  # the committee's own phases: members read no text then
RESTORED = {"amendment.reinstated"}
_ANSWERS = {"amendment.cosponsor_confirmed": True, "amendment.cosponsor_declined": False}
_ON_LEAVE = {"give_leave", "refuse_leave", "fall"}


def _ruled(facts: Row) -> set[str]:
    if facts["verdict"] in _OF_VERDICT:
        return _OF_VERDICT[facts["verdict"]]
    came_to = _OF_OUTCOME.get(facts["outcome"], set())
    if facts["verdict"] == "adopt_partly" and came_to == {"adopted"}:
        return {"partly", "part_adopted"}
    return came_to


def _follows(child: str, parent: str, verdict: str) -> set[str]:
    """What an amendment to an amendment becomes once that one is `parent`."""
    if child not in UNDECIDED | {"accepted", "late"}:
        return {child}
    if verdict == "adopt_modified" and parent in _DONE:  # what still holds of it stands on its own, or is in the text
        return {"fallen", "adopted"} if child == "accepted" else {"fallen", child}
    if parent in _ENDS:
        return {"fallen"}
    if parent in _DONE:
        return {"adopted"} if child == "accepted" else {"fallen"}
    return {child}
