"""Counts of cases kept ready in tables of our own, and kept up to date."""
