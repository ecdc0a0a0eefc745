"""Stable identifiers: the same source and the same words give the same UUID in every run."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from uuid import UUID, uuid5

NAMESPACE = UUID("6f0c6a0e-3a55-5d0b-9a49-6a2d8c1f7b34")
_PARTS_OF_WORDS = ("L", "N", "M")


def stable_id(*parts: str) -> str:
    """A UUID made of the parts, in their order."""
    return str(uuid5(NAMESPACE, "\x1f".join(parts)))


@lru_cache(maxsize=10_000)
def normalise(text: str) -> str:
    """Words to compare by: lower case, without punctuation, "&" read as "and", single spaces.

    >>> normalise("St. Martin's  Church & Hall")
    'st martins church and hall'
    """
    plain = unicodedata.normalize("NFKC", text).casefold().replace("&", " and ")
    plain = plain.replace("'", "").replace("\u2019", "")
    # Marks are parts of words too: the vowel signs of Punjabi and Bengali are marks.
    kept = "".join(c if unicodedata.category(c)[0] in _PARTS_OF_WORDS else " " for c in plain)
    return " ".join(kept.split()) or " ".join(plain.split())
