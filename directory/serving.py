"""The application for a server that forks its workers: the public copy is read once, and they share it.

gunicorn --preload --workers 3 "directory.serving:application()"
"""

from __future__ import annotations

import gc
import logging

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from directory.app import create_app
from directory.search.columns.snapshot import current
from directory.web.kept_files import release

LOG = logging.getLogger(__name__)
# What the server asks itself for before it forks: then templates are compiled, and areas read and drawn.
FIRST_PAGES = ("/", "/search", "/sites", "/coverage", "/coverage/outlines/lsoa-first.json")


def application() -> Flask:
    """The application with what each worker would read, and with no connection that forks would share."""
    app = create_app()
    with app.app_context():
        release()
    engine: Engine = app.extensions["engine"]
    try:
        with Session(engine) as session:
            current(session)
        for path in FIRST_PAGES:
            app.test_client().get(path).close()
    except SQLAlchemyError:
        LOG.warning("The public copy could not be read: each worker reads it when it is first asked.")
    engine.dispose()
    # What the collector never looks at is never written, and stays in common.
    gc.collect()
    gc.freeze()
    return app
