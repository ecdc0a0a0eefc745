"""Take a merge back, entirely: both records as they were, each with what was written since in its fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from directory import audit
from directory.accepting import ChangedMeanwhileError, latest_number, place_and_publish
from directory.languages import gettext, own_words
from directory.merging.checks import divide_checks
from directory.merging.divide import Joined, divide
from directory.merging.merge import Merging
from directory.merging.parts import key_of
from directory.merging.referrals import give_referrals
from directory.merging.rows import give_back
from directory.models import (
    Location,
    MatchedPair,
    MergedId,
    Organization,
    OrganizationMerge,
    Service,
    Source,
    utc_now,
)
from directory.models.turns import take_turn
from directory.openreferral.dump import dump
from directory.openreferral.fill import Terms, fill_organization, fill_services
from directory.openreferral.load import Origin, keep_versions
from directory.publishing.publish import publish
from directory.safekeeping.do_not_list import CONSENT, add_mark, consent_marks
from directory.safekeeping.identities import APART
from directory.safekeeping.screen import WITHDRAWN, screen


class NotUndoneError(Exception):
    """A merge that cannot be undone as it stands; the message says why and what to do.

    `first_id` is the later merge that must be undone before.
    """

    def __init__(self, why: str, first_id: str | None = None) -> None:
        super().__init__(why)
        self.first_id = first_id


def built_on(session: Session, row: OrganizationMerge) -> OrganizationMerge | None:
    """The newest merge that holds and that came after this one, with the same kept record."""
    part = or_(
        OrganizationMerge.organization_id == row.organization_id,
        OrganizationMerge.gone_id == row.organization_id,
    )
    later = OrganizationMerge.merged_at > row.merged_at
    query = select(OrganizationMerge).where(part, later, OrganizationMerge.undone_at.is_(None))
    return session.scalars(query.order_by(OrganizationMerge.merged_at.desc()).limit(1)).first()


def undo(session: Session, merge_id: str, merging: Merging) -> OrganizationMerge:
    """Bring both records of a merge back; the caller commits.

    Raises NotUndoneError, or ChangedMeanwhileError where somebody undid it before.
    """
    row = session.get_one(OrganizationMerge, merge_id)
    for key in sorted((row.organization_id, row.gone_id)):
        take_turn(session, f"organization {key}")
    session.refresh(row)
    if row.undone_at is not None:
        raise ChangedMeanwhileError(row.organization_id)
    later = built_on(session, row)
    if later is not None:
        raise NotUndoneError(gettext("A later merge was built on this one. Undo that one first."), later.id)
    kept = session.get(Organization, row.organization_id, populate_existing=True)
    if kept is None:
        raise NotUndoneError(gettext("The record that was kept is not there any more."))
    current = dump(kept)
    documents = _documents(session, row, current, merging.account_id)
    row.undone_at, row.undone_by_id = utc_now(), merging.account_id
    row.undone_number = (latest_number(session, kept.id) or 0) + 1
    session.execute(delete(MergedId).where(MergedId.merge_id == row.id))
    session.flush()
    gone = _bring_back(session, row, kept, documents)
    give_back(session, kept.id, gone.id, row.rows)
    give_referrals(session, row.rows["folded"], row.rows.get("referrals", {}))
    divide_checks(session, kept.id, gone.id, row.rows, row.choices)
    _loosen(session, row.rows["tightened"])
    session.flush()
    session.expire_all()
    for record in (kept, gone):
        keep_versions(session, [record], Origin(record.source_id, APART, account_id=merging.account_id))
    session.flush()
    place_and_publish(session, [kept, gone], merging.today)
    publish(session, set(row.rows["children"]), merging.today)
    if row.pair_id:
        pair = session.get_one(MatchedPair, row.pair_id)
        pair.state, pair.decided_at, pair.decided_by_id = "undone", utc_now(), merging.account_id
    session.flush()
    detail = {"gone": row.gone_id, "version": str(row.undone_number)}
    audit.record(session, merging.account_id, "undo merge", ("organization", row.organization_id), detail)
    return row


def joined_of(row: OrganizationMerge) -> Joined:
    """A merge as it was done."""
    return Joined(row.kept_document, row.gone_document, row.document, row.choices, row.rows["folded"])


def _documents(
    session: Session, row: OrganizationMerge, current: Mapping[str, Any], account_id: str | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both records, without whom was put on the do-not-list and whoever took consent back since."""
    documents = divide(current, joined_of(row))
    screened = screen(session, documents)
    for one in screened:
        if one.problem:
            raise NotUndoneError(own_words(one.problem.message))
    withdrawn = {_person(one) for one in _contacts(current) if one.get("consent_scope") == WITHDRAWN}
    withdrawn -= {_person(one) for one in _contacts(row.document) if one.get("consent_scope") == WITHDRAWN}
    for one in screened:
        for contact in _contacts(one.document):
            if _person(contact) in withdrawn:
                contact.pop("consent_date", None)
                contact["consent_scope"] = WITHDRAWN
                for mark in consent_marks(one.document["id"], contact):
                    add_mark(session, CONSENT, mark, "Consent withdrawn", account_id).added_at = utc_now()
    return screened[0].document, screened[1].document


def _contacts(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for part in (document, *(document.get("services") or [])):
        yield from part.get("contacts") or []


def _person(contact: Mapping[str, Any]) -> str:
    return key_of("contacts", contact)


def _bring_back(
    session: Session, row: OrganizationMerge, kept: Organization, documents: Sequence[dict[str, Any]]
) -> Organization:
    """Fill both records. What goes back leaves the kept one first: its rows have the same identifiers."""
    ours, theirs = documents
    terms, folded = Terms(session), row.rows["folded"]
    source_id = row.rows["gone_source"]
    known = source_id if source_id and session.get(Source, source_id) else None
    lists: dict[str, list[Any]] = {
        name: [] for name in ("identifiers", "phones", "contacts", "attributes", "services")
    }
    gone = Organization(id=row.gone_id, name=theirs["name"], source_id=known, **lists)
    session.add(gone)
    session.flush()
    back = [service["id"] for service in theirs["services"] if service["id"] not in folded]
    session.execute(
        update(Service)
        .where(Service.id.in_(back), Service.organization_id == kept.id)
        .values(organization_id=gone.id)
    )
    session.expire_all()
    for record, document, changed in ((kept, ours, set(folded.values())), (gone, theirs, set(folded))):
        with session.no_autoflush:
            fill_organization(record, document, terms)
            fill_services(session, record, document, changed, terms)
            record.last_modified = utc_now()
        session.flush()
    return gone


def _loosen(session: Session, tightened: Mapping[str, Sequence[str]]) -> None:
    """Places that only the merge made stricter are as they were. What a person hid since stays hidden."""
    for key, (before, after) in tightened.items():
        location = session.get(Location, key)
        if location is not None and location.protection == after:
            location.protection = before
