"""The history of a record, several decisions at once, answers by a link, and the audit log, as pages."""

import csv
import io

import pytest
from sqlalchemy import select, text

from directory.models import BulkAction, Organization, Submission
from tests.accounts import signed_in
from tests.directory.documents import made_id, place, service
from tests.directory.records import BIRMINGHAM, SANDWELL, location
from tests.web.reviewing import (
    LANTERN,
    accepted,
    database,
    letters,
    navigator,
    record,
    status,
    waiting,
    with_areas,
)
from tests.web.urdu import UrduReader

pytestmark = pytest.mark.one_database

HISTORY = f"/organisations/{LANTERN}/history"


def here(**facts):
    hall = location((404_500, 284_500), name="Hall") | {"id": made_id("here")}
    return record(service("Studio", hall), **facts)


@pytest.fixture
def app(empty_app):
    """A record in Birmingham with two versions."""
    with_areas(empty_app)
    with database(empty_app) as session:
        accepted(session, here(description="Music"))
        accepted(session, here(description="Dance"), "Changed")
    return empty_app


def description(app):
    with database(app) as session:
        return session.get_one(Organization, LANTERN).description


def rows_of(response):
    return list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))


def test_the_history_shows_every_version_and_what_one_would_bring_back(app):
    page = navigator(app).get(f"{HISTORY}?version=1").get_data(as_text=True)
    assert "Version 2" in page
    assert "Bring version 1 back" in page
    assert "What would change if it were brought back" in page


def test_a_version_is_brought_back_with_a_reason(app):
    client = navigator(app)
    missing = client.post(HISTORY, data={"restore": "1", "number": "2"})
    assert missing.status_code == 422
    # The version stays open, and what is wrong leads to its box.
    assert '<a href="#restore-reason">' in missing.get_data(as_text=True)
    assert 'aria-describedby="restore-reason-hint restore-reason-problem"' in missing.get_data(as_text=True)
    form = {"restore": "1", "number": "2", "reason": "A mistake."}
    assert client.post(HISTORY, data=form).status_code == 303
    assert description(app) == "Music"
    assert client.post(HISTORY, data=form).status_code == 409
    assert client.post(HISTORY, data={**form, "number": "3", "restore": "99"}).status_code == 422
    assert "Version 1 brought back. A mistake." in client.get(HISTORY).get_data(as_text=True)


def test_the_history_is_for_members_and_reviewers_and_only_these_restore(app):
    member = signed_in(app, "member", member_of=[LANTERN])
    page = member.get(f"{HISTORY}?version=1")
    assert page.status_code == 200
    assert "Bring version 1 back" not in page.get_data(as_text=True)
    form = {"restore": "1", "number": "2", "reason": "A mistake."}
    assert member.post(HISTORY, data=form).status_code == 403
    for other in (signed_in(app, "member"), signed_in(app, "commissioner"), navigator(app, SANDWELL)):
        assert other.get(HISTORY).status_code == 403
        assert other.get(f"{HISTORY}.csv").status_code == 403
        assert other.post(HISTORY, data=form).status_code == 403
    assert description(app) == "Dance"


def test_the_history_can_be_taken_away_and_kept_from_caches(app):
    response = navigator(app).get(f"{HISTORY}.csv")
    newest = rows_of(response)[0]
    assert (newest["version"], newest["fact"], newest["before"], newest["after"]) == (
        *("2", "What it is", "Music", "Dance"),
    )
    assert response.headers["Cache-Control"] == "private, no-store"


def test_the_public_sees_only_when_it_was_last_changed(app):
    page = app.test_client().get(f"/organisations/{LANTERN}").get_data(as_text=True)
    assert "Last changed on" in page
    assert "/history" not in page
    assert app.test_client().get(HISTORY).status_code == 302


def two_waiting(app):
    key = waiting(app, here(description="Song"), "change", base_number=2)
    other = record(service("Den", place("Den"))) | {"id": made_id("Den"), "name": "Den"}
    return key, waiting(app, other, authority_code=BIRMINGHAM)


def test_several_are_looked_at_done_and_undone(app):
    keys, client = two_waiting(app), navigator(app)
    chosen = [f"change:{keys[0]}:1", f"new:{keys[1]}:1"]
    page = client.post("/review/bulk", data={"action": "approve", "choose": chosen}).get_data(as_text=True)
    assert "Nothing is done yet. 2 of 2 can be done." in page
    assert description(app) == "Dance"
    response = client.post("/review/bulk/do", data={"action": "approve", "choose": chosen})
    assert (response.status_code, description(app)) == (303, "Song")
    assert "Undo all of it" in client.get(response.location).get_data(as_text=True)
    assert client.get(f"/organisations/{made_id('Den')}").status_code == 200
    assert f"/organisations/{made_id('Den')}" in " ".join(text for *_, text in letters(app))
    for _ in range(2):
        assert client.post(f"{response.location}/undo").status_code == 303
    assert description(app) == "Dance"
    assert [status(app, key) for key in keys] == ["submitted", "submitted"]
    assert client.get(f"/organisations/{made_id('Den')}").status_code == 404
    # Taken out, it lies in no authority; its versions stay with those who reviewed what was sent in.
    gone = f"/organisations/{made_id('Den')}/history"
    assert [one.get(gone).status_code for one in (client, navigator(app, SANDWELL))] == [200, 403]


def test_nothing_is_rejected_at_once_without_a_reason(app):
    keys, client = two_waiting(app), navigator(app)
    data = {"action": "reject", "choose": [f"change:{keys[0]}:1"]}
    missing = client.post("/review/bulk/do", data=data)
    assert missing.status_code == 422
    assert '<a href="#bulk-reason">' in missing.get_data(as_text=True)
    assert status(app, keys[0]) == "submitted"
    assert client.post("/review/bulk/do", data={**data, "reason": "Not ours."}).status_code == 303
    assert status(app, keys[0]) == "rejected"


def test_what_lies_elsewhere_cannot_be_chosen_or_undone(app):
    keys = two_waiting(app)
    data = {"action": "reject", "reason": "x", "choose": [f"change:{keys[0]}:1"]}
    elsewhere = navigator(app, SANDWELL)
    elsewhere.post("/review/bulk/do", data=data)
    assert status(app, keys[0]) == "submitted"
    navigator(app).post("/review/bulk/do", data=data)
    with database(app) as session:
        bulk = next(one.id for one in session.scalars(select(BulkAction)) if one.items)
    assert elsewhere.get(f"/review/bulk/{bulk}").status_code == 403
    assert elsewhere.post(f"/review/bulk/{bulk}/undo").status_code == 403
    assert status(app, keys[0]) == "rejected"


@pytest.mark.parametrize("data", [{"action": "approve"}, {"action": "approve", "choose": ["x", "a:b:c", ""]}])
def test_nothing_chosen_says_so(app, data):
    response = navigator(app).post("/review/bulk", data=data)
    assert response.status_code == 303
    assert navigator(app).post("/review/bulk", data={"action": "explode"}).status_code == 400


@pytest.fixture
def asked(app):
    """A question that was sent; the submission and the link of the letter."""
    key = waiting(app, here(description="Song"), "change", base_number=2)
    form = {"version": 1, "reason": "Which door?"}
    assert navigator(app).post(f"/review/submissions/{key}/ask", data=form).status_code == 303
    link = next(line for line in letters(app)[0][2].splitlines() if "/answer/" in line)
    return key, link.removeprefix("http://127.0.0.1:5000")


def test_a_question_is_answered_by_its_link_without_an_account(app, asked):
    key, link = asked
    anybody = app.test_client()
    assert "Which door?" in anybody.get(link).get_data(as_text=True)
    assert status(app, key) == "question"  # to look changes nothing: a scanner of letters looks too
    assert anybody.post(link, data={"answer": "  "}).status_code == 422
    assert anybody.post(link, data={"answer": "The red one"}).status_code == 303
    assert status(app, key) == "submitted"
    assert "The red one" in navigator(app).get(f"/review/submissions/{key}").get_data(as_text=True)
    again = anybody.post(link, data={"answer": "Or the blue one"})
    assert again.status_code == 409
    assert "Or the blue one" in again.get_data(as_text=True)
    assert "Thank you" in anybody.get(link).get_data(as_text=True)


def test_a_link_that_was_made_up_or_whose_address_is_gone_opens_nothing(app, asked):
    key, link = asked
    anybody = app.test_client()
    for wrong in (link[:-2] + "xx", "/answer/nothing", link.replace(".", "", 1)):
        assert anybody.get(wrong).status_code == 404
        assert anybody.post(wrong, data={"answer": "x"}).status_code == 404
    with database(app) as session:
        session.get_one(Submission, key).email = None
    assert anybody.get(link).status_code == 404


def test_the_audit_log_is_for_administrators(app):
    client = signed_in(app, "administrator")
    page = client.get("/audit?action=accept").get_data(as_text=True)
    assert "Lines: 2" in page
    assert 'role="alert"' not in page
    assert [row["action"] for row in rows_of(client.get(f"/audit.csv?about={LANTERN}"))] == [
        "accept",
        "accept",
    ]
    for other in (navigator(app), signed_in(app, "member"), signed_in(app, "commissioner")):
        assert other.get("/audit").status_code == 403
        assert other.get("/audit.csv").status_code == 403


def test_the_history_and_the_audit_log_are_in_urdu(app):
    reader, member = (
        UrduReader(client, "/ur/organisations/", moved=303)
        for client in (signed_in(app, "administrator"), signed_in(app, "member", member_of=[LANTERN]))
    )
    see = reader.see
    page = f"/ur{HISTORY}"
    see(page)
    see(f"{page}?version=1")
    member.see(f"{page}?version=2")
    form = {"restore": "1", "number": "2", "reason": "A mistake."}
    see(page, **form | {"reason": ""})
    see(page, **form | {"restore": "99"})
    see(page, **form)
    see(page, **form)
    see(f"{page}?version=1")
    member.see(page)
    # A line that somebody changed, and one that is gone.
    with database(app) as session:
        session.execute(text("DROP TRIGGER audit_entry_update"))
        session.execute(text("DROP TRIGGER audit_entry_delete"))
        session.execute(text("UPDATE audit_entry SET action = 'restore' WHERE number = 1"))
        session.execute(text("DELETE FROM audit_entry WHERE number = 2"))
        session.commit()
    see("/ur/audit")
    see(f"/ur/audit?action=accept&about={LANTERN}&page=2")
    left = reader.left | member.left
    assert not left, "\n".join(left)
