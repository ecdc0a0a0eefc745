"""Where services are given: venues, protected places, whole areas, online, and addresses for letters only."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from shapely import Polygon

from sample.choose import Choice
from sample.gaps import SOLIHULL, reaches
from sample.identify import identify
from sample.places import AUTHORITIES, Postcodes, Zone, venue_point
from sample.services import numbered, term
from sample.stock import Idea

Document = dict[str, Any]

HIDDEN = {
    "Somewhere safe for families", "Her story", "Exit mentors", "Honour and choice", "A room and a reference",
    "Therapy after violence at home",
}  # fmt: skip
GOES_OUT = {
    "advice", "one-to-one", "mentoring", "outreach", "school-programmes", "training", "resettlement",
    "mediation",
    "parenting",
}  # fmt: skip
STREET_WORDS = (
    "Street", "Lane", "Road", "Row", "Way", "Close", "Rise", "Steps", "Parade", "Terrace", "Walk",
    "Court", "Fold",
    "Gardens", "Yard", "Bank", "Hill", "Cut", "Mews", "Wharf",
)  # fmt: skip
ACCESS = (
    ("step-free", "Level way in from the street", 10), ("step-free", "Ramp at the side door", 6),
    ("accessible-toilet", "Toilet for wheelchair users on the ground floor", 9),
    ("hearing-loop", "Hearing loop in the main room", 4), ("quiet-space", "A quiet room, ask at the desk", 4),
    ("parking", "Two Blue Badge spaces", 4),
)  # fmt: skip
LINE_TWO = ("First floor", "Rear entrance", "Unit 4", "The Annexe", "Behind the shops")


@dataclass(frozen=True)
class Ground:
    """What venues are placed on."""

    outlines: dict[str, Polygon]
    postcodes: Postcodes


def make_venue(rng: Random, choice: Choice, ground: Ground, protection: str, label: str) -> Document:
    """A physical location with its address. The label tells an organisation's venues apart."""
    key = identify("location", choice.name, label)
    x, y = venue_point(rng, choice.zone, ground.outlines[choice.zone.authority.code])
    venue: Document = {
        "id": key,
        "name": choice.name if protection == "open" else f"{choice.zone.authority.name} venue",
        "location_type": "physical",
        "latitude": y,
        "longitude": x,
        "protection": protection,
        "addresses": [address(rng, key, choice, ground.postcodes.add((x, y)), "physical")],
    }
    access = dict.fromkeys(
        rng.choices(ACCESS, [weight for _, _, weight in ACCESS], k=rng.choice((0, 0, 1, 1, 2, 3)))
    )
    if access:
        venue["accessibility"] = numbered(key, "access", [{"description": text} for _, text, _ in access])
        venue["attributes"] = [
            term(key, "accessibility", code) for code in dict.fromkeys(code for code, _, _ in access)
        ]
    return venue


def address(rng: Random, key: str, choice: Choice, postcode: str, sort: str) -> Document:
    """A made-up address in a real town."""
    street = choice.place if choice.place.split()[-1] in STREET_WORDS else f"{choice.place} Road"
    parts: Document = {"id": identify(key, "address", sort), "address_1": f"{rng.randint(1, 180)} {street}"}
    if rng.random() < 0.15:
        parts["address_2"] = rng.choice(LINE_TWO)
    city = {"city": choice.zone.authority.name, "region": "West Midlands"}
    return {**parts, **city, "postal_code": postcode, "country": "GB", "address_type": sort}


def postal_location(rng: Random, choice: Choice, ground: Ground, label: str) -> Document:
    """An address for letters: kept, never shown, never a point."""
    key = identify("location", choice.name, "postal", label)
    point = venue_point(rng, choice.zone, ground.outlines[choice.zone.authority.code])
    letters = address(rng, key, choice, ground.postcodes.add(point), "postal")
    return {"id": key, "location_type": "postal", "addresses": [letters]}


def covers(rng: Random, idea: Idea, zone: Zone, everywhere: bool) -> list[Document]:
    """The authorities a service covers as a whole, leaving out those where it would fill a gap."""
    codes = [zone.authority.code]
    if everywhere:
        codes = [each.code for each in AUTHORITIES]
    elif rng.random() < 0.3:
        codes.append(rng.choice([each.code for each in AUTHORITIES if each.code not in (SOLIHULL, *codes)]))
    names = {each.code: each.name for each in AUTHORITIES}
    return [
        {"name": names[code], "extent": code, "extent_type": "gss"} for code in codes if reaches(idea, code)
    ]


def place_services(rng: Random, choice: Choice, services: list[Document], ground: Ground) -> None:
    """Give each service its locations and areas."""
    individual = choice.pattern.kind == "individual"
    at_home = individual or (choice.pattern.kind == "informal" and rng.random() < 0.4)
    own = make_venue(rng, choice, ground, "approximate" if at_home else "open", "main")
    second = (
        make_venue(rng, choice, ground, "open", "second") if rng.random() < 0.06 and not individual else None
    )
    if rng.random() < 0.03 and not individual:
        own["addresses"].append(postal_location(rng, choice, ground, "main")["addresses"][0])
    for service, idea in zip(services, choice.ideas, strict=True):
        locations, areas = [own], []
        chance = rng.random()
        if idea.name in HIDDEN:
            locations = [make_venue(rng, choice, ground, "hidden", f"hidden {idea.name}")]
        elif idea.name == "Online mentors" or chance < 0.015:
            locations, areas = [online(choice, idea)], covers(rng, idea, choice.zone, everywhere=True)
        elif (
            idea.category in GOES_OUT
            and chance < 0.17
            and (areas := covers(rng, idea, choice.zone, everywhere=False))
        ):
            locations = [postal_location(rng, choice, ground, idea.name)] if rng.random() < 0.5 else []
        elif chance > 0.95:
            areas = covers(rng, idea, choice.zone, everywhere=False)
        elif second and chance > 0.5:
            locations = [own, second]
        attach(service, locations, areas)


def online(choice: Choice, idea: Idea) -> Document:
    """Nowhere in particular: by video or telephone."""
    return {
        "id": identify("location", choice.name, "online", idea.name),
        "name": "Online",
        "description": "By video call or telephone",
        "location_type": "virtual",
    }


def attach(service: Document, locations: list[Document], areas: list[Document]) -> None:
    """Write locations and areas into a service."""
    key = service["id"]
    if areas:
        service["service_areas"] = numbered(key, "area", areas)
    if locations:
        rows = [{"id": identify(key, "at", location["id"]), "location": location} for location in locations]
        service["service_at_locations"] = rows
