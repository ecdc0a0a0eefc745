"""Full-text search: one question, two databases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Subquery,
    bindparam,
    column,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from directory.models import PublishedText
from directory.search.wanted import Group, Widening, groups_of, own_groups, quoted_of, words_of

# How much a word counts in the name, the organisation's name, the terms and the description.
WEIGHTS = (10.0, 2.0, 6.0, 1.0)
# A shorter last word is taken whole: SQLite cuts "bus" to its stem, "bu", with which "building" begins too.
SHORTEST_BEGINNING = 4
# Where a score is half of what it can be: bm25 and ts_rank have scales of their own.
HALF = {"sqlite": 6.0, "postgresql": 0.3}
MOST_FOR_WORDS = 1.5
# More than the points that words which mean the same can have, and all that is not text (see ranking.py).
FOR_THE_VERY_WORDS = 2.5
FOR_THE_NAME = 3.1


@dataclass(frozen=True)
class Where:
    """In which fields all words must stand, as each database writes it, and the points that it is worth."""

    columns: str
    labels: str
    points: float


NAME = Where("name : ", "A", FOR_THE_NAME)
TEXTS = Where("{name organization_name description} : ", "ABD", FOR_THE_VERY_WORDS)
ANYWHERE = Where("", "", 0.0)
# In the order in which PostgreSQL takes them: the description, the terms, the organisation, the name.
_POSTGRESQL_WEIGHTS: ColumnElement[str] = literal_column(
    "'{"
    + ", ".join(str(weight / max(WEIGHTS)) for weight in (WEIGHTS[3], WEIGHTS[2], WEIGHTS[1], WEIGHTS[0]))
    + "}'::float4[]"
)
_INDEX = table("published_text_index", column("rowid"))
FIELDS = (
    PublishedText.name,
    PublishedText.organization_name,
    PublishedText.terms,
    PublishedText.description,
)


def text_matches(
    session: Session,
    question: str,
    widenings: Sequence[Widening] = (),
    *,
    any_word: bool = False,
    scored: bool = True,
) -> Subquery | None:
    """Identifiers and scores (the lower the better) of the services that match; None without words.

    The last word may be the beginning of a longer one. All words must match, or with `any_word` one of them.
    A service that has the words themselves, in its name or other texts, scores from -4.6 to -2.5. One that
    has what may stand for them, or them in its terms alone, scores from -1.5 to 0: nothing that was typed
    sinks below what was not.
    """
    own = own_groups(question, widenings)
    if not own:
        return None
    last = words_of(question)[-1]
    wider = groups_of(question, widenings)
    if any_word:
        # Then nothing has the very words, and a rare word that is meant counts more than a common one typed.
        choices = [_match(session, wider, last, any_word=True)]
    elif not scored:
        choices = [_match(session, wider, last)]  # which holds all the others
    else:
        choices = [
            _match(session, own, last, NAME),
            _match(session, own, last, TEXTS),
            _match(session, own, last),
        ]
        if wider != own:
            choices.append(_match(session, wider, last))
    # Worked out once and kept: neither index can give its scores from within a sum.
    kept = [one.cte(f"matches_{place}").prefix_with("MATERIALIZED") for place, one in enumerate(choices)]
    both = union_all(*(select(one.c.id, one.c.score) for one in kept)).subquery("both_matches")
    statement = select(both.c.id, func.min(both.c.score).label("score")).group_by(both.c.id)
    if phrases := quoted_of(question):
        statement = statement.join(PublishedText, PublishedText.published_service_id == both.c.id)
        statement = statement.where(
            *(or_(*(stands(phrase, field) for field in FIELDS)) for phrase in phrases)
        )
    return statement.subquery("matches")


def stands(phrase: str, field: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether plain words stand just so in a text. The texts are plain words, parted by single spaces."""
    return (literal(" ") + field + " ").contains(f" {phrase} ", autoescape=True)


def _match(
    session: Session, groups: Sequence[Group], last: str, where: Where = ANYWHERE, *, any_word: bool = False
) -> Select[int, float]:
    if session.get_bind().dialect.name == "postgresql":
        return _match_postgresql(groups, last, where, any_word=any_word)
    return _match_sqlite(groups, last, where, any_word=any_word)


def _match_sqlite(groups: Sequence[Group], last: str, where: Where, *, any_word: bool) -> Select[int, float]:
    # Each word stands in double quotes: nothing that a person types is read as an operator.
    ending = "*" if len(last) >= SHORTEST_BEGINNING else ""
    asked = (" OR " if any_word else " AND ").join(
        _group(group, " AND ", " OR ", {last: f'"{last}"{ending}'}, '"{}"') for group in groups
    )
    better: ColumnElement[float] = -literal_column(
        f"bm25(published_text_index, {', '.join(map(str, WEIGHTS))})"
    )
    found: BindParameter[str] = bindparam("words", f"{where.columns}({asked})", unique=True)
    return select(_INDEX.c.rowid.label("id"), _score(better, "sqlite", where).label("score")).where(
        literal_column("published_text_index").op("MATCH")(found)
    )


def _match_postgresql(
    groups: Sequence[Group], last: str, where: Where, *, any_word: bool
) -> Select[int, float]:
    # Words hold letters and digits alone, so none of them is an operator.
    label = f":{where.labels}" if where.labels else ""
    ending = f":*{where.labels}" if len(last) >= SHORTEST_BEGINNING else label
    asked = (" | " if any_word else " & ").join(
        _group(group, " & ", " | ", {last: f"{last}{ending}"}, f"{{}}{label}") for group in groups
    )
    wanted = func.to_tsquery("english", func.directory_unaccent(asked))
    found: ColumnElement[str] = literal_column("published_text.words")
    better = func.ts_rank(_POSTGRESQL_WEIGHTS, found, wanted)
    return select(
        PublishedText.published_service_id.label("id"), _score(better, "postgresql", where).label("score")
    ).where(found.op("@@")(wanted))


def _group(group: Group, every: str, either: str, special: dict[str, str], plain: str) -> str:
    def written(words: Sequence[str]) -> str:
        return f"({every.join(special.get(word) or plain.format(word) for word in words)})"

    return f"({either.join(written(words) for words in (group.own, *group.alternatives))})"


def _score(better: ColumnElement[float], dialect: str, where: Where) -> ColumnElement[float]:
    """From a score that is the higher the better, without end, to one that is the lower the better."""
    return -(where.points + MOST_FOR_WORDS * better / (better + HALF[dialect]))
