"""Requests straight to the application, without threads or sockets between: an audit makes hundreds of them."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from httpx import Request, Response
from litestar import Litestar

HOST = "testserver.local"
_ADDRESS = ("testclient", 50_000)


class StraightClient:
    """As much of a test client as `Caller` needs; the application has been started by whoever makes one."""

    def __init__(self, app: Litestar) -> None:
        self.app = app
        self.loop = asyncio.new_event_loop()

    def close(self) -> None:
        self.loop.close()

    def get(self, url: str, *, headers: Mapping[str, str] = {}) -> Response:
        return self.request("GET", url, headers=headers)

    def request(self, method: str, url: str, *, headers: Mapping[str, str] = {}, **given: Any) -> Response:
        """`given`: `json` is the body, or `files` are in it, if there is one."""
        body = json.dumps(given["json"], ensure_ascii=False).encode() if "json" in given else b""
        told = {**headers, **({"Content-Type": "application/json"} if body else {})}
        if "files" in given:
            form = Request(method, f"http://{HOST}{url}", files=given["files"])
            body, told = form.read(), {**headers, "Content-Type": form.headers["content-type"]}
        answer = self.loop.run_until_complete(self._sent(method, url, told, body))
        answer.request = Request(method, f"http://{HOST}{url}", headers=told, content=body)
        return answer

    async def _sent(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Response:
        path, _, query = url.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [
                (b"host", HOST.encode()),
                *((name.lower().encode(), value.encode()) for name, value in headers.items()),
            ],
            "client": _ADDRESS,
            "server": (HOST, 80),
            "extensions": {},
            "state": {},
        }
        said: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            said.append(message)

        await self.app(scope, receive, send)
        content = b"".join(message.get("body", b"") for message in said[1:])
        return Response(said[0]["status"], headers=said[0]["headers"], content=content)
