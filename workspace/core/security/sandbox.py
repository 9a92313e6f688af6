"""Work on bytes that may be hostile: archives bounded before they are parsed, a child process bounded in all."""

import io
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.parsers import expat

import msgspec
from msgspec import Struct

from workspace.core.errors import BadFile

_STEP = 65_536
_ENCRYPTED = 0x1
_SYMLINK = 0o120000
_LIST_OF_PARTS, _LOCK = "META-INF/manifest.xml", b":encryption-data"  # of OpenDocument
_FOLDERS_OF_XML = (".xml", ".rels")


class Bounds(Struct, frozen=True):
    """How much an archive may hold."""

    members: int = 200
    inflated: int = 50_000_000  # bytes of all members together
    ratio: int = 100  # inflated to packed, for a member of more than `small` bytes: an empty table packs that well
    small: int = 4_000_000
    depth: int = 200  # elements within elements
    elements: int = 3_000_000


def ensure_bounded(data: bytes, *, source: str, bounds: Bounds = Bounds()) -> None:
    """Raise `BadFile` unless `data` is an archive within `bounds`, whose XML has no document type.

    What a member claims of its own size is not believed: it is inflated, piece by piece, and counted.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _ensure_plain(archive, source, bounds)
            left = bounds.inflated
            for member in archive.infolist():
                left -= _counted(archive, member, left, source, bounds)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OverflowError) as error:
        raise BadFile(source=source, reason="not_an_archive") from error


def _ensure_plain(archive: zipfile.ZipFile, source: str, bounds: Bounds) -> None:
    members = archive.infolist()
    seen: set[str] = set()
    if len(members) > bounds.members:
        raise BadFile(source=source, reason="too_many_members", limit=bounds.members)
    for member in members:
        name = member.filename[:200]
        if member.filename.casefold() in seen:
            raise BadFile(source=source, reason="member_twice", member=name)
        seen.add(member.filename.casefold())
        parts = member.filename.replace("\\", "/").split("/")
        is_link = (member.external_attr >> 16) & 0o170000 == _SYMLINK
        if ".." in parts or not parts[0] or ":" in parts[0] or is_link:
            raise BadFile(source=source, reason="unsafe_archive", member=name)
        if member.flag_bits & _ENCRYPTED:
            raise BadFile(source=source, reason="encrypted")
    if _LIST_OF_PARTS in archive.namelist() and _LOCK in archive.open(_LIST_OF_PARTS).read(bounds.small):
        raise BadFile(source=source, reason="encrypted")


def _counted(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int, source: str, bounds: Bounds) -> int:
    """The bytes of one member, inflated; its XML is read on the way. LibreOffice leaves some with nothing in them."""
    watch = _DepthWatcher(source, bounds) if member.filename.lower().endswith(_FOLDERS_OF_XML) else None
    allowed = min(left, max(bounds.ratio * member.compress_size, bounds.small))
    size = 0
    with archive.open(member) as stream:
        while piece := stream.read(_STEP):
            size += len(piece)
            if size > allowed:
                raise BadFile(source=source, reason="too_large_inflated", limit=bounds.inflated)
            if watch:
                watch.feed(piece)
    if watch and watch.elements:
        watch.feed(b"", is_last=True)
    return size


class _DepthWatcher:
    """Reads XML without keeping it, and refuses what a harmless file never has."""

    def __init__(self, source: str, bounds: Bounds) -> None:
        self.source, self.bounds = source, bounds
        self.depth = self.elements = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, piece: bytes, *, is_last: bool = False) -> None:
        try:
            self.parser.Parse(piece, is_last)
        except expat.ExpatError as error:
            raise BadFile(source=self.source, reason="not_xml") from error

    def _begin(self, _name: str, _attributes: object) -> None:
        self.depth += 1
        self.elements += 1
        if self.depth > self.bounds.depth or self.elements > self.bounds.elements:
            raise BadFile(source=self.source, reason="too_deep", limit=self.bounds.depth)

    def _end(self, _name: str) -> None:
        self.depth -= 1

    def _doctype(self, *_: object) -> None:
        raise BadFile(source=self.source, reason="doctype")


MEMORY = 300_000_000  # bytes of address space
HEAP = 240_000_000  # bytes of its own that a child may write to: with the program itself that stays below 300 MB
SECONDS = 20
PATIENCE = 20  # seconds more that it may take where others keep the machine busy
LARGEST_ANSWER = 40_000_000
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "RAYON_NUM_THREADS": "1"}  # each thread of typst takes address space
_ANSWERED, _REFUSED, _NO_MEMORY = 0, 3, 4
_NEARLY = 0.95  # of what it may have, where it got no more


def run_bounded(
    function: Callable[[bytes, str], bytes],
    data: bytes,
    *,
    source: str,
    memory: int = MEMORY,
    seconds: int = SECONDS,
    files: int = 0,
    heap: int = HEAP,
) -> bytes:
    """What `function`, which stands in a module under its own name, returns for `data` and `source` in the child.

    Raises `BadFile`: as the function raised it, or with the reason `too_costly` (time or memory) or `damaged`
    (the child crashed: what it said is noted on the error). `files` is how many bytes a file may have
    that the child writes for itself: none, if it needs none.
    """
    command = [sys.executable, "-I", *_compiled(), "-m", "workspace.core.security.sandbox"]
    command += [f"{function.__module__}:{function.__qualname__}", source, *map(str, (memory, seconds, files, heap))]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            command, input=data, capture_output=True, timeout=seconds + PATIENCE, check=False, env=_ENVIRONMENT
        )
    except subprocess.TimeoutExpired as late:
        raise BadFile(source=source, reason="too_costly") from late
    if done.returncode == _ANSWERED and len(done.stdout) <= LARGEST_ANSWER:
        return done.stdout
    if done.returncode == _REFUSED:
        facts = msgspec.json.decode(done.stdout, type=dict[str, Any])
        raise BadFile(**facts)
    # SIGABRT (a library in Rust that got no memory), SIGKILL, SIGXCPU; or an answer without end
    is_bound = done.returncode in {_NO_MEMORY, -6, -9, -24, _ANSWERED}
    failure = BadFile(source=source, reason="too_costly" if is_bound else "damaged_file")
    failure.add_note(done.stderr[-_STEP:].decode(errors="replace"))
    raise failure


def _compiled() -> tuple[str, ...]:
    """Where compiled modules are kept, if not beside their source: the child, which writes nothing, would not know."""
    return ("-X", f"pycache_prefix={sys.pycache_prefix}") if sys.pycache_prefix else ()


def _bound(memory: int, seconds: int, files: int, heap: int) -> None:
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_DATA, (heap, heap))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (files, files))


def _is_full(heap: int) -> bool:
    """Whether it came near the end of its memory at any time; what its parent had used before is no part of it."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:  # not on every system
        return False
    most = next((line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")), "0")
    return int(most) * 1024 > heap * _NEARLY


def _main(function: str, source: str, *limits: str) -> int:
    module, _, name = function.partition(":")
    data = sys.stdin.buffer.read()
    memory, seconds, files, heap = map(int, limits)
    _bound(memory, seconds, files, heap)
    try:
        answer = getattr(import_module(module), name)(data, source)
    except BadFile as refusal:
        if _is_full(heap):  # libxml2 tells of memory that it did not get as of a fault in the file
            return _NO_MEMORY
        sys.stdout.buffer.write(msgspec.json.encode(dict(refusal.facts)))
        return _REFUSED
    except MemoryError:
        return _NO_MEMORY
    sys.stdout.buffer.write(answer)
    return _ANSWERED


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
