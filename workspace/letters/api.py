"""Letters, mail preferences, bounced addresses and bounce reports, as JSON."""

import base64
import binascii
import hmac
from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID

from litestar import Controller, Request, Response
from litestar.params import PathParameter, QueryParameter, RawBody
from litestar.response import Redirect
from msgspec import UNSET, Meta, Struct, UnsetType

from workspace.core.actor import OPERATOR, Actor
from workspace.core.errors import NotFound
from workspace.core.outbox import Letter
from workspace.core.shapes import filled
from workspace.core.storage.db import Db
from workspace.letters import bounces
from workspace.letters.bounces import BouncedAddress, BouncedAddressService, BounceReport
from workspace.letters.models import LetterState, MailFrequency, MailKind
from workspace.letters.preferences import MailPreferences, Paces
from workspace.letters.service import LetterService
from workspace.people.frame import InForum
from workspace.web.api import (
    DONE,
    GONE,
    Cursor,
    Limit,
    ListOf,
    PageOf,
    answer,
    changes,
    id_after,
    list_page,
    reads,
    writes,
)
from workspace.web.http.guards import OWN, PUBLIC
from workspace.web.http.request_context import Body, PathId, Work
from workspace.web.http.security import KNOWS_ACTOR
from workspace.web.http.sign_ins import UnknownToken
from workspace.web.i18n.messages import LANGUAGES
from workspace.web.pages import SEE_OTHER


class LetterOut(Struct, frozen=True, kw_only=True):
    """One letter of the outbox. `error` is why the last try failed: a stable word, and the server's reply code."""

    id: UUID
    kind: str
    to: str
    language: str
    state: LetterState
    due_at: datetime
    attempts: int
    next_try_at: datetime | None
    sent_at: datetime | None
    failed_at: datetime | None
    error: str

    @classmethod
    def of(cls, letter: Letter) -> "LetterOut":
        return filled(cls, letter, state=LetterState.of(letter), error=letter.last_error)


class RetriedOut(Struct, frozen=True):
    """How many letters are tried again now."""

    retried: int


class ReturnedLetterIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of a letter. `code` is the status of RFC 3463; `address` may say to whom it was, as a check."""

    letter: Annotated[str, Meta(min_length=1, max_length=400, description="Its Message-ID, or its id.")]
    kind: Literal["failed", "delayed", "delivered"]
    code: Annotated[str, Meta(max_length=400)] = ""
    address: Annotated[str, Meta(max_length=400)] = ""


class ReturnedLettersOut(Struct, frozen=True, kw_only=True):
    """How many addresses were marked, and how many reports changed nothing."""

    marked: int
    ignored: int


class LetterApi(Controller):
    """Letters that the workspace sends."""

    path = "/api/forums/{forum:str}/letters"
    tags = ("Letters",)

    @reads("/", policy="organisation.manage_people")
    def list_letters(
        self,
        *,
        db: Db,
        actor: Actor,
        forum: InForum,
        standing: Annotated[LetterState, QueryParameter(description="Which letters.")] = LetterState.FAILED,
        cursor: Cursor = "",
        limit: Limit = 50,
    ) -> PageOf[LetterOut]:
        """List the letters about a forum and to its people: those that failed unless `standing` says else.

        For those who look after its people.
        """
        found = LetterService(db).listed(standing, forum=forum, actor=actor, after=id_after(cursor), limit=limit + 1)
        page = list_page(found, cursor=lambda letter: letter.id, limit=limit)
        return PageOf(items=[LetterOut.of(letter) for letter in page.items], next=page.next)

    @writes("/{letter_id:uuid}/attempts", status=DONE, policy="organisation.manage_people")
    def retry_letter(self, db: Db, actor: Actor, forum: InForum, letter_id: PathId) -> LetterOut:
        """Try again to deliver a letter that failed."""
        return LetterOut.of(LetterService(db).retry(letter_id, forum=forum, actor=actor))

    @writes("/attempts", status=DONE, policy="organisation.manage_people")
    def retry_letters(self, db: Db, actor: Actor, forum: InForum) -> RetriedOut:
        """Try again to deliver every letter that failed."""
        return RetriedOut(LetterService(db).retry_all(forum=forum, actor=actor))


Token: TypeAlias = Annotated[str, PathParameter(max_length=400, description="From the letter.")]


class MailChoicesOut(Struct, frozen=True, kw_only=True):
    """How soon each kind of letter comes, if at all. `phases` and `checkpoints` come at once or never."""

    mentions: MailFrequency
    decisions: MailFrequency
    tasks: MailFrequency
    text: MailFrequency
    deadlines: MailFrequency
    phases: MailFrequency
    checkpoints: MailFrequency

    @classmethod
    def of(cls, paces: Paces) -> "MailChoicesOut":
        return cls(**{kind.value: pace for kind, pace in paces.items()})


class MailChoicesIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The kinds to change; what is left out stays as it is."""

    mentions: MailFrequency | UnsetType = UNSET
    decisions: MailFrequency | UnsetType = UNSET
    tasks: MailFrequency | UnsetType = UNSET
    text: MailFrequency | UnsetType = UNSET
    deadlines: MailFrequency | UnsetType = UNSET
    phases: MailFrequency | UnsetType = UNSET
    checkpoints: MailFrequency | UnsetType = UNSET

    def chosen(self) -> Paces:
        given = ((kind, getattr(self, kind.value)) for kind in MailKind)
        return {kind: pace for kind, pace in given if pace is not UNSET}


class EndedOut(Struct, frozen=True):
    """The kinds of letter that come no more."""

    ended: list[MailKind]


class MailChoiceApi(Controller):
    """One's own choices of mail."""

    path = "/api/mail-choices"
    tags = ("Notices",)

    @reads("/", policy=OWN)
    def read_mail_choices(self, db: Db, actor: Actor) -> MailChoicesOut:
        """Read how soon each kind of letter comes to oneself, if at all."""
        return MailChoicesOut.of(MailPreferences(db).paces(actor=actor))

    @changes("/", policy=OWN)
    def choose_mail(self, db: Db, actor: Actor, data: Body[MailChoicesIn]) -> MailChoicesOut:
        """Choose how soon kinds of letter come: `at_once`, `daily` (at seven in the morning) or `never`."""
        return MailChoicesOut.of(MailPreferences(db).choose(data.chosen(), actor=actor))

    @writes("/address", status=DONE, policy=OWN)
    def write_to_me_again(self, db: Db, actor: Actor) -> MailChoicesOut:
        """Have letters sent to one's own address again, after some came back from it."""
        bounces.clear_own_bounce(db, actor=actor)
        return MailChoicesOut.of(MailPreferences(db).paces(actor=actor))

    @reads("/end/{token:str}", policy=PUBLIC)
    def ask_to_end_mail(self, work: Work, token: Token) -> Redirect:
        """Go to the page that asks whether a kind of letter should end; nothing ends by following the link."""
        with work.reading() as db:
            spoken = MailPreferences(db).language_of(token, sealer=work.site.store.sealer)
        language = spoken if spoken in LANGUAGES else work.language
        return Redirect(work.url_for("end_letters", language=language, token=token), status_code=SEE_OTHER)

    @writes("/end/{token:str}", status=DONE, policy=PUBLIC)
    def end_mail(self, work: Work, db: Db, token: Token) -> EndedOut:
        """End the kind of letter that the link stands in, in one click and without signing in (RFC 8058)."""
        return EndedOut(ended=list(MailPreferences(db).end(token, sealer=work.site.store.sealer)))


class UnreachedApi(Controller):
    """Addresses that letters came back from."""

    path = "/api/forums/{forum:str}/letters/unreached"
    tags = ("Letters",)

    @reads("/", policy="organisation.manage_people")
    def list_unreached(self, db: Db, actor: Actor, forum: InForum) -> ListOf[BouncedAddress]:
        """List who of a forum cannot be reached by mail, since when and why.

        For those who look after its people. Such an address gets nothing but links to sign in.
        """
        return ListOf(items=BouncedAddressService(db).listed(forum=forum, actor=actor))

    @writes("/{letter_id:uuid}/clearing", status=GONE, policy="organisation.manage_people")
    def write_to_address(self, db: Db, actor: Actor, forum: InForum, letter_id: PathId) -> Response[None]:
        """Write to an address again, which is named by the letter that came back from it."""
        BouncedAddressService(db).write_again(letter_id, forum=forum, actor=actor)
        return Response(None, status_code=GONE)


MOST_BYTES = 5_000_000


class UnknownSecret(UnknownToken):
    """The request does not show the operator's secret. Some services only do when they are asked for a password."""

    code = "letters.unknown_secret"
    scheme = "Basic"


class ReturnedApi(Controller):
    """Letters that did not arrive."""

    path = "/api/returned-letters"
    tags = ("Letters",)
    opt = {KNOWS_ACTOR: True}  # noqa: RUF012  (litestar reads it from the class)

    @writes("/", policy=PUBLIC, status=DONE)
    def report_returned_letter(self, work: Work, data: Body[ReturnedLetterIn]) -> Response[ReturnedLettersOut]:
        """Say that a letter failed: for programs that an operator writes.

        Needs the operator's secret (`WORKSPACE_BOUNCE_SECRET`), after `Authorization: Bearer`; without one set, there
        is nothing here. `letter` is the Message-ID that it was sent with, or its id. Only `failed` marks its address,
        to which nothing but links to sign in is written then; a letter that is not known marks nothing.
        """
        _ensure_known(work)
        found = bounces.named(data.letter, data.code) if data.kind == "failed" else None
        return answer(_marked(work, found, address=data.address))

    @writes("/reports", policy=PUBLIC, status=DONE, largest=MOST_BYTES)
    def take_report(self, work: Work, body: RawBody) -> Response[ReturnedLettersOut]:
        """Take a message as mail servers send it back (RFC 3464).

        Needs the operator's secret, after `Authorization: Bearer` or as the password of `Authorization: Basic`. What
        does not say that a letter of ours failed for good changes nothing, and is counted as `ignored`.
        """
        _ensure_known(work)
        return answer(_marked(work, bounces.read_bounce(body)))


def _marked(work: Work, returned: BounceReport | None, *, address: str = "") -> ReturnedLettersOut:
    """Mark the address of this letter; nothing is written where there is none."""
    is_marked = False
    if returned:
        with work.writing() as db:
            is_marked = bounces.record_bounce(db, returned, actor=OPERATOR, address=address) is not None
    return ReturnedLettersOut(marked=int(is_marked), ignored=int(not is_marked))


def _ensure_known(work: Work) -> None:
    """Raise `NotFound` where the operator has set no secret, and `UnknownSecret` for another one."""
    secret = work.site.store.bounce_secret
    if not secret:
        raise NotFound(what="page")
    if not hmac.compare_digest(_shown(work.request), secret.encode()):
        raise UnknownSecret


def _shown(request: Request[Any, Any, Any]) -> bytes:
    """The secret that the request shows; empty where it shows none."""
    scheme, _, rest = request.headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip().encode()
    if scheme.lower() != "basic":
        return b""
    try:
        return base64.b64decode(rest.strip(), validate=True).partition(b":")[2]
    except (binascii.Error, ValueError):
        return b""
