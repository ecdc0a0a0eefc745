"""What the sample is made from: words, patterns for names, ideas for services. The data lie beside it."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Pattern:
    """A sort of organisation. `works` are the categories and tags of what it may do, its main work first."""

    name: str
    kind: str
    faith: str
    works: tuple[str, ...]


@dataclass(frozen=True)
class Idea:
    """A service somebody might run. Only an organisation with the tag, if there is one, would run it."""

    category: str
    tag: str
    name: str
    description: str
    minimum_age: int | None
    maximum_age: int | None
    gender: str
    referral: str
    groups: tuple[str, ...]
    also: tuple[str, ...]
    when: str
    cost: str

    @property
    def categories(self) -> tuple[str, ...]:
        """Its category first, then the others it touches."""
        return (self.category, *self.also)

    def suits(self, works: tuple[str, ...]) -> bool:
        """Whether an organisation that does such work might run it."""
        return self.tag in works if self.tag else self.category in works


def read_words() -> dict[str, Any]:
    """Names, sentences and the like, from words.toml."""
    return tomllib.loads((HERE / "words.toml").read_text(encoding="utf-8"))


def read_patterns() -> list[Pattern]:
    """Sorts of organisation, from organizations.csv."""
    with (HERE / "organizations.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [Pattern(row["pattern"], row["kind"], row["faith"], tuple(row["works"].split())) for row in rows]


def read_ideas() -> list[Idea]:
    """Services, from one CSV file a category."""
    return [
        make_idea(path.stem, row)
        for path in sorted((HERE / "ideas").glob("*.csv"))
        for row in csv.DictReader(path.open(encoding="utf-8", newline=""))
    ]


def make_idea(category: str, row: dict[str, str]) -> Idea:
    """One row as an Idea. Ages are written 8-13, 18- or -5."""
    youngest, _, oldest = row["ages"].partition("-")
    return Idea(
        category=category,
        tag=row["works"],
        name=row["name"],
        description=row["description"],
        minimum_age=int(youngest) if youngest else None,
        maximum_age=int(oldest) if oldest else None,
        gender=row["gender"],
        referral=row["referral"],
        groups=tuple(row["groups"].split()),
        also=tuple(row["also"].split()),
        when=row["when"],
        cost=row["cost"],
    )
