"""A database of the size that has to be carried, made in a minute or two: `python -m tests.benchmarks.large FILE`.

`amendments=50000` after it makes another number of these, as of whatever `Size` names.

Instead of a file, an empty PostgreSQL database may be named: `postgresql+psycopg://…`.

300 sessions, 10,000 recommendations, a declaration of 400 paragraphs in three languages with 200 revisions, 10,000
amendments, 50,000 comments, 500 people. The rows go straight into the tables, because through the services they would
take hours; so the log knows nothing of them, and the texts are put together from invented parts.
"""

import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from drafts.base.constants import ENGINE_VERSION
from drafts.base.words import fold_text
from drafts.diff.amendments import Change, ChangeOp
from drafts.diff.document_diff import diff
from drafts.languages.staleness import ChangeClass, EdgeKind
from drafts.text.blocks import Block, BlockKind, Document, Language, content_hash, folded_hash
from tests.support import factories
from workspace import registration
from workspace.amendments.domain.models import (
    Amendment,
    AmendmentVersion,
    ChangeRecord,
    Decision,
    DecisionOutcome,
    Disposition,
    ShownText,
    Verdict,
)
from workspace.comments.models import Comment, CommentState, CommentThread
from workspace.core.actor import Actor, Role
from workspace.core.security.permissions import Phase
from workspace.core.settings import Settings
from workspace.core.storage import search_index
from workspace.core.storage.db import Db, Model, Store, new_id
from workspace.core.storage.schema import migrate
from workspace.declarations.domain.models import (
    BlockRecord,
    Declaration,
    Edge,
    Head,
    Provenance,
    ProvenanceKind,
    Revision,
    RevisionBlock,
    RevisionCause,
    TextVersion,
)
from workspace.people.models import Forum, Mandate, Organisation, Person
from workspace.recommendations.models import Recommendation, RecommendationStatus
from workspace.sessions.extraction import SessionDetails, SessionFound
from workspace.sessions.models import Session

SESSIONS, PEOPLE, ORGANISATIONS, IN_A_THREAD, SOURCES = 300, 500, 120, 5, 3  # the last of each paragraph
BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)
LETTERS = "abcdefghilmnoprstuv"
OPENINGS: Mapping[Language, Sequence[str]] = {
    Language.ES: ("Las ciudades se comprometen a", "Pedimos a los gobiernos que ayuden a", "Es necesario"),
    Language.EN: ("Cities commit themselves to", "We ask governments to help to", "It is necessary to"),
    Language.FR: ("Les villes s’engagent à", "Nous demandons aux gouvernements d’aider à", "Il est nécessaire de"),
}
JOINTS: Mapping[Language, Sequence[str]] = {
    Language.ES: ("de la", "en los barrios", "y", "con", "para que la"),
    Language.EN: ("of the", "in the districts", "and", "with", "so that the"),
    Language.FR: ("de la", "dans les quartiers", "et", "avec", "afin que la"),
}
Rows = list[dict[str, Any]]  # of one table, as SQLAlchemy takes them


class Size(Struct, frozen=True):
    """How much there is of what grows; each revision rewords one paragraph in ten, and a fifth is undecided."""

    paragraphs: int = 400
    revisions: int = 200
    amendments: int = 10_000
    comments: int = 50_000
    recommendations: int = 10_000


FULL = Size()


def fill(store: Store, size: Size = FULL, *, seed: int = 7) -> Actor:
    """Put everything in; answers with a chair."""
    with store.writing() as db:
        chair = factories.chair(db)
        declaration = factories.declaration(db, slug="declaration", phase=Phase.REVIEW)
        writing = _Writing(db, factories.forum(db), declaration, random.Random(seed), size)
        writing.people()
        writing.recommendations()
        writing.text()
        writing.amendments()
        writing.comments()
        writing.finish()
    return chair


@dataclass(slots=True)
class _Text:
    """A text version that was written for one paragraph."""

    id: UUID
    content: str


@dataclass(slots=True)
class _Writing:
    """Collects the rows of each table, and what later tables have to name of earlier ones."""

    db: Db
    forum: Forum
    declaration: Declaration
    rng: random.Random
    size: Size
    persons: list[UUID] = field(default_factory=list)
    organisations: list[UUID] = field(default_factory=list)
    said: list[UUID] = field(default_factory=list)
    blocks: list[UUID] = field(default_factory=list)
    texts: dict[tuple[int, Language], _Text] = field(default_factory=dict)  # in force, by place
    revisions: list[UUID] = field(default_factory=list)
    sequence: int = 0
    words: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.words = ["".join(self.rng.choices(LETTERS, k=self.rng.randint(3, 10))) for _ in range(4_000)]

    def put(self, model: type[Model], rows: Rows) -> None:
        self.db.execute(sa.insert(model.__table__), rows)  # type: ignore[arg-type]  (a table, declared as any FROM)

    def sentence(self, language: Language, *, length: int = 45) -> str:
        parts = [self.rng.choice(OPENINGS[language])]
        while len(parts) < length:
            parts += [self.rng.choice(self.words), self.rng.choice(self.words), self.rng.choice(JOINTS[language])]
        return " ".join(parts[:length]) + "."

    def reworded(self, text: str) -> str:
        """The same text with two or three other words."""
        words = text.split(" ")
        for _ in range(self.rng.randint(2, 3)):
            words[self.rng.randrange(3, len(words) - 1)] = self.rng.choice(self.words)
        return " ".join(words)

    def moment(self, share: float) -> datetime:
        return BEGAN + timedelta(minutes=int(share * 240_000))

    # Who, and what was said in the sessions

    def people(self) -> None:
        self.organisations = [new_id() for _ in range(ORGANISATIONS)]
        network = self.forum.network_id
        self.put(
            Organisation,
            [{"id": key, "network_id": network, "name": f"Town {n}"} for n, key in enumerate(self.organisations)],
        )
        self.persons = [new_id() for _ in range(PEOPLE)]
        self.put(Person, [{"id": key, "name": f"Person {n}"} for n, key in enumerate(self.persons)])
        roles = (Role.MEMBER, Role.MEMBER, Role.MEMBER, Role.OBSERVER, Role.COMMITTEE, Role.TRANSLATOR)
        self.put(
            Mandate,
            [
                {
                    "id": new_id(),
                    "person_id": key,
                    "forum_id": self.forum.id,
                    "organisation_id": self.organisations[n % ORGANISATIONS],
                    "role": roles[n % len(roles)],
                }
                for n, key in enumerate(self.persons)
            ],
        )

    def recommendations(self) -> None:
        sessions = [new_id() for _ in range(SESSIONS)]
        self.put(
            Session,
            [
                {
                    "id": key,
                    "forum_id": self.forum.id,
                    "number": n,
                    "title": f"Session {n}",
                    "language": "en",
                    "details": msgspec.to_builtins(SessionDetails(found=SessionFound(title=f"Session {n}"))),
                }
                for n, key in enumerate(sessions, start=1)
            ],
        )
        rows: Rows = []
        for number in range(1, self.size.recommendations + 1):
            language = self.rng.choice(list(Language))
            text = self.sentence(language, length=24)
            rows.append(
                {
                    "id": new_id(),
                    "forum_id": self.forum.id,
                    "session_id": sessions[number % SESSIONS],
                    "number": number,
                    "language": language.value,
                    "text": text,
                    "folded": fold_text(text),
                    "line": 1 + number // SESSIONS,
                    "standing": RecommendationStatus.CONFIRMED if number % 3 else RecommendationStatus.PROPOSED,
                }
            )
        self.said = [row["id"] for row in rows]
        self.put(Recommendation, rows)

    # The text and its revisions

    def text(self) -> None:
        """Revision 1 has everything; each that follows rewords some paragraphs in all three languages."""
        self.blocks = [new_id() for _ in range(self.size.paragraphs)]
        self.put(BlockRecord, [{"id": key, "declaration_id": self.declaration.id} for key in self.blocks])
        self.put(Provenance, list(self._provenance()))
        parent = self.declaration.head_id
        self.sequence = self.declaration.sequence
        for number in range(2, self.size.revisions + 1):
            every = range(self.size.paragraphs)
            changed = every if number == 2 else sorted(self.rng.sample(every, len(every) // 10))
            parent = self._revision(number, parent, changed)
        self.put(
            Head,
            [
                {"block_id": self.blocks[place], "language": language, "text_version_id": text.id}
                for (place, language), text in self.texts.items()
            ],
        )

    def _provenance(self) -> Iterator[dict[str, Any]]:
        for place, key in enumerate(self.rng.sample(self.said, min(len(self.said), SOURCES * self.size.paragraphs))):
            yield {
                "id": new_id(),
                "declaration_id": self.declaration.id,
                "block_id": self.blocks[place % self.size.paragraphs],
                "recommendation_id": key,
                "kind": ProvenanceKind.TAKEN_UP,
                "made_at": BEGAN,
            }

    def _revision(self, number: int, parent: UUID | None, changed: Sequence[int]) -> UUID:
        at, key = self.moment(number / self.size.revisions), new_id()
        versions: Rows = []
        edges: Rows = []
        for place in changed:
            versions += [self._version(place, language, at) for language in Language]
            edges += [self._edge(place, language, at) for language in (Language.ES, Language.FR)]
        self.put(
            Revision,
            [
                {
                    "id": key,
                    "declaration_id": self.declaration.id,
                    "number": number,
                    "parent_id": parent,
                    "cause": RevisionCause.ADOPTION,
                    "made_by_id": self.persons[number],
                    "made_at": at,
                }
            ],
        )
        self.put(TextVersion, versions)
        self.put(Edge, edges)
        self.put(RevisionBlock, [self._place(key, place) for place in range(self.size.paragraphs)])
        self.revisions.append(key)
        return key

    def _version(self, place: int, language: Language, at: datetime) -> dict[str, Any]:
        before = self.texts.get((place, language))
        if place % 25 == 0:
            content = f"{self.rng.choice(self.words).capitalize()} {self.rng.choice(self.words)}"
        else:
            content = self.reworded(before.content) if before else self.sentence(language)
        self.sequence += 1
        made = self.texts[place, language] = _Text(new_id(), content)
        return {
            "id": made.id,
            "declaration_id": self.declaration.id,
            "block_id": self.blocks[place],
            "language": language,
            "sequence": self.sequence,
            "content": content,
            "content_hash": content_hash(content),
            "folded_hash": folded_hash(content),
            "change_class": ChangeClass.SUBSTANTIVE,
            "predecessor_id": before.id if before else None,
            "started_from_id": before.id if before else None,
            "author_id": self.rng.choice(self.persons),
            "made_at": at,
        }

    def _edge(self, place: int, language: Language, at: datetime) -> dict[str, Any]:
        self.sequence += 1
        return {
            "id": new_id(),
            "declaration_id": self.declaration.id,
            "block_id": self.blocks[place],
            "kind": EdgeKind.TRANSLATED,
            "source_id": self.texts[place, Language.EN].id,
            "target_id": self.texts[place, language].id,
            "sequence": self.sequence,
            "made_at": at,
        }

    def _place(self, revision: UUID, place: int) -> dict[str, Any]:
        is_heading = place % 25 == 0
        return {
            "revision_id": revision,
            "block_id": self.blocks[place],
            "position": place,
            "kind": BlockKind.HEADING if is_heading else BlockKind.OPERATIVE,
            "level": int(is_heading),
            "original_language": Language.EN,
            "es_id": self.texts[place, Language.ES].id,
            "en_id": self.texts[place, Language.EN].id,
            "fr_id": self.texts[place, Language.FR].id,
        }

    # What was proposed, decided and remarked

    def amendments(self) -> None:
        tables: dict[type[Model], Rows] = {
            model: [] for model in (Amendment, AmendmentVersion, ChangeRecord, ShownText, Decision)
        }
        for number in range(1, self.size.amendments + 1):
            for model, row in self._amendment(number):
                tables[model].append(row)
        for model, rows in tables.items():
            self.put(model, rows)

    def _amendment(self, number: int) -> Iterator[tuple[type[Model], dict[str, Any]]]:
        """All are filed against the last text; most of them have been decided on an earlier day."""
        language, place = self.rng.choice(list(Language)), self.rng.randrange(self.size.paragraphs)
        key, version, at = new_id(), new_id(), self.moment(number / self.size.amendments)
        shown, block = self.texts[place, language], self.blocks[place]
        wanted = f"{shown.content} {self.rng.choice(self.words)}" if place % 25 == 0 else self.reworded(shown.content)
        change = Change(ChangeOp.REWORD, str(block), text=wanted)
        is_open, is_adopted = number > self.size.amendments * 4 // 5, number % 3 == 0
        decided = Disposition.ADOPTED if is_adopted else Disposition.REJECTED
        proposer = self.rng.choice(self.persons)
        yield (
            Amendment,
            {
                "id": key,
                "declaration_id": self.declaration.id,
                "number": number,
                "language": language,
                "reason": self.sentence(language, length=14),
                "disposition": Disposition.OPEN if is_open else decided,
                "proposer_id": proposer,
                "organisation_id": self.rng.choice(self.organisations),
                "filed_at": at,
            },
        )
        yield (
            AmendmentVersion,
            {
                "id": version,
                "amendment_id": key,
                "number": 1,
                "base_revision_id": self.revisions[-1],
                "engine_version": ENGINE_VERSION,
                "hunks": self._hunks(place, shown.content, wanted, language),
                "made_by_id": proposer,
                "made_at": at,
            },
        )
        told = msgspec.to_builtins(change)
        yield (
            ChangeRecord,
            {"version_id": version, "position": 0, "op": change.op, "block_id": block, "change": told},
        )
        yield ShownText, {"version_id": version, "text_version_id": shown.id}
        if not is_open:
            yield (
                Decision,
                {
                    "id": new_id(),
                    "declaration_id": self.declaration.id,
                    "number": number,
                    "verdict": Verdict.ADOPT if is_adopted else Verdict.REJECT,
                    "outcome": DecisionOutcome.APPLIED if is_adopted else DecisionOutcome.NONE,
                    "reason": "As the committee read it.",
                    "amendment_id": key,
                    "amendment_version_id": version,
                    "language": language,
                    "revision_id": self.rng.choice(self.revisions) if is_adopted else None,
                    "decided_at": at,
                },
            )

    def _hunks(self, place: int, old: str, new: str, language: Language) -> Any:
        """The stored diff: that of one paragraph, at its place in the whole text."""
        key = str(self.blocks[place])
        kind, level = (BlockKind.HEADING, 1) if place % 25 == 0 else (BlockKind.OPERATIVE, 0)
        before, after = (Document((Block(key, kind, text, level),), language) for text in (old, new))
        return msgspec.to_builtins(
            [
                replace(
                    hunk,
                    old_blocks=(place,),
                    new_blocks=(place,),
                    words=tuple(
                        replace(one, start=replace(one.start, block=place), end=replace(one.end, block=place))
                        for one in hunk.words
                    ),
                )
                for hunk in diff(before, after)
            ]
        )

    def comments(self) -> None:
        threads: Rows = []
        remarks: Rows = []
        for number in range(self.size.comments // IN_A_THREAD):
            at, key = self.moment(number * IN_A_THREAD / self.size.comments), new_id()
            threads.append(
                {
                    "id": key,
                    "declaration_id": self.declaration.id,
                    "block_id": self.rng.choice(self.blocks),
                    "revision_id": self.revisions[-1],
                    "opened_at": at,
                    "resolved_at": at if number % 3 else None,
                }
            )
            for place in range(IN_A_THREAD):
                language = self.rng.choice(list(Language))
                remarks.append(
                    {
                        "id": new_id(),
                        "thread_id": key,
                        "author_id": self.rng.choice(self.persons),
                        "language": language,
                        "text": self.sentence(language, length=18),
                        "written_at": at + timedelta(minutes=place),
                        "state": CommentState.SHOWN,
                    }
                )
        self.put(CommentThread, threads)
        self.put(Comment, remarks)

    def finish(self) -> None:
        self.declaration.head_id = self.revisions[-1]
        self.declaration.sequence = self.sequence


def made(place: str, size: Size = FULL) -> Store:
    """The database in the file, or at the address, `place`, as of today; filled first where it is not there yet."""
    is_address = place.startswith("postgresql")
    store = Store(Settings(database_url=place) if is_address else Settings.for_file(Path(place)))
    is_new = not sa.inspect(store.engine).has_table(Declaration.__tablename__)
    migrate(store)
    if is_new:
        fill(store, size)
        with store.writing() as db:
            search_index.build(db)
        if is_address:
            with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(sa.text("ANALYZE"))  # as PostgreSQL does by itself before long
    return store


if __name__ == "__main__":
    registration.install()
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        sys.exit("python -m tests.benchmarks.large FILE [amendments=50000 …]")
    counts = (given.partition("=") for given in sys.argv[2:])
    made(sys.argv[1], replace(FULL, **{name: int(count) for name, _, count in counts})).close()
