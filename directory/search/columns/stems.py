"""The stems of words, as SQLite's full-text index makes them: the Porter stemmer that is there anyway."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from functools import lru_cache
from threading import Lock

_TURN = Lock()
# Words whose plural is no ending, which no stemmer joins.
_SINGULAR = {
    "women": "woman",
    "men": "man",
    "children": "child",
    "people": "person",
    "knives": "knife",
    "lives": "life",
    "wives": "wife",
}


@lru_cache(maxsize=1)
def _stemmer() -> sqlite3.Connection:
    base = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    base.execute(
        "CREATE VIRTUAL TABLE texts USING fts5(word, tokenize='porter unicode61 remove_diacritics 2')"
    )
    base.execute("CREATE VIRTUAL TABLE stems USING fts5vocab(texts, instance)")
    return base


def stems_of(words: Collection[str]) -> list[str]:
    """The stem of each word, in their order. What the stemmer takes for no word is its own stem."""
    given = [_SINGULAR.get(word, word) for word in words]
    with _TURN:
        base = _stemmer()
        base.execute("BEGIN")
        base.executemany("INSERT INTO texts(rowid, word) VALUES (?, ?)", enumerate(given))
        found = dict(base.execute("SELECT doc, term FROM stems WHERE offset = 0").fetchall())
        base.execute("ROLLBACK")
    return [found.get(place, word) for place, word in enumerate(given)]


@lru_cache(maxsize=10_000)
def stem(word: str) -> str:
    """The stem of one word.

    >>> [stem(word) for word in ("boxing", "boxers", "bus")]
    ['box', 'boxer', 'bu']
    """
    return stems_of((word,))[0]
