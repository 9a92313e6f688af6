"""Amendments that come by mail and in a Word file: the secretariat files them in the name of a member."""

from typing import TYPE_CHECKING, Any

from httpx import Response

from tests.support.word import InWord
from workspace.core.actor import Role

if TYPE_CHECKING:
    from tests.auditor.acts import History as Acts
else:
    Acts = object
OF_POST = {"send_mail": 3, "send_word": 3}  # acts, and how often each is tried


class PostedActs(Acts):
    """The acts of a history that go through a file; each is several requests."""

    def send_mail(self) -> Response | None:
        """A sentence that asks for another word in a paragraph."""
        found = self._another_word()
        if found is None or not found[0]["number"]:
            return None
        block, old, new, text = found
        said = f"Para {block['number']}: replace “{old}” by “{new}”."
        path = f"{self.table.path}/mails"
        return self._posted(path, block, text, "drafts", {"words": said, "language": "en"})

    def send_word(self) -> Response | None:
        """The text as a file, with another word in a paragraph, tracked."""
        found, secretary = self._another_word(), self._by(Role.SECRETARIAT)
        if found is None:
            return None
        block, old, _, text = found
        sent = secretary.get(f"{self.table.path}/word/text/en")
        if not sent.is_success:
            return sent
        document = InWord(sent.content, author="Ana")
        data = document.replace(block["texts"]["en"]["content"], text).save()
        path = f"{self.table.path}/word/returned"
        return self._posted(path, block, text, "proposals", files={"file": (f"{old}.docx", data)})

    def _another_word(self) -> tuple[dict[str, Any], str, str, str] | None:
        """A paragraph, a word that it has once, another one, and how it reads with that."""
        words = [(row, (row["texts"]["en"] or {}).get("content") or "") for row in self._rows()]
        row, text = self.random.choice(words)
        known = text.rstrip(".").replace("gladly", "")  # that comes in its place
        once = [word for word in known.split() if text.count(word) == 1 and word.isalpha()]
        if not once or sum(text in said for _, said in words) > 1:  # it could not be told which was meant
            return None
        old = self.random.choice(once)
        return row, old, "gladly", text.replace(old, "gladly")

    def _posted(self, path: str, block: dict[str, Any], text: str, kind: str, *body: object, **given: Any) -> Response:
        """What is read of it is what was written; it is filed in a member's name, and is theirs."""
        secretary, member = self._by(Role.SECRETARIAT), self.house.people[Role.MEMBER]
        read = secretary.post(path, *body, **given)
        if not read.is_success:
            return read
        came = read.json()["mail" if kind == "drafts" else "document"]
        if came["is_settled"]:  # the same words came before, and say what they said then
            return read
        [proposal] = read.json()[kind]
        change = {"op": "reword", "block": block["id"], "text": text}
        said = [{key: each[key] for key in change} for each in proposal["changes"]]
        if said != [change]:
            self.false.append(f"{path}: read {said}, and was {change}")
        filing = {kind: [{"place": 0, "person": str(member.person_id)}]}
        settled = secretary.post(f"{path}/{came['id']}/settlement", filing, if_match=read.headers["etag"].strip('W/"'))
        if settled.is_success:
            self.forget()
            [number] = settled.json()["amendments"]
            filed = next(line for line in self._amendments() if line["number"] == number)
            if filed["proposer"] != member.name or [each["text"] for each in filed["changes"]] != [text]:
                self.false.append(f"amendment {number}: filed as {filed}, and was {change} of {member.name}")
        return settled
