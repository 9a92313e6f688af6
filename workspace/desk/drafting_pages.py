"""Drafting from the register, and the bank of adopted texts, in the browser."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from msgspec import Struct

from drafts.errors import DraftsError
from workspace.consultation import policy
from workspace.consultation.bank import BankService
from workspace.core.errors import Invalid, Stale, WorkspaceError
from workspace.declarations.frame import frame, header
from workspace.desk import drafting
from workspace.desk.drafting import DraftingForm, Quotable, drafting_page
from workspace.desk.own_texts import OwnPassage, own_passages
from workspace.people.frame import forum_frame
from workspace.web.i18n import LANGUAGES
from workspace.web.pages import Page, field_errors, page, redirect
from workspace.web.params import FromPath, FromQuery, URLEncodedBody
from workspace.web.sentences import sentence
from workspace.web.services import Work

SAVE, QUOTE, OWN = "save", "quote:", "own:"


class DraftingPages(Controller):
    """Drafting from the register."""

    path = "/{forum:str}/{declaration:str}/drafting"

    @get(name="drafting", sync_to_thread=True, policy="block.edit")
    def drafting(
        self,
        *,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        block: FromQuery[str] = "",
        number: FromQuery[list[int] | None] = None,
    ) -> Response[str]:
        """The form; `?number=` are the recommendations to begin with, `?block=` the paragraph to extend."""
        form = DraftingForm(block=block, way=drafting.EXTEND if block else drafting.START, number=number or [])
        with work.reading() as db:
            if number:
                found = frame(db, forum, declaration, work=work, may=drafting.may_draft)
                form = drafting.composed(db, found.declaration, form)
            context = drafting_page(db, forum, declaration, work=work, form=form)
        return page(work, "desk/drafting.html", context)

    @post(name="save_drafting", sync_to_thread=True, policy="block.edit")
    def save_drafting(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[DraftingForm],
    ) -> Response[str] | Response[None]:
        """Make the paragraph with its links; or show the form again, with more words in it."""
        actor, form = work.actor, data
        if data.act != SAVE:
            with work.reading() as db:
                found = frame(db, forum, declaration, work=work, may=drafting.may_draft)
                passage = _id(data.act.removeprefix(QUOTE)) if data.act.startswith(QUOTE) else None
                if passage:
                    form = drafting.quoted(db, found.declaration, form, passage, actor=actor)
                elif data.act.startswith(OWN):
                    form = drafting.quoted_own(db, found.declaration, form, data.act.removeprefix(OWN), work=work)
                elif data.act == "compose":
                    form = drafting.composed(db, found.declaration, form)
                context = drafting_page(db, forum, declaration, work=work, form=form)
            return page(work, "desk/drafting.html", context)
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=drafting.may_draft)
                block = drafting.save(db, found.declaration, form, actor=actor)
        except (Invalid, Stale, DraftsError) as refusal:
            errors = _errors(work, refusal)
            with work.reading() as db:
                context = drafting_page(db, forum, declaration, work=work, form=form, errors=errors)
            return page(work, "desk/drafting.html", context, status=422)
        count = len(form.numbers)
        said = work.messages.ngettext(
            "The paragraph is in the draft, linked with one recommendation.",
            "The paragraph is in the draft, linked with %(n)s recommendations.",
            count,
        )
        to = work.url_for("drafting", forum=forum, declaration=declaration, block=block)
        return redirect(work, to, said=said)


class PassageFields(Struct, frozen=True):
    """Words of an adopted text, its title, and where in it they stand."""

    source: str = ""
    citation: str = ""
    language: str = ""
    text: str = ""


class BankPage(Page, frozen=True, kw_only=True):
    words: str
    passages: Sequence[Quotable]
    own: Sequence[OwnPassage]
    may_add: bool
    form: PassageFields
    errors: Mapping[str, str]


class BankPages(Controller):
    """The bank of adopted texts."""

    path = "/{forum:str}/sessions/adopted-texts"

    @get(name="bank", sync_to_thread=True, policy="session.read")
    def bank(self, work: NamedDependency[Work], forum: FromPath[str], words: FromQuery[str] = "") -> Response[str]:
        """The passages that have these words."""
        return _bank(work, forum, words=words)

    @post(name="add_passage", sync_to_thread=True, policy=("session.edit", "provenance.link"))
    def add_passage(
        self, work: NamedDependency[Work], forum: FromPath[str], data: URLEncodedBody[PassageFields]
    ) -> Response[str] | Response[None]:
        """Put one more in."""
        actor = work.actor
        try:
            with work.writing() as db:
                BankService(db).add(
                    forum_frame(db, forum, work=work).forum,
                    source=data.source,
                    citation=data.citation,
                    language=data.language if data.language in LANGUAGES else work.language,
                    text=data.text,
                    actor=actor,
                )
        except Invalid as refusal:
            return _bank(work, forum, form=data, errors=field_errors(work, refusal))
        said = work.messages.gettext("The words are in the bank, with where they stand.")
        return redirect(work, work.url_for("bank", forum=forum), said=said)


def _bank(
    work: Work,
    forum: str,
    *,
    words: str = "",
    form: PassageFields | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response[str]:
    with work.reading() as db:
        found = forum_frame(db, forum, work=work)
        passages = BankService(db).find(found.forum, words, actor=work.actor)
        context = BankPage(
            place=header(db, found, work=work),
            here="sessions",
            words=words,
            passages=[Quotable(one.id, one.source, one.citation, one.text, one.language) for one in passages],
            own=own_passages(db, found.forum, words, work=work),
            may_add=policy.may_quote(work.actor, found.forum),
            form=form or PassageFields(language=work.language),
            errors=errors or {},
        )
    return page(work, "desk/bank.html", context, status=422 if errors else 200)


def _errors(work: Work, refusal: WorkspaceError | DraftsError) -> Mapping[str, str]:
    if isinstance(refusal, Invalid) and str(refusal.facts.get("field")) in {"reason", "wording", "block"}:
        return field_errors(work, refusal)
    return {"wording": sentence(refusal, work.messages)}


def _id(told: str) -> UUID | None:
    try:
        return UUID(told)
    except ValueError:
        return None
