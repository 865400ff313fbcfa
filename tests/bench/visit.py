"""A page's visit without a browser: Streamlit's own websocket protocol, its client side."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ssl import SSLContext
from urllib.parse import urlsplit

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Selectbox_pb2 import Selectbox
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

LOCALE, TIME_ZONE = "zh-CN", "Asia/Shanghai"
KEY_AFTER = 2
"""A widget's id is ``$$ID-<hash>-<key>``."""


@dataclass
class Visit:
    """One viewer's session: what the page offers now, and what went wrong so far."""

    address: str
    connection: ClientConnection
    session: str = ""
    query: str = ""
    page_hash: str = ""
    choices: dict[str, Selectbox] = field(default_factory=dict)
    buttons: dict[str, str] = field(default_factory=dict)
    errors: int = 0
    received_bytes: int = 0
    elements: int = 0
    _kept: set[str] = field(default_factory=set)
    """hashes of large messages that a browser holds, so that the server needn't send them again"""

    async def choose(self, key: str, label: str) -> float:
        """Milliseconds until the page was whole again after an option of a select box was chosen."""
        return await self.run(WidgetState(id=self.choices[key].id, string_value=label))

    async def press(self, key: str) -> float:
        """Milliseconds until the page was whole again after a button was pressed."""
        return await self.run(WidgetState(id=self.buttons[key], trigger_value=True))

    async def run(self, *changed: WidgetState) -> float:
        """Milliseconds from the request to the end of the script, with all that it drew received."""
        begun = time.perf_counter()
        await self.connection.send(self._request(changed).SerializeToString())
        self.choices, self.buttons, self.elements = {}, {}, 0
        while not self._ends(await self._receive()):
            pass
        return (time.perf_counter() - begun) * 1000

    def _request(self, changed: tuple[WidgetState, ...]) -> BackMsg:
        request = BackMsg()
        state = request.rerun_script
        state.query_string, state.page_script_hash = self.query, self.page_hash
        state.widget_states.widgets.extend(changed)
        state.cached_message_hashes.extend(self._kept)
        state.context_info.locale, state.context_info.timezone = LOCALE, TIME_ZONE
        state.context_info.url, state.context_info.color_scheme = self.address, "light"
        return request

    async def _receive(self) -> ForwardMsg:
        data = await self.connection.recv(decode=False)
        self.received_bytes += len(data)
        return ForwardMsg.FromString(bytes(data))

    def _ends(self, message: ForwardMsg) -> bool:
        """Whether this message is the last one of the run; what it tells is remembered."""
        kind = message.WhichOneof("type")
        if message.metadata.cacheable:
            self._kept.add(message.hash)
        if kind == "new_session":
            self.page_hash = message.new_session.page_script_hash
            self.session = message.new_session.initialize.session_id
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "delta":
            self._see(message.delta)
        finished = ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_WITH_COMPILE_ERROR
        return kind == "script_finished" and message.script_finished in finished

    def _see(self, delta: Delta) -> None:
        if delta.WhichOneof("type") == "new_element":
            self.elements += 1
            self._see_element(delta.new_element)

    def _see_element(self, element: Element) -> None:
        kind = element.WhichOneof("type")
        if kind == "exception" or (kind == "alert" and element.alert.format == Alert.ERROR):
            self.errors += 1
        elif kind == "selectbox":
            self.choices[_key(element.selectbox.id)] = element.selectbox
        elif kind == "button":
            self.buttons[_key(element.button.id)] = element.button.id

    def crumbs(self) -> Iterator[str]:
        """The buttons that lead to the units above."""
        return (key for key in self.buttons if key.startswith("crumb_"))


def _key(widget_id: str) -> str:
    return widget_id.split("-", KEY_AFTER)[-1]


async def open_visit(
    address: str, headers: Mapping[str, str] | None = None, encryption: SSLContext | None = None
) -> tuple[Visit, float]:
    """A session on the page's address, and milliseconds until its first page was whole.

    ``headers`` are what the browser sends beside, ``encryption`` is for an https address.
    """
    begun = time.perf_counter()
    parts = urlsplit(address)
    connection = await connect(
        f"{'ws' if encryption is None else 'wss'}://{parts.netloc}/_stcore/stream",
        subprotocols=[Subprotocol("streamlit")],
        origin=f"{parts.scheme}://{parts.netloc}",
        additional_headers=headers,
        ssl=encryption,
        compression=None,
        max_size=None,
        open_timeout=60,
    )
    visit = Visit(address, connection, query=parts.query)
    await visit.run()
    return visit, (time.perf_counter() - begun) * 1000
