"""What awaits the reader in a forum, said simply: each task is one thing to do, the page to do it on, and by when."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from litestar import Controller, Response
from msgspec import Struct

from workspace.core import clock
from workspace.core.actor import Role
from workspace.core.storage.db import Db
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import may_create, next_phase
from workspace.declarations.domain.windows import open_until
from workspace.declarations.frame import forum_place, known_declarations
from workspace.desk.pending import (
    OpenQuestion,
    PendingApproval,
    PendingCounts,
    PendingInvitation,
    QuestionTask,
    pending_counts,
)
from workspace.desk.rights import Rights
from workspace.people.frame import forum_frame
from workspace.people.models import Forum
from workspace.people.policy import may_see_people
from workspace.recommendations.models import RecommendationStatus
from workspace.recommendations.policy import may_confirm
from workspace.sessions.models import Session
from workspace.sessions.policy import may_import_notes
from workspace.web.http.guards import OWN
from workspace.web.http.request_context import CurrentWork, Slug, Work
from workspace.web.http.routing import get
from workspace.web.http.sign_ins import SignInNeeded
from workspace.web.i18n.marking import N_
from workspace.web.pages import ROLE_NAMES, Page, page


class Part(StrEnum):
    """In which part of theirs somebody has something to do."""

    FORUM = "forum"
    CHAIR = "chair"
    SECOND = "second"
    MODERATOR = "moderator"
    TRANSLATOR = "translator"
    PUBLISHER = "publisher"
    VOTER = "voter"
    MEMBER = "member"
    TALK = "talk"


PARTS: Mapping[Part, str] = {
    Part.FORUM: N_("In the forum"),
    Part.CHAIR: N_("As chair"),
    Part.SECOND: N_("For second approval"),
    Part.MODERATOR: N_("As moderator"),
    Part.TRANSLATOR: N_("As translator"),
    Part.PUBLISHER: N_("Before publication"),
    Part.VOTER: N_("To vote"),
    Part.MEMBER: N_("Your amendments"),
    Part.TALK: N_("Comments"),
}
ROOM: Mapping[QuestionTask, tuple[Part, str, str]] = {  # in which part, what, and the button
    QuestionTask.VOICE: (Part.VOTER, N_("Vote %(number)s: you have not voted"), N_("Vote")),
    QuestionTask.READING: (
        Part.VOTER,
        N_("Silence procedure %(number)s: read the text"),
        N_("Read and answer"),
    ),
    QuestionTask.CLOSING: (
        Part.CHAIR,
        N_("Vote %(number)s open: %(cast)s of %(eligible)s have voted"),
        N_("Open vote"),
    ),
    QuestionTask.DECISION: (
        Part.CHAIR,
        N_("Question %(number)s is ready for decision"),
        N_("Decide"),
    ),
}


class Task(Struct, frozen=True):
    """One thing that waits for the reader: what, about which declaration, where to do it, and by when."""

    part: Part
    title: str
    about: str
    label: str
    href: str
    due: datetime | date | None = None


class PendingElsewhere(Struct, frozen=True):
    """One thing that stands behind others: what, about which declaration, who has it, since when, and where it is."""

    title: str
    about: str
    who: str
    since: datetime
    href: str


def tasks(wait: PendingCounts, forum: Forum, *, work: Work) -> list[Task]:
    """The tasks of this reader: what concerns them alone, those of the forum, then those of each declaration."""
    desk = _Desk(wait, forum, work)
    of_texts = (task for declaration in wait.declarations for task in desk.of_text(declaration))
    return [*desk.of_person(), *desk.of_forum(), *of_texts]


def pending_elsewhere(wait: PendingCounts, forum: Forum, *, work: Work) -> list[PendingElsewhere]:
    """What this reader has asked of others, or waits for; nothing of it is among their tasks."""
    desk = _Desk(wait, forum, work)
    return [line for declaration in wait.declarations for line in desk.elsewhere(declaration)]


class _Desk(Struct, frozen=True):
    wait: PendingCounts
    forum: Forum
    work: Work

    def of_person(self) -> Iterator[Task]:
        """What somebody else has asked of them by name."""
        say = self.work.messages
        known = {declaration.id: declaration for declaration in self.wait.declarations}
        for invitation in self.wait.invitations:
            if invitation.invited:
                continue
            title = say.gettext("You are invited to co-sponsor amendment %(number)s", number=invitation.number)
            yield self._invitation(invitation, title, known[invitation.declaration_id])
        for invitation in self.wait.reworded:
            title = say.gettext("Another wording is proposed for your amendment %(number)s", number=invitation.number)
            yield self._invitation(invitation, title, known[invitation.declaration_id], part="#answer")
        if count := self.wait.mentions:
            title = say.ngettext("You are mentioned in %(n)s comment", "You are mentioned in %(n)s comments", count)
            yield Task(Part.TALK, title, "", say.gettext("See notifications"), self.work.url_for("notices"))

    def of_forum(self) -> Iterator[Task]:
        messages = self.work.messages
        if self.wait.is_alone and may_see_people(self.work.actor, self.forum):
            title = messages.gettext("Add the participants")
            yield self._task(Part.FORUM, title, messages.gettext("Add people"), "people")
        if self.wait.registered:
            title = messages.ngettext(
                "%(n)s registered person has no role",
                "%(n)s registered people have no role",
                self.wait.registered,
            )
            yield self._task(Part.FORUM, title, messages.gettext("See who"), "registered")
        if not self.wait.session_count and may_import_notes(self.work.actor, self.forum):
            yield self._task(
                Part.FORUM,
                messages.gettext("Import the notes of the first session"),
                messages.gettext("Import notes"),
                "sessions",
            )
        proposed = self.wait.recommendations.get(RecommendationStatus.PROPOSED, 0)
        if proposed and may_confirm(self.work.actor, self.forum):
            title = messages.ngettext(
                "%(n)s recommendation to confirm or set aside",
                "%(n)s recommendations to confirm or set aside",
                proposed,
            )
            yield self._task(Part.FORUM, title, messages.gettext("Open register"), "recommendations")
        if erasures := self.wait.confirming.erasures:
            title = messages.ngettext(
                "%(n)s erasure awaits second approval",
                "%(n)s erasures await second approval",
                erasures,
            )
            yield self._task(Part.SECOND, title, messages.gettext("Review request"), "erasures")
        if roles := self.wait.confirming.roles:
            title = messages.ngettext("%(n)s role awaits second approval", "%(n)s roles await second approval", roles)
            yield self._task(Part.SECOND, title, messages.gettext("Review request"), "people")
        if not self.wait.declarations and may_create(self.work.actor, self.forum):
            title = messages.gettext("Create the declaration")
            yield self._task(Part.FORUM, title, messages.gettext("Create"), "new_declaration")

    def of_text(self, declaration: Declaration) -> Iterator[Task]:
        held = self.wait.rights[declaration.id]
        yield from self._of_room(declaration)
        yield from self._of_second_person(declaration)
        yield from self._of_corrections(declaration)
        yield from self._of_chair(declaration, held)
        yield from self._of_moderator(declaration)
        yield from self._of_translator(declaration)
        if held.publish:
            yield from self._of_publisher(declaration)
        yield from self._of_member(declaration, held)
        if held.comment:  # where nobody can answer any more, nothing waits for an answer
            yield from self._of_talk(declaration)

    def _of_room(self, declaration: Declaration) -> Iterator[Task]:
        for question in self.wait.questions.get(declaration.id, ()):
            if question.is_running:
                continue
            part, _, label = ROOM[question.wanted]
            due = self.forum.local(question.closes) if question.closes else None
            title, label = self._of_question(question), self.work.messages.gettext(label)
            yield self._task(part, title, label, "question", declaration, due=due, question=question.number)

    def _of_question(self, question: OpenQuestion) -> str:
        facts = {"number": question.number, "cast": question.cast, "eligible": question.eligible}
        return self.work.messages.gettext(ROOM[question.wanted][1], **facts)

    def _of_second_person(self, declaration: Declaration) -> Iterator[Task]:
        label = self.work.messages.gettext("Review request")
        for pending in self.wait.confirming.confirmable.get(declaration.id, ()):
            title = self._second_approval(pending)
            yield self._task(Part.SECOND, title, label, pending.route, declaration, due=None, **pending.values)

    def _second_approval(self, pending: PendingApproval) -> str:
        say = self.work.messages.gettext
        return say("%(what)s: awaits second approval", what=say(pending.what))

    def elsewhere(self, declaration: Declaration) -> Iterator[PendingElsewhere]:
        """What of a declaration stands behind others."""
        say, roles = self.work.messages, {role: self.work.messages.gettext(name) for role, name in ROLE_NAMES.items()}
        if self.wait.rights[declaration.id].read and (own := self.wait.own.get(declaration.id, 0)):
            title = say.ngettext("%(n)s pending amendment of yours", "%(n)s pending amendments of yours", own)
            since = self.wait.filed_since[declaration.id]
            yield self._line(title, roles[Role.CHAIR], since, "amendments", declaration, state="own")
        for invitation in self.wait.invitations:
            if invitation.invited and invitation.since and invitation.declaration_id == declaration.id:
                title = say.gettext("Invitation to co-sponsor amendment %(number)s", number=invitation.number)
                at = {"number": invitation.number}
                yield self._line(title, invitation.invited, invitation.since, "amendment", declaration, **at)
        second = say.listed([roles[Role.SECRETARIAT], roles[Role.CHAIR]], "or")
        for pending in self.wait.confirming.own.get(declaration.id, ()):
            title = self._second_approval(pending)
            yield self._line(title, second, pending.at, pending.route, declaration, **pending.values)
        for question in self._running(declaration):
            title, at = self._of_question(question), {"question": question.number}
            yield self._line(title, "", question.since, "question", declaration, **at)

    def _running(self, declaration: Declaration) -> Sequence[OpenQuestion]:
        """Votes in which others have still to vote, and the reader not."""
        every = self.wait.questions.get(declaration.id, ())
        own = {question.number for question in every if question.wanted is QuestionTask.VOICE}
        return [question for question in every if question.is_running and question.number not in own]

    def _line(
        self, title: str, who: str, since: datetime, route: str, declaration: Declaration, **values: object
    ) -> PendingElsewhere:
        href = self.work.url_for(route, forum=self.forum.slug, declaration=declaration.slug, **values)
        return PendingElsewhere(title, declaration.name.said_in(self.work.language), who, self.forum.local(since), href)

    def _of_corrections(self, declaration: Declaration) -> Iterator[Task]:
        """What stands unless somebody objects."""
        say = self.work.messages.gettext
        for silent_corrigendum in self.wait.confirming.standing.get(declaration.id, ()):
            title = say("Corrections to the published text take effect unless a member objects")
            due = self.forum.local(silent_corrigendum.closes_at) if silent_corrigendum.closes_at else None
            label = say("Read corrections")
            yield self._task(
                Part.VOTER, title, label, "corrigendum", declaration, due=due, number=silent_corrigendum.number
            )

    def _of_chair(self, declaration: Declaration, held: Rights) -> Iterator[Task]:
        """Nobody rules on an amendment of their own, or of their delegation."""
        if own := self.wait.without_judge.get(declaration.id, 0):
            yield self._for_a_deputy(declaration, own)
        others = self.wait.to_decide.get(declaration.id, 0)
        if held.decide and others > 0:
            title = self.work.messages.ngettext("%(n)s amendment to decide", "%(n)s amendments to decide", others)
            label = self.work.messages.gettext("Decide")
            yield self._task(Part.CHAIR, title, label, "amendments", declaration, due=self._closes(declaration))
        elif held.move and not held.read_editions and next_phase(self.work.actor, declaration):
            title = self.work.messages.gettext("You can open the next phase")
            yield self._task(Part.CHAIR, title, self.work.messages.gettext("See phases"), "phase", declaration)

    def _for_a_deputy(self, declaration: Declaration, count: int) -> Task:
        """Where nobody else is chair today."""
        title = self.work.messages.ngettext(
            "%(n)s amendment of your delegation needs a deputy to decide",
            "%(n)s amendments of your delegation need a deputy to decide",
            count,
        )
        return Task(
            Part.CHAIR,
            title,
            declaration.name.said_in(self.work.language),
            self.work.messages.gettext("Appoint deputy"),
            self.work.url_for("person", forum=self.forum.slug, person_id=self.work.actor.person_id),
            self._closes(declaration),
        )

    def _of_moderator(self, declaration: Declaration) -> Iterator[Task]:
        if held := self.wait.held.get(declaration.id, 0):
            title = self.work.messages.ngettext("%(n)s comment to moderate", "%(n)s comments to moderate", held)
            label = self.work.messages.gettext("Moderate")
            yield self._task(Part.MODERATOR, title, label, "moderation", declaration)

    def _of_translator(self, declaration: Declaration) -> Iterator[Task]:
        texts = self.wait.untranslated.get(declaration.id)
        if texts is None or not texts.total:
            return
        title = self.work.messages.ngettext("%(n)s text to translate", "%(n)s texts to translate", texts.total)
        label = self.work.messages.gettext("Translate")
        due = texts.due or self._closes(declaration)
        yield self._task(Part.TRANSLATOR, title, label, "translation", declaration, due=due)

    def _invitation(
        self, invitation: PendingInvitation, title: str, declaration: Declaration, *, part: str = ""
    ) -> Task:
        here = {"forum": self.forum.slug, "declaration": declaration.slug}
        return Task(
            Part.MEMBER,
            title,
            declaration.name.said_in(self.work.language),
            self.work.messages.gettext("Review request"),
            self.work.url_for("amendment", **here, number=invitation.number) + part,
            self._closes(declaration),
        )

    def _of_publisher(self, declaration: Declaration) -> Iterator[Task]:
        is_sealed = declaration.releases_at is not None  # its edition comes out by itself
        if not is_sealed and declaration.id not in self.wait.confirming.publications:
            say = self.work.messages.gettext
            title = say("Publication: not yet requested")
            yield self._task(Part.PUBLISHER, title, say("Open checklist"), "readiness", declaration)

    def _of_member(self, declaration: Declaration, held: Rights) -> Iterator[Task]:
        if held.amend and not held.decide and not self.wait.own.get(declaration.id, 0):
            say = self.work.messages.gettext
            title, label, due = say("You can submit amendments"), say("Open text"), self._closes(declaration)
            yield self._task(Part.MEMBER, title, label, "reading", declaration, due=due)

    def _of_talk(self, declaration: Declaration) -> Iterator[Task]:
        if count := self.wait.unanswered.get(declaration.id, 0):
            title = self.work.messages.ngettext(
                "New replies in %(n)s comment you follow",
                "New replies in %(n)s comments you follow",
                count,
            )
            label = self.work.messages.gettext("See comments")
            person = self.work.actor.person_id
            yield self._task(Part.TALK, title, label, "conversations", declaration, person=person)

    def _closes(self, declaration: Declaration) -> datetime | None:
        """When what is open in it closes, at the place of the forum."""
        deadline = open_until(declaration, clock.now())
        return self.forum.local(deadline.closes_at) if deadline and deadline.closes_at else None

    def _task(
        self,
        part: Part,
        title: str,
        label: str,
        route: str,
        declaration: Declaration | None = None,
        *,
        due: datetime | date | None = None,
        **values: object,
    ) -> Task:
        if declaration is None:
            return Task(part, title, "", label, self.work.url_for(route, forum=self.forum.slug))
        href = self.work.url_for(route, forum=self.forum.slug, declaration=declaration.slug, **values)
        return Task(part, title, declaration.name.said_in(self.work.language), label, href, due)


class PartTasks(Struct, frozen=True):
    """What awaits them in one of their parts."""

    name: str
    tasks: Sequence[Task]


class WorkPage(Page, frozen=True, kw_only=True):
    name: str
    count: int
    parts: Sequence[PartTasks]
    elsewhere: Sequence[PendingElsewhere]


class WorkPages(Controller):
    """What awaits whoever asks."""

    path = "/{forum:str}"

    @get("/work", name="work", policy=OWN)
    def work(self, work: CurrentWork, forum: Slug) -> Response[str]:
        """All of it; raises `SignInNeeded` for a visitor, who has none."""
        if work.actor.person_id is None:
            raise SignInNeeded
        with work.reading() as db:
            context = _page(db, forum, work)
        return page(work, "desk/work.html", context)


def _page(db: Db, slug: str, work: Work) -> WorkPage:
    found = forum_frame(db, slug, work=work)
    declarations = known_declarations(db, found, work=work)
    count = db.scalar(sa.select(sa.func.count()).select_from(Session).where(Session.forum_id == found.forum.id)) or 0
    wait = pending_counts(db, found.forum, declarations, session_count=count, actor=work.actor)
    mine = tasks(wait, found.forum, work=work)
    groups: dict[Part, list[Task]] = {}
    for task in sorted(mine, key=_when):
        groups.setdefault(task.part, []).append(task)
    return WorkPage(
        place=forum_place(found, declarations, work=work),
        here="forum",
        name=found.forum.name.said_in(work.language),
        count=len(mine),
        parts=[PartTasks(work.messages.gettext(PARTS[part]), some) for part, some in groups.items()],
        elsewhere=pending_elsewhere(wait, found.forum, work=work),
    )


def _when(task: Task) -> tuple[bool, str]:
    """What is due first comes first; what has no date, last and in the order it came in."""
    due: datetime | date | None = task.due
    return (due is None, due.isoformat()[:10] if due else "")
