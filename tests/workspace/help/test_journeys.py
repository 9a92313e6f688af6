"""What the guide tells programs to send is sent as it stands there, and answered."""

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from litestar.testing import TestClient

from drafts.text.blocks import Language
from tests.support import factories, site
from tests.support.factories import EN
from workspace.accounts.domain.credentials import ApiTokenService
from workspace.accounts.domain.service import AccountService
from workspace.core import clock
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Db, Store
from workspace.help.guide import FOLDER
from workspace.people.models import Person
from workspace.web.i18n.messages import LANGUAGES

NOTES = "# Water and its keepers\n\nRecommendations:\n\n- Towns should repair their fountains.\n"
ASKING = re.compile(
    r"(?:(?P<name>[A-Z]+)=\$\()?(?:as \$(?P<who>\w+)|curl) (?P<rest>.*?)(?: \| jq -r '(?P<path>[^']+)'\))?"
)
_PLACE = re.compile(r"\.(\w+)|\[(\d+)\]")


def lines(language: str) -> Iterator[str]:
    """What the guide tells to send, without what is said to begin with."""
    guide = (FOLDER / language / "operators-journeys.md").read_text(encoding="utf-8")
    for block in re.findall(r"```sh\n(.*?)```", guide, re.DOTALL)[1:]:
        yield from block.strip().splitlines()


@dataclass
class Shell:
    """As much of a shell, of curl and of jq as the lines of the guide need."""

    client: httpx.Client
    known: dict[str, str]
    files: Mapping[str, str] = field(default_factory=dict)

    def run(self, line: str) -> httpx.Response:
        found = ASKING.fullmatch(line)
        assert found, line
        words = [self._told(word) for word in shlex.split(found["rest"])]
        answer = self._sent(words, self.known[found["who"]] if found["who"] else "")
        assert answer.is_success, (line, answer.text)
        if found["name"]:
            self.known[found["name"]] = str(_picked(answer.json(), found["path"]))
        return answer

    def _told(self, word: str) -> str:
        return re.sub(r"\$([A-Z]+)", lambda name: self.known[name[1]], word)

    def _sent(self, words: list[str], token: str) -> httpx.Response:
        given: dict[str, Any] = {"headers": {"Authorization": f"Bearer {token}"} if token else {}}
        method, rest = "", iter(words)
        for word in rest:
            match word:
                case "--header":
                    name, _, value = next(rest).partition(": ")
                    given["headers"][name] = value
                case "--json":
                    given["content"] = next(rest).encode()
                    given["headers"] |= {"Content-Type": "application/json", "Accept": "application/json"}
                case "--form":
                    name, _, file = next(rest).partition("=@")
                    given["files"] = {name: (file, self.files[file])}
                case "--request":
                    method = next(rest)
                case "--output":
                    next(rest)
                case "--silent":
                    pass
                case _:
                    address = word
        is_sending = given.keys() & {"content", "files"}
        return self.client.request(method or ("POST" if is_sending else "GET"), address, **given)


def _picked(value: Any, path: str) -> Any:
    for name, place in _PLACE.findall(path):
        value = value[name] if name else value[int(place)]
    return value


def token(db: Db, actor: Actor) -> str:
    person = db.get_one(Person, actor.person_id)
    account = AccountService(db).make(person, email=f"{person.id}@example.org", password_hash=None, actor=OPERATOR)
    account.totp_since = clock.now()  # without a second step nobody chairs
    return ApiTokenService(db).create(actor=actor, name="Ours", is_read_only=False).token


@pytest.fixture
def shell(store: Store) -> Iterator[Shell]:
    with store.writing() as db:
        final = factories.declaration(db, slug="final", phase=Phase.ADOPTION)
        open_one = factories.declaration(db, dict.fromkeys(Language, "Towns share water."))
        assert open_one.original_language == EN
        roles = (Role.CHAIR, Role.SECRETARIAT, Role.MEMBER, Role.TRANSLATOR)
        tokens = {role.name: token(db, factories.person(db, role)) for role in roles}
        known = {"API": "/api", "FORUM": "third-forum", "FINAL": str(final.id), **tokens}
    with TestClient(site.with_accounts(store)) as client:
        yield Shell(client, known, {"notes.en.md": NOTES})


def test_every_line_of_every_journey_does_what_it_says(shell):
    answers = [(line, shell.run(line)) for line in lines("en")]

    assert len(answers) > 20
    assert {answer.status_code for _, answer in answers} <= {200, 201}
    [bundle] = [answer for line, answer in answers if "bundle.zip" in line]
    assert bundle.content.startswith(b"PK")
    [queue] = [answer for line, answer in answers if "translation-queue" in line]
    assert queue.json()["items"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lines_are_the_same_in_every_language(language):
    assert list(lines(language)) == list(lines("en"))
