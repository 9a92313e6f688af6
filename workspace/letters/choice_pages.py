"""Choosing what comes by mail, and ending one kind of letter by the link in it, without signing in."""

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, TypeAlias

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import PathParameter
from msgspec import Struct

from workspace.accounts.doorway import signed_in
from workspace.core.errors import Invalid
from workspace.letters import bounces
from workspace.letters.choices import ChoiceService, paces_of_kind
from workspace.letters.models import MailKind, Pace
from workspace.web.i18n import N_
from workspace.web.pages import Page, page, redirect
from workspace.web.params import URLEncodedBody
from workspace.web.route_policies import OWN, PUBLIC
from workspace.web.services import Work

KINDS: Mapping[MailKind, str] = {
    MailKind.MENTIONS: N_("When somebody names you, or answers in a conversation of yours"),
    MailKind.DECISIONS: N_("When an amendment of yours, or one that you follow, is decided on"),
    MailKind.TASKS: N_("When something waits for you: a task, a vote, a second signature"),
    MailKind.TEXT: N_("When something happens to what you follow: new words, amendments, conversations"),
    MailKind.DEADLINES: N_("When something closes within a day"),
    MailKind.PHASES: N_("When a phase opens or closes"),
    MailKind.CHECKPOINTS: N_("When the log is sealed with a checkpoint"),
}
PACES: Mapping[Pace, str] = {Pace.AT_ONCE: N_("At once"), Pace.DAILY: N_("Once a day"), Pace.NEVER: N_("Not by mail")}
Token: TypeAlias = Annotated[str, PathParameter(max_length=400)]


class ChoicesForm(Struct, frozen=True):
    """The word of a pace for each kind; "" leaves it as it is."""

    mentions: str = ""
    decisions: str = ""
    tasks: str = ""
    text: str = ""
    deadlines: str = ""
    phases: str = ""
    checkpoints: str = ""

    def chosen(self) -> Mapping[MailKind, Pace]:
        """Raises `Invalid` for a word that is no pace."""
        return {kind: _pace(kind, word) for kind in MailKind if (word := getattr(self, kind.value))}


class PaceOption(Struct, frozen=True):
    word: str
    name: str
    is_chosen: bool


class ChoiceLine(Struct, frozen=True):
    word: str
    name: str
    options: Sequence[PaceOption]


class ChoicesPage(Page, frozen=True, kw_only=True):
    lines: Sequence[ChoiceLine]
    has_come_back: bool


class EndingPage(Page, frozen=True, kw_only=True):
    token: str
    kinds: Sequence[str]
    is_done: bool


class ChoicePages(Controller):
    """One's own choices."""

    path = "/account/letters"

    @get(name="own_letters", policy=OWN, sync_to_thread=True)
    def own_letters(self, work: NamedDependency[Work]) -> Response[str]:
        """Every kind of letter, and how soon it comes."""
        actor = signed_in(work).actor
        with work.reading() as db:
            service = ChoiceService(db)
            paces, has_come_back = service.paces(actor=actor), service.has_come_back(actor=actor)
        say = work.messages.gettext
        lines = [
            ChoiceLine(
                kind.value,
                say(KINDS[kind]),
                [PaceOption(one.value, say(PACES[one]), one is paces[kind]) for one in paces_of_kind(kind)],
            )
            for kind in KINDS
        ]
        return page(work, "letters/choices.html", ChoicesPage(lines=lines, has_come_back=has_come_back))

    @post(name="choose_letters", policy=OWN, sync_to_thread=True)
    def choose_letters(self, work: NamedDependency[Work], data: URLEncodedBody[ChoicesForm]) -> Response[None]:
        """Keep what was chosen."""
        actor = signed_in(work).actor
        with work.writing() as db:
            ChoiceService(db).choose(data.chosen(), actor=actor)
        said = work.messages.gettext(N_("Letters come to you as you chose."))
        return redirect(work, work.url_for("own_letters"), said=said)

    @post("/address", name="write_again", policy=OWN, sync_to_thread=True)
    def write_again(self, work: NamedDependency[Work]) -> Response[None]:
        """Write to one's address again, from which letters came back."""
        actor = signed_in(work).actor
        with work.writing() as db:
            bounces.forget_own(db, actor=actor)
        said = work.messages.gettext(N_("Letters go to your address again."))
        return redirect(work, work.url_for("own_letters"), said=said)


class EndingPages(Controller):
    """The link in a letter, for whoever has the letter."""

    path = "/letters/end/{token:str}"

    @get(name="end_letters", policy=PUBLIC, sync_to_thread=True)
    def ask(self, work: NamedDependency[Work], token: Token) -> Response[str]:
        """Say what would end; nothing ends by looking, because programs that read mail follow links."""
        with work.reading() as db:
            kinds = ChoiceService(db).told_by(token, sealer=work.site.store.sealer)
        return _ending(work, token, kinds, is_done=False)

    @post(name="confirm_end_letters", policy=PUBLIC, sync_to_thread=True)
    def end(self, work: NamedDependency[Work], token: Token) -> Response[str]:
        """End them."""
        with work.writing() as db:
            kinds = ChoiceService(db).end(token, sealer=work.site.store.sealer)
        return _ending(work, token, kinds, is_done=True)


def _ending(work: Work, token: str, kinds: Collection[MailKind], *, is_done: bool) -> Response[str]:
    names = [work.messages.gettext(KINDS[kind]) for kind in kinds]
    return page(work, "letters/end.html", EndingPage(token=token, kinds=names, is_done=is_done))


def _pace(kind: MailKind, word: str) -> Pace:
    try:
        return Pace(word)
    except ValueError as error:
        raise Invalid(field=kind.value, reason="unknown_choice", given=word[:100]) from error
