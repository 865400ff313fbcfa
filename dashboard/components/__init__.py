"""Widgets; they draw and do no arithmetic."""
