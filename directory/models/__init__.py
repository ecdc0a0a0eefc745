"""The tables. Importing this package makes all of them known to SQLAlchemy."""

from directory.models.base import Base, new_id, utc_now
from directory.models.location import Accessibility, Address, Location
from directory.models.organization import Contact, Organization, OrganizationIdentifier, Phone
from directory.models.place import Area, AreaLink, AreaValue, Postcode, Site
from directory.models.published import (
    Publication,
    PublishedArea,
    PublishedChange,
    PublishedLink,
    PublishedOpening,
    PublishedOrganization,
    PublishedPlace,
    PublishedService,
    PublishedTerm,
    PublishedText,
    PublishedValue,
)
from directory.models.record import ImportRun, ReviewFlag, Revision, Secret, Source, SourceRecord
from directory.models.service import (
    CostOption,
    Funding,
    Language,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
)
from directory.models.taxonomy import Attribute, Taxonomy, TaxonomyTerm

__all__ = [
    "Accessibility",
    "Address",
    "Area",
    "AreaLink",
    "AreaValue",
    "Attribute",
    "Base",
    "Contact",
    "CostOption",
    "Funding",
    "ImportRun",
    "Language",
    "Location",
    "Organization",
    "OrganizationIdentifier",
    "Phone",
    "Postcode",
    "Publication",
    "PublishedArea",
    "PublishedChange",
    "PublishedLink",
    "PublishedOpening",
    "PublishedOrganization",
    "PublishedPlace",
    "PublishedService",
    "PublishedTerm",
    "PublishedText",
    "PublishedValue",
    "ReviewFlag",
    "Revision",
    "Schedule",
    "Secret",
    "Service",
    "ServiceArea",
    "ServiceAtLocation",
    "Site",
    "Source",
    "SourceRecord",
    "Taxonomy",
    "TaxonomyTerm",
    "new_id",
    "utc_now",
]
