"""The pages of those who review, in Urdu: what they read, what they are answered, and what letters hold."""

import re

import pytest
from sqlalchemy import select

from directory.merging.match import queue_alike
from directory.models import Claim, MatchedPair, Organization, Report, ReviewFlag, Revision, Submission
from tests.accounts import make_account
from tests.directory.documents import contact, made_id, phone
from tests.directory.records import BIRMINGHAM, location, service
from tests.web.reviewing import (
    IN_BIRMINGHAM,
    LANTERN,
    accepted,
    database,
    fill,
    here,
    letters,
    navigator,
    waiting,
    with_areas,
)
from tests.web.urdu import UrduReader

pytestmark = [pytest.mark.one_database, pytest.mark.unmeasured]


class Reader(UrduReader):
    """A navigator who reads pages in Urdu."""

    def __init__(self, app):
        super().__init__(navigator(app), moved=303)

    def see(self, path, **sent):
        """Open a page, or send a form to it, in Urdu."""
        return super().see(path if path.startswith("/ur/") else f"/ur{path}", **sent)


@pytest.fixture
def app(empty_app):
    with_areas(empty_app)
    fill(empty_app)
    return empty_app


def rich(**facts):
    """A record with something of each part, and a service that comes and one that goes."""
    hidden = location(IN_BIRMINGHAM, name="Refuge", protection="hidden") | {"id": made_id("refuge")}
    weekly = {"id": made_id("s"), "freq": "WEEKLY", "byday": "MO", "opens_at": "16:00", "closes_at": "18:00"}
    full = service(
        *("Boxing", hidden),
        terms=[("category", "sport"), ("group", "girls")],
        minimum_age=11,
        maximum_age=16,
        schedules=[weekly],
        cost_options=[{"id": made_id("c"), "option": "Class", "amount": 2}],
        languages=[{"id": made_id("l"), "name": "Urdu", "code": "ur"}],
        status="active",
        description="Boxing & more",
        contacts=[contact("Amina")],
    )
    return here(full, phones=[phone("0121 496 0101")], website="https://lantern.org.uk") | facts


def ids(app, model, **facts):
    with database(app) as session:
        return list(session.scalars(select(model.id).filter_by(**facts)))


def test_the_queue_and_the_page_of_a_record(app):
    reader = Reader(app)
    for asked in ("", "?kind=claim", "?what=closed&sort=newest", "?answer=yes&authority=x", "?what=zz"):
        reader.see(f"/review{asked}")
    assert "Fresh" not in reader.see("/review?what=bdi")  # it looks for words, not for marks
    page = reader.see(f"/review/records/{LANTERN}")
    assert "<bdi>Closed at 5</bdi>" in page
    [report], [claim] = ids(app, Report), ids(app, Claim)
    [flag] = ids(app, ReviewFlag)
    for path, *forms in (
        (f"/review/reports/{report}", {"version": 1}, {"version": 9, "reason": "x"}),
        (f"/review/claims/{claim}", {"version": 1, "outcome": "refused"}),
        (f"/review/records/{LANTERN}/flags", {"version": 1}, {"flag": flag, "reason": "Looked"}),
        (f"/review/reports/{report}", {"version": 1, "reason": "Rang", "outcome": "done"}),
        (f"/review/claims/{claim}", {"version": 1, "outcome": "granted"}),
    ):
        for sent in forms:
            reader.see(path, **sent)
    reader.see("/review?kind=claim")
    assert not reader.left, reader.left
    with database(app) as session:
        # What is kept is in one language, whoever decides.
        assert session.scalars(select(Claim.reason)).one() == "Granted by a navigator"


def test_the_page_of_a_change_and_the_decisions(app):
    reader = Reader(app)
    change = waiting(app, rich(id=LANTERN, name="Lantern"), "change", base_number=1)
    bad = waiting(app, rich(id=made_id("bad"), email="no address"), authority_code=BIRMINGHAM)
    page = reader.see(f"/review/submissions/{change}")
    assert '<bdi lang="en-GB">Boxing &amp; more</bdi>' in page
    assert "<bdi" not in "".join(re.findall(r"<textarea[^>]*>([^<]*)", page))
    # What the record says in a box is read as English.
    assert re.search(r'<textarea[^>]*name="write:organization.name"[^>]* lang="en-GB" dir="auto">', page)
    reader.see(f"/review/submissions/{bad}")
    for one in (change, bad):
        reader.see(f"/review/submissions/{one}/preview")
    at = f"/review/submissions/{change}"
    reader.see(f"{at}/ask", version=1)
    reader.see(f"{at}/ask", version=1, reason="Which day?")
    reader.see(f"{at}/approve", version=1, reason="x")
    page = reader.see(at)
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    keys = re.findall(r'name="offered" value="([^"]+)"', page)
    reader.see(f"{at}/approve", version=version, number=1, take=keys, offered=keys, reason="Good")
    for one in ids(app, Submission, status="submitted"):
        reader.see(f"/review/submissions/{one}")
    reader.see(f"/review/submissions/{bad}/approve", version=1)
    reader.see(f"/review/submissions/{bad}/reject", version=1, reason="No")
    assert not reader.left, reader.left
    with database(app) as session:
        newest = session.scalars(
            select(Revision).where(Revision.organization_id == LANTERN).order_by(Revision.number.desc())
        ).first()
        assert newest.reason == "Changed and approved. Good"
        assert session.get_one(Organization, LANTERN).name == "Lantern"


def test_a_letter_that_a_page_in_urdu_causes_leads_to_pages_in_its_own_language(app):
    site = "http://127.0.0.1:5000"
    one = waiting(app, here() | {"name": "Lantern"}, "change", base_number=1, email="amina@example.org")
    other = waiting(app, here() | {"name": "Light"}, "change", base_number=1, email="bilal@example.org")
    make_account(app, email="bilal@example.org")
    app.test_client().post("/ur/account/reset", data={"email": "bilal@example.org"})
    for key in (one, other):
        sent = {"version": 1, "number": 1, "reason": "Where?"}
        navigator(app).post(f"/ur/review/submissions/{key}/ask", data=sent)
    links = sorted(
        (who, link.removeprefix(site).partition("answer/")[0])
        for who, _, text in letters(app)
        for link in re.findall(r"http://\S+answer/", text)
    )
    assert links == [("amina@example.org", "/"), ("bilal@example.org", "/ur/")]


def test_several_at_once(app):
    reader = Reader(app)
    page = reader.see("/review")
    chosen = re.findall(r'name="choose" type="checkbox" value="([^"]+)"', page)
    assert len(chosen) == 4
    for action in ("approve", "reject", "settle"):
        reader.see("/review/bulk", action=action, choose=chosen)
    reader.see("/review/bulk", action="reject")
    reader.see("/review/bulk/do", action="reject", choose=chosen)
    for action in ("settle", "approve"):
        page = reader.see("/review/bulk/do", action=action, choose=chosen, reason="All at once")
        undo = re.search(r'action="/ur(/review/bulk/[^"]+/undo)"', page)[1]
        reader.see(undo, stay="no")
        reader.see(undo, stay="no")
    assert not reader.left, reader.left


def test_a_claim_with_its_code(app):
    reader = Reader(app)
    [claim] = ids(app, Claim)
    with database(app) as session:
        session.get_one(Claim, claim).method = "post"
    reader.see(f"/claims/{claim}")
    reader.see(f"/claims/{claim}/code", stay="no")
    reader.see(f"/claims/{claim}/decide", decision="refuse", reason="No proof")
    assert not reader.left, reader.left


def test_two_records_that_may_be_one_are_joined_and_taken_apart(app):
    reader = Reader(app)
    gym = location(IN_BIRMINGHAM, name="Gym", protection="hidden")
    facts = {"name": "Lantern Youth Project CIC", "website": "https://lantern.org.uk"}
    again = here(service("Boxing", gym), id=made_id("again"), **facts)
    with database(app) as session:
        accepted(session, again)
        assert queue_alike(session, [LANTERN]).queued
        session.scalars(select(MatchedPair)).one().reasons = [
            [f"{name}, 93 of 100.", False]
            for name in ("The names are alike", "The names share their telling words")
        ] + [["The same register number, GB-CHC-1.", False], ["The same postcode.", True]]
    for asked in ("", "?what=zebra", "?least=sure&state=later"):
        reader.see(f"/matches{asked}")
    [pair] = ids(app, MatchedPair)
    reader.see("/merges")
    reader.see(f"/matches/{pair}")
    reader.see(f"/matches/{pair}", version=1)
    reader.see(f"/matches/{pair}", version=1, decision="same")  # something waits about one of them
    for one in ids(app, Submission):
        navigator(app).post(f"/review/submissions/{one}/reject", data={"version": 1, "reason": "No"})
    reader.see(f"/matches/{pair}", version=1, decision="later")
    reader.see(f"/matches/{pair}", version=1, decision="same")
    version = re.search(r'name="version" value="(\d+)"', reader.see(f"/matches/{pair}"))[1]
    page = reader.see(f"/matches/{pair}", version=version, decision="same")
    merge = re.search(r'action="/ur(/merges/[^"]+)"', page)[1]
    reader.see(f"/matches/{pair}")
    reader.see("/merges")
    reader.see(merge, confirm="no")
    reader.see(merge, confirm="yes")
    reader.see(merge, confirm="yes")
    assert not reader.left, reader.left
