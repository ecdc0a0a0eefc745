"""Fit on the half for tuning what matching goes by: how telling words are, coefficients, threshold."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from benchmarks.matching_data import Registers, half_of, register_pairs, warm_spaces

from directory.matching import features as features_of
from directory.matching import probability
from directory.matching.features import features, prepare

PACKAGE = Path(probability.__file__).parent
RIDGE = 0.1
SELDOM = 3  # a word of fewer names is as telling as one that was never seen
LEAST_PRECISION = 0.985
THRESHOLDS = np.arange(0.3, 0.95, 0.05)


def labelled(folder: Path) -> pd.DataFrame:
    """Every labelled pair with its features: of registers by class, and of community spaces."""
    data = Registers(folder)
    records = data.records()
    prepared = prepare(records)
    pairs = register_pairs(data, records, prepared)
    registers = pd.concat([pairs, features(prepared, prepared, pairs)], axis=1)
    spaces, read = warm_spaces(folder)
    prepared = prepare(spaces)
    warm = pd.concat([read, features(prepared, prepared, read)], axis=1)
    return pd.concat([registers, warm.assign(**{"class": "spaces"})], ignore_index=True)


def fit_all(folder: Path) -> None:
    """Write `word_counts.json` and `coefficients.json`."""
    _write("word_counts.json", _word_counts(folder))
    features_of._counts.cache_clear()
    pairs = labelled(folder)
    pairs = pairs[pairs["half"] == "tuning"].reset_index(drop=True)
    same = pairs["same"].to_numpy(dtype=bool)
    model = probability.fit(pairs, same, np.ones(len(pairs)), ridge=RIDGE, threshold=0.5)
    scores = model.probabilities(pairs)
    said = {
        "made_by": "python scripts/benchmark.py matching --fit, on the half for tuning",
        "threshold": _threshold(pairs, scores, same),
        "intercept": round(model.intercept, 4),
        "coefficients": {name: round(value, 4) for name, value in model.coefficients.items()},
    }
    _write("coefficients.json", said)
    probability.stated_model.cache_clear()


def _word_counts(folder: Path) -> dict[str, Any]:
    """In how many names of the half for tuning each word stands; a name is in the half of its number."""
    records = Registers(folder).records()
    tuning = records[[half_of(key, key) == "tuning" for key in records["id"]]]
    names = prepare(tuning)["plain"].drop_duplicates()
    counts = Counter(word for name in names for word in set(name.split()))
    words = {word: count for word, count in sorted(counts.items()) if count >= SELDOM}
    return {"names": len(names), "words": words}


def _threshold(pairs: pd.DataFrame, scores: np.ndarray, same: np.ndarray) -> float:
    """The lowest probability from which on pairs are right often enough, for each class of non-pairs."""
    classes = pairs["class"].to_numpy()
    sets = [(same & (classes != "spaces")) | (classes == name) for name in ("random", "same town", "alike")]
    for threshold in THRESHOLDS:
        taken = scores >= threshold
        if all(same[chosen & taken].mean() >= LEAST_PRECISION for chosen in sets):
            return round(float(threshold), 2)
    return round(float(THRESHOLDS[-1]), 2)


def _write(name: str, said: dict[str, Any]) -> None:
    (PACKAGE / name).write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
