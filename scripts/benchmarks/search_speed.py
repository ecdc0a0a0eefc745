"""How fast the answers are with many services: words, place and kind of help, and counts of all filters."""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
from benchmarks.measure import kilobytes
from benchmarks.search_speed_data import fill, prepare
from benchmarks.search_speed_peer import Peer
from flask import Flask
from sqlalchemy import Boolean, create_engine, func, select, text
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from directory.app import create_app
from directory.config import Settings
from directory.db import make_engine, upgrade
from directory.models import Base, PublishedText
from directory.search.columns.snapshot import current
from directory.search.facets import facets
from directory.search.reading import read
from directory.search.run import search_services

TODAY = date(2026, 11, 28)
PLACES = ("Lozells", "The Three Estates", "Hillfields", "B19 2TH", "Birmingham", "Coventry", "Walsall")
CATEGORIES = ("sport", "arts", "mentoring", "faith-work", "advice")
DISTANCES = ("1000", "2000", "5000")
HEAD = ("database", "services", "search", "median", "p95", "p99", "processor", "most")
Question = MultiDict[str, str]
Taken = list[tuple[float, float]]  # seconds of the clock and of the processor


def questions(session: Session, number: int, seed: int) -> list[Question]:
    """Make up questions of one to three words that some text has, as often as the texts have them."""
    chance = random.Random(seed)  # noqa: S311 - nobody is to be kept from guessing it
    most = session.scalar(select(func.max(PublishedText.published_service_id))) or 0
    names: list[str] = []
    while len(names) < number:
        row = session.get(PublishedText, chance.randint(1, most))
        names += [row.name] if row else []
    return [
        MultiDict(
            {
                "what": " ".join(chance.sample(name.split(), min(chance.randint(1, 3), len(name.split())))),
                "where": chance.choice(PLACES),
                "within_metres": chance.choice(DISTANCES),
                "category": chance.choice(CATEGORIES),
                "plain": "yes",
            }
        )
        for name in names
    ]


def ours(engine: Any, question: Question) -> int:
    """From the arguments of an address to the page of services and the counts of every filter."""
    with Session(engine) as session:
        query = read(session, question, TODAY, 20).query
        answer = search_services(session, query)
        facets(session, query)
    return answer.total


def timed(ask: Callable[[Question], Any], asked: Sequence[Question]) -> Taken:
    """Ask one after another, after some that are not counted."""
    taken = []
    for question in asked[:20]:
        ask(question)
    for question in asked:
        start, cpu = time.perf_counter(), time.process_time()
        ask(question)
        taken.append((time.perf_counter() - start, time.process_time() - cpu))
    return taken


def demonstrate(app: Flask) -> None:
    """Put the demonstration data into the new database of an application."""
    for command in ("init", "load-demonstration"):
        app.test_cli_runner().invoke(args=["directory", command])


def make(url: str, folder: Path, size: int, seed: int) -> Any:
    """The engine of a database with so many services: those that are missing are made up."""
    app = create_app(Settings(database_url=url, instance_folder=folder))
    engine = app.extensions["engine"]
    upgrade(engine)
    with Session(engine) as session:
        have = session.scalar(select(func.count()).select_from(PublishedText)) or 0
        if not have:
            demonstrate(app)
        if have < size:
            fill(session, prepare(session, seed), size, seed)
            # Let the database know what it holds, as it does by itself in time.
            session.execute(text("ANALYZE"))
            session.commit()
    return engine


def measure(url: str, folder: Path, size: int, given: argparse.Namespace) -> Iterator[list[str]]:
    """A row for each search."""
    engine = make(url, folder, size, given.seed)
    _say_size(engine, size)
    with Session(engine) as session:
        asked = questions(session, given.questions, given.seed)
        yield _row(engine.dialect.name, size, "ours", timed(lambda one: ours(engine, one), asked))
        peer = Peer(session, TODAY)
        yield _row(engine.dialect.name, size, "tantivy", timed(peer.answer, asked))
    engine.dispose()


def _say_size(engine: Any, size: int) -> None:
    """Say how long the columns take to be made, and how much memory they hold."""
    before, start, cpu = kilobytes("VmRSS"), time.perf_counter(), time.process_time()
    with Session(engine) as session:
        snapshot = current(session)
    took, busy = time.perf_counter() - start, time.process_time() - cpu
    print(
        f"{engine.dialect.name}, {size:,} services: columns in {took:.1f} s ({busy:.1f} s of the processor), "
        f"{len(snapshot.parts)} parts, {(kilobytes('VmRSS') - before) / 1000:.0f} MB more, "
        f"{kilobytes('VmRSS') / 1000:.0f} MB in all. Load {os.getloadavg()[0]:.1f}.",
        file=sys.stderr,
    )


def _row(database: str, size: int, search: str, taken: Taken) -> list[str]:
    clock = sorted(1000 * one for one, _ in taken)
    marks = [statistics.median(clock), clock[int(0.95 * len(clock))], clock[int(0.99 * len(clock))]]
    busy = statistics.median(1000 * one for _, one in taken)
    return [database, f"{size}", search, *(f"{one:.1f}" for one in (*marks, busy, clock[-1]))]


def draw(rows: Sequence[list[str]], path: Path) -> None:
    """Draw how the median grows."""
    figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
    for name in dict.fromkeys((row[0], row[2]) for row in rows):
        own = [(int(row[1]), float(row[6])) for row in rows if (row[0], row[2]) == name]
        axes.plot(*zip(*own, strict=True), marker="o", label=f"{name[1]}, {name[0]}")
    axes.set(xlabel="services", ylabel="milliseconds of the processor, median", ylim=(0, None))
    axes.legend()
    figure.savefig(path)


@contextmanager
def _postgresql() -> Iterator[str]:
    """The address of a PostgreSQL that runs as long as it is used."""
    from tests.postgresql import cluster, find_programs  # noqa: PLC0415 - in a working copy alone

    programs = find_programs()
    if programs is None:
        sys.exit("PostgreSQL is not here.")
    with cluster(programs) as server:
        yield server


def _copied(server: str, source: Any, size: int) -> str:
    """The address of a database of PostgreSQL with all that one of SQLite holds."""
    maker = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with maker.connect() as connection:
        connection.execute(text(f"CREATE DATABASE speed_{size}"))
    maker.dispose()
    url = f"{server}/speed_{size}"
    engine = make_engine(url)
    upgrade(engine)
    with source.connect() as reading, engine.begin() as writing:
        cursor = writing.connection.cursor()
        cursor.execute("SET LOCAL session_replication_role = replica")
        # Migrations put first rows into some of them.
        cursor.execute(f"TRUNCATE {', '.join(one.name for one in Base.metadata.sorted_tables)}")
        for copied in Base.metadata.sorted_tables:
            columns = ", ".join(one.name for one in copied.columns)
            flags = [isinstance(one.type, Boolean) for one in copied.columns]
            with cursor.copy(f"COPY {copied.name} ({columns}) FROM STDIN") as copy:
                for row in reading.exec_driver_sql(f"SELECT {columns} FROM {copied.name}"):
                    pairs = zip(row, flags, strict=True)
                    copy.write_row(
                        [None if one is None else bool(one) if flag else one for one, flag in pairs]
                    )
        cursor.execute("ANALYZE")
    engine.dispose()
    return url


def _copy_of_smaller(folder: Path, sizes: Sequence[int], size: int) -> str:
    """The address of the file with so many services, begun from the next smaller one."""
    path = folder / f"speed-{size}.sqlite"
    smaller = [folder / f"speed-{one}.sqlite" for one in sorted(sizes) if one < size]
    if not path.exists() and smaller and smaller[-1].exists():
        shutil.copy(smaller[-1], path)
    return f"sqlite:///{path}"


def main(arguments: list[str]) -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(prog="benchmark.py search-speed", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[5_000, 20_000, 80_000, 200_000])
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=Path("instance/search-speed"), help="for databases")
    parser.add_argument("--plot", type=Path, help="draw the growth into this file")
    given = parser.parse_args(arguments)
    sys.path.insert(0, str(Path(__file__).parents[2]))
    folder = given.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    rows: list[list[str]] = []
    print("| " + " | ".join(HEAD) + " |\n| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: |")
    with ExitStack() as stack:
        for database in given.databases:
            server = stack.enter_context(_postgresql()) if database == "postgresql" else None
            for size in given.sizes:
                url = _copy_of_smaller(folder, given.sizes, size)
                if server:
                    url = _copied(server, make(url, folder, size, given.seed), size)
                for row in measure(url, folder, size, given):
                    rows.append(row)
                    print("| " + " | ".join(row) + " |", flush=True)
    if given.plot:
        draw(rows, given.plot)
