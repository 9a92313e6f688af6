"""Only addresses of the public net are called, whatever their name says, and a call ends in time."""

import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.workspace.webhooks.receiver import receiving
from workspace.core.errors import Invalid
from workspace.core.settings import Outbound
from workspace.webhooks.outbound import CallFailed, call_target, post_message

NEAR = (
    *("127.0.0.1", "10.0.0.1", "172.16.5.5", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1"),
    *("255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1"),
    *("[::1]", "[::]", "[fe80::1]", "[fc00::1]", "[fec0::1]", "[ff02::1]", "[2001:db8::1]"),
    *("[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[64:ff9b::a00:1]", "[2002:a00:1::]", "[::7f00:1]"),
)


@pytest.mark.parametrize("host", NEAR)
def test_an_address_nearby_is_never_called(host):
    with pytest.raises(Invalid) as refused:
        call_target(f"https://{host}/x", Outbound.ON)
    assert refused.value.facts["reason"] == "not_public"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://hooks.town.example/", "not_https"),
        ("ftp://hooks.town.example/", "not_https"),
        ("http://127.0.0.1/", "not_https"),
        ("https://user:secret@hooks.town.example/", "not_callable"),
        ("https:///x", "not_callable"),
        ("https://hooks.town.example:99999/", "not_callable"),
        ("https://hooks.town.example:22/", "not_callable"),
        ("https://hooks.town.example:587/", "not_callable"),
        ("https://hooks.town.example/a b", "not_callable"),
        ("https://hooks.town.example/\r\nX: y", "not_callable"),
        ("https://hooks.town.example/" + "x" * 2_000, "not_callable"),
        ("https://" + "a" * 70 + ".example/", "not_callable"),
        ("hooks.town.example", "not_callable"),
        ("https://[::1", "not_callable"),
        ("", "not_callable"),
    ],
)
def test_what_is_no_address_of_the_net_is_refused(url, reason):
    with pytest.raises(Invalid) as refused:
        call_target(url, Outbound.ON)
    assert refused.value.facts["reason"] == reason


@pytest.mark.parametrize("host", ["0x7f000001", "2130706433", "127.1", "localhost"])
def test_a_name_that_leads_nearby_is_not_called_either(host):
    """Other ways to write 127.0.0.1, which only the system that looks names up understands."""
    with receiving() as told:
        port = told.url.rpartition(":")[2]
        goal = call_target(f"https://{host}:{port}/", Outbound.ON)
        with pytest.raises(CallFailed) as failure:
            post_message(goal, b"{}", {}, Outbound.ON)
        assert failure.value.reason in {"not_public", "unknown_name"}
        assert told.received == []


def test_a_name_that_has_one_address_nearby_is_not_called_at_all(monkeypatch):
    """Name servers of strangers can answer so; there is none here to ask."""
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, 443)) for host in ("93.184.215.14", "10.0.0.7")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
    with pytest.raises(CallFailed) as failure:
        post_message(call_target("https://hooks.town.example/", Outbound.ON), b"{}", {}, Outbound.ON)
    assert failure.value.reason == "not_public"


def test_a_name_is_looked_up_once_so_that_it_cannot_mean_two_things(monkeypatch):
    asked = []
    really = socket.getaddrinfo

    def told(host, *rest, **options):
        if host == "hooks.town.example":
            asked.append(host)
            host = "127.0.0.1"
        return really(host, *rest, **options)

    with receiving() as receiver:
        port = receiver.url.rpartition(":")[2]
        goal = call_target(f"https://hooks.town.example:{port}/", Outbound.LOOPBACK)
        monkeypatch.setattr(socket, "getaddrinfo", told)
        with pytest.raises(CallFailed):
            post_message(goal, b"{}", {}, Outbound.LOOPBACK, seconds=3)  # the receiver speaks no TLS
    assert asked == ["hooks.town.example"]


def certificate(folder, name: str) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "receiver")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(name))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "receiver.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "receiver.key").write_bytes(private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "receiver.pem", folder / "receiver.key")
    return context


def test_a_certificate_that_nobody_vouches_for_or_of_another_name_is_refused(tmp_path, monkeypatch):
    with receiving(context=certificate(tmp_path, "127.0.0.1")) as told:
        goal = call_target(told.url, Outbound.LOOPBACK)
        with pytest.raises(CallFailed) as failure:
            post_message(goal, b"{}", {}, Outbound.LOOPBACK)
        assert failure.value.reason == "tls_failed"
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "receiver.pem"))
        assert post_message(goal, b"{}", {}, Outbound.LOOPBACK) == 204
        elsewhere = call_target(told.url.replace("127.0.0.1", "127.0.0.2"), Outbound.LOOPBACK)
        with pytest.raises(CallFailed):
            post_message(elsewhere, b"{}", {}, Outbound.LOOPBACK)
    assert len(told.received) == 1


@pytest.mark.parametrize("letter", [b"", b"H", b"HTTP/1.1 200 OK\r\nX: y\r\n"])
def test_one_that_speaks_slowly_or_without_end_is_cut_off(letter):
    listener = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def drip() -> None:
        line, _ = listener.accept()
        with line:
            try:
                while not stop.wait(0.05):
                    line.sendall(letter)
            except OSError:
                return

    thread = threading.Thread(target=drip)
    thread.start()
    began = time.monotonic()
    with pytest.raises(CallFailed):
        post_message(
            call_target(f"http://127.0.0.1:{listener.getsockname()[1]}/", Outbound.LOOPBACK),
            b"{}",
            {},
            Outbound.LOOPBACK,
            seconds=0.6,
        )
    assert time.monotonic() - began < 5
    stop.set()
    thread.join()
    listener.close()


def test_nobody_there_is_told_as_such():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        with pytest.raises(CallFailed) as failure:
            post_message(
                call_target(f"http://127.0.0.1:{port}/", Outbound.LOOPBACK), b"{}", {}, Outbound.LOOPBACK, seconds=3
            )
    assert failure.value.reason == "unreachable"
