"""No test here commits, so all share one database."""

import pytest


@pytest.fixture
def session(draft):
    """A session that is rolled back."""
    return draft
