"""A card: a bordered part of a page with a title and a note."""

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape

import streamlit as st


@contextmanager
def card(key: str, title: str, note: str = "") -> Iterator[None]:
    """A place to draw in, below the title and the note."""
    with st.container(key=f"card_{key}"):
        st.html(f'<h2 class="card-title">{escape(title)}</h2><p class="card-note">{escape(note)}</p>')
        yield
