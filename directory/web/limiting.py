"""How often one address may send a form: counted in this process, so that no form can be used as a hammer."""

from __future__ import annotations

import time
from collections import defaultdict, deque

from flask import abort, current_app, request

HOUR = 3600.0
# More kept addresses than these are forgotten, the oldest first: memory is no place for a list of readers.
MOST_KEPT = 10_000


def limit(what: str, an_hour: int) -> None:
    """Stop the request when its sender did this too often within the last hour."""
    counts: dict[tuple[str, str], deque[float]] = current_app.extensions.setdefault(
        "limits", defaultdict(deque)
    )
    now = time.monotonic()
    moments = counts[what, request.remote_addr or ""]
    while moments and moments[0] < now - HOUR:
        moments.popleft()
    if len(moments) >= an_hour:
        abort(429)
    moments.append(now)
    while len(counts) > MOST_KEPT:
        counts.pop(next(iter(counts)))
