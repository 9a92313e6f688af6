"""Answers compressed on their way out, where no proxy does it: a page of a megabyte passes a telephone as a tenth.

Not compressed are answers whose `ETag` names their very bytes, streams, and what compresses itself. Nor an answer to
words that another site chose: from the length of many such answers it could guess what else is in them (BREACH).
"""

import re
import zlib
from typing import Any

import zstandard
from litestar.concurrency import sync_to_thread

SHORTEST = 1_000  # bytes: what fits into one packet gains nothing
AT_ONCE = 20_000  # bytes: what takes longer is compressed beside the other requests
_NONE = re.compile(r";q=0(?:\.0*)?$")
_TYPES = (b"text/", b"application/json", b"application/problem+json", b"application/atom+xml", b"image/svg+xml")
_STREAM = b"text/event-stream"


class Compressed:
    """The application, whose long answers in words go out with zstd, or gzip, to whoever takes it."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        coding, start = _coding(scope), None

        async def pass_on(message: Any) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_fit(message):
                start = {**message, "headers": _varying(message["headers"])}
                return
            if start is not None and message["type"] == "http.response.body":
                begun, start = start, None
                if coding and not message.get("more_body", False) and len(message["body"]) >= SHORTEST:
                    message = {**message, "body": await _compressed(message["body"], coding)}
                    begun["headers"] = _encoded(begun["headers"], coding, len(message["body"]))
                await send(begun)
            await send(message)

        await self.app(scope, receive, pass_on)


def _coding(scope: Any) -> str:
    """The first coding of ours that the reader takes; empty where there is none, or it must not be used."""
    given = dict(scope["headers"])
    if given.get(b"sec-fetch-site") in {b"cross-site", b"same-site"} and scope["query_string"]:
        return ""
    takes = given.get(b"accept-encoding", b"").decode("latin-1").lower().replace(" ", "").split(",")
    named = {each.partition(";")[0] for each in takes if not _NONE.search(each)}
    return next((coding for coding in _CODINGS if coding in named), "")


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


def _encoded(headers: Any, coding: str, length: int) -> list[tuple[bytes, bytes]]:
    others = (pair for pair in headers if pair[0] != b"content-length")
    return [*others, (b"content-encoding", coding.encode()), (b"content-length", str(length).encode())]


async def _compressed(body: bytes, coding: str) -> bytes:
    if len(body) < AT_ONCE:
        return _CODINGS[coding](body)
    return await sync_to_thread(_CODINGS[coding], body)


def _gzip(body: bytes) -> bytes:
    compressor = zlib.compressobj(4, wbits=31)  # the level: a quarter of what 9 takes, and 4 % longer; its container
    return compressor.compress(body) + compressor.flush()


# zstd makes of a long page a quarter less than gzip, in a third of its time
_CODINGS = {"zstd": lambda body: zstandard.ZstdCompressor(level=3).compress(body), "gzip": _gzip}
