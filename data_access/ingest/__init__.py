"""Files into the shared database: read, map, validate, write. Each step is a module of its own."""
