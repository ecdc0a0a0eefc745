"""What may be changed by the link of a reminder, without an account: a part, and nothing that is withheld."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from directory.accepting import latest_number
from directory.models import Location, Organization, Service, ServiceAtLocation, Submission
from directory.models.turns import take_turn
from directory.openreferral.dump import dump_service
from directory.publishing.area_names import area_names
from directory.publishing.whole import whole
from directory.publishing.withhold import Withholder
from directory.registration.drafts import begin_change
from directory.registration.pages import Step

# A letter goes astray more easily than an account. These pages show nothing that people cannot read already:
# no place, no person, and no text that is written anew before it is shown.
STEPS = ("who", "hours", "cost", "referral", "languages")
# What of a service stands on those pages and above them.
TEXTS = ("name", "schedules", "cost_options", "fees", "application_process", "languages")
# Of one organisation: of drafts the oldest goes, and of what was sent in none is added.
MOST_DRAFTS = MOST_WAITING = 5


def is_offered(session: Session, organization_id: str) -> bool:
    """Whether a record can be changed so: not where the pages would show what the public copy withholds."""
    protected = (
        select(Location.id)
        .join(ServiceAtLocation, ServiceAtLocation.location_id == Location.id)
        .join(Service, Service.id == ServiceAtLocation.service_id)
        .where(Service.organization_id == organization_id, Location.protection != "open")
    )
    waiting = select(func.count()).where(_by_link(organization_id), Submission.status == "submitted")
    if session.scalar(protected.limit(1)) is not None or (session.scalar(waiting) or 0) >= MOST_WAITING:
        return False
    query = select(Organization).where(Organization.id == organization_id).options(*whole())
    organization = session.scalars(query).one()
    return bool(organization.services) and not _is_masked(session, organization)


def _is_masked(session: Session, organization: Organization) -> bool:
    """Whether publishing takes something out of the texts of the pages, such as somebody's name."""
    withhold = Withholder(organization, places=area_names(session).common)
    documents = [dump_service(service) for service in organization.services]
    services = [{name: one[name] for name in TEXTS if name in one} for one in documents]
    shown = {"name": organization.name, "services": services}
    return bool(withhold(shown) != shown)


def _by_link(organization_id: str) -> ColumnElement[bool]:
    return and_(Submission.organization_id == organization_id, Submission.is_by_link)


def begin_by_link(session: Session, organization_id: str, own: Collection[str] = ()) -> Submission:
    """Begin a change for whoever has the link, or go on with one of those that are `own`.

    It is for nobody's account, so none can find it again; the oldest go, so that they do not fill the table.
    """
    take_turn(session, f"organization {organization_id}")
    newest = select(Submission).where(_by_link(organization_id), Submission.status == "draft")
    drafts = session.scalars(newest.order_by(Submission.created_at.desc(), Submission.id)).all()
    for draft in drafts:
        if draft.id in own and is_current(session, draft):
            return draft
    for draft in drafts[MOST_DRAFTS - 1 :]:
        session.delete(draft)
    organization = session.get_one(Organization, organization_id)
    return begin_change(session, organization, None, organization.email)


def is_current(session: Session, draft: Submission) -> bool:
    """Whether a draft is of the record as it is: the link that began it opens nothing after a change."""
    return latest_number(session, draft.organization_id) == draft.base_number


def may_open(draft: Submission, step: Step) -> bool:
    """Whether a page of a draft may be seen by whoever may open the draft."""
    return not draft.is_by_link or step.name in STEPS
