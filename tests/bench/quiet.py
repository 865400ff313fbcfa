"""Silence in a process whose warnings nobody reads: pages that run outside a server make one at every run."""

import logging

logging.disable(logging.WARNING)
