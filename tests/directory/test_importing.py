"""Running an import: in batches, safe to stop, and nothing lost."""

import csv
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory import accepting, importing
from directory.db import make_engine
from directory.importing import ImportJob, run_import
from directory.models import (
    Attribute,
    Base,
    ImportRun,
    Location,
    Organization,
    PublishedOrganization,
    PublishedService,
    ReviewFlag,
    Revision,
    Schedule,
    Service,
    Source,
)
from directory.safekeeping.veil import veil
from directory.sources.credit import ensure_source
from directory.sources.entry import Entry, Reading
from directory.sources.identity import stable_id
from directory.sources.mapping import load_mapping
from directory.sources.reader import reader_for, write_rejected
from tests.conftest import TODAY
from tests.directory.documents import made_id, organization, place, service
from tests.directory.grounds import load_ground


def silent(_count):
    """Progress that nobody watches."""


def job_of(path, mapping="mapping", **options):
    declared = load_mapping(mapping)
    return ImportJob(reader_for(path, declared)(path, declared), declared, path, TODAY, **options)


def job_with(*documents, **options):
    """A job whose documents come from nowhere, one a row."""
    entries = [Entry(item["id"], item, (row,)) for row, item in enumerate(documents, 1)]
    originals = {row: {"name": item["name"]} for row, item in enumerate(documents, 1)}
    reading = Reading(entries, [], len(entries), originals=originals)
    declared = load_mapping("openreferral")
    return ImportJob(reading, declared, Path("feed.json"), TODAY, made_identifiers=False, **options)


def write_rows(path, *rows):
    whole = [{"Organisation name": "Lantern", "Category": "Sport", **row} for row in rows]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys(key for row in whole for key in row)))
        writer.writeheader()
        writer.writerows(whole)
    return path


def counts(report):
    return report.created, report.updated, report.unchanged, len(report.rejected)


def contents(session):
    return {
        table.name: session.scalar(select(func.count()).select_from(table))
        for table in Base.metadata.sorted_tables
    }


def names(session, model=Organization):
    return set(session.scalars(select(model.name)))


@pytest.fixture
def session(committed):
    """A session that may be committed."""
    return committed


@pytest.fixture
def rows(tmp_path):
    """Five organisations in a file."""
    return write_rows(tmp_path / "rows.csv", *({"Organisation name": f"Club {i}"} for i in range(5)))


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 2)


def test_a_second_run_says_all_unchanged(session, rows):
    first, second = (run_import(session, job_of(rows), silent) for _ in range(2))
    assert [counts(first), counts(second)] == [(5, 0, 0, 0), (0, 0, 5, 0)]
    assert (first.organizations, second.organizations) == (5, 5)


def test_a_changed_row_is_an_update(session, tmp_path, rows):
    run_import(session, job_of(rows), silent)
    write_rows(tmp_path / "rows.csv", {"Organisation name": "Club 1", "What it does": "Boxing"})
    assert counts(run_import(session, job_of(rows), silent)) == (0, 1, 0, 0)
    assert session.scalars(select(Revision.number).order_by(Revision.number.desc())).first() == 2


def test_a_run_leaves_a_record_of_itself(session, rows):
    run_import(session, job_of(rows), silent)
    run = session.scalars(select(ImportRun)).one()
    assert (run.status, run.file_name, run.rows, run.created, run.rejected) == (
        *("finished", "rows.csv", 5, 5, 0),
    )
    assert run.finished_at >= run.started_at
    assert set(session.scalars(select(Revision.run_id))) == {run.id}


def test_a_dry_run_says_what_it_would_do_and_writes_nothing(session, rows):
    before = contents(session)
    assert counts(run_import(session, job_of(rows, dry_run=True), silent)) == (5, 0, 0, 0)
    session.rollback()
    assert contents(session) == before


def test_a_dry_run_after_a_real_one_changes_nothing(session, tmp_path, rows):
    run_import(session, job_of(rows), silent)
    before = contents(session)
    write_rows(rows, {"Organisation name": "Club 1", "Postcode": "B19 2TH"}, {"Organisation name": "New"})
    assert counts(run_import(session, job_of(rows, dry_run=True), silent)) == (1, 1, 0, 0)
    session.rollback()
    assert contents(session) == before


def test_progress_is_told_batch_by_batch(session, rows, small_batches):
    told = []
    run_import(session, job_of(rows), told.append)
    assert told == [2, 2, 1]


def stop_at_once(_count):
    raise KeyboardInterrupt


def test_a_stopped_run_keeps_what_it_committed(session, rows, small_batches):
    report = run_import(session, job_of(rows), stop_at_once)
    assert report.interrupted
    assert counts(report) == (2, 0, 0, 0)
    assert names(session) == names(session, PublishedOrganization) == {"Club 0", "Club 1"}
    run = session.scalars(select(ImportRun)).one()
    assert (run.status, run.created) == ("interrupted", 2)
    assert run.finished_at is not None


def test_the_run_after_a_stopped_one_finishes_it(session, rows, small_batches):
    run_import(session, job_of(rows), stop_at_once)
    assert counts(run_import(session, job_of(rows), silent)) == (3, 0, 2, 0)
    assert len(names(session, PublishedOrganization)) == 5


def fail_at(monkeypatch, name, number, error):
    """Let the function fail when it is called for the numbered time."""
    module = importing if hasattr(importing, name) else accepting
    real, calls = getattr(module, name), []

    def failing(*values):
        calls.append(1)
        if len(calls) == number:
            raise error
        return real(*values)

    monkeypatch.setattr(module, name, failing)


@pytest.mark.parametrize(("name", "number"), [("load_all", 2), ("publish", 2), ("place", 2)])
def test_stopped_within_a_batch_nothing_of_it_stays(session, rows, small_batches, monkeypatch, name, number):
    fail_at(monkeypatch, name, number, KeyboardInterrupt())
    report = run_import(session, job_of(rows), silent)
    assert counts(report) == (2, 0, 0, 0)
    assert names(session) == names(session, PublishedOrganization) == {"Club 0", "Club 1"}


def test_a_run_that_fails_says_so_and_keeps_what_it_committed(session, rows, small_batches, monkeypatch):
    fail_at(monkeypatch, "publish", 2, RuntimeError("no disk"))
    with pytest.raises(RuntimeError, match="no disk"):
        run_import(session, job_of(rows), silent)
    assert session.scalar(select(ImportRun.status)) == "failed"
    assert len(names(session)) == 2


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError()])
def test_a_dry_run_that_stops_leaves_nothing(session, rows, monkeypatch, error):
    before = contents(session)
    fail_at(monkeypatch, "place", 1, error)
    try:
        assert run_import(session, job_of(rows, dry_run=True), silent).interrupted
    except RuntimeError:
        session.rollback()
    assert contents(session) == before


def test_rejected_rows_can_be_corrected_and_imported(session, tmp_path):
    path = write_rows(tmp_path / "r.csv", {"Postcode": "B19 2TH"}, {"Postcode": "Lozells", "Notes": "Ask Jo"})
    report = run_import(session, job_of(path), silent)
    assert counts(report) == (1, 0, 0, 1)
    write_rejected(tmp_path / "again.csv", report.rejected, path, load_mapping())
    text = (tmp_path / "again.csv").read_text(encoding="utf-8-sig")
    assert "'Lozells' is not a postcode" in text
    (tmp_path / "again.csv").write_text(text.replace(",Lozells,", ",B1 1AA,"), encoding="utf-8")
    assert counts(run_import(session, job_of(tmp_path / "again.csv"), silent)) == (0, 1, 0, 0)
    assert set(session.scalars(select(Service.notes))) == {None, "Notes: Ask Jo"}


def test_a_document_that_does_not_pass_is_rejected_with_its_row(session):
    good, bad = organization(name="Good"), organization(name="Bad", phones=[{"id": made_id("phone")}])
    report = run_import(session, job_with(bad, good), silent)
    assert counts(report) == (1, 0, 0, 1)
    (rejected,) = report.rejected
    assert (rejected.row, rejected.field, rejected.original) == (1, "$.phones[0].number", {"name": "Bad"})
    assert rejected.reason.startswith("There is no number.")


@pytest.mark.parametrize("batch", [1, 50])
def test_a_document_with_an_identifier_of_another_is_rejected_whole(session, monkeypatch, batch):
    monkeypatch.setattr(importing, "BATCH", batch)
    first = organization(service("Studio", place()), name="First")
    second = organization(service("Studio", place("Annex")), service("Kitchen"), name="Second")
    report = run_import(session, job_with(first, second, organization(name="Third")), silent)
    assert counts(report) == (2, 0, 0, 1)
    assert report.rejected[0].reason == "One of its identifiers is another record's. Give it one of its own."
    assert names(session) == {"First", "Third"}
    assert [names(session, model) for model in (Service, Location)] == [{"Studio"}, {"Canal Hall"}]


def test_every_row_of_a_rejected_organisation_is_given_back(session):
    document = organization(service("A"), service("B"), status={})
    reading = Reading([Entry("key", document, (3, 4))], [], 2, originals={3: {"a": "b"}})
    job = ImportJob(reading, load_mapping("openreferral"), Path("f"), TODAY, made_identifiers=False)
    rejected = run_import(session, job, silent).rejected
    assert [(item.row, item.original) for item in rejected] == [(3, {"a": "b"}), (4, {})]


def test_identifiers_tell_nothing_of_names_and_postcodes(session, tmp_path):
    path = write_rows(tmp_path / "r.csv", {"Organisation name": "Refuge", "Postcode": "B19 2TH"})
    job = job_of(path)
    run_import(session, job, silent)
    guessed = stable_id("mapping", "organization", "refuge")
    service_id = stable_id(guessed, "service", "refuge|B19 2TH")
    assert job.reading.entries[0].document["id"] == guessed
    ids = {
        *session.scalars(select(Organization.id)),
        *session.scalars(select(Service.id)),
        *session.scalars(select(Location.id)),
        *session.scalars(select(Attribute.id)),
    }
    assert not ids & {guessed, service_id, stable_id(service_id, "location")}


def test_identifiers_of_a_row_differ_between_databases(new_database, empty_template, rows):
    found = []
    for _ in range(2):
        engine = make_engine(new_database(empty_template))
        with Session(engine) as session:
            run_import(session, job_of(rows), silent)
            found.append(set(session.scalars(select(Organization.id))))
        engine.dispose()
    assert len(found[0] | found[1]) == 10


def test_identifiers_that_the_source_gave_stay(session):
    run_import(session, job_with(organization(name="Lantern")), silent)
    assert session.scalars(select(Organization.id)).all() == [made_id("Lantern")]


def test_veiling_reaches_every_depth_and_changes_nothing_else():
    document = {
        "id": "a",
        "name": "N",
        "list": [{"id": "a"}, 5],
        "taxonomy_term": {"term": "arts"},
        "x": None,
    }
    veiled = veil(document, b"key")
    assert veiled["id"] == veiled["list"][0]["id"] != "a"
    assert {**veiled, "id": "a", "list": document["list"]} == document
    assert veil(document, b"other")["id"] != veiled["id"]


FLAGGED = [
    ({"Postcode": "B19 2TH", "Latitude": "52.50", "Longitude": "-1.9"}, "far from postcode"),
    ({"Postcode": "SY1 1AA"}, "outside"),
    ({"Postcode": "B99 9ZZ"}, "no point"),
    ({"Postcode": "B98 7AA"}, "no point"),
    ({"Postcode": "B19 2TH", "Opening hours": "when we can"}, "not understood"),
    ({"Postcode": "B19 2TH", "Organisation email": "ask Jo"}, "check"),
]


@pytest.mark.parametrize(("cells", "reason"), FLAGGED)
def test_what_a_person_should_look_at_is_flagged(session, tmp_path, cells, reason):
    load_ground(session)
    report = run_import(session, job_of(write_rows(tmp_path / "r.csv", cells)), silent)
    assert report.flags == {reason: 1}
    flag = session.scalars(select(ReviewFlag)).one()
    assert (flag.reason, flag.run_id) == (reason, session.scalar(select(ImportRun.id)))


@pytest.mark.parametrize("cells", [{"Postcode": "B19 2TH"}, {"Address": "Online"}, {}])
def test_nothing_to_look_at_is_not_flagged(session, tmp_path, cells):
    load_ground(session)
    assert run_import(session, job_of(write_rows(tmp_path / "r.csv", cells)), silent).flags == {}


def test_a_corrected_row_is_no_longer_flagged(session, tmp_path):
    load_ground(session)
    for hours in ("when we can", "Mon 9am-5pm"):
        path = write_rows(tmp_path / "r.csv", {"Postcode": "B19 2TH", "Opening hours": hours})
        run_import(session, job_of(path), silent)
    assert session.scalars(select(ReviewFlag)).all() == []


def test_hours_that_nobody_can_parse_are_kept_and_counted(session, tmp_path):
    report = run_import(
        session, job_of(write_rows(tmp_path / "r.csv", {"Opening hours": "when we can"})), silent
    )
    schedule = session.scalars(select(Schedule)).one()
    assert (report.not_understood, schedule.description, schedule.freq) == (1, "when we can", None)


@pytest.mark.parametrize("fictional", [True, False])
def test_fiction_is_marked_at_every_depth(session, fictional):
    run_import(session, job_with(organization(service(), name="A"), fictional=fictional), silent)
    assert session.execute(select(Organization.fictional, Service.fictional).join(Service)).one() == (
        *(fictional, fictional),
    )
    assert session.scalar(select(Revision.document))["fictional"] is fictional
    assert session.scalar(select(PublishedService.fictional)) is fictional
    assert session.scalar(select(Source.fictional)) is fictional


def test_a_source_is_credited_as_its_mapping_says(session):
    for _ in range(2):
        ensure_source(session, load_mapping("clubs"))
    source = session.scalars(select(Source)).one()
    assert (source.slug, source.publisher) == ("clubs", "HM Revenue and Customs")
    assert source.address is None
