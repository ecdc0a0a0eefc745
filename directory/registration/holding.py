"""What an import brings of a record that a person wrote last waits for a navigator."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from directory.accepting import OWN_SOURCES
from directory.models import Organization, Revision, Source, Submission, utc_now
from directory.models.turns import take_turn
from directory.openreferral.fill import Document
from directory.openreferral.load import Loaded, Origin, news_of, remember, said_over
from directory.registration.differences import differences
from directory.registration.proposals import WAITING, version_of
from directory.registration.taking import rebase
from directory.safekeeping.identities import BY_JOINING


def hold(session: Session, documents: Sequence[Document], origin: Origin) -> dict[str, Loaded]:
    """Put aside the documents of records whose newest version is a person's; what became of each.

    The outcome is waiting, or unchanged where the source says nothing new. The other documents are not in
    the answer, and are to be loaded.
    """
    ids = sorted({document["id"] for document in documents})
    there = sorted(session.scalars(select(Organization.id).where(Organization.id.in_(ids))))
    for organization_id in there:
        take_turn(session, f"organization {organization_id}")
    newest = _by_people(session, there)
    held: dict[str, Loaded] = {}
    for document in documents:
        revision = newest.get(document["id"])
        if revision is None:
            continue
        organization = session.get_one(Organization, document["id"])
        waits = _hold_one(session, document, revision, origin)
        if waits or document["id"] not in held:
            held[document["id"]] = Loaded(organization, "waiting" if waits else "unchanged")
    return held


def _by_people(session: Session, ids: Sequence[str]) -> dict[str, Revision]:
    """The newest version of each record that a person wrote last: joining records writes nothing."""
    newest = select(Revision.organization_id, func.max(Revision.number).label("number"))
    newest = newest.where(Revision.organization_id.in_(ids)).group_by(Revision.organization_id)
    last = newest.where(Revision.reason.not_in(BY_JOINING)).subquery()
    query = (
        select(Revision)
        .join(last, (last.c.organization_id == Revision.organization_id) & (last.c.number == Revision.number))
        .outerjoin(Source, Source.id == Revision.source_id)
        .where(or_(Revision.account_id.is_not(None), Source.slug.in_(OWN_SOURCES)))
    )
    theirs = {revision.organization_id: revision for revision in session.scalars(query)}
    now = newest.where(Revision.organization_id.in_(list(theirs))).subquery()
    whole = select(Revision).join(
        now, (now.c.organization_id == Revision.organization_id) & (now.c.number == Revision.number)
    )
    return {one.organization_id: one for one in session.scalars(whole)} if theirs else {}


def _hold_one(session: Session, document: Document, revision: Revision, origin: Origin) -> bool:
    news = news_of(session, document, origin)
    if not news:
        return False
    waits = hold_news(session, document, news, (revision, origin))
    remember(session, document, news, origin)
    return waits


def newest_by_person(session: Session, organization_id: str) -> Revision | None:
    """The newest version of a record, if a person wrote it last."""
    return _by_people(session, [organization_id]).get(organization_id)


def hold_news(
    session: Session, document: Document, news: Sequence[str], newest: tuple[Revision, Origin]
) -> bool:
    """Put aside what is new in a document; whether anything differs from the newest version."""
    revision, origin = newest
    waiting = session.scalars(
        select(Submission).where(
            Submission.organization_id == document["id"],
            Submission.kind == "import",
            Submission.source_id == origin.source_id,
            Submission.status.in_(WAITING),
        )
    ).first()
    # What the same source said before and nobody has looked at yet is not lost by what it says now.
    ground: Document = revision.document
    if waiting:
        base = version_of(session, document["id"], waiting.base_number)
        ground = rebase(base, waiting.document, revision.document)[0]
    whole = _whole(ground, document, news)
    if not differences(revision.document, whole):
        return False
    submission = waiting or Submission(
        kind="import", status="submitted", organization_id=document["id"], source_id=origin.source_id
    )
    submission.document, submission.base_number = whole, revision.number
    submission.submitted_at = submission.changed_at = utc_now()
    session.add(submission)
    session.flush()
    return True


def _whole(ground: Document, document: Document, news: Sequence[str]) -> dict[str, Any]:
    """The record as it stands with what the source says for the first time or otherwise than before.

    As with every import, what the source leaves out of the organisation stays, and so do services that it
    does not name.
    """
    found = dict(deepcopy(dict(ground)))
    services = {service["id"]: service for service in found.get("services") or []}
    if document["id"] in news:
        found = dict(said_over(found, document))
    for service in document.get("services") or []:
        if service["id"] in news:
            services[service["id"]] = service
    found["services"] = list(services.values())
    return found
