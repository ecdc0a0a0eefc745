"""Accept a record: the document that a person approved becomes what the directory says."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory import audit
from directory.models import Location, Organization, Revision, Service, ServiceAtLocation, Source
from directory.models.turns import take_turn
from directory.openreferral.check import check
from directory.openreferral.dump import dump
from directory.openreferral.fill import Terms
from directory.openreferral.load import Origin, replace
from directory.openreferral.shape import Problem
from directory.places.batches import batches
from directory.places.flag import place
from directory.publishing.publish import publish
from directory.safekeeping.identities import final_ids
from directory.safekeeping.screen import screen
from directory.safekeeping.twins import hide_with_twins
from directory.upkeep.checks import Said, keep_checks

# The sources of what people say here themselves; `way` is the source's slug.
OWN_SOURCES = {
    "self": "The organisation itself",
    "navigator": "A community navigator",
}


class NotAcceptedError(Exception):
    """A document that cannot be accepted, with the problems that keep it out."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{problem.path}: {problem.message}" for problem in problems))


class ChangedMeanwhileError(Exception):
    """The record is no longer what the document started from."""


@dataclass(frozen=True)
class Acceptance:
    """Who accepts a document, whose word it is (self or navigator), why, and on which day.

    `base_number` is the version that the document started from; with None it is not looked at. `source_id`
    credits another source, as where a navigator approves what an import brought (the way is then import).
    """

    account_id: str | None
    way: str
    reason: str
    today: date
    base_number: int | None = None
    source_id: str | None = None


def accept(session: Session, document: Mapping[str, Any], acceptance: Acceptance) -> Organization:
    """Make the record what the document says, whole; keep the version; publish it; write it into the log.

    The caller commits. Raises NotAcceptedError or ChangedMeanwhileError, and then nothing was changed.
    """
    take_turn(session, f"organization {document.get('id')}")
    fatal = [problem for problem in check(document) if problem.fatal]
    fatal = fatal or list(_is_joined(session, document)) or list(_not_its_own(session, document))
    if not fatal:
        (screened,) = screen(session, [document])
        document = screened.document
        fatal = [screened.problem] if screened.problem else []
    if fatal:
        raise NotAcceptedError(fatal)
    number = latest_number(session, document["id"])
    if acceptance.base_number is not None and number != acceptance.base_number:
        raise ChangedMeanwhileError(document["id"])
    existing = session.get(Organization, document["id"])
    before = dump(existing) if existing else None
    source_id = acceptance.source_id or own_source(session, acceptance.way).id
    origin = Origin(source_id=source_id, reason=acceptance.reason, account_id=acceptance.account_id)
    organization = replace(session, document, Terms(session), origin)
    said = Said(acceptance.way, acceptance.today, source_id)
    keep_checks(session, dump(organization), before, said)
    place_and_publish(session, [organization], acceptance.today)
    audit.record(
        session,
        acceptance.account_id,
        "accept",
        ("organization", organization.id),
        {"version": str((number or 0) + 1), "way": acceptance.way},
    )
    return organization


def _is_joined(session: Session, document: Mapping[str, Any]) -> Iterator[Problem]:
    """A record that was joined into another does not come back by what somebody sends."""
    if final_ids(session, [document["id"]]):
        message = "This record was joined with another of the same organisation. Change that one."
        yield Problem("$.id", message)


def _not_its_own(session: Session, document: Mapping[str, Any]) -> Iterator[Problem]:
    """Services and places of others: by their identifiers, a document could write over them."""
    organization_id = document["id"]
    services = document.get("services") or []
    query = select(Service.id).where(Service.organization_id != organization_id)
    others = set(session.scalars(query.where(Service.id.in_([service["id"] for service in services]))))
    for i, service in enumerate(services):
        if service["id"] in others:
            yield Problem(f"$.services[{i}].id", "This service is another organisation's.")
        for j, link in enumerate(service.get("service_at_locations") or []):
            place_id = (link.get("location") or {}).get("id")
            if place_id and organization_id not in (owners := _at_places(session, [place_id])) and owners:
                yield Problem(
                    f"$.services[{i}].service_at_locations[{j}].location.id",
                    "This place is another organisation's.",
                )


def latest_number(session: Session, organization_id: str) -> int | None:
    """The number of the newest version of a record; None when there is none."""
    newest = select(func.max(Revision.number)).where(Revision.organization_id == organization_id)
    return session.scalar(newest)


def own_source(session: Session, way: str) -> Source:
    """The source that credits what people say here themselves."""
    query = select(Source).where(Source.slug == way)
    source = session.scalar(query)
    if source is None:
        take_turn(session, f"source {way}")  # two who say the first word of a way must not both make it
        source = session.scalar(query)
    if source is None:
        source = Source(slug=way, title=OWN_SOURCES[way], licence="OGL-UK-3.0")
        session.add(source)
        session.flush()
    return source


def place_and_publish(
    session: Session, organizations: Sequence[Organization], today: date, run_id: str | None = None
) -> None:
    """Give the places of records their points, and make the public copies that they touch anew."""
    locations: dict[str, Location] = {
        link.location.id: link.location
        for organization in organizations
        for service in organization.services
        for link in service.service_at_locations
    }
    place(session, list(locations.values()), run_id)
    touched = {*locations, *hide_with_twins(session, organizations)}
    # A place may be shared: when one organisation hides it, the others' public copies must hide it too.
    publish(session, _at_places(session, touched) | {one.id for one in organizations}, today)


def _at_places(session: Session, location_ids: Collection[str]) -> set[str]:
    """The organisations with a service at any of some places."""
    query = select(Service.organization_id).join(Service.service_at_locations)
    return {
        organization_id
        for some in batches(list(location_ids))
        for organization_id in session.scalars(query.where(ServiceAtLocation.location_id.in_(some)))
    }
