"""Answers compressed on their way out, where no proxy does it: a page of a megabyte passes a telephone as a tenth.

Not compressed are answers whose `ETag` names their very bytes, streams, and what compresses itself. Nor an answer to
words that another site chose: from the length of many such answers it could guess what else is in them (BREACH).
"""

import zlib
from typing import Any

from litestar.concurrency import sync_to_thread

SHORTEST = 1_000  # bytes: what fits into one packet gains nothing
AT_ONCE = 20_000  # bytes: what takes longer is compressed beside the other requests
_LEVEL = 4  # a quarter of what level 9 takes, and 4 % longer
_GZIP = 31  # the container, as zlib numbers it
_TYPES = (b"text/", b"application/json", b"application/problem+json", b"application/atom+xml", b"image/svg+xml")
_STREAM = b"text/event-stream"


class Compressed:
    """The application, whose long answers in words go out with gzip to whoever takes it."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_wanted, start = _is_wanted(scope), None

        async def pass_on(message: Any) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_fit(message):
                start = {**message, "headers": _varying(message["headers"])}
                return
            if start is not None and message["type"] == "http.response.body":
                begun, start = start, None
                if is_wanted and not message.get("more_body", False) and len(message["body"]) >= SHORTEST:
                    message = {**message, "body": await _compressed(message["body"])}
                    begun["headers"] = _with_length(begun["headers"], len(message["body"]))
                await send(begun)
            await send(message)

        await self.app(scope, receive, pass_on)


def _is_wanted(scope: Any) -> bool:
    given = dict(scope["headers"])
    takes = given.get(b"accept-encoding", b"").lower().replace(b" ", b"").split(b",")
    is_chosen_elsewhere = given.get(b"sec-fetch-site") in {b"cross-site", b"same-site"} and scope["query_string"]
    return any(name == b"gzip" or name.startswith(b"gzip;q=0.") for name in takes) and not is_chosen_elsewhere


def _is_fit(start: Any) -> bool:
    """Whether an answer that begins so may be compressed."""
    given = dict(start["headers"])
    media = given.get(b"content-type", b"")
    is_as_it_is = b"content-encoding" in given or given.get(b"etag", b"").startswith(b'"')
    return media.startswith(_TYPES) and not media.startswith(_STREAM) and not is_as_it_is


def _varying(headers: Any) -> list[tuple[bytes, bytes]]:
    """The headers, which say that the answer depends on what the reader takes."""
    varies = [value for name, value in headers if name == b"vary"]
    return [(b"vary", b", ".join([*varies, b"Accept-Encoding"])), *(pair for pair in headers if pair[0] != b"vary")]


def _with_length(headers: Any, length: int) -> list[tuple[bytes, bytes]]:
    others = (pair for pair in headers if pair[0] != b"content-length")
    return [*others, (b"content-encoding", b"gzip"), (b"content-length", str(length).encode())]


async def _compressed(body: bytes) -> bytes:
    if len(body) < AT_ONCE:
        return _gzip(body)
    return await sync_to_thread(_gzip, body)


def _gzip(body: bytes) -> bytes:
    compressor = zlib.compressobj(_LEVEL, wbits=_GZIP)
    return compressor.compress(body) + compressor.flush()
