"""Texts on their way to translators' own tools and back, and what waits beside the texts, as JSON."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.params import QueryParameter
from msgspec import Meta, Struct

from drafts.formats import xliff
from drafts.formats.xliff import XLIFF, XliffVersion
from drafts.text.blocks import Language
from workspace.core.actor import Actor
from workspace.core.shapes import Shape
from workspace.core.storage.db import Db
from workspace.declarations.api import Readable, opened
from workspace.declarations.domain import queries
from workspace.declarations.labels import names_of
from workspace.translations.api.glossary import FileIn
from workspace.translations.domain import policy
from workspace.translations.domain.exchange import ExchangeService, UnitFate, UnitOutcome
from workspace.translations.domain.models import Suggestion, SuggestionSource
from workspace.translations.domain.suggestions import SuggestionService
from workspace.translations.labels import unit_notes
from workspace.web.api import DONE, answer, reads, writes
from workspace.web.http.guards import FOLLOW_THE_WORK
from workspace.web.http.request_context import Body, FromPath, PathId, Work


class OutcomeOut(Shape, frozen=True, kw_only=True):
    """What became of one unit of a file: `line` is where it stands there, `lost` how many marks were left out."""

    block: str
    line: int
    fate: UnitFate
    lost: int


class OutcomesOut(Struct, frozen=True, kw_only=True):
    """What became of a file, unit by unit."""

    units: list[OutcomeOut]

    @classmethod
    def of(cls, outcomes: Sequence[UnitOutcome]) -> "OutcomesOut":
        return cls(units=[OutcomeOut.of(outcome) for outcome in outcomes])


class SuggestionOut(Shape, frozen=True, kw_only=True):
    """Words that wait beside a text. `amendment_id` where they were prepared for one that is tabled."""

    id: UUID
    block_id: UUID
    language: Language
    content: str
    came_from: SuggestionSource
    origin: str
    amendment_id: UUID | None
    made_by_id: UUID | None
    made_at: datetime


class SuggestionsOut(Struct, frozen=True, kw_only=True):
    """What waits beside the texts of a declaration."""

    suggestions: list[SuggestionOut]

    @classmethod
    def of(cls, some: Iterable[Suggestion]) -> "SuggestionsOut":
        return cls(suggestions=[SuggestionOut.of(suggestion) for suggestion in some])


class PreparedIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a tabled amendment would make of a paragraph, in another language."""

    block_id: UUID
    language: Language
    content: Annotated[str, Meta(max_length=20_000)]


class SuggestionSettlementIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether a suggestion was taken into the text."""

    is_taken: bool


_LARGEST = 12_000_000
Wanted = Annotated[XliffVersion, QueryParameter(description="2.1, or 1.2 for older tools.")]


class ExchangeApi(Controller):
    """XLIFF out and in."""

    path = "/api/declarations/{declaration_id:uuid}"
    tags = ("Texts",)

    @reads("/xliff/{source:str}/{target:str}", policy="translation.write", media_type=XLIFF)
    def read_xliff(
        self,
        *,
        work: Work,
        db: Db,
        actor: Actor,
        declaration: Readable,
        source: FromPath[Language],
        target: FromPath[Language],
        form: Wanted = XliffVersion.TWO,
    ) -> bytes:
        """Read a pair of languages as XLIFF, with the text versions it was made from."""
        names = names_of(queries.head_rows(db, declaration), work.messages)
        sent = ExchangeService(db).sent(
            declaration, source, target, tell=unit_notes(work.messages), names=names, actor=actor
        )
        return xliff.write(sent, form)

    @writes("/xliff", policy="translation.write", largest=_LARGEST)
    def take_xliff_in(self, db: Db, actor: Actor, declaration: Readable, data: Body[FileIn]) -> OutcomesOut:
        """Take a translator's file back; where a text has moved on meanwhile, it waits as a suggestion."""
        outcomes = ExchangeService(db).take_in(
            declaration.id, data.content.encode(), name=data.name or "xliff", actor=actor
        )
        return OutcomesOut.of(outcomes)

    @reads("/suggestions", policy=FOLLOW_THE_WORK)
    def read_suggestions(self, work: Work, declaration_id: PathId) -> Response[SuggestionsOut]:
        """Read what waits beside the texts; who does not translate, what was prepared for amendments."""
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=work.actor, may=policy.may_follow)
            return answer(SuggestionsOut.of(SuggestionService(db).readable(declaration, actor=work.actor)))

    @writes("/suggestions/{suggestion_id:uuid}/settlement", status=DONE, policy="translation.write")
    def settle_suggestion(
        self, db: Db, actor: Actor, declaration: Readable, suggestion_id: PathId, data: Body[SuggestionSettlementIn]
    ) -> SuggestionOut:
        """Say that a suggestion was taken into the text, or that it is of no use."""
        settled = SuggestionService(db).settle(declaration.id, suggestion_id, is_taken=data.is_taken, actor=actor)
        return SuggestionOut.of(settled)


class PreparationApi(Controller):
    """Tabled amendments translated beforehand."""

    path = "/api/amendments/{amendment_id:uuid}"
    tags = ("Texts",)

    @writes("/translations", policy="translation.write")
    def prepare_translation(self, db: Db, actor: Actor, amendment_id: PathId, data: Body[PreparedIn]) -> SuggestionOut:
        """Translate what a tabled amendment would make of a paragraph; on its adoption it becomes the translation."""
        made = SuggestionService(db).prepare(amendment_id, data.block_id, data.language, data.content, actor=actor)
        return SuggestionOut.of(made)
