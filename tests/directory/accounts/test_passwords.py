"""What a password must not be."""

import pytest

from directory.accounts.passwords import problem_of


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "Tuesday-marmalade-47-bicycle",
        "\u0645\u0641\u062a\u0627\u062d \u0627\u0644\u0628\u064a\u062a \u0627\u0644\u0642\u062f\u064a\u0645",
    ],
)
def test_words_that_have_nothing_to_do_with_each_other_are_good(password):
    assert problem_of(password) is None


@pytest.mark.parametrize(
    "password", ["password1234", "1234567890", "iloveyou123", "Birmingham1", "walsall2026"]
)
def test_what_is_common_or_near_is_not(password):
    assert "too easy to guess" in problem_of(password)


@pytest.mark.parametrize("password", ["amina.khan.lantern", "AminaKhan2026", "aminakhanlantern"])
def test_what_others_know_of_somebody_is_not(password):
    assert problem_of(password) is None
    assert "too easy" in problem_of(password, ["amina.khan@lantern.org.uk", "Amina Khan"])


def test_lengths_are_said():
    assert problem_of("x" * 9).startswith("The password has 9 characters. It needs 10")
    assert "longer than 200" in problem_of("many words " * 40)
