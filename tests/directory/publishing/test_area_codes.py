"""An area that people name counts as much as one with its code."""

import pytest
from sqlalchemy import select

from directory.models import PublishedArea
from tests.directory.records import BIRMINGHAM, add, add_areas, organization, service


@pytest.mark.parametrize(
    ("area", "codes"),
    [
        ({"name": "birmingham"}, [BIRMINGHAM]),
        ({"name": "king's norton SOUTH"}, ["E05000002"]),
        ({"name": "St Michael's"}, []),  # two wards have the name
        ({"name": "all over the place"}, []),
        ({"name": "Sandwell", "extent": BIRMINGHAM}, [BIRMINGHAM]),
    ],
)
def test_the_code_of_a_named_area_is_found(session, area, codes):
    add_areas(session)
    add(session, organization("Oak Trust", service("Drop-in", service_areas=[area])))
    assert session.scalars(select(PublishedArea.code)).all() == codes
