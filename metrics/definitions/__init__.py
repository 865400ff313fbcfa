"""Indicator definitions, one TOML file each."""
