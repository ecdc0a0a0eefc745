"""Joining a record that hides something with one that does not opens nothing, and nor does undoing it."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.merging.merge import Merging, merge
from directory.merging.undo import undo
from directory.models import Base, OrganizationMerge, PublishedOrganization, Service
from tests.conftest import make_app
from tests.directory.planted import HIDDEN_POINT, leaks, planted
from tests.directory.records import TODAY, add, add_areas, address, location, organization, service
from tests.web.reading import words_of

pytestmark = pytest.mark.one_database
ADDRESSES = ("/search.csv", "/search.geojson", "/api/organizations?full=true", "/sitemap.xml", "/atom.xml")


def everything_public(app, session):
    """What the public copy holds, which is all that any output reads; and some of these outputs."""
    tables = [table for table in Base.metadata.sorted_tables if table.name.startswith("published_")]
    yield from (repr(session.execute(select(table)).all()) for table in tables)
    client = app.test_client()
    keys = [*session.scalars(select(OrganizationMerge.gone_id)), *session.scalars(select(Service.id))]
    pages = [f"/{kind}/{key}" for key in keys for kind in ("organisations", "services", "api/services")]
    for address_ in (*pages, *ADDRESSES):
        with client.get(address_, follow_redirects=True) as response:
            yield words_of(response.get_data())


def leaked(app, session):
    return [text for text in everything_public(app, session) if leaks(text)]


@pytest.mark.unmeasured
def test_no_output_holds_what_either_of_two_withheld(new_database, empty_template, tmp_path):
    for app in make_app(new_database(empty_template), tmp_path):
        with Session(app.extensions["engine"]) as session:
            add_areas(session)
            plain = organization("Plain", service("Plain help", location((404_700, 284_500))))
            hiding, open_ = add(session, planted(), plain)
            row = merge(session, hiding, open_, Merging(None, TODAY))
            session.commit()
            assert leaked(app, session) == []
            undo(session, row.id, Merging(None, TODAY))
            session.commit()
            assert session.get(PublishedOrganization, open_) is not None
            # Another source has the very address, and thinks nothing of showing it.
            lines = address("47 Quillfeather Row", "ZZ98 7QX")
            shown = location(HIDDEN_POINT, lines, name="The Tamarisk Barn")
            (careless,) = add(session, organization("Careless", service("Help at the door", shown)))
            session.commit()
            text = app.test_client().get(f"/organisations/{careless}").get_data(as_text=True)
            assert leaks(text) != []
            merge(session, hiding, careless, Merging(None, TODAY))
            session.commit()
            assert leaked(app, session) == []
