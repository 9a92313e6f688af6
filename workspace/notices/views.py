"""The words of notices, found when they are read: in the reader's language, and only of what they may read then."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Protocol, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from msgspec import Struct

from drafts.diff.hunks import HunkKind
from drafts.text.blocks import Language
from drafts.text.markup import plain
from workspace.amendments.domain.models import Amendment, AmendmentVersion, Decision, Disposition, Verdict
from workspace.amendments.domain.policy import may_read as may_read_amendment
from workspace.amendments.views.amendment import label_of
from workspace.amendments.views.decisions import decision_with_undoing
from workspace.approvals.models import ApprovalRequest, Matter
from workspace.approvals.service import ApprovalService
from workspace.comments.models import Comment, CommentThread
from workspace.comments.policy import may_read_thread
from workspace.comments.queries import Conversations, ThreadReader, whole_threads
from workspace.core import instruments
from workspace.core.actor import Actor
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Db, Model
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Deadline, Declaration, Revision, Stage
from workspace.declarations.domain.policy import may_know, may_read
from workspace.declarations.domain.queries import BlockRow, TextInForce
from workspace.declarations.domain.reasons import MOVED, REDATED, GivenReason, GivenReasons
from workspace.declarations.labels import first_words, name_in
from workspace.notices.models import Notice, NoticeKind
from workspace.people.models import Forum, Mandate, Person
from workspace.procedure import policy as question_policy
from workspace.procedure.models import Means, Question
from workspace.procedure.subjects import ENDINGS
from workspace.recommendations.models import Recommendation
from workspace.recommendations.policy import may_read_recommendation
from workspace.sittings.models import Minutes, Sitting
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import AMENDMENT_WINDOW, PHASE_NAMES, Messages

Row = TypeVar("Row", bound=Model)
DECIDED = N_("Amendment %(number)s was decided")
BECAME = N_("%(said)s. Amendment %(number)s: %(state)s")
REOPENED = N_("The decision on amendment %(number)s was undone")
ASKED = N_("%(who)s gives you a task")
MINUTES = N_("The minutes can be corrected until %(moment)s")
DEPUTY = N_("%(who)s appointed you deputy of the chair from %(first)s to %(last)s")
SAID: Mapping[NoticeKind, str] = {
    NoticeKind.AMENDMENT: N_("Amendment %(number)s was submitted"),
    NoticeKind.REVISION: N_("The text changed in revision %(number)s"),
    NoticeKind.REMARK: N_("%(who)s commented"),
    NoticeKind.REPLY: N_("%(who)s replied"),
    NoticeKind.MENTION: N_("%(who)s mentioned you in a comment"),
}
OF_COMMENT: Mapping[str, str] = {
    "shown": N_("Your comment was published"),
    "hidden": N_("Your comment was removed"),
    "answered": N_("Your comment has a reply"),
    "resolved": N_("Comments you take part in were closed"),
}
OF_RECOMMENDATION: Mapping[str, str] = {
    "made": N_("Your comment is now recommendation %(number)s"),
    "proposed": N_("Recommendation %(number)s is to be confirmed again"),
    "confirmed": N_("Recommendation %(number)s was confirmed"),
    "merged": N_("Recommendation %(number)s was merged into another"),
    "dropped": N_("Recommendation %(number)s was set aside"),
    "open": N_("Recommendation %(number)s is open again"),
    "placed": N_("Recommendation %(number)s was put into the text"),
    "taken_up": N_("Recommendation %(number)s was taken up"),
    "partly": N_("Recommendation %(number)s was taken up in part"),
    "declined": N_("Recommendation %(number)s was not taken up"),
}
TASKS: Mapping[str, str] = {
    "cosponsor": N_("%(who)s asks you to co-sponsor amendment %(number)s"),
    "rewritten": N_("%(who)s revised amendment %(number)s, which you support: do you still?"),
    "compromise": N_("%(who)s asks you to sponsor compromise amendment %(number)s"),
    "leave": N_("%(who)s submitted amendment %(number)s late: does it have leave?"),
    "certify": N_("%(who)s recorded your oral amendment %(number)s: are these your words?"),
    "seconded": N_("%(who)s recorded you as seconder of amendment %(number)s"),
    "proxy": N_("%(who)s recorded a proxy: you vote for another delegation too"),
    "disputed": N_("%(who)s disputes the record of oral amendment %(number)s"),
    "edited_for": N_("%(who)s changed the text on your proposal"),
    "translate": N_("%(who)s gives you a text to translate"),
    "corrigendum_silence": N_("Corrections to the published text take effect unless a member objects"),
    "corrigendum_made": N_("A corrected edition was published"),
    "lapsed": N_("A request for second approval lapsed: a role ended"),
    "role_declined": N_("%(who)s declined a role"),
    "role_given": N_("%(who)s gave you a role in this forum"),
    "deputy": N_("%(who)s appointed you deputy of the chair"),
    "corrigendum_silence_declined": N_("%(who)s objected: the published text is not corrected"),
    "commitment": N_("Please report how far the commitments have come"),
    "circular": N_("%(who)s sent a circular"),
}
REQUESTS: Mapping[str, str] = {  # what a second approval is asked for
    "adoption": N_("the text goes to adoption"),
    "consensus": N_("consensus on the text"),
    "embargo": N_("a change of the embargo"),
    "publication": N_("publication"),
    "release": N_("another time of publication"),
    "corrigendum": N_("corrections to the published text"),
    "override": N_("an exception"),
    "role": N_("a role"),
    "erasure": N_("erasing a person"),
}
REQUESTED = N_("%(who)s asks for second approval: %(what)s")
DECLINED = N_("%(who)s declined your request: %(what)s")
WHERE: Mapping[str, str] = {
    "commitment": "commitments",
    "circular": "circulars",
    "minutes": "sittings",
    "proxy": "proxies",
    "translate": "translation",
    "publication": "readiness",
    "release": "readiness",
    "corrigendum": "corrigenda",
    "corrigendum_silence": "corrigenda",
    "corrigendum_made": "corrigenda",
    "corrigendum_silence_declined": "corrigenda",
    "override": "readiness",
    "consensus": "questions",
    "consensus_declined": "questions",
    "publication_declined": "readiness",
    "release_declined": "readiness",
    "corrigendum_declined": "corrigenda",
    "override_declined": "readiness",
    "erasure_declined": "erasures",
    "edited_for": "history",
    "role": "people",
    "role_declined": "people",
}  # routes, by task
CLOSES: Mapping[Stage | None, str] = {  # where the date is later than when this was written
    Stage.AMENDMENTS: N_("The deadline for amendments is %(when)s"),
    None: N_("Phase ending on %(when)s: %(stage)s"),
}
STAGES: Mapping[NoticeKind, Mapping[Stage | None, str]] = {
    NoticeKind.CLOSING: {
        Stage.AMENDMENTS: N_("The deadline for amendments is within a day"),
        None: N_("A deadline is within a day"),
    },
    NoticeKind.CLOSED: {
        Stage.AMENDMENTS: N_("The deadline for amendments has passed"),
        None: N_("Phase ended: %(stage)s"),
    },
    NoticeKind.DATES: {None: N_("New dates: %(stage)s")},
}
NEW_PHASE = N_("New phase: %(phase)s")
BACK = N_("Back to phase: %(phase)s")
PUT: Mapping[Means, str] = {
    Means.VOTE: N_("Vote %(number)s is open to you"),
    Means.SILENCE: N_("Silence procedure %(number)s has begun: you may object."),
}
OVER: Mapping[Means, str] = {  # what is said of them later
    Means.VOTE: N_("Vote %(number)s was opened"),
    Means.SILENCE: N_("Silence procedure %(number)s was opened"),
}
SILENCE_CLOSES = N_("Silence procedure %(number)s ends on %(when)s: you may object.")
ENDED: Mapping[Means, str] = {
    Means.VOTE: N_("Vote %(number)s is closed. %(ending)s"),
    Means.SILENCE: N_("Silence procedure %(number)s has ended. %(ending)s"),
    Means.CONSENSUS: N_("Consensus %(number)s: %(ending)s"),
}
_OF_STAGE = frozenset({NoticeKind.PHASE, NoticeKind.CLOSING, NoticeKind.CLOSED, NoticeKind.DATES})
_MATTERS = frozenset(Matter)
_ABOUT_TEXT = frozenset({Matter.ADOPTION, Matter.CONSENSUS, Matter.PUBLICATION})  # another text voids the request
_TOLD_WHY: Mapping[NoticeKind, str] = {NoticeKind.PHASE: MOVED, NoticeKind.DATES: REDATED}
_DECLINED = "_declined"  # ends the words of notices that a request was declined
NOT_OPEN = N_("No longer open to you.")
SETTLED = N_("Settled: %(notice)s")


Quoted = tuple[str, str]  # some words, and whether they are "old" (to be taken away), "new", or there as they are ("")
MOST_QUOTED, AROUND = 140, 50  # characters, and of what stands on either side of a change


class NoticeLine(Struct, frozen=True):
    """One notice in words. `href` is where it leads, "" for what is no longer open to the reader.

    `reason` is what the chair wrote who went back or changed a date, or whoever declined a request. `words` are some
    of those it is about, in their `language`; where it `is_guarded`, they stay inside the workspace.
    """

    id: UUID
    kind: str
    word: str
    title: str
    about: str
    at: datetime
    is_read: bool
    href: str
    reason: str = ""
    words: Sequence[Quoted] = ()
    language: str = ""
    is_guarded: bool = False


class NoticeGroup(Struct, frozen=True):
    """What a day brought about one thing, newest first; phases it passed through before its latest are `earlier`."""

    about: str
    lines: Sequence[NoticeLine]
    earlier: Sequence[NoticeLine]


class NoticeDay(Struct, frozen=True):
    day: date
    groups: Sequence[NoticeGroup]


def by_day(lines: Iterable[NoticeLine]) -> Iterator[NoticeDay]:
    """Newest first, as `lines` are."""
    for day, of_day in groupby(lines, lambda line: line.at.date()):
        about: dict[str, list[NoticeLine]] = {}
        for line in of_day:
            about.setdefault(line.about, []).append(line)
        yield NoticeDay(day, [_grouped(name, group) for name, group in about.items()])


def _grouped(about: str, lines: Sequence[NoticeLine]) -> NoticeGroup:
    earlier = [line for line in lines if line.kind == NoticeKind.PHASE][1:]
    return NoticeGroup(about, [line for line in lines if line not in earlier], earlier)


class NoticeReader(Protocol):
    """Who reads notices, and where their pages are: a request, or the receiver of a letter."""

    @property
    def actor(self) -> Actor: ...

    @property
    def language(self) -> Language: ...

    @property
    def messages(self) -> Messages: ...

    def url_for(self, name: str, **values: object) -> str: ...


class NoticeSubjects:
    """What some notices are about, whoever reads them: one query for each kind of thing, however many there are."""

    def __init__(self, db: Db, notices: Sequence[Notice]) -> None:
        self.db = db
        self.forums = self._found(Forum, (notice.forum_id for notice in notices))
        self.declarations = self._found(Declaration, (notice.declaration_id for notice in notices))
        self.amendments = self._found(Amendment, (notice.amendment_id for notice in notices))
        self.revisions = self._found(Revision, (notice.revision_id for notice in notices))
        self.decisions = self._found(Decision, (notice.decision_id for notice in notices))
        self.recommendations = self._found(Recommendation, (notice.recommendation_id for notice in notices))
        self.comments = self._found(Comment, (notice.comment_id for notice in notices if notice.word == "hidden"))
        self.proposals = self._proposals()
        self.questions = self._found(Question, (notice.question_id for notice in notices))
        self.people = self._found(Person, (id_ for notice in notices for id_ in (notice.by_id, notice.person_id)))
        self.closing = self._closing([notice.declaration_id for notice in notices if notice.kind is NoticeKind.CLOSING])
        self.threads = self._threads([notice.thread_id for notice in notices if notice.thread_id])
        about = {notice.declaration_id for notice in notices if notice.block_id and notice.declaration_id}
        self.texts: Mapping[UUID | None, TextInForce] = {
            declaration_id: queries.text_in_force(db, self.declarations[declaration_id]) for declaration_id in about
        }
        self.pending = self._pending(notices)
        self.reasons = GivenReasons(db, _texts(notice for notice in notices if notice.kind in _TOLD_WHY))
        self.declined = ApprovalService(db).declined(
            _texts(notice for notice in notices if notice.word.endswith(_DECLINED))
        )

    def given(self, notice: Notice) -> GivenReason | None:
        """Why a phase was moved or a date changed, where this notice tells of that."""
        if notice.kind not in _TOLD_WHY:
            return None
        phase = Phase(notice.word) if notice.kind is NoticeKind.PHASE else None
        return self.reasons.at(notice.declaration_id, _TOLD_WHY[notice.kind], notice.made_at, phase=phase)

    def is_settled(self, notice: Notice) -> bool:
        """Whether nobody waits any more for the second person whom this notice asked."""
        is_request = notice.kind is NoticeKind.ASKED and notice.word in _MATTERS
        return is_request and (notice.declaration_id, notice.forum_id, notice.word) not in self.pending

    def _pending(self, notices: Sequence[Notice]) -> Collection[tuple[UUID | None, UUID | None, str]]:
        """The declaration, the forum and the matter of each request that still waits for a second person."""
        forums = {notice.forum_id for notice in notices if notice.word in _MATTERS}
        statement = sa.select(ApprovalRequest).where(
            ApprovalRequest.forum_id.in_(forums),
            ApprovalRequest.outcome.is_(None),
            ApprovalRequest.confirmed_by_id.is_(None),
        )
        heads: Mapping[UUID | None, UUID | None] = {id_: known.head_id for id_, known in self.declarations.items()}
        return {
            (request.declaration_id, request.forum_id, request.matter.value)
            for request in (self.db.scalars(statement) if forums else ())
            if request.matter not in _ABOUT_TEXT or request.revision_id == heads.get(request.declaration_id)
        }

    def answer(self, notice: Notice) -> str:
        """Why a request was declined, where this notice tells of that."""
        if not notice.word.endswith(_DECLINED):
            return ""
        about = notice.declaration_id, notice.word.removesuffix(_DECLINED), notice.person_id
        here = [
            approval_request
            for approval_request in self.declined
            if (approval_request.declaration_id, approval_request.matter, approval_request.requested_by_id) == about
        ]
        nearest = min(
            here,
            key=lambda approval_request: abs((approval_request.ended_at or notice.made_at) - notice.made_at),
            default=None,
        )
        return nearest.answer if nearest else ""

    def row(self, notice: Notice) -> BlockRow | None:
        """The paragraph that a notice is about, where the text has it."""
        text = self.texts.get(notice.declaration_id)
        return text.by_block.get(notice.block_id) if text and notice.block_id else None

    def _proposals(self) -> Mapping[UUID, AmendmentVersion]:
        """Of each amendment, the last version that its proposer has written."""
        own = sa.select(AmendmentVersion).join(Amendment, Amendment.id == AmendmentVersion.amendment_id)
        own = own.where(Amendment.id.in_(self.amendments), AmendmentVersion.made_by_id == Amendment.proposer_id)
        every = self.db.scalars(own.order_by(AmendmentVersion.number)) if self.amendments else ()
        return {version.amendment_id: version for version in every}

    def _closing(self, declarations: Sequence[UUID | None]) -> Mapping[tuple[UUID, str], datetime]:
        """When each stage of these closes, as the calendar has it now."""
        some = sa.select(Deadline).where(Deadline.declaration_id.in_(declarations), Deadline.closes_at.is_not(None))
        found = self.db.scalars(some) if declarations else ()
        return {
            (deadline.declaration_id, deadline.stage.value): deadline.closes_at
            for deadline in found
            if deadline.closes_at
        }

    def zone(self, notice: Notice) -> ZoneInfo:
        """By whose clock its receiver reads a time: their own, or that of the forum's place."""
        return ZoneInfo(self.people[notice.person_id].timezone or self.forums[notice.forum_id].timezone)

    def _found(self, model: type[Row], ids: Iterable[UUID | None]) -> dict[UUID, Row]:
        wanted = {id_ for id_ in ids if id_ is not None}
        key = sa.inspect(model).primary_key[0]
        rows = self.db.execute(sa.select(key, model).where(key.in_(wanted))) if wanted else ()
        return {row[0]: row[1] for row in rows}

    def _threads(self, ids: Sequence[UUID]) -> dict[UUID, CommentThread]:
        statement = whole_threads().where(CommentThread.id.in_(ids))
        return {comment_thread.id: comment_thread for comment_thread in self.db.scalars(statement)} if ids else {}


class NoticeWriter:
    """Finds the words of notices for one reader. `things` are what they are about, where that was found already."""

    def __init__(
        self, db: Db, work: NoticeReader, notices: Sequence[Notice], things: NoticeSubjects | None = None
    ) -> None:
        self.db = db
        self.work = work
        self.things = things or NoticeSubjects(db, notices)

    def line(self, notice: Notice) -> NoticeLine:
        """The notice, with the names of instruments in its forum."""
        with instruments.named(self.things.forums[notice.forum_id].labels):
            return self._line(notice)

    def _line(self, notice: Notice) -> NoticeLine:
        is_open = self._is_open(notice)
        say = self.work.messages.gettext
        words, language = self._words(notice) if is_open else ((), "")
        return NoticeLine(
            id=notice.id,
            kind=notice.kind.value,
            word=notice.word,
            title=self._title(notice) if is_open else say(NOT_OPEN),
            about=self._about(notice) if is_open else "",
            at=notice.made_at.astimezone(self.things.zone(notice)),
            is_read=notice.read_at is not None,
            href=self.href(notice) if is_open else "",
            reason=self._reason(notice) if is_open else "",
            words=words,
            language=language,
            is_guarded=self._is_guarded(notice),
        )

    def _is_guarded(self, notice: Notice) -> bool:
        """Whether it is about a text under embargo, or a conversation among those who draft."""
        declaration = self.things.declarations.get(notice.declaration_id) if notice.declaration_id else None
        thread = self.things.threads.get(notice.thread_id) if notice.thread_id else None
        return (declaration is not None and declaration.is_embargoed) or (thread is not None and thread.is_internal)

    def _words(self, notice: Notice) -> tuple[Sequence[Quoted], str]:
        """Some of the words that it is about, and their language; nothing of what was withdrawn or removed."""
        thread = self.things.threads.get(notice.thread_id) if notice.thread_id else None
        if thread is not None:
            reader = ThreadReader(self.work.actor, Conversations(self.db).ground_of(thread))
            comments = [comment for comment in thread.comments if comment.id == notice.comment_id]
            views = [reader.comment(comment) for comment in comments if reader.sees(comment)]
            return (quoted(views[0].text), views[0].language.value) if views else ((), "")
        if notice.recommendation_id is not None:
            row = self.things.recommendations[notice.recommendation_id]
            return quoted(row.text), row.language
        if notice.amendment_id is not None:
            amendment = self.things.amendments[notice.amendment_id]
            is_there = amendment.disposition is not Disposition.WITHDRAWN
            version = self.things.proposals.get(amendment.id) if is_there else None
            return (change_in_words(version), amendment.language.value) if version else ((), "")
        return self._words_of_text(notice)

    def _words_of_text(self, notice: Notice) -> tuple[Sequence[Quoted], str]:
        row = self.things.row(notice)
        if row is None or notice.kind is not NoticeKind.REVISION:
            return (), ""
        language = self.work.language if self.work.language in row.texts else row.original_language
        return quoted(row.content(language)), language.value

    def href(self, notice: Notice) -> str:
        """Where a notice leads."""
        url: Callable[..., str] = self.work.url_for
        forum = self.things.forums[notice.forum_id].slug
        if notice.recommendation_id is not None or notice.thread_id is not None:
            return self._href_of_words(notice, forum)
        declaration = self.things.declarations.get(notice.declaration_id) if notice.declaration_id else None
        if declaration is None:
            return url(WHERE.get(notice.word, "forum"), forum=forum)
        if notice.question_id is not None or notice.amendment_id is not None:
            return self._href_of_number(notice, forum, declaration.slug)
        if notice.kind is NoticeKind.REVISION and notice.block_id is not None:
            return url("paragraph", forum=forum, declaration=declaration.slug, block_id=notice.block_id)
        if notice.kind is NoticeKind.REVISION:
            return url("reading", forum=forum, declaration=declaration.slug)
        otherwise = "phase" if notice.kind is NoticeKind.ASKED else "calendar"
        return url(WHERE.get(notice.word, otherwise), forum=forum, declaration=declaration.slug)

    def _href_of_words(self, notice: Notice, forum: str) -> str:
        """A conversation, or a recommendation: for its author what became of all they said, if need be."""
        url: Callable[..., str] = self.work.url_for
        if notice.recommendation_id is None:
            return url("thread", forum=forum, thread_id=notice.thread_id)
        row = self.things.recommendations[notice.recommendation_id]
        if may_read_recommendation(self.work.actor, row.forum, row):
            return url("recommendation", forum=forum, number=row.number)
        return url("person_contribution", forum=forum, person_id=self.work.actor.person_id)

    def _href_of_number(self, notice: Notice, forum: str, declaration: str) -> str:
        """What is known by its number: a question, or an amendment."""
        url: Callable[..., str] = self.work.url_for
        here = {"forum": forum, "declaration": declaration}
        if notice.question_id is not None:
            return url("question", **here, question=self.things.questions[notice.question_id].number)
        return url("amendment", **here, number=self._number(notice))

    def _is_open(self, notice: Notice) -> bool:
        actor = self.work.actor
        if notice.recommendation_id is not None or notice.thread_id is not None:
            return self._are_words_open(notice)
        declaration = self.things.declarations.get(notice.declaration_id) if notice.declaration_id else None
        if declaration is None:
            return True
        if notice.question_id is not None:
            return question_policy.may_know(actor, declaration)
        if notice.amendment_id is not None:
            return may_read_amendment(actor, self.things.amendments[notice.amendment_id])
        if notice.kind is NoticeKind.REVISION:
            return may_read(actor, declaration)
        return may_know(actor, declaration)

    def _are_words_open(self, notice: Notice) -> bool:
        actor = self.work.actor
        if notice.recommendation_id is not None:
            row = self.things.recommendations[notice.recommendation_id]
            return row.submitted_by_id == actor.person_id or may_read_recommendation(actor, row.forum, row)
        thread = self.things.threads.get(notice.thread_id) if notice.thread_id else None
        return thread is not None and may_read_thread(actor, thread, Conversations(self.db).ground_of(thread))

    def _title(self, notice: Notice) -> str:
        say: Callable[..., str] = self.work.messages.gettext
        if notice.question_id is not None:
            return self._title_of_question(notice, self.things.questions[notice.question_id])
        if notice.kind in _OF_STAGE:
            return self._title_of_stage(notice)
        who = self.things.people[notice.by_id].name if notice.by_id in self.things.people else say(N_("Somebody"))
        if notice.word == "deputy" and (days := self._days(notice)):
            return say(DEPUTY, who=who, first=days[0], last=days[1])
        if notice.word == "minutes":
            return say(MINUTES, moment=self._moment(self._correct_until(notice), notice))
        decision = self.things.decisions.get(notice.decision_id) if notice.decision_id else None
        if decision is not None and decision.verdict is not Verdict.UNDO:
            return self._title_of_decision(notice, decision)
        request = REQUESTS.get(notice.word.removesuffix(_DECLINED), "")
        said = say(
            self._sentence(notice, decision), who=who, number=self._number(notice), what=say(request) if request else ""
        )
        return say(SETTLED, notice=said) if self.things.is_settled(notice) else said

    def _correct_until(self, notice: Notice) -> datetime:
        """Until when the minutes that were signed last before the notice can be corrected."""
        signed = sa.select(Minutes.correct_until).join(Sitting, Sitting.id == Minutes.sitting_id)
        before = signed.where(Sitting.declaration_id == notice.declaration_id, Minutes.signed_at <= notice.made_at)
        return self.db.scalars(before.order_by(Minutes.signed_at.desc()).limit(1)).first() or notice.made_at

    def _days(self, notice: Notice) -> tuple[str, str] | None:
        """From when until when its reader stands in: the last such mandate before the notice."""
        before = sa.select(Mandate).where(
            Mandate.person_id == notice.person_id,
            Mandate.forum_id == notice.forum_id,
            Mandate.deputy_of_id.is_not(None),
            Mandate.id < notice.id,
        )
        found = self.db.scalars(before.order_by(Mandate.id.desc()).limit(1)).first()
        if found is None or found.starts_on is None or found.ends_on is None:
            return None
        return self.work.messages.date(found.starts_on), self.work.messages.date(found.ends_on)

    def _title_of_stage(self, notice: Notice) -> str:
        """A phase, or a window, that begins, ends or has other dates."""
        say: Callable[..., str] = self.work.messages.gettext
        if notice.kind is NoticeKind.PHASE:
            moved = self.things.given(notice)
            return say(BACK if moved and moved.is_back else NEW_PHASE, phase=say(PHASE_NAMES[Phase(notice.word)]))
        stage = Stage(notice.word)
        name = say(PHASE_NAMES[stage.phase]) if stage.phase else say(AMENDMENT_WINDOW)
        at = self.things.closing.get((notice.declaration_id, notice.word)) if notice.declaration_id else None
        if notice.kind in {NoticeKind.CLOSING, NoticeKind.CLOSED} and at and notice.made_at < at:
            return say(CLOSES.get(stage, CLOSES[None]), stage=name, when=self._moment(at, notice))
        words = STAGES[notice.kind]
        return say(words.get(stage, words[None]), stage=name)

    def _reason(self, notice: Notice) -> str:
        """As it was written; none for a step forward."""
        if notice.recommendation_id is not None:
            return self.things.recommendations[notice.recommendation_id].reason_of(notice.word)
        if notice.comment_id in self.things.comments:
            return self.things.comments[notice.comment_id].reason
        given = self.things.given(notice)
        if given is None:
            return self.things.answer(notice)
        return given.reason if given.is_back or given.phase is None else ""

    def _moment(self, at: datetime, notice: Notice) -> str:
        return self.work.messages.moment(at, self.things.zone(notice))

    def _title_of_question(self, notice: Notice, question: Question) -> str:
        say: Callable[..., str] = self.work.messages.gettext
        if notice.kind is NoticeKind.QUESTION:
            return say((PUT if question.is_open else OVER)[question.means], number=question.number)
        if notice.kind is NoticeKind.CLOSING:
            when = self._moment(question.closes_at or notice.made_at, notice)
            return say(SILENCE_CLOSES if question.is_open else OVER[Means.SILENCE], number=question.number, when=when)
        ending = say(ENDINGS[question.ending]) + "." if question.ending else ""
        return say(ENDED[question.means], number=question.number, ending=ending)

    def _sentence(self, notice: Notice, decision: Decision | None) -> str:
        match notice.kind:
            case NoticeKind.DECISION:
                return REOPENED if decision else DECIDED
            case NoticeKind.RECOMMENDATION:
                return OF_RECOMMENDATION[notice.word]
            case NoticeKind.COMMENT:
                return OF_COMMENT[notice.word]
            case NoticeKind.ASKED:
                return TASKS.get(notice.word) or _request(notice.word)
            case _:
                return SAID[notice.kind]

    def _title_of_decision(self, notice: Notice, decision: Decision) -> str:
        """What was decided; of brackets also what became of the amendment that stood in them."""
        said = decision_with_undoing(decision, self.work.messages)
        about = self.things.amendments.get(notice.amendment_id) if notice.amendment_id else None
        if about is None or decision.verdict is not Verdict.RESOLVE:
            return said
        became = self.work.messages.gettext(label_of(about.disposition, is_modified=about.is_modified).words)
        return self.work.messages.gettext(BECAME, said=said, number=about.number, state=became)

    def _number(self, notice: Notice) -> int:
        """Of the amendment, the recommendation or the revision that a notice is about."""
        if notice.recommendation_id is not None:
            return self.things.recommendations[notice.recommendation_id].number
        if notice.amendment_id is not None:
            return self.things.amendments[notice.amendment_id].number
        return self.things.revisions[notice.revision_id].number if notice.revision_id else 0

    def _about(self, notice: Notice) -> str:
        """The declaration, and the paragraph where there is one; otherwise the forum."""
        declaration = self.things.declarations.get(notice.declaration_id) if notice.declaration_id else None
        if declaration is None:
            return self.things.forums[notice.forum_id].name.said_in(self.work.language)
        name = declaration.name.said_in(self.work.language)
        text = self.things.texts.get(notice.declaration_id)
        place = name_in(text, notice.block_id, self.work.messages) if text else ""
        return " · ".join(filter(None, (name, place)))


def _request(word: str) -> str:
    """What is said of a request for second approval, or of its refusal; of another task, that there is one."""
    if word.removesuffix(_DECLINED) not in REQUESTS:
        return ASKED
    return DECLINED if word.endswith(_DECLINED) else REQUESTED


def quoted(text: str) -> Sequence[Quoted]:
    """How a text begins, on one line; nothing of an empty one."""
    words = first_words(" ".join(text.split()), MOST_QUOTED)
    return [(words, "")] if words else ()


def change_in_words(version: AmendmentVersion) -> Sequence[Quoted]:
    """The first words that a proposal changes, among some of those around them that stay, or what it adds or moves."""
    hunks = version.diff
    for hunk in hunks:
        texts = {place: block.text for place, block in zip(hunk.old_blocks, hunk.old, strict=True)}
        for words in hunk.words:
            if (words.old + words.new).strip():
                before = texts.get(words.start.block, "")[: words.start.offset]
                starts = (more.start.offset for more in hunk.words if more.start.block == words.end.block)
                until = min((start for start in starts if start > words.end.offset), default=None)
                after = texts.get(words.end.block, "")[words.end.offset : until]
                after = f"{after.rstrip()}…" if until else after
                parts = [(_end_of(before), ""), *_replaced(words.old, words.new), (first_words(after, AROUND), "")]
                return [(text.strip(), kind) for text, kind in parts if text.strip()]
    for hunk in hunks:
        if hunk.kind not in {HunkKind.INSERT, HunkKind.DELETE}:
            return quoted(hunk.old[0].text)
        return _replaced(" ".join(block.text for block in hunk.old), " ".join(block.text for block in hunk.new))
    return ()


def _replaced(old: str, new: str) -> Sequence[Quoted]:
    return [(first_words(text, MOST_QUOTED), kind) for text, kind in ((old, "old"), (new, "new")) if text.strip()]


def _end_of(text: str) -> str:
    words = plain(text)
    return words if len(words) <= AROUND else "…" + words[-AROUND:].partition(" ")[2]


def _texts(notices: Iterable[Notice]) -> set[UUID | None]:
    return {notice.declaration_id for notice in notices}
