"""The published record as columns: what a web process keeps so that it need not ask the database."""
