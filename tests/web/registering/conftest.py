"""Drafts for the tests of the form: ground to stand on, and a browser that fills in pages."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import OutboxMessage, Submission
from tests.directory.grounds import load_ground
from tests.web.registering.filling import Form


@pytest.fixture
def stored(empty_app):
    """A session on the tables of the application."""
    with Session(empty_app.extensions["engine"]) as session:
        yield session


@pytest.fixture
def ground(stored):
    """Postcodes and areas to stand on."""
    load_ground(stored)
    stored.commit()


@pytest.fixture
def form(empty_app, ground):
    """The form in the browser of somebody who has just begun."""
    return Form.begin(empty_app.test_client())


@pytest.fixture
def draft(stored, form):
    """The draft of the form, as it is in the tables."""
    return stored.scalars(select(Submission)).one()


@pytest.fixture
def letters(stored):
    """Every letter in the outbox."""

    def read():
        stored.rollback()
        return stored.scalars(select(OutboxMessage).order_by(OutboxMessage.created_at)).all()

    return read


@pytest.fixture
def link_in(letters):
    """The path of the link in the newest letter."""
    return lambda: re.search(r"https?://[^/]+(/\S+)", letters()[-1].text)[1]
