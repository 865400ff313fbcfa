"""Tests in a real browser. Each module takes MARKS, so that one process runs them all and one server serves them."""

import pytest

MARKS = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]
