"""The shapes of the Open Referral UK profile, version 3: what a document of the open data may hold."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from directory.openreferral.formats import Email, Moment, Uri, Uuid

VERSION = "HSDS-UK-3.0"
PROFILE = "https://docs.openreferraluk.org/"
Status = Literal["active", "inactive", "defunct", "temporarily closed"]
PlaceType = Literal["physical", "postal", "virtual"]


def _may(description: str) -> Any:
    """A field that is left out when there is nothing to say: absent, never null."""
    return Field(default=None, description=description)


def _must(description: str) -> Any:
    return Field(description=description)


class Part(BaseModel):
    """Anything of the profile: the types are meant strictly, and no field is there that it does not name."""

    model_config = ConfigDict(strict=True, extra="forbid")

    id: Uuid = _must("Identifies this and nothing else.")


class TaxonomyTerm(Part):
    """A word of a list, such as a kind of help."""

    name: str = _must("What people read.")
    description: str = _must("What is meant.")
    parent_id: Uuid = _may("The term above this one.")
    taxonomy: str = _may("The name of the list that the term is from.")
    taxonomy_id: Uuid = _may("Identifies that list.")
    term_uri: Uri = _may("An address that stands for the term.")
    term: str = _may("The code of the term, which stays when its name is edited.")


class Taxonomy(Part):
    """A list of terms."""

    name: str = _must("What the list is called.")
    description: str = _must("What its terms say.")
    uri: Uri = _may("An address that stands for the list.")
    version: str = _may("Which version of the list this is.")
    taxonomy_terms: list[TaxonomyTerm] = _may("The terms of the list.")


class Attribute(Part):
    """A term given to something."""

    link_id: Uuid = _may("What the term is given to.")
    taxonomy_term_id: Uuid = _may("The term that is given.")
    link_type: str = _may("What the term tells, such as the kind of help.")
    taxonomy_term: TaxonomyTerm = _may("The term itself.")


class OrganizationIdentifier(Part):
    """The number of an organisation in a register."""

    organization_id: Uuid = _may("Whose number it is.")
    identifier_scheme: str = _may("The register, as org-id.guide lists it.")
    identifier_type: str = _must("The register in words.")
    identifier: str = _must("The number.")
    attributes: list[Attribute] = _may("Terms given to the number.")


class OrganizationBrief(Part):
    """An organisation in a list."""

    name: str = _must("What it is called.")
    description: str = _must("What it is and does.")
    email: Email = _may("Where to write to.")
    website: Uri = _may("Its website.")
    logo: str = _may("The address of a picture.")
    uri: Uri = _may("An address that stands for it.")
    parent_organization_id: Uuid = _may("The organisation of which it is a part.")


class OrganizationInside(OrganizationBrief):
    """An organisation as it stands within a service."""

    organization_identifiers: list[OrganizationIdentifier] = _may("Its numbers in registers.")
    attributes: list[Attribute] = _may("Terms given to it, and what the profile has no field for.")


class Schedule(Part):
    """When a service is open, as a recurrence."""

    service_id: Uuid = _may("The service that is open then.")
    service_at_location_id: Uuid = _may("The place where it is open then, if not everywhere.")
    valid_from: str = _may("The first day on which this holds.")
    valid_to: str = _may("The last day on which this holds.")
    dtstart: str = _may("The day of the first session.")
    freq: Literal["WEEKLY", "MONTHLY"] = _may("Each week or each month.")
    interval: float = _may("2 with WEEKLY is every other week.")
    byday: str = _may("Days such as MO,TU or, in a month, 1SA for its first Saturday.")
    bymonthday: str = _may("Days of the month, by number.")
    description: str = _may("The hours in words.")
    opens_at: str = _may("When it opens: wall time in the United Kingdom.")
    closes_at: str = _may("When it closes. Not later than it opens: on the next day.")
    schedule_link: Uri = _may("A page with the sessions.")
    attending_type: str = _may("How to take part.")
    notes: str = _may("What else to know.")


class ServiceArea(Part):
    """An area from which people may come."""

    service_id: Uuid = _may("The service for the area.")
    name: str = _may("What the area is called.")
    extent: str = _may("The official code of the area.")
    extent_type: str = _may("How the extent is written: gss is a code of the Office for National Statistics.")
    uri: str = _may("An address that stands for the area.")
    service_area: str = _may("The area in words.")


class Language(Part):
    """A language of a service. The profile has no field for its name: an attribute of the service has it."""

    service_id: Uuid = _may("The service in that language.")
    phone_id: Uuid = _may("The telephone in that language.")


class Funding(Part):
    """Who pays."""

    service_id: Uuid = _may("What is paid for.")
    source: str = _may("Who pays.")


class CostOption(Part):
    """A price."""

    service_id: Uuid = _may("What it is the price of.")
    valid_from: str = _may("The first day of the price.")
    valid_to: str = _may("The last day of the price.")
    option: str = _may("For whom or what the price is.")
    amount: float = _may("Pounds; 0 is free.")
    amount_description: str = _may("What the amount is for, such as a session.")


class Contact(Part):
    """A person who agreed to be named, or a desk."""

    service_id: Uuid = _may("For which service.")
    name: str = _may("The name.")
    title: str = _may("What the person does.")
    attributes: list[Attribute] = _may("Telephone and e-mail, for which the profile has no field.")


class Address(Part):
    """Where a place is."""

    location_id: Uuid = _may("The place.")
    attention: str = _may("Whom to ask for.")
    address_1: str = _must("The first lines.")
    city: str = _must("The town.")
    region: str = _may("The region.")
    state_province: str = _must("The county or what comes nearest.")
    postal_code: str = _must("The postcode.")
    country: str = _must("The country by two letters.")
    address_type: PlaceType = _must("A place to go to, to write to, or online.")
    attributes: list[Attribute] = _may("Terms given to the address.")


class Accessibility(Part):
    """How a place can be got into and used."""

    location_id: Uuid = _may("The place.")
    description: str = _may("What there is.")
    details: str = _may("More of it.")
    url: Uri = _may("A page with more.")
    attributes: list[Attribute] = _may("Terms given to it.")
    accessibility: str = _may("The same as the description.")


class LocationBrief(Part):
    """A place in a list."""

    location_type: PlaceType = _must("A place to go to, to write to, or online.")
    name: str = _may("What it is called.")
    description: str = _may("What to know of it; of a place that is not shown, the area it is in.")
    latitude: float = _may("Degrees north (WGS 84).")
    longitude: float = _may("Degrees east (WGS 84).")
    external_identifier: str = _may("Its number elsewhere.")
    external_identifier_type: str = _may("Where it has that number.")


class Location(LocationBrief):
    """A place with its addresses."""

    addresses: list[Address] = _may("Its addresses, where they may be shown.")
    accessibility: list[Accessibility] = _may("How it can be used.")
    attributes: list[Attribute] = _may("Terms given to it, and how exactly its point is shown.")


class ServiceMain(Part):
    """A service: its own plain facts."""

    organization_id: Uuid = _may("Who runs it.")
    name: str = _must("What it is called.")
    description: str = _may("What it does.")
    url: Uri = _may("Its page on the web.")
    email: Email = _may("Where to write to.")
    status: Status = _must("Whether it runs.")
    fees: str = _may("The cost in words.")
    accreditations: str = _may("What it is accredited for.")
    minimum_age: float = _may("The youngest that it takes.")
    maximum_age: float = _may("The oldest that it takes.")
    assured_date: str = _may("The day on which somebody last made sure that this is right.")
    assurer_email: Email = _may("Who made sure.")
    alert: str = _may("What to know before going.")
    last_modified: Moment = _may("When what is published of it last changed.")


class ServiceBrief(ServiceMain):
    """A service in a list."""

    organization: OrganizationBrief = _may("Who runs it.")


class ServiceInside(ServiceMain):
    """A service with everything but its places."""

    schedules: list[Schedule] = _may("When it is open.")
    service_areas: list[ServiceArea] = _may("From where people may come.")
    languages: list[Language] = _may("In which languages.")
    organization: OrganizationInside = _may("Who runs it.")
    funding: list[Funding] = _may("Who pays for it.")
    cost_options: list[CostOption] = _may("What it costs.")
    contacts: list[Contact] = _may("Whom to ask.")
    attributes: list[Attribute] = _may("Terms given to it, and what the profile has no field for.")


class PlaceOfService(Part):
    """One of the places of a service."""

    service_id: Uuid = _may("The service.")
    location_id: Uuid = _may("The place.")
    location: Location = _may("The place with its addresses.")


class Service(ServiceInside):
    """A service with everything."""

    service_at_locations: list[PlaceOfService] = _may("Where it is.")


class Organization(OrganizationInside):
    """An organisation with its services."""

    services: list[Service] = _may("What it offers.")


class ServiceAtLocationBrief(Part):
    """A service at a place, in a list."""

    service_id: Uuid = _may("The service.")
    location_id: Uuid = _may("The place.")
    location: LocationBrief = _may("The place.")
    service: ServiceBrief = _may("The service.")


class ServiceAtLocation(PlaceOfService):
    """A service at a place, with everything."""

    service: ServiceInside = _may("The service.")


class ApiDetails(BaseModel):
    """What this is, and where it is described."""

    model_config = ConfigDict(strict=True, extra="forbid")

    version: str = _must("The version of the standard.")
    profile: Uri = _must("Where the profile is described.")
    openapi_url: Uri = _must("Where the machine-readable description is.")
