"""Import of files: read, map, validate, write."""
