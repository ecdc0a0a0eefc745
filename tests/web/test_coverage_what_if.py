"""What if: before and after, in an address that can be shared; nothing is saved and nothing given away."""

import csv
import io
import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import PublishedPlace, PublishedService, PublishedTerm

pytestmark = pytest.mark.one_database
SPORT = "category=sport&within_metres=3000"


def rows_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.get_data(as_text=True).removeprefix("\ufeff"))))


def text_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.get_data(as_text=True))


@pytest.fixture
def holder(app):
    """The organisation of a sport service whose place is shown so or so."""

    def find(precision, category="sport"):
        term = (PublishedTerm.published_service_id == PublishedService.id) & (
            PublishedTerm.facet == "category"
        )
        if category:
            term = term & (PublishedTerm.code == category)
        query = (
            select(PublishedService.organization_id)
            .join(PublishedTerm, term)
            .join(PublishedPlace)
            .where(PublishedPlace.precision == precision, PublishedService.status == "active")
            .order_by(PublishedService.organization_name)
        )
        if precision != "open":  # none of whose places is shown
            others = select(PublishedService.organization_id).join(PublishedPlace)
            shown = others.where(PublishedPlace.precision != precision)
            query = query.where(PublishedService.organization_id.not_in(shown))
        with Session(app.extensions["engine"]) as session:
            return session.scalars(query).first()

    return find


def covered(client, address, base=SPORT):
    rows = {row["figure"]: row for row in rows_of(client, f"/coverage/what-if/figures.csv?{base}&{address}")}
    return rows["People covered"]


def test_closing_can_only_take_away_and_is_not_saved(client, holder):
    change = f"change=closes&organisation={holder('open')}"
    assert float(covered(client, change)["change_known"]) <= 0
    rows = rows_of(client, f"/coverage/what-if/areas.csv?{SPORT}&{change}")
    assert rows
    assert all(row["in_reach_before"] != row["in_reach_after"] or row["nearest_before"] for row in rows)
    same = covered(client, "")
    assert same["before"] == same["after"] == covered(client, change)["before"]
    assert "No figure of any small area changes" in text_of(client, f"/coverage/what-if?{SPORT}")


def test_moving_puts_every_service_at_the_new_place(client, holder):
    address = f"{SPORT}&change=moves&organisation={holder('open')}&to_place=Lozells"
    page = text_of(client, f"/coverage/what-if?{address}")
    assert re.search(r"What if .+ moved to Lozells\?", page)
    sites = {row["site"]: row for row in rows_of(client, f"/coverage/what-if/sites.csv?{address}")}
    before, after = (
        int(sites["Lozells"][f"in_reach_{when}"].split(" to ")[0]) for when in ("before", "after")
    )
    assert after > before


@pytest.mark.parametrize("precision", ["hidden", "approximate"])
def test_a_protected_place_closes_by_its_public_shape_alone(client, holder, app, precision):
    """It was never known to be anywhere, so closing it takes nothing from what is known."""
    organization = holder(precision, category=None)
    with Session(app.extensions["engine"]) as session:
        places = select(PublishedPlace.precision).join(PublishedService)
        own = list(session.scalars(places.where(PublishedService.organization_id == organization)))
    assert set(own) == {precision}
    change = f"category=any&enough=20&change=closes&organisation={organization}"
    assert covered(client, change, "")["change_known"] == "0"


def test_opening_longer_asks_about_those_hours_where_no_time_is_asked_about(client, holder):
    address = f"change=opens&organisation={holder('open')}&new_day=Sunday&new_from=06:00&new_to=07:00"
    page = text_of(client, f"/coverage/what-if?{SPORT}&{address}")
    assert "also opened every Sunday, 6am to 7am?" in page
    assert "open every Sunday, 6am to 7am" in page
    assert float(covered(client, address)["change_known"]) > 0


def test_a_larger_site_takes_in_more_people(client):
    rows = rows_of(client, f"/coverage/what-if/sites.csv?{SPORT}&change=extent&site=hillfields&radius=3000")
    for row in rows:
        before, after = (int((row[f"people_{when}"] or "0").replace(",", "")) for when in ("before", "after"))
        assert after > before if row["site"] == "Hillfields" else after == before


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("change=burns", "There is no change \u201cburns\u201d"),
        ("change=closes", "Choose an organisation that is on record"),
        ("change=closes&organisation=../../etc", "Choose an organisation that is on record"),
        ("change=extent&site=nowhere", "Choose the site whose extent changes"),
        ("change=extent&site=lozells&radius=99999", "Radius must be a whole number from 100 to 10000"),
    ],
)
def test_what_makes_no_sense_is_said_and_changes_nothing(client, address, said):
    page = text_of(client, f"/coverage/what-if?{SPORT}&{address}")
    assert said in page


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("change=moves&to_place=Atlantis", "We could not find \u201cAtlantis\u201d"),
        ("change=moves", "Say where it moves"),
        ("change=opens&new_from=18:00&new_to=12:00", "hours that end after they begin"),
    ],
)
def test_what_is_missing_is_asked_for(client, holder, address, said):
    page = text_of(client, f"/coverage/what-if?{SPORT}&organisation={holder('open')}&{address}")
    assert said in page


def test_files_say_that_it_is_a_question(client, holder):
    address = f"/coverage/what-if/areas.xlsx?{SPORT}&change=closes&organisation={holder('open')}"
    assert client.get(address).status_code == 200
    assert client.get("/coverage/what-if/people.csv").status_code == 404
