"""Bad rows counted by rule, the source's own on-time flag, freshness, and the import log: for the Data page."""
