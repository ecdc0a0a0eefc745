import numpy as np
import pandas as pd
import pytest

from directory.matching.block import candidate_pairs, pairs_within
from directory.matching.features import FEATURES, features
from directory.matching.probability import AGAINST, fit, stated_model
from directory.matching.reasons import reasons
from tests.directory.matching.frames import frame, names

ONE = pd.DataFrame({"left": [0], "right": [1]})


def probability(*records: dict[str, object]) -> float:
    prepared = frame(*records)
    return float(stated_model().probabilities(features(prepared, prepared, ONE))[0])


def test_a_slip_of_the_pen_is_a_candidate_and_a_stranger_is_not() -> None:
    many = names("Handsworth Youth Forum", "Dudley Zoo Friends", "Lozells Methodist Church", "Tipton Boxing")
    found = candidate_pairs(names("Handswroth Youth Forum"), many)
    assert found.to_numpy().tolist() == [[0, 0]]


def test_initials_and_what_is_equal_make_candidates() -> None:
    prepared = frame(
        {"name": "Victims and Survivors Trust", "phone": "0121 496 0000"},
        {"name": "VAST"},
        {"name": "Quite another", "phone": "+44 121 496 0000"},
    )
    assert pairs_within(prepared).to_numpy().tolist() == [[0, 1], [0, 2]]


def test_no_records_make_no_pairs() -> None:
    assert len(pairs_within(names())) == 0
    assert len(candidate_pairs(names("Oak Trust"), names())) == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Al-Hijrah Trust", "AL HIJRAH TRUST LTD"),
        ("Southborne Evangelical Church", "Southbourne Evangelical Church CIO"),
        ("Supporting Communities NI", "SCNI"),
    ],
)
def test_one_organisation_written_twice_is_likely(one: str, other: str) -> None:
    assert probability({"name": one}, {"name": other}) > stated_model().threshold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Age Concern Durham", "Age Concern Windsor"),
        ("41st Belfast Brownies", "112th Belfast Brownies"),
        ("Kings Heath Library", "Kings Norton Library"),
    ],
)
def test_two_organisations_with_names_alike_are_unlikely(one: str, other: str) -> None:
    assert probability({"name": one}, {"name": other}) < stated_model().threshold


def test_places_and_contacts_speak_for_a_pair_and_distance_against_it() -> None:
    name = {"name": "Place of Welcome"}
    near = name | {"postcode": "B19 2TH", "easting": 406_000.0, "northing": 289_000.0}
    far = name | {"postcode": "B31 1AA", "easting": 402_000.0, "northing": 278_000.0}
    assert probability(near, far) < probability(name, name) < probability(near, near)
    phone = {"phone": "0121 496 0000"}
    assert probability({"name": "Oak Club"} | phone, {"name": "Elm Club"} | phone) > probability(
        {"name": "Oak Club"}, {"name": "Elm Club"}
    )


def test_an_other_name_counts_as_the_name() -> None:
    assert probability({"name": "Halow", "alternate_name": "Yellow Door"}, {"name": "Yellow Door"}) > 0.9


def test_the_website_of_many_says_nothing() -> None:
    prepared = frame(*({"name": f"Library {i}", "website": "https://council.gov.uk"} for i in range(6)))
    assert features(prepared, prepared, ONE)["same_contact"].tolist() == [0]


def test_the_stated_model_has_a_coefficient_for_each_feature_with_its_sign() -> None:
    said = stated_model().coefficients
    assert set(said) == set(FEATURES)
    assert all(value <= 0 if name in AGAINST else value >= 0 for name, value in said.items())


def test_a_fit_finds_the_shares_that_are_there() -> None:
    rows = pd.DataFrame(0.0, index=range(400), columns=list(FEATURES))
    rows.loc[:199, "same_name"] = 1
    same = np.array([*[True] * 180, *[False] * 20, *[True] * 10, *[False] * 190])
    model = fit(rows, same, np.ones(400), ridge=1e-6, threshold=0.5)
    assert model.probabilities(rows.iloc[[0, 300]]).round(3).tolist() == [0.9, 0.05]


def test_reasons_say_what_speaks_for_a_pair_and_against_it() -> None:
    prepared = frame(
        {"name": "Age Concern Durham", "postcode": "B19 2TH"},
        {"name": "Age Concern Windsor", "postcode": "B19 2TH"},
    )
    said = reasons(features(prepared, prepared, ONE).iloc[0].to_dict(), same_identifier="GB-CHC-1")
    assert said[0] == "The same register number, GB-CHC-1."
    assert "The same postcode." in said
    assert said[-1] == "Each name has a telling word that the other has not."
