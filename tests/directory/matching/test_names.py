import pandas as pd
import pytest

from directory.matching.initials import says_in_initials, split_initials
from directory.matching.normalise import domains, plain_names, postcodes, telephones


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Oak Trust Ltd", "OAK TRUST LIMITED"),
        ("Home-Start Dudley CIO", "Home Start Dudley"),
        ("St. Mary's & St. John's", "Saint Marys and Saint Johns"),
        ("Lozells C.I.C.", "Lozells Community Interest Company"),
        ("Jami Masjid Al-Noor", "Jamia Mosque Nur"),
        ("Shri Guru Ravidas Gurudwara", "Sri Guru Ravidass Gurdwara"),
        ("Laxmi Narayan Mandir", "Lakshmi Narayana Temple"),
        ("4th Walsall Scout Group", "4 Walsall Scouts Group"),
        ("Café Zoë", "cafe zoe"),
    ],
)
def test_ways_of_writing_a_name_are_one(one: str, other: str) -> None:
    plain = plain_names(pd.Series([one, other]))
    assert plain[0] == plain[1] != ""


def test_a_name_of_nothing_but_legal_forms_keeps_them() -> None:
    assert plain_names(pd.Series(["The Trust Ltd", "Limited", None])).tolist() == ["trust", "limited", ""]


def test_numbers_and_hosts_are_compared_without_what_differs_in_writing() -> None:
    assert telephones(pd.Series(["+44 (0)121 496 0000", "0121 4960000", "999"])).tolist() == [
        *["214960000"] * 2,
        "",
    ]
    assert domains(
        pd.Series(["https://www.Oak.org.uk/a?b", "mail@oak.org.uk", "a@gmail.com", "none"])
    ).tolist() == [
        *["oak.org.uk"] * 2,
        "",
        "",
    ]
    assert postcodes(pd.Series(["b19 2th", "B19", None])).tolist() == ["B192TH", "", ""]


def test_a_name_with_its_own_initials_beside_it_is_two_names() -> None:
    said = pd.Series(
        [
            *("Oak Green Hub (OGH)", "OGH (Oak Green Hub)", "Lozells Youth and Arts Trust - LYAAT"),
            *("Oak Hub; Oak Green; OGH", "Oak Hub (Aston)", "Oak Hub", None),
        ]
    )
    first, beside = split_initials(said)
    assert list(zip(first, beside, strict=True)) == [
        *(("Oak Green Hub", "OGH"), ("OGH", "Oak Green Hub"), ("Lozells Youth and Arts Trust", "LYAAT")),
        *(("Oak Hub", "OGH"), ("Oak Hub (Aston)", ""), ("Oak Hub", ""), ("", "")),
    ]


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("act initiative", "action community transformation initiative", True),
        ("bcv", "belfast city vineyard church", True),
        ("hf trust", "home farm trust", True),
        ("hf", "home farm", False),  # two letters alone are initials of much
        ("hf trust", "home farm trust walsall", False),
        ("act centre", "action community transformation initiative", False),
        ("oak trust", "oak trust", False),
    ],
)
def test_words_said_by_their_initials_are_those_words(one: str, other: str, said: bool) -> None:
    a, b = pd.Series([one]), pd.Series([other])
    assert says_in_initials(a, b).tolist() == says_in_initials(b, a).tolist() == [said]
