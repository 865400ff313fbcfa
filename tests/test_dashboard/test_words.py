"""No text on a page that a catalogue doesn't hold, and no catalogue that holds less than the pages say."""

import gettext
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

from dashboard import cached, i18n
from tests.test_dashboard.pages import PAGES, latin_words, open_page, texts

DASHBOARD = Path(i18n.__file__).parent
KEYWORDS = {"t": None, "plural": (1, 2), "message": None}
LAST_QUARTER = {"period": "2026Q3", "as_of": "2026-10-08T00:00"}
NOT_TRANSLATED = {"Huiyin", "English", "huiyin", "sample", "company", "small", "CSV", "SQ", "HUIYIN", "HOLIDAYS"}
"""The product's names, the other language's own name, commands, and numbers of cases."""


def messages_of_the_pages() -> set[str | tuple[str, ...]]:
    found = extract_from_dir(DASHBOARD, method_map=[("**.py", "python")], keywords=KEYWORDS)
    return {message for _, _, message, *_ in found}


def messages_of_the_catalogue(language: str) -> dict[str | tuple[str, ...], object]:
    return {
        message.id if isinstance(message.id, str) else tuple(message.id): message.string
        for path in (i18n.LOCALE_FOLDER / language).glob("*.po")
        for message in i18n.read_catalogue(path, language)
        if message.id
    }


def test_chinese_catalogue_holds_every_message_and_no_other() -> None:
    assert set(messages_of_the_catalogue("zh")) == messages_of_the_pages()


def test_no_translation_is_empty() -> None:
    assert all(all(text) if isinstance(text, tuple) else text for text in messages_of_the_catalogue("zh").values())


def test_translations_use_only_values_that_the_message_has() -> None:
    fields = re.compile(r"{(\w+)")
    for message, text in messages_of_the_catalogue("zh").items():
        offered = message if isinstance(message, str) else " ".join(message)
        allowed = {*fields.findall(offered), "in_words", "count"}
        assert set(fields.findall(" ".join(text) if isinstance(text, tuple) else str(text))) <= allowed, message


class Bracketed(gettext.NullTranslations):
    """A language in which every message of a catalogue stands in brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:  # noqa: ARG002 - as gettext has it
        return f"⟦{msgid2}⟧"


@pytest.mark.parametrize("name", PAGES)
def test_no_text_of_a_page_escapes_the_catalogue(sample: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "catalogue", lambda _: Bracketed())
    app = open_page(name, lang="zh", **LAST_QUARTER)
    assert not app.exception
    outside = {text: _outside(text) for text in texts(app)}
    escaped = {text for text, rest in outside.items() if set(latin_words(rest)) - NOT_TRANSLATED - _known_words()}
    assert not escaped


def _outside(text: str) -> str:
    """The text without what stands in brackets, however deep."""
    while "⟦" in text:
        shorter = re.sub(r"⟦[^⟦⟧]*⟧", "", text)
        if shorter == text:
            break
        text = shorter
    return text


def _known_words() -> set[str]:
    """Latin words that definitions, vocabulary and unit numbers bring with them in Chinese."""
    company = cached.company()
    chinese = [text for one in company.registry for text in vars(one.text("zh")).values()]
    chinese += [word.zh for _, words in company.vocabulary.sections for word in words]
    codes = [
        *cached.hierarchy(cached.data_version()).units,
        *(count for one in company.registry for count in one.facts),
    ]
    return {word for text in (*chinese, *map(str, codes)) for word in latin_words(text)}


@pytest.mark.parametrize("name", PAGES)
def test_english_page_holds_no_chinese_but_names(sample: Path, name: str) -> None:
    app = open_page(name, lang="en", **LAST_QUARTER)
    units = cached.hierarchy(cached.data_version()).units.values()
    names = " ".join([unit.name for unit in units] + ["回音", "中文", "测试员"])
    found = {run for text in texts(app) for run in re.findall(r"[\u4e00-\u9fff]+", text)}
    assert not {run for run in found if run not in names}
