"""How many searches a second two gunicorn workers answer, how long each takes, and whether memory grows.

It starts the application on a database that `search-speed` made, and has wrk ask it from this machine:

    python scripts/benchmark.py search-load --folder instance/search-speed --services 20000
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import secrets
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlencode

from benchmarks.search_speed import questions
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from directory.db import make_engine, upgrade
from directory.models import Publication, PublishedOrganization, PublishedService, PublishedText, note_batch

AT_ONCE = 200  # organisations, in an import
WAIT = 600  # seconds for the workers to read the public copy
SCRIPT = """
local paths = {PATHS}
request = function() return wrk.format("GET", paths[math.random(#paths)]) end
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '{"requests": %d, "errors": %d, "a_second": %.1f, "median": %.1f, "p95": %.1f, "p99": %.1f}',
    summary.requests, e.connect + e.read + e.write + e.status + e.timeout,
    summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3))
end
"""


@contextmanager
def served(url: str, workers: int, pages_storage: str = "") -> Iterator[tuple[int, int]]:
    """Serve the application on a free port: the port, and the process whose children are the workers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as instance:
        address = f"127.0.0.1:{port}"
        command = ["-m", "gunicorn", "--bind", address, "--workers", str(workers), "--timeout", str(WAIT)]
        settings = {"DATABASE_URL": url, "INSTANCE_FOLDER": instance, "PAGES_STORAGE": pages_storage}
        settings["SECRET_KEY"] = secrets.token_hex(32)
        process = subprocess.Popen(
            [
                sys.executable,
                *command,
                "--log-level",
                "error",
                "--preload",
                "directory.serving:application()",
            ],
            env=os.environ | settings,
        )
        try:
            yield port, process.pid
        finally:
            process.terminate()
            process.wait(timeout=WAIT)


def ask(port: int, paths: Sequence[str]) -> None:
    """Ask one after another."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT)
    for path in paths:
        connection.request("GET", path)
        connection.getresponse().read()
    connection.close()


def load(port: int, paths: Sequence[str], readers: int, seconds: int) -> dict[str, float]:
    """Have wrk ask at random for some seconds: how much it got, and how long answers took in milliseconds."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT.replace("PATHS", ",".join(map(json.dumps, paths))))
        script.flush()
        command = ["wrk", "-t1", f"-c{readers}", f"-d{seconds}s", "--timeout", "60s", "-s", script.name]
        said = subprocess.run(
            [*command, f"http://127.0.0.1:{port}"], check=True, capture_output=True, text=True
        ).stdout
    found: dict[str, float] = json.loads(said[said.index("{") :])
    return found


def megabytes(parent: int) -> float:
    """The memory of gunicorn and its workers together; what they share counts once."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="utf-8").split()
    total = 0
    for process in (parent, *children):
        lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8").splitlines()
        total += int(next(line.split()[1] for line in lines if line.startswith("Pss:")))
    return total / 1_000


def change(session: Session, organization_ids: Collection[str]) -> None:
    """Give the services of organisations the descriptions of others, as when somebody wrote them anew."""
    session.execute(update(Publication).values(id=Publication.id))  # one publishes at a time
    note_batch(session, organization_ids)
    theirs = select(PublishedService).where(PublishedService.organization_id.in_(organization_ids))
    last = session.scalar(select(func.max(PublishedText.published_service_id))) or 0
    for service in session.scalars(theirs):
        at = random.randint(1, last)  # noqa: S311 - any will do
        others = select(PublishedText.description).where(PublishedText.published_service_id >= at)
        description = session.scalars(others.limit(1)).one()
        session.get_one(PublishedText, service.id).description = description
        service.document = {**service.document, "description": description}


@contextmanager
def edited(url: str, every: float | None, *, at_once: int = 1) -> Iterator[list[float]]:
    """Meanwhile publish so many organisations at once, every so many seconds, first after half of them.

    It gives the moments at which that was done.
    """
    done, engine, moments = Event(), make_engine(url), list[float]()

    def edit() -> None:
        with Session(engine) as session:
            keys = session.scalars(select(PublishedOrganization.organization_id).limit(2000)).all()
        seconds = every / 2 if every else 0
        while every and not done.wait(seconds):
            seconds = every
            with Session(engine) as session:
                change(session, random.sample(keys, at_once))
                session.commit()
            moments.append(time.monotonic())

    thread = Thread(target=edit)
    thread.start()
    try:
        yield moments
    finally:
        done.set()
        thread.join()
        engine.dispose()


def read_arguments(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="benchmark.py search-load", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("instance/search-speed"))
    parser.add_argument("--services", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=int, default=60, help="how long a round is")
    parser.add_argument("--questions", type=int, default=200, help="how many different ones")
    parser.add_argument("--readers", type=int, default=8, help="who ask at once")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--pages-storage", default="", help="address of a Redis server for the pages in common"
    )
    parser.add_argument("--edit-every", type=float, help="publish one organisation every so many seconds")
    parser.add_argument("--import-every", type=float, help=f"publish {AT_ONCE} every so many seconds")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> None:
    """Read the command line and measure."""
    given = read_arguments(arguments)
    if shutil.which("wrk") is None:
        sys.exit("wrk is not here: install Debian's package wrk.")
    url = f"sqlite:///{(given.folder / f'speed-{given.services}.sqlite').resolve()}"
    engine = make_engine(url)
    upgrade(engine)
    with Session(engine) as session:
        asked = [f"/search?{urlencode(list(one.items()))}" for one in questions(session, given.questions, 1)]
    engine.dispose()
    print(f"{given.services:,} services, {given.workers} workers, {given.readers} readers, ", end="")
    print(
        f"{given.questions:,} questions; seconds between edits: {given.edit_every}, "
        f"between imports of {AT_ONCE} organisations: {given.import_every}, "
        f"pages in common {'in Redis' if given.pages_storage else 'in memory'}\n"
    )
    print("| round | edits, imports | requests | a second | median ms | p95 | p99 | errors | MB together |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    with served(url, given.workers, given.pages_storage) as (port, parent):
        wait_for(port)
        # Each worker reads the public copy, and each page is made once: no round has that to do.
        ask(port, asked + asked[: 4 * given.workers])
        print(f"| before | | | | | | | | {megabytes(parent):.0f} |")
        quiet, busy = [], []
        for turn in range(1, given.rounds + 1):
            # In turn, as the pace of a machine is another from minute to minute.
            quiet.append(one_round(turn, port, parent, asked, given, [], []))
            if given.edit_every or given.import_every:
                with (
                    edited(url, given.edit_every) as edits,
                    edited(url, given.import_every, at_once=AT_ONCE) as imports,
                ):
                    busy.append(one_round(turn, port, parent, asked, given, edits, imports))
    if busy:
        ratios = [with_it / without for without, with_it in zip(quiet, busy, strict=True)]
        print("\np95 with what is published beside it, as a multiple of p95 without: ", end="")
        print(", ".join(f"{one:.2f}" for one in ratios), f"(in the middle {statistics.median(ratios):.2f})")


def one_round(
    turn: int,
    port: int,
    parent: int,
    asked: Sequence[str],
    given: argparse.Namespace,
    *published: Sequence[float],
) -> float:
    """Measure and print one round, with how often something was published in it; p95 in milliseconds."""
    one = load(port, asked, given.readers, given.seconds)
    print(
        f"| {turn} | {', '.join(str(len(moments)) for moments in published)} | {one['requests']:,.0f} | "
        f"{one['a_second']:.0f} | {one['median']:.0f} | {one['p95']:.1f} | {one['p99']:.0f} | "
        f"{one['errors']:.0f} | {megabytes(parent):.0f} |",
        flush=True,
    )
    return one["p95"]


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
