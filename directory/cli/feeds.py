"""Commands for open data: is a feed as the standard says?"""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask import current_app

from directory.checking.feed import Wanted, check_address
from directory.checking.files import check_file
from directory.checking.findings import Report
from directory.checking.reading import Limits, Reader
from directory.cli.group import commands, stop

MEGABYTE = 1_000_000
MOST_FILE_BYTES = 500 * MEGABYTE


@commands.command("check-feed")
@click.argument("feed")
@click.option("--strict", is_flag=True, help="Take fields that the profile does not name for errors.")
@click.option("--report", type=click.Path(path_type=Path), help="Write the report too: .json, .html or .txt.")
@click.option("--per-page", default=100, help="How many things to ask for on a page. Default: 100.")
@click.option("--pages", default=200, help="How many pages of a list to read at most. Default: 200.")
@click.option("--things", default=5, help="How many things of a list to ask for alone. Default: 5.")
@click.option("--links", default=0, help="How many of the web links to try. Default: none.")
@click.option("--megabytes", default=20, help="How large an answer may be. Default: 20.")
@click.option("--seconds", default=900, help="How long all may take. Default: 900.")
@click.option("--private", is_flag=True, help="Read from private addresses as well, such as this machine.")
def check_feed(feed: str, strict: bool, report: Path | None, private: bool, **numbers: int) -> None:
    """Check any Open Referral UK feed: FEED is the address of its API, or a file."""
    if report and report.suffix not in (".json", ".html", ".txt"):
        stop(f"{report} must end in .json, .html or .txt.")
    if feed.startswith(("http://", "https://")):
        wanted = Wanted(strict, *(numbers[name] for name in ("pages", "per_page", "things", "links")))
        if min(wanted.pages, wanted.per_page) < 1:
            stop("--pages and --per-page must be 1 or more.")
        limits = Limits(
            bytes_each=numbers["megabytes"] * MEGABYTE, seconds_all=numbers["seconds"], private=private
        )
        found = check_address(feed, wanted, Reader(limits), lambda place: click.echo(f"Reading {place}"))
    else:
        found = _check_path(Path(feed), strict=strict)
    for line in found.lines():
        click.echo(line)
    if report:
        report.write_text(_written(found, report.suffix), encoding="utf-8")
        click.echo(f"The report is in {report}.")
    if not found.passed:
        stop("The feed does not pass.")


def _check_path(path: Path, *, strict: bool) -> Report:
    if not path.is_file():
        stop(f"{path} is neither a file nor an address that begins with https://.")
    if path.stat().st_size > MOST_FILE_BYTES:
        stop(f"{path} is larger than {MOST_FILE_BYTES // MEGABYTE} MB. Split it into several files.")
    return check_file(path.read_bytes(), path.name, strict=strict)


def _written(found: Report, suffix: str) -> str:
    if suffix == ".json":
        return json.dumps(found.document(), ensure_ascii=False, indent=1)
    if suffix == ".html":
        return current_app.jinja_env.get_template("checking/report.html").render(report=found)
    return "\n".join(found.lines()) + "\n"
