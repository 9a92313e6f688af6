# ruff: noqa: N802  (the server calls methods by the names of SMTP's commands)
"""A real mail server on loopback, which does to letters what mail servers do."""

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class PostOffice:
    """What the server has been given, and how it behaves. `answers` are replies to a command, the next one first."""

    user: str = "workspace"
    password: str = "correct horse & battery/staple"
    refused: dict[str, str] = field(default_factory=dict)  # address: reply
    data_answers: list[str] = field(default_factory=list)
    sender_answers: list[str] = field(default_factory=list)
    takes: float = 0.0  # seconds to take a letter over
    hangs_up: bool = False  # in the middle of the next letter
    letters: list[EmailMessage] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    connections: int = 0
    were_encrypted: list[bool] = field(default_factory=list)
    offered: list[tuple[bytes, bytes]] = field(default_factory=list)
    port: int = 0

    @property
    def subjects(self) -> list[str]:
        return [str(letter["Subject"]) for letter in self.letters]

    def url(self, *, login: bool = False, scheme: str = "smtp") -> str:
        who = f"{self.user}:correct%20horse%20%26%20battery%2Fstaple@" if login else ""
        return f"{scheme}://{who}127.0.0.1:{self.port}"

    async def handle_EHLO(
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ):
        session.host_name = hostname
        self.connections += session.ssl is None
        return responses

    async def handle_MAIL(self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]):
        if self.sender_answers:
            return self.sender_answers.pop(0)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ):
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope):
        if self.hangs_up:
            self.hangs_up = False
            server.transport.abort()
            return "421 gone"
        if self.data_answers:
            return self.data_answers.pop(0)
        if self.takes:
            await _asleep(self.takes)
        self.envelopes.append(envelope)
        self.were_encrypted.append(session.ssl is not None)
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 Taken"

    def authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, mechanism: str, given: LoginPassword):  # noqa: ARG002  (the server passes it)
        self.offered.append((given.login, given.password))
        good = (given.login.decode(), given.password.decode()) == (self.user, self.password)
        return AuthResult(success=good, handled=good)


async def _asleep(seconds: float) -> None:
    import asyncio  # noqa: PLC0415  (the server's own loop)

    await asyncio.sleep(seconds)


@contextmanager
def opened(office: PostOffice, **options: object) -> Iterator[PostOffice]:
    """The office on a port of its own; `options` are those of aiosmtpd's server."""
    office.port = free_port()
    controller = Controller(
        office, hostname="127.0.0.1", port=office.port, authenticator=office.authenticate, **options
    )
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for this machine that nobody trusts yet: its file, and the server's side of it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Post office")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    trusted, own = folder / "certificate.pem", folder / "key.pem"
    trusted.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    own.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, own)
    return trusted, context


def wait_until(true, *, seconds: float = 15.0) -> None:
    """Return as soon as `true()`; fail when that takes too long."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def report(message_id, *, status="5.1.1", action="failed", to="somebody-else@example.org"):
    """What a mail server sends back (RFC 3464)."""
    return f"""From: MAILER-DAEMON@example.org
To: workspace@towns.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; example.org

Final-Recipient: rfc822; {to}
Action: {action}
Status: {status}

--b
Content-Type: text/rfc822-headers

Message-ID: {message_id}
Subject: x

--b--
""".encode()
