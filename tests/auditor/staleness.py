"""Whether somebody has seen the present meaning of a text: the rules of `docs/trilingual.md`, a second time.

By brute force and from rows alone: the program derives the same with other means (`drafts/languages/staleness.py`).
"""

from collections import deque
from collections.abc import Collection, Mapping

from tests.auditor.record import Record

LANGUAGES = ("es", "en", "fr")
BASES = {"translated", "confirmed", "co_drafted"}


class Paragraph:
    """The texts of one paragraph and what joins them."""

    def __init__(
        self, record: Record, block: str, original: str, heads: Mapping[str, str], *, undone: Collection[str]
    ) -> None:
        """`undone`: the splits and joins that were taken back, and those that took them back."""
        self.original, self.heads = original, heads
        self.versions = {row["id"]: row for row in record.rows("text_version") if row["block_id"] == block}
        self.edges = [row for row in record.rows("edge") if row["block_id"] == block]
        self.triples = [row for row in record.rows("concordance") if row["block_id"] == block]
        self.absent = {row["language"] for row in record.rows("absence") if row["block_id"] == block}
        self.lineage = [
            row
            for row in record.rows("lineage")
            if block == row["block_id"] and row["id"] not in undone  # nothing is carried to the second part of a split
        ]
        self.confirmed_editorial = {row["target_id"] for row in self.edges if row["kind"] == "editorial"}

    def states(self) -> dict[str, str]:
        return {language: self.state(language) for language in LANGUAGES}

    def state(self, language: str) -> str:
        head = self.heads.get(language)
        if head is None:
            return "absent" if language in self.absent else "missing"
        if self._is_carried(language):
            return "stale:restructured"
        if language == self.original:
            return "current"
        original = self.heads.get(self.original)
        if original is None:
            return "unverified"
        if self._agree(head, original):
            return "current"
        return self._behind(head, original)

    # The three rules of agreement

    def _agree(self, first: str, second: str) -> bool:
        return self._is_same(first, second) or self._is_joined(first, second) or self._rest_on_one(first, second)

    def _is_same(self, first: str, second: str) -> bool:
        """(a): of one language, with the same words but for typography, or confirmed editorial steps between them."""
        return second in self._likes(first)

    def _likes(self, version: str) -> set[str]:
        language, found, todo = self.versions[version]["language"], {version}, deque([version])
        while todo:
            here = todo.popleft()
            for other, row in self.versions.items():
                if row["language"] != language or other in found:
                    continue
                if row["folded_hash"] == self.versions[here]["folded_hash"] or self._is_editorial(here, other):
                    found.add(other)
                    todo.append(other)
        return found

    def _is_editorial(self, first: str, second: str) -> bool:
        """Whether one follows the other by a step that a second person has confirmed to be editorial."""
        return any(
            later in self.confirmed_editorial and self.versions[later]["predecessor_id"] == earlier
            for earlier, later in ((first, second), (second, first))
        )

    def _is_joined(self, first: str, second: str) -> bool:
        """(b): an edge or a signed triple joins them, or versions of the same words as theirs."""
        ones, others = self._twins(first), self._twins(second)
        for edge in self.edges:
            ends = (edge["source_id"], edge["target_id"])
            if edge["kind"] in BASES and (
                (ends[0] in ones and ends[1] in others) or (ends[1] in ones and ends[0] in others)
            ):
                return True
        for triple in self.triples:
            signed = {triple[f"{language}_id"] for language in LANGUAGES}
            if signed & ones and signed & others:
                return True
        return False

    def _rest_on_one(self, first: str, second: str) -> bool:
        """(c): both were made from, or with, one same version of the third language."""
        return bool(self._bases(first) & self._bases(second))

    def _bases(self, version: str) -> set[str]:
        language, found = self.versions[version]["language"], set()
        for twin in self._twins(version):
            for edge in self.edges:
                if edge["kind"] in {"translated", "co_drafted"} and twin in {edge["source_id"], edge["target_id"]}:
                    other = edge["target_id"] if edge["source_id"] == twin else edge["source_id"]
                    if self.versions[other]["language"] != language:
                        found.add(other)
        return found

    def _twins(self, version: str) -> set[str]:
        row = self.versions[version]
        return {
            other
            for other, at in self.versions.items()
            if at["language"] == row["language"] and at["folded_hash"] == row["folded_hash"]
        }

    # Signatures

    def unsigned(self) -> set[str]:
        """The languages with a text for which nobody answers by a signature that holds."""
        answered: set[str] = set()
        for triple in self.triples:
            if all(self._is_signed(triple[f"{language}_id"], language) for language in LANGUAGES):
                answered |= set(triple["languages"].split(","))
        return self.heads.keys() - answered

    def _is_signed(self, signed: str | None, language: str) -> bool:
        """Whether what is in force is what was signed, but for typography and confirmed editorial steps.

        Nobody has signed what a split or join has put there since, and nobody has saved.
        """
        head = self.heads.get(language)
        if signed is None or head is None:
            return signed is head
        return not self._is_carried(language) and head in self._likes(signed)

    # Behind or never seen

    def _behind(self, head: str, original: str) -> str:
        originals = [key for key, row in self.versions.items() if row["language"] == self.original]
        if not set(originals) & self._reachable(head):
            return "unverified"
        agreeing = [key for key in originals if self._agree(head, key)]
        if not agreeing:
            return "stale:substantive"
        latest = max(agreeing, key=lambda key: self.versions[key]["sequence"])
        return "stale:editorial" if self._is_only_editorial(latest, original) else "stale:substantive"

    def _is_only_editorial(self, earlier: str, head: str) -> bool:
        """Whether every step of the original from `earlier` to its head was typographic, or confirmed editorial."""
        step: str | None = head
        while step is not None and step != earlier:
            before = self.versions[step]["predecessor_id"]
            if self.versions[step]["change_class"] == "substantive" and step not in self.confirmed_editorial:
                return False
            step = before
        return step == earlier

    def _reachable(self, version: str) -> set[str]:
        found, todo = {version}, deque([version])
        while todo:
            here = todo.popleft()
            row = self.versions[here]
            near = {row["predecessor_id"], *self._twins(here)}
            near |= {key for key, at in self.versions.items() if at["predecessor_id"] == here}
            for edge in self.edges:
                if here in {edge["source_id"], edge["target_id"]} and edge["kind"] in BASES:
                    near |= {edge["source_id"], edge["target_id"]}
            for triple in self.triples:
                signed = {triple[f"{language}_id"] for language in LANGUAGES} - {None}
                if here in signed:
                    near |= signed
            for other in near - {None} - found:
                found.add(other)
                todo.append(other)
        return found

    def _is_carried(self, language: str) -> bool:
        """Whether a split or join led in another language put this text here, and nobody has saved it since."""
        sequence = self.versions[self.heads[language]]["sequence"]
        return any(row["language"] != language and sequence < row["sequence"] for row in self.lineage)
