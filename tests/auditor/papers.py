"""What can be carried away or looked up besides the pages: tables, comparisons, signatures, corrigenda, notices."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from operator import itemgetter
from typing import Any
from uuid import UUID

import openpyxl
from lxml.html import HtmlElement

from tests.auditor.acts import LANGUAGES, AuditedHouse, History
from tests.auditor.oracle import Truth
from tests.auditor.record import Record, Row, plain
from tests.auditor.register import FORUM
from tests.support.page import Page
from tests.workspace.house import Caller, Table
from workspace.core.actor import Role

DISPOSITION, RESULT = 12, 13  # columns of the table of amendments
VERDICT, UNDONE, UNDOES = 3, 9, 10  # of the table of decisions
VOTES = slice(8, 11)  # for, against, abstaining


class PaperDoors:
    """Doors of an audit; what is read at each is compared with the record."""

    history: History
    house: AuditedHouse
    table: Table
    record: Record
    truth: Truth
    slug: str
    place: str

    def papers(self) -> Iterator[str]:
        yield from self._table_of_amendments()
        yield from self._table_of_decisions()
        yield from self._table_of_votes()
        yield from self._register()
        yield from self._comparisons()
        yield from self._signatures()
        yield from self._corrigenda()
        yield from self._editions()
        yield from self._work()
        yield from self._own_notices()
        yield from self._of_recommendations()

    # Tables

    def _table_of_amendments(self) -> Iterator[str]:
        """One row for each, one word for one state, and the last decision that stands."""
        rows = self._csv("amendments")
        fates = {str(fate.number): fate for fate in self.truth.fates.values()}
        named = {cells[0]: cells for cells in rows if cells[0]}
        if named.keys() != fates.keys():
            yield f"table of amendments: {[*named]} of {[*fates]}"
        said = {str(line["number"]): line["disposition"] for line in self._all("/amendments")}
        words = [(f"{row[DISPOSITION]} / {row[RESULT]}", said[key]) for key, row in named.items() if key in said]
        yield from _ambiguous("table of amendments", words)
        standing = [row for row in self.truth.decisions.values() if row["id"] not in self.truth.undone_by]
        for number, cells in named.items():
            taken = {str(row["number"]) for row in standing if row["amendment_id"] == fates[number].id}
            if cells[RESULT + 1] not in taken | ({""} if not taken else set()):
                yield f"table of amendments: {number} was decided by {cells[RESULT + 1]!r}, and by {taken}"

    def _table_of_decisions(self) -> Iterator[str]:
        """Each decision in its row, with what undid it; and the sheet of the page is the same table."""
        rows = self._csv("decisions")
        numbers = {row["id"]: row["number"] for row in self.truth.decisions.values()}
        undone = {str(numbers[key]): str(numbers[by]) for key, by in self.truth.undone_by.items()}
        if sorted(cells[0] for cells in rows) != sorted(map(str, numbers.values())):
            yield f"table of decisions: {[cells[0] for cells in rows]} of {sorted(numbers.values())}"
        verdicts = {str(row["number"]): _decided(row) for row in self.truth.decisions.values()}
        words = [(re.sub(r"\d+", "#", cells[VERDICT]), verdicts.get(cells[0], "")) for cells in rows]
        yield from _ambiguous("table of decisions", words)
        for cells in rows:
            back = ", ".join(sorted((key for key, by in undone.items() if by == cells[0]), key=int))
            if (cells[UNDONE], cells[UNDOES]) != (undone.get(cells[0], ""), back):
                yield f"table of decisions: {cells[0]} undone by {cells[UNDONE]!r}, undoes {cells[UNDOES]!r}"
        for kind, shown in (("decisions", (0, 2, VERDICT, UNDONE, UNDOES)), ("amendments", (0, DISPOSITION, RESULT))):
            sheet = [["" if cells[at] is None else str(cells[at]) for at in shown] for cells in self._sheet(kind)]
            if sheet != [[cells[at] for at in shown] for cells in self._csv(kind)]:
                yield f"sheet of {kind}: {sheet} is not the table"

    def _table_of_votes(self) -> Iterator[str]:
        """The numbers of each vote that was counted, and the roll call of each voter."""
        questions = {str(row["number"]): row for row in self.record.rows("question")}
        casts = self.record.of("question_cast", "question_id", [row["id"] for row in questions.values()])
        rows = self._csv("votes")
        if {cells[0] for cells in rows} != questions.keys():
            yield f"table of votes: {[cells[0] for cells in rows]} of {[*questions]}"
        for cells in rows:
            cast = [row["choice"].lower() for row in casts if row["question_id"] == questions[cells[0]]["id"]]
            must = [str(cast.count(choice)) for choice in ("yes", "no", "abstain")]
            if cells[VOTES] not in (must, [""] * 3):
                yield f"table of votes: question {cells[0]} {cells[VOTES]} against {must}"
        called = [(cells[0], cells[4]) for cells in self._csv("roll-calls")]
        for number, question in questions.items():
            cast = [row["choice"] for row in casts if row["question_id"] == question["id"]]
            said = [word for at, word in called if at == number]
            counted = sorted(said.count(word) for word in set(said))
            if said and not {*map(cast.count, {*cast})} <= {*counted}:
                yield f"roll call of {number}: {said} against {cast}"

    def _register(self) -> Iterator[str]:
        """The register of recommendations as a file: each once, one word for one standing."""
        answer = self.house.chair.get(f"{FORUM}/recommendations/file?kind=csv")
        rows = [*csv.reader(io.StringIO(answer.text.lstrip("\ufeff")))]
        column = next((at for at, heading in enumerate(rows[0]) if heading in {"State", "Standing", "Status"}), None)
        if column is None:
            yield f"register: no column for the standing in {rows[0]}"
            return
        found = {cells[0]: cells[column] for cells in rows[1:]}
        words = [(found.get(str(number), ""), standing) for number, standing in self.history.register.standings.items()]
        yield from _ambiguous("register", words)

    def _csv(self, kind: str) -> list[list[str]]:
        answer = self.house.chair.get(f"{self.table.path}/sheets/{kind}/en/csv")
        assert answer.status_code == 200, answer.text
        return [*csv.reader(io.StringIO(answer.text.lstrip("\ufeff")))][1:]

    def _sheet(self, kind: str) -> list[Sequence[object]]:
        answer = self.house.client.get(f"{self.place}/sheets/{kind}/xlsx", headers=self.house.chair.cookies)
        book = openpyxl.load_workbook(io.BytesIO(answer.content), read_only=True)
        return [*book.worksheets[0].iter_rows(values_only=True)][1:]

    # Revisions side by side

    def _comparisons(self) -> Iterator[str]:
        """What two revisions that follow each other say in each language, put together again from their comparison."""
        revisions = sorted(self.record.rows("revision"), key=lambda row: row["number"])
        pairs = [*pairwise(revisions)]
        for before, after in self.history.random.sample(pairs, min(2, len(pairs))):
            language = self.history.random.choice(LANGUAGES)
            query = f"from={before['number']}&to={after['number']}&text={language}"
            rows = self._api(f"/comparison?{query}")["rows"]
            for side, revision in (("old", before), ("new", after)):
                placed = {
                    at: (plain(block["id"]), block["text"])
                    for row in rows
                    for at, block in zip(row[f"{side}_blocks"], row[side], strict=True)
                }
                must = self._pinned(revision["id"], language)
                if [placed[at] for at in sorted(placed)] != must:
                    yield f"comparison {query}: the {side} side is {placed}, and was {must}"
            page = self._page(f"/compare?{query}")
            if page.status != 200:
                yield f"comparison {query}: its page answers {page.status}"
                continue
            shown = sorted(row.root.get("data-kind") for row in page.rows("kind") if row.root.tag == "article")
            must = sorted(row["kind"] for row in rows if row["kind"] != "same" or any(_words(row)))
            if shown != must:
                yield f"comparison {query}: the page shows {shown}, and it is {must}"

    def _pinned(self, revision: str, language: str) -> list[tuple[str, str]]:
        [number] = (row["number"] for row in self.record.rows("revision") if row["id"] == revision)
        rows = sorted((row for (at, _), row in self._pins.items() if at == number), key=itemgetter("position"))
        return [(row["block_id"], self._contents.get(row[f"{language}_id"], "")) for row in rows]

    # Who put a word there

    def causes_of_words(self, block: str, page: Page) -> Iterator[str]:
        """The phrases of a text make it up, and each stands in a revision that changed it, as that left it."""
        for shown in page.root.xpath("//p[contains(@class, 'blamed')]"):
            language, said = shown.get("lang"), [*_phrases(shown)]
            if _joined("".join(words for _, words in said)) != _joined(self.truth.words.get((block, language), "")):
                yield f"causes: {block} {language} is put together of {said}"
            named = {
                _joined(term.text_content()): re.search(r"revision=(\d+)", href)
                for term in shown.getnext().xpath(".//dt")
                for href in ["".join(term.getnext().xpath(".//a/@href"))]
            }
            for key, words in said:
                revision = named[key]
                if revision and not self._brought(block, language, int(revision[1]), words):
                    yield f"causes: {words!r} of {block} {language} is ascribed to revision {revision[1]}"

    def _brought(self, block: str, language: str, number: int, words: str) -> bool:
        """Whether a revision left these words in a text that it changed: of this paragraph or its kin."""
        for kin in self._kin(block):
            here, before = self._pins.get((number, kin)), self._pins.get((number - 1, kin), {})
            version = here and here[f"{language}_id"]
            there = {*re.findall(r"\w+", self._contents[version])} if version else set()
            if {*re.findall(r"\w+", words)} <= there and version and version != before.get(f"{language}_id"):
                return True
        return False

    def _kin(self, block: str) -> set[str]:
        """The paragraph and those that splits and joins have brought it together with."""
        found, size = {block}, 0
        pairs = [{row["block_id"], row["other_id"]} for row in self.record.rows("lineage")]
        while len(found) > size:
            size = len(found)
            found = found.union(*(pair for pair in pairs if pair & found))
        return found

    @cached_property
    def _pins(self) -> Mapping[tuple[int, str], Row]:
        """What each revision, by its number, pins of each block."""
        numbers = {row["id"]: row["number"] for row in self.record.rows("revision")}
        rows = self.record.of("revision_block", "revision_id", [*numbers])
        return {(numbers[row["revision_id"]], row["block_id"]): row for row in rows}

    @cached_property
    def _contents(self) -> Mapping[str, str]:
        return {row["id"]: row["content"] for row in self.record.rows("text_version")}

    # Signatures

    def _signatures(self) -> Iterator[str]:
        said = self._api("/concordance")
        for item in said["paragraphs"]:
            block = plain(item["block_id"])
            must = self.truth.paragraphs[block].unsigned()
            if {*item["unsigned"]} != must:
                yield f"concordance: {block} is not signed in {item['unsigned']}, and is not in {must}"
        signed = {item["language"] for item in said["languages"] if item["signed_at"]}
        if signed != self.truth.signed_off:
            yield f"concordance: {signed} are signed as a whole, and {self.truth.signed_off} are"

    # After publication

    def _corrigenda(self) -> Iterator[str]:
        if self.truth.phase != "published":
            return
        items = self._api("/corrigenda")["items"]
        said = {item["number"]: item["state"] for item in items}
        if said != self.truth.corrigenda:
            yield f"corrigenda: the list says {said}, and they are {self.truth.corrigenda}"
        page = self._page("/corrigenda")
        listed = sorted(row.root.get("data-state") for row in page.rows("state") if row.root.tag != "h1")
        declined = {entry.facts["number"] for entry in self.record.log if entry.kind == "corrigendum.declined"}
        must = sorted("declined" if number in declined else state for number, state in self.truth.corrigenda.items())
        if listed != must:
            yield f"corrigenda: the page says {listed}, and they are {must}"
        made = [row for row in self.record.rows("corrigendum") if self.truth.corrigenda.get(row["number"]) == "made"]
        words = {}
        for row in sorted(made, key=lambda row: row["number"]):
            changes = self.record.of("corrigendum_change", "corrigendum_id", [row["id"]])
            words |= {(change["block_id"], change["language"].lower()): change["text"] for change in changes}
        for place, must in words.items():
            if self.truth.words.get(place) != must:
                yield f"corrigenda: {place} reads {self.truth.words.get(place)!r}, and was put right to {must!r}"
        yield from self._told_of_corrigenda()

    def _told_of_corrigenda(self) -> Iterator[str]:
        """Members are told of each silence, the second person of each request, all of each that is made."""
        notices = self.record.of("notice", "declaration_id", [self.record.id])
        for kind, word, roles in _TOLD_OF_CORRIGENDA:
            entries = [entry for entry in self.record.log if entry.kind == kind]
            for role in roles:
                person = plain(self.house.people[role].person_id)
                times = sum(entry.actor != person for entry in entries)
                got = sum((row["person_id"], row["word"]) == (person, word) for row in notices)
                if got != times:
                    yield f"notices: the {role.value} was told {got} times of {word}, and was to be {times} times"

    def _editions(self) -> Iterator[str]:
        """Each edition is there for everybody, says which one it corrects, and reads as the revision that it froze."""
        editions = sorted(self.record.rows("edition"), key=lambda row: row["number"])
        if not editions or self.truth.phase != "published":
            return
        items = self.house.nobody.get(f"{self.table.path}/editions").json()["items"]
        said = {item["number"]: item["corrects"] for item in items}
        must = {row["number"]: row["number"] - 1 or None for row in editions}
        if said != must:
            yield f"editions: {said}, and they are {must}"
        made = sum(state == "made" for state in self.truth.corrigenda.values())
        if len(editions) != made + 1:
            yield f"editions: {len(editions)}, after {made} corrigenda"
        newest = self.house.nobody.get(f"{self.table.path}/editions/latest").json()["edition"]["number"]
        if newest != len(editions):
            yield f"editions: {newest} is called the newest of {len(editions)}"
        for row in editions:
            if str(row["adopted_on"])[:10] > str(row["published_at"])[:10]:
                yield f"edition {row['number']}: adopted on {row['adopted_on']}, published at {row['published_at']}"
        for row in editions[-2:]:
            page = Page(self.house.client.get(f"{self.place}/editions/{row['number']}"))
            shown = re.sub(r"\s+", " ", page.root.text_content())
            lost = [text for _, text in self._pinned(row["revision_id"], "en") if " ".join(text.split()) not in shown]
            if page.data("intact") != ["yes"] or any(lost):
                yield f"edition {row['number']}: its page lacks {lost}, and calls itself {page.data('intact')}"
            followed = [str(row["number"] + 1)] if row["number"] < len(editions) else []
            if page.data("followed-by") != followed:
                yield f"edition {row['number']}: followed by {page.data('followed-by')}, and it is by {followed}"

    # What people are told

    def _work(self) -> Iterator[str]:
        """What waits for a member: votes, silences, corrections; and for the chair: amendments, a request."""
        owed = self._votes_owed_by(Role.MEMBER)
        allowed = {
            f"questions/{row['number']}": self.truth.endings_of(row)
            for row in self.record.rows("question")
            if row["means"].lower() == "silence" or (row["means"].lower() == "vote" and row["id"] in owed)
        }
        must = {place for place, ends in allowed.items() if ends == {None}}
        must |= {f"corrigenda/{number}" for number, state in self.truth.corrigenda.items() if state == "silent"}
        perhaps = {place for place, ends in allowed.items() if None in ends}
        if not must <= (said := self._asked_of(Role.MEMBER, r"((?:questions|corrigenda)/\d+)")) <= must | perhaps:
            yield f"work: the member finds {said}, and {must} wait"
        asked = {f"corrigenda/{number}" for number, state in self.truth.corrigenda.items() if state == "asked"}
        if (said := self._asked_of(Role.CHAIR, r"(corrigenda/\d+)")) != asked:
            yield f"work: the chair finds {said}, and {asked} wait"
        kinds = {fate.is_pending for fate in self.truth.fates.values()}
        is_sure = self.truth.phase in {"review", "consultation", "adoption"} and None not in kinds
        if is_sure and bool(self._asked_of(Role.CHAIR, r"(amendments)(?:\?|$)")) != (True in kinds):
            yield f"work: amendments to decide wait for the chair: {True in kinds}, and the page says otherwise"

    def _votes_owed_by(self, role: Role) -> set[str]:
        """The questions in which nobody has voted yet for their town, or for the one whose proxy it holds."""
        questions = [row["id"] for row in self.record.rows("question")]
        towns = {plain(mandate.organisation_id) for mandate in self.house.people[role].mandates}
        taken = {(row["question_id"], row["seat"]) for row in self.record.of("question_cast", "question_id", questions)}
        held = {
            (row["organisation_id"], only)
            for row in self.record.rows("vote_proxy")
            if not row["revoked_at"] and row["holder_organisation_id"] in towns
            for only in ([row["question_id"]] if row["question_id"] else questions)
        }
        return {
            row["question_id"]
            for row in self.record.of("question_seat", "question_id", questions)
            if (row["organisation_id"] in towns or (row["organisation_id"], row["question_id"]) in held)
            and (row["question_id"], row["number"]) not in taken
        }

    def _asked_of(self, role: Role, where: str) -> set[str]:
        page = Page(self.house.client.get("/en/third-forum/work", headers=self.house[role].cookies))
        found = (re.search(rf"/{self.slug}/{where}", link) for link in page.links)
        return {match[1] for match in found if match}

    def _own_notices(self) -> Iterator[str]:
        """Who opens their notices finds each that the record has, once."""
        every = self.record.of("notice", "declaration_id", [self.record.id])
        kept = [row for row in every if row["id"] > self.history.begun.hex]
        for role in (Role.MEMBER, Role.COMMITTEE, Role.SECRETARIAT):
            person = plain(self.house.people[role].person_id)
            must = sorted(row["id"] for row in kept if row["person_id"] == person)
            said = sorted(
                plain(item["id"])
                for item in self._listed(self.house[role], "/notices", newer_than=self.history.begun.hex)
                if item["declaration_id"] == str(UUID(self.record.id))
            )
            if said != must:
                yield f"notices: the {role.value} finds {len(said)}, and was told {len(must)} times"

    def _of_recommendations(self) -> Iterator[str]:
        """Whoever has sent one in is told of each step that others take with it, once."""
        items = {item["number"]: item for item in self._all("", FORUM + "/recommendations")}
        own = {number: items[number]["id"] for number in self.history.register.standings if number in items}
        rows = self.record.of("recommendation", "id", [plain(key) for key in own.values()])
        sent_in_by = {row["id"]: row["submitted_by_id"] for row in rows}
        notices = self.record.of("notice", "recommendation_id", [*sent_in_by])
        for number, key in own.items():
            person = sent_in_by[plain(key)]
            got = sum((row["person_id"], row["recommendation_id"]) == (person, plain(key)) for row in notices)
            if got != self.history.register.steps[number]:
                yield f"recommendation {number}: told {got} times, after {self.history.register.steps[number]} steps"

    # Parts

    def _listed(self, by: Caller, path: str, *, newer_than: str) -> Iterator[Mapping[str, str]]:
        """What somebody finds in a list of their own that has the newest first."""
        cursor = ""
        while True:
            page = by.get(f"{path}?limit=100{cursor}").json()
            yield from (item for item in page["items"] if plain(item["id"]) > newer_than)
            if not page.get("next") or plain(page["items"][-1]["id"]) < newer_than:
                return
            cursor = f"&cursor={page['next']}"

    def _api(self, path: str, whole: str = "") -> dict:
        answer = self.house.chair.get(whole or f"{self.table.path}{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def _all(self, path: str, whole: str = "") -> list[dict]:
        return self.history._all(whole or f"{self.table.path}{path}")

    def _page(self, path: str) -> Page:
        return Page(self.house.client.get(f"{self.place}{path}", headers=self.house.chair.cookies))


def _ambiguous(door: str, words: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Words that stand for more than one thing."""
    meanings: dict[str, set[str]] = {}
    for word, meaning in words:
        meanings.setdefault(word, set()).add(meaning)
    for word, said in meanings.items():
        if len(said) > 1:
            yield f"{door}: {word!r} stands for {sorted(said)}"


def _phrases(shown: HtmlElement) -> Iterator[tuple[str, str]]:
    """The letter and the words of each phrase."""
    for phrase in shown.xpath("./span[@data-key]"):
        yield phrase.get("data-key"), phrase.text_content()


def _joined(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _words(row: Mapping[str, Any]) -> list[str]:
    """Of a row of a comparison; a paragraph that has no text in the language on either side is not shown."""
    return [block["text"] for block in (*row["old"], *row["new"])]


def _decided(decision: Row) -> str:
    """What is said of a decision: what it came to where that is not what it ruled, or the ruling."""
    verdict, outcome = decision["verdict"].lower(), decision["outcome"].lower()
    return outcome if outcome in {"partly", "waits", "taken"} else verdict


_VOTERS = (Role.MEMBER, Role.COMMITTEE)
_TOLD_OF_CORRIGENDA = (
    ("corrigendum.silence_opened", "corrigendum_silence", _VOTERS),
    ("corrigendum.asked", "corrigendum", (Role.CHAIR,)),
    ("corrigendum.agreed", "corrigendum_made", (*_VOTERS, Role.CHAIR, Role.SECRETARIAT)),
)
