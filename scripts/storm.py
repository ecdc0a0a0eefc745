"""Many reviewers decide about few organisations at once, in processes of which some are killed.

Afterwards nothing may be lost, nothing decided twice, and no letter missing or written twice. The database
must be new and empty: it is filled with made-up organisations. The exit code is 1 when anything is wrong.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path

from sqlalchemy.orm import Session

# Run as a program, its own folder would be looked through first, and `scripts` not found.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from directory.db import make_engine, upgrade
from directory.taxonomies import ensure_bundled_terms
from scripts.storming.stage import set_up
from scripts.storming.verify import faults, journal_lines
from scripts.storming.work import Storm, work

MOST_SECONDS = 3600


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the answer is the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", required=True, help="address of a new, empty database")
    parser.add_argument("--organizations", type=int, default=500)
    parser.add_argument("--reviewers", type=int, default=200)
    parser.add_argument("--actions", type=int, default=2000, help="how often somebody decides, in all")
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--kills", type=int, default=20, help="how many processes are killed in the middle")
    given = parser.parse_args(arguments)
    engine = make_engine(given.database)
    upgrade(engine)
    with Session(engine) as session:
        ensure_bundled_terms(session)
        set_up(session, given.organizations, given.reviewers)
    engine.dispose()
    with tempfile.TemporaryDirectory() as folder:
        storm = Storm(given.database, given.organizations, given.reviewers, Path(folder))
        began = time.monotonic()
        killed = rage(storm, given.processes, given.actions, given.kills)
        seconds = time.monotonic() - began
        with Session(engine) as session:
            found = list(faults(session, given.organizations, storm.journals))
        outcomes = Counter(f"{outcome} {verb}" for outcome, verb, _ in journal_lines(storm.journals))
    engine.dispose()
    for name, count in sorted(outcomes.items()):
        print(f"{name}: {count}")
    print(f"{sum(outcomes.values())} actions in {seconds:.0f} s, {killed} processes killed.")
    print("\n".join(found) or "Nothing was lost, nothing was decided twice, and every letter is there once.")
    return 1 if found else 0


def rage(storm: Storm, processes: int, actions: int, kills: int) -> int:
    """Let processes work, kill some in the middle and start others in their stead; how many were killed.

    What a killed process had not written down yet is done by its successor.
    """
    context = multiprocessing.get_context("fork")
    chance = random.Random(1)  # noqa: S311 - a storm must be one that can be had again
    quota, lives = actions // processes, [0] * processes
    running: dict[int, BaseProcess] = {}
    killed, ends = 0, time.monotonic() + MOST_SECONDS

    def left(worker: int) -> int:
        done = sum(len(path.read_text().splitlines()) for path in storm.journals.glob(f"{worker}-*.txt"))
        return max(0, quota - done)

    def begin(worker: int) -> None:
        process = context.Process(target=work, args=(storm, worker, lives[worker], left(worker)))
        process.start()
        running[worker] = process
        lives[worker] += 1

    for worker in range(processes):
        begin(worker)
    while running and time.monotonic() < ends:
        time.sleep(0.05 + chance.random() * 0.25)
        for worker, process in list(running.items()):
            if not process.is_alive():
                del running[worker]
        # Only from when it has begun to work: a kill before would be no test.
        chosen = [worker for worker in running if 0 < left(worker) < quota]
        if killed < kills and chosen:
            worker = chance.choice(chosen)
            running[worker].kill()
            running[worker].join()
            killed += 1
            begin(worker)
    for process in running.values():
        process.kill()
    return killed


if __name__ == "__main__":
    sys.exit(main())
