"""The language of the field as data: phrases that widen a search, put in from a table and written out."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import TextIO

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from directory.cells import plain_cell, safe_cell
from directory.languages import gettext, left_to_right, own_words, typed_words
from directory.models import Phrase, Taxonomy, TaxonomyTerm, new_id
from directory.words import plain_words

COLUMNS = ("phrase", "words", "terms", "retired_on")
LONGEST = 500
MOST_ALTERNATIVES = 12


class PhraseError(ValueError):
    """A phrase cannot be used; the message says where and why, and `field` which of its cells it is about."""

    def __init__(self, message: str, field: str = "phrase") -> None:
        super().__init__(message)
        self.field = field


def bundled_phrases() -> Path:
    """The table of phrases that comes with the directory."""
    return Path(str(resources.files("directory") / "phrases.csv"))


def phrase_key(text: str) -> str:
    """What a phrase is known by: its plain words, without the s of a plural.

    >>> phrase_key("Care-leavers")
    'care leaver'
    """
    return " ".join(singular(word) for word in plain_words(text))


def singular(word: str) -> str:
    """A plain word without the s of a plural."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def listed(text: str) -> list[str]:
    """The parts of a list that is parted by semicolons."""
    return [part for part in (" ".join(part.split()) for part in text.split(";")) if part]


@dataclass(frozen=True)
class Book:
    """The phrases that there are, by key, and the names of the terms that they may name."""

    phrases: dict[str, Phrase]
    terms: Mapping[str, str]


def read_book(session: Session) -> Book:
    """Read all phrases and terms."""
    return Book({row.key: row for row in session.scalars(select(Phrase))}, term_names(session))


def set_phrase(
    session: Session, row: Mapping[str, str], phrase: Phrase | None = None, book: Book | None = None
) -> Phrase:
    """Add a phrase or change one, if it makes sense."""
    book = book or read_book(session)
    values = {name: _printable(row.get(name, "")) for name in COLUMNS}
    key = phrase_key(values["phrase"])
    _check(values, key, book.terms)
    known = book.phrases.get(key)
    if phrase is not None and known is not None and known is not phrase:
        name = own_words(known.phrase)
        raise PhraseError(
            gettext("There is a phrase \u201c%(phrase)s\u201d already. Change that one.", phrase=name)
        )
    retired_on = _day(values["phrase"], values["retired_on"])
    phrase = phrase or known or Phrase(id=new_id())
    phrase.phrase, phrase.key, phrase.retired_on = values["phrase"], key, retired_on
    phrase.words, phrase.terms = "; ".join(listed(values["words"])), "; ".join(listed(values["terms"]))
    session.add(phrase)
    book.phrases[key] = phrase
    return phrase


def _printable(text: str) -> str:
    """A cell on one line. PostgreSQL takes no null byte, and no page shows one."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _check(values: Mapping[str, str], key: str, known: Mapping[str, str]) -> None:
    if not key:
        raise PhraseError(gettext("A phrase needs at least one word."))
    name = typed_words(values["phrase"][:40])
    for field, text in values.items():
        if len(text) > LONGEST:
            problem = gettext(
                "\u201c%(phrase)s\u201d has a cell over %(most)s characters.", phrase=name, most=LONGEST
            )
            raise PhraseError(problem, field)
    words, terms = listed(values["words"]), listed(values["terms"])
    if not words and not terms:
        raise PhraseError(
            gettext("\u201c%(phrase)s\u201d needs words or terms to look for as well.", phrase=name),
            "words",
        )
    if len(words) + len(terms) > MOST_ALTERNATIVES:
        raise PhraseError(
            gettext(
                "\u201c%(phrase)s\u201d has over %(most)s words and terms.",
                phrase=name,
                most=MOST_ALTERNATIVES,
            ),
            "words",
        )
    for term in terms:
        if term not in known:
            raise PhraseError(
                gettext(
                    "\u201c%(phrase)s\u201d names the term \u201c%(term)s\u201d, which there is not. "
                    "Write a term as its taxonomy and code, such as %(example)s.",
                    phrase=name,
                    term=typed_words(term),
                    example=own_words("group:gang-affected"),
                ),
                "terms",
            )


def _day(phrase: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise PhraseError(
            gettext(
                "\u201c%(phrase)s\u201d is retired on no day: write it as %(example)s.",
                phrase=typed_words(phrase),
                example=left_to_right("2026-11-28"),
            )
        ) from None


def term_names(session: Session) -> dict[str, str]:
    """The names of all terms, by taxonomy and code as phrases write them."""
    rows = session.execute(
        select(Taxonomy.name, TaxonomyTerm.code, TaxonomyTerm.name).join(TaxonomyTerm.taxonomy)
    )
    return {f"{taxonomy}:{code}": name for taxonomy, code, name in rows}


def load_phrases(session: Session, lines: Iterable[str]) -> tuple[int, int]:
    """Add or change phrases from a CSV table: how many were added, and how many changed. All or nothing."""
    rows = _rows(lines)
    book = read_book(session)
    before = {key: _facts(row) for key, row in book.phrases.items()}
    seen: set[str] = set()
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise PhraseError(
                gettext("Row %(row)s has more or fewer cells than the first. Nothing was loaded.", row=number)
            )
        cells = {name: plain_cell((row.get(name) or "").strip()) for name in COLUMNS}
        try:
            phrase = set_phrase(session, cells, book=book)
        except PhraseError as error:
            raise PhraseError(
                gettext("Row %(row)s: %(problem)s Nothing was loaded.", row=number, problem=error.args[0])
            ) from error
        if phrase.key in seen:
            raise PhraseError(
                gettext(
                    "Row %(row)s has %(phrase)s a second time. Nothing was loaded.",
                    row=number,
                    phrase=typed_words(phrase.phrase),
                )
            )
        seen.add(phrase.key)
    session.flush()
    after = {key: _facts(row) for key, row in book.phrases.items()}
    added = len(after.keys() - before.keys())
    return added, sum(before[key] != after[key] for key in before)


def _rows(lines: Iterable[str]) -> list[dict[str, str]]:
    """The rows of a CSV table of phrases."""
    try:
        rows = list(csv.DictReader(lines, strict=True))
    except csv.Error as error:
        raise PhraseError(
            gettext("The file is not a CSV table: %(problem)s.", problem=own_words(str(error)))
        ) from error
    if not rows or not {"phrase", "words", "terms"} <= set(rows[0]):
        raise PhraseError(
            gettext(
                "The table needs the columns %(columns)s, and at least one row.",
                columns=own_words("phrase, words and terms"),
            )
        )
    return rows


def _facts(row: Phrase) -> tuple[str, str, str, date | None]:
    return row.phrase, row.words, row.terms, row.retired_on


def write_phrases(session: Session, file: TextIO) -> int:
    """Write every phrase as a CSV table that `load_phrases` reads; the number of phrases."""
    writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    writer.writeheader()
    rows = session.scalars(select(Phrase).order_by(Phrase.key)).all()
    for row in rows:
        values = {"phrase": row.phrase, "words": row.words, "terms": row.terms}
        day = row.retired_on.isoformat() if row.retired_on else ""
        writer.writerow({name: safe_cell(text) for name, text in {**values, "retired_on": day}.items()})
    return len(rows)


def ensure_bundled_phrases(session: Session) -> int:
    """Put the bundled phrases into a directory that has none; the number added. Terms come first."""
    if session.scalar(select(Phrase.id).limit(1)) is not None:
        return 0
    return add_bundled_phrases(session)


def add_bundled_phrases(session: Session) -> int:
    """Add the bundled phrases that a directory lacks; the number added. What it has stays as it is."""
    known, has = term_names(session), set(session.scalars(select(Phrase.key)))
    with bundled_phrases().open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    added = []
    for row in rows:
        # An administrator may have taken a term out: a phrase then widens to what is left of it.
        terms = "; ".join(term for term in listed(row["terms"]) if term in known)
        key = phrase_key(row["phrase"])
        if key not in has and (row["words"] or terms):
            new = {"phrase": row["phrase"], "key": key, "words": row["words"], "terms": terms}
            added.append({"id": new_id(), **new})
    if added:
        session.execute(insert(Phrase), added)
    return len(added)
