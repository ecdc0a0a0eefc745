"""Before it forks, the server asks itself for its first pages, as the site that it is."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory import serving
from directory.models import UnmetSearch

pytestmark = pytest.mark.one_database


@pytest.fixture
def public_app(own_app, monkeypatch):
    own_app.config["PUBLIC_URL"] = "https://directory.example.org"
    own_app.config["TRUSTED_HOSTS"] = ["directory.example.org"]
    use(own_app, monkeypatch)
    return own_app


def use(app, monkeypatch):
    monkeypatch.setattr(serving, "create_app", lambda: app)
    monkeypatch.setattr(serving.gc, "freeze", lambda: None)  # what tests leave is to be collected


def test_every_first_page_is_made(public_app, caplog):
    assert serving.application() is public_app
    assert not caplog.records


def test_a_page_that_cannot_be_made_is_told(public_app, caplog, monkeypatch):
    monkeypatch.setattr(serving, "FIRST_PAGES", ("/nowhere",))
    serving.application()
    assert "/nowhere" in caplog.text
    assert "404" in caplog.text


def test_nothing_that_is_not_found_counts_as_need(empty_app, monkeypatch):
    use(empty_app, monkeypatch)
    serving.application()
    with Session(empty_app.extensions["engine"]) as session:
        assert session.scalar(select(func.count()).select_from(UnmetSearch)) == 0
