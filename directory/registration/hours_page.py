"""When a service is open, as people write it, and how it was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from directory.languages import ENGLISH, N_, gettext, say_day, speak
from directory.models import new_id
from directory.opening_hours.parse import LONGEST, parse
from directory.registration.answers import Answers, Document, Reading, date_parts, set_or_drop
from directory.registration.options import Options
from directory.schedules.evaluate import describe
from directory.schedules.rules import read_rule


@dataclass(frozen=True)
class ReadBack:
    """How hours were understood: sentences, what was not understood, and whether the weeks are not known."""

    sentences: list[str]
    left_over: str
    weeks_missing: bool


def put_hours(service: Document, reading: Reading, options: Options) -> None:
    """Read hours into schedules. Hours that were not touched stay as they are, word for word."""
    text = reading.text("hours", N_("opening hours"), LONGEST)
    first_day = reading.day("first_day", N_("The date"))
    before = hours_answers(service, options)
    after = {"hours": text or "", **date_parts("first_day", first_day.isoformat() if first_day else None)}
    if after == before:
        return
    schedules = [{"id": new_id(), **schedule} for schedule in parse(text or "").schedules]
    if first_day:
        _begin(schedules, first_day, reading)
    if schedules and text:
        _keep_words(schedules[0], text)
    set_or_drop(service, schedules=schedules)


def hours_answers(service: Document, options: Options) -> Answers:
    """The page of `put_hours` as the document has it."""
    schedules = service.get("schedules") or []
    begins = next((one["dtstart"] for one in schedules if one.get("dtstart") and _skips_weeks(one)), None)
    return {"hours": _as_typed(schedules), **date_parts("first_day", begins)}


def read_back(service: Document) -> ReadBack:
    """How the hours of a service were understood."""
    schedules = service.get("schedules") or []
    text = _as_typed(schedules)
    return ReadBack(
        sentences=describe(schedules) if schedules else [],
        left_over=parse(text).left_over if text else "",
        weeks_missing=any(_skips_weeks(one) and not one.get("dtstart") for one in schedules),
    )


def _begin(schedules: list[Document], day: date, reading: Reading) -> None:
    """Say in which weeks something takes place that is not every week."""
    skipping = [one for one in schedules if _skips_weeks(one)]
    if not skipping:
        reading.problems["first_day"] = gettext(
            "A date is only needed for something that is every other week."
        )
    fitting = [one for one in skipping if (rule := read_rule(one)) and (0, day.weekday()) in rule.days]
    if skipping and not fitting:
        reading.problems["first_day"] = gettext(
            "%(day)s is not one of the days above. Give a day when it is open.", day=say_day(day.weekday())
        )
    for schedule in fitting:
        schedule["dtstart"] = day.isoformat()


def _keep_words(schedule: Document, text: str) -> None:
    """Keep the words with a schedule, to be shown again as written, unless they would change what it says."""
    rule, with_words = read_rule(schedule), read_rule({**schedule, "description": text})
    if rule is None or rule == with_words:
        schedule["description"] = text


def _skips_weeks(schedule: Document) -> bool:
    return schedule.get("freq") == "WEEKLY" and (schedule.get("interval") or 1) > 1


def _as_typed(schedules: Sequence[Document]) -> str:
    """The words that the schedules were read from or, where nobody kept them, sentences that say the same."""
    rules = [_rule_of(schedule) for schedule in schedules]
    for words in filter(None, (str(one.get("description") or "") for one in schedules)):
        if [_rule_of(schedule) for schedule in parse(words).schedules] == rules:
            return words
    texts = [one["description"] for one in schedules if read_rule(one) is None and one.get("description")]
    plain = [one for one in schedules if read_rule(one) is not None]
    with speak(ENGLISH):  # what stands in the box is read again
        return "\n".join([*(describe(plain) if plain else []), *texts])


def _rule_of(schedule: Document) -> tuple[object, ...]:
    names = (
        "freq",
        "interval",
        "byday",
        "bymonthday",
        "opens_at",
        "closes_at",
        "notes",
        "valid_from",
        "until",
    )
    return tuple(schedule.get(name) for name in names)
