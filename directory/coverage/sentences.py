"""Why there is a gap, in a sentence that a person can read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from directory.coverage.candidates import Candidates, asks_who
from directory.coverage.nearest import fit_of_services
from directory.coverage.question import CoverageQuery
from directory.coverage.reach import Reached
from directory.coverage.times import say_when
from directory.coverage.travel_words import away_words, reach_words, within_words
from directory.languages import (
    ENGLISH,
    N_,
    gettext,
    joined,
    ngettext,
    own_words,
    say_number,
    spoken,
    term,
)
from directory.schedules.words import WEEKDAYS, describe, say_date
from geodata.gap_reasons import FITS

REASON_WORDS = (
    N_("None in reach"),
    N_("Not at that time"),
    N_("Not for that age or group"),
    N_("Full or closed for now, or by referral only"),
    N_("Only from elsewhere, online or by phone"),
    N_("Not known"),
    N_("At least one fits"),
)
ANY_KIND = N_("Help of any kind")
NAMES = Mapping[str, Mapping[str, str]]


def kind_words(name: str) -> str:
    """A kind of help, or help of any kind, as a heading has it."""
    return gettext(ANY_KIND) if name == ANY_KIND else term(name)


def reason_words(reason: int) -> str:
    """How far the best candidate gets, in a few words."""
    return gettext(REASON_WORDS[reason])


def whom(query: CoverageQuery, names: NAMES) -> str:
    """Whom the question is about, in words that fit after "takes"."""
    chosen = [term(names[facet].get(code, code)) for facet, codes in query.terms.items() for code in codes]
    parts = [gettext("somebody aged %(age)s", age=query.age)] if query.age is not None else []
    quoted = [gettext("\u201c%(words)s\u201d", words=name) for name in chosen]
    return joined([*parts, *quoted]) or gettext("anybody")


def asked_words(query: CoverageQuery, names: NAMES, today: date) -> str:
    """The whole question in words, for the head of a page and the notes of a file."""
    kind = kind_words(names["category"].get(query.category or "", ANY_KIND))
    parts = [gettext("%(kind)s, %(within)s", kind=kind, within=within_words(query.travel))]
    if asks_who(query):
        parts.append(gettext("for %(whom)s", whom=whom(query, names)))
    if query.when.kind != "any":
        parts.append(gettext("open %(when)s", when=say_when(query.when, today)))
    if query.open_access:
        parts.append(gettext("without a referral by a professional"))
    if query.enough > 1:
        parts.append(gettext("at least %(number)s services", number=query.enough))
    return joined(parts, "; ")


def reason_sentence(reached: Reached, point: int, candidates: Candidates, words: Mapping[str, Any]) -> str:
    """One sentence about a point. `words` has area, category, query, names, today and metres.

    The last gives for each service its distance from the area, NaN where it has none.
    """
    query: CoverageQuery = words["query"]
    reason, counts = int(reached.reasons[point]), class_counts(reached, point)
    near = gettext(
        "within %(reach)s of %(area)s", reach=reach_words(query.travel), area=own_words(words["area"])
    )
    if reason == FITS:
        return ngettext(
            "%(number)s service is known to fit %(near)s.",
            "%(number)s services are known to fit %(near)s.",
            counts[FITS],
            near=near,
        )
    said = {"kind": kind_inside(words["category"]), "near": near}
    if reason == 1:
        said["when"] = say_when(query.when, words["today"])
    elif reason == 2:
        said["whom"] = whom(query, words["names"])
    elif reason == 4:
        said["serving"] = ngettext("%(number)s serves it", "%(number)s serve it", counts[4])
    elif reason == 5:
        said["number"] = say_number(counts[5])
    return gettext(
        "%(said)s%(nearest)s.", said=gettext(_SAID[reason], **said), nearest=_nearest(candidates, words)
    )


# What is said of a place that lacks a kind of help, by the reason.
_SAID = (
    N_("No %(kind)s is on record %(near)s"),
    N_("No %(kind)s %(near)s is open %(when)s"),
    N_("No %(kind)s %(near)s takes %(whom)s"),
    N_("Every %(kind)s %(near)s that would fit is full, closed for the time being or needs a referral"),
    N_("No %(kind)s has a place %(near)s; %(serving)s from elsewhere, online or by phone"),
    N_("No %(kind)s %(near)s is known to fit, but %(number)s may: a fact is not on record"),
)


def kind_inside(name: str) -> str:
    """A kind of help inside a sentence."""
    return name[:1].lower() + name[1:] if spoken() is ENGLISH else kind_words(name)


def class_counts(reached: Reached, point: int) -> list[int]:
    """How many candidates of each class a point has."""
    own = reached.pairs.loc[reached.pairs["point"].eq(point), "class"]
    both = pd.concat([own, reached.everywhere["class"]]).to_numpy(dtype=int)
    counts: list[int] = np.bincount(both, minlength=FITS + 1).tolist()
    return counts


def _nearest(candidates: Candidates, words: Mapping[str, Any]) -> str:
    """Where the nearest that fits is, or what holds the nearest of all back."""
    metres = np.asarray(words["metres"], dtype=float)
    fit, travel = fit_of_services(candidates), words["query"].travel
    if np.isfinite(metres[fit == 1]).any():
        best = int(np.nanargmin(np.where(fit == 1, metres, np.nan)))
        return gettext(
            "; the nearest that fits, %(name)s, is %(distance)s away",
            name=_name(candidates, best),
            distance=away_words(metres[best], travel),
        )
    if np.isfinite(metres).any():
        best = int(np.nanargmin(metres))
        return gettext(
            "; the nearest, %(name)s, %(distance)s away, %(held)s",
            name=_name(candidates, best),
            distance=away_words(metres[best], travel),
            held=held_back(candidates, best, words["query"]),
        )
    return gettext("; none whose place is known is on record anywhere")


def held_back(candidates: Candidates, service: int, query: CoverageQuery) -> str:
    """What keeps one service from fitting."""
    row = candidates.services.iloc[service]
    if row["time"] < 0:
        return gettext("is open %(hours)s", hours=_lower(describe(list(row["schedules"]))[0]))
    if row["who"] < 0:
        return gettext("takes %(ages)s", ages=ages_words(row) or gettext("others"))
    if row["access"] < 0:
        return _access_words(row)
    return gettext("may fit, but %(facts)s not on record", facts=_in_words(missing_facts(row)))


def _in_words(facts: list[str]) -> str:
    return " and ".join(facts) if spoken() is ENGLISH else joined(gettext(fact) for fact in facts)


def _access_words(row: pd.Series) -> str:
    if row["status"] != "active":
        return gettext("is closed for the time being")
    if isinstance(row["full_on"], str):
        day = say_date(date.fromisoformat(row["full_on"]))
        return gettext("is full or takes people by referral only, as of %(day)s", day=day)
    return gettext("needs a referral")


FACTS = {
    "time": N_("its hours are"),
    "who": N_("whom it is for is"),
    "access": N_("how to get a place is"),
}
WHERE, EXACTLY = N_("where it is is"), N_("its exact place is")


def missing_facts(row: pd.Series) -> list[str]:
    """Which facts that the question needs are not on record of a service, to be said in a language."""
    found = [words for name, words in FACTS.items() if row[name] == 0]
    return [*found, *([WHERE] if row["placeless"] == 0 else [])] or [EXACTLY]


def ages_words(row: pd.Series) -> str:
    """The ages a service takes: "16 to 25", "16 and over"."""
    low, high = row["minimum_age"], row["maximum_age"]
    if pd.isna(low) and pd.isna(high):
        return ""
    if pd.isna(high) or high >= 120:
        return gettext("%(age)s and over", age=f"{low:.0f}")
    return gettext("%(low)s to %(high)s", low=f"{0 if pd.isna(low) else low:.0f}", high=f"{high:.0f}")


def _name(candidates: Candidates, service: int) -> str:
    row = candidates.services.iloc[service]
    return gettext(
        "%(service)s (%(organisation)s)",
        service=own_words(row["name"]),
        organisation=own_words(row["organization_name"]),
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if not text.startswith(WEEKDAYS) else text
