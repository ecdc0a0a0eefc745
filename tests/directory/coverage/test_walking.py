"""Coverage on foot: barriers count along a network, and what does not stand on it is not known."""

import numpy as np
import pytest

from directory.coverage.around_sites import site_coverage
from directory.coverage.candidates import read_candidates
from directory.coverage.figures import coverage_of
from directory.coverage.from_sites import read_sites
from directory.coverage.levels import level_table
from directory.coverage.places import find_asked_place, metres_to
from directory.coverage.sentences import asked_words, reason_sentence
from directory.coverage.travel import Travel, walk_of
from directory.coverage.travel_words import travel_words
from tests.canal import kept_canal
from tests.directory.coverage.conftest import PEOPLE, sport
from tests.directory.records import TODAY, add, location, organization, service

pytestmark = pytest.mark.one_database

HERE = (404_500, 284_500)  # the middle of the first small area, and the site
BEYOND = (404_500, 284_800)  # 300 metres away, across the canal
SPORT = {"terms": [("category", "sport")]}


def walk(minutes):
    return walk_of(minutes, kept_canal(*HERE))


@pytest.fixture
def canal(ground):
    """The areas, and one service across the canal from the first."""
    add(ground, organization("Oak", service("a", location(BEYOND), **SPORT)))
    return ground


def known_and_possible(coverage, area=0):
    row = coverage.table.iloc[area]
    return int(row["providers_known"]), int(row["providers_possible"])


def test_across_a_canal_is_a_gap_with_the_network_and_none_without(canal):
    near = coverage_of(canal, sport(travel=walk_of(10, None)))
    walked = coverage_of(canal, sport(travel=walk(10)))
    assert (known_and_possible(near), known_and_possible(walked)) == ((1, 1), (0, 0))
    assert walked.table["gap_known"][0] == PEOPLE[0]
    assert known_and_possible(coverage_of(canal, sport(travel=walk(26)))) == (1, 1)
    # A hair less than 25 minutes: the place is rounded to a hundred thousandth of a degree.
    assert walked.table["nearest_metres_known"][0] == pytest.approx(2_000, abs=2)
    assert near.table["nearest_metres_known"][0] == pytest.approx(300, abs=2)


def test_an_area_off_the_network_is_not_known_and_not_none(canal):
    add(canal, organization("Elm", service("b", location((407_600, 284_500)), **SPORT)))
    walked = coverage_of(canal, sport(travel=walk(10)))
    assert known_and_possible(walked, 3) == (0, 1)
    last = walked.table.iloc[3]
    assert np.isnan(last["nearest_metres_known"])
    assert last["nearest_metres_possible"] == pytest.approx(100, abs=2)
    assert np.isnan(last["two_step_known"])


def test_a_place_off_the_network_is_possible(canal):
    add(canal, organization("Elm", service("b", location((404_500, 283_900)), **SPORT)))
    walked = coverage_of(canal, sport(travel=walk(10)))
    assert known_and_possible(walked) == (0, 1)
    row = walked.table.iloc[0]
    assert (row["two_step_known"], row["two_step_possible"]) == (0, pytest.approx(10))  # 1 for 100 people
    assert row["nearest_metres_possible"] == pytest.approx(600, abs=2)


def test_what_the_walk_reaches_is_shared_out_among_those_who_reach_it(canal):
    walked = coverage_of(canal, sport(travel=walk(26)))
    table = walked.table
    on = table["two_step_known"].notna()
    assert on.tolist() == [True, True, False, False]
    assert (table["two_step_known"] * table["people"])[on].sum() == pytest.approx(1_000)


def test_sites_and_sentences_walk_too(canal):
    ground, query = read_sites(canal, TODAY), sport(travel=walk(10))
    walked = coverage_of(canal, query)
    (site,) = level_table(canal, walked, "site", ground).to_dict("records")
    # The service is inside the site's extent: that counts however long the walk is.
    assert site["providers_known"] == 1
    assert site["nearest_metres_known"] == pytest.approx(2_000, abs=2)
    candidates = read_candidates(canal, query)
    place = find_asked_place(canal, walked.base, "E01000001", ground)
    words = {
        "area": "Lozells 001A",
        "category": "Sport",
        "query": query,
        "names": {"category": {"sport": "Sport"}},
        "today": TODAY,
        "metres": metres_to(candidates, place, query.travel),
    }
    assert reason_sentence(walked.reached, 0, candidates, words) == (
        "No sport is on record within 10 minutes\u2019 walk of Lozells 001A; the nearest that fits, a (Oak), "
        "is 25 minutes\u2019 walk (2.0 km) away."
    )
    said = asked_words(query, words["names"], TODAY)
    assert said == "Sport, within 10 minutes\u2019 walk along the walking network"


def test_a_site_counts_whom_it_can_walk_to_and_names_those_beyond(canal):
    add(canal, organization("Elm", service("off the network", location((403_950, 284_500)), **SPORT)))
    add(canal, organization("Ash", service("beyond the canal", location((405_100, 284_800)), **SPORT)))
    straight, walked = (site_coverage(canal, TODAY, travel) for travel in (Travel(800), walk(10)))
    rows = [coverage.matrix.set_index("category").loc["sport"] for coverage in (straight, walked)]
    assert [(row["known"], row["possible"]) for row in rows] == [(3, 0), (1, 1)]
    assert (len(straight.beyond), len(walked.beyond), len(walked.unwalked)) == (0, 1, 1)


def test_words_say_which_travel_was_used():
    assert "taken as 1.3 times the straight line: 2 km stand for a walk of 2.6 km, 32 min" in travel_words(
        Travel()
    )
    assert "10 minutes at 4.8 km an hour are 615 metres in a straight line" in travel_words(walk_of(10, None))
    assert "800 metres along the walking network of canal.osm.pbf" in travel_words(walk(10))
