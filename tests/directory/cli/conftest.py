"""Run commands on a database of one's own, and read what they wrote."""

from __future__ import annotations

import re

import pytest
from sqlalchemy.orm import Session

from directory.app import create_app
from directory.config import Settings
from tests.conftest import NOW


@pytest.fixture
def empty_app(wiped_engine, tmp_path):
    """The application on the database that tests share."""
    url = wiped_engine.url.render_as_string(hide_password=False)
    made = create_app(Settings(database_url=url, instance_folder=tmp_path))
    made.config["CLOCK"] = lambda: NOW
    yield made
    made.extensions["engine"].dispose()


@pytest.fixture
def run(empty_app):
    """Run a command; its exit code and what it says."""

    def invoke(*words):
        result = empty_app.test_cli_runner().invoke(args=["directory", *map(str, words)])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        return result.exit_code, result.output

    return invoke


@pytest.fixture
def stopped(run):
    """Run a command that has to stop, and give its one sentence."""

    def invoke(*words):
        code, said = run(*words)
        assert (code, len(said.splitlines())) == (1, 1)
        assert re.search(r"[.…]$|FILE$", said.strip())
        return said

    return invoke


@pytest.fixture
def read(empty_app):
    """Read from the application's database."""

    def rows(query):
        with Session(empty_app.extensions["engine"]) as session:
            return session.scalars(query).all()

    return rows


@pytest.fixture
def write(tmp_path):
    """Write a file."""

    def write_text(name, text):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write_text
