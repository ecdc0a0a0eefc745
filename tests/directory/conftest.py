"""Databases that many tests share: a copy for each would fill the disk, and take longer than the tests."""

from __future__ import annotations

import json
import shutil
from importlib import import_module

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from directory import demonstration
from directory.db import make_engine
from directory.models import AuditEntry, Base
from directory.models.reference_state import ReferenceState
from directory.phrases import ensure_bundled_phrases
from directory.taxonomies import ensure_bundled_terms

BUNDLED = {"taxonomy", "taxonomy_term", "phrase"}


@pytest.fixture(scope="session")
def shared_engine(new_database, empty_template):
    """A database with tables and terms, in which no test leaves anything."""
    engine = make_engine(new_database(empty_template))
    yield engine
    engine.dispose()


@pytest.fixture
def draft(shared_engine):
    """A session that nobody commits: it is rolled back."""
    with Session(shared_engine) as opened:
        yield opened


@pytest.fixture
def wiped_engine(shared_engine):
    """The shared database for a test that commits: all tables are emptied after it.

    The terms and phrases that come with the directory are thousands of rows: those that a test left as they
    were stay.
    """
    before = bundled_state(shared_engine)
    yield shared_engine
    kept = BUNDLED if bundled_state(shared_engine) == before else set()
    with Session(shared_engine) as session:
        for table in reversed(Base.metadata.sorted_tables):
            if table.name in kept or table.name == ReferenceState.__tablename__:
                continue
            if table.name == "audit_entry":
                empty_audit_log(session)
                continue
            session.execute(table.delete())
        ensure_bundled_terms(session)
        ensure_bundled_phrases(session)
        session.commit()


def bundled_state(engine):
    """The state of the terms and phrases: the database itself notes another with each change of them."""
    query = select(ReferenceState.name, ReferenceState.token).where(ReferenceState.name.in_(BUNDLED))
    with Session(engine) as session:
        return set(session.execute(query).all())


@pytest.fixture
def committed(wiped_engine):
    """A session that may be committed."""
    with Session(wiped_engine) as opened:
        yield opened


@pytest.fixture
def small_sample(tmp_path, monkeypatch):
    """Demonstration data with its first five organisations alone; how many services they have."""
    folder = tmp_path / "sample"
    shutil.copytree(demonstration.SAMPLE, folder)
    path = folder / "organisations.json"
    some = json.loads(path.read_text(encoding="utf-8"))[:5]
    path.write_text(json.dumps(some), encoding="utf-8")
    monkeypatch.setattr(demonstration, "SAMPLE", folder)
    return sum(len(item["services"]) for item in some)


def empty_audit_log(session):
    """Empty the log, which the database itself keeps from being changed."""
    if session.scalar(select(AuditEntry.number).limit(1)) is None:
        return
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(text("DELETE FROM audit_entry"))
        session.execute(text("SET LOCAL session_replication_role = origin"))
        return
    for what in ("update", "delete"):
        session.execute(text(f"DROP TRIGGER IF EXISTS audit_entry_{what}"))
    session.execute(text("DELETE FROM audit_entry"))
    for statement in import_module("directory.migrations.versions.0003_accounts_and_review").SQLITE:
        session.execute(text(statement))
