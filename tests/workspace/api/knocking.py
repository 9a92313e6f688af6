"""What the tests of the API knock at: a place with something of everything, and a knock at one of its doors."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from httpx import Response

from drafts.text.blocks import Language
from tests.workspace.house import House, Table
from workspace.accounts.domain.service import AccountService
from workspace.core.actor import OPERATOR, Role
from workspace.core.security.permissions import Phase
from workspace.letters.preferences import unsubscribe_path
from workspace.people.models import Person

ENDED = (
    *("end_sign_in", "end_other_sign_ins", "end_api_token", "withdraw_invitation"),
    *("revoke_calendar_address", "remove_theme", "remove_view", "unlink_recommendation", "cancel_erasure"),
    *("release_block", "take_back_invitation", "end_webhook", "withdraw_support", "discard_amendment_draft"),
    *("discard_translation_draft", "remove_adopted_text"),
)
VERBS = {
    "save_translation": "PUT",
    **dict.fromkeys(("change_term", "change_own_term", "choose_style", "choose_own_style"), "PUT"),
    **dict.fromkeys(("keep_amendment_draft", "keep_translation_draft"), "PUT"),
    "change_profile": "PATCH",
    "choose_mail": "PATCH",
    **dict.fromkeys(ENDED, "DELETE"),
}


class Knock(NamedTuple):
    """An operation, who calls it, the address of something real, and a body it would take."""

    role: Role
    operation: str
    path: str
    body: Any


@dataclass(frozen=True)
class Place:
    """A forum with one text under review, one to adopt, and something of what people write about them."""

    house: House
    table: Table
    final: Table
    session: str
    said: dict[str, Any]
    amendment: str
    thread: str
    notice: str
    forum: str = "/forums/third-forum"

    @property
    def block(self) -> str:
        return self.table.block()

    def ending(self) -> str:
        """From a letter to the member: what ends its kind."""
        store, member = self.house.store, self.house.people[Role.MEMBER]
        return unsubscribe_path(store, member.person_id, "text").rpartition("/")[2]

    def knock(self, one: Knock, content: bytes) -> Response:
        """Send these bytes as JSON, naming in If-Match what is there now; the answer is never a failure."""
        method = VERBS.get(one.operation, "POST")
        headers = {
            "Cookie": f"persona={self.house.people[one.role].person_id}",
            "Content-Type": "application/json",
            "If-Match": f'"{self._tag(one)}"',
        }
        answer = self.house.client.request(method, f"/api{one.path}", content=content, headers=headers)
        assert answer.status_code < 500, (one.operation, content[:200], answer.text)
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json"
        return answer

    def _tag(self, one: Knock) -> str:
        match one.operation:
            case "save_translation":
                return self._etag(self.house.chair.get(f"{self.table.path}/blocks/{self.block}/texts/fr"))
            case "confirm_translation":
                return str(self.table.version(Language.ES))
            case "keep_amendment_draft":
                return self._etag(self.house.member.get(one.path))
            case "keep_translation_draft":
                return self._etag(self.house[Role.TRANSLATOR].get(one.path))
            case "amend_amendment" | "revise_amendment":
                return self._etag(self.house.chair.get(one.path.rpartition("/")[0]))
            case _:
                return str(self.table.head)

    @staticmethod
    def _etag(answer: Response) -> str:
        return answer.headers["etag"].strip('"')


def furnished(house: House) -> Place:
    """A place in this house."""
    session = house.session("Water", "Repair fountains.")
    table = house.declaration({Language.EN: "Towns share water.", Language.ES: "Agua."}, "Towns light paths.")
    final = house.declaration(slug="final", phase=Phase.ADOPTION)
    amendment = table.propose("Towns share clean water.")["amendment"]["id"]
    question = {"block_id": table.block(), "text": "Why?", "language": "en"}
    thread = house.member.post(f"{table.path}/threads", question).json()["id"]
    [said] = house.chair.get("/forums/third-forum/recommendations").json()["items"]
    assert said["session_id"] == str(session)
    with house.store.writing() as db:
        person = db.get_one(Person, house.people[Role.MEMBER].person_id)
        AccountService(db).make(person, email="member@example.org", password_hash=None, actor=OPERATOR)
    notice = house.member.get("/notices").json()["items"][0]["id"]
    return Place(house, table, final, str(session), said, amendment, thread, notice)
