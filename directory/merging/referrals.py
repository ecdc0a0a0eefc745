"""Referrals to a service that both records have: counted together while they are one, and apart again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from directory.merging.rows import put_back, raw_rows
from directory.models import Account, ReferralCount, ServiceFullness
from directory.upkeep.fullness import ENOUGH

Raw = dict[str, Any]


def take_referrals(session: Session, folded: Mapping[str, str]) -> dict[str, list[Raw]]:
    """Add what is counted of each service that goes to the one it goes into; what is needed to go back."""
    left: dict[str, list[Raw]] = {"counts": [], "full": [], "kept_full": [], "joined_full": []}
    for gone_id, kept_id in folded.items():
        counts = raw_rows(session, ReferralCount, ReferralCount.service_id == gone_id)
        full = raw_rows(session, ServiceFullness, ServiceFullness.service_id == gone_id)
        left["counts"] += counts
        left["full"] += full
        left["kept_full"] += raw_rows(session, ServiceFullness, ServiceFullness.service_id == kept_id)
        for row in counts:
            _add(session, kept_id, row, row["referrals"])
        if full:
            _join_fullness(session, gone_id, kept_id)
        left["joined_full"] += raw_rows(session, ServiceFullness, ServiceFullness.service_id == kept_id)
    return left


def give_referrals(session: Session, folded: Mapping[str, str], left: Mapping[str, Sequence[Raw]]) -> None:
    """Hand back what was counted of a service that is there again; what came since stays."""
    accounts = {row["account_id"] for row in left.get("counts", ())}
    there = set(session.scalars(select(Account.id).where(Account.id.in_(accounts - {None}))))
    for row in left.get("counts", ()):
        mine = {**row, "account_id": row["account_id"] if row["account_id"] in there else None}
        _add(session, folded[row["service_id"]], mine, -row["referrals"])
        put_back(session, ReferralCount, [mine])
    put_back(session, ServiceFullness, left.get("full", ()))
    before = {row["service_id"]: row for row in left.get("kept_full", ())}
    for row in left.get("joined_full", ()):
        whose = ServiceFullness.service_id == row["service_id"]
        if raw_rows(session, ServiceFullness, whose) == [row]:
            session.execute(delete(ServiceFullness).where(whose))
            put_back(
                session, ServiceFullness, [before[row["service_id"]]] if row["service_id"] in before else []
            )
    session.flush()


def _add(session: Session, service_id: str, like: Raw, referrals: int) -> None:
    """Add to a count, or take off it as much as is there."""
    same = select(ReferralCount).where(
        ReferralCount.service_id == service_id,
        ReferralCount.account_id == like["account_id"],
        ReferralCount.month == date.fromisoformat(like["month"]),
        ReferralCount.outcome == like["outcome"],
    )
    row = session.scalars(same.order_by(ReferralCount.referrals.desc()).limit(1)).first()
    if row is not None:
        row.referrals += referrals
        if row.referrals <= 0:
            session.delete(row)
    elif referrals > 0:
        session.add(
            ReferralCount(
                service_id=service_id,
                account_id=like["account_id"],
                month=date.fromisoformat(like["month"]),
                outcome=like["outcome"],
                referrals=referrals,
            )
        )
    session.flush()


def _join_fullness(session: Session, gone_id: str, kept_id: str) -> None:
    """The service is full if the later word of the two says so."""
    gone = session.get_one(ServiceFullness, gone_id)
    kept = session.get(ServiceFullness, kept_id)
    if kept is None:
        kept = ServiceFullness(service_id=kept_id, days=[])
        session.add(kept)
    kept.free_on = max((day for day in (kept.free_on, gone.free_on) if day), default=None)
    full_on = max((day for day in (kept.full_on, gone.full_on) if day), default=None)
    kept.full_on = full_on if full_on and (kept.free_on is None or full_on >= kept.free_on) else None
    since = kept.free_on.isoformat() if kept.free_on else ""
    kept.days = sorted(day for day in (*kept.days, *gone.days) if day >= since)[-ENOUGH:]
    session.flush()
