"""Fixtures for every test: the open data, databases of both kinds, the application."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn
from uuid import uuid4

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from directory.app import create_app
from directory.config import Settings
from directory.db import make_engine
from tests import postgresql, template_databases
from tests.checked_client import CheckedClient
from tests.quick_routes import build_each_route_once
from tests.quick_sql import write_each_statement_once
from tests.unmeasured import unmeasured

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 11, 23, 10, 30)  # a Monday morning
TODAY: date = NOW.date()
# The machine may be busy: how long an example takes says nothing about the code.
hypothesis.settings.register_profile("directory", deadline=None)
hypothesis.settings.load_profile("directory")
build_each_route_once()
write_each_statement_once()


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are processors: each waits now and then for a database or a browser."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave PostgreSQL out where a test says that the database makes no difference; begin with what is long.

    At the end one worker would read for minutes while the others have nothing to do.
    """
    twice = [item for item in items if item.get_closest_marker("one_database") and is_on_postgresql(item)]
    if twice:
        config.hook.pytest_deselected(items=twice)
        items[:] = [item for item in items if item not in set(twice)]
    long = {item.path for item in items if is_long(item)}
    items.sort(key=lambda item: item.path not in long)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Measure coverage on SQLite, and where a test is not one of many that run the same lines.

    To measure takes as long again as the code itself.
    """
    if is_on_postgresql(item) or is_long(item):
        with unmeasured():
            return (yield)
    return (yield)


def is_long(item: pytest.Item) -> bool:
    """Whether a test goes a whole way, of which each step has a test, or reads again what others read."""
    return any(map(item.get_closest_marker, ("unmeasured", "browser", "shared_data")))


def is_on_postgresql(item: pytest.Item) -> bool:
    """Whether a test is the turn of PostgreSQL in one that runs on each kind of database."""
    called = getattr(item, "callspec", None)
    return called is not None and called.params.get("backend") == "postgresql"


def unavailable(what: str, how: str) -> NoReturn:
    """Skip, and say how to enable the test. In CI nothing may be missing, and this is a failure."""
    message = f"{what} is not here: {how}"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real open data."""
    folder = Path(os.environ.get("SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        unavailable("The open data", "set SHARED_DATA to its folder, see CONTRIBUTING.md")
    return folder


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a running PostgreSQL, without a database."""
    programs = postgresql.find_programs()
    if programs is None or not postgresql.has_postgis():
        unavailable("PostgreSQL", postgresql.HOW)
    with postgresql.cluster(programs) as address:
        yield address


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """Each kind of database in turn."""
    return str(request.param)


@pytest.fixture(scope="session")
def new_database(
    backend: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str | None], str]:
    """Makes a database, empty or copied from another, and gives its address."""
    if backend == "sqlite":
        folder = tmp_path_factory.mktemp("sqlite")

        def make_sqlite(template: str | None = None) -> str:
            path = folder / f"{uuid4().hex}.sqlite"
            if template:
                shutil.copy(template.removeprefix("sqlite:///"), path)
            return f"sqlite:///{path}"

        return make_sqlite
    server: str = request.getfixturevalue("postgresql_server")

    def make_postgresql(template: str | None = None) -> str:
        name = f"test_{uuid4().hex}"
        # Copied as files: half the work of the log that PostgreSQL writes by default.
        copied = f" TEMPLATE {template.rsplit('/', 1)[1]} STRATEGY file_copy" if template else ""
        engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}{copied}"))
        engine.dispose()
        return f"{server}/{name}"

    return make_postgresql


@pytest.fixture(scope="session")
def templates() -> dict[tuple[str, str], str]:
    """Databases to copy from, by kind and content.

    What depends on `backend` is thrown away when the kind changes, in every file of tests. These last.
    """
    return {}


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run have in common."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def empty_template(
    new_database: Callable[[str | None], str],
    backend: str,
    templates: dict[tuple[str, str], str],
    shared_folder: Path,
) -> str:
    """A database with its tables and the bundled terms, to copy from."""
    if (backend, "empty") not in templates:
        file = template_databases.empty_file(shared_folder)
        templates["sqlite", "empty"] = f"sqlite:///{file}"
        if backend == "postgresql":
            url = new_database(None)
            template_databases.make_tables(url)
            template_databases.take_over(file, url)
            templates[backend, "empty"] = url
    return templates[backend, "empty"]


@pytest.fixture(scope="session")
def demonstration_template(
    new_database: Callable[[str | None], str],
    empty_template: str,
    backend: str,
    templates: dict[tuple[str, str], str],
    shared_folder: Path,
) -> str:
    """A database with the demonstration data, to copy from."""
    if (backend, "demonstration") not in templates:
        file = template_databases.demonstration_file(shared_folder, TODAY)
        templates["sqlite", "demonstration"] = f"sqlite:///{file}"
        if backend == "postgresql":
            url = new_database(empty_template)
            template_databases.take_over(file, url)
            templates[backend, "demonstration"] = url
    return templates[backend, "demonstration"]


@pytest.fixture
def empty_url(new_database: Callable[[str | None], str], empty_template: str) -> str:
    """The address of a database of one's own with tables and terms."""
    return new_database(empty_template)


@pytest.fixture
def session(empty_url: str) -> Iterator[Session]:
    """A session on a database of one's own."""
    engine = make_engine(empty_url)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


@pytest.fixture
def empty_app(empty_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application without any record."""
    yield from make_app(empty_url, tmp_path)


@pytest.fixture(scope="session")
def app(
    new_database: Callable[[str | None], str],
    demonstration_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Flask]:
    """The application with the demonstration data, to be read only."""
    # A copy: PostgreSQL copies no database that somebody is connected to, and others copy the template.
    yield from make_app(new_database(demonstration_template), tmp_path_factory.mktemp("instance"))


@pytest.fixture
def own_app(
    new_database: Callable[[str | None], str], demonstration_template: str, tmp_path: Path
) -> Iterator[Flask]:
    """The application with the demonstration data, to be changed."""
    yield from make_app(new_database(demonstration_template), tmp_path)


class CompiledTemplates(BytecodeCache):
    """Templates once compiled: every application of the tests has the same ones."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take a template out."""
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Put a template in."""
        self.kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = CompiledTemplates()


def make_app(url: str, instance: Path, **settings: Any) -> Iterator[Flask]:
    """An application for tests: a fixed clock, and a client that checks every response."""
    with unmeasured():
        made = create_app(Settings(database_url=url, instance_folder=instance, **settings))
    made.testing = True
    made.config["WTF_CSRF_ENABLED"] = False  # tests of forged requests switch it on
    made.extensions["form_limits"].enabled = False  # and tests of limits these
    # A password is meant to take long to check; one of the tests may be as easy to guess as it likes.
    made.extensions["security"].pwd_context.update(
        argon2__time_cost=1, argon2__memory_cost=8, argon2__parallelism=1
    )
    made.config["CLOCK"] = lambda: NOW
    made.test_client_class = CheckedClient
    made.jinja_env.bytecode_cache = COMPILED
    yield made
    made.extensions["engine"].dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of the application with the demonstration data."""
    return app.test_client()
