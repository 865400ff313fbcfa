"""The periods in which a decision on a case counts once."""

FIRST_OF = (12, 6, 3, 1)
"""Months of a year, half-year, quarter and month: each is made of whole ones of the next."""
