"""SQL that counts over the source tables, one module for each kind of fact."""
