"""Measurements, never asserted: ``make bench`` prints them and writes docs/benchmarks.md."""
