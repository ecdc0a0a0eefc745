"""When nothing fits: why, what is near, and which part of the question stood in the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from directory.languages import gettext, ngettext, typed_words
from directory.search.plain import nearly
from directory.search.query import ServiceQuery
from directory.search.run import Found, count_services, search_services
from directory.search.wanted import words_of
from directory.web.asking import DISTANCES, Asked
from directory.web.clock import now
from directory.web.presenting import result_row

NEARBY = 5


def explain_nothing(session: Session, asked: Asked) -> dict[str, Any]:
    """Reasons in sentences, services that nearly fit, and links to wider questions that have an answer."""
    query = replace(asked.query, page=1, per_page=NEARBY)
    words_exist = bool(query.text) and any(count_services(session, ServiceQuery(text=query.text)))
    if not query.text:
        reasons = [gettext("No service fits all of these choices.")]
    elif words_exist:
        reasons = [
            gettext(
                "There are records with the words \u201c%(words)s\u201d, but none fits all of it.",
                words=typed_words(query.text),
            )
        ]
    else:
        reasons = [gettext("No record has the words \u201c%(words)s\u201d.", words=typed_words(query.text))]
    nearby: list[Found] = []
    if asked.typed is not None:
        # Its parts were not chosen one by one, so what comes without the strictest is shown at once.
        nearby = nearly(session, query, asked.typed, NEARBY)
        if nearby:
            reasons += [gettext("Below is what comes without the strictest parts of your question.")]
    elif not words_exist and len(words_of(query.text)) > 1:
        nearby = search_services(session, query, any_word=True).found
        if nearby:
            reasons += [gettext("Below are services with some of the words.")]
    elif query.place is not None:
        anything = replace(query.at_any_time(), text="", terms={}, age=None, age_to=None, sort="distance")
        nearby = search_services(session, anything).found
    return {
        "reasons": reasons,
        "nearby": [result_row(item, query.place, now()) for item in nearby],
        "widen": list(_wider_links(session, asked)),
    }


def _wider_links(session: Session, asked: Asked) -> Iterator[dict[str, str]]:
    for words, question, changes in _wider_questions(asked.query):
        total = sum(count_services(session, question))
        if total:
            label = ngettext("%(number)s service %(how)s", "%(number)s services %(how)s", total, how=words)
            yield {"label": label, "href": asked.href("search.results", page=None, **changes)}


def _wider_questions(query: ServiceQuery) -> Iterator[tuple[str, ServiceQuery, dict[str, Any]]]:
    """Each question with one part taken out, and what that changes in its address."""
    if query.terms:
        yield gettext("without the filters"), replace(query, terms={}), dict.fromkeys(query.terms)
    if query.age is not None:
        yield gettext("for any age"), replace(query, age=None, age_to=None), {"age": None, "age_to": None}
    if query.asks_for_hours:
        changes = dict.fromkeys(("day", "time", "part"))
        yield gettext("at any day and time"), query.at_any_time(), changes
    if query.place is not None:
        further = next((metres for metres in DISTANCES if metres > (query.within_metres or 0)), None)
        if further and query.place.kind not in ("ward", "authority"):
            yield (
                gettext("within %(kilometres)s km", kilometres=f"{further / 1000:g}"),
                replace(query, within_metres=further),
                {"within_metres": further},
            )
        yield gettext("anywhere"), replace(query, place=None), {"where": None, "within_metres": None}
