"""The link of a reminder: to open it changes nothing, one click confirms, and it opens nothing else."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accepting import Acceptance, accept
from directory.models import AuditEntry, FieldCheck, Location, OutboxMessage, Reminder, Submission
from directory.upkeep.answer import take_back_links
from directory.upkeep.remind import Site, remind
from directory.upkeep.signed_links import Links
from tests.accounts import signed_in
from tests.conftest import NOW, TODAY
from tests.directory.documents import made_id, organization, place, service

pytestmark = pytest.mark.one_database

LONG_AGO = TODAY - timedelta(days=400)
KEY = made_id("Lantern Youth Project")


@pytest.fixture
def asked(empty_app):
    """The application with one organisation that was asked today, and the path of its link."""
    links = Links(empty_app.config["SECRET_KEY"], "")
    with Session(empty_app.extensions["engine"]) as session:
        document = organization(service("Studio", place(protection="hidden")), email="hello@lantern.example")
        accept(session, document, Acceptance(None, "self", "Registered", LONG_AGO))
        remind(session, TODAY, Site("The directory", links))
        text = session.scalars(select(OutboxMessage.text)).one()
        session.commit()
    empty_app.paths = [line for line in text.splitlines() if line.startswith("/")]
    return empty_app


def read(app, *queries):
    with Session(app.extensions["engine"]) as session:
        return [session.scalars(query).all() for query in queries]


def ways(app):
    return set(read(app, select(FieldCheck.checked_on))[0])


def test_to_open_the_link_changes_nothing(asked):
    for method in ("get", "head"):
        response = getattr(asked.test_client(), method)(asked.paths[0])
        assert response.status_code == 200
    assert ways(asked) == {LONG_AGO}
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "same-origin"


def test_one_click_confirms_all(asked):
    client = asked.test_client()
    page = client.get(asked.paths[0]).get_data(as_text=True)
    assert "Is this still right?" in page
    assert "1 Canal Street" not in page
    done = client.post(asked.paths[0]).get_data(as_text=True)
    assert "Checked today by the organisation" in done
    assert ways(asked) == {TODAY}
    shown = client.get(f"/organisations/{KEY}").get_data(as_text=True)
    assert "Checked today by the organisation" in shown
    assert read(asked, select(AuditEntry.action))[0][-1] == "still right"


def test_a_form_that_does_not_come_from_the_page_confirms_nothing(asked):
    asked.config["WTF_CSRF_ENABLED"] = True
    client = asked.test_client()
    assert client.post(asked.paths[0]).status_code == 400
    assert client.post(asked.paths[1]).status_code == 400
    assert ways(asked) == {LONG_AGO}
    assert (
        client.post(f"{asked.paths[1]}/one-click", data={"List-Unsubscribe": "One-Click"}).status_code == 200
    )


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_opens_nothing_says_why(asked, method):
    with Session(asked.extensions["engine"]) as session:
        take_back_links(session, KEY, TODAY)
        session.commit()
    for path in (
        asked.paths[0],
        "/still-right/nonsense",
        "/unsubscribe/nonsense",
        "/unsubscribe/x/one-click",
    ):
        response = getattr(asked.test_client(), method)(path, follow_redirects=True)
        assert response.status_code == 410
        assert "This link opens nothing" in response.get_data(as_text=True)
    assert ways(asked) == {LONG_AGO}


def unsubscribed(app):
    return read(app, select(Reminder.unsubscribed_at))[0] != [None]


def test_reminders_are_stopped_and_started_by_a_form(asked):
    client, path = asked.test_client(), asked.paths[1]
    assert "Stop reminders?" in client.get(path).get_data(as_text=True)
    assert not unsubscribed(asked)
    assert "Reminders are stopped" in client.post(path, data={"do": "stop"}).get_data(as_text=True)
    assert unsubscribed(asked)
    client.post(path, data={"do": "start"})
    assert not unsubscribed(asked)


def test_a_mail_program_stops_reminders_with_one_click(asked):
    client, path = asked.test_client(), f"{asked.paths[1]}/one-click"
    assert client.get(path).status_code == 302
    assert not unsubscribed(asked)
    assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert unsubscribed(asked)


def test_a_member_and_a_navigator_confirm_signed_in_and_others_cannot(asked):
    path = f"/organisations/{KEY}/still-right"
    assert asked.test_client().post(path).status_code == 302  # to sign in
    assert signed_in(asked, "commissioner").post(path).status_code == 403
    assert signed_in(asked, "member").post(path).status_code == 403
    assert ways(asked) == {LONG_AGO}
    assert signed_in(asked, "member", member_of=[KEY]).get(path).status_code == 200
    signed_in(asked, "member", member_of=[KEY]).post(path)
    assert set(read(asked, select(FieldCheck.way))[0]) == {"self"}
    signed_in(asked, "navigator", patches=["E08000025"]).post(path)
    assert set(read(asked, select(FieldCheck.way))[0]) == {"navigator"}
    assert NOW.date() == TODAY


def change_by_link(app, protection):
    with Session(app.extensions["engine"]) as session:
        session.scalars(select(Location)).one().protection = protection
        session.commit()
    client = app.test_client()
    return client, client.post(f"{app.paths[0]}/change")


def test_part_of_the_record_is_changed_by_the_link_alone(asked):
    client, answer = change_by_link(asked, "open")
    assert answer.status_code == 303
    tasks = client.get(answer.location).get_data(as_text=True)
    assert "Who it is for" in tasks
    assert "Where it is" not in tasks
    (draft,) = read(asked, select(Submission))[0]
    key = draft.document["services"][0]["id"]
    assert client.get(f"{answer.location}/page?name=what&of={key}").status_code == 404
    assert client.get(f"{answer.location}/page?name=contact").status_code == 404
    assert client.post(f"{answer.location}/add").status_code == 409
    page = f"{answer.location}/page?name=languages&of={key}"
    assert client.post(page, data={"languages": "Urdu"}).status_code == 303
    assert client.post(f"{answer.location}/send", data={"agreed": "yes"}).status_code == 303
    (draft,) = read(asked, select(Submission))[0]
    assert (draft.status, draft.account_id) == ("submitted", None)
    assert asked.test_client().get(answer.location).status_code == 404


def test_nothing_is_changed_by_the_link_where_a_place_is_protected(asked):
    client, answer = change_by_link(asked, "hidden")
    assert answer.location.endswith(f"/organisations/{KEY}/change")
    assert read(asked, select(Submission)) == [[]]
    assert "/change" not in client.get(asked.paths[0]).get_data(as_text=True).replace(f"{KEY}/change", "")
