"""A seeded company, told as a story with known answers."""
