"""The marks of a picture: shapes with letters in them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import geopandas as gpd
import numpy as np
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.textpath import TextPath
from numpy.typing import NDArray

from geodata.map_layers import CategoryStyle

_SHAPES = {"circle": "o", "square": "s", "diamond": "D"}
_DARK, _GREY = "#0b0c0c", "#505a5f"
_POINTS = 17.0  # width of a mark; one seventy-second of an inch
_APPROXIMATE_POINTS = 28.0
_LETTER_POINTS = 7.0


def draw_marks(
    axes: Axes, providers: gpd.GeoDataFrame, positions: NDArray[np.int_], styles: Sequence[CategoryStyle]
) -> None:
    """Draw a mark for each provider: the shape, colour and letters of its category.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    providers : GeoDataFrame
        Points in the coordinate system of the axes, with the column `precision`.
    positions : ndarray of int, shape (len(providers),)
        Position of each provider's category among the styles.
    styles : sequence of CategoryStyle
        How each category looks.

    Notes
    -----
    An approximate place is a larger pale circle with a broken edge.
    """
    x, y = providers.geometry.x.to_numpy(), providers.geometry.y.to_numpy()
    approximate = (providers["precision"] == "approximate").to_numpy()
    for position, style in enumerate(styles):
        for rough in (True, False):
            rows = (positions == position) & (approximate == rough)
            if not rows.any():
                continue
            axes.scatter(x[rows], y[rows], **(_rough_look(style) if rough else _look(style)))
            letters, width = _letters(style.symbol)
            ink = _DARK if rough else style.ink
            axes.scatter(x[rows], y[rows], marker=letters, s=width**2, c=ink, linewidths=0, zorder=7)


def category_handle(style: CategoryStyle) -> tuple[Line2D, ...]:
    """Return the mark of a category for a legend.

    Parameters
    ----------
    style : CategoryStyle
        How the category looks.

    Returns
    -------
    tuple of Line2D
        The shape, and the letters to draw over it.
    """
    shape = Line2D(
        [],
        [],
        linestyle="none",
        marker=_SHAPES[style.shape],
        markersize=_POINTS * _scale(style),
        markerfacecolor=style.colour,
        markeredgecolor=_DARK,
        markeredgewidth=0.7,
    )
    letters, width = _letters(style.symbol)
    ink: dict[str, Any] = {"markerfacecolor": style.ink, "markeredgewidth": 0}
    return shape, Line2D([], [], linestyle="none", marker=letters, markersize=width, **ink)


def approximate_handle() -> Line2D:
    """Return the mark of an approximate place for a legend.

    Returns
    -------
    Line2D
        A pale circle.
    """
    return Line2D(
        [], [], linestyle="none", marker="o", markersize=20, markerfacecolor="#e3e5e6", markeredgecolor=_GREY
    )


def reference_handle() -> Line2D:
    """Return the mark of a reference point for a legend.

    Returns
    -------
    Line2D
        A ring.
    """
    ring: dict[str, Any] = {"markerfacecolor": "white", "markeredgecolor": _DARK, "markeredgewidth": 3}
    return Line2D([], [], linestyle="none", marker="o", markersize=10, **ring)


def _look(style: CategoryStyle) -> dict[str, Any]:
    size = (_POINTS * _scale(style)) ** 2
    look = {"marker": _SHAPES[style.shape], "s": size, "c": style.colour, "edgecolors": "white"}
    return look | {"linewidths": 1.0, "zorder": 7}


def _rough_look(style: CategoryStyle) -> dict[str, Any]:
    look = {"marker": "o", "s": _APPROXIMATE_POINTS**2, "facecolors": _pale(style.colour), "alpha": 0.85}
    return look | {"edgecolors": style.colour, "linestyles": "--", "linewidths": 1.4, "zorder": 7}


def _scale(style: CategoryStyle) -> float:
    """A diamond's width is its diagonal: draw it smaller, so that all shapes weigh about the same."""
    return {"circle": 1.0, "square": 0.9, "diamond": 0.8}[style.shape]


def _pale(colour: str) -> str:
    channels = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
    return "#" + "".join(f"{round(255 - (255 - channel) * 0.24):02x}" for channel in channels)


@cache
def _letters(symbol: str) -> tuple[Path, float]:
    """Return the outline of a symbol round the origin, and its width in points as a marker."""
    path = TextPath((0, 0), symbol, size=_LETTER_POINTS, prop=FontProperties(weight="bold"))
    low, high = path.vertices.min(axis=0), path.vertices.max(axis=0)
    centred = Path(path.vertices - (low + high) / 2, path.codes)
    return centred, float(2 * np.abs(centred.vertices).max())
