"""What counts as need, and whose: measures of areas, their names, their weights."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from directory.coverage.areas import LOAD_VALUES, AreaBase, CoverageError
from directory.coverage.question import CoverageQuery
from directory.languages import N_, gettext, own_words
from geodata.need import need_index

NAMES: Mapping[str, str] = {
    "IMD_score": N_("Deprivation score (IMD)"),
    "deprivation_score": N_("Deprivation score"),
    "aged_10_24": N_("People aged 10 to 24"),
    "people_10_24": N_("People aged 10 to 24"),
    "aged_0_15": N_("People aged 0 to 15"),
    "all_ages": N_("People of all ages"),
    "people": N_("People of all ages"),
    "violence": N_("Recorded violence"),
    "violence_12_months": N_("Recorded violence, 12 months"),
}
PEOPLE_FIRST = ("aged_10_24", "people_10_24", "all_ages", "people")
DEPRIVATION_FIRST = ("IMD_score", "deprivation_score")
_PEOPLE = re.compile(r"^(people|pop|population|aged|all_ages|residents)(_|$|\d)", re.IGNORECASE)
_LOW_IS_NEED = re.compile(r"(^|_)(rank|decile)$", re.IGNORECASE)


def measure_name(measure: str) -> str:
    """What a measure is called on pages."""
    if measure in NAMES:
        return gettext(NAMES[measure])
    words = measure.replace("_", " ").strip()
    return own_words(words[:1].upper() + words[1:])


def people_measures(measures: Sequence[str]) -> list[str]:
    """The measures that count people, the usual one first."""
    found = [measure for measure in measures if _PEOPLE.search(measure)]
    return sorted(found, key=lambda m: (PEOPLE_FIRST.index(m) if m in PEOPLE_FIRST else 9, m))


def default_weights(measures: Sequence[str]) -> dict[str, float]:
    """Deprivation and violence alike, where they are loaded."""
    score = next((measure for measure in DEPRIVATION_FIRST if measure in measures), None)
    violence = next((measure for measure in measures if measure.startswith("violence")), None)
    return {measure: 1.0 for measure in (score, violence) if measure}


def deprivation_measure(measures: Sequence[str]) -> str | None:
    """The measure that people are put in order of deprivation by."""
    return next((measure for measure in DEPRIVATION_FIRST if measure in measures), None)


def low_is_need(measures: Sequence[str]) -> frozenset[str]:
    """The measures in which a low figure means more need: ranks and deciles, where 1 is the most deprived."""
    return frozenset(measure for measure in measures if _LOW_IS_NEED.search(measure))


def people_of(base: AreaBase, query: CoverageQuery) -> NDArray[np.float64]:
    """The people of each area; NaN where that is not known."""
    if query.people is None or query.people not in base.values:
        raise CoverageError(
            gettext(
                "How many people live in each area is not loaded, so nobody can be counted as covered. "
                "Run: %(command)s",
                command=own_words(LOAD_VALUES),
            )
        )
    people = base.values[query.people].to_numpy(dtype=float)
    if not np.nansum(people) > 0:
        raise CoverageError(
            gettext(
                "Nobody lives in any of the areas by the figure \u201c%(measure)s\u201d. "
                "Choose another figure for people, or load one.",
                measure=measure_name(query.people),
            )
        )
    return people


def need_of(base: AreaBase, query: CoverageQuery) -> NDArray[np.float64]:
    """The need of each area from 0 to 1; 1 everywhere when no figure has been given a weight."""
    if not query.weights:
        return np.ones(len(base.table))
    if not any(query.weights.values()):
        raise CoverageError(
            gettext("All weights are nought, so that nothing counts as need. Give one figure a weight.")
        )
    missing = [measure for measure in query.weights if measure not in base.values]
    if missing:
        raise CoverageError(
            gettext(
                "There is no figure %(measure)s for these areas. Run: %(command)s",
                measure=own_words(missing[0]),
                command=own_words(LOAD_VALUES),
            )
        )
    figures = pd.DataFrame(base.values[list(query.weights)])
    return need_index(figures, query.weights, low_is_need(list(query.weights)))
