"""Sending a message to an address elsewhere, and to nowhere near: the one place where a stranger chooses whom we call.

The name is looked up once, every address it has must be one of the public net, and the connection goes to such an
address and no other, so that a name cannot mean two things. No redirect is followed, nothing that comes back is
shown, and the whole call ends in time however slowly the other side speaks.
"""

import http.client
import ipaddress
import os
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Thread, Timer
from urllib.parse import urlsplit

from msgspec import Struct

from workspace.core.errors import Invalid
from workspace.core.settings import Outbound

SECONDS = 10.0  # for all of it
LONGEST_ADDRESS = 1_000
_TRIED = 3  # addresses of one name
_HTTPS, _PRIVILEGED = 443, 1024  # below it other services listen, which have nothing to be told
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class CallFailed(Exception):
    """A message that did not arrive. `reason` is a stable word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CallTarget(Struct, frozen=True):
    """An address as it is called."""

    host: str
    port: int
    path: str
    is_encrypted: bool


def call_target(url: str, outbound: Outbound) -> CallTarget:
    """Read an address; raises `Invalid` for one that is never called, without looking its name up."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
        host.encode("idna")
    except ValueError as error:
        raise Invalid(field="url", reason="not_callable") from error
    if not host or len(url) > LONGEST_ADDRESS or not url.isascii() or not url.isprintable() or " " in url:
        raise Invalid(field="url", reason="not_callable")
    if parts.username is not None or parts.fragment:
        raise Invalid(field="url", reason="not_callable")
    is_here = _is_loopback(host) and outbound is Outbound.LOOPBACK
    if parts.scheme != "https" and not (parts.scheme == "http" and is_here):
        raise Invalid(field="url", reason="not_https")
    if _is_number(host) and not _is_callable(host, outbound):
        raise Invalid(field="url", reason="not_public")
    is_encrypted = parts.scheme == "https"
    port = port or (_HTTPS if is_encrypted else 80)
    if port < _PRIVILEGED and port != _HTTPS and not is_here:
        raise Invalid(field="url", reason="not_callable")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return CallTarget(host, port, path, is_encrypted)


def post_message(
    goal: CallTarget, body: bytes, headers: Mapping[str, str], outbound: Outbound, *, seconds: float = SECONDS
) -> int:
    """Send `body` and answer with the status that came back. Raises `CallFailed`."""
    end = time.monotonic() + seconds
    try:
        with _connected(goal, _addresses(goal, outbound, seconds), end) as line, _cut_off(line, end):
            status = _posted(goal, line, body, headers)
    except ssl.SSLError as error:
        raise CallFailed("too_slow" if time.monotonic() >= end else "tls_failed") from error
    except (OSError, http.client.HTTPException) as error:
        raise CallFailed("too_slow" if time.monotonic() >= end else "connection_lost") from error
    if time.monotonic() >= end:
        raise CallFailed("too_slow")  # cut off in the middle of its answer
    return status


def _posted(goal: CallTarget, line: socket.socket, body: bytes, headers: Mapping[str, str]) -> int:
    if goal.is_encrypted:
        line = ssl.create_default_context().wrap_socket(line, server_hostname=goal.host)
    connection = http.client.HTTPConnection(goal.host, goal.port)
    connection.sock = line  # ours, to the address that was looked at: it opens none of its own
    connection.auto_open = 0
    try:
        connection.request(
            "POST",
            goal.path,
            body=body,
            headers={
                "Host": _host(goal),
                "Content-Type": "application/json",
                "User-Agent": "declaration-workspace",
                "Connection": "close",
                **headers,
            },
        )
        return connection.getresponse().status
    finally:
        connection.close()
        line.close()


def _addresses(goal: CallTarget, outbound: Outbound, seconds: float) -> list[str]:
    """Where the name leads; raises `CallFailed` where one of these is not of the public net."""
    found = list(dict.fromkeys(_looked_up(goal, seconds)))
    if not found:
        raise CallFailed("unknown_name")
    if not all(_is_callable(address, outbound) for address in found):
        raise CallFailed("not_public")
    return found[:_TRIED]


def _looked_up(goal: CallTarget, seconds: float) -> list[str]:
    """Every address of the name. Looking up knows no end of its own, so it has a thread that need not be waited for."""
    found: list[str] = []

    def look() -> None:
        with suppress(OSError, UnicodeError):
            addresses = socket.getaddrinfo(goal.host, goal.port, type=socket.SOCK_STREAM)
            found.extend(str(where[0]) for *_, where in addresses)

    thread = Thread(target=look, daemon=True)
    thread.start()
    thread.join(seconds)
    return list(found)


@contextmanager
def _connected(goal: CallTarget, addresses: list[str], end: float) -> Iterator[socket.socket]:
    for number, address in enumerate(addresses, 1):
        left = end - time.monotonic()
        if left <= 0:
            raise CallFailed("too_slow")
        try:
            line = socket.create_connection((address, goal.port), timeout=left / 2 if number < len(addresses) else left)
        except OSError:
            continue
        with line:
            line.settimeout(max(end - time.monotonic(), 0.1))
            yield line
        return
    raise CallFailed("unreachable")


@contextmanager
def _cut_off(line: socket.socket, end: float) -> Iterator[None]:
    """Cut the line at `end`, whatever is going on: who sends a letter every second would never run into a timeout."""
    other_end = socket.socket(fileno=os.dup(line.fileno()))

    def cut() -> None:
        with suppress(OSError):
            other_end.shutdown(socket.SHUT_RDWR)

    timer = Timer(max(end - time.monotonic(), 0), cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        other_end.close()


def _is_callable(address: str, outbound: Outbound) -> bool:
    """Whether it is an address of the public net, also where it hides another one; or of this machine, if allowed."""
    ip_address = ipaddress.ip_address(address.partition("%")[0])
    if ip_address.is_loopback:
        return outbound is Outbound.LOOPBACK
    if isinstance(ip_address, ipaddress.IPv6Address):
        if (inner := _inside(ip_address)) is not None:
            return inner.is_global and not inner.is_multicast
        if ip_address.is_site_local:  # RFC 3879: no longer given out, and still in use inside of networks
            return False
    return ip_address.is_global and not ip_address.is_multicast and not ip_address.is_reserved


def _inside(ip_address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if ip_address in _NAT64:
        return ipaddress.IPv4Address(int(ip_address) & 0xFFFFFFFF)
    return ip_address.ipv4_mapped or ip_address.sixtofour or (ip_address.teredo[1] if ip_address.teredo else None)


def _is_number(host: str) -> bool:
    with suppress(ValueError):
        ipaddress.ip_address(host.partition("%")[0])
        return True
    return False


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_number(host) and ipaddress.ip_address(host.partition("%")[0]).is_loopback)


def _host(goal: CallTarget) -> str:
    name = f"[{goal.host}]" if ":" in goal.host else goal.host
    return name if goal.port == (_HTTPS if goal.is_encrypted else 80) else f"{name}:{goal.port}"
