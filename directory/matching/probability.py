"""How likely it is that a pair is one organisation: a logistic regression with stated coefficients."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import expit

from directory.matching.features import FEATURES


@dataclass(frozen=True)
class Model:
    """The coefficients, by feature, and the number without any; from which probability on a pair counts."""

    intercept: float
    coefficients: Mapping[str, float]
    threshold: float

    def probabilities(self, features: pd.DataFrame) -> np.ndarray:
        """The probability of each pair, from the features of `features.features`."""
        weights = np.array([self.coefficients[name] for name in FEATURES])
        found: np.ndarray = expit(self.intercept + features[list(FEATURES)].to_numpy() @ weights)
        return found


@cache
def stated_model() -> Model:
    """The model in `coefficients.json`, which `scripts/benchmark.py matching --fit` makes."""
    said = json.loads((files("directory.matching") / "coefficients.json").read_text("utf-8"))
    return Model(said["intercept"], said["coefficients"], said["threshold"])


def fit(
    features: pd.DataFrame, same: np.ndarray, weights: np.ndarray, *, ridge: float, threshold: float
) -> Model:
    """The coefficients under which labelled pairs are likeliest, drawn to nought by a ridge penalty.

    Each coefficient keeps the sign that its feature's name says: what speaks for a pair cannot come out as
    speaking against it because the labelled pairs are few.
    """
    x, y = features[list(FEATURES)].to_numpy(), same.astype(float)

    def loss(at: np.ndarray) -> tuple[float, np.ndarray]:
        score = at[0] + x @ at[1:]
        cost = np.logaddexp(0, score) - y * score
        slope = weights * (expit(score) - y)
        penalty = ridge * at[1:]
        value = float(weights @ cost + penalty @ at[1:] / 2)
        return value, np.concatenate([[slope.sum()], x.T @ slope + penalty])

    bounds = [(None, None), *(_bounds(name) for name in FEATURES)]
    found = minimize(loss, np.zeros(len(FEATURES) + 1), jac=True, method="L-BFGS-B", bounds=bounds)
    coefficients = dict(zip(FEATURES, (float(value) for value in found.x[1:]), strict=True))
    return Model(float(found.x[0]), coefficients, threshold)


def _bounds(name: str) -> tuple[float | None, float | None]:
    return HELD.get(name) or ((None, 0) if name in AGAINST else (0, None))


# No open list of pairs has telephones and e-mail hosts, so this one is not fitted.
HELD = {"same_contact": (2.0, 2.0)}
AGAINST = frozenset({"both_left_over", "other_numbers", "other_kind", "far", "other_contact"})
