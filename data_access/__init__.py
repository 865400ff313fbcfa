"""The shared database behind verbs: frames come out, SQLAlchemy errors never do."""
