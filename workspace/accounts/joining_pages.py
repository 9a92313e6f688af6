"""Coming in for the first time: by invitation, by registering where a forum is open, and as the very first person."""

from collections.abc import Sequence
from datetime import timedelta

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from msgspec import Struct, field
from slugify import slugify

from workspace.accounts import addresses, entrance, first_run, passwords
from workspace.accounts.doorway import KNOCKING, OPEN_TO_ALL, REFUSED, FormPage, device, ensure_few, let_in, told
from workspace.accounts.first_run import NewForum
from workspace.accounts.models import TicketKind
from workspace.accounts.sign_in_pages import LETTERS, LETTERS_WITHIN
from workspace.accounts.tickets import JOINING, TicketService
from workspace.accounts.zones import zones
from workspace.core.actor import Role
from workspace.core.db import Db, Trilingual
from workspace.core.errors import Invalid, LinkSpent, NotFound, WorkspaceError
from workspace.people.checks import (
    address_word,
    all_wrong,
    day,
    ensure_in_order,
    known_timezone,
    named_somehow,
    short_line,
)
from workspace.people.frame import forum_frame
from workspace.people.models import Registration
from workspace.web.pages import field_errors, page, redirect
from workspace.web.params import FromPath, URLEncodedBody
from workspace.web.services import Work

LONGEST_WORD = 60  # characters, of one that is made from a name


class InvitationForm(Struct, frozen=True):
    name: str = ""
    password: str = ""
    language: str = ""
    timezone: str = ""


class InvitationPage(FormPage, frozen=True, kw_only=True):
    """`has_account`: the address can sign in already, so that nothing has to be chosen. `forum` may be ""."""

    token: str
    email: str
    forum: str
    role: Role | None
    organisation: str
    inviter: str
    has_account: bool
    is_registration: bool  # they asked for it themselves
    form: InvitationForm
    zones: Sequence[str]


class RegistrationForm(Struct, frozen=True):
    email: str = ""
    name: str = ""


class RegisterPage(FormPage, frozen=True, kw_only=True):
    forum: str
    forum_name: str
    form: RegistrationForm


class EmailLinkPage(FormPage, frozen=True, kw_only=True):
    """A new address of mail, before it is confirmed."""

    token: str
    email: str


class SetUpForm(Struct, frozen=True):
    """The first network and forum, and who begins. `name_…` and `network_…` are said in at least one language."""

    code: str = ""
    network_es: str = ""
    network_en: str = ""
    network_fr: str = ""
    name_es: str = ""
    name_en: str = ""
    name_fr: str = ""
    slug: str = ""
    place: str = ""
    timezone: str = ""  # left open, the one of the browser is offered
    starts_on: str = ""
    ends_on: str = ""
    person: str = ""
    email: str = ""
    password: str = ""

    @property
    def word(self) -> str:
        """The word in the forum's address: the one that was typed, or else one made from the forum's name."""
        name = self.name_en or self.name_es or self.name_fr
        return self.slug.strip() or slugify(name, max_length=LONGEST_WORD, word_boundary=True)

    @property
    def forum(self) -> NewForum:
        """The forum that the form describes. Raises `Invalid` for a name that is missing, and for what is no day."""
        place = self.place.strip()
        return NewForum(
            network=named_somehow("network", Trilingual(self.network_es, self.network_en, self.network_fr)),
            slug=self.word,
            name=named_somehow("name", Trilingual(self.name_es, self.name_en, self.name_fr)),
            place=Trilingual(es=place, en=place, fr=place),
            timezone=self.timezone.strip() or "UTC",
            starts_on=day("starts_on", self.starts_on),
            ends_on=day("ends_on", self.ends_on),
        )

    def wrong(self) -> list[Invalid]:
        """Everything in the form that cannot be taken, field by field."""
        return all_wrong(
            (
                lambda: named_somehow("network", Trilingual(self.network_es, self.network_en, self.network_fr)),
                lambda: named_somehow("name", Trilingual(self.name_es, self.name_en, self.name_fr)),
                *([lambda: address_word(self.word)] if self.word else ()),
                lambda: known_timezone(self.timezone.strip() or "UTC"),
                lambda: ensure_in_order(day("starts_on", self.starts_on), day("ends_on", self.ends_on)),
                lambda: short_line("person", self.person),
                lambda: addresses.checked(self.email),
                lambda: passwords.ensure_good(self.password, about=(self.person, self.email)),
            )
        )


class SetUpPage(FormPage, frozen=True, kw_only=True):
    form: SetUpForm = field(default_factory=SetUpForm)
    zones: Sequence[str] = ()


class JoiningPages(Controller):
    """Invitations, registration, and a new address of mail."""

    @get("/invitations/{token:str}", name="invitation", opt=OPEN_TO_ALL, sync_to_thread=True)
    def invitation(self, work: NamedDependency[Work], token: FromPath[str]) -> Response[str]:
        """What one is invited to, and the form to accept."""
        return _invitation_form(work, token)

    @post("/invitations/{token:str}", name="accept_invitation", opt=KNOCKING, sync_to_thread=True)
    def accept_invitation(
        self, work: NamedDependency[Work], token: FromPath[str], data: URLEncodedBody[InvitationForm]
    ) -> Response[str] | Response[None]:
        """Accept it, with a name and a password; who has an account signs in as usual."""
        with work.reading() as db:
            forum = TicketService(db).look(token, *JOINING).forum
            to = work.url_for("forum", forum=forum.slug) if forum else f"/{work.language}"
        try:
            issued = entrance.accept_invitation(
                work.site.store,
                token=token,
                name=data.name,
                password=data.password,
                language=data.language or work.language,
                timezone=data.timezone.strip(),
                device=device(work),
            )
        except Invalid as refusal:
            return _invitation_form(work, token, data, refusal)
        if issued is None:
            said = work.messages.gettext("The invitation is accepted. Sign in as usual.")
            return redirect(work, work.url_for("sign_in", to=to), said=said)
        return let_in(work, issued, to=to, said=work.messages.gettext("Welcome. Your account is ready."))

    @get("/register/{forum:str}", name="register", opt=OPEN_TO_ALL, sync_to_thread=True)
    def register(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[str]:
        """The form, where the forum lets anybody register."""
        return _registration_form(work, forum, RegistrationForm())

    @post("/register/{forum:str}", name="ask_to_register", opt=KNOCKING, sync_to_thread=True)
    def ask_to_register(
        self, work: NamedDependency[Work], forum: FromPath[str], data: URLEncodedBody[RegistrationForm]
    ) -> Response[str] | Response[None]:
        """Have a link sent, by which the account is made."""
        try:
            ensure_few(work, "letter", data.email, most=LETTERS, within=LETTERS_WITHIN)
            entrance.register(work.site.store, forum=forum, email=data.email, name=data.name, language=work.language)
        except Invalid as refusal:
            return _registration_form(work, forum, data, refusal)
        return redirect(work, work.url_for("letter_sent"))

    @get("/email/{token:str}", name="new_email", opt=OPEN_TO_ALL, sync_to_thread=True)
    def new_email(self, work: NamedDependency[Work], token: FromPath[str]) -> Response[str]:
        """The page of the letter to the new address: one button."""
        with work.reading() as db:
            email = TicketService(db).look(token, TicketKind.EMAIL_CHANGE).email
        return page(work, "accounts/new_email.html", EmailLinkPage(token=token, email=email))

    @post("/email/{token:str}", name="confirm_new_email", opt=KNOCKING, sync_to_thread=True)
    def confirm_new_email(self, work: NamedDependency[Work], token: FromPath[str]) -> Response[None]:
        """Use the new address from now on."""
        issued = entrance.confirm_email_change(work.site.store, token=token, device=device(work))
        said = work.messages.gettext("You sign in with the new address from now on.")
        return let_in(work, issued, to=work.url_for("account"), said=said)


class SetUpPages(Controller):
    """The first network, forum and person, once and never again."""

    path = "/set-up"

    @get(name="set_up", opt=OPEN_TO_ALL, sync_to_thread=True)
    def set_up(self, work: NamedDependency[Work]) -> Response[str]:
        """The form, while there is no account at all."""
        return _set_up_form(work, SetUpForm(code=work.request.query_params.get("code", "")[:100]))

    @post(name="begin", opt=KNOCKING, sync_to_thread=True)
    def begin(self, work: NamedDependency[Work], data: URLEncodedBody[SetUpForm]) -> Response[str] | Response[None]:
        """Found the forum, and sign its first person in."""
        ensure_few(work, "set-up", "code", most=30, within=timedelta(hours=1))
        if wrong := [*_wrong_code(work, data.code), *data.wrong()]:
            return _set_up_form(work, data, *wrong)
        try:
            issued = first_run.set_up(
                work.site.store,
                code=data.code.strip(),
                forum=data.forum,
                name=data.person,
                email=data.email,
                password=data.password,
                language=work.language,
                device=device(work),
            )
        except LinkSpent:
            return _set_up_form(work, data, Invalid(field="code", reason="spent"))
        except Invalid as refusal:
            return _set_up_form(work, data, refusal)
        to = work.url_for("forum", forum=data.word)
        return let_in(work, issued, to=to, said=work.messages.gettext("The forum is founded, and it is yours to open."))


def _invitation_form(
    work: Work, token: str, form: InvitationForm | None = None, refusal: WorkspaceError | None = None
) -> Response[str]:
    errors, alert = told(work, refusal)
    with work.reading() as db:
        looked = TicketService(db).look(token, *JOINING)
        context = InvitationPage(
            token=token,
            email=looked.email,
            forum=looked.forum.name.said_in(work.language) if looked.forum else "",
            role=looked.role,
            organisation=looked.organisation,
            inviter=looked.inviter,
            has_account=looked.has_account,
            is_registration=looked.kind is TicketKind.REGISTRATION,
            form=form or InvitationForm(name=looked.name, language=work.language),
            zones=zones(),
            errors=errors,
            alert=alert,
        )
    return page(work, "accounts/invitation.html", context, status=REFUSED if refusal else 200)


def _registration_form(
    work: Work, forum: str, form: RegistrationForm, refusal: WorkspaceError | None = None
) -> Response[str]:
    errors, alert = told(work, refusal)
    with work.reading() as db:
        found = forum_frame(db, forum, work=work)
        if found.forum.registration != Registration.OPEN:
            raise NotFound(what="forum", id=forum)
        context = RegisterPage(
            place=found.place, forum=forum, forum_name=found.place.forum_name, form=form, errors=errors, alert=alert
        )
    return page(work, "accounts/register.html", context, status=REFUSED if refusal else 200)


def _wrong_code(work: Work, code: str) -> list[Invalid]:
    """Whether it is not the code of the console; a page that is no longer there says nothing about it."""
    with work.reading() as db:
        _ensure_first_run(db)
        try:
            TicketService(db).look(code.strip(), TicketKind.FIRST_RUN)
        except LinkSpent:
            return [Invalid(field="code", reason="spent")]
    return []


def _set_up_form(work: Work, form: SetUpForm, *wrong: Invalid) -> Response[str]:
    with work.reading() as db:
        _ensure_first_run(db)
    context = SetUpPage(form=form, zones=zones(), errors=field_errors(work, *wrong), alert="")
    return page(work, "accounts/set_up.html", context, status=REFUSED if wrong else 200)


def _ensure_first_run(db: Db) -> None:
    if not first_run.first_run_open(db):
        raise NotFound(what="page")
