"""What somebody wants by mail, as JSON; and the one click by which a mail program ends a kind of letter (RFC 8058)."""

from typing import Annotated, TypeAlias

from litestar import Controller, Response
from litestar.di import NamedDependency
from litestar.params import PathParameter
from litestar.response import Redirect
from msgspec import UNSET, Struct, UnsetType

from workspace.letters import bounces
from workspace.letters.choices import ChoiceService, Paces
from workspace.letters.models import MailKind, Pace
from workspace.web.api import DONE, answer, changes, reads, writes
from workspace.web.i18n import LANGUAGES
from workspace.web.pages import SEE_OTHER
from workspace.web.params import JSONBody
from workspace.web.route_policies import OWN, PUBLIC
from workspace.web.services import Work

Token: TypeAlias = Annotated[str, PathParameter(max_length=400, description="From the letter.")]


class MailChoicesOut(Struct, frozen=True, kw_only=True):
    """How soon each kind of letter comes, if at all. `phases` and `checkpoints` come at once or never."""

    mentions: Pace
    decisions: Pace
    tasks: Pace
    text: Pace
    deadlines: Pace
    phases: Pace
    checkpoints: Pace

    @classmethod
    def of(cls, paces: Paces) -> "MailChoicesOut":
        return cls(**{kind.value: pace for kind, pace in paces.items()})


class MailChoicesIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The kinds to change; what is left out stays as it is."""

    mentions: Pace | UnsetType = UNSET
    decisions: Pace | UnsetType = UNSET
    tasks: Pace | UnsetType = UNSET
    text: Pace | UnsetType = UNSET
    deadlines: Pace | UnsetType = UNSET
    phases: Pace | UnsetType = UNSET
    checkpoints: Pace | UnsetType = UNSET

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
    def read_mail_choices(self, work: NamedDependency[Work]) -> Response[MailChoicesOut]:
        """Read how soon each kind of letter comes to oneself, if at all."""
        actor = work.actor
        with work.reading() as db:
            return answer(MailChoicesOut.of(ChoiceService(db).paces(actor=actor)))

    @changes("/", policy=OWN)
    def choose_mail(self, work: NamedDependency[Work], data: JSONBody[MailChoicesIn]) -> Response[MailChoicesOut]:
        """Choose how soon kinds of letter come: `at_once`, `daily` (at seven in the morning) or `never`."""
        actor = work.actor
        with work.writing() as db:
            chosen = MailChoicesOut.of(ChoiceService(db).choose(data.chosen(), actor=actor))
        return answer(chosen)

    @writes("/address", status=DONE, policy=OWN)
    def write_to_me_again(self, work: NamedDependency[Work]) -> Response[MailChoicesOut]:
        """Have letters sent to one's own address again, after some came back from it."""
        actor = work.actor
        with work.writing() as db:
            bounces.forget_own(db, actor=actor)
            chosen = MailChoicesOut.of(ChoiceService(db).paces(actor=actor))
        return answer(chosen)

    @reads("/end/{token:str}", policy=PUBLIC)
    def ask_to_end_mail(self, work: NamedDependency[Work], token: Token) -> Redirect:
        """Go to the page that asks whether a kind of letter should end; nothing ends by following the link."""
        with work.reading() as db:
            spoken = ChoiceService(db).language_of(token, sealer=work.site.store.sealer)
        language = spoken if spoken in LANGUAGES else work.language
        return Redirect(work.url_for("end_letters", language=language, token=token), status_code=SEE_OTHER)

    @writes("/end/{token:str}", status=DONE, policy=PUBLIC)
    def end_mail(self, work: NamedDependency[Work], token: Token) -> Response[EndedOut]:
        """End the kind of letter that the link stands in, in one click and without signing in (RFC 8058)."""
        with work.writing() as db:
            return answer(EndedOut(ended=list(ChoiceService(db).end(token, sealer=work.site.store.sealer))))
