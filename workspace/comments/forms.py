"""The form of a remark, and the page on which it comes back when it could not be kept."""

from collections.abc import Callable, Mapping

from litestar import Response
from msgspec import Struct

from drafts.blocks import Language
from workspace.comments.models import CommentState, CommentThread
from workspace.comments.phrases import Phrase
from workspace.comments.visitors import go_on_as
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import Invalid
from workspace.people.guests import GuestService
from workspace.people.service import PeopleService
from workspace.web.i18n import LANGUAGES
from workspace.web.pages import Page, Place, field_errors, page, redirect
from workspace.web.services import Work

SHOWN_AGAIN = 422


class CommentForm(Struct, frozen=True):
    """A remark, and the language it is written in. A guest adds who they are; `internal` is for those who draft.

    `quote` are words of the text in the language `quoted_in`, `before` those in front of them.
    """

    text: str = ""
    language: str = ""
    name: str = ""
    email: str = ""
    internal: str = ""
    quote: str = ""
    before: str = ""
    quoted_in: str = ""

    def said_in(self, otherwise: Language) -> Language:
        return Language(self.language) if self.language in LANGUAGES else otherwise

    def phrase(self, otherwise: Language) -> Phrase | None:
        """The words it is about; None for a remark on the whole."""
        if not self.quote.strip():
            return None
        language = Language(self.quoted_in) if self.quoted_in in LANGUAGES else otherwise
        return Phrase(self.quote, language, self.before)


class CommentPage(Page, frozen=True, kw_only=True):
    """A remark that could not be kept, with its words. `action` is where its form leads, `back` where it came from."""

    form: CommentForm
    errors: Mapping[str, str]
    action: str
    back: str
    as_guest: bool = False


def again(
    work: Work, place: Place, form: CommentForm, refusal: Invalid, *, back: str, as_guest: bool = False
) -> Response[str]:
    """The form with what was written, and why it could not be kept."""
    context = CommentPage(
        place=place,
        here="reading",
        form=form,
        errors=field_errors(work, refusal),
        action=work.request.url.path,
        back=back,
        as_guest=as_guest,
    )
    return page(work, "comments/again.html", context, status=SHOWN_AGAIN)


class Speaker(Struct, frozen=True):
    """Who speaks: `actor`, or a visitor who becomes a guest with what the form says of them."""

    actor: Actor
    as_guest: bool = False

    def begun(
        self, work: Work, form: CommentForm, begin: Callable[[Db, Actor], CommentThread], *, forum: str, back: str
    ) -> Response[None]:
        """Begin a conversation and go `back`; raises `Invalid`."""
        actor, token = self.actor, ""
        with work.writing() as db:
            if self.as_guest:
                where = PeopleService(db).forum(forum)
                guests = GuestService(db)
                arrived = guests.come_in(where, name=form.name, email=form.email, language=work.language.value)
                actor, token = arrived.person.as_actor(), arrived.token
            held = begin(db, actor).comments[0].state is CommentState.HELD
        response = redirect(work, back, said=kept(work, held=held, is_new=bool(token)))
        if token:
            go_on_as(work, response, token)
        return response


def kept(work: Work, *, held: bool, is_new: bool = False) -> str:
    """What to say of a remark that was taken."""
    if not held:
        return work.messages.gettext("Your comment is kept.")
    if is_new:
        return work.messages.gettext(
            "Your comment waits for a moderator. "
            "We have sent you a letter: open its link to show that the address is yours."
        )
    return work.messages.gettext("Your comment waits for a moderator.")
