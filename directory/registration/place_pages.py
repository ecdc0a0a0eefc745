"""The pages about where a service is given: in which way, at which place, how one gets in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from directory.languages import N_, gettext, left_to_right
from directory.models import new_id
from directory.openreferral.check import BRITAIN
from directory.openreferral.protect import STRICTNESS
from directory.registration.answers import Answers, Document, Reading, set_or_drop
from directory.registration.given_terms import codes_of, set_terms
from directory.registration.options import Options
from geodata.grid_references import read_point
from geodata.postcodes import normalise_postcode

WAYS = {
    "place": N_("People come to a place"),
    "online": N_("Online or by telephone"),
    "area": N_("We go to people across an area"),
}
PROTECTIONS = {
    "open": (N_("Show the whole address"), N_("Anybody can see the address and the point on the map.")),
    "approximate": (
        N_("Show the ward alone"),
        N_("People see which ward it is in. The map shows one point that stands for all of the ward."),
    ),
    "hidden": (
        N_("Show the local authority alone"),
        N_(
            "Choose this for a refuge, a home, or anywhere that somebody must not be found. "
            "There is no point on the map, and people have to ring or write to you."
        ),
    ),
}
DEGREES = (N_("latitude"), N_("longitude"))
ANOTHER = "another"
MOST_PLACES = 20


def put_meeting(service: Document, reading: Reading, options: Options) -> None:
    """In which ways a service is given: its places, online, the areas that it covers."""
    ways = reading.choices("ways", N_("how people meet you"), WAYS)
    if not ways:
        reading.problems.setdefault("ways", gettext("Choose how people meet you."))
    chosen = reading.choices("places", N_("places"), (*options.places, ANOTHER)) if "place" in ways else []
    links = service.get("service_at_locations") or []
    kept = [link for link in links if _kept(link["location"], ways, chosen)]
    named = {link["location"].get("id") for link in kept}
    kept += [_link(options.places[key]) for key in chosen if key in options.places and key not in named]
    if ANOTHER in chosen or ("place" in ways and not any(is_place(link) for link in kept)):
        kept.append(_link({"id": new_id(), "location_type": "physical"}))
    if "online" in ways and not any(link["location"].get("location_type") == "virtual" for link in kept):
        kept.append(_link({"id": new_id(), "location_type": "virtual"}))
    if len(kept) > MOST_PLACES:
        reading.problems["places"] = gettext("A service can have up to %(most)s places.", most=MOST_PLACES)
    set_or_drop(service, service_at_locations=kept, service_areas=_areas(service, reading, options, ways))


def meeting_answers(service: Document, options: Options) -> Answers:
    """The page of `put_meeting` as the document has it."""
    links = service.get("service_at_locations") or []
    areas = service.get("service_areas") or []
    ways = [
        *(["place"] if any(is_place(link) for link in links) else []),
        *(["online"] if any(link["location"].get("location_type") == "virtual" for link in links) else []),
        *(["area"] if areas else []),
    ]
    codes = [area.get("extent") for area in areas]
    others = [area for area in areas if area.get("extent") not in options.authorities]
    return {
        "ways": ways,
        "places": [link["location"]["id"] for link in links if is_place(link)],
        "areas": [code for code in options.authorities if code in codes],
        "other_areas": "\n".join(str(area.get("name") or area.get("extent")) for area in others),
    }


def is_place(link: Mapping[str, Any]) -> bool:
    """Whether a link of a service leads to a place that people go to."""
    return (link["location"].get("location_type") or "physical") == "physical"


def _kept(location: Document, ways: list[str], chosen: list[str]) -> bool:
    kind = location.get("location_type") or "physical"
    if kind == "virtual":
        return "online" in ways
    return kind != "physical" or ("place" in ways and (not chosen or location.get("id") in chosen))


def _link(location: Mapping[str, Any]) -> Document:
    return {"id": new_id(), "location": dict(location)}


def _areas(service: Document, reading: Reading, options: Options, ways: list[str]) -> list[Document]:
    codes = reading.choices("areas", N_("authorities"), options.authorities)
    text = reading.text("other_areas", N_("list of areas"), 1_000) or ""
    if "area" not in ways:
        return []
    names = list(dict.fromkeys(name for line in text.split("\n") if (name := line.strip())))
    if not codes and not names:
        reading.problems["areas"] = gettext("Choose the authorities, or name the areas.")
    before = service.get("service_areas") or []
    by_code = {area.get("extent"): area for area in before}
    by_name = {area.get("name") or area.get("extent"): area for area in before}
    return [
        *(
            by_code.get(code)
            or {"id": new_id(), "name": options.authorities[code], "extent": code, "extent_type": "gss"}
            for code in codes
        ),
        *(by_name.get(name) or {"id": new_id(), "name": name} for name in names),
    ]


def put_place(link: Document, reading: Reading, options: Options) -> None:
    """The address of a place, its point, and how much of it the public may see."""
    location = link["location"]
    postcode = _postcode(reading)
    set_or_drop(location, name=reading.line("name", N_("name of the place")))
    address = {
        "address_1": reading.line("address_1", N_("first line of the address")),
        "address_2": reading.line("address_2", N_("second line of the address")),
        "city": reading.line("city", N_("town")),
        "postal_code": postcode,
    }
    _put_address(location, address)
    given = reading.choice("point_from", N_("where the point comes from"), ("postcode", "given"), needed=True)
    if given == "given":
        _put_point(location, reading)
    elif given == "postcode":
        set_or_drop(location, latitude=None, longitude=None, point_source=None)
        if postcode is None:
            reading.problems.setdefault(
                "postal_code", gettext("Enter the postcode, or give the point below.")
            )
    set_or_drop(location, protection=_protection(location, reading, options))


def place_answers(link: Document, options: Options) -> Answers:
    """The page of `put_place` as the document has it."""
    location = link["location"]
    address = next(iter(_doors(location)), {})
    given = location.get("latitude") is not None and location.get("point_source") != "postcode"
    return {
        "name": location.get("name", ""),
        **{name: address.get(name, "") for name in ("address_1", "address_2", "city", "postal_code")},
        "point_from": "given" if given else "postcode",
        "point": f"{location['latitude']}, {location['longitude']}" if given else "",
        # Of a new place, nothing is chosen beforehand: it is the one answer that must be thought about.
        "protection": location.get("protection", ""),
    }


def _postcode(reading: Reading) -> str | None:
    text = reading.line("postal_code", N_("postcode"), 40)
    postcode = normalise_postcode(text)
    if text and postcode is None:
        reading.problems["postal_code"] = gettext(
            "Enter a whole postcode, such as %(example)s.", example=left_to_right("B19 2TH")
        )
    return postcode


def _put_address(location: Document, lines: Mapping[str, str | None]) -> None:
    """Set the address of the door; those for letters stay."""
    before = location.get("addresses") or []
    doors = _doors(location)
    others = [address for address in before if not doors or address is not doors[0]]
    new = {"id": new_id(), "address_type": "physical", "country": "GB"}
    address = dict(doors[0]) if doors else new
    set_or_drop(address, **lines)
    told = any(address.get(name) for name in (*lines, "region"))
    set_or_drop(location, addresses=[address, *others] if told else others)


def _put_point(location: Document, reading: Reading) -> None:
    text = reading.line("point", N_("point"), 100, needed=True)
    if text is None:
        return
    point = read_point(text)
    if point is None:
        reading.problems["point"] = gettext(
            "Enter a grid reference such as %(reference)s, or a latitude and a longitude "
            "such as %(degrees)s.",
            reference=left_to_right("SP 06600 87900"),
            degrees=left_to_right("52.5022, -1.9019"),
        )
        return
    for (name, (low, high)), value in zip(BRITAIN.items(), point, strict=True):
        if not low <= value <= high:
            reading.problems["point"] = gettext(
                "The %(name)s is not in Great Britain. Are the two swapped?", name=gettext(name)
            )
            return
    location["latitude"], location["longitude"] = point
    location.pop("point_source", None)


def _protection(location: Document, reading: Reading, options: Options) -> str | None:
    """How much may be shown. What is withheld on record can be loosened by a navigator alone."""
    now = reading.choice("protection", N_("how much of the address people may see"), PROTECTIONS, needed=True)
    on_record = options.protections.get(location.get("id", ""), "open")
    if now and STRICTNESS.index(now) < STRICTNESS.index(on_record):
        reading.problems["protection"] = gettext(
            "This address is withheld now. Only a navigator can show it: leave it withheld here, and ask."
        )
    return now or location.get("protection")


def _doors(location: Mapping[str, Any]) -> list[Document]:
    addresses = location.get("addresses") or []
    return [address for address in addresses if address.get("address_type") != "postal"]


def put_access(link: Document, reading: Reading, options: Options) -> None:
    """What makes a place easy to get into and use: terms, and words of one's own, one a line."""
    location = link["location"]
    chosen = reading.choices("accessibility", N_("what there is"), options.names("accessibility"))
    set_terms(location, "accessibility", chosen)
    text = reading.text("other", N_("text"), 1_000) or ""
    known = {item["description"]: item for item in location.get("accessibility") or []}
    lines = list(dict.fromkeys(line for part in text.split("\n") if (line := part.strip())))
    items = [known.get(line) or {"id": new_id(), "description": line} for line in lines]
    set_or_drop(location, accessibility=items)


def access_answers(link: Document, options: Options) -> Answers:
    """The page of `put_access` as the document has it."""
    location = link["location"]
    words = [str(item["description"]) for item in location.get("accessibility") or []]
    return {"accessibility": codes_of(location, "accessibility"), "other": "\n".join(words)}
