"""Answers as they look, made up, for the description of the open data."""

from __future__ import annotations

from typing import Any

ORGANIZATION: dict[str, Any] = {
    "id": "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610",
    "name": "Oak Road Boxing Club",
    "description": "A club for young people, run by volunteers.",
    "website": "https://example.org/oak-road",
}
SERVICE: dict[str, Any] = {
    "id": "ac148810-d857-441c-9679-408f346de14b",
    "organization_id": ORGANIZATION["id"],
    "name": "Friday boxing",
    "description": "Training and somebody to talk to.",
    "status": "active",
    "minimum_age": 11,
    "maximum_age": 16,
    "assured_date": "2026-09-05",
    "last_modified": "2026-11-03T09:30:00.000Z",
}
TERM: dict[str, Any] = {
    "id": "3f7b145d-84af-42d7-8fae-eaca714b02b2",
    "name": "Sport and activities",
    "description": "Sport, exercise, outdoor and holiday activities.",
    "taxonomy": "category",
    "taxonomy_id": "07ff6aee-a219-438c-b694-d2fcb6c5373b",
    "term": "sport",
}
TAXONOMY: dict[str, Any] = {
    "id": TERM["taxonomy_id"],
    "name": "category",
    "description": "Kinds of intervention that help to prevent violence.",
    "taxonomy_terms": [TERM],
}
LOCATION: dict[str, Any] = {
    "id": "3a19ff88-4620-4d17-9830-ac1d859eb5d5",
    "location_type": "physical",
    "name": "Oak Road Hall",
    "latitude": 52.5022,
    "longitude": -1.9019,
}
LINK: dict[str, Any] = {
    "id": "e94c9f38-1e8f-4564-91d4-d53501ab1765",
    "service_id": SERVICE["id"],
    "location_id": LOCATION["id"],
    "location": LOCATION,
}
SCHEDULE: dict[str, Any] = {
    "id": "48102e86-bb50-41c4-8f1e-e269368c41d1",
    "service_id": SERVICE["id"],
    "freq": "WEEKLY",
    "byday": "FR",
    "opens_at": "18:00",
    "closes_at": "20:00",
}


def _page(thing: dict[str, Any]) -> dict[str, Any]:
    counts = {"total_items": 1, "total_pages": 1, "page_number": 1, "size": 1}
    return {**counts, "first_page": True, "last_page": True, "empty": False, "contents": [thing]}


BRIEF = SERVICE | {"organization": ORGANIZATION}
WHOLE = SERVICE | {
    "organization": ORGANIZATION,
    "schedules": [SCHEDULE],
    "service_at_locations": [LINK],
    "attributes": [
        {
            "id": "ae58cc39-8b70-4ab1-8aea-786882e5ac8e",
            "link_id": SERVICE["id"],
            "taxonomy_term_id": TERM["id"],
            "link_type": "category",
            "taxonomy_term": TERM,
        }
    ],
}
INSIDE = {name: value for name, value in WHOLE.items() if name != "service_at_locations"}
EXAMPLES: dict[str, dict[str, Any]] = {
    "services": _page(BRIEF),
    "service": WHOLE,
    "organizations": _page(ORGANIZATION),
    "organization": ORGANIZATION | {"services": [SERVICE]},
    "service_at_locations": _page(LINK | {"service": BRIEF}),
    "service_at_location": LINK
    | {"service": {name: WHOLE[name] for name in WHOLE if name != "service_at_locations"}},
    "taxonomies": _page(TAXONOMY),
    "taxonomy": TAXONOMY,
    "taxonomy_terms": _page(TERM),
    "taxonomy_term": TERM,
}
