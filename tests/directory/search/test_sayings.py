"""Phrases are known again in what people type, and nothing else is taken for one. No database."""

import pytest

from directory.search.sayings import sayings_of
from directory.words import plain_words

PHRASES = (
    "carrying a knife",
    "won't leave his room",
    "excluded from school",
    "out of prison",
    "on tag",
    "hits me",
    "knife",
    "young people",
    "mate stabbed",
    "nos",
)


def met(question, *phrases):
    """The phrases in a question, each with its words as they were typed."""
    words = plain_words(question)
    found = sayings_of({one: plain_words(one) for one in phrases or PHRASES}).met(words)
    return {one.key: " ".join(words[place] for place in sorted(one.places)) for one in found}


@pytest.mark.parametrize(
    ("question", "phrase"),
    [
        ("he's been carrying knives", "carrying a knife"),
        ("my lad carries a big kitchen knife", "carrying a knife"),
        ("caught with a blade he carried", "carrying a knife"),
        ("she refuses to leave her bedroom", "won't leave his room"),
        ("not leaving the room", "won't leave his room"),
        ("cant get them to leave their rooms", "won't leave his room"),
        ("school has excluded my daughter", "excluded from school"),
        ("just come out of Brinsford", "out of prison"),
        ("seen his friend get stabbed", "mate stabbed"),
        ("he is on a tag", "on tag"),
    ],
)
def test_a_phrase_is_met_whatever_its_endings_little_words_and_order(question, phrase):
    assert phrase in met(question)


@pytest.mark.parametrize(
    ("question", "phrase"),
    [
        ("no need to book", "nos"),
        ("prison visits, and a way out", "out of prison"),
        ("leave the room tidy, won't you", "won't leave his room"),
        ("a knife for the kitchen at the community centre, and carrying", "carrying a knife"),
        ("a tag rugby team on Friday", "on tag"),
        ("who hits the ball", "hits me"),
        ("young people", "young people"),
    ],
)
def test_other_words_are_not_taken_for_a_phrase(question, phrase):
    assert phrase not in met(question)


def test_only_the_words_of_the_phrase_are_taken():
    found = met("She won't even leave her own room at night")
    assert found == {"won't leave his room": "won t leave room"}
