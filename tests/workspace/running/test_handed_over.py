"""Sockets that are held open for the program: whoever asks before it is there waits, and is answered."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from socket import socket

import httpx
import pytest

SECONDS = 60.0
AS_SYSTEMD_DOES = 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@" 3<&0'


@pytest.fixture
def held() -> Iterator[socket]:
    """What the system listens on, whether the program runs or not."""
    with socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen()
        yield one


@contextmanager
def started(held: socket, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """The server on this socket; what it says is in `said`, beside its database."""
    with (folder / "said").open("w") as said:
        program = subprocess.Popen(
            ["/bin/sh", "-c", AS_SYSTEMD_DOES, "sh", sys.executable, "-m", "workspace", "serve"],
            cwd=folder,
            stdin=held,
            stdout=said,
            text=True,
        )
    try:
        yield program
    finally:
        program.kill()
        program.wait(SECONDS)


@pytest.mark.parametrize(("ending", "code"), [(signal.SIGTERM, 0), (signal.SIGKILL, -signal.SIGKILL)])
def test_who_asks_while_the_program_starts_again_waits_and_is_answered(held, tmp_path, empty_database, ending, code):
    (tmp_path / "workspace.sqlite3").write_bytes(empty_database.read_bytes())
    address = f"http://127.0.0.1:{held.getsockname()[1]}"

    def ask() -> int:
        return httpx.get(f"{address}/ready", timeout=SECONDS).status_code

    with ThreadPoolExecutor() as readers:
        early = readers.submit(ask)
        with started(held, tmp_path) as first:
            assert early.result(SECONDS) == 200
            first.send_signal(ending)
            assert first.wait(SECONDS) == code
        assert address in (tmp_path / "said").read_text()
        between = readers.submit(ask)
        with started(held, tmp_path):
            assert between.result(SECONDS) == 200
