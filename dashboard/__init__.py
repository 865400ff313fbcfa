"""The dashboard: pages, charts and the command line."""
