"""Text that comes from data or links, made safe for places that read Markdown."""

SPECIAL = frozenset("\\`*_{}[]()<>#+-.!|~$:&")


def escaped(text: str) -> str:
    """The text so that Markdown shows it as it is: no links, no emphasis, no icons, no formulas."""
    return "".join(f"\\{char}" if char in SPECIAL else char for char in text)
