"""Choose the organisations, their names, and which services each one runs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from random import Random

from sample.gaps import PLENTY, SOLIHULL, allowed
from sample.places import Zone, zones
from sample.stock import Idea, Pattern, read_ideas, read_patterns, read_words

SERVICES = 400
TARGETS = {
    "sport": 48, "youth-facilities": 38, "faith-work": 34, "mentoring": 30, "arts": 29, "advice": 27,
    "parenting": 25,
    "group-work": 22, "employment": 22, "spaces": 20, "one-to-one": 16, "young-women": 15, "outreach": 14,
    "school-programmes": 14, "trauma-therapy": 12, "youth-leadership": 9, "training": 9, "resettlement": 8,
    "mediation": 9, "family-therapy": 5,
}  # fmt: skip
KINDS = {
    "community": 25,
    "voluntary": 30,
    "faith": 17,
    "statutory": 8,
    "business": 6,
    "informal": 8,
    "individual": 5,
}


@dataclass
class Choice:
    """An organisation to be made."""

    zone: Zone
    pattern: Pattern
    name: str
    place: str
    ideas: list[Idea] = field(default_factory=list)


class Chooser:
    """Counts what is used, so that categories come near their targets and nothing is repeated nearby."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.words = read_words()
        self.ideas, self.patterns = read_ideas(), read_patterns()
        self.uses: Counter[str] = Counter()
        self.near: set[tuple[str, str]] = set()
        self.made: Counter[str] = Counter()
        self.taken: set[str] = set()

    def need(self, category: str) -> float:
        """How far a category is from its target, as a share of the target."""
        return max(0.02, 1 - self.made[category] / TARGETS[category])

    def leads(self, pattern: Pattern, zone: Zone) -> list[Idea]:
        """The ideas that may be the main work of a sort of organisation in a zone."""
        main = pattern.works[0]
        found = [
            idea for idea in self.ideas if main in (idea.tag, idea.category) and idea.suits(pattern.works)
        ]
        return [idea for idea in found if self.free(idea, zone)]

    def free(self, idea: Idea, zone: Zone) -> bool:
        """Allowed by the gaps, not used in this zone, and not used too often."""
        return allowed(idea, zone) and (zone.slug, idea.name) not in self.near and self.uses[idea.name] < 2

    def take(self, choice: Choice, idea: Idea) -> None:
        """Give an idea to an organisation and count it."""
        choice.ideas.append(idea)
        self.uses[idea.name] += 1
        self.near.add((choice.zone.slug, idea.name))
        self.made[idea.category] += 1

    def organization(self, zone: Zone, kind: str, places: list[str]) -> Choice:
        """An organisation with a name and its main service."""
        options = [(each, self.leads(each, zone)) for each in self.patterns if each.kind == kind]
        options = [(each, ideas) for each, ideas in options if ideas]
        if not options:
            return self.organization(zone, "community", places)
        plenty = PLENTY.get(zone.slug, {})
        weights = [
            max(self.need(idea.category) * plenty.get(idea.category, 1.0) for idea in ideas)
            / (1 + self.taken_by(each, zone)) ** 2
            for each, ideas in options
        ]
        pattern, ideas = self.rng.choices(options, weights)[0]
        name, place = self.name(pattern, places)
        choice = Choice(zone, pattern, name, place)
        self.take(choice, self.least_used(ideas))
        return choice

    def taken_by(self, pattern: Pattern, zone: Zone) -> int:
        """How many organisations of this sort the zone has."""
        return self.uses[f"{zone.slug} {pattern.name}"]

    def least_used(self, ideas: list[Idea]) -> Idea:
        """One of the ideas used least so far, those of needed categories first."""
        fewest = min(self.uses[idea.name] for idea in ideas)
        rest = [idea for idea in ideas if self.uses[idea.name] == fewest]
        return self.rng.choices(rest, [self.need(idea.category) for idea in rest])[0]

    def name(self, pattern: Pattern, places: list[str]) -> tuple[str, str]:
        """A name nobody else in the sample has, and the place in it (or near it)."""
        while True:
            place = self.rng.choice(places)
            person = f"{self.rng.choice(self.words['first_names'])} {self.rng.choice(self.words['surnames'])}"
            name = pattern.name.format(place=place, person=person)
            if name not in self.taken:
                self.taken.add(name)
                return name, place

    def fill(self, choices: list[Choice]) -> None:
        """Give more services to those that could run them until there are enough, neediest category first."""
        categories = sorted(TARGETS)
        total = sum(len(choice.ideas) for choice in choices)
        for _ in range(SERVICES - total):
            for category in sorted(categories, key=self.need, reverse=True):
                options = [(choice, ideas) for choice in choices if (ideas := self.more(choice, category))]
                if options:
                    weights = [PLENTY.get(choice.zone.slug, {}).get(category, 1.0) for choice, _ in options]
                    choice, ideas = self.rng.choices(options, weights)[0]
                    self.take(choice, self.least_used(ideas))
                    break

    def more(self, choice: Choice, category: str) -> list[Idea]:
        """The further services of a category that an organisation might run."""
        most = (
            2 if choice.zone.authority.code == SOLIHULL else 1 if choice.pattern.kind == "individual" else 4
        )
        if len(choice.ideas) >= most:
            return []
        works = choice.pattern.works
        return [
            i for i in self.ideas if i.category == category and i.suits(works) and self.free(i, choice.zone)
        ]


def choose(rng: Random) -> list[Choice]:
    """All organisations of the sample, zone by zone, each with its services."""
    chooser = Chooser(rng)
    places = list(chooser.words["places"])
    rng.shuffle(places)
    choices: list[Choice] = []
    batches = zones()
    start = 0
    for zone in batches:
        share = max(4, round(zone.organizations * len(places) / 260))
        mine = places[start : start + share]
        start += share
        kinds = {**KINDS, "faith": 28} if zone.slug == "lozells" else KINDS
        for kind in rng.choices(list(kinds), list(kinds.values()), k=zone.organizations):
            choice = chooser.organization(zone, kind, mine)
            chooser.uses[f"{zone.slug} {choice.pattern.name}"] += 1
            choices.append(choice)
    chooser.fill(choices)
    return choices
