import doctest
from math import fsum

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata import area_values
from geodata.area_values import convert_values, read_area_values, read_lookup

COUNTS = st.floats(0, 1e9, allow_subnormal=False)


def figures(**by_code):
    return pd.DataFrame({"code": list(by_code), "measure": "people", "value": list(by_code.values())})


def lookup(*pairs):
    return pd.DataFrame(pairs, columns=["lsoa11_code", "lsoa21_code"])


def converted(values, pairs, rule, weights=None):
    return convert_values(values, lookup(*pairs), rule, weights).set_index("code")["value"].to_dict()


UNCHANGED, SPLIT, MERGED = [("A", "P")], [("A", "P"), ("A", "Q")], [("A", "P"), ("B", "P")]


@pytest.fixture
def table(tmp_path):
    def write(text):
        (tmp_path / "table.csv").write_text(text, encoding="utf-8")
        return tmp_path / "table.csv"

    return write


def test_figures_are_read_long_with_thousands_commas(table):
    file = table('\ufefflsoa,value,score\nE1,"1,733",-0.5\nE2, 12 ,\n\n')
    long = read_area_values(file, "lsoa", ["value", "score"])
    assert long.columns.tolist() == ["code", "measure", "value"]
    assert long.iloc[:3].to_numpy().tolist() == [
        ["E1", "value", 1733],
        ["E2", "value", 12],
        ["E1", "score", -0.5],
    ]
    assert np.isnan(long["value"][3])


@pytest.mark.parametrize("cell", ["c", "1,73", "12%", "inf", "nan", "1.2.3", "-"])
def test_a_cell_that_is_not_a_number_is_named(table, cell):
    with pytest.raises(ValueError, match=rf"1 cells that are not numbers: line 4, pop: '{cell}'"):
        read_area_values(table(f'lsoa,age,pop\nE1,1,2\n\nE2,3,"{cell}"\n'), "lsoa", ["age", "pop"])


@pytest.mark.parametrize("code", ["E1", ""])
def test_a_code_missing_or_given_twice_is_named(table, code):
    with pytest.raises(ValueError, match=f"line 3: the code '{code}' is missing or given twice"):
        read_area_values(table(f"lsoa,pop\nE1,1\n{code},2\n"), "lsoa", ["pop"])


def test_a_missing_column_is_named(table):
    with pytest.raises(ValueError, match="has no column pop; it has lsoa, people"):
        read_area_values(table("lsoa,people\nE1,1\n"), "lsoa", ["pop"])


def test_a_lookup_is_read_by_either_naming(table):
    assert read_lookup(table("LSOA11CD,LSOA21CD,CHGIND,LAD\nA,P,U,L\nA,P,U,L\n")).to_numpy().tolist() == [
        ["A", "P", "U"]
    ]
    with pytest.raises(ValueError, match="has no column lsoa21_code"):
        read_lookup(table("LSOA11CD,CHGIND\nA,U\n"))


def test_counts_are_kept_split_and_summed():
    assert converted(figures(A=7.0), UNCHANGED, "count") == {"P": 7}
    assert converted(figures(A=7.0), SPLIT, "count") == {"P": 3.5, "Q": 3.5}
    assert converted(figures(A=7.0, B=2.0), MERGED, "count") == {"P": 9}


def test_counts_are_split_by_weight():
    weights = pd.Series({"P": 300, "Q": 100})
    assert converted(figures(A=8.0), SPLIT, "count", weights) == {"P": 6, "Q": 2}


@pytest.mark.parametrize("rule", ["rate", "score"])
def test_rates_are_carried_and_averaged(rule):
    assert converted(figures(A=7.0), SPLIT, rule) == {"P": 7, "Q": 7}
    assert converted(figures(A=7.0, B=2.0), MERGED, rule) == {"P": 4.5}
    assert converted(figures(A=7.0, B=2.0), MERGED, rule, pd.Series({"A": 1, "B": 4})) == {"P": 3}


@pytest.mark.parametrize("rule", ["rank", "decile"])
def test_a_place_in_a_list_cannot_be_converted(rule):
    with pytest.raises(ValueError, match=f"a {rule} cannot be carried .*: convert the score"):
        converted(figures(A=1.0), UNCHANGED, rule)


def test_an_unknown_rule_is_refused():
    with pytest.raises(ValueError, match="no rule 'mean'"):
        converted(figures(A=1.0), UNCHANGED, "mean")


@pytest.mark.parametrize("rule", ["count", "rate"])
@pytest.mark.parametrize("values", [figures(A=1.0), figures(A=1.0, B=np.nan)])
def test_part_not_known_is_not_known_rather_than_too_little(rule, values):
    assert np.isnan(converted(values, MERGED, rule)["P"])


def test_areas_that_nothing_was_given_for_are_left_out():
    assert converted(figures(A=1.0), [*UNCHANGED, ("C", "R")], "count") == {"P": 1}


def test_each_measure_is_converted_by_itself():
    values = pd.concat([figures(A=4.0, B=1.0), figures(A=6.0).assign(measure="homes")])
    result = convert_values(values, lookup(*MERGED), "count")
    assert result["measure"].tolist() == ["homes", "people"]
    assert result["value"].isna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("rule", "pairs", "weights", "message"),
    [
        ("count", [("B", "P")], None, "1 codes are not 2011 areas of the lookup: A"),
        ("count", SPLIT, {"P": 1}, "Q has no weight"),
        ("count", SPLIT, {"P": 1, "Q": -1}, "Q has no weight, or a negative one"),
        ("count", SPLIT, {"P": 0, "Q": 0}, "weights of all parts of A are nought"),
        ("rate", UNCHANGED, {"A": 0}, "weights of P are all nought"),
    ],
)
def test_what_cannot_be_converted_is_named(rule, pairs, weights, message):
    with pytest.raises(ValueError, match=message):
        converted(figures(A=1.0), pairs, rule, None if weights is None else pd.Series(weights, dtype=float))


def test_a_value_given_twice_is_refused():
    with pytest.raises(ValueError, match="value of A is given twice"):
        converted(pd.concat([figures(A=1.0), figures(A=2.0)]), UNCHANGED, "count")


@settings(deadline=None, max_examples=40)
@given(
    COUNTS, st.lists(st.floats(0, 1e6), min_size=1, max_size=7).filter(lambda weights: sum(weights) > 1e-6)
)
def test_the_parts_of_a_count_add_up_to_it_exactly(count, weights):
    parts = [f"P{number}" for number in range(len(weights))]
    pairs = [("A", part) for part in parts]
    shares = converted(figures(A=count), pairs, "count", pd.Series(weights, index=parts))
    assert sum(shares.values()) == fsum(shares.values()) == count
    assert min(shares.values()) >= 0
    for part, weight in zip(parts, weights, strict=True):
        assert shares[part] == pytest.approx(count * weight / sum(weights), abs=1e-6)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1),
    st.lists(st.integers(0, 10**6), min_size=4),
)
def test_people_are_conserved_whatever_the_changes(changes, people):
    pairs = [(f"A{old}", f"P{new}") for old, new in changes]
    values = figures(**{f"A{old}": float(people[old]) for old in {old for old, _ in changes}})
    result = converted(values, pairs, "count")
    assert fsum(result.values()) == pytest.approx(values["value"].sum(), rel=1e-12)


@settings(deadline=None, max_examples=40)
@given(st.lists(COUNTS, min_size=2, max_size=2), st.lists(st.floats(0.1, 1e4), min_size=2, max_size=2))
def test_a_merged_rate_lies_between_its_parts(rates, weights):
    merged = converted(figures(A=rates[0], B=rates[1]), MERGED, "rate", pd.Series(weights, index=["A", "B"]))[
        "P"
    ]
    assert min(rates) * (1 - 1e-12) <= merged <= max(rates) * (1 + 1e-12)


@pytest.mark.shared_data
def test_the_real_population_is_carried_whole(shared_data):
    values = read_area_values(shared_data / "needs" / "2019_population_lsoa11_wm7.csv", "lsoa", ["pop"])
    changes = read_lookup(shared_data / "boundaries" / "lookup_lsoa11_lsoa21_ltla22_wm7.csv")
    result = convert_values(values, changes, "count")
    assert values["value"].iloc[0] == 1733
    assert (len(values), len(result)) == (1680, 1719)
    assert result["value"].sum() == values["value"].sum()
    lozells = result.set_index("code").loc[["E01034923", "E01034925"], "value"]
    assert lozells.tolist() == [values.set_index("code").at["E01033628", "value"] / 2] * 2


def test_the_examples_in_the_docstrings_hold():
    failed, tried = doctest.testmod(area_values)
    assert failed == 0 < tried
