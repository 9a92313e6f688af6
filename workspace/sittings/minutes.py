"""The minutes of a sitting: what the log says of its time, frozen in three languages when the chair signs.

A person stands in them as an id in braces, and by name when they are read: what was signed stays when somebody
is erased.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from drafts.formats.pdf import PaperReport
from drafts.text.blocks import Block, BlockKind, Document, Language
from drafts.text.markup import plain
from workspace.amendments.domain.models import Amendment, Decision
from workspace.amendments.views.decisions import NUMBERED, said
from workspace.core import clock
from workspace.core.actor import ERASED_PERSON, OPERATOR
from workspace.core.shapes import MadeFile
from workspace.core.storage.db import Db
from workspace.core.storage.log import LogEntry
from workspace.core.validation import known_word
from workspace.declarations.domain import queries
from workspace.declarations.labels import name_in
from workspace.interchange.papers.documents import PaperFormat, escape_markdown, paper_file
from workspace.people.models import Person
from workspace.procedure.models import Question
from workspace.procedure.service import QuestionService
from workspace.procedure.subjects import TITLES, state_of
from workspace.procedure.views import CHOICES, result
from workspace.procedure.visibility import visible_question
from workspace.sittings.models import MinutesCorrection, Sitting, SittingKind, Speaker, Standing
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import Messages, messages
from workspace.web.pages import PLACEHOLDER_NAMES

ATTENDANCE, DEBATE = "attendance", "debate"  # the keys of what is about no item
KINDS: Mapping[SittingKind, str] = {SittingKind.PLENARY: N_("Plenary"), SittingKind.COMMITTEE: N_("Drafting committee")}
STANDINGS: Mapping[Standing, str] = {
    Standing.PRESENT: N_("Present"),
    Standing.REPRESENTED: N_("Represented"),
    Standing.ABSENT: N_("Absent"),
}
_LOGGED = ("floor.given", "sitting.agenda", "decision.taken", "question.put", "question.ended", "amendment.proposed")
_PERSON = re.compile(r"\{([0-9a-f-]{36})\}")
_COLON = {Language.FR: "\u00a0:"}
_QUOTES = {Language.EN: ("“", "”"), Language.ES: ("«", "»"), Language.FR: ("«\u202f", "\u202f»")}


def frozen(db: Db, sitting: Sitting) -> dict[str, Any]:
    """The minutes as they stand now: numbers of decisions and questions, and the blocks in each language."""
    writers = {language: _Writer(db, sitting, messages(language)) for language in Language}
    blocks = {
        language.value: [[block.id, block.kind.value, block.text] for block in writer.blocks()]
        for language, writer in writers.items()
    }
    first = writers[Language.EN]
    return {"decisions": first.decisions, "questions": sorted(set(first.questions)), "blocks": blocks}


def minutes_of(db: Db, sitting: Sitting, said_in: Messages) -> PaperReport:
    """The minutes to be read: as signed, or as they stand now; with the corrections that were accepted."""
    stored = sitting.minutes.record["blocks"][said_in.language] if sitting.minutes else None
    kept = [Block(id_, BlockKind(kind), text, int(kind == BlockKind.HEADING)) for id_, kind, text in stored or ()]
    writer = _Writer(db, sitting, said_in)
    blocks = list(writer.corrected(kept if stored else writer.blocks()))
    names = _names(db, blocks, said_in)
    shown = [
        Block(block.id, block.kind, _PERSON.sub(lambda found: names[found[1]], block.text), block.level)
        for block in blocks
    ]
    day = sitting.declaration.forum.local(sitting.began_at or sitting.planned_at).date()
    return PaperReport(Document(tuple(shown), said_in.language), {}, plain(shown[0].text), day)


def _names(db: Db, blocks: Sequence[Block], said_in: Messages) -> Mapping[str, str]:
    named = {UUID(found) for block in blocks for found in _PERSON.findall(block.text)}
    rows = db.execute(sa.select(Person.id, Person.name).where(Person.id.in_(named)))
    erased = said_in.gettext(PLACEHOLDER_NAMES[ERASED_PERSON])
    return {str(row[0]): erased if row[1] == ERASED_PERSON else escape_markdown(row[1]) for row in rows}


def minutes_file(db: Db, sitting: Sitting, said_in: Messages, form: str) -> MadeFile:
    """The minutes as a file; raises `NotFound` for a form that there is not."""
    ending, report = known_word(PaperFormat, form, "form"), minutes_of(db, sitting, said_in)
    name = f"{sitting.declaration.slug}.minutes-{sitting.number}.{said_in.language}"
    return paper_file(name, report, ending)


def is_final(sitting: Sitting) -> bool:
    """Whether the time for corrections has ended, and every correction is answered."""
    is_past = sitting.minutes is not None and sitting.minutes.correct_until <= clock.now()
    return is_past and all(made.is_accepted is not None for made in sitting.corrections)


def spoken(speakers: Sequence[Speaker]) -> dict[str, list[int]]:
    """The seconds of each intervention, by delegation, the longest first; of who has the floor, until now."""
    times: dict[str, list[int]] = {}
    for speaker in speakers:
        if speaker.began_at:
            lasted = (speaker.ended_at or clock.now()) - speaker.began_at
            times.setdefault(speaker.delegation, []).append(round(lasted.total_seconds()))
    return dict(sorted(times.items(), key=lambda each: -sum(each[1])))


def clock_time(seconds: int) -> str:
    """A time as clocks show it, 2:05."""
    return f"{seconds // 60}:{seconds % 60:02}"


class _Writer:
    """Writes the blocks in one language, item by item as the items were first taken up."""

    def __init__(self, db: Db, sitting: Sitting, said_in: Messages) -> None:
        self.db, self.sitting, self.messages, self.say = db, sitting, said_in, said_in.gettext
        self.until = sitting.ended_at or clock.now()
        self.made: list[Block] = []
        self.decisions: list[int] = []
        self.questions: list[int] = []
        self.lines: dict[str, dict[str, tuple[datetime, str]]] = {}  # by item, by what was done

    def blocks(self) -> list[Block]:
        """Everything but corrections and signature."""
        declaration, began = self.sitting.declaration, self.sitting.began_at or self.until
        name = declaration.name.said_in(self.messages.language)
        title = self.say(
            N_("Minutes of sitting %(number)s: %(declaration)s"), number=self.sitting.number, declaration=name
        )
        self._add(title, BlockKind.TITLE)
        where = [declaration.forum.name.said_in(self.messages.language), self.say(KINDS[self.sitting.kind])]
        ended = f" – {self._time(self.until)}" if self.sitting.ended_at else ""
        self._add(f"{', '.join([*where, self.sitting.place])}. {self._moment(began)}{ended}.")
        self._add(self.say(N_("Attendance")), BlockKind.HEADING, ATTENDANCE)
        self._attendance()
        self._read(began)
        order = sorted(self.lines, key=lambda key: min(self.lines[key].values())[0])
        for place, key in enumerate(order, 1):
            self._add(f"{place}. {self.name_of(key)}", BlockKind.HEADING, key)
            self._item(key)
        if times := spoken(self.sitting.speakers):
            self._add(self.say(N_("Speaking time")), BlockKind.HEADING)
            head = (N_("Organisation"), N_("Interventions"), N_("Speaking time"))
            rows = [f"| {' | '.join(map(self.say, head))} |", "| --- | --- | --- |"]
            rows += [
                f"| {escape_markdown(who)} | {len(all_)} | {clock_time(sum(all_))} |" for who, all_ in times.items()
            ]
            self.made.append(Block("times", BlockKind.TABLE, "\n".join(rows)))
        return self.made

    def corrected(self, blocks: Sequence[Block]) -> Iterator[Block]:
        """The blocks with what was accepted under each item, and who has signed."""
        accepted = [made for made in self.sitting.corrections if made.is_accepted]
        self.made, key = [], ""
        for block in blocks:
            if block.kind is BlockKind.HEADING:
                yield from self._taken(accepted, key)
                key = block.id
            yield block
        yield from self._taken(accepted, key)
        self._add(self.say(N_("Signature")), BlockKind.HEADING, "signature")
        self._signature()
        yield from self.made

    def _taken(self, accepted: Sequence[MinutesCorrection], key: str) -> Iterator[Block]:
        for made in accepted:
            if made.item == key:
                yield Block(
                    f"correction-{made.number}", BlockKind.BULLET, escape_markdown(correction(made, self.messages))
                )

    def _signature(self) -> None:
        signed = self.sitting.minutes
        if signed is None:
            self._add(self.say(N_("Draft: not signed.")))
            return
        who = f"{{{signed.signed_by_id}}}"
        self._add(f"{who}, {self._moment(signed.signed_at)}. SHA-256 {signed.sha256}")
        until = self.say(N_("Corrections until %(moment)s."), moment=self._moment(signed.correct_until))
        self._add(self.say(N_("Final.")) if is_final(self.sitting) else until)

    def _attendance(self) -> None:
        for standing, words in STANDINGS.items():
            seats = [seat for seat in self.sitting.seats if (seat.standing or Standing.ABSENT) is standing]
            names = [_who(seat.person_id, seat.organisation.name if seat.organisation else "") for seat in seats]
            if names:
                self._add(self._told(f"{self.say(words)} ({len(names)})", names), BlockKind.BULLET)

    def _item(self, key: str) -> None:
        heard = sorted(
            (each.began_at, each) for each in self.sitting.speakers if (each.item or DEBATE) == key and each.began_at
        )
        if heard:
            times = [
                f"{_who(each.person_id, each.organisation.name if each.organisation else '')} "
                f"({clock_time(round(((each.ended_at or self.until) - at).total_seconds()))})"
                for at, each in heard
            ]
            self._add(self._told(self.say(N_("Speakers")), times), BlockKind.BULLET)
        for at, words in sorted(self.lines[key].values()):
            if words:
                self._add(f"{self._time(at)} {words}", BlockKind.BULLET)
        note = next((item.note for item in self.sitting.items if item.key == key), "")
        if note:
            self._add(note)

    def _read(self, began: datetime) -> None:
        entries = sa.select(LogEntry.at, LogEntry.kind, LogEntry.entry).where(
            LogEntry.declaration_id == self.sitting.declaration_id,
            LogEntry.kind.in_(_LOGGED),
            LogEntry.at >= began,
            LogEntry.at <= self.until,
        )
        for at, kind, entry in self.db.execute(entries.order_by(LogEntry.sequence)):
            facts = json.loads(entry)["facts"]
            if kind == "decision.taken":
                self._decision(at, self.db.get_one(Decision, UUID(facts["decision"])))
            elif kind.startswith("question."):
                self._question(at, self.db.get_one(Question, UUID(facts["question"])))
            elif kind == "floor.given":
                self._line(_key(facts.get("amendment"), facts.get("block")), "", at)
            elif facts.get("act") == "take_up" and facts["sitting"] == str(self.sitting.id):
                self._line(facts["item"], "", at)
            elif facts.get("means") == "oral":
                self._oral(at, self.db.get_one(Amendment, UUID(facts["amendment"])))
        for speaker in self.sitting.speakers:
            if speaker.began_at:
                self._line(speaker.item, "", speaker.began_at)

    def _line(self, key: str, what: str, at: datetime, words: str = "") -> None:
        """Something done about an item; told once, when it was done last."""
        lines = self.lines.setdefault(key or DEBATE, {})
        lines[what] = (at if what else lines.get(what, (at, ""))[0], words)

    def _decision(self, at: datetime, decision: Decision) -> None:
        self.decisions.append(decision.number)
        number = self.say(NUMBERED, number=decision.number)
        words = f"{said(decision, self.messages)} ({number}).{self._quoted(decision.reason)}"
        about = {_key(each.amendment_id, each.block_id) for each in decision.undoes or [decision]}
        self._line(about.pop() if len(about) == 1 else "", f"d{decision.number}", at, words)

    def _question(self, at: datetime, question: Question) -> None:
        self.questions.append(question.number)
        seen = visible_question(QuestionService(self.db), question, actor=OPERATOR)
        about = self.name_of(_key(question.amendment_id, question.block_id), N_("the whole text"))
        words = [self.say(TITLES[question.means], number=question.number, about=about)]
        if seen.end and seen.end.at <= self.until:
            words += [state_of(seen, self.messages).words, result(seen, self.messages).removesuffix(".")]
            for choice, called in CHOICES.items():
                voters = [vote.organisation for vote in seen.end.roll_call if vote.choice is choice]
                words += [self._told(self.say(called), voters).removesuffix(".")] if voters else []
        line = f"{'. '.join(filter(None, words))}.{self._quoted(question.part)}"
        self._line(_key(question.amendment_id, question.block_id), f"q{question.number}", at, line)

    def _oral(self, at: datetime, amendment: Amendment) -> None:
        asked = " ".join(str(change.change.get("text") or "") for change in amendment.own.changes)
        called = self.say(N_("Oral amendment %(number)s"), number=amendment.number)
        who = _who(amendment.proposer_id, amendment.organisation.name if amendment.organisation else "")
        self._line(f"amendment:{amendment.id}", "oral", at, f"{self._told(called, [who])}{self._quoted(plain(asked))}")

    def name_of(self, key: str, otherwise: str = N_("General debate")) -> str:
        """What an item is called."""
        kind, _, which = key.partition(":")
        if kind == "amendment":
            return self.say(N_("Amendment %(number)s"), number=self.db.get_one(Amendment, UUID(which)).number)
        if kind == "paragraph":
            text = queries.text_in_force(self.db, self.sitting.declaration)
            return name_in(text, UUID(which), self.messages) or "–"
        title = next((item.title for item in self.sitting.items if item.key == key), "")
        return title or self.say(otherwise)

    def _told(self, what: str, names: Sequence[str]) -> str:
        return f"{what}{_COLON.get(self.messages.language, ':')} {'; '.join(names)}."

    def _quoted(self, words: str) -> str:
        first, last = _QUOTES[self.messages.language]
        return f" {first}{words.strip()}{last}" if words.strip() else ""

    def _moment(self, at: datetime) -> str:
        return self.messages.moment(self.sitting.declaration.forum.local(at))

    def _time(self, at: datetime) -> str:
        return self.messages.time(self.sitting.declaration.forum.local(at))

    def _add(self, words: str, kind: BlockKind = BlockKind.PARAGRAPH, key: str = "") -> None:
        level = int(kind is BlockKind.HEADING)
        self.made.append(Block(key or f"line-{len(self.made)}", kind, escape_markdown(words), level))


def item_name(db: Db, sitting: Sitting, said_in: Messages, key: str) -> str:
    """What an item is called."""
    return _Writer(db, sitting, said_in).name_of(key)


def correction(made: MinutesCorrection, said_in: Messages) -> str:
    """A correction with its number, who proposed it, and its words."""
    first, last = _QUOTES[said_in.language]
    number = said_in.gettext(N_("Correction %(number)s"), number=made.number)
    return f"{number}, {{{made.proposed_by_id}}}{_COLON.get(said_in.language, ':')} {first}{made.text}{last}"


def _who(person_id: UUID | None, organisation: str) -> str:
    return ", ".join(filter(None, (f"{{{person_id}}}" if person_id else "", organisation)))


def _key(amendment: object, block: object) -> str:
    return f"amendment:{amendment}" if amendment else f"paragraph:{block}" if block else ""
