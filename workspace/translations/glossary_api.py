"""Agreed wording and the memory, as JSON: of a forum, and of one declaration."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from drafts.blocks import Language
from drafts.formats.tmx import TMX
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import NotFound
from workspace.core.sheets import CSV
from workspace.declarations.api import opened
from workspace.people.service import PeopleService
from workspace.terms.memory import MemoryService
from workspace.terms.policy import Scope
from workspace.terms.service import GlossaryService
from workspace.translations import policy
from workspace.translations.glossary_schemas import (
    FileIn,
    GlossaryOut,
    MemoryOut,
    RememberedOut,
    StyleIn,
    StyleOut,
    TakenOut,
    TermIn,
    TermOut,
)
from workspace.translations.memories import Recollection
from workspace.translations.service import TranslationService
from workspace.web.api import answer, reads, removes, replaces, writes
from workspace.web.conditional import IfMatch, named, named_or_none
from workspace.web.params import FromPath, JSONBody
from workspace.web.services import Work

_EDIT = "glossary.edit"
_LARGEST = 12_000_000  # bytes of a body with a file in it
Words = Annotated[str, QueryParameter(min_length=1, max_length=200, description="Words, one after the other.")]
Leading = Annotated[Language, QueryParameter(description="The language that other tools take for the source.")]
Asked = Annotated[Language, QueryParameter(description="The language of the words.")]


class GlossaryApi(Controller):
    """What a forum agrees on, and its translation memory."""

    path = "/api/forums/{forum:str}"
    tags = ("Wording",)

    @reads("/glossary", policy=_EDIT)
    def read_glossary(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[GlossaryOut]:
        """Read the terms and the style of a forum."""
        with work.reading() as db:
            return _glossary(db, _forum(db, forum), work.actor)

    @reads("/glossary.csv", policy=_EDIT, media_type=CSV)
    def read_glossary_table(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[bytes]:
        """Read the terms of a forum as CSV."""
        with work.reading() as db:
            return answer(GlossaryService(db).as_table(_forum(db, forum), actor=work.actor).encode())

    @writes("/glossary/terms", policy=_EDIT)
    def agree_on_term(
        self, work: NamedDependency[Work], forum: FromPath[str], data: JSONBody[TermIn]
    ) -> Response[TermOut]:
        """Agree on a term in a forum."""
        actor = work.actor
        with work.writing() as db:
            return _agree(db, _forum(db, forum), data, actor)

    @replaces("/glossary/terms/{term_id:uuid}", policy=_EDIT)
    def change_term(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        term_id: FromPath[UUID],
        data: JSONBody[TermIn],
        if_match: IfMatch = None,
    ) -> Response[TermOut]:
        """Agree on other wordings of a term; `If-Match` names its version."""
        actor, expected = work.actor, named(if_match)
        with work.writing() as db:
            return _change(db, _forum(db, forum), term_id, data, expected=expected, actor=actor)

    @removes("/glossary/terms/{term_id:uuid}", 412, 428, policy=_EDIT)
    def remove_term(
        self, work: NamedDependency[Work], forum: FromPath[str], term_id: FromPath[UUID], if_match: IfMatch = None
    ) -> None:
        """Remove a term from the glossary of a forum."""
        actor, expected = work.actor, named(if_match)
        with work.writing() as db:
            GlossaryService(db).remove(_forum(db, forum), term_id, expected=expected, actor=actor)

    @writes("/glossary/table", policy=_EDIT, largest=_LARGEST)
    def take_glossary_in(
        self, work: NamedDependency[Work], forum: FromPath[str], data: JSONBody[FileIn]
    ) -> Response[TakenOut]:
        """Take a table of terms (CSV) in; nothing is removed."""
        actor = work.actor
        with work.writing() as db:
            return answer(TakenOut.of(GlossaryService(db).take_in(_forum(db, forum), data.content, actor=actor)))

    @replaces("/style", policy=_EDIT)
    def choose_style(
        self, work: NamedDependency[Work], forum: FromPath[str], data: JSONBody[StyleIn], if_match: IfMatch = None
    ) -> Response[StyleOut]:
        """Choose by whose guide a forum writes; `If-Match` names the version replaced, or `"none"`."""
        actor, expected = work.actor, named_or_none(if_match)
        with work.writing() as db:
            return _choose(db, _forum(db, forum), data, expected, actor)

    @reads("/memory.tmx", policy=_EDIT, media_type=TMX)
    def read_memory(
        self, work: NamedDependency[Work], forum: FromPath[str], source: Leading = Language.EN
    ) -> Response[bytes]:
        """Read the whole translation memory as TMX."""
        with work.reading() as db:
            forum_ = PeopleService(db).forum(forum)
            return answer(MemoryService(db).as_tmx(forum_, source=source, actor=work.actor))

    @writes("/memory", policy=_EDIT, largest=_LARGEST)
    def take_memory_in(
        self, work: NamedDependency[Work], forum: FromPath[str], data: JSONBody[FileIn]
    ) -> Response[TakenOut]:
        """Take the memory of another tool (TMX) in; what is known word for word stays as it is."""
        actor = work.actor
        with work.writing() as db:
            found = PeopleService(db).forum(forum)
            taken = MemoryService(db).take_in(found, data.content.encode(), name=data.name, actor=actor)
            return answer(TakenOut.of(taken))


class DeclarationGlossaryApi(Controller):
    """What one declaration agrees on beside its forum, and what the memory knows of its texts."""

    path = "/api/declarations/{declaration_id:uuid}"
    tags = ("Wording",)

    @reads("/glossary", policy=_EDIT)
    def read_own_glossary(self, work: NamedDependency[Work], declaration_id: FromPath[UUID]) -> Response[GlossaryOut]:
        """Read the terms and the style of a declaration itself."""
        with work.reading() as db:
            return _glossary(db, _own(db, declaration_id, work.actor), work.actor)

    @reads("/glossary.csv", policy=_EDIT, media_type=CSV)
    def read_own_glossary_table(self, work: NamedDependency[Work], declaration_id: FromPath[UUID]) -> Response[bytes]:
        """Read the terms of a declaration itself as CSV."""
        with work.reading() as db:
            scope = _own(db, declaration_id, work.actor)
            return answer(GlossaryService(db).as_table(scope, actor=work.actor).encode())

    @writes("/glossary/table", policy=_EDIT, largest=_LARGEST)
    def take_own_glossary_in(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], data: JSONBody[FileIn]
    ) -> Response[TakenOut]:
        """Take a table of terms (CSV) into the glossary of one declaration; nothing is removed."""
        actor = work.actor
        with work.writing() as db:
            scope = _own(db, declaration_id, actor)
            return answer(TakenOut.of(GlossaryService(db).take_in(scope, data.content, actor=actor)))

    @writes("/glossary/terms", policy=_EDIT)
    def agree_on_own_term(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], data: JSONBody[TermIn]
    ) -> Response[TermOut]:
        """Agree on a term in one declaration; there it holds instead of its forum's."""
        actor = work.actor
        with work.writing() as db:
            return _agree(db, _own(db, declaration_id, actor), data, actor)

    @replaces("/glossary/terms/{term_id:uuid}", policy=_EDIT)
    def change_own_term(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        term_id: FromPath[UUID],
        data: JSONBody[TermIn],
        if_match: IfMatch = None,
    ) -> Response[TermOut]:
        """Agree on other wordings of a declaration's term; `If-Match` names its version."""
        actor, expected = work.actor, named(if_match)
        with work.writing() as db:
            return _change(db, _own(db, declaration_id, actor), term_id, data, expected=expected, actor=actor)

    @removes("/glossary/terms/{term_id:uuid}", 412, 428, policy=_EDIT)
    def remove_own_term(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        term_id: FromPath[UUID],
        if_match: IfMatch = None,
    ) -> None:
        """Remove a term from the glossary of a declaration."""
        actor, expected = work.actor, named(if_match)
        with work.writing() as db:
            GlossaryService(db).remove(_own(db, declaration_id, actor), term_id, expected=expected, actor=actor)

    @replaces("/style", policy=_EDIT)
    def choose_own_style(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        data: JSONBody[StyleIn],
        if_match: IfMatch = None,
    ) -> Response[StyleOut]:
        """Choose by whose guide a declaration writes, instead of its forum's."""
        actor, expected = work.actor, named_or_none(if_match)
        with work.writing() as db:
            return _choose(db, _own(db, declaration_id, actor), data, expected, actor)

    @reads("/blocks/{block_id:uuid}/texts/{language:str}/matches", policy="translation.write")
    def read_matches(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        block_id: FromPath[UUID],
        language: FromPath[Language],
    ) -> Response[MemoryOut]:
        """Read how the original of a paragraph was translated before, best first."""
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=work.actor)
            policy.ensure_may_translate(work.actor, declaration, language)
            row = TranslationService(db).standing(declaration, block_id).row
            if language is row.original_language:
                raise NotFound(what="translation", id=language.value)
            return answer(MemoryOut.of(Recollection(db, declaration).matches(row, language)))

    @reads("/memory", policy=_EDIT)
    def search_memory(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], words: Words, language: Asked
    ) -> Response[MemoryOut]:
        """Read where these words were written before, and how they were translated."""
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=work.actor)
            found = Recollection(db, declaration).containing(words, language, actor=work.actor)
            return answer(MemoryOut(segments=[RememberedOut.of(segment) for segment in found]))


def _forum(db: Db, slug: str) -> Scope:
    return Scope(PeopleService(db).forum(slug))


def _own(db: Db, declaration_id: UUID, actor: Actor) -> Scope:
    return policy.scope_of(opened(db, declaration_id, actor=actor))


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
