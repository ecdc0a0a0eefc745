"""Commands for records: the happy path, every sentence of error, and no traceback."""

import csv
import json

import pytest
from flask.cli import ScriptInfo
from sqlalchemy import func, select
from sqlalchemy.exc import ProgrammingError

from directory import accepting
from directory.app import create_app
from directory.cli.group import commands
from directory.config import Settings
from directory.models import Attribute, ImportRun, Organization, PublishedOrganization, TaxonomyTerm

HEADINGS = "Organisation name,Category,Postcode,Opening hours\n"
SAID = """Importing rows.csv
3 rows read.
Organisations: 2 created, 0 updated, 0 unchanged.
Rows rejected: 1. Example rows passed over: 0.
Texts not understood, kept as text: 1.
Flagged for review, no point: 2.
Flagged for review, not understood: 1.
  Row 4, Postcode: 'Lozells' is not a postcode. Correct it, or clear the cell.
"""


@pytest.fixture
def rows(write):
    """Two rows that are good, one of them with odd hours, and a bad one."""
    lines = ["Lantern,Sport,B19 2TH,when we can", "Chapel,Advice,B1 1AA,Mon 9-5", "Wrong,Sport,Lozells,"]
    return write("rows.csv", HEADINGS + "\n".join(lines))


def count(read, model):
    return read(select(func.count()).select_from(model))[0]


def test_init_says_that_all_is_ready(run):
    assert run("init") == (0, "The database is ready. 0 terms were added.\n")


def test_init_makes_everything_of_nothing(new_database, tmp_path):
    app = create_app(Settings(database_url=new_database(None), instance_folder=tmp_path))
    result = app.test_cli_runner().invoke(args=["directory", "init"])
    assert result.output == "The database is ready. 63 terms were added.\n"
    app.extensions["engine"].dispose()


@pytest.mark.parametrize(
    "words",
    [["publish"], ["terms", "--save", "t.csv"], ["load-demonstration"], ["sites"], ["remove-demonstration"]],
)
def test_before_init_each_command_says_what_to_do(new_database, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    app = create_app(Settings(database_url=new_database(None), instance_folder=tmp_path))
    result = app.test_cli_runner().invoke(args=["directory", *words])
    app.extensions["engine"].dispose()
    assert result.exit_code == 1
    assert "The database has no tables yet, or old ones. Run: flask directory init\n" in result.output


@pytest.mark.parametrize(
    "url", ["postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=2", "sqlite:////proc/none.sqlite"]
)
def test_a_database_that_cannot_be_reached(tmp_path, url):
    app = create_app(Settings(database_url=url, instance_folder=tmp_path))
    result = app.test_cli_runner().invoke(args=["directory", "publish"])
    app.extensions["engine"].dispose()
    assert result.exit_code == 1
    assert result.output.startswith("The database cannot be used: ")
    assert len(result.output.splitlines()) == 1


def test_an_import_tells_what_it_did(run, rows, tmp_path):
    code, said = run("import", rows)
    path = tmp_path / "rows-rejected.csv"
    assert (code, said) == (
        0,
        f"{SAID}The rejected rows, each with its reason, are in {path}. Correct them and import that file.\n",
    )
    with path.open(encoding="utf-8-sig", newline="") as file:
        (rejected,) = csv.DictReader(file)
    assert rejected["Organisation name"] == "Wrong"
    assert rejected["Problem"].startswith("Postcode: 'Lozells' is not a postcode.")


def test_a_second_import_says_all_unchanged(run, rows):
    run("import", rows)
    assert "Organisations: 0 created, 0 updated, 2 unchanged." in run("import", rows)[1]


def test_rejected_rows_that_somebody_corrects_are_never_written_over(run, rows, tmp_path):
    run("import", rows)
    corrected = tmp_path / "rows-rejected.csv"
    corrected.write_text("corrected")
    for number in (2, 3):
        assert f"are in {tmp_path / f'rows-rejected-{number}.csv'}." in run("import", rows)[1]
    assert corrected.read_text() == "corrected"


def test_the_rejected_rows_go_where_they_are_wanted(run, rows, tmp_path):
    path = tmp_path / "put" / "here.csv"
    path.parent.mkdir()
    assert f"are in {path}." in run("import", rows, "--rejected", path)[1]
    assert path.exists()


def test_a_corrected_file_of_rejected_rows_is_taken(run, rows, tmp_path):
    run("import", rows)
    path = tmp_path / "rows-rejected.csv"
    path.write_text(path.read_text("utf-8").replace("Sport,Lozells", "Sport,B1 1AA"), encoding="utf-8")
    assert "Organisations: 1 created, 0 updated, 0 unchanged." in run("import", path)[1]


def test_the_file_to_import_is_not_written_over(stopped, rows):
    assert "would be written over it" in stopped("import", rows, "--rejected", rows)


def test_a_dry_run_writes_nothing_to_the_database(run, read, rows):
    code, said = run("import", rows, "--dry-run")
    assert code == 0
    assert "3 rows read (dry run: nothing was written)." in said
    assert "Organisations: 2 created" in said
    assert count(read, Organization) == count(read, ImportRun) == 0


def test_a_stopped_import_says_how_to_go_on(run, read, rows, monkeypatch):
    def stop(*_values):
        raise KeyboardInterrupt

    monkeypatch.setattr(accepting, "publish", stop)
    code, said = run("import", rows)
    assert code == 1
    assert said.endswith(
        "Stopped before the end. Run the same command again: what is in already will be unchanged.\n"
    )
    assert read(select(ImportRun.status)) == ["interrupted"]


def test_points_need_a_mapping_to_be_read_with(run, read, write):
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [-1.9, 52.5]},
        "properties": {"title": "Library", "hours": {"opening": "Mo 10:00-12:00"}},
    }
    path = write("w.geojson", json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert "Organisations: 1 created" in run("import", path, "--mapping", "warm-spaces")[1]
    assert read(select(Organization.name)) == ["Library"]


def test_open_referral_needs_no_mapping(run, read, write):
    document = {"id": "12", "name": "Studio", "status": "active", "organization": {"name": "Lantern"}}
    assert "Organisations: 1 created" in run("import", write("feed.json", json.dumps([document])))[1]
    assert read(select(Organization.name)) == ["Lantern"]


def test_a_folder_of_pages_is_a_feed(run, read, write, tmp_path):
    (tmp_path / "feed").mkdir()
    for name in ("One", "Two"):
        write(f"feed/{name}.json", json.dumps({"contents": [{"name": name}]}))
    assert "Organisations: 2 created" in run("import", tmp_path / "feed")[1]
    assert set(read(select(Organization.name))) == {"One", "Two"}


@pytest.mark.parametrize(
    ("name", "text", "words", "message"),
    [
        ("x.csv", "", [], "x.csv is empty."),
        ("x.pdf", "%PDF", [], "x.pdf is none of the files that can be read"),
        ("x.json", "{", [], "x.json is not JSON: line 1"),
        (
            "x.csv",
            HEADINGS,
            ["--mapping", "nope"],
            "There is no mapping 'nope'. Give the path of a TOML file",
        ),
        ("x.csv", HEADINGS, ["--mapping", "x.csv"], "There is no mapping 'x.csv'."),
        ("x.xlsx", "PK", [], "x.xlsx"),
    ],
)
def test_a_file_that_cannot_be_imported(stopped, write, monkeypatch, tmp_path, name, text, words, message):
    monkeypatch.chdir(tmp_path)
    assert stopped("import", write(name, text), *words).startswith(message)


@pytest.mark.parametrize("name", ["t.csv", "t.xlsx"])
def test_the_template_can_be_imported_as_it_is(run, tmp_path, name):
    path = tmp_path / name
    said = f"Wrote {path}. Fill in one row a service, then: flask directory import {path}\n"
    assert run("template", path) == (0, said)
    assert "0 rows read.\n" in run("import", path)[1]


def test_a_template_of_no_known_kind(stopped, tmp_path):
    assert "neither CSV nor XLSX" in stopped("template", tmp_path / "t.ods")


@pytest.mark.parametrize("words", [["template"], ["terms", "--save"]])
def test_a_file_that_cannot_be_written(stopped, tmp_path, words):
    path = tmp_path / "none" / "t.csv"
    assert stopped(*words, path) == f"{path} cannot be used: No such file or directory.\n"


def test_terms_are_saved_edited_and_loaded(run, read, write, tmp_path):
    run("import", write("r.csv", HEADINGS + "Lantern,Knitting,,\n"))
    path = tmp_path / "terms.csv"
    assert run("terms", "--save", path) == (0, f"Wrote 63 terms to {path}.\n")
    path.write_text(path.read_text("utf-8") + "category,crafts,Crafts,,,knitting\n", encoding="utf-8")
    assert run("terms", "--load", path) == (
        0,
        "1 terms added, 0 changed, 63 unchanged.\nWords kept as they came that now have a term: 1.\n",
    )
    code = read(select(TaxonomyTerm.code).join(Attribute, Attribute.taxonomy_term_id == TaxonomyTerm.id))
    assert code == ["crafts"]


def test_terms_are_loaded_and_saved_in_one_go(run, write, tmp_path):
    path = write("t.csv", "taxonomy,code,name\ntheme,a,A\n")
    assert "Wrote 64 terms" in run("terms", "--load", path, "--save", tmp_path / "all.csv")[1]


def test_a_wrong_table_of_terms(stopped, read, write):
    assert stopped("terms", "--load", write("t.csv", "taxonomy,code,name\ntheme,,A\n")) == (
        "Row 2 has no code. Nothing was loaded.\n"
    )
    assert count(read, TaxonomyTerm) == 63


def test_terms_without_a_file(stopped):
    assert stopped("terms") == "Say --save FILE to write the terms, or --load FILE to change them.\n"


def test_publishing_anew(run, read, rows):
    run("import", rows)
    assert run("publish") == (0, "2 organisations are published.\n")
    assert count(read, PublishedOrganization) == 2


def test_every_command_says_what_it_is_for(run):
    assert all(command.help and command.help.endswith(".") for command in commands.commands.values())
    assert run("--help")[0] == 0


@pytest.mark.parametrize(
    "mistake",
    [
        ZeroDivisionError(),
        OSError("no file is named"),
        ProgrammingError("SELECT", {}, Exception("syntax error")),
    ],
)
def test_a_mistake_of_our_own_keeps_its_traceback(empty_app, monkeypatch, mistake):
    def fail(*_values):
        raise mistake

    monkeypatch.setattr("directory.cli.records.publish_all", fail)
    with pytest.raises(type(mistake)):
        commands.main(["publish"], standalone_mode=False, obj=ScriptInfo(create_app=lambda: empty_app))


def test_flags_are_listed_and_saved(run, rows, tmp_path):
    run("import", rows)
    path = tmp_path / "flags.csv"
    _, said = run("flags", "--save", path)
    assert "no point: 2" in said
    with path.open(encoding="utf-8-sig", newline="") as file:
        saved = list(csv.DictReader(file))
    assert [row["organisation"] for row in saved] == ["Chapel", "Lantern", "Lantern"]
    assert saved[-1]["what to look at"] == "Opening hours: when we can"
