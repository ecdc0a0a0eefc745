"""A source on this machine, refreshed without waiting."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from directory.models import Source
from directory.refreshing.fetched import Patience
from directory.refreshing.refresh import Outcome, Wanted, declare, refresh
from directory.sources.mapping import mapping_from
from tests.conftest import TODAY
from tests.feed_server import feeding


@dataclass
class Refresher:
    """Refreshes one source day after day."""

    session: Session
    folder: Path
    source: Source
    patience: Patience
    day: int = 0

    def __call__(self, *, accept_drop: bool = False, **patience: Any) -> Outcome:
        today = TODAY + timedelta(days=self.day)
        wanted = Wanted(self.folder, today, replace(self.patience, **patience), accept_drop)
        outcome = refresh(self.session, self.source, wanted, lambda _count: None)
        self.session.commit()
        self.day += 1
        return outcome


def refresher(session, folder, **declaration):
    mapping = mapping_from("feed", {"title": "A feed", "refresh_days": 1, **declaration})
    source = declare(session, mapping)
    patience = Patience(sleep=lambda _seconds: None, private=True, attempts=2, seconds_each=5)
    return Refresher(session, folder, source, patience)


@pytest.fixture
def feed():
    with feeding(10) as opened:
        yield opened


@pytest.fixture
def again(committed, tmp_path, feed):
    """Refresh the feed of ten services."""
    return refresher(committed, tmp_path, reader="openreferral-feed", addresses=[feed.address])
