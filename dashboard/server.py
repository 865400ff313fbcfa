"""The server: Streamlit with the pages, and a first visitor of its own who makes each of them ready.

``python -m dashboard.server ADDRESS PORT`` is what ``huiyin run`` becomes.
"""

import gc
import importlib
import logging
import pkgutil
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path

import streamlit as st
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from dashboard import components

PAGES = Path(__file__).with_name("app.py")
LOG = logging.getLogger(__name__)

STARTUP_SECONDS = 30.0
SECONDS_BETWEEN_TRIES = 0.1
LONGEST_VISIT_SECONDS = 300.0
VISITED = ("", "cases", "coverage", "duties", "unit")
"""The pages with figures; the first one is at the root."""

NEW_OBJECTS_BEFORE_COLLECTING = 20_000
"""A page makes that many in a tenth of a second; Python by its own habit looks much more often."""

LOCALE, COLOURS = "zh-CN", "light"
"""Most visitors' language and theme: theirs are the parts of pages that are kept."""

Lifespan = Callable[[st.App], AbstractAsyncContextManager[None]]


def make_app(address: str, port: int) -> st.App:
    """The pages as an application that looks at itself once after it began to listen there."""
    return st.App(PAGES, lifespan=_with_first_visit(address, port))


def _with_first_visit(address: str, port: int) -> Lifespan:
    @asynccontextmanager
    async def lifespan(_: st.App) -> AsyncIterator[None]:
        # Nobody waits for it, neither at the start nor at the end.
        threading.Thread(target=warm_up, args=(address, port), name="first visit", daemon=True).start()
        yield

    return lifespan


def get_ready() -> None:
    """Nothing: all that pages are made with is imported, and the garbage collector leaves it alone.

    It stays as long as the server does, and looking through it takes longer than counting for a page. What a page makes
    is looked through less often too: to look as often as Python does took a tenth of the time of a page.
    """
    for _, name, _ in pkgutil.iter_modules(components.__path__):
        importlib.import_module(f"{components.__name__}.{name}")
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS_BEFORE_COLLECTING, *gc.get_threshold()[1:])


def warm_up(address: str, port: int) -> None:
    """Nothing: the pages as most visitors see them first are made ready; never raises, as serving goes on without.

    Afterwards the garbage collector leaves alone what is there by now: it stays as long as the server does.
    """
    # Imported late: caches belong to the server's runtime, which isn't there before.
    from dashboard import cached

    begun = time.monotonic()
    get_ready()
    try:
        cached.data_version()
        for page in VISITED:
            visit(address, port, page)
    except Exception as error:
        LOG.warning("The pages could not be made ready before the first visitor: %s", error)
        return
    gc.collect()
    gc.freeze()
    LOG.info("The pages are ready after %.1f s", time.monotonic() - begun)


def visit(address: str, port: int, page: str = "") -> None:
    """Nothing: the page, by its name in the address, was computed as for a browser that opens it; "" is the first one.

    Raises OSError or WebSocketException if the server doesn't answer or takes too long.
    """
    with _connected(address, port) as connection:
        connection.send(_request(page).SerializeToString())
        deadline = time.monotonic() + LONGEST_VISIT_SECONDS
        while not _is_last(connection.recv(timeout=deadline - time.monotonic())):
            pass


def _connected(address: str, port: int) -> ClientConnection:
    host = f"[{address}]" if ":" in address else address
    deadline = time.monotonic() + STARTUP_SECONDS
    while True:
        try:
            return connect(
                f"ws://{host}:{port}/_stcore/stream",
                subprotocols=[Subprotocol("streamlit")],
                proxy=None,
                max_size=None,
            )
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(SECONDS_BETWEEN_TRIES)


def _request(page: str) -> BackMsg:
    request = BackMsg()
    request.rerun_script.page_name = page
    request.rerun_script.context_info.locale = LOCALE
    request.rerun_script.context_info.color_scheme = COLOURS
    return request


def _is_last(data: str | bytes) -> bool:
    message = ForwardMsg.FromString(data.encode() if isinstance(data, str) else data)
    return bool(message.HasField("script_finished"))


def main() -> None:
    """Nothing: serves the pages until Ctrl-C or another signal."""
    address, port = sys.argv[1], int(sys.argv[2])
    options = {"server.address": address, "server.port": port, "server.headless": True}
    with suppress(KeyboardInterrupt):
        make_app(address, port).run(config=options)


if __name__ == "__main__":
    main()
