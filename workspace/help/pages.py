"""The guide in the browser: its contents, its topics, and a search over them."""

from collections.abc import Sequence
from typing import Annotated

from litestar import Controller, Response
from litestar.params import QueryParameter
from msgspec import Struct

from workspace.help.guide import SearchHit, TopicPart, guide_topic, guide_topics, search_guide, topic_groups
from workspace.web.http.request_context import CurrentWork, FromPath, Work
from workspace.web.http.routing import get
from workspace.web.pages import Page, page

LONGEST_SEARCH = 200


class TopicLine(Struct, frozen=True):
    slug: str
    title: str
    lede: str
    is_current: bool = False


class GroupView(Struct, frozen=True):
    name: str
    topics: Sequence[TopicLine]


class ContentsPage(Page, frozen=True, kw_only=True):
    groups: Sequence[GroupView]
    wanted: str
    found: Sequence[SearchHit]


class TopicPage(Page, frozen=True, kw_only=True):
    title: str
    parts: Sequence[TopicPart]
    groups: Sequence[GroupView]
    group: str


class HelpPages(Controller):
    """The users' guide, for anybody."""

    @get("/help", name="help", policy="public")
    def contents(
        self, work: CurrentWork, wanted: Annotated[str, QueryParameter(name="words", max_length=LONGEST_SEARCH)] = ""
    ) -> Response[str]:
        """Every topic, or those that have the words one looks for."""
        context = ContentsPage(groups=_groups(work), wanted=wanted, found=search_guide(wanted, work.language))
        return page(work, "help/contents.html", context, is_public=True)

    @get("/accessibility", name="accessibility", policy="public")
    def accessibility(self, work: CurrentWork) -> Response[str]:
        """The statement of accessibility."""
        return self._topic(work, "accessibility")

    @get("/help/{slug:str}", name="help_topic", policy="public")
    def show(self, work: CurrentWork, slug: FromPath[str]) -> Response[str]:
        """One topic."""
        return self._topic(work, slug)

    def _topic(self, work: Work, slug: str) -> Response[str]:
        topic = guide_topic(slug, work.language)
        shown = _groups(work, slug)
        group = next(group.name for group in shown if any(line.is_current for line in group.topics))
        context = TopicPage(title=topic.title, parts=topic.parts, groups=shown, group=group)
        return page(work, "help/topic.html", context, is_public=True)


def _groups(work: Work, current: str = "") -> Sequence[GroupView]:
    known = guide_topics(work.language)
    return [
        GroupView(
            work.messages.gettext(group.name),
            [TopicLine(slug, known[slug].title, known[slug].lede, slug == current) for slug in group.topics],
        )
        for group in topic_groups()
    ]
