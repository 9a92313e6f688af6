"""Pages about mail: preferences, letters that failed, addresses that bounce."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Annotated, TypeAlias
from uuid import UUID

from litestar import Controller, Response
from litestar.params import PathParameter
from msgspec import Struct

from workspace.accounts.form_support import Oneself, require_sign_in
from workspace.core.actor import Actor
from workspace.core.errors import Invalid
from workspace.core.outbox import Letter
from workspace.core.storage.db import Db
from workspace.letters import bounces
from workspace.letters.bounces import BouncedAddress, BouncedAddressService
from workspace.letters.models import LetterState, MailFrequency, MailKind
from workspace.letters.preferences import MailPreferences, frequencies_of_kind
from workspace.letters.service import LetterService
from workspace.letters.transports import CAUSES, HOPELESS, NOT_TRIED, REASONS
from workspace.people.frame import FrameInForum, InForum, header_place
from workspace.web.http.guards import OWN, PUBLIC
from workspace.web.http.request_context import FormBody, PathId, Work
from workspace.web.http.routing import get, post
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import Messages
from workspace.web.pages import Done, Page, page, shows, takes
from workspace.web.refusals.slice_registry import REGISTRY

MOST = 200  # of each list; whoever has more failed letters than that has one cause to look for


class LetterLine(Struct, frozen=True):
    """One letter: what kind, to whom, and how it stands, in the reader's language."""

    id: UUID
    kind: str
    to: str  # empty once it has been forgotten
    why: str
    code: str  # what the server answered, if it did
    at: datetime  # when it failed, or is tried next
    may_be_retried: bool

    @classmethod
    def of(cls, letter: Letter, messages: Messages) -> "LetterLine":
        reason, _, code = letter.last_error.partition(" ")
        wording = REGISTRY.get().letters.get(letter.kind)
        return cls(
            id=letter.id,
            kind=messages.gettext(wording.name) if wording else letter.kind,
            to=letter.to,
            why=messages.gettext(REASONS.get(reason, NOT_TRIED)),
            code=code,
            at=letter.failed_at or letter.next_try_at or letter.due_at,
            may_be_retried=bool(letter.to) and reason not in HOPELESS,
        )


class LettersPage(Page, frozen=True, kw_only=True):
    failed: Sequence[LetterLine]
    unsent: Sequence[LetterLine]
    unreached: int  # addresses that are not written to


class LetterPages(Controller):
    """The letters of one forum."""

    path = "/{forum:str}/letters"

    @shows("letters/list.html", name="letters", policy="organisation.manage_people")
    def letters(self, db: Db, work: Work, found: FrameInForum) -> LettersPage:
        """Letters that failed, and those that wait for a later try."""
        service, actor = LetterService(db), work.actor
        failed, unsent = (
            [
                LetterLine.of(letter, work.messages)
                for letter in service.listed(state, forum=found.forum, actor=actor, limit=MOST)
            ]
            for state in (LetterState.FAILED, LetterState.WAITING)
        )
        unreached = len(BouncedAddressService(db).listed(forum=found.forum, actor=actor))
        place = header_place(db, found, work=work)
        return LettersPage(place=place, here="letters", failed=failed, unsent=unsent, unreached=unreached)

    @takes("/{letter_id:uuid}/attempts", name="retry_letter", policy="organisation.manage_people")
    def retry(self, db: Db, work: Work, actor: Actor, forum: InForum, letter_id: PathId) -> Done:
        """Try one letter again."""
        LetterService(db).retry(letter_id, forum=forum, actor=actor)
        return Done("letters", work.messages.gettext("E-mail queued again."))

    @takes("/attempts", name="retry_letters", policy="organisation.manage_people")
    def retry_all(self, db: Db, work: Work, actor: Actor, forum: InForum) -> Done:
        """Try every letter again that failed."""
        count = LetterService(db).retry_all(forum=forum, actor=actor)
        return Done(
            "letters", work.messages.ngettext("%(n)s e-mail queued again.", "%(n)s e-mails queued again.", count)
        )


KINDS: Mapping[MailKind, str] = {
    MailKind.MENTIONS: N_("Somebody mentions you or replies to you"),
    MailKind.DECISIONS: N_("An amendment of yours, or that you follow, is decided"),
    MailKind.TASKS: N_("Something awaits you: a task, a vote, a second approval"),
    MailKind.TEXT: N_("News on what you follow: new text, amendments, comments"),
    MailKind.DEADLINES: N_("A deadline within a day"),
    MailKind.PHASES: N_("A phase opens or closes"),
    MailKind.CHECKPOINTS: N_("A checkpoint of the log is signed"),
}
PACES: Mapping[MailFrequency, str] = {
    MailFrequency.AT_ONCE: N_("At once"),
    MailFrequency.DAILY: N_("Once a day"),
    MailFrequency.NEVER: N_("Not by e-mail"),
}
Token: TypeAlias = Annotated[str, PathParameter(max_length=400)]


class FrequencyOption(Struct, frozen=True):
    word: str
    name: str
    is_chosen: bool


class ChoiceLine(Struct, frozen=True):
    word: str
    name: str
    options: Sequence[FrequencyOption]


class ChoicesPage(Page, frozen=True, kw_only=True):
    lines: Sequence[ChoiceLine]
    has_come_back: bool


class UnsubscribePage(Page, frozen=True, kw_only=True):
    token: str
    kinds: Sequence[str]
    is_done: bool


class ChoicePages(Controller):
    """One's own choices."""

    path = "/account/letters"

    @get(name="own_letters", policy=OWN)
    def own_letters(self, work: Work) -> Response[str]:
        """Every kind of letter, and how soon it comes."""
        actor = require_sign_in(work).actor
        with work.reading() as db:
            service = MailPreferences(db)
            paces, has_come_back = service.paces(actor=actor), service.has_come_back(actor=actor)
        say = work.messages.gettext
        lines = [
            ChoiceLine(
                kind.value,
                say(KINDS[kind]),
                [
                    FrequencyOption(mail_frequency.value, say(PACES[mail_frequency]), mail_frequency is paces[kind])
                    for mail_frequency in frequencies_of_kind(kind)
                ],
            )
            for kind in KINDS
        ]
        return page(work, "letters/choices.html", ChoicesPage(lines=lines, has_come_back=has_come_back))

    @takes(name="choose_letters", policy=OWN)
    def choose_letters(self, db: Db, work: Work, person: Oneself, data: FormBody[dict[str, str]]) -> Done:
        """Keep what was chosen: the word of a pace for each kind; without one, a kind stays as it is."""
        chosen = {kind: _pace(kind, word) for kind in MailKind if (word := data.get(kind.value))}
        MailPreferences(db).choose(chosen, actor=person.actor)
        return Done("own_letters", work.messages.gettext("E-mail choices saved."))

    @takes("/address", name="write_again", policy=OWN)
    def write_again(self, db: Db, work: Work, person: Oneself) -> Done:
        """Write to one's address again, from which letters came back."""
        bounces.clear_own_bounce(db, actor=person.actor)
        return Done("own_letters", work.messages.gettext("E-mails go to this address again."))


class UnsubscribePages(Controller):
    """The link in a letter, for whoever has the letter."""

    path = "/letters/end/{token:str}"

    @get(name="end_letters", policy=PUBLIC)
    def ask(self, work: Work, token: Token) -> Response[str]:
        """Say what would end; nothing ends by looking, because programs that read mail follow links."""
        with work.reading() as db:
            kinds = MailPreferences(db).kinds_ended_by(token, sealer=work.site.store.sealer)
        return _ending(work, token, kinds, is_done=False)

    @post(name="confirm_end_letters", policy=PUBLIC)
    def end(self, work: Work, token: Token) -> Response[str]:
        """End them."""
        with work.writing() as db:
            kinds = MailPreferences(db).end(token, sealer=work.site.store.sealer)
        return _ending(work, token, kinds, is_done=True)


def _ending(work: Work, token: str, kinds: Collection[MailKind], *, is_done: bool) -> Response[str]:
    names = [work.messages.gettext(KINDS[kind]) for kind in kinds]
    return page(work, "letters/end.html", UnsubscribePage(token=token, kinds=names, is_done=is_done))


def _pace(kind: MailKind, word: str) -> MailFrequency:
    try:
        return MailFrequency(word)
    except ValueError as error:
        raise Invalid(field=kind.value, reason="unknown_choice", given=word[:100]) from error


class BouncedAddressesPage(Page, frozen=True, kw_only=True):
    lines: Sequence[BouncedAddress]
    causes: Mapping[str, str]


class BouncedAddressPages(Controller):
    """The addresses of a forum that are not written to."""

    path = "/{forum:str}/letters/unreached"

    @shows("letters/unreached.html", name="unreached", policy="organisation.manage_people")
    def unreached(self, db: Db, work: Work, found: FrameInForum) -> BouncedAddressesPage:
        """Who cannot be reached by mail."""
        lines = BouncedAddressService(db).listed(forum=found.forum, actor=work.actor)
        place = header_place(db, found, work=work)
        return BouncedAddressesPage(place=place, here="letters", lines=lines, causes=CAUSES)

    @takes("/{letter_id:uuid}/clearing", name="write_to_address", policy="organisation.manage_people")
    def write_again(self, db: Db, work: Work, actor: Actor, forum: InForum, letter_id: PathId) -> Done:
        """Write to one address again."""
        BouncedAddressService(db).write_again(letter_id, forum=forum, actor=actor)
        return Done("unreached", work.messages.gettext("E-mails go to this address again."))
