"""Points as people type them: a grid reference, or a latitude and a longitude."""

from __future__ import annotations

import re

import numpy as np

from geodata.crs import bng_to_lonlat

_LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"  # of the squares, five by five from the north-west; there is no I
_GRID = re.compile(r"([HJNOST][A-HJ-Z])\s*(\d{2,10}|\d{1,5}\s+\d{1,5})", re.IGNORECASE)
_METRES = re.compile(r"(\d{5,6})[\s,]+(\d{5,7})")
_DEGREES = re.compile(r"(-?\d{1,2}(?:\.\d{1,12})?)\s*°?\s*N?[\s,;]+(-?\d{1,2}(?:\.\d{1,12})?)\s*°?\s*([EW]?)")
_SQUARE = 100_000


def read_grid_reference(text: str) -> tuple[int, int] | None:
    """Read a reference to the National Grid.

    Parameters
    ----------
    text : str
        Two letters and an even number of figures, such as "SP 066 879", or an easting and a northing in
        metres, such as "406600 287900".

    Returns
    -------
    tuple of (int, int) or None
        Easting and northing in metres (EPSG:27700) of the middle of the square that the figures name; None
        when the text is no such reference.

    Notes
    -----
    Source: Ordnance Survey, "A guide to coordinate systems in Great Britain", section 7. The first letter
    names a square of 500 km, the second one of 100 km within it, both counted from the north-west.

    Examples
    --------
    >>> read_grid_reference("SP 06600 87900")
    (406600, 287900)
    >>> read_grid_reference("sp066879")
    (406650, 287950)
    >>> read_grid_reference("406600, 287900")
    (406600, 287900)
    >>> read_grid_reference("Lozells") is None
    True
    """
    whole = _METRES.fullmatch(text.strip())
    if whole:
        return int(whole[1]), int(whole[2])
    match = _GRID.fullmatch(text.strip())
    if match is None:
        return None
    parts = match[2].split()
    if len(parts) == 1:
        half, odd = divmod(len(parts[0]), 2)
        if odd:
            return None
        parts = [parts[0][:half], parts[0][half:]]
    if len(parts[0]) != len(parts[1]):
        return None
    big, small = (_LETTERS.index(letter) for letter in match[1].upper())
    east = ((big % 5) - 2) * 5 + small % 5
    north = (3 - big // 5) * 5 + 4 - small // 5
    size = 10 ** (5 - len(parts[0]))
    return (
        east * _SQUARE + int(parts[0]) * size + size // 2,
        north * _SQUARE + int(parts[1]) * size + size // 2,
    )


def read_point(text: str) -> tuple[float, float] | None:
    """Read a point: a grid reference, or a latitude and a longitude in degrees.

    Parameters
    ----------
    text : str
        Such as "SP 06600 87900", "52.5022, -1.9019" or "52.5022 N 1.9019 W".

    Returns
    -------
    tuple of (float, float) or None
        Latitude and longitude in degrees (EPSG:4326), to five places, which is about a metre; None when the
        text is neither, or the reference lies outside the grid.

    Examples
    --------
    >>> read_point("52.5022 N, 1.9019 W")
    (52.5022, -1.9019)
    >>> [round(value, 3) for value in read_point("SP 06600 87900")]
    [52.489, -1.904]
    >>> read_point("by the church") is None
    True
    """
    grid = read_grid_reference(text)
    if grid is not None:
        longitude, latitude = bng_to_lonlat([grid[0]], [grid[1]])
        if not (np.isfinite(longitude[0]) and np.isfinite(latitude[0])):
            return None
        return round(float(latitude[0]), 5), round(float(longitude[0]), 5)
    match = _DEGREES.fullmatch(text.strip().upper())
    if match is None:
        return None
    west = -1 if match[3] == "W" else 1
    return round(float(match[1]), 5), round(west * float(match[2]), 5)
