"""Search the published record: one query object, whatever the output."""
