"""A file that somebody sent in, given out again."""

from urllib.parse import quote

from litestar import Response

from workspace.web.http.security import DOWNLOAD_POLICY


def stored_file(name: str, content: bytes) -> Response[bytes]:
    """A file to keep: never shown by the browser, whatever is in it; its name is kept in every script."""
    plain = (
        "".join(sign if sign.isalnum() or sign in "._-" else "_" for sign in name if sign.isascii()).lstrip(".")
        or "file"
    )
    headers = {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, '')}",
        "Content-Security-Policy": DOWNLOAD_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-cache",
    }
    return Response(content, media_type="application/octet-stream", headers=headers)
