"""How a letter leaves, to a mail server or into a folder, and why it did not."""

import os
import re
import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Self, TypeAlias
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from workspace.core.environment import BadSetting
from workspace.core.outbox import Letter
from workspace.core.settings import Settings
from workspace.web.i18n.marking import N_

TIMEOUT = 20.0  # seconds for each answer of the server
SUBMISSION, SUBMISSION_TLS = 587, 465
REFUSED = 400  # from this reply code on, the server did not take it
PERMANENT = 500  # from this one on, trying again is of no use (RFC 5321, 4.2.1)
SIGN_IN_FIRST = 530  # RFC 4954, 6
_STATUS = re.compile(rb"[45]\.\d{1,3}\.\d{1,3}\b")  # RFC 3463
_BY_POLICY = b"5.7."  # RFC 3463, 3.8: how a server answers whom it sends nothing for


class Undelivered(Exception):
    """The letter did not leave. `reason` is a stable word, `code` what the server answered, 0 if it did not.

    `status` says more about an address that was refused: the enhanced code of the server, or else `code`.
    `is_permanent`: trying again is of no use. `is_servers`: it would have been the same with any other letter.
    """

    def __init__(
        self, reason: str, code: int = 0, *, status: str = "", is_permanent: bool = False, is_servers: bool = False
    ) -> None:
        super().__init__(reason)
        self.reason, self.code, self.status = reason, code, status or str(code)
        self.is_permanent, self.is_servers = is_permanent, is_servers


class MailServer(Struct, frozen=True):
    """A mail server as WORKSPACE_SMTP names it."""

    host: str
    port: int
    user: str
    password: str
    is_tls: bool  # from the first byte on
    is_loopback: bool

    @classmethod
    def read(cls, url: str) -> "MailServer":
        """Read smtp://user:password@host:port or smtps://…; raises `BadSetting`, and never repeats the password.

        The password may stand there as it is, with any of / @ : # in it, or percent-encoded.
        """
        scheme, _, rest = url.partition("://")
        who, _, where = rest.rpartition("@")
        user, _, password = who.partition(":")
        try:
            parts = urlsplit(f"//{where}")
            host, port = parts.hostname or "", parts.port
        except ValueError as error:
            raise BadSetting("WORKSPACE_SMTP cannot be read as an address.") from error
        if scheme not in {"smtp", "smtps"} or not host:
            raise BadSetting("WORKSPACE_SMTP must be smtp:// or smtps:// and a host.")
        is_tls = scheme == "smtps"
        return cls(
            host=host,
            port=port or (SUBMISSION_TLS if is_tls else SUBMISSION),
            user=unquote(user),
            password=unquote(password),
            is_tls=is_tls,
            is_loopback=_is_loopback(host),
        )


class SmtpTransport:
    """Sends over SMTP, one connection for as many letters as there are.

    The connection is encrypted and the server's certificate verified, or nothing is sent; only to this very
    machine a letter may go in the clear.
    """

    def __init__(self, server: MailServer) -> None:
        self.server = server
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            _leave(connection)

    def reach(self, sender: str) -> None:
        """Connect, sign in, ask whether letters of this sender would leave, and send nothing; raises `Undelivered`."""
        connection = self._connected()
        try:
            _ask(connection, sender)
        except (smtplib.SMTPException, OSError) as error:
            refusal = self._undelivered(error)
            if refusal.is_servers:
                raise refusal from error

    def send(self, letter: Letter, message: EmailMessage) -> None:  # noqa: ARG002  (only a file is named after it)
        """Hand the message over; raises `Undelivered`."""
        connection = self._connected()
        try:
            connection.send_message(message)
        except (smtplib.SMTPException, OSError) as error:
            if connection.sock is None or isinstance(error, OSError | smtplib.SMTPServerDisconnected):
                connection.close()
                self._connection = None
            raise self._undelivered(error) from error

    def _undelivered(self, error: Exception) -> Undelivered:
        """What the refusal means. A server that wants us to sign in first says nothing about an address."""
        if code := self._asks_who_we_are(error):
            return Undelivered("sign_in_missing", code, is_servers=True)
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            code, said = _first(error)
            found = _STATUS.match(said)
            status = found[0].decode() if found else ""
            return Undelivered("recipient_refused", code, status=status, is_permanent=code >= PERMANENT)
        if isinstance(error, smtplib.SMTPSenderRefused):
            return Undelivered("sender_refused", error.smtp_code, is_servers=True)
        if isinstance(error, smtplib.SMTPNotSupportedError):
            return Undelivered("utf8_missing", is_permanent=True)
        if isinstance(error, smtplib.SMTPResponseException):
            return Undelivered("message_refused", error.smtp_code, is_permanent=error.smtp_code >= PERMANENT)
        return Undelivered("connection_lost", is_servers=True)

    def _asks_who_we_are(self, error: Exception) -> int:
        """The code by which a server says that it sends nothing for strangers; 0 where it says something else."""
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            code, said = _first(error)
            needs_sign_in = code == SIGN_IN_FIRST or (not self.server.user and said.startswith(_BY_POLICY))
            return code if needs_sign_in else 0
        needs_sign_in = isinstance(error, smtplib.SMTPSenderRefused) and error.smtp_code == SIGN_IN_FIRST
        return SIGN_IN_FIRST if needs_sign_in else 0

    def _connected(self) -> smtplib.SMTP:
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        try:
            return self._opened(with_tls=True)
        except ssl.SSLError as error:
            if self.server.is_tls or not self.server.is_loopback:
                raise Undelivered("tls_failed", is_servers=True) from error
        return self._opened(with_tls=False)  # its certificate cannot be verified, and what it guards stays inside

    def _opened(self, *, with_tls: bool) -> smtplib.SMTP:
        try:
            connection = self._greeted()
        except ssl.SSLError:
            raise
        except (smtplib.SMTPException, OSError) as error:
            raise Undelivered("unreachable", getattr(error, "smtp_code", 0), is_servers=True) from error
        try:
            self._secured(connection, with_tls=with_tls)
        except BaseException:
            connection.close()
            raise
        return connection

    def _greeted(self) -> smtplib.SMTP:
        server = self.server
        if server.is_tls:
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(server.host, server.port, "localhost", timeout=TIMEOUT, context=context)
        return smtplib.SMTP(server.host, server.port, "localhost", timeout=TIMEOUT)

    def _secured(self, connection: smtplib.SMTP, *, with_tls: bool) -> None:
        """Encrypt and sign in, as far as the server offers it and the settings ask for it."""
        try:
            connection.ehlo_or_helo_if_needed()
            if with_tls and not self.server.is_tls and connection.has_extn("starttls"):
                connection.starttls(context=ssl.create_default_context())
            elif not self.server.is_tls and not self.server.is_loopback:
                raise Undelivered("tls_missing", is_servers=True)
            if self.server.user:
                connection.login(self.server.user, self.server.password)
        except ssl.SSLError:
            raise
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError) as error:
            raise Undelivered("sign_in_refused", getattr(error, "smtp_code", 0), is_servers=True) from error
        except (smtplib.SMTPException, OSError) as error:
            raise Undelivered("connection_lost", getattr(error, "smtp_code", 0), is_servers=True) from error


class FolderTransport:
    """Writes each letter into a file that only the owner can read: it may hold a link that opens an account."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def send(self, letter: Letter, message: EmailMessage) -> None:
        """Write `{time}-{kind}-{id}.eml`, whole or not at all; raises `Undelivered`."""
        name = f"{letter.due_at:%Y%m%dT%H%M%SZ}-{letter.kind}-{letter.id}.eml"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(self.folder / name, message.as_bytes())
        except OSError as error:
            raise Undelivered("folder", is_servers=True) from error


Transport: TypeAlias = SmtpTransport | FolderTransport  # a context: what it opens for one letter serves the next


def transport(settings: Settings) -> Transport:
    """The transport that the settings ask for; raises `BadSetting`."""
    if settings.smtp:
        return SmtpTransport(MailServer.read(settings.smtp))
    return FolderTransport(Path(settings.mail_dir))


def _write(path: Path, data: bytes) -> None:
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _first(refusal: smtplib.SMTPRecipientsRefused) -> tuple[int, bytes]:
    """What was said of the one address that a letter goes to."""
    return next(iter(refusal.recipients.values()))


def _ask(connection: smtplib.SMTP, sender: str) -> None:
    """Begin a letter of this sender to itself, and leave off; raises what sending it would raise."""
    code, said = connection.mail(sender, () if sender.isascii() else ("SMTPUTF8",))
    if code >= REFUSED:
        raise smtplib.SMTPSenderRefused(code, said, sender)
    code, said = connection.rcpt(sender)
    connection.rset()
    if code >= REFUSED:
        raise smtplib.SMTPRecipientsRefused({sender: (code, said)})


def _leave(connection: smtplib.SMTP) -> None:
    try:
        connection.quit()
    except (smtplib.SMTPException, OSError):
        connection.close()


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


REASONS: Mapping[str, str] = {
    "bad_address": N_("This is not an e-mail address."),
    "recipient_refused": N_("The server does not deliver to this address."),
    "bounced": N_("It came back undelivered."),
    "message_refused": N_("The server refused the e-mail."),
    "utf8_missing": N_("The server does not support the characters of this address."),
    "expired": N_("Its news was over before it could be sent."),
    "bad_path": N_("The e-mail had no page to link to: a fault in the program."),
    "unknown_kind": N_("This kind of e-mail has no text: a fault in the program."),
    "unreachable": N_("The mail server could not be reached."),
    "tls_failed": N_("The connection to the mail server could not be made secure."),
    "tls_missing": N_("The mail server offers no secure connection."),
    "sign_in_refused": N_("The mail server refused the user name or the password."),
    "sign_in_missing": N_("The mail server requires a user: name one in WORKSPACE_SMTP."),
    "sender_refused": N_("The mail server refused the sender’s address."),
    "connection_lost": N_("The connection to the mail server broke."),
    "folder": N_("The folder for e-mails is not writable."),
}
HOPELESS = frozenset({"bad_address", "expired", "bad_path"})  # another try would end the same way
NOT_TRIED = N_("Not tried yet.")
CAUSES: Mapping[str, str] = {  # of addresses from which letters came back
    "no_address": N_("Unknown address: a mistake, or the person has left."),
    "full": N_("The mailbox is full."),
    "closed": N_("The mailbox is closed."),
    "no_server": N_("No mail server at this address: check what follows the @."),
    "refused": N_("The server blocks this workspace, or saw spam."),
    "other": N_("The server did not deliver, without saying why."),
}
