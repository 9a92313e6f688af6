"""Archives are bounded before anything parses them, whatever they claim of themselves."""

import io
import time
import warnings
import zipfile

import pytest

from workspace.core.errors import BadFile
from workspace.core.security.sandbox import Bounds, ensure_bounded


def archive(*members, compression=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a name that is there twice
        with zipfile.ZipFile(buffer, "w", compression) as file:
            for name, content in members:
                file.writestr(name, content)
    return buffer.getvalue()


def understated(data):
    """The same archive, whose members claim to inflate to ten bytes."""
    changed = bytearray(data)
    for place in _places(data, b"PK\x01\x02"):
        changed[place + 24 : place + 28] = (10).to_bytes(4, "little")
    return bytes(changed)


def _places(data, mark):
    place = data.find(mark)
    while place >= 0:
        yield place
        place = data.find(mark, place + 1)


def linked():
    info = zipfile.ZipInfo("link")
    info.external_attr = 0o120777 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr(info, "/etc/passwd")
    return buffer.getvalue()


def encrypted():
    data = bytearray(archive(("a.bin", b"x")))
    data[data.find(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


BOMB = archive(("a.bin", b"\0" * 60_000_000))
DEEP = b"<a>" * 100_000 + b"</a>" * 100_000
LAUGHS = b'<!DOCTYPE a [<!ENTITY x "xxxxxxxx"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>'
OUTSIDE = b'<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>'


def test_an_ordinary_archive_passes():
    ensure_bounded(archive(("Configurations2/accelerator/current.xml", b""), ("a.rels", b" \n")), source="a.odt")
    ensure_bounded(archive(("word/document.xml", b"<t>" + b"<tc><p/></tc>" * 200_000 + b"</t>")), source="a.docx")
    ensure_bounded(archive(("[Content_Types].xml", b"<Types/>"), ("word/media/1.png", b"\x89PNG")), source="a.docx")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04 nothing", "not_an_archive"),
        (archive(("a.xml", b"<a/>"))[:-40], "not_an_archive"),
        (archive(*((f"{one}.bin", b"") for one in range(201))), "too_many_members"),
        (BOMB, "too_large_inflated"),
        (understated(BOMB), "too_large_inflated"),
        (archive(("a.bin", b"\0" * 5_000_000)), "too_large_inflated"),
        (archive(("../a.bin", b"x")), "unsafe_archive"),
        (archive(("/etc/a.bin", b"x")), "unsafe_archive"),
        (archive(("a.bin", b"x"), ("A.bin", b"y")), "member_twice"),
        (linked(), "unsafe_archive"),
        (encrypted(), "encrypted"),
        (archive(("a.xml", DEEP), compression=zipfile.ZIP_STORED), "too_deep"),
        (archive(("a.xml", LAUGHS)), "doctype"),
        (archive(("a.rels", OUTSIDE)), "doctype"),
        (archive(("a.xml", LAUGHS.decode().encode("utf-16"))), "doctype"),
        (archive(("a.xml", b"<a>")), "not_xml"),
    ],
    ids=[
        "no archive", "cut off", "members", "bomb", "lying bomb", "ratio", "upwards", "root", "twice", "link",
        "encrypted", "deep", "entities", "outside", "utf-16", "broken",
    ],
)  # fmt: skip
def test_a_dangerous_one_is_refused_quickly(data, reason):
    began = time.monotonic()
    with pytest.raises(BadFile) as refused:
        ensure_bounded(data, source="a.docx")
    assert refused.value.facts["reason"] == reason or (reason, refused.value.facts["reason"]) == (
        "too_large_inflated",
        "not_an_archive",  # what understates its size breaks its own check sum
    )
    assert time.monotonic() - began < 5


def test_the_bounds_can_be_narrower():
    with pytest.raises(BadFile):
        ensure_bounded(archive(("a.bin", b"12345")), source="a.docx", bounds=Bounds(inflated=4))
