"""Three plain full-text searches over the same words: FTS5, tsvector and tantivy, as they come."""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import tantivy
from sqlalchemy import create_engine, text

FIELDS = ("name", "organization_name", "terms", "description")
Texts = Sequence[tuple[str, str, str, str, str]]  # the key of a service, then its fields
Search = Callable[[str], list[str]]
DEPTH = 20
# What all three leave out of a question, so that none is drowned in "the" and "for".
SMALL_WORDS = """a an the and or of for to in on at by from with is are be my me i we you it this that under
just out somebody somewhere"""
SMALL = frozenset(SMALL_WORDS.split())


def words(question: str) -> list[str]:
    """The words of a question as the peers are given them."""
    found = re.findall(r"\w+", question.lower())
    return [word for word in found if word not in SMALL] or found


def fts5(texts: Texts) -> Search:
    """Make a search by FTS5 with the Porter stemmer and bm25: any of the words."""
    base = sqlite3.connect(":memory:")
    base.execute(f"CREATE VIRTUAL TABLE t USING fts5(key UNINDEXED, {', '.join(FIELDS)}, tokenize='porter')")
    base.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?)", texts)

    def search(question: str) -> list[str]:
        asked = " OR ".join(f'"{word}"' for word in words(question))
        rows = base.execute("SELECT key FROM t WHERE t MATCH ? ORDER BY bm25(t), key LIMIT ?", (asked, DEPTH))
        return [key for (key,) in rows]

    return search


def tantivy_search(texts: Texts) -> Search:
    """Make a search by tantivy with its English stemmer and bm25: any of the words."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", stored=True, tokenizer_name="raw")
    for field in FIELDS:
        builder.add_text_field(field, tokenizer_name="en_stem")
    index = tantivy.Index(builder.build(), tempfile.mkdtemp(prefix="tantivy-"))
    writer = index.writer()
    for key, *values in texts:
        writer.add_document(
            tantivy.Document(key=[key], **dict(zip(FIELDS, map(list, zip(values)), strict=True)))
        )
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(question: str) -> list[str]:
        query = index.parse_query(" ".join(words(question)), list(FIELDS))
        return [searcher.doc(place)["key"][0] for _, place in searcher.search(query, DEPTH).hits]

    return search


@contextmanager
def tsvector(server: str, name: str, texts: Texts) -> Iterator[Search]:
    """Make a search by PostgreSQL's tsvector with its English stemmer and ts_rank: any of the words."""
    engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        fields = " || ' ' || ".join(FIELDS)
        connection.execute(
            text(
                f"CREATE TABLE {name} (key text, {', '.join(f'{field} text' for field in FIELDS)}, "
                f"words tsvector GENERATED ALWAYS AS (to_tsvector('english'::regconfig, {fields})) STORED)"
            )
        )
        rows = [dict(zip(("key", *FIELDS), row, strict=True)) for row in texts]
        columns = ", ".join(("key", *FIELDS))
        connection.execute(
            text(f"INSERT INTO {name} ({columns}) VALUES (:key, {', '.join(f':{f}' for f in FIELDS)})"), rows
        )
        asked = text(
            f"SELECT key FROM {name}, to_tsquery('english', :words) q WHERE words @@ q "
            "ORDER BY ts_rank(words, q) DESC, key LIMIT :depth"
        )

        def search(question: str) -> list[str]:
            found = connection.execute(asked, {"words": " | ".join(words(question)), "depth": DEPTH})
            return list(found.scalars())

        yield search
    engine.dispose()
