"""What an organisation answers when it is asked whether its record is still right."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from directory import audit
from directory.models import Organization, PublishedOrganization, Reminder, Submission, utc_now
from directory.models.review import OPEN_STATUSES
from directory.models.turns import take_turn
from directory.openreferral.dump import dump
from directory.publishing.publish import publish
from directory.publishing.whole import whole
from directory.upkeep.checks import Said, confirm_all
from directory.upkeep.fullness import answer_for
from directory.upkeep.remind import begin_again, due_day
from directory.upkeep.signed_links import newest_number


def confirm(
    session: Session,
    organization_id: str,
    said: Said,
    account_id: str | None = None,
    with_room: Collection[str] = (),
) -> None:
    """Say that all of a record is still right: every field is dated, and nobody is asked until it is due.

    Of its services that read as full, those `with_room` do so no longer, and the others from this day.

    The caller has looked at who says so, and commits.
    """
    take_turn(session, f"organization {organization_id}")
    record = select(Organization).where(Organization.id == organization_id).options(*whole())
    confirm_all(session, dump(session.scalars(record).one()), said)
    answer_for(session, organization_id, with_room, said.on)
    reminder = reminder_of(session, organization_id, said.on)
    reminder.answered_at = utc_now()
    reminder.stale_since = None
    session.flush()
    publish(session, [organization_id], said.on)
    public = session.get(PublishedOrganization, organization_id, populate_existing=True)
    due_on = due_day(public.document) if public else None
    begin_again(reminder, due_on or said.on)
    number = str(newest_number(session, organization_id) or 0)
    detail = {"version": number, "way": said.way}
    audit.record(session, account_id, "still right", ("organization", organization_id), detail)


def stop_reminders(session: Session, organization_id: str, today: date) -> None:
    """Write no more reminders to an organisation."""
    reminder = reminder_of(session, organization_id, today)
    if reminder.unsubscribed_at is None:
        reminder.unsubscribed_at = utc_now()
        audit.record(session, None, "stop reminders", ("organization", organization_id))


def start_reminders(session: Session, organization_id: str, today: date) -> None:
    """Write reminders to an organisation again."""
    reminder = reminder_of(session, organization_id, today)
    if reminder.unsubscribed_at is not None:
        reminder.unsubscribed_at = None
        audit.record(session, None, "start reminders", ("organization", organization_id))


def take_back_links(
    session: Session, organization_id: str, today: date, account_id: str | None = None
) -> None:
    """Make the links in the letters to an organisation open nothing any more, nor what was begun by them."""
    reminder_of(session, organization_id, today).links_void += 1
    begun = (Submission.organization_id == organization_id, Submission.is_by_link)
    session.execute(
        update(Submission)
        .where(*begun, Submission.status.in_(OPEN_STATUSES))
        .values(status="withdrawn", version=Submission.version + 1)
    )
    audit.record(session, account_id, "take back links", ("organization", organization_id))


def reminder_of(session: Session, organization_id: str, today: date) -> Reminder:
    """How far the asking of an organisation has come; a new row if it was never asked."""
    reminder = session.get(Reminder, organization_id)
    if reminder is None:
        session.get_one(Organization, organization_id)
        reminder = Reminder(organization_id=organization_id, due_on=today, stage=0, links_void=0)
        session.add(reminder)
    return reminder
