"""The judged questions, and which grade each record has by its own facts. Knows nothing of our search."""

from __future__ import annotations

import math
import re
import tomllib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot
from pathlib import Path
from typing import Any

from geodata.crs import lonlat_to_bng

FILE = Path(__file__).with_name("judged_queries.toml")
FRESH = Path(__file__).with_name("judged_fresh.toml")
HALVES = ("tuning", "reporting", "fresh, read", "fresh")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
RIGHT = 2  # a right answer, for recall, has at least this grade


@dataclass(frozen=True)
class Record:
    """What a judge reads of one published service."""

    key: str
    name: str
    organization: str
    words: str
    terms: Mapping[str, frozenset[str]]
    ages: tuple[int | None, int | None]
    free: bool
    openings: tuple[tuple[int, int, int], ...]  # weekday, opens, closes, in minutes
    hours_known: bool
    towns: frozenset[str]
    wards: frozenset[str]
    points: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Judged:
    """One question with its graded answers."""

    ask: str
    by: str
    data: str
    answers: tuple[Mapping[str, Any], ...]
    fresh: bool = False

    @property
    def half(self) -> str:
        """Fresh, or by the sum of the question's own letters tuning or reporting, so nobody chose it."""
        odd = zlib.crc32(self.ask.encode()) % 2
        if self.fresh:
            return (
                "fresh" if odd else "fresh, read"
            )  # the even ones were read when they had been measured once
        return "reporting" if odd else "tuning"


def read_judged(*paths: Path) -> list[Judged]:
    """Read the questions from their files."""
    return [
        Judged(row["ask"], row["by"], row["data"], tuple(row["answers"]), fresh=path == FRESH)
        for path in paths or (FILE, FRESH)
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["query"]
    ]


def grades(question: Judged, records: Sequence[Record]) -> dict[str, int]:
    """The grade of each record that has one."""
    found: dict[str, int] = {}
    for answer in question.answers:
        for record in records:
            if fits(record, answer):
                found[record.key] = max(found.get(record.key, 0), answer["grade"])
    return found


def fits(record: Record, answer: Mapping[str, Any]) -> bool:
    """Whether a record has all the facts that an answer names."""
    checks = (_fits_words, _fits_terms, _fits_age, _fits_hours, _fits_place)
    return all(check(record, answer) for check in checks)


def _fits_words(record: Record, answer: Mapping[str, Any]) -> bool:
    named = answer.get("named")
    if named is not None and not {record.name, f"{record.name} / {record.organization}"} & set(named):
        return False
    if answer.get("organisation", record.organization) != record.organization:
        return False
    texts = {"says": record.words, "says_name": f"{record.name} {record.organization}"}
    return all(re.search(answer[key], text, re.IGNORECASE) for key, text in texts.items() if key in answer)


def _fits_terms(record: Record, answer: Mapping[str, Any]) -> bool:
    for taxonomy in ("category", "group", "gender", "faith", "kind"):
        wanted = answer.get(taxonomy)
        if wanted and not record.terms.get(taxonomy, frozenset()) & set(
            [wanted] if isinstance(wanted, str) else wanted
        ):
            return False
    return not answer.get("free") or record.free


def _fits_age(record: Record, answer: Mapping[str, Any]) -> bool:
    if "age" not in answer:
        return True
    low, high = record.ages
    if low is None and high is None:
        return bool(answer.get("age_unknown"))
    return (low or 0) <= answer["age"] <= (120 if high is None else high)


def _fits_hours(record: Record, answer: Mapping[str, Any]) -> bool:
    if answer.get("hours_unknown"):
        return not record.hours_known
    days = [DAYS.index(answer["day"])] if "day" in answer else range(5 if answer.get("weekday") else 7)
    if "day" not in answer and "hours" not in answer and "weekday" not in answer:
        return True
    begin, end = (hour * 60 for hour in answer.get("hours", (0, 24)))
    return any(day in days and opens < end and closes > begin for day, opens, closes in record.openings)


def _fits_place(record: Record, answer: Mapping[str, Any]) -> bool:
    if "town" in answer and answer["town"] not in record.towns:
        return False
    if "ward" in answer and answer["ward"] not in record.wards:
        return False
    if "near" not in answer:
        return True
    latitude, longitude, metres = answer["near"]
    east, north = lonlat_to_bng([longitude], [latitude])
    return any(hypot(x - float(east[0]), y - float(north[0])) <= metres for x, y in record.points)


def ndcg(ranked: Sequence[str], graded: Mapping[str, int], depth: int = 10) -> float:
    """Normalised discounted cumulative gain, with the gain 2^grade - 1 (Järvelin and Kekäläinen, 2002)."""

    def gain(grades_in_order: Sequence[int]) -> float:
        return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades_in_order))

    best = gain(sorted(graded.values(), reverse=True)[:depth])
    return gain([graded.get(key, 0) for key in ranked[:depth]]) / best if best else 0.0


def recall(ranked: Sequence[str], graded: Mapping[str, int], depth: int = 20) -> float | None:
    """The share of the right answers among the first; of more than `depth`, as many as can stand there."""
    right = {key for key, grade in graded.items() if grade >= RIGHT}
    return len(right & set(ranked[:depth])) / min(depth, len(right)) if right else None
