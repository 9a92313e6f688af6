"""One forum with a secret in every place that can hold one, and every address of it, for anybody to knock at."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self
from uuid import UUID

import sqlalchemy as sa
from httpx import Response
from litestar.testing import TestClient

from drafts.diff.amendments import Change, ChangeOp
from drafts.text.blocks import Language
from tests.support import factories, site
from tests.support.factories import EN
from workspace.amendments.service import AmendmentService
from workspace.comments.service import CommentService
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Db, Store, new_id
from workspace.core.storage.log import LogEntry
from workspace.declarations.domain import queries
from workspace.declarations.domain.service import DeclarationService
from workspace.editions.domain.circulars import CircularService
from workspace.editions.domain.models import CircularKind
from workspace.forms.models import FormKind
from workspace.forms.service import FormIn, FormService
from workspace.people.models import Mandate, Person
from workspace.people.service import PeopleService
from workspace.recommendations.service import RecommendationService, VerbatimStatement
from workspace.sessions.extraction import SessionDetails, SessionFound
from workspace.sessions.service import SessionService
from workspace.web.http.guards import policies

ROLES = tuple(role for role in Role if role not in {Role.ANON, Role.OTHER_ORG})
TEXT, REASON, INTERNAL = "Canarytext", "Canaryreason", "Canaryinternal"
SAID, EMAIL = "Canarysaid", "canaryletters"
TOKEN = "t" * 43
READ = ("head.read", "consultation_text.read", "history.read")
OPENED_BY = {  # which rights let somebody see a secret
    TEXT: (*READ, "provenance.read", "edition.read_verify", "edition.preview", "forum.export_all"),
    REASON: ("amendment.read_others", "forum.export_all"),
    INTERNAL: ("comment.internal", "forum.export_all"),
    SAID: ("recommendation.read", "provenance.read"),
    EMAIL: ("organisation.manage_people", "roles.assign"),
}


@dataclass(frozen=True)
class Door:
    """One route with real things in its address; `is_real` is False where something had to be made up."""

    method: str
    route: str
    path: str
    policy: tuple[str, ...]
    is_real: bool


class Quarter:
    """The forum, its people by role, and its doors."""

    def __init__(self, store: Store, phase: Phase) -> None:
        self.store, self.phase = store, phase
        with store.writing() as db:
            self.people = {role: self._person(db, role) for role in ROLES}
            self.known = self._furnish(db, phase)
        self.client = TestClient(site.site(store, *self.people.values()))

    def __enter__(self) -> Self:
        """With one loop for all requests: a new one for each takes longer than most of the answers."""
        self.client.__enter__()
        return self

    def __exit__(self, *raised: object) -> None:
        self.client.__exit__(None, None, None)

    def _person(self, db: Db, role: Role) -> Actor:
        if role is Role.GUEST:
            guest = Person(name="A guest", mandates=[Mandate(forum_id=factories.forum(db).id, role=role)])
            db.add(guest)
            db.flush()
            return guest.as_actor()
        email = f"{EMAIL}@town.example" if role is Role.MEMBER else ""
        made = PeopleService(db).add_person(
            factories.forum(db), name=f"A {role.value}", role=role, email=email, actor=OPERATOR
        )
        return made.as_actor()

    def _furnish(self, db: Db, phase: Phase) -> dict[str, str]:
        forum, committee = factories.forum(db), self.people[Role.COMMITTEE]
        texts = {language: f"{TEXT} shares water, {language.value}." for language in Language}
        draft = factories.declaration(db, texts, {EN: f"{TEXT} mends pumps."}, phase=Phase.DRAFTING)
        block = queries.head_rows(db, draft)[0].block_id
        amendment = AmendmentService(db).propose(
            draft.id,
            base_revision=1,
            language=EN,
            changes=[Change(ChangeOp.REWORD, str(block), text=f"{TEXT} shares clean water.")],
            reason=f"{REASON}: so that it can be drunk.",
            actor=committee,
        )
        thread = CommentService(db).open(
            draft, block, text=f"{INTERNAL}: who pays?", language=EN, actor=committee, is_internal=True
        )
        session = SessionService(db).add(
            forum,
            SessionDetails(found=SessionFound(title="Water")),
            language="en",
            document=None,
            actor=OPERATOR,
        )
        [said] = RecommendationService(db).propose(
            session, [VerbatimStatement(f"{SAID}: mend pumps.", "en")], actor=OPERATOR
        )
        secretariat = self.people[Role.SECRETARIAT]
        questionnaire = FormIn(title={"en": "Water"}, opens="2020-01-01T00:00")
        FormService(db).make(forum, FormKind.QUESTIONNAIRE, questionnaire, actor=secretariat)
        circulars = CircularService(db)
        circulars.send(circulars.begin(forum, CircularKind.CIRCULAR, actor=secretariat), actor=secretariat)
        if phase is not Phase.DRAFTING:
            DeclarationService(db).enter(draft, phase, actor=OPERATOR)
        organisation = PeopleService(db).add_organisation(forum, name="Town of Alta", actor=OPERATOR)
        person = db.get_one(Person, self.people[Role.MEMBER].person_id)
        return {
            "language": "en",
            "forum": forum.slug,
            "declaration": draft.slug,
            "declaration_id": str(draft.id),
            "block_id": str(block),
            "text": "fr",
            "languages": "es,en",
            "amendment_id": str(amendment.id),
            "thread_id": str(thread.id),
            "comment_id": str(thread.comments[0].id),
            "session_id": str(session.id),
            "recommendation_id": str(said.id),
            "organisation_id": str(organisation.id),
            "person_id": str(person.id),
            "number": "1",
        }

    def doors(self) -> Iterator[Door]:
        """Every route of the program."""
        for method, route, policy in policies(self.client.app.routes):
            names = re.findall(r"\{(\w+)\}", route)
            known = {name: self.known[name] for name in names if name in self.known}
            if "/texts/{language}" in route:
                known["language"] = "fr"
            made_up = {name: str(new_id()) if name.endswith("_id") else "1" for name in names if name not in known}
            path = route.format(**known, **made_up)
            if route.endswith(("/amendments/new", "/amendments/oral", "/amendments/compromise", "/edit")):
                path += f"?block={self.known['block_id']}"
            yield Door(method, route, path, policy, is_real=not made_up)

    def ask(
        self,
        role: Role,
        method: str,
        path: str,
        *,
        json: object = None,
        data: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        **headers: str,
    ) -> Response:
        cookies = [f"persona={self.people[role].person_id}"] if role in self.people else []
        if data is not None:  # a form of a page of ours, or it would be refused as that of another site
            cookies.append(f"form={TOKEN}")
            data = {"csrf": site.masked(TOKEN), **data}
        headers |= {"Cookie": "; ".join(cookies)} if cookies else {}
        self.client.cookies.clear()
        return self.client.request(
            method, path, headers=headers, json=json, data=data, params=params, follow_redirects=False
        )

    def count(self) -> int:
        """How many lines the log has."""
        with self.store.reading() as db:
            return db.scalar(sa.select(sa.func.count(LogEntry.sequence))) or 0

    def head(self) -> UUID:
        """The revision that the declaration is at."""
        with self.store.reading() as db:
            return DeclarationService(db).get(UUID(self.known["declaration_id"])).head.id
