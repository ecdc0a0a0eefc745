"""When to try a letter again, and when to give it up."""

from __future__ import annotations

from datetime import datetime, timedelta

# Minutes to wait after the first failure, the second, and so on; then as after the last.
WAITS = (1, 5, 15, 60, 240, 720)
# With these waits, some five days: as long as mail servers themselves go on trying.
MOST_ATTEMPTS = 15
# A server that cannot be reached will serve all letters when it is back, so nobody waits for it as long.
LONGEST_WAIT_FOR_SERVER = timedelta(hours=1)


def next_attempt(now: datetime, attempts: int) -> datetime:
    """When to try a letter again that was tried so many times."""
    return now + timedelta(minutes=WAITS[min(max(attempts, 1), len(WAITS)) - 1])


def next_attempt_at_server(now: datetime, attempts: int) -> datetime:
    """When to try a letter again that no server took in hand."""
    return min(next_attempt(now, attempts), now + LONGEST_WAIT_FOR_SERVER)
