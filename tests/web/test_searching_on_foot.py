"""Minutes on foot in a search: along the network where one is loaded, or an estimate that is said."""

import csv
import io
import re

import pytest
from sqlalchemy.orm import Session

from directory.models import Postcode
from tests.canal import load_canal
from tests.directory.records import BIRMINGHAM, add, add_areas, location, organization, service

HOME = (404_500, 284_500)
ASKED = "/search?where=B1+1AA&minutes=10"


@pytest.fixture
def banks(empty_app):
    """One on the near bank, one across the canal, one far from every way, and a home from which to ask."""
    spots = {"Near": (404_800, 284_500), "Across": (404_500, 284_800), "Off": (404_100, 284_100)}
    with Session(empty_app.extensions["engine"]) as session:
        add_areas(session)
        session.add(Postcode(postcode="B1 1AA", easting=HOME[0], northing=HOME[1], authority_code=BIRMINGHAM))
        add(session, organization("Oak", *(service(name, location(spot)) for name, spot in spots.items())))
        session.commit()
    return empty_app


def fits(client, address):
    text = client.get(address.replace("/search", "/search.csv")).get_data(as_text=True).removeprefix("\ufeff")
    return {row["service"]: row["fits"] for row in csv.DictReader(io.StringIO(text))}


def page_of(client, address):
    return re.sub(r"\s+", " ", client.get(address).get_data(as_text=True))


def test_without_a_network_a_walk_is_an_estimate_that_is_said(banks):
    client = banks.test_client()
    assert fits(client, ASKED) == dict.fromkeys(("Near", "Across", "Off"), "yes")
    page = page_of(client, ASKED)
    assert "Walking distance is taken as 1.3 times the straight line: 10 minutes at 4.8 km an hour" in page
    assert "300 m, about 5 minutes\u2019 walk" in page
    assert "Within 10 minutes\u2019 walk" in page
    # Every distance tells its walk, and nothing is far enough to be left out.
    assert "300 m, about 5 minutes\u2019 walk" in page_of(client, "/search?where=B1+1AA")
    assert 'href="/searches/new?where=B1+1AA&amp;within_metres=615"' in page


def test_along_a_network_the_canal_counts_and_what_stands_on_no_way_is_not_known(banks):
    load_canal(banks, *HOME)
    client = banks.test_client()
    assert fits(client, ASKED) == {"Near": "yes", "Off": "not known"}
    page = page_of(client, ASKED)
    assert "4 minutes\u2019 walk (300 m)" in page
    assert "800 metres along the walking network of canal.osm.pbf" in page
    assert fits(client, "/search?where=B1+1AA&minutes=30") == {
        "Near": "yes",
        "Across": "yes",
        "Off": "not known",
    }
    assert fits(client, "/search?where=B1+1AA&within_metres=400") == {"Near": "yes", "Across": "yes"}


def test_minutes_without_a_place_or_sense_are_left_out_and_said(banks):
    client = banks.test_client()
    assert "Minutes on foot were left out: say from where" in page_of(client, "/search?minutes=10")
    assert "Minutes must be a whole number from 1 to 60" in page_of(client, f"{ASKED}0")
    assert len(fits(client, f"{ASKED}0")) == 3
