"""The choices of the form about coverage."""

from __future__ import annotations

from typing import Any

from directory.coverage.need import low_is_need, measure_name, people_measures
from directory.languages import DAYS
from directory.web.coverage_asking import ANY, DISTANCES, SHOWS, WEIGHT, CoverageAsked
from directory.web.travelling import walks

LEVEL_WORDS = {
    "lsoa": "Small areas",
    "ward": "Wards",
    "authority": "Local authorities",
    "site": "Priority sites",
}
WHEN_WORDS = {
    "any": "At any time",
    "week": "In an ordinary week",
    "date": "On a date",
    "bank-holiday": "On the next bank holiday",
    "school-holidays": "In the school holidays",
}
ENOUGH = {1: "1 service", 2: "2, for a choice", 3: "3 services", 5: "5 services"}


def form_choices(asked: CoverageAsked) -> dict[str, Any]:
    """Every field of the form: its pairs of value and words, and what is chosen."""
    counts, names = asked.counts, asked.names
    categories = [(code, f"{name} ({counts.get(code, 0)})") for code, name in names["category"].items()]
    measures = asked.base.measures
    people = people_measures(measures)
    reverse = low_is_need(measures)
    return {
        **asked.form,
        "level": asked.level,
        "show": asked.show,
        "categories": [*categories, (ANY, "Help of any kind")],
        "distances": list(DISTANCES.items()),
        "walks": walks(),
        "levels": list(LEVEL_WORDS.items()),
        "shows": list(SHOWS.items()),
        "groups": [("", "Anybody"), *names["group"].items()],
        "genders": [("", "Any"), *names["gender"].items()],
        "whens": list(WHEN_WORDS.items()),
        "days": [("", "Any day"), *((day, day) for day in DAYS)],
        "enoughs": list(ENOUGH.items()),
        "peoples": [(measure, measure_name(measure)) for measure in [*people, *_others(measures, people)]],
        "weights": [
            {
                "name": WEIGHT + measure,
                "label": measure_name(measure) + (" (low is more need)" if measure in reverse else ""),
                "value": f"{asked.query.weights.get(measure, 0):g}",
            }
            for measure in measures
        ],
    }


def _others(measures: list[str], people: list[str]) -> list[str]:
    return [measure for measure in measures if measure not in people]
