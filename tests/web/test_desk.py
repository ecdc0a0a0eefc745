"""The desk of a navigator: their own patch and no other, on the page and in files."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from directory.models import PublishedService, ReviewFlag
from directory.web import desk
from tests.accounts import signed_in
from tests.conftest import TODAY
from tests.directory.records import (
    BIRMINGHAM,
    SANDWELL,
    add,
    add_areas,
    location,
    organization,
    service,
    weekly,
)


@pytest.fixture
def filled(empty_app):
    """Two organisations in Birmingham and one in Sandwell."""
    old = (TODAY - timedelta(days=300)).isoformat()
    withheld = location((404_500, 284_500), protection="hidden")
    hidden = service("Mentors", withheld, terms=[("category", "mentoring")], assured_date=TODAY.isoformat())
    with Session(empty_app.extensions["engine"]) as session:
        add_areas(session)
        oak, _, elm = add(
            session,
            organization("Oak", service("Boxing", location((404_500, 284_500)), assured_date=old)),
            organization("Ash", hidden, phones=[{"id": oak_phone(), "number": "0121 496 0001"}]),
            organization("Elm", service("Art", location((392_000, 282_000)), assured_date=old)),
        )
        for key, name in ((oak, "Oak"), (elm, "Elm")):
            message = f"{name}: http://{name}.example/ \u2013 It answered 404."
            session.add(ReviewFlag(organization_id=key, reason="dead link", message=message))
        session.commit()
    return empty_app


def oak_phone():
    return "00000000-0000-4000-8000-0000000000aa"


def rows(client, name):
    response = client.get(f"/desk/{name}.csv")
    assert response.status_code == 200
    text = response.get_data(as_text=True).removeprefix("\ufeff")
    return {row["organisation"]: row for row in csv.DictReader(io.StringIO(text))}


def test_a_navigator_sees_their_own_patch(filled):
    client = signed_in(filled, "navigator", patches=[BIRMINGHAM])
    assert rows(client, "due").keys() == {"Oak"}
    assert rows(client, "links").keys() == {"Oak"}
    assert rows(client, "changed").keys() == {"Oak", "Ash"}
    page = client.get("/desk").get_data(as_text=True)
    assert "Birmingham" in page
    assert "Oak" in page
    assert "Elm" not in page
    other = signed_in(filled, "navigator", patches=[SANDWELL])
    assert rows(other, "due").keys() == {"Elm"}
    assert rows(other, "ring") == {}
    everything = signed_in(filled, "administrator")
    assert rows(everything, "changed").keys() == {"Oak", "Ash", "Elm"}


def test_whom_to_ring_is_who_could_settle_a_gap(filled):
    found = rows(signed_in(filled, "navigator", patches=[BIRMINGHAM]), "ring")
    assert found.keys() == {"Ash"}
    assert found["Ash"]["telephone"] == "0121 496 0001"
    assert found["Ash"]["settles"] == "Mentoring, The Lozells Estate"


def test_a_cell_is_no_formula(filled):
    with Session(filled.extensions["engine"]) as session:
        add(session, organization("=1+1", service("Club", schedules=[weekly("MO", "09:00", "17:00")])))
        session.commit()
    found = rows(signed_in(filled, "navigator", patches=[BIRMINGHAM]), "due")
    assert "'=1+1" in found


def test_a_list_that_does_not_exist_is_not_found(filled):
    client = signed_in(filled, "administrator")
    assert client.get("/desk/nothing.csv").status_code == 404


def test_nobody_else_sees_a_desk(filled):
    for path in ("/desk", "/desk/due.csv"):
        assert filled.test_client().get(path).status_code == 302
        assert signed_in(filled, "member").get(path).status_code == 403
        assert signed_in(filled, "commissioner").get(path).status_code == 403


def test_the_demonstration_says_that_it_is_made_up(client, app):
    navigator = signed_in(app, "administrator")
    assert navigator.get("/desk").status_code == 200
    for name in desk.LISTS:
        text = navigator.get(f"/desk/{name}.csv").get_data(as_text=True)
        assert len(text.splitlines()) == 1 or "Fictional" in text
    with Session(app.extensions["engine"]) as session:
        assert session.query(PublishedService).count()
