"""The command that finds records of one organisation, and what an import says of them."""

import csv

import pytest
from sqlalchemy import select

from directory.models import MatchedPair, Organization, OrganizationMerge

pytestmark = pytest.mark.one_database
HEADINGS = "Organisation name,Organisation identifier,Category,Postcode\n"
ROWS = "Lantern Youth Project,GB-CHC-1234567,Sport,B19 2TH\n"
# The same number under almost the same name, and a third of the same name and postcode without a number.
AGAIN = "Lantern Youth Project CIO,GB-CHC-1234567,Advice,B19 2TH\nThe Lantern Youth Project,,Arts,B19 2TH\n"


def test_an_import_queues_and_the_command_joins_what_is_sure(run, write, read, tmp_path):
    run("import", write("rows.csv", HEADINGS + ROWS))
    _, said = run("import", write("again.csv", HEADINGS + AGAIN))
    assert "Records that may be of an organisation that was here before: 3." in said
    report = tmp_path / "pairs.csv"
    code, said = run("match", "--report", report)
    assert code == 0
    assert "Pairs that may be one: 3. Joined: 1." in said
    assert len(read(select(Organization.id))) == 2
    assert read(select(OrganizationMerge.way)) == ["automatic"]
    assert sorted(read(select(MatchedPair.state))) == ["same", "waiting", "waiting"]
    with report.open(encoding="utf-8-sig") as file:
        assert [row["what became of it"] for row in csv.DictReader(file)] == ["joined"]
    _, said = run("match")
    assert "Joined: 0." in said


def test_a_stopped_run_says_that_it_can_be_run_again(run, write, monkeypatch):
    run("import", write("rows.csv", HEADINGS + ROWS + AGAIN))

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("directory.merging.match._join_or_queue", stop)
    code, said = run("match")
    assert (code, said.splitlines()[-1]) == (
        1,
        "Stopped before the end. Run it again: what was joined stays joined.",
    )
