#!/usr/bin/env python3
"""Download the open files this system is built on, with a record of where each came from.

Stopped in the middle, it goes on where it was when run again. A file that is here already is checked and
left, also one that was brought by hand. Exit codes: 0 all is here, 1 something was refused, 2 a publisher
could not be reached, 130 stopped with Ctrl-C.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from directory.fetching.fetch import Fetcher, fetch, present
from directory.fetching.requesting import FetchError, OfflineError, host_of
from geodata.open_files import WEST_MIDLANDS, open_sources
from geodata.sources import OpenSource


def main(arguments: list[str] | None = None, sleep: Callable[[float], None] = time.sleep) -> int:
    """Run the command; the answer is the exit code."""
    parser = command_line()
    given = parser.parse_args(arguments)
    try:
        sources = chosen(given.only, given.month)
    except ValueError as error:
        parser.error(str(error))
    if given.list:
        print("\n".join(described(source) for source in sources))
        return 0
    fetcher = Fetcher(
        given.folder,
        authorities=WEST_MIDLANDS if given.region else None,
        base_address=given.base_address,
        progress=show_progress,
        sleep=sleep,
    )
    try:
        return fetch_all(fetcher, sources, given.again)
    except KeyboardInterrupt:
        say("\nStopped. What has come is kept: run this again to go on.")
        return 130


def command_line() -> argparse.ArgumentParser:
    """Describe the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--list", action="store_true", help="say what there is to download, and stop")
    parser.add_argument("--only", action="append", metavar="NAME", help="only this one; may be given again")
    parser.add_argument("--folder", type=Path, default=Path("geodata-downloads"), metavar="DIR")
    parser.add_argument(
        "--region", action="store_true", help="ONS layers for the seven West Midlands authorities only"
    )
    parser.add_argument("--month", metavar="YYYY-MM", help="the police archive that ends with this month")
    parser.add_argument("--again", action="store_true", help="download again what is here already")
    parser.add_argument("--base-address", metavar="ADDRESS", help="a mirror, asked for ADDRESS/host/path")
    return parser


def chosen(names: list[str] | None, month: str | None) -> list[OpenSource]:
    """The sources to fetch; ValueError for a name that is not one."""
    sources = {source.slug: source for source in open_sources(month)}
    unknown = [name for name in names or () if name not in sources]
    if unknown:
        raise ValueError(f"There is no source {', '.join(unknown)}. There are: {', '.join(sources)}.")
    return [sources[name] for name in names or sources]


def described(source: OpenSource) -> str:
    """Three lines about a source."""
    record = source.record
    return f"{source.slug}\n    {record.title}\n    {record.publisher}, {record.licence}: {source.page}"


def fetch_all(fetcher: Fetcher, sources: list[OpenSource], again: bool) -> int:
    """Fetch one after another; a failure does not stop the rest."""
    unreached: dict[str, list[OpenSource]] = {}
    refused = False
    for source in sources:
        try:
            if again or not is_here(fetcher, source):
                refuse_unreached(fetcher, source, unreached)
                fetch_one(fetcher, source)
        except OfflineError as error:
            unreached.setdefault(error.host, []).append(source)
        except (FetchError, OSError) as error:
            refused = True
            say(f"{source.slug}: {error}")
    if unreached:
        say(offline_text(fetcher.folder, unreached, len(sources)))
        return 2
    return 1 if refused else 0


def is_here(fetcher: Fetcher, source: OpenSource) -> bool:
    """Whether the file is in the folder as it should be; says so."""
    record = present(fetcher, source)
    if record is not None:
        say(f"{source.slug}: here already ({record.bytes:,} bytes, checked)")
    return record is not None


def refuse_unreached(fetcher: Fetcher, source: OpenSource, unreached: dict[str, list[OpenSource]]) -> None:
    """Do not wait a second time for a host that did not answer."""
    hosts = {host_of(fetcher.base_address)} if fetcher.base_address else set(source.hosts)
    for host in hosts & unreached.keys():
        raise OfflineError(host)


def fetch_one(fetcher: Fetcher, source: OpenSource) -> None:
    """Fetch one source and say what came."""
    say(f"{source.slug}: {source.record.title}, {source.record.publisher}")
    record = fetch(fetcher, source)
    clear = "\r" if sys.stderr.isatty() else ""
    say(f"{clear}    {source.file_name}: {record.bytes:,} bytes, sha256 {record.sha256}")


def offline_text(folder: Path, unreached: dict[str, list[OpenSource]], asked: int) -> str:
    """Say that it is offline, which hosts could not be reached, and how to bring the files by hand."""
    sources = [source for group in unreached.values() for source in group]
    start = "This machine seems to be offline: " if len(sources) == asked else ""
    *others, last = unreached
    hosts = f"{', '.join(others)} and {last}" if others else last
    lines = "".join(f"\n    {source.file_name}    from {source.page}" for source in sources)
    return (
        f"{start}{hosts} could not be reached, so fetch these with another machine, put them in {folder} "
        f"under these names and run this again.{lines}"
    )


def show_progress(arrived: int, total: int | None) -> None:
    """Show how far it is, on a terminal only."""
    if sys.stderr.isatty():
        share = f"{arrived / total:4.0%} of {total:,}" if total else f"{arrived:,}"
        print(f"\r    {share} ", end="", file=sys.stderr, flush=True)


def say(line: str) -> None:
    """Write a line for the person."""
    print(line, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
