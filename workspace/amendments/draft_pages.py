"""Drafts of amendments: kept while they are typed, listed, gone on with, thrown away."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from msgspec import Struct

from drafts.blocks import Language
from drafts.errors import DraftsError
from workspace.amendments import policy
from workspace.amendments.change_desk import PROPOSING, ChangeDesk
from workspace.amendments.drafting import DraftingService, content_of
from workspace.amendments.forms import ChangeForm
from workspace.amendments.models import AmendmentDraft
from workspace.amendments.passages import Passages
from workspace.amendments.views import passages_in
from workspace.core.db import Db
from workspace.core.errors import Invalid, NotFound
from workspace.declarations import queries
from workspace.declarations.frame import Frame, frame
from workspace.web.i18n import LANGUAGES
from workspace.web.pages import Page, page, redirect
from workspace.web.params import FromPath, URLEncodedBody
from workspace.web.route_policies import OWN, READ_THE_TEXT
from workspace.web.services import Work
from workspace.web.sign_ins import SignInNeeded


class DraftLine(Struct, frozen=True):
    """A draft: which paragraphs it is about, the words that its author has written, and where it goes on."""

    id: str
    names: Sequence[str]
    texts: Sequence[str]
    reason: str
    language: Language
    kept_at: datetime
    href: str


class DraftsPage(Page, frozen=True, kw_only=True):
    """One's own drafts, the one kept last first."""

    drafts: Sequence[DraftLine]


class KeptOut(Struct, frozen=True, kw_only=True):
    """For the script that keeps what is typed: the draft, its version, a sentence about it, and what the server thinks
    of the words so far, as HTML of our own templates.
    """

    draft: UUID
    version: UUID
    said: str
    checked: str


class AmendmentDraftPages(Controller):
    """One's own drafts of amendments to one declaration."""

    path = "/{forum:str}/{declaration:str}/amendments/drafts"

    @get("/", name="amendment_drafts", sync_to_thread=True, policy=OWN)
    def amendment_drafts(
        self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str]
    ) -> Response[str]:
        """All that one has begun and not filed, whatever phase the text is in meanwhile."""
        actor = work.actor
        if actor.person_id is None:
            raise SignInNeeded
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work)
            every = DraftingService(db).of(found.declaration, actor=actor)
            lines = [_line(db, draft, found, work) for draft in every]
            context = DraftsPage(place=found.place, here="amendments", drafts=lines)
        return page(work, "amendments/drafts.html", context)

    @post("/", name="keep_amendment_draft", sync_to_thread=True, policy="amendment.propose", status_code=200)
    def keep_amendment_draft(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[ChangeForm],
    ) -> Response[KeptOut]:
        """Keep what is in the form, and say how it stands; for the script of the form."""
        desk, actor = ChangeDesk(work, forum, declaration, PROPOSING), work.actor
        with work.writing() as db:
            draft = desk.kept(db, data, actor=actor)
            kept = (draft.id, draft.version, draft.kept_at)
            local = desk.frame(db).forum.local
        at = work.messages.time(local(kept[2]))
        is_other = bool(data.draft) and str(kept[0]) != data.draft
        said = work.messages.gettext("Kept at %(time)s.", time=at)
        if is_other:
            said = work.messages.gettext(
                "Another tab has kept other words: yours are kept beside them, as a draft of their own, at %(time)s.",
                time=at,
            )
        answer = KeptOut(draft=kept[0], version=kept[1], said=said, checked=_checked(desk, data))
        return Response(answer, headers={"Cache-Control": "no-store"})

    @post("/{draft_id:uuid}/discard", name="discard_amendment_draft", sync_to_thread=True, policy=READ_THE_TEXT)
    def discard_amendment_draft(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        draft_id: FromPath[UUID],
    ) -> Response[None]:
        """Throw one away, for good."""
        actor = work.actor
        with work.writing() as db:
            frame(db, forum, declaration, work=work)
            DraftingService(db).discard(draft_id, actor=actor)
        said = work.messages.gettext("The draft is gone.")
        return redirect(work, work.url_for("amendment_drafts", forum=forum, declaration=declaration), said=said)


def _checked(desk: ChangeDesk, form: ChangeForm) -> str:
    """What would change and who else asks for what there, or "" where the form stands on words that are gone."""
    work = desk.work
    try:
        with work.reading() as db:
            checked = desk.checked(db, form)
    except (NotFound, Invalid, DraftsError):
        return ""
    template = work.site.templates[work.language].get_template("amendments/_checked.html")
    return template.render(
        refusal=checked.refusal,
        preview=checked.parts,
        language=form.language,
        others=checked.others,
    )


def _line(db: Db, draft: AmendmentDraft, found: Frame, work: Work) -> DraftLine:
    content = content_of(draft)
    language = Language(content.language) if content.language in LANGUAGES else work.language
    passages = passages_in(queries.head_rows(db, found.declaration), language, work, found)
    here = {"forum": found.forum.slug, "declaration": found.declaration.slug}
    is_open = policy.may_propose(work.actor, found.declaration)
    return DraftLine(
        id=str(draft.id),
        names=_names([one.block for one in content.entries], passages, work),
        texts=[text for one in content.entries for text in (one.wording, one.addition) if text],
        reason=content.reason,
        language=language,
        kept_at=found.forum.local(draft.kept_at),
        href=work.url_for("new_amendment", **here, draft=draft.id) if is_open else "",
    )


def _names(blocks: Sequence[str], passages: Passages, work: Work) -> Sequence[str]:
    gone = work.messages.gettext("A paragraph that is no longer in the text")
    return list(dict.fromkeys(passages.name_of(block) or gone for block in blocks))
