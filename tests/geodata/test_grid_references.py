"""Points as people type them."""

import doctest

import pytest

from geodata import grid_references
from geodata.grid_references import read_grid_reference, read_point


# From the National Grid's own definition: the squares of Great Britain, by their south-western corners.
@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("SV 00000 00000", (0, 0)),
        ("SP 00000 00000", (400_000, 200_000)),
        ("TQ 00000 00000", (500_000, 100_000)),
        ("NT 25000 73000", (325_000, 673_000)),
        ("HU 00000 00000", (400_000, 1_100_000)),
        ("SK 1 2", (415_000, 325_000)),
        ("SP0660087900", (406_600, 287_900)),
        ("406600 287900", (406_600, 287_900)),
    ],
)
def test_grid_reference_is_a_square(text, point):
    assert read_grid_reference(text) == point


@pytest.mark.parametrize("text", ["", "SP", "SP 066 87", "SP 06687", "SI 066 879", "B19 2TH", "52.5, -1.9"])
def test_what_is_no_grid_reference(text):
    assert read_grid_reference(text) is None


@pytest.mark.parametrize(
    "text", ["52.5022,-1.9019", "52.5022 -1.9019", " 52.5022; -1.9019 ", "52.5022\u00b0N 1.9019\u00b0W"]
)
def test_degrees_are_read_as_people_write_them(text):
    assert read_point(text) == (52.5022, -1.9019)


@pytest.mark.parametrize("text", ["", "52.5022", "north", "999999 9999999", "1e5, 2"])
def test_what_is_no_point(text):
    assert read_point(text) is None


def test_examples_of_the_docstrings_are_right():
    failed, tried = doctest.testmod(grid_references)
    assert tried
    assert not failed
