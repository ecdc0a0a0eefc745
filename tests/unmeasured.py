"""Pause the measuring of coverage: it takes as long again as the code, also where it counts nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from coverage import Coverage

_paused = 0


@contextmanager
def unmeasured() -> Iterator[None]:
    """Measure nothing within. What runs here counts for no line, so it must be tested elsewhere as well."""
    global _paused  # noqa: PLW0603 -- one process, one measuring
    measuring = Coverage.current()
    # Started again in another thread, it would measure that thread alone.
    if measuring is None or _paused or threading.current_thread() is not threading.main_thread():
        yield
        return
    _paused += 1
    measuring.stop()
    try:
        yield
    finally:
        measuring.start()
        _paused -= 1
