"""Draw areas in their classes as a PNG, for print."""

from __future__ import annotations

import io
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from numpy.typing import NDArray

from geodata.crs import require_bng
from geodata.map_data import simplified
from geodata.picture_words import PictureWords

NO_FIGURE = "#dee0e2"

_DARK, _GREY, _SITE = "#0b0c0c", "#505a5f", "#ffdd00"
_WIDE, _HIGH, _DOTS_PER_INCH = 9.0, 6.4, 160
_OUTLINE_METRES = 25
Legend = Sequence[tuple[int, str, str]]


def draw_areas(
    areas: gpd.GeoDataFrame,
    classes: NDArray[np.intp],
    legend: Legend,
    uncertain: NDArray[np.bool_] | None = None,
    sites: gpd.GeoDataFrame | None = None,
    words: PictureWords | None = None,
) -> bytes:
    """Draw areas coloured by their class, with those that are uncertain hatched and the sites outlined.

    Parameters
    ----------
    areas : geopandas.GeoDataFrame
        Polygons in EPSG:27700.
    classes : numpy.ndarray of int, shape (n areas,)
        The class of each; -1 where there is no figure, which is drawn in the colour `NO_FIGURE`.
    legend : sequence of (int, str, str)
        A class, its colour as ``#rrggbb`` and what it means, in the order in which it is said.
    uncertain : numpy.ndarray of bool, shape (n areas,), optional
        Which areas are hatched.
    sites : geopandas.GeoDataFrame, optional
        Grounds to outline, in EPSG:27700, with the column ``name``.
    words : PictureWords, optional
        In which language and letters the picture says what it says; the legend is given in it.

    Returns
    -------
    bytes
        A PNG of 1,440 by 1,024 pixels.

    Raises
    ------
    CRSError
        If a frame is not in EPSG:27700.
    ValueError
        If there are no areas, or not as many classes as areas.
    """
    words = words or PictureWords()
    require_bng(areas, "areas")
    if areas.empty or len(areas) != len(classes):
        raise ValueError(f"there are {len(areas)} areas and {len(classes)} classes: give one a class each")
    figure = Figure((_WIDE, _HIGH), dpi=_DOTS_PER_INCH, facecolor="white")
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0.01, 0.01, 0.72, 0.98), frameon=False, xticks=[], yticks=[])
    shapes = simplified(areas.geometry, _OUTLINE_METRES)
    colour_of = {-1: NO_FIGURE} | {place: colour for place, colour, _ in legend}
    colours = [colour_of[place] for place in classes.tolist()]
    shapes.plot(ax=axes, color=colours, edgecolor="white", linewidth=0.3)
    handles = [
        Patch(facecolor=colour, edgecolor=_GREY, label=words.printable(said)) for _, colour, said in legend
    ]
    if uncertain is not None and uncertain.any():
        shapes[uncertain].plot(ax=axes, facecolor="none", edgecolor=_DARK, hatch="////", linewidth=0.2)
        handles.append(Patch(facecolor="none", edgecolor=_DARK, hatch="////", label=words.say("Uncertain")))
    box = shapes.total_bounds
    if sites is not None and len(sites):
        handles += _outline_sites(axes, sites, shapes, words)
    axes.set(xlabel="", ylabel="", xlim=(box[0], box[2]), ylim=(box[1], box[3]), aspect="equal")
    figure.legend(
        handles=handles,
        loc="center right" if words.from_right else "center left",
        bbox_to_anchor=(0.99 if words.from_right else 0.74, 0.5),
        **words.legend_look(9),
    )
    picture = io.BytesIO()
    canvas.print_png(picture, metadata={"Software": None})  # type: ignore[no-untyped-call]
    return picture.getvalue()


def _outline_sites(
    axes: Axes, sites: gpd.GeoDataFrame, shapes: gpd.GeoSeries, words: PictureWords
) -> list[Patch]:
    """Outline the sites that lie among the areas, and return what the legend says of them."""
    require_bng(sites, "sites")
    inside = sites[sites.intersects(shapes.union_all())]
    if inside.empty:
        return []
    inside.plot(ax=axes, facecolor="none", edgecolor=_SITE, linewidth=2.4)
    inside.plot(ax=axes, facecolor="none", edgecolor=_DARK, linewidth=1.0)
    return [Patch(facecolor="none", edgecolor=_DARK, label=words.say("Priority site"))]
