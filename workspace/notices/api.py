"""Notices and following, as JSON: each person's own, and nobody else's."""

from uuid import UUID

from litestar import Controller, Response
from litestar.di import NamedDependency

from workspace.notices.models import FollowKind
from workspace.notices.schemas import FollowIn, FollowOut, FollowsOut, NoticeOut, NoticesOut, ReadOut
from workspace.notices.service import FollowService, NoticeService, count_unread
from workspace.web.api import DONE, Cursor, Limit, answer, reads, writes
from workspace.web.paging import id_after, sliced
from workspace.web.params import FromPath, FromQuery, JSONBody
from workspace.web.route_policies import OWN
from workspace.web.services import Work


class NoticeApi(Controller):
    """One's own notices, and what one follows."""

    path = "/api"
    tags = ("Notices",)

    @reads("/notices", 422, policy=OWN)
    def list_notices(
        self,
        work: NamedDependency[Work],
        unread_only: FromQuery[bool] = False,  # noqa: FBT002  (litestar passes it by name)
        cursor: Cursor = "",
        limit: Limit = 50,
    ) -> Response[NoticesOut]:
        """List what one was told, the newest first."""
        actor = work.actor
        with work.reading() as db:
            found = NoticeService(db).listed(
                actor=actor, limit=limit + 1, after=id_after(cursor), unread_only=unread_only
            )
            page = sliced(found, cursor=lambda one: one.id, limit=limit)
            items = [NoticeOut.of(one) for one in page.items]
            return answer(NoticesOut(items=items, unread=count_unread(db, actor), next=page.next))

    @writes("/notices/{notice_id:uuid}/reading", status=DONE, policy=OWN)
    def read_notice(self, work: NamedDependency[Work], notice_id: FromPath[UUID]) -> Response[NoticeOut]:
        """Note that a notice has been read."""
        actor = work.actor
        with work.writing() as db:
            return answer(NoticeOut.of(NoticeService(db).read(notice_id, actor=actor)))

    @writes("/notices/reading", status=DONE, policy=OWN)
    def read_all_notices(self, work: NamedDependency[Work]) -> Response[ReadOut]:
        """Note that all notices have been read."""
        actor = work.actor
        with work.writing() as db:
            return answer(ReadOut(read=NoticeService(db).read_all(actor=actor)))

    @reads("/following", policy=OWN)
    def list_followed(self, work: NamedDependency[Work]) -> Response[FollowsOut]:
        """List what one follows, the newest first."""
        actor = work.actor
        with work.reading() as db:
            return answer(FollowsOut(items=[FollowOut.of(one) for one in FollowService(db).followed(actor=actor)]))

    @writes("/following", policy=OWN)
    def follow(self, work: NamedDependency[Work], data: JSONBody[FollowIn]) -> Response[FollowOut]:
        """Be told of what happens to something from now on."""
        actor = work.actor
        with work.writing() as db:
            return answer(FollowOut.of(FollowService(db).follow(FollowKind(data.kind), data.id, actor=actor)))

    @writes("/following/end", status=DONE, policy=OWN)
    def unfollow(self, work: NamedDependency[Work], data: JSONBody[FollowIn]) -> Response[FollowsOut]:
        """Be told of something no more; answers with what one still follows."""
        actor = work.actor
        with work.writing() as db:
            service = FollowService(db)
            service.unfollow(FollowKind(data.kind), data.id, actor=actor)
            return answer(FollowsOut(items=[FollowOut.of(one) for one in service.followed(actor=actor)]))
