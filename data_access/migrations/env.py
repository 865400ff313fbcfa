"""What Alembic runs: the migrations, inside the transaction that ``migrate.py`` has begun."""

from alembic import context

from data_access.tables import metadata

attributes = context.config.attributes
context.configure(
    connection=attributes["connection"],
    target_metadata=metadata,
    version_table=attributes["version_table"],
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
