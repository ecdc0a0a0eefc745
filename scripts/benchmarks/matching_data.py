"""The open data by which matching is fitted and measured: labelled pairs, in two halves.

A pair belongs to the half for tuning when the first byte of the SHA-256 of its two identifiers, sorted and
joined by "|", is even, and to that for reporting when it is odd. Nothing is fitted or chosen on the second.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from directory.matching.block import pairs_within
from directory.matching.features import INPUT
from directory.matching.identifiers import join
from geodata.crs import lonlat_to_bng
from geodata.postcodes import find_postcode

LABELS = Path(__file__).with_name("warm_space_pairs.csv")
READ = Path(__file__).with_name("register_pairs_read.csv")
# Towns by which a hard pair is of one town: both names say it.
TOWNS = """
aberdeen antrim armagh ayr ballymena bangor barnsley bath bedford belfast birmingham blackburn
blackpool bolton bournemouth bradford brighton bristol burnley bury cambridge cardiff carlisle
chelmsford chester chesterfield colchester coventry croydon darlington derby derry doncaster dover
down dudley dumfries dundee durham edinburgh enniskillen essex exeter falkirk fife glasgow
gloucester grimsby guildford hackney halifax harrogate hastings hereford highland huddersfield hull
inverness ipswich islington kent kilmarnock lancaster larne leeds leicester lewisham lincoln lisburn
liverpool london londonderry luton maidstone manchester middlesbrough newcastle newham newport newry
norfolk northampton norwich nottingham oban oldham omagh orkney oxford paisley perth peterborough
plymouth portsmouth preston reading rochdale rotherham salford salisbury sandwell scarborough
sheffield shetland shrewsbury slough solihull southampton southend stirling stockport stoke suffolk
sunderland surrey swansea swindon tyrone wakefield walsall warrington warwick watford wigan
winchester windsor wolverhampton worcester wrexham york
""".split()  # noqa: SIM905 - a list of a hundred would take a hundred lines


def half_of(left: str, right: str) -> str:
    """The half that a pair of identifiers belongs to: tuning or reporting."""
    digest = hashlib.sha256("|".join(sorted((left, right))).encode()).digest()
    return "reporting" if digest[0] % 2 else "tuning"


class Registers:
    """The names that the registers of charities and companies give to numbers."""

    def __init__(self, folder: Path) -> None:
        def table(name: str) -> pd.DataFrame:
            return pd.read_csv(folder / "duplicates" / name, dtype=str).fillna("")

        self.mergers = table("ccew-register-of-mergers.csv")
        self.companies = table("charity-company-numbers.csv")
        self.again = table("charity-reregistrations.csv")
        self.others = table("charity-names.csv")
        self.names: dict[str, list[str]] = defaultdict(list)
        for first, second, name in self.companies[["org_id_a", "org_id_b", "name"]].itertuples(index=False):
            self._add(first, name)
            self._add(second, name)
        for first, second, name in self.again.itertuples(index=False):
            self._add(f"GB-CHC-{first}", name)
            self._add(f"GB-CHC-{second}", name)
        for side in ("transferor", "transferee"):
            main = self.mergers[self.mergers[f"{side}_subno"] == "0"]
            for number, name in main[[f"{side}_regno", f"{side}_name"]].itertuples(index=False):
                self._add(f"GB-CHC-{number}", name)
        for key, name in self.others[["org_id", "alternative_name"]].itertuples(index=False):
            self._add(key, name)

    def _add(self, key: str, name: str) -> None:
        if name and name not in self.names[key]:
            self.names[key].append(name)

    def records(self) -> pd.DataFrame:
        """A row for each name of a number: `id` is the number, `key` the number and the place of the name."""
        rows = [(f"{key}#{i}", key, name) for key, some in self.names.items() for i, name in enumerate(some)]
        table = pd.DataFrame(rows, columns=["key", "id", "name"])
        return (
            table.reindex(columns=["id", *INPUT])
            .assign(
                **dict.fromkeys(("alternate_name", "address", "postcode", "phone", "website", "email"), "")
            )
            .astype({"easting": float, "northing": float})
        )

    def groups(self) -> pd.Series[int]:
        """Which numbers are of one organisation, or were merged: such pairs are never non-pairs."""
        links = [self.companies[["org_id_a", "org_id_b"]].set_axis(["left", "right"], axis=1)]
        links.append("GB-CHC-" + self.again.iloc[:, :2].set_axis(["left", "right"], axis=1))
        links.append(
            "GB-CHC-"
            + self.mergers[["transferor_regno", "transferee_regno"]].set_axis(["left", "right"], axis=1)
        )
        ids = pd.DataFrame({"key": list(self.names), "org_id": list(self.names)})
        return join(ids, pd.concat(links))


def register_pairs(data: Registers, records: pd.DataFrame, prepared: pd.DataFrame) -> pd.DataFrame:
    """Labelled pairs of positions in the records, by class; as many random and hard non-pairs as pairs."""
    at = records.groupby("id").indices
    rows = [("again", *pair) for pair in _again(data, at)]
    rows += [("other name", *pair) for pair in _other_names(data, at)]
    same = pd.DataFrame(rows, columns=["class", "left", "right"]).assign(same=True)
    groups = records["id"].map(data.groups()).to_numpy()
    plain = prepared["plain"].to_numpy()
    chance = np.random.default_rng(20_261_128)
    random = pd.DataFrame(chance.integers(0, len(records), (2 * len(same), 2)), columns=["left", "right"])
    random = random[groups[random["left"]] != groups[random["right"]]].head(len(same))
    town = _same_town(plain, groups, len(same))
    close = _closest(prepared, groups, len(same))
    parts = [same, *(part.assign(same=False) for part in (random, town, close))]
    for part, name in zip(parts[1:], ("random", "same town", "alike"), strict=True):
        part["class"] = name
    pairs = pd.concat(parts, ignore_index=True)
    pairs["left_id"], pairs["right_id"] = (
        records["key"].to_numpy()[pairs[side]] for side in ("left", "right")
    )
    return _as_read(pairs)


def _again(data: Registers, at: dict[str, np.ndarray]) -> list[tuple[int, int]]:
    """Registered again: the two numbers, with the names that are least the same where there are several."""
    found = []
    for old, new, _ in data.again.itertuples(index=False):
        a, b = at[f"GB-CHC-{old}"], at[f"GB-CHC-{new}"]
        found.append((a[-1], b[0]) if len(a) > 1 else (a[0], b[-1]))
    return found


def _other_names(data: Registers, at: dict[str, np.ndarray]) -> list[tuple[int, int]]:
    """Each two names that one number has."""
    return [pair for key, some in data.names.items() if len(some) > 1 for pair in combinations(at[key], 2)]


def _same_town(plain: np.ndarray, groups: np.ndarray, count: int) -> pd.DataFrame:
    """The non-pairs whose names are most alike among those that say the same town."""
    words = [set(name.split()) for name in plain]
    parts = []
    for town in TOWNS:
        rows = np.flatnonzero([town in some for some in words])
        a, b = (rows[side] for side in np.triu_indices(len(rows), 1))
        other = (groups[a] != groups[b]) & (plain[a] != plain[b])
        a, b = a[other], b[other]
        alike = process.cpdist(plain[a], plain[b], scorer=fuzz.token_sort_ratio, dtype=np.float32)
        parts.append(pd.DataFrame({"left": a, "right": b, "alike": alike}))
    return _most_alike(pd.concat(parts), count)


def _closest(prepared: pd.DataFrame, groups: np.ndarray, count: int) -> pd.DataFrame:
    """The non-pairs whose names are most alike anywhere, and not the same."""
    pairs = pairs_within(prepared)
    plain = prepared["plain"].to_numpy()
    a, b = pairs["left"].to_numpy(), pairs["right"].to_numpy()
    other = (groups[a] != groups[b]) & (plain[a] != plain[b])
    pairs = pairs[other]
    alike = process.cpdist(plain[a[other]], plain[b[other]], scorer=fuzz.token_sort_ratio, dtype=np.float32)
    return _most_alike(pairs.assign(alike=alike), count)


def _most_alike(pairs: pd.DataFrame, count: int) -> pd.DataFrame:
    best = pairs.drop_duplicates(["left", "right"]).nlargest(count, "alike")
    return best[["left", "right"]].reset_index(drop=True)


def _as_read(pairs: pd.DataFrame) -> pd.DataFrame:
    """Without the non-pairs that were read and are one organisation, or doubtful."""
    with READ.open(encoding="utf-8", newline="") as file:
        read = {(row["left"], row["right"]) for row in csv.DictReader(file)}
    ids = [tuple(sorted(pair)) for pair in zip(pairs["left_id"], pairs["right_id"], strict=True)]
    pairs["half"] = [half_of(*pair) for pair in ids]
    return pairs[[pair not in read for pair in ids]].reset_index(drop=True)


def merger_pairs(data: Registers) -> pd.DataFrame:
    """The names of the register of mergers: who was merged into whom."""
    return data.mergers[["transferor_name", "transferee_name"]].set_axis(["left", "right"], axis=1)


def warm_spaces(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The community spaces of four years, and the pairs of them that were read and labelled."""
    text = (folder / "organisations" / "warm_spaces_2022_2026.geojson").read_text(encoding="utf-8")
    rows = []
    for feature in json.loads(text)["features"]:
        facts, (longitude, latitude) = feature["properties"], feature["geometry"]["coordinates"]
        title, address = facts.get("title") or "", facts.get("address") or ""
        said = "|".join([title, address, str(longitude), str(latitude)])
        key = hashlib.sha256(said.encode()).hexdigest()[:12]
        postcode = find_postcode(address.upper()) or ""
        rows.append((key, title, "", address, postcode, longitude, latitude, "", facts.get("url") or "", ""))
    records = pd.DataFrame(rows, columns=list(INPUT))
    records["easting"], records["northing"] = lonlat_to_bng(records["easting"], records["northing"])
    place = {key: row for row, key in enumerate(records["key"])}
    pairs = pd.read_csv(LABELS)
    pairs["half"] = [half_of(*pair) for pair in zip(pairs["left"], pairs["right"], strict=True)]
    pairs["left"], pairs["right"] = pairs["left"].map(place), pairs["right"].map(place)
    return records, pairs.assign(same=pairs["same"] == "yes")
