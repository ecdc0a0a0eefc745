"""What a register removes is of use only where the directory has the organisation."""

from directory.importing import ImportJob, run_import
from directory.models import Organization
from directory.sources.mapping import load_mapping
from directory.sources.reader import reader_for
from tests.conftest import TODAY
from tests.directory.sources.charity_extract import area, charity, write_extract


def bring(session, folder, *rows):
    declared = load_mapping("charity-register")
    path = write_extract(folder, charity=[*rows], areas=[area(1, "Dudley"), area(2, "Dudley")])
    job = ImportJob(reader_for(path, declared)(path, declared), declared, path, TODAY)
    return run_import(session, job, lambda _count: None)


def test_a_removed_charity_is_marked_if_it_is_known_and_left_out_if_not(committed, tmp_path):
    bring(committed, tmp_path / "a", charity(1, "Known"))
    removed = [charity(n, "Known", charity_registration_status="Removed") for n in (1, 2)]
    report = bring(committed, tmp_path / "b", *removed)
    assert (report.created, report.updated, sum(report.not_wanted.values())) == (0, 1, 1)
    organization = committed.query(Organization).one()
    assert organization.services[0].status == "defunct"
    assert organization.identifiers[0].org_id == "GB-CHC-1"


def test_a_linked_charity_names_the_main_one_by_the_identifier_that_it_got(committed, tmp_path):
    bring(
        committed,
        tmp_path / "a",
        charity(1, "Main"),
        charity(1, "Part", linked_charity_number=1, organisation_number=3),
    )
    main, part = committed.query(Organization).order_by(Organization.name).all()
    assert part.parent_organization_id == main.id
