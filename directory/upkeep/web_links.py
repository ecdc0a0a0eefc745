"""Try the web addresses on record, politely, once a month; flag those that are dead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.languages import N_
from directory.models import LinkCheck, PublishedOrganization, PublishedService, ReviewFlag
from directory.upkeep.addresses import NotAllowedError
from directory.upkeep.exchanging import MOST_REDIRECTS, Network, NoAnswerError, exchange, redirected
from directory.upkeep.robots import Robots, UnclearError

AGAIN_AFTER = timedelta(days=28)
# A server may be down for a day: what was dead is tried again sooner, and flagged when it is dead once more.
DEAD_AGAIN_AFTER = timedelta(days=7)
FAILURES = 2
REASON = N_("dead link")
SECONDS_BETWEEN = 5.0
GONE = frozenset({404, 410})


@dataclass(frozen=True)
class Outcome:
    """What became of an address: ok, dead, unclear, refused (by robots.txt) or private."""

    outcome: str
    detail: str = ""


@dataclass
class Asker:
    """Asks one address after another, and leaves each host its pauses."""

    network: Network
    robots: Robots
    asked_at: dict[str, float] = field(default_factory=dict)

    def outcome(self, url: str) -> Outcome:
        """Try an address: the head alone, and the page only where a server does not answer for its head."""
        try:
            return self._follow(url)
        except NotAllowedError as error:
            return Outcome("private", str(error))
        except NoAnswerError as error:
            return Outcome("dead", str(error))
        except UnclearError as error:
            return Outcome("unclear", str(error))

    def _follow(self, url: str) -> Outcome:
        for _ in range(MOST_REDIRECTS + 1):
            if not self.robots.is_known(url):
                self._pause(url)
            if not self.robots.allow(url):
                return Outcome("refused", "Its robots.txt asks programs to stay away.")
            self._pause(url)
            reply = exchange(self.network, "HEAD", url)
            if reply.status >= 400:
                self._pause(url)
                reply = exchange(self.network, "GET", url)
            further = redirected(url, reply)
            if further is None:
                return _outcome(reply.status)
            # Looked at like the first: its scheme, its host, all addresses of it, its robots.txt.
            url = further
        return Outcome("dead", "It leads in a circle, or through too many addresses.")

    def _pause(self, url: str) -> None:
        host = urlsplit(url).netloc
        if host in self.asked_at:
            wanted = max(SECONDS_BETWEEN, self.robots.delay(url))
            since = self.network.clock() - self.asked_at[host]
            if since < wanted:
                self.network.sleep(wanted - since)
        self.asked_at[host] = self.network.clock()


@dataclass
class Checked:
    """What a run did: addresses by outcome, and how many are newly flagged."""

    outcomes: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    flagged: int = 0


def check_links(session: Session, network: Network, now: datetime, most: int | None = None) -> Checked:
    """Try every published address that is due, at most so many. Each is committed: a run may be stopped."""
    done = Checked()
    owners = links_on_record(session)
    known = {row.url: row for row in session.scalars(select(LinkCheck))}
    for url in known.keys() - owners.keys():
        session.delete(known.pop(url))
    _settle_gone(session, owners, now)
    session.commit()
    asker = Asker(network, Robots(network))
    for url in [url for url in owners if _is_due(known.get(url), now)][:most]:
        found = asker.outcome(url)
        done.outcomes[found.outcome] += 1
        check = known.get(url) or LinkCheck(url=url, failures=0)
        check.outcome, check.detail, check.tried_at = found.outcome, found.detail, now
        # What is unclear says neither.
        if found.outcome != "unclear":
            check.failures = check.failures + 1 if found.outcome == "dead" else 0
        session.add(check)
        if check.failures >= FAILURES:
            done.flagged += _flag(session, check, owners[url])
        elif not check.failures:
            _settle(session, url, now)
        session.commit()
    return done


def links_on_record(session: Session) -> Mapping[str, list[tuple[str, str]]]:
    """The published web addresses, each with the organisations and services that give it; none made up."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    organizations = select(PublishedOrganization).where(~PublishedOrganization.fictional)
    for one in session.scalars(organizations.order_by(PublishedOrganization.organization_id)):
        if one.document.get("website"):
            found[one.document["website"]].append((one.organization_id, one.name))
    services = select(PublishedService).where(~PublishedService.fictional)
    for service in session.scalars(services.order_by(PublishedService.service_id)):
        if service.document.get("url"):
            found[service.document["url"]].append((service.organization_id, service.name))
    return found


def _is_due(check: LinkCheck | None, now: datetime) -> bool:
    if check is None:
        return True
    return now >= check.tried_at + (DEAD_AGAIN_AFTER if check.failures == 1 else AGAIN_AFTER)


def _outcome(status: int) -> Outcome:
    if status < 400:
        return Outcome("ok", str(status))
    # Many sites turn programs away, with one status or another: that says nothing of the page.
    return Outcome("dead" if status in GONE else "unclear", f"It answered {status}.")


def _flag(session: Session, check: LinkCheck, owners: Collection[tuple[str, str]]) -> int:
    """Flag a dead address for each record that gives it, unless it is flagged already."""
    flagged = 0
    for organization_id, name in owners:
        message = f"{name}: {check.url} \u2013 {check.detail}"
        there = [flag for flag in _open_flags(session, check.url) if flag.organization_id == organization_id]
        if not there:
            session.add(ReviewFlag(organization_id=organization_id, reason=REASON, message=message))
            session.flush()
            flagged += 1
    return flagged


def _settle_gone(session: Session, owners: Mapping[str, list[tuple[str, str]]], now: datetime) -> None:
    """Settle the flags of addresses that their records do not give any more."""
    given = {(organization_id, url) for url, some in owners.items() for organization_id, _ in some}
    for flag in _open_flags(session):
        if not any(key == flag.organization_id and _is_about(flag, url) for key, url in given):
            flag.settled_at, flag.outcome = now, "The address is not on record any more."


def _settle(session: Session, url: str, now: datetime) -> None:
    for flag in _open_flags(session, url):
        flag.settled_at, flag.outcome = now, "The address answers again."


def _open_flags(session: Session, url: str | None = None) -> Iterator[ReviewFlag]:
    query = select(ReviewFlag).where(ReviewFlag.reason == REASON, ReviewFlag.settled_at.is_(None))
    for flag in session.scalars(query):
        if url is None or _is_about(flag, url):
            yield flag


def _is_about(flag: ReviewFlag, url: str) -> bool:
    return f": {url} \u2013 " in flag.message
