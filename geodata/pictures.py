"""Draw a coverage map as a PNG, for print and for those who take the picture away."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from geodata.crs import BNG
from geodata.distances import distance_words
from geodata.map_data import category_positions, simplified, styles_used
from geodata.map_extent import counted, extent
from geodata.map_layers import CategoryStyle, MapLayers, layers_in, with_points
from geodata.picture_marks import (
    approximate_handle,
    category_handle,
    draw_marks,
    reference_handle,
)
from geodata.picture_words import PictureWords

FICTIONAL = "Fictional demonstration data"
SMALLEST = (800, 500)

_DARK, _GREY, _LAND, _SEA, _SITE = "#0b0c0c", "#505a5f", "#ffffff", "#e4e9ea", "#ffdd00"
_INCHES_WIDE = 16.0
_LINE_WIDTHS = {"authority": 1.2, "ward": 0.5, "lsoa": 0.3}
_OUTLINE_METRES = 25
_MARGIN = 0.08
_BOX = {"facecolor": "white", "edgecolor": _DARK, "boxstyle": "square,pad=0.25"}


@dataclass(frozen=True)
class PictureOptions:
    """What may differ from picture to picture.

    Parameters
    ----------
    title : str
        Heading of the picture.
    notes : tuple of str
        Lines below the map, such as the sources of the data.
    size : (int, int)
        Width and height in pixels, 800 by 500 or more.
    fit : {"sites", "providers"}
        What the picture shows. Without any, the other; without both, the West Midlands.
    within_metres : float, optional
        Draw the line at this distance in metres around each site.
    fictional : bool
        Say that the data are made up.
    least_metres : float
        Show so much land in metres from side to side, however near to each other the marks are.
    words : PictureWords
        In which language and letters the picture says what it says.
    """

    title: str = ""
    notes: tuple[str, ...] = ()
    size: tuple[int, int] = (1600, 1100)
    fit: Literal["sites", "providers"] = "sites"
    within_metres: float | None = None
    fictional: bool = False
    least_metres: float = 1000.0
    words: PictureWords = field(default_factory=PictureWords)


def draw_map(
    layers: MapLayers, styles: Sequence[CategoryStyle], options: PictureOptions | None = None
) -> bytes:
    """Draw providers by category, with the sites and the areas behind them.

    Parameters
    ----------
    layers : MapLayers
        Providers, sites, reference points and outlines, each in EPSG:4326 or EPSG:27700.
    styles : sequence of CategoryStyle
        How each category looks.
    options : PictureOptions, optional
        What may differ from picture to picture.

    Returns
    -------
    bytes
        A PNG. The same input gives the same bytes with the same version of matplotlib.

    Raises
    ------
    CRSError
        If a frame is in neither coordinate system.
    ValueError
        If a column is missing, a level of outlines is unknown, a provider must not be drawn, or the size is
        too small to read.

    Notes
    -----
    Drawn on the British National Grid, so grid north is up and one scale holds for the whole picture. Text is
    drawn as it is written: nothing in it is taken for mathematics.
    """
    options = options or PictureOptions()
    if options.size[0] < SMALLEST[0] or options.size[1] < SMALLEST[1]:
        raise ValueError(
            f"a picture of {options.size[0]} by {options.size[1]} pixels is too small to read: "
            f"use {SMALLEST[0]} by {SMALLEST[1]} or more"
        )
    layers = layers_in(layers, BNG)
    drawn = with_points(layers.providers)
    styles = styles_used(drawn, styles)
    dots_per_inch = options.size[0] / _INCHES_WIDE
    figure = Figure((_INCHES_WIDE, options.size[1] / dots_per_inch), dpi=dots_per_inch, facecolor="white")
    canvas = FigureCanvasAgg(figure)
    axes = _map_axes(figure, layers, options)
    _draw_areas(axes, layers, options.words)
    others = _draw_sites(axes, layers, options)
    axes.set(xlabel="", ylabel="")  # geopandas names the axes
    draw_marks(axes, drawn, category_positions(drawn, styles), styles)
    _draw_scale(axes, options.words)
    _draw_legend(figure, layers, styles, others, options.words)
    _draw_words(figure, axes, layers, options)
    picture = io.BytesIO()
    canvas.print_png(  # type: ignore[no-untyped-call]
        picture, metadata={"Software": None}
    )
    return picture.getvalue()


def _map_axes(figure: Figure, layers: MapLayers, options: PictureOptions) -> Axes:
    """Make the axes, and widen the land shown until it has the shape of the axes."""
    axes = figure.add_axes((0.015, 0.09, 0.725, 0.84), facecolor=_SEA, xticks=[], yticks=[])
    west, south, east, north = extent(layers, options.fit, options.within_metres)
    shape = figure.get_figheight() * 0.84 / (figure.get_figwidth() * 0.725)
    half = (1 + 2 * _MARGIN) / 2
    half_width = max((east - west) * half, (north - south) * half / shape, options.least_metres / 2)
    across, up = (west + east) / 2, (south + north) / 2
    axes.set_xlim(across - half_width, across + half_width)
    axes.set_ylim(up - half_width * shape, up + half_width * shape)
    axes.set_autoscale_on(False)
    return axes


def _draw_areas(axes: Axes, layers: MapLayers, words: PictureWords) -> None:
    for level, areas in layers.outlines.items():
        if with_points(areas).empty:
            continue
        shapes = simplified(with_points(areas).geometry, _OUTLINE_METRES)
        authority = level == "authority"
        shapes.plot(
            ax=axes,
            facecolor=_LAND if authority else "none",
            edgecolor=_GREY if authority else "#8a9499",
            linewidth=_LINE_WIDTHS[level],
            aspect=None,
            zorder=1 if authority else 2,
        )
        if authority:
            inside = shapes.representative_point()
            for x, y, name in zip(inside.x, inside.y, with_points(areas)["name"], strict=True):
                _write(axes, (x, y), name, words, color=_GREY, fontsize=12, zorder=3)


def _draw_sites(axes: Axes, layers: MapLayers, options: PictureOptions) -> list[tuple[Any, str]]:
    """Draw the sites and their reference points, and return what the legend says of them."""
    words = options.words
    handles: list[tuple[Any, str]] = []
    if layers.sites is not None and len(with_points(layers.sites)):
        sites = with_points(layers.sites)
        shapes = outer = sites.geometry
        shapes.plot(ax=axes, facecolor=_SITE + "66", edgecolor=_DARK, linewidth=2.2, aspect=None, zorder=4)
        handles.append(
            (Patch(facecolor=_SITE + "66", edgecolor=_DARK, linewidth=2), words.say("Priority site"))
        )
        if options.within_metres is not None:
            outer = counted(layers, options.within_metres)
            line: dict[str, Any] = {
                "facecolor": "none",
                "edgecolor": _DARK,
                "linestyle": "--",
                "linewidth": 1.4,
            }
            outer.plot(ax=axes, aspect=None, zorder=4, **line)
            distance = distance_words(options.within_metres, words.say)
            handles.append((Patch(**line), words.say("Within %(distance)s of a site", distance=distance)))
        tops = outer.bounds
        across = (tops["minx"] + tops["maxx"]) / 2
        for x, y, name in zip(across, tops["maxy"], sites["name"], strict=True):
            look: dict[str, Any] = {"color": _DARK, "fontweight": "bold", "zorder": 9, "bbox": _BOX}
            _write(axes, (x, y), name, words, fontsize=12, **look)
    if layers.references is not None and len(with_points(layers.references)):
        points = with_points(layers.references).geometry
        axes.scatter(points.x, points.y, s=130, c="white", edgecolors=_DARK, linewidths=3, zorder=6)
        axes.scatter(points.x, points.y, s=18, c=_DARK, zorder=6)
        handles.append((reference_handle(), words.say("Reference point")))
    return handles


def _write(axes: Axes, place: tuple[float, float], text: str, words: PictureWords, **look: Any) -> None:
    """Write on the map, cut at the map's edge, and none of it read as mathematics."""
    look |= {"ha": "center", "va": "center", "clip_on": True, "parse_math": False}
    x, y = place
    axes.text(x, y, words.printable(text), fontfamily=words.families, **look)


def _draw_scale(axes: Axes, words: PictureWords) -> None:
    """Draw a scale bar of a round length, at most a quarter of the map, and an arrow to the north."""
    west, east = axes.get_xlim()
    south, north = axes.get_ylim()
    unit = (east - west) / 100
    power = 10.0 ** np.floor(np.log10(25 * unit))
    length = power * max(step for step in (1, 2, 5) if step * power <= 25 * unit)
    left, low = west + 2 * unit, south + 2.5 * unit
    behind = ([left - unit, left + length + unit], low - 1.2 * unit, low + 3 * unit)
    axes.fill_between(*behind, color="white", alpha=0.85, zorder=8)
    axes.plot(
        [left, left, left + length, left + length],
        [low + unit / 2, low, low, low + unit / 2],
        color=_DARK,
        linewidth=2,
        zorder=9,
    )
    middle = (left + length / 2, low + 1.6 * unit)
    _write(axes, middle, distance_words(length, words.say), words, fontsize=11, zorder=9)
    top = (east - 3 * unit, north - 2.2 * unit)
    arrow = {"arrowstyle": "-|>", "color": _DARK, "linewidth": 2}
    axes.annotate("", top, (top[0], top[1] - 5 * unit), arrowprops=arrow, zorder=9)
    below = (top[0], top[1] - 6.2 * unit)
    _write(axes, below, words.say("N"), words, fontsize=13, fontweight="bold", zorder=9)


def _draw_legend(
    figure: Figure,
    layers: MapLayers,
    styles: Sequence[CategoryStyle],
    others: list[tuple[Any, str]],
    words: PictureWords,
) -> None:
    drawn = with_points(layers.providers)
    counts = np.bincount(category_positions(drawn, styles), minlength=len(styles))
    entries: list[tuple[Any, str]] = [
        (category_handle(style), f"{words.say(style.name)} ({count})")
        for style, count in zip(styles, counts, strict=True)
    ]
    if (drawn["precision"] == "approximate").any():
        entries.append((approximate_handle(), words.say("Approximate place")))
    handles, labels = zip(*entries, *others, strict=True)
    legend = figure.legend(
        handles,
        [words.wrapped(label, 34) for label in labels],
        loc="upper right" if words.from_right else "upper left",
        bbox_to_anchor=(0.985 if words.from_right else 0.745, 0.935),
        handletextpad=0.6,
        labelspacing=0.75,
        **words.legend_look(min(11.5, figure.get_figheight() * 1.05)),
    )
    for text in legend.get_texts():
        text.set_parse_math(False)
        text.set_multialignment(words.side)


def _draw_words(figure: Figure, axes: Axes, layers: MapLayers, options: PictureOptions) -> None:
    """Write the title, how many providers are left out, the notes, and that the data are made up."""
    words, drawn = options.words, with_points(layers.providers).geometry
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    outside = int((~(drawn.x.between(west, east) & drawn.y.between(south, north))).sum())
    counts = [words.say("%(number)s shown", number=len(drawn) - outside)]
    if outside:
        counts.append(words.say("%(number)s outside the picture", number=outside))
    if len(drawn) < len(layers.providers):
        missing = len(layers.providers) - len(drawn)
        counts.append(words.say("%(number)s without a place on the map", number=missing))
    lines = [
        words.wrapped(note, 190) for note in (words.say(", ").join(counts) + words.say("."), *options.notes)
    ]
    edge = 0.74 if words.from_right else 0.015
    plain: dict[str, Any] = {"parse_math": False, "color": _DARK, "fontfamily": words.families}
    begun = plain | {"ha": words.side}
    figure.text(edge, 0.075, "\n".join(lines), fontsize=10.5, va="top", linespacing=1.35, **begun)
    bold: dict[str, Any] = {"fontweight": "bold", "va": "center"}
    figure.text(edge, 0.965, words.wrapped(options.title, 70), fontsize=19, **begun, **bold)
    if options.fictional:
        figure.text(0.75, 0.965, words.say(FICTIONAL), fontsize=12, bbox=_BOX, **plain, **bold)
