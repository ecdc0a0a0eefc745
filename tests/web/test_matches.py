"""The pages of records that may be one organisation, and of what was joined."""

import csv
import io
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from directory.merging.match import queue_alike
from directory.merging.merge import Merging, merge
from directory.models import AuditEntry, MatchedPair, Organization, OrganizationMerge
from tests.accounts import signed_in
from tests.conftest import TODAY
from tests.directory.documents import made_id, phone
from tests.directory.records import SANDWELL, add, address, location, organization, service
from tests.web.reviewing import database, navigator, with_areas

pytestmark = pytest.mark.one_database

LANTERN, AGAIN = made_id("lantern"), made_id("lantern again")


@pytest.fixture
def app(empty_app):
    """Two records in Birmingham that are alike, and the pair in the queue."""
    with_areas(empty_app)
    hall = location((404_500, 284_500), address("1 Canal Street", "ZZ1 1AA"), name="Canal Hall")
    gym = location((404_500, 284_500), address("9 Secret Road", "ZZ1 1AA"), protection="hidden")
    with database(empty_app) as session:
        add(
            session,
            organization("Lantern Youth Project", service("Studio", hall), description="Music")
            | {"id": LANTERN, "phones": [phone("0121 496 0101")]},
            organization("Lantern Youth Project CIC", service("Boxing", gym), description="Boxing and more")
            | {"id": AGAIN, "website": "https://lantern.org.uk"},
        )
        assert queue_alike(session, [LANTERN]).queued
    return empty_app


def pair_of(app):
    with database(app) as session:
        pair = session.scalars(select(MatchedPair)).one()
        return f"/matches/{pair.id}", {"version": pair.version}


def merge_of(app):
    with database(app) as session:
        return f"/merges/{session.scalars(select(OrganizationMerge.id)).one()}"


def there(app):
    with database(app) as session:
        return {*session.scalars(select(Organization.id).where(Organization.id.in_((LANTERN, AGAIN))))}


def test_the_queue_lists_pairs_for_whoever_looks_after_both(app):
    page = navigator(app).get("/matches").get_data(as_text=True)
    assert "Lantern Youth Project CIC" in page
    assert "The names say the same" in page
    assert "0 pairs" in navigator(app, SANDWELL).get("/matches").get_data(as_text=True)
    assert "0 pairs" in navigator(app).get("/matches?what=zebra").get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(navigator(app).get("/matches.csv").data.decode("utf-8-sig"))))
    assert [row["authorities"] for row in rows] == ["Birmingham"]
    assert signed_in(app, "member").get("/matches").status_code == 403
    assert navigator(app, SANDWELL).get(pair_of(app)[0]).status_code == 403


def test_two_records_stand_side_by_side_and_the_reviewer_chooses(app):
    client, (address_, version) = navigator(app), pair_of(app)
    page = client.get(address_).get_data(as_text=True)
    assert "Secret Road" in page  # whoever decides must see where both are
    assert "It says more." in page
    with database(app) as session:
        fewer = "organization.description"
        choice = {f"take:{fewer}": LANTERN}
    done = client.post(address_, data={**version, **choice, "decision": "same"})
    assert done.status_code == 303
    [kept] = there(app)
    assert "9 Secret Road" not in client.get(f"/organisations/{kept}").get_data(as_text=True)
    with database(app) as session:
        record = session.get_one(Organization, kept)
        assert record.description == "Music"
        assert (record.website, len(record.services)) == ("https://lantern.org.uk", 2)
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
        assert (last.action, last.entity_id) == ("merge", kept)


def test_what_was_joined_is_found_under_both_addresses_and_taken_apart_again(app):
    client, (address_, version) = navigator(app), pair_of(app)
    client.post(address_, data={**version, "decision": "same"})
    [kept] = there(app)
    gone = ({LANTERN, AGAIN} - {kept}).pop()
    for path in ("/organisations/{}", "/api/organizations/{}", "/reconcile/preview/{}"):
        answer = client.get(path.format(gone))
        assert (answer.status_code, answer.location.rstrip("/")) == (301, path.format(kept))
    assert client.get(f"/api/services?organization_id={gone}").status_code == 301
    extended = client.get(
        "/reconcile", query_string={"extend": f'{{"ids":["{gone}"],"properties":[{{"id":"website"}}]}}'}
    )
    assert "lantern.org.uk" in extended.get_data(as_text=True)
    assert gone not in client.get("/data/services.json").get_data(as_text=True)
    assert "went into" in client.get(f"/organisations/{kept}/history").get_data(as_text=True)
    merge = merge_of(app)
    assert "went into" in client.get(merge).get_data(as_text=True)
    assert "By a person" not in client.get("/merges").get_data(as_text=True)
    # The way back is told above the long table, and so is that it was taken.
    joined = client.get(merge).get_data(as_text=True)
    assert joined.index('href="#undo"') < joined.index("<table")
    unticked = client.post(merge)
    assert unticked.status_code == 422
    assert leads_to(unticked) == ("confirm", True)
    assert there(app) == {kept}
    # Nothing can be decided about the pair now, so there are no buttons to be led to.
    assert leads_to(client.post(address_, data=version)) == ("state", True)
    both = client.get(address_).get_data(as_text=True)
    assert all(name in both for name in ("Lantern Youth Project and", "Lantern Youth Project CIC"))
    assert client.post(merge, data={"confirm": "yes"}).status_code == 303
    undone = client.get(merge).get_data(as_text=True)
    assert undone.index("It was taken apart again on") < undone.index("<table")
    assert there(app) == {LANTERN, AGAIN}
    assert client.get(f"/organisations/{gone}").status_code == 200
    assert client.post(merge, data={"confirm": "yes"}).status_code == 409
    assert "Taken apart again" in client.get(address_).get_data(as_text=True)


def test_not_the_same_is_remembered(app):
    client, (address_, version) = navigator(app), pair_of(app)
    assert client.post(address_, data={**version, "decision": "not_same"}).status_code == 303
    with database(app) as session:
        queued = queue_alike(session, [LANTERN]).queued
    assert (queued, there(app)) == ([], {LANTERN, AGAIN})
    again = client.post(address_, data={**version, "decision": "same"})
    assert again.status_code == 409
    assert "before you" in again.get_data(as_text=True)
    assert leads_to(again) == ("state", True)
    assert client.post(address_, data={"version": 2}).status_code == 422


def test_whoever_gives_no_answer_is_led_to_the_buttons(app):
    client, (address_, version) = navigator(app), pair_of(app)
    assert leads_to(client.post(address_, data=version)) == ("decision", True)
    title = client.get(address_).get_data(as_text=True).split("<title>")[1]
    assert title.startswith("Lantern Youth Project")


def leads_to(answer):
    """Where the list of what is wrong leads, and whether that is on the page."""
    page = answer.get_data(as_text=True)
    where = re.search(r'error-summary__list">\s*<li><a href="#([^"]+)"', page)[1]
    return where, f'id="{where}"' in page


def test_of_two_who_decide_at_once_one_does(app):
    address_, version = pair_of(app)
    app.test_client_class = FlaskClient  # the checked one would count the queries of both
    clients = [navigator(app), navigator(app)]
    answers = zip(clients, ("same", "not_same"), strict=True)
    with ThreadPoolExecutor(2) as threads:
        codes = threads.map(
            lambda one: one[0].post(address_, data={**version, "decision": one[1]}).status_code, answers
        )
        assert sorted(codes) == [303, 409]


def test_a_later_merge_is_undone_first(app):
    client, (address_, version) = navigator(app), pair_of(app)
    client.post(address_, data={**version, "decision": "same"})
    first = merge_of(app)
    [kept] = there(app)
    with database(app) as session:
        add(
            session,
            organization("Lantern Youth Project Limited", service("Dance", location((404_500, 284_500)))),
        )
        queue_alike(session, [kept])
        pair = session.scalars(select(MatchedPair).where(MatchedPair.state == "waiting")).one()
        second = f"/matches/{pair.id}"
    assert client.post(second, data={"version": 1, "decision": "same"}).status_code == 303
    page = client.get(first).get_data(as_text=True)
    assert "A later merge was built on this one" in page
    refused = client.post(first, data={"confirm": "yes"})
    assert refused.status_code == 422
    assert 'href="#confirm"' not in refused.get_data(as_text=True)


def test_what_is_gone_into_another_stays_with_whoever_looks_after_that(app):
    client, (address_, version) = navigator(app), pair_of(app)
    client.post(address_, data={**version, "decision": "same"})
    [kept] = there(app)
    gone = ({LANTERN, AGAIN} - {kept}).pop()
    history, other = f"/organisations/{gone}/history", navigator(app, SANDWELL)
    assert client.get(history).status_code == 200
    assert other.get(history).status_code == 403
    assert other.get(f"{history}.csv").status_code == 403
    back = {"restore": "1", "number": "2", "reason": "Again"}
    assert other.post(history, data=back).status_code == 403
    assert client.post(history, data=back).status_code == 422
    assert there(app) == {kept}


def test_what_two_merges_made_is_no_matter_of_another_authority(app):
    client, (address_, version) = navigator(app), pair_of(app)
    client.post(address_, data={**version, "decision": "same"})
    first, [kept] = merge_of(app), there(app)
    with database(app) as session:
        more = [service(name, location((404_500, 284_500))) for name in ("Dance", "Drums", "Drama")]
        add(session, organization("Lantern Youth Project Limited", *more))
        queue_alike(session, [kept])
        pair = session.scalars(select(MatchedPair).where(MatchedPair.state == "waiting")).one()
        # It has more services, so the one that was joined goes into it.
        second = merge(session, pair.left_id, pair.right_id, Merging(None, TODAY, pair_id=pair.id))
        assert second.gone_id == kept
    other = navigator(app, SANDWELL)
    for path in (first, address_):
        assert client.get(path).status_code == 200
        assert other.get(path).status_code == 403
    assert "2 merges" in client.get("/merges").get_data(as_text=True)
    assert "Lantern" not in other.get("/merges.csv").get_data(as_text=True)
