"""Navigators count what became of referrals. A service that turns people away as full says so."""

import csv
import io
import re
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Account, AuditEntry, PublishedService, ReferralCount
from directory.safekeeping.erase import erase
from tests.accounts import make_account, sign_in, signed_in
from tests.conftest import TODAY
from tests.directory.records import BIRMINGHAM, add, add_areas, location, organization, service
from tests.web.test_desk import rows as desk_rows
from tests.web.urdu import unsaid

pytestmark = pytest.mark.one_database
MARK = "Full or referral only, as of 23 November 2026"


@pytest.fixture
def club(empty_app):
    """A service in Birmingham with something that was checked."""
    with Session(empty_app.extensions["engine"]) as session:
        add_areas(session)
        add(
            session,
            organization(
                "Oak",
                service(
                    "Boxing",
                    location((404_500, 284_500)),
                    terms=[("category", "sport"), ("referral", "open")],
                    assured_date="2026-10-01",
                ),
            ),
        )
        session.commit()
        return session.scalars(select(PublishedService)).one()


def send(client, club, outcome, **more):
    fields = {"month": "2026-11-01", "outcome": outcome, "before": "", "referrals": "1"} | more
    return client.post(f"/services/{club.service_id}/referrals", data=fields)


def counted(app):
    with Session(app.extensions["engine"]) as session:
        rows = session.scalars(select(ReferralCount).order_by(ReferralCount.month, ReferralCount.outcome))
        return [(row.month.isoformat(), row.outcome, row.referrals) for row in rows]


def text(client, address):
    return client.get(address).get_data(as_text=True)


def table(client, address):
    return list(csv.DictReader(io.StringIO(text(client, address).removeprefix("\ufeff"))))


def test_a_referral_is_counted_once_and_moves_on(empty_app, club):
    client = signed_in(empty_app, "navigator")
    assert "Count what became of referrals" in text(client, f"/services/{club.service_id}")
    assert send(client, club, "made", referrals="3").status_code == 303
    send(client, club, "waiting", before="made", referrals="2")
    send(client, club, "accepted", before="waiting")
    send(client, club, "need", month="2026-09-01")
    assert counted(empty_app) == [
        ("2026-09-01", "need", 1),
        ("2026-11-01", "accepted", 1),
        ("2026-11-01", "made", 1),
        ("2026-11-01", "waiting", 1),
    ]
    client.post(
        f"/services/{club.service_id}/referrals/take-back", data={"month": "2026-09-01", "outcome": "need"}
    )
    assert len(counted(empty_app)) == 3
    with Session(empty_app.extensions["engine"]) as session:
        lines = session.scalars(select(AuditEntry).where(AuditEntry.action == "count referrals")).all()
    assert [(line.entity_id, line.detail) for line in lines] == [(club.service_id, {})] * 5


@pytest.mark.parametrize(
    ("fields", "box", "words"),
    [
        ({"outcome": "Jo Bloggs came"}, "outcome", "Choose what became of it"),
        ({"month": "2026-08-01"}, "month", "can no longer change"),
        ({"month": "2026-12-01"}, "month", "can no longer change"),
        ({"month": "Jo"}, "month", "Choose a month"),
        ({"referrals": "51"}, "referrals", "from 1 to 50"),
        ({"referrals": "Jo"}, "referrals", "as a number"),
        ({"referrals": "\0"}, "referrals", "as a number"),
        ({"referrals": "\u0663"}, "referrals", "as a number"),
        ({"before": "waiting"}, "before", "You have counted fewer as"),
        ({"before": "full", "outcome": "full"}, "before", "counted as that already"),
    ],
)
def test_what_is_no_count_is_refused_with_the_reason_at_its_box(empty_app, club, fields, box, words):
    answer = send(signed_in(empty_app, "navigator"), club, **{"outcome": "accepted", **fields})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, words in page) == (400, True)
    assert f'<a href="#{box}">' in page
    assert re.findall(r'<p class="govuk-error-message" id="(\w+)-problem">', page) == [box]
    assert re.search(rf'aria-describedby="[^"]*\b{box}-problem"', page)
    assert counted(empty_app) == []


def test_a_service_that_turns_people_away_as_full_says_so_everywhere_until_it_takes_one(empty_app, club):
    client = signed_in(empty_app, "navigator", patches=[BIRMINGHAM])
    reader = empty_app.test_client()
    pages = (f"/services/{club.service_id}", f"/services/{club.service_id}/sheet", "/search?what=boxing")
    send(client, club, "full", referrals="2")
    assert not any(MARK in text(reader, page) for page in pages)
    send(client, club, "full")
    assert all(MARK in text(reader, page) for page in pages)
    assert table(reader, "/search.csv?what=boxing")[0]["full_on"] == "2026-11-23"
    # The record is as it was; its organisation is asked: how to get a place is due to be checked.
    assert desk_rows(client, "full")["Oak"]["since"] == "2026-11-23"
    assert desk_rows(client, "due")["Oak"]["due"] == "2026-11-23"
    send(client, club, "accepted")
    assert not any(MARK in text(reader, page) for page in pages)
    assert desk_rows(client, "full") == {}


def test_a_slip_of_another_navigator_does_not_end_what_was_counted_before(empty_app, club):
    one, other = (signed_in(empty_app, "navigator") for _ in range(2))
    send(one, club, "full", referrals="3")
    send(other, club, "full")
    other.post(
        f"/services/{club.service_id}/referrals/take-back", data={"month": "2026-11-01", "outcome": "full"}
    )
    assert MARK in text(empty_app.test_client(), f"/services/{club.service_id}")


def test_an_organisation_answers_whether_there_is_room(empty_app, club):
    client = signed_in(empty_app, "navigator", patches=[BIRMINGHAM])
    asked = f"/organisations/{club.organization_id}/still-right"
    send(client, club, "full", referrals="3")
    assert "There is room again at Boxing" in text(client, asked)
    client.post(asked)
    assert MARK in text(client, f"/services/{club.service_id}")
    client.post(asked, data={"room": club.service_id})
    assert MARK not in text(client, f"/services/{club.service_id}")
    send(client, club, "full", referrals="3")
    client.post(f"/services/{club.service_id}/referrals/room")
    assert MARK not in text(client, f"/services/{club.service_id}")


def test_sums_are_told_when_their_quarter_is_closed_and_to_others_without_small_counts(empty_app, club):
    one, other = (signed_in(empty_app, "navigator") for _ in range(2))
    send(one, club, "accepted", month="2026-09-01", referrals="3")
    send(other, club, "accepted", month="2026-09-01", referrals="6")
    assert "No quarter can be shown yet" in text(one, "/referrals")
    assert unsaid(one.get("/ur/referrals"), "without a quarter") == {}
    assert table(one, "/referrals/own.csv")[0]["referrals"] == "3"
    empty_app.config["CLOCK"] = lambda: datetime(2026, 12, 1, 9)
    commissioner = signed_in(empty_app, "commissioner")
    told = [
        [(row["service"], row["referrals"], row["not_all"]) for row in table(who, "/referrals.csv")]
        for who in (one, other, commissioner)
    ]
    # Of the three that the first counted, the other is told nothing.
    assert told == [
        [("All services", "9", ""), ("Boxing", "9", "")],
        [("All services", "6", "yes"), ("Boxing", "6", "yes")],
        [("All services", "9", ""), ("Boxing", "9", "")],
    ]
    assert "6 or more" in text(other, "/referrals")
    pages = {who: who.get("/ur/referrals") for who in (one, other, commissioner)}
    left = [words for page in pages.values() for words in unsaid(page, "/ur/referrals")]
    assert left == []
    assert one.get("/referrals.xlsx").status_code == one.get("/referrals/own.xlsx").status_code == 200
    assert commissioner.get(f"/services/{club.service_id}/referrals").status_code == 403


def test_counts_stay_when_whoever_counted_is_erased(empty_app, club):
    account = make_account(empty_app, "navigator", email="gone@example.org")
    send(sign_in(empty_app.test_client(), account), club, "accepted")
    with Session(empty_app.extensions["engine"]) as session:
        erase(session, "gone@example.org", TODAY)
        session.commit()
        assert session.get(Account, account) is None
        assert [(row.account_id, row.referrals) for row in session.scalars(select(ReferralCount))] == [
            (None, 1)
        ]


def test_the_page_and_what_it_answers_are_in_urdu(empty_app, club):
    client, left = signed_in(empty_app, "navigator", "administrator", patches=[BIRMINGHAM]), {}
    page = f"/ur/services/{club.service_id}/referrals"

    def see(path=page, **typed):
        answer = client.post(path, data=typed) if typed else client.get(path)
        if answer.status_code == 303:
            assert answer.headers["Location"].startswith("/ur/services/")
            answer = client.get(answer.headers["Location"])
        left.update(unsaid(answer, f"{path} with {typed}"))

    see()
    good = {"month": "2026-11-01", "outcome": "full", "before": "", "referrals": "3"}
    for wrong in (
        {"month": "x"},
        {"month": "2020-01-01"},
        {"outcome": "x"},
        {"referrals": "51"},
        {"before": "x"},
        {"before": "made"},
    ):
        see(**good | wrong)
    see(**good)
    see(f"{page}/take-back", **good)
    see(f"{page}/take-back", **good | {"outcome": "age"})
    see(**good)
    see(f"{page}/room", go="on")
    assert not left, "\n".join(left)
