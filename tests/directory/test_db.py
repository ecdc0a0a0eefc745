"""Databases of both kinds: set up, migrated, and one transaction at a time."""

import shutil

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from directory import db
from directory.models import Base, Source

# Each database's own way to search and to measure; the models know nothing of them.
OWN_TABLES = ("spatial_ref_sys", "alembic_version")
OWN_COLUMNS = {("published_place", "point")}
OWN_INDEXES = {"ix_published_place_point"}


def is_shared(item, name, kind, _reflected, _compared):
    """Whether a thing in the database is one that the models should know."""
    if kind == "table":
        return not name.startswith(OWN_TABLES)
    if kind == "column":
        return (item.table.name, name) not in OWN_COLUMNS
    return name not in OWN_INDEXES


@pytest.fixture
def new_engine(new_database):
    engine = db.make_engine(new_database(None))
    yield engine
    engine.dispose()


# SQLAlchemy does not know PostGIS's type of the column that is passed over.
of_postgis = pytest.mark.filterwarnings("ignore:Did not recognize type 'geometry'")


@of_postgis
def test_migrations_make_what_the_models_say(new_engine):
    db.upgrade(new_engine)
    with new_engine.connect() as connection:
        options = {"include_object": is_shared, "compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert context.get_current_revision() == "0014"
        assert compare_metadata(context, Base.metadata) == []


@of_postgis
def test_a_difference_would_be_seen(session):
    connection = session.connection()
    connection.execute(text("ALTER TABLE service DROP COLUMN fees"))
    context = MigrationContext.configure(connection, opts={"include_object": is_shared})
    assert [change[0] for change in compare_metadata(context, Base.metadata)] == ["add_column"]


def test_migrations_can_be_run_again(session):
    db.upgrade(session.get_bind())
    assert set(Base.metadata.tables) <= set(inspect(session.get_bind()).get_table_names())


def test_the_folder_of_the_program_may_have_a_percent_sign(session, tmp_path, monkeypatch):
    folder = tmp_path / "100% ours"
    shutil.copytree(db.MIGRATIONS, folder)
    monkeypatch.setattr(db, "MIGRATIONS", folder)
    db.upgrade(session.get_bind())
    assert session.scalar(text("SELECT version_num FROM alembic_version")) == "0014"


def test_a_foreign_key_must_hold(session):
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        session.execute(text("INSERT INTO published_area VALUES (1, 'E08000025')"))


@pytest.mark.parametrize("read_first", [True, False])
def test_what_a_savepoint_released_goes_with_its_transaction(session, read_first):
    if read_first:
        session.execute(text("SELECT count(*) FROM source")).all()
    with session.begin_nested():
        session.add(Source(slug="a", title="A"))
    session.rollback()
    assert session.query(Source).count() == 0


def test_a_savepoint_leaves_the_rest_of_its_transaction(session):
    session.add(Source(slug="a", title="A"))
    session.flush()
    inner = session.begin_nested()
    session.add(Source(slug="b", title="B"))
    session.flush()
    inner.rollback()
    session.commit()
    assert [source.slug for source in session.query(Source)] == ["a"]


def test_savepoints_follow_each_other(session):
    for slug in ("a", "b"):
        with session.begin_nested():
            session.add(Source(slug=slug, title=slug))
    session.commit()
    assert session.query(Source).count() == 2


def test_readers_do_not_wait_for_a_writer(empty_url):
    engine = db.make_engine(empty_url)
    with Session(engine) as writer, Session(engine) as reader:
        with writer.begin_nested():
            writer.add(Source(slug="a", title="A"))
        assert reader.query(Source).count() == 0
        writer.commit()
        reader.rollback()
        assert reader.query(Source).count() == 1
    engine.dispose()


def test_sqlite_makes_its_folder_and_is_set_up(tmp_path):
    engine = db.make_engine(f"sqlite:///{tmp_path / 'new' / 'folder' / 'directory.sqlite'}")
    with engine.connect() as connection:
        pragmas = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 10000}


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_needs_no_folder(url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    engine = db.make_engine(url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
    engine.dispose()
    assert list(tmp_path.iterdir()) == []


def test_another_kind_of_database_is_refused():
    with pytest.raises(ValueError, match=r"must be for sqlite or postgresql.*not mysql"):
        db.make_engine("mysql+pymysql://somebody@localhost/directory")


def test_an_application_has_one_session_until_the_end(empty_url):
    app = Flask("test")
    db.init_app(app, empty_url)
    with app.app_context():
        session = db.get_session()
        assert db.get_session() is session
        assert session.get_bind() is db.get_engine()
        session.add(Source(slug="a", title="A"))
        session.flush()
    with app.app_context():
        assert db.get_session().query(Source).count() == 0
    with app.app_context():
        pass  # a command that asks for no session has none to close
    app.extensions["engine"].dispose()


def test_a_connection_that_was_lost_while_it_lay_idle_is_made_anew(new_engine, monkeypatch):
    monkeypatch.setattr(db, "IDLE_SECONDS", 0)
    lose_connection(new_engine)
    with new_engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1


def test_one_that_was_used_a_moment_ago_is_not_asked_whether_it_is_there(new_engine, monkeypatch):
    monkeypatch.setattr(db, "IDLE_SECONDS", 3600)
    lose_connection(new_engine)
    if new_engine.dialect.name == "postgresql":
        with new_engine.connect() as connection, pytest.raises(OperationalError):
            connection.scalar(text("SELECT 1"))
    with new_engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1


def lose_connection(engine):
    """Have the server end the connection that lies idle in the pool, as when it is started again."""
    if engine.dialect.name != "postgresql":
        return
    with engine.connect() as connection:
        number = connection.scalar(text("SELECT pg_backend_pid()"))
    other = create_engine(engine.url)
    with other.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})
    other.dispose()
