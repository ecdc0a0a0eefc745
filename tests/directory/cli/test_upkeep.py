"""The commands that keep records fresh, as somebody types them."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accepting import Acceptance, accept
from directory.cli import upkeep
from directory.models import OutboxMessage, Reminder
from tests.conftest import TODAY
from tests.directory.documents import made_id, organization, service
from tests.directory.letters.smtp import ids, post_office

KEY = made_id("Lantern Youth Project")


@pytest.fixture
def due(empty_app):
    """An organisation that is due to be asked."""
    long_ago = Acceptance(None, "self", "Registered", TODAY - timedelta(days=400))
    with Session(empty_app.extensions["engine"]) as session:
        document = organization(service("Studio"), email="hello@lantern.example", website="http://a.example/")
        accept(session, document, long_ago)
        session.commit()


def test_reminders_are_written_and_sent(due, run, read, empty_app):
    assert run("remind") == (
        0,
        "Letters in the outbox: 1. Due, with nobody to write to: 0.\n"
        "Checked since they were asked: 0. Now out of date: 0.\n",
    )
    assert "SMTP_HOST is not set" in run("send-mail")[1]
    with post_office() as (postman, port):
        empty_app.config |= {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": port}
        assert run("send-mail") == (0, "Letters sent: 1. To be tried again: 0. Given up: 0.\n")
    assert ids(postman) == [f"<{key}@localhost>" for key in read(select(OutboxMessage.id))]


def test_letters_that_failed_are_listed_and_queued_again(due, run, read, empty_app):
    run("remind")
    with post_office() as (postman, port):
        empty_app.config |= {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": port}
        postman.answers = ["550 no such person"]
        run("send-mail")
    said = run("letters", "--again")[1]
    assert "failed: 1" in said
    assert "to hello@lantern.example: 550 no such person" in said
    assert "Letters in the queue again: 1." in said
    assert read(select(OutboxMessage.status)) == ["queued"]


def test_a_server_that_is_down_is_said(due, run, empty_app):
    run("remind")
    empty_app.config |= {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": 1}
    assert "The mail server could not be used" in run("send-mail")[1]


def test_only_so_many_letters_are_written(due, run, read):
    assert "Letters in the outbox: 0." in run("remind", "--most", "0")[1]
    assert read(select(OutboxMessage)) == []


def test_links_are_taken_back(due, run, read, stopped):
    run("take-back-links", KEY)
    assert read(select(Reminder.links_void)) == [1]
    assert "There is no organisation" in stopped("take-back-links", made_id("nobody"))


def test_nobody_has_saved_a_search(run):
    assert run("alert") == (0, "Letters in the outbox: 0.\n")


def test_addresses_are_tried(due, run, monkeypatch):
    from tests.directory.upkeep.pages_server import serving

    with serving() as pages:
        monkeypatch.setattr(upkeep, "Network", pages.network)
        said = run("check-links")[1]
    assert said == "ok: 1\nAddresses tried: 1. Newly flagged: 0.\n"
