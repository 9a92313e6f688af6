"""Writing changes in their place: a member's amendment, or the committee's own edit."""

from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from drafts.errors import DraftsError
from workspace.amendments import forms
from workspace.amendments.backing import BackingService
from workspace.amendments.change_desk import EDITING, PROPOSING, ChangeDesk
from workspace.amendments.forms import ChangeForm
from workspace.amendments.passages import block_key
from workspace.amendments.service import AmendmentService
from workspace.core.errors import AlreadyProposed, Invalid, NotFound, Stale
from workspace.web.i18n import N_
from workspace.web.pages import redirect
from workspace.web.params import FromPath, FromQuery, URLEncodedBody
from workspace.web.services import Work

FILED = N_("Amendment %(number)s is filed. You can withdraw it until it is decided.")
REVISED = N_("Amendment %(number)s is written anew. What you wrote before stays on record.")
SUPPORTED = N_("You support amendment %(number)s.")
KEPT = N_("Your draft is kept. Nobody else sees it.")


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
        draft: FromQuery[str] = "",
        fresh: FromQuery[str] = "",
    ) -> Response[str]:
        """The paragraph in its place, with its words to change: those of the text, of an amendment, or of a draft."""
        form = ChangeForm(block=block, op=op, amends=amends, revises=revises, draft=draft)
        return ChangeDesk(work, forum, declaration, PROPOSING).opened(form, is_fresh=bool(fresh))

    @post("/amendments/new", name="propose_amendment", sync_to_thread=True, policy="amendment.propose")
    def propose(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[ChangeForm],
    ) -> Response[str] | Response[None]:
        """File it against the revision that was shown, show what it would change, or do what the button says."""
        desk = ChangeDesk(work, forum, declaration, PROPOSING)
        verb, _, number = data.action.partition("-")
        try:
            if verb == "support":
                return self._supported(desk, data, number)
            if verb in _ARRANGING:
                return self._arranged(desk, data)
            if verb == forms.PREVIEW:
                return desk.previewed(data)
            return self._filed(desk, data)
        except (Invalid, DraftsError, Stale, AlreadyProposed) as refusal:
            return desk.again(data, refusal)

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
        try:
            if data.action == forms.PREVIEW:
                return desk.previewed(data)
            with work.writing() as db:
                found = desk.frame(db)
                changes = data.changes(desk.passages(db, found, data))
                service = AmendmentService(db)
                revision = service.edit(
                    found.declaration.id,
                    changes,
                    language=data.language,
                    reason=data.reason,
                    expected_head=_id(data.head),
                    actor=actor,
                    may_rejoin=True,
                ).number
        except (Invalid, DraftsError, Stale) as refusal:
            return desk.again(data, refusal)
        said = work.messages.gettext("The text is changed: revision %(number)s.", number=revision)
        to = work.url_for("reading", forum=forum, declaration=declaration, text=data.language)
        return redirect(work, f"{to}#{data.language}-b-{data.block}", said=said)

    def _filed(self, desk: ChangeDesk, data: ChangeForm) -> Response[None]:
        work, actor = desk.work, desk.work.actor
        with work.writing() as db:
            filed = desk.filed(db, data, actor=actor).number
        return _to_amendment(desk, filed, said=work.messages.gettext(REVISED if data.revises else FILED, number=filed))

    def _arranged(self, desk: ChangeDesk, data: ChangeForm) -> Response[None]:
        """Keep the draft as the button left it, and go on there: a page that is loaded again does nothing twice."""
        work, actor = desk.work, desk.work.actor
        with work.writing() as db:
            draft = desk.kept(db, desk.rearranged(db, data), actor=actor).id
        to = work.url_for("new_amendment", forum=desk.forum, declaration=desk.declaration, draft=draft)
        said = work.messages.gettext(KEPT) if data.action == "keep" else ""
        return redirect(work, f"{to}#{_ARRANGING[data.action.partition('-')[0]]}", said=said)

    def _supported(self, desk: ChangeDesk, data: ChangeForm, number: str) -> Response[None]:
        """Stand behind what somebody has filed; the draft goes where it says the very same."""
        work, actor = desk.work, desk.work.actor
        if not number.isdecimal():
            raise NotFound(what="amendment", id=number)
        with work.writing() as db:
            found, service = desk.frame(db), BackingService(db)
            amendment = service.numbered(found.declaration, int(number), actor=actor)
            is_same = desk.is_same(db, data, amendment)
            service.support(amendment.id, actor=actor)
            if is_same:
                desk.cleared(db, data, actor=actor)
        return _to_amendment(desk, int(number), said=work.messages.gettext(SUPPORTED, number=number))


_ARRANGING = {
    "keep": "h-text",
    "add": "h-text",
    "open": "h-text",
    "remove": "h-text",
    "invite": "h-with",
    "uninvite": "h-with",
}
"""The buttons that change nothing but the draft, and the part of the page to come back to."""


def _to_amendment(desk: ChangeDesk, number: int, *, said: str) -> Response[None]:
    to = desk.work.url_for("amendment", forum=desk.forum, declaration=desk.declaration, number=number)
    return redirect(desk.work, to, said=said)


def _id(text: str) -> UUID:
    key = block_key(text)
    if key is None:
        raise Stale(expected=text, head="")
    return key
