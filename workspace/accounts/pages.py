"""One's own account: name, language, time zone, password and address of mail."""

from collections.abc import Sequence
from datetime import datetime

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from msgspec import Struct

from drafts.blocks import Language
from workspace.accounts import entrance
from workspace.accounts.doorway import (
    OWN,
    OWN_KNOCKING,
    REFUSED,
    FormPage,
    device,
    ensure_few,
    let_in,
    signed_in,
    told,
)
from workspace.accounts.service import AccountService
from workspace.accounts.sign_in_pages import LETTERS, LETTERS_WITHIN, TRIES, TRIES_WITHIN
from workspace.accounts.zones import zones
from workspace.core.errors import Invalid
from workspace.web import i18n
from workspace.web.pages import page, redirect
from workspace.web.params import URLEncodedBody
from workspace.web.services import Work


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

    @get(name="account", opt=OWN, sync_to_thread=True)
    def account(self, work: NamedDependency[Work]) -> Response[str]:
        """Everything about the account on one page."""
        return _account(work)

    @post(name="change_profile", opt=OWN, sync_to_thread=True)
    def change_profile(
        self, work: NamedDependency[Work], data: URLEncodedBody[ProfileForm]
    ) -> Response[str] | Response[None]:
        """Keep what was changed; the next page is in the language that was chosen."""
        actor = signed_in(work).actor
        try:
            with work.writing() as db:
                AccountService(db).change_profile(
                    actor=actor, name=data.name, language=data.language, timezone=data.timezone.strip()
                )
        except Invalid as refusal:
            return _account(work, data, refusal)
        language = data.language if data.language in i18n.LANGUAGES else work.language
        said = i18n.messages(Language(language)).gettext("Your account is as you wrote it.")
        return redirect(work, work.url_for("account", language=language), said=said)

    @get("/password", name="own_password", opt=OWN, sync_to_thread=True)
    def own_password(self, work: NamedDependency[Work]) -> Response[str]:
        return _password_form(work)

    @post("/password", name="change_password", opt=OWN_KNOCKING, sync_to_thread=True)
    def change_password(
        self, work: NamedDependency[Work], data: URLEncodedBody[PasswordChangeForm]
    ) -> Response[str] | Response[None]:
        """Change it. This browser stays signed in; everything else that was lent in one's name ends."""
        person = signed_in(work)
        ensure_few(work, "own-password", str(person.person_id), most=TRIES, within=TRIES_WITHIN)
        try:
            issued = entrance.change_password(
                work.site.store,
                actor=person.actor,
                current=data.current,
                password=data.password,
                device=device(work),
            )
        except Invalid as refusal:
            return _password_form(work, refusal)
        said = work.messages.gettext("Your new password counts from now on. Everywhere else you are signed out.")
        return let_in(work, issued, to=work.url_for("account"), said=said)

    @get("/email", name="own_email", opt=OWN, sync_to_thread=True)
    def own_email(self, work: NamedDependency[Work]) -> Response[str]:
        return _email_form(work, EmailChangeForm())

    @post("/email", name="change_email", opt=OWN_KNOCKING, sync_to_thread=True)
    def change_email(
        self, work: NamedDependency[Work], data: URLEncodedBody[EmailChangeForm]
    ) -> Response[str] | Response[None]:
        """Have a letter sent to the new address; nothing changes until its link is used."""
        person = signed_in(work)
        ensure_few(work, "own-password", str(person.person_id), most=TRIES, within=TRIES_WITHIN)
        ensure_few(work, "letter", data.email, most=LETTERS, within=LETTERS_WITHIN)
        try:
            entrance.request_email_change(work.site.store, actor=person.actor, email=data.email, password=data.password)
        except Invalid as refusal:
            return _email_form(work, data, refusal)
        said = work.messages.gettext("A letter is on its way to the new address: follow its link to confirm it.")
        return redirect(work, work.url_for("account"), said=said)


def _account(work: Work, form: ProfileForm | None = None, refusal: Invalid | None = None) -> Response[str]:
    actor = signed_in(work).actor
    errors, alert = told(work, refusal)
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
            zones=zones(),
            errors=errors,
            alert=alert,
        )
    return page(work, "accounts/account.html", context, status=REFUSED if refusal else 200)


def _password_form(work: Work, refusal: Invalid | None = None) -> Response[str]:
    errors, alert = told(work, refusal)
    with work.reading() as db:
        account = AccountService(db).profile(actor=signed_in(work).actor).account
        context = PasswordChangePage(
            email=account.email, has_password=account.password_hash is not None, errors=errors, alert=alert
        )
    return page(work, "accounts/password.html", context, status=REFUSED if refusal else 200)


def _email_form(work: Work, form: EmailChangeForm, refusal: Invalid | None = None) -> Response[str]:
    errors, alert = told(work, refusal)
    with work.reading() as db:
        account = AccountService(db).profile(actor=signed_in(work).actor).account
        context = EmailChangePage(
            email=account.email,
            wanted=form.email,
            has_password=account.password_hash is not None,
            errors=errors,
            alert=alert,
        )
    return page(work, "accounts/email.html", context, status=REFUSED if refusal else 200)
