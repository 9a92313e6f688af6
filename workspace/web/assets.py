"""Style sheets, scripts, fonts and icons: read once, served for ever under names that carry their content's hash.

A style sheet or script that imports others is served with them in it, because a reader on a slow line waits for each
file. What a script imports runs once for each script of a page that imports it.
"""

import hashlib
import posixpath
import re
from collections.abc import Mapping
from functools import partial
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
_REFERENCE = re.compile(r"""(?P<before>url\(\s*["']?)(?P<path>\.{1,2}/[^"')#?]+)""")
_STYLES = re.compile(r'@import "\./([^"]+)";')
_SCRIPTS = re.compile(r'^import (?:(?P<names>\{[^}]+\}) from )?"\./(?P<path>[^"]+)";$', re.MULTILINE)
_EXPORTED = re.compile(r"^export (?=(?:const|function\*?) (?P<name>\w+))", re.MULTILINE)
_RENAMED = re.compile(r"([\w$]+) as (\w+)")
_EXPORT_LIST = re.compile(r"\bexport ?\{(?P<names>[^}]+)\};\s*$")


class Asset(Struct, frozen=True):
    content: bytes
    media_type: str


class Assets(Struct, frozen=True):
    """The files of one folder: `addresses` by the file's name, `files` by the address."""

    addresses: Mapping[str, str]
    files: Mapping[str, Asset]

    @classmethod
    def read(cls, folder: Path = STATIC) -> "Assets":
        """Read every file below `folder`; a reference to a file that is not there is a `LookupError` or `OSError`."""
        reader = _Reader(folder)
        for path in sorted(folder.rglob("*")):
            if path.suffix in MEDIA_TYPES:
                reader.address(path.relative_to(folder).as_posix())
        return cls(addresses=MappingProxyType(reader.addresses), files=MappingProxyType(reader.files))

    def address(self, name: str) -> str:
        """`css/base.css` to `/static/css/base.3f2a91c07be4.css`; a name that is not there is a `LookupError`."""
        return self.addresses[name]


class _Reader:
    """Names each file after its content, once the files it refers to have been named."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.addresses: dict[str, str] = {}
        self.files: dict[str, Asset] = {}

    def address(self, name: str) -> str:
        if name in self.addresses:
            return self.addresses[name]
        path = self.folder / name
        if not path.is_file():
            raise LookupError(f"static file {name!r} is not there")
        content = self._whole(name, path).encode() if path.suffix in {".css", ".js"} else path.read_bytes()
        address = f"{PREFIX}{name.removesuffix(path.suffix)}.{hashlib.sha256(content).hexdigest()[:12]}{path.suffix}"
        self.addresses[name] = address
        self.files[address] = Asset(content=content, media_type=MEDIA_TYPES[path.suffix])
        return address

    def _whole(self, name: str, path: Path) -> str:
        """A style sheet or script with what it imports in it, and the addresses of the files that it names."""
        if path.suffix == ".js":
            modules: dict[Path, str] = {}
            entry = _linked(path, modules)
            return "".join(modules.values()) + entry

        here = partial(posixpath.join, posixpath.dirname(name))
        text = _STYLES.sub(lambda at: self.files[self.address(here(at[1]))].content.decode(), path.read_text("utf-8"))
        return _REFERENCE.sub(lambda at: at["before"] + self.address(posixpath.normpath(here(at["path"]))), text)


def _linked(path: Path, modules: dict[Path, str]) -> str:
    """A script that takes what it imports from values, which `modules` gets in the order they are needed in."""

    def value(match: re.Match[str]) -> str:
        target = (path.parent / match["path"]).resolve()
        if target not in modules:
            text = _linked(target, modules)
            listed = _EXPORT_LIST.search(text)
            names = _RENAMED.sub(r"\2:\1", listed["names"]) if listed else ",".join(_EXPORTED.findall(text))
            body = _EXPORTED.sub("", text[: listed.start()] if listed else text)
            modules[target] = f"const module{len(modules)} = (() => {{\n{body}\nreturn {{{names}}};\n}})();\n"
        return f"const {match['names']} = module{[*modules].index(target)};" if match["names"] else ""

    return _SCRIPTS.sub(value, path.read_text(encoding="utf-8"))


@get(PREFIX + "{path:path}", include_in_schema=False, sync_to_thread=False, policy="public", pace=UNLIMITED)
def static_file(request: Request[Any, Any, Any], path: FromPath[str]) -> Response[bytes]:
    """One shipped file. Its address changes with its content, so that a browser may keep it for ever."""
    asset: Asset | None = request.app.state.assets.files.get(PREFIX + path.lstrip("/"))
    if asset is None:
        raise NotFound(what="file")
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(asset.content, media_type=asset.media_type, headers=headers)
