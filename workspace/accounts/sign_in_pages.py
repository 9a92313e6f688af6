"""Signing in: by password or by a link in a letter, with a second step where there is one; and out again."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from msgspec import Struct

from workspace.accounts import entrance
from workspace.accounts.doorway import (
    KNOCKING,
    OPEN_TO_ALL,
    REFUSED,
    FormPage,
    device,
    ensure_few,
    forget_tries,
    let_in,
    told,
    where_to,
)
from workspace.accounts.models import TicketKind
from workspace.accounts.tickets import TicketService
from workspace.core.errors import CodeRefused, Invalid, SignInRefused, WorkspaceError
from workspace.people.models import Forum, Registration
from workspace.web import security
from workspace.web.pages import Link, Page, own, page, redirect
from workspace.web.params import FromPath, URLEncodedBody
from workspace.web.services import Work
from workspace.web.sign_ins import cookie_token

TRIES, TRIES_WITHIN = 10, timedelta(minutes=15)  # at one account's password, from one address
TRIES_OF_ALL, OF_ALL_WITHIN = 60, timedelta(hours=1)  # from all addresses together
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
    open_forums: Sequence[Link] = ()


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

    @get("/sign-in", name="sign_in", opt=OPEN_TO_ALL, sync_to_thread=True)
    def sign_in(self, work: NamedDependency[Work]) -> Response[str] | Response[None]:
        """The form; whoever is in already is sent on."""
        to = where_to(work)
        if work.signed_in is not None:
            is_full = work.signed_in.is_full
            return redirect(work, to or f"/{work.language}") if is_full else _to_code(work, to)
        return _sign_in_form(work, SignInForm(to=to))

    @post("/sign-in", name="enter", opt=KNOCKING, sync_to_thread=True)
    def enter(self, work: NamedDependency[Work], data: URLEncodedBody[SignInForm]) -> Response[str] | Response[None]:
        """Sign in, or have a link sent. Whether an address is known is never told."""
        try:
            if data.way == BY_LINK:
                ensure_few(work, "letter", _email(data.email), most=LETTERS, within=LETTERS_WITHIN)
                entrance.send_sign_in_link(work.site.store, email=data.email, language=work.language)
                return redirect(work, work.url_for("letter_sent"))
            ensure_few(work, "password", _email(data.email), most=TRIES, within=TRIES_WITHIN, from_here=True)
            ensure_few(work, "password", data.email, most=TRIES_OF_ALL, within=OF_ALL_WITHIN)
            issued = entrance.sign_in(work.site.store, email=data.email, password=data.password, device=device(work))
        except (Invalid, SignInRefused) as refusal:
            return _sign_in_form(work, data, refusal)
        forget_tries(work, "password", data.email)
        return let_in(work, issued, to=data.to)

    @get("/sign-in/sent", name="letter_sent", opt=OPEN_TO_ALL, sync_to_thread=True)
    def letter_sent(self, work: NamedDependency[Work]) -> Response[str]:
        """Where to look now."""
        return page(work, "accounts/sent.html", Page())

    @get("/sign-in/code", name="sign_in_code", opt=OPEN_TO_ALL, sync_to_thread=True)
    def sign_in_code(self, work: NamedDependency[Work]) -> Response[str] | Response[None]:
        """The second step, for whoever has taken the first."""
        to = where_to(work)
        found = work.signed_in
        if found is None:
            return redirect(work, work.url_for("sign_in", to=to or None))
        return redirect(work, to or f"/{work.language}") if found.is_full else _code_form(work, CodeForm(to=to))

    @post("/sign-in/code", name="enter_code", opt=KNOCKING, sync_to_thread=True)
    def enter_code(self, work: NamedDependency[Work], data: URLEncodedBody[CodeForm]) -> Response[str] | Response[None]:
        """Take the second step, with six digits or a recovery code."""
        try:
            issued = entrance.second_step(
                work.site.store, token=cookie_token(work.request), code=data.code, device=device(work)
            )
        except (CodeRefused, SignInRefused) as refusal:
            if refusal.facts.get("left", 0):
                return _code_form(work, data, refusal)
            response = _sign_in_form(work, SignInForm(to=data.to), refusal)
            security.let_out(work.request, response)
            return response
        return let_in(work, issued, to=data.to)

    @get("/sign-in/link/{token:str}", name="sign_in_link", opt=OPEN_TO_ALL, sync_to_thread=True)
    def sign_in_link(self, work: NamedDependency[Work], token: FromPath[str]) -> Response[str]:
        """The page of a link: one button."""
        with work.reading() as db:
            email = TicketService(db).look(token, TicketKind.SIGN_IN_LINK).email
        return page(work, "accounts/link.html", LinkPage(token=token, email=email))

    @post("/sign-in/link/{token:str}", name="enter_by_link", opt=KNOCKING, sync_to_thread=True)
    def enter_by_link(self, work: NamedDependency[Work], token: FromPath[str]) -> Response[None]:
        """Sign in with the link, which is used up by it."""
        return let_in(work, entrance.sign_in_by_link(work.site.store, token=token, device=device(work)))

    @post("/sign-out", name="sign_out", opt=OPEN_TO_ALL, sync_to_thread=True)
    def sign_out(self, work: NamedDependency[Work]) -> Response[None]:
        """Leave: the sign-in ends on the server, not only in this browser."""
        entrance.sign_out(work.site.store, token=cookie_token(work.request))
        response = redirect(work, f"/{work.language}", said=work.messages.gettext("You have signed out."))
        security.let_out(work.request, response)
        return response


class PasswordPages(Controller):
    """A password that was forgotten."""

    @get("/password", name="forgotten_password", opt=OPEN_TO_ALL, sync_to_thread=True)
    def forgotten_password(self, work: NamedDependency[Work]) -> Response[str]:
        return page(work, "accounts/forgotten.html", EmailPage())

    @post("/password", name="ask_new_password", opt=KNOCKING, sync_to_thread=True)
    def ask_new_password(
        self, work: NamedDependency[Work], data: URLEncodedBody[EmailForm]
    ) -> Response[str] | Response[None]:
        """Have a link sent, if the address is known; whether it is, is never told."""
        try:
            ensure_few(work, "letter", _email(data.email), most=LETTERS, within=LETTERS_WITHIN)
            entrance.send_password_reset(work.site.store, email=data.email, language=work.language)
        except Invalid as refusal:
            errors, alert = told(work, refusal)
            context = EmailPage(email=data.email, errors=errors, alert=alert)
            return page(work, "accounts/forgotten.html", context, status=REFUSED)
        return redirect(work, work.url_for("letter_sent"))

    @get("/password/{token:str}", name="new_password", opt=OPEN_TO_ALL, sync_to_thread=True)
    def new_password(self, work: NamedDependency[Work], token: FromPath[str]) -> Response[str]:
        """The form for a new password."""
        return _new_password_form(work, token)

    @post("/password/{token:str}", name="set_new_password", opt=KNOCKING, sync_to_thread=True)
    def set_new_password(
        self, work: NamedDependency[Work], token: FromPath[str], data: URLEncodedBody[PasswordForm]
    ) -> Response[str] | Response[None]:
        """Set it. Every other sign-in ends."""
        try:
            issued = entrance.reset_password(work.site.store, token=token, password=data.password, device=device(work))
        except Invalid as refusal:
            return _new_password_form(work, token, refusal)
        said = work.messages.gettext("Your new password counts from now on. Everywhere else you are signed out.")
        return let_in(work, issued, said=said)


def _email(given: str) -> str:
    if not given.strip():
        raise Invalid(field="email", reason="required")
    return given


def _to_code(work: Work, to: str) -> Response[None]:
    return redirect(work, work.url_for("sign_in_code", to=to or None))


def _sign_in_form(work: Work, form: SignInForm, refusal: WorkspaceError | None = None) -> Response[str]:
    errors, alert = told(work, refusal)
    with work.reading() as db:
        open_forums = db.scalars(sa.select(Forum).where(Forum.registration == Registration.OPEN).order_by(Forum.slug))
        links = [Link(one.name.said_in(work.language), work.url_for("register", forum=one.slug)) for one in open_forums]
    context = SignInPage(
        email=form.email,
        to=own(work, form.to) if form.to else "",
        open_forums=links,
        errors=errors,
        alert=alert,
    )
    return page(work, "accounts/sign_in.html", context, status=REFUSED if refusal else 200)


def _code_form(work: Work, form: CodeForm, refusal: WorkspaceError | None = None) -> Response[str]:
    _, alert = told(work, refusal)
    context = CodePage(to=own(work, form.to) if form.to else "", errors={"code": alert} if alert else {})
    return page(work, "accounts/code.html", context, status=REFUSED if refusal else 200)


def _new_password_form(work: Work, token: str, refusal: Invalid | None = None) -> Response[str]:
    errors, alert = told(work, refusal)
    with work.reading() as db:
        email = TicketService(db).look(token, TicketKind.PASSWORD_RESET).email
    context = NewPasswordPage(token=token, email=email, errors=errors, alert=alert)
    return page(work, "accounts/new_password.html", context, status=REFUSED if refusal else 200)
