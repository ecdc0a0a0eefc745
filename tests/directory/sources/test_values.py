"""Ages, dates, costs, telephone numbers and the like, as people write them."""

import doctest
from datetime import date, datetime, time
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.sources.ages import read_age, read_ages
from directory.sources.cells import text_of
from directory.sources.costs import read_costs
from directory.sources.dates import read_date
from directory.sources.identity import normalise, stable_id
from directory.sources.reach import read_email, read_phones, read_website
from directory.sources.terms import read_terms

AGES = st.integers(0, 99)


@pytest.mark.parametrize("name", ["ages", "cells", "costs", "dates", "identity", "reach", "terms"])
def test_examples_in_the_documentation_hold(name):
    result = doctest.testmod(import_module(f"directory.sources.{name}"))
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("11-18", (11, 18)),
        ("13 to 19", (13, 19)),
        ("8\u201312 yrs", (8, 12)),
        ("aged 8 - 12 years old", (8, 12)),
        ("between 11 and 18", (11, 18)),
        ("Ages 11-18", (11, 18)),
        ("under 16s", (0, 15)),
        ("Under 16", (0, 15)),
        ("up to 25", (0, 25)),
        ("16 and under", (0, 16)),
        ("16+", (16, 120)),
        ("18 years and over", (18, 120)),
        ("over 50s", (50, 120)),
        ("All ages", (0, 120)),
        ("adults", (18, 120)),
        ("18-11", (18, 11)),
    ],
)
def test_ages_as_people_write_them(text, ages):
    assert read_ages(text) == ages


@pytest.mark.parametrize(
    "text",
    [
        "years 7-11",
        "Year 9",
        "0-18 months",
        "teenagers",
        "11-18 (25 with SEND)",
        "18",
        "",
        "500-600",
        "2018-11-01",
    ],
)
def test_ages_that_are_not_plain_are_not_guessed(text):
    assert read_ages(text) is None


@given(
    low=AGES,
    high=AGES,
    dash=st.sampled_from(["-", "\u2013", " to ", " - "]),
    end=st.sampled_from(["", " yrs", " years"]),
)
def test_any_range_is_read_as_its_two_ends(low, high, dash, end):
    assert read_ages(f"{low}{dash}{high}{end}") == (low, high)


@given(st.text(max_size=40))
def test_no_text_of_ages_fails_or_leaves_the_possible(text):
    found = read_ages(text)
    assert found is None or all(0 <= age <= 120 for age in found)


@pytest.mark.parametrize(
    ("text", "age"), [("11", 11), ("11 years", 11), ("11.0", 11), ("x", None), ("400", None)]
)
def test_one_age(text, age):
    assert read_age(text) == age


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3/11/2020", date(2020, 11, 3)),
        ("03.11.20", date(2020, 11, 3)),
        ("3-11-2020", date(2020, 11, 3)),
        ("2020-11-03", date(2020, 11, 3)),
        ("2020-11-03 14:30", date(2020, 11, 3)),
        ("2020-11-03T14:30:00Z", date(2020, 11, 3)),
        ("3rd November 2020", date(2020, 11, 3)),
        ("Tuesday, 3 Nov 2020", date(2020, 11, 3)),
        ("November 3, 2020", date(2020, 11, 3)),
        ("3rd of Sept 2020", date(2020, 9, 3)),
        ("Nov 2020", date(2020, 11, 1)),
        ("Nov-20", date(2020, 11, 1)),
        ("11/2020", date(2020, 11, 1)),
        ("2020", date(2020, 1, 1)),
        ("44138", date(2020, 11, 3)),
    ],
)
def test_dates_as_people_write_them(text, day):
    assert read_date(text) == day


@pytest.mark.parametrize(
    "text", ["", "soon", "31/2/2020", "13/13/2020", "Nov 20", "3/11/2920", "3/11", "\u0663/\u0661\u0661/2020"]
)
def test_what_is_no_date_is_not_guessed(text):
    assert read_date(text) is None


@given(
    st.dates(date(1970, 1, 1), date(2068, 12, 31)),
    st.sampled_from(["%d/%m/%Y", "%d %B %Y", "%Y-%m-%d", "%d.%m.%y", "%d-%b-%Y"]),
)
def test_every_day_is_read_back(day, form):
    assert read_date(day.strftime(form)) == day


@given(st.text(max_size=40))
def test_no_text_of_a_date_fails(text):
    read_date(text)


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("Free of charge", [{"amount": 0.0}]),
        ("\u00a32", [{"amount": 2.0}]),
        ("2.50", [{"amount": 2.5}]),
        ("50p", [{"amount": 0.5}]),
        (
            "\u00a32 members; \u00a33 others",
            [
                {"amount": 2.0, "amount_description": "members"},
                {"amount": 3.0, "amount_description": "others"},
            ],
        ),
        ("Free for under 16s", [{"amount": 0.0, "amount_description": "for under 16s"}]),
        ("Adults \u00a35", [{"amount": 5.0, "option": "Adults"}]),
        ("\u00a35" + " " * 9_000 + "each", [{"amount": 5.0, "amount_description": "each"}]),
    ],
)
def test_plain_prices(text, options):
    assert read_costs(text) == options


@pytest.mark.parametrize(
    "text",
    [
        "donation",
        "\u00a32-\u00a35",
        "from \u00a32",
        "free, donations welcome",
        "ask",
        "suggested donation \u00a32",
        "Free trial then ask",
        "-",
    ],
)
def test_prices_that_are_not_plain_are_not_guessed(text):
    assert read_costs(text) is None


@pytest.mark.parametrize(
    "text", ["hello at x", "a@b", "@", "a b@example.org", "a@example.org; b@example.org"]
)
def test_what_is_no_email(text):
    assert read_email(text) is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("HTTP://example.org", "http://example.org"),
        ("example.org", "https://example.org"),
        ("a@example.org", None),
        ("none", None),
        ("data:text/html,x", None),
        ("https://[", None),
    ],
)
def test_web_addresses(text, address):
    assert read_website(text) == address


@pytest.mark.parametrize(
    ("text", "good", "odd"),
    [
        ("01213039944", ["0121 303 9944"], []),
        ("+44 (0)121 303 9944", ["0121 303 9944"], []),
        ("1213039944", ["0121 303 9944"], []),
        ("+33 1 42 68 53 00", ["+33 1 42 68 53 00"], []),
        ("0121 303 9944 / 0121 496 0123", ["0121 303 9944", "0121 496 0123"], []),
        ("0121 303 9944/5", [], ["0121 303 9944/5"]),
        ("Ring 0121 303 9944 after six", [], ["Ring 0121 303 9944 after six"]),
        ("0121 303", [], ["0121 303"]),
        ("B19 " + " " * 9_900 + "x", [], ["B19 x"]),
        ("0121 303 9944\n\n 0121  496 0123", ["0121 303 9944", "0121 496 0123"], []),
    ],
)
def test_telephone_numbers(text, good, odd):
    assert read_phones(text) == (good, odd)


def test_a_name_with_a_comma_is_one_term():
    assert read_terms("group", "Not in education, work or training; gangs") == (["neet", "gang-affected"], [])


def test_two_known_words_joined_are_two_terms():
    assert read_terms("category", "music & mentoring / boxing") == (["arts", "mentoring", "sport"], [])


def test_a_negation_is_not_the_term_it_denies():
    assert read_terms("accessibility", "no wheelchair access") == ([], ["no wheelchair access"])


@given(st.lists(st.sampled_from(["boxing", "Mentoring", "yoga, hot", "x;y"]), max_size=4))
def test_every_piece_is_a_term_or_is_given_back(pieces):
    codes, unknown = read_terms("category", "; ".join(pieces))
    assert ("yoga" in unknown) == ("yoga, hot" in pieces)
    assert ("sport" in codes) == ("boxing" in pieces)


@pytest.mark.parametrize("text", ["9" * 9_900, "3/11/" + "2020" * 2_000, "yes " * 2_000])
def test_a_long_text_is_no_date(text):
    assert read_date(text) is None


def test_names_are_compared_without_case_and_marks():
    assert normalise("St. Martin\u2019s  Hall!") == normalise("ST MARTINS HALL")


def test_vowel_signs_are_parts_of_words():
    assert normalise("\u0a2a\u0a3f\u0a24\u0a3e") != normalise("\u0a2a\u0a24")


def test_identifiers_depend_on_how_the_parts_are_cut():
    assert stable_id("ab", "c") == stable_id("ab", "c") != stable_id("a", "bc")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime(2020, 11, 3, 9, 30), "2020-11-03 09:30"),
        (time(9, 30), "09:30:00"),
        ([{"a": 1}], '[{"a": 1}]'),
        (2.5, "2.5"),
        ("half \ud800", "half ?"),
    ],
)
def test_cells_as_text(value, text):
    assert text_of(value) == text
