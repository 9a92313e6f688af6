"""Writing one change in its place: a member's amendment, or the committee's own edit."""

from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody

from drafts.errors import DraftsError
from workspace.amendments import forms
from workspace.amendments.change_desk import EDITING, PROPOSING, ChangeDesk
from workspace.amendments.forms import ChangeForm
from workspace.amendments.passages import block_key
from workspace.amendments.service import AmendmentService
from workspace.core.errors import Invalid, Stale
from workspace.web.i18n import N_
from workspace.web.pages import redirect
from workspace.web.services import Work

FILED = N_("Amendment %(number)s is filed. You can withdraw it until it is decided.")
REVISED = N_("Amendment %(number)s is written anew. What you wrote before stays on record.")


class ChangePages(Controller):
    """Proposing an amendment, and editing as the committee."""

    path = "/{forum:str}/{declaration:str}"

    @get("/amendments/new", name="new_amendment", sync_to_thread=True, policy="amendment.propose")
    def new_amendment(  # noqa: PLR0917  (what its address says)
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        block: FromQuery[str] = "",
        op: FromQuery[str] = forms.FIRST,
        amends: FromQuery[int] = 0,
        revises: FromQuery[int] = 0,
    ) -> Response[str]:
        """The paragraph in its place, with its words to change: those of the text, or of an amendment."""
        form = ChangeForm(block=block, op=op, amends=amends, revises=revises)
        return ChangeDesk(work, forum, declaration, PROPOSING).opened(form)

    @post("/amendments/new", name="propose_amendment", sync_to_thread=True, policy="amendment.propose")
    def propose(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[ChangeForm],
    ) -> Response[str] | Response[None]:
        """File it against the revision that was shown, or show what it would change."""
        desk, actor = ChangeDesk(work, forum, declaration, PROPOSING), work.actor
        if data.action == forms.PREVIEW:
            return desk.previewed(data)
        try:
            with work.writing() as db:
                filed = desk.filed(db, data, actor=actor).number
        except (Invalid, DraftsError, Stale) as refusal:
            return desk.again(data, refusal)
        said = work.messages.gettext(REVISED if data.revises else FILED, number=filed)
        return redirect(work, work.url_for("amendment", forum=forum, declaration=declaration, number=filed), said=said)

    @get("/edit", name="edit_paragraph", sync_to_thread=True, policy="block.edit")
    def edit_paragraph(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        block: FromQuery[str] = "",
        op: FromQuery[str] = forms.FIRST,
    ) -> Response[str]:
        """The same form for the committee's own hand."""
        return ChangeDesk(work, forum, declaration, EDITING).opened(ChangeForm(block=block, op=op))

    @post("/edit", name="save_edit", sync_to_thread=True, policy="block.edit")
    def save_edit(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[ChangeForm],
    ) -> Response[str] | Response[None]:
        """Change the text at once, as a decision with its reason."""
        desk, actor = ChangeDesk(work, forum, declaration, EDITING), work.actor
        if data.action == forms.PREVIEW:
            return desk.previewed(data)
        try:
            with work.writing() as db:
                found = desk.frame(db)
                passages = desk.passages(db, found, data)
                revision = (
                    AmendmentService(db)
                    .edit(
                        found.declaration.id,
                        [data.change(passages)],
                        language=data.language,
                        reason=data.reason,
                        expected_head=_id(data.head),
                        actor=actor,
                    )
                    .number
                )
        except (Invalid, DraftsError, Stale) as refusal:
            return desk.again(data, refusal)
        said = work.messages.gettext("The text is changed: revision %(number)s.", number=revision)
        to = work.url_for("reading", forum=forum, declaration=declaration, text=data.language)
        return redirect(work, f"{to}#{data.language}-b-{data.block}", said=said)


def _id(text: str) -> UUID:
    key = block_key(text)
    if key is None:
        raise Stale(expected=text, head="")
    return key
