"""Time several ways of asking the same thing, in turn, and see how much memory each takes."""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Measured:
    """What one way of asking took, as medians, and what it answered."""

    seconds: float
    cpu_seconds: float
    answer: Any


def in_turn(ways: dict[str, Callable[[], Any]], repeats: int, at_least: float = 0.0) -> dict[str, Measured]:
    """Ask in each way once a round, and return the medians of the rounds.

    With `at_least`, a way is asked again until so many seconds are over, and its turn is the mean, as
    `timeit` has it: one answer of milliseconds measures what the way before it left in the caches.
    """
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    answers: dict[str, Any] = {}
    for turn in range(repeats):
        for name, ask in ways.items():
            start, cpu, times = time.perf_counter(), time.process_time(), 0
            while not times or time.perf_counter() - start < at_least:
                answers[name] = ask()
                times += 1
            taken[name].append(((time.perf_counter() - start) / times, (time.process_time() - cpu) / times))
        print(f"round {turn + 1} of {repeats} done", file=sys.stderr)
    return {
        name: Measured(*(statistics.median(column) for column in zip(*rows, strict=True)), answers[name])
        for name, rows in taken.items()
    }


def extra_megabytes(ask: Callable[[], Any]) -> float:
    """Ask in a process of its own, and return by how much its memory grew at most."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    child = context.Process(target=_grow, args=(ask, there))
    child.start()
    there.close()  # or this would wait for ever for one that failed
    grown: float = here.recv()
    child.join()
    return grown


def _grow(ask: Callable[[], Any], tell: Connection) -> None:
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)  # or memory that was given back before would hide what is taken now
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")  # forget the highest mark so far
    before = kilobytes("VmRSS")
    answer = ask()
    tell.send((kilobytes("VmHWM") - before) / 1_000)
    del answer


def kilobytes(name: str) -> int:
    """A figure of this process, such as VmRSS, the memory that it holds now."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(f"{name}:")))
