"""A seeded company, told as a story with known answers."""

from sample_data.companies import COMPANIES
from sample_data.make import SampleError, make

companies = tuple(COMPANIES)
"""The names under which ``make`` knows the sample companies."""

__all__ = ["SampleError", "companies", "make"]
