"""Why an area has no provider that fits: how far the best candidate gets.

Every provider that might serve an area gets one class, the first that holds it back. An area gets the class
of the candidate that comes furthest, so that the areas, and the people in them, add up over the reasons.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FITS = 6
# In the order in which they are looked at; the number of each is its place here.
REASONS = (
    "none",  # nothing that might serve the area is on record
    "time",  # something is in reach, but not at that time
    "who",  # open then, but not for that age or group
    "closed to most",  # for them, but closed for the time being or by referral only
    "elsewhere",  # they could come, but it is only online, by phone, or by people who come
    "not known",  # it may fit: a fact is not on record
    "",  # at least one is known to fit: no gap
)


def candidate_class(
    time: NDArray[np.int8], who: NDArray[np.int8], access: NDArray[np.int8], place: NDArray[np.int8]
) -> NDArray[np.int8]:
    """Say what holds each candidate back.

    Parameters
    ----------
    time, who, access : numpy.ndarray of int, shape (n,)
        Whether it is open then, for these people, and can be used without a referral: 1 yes, 0 not known,
        -1 no.
    place : numpy.ndarray of int, shape (n,)
        1 where it has a place known to be in reach, 0 where it may have one, -1 where it serves the area from
        elsewhere without a place there.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        Places in `REASONS`: 1 to 5, or `FITS`.

    Examples
    --------
    >>> facts = [np.array(values, dtype=np.int8) for values in ([1, -1, 1], [1, 1, 0], [1, 1, 1], [1, 1, 1])]
    >>> [REASONS[place] for place in candidate_class(*facts)]
    ['', 'time', 'not known']
    """
    unknown = (time == 0) | (who == 0) | (access == 0) | (place == 0)
    return np.select(
        [time < 0, who < 0, access < 0, place < 0, unknown], [1, 2, 3, 4, 5], default=FITS
    ).astype(np.int8)


def furthest_class(area: NDArray[np.intp], classes: NDArray[np.int8], areas: int) -> NDArray[np.int8]:
    """Give each area the class of the candidate that gets furthest.

    Parameters
    ----------
    area : numpy.ndarray of int, shape (n pairs,)
        Position of the area of each pair of an area and a candidate.
    classes : numpy.ndarray of int, shape (n pairs,)
        The class of each candidate, as `candidate_class` gives it.
    areas : int
        How many areas there are.

    Returns
    -------
    numpy.ndarray of int, shape (n areas,)
        Places in `REASONS`; 0 for an area without a candidate.

    Examples
    --------
    >>> furthest_class(np.array([0, 0, 2]), np.array([1, 3, 6], dtype=np.int8), 3)
    array([3, 0, 6], dtype=int8)
    """
    found = np.zeros(areas, dtype=np.int8)
    np.maximum.at(found, area, classes)
    return found
