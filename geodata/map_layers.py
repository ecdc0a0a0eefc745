"""What goes on a map: the frames, checked, and how each category looks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import geopandas as gpd
import numpy as np

from geodata.crs import BNG, WGS84, CRSError, require_columns

PROVIDER_COLUMNS = (
    "id",
    "name",
    "organization_name",
    "category",
    "categories",
    "next_opening",
    "href",
    "precision",
)
SITE_COLUMNS = ("slug", "name", "href")
REFERENCE_COLUMNS = ("slug", "name")
OUTLINE_COLUMNS = ("code", "name")

LEVEL_NAMES = {"authority": "Local authorities", "ward": "Wards", "lsoa": "Small areas"}

# Paul Tol's "muted" set, made to be told apart with the common kinds of colour blindness, and a dark grey.
_COLOURS = (
    "#332288",
    "#117733",
    "#CC6677",
    "#88CCEE",
    "#882255",
    "#DDCC77",
    "#44AA99",
    "#AA4499",
    "#999933",
    "#4D4D4D",
)
_SHAPES: tuple[Literal["circle", "square", "diamond"], ...] = ("circle", "square", "diamond")
_SMALL_WORDS = {"a", "and", "for", "in", "of", "on", "or", "the", "to", "with"}


@dataclass(frozen=True)
class CategoryStyle:
    """How one category looks: a colour, a shape and a short symbol, so that colour is never alone.

    Parameters
    ----------
    code : str
        Code of the taxonomy term.
    name : str
        Name that people read.
    colour : str
        Six hexadecimal digits after a ``#``.
    symbol : str
        One to three letters or digits, or ``?``.
    shape : {"circle", "square", "diamond"}
        Outline of the marker.

    Raises
    ------
    ValueError
        If the colour or the symbol has another form.
    """

    code: str
    name: str
    colour: str
    symbol: str
    shape: Literal["circle", "square", "diamond"] = "circle"

    def __post_init__(self) -> None:
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", self.colour):
            raise ValueError(f"category {self.code!r}: the colour {self.colour!r} is not like #1A2B3C")
        if not re.fullmatch(r"[0-9A-Za-z]{1,3}|\?", self.symbol):
            raise ValueError(
                f"category {self.code!r}: the symbol {self.symbol!r} is not 1 to 3 letters or digits"
            )

    @property
    def ink(self) -> str:
        """Black or white, whichever stands out more on the colour."""
        return (
            "#000000" if contrast(self.colour, "#000000") >= contrast(self.colour, "#ffffff") else "#ffffff"
        )


OTHER = CategoryStyle("", "Another category, or not known", "#DDDDDD", "?", "circle")


@dataclass(frozen=True)
class MapLayers:
    """The frames of one map.

    Parameters
    ----------
    providers : GeoDataFrame
        One point a row, with the columns `PROVIDER_COLUMNS`; EPSG:4326 or EPSG:27700. A row may lack a point:
        it is then counted, not drawn.
    sites : GeoDataFrame, optional
        Extents of the priority sites, with the columns `SITE_COLUMNS`.
    references : GeoDataFrame, optional
        Reference points of the sites, with the columns `REFERENCE_COLUMNS`.
    outlines : mapping of str to GeoDataFrame
        Areas drawn as background, by level (a key of `LEVEL_NAMES`), with the columns `OUTLINE_COLUMNS`.
    outline_hrefs : mapping of str to str
        Addresses from which the page fetches the outlines of a level when it draws them, as
        `geodata.map_data.outlines_data` gives them: browsers keep them, and a page is less by them.
    """

    providers: gpd.GeoDataFrame
    sites: gpd.GeoDataFrame | None = None
    references: gpd.GeoDataFrame | None = None
    outlines: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    outline_hrefs: Mapping[str, str] = field(default_factory=dict)


def contrast(colour: str, other: str) -> float:
    """Return the contrast ratio of two colours.

    Parameters
    ----------
    colour, other : str
        Six hexadecimal digits after a ``#``.

    Returns
    -------
    float
        From 1 (the same) to 21 (black on white).

    Notes
    -----
    Relative luminance and contrast ratio as defined in WCAG 2.2.

    Examples
    --------
    >>> round(contrast("#000000", "#ffffff"))
    21
    """
    lighter, darker = sorted((_luminance(colour), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def category_styles(names: Mapping[str, str]) -> tuple[CategoryStyle, ...]:
    """Give each category a colour, a shape and a symbol of its own.

    Parameters
    ----------
    names : mapping of str to str
        Names of the categories by code, in the order in which they are listed.

    Returns
    -------
    tuple of CategoryStyle
        One for each category. The first thirty differ in colour or shape; all differ in symbol.

    Notes
    -----
    Ten colours (the "muted" set of P. Tol, *Colour Schemes*, SRON/EPS/TN/09-002, and a dark grey) are used
    with a circle, then a square, then a diamond. The symbol is the initials of the first two words that
    matter, or the first letters of the only one.

    Examples
    --------
    >>> [style.symbol for style in category_styles({"a": "Mentoring", "b": "Media and arts"})]
    ['Me', 'MA']
    """
    styles: list[CategoryStyle] = []
    taken: set[str] = set()
    for place, (code, name) in enumerate(names.items()):
        symbol = next(symbol for symbol in _symbols(name) if symbol.casefold() not in taken)
        taken.add(symbol.casefold())
        turn, colour = divmod(place, len(_COLOURS))
        styles.append(CategoryStyle(code, name, _COLOURS[colour], symbol, _SHAPES[turn % len(_SHAPES)]))
    return tuple(styles)


def layers_in(layers: MapLayers, crs: str) -> MapLayers:
    """Return the same layers, checked, in one coordinate system.

    Parameters
    ----------
    layers : MapLayers
        The frames of a map.
    crs : {"EPSG:4326", "EPSG:27700"}
        The coordinate system to return.

    Returns
    -------
    MapLayers
        New frames; those given are not changed.

    Raises
    ------
    CRSError
        If a frame is in neither EPSG:4326 nor EPSG:27700.
    ValueError
        If a column is missing, a level of outlines is unknown, or a provider's precision does not allow it to
        be drawn.
    """
    unknown = sorted({*layers.outlines, *layers.outline_hrefs} - set(LEVEL_NAMES))
    if unknown:
        raise ValueError(f"outlines of unknown level {unknown[0]!r}: use one of {', '.join(LEVEL_NAMES)}")
    providers = _frame_in(layers.providers, "providers", PROVIDER_COLUMNS, crs)
    _check_precision(providers)
    return MapLayers(
        providers=providers,
        sites=_frame_in(layers.sites, "sites", SITE_COLUMNS, crs),
        references=_frame_in(layers.references, "references", REFERENCE_COLUMNS, crs),
        outlines={
            level: _frame_in(frame, f"{level} outlines", OUTLINE_COLUMNS, crs)
            for level, frame in layers.outlines.items()
        },
        outline_hrefs=layers.outline_hrefs,
    )


def with_points(providers: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the providers that have a point.

    Parameters
    ----------
    providers : GeoDataFrame
        One row a provider; the geometry may be missing or empty.

    Returns
    -------
    GeoDataFrame
        The rows that can be drawn, in the same order.
    """
    return providers[~(providers.geometry.isna() | providers.geometry.is_empty)]


def _frame_in(
    frame: gpd.GeoDataFrame | None, name: str, columns: tuple[str, ...], crs: str
) -> gpd.GeoDataFrame | None:
    if frame is None:
        return None
    require_columns(frame, columns, name)
    if frame.crs not in (BNG, WGS84):
        found = "no coordinate system" if frame.crs is None else frame.crs.to_string()
        raise CRSError(f"{name}: a map needs {WGS84} or {BNG}, not {found}")
    return frame.to_crs(crs)


def _check_precision(providers: gpd.GeoDataFrame) -> None:
    """Refuse a place that must not be shown, such as a refuge: it should never have come this far."""
    drawn = with_points(providers)
    refused = drawn[~drawn["precision"].isin(("open", "approximate"))]
    if len(refused):
        row, precision = refused.index[0], refused["precision"].iloc[0]
        raise ValueError(
            f"provider in row {row!r} has the precision {precision!r}: "
            "only 'open' and 'approximate' places may be drawn; leave the row out or its point empty"
        )


def _luminance(colour: str) -> float:
    channels = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def _symbols(name: str) -> Iterator[str]:
    """Yield symbols for a name, the best first, without end."""
    words = [word for word in re.findall(r"[0-9A-Za-z]+", name) if word.lower() not in _SMALL_WORDS]
    if len(words) > 1:
        yield (words[0][0] + words[1][0]).upper()
    if words:
        first = words[0]
        yield from (first[0].upper() + letter.lower() for letter in first[1:])
    initial = words[0][0].upper() if words else ""
    yield from (f"{initial}{number}" for number in range(1, 100))
    yield from (str(number) for number in range(1, 1000))
