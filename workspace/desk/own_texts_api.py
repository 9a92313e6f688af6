"""The forum's own published texts as JSON, for whoever drafts with another program."""

from litestar import Controller, Response
from litestar.di import NamedDependency
from msgspec import Struct

from workspace.consultation.api import Asked
from workspace.core.shapes import filled
from workspace.desk.own_texts import OwnPassage, own_passages
from workspace.people.frame import forum_frame
from workspace.web.api import answer, reads
from workspace.web.params import FromPath
from workspace.web.services import Work


class PublishedPassageOut(Struct, frozen=True, kw_only=True):
    """A paragraph of a published edition; `citation` says where it stands, in the paragraph's own language."""

    text: str
    language: str
    citation: str
    edition: int
    paragraph: str
    address: str

    @classmethod
    def of(cls, one: OwnPassage) -> "PublishedPassageOut":
        return filled(cls, one, paragraph=one.number, address=one.href)


class PublishedPassagesOut(Struct, frozen=True, kw_only=True):
    """The paragraphs that have the words; at most fifty."""

    items: list[PublishedPassageOut]


class OwnTextsApi(Controller):
    """What the forum has published before."""

    path = "/api/forums/{forum:str}"
    tags = ("Adopted texts",)

    @reads("/published-passages", policy="session.read")
    def list_published_passages(
        self, work: NamedDependency[Work], forum: FromPath[str], words: Asked = ""
    ) -> Response[PublishedPassagesOut]:
        """Look for words in the last edition of each of the forum's declarations."""
        with work.reading() as db:
            found = own_passages(db, forum_frame(db, forum, work=work).forum, words, work=work)
            return answer(PublishedPassagesOut(items=[PublishedPassageOut.of(one) for one in found]))
