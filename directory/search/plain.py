"""The answer to a question in plain words: what the first page holds, in its order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from directory.search.known import understand_question
from directory.search.query import ServiceQuery
from directory.search.reading import read
from directory.search.run import Found, first_services, search_services
from directory.search.understand import Understood
from directory.search.widen import further

# How far to look, at least, before a place is given up: where people go by bus.
NEARBY_METRES = 5000


def fill(args: MultiDict[str, str], understood: Understood) -> MultiDict[str, str]:
    """The arguments of an address with what was understood filled in. What somebody chose stays."""
    filled = args.copy()
    for part in understood.parts:
        # A day without its time, or an age without its end, would be another question.
        if not any(name in args for name in part.arguments):
            for name, value in part.arguments.items():
                filled[name] = value
    filled["what"] = understood.rest
    filled["plain"] = "yes"
    return MultiDict([pair for pair in filled.items(multi=True) if pair[1]])


def nearly(session: Session, query: ServiceQuery, words: str, limit: int) -> list[Found]:
    """Services that fit some of a question: some of its words first, then without what is strictest in it."""
    seen: dict[str, Found] = {}
    for other in _wider(query, words):
        for item in first_services(session, replace(other, page=1, per_page=limit), any_word=True):
            seen.setdefault(item.service.service_id, item)
        if len(seen) >= limit:
            break
    return list(seen.values())[:limit]


def _wider(query: ServiceQuery, words: str) -> Iterator[ServiceQuery]:
    if query.text:
        yield query
    if any(one.beyond for one in query.widenings):
        yield replace(query, widenings=further(query.widenings))
    any_time = query.at_any_time()
    if query.asks_for_hours or query.terms:
        yield replace(any_time, terms={})
    if query.place is not None:
        within = max(NEARBY_METRES, 2 * (query.within_metres or 0))
        yield replace(any_time, within_metres=within, walk=None, age=None, age_to=None)
    if query.place is not None or query.age is not None:
        # The words as they were typed: what was taken for a place may be a name.
        yield ServiceQuery(text=words, widenings=query.widenings, today=query.today)
    if any(len(one.words) > 1 for one in query.widenings):
        # The words of a phrase one by one.
        yield replace(query, widenings=())


def plain_answer(session: Session, text: str, today: date, limit: int) -> list[Found]:
    """The first services for some words, as the page of results has them."""
    args = MultiDict({"what": text})
    understood = understand_question(session, text, today)
    if understood.parts:
        args = fill(args, understood)
    query = read(session, args, today, limit).query
    found = search_services(session, query).found
    if len(found) < limit:
        have = {item.service.service_id for item in found}
        more = nearly(session, query, text, limit + len(found))
        found += [item for item in more if item.service.service_id not in have][: limit - len(found)]
    return found
