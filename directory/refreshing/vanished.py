"""What a source no longer has is marked, not deleted, and a navigator is asked."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from directory.importing import GONE
from directory.models import ImportRun, Organization, ReviewFlag, Service, Source, SourceRecord
from directory.places.batches import batches
from directory.publishing.gone import still_there
from directory.publishing.publish import publish
from directory.safekeeping.identities import final_ids
from directory.safekeeping.veil import identifier_key, veiled_id
from directory.sources.entry import Reading


def keys_of(session: Session, reading: Reading, *, made_identifiers: bool) -> set[str]:
    """The identifiers of every organisation and service of a reading, as they are stored.

    A row that was rejected is there all the same, where its identifier can be read.
    """
    key = identifier_key(session)
    only = None if made_identifiers else reading.made_identifiers
    found = {veiled_id(name, key, only) for entry in reading.entries for name in _names(entry.document)}
    for item in reading.rejected:
        organization = item.original.get("organization")
        named = [item.original.get("id"), item.original.get("organization_id")]
        named += [organization.get("id")] if isinstance(organization, dict) else []
        found |= {name for name in named if isinstance(name, str)}
    return found


def _names(document: dict[str, object]) -> Iterator[str]:
    yield str(document["id"])
    services = document.get("services")
    for service in services if isinstance(services, list) else []:
        yield str(service["id"])


def held(session: Session, source: Source) -> list[SourceRecord]:
    """What a source said last, of each organisation and service, and has not taken back."""
    query = select(SourceRecord).where(SourceRecord.source_id == source.id)
    return [*session.scalars(query.where(SourceRecord.gone_since.is_(None)))]


def mark_gone(session: Session, run: ImportRun, keys: Collection[str], today: date) -> int:
    """Mark what the source has no longer, and take the mark from what it has again; how many organisations.

    An organisation that is gone is one thing to look at, however many services went with it.
    """
    records = session.scalars(select(SourceRecord).where(SourceRecord.source_id == run.source_id)).all()
    gone = [record for record in records if record.key not in keys and record.gone_since is None]
    back = [record for record in records if record.key in keys and record.gone_since is not None]
    for record in gone:
        record.gone_since = today
    for record in back:
        record.gone_since = None
    _forget_flags(session, {record.organization_id for record in back})
    session.flush()
    named = {record.organization_id for record in gone}
    joined = final_ids(session, {record.key for record in gone})
    whole = {
        record.organization_id
        for record in gone
        if record.organization_id in (record.key, joined.get(record.key))
    } - still_there(session, named)
    _flag(session, run, gone, (whole, set(joined)))
    session.flush()
    publish(session, {record.organization_id for record in [*gone, *back]}, today)
    return len(whole)


def _flag(
    session: Session,
    run: ImportRun,
    gone: Collection[SourceRecord],
    organizations: tuple[Collection[str], Collection[str]],
) -> None:
    whole, joined = organizations
    title = session.get_one(Source, run.source_id).title
    names: dict[str, str] = {}
    for some in batches(sorted(record.key for record in gone), 500):
        for model in (Organization, Service):
            names |= dict(session.execute(select(model.id, model.name).where(model.id.in_(some))).all())
    for record in gone:
        is_whole = record.key == record.organization_id or record.key in joined
        if is_whole and record.organization_id not in whole:
            continue  # another source of a joined record still has it
        if (record.key not in names and record.key not in joined) or (
            record.organization_id in whole and not is_whole
        ):
            continue  # it was taken off the record meanwhile, or is said of the organisation
        what = "It" if is_whole else f"The service “{names[record.key]}”"
        message = f"{what} is no longer in the source “{title}”. Has it closed, or does it still run?"
        session.add(
            ReviewFlag(organization_id=record.organization_id, run_id=run.id, reason=GONE, message=message)
        )


def _forget_flags(session: Session, ids: Collection[str]) -> None:
    for some in batches(sorted(ids), 500):
        open_ones = ReviewFlag.organization_id.in_(some) & ReviewFlag.settled_at.is_(None)
        session.execute(delete(ReviewFlag).where(open_ones, ReviewFlag.reason == GONE))
