import pandas as pd

from directory.matching.identifiers import conflicting, join, plain_org_ids

NO_LINKS = pd.DataFrame({"left": [], "right": []}, dtype=str)


def held(*pairs: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["key", "org_id"])


def test_a_chain_of_registers_joins_charity_company_and_club() -> None:
    links = pd.DataFrame({"left": ["GB-CHC-77", "GB-COH-00000012"], "right": ["GB-COH-12", "GB-CASC-5"]})
    groups = join(held(("a", "GB-CHC-0077"), ("b", "GB-CASC-5"), ("c", "GB-CHC-78")), links)
    assert groups["a"] == groups["b"] != groups["c"]


def test_a_record_with_two_numbers_joins_those_with_either() -> None:
    groups = join(held(("a", "GB-CHC-1"), ("b", "GB-CHC-1"), ("b", "GB-COH-2"), ("c", "GB-COH-2")), NO_LINKS)
    assert groups.nunique() == 1


def test_org_ids_are_written_in_one_way() -> None:
    written = plain_org_ids(pd.Series(["gb-chc-001", "GB-COH-123", "GB-COH-SC12 34", "GB-SC-SC001"]))
    assert written.tolist() == ["GB-CHC-1", "GB-COH-00000123", "GB-COH-SC1234", "GB-SC-SC001"]


def test_two_numbers_of_one_register_conflict_unless_one_is_shared() -> None:
    table = held(
        ("a", "GB-CHC-1"), ("b", "GB-CHC-2"), ("c", "GB-CHC-1"), ("c", "GB-CHC-2"), ("d", "GB-COH-1")
    )
    pairs = pd.DataFrame({"left": ["a", "a", "a"], "right": ["b", "c", "d"]})
    assert conflicting(table, pairs).tolist() == [True, False, False]
