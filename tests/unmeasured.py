"""Pause the measuring of coverage: it takes as long again as the code, also where it counts nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from coverage import Coverage


@contextmanager
def unmeasured() -> Iterator[None]:
    """Measure nothing within. What runs here counts for no line, so it must be tested elsewhere as well."""
    stopped: list[Coverage] = []
    # Started again in another thread, it would measure that thread alone.
    if threading.current_thread() is threading.main_thread():
        # Among several workers pytest-cov measures twice in each, and when one stops the other goes on.
        while (measuring := Coverage.current()) is not None:
            measuring.stop()
            stopped.append(measuring)
    try:
        yield
    finally:
        for measuring in reversed(stopped):
            measuring.start()
