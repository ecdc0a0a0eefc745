"""Full-text search: one question, two databases."""

from __future__ import annotations

import re

from sqlalchemy import ColumnElement, Subquery, column, func, literal_column, select, table, text
from sqlalchemy.orm import Session

from directory.models import PublishedText

# How much a word counts in the name, the organisation's name, the terms and the description.
WEIGHTS = (10.0, 5.0, 3.0, 1.0)
MOST_WORDS = 12
# Words that say nothing about what is sought; PostgreSQL drops most of them by itself, SQLite does not.
STOP_WORDS = frozenset(
    """a an and are at by can do for from has have help i in is it me my near need of on or our
    somebody someone something that the their them there to us we what when where which who with
    you your""".split()  # noqa: SIM905 - words are easier to read and to sort as a text
)
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
_INDEX = table("published_text_index", column("rowid"))


def words_of(question: str) -> list[str]:
    """The words of a question that are worth looking for; all of them if there are no others."""
    words = [word.replace("\u2019", "'").lower() for word in _WORD.findall(question)]
    telling = [word for word in words if word not in STOP_WORDS]
    return (telling or words)[:MOST_WORDS]


def text_matches(session: Session, question: str, *, any_word: bool = False) -> Subquery | None:
    """Identifiers and scores (the lower the better) of the services that match; None without words.

    The last word may be the beginning of a longer one. All words must match, or with `any_word` one of them.
    """
    words = words_of(question)
    if not words:
        return None
    if session.get_bind().dialect.name == "postgresql":
        return _match_postgresql(words, any_word=any_word)
    return _match_sqlite(words, any_word=any_word)


def _match_sqlite(words: list[str], *, any_word: bool) -> Subquery:
    # Each word stands in double quotes: nothing that a person types is read as an operator.
    quoted = [f'"{word}"' for word in words[:-1]] + [f'"{words[-1]}"*']
    weights = ", ".join(str(weight) for weight in WEIGHTS)
    score: ColumnElement[float] = literal_column(f"bm25(published_text_index, {weights})")
    return (
        select(_INDEX.c.rowid.label("id"), score.label("score"))
        .where(text("published_text_index MATCH :words"))
        .params(words=(" OR " if any_word else " ").join(quoted))
        .subquery("matches")
    )


def _match_postgresql(words: list[str], *, any_word: bool) -> Subquery:
    # Letters and digits alone are left of each word, so none of them is an operator.
    plain = ["".join(c for c in word if c.isalnum()) for word in words]
    joined = (" | " if any_word else " & ").join([*plain[:-1], f"{plain[-1]}:*"])
    wanted = func.to_tsquery("english", func.directory_unaccent(joined))
    found: ColumnElement[str] = literal_column("published_text.words")
    return (
        select(PublishedText.published_service_id.label("id"), (-func.ts_rank(found, wanted)).label("score"))
        .where(found.op("@@")(wanted))
        .subquery("matches")
    )
