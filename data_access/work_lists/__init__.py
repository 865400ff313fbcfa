"""Lists of what is to be done: gaps in coverage, duties missed, loads of posts. Units only, never a person."""
