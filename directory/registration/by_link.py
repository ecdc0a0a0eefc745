"""What may be changed by the link of a reminder, without an account: a part, and nothing that is withheld."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Location, Organization, Service, ServiceAtLocation, Submission
from directory.models.turns import take_turn
from directory.registration.drafts import begin_change
from directory.registration.pages import Step

# A letter goes astray more easily than an account. These pages show nothing that people cannot read already:
# no place, no person, and no text that is written anew before it is shown.
STEPS = ("who", "hours", "cost", "referral", "languages")


def is_offered(session: Session, organization_id: str) -> bool:
    """Whether a record can be changed so: not with a protected place, whose address may stand anywhere."""
    protected = (
        select(Location.id)
        .join(ServiceAtLocation, ServiceAtLocation.location_id == Location.id)
        .join(Service, Service.id == ServiceAtLocation.service_id)
        .where(Service.organization_id == organization_id, Location.protection != "open")
    )
    has_service = select(Service.id).where(Service.organization_id == organization_id)
    return session.scalar(protected.limit(1)) is None and session.scalar(has_service.limit(1)) is not None


def begin_by_link(session: Session, organization_id: str) -> Submission:
    """Begin a change for whoever has the link. It is for nobody's account, so none can find it again."""
    take_turn(session, f"organization {organization_id}")
    organization = session.get_one(Organization, organization_id)
    return begin_change(session, organization, None, organization.email)


def is_by_link(draft: Submission) -> bool:
    """Whether a draft was begun by the link of a reminder."""
    return draft.kind == "change" and draft.account_id is None


def may_open(draft: Submission, step: Step) -> bool:
    """Whether a page of a draft may be seen by whoever may open the draft."""
    return not is_by_link(draft) or step.name in STEPS
