"""HEAD, as every address that can be read answers it: what watches a server, or checks a link, often asks so."""

from typing import Any

_READS = "GET"


class Heads:
    """The application, which answers HEAD with what GET would say, and without its body.

    With the head the answer is over: a stream hears that its reader has gone.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return
        is_over = False

        async def pass_on(message: Any) -> None:
            nonlocal is_over
            if message["type"] == "http.response.start":
                await send(message)
            elif message["type"] == "http.response.body" and not is_over:
                is_over = True
                await send({"type": "http.response.body", "body": b"", "more_body": False})

        await self.app({**scope, "method": _READS}, receive, pass_on)
