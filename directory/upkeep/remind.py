"""Ask organisations whether their record is still right: at due, and two and four weeks later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory import audit
from directory.languages import ENGLISH, say_date, site_address, speak
from directory.letters.language import languages_of
from directory.letters.write import Letter, one_line, write_letters
from directory.models import (
    Account,
    Membership,
    Organization,
    PublishedOrganization,
    Reminder,
    Revision,
)
from directory.models.turns import take_turn
from directory.publishing.publish import publish
from directory.safekeeping.do_not_list import read_register
from directory.upkeep.patch import authorities_of_all, is_in_patch
from directory.upkeep.signed_links import LINK_LIFE, Links

BETWEEN = timedelta(weeks=2)
MOST_LETTERS = 3
# Who cannot be asked is marked when those who were asked and said nothing are.
WITHOUT_ASKING = BETWEEN * MOST_LETTERS


@dataclass
class Reminded:
    """What a run did: letters, those that nobody can write to, those that are now out of date."""

    letters: int = 0
    unreachable: int = 0
    stale: list[str] = field(default_factory=list)
    answered: int = 0


@dataclass(frozen=True)
class Site:
    """What letters say of the site: its name, and how its links are made."""

    name: str
    links: Links


def remind(session: Session, today: date, site: Site, most: int | None = None) -> Reminded:
    """Write the letters that are due today, at most so many, and mark who did not answer the last one.

    Only what the public can see is asked about, and nothing that is made up. The caller commits.
    """
    take_turn(session, "remind")
    done = Reminded()
    due = _due_days(session)
    reminders = {row.organization_id: row for row in session.scalars(select(Reminder))}
    addresses = _addresses(session)
    to_ask: list[Reminder] = []
    changed: list[str] = []
    for organization_id, day in sorted(due.items()):
        reminder = reminders.get(organization_id)
        if reminder is None:
            # Of what nobody ever checked, the asking begins now.
            reminder = Reminder(organization_id=organization_id, due_on=day or today, stage=0, links_void=0)
            session.add(reminder)
        if day is not None and day > today:
            if reminder.stale_since is not None:
                changed.append(organization_id)
            done.answered += begin_again(reminder, day)
        elif _is_stale(reminder, today, organization_id in addresses):
            reminder.stale_since = today
            done.stale.append(organization_id)
        elif _is_to_be_asked(reminder, day, today):
            if organization_id in addresses and reminder.unsubscribed_at is None:
                to_ask.append(reminder)
            else:
                done.unreachable += 1
    done.letters = _write(session, to_ask[:most], addresses, site, today)
    publish(session, [*changed, *done.stale], today)
    _tell_navigators(session, done.stale, site, today)
    for organization_id in done.stale:
        audit.record(session, None, "mark out of date", ("organization", organization_id))
    return done


def begin_again(reminder: Reminder, due_on: date) -> bool:
    """Whether an organisation was being asked; from now on it is asked again when it is due."""
    was_asked = reminder.stage > 0 or reminder.stale_since is not None
    reminder.due_on, reminder.stage = due_on, 0
    reminder.sent_on = reminder.stale_since = None
    return was_asked


def due_day(document: Mapping[str, Any]) -> date | None:
    """When a published record should be looked at again; None when nobody ever did."""
    due_on = (document.get("freshness") or {}).get("due_on")
    return date.fromisoformat(due_on) if due_on else None


def _is_stale(reminder: Reminder, today: date, has_address: bool) -> bool:
    if reminder.stale_since is not None:
        return False
    if reminder.stage >= MOST_LETTERS:
        return reminder.sent_on is not None and today >= reminder.sent_on + BETWEEN
    cannot_be_asked = not has_address or reminder.unsubscribed_at is not None
    return cannot_be_asked and today >= reminder.due_on + WITHOUT_ASKING


def _is_to_be_asked(reminder: Reminder, due_on: date | None, today: date) -> bool:
    if reminder.stale_since is not None or reminder.stage >= MOST_LETTERS:
        return False
    if reminder.stage == 0:
        # While nobody is being asked the day may still move: a field was checked, or the months were set.
        reminder.due_on = due_on or reminder.due_on
        return reminder.due_on <= today
    return reminder.sent_on is not None and today >= reminder.sent_on + BETWEEN


def _due_days(session: Session) -> dict[str, date | None]:
    query = select(PublishedOrganization.organization_id, PublishedOrganization.document)
    rows = session.execute(query.where(~PublishedOrganization.fictional))
    return {organization_id: due_day(document) for organization_id, document in rows}


def _addresses(session: Session) -> dict[str, str]:
    """One address for each organisation: its lead's, another member's, or else the one on record.

    Nobody on the do-not-list is written to.
    """
    register = read_register(session)
    recorded = select(Organization.id, Organization.email).where(Organization.email.like("%_@_%"))
    members = (
        select(Membership.organization_id, Account.email)
        .join(Account, Account.id == Membership.account_id)
        .where(Account.active, Account.confirmed_at.is_not(None))
        # The last one counts: the lead, or else who is a member for longest.
        .order_by(Membership.is_lead, Membership.since.desc(), Membership.id)
    )
    pairs = [*session.execute(recorded), *session.execute(members)]
    return {
        organization_id: address
        for organization_id, address in pairs
        if address and not register.holds("email", address)
    }


def _write(
    session: Session,
    reminders: Sequence[Reminder],
    addresses: Mapping[str, str],
    site: Site,
    today: date,
) -> int:
    ids = [reminder.organization_id for reminder in reminders]
    names = _names(session, ids)
    numbers = dict(
        session.execute(
            select(Revision.organization_id, func.max(Revision.number)).group_by(Revision.organization_id)
        ).all()
    )
    languages = languages_of(session, [addresses[one] for one in ids])
    letters = []
    for reminder in reminders:
        reminder.stage += 1
        reminder.sent_on = today
        key = reminder.organization_id
        with speak(languages.get(addresses[key], ENGLISH)):
            letters.append(_letter(reminder, names[key], (addresses[key], numbers.get(key, 0)), site))
    return write_letters(session, letters)


def _letter(reminder: Reminder, name: str, address_and_number: tuple[str, int], site: Site) -> Letter:
    address, number = address_and_number
    with speak(ENGLISH):
        # For the mail program: a link that leads on from another language would not be followed.
        one_click = f"{site.links.unsubscribe(reminder.organization_id)}/one-click"
    assert reminder.sent_on is not None  # noqa: S101 - for the type checker: it was set just now
    until = reminder.sent_on + LINK_LIFE
    return Letter(
        recipient=address,
        template="still-right",
        values={
            "organisation": one_line(name),
            "site_name": site.name,
            "link": site.links.still_right(reminder.organization_id, number, reminder.links_void),
            "until": say_date(until),
            "stage": reminder.stage,
            "is_last": reminder.stage == MOST_LETTERS,
            "unsubscribe": site.links.unsubscribe(reminder.organization_id),
        },
        key=f"still right {reminder.organization_id} {reminder.due_on} {reminder.stage}",
        organization_id=reminder.organization_id,
        headers={
            # RFC 8058: the mail program unsubscribes with one click, without opening a page.
            "List-Unsubscribe": f"<{one_click}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def _names(session: Session, ids: Collection[str]) -> dict[str, str]:
    query = select(PublishedOrganization.organization_id, PublishedOrganization.name)
    return dict(session.execute(query.where(PublishedOrganization.organization_id.in_(ids))).all())


def _tell_navigators(session: Session, stale: Collection[str], site: Site, today: date) -> None:
    """One letter a navigator, with all of theirs that went out of date today."""
    if not stale:
        return
    authorities, names = authorities_of_all(session), _names(session, stale)
    lists: dict[str, list[str]] = defaultdict(list)
    for email, patches in _navigators(session):
        for organization_id in stale:
            if is_in_patch(authorities.get(organization_id, ()), patches):
                lists[email].append(names[organization_id])
    languages, letters = languages_of(session, lists), []
    for email, found in lists.items():
        with speak(languages.get(email, ENGLISH)):
            values = {
                "names": sorted(one_line(name) for name in found),
                "desk": f"{site_address(site.links.public_url)}/desk",
            }
            letters.append(Letter(email, "out-of-date", values, f"out of date {email} {today}"))
    write_letters(session, letters)


def _navigators(session: Session) -> Iterator[tuple[str, list[str]]]:
    query = select(Account).where(Account.active, Account.roles.any(name="navigator")).order_by(Account.email)
    for account in session.scalars(query):
        yield account.email, [patch.authority_code for patch in account.patches]
