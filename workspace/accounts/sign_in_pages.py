"""Signing in and out, forgotten passwords, invitations, registration and the first set-up."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from litestar import Controller, Response
from msgspec import Struct, field
from slugify import slugify

from workspace.accounts.domain import authentication, joining, models, passwords
from workspace.accounts.domain.joining import NewForum
from workspace.accounts.domain.models import TicketKind
from workspace.accounts.domain.tickets import JOINING, TicketService
from workspace.accounts.form_support import (
    PUBLIC_ROUTE,
    REFUSED,
    SIGN_IN_ROUTE,
    FormPage,
    GuessLimits,
    device_of,
    limit_attempts,
    limit_guesses,
    refusal_messages,
    reset_attempts,
    return_path,
    signed_in_redirect,
    time_zones,
)
from workspace.core.actor import Role
from workspace.core.errors import CodeRefused, Invalid, LinkSpent, NotFound, SignInRefused, WorkspaceError
from workspace.core.storage.db import Db, Trilingual
from workspace.core.validation import parse_day
from workspace.people.frame import forum_frame
from workspace.people.models import Forum, Registration
from workspace.people.validation import collect_refusals, ensure_in_order, required_name, short_line, valid_slug
from workspace.people.zones import chosen_zone
from workspace.web.http import security
from workspace.web.http.request_context import FormBody, FromPath, Slug, Work
from workspace.web.http.routing import get, post
from workspace.web.http.sign_ins import cookie_token
from workspace.web.pages import NavLink, Page, PageOrRedirect, field_errors, own_path_or_home, page, redirect, shows

TRIES, TRIES_WITHIN = 10, timedelta(minutes=15)  # at one account's password, from one source
PASSWORDS = GuessLimits(TRIES, TRIES_WITHIN, most_of_all=60, of_all_within=timedelta(hours=1))
CODES = GuessLimits(10, timedelta(hours=1), most_of_all=30, of_all_within=timedelta(days=1))
LETTERS, LETTERS_WITHIN = 5, timedelta(hours=1)  # to one address
BY_LINK = "link"


class SignInForm(Struct, frozen=True):
    """What somebody types who wants in. `way` is the button that was pressed, `to` the page to come back to."""

    email: str = ""
    password: str = ""
    way: str = ""
    to: str = ""


class CodeForm(Struct, frozen=True):
    code: str = ""
    to: str = ""


class EmailForm(Struct, frozen=True):
    email: str = ""


class PasswordForm(Struct, frozen=True):
    password: str = ""


class SignInPage(FormPage, frozen=True, kw_only=True):
    """`open_forums` are those where anybody may register."""

    email: str = ""
    to: str = ""
    open_forums: Sequence[NavLink] = ()


class CodePage(FormPage, frozen=True, kw_only=True):
    to: str = ""


class EmailPage(FormPage, frozen=True, kw_only=True):
    """A form that asks for an address of mail, and nothing else."""

    email: str = ""


class LinkPage(Page, frozen=True, kw_only=True):
    """A link in a letter, before it is used: reading the page uses nothing, because mail scanners read it too."""

    token: str
    email: str


class NewPasswordPage(FormPage, frozen=True, kw_only=True):
    token: str
    email: str


class SignInPages(Controller):
    """The door, from both sides."""

    @get("/sign-in", name="sign_in", opt=PUBLIC_ROUTE)
    def sign_in(self, work: Work) -> PageOrRedirect:
        """The form; whoever is in already is sent on."""
        to = return_path(work)
        if work.signed_in is not None:
            is_full = work.signed_in.is_full
            return redirect(work, to or f"/{work.language}") if is_full else _to_code(work, to)
        return _sign_in_form(work, SignInForm(to=to))

    @post("/sign-in", name="enter", opt=SIGN_IN_ROUTE)
    def enter(self, work: Work, data: FormBody[SignInForm]) -> PageOrRedirect:
        """Sign in, or have a link sent. Whether an address is known is never told."""
        try:
            if data.way == BY_LINK:
                limit_attempts(work, "letter", _email(data.email), most=LETTERS, within=LETTERS_WITHIN)
                authentication.send_sign_in_link(work.site.store, email=data.email, language=work.language)
                return redirect(work, work.url_for("letter_sent"))
            is_known = authentication.is_known_device(work.site.store, device_of(work), email=_email(data.email))
            source = limit_guesses(work, "password", data.email, PASSWORDS, is_known=is_known)
            issued = authentication.sign_in(
                work.site.store, email=data.email, password=data.password, device=device_of(work)
            )
        except (Invalid, SignInRefused) as refusal:
            return _sign_in_form(work, data, refusal)
        reset_attempts(work, "password", data.email, source)
        return signed_in_redirect(work, issued, to=data.to)

    @get("/sign-in/sent", name="letter_sent", opt=PUBLIC_ROUTE)
    def letter_sent(self, work: Work) -> Response[str]:
        """Where to look now."""
        return page(work, "accounts/sent.html", Page())

    @get("/sign-in/code", name="sign_in_code", opt=PUBLIC_ROUTE)
    def sign_in_code(self, work: Work) -> PageOrRedirect:
        """The second step, for whoever has taken the first."""
        to = return_path(work)
        found = work.signed_in
        if found is None:
            return redirect(work, work.url_for("sign_in", to=to or None))
        return redirect(work, to or f"/{work.language}") if found.is_full else _code_form(work, CodeForm(to=to))

    @post("/sign-in/code", name="enter_code", opt=SIGN_IN_ROUTE)
    def enter_code(self, work: Work, data: FormBody[CodeForm]) -> PageOrRedirect:
        """Take the second step, with six digits or a recovery code."""
        store, device, half = work.site.store, device_of(work), work.signed_in
        if half is None:
            return _to_code(work, data.to)
        is_known = authentication.is_known_device(store, device, person_id=half.person_id)
        source = limit_guesses(work, "code", str(half.person_id), CODES, is_known=is_known)
        try:
            issued = authentication.complete_second_step(
                store, token=cookie_token(work.request), code=data.code, device=device
            )
        except (CodeRefused, SignInRefused) as refusal:
            if refusal.facts.get("left", 0):
                return _code_form(work, data, refusal)
            response = _sign_in_form(work, SignInForm(to=data.to), refusal)
            security.clear_sign_in_cookie(work.request, response)
            return response
        reset_attempts(work, "code", str(half.person_id), source)
        return signed_in_redirect(work, issued, to=data.to)

    @shows("accounts/link.html", "/sign-in/link/{token:str}", name="sign_in_link", opt=PUBLIC_ROUTE)
    def sign_in_link(self, db: Db, token: FromPath[str]) -> LinkPage:
        """The page of a link: one button."""
        email = TicketService(db).look(token, TicketKind.SIGN_IN_LINK).email
        return LinkPage(token=token, email=email)

    @post("/sign-in/link/{token:str}", name="enter_by_link", opt=SIGN_IN_ROUTE)
    def enter_by_link(self, work: Work, token: FromPath[str]) -> Response[None]:
        """Sign in with the link, which is used up by it."""
        return signed_in_redirect(
            work, authentication.sign_in_by_link(work.site.store, token=token, device=device_of(work))
        )

    @post("/sign-out", name="sign_out", opt=PUBLIC_ROUTE)
    def sign_out(self, work: Work) -> Response[None]:
        """Leave: the sign-in ends on the server, not only in this browser."""
        authentication.sign_out(work.site.store, token=cookie_token(work.request))
        response = redirect(work, f"/{work.language}", said=work.messages.gettext("You have signed out."))
        security.clear_sign_in_cookie(work.request, response)
        response.headers["Clear-Site-Data"] = '"cache"'  # pages that the browser kept
        return response


class PasswordPages(Controller):
    """A password that was forgotten."""

    @get("/password", name="forgotten_password", opt=PUBLIC_ROUTE)
    def forgotten_password(self, work: Work) -> Response[str]:
        return page(work, "accounts/forgotten.html", EmailPage())

    @post("/password", name="ask_new_password", opt=SIGN_IN_ROUTE)
    def ask_new_password(self, work: Work, data: FormBody[EmailForm]) -> PageOrRedirect:
        """Have a link sent, if the address is known; whether it is, is never told."""
        try:
            limit_attempts(work, "letter", _email(data.email), most=LETTERS, within=LETTERS_WITHIN)
            authentication.send_password_reset(work.site.store, email=data.email, language=work.language)
        except Invalid as refusal:
            errors, alert = refusal_messages(work, refusal)
            context = EmailPage(email=data.email, errors=errors, alert=alert)
            return page(work, "accounts/forgotten.html", context, status=REFUSED)
        return redirect(work, work.url_for("letter_sent"))

    @get("/password/{token:str}", name="new_password", opt=PUBLIC_ROUTE)
    def new_password(self, work: Work, token: FromPath[str]) -> Response[str]:
        """The form for a new password."""
        return _new_password_form(work, token)

    @post("/password/{token:str}", name="set_new_password", opt=SIGN_IN_ROUTE)
    def set_new_password(self, work: Work, token: FromPath[str], data: FormBody[PasswordForm]) -> PageOrRedirect:
        """Set it. Every other sign-in ends."""
        try:
            issued = authentication.reset_password(
                work.site.store, token=token, password=data.password, device=device_of(work)
            )
        except Invalid as refusal:
            return _new_password_form(work, token, refusal)
        said = work.messages.gettext("Password changed.")
        return signed_in_redirect(work, issued, said=said)


def _email(given: str) -> str:
    if not given.strip():
        raise Invalid(field="email", reason="required")
    return given


def _to_code(work: Work, to: str) -> Response[None]:
    return redirect(work, work.url_for("sign_in_code", to=to or None))


def _sign_in_form(work: Work, form: SignInForm, refusal: WorkspaceError | None = None) -> Response[str]:
    errors, alert = refusal_messages(work, refusal)
    with work.reading() as db:
        open_forums = db.scalars(sa.select(Forum).where(Forum.registration == Registration.OPEN).order_by(Forum.slug))
        links = [
            NavLink(forum.name.said_in(work.language), work.url_for("register", forum=forum.slug))
            for forum in open_forums
        ]
    context = SignInPage(
        email=form.email,
        to=own_path_or_home(work, form.to) if form.to else "",
        open_forums=links,
        errors=errors,
        alert=alert,
    )
    return page(work, "accounts/sign_in.html", context, status=REFUSED if refusal else 200)


def _code_form(work: Work, form: CodeForm, refusal: WorkspaceError | None = None) -> Response[str]:
    _, alert = refusal_messages(work, refusal)
    context = CodePage(to=own_path_or_home(work, form.to) if form.to else "", errors={"code": alert} if alert else {})
    return page(work, "accounts/code.html", context, status=REFUSED if refusal else 200)


def _new_password_form(work: Work, token: str, refusal: Invalid | None = None) -> Response[str]:
    errors, alert = refusal_messages(work, refusal)
    with work.reading() as db:
        email = TicketService(db).look(token, TicketKind.PASSWORD_RESET).email
    context = NewPasswordPage(token=token, email=email, errors=errors, alert=alert)
    return page(work, "accounts/new_password.html", context, status=REFUSED if refusal else 200)


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


class RegistrationPage(FormPage, frozen=True, kw_only=True):
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
    timezone: str = ""
    device_zone: str = ""
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
    def where(self) -> Trilingual:
        place = self.place.strip()
        return Trilingual(es=place, en=place, fr=place)

    @property
    def zone(self) -> str:
        return chosen_zone(self.timezone, self.where, device=self.device_zone)

    @property
    def forum(self) -> NewForum:
        """The forum that the form describes. Raises `Invalid` for a name or a zone that is missing, and for no day."""
        return NewForum(
            network=required_name("network", Trilingual(self.network_es, self.network_en, self.network_fr)),
            slug=self.word,
            name=required_name("name", Trilingual(self.name_es, self.name_en, self.name_fr)),
            place=self.where,
            timezone=self.zone,
            starts_on=parse_day("starts_on", self.starts_on),
            ends_on=parse_day("ends_on", self.ends_on),
        )

    def wrong(self) -> list[Invalid]:
        """Everything in the form that cannot be taken, field by field."""
        return collect_refusals(
            (
                lambda: required_name("network", Trilingual(self.network_es, self.network_en, self.network_fr)),
                lambda: required_name("name", Trilingual(self.name_es, self.name_en, self.name_fr)),
                *([lambda: valid_slug(self.word)] if self.word else ()),
                lambda: self.zone,
                lambda: ensure_in_order(parse_day("starts_on", self.starts_on), parse_day("ends_on", self.ends_on)),
                lambda: short_line("person", self.person),
                lambda: models.check_email(self.email),
                lambda: passwords.ensure_good_password(self.password, about=(self.person, self.email)),
            )
        )


class SetUpPage(FormPage, frozen=True, kw_only=True):
    form: SetUpForm = field(default_factory=SetUpForm)
    zones: Sequence[str] = ()


class JoiningPages(Controller):
    """Invitations, registration, and a new address of mail."""

    @get("/invitations/{token:str}", name="invitation", opt=PUBLIC_ROUTE)
    def invitation(self, work: Work, token: FromPath[str]) -> Response[str]:
        """What one is invited to, and the form to accept."""
        return _invitation_form(work, token)

    @post("/invitations/{token:str}", name="accept_invitation", opt=SIGN_IN_ROUTE)
    def accept_invitation(self, work: Work, token: FromPath[str], data: FormBody[InvitationForm]) -> PageOrRedirect:
        """Accept it, with a name and a password; who has an account signs in as usual."""
        with work.reading() as db:
            forum = TicketService(db).look(token, *JOINING).forum
            to = work.url_for("forum", forum=forum.slug) if forum else f"/{work.language}"
        try:
            issued = authentication.accept_invitation(
                work.site.store,
                token=token,
                name=data.name,
                password=data.password,
                language=data.language or work.language,
                timezone=data.timezone.strip(),
                device=device_of(work),
            )
        except Invalid as refusal:
            return _invitation_form(work, token, data, refusal)
        if issued is None:
            said = work.messages.gettext("Invitation accepted. Sign in as usual.")
            return redirect(work, work.url_for("sign_in", to=to), said=said)
        return signed_in_redirect(work, issued, to=to, said=work.messages.gettext("Welcome. Your account is ready."))

    @get("/register/{forum:str}", name="register", opt=PUBLIC_ROUTE)
    def register(self, work: Work, forum: Slug) -> Response[str]:
        """The form, where the forum lets anybody register."""
        return _registration_form(work, forum, RegistrationForm())

    @post("/register/{forum:str}", name="ask_to_register", opt=SIGN_IN_ROUTE)
    def ask_to_register(self, work: Work, forum: Slug, data: FormBody[RegistrationForm]) -> PageOrRedirect:
        """Have a link sent, by which the account is made."""
        try:
            limit_attempts(work, "letter", data.email, most=LETTERS, within=LETTERS_WITHIN)
            authentication.register(
                work.site.store, forum=forum, email=data.email, name=data.name, language=work.language
            )
        except Invalid as refusal:
            return _registration_form(work, forum, data, refusal)
        return redirect(work, work.url_for("letter_sent"))

    @shows("accounts/new_email.html", "/email/{token:str}", name="new_email", opt=PUBLIC_ROUTE)
    def new_email(self, db: Db, token: FromPath[str]) -> EmailLinkPage:
        """The page of the letter to the new address: one button."""
        email = TicketService(db).look(token, TicketKind.EMAIL_CHANGE).email
        return EmailLinkPage(token=token, email=email)

    @post("/email/{token:str}", name="confirm_new_email", opt=SIGN_IN_ROUTE)
    def confirm_new_email(self, work: Work, token: FromPath[str]) -> Response[None]:
        """Use the new address from now on."""
        issued = authentication.confirm_email_change(work.site.store, token=token, device=device_of(work))
        said = work.messages.gettext("Sign in with the new address from now on.")
        return signed_in_redirect(work, issued, to=work.url_for("account"), said=said)


class SetUpPages(Controller):
    """The first network, forum and person, once and never again."""

    path = "/set-up"

    @get(name="set_up", opt=PUBLIC_ROUTE)
    def set_up(self, work: Work) -> Response[str]:
        """The form, while there is no account at all."""
        return _set_up_form(work, SetUpForm(code=work.request.query_params.get("code", "")[:100]))

    @post(name="begin", opt=SIGN_IN_ROUTE)
    def begin(self, work: Work, data: FormBody[SetUpForm]) -> PageOrRedirect:
        """Found the forum, and sign its first person in."""
        limit_attempts(work, "set-up", "code", most=30, within=timedelta(hours=1))
        if wrong := [*_wrong_code(work, data.code), *data.wrong()]:
            return _set_up_form(work, data, *wrong)
        try:
            issued = joining.set_up_first_forum(
                work.site.store,
                code=data.code.strip(),
                forum=data.forum,
                name=data.person,
                email=data.email,
                password=data.password,
                language=work.language,
                device=device_of(work),
            )
        except LinkSpent:
            return _set_up_form(work, data, Invalid(field="code", reason="spent"))
        except Invalid as refusal:
            return _set_up_form(work, data, refusal)
        to = work.url_for("forum", forum=data.word)
        return signed_in_redirect(
            work,
            issued,
            to=to,
            said=work.messages.gettext("Forum created in the time zone %(zone)s.", zone=data.forum.timezone),
        )


def _invitation_form(
    work: Work, token: str, form: InvitationForm | None = None, refusal: WorkspaceError | None = None
) -> Response[str]:
    errors, alert = refusal_messages(work, refusal)
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
            zones=time_zones(),
            errors=errors,
            alert=alert,
        )
    return page(work, "accounts/invitation.html", context, status=REFUSED if refusal else 200)


def _registration_form(
    work: Work, forum: str, form: RegistrationForm, refusal: WorkspaceError | None = None
) -> Response[str]:
    errors, alert = refusal_messages(work, refusal)
    with work.reading() as db:
        found = forum_frame(db, forum, work=work)
        if found.forum.registration != Registration.OPEN:
            raise NotFound(what="forum", id=forum)
        context = RegistrationPage(
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
    context = SetUpPage(form=form, zones=time_zones(), errors=field_errors(work, *wrong), alert="")
    return page(work, "accounts/set_up.html", context, status=REFUSED if wrong else 200)


def _ensure_first_run(db: Db) -> None:
    if not joining.first_run_open(db):
        raise NotFound(what="page")
