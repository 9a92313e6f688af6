"""Bytes that no well-behaved client sends, at a real server: it answers them all, and never with a failure."""

import logging
import re
import shutil
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn

from tests.support import factories, site
from workspace.core.actor import Role
from workspace.core.program_log import FIELDS
from workspace.core.settings import Settings
from workspace.core.storage.db import Store
from workspace.web.http import security
from workspace.web.http.rate_limits import RateLimiter

DEEP = b"[" * 100_000


@pytest.fixture(scope="module")
def port(empty_database, tmp_path_factory) -> Iterator[int]:
    path = tmp_path_factory.mktemp("raw") / "workspace.sqlite3"
    shutil.copyfile(empty_database, path)
    store = Store(Settings.for_file(path))
    with store.writing() as db:
        factories.person(db, Role.CHAIR)
        factories.declaration(db)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(site.with_accounts(store, pace=RateLimiter()), log_level="critical", ws="none")
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        thread.join(0.05)
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join(10)
    listener.close()
    store.close()


def answered(port: int, sent: bytes, *, patience: float = 20) -> tuple[int, bytes]:
    """The status of the answer, 0 where the server closed the connection or waits for more; and what else it said."""
    said = b""
    with socket.create_connection(("127.0.0.1", port), timeout=patience) as line:
        try:
            line.sendall(sent)
            while more := line.recv(65_536):
                said += more
        except (ConnectionError, TimeoutError):
            pass
    status = re.match(rb"HTTP/1\.1 (\d{3})", said)
    return int(status[1]) if status else 0, said


def get(path: bytes, *headers: bytes) -> bytes:
    return (
        b"GET "
        + path
        + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
        + b"".join(header + b"\r\n" for header in headers)
        + b"\r\n"
    )


def post(path: bytes, body: bytes, *headers: bytes, kind: bytes = b"application/json") -> bytes:
    lines = (b"Content-Type: " + kind, b"Content-Length: %d" % len(body), *headers)
    return get(path, *lines).replace(b"GET ", b"POST ", 1) + body


@pytest.mark.parametrize(
    ("path", "kind"),
    [(b"/api/accounts/me/tokens", b"application/json"), (b"/en/sign-in", b"multipart/form-data; boundary=x")],
)
def test_a_request_that_its_sender_cuts_off_is_no_failure_of_ours(port, caplog, path, kind):
    with caplog.at_level(logging.INFO, logger="workspace"):
        with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
            line.sendall(post(path, b"x" * 900, kind=kind)[:-500])
        patience = time.monotonic() + 20
        while not (told := [one for one in caplog.records if one.name == "workspace.requests"]):
            assert time.monotonic() < patience
            time.sleep(0.01)
    assert [one.__dict__[FIELDS]["status"] for one in told] == [400]
    assert not [one for one in caplog.records if one.levelno >= logging.WARNING]


ADDRESSES = [
    b"/%",
    b"/%ff%fe",
    b"/en/%ff",
    b"/en/%00",
    b"/en/third-forum/%00",
    b"/en/third-forum/%2e%2e/%2e%2e/etc/passwd",
    b"/static/../../pyproject.toml",
    b"/static/%2e%2e/%2e%2e/pyproject.toml",
    b"/static/" + b"a/" * 3_000,
    b"//",
    b"///en//third-forum//",
    b"/en/third-forum/declaration?revision=1_000",
    b"/en/third-forum/declaration?revision=" + b"9" * 400,
    b"/en/third-forum/declaration?text=%ff",
    b"/en/third-forum/declaration?text=" + b"es," * 2_000,
    b"/en/third-forum/declaration/amendments/1_0",
    b"/en/third-forum/declaration/amendments/%D9%A3",
    b"/en/third-forum/declaration/amendments/" + b"9" * 300,
    b"/en/third-forum/declaration/paragraphs/urn:uuid:00000000-0000-0000-0000-000000000000",
    b"/api/declarations/{00000000-0000-0000-0000-000000000000}",
    b"/api/declarations/00000000000000000000000000000000",
    b"/api/forums/%00",
    b"/api/forums/third-forum/recommendations?cursor=%00&limit=1_0",
    b"/api/forums/third-forum/recommendations?limit=" + b"9" * 5_000,
    b"/api/openapi.json?" + b"a&" * 5_000,
    b"/en/invitations/" + b"A" * 5_000,
    b"/en/invitations/%00",
    b"/en/password/%ff",
    b"/en/sign-in?to=//elsewhere.test&to=%0d%0aSet-Cookie:%20a=b",
    b"/en/sign-in/link/%F0%9F%92%A5",
    b"/en/set-up?code=%00",
    b"/en/sign-in?" + b"x=%FF&" * 50,
    b"/\xff\xfe",
    b"/en/ \x00",
    b"http://elsewhere.test/en",
    b"*",
]
HEADERS = [
    b"Cookie: \xff\xfe=\xff; sign-in=\xff; form=\x80",
    b"Cookie: sign-in=" + b"A" * 10_000,
    b"Cookie: " + b"a=b; " * 3_000,
    b'Cookie: said=%ff%00%0a; theme="><script>; language=xx; persona=%00',
    b"Accept-Language: \xff;q=\xff," + b"es;q=2," * 500,
    b"Accept: \xff/\xfe;q=x",
    b"Authorization: Bearer \xff\xfe",
    b"Authorization: Bearer " + b"x" * 20_000,
    b"Authorization: Basic \x80",
    b"Authorization:",
    b"If-None-Match: \xff",
    b"Idempotency-Key: \xff",
    b"Content-Length: -1",
    b"Content-Length: abc",
    b"Content-Length: 99999999999999999999",
    b"Transfer-Encoding: chunked",
    b"Expect: 100-continue",
    b"Range: bytes=0-\xff",
    b"Origin: http://[::1",
    b"Host: b",
    b"X-Forwarded-For: \xff, 1.2.3.4",
    b"Upgrade: websocket",
    b"User-Agent: " + b"\x80" * 5_000,
    b"Content-Type: \xff/\xfe; charset=\xff",
]
BODIES = [
    b"",
    b"\x00",
    b"\xff\xfe\x00",
    b"{",
    b"null",
    DEEP,
    DEEP + b"]" * 100_000,
    b'{"a":' * 100_000,
    b'{"a": 1e999, "b": NaN}',
    b'{"a": ' + b"9" * 100_000 + b"}",
    b'{"a": "\\ud800", "a": "\xed\xa0\x80"}',
    b'"' + b"x" * 900_000 + b'"',
    b" " * 1_000_001,
    b"[" + b"{}," * 200_000 + b"{}]",
    b'"' + b"\\" * 400_000,
]
FORMS = [
    (b"application/x-www-form-urlencoded", b"email=%ff&password=%00&csrf=%ff"),
    (b"application/x-www-form-urlencoded", b"&" * 100_000),
    (b"application/x-www-form-urlencoded; charset=utf-7", b"email=+AGE-"),
    (b"application/x-www-form-urlencoded", b"email=a&" * 20_000),
    (b"multipart/form-data", b"x"),
    (b"multipart/form-data; boundary=", b"--\r\n"),
    (b"multipart/form-data; boundary=x", b"--x\r\n" * 20_000),
    (b"multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + b"y" * 900_000),
    (b"multipart/form-data; boundary=x", b"--x\r\n" + b"A: b\r\n" * 50_000 + b"\r\n--x--"),
    (b"multipart/form-data; boundary=" + b"x" * 5_000, b"--x--"),
    (b"multipart/form-data; boundary=\xff", b"--\xff--"),
    (b"text/plain", b"email=a"),
    (b"\xff", b"\xff"),
]
GARBAGE = [
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x00" * 1_000,
    b"POST /en/sign-in HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"POST /en/sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nshort",
    b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: \xff\xfe\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
    b"TRACE / HTTP/1.1\r\nHost: a\r\n\r\n",
    b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n",
    b"\xc3\x28 /en HTTP/1.1\r\nHost: a\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
]


def test_no_address_is_a_failure_of_ours(port):
    statuses = {path[:60]: answered(port, get(path))[0] for path in ADDRESSES}
    assert {path: status for path, status in statuses.items() if not 200 <= status < 500} == {}


def test_no_header_is_a_failure_of_ours(port):
    failed = {}
    for header in HEADERS:
        for path in (b"/en/third-forum", b"/api/forums", b"/en/account"):
            status, _ = answered(port, get(path, header), patience=2)
            if status >= 500:
                failed[header[:40], path] = status
    assert failed == {}


def test_no_body_is_a_failure_of_ours(port):
    failed, seen = {}, set()
    for path in (b"/api/forums/third-forum/declarations/from-texts", b"/api/forums/third-forum/notes", b"/en/sign-in"):
        for body in BODIES:
            for key in ((), (b"Idempotency-Key: k",)):
                status, _ = answered(port, post(path, body, *key))
                seen.add(status)
                if status >= 500:
                    failed[path, body[:40]] = status
    assert failed == {}
    assert seen >= {400, 403, 415}


def test_no_form_is_a_failure_of_ours(port):
    failed = {}
    cookie = b"Cookie: form=" + b"t" * 43
    for path in (b"/en/sign-in", b"/en/password", b"/en/set-up", b"/en/persona", b"/en/third-forum/declarations/new"):
        for kind, body in FORMS:
            for token in (b"X-CSRF-Token: " + b"t" * 43, b"X-CSRF-Token: \xff"):
                status, _ = answered(port, post(path, body, cookie, token, kind=kind))
                if status >= 500:
                    failed[path, kind[:40], body[:40]] = status
    assert failed == {}


def test_garbage_is_no_failure_of_ours_and_the_server_goes_on(port):
    failed = {sent[:40]: status for sent in GARBAGE if (status := answered(port, sent, patience=1)[0]) >= 500}
    assert failed == {}
    assert answered(port, get(b"/health"))[0] == 200


def test_no_answer_splits_into_two(port):
    for path in (b"/en/sign-in?to=%0d%0aSet-Cookie:%20stolen=1", b"/en/account?x=%0d%0a%0d%0aHTTP/1.1%20200"):
        status, said = answered(port, get(path))
        assert status
        assert b"\r\nSet-Cookie: stolen" not in said
        assert said.count(b"HTTP/1.1 ") == 1


def test_two_lengths_in_one_request_are_refused_and_answered_once(port):
    second = b"0\r\n\r\n" + get(b"/health")
    both = post(b"/en/sign-in", second, b"Transfer-Encoding: chunked", kind=b"text/plain")
    status, said = answered(port, both.replace(b"Connection: close\r\n", b"", 1), patience=3)
    assert (status, said.count(b"HTTP/1.1 ")) == (400, 1)


def test_a_body_that_does_not_come_is_not_waited_for(port, monkeypatch):
    monkeypatch.setattr(security, "LONGEST_PAUSE", 0.3)
    begun = time.monotonic()
    unfinished = post(
        b"/en/sign-in", b"email=a", b"Cookie: form=" + b"t" * 43, kind=b"application/x-www-form-urlencoded"
    )
    status, _ = answered(port, unfinished.replace(b"Content-Length: 7", b"Content-Length: 70"), patience=10)
    assert (status, time.monotonic() - begun < 5) == (408, True)
