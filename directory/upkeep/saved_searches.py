"""Saved searches: kept as the arguments of their address; news in their answers goes to people by letter."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.languages import ENGLISH, gettext, site_address, speak
from directory.letters.language import languages_of
from directory.letters.write import Letter, one_line, write_letters
from directory.models import Account, PublishedService, SavedSearch, utc_now
from directory.models.turns import take_turn
from directory.search.query import FACETS
from directory.search.reading import clean, read
from directory.search.run import search_all
from directory.upkeep.remind import Site

ARGUMENTS = frozenset({"what", "where", "within_metres", "age", "day", "time", *FACETS})
MOST_A_PERSON = 50
MOST_SERVICES = 10_000
# A letter names so many of each search; the page has them all.
MOST_NAMED = 20
# What changes without anything to tell a reader.
NOT_TOLD = frozenset({"last_modified", "freshness", "assured_date"})


@dataclass(frozen=True)
class News:
    """What is new, changed and gone in the answer to a search."""

    new: list[PublishedService]
    changed: list[PublishedService]
    gone: int


def question_of(pairs: Iterable[tuple[str, str]]) -> str:
    """The arguments of a search as they are kept: only those of the question, in a fixed order."""
    kept = [(name, value) for name, value in clean(pairs).items(multi=True) if name in ARGUMENTS]
    return urlencode(sorted(kept))


def save_search(
    session: Session, account_id: str, name: str, question: str, today: date, *, alert: bool = True
) -> SavedSearch:
    """Keep a search, with its answer of today, so that only what comes later is told."""
    saved = SavedSearch(account_id=account_id, name=name, question=question, alert=alert)
    saved.seen = _marks(_answer(session, question, today))
    saved.looked_at = utc_now()
    session.add(saved)
    session.flush()
    return saved


def news_of(session: Session, saved: SavedSearch, today: date) -> tuple[News, list[list[str]]]:
    """What changed in the answer to a search since it was last looked at, and the answer's marks of now."""
    answer = _answer(session, saved.question, today)
    before: Mapping[str, str] = dict(saved.seen)
    marks = _marks(answer)
    now = dict(marks)
    return (
        News(
            new=[one for one in answer if one.service_id not in before],
            changed=[
                one
                for one in answer
                if before.get(one.service_id, now[one.service_id]) != now[one.service_id]
            ],
            gone=len(before.keys() - now.keys()),
        ),
        marks,
    )


def write_alerts(session: Session, today: date, site: Site) -> int:
    """Write one letter to each person with news in their saved searches; how many. The caller commits."""
    take_turn(session, "alert")
    query = (
        select(SavedSearch, Account.email)
        .join(Account, Account.id == SavedSearch.account_id)
        .where(SavedSearch.alert, Account.active, Account.confirmed_at.is_not(None))
        .order_by(SavedSearch.account_id, SavedSearch.name, SavedSearch.id)
    )
    news: dict[str, list[tuple[SavedSearch, News]]] = defaultdict(list)
    for saved, email in session.execute(query).all():
        found, marks = news_of(session, saved, today)
        if found.new or found.changed or found.gone:
            news[email].append((saved, found))
        saved.seen, saved.looked_at = marks, utc_now()
    languages = languages_of(session, news)
    letters = []
    for email, some in news.items():
        with speak(languages.get(email, ENGLISH)):
            letters.append(_letter(email, some, site))
    return write_letters(session, letters)


def _letter(email: str, news: Iterable[tuple[SavedSearch, News]], site: Site) -> Letter:
    values = {
        "searches": [_section(saved, found, site) for saved, found in news],
        "site_name": site.name,
        "manage": f"{site_address(site.links.public_url)}/searches",
    }
    return Letter(email, "search-news", values)


def _answer(session: Session, question: str, today: date) -> list[PublishedService]:
    asked = read(session, clean(parse_qsl(question)), today, MOST_SERVICES)
    # What may fit, and may not, is no news.
    return [item.service for item in search_all(session, asked.query, MOST_SERVICES).found if item.sure]


def _marks(services: Iterable[PublishedService]) -> list[list[str]]:
    return [[service.service_id, _mark(service.document)] for service in services]


def _mark(document: Mapping[str, Any]) -> str:
    told = {name: value for name, value in document.items() if name not in NOT_TOLD | {"organization"}}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def _section(saved: SavedSearch, news: News, site: Site) -> dict[str, Any]:
    base = site_address(site.links.public_url)
    new, changed = gettext("New:"), gettext("Changed:")
    named = [*((new, one) for one in news.new), *((changed, one) for one in news.changed)]
    lines = [
        f"{word} {one_line(one.name)} ({one_line(one.organization_name)}) {base}/services/{one.service_id}"
        for word, one in named[:MOST_NAMED]
    ]
    if len(named) > MOST_NAMED:
        lines.append(gettext("and %(number)s more", number=len(named) - MOST_NAMED))
    if news.gone:
        lines.append(gettext("No longer there: %(number)s", number=news.gone))
    return {"name": one_line(saved.name), "lines": lines, "href": f"{base}/search?{saved.question}"}
