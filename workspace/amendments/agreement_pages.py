"""Pages about how far a text is agreed, paragraph by paragraph, with the committee's forms."""

from collections.abc import Mapping
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from drafts.blocks import Language
from workspace.amendments.agreement import BRACKETED, CLEAN, WAYS, Agreement
from workspace.amendments.brackets import Wanted
from workspace.amendments.listing import asked_language
from workspace.amendments.passages import block_key
from workspace.amendments.service import AmendmentService
from workspace.core.actor import Actor
from workspace.core.db import Trilingual
from workspace.core.errors import Invalid, Stale
from workspace.declarations.frame import frame
from workspace.declarations.models import Declaration
from workspace.declarations.paragraph_models import ParagraphStatus
from workspace.declarations.paragraph_status import ParagraphStates
from workspace.declarations.policy import may_do
from workspace.web.pages import page, redirect
from workspace.web.params import FromPath, URLEncodedBody
from workspace.web.route_policies import FOLLOW_THE_WORK
from workspace.web.sentences import sentence
from workspace.web.services import Work

SHOWN_AGAIN = 422
Form = URLEncodedBody[dict[str, str]]


def may_follow(actor: Actor, declaration: Declaration) -> bool:
    """Who follows the work on the text; readers of a consultation see the text, and not what the committee contests."""
    return any(may_do(actor, action, declaration) for action in FOLLOW_THE_WORK)


class AgreementPages(Controller):
    """The agreement on a declaration."""

    path = "/{forum:str}/{declaration:str}/agreement"

    @get("/", name="agreement", sync_to_thread=True, policy=FOLLOW_THE_WORK)
    def agreement(self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str]) -> Response[str]:
        """Every paragraph with its status, `?view=bracketed` (as it comes) or `clean`, in one language (`?text=`)."""
        view = CLEAN if work.request.query_params.get("view") == CLEAN else BRACKETED
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work, may=may_follow)
            language = asked_language(work) or Language(work.language)
            context = Agreement(work, db, found).page(language, view)
        return page(work, "amendments/agreement.html", context)

    @get("/text", name="bracketed_text", sync_to_thread=True, policy=FOLLOW_THE_WORK)
    def text(self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str]) -> Response[str]:
        """The text with its brackets as Markdown: `[A: …] [B: …]`."""
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work, may=may_follow)
            written = Agreement(work, db, found).markdown(asked_language(work) or Language(work.language))
        return Response(written, media_type="text/markdown", headers={"Cache-Control": "no-store"})

    @get("/{block_id:uuid}", name="agreement_paragraph", sync_to_thread=True, policy=FOLLOW_THE_WORK)
    def paragraph(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        block_id: FromPath[UUID],
    ) -> Response[str]:
        """One paragraph: its status and how it came to it, its bracket, and the forms for both."""
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work, may=may_follow)
            context = Agreement(work, db, found).paragraph(block_id)
        return page(work, "amendments/agreement_paragraph.html", context)

    @post("/{block_id:uuid}/status", name="set_paragraph_status", sync_to_thread=True, policy="paragraph.status")
    def set_status(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        block_id: FromPath[UUID],
        data: Form,
    ) -> Response[str] | Response[None]:
        """Say how far a paragraph is agreed."""
        actor = work.actor
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=may_follow)
                status = _status(data.get("status", ""))
                states = ParagraphStates(db)
                states.set(found.declaration.id, block_id, status, reason=data.get("reason", ""), actor=actor)
        except Invalid as refusal:
            return _again(work, forum, declaration, block_id, data=data, refusal=refusal)
        said = work.messages.gettext("The status of the paragraph is on record.")
        return redirect(work, _paragraph(work, forum, declaration, block_id), said=said)

    @post("/{block_id:uuid}/bracket", name="set_bracket_form", sync_to_thread=True, policy="bracket.set_resolve")
    def set_bracket(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        block_id: FromPath[UUID],
        data: Form,
    ) -> Response[str] | Response[None]:
        """Set alternatives beside the paragraph."""
        actor = work.actor
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=may_follow)
                made = AmendmentService(db).bracket(
                    found.declaration.id,
                    block_id,
                    [wanted for place in range(1, WAYS + 1) if (wanted := _wanted(data, place))],
                    language=found.declaration.original_language,
                    reason=data.get("reason", ""),
                    expected_head=block_key(data.get("head", "")) or UUID(int=0),
                    actor=actor,
                )
                number = made.number
        except (Invalid, Stale) as refusal:
            return _again(work, forum, declaration, block_id, data=data, refusal=refusal)
        said = work.messages.gettext("The alternatives stand in bracket %(number)s.", number=number)
        return redirect(work, _paragraph(work, forum, declaration, block_id), said=said)


def _again(
    work: Work,
    forum: str,
    declaration: str,
    block_id: UUID,
    *,
    data: Mapping[str, str],
    refusal: Invalid | Stale,
) -> Response[str]:
    """The page with all that was written, and what stood in the way."""
    errors = {str(refusal.facts.get("field", "form")): sentence(refusal, work.messages)}
    with work.reading() as db:
        found = frame(db, forum, declaration, work=work, may=may_follow)
        context = Agreement(work, db, found).paragraph(block_id, given=data, errors=errors)
    return page(work, "amendments/agreement_paragraph.html", context, status=SHOWN_AGAIN)


def _wanted(data: Mapping[str, str], place: int) -> Wanted | None:
    """One alternative of the form: words in some language, or the wish that the paragraph goes."""
    texts = {language.value: data.get(f"alternative-{place}-{language}", "") for language in Language}
    if not any(text.strip() for text in texts.values()) and data.get(f"none-{place}") != "yes":
        return None
    sponsor = block_key(data.get(f"organisation-{place}", ""))
    return Wanted(Trilingual.of(texts), organisations=(sponsor,) if sponsor else ())


def _status(given: str) -> ParagraphStatus:
    if given not in set(ParagraphStatus):
        raise Invalid(field="status", reason="required")
    return ParagraphStatus(given)


def _paragraph(work: Work, forum: str, declaration: str, block_id: UUID) -> str:
    return work.url_for("agreement_paragraph", forum=forum, declaration=declaration, block_id=str(block_id))
