"""Opening a page of the dashboard in a test, and reading what it shows."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
PAGES = ("overview", "cases", "coverage", "duties", "unit", "definitions", "data")

VISIBLE = frozenset({"label", "body", "options", "content", "placeholder", "help", "alt", "value", "caption"})
"""Fields of Streamlit's messages that a reader sees."""

READ_ALOUD = frozenset({"alt", "title", "aria-label"})
CHART_TEXTS = frozenset({"text", "ticktext", "name", "hovertext"})


def open_page(name: str = "overview", **parameters: str) -> AppTest:
    """The page after its first run, opened through a link with these parameters."""
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.query_params.update(parameters)
    if name != "overview":
        app.switch_page(f"app_pages/{name}.py")
    return app.run()


def texts(app: AppTest) -> list[str]:
    """Every text that a reader of the page sees or hears."""
    return [text for text in _texts(app.main) if text.strip()]


def shows(app: AppTest, text: str) -> bool:
    """Whether the text stands anywhere on the page."""
    return any(text in one for one in texts(app))


def component_data(app: AppTest, name: str = "heat_table") -> dict[str, Any]:
    """What our own component of that name on the page was given."""
    found = (node.proto for node in _of_type(app.main, "bidi_component"))
    return json.loads(next(each.json for each in found if each.component_name == f"huiyin_{name}"))


def charts(app: AppTest) -> dict[str, dict[str, Any]]:
    """The specification of each chart by its key."""
    found = {}
    for node in _of_type(app.main, "plotly_chart"):
        found[node.proto.id.rsplit("-", 1)[-1]] = json.loads(node.proto.spec)
    return found


def _nodes(block: Any) -> Iterator[Any]:
    for node in block.children.values():
        yield node
        if hasattr(node, "children"):
            yield from _nodes(node)


def _of_type(block: Any, name: str) -> Iterator[Any]:
    return (node for node in _nodes(block) if node.type == name)


def _texts(block: Any) -> Iterator[str]:
    for node in _nodes(block):
        if node.type == "html":
            yield from _html_texts(node.proto.body)
        elif node.type == "plotly_chart":
            yield node.proto.alt
            yield from _chart_texts(json.loads(node.proto.spec))
        elif node.type == "bidi_component":
            yield from _strings(json.loads(node.proto.json))
        elif node.type == "arrow_data_frame":
            yield from (str(name) for name in node.value.columns)
        elif isinstance(node.proto, Message):
            yield from _message_texts(node.proto)


def _message_texts(message: Message) -> Iterator[str]:
    for field, value in message.ListFields():
        values = value if isinstance(value, (list, tuple)) or hasattr(value, "append") else [value]
        for one in values:
            if isinstance(one, Message):
                yield from _message_texts(one)
            elif isinstance(one, str) and field.name in VISIBLE:
                yield one


def _html_texts(body: str) -> list[str]:
    reader = _Reader()
    reader.feed(body)
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        self.found += [value for name, value in attributes if name in READ_ALOUD and value]

    def handle_data(self, data: str) -> None:
        if not self._in_style:
            self.found.append(data)


def _chart_texts(spec: dict[str, Any]) -> Iterator[str]:
    for part in ("data", "layout"):
        yield from _named_strings(spec[part])


def _named_strings(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key != "template":
                yield from _named_strings(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _named_strings(inner, name)
    elif isinstance(value, str) and name in CHART_TEXTS:
        yield value


def _strings(value: Any, name: str = "") -> Iterator[str]:
    """The texts of a component's data; ids, CSS classes and addresses are not read."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner, name)
    elif isinstance(value, str) and name not in {"id", "tone", "sort", "href", "trend"}:
        yield value


def latin_words(text: str) -> list[str]:
    """The words of two Latin letters or more."""
    return re.findall(r"[A-Za-z]{2,}", text)
