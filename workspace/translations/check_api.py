"""The checks of the texts in force, as JSON."""

from uuid import UUID

from litestar import Controller, Response
from litestar.di import NamedDependency

from drafts.blocks import Language
from workspace.declarations.api import opened
from workspace.translations import policy
from workspace.translations.check_schemas import ChecksOut, WaiverIn, WaiverOut, WordsIn
from workspace.translations.checking import CheckingService
from workspace.translations.service import TranslationService
from workspace.web.api import DONE, answer, reads, writes
from workspace.web.params import FromPath, JSONBody
from workspace.web.route_policies import FOLLOW_THE_WORK
from workspace.web.services import Work


class CheckApi(Controller):
    """What the checks find in the three languages."""

    path = "/api/declarations/{declaration_id:uuid}"
    tags = ("Texts",)

    @reads("/checks", policy=FOLLOW_THE_WORK)
    def read_checks(self, work: NamedDependency[Work], declaration_id: FromPath[UUID]) -> Response[ChecksOut]:
        """Read everything that the checks find in the texts in force, and what was let stand.

        A text that is stale is not compared with its original, from which it differs by nature.
        """
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=work.actor, may=policy.may_follow)
            return answer(ChecksOut.of(CheckingService(db).remarks(declaration), work.messages))

    @writes("/blocks/{block_id:uuid}/texts/{language:str}/check", status=DONE, policy="translation.write")
    def check_words(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        block_id: FromPath[UUID],
        language: FromPath[Language],
        data: JSONBody[WordsIn],
    ) -> Response[ChecksOut]:
        """Check words as the text of a paragraph, against its original, without keeping them."""
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=work.actor)
            policy.ensure_may_translate(work.actor, declaration, language)
            row = TranslationService(db).standing(declaration, block_id).row
            remarks = CheckingService(db).of_text(declaration, row, language, data.content)
            return answer(ChecksOut.of(remarks, work.messages))

    @writes("/blocks/{block_id:uuid}/texts/{language:str}/waivers", policy="check.waive")
    def waive_check(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        block_id: FromPath[UUID],
        language: FromPath[Language],
        data: JSONBody[WaiverIn],
    ) -> Response[WaiverOut]:
        """Let a finding stand, with the reason; it is found again once one of the texts has changed."""
        actor = work.actor
        with work.writing() as db:
            opened(db, declaration_id, actor=actor)
            waiver = CheckingService(db).waive(
                declaration_id, block_id, language, data.check, reason=data.reason, actor=actor
            )
            found = WaiverOut.of(waiver)
        return answer(found)
