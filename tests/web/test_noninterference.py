"""Two directories that differ only in what is withheld answer every question with the same bytes."""

import re
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from directory.models import AreaValue, Organization, Postcode
from directory.publishing.publish import publish_all
from tests.conftest import make_app
from tests.directory.records import (
    TODAY,
    add,
    add_areas,
    address,
    contact,
    location,
    organization,
    service,
)
from tests.web.reading import answers_to, words_of

# On both databases, test_protection reads the same answers.
pytestmark = [pytest.mark.one_database, pytest.mark.unmeasured]

# Where the hidden and the approximate place are, and who is not to be named: one way and another. The points
# are kilometres apart; what may be shown, the authority and the ward, is the same.
ONE = {
    "hidden": ((405_123, 285_321), "47 Quillfeather Row", "ZZ98 7QX"),
    "approximate": ((404_100, 284_100), "19 Pomfret Hollow", "ZZ97 6QX"),
    "letters": "ZZ96 5QX",
    "person": ("Wilhelmina Quackenbush", "wilhelmina.q@tansy-mail.example", "0121 496 0987"),
}
OTHER = {
    "hidden": ((401_500, 281_700), "2 Larkspur Way", "ZZ95 1AA"),
    "approximate": ((405_900, 285_900), "88 Coriander Close", "ZZ94 1AA"),
    "letters": "ZZ93 1AA",
    "person": ("Tobias Fennimarsh", "tobias@fennimarsh.example", "0121 496 0123"),
}
# Of the open neighbours one is near each of the hidden points: ranking and counts would tell them apart.
NEIGHBOURS = ((405_100, 285_300), (401_500, 281_690), (404_120, 284_110), (405_880, 285_890))
MOMENT = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
QUESTIONS = (
    "",
    "what=refuge",
    "where=ZZ98+7QX&within_metres=500&sort=distance",
    "where=ZZ95+1AA&within_metres=500&sort=distance",
    "where=ZZ97+6QX&within_metres=500&sort=distance",
    "where=ZZ94+1AA&within_metres=500",
    "where=ZZ1+1AA&within_metres=5000&sort=distance",
    "where=Lozells",
    "where=lozells&within_metres=1000",
    "what=quillfeather",
    "what=larkspur",
    "what=ZZ95+1AA",
    "what=fennimarsh",
)


def fixed(thing, path="r"):
    """The same identifiers in both, whatever is withheld."""
    if isinstance(thing, dict):
        made = {name: fixed(item, f"{path}.{name}") for name, item in thing.items()}
        return made | ({"id": str(uuid5(NAMESPACE_URL, path))} if "id" in made else {})
    if isinstance(thing, list):
        return [fixed(item, f"{path}[{i}]") for i, item in enumerate(thing)]
    return thing


def record(way):
    point, line, postcode = way["hidden"]
    around, street, code = way["approximate"]
    name, email, number = way["person"]
    person = contact(name, consented=False, email=email, number=number)
    letters = location(None, address("PO Box 1", way["letters"], "postal"), location_type="postal")
    said = f"At {line}, {postcode}, or {street}. Ask {name} on {number}."
    same = {"last_modified": MOMENT.isoformat(), "terms": [("category", "mentoring")]}
    places = {
        "Refuge": location(point, address(line, postcode), name=f"{line} house", protection="hidden"),
        "Shelter": location(around, address(street, code), protection="approximate"),
        "Advice": letters,
    }
    services = [service(title, place, description=said, **same) for title, place in places.items()]
    return fixed(organization("Harbour Light", *services, contacts=[person], description=said))


@pytest.fixture(scope="module")
def pair(new_database, empty_template, tmp_path_factory):
    """Two applications: one with the secrets one way, one with them another way."""
    made = []
    for number, way in enumerate((ONE, OTHER)):
        maker = make_app(new_database(empty_template), tmp_path_factory.mktemp(f"pair{number}"))
        app = next(maker)
        with Session(app.extensions["engine"]) as session:
            fill(session, way)
        made.append((maker, app))
    yield [app for _, app in made]
    for maker, _ in made:
        next(maker, None)


def fill(session, way):
    add_areas(session)
    # With figures there are answers about coverage, down to the small area.
    session.add_all(
        AreaValue(code="E01000001", measure=one, value=5_000) for one in ("people", "people_10_24")
    )
    for some in (ONE, OTHER):
        for key in ("hidden", "approximate"):
            (east, north), _, postcode = some[key]
            session.add(Postcode(postcode=postcode, easting=east, northing=north, quality=10))
    neighbours = [
        organization(
            f"Neighbour {i}",
            service(
                f"Open help {i}",
                location(point),
                last_modified=MOMENT.isoformat(),
                terms=[("category", "mentoring")],
            ),
        )
        for i, point in enumerate(NEIGHBOURS)
    ]
    add(session, record(way), *(fixed(one, f"n{i}") for i, one in enumerate(neighbours)))
    session.execute(update(Organization).values(last_modified=MOMENT))
    session.expire_all()
    publish_all(session, TODAY)
    session.commit()


def all_said(app):
    """Every public answer by address, without what is new each time: nonces and tokens."""
    with Session(app.extensions["engine"]) as session:
        return {
            asked: plain(words_of(without_counters(response.get_data())))
            for rule, asked, response in answers_to(app, session, QUESTIONS, "within_metres=5000")
            if response.status_code == 200 and not rule.endpoint.startswith("security.")
        }


def without_counters(data):
    """A GeoPackage says in two places how often it was written to: once less if that took no millisecond."""
    return data[:24] + data[28:92] + data[96:] if data.startswith(b"SQLite format 3") else data


def plain(text):
    text = re.sub(r'nonce="[^"]*"|name="(csrf_token|stamp|started)"[^>]*', "", text)
    # When each of the two was filled is no secret, and is not the same.
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", "", text)
    return re.sub(r"(?<=_)[0-9a-f]{32}", "", text)


def test_the_public_cannot_tell_one_from_the_other(pair):
    one, other = map(all_said, pair)
    assert len(one) > 100
    assert set(one) == set(other)
    assert [asked for asked in one if one[asked] != other[asked]] == []


def test_the_records_do_differ(pair):
    names = set()
    for app in pair:
        with Session(app.extensions["engine"]) as session:
            record_ = session.query(Organization).filter_by(name="Harbour Light").one()
            names.add(record_.contacts[0].name)
    assert len(names) == 2
