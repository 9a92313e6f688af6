"""What a file is by its first bytes and, for an archive, by the members it has; its name is not believed."""

import io
import re
import zipfile
import zlib

from workspace.core.errors import BadFile

TEXT = "text/plain"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
FIRST_BYTES = 1024
OTHER_KINDS = (b"{\\rtf", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"II*\0", b"MM\0*")
OLE = b"\xd0\xcf\x11\xe0"
OLE_MESSAGE = "__substg1.0_".encode("utf-16-le")
MAIN = re.compile(r"word/document\d*\.xml")  # some programs count the parts they write
OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def media_type(data: bytes, *, source: str) -> str:
    """Raises `BadFile`: `encrypted`, `old_word`, `outlook_message`, `has_macros`, `unknown_kind`, `not_an_archive`."""
    if b"%PDF-" in data[:FIRST_BYTES]:
        return PDF
    if data.startswith(b"PK\x03\x04"):
        return _archive(data, source)
    if data.startswith(OLE):
        reason = "outlook_message" if OLE_MESSAGE in data else "old_word"
        raise BadFile(source=source, reason="encrypted" if OLE_ENCRYPTED in data else reason)
    if data.startswith(OTHER_KINDS):
        raise BadFile(source=source, reason="unknown_kind")
    return TEXT


def _archive(data: bytes, source: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if any(MAIN.fullmatch(name) for name in names):
                if any(name.endswith("vbaProject.bin") for name in names):
                    raise BadFile(source=source, reason="has_macros")
                return DOCX
            if "mimetype" in names and archive.open("mimetype").read(100).startswith(ODT.encode()):
                return ODT
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError, zlib.error) as error:
        raise BadFile(source=source, reason="not_an_archive") from error
    raise BadFile(source=source, reason="unknown_kind")
