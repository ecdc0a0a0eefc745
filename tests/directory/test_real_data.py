"""The open data, whole, by the commands that a person would type: geography first, then three lists."""

import re

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.app import create_app
from directory.checking.feed import Wanted, check_address
from directory.checking.files import check_file
from directory.checking.reading import Limits, Reader
from directory.config import Settings
from directory.models import (
    Area,
    AreaLink,
    AreaValue,
    ImportRun,
    Location,
    Organization,
    Postcode,
    PublishedPlace,
    PublishedService,
    ReviewFlag,
    Schedule,
    Service,
    ServiceAtLocation,
    Source,
)
from directory.openreferral.dump import dump
from directory.web.api.parameters import LARGEST_PAGE
from tests.conftest import NOW
from tests.serving import served

pytestmark = pytest.mark.shared_data

SEVEN = {f"E080000{number}" for number in range(25, 32)}
FILES = {
    "warm-spaces": ("organisations/warm_spaces_current.geojson", 507),
    "libraries": ("organisations/libraries_england_wm7.csv", 153),
    "clubs": ("organisations/cascs_postcode_areas_B_CV_DY_WS_WV.csv", 351),
}
IMD = ("--code", "lsoa21_code", "--values", "IMD_score,IMD_decile,Income_score")
PEOPLE = ("--code", "LSOA11CD", "--values", "all_ages,aged_10_24", "--lsoa11", "count")


@pytest.fixture(scope="module")
def app(new_database, empty_template, tmp_path_factory):
    """The application on a database of this module's own."""
    settings = Settings(
        database_url=new_database(empty_template), instance_folder=tmp_path_factory.mktemp("real")
    )
    made = create_app(settings)
    made.config["CLOCK"] = lambda: NOW
    yield made
    made.extensions["engine"].dispose()


@pytest.fixture(scope="module")
def run(app, shared_data, tmp_path_factory):
    """Run a command on a file of the open data, and give what it says."""
    folder = tmp_path_factory.mktemp("rejected")

    def invoke(command, name, *options):
        path = shared_data / name
        if command == "import":
            options += ("--rejected", folder / f"{options[-1]}{path.suffix}")
        words = ["directory", command, path, *options]
        result = app.test_cli_runner().invoke(args=[str(word) for word in words])
        assert result.exit_code == 0, result.output
        return result.output

    return invoke


@pytest.fixture(scope="module")
def geography(run):
    """What each command said that loads geography."""
    return {
        "postcodes": run("load-postcodes", "postcodes"),
        "authority": run("load-areas", "boundaries/lad_wm7_DERIVED.geojson", "--level", "authority"),
        "ward": run("load-areas", "boundaries/ward_wm7.geojson", "--level", "ward"),
        "lsoa21": run("load-areas", "boundaries/lsoa21_wm7.geojson", "--level", "lsoa21"),
        "lookup": run("load-lookup", "boundaries/lookup_lsoa11_lsoa21_ltla22_wm7.csv"),
        "imd": run("load-values", "needs/imd2025_england_lsoa21_wm7.csv", *IMD),
        "people": run("load-values", "needs/DERIVED_lsoa11_population_mid2015_bands_wm7.csv", *PEOPLE),
    }


@pytest.fixture(scope="module")
def imported(geography, run):
    """What each import said, the first time and the second."""
    first = {name: run("import", file, "--mapping", name) for name, (file, _) in FILES.items()}
    return first, {name: run("import", file, "--mapping", name) for name, (file, _) in FILES.items()}


@pytest.fixture(scope="module")
def opened(app, imported):
    """A session on all of it, to read."""
    with Session(app.extensions["engine"]) as session:
        yield session


def number(text, pattern):
    """The number before or after some words that a command said."""
    return int(re.search(pattern, text)[1])


def of_source(query, name):
    return query.join(Source, Source.id == Organization.source_id).where(Source.slug == name)


def locations(session, name):
    query = (
        select(Location)
        .join(ServiceAtLocation, ServiceAtLocation.location_id == Location.id)
        .join(Service, Service.id == ServiceAtLocation.service_id)
        .join(Organization, Organization.id == Service.organization_id)
    )
    return session.scalars(of_source(query, name)).unique().all()


def places(session, name):
    query = (
        select(PublishedPlace)
        .join(PublishedService, PublishedService.id == PublishedPlace.published_service_id)
        .join(Organization, Organization.id == PublishedService.organization_id)
    )
    return session.scalars(of_source(query, name)).all()


def flagged(session, name, reason):
    query = select(ReviewFlag).join(Organization, Organization.id == ReviewFlag.organization_id)
    return session.scalars(of_source(query, name).where(ReviewFlag.reason == reason)).all()


def test_the_postcodes_are_all_in(geography, opened):
    loaded = number(geography["postcodes"], r"(\d+) postcodes loaded")
    assert loaded == opened.scalar(select(func.count()).select_from(Postcode)) > 85_000
    assert "0 rows could not be read" in geography["postcodes"]
    assert opened.get(Postcode, "B19 2TH").authority_code == "E08000025"


@pytest.mark.parametrize(("level", "areas"), [("authority", 7), ("ward", 192), ("lsoa21", 1719)])
def test_the_areas_are_all_in(geography, opened, level, areas):
    assert number(geography[level], r"(\d+) areas of level") == areas
    assert opened.scalar(select(func.count()).where(Area.level == level)) == areas


def test_invalid_outlines_are_named(geography):
    assert "Invalid outlines repaired: E08000025" in geography["authority"]


def test_the_wards_of_the_sites_are_where_they_should_be(opened):
    names = dict(opened.execute(select(Area.code, Area.name).where(Area.level == "ward")).all())
    assert names["E05011153"] == "Lozells"
    assert opened.get(Area, "E05001305").authority_code == "E08000030"


def test_deprivation_of_2025_is_in_as_published(opened):
    values = dict(
        opened.execute(select(AreaValue.code, AreaValue.value).where(AreaValue.measure == "IMD_score")).all()
    )
    assert len(values) == 1719
    assert values["E01008881"] == 43.521


def test_people_of_2011_are_carried_to_2021_and_none_is_lost(opened, shared_data):
    table = (shared_data / "needs/DERIVED_lsoa11_population_mid2015_bands_wm7.csv").read_text().splitlines()
    young = {row.split(",")[0]: int(row.split(",")[3]) for row in table[1:]}
    values = dict(
        opened.execute(select(AreaValue.code, AreaValue.value).where(AreaValue.measure == "aged_10_24")).all()
    )
    assert sum(values.values()) == pytest.approx(sum(young.values()))
    # Lozells, E01033628, was split into two.
    assert values["E01034923"] + values["E01034925"] == young["E01033628"]
    assert opened.scalar(select(func.count()).select_from(AreaLink)) == 1720


@pytest.mark.parametrize("name", FILES)
def test_every_row_is_in_or_rejected(imported, opened, name):
    said = imported[0][name]
    rows = FILES[name][1]
    assert number(said, r"(\d+) rows read") == rows
    assert number(said, r"Rows rejected: (\d+)") == 0
    services = select(func.count(Service.id)).join(Organization, Organization.id == Service.organization_id)
    assert opened.scalar(of_source(services, name)) == rows


@pytest.mark.parametrize("name", FILES)
def test_a_second_run_says_all_unchanged(imported, opened, name):
    created = number(imported[0][name], r"(\d+) created")
    assert f"0 created, 0 updated, {created} unchanged." in imported[1][name]
    runs = opened.scalars(
        select(ImportRun.unchanged).join(Source).where(Source.slug == name).order_by(ImportRun.started_at)
    )
    assert runs.all() == [0, created]


def test_warm_spaces_with_a_point_are_on_the_map(opened):
    given = [place for place in locations(opened, "warm-spaces") if place.point_source == "given"]
    shown = [place for place in places(opened, "warm-spaces") if place.easting is not None]
    assert len(given) > 500
    assert len(shown) >= 0.99 * len(given)
    assert {place.precision for place in shown} == {"open"}


def test_warm_spaces_are_in_the_authorities(opened):
    found = places(opened, "warm-spaces")
    assert sum(place.authority_code in SEVEN for place in found) >= 0.99 * len(found)


def test_points_far_from_their_postcode_are_flagged(imported, opened):
    flags = flagged(opened, "warm-spaces", "far from postcode")
    assert len(flags) == number(imported[0]["warm-spaces"], r"far from postcode: (\d+)") == 13
    metres = [int(re.search(r"([\d,]+) metres", flag.message)[1].replace(",", "")) for flag in flags]
    assert min(metres) >= 1000


def test_hours_of_warm_spaces_are_understood(opened):
    query = (
        select(Schedule)
        .join(Service, Service.id == Schedule.service_id)
        .join(Organization, Organization.id == Service.organization_id)
    )
    schedules = opened.scalars(of_source(query, "warm-spaces")).all()
    services = {schedule.service_id for schedule in schedules}
    unknown = {schedule.service_id for schedule in schedules if schedule.freq is None}
    assert len(services) > 450
    assert len(unknown) <= 0.05 * len(services)


def test_libraries_that_closed_are_kept_as_such(opened):
    statuses = of_source(select(Service.status).join(Organization), "libraries")
    assert opened.scalars(statuses).all().count("inactive") == 10


def test_clubs_outside_are_flagged_and_not_refused(opened):
    outside = [
        place for place in locations(opened, "clubs") if place.easting and place.authority_code is None
    ]
    assert len(outside) == len(flagged(opened, "clubs", "outside")) > 150
    assert not {place.authority_code for place in locations(opened, "clubs")} - SEVEN - {None}


def test_no_home_of_a_club_is_told(opened):
    found = places(opened, "clubs")
    assert len(found) == 351
    assert {(place.easting, place.latitude, place.postcode, place.ward_code) for place in found} == {
        (None, None, None, None),
    }
    query = select(PublishedService.document).join(
        Organization, Organization.id == PublishedService.organization_id
    )
    documents = opened.scalars(of_source(query, "clubs")).all()
    assert not [one for one in documents if "postal_code" in str(one) or "address_1" in str(one)]


def test_what_is_on_record_is_what_was_accepted(opened):
    organization = opened.scalars(of_source(select(Organization), "libraries").limit(1)).one()
    facts = dump(organization)["services"][0]["service_at_locations"][0]["location"]
    assert facts["point_source"] == "given"
    assert facts["addresses"][0]["postal_code"]


def test_our_feed_of_real_records_passes_the_check_strictly(app, imported):
    reader = Reader(Limits(private=True, pause_seconds=0))
    with served(app) as address:
        wanted = Wanted(strict=True, per_page=LARGEST_PAGE, things=20)
        report = check_address(f"{address}/api", wanted, reader, lambda _place: None)
    assert list(report.lines())[2:] == []
    assert report.counts["services"] > 900


def test_our_file_of_real_records_passes_the_check_strictly(app, imported):
    content = app.test_client().get("/data/directory.json").data
    assert list(check_file(content, "directory.json", strict=True).lines())[2:] == []
