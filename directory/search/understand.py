"""From a question in plain words to filters, by rules: no database, no network, no clock."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from directory.languages import DAYS
from directory.search.query import DAY_PARTS
from directory.words import plain_words

MOST_WORDS = 40
TEENS = (13, 19)
WALK = 1000  # metres: twelve minutes or so
MILE, KILOMETRE = 1609, 1000
FURTHEST = 100_000
NEGATIONS = frozenset("not no non without never except isnt dont".split())  # noqa: SIM905
# What ties a place to the rest, and what is left over when the place is taken out.
TIES = r"(?:in|near|around|at|from|by|to|of|close to|near to|nearby|local to)"
_TIED = re.compile(rf"{TIES}(?: the)?$")
_AGES = (
    (
        r"(?:aged? |ages )?(\d{1,3}) (?:to |and )?(\d{1,3}) (?:year olds?|years?(?: olds?)?|yrs?(?: olds?)?)",
        "span",
    ),
    (r"(?:aged|ages|age) (\d{1,3}) (?:to |and )?(\d{1,3})", "span"),
    (r"(?:aged|age|turning) (\d{1,3})(?: years?)?", "one"),
    (r"(\d{1,3}) ?(?:year olds?|years? old|yr olds?|yrs? old|yo|y o|yrs|years of age)", "one"),
    (r"(?:under|below|younger than) (?:the age of )?(\d{1,3})s?", "under"),
    (r"u(\d{1,2})s?", "under"),
    (r"(?:over|above|older than) (?:the age of )?(\d{1,3})s?", "over"),
    (r"(?:school )?year (\d{1,2})s?", "year"),
    # A teenage mum is sought as that.
    (r"teen(?:s|age|agers?|aged)?(?! (?:mums?|mothers?|dads?|fathers?|parents?|pregnancy))", "teens"),
    (r"adults?", "adults"),
)
_COST = r"(?:for )?free(?: of charge)?|no cost|costs? nothing"
_DAY = "|".join(day.lower() for day in DAYS)
# Days in short. Those that are words of their own too count where a day is expected.
_SHORT = "mon|tues?|weds|thu(?:rs?)?|fri"
_SHORT_OR_WORD = rf"{_SHORT}|wed|sat|sun"
_PART_OF_DAY = "mornings?|afternoons?|evenings?|nights?"
_ONE_DAY = (
    rf"(?:on |every |each )?(?:{_DAY})s?|(?:on |every |each )(?:{_SHORT_OR_WORD})s?|{_SHORT}"
    rf"|(?:{_SHORT_OR_WORD})(?= (?:(?:{_PART_OF_DAY})(?!\S)|(?:at|after|from) \d))"
)
_TWO_DAYS = re.compile(
    rf"(?<!\S)(?:{_DAY}|{_SHORT_OR_WORD})s? (?:and |or |to )?(?:on )?(?:{_DAY}|{_SHORT_OR_WORD})s?(?!\S)"
)
_SEVERAL_DAYS = {
    "Weekdays": r"mon(?:day)?s? (?:to|till|until|through) fri(?:day)?s?|mon fri|(?:on )?weekdays?",
    "Weekend": r"sat(?:urday)?s? (?:and |or |to )?sun(?:day)?s?|(?:at |on |over )?(?:the |this )?weekends?",
}
_TIMES = {
    "after-school": r"after school|afterschool",
    "morning": r"(?:in the )?mornings?",
    "afternoon": r"(?:in the )?afternoons?",
    "evening": r"(?:in the )?(?:evenings?|nights?)",
}
_CLOCK = r"(?:at|after|from|by) (\d{1,2})(?: (\d\d))? ?(am|pm)|(?:at|after|from) (\d{1,2}) (\d\d)"
_DISTANCE = (
    r"within (?:a |an )?(\d{1,5}|half)? ?(?:a )?(miles?|m|metres?|km|kilometres?|k)(?: (?:of|from|around))?"
)
_WALKING = r"(?:in |within )?walking distance(?: (?:of|from|to))?"
_POSTCODE = r"[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}"
_OUTCODE = r"[a-z]{1,2}\d{1,2}[a-z]?"


@dataclass(frozen=True)
class Vocabulary:
    """What a question may name: places by their plain words, and terms by theirs.

    `sure_places` may stand alone; the others are places only after "in", "near" and the like, or at the end.
    """

    places: Mapping[str, str] = field(default_factory=dict)
    sure_places: frozenset[str] = frozenset()
    terms: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """One thing that was understood: the arguments that say it, and the words that it was read from."""

    kind: str
    arguments: Mapping[str, str]
    words: str


@dataclass(frozen=True)
class Understood:
    """What a question was understood to ask, and the words that are left to look for."""

    parts: tuple[Part, ...]
    rest: str


class _Words:
    """The plain words of a question, of which some are taken."""

    def __init__(self, text: str) -> None:
        self.words = plain_words(text)[:MOST_WORDS]
        self.taken = [False] * len(self.words)

    def text(self) -> str:
        """All words, with a nought in the place of each that is taken."""
        return " ".join("\0" if taken else word for word, taken in zip(self.words, self.taken, strict=True))

    def find(self, pattern: str, *, take: bool = True) -> re.Match[str] | None:
        """The first place where a pattern stands in whole words that are not taken, and not after a "not"."""
        text = self.text()
        for match in re.finditer(rf"(?<!\S)(?:{pattern})(?!\S)", text):
            start, count = text[: match.start()].count(" "), match[0].count(" ") + 1
            if start and self.words[start - 1] in NEGATIONS:
                continue
            if take:
                self.taken[start : start + count] = [True] * count
                self._take_tie(start)
            return match
        return None

    def _take_tie(self, start: int) -> None:
        """Take the little words before what is taken: "on" Friday, "for" a 14-year-old."""
        while start and self.words[start - 1] in {
            "on",
            "in",
            "for",
            "a",
            "an",
            "the",
            "at",
            "near",
            "around",
        }:
            start -= 1
            self.taken[start] = True

    def rest(self) -> str:
        return " ".join(word for word, taken in zip(self.words, self.taken, strict=True) if not taken)


def understand(text: str, known: Vocabulary, today: int) -> Understood:
    """What a question asks. `today` is the day of the week, from 0 for Monday."""
    words = _Words(text)
    # The place is read last: a word is at the end where only other facts follow it.
    ages, cost, times = list(_age(words)), list(_cost(words)), list(_when(words, today))
    facts = [*_where(words, known), *ages, *times, *cost]
    terms = list(_terms(words, known)) if facts else []
    # With nothing but small words left, the kind of help alone says what is sought.
    return Understood((*terms, *facts), words.rest())


def _age(words: _Words) -> Iterator[Part]:
    for pattern, kind in _AGES:
        match = words.find(pattern, take=False)
        if match is None:
            continue
        ages = _span(kind, [int(number) for number in match.groups() if number])
        if ages is not None and 0 <= ages[0] <= ages[1] <= 120:
            words.find(pattern)
            low, high = ages
            arguments = {"age": str(low)} | ({"age_to": str(high)} if high != low else {})
            yield Part("age", arguments, match[0])
            return


def _span(kind: str, numbers: list[int]) -> tuple[int, int] | None:
    if kind == "teens":
        return TEENS
    if kind == "adults":
        return 18, 120
    if kind == "span":
        return numbers[0], numbers[1]
    if kind == "under":
        return (0, numbers[0] - 1) if numbers[0] else None
    if kind == "over":
        return numbers[0], 120
    if kind == "year":
        # Who is in year 9 is 13 at the beginning and 14 at the end.
        return (numbers[0] + 4, numbers[0] + 5) if 1 <= numbers[0] <= 13 else None
    return numbers[0], numbers[0]


def _cost(words: _Words) -> Iterator[Part]:
    if match := words.find(_COST):
        yield Part("cost", {"cost": "free"}, match[0])


def _when(words: _Words, today: int) -> Iterator[Part]:
    day, said = _day(words, today)
    tonight = words.find("tonight|this evening")
    if tonight:
        day, said = DAYS[today], tonight[0]
    if day:
        yield Part("day", {"day": day}, said)
    if tonight:
        yield Part("time", {"part": "evening"}, tonight[0])
    elif match := words.find(_CLOCK):
        if clock := _clock(match):
            yield Part("time", {"time": clock}, match[0])
    else:
        for part, pattern in _TIMES.items():
            # "Night" and "morning" alone are in many names: they are times beside a day, or in the plural.
            loose = part in ("after-school",) or day
            match = words.find(pattern if loose else rf"(?:in the )?{part}s|in the {part}|at night")
            if match and part in DAY_PARTS:
                if part == "after-school" and not day:
                    yield Part("day", {"day": "Weekdays"}, match[0])
                yield Part("time", {"part": part}, match[0])
                return


def _day(words: _Words, today: int) -> tuple[str, str]:
    for several, pattern in _SEVERAL_DAYS.items():
        if match := words.find(pattern):
            return several, match[0]
    # Of two days neither alone is asked for.
    if _TWO_DAYS.search(words.text()):
        return "", ""
    if match := words.find(_ONE_DAY):
        return _day_of(match[0]), match[0]
    if match := words.find("today|tomorrow"):
        return DAYS[(today + (match[0] == "tomorrow")) % 7], match[0]
    return "", ""


def _day_of(words: str) -> str:
    begins = words.rsplit(maxsplit=1)[-1][:3]
    return next(day for day in DAYS if day.lower().startswith(begins))


def _clock(match: re.Match[str]) -> str | None:
    hour, minute = int(match[1] or match[4]), int(match[2] or match[5] or 0)
    if match[3]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[3] == "pm" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def _where(words: _Words, known: Vocabulary) -> Iterator[Part]:
    metres, said = _distance(words)
    place, named = _place(words, known)
    if place:
        yield Part("place", {"where": place}, named)
        if metres:
            yield Part("distance", {"within_metres": str(metres)}, said)


def _distance(words: _Words) -> tuple[int | None, str]:
    if match := words.find(_WALKING):
        return WALK, match[0]
    match = words.find(_DISTANCE)
    if match is None:
        return None, ""
    unit = MILE if match[2].startswith("mi") else 1 if match[2] in ("m", "metre", "metres") else KILOMETRE
    amount = 0.5 if match[1] == "half" else int(match[1] or 1)
    return min(FURTHEST, max(1, round(amount * unit))), match[0]


def _place(words: _Words, known: Vocabulary) -> tuple[str, str]:
    for pattern in (_POSTCODE, _OUTCODE):
        match = words.find(pattern, take=False)
        if match and (pattern == _POSTCODE or match[0] in known.places):
            words.find(pattern)
            return (match[0].upper() if pattern == _POSTCODE else known.places[match[0]]), match[0]
    text = " ".join(words.words)
    found = [name for name in known.places if f" {name} " in f" {text} "]
    for name in sorted(found, key=lambda one: (-len(one.split()), one)):
        tied = re.search(rf"(?<!\S){TIES}(?: the)? {re.escape(name)}(?!\S)", text)
        ends = re.search(rf"(?<!\S){re.escape(name)}(?: \0)*$", words.text())
        if name not in known.sure_places and not tied and not ends:
            continue
        if match := words.find(re.escape(name)):
            return known.places[name], match[0]
    return "", ""


def _terms(words: _Words, known: Vocabulary) -> Iterator[Part]:
    """The terms that a question names: at most one of a taxonomy. Their words stay, to be looked for too."""
    seen: set[str] = set()
    for phrase in sorted(known.terms, key=lambda one: (-len(one.split()), one)):
        taxonomy, code = known.terms[phrase]
        if taxonomy not in seen and (match := words.find(rf"{re.escape(phrase)}s?", take=False)):
            seen.add(taxonomy)
            yield Part("term", {taxonomy: code}, match[0])
