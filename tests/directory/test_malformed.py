"""Two thousand and more malformed documents: no page fails, and nothing is stored by halves."""

import json
import random
from copy import deepcopy

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.importing import ImportJob, run_import
from directory.models import Organization, PublishedOrganization, Revision, Service
from directory.openreferral.check import check
from directory.openreferral.dump import dump
from directory.sources.mapping import load_mapping
from directory.sources.reader import reader_for
from tests.conftest import TODAY
from tests.directory.bringing import bring
from tests.directory.documents import full, made_id, organization
from tests.directory.sources.version_1 import SERVICE

# What is refused is refused before a database sees it; what both would take is the same.
pytestmark = pytest.mark.one_database
CHUNKS, CHUNK = 14, 160
JUNK = (
    *(None, "", " ", "x" * 30_000, "\x00", "\ud800", "<script>alert(1)</script>", "=1+1", "${7*7}", "'; --"),
    *(0, -1, 10**30, 1.5, float("nan"), float("inf"), True, False, [], {}, [[]], [None], {"id": None}),
    *(["x"], [{}], {"x": {"y": []}}, "2026-13-45", "25:99", "not-a-uuid", made_id("another"), 10**400),
)
CLEAN = tuple(
    item
    for item in JUNK
    if not (isinstance(item, float) and item != 1.5) and item not in ("\x00", "\ud800", 10**400)
)


def places_of(thing, path=()):
    """The way to every value in a document."""
    items = thing.items() if isinstance(thing, dict) else enumerate(thing) if isinstance(thing, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from places_of(value, (*path, key))


def malformed(number, junk, sound=None):
    """A whole document with one to four things in it wrong, always the same for a number."""
    chance = random.Random(number)
    document = renamed(deepcopy(sound or full()), number)
    for _ in range(chance.randint(1, 4)):
        *way, key = chance.choice(list(places_of(document)))
        holder = document
        for step in way:
            holder = holder[step]
        what = chance.random()
        if what < 0.15:
            del holder[key]
        elif what < 0.25 and isinstance(holder, list):
            holder.append(deepcopy(holder[key]))
        else:
            holder[key] = deepcopy(chance.choice(junk))
    return document


def renamed(document, number):
    """The document with identifiers of its own."""
    if isinstance(document, dict):
        return {
            key: made_id(f"{number} {value}") if key == "id" else renamed(value, number)
            for key, value in document.items()
        }
    return [renamed(item, number) for item in document] if isinstance(document, list) else document


def require_whole(session):
    """Every organisation in the store is sound, has its versions, and is published as it stands."""
    ids = set(session.scalars(select(Organization.id)))
    assert set(session.scalars(select(Revision.organization_id))) == ids
    assert set(session.scalars(select(PublishedOrganization.organization_id))) <= ids
    assert session.scalar(select(func.count(Service.id)).where(Service.organization_id.not_in(ids))) == 0
    for stored in session.scalars(select(Organization)):
        assert [problem for problem in check(dump(stored)) if problem.fatal] == []


@pytest.mark.unmeasured
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_malformed_documents_are_told_or_stored_whole_and_every_page_is_served(empty_app, tmp_path, chunk):
    numbers = range(chunk * CHUNK, (chunk + 1) * CHUNK)
    good = organization(name="Good", id=made_id(f"good {chunk}"))
    if chunk % 2:
        path = tmp_path / "feed.json"
        # In a file a service may be as version 1 of the standard has it.
        documents = [malformed(number, CLEAN, SERVICE if number % 2 else None) for number in numbers]
        path.write_text(json.dumps([*documents, good]), encoding="utf-8")
        mapping = load_mapping("openreferral")
        job = ImportJob(
            reader_for(path, mapping)(path, mapping), mapping, path, TODAY, made_identifiers=False
        )
    with Session(empty_app.extensions["engine"]) as session:
        if chunk % 2:
            report = run_import(session, job, lambda _count: None)
        else:
            # As a reader would hand them over that looked at nothing. It must give an identifier.
            documents = [malformed(number, JUNK) for number in numbers]
            named = [item for item in documents if isinstance(item.get("id"), str)]
            report = bring(session, tmp_path, *named, good)
        assert report.rejected
        assert session.get(Organization, good["id"]) is not None
        require_whole(session)
        ids = session.scalars(select(Organization.id).order_by(Organization.id).limit(2)).all()
    client = empty_app.test_client()
    addresses = ["/data/directory.json", "/data/directory.csv", "/api/services?full=true"]
    if chunk < 2:  # these take long, and read what the files read
        addresses += ["/", "/search", "/map"]
    for address in [*addresses, *(f"/organisations/{key}" for key in ids)]:
        assert client.get(address).status_code == 200
