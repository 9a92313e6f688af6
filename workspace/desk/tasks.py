"""What awaits the reader in a forum, said simply: each task is one thing to do and the page to do it on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from workspace.core.db import Db
from workspace.declarations.models import Declaration, PendingRequest
from workspace.declarations.next_steps import may_create, next_phase
from workspace.declarations.policy import may_confirm as may_confirm_request
from workspace.desk import counting
from workspace.desk.counting import Counts
from workspace.desk.rights import Rights, rights
from workspace.people.models import Forum
from workspace.recommendations.models import Standing
from workspace.recommendations.policy import may_confirm
from workspace.sessions.policy import may_import_notes
from workspace.translations.service import TranslationService
from workspace.web.services import Work


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits for the reader: what, about which declaration, and where to do it."""

    title: str
    about: str
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits in a forum, counted: by declaration, except recommendations and sessions."""

    declarations: Sequence[Declaration]
    rights: Mapping[UUID, Rights]
    amendments: Counts
    own: Counts
    held: Counts  # comments, for a moderator
    requests: Mapping[UUID, UUID]
    pending: Mapping[UUID, Sequence[PendingRequest]]
    untranslated: Counts
    recommendations: Mapping[Standing, int]
    session_count: int


def waiting(db: Db, forum: Forum, declarations: Sequence[Declaration], *, session_count: int, work: Work) -> Waiting:
    actor = work.actor
    held = {one.id: rights(actor, one) for one in declarations}
    return Waiting(
        declarations=declarations,
        rights=held,
        amendments=counting.open_amendments(db, declarations, actor=actor),
        own=counting.own_open_amendments(db, declarations, actor=actor),
        held=counting.held_comments(db, declarations, actor=actor),
        requests=counting.publication_requests(db, declarations),
        pending=counting.pending_requests(db, declarations),
        untranslated={one.id: _untranslated(db, one) for one in declarations if held[one.id].translate},
        recommendations=counting.recommendations(db, forum),
        session_count=session_count,
    )


def tasks(wait: Waiting, forum: Forum, *, work: Work) -> list[Task]:
    """The tasks of this reader, those of the forum first, then those of each declaration."""
    desk = _Desk(wait, forum, work)
    of_texts = (task for one in wait.declarations for task in desk.of_text(one))
    return [*desk.of_forum(), *of_texts]


@dataclass(frozen=True, slots=True)
class _Desk:
    wait: Waiting
    forum: Forum
    work: Work

    def of_forum(self) -> Iterator[Task]:
        messages = self.work.messages
        if not self.wait.session_count and may_import_notes(self.work.actor, self.forum):
            yield self._task(
                messages.gettext("Bring in the notes of the first session"),
                messages.gettext("Bring in notes"),
                "sessions",
            )
        proposed = self.wait.recommendations.get(Standing.PROPOSED, 0)
        if proposed and may_confirm(self.work.actor, self.forum):
            title = messages.ngettext(
                "%(n)s recommendation waits to be confirmed or dropped",
                "%(n)s recommendations wait to be confirmed or dropped",
                proposed,
            )
            yield self._task(title, messages.gettext("Open the register"), "recommendations")
        if not self.wait.declarations and may_create(self.work.actor, self.forum):
            yield self._task(messages.gettext("Begin the declaration"), messages.gettext("Begin"), "new_declaration")

    def of_text(self, declaration: Declaration) -> Iterator[Task]:
        held = self.wait.rights[declaration.id]
        yield from self._of_second_person(declaration)
        yield from self._of_chair(declaration, held)
        yield from self._of_moderator(declaration)
        yield from self._of_translator(declaration)
        if held.publish:
            yield from self._of_publisher(declaration)
        yield from self._of_member(declaration, held)

    def _of_second_person(self, declaration: Declaration) -> Iterator[Task]:
        for request in self.wait.pending.get(declaration.id, ()):
            if may_confirm_request(self.work.actor, declaration, request):
                title = self.work.messages.gettext("Something waits for you to confirm it, as the second person")
                yield self._task(title, self.work.messages.gettext("Look at it and confirm"), "phase", declaration)

    def _of_chair(self, declaration: Declaration, held: Rights) -> Iterator[Task]:
        """Nobody rules on an amendment of their own."""
        others = self.wait.amendments.get(declaration.id, 0) - self.wait.own.get(declaration.id, 0)
        if held.decide and others > 0:
            title = self.work.messages.ngettext(
                "%(n)s amendment waits for a ruling", "%(n)s amendments wait for a ruling", others
            )
            yield self._task(title, self.work.messages.gettext("Go to the amendments"), "amendments", declaration)
        elif held.move and not held.read_editions and next_phase(self.work.actor, declaration):
            title = self.work.messages.gettext("You can open the next phase when the text is ready for it")
            yield self._task(title, self.work.messages.gettext("See the phases"), "phase", declaration)

    def _of_moderator(self, declaration: Declaration) -> Iterator[Task]:
        if held := self.wait.held.get(declaration.id, 0):
            title = self.work.messages.ngettext(
                "%(n)s comment waits for a moderator", "%(n)s comments wait for a moderator", held
            )
            yield self._task(title, self.work.messages.gettext("Read and let through"), "moderation", declaration)

    def _of_translator(self, declaration: Declaration) -> Iterator[Task]:
        if texts := self.wait.untranslated.get(declaration.id, 0):
            title = self.work.messages.ngettext(
                "%(n)s text waits for a translator", "%(n)s texts wait for a translator", texts
            )
            yield self._task(title, self.work.messages.gettext("Go to the translations"), "translation", declaration)

    def _of_publisher(self, declaration: Declaration) -> Iterator[Task]:
        messages, requested_by = self.work.messages, self.wait.requests.get(declaration.id)
        if requested_by is None:
            title = messages.gettext("Publication can be asked for as soon as nothing stops it")
            yield self._task(title, messages.gettext("See what stops it"), "readiness", declaration)
        elif requested_by != self.work.actor.person_id:
            title = messages.gettext("Publication waits for you to confirm it, as the second person")
            yield self._task(title, messages.gettext("Look at it and confirm"), "readiness", declaration)

    def _of_member(self, declaration: Declaration, held: Rights) -> Iterator[Task]:
        messages = self.work.messages
        if own := self.wait.own.get(declaration.id, 0):
            title = messages.ngettext(
                "%(n)s amendment of yours is undecided", "%(n)s amendments of yours are undecided", own
            )
            yield self._task(title, messages.gettext("See the amendments"), "amendments", declaration)
        elif held.amend and not held.decide:
            title = messages.gettext("You can amend the text")
            yield self._task(title, messages.gettext("Read it and choose a paragraph"), "reading", declaration)

    def _task(self, title: str, label: str, route: str, declaration: Declaration | None = None) -> Task:
        if declaration is None:
            return Task(title, "", label, self.work.url_for(route, forum=self.forum.slug))
        href = self.work.url_for(route, forum=self.forum.slug, declaration=declaration.slug)
        return Task(title, declaration.name.said_in(self.work.language), label, href)


def _untranslated(db: Db, declaration: Declaration) -> int:
    standings = TranslationService(db).standings(declaration)
    return sum(state.stops_publication for standing in standings for state in standing.states.values())
