"""Whoever published a fetched file is credited in the tables."""

from datetime import date

from sqlalchemy import select

from directory.fetching.credit import credit
from directory.fetching.fetch import write_record
from directory.models import Source
from geodata.open_files import CODE_POINT_OPEN


def fetched(folder, day):
    record = CODE_POINT_OPEN.record.retrieved("https://example.org/codepo.zip", day, "0" * 64, 9)
    write_record(folder, CODE_POINT_OPEN, record)
    return folder / CODE_POINT_OPEN.file_name


def test_a_fetched_file_credits_its_publisher_once(session, tmp_path):
    credit(session, fetched(tmp_path, date(2026, 11, 1)))
    source = credit(session, fetched(tmp_path, date(2026, 11, 20)))
    assert (source.publisher, source.retrieved_on) == ("Ordnance Survey", date(2026, 11, 20))
    assert source.licence == "Open Government Licence v3.0"
    assert session.scalars(select(Source)).all() == [source]


def test_a_file_that_nobody_recorded_credits_nobody(session, tmp_path):
    assert credit(session, tmp_path / "mine.csv") is None
    fetched(tmp_path, date(2026, 11, 1))
    assert credit(session, tmp_path / "mine.csv") is None
    assert session.scalars(select(Source)).all() == []
