"""Letters that could not be delivered: to whom, why, and another try."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect
from msgspec import Struct

from workspace.core.mail import Letter
from workspace.letters.reasons import HOPELESS, NOT_TRIED, REASONS
from workspace.letters.service import LetterService
from workspace.letters.states import LetterState
from workspace.letters.unreached import UnreachedService
from workspace.people.frame import forum_frame, leading_on
from workspace.people.service import PeopleService
from workspace.web.i18n import Messages
from workspace.web.pages import Page, page, redirect
from workspace.web.params import FromPath
from workspace.web.services import Work
from workspace.web.slice_registry import REGISTRY

MOST = 200  # of each list; whoever has more failed letters than that has one cause to look for


class LetterLine(Struct, frozen=True):
    """One letter: what kind, to whom, and how it stands, in the reader's language."""

    id: UUID
    kind: str
    to: str  # empty once it has been forgotten
    why: str
    code: str  # what the server answered, if it did
    at: datetime  # when it failed, or is tried next
    may_be_retried: bool

    @classmethod
    def of(cls, letter: Letter, messages: Messages) -> "LetterLine":
        reason, _, code = letter.last_error.partition(" ")
        wording = REGISTRY.get().letters.get(letter.kind)
        return cls(
            id=letter.id,
            kind=messages.gettext(wording.name) if wording else letter.kind,
            to=letter.to,
            why=messages.gettext(REASONS.get(reason, NOT_TRIED)),
            code=code,
            at=letter.failed_at or letter.next_try_at or letter.due_at,
            may_be_retried=bool(letter.to) and reason not in HOPELESS,
        )


class LettersPage(Page, frozen=True, kw_only=True):
    failed: Sequence[LetterLine]
    waiting: Sequence[LetterLine]
    unreached: int  # addresses that are not written to


class LetterPages(Controller):
    """The letters of one forum."""

    path = "/{forum:str}/letters"

    @get(name="letters", sync_to_thread=True, policy="organisation.manage_people")
    def letters(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[str]:
        """Letters that failed, and those that wait for a later try."""
        actor = work.actor
        with work.reading() as db:
            frame = forum_frame(db, forum, work=work)
            place = leading_on(db, frame, work=work)
            service = LetterService(db)
            failed, waiting = (
                [
                    LetterLine.of(letter, work.messages)
                    for letter in service.listed(state, forum=frame.forum, actor=actor, limit=MOST)
                ]
                for state in (LetterState.FAILED, LetterState.WAITING)
            )
            unreached = len(UnreachedService(db).listed(forum=frame.forum, actor=actor))
        context = LettersPage(place=place, here="letters", failed=failed, waiting=waiting, unreached=unreached)
        return page(work, "letters/list.html", context)

    @post("/{letter_id:uuid}/attempts", name="retry_letter", sync_to_thread=True, policy="organisation.manage_people")
    def retry(self, work: NamedDependency[Work], forum: FromPath[str], letter_id: FromPath[UUID]) -> Redirect:
        """Try one letter again."""
        actor = work.actor
        with work.writing() as db:
            LetterService(db).retry(letter_id, forum=PeopleService(db).forum(forum), actor=actor)
        said = work.messages.gettext("The letter is tried again now.")
        return redirect(work, work.url_for("letters", forum=forum), said=said)

    @post("/attempts", name="retry_letters", sync_to_thread=True, policy="organisation.manage_people")
    def retry_all(self, work: NamedDependency[Work], forum: FromPath[str]) -> Redirect:
        """Try every letter again that failed."""
        actor = work.actor
        with work.writing() as db:
            count = LetterService(db).retry_all(forum=PeopleService(db).forum(forum), actor=actor)
        said = work.messages.ngettext("%(n)s letter is tried again now.", "%(n)s letters are tried again now.", count)
        return redirect(work, work.url_for("letters", forum=forum), said=said)
