"""A made-up service as a feed of version 1 of Open Referral UK would give it."""

from __future__ import annotations

from typing import Any

ORGANISATION = "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610"
SERVICE: dict[str, Any] = {
    "id": "ac148810-d857-441c-9679-408f346de14b",
    "name": "Friday boxing",
    "description": "Boxing for girls.",
    "url": "https://lantern.example/boxing",
    "email": None,
    "status": "active",
    "fees": None,
    "accreditations": None,
    "deliverable_type": "Training",
    "attending_type": "venue",
    "attending_access": "drop-in",
    "assured_date": "24/12/2021 10:30:00",
    "organization": {"id": ORGANISATION, "name": "Lantern Trust", "logo": None, "uri": None},
    "regular_schedules": [
        {
            "id": "1",
            "opens_at": "18:00:00",
            "closes_at": "20:00:00",
            "freq": "WEEKLY",
            "interval": "1",
            "byday": "FR",
        }
    ],
    "holiday_schedules": [
        {"id": "2", "closed": True, "start_date": "2021-12-25", "end_date": "2021-12-26", "opens_at": None}
    ],
    "eligibilitys": [{"id": "3", "eligibility": "Girls", "minimum_age": 11, "maximum_age": 17}],
    "service_taxonomys": [
        {"id": "4", "taxonomy": {"id": "S-1", "name": "Boxing", "vocabulary": "esdServiceTypes"}},
        {
            "id": "5",
            "taxonomy": {"id": "1234", "name": "Something of their own", "vocabulary": "esdServiceTypes"},
        },
    ],
    "service_at_locations": [
        {
            "id": "6",
            "location": {
                "id": "7",
                "name": "Lantern Hall",
                "latitude": 52.5022,
                "longitude": -1.9019,
                "physical_addresses": [
                    {
                        "id": "8",
                        "address_1": "1 Lantern Road",
                        "city": "Birmingham",
                        "state_province": "West Midlands",
                        "postal_code": "B19 2TH",
                        "country": "GB",
                    }
                ],
                "accessibility_for_disabilities": [{"id": "9", "accessibility": "Ramp at the side"}],
            },
        }
    ],
    "service_areas": [
        {
            "id": "10",
            "service_area": "Birmingham",
            "extent": None,
            "uri": "http://statistics.example/id/statistical-geography/E08000025",
        }
    ],
    "cost_options": [{"id": "11", "option": "a session", "amount": 2.5, "amount_description": "each"}],
    "fundings": [{"id": "12", "source": "A made-up fund"}],
    "languages": [{"id": "13", "language": "Urdu"}],
    "contacts": [{"id": "14", "title": "Office", "phones": [{"id": "15", "number": "0121 496 0000"}]}],
    "reviews": [],
}


def version_1(**changes: Any) -> dict[str, Any]:
    """The service with some fields otherwise."""
    return {**SERVICE, **changes}


def numbered(thing: Any, number: int) -> Any:
    """The same with every identifier another, as of another service of the feed."""
    if isinstance(thing, list):
        return [numbered(item, number) for item in thing]
    if not isinstance(thing, dict):
        return thing
    return {
        key: f"{value}/{number}" if key == "id" else numbered(value, number) for key, value in thing.items()
    }
