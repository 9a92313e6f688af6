"""The text in force and its translations, as JSON."""

from uuid import UUID

from litestar import Controller, Response
from litestar.di import NamedDependency

from drafts.blocks import Language
from workspace.core.db import Db
from workspace.core.errors import NotFound
from workspace.declarations import queries
from workspace.declarations.api import opened
from workspace.declarations.models import Declaration
from workspace.translations import policy
from workspace.translations.editorial import EditorialService
from workspace.translations.schemas import AbsenceIn, EditorialOut, HeadTextOut, TextIn, TextInForceOut
from workspace.translations.service import TranslationService
from workspace.translations.since import SinceService
from workspace.translations.since_schemas import SinceOut
from workspace.web.api import DONE, answer, reads, replaces, writes
from workspace.web.conditional import NONE, IfMatch, named_or_none
from workspace.web.params import FromPath, JSONBody
from workspace.web.route_policies import FOLLOW_THE_WORK, READ_THE_TEXT
from workspace.web.services import Work


class TextApi(Controller):
    """The text in force, and its translations."""

    path = "/api/declarations/{declaration_id:uuid}"
    tags = ("Texts",)

    @reads("/text", policy=READ_THE_TEXT)
    def read_text(self, work: NamedDependency[Work], declaration_id: FromPath[UUID]) -> Response[HeadTextOut]:
        """Read what is in force now, with the state of every translation.

        Its `ETag` is the head revision; a translation is replaced by the id of its own text version.
        """
        actor = work.actor
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=actor)
            standings = TranslationService(db).standings(declaration)
            found = HeadTextOut.of(
                declaration,
                [standing.row for standing in standings],
                [standing.states for standing in standings],
                queries.absences(db, declaration),
            )
        return answer(found, etag=str(found.head.id))

    @reads("/blocks/{block_id:uuid}/texts/{language:str}", policy=READ_THE_TEXT)
    def read_block_text(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        block_id: FromPath[UUID],
        language: FromPath[Language],
    ) -> Response[TextInForceOut]:
        """Read one paragraph in one language, with the entity tag by which it is replaced."""
        actor = work.actor
        with work.reading() as db:
            found = _in_force(db, opened(db, declaration_id, actor=actor), block_id, language)
        return _answered(found)

    @reads("/blocks/{block_id:uuid}/texts/{language:str}/changes", policy=FOLLOW_THE_WORK)
    def read_changes_since(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        block_id: FromPath[UUID],
        language: FromPath[Language],
    ) -> Response[SinceOut]:
        """Read what changed since a translation was right: words, decisions, number, splits, joins, the third language.

        Empty where the translation is up to date.
        """
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=work.actor, may=policy.may_follow)
            standing = TranslationService(db).standing(declaration, block_id)
            state = standing.states[language]
            since = SinceService(db).since(declaration, standing.row, language, state)
            return answer(SinceOut.of(standing.row, language, state, since))

    @replaces("/blocks/{block_id:uuid}/texts/{language:str}", policy="translation.write")
    def save_translation(
        self,
        *,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        block_id: FromPath[UUID],
        language: FromPath[Language],
        data: JSONBody[TextIn],
        if_match: IfMatch = None,
    ) -> Response[TextInForceOut]:
        """Put a translation in force; makes no revision.

        `If-Match` names the text version it replaces, or `"none"` for the first. The original itself changes by
        amendments and edits only.
        """
        actor, expected = work.actor, named_or_none(if_match)
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor)
            TranslationService(db).save(
                declaration_id, block_id, language, data.content, sources=data.sources, expected=expected, actor=actor
            )
            saved = _in_force(db, declaration, block_id, language)
        return _answered(saved)

    @writes(
        "/blocks/{block_id:uuid}/texts/{language:str}/confirmation", 412, 428, status=DONE, policy="translation.write"
    )
    def confirm_translation(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        block_id: FromPath[UUID],
        language: FromPath[Language],
        if_match: IfMatch = None,
    ) -> Response[TextInForceOut]:
        """Say that a translation is still valid beside its original as it is now.

        `If-Match` names the text version that is confirmed.
        """
        actor, expected = work.actor, named_or_none(if_match)
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor)
            TranslationService(db).confirm(declaration_id, block_id, language, expected=expected, actor=actor)
            confirmed = _in_force(db, declaration, block_id, language)
        return _answered(confirmed)

    @writes(
        "/blocks/{block_id:uuid}/texts/{language:str}/editorial", 412, 428, status=DONE, policy="translation.assign"
    )
    def call_change_editorial(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        block_id: FromPath[UUID],
        language: FromPath[Language],
        if_match: IfMatch = None,
    ) -> Response[EditorialOut]:
        """Claim that the last change of a text leaves its meaning as it was; a second person confirms it the same way.

        `If-Match` names the text version. Until two people have said so, a change counts as one of substance.
        """
        actor, expected = work.actor, named_or_none(if_match)
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor, may=policy.may_follow)
            claims = EditorialService(db).claim(declaration.id, block_id, language, expected=expected, actor=actor)
            said = EditorialOut(is_confirmed=not claims.steps, claimed_by=claims.claimed_by or None)
        return answer(said)

    @writes("/blocks/{block_id:uuid}/texts/{language:str}/absence", policy="amendment.decide_adopt_undo")
    def leave_text_out(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        block_id: FromPath[UUID],
        language: FromPath[Language],
        data: JSONBody[AbsenceIn],
    ) -> Response[TextInForceOut]:
        """Decide that a paragraph has no text in a language, with the reason that will be printed."""
        actor = work.actor
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor)
            TranslationService(db).leave_out(declaration_id, block_id, language, reason=data.reason, actor=actor)
            left_out = _in_force(db, declaration, block_id, language)
        return _answered(left_out)


def _in_force(db: Db, declaration: Declaration, block_id: UUID, language: Language) -> TextInForceOut:
    for standing in TranslationService(db).standings(declaration):
        if standing.row.block_id == block_id:
            return TextInForceOut.of(standing.row, language, standing.states)
    raise NotFound(what="block", id=str(block_id))


def _answered(found: TextInForceOut) -> Response[TextInForceOut]:
    return answer(found, etag=str(found.text.id) if found.text else NONE)
