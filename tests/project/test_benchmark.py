"""The benchmark measures what it says, on sizes too small to time."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "benchmark.py"


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmark", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_both_maps_hold_the_same_facts(benchmark):
    providers = benchmark.made_up_providers(40, seed=3)
    facts = benchmark.facts_of(providers)
    assert len(facts) == 40
    assert benchmark.facts_in_ours(benchmark.our_map(providers)) == facts
    assert benchmark.facts_in_markers(benchmark.folium_markers(providers)) == facts


def test_a_lost_fact_would_show(benchmark):
    providers = benchmark.made_up_providers(5, seed=3)
    page = benchmark.our_map(providers.iloc[1:])
    assert len(benchmark.facts_of(providers) & benchmark.facts_in_ours(page)) == 4


def test_the_same_seed_makes_the_same_organisations(benchmark):
    first, again, other = (benchmark.made_up_providers(20, seed) for seed in (1, 1, 2))
    assert first.equals(again)
    assert not first.equals(other)


def test_the_command_prints_a_table_and_the_machine(benchmark, capsys):
    benchmark.main(["map", "--organisations", "20", "--repeats", "2"])
    printed = capsys.readouterr().out
    assert re.search(r"\d+ cores, .*folium \d", printed)
    assert re.search(r"\| organisations with all their facts\s+\|\s+20 \|\s+20 \|", printed)
    for measure in ("seconds on the server", "kB gzipped"):
        assert re.search(rf"\| {measure}\s+\|\s+[\d.,]+ \|\s+[\d.,]+ \|\s+[\d.]+ \|", printed)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["walking", "--across", "40", "--areas", "20", "--places", "5", "--repeats", "1"], "counts equal"),
        (["access", "--only", "reach", "--part", "0.002", "--repeats", "1"], "counts exactly equal: True"),
        (
            ["access", "--only", "access", "--part", "0.02", "--repeats", "1"],
            r"difference: (\d\.\de-1[3-9]|0\.0e\+00)",
        ),
        (["access", "--only", "growth", "--part", "0.002", "--repeats", "1"], r"\| 8x \|"),
    ],
)
def test_ours_and_a_plain_reading_have_one_answer(benchmark, capsys, monkeypatch, arguments, said):
    monkeypatch.syspath_prepend(str(SCRIPT.parent))
    benchmark.main(arguments)
    printed = capsys.readouterr().out
    assert re.search(said, printed)
    assert "Load before" in printed


def test_no_organisations_are_refused(benchmark, capsys):
    with pytest.raises(SystemExit):
        benchmark.main(["map", "--organisations", "0"])
    assert "must be 1 or more" in capsys.readouterr().err


def test_help_tells_what_there_is():
    told = subprocess.run([sys.executable, SCRIPT, "--help"], capture_output=True, text=True, check=True)
    for name in ("map", "matching", "access", "siting", "walking", "opendata"):
        assert name in told.stdout
