"""The last line of a page: how fresh the data are and what the signs mean."""

from html import escape

import streamlit as st

from dashboard import cached
from dashboard.components.context import Page
from dashboard.presenters.judgement import tone_shape, tone_word
from dashboard.presenters.periods import instant, period_name
from metrics.result import Tone


def draw_footnote(page: Page, missed_by_chance: float = 0.0) -> None:
    """Nothing: draws freshness, period, as-of time, definitions' version and the legend of the tones."""
    t, zone = page.t, page.known.time_zone
    known = cached.freshness(page.version)
    parts = [
        t("Data of {at}", at=instant(known.updated_at, zone)) if known.updated_at else t("no data"),
        *([t("counted {at}", at=instant(known.refreshed_at, zone))] if known.refreshed_at else []),
        period_name(page.address.period, t),
        t("as of {at}", at=instant(page.address.as_of, zone)),
        t("definitions {version}", version=page.company.hash[:7]),
    ]
    chance = round(missed_by_chance)
    if chance:
        sentence = t.plural("about {count} ■ by chance alone", "about {count} ■ by chance alone", chance)
        parts.append(sentence)
    texts = [escape(part) for part in parts]
    texts.insert(len(texts) - bool(chance), _legend(page))
    st.html(f'<p class="footnote">{" · ".join(texts)}</p>')


def _legend(page: Page) -> str:
    meanings = {
        Tone.MISSED: page.t("worse than target, more than chance explains"),
        Tone.NEAR: page.t("below target, but not distinguishable from it"),
        Tone.MET: page.t("at target or better"),
    }
    return " ".join(
        f'<span class="{tone.value}">{tone_shape(tone)} {escape(tone_word(tone, page.t))}</span> {escape(meaning)}'
        for tone, meaning in meanings.items()
    )
