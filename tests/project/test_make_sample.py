"""The demonstration data: repeatable, made up, and showing the gaps that it says it shows."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "geodata" / "sample"
SCRIPT = ROOT / "scripts" / "make_sample.py"
FILES = ("organisations.json", "areas.geojson", "sites.geojson", "area_values.csv", "postcodes.csv")
DRAMA = re.compile(r"(0121 496 0|01632 960|07700 900)\d{3}")
YOUTH_WORK = {"youth-facilities", "outreach", "youth-leadership", "group-work", "young-women"}


@pytest.fixture(scope="module")
def organizations():
    return json.loads((SAMPLE / "organisations.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def areas():
    return gpd.read_file(SAMPLE / "areas.geojson")


@pytest.fixture(scope="module")
def sites():
    return gpd.read_file(SAMPLE / "sites.geojson").to_crs(27700).set_index("slug")


def codes(record, taxonomy):
    terms = [each["taxonomy_term"] for each in record.get("attributes", [])]
    return {each["term"] for each in terms if each["taxonomy"] == taxonomy}


def everything(value):
    """Every dict inside a document."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
        yield from everything(inner)


@pytest.fixture(scope="module")
def services(organizations):
    """A row for each service."""
    rows = [
        {
            "id": service["id"],
            "categories": codes(service, "category"),
            "status": service["status"],
            "youngest": service.get("minimum_age"),
            "city": {row["name"] for row in service.get("service_areas", [])},
            "extents": {row["extent"] for row in service.get("service_areas", [])},
            "schedules": service.get("schedules", []),
        }
        for document in organizations
        for service in document["services"]
    ]
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def venues(organizations, services):
    """A row for each physical place of each service, in metres."""
    rows = [
        {
            "id": service["id"],
            "city": place["addresses"][0]["city"],
            **{k: place[k] for k in ("latitude", "longitude")},
        }
        for document in organizations
        for service in document["services"]
        for place in [at["location"] for at in service.get("service_at_locations", [])]
        if place["location_type"] == "physical"
    ]
    frame = pd.DataFrame(rows).merge(services.drop(columns="city"), on="id")
    points = gpd.points_from_xy(frame["longitude"], frame["latitude"], crs=4326)
    return gpd.GeoDataFrame(frame, geometry=points).to_crs(27700)


def near(venues, sites, slug, metres):
    return venues[venues.distance(sites.geometry[slug]) <= metres]


def of(frame, *wanted):
    return frame[[bool(each & set(wanted)) for each in frame["categories"]]]


def test_same_seed_same_bytes_as_committed(tmp_path):
    done = subprocess.run(
        [sys.executable, SCRIPT, "--folder", tmp_path], capture_output=True, text=True, check=True
    )
    assert "250 organisations, 400 services" in done.stdout
    assert [name for name in FILES if (tmp_path / name).read_bytes() != (SAMPLE / name).read_bytes()] == []


def test_help():
    done = subprocess.run([sys.executable, SCRIPT, "--help"], capture_output=True, text=True, check=True)
    assert "--folder" in done.stdout


def test_small_enough_to_ship():
    assert sum(path.stat().st_size for path in SAMPLE.iterdir()) < 3_000_000


def test_how_many(organizations, services):
    assert len(organizations) == 250
    assert len(services) == 400


def test_all_marked_fictional(organizations, areas):
    assert all(document["fictional"] is True for document in organizations)
    assert all(service["fictional"] is True for document in organizations for service in document["services"])
    assert areas["fictional"].all()


def test_phones_are_from_the_ranges_for_drama(organizations):
    numbers = [each["number"] for each in everything(organizations) if "number" in each]
    assert len(numbers) > 200
    assert [number for number in numbers if not DRAMA.fullmatch(number)] == []


def test_no_address_on_the_web_is_real():
    text = (SAMPLE / "organisations.json").read_text(encoding="utf-8")
    hosts = set(re.findall(r"[\w.-]+@([\w.-]+)", text)) | set(re.findall(r"https?://([^/\"]+)", text))
    assert hosts == {"example.org", "example.com"}


def test_no_text_is_empty_or_null(organizations):
    values = [value for each in everything(organizations) for value in each.values()]
    assert [value for value in values if value is None or value in ("", [])] == []


def test_ids_are_one_record_each(organizations):
    owners = {}
    for each in everything(organizations):
        if "id" in each:
            assert owners.setdefault(each["id"], each) == each


def test_every_term_is_in_the_taxonomy_and_every_category_and_kind_is_used(organizations):
    with (ROOT / "directory" / "taxonomy.csv").open(encoding="utf-8", newline="") as file:
        known = {(row["taxonomy"], row["code"]) for row in csv.DictReader(file)}
    used = {(each["taxonomy"], each["term"]) for each in everything(organizations) if "taxonomy" in each}
    assert used - known == set()
    assert {pair for pair in known - used if pair[0] in ("category", "kind", "faith", "network")} == set()


def test_names_and_descriptions_vary(organizations):
    services = [service for document in organizations for service in document["services"]]
    assert len({document["name"] for document in organizations}) == 250
    assert max(Counter(service["description"] for service in services).values()) <= 2
    assert len({service["description"] for service in services}) > 390


def test_dates_run_from_four_years_to_three_weeks_before_november_2026(organizations):
    services = [service for document in organizations for service in document["services"]]
    days = [date.fromisoformat(service["assured_date"]) for service in services if "assured_date" in service]
    days += [date.fromisoformat(service["last_modified"][:10]) for service in services]
    assert date(2022, 11, 1) <= min(days) < date(2023, 11, 1)
    assert date(2026, 10, 1) < max(days) <= date(2026, 10, 11)
    assert 300 < sum("assured_date" in service for service in services) < 400


def test_about_one_in_six_has_no_hours_and_some_have_text_only(services):
    text_only = [rows and "freq" not in rows[0] for rows in services["schedules"]]
    assert 0.12 < sum(not rows for rows in services["schedules"]) / len(services) < 0.2
    assert sum(map(bool, text_only)) > 10


@pytest.mark.parametrize(
    "words", [{"interval": 2}, {"byday": "1SA"}, {"byday": "-1TH"}, {"notes": "Term time only"}]
)
def test_schedules_of_every_sort(services, words):
    schedules = [schedule for rows in services["schedules"] for schedule in rows]
    assert any(words.items() <= schedule.items() for schedule in schedules)


def test_protected_postal_and_online_places(organizations):
    places = {each["id"]: each for each in everything(organizations) if "location_type" in each}.values()
    sorts = Counter(place.get("protection", place["location_type"]) for place in places)
    assert all(sorts[sort] >= 4 for sort in ("hidden", "approximate", "postal", "virtual"))
    assert not any("latitude" in place for place in places if place["location_type"] != "physical")


def test_individuals_with_and_without_consent(organizations):
    people = [each for each in organizations if codes(each, "kind") == {"individual"}]
    consents = [
        "consent_date" in contact for each in people for s in each["services"] for contact in s["contacts"]
    ]
    assert set(consents) == {True, False}


@pytest.mark.parametrize("level", ["lsoa21", "ward", "authority"])
def test_areas_tile_without_overlap_or_hole(areas, level):
    shapes = areas.loc[areas["level"] == level].to_crs(27700).geometry
    assert shapes.is_valid.all()
    assert shapely.coverage_is_valid(areas.loc[areas["level"] == level].geometry.to_numpy())
    union = shapes.union_all()
    assert union.geom_type == "Polygon"
    assert not union.interiors
    assert shapes.area.sum() == pytest.approx(union.area, rel=1e-9)


def test_areas_nest(areas):
    for lower, upper, column in (("lsoa21", "ward", "ward_code"), ("ward", "authority", "authority_code")):
        inner = areas[areas["level"] == lower]
        outer = areas[areas["level"] == upper].set_index("code").geometry
        joined = inner.dissolve(column).geometry
        assert joined.index.sort_values().tolist() == outer.index.sort_values().tolist()
        assert joined.geom_equals(outer.loc[joined.index]).all()


def test_codes_cannot_be_taken_for_real_ones(areas):
    small = areas[areas["level"] != "authority"]
    assert small["code"].str.fullmatch(r"X0[15]\d{6}").all()
    assert small["name"].str.startswith("Made-up ").all()
    assert 280 <= (areas["level"] == "lsoa21").sum() <= 340


def test_need_is_known_for_every_small_area_and_higher_at_the_sites(areas, sites):
    values = pd.read_csv(SAMPLE / "area_values.csv").pivot(index="code", columns="measure", values="value")
    small = areas[areas["level"] == "lsoa21"].set_index("code")
    assert sorted(values.index) == sorted(small.index)
    assert values.notna().all(axis=None)
    assert (values["people_10_24"] < values["people"]).all()
    middles = small.to_crs(27700).representative_point()
    close = middles[middles.distance(sites.union_all()) < 1000].index
    score = values["deprivation_score"]
    assert score[close].min() > score.median()
    assert values["deprivation_decile"].value_counts().between(28, 36).all()


def test_every_venue_lies_in_its_authority(venues, areas):
    outlines = areas[areas["level"] == "authority"][["name", "geometry"]].to_crs(27700)
    joined = venues.sjoin(outlines, predicate="within")
    assert len(joined) == len(venues)
    assert (joined["city"] == joined["name"]).all()


def test_every_postcode_used_is_listed_where_the_venue_is(organizations):
    frame = pd.read_csv(SAMPLE / "postcodes.csv", header=None)
    assert frame.shape[1] == 10
    assert (frame[0].str.len() == 7).all()
    assert frame[0].is_unique
    listed = {f"{row[0][:4].strip()} {row[0][4:]}" for row in frame.itertuples(index=False)}
    used = {each["postal_code"] for each in everything(organizations) if "postal_code" in each}
    assert used <= listed
    assert {code for code in listed if not code.startswith("ZZ")} == {"B19 2TH", "WS2 8ES", "CV1 5LZ"}


def test_sites_hold_their_facts_and_made_up_extents(sites, areas):
    small = areas[areas["level"] == "lsoa21"].to_crs(27700).set_index("code").geometry
    assert sites["authority_code"].to_dict() == {
        "lozells": "E08000025",
        "three-estates": "E08000025",
        "walsall-college": "E08000030",
        "hillfields": "E08000026",
    }
    assert sites.loc["walsall-college", "radius_metres"] == 800
    for slug in ("lozells", "three-estates", "hillfields"):
        assert small.loc[list(sites.loc[slug, "area_codes"])].union_all().covers(sites.geometry[slug])


def test_lozells_has_plenty_of_sport_and_faith_work(venues, sites):
    around = near(venues[venues["status"] == "active"], sites, "lozells", 2000)
    assert of(around, "sport")["id"].nunique() >= 10
    assert of(around, "faith-work")["id"].nunique() >= 8


def test_no_trauma_therapy_near_hillfields_takes_under_16s(venues, services, sites):
    therapy = of(near(venues, sites, "hillfields", 5000), "trauma-therapy")
    for_all = services[[("E08000026" in each) for each in services["extents"]]]
    assert len(therapy) >= 1
    assert (therapy["youngest"] >= 16).all()
    assert (of(for_all, "trauma-therapy")["youngest"] >= 16).all()


def test_trauma_therapy_takes_under_16s_elsewhere(venues):
    assert (of(venues, "trauma-therapy")["youngest"] < 16).any()


def test_no_mediation_at_the_three_estates(venues, services, sites):
    for_all = services[[("E08000025" in each) for each in services["extents"]]]
    assert of(near(venues, sites, "three-estates", 5000), "mediation").empty
    assert of(for_all, "mediation").empty
    assert len(of(venues, "mediation")) >= 5


def test_youth_work_at_walsall_college_is_only_in_the_day(venues, services, sites):
    around = of(near(venues, sites, "walsall-college", 2000), *YOUTH_WORK)
    for_all = of(services[[("E08000030" in each) for each in services["extents"]]], *YOUTH_WORK)
    assert len(around) >= 3
    assert around["schedules"].map(len).min() >= 1
    hours = [each for frame in (around, for_all) for rows in frame["schedules"] for each in rows]
    assert max(each["closes_at"] for each in hours) <= "17:00"
    assert not any({"SA", "SU"} & set(each["byday"].split(",")) for each in hours)


@pytest.mark.parametrize(("slug", "category"), [("three-estates", "arts"), ("hillfields", "employment")])
def test_hours_not_known(venues, sites, slug, category):
    found = of(near(venues, sites, slug, 2000), category)
    assert len(found) >= 3
    assert not any("freq" in schedule for rows in found["schedules"] for schedule in rows)


def test_solihull_is_thin(venues):
    count = (
        venues.drop_duplicates("id")
        .groupby("city")["categories"]
        .agg(["size", lambda all_: len(set().union(*all_))])
    )
    assert count.loc["Solihull"].tolist()[0] < 10
    assert count.loc["Solihull"].tolist()[1] <= 5
    assert count.drop("Solihull")["size"].min() >= 25


def test_no_organization_has_the_name_of_a_real_one(organizations, shared_data):
    folder = shared_data / "organisations"
    spaces = json.loads((folder / "warm_spaces_current.geojson").read_text(encoding="utf-8"))
    real = {str(value) for each in spaces["features"] for value in each["properties"].values()}
    for path in [*folder.glob("*.csv"), *(shared_data / "duplicates").glob("*.csv")]:
        real |= {str(value) for value in pd.read_csv(path, dtype=str).to_numpy().ravel()}
    names = {document["name"].casefold() for document in organizations}
    assert names & {value.casefold() for value in real} == set()
