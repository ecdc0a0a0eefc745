"""The choices of the form about coverage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from directory.coverage.need import low_is_need, measure_name, people_measures
from directory.coverage.sentences import ANY_KIND
from directory.languages import DAYS, N_, gettext, term
from directory.web.coverage_asking import ANY, DISTANCES, SHOWS, WEIGHT, CoverageAsked
from directory.web.travelling import walks

LEVEL_WORDS = {
    "lsoa": N_("Small areas"),
    "ward": N_("Wards"),
    "authority": N_("Local authorities"),
    "site": N_("Priority sites"),
}
WHEN_WORDS = {
    "any": N_("At any time"),
    "week": N_("In an ordinary week"),
    "date": N_("On a date"),
    "bank-holiday": N_("On the next bank holiday"),
    "school-holidays": N_("In the school holidays"),
}
ENOUGH = {1: N_("1 service"), 2: N_("2, for a choice"), 3: N_("3 services"), 5: N_("5 services")}
Pairs = list[tuple[Any, str]]


def form_choices(asked: CoverageAsked) -> dict[str, Any]:
    """Every field of the form: its pairs of value and words, and what is chosen."""
    counts, names = asked.counts, asked.names
    categories = [
        (code, gettext("%(kind)s (%(number)s)", kind=term(name), number=counts.get(code, 0)))
        for code, name in names["category"].items()
    ]
    measures = asked.base.measures
    people = people_measures(measures)
    reverse = low_is_need(measures)
    return {
        **asked.form,
        "level": asked.level,
        "show": asked.show,
        "categories": [*categories, (ANY, gettext(ANY_KIND))],
        "distances": said(DISTANCES),
        "walks": walks(),
        "levels": said(LEVEL_WORDS),
        "shows": said(SHOWS),
        "groups": [("", gettext("Anybody")), *terms(names["group"])],
        "genders": [("", gettext("Any")), *terms(names["gender"])],
        "whens": said(WHEN_WORDS),
        "days": [("", gettext("Any day")), *((day, gettext(day)) for day in DAYS)],
        "enoughs": said(ENOUGH),
        "peoples": [(measure, measure_name(measure)) for measure in [*people, *_others(measures, people)]],
        "weights": [
            {
                "name": WEIGHT + measure,
                "label": _weight_label(measure, low_is_more=measure in reverse),
                "value": f"{asked.query.weights.get(measure, 0):g}",
            }
            for measure in measures
        ],
    }


def said(words: Mapping[Any, str]) -> Pairs:
    """Choices with their words, which were marked where they are listed."""
    return [(value, gettext(text)) for value, text in words.items()]


def terms(names: Mapping[str, str]) -> Pairs:
    """Terms by their codes, to choose from."""
    return [(code, term(name)) for code, name in names.items()]


def _weight_label(measure: str, *, low_is_more: bool) -> str:
    name = measure_name(measure)
    return gettext("%(figure)s (low is more need)", figure=name) if low_is_more else name


def _others(measures: list[str], people: list[str]) -> list[str]:
    return [measure for measure in measures if measure not in people]
