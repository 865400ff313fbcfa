"""The real server on a free port, with a database of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
STARTUP_SECONDS = 60


def huiyin(*arguments: str, folder: Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    """A command run on the folder's database."""
    return subprocess.run(
        [sys.executable, "-m", "dashboard.cli", *arguments],
        env=environment(folder),
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=check,
        timeout=300,
    )


def environment(folder: Path, database: str | None = None) -> dict[str, str]:
    url = database or f"sqlite:///{folder / 'huiyin.db'}"
    settings = {"HUIYIN_DATABASE_URL": url, "HUIYIN_USER": "tester"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUIYIN_")}
    return kept | settings | {"PYTHONIOENCODING": "utf-8"}


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a server that shows the folder's database; it ends with the block."""
    with running(folder) as server:
        yield server.address


@dataclass(frozen=True)
class Server:
    """Where a server listens, and its process."""

    address: str
    process: int


@contextmanager
def running(folder: Path, database: str | None = None) -> Iterator[Server]:
    """A server that shows a database, by default the folder's; it ends with the block."""
    port = free_port()
    path = folder / f"server_{port}.log"
    with path.open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "dashboard.cli", "run", "--port", str(port)],
            env=environment(folder, database),
            cwd=ROOT,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until_healthy(port, server, path)
            yield Server(f"http://127.0.0.1:{port}", server.pid)
        finally:
            server.terminate()
            server.wait(timeout=30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_healthy(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"the server did not start: {log.read_text(encoding='utf-8')}")
