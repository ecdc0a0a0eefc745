"""A distance in words, on maps and on pictures of them."""

from __future__ import annotations

from collections.abc import Callable


def _in_english(text: str, **figures: object) -> str:
    return text % figures


def distance_words(metres: float, say: Callable[..., str] = _in_english) -> str:
    """Write a distance in words.

    Parameters
    ----------
    metres : float
        A distance.
    say : callable, optional
        Gives fixed words in another language, as `geodata.picture_words.PictureWords.say` does.

    Returns
    -------
    str
        Metres below a kilometre, kilometres from there.

    Examples
    --------
    >>> distance_words(500), distance_words(1000), distance_words(2500)
    ('500 metres', '1 km', '2.5 km')
    """
    if metres < 1000:
        return say("%(metres)s metres", metres=f"{metres:g}")
    return say("%(kilometres)s km", kilometres=f"{metres / 1000:g}")
