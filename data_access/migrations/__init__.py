"""Alembic migrations: the shared database history."""
