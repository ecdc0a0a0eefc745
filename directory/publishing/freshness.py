"""How fresh a record is: who last said of each field that it is right, and when it should be looked at again.

One rule for all outputs. A field stays good for so many months after its check. A record is as fresh as the
field that is due first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import FieldCheck, Reminder
from directory.openreferral.fields import ORGANIZATION_FIELDS, SERVICE_FIELDS, says
from directory.publishing.fullness import Full, full_services

# For how many months a check of a field is good.
MONTHS: Mapping[str, int] = MappingProxyType(
    {
        "name": 36,
        "description": 24,
        "contact": 12,
        "identifiers": 36,
        "kind": 36,
        "hours": 6,
        "ages": 12,
        "cost": 12,
        "referral": 12,
        "place": 12,
        "languages": 12,
        "funding": 24,
    }
)
STALE_DAYS = 730
# Where a session keeps the rule of its application.
RULE = "freshness"


@dataclass(frozen=True)
class Rule:
    """For how many months a check of each field is good, and after how many days an entry is out of date."""

    months: Mapping[str, int] = field(default_factory=lambda: MONTHS)
    stale_days: int = STALE_DAYS

    def due_on(self, field: str, checked_on: date) -> date:
        """The day from which a field should be looked at again."""
        return checked_on + relativedelta(months=self.months[field])


@dataclass(frozen=True)
class Check:
    """Who said of a field that it is right, on which day, and until when that is good."""

    field: str
    way: str
    checked_on: date
    due_on: date


@dataclass(frozen=True)
class Checks:
    """The checks of some organisations, by organisation and entity, and who did not answer when asked."""

    found: Mapping[tuple[str, str], Collection[Check]]
    stale_since: Mapping[str, date]
    rule: Rule
    full: Full = field(default_factory=dict)


def read_months(text: str) -> dict[str, int]:
    """The months of a setting such as "hours=6 name=36"; what it does not name stays as it is."""
    months = dict(MONTHS)
    for part in text.split():
        field, _, number = part.partition("=")
        if field not in MONTHS or not number.isdecimal() or not 0 < int(number) <= 600:
            raise ValueError(
                f"{part!r} is not a field with its months, such as hours=6. "
                f"The fields are: {', '.join(MONTHS)}."
            )
        months[field] = int(number)
    return months


def rule_of(session: Session) -> Rule:
    """The rule of the application that opened a session, or the usual one."""
    rule: Rule = session.info.get(RULE) or Rule()
    return rule


def read_checks(session: Session, organization_ids: Collection[str]) -> Checks:
    """The checks of some organisations and their services, in three queries."""
    rule = rule_of(session)
    found = defaultdict(list)
    query = select(FieldCheck).where(FieldCheck.organization_id.in_(organization_ids))
    for row in session.scalars(query.order_by(FieldCheck.field)):
        check = Check(row.field, row.way, row.checked_on, rule.due_on(row.field, row.checked_on))
        found[row.organization_id, row.entity_id].append(check)
    stale = select(Reminder.organization_id, Reminder.stale_since).where(
        Reminder.organization_id.in_(organization_ids), Reminder.stale_since.is_not(None)
    )
    unanswered = {key: day for key, day in session.execute(stale) if day is not None}
    return Checks(found, unanswered, rule, full_services(session, organization_ids))


def service_freshness(
    document: Mapping[str, Any], organization_id: str, checks: Checks, assured: date | None
) -> dict[str, Any] | None:
    """How fresh the public document of a service is; without checks, by the day that its source gives."""
    found = checks.found.get((organization_id, document["id"]), ())
    shown = [check for check in found if says(document, SERVICE_FIELDS[check.field][1])]
    if not shown and assured is not None:
        due = ((field, checks.rule.due_on(field, assured)) for field in SERVICE_FIELDS)
        shown = [
            Check(field, "import", assured, day)
            for field, day in due
            if says(document, SERVICE_FIELDS[field][1])
        ]
    full_on = checks.full.get(document["id"])
    if full_on is not None:
        shown = _asked_again(shown, full_on)
    return _freshness(shown, shown, organization_id, checks)


def _asked_again(shown: Sequence[Check], full_on: date) -> list[Check]:
    """Of a service that turned people away, how to get a place is due, or else what was checked first."""
    asked = [check for check in shown if check.field == "referral"]
    asked = asked or sorted(shown, key=lambda check: (check.checked_on, check.field))[:1]
    return [
        replace(check, due_on=min(check.due_on, full_on))
        if check in asked and check.checked_on < full_on
        else check
        for check in shown
    ]


def organization_freshness(
    document: Mapping[str, Any], services: Iterable[Mapping[str, Any] | None], checks: Checks
) -> dict[str, Any] | None:
    """How fresh an organisation's public document is: with its services, but the fields are its own."""
    found = checks.found.get((document["id"], document["id"]), ())
    own = [check for check in found if says(document, ORGANIZATION_FIELDS[check.field][1])]
    theirs = [_from_public(field) for one in services if one for field in one["fields"]]
    return _freshness(own, [*own, *theirs], document["id"], checks)


def _freshness(
    fields: Collection[Check], all_of_it: Collection[Check], organization_id: str, checks: Checks
) -> dict[str, Any] | None:
    """The first field to be due speaks for all; None when nobody ever checked any.

    Of what nobody ever checked, though its organisation was asked, there is only the day of that.
    """
    unanswered = checks.stale_since.get(organization_id)
    if not all_of_it:
        return {"stale_on": unanswered.isoformat(), "fields": []} if unanswered else None
    first = min(all_of_it, key=lambda check: (check.due_on, check.checked_on, check.field))
    good_until = max(first.due_on, first.checked_on + timedelta(days=checks.rule.stale_days))
    stale_on = good_until + timedelta(days=1)
    if unanswered is not None and first.due_on <= unanswered:
        stale_on = min(stale_on, unanswered)
    return _public(first) | {
        "stale_on": stale_on.isoformat(),
        "fields": [{"field": check.field, **_public(check)} for check in fields],
    }


def _public(check: Check) -> dict[str, str]:
    return {
        "way": check.way,
        "checked_on": check.checked_on.isoformat(),
        "due_on": check.due_on.isoformat(),
    }


def _from_public(field: Mapping[str, str]) -> Check:
    checked_on, due_on = date.fromisoformat(field["checked_on"]), date.fromisoformat(field["due_on"])
    return Check(field["field"], field["way"], checked_on, due_on)
