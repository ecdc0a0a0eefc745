"""A site's page says whether its gaps close, by snapshots taken by the command."""

import csv
import io
from datetime import datetime

import pytest

from tests.conftest import NOW

pytestmark = pytest.mark.one_database


def test_page_says_then_and_now_after_two_snapshots(own_app):
    client, runner = own_app.test_client(), own_app.test_cli_runner()
    assert "Nobody has kept the figures" in client.get("/sites/lozells").get_data(as_text=True)
    own_app.config["CLOCK"] = lambda: datetime(2026, 10, 1, 9)
    assert "The figures of 2026-10-01 are kept" in runner.invoke(args=["directory", "snapshot"]).output
    assert "were kept once, on 1 October 2026" in client.get("/sites/lozells").get_data(as_text=True)
    own_app.config["CLOCK"] = lambda: NOW
    runner.invoke(args=["directory", "snapshot"])
    page = client.get("/sites/lozells?category=sport").get_data(as_text=True)
    assert "From 1 October 2026 to 23 November 2026" in page
    assert "The same" in page
    text = client.get("/sites/lozells/history.csv").get_data(as_text=True).removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["day"] for row in rows} == {"2026-10-01", "2026-11-23"}
    assert all(float(row["gap_possible"]) <= float(row["gap_known"]) for row in rows)


def test_without_areas_the_command_says_how_to_load_them(empty_app):
    done = empty_app.test_cli_runner().invoke(args=["directory", "snapshot"])
    assert done.exit_code == 1
    assert "flask directory load-areas" in done.output
