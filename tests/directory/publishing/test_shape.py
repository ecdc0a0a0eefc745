"""The public shape: what is shown, and how much of a place."""

from directory.models import Area, Attribute, Contact, Location, Organization, PublishedService
from directory.publishing.shape import AreaNames, is_published, public_location, public_source
from tests.directory.records import (
    BIRMINGHAM,
    TODAY,
    add,
    add_areas,
    address,
    contact,
    location,
    organization,
    service,
    term,
)

AREAS = AreaNames(
    names={"E05000001": "Lozells", BIRMINGHAM: "Birmingham"},
    codes={},
    common=frozenset(),
    ward_points={"E05000001": (405_000, 285_000)},
)
WHERE = {"ward_code": "E05000001", "authority_code": BIRMINGHAM, "easting": 404_111, "northing": 284_222}


def published(session, *documents):
    add(session, *documents)
    return session.query(PublishedService).order_by(PublishedService.name).all()


def test_open_place_is_shown_whole_without_its_postal_address(session):
    add_areas(session)
    door = location(
        (404_111, 284_222),
        address("1 Known St", "ZZ1 1AA"),
        address("PO 1", "ZZ2 2AA", "postal"),
        name="Hall",
    )
    (row,) = published(session, organization("Oak", service("Drop-in", door)))
    shown = row.document["service_at_locations"][0]["location"]
    assert [line["address_1"] for line in shown["addresses"]] == ["1 Known St"]
    assert (shown["id"], shown["name"], shown["ward"], shown["precision"]) == (
        door["id"],
        "Hall",
        "Lozells",
        "open",
    )


def test_approximate_place_is_the_middle_of_its_ward():
    place = Location(
        id="x", location_type="physical", protection="approximate", name="Hall", addresses=[], **WHERE
    )
    assert public_location(place, "key", AREAS) == {
        "id": public_location(place, "key", AREAS)["id"],
        "location_type": "physical",
        "precision": "approximate",
        "easting": 405_000,
        "northing": 285_000,
        "ward_code": "E05000001",
        "ward": "Lozells",
        "authority_code": BIRMINGHAM,
        "authority": "Birmingham",
    }


def test_hidden_place_is_its_authority_alone():
    place = Location(
        id="x", location_type="physical", protection="hidden", name="Hall", addresses=[], **WHERE
    )
    assert set(public_location(place, "key", AREAS)) == {
        "id",
        "location_type",
        "precision",
        "authority_code",
        "authority",
    }


def test_approximate_place_in_a_ward_that_is_not_loaded_is_hidden():
    facts = WHERE | {"ward_code": "E05999999"}
    place = Location(id="x", location_type="physical", protection="approximate", addresses=[], **facts)
    assert public_location(place, "key", AREAS)["precision"] == "hidden"


def test_identifiers_of_withheld_places_are_not_their_own_and_differ(session):
    places = [
        location((404_111, 284_222), protection="hidden"),
        location((404_111, 284_333), protection="hidden"),
    ]
    (row,) = published(session, organization("Oak", service("Drop-in", *places)))
    shown = [link["location"]["id"] for link in row.document["service_at_locations"]]
    assert len({*shown, *(place["id"] for place in places)}) == 4


def test_identifiers_of_withheld_places_stay_the_same(session):
    document = organization("Oak", service("Drop-in", location((404_111, 284_222), protection="hidden")))
    before = published(session, document)[0].document["service_at_locations"]
    session.expunge_all()
    document["services"][0]["description"] = "New words"
    after = published(session, document)[0].document["service_at_locations"]
    assert before == after


def test_call_has_no_place(session):
    call = location(None, location_type="virtual", name="Zoom")
    (row,) = published(session, organization("Oak", service("Helpline", call)))
    shown = row.document["service_at_locations"][0]["location"]
    assert shown == {"id": shown["id"], "location_type": "virtual", "precision": "virtual"}
    assert shown["id"] != call["id"]
    assert row.places == []


def test_contact_is_shown_with_consent_alone(session):
    people = [
        contact("Ada Seen", consented=True, number="0121 496 0001"),
        contact("Bo Unseen", consented=False),
    ]
    (row,) = published(session, organization("Oak", service("Drop-in", contacts=people), contacts=people[:0]))
    assert row.document["contacts"] == [{"name": "Ada Seen", "phones": [{"number": "0121 496 0001"}]}]


def test_internal_notes_are_not_shown(session):
    (row,) = published(session, organization("Oak", service("Drop-in", notes="Owes us money")))
    assert "notes" not in row.document


def test_source_that_is_not_known_is_said():
    assert public_source(None) == {"slug": "", "title": "Not recorded"}


def test_key_individual_is_published_with_consent_alone(session):
    add_areas(session)
    quiet = organization("Ada Birtwhistle", service("Talks"), attributes=[term("kind", "individual")])
    agreed = organization(
        "Bo Li",
        service("Walks", contacts=[contact("Bo Li", consented=True)]),
        attributes=[term("kind", "individual")],
    )
    assert [row.organization_name for row in published(session, quiet, agreed)] == ["Bo Li"]


def test_key_individual_by_words_alone_is_one_too():
    words = [Attribute(link_type="kind", term=None, value="individual")]
    assert not is_published(Organization(name="Ada", attributes=words, contacts=[], services=[]))
    agreed = [Contact(name="Ada", consent_date=TODAY, consent_scope="public")]
    assert is_published(Organization(name="Ada", attributes=words, contacts=agreed, services=[]))


def test_organisation_without_a_service_is_published(session):
    (key,) = add(session, organization("Oak"))
    assert session.get(Area, "none") is None
    assert key
