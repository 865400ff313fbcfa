"""Mapping files that ship with the importer."""
