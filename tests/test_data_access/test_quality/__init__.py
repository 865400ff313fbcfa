"""Tests of data_access.quality."""
