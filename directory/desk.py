"""The desk of a navigator: what changed in a patch, what is due, whom to ring, which links are dead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.coverage.around_sites import site_coverage
from directory.coverage.travel import Travel
from directory.languages import N_, joined, own_words, term
from directory.models import (
    Organization,
    PublishedOrganization,
    PublishedService,
    Reminder,
    ReviewFlag,
    Revision,
    Source,
)
from directory.upkeep.patch import authorities_of_all, is_in_patch
from directory.upkeep.remind import due_day
from directory.upkeep.web_links import REASON

WEEK = timedelta(days=7)
SOON = timedelta(days=28)


@dataclass(frozen=True)
class Patch:
    """What a navigator looks after: codes of authorities, or with None all of them."""

    codes: Collection[str] | None
    authorities: Mapping[str, frozenset[str]] = field(repr=False, default_factory=dict)

    def holds(self, organization_id: str) -> bool:
        """Whether a record is in it."""
        return is_in_patch(self.authorities.get(organization_id, ()), self.codes)


def patch_of(session: Session, codes: Collection[str] | None) -> Patch:
    """A patch with the authorities of every record, read once."""
    return Patch(codes, authorities_of_all(session))


def changed_records(session: Session, patch: Patch, since: datetime) -> list[dict[str, Any]]:
    """The records that have a new version since a moment, the newest first; one row a record."""
    query = (
        select(Revision.organization_id, Revision.number, Revision.accepted_at, Revision.reason)
        .add_columns(Organization.name, Organization.fictional, Source.title)
        .join(Organization, Organization.id == Revision.organization_id)
        .outerjoin(Source, Source.id == Revision.source_id)
        .where(Revision.accepted_at >= since)
        .order_by(Revision.accepted_at.desc(), Revision.organization_id, Revision.number.desc())
    )
    rows: dict[str, dict[str, Any]] = {}
    for row in session.execute(query):
        if patch.holds(row.organization_id) and row.organization_id not in rows:
            rows[row.organization_id] = {
                "organization_id": row.organization_id,
                "organisation": row.name,
                "changed": row.accepted_at.date().isoformat(),
                "version": row.number,
                "source": row.title,
                "why": row.reason,
                "fictional": row.fictional,
            }
    return list(rows.values())


def due_records(session: Session, patch: Patch, today: date) -> list[dict[str, Any]]:
    """The published records that should be looked at by now or soon, the longest due first."""
    reminders = {row.organization_id: row for row in session.scalars(select(Reminder))}
    rows = []
    for one in session.scalars(select(PublishedOrganization)):
        due = due_day(one.document)
        if (due is None or due <= today + SOON) and patch.holds(one.organization_id):
            reminder = reminders.get(one.organization_id)
            rows.append(
                {
                    "organization_id": one.organization_id,
                    "organisation": one.name,
                    "due": due.isoformat() if due else None,
                    "state": _state(due, reminder, today),
                    "letters": reminder.stage if reminder else 0,
                    "telephone": phones(one.document),
                    "fictional": one.fictional,
                }
            )
    return sorted(rows, key=lambda row: (row["due"] or "", row["organisation"].casefold()))


def to_ring(session: Session, patch: Patch, today: date, within_metres: int) -> list[dict[str, Any]]:
    """The organisations that could settle a gap which is not known, with their public telephone.

    A gap is a kind of help at a priority site of the patch of which no service is known to be near, though
    some may be. Whoever could settle most comes first.
    """
    coverage = site_coverage(session, today, Travel(within_metres))
    sites = {site.slug: site.name for site in coverage.sites if _is_mine(site.authority_code, patch)}
    matrix = coverage.matrix
    unsure = matrix[matrix["state"].eq("not known") & matrix["slug"].isin(list(sites))]
    pairs = coverage.possible.merge(unsure[["slug", "category"]], on=["slug", "category"]).drop_duplicates()
    gaps: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for slug, category, provider_id in pairs[["slug", "category", "provider_id"]].itertuples(index=False):
        gaps[provider_id].append((sites[slug], coverage.categories[category]))
    query = select(PublishedService).where(PublishedService.service_id.in_(list(gaps)))
    services: dict[str, list[PublishedService]] = defaultdict(list)
    for service in session.scalars(query.order_by(PublishedService.name, PublishedService.service_id)):
        services[service.organization_id].append(service)
    rows = [_ring_row(some, gaps) for some in services.values()]
    return sorted(
        rows, key=lambda row: (-row["gaps"], row["organisation"].casefold(), row["organization_id"])
    )


def full_services(session: Session, patch: Patch) -> list[dict[str, Any]]:
    """The services that read as full, with the telephone to ask whether they still are."""
    full_on = PublishedService.document["full_on"].as_string()
    query = select(PublishedService).where(full_on.is_not(None))
    return [
        {
            "organization_id": one.organization_id,
            "organisation": one.organization_name,
            "service": one.name,
            "since": one.document["full_on"],
            "telephone": phones(one.document, one.document["organization"]),
            "fictional": one.fictional,
        }
        for one in session.scalars(query.order_by(full_on, PublishedService.service_id))
        if patch.holds(one.organization_id)
    ]


def dead_links(session: Session, patch: Patch) -> list[dict[str, Any]]:
    """The web addresses on record that were dead twice."""
    query = (
        select(ReviewFlag.organization_id, ReviewFlag.message, ReviewFlag.raised_at)
        .add_columns(Organization.name, Organization.fictional)
        .join(Organization, Organization.id == ReviewFlag.organization_id)
        .where(ReviewFlag.reason == REASON, ReviewFlag.settled_at.is_(None))
        .order_by(ReviewFlag.raised_at, ReviewFlag.id)
    )
    return [
        {
            "organization_id": row.organization_id,
            "organisation": row.name,
            "link": row.message,
            "since": row.raised_at.date().isoformat(),
            "fictional": row.fictional,
        }
        for row in session.execute(query)
        if patch.holds(row.organization_id)
    ]


def phones(*documents: Mapping[str, Any]) -> str | None:
    """The public telephone numbers of the first document that has any."""
    for document in documents:
        numbers = [phone["number"] for phone in document.get("phones", [])]
        if numbers:
            return ", ".join(numbers)
    return None


def _state(due: date | None, reminder: Reminder | None, today: date) -> str:
    if reminder is not None and reminder.stale_since is not None:
        return N_("out of date")
    if due is None:
        return N_("never checked")
    return N_("due") if due <= today else N_("due soon")


def _is_mine(authority_code: str, patch: Patch) -> bool:
    return patch.codes is None or authority_code in patch.codes


def _ring_row(
    services: Sequence[PublishedService], gaps: Mapping[str, list[tuple[str, str]]]
) -> dict[str, Any]:
    first = services[0]
    settled = sorted({pair for service in services for pair in gaps[service.service_id]})
    documents = [*(service.document for service in services), first.document["organization"]]
    return {
        "organization_id": first.organization_id,
        "organisation": first.organization_name,
        "telephone": phones(*documents),
        "services": ", ".join(service.name for service in services),
        "gaps": len(settled),
        "settles": joined((joined((term(category), own_words(site))) for site, category in settled), "; "),
        "fictional": first.fictional,
    }
