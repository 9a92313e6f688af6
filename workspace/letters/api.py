"""The letters of a forum, as JSON."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from workspace.letters.schemas import LetterOut, LettersOut, RetriedOut
from workspace.letters.service import LetterService
from workspace.letters.states import LetterState
from workspace.people.service import PeopleService
from workspace.web.api import DONE, Cursor, Limit, answer, reads, writes
from workspace.web.paging import id_after, sliced
from workspace.web.params import FromPath
from workspace.web.services import Work


class LetterApi(Controller):
    """Letters that the workspace sends."""

    path = "/api/forums/{forum:str}/letters"
    tags = ("Letters",)

    @reads("/", 422, policy="organisation.manage_people")
    def list_letters(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        standing: Annotated[LetterState, QueryParameter(description="Which letters.")] = LetterState.FAILED,
        cursor: Cursor = "",
        limit: Limit = 50,
    ) -> Response[LettersOut]:
        """List the letters about a forum and to its people: those that failed unless `standing` says else.

        For those who look after its people.
        """
        actor = work.actor
        with work.reading() as db:
            where = PeopleService(db).forum(forum)
            found = LetterService(db).listed(
                standing, forum=where, actor=actor, after=id_after(cursor), limit=limit + 1
            )
            page = sliced(found, cursor=lambda letter: letter.id, limit=limit)
            return answer(LettersOut(items=[LetterOut.of(letter) for letter in page.items], next=page.next))

    @writes("/{letter_id:uuid}/attempts", status=DONE, policy="organisation.manage_people")
    def retry_letter(
        self, work: NamedDependency[Work], forum: FromPath[str], letter_id: FromPath[UUID]
    ) -> Response[LetterOut]:
        """Try again to deliver a letter that failed."""
        actor = work.actor
        with work.writing() as db:
            where = PeopleService(db).forum(forum)
            waiting = LetterOut.of(LetterService(db).retry(letter_id, forum=where, actor=actor))
        return answer(waiting)

    @writes("/attempts", status=DONE, policy="organisation.manage_people")
    def retry_letters(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[RetriedOut]:
        """Try again to deliver every letter that failed."""
        actor = work.actor
        with work.writing() as db:
            where = PeopleService(db).forum(forum)
            retried = RetriedOut(LetterService(db).retry_all(forum=where, actor=actor))
        return answer(retried)
