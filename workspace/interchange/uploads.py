"""A file that somebody sent with a form: its bytes, and a name that is safe to keep."""

from pathlib import PurePath

from litestar.datastructures import UploadFile
from msgspec import Struct

LARGEST = 10_200_000  # bytes of a form: the largest file that is read, and what stands around it
_NAME = 120  # characters of a file's name that are kept


class Uploaded(Struct, frozen=True):
    """What was sent; both are empty where nothing was."""

    name: str
    content: bytes


def uploaded(file: UploadFile | None) -> Uploaded:
    """The file of a form. Of its name only the last part counts: browsers may send a whole path."""
    if file is None:
        return Uploaded("", b"")
    return Uploaded(PurePath((file.filename or "").replace("\\", "/")).name[-_NAME:], file.file.read())
