"""The scripts of our own components, which can't import one another in the browser."""

from pathlib import Path

FOLDER = Path(__file__).parent


def script(name: str) -> str:
    """The component's script, with what all of them use before it."""
    return "\n".join((FOLDER / f"{each}.js").read_text(encoding="utf-8") for each in ("element", name))
