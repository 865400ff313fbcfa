"""The two languages: gettext catalogues, looked up at call time."""

import gettext
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

CHINESE, ENGLISH = "zh", "en"
LANGUAGES = (CHINESE, ENGLISH)
NAMES_OF_LANGUAGES = {CHINESE: "中文", ENGLISH: "English"}
"""Each language in its own words, for the switch."""

LOCALE_FOLDER = Path(__file__).parent / "locale"


def language_of(locale: str | None) -> str:
    """The language for a browser's locale: English for ``en…``, otherwise Chinese."""
    return ENGLISH if (locale or "").lower().startswith(ENGLISH) else CHINESE


def message(text: str) -> str:
    """The text itself, marked as a message that is translated where it is used."""
    return text


@dataclass(frozen=True)
class Translator:
    """The interface's words in one language.

    Calling it with an English message (the catalogue's key) gives the text in the language, with
    ``{names}`` filled in. A message that no catalogue holds is given in English.
    """

    language: str

    def __call__(self, text: str, **values: object) -> str:
        """The text of a message."""
        found = catalogue(self.language).gettext(text) if text else ""
        return found.format(**values) if values else found

    def plural(self, singular: str, plural: str, count: int, **values: object) -> str:
        """The text that fits the count; ``{count}`` is filled in unless it is given as a value."""
        text = catalogue(self.language).ngettext(singular, plural, count)
        return text.format(**({"count": count} | values))


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The messages of a language, from every ``locale/<language>/*.po``; nothing needs to be compiled."""
    messages: dict[str | tuple[str, int], str] = {}
    for path in sorted((LOCALE_FOLDER / language).glob("*.po")):
        messages |= _messages(read_catalogue(path, language))
    return _Catalogue(messages, plural_forms=1 if language == CHINESE else 2)


def read_catalogue(path: Path, language: str) -> Catalog:
    """The catalogue in a file."""
    with path.open("rb") as file:
        return read_po(file, locale=language)


def _messages(found: Catalog) -> dict[str | tuple[str, int], str]:
    messages: dict[str | tuple[str, int], str] = {}
    for message in found:
        if isinstance(message.id, str) and isinstance(message.string, str):
            messages[message.id] = message.string
        elif message.string is not None:
            messages |= {(message.id[0], form): text for form, text in enumerate(message.string)}
    return messages


class _Catalogue(gettext.NullTranslations):
    """Translations held in memory; an empty or missing one falls back to the English message."""

    def __init__(self, messages: dict[str | tuple[str, int], str], plural_forms: int) -> None:
        super().__init__()
        self._messages = messages
        self._plural_forms = plural_forms

    def gettext(self, message: str) -> str:
        return self._messages.get(message) or message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        form = 0 if n == 1 or self._plural_forms == 1 else 1
        return self._messages.get((msgid1, form)) or (msgid1 if n == 1 else msgid2)
