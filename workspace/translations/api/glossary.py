"""Agreed wording and the memory, as JSON: of a forum, and of one declaration."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.params import QueryParameter
from msgspec import Meta, Struct, field

from drafts.checks import Profile
from drafts.formats.glossary_csv import LONGEST, GlossaryRow
from drafts.formats.tmx import TMX
from drafts.text.blocks import Language, canonical
from workspace.core.actor import Actor
from workspace.core.errors import NotFound
from workspace.core.shapes import Shape, filled
from workspace.core.sheets import CSV
from workspace.core.storage.db import Db
from workspace.declarations.api import Readable, opened
from workspace.people.frame import InForum
from workspace.people.service import PeopleService
from workspace.terms.glossary import GlossaryImport, GlossaryService
from workspace.terms.models import HouseStyle, TermRecord, Trust
from workspace.terms.policy import Scope
from workspace.terms.translation_memory import MemoryImport, MemoryService
from workspace.translations.domain import policy
from workspace.translations.domain.memories import MemoryRecorder, RecalledSegment
from workspace.translations.domain.service import TranslationService
from workspace.web.api import answer, reads, removes, replaces, writes
from workspace.web.http.preconditions import IfMatch, expected_version, expected_version_or_none
from workspace.web.http.request_context import Body, FromPath, Loads, PathId, Slug

Wordings = Annotated[list[Annotated[str, Meta(max_length=LONGEST)]], Meta(max_length=20)]


class ForbiddenIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Wordings that are not to be used, in each language."""

    es: Wordings = []
    en: Wordings = []
    fr: Wordings = []


class TermIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One notion: the wordings agreed in each language, and those that are ruled out.

    `is_kept` for a name that is not translated.
    """

    es: Wordings = []
    en: Wordings = []
    fr: Wordings = []
    forbidden: ForbiddenIn = field(default_factory=ForbiddenIn)
    domain: Annotated[str, Meta(max_length=LONGEST)] = ""
    note: Annotated[str, Meta(max_length=2_000)] = ""
    is_kept: bool = False

    def entry(self) -> GlossaryRow:
        own = {Language.ES: self.es, Language.EN: self.en, Language.FR: self.fr}
        ruled = {Language.ES: self.forbidden.es, Language.EN: self.forbidden.en, Language.FR: self.forbidden.fr}
        return GlossaryRow(
            wordings={language: kept for language, some in own.items() if (kept := _kept(some))},
            forbidden={language: kept for language, some in ruled.items() if (kept := _kept(some))},
            domain=canonical(self.domain),
            note=canonical(self.note),
            is_kept=self.is_kept,
        )


class TermOut(Shape, frozen=True, kw_only=True):
    """A term as it is agreed on now; `version_id` is what `If-Match` names."""

    id: UUID
    version_id: UUID
    es: list[str]
    en: list[str]
    fr: list[str]
    forbidden: dict[str, list[str]]
    domain: str
    note: str
    is_kept: bool
    changed_at: datetime


class StyleOut(Shape, frozen=True, kw_only=True):
    """By whose guide texts are written, and which checks weigh otherwise; null `version_id`: nobody has chosen."""

    version_id: UUID | None = None
    profile: Profile = Profile.NATIONAL
    severities: dict[str, str] = field(default_factory=dict)


class GlossaryOut(Struct, frozen=True, kw_only=True):
    """What is agreed on here, without what a declaration takes over from its forum."""

    style: StyleOut
    terms: list[TermOut]

    @classmethod
    def of(cls, style: HouseStyle | None, terms: Iterable[TermRecord]) -> "GlossaryOut":
        return cls(style=StyleOut.of(style) if style else StyleOut(), terms=[TermOut.of(term) for term in terms])


class StyleIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """By whose guide to write; `severities` weighs single checks as error, warning or info."""

    profile: Profile
    severities: dict[str, str] = field(default_factory=dict)


class FileIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text file: its name, and its content as text."""

    content: Annotated[str, Meta(max_length=10_000_000)]
    name: Annotated[str, Meta(max_length=200)] = ""


class TermsImportedOut(Struct, frozen=True, kw_only=True):
    """What a file brought: what is new, what changed, and what was known."""

    added: int
    changed: int
    same: int

    @classmethod
    def of(cls, taken: GlossaryImport | MemoryImport) -> "TermsImportedOut":
        if isinstance(taken, GlossaryImport):
            return cls(added=taken.added, changed=taken.changed, same=taken.same)
        return cls(added=taken.added, changed=0, same=taken.known)


class RememberedOut(Struct, frozen=True, kw_only=True):
    """A segment of the memory. `kind` and `score` say how it answers the text that was asked about, where one was.

    `origin` is the file it came in, `declaration` and `number` the paragraph it comes from.
    """

    id: UUID
    texts: dict[Language, str]
    kind: str | None
    score: float | None
    trust: Trust
    origin: str
    declaration: str
    number: str
    is_published: bool

    @classmethod
    def of(cls, hit: RecalledSegment) -> "RememberedOut":
        kind, score = (hit.match.kind.value, hit.match.score) if hit.match else (None, None)
        texts = dict(hit.segment.texts)
        return filled(cls, hit.citation, id=UUID(hit.segment.id), texts=texts, kind=kind, score=score)


class MemoryOut(Struct, frozen=True, kw_only=True):
    """Segments of the memory, best first."""

    segments: list[RememberedOut]

    @classmethod
    def of(cls, some: Sequence[RecalledSegment]) -> "MemoryOut":
        return cls(segments=[RememberedOut.of(segment) for segment in some])


def _kept(some: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(wording for given in some if (wording := canonical(given))))


_EDIT = "glossary.edit"
_LARGEST = 12_000_000  # bytes of a body with a file in it
Words = Annotated[str, QueryParameter(min_length=1, max_length=200, description="Words, one after the other.")]
Leading = Annotated[Language, QueryParameter(description="The language that other tools take for the source.")]
Searched = Annotated[Language, QueryParameter(description="The language of the words.")]


def _of_forum(db: Db, forum: Slug) -> Scope:
    return Scope(PeopleService(db).forum(forum))


def _of_declaration(db: Db, declaration_id: PathId, *, actor: Actor) -> Scope:
    return policy.scope_of(opened(db, declaration_id, actor=actor))


ForumScope = Annotated[Scope, Loads(_of_forum)]
OwnScope = Annotated[Scope, Loads(_of_declaration)]


class GlossaryApi(Controller):
    """What a forum agrees on, and its translation memory."""

    path = "/api/forums/{forum:str}"
    tags = ("Wording",)

    @reads("/glossary", policy=_EDIT)
    def read_glossary(self, db: Db, actor: Actor, scope: ForumScope) -> Response[GlossaryOut]:
        """Read the terms and the style of a forum."""
        return _glossary(db, scope, actor)

    @reads("/glossary.csv", policy=_EDIT, media_type=CSV)
    def read_glossary_table(self, db: Db, actor: Actor, scope: ForumScope) -> bytes:
        """Read the terms of a forum as CSV."""
        return GlossaryService(db).as_table(scope, actor=actor).encode()

    @writes("/glossary/terms", policy=_EDIT)
    def agree_on_term(self, db: Db, actor: Actor, scope: ForumScope, data: Body[TermIn]) -> Response[TermOut]:
        """Agree on a term in a forum."""
        return _agree(db, scope, data, actor)

    @replaces("/glossary/terms/{term_id:uuid}", policy=_EDIT)
    def change_term(
        self, *, db: Db, actor: Actor, scope: ForumScope, term_id: PathId, data: Body[TermIn], if_match: IfMatch = None
    ) -> Response[TermOut]:
        """Agree on other wordings of a term; `If-Match` names its version."""
        return _change(db, scope, term_id, data, expected=expected_version(if_match), actor=actor)

    @removes("/glossary/terms/{term_id:uuid}", 412, 428, policy=_EDIT)
    def remove_term(self, db: Db, actor: Actor, scope: ForumScope, term_id: PathId, if_match: IfMatch = None) -> None:
        """Remove a term from the glossary of a forum."""
        GlossaryService(db).remove(scope, term_id, expected=expected_version(if_match), actor=actor)

    @writes("/glossary/table", policy=_EDIT, largest=_LARGEST)
    def take_glossary_in(self, db: Db, actor: Actor, scope: ForumScope, data: Body[FileIn]) -> TermsImportedOut:
        """Take a table of terms (CSV) in; nothing is removed."""
        return TermsImportedOut.of(GlossaryService(db).take_in(scope, data.content, actor=actor))

    @replaces("/style", policy=_EDIT)
    def choose_style(
        self, db: Db, actor: Actor, scope: ForumScope, data: Body[StyleIn], if_match: IfMatch = None
    ) -> Response[StyleOut]:
        """Choose by whose guide a forum writes; `If-Match` names the version replaced, or `"none"`."""
        return _choose(db, scope, data, expected_version_or_none(if_match), actor)

    @reads("/memory.tmx", policy=_EDIT, media_type=TMX)
    def read_memory(self, db: Db, actor: Actor, forum: InForum, source: Leading = Language.EN) -> bytes:
        """Read the whole translation memory as TMX."""
        return MemoryService(db).as_tmx(forum, source=source, actor=actor)

    @writes("/memory", policy=_EDIT, largest=_LARGEST)
    def take_memory_in(self, db: Db, actor: Actor, forum: InForum, data: Body[FileIn]) -> TermsImportedOut:
        """Take the memory of another tool (TMX) in; what is known word for word stays as it is."""
        taken = MemoryService(db).take_in(forum, data.content.encode(), name=data.name, actor=actor)
        return TermsImportedOut.of(taken)


class DeclarationGlossaryApi(Controller):
    """What one declaration agrees on beside its forum, and what the memory knows of its texts."""

    path = "/api/declarations/{declaration_id:uuid}"
    tags = ("Wording",)

    @reads("/glossary", policy=_EDIT)
    def read_own_glossary(self, db: Db, actor: Actor, scope: OwnScope) -> Response[GlossaryOut]:
        """Read the terms and the style of a declaration itself."""
        return _glossary(db, scope, actor)

    @reads("/glossary.csv", policy=_EDIT, media_type=CSV)
    def read_own_glossary_table(self, db: Db, actor: Actor, scope: OwnScope) -> bytes:
        """Read the terms of a declaration itself as CSV."""
        return GlossaryService(db).as_table(scope, actor=actor).encode()

    @writes("/glossary/table", policy=_EDIT, largest=_LARGEST)
    def take_own_glossary_in(self, db: Db, actor: Actor, scope: OwnScope, data: Body[FileIn]) -> TermsImportedOut:
        """Take a table of terms (CSV) into the glossary of one declaration; nothing is removed."""
        return TermsImportedOut.of(GlossaryService(db).take_in(scope, data.content, actor=actor))

    @writes("/glossary/terms", policy=_EDIT)
    def agree_on_own_term(self, db: Db, actor: Actor, scope: OwnScope, data: Body[TermIn]) -> Response[TermOut]:
        """Agree on a term in one declaration; there it holds instead of its forum's."""
        return _agree(db, scope, data, actor)

    @replaces("/glossary/terms/{term_id:uuid}", policy=_EDIT)
    def change_own_term(
        self, *, db: Db, actor: Actor, scope: OwnScope, term_id: PathId, data: Body[TermIn], if_match: IfMatch = None
    ) -> Response[TermOut]:
        """Agree on other wordings of a declaration's term; `If-Match` names its version."""
        return _change(db, scope, term_id, data, expected=expected_version(if_match), actor=actor)

    @removes("/glossary/terms/{term_id:uuid}", 412, 428, policy=_EDIT)
    def remove_own_term(self, db: Db, actor: Actor, scope: OwnScope, term_id: PathId, if_match: IfMatch = None) -> None:
        """Remove a term from the glossary of a declaration."""
        GlossaryService(db).remove(scope, term_id, expected=expected_version(if_match), actor=actor)

    @replaces("/style", policy=_EDIT)
    def choose_own_style(
        self, db: Db, actor: Actor, scope: OwnScope, data: Body[StyleIn], if_match: IfMatch = None
    ) -> Response[StyleOut]:
        """Choose by whose guide a declaration writes, instead of its forum's."""
        return _choose(db, scope, data, expected_version_or_none(if_match), actor)

    @reads("/blocks/{block_id:uuid}/texts/{language:str}/matches", policy="translation.write")
    def read_matches(
        self, db: Db, actor: Actor, declaration: Readable, block_id: PathId, language: FromPath[Language]
    ) -> MemoryOut:
        """Read how the original of a paragraph was translated before, best first."""
        policy.ensure_may_translate(actor, declaration, language)
        row = TranslationService(db).standing(declaration, block_id).row
        if language is row.original_language:
            raise NotFound(what="translation", id=language.value)
        return MemoryOut.of(MemoryRecorder(db, declaration).matches(row, language))

    @reads("/memory", policy=_EDIT)
    def search_memory(self, db: Db, actor: Actor, declaration: Readable, words: Words, language: Searched) -> MemoryOut:
        """Read where these words were written before, and how they were translated."""
        found = MemoryRecorder(db, declaration).containing(words, language, actor=actor)
        return MemoryOut.of(found)


def _glossary(db: Db, scope: Scope, actor: Actor) -> Response[GlossaryOut]:
    service = GlossaryService(db)
    return answer(GlossaryOut.of(service.style(scope), service.terms(scope, actor=actor)))


def _agree(db: Db, scope: Scope, data: TermIn, actor: Actor) -> Response[TermOut]:
    made = GlossaryService(db).add(scope, data.entry(), actor=actor)
    return answer(TermOut.of(made), etag=str(made.version_id))


def _change(db: Db, scope: Scope, term_id: UUID, data: TermIn, *, expected: UUID, actor: Actor) -> Response[TermOut]:
    made = GlossaryService(db).change(scope, term_id, data.entry(), expected=expected, actor=actor)
    return answer(TermOut.of(made), etag=str(made.version_id))


def _choose(db: Db, scope: Scope, data: StyleIn, expected: UUID | None, actor: Actor) -> Response[StyleOut]:
    style = GlossaryService(db).choose_style(
        scope, data.profile, severities=data.severities, expected=expected, actor=actor
    )
    return answer(StyleOut.of(style), etag=str(style.version_id))
