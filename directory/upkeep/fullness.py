"""When a service is full, by what became of referrals; and when no longer.

The rule: it turned away at least `ENOUGH` referrals as full within `WITHIN_DAYS` days, and took none since.
It is full until it takes one, or somebody says that there is room. The record itself stays as it is: its
organisation is asked.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from directory import audit
from directory.models import Service, ServiceFullness
from directory.models.turns import take_turn
from directory.publishing.fullness import full_of
from directory.publishing.publish import publish

ENOUGH = 3
WITHIN_DAYS = 60
# So many days are kept of a service: with fewer, to take back a mistake would end what stands without it.
MOST = 60


def fullness_of(session: Session, service_id: str) -> ServiceFullness:
    """The row of a service; a new one if it has none."""
    row = session.get(ServiceFullness, service_id)
    if row is None:
        row = ServiceFullness(service_id=service_id, days=[])
        session.add(row)
    return row


def note_turned_away(row: ServiceFullness, day: date, referrals: int) -> None:
    """Some referrals were turned away as full on a day."""
    if row.free_on is not None and day < row.free_on:
        return
    row.days = sorted([*row.days, *[day.isoformat()] * referrals])[-MOST:]
    full_on = _full_on(row.days)
    if full_on is not None:
        row.full_on = max(full_on, row.full_on or full_on)


def take_back_turned_away(row: ServiceFullness, days: tuple[date, date], referrals: int) -> None:
    """Some referrals of a span of days were not turned away after all: the last of them are forgotten."""
    first, last = (day.isoformat() for day in days)
    before = _full_on(row.days)
    for day in sorted(row.days, reverse=True):
        if referrals > 0 and first <= day <= last:
            row.days = [*row.days[: row.days.index(day)], *row.days[row.days.index(day) + 1 :]]
            referrals -= 1
    now = _full_on(row.days)
    # A later day is the word of its organisation, and stays.
    if now is None or row.full_on == before:
        row.full_on = now if row.full_on else None


def _full_on(days: Sequence[str]) -> date | None:
    """The last of some days in their order on which it had turned enough away, none of them too old."""
    ordered = [date.fromisoformat(day) for day in days]
    pairs = zip(ordered, ordered[ENOUGH - 1 :], strict=False)
    return max((last for first, last in pairs if last - first <= timedelta(days=WITHIN_DAYS)), default=None)


def note_room(row: ServiceFullness, day: date) -> None:
    """A referral was taken on a day, or somebody said on it that there is room."""
    row.days = [one for one in row.days if one > day.isoformat()]
    row.free_on = max(day, row.free_on or day)
    if row.full_on is not None and row.full_on <= day:
        row.full_on = None


def answer_for(session: Session, organization_id: str, with_room: Collection[str], today: date) -> None:
    """What an organisation answers when it is asked: some of its services have room, the others have none."""
    for row in full_of(session, [organization_id]):
        if row.service_id in with_room:
            note_room(row, today)
        else:
            row.full_on = today


def say_room(session: Session, service_id: str, today: date, account_id: str | None) -> None:
    """Say that a service has room again; the caller has looked at who says so, and commits."""
    service = session.get_one(Service, service_id)
    take_turn(session, f"organization {service.organization_id}")
    row = session.get(ServiceFullness, service_id, populate_existing=True)
    if row is None or row.full_on is None:
        return
    note_room(row, today)
    session.flush()
    publish(session, [service.organization_id], today)
    audit.record(session, account_id, "say there is room", ("service", service_id))
