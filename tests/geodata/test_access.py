import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Point, box

from geodata.access import counts_within, distance_to_sites, nearest_by_category, providers_near_site
from geodata.crs import BNG, WGS84, CRSError

EAST, WEST = "east", "west"


def frame(crs=BNG, **columns):
    return gpd.GeoDataFrame(columns, crs=crs)


def providers(*rows):
    """Rows of (provider, category, place or None), all known."""
    ids, categories, places = zip(*rows, strict=True)
    points = gpd.GeoSeries([place and Point(place) for place in places], crs=BNG)
    return frame(provider_id=list(ids), category=list(categories), known=True, geometry=points)


@pytest.fixture
def sites():
    extents = [box(0, 0, 1_000, 1_000), box(10_000, 0, 11_000, 1_000)]
    return frame(slug=[WEST, EAST], name=["West", "East"], geometry=extents)


@pytest.fixture
def references():
    points = [Point(900, 500), Point(10_500, 500), Point(100, 500)]
    return frame(slug=[WEST, EAST, WEST], geometry=points)


def test_the_distance_is_to_the_nearest_reference_point_of_the_site(sites, references):
    there = providers(("a", "sport", (100, 800)), ("b", "sport", (2_100, 500)), ("c", "sport", None))
    table = distance_to_sites(there, sites, references)
    assert table.columns.tolist() == ["slug", "provider", "metres", "inside"]
    assert table["slug"].tolist() == [WEST] * 3 + [EAST] * 3
    assert table["provider"].tolist() == [0, 1, 2] * 2
    assert table["metres"][[0, 1, 4]].tolist() == [300, 1_200, 8_400]
    assert table["metres"][[2, 5]].isna().all()
    assert table["inside"].tolist() == [True, False, False] + [False] * 3


def test_the_border_is_inside_and_a_site_may_have_no_extent(sites, references):
    sites.loc[1, "geometry"] = None
    table = distance_to_sites(
        providers(("a", "sport", (1_000, 1_000)), ("b", "sport", (10_500, 500))), sites, references
    )
    assert table["inside"].tolist() == [True, False, False, False]


def test_distances_are_those_of_brute_force(sites, references):
    xy = np.random.default_rng(3).uniform(-2_000, 13_000, (500, 2))
    there = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*xy.T), crs=BNG)
    table = distance_to_sites(there, sites, references).set_index("slug")
    for site in sites.itertuples():
        marks = references[references["slug"] == site.slug].geometry
        each = np.array([np.sqrt((xy[:, 0] - mark.x) ** 2 + (xy[:, 1] - mark.y) ** 2) for mark in marks])
        assert (table.loc[site.slug, "metres"] == each.min(axis=0)).all()
        assert (table.loc[site.slug, "inside"].to_numpy() == there.intersects(site.geometry)).all()


def test_no_providers_or_no_sites_give_an_empty_table(sites, references):
    nobody = frame(provider_id=[], category=[], known=[], geometry=[])
    assert distance_to_sites(nobody, sites, references).empty
    there = providers(("a", "sport", (0, 0)))
    assert providers_near_site(there, sites[:0], references[:0], 500).empty
    assert providers_near_site(nobody, sites, references, 500).empty


def test_near_is_inside_the_extent_or_within_the_distance(sites, references):
    there = providers(
        ("corner", "sport", (500, 1_000)),
        ("edge", "sport", (1_100, 500)),
        ("beyond", "sport", (1_101, 500)),
        ("east", "arts", (10_500, 500)),
    )
    near = providers_near_site(there, sites, references, 200)
    assert near.columns.tolist() == ["slug", "provider_id", "category", "metres", "inside"]
    assert near[["slug", "provider_id", "inside"]].to_numpy().tolist() == [
        [WEST, "edge", False],
        [WEST, "corner", True],
        [EAST, "east", True],
    ]
    assert near["metres"].iloc[0] == 200


def test_a_provider_with_several_places_is_listed_once_a_category(sites, references):
    there = providers(
        ("a", "sport", (1_050, 500)),
        ("a", "sport", (900, 400)),
        ("a", "arts", (900, 400)),
        ("a", "sport", (0, 0)),
    )
    near = providers_near_site(there, sites, references, 200)
    assert near[["category", "metres", "inside"]].to_numpy().tolist() == [
        ["arts", 100, True],
        ["sport", 100, True],
    ]


def test_a_provider_not_known_to_be_there_is_never_near(sites, references):
    there = providers(("a", "sport", (500, 500)), ("b", "sport", None), ("c", "sport", (500, 500)))
    there["known"] = [True, True, False]
    assert providers_near_site(there, sites, references, 500)["provider_id"].tolist() == ["a"]
    assert counts_within(references, there, 500).tolist() == [1, 0, 1]


def test_the_nearest_is_found_at_any_distance(sites, references):
    there = providers(("a", "sport", (900, 500)), ("b", "arts", (5_900, 500)), ("c", "arts", None))
    table = nearest_by_category(there, sites, references).set_index(["slug", "category"])["nearest_metres"]
    assert table.to_dict() == {
        (WEST, "sport"): 0,
        (WEST, "arts"): 5_000,
        (EAST, "sport"): 9_600,
        (EAST, "arts"): 4_600,
    }


def test_counts_are_of_different_providers():
    there = providers(
        ("a", "sport", (0, 5)), ("a", "arts", (0, 5)), ("a", "sport", (0, 6)), ("b", "arts", (3, 4))
    )
    points = frame(geometry=[Point(0, 0), Point(1_000, 0)])
    counts = counts_within(points, there, 5)
    assert counts.tolist() == [2, 0]
    assert counts_within(points, there[:0], 5).tolist() == [0, 0]


def test_counts_are_exactly_those_of_geopandas():
    rng = np.random.default_rng(4)
    ids, categories = rng.integers(0, 60, 400).astype(str), rng.choice(["sport", "arts"], 400)
    there = frame(
        provider_id=ids,
        category=categories,
        known=rng.random(400) < 0.8,
        geometry=gpd.points_from_xy(*rng.uniform(0, 9_000, (2, 400))),
    )
    points = frame(geometry=gpd.points_from_xy(*rng.uniform(0, 9_000, (2, 100))))
    joined = gpd.sjoin(points, there[there["known"]], predicate="dwithin", distance=1_000)
    expected = joined.groupby(level=0)["provider_id"].nunique().reindex(range(100), fill_value=0)
    assert counts_within(points, there, 1_000).tolist() == expected.tolist()


@pytest.mark.parametrize("at_fault", ["providers", "sites", "references"])
def test_degrees_are_refused(sites, references, at_fault):
    frames = {"providers": providers(("a", "sport", (0, 0))), "sites": sites, "references": references}
    frames[at_fault] = frames[at_fault].set_crs(WGS84, allow_override=True)
    with pytest.raises(CRSError, match=f"{at_fault} is in EPSG:4326"):
        providers_near_site(**frames, within_metres=500)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda sites, marks: (sites, marks[marks["slug"] == WEST]), "no reference point for east"),
        (lambda sites, marks: (sites[:1], marks), "reference points for east, which is not among"),
        (lambda sites, marks: (pd.concat([sites, sites]), marks), "the site west is given twice"),
        (
            lambda sites, marks: (sites, marks.set_geometry([None] * 3, crs=BNG)),
            "a reference point is missing",
        ),
        (lambda sites, marks: (sites.drop(columns="slug"), marks), "sites has no column slug"),
        (lambda sites, marks: (sites, marks.drop(columns="slug")), "references has no column slug"),
    ],
)
def test_sites_that_make_no_sense_are_named(sites, references, change, message):
    with pytest.raises(ValueError, match=message):
        distance_to_sites(providers(("a", "sport", (0, 0))), *change(sites, references))


def test_a_missing_column_and_a_bad_distance_are_named(sites, references):
    there = providers(("a", "sport", (0, 0)))
    with pytest.raises(ValueError, match="providers has no column known"):
        counts_within(references, there.drop(columns="known"), 500)
    with pytest.raises(ValueError, match="within_metres is -1"):
        providers_near_site(there, sites, references, -1)
