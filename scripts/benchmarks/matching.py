"""Measure matching: how long and in how much memory, and how right it is on open data.

python scripts/benchmark.py matching --data ../shared/data
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

import numpy as np
import pandas as pd
from benchmarks.matching_data import Registers, merger_pairs
from benchmarks.matching_fit import fit_all, labelled
from matplotlib.figure import Figure
from rapidfuzz import fuzz, process

from directory.matching.block import candidate_pairs
from directory.matching.features import INPUT, features, prepare
from directory.matching.normalise import plain_names
from directory.matching.probability import stated_model

NON_PAIRS = ("random", "same town", "alike")
NEAR = 0.75  # two names of a merger are near from here on, by rapidfuzz's token_sort_ratio
BINS = np.array([0, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98, 1.0001])


def speed(folder: Path, many: int, few: int) -> str:
    """Match a small list with a large one, made up from the words of real names."""
    chance = np.random.default_rng(1)
    names = Registers(folder).records()["name"].drop_duplicates().to_numpy()
    right = _made_up(names, many, chance)
    left = _made_up(names, few, chance)
    copied = chance.choice(many, few // 2, replace=False)
    left.loc[: len(copied) - 1, "name"] = _mistyped(right["name"].to_numpy()[copied], chance)
    start = time.perf_counter()
    large, small = prepare(right), prepare(left)
    prepared = time.perf_counter()
    pairs = candidate_pairs(small, large)
    blocked = time.perf_counter()
    scores = stated_model().probabilities(features(small, large, pairs))
    end = time.perf_counter()
    found = set(zip(pairs["left"], pairs["right"], strict=True))
    kept = np.mean([(row, column) in found for row, column in enumerate(copied)])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000
    return (
        f"{few:,} x {many:,}: {end - start:.1f} s (names {prepared - start:.1f}, candidates "
        f"{blocked - prepared:.1f}, probabilities {end - blocked:.1f}); {len(pairs):,} candidates, "
        f"{int((scores >= stated_model().threshold).sum()):,} at the threshold; {kept:.3f} of the mistyped "
        f"copies are among the candidates; peak memory of the whole process {peak:,.0f} MB"
    )


def _made_up(names: np.ndarray, count: int, chance: np.random.Generator) -> pd.DataFrame:
    """Records whose names are the beginnings and ends of real ones, joined."""
    first, second = (pd.Series(chance.choice(names, count)) for _ in range(2))
    name = first.str.split().str[:2].str.join(" ") + " " + second.str.split().str[-2:].str.join(" ")
    frame = pd.DataFrame({"key": np.arange(count), "name": name})
    letters = np.array(list("ABDEFGHJLNPQRSTUWXYZ"))
    numbers = pd.Series(chance.integers(1, 99, count)).astype(str)
    unit = pd.Series(chance.choice(letters, count)) + pd.Series(chance.choice(letters, count))
    frame["postcode"] = "B" + numbers + " " + pd.Series(chance.integers(1, 9, count)).astype(str) + unit
    frame["phone"] = "0121" + pd.Series(chance.integers(1_000_000, 9_999_999, count)).astype(str)
    frame["website"] = "https://www.group" + pd.Series(chance.integers(0, count, count)).astype(str) + ".org"
    frame = frame.assign(alternate_name="", address="", email="")
    frame["easting"], frame["northing"] = chance.uniform(390_000, 440_000, (2, count))
    return frame[list(INPUT)]


def _mistyped(names: np.ndarray, chance: np.random.Generator) -> list[str]:
    """Names with one letter left out."""
    at = [int(chance.integers(0, len(name))) for name in names]
    return [name[:place] + name[place + 1 :] for name, place in zip(names, at, strict=True)]


def quality(pairs: pd.DataFrame, half: str) -> str:
    """Precision and recall at the threshold, by class of non-pairs, as a table in Markdown."""
    chosen = pairs[pairs["half"] == half]
    taken = chosen["probability"] >= stated_model().threshold
    kinds = chosen["class"]
    lines = [
        "| pairs | non-pairs | recall | precision |",
        "| --- | --- | ---: | ---: |",
    ]
    both = chosen["same"] & kinds.isin(["again", "other name"])
    for label, some in (
        ("registered again", kinds == "again"),
        ("other names of one number", kinds == "other name"),
        ("both", both),
    ):
        for name in NON_PAIRS if label == "both" else ("random",):
            against = kinds == name
            cells = (f"{label}, {int(some.sum()):,}", f"{name}, {int(against.sum()):,}")
            lines.append(_line(cells, taken, some, against))
    spaces = kinds == "spaces"
    yes, no = spaces & chosen["same"], spaces & ~chosen["same"]
    lines.append(
        _line(
            (f"community spaces, {int(yes.sum())}", f"read as not the same, {int(no.sum())}"), taken, yes, no
        )
    )
    return "\n".join(lines)


def _line(cells: tuple[str, str], taken: pd.Series[bool], yes: pd.Series[bool], no: pd.Series[bool]) -> str:
    right, wrong = int((taken & yes).sum()), int((taken & no).sum())
    recall, precision = right / max(1, int(yes.sum())), right / max(1, right + wrong)
    return f"| {cells[0]} | {cells[1]} | {recall:.3f} | {precision:.3f} |"


def mergers(folder: Path) -> str:
    """The register of mergers, by how alike the two names are."""
    names = merger_pairs(Registers(folder))
    records = pd.concat([names["left"], names["right"]], ignore_index=True)
    frame = pd.DataFrame({"key": records.index, "name": records}).reindex(columns=list(INPUT))
    text = ("alternate_name", "address", "postcode", "phone", "website", "email")
    prepared = prepare(frame.assign(**dict.fromkeys(text, "")).astype({"easting": float, "northing": float}))
    rows = pd.DataFrame({"left": names.index, "right": names.index + len(names)})
    scores = stated_model().probabilities(features(prepared, prepared, rows))
    a, b = (plain_names(names[side]) for side in ("left", "right"))
    alike = process.cpdist(a, b, scorer=fuzz.token_sort_ratio) / 100
    kind = np.where(a == b, "identical", np.where(alike >= NEAR, "near", "different"))
    lines = ["| names | pairs | at the threshold |", "| --- | ---: | ---: |"]
    for name in ("identical", "near", "different"):
        some = kind == name
        lines.append(f"| {name} | {some.sum():,} | {(scores[some] >= stated_model().threshold).mean():.3f} |")
    return "\n".join(lines)


def reliability(pairs: pd.DataFrame) -> pd.DataFrame:
    """By band of probability: how many pairs, the probability said, and the share that is the same."""
    band = pd.cut(pairs["probability"], BINS, right=False, labels=False)
    found = pairs.groupby(band).agg(
        pairs=("same", "size"), said=("probability", "mean"), same=("same", "mean")
    )
    return found.reindex(range(len(BINS) - 1)).dropna().reset_index(drop=True)


def draw(halves: dict[str, pd.DataFrame], path: Path) -> None:
    """Draw how often pairs are the same against how likely they were said to be."""
    figure = Figure(figsize=(5.2, 4.6), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="#b1b4b6", linewidth=1, label="as said")
    for (half, found), (color, mark) in zip(
        halves.items(), (("#505a5f", "s"), ("#1d70b8", "o")), strict=True
    ):
        axes.plot(found["said"], found["same"], mark, color=color, label=f"half for {half}", markersize=7)
        if half == "reporting":
            for said, same, count in found[["said", "same", "pairs"]].itertuples(index=False):
                axes.annotate(f"{count:,.0f}", (said, same), (6, -12), textcoords="offset points", fontsize=8)
    axes.set(
        xlabel="Probability that was said",
        ylabel="Share that is the same",
        xlim=(-0.03, 1.08),
        ylim=(-0.08, 1.05),
    )
    axes.legend(frameon=False, loc="upper left")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, metadata={"Date": None})


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="the folder of open data")
    parser.add_argument("--many", type=int, default=400_000)
    parser.add_argument("--few", type=int, default=5_000)
    parser.add_argument("--fit", action="store_true", help="fit on the half for tuning first, and write that")
    parser.add_argument("--picture", type=Path, help="where to draw the reliability plot")
    given = parser.parse_args(arguments)
    if given.fit:
        fit_all(given.data)
    elif given.many:
        print(speed(given.data, given.many, given.few), flush=True)
    pairs = labelled(given.data)
    pairs["probability"] = stated_model().probabilities(pairs)
    bands = {}
    for half in ("tuning", "reporting"):
        bands[half] = reliability(pairs[pairs["half"] == half])
        print(f"\nHalf for {half}, threshold {stated_model().threshold}:\n\n{quality(pairs, half)}\n")
        print(_bands(bands[half]))
    print(f"\nRegister of mergers:\n\n{mergers(given.data)}")
    if given.picture:
        draw(bands, given.picture)


def _bands(found: pd.DataFrame) -> str:
    lines = ["| pairs | probability said | share the same |", "| ---: | ---: | ---: |"]
    rows = found[["pairs", "said", "same"]].itertuples(index=False)
    return "\n".join([*lines, *(f"| {pairs:,.0f} | {said:.3f} | {same:.3f} |" for pairs, said, same in rows)])


if __name__ == "__main__":
    main()
