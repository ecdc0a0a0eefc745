"""The application for a server that forks its workers: the public copy is read once, and they share it.

gunicorn --preload --workers 3 "directory.serving:application()"
"""

from __future__ import annotations

import gc
import logging
from http import HTTPStatus

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


def _ask_itself(app: Flask) -> None:
    client = app.test_client(use_cookies=False)
    for path in FIRST_PAGES:
        # As a program: what it looks for and does not find is nobody's need.
        answer = client.get(path, base_url=app.config["PUBLIC_URL"], headers={"User-Agent": "monitor"})
        if answer.status_code != HTTPStatus.OK:
            LOG.warning("The first %s could not be made: %s.", path, answer.status)
        answer.close()


def application() -> Flask:
    """The application with what each worker would read, and with no connection that forks would share."""
    app = create_app()
    with app.app_context():
        release()
    engine: Engine = app.extensions["engine"]
    try:
        with Session(engine) as session:
            current(session)
        _ask_itself(app)
    except SQLAlchemyError:
        LOG.warning("The public copy could not be read: each worker reads it when it is first asked.")
    engine.dispose()
    # What the collector never looks at is never written, and stays in common.
    gc.collect()
    gc.freeze()
    return app
