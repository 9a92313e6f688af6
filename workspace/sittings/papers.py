"""Minutes to read and to save: as a page, PDF and Word in the reader's language, for browsers and programs."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from litestar import Controller, Response
from markupsafe import Markup
from msgspec import Struct, ValidationError, convert

from drafts.formats.pdf import PaperReport, report_pdf
from drafts.render.document_html import block_html
from drafts.text.blocks import BlockKind, Document, Language
from workspace.amendments.domain.models import DecisionOutcome, Verdict
from workspace.amendments.views.decisions import NUMBERED, UNFINISHED, VERDICTS
from workspace.core.actor import ERASED_PERSON, Actor
from workspace.core.errors import Invalid, NotFound
from workspace.core.storage.db import Db
from workspace.core.validation import whole_number
from workspace.declarations.api import opened
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import may_do
from workspace.declarations.frame import frame
from workspace.declarations.labels import numbered_name
from workspace.interchange.papers.documents import (
    MEDIA_TYPES,
    PaperFile,
    PaperFormat,
    PaperWriter,
    escape_markdown,
    paper_docx,
)
from workspace.interchange.papers.routes import paper_answer
from workspace.people.models import Person
from workspace.procedure.models import Ending, Means, VoteChoice
from workspace.procedure.subjects import ENDINGS, TITLES
from workspace.procedure.views import CHOICES
from workspace.sittings.api import speaking_time
from workspace.sittings.minutes import (
    ATTENDANCE,
    CORRECT,
    SIGN,
    ActKind,
    MinutesAct,
    MinutesRecord,
    MinutesService,
    RecordedAct,
    RecordedItem,
    is_final,
    persons_of,
    record_of,
)
from workspace.sittings.models import MinutesCorrection, Sitting, SittingKind, Stage, Standing
from workspace.sittings.service import HOLD
from workspace.web.api import DONE, Loads, Number, reads, writes
from workspace.web.http.request_context import CurrentWork, FromPath, JSONBody, Slug, URLEncodedBody
from workspace.web.http.routing import get, post
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import Messages, messages
from workspace.web.pages import PLACEHOLDER_NAMES, Page, page, redirect
from workspace.web.refusals.sentences import sentence
from workspace.web.text_html import rendered

READ = ("head.read", "history.read", HOLD, CORRECT)
KINDS: Mapping[SittingKind, str] = {SittingKind.PLENARY: N_("Plenary"), SittingKind.COMMITTEE: N_("Drafting committee")}
STANDINGS: Mapping[Standing, str] = {
    Standing.PRESENT: N_("Present"),
    Standing.REPRESENTED: N_("Represented"),
    Standing.ABSENT: N_("Absent"),
}


class MinutesWriter:
    """Writes the minutes of a sitting in the language of `messages`."""

    def __init__(self, db: Db, sitting: Sitting, messages: Messages) -> None:
        self.db, self.sitting, self.messages = db, sitting, messages
        self.record = record_of(db, sitting)
        known = sa.select(Person.id, Person.name).where(Person.id.in_(persons_of(self.record, sitting)))
        self.names = {row[0]: row[1] for row in db.execute(known)}
        self.made = PaperWriter(messages)

    def report(self) -> PaperReport:
        """The minutes as a paper."""
        say, record, made = self.messages.gettext, self.record, self.made
        declaration = self.sitting.declaration
        name = declaration.name.said_in(self.messages.language)
        title = say(N_("Minutes of sitting %(number)s: %(declaration)s"), number=record.sitting, declaration=name)
        made.add(BlockKind.TITLE, escape_markdown(title))
        where = [
            declaration.forum.name.said_in(self.messages.language),
            say(KINDS[SittingKind(record.kind)]),
            record.place,
        ]
        ended = f" – {self._time(record.ended_at)}" if record.ended_at else ""
        self._add(f"{', '.join(where)}. {self.messages.moment(self._local(record.began_at))}{ended}.")
        self._attendance()
        for place, item in enumerate(record.items, 1):
            self._heading(f"{place}. {self.name_of(item)}", item.key)
            self._item(item)
        self._times()
        self._signature()
        day = self._local(record.began_at).date()
        return PaperReport(Document(tuple(made.blocks), self.messages.language), {}, title, day)

    def name_of(self, item: RecordedItem) -> str:
        """What an item is called."""
        say = self.messages.gettext
        if item.amendment:
            return say(N_("Amendment %(number)s"), number=item.amendment)
        if item.paragraph:
            return numbered_name(item.paragraph, self.messages)
        return item.title or say(N_("General debate"))

    def _attendance(self) -> None:
        self._heading(self.messages.gettext(N_("Attendance")), ATTENDANCE)
        for standing, words in STANDINGS.items():
            seats = [seat for seat in self.record.attendance if seat.standing is standing]
            names = [self._who(seat.person, seat.organisation) for seat in seats]
            if names:
                self._add(f"{self.messages.gettext(words)} ({len(names)}): {'; '.join(names)}.", BlockKind.BULLET)
        self._corrections(ATTENDANCE)

    def _item(self, item: RecordedItem) -> None:
        if item.speakers:
            said = [
                f"{self._who(each.person, each.organisation)} ({minutes_and_seconds(each.seconds)})"
                for each in item.speakers
            ]
            self._add(f"{self.messages.gettext(N_('Speakers'))}: {'; '.join(said)}.", BlockKind.BULLET)
        for act in item.acts:
            self._add(f"{self._time(act.at)} {self._said(act)}", BlockKind.BULLET)
        if item.note:
            self._add(item.note)
        self._corrections(item.key)

    def _said(self, act: RecordedAct) -> str:
        quoted = f" {self._quoted(act.words)}" if act.words else ""
        if act.kind is ActKind.ORAL:
            words = self.messages.gettext(N_("Oral amendment %(number)s"), number=act.number)
            return f"{words}: {self._who(act.person, act.organisation)}.{quoted}"
        if act.kind is ActKind.DECISION:
            taken = self.messages.gettext(NUMBERED, number=act.number)
            return f"{self._decided(act)} ({taken}).{quoted}"
        return self._answered(act) + quoted

    def _decided(self, act: RecordedAct) -> str:
        undoes = [self.messages.gettext(NUMBERED, number=number) for number in act.undoes]
        words = UNFINISHED.get(DecisionOutcome(act.outcome), VERDICTS[Verdict(act.verdict)])
        facts = {"number": act.amendment or "", "cause": act.cause or "", "decisions": self.messages.listed(undoes)}
        return self.messages.gettext(words, **facts).strip()

    def _answered(self, act: RecordedAct) -> str:
        say = self.messages.gettext
        about = (
            say(N_("amendment %(number)s"), number=act.amendment) if act.amendment else say(N_("a part of the text"))
        )
        words = [say(TITLES[Means(act.means)], number=act.number, about=about)]
        if act.ending:
            words.append(say(ENDINGS[Ending(act.ending)]))
        if act.counts:
            yes, no, abstain, needed, eligible = act.counts
            counted = self.messages.ngettext("%(count)s abstention", "%(count)s abstentions", abstain, count=abstain)
            numbers = {"yes": yes, "no": no, "abstentions": counted, "needed": needed, "eligible": eligible}
            result = say(
                N_("%(yes)s yes, %(no)s no, %(abstentions)s; %(needed)s required, %(eligible)s entitled to vote."),
                **numbers,
            )
            words.append(result.removesuffix("."))
        for choice in VoteChoice:
            voters = [name for name, chosen in act.roll_call if chosen == choice.value]
            if voters:
                words.append(f"{say(CHOICES[choice])}: {'; '.join(voters)}")
        return f"{'. '.join(words)}."

    def _corrections(self, key: str) -> None:
        for correction in self.sitting.corrections:
            if correction.item == key and correction.is_accepted:
                self._add(self.correction(correction), BlockKind.BULLET)

    def correction(self, correction: MinutesCorrection) -> str:
        """A correction with its number, who proposed it, and its words."""
        words = self.messages.gettext(N_("Correction %(number)s"), number=correction.number)
        return f"{words}, {self._name(correction.proposed_by_id)}: {self._quoted(correction.text)}"

    def _times(self) -> None:
        times: dict[str, list[int]] = {}
        for item in self.record.items:
            for said in item.speakers:
                times.setdefault(said.organisation or self._name(said.person), []).append(said.seconds)
        if not times:
            return
        say = self.messages.gettext
        self._heading(say(N_("Speaking time")))
        rows = [(say(N_("Organisation")), say(N_("Interventions")), say(N_("Speaking time"))), ("---", "---", "---")]
        rows += [
            (escape_markdown(spoken.name), str(spoken.times), minutes_and_seconds(spoken.seconds))
            for spoken in speaking_time(times)
        ]
        self.made.add(BlockKind.TABLE, "\n".join(f"| {' | '.join(row)} |" for row in rows))

    def _signature(self) -> None:
        say, minutes = self.messages.gettext, self.sitting.minutes
        self._heading(say(N_("Signature")))
        if minutes is None:
            self._add(say(N_("Draft: not signed.")))
            return
        who = self._name(minutes.signed_by_id) or (minutes.signed_by.name if minutes.signed_by else "")
        at = self.messages.moment(self._local(minutes.signed_at))
        self._add(f"{say(N_('Signed by %(name)s, %(at)s.'), name=who, at=at)} SHA-256 {minutes.sha256}")
        until = self.messages.moment(self._local(minutes.correct_until))
        self._add(
            say(N_("Final.")) if is_final(self.sitting) else say(N_("Corrections until %(moment)s."), moment=until)
        )

    def _quoted(self, words: str) -> str:
        signs = {Language.EN: ("“", "”"), Language.ES: ("«", "»"), Language.FR: ("«\u202f", "\u202f»")}
        first, last = signs[self.messages.language]
        return f"{first}{words.strip()}{last}"

    def _name(self, person: UUID | None) -> str:
        name = self.names.get(person, "") if person else ""
        return self.messages.gettext(PLACEHOLDER_NAMES[name]) if name == ERASED_PERSON else name

    def _who(self, person: UUID | None, organisation: str) -> str:
        return ", ".join(filter(None, (self._name(person), organisation)))

    def _local(self, at: datetime) -> datetime:
        return self.sitting.declaration.forum.local(at)

    def _time(self, at: datetime) -> str:
        return self.messages.time(self._local(at))

    def _heading(self, words: str, key: str = "") -> None:
        self.made.add(BlockKind.HEADING, escape_markdown(words), 1, key)

    def _add(self, words: str, kind: BlockKind = BlockKind.PARAGRAPH) -> None:
        self.made.add(kind, escape_markdown(words))


def minutes_and_seconds(seconds: int) -> str:
    """A time as clocks show it, 2:05."""
    return f"{seconds // 60}:{seconds % 60:02}"


def minutes_file(db: Db, sitting: Sitting, said: Messages, form: str) -> PaperFile:
    """The minutes as a file; raises `NotFound` for a form that there is not."""
    if form not in set(PaperFormat):
        raise NotFound(what="form", id=form[:20])
    report = MinutesWriter(db, sitting, said).report()
    content = report_pdf(report) if form == PaperFormat.PDF.value else paper_docx(report)
    name = f"{sitting.declaration.slug}.minutes-{sitting.number}.{said.language}.{form}"
    return PaperFile(name, content, MEDIA_TYPES[PaperFormat(form)])


class MinutesPage(Page, frozen=True, kw_only=True):
    """Minutes, and what the reader can do with them. `items` are those that a note or a correction can be about."""

    name: str
    number: int
    stage: Stage
    body: Markup
    items: tuple[tuple[str, str], ...]
    correct_until: datetime | None
    is_final: bool
    corrections: tuple[tuple[int, str, bool | None, str], ...]
    may_note: bool
    may_sign: bool
    may_correct: bool


class MinutesPages(Controller):
    """The minutes of the sittings of one declaration."""

    path = "/{forum:str}/{declaration:str}/sittings/{sitting:int}/minutes"

    @get(name="minutes", policy=READ)
    def minutes(self, work: CurrentWork, forum: Slug, declaration: Slug, sitting: FromPath[int]) -> Response[str]:
        """The minutes as they stand."""
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work, may=_may_read)
            read = MinutesService(db).readable(found.declaration, sitting, actor=work.actor)
            writer = MinutesWriter(db, read, work.messages)
            blocks = writer.report().document.blocks
            may: Callable[[str], bool] = lambda action: may_do(work.actor, action, found.declaration)  # noqa: E731  (asked thrice)
            context = MinutesPage(
                place=found.place,
                here="sittings",
                name=found.declaration.name.said_in(work.language),
                number=read.number,
                stage=read.stage,
                body=Markup().join(rendered(block_html(block, language=work.language)) for block in blocks[1:]),
                items=tuple((item.key, writer.name_of(item)) for item in writer.record.items),
                correct_until=found.forum.local(read.minutes.correct_until) if read.minutes else None,
                is_final=is_final(read),
                corrections=tuple(
                    (made.number, writer.correction(made), made.is_accepted, made.reason) for made in read.corrections
                ),
                may_note=may(HOLD),
                may_sign=may(SIGN),
                may_correct=may(CORRECT),
            )
        return page(work, "sittings/minutes.html", context)

    @post(name="act_on_minutes", policy=(HOLD, SIGN, CORRECT))
    def act(
        self,
        work: CurrentWork,
        forum: Slug,
        declaration: Slug,
        sitting: FromPath[int],
        data: URLEncodedBody[dict[str, str]],
    ) -> Response[None]:
        """Note something, sign, propose a correction, or answer one."""
        to = work.url_for("minutes", forum=forum, declaration=declaration, sitting=sitting)
        given, actor, language = _act_of(data), work.actor, work.language
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=_may_read).declaration
                service = MinutesService(db)
                service.act(service.readable(found, sitting, actor=actor), given, language=language, actor=actor)
        except Invalid as refusal:
            return redirect(work, to, said=sentence(refusal, work.messages))
        return redirect(work, to)

    @get("/{form:str}", name="minutes_file", policy=READ)
    def minutes_file(
        self, work: CurrentWork, forum: Slug, declaration: Slug, sitting: FromPath[int], form: FromPath[str]
    ) -> Response[bytes]:
        """The same as a file."""
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work, may=_may_read).declaration
            read = MinutesService(db).readable(found, sitting, actor=work.actor)
            return paper_answer(minutes_file(db, read, work.messages, form))


def _act_of(data: Mapping[str, str]) -> MinutesAct:
    given = {name: said for name, said in data.items() if said and name != "csrf"}
    if "days" in given:
        given["days"] = str(whole_number(given["days"]) or 0)
    try:
        return convert(given, MinutesAct, strict=False)
    except ValidationError as error:
        raise NotFound(what="act", id=data.get("act", "")[:20]) from error


def _may_read(actor: Actor, declaration: Declaration) -> bool:
    return any(may_do(actor, action, declaration) for action in READ)


class CorrectionOut(Struct, frozen=True):
    """A correction; `is_accepted` is null until the chair has answered."""

    number: int
    item: str
    text: str
    language: str
    is_accepted: bool | None
    reason: str


class MinutesOut(Struct, frozen=True):
    """Minutes: the record, and what it was signed with; null: a draft."""

    record: MinutesRecord
    sha256: str | None
    signed_at: datetime | None
    correct_until: datetime | None
    is_final: bool
    corrections: list[CorrectionOut]


def _minutes_out(db: Db, sitting: Sitting) -> MinutesOut:
    signed = sitting.minutes
    return MinutesOut(
        record=record_of(db, sitting),
        sha256=signed.sha256 if signed else None,
        signed_at=signed.signed_at if signed else None,
        correct_until=signed.correct_until if signed else None,
        is_final=is_final(sitting),
        corrections=[convert(made, CorrectionOut, from_attributes=True) for made in sitting.corrections],
    )


def _read(db: Db, declaration_id: FromPath[UUID], sitting: Number, *, actor: Actor) -> Sitting:
    found = opened(db, declaration_id, actor=actor, may=_may_read)
    return MinutesService(db).readable(found, sitting, actor=actor)


ReadableSitting = Annotated[Sitting, Loads(_read)]


class MinutesApi(Controller):
    """The minutes of a sitting."""

    path = "/api/declarations/{declaration_id:uuid}/sittings/{sitting:int}/minutes"
    tags = ("Sittings",)

    @reads("/", policy=READ)
    def read_minutes(self, db: Db, sitting: ReadableSitting) -> MinutesOut:
        """Read the minutes of a sitting: what the log says of its time, or what was signed."""
        return _minutes_out(db, sitting)

    @writes("/", status=DONE, policy=(HOLD, SIGN, CORRECT))
    def act_on_minutes(
        self, work: CurrentWork, db: Db, actor: Actor, sitting: ReadableSitting, data: JSONBody[MinutesAct]
    ) -> MinutesOut:
        """Note something on an item, sign the minutes, propose a correction, or answer one."""
        return _minutes_out(db, MinutesService(db).act(sitting, data, language=work.language, actor=actor))

    @reads("/{language:str}/{form:str}", media_type="application/octet-stream", policy=READ)
    def get_minutes(
        self, db: Db, sitting: ReadableSitting, language: FromPath[str], form: FromPath[str]
    ) -> Response[bytes]:
        """Make the minutes as a file, in `es`, `en` or `fr`, as `docx` or `pdf`."""
        if language not in set(Language):
            raise NotFound(what="language", id=language[:20])
        return paper_answer(minutes_file(db, sitting, messages(Language(language)), form))
