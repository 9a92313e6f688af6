"""Style sheets, scripts, fonts and icons: read once, served for ever under names that carry their content's hash.

A style sheet that imports others is served with them in it, because a reader on a slow line waits for each file.
"""

import hashlib
import posixpath
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from litestar import Request, Response
from msgspec import Struct

from workspace.core.errors import NotFound
from workspace.paths import STATIC
from workspace.web.http.rate_limits import UNLIMITED
from workspace.web.http.request_context import FromPath
from workspace.web.http.routing import get

PREFIX = "/static/"
MEDIA_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain",
    ".png": "image/png",
    ".webp": "image/webp",
}
_REFERENCES = {
    ".css": re.compile(r"""(?P<before>url\(\s*["']?)(?P<path>\.{1,2}/[^"')#?]+)"""),
    ".js": re.compile(r"""(?P<before>\b(?:from|import)\s*\(?\s*["'])(?P<path>\.{1,2}/[^"']+)"""),
}
_SCRIPTS = re.compile(rf'\bfrom\s*"({PREFIX}[^"]+)"')
_IMPORTED = re.compile(r'@import "\./([^"]+)";')


class Asset(Struct, frozen=True):
    content: bytes
    media_type: str


class Assets(Struct, frozen=True):
    """The files of one folder: `addresses` by the file's name, `files` by the address."""

    addresses: Mapping[str, str]
    files: Mapping[str, Asset]

    @classmethod
    def read(cls, folder: Path = STATIC) -> "Assets":
        """Read every file below `folder`; a reference to a file that is not there is a `LookupError`."""
        reader = _Reader(folder)
        for path in sorted(folder.rglob("*")):
            if path.suffix in MEDIA_TYPES:
                reader.address(path.relative_to(folder).as_posix())
        return cls(addresses=MappingProxyType(reader.addresses), files=MappingProxyType(reader.files))

    def address(self, name: str) -> str:
        """`css/base.css` to `/static/css/base.3f2a91c07be4.css`; a name that is not there is a `LookupError`."""
        return self.addresses[name]

    def imported(self, name: str) -> Sequence[str]:
        """The addresses of what a script imports, and of what that imports, for a page to ask for at once."""
        known = [self.address(name)]
        for address in known:
            known += (each for each in _SCRIPTS.findall(self.files[address].content.decode()) if each not in known)
        return known[1:]


class _Reader:
    """Names each file after its content, once the files it refers to have been named."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.addresses: dict[str, str] = {}
        self.files: dict[str, Asset] = {}
        self.open: set[str] = set()

    def address(self, name: str) -> str:
        if name in self.addresses:
            return self.addresses[name]
        path = self.folder / name
        if name in self.open or not path.is_file():
            raise LookupError(f"static file {name!r} refers to itself or is not there")
        self.open.add(name)
        content = self._with_references(name, path)
        stem, suffix = posixpath.splitext(name)
        address = f"{PREFIX}{stem}.{hashlib.sha256(content).hexdigest()[:12]}{suffix}"
        self.addresses[name] = address
        self.files[address] = Asset(content=content, media_type=MEDIA_TYPES[suffix])
        return address

    def _with_references(self, name: str, path: Path) -> bytes:
        references = _REFERENCES.get(path.suffix)
        if references is None:
            return path.read_bytes()

        def renamed(match: re.Match[str]) -> str:
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), match["path"]))
            return match["before"] + self.address(target)

        def whole(match: re.Match[str]) -> str:
            return self.files[self.address(posixpath.join(posixpath.dirname(name), match[1]))].content.decode()

        return references.sub(renamed, _IMPORTED.sub(whole, path.read_text(encoding="utf-8"))).encode()


@get(PREFIX + "{path:path}", include_in_schema=False, sync_to_thread=False, policy="public", pace=UNLIMITED)
def static_file(request: Request[Any, Any, Any], path: FromPath[str]) -> Response[bytes]:
    """One shipped file. Its address changes with its content, so that a browser may keep it for ever."""
    assets: Assets = request.app.state.assets
    asset = assets.files.get(PREFIX + path.lstrip("/"))
    if asset is None:
        raise NotFound(what="file")
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(asset.content, media_type=asset.media_type, headers=headers)
