"""A plain PostgreSQL database that looks like the coordinator of a Citus cluster: what it is told is only noted."""

from sqlalchemy import Engine, text

CITUS = """
SET allow_system_table_mods = on;
INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
VALUES (999999, 'citus', 10, 'pg_catalog'::regnamespace, false, '12.1');
RESET allow_system_table_mods;
CREATE TABLE pg_dist_partition (logicalrelid regclass, partmethod text, partkey text, colocated_with text);
CREATE TABLE truncated (name regclass);
CREATE FUNCTION create_reference_table(table_name regclass) RETURNS void LANGUAGE sql AS
  $$ INSERT INTO pg_dist_partition VALUES (table_name, 'n', NULL, NULL) $$;
CREATE FUNCTION create_distributed_table(
  table_name regclass, distribution_column text, colocate_with text DEFAULT 'default'
) RETURNS void LANGUAGE sql AS
  $$ INSERT INTO pg_dist_partition VALUES (table_name, 'h', distribution_column, colocate_with) $$;
CREATE FUNCTION truncate_local_data_after_distributing_table(table_name regclass) RETURNS void LANGUAGE sql AS
  $$ INSERT INTO truncated VALUES (table_name) $$;
"""
"""What of Citus the command uses, as functions that only note how they were called."""


def pretend_cluster(engine: Engine) -> None:
    """Nothing; the database has the extension by name, and those of its functions that we use."""
    with engine.begin() as connection:
        for statement in filter(None, map(str.strip, CITUS.split(";\n"))):
            connection.execute(text(statement))
