"""Which pairs are worth a look: of 400,000 times 5,000, some tens of thousands."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, vstack

from directory.matching.features import INITIALS

COLUMNS = 1 << 18
ROWS_AT_ONCE = 50_000  # of names cut into fours
LEFT_AT_ONCE = 256  # of the smaller side multiplied at once
COMMON = 0.003  # fours in more of the names than that find nobody
ALIKE = 0.35  # cosine, from 0 to 1
MOST = 15  # of one record's, by name
SHARED_BY_MOST = 40  # a postcode or telephone of more records tells nobody apart
EQUAL = ("compact", "postcode", "telephone", "website", "mailhost")


def candidate_pairs(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    """The pairs of rows, `left` and `right` by position, that may be of one organisation.

    Both frames are as `features.prepare` makes them. Pairs are found by fours of letters that few names
    hold, and by what is equal: the whole name, initials, postcode, telephone, hosts.
    """
    parts = [*_by_name(left, right)]
    for column in EQUAL:
        parts.append(_by_value(left[column], right[column]))
    parts += [_by_value(left[one], right[other]) for one, other in INITIALS]
    rows = np.unique(np.concatenate([a.astype(np.int64) * len(right) + b for a, b in parts]))
    return pd.DataFrame({"left": rows // max(1, len(right)), "right": rows % max(1, len(right))})


def pairs_within(frame: pd.DataFrame) -> pd.DataFrame:
    """The pairs within one frame, each once and none with itself."""
    found = candidate_pairs(frame, frame)
    low, high = np.minimum(found["left"], found["right"]), np.maximum(found["left"], found["right"])
    pairs = pd.DataFrame({"left": low, "right": high})
    return pairs[low < high].drop_duplicates().reset_index(drop=True)


def _by_name(left: pd.DataFrame, right: pd.DataFrame) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The likest names of each row on the left, among names and other names."""
    names, owners = _names_of(right)
    own, rows = _names_of(left)
    weights = fours(names)
    held = np.bincount(weights.indices, minlength=COLUMNS)
    idf = np.log(max(1, len(names)) / np.maximum(held, 1)).astype(np.float32)
    rare = (held > 0) & (held <= max(COMMON * len(names), SHARED_BY_MOST))
    across = csr_array(_weighed(weights, idf, rare).T)
    del weights
    asked = _weighed(fours(own), idf, rare)
    for start in range(0, asked.shape[0], LEFT_AT_ONCE):
        a, b = _likest(csr_array(asked[start : start + LEFT_AT_ONCE] @ across))
        yield rows[a + start], owners[b]


def _names_of(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Names and other names in one array, and the row that each belongs to."""
    other = frame["other"].to_numpy()
    with_other = np.flatnonzero(other != "")
    names = np.concatenate([frame["plain"].to_numpy(), other[with_other]])
    return names, np.concatenate([np.arange(len(frame)), with_other])


def fours(names: np.ndarray) -> csr_array:
    """Which fours of letters each name holds, as a sparse matrix of ones; a four's column is a hash of it."""
    parts = [_fours(names[start : start + ROWS_AT_ONCE]) for start in range(0, len(names), ROWS_AT_ONCE)]
    return csr_array(vstack(parts)) if parts else csr_array((0, COLUMNS), dtype=np.float32)


def _fours(names: np.ndarray) -> csr_array:
    text = "\n".join(f" {name} " for name in names)
    letters = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
    row = np.cumsum(letters == ord("\n"))
    whole = (row[:-3] == row[3:]) & (letters[:-3] != ord("\n"))
    codes = letters[:-3]
    for step in (1, 2, 3):
        codes = (codes * 8_191 + letters[step : len(letters) - 3 + step]) % (1 << 40)
    cells = np.sort(row[:-3][whole] * COLUMNS + (codes ^ codes >> 13)[whole] % COLUMNS)
    cells = cells[np.append(True, cells[1:] != cells[:-1])] if len(cells) else cells
    at = (cells // COLUMNS, cells % COLUMNS)
    return csr_array((np.ones(len(cells), dtype=np.float32), at), shape=(len(names), COLUMNS))


def _weighed(held: csr_array, idf: np.ndarray, rare: np.ndarray) -> csr_array:
    """Rows of length one, without the common fours."""
    held.data = np.where(rare[held.indices], idf[held.indices], 0).astype(np.float32)
    held.eliminate_zeros()
    lengths = np.sqrt(held.multiply(held).sum(axis=1))
    held.data /= np.repeat(np.maximum(lengths, 1e-6), np.diff(held.indptr)).astype(np.float32)
    return held


def _likest(scores: csr_array) -> tuple[np.ndarray, np.ndarray]:
    """The row and column of the highest scores, at most so many a row."""
    rows = np.repeat(np.arange(scores.shape[0]), np.diff(scores.indptr))
    enough = scores.data >= ALIKE
    rows, columns, data = rows[enough], scores.indices[enough], scores.data[enough]
    order = np.lexsort((columns, -data, rows))
    rows, columns = rows[order], columns[order]
    place = np.arange(len(rows)) - np.searchsorted(rows, rows)
    return rows[place < MOST], columns[place < MOST]


def _by_value(left: pd.Series[str], right: pd.Series[str]) -> tuple[np.ndarray, np.ndarray]:
    """The pairs that have a value in common which few have."""
    # As plain objects: a frame's own strings take ten times as long to compare.
    values = np.concatenate([side.to_numpy(dtype=object) for side in (left, right)])
    codes, known = pd.factorize(values)
    here, there = codes[: len(left)], codes[len(left) :]
    few = np.bincount(there, minlength=len(known)) <= SHARED_BY_MOST
    few &= known != ""
    a = pd.DataFrame({"value": here, "left": np.arange(len(left))})[few[here]]
    b = pd.DataFrame({"value": there, "right": np.arange(len(right))})[few[there]]
    b = b[b["value"].isin(a["value"])]
    both = a.merge(b, on="value")
    return both["left"].to_numpy(), both["right"].to_numpy()
