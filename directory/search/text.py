"""Full-text search: one question, two databases."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Subquery, column, func, literal_column, select, table, text
from sqlalchemy.orm import Session

from directory.models import PublishedText
from directory.words import plain_words

# How much a word counts in the name, the organisation's name, the terms and the description.
WEIGHTS = (10.0, 5.0, 3.0, 1.0)
MOST_WORDS = 12
# A shorter last word is taken whole: SQLite cuts "bus" to its stem, "bu", with which "building" begins too.
SHORTEST_BEGINNING = 4
# What PostgreSQL leaves out of English questions; SQLite leaves out nothing by itself.
_NOT_INDEXED = """
    i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers
    herself it its itself they them their theirs themselves what which who whom this that these those am is
    are was were be been being have has had having do does did doing a an the and but if or because as until
    while of at by for with about against between into through during before after above below to from up
    down in out on off over under again further then once here there when where why how all any both each few
    more most other some such no nor not only own same so than too very s t can will just don should now"""
# More words that say nothing about what is sought.
_FILLERS = "help need near somebody someone something us"
NOT_INDEXED = frozenset(_NOT_INDEXED.split())
STOP_WORDS = NOT_INDEXED | frozenset(_FILLERS.split())
_INDEX = table("published_text_index", column("rowid"))


def words_of(question: str) -> list[str]:
    """The words of a question that are worth looking for; if there are none, those that can be looked for."""
    words = [word for word in plain_words(question) if word not in NOT_INDEXED]
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
    quoted = [f'"{word}"' for word in words]
    if len(words[-1]) >= SHORTEST_BEGINNING:
        quoted[-1] += "*"
    weights = ", ".join(str(weight) for weight in WEIGHTS)
    score: ColumnElement[float] = literal_column(f"bm25(published_text_index, {weights})")
    return (
        select(_INDEX.c.rowid.label("id"), score.label("score"))
        .where(text("published_text_index MATCH :words"))
        .params(words=(" OR " if any_word else " ").join(quoted))
        .subquery("matches")
    )


def _match_postgresql(words: list[str], *, any_word: bool) -> Subquery:
    # Words hold letters and digits alone, so none of them is an operator.
    beginning = ":*" if len(words[-1]) >= SHORTEST_BEGINNING else ""
    joined = (" | " if any_word else " & ").join(words) + beginning
    wanted = func.to_tsquery("english", func.directory_unaccent(joined))
    found: ColumnElement[str] = literal_column("published_text.words")
    return (
        select(PublishedText.published_service_id.label("id"), (-func.ts_rank(found, wanted)).label("score"))
        .where(found.op("@@")(wanted))
        .subquery("matches")
    )
