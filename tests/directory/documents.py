"""Organisation documents to load: small ones, and one that holds every fact there is."""

from __future__ import annotations

from copy import deepcopy
from uuid import NAMESPACE_URL, uuid5


def made_id(name):
    """The same identifier for the same name."""
    return str(uuid5(NAMESPACE_URL, name))


def organization(*services, name="Lantern Youth Project", **facts):
    """An organisation with its services."""
    return {"id": made_id(name), "name": name, **facts, "services": list(services)}


def service(name="Friday Studio", *places, **facts):
    """A service at some places."""
    links = [{"id": made_id(f"link {name} {place['id']}"), "location": place} for place in places]
    found = {"id": made_id(f"service {name}"), "name": name, "status": "active", **facts}
    return found | ({"service_at_locations": links} if links else {})


def place(name="Canal Hall", postcode="B19 2TH", **facts):
    """A place with an address."""
    address = {"id": made_id(f"address {name}"), "address_1": "1 Canal Street", "postal_code": postcode}
    return {"id": made_id(f"place {name}"), "name": name, "addresses": [address], **facts}


def term(code, taxonomy="category"):
    """A term of a taxonomy, as an attribute."""
    words = {"term": code, "taxonomy": taxonomy}
    return {"id": made_id(f"{taxonomy} {code}"), "link_type": taxonomy, "taxonomy_term": words}


def phone(number):
    """A telephone number."""
    return {"id": made_id(number), "number": number, "description": "Office"}


def contact(name, number="0121 496 0103"):
    """A contact with a telephone number and consent."""
    return {
        "id": made_id(name),
        "name": name,
        "title": "Lead",
        "email": "lead@lantern.org.uk",
        "consent_date": "2026-03-01",
        "consent_scope": "public",
        "phones": [phone(number)],
    }


def full():
    """An organisation of which everything is known."""
    hall = place(
        description="Red door",
        location_type="physical",
        protection="approximate",
        latitude=52.5022,
        longitude=-1.9019,
        accessibility=[{"id": made_id("ramp"), "description": "Ramp", "details": "At the side"}],
        attributes=[term("step-free", "accessibility")],
    )
    hall["addresses"][0] |= {
        "address_2": "Lozells",
        "city": "Birmingham",
        "region": "West Midlands",
        "country": "GB",
        "address_type": "physical",
    }
    studio = service("Friday Studio", hall, **SERVICE_FACTS)
    return deepcopy(organization(studio, **ORGANIZATION_FACTS))


ORGANIZATION_FACTS = {
    "alternate_name": "LYP",
    "description": "Music for young people",
    "email": "hello@lantern.org.uk",
    "website": "https://lantern.org.uk",
    "uri": "https://register.org.uk/1",
    "logo": "https://lantern.org.uk/logo.png",
    "parent_organization_id": made_id("parent"),
    "organization_identifiers": [
        {
            "id": made_id("number"),
            "identifier_scheme": "GB-CHC",
            "identifier_type": "Charity number",
            "identifier": "1234567",
        }
    ],
    "phones": [phone("0121 496 0101")],
    "contacts": [contact("Amina Khan")],
    "attributes": [term("faith", "kind")],
}
SERVICE_FACTS = {
    "alternate_name": "Studio",
    "description": "Make a track",
    "url": "https://lantern.org.uk/studio",
    "email": "studio@lantern.org.uk",
    "alert": "Closed in August",
    "application_process": "Ring first",
    "fees": "Free",
    "accreditations": "Quality mark",
    "minimum_age": 11,
    "maximum_age": 18,
    "assured_date": "2026-10-01",
    "last_modified": "2026-10-02T09:30:00+00:00",
    "notes": "Asked twice",
    "attributes": [term("arts"), term("excluded", "group")],
    "schedules": [
        {
            "id": made_id("schedule 1"),
            "freq": "WEEKLY",
            "interval": 2,
            "byday": "FR",
            "dtstart": "2026-01-02",
            "until": "2026-12-18",
            "valid_from": "2026-01-01",
            "valid_to": "2026-12-31",
            "opens_at": "17:00",
            "closes_at": "21:00",
            "description": "Fridays 5 to 9",
            "notes": "Term time",
            "attending_type": "In person",
            "schedule_link": "https://lantern.org.uk/times",
        },
        {"id": made_id("schedule 2"), "description": "and when it rains"},
    ],
    "service_areas": [
        {"id": made_id("area"), "name": "Birmingham", "extent": "E08000025", "extent_type": "gss"}
    ],
    "cost_options": [
        {"id": made_id("cost"), "option": "A session", "amount": 2.5, "amount_description": "A session"}
    ],
    "languages": [{"id": made_id("language"), "name": "Urdu", "code": "ur"}],
    "contacts": [contact("Joe Bloggs", "0121 496 0104")],
    "phones": [phone("0121 496 0102")],
    "funding": [{"id": made_id("funding"), "source": "Lottery"}],
}
