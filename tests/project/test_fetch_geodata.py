"""scripts/fetch_geodata.py, run against a server on this machine."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from directory.fetching.fetch import read_manifest
from geodata.open_files import CODE_POINT_OPEN, DEPRIVATION_2025
from tests.loopback import Publishers, Served, serving
from tests.open_files import path_of, publish, publish_code_point

SCRIPT = Path(__file__).parent.parent.parent / "scripts" / "fetch_geodata.py"


def load_main() -> Callable[..., int]:
    spec = importlib.util.spec_from_file_location("fetch_geodata", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.main


main = load_main()


@pytest.fixture
def publishers() -> Iterator[Publishers]:
    with serving() as served:
        publish(served)
        yield served


@pytest.fixture
def run(publishers: Publishers, tmp_path: Path) -> Callable[..., int]:
    def with_arguments(*arguments: str, base: str = publishers.address) -> int:
        given = ["--folder", str(tmp_path), "--base-address", base, *arguments]
        return main(given, sleep=lambda seconds: None)

    return with_arguments


def test_everything_is_fetched_and_the_second_run_asks_for_nothing(
    run: Callable[..., int],
    publishers: Publishers,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("--region", "--month", "2025-09") == 0
    assert len(read_manifest(tmp_path)) == 9
    assert not list(tmp_path.glob("*.part*"))
    publishers.asked.clear()
    capsys.readouterr()
    assert run("--region", "--month", "2025-09") == 0
    assert publishers.asked == []
    assert capsys.readouterr().err.count("here already") == 9


def test_only_what_is_named_is_fetched(run: Callable[..., int], tmp_path: Path) -> None:
    assert run("--only", "codepoint-open", "--only", "deprivation-2025") == 0
    assert set(read_manifest(tmp_path)) == {"codepoint-open", "deprivation-2025"}


def test_again_downloads_what_is_here(run: Callable[..., int], publishers: Publishers) -> None:
    run("--only", "deprivation-2025")
    publishers.asked.clear()
    assert run("--only", "deprivation-2025", "--again") == 0
    assert [path for path, _ in publishers.asked] == [path_of(DEPRIVATION_2025)]


def test_a_refusal_does_not_stop_the_rest(
    run: Callable[..., int],
    publishers: Publishers,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    publish_code_point(publishers, b"PK", md5="0" * 32)
    assert run("--only", "codepoint-open", "--only", "deprivation-2025") == 1
    assert "codepoint-open: " in capsys.readouterr().err
    assert set(read_manifest(tmp_path)) == {"deprivation-2025"}


def test_offline_is_one_sentence_with_the_files_to_bring(
    run: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(base="http://127.0.0.1:1") == 2
    said = capsys.readouterr().err
    assert "This machine seems to be offline: 127.0.0.1 could not be reached, so fetch these" in said
    assert f"put them in {tmp_path} under these names" in said
    assert f"codepoint-open.zip    from {CODE_POINT_OPEN.page}" in said
    assert "Traceback" not in said


def test_one_host_unreached_is_not_called_offline(
    run: Callable[..., int], publishers: Publishers, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "deprivation-2025.csv").write_bytes(b"LSOA code (2021)\nE01009047\n")
    assert run("--only", "codepoint-open", "--only", "deprivation-2025", base="http://127.0.0.1:1") == 2
    said = capsys.readouterr().err
    assert "offline" not in said
    assert "127.0.0.1 could not be reached, so fetch these" in said


def test_the_list_names_publisher_licence_and_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list"]) == 0
    said = capsys.readouterr().out
    assert "Ordnance Survey, Open Government Licence v3.0: https://osdatahub.os.uk" in said
    assert said.count("\n") == 27


@pytest.mark.parametrize("arguments", [["--only", "postcodes"], ["--month", "September"]])
def test_a_mistake_on_the_command_line_is_explained(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([*arguments, "--list"])
    said = capsys.readouterr().err
    assert "There is no source postcodes. There are: codepoint-open" in said or "'September'" in said


def test_ctrl_c_leaves_a_part_that_the_next_run_resumes(
    run: Callable[..., int], publishers: Publishers, tmp_path: Path
) -> None:
    content = b"LSOA code (2021)\n" + b"E01009047\n" * 20_000
    publishers.files[path_of(DEPRIVATION_2025)] = Served(content)
    publishers.mishaps.append(("freeze", 131_072))
    arguments = [
        "--only",
        "deprivation-2025",
        "--folder",
        str(tmp_path),
        "--base-address",
        publishers.address,
    ]
    part = tmp_path / "deprivation-2025.csv.part"
    # A shell that runs the tests in the background lets them ignore Ctrl-C, and they would hand that on.
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    process = subprocess.Popen([sys.executable, str(SCRIPT), *arguments], stderr=subprocess.PIPE, text=True)
    signal.signal(signal.SIGINT, before)
    with process:
        until(lambda: part.exists() and part.stat().st_size >= 131_072 - 65_536)
        os.kill(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=30)
    publishers.thaw.set()
    assert process.returncode == 130
    assert "Stopped. What has come is kept: run this again to go on." in said
    assert "Traceback" not in said
    held = part.stat().st_size
    assert run("--only", "deprivation-2025") == 0
    assert publishers.asked[-1] == (path_of(DEPRIVATION_2025), f"bytes={held}-")
    assert (tmp_path / "deprivation-2025.csv").read_bytes() == content


def until(true: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for something that another process does."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
