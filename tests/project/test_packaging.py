"""The wheel holds everything: installed alone in a clean environment, it renders the home page."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
RENDER = """
from pathlib import Path
import directory
from directory.app import create_app
from directory.config import Settings
from directory.db import get_engine, upgrade
assert {root!r} not in directory.__file__, directory.__file__
app = create_app(Settings(instance_folder=Path("instance")))
with app.app_context():
    upgrade(get_engine())
client = app.test_client()
page = client.get("/").get_data(as_text=True)
assert "Find local help" in page, page
assert 'lang="ur" dir="rtl"' in client.get("/ur/").get_data(as_text=True)
assert "\u062a\u0644\u0627\u0634" in client.get("/ur/").get_data(as_text=True)
assert client.get("/static/vendor/app.css").status_code == 200
assert client.get("/static/vendor/leaflet.js").status_code == 200
result = app.test_cli_runner().invoke(args=["directory", "load-demonstration"])
assert result.exit_code == 0, result.output
assert "Lozells" in client.get("/sites").get_data(as_text=True)
print("rendered")
"""


def run(*command: object, cwd: Path) -> str:
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=kept, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel, built from a copy of the files that git would give, with the built assets."""
    folder, copy = tmp_path_factory.mktemp("wheel"), tmp_path_factory.mktemp("source")
    listed = run("git", "ls-files", "-co", "--exclude-standard", cwd=ROOT).splitlines()
    built = [
        str(path.relative_to(ROOT))
        for folder, name in (("static/vendor", "*"), ("translations", "*.mo"))
        for path in (ROOT / "directory" / folder).rglob(name)
        if path.is_file()
    ]
    for name in [*listed, *built]:
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes((ROOT / name).read_bytes())
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, cwd=copy)
    return next(folder.glob("*.whl"))


def test_wheel_holds_templates_assets_and_migrations(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        "directory/templates/base.html",
        "directory/static/vendor/app.css",
        "directory/static/vendor/fonts/Vazirmatn.ttf",
        "directory/static/map.js",
        "directory/taxonomy.csv",
        "directory/translations/ur/LC_MESSAGES/messages.mo",
        "directory/sources/mappings/warm-spaces.toml",
        "directory/migrations/versions/0001_the_first_tables.py",
        "geodata/sample/organisations.json",
    }
    assert wanted <= names, wanted - names
    assert not [name for name in names if name.startswith(("tests/", "scripts/"))]


def test_wheel_renders_the_home_page_in_a_clean_environment(wheel, tmp_path):
    environment = tmp_path / "environment"
    uv = Path(sys.executable).parent / "uv"
    run(uv, "venv", "--quiet", "--python", sys.executable, environment, cwd=tmp_path)
    python = environment / "bin" / "python"
    run(uv, "pip", "install", "--quiet", "--python", python, wheel, cwd=tmp_path)
    assert "rendered" in run(python, "-W", "error", "-c", RENDER.format(root=str(ROOT)), cwd=tmp_path)
