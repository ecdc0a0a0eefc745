"""Undo what was done to many at once: the versions before come back, and the submissions wait again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import audit
from directory.accepting import ChangedMeanwhileError, NotAcceptedError, latest_number
from directory.languages import gettext, own_words, speak
from directory.letters.language import language_of
from directory.letters.write import Letter, write_letter
from directory.models import (
    BulkAction,
    Location,
    Organization,
    ReviewFlag,
    ServiceAtLocation,
    Submission,
    utc_now,
)
from directory.models.turns import take_turn
from directory.publishing.vocabulary import withdraw
from directory.registration.history import restore
from directory.registration.proposals import recipient_of
from directory.registration.reviewing import Decision
from directory.registration.settling import FLAGS_TURN


def undo(session: Session, bulk_id: str, decision: Decision) -> dict[str, str]:
    """Undo each thing that nobody touched since; by identifier, why the others stay. The caller commits."""
    take_turn(session, f"bulk action {bulk_id}")
    bulk = session.get_one(BulkAction, bulk_id, populate_existing=True)
    if bulk.undone_at is not None:
        raise ChangedMeanwhileError(bulk_id)
    _take_turns(session, bulk)
    stay: dict[str, str] = {}
    for item in bulk.items:
        try:
            with session.begin_nested():
                _undo_one(session, bulk, item, decision)
        except ChangedMeanwhileError:
            stay[item.get("submission") or item["organization"]] = gettext(
                "It was changed since, so it stays as it is."
            )
        except NotAcceptedError as error:
            stay[item.get("submission") or item["organization"]] = gettext(
                "It could not be brought back. %(why)s", why=own_words(str(error))
            )
    bulk.undone_at = utc_now()
    session.flush()
    detail = {"undone": str(len(bulk.items) - len(stay)), "left": str(len(stay))}
    audit.record(session, decision.account_id, "undo", ("bulk action", bulk.id), detail)
    return stay


def _take_turns(session: Session, bulk: BulkAction) -> None:
    submissions = [item for item in bulk.items if item["kind"] == "submission"]
    names = sorted(f"submission {item['submission']}" for item in submissions)
    names += sorted(FLAGS_TURN.format(item["organization"]) for item in bulk.items if item["kind"] == "flag")
    names += sorted({f"organization {item['organization']}" for item in submissions})
    for name in names:
        take_turn(session, name)


def _undo_one(session: Session, bulk: BulkAction, item: Mapping[str, Any], decision: Decision) -> None:
    if item["kind"] == "flag":
        _open_flags(session, item, bulk.account_id)
        return
    submission = session.get_one(Submission, item["submission"], populate_existing=True)
    number = latest_number(session, item["organization"])
    if submission.version != item["version"] or number != item["number_after"]:
        raise ChangedMeanwhileError(item["submission"])
    if item["number_before"] != item["number_after"]:
        _bring_back(session, item, replace(decision, number=number))
    submission.status, submission.bulk_action_id = item["status"], None
    submission.decided_at = submission.decided_by_id = submission.decision_reason = None
    session.flush()
    recipient = recipient_of(session, submission)
    if recipient:
        values = {"name": submission.document.get("name") or "", "site_name": decision.site_name}
        key = f"submission {submission.id} undone {submission.version}"
        with speak(language_of(session, recipient)):
            write_letter(session, Letter(recipient, "submission-undone", values, key))


def _bring_back(session: Session, item: Mapping[str, Any], decision: Decision) -> None:
    if item["new"]:
        take_out(session, item["organization"])
    else:
        restore(session, item["organization"], item["number_before"], decision)


def take_out(session: Session, organization_id: str) -> None:
    """Take a record out that had not been there before; its versions stay, so that it can come back."""
    organization = session.get_one(Organization, organization_id, populate_existing=True)
    places = [link.location_id for service in organization.services for link in service.service_at_locations]
    withdraw(session, [organization_id])
    session.delete(organization)
    session.flush()
    used = set(
        session.scalars(
            select(ServiceAtLocation.location_id).where(ServiceAtLocation.location_id.in_(places))
        )
    )
    for place_id in set(places) - used:
        location = session.get(Location, place_id)
        if location is not None:
            session.delete(location)
    session.flush()


def _open_flags(session: Session, item: Mapping[str, Any], account_id: str | None) -> None:
    query = select(ReviewFlag).where(
        ReviewFlag.id.in_(item["flags"]),
        ReviewFlag.settled_at.is_not(None),
        ReviewFlag.settled_by_id == account_id,
    )
    flags = list(session.scalars(query.execution_options(populate_existing=True)))
    if len(flags) != len(item["flags"]):
        raise ChangedMeanwhileError(item["organization"])
    for flag in flags:
        flag.settled_at = flag.settled_by_id = flag.outcome = None
    session.flush()
