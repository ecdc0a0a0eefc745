"""Join two records of one organisation: one is kept, the other goes into it. All in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from directory import audit
from directory.accepting import latest_number, place_and_publish
from directory.languages import gettext, own_words
from directory.merging.checks import join_checks
from directory.merging.referrals import take_referrals
from directory.merging.rows import take_over
from directory.merging.sides import most_trusted_first, sides_of
from directory.merging.survive import Side, United, unite
from directory.models import (
    MatchedPair,
    MergedId,
    Organization,
    OrganizationMerge,
    Revision,
    Service,
    Submission,
    utc_now,
)
from directory.models.turns import take_turn
from directory.openreferral.check import check
from directory.openreferral.dump import dump
from directory.openreferral.fill import Terms, fill_organization, fill_services
from directory.openreferral.load import Origin, keep_versions
from directory.openreferral.protect import locations
from directory.publishing.publish import publish
from directory.publishing.shape import is_individual
from directory.publishing.vocabulary import withdraw
from directory.registration.proposals import WAITING
from directory.safekeeping.identities import JOINED, JOINED_INTO
from directory.safekeeping.screen import screen
from directory.safekeeping.twins import hide_with_twins

AUTOMATIC, PERSON = "automatic", "person"


class NotMergedError(Exception):
    """Two records that cannot be joined; the message says why and what to do."""


@dataclass(frozen=True)
class Merging:
    """Who joins or takes apart, on which day, from which pair, and which side of which field was chosen.

    Choices are by key, each with the identifier of the record whose value is taken.
    """

    account_id: str | None
    today: date
    way: str = PERSON
    pair_id: str | None = None
    chosen: Mapping[str, str] = field(default_factory=dict)


def merge(session: Session, one_id: str, other_id: str, merging: Merging) -> OrganizationMerge:
    """Join two records; the caller commits. Raises NotMergedError, and then nothing was changed."""
    for key in sorted((one_id, other_id)):
        take_turn(session, f"organization {key}")
    found = [session.get(Organization, key, populate_existing=True) for key in (one_id, other_id)]
    if found[0] is None or found[1] is None or one_id == other_id:
        raise NotMergedError(gettext("One of the two records is not there any more."))
    kept, gone = most_trusted_first(session, found[0], found[1])
    kept_id, gone_id = kept.id, gone.id
    sides = sides_of(session, (kept, gone), (dump(kept), dump(gone)))
    ids = {kept_id: "kept", gone_id: "gone"}
    united = unite(sides[0], sides[1], {key: ids[one] for key, one in merging.chosen.items() if one in ids})
    refuse(session, kept, gone, united)
    row = _row(session, sides, united, merging)
    gone_source = gone.source_id
    rows = _hand_over(session, kept, gone, united)
    session.add(MergedId(old_id=gone_id, new_id=kept_id, merge_id=row.id))
    session.add_all(MergedId(old_id=o, new_id=n, merge_id=row.id) for o, n in united.folded.items())
    join_checks(session, kept_id, gone_id, rows, united.choices)
    # What was moved and whose it was must be known before the public copy credits it.
    row.rows = rows | {"gone_source": gone_source, "folded": dict(united.folded)}
    _write(session, kept, united, merging, row)
    session.flush()
    session.expire_all()
    row.document = dump(kept)
    row.rows = row.rows | _places(row)
    if merging.pair_id:
        pair = session.get_one(MatchedPair, merging.pair_id)
        pair.state, pair.decided_at, pair.decided_by_id = "same", utc_now(), merging.account_id
    session.flush()
    detail = {"gone": gone_id, "way": merging.way, "version": str(row.number)}
    audit.record(session, merging.account_id, "merge", ("organization", kept_id), detail)
    return row


def _row(session: Session, sides: tuple[Side, ...], united: United, merging: Merging) -> OrganizationMerge:
    kept, gone = (side.document for side in sides)
    row = OrganizationMerge(
        organization_id=kept["id"],
        gone_id=gone["id"],
        pair_id=merging.pair_id,
        way=merging.way,
        account_id=merging.account_id,
        number=(latest_number(session, kept["id"]) or 0) + 1,
        kept_document=kept,
        gone_document=gone,
        document=united.document,
        choices=united.choices,
    )
    session.add(row)
    session.flush()
    return row


def refuse(session: Session, kept: Organization, gone: Organization, united: United) -> None:
    """Raise NotMergedError where two records must not be joined, or not yet."""
    if kept.fictional != gone.fictional:
        raise NotMergedError(gettext("One of the two is made up for demonstration, and the other is not."))
    if is_individual(kept) != is_individual(gone):
        raise NotMergedError(gettext("One of the two is a person, and the other is not."))
    waits = select(Submission.id).where(Submission.organization_id == gone.id, Submission.status.in_(WAITING))
    if session.scalar(waits.limit(1)):
        raise NotMergedError(
            gettext(
                "Something that was sent in about “%(name)s” waits for a decision. Decide about it first.",
                name=own_words(gone.name),
            )
        )
    # Whoever is on the do-not-list under one of two names is on it under both.
    problems = [one.problem for one in screen(session, [dump(kept), dump(gone)]) if one.problem]
    problems += [problem for problem in check(united.document) if problem.fatal]
    if problems:
        raise NotMergedError(own_words(" ".join(dict.fromkeys(problem.message for problem in problems))))


def _hand_over(session: Session, kept: Organization, gone: Organization, united: United) -> dict[str, Any]:
    """Give the kept record what the other has, and take the other out."""
    moved = sorted(service.id for service in gone.services if service.id not in united.folded)
    version = Revision(
        organization_id=gone.id,
        number=(latest_number(session, gone.id) or 0) + 1,
        source_id=gone.source_id,
        reason=JOINED_INTO,
        document=dump(gone),
    )
    session.add(version)
    rows = take_over(session, kept.id, gone.id) | {"services": moved}
    rows["referrals"] = take_referrals(session, united.folded)
    session.execute(update(Service).where(Service.id.in_(moved)).values(organization_id=kept.id))
    session.expire_all()
    # Services have one public copy, which is now made with the kept record.
    withdraw(session, [gone.id])
    # Its places stay: they may be another's too, and what is protected must be the same when it comes back.
    session.delete(gone)
    session.flush()
    return rows


def _write(
    session: Session, kept: Organization, united: United, merging: Merging, row: OrganizationMerge
) -> None:
    """Make the kept record what both say, keep it as a version, and publish it."""
    (screened,) = screen(session, [united.document])
    terms = Terms(session)
    with session.no_autoflush:
        fill_organization(kept, screened.document, terms)
        fill_services(session, kept, screened.document, set(united.folded.values()), terms)
        kept.last_modified = utc_now()
    session.flush()
    hide_with_twins(session, [kept])
    keep_versions(session, [kept], Origin(kept.source_id, JOINED, account_id=merging.account_id))
    session.flush()
    place_and_publish(session, [kept], merging.today)
    children = select(Organization.id).where(Organization.parent_organization_id == kept.id)
    publish(session, {row.gone_id, *session.scalars(children)}, merging.today)


def _places(row: OrganizationMerge) -> dict[str, Any]:
    """Which places became stricter, and which are the other record's alone."""
    before = [{place["id"]: _protection(place) for place in locations(one)} for one in _both(row)]
    after = {place["id"]: _protection(place) for place in locations(row.document)}
    known = before[1] | before[0]
    tightened = {key: [known[key], now] for key, now in after.items() if known.get(key, now) != now}
    return {"tightened": tightened, "theirs": sorted(before[1].keys() - before[0].keys())}


def _both(row: OrganizationMerge) -> tuple[dict[str, Any], dict[str, Any]]:
    return row.kept_document, row.gone_document


def _protection(place: Mapping[str, Any]) -> str:
    return str(place.get("protection") or "open")
