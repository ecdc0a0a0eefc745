"""What readers say is wrong or missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from directory.accounts.actors import target_of
from directory.languages import N_
from directory.models import PublishedOrganization, PublishedService, Report
from directory.registration.answers import Reading
from directory.registration.navigators import tell_navigators

ABOUT = {
    "wrong": N_("Something is wrong"),
    "missing": N_("Something is missing"),
    "closed": N_("It has closed or moved"),
    "unsafe": N_("Something should not be shown"),
    "other": N_("Something else"),
}
LONGEST = 3_000


@dataclass(frozen=True)
class Said:
    """What a reader says, about an entry or one of its services."""

    about: str
    text: str
    email: str | None = None


def read_report(reading: Reading) -> Said | None:
    """What was typed; None while something is wrong with it."""
    about = reading.choice("about", N_("what it is about"), ABOUT, needed=True)
    text = reading.text("text", N_("message"), LONGEST, needed=True)
    email = reading.email("email")
    return None if reading.problems else Said(str(about), str(text), email)


def keep_report(
    session: Session,
    published: PublishedOrganization | PublishedService,
    said: Said,
    public_url: str,
    today: date,
) -> Report:
    """Keep what a reader said, for the navigators of the entry; they are told at most once a day."""
    codes = target_of(session, published.organization_id).authority_codes
    report = Report(
        organization_id=published.organization_id,
        service_id=published.service_id if isinstance(published, PublishedService) else None,
        about=said.about,
        text=said.text,
        email=said.email,
        authority_code=next(iter(sorted(codes)), None),
    )
    session.add(report)
    session.flush()
    tell_navigators(session, codes, N_("reports from readers"), public_url, today)
    return report
