"""A database that many tests share, because none of them commits."""

import pytest
from sqlalchemy.orm import Session

from directory.db import make_engine


@pytest.fixture(scope="session")
def draft_engine(new_database, empty_template):
    """A database with tables and terms, in which nothing is ever committed."""
    engine = make_engine(new_database(empty_template))
    yield engine
    engine.dispose()


@pytest.fixture
def draft(draft_engine):
    """A session that is rolled back."""
    with Session(draft_engine) as opened:
        yield opened
