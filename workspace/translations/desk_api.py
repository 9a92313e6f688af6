"""What translators do beside writing, as JSON: signing, reviewing, handing out work, being at work."""

from uuid import UUID

from litestar import Controller, Response
from litestar.di import NamedDependency

from drafts.assembly import Authenticity
from drafts.blocks import Language
from workspace.core.db import Db
from workspace.declarations import queries
from workspace.declarations.api import opened
from workspace.declarations.models import Declaration
from workspace.translations import policy
from workspace.translations.concordance import ConcordanceService, texts_hash
from workspace.translations.concordance_schemas import (
    AssignmentIn,
    AssignmentOut,
    AssignmentsOut,
    ClaimOut,
    ConcordanceOut,
    ReviewedIn,
    ReviewOut,
    ReviewsOut,
    SignatureOut,
    SignaturesIn,
    SignaturesOut,
    SignOffIn,
    SignOffOut,
)
from workspace.translations.reviews import ReviewService
from workspace.translations.tasks import TaskService
from workspace.web.api import DONE, answer, reads, removes, writes
from workspace.web.params import FromPath, JSONBody
from workspace.web.route_policies import FOLLOW_THE_WORK
from workspace.web.services import Work

_PATH = "/api/declarations/{declaration_id:uuid}"


class ConcordanceApi(Controller):
    """That three texts say the same, and who answers for it."""

    path = _PATH
    tags = ("Texts",)

    @reads("/concordance", policy=FOLLOW_THE_WORK)
    def read_concordance(self, work: NamedDependency[Work], declaration_id: FromPath[UUID]) -> Response[ConcordanceOut]:
        """Read which paragraphs are signed in three languages, and who answers for each language as a whole."""
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=work.actor, may=policy.may_follow)
            service = ConcordanceService(db)
            rows = queries.head_rows(db, declaration)
            return answer(
                ConcordanceOut.of(
                    service.review(declaration),
                    {language: texts_hash(rows, language) for language in Language},
                    service.signed_off(declaration, rows),
                    is_needed=declaration.authenticity is Authenticity.EQUAL,
                )
            )

    @writes("/concordance", 412, policy="concordance.sign")
    def sign_concordance(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], data: JSONBody[SignaturesIn]
    ) -> Response[SignaturesOut]:
        """Sign that paragraphs say the same in three languages, naming the text versions that were compared.

        All of them or none. A signature is void as soon as the words of one of the texts change.
        """
        actor = work.actor
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor, may=policy.may_follow)
            seen = {paragraph.block_id: paragraph.seen() for paragraph in data.paragraphs}
            made = ConcordanceService(db).sign(declaration.id, seen, note=data.note, actor=actor)
            found = SignaturesOut(signatures=[SignatureOut.of(one) for one in made])
        return answer(found)

    @writes("/sign-offs", 412, policy="concordance.sign")
    def sign_off_language(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], data: JSONBody[SignOffIn]
    ) -> Response[SignOffOut]:
        """Answer for the whole text in one language."""
        actor = work.actor
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor, may=policy.may_follow)
            made = ConcordanceService(db).sign_off(declaration.id, data.language, expected=data.texts, actor=actor)
            found = SignOffOut.of(made.language, made.texts_hash, made)
        return answer(found)


class TranslationReviewApi(Controller):
    """What a second translator says of texts."""

    path = _PATH
    tags = ("Texts",)

    @reads("/reviews", policy=FOLLOW_THE_WORK)
    def read_reviews(self, work: NamedDependency[Work], declaration_id: FromPath[UUID]) -> Response[ReviewsOut]:
        """Read what was said of the texts in force, the last word of each."""
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=work.actor, may=policy.may_follow)
            found = ReviewService(db).reviews(declaration, queries.head_rows(db, declaration))
            return answer(ReviewsOut(reviews=[ReviewOut.of(one) for one in found.values()]))

    @writes("/reviews", 412, policy="translation.approve")
    def review_translations(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], data: JSONBody[ReviewedIn]
    ) -> Response[ReviewsOut]:
        """Approve or return text versions that somebody else wrote; all of them or none."""
        actor = work.actor
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor, may=policy.may_follow)
            made = ReviewService(db).review(declaration.id, data.versions, data.verdict, note=data.note, actor=actor)
            found = ReviewsOut(reviews=[ReviewOut.of(one) for one in made])
        return answer(found)


class TaskApi(Controller):
    """Whose work a translation is."""

    path = _PATH
    tags = ("Texts",)

    @reads("/assignments", policy=FOLLOW_THE_WORK)
    def read_assignments(self, work: NamedDependency[Work], declaration_id: FromPath[UUID]) -> Response[AssignmentsOut]:
        """Read whose work each language is, or single paragraphs of it."""
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=work.actor, may=policy.may_follow)
            return answer(_tasks(db, declaration))

    @writes("/assignments", policy="translation.assign")
    def assign_translation(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], data: JSONBody[AssignmentIn]
    ) -> Response[AssignmentOut]:
        """Give a language, or one paragraph in it, to somebody who translates into it."""
        actor = work.actor
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor, may=policy.may_follow)
            made = TaskService(db).assign(
                declaration.id,
                data.language,
                data.person_id,
                block_id=data.block_id,
                due_on=data.due_on,
                actor=actor,
            )
            found = AssignmentOut.of(made)
        return answer(found)

    @removes("/assignments/{assignment_id:uuid}", policy="translation.assign")
    def unassign_translation(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], assignment_id: FromPath[UUID]
    ) -> None:
        """Take a task back."""
        actor = work.actor
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor, may=policy.may_follow)
            TaskService(db).unassign(declaration.id, assignment_id, actor=actor)

    @writes("/blocks/{block_id:uuid}/texts/{language:str}/claim", status=DONE, policy="translation.write")
    def claim_text(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        block_id: FromPath[UUID],
        language: FromPath[Language],
    ) -> Response[ClaimOut]:
        """Say for twenty minutes that one is at work on a text; answers with whoever was there first.

        A claim is advice to the others and keeps nobody from saving.
        """
        actor = work.actor
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor)
            found = ClaimOut.of(TaskService(db).claim(declaration.id, block_id, language, actor=actor))
        return answer(found)

    @removes("/blocks/{block_id:uuid}/texts/{language:str}/claim", policy="translation.write")
    def release_text(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        block_id: FromPath[UUID],
        language: FromPath[Language],
    ) -> None:
        """Say that one is done with a text."""
        actor = work.actor
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor)
            TaskService(db).release(declaration.id, block_id, language, actor=actor)


def _tasks(db: Db, declaration: Declaration) -> AssignmentsOut:
    return AssignmentsOut(assignments=[AssignmentOut.of(one) for one in TaskService(db).assignments(declaration)])
