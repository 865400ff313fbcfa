"""Tests in a real browser. One process runs them all (see conftest.py), so that one server serves them."""

import pytest

MARKS = [pytest.mark.browser, pytest.mark.slow]
