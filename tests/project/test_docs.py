"""The docs: current, complete, with links that lead somewhere and examples that work."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from directory.cli.group import commands
from directory.opening_hours.parse import parse
from directory.sources.ages import read_ages
from directory.sources.costs import read_costs
from directory.sources.dates import read_date
from directory.sources.mapping import SourceMapping
from directory.web.access import PUBLIC, RULES
from scripts import make_docs

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
FORMATS = (DOCS / "import-formats.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"<!-- example: (\S+) -->\n```\w+\n(.*?)```", FORMATS, re.DOTALL))
WORDS = re.compile(
    # Split, so that this file does not hold them itself.
    "|".join(["sub" + "agent", r"\bL" + "LM", "AI" + "-generated", "language" + " model", "chat" + "bot"]),
    re.IGNORECASE,
)
HOSTS = re.compile(
    "|".join(["registry" + r"\.npmjs", r"pypi\." + "org", "pythonhosted" + r"\.org", r"files\.py" + "thon"])
)
PLACES = re.compile(r"(?<![\w.}$)*-])/(?:" + "|".join(["wo" + "rk", "ro" + "ot", "t" + "mp"]) + r")(?:/|\b)")

# Columns whose name says what they hold.
SAY_IT = {"name", "title", "description", "publisher", "licence", "licence_url", "attribution", "status"}


def tracked():
    """Every text file of the repository, as it stands in the folder."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in names.decode().split("\0"):
        path = ROOT / name
        if name and path.is_file() and path.suffix not in (".png", ".ico"):
            yield name, path.read_text(encoding="utf-8")


def said():
    return "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


def test_generated_parts_are_current(capsys):
    assert make_docs.main(["--check"]) == 0, capsys.readouterr().out


def test_stale_part_is_named_and_written_anew(tmp_path, capsys):
    folder = Path(shutil.copytree(DOCS, tmp_path / "docs"))
    page = folder / "settings.md"
    page.write_text(page.read_text(encoding="utf-8").replace("`STALE_DAYS` | `730`", "`STALE_DAYS` | `7`"))
    assert make_docs.main(["--check"], folder) == 1
    assert "settings.md: the part 'settings'" in capsys.readouterr().out
    assert make_docs.main([], folder) == 0
    assert make_docs.main(["--check"], folder) == 0


def test_page_without_a_place_for_its_part_is_an_error(tmp_path):
    folder = Path(shutil.copytree(DOCS, tmp_path / "docs"))
    (folder / "pages.md").write_text("# Pages\n")
    with pytest.raises(make_docs.StaleError, match="begin pages"):
        make_docs.main(["--check"], folder)


def test_every_meaning_is_of_a_column():
    from directory.models import Base

    for table, columns in make_docs.MEANINGS.items():
        if isinstance(columns, dict):
            assert set(columns) <= set(Base.metadata.tables[table].columns.keys()), table
    for name in make_docs.MEANINGS["ours"]:
        table, column = name.split(".")
        assert column in Base.metadata.tables[table].columns, name


def test_every_column_of_our_own_has_a_meaning():
    text = (DOCS / "data-dictionary.md").read_text(encoding="utf-8")
    for column in re.findall(r"^\| `(\w+)` .*\| ours \|\s*\|$", text, re.MULTILINE):
        assert column in SAY_IT or column.endswith(("_name", "_at", "_age")), column


def test_every_setting_command_and_route_is_named(app):
    text = said()
    for name in [*make_docs.Settings.__dataclass_fields__, *SourceMapping.__dataclass_fields__]:
        assert f"`{name}`" in text or f"`{name.upper()}`" in text, name
    for name, _ in make_docs.every_command(commands):
        assert f"flask directory {name}" in text, name
    for rule in app.url_map.iter_rules():
        assert rule.endpoint in PUBLIC | RULES.keys()
        assert f"`{rule.rule}`" in text or rule.endpoint == "static", rule.rule


def test_every_command_in_the_docs_is_one():
    known = dict(make_docs.every_command(commands))
    for words in re.findall(r"flask directory ([a-z][^\n`|]*)", said()):
        name = next((name for name in (" ".join(words.split()[:n]) for n in (2, 1)) if name in known), None)
        assert name, words
        rest = words.removeprefix(name)
        options = {option for item in known[name].params for option in item.opts}
        assert set(re.findall(r"(?<!\S)--[a-z-]+\d*", rest)) <= options, (name, rest)


def test_every_make_target_in_the_docs_is_one():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^    )make ([a-z]+)", said(), re.MULTILINE)) <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_relative_links_lead_somewhere(page):
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if link.startswith(("http:", "https:")):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def anchors(page):
    """The anchors that headings get."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_files_named_in_the_docs_are_there():
    for name in re.findall(r"`((?:directory|geodata|scripts|tests|templates)/[\w./-]+)`", said()):
        assert (ROOT / name).exists() or name.endswith("my-source.toml"), name


@pytest.fixture
def run(empty_app, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in EXAMPLES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    def run(line):
        result = empty_app.test_cli_runner().invoke(commands, shlex.split(line)[2:])
        assert result.exit_code == 0, f"{line}\n{result.output}"
        return result.output

    return run


def test_examples_of_import_formats_work_as_they_stand(run):
    lines = re.findall(r"^    (flask directory .+)$", FORMATS, re.MULTILINE)
    outputs = {line: run(line) for line in lines}
    used = set(re.findall(r"[\w-]+\.(?:csv|json|geojson|toml)", " ".join(lines)))
    assert set(EXAMPLES) <= used
    for line, output in outputs.items():
        if line.split()[2] == "import":
            assert "Rows rejected: 0." in output, output
            assert "0 created, 0 updated, 0 unchanged" not in output, output
    assert outputs["flask directory import feed.json"].count("Flagged") == 0


def understood(name):
    """The rows of one of the tables that say what is understood."""
    table = FORMATS.split(f"<!-- understood: {name} -->\n")[1].split("\n\n")[0]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in table.splitlines()[2:]]


def said_ages(text):
    ages = read_ages(text)
    return f"{ages[0]} to {ages[1]}" if ages else "not known"


def said_costs(text):
    options = read_costs(text)
    return ", ".join(f"{option['amount']:g}" for option in options) if options else "not known"


READERS = {
    "ages": said_ages,
    "dates": lambda text: str(read_date(text) or "not known"),
    "costs": said_costs,
    "hours": lambda text: "yes" if parse(text).understood else "no",
}


@pytest.mark.parametrize(
    ("name", "written", "read"), [(name, *row) for name in READERS for row in understood(name)]
)
def test_what_is_understood_is_as_said(name, written, read):
    assert READERS[name](written) == read


def test_readme_screenshot_is_small():
    assert 20_000 < (DOCS / "pictures" / "map.png").stat().st_size < 300_000


def test_no_file_names_this_machine_or_a_registry():
    for name, text in tracked():
        assert not HOSTS.search(text), name
        assert not PLACES.search(text), (name, PLACES.search(text))


def test_no_file_says_how_it_was_written():
    for name, text in tracked():
        assert not WORDS.search(text), (name, WORDS.search(text))


def test_option_is_shown_with_what_it_takes():
    options = (
        click.Option(["--level"], type=click.Choice(["a", "b"])),
        click.Option(["--load"], type=click.Path()),
    )
    assert [make_docs.option_text(option) for option in options] == ["--level a|b", "--load FILE"]
