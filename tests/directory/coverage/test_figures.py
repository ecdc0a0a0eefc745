"""Coverage of small areas: closed forms, conservation, bounds, and what is protected."""

import numpy as np
import pytest
from sqlalchemy import select, update

from directory.coverage.areas import CoverageError, area_base
from directory.coverage.candidates import lacking, read_candidates
from directory.coverage.figures import coverage_of
from directory.coverage.from_sites import read_sites
from directory.coverage.levels import level_table, ranked
from directory.coverage.question import CoverageQuery, When
from directory.coverage.sentences import REASON_WORDS, held_back
from directory.coverage.spread import covered_people, spread_of
from directory.coverage.times import days_of
from directory.coverage.travel import Travel
from directory.models import AreaValue, PublishedService
from directory.publishing.publish import publish
from directory.remembering import MOST_OF_COVERAGE, remember_coverage
from directory.upkeep.fullness import fullness_of, note_turned_away
from tests.directory.coverage.conftest import CODES, PEOPLE, sport
from tests.directory.records import BIRMINGHAM, TODAY, add, location, organization, service, weekly

SPORT = {"terms": [("category", "sport")]}


def put(session, *services):
    add(session, organization("Oak", *services))


def column(coverage, name):
    return coverage.table[name].tolist()


def reasons(coverage):
    return [REASON_WORDS[reason] for reason in coverage.table["reason"]]


def test_counts_and_distances_in_a_row_of_areas(ground):
    put(
        ground,
        service("a", location((405_500, 284_500)), **SPORT),
        service("b", location((407_500, 284_500)), **SPORT),
    )
    found = coverage_of(ground, sport())
    assert column(found, "code") == list(CODES)
    assert column(found, "providers_known") == [1, 1, 2, 1]
    assert found.table["nearest_metres_known"].round(-1).tolist() == [1000, 0, 1000, 0]
    assert found.table["second_metres_known"].round(-1).tolist() == [3000, 2000, 1000, 2000]
    assert column(found, "people_covered_known") == list(map(float, PEOPLE))
    assert column(found, "providers_possible") == column(found, "providers_known")


def test_what_is_asked_for_again_and_again_is_kept_however_much_else_is_made(ground):
    made = []
    for other in range(2 * MOST_OF_COVERAGE):
        remember_coverage(ground, ("asked again",), lambda: made.append("again"))
        remember_coverage(ground, ("asked once", other), lambda: made.append("once"))
    assert made.count("again") == 1
    remember_coverage(ground, ("asked once", 0), lambda: made.append("first"))
    assert made[-1] == "first"  # no more is kept than that


def test_two_places_of_one_service_count_once_and_are_not_the_second_nearest(ground):
    put(ground, service("a", location((404_500, 284_500)), location((404_700, 284_500)), **SPORT))
    found = coverage_of(ground, sport())
    assert column(found, "providers_known")[0] == 1
    assert np.isnan(column(found, "second_metres_known")[0])


@pytest.mark.parametrize("method", ["two_step", "enhanced_step", "enhanced_gaussian", "three_step"])
def test_all_that_is_in_reach_of_anybody_is_shared_out(ground, method):
    spots = [(404_400, 284_500), (405_600, 284_400), (407_700, 284_700), (430_000, 300_000)]
    put(ground, *(service(str(spot), location(spot), **SPORT) for spot in spots))
    table = coverage_of(ground, sport(travel=Travel(1_500))).table
    assert (table["people"] * table[f"{method}_known"]).sum() / 1_000 == pytest.approx(3)


def test_two_step_by_hand(ground):
    put(ground, service("a", location((405_500, 284_500)), **SPORT))
    # In reach of the first three areas, with 600 people.
    assert column(coverage_of(ground, sport(travel=Travel(1_010))), "two_step_known") == pytest.approx(
        [1000 / 600] * 3 + [0]
    )


def test_hidden_and_approximate_places_count_as_possible_and_never_as_known(ground):
    # A ward of few people would hide nothing: its authority would stand for the place.
    ground.add(AreaValue(code="E05000001", measure="people", value=1_200))
    put(
        ground,
        service("hidden", location((404_500, 284_500), protection="hidden"), **SPORT),
        service("ward", location((404_500, 284_500), protection="approximate"), **SPORT),
        service("nowhere", **SPORT),
    )
    found = coverage_of(ground, sport())
    assert column(found, "providers_known") == [0] * 4
    # The ward ends 500 metres west of the middle of the third area; the authority and nowhere are all round.
    assert column(found, "providers_possible") == [3, 3, 3, 2]
    assert np.isnan(column(found, "nearest_metres_known")).all()
    assert column(found, "nearest_metres_possible") == [0.0] * 4
    assert reasons(found) == ["Not known"] * 4


def test_moving_a_hidden_place_changes_nothing(ground):
    spots = [(404_500, 284_500), (407_500, 284_500)]
    tables = []
    for spot in spots:
        put(ground, service(str(spot), location(spot, protection="hidden"), terms=[("category", "arts")]))
        tables.append(coverage_of(ground, CoverageQuery("arts", people="people")).table)
    assert (tables[1]["providers_possible"] == tables[0]["providers_possible"] + 1).all()


def test_lower_bound_is_never_above_the_upper(ground):
    put(
        ground,
        service("a", location((404_500, 284_500)), minimum_age=16, **SPORT),
        service("b", location((405_500, 284_500)), **SPORT),
        service("c", location((406_500, 284_500), protection="approximate"), **SPORT),
        service("d", location((407_500, 284_500)), minimum_age=8, maximum_age=15, **SPORT),
    )
    table = coverage_of(ground, sport(age=12, weights={"deprivation_score": 1})).table
    assert (table["providers_known"] <= table["providers_possible"]).all()
    assert (table["gap_possible"] <= table["gap_known"]).all()
    nearest = table[["nearest_metres_known", "nearest_metres_possible"]].fillna(np.inf)
    assert (nearest["nearest_metres_possible"] <= nearest["nearest_metres_known"]).all()
    assert (table["two_step_known"] <= table["two_step_possible"] + 1e-12).all()


def test_each_reason_in_turn(ground):
    days = days_of("week", 4, TODAY, []).days
    asked = sport(age=12, open_access=True, when=When("week", 4, 18 * 60, 21 * 60, days))

    def one(*places, opens="17:00", closes="21:00", referral="open", **facts):
        hours = {"schedules": [weekly("FR", opens, closes)]} if opens else {}
        terms = [("category", "sport"), ("referral", referral)]
        return service("a", *places, terms=terms, **{"minimum_age": 8, **hours, **facts})

    def here():
        return location((404_500, 284_500))

    steps = {
        "None in reach": one(location((430_000, 300_000))),
        "Not at that time": one(here(), opens="09:00", closes="17:00"),
        "Not for that age or group": one(here(), minimum_age=16),
        "Full or closed for now, or by referral only": one(here(), referral="professional"),
        "Only from elsewhere, online or by phone": one(service_areas=[{"extent": BIRMINGHAM}]),
        "Not known": one(here(), opens=None),
        "At least one fits": one(here()),
    }
    for reason, added in steps.items():
        put(ground, added)
        assert reasons(coverage_of(ground, asked))[0] == reason


def test_temporarily_closed_is_no_supply(ground):
    put(ground, service("a", location((404_500, 284_500)), **SPORT) | {"status": "temporarily closed"})
    found = coverage_of(ground, sport())
    assert column(found, "providers_possible")[0] == 0
    assert reasons(found)[0] == "Full or closed for now, or by referral only"


def test_full_by_what_became_of_referrals_is_no_supply_and_says_the_day(ground):
    put(ground, service("a", location((404_500, 284_500)), **SPORT))
    [one] = ground.scalars(select(PublishedService)).all()
    assert column(coverage_of(ground, sport()), "providers_possible")[0] == 1
    row = fullness_of(ground, one.service_id)
    note_turned_away(row, TODAY, 3)
    ground.flush()
    ground.expunge_all()
    publish(ground, [one.organization_id], TODAY)
    found = coverage_of(ground, sport())
    assert column(found, "providers_possible")[0] == 0
    assert reasons(found)[0] == "Full or closed for now, or by referral only"
    assert held_back(found.candidates, 0, sport()) == (
        "is full or takes people by referral only, as of 23 November 2026"
    )


def test_facts_that_records_lack_are_counted(ground):
    put(
        ground,
        service("a", location((404_500, 284_500)), minimum_age=8, **SPORT),
        service("b", location((404_500, 284_500), protection="hidden"), **SPORT),
    )
    query = sport(age=12)
    rows = {row["fact"]: row["lacking"] for row in lacking(read_candidates(ground, query), query)}
    assert rows == {"whom it is for": 1, "where it is": 1}


def test_need_weighs_the_gap_and_ranks_the_areas(ground):
    found = coverage_of(ground, sport(weights={"deprivation_score": 1}))
    assert column(found, "need") == pytest.approx([1, 2 / 3, 1 / 3, 0])
    table = ranked(level_table(ground, found, "lsoa"))
    assert table["gap_known"].tolist() == pytest.approx([400 / 3, 100, 100, 0])
    assert table["rank_first"].tolist() == [1, 2, 2, 4]


def test_wards_authorities_and_sites_add_their_areas_up(ground):
    put(ground, service("a", location((404_500, 284_500)), **SPORT))
    found = coverage_of(ground, sport(travel=Travel(600)))
    authority = level_table(ground, found, "authority").set_index("code").loc[BIRMINGHAM]
    assert (authority["people"], authority["people_covered_known"]) == (1000, 100)
    assert authority["share_covered_known"] == pytest.approx(0.1)
    wards = level_table(ground, found, "ward")
    assert wards["people"].sum() == authority["people"]
    assert wards["gap_known"].sum() == pytest.approx(authority["gap_known"])
    (site,) = level_table(ground, found, "site", read_sites(ground, TODAY)).to_dict("records")
    assert (site["people"], site["providers_known"], round(site["nearest_metres_known"], -1)) == (100, 1, 0)


def test_people_covered_and_the_spread_of_access(ground):
    put(ground, service("a", location((404_500, 284_500)), **SPORT))
    found = coverage_of(ground, sport(travel=Travel(600)))
    assert covered_people(found.table)["known"] == 100
    gini = next(item for item in spread_of(found) if item.name == "Gini")
    assert gini.known == pytest.approx(0.9)  # a tenth of the people have all of it


def test_an_answer_is_worked_out_anew_when_a_record_or_a_figure_changes(ground):
    first = coverage_of(ground, sport())
    assert coverage_of(ground, sport()) is first
    put(ground, service("a", location((404_500, 284_500)), **SPORT))
    assert column(coverage_of(ground, sport()), "providers_known")[0] == 1
    code = ground.scalar(select(AreaValue.code).where(AreaValue.measure == "people").order_by(AreaValue.code))
    ground.execute(
        update(AreaValue).where(AreaValue.code == code, AreaValue.measure == "people").values(value=7)
    )
    assert column(coverage_of(ground, sport()), "people")[0] == 7


def test_without_small_areas_it_says_how_to_load_them(draft):
    with pytest.raises(CoverageError, match="load-areas FILE --level lsoa21"):
        area_base(draft)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"people": None}, "load-values FILE"),
        ({"people": "nobody"}, "load-values FILE"),
        ({"weights": {"deprivation_score": 0}}, "All weights are nought"),
        ({"weights": {"exclusions": 1}}, "no figure exclusions"),
    ],
)
def test_what_is_missing_is_said(ground, facts, said):
    with pytest.raises(CoverageError, match=said):
        coverage_of(ground, CoverageQuery("sport", **{"people": "people", **facts}))
