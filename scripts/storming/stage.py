"""What a storm is about: organisations with changes that wait, flags, and reviewers. All of it is made up."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy.orm import Session

from directory.accounts.actors import roles_named
from directory.models import Account, ReviewFlag, Source, Submission, utc_now
from directory.openreferral.fill import Terms
from directory.openreferral.load import Origin, load_all

CHANGES = 3
SENDER = "sender@example.org"
BATCH = 50


def made_id(*words: object) -> str:
    """The same identifier for the same words."""
    return str(uuid5(NAMESPACE_URL, " ".join(map(str, words))))


def document(number: int, *services: str) -> dict[str, Any]:
    """An organisation with a counter for its description, and one service for each name."""
    name = f"Storm {number}"
    hall = {"id": made_id(name, "hall"), "name": "Hall", "addresses": [{"address_1": "1 Gale Street"}]}
    link = {"id": made_id(name, "link"), "location": hall}
    first = {"id": made_id(name, "service"), "name": "Club", "service_at_locations": [link]}
    more = [{"id": made_id(name, service), "name": service} for service in services]
    return {
        "id": made_id(name),
        "name": name,
        "description": "0",
        "fictional": True,
        "services": [first, *more],
    }


def change_of(organization: int, change: int) -> str:
    """The identifier of one of the changes that wait of an organisation."""
    return made_id("storm", "submission", organization, change)


def set_up(session: Session, organizations: int, reviewers: int) -> None:
    """Put all of it into the tables. Each change adds a service of its own, and all start from version 1."""
    source = Source(slug="storm", title="Storm", fictional=True)
    session.add(source)
    session.flush()
    terms, origin = Terms(session), Origin(source.id, "Staged")
    for start in range(0, organizations, BATCH):
        numbers = range(start, min(start + BATCH, organizations))
        load_all(session, [document(number) for number in numbers], terms, origin)
    for number in range(organizations):
        key = made_id(f"Storm {number}")
        session.add(ReviewFlag(organization_id=key, reason="check", message="Look"))
        for change in range(CHANGES):
            session.add(
                Submission(
                    id=change_of(number, change),
                    kind="change",
                    status="submitted",
                    organization_id=key,
                    base_number=1,
                    document=document(number, f"change {change}"),
                    email=SENDER,
                    submitted_at=utc_now(),
                )
            )
    roles = roles_named(session, ["navigator"])
    for number in range(reviewers):
        key = reviewer(number)
        session.add(Account(id=key, email=f"reviewer-{number}@example.org", name="", roles=roles))
    session.commit()


def reviewer(number: int) -> str:
    """The identifier of a reviewer."""
    return made_id("storm", "reviewer", number)
