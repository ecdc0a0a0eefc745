"""Pictures: the marks stand where they should, and text is drawn as it is."""

from __future__ import annotations

import io

import numpy as np
import pytest
from matplotlib.image import imread
from shapely import Point

from geodata.crs import CRSError
from geodata.map_layers import MapLayers
from geodata.picture_words import PictureWords
from geodata.pictures import FICTIONAL, PictureOptions, draw_map
from tests.geodata import map_frames

SMALL = (800, 500)


def pixels(layers: MapLayers, **options: object) -> np.ndarray:
    picture = draw_map(layers, map_frames.styles(), PictureOptions(**{"size": SMALL, **options}))
    return np.round(imread(io.BytesIO(picture))[..., :3] * 255).astype(int)


def on_the_map(image: np.ndarray) -> np.ndarray:
    """Cut off the title, the legend and the notes."""
    height, width = image.shape[:2]
    return image[round(height * 0.08) : round(height * 0.9), round(width * 0.02) : round(width * 0.73)]


def rows_of(image: np.ndarray, colour: str) -> np.ndarray:
    wanted = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
    return np.argwhere((image == wanted).all(axis=-1))


def two_providers() -> MapLayers:
    """Return one provider of the first category, and one of the second 3 km north of it."""
    providers = map_frames.providers(2).to_crs(27700)
    providers["category"] = [style.code for style in map_frames.styles()[:2]]
    providers["precision"] = "open"
    return MapLayers(providers.set_geometry([Point(407000, 289000), Point(407000, 292000)], crs=27700))


def test_a_picture_is_a_png_of_the_size_asked_for():
    picture = draw_map(map_frames.layers(), map_frames.styles(), PictureOptions(size=(1000, 700)))
    assert picture.startswith(b"\x89PNG")
    assert imread(io.BytesIO(picture)).shape[:2] == (700, 1000)


def test_the_same_input_gives_the_same_bytes():
    first, second = (draw_map(map_frames.layers(), map_frames.styles()) for _ in range(2))
    assert first == second


def test_a_provider_is_drawn_in_the_colour_of_its_category():
    layers, style = two_providers(), map_frames.styles()[0]
    assert len(rows_of(on_the_map(pixels(layers)), style.colour)) > 30
    without = MapLayers(layers.providers.iloc[1:])
    assert len(rows_of(on_the_map(pixels(without)), style.colour)) == 0


def test_north_is_up():
    image = on_the_map(pixels(two_providers()))
    south, north = (rows_of(image, style.colour)[:, 0].mean() for style in map_frames.styles()[:2])
    assert north < south


def test_an_approximate_place_is_larger_and_pale():
    layers, style = two_providers(), map_frames.styles()[0]
    before = on_the_map(pixels(layers))
    layers.providers["precision"] = ["approximate", "open"]
    image = on_the_map(pixels(layers))
    pale = "#{:02x}{:02x}{:02x}".format(*image[tuple(rows_of(before, style.colour)[0])])
    assert len(rows_of(image, style.colour)) == 0
    assert len(rows_of(image, pale)) > 3 * len(rows_of(before, style.colour))


def test_a_distance_is_drawn():
    layers = MapLayers(map_frames.providers(2).iloc[:0], map_frames.sites())
    ringed = on_the_map(pixels(layers, within_metres=5000))
    assert not np.array_equal(ringed, on_the_map(pixels(layers)))


def test_made_up_data_say_so():
    corner = (slice(0, 35), slice(600, 800))
    assert pixels(two_providers())[corner].min() == 255
    assert pixels(two_providers(), fictional=True)[corner].min() < 50


def test_those_outside_and_without_a_point_are_noted():
    layers = map_frames.layers(4)
    layers.providers["precision"] = "open"
    notes = (slice(460, 500), slice(0, 590))
    before = pixels(layers)[notes]
    layers.providers.loc[0, "geometry"] = None
    layers.providers.loc[1, "geometry"] = Point(-3.0, 54.0)
    assert (pixels(layers)[notes] < 128).sum() > (before < 128).sum()


def test_text_is_never_taken_for_mathematics():
    layers = map_frames.layers(6)
    for frame in (layers.sites, layers.references, *layers.outlines.values()):
        frame["name"] = r"$\frac{1}{$ costs $5 _^ 慈善 😀"
    styles = [
        style.__class__("mentoring", r"$\broken{$", style.colour, "M") for style in map_frames.styles()[:1]
    ]
    options = PictureOptions(title=r"$\x{$", notes=(r"$$\y$",), size=SMALL)
    assert draw_map(layers, styles, options).startswith(b"\x89PNG")


def test_harmful_text_is_only_text():
    assert draw_map(map_frames.harmful_layers(), map_frames.styles()).startswith(b"\x89PNG")


def test_a_picture_of_nothing_is_a_picture():
    empty = {level: frame.iloc[:0] for level, frame in map_frames.outlines().items()}
    layers = MapLayers(map_frames.providers(2).iloc[:0], map_frames.sites().iloc[:0], outlines=empty)
    assert len(pixels(layers)) == SMALL[1]


def test_a_picture_too_small_to_read_is_refused():
    with pytest.raises(ValueError, match="300 by 900 pixels is too small"):
        pixels(two_providers(), size=(300, 900))


def test_another_coordinate_system_is_refused():
    with pytest.raises(CRSError, match="providers"):
        pixels(MapLayers(two_providers().providers.to_crs(3857)))


def test_characters_that_the_font_lacks_are_marked():
    words = PictureWords()
    assert words.printable("Café 慈\n善") == "Café □ □"
    assert words.printable(None) == words.printable(float("nan")) == ""


def test_long_text_is_broken_into_lines():
    assert PictureWords().wrapped("one two three", 8) == "one two\nthree"


class Asked(dict):
    """Words in another language, and what was asked of them."""

    def __init__(self, *args):
        super().__init__(*args)
        self.asked = set()

    def get(self, text, default=None):
        self.asked.add(text)
        return super().get(text, default)


def test_a_picture_says_everything_in_its_language():
    said = Asked({"Priority site": "O 100%"})  # a sign that no figure follows is only a sign
    layers = map_frames.layers(6)
    layers.providers.loc[1, "geometry"] = None
    options = PictureOptions(size=SMALL, within_metres=500, fictional=True, words=PictureWords(said))
    assert draw_map(layers, map_frames.styles(), options).startswith(b"\x89PNG")
    names = {style.name for style in map_frames.styles()}
    assert said.asked - names == {
        *("Priority site", "Within %(distance)s of a site", "Reference point", "Approximate place"),
        *("%(metres)s metres", "%(kilometres)s km", "N", FICTIONAL, ", ", "."),
        *("%(number)s shown", "%(number)s without a place on the map"),
    }
    assert said.asked & names


def test_words_stand_at_the_side_from_which_they_are_read():
    layers, title = two_providers(), "Services"
    left, right = (
        pixels(layers, title=title, words=PictureWords(from_right=side)) < 128 for side in (False, True)
    )
    top = round(SMALL[1] * 0.06)
    ends = [[image[:top, :200].any(), image[:top, 400:592].any()] for image in (left, right)]
    assert ends == [[True, False], [False, True]]
