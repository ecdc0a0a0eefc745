"""The figures of docs/hand-check.md: by its own lines, and by the directory from the same files."""

import re

import pytest

from directory.app import create_app
from directory.config import Settings
from directory.coverage.figures import coverage_of
from directory.coverage.from_sites import read_sites
from directory.coverage.levels import level_table
from directory.coverage.question import CoverageQuery
from directory.db import get_session
from directory.demonstration import SAMPLE
from tests.conftest import NOW, ROOT, TODAY

pytestmark = [pytest.mark.shared_data, pytest.mark.one_database]
TEXT = (ROOT / "docs/hand-check.md").read_text(encoding="utf-8")
FILES = {
    "load-areas boundaries/lad_wm7_DERIVED.geojson": ("--level", "authority"),
    "load-areas boundaries/ward_wm7.geojson": ("--level", "ward"),
    "load-areas boundaries/lsoa21_wm7.geojson": ("--level", "lsoa21"),
    "load-lookup boundaries/lookup_lsoa11_lsoa21_ltla22_wm7.csv": (),
    "load-values needs/imd2025_england_lsoa21_wm7.csv": ("--code", "lsoa21_code", "--values", "IMD_score"),
    "load-values needs/DERIVED_lsoa11_population_mid2015_bands_wm7.csv": (
        *("--code", "LSOA11CD", "--values", "aged_10_24", "--lsoa11", "count"),
    ),
    "load-crime crime/DERIVED_2018-06-west-midlands-street.csv": ("--lsoa11",),
    "import organisations/warm_spaces_current.geojson": ("--mapping", "warm-spaces"),
}
NAMES = {
    "people": "people",
    "providers": "providers_known",
    "nearest_metres": "nearest_metres_known",
    "second_metres": "second_metres_known",
    "people_covered": "people_covered_known",
    "need": "need",
    "two_step": "two_step_known",
    "gap": "gap_known",
}


@pytest.fixture(scope="module")
def by_hand(shared_data):
    """What the lines of the page give."""
    names = {}
    exec(re.search(r"```python\n(.*?)```", TEXT, re.DOTALL)[1], names)
    return names["hand_check"](shared_data)


@pytest.fixture(scope="module")
def of_the_directory(new_database, empty_template, tmp_path_factory, shared_data):
    """The row of each site, from the files loaded by the commands of the README."""
    folder = tmp_path_factory.mktemp("hand")
    app = create_app(Settings(database_url=new_database(empty_template), instance_folder=folder))
    app.config["CLOCK"] = lambda: NOW
    runner = app.test_cli_runner()
    for command, options in FILES.items():
        verb, name = command.split()
        extra = ("--rejected", str(folder / "rejected.geojson")) if verb == "import" else ()
        done = runner.invoke(args=["directory", verb, str(shared_data / name), *options, *extra])
        assert done.exit_code == 0, done.output
    assert runner.invoke(args=["directory", "sites", "--load", str(SAMPLE / "sites.geojson")]).exit_code == 0
    with app.app_context():
        session = get_session()
        query = CoverageQuery("spaces", people="aged_10_24", weights={"IMD_score": 1, "violence": 1})
        table = level_table(session, coverage_of(session, query), "site", read_sites(session, TODAY))
        yield table.set_index("code")
    app.extensions["engine"].dispose()


@pytest.mark.parametrize("site", ["lozells", "hillfields"])
@pytest.mark.parametrize("figure", NAMES)
def test_both_routes_give_the_same(by_hand, of_the_directory, site, figure):
    expected = by_hand[site][figure]
    assert of_the_directory.loc[f"site-{site}", NAMES[figure]] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("column", "site"), [(1, "lozells"), (2, "hillfields")])
def test_the_page_tells_what_its_lines_give(by_hand, column, site):
    table = re.search(r"\| \| Lozells.*?\n\n", TEXT, re.DOTALL)[0].splitlines()[2:]
    told = [row.strip("|").split("|")[column].strip() for row in table if row.strip()]
    for text, value in zip(told, by_hand[site].values(), strict=True):
        digits = len(text.partition(".")[2])
        assert float(text.replace(",", "")) == pytest.approx(value, abs=0.5 * 10**-digits + 1e-9)
