"""A forum with somebody in every role, and its API as each of them calls it."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from uuid import UUID

from httpx import Response
from litestar.testing import TestClient

from drafts.text.blocks import Language
from tests.support import factories, site
from tests.support.prepared import prepared
from workspace.core.actor import Actor, Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Db, Store
from workspace.declarations.domain import queries
from workspace.declarations.domain.service import DeclarationService
from workspace.recommendations.service import RecommendationService, VerbatimStatement
from workspace.sessions.extraction import SessionDetails, SessionFound
from workspace.sessions.service import SessionService

CALLERS = (
    Role.CHAIR,
    Role.SECRETARIAT,
    Role.MEMBER,
    Role.OBSERVER,
    Role.TRANSLATOR,
    Role.RAPPORTEUR,
    Role.COMMITTEE,
)


class Caller:
    """The API as one person calls it; `if_match` is put in quotation marks."""

    def __init__(self, client: TestClient, persona: UUID | None) -> None:
        self.client = client
        self.cookies = {"Cookie": f"persona={persona}"} if persona else {}

    def get(self, path: str, **headers: str) -> Response:
        return self.client.get(f"/api{path}", headers={**self.cookies, **headers})

    def post(self, path: str, body: object = None, *, if_match: object = None, **given: Any) -> Response:
        return self._send("POST", path, body, if_match, given)

    def put(self, path: str, body: object = None, *, if_match: object = None, **given: Any) -> Response:
        return self._send("PUT", path, body, if_match, given)

    def _send(self, method: str, path: str, body: object, if_match: object, given: dict[str, Any]) -> Response:
        headers = dict(self.cookies)
        if if_match is not None:
            headers["If-Match"] = f'"{if_match}"'
        content = given if body is None else {"json": body, **given}
        return self.client.request(method, f"/api{path}", headers={**headers, **given.pop("headers", {})}, **content)


class House:
    """Everybody of the forum, and what a test puts on their table."""

    def __init__(self, store: Store, client: TestClient, people: dict[Role, Actor]) -> None:
        self.store = store
        self.client = client
        self.people = people
        self.nobody = Caller(client, None)

    def __getitem__(self, role: Role) -> Caller:
        return Caller(self.client, self.people[role].person_id)

    @property
    def chair(self) -> Caller:
        return self[Role.CHAIR]

    @property
    def member(self) -> Caller:
        return self[Role.MEMBER]

    def declaration(self, *texts: Any, slug: str = "declaration", phase: Phase = Phase.REVIEW) -> "Table":
        def make(db: Db) -> UUID:
            return factories.declaration(db, *texts, slug=slug, phase=phase).id

        return Table(self, prepared(self.store, ("declaration", repr(texts), slug, phase), make))

    def session(self, title: str, *said: str, language: str = "en") -> UUID:
        """A session with what it recommended, as proposals."""
        with self.store.writing() as db:
            forum, rapporteur = factories.forum(db), self.people[Role.RAPPORTEUR]
            details = SessionDetails(found=SessionFound(title=title))
            session = SessionService(db).add(forum, details, language=language, document=None, actor=rapporteur)
            RecommendationService(db).propose(
                session, [VerbatimStatement(text, language) for text in said], actor=rapporteur
            )
            return session.id

    def counted(self) -> AbstractContextManager[list[str]]:
        """The statements that are sent to the database meanwhile."""
        return site.counted(self.store)

    def queries(self, path: str) -> int:
        """How many statements it takes to answer for the first time, whatever was read before."""
        site.forget_all()
        with self.counted() as sent:
            assert self.chair.get(path).status_code == 200
        return len(sent)


class Table:
    """One declaration: its address in the API, its head and its blocks."""

    def __init__(self, house: House, declaration_id: UUID) -> None:
        self.house = house
        self.id = declaration_id
        self.path = f"/declarations/{declaration_id}"

    @property
    def head(self) -> str:
        return str(self._head().id)

    @property
    def number(self) -> int:
        return self._head().number

    def block(self, place: int = 0) -> str:
        return str(self._rows()[place].block_id)

    def version(self, language: Language, place: int = 0) -> str:
        return str(self._rows()[place].texts[language].id)

    def words(self, language: Language = Language.EN) -> list[str]:
        return [row.content(language) for row in self._rows()]

    def propose(self, *texts: str, by: Role = Role.MEMBER, place: int = 0) -> dict[str, Any]:
        """File amendments that reword one block; the last one as it was answered."""
        filed: dict[str, Any] = {}
        for text in texts:
            answer = self.house[by].post(f"{self.path}/amendments", self.proposal(text, place=place))
            assert answer.status_code == 201, answer.text
            filed = answer.json()
        return filed

    def proposal(self, text: str, *, place: int = 0) -> dict[str, Any]:
        changes = [{"op": "reword", "block": self.block(place), "text": text}]
        return {"base_revision": self.number, "language": "en", "changes": changes, "reason": "It is clearer."}

    def reword(self, text: str, *, place: int = 0) -> None:
        """The committee has decided on other words of a paragraph."""
        edit = {"language": "en", "changes": self.proposal(text, place=place)["changes"], "reason": "So decided."}
        assert self.house.chair.post(f"{self.path}/edits", edit, if_match=self.head).status_code == 201

    def rulings(self, *amendments: dict[str, Any], verdict: str = "adopt") -> dict[str, Any]:
        ids: Sequence[str] = [one["amendment"]["id"] for one in amendments]
        return {"language": "en", "rulings": [{"amendment_id": one, "verdict": verdict} for one in ids]}

    def _head(self):
        with self.house.store.reading() as db:
            return DeclarationService(db).get(self.id).head

    def _rows(self) -> list[queries.BlockRow]:
        with self.house.store.reading() as db:
            return queries.head_rows(db, DeclarationService(db).get(self.id))


@contextmanager
def opened(store: Store) -> Iterator[House]:
    people = dict(prepared(store, "house", lambda db: {role: factories.person(db, role) for role in CALLERS}))
    with TestClient(site.site(store, *people.values())) as client:
        yield House(store, client, people)
