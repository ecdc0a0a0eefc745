"""Spellings with which hidden addresses once came through."""

import pytest

from tests.directory.publishing.test_withhold import person, place, withholder

HOME = place("14 Rosebriar Lane", "B19 1TH")


@pytest.mark.parametrize(
    "spelling",
    [
        "Rose briar Ln",
        "ROSE-BRIAR LANE",
        "R o s e b r i a r Lane",
        "Rosebri\u0430r Lane",
        "R\u043esebriar L\u0430ne",
        "R\u03bfsebriar lane",
        "Rosebr\u0131ar Lane",
        "\uff32osebriar Lane",
    ],
)
def test_broken_words_and_letters_of_other_alphabets_are_withheld(spelling):
    assert "briar" not in withholder(HOME)(f"Come to {spelling} at six").lower()


@pytest.mark.parametrize("spelling", ["Bl9 1TH", "B19 ITH", "\u041219 1T\u041d"])
def test_postcodes_with_letters_that_look_like_figures(spelling):
    assert spelling not in withholder(HOME)(f"Write to {spelling} first")


@pytest.mark.parametrize("words", ["Roses and briars", "The rose; briar pipes", "Lane", "a close place"])
def test_words_that_are_no_address_stay(words):
    assert withholder(HOME)(words) == words


def test_a_person_by_letters_of_another_alphabet():
    clean = withholder(contacts=[person("Ada Birtwhistle")])
    assert "irtwh" not in clean("Ask \u0410d\u0430 Birtwhistl\u0435")


def test_text_in_another_alphabet_stays():
    words = "\u0414\u043e\u0431\u0440\u043e \u043f\u043e\u0436\u0430\u043b\u043e\u0432\u0430\u0442\u044c"
    assert withholder(HOME)(words) == words
