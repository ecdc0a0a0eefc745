"""Days of the week as people write them: "Mon to Fri", "1st & 3rd Wed", "the last Friday of the month"."""

from __future__ import annotations

from directory.opening_hours.tokens import Source


def read_days(source: Source) -> list[tuple[int, int]]:
    """Read days of the week at the present place; an empty list when they are not clear."""
    days: list[tuple[int, int]] = []
    ambiguous = False
    while True:
        every = source.kind() == "every"
        if every:
            source.take()
        positions = _read_positions(source)
        if source.kind() != "day":
            return []
        first = source.take()[0].days
        if positions and (len(first) > 1 or (source.kind() in ("to", "dash") and source.kind(1) == "day")):
            ambiguous = True
        if source.kind() in ("to", "dash") and source.kind(1) == "day" and len(first) == 1:
            last = source.take(2)[1].days
            ambiguous = ambiguous or len(last) > 1
            first = tuple((first[0] + step) % 7 for step in range((last[0] - first[0]) % 7 + 1))
        days += [(position, day) for position in positions or [0] for day in first]
        of_month = source.kind() == "month"
        if of_month:
            source.take()
        steps = _steps_to_next_day(source)
        needs_month = every and positions and not of_month
        if needs_month and not (steps and "month" in _ahead(source)):
            ambiguous = True
        if not steps:
            return [] if ambiguous or (of_month and not positions) else list(dict.fromkeys(days))
        if positions and not of_month and source.kind(steps) == "day":
            ambiguous = True
        source.take(steps)


def _read_positions(source: Source) -> list[int]:
    positions: list[int] = []
    while source.kind() == "ord":
        positions.append(source.take()[0].number)
        while source.kind() == "sep" and source.kind(1) in ("ord", "sep"):
            source.take()
    return positions


def _steps_to_next_day(source: Source) -> int:
    """Count the separators before another day of the same list; none when the list is at its end."""
    steps = 0
    while source.kind(steps) == "sep":
        steps += 1
    return steps if steps and source.kind(steps) in ("day", "ord", "every") else 0


def _ahead(source: Source) -> list[str]:
    return [token.kind for token in source.tokens[source.at : source.at + 8]]
