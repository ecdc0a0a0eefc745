"""Commands for the demonstration data."""

import pytest
from sqlalchemy import select

from directory import accepting
from directory.cli import demonstration as commands
from directory.models import Organization
from tests.directory.documents import organization


@pytest.mark.usefixtures("small_sample")
def test_in_and_out_again(run, read):
    code, said = run("load-demonstration", "--if-empty")
    assert (code, said.splitlines()[-1]) == (0, "5 fictional organisations are in.")
    assert run("remove-demonstration") == (0, "5 fictional organisations were taken out.\n")
    assert read(select(Organization.id)) == []


def test_only_into_an_empty_directory(run, read, write):
    run("import", write("feed.json", str(organization()).replace("'", '"')))
    assert run("load-demonstration", "--if-empty") == (
        *(0, "There are records already; the demonstration data was not loaded.\n"),
    )
    assert read(select(Organization.fictional)) == [False]


@pytest.mark.usefixtures("small_sample")
def test_stopped_it_says_how_to_go_on(run, monkeypatch):
    def stop(*_values):
        raise KeyboardInterrupt

    monkeypatch.setattr(accepting, "publish", stop)
    code, said = run("load-demonstration")
    assert code == 1
    assert said.endswith("Stopped before the end. Run the same command again for the rest.\n")


@pytest.mark.usefixtures("small_sample")
def test_start_sets_up_loads_and_serves_on_this_machine_alone(run, read, monkeypatch):
    served = []
    monkeypatch.setattr(commands, "run_simple", lambda host, port, app, **_: served.append((host, port, app)))
    code, said = run("start", "--port", "5055")
    assert (code, said.splitlines()[-1][:43]) == (0, "The directory is at http://127.0.0.1:5055 -")
    assert len(read(select(Organization.id))) == 5
    assert "There are records already" in run("start")[1]
    assert [(host, port, app.name) for host, port, app in served] == [
        ("127.0.0.1", 5055, "directory"),
        ("127.0.0.1", 5000, "directory"),
    ]
