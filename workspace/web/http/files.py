"""Files that people send with a form, and files that are given out again."""

from pathlib import PurePath
from urllib.parse import quote

from litestar import Response
from litestar.datastructures import UploadFile
from msgspec import Struct

from workspace.core.errors import BadFile, Invalid
from workspace.core.shapes import MadeFile
from workspace.web.http.security import DOWNLOAD_POLICY

LARGEST = 10_200_000  # bytes of a form: the largest file that is read, and what stands around it
_NAME = 120  # characters of a file's name that are kept


class Uploaded(Struct, frozen=True):
    """What was sent; both are empty where nothing was."""

    name: str
    content: bytes

    def ensure_sent(self) -> None:
        """Raise `Invalid` where no file was chosen, and `BadFile` for one in which nothing is."""
        if not self.name:
            raise Invalid(field="file", reason="required")
        if not self.content:
            raise BadFile(source=self.name, reason="empty")


def uploaded(file: UploadFile | None) -> Uploaded:
    """The file of a form. Of its name only the last part counts: browsers may send a whole path."""
    if file is None:
        return Uploaded("", b"")
    return Uploaded(PurePath((file.filename or "").replace("\\", "/")).name[-_NAME:], file.file.read())


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


def attachment(made: MadeFile) -> Response[bytes]:
    """A file that was made for who asks: to be saved, and kept by no cache."""
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{made.name}"'}
    return Response(made.content, media_type=made.media_type, headers=headers)
