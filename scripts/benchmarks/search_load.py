"""How many searches a second two gunicorn workers answer, how long each takes, and whether memory grows.

It starts the application on a database that `search-speed` made, and asks from this machine, so that
whoever asks takes some of the same processors:

    python scripts/benchmark.py search-load --folder instance/search-speed --services 20000
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlencode

from benchmarks.search_speed import questions
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.db import make_engine, upgrade
from directory.models import PublishedOrganization, note_batch

WAIT = 600  # seconds for the workers to read the public copy


@contextmanager
def served(url: str, workers: int) -> Iterator[tuple[int, int]]:
    """Serve the application on a free port: the port, and the process whose children are the workers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as instance:
        address = f"127.0.0.1:{port}"
        command = ["-m", "gunicorn", "--bind", address, "--workers", str(workers), "--timeout", str(WAIT)]
        environment = os.environ | {"DATABASE_URL": url, "INSTANCE_FOLDER": instance}
        process = subprocess.Popen(
            [sys.executable, *command, "--log-level", "error", "directory.app:create_app()"], env=environment
        )
        try:
            yield port, process.pid
        finally:
            process.terminate()
            process.wait(timeout=30)


def ask(port: int, paths: Sequence[str]) -> list[tuple[float, int]]:
    """Ask one after another on one connection: seconds and status of each."""
    taken = []
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT)
    for path in paths:
        start = time.perf_counter()
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            status = answer.status
        except (OSError, http.client.HTTPException):
            connection.close()
            status = 0
        taken.append((time.perf_counter() - start, status))
    connection.close()
    return taken


def megabytes(parent: int) -> float:
    """The memory of the workers together."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="utf-8").split()
    total = 0
    for child in children:
        lines = Path(f"/proc/{child}/status").read_text(encoding="utf-8").splitlines()
        total += int(next(line.split()[1] for line in lines if line.startswith("VmRSS:")))
    return total / 1_000


@contextmanager
def edited(url: str, every: float | None) -> Iterator[None]:
    """Meanwhile publish one organisation after another, every so many seconds."""
    done, engine = Event(), make_engine(url)

    def edit() -> None:
        with Session(engine) as session:
            keys = session.scalars(select(PublishedOrganization.organization_id).limit(500)).all()
        while every and not done.wait(every):
            with Session(engine) as session:
                note_batch(session, [random.choice(keys)])  # noqa: S311 - any will do
                session.commit()

    thread = Thread(target=edit)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        engine.dispose()


def main(arguments: list[str]) -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(prog="benchmark.py search-load", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("instance/search-speed"))
    parser.add_argument("--services", type=int, default=20_000)
    parser.add_argument("--requests", type=int, default=5_000)
    parser.add_argument("--questions", type=int, default=200, help="how many different ones")
    parser.add_argument("--readers", type=int, default=8, help="who ask at once")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--edit-every", type=float, help="publish something every so many seconds")
    given = parser.parse_args(arguments)
    url = f"sqlite:///{(given.folder / f'speed-{given.services}.sqlite').resolve()}"
    engine = make_engine(url)
    upgrade(engine)
    with Session(engine) as session:
        asked = [f"/search?{urlencode(list(one.items()))}" for one in questions(session, given.questions, 1)]
    engine.dispose()
    chance = random.Random(1)  # noqa: S311 - the same each time
    paths = [chance.choice(asked) for _ in range(given.requests)]
    with served(url, given.workers) as (port, parent), edited(url, given.edit_every):
        wait_for(port)
        ask(port, asked[: 4 * given.workers])  # each worker reads the public copy
        before, start = megabytes(parent), time.perf_counter()
        with ThreadPoolExecutor(given.readers) as readers:
            parts = readers.map(lambda n: ask(port, paths[n :: given.readers]), range(given.readers))
            taken = [one for part in parts for one in part]
        seconds, after = time.perf_counter() - start, megabytes(parent)
    ways = statistics.quantiles([one for one, _ in taken], n=100)
    wrong = sum(status != 200 for _, status in taken)
    print(f"{given.services:,} services, {given.workers} workers, {given.readers} readers,")
    print(f"{given.requests:,} requests")
    print(f"of {given.questions:,} questions, something published every {given.edit_every} seconds:")
    print(f"{given.requests / seconds:.0f} a second; median {ways[49] * 1e3:.0f}, p95 {ways[94] * 1e3:.0f}, ")
    print(f"p99 {ways[98] * 1e3:.0f} ms; {wrong} errors; memory {before:.0f} MB before, {after:.0f} MB after")


def wait_for(port: int) -> None:
    """Wait until the application answers."""
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        with suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT)
            connection.request("GET", "/about")
            connection.getresponse().read()
            return
        time.sleep(0.2)
    sys.exit("The application did not start.")
