"""Ground for coverage: four small areas in a row, people and need, and a site."""

import pytest
import shapely
from sqlalchemy import select

from directory.coverage.question import CoverageQuery
from directory.coverage.travel import Travel
from directory.models import Area, AreaValue, Site
from tests.directory.records import BIRMINGHAM, add_areas

# Four squares of a kilometre in a row from west to east: their middles are 1 km apart.
CODES = ("E01000001", "E01000002", "E01000003", "E01000004")
PEOPLE = (100, 200, 300, 400)
SCORE = (40, 30, 20, 10)


def add_small_areas(session):
    """The areas of the other tests, three more small areas, people and a score; the site is the first."""
    add_areas(session)
    for place, code in enumerate(CODES[1:], start=1):
        west, south = 404_000 + place * 1_000, 284_000
        square = shapely.box(west, south, west + 1_000, south + 1_000)
        session.add(
            Area(
                code=code,
                level="lsoa21",
                name=f"Small area {place + 1}",
                authority_code=BIRMINGHAM,
                easting=west + 500,
                northing=south + 500,
                west=west,
                south=south,
                east=west + 1_000,
                north=south + 1_000,
                outline=shapely.to_wkb(square),
            )
        )
    for code, people, score in zip(CODES, PEOPLE, SCORE, strict=True):
        session.add(AreaValue(code=code, measure="people", value=people))
        session.add(AreaValue(code=code, measure="deprivation_score", value=score))
    site = session.scalars(select(Site)).one()
    site.points = [[404_500, 284_500]]
    session.flush()


@pytest.fixture
def ground(draft):
    """A session with those areas, which nobody commits."""
    add_small_areas(draft)
    return draft


def sport(**facts):
    """A question about sport."""
    return CoverageQuery("sport", people="people", **{"travel": Travel(1_000), **facts})
