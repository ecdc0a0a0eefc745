"""Spaces that an organisation can lend: each is a service of the category `spaces`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from directory.languages import N_
from directory.models import new_id
from directory.registration.answers import Answers, Document, Reading, set_or_drop
from directory.registration.given_terms import codes_of, set_terms
from directory.registration.options import Options

LEND = {"yes": N_("Yes"), "no": N_("No, or not now")}
CATEGORY = "spaces"


def put_spaces(document: Document, reading: Reading, options: Options) -> None:
    """Whether there is a space to lend; the first becomes a service, and more are added as services."""
    lend = reading.choice("lend", N_("whether you have a space that others can use"), LEND, needed=True)
    services = document.get("services") or []
    if lend == "no":
        document["services"] = [one for one in services if codes_of(one, "category") != [CATEGORY]]
        return
    space = next((one for one in services if is_space(one)), None)
    if space is None:
        space = {"id": new_id(), "status": "active"}
        set_terms(space, "category", [CATEGORY])
    set_or_drop(
        space,
        name=reading.line("name", N_("name of the space"), needed=lend == "yes"),
        description=reading.text("description", N_("description")),
    )
    key = reading.choice("place", N_("where the space is"), options.places)
    links = space.get("service_at_locations") or []
    if key and not any(link["location"].get("id") == key for link in links):
        space["service_at_locations"] = [*links, {"id": new_id(), "location": dict(options.places[key])}]
    document["services"] = services if space in services else [*services, space]


def spaces_answers(document: Document, options: Options) -> Answers:
    """The page of `put_spaces` as the document has it: with no space on record, nothing is chosen."""
    space = next((one for one in document.get("services") or [] if is_space(one)), None)
    if space is None:
        return {"lend": "", "name": "", "description": "", "place": ""}
    links = space.get("service_at_locations") or []
    return {
        "lend": "yes",
        "name": space.get("name", ""),
        "description": space.get("description", ""),
        "place": next((link["location"]["id"] for link in links), ""),
    }


def is_space(service: Mapping[str, Any]) -> bool:
    """Whether a service is a space to lend."""
    return CATEGORY in codes_of(service, "category")
