"""What a password must not be: short, common, or made of what everybody knows of the account and the site."""

from __future__ import annotations

import re
from collections.abc import Iterable

from zxcvbn import zxcvbn

from directory.languages import gettext

SHORTEST, LONGEST = 10, 200
# Of four. At three, somebody who has stolen the hashes needs some hundred million guesses.
LEAST_SCORE = 3
# Words that lie near: people take them for their passwords here.
NEAR_WORDS = (
    "directory",
    "violence",
    "reduction",
    "navigator",
    "commissioner",
    "administrator",
    "community",
    "organisation",
    "password",
    "birmingham",
    "coventry",
    "dudley",
    "sandwell",
    "solihull",
    "walsall",
    "wolverhampton",
    "midlands",
)
# zxcvbn takes no longer text, and needs more time the longer it is.
_LOOKED_AT = 72


def problem_of(password: str, known_words: Iterable[str] = ()) -> str | None:
    """What is wrong with a password, as a sentence for whoever chose it; None if it will do.

    `known_words` are what others know: the e-mail, the name, the name of the site.
    """
    if len(password) < SHORTEST:
        return gettext(
            "The password has %(number)s characters. It needs %(shortest)s or more.",
            number=len(password),
            shortest=SHORTEST,
        )
    if len(password) > LONGEST:
        return gettext(
            "The password is longer than %(longest)s characters. Choose a shorter one.", longest=LONGEST
        )
    words = {*NEAR_WORDS, *(part for text in known_words for part in _parts(text))}
    known = re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))
    # Three known words in a row count as strong. What is left without them must be strong by itself.
    rest = known.sub("", password.lower())
    if min(_score(password), _score(rest)) < LEAST_SCORE:
        return gettext(
            "The password is too easy to guess. Take three or four words that have nothing to do with each "
            "other, with you, or with this site."
        )
    return None


def _score(password: str) -> int:
    return int(zxcvbn(password[:_LOOKED_AT])["score"]) if password else 0


def _parts(text: str) -> list[str]:
    """A text and its words: of an e-mail address, each side of the at sign as well."""
    return [text.lower(), *(word for word in re.split(r"[^\w]+", text.lower()) if len(word) > 2)]
