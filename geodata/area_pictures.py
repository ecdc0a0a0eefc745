"""Draw areas in their classes as a PNG, for print."""

from __future__ import annotations

import io
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from numpy.typing import NDArray

from geodata.crs import require_bng
from geodata.map_data import simplified
from geodata.picture_marks import printable

_DARK, _GREY, _NONE, _SITE = "#0b0c0c", "#505a5f", "#dee0e2", "#ffdd00"
_WIDE, _HIGH, _DOTS_PER_INCH = 9.0, 6.4, 160
_OUTLINE_METRES = 25
Legend = Sequence[tuple[int, str]]


def draw_areas(
    areas: gpd.GeoDataFrame,
    classes: NDArray[np.intp],
    palette: Sequence[str],
    legend: Legend,
    uncertain: NDArray[np.bool_] | None = None,
    sites: gpd.GeoDataFrame | None = None,
) -> bytes:
    """Draw areas coloured by their class, with those that are uncertain hatched and the sites outlined.

    Parameters
    ----------
    areas : geopandas.GeoDataFrame
        Polygons in EPSG:27700.
    classes : numpy.ndarray of int, shape (n areas,)
        Position of each area's colour in the palette; -1 where there is no figure.
    palette : sequence of str
        Colours as ``#rrggbb``.
    legend : sequence of (int, str)
        What a class means, in the order in which it is said; -1 is "no figure".
    uncertain : numpy.ndarray of bool, shape (n areas,), optional
        Which areas are hatched.
    sites : geopandas.GeoDataFrame, optional
        Grounds to outline, in EPSG:27700, with the column ``name``.

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
    require_bng(areas, "areas")
    if areas.empty or len(areas) != len(classes):
        raise ValueError(f"there are {len(areas)} areas and {len(classes)} classes: give one a class each")
    figure = Figure((_WIDE, _HIGH), dpi=_DOTS_PER_INCH, facecolor="white")
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0.01, 0.01, 0.72, 0.98), frameon=False, xticks=[], yticks=[])
    shapes = simplified(areas.geometry, _OUTLINE_METRES)
    colours = [palette[place] if place >= 0 else _NONE for place in classes]
    shapes.plot(ax=axes, color=colours, edgecolor="white", linewidth=0.3)
    handles = [
        Patch(facecolor=palette[place] if place >= 0 else _NONE, edgecolor=_GREY, label=printable(words))
        for place, words in legend
    ]
    if uncertain is not None and uncertain.any():
        shapes[uncertain].plot(ax=axes, facecolor="none", edgecolor=_DARK, hatch="////", linewidth=0.2)
        handles.append(Patch(facecolor="none", edgecolor=_DARK, hatch="////", label="Uncertain"))
    box = shapes.total_bounds
    if sites is not None and len(sites):
        require_bng(sites, "sites")
        inside = sites[sites.intersects(shapes.union_all())]
        if len(inside):
            inside.plot(ax=axes, facecolor="none", edgecolor=_SITE, linewidth=2.4)
            inside.plot(ax=axes, facecolor="none", edgecolor=_DARK, linewidth=1.0)
            handles.append(Patch(facecolor="none", edgecolor=_DARK, label="Priority site"))
    axes.set(xlabel="", ylabel="", xlim=(box[0], box[2]), ylim=(box[1], box[3]), aspect="equal")
    figure.legend(handles=handles, loc="center left", bbox_to_anchor=(0.74, 0.5), frameon=False, fontsize=9)
    picture = io.BytesIO()
    canvas.print_png(picture, metadata={"Software": None})  # type: ignore[no-untyped-call]
    return picture.getvalue()
