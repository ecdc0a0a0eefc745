"""The pages of the form in their order, and the part of the document that each is about."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from directory.languages import N_
from directory.models import new_id
from directory.registration.answers import Answers, Document, Reading
from directory.registration.contact_page import contact_answers, put_contact
from directory.registration.hours_page import hours_answers, put_hours
from directory.registration.options import Options
from directory.registration.organisation_pages import (
    assurance_answers,
    identity_answers,
    put_assurance,
    put_identity,
)
from directory.registration.place_pages import (
    access_answers,
    is_place,
    meeting_answers,
    place_answers,
    put_access,
    put_meeting,
    put_place,
)
from directory.registration.service_pages import (
    cost_answers,
    languages_answers,
    put_cost,
    put_languages,
    put_referral,
    put_what,
    put_who,
    referral_answers,
    what_answers,
    who_answers,
)
from directory.registration.spaces_page import put_spaces, spaces_answers


@dataclass(frozen=True)
class Page:
    """One page: its title, what it is about, and the two ways between answers and document."""

    title: str
    about: str
    put: Callable[[Document, Reading, Options], None]
    answers: Callable[[Document, Options], Answers]


@dataclass(frozen=True)
class Step:
    """A page about one thing: `of` is the identifier of a service or of its link to a place, or empty."""

    name: str
    of: str = ""

    @property
    def key(self) -> str:
        """How a draft remembers the step."""
        return f"{self.name} {self.of}".strip()

    @property
    def page(self) -> Page:
        """The page of the step."""
        return PAGES[self.name]


PAGES: Mapping[str, Page] = {
    "identity": Page(N_("Who you are"), "organisation", put_identity, identity_answers),
    "contact": Page(N_("How to reach you"), "organisation", put_contact, contact_answers),
    "what": Page(N_("What it is"), "service", put_what, what_answers),
    "who": Page(N_("Who it is for"), "service", put_who, who_answers),
    "hours": Page(N_("When it is open"), "service", put_hours, hours_answers),
    "meeting": Page(N_("How people meet you"), "service", put_meeting, meeting_answers),
    "place": Page(N_("Where it is"), "place", put_place, place_answers),
    "access": Page(N_("Getting in"), "place", put_access, access_answers),
    "cost": Page(N_("What it costs"), "service", put_cost, cost_answers),
    "referral": Page(N_("How people get a place"), "service", put_referral, referral_answers),
    "languages": Page(N_("Languages"), "service", put_languages, languages_answers),
    "reach": Page(N_("How to reach this service"), "service", put_contact, contact_answers),
    "assurance": Page(N_("Keeping people safe"), "organisation", put_assurance, assurance_answers),
    "spaces": Page(N_("Spaces that others can use"), "organisation", put_spaces, spaces_answers),
}
# Without these, there is nothing to publish.
NEEDED = ("identity", "what", "meeting", "place")


def steps(document: Mapping[str, Any]) -> Iterator[Step]:
    """Every page of a draft, in order."""
    yield Step("identity")
    yield Step("contact")
    for service in document.get("services") or []:
        yield from service_steps(service)
    yield Step("assurance")
    yield Step("spaces")


def service_steps(service: Mapping[str, Any]) -> Iterator[Step]:
    """The pages about one service and its places, in order."""
    for name in ("what", "who", "hours", "meeting"):
        yield Step(name, service["id"])
    for link in service.get("service_at_locations") or []:
        if is_place(link):
            yield Step("place", link["id"])
            yield Step("access", link["id"])
    for name in ("cost", "referral", "languages", "reach"):
        yield Step(name, service["id"])


def step_after(document: Mapping[str, Any], step: Step) -> Step | None:
    """The next page of the same service; None at its end, and after a page about the organisation."""
    every = list(steps(document))
    place = every.index(step) if step in every else len(every)
    following = next(iter(every[place + 1 :]), None)
    return following if following and step.of and following.of and following.name != "what" else None


def thing_of(document: Document, step: Step) -> Document | None:
    """The part of a document that a step is about; None when it is not, or no longer, there."""
    about = step.page.about
    if about == "organisation":
        return None if step.of else document
    services = document.get("services") or []
    if about == "service":
        return next((service for service in services if service["id"] == step.of), None)
    links = (link for service in services for link in service.get("service_at_locations") or [])
    return next((link for link in links if link["id"] == step.of and is_place(link)), None)


def service_of(document: Mapping[str, Any], step: Step) -> Document | None:
    """The service that a step belongs to."""
    for service in document.get("services") or []:
        if step in service_steps(service):
            return dict(service)
    return None


def places_of(document: Mapping[str, Any]) -> dict[str, Document]:
    """The places that people go to, of all services, by identifier."""
    links = (link for one in document.get("services") or [] for link in one.get("service_at_locations") or [])
    return {link["location"]["id"]: link["location"] for link in links if is_place(link)}


def answers_of(document: Document, step: Step, options: Options) -> Answers | None:
    """What a page shows; None when the document has no such thing."""
    thing = thing_of(document, step)
    return None if thing is None else step.page.answers(thing, options)


def put_answers(document: Document, step: Step, reading: Reading, options: Options) -> Document | None:
    """A new document with the answers of a page in it; None when the document has no such thing."""
    changed = deepcopy(document)
    thing = thing_of(changed, step)
    if thing is None:
        return None
    step.page.put(thing, reading, replace(options, places=places_of(document)))
    if step.page.about == "place":
        _copy_place(changed, thing["location"])
    return changed


def _copy_place(document: Document, location: Document) -> None:
    """A place that several services share is one place: what is said of it holds for all of them."""
    for service in document.get("services") or []:
        for link in service.get("service_at_locations") or []:
            if link["location"].get("id") == location["id"]:
                link["location"] = deepcopy(location)


def mark_of(answers: Answers) -> str:
    """A mark that changes with the answers, by which a page knows that another tab saved it meanwhile."""
    return hashlib.sha256(json.dumps(answers, sort_keys=True).encode()).hexdigest()[:16]


def new_service() -> Document:
    """A service of which nothing is known yet."""
    return {"id": new_id(), "name": "", "status": "active"}
