"""What awaits the reader in a forum, said simply: each task is one thing to do, the page to do it on, and by when."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from litestar import Controller
from msgspec import Struct
from msgspec.structs import replace

from workspace.core.actor import Role
from workspace.core.storage.db import Db
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import may_create, next_phase
from workspace.declarations.frame import forum_place, known_declarations
from workspace.desk.counts import closes_on
from workspace.desk.pending import OpenQuestion, PendingApproval, PendingCounts, QuestionTask, pending_counts
from workspace.desk.rights import Rights
from workspace.people.frame import forum_frame
from workspace.people.models import Forum
from workspace.people.policy import may_see_people
from workspace.recommendations.models import RecommendationStatus
from workspace.recommendations.policy import may_confirm
from workspace.sessions.models import Session
from workspace.sessions.policy import may_import_notes
from workspace.web.http.guards import OWN
from workspace.web.http.request_context import Slug, Work
from workspace.web.http.sign_ins import SignInNeeded
from workspace.web.i18n.marking import N_, N_two
from workspace.web.pages import ROLE_NAMES, Page, shows


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
    QuestionTask.READING: (Part.VOTER, N_("Silence procedure %(number)s: read the text"), N_("Read and answer")),
    QuestionTask.CLOSING: (
        Part.CHAIR,
        N_("Vote %(number)s open: %(cast)s of %(eligible)s have voted"),
        N_("Open vote"),
    ),
    QuestionTask.DECISION: (Part.CHAIR, N_("Question %(number)s is ready for decision"), N_("Decide")),
}
REVIEW = N_("Review request")
Title = str | tuple[str, str]  # a message, or its two forms


class Task(Struct, frozen=True):
    """One thing that waits for the reader: what, about which declaration, where to do it, and by when.

    Or for others: then `who` has it, `since` when, and it has no button.
    """

    part: Part
    title: str
    about: str
    label: str
    href: str
    due: datetime | date | None = None
    who: str = ""
    since: datetime | None = None


def tasks(wait: PendingCounts, forum: Forum, *, work: Work) -> list[Task]:
    """The tasks of this reader: what concerns them alone, those of the forum, then those of each declaration."""
    desk = _Desk(wait, forum, work)
    of_texts = (task for declaration in wait.declarations for task in desk.of_text(declaration))
    return [*desk.of_person(), *desk.of_forum(), *of_texts]


def pending_elsewhere(wait: PendingCounts, forum: Forum, *, work: Work) -> list[Task]:
    """What this reader has asked of others, or waits for; nothing of it is among their tasks."""
    desk = _Desk(wait, forum, work)
    return [task for declaration in wait.declarations for task in desk.elsewhere(declaration)]


class _Desk(Struct, frozen=True):
    wait: PendingCounts
    forum: Forum
    work: Work

    def of_person(self) -> Iterator[Task]:
        """What somebody else has asked of them by name."""
        known = {declaration.id: declaration for declaration in self.wait.declarations}
        invited = N_("You are invited to co-sponsor amendment %(number)s")
        reworded = N_("Another wording is proposed for your amendment %(number)s")
        asked = [(invited, "", asking) for asking in self.wait.invitations if not asking.invited]
        for title, place, asking in [*asked, *((reworded, "#answer", asking) for asking in self.wait.reworded)]:
            declaration, facts = known[asking.declaration_id], {"number": asking.number}
            yield self._amendment(declaration, title, facts, REVIEW, place)
        if count := self.wait.mentions:
            title = self._said(
                N_two("You are mentioned in %(n)s comment", "You are mentioned in %(n)s comments"), count
            )
            label, href = self.work.messages.gettext(N_("See notifications")), self.work.url_for("notices")
            yield Task(Part.TALK, title, "", label, href)

    def of_forum(self) -> Iterator[Task]:
        wait, actor, forum = self.wait, self.work.actor, self.forum
        proposed = wait.recommendations.get(RecommendationStatus.PROPOSED, 0)
        erasures = N_two("%(n)s erasure awaits second approval", "%(n)s erasures await second approval")
        roles = N_two("%(n)s role awaits second approval", "%(n)s roles await second approval")
        registered = N_two("%(n)s registered person has no role", "%(n)s registered people have no role")
        confirm = N_two("%(n)s recommendation to confirm or set aside", "%(n)s recommendations to confirm or set aside")
        lines: Sequence[tuple[int | bool, Part, Title, str, str]] = (
            (
                wait.is_alone and may_see_people(actor, forum),
                Part.FORUM,
                N_("Add the participants"),
                N_("Add people"),
                "people",
            ),
            (wait.registered, Part.FORUM, registered, N_("See who"), "registered"),
            (
                not wait.session_count and may_import_notes(actor, forum),
                Part.FORUM,
                N_("Import the notes of the first session"),
                N_("Import notes"),
                "sessions#import",
            ),
            (proposed * may_confirm(actor, forum), Part.FORUM, confirm, N_("Open register"), "recommendations"),
            (wait.confirming.erasures, Part.SECOND, erasures, REVIEW, "erasures"),
            (wait.confirming.roles, Part.SECOND, roles, REVIEW, "people"),
            (
                not wait.declarations and may_create(actor, forum),
                Part.FORUM,
                N_("Create the declaration"),
                N_("Create"),
                "new_declaration",
            ),
        )
        for count, part, title, label, route in lines:
            if count:
                name, hash_sign, place = route.partition("#")
                href = self.work.url_for(name, forum=forum.slug) + hash_sign + place
                yield Task(part, self._said(title, count), "", self.work.messages.gettext(label), href)

        for form, count in wait.answers:
            title = self._said(N_two("%(n)s answer to settle", "%(n)s answers to settle"), count)
            href = self.work.url_for("form_answers", forum=forum.slug, number=form.number)
            label = self.work.messages.gettext(N_("Read the answers"))
            yield Task(Part.FORUM, title, form.title.said_in(self.work.language), label, href)

    def of_text(self, declaration: Declaration) -> Iterator[Task]:
        held, confirming = self.wait.rights[declaration.id], self.wait.confirming
        for question in self.wait.questions.get(declaration.id, ()):
            if not question.is_running:
                yield self._question(declaration, question, due=self._local(question.closes))
        for pending in confirming.confirmable.get(declaration.id, ()):
            yield self._second_approval(declaration, pending)
        for corrigendum in confirming.standing.get(declaration.id, ()):  # which stands unless somebody objects
            title = N_("Corrections to the published text take effect unless a member objects")
            due, at = self._local(corrigendum.closes_at), {"number": corrigendum.number}
            yield self._task(Part.VOTER, declaration, title, N_("Read corrections"), "corrigendum", due=due, at=at)
        yield from self._of_chair(declaration, held)
        yield from self._counted(declaration, held)

    def _of_chair(self, declaration: Declaration, held: Rights) -> Iterator[Task]:
        """Nobody rules on an amendment of their own or of their delegation: without another chair, a deputy does."""
        closes = self._closes(declaration)
        if own := self.wait.without_judge.get(declaration.id, 0):
            title = N_two(
                "%(n)s amendment of your delegation needs a deputy to decide",
                "%(n)s amendments of your delegation need a deputy to decide",
            )
            href = self.work.url_for("person", forum=self.forum.slug, person_id=self.work.actor.person_id)
            task = self._task(Part.CHAIR, declaration, title, N_("Appoint deputy"), "reading", facts=own, due=closes)
            yield replace(task, href=href)
        others = self.wait.to_decide.get(declaration.id, 0)
        if held.decide and others > 0:
            title = N_two("%(n)s amendment to decide", "%(n)s amendments to decide")
            yield self._task(Part.CHAIR, declaration, title, N_("Decide"), "amendments", facts=others, due=closes)
        elif held.move and not held.read_editions and next_phase(self.work.actor, declaration):
            yield self._task(Part.CHAIR, declaration, N_("You can open the next phase"), N_("See phases"), "phase")

    def _counted(self, declaration: Declaration, held: Rights) -> Iterator[Task]:
        wait, closes = self.wait, self._closes(declaration)
        if comments := wait.held.get(declaration.id, 0):
            title = N_two("%(n)s comment to moderate", "%(n)s comments to moderate")
            yield self._task(Part.MODERATOR, declaration, title, N_("Moderate"), "moderation", facts=comments)
        texts = wait.untranslated.get(declaration.id)
        if texts is not None and texts.total:
            title, due = N_two("%(n)s text to translate", "%(n)s texts to translate"), texts.due or closes
            yield self._task(
                Part.TRANSLATOR, declaration, title, N_("Translate"), "translation", facts=texts.total, due=due
            )
        is_sealed = declaration.releases_at is not None  # its edition comes out by itself
        if held.publish and not is_sealed and declaration.id not in wait.confirming.publications:
            unasked = N_("Publication: not yet requested")
            yield self._task(Part.PUBLISHER, declaration, unasked, N_("Open checklist"), "readiness")
        if held.amend and not held.decide and not wait.own.get(declaration.id, 0):
            yield self._task(
                Part.MEMBER, declaration, N_("You can submit amendments"), N_("Open text"), "reading", due=closes
            )
        replies = wait.unanswered.get(declaration.id, 0)
        if held.comment and replies:  # where nobody can answer any more, nothing waits for an answer
            title = N_two("New replies in %(n)s comment you follow", "New replies in %(n)s comments you follow")
            at = {"person": self.work.actor.person_id}
            yield self._task(Part.TALK, declaration, title, N_("See comments"), "conversations", facts=replies, at=at)

    def elsewhere(self, declaration: Declaration) -> Iterator[Task]:
        """What of a declaration stands behind others."""
        wait, messages = self.wait, self.work.messages
        chair, secretariat = (messages.gettext(ROLE_NAMES[role]) for role in (Role.CHAIR, Role.SECRETARIAT))
        if wait.rights[declaration.id].read and (own := wait.own.get(declaration.id, 0)):
            title = N_two("%(n)s pending amendment of yours", "%(n)s pending amendments of yours")
            task = self._task(Part.MEMBER, declaration, title, "", "amendments", facts=own, at={"state": "own"})
            yield self._behind(task, chair, wait.filed_since[declaration.id])
        for asking in wait.invitations:
            if asking.invited and asking.declaration_id == declaration.id:
                invitation, facts = N_("Invitation to co-sponsor amendment %(number)s"), {"number": asking.number}
                yield self._behind(self._amendment(declaration, invitation, facts), asking.invited, asking.since)
        for pending in wait.confirming.own.get(declaration.id, ()):
            second = messages.listed([secretariat, chair], "or")
            yield self._behind(self._second_approval(declaration, pending), second, pending.at)
        every = wait.questions.get(declaration.id, ())
        own_votes = {question.number for question in every if question.wanted is QuestionTask.VOICE}
        for question in every:
            if question.is_running and question.number not in own_votes:
                yield self._behind(self._question(declaration, question), "", question.since)

    def _behind(self, task: Task, who: str, since: datetime | None) -> Task:
        return replace(task, who=who, since=self._local(since), due=None)

    def _question(self, declaration: Declaration, question: OpenQuestion, *, due: datetime | None = None) -> Task:
        part, title, label = ROOM[question.wanted]
        facts = {"number": question.number, "cast": question.cast, "eligible": question.eligible}
        at = {"question": question.number}
        return self._task(part, declaration, title, label, "question", facts=facts, due=due, at=at)

    def _second_approval(self, declaration: Declaration, pending: PendingApproval) -> Task:
        title, facts = N_("%(what)s: awaits second approval"), {"what": self.work.messages.gettext(pending.what)}
        return self._task(Part.SECOND, declaration, title, REVIEW, pending.route, facts=facts, at=pending.values)

    def _amendment(
        self, declaration: Declaration, title: str, facts: Mapping[str, int], label: str = "", place: str = ""
    ) -> Task:
        due = self._closes(declaration)
        task = self._task(Part.MEMBER, declaration, title, label, "amendment", facts=facts, due=due, at=facts)
        return replace(task, href=task.href + place)

    def _closes(self, declaration: Declaration) -> datetime | None:
        return closes_on(declaration, self.forum)

    def _local(self, at: datetime | None) -> datetime | None:
        return self.forum.local(at) if at else None

    def _said(self, title: Title, facts: int | Mapping[str, object]) -> str:
        messages = self.work.messages
        if isinstance(facts, int):
            return messages.gettext(title) if isinstance(title, str) else messages.ngettext(*title, facts)
        return messages.gettext(str(title), **facts)

    def _task(
        self,
        part: Part,
        declaration: Declaration,
        title: Title,
        label: str,
        route: str,
        *,
        facts: int | Mapping[str, object] = 0,
        due: datetime | date | None = None,
        at: Mapping[str, object] = {},
    ) -> Task:
        name, say = declaration.name.said_in(self.work.language), self.work.messages.gettext
        href = self.work.url_for(route, forum=self.forum.slug, declaration=declaration.slug, **at)
        return Task(part, self._said(title, facts), name, say(label) if label else "", href, due)


class PartTasks(Struct, frozen=True):
    """What awaits them in one of their parts."""

    name: str
    tasks: Sequence[Task]


class WorkPage(Page, frozen=True, kw_only=True):
    name: str
    count: int
    parts: Sequence[PartTasks]
    elsewhere: Sequence[Task]


class WorkPages(Controller):
    """What awaits whoever asks."""

    path = "/{forum:str}"

    @shows("desk/work.html", "/work", name="work", policy=OWN)
    def work(self, db: Db, work: Work, forum: Slug) -> WorkPage:
        """All of it; raises `SignInNeeded` for a visitor, who has none."""
        if work.actor.person_id is None:
            raise SignInNeeded
        return _page(db, forum, work)


def _page(db: Db, slug: str, work: Work) -> WorkPage:
    found = forum_frame(db, slug, work=work)
    declarations = known_declarations(db, found, work=work)
    here = {"forum_id": found.forum.id, "removed_at": None}
    count = db.scalar(sa.select(sa.func.count()).select_from(Session).filter_by(**here)) or 0
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
