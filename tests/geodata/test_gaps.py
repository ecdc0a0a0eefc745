import doctest

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata import gaps as module
from geodata.gaps import gaps, site_category_matrix

SITES, CATEGORIES = ["lozells", "hillfields"], ["sport", "arts", "therapy"]
KEYS = ["slug", "provider_id", "category"]
ROWS = st.lists(
    st.tuples(st.sampled_from(SITES), st.sampled_from("abcd"), st.sampled_from(CATEGORIES)), max_size=15
)


def near(*rows):
    return pd.DataFrame(rows, columns=[*KEYS, "metres"])


def possible(*rows):
    return pd.DataFrame(rows, columns=KEYS)


def matrix(known, might, **more):
    return site_category_matrix(known, might, SITES, CATEGORIES, **more).set_index(["slug", "category"])


def test_there_is_one_row_a_site_and_category_in_the_order_given():
    table = site_category_matrix(near(), possible(), SITES, CATEGORIES)
    assert table.columns.tolist() == ["slug", "category", "known", "possible", "nearest_metres", "state"]
    assert table["slug"].tolist() == ["lozells"] * 3 + ["hillfields"] * 3
    assert table["category"].tolist() == CATEGORIES * 2
    assert table["state"].eq("none").all()
    assert table["nearest_metres"].isna().all()


def test_some_none_and_not_known_are_three_things():
    table = matrix(near(("lozells", "a", "sport", 50.0)), possible(("lozells", "b", "arts")))
    assert table.loc["lozells", "state"].tolist() == ["some", "not known", "none"]
    assert table.loc["lozells", ["known", "possible"]].to_numpy().tolist() == [[1, 0], [0, 1], [0, 0]]


def test_a_provider_is_counted_once_and_known_goes_before_possible():
    known = near(
        ("lozells", "a", "sport", 50.0), ("lozells", "a", "sport", 90.0), ("lozells", "b", "sport", 70.0)
    )
    might = possible(*[("lozells", provider, "sport") for provider in "acc"], ("hillfields", "a", "sport"))
    table = matrix(known, might)
    assert table.loc[("lozells", "sport"), ["known", "possible", "nearest_metres"]].tolist() == [2, 1, 50]
    assert table.loc[("hillfields", "sport"), "state"] == "not known"


def test_the_nearest_may_be_beyond_the_distance():
    far = pd.DataFrame({"slug": ["lozells"], "category": ["arts"], "nearest_metres": [7_500.0]})
    table = matrix(near(), possible(), nearest=far)
    assert table.loc[("lozells", "arts"), ["nearest_metres", "state"]].tolist() == [7_500, "none"]
    assert np.isnan(table.loc[("hillfields", "arts"), "nearest_metres"])


def test_other_sites_and_categories_are_passed_over():
    table = matrix(near(("elsewhere", "a", "sport", 1.0), ("lozells", "a", "other", 1.0)), possible())
    assert table["known"].sum() == 0
    assert len(table) == 6


@settings(deadline=None, max_examples=40)
@given(ROWS, ROWS)
def test_the_state_follows_from_the_counts(known, might):
    table = matrix(near(*[(*row, 10.0) for row in known]), possible(*might)).reset_index()
    for row in table.itertuples():
        there = {who for slug, who, category in known if (slug, category) == (row.slug, row.category)}
        maybe = {who for slug, who, category in might if (slug, category) == (row.slug, row.category)} - there
        assert (row.known, row.possible) == (len(there), len(maybe))
        assert row.state == ("some" if there else "not known" if maybe else "none")


def test_gaps_puts_none_before_not_known_and_leaves_out_some():
    table = matrix(near(("lozells", "a", "sport", 50.0)), possible(("lozells", "b", "arts"))).reset_index()
    missing = gaps(table)
    assert missing["state"].tolist() == ["none"] * 4 + ["not known"]
    assert missing.iloc[-1][["slug", "category"]].tolist() == ["lozells", "arts"]
    assert missing["category"].tolist()[:4] == ["therapy", *CATEGORIES]
    assert list(missing.columns) == list(table.columns)


def test_no_gaps_is_an_empty_table():
    table = site_category_matrix(near(("a", "x", "sport", 1.0)), possible(), ["a"], ["sport"])
    assert gaps(table).empty


@pytest.mark.parametrize(("sites", "categories"), [(["a", "a"], ["sport"]), (["a"], ["sport", "sport"])])
def test_a_site_or_category_given_twice_is_refused(sites, categories):
    with pytest.raises(ValueError, match="given twice"):
        site_category_matrix(near(), possible(), sites, categories)


def test_missing_columns_are_named():
    with pytest.raises(ValueError, match="near has no column metres"):
        matrix(possible(), possible())
    with pytest.raises(ValueError, match="possible has no column provider_id"):
        matrix(near(), possible().drop(columns="provider_id"))
    with pytest.raises(ValueError, match="nearest has no column nearest_metres"):
        matrix(near(), possible(), nearest=near())
    with pytest.raises(ValueError, match="matrix has no column state"):
        gaps(near())


def test_the_examples_in_the_docstrings_hold():
    failed, tried = doctest.testmod(module)
    assert failed == 0 < tried
