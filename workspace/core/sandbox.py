"""Work on bytes that may be hostile in a process of its own, with little memory and little time.

The child gets the bytes on its standard input and answers on its standard output. It can be killed, run
out of memory or crash: the caller hears of it as `BadFile`, and nothing else happens. On systems without
`resource` (Windows) only the time is bounded.
"""

import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from workspace.core.errors import BadFile

MEMORY = 300_000_000  # bytes of address space
HEAP = 240_000_000  # bytes of its own that a child may write to: with the program itself that stays below 300 MB
SECONDS = 20
PATIENCE = 20  # seconds more that it may take where others keep the machine busy
LARGEST_ANSWER = 40_000_000
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
) -> bytes:
    """What `function`, which stands in a module under its own name, returns for `data` and `source` in the child.

    Raises `BadFile`: as the function raised it, or with the reason `too_costly` (time or memory) or `damaged`
    (the child crashed). `files` is how many bytes a file may have
    that the child writes for itself: none, if it needs none.
    """
    command = [
        sys.executable,
        "-I",
        *_compiled(),
        "-m",
        "workspace.core.sandbox",
        f"{function.__module__}:{function.__qualname__}",
        source,
        str(memory),
        str(seconds),
        str(files),
    ]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            command, input=data, capture_output=True, timeout=seconds + PATIENCE, check=False, env={"LC_ALL": "C.UTF-8"}
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
    raise BadFile(source=source, reason="too_costly" if is_bound else "damaged_file")


def _compiled() -> tuple[str, ...]:
    """Where compiled modules are kept, if not beside their source: the child, which writes nothing, would not know."""
    return ("-X", f"pycache_prefix={sys.pycache_prefix}") if sys.pycache_prefix else ()


def _bound(memory: int, seconds: int, files: int) -> None:
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_DATA, (HEAP, HEAP))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (files, files))


def _is_full() -> bool:
    """Whether it came near the end of its memory at any time; what its parent had used before is no part of it."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:  # not on every system
        return False
    most = next((line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")), "0")
    return int(most) * 1024 > HEAP * _NEARLY


def _main(function: str, source: str, memory: str, seconds: str, files: str) -> int:
    module, _, name = function.partition(":")
    data = sys.stdin.buffer.read()
    _bound(int(memory), int(seconds), int(files))
    try:
        answer = getattr(import_module(module), name)(data, source)
    except BadFile as refusal:
        if _is_full():  # libxml2 tells of memory that it did not get as of a fault in the file
            return _NO_MEMORY
        sys.stdout.buffer.write(msgspec.json.encode(dict(refusal.facts)))
        return _REFUSED
    except MemoryError:
        return _NO_MEMORY
    sys.stdout.buffer.write(answer)
    return _ANSWERED


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:6]))
