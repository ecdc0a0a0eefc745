"""The plain values of the pages about records of one organisation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for

from directory.languages import N_, gettext, joined, kept_words, left_to_right, typed_words
from directory.merging.comparing import Comparison, Row
from directory.merging.listing import MergeItem, PairItem
from directory.models import MatchedPair
from directory.web.review_words import authorities_text, moment_text, said_name

STATES = {
    "waiting": N_("Waiting"),
    "later": N_("Put off"),
    "not_same": N_("Not the same"),
    "same": N_("Joined"),
    "undone": N_("Taken apart again"),
}
WHOSE = {False: N_("The kept record's."), True: N_("The other record's.")}
WAYS = {
    "automatic": N_("By itself: their register numbers agree"),
    "person": N_("By a person"),
}
# Reasons are kept as sentences in English; these are the ones with something filled in.
_FILLED = (
    (re.compile(r"The same register number, (.+)\."), N_("The same register number, %(number)s.")),
    (re.compile(r"The names are alike, (\d+) of 100\."), N_("The names are alike, %(number)s of 100.")),
    (
        re.compile(r"The names share their telling words, (\d+) of 100\."),
        N_("The names share their telling words, %(number)s of 100."),
    ),
)


def reason_lines(pair: MatchedPair) -> list[str]:
    """Why two records may be one, in the language that is spoken."""
    return [reason_words(str(reason[0])) for reason in pair.reasons]


def reason_words(kept: str) -> str:
    """A reason as it is kept, in the language that is spoken."""
    for pattern, sentence in _FILLED:
        found = pattern.fullmatch(kept)
        if found:
            return gettext(sentence, number=left_to_right(found[1]))
    return kept_words(kept)


def percent(pair: MatchedPair) -> str:
    """The probability in words; of a pair whose numbers agree, that they do."""
    if pair.sure:
        return gettext("Numbers agree")
    return gettext("More than 99%") if pair.probability > 0.99 else f"{pair.probability:.0%}"


def pair_row(item: PairItem, names: Mapping[str, str]) -> dict[str, Any]:
    """A pair as a row of the queue."""
    pair = item.pair
    return {
        "name": said_name(item.names[0]),
        "other": said_name(item.names[1]),
        "href": url_for("matches.show", pair_id=pair.id),
        "probability": percent(pair),
        "reasons": reason_lines(pair),
        "authorities": authorities_text(item.codes, names),
        "state": gettext(STATES[pair.state]),
    }


def comparison_values(found: Comparison, chosen: Mapping[str, str]) -> dict[str, Any]:
    """Two records side by side."""
    ids = {False: found.kept.id, True: found.gone.id}
    return {
        "kept": {"name": said_name(found.kept.name), "href": _page(found.kept.id), "id": found.kept.id},
        "gone": {"name": said_name(found.gone.name), "href": _page(found.gone.id), "id": found.gone.id},
        "rows": [_row(row, ids, chosen) for row in found.rows],
        "services": [_row(row, ids, chosen) for row in found.services],
    }


def _page(organization_id: str) -> str:
    return url_for("organisations.show", organization_id=organization_id)


def _row(row: Row, ids: Mapping[bool, str], chosen: Mapping[str, str]) -> dict[str, Any]:
    return {
        "label": row.label,
        "kept": row.kept,
        "gone": row.gone,
        "why": joined([gettext(WHOSE[row.takes_gone]), row.why], " ") if row.key else row.why,
        "key": row.key,
        "chosen": chosen.get(row.key) or ids[row.takes_gone],
        "protected": row.protected,
    }


def merge_row(item: MergeItem) -> dict[str, Any]:
    """A merge as a row of the list."""
    one = item.merge
    return {
        "name": said_name(item.names[0]),
        "href": url_for("merges.show", merge_id=one.id),
        "gone": said_name(item.names[1]),
        "on": moment_text(one.merged_at),
        "by": said_by(item.by, one.way),
        "undone_on": moment_text(one.undone_at),
        "history_href": url_for("history.show", organization_id=one.gone_id),
    }


def said_by(who: str | None, way: str) -> str:
    """Who joined two records: a person by name or address, or nobody."""
    return typed_words(who) if who else gettext(WAYS[way])


def page_number(text: str, pages: int) -> int:
    """The page that is asked for, among those there are; the first where it is no number."""
    return min(max(1, int(text)) if text.isdecimal() else 1, pages)


def pages_of(page: int, pages: int, endpoint: str, chosen: Mapping[str, str]) -> dict[str, Any]:
    """Links to the pages of a long list."""

    def href(number: int) -> str | None:
        kept: dict[str, Any] = {
            name: value for name, value in {**chosen, "page": str(number)}.items() if value
        }
        return url_for(endpoint, **kept) if 1 <= number <= pages else None

    near: Sequence[int] = sorted({1, pages, *range(max(1, page - 2), min(pages, page + 2) + 1)})
    return {
        "page": page,
        "pages": pages,
        "links": [{"page": one, "href": href(one), "current": one == page} for one in near],
        "previous_href": href(page - 1),
        "next_href": href(page + 1),
    }
