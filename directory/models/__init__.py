"""The tables. Importing this package makes all of them known to SQLAlchemy."""

from directory.models.account import (
    ROLES,
    Account,
    AccountSession,
    Claim,
    Membership,
    NavigatorPatch,
    Role,
    SavedSearch,
)
from directory.models.base import Base, new_id, utc_now
from directory.models.demand import UnmetSearch
from directory.models.grant import GrantAward
from directory.models.location import Accessibility, Address, Location
from directory.models.merge import MatchedPair, MergedId, OrganizationMerge
from directory.models.organization import Contact, Organization, OrganizationIdentifier, Phone
from directory.models.phrase import Phrase
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
    PublishedWord,
)
from directory.models.published_batch import PUBLISHING, PublishedBatch, note_batch
from directory.models.record import ImportRun, ReviewFlag, Revision, Secret, Source, SourceRecord
from directory.models.reference_state import ReferenceState
from directory.models.referral import ReferralCount, ServiceFullness
from directory.models.review import AuditEntry, BulkAction, Message, Report, Submission
from directory.models.safekeeping import ApproximatePlace, DoNotList, Unprotection, Upload
from directory.models.service import (
    CostOption,
    Funding,
    Language,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
)
from directory.models.snapshot import CoverageFigure, CoverageSnapshot
from directory.models.taxonomy import Attribute, Taxonomy, TaxonomyTerm
from directory.models.upkeep import FieldCheck, LinkCheck, OutboxMessage, Reminder

__all__ = [
    "PUBLISHING",
    "ROLES",
    "Accessibility",
    "Account",
    "AccountSession",
    "Address",
    "ApproximatePlace",
    "Area",
    "AreaLink",
    "AreaValue",
    "Attribute",
    "AuditEntry",
    "Base",
    "BulkAction",
    "Claim",
    "Contact",
    "CostOption",
    "CoverageFigure",
    "CoverageSnapshot",
    "DoNotList",
    "FieldCheck",
    "Funding",
    "GrantAward",
    "ImportRun",
    "Language",
    "LinkCheck",
    "Location",
    "MatchedPair",
    "Membership",
    "MergedId",
    "Message",
    "NavigatorPatch",
    "Organization",
    "OrganizationIdentifier",
    "OrganizationMerge",
    "OutboxMessage",
    "Phone",
    "Phrase",
    "Postcode",
    "Publication",
    "PublishedArea",
    "PublishedBatch",
    "PublishedChange",
    "PublishedLink",
    "PublishedOpening",
    "PublishedOrganization",
    "PublishedPlace",
    "PublishedService",
    "PublishedTerm",
    "PublishedText",
    "PublishedValue",
    "PublishedWord",
    "ReferenceState",
    "ReferralCount",
    "Reminder",
    "Report",
    "ReviewFlag",
    "Revision",
    "Role",
    "SavedSearch",
    "Schedule",
    "Secret",
    "Service",
    "ServiceArea",
    "ServiceAtLocation",
    "ServiceFullness",
    "Site",
    "Source",
    "SourceRecord",
    "Submission",
    "Taxonomy",
    "TaxonomyTerm",
    "UnmetSearch",
    "Unprotection",
    "Upload",
    "new_id",
    "note_batch",
    "utc_now",
]
