"""What speaks for and against a pair, in numbers."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA
from scipy.sparse import csr_array

from directory.matching.initials import every_initial, initials_of, says_in_initials, split_initials
from directory.matching.normalise import domains, plain_names, postcodes, telephones

INPUT = (
    *("key", "name", "alternate_name", "address", "postcode", "easting", "northing"),
    *("phone", "website", "email"),
)
FEATURES = (
    *(
        "same_name",
        "letters",
        "close_letters",
        "one_slip",
        "words",
        "rare_words",
        "both_left_over",
        "rest_alike",
    ),
    *("one_word", "same_but_weak", "one_within", "other_numbers", "other_kind", "initials", "part_beside"),
    *("same_postcode", "near", "far", "same_address", "name_in_address", "same_contact", "other_contact"),
)
CLOSE = 0.8  # letters alike from here on are a slip of the pen, and not another word
LETTERS_A_SLIP = 20  # as many letters of a name as there are to one that is a slip
NEAR_METRES = 250
FAR_METRES = 1_000
MANY = 10.0  # by which sums of what words tell are divided, so that all features are of one size
# Where a body works stands behind its name, and seldom in its initials.
REGION = r" (?:northern ireland|ireland|united kingdom|england|wales|scotland|west midlands)$"
# What stands beside a name: in brackets, behind a stroke or a semicolon, or as another name.
BESIDE = r"(?i)\s*(?:\(.*?\)|(?: /|;| also known as | working name ).*$)"
SHORTEST_INITIALS = 3
# With and without the small words and the legal form: VAST, CLC.
INITIALS = tuple(
    pair
    for kind in ("initials", "whole_initials", "every_initial")
    for name in ("compact", "other")
    for pair in ((kind, name), (name, kind))
)
SHORTEST_REST = 4  # letters: shorter words are alike by chance
GIVEN_BY_MOST = 5  # records: a telephone or a host of more is that of a council or a parent body
SHORTEST_OWN_WORD = 5
# Words that say that a body is one, and hardly which.
WEAK = frozenset(
    (
        *("trust", "charity", "fund", "foundation", "association", "society", "group", "company"),
        *("project", "organisation", "committee", "initiative", "services", "service", "network"),
    )
)
# Words that say which kind of thing something is: a church and its preschool are two.
KINDS = (
    *("church", "chapel", "mosque", "gurdwara", "temple", "synagogue", "school", "academy", "college"),
    *("preschool", "playgroup", "nursery", "library", "hall", "scouts", "guides", "brownies", "rainbows"),
    *("museum", "hospital", "hospice", "foodbank", "pantry", "theatre", "choir", "band", "orchestra"),
    *("football", "cricket", "rugby", "bowls", "tennis", "boxing", "friends", "pta", "parent", "allotment"),
    *("almshouse", "almshouses", "playschool", "institute", "housing", "university", "students", "alumni"),
)


def prepare(records: pd.DataFrame) -> pd.DataFrame:
    """Records as they are compared, from a frame with the columns `INPUT`; what is not known is empty.

    `easting` and `northing` are metres in EPSG:27700, or not a number.
    """
    names, beside = split_initials(records["name"])
    plain, other = plain_names(names), plain_names(records["alternate_name"])
    other = other.where(other != "", plain_names(beside))
    before = names.str.replace(BESIDE, "", regex=True)
    before = plain_names(before.where(before != names, ""))
    compact = plain.str.replace(" ", "", regex=False)
    initials, whole = initials_of(plain.str.replace(REGION, "", regex=True)), initials_of(plain)
    every = every_initial(names)
    return pd.DataFrame(
        {
            "key": records["key"].to_numpy(),
            "plain": plain.to_numpy(),
            "other": other.to_numpy(),
            "before": before.where((before != plain) & (before.str.len() >= SHORTEST_REST), "").to_numpy(),
            "compact": compact.to_numpy(),
            "initials": initials.where(initials.str.len() >= SHORTEST_INITIALS, "").to_numpy(),
            "whole_initials": whole.where(whole.str.len() >= SHORTEST_INITIALS, "").to_numpy(),
            "every_initial": every.where(every.str.len() >= SHORTEST_INITIALS, "").to_numpy(),
            "address": plain_names(records["address"]).to_numpy(),
            "postcode": postcodes(records["postcode"]).to_numpy(),
            "easting": records["easting"].to_numpy(dtype=np.float32),
            "northing": records["northing"].to_numpy(dtype=np.float32),
            "telephone": _own(telephones(records["phone"])).to_numpy(),
            "website": _own(domains(records["website"])).to_numpy(),
            "mailhost": _own(domains(records["email"])).to_numpy(),
        }
    )


def _own(values: pd.Series[str]) -> pd.Series[str]:
    """Without what many records give: a council's website is nobody's own."""
    codes, known = pd.factorize(values.to_numpy(dtype=object))
    return values.where(np.bincount(codes, minlength=len(known))[codes] <= GIVEN_BY_MOST, "")


def features(left: pd.DataFrame, right: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """The numbers of `FEATURES` for each pair of positions in two prepared frames.

    Of an organisation with two names, the pair of names that is most alike counts.
    """
    a = left.take(pairs["left"].to_numpy()).reset_index(drop=True)
    b = right.take(pairs["right"].to_numpy()).reset_index(drop=True)
    best = _of_names(a["plain"], b["plain"])
    for one, two in (("other", "plain"), ("plain", "other"), ("other", "other")):
        both = np.flatnonzero((a[one] != "") & (b[two] != ""))
        if len(both):
            found = _of_names(a[one].take(both), b[two].take(both)).set_index(both)
            better = found.index[found["words"] > best.loc[both, "words"]]
            best.loc[better] = found.loc[better]
    initials = [(a[one] != "") & (a[one] == b[two]) for one, two in INITIALS]
    said = says_in_initials(*(_without_weak(names) for names in (a["plain"], b["plain"])))
    said |= says_in_initials(a["plain"], b["plain"])
    best["initials"] = np.logical_or.reduce([*initials, pd.Series(said)]).astype(float)
    # With a part beside it on both sides, two branches may have one name.
    beside = (a["before"] != "") & (b["before"] == "") & (a["before"] == b["plain"])
    other = (b["before"] != "") & (a["before"] == "") & (b["before"] == a["plain"])
    best["part_beside"] = (beside | other).astype(float)
    return pd.concat([best, _of_places(a, b), _of_contacts(a, b)], axis=1)[list(FEATURES)].astype(float)


def _of_names(a: pd.Series[str], b: pd.Series[str]) -> pd.DataFrame:
    # As objects, for what runs through them: each text of an Arrow column is made anew when it is looked at.
    a, b = (names.reset_index(drop=True).astype(object) for names in (a, b))
    left, right, words = _words_of(a, b)
    tells = words["tells"].to_numpy()
    own, other = left @ tells, right @ tells
    both = (left.multiply(right)) @ tells
    strong = _without_weak(a), _without_weak(b)
    letters = np.maximum(_alike(fuzz.token_sort_ratio, a, b), _alike(fuzz.ratio, a, b))
    return pd.DataFrame(
        {
            "same_name": letters > 0.999,
            "letters": letters,
            "close_letters": np.maximum(letters - CLOSE, 0) / (1 - CLOSE),
            "one_slip": _one_slip(a, b),
            "words": 2 * both / np.maximum(own + other, 1e-9),
            "rare_words": np.minimum(both, 2 * MANY) / MANY,
            "both_left_over": np.minimum(own - both, other - both) / MANY,
            "one_word": _one_word(a, b),
            "same_but_weak": strong[0].ne("") & strong[0].eq(strong[1]) & (letters < 0.999),
            # All of the shorter name's words are in the longer, and they tell something.
            "one_within": np.where(
                np.minimum(own - both, other - both) < 1e-6, np.minimum(both, MANY) / MANY, 0
            ),
            "rest_alike": _rest_alike(a, b),
            "other_numbers": _differ(left, right, words["number"].to_numpy()) == 1,
            "other_kind": _differ(left, right, words["kind"].to_numpy()),
        },
        dtype=float,
    )


def _one_word(a: pd.Series[str], b: pd.Series[str]) -> np.ndarray:
    """Whether one name is a single word that hardly any other name holds, and the other begins with it."""
    common = _counts()["words"]
    either = [*zip(a, b, strict=True), *zip(b, a, strict=True)]
    said = [
        " " not in one and len(one) >= SHORTEST_OWN_WORD and one not in common and two.startswith(f"{one} ")
        for one, two in either
    ]
    found: np.ndarray = np.logical_or(said[: len(a)], said[len(a) :])
    return found


def _without_weak(names: pd.Series[str]) -> pd.Series[str]:
    strong = [" ".join(word for word in name.split() if word not in WEAK) for name in names.tolist()]
    return pd.Series(strong, dtype=object)


def _alike(scorer: Callable[..., float], a: pd.Series[str], b: pd.Series[str]) -> np.ndarray:
    found: np.ndarray = process.cpdist(a, b, scorer=scorer, dtype=np.float32).astype(float) / 100
    return found


def _one_slip(a: pd.Series[str], b: pd.Series[str]) -> np.ndarray:
    """Whether a letter or two of a long name are different, and no figure."""
    slips = process.cpdist(a, b, scorer=OSA.distance, dtype=np.int32)
    length = np.minimum(a.str.len().to_numpy(), b.str.len().to_numpy())
    one, two = (names.str.replace(r"\D", "", regex=True).to_numpy(dtype=object) for names in (a, b))
    found: np.ndarray = (slips > 0) & (slips <= length // LETTERS_A_SLIP) & (one == two)
    return found


def _rest_alike(a: pd.Series[str], b: pd.Series[str]) -> np.ndarray:
    """How alike is what each name has and the other has not, from half alike on: a slip of the pen."""
    split = [(one.split(), two.split()) for one, two in zip(a, b, strict=True)]
    rests = [
        (" ".join(word for word in one if word not in two), " ".join(word for word in two if word not in one))
        for one, two in split
    ]
    left, right = (
        pd.Series([one for one, _ in rests], dtype=str),
        pd.Series([two for _, two in rests], dtype=str),
    )
    there = (left.str.len() >= SHORTEST_REST) & (right.str.len() >= SHORTEST_REST)
    return np.where(there, np.maximum(_alike(fuzz.ratio, left, right) - 0.5, 0) * 2, 0)


def _words_of(a: pd.Series[str], b: pd.Series[str]) -> tuple[csr_array, csr_array, pd.DataFrame]:
    """Which words each side holds, as matrices of ones; and of each word, what it tells and what it is."""
    split = pd.concat([a, b], ignore_index=True).str.split().explode().dropna()
    codes, known = pd.factorize(split)
    cells = np.unique(np.stack([split.index.to_numpy(), codes]), axis=1)
    held = csr_array((np.ones(cells.shape[1]), (cells[0], cells[1])), shape=(2 * len(a), len(known)))
    names = pd.Series(known, dtype=str)
    facts = {"number": names.str.fullmatch(r"\d+"), "kind": names.isin(KINDS), "tells": telling(names)}
    return held[: len(a)], held[len(a) :], pd.DataFrame(facts)


def telling(words: pd.Series[str]) -> pd.Series[float]:
    """How much it tells that a name holds a word: the logarithm of how few names do (`word_counts.json`)."""
    counts = _counts()
    held = words.map(counts["words"]).fillna(1).astype(float)
    return pd.Series(np.log(counts["names"] / held.to_numpy()))


@cache
def _counts() -> dict[str, Any]:
    text = (files("directory.matching") / "word_counts.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def _differ(left: csr_array, right: csr_array, marked: np.ndarray) -> np.ndarray:
    """How far the marked words of both sides differ: 0 the same or none, 1 all, a half for one side."""
    mark = marked.astype(float)
    own, other, both = left @ mark, right @ mark, left.multiply(right) @ mark
    most = np.maximum(own, other)
    found = np.where(most > 0, 1 - both / np.maximum(most, 1), 0)
    return np.where((most > 0) & (np.minimum(own, other) == 0), 0.5, found)


def _of_places(a: pd.DataFrame, b: pd.DataFrame) -> pd.DataFrame:
    codes = (a["postcode"] != "") & (b["postcode"] != "")
    same = codes & (a["postcode"] == b["postcode"])
    metres = np.hypot(a["easting"] - b["easting"], a["northing"] - b["northing"])
    near = (metres <= NEAR_METRES) & ~same
    addresses = (a["address"] != "") & (b["address"] != "")
    alike = _alike(fuzz.token_set_ratio, a["address"], b["address"]) >= 0.9
    held = _name_held(a["plain"], b["address"]) | _name_held(b["plain"], a["address"])
    return pd.DataFrame(
        {
            "same_postcode": same,
            "near": near,
            "far": (metres > FAR_METRES) & ~same,
            "same_address": addresses & alike,
            "name_in_address": held,
        },
        dtype=float,
    )


def _name_held(names: pd.Series[str], addresses: pd.Series[str]) -> np.ndarray:
    """Whether an address says the name, all of it: a group that is named by its building."""
    there = (addresses != "") & (names.str.len() >= 6)
    found: np.ndarray = (there & (_alike(fuzz.partial_ratio, names, addresses) >= 0.95)).to_numpy()
    return found


def _of_contacts(a: pd.DataFrame, b: pd.DataFrame) -> pd.DataFrame:
    columns = ("telephone", "website", "mailhost")
    known = {name: (a[name] != "") & (b[name] != "") for name in columns}
    same = sum((known[name] & (a[name] == b[name])).astype(int) for name in columns)
    other = sum((known[name] & (a[name] != b[name])).astype(int) for name in columns)
    return pd.DataFrame(
        {"same_contact": np.minimum(same, 2), "other_contact": np.minimum(other, 2)}, dtype=float
    )
