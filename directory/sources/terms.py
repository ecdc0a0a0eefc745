"""The taxonomy's words: from what people write to a term's code."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources

from directory.sources.identity import normalise


@cache
def load_words() -> Mapping[str, Mapping[str, str]]:
    """Codes by taxonomy and normalised word, from the bundled taxonomy: codes, names and synonyms."""
    words: dict[str, dict[str, str]] = {}
    text = (resources.files("directory") / "taxonomy.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        known = words.setdefault(row["taxonomy"], {})
        for word in (row["code"], row["name"], *(row["synonyms"] or "").split(";")):
            known.setdefault(normalise(word), row["code"])
    return words


def term_names(taxonomy: str) -> list[str]:
    """The names of a taxonomy's terms, in the taxonomy's order."""
    text = (resources.files("directory") / "taxonomy.csv").read_text(encoding="utf-8")
    return [row["name"] for row in csv.DictReader(text.splitlines()) if row["taxonomy"] == taxonomy]


def read_terms(taxonomy: str, text: str) -> tuple[list[str], list[str]]:
    """The codes a text names, in its order, and the pieces that are no words of the taxonomy.

    >>> read_terms("category", "Boxing; Mentoring, yoga")
    (['sport', 'mentoring'], ['yoga'])
    """
    codes: list[str] = []
    unknown: list[str] = []
    for piece in (part.strip() for part in re.split(r"[;\n|]", text)):
        found, left = _read_piece(load_words()[taxonomy], piece)
        codes += [code for code in found if code not in codes]
        unknown += left
    return codes, unknown


def _read_piece(words: Mapping[str, str], piece: str) -> tuple[list[str], list[str]]:
    """A piece as a whole first: a name may itself hold a comma or an "and"."""
    if not piece:
        return [], []
    if code := words.get(normalise(piece)):
        return [code], []
    found: list[str] = []
    left: list[str] = []
    for part in (item.strip() for item in piece.split(",")):
        # A known word whose parts are known one by one: "music and dance".
        codes = [words.get(normalise(item)) for item in re.split(r"\band\b|[&/+]", part) if item.strip()]
        if code := words.get(normalise(part)):
            found.append(code)
        elif codes and all(codes):
            found += [code for code in codes if code]
        elif part:
            left.append(part)
    return found, left
