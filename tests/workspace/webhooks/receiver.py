"""A program elsewhere that is told of news: a real server on loopback, which checks what it is sent as one would."""

import base64
import hashlib
import hmac
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Message:
    """What was received, word for word."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def content(self) -> Any:
        return json.loads(self.body)

    def is_signed_with(self, secret: str) -> bool:
        """As Standard Webhooks says, written apart from the program."""
        signed = ".".join((self.headers["webhook-id"], self.headers["webhook-timestamp"], self.body.decode()))
        mac = hmac.new(base64.b64decode(secret.split("_", 1)[1]), signed.encode(), hashlib.sha256)
        return self.headers["webhook-signature"] == "v1," + base64.b64encode(mac.digest()).decode()


@dataclass
class Receiver:
    """`statuses` are what it answers, one after another; after them 204."""

    statuses: list[int] = field(default_factory=list)
    received: list[Message] = field(default_factory=list)
    url: str = ""


@contextmanager
def receiving(*, context: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver on a free port, behind TLS where there is a context."""
    told = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.received.append(Message(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            status = told.statuses.pop(0) if told.statuses else 204
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", f"{told.url}/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """It keeps quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    told.url = f"{'https' if context else 'http'}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
