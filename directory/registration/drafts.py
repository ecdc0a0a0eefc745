"""Drafts: begun, found again, saved page by page. Each is a document that nobody has accepted yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from directory.accepting import latest_number
from directory.letters.write import Letter, write_letter
from directory.models import (
    Contact,
    Location,
    Organization,
    Service,
    ServiceAtLocation,
    Submission,
    new_id,
    utc_now,
)
from directory.models.review import OPEN_STATUSES
from directory.models.turns import take_turn
from directory.openreferral.dump import dump
from directory.registration.answers import Document, Reading, Typed
from directory.registration.links import hash_of, new_token, resume_link
from directory.registration.options import read_options
from directory.registration.pages import Step, answers_of, mark_of, new_service, put_answers, steps

MOST_SERVICES = 50
# No stranger can have somebody else's letter box filled.
LETTERS_A_DAY = 3


@dataclass(frozen=True)
class Beginning:
    """What is asked before a draft is begun."""

    name: str
    email: str
    postcode: str | None = None
    account_id: str | None = None


@dataclass(frozen=True)
class Saved:
    """What became of a page: problems by field, and whether another tab saved it meanwhile."""

    problems: Mapping[str, str] = field(default_factory=dict)
    changed_meanwhile: bool = False
    gone: bool = False

    @property
    def done(self) -> bool:
        """Whether the answers are in the document."""
        return not (self.problems or self.changed_meanwhile or self.gone)


def start(session: Session, beginning: Beginning) -> tuple[Submission, str]:
    """Begin a draft of a new record; the draft, and the token of its link."""
    service = new_service()
    if beginning.postcode:
        address = {"id": new_id(), "postal_code": beginning.postcode, "country": "GB"}
        place = {"id": new_id(), "location_type": "physical", "addresses": [address]}
        service["service_at_locations"] = [{"id": new_id(), "location": place}]
    token = new_token()
    draft = Submission(
        kind="new",
        organization_id=new_id(),
        document={},
        pages_done=[],
        unfinished={},
        token_hash=hash_of(token),
        email=beginning.email,
        account_id=beginning.account_id,
    )
    draft.document = {"id": draft.organization_id, "name": beginning.name, "services": [service]}
    session.add(draft)
    session.flush()
    return draft, token


def start_change(session: Session, organization: Organization, account_id: str, email: str) -> Submission:
    """Begin a change of a record from the whole of it, or go on with the one that this account has open."""
    take_turn(session, f"organization {organization.id}")
    query = select(Submission).where(
        Submission.organization_id == organization.id,
        Submission.account_id == account_id,
        Submission.kind == "change",
        Submission.status.in_(OPEN_STATUSES),
    )
    draft = session.scalars(query.order_by(Submission.created_at.desc())).first()
    return draft or begin_change(session, organization, account_id, email)


def begin_change(
    session: Session, organization: Organization, account_id: str | None, email: str | None
) -> Submission:
    """Begin a change of a record from the whole of it."""
    document = dump(_whole(session, organization.id))
    draft = Submission(
        kind="change",
        organization_id=organization.id,
        base_number=latest_number(session, organization.id),
        document=document,
        # Everything was filled in once already: nothing has to be gone through again.
        pages_done=[step.key for step in steps(document)],
        unfinished={},
        account_id=account_id,
        email=email,
    )
    session.add(draft)
    session.flush()
    return draft


def _whole(session: Session, organization_id: str) -> Organization:
    """A record with everything that belongs to it, in few statements."""
    services = selectinload(Organization.services)
    location = services.selectinload(Service.service_at_locations).joinedload(ServiceAtLocation.location)
    lists = (
        *(Service.attributes, Service.schedules, Service.service_areas, Service.cost_options),
        *(Service.languages, Service.phones, Service.funding),
    )
    query = select(Organization).where(Organization.id == organization_id)
    options = (
        selectinload(Organization.identifiers),
        selectinload(Organization.phones),
        selectinload(Organization.attributes),
        selectinload(Organization.contacts).joinedload(Contact.phones),
        services.selectinload(Service.contacts).joinedload(Contact.phones),
        *(services.selectinload(one) for one in lists),
        *(location.joinedload(one) for one in (Location.addresses, Location.accessibility)),
        location.selectinload(Location.attributes),
    )
    return session.scalars(query.options(*options), execution_options={"populate_existing": True}).one()


def find_by_token(session: Session, token: str) -> Submission | None:
    """The submission whose link holds a token."""
    return session.scalar(select(Submission).where(Submission.token_hash == hash_of(token)))


def send_link(session: Session, draft: Submission, token: str, public_url: str) -> bool:
    """Write the letter with the link of a draft; False when its address had as many as it may have today.

    What a stranger typed does not stand in the letter: it may go to somebody who never asked for it.
    """
    day = utc_now().date().isoformat()
    values = {"link": resume_link(public_url, token)}
    for number in range(LETTERS_A_DAY):
        key = f"draft link {hash_of((draft.email or '').casefold())[:16]} {day} {number}"
        if write_letter(session, Letter(draft.email or "", "draft-link", values, key=key)):
            return True
    return False


def send_links_again(session: Session, email: str, public_url: str) -> None:
    """Write letters with new links of the drafts that an address has begun; the old links end."""
    query = select(Submission).where(Submission.email == email, Submission.kind == "new")
    query = query.where(Submission.status.in_((*OPEN_STATUSES, "submitted")))
    for draft in session.scalars(query.order_by(Submission.created_at.desc()).limit(LETTERS_A_DAY)):
        token = new_token()
        if send_link(session, draft, token, public_url):
            draft.token_hash = hash_of(token)


def held(session: Session, submission_id: str) -> Submission | None:
    """A submission, read anew while nobody else can change it."""
    take_turn(session, f"submission {submission_id}")
    return session.get(Submission, submission_id, populate_existing=True)


def save_page(session: Session, draft: Submission, step: Step, typed: Typed, today: date) -> Saved:
    """Put the answers of a page into a draft. What cannot be read is kept beside it, and nothing is lost.

    `typed` holds the mark of what the page showed: when another tab has saved the page meanwhile, the answers
    are not put over it before a person has seen both.
    """
    options = read_options(session, draft.organization_id, today)
    before = answers_of(draft.document, step, options)
    reading = Reading(typed)
    if before is None or draft.status not in OPEN_STATUSES:
        return Saved(gone=True)
    changed = put_answers(draft.document, step, reading, options)
    mark = reading.raw("mark")
    meanwhile = bool(mark) and mark != mark_of(before) and changed != draft.document
    if reading.problems or meanwhile:
        kept = {name: texts for name, texts in reading.kept().items() if name not in ("csrf_token", "mark")}
        draft.unfinished = {**draft.unfinished, step.key: kept}
        draft.changed_at = utc_now()
        session.flush()
        return Saved(reading.problems, changed_meanwhile=meanwhile)
    keep(draft, changed or draft.document, step)
    session.flush()
    return Saved()


def keep(draft: Submission, document: Document, step: Step | None = None) -> None:
    """Make a document the draft's, and the step done; what was done of things that are gone is forgotten."""
    keys = {one.key for one in steps(document)}
    done = [*draft.pages_done, *([step.key] if step else [])]
    draft.document = document
    draft.pages_done = [key for key in dict.fromkeys(done) if key in keys]
    draft.unfinished = {
        key: typed
        for key, typed in draft.unfinished.items()
        if key in keys and not (step and key == step.key)
    }
    draft.changed_at = utc_now()


def add_service(session: Session, draft: Submission) -> Document | None:
    """Add an empty service to a draft; None when it has as many as it may have."""
    services = draft.document.get("services") or []
    if len(services) >= MOST_SERVICES:
        return None
    service = new_service()
    keep(draft, {**draft.document, "services": [*services, service]})
    session.flush()
    return service


def remove_service(session: Session, draft: Submission, service_id: str) -> bool:
    """Take a service out of a draft; False when it is not there."""
    services: list[Any] = draft.document.get("services") or []
    kept = [service for service in services if service["id"] != service_id]
    if len(kept) == len(services):
        return False
    keep(draft, {**draft.document, "services": kept})
    session.flush()
    return True
