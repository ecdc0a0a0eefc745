"""What was ever said of an organisation's places, under each identifier that it had."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import OrganizationMerge, Revision, Unprotection

Document = Mapping[str, Any]
# The versions in which a person decided to show more, each with the identifier of the place.
Loosened = Sequence[tuple[int, str]]


def versions_with_loosenings(
    session: Session, organization_id: str
) -> Iterator[tuple[dict[int, Document], Loosened]]:
    """The versions of a record, and of each that was joined into it, with what people decided to show."""
    merges = session.scalars(
        select(OrganizationMerge).where(OrganizationMerge.organization_id == organization_id)
    ).all()
    query = select(Unprotection.number, Unprotection.location_id)
    rows = session.execute(query.where(Unprotection.organization_id == organization_id)).all()
    loosened = [(number, place) for number, place in rows]
    yield _versions(session, organization_id, [one for one in merges if one.undone_at]), loosened
    for merge in merges:
        if merge.undone_at is not None:
            continue
        left = merge.rows.get("left", {}).get("unprotection", [])
        said = [(int(row["number"]), str(row["location_id"])) for row in left]
        for versions, more in versions_with_loosenings(session, merge.gone_id):
            yield versions, [*more, *said]


def _versions(
    session: Session, organization_id: str, undone: Sequence[OrganizationMerge]
) -> dict[int, Document]:
    """The versions of a record by number, without what only a merge put into them that was undone."""
    query = select(Revision.number, Revision.document).where(Revision.organization_id == organization_id)
    numbered: dict[int, Document] = dict(session.execute(query.order_by(Revision.number)).all())
    for merge in undone:
        for number, document in numbered.items():
            if merge.number <= number < (merge.undone_number or 0):
                numbered[number] = _without(document, merge.rows)
    return numbered


def _without(document: Document, rows: Document) -> Document:
    """A version without the places that were the other record's, and with its own as strict as they were."""
    theirs, tightened = set(rows.get("theirs", [])), rows.get("tightened", {})
    services = []
    for service in document.get("services") or []:
        links = []
        for link in service.get("service_at_locations") or []:
            place = link.get("location") or {}
            if place.get("id") in theirs:
                continue
            before, after = tightened.get(place.get("id")) or (None, None)
            if before and (place.get("protection") or "open") == after:
                place = {**place, "protection": before}
            links.append({**link, "location": place})
        services.append({**service, "service_at_locations": links})
    return {**document, "services": services}
