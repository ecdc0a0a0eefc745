"""Count what became of referrals to a service: once each, in the month in which it was made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import audit
from directory.languages import N_, gettext
from directory.models import PublishedService, ReferralCount, ServiceFullness
from directory.models.turns import take_turn
from directory.publishing.publish import publish
from directory.upkeep.fullness import fullness_of, note_room, note_turned_away, take_back_turned_away

MADE, WAITING, ACCEPTED, FULL = "made", "waiting", "accepted", "full"
# A referral is one of these at a time, so that no count is a sum of others. There is no room for words.
OUTCOMES: Mapping[str, str] = {
    MADE: N_("Made, and no answer yet"),
    WAITING: N_("Waiting for a place"),
    ACCEPTED: N_("Accepted"),
    "age": N_("Turned away: too old or too young"),
    FULL: N_("Turned away: full"),
    "area": N_("Turned away: lives outside the area"),
    "time": N_("Turned away: not open then"),
    "need": N_("Turned away: does not take this need"),
    "no answer": N_("Turned away: nobody answered"),
    "other": N_("Turned away: another reason"),
}
NOT_COUNTED = ""
# What a referral may have been counted as before.
BEFORE: Mapping[str, str] = {
    NOT_COUNTED: N_("Not counted yet"),
    MADE: OUTCOMES[MADE],
    WAITING: OUTCOMES[WAITING],
}
MOST = 50
# Counts of this month and so many before it can still change.
MONTHS_OPEN = 2


class NotCountedError(Exception):
    """What cannot be counted so; the message says why and what to do, and `field` what it is about."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Counted:
    """So many referrals of a month that came to an outcome; what they were counted as before."""

    month: date
    outcome: str
    referrals: int = 1
    before: str = NOT_COUNTED


def open_months(today: date) -> list[date]:
    """The months whose counts can change, the present one first."""
    return [today.replace(day=1) - relativedelta(months=back) for back in range(MONTHS_OPEN + 1)]


def count(session: Session, account_id: str, service_id: str, counted: Counted, today: date) -> None:
    """Add to the counts of a navigator; the caller commits. Raises NotCountedError."""
    organization_id = _begin(session, service_id, counted, today)
    if counted.before != NOT_COUNTED:
        _add(session, account_id, service_id, counted.month, counted.before, -counted.referrals)
    _add(session, account_id, service_id, counted.month, counted.outcome, counted.referrals)
    _, day = _days(counted.month, today)
    with _said(session, account_id, (organization_id, service_id), today) as row:
        if counted.outcome == FULL:
            note_turned_away(row, day, counted.referrals)
        elif counted.outcome == ACCEPTED:
            note_room(row, day)


def take_back(session: Session, account_id: str, service_id: str, counted: Counted, today: date) -> None:
    """Take what was counted by mistake off again; the caller commits. Raises NotCountedError.

    A service that was full until somebody was counted as accepted by mistake is not full again by this.
    """
    organization_id = _begin(session, service_id, counted, today)
    _add(session, account_id, service_id, counted.month, counted.outcome, -counted.referrals)
    with _said(session, account_id, (organization_id, service_id), today) as row:
        if counted.outcome == FULL:
            take_back_turned_away(row, _days(counted.month, today), counted.referrals)


@contextmanager
def _said(
    session: Session, account_id: str, whose: tuple[str, str], today: date
) -> Iterator[ServiceFullness]:
    """Change inside whether a service is full: the public is told if it changed, the log that it counted."""
    organization_id, service_id = whose
    row = fullness_of(session, service_id)
    was = row.full_on
    yield row
    session.flush()
    if was != row.full_on:
        publish(session, [organization_id], today)
    # The log says that it was counted, and not what: it would tell small counts.
    audit.record(session, account_id, "count referrals", ("service", service_id))


def own_counts(session: Session, account_id: str, service_id: str | None = None) -> list[ReferralCount]:
    """What a navigator counted, the newest month first."""
    query = select(ReferralCount).where(ReferralCount.account_id == account_id)
    if service_id is not None:
        query = query.where(ReferralCount.service_id == service_id)
    order = list(OUTCOMES)
    return sorted(
        session.scalars(query),
        key=lambda one: (-one.month.toordinal(), one.service_id, order.index(one.outcome)),
    )


def _begin(session: Session, service_id: str, counted: Counted, today: date) -> str:
    """Look at what is to be counted, and wait for others who write of the same record, which is given."""
    if counted.outcome not in OUTCOMES:
        raise NotCountedError(gettext("Choose what became of it."), "outcome")
    if counted.month not in open_months(today):
        problem = gettext("Counts of that month can no longer change. Choose another month.")
        raise NotCountedError(problem, "month")
    if not 1 <= counted.referrals <= MOST:
        raise NotCountedError(gettext("Give how many, from 1 to %(most)s.", most=MOST), "referrals")
    if counted.before not in BEFORE or counted.before == counted.outcome:
        problem = gettext("It is counted as that already. Choose what it was counted as before.")
        raise NotCountedError(problem, "before")
    # Its columns alone: the public copy may be made anew in this session.
    query = select(PublishedService.organization_id).where(PublishedService.service_id == service_id)
    take_turn(session, f"organization {session.scalars(query).one()}")
    return session.scalars(query).one()


def _add(
    session: Session, account_id: str, service_id: str, month: date, outcome: str, referrals: int
) -> None:
    key = {"service_id": service_id, "account_id": account_id, "month": month, "outcome": outcome}
    row = session.scalars(select(ReferralCount).filter_by(**key)).one_or_none()
    number = (row.referrals if row else 0) + referrals
    if number < 0:
        raise NotCountedError(
            gettext(
                "You have counted fewer as “%(outcome)s” in that month. Look at the table below.",
                outcome=gettext(OUTCOMES[outcome]),
            ),
            "before",
        )
    if row is None:
        session.add(ReferralCount(**key, referrals=number))
    elif number == 0:
        session.delete(row)
    else:
        row.referrals = number
    session.flush()


def _days(month: date, today: date) -> tuple[date, date]:
    """The first day of a month, and its last or today: of a month that is over, the day is not known."""
    return month, min(today, month + relativedelta(months=1) - timedelta(days=1))
