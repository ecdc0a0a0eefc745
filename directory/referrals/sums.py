"""What all navigators counted, without the counts that are small, and without those that would tell them.

A referral is counted under one outcome, so the counts of each outcome are a tree of their own: services, and
all services together. It is the tree of `directory.coverage.demand`, with services for wards. Quarters are
told once no count of theirs can change: two looks at one that goes on would tell one referral.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.coverage.demand import Cell, shown_of_authorities, shown_of_wards
from directory.models import PublishedService, ReferralCount
from directory.referrals.count import MONTHS_OPEN, OUTCOMES

ALL = "all"
QUARTER = relativedelta(months=3)


@dataclass(frozen=True)
class Sum:
    """How many referrals of a quarter to a service, or to all, came to an outcome.

    `referrals` is None where it must not be told. With `more`, it is only the sum of what may be told.
    """

    service_id: str
    outcome: str
    referrals: int | None
    more: bool


def quarters(session: Session, today: date) -> list[date]:
    """The first days of the quarters that can be told, the newest first."""
    first = session.scalar(select(func.min(ReferralCount.month)))
    if first is None:
        return []
    start, found = _quarter(first), []
    while start + QUARTER <= today.replace(day=1) - relativedelta(months=MONTHS_OPEN):
        found.append(start)
        start += QUARTER
    return found[::-1]


def sums(session: Session, quarter: date, account_id: str | None) -> list[Sum]:
    """The counts of a quarter that may be told to whoever reads them: all services first, then each."""
    query = (
        select(
            ReferralCount.service_id,
            ReferralCount.outcome,
            ReferralCount.account_id,
            func.sum(ReferralCount.referrals),
        )
        .join(PublishedService, PublishedService.service_id == ReferralCount.service_id)
        .where(ReferralCount.month >= quarter, ReferralCount.month < quarter + QUARTER)
        .group_by(ReferralCount.service_id, ReferralCount.outcome, ReferralCount.account_id)
    )
    rows = [(key, outcome, by, int(referrals)) for key, outcome, by, referrals in session.execute(query)]
    return told(rows, quarter, account_id)


def told(
    rows: Iterable[tuple[str, str, str | None, int]], quarter: date, account_id: str | None
) -> list[Sum]:
    """What may be told of counts: service, outcome, who counted, and how many.

    What readers counted themselves they know. So what others counted must be large enough by itself.
    """
    own: dict[Cell, int] = defaultdict(int)
    others: dict[Cell, int] = defaultdict(int)
    for service_id, outcome, counted_by, referrals in rows:
        whose = own if counted_by is not None and counted_by == account_id else others
        whose[quarter, service_id, outcome] += referrals
    parents = {service_id: ALL for _, service_id, _ in (*own, *others)}
    shown, hidden = shown_of_wards(others, parents)
    wholes, part = shown_of_authorities(others, parents)
    mine: dict[Cell, int] = defaultdict(int)
    for (_, _, outcome), referrals in own.items():
        mine[quarter, ALL, outcome] += referrals
    return [*_told(mine, wholes, part), *_told(own, shown, hidden)]


def _told(own: Mapping[Cell, int], shown: Mapping[Cell, int], hidden: Collection[Cell]) -> list[Sum]:
    order = list(OUTCOMES)
    cells = sorted({*own, *shown, *hidden}, key=lambda cell: (cell[1], order.index(cell[2])))
    found = []
    for cell in cells:
        number, is_part = own.get(cell, 0) + shown.get(cell, 0), cell in hidden
        found.append(
            Sum(cell[1], cell[2], None if is_part and not number else number, is_part and number > 0)
        )
    return found


def _quarter(day: date) -> date:
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
