"""One's own account: profile, password, second factor, sign-ins and API tokens."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote

from litestar import Controller, Response
from msgspec import Struct

from drafts.text.blocks import Language
from workspace.accounts.domain import authentication, tokens
from workspace.accounts.domain.credentials import ApiTokenService
from workspace.accounts.domain.service import AccountService
from workspace.accounts.domain.sign_ins import SignInService, browser_name
from workspace.accounts.form_support import (
    OWN_ROUTE,
    OWN_SIGN_IN_ROUTE,
    REFUSED,
    FormPage,
    Oneself,
    device_of,
    limit_attempts,
    refusal_messages,
    require_sign_in,
    set_cookie,
    signed_in_redirect,
    time_zones,
)
from workspace.accounts.sign_in_pages import LETTERS, LETTERS_WITHIN, TRIES, TRIES_WITHIN
from workspace.core.actor import SignedInPerson
from workspace.core.errors import Invalid, NotEnrolled, WorkspaceError
from workspace.core.storage.db import Db
from workspace.web.http.request_context import FormBody, PathId, Work
from workspace.web.http.routing import get, post
from workspace.web.i18n import messages
from workspace.web.pages import Done, Page, PageOrRedirect, page, qr_code, redirect, shows, takes


class ProfileForm(Struct, frozen=True):
    """What can be changed at once."""

    name: str = ""
    language: str = ""
    timezone: str = ""


class PasswordChangeForm(Struct, frozen=True):
    current: str = ""
    password: str = ""


class EmailChangeForm(Struct, frozen=True):
    email: str = ""
    password: str = ""


class AccountPage(FormPage, frozen=True, kw_only=True):
    """The profile, and how the account is kept safe."""

    form: ProfileForm
    email: str
    has_password: bool
    factor_since: datetime | None
    codes_left: int
    must_enrol: bool
    zones: Sequence[str]


class PasswordChangePage(FormPage, frozen=True, kw_only=True):
    email: str
    has_password: bool


class EmailChangePage(FormPage, frozen=True, kw_only=True):
    email: str
    wanted: str
    has_password: bool


class AccountPages(Controller):
    """My account."""

    path = "/account"

    @get(name="account", opt=OWN_ROUTE)
    def account(self, work: Work) -> Response[str]:
        """Everything about the account on one page."""
        return _account(work)

    @post(name="change_profile", opt=OWN_ROUTE)
    def change_profile(self, work: Work, data: FormBody[ProfileForm]) -> PageOrRedirect:
        """Keep what was changed; the next page is in the language that was chosen."""
        actor = require_sign_in(work).actor
        try:
            with work.writing() as db:
                AccountService(db).change_profile(
                    actor=actor, name=data.name, language=data.language, timezone=data.timezone.strip()
                )
        except Invalid as refusal:
            return _account(work, data, refusal)
        language = data.language if data.language in messages.LANGUAGES else work.language
        said = messages.messages(Language(language)).gettext("Account saved.")
        return redirect(work, work.url_for("account", language=language), said=said)

    @get("/password", name="own_password", opt=OWN_ROUTE)
    def own_password(self, work: Work) -> Response[str]:
        return _password_form(work)

    @post("/password", name="change_password", opt=OWN_SIGN_IN_ROUTE)
    def change_password(self, work: Work, data: FormBody[PasswordChangeForm]) -> PageOrRedirect:
        """Change it. This browser stays signed in; everything else that was lent in one's name ends."""
        person = require_sign_in(work)
        limit_attempts(work, "own-password", str(person.person_id), most=TRIES, within=TRIES_WITHIN)
        try:
            issued = authentication.change_password(
                work.site.store,
                actor=person.actor,
                current=data.current,
                password=data.password,
                device=device_of(work),
            )
        except Invalid as refusal:
            return _password_form(work, refusal)
        said = work.messages.gettext("Password changed.")
        return signed_in_redirect(work, issued, to=work.url_for("account"), said=said)

    @get("/email", name="own_email", opt=OWN_ROUTE)
    def own_email(self, work: Work) -> Response[str]:
        return _email_form(work, EmailChangeForm())

    @post("/email", name="change_email", opt=OWN_SIGN_IN_ROUTE)
    def change_email(self, work: Work, data: FormBody[EmailChangeForm]) -> PageOrRedirect:
        """Have a letter sent to the new address; nothing changes until its link is used."""
        person = require_sign_in(work)
        limit_attempts(work, "own-password", str(person.person_id), most=TRIES, within=TRIES_WITHIN)
        limit_attempts(work, "letter", data.email, most=LETTERS, within=LETTERS_WITHIN)
        try:
            authentication.request_email_change(
                work.site.store, actor=person.actor, email=data.email, password=data.password
            )
        except Invalid as refusal:
            return _email_form(work, data, refusal)
        said = work.messages.gettext("Follow the link we e-mailed to the new address.")
        return redirect(work, work.url_for("account"), said=said)


def _account(work: Work, form: ProfileForm | None = None, refusal: Invalid | None = None) -> Response[str]:
    actor = require_sign_in(work).actor
    errors, alert = refusal_messages(work, refusal)
    with work.reading() as db:
        found = AccountService(db).profile(actor=actor)
        person, account = found.person, found.account
        context = AccountPage(
            form=form or ProfileForm(name=person.name, language=person.language, timezone=person.timezone),
            email=account.email,
            has_password=account.password_hash is not None,
            factor_since=found.factor_since,
            codes_left=found.recovery_codes_left,
            must_enrol=found.must_enrol,
            zones=time_zones(),
            errors=errors,
            alert=alert,
        )
    return page(work, "accounts/account.html", context, status=REFUSED if refusal else 200)


def _password_form(work: Work, refusal: Invalid | None = None) -> Response[str]:
    errors, alert = refusal_messages(work, refusal)
    with work.reading() as db:
        account = AccountService(db).profile(actor=require_sign_in(work).actor).account
        context = PasswordChangePage(
            email=account.email, has_password=account.password_hash is not None, errors=errors, alert=alert
        )
    return page(work, "accounts/password.html", context, status=REFUSED if refusal else 200)


def _email_form(work: Work, form: EmailChangeForm, refusal: Invalid | None = None) -> Response[str]:
    errors, alert = refusal_messages(work, refusal)
    with work.reading() as db:
        account = AccountService(db).profile(actor=require_sign_in(work).actor).account
        context = EmailChangePage(
            email=account.email,
            wanted=form.email,
            has_password=account.password_hash is not None,
            errors=errors,
            alert=alert,
        )
    return page(work, "accounts/email.html", context, status=REFUSED if refusal else 200)


ISSUER = "Declaration Workspace"
DAYS = (30, 90, 180, 366)


class EnrolForm(Struct, frozen=True):
    """`secret` is the one that the page showed: nothing is kept of it until a first code proves that it was taken."""

    code: str = ""
    secret: str = ""
    password: str = ""


class RemovalForm(Struct, frozen=True):
    password: str = ""
    code: str = ""


class TokenForm(Struct, frozen=True):
    name: str = ""
    reach: str = "read"
    days: int = 90


class SecondStepPage(FormPage, frozen=True, kw_only=True):
    """Without `since`: the drawing and the letters to take over into an app. With it: what can be done about it."""

    since: datetime | None
    codes_left: int
    must_enrol: bool
    has_password: bool
    email: str
    secret: str = ""
    drawing: str = ""  # a data: address of the QR code


class CodesPage(Page, frozen=True, kw_only=True):
    """The recovery codes, shown this once. `download` is the address of a file with them."""

    codes: Sequence[str]
    download: str


class BrowserLine(Struct, frozen=True):
    """One sign-in. `name` is what the browser calls itself, in a few words; "" if it says nothing that is known."""

    id: str
    name: str
    system: str
    address: str
    made_at: datetime
    seen_at: datetime
    is_this: bool


class SignInsPage(Page, frozen=True, kw_only=True):
    browsers: Sequence[BrowserLine]


class TokenLine(Struct, frozen=True):
    id: str
    name: str
    prefix: str
    is_read_only: bool
    made_at: datetime
    seen_at: datetime | None
    expires_at: datetime


class TokensPage(FormPage, frozen=True, kw_only=True):
    """`made` is the token that was just made: shown now, and never again."""

    tokens: Sequence[TokenLine]
    form: TokenForm
    days: Sequence[int] = DAYS
    made: str = ""
    made_name: str = ""


class SecondStepPages(Controller):
    """The second step of signing in."""

    path = "/account/second-step"

    @get(name="second_step", opt=OWN_ROUTE)
    def second_step(self, work: Work) -> Response[str]:
        """Set it up, or see how it stands."""
        return _second_step(work)

    @post(name="enrol", opt=OWN_SIGN_IN_ROUTE)
    def enrol(self, work: Work, data: FormBody[EnrolForm]) -> Response[str]:
        """Take it into use with a first code, and show the recovery codes."""
        person = _ensure_few_codes(work)
        try:
            issued, codes = authentication.enrol_factor(
                work.site.store,
                actor=person.actor,
                secret=data.secret,
                code=data.code,
                password=data.password,
                device=device_of(work),
            )
        except Invalid as refusal:
            return _second_step(work, data, refusal)
        response = _codes(work, codes)
        set_cookie(work, response, issued)
        return response

    @post("/removal", name="remove_factor", opt=OWN_SIGN_IN_ROUTE)
    def remove_factor(self, work: Work, data: FormBody[RemovalForm]) -> PageOrRedirect:
        """Do without it, where the reader's roles allow that."""
        person = _ensure_few_codes(work)
        try:
            issued = authentication.remove_factor(
                work.site.store, actor=person.actor, password=data.password, code=data.code, device=device_of(work)
            )
        except (Invalid, NotEnrolled) as refusal:
            return _second_step(work, None, refusal)
        said = work.messages.gettext("Second factor removed.")
        return signed_in_redirect(work, issued, to=work.url_for("account"), said=said)

    @post("/codes", name="new_recovery_codes", opt=OWN_SIGN_IN_ROUTE)
    def new_recovery_codes(self, work: Work, data: FormBody[RemovalForm]) -> Response[str]:
        """New recovery codes; the old ones end."""
        person = _ensure_few_codes(work)
        try:
            codes = authentication.new_recovery_codes(work.site.store, actor=person.actor, code=data.code)
        except Invalid as refusal:
            return _second_step(work, None, refusal)
        return _codes(work, codes)


class CredentialPages(Controller):
    """What acts in one's name: browsers that are signed in, and programs with a token."""

    path = "/account"

    @shows("accounts/sign_ins.html", "/sign-ins", name="sign_ins", opt=OWN_ROUTE)
    def sign_ins(self, db: Db, work: Work) -> SignInsPage:
        """Every browser that is signed in."""
        person = require_sign_in(work)
        browsers = [
            BrowserLine(
                str(sign_in.id),
                *browser_name(sign_in.agent),
                sign_in.address,
                sign_in.made_at,
                sign_in.seen_at,
                sign_in.id == person.id,
            )
            for sign_in in SignInService(db).open_ones(actor=person.actor)
        ]
        return SignInsPage(browsers=browsers)

    @takes("/sign-ins/{sign_in_id:uuid}/end", name="end_sign_in", opt=OWN_ROUTE)
    def end_sign_in(self, db: Db, work: Work, person: Oneself, sign_in_id: PathId) -> Done:
        """Sign one of them out."""
        SignInService(db).end(sign_in_id, actor=person.actor)
        return Done("sign_ins", work.messages.gettext("Browser signed out."))

    @takes("/sign-ins/end", name="end_other_sign_ins", opt=OWN_ROUTE)
    def end_other_sign_ins(self, db: Db, work: Work, person: Oneself) -> Done:
        """Sign all of them out but this one."""
        SignInService(db).end_others(actor=person.actor, keep=person.id)
        return Done("sign_ins", work.messages.gettext("Signed out everywhere else."))

    @get("/tokens", name="tokens", opt=OWN_ROUTE)
    def tokens(self, work: Work) -> Response[str]:
        """The tokens of one's programs."""
        return _tokens(work, TokenForm())

    @post("/tokens", name="make_token", opt=OWN_ROUTE)
    def make_token(self, work: Work, data: FormBody[TokenForm]) -> Response[str]:
        """Make one, and show it this once."""
        actor = require_sign_in(work).actor
        try:
            with work.writing() as db:
                made = ApiTokenService(db).create(
                    actor=actor, name=data.name, is_read_only=data.reach != "write", forum_id=None, days=data.days
                )
                token = made.token
        except Invalid as refusal:
            return _tokens(work, data, refusal)
        return _tokens(work, TokenForm(), made=token, made_name=data.name.strip())

    @takes("/tokens/{token_id:uuid}/end", name="end_token", opt=OWN_ROUTE)
    def end_token(self, db: Db, work: Work, person: Oneself, token_id: PathId) -> Done:
        """End one."""
        ApiTokenService(db).end(token_id, actor=person.actor)
        return Done("tokens", work.messages.gettext("Token revoked."))


def _second_step(work: Work, form: EnrolForm | None = None, refusal: WorkspaceError | None = None) -> Response[str]:
    """How it stands; while it is being set up, the secret stays the one that an app may have taken over already."""
    errors, alert = refusal_messages(work, refusal)
    with work.reading() as db:
        found = AccountService(db).profile(actor=require_sign_in(work).actor)
        email = found.account.email
        has_password = found.account.password_hash is not None
    given = form.secret if form and tokens.is_secret(form.secret) else ""
    secret = "" if found.factor_since else given or tokens.new_secret()
    context = SecondStepPage(
        since=found.factor_since,
        codes_left=found.recovery_codes_left,
        must_enrol=found.must_enrol,
        secret=secret,
        drawing=qr_code(tokens.authenticator_uri(secret, email=email, issuer=ISSUER), scale=5) if secret else "",
        email=email,
        has_password=has_password,
        errors=errors,
        alert=alert,
    )
    return page(work, "accounts/second_step.html", context, status=REFUSED if refusal else 200)


def _codes(work: Work, codes: Sequence[str]) -> Response[str]:
    heading = work.messages.gettext("Recovery codes of %(site)s", site=ISSUER)
    lines = "\r\n".join((heading, "", *codes, ""))
    return page(work, "accounts/codes.html", CodesPage(codes=codes, download=f"data:text/plain,{quote(lines)}"))


def _tokens(
    work: Work, form: TokenForm, refusal: Invalid | None = None, *, made: str = "", made_name: str = ""
) -> Response[str]:
    errors, alert = refusal_messages(work, refusal)
    with work.reading() as db:
        tokens = [
            TokenLine(
                str(token.id),
                token.name,
                token.prefix,
                token.is_read_only,
                token.made_at,
                token.seen_at,
                token.expires_at,
            )
            for token in ApiTokenService(db).tokens(actor=require_sign_in(work).actor)
        ]
    context = TokensPage(tokens=tokens, form=form, made=made, made_name=made_name, errors=errors, alert=alert)
    return page(work, "accounts/tokens.html", context, status=REFUSED if refusal else 200)


def _ensure_few_codes(work: Work) -> SignedInPerson:
    """Count a try at one's own code: whoever has found an open browser shall not guess it."""
    person = require_sign_in(work)
    limit_attempts(work, "own-code", str(person.person_id), most=TRIES, within=TRIES_WITHIN)
    return person
