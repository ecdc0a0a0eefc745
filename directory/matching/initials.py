"""Names and the initials that people make of them."""

from __future__ import annotations

from itertools import starmap

import numpy as np
import pandas as pd

from directory.matching.normalise import plain_names, texts

SHORTEST, LONGEST = 2, 7  # letters of a word that may be initials
SURE = 3  # fewer letters are initials of much: then all of the rest must be the same
# A name with something beside it: in brackets, or behind a stroke.
TWO_NAMES = r"^(?P<before>[^(/]+?)\s*(?:\((?P<inside>[^)]+)\)|(?: -|/)\s+(?P<behind>.+))$"
SEVERAL = r"^(?P<first>[^;]+);(?:.*;)?\s*(?P<last>[^;]+)$"


def split_initials(names: pd.Series[str]) -> tuple[pd.Series[str], pd.Series[str]]:
    """Names without their own initials beside them, and what was beside: "Oak Green Hub (OGH)" is two.

    What stands between semicolons is a name each; the first and the last are taken. Other names are as they
    were, and the second is empty.
    """
    said = texts(names).reset_index(drop=True)
    first, beside = said.copy(), pd.Series("", index=said.index, dtype=str)
    some = said[said.str.contains("[(;/]| -", regex=True)]
    several = some.str.extract(SEVERAL).dropna()
    first.loc[several.index], beside.loc[several.index] = several["first"], several["last"]
    parts = some.drop(several.index).str.extract(TWO_NAMES).fillna("")
    before, behind = parts["before"], parts["inside"] + parts["behind"]
    own = before.ne("") & (_are_initials(behind, before) | _are_initials(before, behind))
    first.loc[own.index[own]], beside.loc[own.index[own]] = before[own], behind[own]
    return first.set_axis(names.index), beside.set_axis(names.index)


def _are_initials(short: pd.Series[str], long: pd.Series[str]) -> pd.Series[bool]:
    """Whether each short name is the initials of the long one, with or without its small words."""
    made = plain_names(short).str.replace(" ", "", regex=False)
    return (made.str.len() >= SURE) & (made.eq(every_initial(long)) | made.eq(initials_of(plain_names(long))))


def initials_of(plain: pd.Series[str]) -> pd.Series[str]:
    """The first letters of the words of plain names."""
    return plain.str.replace(r"(\w)\w* ?", r"\1", regex=True)


def every_initial(said: pd.Series[str]) -> pd.Series[str]:
    """The first letters of names as they are written, with those of small words and legal forms."""
    return said.str.casefold().str.replace(r"(\w)[\w'\u2019]*[\W_]*", r"\1", regex=True)


def says_in_initials(a: pd.Series[str], b: pd.Series[str]) -> np.ndarray:
    """Whether one of two plain names is the other with words said by their initials."""
    split = [(one.split(), two.split()) for one, two in zip(a.tolist(), b.tolist(), strict=True)]
    return np.array(list(starmap(_either_way, split)), dtype=bool)


def _either_way(one: list[str], two: list[str]) -> bool:
    return _abbreviates(one, two) or _abbreviates(two, one)


def _abbreviates(short: list[str], long: list[str]) -> bool:
    """Whether a word of the short name stands for a run of words of the long one.

    Of three letters and more, one of both names may then say more than the other.
    """
    said = set(short)
    for word in said.difference(long):
        if not SHORTEST <= len(word) <= LONGEST:
            continue
        for start in range(len(long) - len(word) + 1):
            end = start + len(word)
            if any(part[0] != letter for part, letter in zip(long[start:end], word, strict=True)):
                continue
            folded = {word, *long[:start], *long[end:]}
            if len(word) < SURE:
                return folded == said != {word}
            if folded <= said or said < folded:
                return True
    return False
