"""The addresses of the open data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from flask import Blueprint, Response, render_template, url_for
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from directory.db import get_session
from directory.exporting.snapshot import changes_of
from directory.exporting.terms import Shape, Terms, read_terms
from directory.models import PublishedLink, PublishedOrganization, PublishedService, PublishedValue
from directory.openreferral.profile import PROFILE, VERSION
from directory.publishing.changes import changed_at
from directory.web.api import shapes
from directory.web.api.answers import json_answer
from directory.web.api.description import describe_api
from directory.web.api.explaining import explained
from directory.web.api.listing import list_answer, whole_answer
from directory.web.api.parameters import (
    Listed,
    MinimalServicesAsked,
    Nothing,
    OrganizationAsked,
    OrganizationsAsked,
    ServicesAsked,
    TermsAsked,
    read_parameters,
)
from directory.web.api.problems import OPEN, ProblemError, problem_response, status_problem
from directory.web.api.selecting import link_keys, organization_keys, service_keys, term_keys

api = Blueprint("api", __name__, url_prefix="/api")
View = TypeVar("View", bound=Callable[..., Any])
Make = Callable[[Session, Terms, Sequence[str]], list[Shape]]


def address(rule: str) -> Callable[[View], View]:
    """Add a view at an address, which is answered with a slash at its end too."""
    return api.get(rule, strict_slashes=False)


@address("/")
def index() -> Response:
    """Open Referral UK: the version, the profile, and where the description for programs is."""
    read_parameters(Nothing)
    described = url_for("api.description", _external=True)
    return json_answer({"version": VERSION, "profile": PROFILE, "openapi_url": described}, None)


@address("/services")
def services() -> Response:
    """Open Referral UK: services, in pages."""
    asked = read_parameters(MinimalServicesAsked)

    def keys(session: Session, terms: Terms) -> Any:
        return service_keys(session, asked, terms)

    if asked.minimal and asked.format == "json":
        return whole_answer(keys, shapes.minimal_services)
    made = shapes.whole_services if asked.full else shapes.brief_services
    return list_answer(asked, keys, shapes.minimal_services if asked.minimal else made)


@address("/services/<uuid:service_id>")
def service(service_id: UUID) -> Response:
    """Open Referral UK: one service with everything."""
    read_parameters(Nothing)
    found = select(PublishedService.service_id).where(PublishedService.service_id == str(service_id))
    return _one(found, shapes.whole_services, changes=True)


@address("/organizations")
def organizations() -> Response:
    """Open Referral UK: organisations, in pages."""
    asked = read_parameters(OrganizationsAsked)
    made = shapes.organizations if asked.full else shapes.brief_organizations
    made = shapes.whole_organizations if asked.full_service else made
    return list_answer(asked, lambda _session, _terms: organization_keys(asked.search), made)


@address("/organizations/<uuid:organization_id>")
def organization(organization_id: UUID) -> Response:
    """Open Referral UK: one organisation with its services."""
    asked = read_parameters(OrganizationAsked)
    column = PublishedOrganization.organization_id
    made = shapes.whole_organizations if asked.full_service else shapes.organizations
    return _one(select(column).where(column == str(organization_id)), made, changes=True)


@address("/service_at_locations")
def service_at_locations() -> Response:
    """Open Referral UK: services at their places, in pages."""
    asked = read_parameters(ServicesAsked)
    made = shapes.whole_places if asked.full else shapes.brief_places
    return list_answer(asked, lambda session, terms: link_keys(session, asked, terms), made)


@address("/service_at_locations/<uuid:service_at_location_id>")
def service_at_location(service_at_location_id: UUID) -> Response:
    """Open Referral UK: one service at one of its places, with everything."""
    read_parameters(Nothing)
    found = select(PublishedLink.id).where(PublishedLink.id == str(service_at_location_id))
    return _one(found, shapes.whole_places)


@address("/taxonomies")
def taxonomies() -> Response:
    """Open Referral UK: taxonomies, in pages."""
    asked = read_parameters(Listed)
    words = asked.search.lower().split()

    def keys(_session: Session, terms: Terms) -> list[str]:
        named = [one["id"] for one in terms.taxonomies if all(word in one["name"].lower() for word in words)]
        return named

    return list_answer(asked, keys, shapes.taxonomies_by_id)


@address("/taxonomies/<uuid:taxonomy_id>")
def taxonomy(taxonomy_id: UUID) -> Response:
    """Open Referral UK: one taxonomy with its terms."""
    read_parameters(Nothing)
    session = get_session()
    terms = read_terms(session)
    known = [one["id"] for one in terms.taxonomies if one["id"] == str(taxonomy_id)]
    return json_answer(shapes.the_one(shapes.taxonomies_by_id(session, terms, known)), changed_at(session))


@address("/taxonomy_terms")
def taxonomy_terms() -> Response:
    """Open Referral UK: terms of all taxonomies, in pages."""
    asked = read_parameters(TermsAsked)
    return list_answer(asked, lambda _session, terms: term_keys(asked, terms), shapes.terms_by_id)


@address("/taxonomy_terms/<uuid:taxonomy_term_id>")
def taxonomy_term(taxonomy_term_id: UUID) -> Response:
    """Open Referral UK: one term."""
    read_parameters(Nothing)
    key = str(taxonomy_term_id)
    session = get_session()
    terms = read_terms(session)
    known = key in {term["id"] for term in terms.terms.values()}
    used = session.scalar(select(PublishedValue.term_id).where(PublishedValue.term_id == key).limit(1))
    found = shapes.terms_by_id(session, terms, [key] if known or used else [])
    return json_answer(shapes.the_one(found), changed_at(session))


@address("/openapi.json")
def description() -> Response:
    """The open data described for programs (OpenAPI 3.1)."""
    return json_answer(describe_api(), None)


@address("/docs")
def docs() -> str:
    """The open data described for people: every address, parameter and answer."""
    return render_template("api/docs.html", api=explained(describe_api()))


@api.after_request
def open_to_all(response: Response) -> Response:
    """Let the pages of others read every answer, also the one to a preflight request."""
    response.headers.update(OPEN)
    return response


@api.errorhandler(ProblemError)
def bad_request(error: ProblemError) -> Response:
    """What was asked cannot be answered."""
    return problem_response(error)


@api.errorhandler(NoResultFound)
def not_found(_error: NoResultFound) -> Response:
    """There is no such thing."""
    return status_problem(404)


@api.errorhandler(HTTPException)
def http_error(error: HTTPException) -> Response:
    """Anything else."""
    return status_problem(error.code or 500)


def _one(found: Any, make: Make, *, changes: bool = False) -> Response:
    session = get_session()
    ids = session.scalars(found).all()
    one = shapes.the_one(make(session, read_terms(session), ids))
    return json_answer(one, changes_of(session, ids)[ids[0]] if changes else changed_at(session))
