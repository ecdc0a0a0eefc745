"""Points of withheld places are found in every spelling, and points elsewhere stay."""

import pytest

from directory.publishing.grid_spellings import degrees, grid, square_letters
from directory.publishing.spellings import expression, fold
from tests.directory.publishing.test_withhold import place, withholder

EASTING, NORTHING = 406_601, 287_901
GRID = expression(grid(EASTING, NORTHING))
LATITUDE = expression(degrees(52.48895))


@pytest.mark.parametrize(
    "text",
    [
        "SP 066 879",
        "SP06608790",
        "SP 06601 87901",
        "sp0687",
        "S P 067-880",
        "SP 0660 8790",
        "406601, 287901",
        "406601 287901",
        "E 406,601 N 287,901",
        "Easting: 406600.5 Northing: 287900.2",
        "(406 601; 287 901)",
    ],
)
def test_grid_references_are_found(text):
    assert GRID.search(fold(text))


@pytest.mark.parametrize(
    "text", ["SP 166 879", "SP 066 779", "SO 066 879", "SP 06 88", "406601", "0121 406 601", "506601, 287901"]
)
def test_other_places_and_numbers_stay(text):
    assert GRID.search(fold(text)) is None


@pytest.mark.parametrize(
    "text", ["52.489", "52.48895", "52\u00b0 29' 20\" N", "52 29 20.2", "52\u00b029.337'"]
)
def test_degrees_are_found(text):
    assert LATITUDE.search(fold(text))


@pytest.mark.parametrize("text", ["52.49", "52.479", "52 29 40", "52\u00b030.337'"])
def test_other_degrees_stay(text):
    assert LATITUDE.search(fold(text)) is None


@pytest.mark.parametrize(
    ("easting", "northing", "letters"),
    [
        (406_601, 287_901, "sp"),
        (530_000, 180_000, "tq"),
        (325_000, 673_000, "nt"),
        (440_000, 1_140_000, "hu"),
    ],
)
def test_letters_of_squares(easting, northing, letters):
    assert square_letters(easting, northing) == letters


def test_the_point_of_a_withheld_place_is_withheld_in_metres():
    hidden = place("x", latitude=52.49876, longitude=-1.90321, easting=EASTING, northing=NORTHING)
    assert "066" not in withholder(hidden)("Park at SP 066 879 and walk")
