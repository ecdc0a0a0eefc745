"""Classes for a map that is coloured by a figure: where each begins, and what to call it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Classes:
    """The classes of a map.

    Attributes
    ----------
    edges : tuple of float
        Where each class but the first begins, rising. A value on an edge belongs to the class above it.
    method : str
        How the edges were chosen, in words.
    """

    edges: tuple[float, ...]
    method: str

    def of(self, values: ArrayLike) -> NDArray[np.intp]:
        """Say which class each value is in.

        Parameters
        ----------
        values : array_like of float
            Values; NaN where there is none.

        Returns
        -------
        numpy.ndarray of int
            The number of the class, from 0; -1 for NaN.
        """
        figures = np.asarray(values, dtype=float)
        found = np.searchsorted(np.asarray(self.edges), figures, side="right")
        return np.where(np.isnan(figures), -1, found).astype(np.intp)


def fixed_classes(edges: Sequence[float]) -> Classes:
    """Make classes whose edges are chosen beforehand, so that maps can be compared.

    Parameters
    ----------
    edges : sequence of float
        Where each class but the first begins, rising.

    Returns
    -------
    Classes
        The classes.

    Raises
    ------
    ValueError
        If the edges do not rise.

    Examples
    --------
    >>> fixed_classes([1, 3]).of([0, 1, 2, 3, np.nan])
    array([ 0,  1,  1,  2, -1])
    """
    if any(later <= earlier for earlier, later in pairwise(edges)):
        raise ValueError("the edges of classes must rise")
    return Classes(tuple(map(float, edges)), "fixed breaks, the same on every map")


def quantile_classes(values: ArrayLike, number: int) -> Classes:
    """Make a class of its own for nought, and classes with equally many areas for what is above it.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        Values of nought or more; NaN where there is none.
    number : int
        How many classes there are above nought, at most.

    Returns
    -------
    Classes
        Fewer classes where many areas have the same value. The first class holds nought alone.

    Notes
    -----
    The edges are the least value above nought and the quantiles ``1 / number, 2 / number, ...`` of the values
    above nought, by the method "higher" of `numpy.quantile`, so that every edge is a value that there is.

    Examples
    --------
    >>> quantile_classes([0, 0, 1, 2, 3, 4], 2).edges
    (1.0, 3.0)
    """
    figures = np.asarray(values, dtype=float)
    positive = figures[figures > 0]
    words = f"nought by itself, and above it up to {number} classes with equally many areas (quantiles)"
    if not len(positive):
        return Classes((), words)
    shares = np.arange(number) / number
    edges = np.unique(np.quantile(positive, shares, method="higher"))
    return Classes(tuple(edges.tolist()), words)
