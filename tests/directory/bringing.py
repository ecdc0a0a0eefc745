"""Imports for tests: documents as a file of some source brings them."""

from directory.importing import ImportJob, run_import
from directory.sources.entry import Entry, Reading
from directory.sources.mapping import SourceMapping
from tests.conftest import TODAY


def bring(session, folder, *documents, source="tests", originals=None, made=frozenset()):
    """Import documents as a feed gives them; the report."""
    entries = [Entry(document["id"], document, (number,)) for number, document in enumerate(documents)]
    reading = Reading(entries, [], len(entries), originals=originals or {}, made_identifiers=made)
    job = ImportJob(reading, SourceMapping(source, source), folder, TODAY, made_identifiers=False)
    return run_import(session, job, lambda _count: None)
