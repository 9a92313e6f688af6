"""A browser at the doors of the workspace, and what it finds in its letters."""

import re
from html import unescape
from typing import Any

import pyotp
import sqlalchemy as sa
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from tests.support import factories
from workspace.accounts.domain import passwords
from workspace.accounts.domain.service import AccountService
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.outbox import Letter, facts_with_link
from workspace.core.storage.db import Store
from workspace.people.models import Person

PASSWORD = "seven lanterns on a river"
OTHER = "eleven kites above a harbour"
EMAIL = "marta@fanal.example"


class From:
    """The application as it is seen from one address of the net."""

    def __init__(self, app: Litestar, address: str) -> None:
        self.app, self.address = app, address

    def __getattr__(self, name: str) -> Any:
        return getattr(self.app, name)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app({**scope, "client": (self.address, 50_000)}, receive, send)


class Browser:
    """One browser: it keeps cookies, and sends the token of the form it has seen last."""

    def __init__(self, app: Litestar, address: str = "192.0.2.1") -> None:
        self.door = From(app, address)
        self.client: TestClient[Any] = TestClient(self.door)
        self.client.__enter__()
        self.page: Any = None

    def get(self, path: str, **given: Any) -> Response:
        self.page = self.client.get(path, **given)
        return self.page

    def post(self, path: str, **fields: Any) -> Response:
        """Send a form; where the answer leads elsewhere, go there."""
        follow = fields.pop("follow", True)
        token = {"csrf": fields.pop("csrf", self.token)}
        self.page = self.client.post(path, data={**token, **fields}, follow_redirects=follow)
        return self.page

    @property
    def token(self) -> str:
        if self.page is None or 'name="csrf"' not in self.page.text:
            self.get("/en/sign-in") if "sign-in" not in self.client.cookies else self.get("/en/account")
        return self.field("csrf")

    def field(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page.text)
        assert found, f"{name} is not on the page"
        return unescape(found[1])

    @property
    def cookie(self) -> str:
        return self.client.cookies.get("sign-in", "")

    def sign_in(self, email: str = EMAIL, password: str = PASSWORD, **more: Any) -> Response:
        self.get("/en/sign-in")
        return self.post("/en/sign-in", email=email, password=password, way="password", **more)


def account(store: Store, role: Role = Role.MEMBER, email: str = EMAIL, password: str = PASSWORD) -> Actor:
    """Somebody of the forum with an account that a password opens."""
    with store.writing() as db:
        actor = factories.person(db, role, "Marta Olivar")
        person = db.get(Person, actor.person_id)
        AccountService(db).make(person, email=email, password_hash=passwords.hash_password(password), actor=OPERATOR)
    return actor


def link(store: Store, kind: str) -> str:
    """The path in the letter of this kind that was posted last."""
    with store.reading() as db:
        letters = db.scalars(sa.select(Letter).where(Letter.kind == kind).order_by(Letter.due_at.desc())).all()
    assert letters, f"no letter of the kind {kind}"
    return str(facts_with_link(store, letters[0].facts)["path"])


def letters(store: Store) -> int:
    with store.reading() as db:
        return db.scalar(sa.select(sa.func.count()).select_from(Letter)) or 0


def enrol(browser: Browser) -> tuple[str, list[str]]:
    """Set the second step up; the secret and the recovery codes."""
    browser.get("/en/account/second-step")
    secret = browser.field("secret")
    browser.post("/en/account/second-step", secret=secret, code=pyotp.TOTP(secret).now(), password=PASSWORD)
    return secret, re.findall(r"<li><code>([^<]+)</code>", browser.page.text)


def is_in(browser: Browser) -> bool:
    return browser.client.get("/en/account", follow_redirects=False).status_code == 200
